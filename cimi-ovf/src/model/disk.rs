//! Disks.

use cimi_model::record;

use super::namespaces::OVF;
use super::{Message, Node};

record! {
    /// The virtual disks of the package (9.1).
    pub DiskSection = "DiskSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The disks; a parent comes before its deltas.
        disks: Vec<Disk> = "Disk",
    }
}

record! {
    /// A virtual disk.
    pub Disk = "Disk" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Its name within the descriptor.
        disk_id: Option<String> = "diskId" [xml_attribute, required],
        /// The [`File::id`](super::File::id) of its image; without one, it starts blank.
        file_ref: Option<String> = "fileRef" [xml_attribute],
        /// The capacity in the unit beside it: a number, or `${property}`.
        capacity: Option<String> = "capacity" [xml_attribute, required],
        /// The unit of the capacity (DSP0004 annex C); absent is `byte`.
        capacity_allocation_units: Option<String> = "capacityAllocationUnits" [xml_attribute],
        /// The URI of the format of the image.
        format: Option<String> = "format" [xml_attribute],
        /// How many bytes are in use, as far as is known.
        populated_size: Option<i64> = "populatedSize" [xml_attribute],
        /// The [`Disk::disk_id`] of the disk that this one is a delta of.
        parent_ref: Option<String> = "parentRef" [xml_attribute],
    }
}

record! {
    /// Disks that several machines use at once.
    pub SharedDiskSection = "SharedDiskSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The disks.
        disks: Vec<SharedDisk> = "SharedDisk" [required],
    }
}

record! {
    /// A disk that several machines use at once.
    pub SharedDisk = "SharedDisk" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Its name within the descriptor.
        disk_id: Option<String> = "diskId" [xml_attribute, required],
        /// The [`File::id`](super::File::id) of its image; without one, it starts blank.
        file_ref: Option<String> = "fileRef" [xml_attribute],
        /// The capacity in the unit beside it: a number, or `${property}`.
        capacity: Option<String> = "capacity" [xml_attribute, required],
        /// The unit of the capacity (DSP0004 annex C); absent is `byte`.
        capacity_allocation_units: Option<String> = "capacityAllocationUnits" [xml_attribute],
        /// The URI of the format of the image.
        format: Option<String> = "format" [xml_attribute],
        /// How many bytes are in use, as far as is known.
        populated_size: Option<i64> = "populatedSize" [xml_attribute],
        /// The [`Disk::disk_id`] of the disk that this one is a delta of.
        parent_ref: Option<String> = "parentRef" [xml_attribute],
        /// Whether machines only read from it; absent is false.
        read_only: Option<bool> = "readOnly" [xml_attribute],
    }
}
