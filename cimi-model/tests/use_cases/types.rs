//! All types that are added to the standard: both formats and dialects, and the schemas.

use cimi_model::ext::{self, NAMESPACE};
use cimi_model::registry::Entry;
use cimi_model::schema::{JsonSchemas, Receiver, xsd};
use cimi_model::{Dialect, Document, Format, ReadOptions, WriteOptions};
use serde_json::json;

use crate::support::{Choices, Profile, Random, fill, xmllint};

fn is_added(entry: &Entry) -> bool {
    let own = entry.record_type.namespace == Some(NAMESPACE);
    own || entry.record_type.members.is_some_and(|members| (members.item)().namespace == Some(NAMESPACE))
}

/// Documents of each type: the entry, and the text.
fn documents(format: Format, dialect: Dialect) -> Vec<(Entry, String)> {
    let mut random = Random::new();
    let mut documents = Vec::new();
    for entry in ext::registry().iter().filter(|entry| is_added(entry)) {
        for _ in 0..40 {
            let mut record = (entry.new)();
            fill(&mut *record, &mut Choices::new(&random.bytes(0..300)), Profile::Strict, 1, false);
            let text = match format {
                Format::Json => cimi_model::json::to_string(&*record, dialect.into()),
                _ => cimi_model::xml::to_string(&*record, dialect.into()),
            };
            documents.push((*entry, text.unwrap()));
        }
    }
    documents
}

#[test]
fn they_survive_both_formats_and_dialects() {
    let registry = ext::registry();
    for dialect in [Dialect::V1, Dialect::V2] {
        for format in [Format::Json, Format::Xml] {
            for (entry, text) in documents(format, dialect) {
                let read = Document::read_as(text.as_bytes(), &entry, &ReadOptions::default());
                let read = read.unwrap_or_else(|error| panic!("{error}\n{text}")).value;
                let options = WriteOptions::from(dialect.other());
                let (json, xml) = (
                    cimi_model::json::to_string(read.record(), options).unwrap(),
                    cimi_model::xml::to_string(read.record(), options).unwrap(),
                );
                for other in [json, xml] {
                    let found = Document::read(other.as_bytes(), &registry, &ReadOptions::default()).unwrap().value;
                    assert!(found.record() == read.record(), "{text}\n{other}");
                }
            }
        }
    }
}

/// Whether an extension is called `href`, which is text wherever a resource can be a reference instead.
fn has_other_href(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Object(members) => {
            members.get("href").is_some_and(|href| !href.is_string()) || members.values().any(has_other_href)
        }
        serde_json::Value::Array(items) => items.iter().any(has_other_href),
        _ => false,
    }
}

#[test]
fn json_schemas_describe_them() {
    let registry = ext::registry();
    for dialect in [Dialect::V1, Dialect::V2] {
        let schemas = JsonSchemas::new(&registry, dialect, Receiver::Consumer);
        let names: Vec<String> = schemas.names().map(str::to_owned).collect();
        let mut schema = schemas.bundle().to_value();
        schema["anyOf"] = json!([true]);
        let links = names.iter().map(|name| (name.clone(), json!({ "$ref": format!("#/$defs/{name}") })));
        schema["properties"] = links.collect::<serde_json::Map<_, _>>().into();
        let validator = jsonschema::options().offline().build(&schema).unwrap();
        for (entry, text) in documents(Format::Json, dialect) {
            let name = entry.record_type.name_in(dialect);
            assert!(names.iter().any(|known| known == name), "{name}");
            // The extensions are at random; this one has a form of its own (5.5.14).
            if text.contains("\"vscope\"") {
                continue;
            }
            // serde_json holds no number beyond those of f64.
            let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
            if has_other_href(&value) {
                continue;
            }
            let document = json!({ name: value });
            // What is made of the tables is valid, but for attributes that are absent.
            let errors = validator.iter_errors(&document).map(|error| error.to_string());
            let errors: Vec<String> = errors.filter(|text| !text.ends_with("is a required property")).collect();
            assert_eq!(errors, Vec::<String>::new(), "{text}");
        }
    }
}

#[test]
fn xml_schemas_describe_them() {
    if !xmllint::is_installed("xml_schemas_describe_them") {
        return;
    }
    let folder = xmllint::folder("xsd-use-cases");
    for schema in xsd::schemas(&ext::registry(), Dialect::V2) {
        std::fs::write(folder.join(&schema.file), &schema.text).unwrap();
        if schema.namespace == NAMESPACE {
            std::fs::write(folder.join("own.txt"), &schema.file).unwrap();
        }
    }
    let own = folder.join(std::fs::read_to_string(folder.join("own.txt")).unwrap());
    let texts = documents(Format::Xml, Dialect::V2).into_iter().filter(|(entry, _)| {
        // Collections are elements of the standard.
        entry.record_type.members.is_none()
    });
    let named: Vec<(String, String)> =
        texts.enumerate().map(|(i, (entry, text))| (format!("{}-{i}.xml", entry.record_type.name), text)).collect();
    assert!(!named.is_empty());
    assert_eq!(xmllint::invalid(&own, "xsd-use-cases-documents", &named), std::collections::BTreeMap::new());
    let wrong = "<ServiceTier xmlns=\"http://cimi-rs.org/ext/1\"><objectives><x/></objectives></ServiceTier>";
    let wrong = vec![("wrong.xml".to_owned(), wrong.to_owned())];
    assert_eq!(xmllint::invalid(&own, "xsd-use-cases-wrong", &wrong).len(), 1);
}
