//! What validation finds.

use std::fmt;

pub use cimi_model::validate::Severity;
use cimi_model::{Deviation, Error, Location};

use crate::model;

/// One problem of a descriptor. `Display` prints `PATH: text (rule)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The element: `/Envelope/DiskSection/Disk['vmdisk1']`.
    pub path: String,
    /// Where its start tag begins, if known.
    pub location: Option<Location>,
    /// Which kind of rule it breaks.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in a line. Values of properties do not appear in it.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.path, self.text, self.rule)
    }
}

impl From<&Error> for Problem {
    /// A descriptor that could not be read at all.
    fn from(error: &Error) -> Self {
        Self {
            path: error.path().to_owned(),
            location: error.location(),
            rule: Rule::Document,
            severity: Severity::Error,
            text: error.reason().to_owned(),
        }
    }
}

impl Problem {
    pub(super) fn of_deviation(deviation: &Deviation, severity: Severity) -> Self {
        let rule = if deviation.text == model::OUT_OF_ORDER { Rule::Order } else { Rule::Spelling };
        let (path, text) = (deviation.path.clone(), deviation.text.clone());
        Self { path, location: deviation.location, rule, severity, text }
    }
}

/// The kind of rule that a problem breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// The document cannot be read: it is not well-formed, not a descriptor, or beyond a limit.
    Document,
    /// An attribute or element is absent that has to be there.
    Required,
    /// A value does not have the form or range of its type.
    Value,
    /// Another form than the standard's, which was understood.
    Spelling,
    /// Elements in another order than the standard's.
    Order,
    /// An identifier of something that is not there.
    Reference,
    /// An identifier that something else has as well.
    Duplicate,
    /// Things that refer to one another in a circle.
    Cycle,
    /// The minimum, normal and maximum of a range.
    Bounds,
    /// A unit, or a quantity in it.
    Unit,
    /// The capacity of a disk.
    Capacity,
    /// The type of a property, or a value that does not fit it.
    PropertyType,
    /// The qualifiers of a property, or a value that does not fit them.
    Qualifier,
    /// Configurations: which there are, and which is the default.
    Configuration,
    /// A `${}` in a value.
    Substitution,
    /// A section that is not of the standard.
    UnknownSection,
    /// A section in a place that the standard does not have it in.
    Placement,
    /// Something that the version of the descriptor does not have.
    Version,
    /// The name of a file.
    Name,
    /// How a machine or collection is made up.
    Content,
    /// Problems that are too many to be listed.
    Limit,
}

impl Rule {
    /// The name in lower case, words joined by hyphens: `unknown-section`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Required => "required",
            Self::Value => "value",
            Self::Spelling => "spelling",
            Self::Order => "order",
            Self::Reference => "reference",
            Self::Duplicate => "duplicate",
            Self::Cycle => "cycle",
            Self::Bounds => "bounds",
            Self::Unit => "unit",
            Self::Capacity => "capacity",
            Self::PropertyType => "property-type",
            Self::Qualifier => "qualifier",
            Self::Configuration => "configuration",
            Self::Substitution => "substitution",
            Self::UnknownSection => "unknown-section",
            Self::Placement => "placement",
            Self::Version => "version",
            Self::Name => "name",
            Self::Content => "content",
            Self::Limit => "limit",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
