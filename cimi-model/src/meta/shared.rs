//! The name of a type that documents of another type have.

use super::{Role, Type};
use crate::reflect::{Record, View};

/// The name of another type that documents of a type say in place of its own: read, never written.
///
/// Documents that say it are read as that other type first; what stands in them tells which of the two they are of. Where
/// the type is known beforehand, by a caller or as that of the members of a collection, either name is as good.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SharedName {
    /// The name of the other type; it is in the same namespace.
    pub name: &'static str,
    /// The name of collections of it.
    pub collection: &'static str,
    /// Whether this type is meant, by a record of the other one.
    pub is_meant: fn(&dyn Record) -> bool,
}

impl SharedName {
    /// A name with that of its collections, and how to tell.
    #[must_use]
    pub const fn new(name: &'static str, collection: &'static str, is_meant: fn(&dyn Record) -> bool) -> Self {
        Self { name, collection, is_meant }
    }
}

impl Type {
    /// The name that documents of this type may have of another.
    pub(crate) fn shared_name(&self) -> Option<&'static str> {
        let shared = self.shares?;
        Some(if self.role == Role::Collection { shared.collection } else { shared.name })
    }

    /// Whether documents of this type may say this URI.
    pub(crate) fn is_said_by(&self, uri: &str) -> bool {
        let shared = || {
            let name = self.shared_name()?;
            uri.rsplit_once('/').filter(|(namespace, said)| *said == name && self.is_in(namespace))
        };
        self.is_uri(uri) || shared().is_some()
    }

    /// Whether elements that are documents of this type may have this name.
    pub(crate) fn is_said_by_name(&self, name: &str) -> bool {
        self.is_named(name) || self.shared_name() == Some(name)
    }

    /// Whether a record of the type whose name this one shares is meant to be of this one. A collection is if all of
    /// its members are, or if it has none but what is called like those of this one.
    pub(crate) fn is_meant_by(&self, record: &dyn Record) -> bool {
        let other = record.record_type();
        let named = self.shared_name() == Some(other.name);
        let alike = (self.role, self.namespace) == (other.role, other.namespace);
        let Some(shared) = self.shares.filter(|_| named && alike) else { return false };
        let (Some(own), Some(members)) = (self.members, other.members) else { return (shared.is_meant)(record) };
        match crate::attributes::get(record, members.grouping) {
            View::List(list) => {
                (0..list.len()).all(|index| matches!(list.item(index), View::Record(item) if (shared.is_meant)(item)))
            }
            _ => record.extensions().get(own.grouping).is_some(),
        }
    }
}
