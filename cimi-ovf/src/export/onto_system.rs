//! A System in the terms of the descriptor that it came from: as the template that would make it, beside the template
//! that it was.

use std::collections::{HashMap, VecDeque};

use cimi_model::{ComponentDescriptor, Result, System, SystemTemplate};

use super::onto::all_components;
use super::{stored_system, system};
use crate::Descriptor;
use crate::import;
use crate::import::names::Names;
use crate::model::Content;

/// What a descriptor said when it was `imported`, and what a System says now, as templates of the same names; `None` where
/// members of the descriptor are several in the System.
pub(super) fn templates(
    descriptor: &Descriptor,
    imported: &SystemTemplate,
    now: &SystemTemplate,
) -> Result<Option<[SystemTemplate; 2]>> {
    let was: System = match stored_system(descriptor) {
        Some(system) => system,
        None if has_quantities(imported) => return Ok(None),
        None => import::system(imported.clone())?,
    };
    let (mut old, _) = system::template(&was)?;
    let mut new = now.clone();
    if let Some(content) = &descriptor.envelope.content {
        align(&mut old, content);
    }
    let ids = Ids::of(imported);
    ids.put(&mut old);
    ids.put(&mut new);
    Ok(Some([old, new]))
}

fn has_quantities(template: &SystemTemplate) -> bool {
    all_components(template).into_values().any(|component| component.quantity.is_some_and(|quantity| quantity != 1))
}

/// Puts the members of a template into the order of those of a descriptor.
///
/// Recursive; the depth of a descriptor is bounded.
fn align(template: &mut SystemTemplate, content: &Content) {
    let all = std::mem::take(&mut template.component_descriptors);
    let (mut machines, mut systems, mut rest) = (VecDeque::new(), VecDeque::new(), Vec::new());
    for component in all {
        if component.machine_template.is_some() {
            machines.push_back(component);
        } else if component.system_template.is_some() {
            systems.push_back(component);
        } else {
            rest.push(component);
        }
    }
    let members = if content.members().is_empty() { std::slice::from_ref(content) } else { content.members() };
    for member in members {
        let next = match member {
            Content::System(_) => machines.pop_front(),
            Content::Collection(_) => systems.pop_front(),
        };
        let Some(mut component) = next else { continue };
        let nested = component.system_template.as_mut().and_then(|nested| nested.value.as_deref_mut());
        if let Some(nested) = nested {
            align(nested, member);
        }
        template.component_descriptors.push(component);
    }
    template.component_descriptors.extend(machines.into_iter().chain(systems).chain(rest));
}

/// What the disks and networks of a descriptor are called there, by the names of their components and by themselves.
struct Ids {
    disks: HashMap<String, String>,
    networks: HashMap<String, String>,
}

impl Ids {
    fn of(imported: &SystemTemplate) -> Self {
        let mut ids = Self { disks: HashMap::new(), networks: HashMap::new() };
        for (name, component) in all_components(imported) {
            let volume = component.volume_template.as_ref().and_then(|volume| volume.value.as_deref());
            if let Some(id) = volume.and_then(|volume| volume.name.as_ref()) {
                ids.disks.extend([name, id].map(|name| (name.to_owned(), id.clone())));
            }
            let network = component.network_template.as_ref().and_then(|network| network.value.as_deref());
            if let Some(id) = network.and_then(|network| network.name.as_ref()) {
                ids.networks.extend([name, id].map(|name| (name.to_owned(), id.clone())));
            }
        }
        ids
    }

    /// Gives the templates of disks and networks the names that imported ones have.
    ///
    /// Recursive; the depth of a template is bounded.
    fn put(&self, template: &mut SystemTemplate) {
        for component in &mut template.component_descriptors {
            let ComponentDescriptor { name, volume_template, network_template, system_template, .. } = component;
            if let Some(nested) = system_template.as_mut().and_then(|nested| nested.value.as_deref_mut()) {
                self.put(nested);
            }
            let Some(name) = name.as_deref() else { continue };
            let find = |ids: &HashMap<String, String>| {
                ids.get(name).or_else(|| ids.get(&Names::default().pick(name, ""))).cloned()
            };
            if let Some(volume) = volume_template.as_mut().and_then(|volume| volume.value.as_deref_mut()) {
                volume.name = find(&self.disks);
            }
            if let Some(network) = network_template.as_mut().and_then(|network| network.value.as_deref_mut()) {
                network.name = find(&self.networks);
            }
        }
    }
}
