//! What may be done with resources and collections here: what the standard offers, as far as this provider goes.

use std::collections::HashMap;

use cimi_model::ext::access::{ACCESS_CONTROL, SUBJECTS};
use cimi_model::lifecycle::Rules;
use cimi_model::meta::Role;
use cimi_model::{Attribute, Dialect, Registry, ResourceMetadata, Type, ext};

use super::layout;

/// The types that there are: those of the standard, and in 2.0 what is added to them.
pub(crate) fn registry(dialect: Dialect) -> Registry {
    match dialect {
        Dialect::V1 => Registry::standard(),
        Dialect::V2 => ext::registry().with_addition(&ACCESS_CONTROL).with_addition(&SUBJECTS),
    }
}

/// The rules of each type, by its name.
pub(crate) fn of_all(registry: &Registry, metadata: &[ResourceMetadata]) -> HashMap<&'static str, Rules> {
    let types = registry.iter().map(|entry| entry.record_type).filter(|of| of.role == Role::Resource);
    types.map(|of| (of.name, of_resource(of, metadata))).collect()
}

/// What may be done with a resource.
pub(crate) fn of_resource(of: &'static Type, metadata: &[ResourceMetadata]) -> Rules {
    let is_it = |found: &&ResourceMetadata| found.type_uri.as_ref().is_some_and(|uri| of.is_uri(uri.as_str()));
    let rules = Rules::of(of);
    let rules = match metadata.iter().find(is_it) {
        Some(metadata) => rules.with_metadata(metadata),
        None => rules,
    };
    unsupported(of.name).iter().fold(rules, |rules, operation| rules.without_operation(operation))
}

/// What the standard offers and this provider does not.
pub(crate) fn unsupported(of: &str) -> &'static [&'static str] {
    match of {
        "CloudEntryPoint" => &["delete"],
        // They say what this provider is, which consumers cannot change.
        "ResourceMetadata" => &["edit", "delete"],
        _ => &[],
    }
}

/// What may be done with the collection that a resource has at an attribute; `is_catalog` if it is the entry point's.
pub(crate) fn of_collection(
    of: &'static Type,
    attribute: &'static Attribute,
    is_catalog: bool,
    dialect: Dialect,
) -> Rules {
    let rules = Rules::of(of).without_operation("edit");
    let Some(member) = layout::member_type(attribute, dialect) else { return rules };
    let is_accessory = member.attributes.iter().any(layout::is_accessory);
    let by_operation = of.name == "RecoverableMachineCollection";
    if by_operation || member.name == "ResourceMetadata" || matches!(attribute.name, "snapshots" | "images") {
        return rules.only_operations(&[]);
    }
    if is_catalog {
        return rules;
    }
    let rules = rules.without_operation("import");
    match dialect {
        Dialect::V1 if is_accessory => {
            rules.without_operation("insert").without_operation("remove").with_operation("add")
        }
        Dialect::V2 if !attribute.child => {
            rules.without_operation("add").with_operation("insert").with_operation("remove")
        }
        // What exists by itself can be brought in, too.
        Dialect::V2 if layout::catalog_of(member, dialect).is_some() && attribute.name != "meters" => {
            rules.with_operation("insert").with_operation("remove")
        }
        _ => rules,
    }
}
