//! One rule of a role policy: what must hold, and how it is written.

use std::fmt;

/// What a rule of an OpenStack policy asks for (oslo.policy).
///
/// ```
/// use cimi_model::ext::access::Check;
///
/// let check: Check = "role:admin or (project_id:%(project_id)s and not role:reader)".parse()?;
/// assert_eq!(check.to_string(), "role:admin or (project_id:%(project_id)s and not role:reader)");
/// let error = "role:admin or".parse::<Check>().unwrap_err();
/// assert_eq!((error.offset, error.to_string().as_str()), (13, "expected a check (at byte 13)"));
/// # Ok::<(), cimi_model::ext::access::CheckError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Check {
    /// `@`, or nothing: always.
    Always,
    /// `!`: never.
    Never,
    /// `rule:NAME`: another rule.
    Rule(String),
    /// `role:NAME`: a role of the subject, whatever its case.
    Role(String),
    /// `KIND:MATCH`: an attribute of the subject, or a literal such as `'admin'` or `True`, is this value. In either
    /// match, `%(name)s` stands for an attribute of the resource.
    Match {
        /// The attribute or literal.
        kind: String,
        /// The value.
        value: String,
    },
    /// What must not hold.
    Not(Box<Self>),
    /// What must hold together.
    And(Vec<Self>),
    /// Of which one must hold.
    Or(Vec<Self>),
}

/// Why a text is not a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckError {
    /// Where, in bytes from 0.
    pub offset: usize,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.text, self.offset)
    }
}

impl std::error::Error for CheckError {}

/// Rules are written, compared and dropped recursively: how deep they may be nested.
pub(super) const DEEPEST: usize = 64;

impl fmt::Display for Check {
    /// As policies have it; the text is read as the same rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("@"),
            Self::Never => f.write_str("!"),
            Self::Rule(name) => write!(f, "rule:{name}"),
            Self::Role(name) => write!(f, "role:{name}"),
            Self::Match { kind, value } => write!(f, "{kind}:{value}"),
            Self::Not(check) => {
                f.write_str("not ")?;
                check.grouped(f)
            }
            Self::And(checks) => joined(checks, " and ", "@", f),
            Self::Or(checks) => joined(checks, " or ", "!", f),
        }
    }
}

impl Check {
    /// In parentheses, if it has several parts.
    fn grouped(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(checks) | Self::Or(checks) if checks.len() > 1 => write!(f, "({self})"),
            _ => write!(f, "{self}"),
        }
    }
}

fn joined(checks: &[Check], word: &str, none: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some((first, rest)) = checks.split_first() else { return f.write_str(none) };
    first.grouped(f)?;
    rest.iter().try_for_each(|check| {
        f.write_str(word)?;
        check.grouped(f)
    })
}

/// The parts of a match: text, and the names of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    Attribute(&'a str),
}

/// Takes a match apart; `None` if it has a `%` that is neither `%(name)s` nor `%%`.
pub(super) fn parts(value: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = value;
    while let Some((text, after)) = rest.split_once('%') {
        parts.push(Part::Text(text));
        if let Some(after) = after.strip_prefix('%') {
            parts.push(Part::Text("%"));
            rest = after;
        } else {
            let (name, after) = after.strip_prefix('(')?.split_once(")s")?;
            parts.push(Part::Attribute(name));
            rest = after;
        }
    }
    parts.push(Part::Text(rest));
    Some(parts)
}
