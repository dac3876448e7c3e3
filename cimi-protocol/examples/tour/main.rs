//! A tour of the protocol: a provider, a client and an appliance in one program.
//!
//! ```text
//! cargo run --release --example tour
//! ```
//!
//! It starts the provider of the example `provider` on a free port of this machine, imports the sample appliance, creates
//! its system, lists machines, stops one, starts the system again, and shows what the log of the provider says about all that,
//! and what its audit trail does.

#[path = "../provider/cloud/mod.rs"]
mod cloud;
#[path = "../provider/http.rs"]
mod http;
#[path = "../provider/peers.rs"]
mod peers;
mod report;
mod sender;
#[path = "../provider/source.rs"]
mod source;
#[path = "../provider/trail.rs"]
mod trail;

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use cimi_model::filter::{Filter, Operator};
use cimi_model::reflect::{Described, Record};
use cimi_model::{
    CloudEntryPoint, Collection, Dialect, Event, EventLog, Format, Machine, Ref, System, SystemCreate, SystemTemplate,
    Uri, WriteOptions, event_type, json, xml,
};
use cimi_protocol::Operation;
use cimi_protocol::client::{EntryPoint, Peer, Read, Transport, actions};
use cimi_protocol::query::{OrderBy, Query, Select};
use tokio::net::TcpListener;

use crate::cloud::{BASE, Cloud, ENTRY_POINT, Options};
use crate::sender::Sender;
use crate::trail::Trail;

/// An appliance of four machines with a shared disk and two networks.
const APPLIANCE: &[u8] = include_bytes!("../../../cimi-ovf/examples/webshop.ovf");

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let Err(error) = tour() else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
    ExitCode::FAILURE
}

fn tour() -> Outcome<()> {
    let audit = std::env::temp_dir().join(format!("cimi-tour-{}.jsonl", std::process::id()));
    let url = start_provider(&audit)?;
    println!("A provider runs at {url}");
    let sender = Sender::new(&url, "guide", "any password")?;
    let mut peer = Peer::default();
    // It is on this machine; elsewhere https is needed.
    peer.transport = Transport::HttpOnLoopback;
    let read = peer.read::<CloudEntryPoint>(&url)?;
    let entry = EntryPoint::new(&url, sender.send(&read)?, peer);

    title("The appliance becomes a SystemTemplate");
    let template = import(&sender, &entry)?;

    title("The System is created from it; its Job says how far that is");
    let system = create_system(&sender, &entry, template)?;
    println!("{}: {}", system.name.as_deref().unwrap_or("?"), shown(system.state.as_ref()));

    title("Its Machines with a gibibyte and more, those with the most memory first");
    list(&sender, &entry)?;

    title("One Machine is stopped");
    let before = filtered(&sender, &entry, "state='STARTED'")?;
    let machine = before.items.first().ok_or("no Machine is started")?;
    let stop = entry.peer.invoke(machine, actions::stop(None))?;
    sender.finish(&entry.peer, &stop.response(sender.answer(stop.request()?)?)?)?;
    let id = machine.id.as_ref().ok_or("the Machine has no id")?;
    let after = sender.send(&entry.peer.read::<Machine>(id)?)?.content.value;
    println!("{}: {}", after.name.as_deref().unwrap_or("?"), shown(after.state));

    title("The System, of which not all runs now, is started");
    let id = system.id.as_ref().ok_or("the System has no id")?;
    let system = sender.send(&entry.peer.read::<System>(id)?)?.content.value;
    println!("{}: {}", system.name.as_deref().unwrap_or("?"), shown(system.state.as_ref()));
    let start = entry.peer.invoke(&system, actions::start())?;
    sender.finish(&entry.peer, &start.response(sender.answer(start.request()?)?)?)?;

    title("What the log of the provider says about these requests");
    show_events(&sender, &entry)?;

    title("The audit trail of the provider, in CADF");
    report::show(&audit)
}

/// Starts the provider in threads of its own; the answer is the URL of its entry point.
fn start_provider(audit: &Path) -> Outcome<Uri> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let base = Uri::from(format!("http://{}{BASE}", listener.local_addr()?));
    let options = Options { dialect: Dialect::V2, latency: TimeDelta::milliseconds(1500) };
    let cloud = Cloud::new(&base, options, Utc::now());
    let trail = Trail::new(Box::new(File::create(audit)?), &cloud, Utc::now());
    std::thread::spawn(move || runtime.block_on(http::serve(listener, cloud, Some(trail))));
    Ok(format!("{base}{ENTRY_POINT}").into())
}

