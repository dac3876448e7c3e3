//! Schemas for other languages, generated from the tables (feature `schema`).
//!
//! * [`model()`]: the tables themselves as one JSON document, for generators of other kinds.
//!
//! Everything takes a [`Registry`](crate::Registry), so a provider's own types are in the schemas like those of the standard. The
//! files under `cimi-model/schemas/` are those of [`Registry::standard`](crate::Registry::standard); the example program `schema` writes them.

mod model;
mod types;

pub use model::model;
pub use types::types;

/// A JSON document as a file: indented, with a line feed at the end.
fn text(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
