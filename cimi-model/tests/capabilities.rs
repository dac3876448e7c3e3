//! The capabilities of table 7: the table against the standard's, values from both formats, implications.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "support/facts.rs"]
mod facts;

use std::collections::BTreeSet;

use cimi_model::capabilities::{
    self, ALL, CapabilityDefinition, CapabilityKey, CapabilityKind, cloud_entry_point, event_log, job, machine,
    network, problems, volume,
};
use cimi_model::{Any, Capability, Dialect, Format, ReadOptions, ResourceMetadata, json, xml};

fn stated(definition: &CapabilityDefinition, value: Option<Any>) -> Capability {
    Capability { uri: Some(definition.uri(Dialect::V2).into()), value, ..Default::default() }
}

fn metadata(capabilities: Vec<Capability>) -> ResourceMetadata {
    ResourceMetadata { capabilities, ..Default::default() }
}

fn texts(metadata: &ResourceMetadata) -> Vec<String> {
    problems(metadata).iter().map(ToString::to_string).collect()
}

#[test]
fn table_is_that_of_the_standard() {
    let Some(rows) = facts::rows("table_is_that_of_the_standard", "cimi-2.0-capabilities.tsv") else { return };
    let columns = ["resource", "capability", "value_type", "uri"];
    let given: BTreeSet<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|&column| row[column].clone()).collect()).collect();
    let own: BTreeSet<Vec<String>> = ALL
        .iter()
        .map(|definition| {
            let kind = match definition.kind {
                CapabilityKind::Boolean => "boolean",
                CapabilityKind::Integer => "integer",
                CapabilityKind::String => "string",
                CapabilityKind::List => "list",
                _ => "other",
            };
            [definition.resource, definition.name, kind, &definition.uri(Dialect::V2)].map(str::to_owned).to_vec()
        })
        .collect();
    assert_eq!(own.difference(&given).collect::<Vec<_>>(), Vec::<&Vec<String>>::new(), "not in the standard");
    assert_eq!(given.difference(&own).collect::<Vec<_>>(), Vec::<&Vec<String>>::new(), "not in the table");
    assert_eq!(own.len(), ALL.len(), "a row is twice in the table");
}

#[test]
fn uris_are_known_in_both_dialects() {
    for definition in ALL {
        for dialect in [Dialect::V1, Dialect::V2] {
            let found = capabilities::by_uri(&definition.uri(dialect)).unwrap();
            assert_eq!(found, definition);
        }
        assert!(capabilities::of_resource(definition.resource).any(|other| other == definition));
        assert!(definition.doc.ends_with('.') && !definition.doc.starts_with(' '), "{definition}");
    }
    let spelled = "http://schemas.dmtf.org/cimi/2/capability/Machine/initialStates";
    assert_eq!(capabilities::by_uri(spelled), Some(&machine::INITIAL_STATES.definition));
    for unknown in [
        "http://schemas.dmtf.org/cimi/3/capability/Machine/InitialStates",
        "http://schemas.dmtf.org/cimi/2/capability/Machine",
        "http://schemas.dmtf.org/cimi/2/capability/MachineInitialStates",
        "http://schemas.dmtf.org/cimi/2/Machine/InitialStates",
        "InitialStates",
        "",
    ] {
        assert_eq!(capabilities::by_uri(unknown), None, "{unknown}");
    }
}

#[test]
fn absent_is_false_or_unrestricted_and_valueless_is_true() {
    let none = ResourceMetadata::default();
    assert!(!machine::MACHINE_STOP_FORCE.get(&none));
    assert_eq!(cloud_entry_point::MAX_PROPERTY_ITEMS.get(&none), None);
    assert_eq!(machine::USER_DATA.get(&none), None);
    assert_eq!(machine::INITIAL_STATES.get(&none), None);

    let said = metadata(vec![stated(&machine::MACHINE_STOP_FORCE.definition, None)]);
    assert!(machine::MACHINE_STOP_FORCE.get(&said));
    assert_eq!(texts(&said), Vec::<String>::new());
    let said = metadata(vec![stated(&job::JOB_RETENTION.definition, None)]);
    assert_eq!(job::JOB_RETENTION.get(&said), None);
    assert_eq!(
        texts(&said),
        ["/ResourceMetadata/capabilities[0]: Job/JobRetention: no value where an integer is expected"]
    );
}

