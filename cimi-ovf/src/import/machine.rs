//! The template of a machine from its virtual hardware.

use cimi_model::{
    CpuArch, DiskConfiguration, ImageType, MachineConfiguration, MachineImage, MachineTemplate, MachineTemplateVolume,
    NetworkInterfaceState, NetworkInterfaceTemplate, Ref, Result,
};

use super::extension;
use super::items::{Item, MEMORY, MEMORY_UNIT, PROCESSOR, items_in};
use super::map::{About, Mapping, disk_of, kilobytes};
use super::report::Fate;
use super::source::{Source, filled};
use super::{boot, sizes};
use crate::model::{HostResource, VirtualSystem};
use crate::units::{Base, Unit};

/// The format of a disk without file system: 1.x demands that a disk of a configuration has a format.
const BLANK: &str = "raw";

const ETHERNET_ADAPTER: u16 = 10;
const CD_DRIVE: u16 = 15;
const DVD_DRIVE: u16 = 16;

pub(super) fn template<'d>(
    mapping: &mut Mapping<'_, 'd>,
    about: About<'d>,
    system: &'d VirtualSystem,
) -> Result<MachineTemplate> {
    let element = about.element;
    let info = about.info.as_deref();
    let extension = extension::about(mapping.source, element, info, mapping.budget)?;
    let mut template = MachineTemplate { name: Some(about.name), description: about.description, ..Default::default() };
    if let Some(extension) = extension {
        template.extensions.insert(extension::key("VirtualSystem"), extension);
    }
    match system.virtual_hardware_sections.as_slice() {
        [] => mapping.warnings.add(element, "there is no VirtualHardwareSection"),
        [_] => {}
        [_, second, ..] => {
            let second = mapping.source.element(second.node);
            mapping.warn(second, Fate::Aside, "", "of several alternatives only the first is used");
        }
    }
    let Some(hardware) = system.virtual_hardware_sections.first() else { return Ok(template) };
    let section = mapping.source.element(hardware.node);
    mapping.note(section, Fate::Approximate, "", "its items one by one; all of it is kept aside as well");
    let items = items_in(mapping.source, hardware)?;
    let mut configuration = configuration(mapping, &items)?;
    configuration.cpu_arch = architecture(mapping, system);
    // An empty value cannot be told from none.
    template.machine_config = (configuration != MachineConfiguration::default()).then(|| Ref::by_value(configuration));
    note_image(mapping, &items);
    template.machine_image = image_item(&items).map(|id| machine_image(mapping, id)).transpose()?.flatten();
    let disks = boot::disks(mapping, system, &items);
    template.volumes = volumes(mapping, &disks);
    if let Some(configurations) = sizes::configurations(mapping, hardware)? {
        template.extensions.insert(sizes::key(), configurations);
    }
    template.user_data = mapping.user_data(system, hardware);
    let is_alone = mapping.source.quantity(system.node) <= 1;
    for item in items.iter().filter(|item| item.resource_type == ETHERNET_ADAPTER) {
        mapping.budget.hold(size_of::<NetworkInterfaceTemplate>(), item.element)?;
        let at = format!("/interfaceTemplates[{}]", template.interface_templates.len());
        let mut interface = interface(mapping, item, &at);
        // Each of several machines needs one of its own.
        if let (Some(interface), Some(address), true) = (&mut interface, mac_address(item), is_alone) {
            interface.extensions.insert(extension::key(extension::ADDRESS), address);
        }
        template.interface_templates.extend(interface.map(Ref::by_value));
    }
    Ok(template)
}

fn machine_image(mapping: &mut Mapping<'_, '_>, file: &str) -> Result<Option<Ref<MachineImage>>> {
    let Some(file) = mapping.files.get(file).copied() else { return Ok(None) };
    let (image_location, extensions) = mapping.image(file)?;
    let image_type = Some(ImageType::Image);
    Ok(Some(Ref::by_value(MachineImage { image_type, image_location, extensions, ..Default::default() })))
}

