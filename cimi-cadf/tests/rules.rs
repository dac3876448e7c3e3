//! Events valid and invalid, in JSON and XML: what validation says of each.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::{
    Attachment, Credential, Decision, Endpoint, Event, Geolocation, Host, Identifier, Measurement, Metric, Parties,
    Party, Problem, Reason, ReporterRole, Reporterstep, Resource, Severity, Standing, Tag, Timestamp, Validation,
    outcome,
};
use cimi_model::{Any, Format, ReadOptions};
use serde_json::{Value, json};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn parties() -> Parties {
    let initiator = Resource {
        domain: Some("example".into()),
        reference: Some("http://example.com/users/u1".into()),
        credential: Some(Credential {
            credential_type: Some("https://example.com/token".into()),
            authority: Some("https://example.com".into()),
            assertions: [("role", "admin")].into_iter().collect(),
            ..Credential::new("s3cret")
        }),
        addresses: vec![Endpoint {
            name: Some("public".into()),
            port: Some("8774".into()),
            ..Endpoint::new("http://a")
        }],
        host: Some(Host {
            id: Some("h1".into()),
            address: Some("10.1.2.3".into()),
            agent: Some("curl/7.8".into()),
            platform: Some("linux".into()),
            ..Host::default()
        }),
        geolocation: Some(Geolocation {
            elevation: Some(Any::from(12)),
            annotations: [("floor", "2")].into_iter().collect(),
            ..Geolocation::at("+372207.90", "-1220210.20")
        }),
        attachments: vec![Attachment::new("http://example.com/x", "text").spelled_type_uri()],
        ..Resource::new("u1", "data/security/account/user").named("alice")
    };
    Parties {
        initiator: initiator.into(),
        target: Resource::new("m1", "compute/machine").into(),
        observer: Party::Id("m1".into()),
    }
}

/// One event of each type, with all that an event can have.
fn events() -> [Event; 3] {
    let at = "2025-01-01T12:00:00+00:00";
    let content: Any =
        [("size", Any::from(3)), ("list", Any::Array(vec![Any::from("a"), Any::Null]))].into_iter().collect();
    let activity = Event::activity("e1", time(at), "create/post", outcome::SUCCESS, parties())
        .name("a name")
        .severity("low")
        .duration("PT5S".parse().unwrap())
        .tag(Tag::from("//example.com/team?value=ops"))
        .attachment(Attachment::new("http://example.com/content", content))
        .reporter(Reporterstep::new(ReporterRole::Modifier, Identifier::from("u1"), time("2025-01-01T12:00:01+00:00")))
        .reporter(Reporterstep::new(
            ReporterRole::Relay,
            Resource::new("r", "service"),
            time("2025-01-01T14:00:02+02:00"),
        ))
        .extension("requestPath", "/v2");
    let metric = Metric { name: Some("temperature".into()), ..Metric::new("c1", "°C") };
    let monitor = Event::monitor("e2", time(at), outcome::UNKNOWN, parties(), Measurement::new("21.5", metric))
        .measurement(Measurement {
            calculated_by: Some(Resource::new("s1", "service/oss/monitoring")),
            ..Measurement::by_id(Any::from(3), "c2")
        });
    let reason = Reason {
        reason_code: Some("403".into()),
        reason_type: Some("http://a/b".into()),
        ..Reason::policy("http://p", "7")
    };
    let control = Event::control("e3", time(at), Decision::Deny, "failure/timeout", parties(), reason);
    [activity, monitor, control].map(|builder| builder.build().unwrap())
}

#[test]
fn valid_events_are_read_strictly_in_both_formats() {
    for event in events() {
        for format in [Format::Json, Format::Xml] {
            let text = event.to_string(format, Default::default()).unwrap();
            let parsed = Event::read(text.as_bytes(), &ReadOptions::strict()).unwrap_or_else(|e| panic!("{e}\n{text}"));
            assert_eq!(parsed.value, event, "{text}");
            let validation = Validation { format, ..Validation::strict() };
            let found = validation.parsed(&parsed);
            // The spelling of the one attachment is worth a warning, no more.
            assert_eq!(
                found.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(),
                ["/event/initiator/attachments[0]/typeURI"]
            );
            assert_eq!(found[0].severity, Severity::Warning);
        }
        assert!(!format!("{event:?}").contains("s3cret"));
        assert!(!format!("{event:?}").contains("admin"));
    }
}

