//! Characters and names of XML 1.0.

/// The first character of `text` that XML 1.0 (production 2, `Char`) forbids.
pub(crate) fn first_illegal_char(text: &str) -> Option<char> {
    let suspicious = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0xEF;
    if !text.bytes().any(suspicious) {
        return None;
    }
    text.chars().find(|&c| !is_char(c))
}

/// Whether XML 1.0 allows this character in a document.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether the text is only white space in the sense of XML.
pub(crate) fn is_whitespace(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// The prefix, if any, and the local part.
pub(crate) fn split_qname(name: &str) -> (Option<&str>, &str) {
    match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}

/// Whether the text is a name without a colon (Namespaces in XML 1.0, production 4).
pub(crate) fn is_ncname(name: &str) -> bool {
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
