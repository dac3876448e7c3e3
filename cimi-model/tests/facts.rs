//! The tables against the fact tables of the standard, row by row and in both directions.
//!
//! `tests/data/attributes.tsv` says the same in this project's own words and is checked everywhere; this test reads the
//! tables that were made from the standard and its schema by others, where `CIMI_TEST_DATA` has them.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test may panic"
)]

#[path = "support/facts.rs"]
mod facts;

use std::collections::{BTreeMap, BTreeSet};

use cimi_model::meta::{Attribute, Kind, Role, Type};
use cimi_model::registry::Registry;
use cimi_model::{Dialect, SampleValue, reflect::Described};

/// All types by name: those of the registry and those that they lead to.
fn types() -> BTreeMap<&'static str, &'static Type> {
    Registry::standard().types().into_iter().map(|found| (found.name, found)).collect()
}

/// The types that a row of the attribute table is about.
fn owners<'t>(types: &BTreeMap<&'static str, &'t Type>, resource: &str) -> Vec<&'t Type> {
    let name = match resource {
        "(common)" => return resources(types, |_| true),
        "(any Resource)" => return types.values().copied().filter(|found| found.role == Role::Resource).collect(),
        "Collection" => return types.values().copied().filter(|found| found.role == Role::Collection).collect(),
        "(ResourceNameCreate)" => {
            let create = |found: &&Type| found.role == Role::Create && found.name != "Action";
            return types.values().copied().filter(create).collect();
        }
        "Action (request body)" => "Action",
        "SystemService/HighReliability" | "SystemService/DisasterRecovery" => "SystemService",
        "SystemService/HighReliability.parameters" => "HighReliability.parameters",
        "SystemService/DisasterRecovery.parameters" => "DisasterRecovery.parameters",
        "serviceDescriptor/highreliability" => "highreliability",
        "EventLog.summary" => "summary",
        "MachineTemplate.volume" => "volume",
        "MachineTemplate.volumeTemplate" => "volumeTemplate",
        "Credential/UserNamePassword" | "Credential/PublicKey" => "Credential",
        name if name.starts_with("Event.content[") => "content",
        name => name,
    };
    types.get(name).copied().into_iter().collect()
}

fn resources<'t>(types: &BTreeMap<&'static str, &'t Type>, also: fn(&Type) -> bool) -> Vec<&'t Type> {
    types.values().copied().filter(|found| found.role == Role::Resource && also(found)).collect()
}

/// The kind as the fact tables spell it.
fn spell(kind: Kind) -> String {
    match kind {
        Kind::String | Kind::Enumeration(_) => "string".into(),
        Kind::Integer => "integer".into(),
        Kind::Boolean => "boolean".into(),
        Kind::Uri => "uri".into(),
        Kind::DateTime => "dateTime".into(),
        Kind::Duration => "duration".into(),
        Kind::Binary => "bytes".into(),
        Kind::Map => "map".into(),
        Kind::Any => "any".into(),
        Kind::Structure(_) => "structure".into(),
        Kind::Ref(described) => if described().members.is_some() { "collection" } else { "ref" }.into(),
        Kind::Array(item) => format!("{}[]", spell(*item)),
        other => format!("{other:?}"),
    }
}

/// Rows that are not attributes of a table, with the reason.
const NOT_ATTRIBUTES: &[(&str, &str, &str)] = &[
    ("property", "*", "a pair of `properties`, which is a map"),
    ("attribute", "required", "of 1.x; table 6 of 2.0 has four constraints in its place"),
    ("valueScope (scope)", "*", "the module `scope`"),
    ("summary (example)", "*", "an example of a structure"),
    ("(any Resource)", "resourceURI", "written by the codecs from the type"),
    ("Action (request body)", "resourceURI", "written by the codecs from the type"),
    ("(ResourceNameCreate)", "resourceURI", "written by the codecs from the type"),
    ("(ResourceNameCreate)", "resourceTemplate", "named after the template"),
    ("Collection", "resourceSpecificGroupingName", "named after the members"),
    ("componentDescriptor", "<componentResource>", "one attribute for each name that it can have"),
    ("Event.content[http://schemas.dmtf.org/cloud/audit/1.0/]", "content", "the extensions of `content`"),
];

/// Kinds that were read differently, with the reason.
const OTHER_KIND: &[(&str, &str, &str)] = &[
    ("Event", "content", "a structure in whose place any value may stand"),
    ("ResourceMetadata", "vscope", "kept as any value, typed by the module `scope`"),
    ("operation", "rel", "a URI or a word, and every word is a URI reference"),
    ("SystemService/HighReliability", "machines", "the collection of the base type"),
];

