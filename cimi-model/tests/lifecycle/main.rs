//! Operations and states: what the standard says of each type, and what follows from it.
#![allow(
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic, and shares its support with others"
)]

#[path = "../support/mod.rs"]
mod support;

mod facts;
mod offers;
mod systems;

use cimi_model::lifecycle::{self, Invocation, Rules};
use cimi_model::meta::{Kind, Lifecycle, State, Transition};
use cimi_model::reflect::Described;
use cimi_model::{
    Capability, DateTime, ErrorKind, ImageType, Job, JobState, Machine, MachineImage, MachineState, Network, Registry,
    ResourceMetadata, Scalar, System, Type, Volume, resource, states,
};
use proptest::prelude::*;

/// The types that have states.
fn with_states() -> Vec<&'static Type> {
    Registry::standard().iter().map(|entry| entry.record_type).filter(|found| found.lifecycle.is_some()).collect()
}

fn metadata(of: &str, capabilities: &[(&str, &str)]) -> ResourceMetadata {
    let uri = |name: &str| format!("http://schemas.dmtf.org/cimi/2/capability/{of}/{name}");
    let capability = |(name, value): &(&str, &str)| Capability {
        uri: Some(uri(name).into()),
        value: Some((*value).into()),
        ..Default::default()
    };
    ResourceMetadata { capabilities: capabilities.iter().map(capability).collect(), ..Default::default() }
}

#[test]
fn the_states_of_a_lifecycle_are_those_of_the_attribute() {
    for found in with_states() {
        let lifecycle = found.lifecycle.expect("a lifecycle");
        let attribute = found.attributes.iter().find(|row| row.name == "state").expect("an attribute state");
        let Kind::Enumeration(values) = attribute.kind else { panic!("{}: the state is no enumeration", found.name) };
        assert_eq!(lifecycle.states.iter().map(|state| state.name).collect::<Vec<_>>(), values, "{}", found.name);
        assert!(lifecycle.states.iter().all(|state| !state.doc.trim().is_empty()), "{}", found.name);
    }
    for entry in &Registry::standard() {
        let found = entry.record_type;
        let mut rows = found.attributes.iter().filter(|row| matches!(row.kind, Kind::Enumeration(_)));
        let has = rows.any(|row| row.name == "state");
        // Members that stand for a Volume or Machine are operated on as what they stand for.
        let stands_for = ["locatedVolume", "RecoverableMachine"].contains(&found.name);
        assert!(!has || found.lifecycle.is_some() || stands_for, "{} has no lifecycle", found.name);
    }
}

#[test]
fn lifecycles_name_known_states_attributes_and_operations() {
    for found in with_states() {
        let lifecycle = found.lifecycle.expect("a lifecycle");
        let known = |name: &str| lifecycle.states.iter().any(|state| state.name == name);
        for row in lifecycle.transitions {
            assert!(found.operations.contains(&row.action), "{}: {} is no operation", found.name, row.action);
            let named = row.from.iter().copied().chain([row.via, row.then, row.to].into_iter().flatten());
            for state in named {
                assert!(known(state), "{}: {} names {state}", found.name, row.action);
            }
            let transient = |name: Option<&str>| lifecycle.states.iter().any(|s| Some(s.name) == name && s.transient);
            assert!(row.via.is_none() || transient(row.via), "{}: {}", found.name, row.action);
            assert!(row.then.is_none() || transient(row.then), "{}: {}", found.name, row.action);
            assert!(!transient(row.to), "{}: {} ends in a transient state", found.name, row.action);
        }
        for attribute in lifecycle.reaches {
            assert!(found.attribute(attribute).is_some(), "{} has no {attribute}", found.name);
        }
        for (from, to) in lifecycle.changes {
            assert!(known(from) && to.iter().all(|to| known(to)), "{}", found.name);
        }
        assert!(lifecycle.initial.is_some_and(known), "{}", found.name);
    }
}

#[test]
fn every_state_is_entered_and_every_transient_one_left() {
    // What the provider alone brings about.
    let by_itself = ["ERROR"];
    for found in with_states() {
        let rules = Rules::of(found);
        let names: Vec<&str> = rules.states().map(|state| state.name).collect();
        for state in rules.states() {
            let others = names.iter().filter(|other| **other != state.name);
            let entered = others.clone().any(|other| rules.may_follow(other, state.name))
                || found.lifecycle.is_some_and(|lifecycle| lifecycle.initial == Some(state.name))
                || ["CREATING", "QUEUED", "MIXED"].contains(&state.name)
                || by_itself.contains(&state.name);
            assert!(entered, "{}: nothing leads to {}", found.name, state.name);
            let left = others.clone().any(|other| rules.may_follow(state.name, other));
            assert!(!state.transient || left, "{}: nothing leads out of {}", found.name, state.name);
        }
    }
}

