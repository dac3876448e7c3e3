//! What makes the log of a System: any nesting, circles, what is not there, and the forms of 1.x.

use cimi_model::ext::logs::{LogTransfer, Reach, Scope, Selection, system_log};
use cimi_model::{
    CloudEntryPoint, Collection, Document, ErrorKind, Event, EventLog, Machine, ReadOptions, Ref, System, Uri, Volume,
    ext, json,
};
use proptest::prelude::*;

use crate::logs_stored::{Stored, collection, resources};

fn system(id: usize) -> System {
    System {
        id: Some(format!("s/{id}").into()),
        event_log: Some(Ref::to(format!("l/{id}"))),
        systems: Some(Ref::to(format!("s/{id}/systems"))),
        ..System::default()
    }
}

/// All that can be reached, without any cleverness.
fn reached(edges: &[(usize, usize)]) -> Vec<usize> {
    let mut found = vec![0];
    loop {
        let next =
            edges.iter().filter(|(from, to)| found.contains(from) && !found.contains(to)).map(|(_, to)| *to).next();
        match next {
            Some(to) => found.push(to),
            None => break,
        }
    }
    found.sort_unstable();
    found
}

proptest! {
    #[test]
    fn each_system_once(edges in prop::collection::vec((0_usize..8, 0_usize..8), 0..20), by_value in any::<bool>()) {
        let mut stored = Stored::default();
        for id in 0..8 {
            let below = edges.iter().filter(|(from, _)| *from == id);
            let below: Vec<System> = below.map(|(_, to)| system(*to)).collect();
            if by_value || !below.is_empty() {
                stored.add(collection(&format!("s/{id}/systems"), below));
            }
        }
        let log = system_log(&system(0), &stored, &Scope::default()).unwrap();
        let mut found: Vec<usize> = resources(&log.origins).iter().map(|id| id[2..].parse().unwrap()).collect();
        prop_assert_eq!(resources(&log.origins)[0], "s/0");
        found.sort_unstable();
        prop_assert_eq!(&found, &reached(&edges));
        let empty = found.iter().filter(|id| !edges.iter().any(|(from, _)| from == *id)).count();
        prop_assert_eq!(log.missing.len(), if by_value { 0 } else { empty });
    }
}

