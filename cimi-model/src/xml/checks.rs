//! What quick-xml leaves to its users to check.

use quick_xml::events::BytesDecl;
use quick_xml::events::attributes::{AttrError, Attributes};

use super::chars::{ends_cdata, first_illegal_char, is_ncname, is_suspicious_text, is_suspicious_value, split_qname};
use super::pull::{XML_NAMESPACE, XMLNS_NAMESPACE, XmlReader};
use crate::error::printable;
use crate::{Error, ErrorKind, Result};

impl XmlReader<'_> {
    pub(super) fn attribute_error(&self, error: &AttrError) -> Error {
        match error {
            AttrError::Duplicated(..) => self.error(ErrorKind::Duplicate, "an attribute occurs twice"),
            AttrError::ExpectedEq(_) => self.syntax("an attribute without '='"),
            AttrError::ExpectedValue(_) | AttrError::UnquotedValue(_) => {
                self.syntax("an attribute without a quoted value")
            }
            AttrError::ExpectedQuote(..) => self.syntax("an attribute without a closing quote"),
        }
    }

    /// What Namespaces in XML 1.0, section 3 demands of a declaration.
    pub(super) fn check_declaration(&self, prefix: &str, namespace: &str) -> Result<()> {
        let reserved = namespace == XMLNS_NAMESPACE || (namespace == XML_NAMESPACE && prefix != "xml");
        if reserved || prefix == "xmlns" || (prefix == "xml" && namespace != XML_NAMESPACE) {
            return Err(self.syntax("a reserved prefix or namespace is declared"));
        }
        if namespace.is_empty() && !prefix.is_empty() {
            return Err(self.syntax(format!("the prefix '{}' is declared without a namespace", printable(prefix))));
        }
        Ok(())
    }

    pub(super) fn check_name(&self, name: &str) -> Result<()> {
        if name.len() > self.limits.name {
            return Err(self.error(ErrorKind::Limit, format!("a name longer than {} bytes", self.limits.name)));
        }
        let (prefix, local) = split_qname(name);
        if is_ncname(local) && prefix.is_none_or(is_ncname) {
            Ok(())
        } else {
            Err(self.syntax(format!("'{}' is not a legal name", printable(name))))
        }
    }

    pub(super) fn check_legal(&self, text: &str) -> Result<()> {
        match first_illegal_char(text) {
            Some(c) => Err(self.syntax(format!("the character U+{:04X} is not allowed in XML", u32::from(c)))),
            None => Ok(()),
        }
    }

    /// Checks characters as they stand in the document, references not resolved.
    pub(super) fn check_chars(&self, text: &str) -> Result<()> {
        self.check_legal(text)?;
        if self.ascii_only && !text.is_ascii() {
            return Err(self.syntax("only UTF-8 is read, and the declaration names another encoding"));
        }
        Ok(())
    }

    pub(super) fn check_value(&self, name: &str, value: &str) -> Result<()> {
        if !self.ascii_only && !is_suspicious_value(value) {
            return Ok(());
        }
        self.check_chars(value)?;
        if value.contains('<') {
            return Err(self.syntax(format!("'<' in the value of attribute '{}'", printable(name))));
        }
        Ok(())
    }

    pub(super) fn check_text(&self, text: &str) -> Result<()> {
        if !self.ascii_only && !is_suspicious_text(text) {
            return Ok(());
        }
        self.check_chars(text)?;
        if ends_cdata(text) {
            return Err(self.syntax("']]>' in text"));
        }
        Ok(())
    }

    pub(super) fn declaration(&mut self, decl: &BytesDecl<'_>, at_start: bool) -> Result<()> {
        if !at_start {
            return Err(self.syntax("the XML declaration is not at the start of the document"));
        }
        let raw: &str = decl;
        let mut rest = ["version", "encoding", "standalone"].iter();
        let mut encoding = None;
        // The name of the declaration takes three bytes.
        for (count, attribute) in Attributes::new(raw, 3).enumerate() {
            let attribute = attribute.map_err(|error| self.attribute_error(&error))?;
            let value = attribute.value.as_ref();
            let known = rest.any(|name| *name == attribute.key.0)
                && match attribute.key.0 {
                    "version" => matches!(value, "1.0" | "1.1"),
                    "standalone" => matches!(value, "yes" | "no"),
                    _ => true,
                };
            if !known || (count == 0 && attribute.key.0 != "version") {
                return Err(self.syntax(format!("'{}' in the XML declaration", printable(attribute.key.0))));
            }
            if attribute.key.0 == "encoding" {
                encoding = Some(value.to_owned());
            }
        }
        if !raw.contains("version") || touching(raw) {
            return Err(self.syntax("the XML declaration is not well-formed"));
        }
        let Some(encoding) = encoding else { return Ok(()) };
        match encoding.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => {}
            "us-ascii" | "ascii" | "iso-8859-1" | "iso-8859-15" | "windows-1252" => self.ascii_only = true,
            _ => {
                let reason = format!("only UTF-8 is read, and the declaration says '{}'", printable(&encoding));
                return Err(self.syntax(reason));
            }
        }
        Ok(())
    }
}

/// Whether an attribute follows the value of another without white space.
pub(super) fn touching(attributes: &str) -> bool {
    let mut rest = attributes.as_bytes();
    while let Some(open) = rest.iter().position(|&b| b == b'"' || b == b'\'') {
        let quote = rest.get(open).copied().unwrap_or(b'"');
        let value = rest.get(open + 1..).unwrap_or_default();
        let Some(close) = value.iter().position(|&b| b == quote) else { return false };
        rest = value.get(close + 1..).unwrap_or_default();
        if rest.first().is_some_and(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'?')) {
            return true;
        }
    }
    false
}
