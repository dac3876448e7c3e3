//! The template of a machine from its virtual hardware.

use cimi_model::{
    DiskConfiguration, ImageType, MachineConfiguration, MachineImage, MachineTemplate, MachineTemplateVolume,
    NetworkInterfaceState, NetworkInterfaceTemplate, Ref, Result,
};

use crate::descriptor::{HostResource, Item, VirtualSystem};
use crate::extension;
use crate::hardware::{MEMORY, MEMORY_UNIT, PROCESSOR};
use crate::map::{Mapping, description, disk_of, kilobytes};

/// The format of a disk without file system: 1.x demands that a disk of a configuration has a format.
const BLANK: &str = "raw";

const ETHERNET_ADAPTER: u16 = 10;
const CD_DRIVE: u16 = 15;
const DVD_DRIVE: u16 = 16;

pub(crate) fn template<'e>(mapping: &mut Mapping<'e>, system: &'e VirtualSystem) -> Result<MachineTemplate> {
    let about = &system.about;
    let mut template = MachineTemplate {
        name: Some(about.name_or_id().to_owned()),
        description: description(about),
        ..Default::default()
    };
    if let Some(extension) = extension::about(about, Some(system), mapping.budget)? {
        template.extensions.insert(extension::key("VirtualSystem"), extension);
    }
    match system.hardware.as_slice() {
        [] => mapping.warn(&about.origin, "there is no VirtualHardwareSection"),
        [_] => {}
        [_, second, ..] => mapping.warn(&second.origin, "of several alternatives only the first is used"),
    }
    let Some(hardware) = system.hardware.first() else { return Ok(template) };
    let items = hardware.items_in(mapping.envelope.configuration.as_deref());
    let configuration = configuration(mapping, &items)?;
    // An empty value cannot be told from none.
    template.machine_config = (configuration != MachineConfiguration::default()).then(|| Ref::by_value(configuration));
    template.machine_image = image_item(&items).map(|id| machine_image(mapping, id)).transpose()?.flatten();
    template.volumes = volumes(mapping, &items);
    for item in items.iter().filter(|item| item.resource_type == ETHERNET_ADAPTER) {
        template.interface_templates.extend(interface(mapping, item).map(Ref::by_value));
    }
    Ok(template)
}

fn machine_image(mapping: &mut Mapping<'_>, file: &str) -> Result<Option<Ref<MachineImage>>> {
    let Some(file) = mapping.files.get(file).copied() else { return Ok(None) };
    let (image_location, extensions) = mapping.image(file)?;
    let image_type = Some(ImageType::Image);
    Ok(Some(Ref::by_value(MachineImage { image_type, image_location, extensions, ..Default::default() })))
}

/// The file in the first CD or DVD drive that has one.
pub(crate) fn image_file<'e>(system: &'e VirtualSystem, configuration: Option<&str>) -> Option<&'e str> {
    image_item(&system.hardware.first()?.items_in(configuration))
}

fn image_item<'e>(items: &[&'e Item]) -> Option<&'e str> {
    let drives = items.iter().filter(|item| matches!(item.resource_type, CD_DRIVE | DVD_DRIVE));
    drives.flat_map(|item| &item.host_resources).find_map(|resource| match HostResource::parse(&resource.text) {
        HostResource::File(id) => Some(id),
        _ => None,
    })
}

fn configuration(mapping: &mut Mapping<'_>, items: &[&Item]) -> Result<MachineConfiguration> {
    let mut configuration = MachineConfiguration::default();
    let mut memory: Option<u64> = None;
    for item in items {
        match item.resource_type {
            PROCESSOR => configuration.cpu = processors(mapping, item, configuration.cpu)?,
            MEMORY => memory = add_memory(mapping, item, memory)?,
            _ if item.is_disk() => configuration.disks.extend(own_disk(mapping, item)?),
            _ => {}
        }
    }
    // At most 2^64 / 1024, which fits.
    configuration.memory = memory.map(|bytes| i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX));
    Ok(configuration)
}

