//! What may be written: attributes for the provider alone, values that never change, and `$select`.

use super::walk::Walk;
use super::{Receiver, Rule, Severity, Verb, metadata};
use crate::describe::described_constraints;
use crate::error::Step;
use crate::meta::{Attribute, Constraints};
use crate::reflect::{Record, omitted, same_value};

/// Looks at the attributes of the document itself.
pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record) {
    // What a provider ignores is never an error.
    let ignores = walk.options.receiver == Receiver::Provider && !walk.asks_for(Severity::Warning);
    if ignores && walk.options.verb != Verb::PartialUpdate {
        return;
    }
    let record_type = record.record_type();
    for (index, attribute) in record_type.attributes.iter().enumerate() {
        let Some(value) = record.get(index) else { continue };
        if omitted(&value.view(), attribute.kind) {
            continue;
        }
        let change = change(walk, record, |record, current| match (record.get(index), current.get(index)) {
            (Some(new), Some(old)) => same_value(&new.view(), &old.view()),
            _ => false,
        });
        let constraints = effective(walk, record, attribute);
        walk.at(Step::Name(attribute.name), |walk| {
            selected(walk, |name| attribute.is_named(name));
            written(walk, constraints, change);
        });
    }
    for extension in record.extensions() {
        if record_type.attribute(extension.key()).is_some() {
            continue;
        }
        let change =
            change(walk, record, |_, current| current.extensions().get(extension.key()) == Some(extension.value()));
        let constraints = metadata::description(walk.options, record_type, extension.key())
            .map_or(Constraints::DEFAULT, |described| described_constraints(described, Constraints::DEFAULT));
        walk.at(Step::Owned(extension.key().to_owned()), |walk| {
            selected(walk, |name| extension.local_name() == Some(name));
            written(walk, constraints, change);
        });
    }
}

/// What is known about a value in comparison to the current one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Same,
    Different,
    Unknown,
}

fn change(walk: &Walk<'_>, record: &dyn Record, same: impl FnOnce(&dyn Record, &dyn Record) -> bool) -> Change {
    match walk.options.current {
        Some(current) if current.as_any().type_id() == record.as_any().type_id() => {
            if same(record, current) {
                Change::Same
            } else {
                Change::Different
            }
        }
        _ => Change::Unknown,
    }
}

fn effective(walk: &Walk<'_>, record: &dyn Record, attribute: &Attribute) -> Constraints {
    let described = metadata::description(walk.options, record.record_type(), attribute.name);
    described.map_or(attribute.constraints, |described| described_constraints(described, attribute.constraints))
}

/// An attribute of the full resource that `$select` does not name is unknown to its subset.
fn selected(walk: &mut Walk<'_>, is_named: impl Fn(&str) -> bool) {
    if walk.options.verb == Verb::PartialUpdate && !walk.options.selects(is_named) {
        let message = "$select does not name the attribute";
        walk.report(Severity::Error, Rule::Selection, "4.2.1.3.1", message);
    }
}

/// A provider ignores what it alone may write, without an error (4.2.1.3). In a full update such attributes are
/// expected, as it carries the whole representation.
fn written(walk: &mut Walk<'_>, constraints: Constraints, change: Change) {
    let writable = constraints.mutable && constraints.consumer_writable;
    let rule = if constraints.mutable { Rule::ReadOnly } else { Rule::Immutable };
    match (walk.options.receiver, walk.options.verb) {
        (Receiver::Provider, Verb::Create) if !constraints.consumer_writable => {
            let message = "the provider sets the attribute, and ignores what is sent";
            walk.report(Severity::Warning, Rule::ReadOnly, "5.3", message);
        }
        (Receiver::Provider, Verb::Update) if !writable && change == Change::Different => {
            let message = "consumers cannot change the attribute; the provider ignores what is sent";
            walk.report(Severity::Warning, rule, "4.2.1.3", message);
        }
        (Receiver::Provider, Verb::PartialUpdate) if !writable && change != Change::Same => {
            let message = "consumers cannot change the attribute; the provider ignores what is sent";
            walk.report(Severity::Warning, rule, "4.2.1.3", message);
        }
        (Receiver::Consumer, Verb::Read) if !constraints.mutable && change == Change::Different => {
            let message = "the value differs from an earlier one, and never changes";
            walk.report(Severity::Error, Rule::Immutable, "5.3", message);
        }
        _ => {}
    }
}
