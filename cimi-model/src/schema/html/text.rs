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

/// A description: paragraphs at empty lines, tables of Markdown, code between backticks.
pub(super) fn paragraphs(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let parts = lines.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    parts.map(|text| if text.starts_with('|') { table(text) } else { format!("<p>{}</p>\n", phrase(text)) }).collect()
}

fn table(text: &str) -> String {
    let row = |line: &str, cell: &str| {
        let cells = line.trim_matches('|').split('|');
        let cells: String = cells.map(|text| format!("<{cell}>{}</{cell}>", phrase(text))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let mut lines = text.lines();
    let head = lines.next().map_or_else(String::new, |line| row(line, "th"));
    // The line below the head separates it.
    let rows: String = lines.skip(1).map(|line| row(line, "td")).collect();
    format!("<table>\n<thead>{head}</thead>\n<tbody>\n{rows}</tbody></table>\n")
}

/// A description on one line: code between backticks, and the text of links, which lead to items of the crate.
pub(super) fn phrase(doc: &str) -> String {
    let mut out = String::new();
    let mut rest = doc.trim();
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
        assert_eq!(
            paragraphs("| a | <b> |\n|---|---|\n| `c` | d |"),
            "<table>\n<thead><tr><th>a</th><th>&lt;b&gt;</th></tr>\n</thead>\n\
             <tbody>\n<tr><td><code>c</code></td><td>d</td></tr>\n</tbody></table>\n"
        );
        assert_eq!(paragraphs(" One\n line.\n\n Two.\n"), "<p>One\nline.</p>\n<p>Two.</p>\n");
        assert_eq!(anchor("Machine.cpu"), "Machine.cpu");
        assert_eq!(anchor("_content"), "_5f_content");
        assert_eq!(anchor("a b\"é"), "a_20_b_22__e9_");
    }
}
