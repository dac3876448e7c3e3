//! Network services and their templates (5.16.17 to 5.16.20).

use super::documented::resource;
use super::{
    EventLog, EventLogTemplate, Meter, MeterTemplate, Network, ProtocolEndpoint, ProtocolSegment, SegmentState,
    lifecycles,
};
use crate::{Collection, Map, Ref, collection, open_enum};

open_enum! {
    /// What a network service does (DSP0263 5.16.17, table 44).
    pub NetworkServiceType {
        /// A load balancer.
        LoadBalancer = "Load Balancer",
        /// Quality of service.
        QualityOfService = "QoS",
        /// A firewall.
        Firewall = "Firewall",
        /// A virtual private network.
        Vpn = "VPN",
        /// Dynamic configuration of hosts.
        Dhcp = "DHCP",
        /// Names.
        Dns = "DNS",
        /// Translation of addresses.
        Nat = "NAT",
        /// A gateway.
        Gateway = "Gateway",
        /// Forwarding of ports.
        Layer4PortForwarding = "Layer4 Port Forwarding",
        /// Routing.
        IpRouting = "IP Routing",
        /// A virtual device.
        VirtualNetworkDevice = "Virtual Network Device",
        /// Another service, said with the word `Other`.
        Unlisted = "Other",
    }
}

resource! {
    /// A service for endpoints and segments, such as a firewall (DSP0263 5.16.17, table 44).
    pub NetworkService = "NetworkService" [
        v2_only, clause("5.16.17"),
        operations(&["edit", "delete", "start", "stop"]),
        lifecycle(&lifecycles::NETWORK_SERVICE),
    ] {
        /// The operational state.
        state: Option<SegmentState> = "state" [read_only],
        /// What the service does.
        service_type: Option<NetworkServiceType> = "type" [closed],
        /// The endpoints that the service is for.
        endpoints: Option<Ref<Collection<ProtocolEndpoint>>> = "endpoints",
        /// The segments that the service is for.
        segments: Option<Ref<Collection<ProtocolSegment>>> = "segments",
        /// The rules of the service, in the provider's terms.
        policies: Map = "policies" [item("policy")],
        /// The Meters that watch the service.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the service.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(NetworkService, "NetworkServiceCollection", "services", aliases: ["networkServices"]);

resource! {
    /// Values from which network services are created (DSP0263 5.16.19, table 45).
    pub NetworkServiceTemplate = "NetworkServiceTemplate" [v2_only, clause("5.16.19")] {
        /// The Network that a new service is part of. It is needed where the service is added to the collection of
        /// the entry point.
        network: Option<Ref<Network>> = "network",
        /// The state that a new service is brought into, one of those that last.
        initial_state: Option<SegmentState> = "initialState",
        /// What the service does.
        service_type: Option<NetworkServiceType> = "type" [closed],
        /// The endpoints that the service is for.
        endpoints: Vec<Ref<ProtocolEndpoint>> = "endpoints" [item("endpoint")],
        /// The segments that the service is for.
        segments: Vec<Ref<ProtocolSegment>> = "segments" [item("segment")],
        /// The rules of the service, in the provider's terms.
        policies: Map = "policies" [item("policy")],
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
    }
}
collection!(NetworkServiceTemplate, "NetworkServiceTemplateCollection", "networkServiceTemplates", operations: ["edit", "add"]);
