//! Streams that are written, and read again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cimi_cadf::{AnyLog, Event, LOG_TYPE, Log, NAMESPACE, REPORT_TYPE, Records, Report, Resource, Writer};
use cimi_model::{Any, ErrorKind, Format, ReadOptions, WriteOptions};
use proptest::prelude::*;
use serde_json::Value;

const PRETTY: WriteOptions = WriteOptions { dialect: cimi_model::Dialect::V2, pretty: true };
const PLAIN: WriteOptions = WriteOptions { dialect: cimi_model::Dialect::V2, pretty: false };

/// Each form, with a name for messages.
fn forms() -> Vec<(&'static str, Writer<Vec<u8>>)> {
    let log = || Log { id: Some("l".into()), description: Some("d".into()), ..Log::default() };
    let with = |format, options| Writer::log(Vec::new(), log(), format, options).unwrap();
    vec![
        ("lines", Writer::lines(Vec::new())),
        ("array", Writer::array(Vec::new(), PLAIN)),
        ("indented array", Writer::array(Vec::new(), PRETTY)),
        ("JSON log", with(Format::Json, PLAIN)),
        ("indented JSON log", with(Format::Json, PRETTY)),
        ("XML log", with(Format::Xml, PLAIN)),
        ("indented XML log", with(Format::Xml, PRETTY)),
    ]
}

fn written(mut writer: Writer<Vec<u8>>, events: &[Event]) -> String {
    for event in events {
        writer.write(event).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn read(text: &str) -> (Vec<Event>, Option<AnyLog>) {
    let mut records = Records::new(text.as_bytes(), ReadOptions::default());
    let events =
        records.by_ref().map(|record| record.event.unwrap_or_else(|error| panic!("{error}\n{text}")).value).collect();
    (events, records.into_log().map(|log| log.value))
}

fn event(id: &str) -> Event {
    let target = Resource::new("t", "compute/machine").named("a <b> \"c\"\n");
    Event { id: Some(id.into()), action: Some("read".into()), target: Some(target), ..Event::default() }
}

#[test]
fn any_number_of_events_is_well_formed() {
    for count in 0..4 {
        let events: Vec<Event> = (0..count).map(|number| event(&format!("e{number}"))).collect();
        for (name, writer) in forms() {
            let text = written(writer, &events);
            let (found, log) = read(&text);
            assert_eq!(found, events, "{name}: {text}");
            assert_eq!(log.is_some(), name.contains("log"), "{name}");
            match name {
                "lines" => assert_eq!(text.lines().count(), count),
                name if name.contains("XML") => {
                    assert!(Log::read(text.as_bytes(), &ReadOptions::strict()).is_ok(), "{text}");
                    assert!(text.ends_with("</log>\n"), "{text}");
                }
                _ => assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}"),
            }
        }
    }
}

/// What an event is in a stream is what it is by itself.
#[test]
fn events_are_written_as_by_themselves() {
    let events = [event("a"), event("b")];
    let declaration = format!(" xmlns=\"{NAMESPACE}\"");
    for (name, writer) in forms() {
        let text = written(writer, &events);
        let options = if name.contains("indented") { PRETTY } else { PLAIN };
        let format = if name.contains("XML") { Format::Xml } else { Format::Json };
        for event in &events {
            let alone = event.to_string(format, options).unwrap();
            let alone =
                alone.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").replacen(&declaration, "", 1);
            let depth = if name == "indented array" { 2 } else { 4 };
            let margin = if options.pretty { " ".repeat(depth) } else { String::new() };
            let expected: Vec<String> = alone.lines().map(|line| format!("{margin}{line}")).collect();
            assert!(text.contains(&expected.join("\n")), "{name}: {text}\n{expected:?}");
        }
        assert_eq!(text.matches("xmlns").count(), usize::from(format == Format::Xml), "{name}: {text}");
    }
}

#[test]
fn forms_in_full() {
    let events = [Event { id: Some("a".into()), ..Event::default() }];
    let log = |format, options| {
        Writer::log(Vec::new(), Log { id: Some("l".into()), ..Log::default() }, format, options).unwrap()
    };
    let json = format!("{{\n  \"typeURI\": \"{LOG_TYPE}\",\n  \"id\": \"l\",\n  \"events\": [");
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xmlns=\"{NAMESPACE}\" id=\"l\">\n  ");
    assert_eq!(written(log(Format::Json, PRETTY), &[]), format!("{json}]\n}}\n"));
    assert_eq!(
        written(log(Format::Json, PRETTY), &events),
        format!("{json}\n    {{\n      \"id\": \"a\"\n    }}\n  ]\n}}\n")
    );
    assert_eq!(written(log(Format::Xml, PRETTY), &[]), format!("{xml}<events/>\n</log>\n"));
    assert_eq!(
        written(log(Format::Xml, PRETTY), &events),
        format!("{xml}<events>\n    <event id=\"a\"/>\n  </events>\n</log>\n")
    );
}

