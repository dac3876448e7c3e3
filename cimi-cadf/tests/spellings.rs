//! Values in other forms and spellings than those of the standard: each comes out as it went in.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::openstack::Profile;
use cimi_cadf::{Event, EventType, Validation};
use cimi_model::{Format, ReadOptions};
use serde_json::{Value, json};

/// An event with a value for each attribute.
fn full() -> Value {
    let place = json!({"id": "g", "latitude": "+37", "longitude": "-122", "elevation": 3.5, "accuracy": 1, "city": "c",
        "state": "s", "regionICANN": "us", "annotations": {"a": "b"}});
    let attachment = json!({"contentType": "http://a", "typeURI": "http://a", "name": "n", "content": "x"});
    let resource = json!({"id": "r", "typeURI": "compute/machine", "name": "n", "domain": "d", "ref": "http://r",
        "geolocationId": "g", "credential": {"type": "t", "authority": "a", "token": "x", "assertions": {"a": 1}},
        "addresses": [{"url": "http://a", "name": "n", "port": "80"}],
        "host": {"id": "h", "address": "a", "agent": "b", "platform": "p"}, "geolocation": place,
        "attachments": [attachment]});
    json!({"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e", "eventType": "monitor",
        "eventTime": "2025-01-01T12:00:00+00:00", "action": "monitor", "outcome": "success", "name": "n",
        "severity": "s", "duration": "PT1S", "initiatorId": "r", "targetId": "r", "observerId": "r",
        "initiator": resource, "target": resource, "observer": resource,
        "reason": {"reasonType": "http://r", "reasonCode": "200", "policyType": "http://p", "policyId": "i"},
        "measurements": [{"metricId": "m", "calculatedById": "r", "result": 1, "calculatedBy": resource,
            "metric": {"metricId": "m", "unit": "u", "name": "n", "annotations": {}}}],
        "tags": ["a?value=b", "c"], "attachments": [attachment, attachment],
        "reporterchain": [{"role": "relay", "reporterTime": "2025-01-01T12:00:00+00:00", "reporterId": "r",
            "reporter": resource, "attachments": [attachment]}]})
}

/// The places of all values.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let mut inner = |key: &str, value: &Value| {
        let at = format!("{at}/{key}");
        pointers(value, &at, all);
        all.push(at);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| inner(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| inner(&at.to_string(), value)),
        _ => {}
    }
}

/// What peers may write for a text.
fn odd_values(text: Option<&str>) -> Vec<Value> {
    let mut odd = vec![
        json!(5),
        json!(-1.5e-3),
        json!(true),
        json!(false),
        json!(null),
        json!(""),
        json!("  "),
        json!({"a": 1}),
        json!({"href": "a"}),
        json!([]),
        json!({}),
        json!([1, "a"]),
        json!("\u{c}\u{1}"),
        json!("a b"),
    ];
    if let Some(text) = text {
        odd.extend([json!(format!(" {text}")), json!(format!("{text}\n")), json!(format!("\u{c}\t{text} "))]);
        odd.push(json!(text.to_uppercase()));
    }
    odd
}

fn read(text: &str) -> Event {
    Event::read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

fn assert_same(text: &str, expected: &Value, at: &str) {
    let found: Value = serde_json::from_str(text).unwrap();
    assert!(found == *expected, "{at}: {:?} became {:?}", expected.pointer(at), found.pointer(at));
}

/// Whatever stands in the place of whichever value.
#[test]
fn each_value_comes_out_as_it_went_in() {
    let full = full();
    let mut all = Vec::new();
    pointers(&full, "", &mut all);
    assert!(all.len() > 150, "{}", all.len());
    // Much is the same in each of the resources.
    all.retain(|at| !["/target/", "/observer/", "/calculatedBy/", "/reporter/"].iter().any(|part| at.contains(part)));
    for at in all {
        let before = full.pointer(&at).unwrap();
        for odd in odd_values(before.as_str()) {
            let mut value = full.clone();
            *value.pointer_mut(&at).unwrap() = odd;
            let event = read(&value.to_string());
            let again = event.to_string(Format::Json, Default::default()).unwrap();
            assert_same(&again, &value, &at);
            let xml = event.to_string(Format::Xml, Default::default()).unwrap();
            let found = read(&xml);
            assert!(found == event, "{at}: {xml}");
            let again = found.to_string(Format::Json, Default::default()).unwrap();
            assert_same(&again, &value, &at);
        }
    }
}

/// A number for a code is understood, is a deviation, and is written as a number until the code is set or the standard's
/// form is asked for.
#[test]
fn a_code_that_is_a_number() {
    let text = full().to_string().replace("\"200\"", "4.030e2");
    let parsed = Event::read(text.as_bytes(), &ReadOptions::default()).unwrap();
    let deviations: Vec<_> = parsed.deviations.iter().map(ToString::to_string).collect();
    assert_eq!(deviations, ["/event/reason/reasonCode: '4.030e2' was read as a string"]);
    assert!(Event::read(text.as_bytes(), &ReadOptions::strict()).is_err());
    assert!(Validation::default().parsed(&parsed).iter().any(|problem| problem.path == "/event/reason/reasonCode"));
    let mut event = parsed.value;
    assert_eq!(event.reason.as_ref().unwrap().reason_code.as_deref(), Some("4.030e2"));
    let json = |event: &Event| event.to_string(Format::Json, Default::default()).unwrap();
    assert!(json(&event).contains(r#""reasonCode":4.030e2,"#));
    let xml = event.to_string(Format::Xml, Default::default()).unwrap();
    assert!(xml.contains(r#" reasonCode="4.030e2""#) && xml.contains(r#":numbers="reasonCode""#), "{xml}");
    assert!(json(&read(&xml)).contains(r#""reasonCode":4.030e2,"#));
    assert!(Event::read(xml.as_bytes(), &ReadOptions::strict()).is_err());

    let mut set = event.clone();
    set.reason.as_mut().unwrap().reason_code = Some("404".into());
    assert!(json(&set).contains(r#""reasonCode":"404""#));
    set.reason.as_mut().unwrap().reason_code = None;
    assert!(!json(&set).contains("reasonCode"));

    let profile = Profile { plain_texts: true, ..Profile::default() };
    let changes: Vec<_> = profile.apply(&mut event).iter().map(ToString::to_string).collect();
    assert_eq!(changes, ["/event/reason/reasonCode: the text that was understood"]);
    assert!(json(&event).contains(r#""reasonCode":"4.030e2""#));
    assert!(profile.apply(&mut event).is_empty());
}

/// What stands between blanks is understood.
#[test]
fn blanks_around_values() {
    let text = r#"{"id":" e","eventType":" activity ","action":"read ","initiator":{"id":"\tu ","typeURI":" compute"},
        "tags":[" a"]}"#
        .replace("\n        ", "");
    let event = read(&text);
    assert_eq!((event.id.as_ref().unwrap().as_str(), event.event_type.as_ref()), ("e", Some(&EventType::Activity)));
    assert!(event.action.as_ref().is_some_and(|action| action.is_a("read")));
    assert_eq!(event.initiator.as_ref().unwrap().id, Some("u".into()));
    assert_eq!(event.to_string(Format::Json, Default::default()).unwrap(), text);
    let xml = event.to_string(Format::Xml, Default::default()).unwrap();
    assert_eq!(read(&xml).to_string(Format::Json, Default::default()).unwrap(), text);
}
