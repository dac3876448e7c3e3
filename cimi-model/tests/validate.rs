//! Rules that are about more than one value: good and bad documents.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::reflect::Record;
use cimi_model::validate::{Problem, Receiver, Rule, Severity, Validation, Verb};
use cimi_model::{
    Document, Event, Machine, MachineImage, MachineTemplate, ReadOptions, Ref, Registry, SystemTemplate, json,
};
use support::problems::{document, expect, short};

#[test]
fn jobs() {
    let read = &Validation::read();
    expect(read, "Job", r#""id": "j", "state": "RUNNING", "progress": 40"#, &[]);
    expect(read, "Job", r#""id": "j", "state": "FAILED", "progress": 100"#, &[]);
    for state in ["FAILED", "SUCCESS", "STOPPED"] {
        let members = format!(r#""id": "j", "state": "{state}", "progress": 99"#);
        expect(read, "Job", &members, &["error /Job/progress consistency"]);
    }
    expect(read, "Job", r#""id": "j", "state": "SUCCESS", "progress": 101"#, &["error /Job/progress range"]);
    let nested = |state: &str| {
        format!(
            r#""id": "j", "state": "SUCCESS", "progress": 100,
               "nestedJobs": [{{"href": "k", "state": "SUCCESS"}}, {{"href": "l", "state": "{state}"}}]"#
        )
    };
    expect(read, "Job", &nested("SUCCESS"), &[]);
    expect(read, "Job", &nested("RUNNING"), &["error /Job/nestedJobs[1]/state consistency"]);
    let affected = |href: &str| {
        format!(r#""id": "j", "targetResource": {{"href": "m/1"}}, "affectedResources": [{{"href": "{href}"}}]"#)
    };
    expect(read, "Job", &affected("m/1"), &[]);
    expect(read, "Job", &affected("m/2"), &["warning /Job/affectedResources consistency"]);
    let problems = read.problems(document("Job", r#""id": "j", "returnCode": 5"#).record());
    assert!(problems.iter().any(|p| p.path == "/Job/returnCode" && p.severity == Severity::Info), "{problems:?}");
}

#[test]
fn images() {
    let image = |kind: &str| format!(r#""id": "i", "type": "{kind}", "relatedImage": {{"href": "i/1"}}"#);
    let read = &Validation::read();
    expect(read, "MachineImage", &image("IMAGE"), &["error /MachineImage/relatedImage forbidden"]);
    expect(read, "MachineImage", &image("SNAPSHOT"), &[]);
    let new = |kind: &str| format!(r#""type": "{kind}", "relatedImage": {{"href": "i/1"}}"#);
    let create = &Validation::create();
    expect(create, "MachineImage", &new("PARTIAL_SNAPSHOT"), &["error /MachineImage/relatedImage forbidden"]);
    expect(create, "MachineImage", r#""type": "SNAPSHOT", "imageLocation": "m/1""#, &[]);
}

#[test]
fn networks() {
    let create = &Validation::create();
    let type_name = "ProtocolEndpointTemplate";
    expect(create, type_name, r#""origin": "STATIC", "address": "10.0.0.1""#, &[]);
    expect(create, type_name, r#""origin": "STATIC""#, &["error /ProtocolEndpointTemplate/address required"]);
    expect(create, type_name, r#""origin": "DYNAMIC""#, &[]);
    expect(
        create,
        type_name,
        r#""origin": "DYNAMIC", "address": "10.0.0.1", "parameters": {"hostname": "h"}"#,
        &["error /ProtocolEndpointTemplate/address forbidden", "error /ProtocolEndpointTemplate/parameters forbidden"],
    );
    let segment = |parameters: &str| format!(r#""id": "s", "protocol": "IPv4", "parameters": {{{parameters}}}"#);
    let read = &Validation::read();
    expect(
        read,
        "ProtocolSegment",
        &segment(r#""netmask": "255.0.0.0", "subnetAddress": "10.0.0.0", "own": "x""#),
        &[],
    );
    expect(
        read,
        "ProtocolSegment",
        &segment(r#""netmask": "255.0.0.0""#),
        &["error /ProtocolSegment/parameters['subnetAddress'] required"],
    );
    expect(
        read,
        "ProtocolSegment",
        r#""id": "s", "protocol": "IPv6", "parameters": {"prefixLength": "long", "subnetAddress": "fe80::"}"#,
        &["error /ProtocolSegment/parameters['prefixLength'] value"],
    );
    // Without the attribute that decides, any key is right.
    expect(read, "ProtocolSegment", r#""id": "s", "parameters": {"netmask": "255.0.0.0"}"#, &[]);
    let endpoints = |protocol: &str| {
        format!(
            r#""id": "s", "protocol": "Ethernet", "parameters": {{"speed": 1000, "mtu": 1500}},
               "endpoints": {{"href": "e", "id": "e", "count": 1,
                 "protocolEndpoints": [{{"id": "e/1", "protocol": "{protocol}"}}]}}"#
        )
    };
    expect(read, "ProtocolSegment", &endpoints("Ethernet"), &[]);
    expect(
        read,
        "ProtocolSegment",
        &endpoints("IPv4"),
        &["error /ProtocolSegment/endpoints/protocolEndpoints[0]/protocol consistency"],
    );
}

#[test]
fn meters_and_events() {
    let read = &Validation::read();
    expect(read, "Meter", r#""id": "m", "timeScope": "Interval", "intervalDuration": "P1D""#, &[]);
    expect(read, "Meter", r#""id": "m", "timeScope": "Interval", "intervalDuration": "hourly""#, &[]);
    expect(
        read,
        "Meter",
        r#""id": "m", "timeScope": "Interval", "intervalDuration": "now and then""#,
        &["error /Meter/intervalDuration value"],
    );
    expect(
        read,
        "Meter",
        r#""id": "m", "timeScope": "Point", "intervalDuration": "P1D""#,
        &["warning /Meter/intervalDuration consistency"],
    );
    let event = |kind: &str, content: &str| {
        format!(r#""id": "e", "type": "http://schemas.dmtf.org/cimi/2/event/{kind}", "content": {{{content}}}"#)
    };
    expect(read, "Event", &event("alarm", r#""code": "42", "detail": "on fire""#), &[]);
    expect(
        read,
        "Event",
        &event("state", r#""state": "ERROR", "code": "42""#),
        &["warning /Event/content/code forbidden"],
    );
    expect(read, "Event", r#""id": "e", "type": "http://example.com/e", "content": {"own": {"a": 1}}"#, &[]);
    // An audit event of CADF has an initiator, too, and more.
    let audit = "http://schemas.dmtf.org/cloud/audit/1.0/event";
    let content = r#"{"id": "1", "action": "read", "initiator": {"id": "u", "typeURI": "data"}}"#;
    let text = format!(r#""id": "e", "type": "{audit}", "content": {content}"#);
    expect(read, "Event", &text, &[]);
    let document = format!(r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/2/Event", {text}}}"#);
    assert!(json::from_slice::<Event>(document.as_bytes(), &ReadOptions::strict()).is_ok());
    expect(
        read,
        "Event",
        r#""id": "e", "content": {"initiator": {"id": "u"}}"#,
        &["error /Event/content/initiator value"],
    );
    expect(read, "Event", r#""id": "e", "severity": "huge""#, &["error /Event/severity enumeration"]);
}

#[test]
fn machines_and_their_templates() {
    let create = &Validation::create();
    let read = &Validation::read();
    expect(read, "Machine", r#""id": "m", "cpu": 0, "memory": 0"#, &[]);
    expect(
        read,
        "Machine",
        r#""id": "m", "cpu": -1, "memory": -1"#,
        &["error /Machine/memory range", "error /Machine/cpu range"],
    );
    expect(read, "Machine", r#""id": "m", "state": "OWN-STATE""#, &[]);
    expect(create, "MachineTemplate", r#""userData": "aGVsbG8=""#, &[]);
    expect(create, "MachineTemplate", r#""userData": "hello!""#, &["error /MachineTemplate/userData value"]);
    expect(create, "MachineTemplate", r#""initialState": "STARTED""#, &[]);
    let transient = r#""initialState": "STARTING""#;
    expect(create, "MachineTemplate", transient, &["error /MachineTemplate/initialState consistency"]);
    expect(read, "Machine", r#""id": "m", "parent": {"href": "m"}"#, &["error /Machine/parent consistency"]);
}

#[test]
fn create_requests() {
    let create = &Validation::create();
    expect(create, "MachineCreate", r#""name": "m", "machineTemplate": {"href": "t/1"}"#, &[]);
    expect(create, "MachineCreate", r#""name": "m""#, &["error /MachineCreate/machineTemplate required"]);
    // By value, with a configuration by value: no id is asked for, nothing unknown is taken.
    expect(
        create,
        "MachineCreate",
        r#""machineTemplate": {"machineConfig": {"cpu": 1, "memory": -5, "own": 1}, "machineImage": {"href": "i/1"}}"#,
        &[
            "error /MachineCreate/machineTemplate/machineConfig/memory range",
            "error /MachineCreate/machineTemplate/machineConfig/own unknown",
        ],
    );
    // Overrides may erase, and nothing else may.
    expect(create, "MachineCreate", r#""machineTemplate": {"href": "t/1", "userData": null, "volumes": null}"#, &[]);
    let problems =
        create.problems(document("MachineCreate", r#""name": null, "machineTemplate": {"href": "t"}"#).record());
    assert_eq!(short(&problems), ["error /MachineCreate/name erased"]);
    // What the provider assigns has no effect.
    expect(
        create,
        "MachineImage",
        r#""state": "AVAILABLE", "imageLocation": "m/1""#,
        &["warning /MachineImage/state read-only"],
    );
}

#[test]
fn actions() {
    let create = &Validation::create();
    let action = |name: &str, more: &str| {
        format!(r#""action": "http://schemas.dmtf.org/cimi/2/action/{name}", "properties": {{"a": "b"}}{more}"#)
    };
    expect(create, "Action", &action("start", ""), &[]);
    expect(create, "Action", &action("start", r#", "own": "1""#), &["error /Action/own unknown"]);
    expect(create, "Action", r#""action": "http://example.com/compress", "level": "9""#, &[]);
    expect(create, "Action", r#""force": true"#, &["error /Action/action required"]);
    for (name, parameter, value) in [
        ("restore", "image", r#"{"href": "i/1"}"#),
        ("import", "source", r#""http://example.com/a.ova""#),
        ("connectvolume", "volume", r#"{"href": "v/1"}"#),
        ("forceSync", "node", r#"{"href": "m/1"}"#),
        ("addRM", "node", r#"{"href": "m/1"}"#),
    ] {
        expect(create, "Action", &action(name, &format!(r#", "{parameter}": {value}"#)), &[]);
        expect(create, "Action", &action(name, ""), &[&format!("error /Action/{parameter} required")]);
    }
    expect(create, "Action", &action("insert", r#", "volume": {"href": "v/1"}"#), &[]);
    expect(create, "Action", &action("insert", r#", "machine": {"href": "m/1"}"#), &[]);
    expect(create, "Action", &action("remove", ""), &["error /Action required"]);
}

#[test]
fn the_entry_point_says_what_uris_are_relative_to() {
    let read = &Validation::read();
    let entry = |base: &str, href: &str| {
        format!(r#""id": "http://x/cep", "baseURI": "{base}", "machines": {{"href": "{href}"}}"#)
    };
    expect(read, "CloudEntryPoint", &entry("http://x/", "machines"), &[]);
    expect(read, "CloudEntryPoint", &entry("http://x", "http://x/machines"), &[]);
    expect(read, "CloudEntryPoint", &entry("http://x", "machines"), &["error /CloudEntryPoint/baseURI uri"]);
    expect(read, "CloudEntryPoint", &entry("x/", "http://x/machines"), &["error /CloudEntryPoint/baseURI uri"]);
    expect(read, "CloudEntryPoint", &entry("http://x/", "/machines"), &["error /CloudEntryPoint/machines/href uri"]);
}

#[test]
fn selections() {
    let current = Machine { id: Some("m".into()), name: Some("a".into()), cpu: Some(1), ..Default::default() };
    let update = Validation::partial_update(&["name", "description"], Some(&current));
    let change = |members: &str| short(&update.problems(document("Machine", members).record()));
    assert_eq!(change(r#""name": "b""#), [""; 0]);
    assert_eq!(change(r#""name": "b", "cpu": 2"#), ["error /Machine/cpu selection"]);
    let selected = ["name", "cpu"];
    let read = Validation { selected: Some(&selected), ..Validation::read() };
    let problems = read.problems(&Machine { name: Some("b".into()), ..Default::default() });
    let paths: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.severity)).collect();
    assert_eq!(paths, [("/Machine/cpu", Severity::Info)]);
}

#[test]
fn unknown_types() {
    let text = br#"{"resourceURI": "http://example.com/Rack", "height": 42}"#;
    let parsed = Document::read(text, &Registry::standard(), &ReadOptions::default()).unwrap();
    let of = |validation: &Validation<'_>| {
        let problems = validation.parsed(&parsed);
        assert_eq!(problems.len(), 1, "{problems:?}");
        (problems[0].rule, problems[0].severity)
    };
    assert_eq!(of(&Validation::read()), (Rule::Type, Severity::Info));
    assert_eq!(of(&Validation::create()), (Rule::Type, Severity::Error));
}

#[test]
fn both_formats_name_the_same_paths() {
    let json = br#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "id": "a b", "cpu": "many", "own": 1,
        "created": "2013-02-08 15:25:41 +0000",
        "disks": {"href": "d", "count": 1, "disks": [{"id": "1"}, {"id": "1", "capacity": -1}]}}"#;
    let xml =
        br#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><id>a b</id><created>2013-02-08 15:25:41 +0000</created>
        <cpu>many</cpu><disks href="d"><count>1</count><disks><Disk><id>1</id></Disk>
        <Disk><id>1</id><capacity>-1</capacity></Disk></disks></disks><own>1</own></Machine>"#;
    let expected = [
        "error /Machine/id uri",
        "error /Machine/created value",
        "error /Machine/disks/disks[1]/capacity range",
        "error /Machine/disks/count count",
        "error /Machine/disks/disks[1]/id duplicate",
        "error /Machine/cpu value",
        "error /Machine/own unknown",
    ];
    for text in [&json[..], &xml[..]] {
        let parsed = Document::read(text, &Registry::standard(), &ReadOptions::default()).unwrap();
        let problems = Validation::update(None).parsed(&parsed);
        assert_eq!(short(&problems), expected, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn secrets_stay_out_of_messages() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Credential", "id": "c", "password": {"a": "s3cret"},
        "key": "s3cret", "token": "s3cret", "parameters": {"a": "s3cret"}}"#;
    let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
    for validation in [Validation::read(), Validation::update(None), Validation::create()] {
        let problems = validation.parsed(&parsed);
        assert!(problems.iter().any(|problem| problem.path == "/Credential/password"), "{problems:?}");
        assert!(!format!("{problems:?}").contains("s3cret"), "{problems:?}");
    }
}

#[test]
fn values_nested_without_end_are_followed_so_far() {
    let mut job = cimi_model::Job { id: Some("j".into()), ..Default::default() };
    for _ in 0..1000 {
        job = cimi_model::Job { id: Some("j".into()), parent_job: Some(Ref::by_value(job)), ..Default::default() };
    }
    let problems = Validation::read().problems(&job);
    let deep: Vec<_> = problems.iter().filter(|problem| problem.rule == Rule::Depth).collect();
    assert_eq!(deep.len(), 1);
}

#[test]
fn names_of_rules_are_unique_and_severities_ordered() {
    assert!(Severity::Info < Severity::Warning && Severity::Warning < Severity::Error);
    assert_eq!(
        [Severity::Info, Severity::Warning, Severity::Error].map(Severity::as_str),
        ["info", "warning", "error"]
    );
    assert_eq!(Rule::ReadOnly.to_string(), "read-only");
    let problem = Problem::new("/Machine", Rule::Scope, Severity::Error, "5.5.14", "too large");
    assert_eq!(problem.to_string(), "/Machine: too large (scope, DSP0263 5.5.14)");
    let problem = Problem::new("/Machine", Rule::Depth, Severity::Error, "", "too deep");
    assert_eq!(problem.to_string(), "/Machine: too deep (depth)");
    let default = Validation::default();
    assert_eq!((default.receiver, default.verb), (Receiver::Consumer, Verb::Read));
    // Any record will do.
    let records: [&dyn Record; 3] = [&MachineImage::default(), &MachineTemplate::default(), &SystemTemplate::default()];
    assert!(records.iter().all(|record| !Validation::read().accepts(*record)));
}
