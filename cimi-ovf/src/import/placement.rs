//! In which template the disks and networks of a descriptor become components.

use std::collections::HashMap;

use crate::model::{Content, HostResource, VirtualHardwareSection, VirtualSystem};

/// For each disk and network, the collection whose template it belongs to: the innermost around all its users,
/// so that every symbolic reference names a component of its own template or of one around it.
///
/// Collections are numbered in document order, from 0 for the root (which may be a single system).
#[derive(Debug, Default)]
pub(super) struct Placement<'e> {
    disks: HashMap<&'e str, usize>,
    networks: HashMap<&'e str, usize>,
    /// The collection around each collection; the root is its own.
    parents: Vec<usize>,
}

impl<'e> Placement<'e> {
    pub(super) fn of(content: &'e Content) -> Self {
        let mut placement = Self { parents: vec![0], ..Self::default() };
        match content {
            Content::System(system) => placement.visit_system(system, 0),
            Content::Collection(collection) => placement.visit(&collection.content, 0),
        }
        placement
    }

    /// The collection for a disk; the root if no machine uses it.
    pub(super) fn disk(&self, id: &str) -> usize {
        self.disks.get(id).copied().unwrap_or_default()
    }

    /// The collection for a network; the root if no machine uses it.
    pub(super) fn network(&self, name: &str) -> usize {
        self.networks.get(name).copied().unwrap_or_default()
    }

    /// Recursive; the depth of a descriptor is bounded.
    fn visit(&mut self, members: &'e [Content], here: usize) {
        for member in members {
            match member {
                Content::System(system) => self.visit_system(system, here),
                Content::Collection(collection) => {
                    let nested = self.parents.len();
                    self.parents.push(here);
                    self.visit(&collection.content, nested);
                }
            }
        }
    }

    fn visit_system(&mut self, system: &'e VirtualSystem, here: usize) {
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

    /// The innermost collection around both.
    fn common(&self, known: Option<usize>, here: usize) -> usize {
        let (mut a, mut b) = (known.unwrap_or(here), here);
        // A collection has a greater number than the one around it.
        while a != b {
            let later = if a > b { &mut a } else { &mut b };
            *later = self.parents.get(*later).copied().unwrap_or_default();
        }
        a
    }
}
