//! Templates of Machines (5.14.3).

use super::documented::{record, resource};
use super::{
    Credential, EventLogTemplate, MachineConfiguration, MachineImage, MachineState, MeterTemplate,
    NetworkInterfaceTemplate, ResourceMetadata, Volume, VolumeTemplate,
};
use crate::{Ref, collection};

record! {
    /// An existing Volume to be connected to a new Machine (DSP0263 5.14.3, table 19).
    pub MachineTemplateVolume = "volume" Structure [clause("5.14.3")] {
        /// Where, in the operating system's terms, the Volume is to appear.
        initial_location: Option<String> = "initialLocation" [xml_attribute],
        /// What gives access to the Volume, if that is needed.
        credential: Option<Ref<Credential>> = "credential" [v2_only],
        /// The Volume to be connected.
        volume: Option<Ref<Volume>> = "volume" [v1_flat],
    }
}

record! {
    /// A Volume to be created and connected to a new Machine (DSP0263 5.14.3, table 19).
    pub MachineTemplateVolumeTemplate = "volumeTemplate" Structure [clause("5.14.3")] {
        /// Where, in the operating system's terms, the Volume is to appear.
        initial_location: Option<String> = "initialLocation" [xml_attribute],
        /// The template of the Volume, by reference or by value.
        volume_template: Option<Ref<VolumeTemplate>> = "volumeTemplate" [v1_flat_target],
    }
}

resource! {
    /// Values and instructions from which Machines are created (DSP0263 5.14.3, table 19).
    pub MachineTemplate = "MachineTemplate" [clause("5.14.3")] {
        /// The state that a new Machine is brought into, one of those that last.
        initial_state: Option<MachineState> = "initialState",
        /// The configuration, by reference or by value.
        machine_config: Option<Ref<MachineConfiguration>> = "machineConfig",
        /// The image, by reference or, if the provider has that capability, by value.
        machine_image: Option<Ref<MachineImage>> = "machineImage",
        /// What is needed for the first login, by reference or by value; in 1.x the target is a `CredentialTemplate`.
        credential: Option<Ref<Credential>> = "credential",
        /// Existing Volumes to be connected.
        volumes: Vec<MachineTemplateVolume> = "volumes" [item("volume")],
        /// Volumes to be created and connected.
        volume_templates: Vec<MachineTemplateVolumeTemplate> = "volumeTemplates" [item("volumeTemplate")],
        /// network interfaces to be created, by reference or by value; in 1.x by value only.
        interface_templates: Vec<Ref<NetworkInterfaceTemplate>> = "interfaceTemplates"
            [v1_name("networkInterfaces"), item("interfaceTemplate"), v1_item("networkInterface"), v1_no_href],
        /// Data to be made available inside of the Machine, encoded in Base64.
        user_data: Option<String> = "userData",
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
        /// The metadata that is to govern each new Machine.
        gen_resource_metadata: Option<Ref<ResourceMetadata>> = "genResourceMetadata" [v2_only],
    }
}
collection!(MachineTemplate, "MachineTemplateCollection", "machineTemplates", operations: ["edit", "add"]);