/// Reports the drive that the image of the machine is in, and its file.
fn note_image<'d>(mapping: &mut Mapping<'_, 'd>, items: &[Item<'d>]) {
    let Some(id) = image_item(items) else { return };
    let holds = |item: &&Item<'d>| {
        let files = item.model.host_resources.iter();
        matches!(item.resource_type, CD_DRIVE | DVD_DRIVE)
            && files.into_iter().any(|resource| HostResource::parse(resource) == HostResource::File(id))
    };
    if let Some(item) = items.iter().find(holds) {
        mapping.note(item.element, Fate::Approximate, "/machineImage", "the file in the drive is the image");
    }
    if let Some(file) = mapping.files.get(id).copied() {
        mapping.note(file.element, Fate::Exact, "/machineImage/imageLocation", "the image of a machine");
    }
}

/// The file in the first CD or DVD drive that has one.
pub(super) fn image_file<'d>(source: &Source<'d>, system: &'d VirtualSystem) -> Result<Option<&'d str>> {
    let Some(hardware) = system.virtual_hardware_sections.first() else { return Ok(None) };
    Ok(image_item(&items_in(source, hardware)?))
}

fn image_item<'d>(items: &[Item<'d>]) -> Option<&'d str> {
    let drives = items.iter().filter(|item| matches!(item.resource_type, CD_DRIVE | DVD_DRIVE));
    drives.flat_map(|item| &item.model.host_resources).find_map(|resource| match HostResource::parse(resource) {
        HostResource::File(id) => Some(id),
        _ => None,
    })
}

/// The architecture of the processors, as far as the name tells that `VMware` gives to the operating system.
fn architecture<'d>(mapping: &mut Mapping<'_, 'd>, system: &'d VirtualSystem) -> Option<CpuArch> {
    let section = mapping.source.element(system.operating_system_sections.first()?.node);
    let name = section.attributes().find(|attribute| attribute.name() == "osType")?.value();
    let is_arm = name.starts_with("arm");
    let architecture = name.ends_with("64Guest").then_some(if is_arm { CpuArch::Arm } else { CpuArch::X86_64 })?;
    let text = "the architecture that the system is for; all of it is kept aside as well";
    mapping.note(section, Fate::Approximate, "/machineConfig/cpuArch", text);
    Some(architecture)
}

/// What the machine is made of, by its items.
pub(super) fn configuration<'d>(mapping: &mut Mapping<'_, 'd>, items: &[Item<'d>]) -> Result<MachineConfiguration> {
    let mut configuration = MachineConfiguration::default();
    let mut memory: Option<u64> = None;
    for item in items {
        match item.resource_type {
            PROCESSOR => {
                configuration.cpu = processors(mapping, item, configuration.cpu)?;
                configuration.cpu_speed = speed(mapping, item).max(configuration.cpu_speed);
            }
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
fn processors<'d>(mapping: &mut Mapping<'_, 'd>, item: &Item<'d>, sum: Option<i64>) -> Result<Option<i64>> {
    let Some(quantity) = item.quantity else {
        mapping.warn(item.element, Fate::Aside, "", "the item has no VirtualQuantity and adds no processors");
        return Ok(sum);
    };
    mapping.note(item.element, Fate::Exact, "/machineConfig/cpu", "processors; all items of them add up");
    let quantity = i64::try_from(quantity).ok();
    let total = quantity.and_then(|quantity| sum.unwrap_or(0).checked_add(quantity));
    total.map(Some).ok_or_else(|| item.bad("VirtualQuantity", "the number of processors overflows"))
}

/// The speed of processors in megahertz, rounded down: what is granted to them at most or, without that, at least.
fn speed<'d>(mapping: &mut Mapping<'_, 'd>, item: &Item<'d>) -> Option<i64> {
    let unit = Unit::parse(item.units()?).ok().filter(|unit| unit.base() == Base::Hertz)?;
    let granted = |amount: Option<i64>| u64::try_from(amount?).ok().filter(|amount| *amount > 0);
    let amount = granted(item.model.limit).or_else(|| granted(item.model.reservation))?;
    let megahertz = i64::try_from(unit.scale(amount).ok()? / 1_000_000).ok().filter(|speed| *speed > 0)?;
    let text = "the limit, else the reservation, in megahertz; both are kept aside as well";
    mapping.note(item.element, Fate::Approximate, "/machineConfig/cpuSpeed", text);
    Some(megahertz)
}

fn add_memory<'d>(mapping: &mut Mapping<'_, 'd>, item: &Item<'d>, sum: Option<u64>) -> Result<Option<u64>> {
    if item.units().is_none() {
        let text = "memory without AllocationUnits is read as multiples of 2^20 bytes";
        mapping.warn(item.element, Fate::Approximate, "/machineConfig/memory", text);
    }
    let Some(bytes) = item.bytes(MEMORY_UNIT)? else {
        mapping.warn(item.element, Fate::Aside, "", "the item has no VirtualQuantity and adds no memory");
        return Ok(sum);
    };
    if item.units().is_some() {
        let fate = if bytes % 1024 == 0 { Fate::Exact } else { Fate::Approximate };
        mapping.note(item.element, fate, "/machineConfig/memory", "memory in kibibytes, rounded up; all items add up");
    }
    let total = sum.unwrap_or(0).checked_add(bytes);
    total.map(Some).ok_or_else(|| item.bad("VirtualQuantity", "the memory overflows"))
}

