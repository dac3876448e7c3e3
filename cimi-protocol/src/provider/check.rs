//! Whether the provider accepts a document (5.3).

use cimi_model::reflect::Record;
use cimi_model::validate::{Problem, Rule, Severity, Validation};

use super::body::Found;
use super::{Exchange, Refusal, refusal};

impl Exchange<'_> {
    /// Refuses a document with errors: unknown attributes, values that are none, what the standard or the provider's
    /// metadata demands and the document lacks.
    ///
    /// What lenient reading has understood is no error here, nor need an update repeat what never changes.
    pub(super) fn validate(&self, validation: &Validation<'_>, found: &Found) -> Result<(), Refusal> {
        let provider = self.provider();
        let validation = Validation {
            dialect: Some(provider.dialect),
            metadata: provider.metadata.iter().collect(),
            registry: Some(&provider.registry),
            least: Severity::Error,
            ..validation.clone()
        };
        let mut problems = validation.problems(found.record());
        problems.retain(|problem| !self.tolerates(problem, validation.current));
        if problems.is_empty() {
            return Ok(());
        }
        let status = refusal::status_for(problems.iter());
        Err(Refusal::of_problems(status, problems.len(), problems.iter().map(|problem| located(problem, found))))
    }

    fn tolerates(&self, problem: &Problem, current: Option<&dyn Record>) -> bool {
        let provider = self.provider();
        let in_namespace = |namespace: &String| problem.path.contains(&format!("/{{{namespace}}}"));
        match (problem.rule, current) {
            // What the other version has is known and kept: an imported appliance has some of it.
            (Rule::Version, _) => true,
            (Rule::Unknown, _) => provider.accept_unknown || provider.namespaces.iter().any(in_namespace),
            // What never changes cannot be lost by leaving it out.
            (Rule::Required, Some(current)) => {
                let row = attribute(current, &problem.path).and_then(|name| current.record_type().attribute(name));
                row.is_some_and(|row| !row.constraints.mutable)
            }
            _ => false,
        }
    }
}

/// The attribute of a resource that a path of the document leads to.
fn attribute<'p>(current: &dyn Record, path: &'p str) -> Option<&'p str> {
    path.strip_prefix('/')?.strip_prefix(current.record_type().name)?.strip_prefix('/')
}

/// A problem as text, with the place in the body where it is known.
fn located(problem: &Problem, found: &Found) -> String {
    let deviation = found.deviations.iter().find(|deviation| deviation.path == problem.path);
    match deviation.and_then(|deviation| deviation.location) {
        Some(location) => format!("{problem}, {location}"),
        None => problem.to_string(),
    }
}
