//! What attributes are compared with.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::error::{FilterError, expect};
use crate::value::{DateTime, Moment, Scalar};

/// A value of a filter: `Value` of the grammar (DSP0263 4.1.6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Literal {
    /// A string, without its quotes.
    String(String),
    /// An integer.
    Integer(Natural),
    /// A date, with or without a time.
    Date(Date),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`, an extension: that there is no value.
    Null,
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<u64> for Literal {
    /// The grammar has no sign, so there are no others.
    fn from(value: u64) -> Self {
        Self::Integer(value.into())
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Date> for Literal {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

/// An integer without sign and of any size: `IntValue` of the grammar. `Display` prints it without leading zeros.
#[derive(Clone, PartialEq, Eq)]
pub struct Natural(Size);

#[derive(Clone, PartialEq, Eq)]
enum Size {
    Usual(u64),
    /// The digits of what is larger.
    Large(Box<str>),
}

impl Natural {
    /// The value of digits.
    pub(super) fn of_digits(digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Self(Size::Usual(0));
        }
        Self(digits.parse().map_or_else(|_| Size::Large(digits.into()), Size::Usual))
    }

    /// The value, if it has 64 bits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Size::Usual(value) => Some(value),
            Size::Large(_) => None,
        }
    }

    /// How an attribute's value compares with this one.
    pub(super) fn order_of(&self, value: i64) -> Ordering {
        match (&self.0, u64::try_from(value)) {
            (Size::Usual(own), Ok(value)) => value.cmp(own),
            _ => Ordering::Less,
        }
    }
}

impl From<u64> for Natural {
    fn from(value: u64) -> Self {
        Self(Size::Usual(value))
    }
}

impl fmt::Display for Natural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Size::Usual(value) => value.fmt(f),
            Size::Large(digits) => f.write_str(digits),
        }
    }
}

impl fmt::Debug for Natural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A point in time or a day: `DateValue` of the grammar, an xs:dateTime or xs:date, with the text it was written in.
///
/// A day is all of its moments: `created=2026-03-01` holds throughout that day, `created>2026-03-01` from the next
/// day on. So is a month (`2026-03`, an extension). What has no offset counts as UTC. Equality is that of the text.
///
/// ```
/// use cimi_model::filter::Date;
///
/// assert_eq!("2026-03-01".parse::<Date>()?.as_str(), "2026-03-01");
/// assert!("2026-02-30".parse::<Date>().is_err());
/// # Ok::<(), cimi_model::filter::FilterError>(())
/// ```
#[derive(Clone)]
pub struct Date {
    text: Box<str>,
    /// The first moment.
    from: Moment,
    /// The moment after the last; `None` for a point in time.
    to: Option<Moment>,
}

impl Date {
    /// The date of a text: an xs:dateTime, xs:date or xs:gYearMonth without an offset.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (from, to) = match Moment::of_xs_datetime(text) {
            Some(moment) => (moment, None),
            None => day(text).or_else(|| month(text)).map(|(from, to)| (from, Some(to)))?,
        };
        Some(Self { text: text.into(), from, to })
    }

    /// The date of any text that a [`DateTime`] can hold, or of a day or month.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| Self::parse(DateTime::recover(text)?.normalized()?.as_str()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a month, which the grammar of the standard does not have.
    pub(super) fn is_month(&self) -> bool {
        self.to.is_some() && day(&self.text).is_none()
    }

    /// How a moment compares with this date: equal throughout a day.
    pub(super) fn order_of(&self, moment: Moment) -> Ordering {
        match self.to {
            Some(to) if moment >= to => Ordering::Greater,
            Some(_) if moment >= self.from => Ordering::Equal,
            _ => moment.cmp(&self.from),
        }
    }
}

/// The moments of an xs:date.
fn day(text: &str) -> Option<(Moment, Moment)> {
    let zone = text.strip_suffix('Z').map(|day| (day, "Z"));
    let (day, zone) = zone.or_else(|| with_offset(text)).unwrap_or((text, ""));
    let from = Moment::of_xs_datetime(&format!("{day}T00:00:00{zone}"))?;
    Some((from, from.days_later(1)))
}

/// The day and the offset of `2026-03-01+02:00`.
fn with_offset(text: &str) -> Option<(&str, &str)> {
    let (day, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
    zone.contains(':').then_some((day, zone))
}

/// The moments of a month without an offset.
fn month(text: &str) -> Option<(Moment, Moment)> {
    let (from, _) = day(&format!("{text}-01"))?;
    // The first day of a month is 28 to 31 days after that of the month before.
    let last = (28..=31).rev().find(|last| day(&format!("{text}-{last}")).is_some())?;
    Some((from, from.days_later(last)))
}

impl FromStr for Date {
    type Err = FilterError;
    /// Takes an xs:dateTime or xs:date.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text).filter(|date| !date.is_month()).ok_or_else(|| FilterError::expected_in(text, 0, expect::DATE))
    }
}

impl PartialEq for Date {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Date {}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
