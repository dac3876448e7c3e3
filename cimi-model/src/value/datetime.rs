//! dateTime (5.5.2).

use std::fmt;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};

use super::short::Short;
use super::{Scalar, scalar};
use crate::meta::Kind;

/// A point in time, with the text it was written in (DSP0263 5.5.2, xs:dateTime).
///
/// The text is written back as it came; [`instant`](Self::instant) is computed from it. Equality is that of the text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateTime(Short);

impl DateTime {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The instant, with its offset from UTC. A text without an offset counts as UTC. `None` for a year that
    /// the calendar of chrono does not reach.
    #[must_use]
    pub fn instant(&self) -> Option<chrono::DateTime<FixedOffset>> {
        xs_datetime(self.as_str()).or_else(|| odd_spelling(self.as_str()))
    }

    /// The same instant as an xs:dateTime, whatever the spelling it came in.
    #[must_use]
    pub fn normalized(&self) -> Option<Self> {
        self.instant().map(Self::from)
    }
}

impl From<chrono::DateTime<FixedOffset>> for DateTime {
    fn from(instant: chrono::DateTime<FixedOffset>) -> Self {
        Self(Short::from(&*instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)))
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(instant: chrono::DateTime<Utc>) -> Self {
        Self(Short::from(&*instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)))
    }
}

impl FromStr for DateTime {
    type Err = crate::Error;
    /// Takes what strict reading takes.
    ///
    /// ```
    /// use cimi_model::DateTime;
    ///
    /// assert_eq!("2025-01-01T00:00:00Z".parse::<DateTime>()?.as_str(), "2025-01-01T00:00:00Z");
    /// assert!("yesterday".parse::<DateTime>().is_err());
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    fn from_str(text: &str) -> crate::Result<Self> {
        scalar::parsed(text)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Scalar for DateTime {
    const KIND: Kind = Kind::DateTime;
    const EXPECTED: &'static str = "an xs:dateTime";
    fn parse(text: &str) -> Option<Self> {
        is_xs_datetime(text).then(|| Self(text.into()))
    }
    fn is_conforming(text: &str) -> bool {
        is_xs_datetime(text)
    }
    /// The spellings of real peers: `2013-02-08 15:25:41 +0000`, `Fri Feb 08 15:25:41 EET 2013`, `2011-11-21`.
    fn recover(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        (is_xs_datetime(trimmed) || odd_spelling(trimmed).is_some()).then(|| Self(trimmed.into()))
    }
    fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// The parts of an xs:dateTime: the text before the offset, and the offset in seconds.
pub(super) fn split_offset(text: &str) -> Option<(&str, Option<i32>)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, Some(0)));
    }
    let Some(start) = text.len().checked_sub(6) else { return Some((text, None)) };
    let (Some(local), Some(offset)) = (text.get(..start), text.get(start..)) else { return None };
    let sign = match offset.as_bytes() {
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return Some((text, None)),
    };
    match offset.as_bytes() {
        [_, a, b, b':', c, d] => {
            let (hours, minutes) = (two(*a, *b)?, two(*c, *d)?);
            let minutes_total = hours * 60 + minutes;
            (minutes < 60 && minutes_total <= 14 * 60).then_some((local, Some(sign * minutes_total * 60)))
        }
        _ => None,
    }
}

fn two(a: u8, b: u8) -> Option<i32> {
    (a.is_ascii_digit() && b.is_ascii_digit()).then(|| i32::from(a - b'0') * 10 + i32::from(b - b'0'))
}

/// Date and time of day of an xs:dateTime; `24:00:00` is the next midnight.
pub(super) fn local_parts(text: &str) -> Option<(&str, i32, i32, [i32; 3], &str)> {
    let (date, time) = text.split_at_checked(text.bytes().position(|byte| byte == b'T')?)?;
    let (years, rest) = date.split_at_checked(date.len().checked_sub(6)?)?;
    let [b'-', m1, m2, b'-', d1, d2] = rest.as_bytes() else { return None };
    let digits = years.strip_prefix('-').unwrap_or(years);
    let padded = digits.len() == 4 || (digits.len() > 4 && !digits.starts_with('0'));
    if !padded || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (clock, rest) = time.split_at_checked("T00:00:00".len())?;
    let [b'T', h1, h2, b':', n1, n2, b':', s1, s2] = clock.as_bytes() else { return None };
    let fraction = if rest.is_empty() { "0" } else { rest.strip_prefix('.')? };
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((years, two(*m1, *m2)?, two(*d1, *d2)?, [two(*h1, *h2)?, two(*n1, *n2)?, two(*s1, *s2)?], fraction))
}

pub(super) fn is_xs_datetime(text: &str) -> bool {
    is_usual(text.as_bytes()) || is_any_xs_datetime(text)
}

