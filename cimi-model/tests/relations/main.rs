//! Children, deletions, references and `parent` (5.10).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod parents;
mod property;
mod tables;

use std::collections::BTreeSet;

use cimi_model::meta::Kind;
use cimi_model::reflect::Record;
use cimi_model::relations::{Deletion, Referral, Relations, owned_collections, set_parent};
use cimi_model::{
    Any, AnyResource, CloudEntryPoint, Collection, Dialect, Disk, Event, EventContent, EventLog, Generic, Job,
    LocatedVolume, Machine, MachineImage, MachineTemplate, Meter, Network, Ref, Registry, ResourceMetadata, System,
    SystemMachine, SystemService, Uri, Volume, capabilities, json,
};

cimi_model::record! {
    /// A structure with references.
    pub Cable = "cable" Structure [namespace("http://example.com/racks")] {
        /// One end.
        from: Option<Ref<Machine>> = "from",
        /// All other ends.
        to: Vec<Ref<Machine>> = "to" [item("to")],
    }
}

cimi_model::resource! {
    /// A provider's own type.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// The Machines in it, its components.
        machines: Option<Ref<Collection<Machine>>> = "machines" [child],
        /// The Machines that it serves.
        served: Option<Ref<Collection<Machine>>> = "served",
        /// A component that is no collection.
        door: Option<Ref<AnyResource>> = "door" [child],
        /// Some other resource.
        other: Option<Ref<AnyResource>> = "other",
        /// Its neighbours.
        neighbours: Vec<Ref<Rack>> = "neighbours" [item("neighbour")],
        /// A cable.
        cable: Option<Cable> = "cable",
        /// All cables.
        cables: Vec<Cable> = "cables" [item("cable1")],
        /// Anything.
        settings: cimi_model::Map = "settings" [item("setting")],
        /// The row of racks, with which this one goes.
        row: Option<Ref<AnyResource>> = "row" [deleted_with_target],
    }
}
cimi_model::collection!(Rack, "RackCollection", "racks");

#[allow(clippy::unnecessary_wraps, reason = "attributes are optional")]
fn href<T>(uri: &str) -> Option<Ref<T>> {
    Some(Ref::to(uri))
}

fn collection<T>(id: &str, parent: Option<&str>, items: Vec<T>) -> Collection<T> {
    let count = i64::try_from(items.len()).ok();
    Collection { id: Some(id.into()), parent: parent.map(Ref::to), count, items, ..Default::default() }
}

fn machine(id: &str) -> Machine {
    Machine { id: Some(id.into()), ..Default::default() }
}

fn removed(deletion: &Deletion) -> Vec<&str> {
    deletion.removed.iter().map(|removed| removed.id.as_str()).collect()
}

fn paths(referrals: &[Referral]) -> Vec<(usize, &str, &str)> {
    referrals.iter().map(|found| (found.resource, found.path.as_str(), found.target.as_str())).collect()
}

