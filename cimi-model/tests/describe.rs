//! `ResourceMetadata` made from the tables, and read back (5.11).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use cimi_model::describe::{
    DescribeOptions, Governing, Source, described_constraints, effective, is_extension, kind_name, metadata_for,
    operation_uri, set_constraints,
};
use cimi_model::meta::{Constraints, Role, Type};
use cimi_model::reflect::Described;
use cimi_model::validate::{Severity, Validation};
use cimi_model::{
    ActionDescription, AttributeDescription, Collection, Dialect, Machine, MachineTemplate, ReadOptions, Ref, Registry,
    ResourceMetadata, Volume, capabilities, json, xml,
};

cimi_model::resource! {
    /// A provider's own type.
    pub Rack = "Rack" [namespace("http://example.com/racks"), operations(&["edit", "delete", "start", "rotate"])] {
        /// The height.
        height: Option<i64> = "height" [constraints(true, true, false, false)],
        /// The Machines.
        machines: Option<Ref<Collection<Machine>>> = "machines" [v2_only],
        /// Labels.
        labels: Vec<String> = "labels" [item("label")],
        /// How many there are: no common attribute, though collections have one of this name.
        count: Option<i64> = "count",
    }
}
cimi_model::collection!(Rack, "RackCollection", "racks");

const BOTH: [Dialect; 2] = [Dialect::V1, Dialect::V2];

fn registry() -> Registry {
    Registry::standard().with_collection::<Rack>()
}

fn row<'m>(metadata: &'m ResourceMetadata, name: &str) -> &'m AttributeDescription {
    metadata.attributes.iter().find(|row| row.name.as_deref() == Some(name)).unwrap()
}

fn options(dialect: Dialect) -> DescribeOptions {
    DescribeOptions::new(dialect)
}

/// The rows of the standard's tables: type, attribute, name in 1.x, constraints; those of a version.
fn standard(dialect: Dialect) -> BTreeMap<String, BTreeMap<String, String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/attributes.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut types: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let is_in = match dialect {
            Dialect::V1 => fields[2] != "2",
            Dialect::V2 => fields[2] != "1",
        };
        let old = fields[5].split('/').next().unwrap();
        let name = if dialect == Dialect::V1 && !matches!(old, "" | "-") { old } else { fields[1] };
        if is_in {
            types.entry(fields[0].to_owned()).or_default().insert(name.to_owned(), fields[8].to_owned());
        }
    }
    types
}

/// The types of a version that a registry leads to.
fn types(registry: &Registry, dialect: Dialect) -> impl Iterator<Item = &'static Type> {
    registry.types().into_iter().filter(move |found| dialect.has(found.versions))
}

#[test]
fn descriptions_are_those_of_the_standards_tables() {
    for dialect in BOTH {
        let standard = standard(dialect);
        let mut compared = 0;
        for entry in &Registry::standard() {
            let described = entry.record_type;
            let Some(rows) = standard.get(described.name).filter(|_| dialect.has(described.versions)) else { continue };
            let metadata = metadata_for(described, &options(dialect));
            let own: BTreeMap<String, String> = metadata
                .attributes
                .iter()
                .map(|row| {
                    let flags = [row.provider_mandatory, row.consumer_mandatory, row.mutable, row.consumer_writable];
                    let letter = |flag: Option<bool>| flag.map_or("-", |flag| if flag { "T" } else { "F" });
                    let text = match dialect {
                        Dialect::V1 => letter(row.required).to_owned(),
                        Dialect::V2 => flags.map(letter).concat(),
                    };
                    (row.name.clone().unwrap(), text)
                })
                .collect();
            let expected: BTreeMap<String, String> = rows
                .iter()
                .map(|(name, flags)| match dialect {
                    Dialect::V1 => (name.clone(), flags[..1].to_owned()),
                    Dialect::V2 => (name.clone(), flags.clone()),
                })
                .collect();
            assert_eq!(own, expected, "{} in {dialect:?}", described.name);
            assert_eq!(metadata.type_uri, Some(described.uri(dialect).into()));
            compared += 1;
        }
        assert!(compared > 40, "{compared}");
    }
}

