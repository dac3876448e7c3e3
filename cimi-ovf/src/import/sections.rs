//! Checks of the sections that CIMI has no place for: they are kept as they are, but their identifiers and quantities
//! must be sound.

use std::collections::HashSet;

use cimi_model::{Result, printable};

use super::check::unique;
use super::items::{Item, items};
use super::source::{Source, bad, required};
use crate::model::{InstallSection, ProductEntry, ProductSection, ResourceAllocationSection, StartupSection};

/// The identifiers of the deployment configurations, which must all differ.
pub(super) fn configurations<'d>(source: &Source<'d>) -> Result<HashSet<&'d str>> {
    let all = source.envelope.deployment_option_sections.iter().flat_map(|section| &section.configurations);
    unique("Configuration", all.filter_map(|one| Some((one.id.as_deref()?, source.element(one.node)))))
}

pub(super) fn products(source: &Source<'_>, sections: &[ProductSection]) -> Result<()> {
    for section in sections {
        let properties = section.entries.iter().filter_map(|entry| match entry {
            ProductEntry::Property(property) => Some((property.key.as_deref()?, source.element(property.node))),
            ProductEntry::Category(_) => None,
        });
        unique("Property", properties)?;
    }
    Ok(())
}

pub(super) fn install(source: &Source<'_>, sections: &[InstallSection]) -> Result<()> {
    let check = |section: &InstallSection| source.check_numbers(section, section.node, &["initialBootStopDelay"]);
    sections.iter().try_for_each(check)
}

pub(super) fn resources(source: &Source<'_>, sections: &[ResourceAllocationSection]) -> Result<()> {
    for section in sections {
        items(source, section.all_items())?.iter().try_for_each(Item::check_quantity)?;
    }
    Ok(())
}

/// The items of a startup section name direct members of the collection, each once. `members` are their identifiers.
pub(super) fn startup(source: &Source<'_>, sections: &[StartupSection], members: Option<&HashSet<&str>>) -> Result<()> {
    for section in sections {
        let mut ids = Vec::new();
        for item in &section.items {
            let element = source.element(item.node);
            source.check_numbers(item, item.node, &["order", "startDelay", "stopDelay"])?;
            let id = required(element, "id", item.id.as_deref())?;
            if members.is_some_and(|members| !members.contains(id)) {
                let reason = format!("ovf:id names '{}', which is not a member of the collection", printable(id));
                return Err(bad(element, reason));
            }
            ids.push((id, element));
        }
        unique("Item", ids.into_iter())?;
    }
    Ok(())
}
