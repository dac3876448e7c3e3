//! Which operation of a resource is meant, and when nothing is sent.

use cimi_model::{Collection, Dialect, Generic, Machine, MachineTemplate};
use cimi_protocol::client::{Peer, actions, offered, offers};
use cimi_protocol::{ErrorKind, Fault, Operation as _};
use http::Method;

use crate::{peer, read};

/// A Machine that offers operations with these `rel`s, the href of each being its position.
fn machine(rels: &[&str]) -> Machine {
    let entry = |(index, rel): (usize, &&str)| format!(r#"{{"rel": "{rel}", "href": "{index}"}}"#);
    let entries: Vec<String> = rels.iter().enumerate().map(entry).collect();
    read(&format!(r#"{{"id": "m/1", "operations": [{}]}}"#, entries.join(",")))
}

#[test]
fn a_rel_is_recognized_in_all_its_spellings() {
    const START_1: &str = "http://schemas.dmtf.org/cimi/1/action/start";
    const START_2: &str = "http://schemas.dmtf.org/cimi/2/action/start";
    for (rels, operation, expected) in [
        (&["add", START_1][..], "start", Some("1")),
        (&[START_1], START_2, Some("0")),
        (&[START_2], START_1, Some("0")),
        (&["start"], START_2, Some("0")),
        (&["http://example.com/action/start"], "start", Some("0")),
        (&["http://example.com/action/start", START_1], "start", Some("1")),
        (&["http://example.com/action/start"], START_2, Some("0")),
        (&["http://schemas.dmtf.org/cimi/1/action/delete"], "delete", Some("0")),
        (&["http://schemas.dmtf.org/cimi/1/action/delete", "delete"], "delete", Some("1")),
        (&["urn:acme:hibernate"], "hibernate", Some("0")),
        (&["http://example.com/v#hibernate"], "hibernate", Some("0")),
        (&["http://example.com/hibernate"], "http://example.com/hibernate", Some("0")),
        (&["http://example.com/hibernate"], "http://other.example.com/hibernate", None),
        (&["restart"], "start", None),
        (&["Start"], "start", None),
        (&[START_1], "stop", None),
        (&[], "start", None),
    ] {
        let found = offered(&machine(rels), operation);
        assert_eq!(found.as_ref().map(|offer| offer.href.as_str()).ok(), expected, "{operation} of {rels:?}");
        if let Err(error) = found {
            assert_eq!((error.kind(), error.fault()), (ErrorKind::NotOffered, Fault::Caller));
            assert!(rels.iter().all(|rel| error.to_string().contains(rel.rsplit('/').next().unwrap())), "{error}");
        }
    }
}

#[test]
fn what_is_not_available_is_an_error() {
    let text = r#"{"operations": [
        {"rel": "edit", "href": "a", "available": false},
        {"rel": "delete", "href": "b", "available": true},
        {"rel": "http://schemas.dmtf.org/cimi/2/action/stop", "href": "c", "available": false},
        {"rel": "http://schemas.dmtf.org/cimi/1/action/stop", "href": "d"}
    ]}"#;
    let machine: Machine = read(text);
    let error = offered(&machine, "edit").unwrap_err();
    assert_eq!((error.kind(), error.fault()), (ErrorKind::NotAvailable, Fault::Caller));
    assert_eq!(offered(&machine, "delete").unwrap().href.as_str(), "b");
    // Of two that fit alike, the one that can be performed.
    assert_eq!(offered(&machine, "stop").unwrap().href.as_str(), "d");

    let peer = peer(Dialect::V2);
    assert_eq!(peer.update(&machine).unwrap_err().kind(), ErrorKind::NotAvailable);
    assert!(peer.delete(&machine).is_ok());
    assert_eq!(peer.invoke(&machine, actions::pause()).unwrap_err().kind(), ErrorKind::NotOffered);
}

#[test]
fn resources_of_unknown_types_offer_operations_too() {
    for text in [
        r#"{"resourceURI": "http://example.com/Rack", "id": "r", "operations": [
            {"rel": "edit", "href": "e"}, {"rel": "delete", "href": "d", "available": false}, {"rel": "x"}, 7]}"#,
        r#"<Rack xmlns="http://example.com"><id>r</id>
            <operation rel="edit" href="e"/><operation rel="delete" href="d" available="false"/></Rack>"#,
        r#"<Rack xmlns="http://example.com"><operations>
            <operation rel="edit" href="e"/><operation rel="delete" href="d" available="false"/></operations></Rack>"#,
    ] {
        let rack: Generic = read(text);
        assert_eq!(offers(&rack).len(), 2, "{text}");
        assert_eq!(offered(&rack, "edit").unwrap().href.as_str(), "e");
        assert_eq!(offered(&rack, "delete").unwrap_err().kind(), ErrorKind::NotAvailable);
        let edit = peer(Dialect::V1).change(&rack, "edit", Method::PUT, Some(&rack)).unwrap();
        assert_eq!(edit.uri().as_str(), "https://cloud.example.com/cimi/e");
    }
    let one: Generic = read(r#"<Rack xmlns="http://example.com"><operation rel="edit" href="e"/></Rack>"#);
    assert_eq!(offers(&one).len(), 1);
}

#[test]
fn hrefs_are_opaque_and_resolve_against_the_base() {
    for (href, sent) in [
        ("machines/1?tenant=2", "https://cloud.example.com/cimi/machines/1?tenant=2"),
        ("/other", "https://cloud.example.com/other"),
        ("https://elsewhere.example.com/x?a=b&c", "https://elsewhere.example.com/x?a=b&c"),
        ("", "https://cloud.example.com/cimi/"),
        ("?delete", "https://cloud.example.com/cimi/?delete"),
    ] {
        let text = format!(r#"{{"operations": [{{"rel": "delete", "href": "{href}"}}]}}"#);
        let machine: Machine = read(&text);
        let request = peer(Dialect::V2).delete(&machine).unwrap().request().unwrap();
        assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::DELETE, sent));
    }
}

#[test]
fn common_operations_may_be_assumed_where_none_is_listed() {
    let mut peer = peer(Dialect::V1);
    let silent: MachineTemplate = read(r#"{"id": "templates/1"}"#);
    let collection: Collection<MachineTemplate> = read(r#"{"href": "templates", "count": 0}"#);
    assert_eq!(peer.delete(&silent).unwrap_err().kind(), ErrorKind::NotOffered);
    peer.assume_operations = true;
    let request = peer.delete(&silent).unwrap().request().unwrap();
    assert_eq!(request.uri(), "https://cloud.example.com/cimi/templates/1");
    let create = peer.create::<MachineTemplate>(&collection, &silent).unwrap();
    assert_eq!(create.uri().as_str(), "https://cloud.example.com/cimi/templates");
    // Actions are not, and neither is anything where something is listed.
    assert_eq!(peer.invoke(&silent, actions::start()).unwrap_err().kind(), ErrorKind::NotOffered);
    let other: MachineTemplate = read(r#"{"id": "t", "operations": [{"rel": "edit", "href": "t"}]}"#);
    assert_eq!(peer.delete(&other).unwrap_err().kind(), ErrorKind::NotOffered);
    assert_eq!(peer.delete(&MachineTemplate::default()).unwrap_err().kind(), ErrorKind::NotOffered);
    assert_eq!(Peer::default().delete(&silent).unwrap_err().kind(), ErrorKind::NotOffered);
}
