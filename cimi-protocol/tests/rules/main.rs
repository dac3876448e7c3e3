//! What a provider's store keeps to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod conformance;
mod fill;
mod jobs;
mod transfer;
mod update;
mod update_properties;
mod upkeep;