#[test]
fn depth_and_number_are_bounded() {
    let mut stored = Stored::default();
    for id in 0..200 {
        stored.add(collection(&format!("s/{id}/systems"), vec![system(id + 1)]));
    }
    let error = system_log(&system(0), &stored, &Scope::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let log = std::thread::scope(|scope| {
        let work = || {
            system_log(&system(0), &Deep, &Scope::default()).map(|log| log.origins.len()).map_err(|error| error.kind())
        };
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn_scoped(scope, work).unwrap();
        thread.join().unwrap()
    });
    assert_eq!(log, Err(ErrorKind::Limit));
    let wide = Scope { most: 3, depth: 1000, ..Scope::default() };
    assert_eq!(system_log(&system(0), &stored, &wide).unwrap_err().kind(), ErrorKind::Limit);
}

/// Systems without an end.
struct Deep;

impl cimi_model::template::Resolver for Deep {
    fn resolve(
        &self,
        href: &Uri,
        _: &'static cimi_model::Type,
    ) -> cimi_model::Result<Box<dyn cimi_model::reflect::Record>> {
        let id: usize = href.as_str().split('/').nth(1).unwrap().parse().unwrap();
        Ok(Box::new(collection(href.as_str(), vec![system(id + 1)])))
    }
}

#[test]
fn uris_are_compared_by_the_base() {
    let volume = |id: &str| Volume { id: Some(id.into()), event_log: Some(Ref::to("logs/v")), ..Volume::default() };
    let inner = System {
        id: Some("http://example.com/s/2".into()),
        volumes: Some(Ref::by_value(collection("v", vec![volume("http://example.com/v/1")]))),
        ..System::default()
    };
    let outer = System {
        id: Some("s/1".into()),
        systems: Some(Ref::by_value(collection("s", vec![inner]))),
        volumes: Some(Ref::by_value(collection("v", vec![volume("v/1"), volume("v/1")]))),
        ..System::default()
    };
    let base = Some("http://example.com/".into());
    let known = |base: Option<Uri>| {
        let log = system_log(&outer, &Stored::default(), &Scope { base, ..Scope::default() }).unwrap();
        resources(&log.origins).len()
    };
    assert_eq!((known(base), known(None)), (3, 4));
}

#[test]
fn logs_that_name_a_resource_as_their_target_belong_to_it() {
    let machine = Machine { id: Some("m/1".into()), event_log: Some(Ref::to("l/1")), ..Machine::default() };
    let log = |id: &str, target: &str| EventLog {
        id: Some(id.into()),
        target_resource: Some(Ref::to(target)),
        ..EventLog::default()
    };
    let logs = [log("l/1", "m/1"), log("l/2", "http://example.com/m/1"), log("l/3", "m/2"), log("l/2", "m/1")];
    let mut found = system_log(&machine, &Stored::default(), &Scope::default()).unwrap();
    assert_eq!(found.add_targeting(&logs, Some(&"http://example.com/".into())), 1);
    assert_eq!(resources(&found.origins), ["m/1", "m/1"]);
    assert_eq!(found.origins[1].event_log, Some(Ref::to("l/2")));
    // Their Events are read where they are.
    let mut stored = Stored::default();
    let events = Some(Ref::by_value(Collection::from_iter([Event { id: Some("e/1".into()), ..Event::default() }])));
    stored.add(EventLog { id: Some("l/2".into()), events, ..EventLog::default() });
    let fetched = found.fetch(&stored);
    assert_eq!(
        (fetched.logs.len(), fetched.missing[0].href.as_str(), fetched.missing[0].wanted),
        (1, "l/1", "EventLog")
    );
    assert_eq!(fetched.gather(&Selection::default()).unwrap().entries.len(), 1);
}

#[test]
fn everything_of_a_cloud_has_a_log() {
    let mut stored = Stored::default();
    let machine = Machine { id: Some("m/1".into()), event_log: Some(Ref::to("l/1")), ..Machine::default() };
    stored.add(collection("machines", vec![machine]));
    let cloud = CloudEntryPoint {
        id: Some("cloud".into()),
        machines: Some(Ref::to("machines")),
        event_logs: Some(Ref::to("eventLogs")),
        ..CloudEntryPoint::default()
    };
    let log = system_log(&cloud, &stored, &Scope::default()).unwrap();
    assert_eq!((resources(&log.origins), log.missing.len()), (vec!["cloud", "m/1"], 0));
}

/// In 1.x, the items of collections refer to the resources.
#[test]
fn systems_of_1x() {
    let xml = br#"<System xmlns="http://schemas.dmtf.org/cimi/1"><id>s/1</id>
        <machines href="s/1/machines"/><volumes href="s/1/volumes"/><eventLog href="l/s"/></System>"#;
    let system = cimi_model::xml::from_slice::<System>(xml, &ReadOptions::default()).unwrap().value;
    let volumes = br#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="http://schemas.dmtf.org/cimi/1/SystemVolumeCollection">
        <id>s/1/volumes</id><count>1</count><SystemVolume><id>s/1/volumes/1</id><volume href="v/1"/></SystemVolume></Collection>"#;
    let volumes = Document::read(volumes, &ext::registry(), &ReadOptions::default()).unwrap().value;
    let machines =
        br#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/SystemMachineCollection", "id": "s/1/machines", "count": 1,
        "systemMachines": [{"id": "s/1/machines/1", "machine": {"href": "m/1"}}]}"#;
    let machines = Document::read(machines, &ext::registry(), &ReadOptions::default()).unwrap().value;
    let mut stored = Stored::default();
    stored.0.insert("s/1/volumes".into(), volumes.record().boxed_clone());
    stored.0.insert("s/1/machines".into(), machines.record().boxed_clone());
    stored.add(Machine { id: Some("m/1".into()), event_log: Some(Ref::to("l/m")), ..Machine::default() });
    stored.add(Volume { id: Some("v/1".into()), event_log: Some(Ref::to("l/v")), ..Volume::default() });
    let log = system_log(&system, &stored, &Scope::default()).unwrap();
    assert_eq!(resources(&log.origins), ["s/1", "m/1", "v/1"], "{:?} {system:?}", log.missing);
    assert_eq!(log.with_log().count(), 3);
}

