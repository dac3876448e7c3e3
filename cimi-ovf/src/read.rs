//! Reads a descriptor from its element tree.

use cimi_model::{ErrorKind, Limits, Result, printable};

use crate::budget::Budget;
use crate::descriptor::{
    About, Content, Disk, Envelope, File, Network, VirtualSystem, VirtualSystemCollection, Warning,
};
use crate::element::{self, Element};
use crate::hardware::{self, number};
use crate::origin::Node;
use crate::product::{self, Properties};
use crate::units::{Base, Unit};
use crate::{check, messages};

impl Envelope {
    /// Reads the descriptor of OVF 1.0 or 1.1; the sections of 2.x that correspond are read too.
    ///
    /// The text is UTF-8, or UTF-16 with a byte order mark. Prefixes do not matter, and `ovf:` before attributes may
    /// be missing. Texts come from the message bundle of the envelope where an element names a message and has no text.
    ///
    /// # Errors
    /// When the text is not well-formed or holds a DOCTYPE; when it is not an envelope of OVF 1.x; when a limit is
    /// exceeded; when a reference leads nowhere, an identifier occurs twice, or a quantity or unit is not
    /// meaningful. Each names the element and its line and column.
    pub fn read(descriptor: &[u8], limits: Limits) -> Result<Self> {
        Self::read_within(descriptor, limits, &mut Budget::new(descriptor, limits))
    }

    pub(crate) fn read_within(descriptor: &[u8], limits: Limits, budget: &mut Budget) -> Result<Self> {
        let mut root = element::parse(descriptor, limits)?;
        messages::fill_in(&mut root, budget)?;
        let mut envelope = envelope(&Node::root(&root), budget)?;
        envelope.warnings.truncate(limits.deviations);
        Ok(envelope)
    }
}

fn envelope(root: &Node<'_>, budget: &mut Budget) -> Result<Envelope> {
    let mut warnings = Vec::new();
    let files = files(root)?;
    let content = content(root, budget)?;
    let configuration = default_configuration(root);
    let properties = Properties::collect(&content, configuration.as_deref());
    let disks = disks(root, &properties, &mut warnings)?;
    check::file_references(root, &files)?;
    let mut envelope = Envelope {
        origin: root.origin(),
        files,
        disks,
        networks: networks(root)?,
        configuration,
        content,
        attributes: root.element.attributes.clone(),
        sections: root.element.children.iter().filter(|child| !is_typed(child)).cloned().collect(),
        warnings,
    };
    check::all(&mut envelope)?;
    Ok(envelope)
}

fn is_typed(section: &Element) -> bool {
    let typed = ["References", "DiskSection", "SharedDiskSection", "NetworkSection"];
    section.is_ovf() && (typed.contains(&section.name.as_str()) || is_content(section))
}

fn is_content(element: &Element) -> bool {
    element.is("VirtualSystem") || element.is("VirtualSystemCollection")
}

fn default_configuration(root: &Node<'_>) -> Option<String> {
    let section = root.element.child("DeploymentOptionSection")?;
    let all = || section.children.iter().filter(|child| child.is("Configuration"));
    let chosen = all().find(|child| child.flag("default")).or_else(|| all().next())?;
    chosen.attribute("id").map(str::to_owned)
}

/// The children of each section of that name.
fn entries<'e>(root: &Node<'e>, section: &str, entry: &str) -> Vec<Node<'e>> {
    root.named(section).iter().flat_map(|section| section.named(entry)).collect()
}

fn files(root: &Node<'_>) -> Result<Vec<File>> {
    let file = |node: Node<'_>| {
        let (id, href) = (node.required("id")?, node.required("href")?);
        node.check_numbers(&["size", "chunkSize"])?;
        Ok(File { origin: node.origin(), id, href, element: node.element.clone() })
    };
    entries(root, "References", "File").into_iter().map(file).collect()
}

fn networks(root: &Node<'_>) -> Result<Vec<Network>> {
    let network = |node: Node<'_>| {
        let description = text_of(node.element, "Description");
        Ok(Network { origin: node.origin(), name: node.required("name")?, description, element: node.element.clone() })
    };
    entries(root, "NetworkSection", "Network").into_iter().map(network).collect()
}

fn disks(root: &Node<'_>, properties: &Properties<'_>, warnings: &mut Vec<Warning>) -> Result<Vec<Disk>> {
    let mut disks = Vec::new();
    for node in entries(root, "DiskSection", "Disk") {
        disks.push(disk(&node, false, properties, warnings)?);
    }
    for node in entries(root, "SharedDiskSection", "SharedDisk") {
        disks.push(disk(&node, true, properties, warnings)?);
    }
    Ok(disks)
}

