//! What a provider's store keeps to: pure functions over records, for the standard's types and a provider's own.
//!
//! - [`replace`] and [`merge`] apply an update (4.2.1.3).
//! - [`job`] makes Jobs and keeps them up (5.17.1).

pub mod job;
mod update;

pub use update::{UpdateRules, Updated, merge, replace};
