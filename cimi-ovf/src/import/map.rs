//! The mapping of a descriptor to templates (DSP0263 annex A).

use std::collections::{HashMap, HashSet};

use cimi_model::{
    ComponentDescriptor, Dialect, Extensions, MachineConfiguration, MachineTemplate, NetworkTemplate, Ref, Result,
    SystemTemplate, Uri, VolumeConfiguration, VolumeImage, VolumeTemplate,
};

use super::budget::{Budget, weight};
use super::extension;
use super::machine;
use super::names::Names;
use super::placement::Placement;
use super::report::{Entry, Fate, Report};
use super::source::{Disk, File, Network, Source, Warnings, filled};
use super::user_data::{self, Guests};
use crate::ImportOptions;
use crate::model::{AnnotationSection, Content, HostResource, Message, Node, VirtualSystemCollection};
use crate::tree::Element;

/// How many items are looked at for deployment options that are not chosen: there may be many options of many items.
const MOST_ITEMS: usize = 100_000;

/// Everything that the templates of one descriptor are made from.
pub(super) struct Mapping<'m, 'd> {
    pub(super) source: &'m Source<'d>,
    pub(super) files: HashMap<&'d str, File<'d>>,
    /// The component of each disk.
    disk_names: HashMap<&'d str, String>,
    /// The component of each network.
    network_names: HashMap<&'d str, String>,
    pub(super) warnings: &'m mut Warnings<'d>,
    pub(super) budget: &'m mut Budget,
    /// The networks and disks of each collection.
    placed: HashMap<usize, (Vec<Network<'d>>, Vec<Disk<'d>>)>,
    placement: Placement<'d>,
    /// What is reported, if it is wanted.
    report: Option<Report<'d>>,
    /// Where in the document the template stands that is being made.
    pub(super) path: String,
    names: Names,
    /// What guests learn, if they learn anything.
    pub(super) guests: Option<Guests<'m, 'd>>,
    /// How many items may still be looked at for deployment options that are not chosen.
    pub(super) items_left: usize,
    /// Whether nothing is reported at the moment.
    pub(super) is_quiet: bool,
    /// How many collections have been begun; their numbers are those of `Placement`.
    collections: usize,
}

/// What systems and collections have in common.
pub(super) struct About<'d> {
    pub(super) element: Element<'d>,
    /// The name, else the identifier.
    pub(super) name: String,
    /// The annotation, which is the author's own text, else the information, which often only names the kind of element.
    pub(super) description: Option<String>,
    /// The information, where the annotation is the description.
    pub(super) info: Option<String>,
}

/// The template of the whole descriptor.
pub(super) fn template<'d>(
    source: &Source<'d>,
    options: &ImportOptions,
    warnings: &mut Warnings<'d>,
    budget: &mut Budget,
) -> Result<(SystemTemplate, Vec<Entry>)> {
    let unused = unused_files(source)?;
    let properties = user_data::properties(source)?;
    let mut mapping = Mapping::new(source, warnings, budget);
    mapping.guests = properties.as_ref().map(Guests::new);
    mapping.report = options.report.then(|| Report::new(options.limits.size));
    let mut template = match source.content {
        Content::System(_) => {
            let name = Some(mapping.about(source.content)?.name);
            let mut template = SystemTemplate { name, ..Default::default() };
            template.component_descriptors = mapping.components(std::slice::from_ref(source.content), 0)?;
            template
        }
        Content::Collection(collection) => {
            mapping.note_content(source.content, "");
            mapping.collection(source.content, collection)?
        }
    };
    template.import_image = options.source.as_deref().map(uri);
    let report = mapping.report.map(|report| report.finish(source)).unwrap_or_default();
    if let Some(extension) = extension::envelope(source, &unused, budget)? {
        template.extensions.insert(extension::key("Envelope"), extension);
    }
    Ok((template, report))
}

/// Files that are neither the image of a disk nor in the drive of a machine.
fn unused_files<'d>(source: &Source<'d>) -> Result<Vec<File<'d>>> {
    let mut used: HashSet<&str> = source.disks.iter().filter_map(|disk| disk.file).collect();
    let mut open = vec![source.content];
    while let Some(content) = open.pop() {
        match content {
            Content::System(system) => used.extend(machine::image_file(source, system)?),
            Content::Collection(collection) => open.extend(&collection.content),
        }
    }
    Ok(source.files.iter().filter(|file| !used.contains(file.id)).copied().collect())
}

