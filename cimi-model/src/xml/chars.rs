//! Characters and names of XML 1.0.
#![allow(clippy::needless_bitwise_bool, reason = "a branch would prevent vector instructions")]

use crate::bytes::any_byte;

/// Whether text between tags needs a closer look: it may hold forbidden characters or `]]>`.
#[must_use]
pub fn is_suspicious_text(text: &str) -> bool {
    any_byte(text, |b| is_suspicious(b) | (b == b'>'))
}

/// Whether the value of an attribute needs a closer look: it may hold forbidden characters or `<`.
#[must_use]
pub fn is_suspicious_value(text: &str) -> bool {
    any_byte(text, |b| is_suspicious(b) | (b == b'<'))
}

/// Whether this byte may belong to a forbidden character: U+FFFE and U+FFFF begin with 0xEF.
const fn is_suspicious(b: u8) -> bool {
    ((b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r')) | (b == 0xEF)
}

/// The first character of `text` that XML 1.0 (production 2, `Char`) forbids.
#[must_use]
pub fn first_illegal_char(text: &str) -> Option<char> {
    let control = |b: u8| (b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r');
    let is_bad = any_byte(text, control) || (any_byte(text, |b| b == 0xEF) && has_noncharacter(text.as_bytes()));
    if is_bad { text.chars().find(|&c| !is_char(c)) } else { None }
}

/// Whether U+FFFE or U+FFFF is there. Many scripts have other characters that begin with 0xEF.
fn has_noncharacter(text: &[u8]) -> bool {
    const BLOCK: usize = 32;
    let bad = |at: usize| matches!(text.get(at..at + 3), Some([0xEF, 0xBF, 0xBE | 0xBF]));
    let blocks = text.chunks(BLOCK).zip((0..).step_by(BLOCK));
    let mut suspicious = blocks.filter(|(block, _)| block.iter().fold(false, |found, &b| found | (b == 0xEF)));
    suspicious.any(|(block, start)| (start..start + block.len()).any(bad))
}

/// Whether text between tags has `]]>` in it, which XML forbids.
#[must_use]
pub fn ends_cdata(text: &str) -> bool {
    text.match_indices('>').any(|(at, _)| text.get(..at).is_some_and(|before| before.ends_with("]]")))
}

/// Whether text between tags, or the value of an attribute, says what it is: it has neither references nor markup, and
/// no line ends that are read as others.
#[must_use]
pub fn is_verbatim(text: &str) -> bool {
    !any_byte(text, |b| (b == b'&') | (b == b'<') | (b == b'\r'))
}

/// Whether a text can stand in XML as it is, as text or in an attribute.
pub(crate) fn is_plain(text: &str) -> bool {
    let special = |b: u8| (b < 0x20) | (b == b'<') | (b == b'>') | (b == b'&') | (b == b'"') | (b == 0xEF);
    !any_byte(text, special)
}

/// Whether XML 1.0 allows this character in a document.
#[must_use]
pub fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether the text is only white space in the sense of XML.
#[must_use]
pub fn is_whitespace(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// The prefix, if any, and the local part.
#[must_use]
pub fn split_qname(name: &str) -> (Option<&str>, &str) {
    // Names are short: a search for characters would cost more than it saves.
    let colon = name.bytes().position(|b| b == b':');
    match colon.and_then(|at| Some((name.get(..at)?, name.get(at + 1..)?))) {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}

/// Whether the text is a name without a colon (Namespaces in XML 1.0, production 4).
#[must_use]
pub fn is_ncname(name: &str) -> bool {
    let mut bytes = name.bytes();
    let Some(first) = bytes.next() else { return false };
    if first.is_ascii_alphabetic() || first == b'_' {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if bytes.all(plain) {
            return true;
        }
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "_a", "machineTemplate", "a-b.c1", "é", "名前"] {
            assert!(is_ncname(good), "{good}");
        }
        for bad in ["", "1a", "-a", "a:b", "a b", "0mlns", "a\u{0}", "a×", "×"] {
            assert!(!is_ncname(bad), "{bad}");
        }
    }

    #[test]
    fn characters() {
        assert_eq!(first_illegal_char("plain \t\r\n ü \u{FEFF} 😀"), None);
        assert_eq!(first_illegal_char("a\u{1}b"), Some('\u{1}'));
        assert_eq!(first_illegal_char("a\u{FFFE}b"), Some('\u{FFFE}'));
        assert_eq!(first_illegal_char("a\u{FFFD}b"), None);
    }
}
