//! What differs between two templates, as changes of the descriptor that the first was imported from.

use std::collections::HashSet;

use cimi_model::{
    ComponentDescriptor, Limits, MachineState, MachineTemplate, NetworkInterfaceState, SystemTemplate, VolumeTemplate,
};

use super::Note;
use super::add::{self, Additions, Components};
use super::hardware::{ETHERNET_ADAPTER, MEMORY, PROCESSOR};
use super::machine::mac_address;
use super::onto::all_components;
use super::text::{bytes, message};
use crate::import::disk_of;
use crate::model::{
    AnnotationSection, Content, Disk, Envelope, Item, Message, ProductEntry, SharedDisk, StartupSection,
    VirtualHardwareSection, VirtualSystem, VirtualSystemCollection,
};
use crate::tree::ElementId;
use crate::units::{Base, Unit};
use crate::{Deployment, Version};

pub(super) struct Patch<'c> {
    pub(super) notes: Vec<Note>,
    /// The items that count in the default configuration.
    chosen: HashSet<ElementId>,
    additions: Additions<'c>,
    /// Components by their names, and by those that they had before.
    components: Components<'c>,
}

/// Changes an envelope that was imported as `old`; what could not be said.
pub(super) fn apply(
    envelope: &mut Envelope,
    version: Version,
    limits: Limits,
    old: &SystemTemplate,
    new: &SystemTemplate,
) -> Vec<Note> {
    let mut components = all_components(new);
    let known = all_components(old);
    let renamed = renamed(old, new, &components, &known);
    let names: HashSet<&str> = renamed.values().filter_map(|component| component.name.as_deref()).collect();
    let is_new = |name: &&str| !known.contains_key(name) && !names.contains(name);
    let added: HashSet<&str> = components.keys().copied().filter(is_new).collect();
    components.extend(renamed);
    let mut before: Components<'_> = known.clone();
    before.extend(
        known.values().filter_map(|component| Some((same(component, &components)?.name.as_deref()?, *component))),
    );
    let additions = Additions::new(version, limits, envelope, new, added, &before);
    if additions.has_members(new) {
        add::collection(envelope, new.name.as_deref());
    }
    let mut patch = Patch { notes: Vec::new(), chosen: chosen(envelope), additions, components };
    patch.template(envelope, old, new);
    let Patch { mut notes, additions, components, .. } = patch;
    sweep(envelope, old, &components);
    notes.append(&mut additions.finish(envelope));
    notes
}

/// The items that count in the default configuration.
fn chosen(envelope: &Envelope) -> HashSet<ElementId> {
    let mut chosen = HashSet::new();
    let deployment = Deployment::choose(envelope, None).ok();
    for section in hardware(envelope) {
        let items = deployment.map(|deployment| deployment.hardware(section));
        chosen.extend(items.into_iter().flatten().filter_map(|chosen| chosen.item.node.id()));
    }
    chosen
}

/// The hardware that counts of each machine.
fn hardware(envelope: &Envelope) -> Vec<&VirtualHardwareSection> {
    let mut open: Vec<&Content> = envelope.content.iter().collect();
    let mut sections = Vec::new();
    while let Some(content) = open.pop() {
        if let Content::System(system) = content {
            sections.extend(system.virtual_hardware_sections.first());
        }
        open.extend(content.members());
    }
    sections
}

