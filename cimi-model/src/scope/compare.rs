//! Holds one value against one scope.

use std::borrow::Cow;

use super::lookup::{Found, Seen};
use super::units::convert;
use super::{Form, Ratio, Scope};
use crate::any::{Any, Number};
use crate::dialect::canonical;
use crate::meta::Kind;
use crate::value::{DateTime, Scalar};
use crate::{Attribute, Result, printable};

/// How many values of an enumeration a message shows.
const SHOWN: usize = 8;

/// How much one unit of the scope is in the units of the attribute. Where either has none, the numbers are compared
/// as they are.
pub(super) fn scale(scope: &Scope, attribute: Option<&Attribute>) -> Result<Ratio> {
    match (&scope.units, attribute.and_then(|attribute| attribute.unit)) {
        (Some(units), Some(own)) => convert(Ratio::ONE, units, own),
        _ => Ok(Ratio::ONE),
    }
}

/// Whether a single value is in the scope.
pub(super) fn fits(found: &Found<'_>, scope: &Scope, scale: Ratio) -> bool {
    let is = |wanted: &Any| equal(found, wanted, scale);
    let value = scope.value.as_ref().is_none_or(is);
    let values = scope.values.is_empty() || scope.values.iter().any(is);
    let numeric = scope.form() != Some(Form::Units) || number(found.value).is_some();
    value && values && numeric && in_range(found, scope, scale).unwrap_or(false)
}

/// Whether a value is in the range, if there is one; `None` if that cannot be said.
fn in_range(found: &Found<'_>, scope: &Scope, scale: Ratio) -> Option<bool> {
    if scope.minimum.is_none() && scope.maximum.is_none() && scope.increment.is_none() {
        return Some(true);
    }
    let value = number(found.value)?;
    let bound = |number: &Option<Number>| match number {
        Some(number) => Ratio::parse(number.as_str()).and_then(|ratio| ratio.times(scale)).map(Some),
        None => Some(None),
    };
    let (minimum, maximum, increment) = (bound(&scope.minimum)?, bound(&scope.maximum)?, bound(&scope.increment)?);
    if minimum.is_some_and(|minimum| value < minimum) || maximum.is_some_and(|maximum| value > maximum) {
        return Some(false);
    }
    let Some(increment) = increment else { return Some(true) };
    if increment <= Ratio::ZERO {
        return None;
    }
    let distance = value.minus(minimum.or(maximum)?)?;
    Some(distance.over(increment)?.whole().is_some())
}

/// The number that a value is, or that its text is: in XML, extensions have no types.
pub(super) fn number(value: Seen<'_>) -> Option<Ratio> {
    match value {
        Seen::Integer(value) => Some(Ratio::from(value)),
        Seen::Text(text) => Ratio::parse(text),
        Seen::Any(value) => number_of(value),
        _ => None,
    }
}

pub(super) fn number_of(value: &Any) -> Option<Ratio> {
    match value {
        Any::Number(number) => Ratio::parse(number.as_str()),
        Any::String(text) => Ratio::parse(text),
        _ => None,
    }
}

fn equal(found: &Found<'_>, wanted: &Any, scale: Ratio) -> bool {
    let numbers = || number(found.value).zip(number_of(wanted).and_then(|wanted| wanted.times(scale)));
    match (found.value, wanted) {
        (Seen::Integer(_) | Seen::Any(Any::Number(_)), _) | (Seen::Text(_), Any::Number(_)) => {
            numbers().is_some_and(|(value, wanted)| value == wanted)
        }
        (Seen::Boolean(value), wanted) => truth(wanted) == Some(value),
        (Seen::Text(text), Any::Boolean(wanted)) => truth(&Any::from(text)) == Some(*wanted),
        (Seen::Text(text), Any::String(wanted)) => same_text(text, wanted, found.attribute),
        (Seen::Any(value), wanted) => value == wanted,
        (Seen::Ref(Some(href), _), Any::String(wanted)) => href == wanted,
        (Seen::Ref(Some(href), _), Any::Object(_)) => wanted.get("href").and_then(Any::as_str) == Some(href),
        (Seen::Map(map, _), wanted) => &map.iter().map(|(key, value)| (key, value.clone())).collect::<Any>() == wanted,
        _ => false,
    }
}

