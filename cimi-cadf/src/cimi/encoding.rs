//! Texts of CIMI in the forms that CADF has for them.

use std::borrow::Cow;

use cimi_model::{Any, DateTime, Scalar, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{Identifier, Tag, Timestamp, text};

/// What cannot stand in a segment of a path, nor in the value of a tag.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What stands nowhere in a URI, and the mark that it is written with.
const EXCLUDED: &AsciiSet = &text::EXCLUDED.add(b'%');

/// A text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The text of a segment. What is not encoded as UTF-8 stays as it is.
pub(super) fn plain(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8().map_or_else(|_| segment.to_owned(), Cow::into_owned)
}

/// A text as an identifier: as it is, unless it is no URI reference. The empty one identifies nothing.
pub(super) fn identifier(text: &str) -> Option<Identifier> {
    if text.is_empty() {
        return None;
    }
    let conforms = <Uri as Scalar>::parse(text).is_some();
    Some(if conforms { text.into() } else { utf8_percent_encode(text, EXCLUDED).to_string().into() })
}

/// Whether a tag of this name is one of CIMI's.
pub(super) fn is_own_tag(tag: &Tag, name: &str) -> bool {
    let namespace = tag.namespace().and_then(|namespace| namespace.strip_prefix("schemas.dmtf.org/cimi/"));
    matches!(namespace, Some("1" | "2")) && tag.name() == name
}

/// A time as CADF has it: the same text where that will do, the same instant otherwise. CADF has neither `Z` nor times
/// without an offset, which count as UTC, nor years beyond four digits.
pub(super) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    let text = time.as_str();
    let utc = |text: &str| <Timestamp as Scalar>::parse(&format!("{text}+00:00"));
    <Timestamp as Scalar>::parse(text)
        .or_else(|| utc(text.strip_suffix('Z').unwrap_or(text)))
        .or_else(|| Timestamp::recover(text)?.normalized().filter(Timestamp::conforms))
}

/// A time as CIMI has it: the same text where that is an xs:dateTime, the same instant otherwise.
pub(super) fn date_time(time: &Timestamp) -> Option<DateTime> {
    <DateTime as Scalar>::parse(time.as_str()).or_else(|| time.instant().map(DateTime::from))
}

/// A text that is the same for equal values: equality ignores the order of members, which formats change.
pub(super) fn canonical(value: &Any, out: &mut String) {
    match value {
        Any::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            for (key, value) in members {
                // Hardly any text holds these two noncharacters.
                out.extend([key, "\u{FFFF}"]);
                canonical(value, out);
            }
        }
        Any::Array(items) => items.iter().for_each(|item| canonical(item, out)),
        Any::String(text) => out.push_str(text),
        Any::Number(number) => out.push_str(number.as_str()),
        Any::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Any::Null => out.push_str("null"),
    }
    out.push('\u{FFFE}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_text_where_they_can() {
        for (text, expected) in [
            ("2012-05-25T13:30:15-05:00", Some("2012-05-25T13:30:15-05:00")),
            ("2012-05-25T13:30:15.1230Z", Some("2012-05-25T13:30:15.1230+00:00")),
            ("2012-05-25T13:30:15", Some("2012-05-25T13:30:15+00:00")),
            ("2012-05-25T24:00:00Z", Some("2012-05-25T24:00:00+00:00")),
            ("Fri Feb 08 15:25:41 EET 2013", Some("2013-02-08T15:25:41+02:00")),
            ("12012-05-25T13:30:15Z", None),
            ("-0044-03-15T12:00:00Z", None),
        ] {
            let time = DateTime::recover(text).and_then(|time| timestamp(&time));
            assert_eq!(time.as_ref().map(Timestamp::as_str), expected, "{text}");
            assert!(time.is_none_or(|time| time.conforms() && date_time(&time).is_some()));
        }
        let odd = Timestamp::recover("2014-02-27T19:29:30.855665+0000");
        let back = odd.and_then(|time| date_time(&time));
        assert_eq!(back.as_ref().map(DateTime::as_str), Some("2014-02-27T19:29:30.855665Z"));
    }

    #[test]
    fn texts_that_are_no_uris_become_identifiers() {
        for (text, expected) in [("machines/1", "machines/1"), ("Jo Do", "Jo%20Do"), ("a%b c", "a%25b%20c"), ("ü", "ü")]
        {
            let id = identifier(text);
            assert_eq!(id.as_ref().map(Identifier::as_str), Some(expected));
            assert!(<Identifier as Scalar>::parse(expected).is_some());
        }
        assert_eq!(identifier(""), None);
        for text in ["", "a/b?c#d", "100 %", "ü~"] {
            assert_eq!(plain(&segment(text)), text);
        }
        assert_eq!(plain("%FF"), "%FF");
    }
}