impl<'m, 'd> Mapping<'m, 'd> {
    fn new(source: &'m Source<'d>, warnings: &'m mut Warnings<'d>, budget: &'m mut Budget) -> Self {
        let mut mapping = Self {
            source,
            files: source.files.iter().map(|file| (file.id, *file)).collect(),
            disk_names: HashMap::new(),
            network_names: HashMap::new(),
            warnings,
            budget,
            placed: HashMap::new(),
            placement: Placement::of(source),
            report: None,
            path: String::new(),
            names: Names::default(),
            guests: None,
            items_left: MOST_ITEMS,
            is_quiet: false,
            collections: 0,
        };
        mapping.placed = placed(source, &mapping.placement);
        for disk in &source.disks {
            let name = mapping.names.pick_for(disk.id, "disk", mapping.disk_quantity(disk));
            mapping.disk_names.insert(disk.id, name);
        }
        for network in &source.networks {
            mapping.network_names.insert(network.name, mapping.names.pick(network.name, "network"));
        }
        mapping
    }

    /// How many there are of a disk: one for each instance of the machine that has it, unless it is shared.
    fn disk_quantity(&self, disk: &Disk<'_>) -> i64 {
        if disk.shared { 1 } else { self.placement.quantity(disk.id) }
    }

    /// Reports what became of an element; `at` is the place in the template that is being made.
    pub(super) fn note(&mut self, element: Element<'d>, fate: Fate, at: &str, text: &str) {
        if let (Some(report), false) = (&mut self.report, self.is_quiet) {
            report.add(element, fate, format!("{}{at}", self.path), text);
        }
    }

    /// Warns of what an element loses on the way, and reports it.
    pub(super) fn warn(&mut self, element: Element<'d>, fate: Fate, at: &str, text: &str) {
        if !self.is_quiet {
            self.note(element, fate, at, text);
            self.warnings.add(element, text);
        }
    }

    /// Reports a system or collection, whose component is `component`, with its name and texts.
    fn note_content(&mut self, content: &'d Content, component: &str) {
        let (node, info, name, annotations) = match content {
            Content::System(system) => (system.node, &system.info, &system.name, &system.annotation_sections),
            Content::Collection(all) => (all.node, &all.info, &all.name, &all.annotation_sections),
        };
        let element = self.source.element(node);
        self.note(element, Fate::Exact, "", "the template");
        if let Some(report) = &mut self.report {
            report.home(element, &self.path);
        }
        let outer = std::mem::replace(&mut self.path, component.to_owned());
        if let Some(name) = name {
            self.note(self.source.element(name.node), Fate::Exact, "/name", "the name");
        }
        match (annotations.first(), info) {
            (Some(first), _) if first.annotation.is_some() => {
                self.note(self.source.element(first.node), Fate::Exact, "/description", "the description");
            }
            (_, Some(info)) => {
                self.note(self.source.element(info.node), Fate::Exact, "/description", "the description");
            }
            _ => {}
        }
        self.path = outer;
    }

    /// A symbolic reference to the component of a disk.
    pub(super) fn volume(&self, disk: &str) -> Option<String> {
        self.disk_names.get(disk).map(|name| format!("#{name}"))
    }

    /// A symbolic reference to the component of a network.
    pub(super) fn network(&self, name: &str) -> Option<String> {
        self.network_names.get(name).map(|name| format!("#{name}"))
    }

    pub(super) fn about(&mut self, content: &'d Content) -> Result<About<'d>> {
        match content {
            Content::System(system) => {
                let texts = (system.info.as_ref(), system.name.as_ref());
                self.about_parts(system.node, system.id.as_ref(), texts, &system.annotation_sections)
            }
            Content::Collection(collection) => {
                let texts = (collection.info.as_ref(), collection.name.as_ref());
                self.about_parts(collection.node, collection.id.as_ref(), texts, &collection.annotation_sections)
            }
        }
    }

    fn about_parts(
        &mut self,
        node: Node,
        id: Option<&String>,
        (info, name): (Option<&'d Message>, Option<&'d Message>),
        annotations: &'d [AnnotationSection],
    ) -> Result<About<'d>> {
        let annotation = annotations.first().and_then(|section| section.annotation.as_ref());
        let annotation = self.source.message(annotation, self.budget)?;
        let info = self.source.message(info, self.budget)?;
        let name = self.source.message(name, self.budget)?;
        let name = name.unwrap_or_else(|| filled(id).unwrap_or_default().to_owned());
        let (description, info) = match annotation {
            Some(annotation) => (Some(annotation), Some(info.unwrap_or_default())),
            None => (info, None),
        };
        Ok(About { element: self.source.element(node), name, description, info })
    }

