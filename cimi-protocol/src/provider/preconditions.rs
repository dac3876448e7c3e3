//! `If-Match` and `If-None-Match` (4.1.7.2; RFC 9110, 13.1).

use http::HeaderValue;
use http::header::{self, HeaderMap, HeaderName};

use super::Refusal;
use crate::media::text;

/// The entity tags that a header lists.
pub(super) enum Tags<'h> {
    /// `*`: any representation.
    Any,
    /// Entity tags: whether each is weak, and its content.
    List(Vec<(bool, &'h str)>),
}

impl<'h> Tags<'h> {
    /// The entity tags of all header fields of this name; none, if there is no such field.
    pub(super) fn of(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<Self>, Refusal> {
        let mut tags = Vec::new();
        let mut found = false;
        for value in headers.get_all(name) {
            found = true;
            let value = text(value, name.as_str())?.trim_matches([' ', '\t']);
            if value == "*" {
                return Ok(Some(Self::Any));
            }
            list(value, &mut tags)
                .ok_or_else(|| Refusal::bad_request(format!("{name} is not a list of entity tags")))?;
        }
        Ok(found.then_some(Self::List(tags)))
    }

    /// Whether one of them is this entity tag, compared weakly, as `If-None-Match` is.
    pub(super) fn names(&self, etag: &HeaderValue) -> bool {
        match self {
            Self::Any => true,
            Self::List(tags) => {
                let own = etag.as_bytes();
                let own = own.strip_prefix(b"\"").and_then(|own| own.strip_suffix(b"\""));
                tags.iter().any(|(_, tag)| Some(tag.as_bytes()) == own)
            }
        }
    }

    /// Whether one of them, strong or weak, fulfils a condition.
    pub(super) fn any(&self, mut condition: impl FnMut(&str) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|(_, tag)| condition(tag)),
        }
    }

    /// Whether a strong one among them fulfils a condition.
    pub(super) fn any_strong(&self, mut condition: impl FnMut(&str) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|(weak, tag)| !weak && condition(tag)),
        }
    }
}

/// `#entity-tag`. Elements may be empty; some clients send their tags without quotes.
fn list<'h>(mut rest: &'h str, tags: &mut Vec<(bool, &'h str)>) -> Option<()> {
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(());
        }
        let strong = rest.strip_prefix("W/");
        let weak = strong.is_some();
        let tag = strong.unwrap_or(rest);
        let (tag, after) = if let Some(quoted) = tag.strip_prefix('"') {
            quoted.split_once('"')?
        } else {
            tag.split_at_checked(tag.find([',', ' ', '\t']).unwrap_or(tag.len()))?
        };
        tags.push((weak, tag));
        rest = after.trim_start_matches([' ', '\t']);
        if !(rest.is_empty() || rest.starts_with(',')) {
            return None;
        }
    }
}

/// Whether a request has conditions that depend on the state of the resource.
pub(super) fn has_any(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH) || headers.contains_key(header::IF_NONE_MATCH)
}
