//! What an import goes by: the parts of a descriptor that have a meaning for CIMI, checked.

use std::borrow::Cow;
use std::collections::HashMap;

use cimi_model::meta::XmlForm;
use cimi_model::reflect::Record;
use cimi_model::{Deviation, Error, ErrorKind, Result, printable};

use super::budget::Budget;
use super::properties::Properties;
use super::scale::{Quantities, quantities};
use crate::document::Descriptor;
use crate::model::{self, Content, Envelope, Message, Node, Vocabulary};
use crate::tree::Element;
use crate::units::{Base, Unit};
use crate::{Deployment, ImportOptions};

/// A descriptor whose references and quantities have been checked.
pub(super) struct Source<'d> {
    pub(super) envelope: &'d Envelope,
    pub(super) vocabulary: Vocabulary,
    pub(super) descriptor: &'d Descriptor,
    pub(super) files: Vec<File<'d>>,
    pub(super) disks: Vec<Disk<'d>>,
    pub(super) networks: Vec<Network<'d>>,
    /// The chosen deployment configuration.
    pub(super) deployment: Deployment<'d>,
    /// The one system or collection.
    pub(super) content: &'d Content,
    quantities: Quantities,
    /// The texts of the message bundle.
    texts: HashMap<&'d str, &'d str>,
}

/// A file of the package.
#[derive(Clone, Copy)]
pub(super) struct File<'d> {
    pub(super) id: &'d str,
    pub(super) href: &'d str,
    pub(super) element: Element<'d>,
}

/// A virtual disk, shared or not.
#[derive(Clone, Copy)]
pub(super) struct Disk<'d> {
    pub(super) id: &'d str,
    /// The capacity in bytes; absent only if the disk has a file and the descriptor leaves the capacity to it.
    pub(super) capacity: Option<u64>,
    pub(super) file: Option<&'d str>,
    pub(super) parent: Option<&'d str>,
    pub(super) format: Option<&'d str>,
    /// Whether machines share the disk, rather than each having its own.
    pub(super) shared: bool,
    pub(super) element: Element<'d>,
}

/// A logical network.
#[derive(Clone, Copy)]
pub(super) struct Network<'d> {
    pub(super) name: &'d str,
    pub(super) description: Option<&'d Message>,
    pub(super) element: Element<'d>,
}

/// What was tolerated, and what CIMI cannot express.
#[derive(Default)]
pub(super) struct Warnings<'d> {
    all: Vec<(Element<'d>, String)>,
}

impl<'d> Warnings<'d> {
    pub(super) fn add(&mut self, element: Element<'d>, text: impl Into<String>) {
        self.all.push((element, text.into()));
    }

    /// So many of them with paths and locations.
    pub(super) fn finish(mut self, most: usize) -> Vec<Deviation> {
        self.all.truncate(most);
        let tree = self.all.first().map(|(first, _)| first.tree());
        tree.map(|tree| tree.deviations_at(self.all)).unwrap_or_default()
    }
}

/// An error about a value of an element.
pub(super) fn bad(element: Element<'_>, reason: impl Into<String>) -> Error {
    element.error(ErrorKind::Value, reason)
}

/// A text that is there and not empty.
pub(super) fn filled(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// An attribute that the schema demands.
pub(super) fn required<'d>(element: Element<'_>, name: &str, value: Option<&'d str>) -> Result<&'d str> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| bad(element, format!("the attribute ovf:{name} is missing or empty")))
}

impl<'d> Source<'d> {
    pub(super) fn of(
        descriptor: &'d Descriptor,
        options: &ImportOptions,
        warnings: &mut Warnings<'d>,
        budget: &mut Budget,
    ) -> Result<Self> {
        let envelope = &descriptor.envelope;
        let content = content(descriptor)?;
        let mut source = Self {
            envelope,
            vocabulary: Vocabulary::of(descriptor.tree()),
            descriptor,
            files: Vec::new(),
            disks: Vec::new(),
            networks: Vec::new(),
            deployment: Deployment::choose(envelope, options.option.as_deref())?,
            content,
            quantities: Quantities::new(),
            texts: texts(envelope),
        };
        source.files = source.read_files()?;
        source.networks = source.read_networks()?;
        let properties = Properties::collect(&source, budget)?;
        source.disks = source.read_disks(&properties, warnings)?;
        super::check::all(&source, warnings)?;
        source.quantities = quantities(&source, options.limits.elements)?;
        Ok(source)
    }

    /// How many instances there are of a system or collection; 0 is possible.
    pub(super) fn quantity(&self, node: Node) -> i64 {
        node.id().and_then(|id| self.quantities.get(&id)).copied().unwrap_or(1)
    }

