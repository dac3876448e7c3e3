//! The items of virtual hardware.

use cimi_model::{Error, Result, printable};

use super::source::{Source, bad, filled};
use crate::Deployment;
use crate::model::{self, VirtualHardwareSection};
use crate::tree::Element;
use crate::units::{Base, Unit};

/// The resource type of a processor.
pub(super) const PROCESSOR: u16 = 3;
/// The resource type of memory.
pub(super) const MEMORY: u16 = 4;
/// What memory without unit is measured in: the schema has no default, and products mean megabytes.
pub(super) const MEMORY_UNIT: &str = "byte * 2^20";

/// A resource of a machine whose numbers are known to be sound.
pub(super) struct Item<'d> {
    pub(super) model: &'d model::Item,
    pub(super) element: Element<'d>,
    pub(super) resource_type: u16,
    /// The number of units, of virtual processors for a processor.
    pub(super) quantity: Option<u64>,
}

/// The items of a machine in the chosen deployment configuration, without those that are only bounds of others.
pub(super) fn items_in<'d>(source: &Source<'d>, section: &'d VirtualHardwareSection) -> Result<Vec<Item<'d>>> {
    items_for(source, source.deployment, section)
}

/// The items of a machine in a deployment configuration.
pub(super) fn items_for<'d>(
    source: &Source<'d>,
    deployment: Deployment<'d>,
    section: &'d VirtualHardwareSection,
) -> Result<Vec<Item<'d>>> {
    deployment.hardware(section).into_iter().map(|chosen| read(source, chosen.item)).collect()
}

/// The items in the order of the document.
pub(super) fn items<'d>(source: &Source<'d>, all: impl Iterator<Item = &'d model::Item>) -> Result<Vec<Item<'d>>> {
    let mut all: Vec<&model::Item> = all.collect();
    all.sort_by_key(|item| item.node.id());
    all.into_iter().map(|item| read(source, item)).collect()
}

fn read<'d>(source: &Source<'d>, model: &'d model::Item) -> Result<Item<'d>> {
    let element = source.element(model.node);
    source.check_numbers(model, model.node, &["Reservation", "Limit", "Weight"])?;
    let resource_type = match source.number(model, model.node, "ResourceType")? {
        None => return Err(bad(element, "the item has no ResourceType")),
        Some(number) => u16::try_from(number).map_err(|_| {
            let child = element.children().find(|child| child.name() == "ResourceType");
            bad(child.unwrap_or(element), format!("there is no resource type {number}"))
        })?,
    };
    if !matches!(model.bound.as_deref(), None | Some("" | "normal" | "min" | "max")) {
        let bound = printable(model.bound.as_deref().unwrap_or_default());
        return Err(bad(element, format!("ovf:bound is '{bound}', neither min, normal nor max")));
    }
    let quantity = source.number(model, model.node, "VirtualQuantity")?;
    Ok(Item { model, element, resource_type, quantity })
}

impl<'d> Item<'d> {
    /// The identifier, unique within the section for one bound and configuration.
    pub(super) fn id(&self) -> Option<&'d str> {
        filled(self.model.instance_id.as_ref())
    }

    /// The name for people, which `VirtualBox` has as `Caption`.
    pub(super) fn name(&self) -> Option<&'d str> {
        filled(self.model.element_name.as_ref()).or_else(|| filled(self.model.caption.as_ref()))
    }

    /// The unit of the quantity as it is written.
    pub(super) fn units(&self) -> Option<&'d str> {
        filled(self.model.allocation_units.as_ref())
    }

    /// Whether the item is the lower or upper bound of the range of another.
    pub(super) fn bound(&self) -> Option<&'d str> {
        self.model.bound.as_deref().filter(|bound| matches!(*bound, "min" | "max"))
    }

    /// What backs the resource, with the elements that say so.
    pub(super) fn host_resources(&self) -> impl Iterator<Item = (Element<'d>, &'d str)> + use<'d> {
        located(self.element, "HostResource", &self.model.host_resources)
    }

    /// The networks that an adapter is connected to, with the elements that say so.
    pub(super) fn connections(&self) -> impl Iterator<Item = (Element<'d>, &'d str)> + use<'d> {
        located(self.element, "Connection", &self.model.connections)
    }

    /// Whether this is a disk drive or a logical disk (resource types 17 and 31).
    pub(super) fn is_disk(&self) -> bool {
        matches!(self.resource_type, 17 | 31)
    }

    /// An error about a value of the item.
    pub(super) fn bad(&self, child: &str, reason: &str) -> Error {
        bad(self.element, format!("{child}: {reason}"))
    }

    /// The quantity in bytes, by the unit of the item or, without one, the unit given.
    pub(super) fn bytes(&self, otherwise: &str) -> Result<Option<u64>> {
        let unit = Unit::parse(self.units().unwrap_or(otherwise));
        let unit = unit.map_err(|error| self.bad("AllocationUnits", &error.to_string()).caused_by(error))?;
        if unit.base() != Base::Byte {
            return Err(self.bad("AllocationUnits", "not a unit of bytes"));
        }
        let scaled = self.quantity.map(|quantity| unit.scale(quantity)).transpose();
        scaled.map_err(|error| self.bad("VirtualQuantity", &error.to_string()).caused_by(error))
    }

    /// Fails if the quantity or its unit cannot be meant, whatever configuration or bound the item is for.
    pub(super) fn check_quantity(&self) -> Result<()> {
        match self.resource_type {
            MEMORY => self.bytes(MEMORY_UNIT).map(|_| ()),
            _ if self.is_disk() && self.units().is_some() => self.bytes("byte").map(|_| ()),
            _ => self.check_unit(),
        }
    }

    /// Fails if the unit is not one at all; that of a processor qualifies reservation and limit.
    fn check_unit(&self) -> Result<()> {
        let Some(units) = self.units() else { return Ok(()) };
        let unit = Unit::parse(units);
        let unit = unit.map_err(|error| self.bad("AllocationUnits", &error.to_string()).caused_by(error))?;
        if self.resource_type == PROCESSOR && unit.base() == Base::Byte {
            return Err(self.bad("AllocationUnits", "not a unit of processors"));
        }
        Ok(())
    }
}

/// The values of a row with the elements that they were read from.
fn located<'d>(
    element: Element<'d>,
    name: &'static str,
    values: &'d [String],
) -> impl Iterator<Item = (Element<'d>, &'d str)> + use<'d> {
    element.children().filter(move |child| child.name() == name).zip(values.iter().map(String::as_str))
}
