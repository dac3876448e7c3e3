//! Times as sources write them: what the standard takes, what is understood all the same, and that no text is lost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::default_trait_access, reason = "a test may fail loudly")]

use cimi_cadf::{Event, Rule, Severity, Timestamp, Validation};
use cimi_model::{Any, Format, ReadOptions};
use proptest::prelude::*;

fn document(text: &str) -> String {
    format!(r#"{{"eventTime":{}}}"#, serde_json::to_string(text).unwrap())
}

/// Text, whether the standard takes it, and the instant where it is understood.
const TEXTS: &[(&str, bool, Option<&str>)] = &[
    ("2015-03-12T13:20:00-05:00", true, Some("2015-03-12T13:20:00-05:00")),
    ("2015-03-12T13:20:00.000+00:00", true, Some("2015-03-12T13:20:00+00:00")),
    ("2015-03-12T13:20:00-00:00", true, Some("2015-03-12T13:20:00+00:00")),
    ("2016-02-29T23:59:59.999999999+14:00", true, Some("2016-02-29T23:59:59.999999999+14:00")),
    ("2015-03-12T13:20:00Z", false, Some("2015-03-12T13:20:00+00:00")),
    ("2015-03-12T13:20:00z", false, Some("2015-03-12T13:20:00+00:00")),
    ("2015-03-12t13:20:00+00:00", false, Some("2015-03-12T13:20:00+00:00")),
    ("2015-03-12 13:20:00+00:00", false, Some("2015-03-12T13:20:00+00:00")),
    ("2015-06-30T23:59:60Z", false, Some("2015-06-30T23:59:59.999999999+00:00")),
    ("2015-03-12T13:20:00+23:30", false, Some("2015-03-11T13:50:00+00:00")),
    ("2015-03-12T13:20:00+0000", false, Some("2015-03-12T13:20:00+00:00")),
    ("2014-02-27T19:29:30.855665-0530", false, Some("2014-02-27T19:29:30.855665-05:30")),
    ("2015-03-12T13:20:00-0000", false, Some("2015-03-12T13:20:00+00:00")),
    ("2026-11-21T07:15:02.526788", false, Some("2026-11-21T07:15:02.526788+00:00")),
    ("2025-06-12 09:45:56.183889", false, Some("2025-06-12T09:45:56.183889+00:00")),
    ("2018-07-24 10:58:45.284 EDT", false, Some("2018-07-24T10:58:45.284-04:00")),
    ("2018-01-24 10:58:45.284 EST", false, Some("2018-01-24T10:58:45.284-05:00")),
    ("2018-07-24 10:58:45.284 CEST", false, Some("2018-07-24T10:58:45.284+02:00")),
    ("2018-07-24 10:58:45 GMT", false, Some("2018-07-24T10:58:45+00:00")),
    ("2015-02-30T13:20:00+00:00", false, None),
    ("2015-03-12T13:20:00+00:60", false, None),
    ("2015-03-12T13:20:61+00:00", false, None),
    ("2018-07-24 10:58:45.284 XYZ", false, None),
    ("yesterday", false, None),
];

#[test]
fn strict_takes_what_the_standard_has() {
    for (text, conforms, instant) in TEXTS {
        assert_eq!(text.parse::<Timestamp>().is_ok(), *conforms, "{text}");
        let json = document(text);
        assert_eq!(Event::read(json.as_bytes(), &ReadOptions::strict()).is_ok(), *conforms, "{text}");
        let parsed = Event::read(json.as_bytes(), &Default::default()).unwrap();
        let time = parsed.value.event_time.clone();
        assert_eq!(
            time.as_ref().and_then(Timestamp::instant).map(|time| Timestamp::from(time).to_string()).as_deref(),
            *instant,
            "{text}"
        );
        assert_eq!(parsed.deviations.len(), usize::from(!conforms), "{text}");
        // What is understood is a warning to lenient validation; what is not, an error to any.
        let found = Validation::default().parsed(&parsed);
        let found: Vec<_> = found
            .iter()
            .filter(|problem| problem.path == "/event/eventTime")
            .map(|problem| (problem.rule, problem.severity))
            .collect();
        match (conforms, instant) {
            (true, _) => assert_eq!(found, [], "{text}"),
            (false, Some(_)) => assert_eq!(found, [(Rule::Spelling, Severity::Warning)], "{text}"),
            (false, None) => assert_eq!(found, [(Rule::Value, Severity::Error)], "{text}"),
        }
        // The text is kept, and the standard's is there where one asks for it.
        for format in [Format::Json, Format::Xml] {
            let written = parsed.value.to_string(format, Default::default()).unwrap();
            let again = Event::read(written.as_bytes(), &Default::default()).unwrap().value;
            assert_eq!(again, parsed.value, "{written}");
            assert!(written.contains(text), "{written}");
        }
        if let Some(proper) = time.and_then(|time| time.normalized()) {
            assert!(proper.conforms() && proper.instant().is_some(), "{proper}");
            assert_eq!(*conforms, proper.as_str() == *text);
        }
    }
}

/// Something like a time of RFC 3339: its numbers, and how it is spelled.
#[derive(Clone, Debug)]
struct Like {
    numbers: [u32; 6],
    separator: &'static str,
    fraction: String,
    offset: String,
}

impl Like {
    fn text(&self) -> String {
        let [year, month, day, hour, minute, second] = self.numbers;
        let Self { separator, fraction, offset, .. } = self;
        format!("{year:04}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
    }

    /// Seconds since 1970, where the numbers are those of a time and the spelling is the standard's.
    fn seconds(&self) -> Option<i64> {
        let [year, month, day, hour, minute, second] = self.numbers;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            1..=12 => 31,
            _ => return None,
        };
        let fraction = self.fraction.strip_prefix('.').filter(|digits| !digits.is_empty());
        let spelled = self.separator == "T" && (self.fraction.is_empty() || fraction.is_some());
        let midnight = hour == 24 && minute == 0 && second == 0 && self.fraction.trim_matches(['.', '0']).is_empty();
        let (sign, rest) = self.offset.split_at_checked(1)?;
        let (hours, minutes) = rest.split_once(':')?;
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        let in_range = (1..=days).contains(&day) && (hour < 24 || midnight) && minute < 60 && second < 60;
        if !spelled || !in_range || minutes > 59 || hours * 60 + minutes > 14 * 60 {
            return None;
        }
        let offset = (hours * 60 + minutes) * if sign == "-" { -60 } else { 60 };
        // The days before a year and a month of the Gregorian calendar that begins in March.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
        let days = i64::from(days) - 719_468;
        Some(days * 86_400 + i64::from(hour * 3600 + minute * 60 + second) - offset)
    }
}

fn like() -> impl Strategy<Value = Like> {
    let numbers = [1_u32..10_000, 0..14, 0..33, 0..26, 0..61, 0..62];
    let usual = [1970_u32..2100, 1..13, 1..29, 0..24, 0..60, 0..60];
    let separator = prop_oneof![8 => Just("T"), 1 => Just("t"), 1 => Just(" ")];
    let fraction = prop_oneof![4 => Just(String::new()), 4 => "\\.[0-9]{1,12}", 1 => "[.,][0-9]{0,2}"];
    let offset = prop_oneof![
        4 => "[+-](0[0-9]|1[0-4]):[0-5][0-9]",
        1 => "[+-][0-9]{2}:?[0-9]{2}",
        1 => "Z|z||\\+00:00|-00:00|\\+0000| UTC| EDT| [A-Z]{3}|[+-][0-9]{2}",
    ];
    (prop_oneof![3 => usual, 1 => numbers], separator, fraction, offset)
        .prop_map(|(numbers, separator, fraction, offset)| Like { numbers, separator, fraction, offset })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Strict reading takes just the spellings of the standard, at the instant that they name.
    #[test]
    fn the_grammar_is_the_standards(like in like()) {
        let text = like.text();
        let parsed = text.parse::<Timestamp>();
        prop_assert_eq!(parsed.is_ok(), like.seconds().is_some(), "{}", text);
        if let Ok(time) = parsed {
            prop_assert_eq!(time.instant().map(|time| time.timestamp()), like.seconds(), "{}", text);
            prop_assert_eq!(time.normalized(), Some(time));
        }
    }

    /// Whatever the text, it survives both formats; and where it is understood, the standard's names the same instant.
    #[test]
    fn texts_survive(like in like()) {
        let text = like.text();
        let event = Event::read(document(&text).as_bytes(), &Default::default()).unwrap().value;
        let json = event.to_string(Format::Json, Default::default()).unwrap();
        prop_assert_eq!(&json, &document(&text));
        let xml = event.to_string(Format::Xml, Default::default()).unwrap();
        let again = Event::read(xml.as_bytes(), &Default::default()).unwrap().value;
        prop_assert_eq!(again.to_string(Format::Json, Default::default()).unwrap(), json);
        if let Some(time) = &event.event_time {
            let proper = time.normalized().unwrap();
            prop_assert!(proper.conforms(), "{} {}", text, proper);
            prop_assert_eq!(proper.instant(), time.instant());
            prop_assert_eq!(proper.as_str().parse::<Timestamp>().ok(), Some(proper));
        } else {
            prop_assert_eq!(event.extensions.get("eventTime"), Some(&Any::from(text.as_str())));
        }
    }

    #[test]
    fn any_text_survives(text in any::<String>()) {
        let event = Event::read(document(&text).as_bytes(), &Default::default()).unwrap().value;
        let found = event.event_time.as_ref().map(|time| time.as_str().to_owned());
        let kept = found.or_else(|| event.extensions.get("eventTime").and_then(Any::as_str).map(str::to_owned));
        prop_assert_eq!(kept.as_deref().map(str::trim), Some(text.trim()));
    }
}
