//! Actions that reach components, and states that follow from theirs.

use std::collections::HashMap;

use cimi_model::lifecycle::{self, Component, Invocation, Plan, Rules};
use cimi_model::meta::{State, Transition};
use cimi_model::reflect::Described;
use cimi_model::{
    Collection, ErrorKind, Machine, MachineState, Network, NetworkService, ProtocolEndpoint, ProtocolSegment, Ref,
    System, SystemState, Type,
};

/// A store: the type and state of each resource, and its components.
#[derive(Default)]
struct Store {
    resources: HashMap<&'static str, (&'static Type, Option<&'static str>)>,
    components: HashMap<&'static str, Vec<&'static str>>,
}

impl Store {
    fn with(mut self, of: &'static Type, id: &'static str, state: &'static str, parts: &[&'static str]) -> Self {
        self.resources.insert(id, (of, Some(state).filter(|state| !state.is_empty())));
        self.components.insert(id, parts.to_vec());
        self
    }

    fn get(&self, id: &'static str) -> Component<'static> {
        let (of, state) = self.resources[id];
        Component::new(id, Rules::of(of), state)
    }

    fn components(&self, of: &Component<'static>) -> Vec<Component<'static>> {
        self.components[of.id].iter().map(|id| self.get(id)).collect()
    }

    fn perform(&self, id: &'static str, action: &str) -> cimi_model::Result<Plan<'static>> {
        lifecycle::perform(self.get(id), action, &Invocation::default(), &|of| self.components(of))
    }

    fn derived(&self, id: &'static str) -> Option<&'static str> {
        lifecycle::derived_state(&self.get(id), &|of| self.components(of))
    }
}

type Affected = (&'static str, Option<&'static str>, Option<&'static str>);

fn affected(plan: &Plan<'static>) -> Vec<Affected> {
    plan.affected().map(|(component, step)| (component.id, step.via, step.to)).collect()
}

fn unaffected(plan: &Plan<'static>) -> Vec<&'static str> {
    plan.unaffected().map(|effect| effect.component.id).collect()
}

#[test]
fn an_action_reaches_machines_and_sub_systems_in_different_states() {
    let store = Store::default()
        .with(System::TYPE, "top", "MIXED", &["a", "b", "sub"])
        .with(Machine::TYPE, "a", "STOPPED", &[])
        .with(Machine::TYPE, "b", "STARTED", &[])
        .with(System::TYPE, "sub", "PAUSED", &["c", "d"])
        .with(Machine::TYPE, "c", "PAUSED", &[])
        .with(Machine::TYPE, "d", "FAILED", &[]);
    let plan = store.perform("top", "start").unwrap();
    let expected = [
        ("top", Some("MIXED"), Some("MIXED")),
        ("a", Some("STARTING"), Some("STARTED")),
        ("sub", Some("MIXED"), Some("MIXED")),
        ("c", Some("STARTING"), Some("STARTED")),
    ];
    assert_eq!(affected(&plan), expected);
    assert_eq!(unaffected(&plan), ["b", "d"]);
    let plan = store.perform("top", lifecycle::action::STOP).unwrap();
    assert_eq!(plan.affected().map(|(component, _)| component.id).collect::<Vec<_>>(), ["top", "b", "sub", "c", "d"]);
    assert_eq!(affected(&plan)[0], ("top", Some("MIXED"), Some("STOPPED")));
}

#[test]
fn an_action_that_is_not_for_components_stays_where_it_is() {
    let store = Store::default().with(System::TYPE, "top", "STARTED", &["a"]).with(Machine::TYPE, "a", "STARTED", &[]);
    let export = store.perform("top", "export").unwrap();
    assert_eq!((export.effects.len(), affected(&export)[0]), (1, ("top", None, Some("STARTED"))));
    assert_eq!(store.perform("top", "pause").unwrap().effects.len(), 2);
    assert_eq!(store.perform("top", "enable").unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn what_is_not_there_is_not_asked() {
    let store = Store::default()
        .with(System::TYPE, "top", "MIXED", &["going", "a"])
        .with(System::TYPE, "going", "DELETING", &["a", "b"])
        .with(Machine::TYPE, "a", "STOPPED", &[])
        .with(Machine::TYPE, "b", "STOPPED", &[]);
    let plan = store.perform("top", "start").unwrap();
    // `a` is reached on another way; `b` still counts for the state.
    assert_eq!(affected(&plan), [("top", Some("MIXED"), Some("MIXED")), ("a", Some("STARTING"), Some("STARTED"))]);
    assert_eq!(unaffected(&plan), ["going"]);
    assert_eq!(store.perform("going", "start").unwrap_err().kind(), ErrorKind::State);
}

#[test]
fn cycles_end_and_each_resource_is_asked_once() {
    let store = Store::default()
        .with(System::TYPE, "one", "", &["two", "a"])
        .with(System::TYPE, "two", "", &["one", "two", "a", "b"])
        .with(Machine::TYPE, "a", "STOPPED", &[])
        .with(Machine::TYPE, "b", "STOPPED", &[]);
    let plan = store.perform("one", "start").unwrap();
    let mut ids: Vec<&str> = plan.effects.iter().map(|effect| effect.component.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a", "b", "one", "two"]);
    assert_eq!(affected(&plan)[0], ("one", Some("STARTING"), Some("STARTED")));
    assert_eq!((store.derived("one"), store.derived("two")), (Some("STOPPED"), Some("STOPPED")));
}

#[test]
fn the_state_of_a_system_follows_from_all_machines_below_it() {
    let with = |state: &'static str, first, second, own| {
        Store::default()
            .with(System::TYPE, "top", own, &["a", "sub", "empty"])
            .with(System::TYPE, "sub", state, &["b"])
            .with(System::TYPE, "empty", "MIXED", &[])
            .with(Machine::TYPE, "a", first, &[])
            .with(Machine::TYPE, "b", second, &[])
            .derived("top")
    };
    assert_eq!(with("MIXED", "STARTED", "STARTED", ""), Some("STARTED"));
    assert_eq!(with("STARTED", "STARTED", "STOPPED", "STARTED"), Some("MIXED"));
    // A sub-System in error has Machines all the same.
    assert_eq!(with("ERROR", "PAUSED", "PAUSED", "MIXED"), Some("PAUSED"));
    assert_eq!(with("", "PAUSED", "", "MIXED"), Some("MIXED"));
    // States that a System does not have, or has for itself alone.
    for state in ["CAPTURING", "FAILED", "CREATING", "DELETING", "ERROR", "LOST"] {
        assert_eq!(with("", state, state, ""), Some("MIXED"), "{state}");
    }
    for own in ["CREATING", "DELETING", "ERROR", "MAINTENANCE"] {
        assert_eq!(with("", "STARTED", "STARTED", own), Some(own));
    }
    assert_eq!(Store::default().with(Machine::TYPE, "a", "STARTED", &[]).derived("a"), None);
}

#[test]
fn the_flat_form_agrees_with_the_tree() {
    for state in MachineState::STATES {
        let machine = MachineState::from(state.name);
        let flat = lifecycle::system_state(None, [Some(&machine), Some(&machine)]);
        let store = Store::default()
            .with(System::TYPE, "top", "", &["a", "b"])
            .with(Machine::TYPE, "a", state.name, &[])
            .with(Machine::TYPE, "b", state.name, &[]);
        assert_eq!(store.derived("top"), Some(flat.as_str()));
    }
    let own = SystemState::from("MAINTENANCE");
    assert_eq!(lifecycle::system_state(Some(&own), []), own);
    assert_eq!(lifecycle::system_state(Some(&SystemState::Started), []), SystemState::Mixed);
}

#[test]
fn starting_a_network_starts_and_enables_all_in_it() {
    let store = Store::default()
        .with(Network::TYPE, "net", "STOPPED", &["segment", "service", "sub"])
        .with(ProtocolSegment::TYPE, "segment", "STOPPED", &["endpoint"])
        .with(ProtocolEndpoint::TYPE, "endpoint", "DISABLED", &[])
        .with(NetworkService::TYPE, "service", "ERROR", &[])
        .with(Network::TYPE, "sub", "STARTED", &["inner"])
        .with(ProtocolSegment::TYPE, "inner", "STOPPED", &[]);
    let plan = store.perform("net", "start").unwrap();
    let expected = [
        ("net", Some("STARTING"), Some("STARTED")),
        ("segment", None, Some("STARTED")),
        ("endpoint", None, Some("ENABLED")),
        ("inner", None, Some("STARTED")),
    ];
    let mut found = affected(&plan);
    found.sort_by_key(|(id, _, _)| expected.iter().position(|(other, _, _)| other == id));
    assert_eq!(found, expected);
    assert_eq!(unaffected(&plan), ["service", "sub"]);
    let enabled = plan.effects.iter().find(|effect| effect.component.id == "endpoint").unwrap();
    assert_eq!(enabled.action, "enable");
    assert_eq!(store.perform("sub", "start").unwrap_err().kind(), ErrorKind::State);
    // Of its own, a segment is started without its endpoints (5.16.5.3).
    assert_eq!(affected(&store.perform("segment", "start").unwrap()), [("segment", None, Some("STARTED"))]);
}

#[test]
fn components_are_found_in_expanded_records() {
    let machine = |id: &str, state| Machine { id: Some(id.into()), state: Some(state), ..Default::default() };
    let machines = |list: Vec<Machine>| Some(Ref::by_value(list.into_iter().collect::<Collection<_>>()));
    let sub = System { machines: machines(vec![machine("m/2", MachineState::Stopped)]), ..Default::default() };
    let top = System {
        machines: machines(vec![machine("m/1", MachineState::Stopped), machine("m/2", MachineState::Stopped)]),
        systems: Some(Ref::by_value([sub.clone(), sub].into_iter().collect())),
        ..Default::default()
    };
    let root = Component::of(&top);
    assert_eq!(lifecycle::derived_state(&root, &lifecycle::expanded), Some("STOPPED"));
    let plan = lifecycle::perform(root, "start", &Invocation::default(), &lifecycle::expanded).unwrap();
    let ids: Vec<&str> = plan.affected().map(|(component, _)| component.id).collect();
    // Systems without an id are not taken for the same one.
    assert_eq!(ids, ["", "m/1", "m/2", "", ""]);
}

#[test]
fn a_tall_and_wide_tree_is_no_burden() {
    const DEPTH: usize = 20_000;
    let ids: Vec<String> = (0..=DEPTH).map(|index| index.to_string()).collect();
    let components = |of: &Component<'_>| {
        let next = of.id.parse::<usize>().unwrap() + 1;
        let system = ids.get(next).map(|id| Component::new(id, Rules::of(System::TYPE), None));
        let machine = (next == DEPTH).then(|| Component::new("machine", Rules::of(Machine::TYPE), Some("STARTED")));
        system.into_iter().chain(machine).collect()
    };
    let root = Component::new(&ids[0], Rules::of(System::TYPE), None);
    assert_eq!(lifecycle::derived_state(&root, &components), Some("STARTED"));
    let plan = lifecycle::perform(root, "stop", &Invocation::default(), &components).unwrap();
    assert_eq!(plan.affected().filter(|(_, step)| step.to == Some("STOPPED")).count(), DEPTH + 1);
}

#[test]
fn a_provider_state_is_shared_like_the_others() {
    const OWN: &str = "http://example.com/hibernate";
    let own = |of| {
        Rules::of(of)
            .with_state(State::lasting("HIBERNATED"))
            .with_transition(Transition::new(OWN, &["STARTED"]).to("HIBERNATED"))
    };
    let components = |_: &Component<'static>| vec![Component::new("a", own(Machine::TYPE), Some("STARTED"))];
    let root = Component::new("top", own(System::TYPE), Some("STARTED"));
    let plan = lifecycle::perform(root, OWN, &Invocation::default(), &components).unwrap();
    assert_eq!(affected(&plan)[0].2, Some("HIBERNATED"));
    assert_eq!(plan.effects.len(), 2);
}
