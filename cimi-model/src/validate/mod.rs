//! Validation: everything that is wrong with a document, each with path, rule, severity and clause.
//!
//! Reading stops at what it cannot understand; validation never stops. It works on a record of any type, the
//! standard's or a provider's own, and follows structures, arrays, collections and targets by value. Who receives
//! the document and what it is sent for decides what is asked of it ([`Receiver`], [`Verb`]).
//!
//! ```
//! use cimi_model::validate::{Rule, Severity, Validation};
//! use cimi_model::{Job, JobState};
//!
//! let job = Job {
//!     id: Some("jobs/1".into()),
//!     state: Some(JobState::Success),
//!     progress: Some(90),
//!     ..Default::default()
//! };
//! let problems = Validation::read().problems(&job);
//! let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
//! assert_eq!(errors.len(), 1);
//! assert_eq!(errors[0].rule, Rule::Consistency);
//! assert_eq!(
//!     errors[0].to_string(),
//!     "/Job/progress: 90, but a Job in the state SUCCESS has the progress 100 (consistency, DSP0263 5.17.1)"
//! );
//! ```
//!
//! # Severities
//!
//! * **Error**: the standard forbids it ("shall"), or a provider that follows 5.3 refuses it.
//! * **Warning**: it has no effect (4.2.1.3 lets a provider ignore what is read-only), or what makes it right
//!   cannot be seen in the document.
//! * **Info**: allowed, and worth knowing: an attribute that a consumer does not know, or one that is absent
//!   although the default of 5.3 has the provider include it. Few providers support all of the model, and only
//!   constraints that the standard or a provider's [`ResourceMetadata`] states make its absence an error.

mod constraints;
mod extensions;
mod keys;
mod metadata;
mod problem;
mod rules;
mod scopes;
mod symbols;
mod updates;
mod values;
mod walk;

pub use problem::{Problem, Rule, Severity};
pub use rules::needed_parameter;

use crate::meta::Type;
use crate::reflect::Record;
use crate::registry::{Registry, standard_types};
use crate::{Dialect, Document, Generic, Parsed, ResourceMetadata, Uri};
use walk::Walk;

/// Who receives the document, and is the one to validate it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Receiver {
    /// A Provider: it refuses what it does not know (5.3).
    Provider,
    /// A Consumer: it accepts what it does not know, and sends it back (5.3).
    #[default]
    Consumer,
}

/// What the document is sent for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// To create a resource (4.2.1.1), or to invoke an operation (4.2.1.5).
    Create,
    /// As the answer to a request: the representation of a resource (4.2.1.2).
    #[default]
    Read,
    /// To replace the representation of a resource (4.2.1.3).
    Update,
    /// To replace the attributes that `$select` names (4.2.1.3.1).
    PartialUpdate,
}

/// What a document is held against. The default is a document that a Consumer has read, without anything known
/// beyond it.
///
/// ```
/// use cimi_model::validate::Validation;
/// use cimi_model::{Dialect, MachineCreate};
///
/// let validation = Validation { dialect: Some(Dialect::V1), ..Validation::create() };
/// let problems = validation.problems(&MachineCreate::default());
/// assert_eq!(problems[0].path, "/MachineCreate/machineTemplate");
/// ```
#[derive(Clone, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Validation<'a> {
    /// Who receives the document.
    pub receiver: Receiver,
    /// What it is sent for.
    pub verb: Verb,
    /// The version that is spoken: what it does not have is reported.
    pub dialect: Option<Dialect>,
    /// What the provider says about types: attributes of its own, other constraints, capabilities, scopes. Where two
    /// speak of the same, the later one counts.
    pub metadata: Vec<&'a ResourceMetadata>,
    /// For an update, the resource before it; for a document read, an earlier reading. It tells a value that is
    /// changed from one that is sent back.
    pub current: Option<&'a dyn Record>,
    /// The attributes that `$select` names; none given means all.
    pub selected: Option<&'a [&'a str]>,
    /// The provider's `baseURI`.
    pub base_uri: Option<&'a Uri>,
    /// The types that are known; by default those of the standard.
    pub registry: Option<&'a Registry>,
    /// The least severity that is asked about; what would be less is not looked for. By default, everything is told.
    pub least: Severity,
}

