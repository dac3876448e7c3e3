//! What validation finds.

use std::fmt;

pub use cimi_model::validate::Severity;

/// One problem of an event. `Display` prints `PATH: text (rule)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where: `/event/initiator/id`, `/event/reporterchain[0]/reporterTime`.
    pub path: String,
    /// Which kind of rule it breaks.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the rule is one of the standard.
    pub standing: Standing,
    /// What is wrong, in a line. Secrets do not appear in it.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.path, self.text, self.rule)
    }
}

/// Whether a rule is one of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// The standard says so.
    Stated,
    /// Implementations agree on it, or the standard suggests it; other readings are possible.
    Uncertain,
}

/// The kind of rule that a problem breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// An attribute is absent that has to be there.
    Required,
    /// Two attributes are there of which one excludes the other.
    Exclusive,
    /// The value is none of those of a closed list.
    Enumeration,
    /// The value neither is one of its taxonomy nor extends one.
    Taxonomy,
    /// Something that events of this type have, or do not have.
    EventType,
    /// A reason that consists of neither of its two pairs.
    Pair,
    /// A value does not have the form of its kind.
    Value,
    /// A value has another spelling than the standard's, and was understood.
    Spelling,
    /// A resource that stands for another one of the event.
    Shorthand,
    /// Times that do not follow one another.
    Order,
    /// Two values contradict each other.
    Consistency,
    /// An identifier that something else has as well.
    Unique,
    /// An identifier of something that is not described.
    Reference,
}

impl Rule {
    /// The name in lower case, words joined by hyphens: `event-type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Exclusive => "exclusive",
            Self::Enumeration => "enumeration",
            Self::Taxonomy => "taxonomy",
            Self::EventType => "event-type",
            Self::Pair => "pair",
            Self::Value => "value",
            Self::Spelling => "spelling",
            Self::Shorthand => "shorthand",
            Self::Order => "order",
            Self::Consistency => "consistency",
            Self::Unique => "unique",
            Self::Reference => "reference",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
