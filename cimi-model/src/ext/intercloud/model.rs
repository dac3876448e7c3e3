//! The types, and where they stand.

use crate::ext::{Addition, NAMESPACE};
use crate::{Machine, Network, Ref, Uri, collection, open_enum, record, resource};

record! {
    /// One thing that a Network offers or an interface wants.
    pub NetworkCharacteristic = "characteristic" Structure [namespace(NAMESPACE)] {
        /// What it is: the name of one of the known [`CHARACTERISTICS`](super::CHARACTERISTICS), or another.
        name: Option<String> = "name" [required],
        /// The value: a decimal number, words with blanks between them, or a text, as the characteristic has it.
        value: Option<String> = "value" [required],
        /// The unit of a number; without it, that of the known characteristic.
        unit: Option<String> = "unit",
    }
}

impl NetworkCharacteristic {
    /// A characteristic with a unit, or without one if that is empty.
    #[must_use]
    pub fn new(name: &str, value: &str, unit: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            value: Some(value.to_owned()),
            unit: (!unit.is_empty()).then(|| unit.to_owned()),
            ..Self::default()
        }
    }
}

record! {
    /// The part of a Network that is in one cloud.
    pub NetworkSegment = "segment" Structure [namespace(NAMESPACE)] {
        /// The entry point of the cloud.
        cloud: Option<Uri> = "cloud" [required],
        /// The Network there.
        network: Option<Ref<Network>> = "network",
        /// What it offers there.
        characteristics: Vec<NetworkCharacteristic> = "characteristics" [item("characteristic")],
    }
}

open_enum! {
    /// What the segments of a Network have in common (DSP2042 4.4.5, notes).
    pub NetworkModel {
        /// All offer the same: of each characteristic the best that all of them have.
        Reconciled = "reconciled",
        /// Each offers what it has.
        Segmented = "segmented",
    }
}

record! {
    /// That a Network is in several clouds.
    pub SharedNetwork = "sharedNetwork" Structure [namespace(NAMESPACE)] {
        /// What its segments have in common; without it, they are reconciled.
        model: Option<NetworkModel> = "model" [closed],
        /// The segments.
        segments: Vec<NetworkSegment> = "segments" [item("segment")],
        /// What all of them offer, if they are reconciled.
        characteristics: Vec<NetworkCharacteristic> = "characteristics" [item("characteristic")],
    }
}

open_enum! {
    /// How far providers have come in sharing something.
    pub FederationState {
        /// One has asked the other.
        Proposed = "proposed",
        /// Both have agreed.
        Agreed = "agreed",
        /// It was refused.
        Refused = "refused",
        /// It has ended.
        Ended = "ended",
    }
}

resource! {
    /// What providers have agreed on to share virtual networking (DSP2042 4.4.4, step 1).
    pub NetworkFederation = "NetworkFederation" [namespace(NAMESPACE)] {
        /// The entry points of their clouds.
        clouds: Vec<Uri> = "clouds" [item("cloud")],
        /// How far it has come.
        state: Option<FederationState> = "state" [closed],
        /// The name servers.
        name_servers: Vec<String> = "nameServers" [item("nameServer")],
        /// The routers between the clouds.
        routers: Vec<String> = "routers" [item("router")],
        /// The proxies between the clouds.
        proxies: Vec<String> = "proxies" [item("proxy")],
        /// What Networks that are extended by it offer in the other cloud.
        characteristics: Vec<NetworkCharacteristic> = "characteristics" [item("characteristic")],
        /// What it costs, in words.
        price: Option<String> = "price",
    }
}
collection!(NetworkFederation, "NetworkFederationCollection", "networkFederations");

open_enum! {
    /// What a Machine may do with a Volume.
    pub VolumeAccess {
        /// Only read.
        ReadOnly = "readOnly",
        /// Read and write.
        ReadWrite = "readWrite",
    }
}

open_enum! {
    /// What deleting a Volume does while Machines use it.
    pub OnDelete {
        /// It is refused.
        Refuse = "refuse",
        /// They lose it.
        Disconnect = "disconnect",
    }
}

record! {
    /// That a Machine uses a Volume.
    pub VolumeUse = "use" Structure [namespace(NAMESPACE)] {
        /// The entry point of the cloud of the Machine.
        cloud: Option<Uri> = "cloud" [required],
        /// The Machine, by its absolute URI.
        machine: Option<Ref<Machine>> = "machine" [required],
        /// What it may do; without it, only read.
        access: Option<VolumeAccess> = "access" [closed],
    }
}

record! {
    /// That Machines of several clouds use a Volume (DSP2042 4.4.6).
    pub SharedVolume = "sharedVolume" Structure [namespace(NAMESPACE)] {
        /// Who uses it.
        uses: Vec<VolumeUse> = "uses" [item("use")],
        /// How many of them may write at most; without it, one.
        writers: Option<i64> = "writers" [range(0, i64::MAX)],
        /// What deleting it does while it is used; without it, it is refused.
        on_delete: Option<OnDelete> = "onDelete" [closed],
    }
}

/// That a Network is in several clouds, or is to be.
pub const SHARED_NETWORK: Addition<SharedNetwork> = Addition::new(
    NAMESPACE,
    "sharedNetwork",
    &["Network", "NetworkTemplate"],
    "The clouds that the Network is in, and what it offers there.",
);

/// That Machines of several clouds use a Volume.
pub const SHARED_VOLUME: Addition<SharedVolume> =
    Addition::new(NAMESPACE, "sharedVolume", &["Volume"], "The Machines of several clouds that use the Volume.");