fn import(sender: &Sender, entry: &EntryPoint) -> Outcome<Uri> {
    let imported = cimi_ovf::import(APPLIANCE, &cimi_ovf::ImportOptions::default())?;
    for component in &imported.template.component_descriptors {
        println!("  {}", component.name.as_deref().unwrap_or("?"));
    }
    let templates = sender.send(&entry.collection::<SystemTemplate>()?)?.content.value;
    let create = entry.peer.create::<SystemTemplate>(&templates, &imported.template)?;
    let outcome = create.response(sender.answer(create.request()?)?)?;
    let location = outcome.location.clone().ok_or("the provider does not say where the template is")?;
    sender.finish(&entry.peer, &outcome)?;
    Ok(location)
}

fn create_system(sender: &Sender, entry: &EntryPoint, template: Uri) -> Outcome<System> {
    let systems = sender.send(&entry.collection::<System>()?)?.content.value;
    let body =
        SystemCreate { name: Some("shop".into()), system_template: Some(Ref::to(template)), ..SystemCreate::default() };
    let create = entry.peer.create::<System>(&systems, &body)?;
    let outcome = create.response(sender.answer(create.request()?)?)?;
    let location = outcome.location.clone().ok_or("the provider does not say where the System is")?;
    sender.finish(&entry.peer, &outcome)?;
    Ok(sender.send(&entry.peer.read::<System>(&location)?)?.content.value)
}

/// The Machines that fulfil a filter, as a typed collection.
fn filtered(sender: &Sender, entry: &EntryPoint, filter: &str) -> Outcome<Collection<Machine>> {
    let query = Query { filter: vec![filter.parse()?], ..Query::default() };
    Ok(sender.send(&machines(entry, query)?)?.content.value)
}

fn machines(entry: &EntryPoint, query: Query) -> Outcome<Read<Collection<Machine>>> {
    Ok(entry.collection::<Machine>()?.query(query))
}

/// The same list in both formats.
fn list(sender: &Sender, entry: &EntryPoint) -> Outcome<()> {
    for format in [Format::Json, Format::Xml] {
        let query = Query {
            filter: vec!["state='STARTED' and memory>=1048576".parse()?],
            select: Some(Select::of(["name", "state", "cpu", "memory"])),
            order_by: vec![OrderBy::descending("memory"), OrderBy::ascending("name")],
            ..Query::default()
        };
        let found = sender.send(&machines(entry, query)?.format(format))?;
        print(&found.content.value, format)?;
    }
    Ok(())
}

fn show_events(sender: &Sender, entry: &EntryPoint) -> Outcome<()> {
    let logs = sender.send(&entry.collection::<EventLog>()?)?.content.value;
    let log = logs.items.first().ok_or("the provider keeps no log")?;
    let events = log.events.as_ref().ok_or("the log has no Events")?;
    let query = Query {
        filter: vec![Filter::compare("type", Operator::Equal, event_type::ACCESS)?],
        order_by: vec![OrderBy::ascending("timestamp")],
        ..Query::default()
    };
    let events = sender.send(&entry.peer.follow::<Collection<Event>>(events)?.query(query))?.content.value;
    for event in events.items {
        let time = shown(event.timestamp);
        let content = event.content.unwrap_or_default();
        let (who, what) = (content.initiator.unwrap_or_default(), content.detail.unwrap_or_default());
        println!("  {time:.23}  {:8} {what} {who}", shown(event.outcome));
    }
    Ok(())
}

fn title(text: &str) {
    println!("\n== {text}");
}

fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "?".to_owned(), |value| value.to_string())
}

fn print<T: Described>(record: &T, format: Format) -> Outcome<()> {
    let options = WriteOptions { dialect: Dialect::V2, pretty: true };
    let record: &dyn Record = record;
    println!(
        "{}",
        if format == Format::Xml { xml::to_string(record, options)? } else { json::to_string(record, options)? }
    );
    Ok(())
}
