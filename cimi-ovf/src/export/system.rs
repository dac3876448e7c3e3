//! Systems as the templates that would make such systems.

use std::collections::HashMap;

use cimi_model::reflect::Resource;
use cimi_model::{
    Collection, ComponentDescriptor, DiskConfiguration, Error, ErrorKind, LocatedVolume, Machine, MachineConfiguration,
    MachineState, MachineTemplate, MachineTemplateVolume, Network, NetworkInterface, NetworkInterfaceState,
    NetworkInterfaceTemplate, NetworkTemplate, Ref, Result, System, SystemTemplate, Uri, Volume, VolumeConfiguration,
    VolumeTemplate,
};

use super::names::Labels;
use super::{Note, policies};
use crate::import::{component, extension};

/// Systems that are nested deeper are refused, as templates are.
const DEEPEST: usize = 48;

/// A template that says of each component what a template can say, and what could not be seen.
pub(super) fn template(system: &System) -> Result<(SystemTemplate, Vec<Note>)> {
    let mut view = View { notes: Vec::new(), labels: Labels::default(), symbols: HashMap::new() };
    view.symbols_of(system, 0)?;
    let mut template = view.system(system, "");
    policies::give(system, &mut template, "", &mut view.notes);
    Ok((template, view.notes))
}

struct View {
    notes: Vec<Note>,
    labels: Labels,
    /// What networks and volumes are called in the template, by their identifiers.
    symbols: HashMap<String, String>,
}