/// The form that nearly all documents have, recognized at once: `2012-05-25T13:30:15.5Z`, with a day that any month has.
fn is_usual(text: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, zone @ ..] = text else {
        return false;
    };
    let zone = match zone {
        [b'.', b'0'..=b'9', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            rest.get(digits..).unwrap_or_default()
        }
        _ => zone,
    };
    let zone_is_usual = match zone {
        [b'Z'] => true,
        [b'+' | b'-', z1, z2, b':', b'0', b'0'] => matches!(two(*z1, *z2), Some(0..14)),
        _ => false,
    };
    zone_is_usual
        && [y1, y2, y3, y4].into_iter().all(u8::is_ascii_digit)
        && matches!(two(*m1, *m2), Some(1..=12))
        && matches!(two(*d1, *d2), Some(1..=28))
        && matches!(two(*h1, *h2), Some(0..24))
        && matches!(two(*n1, *n2), Some(0..60))
        && matches!(two(*s1, *s2), Some(0..60))
}

fn is_any_xs_datetime(text: &str) -> bool {
    let Some((local, _)) = split_offset(text) else { return false };
    let Some((years, month, day, [hour, minute, second], fraction)) = local_parts(local) else { return false };
    // Only leap years depend on the year, the calendar repeats after 400 years, and 10,000 is a multiple of 400.
    let last_four = years.get(years.len().saturating_sub(4)..).unwrap_or_default();
    let year = last_four.parse::<i32>().unwrap_or(0);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    let midnight = hour == 24 && minute == 0 && second == 0 && fraction.bytes().all(|b| b == b'0');
    (1..=days).contains(&day) && (hour < 24 || midnight) && minute < 60 && second < 60
}

fn xs_datetime(text: &str) -> Option<chrono::DateTime<FixedOffset>> {
    let (local, offset) = split_offset(text)?;
    at_offset(local, offset.unwrap_or(0))
}

/// The instant of a date and time of day as xs:dateTime has them.
fn at_offset(local: &str, offset: i32) -> Option<chrono::DateTime<FixedOffset>> {
    let (years, month, day, [hour, minute, second], fraction) = local_parts(local)?;
    let date = NaiveDate::from_ymd_opt(years.parse().ok()?, month.try_into().ok()?, day.try_into().ok()?)?;
    let midnight = hour == 24 && minute == 0 && second == 0 && fraction.bytes().all(|b| b == b'0');
    let (date, hour) = if midnight { (date.succ_opt()?, 0) } else { (date, hour) };
    let digits = fraction.bytes().chain(std::iter::repeat(b'0'));
    let nanos = digits.take(9).fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0'));
    let time =
        NaiveTime::from_hms_nano_opt(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, nanos)?;
    FixedOffset::east_opt(offset)?.from_local_datetime(&date.and_time(time)).single()
}

/// The instant of an xs:dateTime whose offset has no colon, as many peers write it.
fn without_colon(text: &str) -> Option<chrono::DateTime<FixedOffset>> {
    let (local, offset) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let [sign @ (b'+' | b'-'), h1, h2, m1, m2] = offset.as_bytes() else { return None };
    let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
    let seconds = (hours * 60 + minutes) * 60;
    if minutes < 60 { at_offset(local, if *sign == b'-' { -seconds } else { seconds }) } else { None }
}

/// What peers write in place of an xs:dateTime, which has no leap seconds: one is the end of the second before it.
fn odd_spelling(text: &str) -> Option<chrono::DateTime<FixedOffset>> {
    if let Some(instant) = without_colon(text) {
        return Some(instant);
    }
    let instant = rare_spelling(text)?;
    instant.with_nanosecond(instant.nanosecond().min(999_999_999))
}

fn rare_spelling(text: &str) -> Option<chrono::DateTime<FixedOffset>> {
    // With small letters, or a blank in place of the T.
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(instant);
    }
    let utc = FixedOffset::east_opt(0)?;
    for format in ["%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z"] {
        if let Ok(instant) = chrono::DateTime::parse_from_str(text, format) {
            return Some(instant);
        }
    }
    if let Ok(instant) = chrono::DateTime::parse_from_rfc2822(text) {
        return Some(instant);
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return utc.from_local_datetime(&date.and_time(NaiveTime::MIN)).single();
    }
    // The second one with blanks in it, as a real source has them.
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(text, format) {
            return utc.from_local_datetime(&local).single();
        }
    }
    let (text, zone) = with_zone_name(text)?;
    for format in ["%a %b %e %H:%M:%S %Y", "%Y-%m-%d %H:%M:%S%.f"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&text, format) {
            return zone.from_local_datetime(&local).single();
        }
    }
    None
}