    /// The element of a structure.
    pub(super) fn element(&self, node: Node) -> Element<'d> {
        self.descriptor.element(node).unwrap_or_else(|| self.root())
    }

    pub(super) fn root(&self) -> Element<'d> {
        self.descriptor.tree().root()
    }

    /// Whether this is an element of OVF with this name.
    pub(super) fn is(&self, element: Element<'_>, name: &str) -> bool {
        self.vocabulary.name(element) == name && self.vocabulary.is_ovf(element)
    }

    /// The text of an element: that of the message bundle, where it names a message and has no text.
    pub(super) fn text(&self, element: Element<'d>, budget: &mut Budget) -> Result<Cow<'d, str>> {
        let text = element.text();
        if !text.trim().is_empty() || element.children().next().is_some() {
            return Ok(text);
        }
        let ids = element.attributes().filter(|attribute| attribute.name() == "msgid");
        let found = ids.into_iter().find_map(|id| self.texts.get(&*id.value()).copied());
        match found {
            Some(found) => {
                budget.charge(found.len(), self.root())?;
                Ok(Cow::Borrowed(found))
            }
            None => Ok(text),
        }
    }

    /// The text of a message, if there is any.
    pub(super) fn message(&self, message: Option<&'d Message>, budget: &mut Budget) -> Result<Option<String>> {
        let Some(message) = message else { return Ok(None) };
        let text = self.text(self.element(message.node), budget)?;
        let text = text.trim();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// Fails unless those of these values that are there are numbers of 64 bits without sign; an empty one counts as
    /// none.
    pub(super) fn check_numbers(&self, record: &dyn Record, node: Node, names: &[&str]) -> Result<()> {
        names.iter().try_for_each(|name| self.number(record, node, name).map(|_| ()))
    }

    /// The number in a row of a structure, also where it is greater than the structure can hold.
    pub(super) fn number(&self, record: &dyn Record, node: Node, name: &str) -> Result<Option<u64>> {
        let kind = record.record_type();
        let Some(index) = kind.find(name, 0) else { return Ok(None) };
        let (Some(row), Some(value)) = (kind.attributes.get(index), record.get(index)) else { return Ok(None) };
        let element = self.element(node);
        if let Some(value) = value.integer() {
            let negative = |_| bad(element, format!("ovf:{name}: {value} is negative"));
            return u64::try_from(value).map(Some).map_err(negative);
        }
        if row.xml == XmlForm::Attribute {
            let Some(attribute) = self.vocabulary.attribute_of(kind, row, element) else { return Ok(None) };
            let text = attribute.value();
            let number = (!text.is_empty()).then(|| number(&text)).transpose();
            return number.map_err(|reason| bad(element, format!("ovf:{name}: {reason}")));
        }
        let is_it = |child: &Element<'_>| self.vocabulary.row(kind, *child, index) == Some(index);
        let Some(child) = element.children().filter(is_it).find(|child| !child.text().trim().is_empty()) else {
            return Ok(None);
        };
        number(&child.text()).map(Some).map_err(|reason| bad(child, reason))
    }

    fn read_files(&self) -> Result<Vec<File<'d>>> {
        let file = |file: &'d model::File| {
            let element = self.element(file.node);
            let id = required(element, "id", file.id.as_deref())?;
            let href = required(element, "href", file.href.as_deref())?;
            self.check_numbers(file, file.node, &["size", "chunkSize"])?;
            Ok(File { id, href, element })
        };
        self.envelope.references.iter().flat_map(|references| &references.files).map(file).collect()
    }

    fn read_networks(&self) -> Result<Vec<Network<'d>>> {
        let network = |network: &'d model::Network| {
            let element = self.element(network.node);
            let name = required(element, "name", network.name.as_deref())?;
            Ok(Network { name, description: network.description.as_ref(), element })
        };
        self.envelope.network_sections.iter().flat_map(|section| &section.networks).map(network).collect()
    }

    fn read_disks(&self, properties: &Properties<'_>, warnings: &mut Warnings<'d>) -> Result<Vec<Disk<'d>>> {
        let own = self.envelope.disk_sections.iter().flat_map(|section| &section.disks);
        let own = own.map(|disk| -> (&'d dyn Record, Node) { (disk, disk.node) });
        let shared = self.envelope.shared_disk_sections.iter().flat_map(|section| &section.disks);
        let shared = shared.map(|disk| -> (&'d dyn Record, Node) { (disk, disk.node) });
        let mut disks = Vec::new();
        for (record, node) in own.chain(shared) {
            disks.push(self.read_disk(record, node, properties, warnings)?);
        }
        Ok(disks)
    }

    /// Reads a disk, whether it is shared or not: the attributes are the same.
    fn read_disk(
        &self,
        record: &'d dyn Record,
        node: Node,
        properties: &Properties<'_>,
        warnings: &mut Warnings<'d>,
    ) -> Result<Disk<'d>> {
        let element = self.element(node);
        let value = |name| record.get(record.record_type().find(name, 0)?)?.text();
        let text = |name| value(name).filter(|text: &&str| !text.is_empty());
        let id = text("diskId").ok_or_else(|| bad(element, "the attribute ovf:diskId is missing or empty"))?;
        let units = text("capacityAllocationUnits");
        let capacity = capacity(element, text("capacity"), units, properties, warnings)?;
        let (file, parent, format) = (text("fileRef"), text("parentRef"), text("format"));
        self.check_numbers(record, node, &["populatedSize"])?;
        match (capacity, file) {
            (Some(_), _) => {}
            (None, None) => return Err(bad(element, "the attribute ovf:capacity is missing")),
            (None, Some(_)) => {
                warnings.add(element, "the attribute ovf:capacity is missing; the capacity is left to the file");
            }
        }
        let shared = record.record_type().name == "SharedDisk";
        Ok(Disk { id, capacity, file, parent, format, shared, element })
    }
}

/// The one system or collection of a descriptor.
fn content(descriptor: &Descriptor) -> Result<&Content> {
    let root = descriptor.tree().root();
    let vocabulary = Vocabulary::of(descriptor.tree());
    let is_content = |child: &Element<'_>| {
        let name = vocabulary.name(*child);
        matches!(name, "VirtualSystem" | "VirtualSystemCollection") && vocabulary.is_ovf(*child)
    };
    if let Some(second) = root.children().filter(is_content).nth(1) {
        let reason = "only one VirtualSystem or VirtualSystemCollection may stand here";
        return Err(second.error(ErrorKind::Duplicate, reason));
    }
    let missing = || bad(root, "there is neither a VirtualSystem nor a VirtualSystemCollection");
    descriptor.envelope.content.as_ref().ok_or_else(missing)
}

