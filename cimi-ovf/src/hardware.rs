//! Reads virtual hardware.

use std::collections::HashMap;

use cimi_model::{Result, printable};

use crate::descriptor::{Item, Located, VirtualHardwareSection};
use crate::element::{self, Element};
use crate::origin::Node;
use crate::units::{Base, Unit};

impl VirtualHardwareSection {
    /// The items of a machine in a deployment configuration: those for every configuration, and those for this one,
    /// which replace earlier ones with the same `InstanceID`. Bounds of ranges are left out.
    #[must_use]
    pub fn items_in(&self, configuration: Option<&str>) -> Vec<&Item> {
        let is_special = |item: &Item| item.configurations.iter().any(|id| Some(id.as_str()) == configuration);
        let applies = |item: &Item| item.bound.is_none() && (item.configurations.is_empty() || is_special(item));
        let items: Vec<&Item> = self.items.iter().filter(|item| applies(item)).collect();
        // Where each identifier is used last by an item for this very configuration.
        let mut winners: HashMap<&str, usize> = HashMap::new();
        for (index, item) in items.iter().enumerate().filter(|(_, item)| is_special(item)) {
            item.instance_id.as_deref().map(|id| winners.insert(id, index));
        }
        let wins = |index: usize, item: &Item| {
            let winner = item.instance_id.as_deref().and_then(|id| winners.get(id));
            winner.is_none_or(|winner| *winner == index)
        };
        items.iter().enumerate().filter(|(index, item)| wins(*index, item)).map(|(_, item)| *item).collect()
    }
}

/// The resource type of a processor.
pub(crate) const PROCESSOR: u16 = 3;
/// The resource type of memory.
pub(crate) const MEMORY: u16 = 4;
/// What memory without unit is measured in: the schema has no default, and products mean megabytes.
pub(crate) const MEMORY_UNIT: &str = "byte * 2^20";

/// `CIM_ResourceAllocationSettingData`, and the two that OVF 2.x adds for storage and Ethernet.
fn is_setting(element: &Element) -> bool {
    element.namespace.contains("/CIM_") && element.namespace.contains("AllocationSettingData")
}

fn is_item(element: &Element) -> bool {
    element.is("Item") || element.is("StorageItem") || element.is("EthernetPortItem")
}

pub(crate) fn read(node: &Node<'_>) -> Result<VirtualHardwareSection> {
    Ok(VirtualHardwareSection { origin: node.origin(), items: items(node)?, element: node.element.clone() })
}

/// The items of a section.
pub(crate) fn items(node: &Node<'_>) -> Result<Vec<Item>> {
    let items = node.children().into_iter().filter(|child| is_item(child.element));
    items.map(|child| item(&child)).collect()
}

fn item(node: &Node<'_>) -> Result<Item> {
    let settings: Vec<_> = node.children().into_iter().filter(|child| is_setting(child.element)).collect();
    let first = |name: &str| settings.iter().find(|child| child.element.name == name && !text_of(child).is_empty());
    let text = |name: &str| first(name).map(|child| text_of(child).to_owned());
    for name in ["Reservation", "Limit", "Weight"] {
        first(name).map(unsigned).transpose()?;
    }
    Ok(Item {
        origin: node.origin(),
        instance_id: text("InstanceID").or_else(|| text("InstanceId")),
        resource_type: resource_type(node, first("ResourceType"))?,
        quantity: first("VirtualQuantity").map(unsigned).transpose()?,
        units: text("AllocationUnits"),
        name: text("ElementName").or_else(|| text("Caption")),
        description: text("Description"),
        automatic: text("AutomaticAllocation").map(|text| element::is_true(&text)),
        parent: text("Parent"),
        connections: located(&settings, "Connection"),
        host_resources: located(&settings, "HostResource"),
        configurations: words(node.element.attribute("configuration")),
        bound: bound(node)?,
    })
}

fn text_of<'e>(node: &Node<'e>) -> &'e str {
    node.element.text.trim()
}

/// The words of a list, such as identifiers of configurations.
pub(crate) fn words(list: Option<&str>) -> Vec<String> {
    list.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect()
}

fn located(settings: &[Node<'_>], name: &str) -> Vec<Located> {
    let named = settings.iter().filter(|child| child.element.name == name);
    named.map(|child| Located { text: text_of(child).to_owned(), origin: child.origin() }).collect()
}

fn resource_type(item: &Node<'_>, node: Option<&Node<'_>>) -> Result<u16> {
    let node = node.ok_or_else(|| item.origin().bad("the item has no ResourceType"))?;
    let number = unsigned(node)?;
    u16::try_from(number).map_err(|_| node.origin().bad(format!("there is no resource type {number}")))
}

fn bound(node: &Node<'_>) -> Result<Option<String>> {
    match node.element.attribute("bound") {
        None | Some("" | "normal") => Ok(None),
        Some(bound @ ("min" | "max")) => Ok(Some(bound.to_owned())),
        Some(other) => {
            let reason = format!("ovf:bound is '{}', neither min, normal nor max", printable(other));
            Err(node.origin().bad(reason))
        }
    }
}

fn unsigned(node: &Node<'_>) -> Result<u64> {
    number(&node.element.text).map_err(|reason| node.origin().bad(reason))
}

/// A number of 64 bits without sign, or why the text is not one.
pub(crate) fn number(text: &str) -> std::result::Result<u64, String> {
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

impl Item {
    /// Whether this is a disk drive or a logical disk (resource types 17 and 31).
    #[must_use]
    pub fn is_disk(&self) -> bool {
        matches!(self.resource_type, 17 | 31)
    }

    /// The quantity in bytes, by the unit of the item or, without one, the unit given.
    ///
    /// # Errors
    /// When the unit is not one of bytes, or the number of bytes does not fit 64 bits.
    pub fn bytes(&self, otherwise: &str) -> Result<Option<u64>> {
        let bad = |child: &str, reason: &str| self.origin.bad(format!("{child}: {reason}"));
        let unit = Unit::parse(self.units.as_deref().unwrap_or(otherwise));
        let unit = unit.map_err(|error| bad("AllocationUnits", &error.to_string()).caused_by(error))?;
        if unit.base() != Base::Byte {
            return Err(bad("AllocationUnits", "not a unit of bytes"));
        }
        let scaled = self.quantity.map(|quantity| unit.scale(quantity)).transpose();
        scaled.map_err(|error| bad("VirtualQuantity", &error.to_string()).caused_by(error))
    }

    /// Fails if the quantity or its unit cannot be meant, whatever configuration or bound the item is for.
    pub(crate) fn check_quantity(&self) -> Result<()> {
        match self.resource_type {
            MEMORY => self.bytes(MEMORY_UNIT).map(|_| ()),
            _ if self.is_disk() && self.units.is_some() => self.bytes("byte").map(|_| ()),
            _ => self.check_unit(),
        }
    }

    /// Fails if the unit is not one at all; that of a processor qualifies reservation and limit.
    fn check_unit(&self) -> Result<()> {
        let Some(units) = &self.units else { return Ok(()) };
        let bad = |reason: String| self.origin.bad(format!("AllocationUnits: {reason}"));
        let unit = Unit::parse(units).map_err(|error| bad(error.to_string()).caused_by(error))?;
        if self.resource_type == PROCESSOR && unit.base() == Base::Byte {
            return Err(bad("not a unit of processors".to_owned()));
        }
        Ok(())
    }
}
