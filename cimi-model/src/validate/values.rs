//! The form of single values (5.5).

use super::walk::Walk;
use super::{Rule, Severity};
use crate::any::Any;
use crate::context::shown;
use crate::error::Step;
use crate::meta::{Attribute, Kind, Type};
use crate::value::Scalar;
use crate::{Binary, DateTime, Duration, Map, Uri};

/// What a value of this kind is, for messages, and the clause that says so.
pub(super) fn form(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::String | Kind::Enumeration(_) => ("a string", "5.5.5"),
        Kind::Integer => ("an integer of 64 bits", "5.5.4"),
        Kind::Boolean => ("true or false", "5.5.1"),
        Kind::Uri => (Uri::EXPECTED, "5.5.10"),
        Kind::DateTime => (DateTime::EXPECTED, "5.5.2"),
        Kind::Duration => (Duration::EXPECTED, "5.5.3"),
        Kind::Binary => (Binary::EXPECTED, "5.5.9"),
        Kind::Ref(_) => ("a reference", "5.5.6"),
        Kind::Map => ("a map", "5.5.7"),
        Kind::Structure(_) => ("a structure", "5.5.8"),
        Kind::Array(_) => ("an array", "5.5.11"),
        Kind::Any => ("any value", "5.5.13"),
    }
}

/// Whether a text is a value of this kind, spelled as the standard has it.
pub(super) fn conforms(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::DateTime => DateTime::is_conforming(text),
        Kind::Duration => Duration::parse(text).is_some(),
        Kind::Binary => Binary::parse(text).is_some(),
        Kind::Uri => is_uri(text),
        _ => true,
    }
}

pub(super) fn text(walk: &mut Walk<'_>, owner: &Type, attribute: &Attribute, kind: Kind, text: &str) {
    match kind {
        Kind::Uri => uri(walk, attribute, text),
        Kind::Enumeration(known) if attribute.closed && !known.contains(&text) => {
            let message = format!("{} is none of {}", shown(attribute, text), known.join(", "));
            walk.report(Severity::Error, Rule::Enumeration, owner.clause, message);
        }
        _ if !conforms(kind, text) => {
            let (expected, clause) = form(kind);
            walk.report(Severity::Error, Rule::Value, clause, format!("{} is not {expected}", shown(attribute, text)));
        }
        _ => {}
    }
}

pub(super) fn integer(walk: &mut Walk<'_>, owner: &Type, attribute: &Attribute, value: i64) {
    match attribute.range {
        Some((least, most)) if value < least || value > most => {
            let message = match most {
                i64::MAX => format!("{value} is less than {least}"),
                _ => format!("{value} is not from {least} to {most}"),
            };
            walk.report(Severity::Error, Rule::Range, owner.clause, message);
        }
        Some(_) => {}
        None => {
            if let (true, Some(unit)) = (value < 0, attribute.unit) {
                walk.report(Severity::Error, Rule::Range, "5.6", format!("{value} {unit} is no amount"));
            }
        }
    }
}

pub(super) fn map(walk: &mut Walk<'_>, owner: &Type, attribute: &Attribute, map: &Map) {
    // In the parameters of a service, each string may name a component (5.13.6.1).
    let plain = owner.name == "serviceDescriptor";
    for (key, value) in map.iter() {
        if attribute.holds_strings() && value.as_str().is_some() {
            continue;
        }
        walk.at(Step::Key(key.to_owned()), |walk| {
            if attribute.holds_strings() {
                walk.report(Severity::Error, Rule::Value, "5.7.1", "the value of a property is a string");
            } else {
                walk.symbols_in(value, plain);
            }
        });
    }
}

/// The URI of a reference, which may be the name of a component (5.13.4).
pub(super) fn href(walk: &mut Walk<'_>, text: &str) {
    match text.strip_prefix('#') {
        Some(name) if !name.is_empty() => walk.symbol(name, false),
        _ => location(walk, text, || crate::printable(text)),
    }
}

fn uri(walk: &mut Walk<'_>, attribute: &Attribute, text: &str) {
    location(walk, text, || shown(attribute, text).trim_matches('\'').to_owned());
}

fn location(walk: &mut Walk<'_>, text: &str, shown: impl Fn() -> String) {
    if !is_uri(text) {
        walk.report(Severity::Error, Rule::Uri, "5.5.10", format!("'{}' is not a URI", shown()));
    } else if text.starts_with('/') {
        // It still resolves as RFC 3986 says, but by concatenation it does not.
        let slash = walk.base_uri.as_ref().is_some_and(|base| base.as_str().ends_with('/'));
        let severity = if slash { Severity::Error } else { Severity::Warning };
        if walk.asks_for(severity) {
            let message = format!("the relative URI '{}' begins with a slash", shown());
            walk.report(severity, Rule::Uri, "5.5.10", message);
        }
    }
}

/// Whether a text is a URI reference: no excluded characters, each `%` before two hexadecimal digits, one `#` at most.
pub(super) fn is_uri(text: &str) -> bool {
    let escapes = || {
        text.split('%')
            .skip(1)
            .all(|rest| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)))
    };
    // One pass for the many that have neither.
    let marked = text.bytes().any(|b| matches!(b, b'%' | b'#'));
    Uri::is_conforming(text) && (!marked || (escapes() && text.bytes().filter(|&b| b == b'#').nth(1).is_none()))
}

/// Whether a value of a map or an extension is of this kind. XML has but text there, and an array of one is its item.
pub(super) fn is_of(kind: Kind, value: &Any) -> bool {
    let text = value.as_str();
    match kind {
        Kind::Any => true,
        Kind::Integer => match value {
            Any::Number(number) => number.as_i64().is_some(),
            _ => text.is_some_and(|text| text.parse::<i64>().is_ok()),
        },
        Kind::Boolean => matches!(value, Any::Boolean(_)) || matches!(text, Some("true" | "false")),
        Kind::Map | Kind::Structure(_) => matches!(value, Any::Object(_)),
        // The standard refers to components by a string in parameters (5.13.6.1).
        Kind::Ref(_) => value.get("href").and_then(Any::as_str).is_some_and(is_uri) || text.is_some_and(is_uri),
        Kind::Array(item) => match value {
            Any::Array(items) => items.iter().all(|value| is_of(*item, value)),
            Any::Object(_) => true,
            _ => is_of(*item, value),
        },
        kind => text.is_some_and(|text| conforms(kind, text)),
    }
}

/// The integer that such a value holds.
pub(super) fn integer_of(value: &Any) -> Option<i64> {
    match value {
        Any::Number(number) => number.as_i64(),
        value => value.as_str()?.parse().ok(),
    }
}