#[test]
fn a_refusal_says_from_which_states_it_would_work() {
    let error = lifecycle::apply(Machine::TYPE, "STARTED", "start").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::State);
    assert_eq!(error.reason(), "start is not possible from STARTED, only from STOPPED, PAUSED, SUSPENDED");
    let error = lifecycle::apply(Machine::TYPE, "UPSIDE\nDOWN", "start").unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::State, "'UPSIDE\\nDOWN' is not a state of Machine"));
    let error = lifecycle::apply(Volume::TYPE, "AVAILABLE", "start").unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Unsupported, "start is not an operation of Volume"));
}

#[test]
fn operations_are_found_by_name_and_by_uri_of_either_version() {
    let step = lifecycle::apply(Machine::TYPE, "STOPPED", "start").unwrap();
    for uri in [lifecycle::action::START, "http://schemas.dmtf.org/cimi/1/action/start"] {
        assert_eq!(lifecycle::apply(Machine::TYPE, "STOPPED", uri).unwrap(), step);
    }
    for entry in &Registry::standard() {
        for operation in entry.record_type.operations {
            let rel = lifecycle::rel(operation);
            assert_eq!(lifecycle::name(rel.as_str()), *operation);
            let short = ["add", "edit", "delete", "insert", "remove"].contains(operation);
            assert_eq!(short, !rel.is_absolute());
            assert!(short || lifecycle::action::ALL.contains(&rel.as_str()), "{rel} has no constant");
        }
    }
}

#[test]
fn a_restart_goes_through_what_the_machine_goes_through() {
    let states = |from| lifecycle::apply(Machine::TYPE, from, "restart").unwrap().states().collect::<Vec<_>>();
    assert_eq!(states("STARTED"), ["STOPPING", "STARTING", "STARTED"]);
    assert_eq!(states("STOPPED"), ["STARTING", "STARTED"]);
}

#[test]
fn a_machine_that_does_not_run_cannot_shut_down_in_order() {
    let rules = Rules::of(Machine::TYPE);
    let stop = |from, force| rules.apply_as(from, "stop", &Invocation::default().force(force));
    for from in ["STARTED", "STOPPING"] {
        assert_eq!(stop(from, false).unwrap().to, Some("STOPPED"));
    }
    for from in ["PAUSED", "SUSPENDED", "ERROR", "FAILED"] {
        assert_eq!(stop(from, true).unwrap().to, Some("STOPPED"));
        assert_eq!(rules.apply(from, "stop").unwrap().to, Some("STOPPED"), "the provider chooses");
        let error = stop(from, false).unwrap_err();
        assert_eq!(error.reason(), format!("stop is not possible from {from} without force"));
    }
}

#[test]
fn a_restored_machine_is_as_its_image() {
    let rules = Rules::of(Machine::TYPE);
    let restore = |invocation: &Invocation<'_>| rules.apply_as("STARTED", "restore", invocation);
    assert_eq!(restore(&Invocation::default()).unwrap().states().collect::<Vec<_>>(), ["RESTORING", "STOPPED"]);
    assert_eq!(restore(&Invocation::default().state("SUSPENDED")).unwrap().to, Some("SUSPENDED"));
    assert_eq!(restore(&Invocation::default().state("STOPPING")).unwrap_err().kind(), ErrorKind::State);
    assert_eq!(restore(&Invocation::default().state("X")).unwrap_err().kind(), ErrorKind::State);
    // The state of an image says nothing about other operations.
    assert_eq!(rules.apply_as("STOPPED", "start", &Invocation::default().state("PAUSED")).unwrap().to, Some("STARTED"));
}

#[test]
fn images_other_than_snapshots_need_a_capability() {
    let image = |image_type| MachineImage { image_type: Some(image_type), ..Default::default() };
    let restore = |rules: &Rules, kind| {
        rules.apply_as("STOPPED", "restore", &Invocation::default().image(&image(kind))).map_err(|e| e.kind())
    };
    let without = Rules::of(Machine::TYPE).with_metadata(&metadata("Machine", &[]));
    assert!(restore(&without, ImageType::Snapshot).is_ok());
    assert_eq!(restore(&without, ImageType::Image), Err(ErrorKind::Unsupported));
    let with = Rules::of(Machine::TYPE).with_metadata(&metadata("Machine", &[("RestoreFromImage", "true")]));
    assert!(restore(&with, ImageType::Image).is_ok());
    assert!(restore(&Rules::of(Machine::TYPE), ImageType::Image).is_ok(), "nothing is known of capabilities");
}