fn parsed(text: &str) -> ResourceMetadata {
    match Format::of(text.as_bytes()) {
        Format::Xml => xml::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap().value,
        _ => json::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap().value,
    }
}

#[test]
fn values_are_understood_as_either_format_has_them() {
    let json = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/ResourceMetadata", "id": "m", "capabilities": [
        {"uri": "http://schemas.dmtf.org/cimi/2/capability/Machine/MachineStopForce", "value": true},
        {"uri": "http://schemas.dmtf.org/cimi/2/capability/Machine/RestoreFromImage", "value": "false"},
        {"uri": "http://schemas.dmtf.org/cimi/2/capability/CloudEntryPoint/MaxPropertyItems", "value": 5},
        {"uri": "http://schemas.dmtf.org/cimi/2/capability/Machine/UserData", "value": "disk"},
        {"uri": "http://schemas.dmtf.org/cimi/2/capability/Machine/InitialStates", "value": ["STARTED", "STOPPED"]}]}"#;
    let wrapped = r#"<ResourceMetadata xmlns="http://schemas.dmtf.org/cimi/2"><capabilities>
        <capability uri="http://schemas.dmtf.org/cimi/2/capability/Machine/MachineStopForce"> true </capability>
        <capability uri="http://schemas.dmtf.org/cimi/2/capability/Machine/RestoreFromImage">0</capability>
        <capability uri="http://schemas.dmtf.org/cimi/2/capability/CloudEntryPoint/MaxPropertyItems"> 5 </capability>
        <capability uri="http://schemas.dmtf.org/cimi/2/capability/Machine/UserData">
            disk
        </capability>
        <capability uri="http://schemas.dmtf.org/cimi/2/capability/Machine/InitialStates"><s>STARTED</s><s>STOPPED</s></capability>
        </capabilities></ResourceMetadata>"#;
    let old = r#"<ResourceMetadata xmlns="http://schemas.dmtf.org/cimi/1">
        <capability name="f" uri="http://schemas.dmtf.org/cimi/1/capability/Machine/MachineStopForce">true</capability>
        <capability uri="http://schemas.dmtf.org/cimi/1/capability/Machine/RestoreFromImage">false</capability>
        <capability uri="http://schemas.dmtf.org/cimi/1/capability/CloudEntryPoint/MaxPropertyItems">5</capability>
        <capability uri="http://schemas.dmtf.org/cimi/1/capability/Machine/UserData">disk</capability>
        <capability uri="http://schemas.dmtf.org/cimi/1/capability/Machine/InitialStates">STARTED,STOPPED</capability>
        </ResourceMetadata>"#;
    for text in [json, wrapped, old] {
        let said = parsed(text);
        assert!(machine::MACHINE_STOP_FORCE.get(&said), "{text}");
        assert!(!machine::RESTORE_FROM_IMAGE.get(&said), "{text}");
        assert_eq!(cloud_entry_point::MAX_PROPERTY_ITEMS.get(&said), Some(5), "{text}");
        assert_eq!(machine::USER_DATA.get(&said).as_deref(), Some("disk"), "{text}");
        assert_eq!(machine::INITIAL_STATES.get(&said), Some(vec!["STARTED".into(), "STOPPED".into()]), "{said:?}");
        assert_eq!(texts(&said), Vec::<String>::new());
    }
}

#[test]
fn what_is_set_is_read_back_from_both_formats_and_dialects() {
    let mut said =
        ResourceMetadata { type_uri: Some("http://schemas.dmtf.org/cimi/2/Network".into()), ..Default::default() };
    network::NETWORK_TEMPLATE_BY_VALUE.set(&mut said, true);
    network::INITIAL_STATES.set(&mut said, vec!["STARTED".to_owned()]);
    network::DEFAULT_INITIAL_STATE.set(&mut said, "STARTED");
    for dialect in [Dialect::V1, Dialect::V2] {
        for text in [json::to_string(&said, dialect.into()).unwrap(), xml::to_string(&said, dialect.into()).unwrap()] {
            let again = parsed(&text);
            assert!(network::NETWORK_TEMPLATE_BY_VALUE.get(&again), "{text}");
            assert_eq!(network::INITIAL_STATES.get(&again).unwrap(), ["STARTED"], "{text}");
            assert_eq!(network::DEFAULT_INITIAL_STATE.get(&again).unwrap(), "STARTED", "{text}");
            assert_eq!(texts(&again), Vec::<String>::new());
        }
    }
}

