//! Flat records.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::io::BufReader;
use std::path::Path;

use cimi_cadf::flat::{self, COLUMNS, ColumnKind};
use cimi_cadf::{Event, Records};
use cimi_model::ErrorKind;
use serde_json::{Value, json};

fn event(text: &str) -> Event {
    Event::read(text.as_bytes(), &Default::default()).unwrap().value
}

fn row(text: &str) -> Value {
    serde_json::from_str(&flat::line(&event(text)).unwrap()).unwrap()
}

/// The row has these values, and null or 0 in all other columns but the last.
fn check(text: &str, expected: &Value) {
    let row = row(text);
    for column in &COLUMNS[..COLUMNS.len() - 1] {
        let otherwise = if column.kind == ColumnKind::Count { json!(0) } else { Value::Null };
        assert_eq!(row[column.name], *expected.get(column.name).unwrap_or(&otherwise), "{} of {text}", column.name);
    }
    assert!(expected.as_object().unwrap().keys().all(|name| COLUMNS.iter().any(|column| column.name == name)));
    assert_eq!(row.as_object().unwrap().len(), COLUMNS.len());
}

#[test]
fn a_full_event() {
    check(
        r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e1", "eventType": "activity",
            "eventTime": "2025-01-01T00:30:00.1234567+0100", "action": "update/os-start", "outcome": "failure/timeout",
            "name": "n", "severity": "high", "duration": "PT1M0.5S",
            "initiator": {"id": "u1", "typeURI": "data/security/account/user", "name": "ann", "domain": "d",
                "credential": {"token": "s3cret"}, "host": {"address": "10.0.0.1", "agent": "curl"}},
            "target": {"id": "t1", "typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/resource/compute/machine",
                "host": {"address": "h2"}, "addresses": [{"url": "http://a/1"}, {"url": "http://a/2"}]},
            "observer": {"id": "target"},
            "reason": {"reasonType": "HTTP", "reasonCode": 504, "policyType": "urn:p", "policyId": "7"},
            "measurements": [{"result": "17.5", "metric": {"metricId": "m1", "unit": "s", "name": "load"}}, {"result": 2}],
            "tags": ["a", "//n/b?value=\"c\""], "attachments": [{"content": 1}, {}, {}],
            "reporterchain": [{"role": "relay"}], "requestPath": "/v2"}"#,
        &serde_json::from_str(
            r#"{
            "time": "2024-12-31T23:30:00.123456Z", "time_text": "2025-01-01T00:30:00.1234567+0100", "id": "e1",
            "type_uri": "http://schemas.dmtf.org/cloud/audit/1.0/event", "event_type": "activity",
            "action": "update/os-start", "action_root": "update",
            "outcome": "failure/timeout", "outcome_root": "failure",
            "name": "n", "severity": "high", "duration": "PT1M0.5S", "duration_seconds": 60.5,
            "initiator_id": "u1", "initiator_type": "data/security/account/user", "initiator_type_root": "data",
            "initiator_name": "ann", "initiator_domain": "d", "initiator_host": "10.0.0.1", "initiator_agent": "curl",
            "target_id": "t1", "target_type": "http://schemas.dmtf.org/cloud/audit/1.0/resource/compute/machine",
            "target_type_root": "compute", "target_host": "h2", "target_url": "http://a/1",
            "observer_id": "t1", "observer_type": "http://schemas.dmtf.org/cloud/audit/1.0/resource/compute/machine",
            "observer_type_root": "compute", "observer_host": "h2",
            "reason_type": "HTTP", "reason_code": "504", "policy_type": "urn:p", "policy_id": "7",
            "metric_id": "m1", "metric_name": "load", "metric_unit": "s", "result": "17.5", "result_number": 17.5,
            "measurement_count": 2, "tags": "[\"a\",\"//n/b?value=\\\"c\\\"\"]", "tag_count": 2,
            "attachment_count": 3, "reporter_count": 1
            }"#,
        )
        .unwrap(),
    );
}