    fn collection(&mut self, content: &'d Content, collection: &'d VirtualSystemCollection) -> Result<SystemTemplate> {
        let number = self.collections;
        let about = self.about(content)?;
        let mut template =
            SystemTemplate { name: Some(about.name), description: about.description, ..Default::default() };
        template.component_descriptors = self.components(&collection.content, number)?;
        self.members(&mut template.component_descriptors, collection);
        if let Some(extension) = extension::about(self.source, about.element, about.info.as_deref(), self.budget)? {
            template.extensions.insert(extension::key("VirtualSystemCollection"), extension);
        }
        Ok(template)
    }

    /// The components of a collection: its members, then the networks and disks that are only used in it.
    ///
    /// Recursive; the depth of a descriptor is bounded.
    fn components(&mut self, content: &'d [Content], number: usize) -> Result<Vec<ComponentDescriptor>> {
        self.collections += 1;
        let mut components = Vec::new();
        for member in content {
            let about = self.about(member)?;
            let description = about.description.clone();
            let quantity = self.member_quantity(&about, member);
            if let Content::System(system) = member {
                let at = format!("/componentDescriptors[{}]/quantity", components.len());
                system.scale_out_sections.iter().for_each(|section| self.note_quantity(section, &at));
            }
            let place = format!("{}/componentDescriptors[{}]", self.path, components.len());
            let template = if matches!(member, Content::System(_)) { "machineTemplate" } else { "systemTemplate" };
            let outer = std::mem::replace(&mut self.path, format!("{place}/{template}"));
            self.note_content(member, &place);
            let sizes = [size_of::<MachineTemplate>(), size_of::<MachineConfiguration>()];
            self.hold(&sizes, about.element)?;
            let (kind, fallback) = match member {
                Content::System(_) => ("Machine", "machine"),
                Content::Collection(_) => ("System", "system"),
            };
            let name = self.names.pick_for(&about.name, fallback, quantity);
            let system = match member {
                Content::System(_) => None,
                Content::Collection(collection) => Some(self.nested(member, collection)?),
            };
            let mut made = self.member(kind, name, about, member)?;
            made.system_template = system;
            self.path = outer;
            made.description = description;
            made.quantity = (quantity != 1).then_some(quantity);
            components.push(*made);
        }
        self.placed_components(number, &mut components)?;
        Ok(components)
    }

    /// What a collection in another one becomes. Nothing large is held where collections are inside of each other.
    fn nested(&mut self, member: &'d Content, collection: &'d VirtualSystemCollection) -> Result<Ref<SystemTemplate>> {
        Ok(Ref::by_value(self.collection(member, collection)?))
    }

    /// The component of a member, with the template of a machine.
    fn member(
        &mut self,
        kind: &str,
        name: String,
        about: About<'d>,
        member: &'d Content,
    ) -> Result<Box<ComponentDescriptor>> {
        let mut made = Box::new(component(kind, Some(name)));
        if let Content::System(system) = member {
            made.machine_template = Some(Ref::by_value(machine::template(self, about, system)?));
        }
        Ok(made)
    }

    /// The networks and disks that are only used in a collection.
    fn placed_components(&mut self, number: usize, components: &mut Vec<ComponentDescriptor>) -> Result<()> {
        let (networks, disks) = self.placed.remove(&number).unwrap_or_default();
        for network in networks {
            let at = format!("/componentDescriptors[{}]/networkTemplate", components.len());
            self.note(network.element, Fate::Exact, &at, "a network; what CIMI has no place for is in its extension");
            components.push(self.network_component(network)?);
        }
        for disk in disks {
            let at = format!("/componentDescriptors[{}]/volumeTemplate", components.len());
            self.note_disk(&disk, &at);
            components.push(self.volume_component(disk)?);
        }
        Ok(())
    }

    /// How many instances there are of a member; CIMI knows no component without any.
    fn member_quantity(&mut self, about: &About<'d>, member: &Content) -> i64 {
        let quantity = self.source.quantity(member.node());
        if quantity == 0 {
            let text = "there is no instance of this by default; a component is one at least";
            self.warn(about.element, Fate::Approximate, "", text);
        }
        quantity.max(1)
    }