/// A disk that no `DiskSection` describes: blank, and part of the machine.
fn own_disk<'d>(mapping: &mut Mapping<'_, 'd>, item: &Item<'d>) -> Result<Option<DiskConfiguration>> {
    if item.model.host_resources.iter().any(|resource| !resource.is_empty()) {
        return Ok(None);
    }
    if item.units().is_none() || item.quantity.is_none() {
        let text = "the disk has neither HostResource nor a quantity with unit and is left out";
        mapping.warn(item.element, Fate::Aside, "", text);
        return Ok(None);
    }
    let text = "a blank disk, with its capacity rounded up to kilobytes";
    mapping.note(item.element, Fate::Approximate, "/machineConfig/disks", text);
    let capacity = item.bytes("byte")?.map(kilobytes);
    Ok(Some(DiskConfiguration { capacity, format: Some(BLANK.to_owned()), ..Default::default() }))
}

/// The disks of the descriptor that the machine uses, each once.
fn volumes<'d>(mapping: &mut Mapping<'_, 'd>, items: &[&Item<'d>]) -> Vec<MachineTemplateVolume> {
    let mut volumes: Vec<MachineTemplateVolume> = Vec::new();
    let mut used = std::collections::HashSet::new();
    for (element, resource) in items.iter().flat_map(|item| item.host_resources()) {
        let Some(disk) = disk_of(resource) else { continue };
        if !used.insert(disk) {
            mapping.warn(element, Fate::Aside, "", "the machine uses this disk twice; it is attached once");
            continue;
        }
        if let Some(item) = element.parent() {
            let at = format!("/volumes[{}]", volumes.len());
            mapping.note(item, Fate::Exact, &at, "a reference to the volume");
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
fn interface<'d>(mapping: &mut Mapping<'_, 'd>, item: &Item<'d>, at: &str) -> Option<NetworkInterfaceTemplate> {
    let mut connections = item.connections().filter(|(_, name)| !name.is_empty());
    let Some(network) = connections.next().and_then(|(_, name)| mapping.network(name)) else {
        let text = "the adapter is not connected to a network and gets no interface template";
        mapping.warn(item.element, Fate::Aside, "", text);
        return None;
    };
    mapping.note(item.element, Fate::Approximate, at, "an interface; its kind and address are kept aside");
    if let Some((second, _)) = connections.next() {
        mapping.warn(second, Fate::Aside, "", "of several networks only the first is used");
    }
    let connected = item.model.automatic_allocation.unwrap_or(true);
    Some(NetworkInterfaceTemplate {
        name: item.name().map(str::to_owned),
        description: filled(item.model.description.as_ref()).map(str::to_owned),
        network: Some(Ref::to(network)),
        initial_state: Some(if connected { NetworkInterfaceState::Enabled } else { NetworkInterfaceState::Disabled }),
        ..Default::default()
    })
}

/// The address of an adapter, if it is a MAC address: six bytes of two hexadecimal digits, between them `:` or `-`.
fn mac_address<'d>(item: &Item<'d>) -> Option<&'d str> {
    let address = item.model.address.as_deref()?.trim();
    let bytes = || address.split([':', '-']);
    let is_byte = |byte: &str| byte.len() == 2 && byte.bytes().all(|digit| digit.is_ascii_hexdigit());
    (bytes().count() == 6 && bytes().all(is_byte)).then_some(address)
}
