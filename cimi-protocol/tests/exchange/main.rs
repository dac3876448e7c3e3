//! The provider's side of a message, as a server uses it: a request in, a call or an answer out.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod access;
mod actions;
mod bodies;
mod changes;
mod conditions;
mod corpus;
mod creation;
mod hostile;
mod members;
mod own_types;
mod reading;
mod refusals;
mod support;
