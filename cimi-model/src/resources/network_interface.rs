//! Network interfaces and their templates (5.16.13 to 5.16.16).

use super::documented::{record, resource};
use super::{
    Address, AnyResource, EventLog, EventLogTemplate, MachineNetworkInterfaceAddress, Meter, MeterTemplate, Network,
    NetworkPort, Operation, ProtocolEndpoint, ResourceMetadata, lifecycles,
};
use crate::{Collection, DateTime, Map, Ref, Uri, collection, states};

states! {
    /// The operational state of a `NetworkInterface` (DSP0263 5.16.13, table 42).
    pub NetworkInterfaceState {
        /// Being created.
        Creating = "CREATING" transient,
        /// Ready for use.
        Enabled = "ENABLED" lasting,
        /// Not available.
        Disabled = "DISABLED" lasting,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
    }
}

resource! {
    /// What a Machine communicates through, like a virtual network card (DSP0263 5.16.13, table 42).
    pub NetworkInterface = "NetworkInterface" [
        v1_name("MachineNetworkInterface"), clause("5.16.13"),
        operations(&["edit", "delete", "enable", "disable"]),
        lifecycle(&lifecycles::INTERFACE),
    ] {
        /// In 1.x, the Addresses of the interface.
        addresses: Option<Ref<Collection<MachineNetworkInterfaceAddress>>> = "addresses" [child, v1_only],
        /// In 1.x, the Network that the interface is connected to.
        network: Option<Ref<Network>> = "network" [v1_only],
        /// In 1.x, the `NetworkPort` that the interface is connected to.
        network_port: Option<Ref<NetworkPort>> = "networkPort" [v1_only],
        /// The operational state.
        state: Option<NetworkInterfaceState> = "state" [read_only],
        /// In 1.x, the MAC address.
        mac_address: Option<String> = "macAddress" [v1_only],
        /// The protocol endpoints that the interface supports.
        endpoints: Option<Ref<Collection<ProtocolEndpoint>>> = "endpoints" [v2_only],
        /// The bandwidth in bits per second; the nominal one where it varies or is unknown.
        speed: Option<i64> = "speed" [v2_only, unit("bits per second")],
        /// The size in bytes of the maximum transmission unit, active or negotiated.
        mtu: Option<i64> = "mtu" [unit("bytes")],
        /// The Meters that watch the interface.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child, v2_only],
        /// The `EventLog` of the interface.
        event_log: Option<Ref<EventLog>> = "eventLog" [v2_only],
    }
}
collection!(
    NetworkInterface, "NetworkInterfaceCollection", "networkInterfaces",
    v1: "MachineNetworkInterfaceCollection", "machineNetworkInterfaces"
);

// Not `resource!`: in 1.x it is a structure of MachineTemplate, without the common attributes.
record! {
    /// Values from which network interfaces are created (DSP0263 5.16.15, table 43).
    ///
    /// In 1.x it stands in a `MachineTemplate` and nowhere else.
    pub NetworkInterfaceTemplate = "NetworkInterfaceTemplate" Resource
        [clause("5.16.15"), v1_structure("NetworkInterface")] {
        /// The unique URI of this resource, assigned on creation; its self-pointer.
        id: Option<Uri> = "id" [v2_only, constraints(true, true, false, false)],
        /// The human-readable name, assigned by the creator.
        name: Option<String> = "name" [v2_only],
        /// The human-readable description, assigned by the creator.
        description: Option<String> = "description" [v2_only],
        /// When this resource was created.
        created: Option<DateTime> = "created" [v2_only, constraints(false, false, false, false)],
        /// When an attribute was last updated explicitly.
        updated: Option<DateTime> = "updated" [v2_only, constraints(false, false, true, false)],
        /// The resource of which this one is a component (5.10.2).
        parent: Option<Ref<AnyResource>> = "parent" [v2_only],
        /// The consumer's own key-value pairs.
        properties: Map = "properties" [item("property"), v2_only, constraints(false, false, true, true)],
        /// The metadata that governs this resource.
        resource_metadata: Option<Ref<ResourceMetadata>> = "resourceMetadata"
            [v2_only, constraints(false, false, true, false)],
        /// In 1.x, the Addresses of a new interface.
        addresses: Vec<Ref<Address>> = "addresses" [item("address"), v1_only],
        /// In 1.x, the Network that a new interface is connected to.
        network: Option<Ref<Network>> = "network" [v1_only, v1_required],
        /// In 1.x, the `NetworkPort` that a new interface is connected to.
        network_port: Option<Ref<NetworkPort>> = "networkPort" [v1_only],
        /// The state that a new interface is brought into, one of those that last.
        initial_state: Option<NetworkInterfaceState> = "initialState" [v1_name("state"), v1_required],
        /// The protocol endpoints that a new interface supports.
        endpoints: Option<Ref<Collection<ProtocolEndpoint>>> = "endpoints" [v2_only],
        /// The initial bandwidth in bits per second.
        speed: Option<i64> = "speed" [v2_only, unit("bits per second")],
        /// The initial size in bytes of the maximum transmission unit.
        mtu: Option<i64> = "mtu" [unit("bytes")],
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate"), v2_only],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate" [v2_only],
        /// The operations that this consumer may invoke now (4.2).
        operations: Vec<Operation> = "operations" [item("operation"), v2_only, constraints(false, false, true, false)],
    }
}
collection!(NetworkInterfaceTemplate, "NetworkInterfaceTemplateCollection", "networkInterfaceTemplates", operations: ["edit", "add"]);
