//! Images of Machines (5.14.7).

use super::documented::resource;
use super::lifecycles;
use crate::{Ref, Uri, collection, open_enum, states};

states! {
    /// The operational state of a `MachineImage` or `VolumeImage` (DSP0263 5.14.7 and 5.15.7, tables 21 and 29).
    pub ImageState {
        /// Being created.
        Creating = "CREATING" transient,
        /// Ready for use.
        Available = "AVAILABLE" lasting,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
    }
}

open_enum! {
    /// What a `MachineImage` holds (DSP0263 5.14.7, table 21).
    pub ImageType {
        /// The persistent data of a stopped Machine; has no related image.
        Image = "IMAGE",
        /// The data of a Machine with its run-time state; the related image is the snapshot before it.
        Snapshot = "SNAPSHOT",
        /// The changes since the related image.
        PartialSnapshot = "PARTIAL_SNAPSHOT",
    }
}

resource! {
    /// What is needed to bring a Machine to life: a copy of an installed one, or what installs one (DSP0263 5.14.7,
    /// table 21).
    pub MachineImage = "MachineImage" [clause("5.14.7"), lifecycle(&lifecycles::IMAGE)] {
        /// The operational state.
        state: Option<ImageState> = "state" [read_only],
        /// What the image holds.
        image_type: Option<ImageType> = "type" [closed],
        /// Where the binary data is; on creation, it may be the Machine to take the image of.
        image_location: Option<Uri> = "imageLocation",
        /// The image that this one relates to, in a way that depends on its type; consumers do not set it on snapshots.
        related_image: Option<Ref<MachineImage>> = "relatedImage",
    }
}
collection!(MachineImage, "MachineImageCollection", "machineImages", variants: ["MachineSnapshotCollection"], operations: ["edit", "add"]);
