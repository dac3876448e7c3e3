//! Edits of a descriptor, in the System that it was exported from.

use cimi_model::{
    Collection, ComponentDescriptor, Machine, MachineConfiguration, MachineTemplate, Ref, System, SystemTemplate,
    VolumeConfiguration,
};

use super::onto::take_extensions;
use super::system::template;

/// The System with the changes between two templates of it; `None` where they are not in the values of its members, such
/// as a machine that is new.
pub(super) fn edited(system: &System, before: &SystemTemplate, after: &SystemTemplate) -> Option<System> {
    let mut edited = system.clone();
    apply(&mut edited, before, after)?;
    let (now, _) = template(&edited).ok()?;
    let [now, wanted] = [&now, after].map(|template| take_extensions(template).ok());
    (now?.0 == wanted?.0).then_some(edited)
}

/// Recursive; the depth of a template is bounded.
fn apply(system: &mut System, before: &SystemTemplate, after: &SystemTemplate) -> Option<()> {
    if before.component_descriptors.len() != after.component_descriptors.len() {
        return None;
    }
    change(&mut system.name, &before.name, &after.name);
    change(&mut system.description, &before.description, &after.description);
    // In the order of the template.
    let mut pairs = before.component_descriptors.iter().zip(&after.component_descriptors);
    for machine in members(&mut system.machines) {
        let (before, after) = pairs.next()?;
        change(&mut machine.name, &before.name, &after.name);
        change(&mut machine.description, &before.description, &after.description);
        let [before, after] = [before, after].map(|component| component.machine_template.as_ref()?.value.as_deref());
        apply_to_machine(machine, before?, after?);
    }
    for nested in members(&mut system.systems) {
        let (before, after) = pairs.next()?;
        let [before, after] = [before, after].map(|component| component.system_template.as_ref()?.value.as_deref());
        apply(nested, before?, after?)?;
    }
    for network in members(&mut system.networks) {
        let (before, after) = pairs.next()?;
        change(&mut network.description, &before.description, &after.description);
    }
    for volume in members(&mut system.volumes) {
        let (before, after) = pairs.next()?;
        change(&mut volume.capacity, &capacity(before), &capacity(after));
    }
    Some(())
}

fn apply_to_machine(machine: &mut Machine, before: &MachineTemplate, after: &MachineTemplate) {
    change(&mut machine.state, &before.initial_state, &after.initial_state);
    let blank = MachineConfiguration::default();
    let configuration = |template: &MachineTemplate| {
        template.machine_config.as_ref().and_then(|config| config.value.as_deref()).unwrap_or(&blank).clone()
    };
    let [before, after] = [before, after].map(configuration);
    change(&mut machine.cpu, &before.cpu, &after.cpu);
    change(&mut machine.memory, &before.memory, &after.memory);
    change(&mut machine.cpu_speed, &before.cpu_speed, &after.cpu_speed);
    let disks = members(&mut machine.disks).iter_mut().zip(before.disks.iter().zip(&after.disks));
    for (disk, (before, after)) in disks {
        change(&mut disk.capacity, &before.capacity, &after.capacity);
    }
}

fn capacity(component: &ComponentDescriptor) -> Option<i64> {
    let template = component.volume_template.as_ref()?.value.as_deref()?;
    let configuration: &VolumeConfiguration = template.volume_config.as_ref()?.value.as_deref()?;
    configuration.capacity
}

fn change<T: Clone + PartialEq>(place: &mut T, before: &T, after: &T) {
    if before != after {
        place.clone_from(after);
    }
}

fn members<T>(collection: &mut Option<Ref<Collection<T>>>) -> &mut [T] {
    let collection = collection.as_mut().and_then(|collection| collection.value.as_deref_mut());
    collection.map(|collection| collection.items.as_mut_slice()).unwrap_or_default()
}
