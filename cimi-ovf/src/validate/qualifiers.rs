//! Types and qualifiers of properties (9.5.1).

use std::borrow::Cow;
use std::collections::HashSet;

/// The type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PropertyType {
    Unsigned(u32),
    Signed(u32),
    Real(u32),
    Boolean,
    /// An IP address, as products have it.
    Address,
    Text,
}

impl PropertyType {
    /// Also whether it is spelled as the standard has it.
    pub(super) fn parse(text: &str) -> Option<(Self, bool)> {
        let exact = match text {
            "uint8" => Self::Unsigned(8),
            "uint16" => Self::Unsigned(16),
            "uint32" => Self::Unsigned(32),
            "uint64" => Self::Unsigned(64),
            "sint8" => Self::Signed(8),
            "sint16" => Self::Signed(16),
            "sint32" => Self::Signed(32),
            "sint64" => Self::Signed(64),
            "real32" => Self::Real(32),
            "real64" => Self::Real(64),
            "boolean" => Self::Boolean,
            "string" => Self::Text,
            _ => return Self::of_products(text),
        };
        Some((exact, true))
    }

    /// What products write: names of other languages, and ranges, lists or networks after the name.
    fn of_products(text: &str) -> Option<(Self, bool)> {
        let name = text.trim().to_ascii_lowercase();
        let name = name.strip_prefix("xs:").or_else(|| name.strip_prefix("xsd:")).unwrap_or(&name);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let found = match name.get(..end)? {
            "int" | "integer" | "long" => Self::Signed(64),
            "short" => Self::Signed(16),
            "real" | "float" | "double" => Self::Real(64),
            "bool" => Self::Boolean,
            "ip" => Self::Address,
            "password" | "anyuri" | "uri" | "expression" | "text" | "enum" => Self::Text,
            bare if bare != text => return Self::parse(bare).map(|(found, _)| (found, false)),
            _ => return None,
        };
        Some((found, false))
    }

    /// Whether a value is one of this type.
    pub(super) fn fits(self, value: &str) -> bool {
        let value = value.trim();
        match self {
            Self::Text => true,
            Self::Address => value.parse::<std::net::IpAddr>().is_ok(),
            Self::Boolean => value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
            Self::Unsigned(bits) => integer(value).is_some_and(|n| n >= 0 && n >> bits == 0),
            Self::Signed(bits) => {
                let half = bits.saturating_sub(1);
                integer(value).is_some_and(|n| n >> half == 0 || n >> half == -1)
            }
            Self::Real(32) => value.parse().is_ok_and(|number: f32| number.is_finite()),
            Self::Real(_) => value.parse().is_ok_and(|number: f64| number.is_finite()),
        }
    }
}

fn integer(text: &str) -> Option<i128> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A constraint on the values of a property.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Qualifier<'t> {
    MinLen(u64),
    MaxLen(u64),
    MinValue(&'t str),
    MaxValue(&'t str),
    ValueMap(HashSet<Cow<'t, str>>),
    /// One that is not of the standard, by its name.
    Other(&'t str),
}

/// More make no sense, and each is held against each value.
const MOST: usize = 64;

/// Parses qualifiers: `MinLen(1) MaxLen(8), ValueMap{"a","b"}`. Of what is no list of qualifiers, an error.
pub(super) fn parse(text: &str) -> Result<Vec<Qualifier<'_>>, &'static str> {
    let mut found = Vec::new();
    let separates = |c: char| c.is_ascii_whitespace() || c == ',';
    let mut rest = text.trim_start_matches(separates);
    while !rest.is_empty() {
        if found.len() >= MOST {
            return Err("there are more than 64 qualifiers");
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if name.is_empty() {
            return Err("a name of a qualifier is expected");
        }
        let after = after.trim_ascii_start();
        let (arguments, after) = match after.as_bytes().first() {
            Some(b'(') => arguments(after, ')')?,
            Some(b'{') => arguments(after, '}')?,
            _ => (Vec::new(), after),
        };
        found.push(qualifier(name, arguments)?);
        rest = after.trim_start_matches(separates);
    }
    Ok(found)
}

fn qualifier<'t>(name: &'t str, arguments: Vec<Cow<'t, str>>) -> Result<Qualifier<'t>, &'static str> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    let one = || match arguments.as_slice() {
        [Cow::Borrowed(one)] => Ok(*one),
        _ => Err("the qualifier has one number"),
    };
    let length = || one()?.parse().map_err(|_| "a length is a whole number");
    Ok(if is("MinLen") {
        Qualifier::MinLen(length()?)
    } else if is("MaxLen") {
        Qualifier::MaxLen(length()?)
    } else if is("MinValue") {
        Qualifier::MinValue(one()?)
    } else if is("MaxValue") {
        Qualifier::MaxValue(one()?)
    } else if is("ValueMap") {
        Qualifier::ValueMap(arguments.into_iter().collect())
    } else {
        Qualifier::Other(name)
    })
}

/// The arguments in brackets, and what is after them.
fn arguments(text: &str, close: char) -> Result<(Vec<Cow<'_, str>>, &str), &'static str> {
    let mut found = Vec::new();
    let mut rest = text.get(1..).unwrap_or_default().trim_ascii_start();
    loop {
        if let Some(after) = rest.strip_prefix(close) {
            return Ok((found, after));
        }
        let (argument, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted_text(quoted)?
        } else {
            let end = rest.find([',', close]).ok_or("a bracket is not closed")?;
            let (bare, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            (Cow::Borrowed(bare.trim_ascii()), after)
        };
        found.push(argument);
        rest = after.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_ascii_start();
        } else if !rest.starts_with(close) {
            return Err("a comma or the end of the bracket is expected");
        }
    }
}

/// A text up to its closing quote; a backslash is before a character that means itself.
fn quoted_text(text: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut escaped = false;
    let mut any = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => {
                escaped = true;
                any = true;
            }
            '"' => {
                let inner = text.get(..at).unwrap_or_default();
                let after = text.get(at + 1..).unwrap_or_default();
                let inner = if any { Cow::Owned(unescaped(inner)) } else { Cow::Borrowed(inner) };
                return Ok((inner, after));
            }
            _ => {}
        }
    }
    Err("a quote is not closed")
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

impl Qualifier<'_> {
    /// Whether a value of a type fits.
    pub(super) fn admits(&self, kind: Option<PropertyType>, value: &str) -> bool {
        // Lengths are of texts.
        let is_text = matches!(kind, None | Some(PropertyType::Text));
        let length = || u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
        match self {
            Self::MinLen(least) => !is_text || length() >= *least,
            Self::MaxLen(most) => !is_text || length() <= *most,
            Self::MinValue(least) => compare(value, least).is_none_or(std::cmp::Ordering::is_ge),
            Self::MaxValue(most) => compare(value, most).is_none_or(std::cmp::Ordering::is_le),
            Self::ValueMap(values) => {
                // In either case, where case means nothing.
                values.contains(value) || (!is_text && values.contains(&*value.trim().to_ascii_lowercase()))
            }
            Self::Other(_) => true,
        }
    }

    /// As it is written.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::MinLen(length) => format!("MinLen({length})"),
            Self::MaxLen(length) => format!("MaxLen({length})"),
            Self::MinValue(value) => format!("MinValue({})", cimi_model::printable(value)),
            Self::MaxValue(value) => format!("MaxValue({})", cimi_model::printable(value)),
            Self::ValueMap(_) => "ValueMap".to_owned(),
            Self::Other(name) => cimi_model::printable(name),
        }
    }
}

