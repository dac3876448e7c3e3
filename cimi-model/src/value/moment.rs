//! Instants that compare fast.

use super::datetime::{is_xs_datetime, local_parts, split_offset};
use super::{DateTime, Scalar};

/// An instant, ordered: what filters compare, without the calendar of chrono and its limits.
///
/// A text without an offset counts as UTC, as for [`DateTime::instant`]. Digits of a second beyond the ninth are cut
/// off. Years beyond a hundred thousand million count as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    /// Since 1970 began in UTC.
    seconds: i64,
    /// Of the second that began then.
    nanoseconds: u32,
}

impl Moment {
    /// The moment of an xs:dateTime.
    pub(crate) fn of_xs_datetime(text: &str) -> Option<Self> {
        if !is_xs_datetime(text) {
            return None;
        }
        let (local, offset) = split_offset(text)?;
        let (year, month, day, [hour, minute, second], fraction) = local_parts(local)?;
        let days = days_before(year_of(year), i64::from(month)) + i64::from(day) - 1;
        let time = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let seconds = days * SECONDS_OF_DAY + time - i64::from(offset.unwrap_or(0));
        Some(Self { seconds, nanoseconds: nanoseconds_of(fraction) })
    }

    /// The moment of any text that a [`DateTime`] can hold.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        Self::of_xs_datetime(text).or_else(|| {
            let instant = DateTime::recover(text)?.instant()?;
            Some(Self { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos() })
        })
    }

    /// This many days later.
    pub(crate) fn days_later(self, days: i64) -> Self {
        Self { seconds: self.seconds.saturating_add(days.saturating_mul(SECONDS_OF_DAY)), ..self }
    }
}

const SECONDS_OF_DAY: i64 = 86_400;

/// The year of its digits.
fn year_of(digits: &str) -> i64 {
    const FARTHEST: i64 = 100_000_000_000;
    let farthest = if digits.starts_with('-') { -FARTHEST } else { FARTHEST };
    digits.parse().map_or(farthest, |year: i64| year.clamp(-FARTHEST, FARTHEST))
}

/// The first nine digits of a fraction.
fn nanoseconds_of(fraction: &str) -> u32 {
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    digits.fold(0, |sum, digit| sum * 10 + u32::from(digit.saturating_sub(b'0')))
}

/// The days from 1970 to the first day of a month, in the calendar that counts leap years backwards for ever.
fn days_before(year: i64, month: i64) -> i64 {
    // A year that begins in March has its leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 306 days from March to January, and 719,468 from the March of year 0 to 1970.
    year * 365 + leap_days + (month * 153 + 2) / 5 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_chrono() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2012-05-25T13:30:15-05:00",
            "2000-02-29T23:59:59.123456789123+14:00",
            "1900-03-01T00:00:00",
            "0000-12-31T24:00:00Z",
            "-0001-01-01T00:00:00.5Z",
            "12012-05-25T13:30:15+00:30",
        ] {
            let instant = text.parse::<DateTime>().unwrap().instant().unwrap();
            let expected = Moment { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos() };
            assert_eq!(Moment::of_xs_datetime(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn far_years_are_in_order() {
        let years = ["-999999999999999999999999", "-4713", "0000", "9999", "99999999", "999999999999999999999999"];
        let moments = years.map(|year| Moment::of_xs_datetime(&format!("{year}-01-01T00:00:00Z")));
        assert!(moments.iter().all(Option::is_some) && moments.is_sorted(), "{moments:?}");
    }

    #[test]
    fn odd_spellings() {
        let moment = Moment::of_xs_datetime("2013-02-08T13:25:41Z");
        assert_eq!(Moment::of_text("Fri Feb 08 15:25:41 EET 2013"), moment);
        assert_eq!(Moment::of_text("2013-02-08 13:25:41 +0000"), moment);
        assert_eq!(Moment::of_text("yesterday"), None);
    }
}
