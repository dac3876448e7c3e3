//! Entity tags (4.1.7.2; RFC 9110, 8.8.3).

use std::fmt::Write as _;

use cimi_model::reflect::Record;
use cimi_model::{Format, WriteOptions, json, xml};
use http::HeaderValue;
use xxhash_rust::xxh64::xxh64;

/// What tells one state of a resource from the others: a revision, of which the entity tags of its representations are
/// made.
///
/// A provider that counts the changes of a resource takes the count; one that does not, a digest of the resource. JSON
/// and XML of one state are different representations and get different entity tags, as strong ones must (RFC 9110,
/// 8.8.3.3); `If-Match` with any of them names the state.
///
/// ```
/// use cimi_model::{Dialect, Format, Machine};
/// use cimi_protocol::provider::ETag;
///
/// assert_eq!(ETag::new("7").header(Format::Json), "\"7-json\"");
/// let machine = Machine { name: Some("db".into()), ..Default::default() };
/// let other = Machine { name: Some("web".into()), ..Default::default() };
/// assert_eq!(ETag::of(&machine), ETag::of(&machine.clone()));
/// assert_ne!(ETag::of(&machine), ETag::of(&other));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ETag {
    revision: String,
}

impl ETag {
    /// The tag of a revision: a text that never comes back once the resource has changed.
    ///
    /// Whatever cannot stand in an entity tag (quotes, controls, spaces, what is not ASCII) is percent-encoded.
    #[must_use]
    pub fn new(revision: impl AsRef<str>) -> Self {
        let mut text = String::with_capacity(revision.as_ref().len());
        for byte in revision.as_ref().bytes() {
            if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'%' | b'\\') {
                text.push(char::from(byte));
            } else {
                // Writing to a String does not fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
        Self { revision: text }
    }

    /// The tag of a resource as it is: a digest of its JSON. It takes about as long as writing it.
    #[must_use]
    pub fn of(record: &dyn Record) -> Self {
        // Writing to memory does not fail.
        let bytes = json::to_vec(record, WriteOptions::default()).unwrap_or_default();
        Self { revision: hex(&bytes) }
    }

    /// The value of the header `ETag` of a representation in this format.
    #[must_use]
    pub fn header(&self, format: Format) -> HeaderValue {
        header(&["\"", &self.revision, suffix(format), "\""])
    }

    /// The same where the representation holds more than the resource: what `$expand` has put into it.
    pub(super) fn header_with(&self, format: Format, body: &[u8]) -> HeaderValue {
        header(&["\"", &self.revision, suffix(format), ".", &hex(body), "\""])
    }

    /// Whether this is the content of an entity tag of this state, in any format.
    pub(super) fn is_state_of(&self, opaque: &str) -> bool {
        let Some(rest) = opaque.strip_prefix(self.revision.as_str()) else { return false };
        FORMATS.iter().any(|&format| {
            rest.strip_prefix(suffix(format))
                .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.').is_some_and(|digest| digest.len() == 16))
        })
    }
}

const FORMATS: [Format; 2] = [Format::Json, Format::Xml];

const fn suffix(format: Format) -> &'static str {
    match format {
        Format::Xml => "-xml",
        _ => "-json",
    }
}

/// The value of the header `ETag` of a representation of which no state is known.
pub(super) fn of_bytes(body: &[u8]) -> HeaderValue {
    header(&["\"", &hex(body), "\""])
}

/// Whether this is the content of an entity tag that [`of_bytes`] gave for a resource as it is now.
pub(super) fn is_of_record(record: &dyn Record, options: WriteOptions, opaque: &str) -> bool {
    let written = [json::to_vec(record, options), xml::to_vec(record, options)];
    written.iter().flatten().any(|body| hex(body) == opaque)
}

/// Entity tags are made of visible ASCII here, which header fields may hold.
fn header(parts: &[&str]) -> HeaderValue {
    HeaderValue::try_from(parts.concat()).unwrap_or(HeaderValue::from_static("\"\""))
}

/// XXH64: fast, and the same on every machine and in every version, so that tags outlive a restart.
fn hex(bytes: &[u8]) -> String {
    format!("{:016x}", xxh64(bytes, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_make_entity_tags() {
        assert_eq!(ETag::new("a \"b\"%é").header(Format::Xml), "\"a%20%22b%22%25%C3%A9-xml\"");
        assert_eq!(ETag::new("").header(Format::Json), "\"-json\"");
    }

    #[test]
    fn states_are_recognized() {
        let tag = ETag::new("7");
        for format in FORMATS {
            for header in [tag.header(format), tag.header_with(format, b"body")] {
                let opaque = header.to_str().unwrap().trim_matches('"').to_owned();
                assert!(tag.is_state_of(&opaque), "{opaque}");
                assert!(!ETag::new("77").is_state_of(&opaque) && !ETag::new("").is_state_of(&opaque), "{opaque}");
            }
        }
        for opaque in ["7", "7-", "7-yaml", "7-json.", "7-jsonx", "7-json.12", "", "8-json"] {
            assert!(!tag.is_state_of(opaque), "{opaque}");
        }
    }
}