fn problems(event: &Value, strict: bool) -> Vec<Problem> {
    let parsed = Event::read(event.to_string().as_bytes(), &ReadOptions::default()).unwrap();
    Validation { strict, ..Validation::default() }.parsed(&parsed)
}

/// One change of a valid event; `null` removes.
fn changed(event: &Event, pointer: &str, value: Value) -> Value {
    let mut json: Value = serde_json::from_str(&event.to_string(Format::Json, Default::default()).unwrap()).unwrap();
    json["initiator"].as_object_mut().unwrap().remove("attachments");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let members = json.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")).as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    json
}

/// Which event, what is changed in it, and what that breaks: path, rule, severity when lenient and when strict.
#[rustfmt::skip]
fn breaches() -> Vec<(usize, &'static str, Value, &'static str, &'static str, Severity, Severity)> {
    use Severity::{Error, Info, Warning};
    let resource = json!({"id": "x", "typeURI": "service"});
    vec![
        (0, "/id", Value::Null, "/event/id", "required", Error, Error),
        (0, "/id", json!(""), "/event/id", "value", Error, Error),
        (0, "/id", json!("openstack: 1"), "/event/id", "spelling", Warning, Error),
        (0, "/typeURI", Value::Null, "/event/typeURI", "required", Error, Error),
        (0, "/typeURI", json!("http://schemas.dmtf.org/cloud/audit/1.0/log"), "/event/typeURI", "value", Error, Error),
        (0, "/eventType", Value::Null, "/event/eventType", "required", Error, Error),
        (0, "/eventType", json!("Activity"), "/event/eventType", "enumeration", Error, Error),
        (0, "/eventTime", Value::Null, "/event/eventTime", "required", Error, Error),
        (0, "/eventTime", json!("yesterday"), "/event/eventTime", "value", Error, Error),
        (0, "/eventTime", json!("2025-01-01T12:00:00Z"), "/event/eventTime", "spelling", Warning, Error),
        (0, "/eventTime", json!("2025-01-01T12:00:00+0000"), "/event/eventTime", "spelling", Warning, Error),
        (0, "/action", Value::Null, "/event/action", "required", Error, Error),
        (0, "/action", json!("created.user"), "/event/action", "taxonomy", Warning, Error),
        (0, "/action", json!("deny"), "/event/action", "event-type", Warning, Warning),
        (0, "/outcome", Value::Null, "/event/outcome", "required", Error, Error),
        (0, "/outcome", json!("attempt"), "/event/outcome", "taxonomy", Warning, Error),
        (0, "/initiator", Value::Null, "/event/initiator", "required", Error, Error),
        (0, "/targetId", json!("m1"), "/event/targetId", "exclusive", Warning, Error),
        (0, "/initiator", json!({"id": "target"}), "/event/initiator", "shorthand", Warning, Error),
        (0, "/initiator/id", Value::Null, "/event/initiator/id", "required", Error, Error),
        (0, "/initiator/typeURI", Value::Null, "/event/initiator/typeURI", "required", Error, Error),
        (0, "/initiator/typeURI", json!("computefoo"), "/event/initiator/typeURI", "taxonomy", Warning, Error),
        (0, "/initiator/credential/token", Value::Null, "/event/initiator/credential/token", "required", Error, Error),
        (0, "/initiator/geolocationId", json!("g"), "/event/initiator/geolocationId", "exclusive", Warning, Error),
        (0, "/initiator/geolocation", json!({}), "/event/initiator/geolocation", "required", Error, Error),
        (0, "/initiator/geolocation/latitude", json!("91"), "/event/initiator/geolocation/latitude", "value", Warning, Error),
        (0, "/initiator/geolocation/elevation", json!("high"), "/event/initiator/geolocation/elevation", "value", Error, Error),
        (0, "/initiator/geolocation/longitude", Value::Null, "/event/initiator/geolocation", "consistency", Warning, Warning),
        (0, "/initiator/addresses", json!([{"name": "a"}]), "/event/initiator/addresses[0]/url", "required", Error, Error),
        (0, "/reason", json!({"reasonCode": "200"}), "/event/reason", "pair", Warning, Error),
        (0, "/reason", json!({"reasonCode": 200, "reasonType": "http://a"}), "/event/reason/reasonCode", "spelling", Warning, Error),
        (0, "/reason", json!({"reasonCode": "200", "reasonType": "HTTP"}), "/event/reason/reasonType", "value", Info, Info),
        (0, "/attachments", json!([{"contentType": "a:b"}]), "/event/attachments[0]/content", "required", Error, Error),
        (0, "/attachments", json!([{"content": 1}]), "/event/attachments[0]/contentType", "required", Error, Error),
        (0, "/attachments", json!([{"content": 1, "contentType": "a:b", "typeURI": "a:c"}]), "/event/attachments[0]/typeURI", "consistency", Warning, Error),
        (0, "/tags", json!(["?value=1"]), "/event/tags[0]", "value", Warning, Error),
        (0, "/reporterchain", json!([{"reporter": resource}]), "/event/reporterchain[0]/role", "required", Error, Error),
        (0, "/reporterchain", json!([{"reporter": resource, "role": "author"}]), "/event/reporterchain[0]/role", "enumeration", Error, Error),
        (0, "/reporterchain", json!([{"role": "relay"}]), "/event/reporterchain[0]/reporter", "required", Error, Error),
        (0, "/reporterchain", json!([{"role": "relay", "reporterId": "r", "reporterTime": "2024-12-31T12:00:00+00:00"}]), "/event/reporterchain[0]/reporterTime", "order", Warning, Warning),
        (0, "/duration", json!("5 minutes"), "/event/duration", "value", Error, Error),
        (0, "/action", json!("read//all"), "/event/action", "taxonomy", Warning, Warning),
        (0, "/action", json!("http://schemas.dmtf.org/cloud/audit/1.0/action/paint"), "/event/action", "taxonomy", Warning, Error),
        (0, "/outcome", json!("failures"), "/event/outcome", "taxonomy", Warning, Error),
        (0, "/outcome", json!(""), "/event/outcome", "value", Error, Error),
        (0, "/target", json!("m1"), "/event/target", "value", Error, Error),
        (0, "/observerId", Value::Null, "/event/observer", "required", Error, Error),
        (0, "/target", Value::Null, "/event/target", "required", Error, Error),
        (0, "/target/id", json!("<ID>"), "/event/target/id", "spelling", Warning, Error),
        (0, "/target/typeURI", json!("v1/machines"), "/event/target/typeURI", "taxonomy", Warning, Error),
        (0, "/target/ref", json!("a b"), "/event/target/ref", "spelling", Warning, Error),
        (0, "/target/name", json!(5), "/event/target/name", "spelling", Warning, Error),
        (0, "/initiator/host", json!("10.1.2.3"), "/event/initiator/host", "value", Error, Error),
        (0, "/initiator/host/id", json!("a b"), "/event/initiator/host/id", "spelling", Warning, Error),
        (0, "/initiator/credential/type", json!("a b"), "/event/initiator/credential/type", "spelling", Warning, Error),
        (0, "/initiator/credential/authority", json!("a b"), "/event/initiator/credential/authority", "spelling", Warning, Error),
        (0, "/initiator/addresses", json!([{"url": "http://a", "port": 80}]), "/event/initiator/addresses[0]/port", "spelling", Warning, Error),
        (0, "/initiator/addresses", json!([{"url": ""}]), "/event/initiator/addresses[0]/url", "value", Error, Error),
        (0, "/initiator/geolocation/regionICANN", json!("USA"), "/event/initiator/geolocation/regionICANN", "value", Warning, Error),
        (0, "/initiator/geolocation/accuracy", json!([1]), "/event/initiator/geolocation/accuracy", "value", Error, Error),
        (0, "/initiator/geolocation/longitude", json!("-1810000"), "/event/initiator/geolocation/longitude", "value", Warning, Error),
        (0, "/initiator/attachments", json!([{"content": 1}]), "/event/initiator/attachments[0]/contentType", "required", Error, Error),
        (0, "/reason", json!({"reasonType": "http://a", "policyId": "1"}), "/event/reason", "pair", Warning, Error),
        (0, "/reason", json!({}), "/event/reason", "pair", Warning, Error),
        (0, "/reason", json!({"policyId": "1", "policyType": "a b"}), "/event/reason/policyType", "spelling", Warning, Error),
        (0, "/attachments", json!([{"content": 1, "typeURI": "a:b"}]), "/event/attachments[0]/typeURI", "spelling", Warning, Warning),
        (0, "/tags", json!(["a b"]), "/event/tags[0]", "spelling", Warning, Error),
        (0, "/tags", json!(["//a/?value=1"]), "/event/tags[0]", "value", Warning, Error),
        (0, "/reporterchain", json!([{"role": "relays", "reporterId": "r"}]), "/event/reporterchain[0]/role", "enumeration", Error, Error),
        (0, "/reporterchain", json!([{"role": "relay", "reporterId": "r", "reporter": resource}]), "/event/reporterchain[0]/reporterId", "exclusive", Warning, Error),
        (0, "/reporterchain", json!([{"role": "relay", "reporter": {"id": "target"}}]), "/event/reporterchain[0]/reporter", "shorthand", Warning, Error),
        (0, "/reporterchain", json!([{"role": "relay", "reporterId": "r", "reporterTime": "2025-01-01T13:00:00+0000"}]), "/event/reporterchain[0]/reporterTime", "spelling", Warning, Error),
        (0, "/reporterchain", json!([{"role": "relay", "reporterId": "r", "attachments": [{"contentType": "a:b"}]}]), "/event/reporterchain[0]/attachments[0]/content", "required", Error, Error),
        (1, "/measurements", json!([{"result": 1, "metricId": "c", "metric": {"metricId": "c", "unit": "s"}}]), "/event/measurements[0]/metricId", "exclusive", Warning, Error),
        (1, "/measurements", json!([{"result": 1, "metric": {"unit": "s"}}]), "/event/measurements[0]/metric/metricId", "required", Error, Error),
        (1, "/measurements", json!([{"result": 1, "metricId": "c", "calculatedById": "x", "calculatedBy": resource}]), "/event/measurements[0]/calculatedById", "exclusive", Warning, Error),
        (1, "/measurements", json!([{"result": 1, "metricId": "c", "calculatedBy": {"id": "x"}}]), "/event/measurements[0]/calculatedBy/typeURI", "required", Error, Error),
        (1, "/measurements", Value::Null, "/event/measurements", "event-type", Error, Error),
        (1, "/measurements", json!([]), "/event/measurements", "event-type", Error, Error),
        (1, "/measurements", json!([{"metricId": "c1"}]), "/event/measurements[0]/result", "required", Error, Error),
        (1, "/measurements", json!([{"result": 1}]), "/event/measurements[0]/metric", "required", Error, Error),
        (1, "/measurements", json!([{"result": 1, "metric": {"metricId": "c1"}}]), "/event/measurements[0]/metric/unit", "required", Error, Error),
        (1, "/action", json!("read"), "/event/action", "event-type", Error, Error),
        (2, "/reason", Value::Null, "/event/reason", "event-type", Error, Error),
        (2, "/action", json!("read"), "/event/action", "event-type", Warning, Warning),
    ]
}

