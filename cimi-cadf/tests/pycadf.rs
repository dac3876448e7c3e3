//! Where pycadf and the standard differ: records of shapes that pycadf 4.1.0 writes, and of shapes that it refuses.
//!
//! pycadf checks little: presence, a prefix of a taxonomy, that a text is one. Verdicts here are those of the standard.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::openstack::Profile;
use cimi_cadf::{Event, Severity, Validation};
use cimi_model::ReadOptions;
use serde_json::{Value, json};

/// An event as pycadf writes one, but for the time.
fn record() -> Value {
    json!({
        "typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity",
        "id": "31b6e7a3-9c0b-5c53-ae1f-6e9f1b6a2c11", "eventTime": "2025-06-12T09:45:55.774005+00:00",
        "action": "read", "outcome": "success",
        "initiator": {"id": "1c6dfb96-f6ad-40ca-b32a-5add1daef45e", "typeURI": "service/security/account/user"},
        "target": {"id": "0a196053-95de-48f8-9890-4527b25b5007", "typeURI": "compute/machine"},
        "observer": {"id": "68a3f507-05a5-4f79-9ce9-4380fc02ed8a", "typeURI": "service/oss/monitoring"},
    })
}

/// The record with members set anew.
fn with(changes: Value) -> Value {
    let mut record = record();
    let Value::Object(changes) = changes else { panic!("an object is expected") };
    let members = record.as_object_mut().unwrap();
    members.extend(changes);
    members.retain(|_, value| !value.is_null());
    record
}

fn initiator(more: Value) -> Value {
    let mut initiator = record()["initiator"].clone();
    let Value::Object(more) = more else { panic!("an object is expected") };
    initiator.as_object_mut().unwrap().extend(more);
    with(json!({"initiator": initiator}))
}

/// Path, rule and severity of each problem in strict validation.
fn verdict(record: &Value) -> Vec<(String, &'static str, Severity)> {
    let parsed = Event::read(record.to_string().as_bytes(), &ReadOptions::default()).unwrap();
    let found = Validation::strict().parsed(&parsed);
    found.into_iter().map(|problem| (problem.path, problem.rule.as_str(), problem.severity)).collect()
}

