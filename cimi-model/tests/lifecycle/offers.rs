//! The `operations` of a representation.

use cimi_model::lifecycle::{self, Rules};
use cimi_model::reflect::Described;
use cimi_model::{
    Collection, Dialect, Job, Machine, MachineState, Meter, Operation, Registry, Type, Uri, Volume, WriteOptions, json,
    xml,
};
use proptest::prelude::*;

use super::metadata;

#[allow(clippy::unnecessary_wraps, reason = "as the function under test wants it")]
fn anywhere(rel: &str) -> Option<Uri> {
    Some(Uri::from(format!("x/{}", lifecycle::name(rel))))
}

fn names(operations: &[Operation]) -> Vec<(&str, bool)> {
    operations
        .iter()
        .map(|operation| {
            let rel = operation.rel.as_ref().expect("a rel").as_str();
            (lifecycle::name(rel), operation.available.unwrap_or(true))
        })
        .collect()
}

#[test]
fn a_stopped_machine_offers_what_it_can_and_says_what_it_cannot() {
    let operations = Rules::of(Machine::TYPE).operations_for(Some("STOPPED"), &anywhere);
    let expected = [
        ("edit", true),
        ("delete", true),
        ("start", true),
        ("stop", false),
        ("restart", true),
        ("pause", false),
        ("suspend", false),
        ("capture", true),
        ("snapshot", true),
        ("restore", true),
        ("connectvolume", true),
    ];
    assert_eq!(names(&operations), expected);
    // What may be invoked needs no `available`: it is true by default (4.2).
    assert!(operations.iter().all(|operation| operation.available != Some(true)));
}

#[test]
fn rels_are_short_or_uris_and_follow_the_dialect() {
    let mut machine = Machine { state: Some(MachineState::Started), ..Default::default() };
    let rules = Rules::of(Machine::TYPE).only_operations(&["edit", "stop"]);
    machine.operations = rules.operations_of(&machine, &anywhere);
    let text = json::to_string(&machine, WriteOptions::default()).unwrap();
    assert!(text.contains(r#"{"rel":"edit","href":"x/edit"}"#), "{text}");
    assert!(text.contains(r#""rel":"http://schemas.dmtf.org/cimi/2/action/stop""#), "{text}");
    let text = xml::to_string(&machine, Dialect::V1.into()).unwrap();
    assert!(text.contains(r#"rel="http://schemas.dmtf.org/cimi/1/action/stop""#), "{text}");
}

#[test]
fn a_consumer_sees_only_what_it_may_invoke() {
    let reader = |rel: &str| (rel == lifecycle::action::START).then(|| Uri::from("go"));
    let operations = Rules::of(Machine::TYPE).operations_for(Some("STOPPED"), &reader);
    assert_eq!(names(&operations), [("start", true)]);
    assert_eq!(operations[0].href.as_ref().map(Uri::as_str), Some("go"));
    assert!(Rules::of(Machine::TYPE).operations_for(Some("STOPPED"), &|_| None).is_empty());
}

#[test]
fn a_provider_offers_only_what_it_supports() {
    let rules = Rules::of(Volume::TYPE);
    assert_eq!(names(&rules.operations_for(Some("AVAILABLE"), &anywhere)).len(), 4);
    // An absent boolean capability is false (5.11.1).
    for (capabilities, offered) in [
        (&[][..], false),
        (&[("VolumeSnapshot", "false")][..], false),
        (&[("VolumeSnapshot", "true")][..], true),
        (&[("SharedVolumeSupport", "true")][..], false),
    ] {
        let rules = rules.clone().with_metadata(&metadata("Volume", capabilities));
        let operations = rules.operations_for(Some("AVAILABLE"), &anywhere);
        assert_eq!(names(&operations).contains(&("snapshot", true)), offered, "{capabilities:?}");
        assert_eq!(rules.apply("AVAILABLE", "snapshot").is_ok(), offered);
    }
    let few = rules.without_operation(lifecycle::action::RESTORE).without_operation("delete");
    assert_eq!(names(&few.operations_for(Some("AVAILABLE"), &anywhere)), [("edit", true), ("snapshot", true)]);
}

#[test]
fn a_job_that_has_ended_offers_no_stop() {
    let rules = Rules::of(Job::TYPE);
    let offered = |state| rules.operations_for(Some(state), &anywhere);
    assert_eq!(names(&offered("RUNNING")), [("edit", true), ("delete", true), ("stop", true)]);
    assert_eq!(names(&offered("STOPPING")), [("edit", true), ("delete", false), ("stop", false)]);
    assert_eq!(names(&offered("SUCCESS")), [("edit", true), ("delete", true)]);
}

#[test]
fn without_a_state_everything_is_available() {
    let all = |operations: Vec<Operation>| operations.iter().all(|operation| operation.available.is_none());
    assert!(all(Rules::of(Machine::TYPE).operations_for(None, &anywhere)));
    assert!(all(Rules::of(Machine::TYPE).operations_of(&Machine::default(), &anywhere)));
    let meter = Rules::of(Meter::TYPE).operations_of(&Meter::default(), &anywhere);
    assert_eq!(names(&meter), [("edit", true), ("delete", true), ("start", true), ("stop", true)]);
    let machines = Rules::of(<Collection<Machine>>::TYPE).with_operation("insert");
    let offered = machines.operations_of(&Collection::<Machine>::default(), &anywhere);
    assert_eq!(names(&offered), [("add", true), ("insert", true)]);
}

#[test]
fn an_unknown_state_makes_nothing_available() {
    let machine = Machine { state: Some(MachineState::from("LOST")), ..Default::default() };
    let operations = Rules::of(Machine::TYPE).operations_of(&machine, &anywhere);
    assert!(operations.iter().all(|operation| operation.available == Some(false)));
}

fn types() -> Vec<&'static Type> {
    Registry::standard().iter().map(|entry| entry.record_type).filter(|found| !found.operations.is_empty()).collect()
}

proptest! {
    #[test]
    fn what_is_available_can_be_applied_and_the_other_way_round(
        found in proptest::sample::select(types()),
        index in any::<proptest::sample::Index>(),
        dropped in proptest::collection::vec(any::<proptest::sample::Index>(), 0..3),
        capable in any::<Option<bool>>(),
    ) {
        let mut rules = Rules::of(found);
        for index in dropped {
            rules = rules.without_operation(found.operations[index.index(found.operations.len())]);
        }
        if let Some(value) = capable {
            rules = rules.with_metadata(&metadata(found.name, &[("VolumeSnapshot", if value { "true" } else { "no" })]));
        }
        let states: Vec<&str> = rules.states().map(|state| state.name).collect();
        let state = if states.is_empty() { "" } else { states[index.index(states.len())] };
        let offered = rules.operations_for(Some(state), &anywhere);
        for operation in found.operations {
            let available = names(&offered).contains(&(operation, true));
            prop_assert_eq!(available, rules.apply(state, operation).is_ok(), "{} {} {}", found.name, state, operation);
            prop_assert_eq!(available, states.is_empty() && rules.supports(operation)
                || rules.from_states(operation).contains(&state));
        }
    }
}
