//! Characters and references: what a piece of source says, and how a value is written.

use std::borrow::Cow;

use cimi_model::xml::chars::{first_illegal_char, is_verbatim};
use cimi_model::{Error, ErrorKind, Result};
use memchr::{memchr, memchr2};
use quick_xml::XmlVersion;
use quick_xml::escape::unescape;
use quick_xml::events::attributes::Attribute as RawAttribute;
use quick_xml::name::QName;

use super::scan::end_after;

/// The text of a piece of content without child elements: references resolved, line ends normalized, `CDATA`
/// unwrapped, comments and processing instructions left out.
pub(super) fn decode_content(raw: &str) -> Cow<'_, str> {
    if is_verbatim(raw) {
        return Cow::Borrowed(raw);
    }
    if memchr2(b'<', b'\r', raw.as_bytes()).is_none() {
        return unescape(raw).unwrap_or(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(open) = memchr(b'<', rest.as_bytes()) {
        let (text, markup) = rest.split_at_checked(open).unwrap_or((rest, ""));
        push_text(&mut out, text);
        rest = match markup.strip_prefix("<![CDATA[") {
            Some(data) => {
                let end = end_after(data, "]]>").unwrap_or(data.len());
                let (data, after) = data.split_at_checked(end).unwrap_or((data, ""));
                out.push_str(&normalize_line_ends(data.strip_suffix("]]>").unwrap_or(data)));
                after
            }
            None if markup.starts_with("<!--") => markup.split_once("-->").map_or("", |(_, after)| after),
            None => markup.split_once("?>").map_or("", |(_, after)| after),
        };
    }
    push_text(&mut out, rest);
    Cow::Owned(out)
}

fn push_text(out: &mut String, text: &str) {
    let text = normalize_line_ends(text);
    // The references were checked when the document was read.
    match unescape(&text) {
        Ok(text) => out.push_str(&text),
        Err(_) => out.push_str(&text),
    }
}

fn normalize_line_ends(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'\r', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(text.get(..first).unwrap_or_default());
    for part in text.get(first + 1..).unwrap_or_default().split('\r') {
        out.push('\n');
        out.push_str(part.strip_prefix('\n').unwrap_or(part));
    }
    Cow::Owned(out)
}

/// The value of an attribute: references resolved and white space normalized; `None` if that is not possible.
pub(super) fn decode_value(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.bytes().any(|b| b == b'&' || b < 0x20) {
        return Some(Cow::Borrowed(raw));
    }
    let attribute = RawAttribute { key: QName("a"), value: Cow::Borrowed(raw) };
    attribute.normalized_value(XmlVersion::Implicit1_0).ok()
}

/// Writes a text between tags.
pub(super) fn push_content(out: &mut String, text: &str) -> Result<()> {
    check(text)?;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    Ok(())
}

/// Writes the value of an attribute, for between quotes of this kind. White space other than blanks would not survive
/// as it is.
pub(super) fn push_value(out: &mut String, text: &str, quote: char) -> Result<()> {
    check(text)?;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote == '"' => out.push_str("&quot;"),
            '\'' if quote == '\'' => out.push_str("&apos;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    Ok(())
}

fn check(text: &str) -> Result<()> {
    match first_illegal_char(text) {
        None => Ok(()),
        Some(c) => {
            let reason = format!("the character U+{:04X} cannot be written in XML", u32::from(c));
            Err(Error::new(ErrorKind::Write, reason))
        }
    }
}
