//! In which template the disks and networks of a descriptor become components.

use std::collections::HashMap;

use super::source::Source;
use crate::model::{Content, HostResource, VirtualHardwareSection, VirtualSystem};

/// For each disk and network, the collection whose template it belongs to: the innermost around all its users,
/// so that every symbolic reference names a component of its own template or of one around it.
///
/// Collections are numbered in document order, from 0 for the root (which may be a single system).
#[derive(Debug, Default)]
pub(super) struct Placement<'e> {
    disks: HashMap<&'e str, Use>,
    networks: HashMap<&'e str, Use>,
    /// The collection around each collection; the root is its own.
    parents: Vec<usize>,
}

/// Who uses a disk or network.
#[derive(Clone, Copy, Debug)]
struct Use {
    /// The innermost collection around all users.
    collection: usize,
    /// How many there are of each user, if that is the same for all, and all are directly in the collection; else 1.
    quantity: i64,
}

impl<'e> Placement<'e> {
    pub(super) fn of(source: &Source<'e>) -> Self {
        let mut placement = Self { parents: vec![0], ..Self::default() };
        match source.content {
            Content::System(system) => placement.visit_system(source, system, 0),
            Content::Collection(collection) => placement.visit(source, &collection.content, 0),
        }
        placement
    }

    /// The collection for a disk; the root if no machine uses it.
    pub(super) fn disk(&self, id: &str) -> usize {
        self.disks.get(id).map_or(0, |used| used.collection)
    }

    /// How many there have to be of a disk, so that each of several instances of a machine has its own.
    pub(super) fn quantity(&self, id: &str) -> i64 {
        self.disks.get(id).map_or(1, |used| used.quantity)
    }

    /// The collection for a network; the root if no machine uses it.
    pub(super) fn network(&self, name: &str) -> usize {
        self.networks.get(name).map_or(0, |used| used.collection)
    }

    /// Recursive; the depth of a descriptor is bounded.
    fn visit(&mut self, source: &Source<'e>, members: &'e [Content], here: usize) {
        for member in members {
            match member {
                Content::System(system) => self.visit_system(source, system, here),
                Content::Collection(collection) => {
                    let nested = self.parents.len();
                    self.parents.push(here);
                    self.visit(source, &collection.content, nested);
                }
            }
        }
    }

    fn visit_system(&mut self, source: &Source<'e>, system: &'e VirtualSystem, here: usize) {
        let here = Use { collection: here, quantity: source.quantity(system.node).max(1) };
        for item in system.virtual_hardware_sections.iter().take(1).flat_map(VirtualHardwareSection::all_items) {
            for resource in &item.host_resources {
                if let HostResource::Disk(id) = HostResource::parse(resource) {
                    let known = self.disks.get(id).copied();
                    self.disks.insert(id, self.common(known, here));
                }
            }
            for connection in &item.connections {
                let known = self.networks.get(connection.as_str()).copied();
                self.networks.insert(connection, self.common(known, here));
            }
        }
    }

    fn common(&self, known: Option<Use>, here: Use) -> Use {
        let Some(known) = known else { return here };
        let collection = self.around(known.collection, here.collection);
        let agree = known.collection == here.collection && known.quantity == here.quantity;
        Use { collection, quantity: if agree { here.quantity } else { 1 } }
    }

    /// The innermost collection around both.
    fn around(&self, mut a: usize, mut b: usize) -> usize {
        // A collection has a greater number than the one around it.
        while a != b {
            let later = if a > b { &mut a } else { &mut b };
            *later = self.parents.get(*later).copied().unwrap_or_default();
        }
        a
    }
}
