//! What a message of OCCI says.

use std::fmt;

use http::HeaderMap;

use super::{parse, print};
use crate::Result;

/// What a category is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// The type of a resource.
    #[default]
    Kind,
    /// What is added to a resource.
    Mixin,
    /// What can be done with a resource.
    Action,
    /// Something else.
    Other(String),
}

impl Class {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Kind => "kind",
            Self::Mixin => "mixin",
            Self::Action => "action",
            Self::Other(other) => other,
        }
    }
}

impl From<&str> for Class {
    fn from(text: &str) -> Self {
        match text {
            "kind" => Self::Kind,
            "mixin" => Self::Mixin,
            "action" => Self::Action,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A category: a kind, mixin or action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a plain structure")]
pub struct Category {
    /// Its name within the scheme.
    pub term: String,
    /// The scheme, which ends with `#`.
    pub scheme: String,
    /// What it is for, if the message says so.
    pub class: Option<Class>,
    /// What to call it.
    pub title: Option<String>,
    /// The category that it is a kind of.
    pub rel: Option<String>,
    /// Where its resources are.
    pub location: Option<String>,
    /// The names of its attributes, with their properties in braces: `timestamp{immutable}`.
    pub attributes: Vec<String>,
    /// The identifiers of its actions.
    pub actions: Vec<String>,
    /// What else the message says of it, in order.
    pub others: Vec<(String, String)>,
}

impl Category {
    /// A category by its identifier: the scheme, and after the `#` the term.
    #[must_use]
    pub fn new(identifier: &str, class: Class) -> Self {
        let at = identifier.find('#').map_or(identifier.len(), |at| at + 1);
        let (scheme, term) = identifier.split_at_checked(at).unwrap_or_default();
        Self { term: term.to_owned(), scheme: scheme.to_owned(), class: Some(class), ..Self::default() }
    }

    /// The identifier.
    #[must_use]
    pub fn identifier(&self) -> String {
        format!("{}{}", self.scheme, self.term)
    }
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the grammar has no others")]
pub enum AttributeValue {
    /// Text, which is written in quotes.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// A truth value.
    Bool(bool),
}

impl AttributeValue {
    /// What a text without quotes means.
    pub(super) fn of(text: String) -> Self {
        match text.as_str() {
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            number if parse::is_number(number) => Self::Number(text),
            _ => Self::Text(text),
        }
    }
}

impl fmt::Display for AttributeValue {
    /// The value without quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::Bool(value) => value.fmt(f),
        }
    }
}

/// A link to another resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a plain structure")]
pub struct Link {
    /// Where it leads to.
    pub target: String,
    /// The types of the target.
    pub rel: String,
    /// The link itself, where it is a resource.
    pub own: Option<String>,
    /// The types of the link.
    pub category: Option<String>,
    /// The attributes of the link.
    pub attributes: Vec<(String, AttributeValue)>,
}

/// What a message says.
///
/// Both forms say the same: [`from_headers`](Self::from_headers) and [`headers`](Self::headers) are for `text/occi`,
/// [`from_text`](Self::from_text) and [`to_text`](Self::to_text) for `text/plain`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a plain structure")]
pub struct Rendering {
    /// The categories.
    pub categories: Vec<Category>,
    /// The attributes, in order.
    pub attributes: Vec<(String, AttributeValue)>,
    /// The links.
    pub links: Vec<Link>,
    /// The URIs of resources.
    pub locations: Vec<String>,
}

impl Rendering {
    /// Reads header fields; those that are not of OCCI are left out.
    ///
    /// # Errors
    /// [`ErrorKind::Header`](crate::ErrorKind::Header) where one does not follow the grammar, with its name and the place in it.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self> {
        let mut rendering = Self::default();
        for (name, value) in headers {
            if let Some(field) = parse::field(name.as_str()) {
                let text = String::from_utf8_lossy(value.as_bytes());
                parse::read(field, &text, &mut rendering).map_err(|error| error.in_field(name.as_str()))?;
            }
        }
        Ok(rendering)
    }

    /// Reads a body of lines; empty ones, and those of other fields, are left out.
    ///
    /// # Errors
    /// As [`from_headers`](Self::from_headers), with the number of the line.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut rendering = Self::default();
        for (line, number) in text.lines().zip(1_usize..) {
            let Some((name, value)) = line.split_once(':') else {
                let is_empty = line.trim().is_empty();
                if is_empty {
                    continue;
                }
                return Err(parse::Failure::new(0, "expected a name and ':'").in_field(&format!("line {number}")));
            };
            if let Some(field) = parse::field(name.trim()) {
                parse::read(field, value, &mut rendering).map_err(|error| error.in_field(&format!("line {number}")))?;
            }
        }
        Ok(rendering)
    }

    /// The header fields.
    ///
    /// # Errors
    /// [`ErrorKind::Header`](crate::ErrorKind::Header) where a text has characters that a header field cannot have.
    pub fn headers(&self) -> Result<HeaderMap> {
        print::headers(self)
    }

    /// The lines of a body. Line ends in texts become blanks, for the grammar has no way to write them.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, value) in print::fields(self) {
            text.extend([name, ": ", &value.replace(['\r', '\n'], " "), "\n"]);
        }
        text
    }

    /// The attribute of this name; of several, the first.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether it has a category.
    #[must_use]
    pub fn is_a(&self, identifier: &str) -> bool {
        self.categories.iter().any(|category| category.identifier() == identifier)
    }
}
