//! Facts of the tables in words, the same wherever people read them.

use crate::meta::{Attribute, Constraints, Kind, Type};

/// Who always sends an attribute (5.3).
pub(super) fn mandatory(constraints: Constraints) -> &'static str {
    match (constraints.provider_mandatory, constraints.consumer_mandatory) {
        (true, true) => "mandatory for both",
        (true, false) => "provider mandatory",
        (false, true) => "consumer mandatory",
        (false, false) => "optional",
    }
}

/// Whether and by whom a value is changed after creation (5.3).
pub(super) fn changes(constraints: Constraints) -> &'static [&'static str] {
    match (constraints.mutable, constraints.consumer_writable) {
        (true, true) => &["writable"],
        (true, false) => &["read-only"],
        (false, false) => &["immutable"],
        (false, true) => &["immutable", "writable"],
    }
}

/// The range of an attribute.
pub(super) fn range(attribute: &Attribute) -> Option<String> {
    attribute.range.map(|range| match range {
        (least, i64::MAX) => format!("from {least}"),
        (i64::MIN, most) => format!("up to {most}"),
        (least, most) => format!("{least} to {most}"),
    })
}

/// The values that an enumeration names; of an array, those of its items.
pub(super) fn values(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Enumeration(known) => Some(known),
        Kind::Array(item) => values(*item),
        _ => None,
    }
}

/// Whether an enumeration has other values.
pub(super) fn openness(attribute: &Attribute) -> &'static str {
    if attribute.closed { "no other values" } else { "other values may occur" }
}

/// The name of a kind in the standard; what refers to a type gets that said by `link`.
pub(super) fn kind(kind: Kind, link: &dyn Fn(&'static Type) -> String) -> String {
    match kind {
        Kind::Ref(target) => format!("ref to {}", link(target())),
        Kind::Structure(target) => format!("structure {}", link(target())),
        Kind::Array(item) => format!("array of {}", self::kind(*item, link)),
        kind => kind.name().to_owned(),
    }
}

/// Where a type is defined: a clause of DSP0263, or another document by its name.
pub(super) fn clause(record_type: &Type) -> Option<String> {
    match record_type.clause {
        "" => None,
        clause if record_type.namespace.is_none() && clause.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(format!("DSP0263 {clause}"))
        }
        other => Some(other.to_owned()),
    }
}