#[test]
fn only_extensions_have_namespace_and_type() {
    let registry = registry();
    for dialect in BOTH {
        for described in types(&registry, dialect) {
            let metadata = metadata_for(described, &options(dialect));
            for row in &metadata.attributes {
                assert_eq!(row.namespace.is_some(), row.type_name.is_some());
                assert!(described.namespace.is_some() || row.namespace.is_none(), "{} {row:?}", described.name);
                assert_eq!(row.required.is_some(), dialect == Dialect::V1);
                assert_eq!(row.mutable.is_some(), dialect == Dialect::V2);
            }
        }
    }
    let metadata = metadata_for(Rack::described(), &options(Dialect::V2));
    let extended: Vec<(&str, &str)> = metadata
        .attributes
        .iter()
        .filter(|row| row.namespace == Some("http://example.com/racks".into()))
        .map(|row| (row.name.as_deref().unwrap(), row.type_name.as_deref().unwrap()))
        .collect();
    assert_eq!(
        extended,
        [("height", "integer"), ("machines", "collection[Machine]"), ("labels", "string[]"), ("count", "integer")]
    );
    assert_eq!(row(&metadata, "height").consumer_mandatory, Some(true));
    let metadata = metadata_for(Collection::<Rack>::described(), &options(Dialect::V2));
    let extended: Vec<_> = metadata.attributes.iter().filter(|row| row.namespace.is_some()).collect();
    assert_eq!(extended.len(), 1);
    assert_eq!(extended[0].name.as_deref(), Some("racks"));
    assert_eq!(extended[0].type_name.as_deref(), Some("Rack[]"));
}

