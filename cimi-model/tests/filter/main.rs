//! The language of `$filter` (DSP0263 4.1.6.1).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly, and shares its support with others"
)]

mod found_by;
mod grammar;
mod hostile;
mod matching;
mod problems;
mod properties;
mod rack;
mod reach;
#[path = "../support/mod.rs"]
mod support;
mod vectors;

use cimi_model::filter::FilterOptions;

/// With the extensions of peers.
const EXTENDED: FilterOptions = FilterOptions { extensions: true, exact: false, depth: 128, size: 16 << 20 };
