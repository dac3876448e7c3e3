//! Finding and ending the references in one resource.

use super::walk::{self, Link};
use crate::any::Any;
use crate::error::{Path, Step};
use crate::reflect::{Record, Slot, View};

/// One step from a record to a record in it.
#[derive(Clone, Copy)]
struct Hop {
    index: usize,
    name: &'static str,
    item: Option<usize>,
}

/// What is to be changed in a record, not in the records that it nests.
enum Change {
    /// A reference becomes empty.
    Clear(usize),
    /// Items leave an array; of a collection, in ascending order.
    Items(usize, Vec<usize>),
    /// References leave a map.
    Map(usize),
    /// References leave the extensions.
    Extensions,
}

/// A record with something to change.
struct Site {
    hops: Vec<Hop>,
    changes: Vec<Change>,
}

type Gone<'f> = &'f dyn Fn(&str) -> bool;
/// Takes a path, the URI found there, and whether it is that of a member of a collection.
type Log<'f> = &'f mut dyn FnMut(String, &str, bool);

/// Finds the references to what is gone.
pub(super) fn find(resource: &dyn Record, gone: Gone<'_>, log: Log<'_>) {
    sites(resource, gone, log);
}

/// Ends the references to what is gone.
pub(super) fn apply(resource: &mut dyn Record, gone: Gone<'_>) -> bool {
    let sites = sites(resource, gone, &mut |_, _, _| ());
    // The innermost first: the others may change the indices by which it is reached.
    for site in sites.iter().rev() {
        if let Some(record) = reach(resource, &site.hops) {
            for change in &site.changes {
                edit(record, change, gone);
            }
        }
    }
    !sites.is_empty()
}

/// The records that have something to change, each before those in it.
fn sites(resource: &dyn Record, gone: Gone<'_>, log: Log<'_>) -> Vec<Site> {
    let mut sites = Vec::new();
    let mut waiting: Vec<(&dyn Record, Vec<Hop>)> = vec![(resource, Vec::new())];
    let root = resource.record_type().name;
    while let Some((record, hops)) = waiting.pop() {
        let links = walk::links(record);
        let ends = |link: &Link<'_>| link.target.is_some_and(gone);
        let mut changes = Vec::new();
        for link in links.iter().filter(|link| ends(link)) {
            let mut path = path_to(root, &hops);
            push(&mut path, link.attribute.name, link.item);
            log(path.to_string(), link.target.unwrap_or_default(), link.member);
            note(&mut changes, link);
        }
        find_untyped(record, gone, &mut changes, &mut |steps, target| {
            let mut path = path_to(root, &hops);
            for step in steps {
                path.push(step);
            }
            log(path.to_string(), target, false);
        });
        if !changes.is_empty() {
            sites.push(Site { hops: hops.clone(), changes });
        }
        let rest = links.iter().rev().filter(|link| !ends(link));
        waiting.extend(rest.filter_map(|link| {
            let hop = Hop { index: link.index, name: link.attribute.name, item: link.item };
            link.nested.map(|nested| (nested, hops.iter().copied().chain([hop]).collect()))
        }));
    }
    sites
}

fn path_to(root: &'static str, hops: &[Hop]) -> Path {
    let mut path = Path::default();
    path.push(Step::Name(root));
    for hop in hops {
        push(&mut path, hop.name, hop.item);
    }
    path
}

fn push(path: &mut Path, name: &'static str, item: Option<usize>) {
    path.push(Step::Name(name));
    if let Some(item) = item {
        path.push(Step::Index(item));
    }
}

/// Notes a change; links come in the order of attributes and items.
fn note(changes: &mut Vec<Change>, link: &Link<'_>) {
    match (link.item, changes.last_mut()) {
        (None, _) => changes.push(Change::Clear(link.index)),
        (Some(item), Some(Change::Items(index, items))) if *index == link.index => items.push(item),
        (Some(item), _) => changes.push(Change::Items(link.index, vec![item])),
    }
}

