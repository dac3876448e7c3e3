//! The System that a template becomes.

use std::collections::HashMap;

use cimi_model::reflect::Record;
use cimi_model::template::Expander;
use cimi_model::{
    Collection, Error, ErrorKind, Machine, Ref, Registry, Result, System, SystemCreate, SystemTemplate, Type, Uri,
};

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
/// When the template cannot be carried out, for example because the quantities of its components are too large or it
/// refers to templates elsewhere. All problems are in the error.
pub fn system(template: SystemTemplate) -> Result<System> {
    let elsewhere = |_: &Uri, _: &'static Type| -> Result<Box<dyn Record>> {
        Err(Error::new(ErrorKind::Value, "the template is not a part of what was imported"))
    };
    let (name, description) = (template.name.clone(), template.description.clone());
    let request =
        SystemCreate { name, description, system_template: Some(Ref::by_value(template)), ..Default::default() };
    let registry = Registry::standard();
    let plan = Expander::new(&registry, &elsewhere).instantiate(&request);
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
    }
    nested(&mut finished)
}

/// Puts the parts of parts into the System: the members of its collections are without their own.
fn nested(finished: &mut [Box<dyn Record>]) -> Result<System> {
    let mut machines: HashMap<Uri, Machine> = HashMap::new();
    let mut systems: HashMap<Uri, System> = HashMap::new();
    let mut root = None;
    // The parts of a System come after it.
    for resource in finished.iter().rev() {
        let resource = resource.as_any();
        if let Some((id, machine)) =
            resource.downcast_ref().and_then(|machine: &Machine| Some((machine.id.clone()?, machine)))
        {
            machines.insert(id, machine.clone());
        } else if let Some(system) = resource.downcast_ref::<System>() {
            let mut system = system.clone();
            fill(system.machines.as_mut(), &mut machines, |machine| machine.id.as_ref());
            fill(system.systems.as_mut(), &mut systems, |system| system.id.as_ref());
            root.clone_from(&system.id);
            systems.extend(system.id.clone().map(|id| (id, system)));
        }
    }
    root.and_then(|root| systems.remove(&root))
        .ok_or_else(|| Error::new(ErrorKind::Value, "the template makes no System"))
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
