//! URIs as keys.

use std::collections::HashMap;

use url::Url;

use crate::Uri;

/// How URIs are compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Base(Option<Url>);

impl Base {
    /// A base that is not absolute is none.
    pub(crate) fn new(base: Option<&Uri>) -> Self {
        Self(base.and_then(|base| Url::parse(base.as_str()).ok()))
    }

    /// What two spellings of one URI have in common. Nothing for the empty reference and for a symbolic one (5.13.4).
    pub(crate) fn key(&self, uri: &str) -> Option<String> {
        let uri = uri.trim();
        if uri.is_empty() || uri.starts_with('#') {
            return None;
        }
        let resolved = Url::options().base_url(self.0.as_ref()).parse(uri);
        Some(resolved.map_or_else(|_| uri.to_owned(), Into::into))
    }
}

/// Numbers for URIs.
#[derive(Debug)]
pub(super) struct Ids<'a> {
    pub(super) base: Base,
    by_key: HashMap<String, usize>,
    /// The spellings met so far, which need not be resolved again.
    by_text: HashMap<&'a str, Option<usize>>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(base: Option<&Uri>) -> Self {
        Self { base: Base::new(base), by_key: HashMap::new(), by_text: HashMap::new() }
    }

    /// The number of a URI, a new one if it has none.
    pub(super) fn number(&mut self, uri: &'a str) -> Option<usize> {
        if let Some(&found) = self.by_text.get(uri) {
            return found;
        }
        let next = self.by_key.len();
        let number = self.base.key(uri).map(|key| *self.by_key.entry(key).or_insert(next));
        self.by_text.insert(uri, number);
        number
    }

    /// The number of a URI, if it has one.
    pub(super) fn find(&self, uri: &str) -> Option<usize> {
        match self.by_text.get(uri) {
            Some(&found) => found,
            None => self.by_key.get(&self.base.key(uri)?).copied(),
        }
    }
}
