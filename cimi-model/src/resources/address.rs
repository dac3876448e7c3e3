//! Addresses of 1.x and their templates, which 2.0 replaced by protocol endpoints.

use super::documented::resource;
use super::{AnyResource, Network};
use crate::{Ref, collection, open_enum};

open_enum! {
    /// How an Address is allocated (CIMI 1.1).
    pub AddressAllocation {
        /// By DHCP or the like.
        Dynamic = "dynamic",
        /// Once and for all.
        Static = "static",
    }
}

/// Defines a type with the attributes that an Address has from its template, and further ones after them.
macro_rules! address {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $wire:literal [ $($option:tt)* ] { $($row:tt)* }
    ) => {
        resource! {
            $(#[doc = $doc])+
            pub $name = $wire [ $($option)* ] {
                /// The IP address.
                ip: Option<String> = "ip",
                /// The name of the address in DNS.
                hostname: Option<String> = "hostname",
                /// How the address is allocated.
                allocation: Option<AddressAllocation> = "allocation",
                /// The address of the default gateway.
                default_gateway: Option<String> = "defaultGateway",
                /// The addresses of the name servers.
                dns: Vec<String> = "dns" [item("dns")],
                /// The protocol, for example `IPv4`.
                protocol: Option<String> = "protocol",
                /// The mask of the subnet.
                mask: Option<String> = "mask",
                /// The Network that the address belongs to.
                network: Option<Ref<Network>> = "network",
                $($row)*
            }
        }
    };
}

address! {
    /// An IP address and what belongs to it (CIMI 1.1).
    pub Address = "Address" [v1_only, clause("CIMI 1.1")] {
        /// The resource that uses the address.
        resource: Option<Ref<AnyResource>> = "resource",
    }
}
collection!(Address, "AddressCollection", "addresses");

address! {
    /// Values from which Addresses are created (CIMI 1.1).
    pub AddressTemplate = "AddressTemplate" [v1_only, clause("CIMI 1.1")] {}
}
collection!(AddressTemplate, "AddressTemplateCollection", "addressTemplates");