#[test]
fn a_machine_takes_its_disks_along_and_leaves_what_it_uses() {
    let the_machine = Machine {
        disks: href("m/1/disks"),
        volumes: href("m/1/volumes"),
        snapshots: href("m/1/snapshots"),
        parent: href("machines"),
        ..machine("m/1")
    };
    let volume = Volume { id: Some("v/1".into()), parent: href("volumes"), ..Default::default() };
    let located =
        LocatedVolume { id: Some("v/1".into()), initial_location: Some("/dev/sdb".into()), ..Default::default() };
    let image = MachineImage { id: Some("i/1".into()), parent: href("images"), ..Default::default() };
    let disk = Disk { id: Some("d/1".into()), parent: href("m/1/disks"), ..Default::default() };
    let disks = collection("m/1/disks", Some("m/1"), vec![Disk { id: Some("d/1".into()), ..Default::default() }]);
    let volumes = collection("m/1/volumes", Some("m/1"), vec![located]);
    let snapshots = collection("m/1/snapshots", Some("m/1"), vec![image.clone()]);
    let mut machines = collection("machines", Some("cep"), vec![machine("m/0"), machine("m/1"), machine("m/2")]);
    let resources: [&dyn Record; 8] = [&the_machine, &volume, &image, &disk, &disks, &volumes, &snapshots, &machines];
    let relations = Relations::new(&resources, None);
    let deletion = relations.deletion(&["m/1"], &[]);
    let gone = removed(&deletion);
    assert_eq!(
        gone.iter().copied().collect::<BTreeSet<_>>(),
        BTreeSet::from(["d/1", "m/1/disks", "m/1/volumes", "m/1/snapshots", "m/1"])
    );
    assert!(gone.iter().position(|id| *id == "d/1") < gone.iter().position(|id| *id == "m/1/disks"));
    assert_eq!(gone.last(), Some(&"m/1"));
    assert_eq!(deletion.removed.last().unwrap().resources, [0]);
    let kept: Vec<(&str, &str)> =
        deletion.kept.iter().map(|kept| (kept.id.as_str(), kept.collection.as_str())).collect();
    assert_eq!(kept, [("v/1", "m/1/volumes"), ("i/1", "m/1/snapshots")]);
    assert_eq!(paths(&deletion.items), [(7, "/MachineCollection/machines[1]", "m/1")]);
    assert_eq!(paths(&deletion.cleared), []);
    assert_eq!(deletion.touched(), [7]);
    assert!(deletion.apply(&mut machines));
    assert_eq!(machines, collection("machines", Some("cep"), vec![machine("m/0"), machine("m/2")]));
    assert!(!deletion.apply(&mut machines), "nothing is left to do");
}

#[test]
fn a_volume_leaves_the_machines_that_use_it() {
    let volume = Volume { id: Some("v/1".into()), ..Default::default() };
    // Three spellings: the Volume's own id, an item with an id of its own, an item without one.
    let items = vec![
        LocatedVolume { id: Some("v/1".into()), ..Default::default() },
        LocatedVolume { id: Some("m/1/volumes/1".into()), volume: href("v/1"), ..Default::default() },
        LocatedVolume { volume: href("v/1"), ..Default::default() },
        LocatedVolume { volume: href("v/2"), ..Default::default() },
    ];
    let mut volumes = collection("m/1/volumes", Some("m/1"), items);
    let relations = Relations::new(&[&volume, &volumes], None);
    let deletion = relations.deletion(&["v/1"], &[]);
    assert_eq!(removed(&deletion), ["m/1/volumes/1", "v/1"]);
    assert!(deletion.apply(&mut volumes));
    assert_eq!(volumes.items, [LocatedVolume { volume: href("v/2"), ..Default::default() }]);
    assert_eq!(volumes.count, Some(1));
}

#[test]
fn associated_components_of_a_system_stay() {
    // The example of 5.13.1: a Network made by way of the entry point, and used by a System.
    let cep = CloudEntryPoint { id: Some("cep".into()), networks: href("networks"), ..Default::default() };
    let system = System {
        networks: href("s/1/networks"),
        machines: href("s/1/machines"),
        id: Some("s/1".into()),
        ..Default::default()
    };
    let shared = Network { id: Some("n/1".into()), parent: href("cep"), ..Default::default() };
    let own = Network { id: Some("n/2".into()), parent: href("s/1/networks"), ..Default::default() };
    let member = |id: &str| Network { id: Some(id.into()), ..Default::default() };
    let mut networks = collection("networks", None, vec![member("n/1"), member("n/2")]);
    let of_system = collection("s/1/networks", None, vec![member("n/1"), member("n/2")]);
    let resources: [&dyn Record; 6] = [&cep, &system, &shared, &own, &networks, &of_system];
    let relations = Relations::new(&resources, None);
    assert_eq!(relations.parent("networks"), Some("cep"));
    let deletion = relations.deletion(&["s/1"], &[]);
    // s/1/machines is not among the resources, and known by the reference.
    assert_eq!(
        removed(&deletion).iter().copied().collect::<BTreeSet<_>>(),
        BTreeSet::from(["n/2", "s/1/networks", "s/1/machines", "s/1"])
    );
    assert_eq!(deletion.kept.len(), 1);
    assert_eq!((deletion.kept[0].id.as_str(), deletion.kept[0].collection.as_str()), ("n/1", "s/1/networks"));
    // All that the entry point refers to goes with it (5.12).
    let all = relations.deletion(&["cep"], &[]);
    assert!(all.removes("n/1") && all.removes("networks"));
    assert!(deletion.apply(&mut networks));
    assert_eq!(networks.items, [member("n/1")]);
}

