//! Export: from CIMI resources to descriptors, and back.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod edited;
#[path = "../../../cimi-model/tests/support/fill.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other crates")]
mod fill;
mod fixtures;
mod identity;
mod onto;
mod plain;
mod program;
mod schema;
mod stored;
mod systems;
