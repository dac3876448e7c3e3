//! High availability and disaster recovery (DSP2042 4.1, use cases BC/DR-001 and BC/DR-002).
//!
//! * [`HIGH_AVAILABILITY`] is the attribute of figures 1 and 3, [`DISASTER_RECOVERY`] its like for the other use case.
//!   Configurations offer them, templates choose among them ([`chosen`]), and resources keep them.
//! * [`Care`] is what 2.0 has for it: a service for high reliability with the Machines in its care. [`high_reliability`]
//!   and [`Care::clusters`] lead from one to the other, [`descriptor`] and [`of_descriptor`] to and from
//!   `SystemTemplate`s, [`disaster_recovery`] and [`recovery`] do the same for disasters; each says what could not be said.
//!   [`Care::perform`] does what the operations of the services do.
//! * [`failover`] says which steps follow from the states of Machines and the heartbeats that were missed, and
//!   [`recover`] which follow from the failure of a data center.
//!
//! ```
//! use cimi_model::MachineState;
//! use cimi_model::ext::availability::{ClusterType, HighAvailability, Node, Policy, failover};
//!
//! let active = HighAvailability { cluster_type: Some(ClusterType::Active), nodes: Some(2), ..Default::default() };
//! let node = |missed, serving| Node { state: Some(MachineState::Started), missed, serving, age: Some(0), ..Node::default() };
//! let plan = failover(&active, &[node(5, true), node(0, false)], &Policy::default());
//! let steps: Vec<_> = plan.steps.iter().map(ToString::to_string).collect();
//! assert_eq!(steps, ["6: stop node 0", "7b: send requests from node 0 to node 1"]);
//! ```

mod chains;
mod disaster;
mod model;
mod operations;
mod plan;
mod recovery;
mod reliability;
mod report;
mod situation;

pub use chains::Cluster;
pub use disaster::{DisasterFinding, DisasterPlan, ProtectedMachine, ProtectedVolume, RecoveryStep, Site, recover};
pub use model::{ClusterType, DISASTER_RECOVERY, DisasterRecovery, HIGH_AVAILABILITY, HighAvailability, chosen};
pub use operations::Effect;
pub use plan::{Finding, NumberedStep, Plan, failover};
pub use recovery::{Recovery, disaster_recovery, recovery};
pub use reliability::{Care, descriptor, high_reliability, of_descriptor};
pub use report::{Translated, Unsaid};
pub use situation::{Node, Policy, Step, Target};
