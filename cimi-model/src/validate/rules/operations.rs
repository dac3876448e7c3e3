//! The operations that a resource offers (4.2), and the requests that invoke them (5.5.12.2).

use std::collections::HashSet;

use super::demand;
use crate::Dialect;
use crate::any::Any;
use crate::attributes::{get, list, text};
use crate::error::{Step, printable};
use crate::lifecycle::action::is_short;
use crate::meta::{Role, Type};
use crate::reflect::{Record, View};
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Rule, Severity, metadata};

/// What a collection may offer (5.5.12).
const COLLECTION: &[&str] = &["add", "insert", "remove"];

/// The operations of the standard with a body of their own, and the parameter that each needs, with its clause.
const ACTIONS: &[(&str, Option<&str>, &str)] = &[
    ("start", None, "4.2.1.5"),
    ("stop", None, "4.2.1.5"),
    ("restart", None, "4.2.1.5"),
    ("pause", None, "4.2.1.5"),
    ("suspend", None, "4.2.1.5"),
    ("enable", None, "4.2.1.5"),
    ("disable", None, "4.2.1.5"),
    ("capture", None, "4.2.1.5"),
    ("snapshot", None, "4.2.1.5"),
    ("restore", Some("image"), "5.14.1.2"),
    ("connectvolume", Some("volume"), "5.14.1.2"),
    ("export", None, "5.13.1.2"),
    ("import", Some("source"), "5.13.2.1"),
    ("forceSync", Some("node"), "5.13.3.1.2"),
    ("swapBackup", Some("node"), "5.13.3.1.2"),
    ("addRM", Some("node"), "5.13.3.1.2"),
    ("removeRM", Some("node"), "5.13.3.1.2"),
];

/// The attribute that a request for this operation of the standard has to have beside `action`, if there is one; the
/// operation is given by its name.
///
/// ```
/// assert_eq!(cimi_model::validate::needed_parameter("restore"), Some("image"));
/// assert_eq!(cimi_model::validate::needed_parameter("start"), None);
/// ```
#[must_use]
pub fn needed_parameter(action: &str) -> Option<&'static str> {
    ACTIONS.iter().find(|(name, ..)| *name == action).and_then(|(_, parameter, _)| *parameter)
}

/// Each operation has a `rel` of its own and an `href`, and is one of the type or of the provider.
pub(super) fn offered(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(list) = list(record, "operations") else { return };
    let mut seen = HashSet::new();
    for index in 0..list.len() {
        let View::Record(operation) = list.item(index) else { continue };
        let record_type = record.record_type();
        walk.at(Step::Name("operations"), |walk| {
            walk.at(Step::Index(index), |walk| {
                demand(walk, operation, "rel", "4.2", "each operation has a rel and an href");
                demand(walk, operation, "href", "4.2", "each operation has a rel and an href");
                if let Some(rel) = text(operation, "rel") {
                    if !seen.insert(rel) {
                        let message = format!("the operation '{}' is offered twice", printable(rel));
                        walk.report_at("rel", Severity::Error, Rule::Duplicate, "4.2", message);
                    }
                    known(walk, record, record_type, rel);
                }
            });
        });
    }
}

fn known(walk: &mut Walk<'_>, record: &dyn Record, record_type: &'static Type, rel: &str) {
    match name(rel) {
        Some(name) => {
            let operations = record_type.operations;
            // Each of these is possible on any collection; the table has those that its clause speaks of.
            let general = record_type.role == Role::Collection && COLLECTION.contains(&name);
            if !(operations.is_empty() || general || operations.contains(&name)) {
                let message = format!("the standard has no operation '{}' on {}", printable(name), record_type.name);
                walk.report_at("rel", Severity::Warning, Rule::Operation, record_type.clause, message);
            }
        }
        None if !crate::Uri::from(rel).is_absolute() => {
            let message = format!("'{}' is no operation of the standard, and not an absolute URI", printable(rel));
            walk.report_at("rel", Severity::Error, Rule::Operation, "4.2", message);
        }
        None => {
            let mut described = metadata::of_type(walk.options, record.record_type()).peekable();
            let said = described.peek().is_none()
                || described
                    .flat_map(|found| &found.actions)
                    .any(|action| action.uri.as_ref().is_some_and(|uri| uri.as_str() == rel));
            if !said {
                let message = format!("the metadata of {} does not describe the operation", record_type.name);
                walk.report_at("rel", Severity::Info, Rule::Operation, "5.11", message);
            }
        }
    }
}

/// The name of an operation of the standard, without the URI it begins with.
fn name(rel: &str) -> Option<&str> {
    if is_short(rel) {
        return Some(rel);
    }
    let (_, name) = Dialect::split_uri(rel)?;
    Some(name.strip_prefix("action/").unwrap_or(name))
}

/// The parameters that an operation needs.
pub(super) fn parameters(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    walk.of_meaning(false, |walk| needed(walk, record));
}

fn needed(walk: &mut Walk<'_>, record: &dyn Record) {
    let Some(invoked) = text(record, "action").and_then(name) else { return };
    let needed = ACTIONS.iter().find(|(action, ..)| *action == invoked);
    for attribute in record.record_type().attributes {
        if let Some((action, Some(parameter), clause)) = needed
            && attribute.name == *parameter
        {
            demand(walk, record, attribute.name, clause, &format!("the operation {action} needs it"));
        }
    }
    if matches!(invoked, "insert" | "remove") && matches!(get(record, "volume"), View::Absent) && !names_an_item(record)
    {
        let message = format!("the operation {invoked} says which resource it is about");
        walk.report(Severity::Error, Rule::Required, "5.5.12.2", message);
    }
}

/// Whether an extension refers to a resource.
fn names_an_item(record: &dyn Record) -> bool {
    record.extensions().iter().any(|extension| {
        extension.value().get("href").and_then(Any::as_str).is_some() || extension.value().as_str().is_some()
    })
}

/// Whether the operation that is invoked takes parameters that the standard does not name: it is the provider's own,
/// or names what is inserted or removed after its type.
pub(in crate::validate) fn takes_parameters(record: &dyn Record) -> bool {
    let invoked = text(record, "action").and_then(name);
    invoked.is_none_or(|invoked| !ACTIONS.iter().any(|(action, ..)| *action == invoked))
}