impl Patch<'_> {
    fn note(&mut self, name: &str, text: &str) {
        self.notes.push(Note { path: format!("/{name}"), text: text.to_owned() });
    }

    fn template(&mut self, envelope: &mut Envelope, old: &SystemTemplate, new: &SystemTemplate) {
        leaves(envelope, old, &self.components);
        match &mut envelope.content {
            Some(Content::System(system)) => {
                let component = old.component_descriptors.iter().find(|component| component.machine_template.is_some());
                if let Some(component) = component
                    && let Some(same) = same(component, &self.components)
                {
                    self.machine(system, component, same);
                }
            }
            Some(Content::Collection(collection)) => {
                if old.name != new.name {
                    set(&mut collection.name, new.name.as_deref());
                }
                describe(&mut collection.annotation_sections, old.description.as_deref(), new.description.as_deref());
                self.members(collection, old, new);
            }
            None => {}
        }
    }

    /// The members of a collection, which an import makes components of in their order.
    ///
    /// Recursive; the depth of a descriptor is bounded.
    fn members(&mut self, collection: &mut VirtualSystemCollection, old: &SystemTemplate, new: &SystemTemplate) {
        let is_member = |component: &&ComponentDescriptor| {
            component.machine_template.is_some() || component.system_template.is_some()
        };
        let (mut gone, mut states) = (HashSet::new(), Vec::new());
        let members = old.component_descriptors.iter().filter(is_member);
        for (content, component) in collection.content.iter_mut().zip(members) {
            let same = same(component, &self.components);
            match (&mut *content, same) {
                (Content::System(system), Some(same)) => {
                    self.machine(system, component, same);
                    states.push((system.id.clone(), component, same));
                }
                (Content::Collection(nested), Some(same)) => self.system(nested, component, same),
                (content, None) => gone.extend(content.id().map(str::to_owned)),
            }
        }
        let is_gone = |id: &Option<String>| id.as_ref().is_some_and(|id| gone.contains(id));
        collection.content.retain(|content| content.id().is_none_or(|id| !gone.contains(id)));
        for StartupSection { items, .. } in &mut collection.startup_sections {
            items.retain(|item| !is_gone(&item.id));
        }
        collection.scale_out_sections.retain(|section| !is_gone(&section.id));
        for (id, old, new) in states {
            self.state(collection, id, old, new);
        }
        self.additions.members(collection, new);
    }

    /// Whether a machine starts with the others.
    fn state(
        &mut self,
        collection: &mut VirtualSystemCollection,
        id: Option<String>,
        old: &ComponentDescriptor,
        new: &ComponentDescriptor,
    ) {
        let [before, after] = [old, new].map(|component| component.machine_template.as_ref()?.value.as_deref());
        let (Some(before), Some(after)) = (before, after) else { return };
        if before.initial_state == after.initial_state {
            return;
        }
        let mut items = collection.startup_sections.iter_mut().flat_map(|section| &mut section.items);
        match (items.find(|item| item.id == id), &after.initial_state) {
            (Some(item), Some(MachineState::Started)) => item.start_action = None,
            (Some(item), Some(MachineState::Stopped)) => item.start_action = Some("none".to_owned()),
            (None, Some(_)) => self.additions.startup(collection, id, after),
            _ => {}
        }
    }

    fn system(
        &mut self,
        collection: &mut VirtualSystemCollection,
        old: &ComponentDescriptor,
        new: &ComponentDescriptor,
    ) {
        describe(&mut collection.annotation_sections, old.description.as_deref(), new.description.as_deref());
        let [before, after] = [old, new].map(|component| component.system_template.as_ref()?.value.as_deref());
        let (Some(before), Some(after)) = (before, after) else { return };
        rename(
            &mut collection.name,
            [old.name.as_ref(), new.name.as_ref()],
            [before.name.as_ref(), after.name.as_ref()],
        );
        if old.description == new.description {
            describe(&mut collection.annotation_sections, before.description.as_deref(), after.description.as_deref());
        }
        self.members(collection, before, after);
    }

    fn machine(&mut self, system: &mut VirtualSystem, old: &ComponentDescriptor, new: &ComponentDescriptor) {
        describe(&mut system.annotation_sections, old.description.as_deref(), new.description.as_deref());
        let [before, after] = [old, new].map(|component| component.machine_template.as_ref()?.value.as_deref());
        let (Some(before), Some(after)) = (before, after) else { return };
        rename(&mut system.name, [old.name.as_ref(), new.name.as_ref()], [before.name.as_ref(), after.name.as_ref()]);
        if old.description == new.description {
            describe(&mut system.annotation_sections, before.description.as_deref(), after.description.as_deref());
        }
        user_data(system, before, after);
        let Some(section) = system.virtual_hardware_sections.first_mut() else { return };
        let all = section.items.iter_mut().chain(&mut section.ethernet_port_items).chain(&mut section.storage_items);
        let mut items: Vec<&mut Item> =
            all.filter(|item| item.node.id().is_some_and(|id| self.chosen.contains(&id))).collect();
        let name = old.name.as_deref().unwrap_or_default();
        self.configuration(&mut items, before, after, name);
        interfaces(&mut items, before, after, &self.components);
        let chosen = &self.chosen;
        let is_chosen = |item: &Item| item.node.id().is_some_and(|id| chosen.contains(&id));
        self.additions.devices(section, before, after, &is_chosen);
    }

    fn configuration(&mut self, items: &mut [&mut Item], old: &MachineTemplate, new: &MachineTemplate, name: &str) {
        let [old, new] = [old, new].map(|template| template.machine_config.as_ref()?.value.as_deref());
        let (Some(old), Some(new)) = (old, new) else { return };
        if let Some(cpu) = new.cpu.filter(|cpu| Some(*cpu) != old.cpu && *cpu >= 0) {
            match only(items, PROCESSOR) {
                Some(item) => item.virtual_quantity = Some(cpu),
                None => self.note(name, "the processors are not in one item: their number is only stored"),
            }
        }
        if let Some(memory) = new.memory.filter(|memory| Some(*memory) != old.memory) {
            let size = memory.checked_mul(1024).filter(|size| *size >= 0);
            match only(items, MEMORY).zip(size) {
                Some((item, size)) => resize(item, size, "byte * 2^20"),
                None => self.note(name, "the memory is not in one item, or out of bounds: its size is only stored"),
            }
        }
        if old.disks.len() != new.disks.len() {
            return;
        }
        for (item, (old, new)) in
            items.iter_mut().filter(|item| is_own_disk(item)).zip(old.disks.iter().zip(&new.disks))
        {
            let size = new.capacity.filter(|capacity| Some(*capacity) != old.capacity);
            if let Some(size) = size.and_then(|capacity| capacity.checked_mul(1000)).filter(|size| *size >= 0) {
                resize(item, size, "byte");
            }
        }
    }
}

