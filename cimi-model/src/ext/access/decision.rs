//! The answer to the question whether somebody may do something.

use std::fmt;

use super::truth::Notes;

/// Whether something may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It may: a policy says so.
    Allowed,
    /// It may not.
    Denied,
    /// No policy is in force; what then holds is up to the provider.
    Ungoverned,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// A rule grants it, and none forbids it.
    Granted,
    /// A rule forbids it, whatever others grant.
    Forbidden,
    /// No rule grants it.
    NotGranted,
    /// What a rule or policy says could not be found out, and might forbid it.
    NotUnderstood,
    /// No policy is in force.
    NoPolicy,
}

impl Reason {
    /// The outcome that follows.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Granted => Outcome::Allowed,
            Self::NoPolicy => Outcome::Ungoverned,
            Self::Forbidden | Self::NotGranted | Self::NotUnderstood => Outcome::Denied,
        }
    }
}

/// Whether something may be done, with the rule that decided.
///
/// `Display` prints a sentence: `denied: NoStop of policies/1 forbids it`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Whether it may be done.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The rule that decided: the name of a rule of roles; of a statement, its `Sid`, or `Statement[0]` by its place.
    pub rule: Option<String>,
    /// The id of the policy with the rule, its name, or its place among those in force.
    pub policy: Option<String>,
    /// What was not understood on the way: rules, operators and documents that are not known, in words.
    pub notes: Vec<String>,
}

impl Decision {
    pub(super) fn new(reason: Reason, rule: Option<String>, notes: Notes) -> Self {
        Self { outcome: reason.outcome(), reason, rule, policy: None, notes: notes.into_texts() }
    }

    /// Whether a policy allows it.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }

    /// Whether it may not be done.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.outcome == Outcome::Denied
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.rule.as_deref().map(crate::printable);
        let of = self.policy.as_deref().map_or_else(String::new, |policy| format!(" of {}", crate::printable(policy)));
        let rule = rule.unwrap_or_else(|| "the policy".to_owned());
        match self.reason {
            Reason::Granted => write!(f, "allowed: {rule}{of} grants it")?,
            Reason::Forbidden => write!(f, "denied: {rule}{of} forbids it")?,
            Reason::NotGranted if self.rule.is_some() => write!(f, "denied: {rule}{of} does not grant it")?,
            Reason::NotGranted => f.write_str("denied: no rule grants it")?,
            Reason::NotUnderstood => write!(f, "denied: {rule}{of} is not understood, and might forbid it")?,
            Reason::NoPolicy => f.write_str("ungoverned: no policy is in force")?,
        }
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}