#[test]
fn creation_leads_to_what_template_capability_and_type_say() {
    let states = |rules: &Rules, wanted| {
        rules.create(wanted).map(|step| step.states().collect::<Vec<_>>()).map_err(|e| e.reason().to_owned())
    };
    let plain = Rules::of(Machine::TYPE);
    assert_eq!(states(&plain, None).unwrap(), ["CREATING", "STOPPED"]);
    assert_eq!(states(&plain, Some("SUSPENDED")).unwrap(), ["CREATING", "SUSPENDED"]);
    assert_eq!(states(&plain, Some("STARTING")).unwrap_err(), "STARTING is not a state that lasts");
    assert_eq!(states(&plain, Some("FAILED")).unwrap_err(), "no action leads to FAILED");
    let lazy = plain.clone().without_operation("pause");
    assert_eq!(states(&lazy, Some("PAUSED")).unwrap_err(), "no action leads to PAUSED");

    let said = metadata("Machine", &[("DefaultInitialState", "STARTED"), ("InitialStates", "STARTED STOPPED")]);
    let said = Rules::of(Machine::TYPE).with_metadata(&said);
    assert_eq!(states(&said, None).unwrap(), ["CREATING", "STARTED"]);
    assert_eq!(states(&said, Some("STOPPED")).unwrap(), ["CREATING", "STOPPED"]);
    assert_eq!(states(&said, Some("PAUSED")).unwrap_err(), "PAUSED is not among the initial states STARTED, STOPPED");
    let of_networks = metadata("Network", &[("DefaultInitialState", "STARTED")]);
    assert_eq!(states(&Rules::of(Machine::TYPE).with_metadata(&of_networks), None).unwrap(), ["CREATING", "STOPPED"]);
    assert_eq!(states(&Rules::of(Network::TYPE).with_metadata(&of_networks), None).unwrap(), ["CREATING", "STARTED"]);

    assert_eq!(states(&Rules::of(Job::TYPE), None).unwrap(), ["QUEUED"]);
    assert_eq!(states(&Rules::of(System::TYPE), None).unwrap(), ["CREATING", "MIXED"]);
    assert_eq!(plain.actions_to("STOPPED", "PAUSED"), Some(vec!["start", "pause"]));
    assert_eq!(plain.actions_to("STOPPED", "STOPPED"), Some(vec![]));
}

#[test]
fn deletion_leads_through_deleting_to_nothing() {
    for found in with_states().into_iter().filter(|found| found.name != "Job") {
        for state in found.lifecycle.expect("a lifecycle").states {
            match lifecycle::apply(found, state.name, "delete") {
                Ok(step) => {
                    assert!(!state.transient, "{} {}", found.name, state.name);
                    assert_eq!((step.via, step.to, step.gone), (Some("DELETING"), None, true), "{}", found.name);
                }
                Err(_) => assert!(state.transient, "{} cannot be deleted while {}", found.name, state.name),
            }
        }
    }
}

#[test]
fn a_job_ends_once() {
    let now = || DateTime::parse("2026-01-02T03:04:05Z").expect("a time");
    let mut job = Job { state: Some(JobState::Queued), progress: Some(0), ..Default::default() };
    job.proceed(JobState::Running, now()).unwrap();
    assert_eq!((job.progress, job.time_of_status_change.clone()), (Some(0), Some(now())));
    job.proceed(JobState::Stopping, now()).unwrap();
    job.proceed(JobState::Success, now()).unwrap();
    assert_eq!(job.progress, Some(100));
    let before = job.clone();
    for to in [JobState::Running, JobState::Failed, JobState::Stopped, JobState::Other("X".into())] {
        assert_eq!(job.proceed(to, now()).unwrap_err().kind(), ErrorKind::State);
        assert_eq!(job, before);
    }
    let ended = [JobState::Failed, JobState::Success, JobState::Stopped];
    assert!(ended.iter().all(JobState::is_final));
    assert!(![JobState::Queued, JobState::Running, JobState::Stopping].iter().any(JobState::is_final));
}