    fn note_disk(&mut self, disk: &Disk<'d>, at: &str) {
        let (fate, text) = match disk.capacity {
            None => (Fate::Approximate, "a volume, whose capacity is left to its file"),
            Some(bytes) if bytes % 1000 == 0 => (Fate::Exact, "a volume"),
            Some(_) => (Fate::Approximate, "a volume, with its capacity rounded up to kilobytes"),
        };
        self.note(disk.element, fate, at, text);
        if let Some(file) = disk.file.and_then(|file| self.files.get(file)).copied() {
            let at = format!("{at}/volumeImage/imageLocation");
            self.note(file.element, Fate::Exact, &at, "the image of a volume");
        }
    }

    fn network_component(&mut self, network: Network<'d>) -> Result<ComponentDescriptor> {
        self.hold(&[size_of::<NetworkTemplate>()], network.element)?;
        let name = self.network_names.get(network.name).cloned().unwrap_or_default();
        let description = self.source.message(network.description, self.budget)?;
        let mut component = component("Network", Some(name));
        component.description.clone_from(&description);
        component.network_template = Some(Ref::by_value(NetworkTemplate {
            name: Some(network.name.to_owned()),
            description,
            extensions: extension::network(self.source, network, self.budget)?,
            ..Default::default()
        }));
        Ok(component)
    }

    fn volume_component(&mut self, disk: Disk<'d>) -> Result<ComponentDescriptor> {
        let sizes = [size_of::<VolumeTemplate>(), size_of::<VolumeConfiguration>(), size_of::<VolumeImage>()];
        self.hold(&sizes, disk.element)?;
        let name = self.disk_names.get(disk.id).cloned().unwrap_or_default();
        let mut component = component("Volume", Some(name));
        let quantity = self.disk_quantity(&disk);
        component.quantity = (quantity != 1).then_some(quantity);
        let configuration = VolumeConfiguration {
            capacity: disk.capacity.map(kilobytes),
            format: disk.format.map(str::to_owned),
            ..Default::default()
        };
        let file = disk.file.and_then(|file| self.files.get(file)).copied();
        component.volume_template = Some(Ref::by_value(VolumeTemplate {
            name: Some(disk.id.to_owned()),
            // An empty value cannot be told from none.
            volume_config: (configuration != VolumeConfiguration::default()).then(|| Ref::by_value(configuration)),
            volume_image: file.map(|file| self.volume_image(file)).transpose()?,
            extensions: extension::one(self.source, disk.element, self.budget)?,
            ..Default::default()
        }));
        Ok(component)
    }

    fn volume_image(&mut self, file: File<'d>) -> Result<Ref<VolumeImage>> {
        let (image_location, extensions) = self.image(file)?;
        Ok(Ref::by_value(VolumeImage { image_location, extensions, ..Default::default() }))
    }

    /// Makes room for a component with these parts.
    fn hold(&mut self, parts: &[usize], at: Element<'d>) -> Result<()> {
        let parts: usize = parts.iter().sum();
        self.budget.hold(size_of::<ComponentDescriptor>().saturating_add(parts), at)
    }

    /// The location and the extension of an image; several disks and machines may use one file.
    pub(super) fn image(&mut self, file: File<'d>) -> Result<(Option<Uri>, Extensions)> {
        let location = uri(file.href);
        self.budget.charge(location.as_str().len() + weight(file.element), file.element)?;
        Ok((Some(location), extension::one(self.source, file.element, self.budget)?))
    }
}

/// The networks and disks that become components of each collection, by the number of the collection.
fn placed<'d>(source: &Source<'d>, placement: &Placement<'d>) -> HashMap<usize, (Vec<Network<'d>>, Vec<Disk<'d>>)> {
    let mut placed: HashMap<usize, (Vec<_>, Vec<_>)> = HashMap::new();
    for network in &source.networks {
        placed.entry(placement.network(network.name)).or_default().0.push(*network);
    }
    for disk in &source.disks {
        placed.entry(placement.disk(disk.id)).or_default().1.push(*disk);
    }
    placed
}

/// A component of a type of CIMI.
pub(crate) fn component(type_name: &str, name: Option<String>) -> ComponentDescriptor {
    let uri = format!("{}/{type_name}", Dialect::V2.namespace());
    ComponentDescriptor { name, type_uri: Some(uri.into()), ..Default::default() }
}

/// Kilobytes of 10^3, the unit of capacities in CIMI (5.6), rounded up.
pub(super) fn kilobytes(bytes: u64) -> i64 {
    // At most 2^64 / 1000, which fits.
    i64::try_from(bytes.div_ceil(1000)).unwrap_or(i64::MAX)
}

/// The text as a URI: characters that no URI has are escaped, as in file names of other scripts.
pub(super) fn uri(text: &str) -> Uri {
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