#[test]
fn setting_replaces_the_value_and_keeps_the_rest() {
    let mut said = metadata(vec![
        Capability { description: Some("kept".into()), ..stated(&volume::VOLUME_SNAPSHOT.definition, None) },
        stated(&volume::SHARED_VOLUME_SUPPORT.definition, None),
    ]);
    volume::VOLUME_SNAPSHOT.set(&mut said, false);
    assert_eq!(said.capabilities.len(), 2);
    assert_eq!(said.capabilities[0].description.as_deref(), Some("kept"));
    assert!(!volume::VOLUME_SNAPSHOT.get(&said));
    volume::VOLUME_SNAPSHOT.remove(&mut said);
    assert_eq!(said.capabilities.len(), 1);
    assert!(volume::SHARED_VOLUME_SUPPORT.get(&said));
}

/// The implications of table 7: capability, and what shall be true with it.
const IMPLICATIONS: &[(&str, &str, &str)] = &[
    ("Machine", "MachineConfigByValue", "MachineTemplateByValue"),
    ("Machine", "MachineCredentialByValue", "MachineTemplateByValue"),
    ("Machine", "MachineImageByValue", "MachineTemplateByValue"),
    ("Machine", "MachineVolumeTemplatesByValue", "MachineTemplateByValue"),
    ("Volume", "VolumeConfigByValue", "VolumeTemplateByValue"),
    ("Volume", "VolumeImageByValue", "VolumeTemplateByValue"),
];

fn named(resource: &str, name: &str) -> &'static CapabilityDefinition {
    ALL.iter().find(|definition| (definition.resource, definition.name) == (resource, name)).unwrap()
}

#[test]
fn implications_hold() {
    for definition in ALL.iter().filter(|definition| definition.kind == CapabilityKind::Boolean) {
        let implied = IMPLICATIONS.iter().find(|row| (row.0, row.1) == (definition.resource, definition.name));
        let alone = metadata(vec![stated(definition, Some(true.into()))]);
        let expected = implied
            .map(|row| format!("/ResourceMetadata/capabilities[0]: {definition}: is true, and {} is not", row.2));
        assert_eq!(texts(&alone), expected.into_iter().collect::<Vec<_>>());
        let Some(row) = implied else { continue };
        let other = named(row.0, row.2);
        for (value, good) in [(Some(true.into()), true), (None, true), (Some(false.into()), false)] {
            let both = metadata(vec![stated(definition, Some("true".into())), stated(other, value)]);
            assert_eq!(texts(&both).is_empty(), good, "{definition}");
        }
        let no = metadata(vec![stated(definition, Some(false.into()))]);
        assert_eq!(texts(&no), Vec::<String>::new());
    }
}

#[test]
fn values_of_another_kind_are_problems_and_count_as_absent() {
    for definition in ALL {
        let bad: &[Any] = &match definition.kind {
            CapabilityKind::Boolean => vec!["yes".into(), 2.into(), Any::Array(vec![]), Any::Null],
            CapabilityKind::Integer => vec!["five".into(), true.into(), "1.5".into()],
            CapabilityKind::String => vec![true.into(), "".into(), Any::Array(vec!["STARTED".into()])],
            _ => vec![true.into(), 5.into(), Any::Array(vec![1.into()])],
        };
        for value in bad {
            let said = metadata(vec![stated(definition, Some(value.clone()))]);
            assert_eq!(problems(&said).len(), 1, "{definition}: {value:?}");
        }
    }
    let said = metadata(vec![stated(&machine::MACHINE_STOP_FORCE.definition, Some("yes".into()))]);
    assert!(!machine::MACHINE_STOP_FORCE.get(&said));
}

