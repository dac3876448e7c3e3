//! How kinds and operations are called.

use crate::Dialect;
use crate::lifecycle::action::is_short;
use crate::meta::{Kind, Type};

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
        Kind::Structure(described) if described().any => Kind::Any.name(),
        Kind::Structure(described) => described().name_in(dialect),
        Kind::Ref(described) => match described().members {
            Some(members) => return format!("collection[{}]{brackets}", (members.item)().name_in(dialect)),
            None => kind.name(),
        },
        kind => kind.name(),
    };
    format!("{name}{brackets}")
}

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
    is_short(operation) || crate::registry::standard_types().any(|found| operations(found).contains(&operation))
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
    if is_short(operation) || operation.contains(':') {
        return operation.to_owned();
    }
    let own = described.namespace.filter(|_| !is_standard_operation(operation));
    format!("{}/action/{operation}", own.unwrap_or_else(|| dialect.namespace()))
}