/// Which event, and what is changed in it without breaking anything.
#[rustfmt::skip]
fn liberties() -> Vec<(usize, &'static str, Value)> {
    let base = "http://schemas.dmtf.org/cloud/audit/1.0/";
    vec![
        (0, "/id", json!("5ee221246f414d23a9f7862c13a53a66")),
        (0, "/id", json!("openstack:5ee22124-6f41-4d23-a9f7-862c13a53a66")),
        (0, "/typeURI", json!(format!("{base}event/security"))),
        (0, "/eventTime", json!("2025-01-01T12:00:00.123456789-00:00")),
        (0, "/eventTime", json!("2025-01-01T00:00:00-11:30")),
        (0, "/duration", json!("-P1Y2M3DT4H5M6.7S")),
        (0, "/duration", Value::Null),
        (0, "/action", json!("authenticate/login")),
        (0, "/action", json!("update/os-start")),
        (0, "/action", json!("unknown")),
        (0, "/action", json!(format!("{base}action/read/list"))),
        (0, "/outcome", json!(format!("{base}outcome/pending"))),
        (0, "/outcome", json!("failure/timeout/late")),
        (0, "/severity", json!("anything")),
        (0, "/target/typeURI", json!(format!("{base}resource/data/file"))),
        (0, "/target/typeURI", json!("data/security/project/x")),
        (0, "/initiator/host", json!({})),
        (0, "/initiator/geolocation", Value::Null),
        (0, "/initiator/geolocation", json!({"annotations": {"floor": 2}})),
        (0, "/initiator/geolocation/regionICANN", json!("UK")),
        (0, "/initiator/geolocation/elevation", json!("12.5")),
        (0, "/initiator/geolocation/latitude", json!("-90")),
        (0, "/initiator/credential", json!({"token": {"any": [1]}, "identity_status": "Confirmed"})),
        (0, "/reason", json!({"policyType": "http://p", "policyId": "7"})),
        (0, "/measurements", json!([{"result": {"a": 1}, "metricId": "m", "calculatedById": "x"}])),
        (0, "/tags", json!(["a", "a?value=", "//n.org/x/y?value=a/b"])),
        (0, "/attachments", json!([{"contentType": "a:b", "content": [null, 1.5]}])),
        (0, "/reporterchain", json!([{"role": "observer", "reporterId": "s"}, {"role": "relay/queue", "reporterId": "r"}])),
        (0, "/requestPath", json!(null)),
        (0, "/anything", json!({"a": {"b": 1}})),
        (1, "/action", json!("unknown")),
        (1, "/reason", json!({"reasonType": "http://a", "reasonCode": "1"})),
        (2, "/action", json!("evaluate/rule")),
        (2, "/action", json!("unknown/x")),
        (2, "/measurements", json!([{"result": "1", "metricId": "m"}])),
    ]
}

