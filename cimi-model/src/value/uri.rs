//! URIs (5.5.10).

use std::borrow::Cow;
use std::fmt;

use super::Scalar;
use crate::meta::Kind;
use crate::{Error, ErrorKind, Result};

/// A URI reference, absolute or relative to the provider's `baseURI` (DSP0263 5.5.10).
///
/// It keeps its text as received: URIs are opaque, and only those that the provider handed out are used. The empty
/// reference is a value of its own (4.2.2).
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uri(Cow<'static, str>);

impl Uri {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it begins with a scheme.
    #[must_use]
    pub fn is_absolute(&self) -> bool {
        self.0.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        })
    }

    /// The absolute URI, resolved against `base` as RFC 3986, section 5.2 says (table 3).
    ///
    /// # Errors
    /// When `base` is not absolute, or the result is not a URI.
    pub fn resolve(&self, base: &Self) -> Result<Self> {
        if self.is_absolute() {
            return Ok(self.clone());
        }
        let fail = |error: url::ParseError| {
            Error::new(ErrorKind::Value, format!("'{self}' cannot be resolved against '{base}'")).caused_by(error)
        };
        let base = url::Url::parse(&base.0).map_err(fail)?;
        Ok(String::from(base.join(&self.0).map_err(fail)?).into())
    }

    /// The name in a symbolic reference of a template (`#name`, 5.13.4).
    #[must_use]
    pub fn symbol(&self) -> Option<&str> {
        self.0.strip_prefix('#')
    }
}

impl From<&str> for Uri {
    fn from(text: &str) -> Self {
        /// What nearly every resource offers (4.2): not worth a place on the heap each.
        const USUAL: [&str; 5] = ["edit", "delete", "add", "insert", "remove"];
        let usual = if text.len() > "insert".len() { None } else { USUAL.into_iter().find(|usual| *usual == text) };
        Self(usual.map_or_else(|| Cow::Owned(text.to_owned()), Cow::Borrowed))
    }
}

impl From<String> for Uri {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Scalar for Uri {
    const KIND: Kind = Kind::Uri;
    const EXPECTED: &'static str = "a URI";

    /// Refuses what RFC 3986 excludes everywhere: white space, controls and ``<>"{}|\^` ``.
    fn parse(text: &str) -> Option<Self> {
        Self::is_conforming(text).then(|| text.into())
    }

    fn is_conforming(text: &str) -> bool {
        // Without leaving early: most URIs are short and good.
        text.bytes().fold(0, |found, byte| found | EXCLUDED.get(usize::from(byte)).unwrap_or(&0)) == 0
    }

    /// Peers hand out what they like, and want it back.
    fn recover(text: &str) -> Option<Self> {
        Some(text.trim().into())
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not zero for the bytes that stand nowhere in a URI.
#[allow(clippy::indexing_slicing, reason = "computed when compiling")]
static EXCLUDED: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        table[byte] = 1;
        byte += 1;
    }
    let others = b"\x7F<>\"{}|\\^`";
    let mut index = 0;
    while index < others.len() {
        table[others[index] as usize] = 1;
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_follows_table_3() {
        for (base, relative, absolute) in [
            ("http://example.com/", "p1/file", "http://example.com/p1/file"),
            ("http://example.com/c1/", "p1/file", "http://example.com/c1/p1/file"),
            ("http://example.com/c1/c2/", "p1/file", "http://example.com/c1/c2/p1/file"),
            ("http://example.com/c1/", "", "http://example.com/c1/"),
            ("http://example.com/", "urn:uuid:1", "urn:uuid:1"),
        ] {
            let resolved = Uri::from(relative).resolve(&base.into());
            assert_eq!(resolved.map(|uri| uri.to_string()).ok().as_deref(), Some(absolute));
        }
        assert!(Uri::from("a").resolve(&"b".into()).is_err());
    }

    #[test]
    fn strict_form() {
        assert!(<Uri as Scalar>::parse("http://x/a?b=c#d").is_some());
        for byte in (0..0x80_u8).map(char::from) {
            let excluded = byte <= ' ' || "\x7F<>\"{}|\\^`".contains(byte);
            assert_eq!(<Uri as Scalar>::parse(&format!("a{byte}b")).is_none(), excluded, "{byte:?}");
        }
        assert!(<Uri as Scalar>::parse("é").is_some());
        assert_eq!(Uri::recover(" a ").map(|uri| uri.to_string()).as_deref(), Some("a"));
    }
}
