//! The items of collections of 1.x that refer to a resource; 2.0 has the resource itself in their place.

use super::documented::resource;
use super::{
    Address, Credential, ForwardingGroup, Machine, MachineImage, Network, NetworkPort, System, Volume, VolumeImage,
};
use crate::{Ref, collection};

/// Defines an item that refers to a resource.
macro_rules! association {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $wire:literal, $collection:literal, $grouping:literal $(, v1_operations: $operations:literal)? {
            $field:ident: $target:ty = $row:literal $([ $($option:tt)* ])?
        }
    ) => {
        resource! {
            $(#[doc = $doc])+
            pub $name = $wire [v1_only, clause("CIMI 1.1")] {
                /// The resource that is referred to.
                $field: Option<Ref<$target>> = $row [accessory_of_target $( , $($option)* )?],
            }
        }
        collection!($name, $collection, $grouping $(, v1_operations: $operations)?);
    };
}

association! {
    /// A System that is part of another (CIMI 1.1).
    pub SystemSystem = "SystemSystem", "SystemSystemCollection", "systemSystems" { system: System = "system" }
}

association! {
    /// A Machine that is part of a System (CIMI 1.1).
    pub SystemMachine = "SystemMachine", "SystemMachineCollection", "systemMachines" { machine: Machine = "machine" }
}

association! {
    /// A Credential that is part of a System (CIMI 1.1).
    pub SystemCredential = "SystemCredential", "SystemCredentialCollection", "systemCredentials" {
        credential: Credential = "credential"
    }
}

association! {
    /// A Volume that is part of a System (CIMI 1.1).
    pub SystemVolume = "SystemVolume", "SystemVolumeCollection", "systemVolumes" { volume: Volume = "volume" }
}

association! {
    /// A Network that is part of a System (CIMI 1.1).
    pub SystemNetwork = "SystemNetwork", "SystemNetworkCollection", "systemNetworks" { network: Network = "network" }
}

association! {
    /// A network port that is part of a System (CIMI 1.1).
    pub SystemNetworkPort = "SystemNetworkPort", "SystemNetworkPortCollection", "systemNetworkPorts" {
        network_port: NetworkPort = "networkPort"
    }
}

association! {
    /// An Address that is part of a System (CIMI 1.1).
    pub SystemAddress = "SystemAddress", "SystemAddressCollection", "systemAddresses" { address: Address = "address" }
}

association! {
    /// A `ForwardingGroup` that is part of a System (CIMI 1.1).
    pub SystemForwardingGroup = "SystemForwardingGroup", "SystemForwardingGroupCollection", "systemForwardingGroups" {
        forwarding_group: ForwardingGroup = "forwardingGroup"
    }
}

association! {
    /// A snapshot of a Machine (CIMI 1.1).
    pub MachineSnapshot = "MachineSnapshot", "MachineSnapshotCollection", "machineSnapshots", v1_operations: false {
        snapshot: MachineImage = "snapshot" [v1_name("shapshot")]
    }
}

association! {
    /// An Address of a network interface (CIMI 1.1).
    pub MachineNetworkInterfaceAddress =
        "MachineNetworkInterfaceAddress", "MachineNetworkInterfaceAddressCollection", "machineNetworkInterfaceAddresses" {
        address: Address = "address"
    }
}

association! {
    /// An image of a Volume (CIMI 1.1).
    pub VolumeVolumeImage = "VolumeVolumeImage", "VolumeVolumeImageCollection", "volumeVolumeImages", v1_operations: false {
        volume_image: VolumeImage = "volumeImage"
    }
}

association! {
    /// A network port of a Network (CIMI 1.1).
    pub NetworkNetworkPort = "NetworkNetworkPort", "NetworkNetworkPortCollection", "networkNetworkPorts", v1_operations: false {
        network_port: NetworkPort = "networkPort"
    }
}

association! {
    /// A Network of a `ForwardingGroup` (CIMI 1.1).
    pub ForwardingGroupNetwork = "ForwardingGroupNetwork", "ForwardingGroupNetworkCollection", "forwardingGroupNetworks" {
        network: Network = "network"
    }
}
