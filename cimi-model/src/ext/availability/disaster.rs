//! What follows when a data center fails (DSP2042 4.1.2, steps 5 to 7).

use std::fmt;

use super::DisasterRecovery;
use super::situation::{Copies, Health, Node, Policy, Step};
use crate::VolumeState;

/// A Machine, and its copy in the other data center.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they see")]
pub struct ProtectedMachine {
    /// The Machine itself, and its copy, which need not exist before it is needed.
    pub nodes: [Node; 2],
}

/// A Volume, and its copy in the other data center.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they see")]
pub struct ProtectedVolume {
    /// The Machine that needs it, by its place; `None` if all do.
    pub machine: Option<usize>,
    /// The state of the Volume; `None` if it cannot be seen.
    pub state: Option<VolumeState>,
    /// The state of its copy; `None` if there is none.
    pub copy: Option<VolumeState>,
    /// How old the copy is, in minutes; `None` if there has never been one.
    pub age: Option<i64>,
    /// Whether the copy is what is used.
    pub active: bool,
}

/// What is seen of a data center at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they see")]
pub struct Site {
    /// The Machines in the care of the service.
    pub machines: Vec<ProtectedMachine>,
    /// The Volumes.
    pub volumes: Vec<ProtectedVolume>,
}

/// A step of a plan. Machines and Volumes are given by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecoveryStep {
    /// A step for a Machine, node 0, and its copy, node 1.
    Machine {
        /// The Machine.
        machine: usize,
        /// The step.
        step: Step,
    },
    /// The updates of a Volume are sent to its copy.
    Replicate {
        /// The Volume.
        volume: usize,
    },
    /// The copy of a Volume is put to use.
    Activate {
        /// The Volume.
        volume: usize,
    },
    /// A Volume gets what its copy has, and is put to use again.
    Restore {
        /// The Volume.
        volume: usize,
    },
}

impl fmt::Display for RecoveryStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine { machine, step } => write!(f, "Machine {machine}: {step}"),
            Self::Replicate { volume } => write!(f, "Volume {volume}: send updates to the copy"),
            Self::Activate { volume } => write!(f, "Volume {volume}: use the copy"),
            Self::Restore { volume } => write!(f, "Volume {volume}: restore it from the copy and use it"),
        }
    }
}

impl RecoveryStep {
    /// What the site is once the step has been carried out. Places that there are not are passed over.
    pub fn apply(&self, site: &mut Site) {
        let mut change = |place: usize, with: fn(&mut ProtectedVolume)| {
            site.volumes.get_mut(place).into_iter().for_each(with);
        };
        match *self {
            Self::Machine { machine, step } => {
                if let Some(found) = site.machines.get_mut(machine) {
                    step.apply(&mut found.nodes);
                }
            }
            Self::Replicate { volume } => change(volume, |volume| {
                volume.age = Some(0);
                volume.copy.get_or_insert(VolumeState::Available);
            }),
            Self::Activate { volume } => change(volume, |volume| volume.active = true),
            Self::Restore { volume } => change(volume, |volume| {
                volume.active = false;
                volume.age = Some(0);
            }),
        }
    }
}

/// Something to be known about a site. Machines and Volumes are given by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisasterFinding {
    /// No Machine of the data center works.
    Disaster,
    /// This Machine, or the copy that serves in its place, has failed and others have not: that is for a service for high reliability.
    SingleFailure {
        /// The Machine.
        machine: usize,
    },
    /// Requests go to this Machine and to its copy.
    SplitBrain {
        /// The Machine.
        machine: usize,
    },
    /// This Machine or its copy has data of its own, see [`Node::diverged`].
    Diverged {
        /// The Machine.
        machine: usize,
    },
    /// The copy of this Machine cannot be started, or that of a Volume that it needs cannot be used.
    Unrecoverable {
        /// The Machine.
        machine: usize,
    },
    /// The copy of this Volume cannot be used.
    VolumeLost {
        /// The Volume.
        volume: usize,
    },
    /// What this Machine is recovered from is older than the recovery point objective: its own copy, or that of a Volume.
    BeyondObjective {
        /// The Machine.
        machine: usize,
    },
    /// It would be, but [`Policy::hold`] has it left alone.
    Held {
        /// The Machine.
        machine: usize,
    },
}