#[test]
fn what_is_used_is_there_without_its_components() {
    let text = br#"{"id": "m/1", "volumes": {"href": "m/1/volumes", "locatedVolumes": [
            {"id": "m/1/volumes/1", "volume": {"href": "v/1"}, "eventLog": {"href": "l/v"}},
            {"id": "m/1/volumes/2", "volume": {"href": "v/2"}}]},
        "interfaces": {"networkInterfaces": [{"id": "i/1", "network": {"href": "n/1"}}]}}"#;
    let machine = json::from_slice::<Machine>(text, &ReadOptions::default()).unwrap().value;
    let mut stored = Stored::default();
    let network = br#"{"id": "n/1", "eventLog": {"href": "l/n"}, "segments": {"protocolSegments": [{"id": "p/1"}]}}"#;
    stored.add(json::from_slice::<cimi_model::Network>(network, &ReadOptions::default()).unwrap().value);
    let log = system_log(&machine, &stored, &Scope { reach: Reach::Used, ..Scope::default() }).unwrap();
    assert_eq!(resources(&log.origins), ["m/1", "v/1", "v/2", "i/1", "n/1"]);
    assert_eq!(log.origins[1].res_type, Some("http://schemas.dmtf.org/cimi/2/Volume".into()));
    assert_eq!((log.with_log().count(), log.missing[0].href.as_str()), (2, "v/2"));
    let components = system_log(&machine, &stored, &Scope::default()).unwrap();
    assert_eq!(resources(&components.origins), ["m/1", "i/1"]);
}

