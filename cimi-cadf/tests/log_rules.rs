//! What logs and reports are held against.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::{AnyLog, Log, Problem, Report, Rule, Severity, Standing, Validation};
use cimi_model::{Format, ReadOptions};

const GOOD: &str = r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "id": "l1", "logTime": "2025-01-01T12:00:00+00:00",
    "generatorId": "g1", "metrics": [{"metricId": "m1", "unit": "s"}],
    "resources": [{"id": "u1", "typeURI": "data/security/account/user", "geolocationId": "p1"}],
    "geolocations": [{"id": "p1", "city": "Bonn"}],
    "attachments": [{"contentType": "text/plain", "content": "x"}],
    "events": [
        {"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e1", "eventType": "monitor", "action": "monitor",
         "eventTime": "2025-01-01T12:00:00+00:00", "outcome": "success", "initiatorId": "u1", "observerId": "u1",
         "target": {"id": "t1", "typeURI": "compute/machine", "geolocationId": "p1"}, "measurements": [{"result": 1, "metricId": "m1"}]},
        {"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e2", "eventType": "activity", "action": "read",
         "eventTime": "2025-01-01T12:00:00+00:00", "outcome": "success", "initiatorId": "u1", "targetId": "t1", "observerId": "u1"}]}"#;

fn problems(json: &str, strict: bool) -> Vec<Problem> {
    let parsed = AnyLog::read(json.as_bytes(), &ReadOptions::default()).unwrap();
    Validation { strict, ..Validation::default() }.parsed_log(&parsed)
}