#[test]
fn a_job_goes_from_state_to_state_as_it_is_run() {
    let goes = [
        ("QUEUED", &["QUEUED", "RUNNING", "FAILED", "STOPPING", "STOPPED"][..]),
        ("RUNNING", &["RUNNING", "FAILED", "SUCCESS", "STOPPING", "STOPPED"]),
        ("STOPPING", &["FAILED", "SUCCESS", "STOPPING", "STOPPED"]),
        ("SUCCESS", &["SUCCESS"]),
        ("FAILED", &["FAILED"]),
        ("STOPPED", &["STOPPED"]),
    ];
    let rules = Rules::of(Job::TYPE);
    for (from, to) in goes {
        let follow = JobState::STATES.iter().map(|state| state.name).filter(|to| rules.may_follow(from, to));
        let mut to = to.to_vec();
        to.sort_by_key(|name| JobState::STATES.iter().position(|state| state.name == *name));
        assert_eq!(follow.collect::<Vec<_>>(), to, "{from}");
    }
    assert!(Rules::of(Machine::TYPE).may_follow("ERROR", "FAILED"));
    assert!(!Rules::of(Machine::TYPE).may_follow("STARTED", "STOPPED"), "not without STOPPING");
    assert!(!Rules::of(Machine::TYPE).may_follow("STARTED", "FAILED"), "not without ERROR");
}

#[test]
fn a_job_is_stopped_before_it_is_deleted() {
    let rules = Rules::of(Job::TYPE);
    let delete = |rules: &Rules, state| rules.apply(state, "delete").map(|step| (step.via, step.gone)).ok();
    assert_eq!(delete(&rules, "RUNNING"), Some((Some("STOPPING"), true)));
    assert_eq!(delete(&rules, "SUCCESS"), Some((None, true)));
    let without = rules.without_operation("stop");
    assert_eq!(delete(&without, "RUNNING"), None);
    assert_eq!(delete(&without, "SUCCESS"), Some((None, true)));
}

#[test]
fn the_topmost_job_succeeds_if_all_do() {
    use JobState::{Failed, Queued, Running, Stopped, Success};
    assert_eq!(lifecycle::overall_state(&[Success, Success]), Success);
    assert_eq!(lifecycle::overall_state(&[Success, Stopped]), Stopped);
    assert_eq!(lifecycle::overall_state(&[Stopped, Failed, Success]), Failed);
    assert_eq!(lifecycle::overall_state(&[Failed, Queued]), Running);
    assert_eq!(lifecycle::overall_state(&[Running]), Running);
    assert_eq!(lifecycle::overall_state(&[]), Success);
}

states! {
    /// The state of a rack.
    pub RackState {
        /// Being set up.
        Creating = "CREATING" transient,
        /// Powered.
        On = "ON" lasting,
        /// Without power.
        Off = "OFF" lasting,
    }
}

static RACK: Lifecycle = Lifecycle::new(
    RackState::STATES,
    &[
        Transition::new("http://example.com/power-on", &["OFF"]).to("ON").capability("RemotePower"),
        Transition::new("http://example.com/power-off", &["ON"]).to("OFF"),
    ],
)
.initial("OFF");

resource! {
    /// A rack.
    pub Rack = "Rack" [
        namespace("http://example.com/racks"),
        operations(&["edit", "http://example.com/power-on", "http://example.com/power-off"]),
        lifecycle(&RACK),
    ] {
        /// The state.
        state: Option<RackState> = "state" [read_only],
    }
}

#[test]
fn a_type_of_ones_own_works_like_the_others() {
    let step = lifecycle::apply(Rack::TYPE, "OFF", "http://example.com/power-on").unwrap();
    assert_eq!((step.via, step.to), (None, Some("ON")));
    assert_eq!(Rules::of(Rack::TYPE).create(Some("ON")).unwrap().via, Some("CREATING"));
    let mut said = ResourceMetadata::default();
    let refused = Rules::of(Rack::TYPE).with_metadata(&said).apply("OFF", "http://example.com/power-on");
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unsupported);
    said.capabilities = vec![Capability {
        uri: Some("http://example.com/racks/capability/Rack/RemotePower".into()),
        ..Default::default()
    }];
    Rules::of(Rack::TYPE).with_metadata(&said).apply("OFF", "http://example.com/power-on").unwrap();
    let refused = lifecycle::apply(Rack::TYPE, "ON", "delete");
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unsupported);
}

const OWN: &str = "http://example.com/action/hibernate";