#[test]
fn what_the_standard_allows_is_no_problem() {
    let events = events();
    for (which, pointer, value) in liberties() {
        let json = changed(&events[which], pointer, value);
        assert_eq!(problems(&json, true), [], "{json}");
        assert!(Event::read(json.to_string().as_bytes(), &ReadOptions::strict()).is_ok(), "{json}");
    }
    for node in cimi_cadf::resource::TAXONOMY.nodes() {
        for text in [node.to_owned(), format!("{node}/x")] {
            assert_eq!(problems(&changed(&events[0], "/target/typeURI", json!(text)), true), []);
        }
        assert_eq!(problems(&changed(&events[0], "/target/typeURI", json!(format!("x{node}"))), true).len(), 1);
    }
    for (taxonomy, pointer) in [(cimi_cadf::action::TAXONOMY, "/action"), (outcome::TAXONOMY, "/outcome")] {
        for node in taxonomy.nodes() {
            let found = |text: String| problems(&changed(&events[0], pointer, json!(text)), true);
            assert!(found(node.to_owned()).iter().all(|problem| problem.severity < Severity::Error), "{node}");
            // Whole segments count: what only begins like a value is another one.
            if !node.contains('/') {
                assert_eq!(found(format!("{node}x"))[0].rule.as_str(), "taxonomy");
            }
        }
    }
}