pub(super) fn truth(value: &Any) -> Option<bool> {
    match value {
        Any::Boolean(value) => Some(*value),
        Any::String(text) => match text.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two texts are the same value of an attribute.
fn same_text(text: &str, wanted: &str, attribute: Option<&Attribute>) -> bool {
    if text == wanted {
        return true;
    }
    let spelled = |text: &'_ str| match attribute {
        Some(attribute) if attribute.follows_dialect => canonical(text).into_owned(),
        _ => text.to_owned(),
    };
    match attribute.map(|attribute| attribute.kind) {
        Some(Kind::Uri) => spelled(text) == spelled(wanted),
        // Examples of the standard have white space around the names of architectures.
        Some(Kind::Enumeration(_)) => text.trim() == wanted.trim(),
        Some(Kind::DateTime) => {
            let instant = |text| DateTime::recover(text).and_then(|date| date.instant());
            instant(text).is_some_and(|instant_| instant(wanted) == Some(instant_))
        }
        Some(Kind::Duration) => {
            let parts = |text| crate::Duration::recover(text).and_then(|duration| duration.parts());
            parts(text).is_some_and(|parts_| parts(wanted) == Some(parts_))
        }
        _ => false,
    }
}

/// What a scope expects, for messages.
pub(super) fn expected(scope: &Scope) -> String {
    let mut parts: Vec<Cow<'static, str>> = Vec::new();
    if let Some(value) = &scope.value {
        parts.push(shown_any(value).into());
    }
    if !scope.values.is_empty() {
        let mut values: Vec<_> = scope.values.iter().take(SHOWN).map(shown_any).collect();
        values.extend((scope.values.len() > SHOWN).then(|| "…".to_owned()));
        parts.push(format!("one of {}", values.join(", ")).into());
    }
    match (&scope.minimum, &scope.maximum) {
        (Some(minimum), Some(maximum)) => {
            parts.push(format!("{} to {}", shown_number(minimum), shown_number(maximum)).into());
        }
        (Some(minimum), None) => parts.push(format!("at least {}", shown_number(minimum)).into()),
        (None, Some(maximum)) => parts.push(format!("at most {}", shown_number(maximum)).into()),
        (None, None) => {}
    }
    let mut text = if parts.is_empty() { "a number".to_owned() } else { parts.join(" and ") };
    if let Some(units) = &scope.units {
        text = format!("{text} {}{}", if parts.is_empty() { "of " } else { "" }, printable(units));
    }
    if let Some(increment) = &scope.increment {
        text = format!("{text} in steps of {}", shown_number(increment));
    }
    text
}

fn shown_number(number: &Number) -> String {
    printable(number.as_str())
}

fn shown_any(value: &Any) -> String {
    match value {
        Any::Null => "null".to_owned(),
        Any::Boolean(value) => value.to_string(),
        Any::Number(number) => shown_number(number),
        Any::String(text) => format!("'{}'", printable(text)),
        Any::Array(_) => "an array".to_owned(),
        Any::Object(_) => "an object".to_owned(),
    }
}

/// What was found, for messages.
pub(super) fn shown(found: &Found<'_>) -> String {
    if found.secret {
        return "a secret".to_owned();
    }
    let unit = found.attribute.and_then(|attribute| attribute.unit);
    match (found.value, unit) {
        (Seen::Integer(value), Some(unit)) => format!("{value} {unit}"),
        (Seen::Integer(value), None) => value.to_string(),
        (Seen::Boolean(value), _) => value.to_string(),
        (Seen::Text(text) | Seen::Ref(Some(text), _), _) => format!("'{}'", printable(text)),
        (Seen::Any(value), _) => shown_any(value),
        (Seen::List(_), _) => "an array".to_owned(),
        (Seen::Map(..), _) => "a map".to_owned(),
        (Seen::Record(_), _) => "a structure".to_owned(),
        (Seen::Ref(None, _), _) => "a reference".to_owned(),
    }
}
