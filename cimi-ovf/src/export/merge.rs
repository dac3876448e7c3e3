//! Three-way merge: what was stored, with what was changed in the descriptor since.

use std::collections::{HashMap, HashSet};

use cimi_model::{Any, Object};

use crate::NAMESPACE;

/// The members of a template that hold components, interfaces and volumes.
pub(super) const COMPONENTS: &str = "componentDescriptors";
/// The members of components that descriptors have something for.
pub(super) const MACHINE: &str = "machineTemplate";
pub(super) const SYSTEM: &str = "systemTemplate";
pub(super) const NETWORK: &str = "networkTemplate";
pub(super) const VOLUME: &str = "volumeTemplate";
const INTERFACES: &str = "interfaceTemplates";
const VOLUMES: &str = "volumes";

/// The value with the changes between two others, field by field: where these are alike, the value stays as it is;
/// where they differ, the second counts.
///
/// Recursive; the depth of values that were read is bounded.
pub(super) fn merge(value: &Any, old: &Any, new: &Any) -> Any {
    match (value, old, new) {
        _ if old == new => value.clone(),
        (Any::Object(value), Any::Object(old), Any::Object(new)) => Any::Object(objects(value, old, new)),
        _ => new.clone(),
    }
}

fn objects(value: &Object, old: &Object, new: &Object) -> Object {
    let mut out = value.clone();
    for (name, after) in new.iter() {
        let before = old.get(name);
        if before == Some(after) {
            continue;
        }
        let merged = match (value.get(name), before) {
            _ if name.strip_prefix('{').is_some_and(|name| name.starts_with(NAMESPACE)) => {
                let Some(merged) = extension(value.get(name), before, after) else { continue };
                merged
            }
            (Some(Any::Array(value)), Some(Any::Array(before))) => match after {
                Any::Array(after) => Any::Array(arrays(name, value, before, after)),
                _ => after.clone(),
            },
            (None, Some(Any::Array(before))) => match after {
                Any::Array(after) => Any::Array(arrays(name, &[], before, after)),
                _ => after.clone(),
            },
            (Some(value), Some(before)) => merge(value, before, after),
            _ => after.clone(),
        };
        out.insert(name, merged);
    }
    for (name, before) in old.iter().filter(|(name, _)| new.get(name).is_none()) {
        // Of an array that is gone now, only what the other had is gone.
        match (value.get(name), before) {
            (Some(Any::Array(items)), Any::Array(before)) => {
                let left = arrays(name, items, before, &[]);
                if left.is_empty() {
                    out.remove(name);
                } else {
                    out.insert(name, Any::Array(left));
                }
            }
            _ => {
                out.remove(name);
            }
        }
    }
    out
}

/// An extension holds sections of the descriptor as they are: each counts as a whole.
fn extension(value: Option<&Any>, old: Option<&Any>, new: &Any) -> Option<Any> {
    /// What the attributes of CIMI say is not said again.
    const HARDWARE: &str = "VirtualHardwareSection";
    let (Any::Object(new), Some(Any::Object(old))) = (new, old) else { return Some(new.clone()) };
    let mut out = match value {
        Some(Any::Object(value)) => value.clone(),
        _ => Object::default(),
    };
    for (name, after) in new.iter() {
        let before = old.get(name);
        let same_devices = name == HARDWARE && before.is_some_and(|before| devices(before) == devices(after));
        if before != Some(after) && !same_devices {
            out.insert(name, after.clone());
        }
    }
    for (name, _) in old.iter().filter(|(name, _)| new.get(name).is_none()) {
        out.remove(name);
    }
    (!out.is_empty() || value.is_some()).then_some(Any::Object(out))
}

/// The identifiers and types of the items of virtual hardware.
fn devices(hardware: &Any) -> Vec<[Option<&Any>; 2]> {
    let device = |item| <[_; 2]>::map(["InstanceID", "ResourceType"], |name| Any::get(item, name));
    match hardware.get("Item") {
        Some(Any::Array(items)) => items.iter().map(device).collect(),
        Some(item) => vec![device(item)],
        None => Vec::new(),
    }
}

