//! The attributes, and where they stand.

use crate::ext::{Addition, NAMESPACE};
use crate::reflect::{Described, Record};
use crate::resources::CloudEntryPoint;
use crate::validate::{Problem, Rule, Severity};
use crate::{Ref, ReplicationType, Result, Type, Uri, open_enum, record, template};

open_enum! {
    /// How the nodes of a cluster share the work (DSP2042 4.1.1).
    pub ClusterType {
        /// One node is at work. When it fails, its backup is created and started.
        Passive = "passive",
        /// The nodes run side by side. When the one that serves fails, requests are switched to another at once.
        Active = "active",
    }
}

record! {
    /// How a Machine is kept available (DSP2042 4.1.1, figures 1 and 3).
    ///
    /// Beyond the type and the number of nodes, it has what a service for high reliability of 2.0 is told
    /// (DSP0263 5.13.3.1), under the same names.
    pub HighAvailability = "highAvailability" Structure [namespace(NAMESPACE)] {
        /// How the nodes share the work. A template may leave it to the configuration.
        cluster_type: Option<ClusterType> = "type" [closed],
        /// The number of nodes of an active cluster, the Machine itself among them.
        nodes: Option<i64> = "node" [aliases(&["nodes"]), range(2, i64::MAX)],
        /// The time between two heartbeats in milliseconds.
        heartbeat: Option<i64> = "heartbeat" [unit("milliseconds"), range(0, i64::MAX)],
        /// How the state of the Machine is copied to its backups.
        replication_type: Option<ReplicationType> = "replicationType" [closed],
        /// The recovery point objective in minutes, where copies are asynchronous.
        rpo: Option<i64> = "RPO" [unit("minutes"), range(0, i64::MAX)],
    }
}

record! {
    /// How a Machine or Volume outlives its data center (DSP2042 4.1.2).
    ///
    /// The document names no attribute; this has what a service for disaster recovery of 2.0 is told
    /// (DSP0263 5.13.3.2), under the same names, and how Volumes are copied.
    pub DisasterRecovery = "disasterRecovery" Structure [namespace(NAMESPACE)] {
        /// The data center or cloud that is the backup.
        backup_data_center: Option<Uri> = "backupDataCenter",
        /// The entry point under which resources are recovered.
        backup_cep: Option<Ref<CloudEntryPoint>> = "backupCEP",
        /// How disks and Volumes are copied.
        replication_type: Option<ReplicationType> = "replicationType" [closed],
        /// The recovery point objective in minutes, where copies are asynchronous.
        rpo: Option<i64> = "RPO" [unit("minutes"), range(0, i64::MAX)],
    }
}

/// The availability that a configuration offers, a template chooses and a resource has.
pub const HIGH_AVAILABILITY: Addition<HighAvailability> = Addition::new(
    NAMESPACE,
    "highAvailability",
    &["MachineConfiguration", "MachineTemplate", "Machine", "SystemTemplate", "System"],
    "How the Machines are kept available.",
)
.with_rules(HighAvailability::problems_on);

/// The recovery from disasters that a configuration offers, a template chooses and a resource has.
pub const DISASTER_RECOVERY: Addition<DisasterRecovery> = Addition::new(
    NAMESPACE,
    "disasterRecovery",
    &[
        "MachineConfiguration",
        "MachineTemplate",
        "Machine",
        "VolumeConfiguration",
        "VolumeTemplate",
        "Volume",
        "SystemTemplate",
        "System",
    ],
    "How the resource outlives its data center.",
)
.with_rules(|recovery, _| recovery.problems());

impl HighAvailability {
    /// What is wrong beyond the table: a passive cluster with a number of nodes; an active one without, which is taken
    /// for two; an objective for copies that are not asynchronous. Paths begin with the type.
    ///
    /// ```
    /// use cimi_model::ext::availability::{ClusterType, HighAvailability};
    ///
    /// let passive = HighAvailability { cluster_type: Some(ClusterType::Passive), nodes: Some(3), ..Default::default() };
    /// assert_eq!(passive.problems()[0].path, "/highAvailability/node");
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |rule, severity, text: &str| {
            problems.push(Problem::new("/highAvailability/node", rule, severity, "", text));
        };
        match (&self.cluster_type, self.nodes) {
            (Some(ClusterType::Passive), Some(_)) => {
                add(Rule::Forbidden, Severity::Error, "the number of nodes is for active clusters");
            }
            (Some(ClusterType::Active), None) => {
                add(Rule::Required, Severity::Warning, "without their number, there are two nodes");
            }
            _ => {}
        }
        problems.extend(objective("/highAvailability", self.replication_type.as_ref(), self.rpo));
        problems
    }

    /// What is wrong where it stands on a type: templates alone may leave the type of cluster open.
    fn problems_on(&self, owner: &'static Type) -> Vec<Problem> {
        let mut problems = self.problems();
        if self.cluster_type.is_none() && !owner.name.ends_with("Template") {
            let text = "high availability is of a type";
            problems.push(Problem::new("/highAvailability/type", Rule::Required, Severity::Error, "", text));
        }
        problems
    }
}

impl DisasterRecovery {
    /// What is wrong beyond the table: an objective for copies that are not asynchronous. Paths begin with the type.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        objective("/disasterRecovery", self.replication_type.as_ref(), self.rpo).into_iter().collect()
    }
}

/// An objective says how old a copy may be, which others never are (table 11).
fn objective(path: &str, replication: Option<&ReplicationType>, rpo: Option<i64>) -> Option<Problem> {
    let other = replication.filter(|replication| **replication != ReplicationType::Asynchronous)?;
    let text = format!("the objective is for asynchronous copies, not {other} ones");
    rpo.map(|_| Problem::new(format!("{path}/RPO"), Rule::Consistency, Severity::Warning, "5.13.3.1", text))
}

/// What holds for a resource that is made of a template with a configuration: what the template says itself, and for the
/// rest what the configuration says (DSP2042 4.1.1, step 2b: the number of nodes is given inline).
///
/// ```
/// use cimi_model::ext::availability::{ClusterType, HIGH_AVAILABILITY, HighAvailability, chosen};
/// use cimi_model::{MachineConfiguration, MachineTemplate};
///
/// let (mut template, mut configuration) = (MachineTemplate::default(), MachineConfiguration::default());
/// let offered = HighAvailability { cluster_type: Some(ClusterType::Active), nodes: Some(2), ..Default::default() };
/// HIGH_AVAILABILITY.set(&mut configuration, &offered)?;
/// HIGH_AVAILABILITY.set(&mut template, &HighAvailability { nodes: Some(3), ..Default::default() })?;
/// let found = chosen(&HIGH_AVAILABILITY, &template, &configuration)?;
/// assert_eq!(found, Some(HighAvailability { nodes: Some(3), ..offered }));
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// As [`Addition::get`], for either.
pub fn chosen<T: Described>(
    addition: &Addition<T>,
    template: &dyn Record,
    configuration: &dyn Record,
) -> Result<Option<T>> {
    Ok(match (addition.get(template)?, addition.get(configuration)?) {
        (Some(own), Some(base)) => {
            let merged = template::merge(&base, &own)?.into_any().downcast::<T>();
            Some(merged.map_or(own, |merged| *merged))
        }
        (own, base) => own.or(base),
    })
}
