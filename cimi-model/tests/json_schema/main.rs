//! The JSON Schemas, held against strict reading and the tables with a validator that knows neither.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod documents;
mod mutations;
mod provider_types;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
mod values;

use std::collections::HashSet;

use cimi_model::meta::Type;
use cimi_model::registry::Entry;
use cimi_model::schema::{JsonSchemas, Receiver};
use cimi_model::{Dialect, Document, ReadOptions, Registry};
use jsonschema::Validator;
use serde_json::{Value, json};

const DIALECTS: [Dialect; 2] = [Dialect::V1, Dialect::V2];
const RECEIVERS: [Receiver; 2] = [Receiver::Provider, Receiver::Consumer];

/// The schemas of one dialect and receiver, compiled as one document: each alone would hold most of the others.
struct Compiled {
    dialect: Dialect,
    receiver: Receiver,
    names: HashSet<String>,
    /// Of documents as members that are called after their types.
    validator: Validator,
}

impl Compiled {
    fn new(registry: &Registry, dialect: Dialect, receiver: Receiver) -> Self {
        let schemas = JsonSchemas::new(registry, dialect, receiver);
        let names: HashSet<String> = schemas.names().map(str::to_owned).collect();
        let links = names.iter().map(|name| (name.clone(), json!({ "$ref": format!("#/$defs/{name}") })));
        let mut schema = schemas.bundle().to_value();
        schema["anyOf"] = json!([true]);
        schema["properties"] = links.collect::<serde_json::Map<_, _>>().into();
        let validator = jsonschema::options().offline().build(&schema).unwrap();
        Self { dialect, receiver, names, validator }
    }

    fn standard() -> Vec<Self> {
        let registry = Registry::standard();
        let each = DIALECTS.into_iter().flat_map(|dialect| RECEIVERS.map(|receiver| (dialect, receiver)));
        each.map(|(dialect, receiver)| Self::new(&registry, dialect, receiver)).collect()
    }

    /// The registered types of this dialect.
    fn types<'a>(&'a self, registry: &'a Registry) -> impl Iterator<Item = &'a Entry> {
        registry.iter().filter(|entry| self.names.contains(entry.record_type.name_in(self.dialect)))
    }

    fn accepts(&self, name: &str, document: &Value) -> bool {
        assert!(self.names.contains(name), "{name}");
        self.validator.is_valid(&json!({ name: document }))
    }

    /// What the schema of a type has against a document.
    fn errors(&self, record_type: &Type, document: &Value) -> Vec<String> {
        let name = record_type.name_in(self.dialect);
        if self.accepts(name, document) {
            return Vec::new();
        }
        let document = json!({ name: document });
        self.validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

fn reads_strictly(entry: &Entry, document: &Value) -> bool {
    Document::read_as(document.to_string().as_bytes(), entry, &ReadOptions::strict()).is_ok()
}

#[test]
fn each_schema_is_one_by_the_meta_schema() {
    for (dialect, receiver) in DIALECTS.into_iter().flat_map(|dialect| RECEIVERS.map(|receiver| (dialect, receiver))) {
        let schemas = JsonSchemas::new(&Registry::standard(), dialect, receiver);
        for name in schemas.names() {
            let schema = schemas.file(name).unwrap().to_value();
            assert!(jsonschema::meta::is_valid(&schema), "{name}");
            assert_eq!(schema["$id"].as_str().unwrap().rsplit('/').next(), Some(name));
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert!(!schema["description"].as_str().unwrap().is_empty(), "{name}");
        }
        assert!(jsonschema::meta::is_valid(&schemas.bundle().to_value()));
        assert!(jsonschema::meta::is_valid(&schemas.definitions().to_value()));
    }
}

/// Each registered type that the dialect has is there, under names that no file system takes for one.
#[test]
fn each_type_has_a_file() {
    let registry = Registry::standard();
    for dialect in DIALECTS {
        let schemas = JsonSchemas::new(&registry, dialect, Receiver::Consumer);
        let names: HashSet<String> = schemas.names().map(str::to_lowercase).collect();
        assert_eq!(names.len(), schemas.names().count());
        for entry in registry.iter().filter(|entry| dialect.has(entry.record_type.versions)) {
            let name = entry.record_type.name_in(dialect);
            assert!(schemas.names().any(|found| found == name), "{name}");
            assert_eq!(schemas.file(entry.record_type.name), schemas.file(name));
            assert_eq!(schemas.name_of(entry.record_type), Some(name));
            let reference = schemas.reference_name_of(entry.record_type).unwrap();
            assert!(schemas.definitions().to_value()["$defs"].get(reference).is_some(), "{reference}");
        }
        assert!(schemas.file("Nothing").is_none());
    }
}

/// Files and bundle say the same: but for their links they are equal, and the links of files lead somewhere.
#[test]
fn files_say_what_the_bundle_says() {
    for (dialect, receiver) in DIALECTS.into_iter().flat_map(|dialect| RECEIVERS.map(|receiver| (dialect, receiver))) {
        let schemas = JsonSchemas::new(&Registry::standard(), dialect, receiver);
        let bundle = schemas.bundle().to_value();
        let definitions = schemas.definitions().to_value();
        let definitions = definitions["$defs"].as_object().unwrap();
        let mut defined: HashSet<String> = definitions.keys().cloned().collect();
        for (name, definition) in definitions {
            assert_eq!(bundle["$defs"][name], *definition, "{name}");
        }
        for name in schemas.names() {
            let mut file = schemas.file(name).unwrap().to_value();
            relink(&mut file);
            file.as_object_mut().unwrap().retain(|key, _| !matches!(key.as_str(), "$id" | "$schema"));
            assert_eq!(bundle["$defs"][name], file, "{name}");
            defined.insert(name.to_owned());
        }
        assert_eq!(defined.len(), bundle["$defs"].as_object().unwrap().len());
    }
}

/// Makes the links of a file those of the bundle.
fn relink(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(link)) = members.get_mut("$ref") {
                let name = link.rsplit('/').next().unwrap();
                *link = format!("#/$defs/{name}");
            }
            members.values_mut().for_each(relink);
        }
        Value::Array(items) => items.iter_mut().for_each(relink),
        _ => {}
    }
}

