//! The System that a template becomes.

use std::collections::HashMap;

use cimi_model::reflect::{Record, Slot, Value};
use cimi_model::template::{Bounds, Expander};
use cimi_model::{
    Any, Collection, Error, ErrorKind, Machine, Network, NetworkInterface, Ref, Registry, Result, System, SystemCreate,
    SystemTemplate, Type, Uri, Volume,
};

use super::extension;

/// Templates and their instances have to fit into memory together with all that is made of them.
const BOUNDS: Bounds = Bounds { steps: 6_000, references: 6_000, depth: 64, size: 12 << 20, problems: 100 };

/// The System that a provider would make from a template, as far as the template says: with its Machines, Volumes and
/// Networks by value, and the extensions of their templates.
///
/// The identifiers are relative, such as `Machine/3`: there is no provider that could give real ones.
///
/// ```
/// let descriptor = include_bytes!("../../examples/webshop.ovf");
/// let imported = cimi_ovf::import(descriptor, &cimi_ovf::ImportOptions::default())?;
/// let system = cimi_ovf::system(imported.template)?;
/// let machines = system.machines.and_then(|machines| machines.value).unwrap_or_default();
/// assert_eq!(machines.items.len(), 4);
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
///
/// # Errors
/// When the template cannot be carried out, for example because the quantities of its components are too large (6,000
/// resources or 12 MiB in all) or it refers to templates elsewhere. All problems are in the error.
pub fn system(template: SystemTemplate) -> Result<System> {
    let elsewhere = |_: &Uri, _: &'static Type| -> Result<Box<dyn Record>> {
        Err(Error::new(ErrorKind::Value, "the template is not a part of what was imported"))
    };
    let (name, description) = (template.name.clone(), template.description.clone());
    let request =
        SystemCreate { name, description, system_template: Some(Ref::by_value(template)), ..Default::default() };
    let registry = Registry::standard();
    let plan = Expander::new(&registry, &elsewhere).bounds(BOUNDS).instantiate(&request);
    let mut plan = plan.map_err(|problems| Error::new(ErrorKind::Value, problems.to_string().replace('\n', "; ")))?;
    for step in 0..plan.steps().len() {
        let kind = plan.steps().get(step).map_or("", |step| step.record_type().name);
        plan.assign(step, format!("{kind}/{step}"));
    }
    let mut finished = plan.finish(&|step, attribute| {
        let owner = plan.uri(step).map_or("", Uri::as_str);
        Uri::from(format!("{owner}/{}", attribute.name))
    })?;
    for (step, resource) in finished.iter_mut().enumerate() {
        if let Some(template) = plan.template(step)? {
            *resource.extensions_mut() = template.extensions().clone();
        }
        move_address(&mut **resource);
    }
    drop(plan);
    nested(finished)
}

/// An interface has an attribute for the MAC address, which its template has not.
fn move_address(interface: &mut dyn Record) {
    let address = interface.extensions_mut().remove(&extension::key(extension::ADDRESS));
    let index = interface.record_type().find("macAddress", 0);
    let slot = index.and_then(|index| interface.get_mut(index)).map(Value::slot);
    if let (Some(Slot::Text(slot)), Some(address)) = (slot, address.as_ref().and_then(Any::as_str)) {
        slot.put(address, false);
    }
}

/// The parts of Systems, by their identifiers, until they are put where they belong.
#[derive(Default)]
struct Parts {
    machines: HashMap<Uri, Machine>,
    interfaces: HashMap<Uri, NetworkInterface>,
    volumes: HashMap<Uri, Volume>,
    networks: HashMap<Uri, Network>,
    systems: HashMap<Uri, System>,
}

/// Puts the parts of parts into the System: the members of its collections are without their own, and without what was
/// added to them.
fn nested(finished: Vec<Box<dyn Record>>) -> Result<System> {
    let mut parts = Parts::default();
    let mut root = None;
    // The parts of a resource come after it.
    for resource in finished.into_iter().rev() {
        match resource.record_type().name {
            "NetworkInterface" => {
                if let Some(interface) = whole::<NetworkInterface>(resource) {
                    keep(&mut parts.interfaces, interface.id.clone(), interface);
                }
            }
            "Volume" => {
                if let Some(volume) = whole::<Volume>(resource) {
                    keep(&mut parts.volumes, volume.id.clone(), volume);
                }
            }
            "Network" => {
                if let Some(network) = whole::<Network>(resource) {
                    keep(&mut parts.networks, network.id.clone(), network);
                }
            }
            "Machine" => {
                let Some(mut machine) = whole::<Machine>(resource) else { continue };
                fill(machine.interfaces.as_mut(), &mut parts.interfaces, |interface| interface.id.as_ref());
                keep(&mut parts.machines, machine.id.clone(), machine);
            }
            "System" => {
                let Some(mut system) = whole::<System>(resource) else { continue };
                fill(system.machines.as_mut(), &mut parts.machines, |machine| machine.id.as_ref());
                fill(system.volumes.as_mut(), &mut parts.volumes, |volume| volume.id.as_ref());
                fill(system.networks.as_mut(), &mut parts.networks, |network| network.id.as_ref());
                fill(system.systems.as_mut(), &mut parts.systems, |system| system.id.as_ref());
                root.clone_from(&system.id);
                keep(&mut parts.systems, system.id.clone(), system);
            }
            _ => {}
        }
    }
    root.and_then(|root| parts.systems.remove(&root))
        .ok_or_else(|| Error::new(ErrorKind::Value, "the template makes no System"))
}

fn whole<T: Record>(resource: Box<dyn Record>) -> Option<T> {
    resource.into_any().downcast().ok().map(|resource| *resource)
}

fn keep<T>(parts: &mut HashMap<Uri, T>, id: Option<Uri>, part: T) {
    parts.extend(id.map(|id| (id, part)));
}

fn fill<T: Record>(
    collection: Option<&mut Ref<Collection<T>>>,
    whole: &mut HashMap<Uri, T>,
    id: impl Fn(&T) -> Option<&Uri>,
) {
    let members = collection.and_then(|collection| collection.value.as_mut()).into_iter();
    for member in members.flat_map(|members| &mut members.items) {
        if let Some(found) = id(member).and_then(|id| whole.remove(id)) {
            *member = found;
        }
    }
}
