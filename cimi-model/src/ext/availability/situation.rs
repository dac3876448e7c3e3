//! What is seen of a cluster at one time, and what can be done about it.

use std::fmt;

use crate::{Action, MachineState, Ref, ReplicationType, Uri, lifecycle};

use super::{ClusterType, HighAvailability};

/// What is seen of one node of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they see")]
pub struct Node {
    /// The state of the Machine; `None` if there is none: a passive backup need not exist before it is needed.
    pub state: Option<MachineState>,
    /// How many heartbeats in a row have not come.
    pub missed: u32,
    /// Whether requests go to it.
    pub serving: bool,
    /// How old its copy of the state of the one that serves is, in minutes; of a passive backup that does not exist, its
    /// image. `Some(0)` for the original; `None` if there has never been one.
    pub age: Option<i64>,
    /// Whether it has taken requests while another one did: it has data that no other node has, and that are lost when
    /// a copy is made to it.
    pub diverged: bool,
}

/// What a provider has decided about failures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Policy {
    /// How many heartbeats in a row may be missed; with one more, the node has failed.
    pub tolerated: u32,
    /// Whether requests go back to the first node once it runs again.
    pub failback: bool,
    /// Whether a node whose copy is older than the recovery point objective is left alone, rather than put to use
    /// with its loss of data.
    pub hold: bool,
}

/// A step of a plan. Nodes are given by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Requests no longer go to this node, while they go to another one.
    Withdraw {
        /// The node.
        node: usize,
    },
    /// The state of one node is copied to another.
    Synchronize {
        /// The node that serves.
        from: usize,
        /// Its backup.
        to: usize,
    },
    /// A node that has failed is stopped by force: from where it is seen, nobody knows that it does nothing.
    Stop {
        /// The node.
        node: usize,
    },
    /// A passive backup is created from its image.
    Create {
        /// The node.
        node: usize,
    },
    /// A node is started.
    Start {
        /// The node.
        node: usize,
    },
    /// Nothing is done until a node runs that is on its way to.
    Await {
        /// The node.
        node: usize,
    },
    /// Requests go to another node.
    Redirect {
        /// The node that they went to.
        from: Option<usize>,
        /// The node that they go to.
        to: usize,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Withdraw { node } => write!(f, "send no requests to node {node}"),
            Self::Synchronize { from, to } => write!(f, "copy the state of node {from} to node {to}"),
            Self::Stop { node } => write!(f, "stop node {node}"),
            Self::Create { node } => write!(f, "create node {node}"),
            Self::Start { node } => write!(f, "start node {node}"),
            Self::Await { node } => write!(f, "wait for node {node} to run"),
            Self::Redirect { from: Some(from), to } => write!(f, "send requests from node {from} to node {to}"),
            Self::Redirect { from: None, to } => write!(f, "send requests to node {to}"),
        }
    }
}

impl Step {
    /// The request that stands for the step, and whether it goes to the service rather than to the node: `stop` and
    /// `start` of a Machine, `forceSync` and, between neighbours, `swapBackup` of a service for high reliability. The
    /// others are the provider's own.
    ///
    /// `nodes` are the Machines of the cluster, in the order of the plan.
    #[must_use]
    pub fn action(&self, nodes: &[Uri]) -> Option<(Target, Action)> {
        let of_machine = |node: &usize, action: &str, force: bool| {
            let uri = nodes.get(*node)?.clone();
            let action = Action { action: Some(action.into()), force: force.then_some(true), ..Action::default() };
            Some((Target::Machine(uri), action))
        };
        let of_service = |node: &usize, action: &str| {
            let node = Some(Ref::to(nodes.get(*node)?.clone()));
            Some((Target::Service, Action { action: Some(action.into()), node, ..Action::default() }))
        };
        match self {
            Self::Stop { node } => of_machine(node, lifecycle::action::STOP, true),
            Self::Start { node } => of_machine(node, lifecycle::action::START, false),
            Self::Synchronize { from, .. } => of_service(from, lifecycle::action::FORCE_SYNC),
            // The one that served and its neighbour back each other up, whichever of them was the backup before.
            Self::Redirect { from: Some(from), to } if from.abs_diff(*to) == 1 => {
                of_service(from, lifecycle::action::SWAP_BACKUP)
            }
            Self::Redirect { .. } | Self::Withdraw { .. } | Self::Create { .. } | Self::Await { .. } => None,
        }
    }

