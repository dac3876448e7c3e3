//! Real documents, told apart: what the official schema accepts has no error, what it does not is named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::validate::{Severity, Validation};
use cimi_model::{Document, ReadOptions, Registry};
use support::corpus;

#[test]
fn explore() {
    let registry = Registry::standard();
    for (name, bytes) in corpus::documents("explore") {
        let Ok(parsed) = Document::read(&bytes, &registry, &ReadOptions::default()) else { continue };
        let request = name.contains("request");
        let validation = if request { Validation::create() } else { Validation::read() };
        println!("== {name}");
        for problem in validation.parsed(&parsed) {
            if problem.severity > Severity::Info {
                println!("{} {problem}", problem.severity);
            }
        }
    }
}