/// How numbers compare; whole ones exactly.
fn compare(a: &str, b: &str) -> Option<std::cmp::Ordering> {
    let (a, b) = (a.trim(), b.trim());
    if let (Some(a), Some(b)) = (integer(a), integer(b)) {
        return Some(a.cmp(&b));
    }
    let real = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    real(a)?.partial_cmp(&real(b)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_values() {
        for (text, value, fits) in [
            ("uint8", "255", true),
            ("uint8", "256", false),
            ("uint8", "-1", false),
            ("uint64", "18446744073709551615", true),
            ("uint64", "18446744073709551616", false),
            ("sint8", "-128", true),
            ("sint8", "-129", false),
            ("sint8", "128", false),
            ("sint64", "9223372036854775808", false),
            ("sint16", "٣", false),
            ("sint16", "0x10", false),
            ("boolean", "true", true),
            ("boolean", "yes", false),
            ("real32", "1e39", false),
            ("real64", "1e39", true),
            ("real64", "NaN", false),
            ("real64", "inf", false),
            ("string", "anything", true),
        ] {
            let (kind, exact) = PropertyType::parse(text).unwrap();
            assert_eq!((kind.fits(value), exact), (fits, true), "{text} {value}");
        }
        for (text, kind) in [
            ("int", PropertyType::Signed(64)),
            ("String", PropertyType::Text),
            ("Boolean", PropertyType::Boolean),
            ("ip:VM Network", PropertyType::Address),
            ("string[dhcp,static]", PropertyType::Text),
            ("int(0..10)", PropertyType::Signed(64)),
            ("xs:boolean", PropertyType::Boolean),
        ] {
            assert_eq!(PropertyType::parse(text), Some((kind, false)), "{text}");
        }
        for text in ["", "uint7", "colour", "[", "string2"] {
            assert_eq!(PropertyType::parse(text), None, "{text}");
        }
    }

    #[test]
    fn lists_of_qualifiers() {
        let map = |values: &[&'static str]| Qualifier::ValueMap(values.iter().map(|value| (*value).into()).collect());
        assert_eq!(
            parse(r#"MinLen(1), maxlen( 8 ) ValueMap{"a, b","c\"}"} Ip("x") MinValue(-3)"#),
            Ok(vec![
                Qualifier::MinLen(1),
                Qualifier::MaxLen(8),
                map(&["a, b", "c\"}"]),
                Qualifier::Other("Ip"),
                Qualifier::MinValue("-3")
            ])
        );
        assert_eq!(parse(" , "), Ok(vec![]));
        assert_eq!(parse("ValueMap{1, 2}"), Ok(vec![map(&["1", "2"])]));
        for text in
            ["MinLen", "MinLen(", "MinLen()", "MinLen(x)", "MinLen(1,2)", "ValueMap{\"a}", "(1)", "ValueMap{a\"b"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
