//! Shared by the tests: descriptors made of parts, and what is found in templates.
#![allow(dead_code, unreachable_pub, clippy::panic, clippy::unwrap_used, reason = "each test uses another part")]

use cimi_model::{ComponentDescriptor, Dialect, Limits, MachineTemplate, ReadOptions, SystemTemplate, VolumeTemplate};
use cimi_ovf::{Error, ImportOptions, Imported};

/// An envelope around the parts, with the usual prefixes.
pub fn envelope(parts: &str) -> String {
    format!(
        r#"<?xml version="1.0"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
 xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
 xmlns:vnd="http://vendor.example.com/ovf" xml:lang="en-US">
{parts}
</Envelope>"#
    )
}

/// A single machine with these items.
pub fn machine(items: &str) -> String {
    format!(
        r#"<VirtualSystem ovf:id="vm"><Info>A machine</Info>
<VirtualHardwareSection><Info>Hardware</Info>{items}</VirtualHardwareSection></VirtualSystem>"#
    )
}

/// An item: its identifier, its resource type, and other settings such as `VirtualQuantity=2`.
pub fn item(id: &str, resource_type: u16, settings: &[(&str, &str)]) -> String {
    item_with("", id, resource_type, settings)
}

/// An item with attributes.
pub fn item_with(attributes: &str, id: &str, resource_type: u16, settings: &[(&str, &str)]) -> String {
    let setting = |(name, value): &(&str, &str)| format!("<rasd:{name}>{value}</rasd:{name}>");
    let settings: String = settings.iter().map(setting).collect();
    format!(
        "<Item {attributes}><rasd:ElementName>{id}</rasd:ElementName><rasd:InstanceID>{id}</rasd:InstanceID>\
         <rasd:ResourceType>{resource_type}</rasd:ResourceType>{settings}</Item>"
    )
}

pub fn import(descriptor: &str) -> Result<Imported, Error> {
    cimi_ovf::import(descriptor.as_bytes(), &ImportOptions::default())
}

/// Limits so wide that what takes long would be seen.
pub fn wide() -> Limits {
    Limits { size: 64 << 20, elements: 1_000_000, ..ReadOptions::default().limits }
}

pub fn import_large(descriptor: &str) -> Result<Imported, Error> {
    let mut options = ImportOptions::default();
    options.limits = wide();
    cimi_ovf::import(descriptor.as_bytes(), &options)
}

/// The machines of a template and of those in it, in order.
pub fn machines(template: &SystemTemplate) -> Vec<&MachineTemplate> {
    fn add<'t>(template: &'t SystemTemplate, out: &mut Vec<&'t MachineTemplate>) {
        for component in &template.component_descriptors {
            out.extend(component.machine_template.iter().filter_map(|machine| machine.value.as_deref()));
            if let Some(nested) = component.system_template.as_ref().and_then(|system| system.value.as_deref()) {
                add(nested, out);
            }
        }
    }
    let mut out = Vec::new();
    add(template, &mut out);
    out
}

/// All components of a template and of those in it.
pub fn components(template: &SystemTemplate) -> Vec<&ComponentDescriptor> {
    let mut out = Vec::new();
    let mut open = vec![template];
    while let Some(template) = open.pop() {
        out.extend(&template.component_descriptors);
        let nested = template.component_descriptors.iter().filter_map(|component| component.system_template.as_ref());
        open.extend(nested.filter_map(|system| system.value.as_deref()));
    }
    out
}

/// The component with this name.
pub fn component<'t>(template: &'t SystemTemplate, name: &str) -> &'t ComponentDescriptor {
    let found = components(template).into_iter().find(|component| component.name.as_deref() == Some(name));
    found.unwrap_or_else(|| panic!("no component {name}"))
}

/// The volumes with the names of their components.
pub fn volumes(template: &SystemTemplate) -> Vec<(&str, &VolumeTemplate)> {
    fn volume(component: &ComponentDescriptor) -> Option<(&str, &VolumeTemplate)> {
        Some((component.name.as_deref()?, component.volume_template.as_ref()?.value.as_deref()?))
    }
    components(template).into_iter().filter_map(volume).collect()
}

pub fn capacity(volume: &VolumeTemplate) -> Option<i64> {
    volume.volume_config.as_ref()?.value.as_ref()?.capacity
}

pub fn cpu_and_memory(machine: &MachineTemplate) -> (Option<i64>, Option<i64>) {
    let configuration = machine.machine_config.as_ref().and_then(|reference| reference.value.as_deref());
    configuration.map_or((None, None), |configuration| (configuration.cpu, configuration.memory))
}

/// The names that a machine refers to: its volumes, then the networks of its interfaces.
pub fn references(machine: &MachineTemplate) -> Vec<&str> {
    let volumes = machine.volumes.iter().filter_map(|volume| volume.volume.as_ref()?.href.as_ref());
    let interfaces = machine.interface_templates.iter().filter_map(|interface| interface.value.as_ref());
    let networks = interfaces.filter_map(|interface| interface.network.as_ref()?.href.as_ref());
    volumes.chain(networks).map(cimi_model::Uri::as_str).collect()
}

/// Written in either format and dialect and read again, the template is the same.
pub fn round_trip(template: &SystemTemplate) {
    let options = ReadOptions::default();
    for dialect in [Dialect::V1, Dialect::V2] {
        let json = cimi_model::json::to_vec(template, dialect.into()).unwrap();
        let read = cimi_model::json::from_slice::<SystemTemplate>(&json, &options).unwrap();
        assert_eq!((&read.value, read.deviations.as_slice()), (template, &[][..]));
        let xml = cimi_model::xml::to_vec(template, dialect.into()).unwrap();
        let read = cimi_model::xml::from_slice::<SystemTemplate>(&xml, &options).unwrap();
        assert_eq!((&read.value, read.deviations.as_slice()), (template, &[][..]));
    }
}
