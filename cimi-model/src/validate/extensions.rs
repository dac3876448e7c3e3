//! What a record holds beyond its table: attributes that nobody knows (5.3), values that were not understood, and
//! attributes that are erased.

use super::walk::{Standing, Walk, is_untyped};
use super::{Rule, Severity, metadata, values};
use crate::any::Any;
use crate::attributes;
use crate::error::Step;
use crate::ext::AddedAttribute;
use crate::extensions::Extension;
use crate::meta::{Attribute, Kind, Role, Type};
use crate::names::{is_identifier, lower_first};
use crate::reflect::{Record, View};
use crate::scope::VSCOPE;

pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    for extension in record.extensions() {
        if let Some(addition) = addition(walk, record, extension.key()) {
            added(walk, record, addition);
            continue;
        }
        walk.at(Step::Owned(extension.key().to_owned()), |walk| one(walk, record, extension, standing));
    }
}

/// The addition that has this key, or this name where its key is not there, if the type may have it.
fn addition(walk: &Walk<'_>, record: &dyn Record, key: &str) -> Option<&'static dyn AddedAttribute> {
    let found = walk.options.registry?.additions_of(record.record_type());
    let is_it = |own: &str, name: &str| key == own || (key == name && record.extensions().get(own).is_none());
    found.into_iter().find(|addition| is_it(&addition.key(), addition.name()))
}

fn added(walk: &mut Walk<'_>, record: &dyn Record, addition: &'static dyn AddedAttribute) {
    let within = format!("/{}", record.record_type().name);
    for problem in addition.problems(record, walk.options) {
        walk.adopt(problem, &within);
    }
}

fn one(walk: &mut Walk<'_>, record: &dyn Record, extension: &Extension, standing: Standing) {
    let record_type = record.record_type();
    let in_reference = matches!(standing, Standing::ByValue | Standing::Expanded);
    walk.symbols_in(extension.value(), false);
    match extension.key() {
        key if let Some(attribute) = record_type.attribute(key) => {
            if key != attribute.name && !matches!(attributes::get(record, attribute.name), View::Absent) {
                let message = format!("another spelling of {}, which is there as well", attribute.name);
                walk.report(Severity::Warning, Rule::Spelling, record_type.clause, message);
            } else {
                let is_other =
                    record_type.any && record.extensions().iter().any(|other| is_unknown(record_type, other));
                if !(is_other && matches!(extension.value(), Any::Object(_) | Any::Array(_))) {
                    kept(walk, record_type, attribute, extension.value(), in_reference);
                }
            }
        }
        VSCOPE if *extension.value() == Any::Null => erased(walk, in_reference),
        "href" if in_reference => {
            walk.report(Severity::Error, Rule::Value, "5.5.6", "the value is not a URI");
        }
        "resourceURI" | "#resourceURI" if !is_untyped(record) => {
            let message = format!("the value is not the URI of the type {}", record_type.name);
            walk.report(Severity::Error, Rule::Type, "5.4", message);
        }
        _ => unknown(walk, record, extension, standing),
    }
}

/// Whether this is an attribute of another structure, which may have attributes of these names as well.
fn is_unknown(record_type: &Type, extension: &Extension) -> bool {
    record_type.attribute(extension.key()).is_none()
}

/// What a lenient reader could not understand, or that the attribute is erased.
fn kept(walk: &mut Walk<'_>, record_type: &Type, attribute: &Attribute, value: &Any, in_reference: bool) {
    match value {
        Any::Null => erased(walk, in_reference),
        _ if holds_anything(attribute.kind) || is_word_for_duration(attribute, value) => {}
        _ => {
            let (expected, clause) = values::form(attribute.kind);
            let message = format!("the value of this attribute of {} is not {expected}", record_type.name);
            walk.report(Severity::Error, Rule::Value, clause, message);
        }
    }
}

/// What stands in a reference overrides a template, attribute by attribute; a structure in it does so as a whole.
fn erased(walk: &mut Walk<'_>, in_reference: bool) {
    if !in_reference {
        let message = "null erases an attribute in what overrides a template, and nowhere else";
        walk.report(Severity::Error, Rule::Erased, "4.2.1.1", message);
    }
}

/// Whether the structure of the standard is but one of the values that the attribute may have (5.5.13).
fn holds_anything(kind: Kind) -> bool {
    matches!(kind, Kind::Structure(described) if described().any)
}

/// Table 47 names values of a duration that are none.
fn is_word_for_duration(attribute: &Attribute, value: &Any) -> bool {
    const WORDS: &[&str] = &["hourly", "daily", "weekly", "monthly", "yearly"];
    attribute.name == "intervalDuration" && value.as_str().is_some_and(|text| WORDS.contains(&text))
}

fn unknown(walk: &mut Walk<'_>, record: &dyn Record, extension: &Extension, standing: Standing) {
    let record_type = record.record_type();
    let Some(name) = extension.local_name() else { return };
    let key = extension.key();
    if !is_identifier(name) {
        let message = "the name is not made of letters, digits and underscores, without a digit first";
        walk.report(Severity::Error, Rule::Identifier, "5.2", message);
    }
    if let Some(described) = metadata::description(walk.options, record_type, key) {
        metadata::check_declared(walk, described, extension.value());
    } else if !is_untyped(record) && !is_open_to(record, name) {
        let known = walk.is_echoed() || (standing == Standing::Root && walk.is_stored(key));
        let severity = if known { Severity::Info } else { walk.unknown_severity(Severity::Info) };
        walk.report(severity, Rule::Unknown, "5.3", format!("{} has no such attribute", record_type.name));
    }
}

/// Where the standard leaves room for attributes that its tables do not name.
fn is_open_to(record: &dyn Record, name: &str) -> bool {
    match record.record_type() {
        found if found.role == Role::Resource && name == VSCOPE => true,
        found if found.namespace.is_some() => false,
        // The name follows from the type of the component (5.13.4).
        found if found.name == "componentDescriptor" => {
            let component = attributes::text(record, "type").and_then(|uri| uri.rsplit('/').next());
            component.is_some_and(|component| name.strip_suffix("Template").unwrap_or(name) == lower_first(component))
        }
        // What is inserted or removed is named after its type, and other operations have their own parameters.
        found if found.name == "Action" && found.role == Role::Create => super::rules::takes_parameters(record),
        _ => false,
    }
}
