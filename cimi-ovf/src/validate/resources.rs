//! What a single item says: its kind, quantity and unit, and what it refers to.

use cimi_model::printable;

use super::{Checker, Level, Rule};
use crate::model::{HostResource, Item};
use crate::tree::Element;
use crate::units::{Base, Unit, UnitError};

/// `CIM_ResourceAllocationSettingData.ResourceType`.
mod resource_type {
    pub(super) const PROCESSOR: i64 = 3;
    pub(super) const MEMORY: i64 = 4;
    pub(super) const DISK: i64 = 17;
    pub(super) const LOGICAL_DISK: i64 = 31;
    pub(super) const STORAGE_VOLUME: i64 = 32;
}

impl<'d> Checker<'d> {
    pub(super) fn item(&mut self, item: &Item) {
        let is_normal = matches!(item.bound.as_deref(), None | Some("" | "normal"));
        // One that is not understood has been reported.
        if item.resource_type.is_none() && is_normal && self.children_of(item, "ResourceType").is_empty() {
            self.report(item.node, Level::Wrong, Rule::Required, "ResourceType is missing");
        }
        self.item_units(item);
        self.missing_unit(item);
        let elements = self.children_of(item, "HostResource");
        for (index, resource) in item.host_resources.iter().enumerate() {
            self.host_resource(item, elements.get(index).copied(), resource);
        }
        let elements = self.children_of(item, "Connection");
        for (index, connection) in item.connections.iter().enumerate() {
            let name = connection.trim();
            // VMware writes `none` for an adapter that is connected to nothing.
            if !name.is_empty() && !name.eq_ignore_ascii_case("none") && !self.names.networks.contains(name) {
                let text = format!("there is no network '{}'", printable(name));
                self.report_part(item, elements.get(index).copied(), self.dangling(), Rule::Reference, text);
            }
        }
    }

    /// The child elements of an item with this name.
    fn children_of(&self, item: &Item, name: &str) -> Vec<Element<'d>> {
        let element = item.node.element(self.tree);
        element.into_iter().flat_map(Element::children).filter(|child| child.name() == name).collect()
    }

    /// Reports a problem of a child element of an item.
    fn report_part(&mut self, item: &Item, part: Option<Element<'d>>, level: Level, rule: Rule, text: String) {
        match part {
            Some(element) => self.report_at(element, level, rule, text),
            None => self.report(item.node, level, rule, text),
        }
    }

    /// Checks the units of an item, and that its quantities are not beyond 64 bits in them.
    pub(super) fn item_units(&mut self, item: &Item) {
        let units = [
            ("AllocationUnits", item.allocation_units.as_deref()),
            ("VirtualQuantityUnits", item.virtual_quantity_units.as_deref()),
        ];
        for (name, text) in units {
            let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
            match Unit::parse(text) {
                Err(error) => {
                    self.report_child(item.node, name, Level::Wrong, Rule::Unit, error.to_string());
                }
                Ok(unit) if !fits(item.resource_type, unit.base()) => {
                    let text = format!("'{}' is not a unit for this resource", printable(text));
                    self.report_child(item.node, name, Level::Wrong, Rule::Unit, text);
                }
                Ok(unit) => self.quantities(item, unit),
            }
        }
    }

    fn quantities(&mut self, item: &Item, unit: Unit) {
        let quantity = match item.resource_type {
            // Processors are counted; their unit is that of reservation and limit.
            Some(resource_type::PROCESSOR) => None,
            _ => item.virtual_quantity,
        };
        let quantities = [("VirtualQuantity", quantity), ("Reservation", item.reservation), ("Limit", item.limit)];
        for (name, quantity) in quantities {
            let Some(quantity) = quantity.and_then(|quantity| u64::try_from(quantity).ok()) else { continue };
            if unit.scale(quantity) == Err(UnitError::Overflow) {
                let text = "the quantity is more than 2^64 in the base unit".to_owned();
                self.report_child(item.node, name, Level::Wrong, Rule::Unit, text);
            }
        }
    }

    fn missing_unit(&mut self, item: &Item) {
        let is_memory = item.resource_type == Some(resource_type::MEMORY);
        if is_memory && item.allocation_units.is_none() && item.virtual_quantity.is_some() {
            let text = "memory without AllocationUnits; consumers take it for byte * 2^20";
            self.report(item.node, Level::Loose, Rule::Unit, text);
        }
        if is_memory && item.virtual_quantity == Some(0) {
            self.report(item.node, Level::Advice, Rule::Value, "a machine without memory");
        }
    }

    fn host_resource(&mut self, item: &Item, element: Option<Element<'d>>, text: &str) {
        let text = text.trim();
        let shown = printable(text);
        let is_exact = ["ovf:/disk/", "ovf:/file/"].into_iter().any(|start| text.starts_with(start));
        let (level, rule, text) = match HostResource::parse(text) {
            HostResource::Disk(id) if !self.names.disks.contains(id) => {
                (self.dangling(), Rule::Reference, format!("there is no disk '{}'", printable(id)))
            }
            HostResource::File(id) if !self.names.files.contains(id) => {
                (self.dangling(), Rule::Reference, format!("there is no file '{}'", printable(id)))
            }
            HostResource::Disk(_) | HostResource::File(_) if is_exact => return,
            HostResource::Disk(id) => {
                (Level::Loose, Rule::Spelling, format!("'{shown}' is ovf:/disk/{}", printable(id)))
            }
            HostResource::File(id) => {
                (Level::Loose, Rule::Spelling, format!("'{shown}' is ovf:/file/{}", printable(id)))
            }
            HostResource::Other("") => (Level::Note, Rule::Reference, "the reference is empty".to_owned()),
            HostResource::Other(text) if text.starts_with("ovf:") => {
                (Level::Wrong, Rule::Reference, format!("'{shown}' is no disk or file"))
            }
            // Products name what they have on their hosts.
            HostResource::Other(_) => {
                (Level::Advice, Rule::Reference, format!("'{shown}' is no disk or file of the package"))
            }
        };
        self.report_part(item, element, level, rule, text);
    }
}

/// Whether a resource is measured so.
fn fits(resource: Option<i64>, base: Base) -> bool {
    match resource {
        Some(resource_type::MEMORY) => base == Base::Byte,
        Some(resource_type::PROCESSOR) => base != Base::Byte,
        Some(resource_type::DISK | resource_type::LOGICAL_DISK | resource_type::STORAGE_VOLUME) => {
            matches!(base, Base::Byte | Base::Count)
        }
        _ => true,
    }
}
