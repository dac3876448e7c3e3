//! What CIMI has no place for: kept as extensions in a namespace of ours.

use std::collections::HashMap;

use cimi_model::xml::pull::XML_NAMESPACE;
use cimi_model::{Any, Extensions, Result};

use super::budget::Budget;
use super::source::{File, Network, Source};
use crate::model::namespaces::{FOREIGN, XENC, XENC11, XSI};
use crate::tree::{Attribute, Element};

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
/// | `MachineConfiguration` | a `MachineTemplate` that differs between deployment options: what it has in each `option` |
/// | `Address` | an interface template: the MAC address, where there is one machine of its kind |
/// | `Disk`, `File` | each `VolumeTemplate` and the image in it: exact capacity, parent; size, compression |
/// | `Network` | a `NetworkTemplate`, if there is more than name and description |
pub const NAMESPACE: &str = "urn:x-cimi:ovf";

/// The extension for one element.
pub(super) fn one<'d>(source: &Source<'d>, element: Element<'d>, budget: &mut Budget) -> Result<Extensions> {
    let mut extensions = Extensions::new();
    let name = source.vocabulary.name(element);
    extensions.insert(key(name), Keeper { source, budget, at: element }.value(element)?);
    Ok(extensions)
}

/// The extension for a network of which there is more to say than name and description.
pub(super) fn network<'d>(source: &Source<'d>, network: Network<'d>, budget: &mut Budget) -> Result<Extensions> {
    let element = network.element;
    let is_description = |child: Element<'_>| source.is(child, "Description");
    let described = element.attributes().count() <= 1 && element.children().all(is_description);
    if described { Ok(Extensions::new()) } else { one(source, element, budget) }
}

/// The extension of an interface template with the MAC address.
pub(crate) const ADDRESS: &str = "Address";

pub(crate) fn key(name: &str) -> String {
    Extensions::qualified(NAMESPACE, name)
}

/// What the envelope itself holds, and the files that nothing refers to.
pub(super) fn envelope<'d>(source: &Source<'d>, unused: &[File<'d>], budget: &mut Budget) -> Result<Option<Any>> {
    const TYPED: [&str; 6] = [
        "References",
        "DiskSection",
        "SharedDiskSection",
        "NetworkSection",
        "VirtualSystem",
        "VirtualSystemCollection",
    ];
    let root = source.root();
    let keeper = &mut Keeper { source, budget, at: root };
    let mut members = Members::default();
    keeper.attributes(&mut members, root, true)?;
    let is_typed =
        |child: &Element<'_>| TYPED.contains(&source.vocabulary.name(*child)) && source.vocabulary.is_ovf(*child);
    let sections = root.children().filter(|child| !is_typed(child));
    for element in sections.chain(unused.iter().map(|file| file.element)) {
        keeper.child(&mut members, element, NAMESPACE)?;
    }
    Ok(members.finish())
}

/// What a collection or system holds beside its members, name and description. `info` is its `Info`, where that is not
/// the description.
pub(super) fn about<'d>(
    source: &Source<'d>,
    element: Element<'d>,
    info: Option<&str>,
    budget: &mut Budget,
) -> Result<Option<Any>> {
    const TYPED: [&str; 4] = ["Info", "Name", "VirtualSystem", "VirtualSystemCollection"];
    let keeper = &mut Keeper { source, budget, at: element };
    let mut members = Members::default();
    keeper.attributes(&mut members, element, true)?;
    let has_annotation = info.is_some();
    if let Some(info) = info.filter(|info| !info.is_empty()) {
        members.add("Info".to_owned(), info.into());
    }
    let is = |child: Element<'_>, names: &[&str]| names.iter().any(|name| source.is(child, name));
    let is_description = |child: Element<'_>| {
        source.is(child, "AnnotationSection") && child.children().all(|inner| is(inner, &["Info", "Annotation"]))
    };
    let is_hardware = |child: &Element<'_>| source.is(*child, "VirtualHardwareSection");
    let is_left_out = |child: &Element<'_>| is(*child, &TYPED) || (has_annotation && is_description(*child));
    let kept = element.children().filter(|child| !is_left_out(child));
    // The hardware, which is long, comes last.
    let (hardware, sections): (Vec<_>, Vec<_>) = kept.partition(is_hardware);
    for section in sections.into_iter().chain(hardware) {
        keeper.child(&mut members, section, NAMESPACE)?;
    }
    Ok(members.finish())
}

/// Copies elements, at the expense of the element that they are copied for.
struct Keeper<'k, 'd> {
    source: &'k Source<'d>,
    budget: &'k mut Budget,
    at: Element<'d>,
}

