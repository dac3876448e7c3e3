//! The example provider, without its socket: what a consumer gets for what it sends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "../../examples/provider/cloud/mod.rs"]
#[allow(dead_code, reason = "the program uses the rest")]
mod cloud;
mod peer;
#[path = "../../examples/provider/trail.rs"]
#[allow(dead_code, reason = "the program uses the rest")]
mod trail;

mod audit;
mod creation;
mod operations;
mod queries;
mod random;
mod socket;
mod tags;
mod time;
mod updates;
mod use_cases;
mod whole;
