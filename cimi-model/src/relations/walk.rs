//! What a record says of its relations, without looking into what it nests.

use crate::any::Any;
use crate::error::Step;
use crate::meta::{Attribute, Dependence, Kind, Role, Type};
use crate::reflect::{Record, Reference, View};

/// A place in a record that leads to a resource or nests a record.
pub(super) struct Link<'r> {
    /// The index of the attribute.
    pub(super) index: usize,
    /// The attribute.
    pub(super) attribute: &'static Attribute,
    /// The index in the array, if the attribute is one.
    pub(super) item: Option<usize>,
    /// The URI of the resource that is referred to.
    pub(super) target: Option<&'r str>,
    /// The record in this place.
    pub(super) nested: Option<&'r dyn Record>,
    /// Whether this is a member of a collection.
    pub(super) member: bool,
}

/// The references, structures and members of a record. What an attribute of type `any` holds is no relation of the
/// resource: an Event outlives what it reports (5.17.13).
pub(super) fn links<'r>(record: &'r dyn Record) -> Vec<Link<'r>> {
    let described = record.record_type();
    let mut links = Vec::new();
    for (index, attribute) in described.attributes.iter().enumerate() {
        if !leads_somewhere(attribute.kind) {
            continue;
        }
        let member = described.members.is_some_and(|members| members.grouping == attribute.name);
        let Some(value) = record.get(index) else { continue };
        let mut add = |view: View<'r>, item| {
            let (target, nested) = match view {
                View::Ref(reference) => (target_of(reference), reference.record()),
                View::Record(nested) if member => (member_target(nested), Some(nested)),
                View::Record(nested) => (None, Some(nested)),
                _ => return,
            };
            links.push(Link { index, attribute, item, target, nested, member });
        };
        match value.view() {
            View::List(list) => (0..list.len()).for_each(|item| add(list.item(item), Some(item))),
            view => add(view, None),
        }
    }
    links
}

pub(super) fn leads_somewhere(kind: Kind) -> bool {
    match kind {
        Kind::Array(item) => leads_somewhere(*item),
        Kind::Structure(described) => !described().any,
        kind => matches!(kind, Kind::Ref(_)),
    }
}

/// The resource that a reference leads to; one that is expanded without an `href` has the target's `id`.
fn target_of(reference: &dyn Reference) -> Option<&str> {
    reference.href().map(crate::Uri::as_str).or_else(|| id_of(reference.record()?))
}

/// The resource that a member of a collection is; one that only adds to another resource may have no `id` of its own.
fn member_target(member: &dyn Record) -> Option<&str> {
    id_of(member).or_else(|| accessory_target(member))
}

/// The resource to which this one only adds.
pub(crate) fn accessory_target(record: &dyn Record) -> Option<&str> {
    let (index, _) = accessory_row(record.record_type())?;
    reference_at(record, index)
}

/// The attribute that refers to the resource to which ones of this type only add, with its index.
pub(crate) fn accessory_row(described: &Type) -> Option<(usize, &'static Attribute)> {
    described.attributes.iter().enumerate().find(|(_, row)| row.dependence == Some(Dependence::Accessory))
}

/// The `id` of a resource, if it has one that is not empty.
pub(crate) fn id_of(record: &dyn Record) -> Option<&str> {
    let described = record.record_type();
    if !matches!(described.role, Role::Resource | Role::Collection) {
        return None;
    }
    let id = match described.find_exact("id", 0) {
        Some(index) => match record.get(index)?.view() {
            View::Text(id) => Some(id),
            _ => None,
        },
        None => record.extensions().get("id").and_then(Any::as_str),
    };
    id.filter(|id| !id.is_empty())
}

/// The `parent` of a resource.
pub(super) fn parent_of(record: &dyn Record) -> Option<&str> {
    match record.record_type().find_exact("parent", 0) {
        Some(index) => reference_at(record, index),
        None => record.extensions().get("parent").and_then(|parent| parent.as_str().or_else(|| any_target(parent))),
    }
}

fn reference_at(record: &dyn Record, index: usize) -> Option<&str> {
    match record.get(index)?.view() {
        View::Ref(reference) => target_of(reference),
        _ => None,
    }
}

/// The target of a reference in a map or an extension: an object with an `href` (5.5.6).
pub(super) fn any_target(value: &Any) -> Option<&str> {
    value.get("href")?.as_str()
}

/// Values that no table describes: of maps that may hold more than strings, and of extensions; with their place.
pub(super) fn untyped(record: &dyn Record) -> impl Iterator<Item = (Place, &Any)> {
    let rows = record.record_type().attributes.iter().enumerate();
    let maps = rows.filter(|(_, attribute)| matches!(attribute.kind, Kind::Map)).flat_map(|(index, attribute)| {
        let map = record.get(index).and_then(|value| match value.view() {
            View::Map(map) => Some(map),
            _ => None,
        });
        map.into_iter().flat_map(move |map| {
            map.iter().map(move |(key, value)| (Place::Map(index, attribute.name, key.to_owned()), value))
        })
    });
    let extensions = record.extensions().iter();
    maps.chain(extensions.map(|extension| (Place::Extension(extension.key().to_owned()), extension.value())))
}

/// Where an untyped value stands in its record.
pub(super) enum Place {
    /// The value of a key of the map with this index and name.
    Map(usize, &'static str, String),
    /// An extension.
    Extension(String),
}

impl Place {
    /// The steps to it.
    pub(super) fn steps(self) -> Vec<Step> {
        match self {
            Self::Map(_, name, key) => vec![Step::Name(name), Step::Key(key)],
            Self::Extension(key) => vec![Step::Owned(key)],
        }
    }
}

/// The references in an untyped value, each with the steps to it from there; not those inside of a reference that
/// `skip` accepts.
pub(super) fn untyped_references<'r>(
    value: &'r Any,
    skip: &dyn Fn(&str) -> bool,
    found: &mut dyn FnMut(&'r str, &[Step]),
) {
    // Most values are plain.
    if !matches!(value, Any::Object(_) | Any::Array(_)) {
        return;
    }
    let mut waiting: Vec<(&Any, Vec<Step>)> = vec![(value, Vec::new())];
    while let Some((value, steps)) = waiting.pop() {
        if let Some(target) = any_target(value) {
            found(target, &steps);
            if skip(target) {
                continue;
            }
        }
        let below = |step| steps.iter().cloned().chain([step]).collect::<Vec<_>>();
        match value {
            Any::Object(members) => {
                let members = members.iter().rev().filter(|(_, value)| is_container(value));
                waiting.extend(members.map(|(key, value)| (value, below(Step::Owned(key.to_owned())))));
            }
            Any::Array(items) => {
                let items = items.iter().enumerate().rev().filter(|(_, value)| is_container(value));
                waiting.extend(items.map(|(index, value)| (value, below(Step::Index(index)))));
            }
            _ => {}
        }
    }
}

fn is_container(value: &Any) -> bool {
    matches!(value, Any::Object(_) | Any::Array(_))
}
