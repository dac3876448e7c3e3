//! Whatever is read, hostile inputs end soon, in an error and in little memory, on a small stack.
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

#[path = "support/hostile.rs"]
mod hostile;

use std::io::BufReader;

use cimi_model::filter::{Filter, FilterOptions};
use cimi_model::stream::Members;
use cimi_model::xml::pull::{Token, XmlReader};
use cimi_model::{Document, Format, Generic, Limits, Machine, ReadOptions, Registry, WriteOptions, json, xml};
use hostile::{ELEMENTS, is_refused, json_values, xml_contents};

const OPTIONS: ReadOptions = ReadOptions {
    strict: false,
    limits: Limits { size: 8 << 20, depth: 64, elements: ELEMENTS, attributes: 1024, name: 4096, deviations: 1000 },
};

/// Every reader of documents; what one of them accepts is written, too.
fn read(text: &[u8]) -> [(&'static str, Result<(), String>); 4] {
    let registry = Registry::standard();
    let document = Document::read(text, &registry, &OPTIONS).map(|parsed| {
        let (json, xml) = (Format::Json, Format::Xml);
        let _ = [json, xml].map(|format| parsed.value.to_string(format, WriteOptions::default()).expect("it was read"));
    });
    let is_json = Format::of(text) == Format::Json;
    let machine = if is_json { json::from_slice(text, &OPTIONS) } else { xml::from_slice::<Machine>(text, &OPTIONS) };
    let generic = if is_json { json::from_slice(text, &OPTIONS) } else { xml::from_slice::<Generic>(text, &OPTIONS) };
    let members = Members::<Machine>::open(BufReader::with_capacity(64, text), &OPTIONS);
    let members = members.and_then(Members::collection);
    [
        ("document", document.map_err(|error| error.to_string())),
        ("machine", machine.map(drop).map_err(|error| error.to_string())),
        ("generic", generic.map(drop).map_err(|error| error.to_string())),
        ("members", members.map(drop).map_err(|error| error.to_string())),
    ]
}

/// In one test, because memory is that of the whole process.
#[test]
fn hostile_documents_and_filters() {
    let machine = "\"resourceURI\":\"http://schemas.dmtf.org/cimi/2/Machine\"";
    for (what, value, must_refuse) in json_values() {
        for at in ["x", "cpu", "disks", "properties"] {
            let text = format!("{{{machine},\"{at}\":{value}}}");
            check(&format!("{what} in {at}"), text.as_bytes(), must_refuse);
        }
        check(&format!("{what} alone"), value.as_bytes(), must_refuse);
        check(&format!("{what} as a member"), format!("{{\"machines\":[{{\"x\":{value}}}]}}").as_bytes(), must_refuse);
    }
    for (what, content, must_refuse) in xml_contents() {
        for at in ["x", "cpu", "disks", "property key='k'"] {
            let end = at.split(' ').next().unwrap();
            let text = format!("<Machine xmlns='http://schemas.dmtf.org/cimi/2'><{at}>{content}</{end}></Machine>");
            check(&format!("{what} in {at}"), text.as_bytes(), must_refuse);
        }
        let uri = "http://schemas.dmtf.org/cimi/1";
        let text = format!(
            "<Collection xmlns='{uri}' resourceURI='{uri}/MachineCollection'><Machine>{content}</Machine></Collection>"
        );
        check(&format!("{what} in a member"), text.as_bytes(), must_refuse);
        check(&format!("{what} alone"), content.as_bytes(), must_refuse && what != "a DOCTYPE");
        assert!(is_refused(what, || tokens(&content)) || !must_refuse, "{what}: tokens");
    }
    for text in filters() {
        is_refused("a filter", || {
            let options = FilterOptions { extensions: true, ..FilterOptions::default() };
            Filter::parse(&text, &options).map(drop).map_err(|error| error.to_string())
        });
    }
}

fn check(what: &str, text: &[u8], must_refuse: bool) {
    // One reader after the other, so that each has the memory for itself: the largest counts.
    let refused = is_refused(what, || {
        let outcomes = read(text);
        let accepted = outcomes.iter().find(|(_, outcome)| outcome.is_ok()).map(|(reader, _)| *reader);
        match accepted {
            Some(reader) if must_refuse => panic!("{what}: accepted by the reader of a {reader}"),
            Some(_) => Ok(()),
            None => Err(outcomes.into_iter().map(|(_, outcome)| outcome.unwrap_err()).collect::<Vec<_>>().join("; ")),
        }
    });
    assert!(refused || !must_refuse, "{what}");
}

fn tokens(text: &str) -> Result<(), String> {
    let mut reader = XmlReader::from_slice(text.as_bytes(), OPTIONS.limits).map_err(|error| error.to_string())?;
    loop {
        match reader.next().map_err(|error| error.to_string())? {
            Token::Eof => return Ok(()),
            Token::Start(start) => {
                reader.attributes(&start, |_| Ok(())).map_err(|error| error.to_string())?;
            }
            _ => {}
        }
    }
}

fn filters() -> Vec<String> {
    let n = 100_000;
    vec![
        "(".repeat(n),
        "(".repeat(n) + "a=1" + &")".repeat(n),
        "a=1 or ".repeat(n) + "a=1",
        format!("a={}", "9".repeat(n)),
        format!("{}=1", "a/".repeat(n)),
        format!("a='{}", "\\'".repeat(n)),
        format!("property['{}']='a'", "k".repeat(n)),
        format!("a={}", "2012-01-01T".repeat(n)),
    ]
}

/// The defaults that the documentation states.
#[test]
fn defaults_are_as_documented() {
    let limits = Limits::default();
    assert_eq!((limits.size, limits.depth, limits.elements), (64 << 20, 64, 4_000_000));
    assert_eq!((limits.attributes, limits.name, limits.deviations), (1024, 4096, 1000));
}
