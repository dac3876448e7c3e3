//! Query parameters (4.1.6), as clients write them and as providers carry them out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may fail loudly"
)]

mod expand;
mod order;
mod select;
mod subset;
mod support;
