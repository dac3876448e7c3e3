//! Whether a value fits the type and the qualifiers of its property.

use std::net::IpAddr;

use super::qualifiers::{self, range};
use crate::model::Property;

/// What values a type has.
enum Kind {
    Integer(i128, i128),
    Real(f64),
    Boolean,
    Text,
    Address,
    /// A type that is not known here: any value.
    Any,
}

/// Checks a value against the type and the qualifiers of a property: the types of CIM and those that products write, with
/// `MinLen`, `MaxLen`, `MinValue`, `MaxValue` and `ValueMap`. What is not known restricts nothing.
///
/// ```
/// use cimi_ovf::model::Property;
/// use cimi_ovf::properties::check_value;
///
/// let property_type = Some("string".into());
/// let qualifiers = Some(r#"MaxLen(5) ValueMap{"dhcp","static"}"#.into());
/// let property = Property { property_type, qualifiers, ..Default::default() };
/// assert_eq!(check_value(&property, "dhcp"), Ok(()));
/// assert_eq!(check_value(&property, "static"), Err("the value is longer than 5 characters".into()));
/// assert_eq!(check_value(&property, "none"), Err("the value is none of those in the ValueMap".into()));
/// ```
///
/// # Errors
/// Why the value does not fit; the value, which may be a secret, is not in it.
pub fn check_value(property: &Property, value: &str) -> Result<(), String> {
    let text = property.property_type.as_deref().unwrap_or_default().trim();
    let text = text.strip_prefix("xs:").or_else(|| text.strip_prefix("xsd:")).unwrap_or(text);
    let end = text.find(['(', '[', '{', ':']).unwrap_or(text.len());
    let (name, arguments) = text.split_at_checked(end).unwrap_or((text, ""));
    let kind = kind(name.trim());
    check_kind(&kind, value)?;
    let (arguments, choices) = (qualifiers::arguments(arguments).0, arguments.starts_with(['[', '{']));
    if choices {
        check_choice(&kind, value, &arguments, "that its type lists")?;
    } else if let Some(limits) = arguments.first() {
        check_range(&kind, value, limits)?;
    }
    for qualifier in qualifiers::parse(property.qualifiers.as_deref().unwrap_or_default()) {
        check_qualifier(&kind, value, &qualifier)?;
    }
    Ok(())
}

fn kind(name: &str) -> Kind {
    match name.to_ascii_lowercase().as_str() {
        "uint8" => Kind::Integer(0, 0xFF),
        "uint16" => Kind::Integer(0, 0xFFFF),
        "uint32" => Kind::Integer(0, 0xFFFF_FFFF),
        "uint64" => Kind::Integer(0, u64::MAX.into()),
        "sint8" => Kind::Integer(i8::MIN.into(), i8::MAX.into()),
        "sint16" | "short" => Kind::Integer(i16::MIN.into(), i16::MAX.into()),
        "sint32" => Kind::Integer(i32::MIN.into(), i32::MAX.into()),
        "sint64" | "int" | "integer" | "long" => Kind::Integer(i64::MIN.into(), i64::MAX.into()),
        "real32" | "float" => Kind::Real(f32::MAX.into()),
        "real64" | "real" | "double" => Kind::Real(f64::MAX),
        "boolean" | "bool" => Kind::Boolean,
        "string" | "password" => Kind::Text,
        "ip" => Kind::Address,
        _ => Kind::Any,
    }
}

fn check_kind(kind: &Kind, value: &str) -> Result<(), String> {
    let fits = match kind {
        Kind::Integer(least, most) => {
            return match integer(value) {
                Some(value) if (*least..=*most).contains(&value) => Ok(()),
                _ => Err(format!("the value is not an integer from {least} to {most}")),
            };
        }
        Kind::Real(most) => real(value).is_some_and(|value| value.abs() <= *most),
        Kind::Boolean => ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word)),
        // Empty is how products say that there is none.
        Kind::Address => value.is_empty() || value.parse::<IpAddr>().is_ok(),
        Kind::Text | Kind::Any => true,
    };
    if fits { Ok(()) } else { Err(format!("the value is not {}", described(kind))) }
}

fn described(kind: &Kind) -> &'static str {
    match kind {
        Kind::Real(_) => "a real number of its size",
        Kind::Boolean => "true or false",
        Kind::Address => "an IP address",
        _ => "of its type",
    }
}

fn integer(value: &str) -> Option<i128> {
    value.parse().ok()
}

/// `parse` also takes `inf` and `nan`, which CIM does not have.
fn real(value: &str) -> Option<f64> {
    let is_number = value.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    is_number.then(|| value.parse().ok()).flatten()
}

fn check_qualifier(kind: &Kind, value: &str, qualifier: &qualifiers::Qualifier<'_>) -> Result<(), String> {
    let limit = qualifier.arguments.first().map(String::as_str).unwrap_or_default();
    match qualifier.name.to_ascii_lowercase().as_str() {
        "minlen" => check_length(value, limit.parse().ok(), None),
        "maxlen" => check_length(value, None, limit.parse().ok()),
        "minvalue" => check_range(kind, value, &format!("{limit}..")),
        "maxvalue" => check_range(kind, value, &format!("..{limit}")),
        "valuemap" => check_choice(kind, value, &qualifier.arguments, "in the ValueMap"),
        _ => Ok(()),
    }
}

fn check_length(value: &str, least: Option<usize>, most: Option<usize>) -> Result<(), String> {
    let length = value.chars().count();
    match (least, most) {
        (Some(least), _) if length < least => Err(format!("the value is shorter than {least} characters")),
        (_, Some(most)) if length > most => Err(format!("the value is longer than {most} characters")),
        _ => Ok(()),
    }
}

/// Checks a number, or the length of a text, against a range such as `1..20`; what is none restricts nothing.
fn check_range(kind: &Kind, value: &str, limits: &str) -> Result<(), String> {
    let fits = match kind {
        Kind::Text => {
            let Some((least, most)) = range(limits) else { return Ok(()) };
            return check_length(value, least, most);
        }
        Kind::Integer(..) => is_within(integer(value), limits),
        Kind::Real(_) => is_within(real(value), limits),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("the value is not in the range {}", cimi_model::printable(limits))) }
}

fn is_within<T: std::str::FromStr + PartialOrd>(value: Option<T>, limits: &str) -> bool {
    let (Some(value), Some((least, most))) = (value, range::<T>(limits)) else { return true };
    least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
}

fn check_choice(kind: &Kind, value: &str, choices: &[String], place: &str) -> Result<(), String> {
    let fits = |choice: &String| match kind {
        Kind::Integer(..) => {
            let number = integer(value);
            number.is_some()
                && (integer(choice) == number || (range::<i128>(choice).is_some() && is_within(number, choice)))
        }
        Kind::Boolean => choice.eq_ignore_ascii_case(value),
        _ => choice == value,
    };
    if choices.is_empty() || choices.iter().any(fits) {
        Ok(())
    } else {
        Err(format!("the value is none of those {place}"))
    }
}
