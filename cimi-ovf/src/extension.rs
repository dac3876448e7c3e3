//! What CIMI has no place for: kept as extensions in a namespace of ours.

use std::collections::HashMap;

use cimi_model::xml::pull::XML_NAMESPACE;
use cimi_model::{Any, Extensions, Result};

use crate::Origin;
use crate::budget::Budget;
use crate::descriptor::{About, Envelope, File, Network, VirtualSystem};
use crate::element::{Attribute, Element};

/// The namespace of the extensions that an import adds.
///
/// Each is an element of the descriptor with its attributes and children as members; those of OVF and of the CIM
/// settings are in this namespace too, those of vendors in their own. Only templates have such extensions, never a
/// component descriptor (the schema of CIMI 1.x admits none there) and never the `properties`, which belong to the
/// consumer (DSP0263 5.1).
///
/// | extension | on |
/// |---|---|
/// | `Envelope` | the root `SystemTemplate`: version, deployment options, files that no disk uses, sections of vendors |
/// | `VirtualSystemCollection` | each `SystemTemplate`: products, start order, resource allocation… |
/// | `VirtualSystem` | each `MachineTemplate`: operating system, products, licences, the virtual hardware with all items |
/// | `Disk`, `File` | each `VolumeTemplate` and the image in it: exact capacity, parent; size, compression |
/// | `Network` | a `NetworkTemplate`, if there is more than name and description |
pub const NAMESPACE: &str = "urn:x-cimi:ovf";

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The extension for one element.
pub(crate) fn one(element: &Element, origin: &Origin, budget: &mut Budget) -> Result<Extensions> {
    let mut extensions = Extensions::new();
    extensions.insert(key(&element.name), value(element, &mut Charge { budget, origin })?);
    Ok(extensions)
}

/// Who pays for what is written more than once.
struct Charge<'b> {
    budget: &'b mut Budget,
    origin: &'b Origin,
}

impl Charge<'_> {
    /// A name with its namespace, which the descriptor declares once.
    fn qualified(&mut self, namespace: &str, name: &str) -> Result<String> {
        self.budget.charge(namespace.len(), self.origin)?;
        Ok(Extensions::qualified(namespace, name))
    }
}

/// The extension for a network of which there is more to say than name and description.
pub(crate) fn network(network: &Network, budget: &mut Budget) -> Result<Extensions> {
    let element = &network.element;
    let described = element.attributes.len() <= 1 && element.children.iter().all(|child| child.is("Description"));
    if described { Ok(Extensions::new()) } else { one(element, &network.origin, budget) }
}

pub(crate) fn key(name: &str) -> String {
    Extensions::qualified(NAMESPACE, name)
}

/// What the envelope itself holds, and the files that nothing refers to.
pub(crate) fn envelope(envelope: &Envelope, unused: &[&File], budget: &mut Budget) -> Result<Option<Any>> {
    let charge = &mut Charge { budget, origin: &envelope.origin };
    let mut members = Members::default();
    members.attributes(&envelope.attributes, true, charge)?;
    for element in envelope.sections.iter().chain(unused.iter().map(|file| &file.element)) {
        members.child(element, NAMESPACE, charge)?;
    }
    Ok(members.finish())
}

/// What a collection or system holds beside its members, name and description.
pub(crate) fn about(about: &About, system: Option<&VirtualSystem>, budget: &mut Budget) -> Result<Option<Any>> {
    let charge = &mut Charge { budget, origin: &about.origin };
    let mut members = Members::default();
    members.attributes(&about.attributes, true, charge)?;
    if let (Some(info), Some(_)) = (&about.info, &about.annotation) {
        members.add("Info".to_owned(), info.as_str().into());
    }
    let is_description = |section: &Element| {
        section.is("AnnotationSection")
            && section.children.iter().all(|child| child.is("Info") || child.is("Annotation"))
    };
    let is_kept = |section: &&Element| about.annotation.is_none() || !is_description(section);
    for section in about.sections.iter().filter(is_kept) {
        members.child(section, NAMESPACE, charge)?;
    }
    for hardware in system.into_iter().flat_map(|system| &system.hardware) {
        members.child(&hardware.element, NAMESPACE, charge)?;
    }
    Ok(members.finish())
}

/// Recursive; the depth of an element tree is bounded.
fn value(element: &Element, charge: &mut Charge<'_>) -> Result<Any> {
    let namespace = family(&element.namespace);
    let mut members = Members::default();
    members.attributes(&element.attributes, namespace == NAMESPACE, charge)?;
    for child in &element.children {
        members.child(child, namespace, charge)?;
    }
    let text = element.text.trim();
    if !members.is_empty() && !text.is_empty() {
        members.add("#text".to_owned(), text.into());
    }
    Ok(members.finish().unwrap_or_else(|| text.into()))
}

/// The namespace that an element has in the extension.
fn family(namespace: &str) -> &str {
    let is_ours = namespace.starts_with("http://schemas.dmtf.org/ovf/envelope/")
        || namespace.starts_with("http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_");
    if is_ours { NAMESPACE } else { namespace }
}

/// The members of an object in document order; those of one name become an array.
#[derive(Default)]
struct Members {
    entries: Vec<(String, Vec<Any>)>,
    index: HashMap<String, usize>,
}

impl Members {
    fn add(&mut self, key: String, value: Any) {
        let next = self.entries.len();
        let at = *self.index.entry(key.clone()).or_insert(next);
        match self.entries.get_mut(at) {
            Some((_, values)) => values.push(value),
            None => self.entries.push((key, vec![value])),
        }
    }

    /// The attributes of an element of OVF become plain members, for with or without prefix they mean the same.
    fn attributes(&mut self, attributes: &[Attribute], of_ovf: bool, charge: &mut Charge<'_>) -> Result<()> {
        for attribute in attributes {
            let name = &attribute.name;
            let key = match attribute.namespace.as_deref() {
                // Speaks to a validator about the descriptor as it was, and would mislead one here.
                Some(SCHEMA_INSTANCE) => continue,
                Some(XML_NAMESPACE) => name.clone(),
                Some(namespace) if family(namespace) != NAMESPACE => format!("@{}", charge.qualified(namespace, name)?),
                _ if of_ovf => name.clone(),
                _ => format!("@{name}"),
            };
            self.add(key, attribute.value.as_str().into());
        }
        Ok(())
    }

    fn child(&mut self, child: &Element, parent: &str, charge: &mut Charge<'_>) -> Result<()> {
        let namespace = family(&child.namespace);
        let key = if namespace == parent { child.name.clone() } else { charge.qualified(namespace, &child.name)? };
        self.add(key, value(child, charge)?);
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn finish(self) -> Option<Any> {
        if self.entries.is_empty() {
            return None;
        }
        let single = |mut values: Vec<Any>| match values.pop() {
            Some(only) if values.is_empty() => only,
            last => {
                values.extend(last);
                values.into()
            }
        };
        Some(self.entries.into_iter().map(|(key, values)| (key, single(values))).collect())
    }
}
