//! What holds for all requests to a provider.

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
    /// Refuse requests that are not spelled as the standard has it, such as `"cpu": "2"`, and attributes that only the
    /// other version has. By default these are understood, and kept.
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
        uri.resolve(&self.base).unwrap_or_else(|_| uri.clone())
    }

    pub(super) fn read_options(&self) -> ReadOptions {
        ReadOptions { strict: self.strict, limits: self.limits }
    }
}
