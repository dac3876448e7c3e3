//! All types and attributes that are added to the standard: both formats and dialects, and the schemas.

use cimi_model::ext::{self, AddedAttribute, NAMESPACE};
use cimi_model::meta::Kind;
use cimi_model::reflect::Record;
use cimi_model::registry::Entry;
use cimi_model::schema::{JsonSchemas, Receiver, xsd};
use cimi_model::validate::{Rule, Validation};
use cimi_model::{Any, Dialect, Document, Format, Object, ReadOptions, Registry, WriteOptions};
use serde_json::json;

use crate::support::{Choices, Profile, Random, fill, xmllint};

/// Those that DSP2042 defines are in the namespace of the standard.
fn is_added(entry: &Entry) -> bool {
    Registry::standard().by_uri(&entry.record_type.uri(Dialect::V1)).is_none()
}

fn written(record: &dyn Record, format: Format, dialect: Dialect) -> String {
    let text = match format {
        Format::Json => cimi_model::json::to_string(record, dialect.into()),
        _ => cimi_model::xml::to_string(record, dialect.into()),
    };
    text.unwrap()
}

/// Documents of each type: the entry, and the text.
fn documents(format: Format, dialect: Dialect) -> Vec<(Entry, String)> {
    let mut random = Random::new();
    let mut documents = Vec::new();
    for entry in ext::registry().iter().filter(|entry| is_added(entry)) {
        for _ in 0..40 {
            let mut record = (entry.new)();
            fill(&mut *record, &mut Choices::new(&random.bytes(0..300)), Profile::Strict, 1, false);
            documents.push((*entry, written(&*record, format, dialect)));
        }
    }
    documents
}

/// Whether values of a kind look the same in XML whether their table is known or not.
fn is_plain(kind: Kind) -> bool {
    !matches!(kind, Kind::Array(_) | Kind::Map | Kind::Structure(_) | Kind::Integer | Kind::Boolean)
}

/// Takes away what does not.
fn flatten(value: &mut dyn Record) {
    value.extensions_mut().retain(|_| false);
    for (index, row) in value.record_type().attributes.iter().enumerate().filter(|(_, row)| !is_plain(row.kind)) {
        value.get_mut(index).unwrap_or_else(|| panic!("{}", row.name)).clear();
    }
}

