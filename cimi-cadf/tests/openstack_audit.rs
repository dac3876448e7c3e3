//! The events that the audit middleware makes of requests to a service.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::openstack::audit::{AuditMap, Request, Service, response};
use cimi_cadf::openstack::{MASK, Profile};
use cimi_cadf::{Endpoint, Event, Part, Timestamp, Validation};
use cimi_model::{ErrorKind, Format};
use serde_json::{Value, json};

fn written(event: &Event) -> Value {
    serde_json::from_str(&event.to_string(Format::Json, Default::default()).unwrap()).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const MAP: &str = "# comment\n[DEFAULT]\ntarget_endpoint_type = compute\n\n[custom_actions]\nenable = enable\nOS-Migrations/get = read\n\
    reset/post: update/reset\n[path_keywords]\nservers=server\nimages = image\ndetail = None\n[service_endpoints]\ncompute = service/compute\n[other]\nx = y\n";

#[test]
fn actions_and_types_of_requests() {
    let map = AuditMap::parse(MAP).unwrap();
    assert_eq!(map.target_endpoint_type.as_deref(), Some("compute"));
    for (method, path, body, action) in [
        ("GET", "/v2/servers", "", "read/list"),
        ("GET", "/v2/servers/", "", "read/list"),
        ("GET", "/v2/servers.json?limit=1", "", "read/list"),
        ("GET", "/v2/servers/7", "", "read"),
        ("HEAD", "/v2/servers", "", "read"),
        ("POST", "/v2/servers", "", "create"),
        ("POST", "/v2/servers/7/other", "", "update"),
        ("POST", "/v2/servers/7/action", r#"{"os-start": null, "b": 1}"#, "update/os-start"),
        ("POST", "/v2/servers/7/action", "{}", "create"),
        ("POST", "/v2/servers/7/action", "[1]", "create"),
        ("POST", "/v2/servers/7/action", "{", "create"),
        ("POST", "/v2/servers/7/action", r#"{"a b": null}"#, "update"),
        ("PUT", "/v2/servers/7", "", "update"),
        ("PATCH", "/v2/servers/7", "", "update"),
        ("DELETE", "/v2/servers/7", "", "delete"),
        ("OPTIONS", "/v2/servers", "", "unknown"),
        ("", "", "", "unknown"),
        ("GET", "/v2/os-migrations", "", "read"),
        ("POST", "/v2/os-migrations", "", "update"),
        ("PUT", "/v2/os-services/enable", "", "enable"),
        ("POST", "/x/reset", "", "update/reset"),
        ("PUT", "/x/reset", "", "update"),
    ] {
        assert_eq!(map.action(method, path, body.as_bytes()).as_str(), action, "{method} {path}");
    }
    for (path, expected) in [
        ("/v2/servers", "service/compute/servers"),
        ("/v2/servers/7", "service/compute/servers/server"),
        ("/v2/servers/7/action", "service/compute/servers/server"),
        ("/v2/servers/detail?servers/7", "service/compute/servers/detail"),
        ("/v2/servers/7/images.json", "service/compute/servers/server/images"),
        ("", "service/compute"),
    ] {
        assert_eq!(map.type_uri(path, &map.service_type("compute")).as_str(), expected, "{path}");
        assert_eq!(map.type_uri(path, &map.service_type("none")).as_str(), "unknown", "{path}");
    }
    for (text, kind, line) in [
        ("a = b", ErrorKind::Syntax, 1),
        ("\n[x]\nword\n", ErrorKind::Syntax, 3),
        ("[path_keywords]\na=1\nA=2\n", ErrorKind::Duplicate, 3),
    ] {
        let error = AuditMap::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.location().unwrap().line), (kind, line), "{text:?}");
    }
}

#[test]
fn requests_make_pairs_of_events() {
    let map = AuditMap::parse(MAP).unwrap();
    let address = Endpoint { name: Some("public".into()), ..Endpoint::new("http://203.0.113.7:8774/v2.1") };
    let service = Service {
        id: "s1".into(),
        name: "nova".into(),
        type_uri: map.service_type("compute"),
        addresses: vec![address],
    };
    let request = Request {
        user_id: Some("u1".into()),
        user_name: Some("alice".into()),
        project_id: Some("p1".into()),
        token: Some("gAAAAABk0123456789abcdef".into()),
        identity_status: Some("Confirmed".into()),
        address: Some("192.0.2.1".into()),
        agent: Some("curl/8".into()),
        request_id: Some("req-1".into()),
        service,
        ..Request::new("POST", "/v2.1/servers?x=1")
    };
    let pending = request.event("e1", time("2025-01-01T12:00:00+00:00"), "c1", &map).unwrap();
    let done = response(&pending, "e2", Some(202), time("2025-01-01T12:00:01+00:00")).unwrap();
    for built in [&pending, &done] {
        assert!(Validation::strict().accepts(built));
    }
    assert_eq!(done.resource(Part::Observer), done.target.as_ref());
    let mut spelled = done.clone();
    let _ = Profile::pycadf().apply(&mut spelled);
    assert_eq!(
        written(&spelled),
        json!({
            "typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e2", "eventType": "activity",
            "eventTime": "2025-01-01T12:00:00+0000", "action": "create", "outcome": "success",
            "initiator": {"id": "u1", "typeURI": "service/security/account/user", "name": "alice",
                "credential": {"token": "gAA xxxxxxxx def", "identity_status": "Confirmed"},
                "host": {"address": "192.0.2.1", "agent": "curl/8"}, "project_id": "p1", "request_id": "req-1"},
            "target": {"id": "s1", "typeURI": "service/compute/servers", "name": "nova",
                "addresses": [{"url": "http://203.0.113.7:8774/v2.1", "name": "public"}]},
            "observer": {"id": "target"}, "reason": {"reasonType": "HTTP", "reasonCode": "202"},
            "tags": ["correlation_id?value=c1"], "requestPath": "/v2.1/servers?x=1",
            "reporterchain": [{"role": "modifier", "reporterTime": "2025-01-01T12:00:01+0000", "reporter": {"id": "target"}}],
        })
    );
    for (status, outcome) in [
        (Some(200), "success"),
        (Some(399), "success"),
        (Some(199), "failure"),
        (Some(400), "failure"),
        (Some(503), "failure"),
        (None, "unknown"),
    ] {
        let done = response(&pending, "e2", status, time("2025-01-01T12:00:01+00:00")).unwrap();
        assert_eq!((done.outcome.unwrap().as_str(), done.reason.is_some()), (outcome, status.is_some()));
    }
    // Nobody is known, nothing is known of the service.
    let nobody =
        Request::new("GET", "/").event("e1", time("2025-01-01T12:00:00+00:00"), "c1", &AuditMap::default()).unwrap();
    let found = written(&nobody);
    assert_eq!(
        found["initiator"],
        json!({"id": "unknown", "typeURI": "service/security/account/user", "name": "unknown",
        "credential": {"token": MASK, "identity_status": "unknown"}, "host": {}, "project_id": "unknown"})
    );
    assert_eq!(found["target"], json!({"id": "unknown", "typeURI": "unknown", "name": "unknown"}));
    assert!(Request::new("GET", "/").event("", time("2025-01-01T12:00:00+00:00"), "c1", &map).is_err());
}
