//! Disks and networks.

use std::collections::{HashMap, HashSet};

use cimi_model::printable;

use super::{Checker, Level, Rule, graph, substitution};
use crate::model::{Disk, Envelope, Node, SharedDisk};
use crate::units::{Base, Unit, UnitError};

/// What disks and shared disks have in common.
struct AnyDisk<'d> {
    node: Node,
    id: Option<&'d str>,
    file: Option<&'d str>,
    capacity: Option<&'d str>,
    units: Option<&'d str>,
    format: Option<&'d str>,
    populated: Option<i64>,
    parent: Option<&'d str>,
}

impl<'d> From<&'d Disk> for AnyDisk<'d> {
    fn from(disk: &'d Disk) -> Self {
        Self {
            node: disk.node,
            id: disk.disk_id.as_deref(),
            file: disk.file_ref.as_deref(),
            capacity: disk.capacity.as_deref(),
            units: disk.capacity_allocation_units.as_deref(),
            format: disk.format.as_deref(),
            populated: disk.populated_size,
            parent: disk.parent_ref.as_deref(),
        }
    }
}

impl<'d> From<&'d SharedDisk> for AnyDisk<'d> {
    fn from(disk: &'d SharedDisk) -> Self {
        Self {
            node: disk.node,
            id: disk.disk_id.as_deref(),
            file: disk.file_ref.as_deref(),
            capacity: disk.capacity.as_deref(),
            units: disk.capacity_allocation_units.as_deref(),
            format: disk.format.as_deref(),
            populated: disk.populated_size,
            parent: disk.parent_ref.as_deref(),
        }
    }
}

impl<'d> Checker<'d> {
    pub(super) fn disks(&mut self, envelope: &'d Envelope) {
        let plain = envelope.disk_sections.iter().flat_map(|section| &section.disks).map(AnyDisk::from);
        let shared = envelope.shared_disk_sections.iter().flat_map(|section| &section.disks).map(AnyDisk::from);
        let disks: Vec<AnyDisk<'d>> = plain.chain(shared).collect();
        for section in envelope.disk_sections.iter().skip(1) {
            self.report(section.node, Level::Loose, Rule::Content, "there is another DiskSection");
        }
        let mut ids = HashSet::new();
        let mut images: HashMap<&str, Option<&str>> = HashMap::new();
        for disk in &disks {
            self.unique(&mut ids, disk.id, disk.node, "a disk");
            self.file_reference(disk.node, disk.file, self.dangling());
            self.capacity(disk);
            let Some(file) = disk.file else { continue };
            if images.insert(file, disk.id).is_some() {
                let text = format!("another disk has the image '{}' too", printable(file));
                self.report(disk.node, Level::Note, Rule::Duplicate, text);
            }
            if disk.format.is_none_or(str::is_empty) {
                self.report(disk.node, Level::Advice, Rule::Required, "ovf:format of the image is missing");
            }
        }
        self.parents(&disks);
    }

    fn parents(&mut self, disks: &[AnyDisk<'d>]) {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (at, disk) in disks.iter().enumerate() {
            if let Some(id) = disk.id {
                places.entry(id).or_insert(at);
            }
        }
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); disks.len()];
        for ((at, disk), next) in disks.iter().enumerate().zip(&mut next) {
            let Some(parent) = disk.parent.filter(|parent| !parent.is_empty()) else { continue };
            let Some(place) = places.get(parent).copied() else {
                let text = format!("there is no disk '{}' to be the parent", printable(parent));
                self.report(disk.node, self.dangling(), Rule::Reference, text);
                continue;
            };
            if place > at {
                let text = format!("the parent '{}' comes later", printable(parent));
                self.report(disk.node, Level::Wrong, Rule::Order, text);
            }
            next.push(place);
        }
        for at in graph::circular(&next) {
            if let Some(disk) = disks.get(at) {
                self.report(disk.node, Level::Wrong, Rule::Cycle, "the disk is a parent of itself");
            }
        }
    }

    fn capacity(&mut self, disk: &AnyDisk<'d>) {
        let unit = match disk.units.map(str::trim) {
            None | Some("") => Unit::parse("byte"),
            Some(text) => Unit::parse(text),
        };
        let unit = match unit {
            Ok(unit) if unit.base() == Base::Byte => unit,
            Ok(_) => {
                let text = format!("'{}' is not a unit of bytes", printable(disk.units.unwrap_or_default()));
                return self.report(disk.node, Level::Wrong, Rule::Unit, text);
            }
            Err(error) => {
                return self.report(
                    disk.node,
                    Level::Wrong,
                    Rule::Unit,
                    format!("ovf:capacityAllocationUnits: {error}"),
                );
            }
        };
        let Some(text) = disk.capacity else { return };
        if let Some(key) = substitution::whole(text) {
            if !self.names.properties.contains(key) {
                let text = format!("there is no property '{}'", printable(key));
                self.report(disk.node, Level::Wrong, Rule::Substitution, text);
            }
            return;
        }
        let Some(capacity) = integer(text) else {
            if with_unit(text) {
                let text = format!("ovf:capacity: '{}' has its unit with it", printable(text));
                return self.report(disk.node, Level::Loose, Rule::Capacity, text);
            }
            let text = format!("ovf:capacity: '{}' is not a number or ${{property}}", printable(text));
            return self.report(disk.node, Level::Wrong, Rule::Capacity, text);
        };
        match unit.scale(capacity) {
            Ok(bytes) => self.populated(disk, bytes),
            Err(UnitError::Fraction) => {
                self.report(disk.node, Level::Advice, Rule::Unit, "the capacity is not a whole number of bytes");
            }
            Err(_) => {
                self.report(disk.node, Level::Wrong, Rule::Unit, "the capacity is more than 2^64 bytes");
            }
        }
    }

    fn populated(&mut self, disk: &AnyDisk<'d>, capacity: u64) {
        if capacity == 0 {
            self.report(disk.node, Level::Loose, Rule::Capacity, "the capacity is 0");
        }
        match disk.populated.map(u64::try_from) {
            Some(Err(_)) => self.report(disk.node, Level::Wrong, Rule::Value, "ovf:populatedSize is negative"),
            Some(Ok(populated)) if populated > capacity => {
                let text = format!("{populated} bytes are in use, of a capacity of {capacity}");
                self.report(disk.node, Level::Wrong, Rule::Capacity, text);
            }
            _ => {}
        }
    }

    pub(super) fn networks(&mut self, envelope: &'d Envelope) {
        let mut names = HashSet::new();
        for network in envelope.network_sections.iter().flat_map(|section| &section.networks) {
            self.unique(&mut names, network.name.as_deref(), network.node, "a network");
            for profile in &network.network_port_profiles {
                for item in &profile.items {
                    self.item_units(item);
                }
            }
        }
    }
}

/// A whole number without sign; white space around it means nothing.
pub(super) fn integer(text: &str) -> Option<u64> {
    let digits = text.trim_ascii();
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// Whether a text is a number and a unit of bytes, which some products write in one: `10GB`.
fn with_unit(text: &str) -> bool {
    let text = text.trim_ascii();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
    let scaled = integer(number).zip(Unit::parse(unit).ok().filter(|unit| unit.base() == Base::Byte));
    scaled.is_some_and(|(number, unit)| unit.scale(number).is_ok())
}