#[test]
fn extensions_are_checked_by_the_categories_of_the_standard() {
    let problems = |rules: Rules| rules.problems();
    let rules = || Rules::of(Machine::TYPE);
    let hibernate = Transition::new(OWN, &["STARTED"]).to("HIBERNATED");
    assert!(problems(rules().with_state(State::lasting("HIBERNATED")).with_transition(hibernate)).is_empty());
    assert_eq!(problems(rules().with_state(State::lasting("LOST"))), ["no operation leads to the state LOST"]);
    assert_eq!(problems(rules().with_transition(hibernate)).len(), 1, "the state is not there");
    let relative = Transition::new("hibernate", &["STARTED"]).to("SUSPENDED");
    assert_eq!(problems(rules().with_transition(relative)).len(), 1, "the name is not a URI");
    let again = Transition::new(OWN, &["STARTED"]).to("SUSPENDED");
    assert!(problems(rules().with_transition(again)).is_empty());
    let instead = rules().without_operation("suspend").with_transition(again);
    assert_eq!(problems(instead), [format!("{OWN} is supported in place of suspend")]);
}

#[test]
fn what_a_provider_adds_is_as_good_as_the_standards_own() {
    let rules = Rules::of(Machine::TYPE)
        .with_state(State::lasting("HIBERNATED"))
        .with_transition(Transition::new(OWN, &["STARTED"]).via("SUSPENDING").to("HIBERNATED"))
        .with_transition(Transition::new("start", &["HIBERNATED"]).via("STARTING").to("STARTED"));
    assert_eq!(rules.apply("STARTED", OWN).unwrap().to, Some("HIBERNATED"));
    assert_eq!(rules.apply("STOPPED", "start").unwrap().to, Some("STARTED"));
    assert_eq!(rules.from_states("start"), ["STOPPED", "PAUSED", "SUSPENDED", "HIBERNATED"]);
    assert_eq!(rules.create(Some("HIBERNATED")).unwrap().to, Some("HIBERNATED"));
    assert_eq!(rules.actions_to("STOPPED", "HIBERNATED"), Some(vec!["start", OWN]));
    let metadata = ResourceMetadata {
        actions: vec![cimi_model::ActionDescription { uri: Some("urn:x:blink".into()), ..Default::default() }],
        ..Default::default()
    };
    assert_eq!(rules.with_metadata(&metadata).apply("STOPPED", "urn:x:blink").unwrap().to, Some("STOPPED"));
}

fn machine_states() -> impl Strategy<Value = MachineState> {
    (0..MachineState::STATES.len()).prop_map(|index| MachineState::from(MachineState::STATES[index].name))
}

proptest! {
    /// From any state, what is permitted leads to states that there are, by ways that there are.
    #[test]
    fn any_sequence_of_permitted_operations_stays_within_the_states(
        found in proptest::sample::select(with_states()),
        start in any::<proptest::sample::Index>(),
        choices in proptest::collection::vec((any::<proptest::sample::Index>(), any::<Option<bool>>()), 0..20),
    ) {
        let rules = Rules::of(found);
        let names: Vec<&str> = rules.states().map(|state| state.name).collect();
        let mut state = names[start.index(names.len())];
        for (choice, force) in choices {
            let operations: Vec<&str> = rules.operations().collect();
            let operation = operations[choice.index(operations.len())];
            let mut invocation = Invocation::default();
            invocation.force = force;
            let Ok(step) = rules.apply_as(state, operation, &invocation) else { continue };
            for next in step.states() {
                prop_assert!(names.contains(&next));
                prop_assert!(rules.may_follow(state, next), "{} {operation}: {state} to {next}", found.name);
                state = next;
            }
            if step.gone {
                prop_assert_eq!(step.to, None);
                break;
            }
            prop_assert!(rules.states().any(|known| known.name == state && !known.transient) || operation == "edit");
        }
    }

    /// The state of a System does not depend on the order of its Machines.
    #[test]
    fn a_system_is_in_the_state_that_all_its_machines_have(
        machines in proptest::collection::vec(proptest::option::weighted(0.9, machine_states()), 0..5),
    ) {
        let state = lifecycle::system_state(None, machines.iter().map(Option::as_ref));
        let reversed = lifecycle::system_state(None, machines.iter().rev().map(Option::as_ref));
        prop_assert_eq!(&state, &reversed);
        let common = machines.first().cloned().flatten().filter(|first| {
            machines.iter().all(|other| other.as_ref() == Some(first))
        });
        let shared = ["STARTING", "STARTED", "STOPPING", "STOPPED", "PAUSING", "PAUSED", "SUSPENDING", "SUSPENDED"];
        let expected = common.filter(|state| shared.contains(&state.as_str()));
        prop_assert_eq!(state.as_str(), expected.as_ref().map_or("MIXED", |state| state.as_str()));
    }
}
