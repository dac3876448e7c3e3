//! What a descriptor is made of while it is built.

use std::collections::HashMap;

use cimi_model::{ComponentDescriptor, Error, ErrorKind, Limits, MachineTemplate, Result, SystemTemplate, Uri};

use super::disks::Disks;
use super::names::{Labels, label};
use super::text::message;
use super::{Leaf, LeafKey, Note};
use crate::import::names::Names;
use crate::model::{
    AnnotationSection, Content, Envelope, InstanceCount, Network, NetworkSection, ScaleOutSection, StartupItem,
    StartupSection, VirtualSystemCollection,
};
use crate::{Version, model};

/// Templates that are nested deeper are refused: the descriptor could not be read again.
const DEEPEST: usize = 48;

/// What a symbolic reference leads to.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The disk with this identifier.
    Disk(String),
    /// The network with this name.
    Network(String),
}

pub(super) struct Builder {
    pub(super) version: Version,
    pub(super) notes: Vec<Note>,
    pub(super) disks: Disks,
    pub(super) leaves: Vec<Leaf>,
    networks: Vec<Network>,
    network_names: Labels,
    ids: Names,
    /// What `#name` leads to, the innermost template last.
    scopes: Vec<HashMap<String, Target>>,
    most_instances: i64,
    /// What the machines may still take.
    memory: usize,
}

