//! Plans of failover and recovery against a model of what nodes do, which knows nothing of how plans are made.

use cimi_model::ext::availability::{
    ClusterType, DisasterRecovery, HighAvailability, Node, Policy, ProtectedMachine, ProtectedVolume, RecoveryStep,
    Site, Step, failover, recover,
};
use cimi_model::{MachineState, ReplicationType, VolumeState};
use proptest::prelude::*;

fn states() -> impl Strategy<Value = Option<MachineState>> {
    let known = MachineState::STATES.iter().map(|state| MachineState::from(state.name));
    let known: Vec<MachineState> = known.chain([MachineState::from("vendor")]).collect();
    prop_oneof![
        2 => Just(None),
        6 => Just(Some(MachineState::Started)),
        2 => Just(Some(MachineState::Stopped)),
        6 => prop::sample::select(known).prop_map(Some),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let flags = (prop::bool::weighted(0.4), prop::bool::weighted(0.1));
    (states(), 0_u32..4, prop::option::weighted(0.8, 0_i64..12), flags)
        .prop_map(|(state, missed, age, (serving, diverged))| Node { state, missed, serving, age, diverged })
}

fn replication() -> impl Strategy<Value = Option<ReplicationType>> {
    prop::sample::select(vec![
        None,
        Some(ReplicationType::Asynchronous),
        Some(ReplicationType::Synchronous),
        Some(ReplicationType::None),
        Some(ReplicationType::OnlyAtClusterCreation),
    ])
}

fn availability() -> impl Strategy<Value = HighAvailability> {
    let cluster_type = prop::sample::select(vec![ClusterType::Active, ClusterType::Passive]).prop_map(Some);
    (cluster_type, replication(), prop::option::of(0_i64..8)).prop_map(|(cluster_type, replication_type, rpo)| {
        HighAvailability { cluster_type, replication_type, rpo, ..HighAvailability::default() }
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    (0_u32..3, any::<bool>(), any::<bool>()).prop_map(|(tolerated, failback, hold)| Policy {
        tolerated,
        failback,
        hold,
    })
}

/// Whether a node answers.
fn runs(node: &Node, policy: &Policy) -> bool {
    let state = node.state.as_ref().map(MachineState::as_str);
    matches!(state, Some("STARTED" | "CAPTURING" | "vendor")) && node.missed <= policy.tolerated
}

fn is_coming(node: &Node) -> bool {
    matches!(node.state.as_ref().map(MachineState::as_str), Some("CREATING" | "STARTING" | "RESTORING"))
}

fn rests(node: &Node) -> bool {
    matches!(node.state.as_ref().map(MachineState::as_str), Some("STOPPED" | "PAUSED" | "SUSPENDED"))
}

/// Whether the one that serves is not to be replaced.
fn is_fine(node: &Node, policy: &Policy) -> bool {
    runs(node, policy) || (is_coming(node) && node.missed <= policy.tolerated)
}

/// How old a copy may be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Most {
    NoCopies,
    AnyAge,
    Minutes(i64),
}

fn objective(replication: Option<&ReplicationType>, rpo: Option<i64>) -> Most {
    match replication {
        Some(ReplicationType::None) => Most::NoCopies,
        Some(ReplicationType::Synchronous) => Most::Minutes(0),
        Some(ReplicationType::OnlyAtClusterCreation) => Most::AnyAge,
        _ => rpo.map_or(Most::AnyAge, Most::Minutes),
    }
}

fn is_old(objective: Most, age: Option<i64>) -> bool {
    match (objective, age) {
        (Most::NoCopies, _) | (Most::AnyAge, Some(_)) => false,
        (_, None) => true,
        (Most::Minutes(most), Some(age)) => age > most,
    }
}

/// Whether a node could ever take over.
fn is_able(node: &Node, passive: bool, objective: Most, policy: &Policy) -> bool {
    let image = passive && node.state.is_none() && (node.age.is_some() || objective == Most::NoCopies);
    !node.diverged && (runs(node, policy) || is_coming(node) || rests(node) || image)
}

fn serving(nodes: &[Node]) -> usize {
    nodes.iter().filter(|node| node.serving).count()
}

/// Carries a step out, as a provider would that refuses what cannot be.
fn carry_out(nodes: &mut [Node], step: Step, passive: bool, objective: Most, policy: &Policy) {
    match step {
        Step::Withdraw { node } => {
            assert!(serving(nodes) > 1 && nodes[node].serving);
            nodes[node].serving = false;
            nodes[node].diverged = true;
        }
        Step::Synchronize { from, to } => {
            assert!(nodes[from].serving && runs(&nodes[from], policy));
            let takes = runs(&nodes[to], policy) || (passive && (rests(&nodes[to]) || nodes[to].state.is_none()));
            assert!(takes && !nodes[to].diverged && !nodes[to].serving && nodes[to].age != Some(0));
            nodes[to].age = Some(0);
        }
        Step::Stop { node } => {
            // Only what serves, and has failed, and not before there is a successor.
            assert!(nodes[node].serving && !is_fine(&nodes[node], policy));
            assert!(
                nodes
                    .iter()
                    .enumerate()
                    .any(|(other, found)| other != node && is_able(found, passive, objective, policy))
            );
            nodes[node].state = Some(MachineState::Stopped);
            nodes[node].missed = 0;
        }
        Step::Create { node } => {
            assert!(
                passive && nodes[node].state.is_none() && (nodes[node].age.is_some() || objective == Most::NoCopies)
            );
            nodes[node].state = Some(MachineState::Stopped);
            nodes[node].missed = 0;
        }
        Step::Start { node } => {
            assert!(rests(&nodes[node]) && !nodes[node].diverged);
            nodes[node].state = Some(MachineState::Started);
            nodes[node].missed = 0;
        }
        Step::Await { node } => {
            assert!(is_coming(&nodes[node]));
            nodes[node].state = Some(MachineState::Started);
            nodes[node].missed = 0;
        }
        Step::Redirect { from, to } => {
            // Nothing is promoted that is dead or has other data, and no two serve.
            assert!(runs(&nodes[to], policy) && !nodes[to].diverged && !nodes[to].serving);
            assert_eq!(serving(nodes), usize::from(from.is_some()));
            if let Some(from) = from {
                let failed = rests(&nodes[from]) || matches!(nodes[from].state, None | Some(MachineState::Failed));
                let healthy = runs(&nodes[from], policy);
                assert!(nodes[from].serving && (failed || (healthy && policy.failback && to == 0)));
                // What is given back has all data.
                assert!(!healthy || failed || nodes[to].age == Some(0) || objective == Most::NoCopies);
                nodes[from].serving = false;
                nodes[from].age = healthy.then_some(0);
            }
            assert!(!policy.hold || !is_old(objective, nodes[to].age));
            nodes[to].serving = true;
            nodes[to].age = Some(0);
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn failover_keeps_the_rules(nodes in prop::collection::vec(node(), 0..5), how in availability(), policy in policy()) {
        let passive = how.cluster_type == Some(ClusterType::Passive);
        let objective = objective(how.replication_type.as_ref(), how.rpo);
        let plan = failover(&how, &nodes, &policy);
        let mut now = nodes.clone();
        for (done, numbered) in plan.steps.iter().enumerate() {
            // What is left of a plan is its rest.
            prop_assert_eq!(&failover(&how, &now, &policy).steps, &plan.steps[done..]);
            carry_out(&mut now, numbered.step, passive, objective, &policy);
        }
        let mut applied = nodes.clone();
        plan.apply(&mut applied);
        prop_assert_eq!(&applied, &now);
        // Once carried out, there is nothing to do.
        prop_assert_eq!(failover(&how, &now, &policy).steps, vec![]);
        prop_assert!(serving(&now) <= 1);
        let kept = nodes.iter().position(|node| node.serving && is_fine(node, &policy));
        let redirected = plan.steps.iter().any(|numbered| matches!(numbered.step, Step::Redirect { .. }));
        if let Some(kept) = kept {
            // What works is not replaced but by the first node.
            prop_assert!(!redirected || (policy.failback && now[0].serving && kept != 0));
        } else if redirected {
            prop_assert!(now.iter().any(|node| node.serving && runs(node, &policy)));
        } else {
            // Nobody takes over where nobody can: of those that did not serve.
            let able = |node: &&Node| !node.serving && is_able(node, passive, objective, &policy);
            let able: Vec<&Node> = nodes.iter().filter(able).collect();
            prop_assert!(able.iter().all(|node| policy.hold && is_old(objective, node.age)), "{:?}", able);
        }
    }

    #[test]
    fn the_best_node_takes_over(nodes in prop::collection::vec(node(), 1..6), how in availability(), policy in policy()) {
        let passive = how.cluster_type == Some(ClusterType::Passive);
        let objective = objective(how.replication_type.as_ref(), how.rpo);
        let mut nodes = nodes;
        for node in &mut nodes {
            node.serving = false;
        }
        nodes[0].serving = true;
        nodes[0].state = Some(MachineState::Failed);
        let plan = failover(&how, &nodes, &policy);
        let chosen = plan.steps.iter().find_map(|numbered| match numbered.step {
            Step::Redirect { to, .. } => Some(to),
            _ => None,
        });
        let Some(chosen) = chosen else { return Ok(()) };
        let rank = |node: &Node| match node {
            _ if runs(node, &policy) => 0,
            _ if is_coming(node) => 1,
            _ if rests(node) => 2,
            _ => 3,
        };
        // None that could take over is better in the order that the documentation gives.
        for (place, other) in nodes.iter().enumerate().skip(1).filter(|(_, node)| is_able(node, passive, objective, &policy)) {
            let best = &nodes[chosen];
            let (old, other_old) = (is_old(objective, best.age), is_old(objective, other.age));
            prop_assert!(!old || other_old);
            if old == other_old {
                let age = |node: &Node| if old { node.age.unwrap_or(i64::MAX) } else { 0 };
                prop_assert!(age(best) <= age(other));
                if age(best) == age(other) {
                    prop_assert!((rank(best), chosen) <= (rank(other), place));
                }
            }
        }
    }
}

fn volume_states() -> impl Strategy<Value = Option<VolumeState>> {
    prop::sample::select(vec![
        None,
        Some(VolumeState::Available),
        Some(VolumeState::Available),
        Some(VolumeState::Error),
    ])
}

fn volume() -> impl Strategy<Value = ProtectedVolume> {
    (
        prop::option::of(0_usize..4),
        volume_states(),
        volume_states(),
        prop::option::of(0_i64..12),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(machine, state, copy, age, active)| ProtectedVolume { machine, state, copy, age, active })
}

/// Sites, many of which are down.
fn site() -> impl Strategy<Value = Site> {
    let pair = (node(), node()).prop_map(|(own, copy)| ProtectedMachine { nodes: [own, copy] });
    let machines = (prop::collection::vec(pair, 0..4), prop::bool::weighted(0.6)).prop_map(|(mut machines, down)| {
        for machine in machines.iter_mut().filter(|_| down) {
            machine.nodes[0].state = Some(MachineState::Error);
        }
        machines
    });
    (machines, prop::collection::vec(volume(), 0..4)).prop_map(|(machines, volumes)| Site { machines, volumes })
}

fn carry_out_at_site(site: &mut Site, step: RecoveryStep, objective: Most, policy: &Policy) {
    match step {
        RecoveryStep::Machine { machine, step } => {
            let nodes = &mut site.machines[machine].nodes;
            // A Machine is stopped although it does not serve: nobody can see what it does.
            if step == (Step::Stop { node: 0 }) {
                assert!(!is_fine(&nodes[0], policy));
                nodes[0].state = Some(MachineState::Stopped);
                nodes[0].missed = 0;
                return;
            }
            if let Step::Redirect { to: 1, .. } = step {
                let needed = site.volumes.iter().filter(|volume| volume.machine.is_none_or(|place| place == machine));
                assert!(needed.clone().all(|volume| volume.active), "its Volumes are there first");
                assert!(site.machines.iter().all(|machine| !is_fine(&machine.nodes[0], policy)), "it is a disaster");
            }
            if let Step::Synchronize { to: 1, .. } = step {
                let [own, copy] = &mut site.machines[machine].nodes;
                assert!(own.serving && runs(own, policy) && !copy.diverged);
                copy.age = Some(0);
                return;
            }
            carry_out(&mut site.machines[machine].nodes, step, true, objective, policy);
        }
        RecoveryStep::Replicate { volume } => {
            let volume = &mut site.volumes[volume];
            assert!(!volume.active && volume.state == Some(VolumeState::Available));
            assert!(volume.copy != Some(VolumeState::Error));
            volume.copy = Some(VolumeState::Available);
            volume.age = Some(0);
        }
        RecoveryStep::Activate { volume } => {
            let volume = &mut site.volumes[volume];
            assert!(!volume.active && volume.copy == Some(VolumeState::Available));
            assert!(!policy.hold || !is_old(objective, volume.age));
            volume.active = true;
        }
        RecoveryStep::Restore { volume } => {
            assert!(policy.failback && site.machines.iter().all(|machine| runs(&machine.nodes[0], policy)));
            let volume = &mut site.volumes[volume];
            assert!(volume.active && volume.state == Some(VolumeState::Available));
            volume.active = false;
            volume.age = Some(0);
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn recovery_keeps_the_rules(
        site in site(),
        replication in replication(),
        rpo in prop::option::of(0_i64..8),
        policy in policy(),
    ) {
        let how = DisasterRecovery { replication_type: replication.clone(), rpo, ..DisasterRecovery::default() };
        let objective = objective(replication.as_ref(), rpo);
        let plan = recover(&how, &site, &policy);
        let mut now = site.clone();
        for (done, (_, step)) in plan.steps.iter().enumerate() {
            prop_assert_eq!(&recover(&how, &now, &policy).steps, &plan.steps[done..]);
            carry_out_at_site(&mut now, *step, objective, &policy);
        }
        let mut applied = site.clone();
        plan.apply(&mut applied);
        prop_assert_eq!(&applied, &now);
        prop_assert_eq!(recover(&how, &now, &policy).steps, vec![]);
        for (place, machine) in now.machines.iter().enumerate() {
            prop_assert!(serving(&machine.nodes) <= 1);
            // In a disaster, who is not recovered could not be.
            let is_disaster = site.machines.iter().all(|machine| !is_fine(&machine.nodes[0], &policy));
            let copy = &site.machines[place].nodes[1];
            if is_disaster && !machine.nodes[1].serving {
                let mut needed = site.volumes.iter().filter(|volume| {
                    volume.machine.is_none_or(|machine| machine == place) && !volume.active
                });
                let unusable = needed.any(|volume| {
                    volume.copy != Some(VolumeState::Available) || (policy.hold && is_old(objective, volume.age))
                });
                let withdrawn = site.machines[place].nodes[0].serving && copy.serving;
                let held = policy.hold && is_old(objective, copy.age);
                prop_assert!(unusable || held || withdrawn || !is_able(copy, true, objective, &policy));
            }
        }
    }
}
