//! The types that there are, and how their kinds and operations are called.

use std::collections::HashSet;

use crate::meta::{Kind, Type};
use crate::{Dialect, Registry};

/// The types of a registry that exist in a dialect, followed by the structures that they lead to; each once.
///
/// ```
/// use cimi_model::{Dialect, Registry, describe};
///
/// let registry = Registry::standard();
/// let names: Vec<_> = describe::types(&registry, Dialect::V1).map(|found| found.name_in(Dialect::V1)).collect();
/// assert!(names.contains(&"MachineVolume") && !names.contains(&"locatedVolume"));
/// ```
pub fn types(registry: &Registry, dialect: Dialect) -> impl Iterator<Item = &'static Type> {
    let mut found: Vec<&'static Type> = Vec::new();
    let mut seen = HashSet::new();
    for entry in registry {
        add(entry.record_type, dialect, &mut seen, &mut found);
    }
    let mut next = 0;
    while let Some(current) = found.get(next) {
        next += 1;
        for attribute in current.attributes.iter().filter(|attribute| dialect.has(attribute.versions)) {
            if let Some(target) = target(attribute.kind) {
                add(target, dialect, &mut seen, &mut found);
            }
            for (_, keys) in attribute.keys.map_or(&[][..], |keys| keys.of) {
                add(keys(), dialect, &mut seen, &mut found);
            }
        }
    }
    found.into_iter()
}

type Seen = HashSet<(Option<&'static str>, &'static str, crate::meta::Role)>;

fn add(described: &'static Type, dialect: Dialect, seen: &mut Seen, found: &mut Vec<&'static Type>) {
    if dialect.has(described.versions) && seen.insert((described.namespace, described.name, described.role)) {
        found.push(described);
    }
}

/// The type that a kind leads to.
fn target(mut kind: Kind) -> Option<&'static Type> {
    loop {
        match kind {
            Kind::Ref(described) | Kind::Structure(described) => return Some(described()),
            Kind::Array(item) => kind = *item,
            _ => return None,
        }
    }
}

/// The name of a kind in the notation of the standard's tables (5.5): `integer`, `ref`, `collection[Machine]`,
/// `disk[]`.
///
/// ```
/// use cimi_model::describe::kind_name;
/// use cimi_model::reflect::Described;
/// use cimi_model::{Dialect, Machine};
///
/// let kind = |name| Machine::described().attribute(name).unwrap().kind;
/// assert_eq!(kind_name(kind("memory"), Dialect::V2), "integer");
/// assert_eq!(kind_name(kind("volumes"), Dialect::V2), "collection[locatedVolume]");
/// assert_eq!(kind_name(kind("volumes"), Dialect::V1), "collection[MachineVolume]");
/// ```
#[must_use]
pub fn kind_name(kind: Kind, dialect: Dialect) -> String {
    let (mut kind, mut brackets) = (kind, String::new());
    while let Kind::Array(item) = kind {
        kind = *item;
        brackets.push_str("[]");
    }
    let name = match kind {
        Kind::String | Kind::Enumeration(_) => "string",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Uri => "URI",
        Kind::DateTime => "dateTime",
        Kind::Duration => "duration",
        Kind::Binary => "byte[]",
        Kind::Map => "map",
        Kind::Structure(described) if !described().any => described().name_in(dialect),
        Kind::Ref(described) => match described().members {
            Some(members) => return format!("collection[{}]{brackets}", (members.item)().name_in(dialect)),
            None => "ref",
        },
        _ => "any",
    };
    format!("{name}{brackets}")
}

/// The operations that are a `rel` of their own (4.2); all others are actions with a URI.
const PLAIN: &[&str] = &["add", "edit", "delete", "insert", "remove"];

/// All operations of a type, those that only some of its resources have last; each once.
pub(super) fn operations(described: &Type) -> Vec<&'static str> {
    let all = described.operations_if.iter().flat_map(|entry| entry.operations);
    let mut found = described.operations.to_vec();
    for operation in all {
        if !found.contains(operation) {
            found.push(operation);
        }
    }
    found
}

/// Whether the standard defines this operation for some type.
pub(super) fn is_standard_operation(operation: &str) -> bool {
    PLAIN.contains(&operation) || crate::registry::standard_types().any(|found| operations(found).contains(&operation))
}

/// What identifies an operation of a type, the `rel` of an [`Operation`](crate::Operation): `edit`, `delete`, `add`,
/// `insert`, `remove`, or the URI of an action.
///
/// The URI of an action that the standard defines begins with the namespace of the dialect; that of any other action of
/// a provider's type with the namespace of the type. A name that is a URI stays.
///
/// ```
/// use cimi_model::describe::operation_uri;
/// use cimi_model::reflect::Described;
/// use cimi_model::{Dialect, Machine};
///
/// assert_eq!(operation_uri(Machine::described(), "edit", Dialect::V1), "edit");
/// let start = operation_uri(Machine::described(), "start", Dialect::V1);
/// assert_eq!(start, "http://schemas.dmtf.org/cimi/1/action/start");
/// ```
#[must_use]
pub fn operation_uri(described: &Type, operation: &str, dialect: Dialect) -> String {
    if PLAIN.contains(&operation) || operation.contains(':') {
        return operation.to_owned();
    }
    let own = described.namespace.filter(|_| !is_standard_operation(operation));
    format!("{}/action/{operation}", own.unwrap_or_else(|| dialect.namespace()))
}
