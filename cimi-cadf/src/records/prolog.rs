//! Looking at the root element of XML before it is read.

use std::io::{self, BufRead, Read};

/// More than this does not stand before a root element.
const LONGEST: usize = 1 << 16;

/// The name of the root element without its prefix, if it can be found; what has been read of the stream is in `text`.
/// Whether it is well-formed is for the reader to find out.
pub(super) fn root_name(input: &mut dyn BufRead, text: &mut Vec<u8>) -> io::Result<Option<String>> {
    let mut at = 0;
    loop {
        let room = LONGEST.saturating_sub(text.len());
        if Read::take(&mut *input, room as u64).read_until(b'>', text)? == 0 {
            return Ok(None);
        }
        let rest = text.get(at..).unwrap_or_default().trim_ascii_start();
        let end: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', name @ ..] => return Ok(local_name(name)),
            _ => return Ok(None),
        };
        if rest.ends_with(end) {
            at = text.len();
        }
    }
}

fn local_name(text: &[u8]) -> Option<String> {
    let end = text.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))?;
    let name = String::from_utf8_lossy(text.get(..end)?);
    Some(name.rsplit_once(':').map_or(&*name, |(_, local)| local).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roots() {
        for (text, expected) in [
            ("<log/>", Some("log")),
            ("<?xml version='1.0'?>\n<!-- <a> -> b --><?p x>y?> <c:log xmlns:c='x'><event/>", Some("log")),
            ("<entry\n/>", Some("entry")),
            ("<!DOCTYPE a><a/>", Some("!DOCTYPE")),
            ("<!-- <a/>", None),
            ("text", None),
            ("<", None),
            ("", None),
        ] {
            let mut read = Vec::new();
            let mut rest = text.as_bytes();
            let name = root_name(&mut rest, &mut read);
            assert_eq!(name.ok().flatten().as_deref(), expected, "{text}");
            read.extend_from_slice(rest);
            assert_eq!(read, text.as_bytes());
        }
        let endless = format!("<!--{}", ">".repeat(1 << 17));
        assert_eq!(root_name(&mut endless.as_bytes(), &mut Vec::new()).ok().flatten(), None);
    }
}
