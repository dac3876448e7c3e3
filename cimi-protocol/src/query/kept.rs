//! `$select` carried out on records (4.1.6.3).

use std::collections::HashSet;

use cimi_model::meta::{Attribute, Kind};
use cimi_model::reflect::{List, Record, Slot, Value, View};
use cimi_model::{Dialect, Extension, Type};

use super::names::{attribute_of, has_attribute, has_extension, is_extension};
use super::select::{ALL, Select};

/// The attributes of records of one type that stay.
pub(super) struct Kept<'s> {
    table: &'static Type,
    /// Whether the attribute at each index stays.
    attributes: Vec<bool>,
    /// The names, for extensions.
    names: HashSet<&'s str>,
}

impl<'s> Kept<'s> {
    fn of(names: impl Iterator<Item = &'s str>, table: &'static Type) -> Self {
        let names: HashSet<&str> = names.collect();
        let attributes = table.attributes.iter().map(|attribute| has_attribute(&names, attribute)).collect();
        Self { table, attributes, names }
    }

    /// What stays of a resource that is no collection.
    pub(super) fn of_resource(select: &'s Select, table: &'static Type) -> Self {
        let top = |name: &'s str| match split_path(name) {
            Some((first, _)) if table.attribute(first).is_some_and(leads_to_collection) => first,
            _ => name,
        };
        Self::of(select.names().map(top), table)
    }

    /// Takes the other attributes out. `resourceURI` says the type and always stays (4.1.4).
    pub(super) fn apply(&self, record: &mut dyn Record) {
        for (index, kept) in self.attributes.iter().enumerate() {
            if !kept && let Some(value) = record.get_mut(index) {
                value.clear();
            }
        }
        if !record.extensions().is_empty() {
            record.extensions_mut().retain(|found| found.key() == "resourceURI" || self.keeps(found));
        }
    }

    /// Whether an extension stays. What a reader could not understand of an attribute, and what stood at its element in
    /// XML, goes with the attribute.
    fn keeps(&self, extension: &Extension) -> bool {
        let attribute = attribute_of(extension).unwrap_or_else(|| extension.key());
        let index = self.table.find(attribute, 0);
        has_extension(&self.names, extension)
            || self.names.contains(attribute)
            || index.is_some_and(|index| self.attributes.get(index) == Some(&true))
    }

    /// Whether one of the names is that of an attribute of these items.
    fn is_of(&self, items: &dyn List) -> bool {
        let has_one = |index| match items.item(index) {
            View::Record(item) => item.extensions().iter().any(|found| self.keeps(found)),
            _ => false,
        };
        self.attributes.contains(&true) || (0..items.len()).any(has_one)
    }
}

fn leads_to_collection(attribute: &Attribute) -> bool {
    matches!(attribute.kind, Kind::Ref(target) if target().members.is_some())
}

/// What stays of the items of a collection.
pub(super) enum Items<'s> {
    /// All of each.
    Whole,
    /// The attributes of these names, if items have them; else no item.
    Of(Vec<&'s str>),
}

impl Items<'_> {
    pub(super) fn apply(&self, items: &mut dyn List, item_type: &'static Type) {
        let Self::Of(names) = self else { return };
        let kept = Kept::of(names.iter().copied(), item_type);
        if !kept.is_of(items) {
            items.retain(&mut |_| false);
        }
        for index in 0..items.len() {
            if let Some(Slot::Record(item)) = items.item_mut(index) {
                kept.apply(item);
            }
        }
    }
}

/// What stays of a collection: of its own attributes, and of its items.
///
/// A name belongs to the collection if that has such an attribute, else to the items (4.1.6.3): `count` is the one,
/// `name` the other. The array of the items is an attribute of the collection, which has them whole.
pub(super) struct Parts<'s> {
    pub(super) own: Kept<'s>,
    pub(super) items: Items<'s>,
}

impl<'s> Parts<'s> {
    /// The parts of a collection that has its items in the attribute at `index`.
    pub(super) fn of(select: &'s Select, collection: &dyn Record, index: usize, dialect: Dialect) -> Self {
        let table = collection.record_type();
        let own = |name: &str| {
            table.find(name, 0).is_some_and(|found| {
                table.attributes.get(found).is_some_and(|attribute| dialect.has(attribute.versions))
                    || collection.get(found).is_some_and(|value| !value.view().is_empty())
            })
        };
        let is_grouping = |name: &str| table.find(name, 0) == Some(index);
        let mut parts = Self::sorted(select.names(), collection, &own, &is_grouping);
        parts.own.keep(index);
        parts
    }

    /// The parts of a collection without a table that has its items in the extension with this key.
    pub(super) fn of_loose(select: &'s Select, collection: &dyn Record, key: &'s str) -> Self {
        let mut parts = Self::sorted(select.names(), collection, &|_| false, &|name| name == key);
        parts.own.names.insert(key);
        parts
    }

    fn sorted(
        names: impl Iterator<Item = &'s str>,
        collection: &dyn Record,
        is_own: &dyn Fn(&str) -> bool,
        is_grouping: &dyn Fn(&str) -> bool,
    ) -> Self {
        let (mut own, mut of_items, mut whole) = (Vec::new(), Vec::new(), false);
        for name in names {
            match split_path(name) {
                _ if is_grouping(name) => whole = true,
                _ if is_own(name) || collection.extensions().iter().any(|found| is_extension(found, name)) => {
                    own.push(name);
                }
                Some((first, rest)) if is_grouping(first) => {
                    whole |= rest == ALL;
                    of_items.push(rest);
                }
                Some(_) => {}
                None => of_items.push(name),
            }
        }
        let items = if whole { Items::Whole } else { Items::Of(of_items) };
        Self { own: Kept::of(own.into_iter(), collection.record_type()), items }
    }
}

impl Kept<'_> {
    fn keep(&mut self, index: usize) {
        if let Some(kept) = self.attributes.get_mut(index) {
            *kept = true;
        }
    }
}

/// A name in the notation of paths. The slashes of a namespace belong to the name.
fn split_path(name: &str) -> Option<(&str, &str)> {
    if name.starts_with('{') { None } else { name.split_once('/') }
}

/// Carries out the paths that lead into collections that a resource refers to, where they have been expanded:
/// `disks/capacity` leaves of the disks of a Machine their capacities.
pub(super) fn select_nested(select: &Select, record: &mut dyn Record) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        if !leads_to_collection(attribute) || select.has(attribute) {
            continue;
        }
        let paths = select.names().filter_map(split_path);
        let names: Vec<&str> = paths.filter(|(first, _)| attribute.is_named(first)).map(|(_, rest)| rest).collect();
        if names.contains(&ALL) || names.is_empty() {
            continue;
        }
        let expanded = record.get(index).is_some_and(|value| match value.view() {
            View::Ref(reference) => reference.record().is_some(),
            _ => false,
        });
        if let Some(Slot::Ref(reference)) = record.get_mut(index).filter(|_| expanded).map(Value::slot) {
            select_items(names, reference.record_mut());
        }
    }
}

/// Leaves of a collection its items with these attributes.
fn select_items(names: Vec<&str>, collection: &mut dyn Record) {
    let table = collection.record_type();
    let Some(members) = table.members else { return };
    let Some(index) = table.find(members.grouping, 0) else { return };
    if let Some(Slot::List(items)) = collection.get_mut(index).map(Value::slot) {
        Items::Of(names).apply(items, (members.item)());
    }
    let mut own = Kept::of(std::iter::empty(), table);
    own.keep(index);
    own.apply(collection);
}
