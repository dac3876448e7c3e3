//! Which attribute an element belongs to.

use crate::meta::{Attribute, Kind, Type};

/// The attribute that an element belongs to, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The element is named after the attribute.
    Named(usize),
    /// The element is one item of the array or map.
    Item(usize),
}

impl Found {
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Named(index) | Self::Item(index) => index,
        }
    }
}

/// Finds the attribute of an element, looking from `guess` on, and at the array before it first: elements tend to come in
/// the order of the table, and items of an array one after another.
pub(crate) fn find(record_type: &Type, local: &str, guess: usize) -> Option<Found> {
    let attributes = record_type.attributes;
    let previous = guess.wrapping_sub(1);
    if attributes.get(previous).is_some_and(|attribute| is_repeatable(attribute) && is_item(attribute, local)) {
        return Some(Found::Item(previous));
    }
    if let Some(index) = record_type.find_exact(local, guess) {
        // An array of 1.x may be called like its items, which have no wrapper there.
        let item = attributes.get(index).is_some_and(|attribute| is_repeatable(attribute) && is_item(attribute, local));
        return Some(if item { Found::Item(index) } else { Found::Named(index) });
    }
    if let Some(index) = attributes.iter().position(|attribute| is_repeatable(attribute) && is_item(attribute, local)) {
        return Some(Found::Item(index));
    }
    attributes.iter().position(|attribute| attribute.is_named(local)).map(Found::Named)
}

fn is_repeatable(attribute: &Attribute) -> bool {
    matches!(attribute.kind, Kind::Array(_) | Kind::Map)
}

/// Whether this is the name of the items of an array or map, in either dialect.
pub(crate) fn is_item(attribute: &Attribute, local: &str) -> bool {
    match member_type(attribute) {
        Some(member) => member.is_said_by_name(local),
        None => attribute.item == local || attribute.v1_item == Some(local),
    }
}

/// The type of the members, if this is the attribute of a collection that holds them: its items are named after
/// their type, not by the table.
pub(crate) fn member_type(attribute: &Attribute) -> Option<&'static Type> {
    match attribute.kind {
        Kind::Array(Kind::Structure(member)) if attribute.item.is_empty() => Some(member()),
        _ => None,
    }
}

/// The attribute that 1.x writes straight into the structure, and its target.
pub(crate) fn find_flat(record_type: &Type) -> Option<(usize, &'static Type)> {
    if !record_type.has_flat() {
        return None;
    }
    let flat = record_type.attributes.iter().position(|attribute| attribute.v1_flat)?;
    match record_type.attributes.get(flat)?.kind {
        Kind::Ref(target) => Some((flat, target())),
        _ => None,
    }
}
