//! Network ports of 1.x, their templates and configurations, which 2.0 replaced by protocol endpoints.

use super::documented::resource;
use super::{EventLog, EventLogTemplate, Meter, MeterTemplate, Network, NetworkState, lifecycles};
use crate::{Collection, Ref, collection};

resource! {
    /// What connects an interface to a Network (CIMI 1.1).
    pub NetworkPort = "NetworkPort" [
        v1_only, clause("CIMI 1.1"),
        operations(&["edit", "delete", "start", "stop"]),
        lifecycle(&lifecycles::NETWORK_PORT),
    ] {
        /// The operational state.
        state: Option<NetworkState> = "state" [read_only],
        /// The Network.
        network: Option<Ref<Network>> = "network",
        /// The type of the port, for example `ACCESS` or `TRUNK`.
        port_type: Option<String> = "portType",
        /// The class of service.
        class_of_service: Option<String> = "classOfService",
        /// The Meters that watch the port.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the port.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(NetworkPort, "NetworkPortCollection", "networkPorts");

resource! {
    /// Values from which network ports are created (CIMI 1.1).
    pub NetworkPortTemplate = "NetworkPortTemplate" [v1_only, clause("CIMI 1.1")] {
        /// The Network that a new port belongs to.
        network: Option<Ref<Network>> = "network",
        /// The configuration, by reference or by value.
        network_port_config: Option<Ref<NetworkPortConfiguration>> = "networkPortConfig",
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
    }
}
collection!(NetworkPortTemplate, "NetworkPortTemplateCollection", "networkPortTemplates");

resource! {
    /// The characteristics of network ports to be created (CIMI 1.1).
    pub NetworkPortConfiguration = "NetworkPortConfiguration" [v1_only, clause("CIMI 1.1")] {
        /// The type of the port, for example `ACCESS` or `TRUNK`.
        port_type: Option<String> = "portType",
        /// The class of service.
        class_of_service: Option<String> = "classOfService",
    }
}
collection!(NetworkPortConfiguration, "NetworkPortConfigurationCollection", "networkPortConfigurations");
