//! Validation: everything that is wrong with an event, each with path, rule and severity.
//!
//! # Severities
//!
//! * **Error**: the standard forbids it, and no reader can make up for it: something required is absent, a value is not
//!   understood, an event lacks what its type demands.
//! * **Warning**: readers understand it all the same, such as an offset without a colon or an action outside of the
//!   taxonomy; or the rule is of [uncertain standing](Standing::Uncertain). [Strict](Validation::strict) validation
//!   makes errors of these, but for mere advice.
//! * **Info**: allowed, and worth knowing.

mod event;
mod log;
mod parts;
mod problem;

pub(crate) use event::relative;
pub use problem::{Problem, Rule, Severity, Standing};

use std::collections::HashSet;
use std::fmt::{self, Write};

use cimi_model::reflect::{Record, omitted};
use cimi_model::{Any, Deviation, Format, Parsed};

use crate::Event;

/// How events are held against the standard.
///
/// ```
/// use cimi_cadf::{Event, Rule, Severity, Validation};
///
/// let text = br#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e1", "eventType": "monitor",
///     "eventTime": "2014-02-27T19:29:30+0000", "action": "monitor", "outcome": "success",
///     "initiator": {"id": "a", "typeURI": "service/oss/monitoring"}, "observerId": "a", "targetId": "b"}"#;
/// let event = Event::read(text, &Default::default())?;
/// let problems = Validation::default().parsed(&event);
/// let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule, problem.severity)).collect();
/// assert_eq!(found, [
///     ("/event/eventTime", Rule::Spelling, Severity::Warning),
///     ("/event/measurements", Rule::EventType, Severity::Error),
/// ]);
/// assert!(Validation::strict().problems(&event.value).iter().all(|problem| problem.severity == Severity::Error));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Validation {
    /// Whether what readers understand all the same is an error.
    pub strict: bool,
    /// The format that the event is, or will be, in: XML does not need its `typeURI`.
    pub format: Format,
}

impl Validation {
    /// Validation that makes errors of what readers understand all the same.
    #[must_use]
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }

    /// All problems of an event.
    #[must_use]
    pub fn problems(&self, event: &Event) -> Vec<Problem> {
        let mut checker = Checker { validation: *self, problems: Vec::new() };
        checker.event(event, &Place::root("event"));
        checker.problems
    }

    /// The problems of the reporter chain of an event.
    pub(crate) fn chain_problems(self, event: &Event) -> Vec<Problem> {
        let mut checker = Checker { validation: self, problems: Vec::new() };
        checker.chain(event, &Place::root("event"));
        checker.problems
    }

    /// All problems of an event that has been read, what lenient reading put right included.
    #[must_use]
    pub fn parsed(&self, parsed: &Parsed<Event>) -> Vec<Problem> {
        self.with_deviations(self.problems(&parsed.value), &parsed.deviations)
    }

    fn with_deviations(self, mut problems: Vec<Problem>, deviations: &[Deviation]) -> Vec<Problem> {
        if deviations.is_empty() {
            return problems;
        }
        let level = Level::Loose;
        let values = problems.iter().filter(|problem| problem.rule.is_of_values());
        let mut told: HashSet<&str> = values.map(|problem| problem.path.as_str()).collect();
        let others = deviations.iter().filter(|deviation| told.insert(&deviation.path)).map(|deviation| Problem {
            path: deviation.path.clone(),
            rule: Rule::Spelling,
            severity: level.severity(self.strict),
            standing: level.standing(),
            text: deviation.text.clone(),
        });
        let others: Vec<_> = others.collect();
        problems.extend(others);
        problems
    }

    /// Whether no problem of the event is an error.
    #[must_use]
    pub fn accepts(&self, event: &Event) -> bool {
        self.problems(event).iter().all(|problem| problem.severity != Severity::Error)
    }
}

impl Rule {
    const fn is_of_values(self) -> bool {
        matches!(self, Self::Value | Self::Spelling)
    }
}

/// How a rule is held up.
#[derive(Clone, Copy)]
enum Level {
    /// An error.
    Wrong,
    /// Understood all the same.
    Loose,
    /// The same, by a rule of uncertain standing.
    Doubtful,
    /// A warning, however strict.
    Advice,
    /// Worth knowing.
    Note,
}

impl Level {
    const fn severity(self, strict: bool) -> Severity {
        match self {
            Self::Wrong => Severity::Error,
            Self::Loose | Self::Doubtful if strict => Severity::Error,
            Self::Loose | Self::Doubtful | Self::Advice => Severity::Warning,
            Self::Note => Severity::Info,
        }
    }

    const fn standing(self) -> Standing {
        match self {
            Self::Wrong | Self::Loose | Self::Note => Standing::Stated,
            Self::Doubtful | Self::Advice => Standing::Uncertain,
        }
    }
}

/// Where a record stands; becomes a path only where there is a problem.
pub(crate) struct Place<'p> {
    parent: Option<&'p Self>,
    name: &'static str,
    index: Option<usize>,
}

impl<'p> Place<'p> {
    pub(crate) const fn root(name: &'static str) -> Self {
        Self { parent: None, name, index: None }
    }

    pub(crate) const fn at(&'p self, name: &'static str) -> Self {
        Self { parent: Some(self), name, index: None }
    }

    pub(crate) const fn item(&'p self, name: &'static str, index: usize) -> Self {
        Self { parent: Some(self), name, index: Some(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        f.write_str("/")?;
        f.write_str(self.name)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

struct Checker {
    validation: Validation,
    problems: Vec<Problem>,
}

impl Checker {
    fn report(&mut self, place: &Place<'_>, level: Level, rule: Rule, text: impl Into<String>) {
        /// Most paths are shorter.
        const USUAL: usize = 64;
        let mut path = String::with_capacity(USUAL);
        // Writing to a text cannot fail.
        let _ = write!(path, "{place}");
        self.problems.push(Problem {
            path,
            rule,
            severity: level.severity(self.validation.strict),
            standing: level.standing(),
            text: text.into(),
        });
    }

    /// Reports the values that did not fit their attributes when the record was read.
    fn kept(&mut self, record: &dyn Record, place: &Place<'_>) {
        for extension in record.extensions() {
            let found = record.record_type().attributes.iter().enumerate().find(|(_, row)| row.name == extension.key());
            let Some((index, row)) = found else { continue };
            let is_set = record.get(index).is_some_and(|value| !omitted(&value.view(), row.kind));
            if says_something(extension.value()) && !is_set {
                self.report(&place.at(row.name), Level::Wrong, Rule::Value, "the value has another form");
            }
        }
    }

    /// Reports an absent attribute, unless it has a value that did not fit, which has been reported.
    fn required(&mut self, record: &dyn Record, name: &'static str, is_there: bool, place: &Place<'_>) {
        if !is_there && !record.extensions().get(name).is_some_and(says_something) {
            self.report(&place.at(name), Level::Wrong, Rule::Required, format!("{name} is missing"));
        }
    }
}

/// Whether a value that was kept for an attribute is more than empty.
pub(crate) fn says_something(value: &Any) -> bool {
    match value {
        Any::Null => false,
        Any::String(text) => !text.is_empty(),
        Any::Array(items) => !items.is_empty(),
        Any::Object(members) => !members.is_empty(),
        Any::Boolean(_) | Any::Number(_) => true,
    }
}
