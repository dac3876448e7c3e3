//! Entity tags: another one exactly when there is something else to see (4.1.7.2).

use chrono::TimeDelta;
use cimi_model::{Dialect, Format};

use crate::cloud::Options;
use crate::peer::Peer;

const MACHINE: &[u8] = br#"{"machineTemplate": {"href": "machineTemplates/1"}}"#;

fn peer(dialect: Dialect, milliseconds: i64) -> Peer {
    Peer::new(Format::Json, Options { dialect, latency: TimeDelta::milliseconds(milliseconds) })
}

fn tag(peer: &mut Peer, path: &str) -> String {
    peer.send("GET", path, b"", &[]).headers()["etag"].to_str().unwrap().to_owned()
}

fn body(peer: &mut Peer, path: &str) -> Vec<u8> {
    peer.send("GET", path, b"", &[]).into_body()
}

#[test]
fn a_collection_has_a_new_tag_when_one_of_its_members_changes() {
    let mut peer = peer(Dialect::V2, 0);
    let machine = peer.send("POST", "machines", MACHINE, &[]).headers()["location"].to_str().unwrap().to_owned();
    let (machines, templates) = (tag(&mut peer, "machines"), tag(&mut peer, "machineTemplates"));
    assert_eq!(peer.act(&machine, "start").status(), 200);
    let started = tag(&mut peer, "machines");
    assert_ne!(started, machines);
    // What has happened elsewhere is not to be seen here.
    assert_eq!(tag(&mut peer, "machineTemplates"), templates);
    assert_eq!(peer.send("GET", "machineTemplates", b"", &[("If-None-Match", &templates)]).status(), 304);
    assert_eq!(peer.send("DELETE", &machine, b"", &[]).status(), 200);
    assert_ne!(tag(&mut peer, "machines"), started);
}

#[test]
fn the_jobs_have_a_new_tag_when_one_makes_progress() {
    let mut peer = peer(Dialect::V2, 1_000);
    assert_eq!(peer.send("POST", "machines", MACHINE, &[]).status(), 202);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let (tag, body) = (tag(&mut peer, "jobs"), body(&mut peer, "jobs"));
        assert_eq!(peer.send("GET", "jobs", b"", &[("If-None-Match", &tag)]).status(), 304);
        assert!(seen.iter().all(|(other, other_body)| (*other == tag) == (*other_body == body)), "{seen:?}");
        seen.push((tag, body));
        peer.wait(300);
    }
    assert_ne!(seen[0], seen[1]);
    // Nothing happens any more.
    let last = tag(&mut peer, "jobs");
    peer.wait(5_000);
    assert_eq!(tag(&mut peer, "jobs"), last);
}

#[test]
fn a_machine_of_dialect_1_has_a_new_tag_with_its_first_meter() {
    let mut peer = peer(Dialect::V1, 0);
    let before = (tag(&mut peer, "machines/1"), tag(&mut peer, "machines"));
    let request = br#"{"meterTemplate": {"href": "meterTemplates/1"}}"#;
    let meter = peer.send("POST", "machines/1/meters", request, &[]).headers()["location"].to_str().unwrap().to_owned();
    let after = (tag(&mut peer, "machines/1"), tag(&mut peer, "machines"));
    assert!(before.0 != after.0 && before.1 != after.1, "{before:?} {after:?}");
    assert_eq!(peer.send("POST", &meter, br#"{"action": "start"}"#, &[]).status(), 202);
    peer.wait(61_000);
    // There the reading is in a structure of its own.
    let samples = String::from_utf8(body(&mut peer, &format!("{meter}/samples"))).unwrap();
    assert!(samples.contains(r#""value":""#), "{samples}");
}
