//! Records of real sources: read, written and read again, and held against what is known of each.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cimi_cadf::openstack::{self, Envelope, Form};
use cimi_cadf::{Event, Severity, Validation};
use cimi_model::{Format, ReadOptions};
use serde_json::Value;
use serde_json::value::RawValue;

/// A record of the corpus: its file, the event in it, and what the index says.
struct Sample {
    file: String,
    /// All of the file.
    text: String,
    event: String,
    class: String,
    quirks: String,
}

fn corpus() -> Option<PathBuf> {
    let data = std::env::var_os("CIMI_TEST_DATA")?;
    Some(Path::new(&data).join("corpus/cadf"))
}

/// The event without its envelope: that of messages, of Atom feeds, of older logs.
fn event_in(text: &str) -> String {
    if text.trim_start().starts_with('{') {
        let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).unwrap();
        return ["payload", "event"]
            .iter()
            .find_map(|name| members.get(*name))
            .map_or_else(|| text.to_owned(), |inner| inner.get().to_owned());
    }
    if let Some((start, end)) = text.find("<cadf:event").zip(text.find("</cadf:event>")) {
        let (tag, rest) = text[start..end].split_once('>').unwrap();
        // Prefixes that the feed declares outside of the event.
        let outer = text[..start].split_ascii_whitespace().filter(|word| word.starts_with("xmlns:"));
        let declared: Vec<&str> = outer
            .map(|word| word.trim_end_matches('>'))
            .filter(|word| !tag.contains(word.split('=').next().unwrap()))
            .collect();
        return format!("{tag} {}>{rest}</cadf:event>", declared.join(" "));
    }
    match text.find('{').zip(text.rfind('}')) {
        Some((start, end)) if !text.contains("<event") => event_in(&text[start..=end]),
        _ => text.to_owned(),
    }
}

fn samples() -> Vec<Sample> {
    let Some(directory) = corpus() else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return Vec::new();
    };
    let index = std::fs::read_to_string(directory.join("INDEX.tsv")).unwrap();
    let samples: Vec<Sample> = index
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let text = std::fs::read_to_string(directory.join(cells[0])).unwrap();
            Sample {
                file: cells[0].to_owned(),
                event: event_in(&text),
                text,
                class: cells[4].to_owned(),
                quirks: cells[5].to_owned(),
            }
        })
        .collect();
    assert!(samples.len() > 150);
    samples
}

fn read(text: &str) -> cimi_model::Parsed<Event> {
    Event::read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn records_survive_both_formats() {
    for sample in samples() {
        let event = read(&sample.event).value;
        for pretty in [false, true] {
            let options = cimi_model::WriteOptions { pretty, ..Default::default() };
            let json = event.to_string(Format::Json, options).unwrap();
            assert_eq!(read(&json).value, event, "{}: {json}", sample.file);
            let xml = event.to_string(Format::Xml, options).unwrap();
            assert_eq!(read(&xml).value, event, "{}: {xml}", sample.file);
            // And from there back to the same JSON, in the same order.
            let again = read(&xml).value.to_string(Format::Json, options).unwrap();
            let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(value(&again), value(&json), "{}", sample.file);
        }
    }
}

/// The members of JSON come out as they went in, by way of XML too.
#[test]
fn json_comes_out_as_it_went_in() {
    let (mut compared, mut numbers) = (0, 0);
    for sample in samples().iter().filter(|sample| sample.event.trim_start().starts_with('{')) {
        let before: Value = serde_json::from_str(&sample.event).unwrap();
        let event = read(&sample.event).value;
        let xml = event.to_string(Format::Xml, Default::default()).unwrap();
        for event in [event, read(&xml).value] {
            let after = event.to_string(Format::Json, Default::default()).unwrap();
            let after: Value = serde_json::from_str(&after).unwrap();
            assert_eq!(after, before, "{}: {xml}", sample.file);
        }
        compared += 1;
        numbers += usize::from(before.pointer("/reason/reasonCode").is_some_and(Value::is_number));
    }
    assert!(compared == 0 || (compared > 120 && numbers > 20), "{compared} {numbers}");
}

/// Events come out of their envelopes, and envelopes come out as they went in, changed events in them or not.
#[test]
fn envelopes_survive() {
    let mut forms = BTreeMap::new();
    for sample in samples() {
        let expected = read(&sample.event).value;
        let (envelope, parsed) = openstack::read(sample.text.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!(parsed.value, expected, "{}", sample.file);
        let Some(envelope) = envelope else { continue };
        *forms.entry(format!("{:?}", envelope.form())).or_insert(0) += 1;
        assert_eq!(envelope.write(&expected).unwrap(), sample.text, "{}", sample.file);
        let changed = Event { name: Some("a <name> & \"more\"".into()), ..expected };
        let text = envelope.write(&changed).unwrap();
        let (again, parsed) = Envelope::read(text.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!((again, parsed.value), (envelope.clone(), changed), "{text}");
        if envelope.form() != Form::AtomXml && envelope.form() != Form::AtomJson {
            let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            let (before, after) = (value(&sample.text), value(&text));
            let around = |value: &Value| {
                value
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(name, _)| *name != "payload")
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(around(&before), around(&after));
        }
    }
    let expected = [("ActivityTracker", 2), ("AtomJson", 1), ("AtomXml", 28), ("Notification", 2)];
    let expected = expected.iter().map(|(form, count)| ((*form).to_owned(), *count)).collect();
    assert!(corpus().is_none() || forms == expected, "{forms:?}");
}

/// Where a verdict differs from the class in the index: what the index says of such records, how many there are, and why
/// nothing is wrong with them.
const DIFFERENCES: &[(&str, usize, &str)] = &[
    ("contenttype-mismatch-with-content", 3, "a rule of one profile: the standard leaves content to its type"),
    ("missing-requestURL-in-auditdata", 4, "the same: an element of the content is missing"),
    ("invalid-version", 3, "the same: the content has a version of its own"),
    ("unknown-content-type", 3, "the same: the type of the content may be any"),
    ("initiator-id-openstack-prefix", 1, "`openstack:` and a UUID make a URI, as identifiers are"),
    ("XML namespace is the event typeURI", 10, "which namespace is normative is not known; both are read"),
    ("JSON content inside atom XML", 1, "the envelope is odd, the event in it is not"),
];

#[test]
fn verdicts_agree_with_the_index() {
    let mut differing = BTreeMap::new();
    for sample in samples() {
        let parsed = read(&sample.event);
        let validation = Validation { format: Format::of(sample.event.as_bytes()), ..Validation::strict() };
        let problems = validation.parsed(&parsed);
        let worst = problems.iter().map(|problem| problem.severity).max().unwrap_or(Severity::Info);
        let agrees = match sample.class.as_str() {
            "conforming" => worst == Severity::Info,
            "quirky" => worst > Severity::Info,
            _ => worst == Severity::Error,
        };
        if !agrees {
            let known = DIFFERENCES.iter().find(|(quirk, ..)| sample.quirks.contains(quirk));
            let (quirk, ..) = known.unwrap_or_else(|| panic!("{}: {}\n{problems:#?}", sample.file, sample.quirks));
            *differing.entry(*quirk).or_insert(0) += 1;
        }
    }
    let expected: BTreeMap<&str, usize> = DIFFERENCES.iter().map(|(quirk, count, _)| (*quirk, *count)).collect();
    assert!(corpus().is_none() || differing == expected, "{differing:#?}");
}
