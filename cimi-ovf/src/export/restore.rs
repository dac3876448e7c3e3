//! The resource that a descriptor was exported from, with what was changed in the descriptor since.

use std::collections::{BTreeMap, HashMap};

use cimi_model::{Any, ComponentDescriptor, Limits, Result, System, SystemTemplate, WriteOptions, json};

use super::edits::edited;
use super::merge::{COMPONENTS, MACHINE, NETWORK, SYSTEM, VOLUME, kind, merge};
use super::onto::all_components;
use super::patch::kinds;
use super::stored::Stored;
use super::{Leaf, LeafKey, Plain, plain, stored, system};
use crate::Descriptor;

/// Imports a descriptor by its own elements only.
pub(crate) type Import<'i> = &'i dyn Fn(&Descriptor) -> Result<SystemTemplate>;

/// What was stored in a descriptor.
pub(crate) struct Restored {
    pub(crate) template: SystemTemplate,
    /// The System, if it was one.
    pub(crate) system: Option<System>,
}

/// The template that is stored in a descriptor. What stands in the descriptor's own elements wins over it, field by
/// field: where they say something else than what the template was exported to.
///
/// `None` when nothing is stored, or nothing that is understood: the section is optional.
///
/// # Errors
/// When the descriptor without the section cannot be imported.
pub(crate) fn restore(mut descriptor: Descriptor, limits: Limits, import: Import<'_>) -> Result<Option<Restored>> {
    let Some(text) = stored(&descriptor) else { return Ok(None) };
    let mut reading = stored::reading();
    reading.limits.size = limits.size;
    // A short text may stand for much memory: what is stored is about as much as the descriptor says.
    reading.limits.elements = descriptor.tree().len().saturating_mul(64).saturating_add(20_000);
    let (template, system) = match stored::read(&text, &reading) {
        Some(Stored::Template(template)) => (*template, None),
        Some(Stored::System(system)) => match system::template(&system) {
            Ok((template, _)) => (template, Some(*system)),
            Err(_) => return Ok(None),
        },
        None => return Ok(None),
    };
    if members(&template) > descriptor.tree().len() {
        return Ok(None);
    }
    let imported = stored::imported(&descriptor);
    stored::remove(&mut descriptor);
    descriptor.edit(|_| ())?;
    let new = import(&descriptor)?;
    let (old, leaves) = if let Some(text) = imported {
        let Some(Stored::Template(old)) = stored::read(&text, &reading) else { return Ok(None) };
        let old = *old;
        let leaves = named_leaves(&template, &old);
        (old, leaves)
    } else {
        let Ok(Plain { mut exported, leaves }) = plain(&template, descriptor.version(), limits) else {
            return Ok(None);
        };
        exported.descriptor.edit(|_| ())?;
        let Ok(old) = import(&exported.descriptor) else { return Ok(None) };
        (old, leaves)
    };
    if old == new {
        return Ok(Some(Restored { template, system }));
    }
    let any = |template: &SystemTemplate| json::to_any(template, WriteOptions::default());
    let merged = changed(any(&template)?, any(&old)?, any(&new)?, &leaves);
    let Ok(merged) = json::from_any::<SystemTemplate>(&merged, &reading) else { return Ok(None) };
    let system = system.and_then(|system| edited(&system, &template, &merged.value));
    Ok(Some(Restored { template: merged.value, system }))
}

/// How many components of a template, and of those in it, have elements in a descriptor.
fn members(template: &SystemTemplate) -> usize {
    let mut count = 0_usize;
    let mut open = vec![template];
    while let Some(template) = open.pop() {
        for component in &template.component_descriptors {
            count += usize::from(kinds(component).contains(&true));
            open.extend(component.system_template.as_ref().and_then(|nested| nested.value.as_deref()));
        }
    }
    count
}

/// The disks and networks of an import, and where a template has the components with their names.
fn named_leaves(template: &SystemTemplate, imported: &SystemTemplate) -> Vec<Leaf> {
    let mut paths = HashMap::new();
    let mut open = vec![(template, String::new())];
    while let Some((template, path)) = open.pop() {
        for (at, component) in template.component_descriptors.iter().enumerate() {
            let path = format!("{path}/{COMPONENTS}[{at}]");
            if let Some(nested) = component.system_template.as_ref().and_then(|nested| nested.value.as_deref()) {
                open.push((nested, format!("{path}/{SYSTEM}")));
            }
            let is_disk = component.volume_template.is_some();
            if is_disk || component.network_template.is_some() {
                paths.entry((is_disk, component.name.as_deref())).or_insert(path);
            }
        }
    }
    let leaf = |component: &ComponentDescriptor| {
        let volume = component.volume_template.as_ref().and_then(|volume| volume.value.as_deref());
        let network = component.network_template.as_ref().and_then(|network| network.value.as_deref());
        let key = match (volume, network) {
            (Some(volume), _) => LeafKey::Disk(volume.name.clone()?),
            (_, Some(network)) => LeafKey::Network(network.name.clone()?),
            _ => return None,
        };
        let path = paths.get(&(volume.is_some(), component.name.as_deref()))?.clone();
        Some(Leaf { key, path, inner: false })
    };
    all_components(imported).into_values().filter_map(leaf).collect()
}