impl<'a> Validation<'a> {
    /// For a Provider that receives a request to create a resource or to invoke an operation.
    #[must_use]
    pub fn create() -> Self {
        Self { receiver: Receiver::Provider, verb: Verb::Create, ..Self::default() }
    }

    /// For a Consumer that receives a representation.
    #[must_use]
    pub fn read() -> Self {
        Self::default()
    }

    /// For a Provider that receives an update of this resource.
    #[must_use]
    pub fn update(current: Option<&'a dyn Record>) -> Self {
        Self { receiver: Receiver::Provider, verb: Verb::Update, current, ..Self::default() }
    }

    /// For a Provider that receives an update of these attributes of this resource.
    #[must_use]
    pub fn partial_update(selected: &'a [&'a str], current: Option<&'a dyn Record>) -> Self {
        Self { verb: Verb::PartialUpdate, selected: Some(selected), ..Self::update(current) }
    }

    /// All problems of a record. The path of each begins with the name of the type.
    #[must_use]
    pub fn problems(&self, record: &dyn Record) -> Vec<Problem> {
        Walk::new(self, record).run(record)
    }

    /// All problems of a document that has been read, including what lenient reading understood although it was
    /// not spelled as the standard has it. The dialect is that of the document unless one is set.
    ///
    /// ```
    /// use cimi_model::validate::{Rule, Validation};
    /// use cimi_model::{Document, Registry};
    ///
    /// let text = br#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Volume", "id": "v/1", "capacity": "1024",
    ///                 "created": "yesterday"}"#;
    /// let parsed = Document::read(text, &Registry::standard(), &Default::default())?;
    /// let problems = Validation::read().parsed(&parsed);
    /// let rule = |path: &str| problems.iter().find(|problem| problem.path == path).map(|problem| problem.rule);
    /// assert_eq!(rule("/Volume/capacity"), Some(Rule::Spelling));
    /// assert_eq!(rule("/Volume/created"), Some(Rule::Value));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn parsed(&self, parsed: &Parsed<Document>) -> Vec<Problem> {
        let own = Self { dialect: self.dialect.or(parsed.dialect), ..self.clone() };
        let mut problems = own.problems(parsed.value.record());
        let named: std::collections::HashSet<&str> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| problem.path.as_str())
            .collect();
        // That nobody knows the type has been said.
        let untyped = parsed.value.as_ref::<Generic>().is_some();
        let spelled: Vec<Problem> = parsed
            .deviations
            .iter()
            .filter(|deviation| !(named.contains(deviation.path.as_str()) || (untyped && deviation.path == "/")))
            .map(|deviation| Problem {
                path: deviation.path.clone(),
                rule: Rule::Spelling,
                severity: Severity::Error,
                clause: "5.5",
                text: deviation.text.clone(),
                of_meaning: false,
            })
            .collect();
        problems.extend(spelled);
        problems
    }

    /// Whether no problem of the record is an error.
    #[must_use]
    pub fn accepts(&self, record: &dyn Record) -> bool {
        self.problems(record).iter().all(|problem| problem.severity != Severity::Error)
    }

    /// The type with this URI.
    fn type_of(&self, uri: &str) -> Option<&'static Type> {
        match self.registry {
            Some(registry) => registry.by_uri(uri).map(|entry| entry.record_type),
            None => standard_types().find(|found| found.is_uri(uri)),
        }
    }

    /// The type of the standard with this name.
    fn standard_type(name: &str) -> Option<&'static Type> {
        standard_types().find(|found| found.name == name)
    }

    /// Whether `$select` leaves this name in.
    fn selects(&self, is_named: impl Fn(&str) -> bool) -> bool {
        self.selected.is_none_or(|selected| {
            selected.iter().any(|name| *name == "*" || is_named(name.rsplit('/').next().unwrap_or(name)))
        })
    }
}
