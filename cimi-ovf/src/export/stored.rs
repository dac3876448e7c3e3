//! The section of a descriptor that holds the whole resource.

use cimi_model::reflect::Record;
use cimi_model::{Document, ReadOptions, Registry, Result, System, SystemTemplate, WriteOptions, json};

use crate::Descriptor;
use crate::NAMESPACE;
use crate::model::{Content, Node, ProductSection};
use crate::tree::{NewElement, Place};

/// The element with the resource.
const RESOURCE: &str = "Resource";
/// What its text is.
const JSON: &str = "application/json";

/// The template that the descriptor was imported as, where it was not made from the resource alone.
const IMPORTED: &str = "Imported";

/// How the resource is read again: what could be written may be as large as it is.
pub(super) fn reading() -> ReadOptions {
    let mut options = ReadOptions::default();
    options.limits.size = usize::MAX;
    options
}

/// What may be stored.
pub(super) enum Stored {
    /// A template.
    Template(Box<SystemTemplate>),
    /// A System.
    System(Box<System>),
}

/// Reads what is stored; `None` if it is not understood.
pub(super) fn read(text: &str, options: &ReadOptions) -> Option<Stored> {
    let document = Document::read(text.as_bytes(), &Registry::standard(), options).ok()?.value;
    if let Some(template) = document.as_ref::<SystemTemplate>() {
        return Some(Stored::Template(Box::new(template.clone())));
    }
    document.as_ref::<System>().map(|system| Stored::System(Box::new(system.clone())))
}

/// Puts the resource into the descriptor; with it, what the descriptor is imported as without it, in JSON.
pub(super) fn put(descriptor: &mut Descriptor, resource: &dyn Record, imported: Option<&str>) -> Result<()> {
    let section = ProductSection {
        required: Some(false),
        class: Some(NAMESPACE.to_owned()),
        info: Some("The CIMI resource that this descriptor was exported from".into()),
        ..Default::default()
    };
    if let Some(sections) = sections_mut(descriptor) {
        sections.push(section);
    }
    // Then the section has an element for others to go into.
    descriptor.edit(|_| ())?;
    let Some(parent) = self::section(descriptor).and_then(Node::id) else { return Ok(()) };
    let resource = json::to_string(resource, WriteOptions::default())?;
    let element = |name, json| NewElement::new(NAMESPACE, name).attribute("", "type", JSON).text(in_xml(json));
    descriptor.edit(|editor| {
        editor.insert(parent, Place::Last, element(RESOURCE, &resource));
        if let Some(imported) = imported {
            editor.insert(parent, Place::Last, element(IMPORTED, imported));
        }
    })
}

/// JSON of the same meaning without characters that XML does not have.
fn in_xml(json: &str) -> String {
    json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff")
}

/// The JSON of the resource that a descriptor was exported from, if it holds one.
pub(super) fn stored(descriptor: &Descriptor) -> Option<String> {
    text(descriptor, RESOURCE)
}

/// The JSON of what the descriptor was imported as when the resource was put into it, if it tells.
pub(super) fn imported(descriptor: &Descriptor) -> Option<String> {
    text(descriptor, IMPORTED)
}

fn text(descriptor: &Descriptor, name: &str) -> Option<String> {
    let mut children = descriptor.element(section(descriptor)?)?.children();
    let element = children.find(|child| child.name() == name && child.namespace() == NAMESPACE)?;
    let json = element.attribute("", "type").is_none_or(|kind| kind.value() == JSON);
    json.then(|| element.text().into_owned())
}

/// The section that is there for a resource.
fn section(descriptor: &Descriptor) -> Option<Node> {
    let sections = descriptor.envelope.content.as_ref()?.product_sections();
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
pub(super) fn remove(descriptor: &mut Descriptor) {
    if let Some(sections) = sections_mut(descriptor) {
        sections.retain(|section| !is_ours(section));
    }
}
