//! Export of what came from an import: the descriptor is changed where the resource was, and nowhere else.

use std::collections::HashMap;

use cimi_model::reflect::Record;
use cimi_model::{Any, ComponentDescriptor, Result, System, SystemTemplate, WriteOptions, json};

use super::onto_system::templates;
use super::{ExportOptions, Note, normal, patch, stored, template_of};
use crate::import::by_elements;
use crate::{Descriptor, NAMESPACE};

/// Makes a descriptor say what a `SystemTemplate` says that it was imported as, and that was changed since.
///
/// Only what differs is changed: where the memory of a machine is another one, the `VirtualQuantity` of its item. The
/// rest stays byte for byte. Names and descriptions are changed, processors and memory, capacities of disks, locations
/// of images, networks and addresses of adapters, initial states and user data. What is new gets elements as
/// [`export()`](crate::export()) writes them: machines, systems, disks, networks, and the disks and adapters of machines
/// that were there. What is gone is removed. What else the template says is stored in the descriptor as `export` stores
/// it, and a note tells so; where there is nothing of that kind, nothing is stored.
///
/// Of a System, the descriptor says what it says of a template that would make such a System, and the System itself is
/// stored.
///
/// ```
/// use cimi_ovf::{Descriptor, ExportOptions, export_onto, import};
///
/// let text = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
///   <References/>
///   <NetworkSection><Info>Networks</Info> <!-- the only one -->
///     <Network ovf:name="front"><Description>Guests</Description></Network>
///   </NetworkSection>
///   <VirtualSystem ovf:id="web"><Info>A web server</Info></VirtualSystem>
/// </Envelope>"#;
/// let mut template = import(text.as_bytes(), &Default::default())?.template;
/// let front = &mut template.component_descriptors[1];
/// front.description = Some("Everybody".into());
/// let network = front.network_template.as_mut().and_then(|network| network.value.as_mut());
/// network.ok_or("a network")?.description = front.description.clone();
///
/// let mut descriptor = Descriptor::read(text.as_bytes(), &Default::default())?.value;
/// export_onto(&mut descriptor, &template, &ExportOptions::default())?;
/// assert_eq!(descriptor.to_text()?, text.replace("Guests", "Everybody"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the resource is of another type, and when the descriptor cannot be imported. It is as it was then.
pub fn export_onto(descriptor: &mut Descriptor, resource: &dyn Record, options: &ExportOptions) -> Result<Vec<Note>> {
    if let Some(system) = resource.as_any().downcast_ref::<System>() {
        return system_onto(descriptor, system, options);
    }
    let (template, mut notes) = normal(template_of(resource)?, options)?;
    let mut copy = descriptor.as_written()?.unwrap_or_else(|| descriptor.clone());
    stored::remove(&mut copy);
    let old = by_elements(&copy)?;
    let version = copy.version();
    notes.append(&mut patch::apply(&mut copy.envelope, version, options.limits, &old, &template));
    let new = by_elements(&copy)?;
    if !says(&new, &old, &template)? {
        notes.push(Note {
            path: "/".to_owned(),
            text: "the elements of the descriptor do not say all of the template".to_owned(),
        });
        if options.store {
            // What is there now is what later edits are told by.
            let base = json::to_string(&new, WriteOptions::default())?;
            stored::put(&mut copy, &template, Some(&base))?;
        }
    }
    *descriptor = copy;
    Ok(notes)
}

/// The same for a System.
fn system_onto(descriptor: &mut Descriptor, system: &System, options: &ExportOptions) -> Result<Vec<Note>> {
    let (system, mut notes) = normal(system, options)?;
    let (now, more) = super::system::template(&system)?;
    notes.extend(more);
    let mut copy = descriptor.as_written()?.unwrap_or_else(|| descriptor.clone());
    stored::remove(&mut copy);
    let imported = by_elements(&copy)?;
    match templates(descriptor, &imported, &now)? {
        Some([old, new]) => {
            let version = copy.version();
            notes.append(&mut patch::apply(&mut copy.envelope, version, options.limits, &old, &new));
        }
        None => notes.push(Note {
            path: "/".to_owned(),
            text: "the elements stay as they were: one of them stands for several members of the System".to_owned(),
        }),
    }
    if options.store {
        let base = json::to_string(&by_elements(&copy)?, WriteOptions::default())?;
        stored::put(&mut copy, &system, Some(&base))?;
    }
    *descriptor = copy;
    Ok(notes)
}

/// Whether a descriptor that is imported as `new` says all that the template says, which was imported as `old` before.
///
/// The extensions of an import hold sections as they were then: those that are still the same say nothing new.
fn says(new: &SystemTemplate, old: &SystemTemplate, template: &SystemTemplate) -> Result<bool> {
    let [(new, _), (_, known), (template, kept)] =
        [take_extensions(new)?, take_extensions(old)?, take_extensions(template)?];
    let known: std::collections::HashSet<&String> = known.iter().collect();
    Ok(new == template && kept.iter().all(|extension| known.contains(extension)))
}

/// A template without the extensions of imports and without its origin, and these extensions.
pub(super) fn take_extensions(template: &SystemTemplate) -> Result<(Any, Vec<String>)> {
    let mut whole = json::to_any(template, WriteOptions::default())?;
    let mut kept = Vec::new();
    take_from(&mut whole, &mut kept);
    if let Any::Object(root) = &mut whole {
        root.remove("importImage");
    }
    Ok((whole, kept))
}

/// Recursive; the depth of values that were read is bounded.
fn take_from(value: &mut Any, taken: &mut Vec<String>) {
    match value {
        Any::Object(members) => {
            let is_ours = |name: &&str| name.strip_prefix('{').is_some_and(|name| name.starts_with(NAMESPACE));
            let ours: Vec<String> = members.iter().map(|(name, _)| name).filter(is_ours).map(str::to_owned).collect();
            for name in ours {
                taken.extend(members.remove(&name).map(|value| format!("{name} {value:?}")));
            }
            members.iter_mut().for_each(|(_, member)| take_from(member, taken));
        }
        Any::Array(items) => items.iter_mut().for_each(|item| take_from(item, taken)),
        _ => {}
    }
}

/// The components of a template and of those in it, by name.
pub(super) fn all_components(template: &SystemTemplate) -> HashMap<&str, &ComponentDescriptor> {
    let mut all = HashMap::new();
    let mut open = vec![template];
    while let Some(template) = open.pop() {
        for component in &template.component_descriptors {
            if let Some(name) = component.name.as_deref() {
                all.entry(name).or_insert(component);
            }
            open.extend(component.system_template.as_ref().and_then(|nested| nested.value.as_deref()));
        }
    }
    all
}