/// Generators of code look for the target of a link in the folder, by the name that the link says; validators by `$id`.
#[test]
fn links_of_files_are_names_of_files() {
    let schemas = JsonSchemas::new(&Registry::standard(), Dialect::V2, Receiver::Provider);
    let definitions = schemas.definitions().to_value();
    assert!(definitions["$id"].as_str().unwrap().ends_with("/2/provider/definitions.json"));
    for name in schemas.names() {
        let text = schemas.file(name).unwrap().to_value().to_string();
        for link in text.split("\"$ref\":\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let pointer = link.strip_prefix("definitions.json#").expect(link);
            assert!(definitions.pointer(pointer).is_some(), "{name}: {link}");
        }
    }
}

/// Each file compiles in the company of the others.
#[test]
fn files_link_to_one_another() {
    let registry = Registry::standard();
    for (dialect, receiver) in DIALECTS.into_iter().flat_map(|dialect| RECEIVERS.map(|receiver| (dialect, receiver))) {
        let schemas = JsonSchemas::new(&registry, dialect, receiver);
        let files = schemas.names().map(|name| schemas.file(name).unwrap()).chain([schemas.definitions()]);
        let files = files.map(schemars::Schema::to_value);
        let files = files.map(|schema| (schema["$id"].as_str().unwrap().to_owned(), schema));
        let company = jsonschema::Registry::new().extend(files).unwrap().prepare().unwrap();
        for name in schemas.names() {
            let schema = schemas.file(name).unwrap().to_value();
            let link = json!({ "$ref": schema["$id"] });
            let validator = jsonschema::options().with_registry(&company).offline().build(&link).unwrap();
            assert!(!validator.is_valid(&json!("a text")), "{name}");
            if schema["properties"].get("operations").is_some() {
                assert!(!validator.is_valid(&json!({ "operations": [{ "rel": 1 }] })), "{name}");
            }
        }
    }
}

/// A schema for one type has all that it needs, and nothing else.
#[test]
fn a_schema_for_one_type_stands_alone() {
    let schemas = JsonSchemas::new(&Registry::standard(), Dialect::V2, Receiver::Provider);
    let alone = schemas.alone("MachineCreate").unwrap().to_value();
    let validator = jsonschema::options().offline().build(&alone).unwrap();
    assert!(validator.is_valid(&json!({ "machineTemplate": { "machineConfig": { "cpu": 1 } } })));
    assert!(!validator.is_valid(&json!({ "machineTemplate": { "machineConfig": { "cpu": "1" } } })));
    let operation = schemas.alone("operation").unwrap().to_value();
    assert_eq!(operation.get("$defs"), None);
    assert!(jsonschema::options().offline().build(&operation).unwrap().is_valid(&json!({ "rel": "edit" })));
}

#[test]
fn the_bundle_takes_a_document_of_any_type() {
    let bundle = JsonSchemas::new(&Registry::standard(), Dialect::V2, Receiver::Provider).bundle().to_value();
    let validator = jsonschema::options().offline().build(&bundle).unwrap();
    assert!(validator.is_valid(&json!({ "cpu": 2 })));
    assert!(validator.is_valid(&json!({ "capacity": 2 })));
    assert!(!validator.is_valid(&json!([])));
    assert!(!validator.is_valid(&json!({ "name": 1 })));
}

#[test]
fn the_base_can_be_chosen() {
    let schemas =
        JsonSchemas::new(&Registry::standard(), Dialect::V1, Receiver::Provider).base("http://example.com/s/");
    assert_eq!(schemas.file("Machine").unwrap().get("$id").unwrap(), "http://example.com/s/Machine");
}