/// The networks of adapters; those without network have become no interfaces.
fn interfaces(items: &mut [&mut Item], old: &MachineTemplate, new: &MachineTemplate, components: &Components<'_>) {
    if old.interface_templates.len() > new.interface_templates.len() {
        return;
    }
    let pairs = old.interface_templates.iter().zip(&new.interface_templates);
    for (item, (old, new)) in items.iter_mut().filter(|item| is_connected(item)).zip(pairs) {
        let (Some(old), Some(new)) = (old.value.as_deref(), new.value.as_deref()) else { continue };
        if old.network != new.network
            && let Some(network) = new.network.as_ref().and_then(|network| network.href.as_ref()?.symbol())
            && let Some(template) = components.get(network).and_then(|network| network.network_template.as_ref())
            && let Some(name) = template.value.as_deref().and_then(|template| template.name.clone())
        {
            item.connections = vec![name];
        }
        let [before, after] = [old, new].map(mac_address);
        if before != after {
            item.address = after.map(str::to_owned);
        }
        if old.initial_state != new.initial_state {
            item.automatic_allocation = Some(new.initial_state != Some(NetworkInterfaceState::Disabled));
        }
    }
}

/// Disks, files and networks.
fn leaves(envelope: &mut Envelope, old: &SystemTemplate, components: &Components<'_>) {
    let before = all_components(old);
    let pairs = before.values().filter_map(|component| Some((*component, same(component, components)?)));
    for (old, new) in pairs {
        let [before, after] = [old, new].map(|component| component.volume_template.as_ref()?.value.as_deref());
        if let (Some(before), Some(after)) = (before, after) {
            disk(envelope, before, after);
        }
        let [before, after] = [old, new].map(|component| component.network_template.as_ref()?.value.as_deref());
        if let (Some(before), Some(after)) = (before, after) {
            let description = new.description.as_ref().filter(|_| old.description != new.description);
            let description = description.or(after.description.as_ref());
            let all = envelope.network_sections.iter_mut().flat_map(|section| &mut section.networks);
            for network in all.filter(|network| network.name == before.name) {
                if description != before.description.as_ref() {
                    set(&mut network.description, description.map(String::as_str));
                }
            }
        }
    }
}