/// A resource and another identifier: two rules, both of uncertain standing.
#[test]
fn a_resource_and_the_identifier_of_another() {
    let json = changed(&events()[0], "/initiatorId", json!("u2"));
    for (strict, severity) in [(false, Severity::Warning), (true, Severity::Error)] {
        let found = problems(&json, strict);
        let shown: Vec<_> = found.iter().map(|p| (p.path.as_str(), p.rule.as_str(), p.severity, p.standing)).collect();
        assert_eq!(
            shown,
            [
                ("/event/initiatorId", "exclusive", severity, Standing::Uncertain),
                ("/event/initiatorId", "consistency", severity, Standing::Uncertain),
            ]
        );
    }
}

/// The later of two steps is the one that is wrong.
#[test]
fn steps_follow_one_another() {
    let step = |time: &str| json!({"role": "relay", "reporterId": "r", "reporterTime": time});
    let chain = |times: &[&str]| {
        let steps: Vec<Value> = times.iter().map(|time| step(time)).collect();
        problems(&changed(&events()[0], "/reporterchain", json!(steps)), true)
    };
    assert_eq!(chain(&["2025-01-01T12:00:00+00:00", "2025-01-01T12:00:00+00:00", "2025-01-01T15:00:00+02:00"]), []);
    let found = chain(&["2025-01-01T12:00:02+00:00", "2025-01-01T12:00:01+00:00", "2025-01-01T12:00:02+00:00"]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path.as_str(), found[0].rule.as_str()), ("/event/reporterchain[1]/reporterTime", "order"));
    assert_eq!((found[0].severity, found[0].standing), (Severity::Warning, Standing::Uncertain));
}

