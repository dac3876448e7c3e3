//! Query strings: pairs of names and values, percent-encoded.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::string::FromUtf8Error;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode};

/// What is encoded in names and values. What stays is allowed in a query (RFC 3986, 3.4), is no separator of
/// parameters anywhere, and occurs in the parameters of the standard.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$')
    .remove(b',')
    .remove(b':')
    .remove(b'/')
    .remove(b'*')
    .remove(b'!')
    .remove(b'(')
    .remove(b')')
    .remove(b'@');

/// The query of a URI: what is between the first question mark and the fragment.
pub(super) fn query_of(uri: &str) -> Option<&str> {
    let uri = uri.split_once('#').map_or(uri, |(uri, _)| uri);
    uri.split_once('?').map(|(_, query)| query)
}

/// The parameters of a query string in their order, names and values decoded. One without `=` has an empty value.
pub(super) fn split(query: &str) -> impl Iterator<Item = (Decoded<'_>, Decoded<'_>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// A decoded text, or what of it is not UTF-8.
pub(super) type Decoded<'a> = Result<Cow<'a, str>, Vec<u8>>;

/// Decodes percent-encoding and `+`. A percent sign that encodes nothing stands for itself.
fn decode(text: &str) -> Decoded<'_> {
    let bytes = if text.contains('+') { spaced(text).into() } else { percent_decode_str(text).into() };
    match bytes {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| bytes.to_vec()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(FromUtf8Error::into_bytes),
    }
}

/// Decodes a text in which `+` stands for a space, as HTML forms and most client libraries write it, but for the sign
/// of an offset in a dateTime, where no space can be and clients forget to encode it: `2012-05-25T13:30:15+02:00`.
fn spaced(text: &str) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    for (index, part) in text.split('+').enumerate() {
        let part: Cow<'_, [u8]> = percent_decode_str(part).into();
        if index > 0 {
            out.push(if ends_with_time(&out) && begins_with_offset(&part) { b'+' } else { b' ' });
        }
        out.extend_from_slice(&part);
    }
    out
}

/// Whether this ends like `T13:30:15` or `T13:30:15.25`.
fn ends_with_time(text: &[u8]) -> bool {
    let decimals = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = match text.split_at_checked(text.len().saturating_sub(decimals)) {
        Some(([whole @ .., b'.'], [_, ..])) => whole,
        _ => text,
    };
    match whole {
        [.., b'T', h1, h2, b':', m1, m2, b':', s1, s2] => [h1, h2, m1, m2, s1, s2].into_iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether this begins like `02:00`.
fn begins_with_offset(text: &[u8]) -> bool {
    match text {
        [h1, h2, b':', m1, m2, ..] => [h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Writes the parameters of a query string, percent-encoded.
pub(super) struct Writer<'f, 'a> {
    out: &'f mut fmt::Formatter<'a>,
    first: bool,
}

impl<'f, 'a> Writer<'f, 'a> {
    pub(super) fn new(out: &'f mut fmt::Formatter<'a>) -> Self {
        Self { out, first: true }
    }

    pub(super) fn parameter(&mut self, name: &str, value: &dyn fmt::Display) -> fmt::Result {
        if !std::mem::replace(&mut self.first, false) {
            self.out.write_char('&')?;
        }
        write!(self.out, "{}={}", encoded(name), encoded(&value.to_string()))
    }
}

fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ENCODED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        split(query).map(|(name, value)| (name.unwrap().into_owned(), value.unwrap().into_owned())).collect()
    }

    fn value(text: &str) -> String {
        pairs(&format!("a={text}")).remove(0).1
    }

    #[test]
    fn pairs_are_split_and_decoded() {
        for (query, expected) in [
            ("", &[][..]),
            ("&&", &[]),
            ("a", &[("a", "")]),
            ("a=", &[("a", "")]),
            ("=a", &[("", "a")]),
            ("a=b=c", &[("a", "b=c")]),
            ("%24a%3D=%26&b", &[("$a=", "&"), ("b", "")]),
            ("a=1;b=2", &[("a", "1;b=2")]),
            ("a=%C3%A9%2b%zz%4", &[("a", "é+%zz%4")]),
            ("a?=?", &[("a?", "?")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(pairs(query), expected, "{query}");
        }
        let (name, value) = split("a%FF=%C3").next().unwrap();
        assert_eq!((name, value), (Err(b"a\xFF".to_vec()), Err(b"\xC3".to_vec())));
    }

    #[test]
    fn a_plus_is_a_space_but_for_offsets() {
        for (text, expected) in [
            ("a+b", "a b"),
            ("++", "  "),
            ("a%2Bb", "a+b"),
            ("2012-05-25T13:30:15+02:00", "2012-05-25T13:30:15+02:00"),
            ("2012-05-25T13%3A30%3A15.25+02%3a00+and+x", "2012-05-25T13:30:15.25+02:00 and x"),
            ("2012-05-25T13:30:15+and+x", "2012-05-25T13:30:15 and x"),
            ("2012-05-25T13:30:15.+02:00", "2012-05-25T13:30:15. 02:00"),
            ("13:30:15+02:00", "13:30:15 02:00"),
            ("T13:30:15+0200", "T13:30:15 0200"),
            ("T13:30:15%2002:00", "T13:30:15 02:00"),
            ("%C3%A9+%C3%A9", "é é"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn queries_end_at_the_fragment() {
        assert_eq!(query_of("http://h/a?b?c#d?e"), Some("b?c"));
        assert_eq!(query_of("http://h/a#?b"), None);
        assert_eq!(query_of("?"), Some(""));
    }
}
