//! From bytes to text and back.

use std::borrow::Cow;

use cimi_model::{Error, ErrorKind, Location, Result, printable};
use quick_xml::events::attributes::Attributes;

/// How the characters of a document are bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8WithMark,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
}

impl Encoding {
    /// The text as bytes, the byte order mark included.
    pub(crate) fn encode(self, text: String) -> Vec<u8> {
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| {
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
        };
        match self {
            Self::Utf8 => text.into_bytes(),
            Self::Utf8WithMark => [MARK, text.as_bytes()].concat(),
            Self::Utf16Le => utf_16(u16::to_le_bytes),
            Self::Utf16Be => utf_16(u16::to_be_bytes),
        }
    }
}

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a document, without its byte order mark. UTF-16 needs one.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding)> {
    let (encoding, decode): (Encoding, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, u16::from_le_bytes),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, u16::from_be_bytes),
        _ => return decode_utf_8(bytes),
    };
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(decode).skip(1);
    match char::decode_utf16(units).collect::<std::result::Result<String, _>>() {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok((Cow::Owned(text), encoding)),
        _ => Err(Error::new(ErrorKind::Syntax, "the document is not UTF-16").at(Location { line: 1, column: 1 })),
    }
}

fn decode_utf_8(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding)> {
    let (bytes, encoding) = match bytes.strip_prefix(MARK) {
        Some(bytes) => (bytes, Encoding::Utf8WithMark),
        None => (bytes, Encoding::Utf8),
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let location = Location::in_text(bytes, error.valid_up_to());
        Error::new(ErrorKind::Syntax, "the document is not UTF-8").at(location).caused_by(error)
    })?;
    Ok((Cow::Borrowed(text), encoding))
}

/// What is wrong with an XML declaration.
#[derive(Debug, PartialEq)]
pub(super) enum Label {
    /// Nothing.
    Fits,
    /// It names another encoding, but the text can only be what it was read as.
    Lies(String),
    /// It is not one, or names an encoding that is not read.
    Bad(String),
}

/// Checks the content of an XML declaration (`xml version="1.0" …`) of a text in this encoding.
pub(super) fn label(declaration: &str, encoding: Encoding, text: &str) -> Label {
    let bad = || Label::Bad("the XML declaration is not well-formed".to_owned());
    let mut rest = ["version", "encoding", "standalone"].iter();
    let mut named = None;
    let mut after = None;
    // The name of the declaration takes three bytes.
    for (count, attribute) in Attributes::new(declaration, 3).enumerate() {
        let Ok(attribute) = attribute else { return bad() };
        let (key, value) = (attribute.key.0, attribute.value.as_ref());
        let allowed = match key {
            "version" => matches!(value, "1.0" | "1.1"),
            "standalone" => matches!(value, "yes" | "no"),
            _ => true,
        };
        let place = key.as_ptr().addr();
        let touching = after.replace(value.as_ptr().addr() + value.len() + 1) == Some(place);
        if !allowed || touching || (count == 0) != (key == "version") || !rest.any(|name| *name == key) {
            return Label::Bad(format!("'{}' in the XML declaration", printable(key)));
        }
        if key == "encoding" {
            named = Some(value.to_ascii_lowercase());
        }
    }
    if after.is_none() {
        return bad();
    }
    let Some(named) = named else { return Label::Fits };
    let says = || format!("the XML declaration says '{}'", printable(&named));
    let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    match named.as_str() {
        "utf-8" | "utf8" if !wide => Label::Fits,
        "utf-16" | "utf-16le" | "utf-16be" if wide => Label::Fits,
        "us-ascii" | "ascii" | "iso-8859-1" | "iso-8859-15" | "windows-1252" if !wide && text.is_ascii() => Label::Fits,
        "utf-8" | "utf8" => Label::Lies(format!("{}, and the text is UTF-16", says())),
        "utf-16" | "utf-16le" | "utf-16be" | "us-ascii" | "ascii" | "iso-8859-1" | "iso-8859-15" | "windows-1252" => {
            Label::Lies(format!("{}, and the text is {}", says(), if wide { "UTF-16" } else { "UTF-8" }))
        }
        _ => Label::Bad(format!("only UTF-8 and UTF-16 are read, and {}", says())),
    }
}
