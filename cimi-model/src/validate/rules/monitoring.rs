//! Jobs, Meters and Events (5.17).

use super::is_there;
use crate::Dialect;
use crate::attributes::{get, href, integer, list, text};
use crate::error::{Step, printable};
use crate::reflect::{Record, View};
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Rule, Severity};

/// A Job that is no longer executed has the progress 100, whatever its outcome.
pub(super) fn job_progress(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(state @ ("FAILED" | "SUCCESS" | "STOPPED")) = text(record, "state") else { return };
    // Out of range is another problem, and has been reported.
    if let Some(progress) = integer(record, "progress").filter(|progress| (0..100).contains(progress)) {
        let message = format!("{progress}, but a Job in the state {state} has the progress 100");
        walk.report_at("progress", Severity::Error, Rule::Consistency, "5.17.1", message);
    }
}

/// Codes that the standard reserves, and does not define.
pub(super) fn job_return_code(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if let Some(code) = integer(record, "returnCode").filter(|code| (1..=9999).contains(code)) {
        let message = format!("{code} is reserved; codes of the implementation are not from 0 to 9999");
        walk.report_at("returnCode", Severity::Info, Rule::Range, "5.17.1", message);
    }
}

/// The affected resources include the target, unless it has been deleted.
pub(super) fn job_affects(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(target) = href(record, "targetResource") else { return };
    let Some(affected) = list(record, "affectedResources") else { return };
    let includes = (0..affected.len())
        .any(|index| matches!(affected.item(index), View::Ref(resource) if resource.href() == Some(target)));
    if !includes {
        let message = "the list does not include the target, which it does unless that has been deleted";
        walk.report_at("affectedResources", Severity::Warning, Rule::Consistency, "5.17.1", message);
    }
}

/// A Job succeeds only if all Jobs subordinate to it have.
pub(super) fn job_nested(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(nested) = list(record, "nestedJobs").filter(|_| text(record, "state") == Some("SUCCESS")) else { return };
    for index in 0..nested.len() {
        let View::Ref(reference) = nested.item(index) else { continue };
        if let Some(state) = reference.record().and_then(|job| text(job, "state")).filter(|state| *state != "SUCCESS") {
            let message = format!("'{}', but the Job above it has succeeded", printable(state));
            let report = |walk: &mut Walk<'_>| {
                walk.report_at("state", Severity::Error, Rule::Consistency, "5.17.1", message);
            };
            walk.at(Step::Name("nestedJobs"), |walk| walk.at(Step::Index(index), report));
        }
    }
}

/// `intervalDuration` is the duration where the scope is an interval.
pub(super) fn interval(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if text(record, "timeScope") == Some("Point") && is_there(record, "intervalDuration") {
        let message = "with the time scope Point there is no interval";
        walk.report_at("intervalDuration", Severity::Warning, Rule::Consistency, "5.17.3", message);
    }
}

/// The attributes of the content, by the type of the Event (table 55).
const CONTENTS: &[(&str, &[&str])] = &[
    ("event/state", &["resName", "resource", "resType", "state", "previous"]),
    ("event/alarm", &["resName", "resource", "resType", "code", "detail"]),
    ("event/model", &["resName", "resource", "resType", "change", "detail"]),
    ("event/access", &["operation", "resource", "detail", "initiator"]),
];

/// The content has the attributes of its type, and no others of table 55.
pub(super) fn event_content(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some((_, event)) = text(record, "type").and_then(Dialect::split_uri) else { return };
    let Some((_, names)) = CONTENTS.iter().find(|(name, _)| *name == event) else { return };
    let View::Record(content) = get(record, "content") else { return };
    for attribute in content.record_type().attributes {
        if !names.contains(&attribute.name) && is_there(content, attribute.name) {
            let message = format!("the content of such an Event is {}", names.join(", "));
            walk.at(Step::Name("content"), |walk| {
                walk.report_at(attribute.name, Severity::Warning, Rule::Forbidden, "5.17.13", message);
            });
        }
    }
}
