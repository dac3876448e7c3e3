//! The items of a machine's virtual hardware.

use crate::model::Item;

pub(super) const PROCESSOR: i64 = 3;
pub(super) const MEMORY: i64 = 4;
const IDE_CONTROLLER: i64 = 5;
const SCSI_CONTROLLER: i64 = 6;
pub(super) const ETHERNET_ADAPTER: i64 = 10;
const CD_DRIVE: i64 = 15;
pub(super) const DISK: i64 = 17;

/// How many disks a SCSI controller has at most.
const DISKS: usize = 15;

/// The items so far.
#[derive(Debug, Default)]
pub(super) struct Items {
    all: Vec<Item>,
    /// The identifier of the last SCSI controller, and how many disks it has.
    scsi: Option<(String, usize)>,
    controllers: i64,
    disks: usize,
}

impl Items {
    pub(super) fn finish(self) -> Vec<Item> {
        self.all
    }

    /// A new item, to be filled.
    pub(super) fn add(&mut self, resource_type: i64, name: String) -> Option<&mut Item> {
        self.all.push(Item {
            instance_id: Some((self.all.len() + 1).to_string()),
            resource_type: Some(resource_type),
            element_name: Some(name),
            ..Default::default()
        });
        self.all.last_mut()
    }

    /// A new item for a disk, on a controller.
    pub(super) fn disk(&mut self) -> Option<&mut Item> {
        self.disks += 1;
        let full = self.scsi.as_ref().is_none_or(|(_, disks)| *disks == DISKS);
        if full {
            let number = self.controllers;
            self.controllers += 1;
            let controller = self.add(SCSI_CONTROLLER, format!("SCSI controller {number}"))?;
            controller.address = Some(number.to_string());
            controller.resource_sub_type = Some("lsilogic".to_owned());
            let id = controller.instance_id.clone().unwrap_or_default();
            self.scsi = Some((id, 0));
        }
        let (parent, place) = self.scsi.as_mut().map(|(id, disks)| {
            let place = *disks;
            *disks += 1;
            // The controller itself has address 7.
            (id.clone(), if place < 7 { place } else { place + 1 })
        })?;
        let name = format!("Disk {}", self.disks);
        let item = self.add(DISK, name)?;
        item.parent = Some(parent);
        item.address_on_parent = Some(place.to_string());
        Some(item)
    }

    /// A drive with a file in it, on a controller of its own.
    pub(super) fn drive(&mut self, file: &str) {
        let Some(controller) = self.add(IDE_CONTROLLER, "IDE controller 0".to_owned()) else { return };
        controller.address = Some("0".to_owned());
        let parent = controller.instance_id.clone();
        let Some(item) = self.add(CD_DRIVE, "CD drive 1".to_owned()) else { return };
        item.parent = parent;
        item.address_on_parent = Some("0".to_owned());
        item.automatic_allocation = Some(true);
        item.host_resources.push(format!("ovf:/file/{file}"));
    }
}
