//! Component descriptors of a `SystemTemplate` (5.13.4).

use crate::attributes::{get, integer, text};
use crate::error::printable;
use crate::meta::Kind;
use crate::reflect::{Record, View, omitted};
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Rule, Severity};

/// A descriptor has one template or resource, named after the type of the component.
pub(super) fn one_resource(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let present: Vec<&'static str> = record
        .record_type()
        .attributes
        .iter()
        .enumerate()
        .filter(|(_, attribute)| matches!(attribute.kind, Kind::Ref(_)))
        .filter(|(index, attribute)| {
            record.get(*index).is_some_and(|value| !omitted(&value.view(), attribute.kind))
                || record.extensions().get(attribute.name).is_some()
        })
        .map(|(_, attribute)| attribute.name)
        .collect();
    match present.as_slice() {
        // A resource whose name the table does not have is among the extensions.
        [] if record.extensions().is_empty() => {
            let message = "the descriptor has neither a template nor a resource";
            walk.report(Severity::Error, Rule::Required, "5.13.4", message);
        }
        [] => {}
        [name] => named_after_type(walk, record, name),
        [_, rest @ ..] => {
            for &name in rest {
                let message = "the descriptor has a template or resource already";
                walk.report_at(name, Severity::Error, Rule::Forbidden, "5.13.4", message);
            }
        }
    }
}

fn named_after_type(walk: &mut Walk<'_>, record: &dyn Record, name: &'static str) {
    let Some(component) = text(record, "type").and_then(|uri| walk.options.type_of(uri)) else { return };
    let base = name.strip_suffix("Template").unwrap_or(name);
    if !base.eq_ignore_ascii_case(component.name)
        && !base.eq_ignore_ascii_case(component.name.trim_end_matches("Template"))
    {
        let message = format!("the type of the component is {}", printable(component.name));
        walk.report_at(name, Severity::Error, Rule::Consistency, "5.13.4", message);
    }
}

/// How many components are made from a template: one at least. An existing resource is one.
pub(super) fn quantity(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(quantity) = integer(record, "quantity") else { return };
    if quantity < 1 {
        let message = format!("{quantity} components cannot be made");
        walk.report_at("quantity", Severity::Error, Rule::Range, "5.13.4", message);
        return;
    }
    let template =
        record.record_type().attributes.iter().any(|attribute| {
            attribute.name.ends_with("Template") && !matches!(get(record, attribute.name), View::Absent)
        });
    if quantity > 1 && !template && record.extensions().is_empty() {
        let message = format!("{quantity}, but the component is not made from a template");
        walk.report_at("quantity", Severity::Error, Rule::Consistency, "5.13.4", message);
    }
}
