//! Getting text out of bytes and streams.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use crate::{Error, ErrorKind, Limits, Location, Result};

/// The whole of a stream, as long as it is within the limit.
pub(crate) fn read_all(input: impl BufRead, limits: Limits) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limits.size).unwrap_or(u64::MAX).saturating_add(1);
    let outcome = input.take(most).read_to_end(&mut bytes);
    outcome.map_err(|error| Error::new(ErrorKind::Io, "the input cannot be read").caused_by(error))?;
    check_size(&bytes, limits)?;
    Ok(bytes)
}

fn check_size(bytes: &[u8], limits: Limits) -> Result<()> {
    if bytes.len() <= limits.size {
        return Ok(());
    }
    let reason = format!("the document is larger than {} bytes", limits.size);
    Err(Error::new(ErrorKind::Limit, reason).at(Location { line: 1, column: 1 }))
}

/// The text of a document in UTF-8, without its byte order mark.
pub(crate) fn text(bytes: &[u8], limits: Limits) -> Result<&str> {
    check_size(bytes, limits)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let location = Location::in_text(bytes, error.valid_up_to());
        Error::new(ErrorKind::Syntax, "the document is not UTF-8").at(location).caused_by(error)
    })
}

/// An XML document in UTF-8: as it is, or transcoded where a byte order mark says that it is UTF-16.
///
/// # Errors
/// When it is not well-formed UTF-16.
pub fn to_utf8(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    let decode: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return Ok(Cow::Borrowed(bytes)),
    };
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(decode).skip(1);
    let text: std::result::Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(Cow::Owned(relabelled(text).into_bytes())),
        _ => Err(Error::new(ErrorKind::Syntax, "the document is not UTF-16").at(Location { line: 1, column: 1 })),
    }
}

/// The text with a declaration that fits its new encoding.
fn relabelled(text: String) -> String {
    let Some((declaration, rest)) = text.split_once("?>").filter(|_| text.starts_with("<?xml")) else { return text };
    let label = declaration.to_ascii_lowercase().find("utf-16");
    match label.and_then(|at| Some((declaration.get(..at)?, declaration.get(at + "utf-16".len()..)?))) {
        Some((before, after)) => format!("{before}UTF-8{after}?>{rest}"),
        None => text,
    }
}
