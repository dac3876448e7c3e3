//! The hardware of machines, and the resources of collections.

use std::collections::HashSet;

use super::{Checker, Level, Rule};
use crate::model::{BootDeviceSection, Item, ResourceAllocationSection, VirtualHardwareSection};

impl<'d> Checker<'d> {
    /// Checks the alternatives of a machine.
    pub(super) fn hardware_sections(&mut self, sections: &'d [VirtualHardwareSection]) {
        let mut ids = HashSet::new();
        for section in sections {
            let id = section.id.as_deref().filter(|id| !id.is_empty());
            self.unique(&mut ids, id, section.node, "a section");
            self.hardware(section);
        }
    }

    fn hardware(&mut self, section: &'d VirtualHardwareSection) {
        self.all_items(&section.all_items().collect::<Vec<_>>());
    }

    pub(super) fn resource_allocation(&mut self, section: &'d ResourceAllocationSection) {
        self.all_items(&section.all_items().collect::<Vec<_>>());
    }

    fn all_items(&mut self, items: &[&'d Item]) {
        self.items(items);
        for item in items {
            self.item(item);
        }
    }

    pub(super) fn boot_devices(&mut self, section: &'d BootDeviceSection) {
        let mut configurations = HashSet::new();
        for configuration in &section.configurations {
            let id = configuration.instance_id.as_deref();
            self.unique(&mut configurations, id, configuration.node, "a boot configuration");
            if configuration.sources.is_empty() {
                self.report(configuration.node, Level::Advice, Rule::Content, "there is nothing to start from");
            }
            let mut sources = HashSet::new();
            for source in &configuration.sources {
                self.unique(&mut sources, source.instance_id.as_deref(), source.node, "a boot source");
            }
        }
    }
}
