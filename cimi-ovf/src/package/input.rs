//! Reading from inputs that may be short, too long, or something else.

use std::io::{self, Read};

use cimi_model::{Error, ErrorKind, Result};

use super::finding::{from_io, refused};

/// Reads until the buffer is full or the input ends.
pub(crate) fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Reads what is small enough to be held.
pub(crate) fn read_whole(name: &str, content: &mut dyn Read, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    content.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| from_io(name, error))?;
    if bytes.len() > limit {
        return Err(refused(ErrorKind::Limit, name, format!("the file is larger than {limit} bytes")));
    }
    Ok(bytes)
}

pub(crate) fn not_an_archive(start: &[u8]) -> Error {
    let reason = other_format(start).unwrap_or("the input is too short for a tar archive");
    refused(ErrorKind::Syntax, "", reason)
}

/// What is taken for an OVA by mistake.
pub(crate) fn other_format(start: &[u8]) -> Option<&'static str> {
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    match start {
        [b'P', b'K', 3 | 5, ..] => Some("the input is a ZIP archive, not a tar archive"),
        [b'B', b'Z', b'h', ..] => Some("the input is compressed with bzip2; only gzip is read"),
        [0xFD, b'7', b'z', b'X', b'Z', ..] => Some("the input is compressed with xz; only gzip is read"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("the input is compressed with zstd; only gzip is read"),
        _ if text.starts_with(b"<?xml") || text.starts_with(b"<Envelope") || text.starts_with(b"<ovf:Envelope") => {
            Some("the input is an XML document, not a tar archive; is it the descriptor?")
        }
        _ => None,
    }
}