#[test]
fn a_good_log_has_no_problem_in_either_format() {
    assert_eq!(problems(GOOD, true), []);
    let log = Log::read(GOOD.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let xml = log.to_string(Format::Xml, Default::default()).unwrap();
    let parsed = AnyLog::read(xml.as_bytes(), &ReadOptions::strict()).unwrap();
    assert_eq!(Validation::strict().parsed_log(&parsed), []);
    assert_eq!(Validation::strict().log(&log), []);
    let report = GOOD.replace("1.0/log", "1.0/report").replace("logTime", "reportTime");
    let report = Report::read(report.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(Validation::strict().report(&report), []);
}

/// One thing wrong at a time: what is replaced by what; then where it is found, which rule it breaks, and how bad that is
/// leniently and strictly.
const CASES: &[(&str, &str, &str, Rule, Severity, Severity)] = &[
    ("1.0/log", "1.0/logs", "/log/typeURI", Rule::Value, ERROR, ERROR),
    (
        r#""typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "#,
        "",
        "/log/typeURI",
        Rule::Required,
        WARNING,
        ERROR,
    ),
    // An event with the type of a log.
    (r#""l1""#, r#""l1", "action": "read""#, "/log/action", Rule::Consistency, ERROR, ERROR),
    (r#""l1""#, r#""l 1""#, "/log/id", Rule::Spelling, WARNING, ERROR),
    (r#""generatorId": "g1""#, r#""generatorId": """#, "/log/generatorId", Rule::Value, ERROR, ERROR),
    (
        r#"logTime": "2025-01-01T12:00:00+00:00"#,
        r#"logTime": "2025-01-01T12:00:00Z"#,
        "/log/logTime",
        Rule::Spelling,
        WARNING,
        ERROR,
    ),
    (r#", "unit": "s""#, "", "/log/metrics[0]/unit", Rule::Required, ERROR, ERROR),
    (r#""data/security/account/user""#, r#""user""#, "/log/resources[0]/typeURI", Rule::Taxonomy, WARNING, ERROR),
    (
        r#"{"id": "p1", "city": "Bonn"}"#,
        r#"{"id": "p1", "city": "Bonn"}, {"city": "x"}"#,
        "/log/geolocations[1]/id",
        Rule::Required,
        WARNING,
        WARNING,
    ),
    (r#""contentType": "text/plain", "#, "", "/log/attachments[0]/contentType", Rule::Required, ERROR, ERROR),
    (
        r#"{"id": "p1", "city": "Bonn"}"#,
        r#"{"id": "p1", "city": "Bonn"}, {"id": "p1", "city": "x"}"#,
        "/log/geolocations[1]/id",
        Rule::Unique,
        ERROR,
        ERROR,
    ),
    (
        r#"{"id": "p1", "city": "Bonn"}"#,
        r#"{"id": "p1", "city": "Bonn"}, {"id": "p1", "city": "Bonn"}"#,
        "/log/geolocations[1]/id",
        Rule::Unique,
        WARNING,
        ERROR,
    ),
    (
        r#"{"metricId": "m1", "unit": "s"}"#,
        r#"{"metricId": "m1", "unit": "s"}, {"metricId": "m1", "unit": "h"}"#,
        "/log/metrics[1]/metricId",
        Rule::Unique,
        ERROR,
        ERROR,
    ),
    (r#""e2""#, r#""e1""#, "/log/events[1]/id", Rule::Unique, WARNING, ERROR),
    (r#""targetId": "t1""#, r#""targetId": "t2""#, "/log/events[1]/targetId", Rule::Reference, WARNING, ERROR),
    (
        r#""result": 1, "metricId": "m1""#,
        r#""result": 1, "metricId": "m2""#,
        "/log/events[0]/measurements[0]/metricId",
        Rule::Reference,
        WARNING,
        ERROR,
    ),
    (
        r#""compute/machine", "geolocationId": "p1""#,
        r#""compute/machine", "geolocationId": "p2""#,
        "/log/events[0]/target/geolocationId",
        Rule::Reference,
        WARNING,
        ERROR,
    ),
    (
        r#"user", "geolocationId": "p1""#,
        r#"user", "geolocationId": "p2""#,
        "/log/resources[0]/geolocationId",
        Rule::Reference,
        WARNING,
        ERROR,
    ),
    (r#""activity""#, r#""control""#, "/log/events[1]/reason", Rule::EventType, ERROR, ERROR),
    (r#""compute/machine""#, r#""compute_machine""#, "/log/events[0]/target/typeURI", Rule::Taxonomy, WARNING, ERROR),
];

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;

#[test]
fn each_rule() {
    for (from, to, path, rule, lenient, strict) in CASES {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        for (strict, severity) in [(false, lenient), (true, strict)] {
            let found = problems(&text, strict);
            let one = found.iter().find(|problem| problem.path == *path && problem.rule == *rule);
            let one = one.unwrap_or_else(|| panic!("{path} {rule}: {found:#?}"));
            assert_eq!(one.severity, *severity, "{one}");
            assert_eq!(
                one.standing == Standing::Uncertain,
                matches!(rule, Rule::Reference)
                    || one.text.contains("typeURI is missing")
                    || one.text.contains("nothing can refer"),
                "{one}"
            );
        }
    }
}

/// What one event describes, another may refer to; what its log only refers to, it does not describe.
#[test]
fn references_lead_anywhere_in_the_log() {
    let found = problems(
        r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "events": [
        {"initiator": {"id": "a"}, "target": {"id": "target"}, "measurements": [{"calculatedBy": {"id": "b"}, "metric": {"metricId": "m"}}]},
        {"initiatorId": "a", "targetId": "b", "observerId": "target", "measurements": [{"metricId": "m", "calculatedById": "a"}],
         "reporterchain": [{"reporterId": "c"}, {"reporterId": "a"}]}]}"#,
        false,
    );
    let references: Vec<&str> =
        found.iter().filter(|problem| problem.rule == Rule::Reference).map(|problem| problem.path.as_str()).collect();
    assert_eq!(references, ["/log/events[1]/observerId", "/log/events[1]/reporterchain[0]/reporterId"]);
}

/// The time that it takes grows as the log does.
#[test]
fn large_logs_are_checked_in_linear_time() {
    let event = r#"{"id": "e", "initiatorId": "nobody", "eventTime": "2025-01-01T12:00:00Z"},"#.repeat(20_000);
    let resources = r#"{"id": "r", "name": "x"},"#.repeat(20_000);
    let text = format!(
        r#"{{"resources": [{}], "events": [{}]}}"#,
        resources.trim_end_matches(','),
        event.trim_end_matches(',')
    );
    let found = problems(&text, true);
    assert!(found.iter().filter(|problem| problem.rule == Rule::Unique).count() == 2 * 19_999);
}
