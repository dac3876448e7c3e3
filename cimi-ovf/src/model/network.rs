//! Networks.

use cimi_model::record;

use super::namespaces::OVF;
use super::{Item, Message, Node};

record! {
    /// The logical networks of the package (9.2).
    pub NetworkSection = "NetworkSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The networks.
        networks: Vec<Network> = "Network",
    }
}

record! {
    /// A logical network.
    pub Network = "Network" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Its name within the descriptor, which connections of items use.
        name: Option<String> = "name" [xml_attribute, required],
        /// The description.
        description: Option<Message> = "Description",
        /// Profiles of its ports, by value.
        network_port_profiles: Vec<NetworkPortProfile> = "NetworkPortProfile" [v2_only],
        /// Profiles of its ports, by URI.
        network_port_profile_uris: Vec<String> = "NetworkPortProfileURI" [v2_only],
    }
}

record! {
    /// The profile of the ports of a network.
    pub NetworkPortProfile = "NetworkPortProfile" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The settings, as of an `EthernetPortItem`.
        items: Vec<Item> = "Item",
    }
}
