//! What holds for all requests to a provider.

use std::borrow::Cow;

use cimi_model::{Dialect, Format, Limits, ReadOptions, Registry, ResourceMetadata, Uri};

use crate::query::QueryOptions;

/// A provider: what holds for all requests that it gets.
///
/// ```
/// use cimi_model::{Dialect, Limits};
/// use cimi_protocol::provider::Provider;
///
/// let provider = Provider {
///     base: "https://cloud.example.com/cimi/".into(),
///     dialect: Dialect::V1,
///     limits: Limits { size: 1 << 20, ..Limits::default() },
///     ..Provider::default()
/// };
/// assert_eq!(provider.absolute(&"machines/1".into()).as_str(), "https://cloud.example.com/cimi/machines/1");
/// ```
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Provider {
    /// The `baseURI` (5.12): absolute, with a slash at its end.
    pub base: Uri,
    /// The version that answers are written in, and that requests are held to. Requests are read in either.
    pub dialect: Dialect,
    /// The types that requests may speak of: those of the standard, and the provider's own.
    pub registry: Registry,
    /// What the provider says about types: attributes of its own, constraints, capabilities, value scopes. Requests are
    /// held to it (5.11).
    pub metadata: Vec<ResourceMetadata>,
    /// The formats of answers, the most liked one first. The standard demands both (4.1.4).
    pub formats: Vec<Format>,
    /// Bounds on the bodies of requests, by default tighter than those of documents: 8 MiB with 200,000 elements.
    pub limits: Limits,
    /// The most bytes that path and query of a URI may have. Default: 32,768.
    pub uri_length: usize,
    /// How queries are read.
    pub query: QueryOptions,
    /// Refuse requests that are not spelled as the standard has it, such as `"cpu": "2"`. By default these are
    /// understood.
    pub strict: bool,
    /// The namespaces of extensions that are accepted and kept, beside those of [`metadata`](Self::metadata): that of what
    /// an imported appliance says and CIMI has no attribute for, say.
    pub namespaces: Vec<String>,
    /// Accept attributes that neither a table nor [`metadata`](Self::metadata) knows, and keep them. By default requests
    /// with unknown attributes are refused, as 5.3 has it.
    pub accept_unknown: bool,
}

impl Default for Provider {
    /// A provider at `http://localhost/`, of version 2.0 and the standard's types.
    fn default() -> Self {
        Self {
            base: "http://localhost/".into(),
            dialect: Dialect::default(),
            registry: Registry::standard(),
            metadata: Vec::new(),
            formats: vec![Format::Json, Format::Xml],
            limits: Limits { size: 8 << 20, elements: 200_000, ..Limits::default() },
            uri_length: 32 << 10,
            query: QueryOptions::default(),
            strict: false,
            namespaces: Vec::new(),
            accept_unknown: false,
        }
    }
}

impl Provider {
    /// The absolute form of a URI that the provider or a consumer has written (5.5.10).
    ///
    /// What cannot be resolved against the base stays as it is.
    #[must_use]
    pub fn absolute(&self, uri: &Uri) -> Uri {
        self.absolute_text(uri).as_ref().into()
    }

    pub(super) fn absolute_text<'u>(&self, uri: &'u Uri) -> Cow<'u, str> {
        let (base, text) = (self.base.as_str(), uri.as_str());
        if uri.is_absolute() {
            return Cow::Borrowed(text);
        }
        // What resolving would only append need not be parsed.
        if base.ends_with('/') && self.base.is_absolute() && !base.contains(['?', '#']) && is_plain_path(text) {
            return Cow::Owned([base, text].concat());
        }
        uri.resolve(&self.base).map_or(Cow::Borrowed(text), |uri| Cow::Owned(uri.to_string()))
    }

    pub(super) fn read_options(&self) -> ReadOptions {
        ReadOptions { strict: self.strict, limits: self.limits }
    }
}

/// Whether a relative path consists of segments without dots, and of characters that stay as they are.
fn is_plain_path(text: &str) -> bool {
    let mut before = b'/';
    let plain = text.bytes().all(|byte| {
        let begins = std::mem::replace(&mut before, byte) == b'/';
        byte.is_ascii_alphanumeric() || (matches!(byte, b'/' | b'.') && !begins) || matches!(byte, b'-' | b'_' | b'~')
    });
    plain && !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a path is appended or resolved makes no difference.
    #[test]
    fn plain_paths_are_resolved_as_others() {
        let provider = Provider { base: "https://cloud.example.com/cimi/".into(), ..Provider::default() };
        for text in [
            "machines/1",
            "machines/1/",
            "a.b/c-d_e~f",
            "",
            "/machines/1",
            "../x",
            "a/../b",
            "a/./b",
            "a//b",
            ".a/b",
            "a/.b",
            "a/..b",
            "?a=b",
            "#a",
            "a b",
            "a%20b",
            "é",
            "urn:a:b",
            "a:b/c",
            "//other/a",
            "a/b?c#d",
            "\\a",
            "a/.",
            "a/..",
            ".",
        ] {
            let uri = Uri::from(text);
            let expected = uri.resolve(&provider.base).unwrap_or_else(|_| uri.clone());
            assert_eq!(provider.absolute(&uri), expected, "{text}");
        }
        let nowhere = Provider { base: "cimi/".into(), ..Provider::default() };
        assert_eq!(nowhere.absolute(&"a".into()).as_str(), "a");
    }
}
