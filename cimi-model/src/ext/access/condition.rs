//! Whether the conditions of statements hold.

use std::net::IpAddr;

use chrono::{DateTime as Instant, NaiveDate, Utc};

use super::pattern::{Pattern, joined};
use super::statement::Condition;
use super::statement_evaluate::{Walk, arn_pattern, is_arn_like};
use super::truth::Truth;
use crate::DateTime;
use crate::scope::Ratio;

/// How a value of the request is held against one of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Text,
    TextOfAnyCase,
    Like,
    Number(Order),
    Date(Order),
    Boolean,
    Address,
    Arn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equals,
    LessThan,
    AtMost,
    MoreThan,
    AtLeast,
}

/// Which values of a key must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantifier {
    /// Of a key with one value, that one; of several, any.
    Single,
    All,
    Any,
}

#[derive(Clone, Copy, Debug)]
struct Operator {
    quantifier: Quantifier,
    test: Test,
    negated: bool,
    /// Whether a key that is not there passes.
    if_exists: bool,
}

impl Operator {
    fn parse(name: &str) -> Option<Self> {
        let (quantifier, rest) = if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Quantifier::All, rest)
        } else if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Quantifier::Any, rest)
        } else {
            (Quantifier::Single, name)
        };
        let base = rest.strip_suffix("IfExists");
        let (test, negated) = test(base.unwrap_or(rest))?;
        Some(Self { quantifier, test, negated, if_exists: base.is_some() })
    }
}

fn test(name: &str) -> Option<(Test, bool)> {
    Some(match name {
        "StringEquals" | "BinaryEquals" => (Test::Text, false),
        "StringNotEquals" => (Test::Text, true),
        "StringEqualsIgnoreCase" => (Test::TextOfAnyCase, false),
        "StringNotEqualsIgnoreCase" => (Test::TextOfAnyCase, true),
        "StringLike" => (Test::Like, false),
        "StringNotLike" => (Test::Like, true),
        "Bool" => (Test::Boolean, false),
        "IpAddress" => (Test::Address, false),
        "NotIpAddress" => (Test::Address, true),
        "ArnEquals" | "ArnLike" => (Test::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
        _ => {
            let (of, order): (fn(Order) -> Test, &str) = match name.strip_prefix("Numeric") {
                Some(order) => (Test::Number, order),
                None => (Test::Date, name.strip_prefix("Date")?),
            };
            match order {
                "Equals" => (of(Order::Equals), false),
                "NotEquals" => (of(Order::Equals), true),
                "LessThan" => (of(Order::LessThan), false),
                "LessThanEquals" => (of(Order::AtMost), false),
                "GreaterThan" => (of(Order::MoreThan), false),
                "GreaterThanEquals" => (of(Order::AtLeast), false),
                _ => return None,
            }
        }
    })
}

/// Whether a condition holds.
pub(super) fn holds(condition: &Condition, walk: &mut Walk<'_>) -> Truth {
    let values = walk.inquiry.context(&condition.key);
    if condition.operator == "Null" {
        return Truth::any(condition.values.iter().map(|wanted| is_absent(values.is_none(), wanted, walk)));
    }
    let Some(operator) = Operator::parse(&condition.operator) else {
        return walk.notes.unknown("the operator", &condition.operator);
    };
    let Some(values) = values.filter(|values| !values.is_empty()) else {
        return (operator.if_exists
            || match operator.quantifier {
                Quantifier::Single => operator.negated,
                Quantifier::All => true,
                Quantifier::Any => false,
            })
        .into();
    };
    let mut is_one = |value: &String| {
        Truth::any(condition.values.iter().map(|wanted| matches(operator.test, (&condition.key, value), wanted, walk)))
    };
    let negate = |truth: Truth| if operator.negated { truth.not() } else { truth };
    match operator.quantifier {
        // No value may be what is excluded.
        Quantifier::Single => negate(Truth::any(values.iter().map(is_one))),
        Quantifier::All => Truth::all(values.iter().map(|value| negate(is_one(value)))),
        Quantifier::Any => Truth::any(values.iter().map(|value| negate(is_one(value)))),
    }
}

fn is_absent(absent: bool, wanted: &str, walk: &mut Walk<'_>) -> Truth {
    boolean(wanted).map_or_else(|| walk.notes.unknown("the value", wanted), |wanted| Truth::from(absent == wanted))
}

/// Whether the value of a key is what the policy has.
fn matches(test: Test, (key, value): (&str, &str), wanted: &str, walk: &mut Walk<'_>) -> Truth {
    let Some(pieces) = walk.pieces(wanted) else { return Truth::Unknown };
    let meant = joined(&pieces);
    let found = match test {
        Test::Text => Some(value == meant),
        Test::TextOfAnyCase => Some(value.to_lowercase() == meant.to_lowercase()),
        Test::Like => Some(Pattern::new(&pieces).matches(value)),
        Test::Number(order) => compare(order, Ratio::parse(value), Ratio::parse(&meant)),
        Test::Date(order) => compare(order, instant(value), instant(&meant)),
        Test::Boolean => boolean(value).zip(boolean(&meant)).map(|(value, wanted)| value == wanted),
        Test::Address => is_in(value, &meant),
        Test::Arn if meant == "*" => Some(true),
        Test::Arn => arn_pattern(&pieces).map(|arn| is_arn_like(&arn, value)),
    };
    found.map_or_else(
        || {
            // The value may be a secret.
            let (key, wanted) = (crate::printable(key), crate::printable(wanted));
            walk.notes.add(|| format!("the value of '{key}' cannot be compared with '{wanted}'"));
            Truth::Unknown
        },
        Truth::from,
    )
}

fn compare<T: PartialOrd>(order: Order, value: Option<T>, wanted: Option<T>) -> Option<bool> {
    let (value, wanted) = value.zip(wanted)?;
    Some(match order {
        Order::Equals => value == wanted,
        Order::LessThan => value < wanted,
        Order::AtMost => value <= wanted,
        Order::MoreThan => value > wanted,
        Order::AtLeast => value >= wanted,
    })
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A date with or without time, or the seconds since 1970.
fn instant(text: &str) -> Option<Instant<Utc>> {
    if let Ok(seconds) = text.parse() {
        return Instant::from_timestamp(seconds, 0);
    }
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Some(date.and_time(chrono::NaiveTime::MIN).and_utc());
    }
    text.parse::<DateTime>().ok()?.instant().map(|found| found.to_utc())
}

/// Whether an address is in a range such as `203.0.113.0/24`, or is this one.
fn is_in(address: &str, range: &str) -> Option<bool> {
    let (network, length) = range.split_once('/').map_or((range, None), |(network, length)| (network, Some(length)));
    let (address, network) = (bits(address)?, bits(network)?);
    let length = match length {
        None => network.1,
        Some(length) => length.parse::<u32>().ok().filter(|length| *length <= network.1)?,
    };
    if address.1 != network.1 {
        return Some(false);
    }
    let rest = network.1 - length;
    // All bits of the address may be the rest.
    let prefix = |bits: u128| bits.checked_shr(rest).unwrap_or(0);
    Some(prefix(address.0) == prefix(network.0))
}

/// The bits of an address, and how many there are.
fn bits(text: &str) -> Option<(u128, u32)> {
    Some(match text.trim().parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (address.into(), 128),
    })
}
