//! What is new in a template, as new elements of the descriptor that it was imported from.

use std::collections::{HashMap, HashSet};

use cimi_model::{ComponentDescriptor, Limits, MachineTemplate, SystemTemplate};

use super::builder::{Builder, Target};
use super::hardware::{DISK, Items};
use crate::Version;
use crate::model::{Content, Envelope, HostResource, Item, VirtualHardwareSection, VirtualSystemCollection};

/// The components of a template by their names.
pub(super) type Components<'c> = HashMap<&'c str, &'c ComponentDescriptor>;

/// Makes elements for what is new, with names that the descriptor does not have.
pub(super) struct Additions<'c> {
    builder: Builder,
    /// The names of what is new.
    names: HashSet<&'c str>,
}

impl<'c> Additions<'c> {
    /// `added` are the names of new components, `old` has what there is by the names that it has in `new`, or
    /// had.
    pub(super) fn new(
        version: Version,
        limits: Limits,
        envelope: &Envelope,
        new: &'c SystemTemplate,
        added: HashSet<&'c str>,
        old: &Components<'_>,
    ) -> Self {
        let mut builder = Builder::new(version, limits);
        builder.reserve(envelope);
        let mut scope = HashMap::new();
        let mut open = vec![(new, String::new())];
        while let Some((template, path)) = open.pop() {
            for (at, component) in template.component_descriptors.iter().enumerate() {
                let Some(name) = component.name.as_deref() else { continue };
                let path = format!("{path}/componentDescriptors[{at}]");
                let target = if added.contains(name) {
                    builder.leaf(component, &path)
                } else {
                    let nested = component.system_template.as_ref().and_then(|nested| nested.value.as_deref());
                    open.extend(nested.map(|nested| (nested, format!("{path}/systemTemplate"))));
                    old.get(name).and_then(|component| target(component))
                };
                if let Some(target) = target {
                    scope.entry(name.to_owned()).or_insert(target);
                }
            }
        }
        // What is gone still has to be found to be taken away.
        for (name, component) in old {
            if let Some(target) = target(component) {
                scope.entry((*name).to_owned()).or_insert(target);
            }
        }
        builder.enter(scope);
        Self { builder, names: added }
    }

    /// Adds the new members of a template to its collection.
    pub(super) fn members(&mut self, collection: &mut VirtualSystemCollection, template: &SystemTemplate) {
        for (at, component) in template.component_descriptors.iter().enumerate() {
            if component.name.as_deref().is_some_and(|name| self.names.contains(name)) {
                let path = format!("/componentDescriptors[{at}]");
                if let Err(error) = self.builder.component(collection, component, &path, 0) {
                    self.builder.note(path, error.reason());
                }
            }
        }
    }

    /// Whether a template has new members.
    pub(super) fn has_members(&self, template: &SystemTemplate) -> bool {
        template.component_descriptors.iter().any(|component| {
            let is_member = component.machine_template.is_some() || component.system_template.is_some();
            is_member && component.name.as_deref().is_some_and(|name| self.names.contains(name))
        })
    }

    /// Says whether a machine starts that nothing was said about.
    pub(super) fn startup(
        &mut self,
        collection: &mut VirtualSystemCollection,
        id: Option<String>,
        template: &MachineTemplate,
    ) {
        self.builder.startup(collection, id, template, "");
    }