#[test]
fn values_are_those_that_there_are() {
    let mut said = ResourceMetadata::default();
    for good in ["metadata", "disk", "imgmod"] {
        machine::USER_DATA.set(&mut said, good);
        assert_eq!(texts(&said), Vec::<String>::new());
    }
    machine::USER_DATA.set(&mut said, "floppy");
    assert_eq!(
        texts(&said),
        ["/ResourceMetadata/capabilities[0]: Machine/UserData: 'floppy' is none of metadata, disk, imgmod"]
    );
    let mut said = ResourceMetadata::default();
    cloud_entry_point::MAX_PROPERTY_ITEMS.set(&mut said, -1);
    assert_eq!(texts(&said), ["/ResourceMetadata/capabilities[0]: CloudEntryPoint/MaxPropertyItems: is negative"]);
}

#[test]
fn defaults_are_among_the_allowed_states() {
    for resource in ["Machine", "Network", "NetworkInterface", "NetworkService", "ProtocolEndpoint", "ProtocolSegment"]
    {
        let default = stated(named(resource, "DefaultInitialState"), Some("PAUSED".into()));
        let states = |text: &str| stated(named(resource, "InitialStates"), Some(text.into()));
        assert_eq!(texts(&metadata(vec![default.clone()])), Vec::<String>::new());
        assert_eq!(texts(&metadata(vec![default.clone(), states("STARTED PAUSED")])), Vec::<String>::new());
        assert_eq!(
            texts(&metadata(vec![default, states("STARTED")])),
            [format!(
                "/ResourceMetadata/capabilities[0]: {resource}/DefaultInitialState: 'PAUSED' is not among InitialStates"
            )]
        );
    }
}

#[test]
fn all_problems_are_found_with_their_paths() {
    let said = ResourceMetadata {
        type_uri: Some("http://schemas.dmtf.org/cimi/2/Volume".into()),
        capabilities: vec![
            stated(&volume::VOLUME_IMAGE_BY_VALUE.definition, None),
            Capability { uri: Some("http://example.com/capability/own".into()), ..Default::default() },
            stated(&event_log::LINKED.definition, Some("maybe".into())),
            stated(&volume::VOLUME_IMAGE_BY_VALUE.definition, Some(false.into())),
        ],
        ..Default::default()
    };
    assert_eq!(
        texts(&said),
        [
            "/ResourceMetadata/capabilities[0]: Volume/VolumeImageByValue: is true, and VolumeTemplateByValue is not",
            "/ResourceMetadata/capabilities[2]: EventLog/Linked: 'maybe' where a boolean is expected",
            "/ResourceMetadata/capabilities[2]: EventLog/Linked: is stated for 'http://schemas.dmtf.org/cimi/2/Volume'",
            "/ResourceMetadata/capabilities[3]: Volume/VolumeImageByValue: is stated twice, and the first one counts",
        ]
    );
}

#[test]
fn a_provider_has_capabilities_of_its_own() {
    const QUIET: CapabilityKey<bool> =
        CapabilityKey::new("Machine", "Quiet", "Machines make no noise.").namespace("http://example.com/v1");
    let mut said = ResourceMetadata::default();
    QUIET.set(&mut said, true);
    assert!(QUIET.get(&said));
    assert!(capabilities::is_true(&[&said], "http://example.com/v1/capability/Machine/Quiet"));
    assert!(!capabilities::is_true(&[&said], "http://schemas.dmtf.org/cimi/2/capability/Machine/Quiet"));
    let text = json::to_string(&said, Dialect::V1.into()).unwrap();
    assert!(text.contains("http://example.com/v1/capability/Machine/Quiet"), "{text}");
    assert!(QUIET.get(&parsed(&text)));
}

#[test]
fn one_of_several_documents_may_say_it() {
    let linked = event_log::LINKED.uri(Dialect::V2);
    let yes = metadata(vec![Capability { uri: Some(event_log::LINKED.uri(Dialect::V1).into()), ..Default::default() }]);
    let no = ResourceMetadata::default();
    assert!(capabilities::is_true(&[&no, &yes], &linked));
    assert!(!capabilities::is_true(&[&no], &linked));
}
