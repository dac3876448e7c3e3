//! Validation of descriptors.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "tests have a clock")]

mod breaches;
mod corpus;
mod hostile;
mod program;
mod rules;

use cimi_ovf::validate::{Problem, Validation};
use cimi_ovf::{Descriptor, Limits, ReadOptions};

/// All problems of a descriptor.
fn problems(text: &str, validation: &Validation) -> Vec<Problem> {
    // So wide that what takes long would be seen.
    let mut options = ReadOptions::default();
    options.limits = Limits { size: 64 << 20, elements: 1_000_000, ..options.limits };
    match Descriptor::read(text.as_bytes(), &options) {
        Ok(parsed) => validation.parsed(&parsed),
        Err(error) => vec![Problem::from(&error)],
    }
}
