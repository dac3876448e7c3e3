//! Systems (5.13.1).

use super::documented::resource;
use super::{
    Credential, EventLog, Machine, Meter, Network, NetworkService, SystemAddress, SystemCredential,
    SystemForwardingGroup, SystemMachine, SystemNetwork, SystemNetworkPort, SystemService, SystemSystem, SystemVolume,
    Volume, lifecycles,
};
use crate::reflect::Described;
use crate::{Collection, Ref, collection, states};

states! {
    /// The operational state of a System, which follows from that of its Machines (DSP0263 5.13.1, table 9).
    pub SystemState {
        /// Being created.
        Creating = "CREATING" transient,
        /// All Machines are being started.
        Starting = "STARTING" transient,
        /// All Machines are started.
        Started = "STARTED" lasting,
        /// All Machines are being stopped.
        Stopping = "STOPPING" transient,
        /// All Machines are stopped.
        Stopped = "STOPPED" lasting,
        /// All Machines are being paused.
        Pausing = "PAUSING" transient,
        /// All Machines are paused.
        Paused = "PAUSED" lasting,
        /// All Machines are being suspended.
        Suspending = "SUSPENDING" transient,
        /// All Machines are suspended.
        Suspended = "SUSPENDED" lasting,
        /// There are no Machines, or they are in different states.
        Mixed = "MIXED" lasting,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
    }
}

resource! {
    /// Machines, Volumes, Networks and others that are operated as one (DSP0263 5.13.1, table 9).
    pub System = "System" [
        clause("5.13.1"),
        operations(&["edit", "delete", "start", "stop", "restart", "pause", "suspend", "export"]),
        lifecycle(&lifecycles::SYSTEM),
    ] {
        /// The operational state.
        state: Option<SystemState> = "state" [read_only],
        /// The Systems that are components of this one.
        systems: Option<Ref<Collection<System>>> = "systems"
            [child, v1_collection(Collection::<SystemSystem>::described)],
        /// The Machines that are components of this System.
        machines: Option<Ref<Collection<Machine>>> = "machines"
            [child, v1_collection(Collection::<SystemMachine>::described)],
        /// The Credentials that are components of this System.
        credentials: Option<Ref<Collection<Credential>>> = "credentials"
            [child, v1_collection(Collection::<SystemCredential>::described)],
        /// The Volumes that are components of this System.
        volumes: Option<Ref<Collection<Volume>>> = "volumes"
            [child, v1_collection(Collection::<SystemVolume>::described)],
        /// The Networks that are components of this System.
        networks: Option<Ref<Collection<Network>>> = "networks"
            [child, v1_collection(Collection::<SystemNetwork>::described)],
        /// In 1.x, the network ports that are components of this System.
        network_ports: Option<Ref<Collection<SystemNetworkPort>>> = "networkPorts" [child, v1_only],
        /// In 1.x, the Addresses that are components of this System.
        addresses: Option<Ref<Collection<SystemAddress>>> = "addresses" [child, v1_only],
        /// In 1.x, the forwarding groups that are components of this System.
        forwarding_groups: Option<Ref<Collection<SystemForwardingGroup>>> = "forwardingGroups" [child, v1_only],
        /// The network services that are components of this System.
        network_services: Option<Ref<Collection<NetworkService>>> = "networkServices" [child, v2_only],
        /// The system services that support this System.
        services: Option<Ref<Collection<SystemService>>> = "services" [child, v2_only],
        /// The Meters that watch the System itself, not its components.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child],
        /// The `EventLog` of the System itself, not of its components.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}
collection!(System, "SystemCollection", "systems", variants: ["SystemSystemCollection"], operations: ["add", "import"]);
