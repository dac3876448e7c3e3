//! What consumers of 1.x send to the example provider, and expect of its answers.
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
#[path = "../../examples/provider/peers.rs"]
mod peers;

mod consumer;

mod creation;
mod explore;
mod heads;
mod later;
mod metadata;
mod operations;
