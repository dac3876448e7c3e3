//! Volumes, their templates, configurations and images (5.15).

use super::documented::resource;
use super::{
    EventLog, EventLogTemplate, ImageState, Meter, MeterTemplate, ResourceMetadata, VolumeVolumeImage, lifecycles,
};
use crate::meta::Kind;
use crate::reflect::Described;
use crate::{Collection, Ref, Uri, collection, states};

states! {
    /// The operational state of a Volume (DSP0263 5.15.1, table 26).
    pub VolumeState {
        /// Being created.
        Creating = "CREATING" transient,
        /// Ready for use.
        Available = "AVAILABLE" lasting,
        /// Being captured in an image.
        Capturing = "CAPTURING" transient,
        /// Being restored from an image.
        Restoring = "RESTORING" transient,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
    }
}

resource! {
    /// Storage of blocks or files that can be connected to Machines (DSP0263 5.15.1, table 26).
    pub Volume = "Volume" [
        clause("5.15.1"),
        operations(&["edit", "delete", "snapshot", "restore"]),
        lifecycle(&lifecycles::VOLUME),
    ] {
        /// The operational state.
        state: Option<VolumeState> = "state" [read_only],
        /// The type of the Volume; the standard defines `http://schemas.dmtf.org/cimi/2/mapped`, shared storage that
        /// guests need not mount.
        type_uri: Option<Uri> = "type" [follows_dialect, v1_kind(Kind::String)],
        /// The maximum size in kilobytes, if it is limited.
        capacity: Option<i64> = "capacity" [unit("kilobytes")],
        /// Whether the Volume is bootable.
        bootable: Option<bool> = "bootable",
        /// The snapshots that were taken; they outlive the Volume.
        images: Option<Ref<Collection<VolumeImage>>> = "images"
            [v1_collection(Collection::<VolumeVolumeImage>::described)],
        /// The Meters that watch the Volume.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the Volume.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(Volume, "VolumeCollection", "volumes", variants: ["SystemVolumeCollection"]);

resource! {
    /// Values from which Volumes are created (DSP0263 5.15.3, table 27).
    pub VolumeTemplate = "VolumeTemplate" [clause("5.15.3")] {
        /// The configuration, by reference or by value.
        volume_config: Option<Ref<VolumeConfiguration>> = "volumeConfig",
        /// The image.
        volume_image: Option<Ref<VolumeImage>> = "volumeImage",
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
        /// The metadata that is to govern each new Volume.
        gen_resource_metadata: Option<Ref<ResourceMetadata>> = "genResourceMetadata" [v2_only],
    }
}
collection!(VolumeTemplate, "VolumeTemplateCollection", "volumeTemplates", operations: ["edit", "add"]);

resource! {
    /// The characteristics of Volumes to be created (DSP0263 5.15.5, table 28).
    pub VolumeConfiguration = "VolumeConfiguration" [clause("5.15.5")] {
        /// The type of the Volume; the standard defines `http://schemas.dmtf.org/cimi/2/mapped`.
        type_uri: Option<Uri> = "type" [follows_dialect],
        /// The file system to be put on a block device, for example `ext4`; without it, none is.
        format: Option<String> = "format",
        /// The default size in kilobytes, if it is limited.
        capacity: Option<i64> = "capacity" [unit("kilobytes")],
    }
}
collection!(VolumeConfiguration, "VolumeConfigurationCollection", "volumeConfigurations", operations: ["edit", "add"]);

resource! {
    /// An image for Volumes that are filled on creation (DSP0263 5.15.7, table 29).
    pub VolumeImage = "VolumeImage" [clause("5.15.7"), lifecycle(&lifecycles::IMAGE)] {
        /// The operational state.
        state: Option<ImageState> = "state" [read_only],
        /// Where the binary data is; on creation, it may be the Volume to take a snapshot of.
        image_location: Option<Uri> = "imageLocation",
        /// Whether Volumes with this image are bootable.
        bootable: Option<bool> = "bootable",
    }
}
collection!(VolumeImage, "VolumeImageCollection", "volumeImages", variants: ["VolumeVolumeImageCollection"], operations: ["edit", "add"]);
