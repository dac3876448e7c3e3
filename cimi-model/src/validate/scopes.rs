//! Value scopes (5.5.14): those of the provider, and mistakes in scopes themselves.

use super::walk::Walk;
use super::{Rule, Severity, metadata};
use crate::ResourceMetadata;
use crate::meta::Type;
use crate::reflect::Record;
use crate::scope::{self, VSCOPE, ValueScope};

/// Holds a record against the scopes that the provider has for its type, and those that it has itself. A consumer has
/// to keep to the provider's (5.11); what a provider sends may be older than its scopes.
pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record) {
    let mut described = metadata::of_type(walk.options, record.record_type());
    // Wrong scopes are a problem of the metadata.
    if let Some(Ok(scopes)) = described.find(|found| found.vscope.is_some()).map(ResourceMetadata::scopes) {
        hold(walk, record, &scopes, walk.unknown_severity(Severity::Warning));
    }
    if record.extensions().get(VSCOPE).is_some() {
        let scopes = mistakes(walk, record, Some(record.record_type()));
        hold(walk, record, &scopes, Severity::Error);
    }
}

fn hold(walk: &mut Walk<'_>, record: &dyn Record, scopes: &[ValueScope], severity: Severity) {
    let Err(violations) = scope::first_fit(record, scopes, false, walk.here()) else { return };
    for violation in violations {
        let text = format!("expected {}, not {}", violation.expected, violation.found);
        walk.report_there(violation.path, severity, Rule::Scope, "5.5.14", text);
    }
}

/// Mistakes in the scopes of a metadata document.
pub(super) fn described(walk: &mut Walk<'_>, metadata: &ResourceMetadata) {
    let target = metadata.type_uri.as_ref().and_then(|uri| walk.options.type_of(uri.as_str()));
    mistakes(walk, metadata, target);
}

/// Reports what is wrong with the scopes in a record, and gives the scopes.
fn mistakes(walk: &mut Walk<'_>, record: &dyn Record, target: Option<&'static Type>) -> Vec<ValueScope> {
    let scopes = match scope::of(record) {
        Ok(scopes) => scopes,
        Err(error) => {
            walk.report_at(VSCOPE, Severity::Error, Rule::Scope, "5.5.14", error.reason());
            return Vec::new();
        }
    };
    for mistake in scope::mistakes(&scopes, target, walk.here().clone()) {
        walk.report_there(mistake.path, Severity::Error, Rule::Scope, "5.5.14", mistake.text);
    }
    scopes
}