#[test]
fn what_is_not_said_or_not_understood_is_null() {
    check("{}", &json!({}));
    check(
        r#"{"eventTime": "yesterday", "duration": "P1M", "initiatorId": "u1", "targetId": "x", "tags": [],
            "measurements": [{"metricId": "m1", "result": {"a": [1]}}]}"#,
        &json!({"time_text": "yesterday", "duration": "P1M", "initiator_id": "u1", "target_id": "x", "metric_id": "m1",
            "result": "{\"a\":[1]}", "measurement_count": 1}),
    );
    for (result, text, number) in [
        ("17", json!("17"), json!(17.0)),
        ("-1.50", json!("-1.50"), json!(-1.5)),
        ("\" 80 \"", json!(" 80 "), json!(80.0)),
        ("\"NaN\"", json!("NaN"), Value::Null),
        ("1e999", json!("1e999"), Value::Null),
        ("true", json!("true"), Value::Null),
        ("null", Value::Null, Value::Null),
    ] {
        let row = row(&format!(r#"{{"measurements": [{{"result": {result}}}]}}"#));
        assert_eq!((&row["result"], &row["result_number"]), (&text, &number), "{result}");
    }
    // Whole numbers have a fraction too, so that no reader takes the column for one of integers.
    assert!(flat::line(&event(r#"{"measurements": [{"result": 17}]}"#)).unwrap().contains("\"result_number\":17.0"));
}

#[test]
fn times_are_in_the_one_form_that_all_readers_take() {
    for (text, expected) in [
        ("2025-01-01T12:00:00Z", json!("2025-01-01T12:00:00.000000Z")),
        ("2018-07-24 10:58:45.284 EDT", json!("2018-07-24T14:58:45.284000Z")),
        ("2016-12-31T23:59:60.5+0000", json!("2016-12-31T23:59:59.999999Z")),
        ("2015-01-30T16: 38: 43.233621", json!("2015-01-30T16:38:43.233621Z")),
        ("0001-01-01T00:00:00Z", json!("0001-01-01T00:00:00.000000Z")),
        ("0001-01-01T00:00:00+01:00", Value::Null),
        ("-0044-03-15T12:00:00Z", Value::Null),
        ("12025-01-01T12:00:00Z", Value::Null),
    ] {
        let row = row(&json!({"eventTime": text}).to_string());
        assert_eq!((&row["time"], &row["time_text"]), (&expected, &json!(text)), "{text}");
    }
}

#[test]
fn columns_are_in_their_order_and_secrets_in_the_last_one_only() {
    let text = r#"{"initiator": {"credential": {"token": "s3cret", "type": "urn:t", "user": "s3cret"}}}"#;
    let line = flat::line(&event(text)).unwrap();
    assert!(!line.contains('\n'));
    let places: Vec<usize> =
        COLUMNS.iter().map(|column| line.find(&format!("\"{}\":", column.name)).unwrap()).collect();
    assert!(places.is_sorted(), "{line}");
    let (before, last) = line.split_at(places[COLUMNS.len() - 1]);
    assert!(!before.contains("s3cret") && last.starts_with("\"event\":\"{") && last.contains("s3cret"));
    let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), COLUMNS.len());
}

/// The first columns that there were: they stay, whatever comes later.
#[test]
fn columns_stay() {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(
        names[..9],
        ["time", "time_text", "id", "type_uri", "event_type", "action", "action_root", "outcome", "outcome_root"]
    );
    assert_eq!((names[46], names[47], names.len()), ("reporter_count", "event", 48));
}

#[test]
fn the_corpus_comes_back_whole() {
    let Some(data) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    let mut count = 0;
    for file in std::fs::read_dir(Path::new(&data).join("corpus/cadf")).unwrap() {
        let path = file.unwrap().path();
        if !path.extension().is_some_and(|end| end == "json" || end == "xml") {
            continue;
        }
        let file = BufReader::new(std::fs::File::open(&path).unwrap());
        for event in Records::new(file, Default::default()).filter_map(|record| record.event.ok()) {
            let line = flat::line(&event.value).unwrap();
            assert_eq!(flat::event(line.as_bytes()).unwrap(), event.value, "{}", path.display());
            let row: Value = serde_json::from_str(&line).unwrap();
            for column in COLUMNS {
                let value = &row[column.name];
                let fits = match column.kind {
                    ColumnKind::Number => value.is_null() || value.is_f64(),
                    ColumnKind::Count => value.is_u64(),
                    ColumnKind::Json => value.as_str().is_none_or(|text| serde_json::from_str::<Value>(text).is_ok()),
                    _ => value.is_null() || value.is_string(),
                };
                assert!(fits, "{}: {value}", column.name);
            }
            assert_eq!(row["time"].is_null(), event.value.event_time.is_none());
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn what_is_no_flat_record() {
    for (text, kind) in [
        ("", ErrorKind::Syntax),
        ("{", ErrorKind::Syntax),
        ("[]", ErrorKind::Type),
        ("{\"id\": \"e1\"}", ErrorKind::Type),
        ("{\"event\": {\"id\": \"e1\"}}", ErrorKind::Type),
        ("{\"event\": \"{\"}", ErrorKind::Syntax),
    ] {
        assert_eq!(flat::event(text.as_bytes()).unwrap_err().kind(), kind, "{text}");
    }
}
