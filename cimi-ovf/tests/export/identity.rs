//! What is exported and imported again is the same: generated templates, and those that real descriptors become.

use std::path::{Path, PathBuf};

use cimi_model::{ReadOptions, SystemTemplate, WriteOptions, json};
use cimi_ovf::{ImportOptions, Version};
use proptest::prelude::*;

use crate::fill::{Choices, Profile, fill};
use crate::fixtures::{self, VERSIONS, text};
use crate::{common, schema};

/// As it is read again from a document: empty strings are absent there.
fn normal(template: &SystemTemplate) -> SystemTemplate {
    let text = json::to_vec(template, WriteOptions::default()).unwrap();
    json::from_slice(&text, &ReadOptions::default()).unwrap().value
}

/// The template after an export with everything and an import.
fn again(template: &SystemTemplate, version: Version) -> SystemTemplate {
    let mut options = fixtures::options(version);
    options.secrets = true;
    let text = cimi_ovf::export(template, &options).unwrap().descriptor.to_text().unwrap();
    common::import(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).template
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn generated_templates(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        let mut template = SystemTemplate::default();
        fill(&mut template, &mut Choices::new(&bytes), Profile::Wild, 4, false);
        for version in VERSIONS {
            prop_assert_eq!(again(&template, version), normal(&template));
        }
    }

    #[test]
    fn texts_of_any_characters(name in any::<String>(), description in any::<String>()) {
        let mut template = fixtures::shop();
        template.name = Some(name.clone());
        template.component_descriptors[0].name = Some(name);
        template.component_descriptors[1].description = Some(description);
        for version in VERSIONS {
            prop_assert_eq!(again(&template, version), normal(&template));
        }
    }
}

/// The descriptors of the corpora that can be imported, and what they become.
pub(crate) fn corpus(test: &str) -> Vec<(PathBuf, SystemTemplate)> {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("{test}: skipped, CIMI_TEST_DATA is not set");
        return Vec::new();
    };
    let mut open = ["corpus/ovf", "corpus/ovf-synthetic"].map(|folder| Path::new(&root).join(folder)).to_vec();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(imported) = cimi_ovf::import(&std::fs::read(&path).unwrap(), &ImportOptions::default()) {
            found.push((path, imported.template));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

#[test]
fn descriptors_of_products() {
    let corpus = corpus("descriptors_of_products");
    let mut wrong = Vec::new();
    for (file, template) in &corpus {
        for version in VERSIONS {
            let text = text(template, version);
            match common::import(&text) {
                Ok(imported) if imported.template == *template => {}
                Ok(_) => wrong.push(format!("{} {version:?}: another template", file.display())),
                Err(error) => wrong.push(format!("{} {version:?}: {error}", file.display())),
            }
        }
    }
    println!("{} descriptors imported, exported and imported again", corpus.len());
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), corpus.len(), wrong.join("\n"));
}

#[test]
fn descriptors_of_products_are_valid_again() {
    let Some(schemas) = schema::schemas("descriptors_of_products_are_valid_again") else { return };
    let corpus = corpus("descriptors_of_products_are_valid_again");
    for version in VERSIONS {
        let documents =
            corpus.iter().enumerate().map(|(at, (_, template))| (format!("c{at}"), text(template, version)));
        schema::check(&schemas, version, &documents.collect::<Vec<_>>());
    }
}
