//! Machines.

use std::collections::HashSet;

use cimi_model::{
    ComponentDescriptor, DiskConfiguration, MachineConfiguration, MachineImage, MachineTemplate, NetworkInterfaceState,
    NetworkInterfaceTemplate, Ref,
};

use super::builder::{Builder, annotation};
use super::hardware::{ETHERNET_ADAPTER, Items, MEMORY, PROCESSOR};
use super::names::label;
use super::text::{bytes, clean, message};
use super::{Leaf, LeafKey};
use crate::import::extension;
use crate::model::{ProductEntry, ProductSection, Property, System, VirtualHardwareSection, VirtualSystem};

impl Builder {
    pub(super) fn machine(
        &mut self,
        component: &ComponentDescriptor,
        template: &MachineTemplate,
        machines: i64,
        path: &str,
    ) -> VirtualSystem {
        let own = component.name.as_deref();
        let name = label(own, template.name.as_deref());
        let id = self.id(own.or(name), "machine");
        let description = component.description.as_deref().or(template.description.as_deref());
        let mut items = Items::default();
        self.configuration(&mut items, template, path);
        self.volumes(&mut items, template, machines, path);
        if let Some(image) = &template.machine_image {
            self.machine_image(&mut items, image, &format!("{path}/machineImage"));
        }
        for (at, interface) in template.interface_templates.iter().enumerate() {
            self.interface(&mut items, interface, at, &format!("{path}/interfaceTemplates[{at}]"));
        }
        let settings = System {
            element_name: Some("Virtual hardware".to_owned()),
            instance_id: Some("0".to_owned()),
            virtual_system_identifier: Some(id.clone()),
            ..Default::default()
        };
        let mut hardware = VirtualHardwareSection {
            info: Some("Virtual hardware".into()),
            system: Some(settings),
            items: items.finish(),
            ..Default::default()
        };
        let mut system = VirtualSystem {
            id: Some(id),
            info: Some("A virtual machine".into()),
            name: name.map(message),
            ..Default::default()
        };
        system.annotation_sections.extend(annotation(description));
        if let Some(data) = &template.user_data {
            hardware.transport = Some("iso".to_owned());
            system.product_sections.push(user_data(data));
        }
        system.virtual_hardware_sections.push(hardware);
        for (what, there) in [
            ("credential", template.credential.is_some()),
            ("meterTemplates", !template.meter_templates.is_empty()),
            ("eventLogTemplate", template.event_log_template.is_some()),
        ] {
            if there {
                self.note(format!("{path}/{what}"), "OVF has no such thing of a machine");
            }
        }
        system
    }

    fn configuration(&mut self, items: &mut Items, template: &MachineTemplate, path: &str) {
        let Some(reference) = &template.machine_config else { return };
        let path = format!("{path}/machineConfig");
        let Some(configuration) = reference.value.as_deref() else {
            self.note(path, "the reference is not expanded: processors, memory and disks are not known");
            return;
        };
        let MachineConfiguration { cpu, memory, disks, cpu_arch, cpu_speed, .. } = configuration;
        if let Some(cpu) = *cpu {
            self.processors(items, cpu, &path);
        }
        if let Some(memory) = *memory {
            self.memory(items, memory, &path);
        }
        for (at, disk) in disks.iter().enumerate() {
            self.own_disk(items, disk, &format!("{path}/disks[{at}]"));
        }
        if cpu_arch.is_some() {
            self.note(format!("{path}/cpuArch"), "OVF has no architectures of processors");
        }
        if cpu_speed.is_some() {
            self.note(format!("{path}/cpuSpeed"), "OVF has no speeds of processors");
        }
    }

    fn processors(&mut self, items: &mut Items, cpu: i64, path: &str) {
        if cpu < 0 {
            self.note(format!("{path}/cpu"), "OVF has no negative number of processors");
            return;
        }
        let name = format!("{cpu} virtual CPU{}", if cpu == 1 { "" } else { "s" });
        if let Some(item) = items.add(PROCESSOR, name) {
            // Of reservation and limit, if somebody adds them.
            item.allocation_units = Some("hertz * 10^6".to_owned());
            item.description = Some("Number of virtual CPUs".to_owned());
            item.virtual_quantity = Some(cpu);
        }
    }

    fn memory(&mut self, items: &mut Items, kibibytes: i64, path: &str) {
        let Some(size) = kibibytes.checked_mul(1024).filter(|size| *size >= 0) else {
            self.note(format!("{path}/memory"), "the size of the memory is out of bounds");
            return;
        };
        let (quantity, unit) = bytes(size);
        let shown = if unit == "byte" { format!("{kibibytes} KiB") } else { format!("{quantity} MiB") };
        if let Some(item) = items.add(MEMORY, format!("{shown} of memory")) {
            item.allocation_units = Some(unit.to_owned());
            item.description = Some("Memory size".to_owned());
            item.virtual_quantity = Some(quantity);
        }
    }