impl<'d> Keeper<'_, 'd> {
    /// A name with its namespace, which the descriptor declares once.
    fn qualified(&mut self, namespace: &str, name: &str) -> Result<String> {
        self.budget.charge(namespace.len(), self.at)?;
        Ok(Extensions::qualified(namespace, name))
    }

    /// Recursive; the depth of a tree is bounded.
    fn value(&mut self, element: Element<'d>) -> Result<Any> {
        let namespace = self.family(element);
        let mut members = Members::default();
        self.attributes(&mut members, element, namespace == NAMESPACE)?;
        for child in element.children() {
            self.child(&mut members, child, namespace)?;
        }
        let text = self.source.text(element, self.budget)?;
        // Vendor sections, such as the guest customization of VMware, hold passwords in elements that are named so.
        let text = if names_password(element.name()) { "" } else { text.trim() };
        if !members.is_empty() && !text.is_empty() {
            members.add("#text".to_owned(), text.into());
        }
        Ok(members.finish().unwrap_or_else(|| text.into()))
    }

    /// The attributes of an element of OVF become plain members, for with or without prefix they mean the same.
    fn attributes(&mut self, members: &mut Members, element: Element<'d>, of_ovf: bool) -> Result<()> {
        /// What a member takes beside its texts.
        const MEMBER: usize = 80;
        let is_secret = is_password(self.source, element);
        self.budget.hold(MEMBER, element)?;
        for attribute in element.attributes() {
            self.budget.hold(MEMBER, element)?;
            let (name, value) = (attribute.name(), attribute.value());
            let is_value = is_secret && matches!(name, "value" | "defaultValue");
            // `ovf:password` itself is a flag and stays.
            if is_value || (names_password(name) && !matches!(&*value, "true" | "false")) {
                continue;
            }
            let key = match self.source.vocabulary.attribute(attribute).name {
                // Speaks to a validator about the descriptor as it was, and would mislead one here.
                XSI => continue,
                XML_NAMESPACE => name.to_owned(),
                known if is_foreign(known, attribute.namespace()) => {
                    format!("@{}", self.qualified(attribute.namespace(), name)?)
                }
                _ if of_ovf => name.to_owned(),
                _ => format!("@{name}"),
            };
            members.add(key, value.as_ref().into());
        }
        Ok(())
    }

    fn child(&mut self, members: &mut Members, child: Element<'d>, parent: &str) -> Result<()> {
        let namespace = self.family(child);
        let name = self.source.vocabulary.name(child);
        let key = if namespace == parent { name.to_owned() } else { self.qualified(namespace, name)? };
        members.add(key, self.value(child)?);
        Ok(())
    }

    /// The namespace that an element has in the extension: ours for those of OVF and of the settings of CIM.
    fn family(&self, element: Element<'d>) -> &'d str {
        let namespace = element.namespace();
        match self.source.vocabulary.element(element).name {
            "" if !self.source.vocabulary.is_0_9 => "",
            known if is_foreign(known, namespace) => namespace,
            _ => NAMESPACE,
        }
    }
}

/// Whether the element is a property that holds a password, or a value of one.
pub(super) fn is_password(source: &Source<'_>, element: Element<'_>) -> bool {
    let property = if source.is(element, "Value") { element.parent() } else { Some(element) };
    let is_set = |flag: Attribute<'_>| {
        flag.name() == "password" && matches!(flag.value().trim(), "true" | "TRUE" | "True" | "1")
    };
    let property = property.filter(|property| source.is(*property, "Property"));
    property.is_some_and(|property| property.attributes().any(is_set))
}

/// Whether a namespace, and what is known of it, is neither one of OVF nor one of a class of CIM.
fn is_foreign(known: &str, namespace: &str) -> bool {
    const CLASSES: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_";
    matches!(known, FOREIGN | XENC | XENC11 | XSI | XML_NAMESPACE) && !namespace.starts_with(CLASSES)
}

fn names_password(name: &str) -> bool {
    const WORD: &str = "password";
    let start = name.len().saturating_sub(WORD.len());
    name.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(WORD))
}

/// The members of an object in document order; those of one name become an array.
#[derive(Default)]
pub(super) struct Members {
    entries: Vec<(String, Vec<Any>)>,
    index: HashMap<String, usize>,
}

impl Members {
    pub(super) fn add(&mut self, key: String, value: Any) {
        let next = self.entries.len();
        let at = *self.index.entry(key.clone()).or_insert(next);
        match self.entries.get_mut(at) {
            Some((_, values)) => values.push(value),
            None => self.entries.push((key, vec![value])),
        }
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn finish(self) -> Option<Any> {
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
