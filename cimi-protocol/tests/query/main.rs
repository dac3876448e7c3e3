//! Query parameters (4.1.6), as clients write them and as providers carry them out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may fail loudly"
)]

mod corpus;
mod expand;
mod filter;
mod format;
mod hostile;
mod order;
mod parameters;
mod program;
mod properties;
mod providers;
mod select;
mod subset;
mod support;
mod untyped;