impl View {
    /// Chooses the names of networks and volumes, which machines refer to.
    fn symbols_of(&mut self, system: &System, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            let reason = format!("systems are nested deeper than {DEEPEST} levels");
            return Err(Error::new(ErrorKind::Limit, reason));
        }
        let networks = members(system.networks.as_ref()).iter().map(|network| (&network.id, &network.name));
        let volumes = members(system.volumes.as_ref()).iter().map(|volume| (&volume.id, &volume.name));
        for (id, name) in networks.chain(volumes) {
            let Some(id) = id else { continue };
            let symbol = self.labels.pick(name.as_deref().unwrap_or(id.as_str()));
            self.symbols.insert(id.as_str().to_owned(), symbol);
        }
        members(system.systems.as_ref()).iter().try_for_each(|nested| self.symbols_of(nested, depth + 1))
    }

    /// Notes what is not expanded: a collection of which only the URI is known.
    fn expanded<'s, T: Resource>(&mut self, collection: Option<&'s Ref<Collection<T>>>, path: &str) -> &'s [T] {
        if collection.is_some_and(|collection| collection.value.is_none()) {
            let text = "the collection is not expanded: its members are not known";
            self.notes.push(Note { path: path.to_owned(), text: text.to_owned() });
        }
        members(collection)
    }

    /// The name of a network or volume.
    fn symbol(&mut self, id: Option<&Uri>, name: Option<&str>) -> String {
        let known = id.and_then(|id| self.symbols.get(id.as_str())).cloned();
        known.unwrap_or_else(|| self.labels.pick(name.unwrap_or("component")))
    }

    /// A reference to a component, or to what is outside of the system.
    fn reference(&self, target: &Uri) -> Uri {
        self.symbols.get(target.as_str()).map_or_else(|| target.clone(), |symbol| format!("#{symbol}").into())
    }

    /// Recursive; the depth has been looked at.
    fn system(&mut self, system: &System, path: &str) -> SystemTemplate {
        let mut components = Vec::new();
        for (at, machine) in self.expanded(system.machines.as_ref(), &format!("{path}/machines")).iter().enumerate() {
            let template = self.machine(machine, &format!("{path}/machines[{at}]"));
            let name = machine.name.clone();
            let machine_template = Some(Ref::by_value(template));
            let description = machine.description.clone();
            components.push(ComponentDescriptor { machine_template, description, ..component("Machine", name) });
        }
        for (at, nested) in self.expanded(system.systems.as_ref(), &format!("{path}/systems")).iter().enumerate() {
            let template = self.system(nested, &format!("{path}/systems[{at}]"));
            let system_template = Some(Ref::by_value(template));
            let description = nested.description.clone();
            components.push(ComponentDescriptor {
                system_template,
                description,
                ..component("System", nested.name.clone())
            });
        }
        for network in self.expanded(system.networks.as_ref(), &format!("{path}/networks")) {
            let Network { id, name, description, .. } = network;
            let symbol = self.symbol(id.as_ref(), name.as_deref());
            let template = NetworkTemplate { description: description.clone(), ..Default::default() };
            let network_template = Some(Ref::by_value(template));
            components.push(ComponentDescriptor {
                network_template,
                description: description.clone(),
                ..component("Network", Some(symbol))
            });
        }
        for volume in self.expanded(system.volumes.as_ref(), &format!("{path}/volumes")) {
            let Volume { id, name, description, capacity, .. } = volume;
            let symbol = self.symbol(id.as_ref(), name.as_deref());
            let config = VolumeConfiguration { capacity: *capacity, ..Default::default() };
            let template = VolumeTemplate {
                description: description.clone(),
                volume_config: Some(Ref::by_value(config)),
                ..Default::default()
            };
            let volume_template = Some(Ref::by_value(template));
            components.push(ComponentDescriptor { volume_template, ..component("Volume", Some(symbol)) });
        }
        SystemTemplate {
            name: system.name.clone(),
            description: system.description.clone(),
            component_descriptors: components,
            ..Default::default()
        }
    }

    fn machine(&mut self, machine: &Machine, path: &str) -> MachineTemplate {
        let disks = self.expanded(machine.disks.as_ref(), &format!("{path}/disks"));
        let disks = disks.iter().map(|disk| DiskConfiguration {
            capacity: disk.capacity,
            initial_location: disk.initial_location.clone(),
            ..Default::default()
        });
        let config = MachineConfiguration {
            cpu: machine.cpu,
            memory: machine.memory,
            disks: disks.collect(),
            cpu_arch: machine.cpu_arch.clone(),
            cpu_speed: machine.cpu_speed,
            ..Default::default()
        };
        let volumes = self.expanded(machine.volumes.as_ref(), &format!("{path}/volumes"));
        let interfaces = self.expanded(machine.interfaces.as_ref(), &format!("{path}/interfaces"));
        let is_lasting = |state: &MachineState| matches!(state, MachineState::Started | MachineState::Stopped);
        MachineTemplate {
            name: machine.name.clone(),
            description: machine.description.clone(),
            initial_state: machine.state.clone().filter(is_lasting),
            machine_config: Some(Ref::by_value(config)),
            volumes: volumes.iter().map(|volume| self.attached(volume)).collect(),
            interface_templates: interfaces.iter().map(|interface| self.interface(interface)).collect(),
            ..Default::default()
        }
    }

    fn attached(&self, located: &LocatedVolume) -> MachineTemplateVolume {
        let volume = located.volume.as_ref();
        let id = volume.and_then(|volume| volume.href.as_ref().or_else(|| volume.value.as_deref()?.id.as_ref()));
        MachineTemplateVolume {
            initial_location: located.initial_location.clone(),
            volume: id.map(|id| Ref::to(self.reference(id))),
            ..Default::default()
        }
    }

    fn interface(&self, interface: &NetworkInterface) -> Ref<NetworkInterfaceTemplate> {
        let network = interface.network.as_ref();
        let id = network.and_then(|network| network.href.as_ref().or_else(|| network.value.as_deref()?.id.as_ref()));
        let off = interface.state == Some(NetworkInterfaceState::Disabled);
        let state = if off { NetworkInterfaceState::Disabled } else { NetworkInterfaceState::Enabled };
        let mut template = NetworkInterfaceTemplate {
            name: interface.name.clone(),
            description: interface.description.clone(),
            network: id.map(|id| Ref::to(self.reference(id))),
            initial_state: Some(state),
            ..Default::default()
        };
        if let Some(address) = &interface.mac_address {
            template.extensions.insert(extension::key(extension::ADDRESS), address.as_str());
        }
        Ref::by_value(template)
    }
}

pub(super) fn members<T>(collection: Option<&Ref<Collection<T>>>) -> &[T] {
    let collection = collection.and_then(|collection| collection.value.as_deref());
    collection.map(|collection| collection.items.as_slice()).unwrap_or_default()
}
