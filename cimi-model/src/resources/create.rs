//! The bodies of requests that create a resource from a template (4.2.1.1, 5.5.12.1).

use super::documented::record;
use super::{
    AddressTemplate, CredentialTemplate, EventLogTemplate, ForwardingGroupTemplate, MachineTemplate, MeterTemplate,
    NetworkInterfaceTemplate, NetworkPortTemplate, NetworkServiceTemplate, NetworkTemplate, ProtocolEndpointTemplate,
    ProtocolSegmentTemplate, SystemTemplate, VolumeTemplate,
};
use crate::Ref;

/// Defines a create body: what the new resource gets at once, and the rows that are given.
///
/// In 1.x all common elements are allowed; in 2.0 they are `name`, `description` and `properties`.
macro_rules! create {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $wire:literal v2_only { $($row:tt)* }
    ) => {
        record! {
            $(#[doc = $doc])+
            pub $name = $wire Create [v2_only, clause("4.2.1.1")] {
                /// The name of the new resource.
                name: Option<String> = "name",
                /// The description of the new resource.
                description: Option<String> = "description",
                /// The key-value pairs of the new resource.
                properties: $crate::Map = "properties" [item("property"), constraints(false, false, true, true)],
                $($row)*
            }
        }
    };
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $wire:literal $([$option:ident])? { $($row:tt)* }
    ) => {
        record! {
            $(#[doc = $doc])+
            pub $name = $wire Create [clause("4.2.1.1") $(, $option)?] {
                /// In 1.x, a URI for the new resource.
                id: Option<$crate::Uri> = "id" [v1_only, constraints(false, false, false, false)],
                /// The name of the new resource.
                name: Option<String> = "name",
                /// The description of the new resource.
                description: Option<String> = "description",
                /// In 1.x, allowed and of no effect.
                created: Option<$crate::DateTime> = "created" [v1_only, constraints(false, false, false, false)],
                /// In 1.x, allowed and of no effect.
                updated: Option<$crate::DateTime> = "updated" [v1_only, constraints(false, false, true, false)],
                /// The key-value pairs of the new resource.
                properties: $crate::Map = "properties" [item("property"), constraints(false, false, true, true)],
                $($row)*
            }
        }
    };
}

create! {
    /// A request for a new System (DSP0263 4.2.1.1).
    pub SystemCreate = "SystemCreate" {
        /// The template: by value, or by reference with attributes that override it.
        system_template: Option<Ref<SystemTemplate>> = "systemTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new Machine (DSP0263 4.2.1.1).
    pub MachineCreate = "MachineCreate" {
        /// The template: by value, or by reference with attributes that override it.
        machine_template: Option<Ref<MachineTemplate>> = "machineTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new Credential (DSP0263 4.2.1.1).
    pub CredentialCreate = "CredentialCreate" [sensitive] {
        /// The template: by value, or by reference with attributes that override it.
        credential_template: Option<Ref<CredentialTemplate>> = "credentialTemplate"
            [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new Volume (DSP0263 4.2.1.1).
    pub VolumeCreate = "VolumeCreate" {
        /// The template: by value, or by reference with attributes that override it.
        volume_template: Option<Ref<VolumeTemplate>> = "volumeTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new Network (DSP0263 4.2.1.1).
    pub NetworkCreate = "NetworkCreate" {
        /// The template: by value, or by reference with attributes that override it.
        network_template: Option<Ref<NetworkTemplate>> = "networkTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new `NetworkInterface` (DSP0263 4.2.1.1).
    pub NetworkInterfaceCreate = "NetworkInterfaceCreate" v2_only {
        /// The template: by value, or by reference with attributes that override it.
        network_interface_template: Option<Ref<NetworkInterfaceTemplate>> = "networkInterfaceTemplate"
            [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new `ProtocolSegment` (DSP0263 4.2.1.1).
    pub ProtocolSegmentCreate = "ProtocolSegmentCreate" v2_only {
        /// The template: by value, or by reference with attributes that override it.
        protocol_segment_template: Option<Ref<ProtocolSegmentTemplate>> = "protocolSegmentTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new `ProtocolEndpoint` (DSP0263 4.2.1.1).
    pub ProtocolEndpointCreate = "ProtocolEndpointCreate" v2_only {
        /// The template: by value, or by reference with attributes that override it.
        protocol_endpoint_template: Option<Ref<ProtocolEndpointTemplate>> = "protocolEndpointTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new `NetworkService` (DSP0263 4.2.1.1).
    pub NetworkServiceCreate = "NetworkServiceCreate" v2_only {
        /// The template: by value, or by reference with attributes that override it.
        network_service_template: Option<Ref<NetworkServiceTemplate>> = "networkServiceTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new Meter (DSP0263 4.2.1.1).
    pub MeterCreate = "MeterCreate" {
        /// The template: by value, or by reference with attributes that override it.
        meter_template: Option<Ref<MeterTemplate>> = "meterTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// A request for a new `EventLog` (DSP0263 4.2.1.1).
    pub EventLogCreate = "EventLogCreate" {
        /// The template: by value, or by reference with attributes that override it.
        event_log_template: Option<Ref<EventLogTemplate>> = "eventLogTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// In 1.x, a request for a new Address (CIMI 1.1).
    pub AddressCreate = "AddressCreate" [v1_only] {
        /// The template: by value, or by reference with attributes that override it.
        address_template: Option<Ref<AddressTemplate>> = "addressTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// In 1.x, a request for a new `ForwardingGroup` (CIMI 1.1).
    pub ForwardingGroupCreate = "ForwardingGroupCreate" [v1_only] {
        /// The template: by value, or by reference with attributes that override it.
        forwarding_group_template: Option<Ref<ForwardingGroupTemplate>> = "forwardingGroupTemplate" [constraints(true, true, true, true), v1_required],
    }
}

create! {
    /// In 1.x, a request for a new `NetworkPort` (CIMI 1.1).
    pub NetworkPortCreate = "NetworkPortCreate" [v1_only] {
        /// The template: by value, or by reference with attributes that override it.
        network_port_template: Option<Ref<NetworkPortTemplate>> = "networkPortTemplate" [constraints(true, true, true, true), v1_required],
    }
}