impl Builder {
    pub(super) fn new(version: Version, limits: Limits) -> Self {
        Self {
            most_instances: i64::try_from(limits.elements).unwrap_or(i64::MAX),
            memory: model::memory(limits),
            version,
            notes: Vec::new(),
            disks: Disks::default(),
            leaves: Vec::new(),
            networks: Vec::new(),
            network_names: Labels::default(),
            ids: Names::default(),
            scopes: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.notes.push(Note { path: path.into(), text: text.into() });
    }

    /// An identifier for a system or collection.
    pub(super) fn id(&mut self, wish: Option<&str>, otherwise: &str) -> String {
        self.ids.pick(wish.unwrap_or_default(), otherwise)
    }

    pub(super) fn finish(self, envelope: &mut Envelope, content: VirtualSystemCollection) -> Vec<Note> {
        // The skeleton tells the namespace, and what products expect to read.
        if self.version == Version::V1 {
            envelope.version = Some("1.1.0".to_owned());
        }
        envelope.content = Some(alone(content));
        self.add_to(envelope)
    }

    /// Puts the disks, files and networks into an envelope, beside those that are there.
    pub(super) fn add_to(self, envelope: &mut Envelope) -> Vec<Note> {
        let Self { version, mut notes, disks, networks, .. } = self;
        disks.finish(envelope, version, &mut notes);
        if networks.is_empty() {
            return notes;
        }
        if let Some(section) = envelope.network_sections.first_mut() {
            section.networks.extend(networks);
        } else {
            let info = Some("The networks".into());
            envelope.network_sections.push(NetworkSection { info, networks, ..Default::default() });
        }
        notes
    }

    /// Takes the names that an envelope has.
    pub(super) fn reserve(&mut self, envelope: &Envelope) {
        self.disks.reserve(envelope);
        let networks = envelope.network_sections.iter().flat_map(|section| &section.networks);
        for name in networks.filter_map(|network| network.name.as_deref()) {
            self.network_names.pick(name);
        }
        let mut open: Vec<&Content> = envelope.content.iter().collect();
        while let Some(content) = open.pop() {
            self.ids.pick(content.id().unwrap_or_default(), "system");
            open.extend(content.members());
        }
    }

    /// Gives names a meaning until the end.
    pub(super) fn enter(&mut self, scope: HashMap<String, Target>) {
        self.scopes.push(scope);
    }

    /// A template and those in it.
    pub(super) fn collection(
        &mut self,
        template: &SystemTemplate,
        path: &str,
        depth: usize,
    ) -> Result<VirtualSystemCollection> {
        self.collection_of(template, None, path, depth)
    }

    fn collection_of(
        &mut self,
        template: &SystemTemplate,
        component: Option<&ComponentDescriptor>,
        path: &str,
        depth: usize,
    ) -> Result<VirtualSystemCollection> {
        if depth > DEEPEST {
            let reason = format!("templates are nested deeper than {DEEPEST} levels");
            return Err(Error::new(ErrorKind::Limit, reason).at_path(path));
        }
        let own = component.and_then(|component| component.name.as_deref());
        let name = label(own, template.name.as_deref());
        let mut collection = VirtualSystemCollection {
            id: Some(self.id(own.or(name), "system")),
            info: Some("A system of virtual machines".into()),
            name: name.map(message),
            ..Default::default()
        };
        let described = component.and_then(|component| component.description.as_deref());
        collection.annotation_sections.extend(annotation(described.or(template.description.as_deref())));
        let scope = self.scope(template, path);
        self.scopes.push(scope);
        for (at, component) in template.component_descriptors.iter().enumerate() {
            let path = format!("{path}/componentDescriptors[{at}]");
            self.component(&mut collection, component, &path, depth)?;
        }
        self.scopes.pop();
        if !template.service_descriptors.is_empty() {
            self.note(format!("{path}/serviceDescriptors"), "OVF has no services");
        }
        Ok(collection)
    }

    /// The disks and networks of a template, which machines refer to by name.
    fn scope(&mut self, template: &SystemTemplate, path: &str) -> HashMap<String, Target> {
        let mut scope = HashMap::new();
        for (at, component) in template.component_descriptors.iter().enumerate() {
            let path = format!("{path}/componentDescriptors[{at}]");
            if let (Some(target), Some(name)) = (self.leaf(component, &path), &component.name) {
                scope.entry(name.clone()).or_insert(target);
            }
        }
        scope
    }

    /// Adds a disk or network, if the component is one.
    pub(super) fn leaf(&mut self, component: &ComponentDescriptor, path: &str) -> Option<Target> {
        let name = component.name.as_deref();
        let (target, key) = if let Some(volume) = &component.volume_template {
            let id = self.volume(volume, name, component.description.as_deref(), &format!("{path}/volumeTemplate"));
            (Target::Disk(id.clone()), LeafKey::Disk(id))
        } else if component.network_template.is_some() {
            let name = self.network(component, path);
            (Target::Network(name.clone()), LeafKey::Network(name))
        } else {
            return None;
        };
        self.leaves.push(Leaf { key, path: path.to_owned(), inner: false });
        if component.quantity.is_some_and(|quantity| quantity != 1) {
            self.note(format!("{path}/quantity"), "OVF has quantities of machines and systems only");
        }
        Some(target)
    }

    fn network(&mut self, component: &ComponentDescriptor, path: &str) -> String {
        let reference = component.network_template.as_ref();
        let template = reference.and_then(|reference| reference.value.as_deref());
        if template.is_none() {
            self.note(
                format!("{path}/networkTemplate"),
                "the reference is not expanded: of the network only the name is known",
            );
        }
        let name = label(component.name.as_deref(), template.and_then(|template| template.name.as_deref()));
        let description = component.description.as_deref();
        let description = description.or_else(|| template.and_then(|template| template.description.as_deref()));
        self.declare(name.unwrap_or("network"), description)
    }

    /// Adds a network; its name in the descriptor, which cannot be empty.
    fn declare(&mut self, name: &str, description: Option<&str>) -> String {
        let name = super::text::clean(name);
        let name = self.network_names.pick(if name.trim().is_empty() { "network" } else { &name });
        let description = description.map(message);
        self.networks.push(Network { name: Some(name.clone()), description, ..Default::default() });
        name
    }

    /// What a symbolic reference leads to, from the inside out.
    fn target(&self, symbol: &str) -> Option<&Target> {
        self.scopes.iter().rev().find_map(|scope| scope.get(symbol))
    }

    /// The name of the network that an interface refers to; one outside of the template is declared under its URI.
    pub(super) fn connection(&mut self, network: &Uri, path: &str) -> Option<String> {
        if let Some(symbol) = network.symbol() {
            let found = match self.target(symbol) {
                Some(Target::Network(name)) => Some(name.clone()),
                _ => None,
            };
            if found.is_none() {
                self.note(path, "there is no such network in the template");
            }
            return found;
        }
        self.note(path, "the reference is not expanded: of the network only the URI is known");
        let uri = network.as_str();
        let known = self.networks.iter().any(|known| known.name.as_deref() == Some(uri));
        Some(if known { uri.to_owned() } else { self.declare(uri, None) })
    }

    /// The identifier of the disk that a machine refers to.
    pub(super) fn disk(&mut self, volume: &Uri, path: &str) -> Option<String> {
        let Some(symbol) = volume.symbol() else {
            self.note(path, "an existing Volume is not in the package");
            return None;
        };
        let found = match self.target(symbol) {
            Some(Target::Disk(id)) => Some(id.clone()),
            _ => None,
        };
        if found.is_none() {
            self.note(path, "there is no such volume in the template");
        }
        found
    }

    /// Adds a component that is a machine or system.
    pub(super) fn component(
        &mut self,
        collection: &mut VirtualSystemCollection,
        component: &ComponentDescriptor,
        path: &str,
        depth: usize,
    ) -> Result<()> {
        if component.volume_template.is_some() || component.network_template.is_some() {
            return Ok(());
        }
        let content = if let Some(reference) = &component.machine_template {
            let path = format!("{path}/machineTemplate");
            if reference.value.is_none() {
                self.note(&path, "the reference is not expanded: of the machine only the name is known");
            }
            let machines = component.quantity.unwrap_or(1);
            let blank = MachineTemplate::default();
            let template = reference.value.as_deref().unwrap_or(&blank);
            let system = self.machine(component, template, machines, &path);
            let room = self.memory.checked_sub(model::weight(&system).0);
            self.memory = room.ok_or_else(super::too_large)?;
            self.startup(collection, system.id.clone(), template, &path);
            Content::System(system)
        } else if let Some(reference) = &component.system_template {
            let path = format!("{path}/systemTemplate");
            if reference.value.is_none() {
                self.note(&path, "the reference is not expanded: of the system only the name is known");
            }
            let blank = SystemTemplate::default();
            let template = reference.value.as_deref().unwrap_or(&blank);
            Content::Collection(self.collection_of(template, Some(component), &path, depth + 1)?)
        } else {
            self.note(path, "OVF has no such component");
            return Ok(());
        };
        let id = content.id().map(str::to_owned);
        self.scale_out(collection, component, id, path);
        collection.content.push(content);
        Ok(())
    }

    /// In OVF 2.x, how many instances of a member there are.
    fn scale_out(
        &mut self,
        collection: &mut VirtualSystemCollection,
        component: &ComponentDescriptor,
        id: Option<String>,
        path: &str,
    ) {
        let Some(quantity) = component.quantity else { return };
        if self.version != Version::V2 {
            if quantity != 1 {
                self.note(format!("{path}/quantity"), "OVF 1.x has no quantities");
            }
            return;
        }
        if quantity < 0 {
            self.note(format!("{path}/quantity"), "OVF has no negative quantities");
            return;
        }
        if quantity > self.most_instances {
            self.note(format!("{path}/quantity"), "it is so large that no import would accept it");
            return;
        }
        let minimum = (quantity == 0).then_some(0);
        let count = InstanceCount { minimum, default: Some(quantity), ..Default::default() };
        let info = Some("How many instances there are".into());
        collection.scale_out_sections.push(ScaleOutSection {
            id,
            info,
            instance_counts: vec![count],
            ..Default::default()
        });
    }

    /// Whether a machine starts with its system.
    pub(super) fn startup(
        &mut self,
        collection: &mut VirtualSystemCollection,
        id: Option<String>,
        template: &MachineTemplate,
        path: &str,
    ) {
        let Some(state) = &template.initial_state else { return };
        let action = match state.as_str() {
            "STARTED" => "powerOn",
            "STOPPED" => "none",
            _ => {
                self.note(format!("{path}/initialState"), "OVF has started and stopped machines only");
                return;
            }
        };
        if collection.startup_sections.is_empty() {
            let info = Some("Which machines start".into());
            collection.startup_sections.push(StartupSection { info, ..Default::default() });
        }
        let start_action = Some(action.to_owned());
        // CIMI has no order: all of them may start at once.
        let item = StartupItem { id, order: Some(0), start_action, ..Default::default() };
        if let Some(section) = collection.startup_sections.first_mut() {
            section.items.push(item);
        }
    }
}

/// The only machine of a collection that says nothing besides: products read a machine rather than a collection of one.
fn alone(mut collection: VirtualSystemCollection) -> Content {
    let VirtualSystemCollection {
        id, name, annotation_sections, startup_sections, scale_out_sections, content, ..
    } = &mut collection;
    let says_nothing = annotation_sections.is_empty() && startup_sections.is_empty() && scale_out_sections.is_empty();
    if let [Content::System(system)] = content.as_mut_slice()
        && says_nothing
        && (name.is_none() || *name == system.name)
    {
        for settings in system.virtual_hardware_sections.iter_mut().filter_map(|section| section.system.as_mut()) {
            settings.virtual_system_identifier.clone_from(id);
        }
        system.id.clone_from(id);
        return Content::System(std::mem::take(system));
    }
    Content::Collection(collection)
}

/// The section for a description.
pub(super) fn annotation(description: Option<&str>) -> Option<AnnotationSection> {
    let annotation = Some(message(description?));
    Some(AnnotationSection { info: Some("Description".into()), annotation, ..Default::default() })
}
