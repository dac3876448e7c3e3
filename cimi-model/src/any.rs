//! Values of attributes that no table describes.

use std::fmt;

use crate::meta::Kind;
use crate::object::Object;
use crate::reflect::{Shape, Single, Slot, View};

/// A value of any type (5.5.13), in the shape of JSON.
///
/// Extensions and attributes of kind `any` are held in this form whatever format they came in. XML content that
/// JSON has no word for has these members, in both formats:
///
/// | member | XML |
/// |---|---|
/// | `"href"` with a string | the attribute `href` (5.5.6) |
/// | `"@name"` | another attribute; `"@{namespace}name"` if it has a prefix |
/// | `"#text"` | the text of an element that also has attributes |
/// | `"#content"` | text and elements that alternate, an array of strings and objects with one member |
/// | `"{namespace}name"` | a child element in another namespace than its parent |
/// | an array of two and more | child elements of one name |
///
/// Numbers keep their source text, objects the order of their members. Equality ignores that order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "JSON has no other values")]
pub enum Any {
    /// `null`: for an attribute, that it is erased (4.2.1.1).
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Object),
}

impl Any {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The member of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(key),
            _ => None,
        }
    }
}

impl Shape for Any {
    const KIND: Kind = Kind::Any;
}

impl Single for Any {
    fn view(&self) -> View<'_> {
        View::Any(self)
    }
    fn slot(option: &mut Option<Self>) -> Slot<'_> {
        Slot::Any(option)
    }
}

impl From<&str> for Any {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Any {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Any {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Any {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Vec<Self>> for Any {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(items)
    }
}

impl<K: Into<String>, V: Into<Self>> FromIterator<(K, V)> for Any {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        Self::Object(members.into_iter().collect())
    }
}

/// A number with the text it was written in: `1.50` stays `1.50`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// A number from its JSON text, for example `-1.5e3`; `None` if it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_number(text.as_bytes()).then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value as an integer, if it is one in 64 bits and written as one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The grammar of RFC 8259, section 6.
pub(crate) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &mut &[u8]| {
        let n = text.iter().take_while(|b| b.is_ascii_digit()).count();
        *text = text.get(n..).unwrap_or_default();
        n
    };
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let zero = rest.starts_with(b"0");
    match digits(&mut rest) {
        0 => return false,
        1 => {}
        _ if zero => return false,
        _ => {}
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        rest = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for good in ["0", "-0", "10", "1.50", "1e400", "-1.5E+3", "99999999999999999999"] {
            assert_eq!(Number::parse(good).map(|n| n.as_str().to_owned()).as_deref(), Some(good));
        }
        for bad in ["", "-", "01", "+1", "1.", ".5", "1e", "1 ", "NaN", "0x10", "1e+"] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }
}
