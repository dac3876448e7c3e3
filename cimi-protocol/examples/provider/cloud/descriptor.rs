//! Writing OVF descriptors of version 1.1: as much of Machines, Volumes and Networks as OVF has a place for.

use std::collections::BTreeSet;
use std::fmt::Write;

use cimi_model::{Machine, Network, Volume};

/// What a descriptor describes.
pub(crate) struct Parts<'a> {
    pub(crate) machines: Vec<&'a Machine>,
    pub(crate) volumes: Vec<&'a Volume>,
    pub(crate) networks: Vec<&'a Network>,
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
  <References/>
"#;

/// The descriptor of a System.
pub(crate) fn write(name: &str, parts: &Parts<'_>) -> Vec<u8> {
    let mut text = HEAD.to_owned();
    // Writing to a String does not fail.
    let _ = write_sections(&mut text, name, parts);
    text.into_bytes()
}

fn write_sections(out: &mut String, name: &str, parts: &Parts<'_>) -> std::fmt::Result {
    if !parts.volumes.is_empty() {
        out.push_str("  <DiskSection>\n    <Info>Volumes</Info>\n");
        for (index, volume) in parts.volumes.iter().enumerate() {
            let bytes = volume.capacity.unwrap_or(0).saturating_mul(1000);
            let format = "http://www.vmware.com/interfaces/specifications/vmdk.html#sparse";
            writeln!(out, r#"    <Disk ovf:diskId="disk{index}" ovf:capacity="{bytes}" ovf:format="{format}"/>"#)?;
        }
        out.push_str("  </DiskSection>\n");
    }
    if !parts.networks.is_empty() {
        out.push_str("  <NetworkSection>\n    <Info>Networks</Info>\n");
        let mut taken = BTreeSet::new();
        for network in &parts.networks {
            let name = id(network.name.as_deref().unwrap_or("network"), &mut taken);
            writeln!(out, r#"    <Network ovf:name="{name}"><Description>{name}</Description></Network>"#)?;
        }
        out.push_str("  </NetworkSection>\n");
    }
    let mut taken = BTreeSet::new();
    let ids: Vec<String> =
        parts.machines.iter().map(|machine| id(machine.name.as_deref().unwrap_or("machine"), &mut taken)).collect();
    let (title, collection) = (escaped(name), id(name, &mut taken));
    writeln!(out, r#"  <VirtualSystemCollection ovf:id="{collection}">"#)?;
    writeln!(out, "    <Info>{title}</Info>\n    <Name>{title}</Name>")?;
    for (id, machine) in ids.iter().zip(&parts.machines) {
        write_machine(out, id, machine)?;
    }
    out.push_str("  </VirtualSystemCollection>\n</Envelope>\n");
    Ok(())
}

fn write_machine(out: &mut String, name: &str, machine: &Machine) -> std::fmt::Result {
    writeln!(out, r#"    <VirtualSystem ovf:id="{name}">"#)?;
    writeln!(out, "      <Info>{name}</Info>\n      <Name>{name}</Name>")?;
    out.push_str("      <VirtualHardwareSection>\n        <Info>Hardware</Info>\n");
    if let Some(cpu) = machine.cpu {
        write_item(out, 1, 3, "hertz * 10^6", cpu)?;
    }
    if let Some(memory) = machine.memory {
        write_item(out, 2, 4, "byte * 2^10", memory)?;
    }
    out.push_str("      </VirtualHardwareSection>\n    </VirtualSystem>\n");
    Ok(())
}

/// An item of hardware: its elements come in the order of the alphabet.
fn write_item(out: &mut String, id: u8, kind: u8, units: &str, quantity: i64) -> std::fmt::Result {
    writeln!(
        out,
        "        <Item><rasd:AllocationUnits>{units}</rasd:AllocationUnits>\
         <rasd:ElementName>item {id}</rasd:ElementName><rasd:InstanceID>{id}</rasd:InstanceID>\
         <rasd:ResourceType>{kind}</rasd:ResourceType><rasd:VirtualQuantity>{quantity}</rasd:VirtualQuantity></Item>"
    )
}

/// What a part is called: its name, with a number where that is taken.
fn id(name: &str, taken: &mut BTreeSet<String>) -> String {
    let name = escaped(name);
    let numbered = (2..).map(|number: usize| format!("{name}-{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|id| !taken.contains(id));
    let free = free.unwrap_or(name);
    taken.insert(free.clone());
    free
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // What XML does not have.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
