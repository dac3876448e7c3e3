//! The texts of values, as strict reading accepts them.

use serde_json::{Value, json};

use crate::meta::{Attribute, Kind};

/// What RFC 3986 excludes everywhere is refused.
const URI: &str = r#"^[^\x00-\x20\x7F<>"{}|\\^`]*$"#;

/// xs:duration.
const DURATION: &str = "^-?P(([0-9]+Y([0-9]+M)?([0-9]+D)?|[0-9]+M([0-9]+D)?|[0-9]+D)\
    (T([0-9]+H([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?|[0-9]+M([0-9]+(\\.[0-9]+)?S)?|[0-9]+(\\.[0-9]+)?S))?\
    |T([0-9]+H([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?|[0-9]+M([0-9]+(\\.[0-9]+)?S)?|[0-9]+(\\.[0-9]+)?S))$";

/// xs:dateTime, which may lack the zone, and has `24:00:00` and leap days. The format `date-time` is another.
const DATE_TIME: &str = "^-?(([1-9][0-9]{4,}|[0-9]{4})-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])\
    |(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))\
    |([1-9][0-9]*)?([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)\
    T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?|24:00:00(\\.0+)?)\
    (Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?$";

/// xs:hexBinary.
const HEX: &str = "^([0-9A-Fa-f]{2})*$";

/// A URI.
pub(super) fn uri() -> Value {
    json!({ "type": "string", "format": "uri-reference", "pattern": URI })
}

/// A value that is one text, number or boolean, or may be anything.
pub(super) fn scalar(attribute: &Attribute, kind: Kind) -> Value {
    match kind {
        Kind::Integer => integer(attribute),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Uri => uri(),
        Kind::DateTime => json!({ "type": "string", "pattern": DATE_TIME }),
        Kind::Duration => json!({ "type": "string", "pattern": DURATION }),
        Kind::Binary => json!({ "type": "string", "contentEncoding": "base16", "pattern": HEX }),
        Kind::Enumeration(values) if attribute.closed => json!({ "type": "string", "enum": values }),
        Kind::Enumeration(values) => {
            json!({ "anyOf": [{ "type": "string", "enum": values }, { "type": "string" }] })
        }
        Kind::String => json!({ "type": "string" }),
        _ if attribute.value_scopes => scopes(),
        _ => json!({ "anyOf": any(vec![object()]) }),
    }
}

/// An array of valueScope (5.5.14).
pub(super) fn scopes() -> Value {
    json!({ "type": "array", "items": scope() })
}

/// An array of valueScope, or one that stands for an array of one.
pub(super) fn scopes_or_one() -> Value {
    json!({ "anyOf": [scopes(), scope()] })
}

fn scope() -> Value {
    json!({ "type": "object", "additionalProperties": object() })
}

/// An object of which nothing is known.
pub(super) fn object() -> Value {
    json!({ "type": "object", "additionalProperties": true })
}

/// An object with other members than these.
pub(super) fn other_object(names: &[&str]) -> Value {
    json!({ "type": "object", "not": { "propertyNames": { "enum": names } } })
}

/// Any value, which is one of these if it is an object. Generators take a schema without a type for an object.
pub(super) fn any(mut objects: Vec<Value>) -> Vec<Value> {
    let others = ["array", "string", "integer", "number", "boolean", "null"];
    objects.extend(others.map(|other| json!({ "type": other })));
    objects
}

/// 64 bits with sign, or the range of the table. What has a unit is an amount, and not negative (5.6).
fn integer(attribute: &Attribute) -> Value {
    let least = if attribute.unit.is_some() { 0 } else { i64::MIN };
    let (minimum, maximum) = attribute.range.unwrap_or((least, i64::MAX));
    json!({ "type": "integer", "format": "int64", "minimum": minimum, "maximum": maximum })
}
