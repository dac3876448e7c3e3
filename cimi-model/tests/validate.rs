//! Rules that are about more than one value: good and bad documents.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

use cimi_model::meta::{Lifecycle, State};
use cimi_model::reflect::Record;
use cimi_model::validate::{Problem, Receiver, Rule, Severity, Validation, Verb};
use cimi_model::{
    Dialect, Document, Format, Machine, MachineImage, MachineTemplate, ReadOptions, Ref, Registry, ResourceMetadata,
    SystemTemplate, json, record, resource,
};

/// Reads JSON of dialect 2 without its type.
fn document(type_name: &str, members: &str) -> Document {
    let text = format!("{{\"resourceURI\": \"{}\", {members}}}", Dialect::V2.uri(type_name));
    match Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()) {
        Ok(parsed) => parsed.value,
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn metadata(members: &str) -> ResourceMetadata {
    document("ResourceMetadata", members).into_value().expect("metadata")
}

/// The warnings and errors, each as severity, path and rule.
fn short(problems: &[Problem]) -> Vec<String> {
    let found = problems.iter().filter(|problem| problem.severity > Severity::Info);
    found.map(|problem| format!("{} {} {}", problem.severity, problem.path, problem.rule)).collect()
}

/// Expects these problems of the document, read from JSON, and from XML in 2.0.
#[track_caller]
fn expect(validation: &Validation<'_>, type_name: &str, members: &str, expected: &[&str]) {
    let read = document(type_name, members);
    let problems = validation.problems(read.record());
    assert_eq!(short(&problems), expected, "{problems:#?}");
    let xml = read.to_string(Format::Xml, Dialect::V2.into()).unwrap();
    let again = Document::read(xml.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap().value;
    assert_eq!(short(&validation.problems(again.record())), expected, "{xml}");
    let accepted = expected.iter().all(|line| !line.starts_with("error"));
    assert_eq!(validation.accepts(read.record()), accepted);
}

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
    let endpoint = |members: &str| format!(r#""resourceURI": "x", {members}"#).replace(r#""resourceURI": "x", "#, "");
    let type_name = "ProtocolEndpointTemplate";
    expect(create, type_name, &endpoint(r#""origin": "STATIC", "address": "10.0.0.1""#), &[]);
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
fn components_refer_to_one_another_by_name() {
    let create = &Validation::create();
    let template = |descriptors: &str| format!(r#""componentDescriptors": [{descriptors}]"#);
    let good = r##"{"name": "net", "type": "http://schemas.dmtf.org/cimi/2/Network", "networkTemplate": {"href": "n/1"}},
        {"name": "disk", "type": "http://schemas.dmtf.org/cimi/2/Volume", "volumeTemplate": {"href": "v/1"}, "quantity": 2},
        {"name": "db", "type": "http://schemas.dmtf.org/cimi/2/Machine", "machineTemplate": {
            "volumes": [{"volume": {"href": "#disk1"}}, {"volume": {"href": "#disk2"}}],
            "interfaceTemplates": [{"network": {"href": "#net"}}]}}"##;
    expect(create, "SystemTemplate", &template(good), &[]);
    expect(
        create,
        "SystemTemplate",
        &template(&good.replace("#net", "#nets").replace("#disk1", "#disk3")),
        &[
            "error /SystemTemplate/componentDescriptors[2]/machineTemplate/volumes[0]/volume/href symbol",
            "error /SystemTemplate/componentDescriptors[2]/machineTemplate/interfaceTemplates[0]/network/href symbol",
        ],
    );
    // Overrides beside a reference count as well, in a request to create a System too.
    let overrides = r##"{"name": "a", "machineTemplate": {"href": "m/1", "credential": {"href": "#gone"}}}"##;
    let path = "/componentDescriptors[0]/machineTemplate/credential/href symbol";
    expect(create, "SystemTemplate", &template(overrides), &[&format!("error /SystemTemplate{path}")]);
    let inline = format!(r#""systemTemplate": {{{}}}"#, template(overrides));
    expect(create, "SystemCreate", &inline, &[&format!("error /SystemCreate/systemTemplate{path}")]);
}

#[test]
fn services_refer_to_components() {
    let service = |machine: &str| {
        format!(
            r##""componentDescriptors": [{{"name": "db", "quantity": 2, "machineTemplate": {{"href": "m/1"}}}}],
               "serviceDescriptors": [{{"name": "s", "serviceType": "http://schemas.dmtf.org/cimi/2/SystemService/highreliability",
                 "parameters": {{"machines": ["#db", "#{machine}"], "heartbeat": "500"}}}}]"##
        )
    };
    let create = &Validation::create();
    expect(create, "SystemTemplate", &service("db"), &[]);
    expect(
        create,
        "SystemTemplate",
        &service("web"),
        &["error /SystemTemplate/serviceDescriptors[0]/parameters['machines'] symbol"],
    );
    // The components are in the template that is referred to.
    let elsewhere =
        r##""systemTemplate": {"href": "t/1", "serviceDescriptors": [{"parameters": {"network": "#net"}}]}"##;
    expect(create, "SystemCreate", elsewhere, &[]);
    let here = r##""serviceDescriptors": [{"parameters": {"network": "#net"}}]"##;
    expect(
        create,
        "SystemTemplate",
        here,
        &["error /SystemTemplate/serviceDescriptors[0]/parameters['network'] symbol"],
    );
    let strange = r#""serviceDescriptors": [{"serviceType": "http://example.com/backup"}]"#;
    expect(create, "SystemTemplate", strange, &["error /SystemTemplate/serviceDescriptors[0]/serviceType uri"]);
}

#[test]
fn nested_templates_see_the_components_around_them() {
    let nested = |outer: &str, inner: &str| {
        format!(
            r##""componentDescriptors": [
                {{"name": "net", "networkTemplate": {{"href": "n/1"}}}},
                {{"name": "tier", "systemTemplate": {{"componentDescriptors": [
                    {{"name": "disk", "volumeTemplate": {{"href": "v/1"}}}},
                    {{"name": "db", "machineTemplate": {{"href": "m/1",
                        "volumes": [{{"volume": {{"href": "#disk"}}}}],
                        "interfaceTemplates": [{{"network": {{"href": "#{inner}"}}}}]}}}}]}}}},
                {{"name": "other", "machineTemplate": {{"href": "m/1", "volumes": [{{"volume": {{"href": "#{outer}"}}}}]}}}}]"##
        )
    };
    let create = &Validation::create();
    expect(create, "SystemTemplate", &nested("net", "net"), &[]);
    expect(
        create,
        "SystemTemplate",
        &nested("disk", "net"),
        &["error /SystemTemplate/componentDescriptors[2]/machineTemplate/volumes[0]/volume/href symbol"],
    );
    // The tier needs what its machine needs.
    expect(
        create,
        "SystemTemplate",
        &nested("tier", "other"),
        &["error /SystemTemplate/componentDescriptors[1] cycle"],
    );
}

#[test]
fn components_that_need_one_another_cannot_be_created() {
    let create = &Validation::create();
    let machine = |name: &str, needs: &str| {
        format!(
            r##"{{"name": "{name}", "machineTemplate": {{"href": "m", "volumes": [{{"volume": {{"href": "#{needs}"}}}}]}}}}"##
        )
    };
    let template = |descriptors: &[String]| format!(r#""componentDescriptors": [{}]"#, descriptors.join(", "));
    let plain = r#"{"name": "z", "machineTemplate": {"href": "m"}}"#.to_owned();
    expect(create, "SystemTemplate", &template(&[machine("a", "b"), machine("b", "z"), plain.clone()]), &[]);
    expect(
        create,
        "SystemTemplate",
        &template(&[machine("y", "a"), machine("a", "b"), machine("b", "c"), machine("c", "a")]),
        &["error /SystemTemplate/componentDescriptors[1] cycle"],
    );
    expect(
        create,
        "SystemTemplate",
        &template(&[machine("a", "a")]),
        &["error /SystemTemplate/componentDescriptors[0] cycle"],
    );
}

#[test]
fn components_have_names_of_their_own() {
    let create = &Validation::create();
    let made = |name: &str, quantity: i64, needs: &str| {
        format!(
            r##"{{"name": "{name}", "quantity": {quantity}, "machineTemplate": {{"href": "m", "credential": {{"href": "{needs}"}}}}}}"##
        )
    };
    let template = |descriptors: &[String]| format!(r#""componentDescriptors": [{}]"#, descriptors.join(", "));
    let path = "/SystemTemplate/componentDescriptors";
    let duplicate = |index: usize| format!("error {path}[{index}]/name duplicate");
    let two = [made("z", 1, "c"), made("z", 1, "c")];
    expect(create, "SystemTemplate", &template(&two), &[&duplicate(1)]);
    let numbered = [made("z", 2, "c"), made("z2", 1, "c"), made("z3", 1, "c"), made("z", 1, "c")];
    expect(create, "SystemTemplate", &template(&numbered), &[&duplicate(1)]);
    // Of several, one has to be meant, or the one with the same number.
    let symbol = format!("error {path}[1]/machineTemplate/credential/href symbol");
    for (quantity, needs, expected) in [
        (1, "#z", Some(&symbol)),
        (3, "#z", Some(&symbol)),
        (2, "#z", None),
        (1, "#z2", None),
        (1, "#z02", Some(&symbol)),
        (1, "#z3", Some(&symbol)),
        (1, "#z99999999999999999999", Some(&symbol)),
    ] {
        let expected: Vec<&str> = expected.into_iter().map(String::as_str).collect();
        expect(create, "SystemTemplate", &template(&[made("z", 2, "c"), made("a", quantity, needs)]), &expected);
    }
}

#[test]
fn a_long_chain_of_components_is_no_problem() {
    let descriptors: Vec<String> = (0..20_000)
        .map(|i| {
            format!(
                r##"{{"name": "c{i}", "machineTemplate": {{"href": "m", "credential": {{"href": "#c{}"}}}}}}"##,
                (i + 1) % 20_000
            )
        })
        .collect();
    let read = document("SystemTemplate", &format!(r#""componentDescriptors": [{}]"#, descriptors.join(",")));
    let problems = Validation::create().problems(read.record());
    assert_eq!(short(&problems), ["error /SystemTemplate/componentDescriptors[0] cycle"]);
}

#[test]
fn descriptors_have_one_template_or_resource() {
    let create = &Validation::create();
    let one = |members: &str| format!(r#""componentDescriptors": [{{{members}}}]"#);
    let place = "/SystemTemplate/componentDescriptors[0]";
    let machine = r#""machineTemplate": {"href": "m"}"#;
    expect(create, "SystemTemplate", &one(machine), &[]);
    expect(create, "SystemTemplate", &one(r#""machine": {"href": "m/1"}"#), &[]);
    expect(create, "SystemTemplate", &one(r#""name": "a""#), &[&format!("error {place} required")]);
    let both = format!(r#"{machine}, "networkTemplate": {{"href": "n"}}"#);
    expect(create, "SystemTemplate", &one(&both), &[&format!("error {place}/networkTemplate forbidden")]);
    let wrong = format!(r#"{machine}, "type": "http://schemas.dmtf.org/cimi/2/Volume""#);
    expect(create, "SystemTemplate", &one(&wrong), &[&format!("error {place}/machineTemplate consistency")]);
    let own = r#""type": "http://example.com/Rack", "rackTemplate": {"href": "r"}"#;
    expect(create, "SystemTemplate", &one(own), &[]);
    let strange = r#""type": "http://example.com/Rack", "shelf": {"href": "r"}"#;
    expect(create, "SystemTemplate", &one(strange), &[&format!("error {place}/shelf unknown")]);
    for (quantity, expected) in [(1, vec![]), (3, vec![]), (0, vec!["error"]), (-1, vec!["error"])] {
        let expected: Vec<_> = expected.iter().map(|severity| format!("{severity} {place}/quantity range")).collect();
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        expect(create, "SystemTemplate", &one(&format!(r#"{machine}, "quantity": {quantity}"#)), &expected);
    }
    let existing = r#""machine": {"href": "m/1"}, "quantity": 2"#;
    expect(create, "SystemTemplate", &one(existing), &[&format!("error {place}/quantity consistency")]);
}

#[test]
fn metadata_describes_each_attribute_once_and_as_table_6_says() {
    let read = &Validation::read();
    let about = |attributes: &str| {
        format!(
            r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", "attributes": [{attributes}]"#
        )
    };
    let own = r#"{"name": "rack", "namespace": "http://example.com", "type": "string"}"#;
    let place = "/ResourceMetadata/attributes[0]";
    expect(read, "ResourceMetadata", &about(&format!(r#"{own}, {{"name": "cpu", "consumerMandatory": true}}"#)), &[]);
    expect(
        read,
        "ResourceMetadata",
        &about(&format!("{own}, {own}")),
        &["error /ResourceMetadata/attributes[1]/name duplicate"],
    );
    for (attribute, problems) in [
        (r#"{"name": "rack"}"#, &["namespace required", "type required"][..]),
        (r#"{"name": "rack", "type": "string"}"#, &["namespace required"]),
        (r#"{"name": "cpu", "type": "integer"}"#, &["type forbidden"]),
        (r#"{"name": "cpu", "type": "integer", "namespace": "urn:x"}"#, &["namespace forbidden"]),
        (r#"{"name": "1st", "type": "integer", "namespace": "urn:x"}"#, &["name identifier"]),
        (r#"{"type": "integer", "namespace": "urn:x"}"#, &["name required"]),
        (r#"{"name": "cpu", "mutable": false, "consumerWritable": true}"#, &["consumerWritable consistency"]),
    ] {
        let expected: Vec<String> = problems.iter().map(|problem| format!("error {place}/{problem}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        expect(read, "ResourceMetadata", &about(attribute), &expected);
    }
    let wider = r#"{"name": "id", "consumerWritable": true}"#;
    expect(read, "ResourceMetadata", &about(wider), &[&format!("warning {place}/consumerWritable consistency")]);
}

#[test]
fn metadata_names_capabilities_and_operations() {
    let read = &Validation::read();
    let about = |more: &str| {
        format!(r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", {more}"#)
    };
    let capability = |uri: &str| about(&format!(r#""capabilities": [{{"uri": "{uri}", "value": "x"}}]"#));
    let base = "http://schemas.dmtf.org/cimi";
    expect(read, "ResourceMetadata", &capability(&format!("{base}/2/capability/Machine/UserData")), &[]);
    expect(read, "ResourceMetadata", &capability("http://example.com/own"), &[]);
    let path = "error /ResourceMetadata/capabilities[0]/uri";
    for (uri, rule) in [
        ("own", "uri"),
        ("http://schemas.dmtf.org/cimi/2/capability/UserData", "uri"),
        ("http://schemas.dmtf.org/cimi/2/UserData", "uri"),
        ("http://schemas.dmtf.org/cimi/2/capability/Volume/SharedVolumeSupport", "consistency"),
    ] {
        expect(read, "ResourceMetadata", &capability(uri), &[&format!("{path} {rule}")]);
    }
    let actions = |list: &str| about(&format!(r#""actions": [{list}]"#));
    let compress = r#"{"name": "compress", "uri": "http://example.com/compress", "method": "POST"}"#;
    expect(read, "ResourceMetadata", &actions(compress), &[]);
    expect(
        read,
        "ResourceMetadata",
        &actions(&format!("{compress}, {compress}")),
        &["error /ResourceMetadata/actions[1]/name duplicate", "error /ResourceMetadata/actions[1]/uri duplicate"],
    );
    let bad = r#"{"name": "com press", "uri": "compress", "method": "POST"}"#;
    expect(
        read,
        "ResourceMetadata",
        &actions(bad),
        &["error /ResourceMetadata/actions[0]/name identifier", "error /ResourceMetadata/actions[0]/uri uri"],
    );
}

#[test]
fn a_provider_has_attributes_of_its_own() {
    let own = metadata(
        r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/1/Machine", "attributes": [
            {"name": "rack", "namespace": "http://example.com", "type": "integer", "consumerMandatory": true, "providerMandatory": true},
            {"name": "floor", "namespace": "http://example.com", "type": "boolean", "consumerWritable": false, "providerMandatory": false},
            {"name": "cpu", "mutable": false, "providerMandatory": true},
            {"name": "memory", "consumerMandatory": true, "providerMandatory": false}]"#,
    );
    let read = document("Machine", r#""id": "m", "cpu": 1, "rack": 7, "floor": true"#);
    let with = |validation| Validation { metadata: vec![&own], ..validation };
    assert_eq!(short(&with(Validation::read()).problems(read.record())), [""; 0]);
    let infos = with(Validation::read()).problems(read.record());
    assert!(infos.iter().all(|problem| problem.path != "/Machine/memory"), "{infos:?}");
    let bare = document("Machine", r#""id": "m", "rack": "seven", "own": 1"#);
    let problems = with(Validation::read()).problems(bare.record());
    assert_eq!(short(&problems), ["error /Machine/cpu required", "error /Machine/rack value"]);
    let update = with(Validation::update(Some(read.record())));
    let changed = document(
        "Machine",
        r#""id": "m", "cpu": 2, "memory": 5, "{http://example.com}rack": 8, "floor": false, "own": 1"#,
    );
    assert_eq!(
        short(&update.problems(changed.record())),
        ["error /Machine/own unknown", "warning /Machine/cpu immutable", "warning /Machine/floor read-only"]
    );
    let absent = document("Machine", r#""id": "m", "cpu": 1"#);
    assert_eq!(
        short(&update.problems(absent.record())),
        ["error /Machine/memory required", "error /Machine/rack required"]
    );
    // The members of a collection are Machines too.
    let members =
        document("MachineCollection", r#""id": "c", "count": 1, "machines": [{"id": "m", "cpu": 1, "rack": "x"}]"#);
    let problems = with(Validation::read()).problems(members.record());
    assert_eq!(short(&problems), ["error /MachineCollection/machines[0]/rack value"]);
}

#[test]
fn the_last_word_of_a_provider_counts() {
    let first = metadata(
        r#""id": "1", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", "attributes": [{"name": "cpu", "consumerMandatory": true}]"#,
    );
    let second = metadata(
        r#""id": "2", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", "attributes": [{"name": "cpu", "consumerMandatory": false}]"#,
    );
    let machine = Machine { id: Some("m".into()), ..Default::default() };
    let update = |metadata| Validation { metadata, ..Validation::update(None) };
    assert!(!update(vec![&second, &first]).accepts(&machine));
    assert!(update(vec![&first, &second]).accepts(&machine));
}

#[test]
fn capabilities_limit_what_may_be_asked_for() {
    let capabilities = |list: &[(&str, &str)], of: &str| {
        let list: Vec<_> = list
            .iter()
            .map(|(name, value)| {
                format!(r#"{{"uri": "http://schemas.dmtf.org/cimi/2/capability/{of}/{name}", "value": {value}}}"#)
            })
            .collect();
        metadata(&format!(
            r#""id": "r", "name": "{of}", "typeURI": "http://schemas.dmtf.org/cimi/2/{of}", "capabilities": [{}]"#,
            list.join(", ")
        ))
    };
    let machine =
        capabilities(&[("MachineConfigByValue", "false"), ("InitialStates", r#"["STARTED", "STOPPED"]"#)], "Machine");
    let entry = capabilities(&[("MaxPropertyItems", "1")], "CloudEntryPoint");
    let create = &Validation { metadata: vec![&machine, &entry], ..Validation::create() };
    let template = |members: &str| format!(r#""machineTemplate": {{{members}}}"#);
    expect(create, "MachineCreate", &template(r#""machineConfig": {"href": "c"}, "initialState": "STARTED""#), &[]);
    expect(
        create,
        "MachineCreate",
        &template(r#""machineConfig": {"cpu": 1}, "initialState": "PAUSED""#),
        &[
            "error /MachineCreate/machineTemplate/machineConfig capability",
            "error /MachineCreate/machineTemplate/initialState capability",
        ],
    );
    let template = r#""machineTemplate": {"href": "t"}"#;
    let properties = format!(r#"{template}, "properties": {{"a": "1", "b": "2"}}"#);
    expect(create, "MachineCreate", &properties, &["error /MachineCreate/properties capability"]);
    let system = capabilities(&[("SystemComponentTemplateByValue", "false")], "System");
    let create = &Validation { metadata: vec![&system], ..Validation::create() };
    let descriptors = r#""componentDescriptors": [{"machineTemplate": {"href": "t"}}, {"machineTemplate": {"initialState": "STARTED"}}]"#;
    expect(
        create,
        "SystemTemplate",
        descriptors,
        &["error /SystemTemplate/componentDescriptors[1]/machineTemplate capability"],
    );
}

#[test]
fn the_values_that_a_provider_takes() {
    let scoped = |scopes: &str| {
        metadata(&format!(
            r#""id": "r", "name": "MachineConfiguration", "typeURI": "http://schemas.dmtf.org/cimi/2/MachineConfiguration", "vscope": {scopes}"#
        ))
    };
    let own = scoped(
        r#"[{"memory": {"minimum": 2, "maximum": 8, "units": "gibibytes"}, "cpuArch": {"value": "x86_64"}},
            {"memory": {"minimum": 4, "maximum": 32, "units": "gibibytes"}, "cpuArch": {"values": ["ARM", "POWER"]}}]"#,
    );
    let create = &Validation { metadata: vec![&own], ..Validation::create() };
    let configured = |memory: i64, arch: &str| {
        format!(r#""machineTemplate": {{"machineConfig": {{"memory": {memory}, "cpuArch": "{arch}"}}}}"#)
    };
    expect(create, "MachineCreate", &configured(4 << 20, "x86_64"), &[]);
    expect(create, "MachineCreate", &configured(32 << 20, "ARM"), &[]);
    let path = "/MachineCreate/machineTemplate/machineConfig/memory scope";
    expect(create, "MachineCreate", &configured(32 << 20, "x86_64"), &[&format!("error {path}")]);
    expect(create, "MachineConfiguration", r#""memory": 1"#, &["error /MachineConfiguration/memory scope"]);
    let read = &Validation { metadata: vec![&own], ..Validation::read() };
    expect(read, "MachineConfiguration", r#""id": "c", "memory": 1"#, &["warning /MachineConfiguration/memory scope"]);
    // Any resource may have scopes of its own.
    let scope = r#""vscope": [{"memory": {"minimum": 4, "maximum": 8}}], "memory""#;
    let create = &Validation::create();
    expect(create, "MachineConfiguration", &format!("{scope}: 8"), &[]);
    expect(create, "MachineConfiguration", &format!("{scope}: 9"), &["error /MachineConfiguration/memory scope"]);
    expect(create, "MachineConfiguration", r#""vscope": "all""#, &["error /MachineConfiguration/vscope scope"]);
    // Mistakes in the scopes themselves.
    let mistaken = scoped(r#"[{"memory": {"minimum": 8, "maximum": 4, "units": "gibibytes"}}]"#);
    let problems = Validation::read().problems(&mistaken);
    assert_eq!(short(&problems), ["error /ResourceMetadata/vscope[0]/memory/minimum scope"], "{problems:#?}");
    assert_eq!(short(&Validation::read().problems(&own)), [""; 0]);
    let problems = Validation::read().problems(&scoped("5"));
    assert_eq!(short(&problems), ["error /ResourceMetadata/vscope scope"], "{problems:#?}");
}

static STATES: &[State] = &[State::transient("MOVING"), State::lasting("STANDING")];
static MOVES: Lifecycle = Lifecycle::new(STATES, &[]);

resource! {
    /// A shelf.
    pub Shelf = "Shelf" [namespace("http://example.com"), lifecycle(&MOVES)] {
        /// The state.
        state: Option<String> = "state" [read_only],
    }
}

resource! {
    /// What shelves are made from.
    pub ShelfTemplate = "ShelfTemplate" [namespace("http://example.com"), clause("")] {
        /// The state that a new shelf is brought into.
        initial_state: Option<String> = "initialState",
    }
}

#[test]
fn new_resources_are_brought_into_states_that_last() {
    let registry = Registry::standard().with::<Shelf>().with::<ShelfTemplate>();
    let create = Validation { registry: Some(&registry), ..Validation::create() };
    let template = |state: &str| ShelfTemplate { initial_state: Some(state.into()), ..Default::default() };
    assert_eq!(short(&create.problems(&template("STANDING"))), [""; 0]);
    assert_eq!(short(&create.problems(&template("MOVING"))), ["error /ShelfTemplate/initialState consistency"]);
}

#[test]
fn operations_that_metadata_does_not_describe() {
    let own = metadata(
        r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine",
           "actions": [{"name": "compress", "uri": "http://example.com/compress", "method": "POST"}]"#,
    );
    let read = Validation { metadata: vec![&own], ..Validation::read() };
    let machine = document(
        "Machine",
        r#""id": "m", "operations": [{"rel": "http://example.com/compress", "href": "m"}, {"rel": "http://example.com/inflate", "href": "m"}]"#,
    );
    let found: Vec<_> = read.problems(machine.record()).into_iter().filter(|p| p.rule == Rule::Operation).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].path.as_str(), found[0].severity), ("/Machine/operations[1]/rel", Severity::Info));
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

record! {
    /// Where a rack stands.
    pub Position = "position" Structure [namespace("http://example.com")] {
        /// The row.
        row: Option<i64> = "row" [xml_attribute, range(1, 9), constraints(true, true, true, true)],
    }
}

resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com"), operations(&["edit", "tidy"])] {
        /// Height in rack units.
        height: Option<i64> = "height" [unit("rack units"), constraints(true, true, false, false)],
        /// Where it stands.
        position: Option<Position> = "position",
        /// What is in it.
        machines: Vec<Ref<Machine>> = "machines" [item("machine")],
    }
}

#[test]
fn types_of_a_provider_are_held_to_their_own_tables() {
    let registry = Registry::standard().with::<Rack>();
    let read = |members: &str| {
        let text = format!(r#"{{"resourceURI": "http://example.com/Rack", {members}}}"#);
        Document::read(text.as_bytes(), &registry, &ReadOptions::default()).unwrap().value
    };
    let short_of = |validation: Validation<'_>, document: &Document| {
        let validation = Validation { registry: Some(&registry), ..validation };
        short(&validation.problems(document.record()))
    };
    let good = read(r#""id": "r", "height": 42, "position": {"row": 1}, "machines": [{"href": "m"}]"#);
    assert_eq!(short_of(Validation::read(), &good), [""; 0]);
    let bad = read(
        r#""height": -1, "position": {}, "machines": [{"href": "a b"}], "operations": [{"rel": "tidy", "href": "r"}], "x": 1"#,
    );
    assert_eq!(
        short_of(Validation::update(None), &bad),
        [
            "error /Rack/id required",
            "error /Rack/height range",
            "error /Rack/position/row required",
            "error /Rack/machines[0]/href uri",
            "error /Rack/x unknown",
            "error /Rack/operations[0]/rel operation",
        ]
    );
    let taller = read(r#""id": "r", "height": 43, "position": {"row": 10}"#);
    assert_eq!(
        short_of(Validation::update(Some(good.record())), &taller),
        ["error /Rack/position/row range", "warning /Rack/height immutable"]
    );
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
    assert!(json::from_slice::<Machine>(b"{}", &ReadOptions::default()).is_ok());
}
