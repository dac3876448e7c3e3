//! What both writers share.

use crate::Dialect;
use crate::meta::{Attribute, Type};
use crate::reflect::{Record, Reference, View, omitted};

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct WriteOptions {
    /// The version to write; 2.0 by default.
    pub dialect: Dialect,
    /// Whether to indent.
    pub pretty: bool,
}

impl From<Dialect> for WriteOptions {
    fn from(dialect: Dialect) -> Self {
        Self { dialect, pretty: false }
    }
}

/// The reference that 1.x writes straight into its structure, if this is one, the official schema has room for it
/// and nothing would be lost by it: the structure's extensions and those of the target could not be told apart.
pub(crate) fn flat_reference<'a>(
    attribute: &Attribute,
    view: &View<'a>,
    dialect: Dialect,
) -> Option<&'a dyn Reference> {
    match view {
        View::Ref(reference) if attribute.v1_flat && dialect == Dialect::V1 => {
            let fits = |record: &dyn Record| attribute.v1_flat_target && record.extensions().is_empty();
            // Of a reference that says nothing, nothing would be left.
            (reference.record().is_none_or(fits) && !view.is_blank()).then_some(*reference)
        }
        _ => None,
    }
}

/// The attribute under whose name a value is kept that does not fit it. Under another spelling of that name there is what
/// stood beside it, which is an extension of its own.
pub(crate) fn kept_for(record_type: &'static Type, key: &str) -> Option<(usize, &'static Attribute)> {
    let index = record_type.find(key, 0)?;
    let attribute = record_type.attributes.get(index)?;
    (!attribute.aliases.contains(&key)).then_some((index, attribute))
}

/// Whether an extension was kept for an attribute that has been set since.
pub(crate) fn is_shadowed(record: &dyn Record, key: &str) -> bool {
    let Some((index, attribute)) = kept_for(record.record_type(), key) else { return false };
    record.get(index).is_some_and(|value| !omitted(&value.view(), attribute.kind))
}
