//! Telling a log from an event by the beginning of its JSON.

use cimi_model::reflect::Described;
use memchr::memchr2;

use crate::{Event, LOG_TYPE, Log, Path, REPORT_TYPE, Report};

/// The brackets of JSON that are open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Balance {
    pub(super) depth: usize,
    pub(super) in_string: bool,
    escaped: bool,
}

impl Balance {
    pub(super) const fn byte(&mut self, byte: u8) {
        if self.in_string {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// Looks at more text up to the first byte outside of strings, with the depth that it stands at, that is wanted.
    pub(super) fn find(&mut self, text: &[u8], is_wanted: impl Fn(usize, u8) -> bool) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            if self.in_string {
                at += self.string(text.get(at..).unwrap_or_default());
                continue;
            }
            if is_wanted(self.depth, byte) {
                return Some(at);
            }
            self.byte(byte);
            at += 1;
        }
        None
    }

    /// Goes to the end of a string. Returns how far that is in the text, which may end before it.
    pub(super) fn string(&mut self, text: &[u8]) -> usize {
        let mut at = usize::from(std::mem::take(&mut self.escaped));
        while let Some(found) = memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
            at += found + 1;
            if text.get(at - 1) == Some(&b'"') {
                self.in_string = false;
                return at;
            }
            self.escaped = at == text.len();
            at += 1;
        }
        text.len()
    }

    pub(super) const fn is_even(&self) -> bool {
        self.depth == 0 && !self.in_string
    }
}

/// What an object turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Not known yet.
    Nothing,
    /// An event.
    Event,
    /// A log, whose events have begun. The member that holds them starts at this byte of the object.
    Events(usize),
    /// The object has ended, and was not found to be an event.
    End,
}

/// Looks at the members of an object as its text comes in.
#[derive(Debug, Default)]
pub(super) struct Scout {
    pub(super) balance: Balance,
    /// How many bytes there were.
    pub(super) length: usize,
    /// Whether its type says that it is a log or report.
    pub(super) is_log: bool,
    /// What comes next among the members is a name.
    before_name: bool,
    /// Where the last name starts.
    name_start: usize,
    name: Vec<u8>,
    /// The last string among the members.
    text: Vec<u8>,
}

/// No name that matters is longer, and no type.
const LONGEST: usize = 1024;

impl Scout {
    /// Looks at more text. Returns how much of it was needed.
    pub(super) fn take(&mut self, text: &[u8]) -> (usize, Found) {
        for (at, &byte) in text.iter().enumerate() {
            let found = self.byte(byte);
            if found != Found::Nothing {
                return (at + 1, found);
            }
        }
        (text.len(), Found::Nothing)
    }

    fn byte(&mut self, byte: u8) -> Found {
        let (depth, was_string) = (self.balance.depth, self.balance.in_string);
        self.balance.byte(byte);
        self.length += 1;
        match byte {
            b'{' if depth == 0 => self.before_name = true,
            b'}' if self.balance.is_even() => return Found::End,
            _ if depth != 1 => {}
            _ if was_string && !self.balance.in_string => return self.string(),
            _ if was_string && self.text.len() < LONGEST => self.text.push(byte),
            _ if was_string => {}
            b'"' => {
                self.text.clear();
                if self.before_name {
                    self.name_start = self.length - 1;
                }
            }
            b':' => self.before_name = false,
            b',' => self.before_name = true,
            b'[' if !self.before_name && self.name == b"events" => return Found::Events(self.name_start),
            _ => {}
        }
        Found::Nothing
    }

    /// A string among the members has ended.
    fn string(&mut self) -> Found {
        if self.before_name {
            std::mem::swap(&mut self.name, &mut self.text);
            let of_event = !self.is_log && is_of_events_alone(&self.name);
            return if of_event { Found::Event } else { Found::Nothing };
        }
        if self.name == b"typeURI" {
            // Some writers escape slashes.
            let uri = Path::from(String::from_utf8_lossy(&self.text).replace("\\/", "/"));
            self.is_log = uri.is_a(LOG_TYPE) || uri.is_a(REPORT_TYPE);
            if !self.is_log {
                return Found::Event;
            }
        }
        Found::Nothing
    }
}

/// Whether events have this attribute, and neither logs nor reports.
fn is_of_events_alone(name: &[u8]) -> bool {
    let has = |attributes: &[cimi_model::Attribute]| attributes.iter().any(|row| row.name.as_bytes() == name);
    has(Event::TYPE.attributes) && !has(Log::TYPE.attributes) && !has(Report::TYPE.attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn brackets_are_counted_as_byte_by_byte(text in r#"["\\\\{}\\[\\],a]{0,40}"#, pieces in proptest::collection::vec(1..9_usize, 40)) {
            let mut expected = Balance::default();
            let mut stops = Vec::new();
            for (at, byte) in text.bytes().enumerate() {
                if !expected.in_string && expected.depth == 0 && byte == b',' {
                    stops.push(at);
                }
                expected.byte(byte);
            }
            let (mut balance, mut found) = (Balance::default(), Vec::new());
            let (mut rest, mut at) = (text.as_bytes(), 0);
            for length in pieces {
                let (piece, others) = rest.split_at(length.min(rest.len()));
                let stop = balance.find(piece, |depth, byte| depth == 0 && byte == b',');
                found.extend(stop.map(|stop| at + stop));
                let taken = stop.map_or(piece.len(), |stop| stop + 1);
                at += taken;
                rest = if stop.is_some() { &rest[taken..] } else { others };
            }
            balance.find(rest, |_, _| false);
            proptest::prop_assert_eq!((balance.depth, balance.in_string, balance.escaped),
                (expected.depth, expected.in_string, expected.escaped));
            let seen = stops.iter().filter(|stop| **stop < at).copied().collect::<Vec<_>>();
            proptest::prop_assert_eq!(found, seen);
        }
    }

    fn found(text: &str) -> (usize, Found) {
        let mut scout = Scout::default();
        let whole = scout.take(text.as_bytes());
        let mut bytes = Scout::default();
        let mut pieces = (0, Found::Nothing);
        while pieces.1 == Found::Nothing && pieces.0 < text.len() {
            pieces = (pieces.0 + 1, bytes.take(&text.as_bytes()[pieces.0..=pieces.0]).1);
        }
        assert_eq!(whole, pieces, "{text}");
        whole
    }

    #[test]
    fn logs() {
        for text in [
            r#"{"events": ["#,
            r#"{"id": "a", "events":["#,
            r#"{"metrics": [{"events": []}], "events" : [{}]}"#,
            r#"{"typeURI": "http:\/\/schemas.dmtf.org\/cloud\/audit\/1.0\/log\/x", "action": 1, "events": ["#,
            r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/report", "events": ["#,
        ] {
            let start = text.rfind("\"events\"").unwrap_or_default();
            assert_eq!(found(text).1, Found::Events(start), "{text}");
        }
    }

    #[test]
    fn anything_else() {
        for (text, expected) in [
            (r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "events": [1]}"#, Found::Event),
            (r#"{"action": "read", "events": [1]}"#, Found::Event),
            (r#"{"name": "action", "id": "events"}"#, Found::End),
            (r#"{"events": null, "a": [1, 2]}"#, Found::End),
            (r#"{"events": {"events": [1]}}"#, Found::End),
            (r#"{"a\"events": [1]}"#, Found::End),
            ("{}", Found::End),
            (r#"{"id": "a"#, Found::Nothing),
        ] {
            assert_eq!(found(text).1, expected, "{text}");
        }
    }
}
