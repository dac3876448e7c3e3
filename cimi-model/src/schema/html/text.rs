//! Text of the tables as HTML: a provider's names and descriptions may hold anything.

use std::borrow::Cow;

use crate::schema::words::without_table;

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

/// A name as an identifier in the page and as the fragment of a link, the same in both: letters, digits, `-` and dots
/// stay, anything else becomes a number between underscores. The page's own identifiers begin with an underscore and no
/// number.
pub(super) fn anchor(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') {
            out.push(c);
        } else {
            out.push_str(&format!("_{:x}_", u32::from(c)));
        }
    }
    out
}

/// A description without its table: code between backticks, and the text of links, which lead to items of the crate.
pub(super) fn description(doc: &str) -> String {
    phrase(&without_table(doc))
}

fn phrase(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, mark, after)) = split_mark(rest) {
        out.push_str(&escape(before));
        rest = match (mark, after.split_once(if mark == '`' { '`' } else { ']' })) {
            ('`', Some((code, after))) => {
                out.push_str(&format!("<code>{}</code>", escape(code)));
                after
            }
            ('[', Some((text, after))) if is_link(text, after) => {
                out.push_str(&phrase(text));
                after.strip_prefix('(').and_then(|target| target.split_once(')')).map_or(after, |(_, after)| after)
            }
            _ => {
                out.push(mark);
                after
            }
        };
    }
    out.push_str(&escape(rest));
    out
}

fn split_mark(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['`', '['])?;
    let (before, rest) = text.split_at_checked(at)?;
    let mut chars = rest.chars();
    let mark = chars.next()?;
    Some((before, mark, chars.as_str()))
}

/// Whether brackets around `text` make it a link: to what follows, or to the code in them.
fn is_link(text: &str, after: &str) -> bool {
    after.starts_with('(') || (text.len() > 1 && text.starts_with('`') && text.ends_with('`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_through() {
        assert_eq!(escape("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
        assert_eq!(phrase("a `<b>` c"), "a <code>&lt;b&gt;</code> c");
        assert_eq!(phrase("a ` <b>"), "a ` &lt;b&gt;");
        assert_eq!(phrase("[`a`](b), [c](d) [e] [`f`]"), "<code>a</code>, c [e] <code>f</code>");
        assert_eq!(description(" One. | a | <b> | |---|---| | `c` | d | `Two`\n more."), "One. <code>Two</code> more.");
        assert_eq!(anchor("Machine.cpu"), "Machine.cpu");
        assert_eq!(anchor("_content"), "_5f_content");
        assert_eq!(anchor("a b\"é"), "a_20_b_22__e9_");
    }
}