/// A resource of each type that may have an addition, with one to three values of it; if they are flat, these look the
/// same with their table as without it.
fn with_additions(flat: bool) -> Vec<(Entry, &'static dyn AddedAttribute, Box<dyn Record>)> {
    let mut random = Random::new();
    let mut records = Vec::new();
    let registry = ext::registry();
    for entry in &registry {
        for addition in registry.additions_of(entry.record_type) {
            if flat && !addition.value_type().attributes.iter().any(|row| is_plain(row.kind)) {
                continue;
            }
            for round in 0..12 {
                let mut values = (0..=round % 3).map(|_| {
                    loop {
                        let mut value = addition.empty();
                        let depth = usize::from(!flat);
                        fill(&mut *value, &mut Choices::new(&random.bytes(0..200)), Profile::Strict, depth, false);
                        if flat {
                            flatten(&mut *value);
                        }
                        // What is empty is left out of documents.
                        let value = cimi_model::json::to_any(&*value, Dialect::V2.into()).unwrap();
                        if value != Any::Object(Object::new()) {
                            break value;
                        }
                    }
                });
                let value = if round % 3 == 0 { values.next().unwrap() } else { values.collect::<Vec<_>>().into() };
                let mut record = (entry.new)();
                record.extensions_mut().insert(addition.key(), value);
                records.push((*entry, addition, record));
            }
        }
    }
    records
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

/// Takes away what schemas say of attributes that have to be there.
fn forget_required(schema: &mut serde_json::Value) {
    match schema {
        serde_json::Value::Object(members) => {
            if members.get("required").is_some_and(serde_json::Value::is_array) {
                members.remove("required");
            }
            members.values_mut().for_each(forget_required);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(forget_required),
        _ => {}
    }
}

/// Whether an extension is called `href`, which is a URI wherever a resource can be a reference instead.
fn has_other_href(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Object(members) => {
            let is_odd = |odd: char| odd <= ' ' || "\u{7f}<>\"{}|\\^`".contains(odd);
            let is_other = |href: &serde_json::Value| href.as_str().is_none_or(|text| text.contains(is_odd));
            members.get("href").is_some_and(is_other) || members.values().any(has_other_href)
        }
        serde_json::Value::Array(items) => items.iter().any(has_other_href),
        _ => false,
    }
}

#[test]
fn additions_survive_both_formats_and_dialects() {
    let registry = ext::registry();
    let all = with_additions(false);
    assert!(all.len() > 12 * registry.additions().count());
    for (entry, addition, record) in &all {
        let expected = addition.values(&**record).unwrap();
        assert!(!expected.is_empty());
        for dialect in [Dialect::V1, Dialect::V2] {
            for format in [Format::Json, Format::Xml] {
                let text = written(&**record, format, dialect);
                let read = Document::read_as(text.as_bytes(), entry, &ReadOptions::default()).unwrap().value;
                let found = addition.values(read.record()).unwrap();
                assert!(found == expected, "{text}");
                // A registry that has it knows it; one that does not, does not.
                let unknown = |registry: &Registry| {
                    let validation = Validation { registry: Some(registry), ..Validation::create() };
                    let problems = validation.problems(read.record());
                    let own = format!("/{}/{}", entry.record_type.name, addition.key());
                    problems.iter().any(|problem| problem.rule == Rule::Unknown && problem.path == own)
                };
                assert!(unknown(&Registry::standard()) && !unknown(&registry), "{text}");
            }
        }
    }
}

#[test]
fn additions_are_refused_with_their_path() {
    let registry = ext::registry();
    for (entry, addition, mut record) in with_additions(false) {
        record.extensions_mut().insert(addition.key(), "wrong");
        let validation = Validation { registry: Some(&registry), ..Validation::create() };
        let problems = validation.problems(&*record);
        let path = format!("/{}/{}", entry.record_type.name, addition.name());
        assert!(problems.iter().any(|problem| problem.path == path && problem.rule == Rule::Value), "{problems:?}");
        assert_eq!(addition.values(&*record).unwrap_err().path(), path);
        // The same without the namespace, and with both.
        record.extensions_mut().insert(addition.name(), "wrong");
        let problems = validation.problems(&*record);
        assert!(problems.iter().any(|problem| problem.path == path && problem.rule == Rule::Duplicate));
        record.extensions_mut().remove(&addition.key());
        let problems = validation.problems(&*record);
        assert!(problems.iter().any(|problem| problem.path == path && problem.rule == Rule::Value));
        // A provider that advertises it says what and where.
        let described = registry.descriptions(entry.record_type, Dialect::V2);
        let described = described.iter().find(|found| found.name.as_deref() == Some(addition.name())).unwrap();
        assert_eq!(described.namespace.as_ref().map(cimi_model::Uri::as_str), Some(NAMESPACE));
        assert_eq!(described.type_name.as_deref(), Some(addition.value_type().name));
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
        forget_required(&mut schema);
        let validator = jsonschema::options().offline().build(&schema).unwrap();
        for (entry, text) in documents(Format::Json, dialect) {
            if !dialect.has(entry.record_type.versions) {
                continue;
            }
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
            let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new(), "{text}");
        }
        let errors_of = |name: &str, record: &dyn Record| {
            let text = written(record, Format::Json, dialect);
            let value = serde_json::from_str::<serde_json::Value>(&text).ok();
            let value = value.filter(|value| !text.contains("\"vscope\"") && !has_other_href(value));
            let document = json!({ name: value? });
            Some(validator.iter_errors(&document).map(|error| error.to_string()).collect::<Vec<_>>())
        };
        let mut refused = 0;
        for (entry, addition, mut record) in with_additions(false) {
            let Some(name) = schemas.name_of(entry.record_type) else { continue };
            let errors = errors_of(name, &*record);
            assert_eq!(errors.unwrap_or_default(), Vec::<String>::new());
            record.extensions_mut().insert(addition.key(), "wrong");
            assert_eq!(errors_of(name, &*record).map(|errors| errors.len()), Some(1));
            refused += 1;
        }
        assert!(refused > 0);
    }
}

