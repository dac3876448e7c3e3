//! What a store writes by itself.

use cimi_model::lifecycle::{Invocation, Rules};
use cimi_model::reflect::{Described, Record};
use cimi_model::{
    Collection, Credential, DateTime, Disk, ErrorKind, Generic, LocatedVolume, Machine, MachineState, Ref, Uri, Volume,
    attributes,
};
use cimi_protocol::provider::rules::upkeep;
use proptest::prelude::*;

fn now() -> DateTime {
    "2025-01-01T00:00:00Z".parse().unwrap()
}

fn disk(id: &str) -> Disk {
    Disk { id: Some(id.into()), ..Default::default() }
}

#[test]
fn a_new_resource_is_registered() {
    let mut credential = Credential { name: Some("root".into()), ..Default::default() };
    upkeep::register(&mut credential, &"c/1".into(), Some(&"credentials".into()), &now());
    let expected = Credential {
        id: Some("c/1".into()),
        name: Some("root".into()),
        parent: Some(Ref::to("credentials")),
        created: Some(now()),
        updated: Some(now()),
        ..Default::default()
    };
    assert_eq!(credential, expected);
    // It has no states, and goes through none.
    let step = upkeep::create(&mut credential, &Rules::of(Credential::TYPE), None).unwrap();
    upkeep::complete(&mut credential, &step);
    assert_eq!(credential, expected);

    let mut unknown = Generic::of_type("http://example.com/Rack");
    upkeep::register(&mut unknown, &"r/1".into(), None, &now());
    assert_eq!(unknown.extensions.get("id").and_then(|id| id.as_str()), Some("r/1"));
    assert_eq!(unknown.extensions.get("created").and_then(|created| created.as_str()), Some(now().as_str()));
}

#[test]
fn states_during_and_after_an_operation() {
    let rules = Rules::of(Machine::TYPE);
    let mut machine = Machine::default();
    let step = upkeep::create(&mut machine, &rules, None).unwrap();
    assert_eq!(machine.state, Some(MachineState::Creating));
    upkeep::complete(&mut machine, &step);
    assert_eq!(machine.state, Some(MachineState::Stopped));
    let step = upkeep::begin(&mut machine, &rules, "start", &Invocation::default()).unwrap();
    assert_eq!((machine.state.clone(), step.gone), (Some(MachineState::Starting), false));
    upkeep::fail(&mut machine, &rules);
    assert_eq!(machine.state, Some(MachineState::Error));
    let step = upkeep::begin(&mut machine, &rules, "delete", &Invocation::default()).unwrap();
    assert_eq!((machine.state.clone(), step.gone), (Some(MachineState::Deleting), true));
    // Nothing changes that is not possible, and nothing but the state.
    let before = machine.clone();
    let error = upkeep::begin(&mut machine, &rules, "start", &Invocation::default()).unwrap_err();
    assert_eq!((error.kind(), &machine), (ErrorKind::State, &before));
    assert_eq!(machine, Machine { state: Some(MachineState::Deleting), ..Default::default() });
    let error = upkeep::create(&mut machine, &rules, Some("STARTING")).unwrap_err();
    assert_eq!((error.kind(), &machine), (ErrorKind::State, &before));
}

#[test]
fn members_are_counted() {
    let mut disks = Collection::<Disk>::default();
    assert!(upkeep::put_in(&mut disks, &disk("d/1")));
    assert!(upkeep::put_in(&mut disks, &disk("d/2")));
    let larger = Disk { capacity: Some(7), ..disk("d/1") };
    assert!(upkeep::put_in(&mut disks, &larger)); // in place of the one with its id
    assert_eq!((disks.count, &disks.items[..]), (Some(2), &[disk("d/2"), larger][..]));
    // Members are of the type of the collection.
    assert!(!upkeep::put_in(&mut disks, &Volume { id: Some("d/2".into()), ..Default::default() }));
    assert!(!upkeep::put_in(&mut disk("d/3"), &disk("d/4")));
    assert_eq!(disks.items.len(), 2);
    assert!(upkeep::take_out(&mut disks, &"d/2".into()));
    assert!(!upkeep::take_out(&mut disks, &"d/2".into()));
    assert_eq!((disks.count, disks.items.len()), (Some(1), 1));
    // A collection that shows a part only has more.
    disks.count = Some(100);
    assert!(upkeep::take_out(&mut disks, &"d/1".into()));
    assert_eq!(disks.count, Some(99));
}

#[test]
fn an_item_is_taken_out_by_the_resource_that_it_refers_to() {
    let item = LocatedVolume { id: Some("m/1/volumes/1".into()), volume: Some(Ref::to("v/1")), ..Default::default() };
    for uri in ["m/1/volumes/1", "v/1"] {
        let mut volumes: Collection<LocatedVolume> = [item.clone()].into_iter().collect();
        assert!(!upkeep::take_out(&mut volumes, &"v/2".into()));
        assert!(upkeep::take_out(&mut volumes, &uri.into()), "{uri}");
        assert_eq!((volumes.count, volumes.items.len()), (Some(0), 0));
    }
}

proptest! {
    #[test]
    fn the_count_is_the_number_of_members(steps in proptest::collection::vec((any::<bool>(), 0_u8..8), 0..80)) {
        let mut disks: Collection<Disk> = std::iter::empty().collect();
        let mut expected = std::collections::BTreeSet::new();
        for (put, n) in steps {
            let id = format!("d/{n}");
            if put {
                prop_assert!(upkeep::put_in(&mut disks, &disk(&id)));
                expected.insert(id);
            } else {
                prop_assert_eq!(upkeep::take_out(&mut disks, &Uri::from(id.as_str())), expected.remove(&id));
            }
            let mut ids: Vec<&str> = disks.items.iter().filter_map(|disk| attributes::text(disk as &dyn Record, "id")).collect();
            ids.sort_unstable();
            prop_assert_eq!(&ids, &expected.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(disks.count, i64::try_from(expected.len()).ok());
        }
    }
}