#[test]
fn meters_go_with_what_they_measure_and_logs_if_linked() {
    let the_machine = Machine { event_log: href("log/1"), ..machine("m/1") };
    let meter = Meter {
        id: Some("meter/1".into()),
        parent: href("meters"),
        target_resource: href("m/1"),
        samples: href("meter/1/samples"),
        ..Default::default()
    };
    let log = EventLog {
        id: Some("log/1".into()),
        parent: href("logs"),
        target_resource: href("m/1"),
        events: href("log/1/events"),
        ..Default::default()
    };
    let event = Event { id: Some("e/1".into()), parent: href("log/1/events"), ..Default::default() };
    let resources: [&dyn Record; 4] = [&the_machine, &meter, &log, &event];
    let relations = Relations::new(&resources, None);
    let deletion = relations.deletion(&["m/1"], &[]);
    assert_eq!(removed(&deletion), ["meter/1/samples", "meter/1", "m/1"]);
    assert_eq!(paths(&deletion.cleared), [(2, "/EventLog/targetResource", "m/1")]);
    let mut log_after = log.clone();
    assert!(deletion.apply(&mut log_after));
    assert_eq!(log_after.target_resource, None);

    for (linked, uri) in [(true, Dialect::V1), (false, Dialect::V1), (true, Dialect::V2)] {
        let mut metadata = ResourceMetadata::default();
        metadata.capabilities.push(cimi_model::Capability {
            uri: Some(capabilities::event_log::LINKED.uri(uri).into()),
            value: Some(Any::from(if linked { "true" } else { "false" })),
            ..Default::default()
        });
        let deletion = relations.deletion(&["m/1"], &[&metadata]);
        assert_eq!(deletion.removes("log/1"), linked);
        assert_eq!(deletion.removes("e/1"), linked);
    }
    // With the log, its Events go; the Machine stays and forgets it.
    let deletion = relations.deletion(&["log/1"], &[]);
    assert_eq!(removed(&deletion), ["e/1", "log/1/events", "log/1"]);
    assert_eq!(paths(&deletion.cleared), [(0, "/Machine/eventLog", "log/1")]);
}

#[test]
fn a_log_that_does_not_say_its_resource_belongs_to_the_one_that_refers_to_it() {
    let the_machine = Machine { event_log: href("log/1"), ..machine("m/1") };
    let log = EventLog { id: Some("log/1".into()), ..Default::default() };
    let mut metadata = ResourceMetadata::default();
    capabilities::event_log::LINKED.set(&mut metadata, true);
    let relations = Relations::new(&[&the_machine, &log], None);
    assert!(relations.deletion(&["m/1"], &[&metadata]).removes("log/1"));
    assert!(!relations.deletion(&["m/1"], &[]).removes("log/1"));
    let log = EventLog { target_resource: href("m/2"), ..log };
    let relations = Relations::new(&[&the_machine, &log], None);
    assert!(!relations.deletion(&["m/1"], &[&metadata]).removes("log/1"));
}

#[test]
fn a_meter_or_log_that_is_only_referred_to_stays() {
    let rack = Rack { id: Some("r/1".into()), other: href("meter/1"), door: None, ..Default::default() };
    let meter = Meter { id: Some("meter/1".into()), ..Default::default() };
    let relations = Relations::new(&[&rack, &meter], None);
    assert_eq!(removed(&relations.deletion(&["r/1"], &[])), ["r/1"]);
}

#[test]
fn what_is_kept_is_named_once() {
    // The collection is there as a resource and, expanded, in the System.
    let member = Network { id: Some("n/1".into()), parent: href("cep"), ..Default::default() };
    let networks = collection("s/1/networks", Some("s/1"), vec![member.clone()]);
    let system = System {
        id: Some("s/1".into()),
        networks: Some(Ref { href: Some("s/1/networks".into()), value: Some(Box::new(networks.clone())) }),
        ..Default::default()
    };
    let relations = Relations::new(&[&system, &networks, &member], None);
    assert_eq!(relations.deletion(&["s/1"], &[]).kept.len(), 1);
}

