//! Text of the tables as HTML: a provider's names and descriptions may hold anything.

use std::borrow::Cow;

/// A text with what HTML would take for its own replaced, for content and for attributes in double quotes.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A name as an identifier in the page and as the fragment of a link, the same in both: letters, digits, `-`, `_` and
/// dots stay, anything else becomes a number between underscores.
pub(super) fn anchor(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
            out.push(c);
        } else {
            out.push_str(&format!("_{:x}_", u32::from(c)));
        }
    }
    out
}

/// A description: paragraphs at empty lines, code between backticks.
pub(super) fn paragraphs(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let paragraphs = lines.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs.map(|text| format!("<p>{}</p>\n", phrase(text.trim()))).collect()
}

/// A description on one line.
pub(super) fn phrase(doc: &str) -> String {
    let mut out = String::new();
    let mut parts = doc.trim().split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        match code {
            // A backtick without a partner is a backtick.
            true if parts.peek().is_none() => out.push_str(&format!("`{}", escape(part))),
            true => out.push_str(&format!("<code>{}</code>", escape(part))),
            false => out.push_str(&escape(part)),
        }
        code = !code;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_through() {
        assert_eq!(escape("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
        assert_eq!(phrase("a `<b>` c"), "a <code>&lt;b&gt;</code> c");
        assert_eq!(phrase("a ` <b>"), "a ` &lt;b&gt;");
        assert_eq!(paragraphs(" One\n line.\n\n Two.\n"), "<p>One\nline.</p>\n<p>Two.</p>\n");
        assert_eq!(anchor("Machine.cpu"), "Machine.cpu");
        assert_eq!(anchor("a b\"é"), "a_20_b_22__e9_");
    }
}