/// What is to be done about a site, and what is to be known about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DisasterPlan {
    /// The steps, each to be carried out when the one before it has been, with their numbers in the process flow of
    /// BC/DR-002: `5`, `6` or `7`.
    pub steps: Vec<(&'static str, RecoveryStep)>,
    /// What was found in the situation that the plan is for.
    pub findings: Vec<DisasterFinding>,
}

impl DisasterPlan {
    /// What the site is once all steps have been carried out.
    pub fn apply(&self, site: &mut Site) {
        for (_, step) in &self.steps {
            step.apply(site);
        }
    }
}

/// Says which steps follow from what is seen of a data center whose Machines and Volumes have copies in another one.
///
/// * **Copies** (steps 5 and 6): Machines and Volumes that are in use and have no copy, or one that is too old, are
///   copied.
/// * **Disaster** (step 7): when no Machine of the data center works any more, the Machines are stopped as far as that
///   is possible, the copies of their Volumes are put to use, and then their own copies are started and get the
///   requests. The failure of single Machines is not a disaster, and nothing is done about it here. A Machine that cannot
///   be recovered, because its copy or that of a Volume is lost, is left as it is.
/// * **Return**: when the policy says so and all Machines of the data center work again, as do the copies that serve,
///   Volumes and Machines get what their copies have, and then the requests.
///
/// As with [`failover`](super::failover), a plan that has been carried out leaves nothing to be done, and the work is
/// linear in the number of Machines and Volumes.
///
/// ```
/// use cimi_model::ext::availability::{
///     DisasterRecovery, Node, Policy, ProtectedMachine, ProtectedVolume, Site, recover,
/// };
/// use cimi_model::{MachineState, VolumeState};
///
/// let lost = Node { state: Some(MachineState::Failed), serving: true, age: Some(0), ..Default::default() };
/// let copy = Node { age: Some(1), ..Default::default() };
/// let volume = ProtectedVolume { copy: Some(VolumeState::Available), age: Some(0), ..Default::default() };
/// let site = Site { machines: vec![ProtectedMachine { nodes: [lost, copy] }], volumes: vec![volume] };
/// let plan = recover(&DisasterRecovery::default(), &site, &Policy::default());
/// let steps: Vec<_> = plan.steps.iter().map(|(number, step)| format!("{number}: {step}")).collect();
/// assert_eq!(
///     steps,
///     [
///         "7: Volume 0: use the copy",
///         "7: Machine 0: create node 1",
///         "7: Machine 0: start node 1",
///         "7: Machine 0: send requests from node 0 to node 1",
///     ]
/// );
/// ```
#[must_use]
pub fn recover(recovery: &DisasterRecovery, site: &Site, policy: &Policy) -> DisasterPlan {
    let copies = Copies::of(recovery.replication_type.as_ref(), recovery.rpo);
    let mut planner = Planner { copies, policy, site: site.clone(), plan: DisasterPlan::default() };
    planner.unite();
    let failed = |machine: &ProtectedMachine| machine.nodes[0].has_failed(policy.tolerated);
    let machines = &planner.site.machines;
    let is_disaster = !machines.is_empty() && machines.iter().all(failed);
    if is_disaster {
        if machines.iter().any(|machine| !machine.nodes[1].serving) {
            planner.plan.findings.push(DisasterFinding::Disaster);
            planner.take_over();
        }
    } else {
        planner.report_failures();
        planner.copy();
        planner.fail_back();
    }
    planner.plan
}