    /// What the nodes are once the step has been carried out. Places that there are not are passed over.
    pub fn apply(&self, nodes: &mut [Node]) {
        match *self {
            Self::Withdraw { node } => change(nodes, node, |node| {
                node.serving = false;
                node.diverged = true;
            }),
            Self::Synchronize { to, .. } => change(nodes, to, |node| node.age = Some(0)),
            Self::Stop { node } | Self::Create { node } => change(nodes, node, |node| {
                node.state = Some(MachineState::Stopped);
                node.missed = 0;
            }),
            Self::Start { node } | Self::Await { node } => change(nodes, node, |node| {
                node.state = Some(MachineState::Started);
                node.missed = 0;
            }),
            Self::Redirect { from, to } => {
                let most = u32::MAX;
                let runs =
                    from.and_then(|from| nodes.get(from)).is_some_and(|node| node.health(most) == Health::Running);
                if let Some(from) = from {
                    // What has failed did not get everything, and its data may be worth a look.
                    change(nodes, from, |node| {
                        node.serving = false;
                        node.age = runs.then_some(0);
                    });
                }
                change(nodes, to, |node| {
                    node.serving = true;
                    node.age = Some(0);
                });
            }
        }
    }
}

fn change(nodes: &mut [Node], place: usize, with: impl FnOnce(&mut Node)) {
    if let Some(node) = nodes.get_mut(place) {
        with(node);
    }
}

/// What a request goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// The Machine with this URI.
    Machine(Uri),
    /// The service that has the cluster in its care.
    Service,
}

/// What can be made of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Health {
    /// It runs.
    Running,
    /// It is on its way to.
    Coming,
    /// It rests, and can be started.
    Resting,
    /// It does not exist.
    Absent,
    /// It has failed, or is on its way to rest.
    Lost,
}

impl Node {
    /// A running node, whose state the provider need not know by name, is one whose heartbeats come.
    pub(super) fn health(&self, tolerated: u32) -> Health {
        let Some(state) = &self.state else { return Health::Absent };
        match state {
            MachineState::Started | MachineState::Capturing | MachineState::Other(_) if self.missed <= tolerated => {
                Health::Running
            }
            MachineState::Creating | MachineState::Starting | MachineState::Restoring => Health::Coming,
            MachineState::Stopped | MachineState::Paused | MachineState::Suspended => Health::Resting,
            _ => Health::Lost,
        }
    }

    /// Whether the one that serves has failed. One that is just starting has time to, as long as it is not missed.
    pub(super) fn has_failed(&self, tolerated: u32) -> bool {
        match self.health(tolerated) {
            Health::Running => false,
            Health::Coming => self.missed > tolerated,
            _ => true,
        }
    }

    /// Whether it certainly does nothing.
    pub(super) fn is_at_rest(&self) -> bool {
        matches!(
            self.state,
            None | Some(MachineState::Stopped | MachineState::Paused | MachineState::Suspended | MachineState::Failed)
        )
    }
}

/// What is demanded of copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copies {
    /// There are none.
    None,
    /// There is one, made at the beginning.
    Once,
    /// They are at most so many minutes old; without a number, they are made.
    Within(Option<i64>),
}

impl Copies {
    pub(super) fn of(replication: Option<&ReplicationType>, rpo: Option<i64>) -> Self {
        match replication {
            Some(ReplicationType::None) => Self::None,
            Some(ReplicationType::OnlyAtClusterCreation) => Self::Once,
            Some(ReplicationType::Synchronous) => Self::Within(Some(0)),
            _ => Self::Within(rpo),
        }
    }

    /// Whether a copy of this age is too old to lose nothing that counts.
    pub(super) fn are_exceeded(self, age: Option<i64>) -> bool {
        match (self, age) {
            (Self::None, _) | (Self::Once | Self::Within(None), Some(_)) => false,
            (Self::Once | Self::Within(_), None) => true,
            (Self::Within(Some(most)), Some(age)) => age > most,
        }
    }
}

impl HighAvailability {
    pub(super) fn copies(&self) -> Copies {
        Copies::of(self.replication_type.as_ref(), self.rpo)
    }

    /// Whether backups need not run before they are needed.
    pub(super) fn is_passive(&self) -> bool {
        self.cluster_type != Some(ClusterType::Active)
    }
}
