//! All types that a registry leads to.

use crate::Registry;
use crate::meta::{Kind, Role, Type};

/// The registered types in their order, and after them the types that their attributes lead to: structures, and
/// targets of references that are no documents.
#[must_use]
pub fn types(registry: &Registry) -> Vec<&'static Type> {
    let mut found: Vec<&'static Type> = Vec::new();
    for entry in registry {
        add(&mut found, entry.record_type);
    }
    let mut next = 0;
    while let Some(record_type) = found.get(next).copied() {
        for attribute in record_type.attributes {
            if let Some(target) = target(attribute.kind) {
                add(&mut found, target);
            }
            for (_, keys) in attribute.keys.map_or(&[][..], |keys| keys.of) {
                add(&mut found, keys());
            }
        }
        next += 1;
    }
    found
}

fn add(found: &mut Vec<&'static Type>, record_type: &'static Type) {
    if !found.iter().any(|known| same(known, record_type)) {
        found.push(record_type);
    }
}

/// Whether two tables are one type. Those of collections are constants, which may have several addresses.
pub(crate) fn same(a: &'static Type, b: &'static Type) -> bool {
    let collections = a.role == Role::Collection && b.role == Role::Collection;
    std::ptr::eq(a, b) || (collections && a.name == b.name && a.namespace == b.namespace)
}

/// The type that an attribute of this kind refers to or holds.
pub(crate) fn target(kind: Kind) -> Option<&'static Type> {
    match kind {
        Kind::Ref(target) | Kind::Structure(target) => Some(target()),
        Kind::Array(item) => target(*item),
        _ => None,
    }
}