/// What pycadf writes without a word, what strict validation says of it, and why.
#[rustfmt::skip]
fn passed() -> Vec<(Value, &'static str, &'static str, Severity, &'static str)> {
    use Severity::{Error, Info, Warning};
    let measurement = json!([{"result": "80", "metric": {"metricId": "c1", "unit": "%"}}]);
    let step = |reporter: Value| json!([{"role": "modifier", "reporter": reporter}]);
    vec![
        (with(json!({"eventTime": "2025-06-12T09:45:55.774005+0000"})), "/event/eventTime", "spelling", Error, "it writes the offset without its colon"),
        (with(json!({"eventTime": "2025-06-12T09:45:55.774005"})), "/event/eventTime", "spelling", Error, "any text is a time"),
        (with(json!({"eventTime": "2025-06-12T09:45:55Z"})), "/event/eventTime", "spelling", Error, "any text is a time"),
        (with(json!({"eventTime": "yesterday"})), "/event/eventTime", "value", Error, "any text is a time"),
        (with(json!({"reporterchain": [{"role": "modifier", "reporterId": "r", "reporterTime": "2025-06-12T09:45:56+0000"}]})), "/event/reporterchain[0]/reporterTime", "spelling", Error, "it writes the offset without its colon"),
        (with(json!({"id": "openstack: 0a196053-95de-48f8-9890-4527b25b5007"})), "/event/id", "spelling", Error, "any text is an identifier, with a warning"),
        (with(json!({"id": "not a URI"})), "/event/id", "spelling", Error, "any text is an identifier, with a warning"),
        (with(json!({"action": "createfoo"})), "/event/action", "taxonomy", Error, "it compares beginnings, not segments"),
        (with(json!({"action": "created.user"})), "/event/action", "taxonomy", Error, "it compares beginnings; keystone relies on that"),
        (with(json!({"target": {"id": "t", "typeURI": "computefoo"}})), "/event/target/typeURI", "taxonomy", Error, "it compares beginnings, not segments"),
        (with(json!({"observer": {"id": "target"}})), "/event/observer", "shorthand", Error, "a profile of OpenStack: the standard has observerId"),
        (with(json!({"observer": {"id": "initiator"}})), "/event/observer", "shorthand", Error, "the same"),
        (with(json!({"target": {"id": "initiator"}})), "/event/target", "shorthand", Error, "the same"),
        (with(json!({"observer": {"id": "target"}, "target": null, "targetId": "t"})), "/event/observer", "shorthand", Error, "the same, for what has an identifier only"),
        (with(json!({"reporterchain": step(json!({"id": "target"}))})), "/event/reporterchain[0]/reporter", "shorthand", Error, "the same, for reporterId"),
        (with(json!({"reason": {"reasonType": "Password is too short", "reasonCode": "400"}})), "/event/reason/reasonType", "spelling", Error, "any text is a type; keystone writes sentences"),
        (with(json!({"reason": {"reasonType": "", "reasonCode": ""}})), "/event/reason", "pair", Error, "empty texts make a pair"),
        (with(json!({"reason": {"reasonType": "HTTP", "reasonCode": "200"}})), "/event/reason/reasonType", "value", Info, "a relative URI is one, though nothing says to what"),
        (initiator(json!({"geolocation": {}})), "/event/initiator/geolocation", "required", Error, "a place without any property is valid"),
        (initiator(json!({"geolocation": {"latitude": "37.77", "longitude": "-1222500"}})), "/event/initiator/geolocation/latitude", "value", Error, "any text is a latitude"),
        (initiator(json!({"geolocation": {"latitude": "+373700", "longitude": "west"}})), "/event/initiator/geolocation/longitude", "value", Error, "any text is a longitude"),
        (initiator(json!({"geolocation": {"city": "x", "elevation": "high"}})), "/event/initiator/geolocation/elevation", "value", Error, "any text is an elevation"),
        (initiator(json!({"geolocation": {"city": "x", "accuracy": "good"}})), "/event/initiator/geolocation/accuracy", "value", Error, "any text is an accuracy"),
        (initiator(json!({"geolocation": {"city": "x", "regionICANN": "EMEA"}})), "/event/initiator/geolocation/regionICANN", "value", Error, "any text is a region"),
        (initiator(json!({"geolocation": {"latitude": "+373700"}})), "/event/initiator/geolocation", "consistency", Warning, "half of a position is valid"),
        (initiator(json!({"geolocation": {"city": "x"}, "geolocationId": "g"})), "/event/initiator/geolocationId", "exclusive", Error, "it knows of no pair here"),
        (initiator(json!({"ref": "not a URI"})), "/event/initiator/ref", "spelling", Error, "any text is a reference"),
        (initiator(json!({"addresses": [{"url": ""}]})), "/event/initiator/addresses[0]/url", "value", Error, "any text is an address"),
        (initiator(json!({"host": {"id": "not a URI"}})), "/event/initiator/host/id", "spelling", Error, "any text is an identifier, with a warning"),
        (initiator(json!({"credential": {"token": " xxxxxxxx ", "type": "not a URI"}})), "/event/initiator/credential/type", "spelling", Error, "any text is a type"),
        (with(json!({"tags": [""]})), "/event/tags[0]", "value", Error, "any text is a tag"),
        (with(json!({"tags": ["a b"]})), "/event/tags[0]", "spelling", Error, "any text is a tag"),
        (with(json!({"tags": ["?value=1"]})), "/event/tags[0]", "value", Error, "any text is a tag"),
        (with(json!({"attachments": [{"typeURI": "mime:text/plain", "content": "x", "name": "n"}]})), "/event/attachments[0]/typeURI", "spelling", Warning, "it has the spelling of the standard's text, we that of its schema"),
        (with(json!({"eventType": "monitor", "action": "monitor"})), "/event/measurements", "event-type", Error, "rules of event types are unknown to it"),
        (with(json!({"eventType": "monitor", "measurements": measurement})), "/event/action", "event-type", Error, "rules of event types are unknown to it"),
        (with(json!({"eventType": "monitor", "action": "monitor", "measurements": [{"result": "80", "metric": {"metricId": "c1"}}]})), "/event/measurements[0]/metric/unit", "required", Error, "a metric in a measurement is not checked"),
        (with(json!({"eventType": "control", "action": "deny"})), "/event/reason", "event-type", Error, "rules of event types are unknown to it"),
        (with(json!({"eventType": "control", "reason": {"policyType": "urn:p", "policyId": "1"}})), "/event/action", "event-type", Warning, "rules of event types are unknown to it"),
        (with(json!({"action": "deny"})), "/event/action", "event-type", Warning, "rules of event types are unknown to it"),
        (with(json!({"reporterchain": [{"role": "relay", "reporterId": "r", "reporterTime": "2020-01-01T00:00:00+00:00"}]})), "/event/reporterchain[0]/reporterTime", "order", Warning, "it does not compare times"),
    ]
}

#[test]
fn what_pycadf_lets_pass() {
    for (record, path, rule, severity, why) in passed() {
        assert_eq!(verdict(&record), [(path.to_owned(), rule, severity)], "{why}: {record}");
    }
}

