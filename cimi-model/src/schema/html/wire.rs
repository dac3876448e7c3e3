//! How an attribute stands in a document, in the notation of the pseudo-schemas of DSP0263.

use crate::Dialect;
use crate::meta::{Attribute, Kind, Type, XmlForm};

/// `"memory": integer`
pub(super) fn json(attribute: &Attribute, dialect: Dialect) -> String {
    format!("\"{}\": {}", attribute.name_in(dialect), json_value(attribute, attribute.kind))
}

fn json_value(attribute: &Attribute, kind: Kind) -> String {
    match kind {
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Any => "any".to_owned(),
        Kind::Ref(_) => "{ \"href\": string }".to_owned(),
        Kind::Map if attribute.holds_strings() => "{ string: string }".to_owned(),
        Kind::Map => "{ string: any }".to_owned(),
        Kind::Structure(_) => "{ … }".to_owned(),
        Kind::Array(item) => format!("[ {} ]", json_value(attribute, *item)),
        _ => "string".to_owned(),
    }
}

/// `<memory> xs:integer </memory>`
pub(super) fn xml(owner: &Type, attribute: &Attribute, dialect: Dialect) -> String {
    let name = attribute.name_in(dialect);
    match (attribute.xml, attribute.kind) {
        (XmlForm::Attribute, kind) => format!("{name}=\"{}\"", text(kind)),
        (XmlForm::Content, kind) => text(kind).to_owned(),
        (_, Kind::Array(item)) => {
            let one = element(item_name(owner, attribute, *item, dialect), *item);
            wrapped(attribute, dialect, &one)
        }
        (_, Kind::Map) => {
            let item = attribute.item_in(dialect);
            let value = if attribute.holds_strings() { "xs:string" } else { "any" };
            wrapped(attribute, dialect, &format!("<{item} key=\"xs:string\"> {value} </{item}>"))
        }
        (_, Kind::Ref(_)) if attribute.v1_flat && dialect == Dialect::V1 => "href=\"xs:anyURI\"".to_owned(),
        (_, kind) => element(name, kind),
    }
}

/// The element of one item: members of a collection are named after their type.
fn item_name(owner: &Type, attribute: &Attribute, item: Kind, dialect: Dialect) -> &'static str {
    match (owner.members, item) {
        (Some(members), Kind::Structure(_)) if attribute.item.is_empty() => (members.item)().name_in(dialect),
        _ => attribute.item_in(dialect),
    }
}

fn element(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Ref(_) => format!("<{name} href=\"xs:anyURI\"/>"),
        Kind::Structure(_) | Kind::Any | Kind::Map | Kind::Array(_) => format!("<{name}> … </{name}>"),
        kind => format!("<{name}> {} </{name}>", text(kind)),
    }
}

/// Items stand in an element of their own in 2.0, and straight in their owner in 1.x (5.5.11).
fn wrapped(attribute: &Attribute, dialect: Dialect, item: &str) -> String {
    let name = attribute.name_in(dialect);
    match dialect {
        Dialect::V2 if !attribute.unwrapped => format!("<{name}> {item}* </{name}>"),
        _ => format!("{item}*"),
    }
}

fn text(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "xs:integer",
        Kind::Boolean => "xs:boolean",
        Kind::Uri => "xs:anyURI",
        Kind::DateTime => "xs:dateTime",
        Kind::Duration => "xs:duration",
        Kind::Binary => "xs:hexBinary",
        Kind::Any => "any",
        _ => "xs:string",
    }
}
