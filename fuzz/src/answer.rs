//! The client's side: whatever a peer answers, each operation says what came of it.

use std::time::Duration;

use cimi_model::reflect::{Described, Item, Resource, Shape};
use cimi_model::{
    CloudEntryPoint, Collection, Dialect, Format, Job, Machine, MachineConfiguration, MachineCreate,
    Operation as Offered, ReadOptions, Registry, Uri, lifecycle,
};
use cimi_protocol::client::{
    Change, EntryPoint, Failure, JobPolling, Pages, Peer, PollOptions, Read, ReadDocument, StatePolling, Step,
    Transport, actions, offers, redirect,
};
use cimi_protocol::{Operation, Result};
use http::Response;

use crate::message;

const URI: &str = "https://cloud.example.com/cimi/machines/1";

/// Takes an answer for one to each operation that a client has.
///
/// # Panics
/// When an error is not told in one line, or what was read cannot be sent back.
pub fn answer(input: &[u8]) {
    let Some(answer) = message::response(input) else { return };
    for strict in [false, true] {
        let options = if strict { ReadOptions::strict() } else { ReadOptions::default() };
        let mut peer = Peer::default();
        peer.options = options;
        read::<Machine>(&answer, &peer);
        read::<MachineConfiguration>(&answer, &peer);
        told(ReadDocument::new(URI, Registry::standard()).response(answer.clone()));
        changes(&answer, &peer);
        entry_point(&answer, &peer);
    }
    pages::<Machine>(&answer);
    polls(&answer);
    if let Ok(request) = http::Request::get(URI).body(())
        && let Ok(Some(redirect)) = redirect(&request, &answer, Transport::Https)
    {
        assert_eq!(redirect.uri.scheme_str(), Some("https"), "led away from TLS");
    }
    let _ = Failure::of(&answer).is_transient();
}

fn told<T>(result: Result<T>) -> Option<T> {
    result.map_err(|error| assert!(!error.to_string().contains('\n'), "{error}")).ok()
}

/// Reads a resource, and sends it back changed and unchanged.
fn read<T: Described>(answer: &Response<Vec<u8>>, peer: &Peer) {
    let Some(read) = told(Read::<T>::new(URI).response(answer.clone())) else { return };
    let resource = read.content.value;
    for offer in offers(&resource) {
        if let Ok(change) = peer.change(&resource, offer.rel.as_str(), http::Method::POST, None) {
            let _ = change.request();
        }
    }
    for dialect in [Dialect::V1, Dialect::V2] {
        for format in [Format::Json, Format::Xml] {
            let mut peer = peer.clone();
            (peer.dialect, peer.format) = (dialect, format);
            if let Ok(change) = peer.update(&resource) {
                sent(&change);
            }
            if let Ok(Some(change)) = peer.update_changed(&resource, &T::default()) {
                sent(&change);
            }
        }
    }
}

fn sent<T: Described>(change: &Change<T>) {
    let Ok(request) = change.request() else { return };
    let again = cimi_model::Document::read(request.body(), &Registry::standard(), &crate::documents::GENEROUS);
    assert!(again.is_ok(), "what is sent cannot be read: {:?}", again.err());
}

fn changes(answer: &Response<Vec<u8>>, peer: &Peer) {
    let rels = ["edit", "delete", "start"];
    let operations =
        rels.map(|rel| Offered { rel: Some(lifecycle::rel(rel)), href: Some(URI.into()), ..Offered::default() });
    let machine = Machine { id: Some(URI.into()), operations: operations.to_vec(), ..Machine::default() };
    let add = Offered { rel: Some("add".into()), href: Some(URI.into()), ..Offered::default() };
    let machines = Collection::<Machine> { operations: vec![add], ..Collection::default() };
    let all = [
        peer.create::<Machine>(&machines, &MachineCreate::default()),
        peer.update(&machine),
        peer.delete(&machine),
        peer.invoke(&machine, actions::start()),
    ];
    for change in all {
        let change = change.expect("it is offered");
        assert!(change.request().is_ok(), "it can be sent");
        if let Some(outcome) = told(change.response(answer.clone())) {
            let _ = (outcome.is_pending(), format!("{outcome:?}"));
            if let Ok(polling) = JobPolling::of(peer, &outcome, Duration::ZERO, PollOptions::default()) {
                drop(polling);
            }
        }
    }
}

fn entry_point(answer: &Response<Vec<u8>>, peer: &Peer) {
    let uri = Uri::from(URI);
    let Some(read) = told(Read::<CloudEntryPoint>::new(URI).response(answer.clone())) else { return };
    let entry = EntryPoint::new(&uri, read, peer.clone());
    let names: Vec<String> = entry.entries().map(|entry| entry.name.to_owned()).collect();
    for name in names {
        assert!(told(entry.named(&name)).is_some(), "it is listed: {name}");
    }
    let _ = (told(entry.collection::<Machine>()), told(entry.metadata()));
}

/// Each page is the same answer: that ends.
fn pages<T: Resource + Item + Shape>(answer: &Response<Vec<u8>>) {
    let mut pages = Pages::new(Read::<Collection<T>>::new(URI), 2);
    for _ in 0..64 {
        let Some(read) = pages.next_page() else { return };
        let Some(page) = told(read.response(answer.clone())) else { return };
        pages.take(page);
    }
    // A peer that has ever more to give is asked for ever more.
    assert!(!pages.is_complete());
}

fn polls(answer: &Response<Vec<u8>>) {
    let options = PollOptions { deadline: Some(Duration::from_hours(1)), nested: 10, ..PollOptions::default() };
    let mut now = Duration::ZERO;
    if let Ok(mut polling) = JobPolling::new(&Peer::default(), &URI.into(), options) {
        while now < Duration::from_hours(2) {
            match polling.step(now) {
                Ok(Step::Send(_)) if polling.answer(now, answer.clone()).is_err() => break,
                Ok(Step::Wait(until)) => {
                    assert!(until > now, "a wait that is over");
                    now = until;
                }
                Ok(Step::Done(_)) | Err(_) => break,
                Ok(Step::Send(_)) => {}
            }
        }
        assert!(now < Duration::from_hours(2), "polled beyond the deadline");
        let _ = (polling.job().map(|job: &Job| job.state.clone()), polling.message(), polling.affected_resources());
    }
    let mut polling = StatePolling::new(ReadDocument::new(URI, Registry::standard()), options).until(["STARTED"]);
    for _ in 0..64 {
        match polling.step(now) {
            Ok(Step::Send(_)) if polling.answer(now, answer.clone()).is_err() => return,
            Ok(Step::Wait(until)) => now = until,
            Ok(Step::Done(_)) | Err(_) => return,
            Ok(Step::Send(_)) => {}
        }
    }
}