/// Writes the schemas into a folder; the file of the one of a namespace.
fn schema(dialect: Dialect, namespace: &str, folder: &str) -> std::path::PathBuf {
    let place = xmllint::folder(folder);
    let schemas = xsd::schemas(&ext::registry(), dialect);
    for schema in &schemas {
        std::fs::write(place.join(&schema.file), &schema.text).unwrap();
    }
    place.join(&schemas.iter().find(|schema| schema.namespace == namespace).unwrap().file)
}

/// The documents of a namespace that are not valid, by its schema.
fn invalid_xml(dialect: Dialect, namespace: &str, folder: &str) -> std::collections::BTreeMap<String, String> {
    let schema = schema(dialect, namespace, folder);
    let texts = documents(Format::Xml, dialect).into_iter().filter(|(entry, _)| {
        // Collections are elements of the standard.
        entry.record_type.members.is_none() && entry.record_type.namespace_in(dialect) == namespace
    });
    let named: Vec<(String, String)> =
        texts.enumerate().map(|(i, (entry, text))| (format!("{}-{i}.xml", entry.record_type.name), text)).collect();
    assert!(!named.is_empty());
    let mut invalid = xmllint::invalid(&schema, &format!("{folder}-documents"), &named);
    // What is made of the tables is valid, but for attributes that are absent.
    invalid.retain(|_, complaint| !complaint.contains("required but missing") && !complaint.contains("Missing child"));
    invalid
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
        entry.record_type.members.is_none() && entry.record_type.namespace == Some(NAMESPACE)
    });
    let named: Vec<(String, String)> =
        texts.enumerate().map(|(i, (entry, text))| (format!("{}-{i}.xml", entry.record_type.name), text)).collect();
    assert!(!named.is_empty());
    let additions = with_additions(true).into_iter().enumerate().map(|(i, (entry, _, record))| {
        (format!("{}-with-{i}.xml", entry.record_type.name), written(&*record, Format::Xml, Dialect::V2))
    });
    let cimi = folder.join("cimi-2.xsd");
    let additions: Vec<(String, String)> = additions.collect();
    // The schema of CIMI does not lead to the other one.
    let both = folder.join("both.xsd");
    let import = |namespace: &str, file: &std::path::Path| {
        format!(r#"<xs:import namespace="{namespace}" schemaLocation="{}"/>"#, file.display())
    };
    let imports = import("http://schemas.dmtf.org/cimi/2", &cimi) + &import(NAMESPACE, &own);
    let text = format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>"#);
    std::fs::write(&both, text).unwrap();
    assert_eq!(xmllint::invalid(&both, "xsd-use-cases-additions", &additions), std::collections::BTreeMap::new());
    let wrong = r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><serviceLevel xmlns="http://cimi-rs.org/ext/1"><tier>
                   </tier><tier/></serviceLevel></Machine>"#;
    let wrong = vec![("wrong-addition.xml".to_owned(), wrong.to_owned())];
    assert_eq!(xmllint::invalid(&both, "xsd-use-cases-wrong-addition", &wrong).len(), 1);
    assert_eq!(xmllint::invalid(&own, "xsd-use-cases-documents", &named), std::collections::BTreeMap::new());
    // Those of DSP2042 are in the namespace of 1.x.
    let found = invalid_xml(Dialect::V1, Dialect::V1.namespace(), "xsd-use-cases-1");
    assert_eq!(found, std::collections::BTreeMap::new());
    let wrong = "<ServiceTier xmlns=\"http://cimi-rs.org/ext/1\"><objectives><x/></objectives></ServiceTier>";
    let wrong = vec![("wrong.xml".to_owned(), wrong.to_owned())];
    assert_eq!(xmllint::invalid(&own, "xsd-use-cases-wrong", &wrong).len(), 1);
}
