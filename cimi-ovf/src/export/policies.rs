//! The access policies of a System go along (DSP2042 4.3.1, use case Log/Met-001).

use cimi_model::ext::access::{ACCESS_POLICY, AccessPolicy, PolicyContent, carry};
use cimi_model::reflect::Record;
use cimi_model::{Ref, System, SystemTemplate};

use super::Note;
use super::system::members;

/// Gives the templates of a System and of its components the policies that these have, and tells of those that are
/// only referred to. The components are in the order in which the template has been made of them. Recursive; the depth of
/// a System has been looked at.
pub(super) fn give(system: &System, template: &mut SystemTemplate, path: &str, notes: &mut Vec<Note>) {
    policies(system, template, path, notes);
    let mut components = template.component_descriptors.iter_mut();
    for (at, machine) in members(system.machines.as_ref()).iter().enumerate() {
        let template =
            components.next().and_then(|component| component.machine_template.as_mut()?.value.as_deref_mut());
        if let Some(template) = template {
            policies(machine, template, &format!("{path}/machines[{at}]"), notes);
        }
    }
    for (at, nested) in members(system.systems.as_ref()).iter().enumerate() {
        let template = components.next().and_then(|component| component.system_template.as_mut()?.value.as_deref_mut());
        if let Some(template) = template {
            give(nested, template, &format!("{path}/systems[{at}]"), notes);
        }
    }
    for (at, network) in members(system.networks.as_ref()).iter().enumerate() {
        let template =
            components.next().and_then(|component| component.network_template.as_mut()?.value.as_deref_mut());
        if let Some(template) = template {
            policies(network, template, &format!("{path}/networks[{at}]"), notes);
        }
    }
    for (at, volume) in members(system.volumes.as_ref()).iter().enumerate() {
        let template = components.next().and_then(|component| component.volume_template.as_mut()?.value.as_deref_mut());
        if let Some(template) = template {
            policies(volume, template, &format!("{path}/volumes[{at}]"), notes);
        }
    }
}

fn policies(resource: &dyn Record, template: &mut dyn Record, path: &str, notes: &mut Vec<Note>) {
    let mut note = |text: &str| {
        notes.push(Note { path: format!("{path}/{}", ACCESS_POLICY.name), text: text.to_owned() });
    };
    if carry(resource, template).is_err() {
        note("this is not an access policy: it is stored as it is, if at all");
    }
    if ACCESS_POLICY.refs(resource).is_ok_and(|references| references.iter().any(stays_behind)) {
        note("the access policy is a reference, which means nothing elsewhere: ext::access::embed puts it in by value");
    }
}

fn stays_behind(reference: &Ref<AccessPolicy>) -> bool {
    let policy = reference.value.as_deref().map(AccessPolicy::content);
    !matches!(policy, Some(Ok(Some(PolicyContent::Document(_)))))
}
