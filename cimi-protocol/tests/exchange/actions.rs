//! Operations (4.2.1.5).

use cimi_model::lifecycle::action;
use cimi_model::reflect::Described;
use cimi_model::{Collection, Format, Machine, MachineImage, System, Volume, VolumeImage};
use cimi_protocol::provider::{ActionRequest, Call, Target};
use http::Request;

use super::support::{call, machine, operations, post, provider, status};

fn invoked(call: Call) -> ActionRequest {
    match call {
        Call::Action(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn actions_are_recognized_in_either_version() {
    let machine = machine(&["start", "stop"]);
    let target = Target::resource(&machine);
    for (format, body) in [
        (
            Format::Json,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Action", "action": "http://schemas.dmtf.org/cimi/2/action/start"}"#,
        ),
        (
            Format::Json,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Action", "action": "http://schemas.dmtf.org/cimi/1/action/start"}"#,
        ),
        (Format::Json, r#"{"action": "http://schemas.dmtf.org/cimi/1/action/start"}"#),
        (Format::Json, r#"{"action": "http://http://schemas.dmtf.org/cimi/1/action/start"}"#),
        (Format::Json, r#"{"action": "http://www.dmtf.org/cimi/action/start"}"#),
        (Format::Json, r#"{"action": "start"}"#),
        (
            Format::Xml,
            r#"<Action xmlns="http://schemas.dmtf.org/cimi/1"><action> http://schemas.dmtf.org/cimi/1/action/start
            </action></Action>"#,
        ),
        (
            Format::Xml,
            r#"<Action xmlns="http://schemas.dmtf.org/cimi/2"><action>http://schemas.dmtf.org/cimi/2/action/start</action></Action>"#,
        ),
        (Format::Xml, "<Action><action>http://schemas.dmtf.org/cimi/2/action/start</action></Action>"),
    ] {
        let request = invoked(call(&provider(), post(format), &target, body).unwrap());
        assert_eq!(request.name, "start", "{body}");
        assert_eq!(request.body.action.as_ref().map(cimi_model::Uri::as_str), Some(action::START), "{body}");
        assert!(request.image.is_none());
    }
}

#[test]
fn parameters_are_read_and_checked() {
    let machine = machine(&["stop", "restore", "connectvolume"]);
    let target = Target::resource(&machine);
    let stop =
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/stop", "force": true, "properties": {"why": "because"}}"#;
    let request = invoked(call(&provider(), post(Format::Json), &target, stop).unwrap());
    assert_eq!((request.body.force, request.body.properties.get("why")), (Some(true), Some("because")));

    let connect = r#"<Action xmlns="http://schemas.dmtf.org/cimi/2"><action>http://schemas.dmtf.org/cimi/2/action/connectvolume</action>
        <volume href="volumes/1"/><initialLocation>/dev/sdb</initialLocation></Action>"#;
    let request = invoked(call(&provider(), post(Format::Xml), &target, connect).unwrap());
    assert_eq!(request.body.initial_location.as_deref(), Some("/dev/sdb"));

    for body in [
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/stop", "force": "perhaps"}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/stop", "colour": "red"}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/restore"}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/connectvolume"}"#,
    ] {
        assert_eq!(status(call(&provider(), post(Format::Json), &target, body)), 400, "{body}");
    }
}

#[test]
fn what_invokes_nothing() {
    let machine = machine(&["start"]);
    let target = Target::resource(&machine);
    for (body, expected) in [
        ("{}", 400),
        (r#"{"action": ""}"#, 400),
        (r#"{"action": 3}"#, 400),
        (r#"{"action": "http://schemas.dmtf.org/cimi/2/action/"}"#, 400),
        (r#"{"action": "http://schemas.dmtf.org/cimi/2/action/fly"}"#, 400),
        (r#"{"action": "http://example.com/hibernate"}"#, 400),
        (r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate"}"#, 400),
        ("[]", 400),
        ("", 400),
        // A Machine has it, but not this one now.
        (r#"{"action": "http://schemas.dmtf.org/cimi/2/action/stop"}"#, 409),
    ] {
        assert_eq!(status(call(&provider(), post(Format::Json), &target, body)), expected, "{body}");
    }
}

/// An operation of the provider's own is a whole URI (4.2), and takes parameters of its own.
#[test]
fn actions_of_the_provider() {
    const HIBERNATE: &str = "http://example.com/hibernate";
    let machine = machine(&["start", HIBERNATE, "http://example.com/v2/start"]);
    let target = Target::resource(&machine);
    let body = r#"{"action": "http://example.com/hibernate", "depth": 3}"#;
    let request = invoked(call(&provider(), post(Format::Json), &target, body).unwrap());
    assert_eq!(request.name, HIBERNATE);
    assert!(request.body.extensions.get("depth").is_some());
    // The whole URI counts more than its last segment.
    for uri in ["http://example.com/v2/start", "http://schemas.dmtf.org/cimi/1/action/start"] {
        let request =
            invoked(call(&provider(), post(Format::Json), &target, format!(r#"{{"action": "{uri}"}}"#)).unwrap());
        assert_eq!(request.name == "start", uri.starts_with("http://schemas"), "{uri}");
    }
}

/// A provider may give each operation a URI of its own (4.2).
#[test]
fn operations_with_a_uri_of_their_own() {
    let machine = machine(&["start", "stop"]);
    let target = Target::resource(&machine).for_operation("http://schemas.dmtf.org/cimi/1/action/start");
    for body in ["", "  ", "{}", r#"{"action": "http://schemas.dmtf.org/cimi/2/action/start"}"#] {
        assert_eq!(invoked(call(&provider(), post(Format::Json), &target, body).unwrap()).name, "start", "{body}");
    }
    let request = Request::post("/cimi/machines/1/start");
    assert_eq!(invoked(call(&provider(), request, &target, "").unwrap()).name, "start");
    let other = r#"{"action": "http://schemas.dmtf.org/cimi/2/action/stop"}"#;
    assert_eq!(status(call(&provider(), post(Format::Json), &target, other)), 400);
    // Nothing can be added without a body.
    let add = Target::collection(Collection::<Machine>::TYPE).for_operation("add");
    assert_eq!(status(call(&provider(), Request::post("/cimi/machines"), &add, "")), 400);
}

#[test]
fn collections_have_operations_too() {
    let target = Target::collection(Collection::<System>::TYPE);
    for body in [
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Action", "action": "http://schemas.dmtf.org/cimi/2/action/import", "source": "http://example.com/a.ova"}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/1/action/import", "source": "http://example.com/a.ova"}"#,
    ] {
        let request = invoked(call(&provider(), post(Format::Json), &target, body).unwrap());
        assert_eq!((request.name.as_str(), request.body.source.is_some()), ("import", true));
    }
    let body = r#"{"action": "http://schemas.dmtf.org/cimi/1/action/import"}"#;
    assert_eq!(status(call(&provider(), post(Format::Json), &target, body)), 400);
}

/// What captures a Machine describes the image (5.14.7.1).
#[test]
fn images_are_captured() {
    let machine = machine(&["capture", "snapshot"]);
    let body = |kind: &str| {
        format!(
            r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineImage", "id": "i", "name": "a", "type": "{kind}", "imageLocation": "machines/1"}}"#
        )
    };
    for (kind, name) in [("IMAGE", "capture"), ("SNAPSHOT", "snapshot"), ("PARTIAL_SNAPSHOT", "snapshot")] {
        let request = invoked(call(&provider(), post(Format::Json), &Target::resource(&machine), body(kind)).unwrap());
        assert_eq!(request.name, name);
        let image: MachineImage = request.image.unwrap().into_value().unwrap();
        assert_eq!((image.id, image.name.as_deref()), (None, Some("a")));
    }
    let by_uri = Target::resource(&machine).for_operation("snapshot");
    assert_eq!(invoked(call(&provider(), post(Format::Json), &by_uri, body("IMAGE")).unwrap()).name, "snapshot");
    let plain = r#"{"action": "http://schemas.dmtf.org/cimi/2/action/capture"}"#;
    let request = invoked(call(&provider(), post(Format::Json), &Target::resource(&machine), plain).unwrap());
    assert!(request.name == "capture" && request.image.is_none());

    let volume = Volume { operations: operations(&["snapshot"]), ..Volume::default() };
    let xml = r#"<VolumeImageCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>v</name><imageLocation>volumes/1</imageLocation></VolumeImageCreate>"#;
    let request = invoked(call(&provider(), post(Format::Xml), &Target::resource(&volume), xml).unwrap());
    assert_eq!(request.name, "snapshot");
    assert!(request.image.unwrap().as_ref::<VolumeImage>().is_some());

    let none = Machine { operations: operations(&["start"]), ..Machine::default() };
    assert_eq!(status(call(&provider(), post(Format::Json), &Target::resource(&none), body("IMAGE"))), 409);
    let start = Target::resource(&machine).for_operation("start");
    assert_eq!(status(call(&provider(), post(Format::Json), &start, body("IMAGE"))), 409);
}
