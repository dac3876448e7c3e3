//! Whether the provider accepts a document (5.3).

use cimi_model::reflect::Record;
use cimi_model::validate::{Problem, Rule, Severity, Validation};

use super::body::Found;
use super::{Exchange, Refusal};

impl Exchange<'_> {
    /// Refuses a document with errors: unknown attributes, values that are none, what the standard or the provider's
    /// metadata demands and the document lacks.
    ///
    /// What lenient reading has understood is no error here. What the resource has already is not unknown: consumers send
    /// back what they do not know (5.3).
    pub(super) fn validate(&self, validation: &Validation<'_>, found: &Found) -> Result<(), Refusal> {
        let provider = self.provider();
        let validation = Validation {
            dialect: Some(provider.dialect),
            metadata: provider.metadata.iter().collect(),
            registry: Some(&provider.registry),
            ..validation.clone()
        };
        let mut problems = validation.problems(found.record());
        problems.retain(|problem| problem.severity == Severity::Error && !self.tolerates(problem, validation.current));
        if problems.is_empty() {
            return Ok(());
        }
        Err(Refusal::of_problems(problems.iter().map(|problem| located(problem, found)).collect()))
    }

    fn tolerates(&self, problem: &Problem, current: Option<&dyn Record>) -> bool {
        if problem.rule != Rule::Unknown {
            return false;
        }
        self.provider().accept_unknown || current.is_some_and(|current| has(current, &problem.path))
    }
}

/// Whether a resource has the extension at this path.
fn has(current: &dyn Record, path: &str) -> bool {
    let root = current.record_type().name;
    let key = path.strip_prefix('/').and_then(|path| path.strip_prefix(root)).and_then(|rest| rest.strip_prefix('/'));
    key.is_some_and(|key| current.extensions().get(key).is_some())
}

/// A problem as text, with the place in the body where it is known.
fn located(problem: &Problem, found: &Found) -> String {
    let deviation = found.deviations.iter().find(|deviation| deviation.path == problem.path);
    match deviation.and_then(|deviation| deviation.location) {
        Some(location) => format!("{problem}, {location}"),
        None => problem.to_string(),
    }
}
