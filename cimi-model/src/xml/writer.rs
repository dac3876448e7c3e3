//! Writes tags, attributes and text.

use std::fmt::Write as _;
use std::io::Write;

use super::JSON_NAMESPACE;
use super::chars::is_plain;
use super::pull::XML_NAMESPACE;
use crate::{Error, ErrorKind, Result};

/// How much is gathered before it goes to the sink.
const CHUNK: usize = 16 * 1024;

/// A writer of well-formed XML over a sink.
pub(crate) struct XmlWriter<'w> {
    sink: &'w mut dyn Write,
    out: String,
    pretty: bool,
    /// The start tag of the innermost element is not closed yet.
    tag_open: bool,
    /// For each open element, whether it has text, so that white space in it would say something.
    has_text: Vec<bool>,
    /// The last thing written was an end tag.
    after_end: bool,
    /// The namespaces that have prefixes on the open tag: `a0`, `a1`, …
    prefixes: Vec<String>,
}

impl<'w> XmlWriter<'w> {
    pub(crate) fn new(sink: &'w mut dyn Write, pretty: bool) -> Self {
        let out = String::with_capacity(CHUNK + CHUNK / 4);
        Self { sink, out, pretty, tag_open: false, has_text: Vec::new(), after_end: false, prefixes: Vec::new() }
    }

    /// A writer of an element that goes into another document, this many elements deep.
    pub(crate) fn inside(sink: &'w mut dyn Write, pretty: bool, depth: usize) -> Self {
        Self { has_text: vec![false; depth], ..Self::new(sink, pretty) }
    }

    pub(crate) fn declaration(&mut self) {
        self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    fn flush(&mut self) -> Result<()> {
        let outcome = self.sink.write_all(self.out.as_bytes());
        self.out.clear();
        outcome.map_err(|error| Error::new(ErrorKind::Io, "the document cannot be written").caused_by(error))
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        if self.pretty {
            self.out.push('\n');
        }
        self.finish_part()
    }

    /// Ends what is not a document by itself.
    pub(crate) fn finish_part(mut self) -> Result<()> {
        self.flush()?;
        let outcome = self.sink.flush();
        outcome.map_err(|error| Error::new(ErrorKind::Io, "the document cannot be written").caused_by(error))
    }

    fn close_tag(&mut self) {
        if self.tag_open {
            self.out.push('>');
            self.tag_open = false;
        }
    }

    fn indent(&mut self, depth: usize) {
        if self.pretty && self.has_text.last() == Some(&false) {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str("  ");
            }
        }
    }

    /// Starts an element; the namespace is declared as the default where it differs from the parent's.
    pub(crate) fn start(&mut self, name: &str, namespace: &str, parent: &str) -> Result<()> {
        self.close_tag();
        if self.out.len() >= CHUNK {
            self.flush()?;
        }
        self.indent(self.has_text.len());
        self.out.push('<');
        self.out.push_str(name);
        self.has_text.push(false);
        self.tag_open = true;
        self.after_end = false;
        self.prefixes.clear();
        if namespace != parent {
            self.raw_attribute("xmlns", namespace);
        }
        Ok(())
    }

    /// Ends the innermost element.
    #[allow(clippy::unnecessary_wraps, reason = "reads like start, which can fail")]
    pub(crate) fn end(&mut self, name: &str) -> Result<()> {
        if self.tag_open {
            self.out.push_str("/>");
            self.tag_open = false;
        } else {
            if self.after_end {
                self.indent(self.has_text.len().saturating_sub(1));
            }
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        self.has_text.pop();
        self.after_end = true;
        Ok(())
    }

    fn raw_attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(value, &mut self.out);
        self.out.push('"');
    }

    /// Writes an attribute of the element that was just started.
    pub(crate) fn attribute(&mut self, namespace: Option<&str>, name: &str, value: &str) {
        match namespace {
            None => self.raw_attribute(name, value),
            Some(XML_NAMESPACE) => self.raw_attribute(&format!("xml:{name}"), value),
            Some(namespace) => {
                let declared = self.prefixes.iter().position(|known| known == namespace);
                let number = declared.unwrap_or_else(|| {
                    let next = self.prefixes.len();
                    self.raw_attribute(&format!("xmlns:a{next}"), namespace);
                    self.prefixes.push(namespace.to_owned());
                    next
                });
                self.raw_attribute(&format!("a{number}:{name}"), value);
            }
        }
    }

    /// Writes an attribute of the namespace for what XML cannot say about JSON.
    pub(crate) fn json_attribute(&mut self, name: &str, value: &str) {
        self.attribute(Some(JSON_NAMESPACE), name, value);
    }

    /// Writes text into the innermost element.
    pub(crate) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.close_tag();
        escape_text(text, &mut self.out);
        self.mark_mixed();
        self.after_end = false;
    }

    /// Writes a number into the innermost element.
    pub(crate) fn integer(&mut self, value: i64) {
        self.close_tag();
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
        self.mark_mixed();
        self.after_end = false;
    }

    /// Whether attributes can still be written.
    pub(crate) fn is_tag_open(&self) -> bool {
        self.tag_open
    }

    /// Says that the innermost element holds text and elements: nothing may be indented in it.
    pub(crate) fn mark_mixed(&mut self) {
        if let Some(has_text) = self.has_text.last_mut() {
            *has_text = true;
        }
    }
}

fn escape_text(text: &str, out: &mut String) {
    escape_into(text, out, |b| matches!(b, b'<' | b'>' | b'&' | b'\r'));
}

fn escape_attribute(text: &str, out: &mut String) {
    escape_into(text, out, |b| matches!(b, b'<' | b'>' | b'&' | b'"' | b'\r' | b'\n' | b'\t'));
}

fn escape_into(text: &str, out: &mut String, special: impl Fn(u8) -> bool) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.bytes().position(&special) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        out.push_str(match chars.next() {
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('&') => "&amp;",
            Some('"') => "&quot;",
            Some('\r') => "&#13;",
            Some('\n') => "&#10;",
            _ => "&#9;",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pretty: bool, f: impl FnOnce(&mut XmlWriter<'_>)) -> String {
        let mut sink = Vec::new();
        let mut writer = XmlWriter::new(&mut sink, pretty);
        f(&mut writer);
        assert!(writer.finish().is_ok());
        String::from_utf8(sink).unwrap_or_default()
    }

    #[test]
    fn namespaces_and_escapes() {
        let text = written(false, |w| {
            let _ = w.start("a", "urn:a", "");
            w.attribute(Some("urn:x"), "b", "1<\"\n");
            let _ = w.start("c", "urn:c", "urn:a");
            w.text("<&>\r\n");
            let _ = w.end("c");
            let _ = w.end("a");
        });
        let expected = "<a xmlns=\"urn:a\" xmlns:a0=\"urn:x\" a0:b=\"1&lt;&quot;&#10;\">\
                        <c xmlns=\"urn:c\">&lt;&amp;&gt;&#13;\n</c></a>";
        assert_eq!(text, expected);
    }

    #[test]
    fn indentation_leaves_text_alone() {
        let text = written(true, |w| {
            let _ = w.start("a", "", "");
            let _ = w.start("b", "", "");
            w.text("x");
            let _ = w.end("b");
            let _ = w.start("c", "", "");
            let _ = w.end("c");
            let _ = w.end("a");
        });
        assert_eq!(text, "<a>\n  <b>x</b>\n  <c/>\n</a>\n");
    }
}
