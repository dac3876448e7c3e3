//! The language of `$filter` (DSP0263 4.1.6.1).
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly, and shares its support with others"
)]

#[path = "../support/mod.rs"]
mod support;
mod vectors;
