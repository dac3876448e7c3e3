//! Checks that identifiers are unique and that references lead somewhere.

use std::collections::{HashMap, HashSet};

use cimi_model::{Error, ErrorKind, Result, printable};

use super::items::{Item, items};
use super::sections;
use super::source::{Disk, Source, Warnings, bad, required};
use crate::deployment::words;
use crate::model::{Content, HostResource, VirtualSystem, VirtualSystemCollection};
use crate::tree::{Attribute, Element};

/// The names that references may use.
struct Names<'d> {
    files: HashSet<&'d str>,
    disks: HashSet<&'d str>,
    networks: HashSet<&'d str>,
    configurations: HashSet<&'d str>,
}

pub(super) fn all<'d>(source: &Source<'d>, warnings: &mut Warnings<'d>) -> Result<()> {
    let names = Names {
        files: unique("File", source.files.iter().map(|file| (file.id, file.element)))?,
        disks: unique("Disk", source.disks.iter().map(|disk| (disk.id, disk.element)))?,
        networks: unique("Network", source.networks.iter().map(|network| (network.name, network.element)))?,
        configurations: sections::configurations(source)?,
    };
    check_files(source, &names)?;
    check_disks(&source.disks, &names)?;
    check_content(source, &names, warnings)
}

/// The identifiers, which must all differ.
pub(super) fn unique<'d>(
    what: &str,
    entries: impl Iterator<Item = (&'d str, Element<'d>)>,
) -> Result<HashSet<&'d str>> {
    let mut seen = HashSet::new();
    for (id, element) in entries {
        if !seen.insert(id) {
            return Err(duplicate(element, &format!("there is another {what} '{}'", printable(id))));
        }
    }
    Ok(seen)
}

fn duplicate(element: Element<'_>, reason: &str) -> Error {
    element.error(ErrorKind::Duplicate, reason)
}

/// Every `ovf:fileRef` of every section, for example of icons.
///
/// External message bundles are not looked for: they only hold translations, and real packages leave them out.
fn check_files(source: &Source<'_>, names: &Names<'_>) -> Result<()> {
    let mut open = vec![source.root()];
    while let Some(element) = open.pop() {
        open.extend(element.children().collect::<Vec<_>>().into_iter().rev());
        if !source.vocabulary.is_ovf(element) || matches!(element.name(), "Strings" | "Msg") {
            continue;
        }
        let mut references = element.attributes().filter(|attribute| attribute.name() == "fileRef");
        let Some(file) = references.next().map(Attribute::value) else { continue };
        if !file.is_empty() && !names.files.contains(&*file) {
            let file = printable(&file);
            let reason = format!("ovf:fileRef names the file '{file}', which References does not have");
            return Err(bad(element, reason));
        }
    }
    Ok(())
}

fn check_disks(disks: &[Disk<'_>], names: &Names<'_>) -> Result<()> {
    let mut parents: HashMap<&str, &str> = HashMap::new();
    for disk in disks {
        let Some(parent) = disk.parent else { continue };
        if !names.disks.contains(parent) {
            let parent = printable(parent);
            return Err(bad(disk.element, format!("ovf:parentRef names the disk '{parent}', which does not exist")));
        }
        parents.insert(disk.id, parent);
    }
    // Disks known to end in one without a parent; each chain is followed only as far as one of them.
    let mut sound: HashSet<&str> = HashSet::new();
    for disk in disks {
        let mut chain: HashSet<&str> = HashSet::new();
        let mut id = disk.id;
        while !sound.contains(id) {
            if !chain.insert(id) {
                return Err(bad(disk.element, "the chain of ovf:parentRef is a cycle"));
            }
            match parents.get(id) {
                Some(parent) => id = parent,
                None => break,
            }
        }
        sound.extend(chain);
    }
    Ok(())
}

fn check_content<'d>(source: &Source<'d>, names: &Names<'_>, warnings: &mut Warnings<'d>) -> Result<()> {
    let mut open = vec![source.content];
    required_id(source, source.content)?;
    while let Some(content) = open.pop() {
        match content {
            Content::System(system) => check_system(source, system, names, warnings)?,
            Content::Collection(collection) => {
                check_collection(source, collection)?;
                open.extend(collection.content.iter().rev());
            }
        }
    }
    Ok(())
}

