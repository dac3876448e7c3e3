//! CADF events in Events of CIMI and back.

use std::path::PathBuf;

use cimi_cadf::cimi::Fate;
use cimi_cadf::{Event, Records, Validation};
use cimi_model::reflect::is_blank_record;
use cimi_model::{Dialect, EventOutcome, EventSeverity, Format, ReadOptions, json, xml};
use proptest::prelude::*;

use super::fill::{Choices, Profile, fill};
use super::made::{bytes, converter, shown, through, through_cimi};

const AUDIT: &str = "http://schemas.dmtf.org/cloud/audit/1.0/event";

fn read(text: &str) -> Event {
    Event::read(text.as_bytes(), &ReadOptions::default()).unwrap().value
}

fn cimi(text: &str) -> cimi_model::Event {
    json::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap().value
}

/// There and back, in memory and as text of CIMI.
fn survives(event: &Event) {
    let found = converter().event_to_cimi(event).unwrap().value;
    let back = converter().event_to_cadf(&found).unwrap();
    assert_eq!(back.value, *event, "\n{}\n{}", shown(event), shown(&found));
    assert_eq!(back.notes, []);
    for format in [Format::Json, Format::Xml] {
        for dialect in [Dialect::V1, Dialect::V2] {
            let found = through_cimi(&found, format, dialect);
            let back = converter().event_to_cadf(&found).unwrap().value;
            assert!(back == *event, "{format:?} {dialect:?}\n{}\n{}\n{}", shown(event), shown(&found), shown(&back));
        }
    }
}

