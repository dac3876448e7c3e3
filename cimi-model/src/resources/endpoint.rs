//! Protocol endpoints and their templates (5.16.9 to 5.16.12).

use super::documented::{record, resource};
use super::{
    EventLog, EventLogTemplate, Meter, MeterTemplate, NetworkInterface, NetworkInterfaceState, Protocol, lifecycles,
};
use crate::meta::KeysOf;
use crate::reflect::Described;
use crate::{Collection, Map, Ref, collection, open_enum};

open_enum! {
    /// How an endpoint gets what is particular to its protocol (DSP0263 5.16.9, table 37).
    pub AddressOrigin {
        /// The consumer assigns it, mostly from within the guest.
        Static = "STATIC",
        /// The provider or a network service such as DHCP assigns it.
        Dynamic = "DYNAMIC",
    }
}

open_enum! {
    /// The type of an IPv6 address (DSP0263 5.16.9.1, table 38; RFC 4291, 2.4).
    pub IPv6AddressType {
        /// Unspecified.
        Unspecified = "Unspecified",
        /// Loopback.
        Loopback = "Loopback",
        /// Multicast.
        Multicast = "Multicast",
        /// Link-local unicast.
        LinkLocalUnicast = "Link Local Unicast",
        /// Global unicast.
        GlobalUnicast = "Global Unicast",
        /// An embedded IPv4 address.
        EmbeddedIpv4 = "Embedded IPv4 Address",
        /// Site-local unicast.
        SiteLocalUnicast = "Site Local Unicast",
    }
}

/// The keys of `parameters` by protocol.
const PARAMETERS: &[KeysOf] = &[
    ("IPv6", IPv6ProtocolEndpointParameters::described),
    ("IPv4", IPv4ProtocolEndpointParameters::described),
    ("Ethernet", EthernetProtocolEndpointParameters::described),
];

record! {
    /// The parameters of an endpoint whose protocol is IPv6 (DSP0263 5.16.9.1, table 38).
    pub IPv6ProtocolEndpointParameters = "IPv6ProtocolEndpointParameters" Keys [v2_only, clause("5.16.9.1")] {
        /// The type of the address.
        address_type: Option<IPv6AddressType> = "addressType" [closed],
        /// The length of the prefix that specifies the subnet.
        prefix_length: Option<i64> = "prefixLength" [range(0, 128)],
    }
}

record! {
    /// The parameters of an endpoint whose protocol is IPv4 (DSP0263 5.16.9.1, table 39).
    pub IPv4ProtocolEndpointParameters = "IPv4ProtocolEndpointParameters" Keys [v2_only, clause("5.16.9.1")] {
        /// The name of the address in DNS.
        hostname: Option<String> = "hostname",
    }
}

record! {
    /// The parameters of an endpoint whose protocol is Ethernet (DSP0263 5.16.9.1, table 40).
    pub EthernetProtocolEndpointParameters = "EthernetProtocolEndpointParameters" Keys [v2_only, clause("5.16.9.1")] {
        /// Further unicast addresses of the endpoint.
        aliases: Vec<String> = "aliases" [item("alias")],
        /// The multicast addresses that the endpoint listens to.
        group_addresses: Vec<String> = "groupAddresses" [item("groupAddress")],
    }
}

resource! {
    /// What is addressable within a protocol: a source or destination of communication (DSP0263 5.16.9, table 37).
    pub ProtocolEndpoint = "ProtocolEndpoint" [
        v2_only, clause("5.16.9"),
        operations(&["edit", "delete", "enable", "disable"]),
        lifecycle(&lifecycles::INTERFACE),
    ] {
        /// The operational state.
        state: Option<NetworkInterfaceState> = "state" [read_only],
        /// The protocol, that of the segment.
        protocol: Option<Protocol> = "protocol" [closed],
        /// The address, in the form that the protocol demands.
        address: Option<String> = "address",
        /// How what is particular to the protocol is assigned.
        origin: Option<AddressOrigin> = "origin" [closed],
        /// The interface that connects to the Network with this endpoint.
        interface: Option<Ref<NetworkInterface>> = "interface",
        /// What is particular to the protocol (tables 38 to 40).
        parameters: Map = "parameters" [item("parameter"), keys("protocol", PARAMETERS)],
        /// The Meters that watch the endpoint.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the endpoint.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(ProtocolEndpoint, "ProtocolEndpointCollection", "protocolEndpoints");

resource! {
    /// Values from which protocol endpoints are created (DSP0263 5.16.11, table 41).
    pub ProtocolEndpointTemplate = "ProtocolEndpointTemplate" [v2_only, clause("5.16.11")] {
        /// The state that a new endpoint is brought into, one of those that last.
        initial_state: Option<NetworkInterfaceState> = "initialState",
        /// The address; not with the origin `DYNAMIC`.
        address: Option<String> = "address",
        /// How what is particular to the protocol is assigned.
        origin: Option<AddressOrigin> = "origin" [closed],
        /// The interface that connects to the Network with a new endpoint.
        interface: Option<Ref<NetworkInterface>> = "interface",
        /// What is particular to the protocol of the segment (tables 38 to 40).
        parameters: Map = "parameters" [item("parameter")],
        /// Meters to be created and connected, by reference or by value.
        meter_templates: Vec<Ref<MeterTemplate>> = "meterTemplates" [item("meterTemplate")],
        /// The `EventLog` to be created and connected, by reference or by value.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate",
    }
}
collection!(ProtocolEndpointTemplate, "ProtocolEndpointTemplateCollection", "protocolEndpointTemplates", operations: ["edit", "add"]);