struct Planner<'a> {
    copies: Copies,
    policy: &'a Policy,
    /// The site as it is after the steps so far.
    site: Site,
    plan: DisasterPlan,
}

impl Planner<'_> {
    fn step(&mut self, number: &'static str, step: RecoveryStep) {
        step.apply(&mut self.site);
        self.plan.steps.push((number, step));
    }

    fn of_machine(&mut self, number: &'static str, machine: usize, step: Step) {
        self.step(number, RecoveryStep::Machine { machine, step });
    }

    fn find(&mut self, finding: DisasterFinding) {
        self.plan.findings.push(finding);
    }

    /// Leaves one of each Machine and its copy that serves.
    fn unite(&mut self) {
        for machine in 0..self.site.machines.len() {
            let Some([own, copy]) = self.site.machines.get(machine).map(|machine| &machine.nodes) else { continue };
            if own.diverged || copy.diverged {
                self.plan.findings.push(DisasterFinding::Diverged { machine });
            }
            if own.serving && copy.serving {
                let node = usize::from(!own.has_failed(self.policy.tolerated));
                self.find(DisasterFinding::SplitBrain { machine });
                self.of_machine("7", machine, Step::Withdraw { node });
            }
        }
    }

    fn report_failures(&mut self) {
        let tolerated = self.policy.tolerated;
        for (machine, found) in self.site.machines.iter().enumerate() {
            if found.nodes.iter().any(|node| node.serving && node.has_failed(tolerated)) {
                self.plan.findings.push(DisasterFinding::SingleFailure { machine });
            }
        }
    }

    /// Brings everything to the other data center.
    fn take_over(&mut self) {
        let recoverable = self.recoverable();
        for machine in 0..recoverable.len() {
            let Some(found) = self.site.machines.get(machine) else { continue };
            if recoverable.get(machine) == Some(&true) && !found.nodes[0].is_at_rest() {
                self.of_machine("7", machine, Step::Stop { node: 0 });
            }
        }
        let any = recoverable.contains(&true);
        for volume in 0..self.site.volumes.len() {
            let Some(found) = self.site.volumes.get(volume) else { continue };
            let needed = found.machine.map_or(any, |machine| recoverable.get(machine) == Some(&true));
            if needed && !found.active {
                self.step("7", RecoveryStep::Activate { volume });
            }
        }
        for (machine, _) in recoverable.iter().enumerate().filter(|(_, recoverable)| **recoverable) {
            self.start(machine);
        }
    }

    fn start(&mut self, machine: usize) {
        let health = |planner: &Self| {
            let found = planner.site.machines.get(machine);
            found.map_or(Health::Lost, |found| found.nodes[1].health(planner.policy.tolerated))
        };
        if health(self) == Health::Absent {
            self.of_machine("7", machine, Step::Create { node: 1 });
        }
        match health(self) {
            Health::Resting => self.of_machine("7", machine, Step::Start { node: 1 }),
            Health::Coming => self.of_machine("7", machine, Step::Await { node: 1 }),
            _ => {}
        }
        let served = self.site.machines.get(machine).is_some_and(|found| found.nodes[0].serving);
        self.of_machine("7", machine, Step::Redirect { from: served.then_some(0), to: 1 });
    }

    /// Which Machines are to be recovered, of those that have not been.
    fn recoverable(&mut self) -> Vec<bool> {
        let (lost, old) = self.volumes();
        let mut recoverable = vec![false; self.site.machines.len()];
        for (machine, wanted) in recoverable.iter_mut().enumerate() {
            let Some(found) = self.site.machines.get(machine) else { continue };
            let copy = &found.nodes[1];
            if copy.serving {
                continue;
            }
            let has_copy = match copy.health(self.policy.tolerated) {
                Health::Lost => false,
                Health::Absent => copy.age.is_some() || self.copies == Copies::None,
                _ => true,
            };
            let is_old = old.of(machine) || self.copies.are_exceeded(copy.age);
            if lost.of(machine) || copy.diverged || !has_copy {
                self.plan.findings.push(DisasterFinding::Unrecoverable { machine });
            } else if is_old && self.policy.hold {
                self.plan.findings.push(DisasterFinding::Held { machine });
            } else {
                if is_old {
                    self.plan.findings.push(DisasterFinding::BeyondObjective { machine });
                }
                *wanted = true;
            }
        }
        recoverable
    }

    /// The Machines that need a Volume whose copy is lost, and those that need one whose copy is too old.
    fn volumes(&mut self) -> (Needing, Needing) {
        let count = self.site.machines.len();
        let (mut lost, mut old) = (Needing::new(count), Needing::new(count));
        for (volume, found) in self.site.volumes.iter().enumerate().filter(|(_, found)| !found.active) {
            if found.copy != Some(VolumeState::Available) {
                self.plan.findings.push(DisasterFinding::VolumeLost { volume });
                lost.add(found.machine);
            } else if self.copies.are_exceeded(found.age) {
                old.add(found.machine);
            }
        }
        (lost, old)
    }

    /// Makes the copies that are needed.
    fn copy(&mut self) {
        let tolerated = self.policy.tolerated;
        for machine in 0..self.site.machines.len() {
            let Some([own, copy]) = self.site.machines.get(machine).map(|machine| &machine.nodes) else { continue };
            let in_use = own.serving && own.health(tolerated) == Health::Running;
            let takes = copy.health(tolerated) != Health::Lost && !copy.diverged;
            if in_use && takes && self.copies.are_exceeded(copy.age) {
                self.of_machine("5", machine, Step::Synchronize { from: 0, to: 1 });
            }
        }
        for volume in 0..self.site.volumes.len() {
            let Some(found) = self.site.volumes.get(volume).filter(|found| !found.active) else { continue };
            let works = found.state == Some(VolumeState::Available);
            let takes = matches!(found.copy, None | Some(VolumeState::Available));
            if works && takes && self.copies.are_exceeded(found.age) {
                self.step("6", RecoveryStep::Replicate { volume });
            }
        }
    }

    /// Brings everything back.
    fn fail_back(&mut self) {
        let tolerated = self.policy.tolerated;
        let runs = |node: &Node| node.health(tolerated) == Health::Running;
        let works = |machine: &ProtectedMachine| {
            let [own, copy] = &machine.nodes;
            runs(own) && (!copy.serving || runs(copy))
        };
        if !self.policy.failback || !self.site.machines.iter().all(works) {
            return;
        }
        let mut stuck = Needing::new(self.site.machines.len());
        for volume in 0..self.site.volumes.len() {
            let Some(found) = self.site.volumes.get(volume).filter(|found| found.active) else { continue };
            if found.state == Some(VolumeState::Available) {
                self.step("6", RecoveryStep::Restore { volume });
            } else {
                stuck.add(found.machine);
            }
        }
        for machine in 0..self.site.machines.len() {
            let Some([own, copy]) = self.site.machines.get(machine).map(|machine| &machine.nodes) else { continue };
            if !copy.serving || own.diverged || stuck.of(machine) {
                continue;
            }
            if self.copies != Copies::None && own.age != Some(0) {
                self.of_machine("5", machine, Step::Synchronize { from: 1, to: 0 });
            }
            self.of_machine("7", machine, Step::Redirect { from: Some(1), to: 0 });
        }
    }
}

/// The Machines that need something: some, or all.
struct Needing {
    all: bool,
    some: Vec<bool>,
}

impl Needing {
    fn new(count: usize) -> Self {
        Self { all: false, some: vec![false; count] }
    }

    fn add(&mut self, machine: Option<usize>) {
        match machine {
            None => self.all = true,
            Some(place) => self.some.get_mut(place).into_iter().for_each(|needs| *needs = true),
        }
    }

    fn of(&self, machine: usize) -> bool {
        self.all || self.some.get(machine) == Some(&true)
    }
}