/// Components with new names by their old ones: where as many of a kind are new in a template as are gone.
fn renamed<'c>(
    old: &'c SystemTemplate,
    new: &'c SystemTemplate,
    components: &Components<'c>,
    known: &Components<'c>,
) -> Components<'c> {
    let only_in = |template: &'c SystemTemplate, others: &Components<'c>| -> Vec<&'c ComponentDescriptor> {
        let is_other =
            |component: &&ComponentDescriptor| component.name.as_deref().is_some_and(|name| !others.contains_key(name));
        template.component_descriptors.iter().filter(is_other).collect()
    };
    let (gone, added) = (only_in(old, components), only_in(new, known));
    let alike = gone.len() == added.len() && gone.iter().zip(&added).all(|(gone, added)| kinds(gone) == kinds(added));
    let pairs = gone.into_iter().zip(added).filter(|_| alike);
    pairs.filter_map(|(gone, added)| Some((gone.name.as_deref()?, added))).collect()
}

/// What a component is.
pub(super) fn kinds(component: &ComponentDescriptor) -> [bool; 4] {
    let ComponentDescriptor { machine_template, system_template, volume_template, network_template, .. } = component;
    [machine_template.is_some(), system_template.is_some(), volume_template.is_some(), network_template.is_some()]
}

/// The component of the same name and kind.
pub(super) fn same<'c>(
    component: &ComponentDescriptor,
    components: &Components<'c>,
) -> Option<&'c ComponentDescriptor> {
    let found = components.get(component.name.as_deref()?).copied()?;
    (kinds(found) == kinds(component)).then_some(found)
}

/// Whether an item is a disk that is part of the machine, as an import has it.
fn is_own_disk(item: &Item) -> bool {
    matches!(item.resource_type, Some(17 | 31))
        && item.host_resources.iter().all(String::is_empty)
        && item.allocation_units.is_some()
        && item.virtual_quantity.is_some()
}

fn is_connected(item: &Item) -> bool {
    item.resource_type == Some(ETHERNET_ADAPTER) && item.connections.iter().any(|network| !network.is_empty())
}

/// The only item of a type.
fn only<'i>(items: &'i mut [&mut Item], resource_type: i64) -> Option<&'i mut Item> {
    let mut typed = items.iter_mut().filter(|item| item.resource_type == Some(resource_type));
    let first = typed.next()?;
    typed.next().is_none().then_some(&mut **first)
}

/// Sets a quantity of bytes, in the unit that is there, if that says it exactly.
fn resize(item: &mut Item, size: i64, otherwise: &str) {
    let unit = item.allocation_units.clone().unwrap_or_else(|| otherwise.to_owned());
    if let Some(quantity) = in_unit(size, &unit) {
        item.virtual_quantity = Some(quantity);
        return;
    }
    let (quantity, unit) = bytes(size);
    item.virtual_quantity = Some(quantity);
    item.allocation_units = Some(unit.to_owned());
}

/// A size in a unit, if it is a multiple of it.
fn in_unit(size: i64, unit: &str) -> Option<i64> {
    let unit = Unit::parse(unit).ok().filter(|unit| unit.base() == Base::Byte)?;
    let one = i64::try_from(unit.scale(1).ok()?).ok()?;
    (size.checked_rem(one)? == 0).then(|| size.checked_div(one))?
}

/// The property that an import takes the user data from.
fn user_data(system: &mut VirtualSystem, old: &MachineTemplate, new: &MachineTemplate) {
    if old.user_data == new.user_data {
        return;
    }
    let entries = system.product_sections.iter_mut().flat_map(|section| &mut section.entries);
    let is_it = |key: &str| ["user-data", "userdata", "user_data"].iter().any(|known| known.eq_ignore_ascii_case(key));
    let property = entries.into_iter().find_map(|entry| match entry {
        ProductEntry::Property(property) => {
            Some(property).filter(|property| property.key.as_deref().is_some_and(is_it))
        }
        ProductEntry::Category(_) => None,
    });
    match (property, &new.user_data) {
        (Some(property), data) => property.value.clone_from(data),
        (None, Some(data)) => system.product_sections.push(super::machine::user_data(data)),
        (None, None) => {}
    }
}