/// What a log says of itself comes out as it went in, and before its events, so that these can be resolved.
#[test]
fn the_log_is_kept() {
    let json = format!(
        r#"{{"typeURI": "{LOG_TYPE}/x", "id": "l", "logTime": "2025-01-01T00:00:00+00:00", "metrics": [{{"metricId": "m", "unit": "s"}}],
            "resources": [{{"id": "u", "x": [1, "2"]}}], "attachments": [{{"content": {{"a": null}}, "contentType": "t"}}],
            "annotations": {{"k": 1}}, "vendor": {{"events": []}}}}"#
    );
    let log = AnyLog::read(json.as_bytes(), &ReadOptions::default()).unwrap().value;
    for format in [Format::Json, Format::Xml] {
        for options in [PLAIN, PRETTY] {
            let text = written(Writer::log(Vec::new(), log.clone(), format, options).unwrap(), &[event("a")]);
            let mut records = Records::new(text.as_bytes(), ReadOptions::default());
            assert_eq!(records.log().map(|log| log.value.resources().len()), Some(1), "{text}");
            assert_eq!(read(&text), (vec![event("a")], Some(log.clone())), "{text}");
            let whole = AnyLog::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            assert_eq!((whole.events(), whole.record().extensions()), (&[event("a")][..], log.record().extensions()));
        }
    }
}

/// Events that are in the log already come first; a list of none is not one of its own.
#[test]
fn events_in_the_log_are_not_lost() {
    let mut report = Report { events: vec![event("a"), event("b")], ..Report::default() };
    report.extensions.insert("events", Any::Array(Vec::new()));
    for format in [Format::Json, Format::Xml] {
        let text = written(Writer::log(Vec::new(), report.clone(), format, PLAIN).unwrap(), &[event("c")]);
        let (events, log) = read(&text);
        assert_eq!(events, [event("a"), event("b"), event("c")], "{text}");
        let type_uri = (format == Format::Json).then(|| REPORT_TYPE.into());
        assert_eq!(log, Some(Report { type_uri, ..Report::default() }.into()), "{text}");
    }
    report.extensions.insert("events", "none");
    let refused = Writer::log(Vec::new(), report, Format::Json, PLAIN).unwrap_err();
    assert_eq!((refused.kind(), refused.path()), (ErrorKind::Write, "/report/events"));
}

/// JSON demands a type that XML leaves to the element.
#[test]
fn types_are_stated_where_they_are_demanded() {
    let xml = format!("<event xmlns='{NAMESPACE}' id='a'/>");
    let record = Records::new(xml.as_bytes(), ReadOptions::default()).next().unwrap();
    let event = record.event.unwrap().value;
    let mut lines = Writer::lines(Vec::new());
    lines.convert(&event, record.format).unwrap();
    lines.convert(&event, Format::Json).unwrap();
    lines.write(&event).unwrap();
    let text = String::from_utf8(lines.finish().unwrap()).unwrap();
    let typed = format!("{{\"typeURI\":\"{NAMESPACE}event\",\"id\":\"a\"}}");
    assert_eq!(text, format!("{typed}\n{{\"id\":\"a\"}}\n{{\"id\":\"a\"}}\n"));
    // What came without it in JSON says so in XML, and comes back without it.
    let mut log = Writer::log(Vec::new(), Log::default(), Format::Xml, PLAIN).unwrap();
    log.convert(&event, Format::Json).unwrap();
    let found = read(&String::from_utf8(log.finish().unwrap()).unwrap()).0;
    let mut lines = Writer::lines(Vec::new());
    lines.convert(&found[0], Format::Xml).unwrap();
    assert_eq!(String::from_utf8(lines.finish().unwrap()).unwrap(), "{\"id\":\"a\"}\n");
    // From XML to XML, nothing is added.
    let mut log = Writer::log(Vec::new(), Log::default(), Format::Xml, PLAIN).unwrap();
    log.convert(&event, Format::Xml).unwrap();
    assert_eq!(read(&String::from_utf8(log.finish().unwrap()).unwrap()).0, [event]);
}

