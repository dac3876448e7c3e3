//! Hostile events, logs, streams and messages end soon, in an error and in little memory, on a small stack.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::format_collect,
    missing_docs,
    unreachable_pub,
    reason = "a test may fail loudly, and look at the clock"
)]

#[path = "../../cimi-model/tests/support/hostile.rs"]
mod hostile;

use cimi_cadf::{AnyLog, Event, EventFilter, Records, Validation, flat, openstack};
use cimi_model::{Format, Limits, ReadOptions, WriteOptions};
use hostile::{ELEMENTS, is_refused, json_values, xml_contents};

const OPTIONS: ReadOptions = ReadOptions {
    strict: false,
    limits: Limits { size: 8 << 20, depth: 64, elements: ELEMENTS, attributes: 1024, name: 4096, deviations: 1000 },
};

/// In one test, because memory is that of the whole process.
#[test]
fn hostile_records() {
    for (what, value, must_refuse) in json_values() {
        for at in ["x", "id", "tags", "initiator", "events", "payload", "oslo.message"] {
            all(what, &format!("{{\"{at}\":{value}}}"), must_refuse);
        }
        let log =
            format!("{{\"typeURI\":\"http://schemas.dmtf.org/cloud/audit/1.0/log\",\"events\":[{{\"x\":{value}}}]}}");
        all(what, &log, must_refuse);
        all(what, &value, must_refuse);
    }
    let namespace = "http://schemas.dmtf.org/cloud/audit/1.0/";
    for (what, content, must_refuse) in xml_contents() {
        for at in ["x", "tags", "initiator"] {
            all(what, &format!("<event xmlns='{namespace}'><{at}>{content}</{at}></event>"), must_refuse);
        }
        all(what, &format!("<log xmlns='{namespace}'><events><event>{content}</event></events></log>"), must_refuse);
        let atom = "http://www.w3.org/2005/Atom";
        let entry =
            format!("<feed xmlns='{atom}'><entry><content type='application/xml'>{content}</content></entry></feed>");
        all(what, &entry, false);
    }
    let mut message = "{\"id\":\"e1\"}".to_owned();
    for _ in 0..12 {
        message = format!("{{\"oslo.message\":{}}}", serde_json::to_string(&message).expect("a text"));
    }
    all("messages in one another", &message, false);
    let many = "{\"id\":\"e1\",\"action\":\"read\"}\n".repeat(50_000);
    is_refused("many lines", || records(many.as_bytes()));
    is_refused("a filter", || "(".repeat(100_000).parse::<EventFilter>().map(drop).map_err(|error| error.to_string()));
}

/// Every reader; what one of them accepts is written, too.
fn all(what: &str, text: &str, must_refuse: bool) {
    let refused = is_refused(what, || {
        let parsed = Event::read(text.as_bytes(), &OPTIONS).map_err(|error| error.to_string())?;
        let _ = Validation::strict().parsed(&parsed);
        let _ = flat::line(&parsed.value).expect("it was read");
        parsed.value.to_string(Format::Xml, WriteOptions::default()).map(drop).map_err(|error| error.to_string())
    });
    assert!(refused || !must_refuse, "{what}: an event");
    is_refused(what, || {
        let mut log = AnyLog::read(text.as_bytes(), &OPTIONS).map_err(|error| error.to_string())?.value;
        log.resolve(&OPTIONS.limits);
        Ok(())
    });
    is_refused(what, || openstack::read(text.as_bytes(), &OPTIONS).map(drop).map_err(|error| error.to_string()));
    is_refused(what, || openstack::read_feed(text.as_bytes(), &OPTIONS).map(drop).map_err(|error| error.to_string()));
    is_refused(what, || records(text.as_bytes()));
}

fn records(text: &[u8]) -> Result<(), String> {
    let refused = Records::new(text, OPTIONS).find_map(|record| record.event.err());
    refused.map_or(Ok(()), |error| Err(error.to_string()))
}
