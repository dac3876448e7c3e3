//! Export: from CIMI resources to descriptors, and back.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod edited;
mod fixtures;
mod plain;
mod program;
mod schema;
mod stored;