/// Takes away the disks and networks that the template has no more, and that no machine refers to.
fn sweep(envelope: &mut Envelope, old: &SystemTemplate, components: &Components<'_>) {
    let (mut disks, mut networks) = (HashSet::new(), HashSet::new());
    for component in all_components(old).into_values().filter(|component| same(component, components).is_none()) {
        let volume = component.volume_template.as_ref().and_then(|volume| volume.value.as_deref());
        let network = component.network_template.as_ref().and_then(|network| network.value.as_deref());
        disks.extend(volume.and_then(|volume| volume.name.clone()));
        networks.extend(network.and_then(|network| network.name.clone()));
    }
    if disks.is_empty() && networks.is_empty() {
        return;
    }
    for item in hardware(envelope).into_iter().flat_map(VirtualHardwareSection::all_items) {
        item.host_resources.iter().filter_map(|text| disk_of(text)).for_each(|id| {
            disks.remove(id);
        });
        item.connections.iter().for_each(|name| {
            networks.remove(name);
        });
    }
    let is_left =
        |names: &HashSet<String>, name: &Option<String>| name.as_ref().is_none_or(|name| !names.contains(name));
    for section in &mut envelope.disk_sections {
        section.disks.retain(|disk| is_left(&disks, &disk.disk_id));
    }
    for section in &mut envelope.shared_disk_sections {
        section.disks.retain(|disk| is_left(&disks, &disk.disk_id));
    }
    for section in &mut envelope.network_sections {
        section.networks.retain(|network| is_left(&networks, &network.name));
    }
}

fn disk(envelope: &mut Envelope, old: &VolumeTemplate, new: &VolumeTemplate) {
    let capacity = |template: &VolumeTemplate| template.volume_config.as_ref()?.value.as_deref()?.capacity;
    let location = |template: &VolumeTemplate| {
        let image = template.volume_image.as_ref()?.value.as_deref()?;
        image.image_location.as_ref().map(|location| location.as_str().to_owned())
    };
    let size = capacity(new).filter(|_| capacity(old) != capacity(new)).and_then(|capacity| capacity.checked_mul(1000));
    let size = size.filter(|size| *size >= 0);
    let href = location(new).filter(|href| location(old).as_ref() != Some(href));
    let mut files = HashSet::new();
    let own = envelope.disk_sections.iter_mut().flat_map(|section| &mut section.disks);
    let own = own.map(|Disk { disk_id, capacity, capacity_allocation_units, file_ref, .. }| {
        (disk_id, capacity, capacity_allocation_units, file_ref)
    });
    let shared = envelope.shared_disk_sections.iter_mut().flat_map(|section| &mut section.disks);
    let shared = shared.map(|SharedDisk { disk_id, capacity, capacity_allocation_units, file_ref, .. }| {
        (disk_id, capacity, capacity_allocation_units, file_ref)
    });
    for (_, capacity, units, file) in own.chain(shared).filter(|(id, ..)| **id == old.name) {
        fit(capacity, units, size);
        files.extend(file.clone());
    }
    let Some(href) = href else { return };
    for file in envelope.references.iter_mut().flat_map(|references| &mut references.files) {
        if file.id.as_ref().is_some_and(|id| files.contains(id)) {
            file.href = Some(href.clone());
        }
    }
}

/// Sets a capacity, in the unit that is there, if that says it exactly.
fn fit(capacity: &mut Option<String>, units: &mut Option<String>, size: Option<i64>) {
    let Some(size) = size else { return };
    let quantity = in_unit(size, units.as_deref().unwrap_or("byte"));
    if quantity.is_none() {
        *units = Some("byte".to_owned());
    }
    *capacity = Some(quantity.unwrap_or(size).to_string());
}

/// Sets a text for people; translations of the one before do not fit it.
fn set(place: &mut Option<Message>, text: Option<&str>) {
    let Some(text) = text else {
        *place = None;
        return;
    };
    let new = message(text);
    match place {
        Some(old) => {
            old.msgid = None;
            old.text = new.text;
        }
        None => *place = Some(new),
    }
}

/// Sets a name if that of the template has changed, or else that of the component.
fn rename(place: &mut Option<Message>, component: [Option<&String>; 2], template: [Option<&String>; 2]) {
    for [old, new] in [component, template] {
        if old != new {
            set(place, new.map(String::as_str));
        }
    }
}

fn describe(sections: &mut Vec<AnnotationSection>, old: Option<&str>, new: Option<&str>) {
    if old == new {
        return;
    }
    match (sections.first_mut(), new) {
        (Some(section), Some(_)) => set(&mut section.annotation, new),
        (None, Some(_)) => sections.extend(super::builder::annotation(new)),
        (_, None) => sections.clear(),
    }
}
