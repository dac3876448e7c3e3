//! What a provider says about a type in its `ResourceMetadata` (5.11): other constraints, and attributes of its own.

use super::constraints::{Demand, demand};
use super::walk::{Standing, Walk};
use super::{Rule, Severity, Validation, values};
use crate::any::Any;
use crate::describe::describes_key;
use crate::error::{Step, printable};
use crate::meta::{Kind, Type};
use crate::reflect::Record;
use crate::{AttributeDescription, ResourceMetadata};

/// What the provider says about the type, the last word first.
pub(super) fn of_type<'v>(options: &Validation<'v>, record_type: &Type) -> impl Iterator<Item = &'v ResourceMetadata> {
    options
        .metadata
        .iter()
        .rev()
        .copied()
        .filter(|found| found.type_uri.as_ref().is_some_and(|uri| record_type.is_uri(uri.as_str())))
}

/// The description of an attribute, by its name or by the key of an extension.
pub(super) fn description<'v>(
    options: &Validation<'v>,
    record_type: &'static Type,
    key: &str,
) -> Option<&'v AttributeDescription> {
    of_type(options, record_type)
        .flat_map(|found| found.attributes.iter().rev())
        .find(|found| describes_key(found, key))
}

/// Looks for attributes of the provider's own that have to be there.
pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    let record_type = record.record_type();
    if walk.options.metadata.is_empty() {
        return;
    }
    let Some(demand) = demand(walk, record_type, standing) else { return };
    let described: Vec<_> = of_type(walk.options, record_type).flat_map(|found| &found.attributes).collect();
    for described in described {
        let Some(name) = described.name.as_deref() else { continue };
        if record_type.attribute(name).is_some()
            || record.extensions().iter().any(|extension| describes_key(described, extension.key()))
            || !walk.options.selects(|selected| selected == name)
            || described.type_name.as_deref().and_then(kind).is_some_and(Kind::can_be_empty)
        {
            continue;
        }
        let (stated, who) = match demand {
            Demand::Provider { .. } => (described.provider_mandatory.or(described.required), "Provider"),
            Demand::Consumer => (described.consumer_mandatory.or(described.required), "Consumer"),
        };
        if stated == Some(true) {
            let message = format!("the attribute is absent, which a {who} always includes");
            let name = name.to_owned();
            walk.at(Step::Owned(name), |walk| walk.report(Severity::Error, Rule::Required, "5.3", message));
        }
    }
}

/// Holds the value of an attribute of the provider's own against the type that is declared for it.
pub(super) fn check_declared(walk: &mut Walk<'_>, described: &AttributeDescription, value: &Any) {
    let Some(declared) = described.type_name.as_deref() else { return };
    let erased = matches!(value, Any::Null) && walk.may_erase();
    if !erased && kind(declared).is_some_and(|kind| !values::is_of(kind, value)) {
        let message = format!("the value is not of the declared type '{}'", printable(declared));
        walk.report(Severity::Error, Rule::Value, "5.11", message);
    }
}

/// The kind that a type of table 6 names; `None` for one that is not of the standard.
fn kind(declared: &str) -> Option<Kind> {
    let bare = declared.trim();
    let bare = bare.strip_prefix("xs:").or_else(|| bare.strip_prefix("xsd:")).unwrap_or(bare);
    Some(match bare {
        "string" => Kind::String,
        "integer" | "int" | "long" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "URI" | "anyURI" => Kind::Uri,
        "dateTime" => Kind::DateTime,
        "duration" => Kind::Duration,
        "byte[]" | "hexBinary" => Kind::Binary,
        "map" => Kind::Map,
        "string[]" => Kind::Array(&Kind::String),
        "integer[]" => Kind::Array(&Kind::Integer),
        "URI[]" => Kind::Array(&Kind::Uri),
        array if array.ends_with("[]") => Kind::Array(&Kind::Any),
        _ => return None,
    })
}
