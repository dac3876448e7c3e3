//! What follows when a node fails (DSP2042 4.1.1, steps 5 to 8).

use std::fmt;

use super::HighAvailability;
use super::situation::{Copies, Health, Node, Policy, Step};

/// What is to be done about a cluster, and what is to be known about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The steps, each to be carried out when the one before it has been.
    pub steps: Vec<NumberedStep>,
    /// What was found in the situation that the plan is for.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// What the nodes are once all steps have been carried out.
    pub fn apply(&self, nodes: &mut [Node]) {
        for numbered in &self.steps {
            numbered.step.apply(nodes);
        }
    }
}

/// A step with its number in the process flow of BC/DR-001. `Display` prints `8: send requests from node 0 to node 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberedStep {
    /// The number: `5`, `6`, `7a`, `7b` or `8`.
    pub number: &'static str,
    /// The step.
    pub step: Step,
}

impl fmt::Display for NumberedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.number, self.step)
    }
}

/// Something to be known about a cluster. Nodes are given by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Requests go to several nodes, each of which has data that the others have not.
    SplitBrain {
        /// The nodes.
        nodes: Vec<usize>,
    },
    /// This node, which served, has failed.
    Failed {
        /// The node.
        node: usize,
    },
    /// No node can take over: there is nothing to be done but to mend one.
    Outage,
    /// There is one node alone.
    NoBackup,
    /// This backup could not take over.
    BackupDown {
        /// The node.
        node: usize,
    },
    /// This backup has data of its own, see [`Node::diverged`]. It is left alone until somebody has decided about them:
    /// `forceSync` gives them up.
    Diverged {
        /// The node.
        node: usize,
    },
    /// The node that takes over has a copy that is older than the recovery point objective.
    BeyondObjective {
        /// The node.
        node: usize,
        /// The age of the copy in minutes.
        age: Option<i64>,
    },
    /// It would, but [`Policy::hold`] has it left alone.
    Held {
        /// The node.
        node: usize,
        /// The age of the copy in minutes.
        age: Option<i64>,
    },
}

/// Says which steps follow from the states of the nodes of a cluster and the heartbeats that they have missed.
///
/// The first node is the one that is kept available, the others are its backups in the order in which they take over,
/// as in [`Cluster`](super::Cluster).
///
/// * **Split brain**: if requests go to several nodes, the first of them that has not failed keeps them; the others are withdrawn and
///   left alone, for their data are their own.
/// * **Failure** (steps 6 to 8): the node that serves has failed when it does not run or has missed too many heartbeats.
///   It is stopped, unless it certainly does nothing, and the next node behind it takes over. One whose copy is not too
///   old comes before one whose copy is, one that runs before one that rests; among copies that are too old, the
///   youngest. A node that has failed itself does not take over, and in an active cluster one that does not exist neither.
///   Where nobody can, nothing is done: a node that is missed may still serve somebody.
/// * **Copies** (step 5): the backups of a node that runs get a copy when theirs is missing or too old.
/// * **Failback**: when the policy says so and the first node runs again, it gets a copy, and then the requests.
///
/// A plan that has been carried out leaves nothing to be done, and what is left of one that has been carried out in part
/// is its rest; [`Step::apply`] says what each step does. The work is linear in the number of nodes.
///
/// ```
/// use cimi_model::MachineState;
/// use cimi_model::ext::availability::{ClusterType, HighAvailability, Node, Policy, failover};
///
/// let passive = HighAvailability { cluster_type: Some(ClusterType::Passive), ..Default::default() };
/// let failed = Node { state: Some(MachineState::Error), serving: true, age: Some(0), ..Default::default() };
/// let image = Node { age: Some(2), ..Default::default() };
/// let plan = failover(&passive, &[failed, image], &Policy::default());
/// let numbers: Vec<_> = plan.steps.iter().map(|step| step.number).collect();
/// assert_eq!(numbers, ["6", "7a", "7a", "8", "5"]);
/// ```
#[must_use]
pub fn failover(availability: &HighAvailability, nodes: &[Node], policy: &Policy) -> Plan {
    let mut planner = Planner {
        passive: availability.is_passive(),
        copies: availability.copies(),
        policy,
        nodes: nodes.to_vec(),
        plan: Plan::default(),
    };
    planner.look();
    let mut serving = planner.unite();
    if serving.and_then(|place| nodes.get(place)).is_none_or(|node| node.has_failed(policy.tolerated)) {
        serving = planner.take_over(serving);
    }
    if let Some(place) = serving.filter(|place| planner.health(*place) == Health::Running) {
        planner.copy(place);
        planner.fail_back(place);
    }
    planner.plan
}

struct Planner<'a> {
    passive: bool,
    copies: Copies,
    policy: &'a Policy,
    /// The nodes as they are after the steps so far.
    nodes: Vec<Node>,
    plan: Plan,
}

