//! Units (5.6), and exact conversion from one to another.

use super::Ratio;
use crate::{Error, ErrorKind, Result, printable};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dimension {
    /// Amounts of data, in bytes.
    Data,
    /// Rates of data, in bits per second.
    Rate,
    /// Frequencies, in hertz.
    Frequency,
    /// Times, in milliseconds.
    Time,
}

/// A unit of table 4 (DSP0263 5.6), or another that the tables of the standard name: rates, frequencies and times.
///
/// ```
/// use cimi_model::scope::{Ratio, units::{Unit, convert}};
///
/// assert_eq!(Unit::parse("GiB")?, Unit::parse("gibibytes")?);
/// assert_eq!(convert(Ratio::from(1), "yottabytes", "kilobytes")?, Ratio::from(10_i128.pow(21)));
/// assert_eq!(convert(Ratio::from(1), "kilobyte", "kibibytes")?.to_string(), "0.9765625");
/// assert!(convert(Ratio::from(1), "gigahertz", "bytes").is_err());
/// assert!(Unit::parse("GbB").unwrap_err().to_string().contains("GbB"));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    dimension: Dimension,
    /// How many of the smallest unit of the dimension.
    factor: i128,
}

impl Unit {
    /// The unit of a name, in the singular or plural, or of its symbol (`kB`, `GiB`, `MHz`, `Mbit/s`, `ms`).
    ///
    /// Case and white space around do not count, but where they tell bits from bytes: `Mb` and `MBps` are unknown.
    /// `yottabye` is the spelling of table 4.
    ///
    /// # Errors
    /// [`ErrorKind::Value`], with the name, if it is not a unit known here.
    pub fn parse(text: &str) -> Result<Self> {
        Self::find(text)
            .ok_or_else(|| Error::new(ErrorKind::Value, format!("'{}' is not a known unit", printable(text))))
    }

    /// What it measures.
    #[must_use]
    pub fn dimension(self) -> Dimension {
        self.dimension
    }

    /// How many of the smallest unit of its dimension it is: bytes, bits per second, hertz or milliseconds.
    #[must_use]
    pub fn factor(self) -> i128 {
        self.factor
    }

    fn find(text: &str) -> Option<Self> {
        /// Longer than any name.
        const LONGEST: usize = 40;
        let text = text.trim();
        let bits = text == "b" || (text.ends_with('b') && text.starts_with(|c: char| c.is_ascii_uppercase()));
        if text.len() > LONGEST || bits || text.ends_with("Bps") {
            return None;
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let name = words.join(" ").to_ascii_lowercase();
        let (dimension, factor) = data(&name)
            .map(|factor| (Dimension::Data, factor))
            .or_else(|| rate(&name).map(|factor| (Dimension::Rate, factor)))
            .or_else(|| frequency(&name).map(|factor| (Dimension::Frequency, factor)))
            .or_else(|| time(&name).map(|factor| (Dimension::Time, factor)))?;
        Some(Self { dimension, factor })
    }
}

/// A quantity in another unit, exactly. Names that are the same but for case need not be known.
///
/// # Errors
/// [`ErrorKind::Value`] when a unit is unknown, the two measure different things, or the result does not fit.
pub fn convert(quantity: Ratio, from: &str, to: &str) -> Result<Ratio> {
    if from.trim().eq_ignore_ascii_case(to.trim()) {
        return Ok(quantity);
    }
    let (unit, target) = (Unit::parse(from)?, Unit::parse(to)?);
    let fail = |what: &str| Error::new(ErrorKind::Value, format!("'{}' {what} '{}'", printable(from), printable(to)));
    if unit.dimension != target.dimension {
        return Err(fail("does not measure what is measured in"));
    }
    let scaled = quantity.times(Ratio::from(unit.factor)).and_then(|scaled| scaled.over(Ratio::from(target.factor)));
    scaled.ok_or_else(|| fail("is too large or too precise a quantity to be converted to"))
}

/// Names, symbols and powers of 10^3 and 2^10 of table 4.
const PREFIXES: [(&str, &str, &str, u32); 8] = [
    ("kilo", "kibi", "k", 1),
    ("mega", "mebi", "m", 2),
    ("giga", "gibi", "g", 3),
    ("tera", "tebi", "t", 4),
    ("peta", "pebi", "p", 5),
    ("exa", "exbi", "e", 6),
    ("zetta", "zebi", "z", 7),
    ("yotta", "yobi", "y", 8),
];

fn singular(name: &str) -> &str {
    name.strip_suffix('s').unwrap_or(name)
}

fn data(name: &str) -> Option<i128> {
    if let "b" | "byte" | "bytes" = name {
        return Some(1);
    }
    if let "yottabye" | "yottabyes" = name {
        return decimal(8);
    }
    PREFIXES.iter().find_map(|(decimal_name, binary_name, symbol, power)| {
        if let Some(rest) = name.strip_prefix(symbol) {
            match rest {
                "b" => return decimal(*power),
                "ib" => return binary(*power),
                _ => {}
            }
        }
        let is_bytes = |prefix: &str| singular(name).strip_prefix(prefix) == Some("byte");
        match () {
            () if is_bytes(decimal_name) => decimal(*power),
            () if is_bytes(binary_name) => binary(*power),
            () => None,
        }
    })
}

fn decimal(power: u32) -> Option<i128> {
    1000_i128.checked_pow(power)
}

fn binary(power: u32) -> Option<i128> {
    1024_i128.checked_pow(power)
}

/// The power of 10^3 in front of a name or a symbol. Prefixes above giga are in no table.
fn scaled(name: &str, is_name: impl Fn(&str) -> bool, is_symbol: impl Fn(&str) -> bool) -> Option<i128> {
    if is_name(name) || is_symbol(name) {
        return Some(1);
    }
    PREFIXES.iter().take(3).find_map(|(prefix, _, symbol, power)| {
        let named = name.strip_prefix(prefix).is_some_and(&is_name);
        let symbolic = name.strip_prefix(symbol).is_some_and(&is_symbol);
        if named || symbolic { decimal(*power) } else { None }
    })
}

fn rate(name: &str) -> Option<i128> {
    let is_name = |name: &str| {
        let bit = name.strip_suffix(" per second").or_else(|| name.strip_suffix("/second"));
        bit.is_some_and(|bit| singular(bit) == "bit")
    };
    scaled(name, is_name, |symbol| matches!(symbol, "bps" | "bit/s" | "bits/s"))
}

fn frequency(name: &str) -> Option<i128> {
    scaled(name, |name| name == "hertz", |symbol| symbol == "hz")
}

fn time(name: &str) -> Option<i128> {
    Some(match name {
        "ms" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "second" | "seconds" => 1000,
        "min" | "minute" | "minutes" => 60_000,
        "h" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => 86_400_000,
        _ => return None,
    })
}
