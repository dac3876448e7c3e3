//! Checks that identifiers are unique and that references lead somewhere.

use std::collections::{HashMap, HashSet};

use cimi_model::{Error, ErrorKind, Result, printable};

use crate::descriptor::{
    Content, Disk, Envelope, File, HostResource, Item, Located, VirtualHardwareSection, VirtualSystem, Warning,
};
use crate::element::Element;
use crate::origin::{Node, Origin};
use crate::sections;

/// The names that references may use.
struct Names<'e> {
    files: HashSet<&'e str>,
    disks: HashSet<&'e str>,
    networks: HashSet<&'e str>,
    configurations: HashSet<&'e str>,
}

pub(crate) fn all(envelope: &mut Envelope) -> Result<()> {
    let names = Names {
        files: unique("File", envelope.files.iter().map(|file| (file.id.as_str(), &file.origin)))?,
        disks: unique("Disk", envelope.disks.iter().map(|disk| (disk.id.as_str(), &disk.origin)))?,
        networks: unique("Network", envelope.networks.iter().map(|net| (net.name.as_str(), &net.origin)))?,
        configurations: sections::configurations(envelope)?,
    };
    check_disks(&envelope.disks, &names)?;
    sections::check(&envelope.sections, &envelope.origin, None)?;
    let mut warnings = Vec::new();
    check_content(&envelope.content, &names, &mut warnings)?;
    envelope.warnings.append(&mut warnings);
    Ok(())
}

/// The identifiers, which must all differ.
pub(crate) fn unique<'e, 'o>(
    what: &str,
    entries: impl Iterator<Item = (&'e str, &'o Origin)>,
) -> Result<HashSet<&'e str>> {
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
            Content::System(system) => {
                sections::check_about(&system.about, None)?;
                check_system(system, names, warnings)?;
            }
            Content::Collection(collection) => {
                let members = collection.content.iter().map(Content::about);
                let ids = unique("member", members.map(|about| (about.id.as_str(), &about.origin)))?;
                sections::check_about(&collection.about, Some(&ids))?;
                open.extend(collection.content.iter().rev());
            }
        }
    }
    Ok(())
}

fn check_system(system: &VirtualSystem, names: &Names<'_>, warnings: &mut Vec<Warning>) -> Result<()> {
    for section in &system.hardware {
        check_items(section, warnings)?;
        for item in &section.items {
            item.check_quantity()?;
            check_configurations(item, names)?;
            check_connections(item, names)?;
            item.host_resources.iter().try_for_each(|resource| check_host_resource(resource, item, names))?;
        }
    }
    Ok(())
}

fn check_configurations(item: &Item, names: &Names<'_>) -> Result<()> {
    let unknown = item.configurations.iter().find(|id| !names.configurations.contains(id.as_str()));
    let Some(unknown) = unknown else { return Ok(()) };
    let unknown = printable(unknown);
    let reason = format!("ovf:configuration names '{unknown}', which no DeploymentOptionSection has");
    Err(item.origin.bad(reason))
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

fn check_connections(item: &Item, names: &Names<'_>) -> Result<()> {
    for connection in &item.connections {
        let name = connection.text.as_str();
        if !(name.is_empty() || names.networks.contains(name)) {
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