fn disk(node: &Node<'_>, shared: bool, properties: &Properties<'_>, warnings: &mut Vec<Warning>) -> Result<Disk> {
    let attribute = |name| node.element.attribute(name).filter(|v| !v.is_empty()).map(str::to_owned);
    let disk = Disk {
        origin: node.origin(),
        id: node.required("diskId")?,
        capacity: capacity(node, properties, warnings)?,
        file: attribute("fileRef"),
        parent: attribute("parentRef"),
        format: attribute("format"),
        shared,
        element: node.element.clone(),
    };
    node.check_numbers(&["populatedSize"])?;
    match (&disk.capacity, &disk.file) {
        (Some(_), _) => {}
        (None, None) => return Err(disk.origin.bad("the attribute ovf:capacity is missing")),
        (None, Some(_)) => {
            let text = "the attribute ovf:capacity is missing; the capacity is left to the file".to_owned();
            warnings.push(Warning { origin: disk.origin.clone(), text });
        }
    }
    Ok(disk)
}

/// The capacity in bytes.
fn capacity(node: &Node<'_>, properties: &Properties<'_>, warnings: &mut Vec<Warning>) -> Result<Option<u64>> {
    let Some(text) = node.element.attribute("capacity").filter(|text| !text.is_empty()) else { return Ok(None) };
    let origin = node.origin();
    let mut text = properties.resolve(text, &origin)?;
    let mut unit = node.element.attribute("capacityAllocationUnits").filter(|unit| !unit.trim().is_empty());
    if let (None, Some((quantity, inner))) = (unit, with_unit(text)) {
        let warning = format!("ovf:capacity '{}' has its unit inside; it is read as {inner}", printable(text));
        warnings.push(Warning { origin: origin.clone(), text: warning });
        (text, unit) = (quantity, Some(inner));
    }
    let bad = |reason: String| origin.bad(format!("ovf:capacity: {reason}"));
    let quantity = number(text).map_err(bad)?;
    let unit = Unit::parse(unit.unwrap_or("byte"));
    let unit = unit.map_err(|error| origin.bad(format!("ovf:capacityAllocationUnits: {error}")).caused_by(error))?;
    if unit.base() != Base::Byte {
        return Err(origin.bad("ovf:capacityAllocationUnits is not a unit of bytes"));
    }
    unit.scale(quantity).map(Some).map_err(|error| bad(error.to_string()))
}

/// `1536MB`, as some products write it: the number, and the unit in the form of DSP0004.
fn with_unit(text: &str) -> Option<(&str, &'static str)> {
    const UNITS: [(&str, &str); 4] =
        [("KB", "byte * 2^10"), ("MB", "byte * 2^20"), ("GB", "byte * 2^30"), ("TB", "byte * 2^40")];
    let split = |(suffix, unit)| Some((text.strip_suffix(suffix)?, unit));
    UNITS.into_iter().find_map(split)
}

fn content(root: &Node<'_>, budget: &mut Budget) -> Result<Content> {
    let all: Vec<_> = root.children().into_iter().filter(|child| is_content(child.element)).collect();
    match all.as_slice() {
        [one] => one_content(one, budget),
        [] if root.element.children.iter().any(|child| child.name == "Content") => {
            Err(root.origin().bad("Section and Content with xsi:type are the form of OVF 0.9, which is not supported"))
        }
        [] => Err(root.origin().bad("there is neither a VirtualSystem nor a VirtualSystemCollection")),
        [_, second, ..] => {
            let reason = "only one VirtualSystem or VirtualSystemCollection may stand here";
            Err(second.origin().error(ErrorKind::Duplicate, reason))
        }
    }
}

fn one_content(node: &Node<'_>, budget: &mut Budget) -> Result<Content> {
    if node.element.is("VirtualSystem") {
        system(node, budget).map(Content::System)
    } else {
        collection(node, budget).map(Content::Collection)
    }
}

/// Recursive; the depth of the element tree is bounded.
fn collection(node: &Node<'_>, budget: &mut Budget) -> Result<VirtualSystemCollection> {
    let members = node.children().into_iter().filter(|child| is_content(child.element));
    let content = members.map(|child| one_content(&child, budget)).collect::<Result<_>>()?;
    Ok(VirtualSystemCollection { about: about(node, budget)?, content })
}

fn system(node: &Node<'_>, budget: &mut Budget) -> Result<VirtualSystem> {
    let hardware = node.named("VirtualHardwareSection").iter().map(hardware::read).collect::<Result<_>>()?;
    Ok(VirtualSystem { about: about(node, budget)?, hardware })
}

fn about(node: &Node<'_>, budget: &mut Budget) -> Result<About> {
    let annotation = node.element.child("AnnotationSection").and_then(|section| text_of(section, "Annotation"));
    let is_section = |child: &&Element| {
        let text = child.is("Info") || child.is("Name");
        !(text || is_content(child) || child.is("VirtualHardwareSection"))
    };
    let products = node.named("ProductSection");
    Ok(About {
        origin: node.origin(),
        id: node.required("id")?,
        info: text_of(node.element, "Info"),
        name: text_of(node.element, "Name"),
        annotation,
        products: products.iter().map(|product| product::read(product, budget)).collect::<Result<_>>()?,
        attributes: node.element.attributes.clone(),
        sections: node.element.children.iter().filter(is_section).cloned().collect(),
    })
}

/// The text of a child element, if there is any.
fn text_of(element: &Element, child: &str) -> Option<String> {
    let text = element.child(child)?.text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
