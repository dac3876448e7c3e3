//! Templates of Systems (5.13.4).

use super::documented::{record, resource};
use super::{
    AddressTemplate, Credential, CredentialTemplate, EventLog, EventLogTemplate, ForwardingGroupTemplate, Machine,
    MachineTemplate, Meter, MeterTemplate, Network, NetworkInterface, NetworkInterfaceTemplate, NetworkPortTemplate,
    NetworkService, NetworkServiceTemplate, NetworkTemplate, ProtocolEndpoint, ProtocolEndpointTemplate,
    ProtocolSegment, ProtocolSegmentTemplate, ResourceMetadata, System, SystemService, Volume, VolumeTemplate,
    system_service::DESCRIPTOR_PARAMETERS,
};
use crate::meta::Wildcard;
use crate::{Map, Ref, Uri, collection};

record! {
    /// A component of Systems to be created (DSP0263 5.13.4, table 14).
    ///
    /// One of the attributes after the type is present: the template, by reference or by value, that a component is
    /// made from, or (2.0) the existing resource that becomes a component. A resource that has no attribute here is
    /// among the extensions.
    pub ComponentDescriptor = "componentDescriptor" Structure
        [clause("5.13.4"), v1_wildcards(Wildcard::Nothing, Wildcard::Nothing)] {
        /// The name of the component, which other descriptors refer to as `#name`.
        name: Option<String> = "name",
        /// The description of the component.
        description: Option<String> = "description",
        /// The key-value pairs of the component.
        properties: Map = "properties" [item("property")],
        /// The type of the component.
        type_uri: Option<Uri> = "type" [follows_dialect, v1_required],
        /// In 1.x, the template of an Address.
        address_template: Option<Ref<AddressTemplate>> = "addressTemplate"
            [v1_only, v1_required, v1_alternative("address")],
        /// The template of a Credential.
        credential_template: Option<Ref<CredentialTemplate>> = "credentialTemplate"
            [v1_required, v1_alternative("credential")],
        /// The template of an `EventLog`.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate"
            [v1_required, v1_alternative("eventLog")],
        /// In 1.x, the template of a `ForwardingGroup`.
        forwarding_group_template: Option<Ref<ForwardingGroupTemplate>> = "forwardingGroupTemplate"
            [v1_only, v1_required, v1_alternative("forwardingGroup")],
        /// The template of a Machine.
        machine_template: Option<Ref<MachineTemplate>> = "machineTemplate"
            [v1_required, v1_alternative("machine")],
        /// The template of a Meter.
        meter_template: Option<Ref<MeterTemplate>> = "meterTemplate"
            [v1_required, v1_alternative("meter")],
        /// In 1.x, the template of a `NetworkPort`.
        network_port_template: Option<Ref<NetworkPortTemplate>> = "networkPortTemplate"
            [v1_only, v1_required, v1_alternative("networkPort")],
        /// The template of a Network.
        network_template: Option<Ref<NetworkTemplate>> = "networkTemplate"
            [v1_required, v1_alternative("network")],
        /// The template of a System.
        system_template: Option<Ref<SystemTemplate>> = "systemTemplate"
            [v1_required, v1_alternative("system")],
        /// The template of a Volume.
        volume_template: Option<Ref<VolumeTemplate>> = "volumeTemplate"
            [v1_required, v1_alternative("volume")],
        /// The template of a `ProtocolSegment`.
        protocol_segment_template: Option<Ref<ProtocolSegmentTemplate>> = "protocolSegmentTemplate" [v2_only],
        /// The template of a `ProtocolEndpoint`.
        protocol_endpoint_template: Option<Ref<ProtocolEndpointTemplate>> = "protocolEndpointTemplate" [v2_only],
        /// The template of a `NetworkInterface`.
        network_interface_template: Option<Ref<NetworkInterfaceTemplate>> = "networkInterfaceTemplate" [v2_only],
        /// The template of a `NetworkService`.
        network_service_template: Option<Ref<NetworkServiceTemplate>> = "networkServiceTemplate" [v2_only],
        /// An existing Credential.
        credential: Option<Ref<Credential>> = "credential" [v2_only],
        /// An existing `EventLog`.
        event_log: Option<Ref<EventLog>> = "eventLog" [v2_only],
        /// An existing Machine.
        machine: Option<Ref<Machine>> = "machine" [v2_only],
        /// An existing Meter.
        meter: Option<Ref<Meter>> = "meter" [v2_only],
        /// An existing Network.
        network: Option<Ref<Network>> = "network" [v2_only],
        /// An existing System.
        system: Option<Ref<System>> = "system" [v2_only],
        /// An existing Volume.
        volume: Option<Ref<Volume>> = "volume" [v2_only],
        /// An existing `ProtocolSegment`.
        protocol_segment: Option<Ref<ProtocolSegment>> = "protocolSegment" [v2_only],
        /// An existing `ProtocolEndpoint`.
        protocol_endpoint: Option<Ref<ProtocolEndpoint>> = "protocolEndpoint" [v2_only],
        /// An existing `NetworkInterface`.
        network_interface: Option<Ref<NetworkInterface>> = "networkInterface" [v2_only],
        /// An existing `NetworkService`.
        network_service: Option<Ref<NetworkService>> = "networkService" [v2_only],
        /// An existing `SystemService`.
        system_service: Option<Ref<SystemService>> = "systemService" [v2_only],
        /// How many components are made from the template, by default 1; from 2 on, their names end in a number.
        quantity: Option<i64> = "quantity" [default("1")],
    }
}

record! {
    /// A `SystemService` of Systems to be created (DSP0263 5.13.4, table 14).
    pub ServiceDescriptor = "serviceDescriptor" Structure [v2_only, clause("5.13.4")] {
        /// The name of the `SystemService`.
        name: Option<String> = "name",
        /// The description of the `SystemService`.
        description: Option<String> = "description",
        /// The key-value pairs of the `SystemService`.
        properties: Map = "properties" [item("property")],
        /// The type of the service, for example `http://schemas.dmtf.org/cimi/2/SystemService/disasterrecovery`.
        service_type: Option<Uri> = "serviceType" [follows_dialect],
        /// What is particular to the type of service (5.13.6); components are referred to as `#name`.
        parameters: Map = "parameters" [item("parameter"), keys("serviceType", DESCRIPTOR_PARAMETERS)],
    }
}

resource! {
    /// Descriptors of the components from which Systems are created (DSP0263 5.13.4, table 14).
    pub SystemTemplate = "SystemTemplate" [clause("5.13.4"), operations(&["edit", "delete", "export"])] {
        /// The components to be created or associated; their order means nothing.
        component_descriptors: Vec<ComponentDescriptor> = "componentDescriptors" [item("componentDescriptor")],
        /// The system services to be created.
        service_descriptors: Vec<ServiceDescriptor> = "serviceDescriptors" [item("serviceDescriptor"), v2_only],
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
        /// The source, such as an OVF package, that this template was imported from.
        import_image: Option<Uri> = "importImage",
        /// The metadata that is to govern each new System.
        gen_resource_metadata: Option<Ref<ResourceMetadata>> = "genResourceMetadata" [v2_only],
    }
}
collection!(SystemTemplate, "SystemTemplateCollection", "systemTemplates", operations: ["add", "import"]);
