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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_model::meta::Role;
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry, xml};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRng, TestRunner};
use support::{Choices, Profile, corpus, fill};

/// Validates documents with one run of xmllint; gives what it says of each that is not valid.
fn invalid(schema: &Path, folder: &str, documents: &[(String, String)]) -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut complaints = BTreeMap::new();
    for chunk in documents.chunks(500) {
        let mut command = Command::new("xmllint");
        command.arg("--nonet").arg("--noout").arg("--schema").arg(schema);
        for (name, text) in chunk {
            let path = folder.join(name.replace('/', "_"));
            std::fs::write(&path, text).unwrap();
            command.arg(path);
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        for line in stderr.lines().filter(|line| line.contains("validity error") || line.contains("parser error")) {
            let name = line.split(':').next().unwrap_or_default();
            let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned();
            complaints.entry(name).or_insert_with(|| line.to_owned());
        }
        assert!(stderr.contains("validates") || !complaints.is_empty(), "xmllint did not validate: {stderr}");
    }
    complaints
}

#[test]
fn generated_values_are_valid() {
    let Some(schema) = corpus::official_schema("generated_values_are_valid") else { return };
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let bytes = proptest::collection::vec(proptest::num::u8::ANY, 0..300);
    let mut documents = Vec::new();
    for entry in &Registry::standard() {
        let kind = entry.record_type;
        // The schema describes these only as a part of others, or not at all.
        let no_root = matches!(kind.role, Role::Structure) || kind.name.starts_with("NetworkInterfaceTemplate");
        if !Dialect::V1.has(kind.versions) || no_root {
            continue;
        }
        for i in 0..60 {
            let bytes = bytes.new_tree(&mut runner).unwrap().current();
            let mut record = (entry.new)();
            fill(&mut *record, &mut Choices::new(&bytes), Profile::Official, 3, false);
            documents.push((format!("{}-{i}.xml", kind.name), xml::to_string(&*record, Dialect::V1.into()).unwrap()));
        }
    }
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