/// The text without its time zone abbreviation, and the offset that this stands for.
fn with_zone_name(text: &str) -> Option<(String, FixedOffset)> {
    const ZONES: [(&str, i32); 16] = [
        ("UTC", 0),
        ("GMT", 0),
        ("WET", 0),
        ("BST", 1),
        ("CET", 1),
        ("WEST", 1),
        ("CEST", 2),
        ("EET", 2),
        ("EEST", 3),
        ("EST", -5),
        ("EDT", -4),
        ("CST", -6),
        ("CDT", -5),
        ("MST", -7),
        ("PST", -8),
        ("PDT", -7),
    ];
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let (at, hours) = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| ZONES.iter().find(|(name, _)| name == word).map(|(_, hours)| (at, *hours)))?;
    let rest: Vec<&str> = words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, word)| *word).collect();
    Some((rest.join(" "), FixedOffset::east_opt(hours * 3600)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Option<String> {
        DateTime::recover(text)?.instant().map(|instant| instant.to_rfc3339())
    }

    #[test]
    fn conforming_texts() {
        for good in [
            "2012-05-25T13:30:15-05:00",
            "2000-02-29T00:00:00Z",
            "2012-05-25T13:30:15",
            "2012-05-25T24:00:00Z",
            "2012-05-25T13:30:15.123456789123Z",
            "2012-05-25T13:30:15.5",
            "2012-05-25T13:30:15.25-00:00",
            "2012-05-31T13:30:15.25+13:59",
            "12012-05-25T13:30:15+14:00",
            "-0001-05-25T13:30:15Z",
        ] {
            assert_eq!(<DateTime as Scalar>::parse(good).as_ref().map(DateTime::as_str), Some(good));
        }
        for bad in [
            "2012-05-25 13:30:15Z",
            "2012-02-30T13:30:15Z",
            "2012-13-01T13:30:15Z",
            "2012-05-25T25:00:00Z",
            "2012-05-25T24:00:01Z",
            "2012-05-25T13:30:60Z",
            "2012-05-25T13:30:15+0000",
            "2012-05-25T13:30:15+15:00",
            "2012-05-25T13:30:15.Z",
            "2012-05-25T13:30:15.+01:00",
            "2012-05-25T13:30:15.5é+01:00",
            "2012-05-25T13:30:15.5+14:01",
            "02012-05-25T13:30:15Z",
            "2012-5-25T13:30:15Z",
            "",
            "T",
            "é",
            "2012-05-25T13:30:15é",
        ] {
            assert_eq!(<DateTime as Scalar>::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn recovered_texts_keep_their_spelling() {
        for (odd, expected) in [
            ("2013-02-08 15:25:41 +0000", "2013-02-08T15:25:41+00:00"),
            ("Fri Feb 08 15:25:41 EET 2013", "2013-02-08T15:25:41+02:00"),
            ("Fri Mar 9 11:57:39 EET 2012", "2012-03-09T11:57:39+02:00"),
            ("2011-09-12 11:37:28 UTC", "2011-09-12T11:37:28+00:00"),
            ("2011-11-21", "2011-11-21T00:00:00+00:00"),
            (" 2012-05-25T13:30:15Z ", "2012-05-25T13:30:15+00:00"),
            ("2012-05-25T13:30:15+0200", "2012-05-25T13:30:15+02:00"),
            ("2012-05-25t13:30:15z", "2012-05-25T13:30:15+00:00"),
            ("2012-05-25 13:30:15.5-05:00", "2012-05-25T13:30:15.500-05:00"),
            ("2012-06-30T23:59:60.5Z", "2012-06-30T23:59:59.999999999+00:00"),
            ("2012-05-25T13:30:15.855665-0130", "2012-05-25T13:30:15.855665-01:30"),
            ("2012-12-31T24:00:00+0000", "2013-01-01T00:00:00+00:00"),
            ("2015-01-30T16: 38: 43.5", "2015-01-30T16:38:43.500+00:00"),
        ] {
            assert_eq!(instant(odd).as_deref(), Some(expected), "{odd}");
            assert_eq!(DateTime::recover(odd).as_ref().map(DateTime::as_str), Some(odd.trim()));
        }
        for odd in ["yesterday", "2012-02-30T13:30:15+0000", "2012-05-25T25:00:00+0000", "2012-05-25T13:30:15+0060"] {
            assert_eq!(DateTime::recover(odd), None, "{odd}");
        }
    }

    #[test]
    fn instants() {
        assert_eq!(instant("2012-05-25T24:00:00Z").as_deref(), Some("2012-05-26T00:00:00+00:00"));
        assert_eq!(instant("2012-05-25T13:30:15.5-05:00").as_deref(), Some("2012-05-25T13:30:15.500-05:00"));
        assert_eq!(instant("9999999-05-25T13:30:15Z"), None);
    }
}
