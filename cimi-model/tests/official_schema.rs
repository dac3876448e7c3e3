//! What is written in dialect 1 is valid under the official schema of CIMI 1.x.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use std::path::Path;

use cimi_model::{Dialect, Document, Format, ReadOptions, Registry};
use support::xmllint::invalid;
use support::{Profile, corpus, filled};

#[test]
fn generated_values_are_valid() {
    let Some(schema) = corpus::official_schema("generated_values_are_valid") else { return };
    // The schema describes the others only as a part of resources.
    let has_root = |kind: &cimi_model::Type| Dialect::V1.has(kind.versions) && kind.v1_structure.is_none();
    let standard = Registry::standard();
    let documents = filled(&standard, Dialect::V1, Profile::Official, 60, |kind| {
        has_root(kind) && kind.members.is_none_or(|members| has_root((members.item)()))
    });
    let complaints = invalid(&schema, "generated", &documents);
    let first: Vec<_> = complaints.values().take(20).collect();
    assert!(complaints.is_empty(), "{} of {} are not valid: {first:#?}", complaints.len(), documents.len());
    println!("{} generated documents are valid", documents.len());
}

#[test]
fn valid_documents_stay_valid() {
    let Some(schema) = corpus::official_schema("valid_documents_stay_valid") else { return };
    let xml: Vec<_> = corpus::documents("valid_documents_stay_valid")
        .into_iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|extension| extension == "xml"))
        .collect();
    let before: Vec<_> =
        xml.iter().map(|(name, bytes)| (name.clone(), String::from_utf8_lossy(bytes).into_owned())).collect();
    let invalid_before = invalid(&schema, "before", &before);
    let mut after = Vec::new();
    for (name, bytes) in &xml {
        if invalid_before.contains_key(&name.replace('/', "_")) {
            continue;
        }
        let parsed = Document::read(bytes, &Registry::standard(), &ReadOptions::default()).unwrap();
        after.push((name.clone(), parsed.value.to_string(Format::Xml, Dialect::V1.into()).unwrap()));
    }
    assert!(after.len() >= 30, "only {} documents were valid before", after.len());
    let complaints = invalid(&schema, "after", &after);
    assert!(complaints.is_empty(), "{complaints:#?}");
    println!("{} corpus documents are valid as before", after.len());
}
