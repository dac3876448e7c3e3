//! The section of a descriptor that holds the whole resource.

use cimi_model::reflect::Record;
use cimi_model::{Result, WriteOptions, json};

use super::{ExportOptions, Exported, Note, secrets};
use crate::Descriptor;
use crate::NAMESPACE;
use crate::model::{Content, Node, ProductSection};
use crate::tree::{Element, NewElement, Place};

/// The element with the resource.
const RESOURCE: &str = "Resource";
/// What its text is.
const JSON: &str = "application/json";

/// Puts the resource into the descriptor.
pub(super) fn put(exported: &mut Exported, resource: &dyn Record, options: &ExportOptions) -> Result<()> {
    let mut resource = resource.boxed_clone();
    if !options.secrets {
        let cleared = secrets::clear(&mut *resource);
        if cleared > 0 {
            let text = format!("secrets are not exported: {cleared} left out");
            exported.notes.push(Note { path: "/".to_owned(), text });
        }
    }
    let text = json::to_string(&*resource, WriteOptions::default())?;
    let new = NewElement::new(NAMESPACE, RESOURCE).attribute("", "type", JSON).text(in_xml(&text));
    let descriptor = &mut exported.descriptor;
    match section(descriptor).and_then(|section| element(descriptor, section)) {
        Some(old) => {
            let id = old.id();
            descriptor.edit(|editor| editor.set_text(id, &new.text))
        }
        None => add(descriptor, new),
    }
}

fn add(descriptor: &mut Descriptor, new: NewElement) -> Result<()> {
    let section = ProductSection {
        required: Some(false),
        class: Some(NAMESPACE.to_owned()),
        info: Some("The CIMI resource that this descriptor was exported from".into()),
        ..Default::default()
    };
    if let Some(sections) = sections_mut(descriptor) {
        sections.push(section);
    }
    // Then the section has an element for the other to go into.
    descriptor.edit(|_| ())?;
    let Some(parent) = self::section(descriptor).and_then(Node::id) else { return Ok(()) };
    descriptor.edit(|editor| editor.insert(parent, Place::Last, new))
}

/// JSON of the same meaning without characters that XML does not have.
fn in_xml(json: &str) -> String {
    json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff")
}

/// The JSON of the resource that a descriptor was exported from, if it holds one.
pub(crate) fn stored(descriptor: &Descriptor) -> Option<String> {
    let element = element(descriptor, section(descriptor)?)?;
    let json = element.attribute("", "type").is_none_or(|kind| kind.value() == JSON);
    json.then(|| element.text().into_owned())
}

/// The element with the resource in the section.
fn element(descriptor: &Descriptor, section: Node) -> Option<Element<'_>> {
    let mut children = descriptor.element(section)?.children();
    children.find(|child| child.name() == RESOURCE && child.namespace() == NAMESPACE)
}

/// The section that is there for a resource.
fn section(descriptor: &Descriptor) -> Option<Node> {
    let sections = match descriptor.envelope.content.as_ref()? {
        Content::System(system) => &system.product_sections,
        Content::Collection(collection) => &collection.product_sections,
    };
    sections.iter().find(|section| is_ours(section)).map(|section| section.node)
}

fn sections_mut(descriptor: &mut Descriptor) -> Option<&mut Vec<ProductSection>> {
    Some(match descriptor.envelope.content.as_mut()? {
        Content::System(system) => &mut system.product_sections,
        Content::Collection(collection) => &mut collection.product_sections,
    })
}

fn is_ours(section: &ProductSection) -> bool {
    section.class.as_deref() == Some(NAMESPACE)
}

/// Removes the section.
pub(crate) fn remove(descriptor: &mut Descriptor) {
    if let Some(sections) = sections_mut(descriptor) {
        sections.retain(|section| !is_ours(section));
    }
}