#[test]
fn references_of_all_forms_are_cleared() {
    let gone = machine("m/1");
    let untouched = Any::from("m/1");
    let one = |uri: &str| -> Any { [("href", uri)].into_iter().collect() };
    let mut rack = Rack {
        id: Some("r/1".into()),
        other: href("http://example.com/m/1"),
        neighbours: vec![Ref::to("r/2"), Ref::to("m/1"), Ref::to("r/3"), Ref::to("./m/1")],
        cable: Some(Cable { from: href("m/1"), to: vec![Ref::to("m/1"), Ref::to("m/2")], ..Default::default() }),
        cables: vec![
            Cable { from: href("m/2"), ..Default::default() },
            Cable { from: href("m/1"), to: vec![Ref::to("m/2")], ..Default::default() },
        ],
        ..Default::default()
    };
    rack.settings.insert("first", one("m/1"));
    rack.settings.insert("second", one("m/2"));
    rack.settings.insert("text", untouched.clone());
    rack.settings.insert("deep", Any::Array(vec![one("m/2"), one("m/1"), [("x", one("m/1"))].into_iter().collect()]));
    rack.extensions.insert("{http://example.com/v}link", one("m/1"));
    rack.extensions.insert("links", Any::Array(vec![one("m/1"), one("m/2")]));
    let base = Uri::from("http://example.com/");
    let relations = Relations::new(&[&gone, &rack], Some(&base));
    let deletion = relations.deletion(&["http://example.com/m/1"], &[]);
    assert_eq!(
        paths(&deletion.cleared),
        [
            (1, "/Rack/other", "http://example.com/m/1"),
            (1, "/Rack/neighbours[1]", "m/1"),
            (1, "/Rack/neighbours[3]", "./m/1"),
            (1, "/Rack/settings['first']", "m/1"),
            (1, "/Rack/settings['deep'][1]", "m/1"),
            (1, "/Rack/settings['deep'][2]/x", "m/1"),
            (1, "/Rack/{http://example.com/v}link", "m/1"),
            (1, "/Rack/links[0]", "m/1"),
            (1, "/Rack/cable/from", "m/1"),
            (1, "/Rack/cable/to[0]", "m/1"),
            (1, "/Rack/cables[1]/from", "m/1"),
        ]
    );
    assert!(deletion.apply(&mut rack));
    assert_eq!(rack.other, None);
    assert_eq!(rack.neighbours, [Ref::to("r/2"), Ref::to("r/3")]);
    assert_eq!(rack.cable, Some(Cable { to: vec![Ref::to("m/2")], ..Default::default() }));
    assert_eq!(rack.cables.len(), 2);
    assert_eq!(rack.cables[1].from, None);
    assert_eq!(rack.settings.get_any("first"), None);
    assert_eq!(rack.settings.get_any("second"), Some(&one("m/2")));
    assert_eq!(rack.settings.get_any("text"), Some(&untouched));
    let empty: Any = Any::Object(cimi_model::Object::new());
    assert_eq!(rack.settings.get_any("deep"), Some(&Any::Array(vec![one("m/2"), empty])));
    assert_eq!(rack.extensions.get("{http://example.com/v}link"), None);
    assert_eq!(rack.extensions.get("links"), Some(&Any::Array(vec![one("m/2")])));
}

#[test]
fn expanded_collections_and_copies_are_edited_too() {
    let gone = machine("m/1");
    let mut snapshot = machine("m/2");
    snapshot.extensions.insert("twin", [("href", "m/1")].into_iter().collect::<Any>());
    let members = collection("s/1/machines", None, vec![machine("m/1"), snapshot]);
    let mut system = System {
        id: Some("s/1".into()),
        machines: Some(Ref { href: Some("s/1/machines".into()), value: Some(Box::new(members)) }),
        ..Default::default()
    };
    let relations = Relations::new(&[&gone, &system], None);
    let deletion = relations.deletion(&["m/1"], &[]);
    assert_eq!(paths(&deletion.items), [(1, "/System/machines/machines[0]", "m/1")]);
    assert_eq!(paths(&deletion.cleared), [(1, "/System/machines/machines[1]/twin", "m/1")]);
    assert!(deletion.apply(&mut system));
    assert_eq!(system.machines.unwrap().value.unwrap().items, [machine("m/2")]);
}