#[test]
fn an_event_is_the_content_of_an_audit_event() {
    let text = r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event/security", "id": "e1", "eventType": "control",
        "eventTime": "2014-02-27T19:29:30.855665+0000", "action": "deny", "outcome": "failure/policy", "name": "n",
        "severity": "warning", "vendor": {"b": 1, "a": [null, 1.50]}, "initiator": {"id": "i", "typeURI": "data"}}"#;
    let found = converter().event_to_cimi(&read(text)).unwrap();
    assert_eq!(found.notes, []);
    let event = found.value;
    assert_eq!(event.type_uri.as_ref().unwrap().as_str(), format!("{AUDIT}/security"));
    assert_eq!(event.timestamp.as_ref().unwrap().as_str(), "2014-02-27T19:29:30.855665Z");
    assert_eq!((event.name.as_deref(), &event.outcome), (Some("n"), &Some(EventOutcome::Failure)));
    assert_eq!((event.severity.as_ref(), &event.contact, &event.id), (Some(&EventSeverity::Medium), &None, &None));
    let written = shown(&event);
    assert!(written.contains(r#""eventTime":"2014-02-27T19:29:30.855665+0000""#), "{written}");
    assert!(written.contains(r#""vendor":{"b":1,"a":[null,1.50]}"#), "{written}");
    survives(&read(text));
}

#[test]
fn outcomes_and_severities() {
    for (kind, outcome, expected) in [
        ("monitor", "success", "Status"),
        ("monitor", "failure", "Failure"),
        ("activity", "success", "Success"),
        ("activity", "pending", "Pending"),
        ("activity", "unknown", "Unknown"),
        ("control", "failure/quota", "Failure"),
        ("activity", "attempt", "attempt"),
    ] {
        let event = read(&format!(r#"{{"eventType": "{kind}", "outcome": "{outcome}"}}"#));
        let found = converter().event_to_cimi(&event).unwrap().value;
        assert_eq!(found.outcome, Some(expected.into()), "{kind} {outcome}");
        assert_eq!(found.type_uri, Some(AUDIT.into()));
    }
    for (text, expected) in [("HIGH", Some("high")), ("normal", Some("low")), ("Warning", Some("medium")), ("7", None)]
    {
        let found = converter().event_to_cimi(&read(&format!(r#"{{"severity": "{text}"}}"#))).unwrap();
        assert_eq!(found.value.severity, expected.map(Into::into), "{text}");
        assert_eq!(found.notes.iter().any(|note| note.path == "/event/severity"), expected.is_none());
    }
}

#[test]
fn what_the_provider_adds_is_kept() {
    let event =
        read(r#"{"id": "e1", "eventTime": "2025-01-01T12:00:00+00:00", "outcome": "success", "action": "read"}"#);
    let mut found = converter().event_to_cimi(&event).unwrap().value;
    found.id = Some("events/7".into());
    found.contact = Some("ops".into());
    found.properties.insert("a", "b");
    let cadf = converter().event_to_cadf(&found).unwrap();
    let paths: Vec<&str> = cadf.notes.iter().map(|note| note.path.as_str()).collect();
    assert_eq!(paths, ["/Event/id", "/Event/properties", "/Event/contact"]);
    let mut cadf = cadf.value;
    assert_eq!(cadf.attachments.len(), 1);
    assert_eq!(converter().event_to_cimi(&cadf).unwrap().value, found);
    // What is edited then counts, and what follows from it.
    cadf.outcome = Some("failure".into());
    let edited = converter().event_to_cimi(&cadf).unwrap();
    assert_eq!((&edited.value.outcome, edited.value.contact.as_deref()), (&Some(EventOutcome::Failure), Some("ops")));
    assert!(edited.notes.iter().any(|note| note.path == "/Event/outcome" && note.fate == Fate::Edited));
    assert!(shown(&edited.value).contains(r#""outcome":"failure""#));
}

#[test]
fn a_content_that_contradicts_is_reported() {
    let event = cimi(&format!(
        r#"{{"type": "{AUDIT}", "timestamp": "2025-01-01T12:00:01Z", "outcome": "Success",
            "content": {{"id": "e1", "eventTime": "2025-01-01T12:00:00+00:00", "outcome": "failure"}}}}"#
    ));
    let cadf = converter().event_to_cadf(&event).unwrap();
    let found: Vec<_> = cadf.notes.iter().map(|note| (note.path.as_str(), note.fate)).collect();
    assert_eq!(found, [("/Event/timestamp", Fate::Contradicted), ("/Event/outcome", Fate::Contradicted)]);
    assert_eq!(cadf.value.event_time.as_ref().unwrap().as_str(), "2025-01-01T12:00:00+00:00");
    assert_eq!(converter().event_to_cimi(&cadf.value).unwrap().value, event);
    // The same instant in another spelling is no contradiction.
    let text = shown(&event).replace("12:00:01Z", "13:00:00+01:00").replace("Success", "Failure");
    assert_eq!(converter().event_to_cadf(&cimi(&text)).unwrap().notes, []);
}

#[test]
fn contents_may_be_elements_of_cadf() {
    let inner = r#"typeURI="http://schemas.dmtf.org/cloud/audit/1.0/event" id="e1" eventType="activity" action="read"
        eventTime="2025-01-01T12:00:00+00:00" outcome="success""#;
    let children =
        r#"<c:initiator id="i" typeURI="data"><c:host address="h"/></c:initiator><c:tags><c:tag>t</c:tag></c:tags>"#;
    for content in [
        format!(
            r#"<content><c:event xmlns:c="http://schemas.dmtf.org/cloud/audit/1.0/" {inner}>{children}</c:event></content>"#
        ),
        format!(
            r#"<content><c:event xmlns:c="http://schemas.dmtf.org/cloud/audit/1.0/event" {inner}>{children}</c:event></content>"#
        ),
        format!(r#"<content {inner} xmlns:c="http://schemas.dmtf.org/cloud/audit/1.0/">{children}</content>"#),
    ] {
        let text = format!(r#"<Event xmlns="http://schemas.dmtf.org/cimi/2"><type>{AUDIT}</type>{content}</Event>"#);
        let event: cimi_model::Event = xml::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        let cadf = converter().event_to_cadf(&event).unwrap().value;
        assert_eq!(cadf.action, Some("read".into()), "{text}");
        assert_eq!(cadf.initiator.as_ref().unwrap().host.as_ref().unwrap().address.as_deref(), Some("h"));
        assert_eq!(cadf.tags, ["t".into()]);
        for format in [Format::Json, Format::Xml] {
            assert_eq!(converter().event_to_cimi(&through(&cadf, format)).unwrap().value, event);
        }
    }
    let nested =
        cimi(&format!(r#"{{"type": "{AUDIT}", "content": {{"event": {{"id": "e1", "outcome": "success"}}}}}}"#));
    let cadf = converter().event_to_cadf(&nested).unwrap().value;
    assert_eq!(cadf.id, Some("e1".into()));
    assert_eq!(converter().event_to_cimi(&cadf).unwrap().value, nested);
}

/// The element says what JSON demands.
#[test]
fn an_element_needs_no_type() {
    let text = format!(
        r#"<Event xmlns="http://schemas.dmtf.org/cimi/1"><type>{AUDIT}</type><content><event id="e1" action="read"
            xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" eventType="activity" eventTime="2025-01-01T12:00:00+00:00"
            outcome="success" targetId="t" observerId="t"><initiator id="i" typeURI="data"/></event></content></Event>"#
    );
    let event: cimi_model::Event = xml::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let mut cadf = converter().event_to_cadf(&event).unwrap().value;
    assert!(Validation::strict().accepts(&cadf), "{}", shown(&cadf));
    assert_eq!(converter().event_to_cimi(&cadf).unwrap().value, event);
    cadf.action = Some("update".into());
    let edited = shown(&converter().event_to_cimi(&cadf).unwrap().value);
    assert!(edited.contains(r#""action":"update""#), "{edited}");
}

#[test]
fn a_content_of_the_standard_is_read_strictly() {
    let text = format!(
        r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/2/Event", "type": "{AUDIT}", "timestamp": "2025-01-01T12:00:00Z",
            "content": {{"typeURI": "{AUDIT}", "id": "e1", "initiator": {{"id": "i", "typeURI": "data"}}, "targetId": "t"}}}}"#
    );
    let event = json::from_slice::<cimi_model::Event>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let cadf = converter().event_to_cadf(&event).unwrap().value;
    assert_eq!(cadf.initiator.unwrap().id, Some("i".into()));
}

/// The events of the corpus, as `tests/corpus.rs` takes them out of their envelopes.
fn corpus() -> Vec<(String, Event)> {
    let Some(data) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return Vec::new();
    };
    let directory = PathBuf::from(data).join("corpus/cadf");
    let index = std::fs::read_to_string(directory.join("INDEX.tsv")).unwrap();
    let files = index.lines().skip(1).filter_map(|line| line.split('\t').next().map(str::to_owned));
    let event = |file: String| {
        let text = std::fs::read_to_string(directory.join(&file)).unwrap();
        // Whatever stands around the event is one of the records here, too.
        let first = Records::new(text.as_bytes(), ReadOptions::default()).next()?.event.ok()?.value;
        Some((file, first))
    };
    files.filter_map(event).collect()
}

#[test]
fn real_events_survive() {
    let events = corpus();
    for (file, event) in &events {
        println!("{file}");
        survives(event);
    }
    println!("{} events", events.len());
    assert!(events.is_empty() || events.len() > 150, "{}", events.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any CADF event, however odd.
    #[test]
    fn any_event_survives(bytes in bytes()) {
        let mut event = Event::default();
        fill(&mut event, &mut Choices::new(&bytes.0), Profile::Wild, 2, false);
        // An event without any attribute of CADF is none.
        let attributes = Event { extensions: Default::default(), ..event.clone() };
        prop_assume!(!is_blank_record(&attributes));
        survives(&through(&event, Format::Json));
    }
}

/// What is as deep as readers allow needs little stack.
#[test]
fn a_small_stack_is_enough() {
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let event = read(&format!(r#"{{"id": "e1", "attachments": [{{"contentType": "x", "content": {}}}]}}"#, deep(60)));
    let text = format!(
        r#"{{"type": "http://schemas.dmtf.org/cimi/2/event/state", "timestamp": "2025-01-01T12:00:00Z", "x": {}}}"#,
        deep(60)
    );
    let state = cimi(&text);
    let run = move || {
        let found = converter().event_to_cimi(&event).unwrap().value;
        assert_eq!(converter().event_to_cadf(&found).unwrap().value, event);
        let cadf = converter().event_to_cadf(&state).unwrap().value;
        assert_eq!(converter().event_to_cimi(&cadf).unwrap().value, state);
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}
