//! Timestamps (cadf:Timestamp).

use std::fmt;

use chrono::{FixedOffset, SecondsFormat, TimeDelta, Utc};
use cimi_model::meta::Kind;
use cimi_model::{DateTime, Duration, Scalar};

/// A point in time, with the text that it was written in (`cadf:Timestamp`).
///
/// The standard has `yyyy-mm-ddThh:mm:ss`, a fraction or none, and an offset that must be there, with a colon:
/// `+00:00` for UTC, never `Z`. `-00:00` says that the local offset is not known. Sources write much else; lenient reading
/// takes any text that names an instant, and keeps it. Equality is that of the texts.
///
/// ```
/// use cimi_cadf::Timestamp;
/// use cimi_model::Scalar;
///
/// let time = <Timestamp as Scalar>::recover("2014-02-27T19:29:30.855665+0000").unwrap();
/// assert!(!time.conforms());
/// assert_eq!(time.normalized().unwrap().as_str(), "2014-02-27T19:29:30.855665+00:00");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp(DateTime);

impl Timestamp {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The instant, with its offset from UTC. A text without an offset counts as UTC.
    #[must_use]
    pub fn instant(&self) -> Option<chrono::DateTime<FixedOffset>> {
        self.0.instant()
    }

    /// Whether the text is as the standard has it.
    #[must_use]
    pub fn conforms(&self) -> bool {
        <Self as Scalar>::is_conforming(self.as_str())
    }

    /// The same instant as the standard writes it.
    #[must_use]
    pub fn normalized(&self) -> Option<Self> {
        if self.conforms() { Some(self.clone()) } else { self.instant().map(Self::from) }
    }

    /// How long it is until a later point in time; `None` if that is earlier.
    ///
    /// ```
    /// use cimi_cadf::Timestamp;
    ///
    /// let (begin, end) = ("2025-01-01T12:00:00+00:00".parse::<Timestamp>()?, "2025-01-01T13:00:01.5+01:00".parse()?);
    /// assert_eq!(begin.until(&end), Some("PT1.5S".parse()?));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn until(&self, later: &Self) -> Option<Duration> {
        Self::length(later.instant()?.signed_duration_since(self.instant()?))
    }

    /// A length of time that is not negative, in seconds.
    pub(crate) fn length(time: TimeDelta) -> Option<Duration> {
        let text = format!("PT{}.{:09}", time.num_seconds(), time.subsec_nanos());
        let text = text.trim_end_matches('0').trim_end_matches('.');
        <Duration as Scalar>::parse(&format!("{text}S"))
    }
}

/// Whether a text has an offset with a colon and a year of four digits, as nearly every xs:dateTime has.
fn is_usual(text: &str) -> bool {
    let offset = text.len().checked_sub(6).and_then(|at| text.get(at..)).map(str::as_bytes);
    let four_digits = matches!(text.as_bytes(), [b'0'..=b'9', _, _, _, b'-', ..]);
    matches!(offset, Some([b'+' | b'-', _, _, b':', _, _])) && four_digits
}

impl From<chrono::DateTime<FixedOffset>> for Timestamp {
    /// An offset of more than 14 hours, which the standard does not have, becomes that of UTC.
    fn from(instant: chrono::DateTime<FixedOffset>) -> Self {
        let text = instant.to_rfc3339_opts(SecondsFormat::AutoSi, false);
        let in_utc = || <DateTime as Scalar>::parse(&instant.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, false));
        let proper = <DateTime as Scalar>::parse(&text).or_else(in_utc);
        proper.map_or_else(|| Self(instant.into()), Self)
    }
}

impl From<chrono::DateTime<Utc>> for Timestamp {
    fn from(instant: chrono::DateTime<Utc>) -> Self {
        instant.fixed_offset().into()
    }
}

impl std::str::FromStr for Timestamp {
    type Err = cimi_model::Error;

    /// Takes what strict reading takes.
    fn from_str(text: &str) -> cimi_model::Result<Self> {
        <Self as Scalar>::parse(text).ok_or_else(|| {
            let reason = format!("'{}' is not {}", cimi_model::printable(text), Self::EXPECTED);
            cimi_model::Error::new(cimi_model::ErrorKind::Value, reason)
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Scalar for Timestamp {
    const KIND: Kind = Kind::DateTime;
    const EXPECTED: &'static str = "a timestamp with an offset such as +00:00";

    fn parse(text: &str) -> Option<Self> {
        if is_usual(text) { <DateTime as Scalar>::parse(text).map(Self) } else { None }
    }

    fn is_conforming(text: &str) -> bool {
        is_usual(text) && <DateTime as Scalar>::is_conforming(text)
    }

    fn recover(text: &str) -> Option<Self> {
        DateTime::recover(text).map(Self)
    }

    fn as_str(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conforming_texts() {
        for good in ["2015-03-12T13:20:00-05:00", "2015-07-10T21:15:57.5+00:00", "2015-07-10T21:15:57-00:00"] {
            assert_eq!(good.parse::<Timestamp>().ok().map(|time| time.to_string()).as_deref(), Some(good));
        }
        for odd in [
            "2015-03-12T13:20:00Z",
            "2015-03-12T13:20:00",
            "2015-03-12T13:20:00+0000",
            "2015-02-30T13:20:00+00:00",
            "12015-03-12T13:20:00+00:00",
            "-015-03-12T13:20:00+00:00",
            "2015-03-12",
            "é",
            "",
        ] {
            assert!(odd.parse::<Timestamp>().is_err(), "{odd}");
        }
    }

    #[test]
    fn texts_that_are_understood() {
        for (text, expected) in [
            ("2015-03-12T13:20:00Z", "2015-03-12T13:20:00+00:00"),
            ("2014-02-27T19:29:30.855665+0000", "2014-02-27T19:29:30.855665+00:00"),
            ("2018-07-24 10:58:45.284 EDT", "2018-07-24T10:58:45.284-04:00"),
            ("2015-03-12T13:20:00", "2015-03-12T13:20:00+00:00"),
        ] {
            let time = Timestamp::recover(text);
            assert_eq!(time.as_ref().map(Timestamp::as_str), Some(text));
            let normalized = time.and_then(|time| time.normalized());
            assert_eq!(normalized.as_ref().map(Timestamp::as_str), Some(expected));
            assert!(normalized.is_some_and(|time| time.conforms()));
        }
        assert_eq!(Timestamp::recover("yesterday"), None);
    }
}
