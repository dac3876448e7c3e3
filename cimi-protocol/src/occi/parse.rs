//! The grammar of header fields and lines.
//!
//! Values are read in double quotes, in single ones, and without any, for the document has all three.

use super::rendering::{AttributeValue, Category, Class, Link, Rendering};
use crate::{Error, ErrorKind};

/// A field of OCCI.
#[derive(Clone, Copy)]
pub(super) enum Field {
    Category,
    Attribute,
    Link,
    Location,
}

/// The field of a name.
pub(super) fn field(name: &str) -> Option<Field> {
    let known = [
        ("Category", Field::Category),
        ("X-OCCI-Attribute", Field::Attribute),
        ("Link", Field::Link),
        ("X-OCCI-Location", Field::Location),
    ];
    known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
}

/// What is wrong, and at which byte of the value.
pub(super) struct Failure {
    at: usize,
    text: String,
}

impl Failure {
    pub(super) fn new(at: usize, text: impl Into<String>) -> Self {
        Self { at, text: text.into() }
    }

    pub(super) fn in_field(self, field: &str) -> Error {
        Error::new(ErrorKind::Header, format!("{field}, at {}: {}", self.at + 1, self.text))
    }
}

type Read<T> = Result<T, Failure>;

/// Adds what a value says.
pub(super) fn read(field: Field, value: &str, rendering: &mut Rendering) -> Read<()> {
    let mut reader = Reader { text: value, at: 0 };
    loop {
        reader.space();
        if reader.rest().is_empty() {
            return Ok(());
        }
        match field {
            Field::Category => rendering.categories.push(reader.category()?),
            Field::Attribute => rendering.attributes.push(reader.attribute()?),
            Field::Link => rendering.links.push(reader.link()?),
            Field::Location => rendering.locations.push(reader.until(|c| c == ',').trim_end().to_owned()),
        }
        reader.space();
        if !reader.eat(',') && !reader.rest().is_empty() {
            return Err(reader.failure("expected ',' or the end"));
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn failure(&self, text: &str) -> Failure {
        Failure::new(self.at, text)
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let is_next = self.rest().starts_with(wanted);
        if is_next {
            self.at += wanted.len_utf8();
        }
        is_next
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(end).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    /// A name or term.
    fn name(&mut self) -> Read<&'a str> {
        self.space();
        let before = self.at;
        let name = self.until(|c| c.is_whitespace() || "=;,\"'<>".contains(c));
        self.space();
        if name.is_empty() { Err(Failure::new(before, "expected a name")) } else { Ok(name) }
    }

    /// A value, and whether it was in quotes.
    fn value(&mut self) -> Read<(String, bool)> {
        self.space();
        let before = self.at;
        if self.eat('\'') {
            let text = self.until(|c| c == '\'').to_owned();
            return if self.eat('\'') { Ok((text, true)) } else { Err(Failure::new(before, "the quote has no end")) };
        }
        if !self.eat('"') {
            let text = self.until(|c| c == ';' || c == ',').trim_end().to_owned();
            return if text.is_empty() { Err(Failure::new(before, "expected a value")) } else { Ok((text, false)) };
        }
        let mut text = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((index, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += index + 1;
                    return Ok((text, true));
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                c => text.push(c),
            }
        }
        Err(Failure::new(before, "the quote has no end"))
    }

    /// `; name = value`, if there is one more.
    fn parameter(&mut self) -> Read<Option<(&'a str, String, bool)>> {
        self.space();
        if !self.eat(';') {
            return Ok(None);
        }
        self.space();
        // Some end the list with one too many.
        if self.rest().is_empty() || self.rest().starts_with(',') {
            return Ok(None);
        }
        let name = self.name()?;
        if !self.eat('=') {
            return Err(self.failure("expected '='"));
        }
        let (value, is_quoted) = self.value()?;
        Ok(Some((name, value, is_quoted)))
    }

    fn category(&mut self) -> Read<Category> {
        let before = self.at;
        let mut category = Category { term: self.name()?.to_owned(), ..Category::default() };
        while let Some((name, value, _)) = self.parameter()? {
            let words = || value.split_whitespace().map(str::to_owned).collect();
            match name.to_ascii_lowercase().as_str() {
                "scheme" => category.scheme = value,
                "class" => category.class = Some(Class::from(value.as_str())),
                "title" => category.title = Some(value),
                "rel" => category.rel = Some(value),
                "location" => category.location = Some(value),
                "attributes" => category.attributes = words(),
                "actions" => category.actions = words(),
                _ => category.others.push((name.to_owned(), value)),
            }
        }
        if category.scheme.is_empty() {
            return Err(Failure::new(before, "a category has a scheme"));
        }
        Ok(category)
    }

    fn attribute(&mut self) -> Read<(String, AttributeValue)> {
        let name = self.name()?.to_owned();
        if !self.eat('=') {
            return Err(self.failure("expected '='"));
        }
        let (value, is_quoted) = self.value()?;
        Ok((name, typed(value, is_quoted)))
    }

    fn link(&mut self) -> Read<Link> {
        if !self.eat('<') {
            return Err(self.failure("expected '<'"));
        }
        let mut link = Link { target: self.until(|c| c == '>').to_owned(), ..Link::default() };
        if !self.eat('>') {
            return Err(self.failure("expected '>'"));
        }
        while let Some((name, value, is_quoted)) = self.parameter()? {
            match name {
                "rel" => link.rel = value,
                "self" => link.own = Some(value),
                "category" => link.category = Some(value),
                _ => link.attributes.push((name.to_owned(), typed(value, is_quoted))),
            }
        }
        Ok(link)
    }
}

/// A value by its form.
fn typed(value: String, is_quoted: bool) -> AttributeValue {
    if is_quoted { AttributeValue::Text(value) } else { AttributeValue::of(value) }
}

/// Whether a text is a number of the grammar.
pub(super) fn is_number(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    starts && plain && text.parse::<f64>().is_ok_and(f64::is_finite)
}
