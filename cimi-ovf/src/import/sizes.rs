//! The configurations of a machine in the deployment options that are not chosen.

use cimi_model::{Any, MachineConfiguration, Result};

use super::extension::{self, Members};
use super::items::items_for;
use super::machine::configuration;
use super::map::Mapping;
use super::report::Fate;
use crate::Deployment;
use crate::deployment::words;
use crate::model::{Configuration, VirtualHardwareSection};

/// As how many items a configuration counts at least.
const LEAST: usize = 8;

/// The extension of a `MachineTemplate` with a configuration for each deployment option: `option` is its identifier, and
/// what else is in it are attributes of a `MachineConfiguration`.
pub(super) fn key() -> String {
    extension::key("MachineConfiguration")
}

/// The configurations of a machine, if it has items for some deployment options only.
pub(super) fn configurations<'d>(
    mapping: &mut Mapping<'_, 'd>,
    hardware: &'d VirtualHardwareSection,
) -> Result<Option<Any>> {
    let is_special = |list: Option<&str>| words(list).next().is_some();
    if !hardware.all_items().any(|item| is_special(item.configuration.as_deref())) {
        return Ok(None);
    }
    let sections = &mapping.source.envelope.deployment_option_sections;
    let options = || sections.iter().flat_map(|section| &section.configurations);
    let items = hardware.all_items().count();
    let Some(room) = mapping.items_left.checked_sub(items.max(LEAST).saturating_mul(options().count())) else {
        if let Some(section) = sections.first() {
            let text = "too many options for so many items: the configurations of a machine are not listed";
            mapping.warn(mapping.source.element(section.node), Fate::Aside, "", text);
        }
        return Ok(None);
    };
    mapping.items_left = room;
    // The chosen one has been reported.
    mapping.is_quiet = true;
    let all: Result<Vec<Any>> = options().filter_map(|option| one(mapping, option, hardware).transpose()).collect();
    mapping.is_quiet = false;
    let mut members = Members::default();
    for one in all? {
        members.add(String::new(), one);
    }
    // As what is read from XML, where one of a name is no array.
    Ok(members.finish().and_then(|all| all.get("").cloned()))
}

fn one<'d>(
    mapping: &mut Mapping<'_, 'd>,
    option: &'d Configuration,
    hardware: &'d VirtualHardwareSection,
) -> Result<Option<Any>> {
    let Some(id) = option.id.as_deref() else { return Ok(None) };
    let items = items_for(mapping.source, Deployment::of(option), hardware)?;
    let MachineConfiguration { cpu, memory, cpu_speed, disks, .. } = configuration(mapping, &items)?;
    let name = mapping.source.message(option.label.as_ref(), mapping.budget)?;
    let description = mapping.source.message(option.description.as_ref(), mapping.budget)?;
    let mut members = Members::default();
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    for (name, value) in [
        ("option", Some(id.to_owned())),
        ("name", name),
        ("description", description),
        ("cpu", number(cpu)),
        ("memory", number(memory)),
        ("cpuSpeed", number(cpu_speed)),
    ] {
        if let Some(value) = value {
            members.add(name.to_owned(), value.into());
        }
    }
    for disk in disks {
        let parts = [("capacity", number(disk.capacity)), ("format", disk.format)];
        let parts = parts.into_iter().filter_map(|(name, value)| Some((name, Any::from(value?))));
        members.add("disks".to_owned(), parts.collect());
    }
    Ok(members.finish())
}
