//! Schemas for other languages, generated from the tables (feature `schema`).
//!
//! * [`JsonSchemas`]: JSON Schema 2020-12, for validators and for generators of types.
//! * [`model()`]: the tables themselves as one JSON document, for generators of other kinds.
//! * [`xsd`]: XML Schema of either dialect.
//! * [`html()`]: one page to browse the model.
//! * [`type_docs`]: what the documentation of each Rust type says beyond its first lines.
//! * [`sample`]: an example of each type.
//!
//! Everything takes a [`Registry`](crate::Registry), so a provider's own types are in the schemas like those of the standard. The
//! files under `cimi-model/schemas/` are those of [`Registry::standard`](crate::Registry::standard); the example program `schema` writes them.

mod catalog;
#[allow(clippy::format_push_string, clippy::format_collect, reason = "pages are made of pieces, and rarely made")]
mod docs;
#[allow(clippy::format_push_string, clippy::format_collect, reason = "pages are made of pieces, and rarely made")]
mod html;
mod json;
mod model;
pub mod sample;
mod words;
pub mod xsd;

pub use docs::type_docs;
pub use html::html;
pub use json::JsonSchemas;
pub use model::model;
pub use schemars;

#[doc(no_inline)]
pub use crate::validate::Receiver;

/// A JSON document as the text of a file: indented, with a line feed at the end.
#[must_use]
pub fn to_text(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