/// A stream that takes this many bytes.
#[derive(Debug)]
struct Narrow {
    room: usize,
    taken: Vec<u8>,
    calls: usize,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.taken.len() + bytes.len() > self.room {
            return Err(io::Error::other("full"));
        }
        self.taken.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_failure_leaves_no_half_record_and_nothing_follows() {
    let mut narrow = Narrow { room: 200, taken: Vec::new(), calls: 0 };
    let mut writer = Writer::array(&mut narrow, PLAIN);
    let small = Event { id: Some("a".into()), ..Event::default() };
    writer.write(&small).unwrap();
    let large = Event { name: Some("x".repeat(500)), ..Event::default() };
    assert_eq!(writer.write(&large).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(writer.write(&small).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(writer.finish().unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(narrow.taken, b"[\n{\"id\":\"a\"}");
    assert_eq!(narrow.calls, 2);
}

/// Nothing is held back: after each event all of it has gone to the stream, in one piece.
#[test]
fn memory_does_not_grow() {
    let mut sink = Narrow { room: usize::MAX, taken: Vec::new(), calls: 0 };
    let mut writer = Writer::log(&mut sink, Log::default(), Format::Xml, PLAIN).unwrap();
    for _ in 0..1000 {
        writer.write(&event("e")).unwrap();
    }
    writer.finish().unwrap();
    assert_eq!(sink.calls, 1001);
}

fn corpus() -> Option<PathBuf> {
    let data = std::env::var_os("CIMI_TEST_DATA")?;
    Some(Path::new(&data).join("corpus/cadf"))
}

/// Real records, written in all forms, are the same when they are read again, to the last member.
#[test]
fn real_records_survive_all_forms() {
    let Some(directory) = corpus() else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts = files
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end != "tsv"))
        .map(|file| std::fs::read(file).unwrap());
    let events: Vec<Event> = texts
        .flat_map(|text| {
            Records::new(&text[..], ReadOptions::default())
                .filter_map(|record| Some(record.event.ok()?.value))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(events.len() > 150, "{}", events.len());
    let json = |event: &Event| serde_json::from_str::<Value>(&event.to_string(Format::Json, PLAIN).unwrap()).unwrap();
    for (name, writer) in forms() {
        let (found, _) = read(&written(writer, &events));
        assert_eq!(found.len(), events.len(), "{name}");
        for (before, after) in events.iter().zip(&found) {
            assert_eq!(after, before, "{name}");
            assert_eq!(json(after), json(before), "{name}");
        }
    }
    // What they share leaves them and comes back.
    let mut log = Log { events: events.clone(), ..Log::default() };
    log.hoist();
    assert!(!log.resources.is_empty());
    let definitions = cimi_cadf::Definitions::from(&log);
    let mut expected = events;
    for event in &mut expected {
        definitions.resolve(event, &Default::default());
    }
    for format in [Format::Json, Format::Xml] {
        let text = written(Writer::log(Vec::new(), log.clone(), format, PLAIN).unwrap(), &[]);
        let mut whole = AnyLog::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        whole.resolve(&Default::default());
        assert_eq!(whole.events(), expected);
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let text = || proptest::option::of(any::<String>().prop_filter("not empty", |text| !text.is_empty()));
    let value = prop_oneof![any::<String>().prop_map(Any::from), any::<i64>().prop_map(Any::from), Just(Any::Null)];
    (text(), text(), prop::collection::btree_map("(\\{urn:v\\})?[a-z@:#]{1,5}", value, 0..3)).prop_map(
        |(name, host, extensions)| {
            let target = host.map(|host| Resource { name: Some(host), ..Resource::default() });
            let mut event = Event { name, target, ..Event::default() };
            for (key, value) in extensions {
                event.extensions.insert(format!("x{key}"), value);
            }
            event
        },
    )
}

proptest! {
    #[test]
    fn any_events_survive_all_forms(events in prop::collection::vec(any_event(), 0..4)) {
        for (name, writer) in forms() {
            let text = written(writer, &events);
            prop_assert_eq!(&read(&text).0, &events, "{}: {}", name, text);
            if name.contains("log") {
                let whole = AnyLog::read(text.as_bytes(), &ReadOptions::default());
                let whole = whole.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
                prop_assert_eq!(whole.value.events(), &events, "{}: {}", name, text);
            }
        }
    }
}
