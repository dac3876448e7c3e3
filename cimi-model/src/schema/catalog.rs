//! All types that a registry leads to, with a name for each that no other has, and who refers to whom.

use crate::Registry;
use crate::ext::AddedAttribute;
use crate::meta::{Attribute, Role, Type};
use crate::names;
use crate::reflect::{Record, Slot};

/// The types of a registry and those that they lead to.
pub(crate) struct Catalog {
    pub(crate) types: Vec<Listed>,
}

/// One of the types.
pub(crate) struct Listed {
    pub(crate) record_type: &'static Type,
    /// The name of the type, with a number where another type has the same.
    pub(crate) id: String,
    /// An empty value. There is none of what only describes the keys of a map.
    empty: Option<Box<dyn Record>>,
}

impl Listed {
    /// An empty value.
    pub(crate) fn empty(&self) -> Option<Box<dyn Record>> {
        self.empty.as_ref().map(|record| record.boxed_clone())
    }
}

impl Catalog {
    pub(crate) fn new(registry: &Registry) -> Self {
        let mut listed: Vec<Listed> = Vec::new();
        for record_type in registry.types() {
            let mut id = record_type.name.to_owned();
            let mut number = 2;
            while listed.iter().any(|other| other.id == id) {
                id = format!("{}-{number}", record_type.name);
                number += 1;
            }
            listed.push(Listed { record_type, id, empty: None });
        }
        let mut catalog = Self { types: listed };
        catalog.find_values(registry);
        catalog
    }

    /// The entry of a type.
    pub(crate) fn find(&self, record_type: &'static Type) -> Option<&Listed> {
        self.types.iter().find(|listed| listed.record_type.is_same(record_type))
    }

    /// The collection of a type.
    pub(crate) fn collection_of(&self, record_type: &'static Type) -> Option<&Listed> {
        self.types.iter().find(|listed| listed.record_type.members.is_some_and(|of| (of.item)().is_same(record_type)))
    }

    /// The attributes that lead to a type. What all resources have leads nowhere in particular, and the members of a
    /// collection are told by its name.
    pub(crate) fn referring(&self, to: &'static Type) -> Vec<(&Listed, &'static Attribute)> {
        let mut found = Vec::new();
        for listed in &self.types {
            if listed.record_type.role == Role::Collection {
                continue;
            }
            for attribute in listed.record_type.attributes {
                let leads = attribute.kind.target().is_some_and(|target| target.is_same(to))
                    || attribute.keys.is_some_and(|keys| keys.of.iter().any(|(_, keys)| keys().is_same(to)));
                if leads && !is_common(listed.record_type, attribute) {
                    found.push((listed, attribute));
                }
            }
        }
        found
    }

    /// Finds an empty value of each type: those of the registry, and what can be made of their attributes.
    fn find_values(&mut self, registry: &Registry) {
        let entries = registry.iter().map(|entry| (entry.new)());
        let mut waiting: Vec<Box<dyn Record>> =
            entries.chain(registry.additions().map(AddedAttribute::empty)).collect();
        waiting.reverse();
        while let Some(empty) = waiting.pop() {
            let record_type = empty.record_type();
            let Some(listed) = self.types.iter_mut().find(|listed| listed.record_type.is_same(record_type)) else {
                continue;
            };
            if listed.empty.is_none() {
                waiting.extend(within(empty.boxed_clone()));
                listed.empty = Some(empty);
            }
        }
    }
}

/// Whether this is one of the attributes that every resource has (5.7.1), which those that say it again have as well.
pub(crate) fn is_common(record_type: &Type, attribute: &Attribute) -> bool {
    // The metadata of a CloudEntryPoint is a collection of its own.
    let own = record_type.role != Role::Resource || matches!(attribute.kind.target(), Some(to) if to.members.is_some());
    !own && names::is_common(attribute.name)
}

/// Empty values of what the attributes of a record hold or refer to.
fn within(mut record: Box<dyn Record>) -> Vec<Box<dyn Record>> {
    let count = record.record_type().attributes.len();
    (0..count).filter_map(|index| record.get_mut(index).and_then(|value| held(value.slot()))).collect()
}

fn held(slot: Slot<'_>) -> Option<Box<dyn Record>> {
    match slot {
        Slot::Record(record) => Some(record.boxed_clone()),
        Slot::Ref(reference) => Some(reference.record_mut().boxed_clone()),
        Slot::List(list) => match list.push() {
            Slot::List(_) => None,
            item => held(item),
        },
        _ => None,
    }
}