    /// Adds the volumes and interfaces that a machine has in addition, and takes away the volumes that it has no more.
    pub(super) fn devices(
        &mut self,
        section: &mut VirtualHardwareSection,
        old: &MachineTemplate,
        new: &MachineTemplate,
        is_chosen: &dyn Fn(&Item) -> bool,
    ) {
        let hrefs = |template: &MachineTemplate| -> Vec<String> {
            let volumes = template.volumes.iter().filter_map(|volume| volume.volume.as_ref()?.href.as_ref());
            volumes.map(|href| href.as_str().to_owned()).collect()
        };
        let (before, after) = (hrefs(old), hrefs(new));
        let [was, is] = [&before, &after].map(|hrefs| hrefs.iter().collect::<HashSet<_>>());
        for href in before.iter().filter(|href| !is.contains(href)) {
            let Some(id) = self.builder.disk(&href.as_str().into(), "") else { continue };
            let is_it = |text: &String| HostResource::parse(text) == HostResource::Disk(&id);
            let has = |item: &Item| is_chosen(item) && item.host_resources.iter().any(is_it);
            section.items.retain(|item| !has(item));
            section.storage_items.retain(|item| !has(item));
        }
        let mut items = Vec::new();
        for href in after.iter().filter(|href| !was.contains(href)) {
            let Some(id) = self.builder.disk(&href.as_str().into(), "") else { continue };
            let mut item = Item { resource_type: Some(DISK), ..Default::default() };
            item.element_name = Some(format!("Disk {id}"));
            item.host_resources.push(format!("ovf:/disk/{id}"));
            beside(section, &items, &mut item);
            items.push(item);
        }
        let count = old.interface_templates.len();
        for (at, interface) in new.interface_templates.iter().enumerate().skip(count) {
            let mut made = Items::default();
            self.builder.interface(&mut made, interface, at, &format!("/interfaceTemplates[{at}]"));
            items.extend(made.finish());
        }
        let mut id = free_id(section);
        for mut item in items {
            item.instance_id = Some(id.to_string());
            id = id.saturating_add(1);
            section.items.push(item);
        }
    }

    /// Puts the new disks, files and networks into the envelope; what could not be said.
    pub(super) fn finish(self, envelope: &mut Envelope) -> Vec<super::Note> {
        self.builder.add_to(envelope)
    }
}

/// What an imported component is in the descriptor that it was imported from.
fn target(component: &ComponentDescriptor) -> Option<Target> {
    let volume = component.volume_template.as_ref().and_then(|volume| volume.value.as_deref());
    let network = component.network_template.as_ref().and_then(|network| network.value.as_deref());
    match (volume, network) {
        (Some(volume), _) => Some(Target::Disk(volume.name.clone()?)),
        (_, Some(network)) => Some(Target::Network(network.name.clone()?)),
        _ => None,
    }
}

/// Puts a new disk on the controller of the last one, in the next place.
fn beside(section: &VirtualHardwareSection, more: &[Item], disk: &mut Item) {
    let all = || section.all_items().chain(more);
    let is_disk = |item: &&Item| item.resource_type == disk.resource_type && item.parent.is_some();
    let Some(parent) = all().filter(is_disk).last().and_then(|item| item.parent.clone()) else { return };
    let place = |item: &Item| item.address_on_parent.as_deref()?.trim().parse::<u32>().ok();
    let taken = all().filter(|item| item.parent.as_ref() == Some(&parent)).filter_map(place).max();
    disk.parent = Some(parent);
    disk.address_on_parent = taken.and_then(|place| place.checked_add(1)).map(|place| place.to_string());
}

/// A number greater than the identifiers of all items of a machine.
fn free_id(section: &VirtualHardwareSection) -> u64 {
    let numbers = section.all_items().filter_map(|item| item.instance_id.as_deref()?.trim().parse::<u64>().ok());
    numbers.max().unwrap_or_default().saturating_add(1)
}

/// Makes a collection of the only system of an envelope, so that others can stand beside it.
pub(super) fn collection(envelope: &mut Envelope, name: Option<&str>) {
    let Some(Content::System(system)) = &mut envelope.content else { return };
    let id = format!("{}-system", system.id.as_deref().unwrap_or_default());
    let system = std::mem::take(system);
    envelope.content = Some(Content::Collection(VirtualSystemCollection {
        id: Some(id),
        info: Some("A system of virtual machines".into()),
        name: name.map(super::text::message),
        content: vec![Content::System(system)],
        ..Default::default()
    }));
}
