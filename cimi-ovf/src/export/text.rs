//! Texts and quantities as descriptors have them.

use std::borrow::Cow;

use cimi_model::xml::chars::is_char;

use crate::model::Message;

/// The text without characters that XML does not have.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_char) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_char(c) { c } else { char::REPLACEMENT_CHARACTER }).collect())
}

pub(super) fn message(text: &str) -> Message {
    Message::from(&*clean(text))
}

/// A number of bytes in the largest usual unit that says it exactly: the quantity and the unit.
pub(super) fn bytes(bytes: i64) -> (i64, &'static str) {
    const MEBIBYTE: i64 = 1 << 20;
    if bytes % MEBIBYTE == 0 { (bytes / MEBIBYTE, "byte * 2^20") } else { (bytes, "byte") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact() {
        assert_eq!(bytes(4 << 30), (4096, "byte * 2^20"));
        assert_eq!(bytes((4 << 30) + 1), ((4 << 30) + 1, "byte"));
        assert_eq!(bytes(0), (0, "byte * 2^20"));
    }

    #[test]
    fn characters_that_xml_does_not_have_are_replaced() {
        assert_eq!(clean("a\u{1}b\u{FFFF}\tc"), "a\u{FFFD}b\u{FFFD}\tc");
    }
}