/// The texts of the bundle in the language of the envelope, else of the first that holds any.
fn texts(envelope: &Envelope) -> HashMap<&str, &str> {
    let language = envelope.lang.as_deref().unwrap_or("en-US");
    let bundles = || envelope.strings.iter().filter(|bundle| !bundle.messages.is_empty());
    let own = bundles().find(|bundle| bundle.lang.as_deref().is_some_and(|lang| lang.eq_ignore_ascii_case(language)));
    let messages = own.or_else(|| bundles().next()).into_iter().flat_map(|bundle| &bundle.messages);
    messages.filter_map(|text| Some((text.msgid.as_deref()?, text.text.as_deref().unwrap_or_default()))).collect()
}

/// The capacity in bytes.
fn capacity<'d>(
    element: Element<'d>,
    text: Option<&str>,
    unit: Option<&str>,
    properties: &Properties<'_>,
    warnings: &mut Warnings<'d>,
) -> Result<Option<u64>> {
    let Some(text) = text else { return Ok(None) };
    let mut text = properties.resolve(text, element)?;
    let mut unit = unit.filter(|unit| !unit.trim().is_empty());
    if let (None, Some((quantity, inner))) = (unit, with_unit(text)) {
        let warning = format!("ovf:capacity '{}' has its unit inside; it is read as {inner}", printable(text));
        warnings.add(element, warning);
        (text, unit) = (quantity, Some(inner));
    }
    let wrong = |reason: String| bad(element, format!("ovf:capacity: {reason}"));
    let quantity = number(text).map_err(wrong)?;
    let unit = Unit::parse(unit.unwrap_or("byte"));
    let unit = unit.map_err(|error| bad(element, format!("ovf:capacityAllocationUnits: {error}")).caused_by(error))?;
    if unit.base() != Base::Byte {
        return Err(bad(element, "ovf:capacityAllocationUnits is not a unit of bytes"));
    }
    unit.scale(quantity).map(Some).map_err(|error| wrong(error.to_string()))
}

/// `1536MB`, as some products write it: the number, and the unit in the form of DSP0004.
fn with_unit(text: &str) -> Option<(&str, &'static str)> {
    const UNITS: [(&str, &str); 4] =
        [("KB", "byte * 2^10"), ("MB", "byte * 2^20"), ("GB", "byte * 2^30"), ("TB", "byte * 2^40")];
    let split = |(suffix, unit)| Some((text.strip_suffix(suffix)?, unit));
    UNITS.into_iter().find_map(split)
}

/// A number of 64 bits without sign, or why the text is not one.
pub(super) fn number(text: &str) -> std::result::Result<u64, String> {
    let text = text.trim();
    let shown = printable(text);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_number(text) {
        text.parse().map_err(|_| format!("{shown} does not fit 64 bits"))
    } else if text.strip_prefix('-').is_some_and(is_number) {
        Err(format!("{shown} is negative"))
    } else {
        Err(format!("'{shown}' is not a number"))
    }
}
