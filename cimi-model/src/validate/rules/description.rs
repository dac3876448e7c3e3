//! Metadata documents themselves (5.11).

use std::collections::HashSet;

use crate::error::{Step, printable};
use crate::lifecycle::action::is_short;
use crate::meta::Type;
use crate::names::is_identifier;
use crate::reflect::Record;
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Rule, Severity, scopes};
use crate::{AttributeDescription, Dialect, ResourceMetadata, Uri};

/// Each attribute is described once. Namespace and type are there for those that the standard does not define, and
/// only for those.
pub(super) fn attributes(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(metadata) = record.as_any().downcast_ref::<ResourceMetadata>() else { return };
    let target = metadata.type_uri.as_ref().and_then(|uri| walk.options.type_of(uri.as_str()));
    let mut seen = HashSet::new();
    for (index, described) in metadata.attributes.iter().enumerate() {
        item(walk, "attributes", index, |walk| {
            name(walk, described, described.name.as_deref());
            if !seen.insert((&described.namespace, &described.name)) && described.name.is_some() {
                let message = "the attribute is described twice";
                walk.report_at("name", Severity::Error, Rule::Duplicate, "5.11", message);
            }
            if let Some(target) = target.filter(|target| target.namespace.is_none()) {
                defined_by(walk, target, described);
            }
            if described.mutable == Some(false) && described.consumer_writable == Some(true) {
                let message = "what is not mutable is not writable either";
                walk.report_at("consumerWritable", Severity::Error, Rule::Consistency, "5.3", message);
            }
        });
    }
}

fn defined_by(walk: &mut Walk<'_>, target: &'static Type, described: &AttributeDescription) {
    let Some(name) = described.name.as_deref() else { return };
    let present = [("namespace", described.namespace.is_some()), ("type", described.type_name.is_some())];
    let Some(attribute) = target.attribute(name).filter(|_| described.namespace.is_none()) else {
        for (what, _) in present.into_iter().filter(|(_, present)| !present) {
            let message = format!("the attribute is absent; {} has no attribute '{}'", target.name, printable(name));
            walk.report_at(what, Severity::Error, Rule::Required, "5.11", message);
        }
        if described.namespace.is_some() && target.attribute(name).is_some() {
            let message = format!("the standard defines the attribute '{}' of {}", printable(name), target.name);
            walk.report_at("namespace", Severity::Error, Rule::Forbidden, "5.11", message);
        }
        return;
    };
    if described.type_name.is_some() {
        let message = format!("the standard defines the attribute '{}' of {}", printable(name), target.name);
        walk.report_at("type", Severity::Error, Rule::Forbidden, "5.11", message);
    }
    let table = attribute.constraints;
    let wider = [
        ("mutable", described.mutable == Some(true) && !table.mutable),
        ("consumerWritable", described.consumer_writable == Some(true) && !table.consumer_writable),
        ("providerMandatory", described.provider_mandatory == Some(false) && table.provider_mandatory),
    ];
    for (what, _) in wider.into_iter().filter(|(_, wider)| *wider && attribute.constraints_stated) {
        let message = format!("the standard states the opposite for '{}'", printable(name));
        walk.report_at(what, Severity::Warning, Rule::Consistency, "5.11", message);
    }
}

/// A capability has a URI of its own; those of the standard are made up of the resource and the name.
pub(super) fn capabilities(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(metadata) = record.as_any().downcast_ref::<ResourceMetadata>() else { return };
    let target = metadata.type_uri.as_ref().and_then(|uri| walk.options.type_of(uri.as_str()));
    let (mut uris, mut names) = (HashSet::new(), HashSet::new());
    for (index, capability) in metadata.capabilities.iter().enumerate() {
        item(walk, "capabilities", index, |walk| {
            if let Some(own) = &capability.name {
                name(walk, capability, Some(own));
                unique(walk, "name", names.insert(own));
            }
            if let Some(uri) = &capability.uri {
                unique(walk, "uri", uris.insert(uri));
                capability_uri(walk, uri, capability.name.as_deref(), target);
            }
        });
    }
}

fn capability_uri(walk: &mut Walk<'_>, uri: &Uri, name: Option<&str>, target: Option<&Type>) {
    if !uri.is_absolute() {
        walk.report_at("uri", Severity::Error, Rule::Uri, "5.11.1", "the URI of a capability is absolute");
        return;
    }
    let Some((_, rest)) = Dialect::split_uri(uri.as_str()) else { return };
    let parts = rest.strip_prefix("capability/").and_then(|rest| rest.split_once('/'));
    let Some((resource, own)) = parts.filter(|(_, own)| is_identifier(own)) else {
        let message =
            format!("'{}' is not of the form {}", printable(uri.as_str()), Dialect::V2.uri("capability/TYPE/NAME"));
        walk.report_at("uri", Severity::Error, Rule::Uri, "5.11.1", message);
        return;
    };
    if let Some(target) = target.filter(|target| !target.is_named(resource)) {
        let message = format!("the capability is one of {}, not of {}", printable(resource), target.name);
        walk.report_at("uri", Severity::Error, Rule::Consistency, "5.11.1", message);
    }
    if name.is_some_and(|name| name != own) {
        let message = format!("the URI is that of the capability '{}'", printable(own));
        walk.report_at("name", Severity::Warning, Rule::Consistency, "5.11.1", message);
    }
}

/// An operation has a name and a URI of its own.
pub(super) fn actions(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(metadata) = record.as_any().downcast_ref::<ResourceMetadata>() else { return };
    let (mut uris, mut names) = (HashSet::new(), HashSet::new());
    for (index, action) in metadata.actions.iter().enumerate() {
        item(walk, "actions", index, |walk| {
            name(walk, action, action.name.as_deref());
            unique(walk, "name", action.name.as_ref().is_none_or(|own| names.insert(own)));
            unique(walk, "uri", action.uri.as_ref().is_none_or(|uri| uris.insert(uri)));
            // The operations with a short `rel` have that here as well.
            if action.uri.as_ref().is_some_and(|uri| !uri.is_absolute() && !is_short(uri.as_str())) {
                let message = "the URI of a provider's own operation is absolute";
                walk.report_at("uri", Severity::Error, Rule::Uri, "4.2", message);
            }
        });
    }
}

/// The scopes are ones of the type that is described.
pub(super) fn scopes(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if let Some(metadata) = record.as_any().downcast_ref::<ResourceMetadata>() {
        scopes::described(walk, metadata);
    }
}

fn item(walk: &mut Walk<'_>, list: &'static str, index: usize, f: impl FnOnce(&mut Walk<'_>)) {
    walk.at(Step::Name(list), |walk| walk.at(Step::Index(index), f));
}

fn unique(walk: &mut Walk<'_>, attribute: &'static str, first: bool) {
    if !first {
        walk.report_at(attribute, Severity::Error, Rule::Duplicate, "5.11", "another entry has it too");
    }
}

/// A name is there, and is an identifier.
fn name(walk: &mut Walk<'_>, entry: &dyn Record, name: Option<&str>) {
    match name {
        None => super::demand(walk, entry, "name", "5.11", "each entry has it"),
        Some(name) if !is_identifier(name) => {
            let message =
                format!("'{}' is not made of letters, digits and underscores, without a digit first", printable(name));
            walk.report_at("name", Severity::Error, Rule::Identifier, "5.2", message);
        }
        Some(_) => {}
    }
}