#[test]
fn every_type_survives_both_formats_in_its_dialect() {
    let registry = registry();
    let mut count = 0;
    for dialect in BOTH {
        for described in types(&registry, dialect) {
            let mut options = options(dialect);
            options.capabilities.push(capabilities::machine::MACHINE_STOP_FORCE.with(true));
            options.media_type = Some("application/json".into());
            let metadata = ResourceMetadata { id: Some("metadata/1".into()), ..metadata_for(described, &options) };
            let text = json::to_string(&metadata, dialect.into()).unwrap();
            let again: ResourceMetadata = json::from_slice(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
            same(&again, &metadata, described, &text);
            let text = xml::to_string(&metadata, dialect.into()).unwrap();
            let again: ResourceMetadata = xml::from_slice(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
            assert!(capabilities::machine::MACHINE_STOP_FORCE.get(&again));
            let again = ResourceMetadata { capabilities: metadata.capabilities.clone(), ..again };
            same(&again, &metadata, described, &text);
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn the_metadata_of_every_type_is_valid() {
    let registry = registry();
    for dialect in BOTH {
        for described in types(&registry, dialect) {
            let metadata =
                ResourceMetadata { id: Some("metadata/1".into()), ..metadata_for(described, &options(dialect)) };
            let validation = Validation { dialect: Some(dialect), registry: Some(&registry), ..Validation::read() };
            let errors = validation.problems(&metadata).into_iter().filter(|found| found.severity == Severity::Error);
            assert_eq!(errors.map(|found| found.to_string()).collect::<Vec<_>>(), [""; 0], "{}", described.name);
        }
    }
}

/// Records hold URIs of the standard in the form of 2.0.
fn same(again: &ResourceMetadata, metadata: &ResourceMetadata, described: &Type, text: &str) {
    let held = |metadata: &ResourceMetadata| {
        let mut metadata = metadata.clone();
        metadata.type_uri = None;
        for action in &mut metadata.actions {
            action.uri = action.uri.take().map(|uri| uri.as_str().replace("/cimi/1/", "/cimi/2/").into());
        }
        metadata
    };
    assert_eq!(held(again), held(metadata), "{}\n{text}", described.name);
    assert!(described.is_uri(again.type_uri.as_ref().unwrap().as_str()), "{text}");
}

#[test]
fn a_provider_narrows_omits_and_adds() {
    let mut options = options(Dialect::V2);
    options.unsupported = vec!["cpuSpeed".into(), "networkInterfaces".into()];
    let fixed = Constraints { mutable: false, consumer_writable: false, ..Constraints::DEFAULT };
    options.constraints = vec![("memory".into(), fixed), ("cpuSpeed".into(), fixed)];
    options.extensions.push(AttributeDescription {
        name: Some("rack".into()),
        namespace: Some("http://example.com/".into()),
        type_name: Some("string".into()),
        ..Default::default()
    });
    options.actions.push(ActionDescription { name: Some("compress".into()), ..Default::default() });
    let metadata = metadata_for(Machine::described(), &options);
    for name in ["cpuSpeed", "interfaces"] {
        let flags = described_constraints(row(&metadata, name), Constraints::DEFAULT);
        let nothing = Constraints { provider_mandatory: false, ..fixed };
        assert_eq!(flags, nothing, "{name}");
    }
    assert_eq!(described_constraints(row(&metadata, "memory"), Constraints::DEFAULT), fixed);
    assert_eq!(described_constraints(row(&metadata, "cpu"), fixed), Constraints::DEFAULT);
    assert_eq!(metadata.attributes.last().unwrap().name.as_deref(), Some("rack"));
    assert_eq!(metadata.actions.last().unwrap().name.as_deref(), Some("compress"));

    options.changes_only = true;
    let metadata = metadata_for(Machine::described(), &options);
    let names: BTreeSet<&str> = metadata.attributes.iter().filter_map(|row| row.name.as_deref()).collect();
    assert_eq!(names, BTreeSet::from(["cpuSpeed", "interfaces", "memory", "rack"]));
    assert_eq!(metadata.actions.len(), 1);
    let plain = options_only_changes();
    let metadata = metadata_for(Volume::described(), &plain);
    assert!(metadata.attributes.is_empty() && metadata.actions.is_empty());
}

fn options_only_changes() -> DescribeOptions {
    DescribeOptions { changes_only: true, ..Default::default() }
}

#[test]
fn actions_are_all_operations_of_the_type() {
    let mut options = options(Dialect::V1);
    options.media_type = Some("application/xml".into());
    options.unsupported_operations.push("delete".into());
    let metadata = metadata_for(Rack::described(), &options);
    let said: Vec<(&str, &str, &str, bool)> = metadata
        .actions
        .iter()
        .map(|action| {
            let uri = action.uri.as_ref().unwrap().as_str();
            (action.name.as_deref().unwrap(), uri, action.method.as_deref().unwrap(), action.input_message.is_some())
        })
        .collect();
    let start = if types(&Registry::standard(), Dialect::V2).any(|found| found.operations.contains(&"start")) {
        "http://schemas.dmtf.org/cimi/1/action/start"
    } else {
        "http://example.com/racks/action/start"
    };
    let rotate = "http://example.com/racks/action/rotate";
    assert_eq!(said, [("edit", "edit", "PUT", true), ("start", start, "POST", true), ("rotate", rotate, "POST", true)]);
    options.unsupported_operations.clear();
    let metadata = metadata_for(Rack::described(), &options);
    let delete = &metadata.actions[1];
    assert_eq!((delete.method.as_deref(), delete.input_message.as_deref()), (Some("DELETE"), None));

    // What the standard's types support is in their tables, and nowhere else.
    for described in types(&Registry::standard(), Dialect::V2) {
        let metadata = metadata_for(described, &DescribeOptions::default());
        let uris: Vec<String> =
            metadata.actions.iter().map(|action| action.uri.as_ref().unwrap().to_string()).collect();
        let expected: Vec<String> =
            described.operations.iter().map(|operation| operation_uri(described, operation, Dialect::V2)).collect();
        assert_eq!(uris[..expected.len()], expected);
        let conditional = described.operations_if.iter().flat_map(|entry| entry.operations);
        for operation in conditional {
            assert!(uris.contains(&operation_uri(described, operation, Dialect::V2)), "{operation}");
        }
    }
    assert_eq!(operation_uri(Rack::described(), "urn:x:spin", Dialect::V2), "urn:x:spin");
}

#[test]
fn the_most_particular_metadata_governs_alone() {
    let say = |described: &'static Type, name: &str, mutable: bool| {
        let mut options = options_only_changes();
        let constraints =
            Constraints { mutable, consumer_writable: mutable, consumer_mandatory: true, ..Constraints::DEFAULT };
        options.constraints.push((name.into(), constraints));
        metadata_for(described, &options)
    };
    let cep = [
        say(Volume::described(), "capacity", false),
        say(Machine::described(), "cpu", false),
        say(Machine::described(), "cpu", true),
    ];
    let template = say(Machine::described(), "memory", false);
    let instance = say(Machine::described(), "name", false);
    let other = say(Volume::described(), "name", false);
    let mut governing = Governing::default();
    let find = |governing: &Governing<'_>, name: &str| {
        let found = effective(Machine::described(), name, governing).unwrap();
        (found.constraints.mutable, found.source)
    };
    assert_eq!(find(&governing, "cpu"), (true, Source::Table));
    assert_eq!(find(&governing, "id"), (false, Source::Table));
    governing.cep = &cep;
    assert_eq!(find(&governing, "cpu"), (false, Source::Cep));
    assert_eq!(find(&governing, "memory"), (true, Source::Table));
    governing.template = Some(&template);
    assert_eq!(find(&governing, "memory"), (false, Source::Template));
    assert_eq!(find(&governing, "cpu"), (true, Source::Table), "overridden as a whole");
    governing.instance = Some(&other);
    assert_eq!(find(&governing, "memory"), (false, Source::Template), "metadata of another type");
    governing.instance = Some(&instance);
    assert_eq!(find(&governing, "name"), (false, Source::Instance));
    assert_eq!(find(&governing, "memory"), (true, Source::Table));
    assert_eq!(effective(Machine::described(), "rack", &governing), None);
    assert_eq!(effective(MachineTemplate::described(), "cpu", &governing), None);
}

#[test]
fn what_a_description_leaves_open_is_as_in_the_table() {
    let mut metadata = ResourceMetadata::default();
    let named = |name: &str| AttributeDescription { name: Some(name.into()), ..Default::default() };
    metadata.attributes = vec![
        named("id"),
        AttributeDescription { required: Some(false), ..named("networkInterfaces") },
        AttributeDescription { mutable: Some(false), ..named("cpu") },
        named("rack"),
    ];
    let governing = Governing { instance: Some(&metadata), ..Default::default() };
    let find = |name: &str| effective(Machine::described(), name, &governing).unwrap().constraints;
    assert_eq!(find("id"), Machine::described().attribute("id").unwrap().constraints);
    assert_eq!(find("interfaces"), Constraints { provider_mandatory: false, ..Constraints::DEFAULT });
    // What is immutable is not writable (5.3).
    assert_eq!(find("cpu"), Constraints { mutable: false, consumer_writable: false, ..Constraints::DEFAULT });
    assert_eq!(find("rack"), Constraints::DEFAULT);
}

#[test]
fn effective_constraints_are_what_was_described() {
    let registry = registry();
    for described in types(&registry, Dialect::V2) {
        let metadata = metadata_for(described, &DescribeOptions::default());
        let governing = Governing { instance: Some(&metadata), ..Default::default() };
        for attribute in described.attributes.iter().filter(|attribute| Dialect::V2.has(attribute.versions)) {
            let found = effective(described, attribute.name, &governing).unwrap();
            assert_eq!((found.constraints, found.source), (attribute.constraints, Source::Instance));
        }
    }
}

#[test]
fn types_are_each_there_once_and_all() {
    let registry = registry();
    for dialect in BOTH {
        let all: Vec<&Type> = types(&registry, dialect).collect();
        let names: BTreeSet<(Option<&str>, &str, String)> =
            all.iter().map(|found| (found.namespace, found.name, format!("{:?}", found.role))).collect();
        assert_eq!(names.len(), all.len());
        for entry in registry.iter().filter(|entry| dialect.has(entry.record_type.versions)) {
            assert!(all.iter().any(|found| std::ptr::eq(*found, entry.record_type)), "{entry:?}");
        }
        assert!(all.iter().all(|found| dialect.has(found.versions)));
        assert!(all.iter().any(|found| found.name == "disk" && found.role == Role::Structure));
        assert!(all.iter().any(|found| found.name == "operation"));
    }
    let keys = types(&registry, Dialect::V2).any(|found| found.name == "IPv4ProtocolParameters");
    assert!(keys, "the keys of a map are types as well");
}

#[test]
fn kinds_have_the_names_of_the_tables() {
    let registry = registry();
    let mut names = BTreeSet::new();
    for described in types(&registry, Dialect::V2) {
        names.extend(described.attributes.iter().map(|attribute| kind_name(attribute.kind, Dialect::V2)));
    }
    for name in [
        "string",
        "integer",
        "boolean",
        "URI",
        "dateTime",
        "duration",
        "ref",
        "ref[]",
        "map",
        "any",
        "disk[]",
        "collection[Disk]",
        "URI[]",
    ] {
        assert!(names.contains(name), "{name} is missing in {names:?}");
    }
}

#[test]
fn common_attributes_are_no_extensions() {
    let common = |name: &str| is_extension(Rack::described(), Rack::described().attribute(name).unwrap());
    assert!(!common("id") && !common("operations") && !common("parent"));
    assert!(common("height") && common("count"));
    let mut row = AttributeDescription::default();
    set_constraints(&mut row, Constraints::DEFAULT);
    assert_eq!(
        described_constraints(&row, Constraints { mutable: false, ..Constraints::DEFAULT }),
        Constraints::DEFAULT
    );
}