impl Planner<'_> {
    fn step(&mut self, number: &'static str, step: Step) {
        step.apply(&mut self.nodes);
        self.plan.steps.push(NumberedStep { number, step });
    }

    fn health(&self, place: usize) -> Health {
        self.nodes.get(place).map_or(Health::Lost, |node| node.health(self.policy.tolerated))
    }

    /// Finds what is to be known about backups.
    fn look(&mut self) {
        if self.nodes.len() == 1 {
            self.plan.findings.push(Finding::NoBackup);
        }
        for (place, node) in self.nodes.iter().enumerate().filter(|(_, node)| !node.serving) {
            if node.diverged {
                self.plan.findings.push(Finding::Diverged { node: place });
            } else if !self.is_ready(node) {
                self.plan.findings.push(Finding::BackupDown { node: place });
            }
        }
    }

    /// Whether a backup is what a backup of this cluster is when all is well.
    fn is_ready(&self, node: &Node) -> bool {
        match node.health(self.policy.tolerated) {
            Health::Running | Health::Coming => true,
            Health::Resting => self.passive,
            Health::Absent => self.passive && (node.age.is_some() || self.copies == Copies::None),
            Health::Lost => false,
        }
    }

    /// Leaves a single node that serves, if there is one.
    fn unite(&mut self) -> Option<usize> {
        let serving: Vec<usize> =
            self.nodes.iter().enumerate().filter(|(_, node)| node.serving).map(|(place, _)| place).collect();
        let works = |place: &&usize| !self.nodes.get(**place).is_none_or(|node| node.has_failed(self.policy.tolerated));
        let kept = serving.iter().find(works).or_else(|| serving.first()).copied()?;
        if serving.len() > 1 {
            self.plan.findings.push(Finding::SplitBrain { nodes: serving.clone() });
            for node in serving.into_iter().filter(|place| *place != kept) {
                self.step("6", Step::Withdraw { node });
            }
        }
        Some(kept)
    }

    /// Lets another node take over from one that has failed, or from nobody.
    fn take_over(&mut self, failed: Option<usize>) -> Option<usize> {
        self.plan.findings.extend(failed.map(|node| Finding::Failed { node }));
        let Some(next) = self.successor(failed) else {
            self.plan.findings.push(Finding::Outage);
            return None;
        };
        let node = self.nodes.get(next)?;
        let age = node.age;
        if self.copies.are_exceeded(age) {
            if self.policy.hold {
                self.plan.findings.push(Finding::Held { node: next, age });
                return None;
            }
            self.plan.findings.push(Finding::BeyondObjective { node: next, age });
        }
        if let Some(node) = failed
            && self.nodes.get(node).is_some_and(|node| !node.is_at_rest())
        {
            self.step("6", Step::Stop { node });
        }
        let (begun, ended) = if self.passive { ("7a", "8") } else { ("7b", "7b") };
        if self.health(next) == Health::Absent {
            self.step(begun, Step::Create { node: next });
        }
        match self.health(next) {
            Health::Resting => self.step(begun, Step::Start { node: next }),
            Health::Coming => self.step(begun, Step::Await { node: next }),
            _ => {}
        }
        self.step(ended, Step::Redirect { from: failed, to: next });
        Some(next)
    }

    /// The node that takes over.
    fn successor(&self, failed: Option<usize>) -> Option<usize> {
        let first = failed.map_or(0, |place| place.saturating_add(1));
        let places = (first..self.nodes.len()).chain(0..first.min(self.nodes.len()));
        let candidates = places.filter(|place| Some(*place) != failed).enumerate().filter_map(|(distance, place)| {
            let node = self.nodes.get(place)?;
            let exceeded = self.copies.are_exceeded(node.age);
            let age = if exceeded { node.age.unwrap_or(i64::MAX) } else { 0 };
            let able = match node.health(self.policy.tolerated) {
                Health::Lost => false,
                Health::Absent => self.is_ready(node),
                _ => true,
            };
            (able && !node.diverged).then_some((exceeded, age, node.health(self.policy.tolerated), distance, place))
        });
        candidates.min().map(|(.., place)| place)
    }

    /// Gives the backups of a node that serves the copies that they need.
    fn copy(&mut self, from: usize) {
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            let Some(node) = self.nodes.get(to) else { continue };
            let takes = match node.health(self.policy.tolerated) {
                Health::Running => true,
                Health::Resting | Health::Absent => self.passive,
                Health::Coming | Health::Lost => false,
            };
            if takes && !node.diverged && self.copies.are_exceeded(node.age) {
                self.step("5", Step::Synchronize { from, to });
            }
        }
    }

    /// Gives the requests back to the first node.
    fn fail_back(&mut self, from: usize) {
        let Some(first) = self.nodes.first() else { return };
        if !self.policy.failback || from == 0 || self.health(0) != Health::Running || first.diverged {
            return;
        }
        if self.copies != Copies::None && first.age != Some(0) {
            self.step("5", Step::Synchronize { from, to: 0 });
        }
        self.step(if self.passive { "8" } else { "7b" }, Step::Redirect { from: Some(from), to: 0 });
    }
}