/// Several processor items add up; the quantity of each counts processors whatever its unit, which only qualifies
/// reservation and limit.
fn processors(mapping: &mut Mapping<'_>, item: &Item, sum: Option<i64>) -> Result<Option<i64>> {
    let Some(quantity) = item.quantity else {
        mapping.warn(&item.origin, "the item has no VirtualQuantity and adds no processors");
        return Ok(sum);
    };
    let quantity = i64::try_from(quantity).ok();
    let total = quantity.and_then(|quantity| sum.unwrap_or(0).checked_add(quantity));
    total.map(Some).ok_or_else(|| bad(item, "VirtualQuantity", "the number of processors overflows"))
}

fn add_memory(mapping: &mut Mapping<'_>, item: &Item, sum: Option<u64>) -> Result<Option<u64>> {
    if item.units.is_none() {
        mapping.warn(&item.origin, "memory without AllocationUnits is read as multiples of 2^20 bytes");
    }
    let Some(bytes) = item.bytes(MEMORY_UNIT)? else {
        mapping.warn(&item.origin, "the item has no VirtualQuantity and adds no memory");
        return Ok(sum);
    };
    let total = sum.unwrap_or(0).checked_add(bytes);
    total.map(Some).ok_or_else(|| bad(item, "VirtualQuantity", "the memory overflows"))
}

/// A disk that no `DiskSection` describes: blank, and part of the machine.
fn own_disk(mapping: &mut Mapping<'_>, item: &Item) -> Result<Option<DiskConfiguration>> {
    if item.host_resources.iter().any(|resource| !resource.text.is_empty()) {
        return Ok(None);
    }
    if item.units.is_none() || item.quantity.is_none() {
        mapping.warn(&item.origin, "the disk has neither HostResource nor a quantity with unit and is left out");
        return Ok(None);
    }
    let capacity = item.bytes("byte")?.map(kilobytes);
    Ok(Some(DiskConfiguration { capacity, format: Some(BLANK.to_owned()), ..Default::default() }))
}

fn bad(item: &Item, child: &str, reason: &str) -> cimi_model::Error {
    item.origin.bad(format!("{child}: {reason}"))
}

/// The disks of the descriptor that the machine uses, each once.
fn volumes(mapping: &mut Mapping<'_>, items: &[&Item]) -> Vec<MachineTemplateVolume> {
    let mut volumes: Vec<MachineTemplateVolume> = Vec::new();
    let mut used = std::collections::HashSet::new();
    for resource in items.iter().flat_map(|item| &item.host_resources) {
        let Some(disk) = disk_of(&resource.text) else { continue };
        if !used.insert(disk) {
            mapping.warn(&resource.origin, "the machine uses this disk twice; it is attached once");
            continue;
        }
        let volume = mapping.volume(disk).map(Ref::to);
        volumes.push(MachineTemplateVolume { volume, ..Default::default() });
    }
    volumes
}

/// The interface that an adapter becomes.
///
/// An adapter that is connected to no network becomes none: the schema of CIMI 1.x demands a network, and 2.0 has no
/// other place to say what a new interface communicates through. The extension of the machine has the adapter.
///
/// `network` is an attribute of CIMI 1.x (the interface of a `MachineTemplate` there). Table 43 of 2.0 only has
/// `endpoints`, which would be resources of their own; a reference to the network's component says what OVF says.
fn interface(mapping: &mut Mapping<'_>, item: &Item) -> Option<NetworkInterfaceTemplate> {
    let mut connections = item.connections.iter().filter(|connection| !connection.text.is_empty());
    let Some(network) = connections.next().and_then(|connection| mapping.network(&connection.text)) else {
        mapping.warn(&item.origin, "the adapter is not connected to a network and gets no interface template");
        return None;
    };
    if let Some(second) = connections.next() {
        mapping.warn(&second.origin, "of several networks only the first is used");
    }
    let connected = item.automatic.unwrap_or(true);
    Some(NetworkInterfaceTemplate {
        name: item.name.clone(),
        description: item.description.clone(),
        network: Some(Ref::to(network)),
        initial_state: Some(if connected { NetworkInterfaceState::Enabled } else { NetworkInterfaceState::Disabled }),
        ..Default::default()
    })
}
