//! The command line of `audit convert --to cimi` and `--to cadf`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/program.rs"]
mod program;

use program::audit as run;
use serde_json::{Value, json};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a conversion without errors writes, and its notes.
fn converted(to: &str, input: &str) -> (Value, String) {
    let output = run(&["convert", "--to", to], input);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}\n{input}");
    (serde_json::from_slice(&output.stdout).unwrap(), errors)
}

fn event(state: &str) -> Value {
    json!({
        "resourceURI": "http://schemas.dmtf.org/cimi/2/Event", "id": format!("events/{state}"),
        "timestamp": "2012-05-25T13:30:15Z", "type": "http://schemas.dmtf.org/cimi/2/event/state",
        "content": {"resource": {"href": "machines/1"}, "state": state}, "outcome": "Status", "contact": "ops",
    })
}

fn valid(input: &str) {
    let output = run(&["validate", "--strict"], input);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()), "{input}");
}

#[test]
fn events_in_all_forms_there_and_back() {
    let (one, two) = (event("STARTED"), event("STOPPED"));
    let (cadf, notes) = converted("cadf", &one.to_string());
    assert_eq!(cadf["action"], "monitor");
    assert!(notes.contains("record 1: note: /Event/contact: "), "{notes}");
    valid(&cadf.to_string());
    let (back, notes) = converted("cimi", &cadf.to_string());
    assert_eq!((back, notes.as_str()), (one.clone(), ""));

    let both = json!([one, two]);
    let collection =
        json!({"resourceURI": "http://schemas.dmtf.org/cimi/2/EventCollection", "count": 2, "events": both});
    let untold = json!({"events": both});
    for input in [
        both.to_string(),
        format!("{one}\n\n{two}\n"),
        format!("{}\n{}", serde_json::to_string_pretty(&one).unwrap(), serde_json::to_string_pretty(&two).unwrap()),
        collection.to_string(),
        untold.to_string(),
    ] {
        let (cadf, _) = converted("cadf", &input);
        assert_eq!(cadf.as_array().unwrap().len(), 2, "{input}");
        valid(&cadf.to_string());
        assert_eq!(converted("cimi", &cadf.to_string()).0, both, "{input}");
    }
}

#[test]
fn xml_and_dialects() {
    let input = r#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="http://schemas.dmtf.org/cimi/1/EventCollection">
        <id>http://example.com/events</id><count>1</count>
        <Event><id>http://example.com/events/1</id><timestamp>2012-05-25T13:30:15Z</timestamp>
        <type>http://schemas.dmtf.org/cimi/1/event/alarm</type><content><code>17</code></content></Event></Collection>"#;
    let (cadf, _) = converted("cadf", input);
    assert_eq!((&cadf["eventType"], &cadf["reason"]["reasonCode"]), (&json!("control"), &json!("17")));
    valid(&cadf.to_string());
    for (dialect, version) in [("1", 1), ("2", 2)] {
        let output = run(&["convert", "--to", "cimi", "--dialect", dialect], &cadf.to_string());
        let back: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(back["type"], format!("http://schemas.dmtf.org/cimi/{version}/event/alarm"));
        assert_eq!(back["resourceURI"], format!("http://schemas.dmtf.org/cimi/{version}/Event"));
    }
    let output = run(&["convert", "--to", "cadf", "--dialect", "1", "--observer", "http://c/"], input);
    let cadf: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(cadf["attachments"][0]["contentType"], "http://schemas.dmtf.org/cimi/1/Event");
    assert_eq!((&cadf["observer"]["id"], &cadf["target"]["id"]), (&json!("http://c/"), &json!("http://c/")));
}

#[test]
fn jobs_meters_and_logs() {
    let job = json!({
        "resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "id": "jobs/1", "created": "2025-01-01T12:00:00Z",
        "state": "SUCCESS", "action": "http://schemas.dmtf.org/cimi/2/action/start",
        "targetResource": {"href": "machines/1"}, "timeOfStatusChange": "2025-01-01T12:00:05Z",
    });
    let meter = json!({
        "resourceURI": "http://schemas.dmtf.org/cimi/2/Meter", "id": "meters/1", "units": "percent",
        "samples": {"samples": [{"timestamp": "2025-01-01T12:00:00Z", "value": "17"}]},
    });
    let (cadf, _) = converted("cadf", &format!("{job}\n{meter}\n"));
    let cadf = cadf.as_array().unwrap();
    assert_eq!(cadf.len(), 3);
    assert_eq!((&cadf[0]["outcome"], &cadf[1]["outcome"]), (&json!("pending"), &json!("success")));
    assert_eq!((&cadf[1]["duration"], &cadf[2]["measurements"][0]["result"]), (&json!("PT5S"), &json!("17")));
    valid(&json!(cadf).to_string());
    let (audit, _) = converted("cimi", &json!(cadf).to_string());
    assert_eq!(audit[2]["content"], cadf[2]);
    assert_eq!((&audit[0]["outcome"], &audit[2]["outcome"]), (&json!("Pending"), &json!("Status")));

    let log = json!({
        "resourceURI": "http://schemas.dmtf.org/cimi/2/EventLog", "id": "logs/1", "persistence": "daily",
        "events": {"events": [event("STARTED"), event("STOPPED")]},
    });
    let (cadf, _) = converted("cadf", &log.to_string());
    assert_eq!(cadf["typeURI"], "http://schemas.dmtf.org/cloud/audit/1.0/log");
    assert_eq!((cadf["events"].as_array().unwrap().len(), &cadf["events"][0]["observerId"]), (2, &json!("provider")));
    valid(&cadf.to_string());
    assert_eq!(converted("cimi", &cadf.to_string()).0, json!([event("STARTED"), event("STOPPED")]));
    // Beside others, it is its events.
    assert_eq!(converted("cadf", &json!([log, job]).to_string()).0.as_array().unwrap().len(), 4);
}

#[test]
fn what_cannot_be_converted_is_told() {
    let mut timeless = event("STARTED");
    timeless.as_object_mut().unwrap().remove("timestamp");
    let machine = json!({"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "id": "machines/1"});
    let output =
        run(&["convert", "--to", "cadf"], &format!("{timeless}\n{{\"id\": }}\n{machine}\n{}\n", event("STOPPED")));
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    for expected in
        ["record 1: /Event/timestamp: ", "record 2: ", "record 3: /: no event follows from a resource of type Machine"]
    {
        assert!(errors.contains(expected), "{errors}");
    }
    let cadf: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(cadf["measurements"][0]["result"], "STOPPED");
    for (arguments, expected) in [
        (&["convert", "--to", "cimi", "--dialect", "3"][..], "'3'"),
        (&["convert", "--to", "nothing"][..], "cimi, cadf"),
        (&["validate", "--dialect", "1"][..], "--dialect"),
    ] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}

#[test]
fn edited_fields_count() {
    let (mut cadf, _) = converted("cadf", &event("STARTED").to_string());
    cadf["outcome"] = json!("failure");
    cadf["target"]["id"] = json!("machines/2");
    let (back, notes) = converted("cimi", &cadf.to_string());
    let mut expected = event("STARTED");
    expected["outcome"] = json!("Failure");
    expected["content"]["resource"]["href"] = json!("machines/2");
    assert_eq!(back, expected);
    assert!(notes.contains("/Event/outcome") && notes.contains("(edited)"), "{notes}");
}
