//! The cloud entry point (5.12).

use super::documented::record;
use super::{
    Address, AddressTemplate, AnyResource, Credential, CredentialTemplate, EventLog, EventLogTemplate, ForwardingGroup,
    ForwardingGroupTemplate, Job, Machine, MachineConfiguration, MachineImage, MachineTemplate, Meter,
    MeterConfiguration, MeterTemplate, Network, NetworkConfiguration, NetworkInterface, NetworkInterfaceTemplate,
    NetworkPort, NetworkPortConfiguration, NetworkPortTemplate, NetworkService, NetworkServiceTemplate,
    NetworkTemplate, Operation, ProtocolEndpoint, ProtocolEndpointTemplate, ProtocolSegment, ProtocolSegmentTemplate,
    ResourceMetadata, System, SystemTemplate, Volume, VolumeConfiguration, VolumeImage, VolumeTemplate,
};
use crate::{Collection, DateTime, Map, Ref, Uri};

// Not `resource!`: `resourceMetadata` follows `baseURI` and is a collection, in place of the common attribute.
record! {
    /// The catalog of all resources that a consumer may use, where discovery starts (DSP0263 5.12, table 8).
    pub CloudEntryPoint = "CloudEntryPoint" Resource [clause("5.12")] {
        /// The unique URI of this resource, assigned on creation; its self-pointer.
        id: Option<Uri> = "id" [constraints(true, true, false, false)],
        /// The human-readable name, assigned by the creator.
        name: Option<String> = "name",
        /// The human-readable description, assigned by the creator.
        description: Option<String> = "description",
        /// When this resource was created.
        created: Option<DateTime> = "created" [constraints(false, false, false, false)],
        /// When an attribute was last updated explicitly.
        updated: Option<DateTime> = "updated" [constraints(false, false, true, false)],
        /// The resource of which this one is a component (5.10.2).
        parent: Option<Ref<AnyResource>> = "parent" [v2_only],
        /// The consumer's own key-value pairs.
        properties: Map = "properties" [item("property"), constraints(false, false, true, true)],
        /// The absolute URI against which relative URIs of this provider are resolved; ends with a slash where it
        /// is used so.
        base_uri: Option<Uri> = "baseURI" [constraints(true, true, false, false)],
        /// Descriptions of the resource types that the provider extends or constrains.
        resource_metadata: Option<Ref<Collection<ResourceMetadata>>> = "resourceMetadata"
            [child, constraints(false, false, true, true)],
        /// The Systems.
        systems: Option<Ref<Collection<System>>> = "systems" [child, constraints(false, false, true, true)],
        /// The system templates.
        system_templates: Option<Ref<Collection<SystemTemplate>>> = "systemTemplates"
            [child, constraints(false, false, true, true)],
        /// The Machines.
        machines: Option<Ref<Collection<Machine>>> = "machines" [child, constraints(false, false, true, true)],
        /// The machine templates.
        machine_templates: Option<Ref<Collection<MachineTemplate>>> = "machineTemplates"
            [child, constraints(false, false, true, true)],
        /// The machine configurations.
        machine_configs: Option<Ref<Collection<MachineConfiguration>>> = "machineConfigs"
            [child, constraints(false, false, true, true)],
        /// The machine images.
        machine_images: Option<Ref<Collection<MachineImage>>> = "machineImages" [child, constraints(false, false, true, true)],
        /// The Credentials.
        credentials: Option<Ref<Collection<Credential>>> = "credentials" [child, constraints(false, false, true, true)],
        /// The credential templates.
        credential_templates: Option<Ref<Collection<CredentialTemplate>>> = "credentialTemplates"
            [child, constraints(false, false, true, true)],
        /// The Volumes.
        volumes: Option<Ref<Collection<Volume>>> = "volumes" [child, constraints(false, false, true, true)],
        /// The volume templates.
        volume_templates: Option<Ref<Collection<VolumeTemplate>>> = "volumeTemplates"
            [child, constraints(false, false, true, true)],
        /// The volume configurations.
        volume_configs: Option<Ref<Collection<VolumeConfiguration>>> = "volumeConfigs"
            [child, constraints(false, false, true, true)],
        /// The volume images.
        volume_images: Option<Ref<Collection<VolumeImage>>> = "volumeImages" [child, constraints(false, false, true, true)],
        /// The Networks.
        networks: Option<Ref<Collection<Network>>> = "networks" [child, constraints(false, false, true, true)],
        /// The network templates.
        network_templates: Option<Ref<Collection<NetworkTemplate>>> = "networkTemplates"
            [child, constraints(false, false, true, true)],
        /// In 1.x, the network configurations.
        network_configs: Option<Ref<Collection<NetworkConfiguration>>> = "networkConfigs" [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the network ports.
        network_ports: Option<Ref<Collection<NetworkPort>>> = "networkPorts" [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the network port templates.
        network_port_templates: Option<Ref<Collection<NetworkPortTemplate>>> = "networkPortTemplates"
            [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the network port configurations.
        network_port_configs: Option<Ref<Collection<NetworkPortConfiguration>>> = "networkPortConfigs"
            [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the Addresses.
        addresses: Option<Ref<Collection<Address>>> = "addresses" [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the address templates.
        address_templates: Option<Ref<Collection<AddressTemplate>>> = "addressTemplates"
            [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the forwarding groups.
        forwarding_groups: Option<Ref<Collection<ForwardingGroup>>> = "forwardingGroups"
            [child, v1_only, constraints(false, false, true, true)],
        /// In 1.x, the forwarding group templates.
        forwarding_group_templates: Option<Ref<Collection<ForwardingGroupTemplate>>> = "forwardingGroupTemplates"
            [child, v1_only, constraints(false, false, true, true)],
        /// The protocol segments.
        segments: Option<Ref<Collection<ProtocolSegment>>> = "segments" [child, v2_only, constraints(false, false, true, true)],
        /// The protocol segment templates.
        segment_templates: Option<Ref<Collection<ProtocolSegmentTemplate>>> = "segmentTemplates"
            [child, v2_only, constraints(false, false, true, true)],
        /// The protocol endpoints.
        endpoints: Option<Ref<Collection<ProtocolEndpoint>>> = "endpoints" [child, v2_only, constraints(false, false, true, true)],
        /// The protocol endpoint templates.
        endpoint_templates: Option<Ref<Collection<ProtocolEndpointTemplate>>> = "endpointTemplates"
            [child, v2_only, constraints(false, false, true, true)],
        /// The network interfaces.
        interfaces: Option<Ref<Collection<NetworkInterface>>> = "interfaces"
            [child, v2_only, constraints(false, false, true, true)],
        /// The network interface templates.
        interface_templates: Option<Ref<Collection<NetworkInterfaceTemplate>>> = "interfaceTemplates"
            [child, v2_only, constraints(false, false, true, true)],
        /// The network services.
        network_services: Option<Ref<Collection<NetworkService>>> = "networkServices" [child, v2_only, constraints(false, false, true, true)],
        /// The network service templates.
        network_service_templates: Option<Ref<Collection<NetworkServiceTemplate>>> = "networkServiceTemplates"
            [child, v2_only, constraints(false, false, true, true)],
        /// The Jobs.
        jobs: Option<Ref<Collection<Job>>> = "jobs" [child, constraints(false, false, true, true)],
        /// The Meters.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child, constraints(false, false, true, true)],
        /// The meter templates.
        meter_templates: Option<Ref<Collection<MeterTemplate>>> = "meterTemplates" [child, constraints(false, false, true, true)],
        /// The meter configurations.
        meter_configs: Option<Ref<Collection<MeterConfiguration>>> = "meterConfigs" [child, constraints(false, false, true, true)],
        /// The event logs.
        event_logs: Option<Ref<Collection<EventLog>>> = "eventLogs" [child, constraints(false, false, true, true)],
        /// The event log templates.
        event_log_templates: Option<Ref<Collection<EventLogTemplate>>> = "eventLogTemplates" [child, constraints(false, false, true, true)],
        /// The operations that this consumer may invoke now (4.2).
        operations: Vec<Operation> = "operations" [item("operation"), constraints(false, false, true, false)],
    }
}