#[test]
fn what_an_event_reports_and_what_is_no_reference_stays() {
    let gone = machine("m/1");
    let content = EventContent { resource: href("m/1"), res_name: Some("m".into()), ..Default::default() };
    let event = Event { id: Some("e/1".into()), content: Some(content), ..Default::default() };
    let image = MachineImage { id: Some("i/1".into()), image_location: Some("m/1".into()), ..Default::default() };
    let template = MachineTemplate { id: Some("t/1".into()), credential: href("#m"), ..Default::default() };
    let resources: [&dyn Record; 4] = [&gone, &event, &image, &template];
    let deletion = Relations::new(&resources, None).deletion(&["m/1", "#m", ""], &[]);
    assert_eq!(removed(&deletion), ["m/1"]);
    assert_eq!(deletion.touched(), Vec::<usize>::new());
    for resource in [&event as &dyn Record, &image, &template] {
        let mut copy = resource.boxed_clone();
        assert!(!deletion.apply(&mut *copy));
        assert!(*copy == *resource);
    }
}

#[test]
fn a_job_forgets_resources_that_are_deleted() {
    let gone = machine("m/1");
    let mut job = Job {
        id: Some("j/1".into()),
        target_resource: href("m/1"),
        affected_resources: vec![Ref::to("m/1"), Ref::to("m/2")],
        ..Default::default()
    };
    let deletion = Relations::new(&[&gone, &job], None).deletion(&["m/1"], &[]);
    assert!(deletion.apply(&mut job));
    assert_eq!((job.target_resource, job.affected_resources), (None, vec![Ref::to("m/2")]));
}

#[test]
fn a_hundred_thousand_resources_are_quick() {
    const MANY: usize = 100_000;
    let base = Uri::from("http://example.com/");
    let machines: Vec<Machine> = (0..MANY)
        .map(|i| Machine {
            parent: href("http://example.com/machines"),
            latest_snapshot: href("images/1"),
            ..machine(&format!("m/{i}"))
        })
        .collect();
    let image = MachineImage { id: Some("images/1".into()), ..Default::default() };
    let mut all = collection("machines", None, machines.clone());
    let mut resources: Vec<&dyn Record> = machines.iter().map(|machine| machine as &dyn Record).collect();
    let copy = all.clone();
    resources.extend([&image as &dyn Record, &copy]);
    let relations = Relations::new(&resources, Some(&base));
    let snapshot = relations.deletion(&["images/1"], &[]);
    assert_eq!(snapshot.cleared.len(), 2 * MANY);
    let half: Vec<String> = (0..MANY).step_by(2).map(|i| format!("m/{i}")).collect();
    let half: Vec<&str> = half.iter().map(String::as_str).collect();
    let deletion = relations.deletion(&half, &[]);
    assert_eq!(deletion.items.len(), MANY / 2);
    assert!(deletion.apply(&mut all));
    assert_eq!(all.count, i64::try_from(MANY / 2).ok());
    assert!(snapshot.apply(&mut all));
    assert!(all.items.iter().all(|machine| machine.latest_snapshot.is_none()));
    assert_eq!(relations.deletion(&["machines"], &[]).removed.len(), MANY + 1);
}

#[test]
fn long_chains_do_not_exhaust_the_stack() {
    const LONG: usize = 200_000;
    let chain: Vec<Rack> = (0..LONG)
        .map(|i| Rack { id: Some(format!("{i}").into()), parent: href(&format!("{}", i + 1)), ..Default::default() })
        .collect();
    let resources: Vec<&dyn Record> = chain.iter().map(|rack| rack as &dyn Record).collect();
    let relations = Relations::new(&resources, None);
    assert_eq!(relations.ancestors("0").count(), LONG);
    assert_eq!(relations.cycles().len(), 0);
    let last = format!("{LONG}");
    let deletion = relations.deletion(&[&last], &[]);
    assert_eq!(deletion.removed.len(), LONG + 1);
    assert_eq!(deletion.removed[0].id, "0");
}
