//! The tokens of a filter.
//!
//! The grammar has no white space; as in all known peers, any may stand between its terminals. A terminal is taken
//! wherever it stands, so that `a=1andb=2` is what the grammar says it is. Names are as long as they can be.

use super::FilterError;
use super::ast::Operator;
use super::error::expect;
use super::literal::{Date, Literal, Natural};

/// A place in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// Bytes before it.
    pub(super) at: usize,
    extensions: bool,
    /// Whether `==` is an operator of its own.
    exact: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, extensions: bool, exact: bool) -> Self {
        Self { text, at: 0, extensions, exact }
    }

    /// What could stand here instead.
    pub(super) fn expected(&self, expected: &'static str) -> FilterError {
        FilterError::expected_in(self.text, self.at, expected)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Takes this terminal if it stands here.
    pub(super) fn eat(&mut self, terminal: &str) -> bool {
        let found = self.rest().starts_with(terminal);
        if found {
            self.at += terminal.len();
        }
        found
    }

    /// Takes bytes up to the first that is no part, which must be ASCII.
    fn run(&mut self, is_part: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// The name of an attribute (5.2). Real attributes have dashes and a prefix too; as an extension, names with slashes
    /// between them are a path.
    pub(super) fn name(&mut self) -> Result<Option<&'t str>, FilterError> {
        let start = self.at;
        if !self.next_byte().is_some_and(begins_name) {
            return Ok(None);
        }
        loop {
            self.part()?;
            if self.eat(":") {
                self.part()?;
            }
            if !self.extensions || !self.eat("/") {
                return Ok(self.text.get(start..self.at));
            }
        }
    }

    fn part(&mut self) -> Result<(), FilterError> {
        if !self.next_byte().is_some_and(begins_name) {
            return Err(self.expected(expect::NAME));
        }
        self.run(continues_name);
        Ok(())
    }

    pub(super) fn operator(&mut self) -> Result<Operator, FilterError> {
        const STANDARD: [(&str, Operator); 6] = [
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("!=", Operator::NotEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
            ("=", Operator::Equal),
        ];
        const EXACT: [(&str, Operator); 2] = [("!==", Operator::NotSame), ("==", Operator::Same)];
        const EXTENDED: [(&str, Operator); 2] = [("==", Operator::Equal), ("^=", Operator::Prefix)];
        let extended: &[_] = if self.extensions { &EXTENDED } else { &[] };
        let exact: &[_] = if self.exact { &EXACT } else { &[] };
        for (text, operator) in exact.iter().chain(extended).chain(&STANDARD) {
            if self.eat(text) {
                return Ok(*operator);
            }
        }
        Err(self.expected(expect::OPERATOR))
    }

    /// A value, if one begins here that is not a word.
    pub(super) fn literal(&mut self) -> Result<Option<Literal>, FilterError> {
        match self.next_byte() {
            Some(b'\'' | b'"') => self.string().map(|text| text.map(Literal::String)),
            Some(b'0'..=b'9') => self.number().map(Some),
            // A year before 1; integers have no sign.
            Some(b'-') => {
                let start = *self;
                let date = self.date();
                if date.is_none() {
                    *self = start;
                }
                Ok(date.map(Literal::Date))
            }
            _ => Ok(None),
        }
    }

    /// A string in quotes of either form, if one begins here. The grammar has no escapes.
    pub(super) fn string(&mut self) -> Result<Option<String>, FilterError> {
        let Some(quote @ (b'\'' | b'"')) = self.next_byte() else { return Ok(None) };
        let extended = self.extensions;
        let mut text = String::new();
        loop {
            self.at += 1;
            text.push_str(self.run(|byte| byte != quote && (byte != b'\\' || !extended)));
            match self.next_byte() {
                None => return Err(self.expected(expect::QUOTE)),
                Some(b'\\') if extended => {
                    // What is escaped, which the next round skips; a backslash before anything else is itself.
                    match self.text.as_bytes().get(self.at + 1) {
                        Some(&escaped @ (b'\'' | b'"' | b'\\')) => {
                            text.push(char::from(escaped));
                            self.at += 1;
                        }
                        _ => text.push('\\'),
                    }
                }
                Some(_) => {
                    self.at += 1;
                    return Ok(Some(text));
                }
            }
        }
    }

    /// An integer, or a date.
    fn number(&mut self) -> Result<Literal, FilterError> {
        let start = *self;
        let digits = self.run(|byte| byte.is_ascii_digit());
        if digits.len() < 4 || self.next_byte() != Some(b'-') {
            return Ok(Literal::Integer(Natural::of_digits(digits)));
        }
        *self = start;
        self.date().map(Literal::Date).ok_or_else(|| start.expected(expect::DATE))
    }

    /// A date; months are an extension.
    fn date(&mut self) -> Option<Date> {
        Date::parse(self.run(is_part_of_date)).filter(|date| self.extensions || !date.is_month())
    }

    /// A value that is a word, if one stands here: as long as the name that it would be, or followed by a keyword.
    pub(super) fn word(&mut self) -> Option<Literal> {
        for (word, value) in self.words() {
            let Some(after) = self.rest().strip_prefix(word) else { continue };
            let ends = !after.starts_with(|c| c == ':' || u8::try_from(c).is_ok_and(continues_name));
            if ends || after.starts_with("and") || after.starts_with("or") {
                self.at += word.len();
                return Some(value.clone());
            }
        }
        None
    }

    /// The value that a name is, if it is one.
    pub(super) fn named(&self, name: &str) -> Option<Literal> {
        self.words().iter().find(|(word, _)| *word == name).map(|(_, value)| value.clone())
    }

    /// The values that are words.
    fn words(&self) -> &'static [(&'static str, Literal)] {
        const WORDS: &[(&str, Literal)] =
            &[("true", Literal::Boolean(true)), ("false", Literal::Boolean(false)), ("null", Literal::Null)];
        if self.extensions { WORDS } else { WORDS.get(..2).unwrap_or_default() }
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn continues_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn is_part_of_date(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b':' | b'.' | b'T' | b'Z')
}

/// Whether a text is the name of an attribute or a path.
pub(super) fn check_name(text: &str) -> Result<(), FilterError> {
    let mut cursor = Cursor::new(text, true, false);
    match cursor.name()? {
        Some(_) if cursor.is_at_end() => Ok(()),
        Some(_) => Err(cursor.expected(expect::END)),
        None => Err(cursor.expected(expect::ATTRIBUTE)),
    }
}
