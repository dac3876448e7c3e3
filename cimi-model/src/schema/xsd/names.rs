//! Which types a schema describes, and what they are called in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::meta::{Role, Type};
use crate::names::upper_first;
use crate::reflect::Described;
use crate::{AnyResource, Dialect, Registry};

/// Whether a type stands for resources of any type.
pub(super) fn is_any_resource(found: &'static Type) -> bool {
    found.is_same(AnyResource::described())
}

/// A type that the schemas describe.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) described: &'static Type,
    /// The type in which it was found first.
    owner: Option<&'static Type>,
    /// Whether documents can be of this type.
    pub(super) is_root: bool,
}

/// The types of a registry in a dialect, and all that they lead to, each once.
pub(super) fn reachable(registry: &Registry, dialect: Dialect) -> Vec<Found> {
    let roots = registry.iter().map(|entry| entry.record_type).filter(|found| dialect.has(found.versions));
    let mut all: Vec<Found> = Vec::new();
    let is_new = |all: &[Found], described| !all.iter().any(|known| known.described.is_same(described));
    for described in roots {
        if is_new(&all, described) {
            all.push(Found { described, owner: None, is_root: described.role.has_uri() });
        }
    }
    for addition in registry.additions() {
        let described = addition.value_type();
        if dialect.has(described.versions) && is_new(&all, described) {
            all.push(Found { described, owner: None, is_root: false });
        }
    }
    let mut next = 0;
    while let Some(Found { described: owner, .. }) = all.get(next).copied() {
        next += 1;
        for attribute in owner.attributes.iter().filter(|attribute| dialect.has(attribute.versions)) {
            let Some(described) = attribute.kind_in(dialect).target() else { continue };
            if !is_any_resource(described) && is_new(&all, described) {
                // What is in a collection has an element of its own.
                let is_root = owner.role == Role::Collection && described.role.has_uri();
                all.push(Found { described, owner: Some(owner), is_root });
            }
        }
    }
    all
}

/// The name of a type as the schema of a dialect has it.
pub(super) fn schema_name(found: &Type, dialect: Dialect) -> &'static str {
    match (dialect, found.v1_structure) {
        (Dialect::V1, Some(name)) => name,
        _ => found.name_in(dialect),
    }
}

/// The names of complex and simple types in each namespace. Names that differ in case alone are not used: programs
/// are generated that have classes of these names.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeMap<String, BTreeSet<String>>,
    of_types: Vec<(&'static Type, String)>,
}

impl Names {
    /// Takes names for types: resources have their own, structures are named after their owner where they must.
    pub(super) fn take_types(&mut self, all: &[Found], dialect: Dialect) {
        let (structures, others): (Vec<&Found>, Vec<&Found>) =
            all.iter().partition(|found| found.described.role == Role::Structure);
        for found in others.into_iter().chain(structures) {
            let described = found.described;
            let own = schema_name(described, dialect);
            let namespace = described.namespace_in(dialect);
            let name = if described.role == Role::Structure {
                let owner = found.owner.map(|owner| upper_first(schema_name(owner, dialect)));
                self.take(namespace, &upper_first(own), &owner.unwrap_or_default())
            } else {
                self.take(namespace, own, "")
            };
            self.of_types.push((described, name));
        }
    }

    /// The name of a type.
    pub(super) fn of(&self, found: &'static Type) -> String {
        let known = self.of_types.iter().find(|(known, _)| known.is_same(found));
        known.map(|(_, name)| name.clone()).unwrap_or_default()
    }

    /// Takes a name that is free, as is the one of references to it: the name itself, or with the owner before it.
    pub(super) fn take(&mut self, namespace: &str, name: &str, owner: &str) -> String {
        let taken = self.taken.entry(namespace.to_owned()).or_default();
        let is_free = |name: &str| ["", "ref"].iter().all(|end| !taken.contains(&(name.to_lowercase() + end)));
        let with_owner = format!("{owner}{name}");
        let numbered = (2..).map(|number| format!("{with_owner}{number}"));
        let candidates = [name.to_owned(), with_owner.clone()].into_iter().chain(numbered);
        let chosen = candidates.into_iter().find(|name| is_free(name)).unwrap_or_default();
        taken.extend([chosen.to_lowercase(), format!("{}ref", chosen.to_lowercase())]);
        chosen
    }
}
