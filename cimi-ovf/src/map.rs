//! The mapping of a descriptor to templates (DSP0263 annex A).

use std::collections::{HashMap, HashSet};

use cimi_model::{
    ComponentDescriptor, Dialect, Extensions, NetworkTemplate, Ref, Result, SystemTemplate, Uri, VolumeConfiguration,
    VolumeImage, VolumeTemplate,
};

use crate::budget::{Budget, weight};
use crate::descriptor::{About, Content, Disk, Envelope, File, HostResource, Network, Warning};
use crate::extension;
use crate::machine;
use crate::names::Names;
use crate::placement::Placement;

/// Everything that the templates of one descriptor are made from.
pub(crate) struct Mapping<'e> {
    pub(crate) envelope: &'e Envelope,
    pub(crate) files: HashMap<&'e str, &'e File>,
    /// The component of each disk.
    pub(crate) disk_names: HashMap<&'e str, String>,
    /// The component of each network.
    pub(crate) network_names: HashMap<&'e str, String>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) budget: &'e mut Budget,
    /// The networks and disks of each collection.
    placed: HashMap<usize, (Vec<&'e Network>, Vec<&'e Disk>)>,
    names: Names,
    /// How many collections have been begun; their numbers are those of `Placement`.
    collections: usize,
}

/// The template of the whole descriptor, and what was tolerated on the way.
pub(crate) fn template(
    envelope: &Envelope,
    source: Option<&str>,
    budget: &mut Budget,
) -> Result<(SystemTemplate, Vec<Warning>)> {
    let mut mapping = Mapping::new(envelope, budget);
    let content = &envelope.content;
    let mut template = match content {
        Content::System(_) => {
            let about = content.about();
            let name = Some(about.name_or_id().to_owned());
            let mut template = SystemTemplate { name, ..Default::default() };
            template.component_descriptors = mapping.components(std::slice::from_ref(content), 0)?;
            template
        }
        Content::Collection(collection) => mapping.collection(&collection.about, &collection.content)?,
    };
    template.import_image = source.map(uri);
    if let Some(extension) = extension::envelope(envelope, &unused_files(envelope), mapping.budget)? {
        template.extensions.insert(extension::key("Envelope"), extension);
    }
    Ok((template, mapping.warnings))
}

/// Files that are neither the image of a disk nor in the drive of a machine.
fn unused_files(envelope: &Envelope) -> Vec<&File> {
    let mut used: HashSet<&str> = envelope.disks.iter().filter_map(|disk| disk.file.as_deref()).collect();
    let mut open = vec![&envelope.content];
    while let Some(content) = open.pop() {
        match content {
            Content::System(system) => used.extend(machine::image_file(system, envelope.configuration.as_deref())),
            Content::Collection(collection) => open.extend(&collection.content),
        }
    }
    envelope.files.iter().filter(|file| !used.contains(file.id.as_str())).collect()
}

impl<'e> Mapping<'e> {
    fn new(envelope: &'e Envelope, budget: &'e mut Budget) -> Self {
        let mut mapping = Self {
            envelope,
            files: envelope.files.iter().map(|file| (file.id.as_str(), file)).collect(),
            disk_names: HashMap::new(),
            network_names: HashMap::new(),
            warnings: Vec::new(),
            budget,
            placed: placed(envelope),
            names: Names::default(),
            collections: 0,
        };
        for disk in &envelope.disks {
            mapping.disk_names.insert(&disk.id, mapping.names.pick(&disk.id, "disk"));
        }
        for network in &envelope.networks {
            mapping.network_names.insert(&network.name, mapping.names.pick(&network.name, "network"));
        }
        mapping
    }

    /// A symbolic reference to the component of a disk.
    pub(crate) fn volume(&self, disk: &str) -> Option<String> {
        self.disk_names.get(disk).map(|name| format!("#{name}"))
    }

    /// A symbolic reference to the component of a network.
    pub(crate) fn network(&self, name: &str) -> Option<String> {
        self.network_names.get(name).map(|name| format!("#{name}"))
    }

    pub(crate) fn warn(&mut self, origin: &crate::Origin, text: impl Into<String>) {
        self.warnings.push(Warning { origin: origin.clone(), text: text.into() });
    }

    fn collection(&mut self, about: &'e About, content: &'e [Content]) -> Result<SystemTemplate> {
        let number = self.collections;
        let mut template = SystemTemplate {
            name: Some(about.name_or_id().to_owned()),
            description: description(about),
            ..Default::default()
        };
        template.component_descriptors = self.components(content, number)?;
        if let Some(extension) = extension::about(about, None, self.budget)? {
            template.extensions.insert(extension::key("VirtualSystemCollection"), extension);
        }
        Ok(template)
    }

    /// The components of a collection: its members, then the networks and disks that are only used in it.
    ///
    /// Recursive; the depth of a descriptor is bounded.
    fn components(&mut self, content: &'e [Content], number: usize) -> Result<Vec<ComponentDescriptor>> {
        self.collections += 1;
        let mut components = Vec::new();
        for member in content {
            let about = member.about();
            let wish = about.name_or_id();
            let mut component = match member {
                Content::System(system) => {
                    let mut component = component("Machine", self.names.pick(wish, "machine"));
                    component.machine_template = Some(Ref::by_value(machine::template(self, system)?));
                    component
                }
                Content::Collection(collection) => {
                    let mut component = component("System", self.names.pick(wish, "system"));
                    let nested = self.collection(&collection.about, &collection.content)?;
                    component.system_template = Some(Ref::by_value(nested));
                    component
                }
            };
            component.description = description(about);
            components.push(component);
        }
        let (networks, disks) = self.placed.remove(&number).unwrap_or_default();
        for network in networks {
            components.push(self.network_component(network)?);
        }
        for disk in disks {
            components.push(self.volume_component(disk)?);
        }
        Ok(components)
    }

