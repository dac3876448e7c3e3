//! Protocol segments and their templates (5.16.5 to 5.16.8).

use super::documented::{record, resource};
use super::{
    EventLog, EventLogTemplate, Meter, MeterTemplate, Network, ProtocolEndpoint, ProtocolEndpointTemplate, lifecycles,
};
use crate::meta::KeysOf;
use crate::reflect::Described;
use crate::{Collection, Map, Ref, collection, open_enum, states};

states! {
    /// The operational state of what is started and stopped at once: protocol segments and network services
    /// (DSP0263 5.16.5, table 32; 5.16.17, table 44).
    pub SegmentState {
        /// Being created.
        Creating = "CREATING" transient,
        /// Ready for use.
        Started = "STARTED" lasting,
        /// Stopped and not available.
        Stopped = "STOPPED" lasting,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
    }
}

open_enum! {
    /// The protocol of a segment (DSP0263 5.16.5, table 32).
    pub Protocol {
        /// IEEE 802.3.
        Ethernet = "Ethernet",
        /// RFC 791.
        Ipv4 = "IPv4",
        /// RFC 2460.
        Ipv6 = "IPv6",
    }
}

/// The keys of `parameters` by protocol.
const PARAMETERS: &[KeysOf] = &[
    ("IPv6", IPv6ProtocolParameters::described),
    ("IPv4", IPv4ProtocolParameters::described),
    ("Ethernet", EthernetProtocolParameters::described),
];

record! {
    /// The parameters of a segment whose protocol is IPv6 (DSP0263 5.16.5.1, table 33).
    pub IPv6ProtocolParameters = "IPv6ProtocolParameters" Keys [v2_only, clause("5.16.5.1")] {
        /// The length of the prefix that specifies the subnet.
        prefix_length: Option<i64> = "prefixLength" [range(0, 128), constraints(true, true, true, true)],
        /// The address of the subnet.
        subnet_address: Option<String> = "subnetAddress" [constraints(true, true, true, true)],
    }
}

record! {
    /// The parameters of a segment whose protocol is IPv4 (DSP0263 5.16.5.1, table 34).
    pub IPv4ProtocolParameters = "IPv4ProtocolParameters" Keys [v2_only, clause("5.16.5.1")] {
        /// The mask that defines the subnet.
        netmask: Option<String> = "netmask" [constraints(true, true, true, true)],
        /// The address of the subnet.
        subnet_address: Option<String> = "subnetAddress" [constraints(true, true, true, true)],
    }
}

record! {
    /// The parameters of a segment whose protocol is Ethernet (DSP0263 5.16.5.1, table 35).
    pub EthernetProtocolParameters = "EthernetProtocolParameters" Keys [v2_only, clause("5.16.5.1")] {
        /// The bandwidth in bits per second; the nominal one where it is not known precisely.
        speed: Option<i64> = "speed" [unit("bits per second"), constraints(true, true, true, true)],
        /// The size in bytes of the maximum transmission unit.
        mtu: Option<i64> = "mtu" [unit("bytes"), constraints(true, true, true, true)],
    }
}

resource! {
    /// A channel within a Network that uses one protocol (DSP0263 5.16.5, table 32).
    pub ProtocolSegment = "ProtocolSegment" [
        v2_only, clause("5.16.5"),
        operations(&["edit", "delete", "start", "stop"]),
        lifecycle(&lifecycles::SEGMENT),
    ] {
        /// The operational state.
        state: Option<SegmentState> = "state" [read_only],
        /// The protocol.
        protocol: Option<Protocol> = "protocol" [closed],
        /// Whether endpoints reach each other by a network service only; by default they do without.
        no_default_routing: Option<bool> = "noDefaultRouting",
        /// The endpoints in the segment.
        endpoints: Option<Ref<Collection<ProtocolEndpoint>>> = "endpoints" [child],
        /// What is particular to the protocol, for example `netmask` (tables 33 to 35).
        parameters: Map = "parameters" [item("parameter"), keys("protocol", PARAMETERS)],
        /// The Meters that watch the segment.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the segment.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(ProtocolSegment, "ProtocolSegmentCollection", "protocolSegments");

resource! {
    /// Values from which protocol segments are created (DSP0263 5.16.7, table 36).
    pub ProtocolSegmentTemplate = "ProtocolSegmentTemplate" [v2_only, clause("5.16.7")] {
        /// The Network that a new segment is part of. It is needed where the segment is added to the collection of
        /// the entry point.
        network: Option<Ref<Network>> = "network",
        /// The state that a new segment is brought into, one of those that last.
        initial_state: Option<SegmentState> = "initialState",
        /// The protocol.
        protocol: Option<Protocol> = "protocol" [closed],
        /// Whether endpoints reach each other by a network service only.
        no_default_routing: Option<bool> = "noDefaultRouting",
        /// Existing endpoints to be inserted.
        endpoints: Vec<Ref<ProtocolEndpoint>> = "endpoints" [item("endpoint")],
        /// Endpoints to be created and inserted.
        endpoint_templates: Vec<Ref<ProtocolEndpointTemplate>> = "endpointTemplates" [item("endpointTemplate")],
        /// What is particular to the protocol (tables 33 to 35).
        parameters: Map = "parameters" [item("parameter"), keys("protocol", PARAMETERS)],
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
    }
}
collection!(ProtocolSegmentTemplate, "ProtocolSegmentTemplateCollection", "protocolSegmentTemplates", operations: ["edit", "add"]);
