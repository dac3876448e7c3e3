//! What a single item says: its kind, quantity and unit, and what it refers to.

use cimi_model::printable;

use super::{Checker, Level, Rule};
use crate::model::Item;
use crate::units::{Base, Unit, UnitError};

/// `CIM_ResourceAllocationSettingData.ResourceType`.
mod resource_type {
    pub(super) const PROCESSOR: i64 = 3;
    pub(super) const MEMORY: i64 = 4;
    pub(super) const DISK: i64 = 17;
    pub(super) const LOGICAL_DISK: i64 = 31;
    pub(super) const STORAGE_VOLUME: i64 = 32;
}

/// What a `HostResource` names.
#[derive(Debug, PartialEq, Eq)]
enum HostResource<'t> {
    Disk(&'t str),
    File(&'t str),
    Nothing,
    Other,
}

impl<'t> HostResource<'t> {
    /// Also whether it is spelled as the standard has it.
    fn parse(text: &'t str) -> (Self, bool) {
        let text = text.trim();
        if text.is_empty() {
            return (Self::Nothing, true);
        }
        let path = text.strip_prefix("ovf:").unwrap_or(text);
        let inner = path.trim_start_matches('/');
        let exact = text.starts_with("ovf:/") && path.len() == inner.len() + 1;
        if let Some(id) = inner.strip_prefix("disk/") {
            return (Self::Disk(id), exact);
        }
        if let Some(id) = inner.strip_prefix("file/") {
            return (Self::File(id), exact);
        }
        (Self::Other, exact)
    }
}

impl Checker<'_> {
    pub(super) fn item(&mut self, item: &Item) {
        let is_normal = matches!(item.bound.as_deref(), None | Some("" | "normal"));
        let is_told = self.has_child(item, "ResourceType");
        if item.resource_type.is_none() && is_normal && !is_told {
            self.report(item.node, Level::Wrong, Rule::Required, "ResourceType is missing");
        }
        self.item_units(item);
        self.missing_unit(item);
        for (index, resource) in item.host_resources.iter().enumerate() {
            self.host_resource(item, index, resource);
        }
        for (index, connection) in item.connections.iter().enumerate() {
            let name = connection.trim();
            // VMware writes `none` for an adapter that is connected to nothing.
            if !name.is_empty() && !name.eq_ignore_ascii_case("none") && !self.names.networks.contains(name) {
                let text = format!("there is no network '{}'", printable(name));
                self.report_child(item.node, "Connection", index, self.dangling(), Rule::Reference, text);
            }
        }
    }

    fn has_child(&self, item: &Item, name: &str) -> bool {
        let element = item.node.element(self.tree);
        element.is_some_and(|element| element.children().any(|child| child.name() == name))
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
                    self.report_child(item.node, name, 0, Level::Wrong, Rule::Unit, error.to_string());
                }
                Ok(unit) if !fits(item.resource_type, unit.base()) => {
                    let text = format!("'{}' is not a unit for this resource", printable(text));
                    self.report_child(item.node, name, 0, Level::Wrong, Rule::Unit, text);
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
                self.report_child(item.node, name, 0, Level::Wrong, Rule::Unit, text);
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

    fn host_resource(&mut self, item: &Item, index: usize, text: &str) {
        let (resource, exact) = HostResource::parse(text);
        let (level, rule, text) = match resource {
            HostResource::Disk(id) if !self.names.disks.contains(id) => {
                (self.dangling(), Rule::Reference, format!("there is no disk '{}'", printable(id)))
            }
            HostResource::File(id) if !self.names.files.contains(id) => {
                (self.dangling(), Rule::Reference, format!("there is no file '{}'", printable(id)))
            }
            HostResource::Disk(_) | HostResource::File(_) if !exact => {
                (Level::Loose, Rule::Spelling, format!("'{}' was read as ovf:/{}", printable(text), rest(text)))
            }
            HostResource::Other if exact || text.trim().starts_with("ovf:") => {
                (Level::Wrong, Rule::Reference, format!("'{}' is no disk or file", printable(text)))
            }
            HostResource::Other => {
                (Level::Advice, Rule::Reference, format!("'{}' is no disk or file of the package", printable(text)))
            }
            HostResource::Nothing => (Level::Note, Rule::Reference, "the reference is empty".to_owned()),
            HostResource::Disk(_) | HostResource::File(_) => return,
        };
        self.report_child(item.node, "HostResource", index, level, rule, text);
    }
}

fn rest(text: &str) -> String {
    let path = text.trim();
    printable(path.strip_prefix("ovf:").unwrap_or(path).trim_start_matches('/'))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_resources() {
        for (text, expected) in [
            ("ovf:/disk/a", (HostResource::Disk("a"), true)),
            (" ovf:/disk/a ", (HostResource::Disk("a"), true)),
            ("ovf:/file/f/g", (HostResource::File("f/g"), true)),
            ("/disk/a", (HostResource::Disk("a"), false)),
            ("disk/a", (HostResource::Disk("a"), false)),
            ("ovf://disk/a", (HostResource::Disk("a"), false)),
            ("ovf:disk/a", (HostResource::Disk("a"), false)),
            ("ovf:/disk/", (HostResource::Disk(""), true)),
            ("ovf:/file", (HostResource::Other, true)),
            ("0a1b/2c3d", (HostResource::Other, false)),
            ("", (HostResource::Nothing, true)),
        ] {
            assert_eq!(HostResource::parse(text), expected, "{text}");
        }
    }
}
