//! `$orderby`: what the items of a collection are sorted by (4.1.6.6).

use std::fmt;
use std::str::FromStr;

use cimi_model::printable;

use crate::{Error, ErrorKind, Result};

/// One attribute that items are sorted by, and the direction (DSP0263 4.1.6.6).
///
/// Booleans, dates, durations and integers are compared by value (a month being a twelfth of a year of 365.2425 days),
/// strings by their code points in Normalization Form KD; extensions, which no table gives a type, as the boolean, number or
/// string that they are. Items that are equal in all of it keep their order. Where the standard says nothing: an absent
/// value comes before all others, as the empty string does, which is the same (5.5.15), and after them in descending
/// order; an attribute of another type, a secret, and what is no attribute of the items do not count.
///
/// ```
/// use cimi_protocol::query::OrderBy;
///
/// assert_eq!("cpu:desc".parse::<OrderBy>()?, OrderBy::descending("cpu"));
/// assert_eq!(OrderBy::ascending("memory").to_string(), "memory");
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "the standard has these two parts")]
pub struct OrderBy {
    /// The name of the attribute in either dialect, or the key of an extension.
    pub attribute: String,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl OrderBy {
    /// The least first.
    pub fn ascending(attribute: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), descending: false }
    }

    /// The greatest first.
    pub fn descending(attribute: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), descending: true }
    }
}

impl FromStr for OrderBy {
    type Err = Error;

    /// Parses `attributeName[:asc|:desc]`; white space around the two parts means nothing.
    ///
    /// # Errors
    /// Of kind [`Query`](ErrorKind::Query) when there is no name, or another word after the colon.
    fn from_str(text: &str) -> Result<Self> {
        let (name, direction) = split_direction(text);
        let descending = match direction.map(str::trim) {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(malformed(text, "only 'asc' or 'desc' may follow the colon")),
        };
        match name.trim() {
            "" => Err(malformed(text, "there is no attribute before the colon")),
            name => Ok(Self { attribute: name.to_owned(), descending }),
        }
    }
}

/// The name and what follows its last colon. A colon in a namespace belongs to the name.
fn split_direction(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, direction)) if !direction.contains('}') => (name, Some(direction)),
        _ => (text, None),
    }
}

fn malformed(text: &str, reason: &str) -> Error {
    Error::new(ErrorKind::Query, format!("$orderby '{}': {reason}", printable(text)))
}

impl fmt::Display for OrderBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.attribute)?;
        // A name that ends like a direction needs one of its own.
        match self.descending {
            true => f.write_str(":desc"),
            false if split_direction(&self.attribute).1.is_some() => f.write_str(":asc"),
            false => Ok(()),
        }
    }
}