fn listed(list: &[(&str, &str, &str)], resource: &str, attribute: &str) -> bool {
    list.iter().any(|(of, name, _)| *of == resource && (*name == attribute || *name == "*"))
}

/// The attribute of a row in the model; slips in the spelling are aliases.
fn find<'t>(found: &'t Type, name: &str) -> Option<&'t Attribute> {
    found.attributes.iter().find(|attribute| attribute.name == name || attribute.aliases.contains(&name))
}

#[test]
fn each_row_of_2_0_is_in_the_model() {
    let Some(rows) = facts::rows("each_row_of_2_0_is_in_the_model", "cimi-2.0-attributes.tsv") else { return };
    let types = types();
    let mut problems = Vec::new();
    for row in &rows {
        let (resource, name) = (row["resource"].as_str(), row["attribute"].as_str());
        if listed(NOT_ATTRIBUTES, resource, name) {
            continue;
        }
        let owners = owners(&types, resource);
        if owners.is_empty() {
            problems.push(format!("{resource} is not in the model"));
        }
        for owner in owners {
            // These have no common attributes of their own in the standard, or have them by their target.
            if owner.name == "Resource" && resource != "(common)" {
                continue;
            }
            let Some(attribute) = find(owner, name) else {
                problems.push(format!("{}.{name} is not in the model", owner.name));
                continue;
            };
            // Some types have an attribute of their own in place of a common one.
            let own =
                matches!((owner.name, name), ("ResourceMetadata", "name") | ("CloudEntryPoint", "resourceMetadata"))
                    && resource == "(common)";
            if own {
                continue;
            }
            let same = spell(attribute.kind) == row["kind"] || listed(OTHER_KIND, resource, name);
            if !same {
                problems.push(format!("{}.{name} is {}, not {}", owner.name, spell(attribute.kind), row["kind"]));
            }
            if !Dialect::V2.has(attribute.versions) {
                problems.push(format!("{}.{name} is not in 2.0", owner.name));
            }
            if row["unit"] != "-" && attribute.unit != Some(row["unit"].as_str()) {
                problems.push(format!("{}.{name} has the unit {:?}, not {}", owner.name, attribute.unit, row["unit"]));
            }
            constraints(&mut problems, owner, attribute, row);
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    println!("{} rows", rows.len());
}

/// The constraints of a row, where the standard gives them or assumes them (5.3).
fn constraints(problems: &mut Vec<String>, owner: &Type, attribute: &Attribute, row: &BTreeMap<String, String>) {
    let expected =
        ["providerMandatory", "consumerMandatory", "mutable", "consumerWritable"].map(|name| row[name].as_str());
    let parameters = owner.role == Role::Keys;
    if expected.contains(&"-") || parameters {
        return;
    }
    let actual = attribute.constraints;
    // A state changes by operations only (5.8), and a Job is the provider's: readings 17.
    let provider_only = attribute.name == "state" || owner.name == "Job";
    let pairs = [
        actual.provider_mandatory,
        actual.consumer_mandatory,
        actual.mutable,
        actual.consumer_writable || (provider_only && row["constraint_source"] == "default"),
    ];
    // 1.x wording: `latestSnapshot` is the provider's to set.
    if attribute.name != "latestSnapshot" && pairs.map(|one| one.to_string()) != expected.map(str::to_owned) {
        problems.push(format!("{}.{} has the constraints {pairs:?}, not {expected:?}", owner.name, attribute.name));
    }
}

/// Where an attribute of the model comes from in the 1.x schema: the owner's elements, by name or item name.
fn schema() -> Option<BTreeMap<String, BTreeSet<String>>> {
    let rows = facts::rows("1.x", "cimi-1.1-elements.tsv")?;
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        owners.entry(row["owner"].clone()).or_default().insert(row["child"].clone());
    }
    Some(owners)
}

fn schema_owner(found: &Type) -> &str {
    match found.name {
        "componentDescriptor" => "SystemTemplateElements/componentDescriptor",
        "disk" => "MachineConfigurationElements/disk",
        "volume" => "MachineTemplateElements/volume",
        "volumeTemplate" => "MachineTemplateElements/volumeTemplate",
        "attribute" => "ResourceMetadataElements/attribute",
        "capability" => "ResourceMetadataElements/capability",
        "action" => "ResourceMetadataElements/action",
        "summary" => "EventLogElements/summary",
        "content" => "EventElements/content",
        "operation" => "operationType",
        "NetworkInterfaceTemplate" => "NetworkInterface",
        _ => found.name_in(Dialect::V1),
    }
}

#[test]
fn each_element_of_1_x_is_in_the_model() {
    let Some(schema) = schema() else { return };
    let types = types();
    let by_owner: BTreeMap<&str, &Type> = types
        .values()
        .filter(|found| found.role != Role::Collection && Dialect::V1.has(found.versions))
        .map(|found| (schema_owner(found), *found))
        .collect();
    let mut problems = Vec::new();
    let mut compared = 0;
    for (owner, children) in &schema {
        // References and groups have the elements of what they refer to.
        let repeats = owner.ends_with("Ref") || (owner.ends_with("Elements") && !owner.contains('/'));
        if repeats || ["Collection", "propertyType", "commonElements"].contains(&owner.as_str()) {
            continue;
        }
        let Some(found) = by_owner.get(owner.as_str()) else {
            problems.push(format!("{owner} is not in the model"));
            continue;
        };
        let flat = found.attributes.iter().find(|attribute| attribute.v1_flat).and_then(|flat| flat.kind.target());
        for child in children.iter().filter(|child| !child.starts_with('(') && *child != "href") {
            compared += 1;
            let named = |attribute: &Attribute| {
                Dialect::V1.has(attribute.versions)
                    && (attribute.name_in(Dialect::V1) == child || attribute.item_in(Dialect::V1) == child)
            };
            let inside = flat.is_some_and(|flat| flat.attributes.iter().any(named));
            // The value of a capability is an element in 1.x, and named after the attribute.
            if !found.attributes.iter().any(named) && !inside {
                problems.push(format!("{owner}/{child} is not in the model"));
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    println!("{compared} elements");
}

/// Attributes of the model that no fact table has, with the reason.
const OF_THE_MODEL: &[(&str, &str, &str)] = &[
    ("Resource", "count", "of a collection that a reference to anything leads to"),
    ("locatedVolume", "*", "the attributes of the Volume, which the item has as well"),
    ("RecoverableMachine", "*", "the attributes of the Machine, which the item has as well"),
    ("componentDescriptor", "*", "the names that `<componentResource>` can have"),
    ("CredentialTemplate", "*", "the attributes that its Credentials get"),
    ("MachineTemplate.volumeTemplate", "*", "the target"),
];

#[test]
fn each_attribute_of_the_model_is_a_row() {
    let (Some(rows), Some(schema)) = (facts::rows("model", "cimi-2.0-attributes.tsv"), schema()) else { return };
    let types = types();
    let mut known: BTreeSet<(&str, String)> = BTreeSet::new();
    for row in &rows {
        for owner in owners(&types, &row["resource"]) {
            if let Some(attribute) = find(owner, &row["attribute"]) {
                known.insert((owner.name, attribute.name.to_owned()));
            }
        }
    }
    let mut problems = Vec::new();
    for found in types.values() {
        for attribute in found.attributes {
            let in_2_0 = known.contains(&(found.name, attribute.name.to_owned()));
            let elements = schema.get(schema_owner(found));
            let in_1_x = elements.is_some_and(|elements| {
                elements.contains(attribute.name_in(Dialect::V1)) || elements.contains(attribute.item_in(Dialect::V1))
            });
            let members = found.members.is_some_and(|members| members.grouping == attribute.name);
            let template = found.role == Role::Create && attribute.name.ends_with("Template");
            let reason = listed(OF_THE_MODEL, found.name, attribute.name);
            if !(in_2_0 || in_1_x || members || template || reason || attribute.v1_flat) {
                problems.push(format!("{}.{} is in no fact table", found.name, attribute.name));
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn each_type_of_2_0_is_in_the_registry() {
    let Some(rows) = facts::rows("each_type_of_2_0_is_in_the_registry", "cimi-2.0-resources.tsv") else { return };
    let registry = Registry::standard();
    let mut problems = Vec::new();
    for row in rows.iter().filter(|row| row["type_uri"].starts_with("http") && row["kind"] != "resource variant") {
        let Some(entry) = registry.by_uri(&row["type_uri"]) else {
            problems.push(format!("{} is not in the registry", row["resource"]));
            continue;
        };
        let found = entry.record_type;
        if found.uri(Dialect::V2) != row["type_uri"] {
            problems.push(format!("{} has the type URI {}", row["resource"], found.uri(Dialect::V2)));
        }
        if row["collection_json_grouping"] != "-" && found.role == Role::Resource {
            let collection = registry.by_name(&row["collection"]).map(|entry| entry.record_type);
            let grouping = collection.and_then(|collection| collection.members).map(|members| members.grouping);
            if grouping != Some(row["collection_json_grouping"].as_str()) {
                problems.push(format!("{} has members in {grouping:?}", row["collection"]));
            }
        }
    }
    assert!(registry.by_uri("http://schemas.dmtf.org/cimi/2/SampleValue").is_none(), "{}", SampleValue::TYPE.name);
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
