//! duration (5.5.3).

use std::fmt;
use std::str::FromStr;

use super::{Scalar, scalar};
use crate::meta::Kind;

/// A length of time, with the text it was written in (DSP0263 5.5.3, xs:duration): `P1DT12H`.
///
/// Months have no fixed length, so a duration is months plus seconds. Equality is that of the text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Duration(String);

impl Duration {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Months and seconds, with the sign; `None` when they exceed what an `i64` and an `f64` can hold exactly.
    #[must_use]
    pub fn parts(&self) -> Option<(i64, f64)> {
        let parts = split(&self.0)?;
        let number = |part: &str| if part.is_empty() { Some(0) } else { part.parse::<i64>().ok() };
        let [years, months, days, hours, minutes, _] = parts.fields.map(number);
        let months = years?.checked_mul(12)?.checked_add(months?)?;
        let whole =
            days?.checked_mul(24)?.checked_add(hours?)?.checked_mul(60)?.checked_add(minutes?)?.checked_mul(60)?;
        let [.., seconds] = parts.fields;
        let seconds = if seconds.is_empty() { 0.0 } else { seconds.parse::<f64>().ok()? };
        #[allow(clippy::cast_precision_loss, reason = "documented: exact up to 2^53 seconds")]
        let seconds = whole as f64 + seconds;
        Some(if parts.negative { (-months, -seconds) } else { (months, seconds) })
    }
}

impl FromStr for Duration {
    type Err = crate::Error;
    /// Takes what strict reading takes.
    ///
    /// ```
    /// use cimi_model::Duration;
    ///
    /// assert_eq!("P1DT12H".parse::<Duration>()?.as_str(), "P1DT12H");
    /// assert!("a while".parse::<Duration>().is_err());
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    fn from_str(text: &str) -> crate::Result<Self> {
        scalar::parsed(text)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Scalar for Duration {
    const KIND: Kind = Kind::Duration;
    const EXPECTED: &'static str = "an xs:duration";
    fn parse(text: &str) -> Option<Self> {
        split(text).map(|_| Self(text.to_owned()))
    }
    /// The words that tables 47 and 50 name, too.
    fn recover(text: &str) -> Option<Self> {
        let text = text.trim();
        let word = INTERVALS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        Self::parse(word.map_or(text, |(_, duration)| duration))
    }
    fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the standard calls possible values of an interval, although a duration is none of them.
const INTERVALS: &[(&str, &str)] =
    &[("hourly", "PT1H"), ("daily", "P1D"), ("weekly", "P7D"), ("monthly", "P1M"), ("yearly", "P1Y")];

struct Parts<'a> {
    negative: bool,
    /// Years, months, days, hours, minutes, seconds; empty where not given.
    fields: [&'a str; 6],
}

/// The fields of `-P1Y2M3DT4H5M6.7S`.
fn split(text: &str) -> Option<Parts<'_>> {
    let negative = text.starts_with('-');
    let rest = text.strip_prefix('-').unwrap_or(text).strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) if !time.is_empty() => (date, time),
        Some(_) => return None,
        None => (rest, ""),
    };
    let [years, months, days] = fields(date, ['Y', 'M', 'D'], false)?;
    let [hours, minutes, seconds] = fields(time, ['H', 'M', 'S'], true)?;
    if date.is_empty() && time.is_empty() {
        return None;
    }
    Some(Parts { negative, fields: [years, months, days, hours, minutes, seconds] })
}

fn fields<'a>(mut text: &'a str, units: [char; 3], fraction_last: bool) -> Option<[&'a str; 3]> {
    let mut next = |unit: char, fraction: bool| -> Option<&'a str> {
        let Some((field, rest)) = text.split_once(unit) else { return Some("") };
        let (whole, decimals) = if fraction { field.split_once('.').unwrap_or((field, "0")) } else { (field, "0") };
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        text = rest;
        (digits(whole) && digits(decimals)).then_some(field)
    };
    let [a, b, c] = units;
    let found = [next(a, false)?, next(b, false)?, next(c, fraction_last)?];
    text.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (word, duration) in INTERVALS {
            assert_eq!(<Duration as Scalar>::recover(word).as_ref().map(Duration::as_str), Some(*duration));
        }
        assert_eq!(<Duration as Scalar>::recover(" PT5M ").as_ref().map(Duration::as_str), Some("PT5M"));
        assert_eq!(<Duration as Scalar>::recover("often"), None);
    }

    #[test]
    fn forms() {
        for (good, parts) in [
            ("P1Y2M3DT4H5M6.5S", (14, 3.0 * 86400.0 + 4.0 * 3600.0 + 5.0 * 60.0 + 6.5)),
            ("-P1M", (-1, 0.0)),
            ("PT0S", (0, 0.0)),
            ("P0D", (0, 0.0)),
        ] {
            assert_eq!(<Duration as Scalar>::parse(good).and_then(|d| d.parts()), Some(parts), "{good}");
        }
        for bad in ["", "P", "PT", "P1DT", "1D", "P1S", "PT1.S", "P1.5D", "P-1D", "P1M1Y", "PT1M1H", "hourly"] {
            assert_eq!(<Duration as Scalar>::parse(bad), None, "{bad}");
        }
    }
}
