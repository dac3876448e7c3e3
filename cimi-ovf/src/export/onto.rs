//! Export of what came from an import: the descriptor is changed where the resource was, and nowhere else.

use std::collections::HashMap;

use cimi_model::reflect::Record;
use cimi_model::{Any, ComponentDescriptor, Result, SystemTemplate, WriteOptions, json};

use super::patch::Patch;
use super::{ExportOptions, Note, normal, stored, template_of};
use crate::import::by_elements;
use crate::{Descriptor, NAMESPACE};

/// Makes a descriptor say what a `SystemTemplate` says that it was imported as, and that was changed since.
///
/// Only what differs is changed: where the memory of a machine is another one, the `VirtualQuantity` of its item. The
/// rest stays byte for byte. Names and descriptions are changed, processors and memory, capacities of disks, locations
/// of images, networks of adapters and their descriptions; machines and systems that are gone are removed. What else the
/// template says is stored in the descriptor as [`export()`](crate::export()) stores it, and a note tells so; where there
/// is nothing of that kind, nothing is stored.
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
    let (template, mut notes) = normal(template_of(resource)?, options)?;
    let mut copy = descriptor.as_written()?.unwrap_or_else(|| descriptor.clone());
    stored::remove(&mut copy);
    let old = by_elements(&copy)?;
    let mut patch = Patch::of(&copy.envelope);
    patch.template(&mut copy.envelope, &old, &template);
    notes.append(&mut patch.notes);
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

/// Whether a descriptor that is imported as `new` says all that the template says, which was imported as `old` before.
///
/// The extensions of an import hold sections as they were then: those that are still the same say nothing new.
fn says(new: &SystemTemplate, old: &SystemTemplate, template: &SystemTemplate) -> Result<bool> {
    let any = |template: &SystemTemplate| -> Result<(Any, Vec<String>)> {
        let mut whole = json::to_any(template, WriteOptions::default())?;
        let mut kept = Vec::new();
        take_extensions(&mut whole, &mut kept);
        if let Any::Object(root) = &mut whole {
            root.remove("importImage");
        }
        Ok((whole, kept))
    };
    let ((new, _), (_, known), (template, kept)) = (any(new)?, any(old)?, any(template)?);
    let known: std::collections::HashSet<&String> = known.iter().collect();
    Ok(new == template && kept.iter().all(|extension| known.contains(extension)))
}

/// Takes the extensions of imports out of a value.
///
/// Recursive; the depth of values that were read is bounded.
fn take_extensions(value: &mut Any, taken: &mut Vec<String>) {
    match value {
        Any::Object(members) => {
            let is_ours = |name: &&str| name.strip_prefix('{').is_some_and(|name| name.starts_with(NAMESPACE));
            let ours: Vec<String> = members.iter().map(|(name, _)| name).filter(is_ours).map(str::to_owned).collect();
            for name in ours {
                taken.extend(members.remove(&name).map(|value| format!("{name} {value:?}")));
            }
            members.iter_mut().for_each(|(_, member)| take_extensions(member, taken));
        }
        Any::Array(items) => items.iter_mut().for_each(|item| take_extensions(item, taken)),
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