/// Whoever reads a problem finds in it which attribute it is about.
#[test]
fn problems_name_the_attribute() {
    let events = events();
    for (which, pointer, value, path, ..) in breaches() {
        let found = problems(&changed(&events[which], pointer, value), true);
        let name = path.rsplit('/').next().unwrap().split('[').next().unwrap();
        let text = found[0].to_string();
        assert!(text.contains(name) && text.starts_with(path), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[test]
fn each_breach_is_found_once_in_both_formats() {
    let events = events();
    for (which, pointer, value, path, rule, lenient, strict) in breaches() {
        let json = changed(&events[which], pointer, value);
        for (is_strict, severity) in [(false, lenient), (true, strict)] {
            let found = problems(&json, is_strict);
            let shown: Vec<_> = found.iter().map(|p| (p.path.as_str(), p.rule.as_str(), p.severity)).collect();
            assert_eq!(shown, [(path, rule, severity)], "{pointer} {is_strict}");
        }
        // XML says the same, but that it needs no typeURI.
        let event = Event::read(json.to_string().as_bytes(), &ReadOptions::default()).unwrap().value;
        let xml = event.to_string(Format::Xml, Default::default()).unwrap();
        let parsed = Event::read(xml.as_bytes(), &ReadOptions::default()).unwrap();
        let found = Validation { format: Format::Xml, ..Validation::strict() }.parsed(&parsed);
        let shown: Vec<_> = found.iter().map(|p| (p.path.as_str(), p.rule.as_str(), p.severity)).collect();
        match (path, rule) {
            ("/event/typeURI", "required") => assert_eq!(shown, []),
            _ => assert_eq!(shown, [(path, rule, strict)], "{xml}"),
        }
    }
}

#[test]
fn rules_of_uncertain_standing_are_marked() {
    let events = events();
    for (which, pointer, value, _, rule, _, strict) in breaches() {
        let found = problems(&changed(&events[which], pointer, value), true);
        let uncertain = found[0].standing == Standing::Uncertain;
        match rule {
            // What even strict validation only warns of.
            _ if strict == Severity::Warning => assert!(uncertain, "{pointer}"),
            "pair" | "exclusive" | "order" | "consistency" => assert!(uncertain, "{pointer}"),
            "required" | "taxonomy" | "enumeration" | "spelling" => assert!(!uncertain, "{pointer}"),
            _ => {}
        }
    }
}

#[test]
fn strict_reading_refuses_with_the_path() {
    for (text, path) in [
        (r#"{"eventTime": "2025-01-01T12:00:00Z"}"#, "/event/eventTime"),
        (r#"{"initiator": {"id": "a b"}}"#, "/event/initiator/id"),
        (r#"{"reason": {"reasonCode": 1}}"#, "/event/reason/reasonCode"),
        (r#"{"reason": null}"#, "/event/reason"),
        (r#"<event xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" eventTime="x"/>"#, "/event/eventTime"),
        (r"<event/>", "/event"),
        (r#"<log xmlns="http://schemas.dmtf.org/cloud/audit/1.0/"/>"#, "/event"),
    ] {
        let error = Event::read(text.as_bytes(), &ReadOptions::strict()).unwrap_err();
        assert_eq!(error.path(), path, "{text}");
    }
}

#[test]
fn maps_and_namespaces_in_either_form() {
    let pairs =
        br#"{"target": {"geolocation": {"annotations": [{"key": "a", "value": 1}, {"key": "b", "value": "c"}]}}}"#;
    let object = br#"{"target": {"geolocation": {"annotations": {"a": 1, "b": "c"}}}}"#;
    let read = |text: &[u8]| Event::read(text, &ReadOptions::strict()).unwrap().value;
    assert_eq!(read(pairs), read(object));
    let own = r#"<event xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" id="e"><target id="t"/></event>"#;
    let alias = own.replace("1.0/", "1.0/event").replace("xmlns=", "xmlns:c=").replace("<event", "<c:event");
    let alias = alias.replace("<target", "<c:target").replace("</event", "</c:event");
    assert_eq!(read(own.as_bytes()), read(alias.as_bytes()));
    assert_eq!(read(alias.as_bytes()).target.unwrap().id, Some("t".into()));
}

#[test]
fn builders_refuse_what_is_not_valid() {
    let at = "2025-01-01T12:00:00+00:00";
    let error = Event::activity("", time(at), "paint", "success", parties()).build().unwrap_err();
    let paths: Vec<_> = error.problems().iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["/event/id", "/event/action"]);
    assert!(
        error.to_string().starts_with("the event is not valid: /event/id: the text is empty (value); /event/action")
    );
    let reason = Reason { reason_code: Some("1".into()), ..Reason::default() };
    let control = Event::control("e", time(at), Decision::Allow, "success", parties(), reason);
    assert_eq!(control.build().unwrap_err().problems()[0].path, "/event/reason");
}
