//! Where a record ends that is followed by another one without a comma.

use memchr::memchr;

use super::scout::Balance;

/// Looks for the end of a record as its text comes in: where its brackets are closed, or where it shows that it is broken.
#[derive(Debug, Default)]
pub(super) struct Ending {
    balance: Balance,
    /// The last byte that is no white space; a quote for all of a string.
    last: u8,
    /// Whether nothing but blanks stands before in the line, which is not the first.
    begins_line: bool,
}

impl Ending {
    /// How much of the text belongs to the record, if it ends in it.
    ///
    /// Besides the brackets, these end it: a line that is none of JSON; a string that goes beyond its line; and a line that
    /// begins with a brace where no value can stand, as the next record does after one that was cut off.
    pub(super) fn find(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            if self.balance.in_string {
                let rest = text.get(at..).unwrap_or_default();
                let length = self.balance.string(rest);
                if let Some(line) = memchr(b'\n', rest.get(..length).unwrap_or_default()) {
                    return Some(at + line + 1);
                }
                at += length;
                continue;
            }
            let depth = self.balance.depth;
            match byte {
                b'\n' if depth == 0 && self.last != 0 => return Some(at + 1),
                b'\n' => self.begins_line = self.last != 0,
                _ if byte.is_ascii_whitespace() => {}
                b'{' if self.begins_line && !matches!(self.last, b'[' | b',' | b':') => return Some(at),
                _ => {
                    self.balance.byte(byte);
                    (self.last, self.begins_line) = (byte, false);
                    if depth == 1 && self.balance.depth == 0 {
                        return Some(at + 1);
                    }
                }
            }
            at += 1;
        }
        None
    }
}

/// How much of a text belongs to the record that it begins with.
pub(super) fn length_of_first(text: &[u8]) -> usize {
    Ending::default().find(text).unwrap_or(text.len())
}

/// Whether a text goes on after the record that it begins with.
pub(super) fn ends_early(text: &[u8]) -> bool {
    text.get(length_of_first(text)..).is_some_and(|rest| !rest.trim_ascii().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of a text, however little of it comes at a time.
    fn cut(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = text;
        while !rest.trim().is_empty() {
            let whole = Ending::default().find(rest.as_bytes());
            let mut ending = Ending::default();
            let bytes = rest.as_bytes().chunks(1).enumerate().find_map(|(at, byte)| Some(at + ending.find(byte)?));
            assert_eq!(whole, bytes, "{rest}");
            let (record, others) = rest.split_at(whole.unwrap_or(rest.len()));
            assert!(!record.is_empty() && ends_early(rest.as_bytes()) != others.trim().is_empty());
            found.push(record.trim());
            rest = others;
        }
        found
    }

    #[test]
    fn ends_of_records() {
        for (text, expected) in [
            ("{\"a\": 1}", &["{\"a\": 1}"][..]),
            ("{}{} {}\n[{}] x\n{}", &["{}", "{}", "{}", "[{}]", "x", "{}"]),
            ("\n{\n\"a\": [\n{},\n{}\n],\n\"b\":\n{}}{}", &["{\n\"a\": [\n{},\n{}\n],\n\"b\":\n{}}", "{}"]),
            ("{\"a\": \"}{\\\"\"} {}", &["{\"a\": \"}{\\\"\"}", "{}"]),
            // Broken: cut off, in a string, with too many brackets.
            ("{\"a\": 1\n{\"b\": 2}\n{}", &["{\"a\": 1", "{\"b\": 2}", "{}"]),
            ("{\"a\n{\"b\": 2}\n{}", &["{\"a", "{\"b\": 2}", "{}"]),
            ("{\n  {}\n}\n{}", &["{", "{}", "}", "{}"]),
            ("}]\n{}", &["}]", "{}"]),
            ("{\"a\": {}", &["{\"a\": {}"]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }
}
