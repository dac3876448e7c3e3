//! What the standard says of single attributes, written down here and not taken from the tables.

use cimi_model::schema::Receiver;
use cimi_model::{Dialect, Registry};
use serde_json::{Value, json};

use crate::Compiled;

fn schemas(receiver: Receiver) -> Compiled {
    Compiled::new(&Registry::standard(), Dialect::V2, receiver)
}

fn check(schemas: &Compiled, name: &str, good: &[Value], bad: &[Value]) {
    for document in good {
        assert!(schemas.accepts(name, document), "{name} {document}");
    }
    for document in bad {
        assert!(!schemas.accepts(name, document), "{name} {document}");
    }
}

#[test]
fn a_consumer_gets_what_a_provider_always_includes() {
    let schemas = schemas(Receiver::Consumer);
    check(&schemas, "Machine", &[json!({ "id": "m/1" })], &[json!({}), json!({ "cpu": 1 })]);
    check(&schemas, "CloudEntryPoint", &[json!({ "id": "", "baseURI": "http://x/" })], &[json!({ "id": "" })]);
    check(&schemas, "MachineCreate", &[json!({})], &[]);
    // A part of each member may be left out by `$select`, and `count` by servers.
    check(&schemas, "MachineCollection", &[json!({ "id": "m", "machines": [{ "name": "a" }] })], &[json!({})]);
}

#[test]
fn a_provider_gets_what_a_consumer_always_includes() {
    let schemas = schemas(Receiver::Provider);
    check(
        &schemas,
        "MachineCreate",
        &[json!({ "machineTemplate": { "href": "t/1" } })],
        &[json!({}), json!({ "name": "a" })],
    );
    check(&schemas, "Action", &[json!({ "action": "start" })], &[json!({ "force": true })]);
    // The provider assigns the `id`.
    check(&schemas, "Machine", &[json!({ "name": "a" })], &[]);
}

#[test]
fn a_provider_refuses_what_it_does_not_know_and_a_consumer_accepts_it() {
    let unknown = [
        ("Machine", json!({ "id": "1", "rack": 1 })),
        ("Machine", json!({ "id": "1", "href": "x" })),
        ("Machine", json!({ "id": "1", "operations": [{ "rel": "edit", "rack": 1 }] })),
        ("MachineCreate", json!({ "machineTemplate": { "rack": 1 } })),
        ("MachineCollection", json!({ "id": "1", "machines": [{ "id": "1", "rack": 1 }] })),
        // Attributes of 1.x.
        ("MachineCreate", json!({ "id": "1", "machineTemplate": {} })),
        ("NetworkInterface", json!({ "id": "1", "macAddress": "00" })),
    ];
    for (name, document) in &unknown {
        check(&schemas(Receiver::Consumer), name, std::slice::from_ref(document), &[]);
        check(&schemas(Receiver::Provider), name, &[], std::slice::from_ref(document));
    }
    // What is inserted is named after its type.
    let insert = json!({ "action": "http://schemas.dmtf.org/cimi/2/insert", "rack": { "href": "r/1" } });
    check(&schemas(Receiver::Provider), "Action", &[insert], &[]);
}

#[test]
fn ranges_units_and_enumerations() {
    for receiver in [Receiver::Provider, Receiver::Consumer] {
        let schemas = schemas(receiver);
        let job = |progress: i64| json!({ "id": "1", "progress": progress });
        check(&schemas, "Job", &[job(0), job(100)], &[job(-1), job(101)]);
        let memory = |memory: i64| json!({ "id": "1", "memory": memory });
        check(&schemas, "Machine", &[memory(0), memory(i64::MAX)], &[memory(-1)]);
        // States are open, severities are not.
        check(&schemas, "Machine", &[json!({ "id": "1", "state": "MOVING" })], &[json!({ "id": "1", "state": 1 })]);
        let event = |severity: &str| json!({ "id": "1", "severity": severity });
        check(&schemas, "Event", &[event("high")], &[event("HIGH"), event("grave")]);
        let content = |content: Value| json!({ "id": "1", "content": content });
        check(
            &schemas,
            "Event",
            &[content(json!("x")), content(json!({ "code": "1" }))],
            &[content(json!({ "code": 1 }))],
        );
    }
}