    /// A disk that is part of the machine: no disk of the package, but one that comes with the hardware.
    fn own_disk(&mut self, items: &mut Items, disk: &DiskConfiguration, path: &str) {
        let size = disk.capacity.and_then(|capacity| capacity.checked_mul(1000)).filter(|size| *size >= 0);
        let Some(size) = size else {
            self.note(format!("{path}/capacity"), "there is no capacity, or it is out of bounds: the disk is left out");
            return;
        };
        // What a blank disk is imported as.
        if disk.format.as_deref().is_some_and(|format| format != "raw") {
            self.note(format!("{path}/format"), "OVF has no file systems of disks");
        }
        if disk.initial_location.is_some() {
            self.note(format!("{path}/initialLocation"), "OVF does not say where a disk appears");
        }
        let (quantity, unit) = bytes(size);
        if let Some(item) = items.disk() {
            item.allocation_units = Some(unit.to_owned());
            item.virtual_quantity = Some(quantity);
        }
    }

    fn volumes(&mut self, items: &mut Items, template: &MachineTemplate, machines: i64, path: &str) {
        let (mut used, mut inner) = (Vec::new(), HashSet::new());
        for (at, volume) in template.volumes.iter().enumerate() {
            let path = format!("{path}/volumes[{at}]");
            let href = volume.volume.as_ref().and_then(|volume| volume.href.as_ref());
            match href {
                Some(href) => used.extend(self.disk(href, &path)),
                None => self.note(&path, "there is no reference to a volume"),
            }
            self.location(volume.initial_location.as_deref(), &path);
        }
        for (at, volume) in template.volume_templates.iter().enumerate() {
            let path = format!("{path}/volumeTemplates[{at}]");
            self.location(volume.initial_location.as_deref(), &path);
            let Some(reference) = &volume.volume_template else { continue };
            // A component may be meant by name here as well.
            let symbol = reference.href.as_ref().filter(|href| href.symbol().is_some());
            if let Some(href) = symbol.filter(|_| reference.value.is_none()) {
                used.extend(self.disk(href, &path));
            } else {
                let path = format!("{path}/volumeTemplate");
                let id = self.volume(reference, None, None, &path);
                self.leaves.push(Leaf { key: LeafKey::Disk(id.clone()), path, inner: true });
                // Each machine gets one of its own.
                inner.insert(id.clone());
                used.push(id);
            }
        }
        for id in used {
            self.disks.used(&id, if inner.contains(&id) { 1 } else { machines });
            if let Some(item) = items.disk() {
                item.host_resources.push(format!("ovf:/disk/{id}"));
            }
        }
    }

    fn location(&mut self, location: Option<&str>, path: &str) {
        if location.is_some() {
            self.note(format!("{path}/initialLocation"), "OVF does not say where a disk appears");
        }
    }

    fn machine_image(&mut self, items: &mut Items, image: &Ref<MachineImage>, path: &str) {
        let Some(location) = image.value.as_deref().and_then(|image| image.image_location.as_ref()) else {
            self.note(path, "the reference is not expanded, or the image has no location");
            return;
        };
        let file = self.disks.file(location);
        items.drive(&file);
    }

    pub(super) fn interface(
        &mut self,
        items: &mut Items,
        interface: &Ref<NetworkInterfaceTemplate>,
        at: usize,
        path: &str,
    ) {
        let blank = NetworkInterfaceTemplate::default();
        let template = interface.value.as_deref().unwrap_or(&blank);
        if interface.value.is_none() {
            self.note(path, "the reference is not expanded: of the interface nothing is known");
        }
        let network = template.network.as_ref().and_then(|network| network.href.as_ref());
        let connection = network.and_then(|network| self.connection(network, &format!("{path}/network")));
        let name = template
            .name
            .as_deref()
            .map_or_else(|| format!("Network adapter {}", at + 1), |name| clean(name).into_owned());
        let Some(item) = items.add(ETHERNET_ADAPTER, name) else { return };
        let off = template.initial_state == Some(NetworkInterfaceState::Disabled);
        item.address = mac_address(template).map(|address| clean(address).into_owned());
        item.automatic_allocation = Some(!off);
        item.connections.extend(connection);
        item.description = template.description.as_deref().map(|text| clean(text).into_owned());
    }
}

/// The MAC address, which an import keeps beside the attributes of CIMI.
pub(super) fn mac_address(interface: &NetworkInterfaceTemplate) -> Option<&str> {
    interface.extensions.get(&extension::key(extension::ADDRESS))?.as_str()
}

/// A property of the guest that has the user data of the machine, under the name that cloud-init looks for.
pub(super) fn user_data(data: &str) -> ProductSection {
    let property = Property {
        key: Some("user-data".to_owned()),
        property_type: Some("string".to_owned()),
        user_configurable: Some(true),
        value: Some(clean(data).into_owned()),
        label: Some("User data".into()),
        description: Some("Data for the guest, encoded in Base64".into()),
        ..Default::default()
    };
    ProductSection {
        info: Some("Information for the guest".into()),
        entries: vec![ProductEntry::Property(property)],
        ..Default::default()
    }
}
