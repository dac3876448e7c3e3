//! Descriptions.

use super::node::Node;
use crate::Dialect;
use crate::meta::{Attribute, Kind, Type};
use crate::schema::words::plain;

/// A declaration with what is said of the attribute.
pub(super) fn described(declaration: Node, attribute: &Attribute) -> Node {
    let text = plain(attribute.doc);
    let unit = attribute.unit.filter(|unit| !text.contains(unit)).map(|unit| format!("Unit: {unit}."));
    let values = match attribute.kind {
        Kind::Enumeration(values) if !attribute.closed => Some(format!("Values: {}, or another.", values.join(", "))),
        _ => None,
    };
    let parts: Vec<String> = [text].into_iter().chain(unit).chain(values).collect();
    declaration.documented(parts.join(" "))
}

/// What is said of a type.
pub(super) fn of_type(described: &Type, dialect: Dialect) -> String {
    let text = plain(described.doc);
    let clause = described.clause;
    let clause = Some(clause).filter(|clause| !text.contains(clause)).map(|clause| format!("Clause {clause}."));
    let rows: Vec<_> = described.attributes.iter().map(|attribute| attribute.name_in(dialect)).collect();
    let open = described.any.then(|| format!("The standard names {}.", rows.join(", ")));
    let parts: Vec<String> = [text].into_iter().chain(clause).chain(open).collect();
    parts.join(" ")
}