#[test]
fn null_erases_in_what_overrides_and_stands_nowhere_else() {
    let create = json!({ "machineTemplate": { "href": "t/1", "userData": null, "volumes": null, "credential": null } });
    check(
        &schemas(Receiver::Provider),
        "MachineCreate",
        std::slice::from_ref(&create),
        &[json!({ "name": null, "machineTemplate": {} })],
    );
    check(&schemas(Receiver::Consumer), "MachineCreate", &[], &[create]);
    check(&schemas(Receiver::Provider), "Machine", &[], &[json!({ "cpu": null }), json!({ "disks": null })]);
    check(&schemas(Receiver::Consumer), "Machine", &[], &[json!({ "id": "1", "cpu": null })]);
    // Value scopes may stand in any resource (5.5.14), one of them also by itself.
    let scope = json!({ "cpu": { "minimum": 1 } });
    let good = [json!({ "vscope": [scope] }), json!({ "vscope": scope })];
    check(&schemas(Receiver::Provider), "Machine", &good, &[json!({ "vscope": null }), json!({ "vscope": 1 })]);
    check(&schemas(Receiver::Provider), "MachineCreate", &[json!({ "machineTemplate": { "vscope": null } })], &[]);
}

#[test]
fn names_and_uris_follow_the_dialect() {
    let registry = Registry::standard();
    let v1 = Compiled::new(&registry, Dialect::V1, Receiver::Provider);
    let machine = |name: &str| json!({ name: { "href": "x" } });
    check(&v1, "Machine", &[machine("networkInterfaces")], &[machine("interfaces")]);
    check(&schemas(Receiver::Provider), "Machine", &[machine("interfaces")], &[machine("networkInterfaces")]);
    let uri = |uri: &str| json!({ "resourceURI": format!("http://schemas.dmtf.org/cimi/{uri}") });
    check(&v1, "Machine", &[uri("1/Machine"), uri("2/Machine")], &[uri("1/Volume"), uri("3/Machine")]);
    check(&v1, "MachineVolume", &[uri("1/MachineVolume"), uri("2/locatedVolume")], &[uri("1/locatedVolume")]);
    // The structure and the target in one, as 1.x has it.
    let template = json!({ "volumeTemplates": [{ "initialLocation": "/dev/sda", "href": "v/1", "name": "a" }] });
    check(&v1, "MachineTemplate", std::slice::from_ref(&template), &[]);
    check(&schemas(Receiver::Provider), "MachineTemplate", &[], &[template]);
}

#[test]
fn annotations() {
    let schemas = cimi_model::schema::JsonSchemas::new(&Registry::standard(), Dialect::V2, Receiver::Consumer);
    let at = |name: &str, pointer: &str| schemas.file(name).unwrap().pointer(pointer).cloned();
    assert_eq!(at("Machine", "/properties/id/readOnly"), Some(json!(true)));
    assert_eq!(at("Machine", "/properties/name/readOnly"), None);
    assert_eq!(at("Machine", "/properties/id/format"), Some(json!("uri-reference")));
    assert_eq!(at("Credential", "/properties/password/writeOnly"), Some(json!(true)));
    assert_eq!(at("Credential", "/properties/key/contentEncoding"), Some(json!("base16")));
    let memory = at("Machine", "/properties/memory/description").unwrap();
    assert!(memory.as_str().unwrap().ends_with(" Unit: kibibytes."));
    let parameters = at("ProtocolSegment", "/properties/parameters/properties/netmask/description").unwrap();
    assert!(parameters.as_str().unwrap().starts_with("Where protocol begins with IPv4: "));
}
