//! The bodies of requests that create a resource from a template (4.2.1.1, 5.5.12.1).

use super::{
    CredentialTemplate, MachineTemplate, NetworkInterfaceTemplate, NetworkTemplate, SystemTemplate, VolumeTemplate,
};
use crate::{Ref, record};

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
        system_template: Option<Ref<SystemTemplate>> = "systemTemplate" [constraints(true, true, true, true)],
    }
}

create! {
    /// A request for a new Machine (DSP0263 4.2.1.1).
    pub MachineCreate = "MachineCreate" {
        /// The template: by value, or by reference with attributes that override it.
        machine_template: Option<Ref<MachineTemplate>> = "machineTemplate" [constraints(true, true, true, true)],
    }
}

create! {
    /// A request for a new Credential (DSP0263 4.2.1.1).
    pub CredentialCreate = "CredentialCreate" [sensitive] {
        /// The template: by value, or by reference with attributes that override it.
        credential_template: Option<Ref<CredentialTemplate>> = "credentialTemplate"
            [constraints(true, true, true, true)],
    }
}

create! {
    /// A request for a new Volume (DSP0263 4.2.1.1).
    pub VolumeCreate = "VolumeCreate" {
        /// The template: by value, or by reference with attributes that override it.
        volume_template: Option<Ref<VolumeTemplate>> = "volumeTemplate" [constraints(true, true, true, true)],
    }
}

create! {
    /// A request for a new Network (DSP0263 4.2.1.1).
    pub NetworkCreate = "NetworkCreate" {
        /// The template: by value, or by reference with attributes that override it.
        network_template: Option<Ref<NetworkTemplate>> = "networkTemplate" [constraints(true, true, true, true)],
    }
}

create! {
    /// A request for a new `NetworkInterface` (DSP0263 4.2.1.1).
    pub NetworkInterfaceCreate = "NetworkInterfaceCreate" v2_only {
        /// The template: by value, or by reference with attributes that override it.
        network_interface_template: Option<Ref<NetworkInterfaceTemplate>> = "networkInterfaceTemplate"
            [constraints(true, true, true, true)],
    }
}