/// Finds references in maps and extensions.
fn find_untyped(
    record: &dyn Record,
    gone: Gone<'_>,
    changes: &mut Vec<Change>,
    found: &mut dyn FnMut(Vec<Step>, &str),
) {
    for (place, value) in walk::untyped(record) {
        let mut here = Vec::new();
        walk::untyped_references(value, gone, &mut |target, steps| {
            if gone(target) {
                here.push((target, steps.to_vec()));
            }
        });
        if here.is_empty() {
            continue;
        }
        match (&place, changes.last()) {
            (walk::Place::Map(index, ..), Some(Change::Map(last))) if index == last => {}
            (walk::Place::Map(index, ..), _) => changes.push(Change::Map(*index)),
            (walk::Place::Extension(_), Some(Change::Extensions)) => {}
            (walk::Place::Extension(_), _) => changes.push(Change::Extensions),
        }
        let before = place.steps();
        for (target, steps) in here {
            found(before.iter().cloned().chain(steps).collect(), target);
        }
    }
}

/// The record at the end of these steps.
fn reach<'r>(resource: &'r mut dyn Record, hops: &[Hop]) -> Option<&'r mut dyn Record> {
    let mut record = resource;
    for hop in hops {
        let slot = match (record.get_mut(hop.index)?.slot(), hop.item) {
            (Slot::List(list), Some(item)) => list.item_mut(item)?,
            (slot, _) => slot,
        };
        record = match slot {
            Slot::Ref(reference) => reference.record_mut(),
            Slot::Record(nested) => nested,
            _ => return None,
        };
    }
    Some(record)
}

fn edit(record: &mut dyn Record, change: &Change, gone: Gone<'_>) {
    match change {
        Change::Clear(index) => {
            if let Some(value) = record.get_mut(*index) {
                value.clear();
            }
        }
        Change::Items(index, items) => remove_items(record, *index, items),
        Change::Map(index) => {
            if let Some(Slot::Map(map)) = record.get_mut(*index).map(|value| value.slot()) {
                let members = map.object_mut();
                members.retain(|value| !ends(value, gone));
                members.values_mut().for_each(|value| prune(value, gone));
            }
        }
        Change::Extensions => {
            let extensions = record.extensions_mut();
            extensions.retain(|extension| !ends(extension.value(), gone));
            extensions.values_mut().for_each(|value| prune(value, gone));
        }
    }
}

fn remove_items(record: &mut dyn Record, index: usize, items: &[usize]) {
    let described = record.record_type();
    let Some(Slot::List(list)) = record.get_mut(index).map(|value| value.slot()) else { return };
    let mut leaving = items.iter().peekable();
    list.retain(&mut |item| leaving.next_if(|&&next| next == item).is_none());
    let grouping = described.members.map(|members| members.grouping);
    let is_member = described.attributes.get(index).is_some_and(|attribute| Some(attribute.name) == grouping);
    let Some(count) = described.find_exact("count", 0).filter(|_| is_member) else { return };
    let Some(value) = record.get_mut(count) else { return };
    if !matches!(value.view(), View::Integer(_)) {
        return;
    }
    if let Slot::Integer(Some(count)) = value.slot() {
        let left = i64::try_from(items.len()).map_or(0, |removed| count.saturating_sub(removed));
        *count = left.max(0);
    }
}

/// Whether an untyped value is a reference to what is gone.
fn ends(value: &Any, gone: Gone<'_>) -> bool {
    walk::any_target(value).is_some_and(gone)
}

/// Takes the references to what is gone out of an untyped value.
fn prune(value: &mut Any, gone: Gone<'_>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Any::Array(items) => {
                items.retain(|item| !ends(item, gone));
                waiting.extend(items.iter_mut());
            }
            Any::Object(members) => {
                members.retain(|member| !ends(member, gone));
                waiting.extend(members.values_mut());
            }
            _ => {}
        }
    }
}