/// Items belong together that have the same key.
fn arrays(name: &str, value: &[Any], old: &[Any], new: &[Any]) -> Vec<Any> {
    let [mut values, olds, mut news] = [value, old, new].map(|items| keys(name, items));
    if name == COMPONENTS {
        align(value, &mut values, &olds);
        rename(&olds, &mut news);
    }
    let [old_at, new_at] = [(&olds, old), (&news, new)]
        .map(|(keys, items)| -> HashMap<&str, &Any> { keys.iter().map(String::as_str).zip(items).collect() });
    let mut out = Vec::new();
    for (key, item) in values.iter().zip(value) {
        match (old_at.get(key.as_str()), new_at.get(key.as_str())) {
            (Some(before), Some(after)) => out.push(merge(item, before, after)),
            (Some(_), None) => {}
            (None, Some(after)) => out.push((*after).clone()),
            (None, None) => out.push(item.clone()),
        }
    }
    let known: HashSet<&str> = values.iter().map(String::as_str).collect();
    for (key, item) in news.iter().zip(new) {
        if !known.contains(key.as_str()) && !old_at.contains_key(key.as_str()) {
            out.push(item.clone());
        }
    }
    out
}

/// What tells each item of an array from the others, and finds it in another array.
fn keys(name: &str, items: &[Any]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let key = |(at, item): (usize, &Any)| {
        let text = |name: &str| item.get(name).and_then(Any::as_str);
        let key = match name {
            COMPONENTS => format!("{} {}", kind(item), text("name").unwrap_or_default()),
            INTERFACES => text("name").map_or_else(|| format!("Network adapter {}", at + 1), str::to_owned),
            VOLUMES => {
                item.get("volume").and_then(|volume| volume.get("href")?.as_str()).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        };
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        format!("{count} {key}")
    };
    items.iter().enumerate().map(key).collect()
}

/// Machines and systems are exported in their order: each gets the key of the one that an import makes of it. Where they
/// are not as many, they go by their names.
fn align(components: &[Any], keys: &mut [String], imported: &[String]) {
    let as_many = components.iter().filter(|component| is_member(component)).count() == imported.len();
    let mut imported = imported.iter();
    for (component, key) in components.iter().zip(keys) {
        if is_member(component) {
            if as_many {
                key.clone_from(imported.next().unwrap_or(&String::new()));
            }
        } else {
            // Not one of them, whatever its name is.
            key.insert(0, '#');
        }
    }
}

/// Components with new names, as many as are gone: they are the same ones with other names.
fn rename(old: &[String], new: &mut [String]) {
    let known: HashSet<&str> = old.iter().map(String::as_str).collect();
    let still: HashSet<String> = new.iter().filter(|key| known.contains(key.as_str())).cloned().collect();
    let gone: Vec<&String> = old.iter().filter(|key| !still.contains(*key)).collect();
    let added: Vec<&mut String> = new.iter_mut().filter(|key| !still.contains(*key)).collect();
    let kind = |key: &str| key.split(' ').nth(1).map(str::to_owned);
    let alike = gone.len() == added.len() && gone.iter().zip(&added).all(|(gone, added)| kind(gone) == kind(added));
    if alike {
        added.into_iter().zip(gone).for_each(|(added, gone)| added.clone_from(gone));
    }
}

/// Whether a component is a member of a collection in a descriptor.
fn is_member(component: &Any) -> bool {
    matches!(kind(component), MACHINE | SYSTEM)
}

/// What a component is, as far as descriptors have it.
pub(super) fn kind(component: &Any) -> &'static str {
    let kinds = [MACHINE, SYSTEM, NETWORK, VOLUME];
    kinds.into_iter().find(|kind| component.get(kind).is_some()).unwrap_or_default()
}
