//! The two versions of the protocol on the wire.

use std::borrow::Cow;

use crate::meta::{Type, Versions};

/// The version of CIMI that a document is written in.
///
/// A run-time value, never a cargo feature: one process talks to peers of both versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "a third version would be a new wire format, and a breaking change")]
pub enum Dialect {
    /// CIMI 1.0 and 1.1: namespace `http://schemas.dmtf.org/cimi/1`, XML arrays unwrapped.
    V1,
    /// CIMI 2.0: namespace `http://schemas.dmtf.org/cimi/2`, XML arrays wrapped.
    #[default]
    V2,
}

impl Dialect {
    /// The XML namespace, which is also the stem of type, action, event, aspect and capability URIs.
    #[must_use]
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::V1 => "http://schemas.dmtf.org/cimi/1",
            Self::V2 => "http://schemas.dmtf.org/cimi/2",
        }
    }

    /// The dialect whose namespace this is.
    #[must_use]
    pub fn of_namespace(namespace: &str) -> Option<Self> {
        [Self::V1, Self::V2].into_iter().find(|dialect| dialect.namespace() == namespace)
    }

    /// The dialect and the rest of a URI such as `http://schemas.dmtf.org/cimi/1/action/start`.
    #[must_use]
    pub fn split_uri(uri: &str) -> Option<(Self, &str)> {
        let rest = uri.strip_prefix("http://schemas.dmtf.org/cimi/")?;
        let (version, name) = rest.split_once('/')?;
        let dialect = match version {
            "1" => Self::V1,
            "2" => Self::V2,
            _ => return None,
        };
        Some((dialect, name))
    }

    /// The URI of a name in this dialect: its namespace, a slash and the name.
    #[must_use]
    pub fn uri(self, name: &str) -> String {
        format!("{}/{name}", self.namespace())
    }

    /// The other dialect.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::V1 => Self::V2,
            Self::V2 => Self::V1,
        }
    }

    /// Whether something with these versions exists in this dialect.
    #[must_use]
    pub const fn has(self, versions: Versions) -> bool {
        !matches!((self, versions), (Self::V1, Versions::V2) | (Self::V2, Versions::V1))
    }
}

/// A URI of the standard's namespace as records hold it: that of 2.0, unless only 1.x has the type it names.
pub(crate) fn canonical(uri: &str) -> Cow<'_, str> {
    match Dialect::split_uri(uri) {
        Some((Dialect::V1, name)) => match standard_type(name, Dialect::V1) {
            Some(found) if found.versions == Versions::V1 => Cow::Borrowed(uri),
            Some(found) => Cow::Owned(found.uri(Dialect::V2)),
            None => Cow::Owned(Dialect::V2.uri(name)),
        },
        _ => Cow::Borrowed(uri),
    }
}

/// A URI as records hold it, spelled in a dialect.
pub(crate) fn spelled(uri: &str, dialect: Dialect) -> Cow<'_, str> {
    match (dialect, Dialect::split_uri(uri)) {
        (Dialect::V1, Some((Dialect::V2, name))) => match standard_type(name, Dialect::V2) {
            // A type that 1.x does not have, or the wrong namespace for one that only 1.x has.
            Some(found) if found.versions != Versions::Both => Cow::Borrowed(uri),
            Some(found) => Cow::Owned(found.uri(Dialect::V1)),
            None => Cow::Owned(Dialect::V1.uri(name)),
        },
        _ => Cow::Borrowed(uri),
    }
}

fn standard_type(name: &str, dialect: Dialect) -> Option<&'static Type> {
    if name.contains('/') {
        return None;
    }
    crate::registry::standard_types().find(|found| found.name_in(dialect) == name)
}
