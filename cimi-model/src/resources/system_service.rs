//! Services that a System is supported by (5.13.3, 5.13.6).

use super::documented::{record, resource};
use super::{CloudEntryPoint, Machine, NetworkService, System, Volume};
use crate::meta::KeysOf;
use crate::meta::OperationsIf;
use crate::reflect::Described;
use crate::{Collection, Map, Ref, Uri, collection, open_enum};

/// The services that the standard defines (DSP0263 5.13.3.1, 5.13.3.2); providers may have others.
pub mod service_type {
    /// Recovery of Machines from failures.
    pub const HIGH_RELIABILITY: &str = "http://schemas.dmtf.org/cimi/2/SystemService/highreliability";
    /// The same, with a backup Machine for each.
    pub const HIGH_RELIABILITY_ACTIVE: &str = "http://schemas.dmtf.org/cimi/2/SystemService/highreliability/active";
    /// The same, with an up-to-date image of each Machine.
    pub const HIGH_RELIABILITY_PASSIVE: &str = "http://schemas.dmtf.org/cimi/2/SystemService/highreliability/passive";
    /// Recovery from the failure of a data center.
    pub const DISASTER_RECOVERY: &str = "http://schemas.dmtf.org/cimi/2/SystemService/disasterrecovery";
}

open_enum! {
    /// How the state of Machines is copied to their backups (DSP0263 5.13.3.1, table 11).
    pub ReplicationType {
        /// With each change.
        Synchronous = "synchronous",
        /// Some time after a change.
        Asynchronous = "asynchronous",
        /// Not at all.
        None = "none",
        /// Once, when the backup is made.
        OnlyAtClusterCreation = "onlyAtClusterCreation",
    }
}

record! {
    /// The parameters of a service for high reliability (DSP0263 5.13.3.1, table 11).
    pub HighReliabilityParameters = "HighReliability.parameters" Keys [v2_only, clause("5.13.3.1")] {
        /// The network services of the System that support this service.
        network_services: Option<Ref<Collection<NetworkService>>> = "networkServices",
        /// The time between two heartbeats in milliseconds.
        heartbeat: Option<i64> = "heartbeat" [unit("milliseconds"), range(0, i64::MAX)],
        /// How the state of Machines is copied.
        replication_type: Option<ReplicationType> = "replicationType" [closed],
        /// The recovery point objective in minutes, where disks are copied asynchronously.
        rpo: Option<i64> = "RPO" [unit("minutes"), range(0, i64::MAX)],
    }
}

record! {
    /// The parameters of a service for disaster recovery (DSP0263 5.13.3.2, table 13).
    pub DisasterRecoveryParameters = "DisasterRecovery.parameters" Keys [v2_only, clause("5.13.3.2")] {
        /// The data center or cloud that is the backup.
        backup_data_center: Option<Uri> = "backupDataCenter",
        /// The entry point under which resources are recovered.
        backup_cep: Option<Ref<CloudEntryPoint>> = "backupCEP",
        /// The network services of the System that support this service.
        network_services: Option<Ref<Collection<NetworkService>>> = "networkServices",
    }
}

record! {
    /// The parameters of a descriptor of a service for high reliability (DSP0263 5.13.6.1, table 15).
    pub HighReliabilityDescriptor = "highreliability" Keys [v2_only, clause("5.13.6.1")] {
        /// The Machines that the service is for, each as `#name` of a component.
        machines: Vec<String> = "machines" [item("machine")],
        /// The Network that connects them, as `#name` of a component.
        network: Option<String> = "network",
        /// The time between two heartbeats in milliseconds.
        heartbeat: Option<i64> = "heartbeat" [unit("milliseconds"), range(0, i64::MAX)],
        /// How disks are copied.
        replication_type: Option<ReplicationType> = "replicationType" [closed],
        /// The recovery point objective in minutes, where disks are copied asynchronously.
        rpo: Option<i64> = "RPO" [unit("minutes"), range(0, i64::MAX)],
    }
}

/// The keys of `parameters` by the type of service.
const PARAMETERS: &[KeysOf] = &[
    (service_type::HIGH_RELIABILITY, HighReliabilityParameters::described),
    (service_type::DISASTER_RECOVERY, DisasterRecoveryParameters::described),
];

/// The same in a descriptor.
pub(super) const DESCRIPTOR_PARAMETERS: &[KeysOf] =
    &[(service_type::HIGH_RELIABILITY, HighReliabilityDescriptor::described)];

resource! {
    /// A service that manages resources of a System (DSP0263 5.13.3, tables 10, 11 and 13).
    ///
    /// The resources are not its components: they stay when it is deleted.
    pub SystemService = "SystemService" [
        v2_only, clause("5.13.3"),
        operations(&["edit", "delete", "forceSync", "swapBackup", "addRM", "removeRM"]),
        operations_if(&[
            OperationsIf::new("serviceType", service_type::HIGH_RELIABILITY, &["forceSync", "swapBackup", "addRM", "removeRM"]),
            OperationsIf::new("serviceType", service_type::DISASTER_RECOVERY, &["addRM", "removeRM"]),
        ]),
    ] {
        /// What the service does, for example [`service_type::DISASTER_RECOVERY`].
        service_type: Option<Uri> = "serviceType" [follows_dialect],
        /// The Machines that are managed. For high reliability the members are [`RecoverableMachine`](super::RecoverableMachine)s,
        /// which know their backups.
        machines: Option<Ref<Collection<Machine>>> = "machines",
        /// The Volumes that are managed.
        volumes: Option<Ref<Collection<Volume>>> = "volumes",
        /// The Systems that are managed.
        systems: Option<Ref<Collection<System>>> = "systems",
        /// What is particular to the service (tables 11 and 13).
        parameters: Map = "parameters" [item("parameter"), keys("serviceType", PARAMETERS)],
    }
}
collection!(SystemService, "SystemServiceCollection", "systemServices");

impl SystemService {
    /// Whether the service recovers Machines from failures.
    #[must_use]
    pub fn is_high_reliability(&self) -> bool {
        self.is(service_type::HIGH_RELIABILITY)
    }

    /// Whether the service recovers from the failure of a data center.
    #[must_use]
    pub fn is_disaster_recovery(&self) -> bool {
        self.is(service_type::DISASTER_RECOVERY)
    }

    /// Whether the type of service is this one or a path below it.
    fn is(&self, service: &str) -> bool {
        let rest = self.service_type.as_ref().and_then(|uri| uri.as_str().strip_prefix(service));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