/// The template with the changes between two imports.
///
/// Disks and networks may stand in another template after an import than before: all of them are taken out of their
/// templates and compared where the template has them.
fn changed(mut template: Any, mut old: Any, mut new: Any, leaves: &[Leaf]) -> Any {
    let (mut olds, mut news) = (Leaves::new(), Leaves::new());
    take_leaves(&mut old, &mut olds);
    take_leaves(&mut new, &mut news);
    for leaf in leaves {
        let Some(before) = olds.remove(&leaf.key) else { continue };
        let Some(at) = find(&mut template, &leaf.path) else { continue };
        match (news.remove(&leaf.key), leaf.inner) {
            (Some(after), false) => *at = merge(at, &before, &after),
            (Some(after), true) => {
                if let (Some(before), Some(after)) = (before.get(VOLUME), after.get(VOLUME)) {
                    *at = merge(at, before, after);
                }
            }
            // Taken out in the end, for the places of others to stay.
            (None, _) => *at = Any::Null,
        }
    }
    let mut merged = merge(&template, &old, &new);
    sweep(&mut merged);
    // What is left there is new.
    if let Any::Object(root) = &mut merged
        && !news.is_empty()
    {
        let added = news.into_values();
        match root.get_mut(COMPONENTS) {
            Some(Any::Array(components)) => components.extend(added),
            _ => {
                root.insert(COMPONENTS, Any::Array(added.collect()));
            }
        }
    }
    merged
}

/// Disks and networks that were taken out of their templates.
type Leaves = BTreeMap<LeafKey, Any>;

fn key(component: &Any) -> Option<LeafKey> {
    let kind = kind(component);
    let name = || Some(component.get(kind)?.get("name")?.as_str()?.to_owned());
    match kind {
        VOLUME => name().map(LeafKey::Disk),
        NETWORK => name().map(LeafKey::Network),
        _ => None,
    }
}

/// Moves the disks and networks of a template and of those in it.
fn take_leaves(template: &mut Any, leaves: &mut Leaves) {
    let Some(components) = components(template) else { return };
    for mut component in std::mem::take(components) {
        if let Some(key) = key(&component) {
            leaves.insert(key, component);
            continue;
        }
        if let Some(template) = member(&mut component, SYSTEM) {
            take_leaves(template, leaves);
        }
        components.push(component);
    }
}

/// Removes the disks and networks in whose place there is nothing left.
fn sweep(template: &mut Any) {
    let Some(components) = components(template) else { return };
    components.retain(|component| *component != Any::Null);
    for component in components {
        if let Some(template) = member(component, SYSTEM) {
            sweep(template);
        }
        if let Some(Any::Array(volumes)) =
            member(component, MACHINE).and_then(|machine| member(machine, "volumeTemplates"))
        {
            volumes.retain(|volume| volume.get(VOLUME) != Some(&Any::Null));
        }
    }
}

fn member<'v>(value: &'v mut Any, name: &str) -> Option<&'v mut Any> {
    match value {
        Any::Object(members) => members.get_mut(name),
        _ => None,
    }
}

fn components(template: &mut Any) -> Option<&mut Vec<Any>> {
    match member(template, COMPONENTS) {
        Some(Any::Array(components)) => Some(components),
        _ => None,
    }
}

/// The value at a path such as `/componentDescriptors[0]/machineTemplate`.
fn find<'v>(mut value: &'v mut Any, path: &str) -> Option<&'v mut Any> {
    for step in path.split('/').skip(1) {
        let (name, index) = match step.split_once('[') {
            Some((name, index)) => (name, Some(index.trim_end_matches(']').parse::<usize>().ok()?)),
            None => (step, None),
        };
        value = member(value, name)?;
        if let Some(index) = index {
            let Any::Array(items) = value else { return None };
            value = items.get_mut(index)?;
        }
    }
    Some(value)
}
