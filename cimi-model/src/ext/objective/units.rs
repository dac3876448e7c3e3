//! Units of metrics: those of scopes, and shares, rates of bytes and short times besides.

use crate::scope::Ratio;
use crate::scope::units::{Dimension, Unit};
use crate::{Error, ErrorKind, Result, printable};

/// A quantity of a metric in another unit, exactly.
///
/// Besides the units of [`scope::units`](crate::scope::units), it knows shares (`percent`, `%`, `per mille`, `ppm`,
/// `fraction`), rates of bytes (`MB/s`, `mebibytes per second`, `kBps`) and microseconds. Names that are the same but for
/// case and white space need not be known.
///
/// ```
/// use cimi_model::ext::objective::convert;
/// use cimi_model::scope::Ratio;
///
/// assert_eq!(convert(Ratio::from(1), "fraction", "%")?, Ratio::from(100));
/// assert_eq!(convert(Ratio::from(1), "MB/s", "megabits per second")?, Ratio::from(8));
/// assert_eq!(convert(Ratio::from(3), "Transactions", "transactions ")?, Ratio::from(3));
/// assert!(convert(Ratio::from(1), "percent", "seconds").is_err());
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Value`] when a unit is unknown, the two measure different things, or the result does not fit.
pub fn convert(quantity: Ratio, from: &str, to: &str) -> Result<Ratio> {
    let fail = |what: &str| Error::new(ErrorKind::Value, format!("'{}' {what} '{}'", printable(from), printable(to)));
    let factor = factor(from, to).ok_or_else(|| fail("cannot be converted to"))?;
    quantity.times(factor).ok_or_else(|| fail("is too large or too precise a quantity to be converted to"))
}

/// How many of the second unit one of the first is. It is above zero.
pub(in crate::ext) fn factor(from: &str, to: &str) -> Option<Ratio> {
    if same(from, to) {
        return Some(Ratio::from(1));
    }
    let (from, to) = (scale(from)?, scale(to)?);
    if from.0 == to.0 { from.1.over(to.1) } else { None }
}

fn same(a: &str, b: &str) -> bool {
    a.split_whitespace().map(str::to_lowercase).eq(b.split_whitespace().map(str::to_lowercase))
}

#[derive(Clone, Copy, PartialEq)]
enum Measure {
    Share,
    Known(Dimension),
}

/// What a unit measures, and how many of the smallest unit of that it is.
fn scale(name: &str) -> Option<(Measure, Ratio)> {
    if let Ok(unit) = Unit::parse(name) {
        return Some((Measure::Known(unit.dimension()), Ratio::from(unit.factor())));
    }
    let share = |factor: i128| Some((Measure::Share, Ratio::from(factor)));
    match name.trim().to_lowercase().as_str() {
        "fraction" | "ratio" => share(1_000_000),
        "percent" | "percentage" | "per cent" | "%" => share(10_000),
        "per mille" | "permille" | "\u{2030}" => share(1_000),
        "ppm" | "parts per million" => share(1),
        "us" | "\u{b5}s" | "\u{3bc}s" | "microsecond" | "microseconds" => {
            Some((Measure::Known(Dimension::Time), Ratio::new(1, 1_000)?))
        }
        _ => bytes_per_second(name.trim()),
    }
}

fn bytes_per_second(name: &str) -> Option<(Measure, Ratio)> {
    let ends = ["/s", "/sec", "/second", " per second", "ps"];
    let data = ends.iter().find_map(|end| {
        // The ends are ASCII, so that the place is one between characters if they match.
        let (data, found) = name.split_at_checked(name.len().checked_sub(end.len())?)?;
        found.eq_ignore_ascii_case(end).then_some(data)
    })?;
    // A small `b` may mean bits.
    let is_bytes = data.ends_with('B') || data.to_ascii_lowercase().contains("byte");
    let unit = Unit::parse(data).ok().filter(|unit| is_bytes && unit.dimension() == Dimension::Data)?;
    Some((Measure::Known(Dimension::Rate), Ratio::from(unit.factor().checked_mul(8)?)))
}

/// Whether a unit is one of shares of a whole, and how many of it the whole is.
pub(in crate::ext) fn whole(unit: &str) -> Option<Ratio> {
    factor("fraction", unit)
}
