//! The types, and where they stand.

use crate::ext::{Addition, NAMESPACE};
use crate::{Uri, collection, open_enum, record, resource};

open_enum! {
    /// How much a cloud tells of itself to another one (DSP2042 4.4.1.2).
    pub Visibility {
        /// What it has and what of it is in use. What it does not name, it does not have.
        Detailed = "detailed",
        /// Some of what it has. What it does not name may be there.
        Limited = "limited",
        /// Nothing: it can only be told to make resources.
        None = "none",
    }
}

open_enum! {
    /// What there is an amount of in a cloud.
    pub Quantity {
        /// Machines.
        Machines = "machines",
        /// The CPUs of Machines.
        Cpu = "cpu",
        /// The memory of Machines, in kibibytes.
        Memory = "memory",
        /// The capacity of disks and Volumes, in kilobytes.
        Storage = "storage",
        /// Volumes.
        Volumes = "volumes",
        /// Networks.
        Networks = "networks",
    }
}

record! {
    /// What a cloud has of one quantity, and what of it is in use.
    pub Capacity = "capacity" Structure [namespace(NAMESPACE)] {
        /// The quantity.
        quantity: Option<Quantity> = "quantity" [required],
        /// How much there is; without it, as much as anybody wants.
        total: Option<i64> = "total" [range(0, i64::MAX)],
        /// How much of that is in use; without it, nothing.
        used: Option<i64> = "used" [range(0, i64::MAX)],
        /// The most that a single resource can have of it.
        largest: Option<i64> = "largest" [range(0, i64::MAX)],
    }
}

record! {
    /// A way from one cloud to another, in both directions.
    pub CloudConnection = "connection" Structure [namespace(NAMESPACE)] {
        /// The entry point of the other cloud.
        cloud: Option<Uri> = "cloud" [required],
        /// Its bandwidth in megabits per second; without it, as much as anybody wants.
        bandwidth: Option<i64> = "bandwidth" [unit("megabits per second"), range(0, i64::MAX)],
        /// How much of that is in use.
        used: Option<i64> = "used" [unit("megabits per second"), range(0, i64::MAX)],
        /// How long a message is on its way, in milliseconds.
        latency: Option<i64> = "latency" [unit("milliseconds"), range(0, i64::MAX)],
    }
}

resource! {
    /// What a provider knows of a cloud below it: what it can do, what it has, and what of that is in use (DSP2042
    /// 4.4.1, Multicloud-001 step 1).
    pub SubCloud = "SubCloud" [namespace(NAMESPACE)] {
        /// Its entry point, by which rules and connections name it.
        entry_point: Option<Uri> = "entryPoint" [required],
        /// Where it stands, for rules about locations.
        location: Option<String> = "location",
        /// How much it tells; without it, `limited`.
        visibility: Option<Visibility> = "visibility" [closed],
        /// What it has.
        capacities: Vec<Capacity> = "capacities" [item("capacity")],
        /// What it can do, by the URIs of capabilities (DSP0263 5.12) or others.
        capabilities: Vec<Uri> = "capabilities" [item("capability")],
        /// Its ways to other clouds.
        connections: Vec<CloudConnection> = "connections" [item("connection")],
    }
}
collection!(SubCloud, "SubCloudCollection", "subClouds");

open_enum! {
    /// What a rule demands.
    pub RuleKind {
        /// The members are in the same place.
        Affinity = "affinity",
        /// No two members are in the same place.
        AntiAffinity = "antiAffinity",
        /// Each member is in one of the named places.
        Within = "within",
        /// No member is in any of the named places.
        Outside = "outside",
    }
}

open_enum! {
    /// What counts as one place.
    pub Level {
        /// A cloud, named by its entry point.
        Cloud = "cloud",
        /// All clouds of one location, named as `location` of a [`SubCloud`] has it. A cloud that does not say where it
        /// stands is a location of its own.
        Location = "location",
    }
}

open_enum! {
    /// Whether a rule can be broken.
    pub Strength {
        /// It cannot.
        Required = "required",
        /// It is kept where that is possible.
        Preferred = "preferred",
    }
}

record! {
    /// Where components of a System shall be, or in what relation (DSP2042 4.4.3, Multicloud-003, subcase 1).
    pub PlacementRule = "rule" Structure [namespace(NAMESPACE)] {
        /// What it demands.
        kind: Option<RuleKind> = "kind" [required, closed],
        /// The components, by name (with or without `#`) or id; the name of a descriptor with a quantity means each of
        /// the components that are made from it.
        members: Vec<String> = "members" [item("member")],
        /// What counts as one place; without it, a cloud.
        level: Option<Level> = "level" [closed],
        /// The places of `within` and `outside`.
        places: Vec<String> = "places" [item("place")],
        /// Whether it can be broken; without it, it cannot.
        strength: Option<Strength> = "strength" [closed],
    }
}

record! {
    /// What passes between components, and what the way between their clouds must bear. Within one cloud everything passes.
    pub Traffic = "traffic" Structure [namespace(NAMESPACE)] {
        /// One component, named as the members of rules.
        from: Option<String> = "from" [required],
        /// The other.
        to: Option<String> = "to" [required],
        /// The bandwidth that they need together.
        bandwidth: Option<i64> = "bandwidth" [unit("megabits per second"), range(0, i64::MAX)],
        /// The longest time that a message may be on its way.
        latency: Option<i64> = "latency" [unit("milliseconds"), range(0, i64::MAX)],
    }
}

record! {
    /// How the components of a System are to be spread over clouds.
    pub PlacementPolicy = "placementPolicy" Structure [namespace(NAMESPACE)] {
        /// The rules.
        rules: Vec<PlacementRule> = "rules" [item("rule")],
        /// What passes between components.
        traffic: Vec<Traffic> = "traffic" [item("flow")],
    }
}

record! {
    /// Where a resource shall be or is (Multicloud-003, subcase 2).
    pub Place = "placement" Structure [namespace(NAMESPACE)] {
        /// The entry point of the cloud.
        cloud: Option<Uri> = "cloud",
        /// The location, as that of a [`SubCloud`].
        location: Option<String> = "location",
    }
}

/// How the components of a System are to be spread over clouds.
pub const PLACEMENT_POLICY: Addition<PlacementPolicy> = Addition::new(
    NAMESPACE,
    "placementPolicy",
    &["System", "SystemTemplate"],
    "How the components are to be spread over clouds.",
);

/// Of a template, the cloud in which resources are to be made from it; of a resource, the cloud that it is in.
pub const PLACEMENT: Addition<Place> = Addition::new(
    NAMESPACE,
    "placement",
    &[
        "MachineTemplate",
        "VolumeTemplate",
        "NetworkTemplate",
        "SystemTemplate",
        "Machine",
        "Volume",
        "Network",
        "System",
    ],
    "The cloud that the resource is in, or shall be made in.",
);
