//! Where the parts of a document begin and end.
//!
//! quick-xml checks the bytes of each part for UTF-8 once more, which takes as long as all else together: descriptors
//! are mostly text, in many languages. So the parts are found here, and their contents are left to quick-xml.

use std::ops::Range;

use cimi_model::{Error, ErrorKind, Result, printable};
use memchr::{memchr, memmem};

/// A part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `<name …>`
    Start,
    /// `<name …/>`
    Empty,
    /// `</name>`
    End,
    /// What is between tags, with references.
    Text,
    /// `<![CDATA[…]]>`
    Data,
    /// `<!--…-->`
    Comment,
    /// `<?…?>`
    Instruction,
}

/// An attribute of a start tag.
#[derive(Debug)]
pub(super) struct RawAttribute {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

pub(super) fn syntax(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Syntax, reason)
}

/// The part of the text that begins at `at`, and where it ends; `None` at the end of the text.
pub(super) fn part(text: &str, at: usize) -> Result<Option<(Part, usize)>> {
    let rest = text.get(at..).unwrap_or_default();
    let found = match rest.as_bytes() {
        [] => return Ok(None),
        [b'<', b'?', ..] => (Part::Instruction, end_of(rest, "?>", "a processing instruction")?),
        [b'<', b'!', b'-', b'-', after @ ..] => (Part::Comment, comment_end(after)? + 4),
        [b'<', b'!', ..] if rest.starts_with("<![CDATA[") => (Part::Data, end_of(rest, "]]>", "a CDATA section")?),
        [b'<', b'!', ..] if rest.starts_with("<!DOCTYPE") => return Err(syntax("a DOCTYPE is not accepted")),
        [b'<', b'!', ..] => return Err(syntax("'<!' begins neither a comment nor a CDATA section")),
        [b'<', b'/', ..] => (Part::End, end_of(rest, ">", "an end tag")?),
        [b'<', ..] => {
            let end = tag_end(rest.as_bytes())?;
            let empty = rest.get(..end).is_some_and(|tag| tag.ends_with("/>"));
            (if empty { Part::Empty } else { Part::Start }, end)
        }
        _ => (Part::Text, memchr(b'<', rest.as_bytes()).unwrap_or(rest.len())),
    };
    Ok(Some((found.0, at + found.1)))
}

/// Where a part ends that ends with this mark.
fn end_of(rest: &str, mark: &str, what: &str) -> Result<usize> {
    end_after(rest, mark).ok_or_else(|| syntax(format!("{what} does not end")))
}

/// Where the first occurrence of this mark ends.
pub(super) fn end_after(text: &str, mark: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), mark.as_bytes()).map(|at| at + mark.len())
}

/// Where a comment ends, of which this is what follows `<!--`.
fn comment_end(after: &[u8]) -> Result<usize> {
    let dashes = memmem::find(after, b"--");
    match dashes.and_then(|at| Some((at, after.get(at + 2)?))) {
        Some((at, b'>')) => Ok(at + 3),
        Some(_) => Err(syntax("'--' in a comment")),
        None => Err(syntax("a comment does not end")),
    }
}

/// Where a start tag ends; `>` in the value of an attribute does not count.
fn tag_end(tag: &[u8]) -> Result<usize> {
    let mut quote = None;
    for (at, b) in tag.iter().enumerate().skip(1) {
        match (quote, b) {
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'>') => return Ok(at + 1),
            (None, b'<') => return Err(syntax("'<' in a tag")),
            (Some(open), b) if open == b => quote = None,
            _ => {}
        }
    }
    Err(syntax(if quote.is_some() { "a quoted value does not end" } else { "a tag does not end" }))
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// Where the name of a tag ends that begins at `at`.
pub(super) fn name_end(text: &str, at: usize) -> usize {
    let name = text.as_bytes().get(at..).unwrap_or_default();
    at + name.iter().take_while(|b| !is_space(**b) && !matches!(b, b'/' | b'>' | b'=')).count()
}

/// Where white space ends that may begin at `at`.
fn space_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| is_space(**b)).count()
}

/// The attribute after `at` in a start tag, of which the mark at its end begins at `end`; `None` if there is none.
pub(super) fn attribute(text: &str, at: usize, end: usize) -> Result<Option<RawAttribute>> {
    let name = space_end(text, at);
    if name >= end {
        return Ok(None);
    }
    if name == at {
        return Err(syntax("no white space between attributes"));
    }
    let name = name..name_end(text, name).min(end);
    let bytes = text.as_bytes();
    let equals = space_end(text, name.end);
    let shown = || printable(text.get(name.clone()).unwrap_or_default());
    if equals >= end || bytes.get(equals) != Some(&b'=') {
        return Err(syntax(format!("the attribute '{}' has no value", shown())));
    }
    let open = space_end(text, equals + 1);
    let quote = bytes.get(open).copied().filter(|b| open < end && matches!(b, b'"' | b'\''));
    let quote = quote.ok_or_else(|| syntax(format!("the value of the attribute '{}' has no quotes", shown())))?;
    let value = bytes.get(open + 1..end).unwrap_or_default();
    match value.iter().position(|b| *b == quote) {
        Some(len) => Ok(Some(RawAttribute { name, value: open + 1..open + 1 + len })),
        None => Err(syntax(format!("the value of the attribute '{}' does not end", shown()))),
    }
}