#[test]
fn transfers_are_refused_with_a_path() {
    for (text, path) in [
        (r#"{"reach": "everything"}"#, "/LogTransfer/reach"),
        (r#"{"firstRun": "tonight"}"#, "/LogTransfer/firstRun"),
        (r#"{"period": "often"}"#, "/LogTransfer/period"),
        (r#"{"resources": [{"href": 7}]}"#, "/LogTransfer/resources[0]/href"),
    ] {
        let read = json::from_slice::<LogTransfer>(text.as_bytes(), &ReadOptions::strict());
        match read {
            Err(error) => assert_eq!(error.path(), path),
            Ok(read) => {
                let problems = cimi_model::validate::Validation::create().problems(&read.value);
                assert!(problems.iter().any(|problem| problem.path == path), "{problems:?}");
            }
        }
    }
}

#[test]
fn what_is_there_in_part_is_told() {
    let page = Collection {
        count: Some(3),
        ..collection("m", vec![Machine { id: Some("m/1".into()), ..Machine::default() }])
    };
    let system = System { id: Some("s/1".into()), machines: Some(Ref::by_value(page.clone())), ..System::default() };
    let log = system_log(&system, &Stored::default(), &Scope::default()).unwrap();
    assert_eq!((resources(&log.origins), log.missing.len()), (vec!["s/1", "m/1"], 1));
    assert_eq!(log.missing[0].error.reason(), "1 of 3 members are there");
    // Where all of it can be had, it is.
    let expanded = Some(Ref { href: Some("machines".into()), value: Some(Box::new(page)) });
    let system = System { machines: expanded, ..system };
    let mut stored = Stored::default();
    let machine = |id: &str| Machine { id: Some(id.into()), ..Machine::default() };
    stored.add(collection("machines", vec![machine("m/1"), machine("m/2"), machine("m/3")]));
    let log = system_log(&system, &stored, &Scope::default()).unwrap();
    assert_eq!((resources(&log.origins), log.missing.len()), (vec!["s/1", "m/1", "m/2", "m/3"], 0));
    let log = system_log(&system, &Stored::default(), &Scope::default()).unwrap();
    assert_eq!((resources(&log.origins), log.missing.len()), (vec!["s/1", "m/1"], 1));

    // So it is with the Events of a log.
    let events = Collection { count: Some(2), ..Collection::from_iter([Event::default()]) };
    let event_log = EventLog { events: Some(Ref::by_value(events)), ..EventLog::default() };
    let machine = Machine { event_log: Some(Ref::by_value(event_log)), ..machine("m/1") };
    let fetched = system_log(&machine, &stored, &Scope::default()).unwrap().fetch(&stored);
    assert_eq!((fetched.logs[0].1.len(), fetched.missing.len()), (1, 1));
}

/// What a Machine uses may be a component of the System as well, wherever it is met first.
#[test]
fn what_is_used_and_owned_has_its_components() {
    let text = br#"{"id": "s/1", "machines": {"machines": [{"id": "m/1", "eventLog": {"href": "l/1"}, "interfaces": {
            "networkInterfaces": [{"id": "i/1", "network": {"href": "n/1", "id": "n/1"}}]}}]},
        "networks": {"networks": [{"id": "n/1", "eventLog": {"href": "l/1"}, "segments": {"protocolSegments": [{"id": "p/1"}]}}]}}"#;
    let system = json::from_slice::<System>(text, &ReadOptions::default()).unwrap().value;
    let used = Scope { reach: Reach::Used, ..Scope::default() };
    let log = system_log(&system, &Stored::default(), &used).unwrap();
    assert_eq!(resources(&log.origins), ["s/1", "m/1", "i/1", "n/1", "p/1"]);
    // A log that two resources have is read once.
    let mut stored = Stored::default();
    let events = Some(Ref::by_value(Collection::from_iter([Event::default()])));
    stored.add(EventLog { id: Some("l/1".into()), events, ..EventLog::default() });
    let log = system_log(&system, &stored, &Scope::default()).unwrap();
    assert_eq!((log.with_log().count(), log.fetch(&stored).logs.len()), (2, 1));
}

#[test]
fn additions_are_refused_with_a_path() {
    use cimi_model::ext::logs::{LOG_SERVICES, ORIGIN, TRANSFER_RUN};
    use cimi_model::validate::{Rule, Validation};
    use cimi_model::{Job, Machine};
    let key = |name: &str| format!("{{{}}}{name}", ext::NAMESPACE);
    let mut job = Job::default();
    job.extensions.insert(key("transferRun"), 7);
    assert_eq!(TRANSFER_RUN.get(&job).unwrap_err().path(), "/Job/transferRun");
    let text = br#"{"transferRun": {"number": -1, "due": "soon"}}"#;
    let job = json::from_slice::<Job>(text, &ReadOptions::default()).unwrap().value;
    let problems = TRANSFER_RUN.problems(&job, &Validation::read());
    for path in ["/Job/transferRun/number", "/Job/transferRun/due"] {
        assert!(problems.iter().any(|problem| problem.path == path), "{problems:?}");
    }
    let text = br#"{"origin": {"resource": {"href": "m/1"}}, "logServices": {"formats": ["cadf+json"]}}"#;
    let machine = json::from_slice::<Machine>(text, &ReadOptions::default()).unwrap().value;
    assert_eq!(ORIGIN.problems(&machine, &Validation::read())[0].rule, Rule::Unknown);
    assert_eq!(LOG_SERVICES.problems(&machine, &Validation::read())[0].rule, Rule::Unknown);
}
