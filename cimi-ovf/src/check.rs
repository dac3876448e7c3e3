//! Checks that identifiers are unique and that references lead somewhere.

use std::collections::{HashMap, HashSet};

use cimi_model::{Error, ErrorKind, Result};

use crate::descriptor::{
    About, Content, Disk, Envelope, File, HostResource, Item, Located, VirtualHardwareSection, VirtualSystem, Warning,
};
use crate::element::Element;
use crate::hardware::{MEMORY, MEMORY_UNIT, PROCESSOR};
use crate::origin::{Node, Origin, printable};

/// The names that references may use.
struct Names<'e> {
    files: HashSet<&'e str>,
    disks: HashSet<&'e str>,
    networks: HashSet<&'e str>,
}

pub(crate) fn all(envelope: &mut Envelope) -> Result<()> {
    let names = Names {
        files: unique("File", envelope.files.iter().map(|file| (file.id.as_str(), &file.origin)))?,
        disks: unique("Disk", envelope.disks.iter().map(|disk| (disk.id.as_str(), &disk.origin)))?,
        networks: unique("Network", envelope.networks.iter().map(|net| (net.name.as_str(), &net.origin)))?,
    };
    check_disks(&envelope.disks, &names)?;
    let mut warnings = Vec::new();
    check_content(&envelope.content, &names, &mut warnings)?;
    envelope.warnings.append(&mut warnings);
    Ok(())
}

/// The identifiers, which must all differ.
fn unique<'e>(what: &str, entries: impl Iterator<Item = (&'e str, &'e Origin)>) -> Result<HashSet<&'e str>> {
    let mut seen = HashSet::new();
    for (id, origin) in entries {
        if !seen.insert(id) {
            return Err(duplicate(origin, &format!("there is another {what} '{}'", printable(id))));
        }
    }
    Ok(seen)
}

fn duplicate(origin: &Origin, reason: &str) -> Error {
    origin.error(ErrorKind::Duplicate, reason)
}

/// Every `ovf:fileRef` of every section, for example of icons.
///
/// External message bundles are not looked for: they only hold translations, and real packages leave them out.
pub(crate) fn file_references(root: &Node<'_>, files: &[File]) -> Result<()> {
    let known: HashSet<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let dangling = |element: &Element| {
        let refers = element.is_ovf() && !element.is("Strings") && !element.is("Msg");
        let file = refers.then(|| element.attribute("fileRef")).flatten();
        file.is_some_and(|file| !file.is_empty() && !known.contains(file))
    };
    let mut open = vec![root.element];
    while let Some(element) = open.pop() {
        if dangling(element) {
            return Err(dangling_file(root.clone(), &dangling));
        }
        open.extend(&element.children);
    }
    Ok(())
}

/// Walks a second time, now with paths, which are too dear to be built for every element.
fn dangling_file(root: Node<'_>, dangling: &dyn Fn(&Element) -> bool) -> Error {
    let fallback = root.origin();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if dangling(node.element) {
            let file = printable(node.element.attribute("fileRef").unwrap_or_default());
            return node.origin().bad(format!("ovf:fileRef names the file '{file}', which References does not have"));
        }
        open.extend(node.children().into_iter().rev());
    }
    fallback.bad("a reference to a file leads nowhere")
}