fn required_id<'d>(source: &Source<'d>, content: &'d Content) -> Result<(&'d str, Element<'d>)> {
    let element = source.element(content.node());
    Ok((required(element, "id", content.id())?, element))
}

fn check_collection(source: &Source<'_>, collection: &VirtualSystemCollection) -> Result<()> {
    let ids: Vec<_> = collection.content.iter().map(|member| required_id(source, member)).collect::<Result<_>>()?;
    let ids = unique("member", ids.into_iter())?;
    sections::products(source, &collection.product_sections)?;
    sections::startup(source, &collection.startup_sections, Some(&ids))?;
    sections::resources(source, &collection.resource_allocation_sections)
}

fn check_system<'d>(
    source: &Source<'d>,
    system: &'d VirtualSystem,
    names: &Names<'_>,
    warnings: &mut Warnings<'d>,
) -> Result<()> {
    sections::products(source, &system.product_sections)?;
    sections::install(source, &system.install_sections)?;
    sections::startup(source, &system.startup_sections, None)?;
    sections::resources(source, &system.resource_allocation_sections)?;
    for section in &system.virtual_hardware_sections {
        let items = items(source, section.all_items())?;
        check_items(&items, warnings)?;
        for item in &items {
            item.check_quantity()?;
            check_configurations(item, names)?;
            check_connections(item, names)?;
            item.host_resources().try_for_each(|(element, text)| check_host_resource(element, text, item, names))?;
        }
    }
    Ok(())
}

fn check_configurations(item: &Item<'_>, names: &Names<'_>) -> Result<()> {
    let unknown = words(item.model.configuration.as_deref()).find(|id| !names.configurations.contains(id));
    let Some(unknown) = unknown else { return Ok(()) };
    let unknown = printable(unknown);
    Err(bad(item.element, format!("ovf:configuration names '{unknown}', which no DeploymentOptionSection has")))
}

/// An identifier may occur once for each bound and list of configurations.
fn check_items<'d>(items: &[Item<'d>], warnings: &mut Warnings<'d>) -> Result<()> {
    let mut seen = HashSet::new();
    let mut ids = HashSet::new();
    for item in items {
        let Some(id) = item.id() else { continue };
        ids.insert(id);
        let mut configurations: Vec<&str> = words(item.model.configuration.as_deref()).collect();
        configurations.sort_unstable();
        if !seen.insert((id, item.bound(), configurations)) {
            let reason = format!("there is another Item with InstanceID '{}'", printable(id));
            return Err(duplicate(item.element, &reason));
        }
    }
    for item in items {
        let parent = item.model.parent.as_deref().filter(|parent| !parent.is_empty() && !ids.contains(parent));
        let Some(parent) = parent else { continue };
        warnings.add(item.element, format!("Parent names the item '{}', which does not exist", printable(parent)));
    }
    Ok(())
}

fn check_connections(item: &Item<'_>, names: &Names<'_>) -> Result<()> {
    for (element, name) in item.connections() {
        if !(name.is_empty() || names.networks.contains(name)) {
            let name = printable(name);
            return Err(bad(element, format!("the network '{name}' is not declared in a NetworkSection")));
        }
    }
    Ok(())
}

fn check_host_resource(element: Element<'_>, text: &str, item: &Item<'_>, names: &Names<'_>) -> Result<()> {
    match HostResource::parse(text) {
        HostResource::Disk(id) if !names.disks.contains(id) => {
            Err(bad(element, format!("the disk '{}' is not declared in a DiskSection", printable(id))))
        }
        HostResource::File(id) if !names.files.contains(id) => {
            Err(bad(element, format!("the file '{}' is not declared in References", printable(id))))
        }
        HostResource::Other(text) if item.is_disk() && !text.is_empty() => {
            let text = printable(text);
            Err(bad(element, format!("'{text}' names neither a disk (ovf:/disk/ID) nor a file (ovf:/file/ID)")))
        }
        _ => Ok(()),
    }
}
