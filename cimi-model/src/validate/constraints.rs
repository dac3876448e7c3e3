//! The constraints of 5.3: what has to be there.

use super::walk::{Standing, Walk};
use super::{Receiver, Rule, Severity, Verb, metadata};
use crate::meta::{Attribute, Role, Type, Versions};
use crate::reflect::{Record, omitted};

/// Reports attributes that are absent although a constraint demands them.
pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    let Some(demand) = demand(walk, record.record_type(), standing) else { return };
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        if !may_be_demanded(walk, attribute, demand) {
            continue;
        }
        let absent = record.get(index).is_none_or(|value| omitted(&value.view(), attribute.kind));
        if !absent || !is_asked_for(walk, record.record_type(), attribute, standing) {
            continue;
        }
        if record.extensions().iter().any(|extension| attribute.is_named(extension.key())) {
            continue;
        }
        if let Some((severity, who)) = severity(walk, record.record_type(), attribute, demand) {
            let message = format!("the attribute is absent, which a {who} always includes");
            walk.report_at(attribute.name, severity, Rule::Required, "5.3", message);
        }
    }
}

/// Whether the absence of an attribute can be a problem that is asked about, as far as its table says.
fn may_be_demanded(walk: &Walk<'_>, attribute: &Attribute, demand: Demand) -> bool {
    let constraints = attribute.constraints;
    let by_table = match demand {
        Demand::Consumer => constraints.consumer_mandatory,
        Demand::Provider { .. } => constraints.provider_mandatory,
    };
    by_table || !walk.options.metadata.is_empty()
}

/// Whose constraint is asked about, and whether the default of 5.3 counts.
#[derive(Clone, Copy)]
pub(super) enum Demand {
    /// What the Provider includes: where it is stated, and where it is the default.
    Provider { defaults: bool },
    /// What the Consumer includes.
    Consumer,
}

/// What is demanded of a record of this type, as it stands here.
pub(super) fn demand(walk: &Walk<'_>, record_type: &Type, standing: Standing) -> Option<Demand> {
    let (receiver, verb) = (walk.options.receiver, walk.options.verb);
    match (receiver, standing) {
        (_, Standing::Expanded) | (Receiver::Consumer, Standing::ByValue) | (Receiver::Provider, Standing::Member) => {
            None
        }
        (Receiver::Consumer, _) if record_type.role == Role::Create => None,
        // Each entry of a collection shows but the reference and the common attributes by default (5.5.12).
        (Receiver::Consumer, _) => Some(Demand::Provider { defaults: standing != Standing::Member }),
        (Receiver::Provider, Standing::Root) if verb == Verb::PartialUpdate => None,
        (Receiver::Provider, Standing::ByValue) if verb != Verb::Create => None,
        (Receiver::Provider, _) => Some(Demand::Consumer),
    }
}

fn severity(
    walk: &Walk<'_>,
    record_type: &'static Type,
    attribute: &Attribute,
    demand: Demand,
) -> Option<(Severity, &'static str)> {
    let described = metadata::description(walk.options, record_type, attribute.name);
    let constraints = attribute.constraints;
    match demand {
        Demand::Provider { defaults } => {
            let stated = described.and_then(|found| found.provider_mandatory.or(found.required));
            let severity = match stated {
                Some(true) => Severity::Error,
                None if constraints.provider_mandatory && attribute.constraints_stated => Severity::Error,
                None if constraints.provider_mandatory && defaults => Severity::Info,
                _ => return None,
            };
            Some((severity, "Provider"))
        }
        Demand::Consumer => {
            let stated = described.and_then(|found| found.consumer_mandatory.or(found.required));
            stated.unwrap_or(constraints.consumer_mandatory).then_some((Severity::Error, "Consumer"))
        }
    }
}

/// Whether this attribute is expected in this document at all.
fn is_asked_for(walk: &Walk<'_>, record_type: &Type, attribute: &Attribute, standing: Standing) -> bool {
    let exists = match walk.options.dialect {
        Some(dialect) => dialect.has(attribute.versions),
        None => attribute.versions == Versions::Both || attribute.versions == record_type.versions,
    };
    let selected = standing == Standing::Structure || walk.options.selects(|name| attribute.is_named(name));
    // The Provider assigns it (5.7.1, table 5).
    let assigned = attribute.name == "id" && walk.options.verb == Verb::Create;
    exists && selected && !assigned && !record_type.may_omit(attribute)
}
