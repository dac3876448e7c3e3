//! Documents of policies, of whatever kind.

use std::fmt;
use std::str::FromStr;

use serde_json::value::RawValue;

use super::{Decision, Inquiry, Reason, RolePolicy, StatementPolicy, truth::Notes};
use crate::context::Context;
use crate::json::{self, any};
use crate::{Any, Error, ErrorKind, Limits, ReadOptions, Result};

/// A longer document is refused, and so is one with more parts or deeper ones.
const LIMITS: Limits =
    Limits { size: 1 << 20, depth: 32, elements: 100_000, attributes: 1024, name: 4096, deviations: 0 };

/// What the document of a policy is.
///
/// It is known by its form: a JSON object with the member `Statement` has statements, one of texts and lists has rules
/// of roles. Anything else is kept, and nothing follows from it.
///
/// ```
/// use cimi_model::ext::access::PolicyDocument;
///
/// let policy: PolicyDocument = r#"{"admin": "role:admin", "default": "rule:admin"}"#.parse()?;
/// assert!(matches!(policy, PolicyDocument::Roles(_)));
/// let policy: PolicyDocument = "<Policy xmlns='urn:oasis:names:tc:xacml:3.0:core:schema:wd-17'/>".parse()?;
/// assert!(matches!(policy, PolicyDocument::Other(_)));
/// let error = r#"{"default": "role:admin and"}"#.parse::<PolicyDocument>().unwrap_err();
/// assert_eq!(error.to_string(), "/default: expected a check (at byte 14)");
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyDocument {
    /// Rules of roles, as OpenStack has them.
    Roles(RolePolicy),
    /// Statements, as AWS has them.
    Statements(StatementPolicy),
    /// The text of something else.
    Other(String),
}

impl PolicyDocument {
    /// Whether the policy allows the operation.
    #[must_use]
    pub fn decide(&self, inquiry: &Inquiry<'_>) -> Decision {
        match self {
            Self::Roles(policy) => policy.decide(inquiry),
            Self::Statements(policy) => policy.decide(inquiry),
            Self::Other(_) => {
                let mut notes = Notes::default();
                notes.add(|| "the document is of a kind that is not known".to_owned());
                Decision::new(Reason::NotUnderstood, None, notes)
            }
        }
    }
}

impl FromStr for PolicyDocument {
    type Err = Error;

    /// # Errors
    /// When the text begins like a JSON object and is not one, and when it has the form of a policy that is known, and
    /// what stands there is not: with the path, and for a rule the place in it.
    fn from_str(text: &str) -> Result<Self> {
        if !text.trim_start().starts_with('{') {
            return Ok(Self::Other(text.to_owned()));
        }
        let value = read(text)?;
        if StatementPolicy::is_like(&value) {
            return StatementPolicy::from_any(&value).map(Self::Statements);
        }
        if RolePolicy::is_like(&value) {
            return RolePolicy::from_any(&value).map(Self::Roles);
        }
        Ok(Self::Other(text.to_owned()))
    }
}

impl FromStr for RolePolicy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_any(&read(text)?)
    }
}

impl FromStr for StatementPolicy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_any(&read(text)?)
    }
}

fn read(text: &str) -> Result<Any> {
    let text = crate::input::text(text.as_bytes(), LIMITS)?;
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| json::syntax_error(error, String::new(), text))?;
    any::read(raw.get(), &mut Context::new(&ReadOptions { strict: true, limits: LIMITS }))
}

impl fmt::Display for PolicyDocument {
    /// The text of the document.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roles(policy) => policy.fmt(f),
            Self::Statements(policy) => policy.fmt(f),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for RolePolicy {
    /// In JSON, each rule as a text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json_text(&self.to_any()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Display for StatementPolicy {
    /// In JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json_text(&self.to_any()).map_err(|_| fmt::Error)?)
    }
}

/// A value in JSON.
pub(super) fn json_text(value: &Any) -> Result<String> {
    let fail = |error| Error::new(ErrorKind::Write, "the value cannot be written").caused_by(error);
    serde_json::to_string_pretty(value).map_err(fail)
}
