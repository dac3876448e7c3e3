//! XML (DSP0263 5.4, 5.5): reading and writing in both dialects.

mod any;
mod attribute;
pub mod chars;
mod checks;
mod element;
mod items;
mod members;
mod names;
mod part;
mod progress;
pub mod pull;
mod read;
mod read_scopes;
mod same_name;
mod scopes;
mod values;
mod write;
mod write_extensions;
mod write_scopes;
mod writer;

pub use crate::input::to_utf8;
pub use items::Items;
pub(crate) use members::{MemberReader, Next};
pub(crate) use names::find_flat;
#[cfg(feature = "schema")]
pub(crate) use names::member_type;
pub use part::read_element;
pub(crate) use read::root;
pub use read::{from_reader, from_slice, read_into};
pub use write::{to_part, to_string, to_vec, to_writer};
#[cfg(feature = "schema")]
pub(crate) use writer::XmlWriter;

/// The namespace of what XML cannot say about a JSON value by itself.
///
/// An extension that has no namespace of its own is written as an element of this namespace, which keeps a 1.x
/// document valid under the official schema. Attributes of it say what text alone cannot:
///
/// | attribute | meaning |
/// |---|---|
/// | `type="number"`, `"boolean"`, `"null"`, `"array"`, `"object"`, `"string"` | the JSON type, where the content does not tell |
/// | `type="escaped"` | a string with characters that XML forbids, in JSON's escapes |
/// | `name="…"` | a member name that is not an XML name, in JSON's escapes; the element is then `item`, or `value` in a scope (5.5.14) |
/// | `key="…"` | a map key with characters that XML forbids, in JSON's escapes |
/// | `numbers="…"`, `booleans="…"` | the names of attributes of the same element that are no texts in JSON, in types that are [verbatim](crate::Type::verbatim) |
pub const JSON_NAMESPACE: &str = "urn:x-cimi:json";

/// Whether a text can be the namespace of an element.
pub(crate) fn is_namespace(text: &str) -> bool {
    let reserved = [JSON_NAMESPACE, pull::XML_NAMESPACE, pull::XMLNS_NAMESPACE];
    !text.is_empty() && any::is_legal(text) && !reserved.contains(&text)
}

/// Whether a text can name an element.
pub(crate) fn is_name(text: &str) -> bool {
    chars::is_ncname(text)
}
