//! Conversion between CADF and CIMI: nothing is lost on the way there and back, and what is said is said in both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[path = "../../../cimi-model/tests/support/fill.rs"]
#[allow(dead_code, reason = "used in parts")]
mod fill;

mod audit;
mod edits;
mod events;
mod jobs;
mod logs;
mod made;
mod meters;
