//! What validation finds.

use std::fmt;

/// One problem of a document.
///
/// `Display` prints `PATH: text (rule, DSP0263 CLAUSE)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where, in the notation of [`Error::path`](crate::Error::path).
    pub path: String,
    /// Which kind of rule it breaks.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The clause of DSP0263 that the rule comes from; empty where only the type's own table says so.
    pub clause: &'static str,
    /// What is wrong, in a line. Secrets do not appear in it.
    pub text: String,
    /// Whether each value alone has its form, as a schema describes it, and what is wrong is their meaning: values do not
    /// go together, or not with what the provider has said or is asked to change.
    pub of_meaning: bool,
}

impl Problem {
    /// A problem that an application has found by rules of its own. The rule decides whether it is
    /// [of meaning](Self::of_meaning).
    #[must_use]
    pub fn new(
        path: impl Into<String>,
        rule: Rule,
        severity: Severity,
        clause: &'static str,
        text: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), rule, severity, clause, text: text.into(), of_meaning: rule.is_of_meaning() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}", self.path, self.text, self.rule)?;
        if !self.clause.is_empty() {
            write!(f, ", DSP0263 {}", self.clause)?;
        }
        f.write_str(")")
    }
}

/// How bad a problem is; a greater one is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Allowed, and worth knowing.
    #[default]
    Info,
    /// Without effect, or right only if something beyond the document makes it so.
    Warning,
    /// Not conforming.
    Error,
}

impl Severity {
    /// The name: `info`, `warning`, `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of rule that a problem breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// The type of the document is not known, or it says two.
    Type,
    /// An attribute is absent that the constraints of 5.3, or a rule of its type, demand.
    Required,
    /// An attribute is present that a rule of its type forbids.
    Forbidden,
    /// An attribute is not known.
    Unknown,
    /// The name of something that a provider added is not an identifier (5.2).
    Identifier,
    /// A value does not have the form of its kind (5.5).
    Value,
    /// A value has another spelling than the standard's, and was understood.
    Spelling,
    /// A value is none of those that a closed list allows.
    Enumeration,
    /// A number is out of its range.
    Range,
    /// A URI is not one, or begins with a slash (5.5.10).
    Uri,
    /// A reference refers to nothing.
    Reference,
    /// A symbolic reference has no target in its `SystemTemplate` (5.13.4).
    Symbol,
    /// Components need one another, so that none can be created first (5.13.4).
    Cycle,
    /// A name, key or URI that has to be unique is not.
    Duplicate,
    /// `count` is smaller than the number of members (5.5.12).
    Count,
    /// An operation is not one of its type, or its `rel` is not well-formed (4.2).
    Operation,
    /// Two values contradict each other.
    Consistency,
    /// An attribute that only the provider may change (5.3).
    ReadOnly,
    /// An attribute that never changes was changed (5.3).
    Immutable,
    /// An attribute that `$select` does not name (4.2.1.3.1).
    Selection,
    /// An attribute is erased where that is not possible (4.2.1.1).
    Erased,
    /// What the version of the protocol does not have.
    Version,
    /// What a capability of the provider excludes (5.11.1).
    Capability,
    /// Values outside of the scopes of the provider (5.5.14).
    Scope,
    /// The document is nested too deep to be followed.
    Depth,
}

impl Rule {
    /// The name in lower case, words joined by hyphens: `read-only`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Required => "required",
            Self::Forbidden => "forbidden",
            Self::Unknown => "unknown",
            Self::Identifier => "identifier",
            Self::Value => "value",
            Self::Spelling => "spelling",
            Self::Enumeration => "enumeration",
            Self::Range => "range",
            Self::Uri => "uri",
            Self::Reference => "reference",
            Self::Symbol => "symbol",
            Self::Cycle => "cycle",
            Self::Duplicate => "duplicate",
            Self::Count => "count",
            Self::Operation => "operation",
            Self::Consistency => "consistency",
            Self::ReadOnly => "read-only",
            Self::Immutable => "immutable",
            Self::Selection => "selection",
            Self::Erased => "erased",
            Self::Version => "version",
            Self::Capability => "capability",
            Self::Scope => "scope",
            Self::Depth => "depth",
        }
    }
}

impl Rule {
    /// Whether the rule is never about the form of a value alone.
    pub(super) const fn is_of_meaning(self) -> bool {
        matches!(
            self,
            Self::Forbidden
                | Self::Reference
                | Self::Symbol
                | Self::Cycle
                | Self::Duplicate
                | Self::Count
                | Self::Operation
                | Self::Consistency
                | Self::ReadOnly
                | Self::Immutable
                | Self::Selection
                | Self::Capability
                | Self::Scope
        )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