/// What pycadf cannot hold or refuses, and the standard allows.
#[test]
fn what_pycadf_refuses() {
    let base = "http://schemas.dmtf.org/cloud/audit/1.0/";
    for (record, why) in [
        (with(json!({"outcome": "failure/timeout"})), "outcomes are a taxonomy, which may be extended"),
        (with(json!({"action": format!("{base}action/read")})), "a path may be a URI"),
        (initiator(json!({"typeURI": format!("{base}resource/compute")})), "a path may be a URI"),
        (with(json!({"typeURI": format!("{base}event/security")})), "types of events may be extended"),
        (with(json!({"reporterchain": [{"role": "relay/queue", "reporterId": "r"}]})), "roles are a taxonomy as well"),
        (
            with(json!({"attachments": [{"contentType": "mime:text/plain", "content": "x", "name": "n"}]})),
            "the schema says contentType",
        ),
        (with(json!({"attachments": [{"contentType": "mime:text/plain", "content": "x"}]})), "a name is optional"),
        (initiator(json!({"geolocation": {"city": "x", "elevation": 12.5}})), "an elevation is a number"),
        (initiator(json!({"geolocation": {"city": "x", "accuracy": 3}})), "an accuracy is a number"),
        (initiator(json!({"credential": {"token": {"kid": "k1"}}})), "a token is any value"),
        (initiator(json!({"id": "initiator"})), "identifiers are free"),
    ] {
        assert_eq!(verdict(&record), [], "{why}: {record}");
        assert!(Event::read(record.to_string().as_bytes(), &ReadOptions::strict()).is_ok(), "{why}");
    }
}

/// What both agree on: every type of resource, action, outcome and role that pycadf has, and each kind of part.
#[test]
fn what_both_allow() {
    let full = json!({"name": "alice", "domain": "example", "ref": "http://a/u", "geolocationId": "g1",
        "credential": {"token": "gAA xxxxxxxx def", "type": "http://docs.oasis-open.org/security/saml/v2.0",
            "identity_provider": "ADFS", "user": "u", "groups": ["g"]},
        "addresses": [{"url": "http://a:80", "name": "public", "port": "80"}],
        "host": {"id": "h", "address": "192.0.2.1", "agent": "curl", "platform": "linux"}});
    let place = json!({"id": "g", "latitude": "+372207.90", "longitude": "-1220210.20", "elevation": "12", "accuracy": "3.5",
        "city": "x", "state": "y", "regionICANN": "us"});
    let records = [
        record(),
        with(
            json!({"initiator": null, "initiatorId": "i", "target": null, "targetId": "default", "observer": null, "observerId": "target"}),
        ),
        initiator(full),
        initiator(json!({"geolocation": place})),
        initiator(json!({"host": {}})),
        with(json!({"name": "n", "severity": "high", "requestPath": "/v2"})),
        with(json!({"tags": ["correlation_id?value=1", "//GRC20.gov/cloud/security/pci-dss?value=enabled"]})),
        with(json!({"reason": {"policyType": "urn:p", "policyId": "1"}})),
        with(
            json!({"measurements": [{"result": 80, "metricId": "m", "calculatedBy": {"id": "c", "typeURI": "service"}}]}),
        ),
        with(json!({"eventType": "control", "action": "deny", "reason": {"policyType": "urn:p", "policyId": "1"}})),
        with(
            json!({"reporterchain": [{"role": "modifier", "reporter": {"id": "r", "typeURI": "service"}, "reporterTime": "2025-06-12T09:45:56+00:00"}]}),
        ),
    ];
    for record in records {
        assert_eq!(verdict(&record), [], "{record}");
    }
    for action in ["read/list", "authenticate/login", "update/os-start", "capture"] {
        assert_eq!(verdict(&with(json!({"action": action}))), []);
    }
    for kind in [
        "service/security/audit/filter",
        "data/security/keymanager/order",
        "data/database/trigger",
        "service/storage/image",
    ] {
        assert_eq!(verdict(&initiator(json!({"typeURI": kind}))), []);
    }
}

/// The profile of the standard leaves errors only where something would have to be invented.
#[test]
fn the_standard_profile_mends_what_is_only_spelling() {
    for (record, path, rule, _, why) in passed() {
        let mut event = Event::read(record.to_string().as_bytes(), &ReadOptions::default()).unwrap().value;
        let before = Validation::strict().accepts(&event);
        let changed = !Profile::standard().apply(&mut event).is_empty();
        let mended = matches!(rule, "shorthand")
            || path.ends_with("Time") && rule == "spelling"
            || why.contains("keystone relies")
            || record["id"].as_str().is_some_and(|id| id.starts_with("openstack: "))
            || path.contains("attachments");
        assert_eq!(changed, mended, "{why}: {record}");
        assert_eq!(Validation::strict().accepts(&event), before || mended, "{why}: {record}");
    }
}