fn check_disks(disks: &[Disk], names: &Names<'_>) -> Result<()> {
    let mut parents: HashMap<&str, &str> = HashMap::new();
    for disk in disks {
        let Some(parent) = disk.parent.as_deref() else { continue };
        if !names.disks.contains(parent) {
            let parent = printable(parent);
            return Err(disk.origin.bad(format!("ovf:parentRef names the disk '{parent}', which does not exist")));
        }
        parents.insert(&disk.id, parent);
    }
    // Disks known to end in one without a parent; each chain is followed only as far as one of them.
    let mut sound: HashSet<&str> = HashSet::new();
    for disk in disks {
        let mut chain: HashSet<&str> = HashSet::new();
        let mut id = disk.id.as_str();
        while !sound.contains(id) {
            if !chain.insert(id) {
                return Err(disk.origin.bad("the chain of ovf:parentRef is a cycle"));
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

fn check_content(root: &Content, names: &Names<'_>, warnings: &mut Vec<Warning>) -> Result<()> {
    let mut open = vec![root];
    while let Some(content) = open.pop() {
        match content {
            Content::System(system) => check_system(system, names, warnings)?,
            Content::Collection(collection) => {
                let members = collection.content.iter().map(Content::about);
                let ids = unique("member", members.map(|about| (about.id.as_str(), &about.origin)))?;
                check_startup(&collection.about, &ids)?;
                open.extend(collection.content.iter().rev());
            }
        }
    }
    Ok(())
}

/// The items of a startup section name direct members of the collection.
fn check_startup(about: &About, members: &HashSet<&str>) -> Result<()> {
    for section in about.sections.iter().filter(|section| section.is("StartupSection")) {
        let section = Node { element: section, path: format!("{}/StartupSection", about.origin.path) };
        for item in section.named("Item") {
            let id = item.required("id")?;
            if !members.contains(id.as_str()) {
                let reason = format!("ovf:id names '{}', which is not a member of the collection", printable(&id));
                return Err(item.origin().bad(reason));
            }
        }
    }
    Ok(())
}

fn check_system(system: &VirtualSystem, names: &Names<'_>, warnings: &mut Vec<Warning>) -> Result<()> {
    for section in &system.hardware {
        check_items(section, warnings)?;
        for item in &section.items {
            check_quantity(item)?;
            check_connections(item, names, warnings)?;
            item.host_resources.iter().try_for_each(|resource| check_host_resource(resource, item, names))?;
        }
    }
    Ok(())
}

/// The quantities that are given a meaning, in other configurations and in bounds too.
fn check_quantity(item: &Item) -> Result<()> {
    match item.resource_type {
        PROCESSOR => item.check_unit(),
        MEMORY => item.bytes(MEMORY_UNIT).map(|_| ()),
        _ => Ok(()),
    }
}

/// An identifier may occur once for each bound and list of configurations.
fn check_items(section: &VirtualHardwareSection, warnings: &mut Vec<Warning>) -> Result<()> {
    let mut seen = HashSet::new();
    let mut ids = HashSet::new();
    for item in &section.items {
        let Some(id) = item.instance_id.as_deref() else { continue };
        ids.insert(id);
        let mut configurations: Vec<&str> = item.configurations.iter().map(String::as_str).collect();
        configurations.sort_unstable();
        if !seen.insert((id, item.bound.as_deref(), configurations)) {
            let reason = format!("there is another Item with InstanceID '{}'", printable(id));
            return Err(duplicate(&item.origin, &reason));
        }
    }
    for item in &section.items {
        let Some(parent) = item.parent.as_deref().filter(|parent| !ids.contains(parent)) else { continue };
        let text = format!("Parent names the item '{}', which does not exist", printable(parent));
        warnings.push(Warning { origin: item.origin.clone(), text });
    }
    Ok(())
}

fn check_connections(item: &Item, names: &Names<'_>, warnings: &mut Vec<Warning>) -> Result<()> {
    for connection in &item.connections {
        let name = connection.text.as_str();
        if name.is_empty() {
            let text = "Connection is empty; the adapter is not connected".to_owned();
            warnings.push(Warning { origin: connection.origin.clone(), text });
        } else if !names.networks.contains(name) {
            let name = printable(name);
            return Err(connection.origin.bad(format!("the network '{name}' is not declared in a NetworkSection")));
        }
    }
    Ok(())
}

fn check_host_resource(resource: &Located, item: &Item, names: &Names<'_>) -> Result<()> {
    let origin = &resource.origin;
    match HostResource::parse(&resource.text) {
        HostResource::Disk(id) if !names.disks.contains(id) => {
            Err(origin.bad(format!("the disk '{}' is not declared in a DiskSection", printable(id))))
        }
        HostResource::File(id) if !names.files.contains(id) => {
            Err(origin.bad(format!("the file '{}' is not declared in References", printable(id))))
        }
        HostResource::Other(text) if item.is_disk() && !text.is_empty() => {
            let text = printable(text);
            Err(origin.bad(format!("'{text}' names neither a disk (ovf:/disk/ID) nor a file (ovf:/file/ID)")))
        }
        _ => Ok(()),
    }
}
