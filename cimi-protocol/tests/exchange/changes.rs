//! Updates and deletions (4.2.1.3, 4.2.1.4).

use cimi_model::reflect::Described;
use cimi_model::{Collection, Disk, Machine, MachineImage, MachineState};
use cimi_protocol::provider::{Call, Provider, Target, Update};
use http::Request;

use super::support::{DIALECTS, FORMATS, call, machine, media_type, operations, provider, put, status, written};

fn updated(call: Call) -> Update {
    match call {
        Call::Update(update) => update,
        other => panic!("{other:?}"),
    }
}

#[test]
fn full_updates() {
    let current = machine(&["edit"]);
    let update = Machine { name: Some("web".into()), state: Some(MachineState::Started), ..current.clone() };
    for (format, dialect) in FORMATS.into_iter().flat_map(|format| DIALECTS.map(|dialect| (format, dialect))) {
        let provider = Provider { dialect, ..provider() };
        let request = Request::put("/cimi/machines/1").header("Content-Type", media_type(format));
        let body = written(&update, format, dialect);
        let found = updated(call(&provider, request, &Target::resource(&current), &body).unwrap());
        assert_eq!(found.document.as_ref(), Some(&update), "{body}");
        assert_eq!(found.selected, None);
    }
}

#[test]
fn partial_updates() {
    let current = machine(&["edit"]);
    let target = Target::resource(&current);
    let request = || put("/cimi/machines/1?%24select=name&$select=description,name");
    let found = updated(call(&provider(), request(), &target, r#"{"name": "web"}"#).unwrap());
    assert_eq!(found.document.as_ref::<Machine>().unwrap().name.as_deref(), Some("web"));
    assert!(found.selected.unwrap().names().eq(["name", "description"]));

    let refusal = call(&provider(), request(), &target, r#"{"name": "web", "cpu": 4}"#).unwrap_err();
    assert_eq!(refusal.status(), 409);
    assert!(refusal.message().starts_with("/Machine/cpu: $select does not name the attribute"), "{refusal}");

    let all = put("/cimi/machines/1?$select=*");
    assert_eq!(updated(call(&provider(), all, &target, r#"{"cpu": 4}"#).unwrap()).selected, None);
}

/// What consumers may not write is ignored, without an error (4.2.1.3), and what never changes need not be repeated.
#[test]
fn what_is_read_only_is_no_error() {
    let current = machine(&["edit"]);
    let target = Target::resource(&current);
    for body in [
        "{}",
        r#"{"name": "web"}"#,
        r#"{"id": "machines/2", "created": "2001-01-01T00:00:00Z", "state": "STARTED", "operations": []}"#,
        r#"{"id": "machines/1", "cpu": "4"}"#,
    ] {
        assert!(call(&provider(), put("/cimi/machines/1"), &target, body).is_ok(), "{body}");
    }
    let strict = Provider { strict: true, ..provider() };
    assert!(call(&strict, put("/cimi/machines/1"), &target, "{}").is_ok());
    assert_eq!(status(call(&strict, put("/cimi/machines/1"), &target, r#"{"cpu": "4"}"#)), 400);
}

/// Consumers send back what they do not understand (5.3).
#[test]
fn what_the_resource_has_is_known() {
    let mut current = machine(&["edit"]);
    let body = r#"{"id": "machines/1", "realm": "eu"}"#;
    assert_eq!(status(call(&provider(), put("/cimi/machines/1"), &Target::resource(&current), body)), 400);
    current.extensions.insert("realm", "eu");
    assert!(call(&provider(), put("/cimi/machines/1"), &Target::resource(&current), body).is_ok());
    let other = r#"{"id": "machines/1", "realm": "eu", "rack": 1}"#;
    assert_eq!(status(call(&provider(), put("/cimi/machines/1"), &Target::resource(&current), other)), 400);
}

#[test]
fn bad_updates() {
    let current = machine(&["edit"]);
    for body in [
        r#"{"cpu": "two"}"#,
        r#"{"cpu": {}}"#,
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Volume"}"#,
        r#"{"name": "a", "name": "b"}"#,
        "[]",
        "null",
        "",
        "{",
        "<Machine/>",
        r#"{"name": "a"} {}"#,
    ] {
        assert_eq!(
            status(call(&provider(), put("/cimi/machines/1"), &Target::resource(&current), body)),
            400,
            "{body}"
        );
    }
}

#[test]
fn deletions_need_no_body() {
    let current = machine(&["delete"]);
    for body in ["", "whatever"] {
        let found = call(&provider(), Request::delete("/cimi/machines/1"), &Target::resource(&current), body).unwrap();
        assert!(matches!(found, Call::Delete));
    }
}

#[test]
fn what_is_not_offered_is_not_allowed() {
    let current = machine(&["edit", "start"]);
    let target = Target::resource(&current);
    for (method, allowed) in [
        ("GET", true),
        ("HEAD", true),
        ("OPTIONS", true),
        ("PUT", true),
        ("DELETE", false),
        ("PATCH", false),
        ("BREW", false),
    ] {
        let request =
            Request::builder().method(method).uri("/cimi/machines/1").header("Content-Type", "application/json");
        match call(&provider(), request, &target, "{}") {
            Ok(_) => assert!(allowed, "{method}"),
            Err(refusal) => {
                assert_eq!((refusal.status().as_u16(), allowed), (405, false), "{method}");
                let answer = provider().refuse(&super::support::head(Request::get("/")), &refusal);
                assert_eq!(answer.headers()["allow"], "GET, HEAD, OPTIONS, POST, PUT");
            }
        }
    }
    for (names, allow) in [
        (&[][..], "GET, HEAD, OPTIONS"),
        (&["delete"], "GET, HEAD, OPTIONS, DELETE"),
        (&["edit", "delete"], "GET, HEAD, OPTIONS, PUT, DELETE"),
        (&["stop"], "GET, HEAD, OPTIONS, POST"),
        (&["stop", "delete"], "GET, HEAD, OPTIONS, POST, DELETE"),
        (&["stop", "delete", "edit"], "GET, HEAD, OPTIONS, POST, PUT, DELETE"),
    ] {
        assert_eq!(Target::resource(&machine(names)).allow(), allow);
        let offered = operations(names);
        assert_eq!(Target::resource(&machine(&["edit"])).offering(&offered).allow(), allow);
    }
    assert_eq!(Target::collection(Collection::<MachineImage>::TYPE).allow(), "GET, HEAD, OPTIONS, POST, PUT");
    assert_eq!(Target::collection(Collection::<Disk>::TYPE).allow(), "GET, HEAD, OPTIONS, POST");
}

#[test]
fn what_is_not_available_is_a_conflict() {
    let mut current = machine(&["edit", "delete", "start"]);
    for operation in &mut current.operations {
        operation.available = Some(false);
    }
    let target = Target::resource(&current);
    let start = r#"{"action": "http://schemas.dmtf.org/cimi/2/action/start"}"#;
    for request in
        [put("/cimi/machines/1"), Request::delete("/cimi/machines/1"), super::support::post(cimi_model::Format::Json)]
    {
        assert_eq!(status(call(&provider(), request, &target, start)), 409);
    }
}
