//! From text to rules.

use std::str::FromStr;

use super::check::{Check, CheckError, DEEPEST, parts};
use crate::printable;

impl FromStr for Check {
    type Err = CheckError;

    /// Reads a rule: checks joined by `not`, `and` and `or`, which bind in this order, with parentheses.
    fn from_str(text: &str) -> Result<Self, CheckError> {
        if text.is_empty() {
            return Ok(Self::Always);
        }
        let mut parser = Parser { tokens: tokens(text), at: 0, end: text.len() };
        let check = parser.either(0)?;
        match parser.next() {
            None => Ok(check),
            Some((offset, _)) => Err(error(offset, "expected 'and', 'or' or the end")),
        }
    }
}

impl Check {
    /// A single check, such as `role:admin`.
    pub(super) fn single(text: &str, offset: usize) -> Result<Self, CheckError> {
        match text {
            "@" => return Ok(Self::Always),
            "!" => return Ok(Self::Never),
            _ => {}
        }
        let Some((kind, value)) = text.split_once(':') else {
            return Err(error(offset, format!("'{}' is not a check: it has no ':'", printable(text))));
        };
        if parts(value).is_none() {
            return Err(error(offset, format!("'{}' has a '%' that begins no attribute", printable(text))));
        }
        let value = value.to_owned();
        Ok(match kind {
            "rule" => Self::Rule(value),
            "role" => Self::Role(value),
            _ => Self::Match { kind: kind.to_owned(), value },
        })
    }
}

fn error(offset: usize, text: impl Into<String>) -> CheckError {
    CheckError { offset, text: text.into() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Check(&'a str),
}

/// The tokens with their places. Words are what white space parts; parentheses at either end of them stand alone.
fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let inner = word.trim_start_matches('(');
        let opened = word.len() - inner.len();
        let core = inner.trim_end_matches(')');
        found.extend((0..opened).map(|index| (at + index, Token::Open)));
        if !core.is_empty() {
            let token = match core {
                _ if core.eq_ignore_ascii_case("and") => Token::And,
                _ if core.eq_ignore_ascii_case("or") => Token::Or,
                _ if core.eq_ignore_ascii_case("not") => Token::Not,
                _ => Token::Check(core),
            };
            found.push((at + opened, token));
        }
        let closed = at + opened + core.len();
        found.extend((closed..at + word.len()).map(|place| (place, Token::Close)));
        at += piece.len();
    }
    found
}

struct Parser<'a> {
    tokens: Vec<(usize, Token<'a>)>,
    at: usize,
    end: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).map(|(_, token)| *token)
    }

    fn next(&mut self) -> Option<(usize, Token<'a>)> {
        let next = self.tokens.get(self.at).copied();
        self.at += 1;
        next
    }

    fn accept(&mut self, wanted: Token<'_>) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Recursive, as the others; the depth is looked at where it grows.
    fn either(&mut self, depth: usize) -> Result<Check, CheckError> {
        let first = self.both(depth)?;
        if self.peek() != Some(Token::Or) {
            return Ok(first);
        }
        let mut checks = vec![first];
        while self.accept(Token::Or) {
            checks.push(self.both(depth)?);
        }
        Ok(Check::Or(checks))
    }

    fn both(&mut self, depth: usize) -> Result<Check, CheckError> {
        let first = self.one(depth)?;
        if self.peek() != Some(Token::And) {
            return Ok(first);
        }
        let mut checks = vec![first];
        while self.accept(Token::And) {
            checks.push(self.one(depth)?);
        }
        Ok(Check::And(checks))
    }

    fn one(&mut self, depth: usize) -> Result<Check, CheckError> {
        let Some((offset, token)) = self.next() else { return Err(error(self.end, "expected a check")) };
        if depth > DEEPEST {
            return Err(error(offset, format!("the rule is nested deeper than {DEEPEST} levels")));
        }
        match token {
            Token::Check(text) => Check::single(text, offset),
            Token::Not => Ok(Check::Not(Box::new(self.one(depth + 1)?))),
            Token::Open => {
                let check = self.either(depth + 1)?;
                let next = self.tokens.get(self.at).map_or(self.end, |(offset, _)| *offset);
                if self.accept(Token::Close) { Ok(check) } else { Err(error(next, "expected ')'")) }
            }
            _ => Err(error(offset, "expected a check")),
        }
    }
}