    fn network_component(&mut self, network: &Network) -> Result<ComponentDescriptor> {
        let name = self.network_names.get(network.name.as_str()).cloned().unwrap_or_default();
        let mut component = component("Network", name);
        component.description.clone_from(&network.description);
        component.network_template = Some(Ref::by_value(NetworkTemplate {
            name: Some(network.name.clone()),
            description: network.description.clone(),
            extensions: extension::network(network, self.budget)?,
            ..Default::default()
        }));
        Ok(component)
    }

    fn volume_component(&mut self, disk: &Disk) -> Result<ComponentDescriptor> {
        let name = self.disk_names.get(disk.id.as_str()).cloned().unwrap_or_default();
        let mut component = component("Volume", name);
        let configuration = VolumeConfiguration {
            capacity: disk.capacity.map(kilobytes),
            format: disk.format.clone(),
            ..Default::default()
        };
        let file = disk.file.as_deref().and_then(|file| self.files.get(file)).copied();
        component.volume_template = Some(Ref::by_value(VolumeTemplate {
            name: Some(disk.id.clone()),
            // An empty value cannot be told from none.
            volume_config: (configuration != VolumeConfiguration::default()).then(|| Ref::by_value(configuration)),
            volume_image: file.map(|file| self.volume_image(file)).transpose()?,
            extensions: extension::one(&disk.element, &disk.origin, self.budget)?,
            ..Default::default()
        }));
        Ok(component)
    }

    fn volume_image(&mut self, file: &File) -> Result<Ref<VolumeImage>> {
        let (image_location, extensions) = self.image(file)?;
        Ok(Ref::by_value(VolumeImage { image_location, extensions, ..Default::default() }))
    }

    /// The location and the extension of an image; several disks and machines may use one file.
    pub(crate) fn image(&mut self, file: &File) -> Result<(Option<Uri>, Extensions)> {
        let location = uri(&file.href);
        self.budget.charge(location.as_str().len() + weight(&file.element), &file.origin)?;
        Ok((Some(location), extension::one(&file.element, &file.origin, self.budget)?))
    }
}

/// The networks and disks that become components of each collection, by the number of the collection.
fn placed(envelope: &Envelope) -> HashMap<usize, (Vec<&Network>, Vec<&Disk>)> {
    let placement = Placement::of(envelope);
    let mut placed: HashMap<usize, (Vec<_>, Vec<_>)> = HashMap::new();
    for network in &envelope.networks {
        placed.entry(placement.network(&network.name)).or_default().0.push(network);
    }
    for disk in &envelope.disks {
        placed.entry(placement.disk(&disk.id)).or_default().1.push(disk);
    }
    placed
}

/// A component of a type of CIMI.
fn component(type_name: &str, name: String) -> ComponentDescriptor {
    let uri = format!("{}/{type_name}", Dialect::V2.namespace());
    ComponentDescriptor { name: Some(name), type_uri: Some(uri.into()), ..Default::default() }
}

/// The annotation, which is the author's own text, else the information, which often only names the kind of element.
pub(crate) fn description(about: &About) -> Option<String> {
    about.annotation.clone().or_else(|| about.info.clone())
}

/// Kilobytes of 10^3, the unit of capacities in CIMI (5.6), rounded up.
pub(crate) fn kilobytes(bytes: u64) -> i64 {
    // At most 2^64 / 1000, which fits.
    i64::try_from(bytes.div_ceil(1000)).unwrap_or(i64::MAX)
}

/// The text as a URI: characters that no URI has are escaped, as in file names of other scripts.
pub(crate) fn uri(text: &str) -> Uri {
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        let escaped = || text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let usable = match c {
            '%' => escaped(),
            _ => c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'),
        };
        if usable {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out.into()
}

/// The disk that a resource of a machine is backed by.
pub(crate) fn disk_of(resource: &str) -> Option<&str> {
    match HostResource::parse(resource) {
        HostResource::Disk(id) => Some(id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_uris() {
        for (text, expected) in [
            ("disk-1.vmdk", "disk-1.vmdk"),
            ("../a/b%20c.vmdk", "../a/b%20c.vmdk"),
            ("http://example.com/a?b#c", "http://example.com/a?b#c"),
            ("my disk.vmdk", "my%20disk.vmdk"),
            ("100%.vmdk", "100%25.vmdk"),
            ("C:\\x", "C:%5Cx"),
            ("é%é", "%C3%A9%25%C3%A9"),
        ] {
            assert_eq!(uri(text).as_str(), expected);
        }
    }

    #[test]
    fn capacities_round_up() {
        assert_eq!([0, 1, 1000, 1001].map(kilobytes), [0, 1, 1, 2]);
        assert_eq!(kilobytes(u64::MAX), 18_446_744_073_709_552);
    }
}
