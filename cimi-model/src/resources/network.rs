//! Networks and their templates (5.16.1 to 5.16.4).

use super::documented::resource;
use super::{
    EventLog, EventLogTemplate, ForwardingGroup, Meter, MeterTemplate, NetworkNetworkPort, NetworkService,
    NetworkServiceTemplate, ProtocolSegment, ProtocolSegmentTemplate, lifecycles,
};
use crate::{Collection, Ref, collection, states};

states! {
    /// The operational state of a Network (DSP0263 5.16.1, table 30).
    pub NetworkState {
        /// Being created.
        Creating = "CREATING" transient,
        /// Being started.
        Starting = "STARTING" transient,
        /// Ready for use.
        Started = "STARTED" lasting,
        /// Being stopped.
        Stopping = "STOPPING" transient,
        /// Stopped and not available.
        Stopped = "STOPPED" lasting,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
    }
}

resource! {
    /// What endpoints communicate through (DSP0263 5.16.1, table 30).
    pub Network = "Network" [
        clause("5.16.1"),
        operations(&["edit", "delete", "start", "stop"]),
        lifecycle(&lifecycles::NETWORK),
    ] {
        /// The operational state.
        state: Option<NetworkState> = "state" [read_only],
        /// In 1.x, the type of the Network.
        network_type: Option<String> = "networkType" [v1_only],
        /// In 1.x, the size in bytes of the maximum transmission unit.
        mtu: Option<i64> = "mtu" [v1_only, unit("bytes")],
        /// In 1.x, the class of service.
        class_of_service: Option<String> = "classOfService" [v1_only],
        /// In 1.x, the network ports of the Network.
        network_ports: Option<Ref<Collection<NetworkNetworkPort>>> = "networkPorts" [child, v1_only],
        /// In 1.x, the `ForwardingGroup` that the Network belongs to.
        forwarding_group: Option<Ref<ForwardingGroup>> = "forwardingGroup" [v1_only],
        /// The protocol segments in the Network.
        segments: Option<Ref<Collection<ProtocolSegment>>> = "segments" [child, v2_only],
        /// The network services that may be applied to the Network.
        services: Option<Ref<Collection<NetworkService>>> = "services" [child, v2_only],
        /// The Networks that are subordinate to this one.
        subnetworks: Option<Ref<Collection<Network>>> = "subnetworks" [child, v2_only],
        /// The Meters that watch the Network.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the Network.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(Network, "NetworkCollection", "networks", variants: ["SystemNetworkCollection"]);

resource! {
    /// Values from which Networks are created (DSP0263 5.16.3, table 31).
    pub NetworkTemplate = "NetworkTemplate" [clause("5.16.3")] {
        /// The state that a new Network is brought into, one of those that last.
        initial_state: Option<NetworkState> = "initialState",
        /// In 1.x, the configuration, by reference or by value.
        network_config: Option<Ref<NetworkConfiguration>> = "networkConfig" [v1_only],
        /// In 1.x, the `ForwardingGroup` that a new Network joins.
        forwarding_group: Option<Ref<ForwardingGroup>> = "forwardingGroup" [v1_only],
        /// Existing protocol segments to be inserted.
        segments: Vec<Ref<ProtocolSegment>> = "segments" [item("segment"), v2_only],
        /// Protocol segments to be created and inserted.
        segment_templates: Vec<Ref<ProtocolSegmentTemplate>> = "segmentTemplates" [item("segmentTemplate"), v2_only],
        /// Existing network services to be inserted.
        services: Vec<Ref<NetworkService>> = "services" [item("service"), v2_only],
        /// Network services to be created and inserted.
        service_templates: Vec<Ref<NetworkServiceTemplate>> = "serviceTemplates" [item("serviceTemplate"), v2_only],
        /// Existing Networks to be inserted as subordinates.
        subnetworks: Vec<Ref<Network>> = "subnetworks" [item("subnetwork"), v2_only],
        /// Networks to be created and inserted as subordinates.
        subnetwork_templates: Vec<Ref<NetworkTemplate>> = "subnetworkTemplates" [item("subnetworkTemplate"), v2_only],
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
    }
}
collection!(NetworkTemplate, "NetworkTemplateCollection", "networkTemplates", operations: ["edit", "add"]);

resource! {
    /// In 1.x, the characteristics of Networks to be created (CIMI 1.1).
    pub NetworkConfiguration = "NetworkConfiguration" [v1_only, clause("CIMI 1.1")] {
        /// The type of the Network.
        network_type: Option<String> = "networkType",
        /// The size in bytes of the maximum transmission unit.
        mtu: Option<i64> = "mtu" [unit("bytes")],
        /// The class of service.
        class_of_service: Option<String> = "classOfService",
    }
}
collection!(NetworkConfiguration, "NetworkConfigurationCollection", "networkConfigurations");
