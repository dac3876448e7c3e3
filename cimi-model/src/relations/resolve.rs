//! The references of one resource, whatever they are to it.

use super::walk;
use crate::any::Any;
use crate::reflect::{Record, Reference, Slot, View};
use crate::{Operation, Uri};

/// Deeper than a document can be nested by default.
const DEPTH: usize = 200;

/// The URIs that a resource refers to: by attributes of type `ref` and `collection[]`, also in structures and arrays, and
/// by objects with an `href` in maps and extensions. A URI that occurs twice is there twice.
///
/// A provider that keeps them by target finds the resources that a deletion concerns without looking at all.
///
/// ```
/// use cimi_model::relations::references;
/// use cimi_model::{Machine, Ref};
///
/// let machine = Machine { disks: Some(Ref::to("m/1/disks")), latest_snapshot: Some(Ref::to("i/1")), ..Default::default() };
/// assert_eq!(references(&machine), ["m/1/disks", "i/1"]);
/// ```
#[must_use]
pub fn references(resource: &dyn Record) -> Vec<&str> {
    let mut found = Vec::new();
    let mut waiting = vec![resource];
    while let Some(record) = waiting.pop() {
        for (_, value) in walk::untyped(record) {
            walk::untyped_references(value, &|_| false, &mut |target, _| found.push(target));
        }
        for link in walk::links(record) {
            found.extend(link.target);
            waiting.extend(link.nested);
        }
    }
    found
}

/// Makes the references of a resource absolute, its `id` and where its operations are invoked: those that are relative are
/// resolved against `base`, which is `baseURI` of the cloud entry point (5.5.10). What does not become a URI stays as it
/// is, and so do names of components (`#name`) and extensions that have a namespace.
///
/// ```
/// use cimi_model::relations::make_absolute;
/// use cimi_model::{Machine, Operation, Ref};
///
/// let edit = Operation { rel: Some("edit".into()), href: Some("machines/1".into()), ..Default::default() };
/// let mut machine = Machine {
///     id: Some("machines/1".into()),
///     event_log: Some(Ref::to("eventLogs/7")),
///     operations: vec![edit],
///     ..Default::default()
/// };
/// make_absolute(&mut machine, &"http://example.com/cimi/".into());
/// assert_eq!(machine.id, Some("http://example.com/cimi/machines/1".into()));
/// assert_eq!(machine.event_log, Some(Ref::to("http://example.com/cimi/eventLogs/7")));
/// assert_eq!((&machine.operations[0].rel, &machine.operations[0].href), (&Some("edit".into()), &machine.id));
/// ```
pub fn make_absolute(resource: &mut dyn Record, base: &Uri) {
    make_record_absolute(resource, base, DEPTH);
}

fn make_record_absolute(record: &mut dyn Record, base: &Uri, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(id) = walk::id_of(record).and_then(|id| absolute(id, base)) {
        crate::attributes::set_text(record, "id", &id);
    }
    if record.as_any().is::<Operation>()
        && let Some(href) = crate::attributes::text(record, "href").and_then(|href| absolute(href, base))
    {
        crate::attributes::set_text(record, "href", &href);
    }
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        let leads = walk::leads_somewhere(attribute.kind) || matches!(attribute.kind, crate::meta::Kind::Map);
        // A place that is asked for is created: only what is there is looked at.
        let Some(value) = record.get_mut(index).filter(|value| leads && !matches!(value.view(), View::Absent)) else {
            continue;
        };
        match value.slot() {
            Slot::List(list) => {
                for item in 0..list.len() {
                    if let Some(slot) = list.item_mut(item) {
                        make_slot_absolute(slot, base, depth);
                    }
                }
            }
            slot => make_slot_absolute(slot, base, depth),
        }
    }
    for extension in record.extensions_mut() {
        // In a namespace of its own, `href` may mean anything: in OVF it is relative to the descriptor.
        if !extension.key().trim_start_matches('@').starts_with('{') {
            make_any_absolute(extension.value_mut(), base, depth);
        }
    }
}

fn make_slot_absolute(slot: Slot<'_>, base: &Uri, depth: usize) {
    match slot {
        Slot::Ref(reference) => make_reference_absolute(reference, base, depth),
        Slot::Record(record) => make_record_absolute(record, base, depth),
        Slot::Map(map) => map.values_mut().for_each(|value| make_any_absolute(value, base, depth)),
        _ => {}
    }
}

fn make_reference_absolute(reference: &mut dyn Reference, base: &Uri, depth: usize) {
    if let Some(href) = reference.href().and_then(|href| absolute(href.as_str(), base)) {
        *reference.href_mut() = Some(Uri::from(href));
    }
    if reference.record().is_some() {
        make_record_absolute(reference.record_mut(), base, depth);
    }
}

fn make_any_absolute(value: &mut Any, base: &Uri, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Any::Array(items) => items.iter_mut().for_each(|item| make_any_absolute(item, base, depth)),
        Any::Object(object) => {
            if let Some(Any::String(href)) = object.get_mut("href")
                && let Some(resolved) = absolute(href, base)
            {
                *href = resolved;
            }
            object.values_mut().for_each(|member| make_any_absolute(member, base, depth));
        }
        _ => {}
    }
}

/// The absolute form of a relative URI, where it has one.
fn absolute(uri: &str, base: &Uri) -> Option<String> {
    let uri = Uri::from(uri);
    if uri.is_absolute() || uri.as_str().is_empty() || uri.symbol().is_some() {
        return None;
    }
    uri.resolve(base).ok().map(|uri| uri.as_str().to_owned())
}
