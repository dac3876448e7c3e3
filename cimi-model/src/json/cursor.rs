//! The tokens of JSON, for the quick reader: what it accepts is well-formed, what it does not accept may be.

use std::borrow::Cow;

use super::quick::{GiveUp, Outcome};
use crate::any::is_number;
use crate::bytes::first_special;

/// A place in a text.
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.byte()? {
            byte if byte > b' ' => Some(byte),
            _ => self.peek_after_space(),
        }
    }

    fn peek_after_space(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Where the next byte is, white space passed.
    pub(super) fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Goes back to a place.
    pub(super) fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    /// The text from a place to here.
    pub(super) fn since(&self, place: usize) -> &'t str {
        self.text.get(place..self.at).unwrap_or_default()
    }

    /// Takes this byte, after white space.
    pub(super) fn take(&mut self, wanted: u8) -> Outcome<()> {
        if self.takes(wanted) { Ok(()) } else { Err(GiveUp) }
    }

    /// Takes this byte if it comes next.
    pub(super) fn takes(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Only white space is left.
    pub(super) fn end(&mut self) -> Outcome<()> {
        if self.peek().is_none() { Ok(()) } else { Err(GiveUp) }
    }

    /// Takes this string if it comes next. It has nothing in it that would be escaped.
    pub(super) fn takes_string(&mut self, wanted: &str) -> bool {
        if self.peek() != Some(b'"') {
            return false;
        }
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        let found = rest.strip_prefix(wanted.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'"'));
        self.at += if found { wanted.len() + 2 } else { 0 };
        found
    }

    /// A string without escapes; anything else is left alone.
    pub(super) fn plain_string(&mut self) -> Option<&'t str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let rest = self.text.get(self.at + 1..)?;
        let length = first_special(rest.as_bytes())?;
        if rest.as_bytes().get(length) != Some(&b'"') {
            return None;
        }
        self.at += length + 2;
        rest.get(..length)
    }

    /// A string.
    pub(super) fn string(&mut self) -> Outcome<Cow<'t, str>> {
        match self.plain_string() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.escaped().map(Cow::Owned),
        }
    }

    /// A string of its own.
    pub(super) fn owned_string(&mut self) -> Outcome<String> {
        match self.plain_string() {
            Some(text) => Ok(text.to_owned()),
            None => self.escaped(),
        }
    }

    /// A string with an escape.
    #[cold]
    fn escaped(&mut self) -> Outcome<String> {
        let start = self.place();
        self.take(b'"')?;
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            match bytes.get(at).ok_or(GiveUp)? {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        serde_json::from_str(self.since(start)).map_err(|_| GiveUp)
    }

    /// An integer without a fraction, an exponent or a sign that says nothing. Anything else is left alone.
    pub(super) fn integer(&mut self) -> Option<i64> {
        self.peek();
        let rest = self.text.get(self.at..)?;
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest.as_bytes().get(sign..)?;
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let lead = digits.starts_with(b"0") && length + sign > 1;
        if lead || digits.get(length).is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')) {
            return None;
        }
        let value = rest.get(..sign + length)?.parse().ok()?;
        self.at += sign + length;
        Some(value)
    }

    /// The text of a scalar that is well-formed.
    pub(super) fn scalar(&mut self) -> Outcome<&'t str> {
        let start = self.place();
        match self.byte().ok_or(GiveUp)? {
            b'"' => drop(self.string()?),
            b't' | b'f' => drop(self.boolean()?),
            b'n' if self.word("null") => {}
            _ => {
                let literal = self.number()?;
                return if is_number(literal.as_bytes()) { Ok(literal) } else { Err(GiveUp) };
            }
        }
        Ok(self.since(start))
    }

    /// What stands where a number is expected.
    pub(super) fn number(&mut self) -> Outcome<&'t str> {
        self.peek();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let end = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).ok_or(GiveUp)
    }

    pub(super) fn boolean(&mut self) -> Outcome<bool> {
        if self.word("true") {
            Ok(true)
        } else if self.word("false") {
            Ok(false)
        } else {
            Err(GiveUp)
        }
    }

    /// Takes this word if it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.peek();
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if found { word.len() } else { 0 };
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        let read = |text| Cursor::new(text).string().map(Cow::into_owned).ok();
        assert_eq!(read(r#" "" "#).as_deref(), Some(""));
        assert_eq!(
            read(r#""a long string without anything special" x"#).as_deref(),
            Some("a long string without anything special")
        );
        assert_eq!(read(r#""é\n\"\u00e9\ud83d\ude00""#).as_deref(), Some("é\n\"é😀"));
        for bad in ["", "x", "\"", "\"abc", "\"a\nb\"", "\"\\", "\"\\\"", "\"\\x\"", "\"\\ud83d\""] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn integers() {
        let read = |text| Cursor::new(text).integer();
        for (text, value) in [("0", 0), (" 17,", 17), ("-1]", -1), ("9223372036854775807", i64::MAX)] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        for bad in ["", "-", "-0", "01", "1.0", "1e2", "+1", "9223372036854775808", "--1", "x"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
