//! Makes values of any type from its attribute table, out of a string of bytes that proptest shrinks.
#![allow(dead_code, unused_imports, reason = "each test binary uses a part")]

pub mod cases;
pub mod corpus;
pub mod facts;
mod fill;
pub mod mutate;
pub mod places;
pub mod problems;
pub mod shuffle;
pub mod structure;
pub mod xmllint;

use cimi_model::{Dialect, Registry, Type};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

pub use fill::{Choices, Profile, any, fill, scopes};

/// Bytes to decide by, the same in each run.
pub struct Random(TestRunner);

impl Random {
    pub fn new() -> Self {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    pub fn bytes(&mut self, length: std::ops::Range<usize>) -> Vec<u8> {
        proptest::collection::vec(proptest::num::u8::ANY, length).new_tree(&mut self.0).unwrap().current()
    }
}

/// Documents of all types of a registry that a dialect has and that are chosen: some number of each, filled.
pub fn filled(
    registry: &Registry,
    dialect: Dialect,
    profile: Profile,
    of_each: usize,
    chosen: impl Fn(&'static Type) -> bool,
) -> Vec<(String, String)> {
    let mut random = Random::new();
    let mut documents = Vec::new();
    for entry in registry {
        let record_type = entry.record_type;
        if !dialect.has(record_type.versions) || !chosen(record_type) {
            continue;
        }
        for i in 0..of_each {
            let bytes = random.bytes(0..300);
            let mut record = (entry.new)();
            fill(&mut *record, &mut Choices::new(&bytes), profile, 3, false);
            let text = cimi_model::xml::to_string(&*record, dialect.into()).unwrap();
            documents.push((format!("{}-{profile:?}-{i}.xml", record_type.name), text));
        }
    }
    documents
}
