//! `$expand` (4.1.6.4).

use std::cell::RefCell;

use cimi_model::reflect::Record;
use cimi_model::{
    AnyResource, CloudEntryPoint, Collection, Dialect, Job, Machine, MachineImage, Ref, System, SystemMachine, Uri,
    json, xml,
};
use cimi_protocol::query::Source;
use serde_json::json;

use crate::support::{answer_with, disks, machines, members, query};

/// Knows `images/N`, `machines`, `machines/N` and the disks of a machine.
fn store(href: &Uri) -> Option<Box<dyn Record>> {
    let number = |prefix| href.as_str().strip_prefix(prefix).map(str::to_owned);
    if let Some(number) = number("images/") {
        let related = Some(Ref::to("images/0"));
        let image = MachineImage { name: Some(number), related_image: related, ..MachineImage::default() };
        return Some(Box::new(image));
    }
    if href.as_str() == "machines" {
        return Some(Box::new(Collection { id: Some("machines".into()), ..machines(["a", "b"]) }));
    }
    if href.as_str().ends_with("/disks") {
        return Some(Box::new(disks()));
    }
    let machine = Machine { name: number("machines/"), cpu: Some(2), ..Machine::default() };
    machine.name.is_some().then(|| Box::new(machine) as _)
}

fn machine() -> Machine {
    Machine {
        name: Some("db".into()),
        latest_snapshot: Some(Ref::to("images/1")),
        disks: Some(Ref::to("machines/1/disks")),
        event_log: Some(Ref::to("logs/1")),
        ..Machine::default()
    }
}

fn expanded(text: &str) -> Machine {
    let mut machine = machine();
    query(text).apply(&mut machine, Dialect::V2, &store);
    machine
}

#[test]
fn attributes_stand_beside_the_href() {
    let text = json::to_string(&expanded("$expand=latestSnapshot"), Dialect::V2.into()).unwrap();
    assert!(
        text.contains(r#""latestSnapshot":{"href":"images/1","name":"1","relatedImage":{"href":"images/0"}}"#),
        "{text}"
    );
    let text = xml::to_string(&expanded("$expand=latestSnapshot"), Dialect::V2.into()).unwrap();
    let element = r#"<latestSnapshot href="images/1"><name>1</name><relatedImage href="images/0"/></latestSnapshot>"#;
    assert!(text.contains(element), "{text}");
}

#[test]
fn a_collection_is_expanded_in_place() {
    let disks_of = |machine: Machine| machine.disks.unwrap_or_default();
    let found = disks_of(expanded("$expand=disks"));
    assert_eq!(found.href, Some("machines/1/disks".into()));
    assert_eq!(found.value.as_deref(), Some(&disks()));
}

#[test]
fn only_what_is_named_is_expanded() {
    assert_eq!(expanded("$expand=bogus,name,operations,properties"), machine());
    assert_eq!(expanded(""), machine());
    assert_eq!(expanded("$expand=latestSnapshot").disks, machine().disks);
    assert_eq!(expanded("$expand=disks&$expand=%20latestSnapshot,disks"), expanded("$expand=latestSnapshot,disks"));
}

#[test]
fn nothing_and_a_star_mean_all() {
    let all = expanded("$expand=latestSnapshot,disks,eventLog");
    for text in ["$expand", "$expand=", "$expand=*", "$expand=,", "$expand=name,*", "%24expand=%2A"] {
        assert_eq!(expanded(text), all, "{text}");
    }
    // A name beside an empty list is the list.
    assert_eq!(expanded("$expand=&$expand=latestSnapshot"), expanded("$expand=latestSnapshot"));
}

#[test]
fn what_is_not_known_stays_a_reference() {
    assert_eq!(expanded("$expand=*").event_log, Some(Ref::to("logs/1")));
}

#[test]
fn expansion_is_not_recursive() {
    let image = expanded("$expand=*").latest_snapshot.unwrap_or_default().value.unwrap();
    assert_eq!(image.related_image, Some(Ref::to("images/0")));
}

#[test]
fn of_a_collection_the_items_are_expanded() {
    let mut all: Collection<Machine> = [machine(), machine()].into_iter().collect();
    all.parent = Some(Ref::to("machines/7"));
    query("$expand=latestSnapshot,parent&$first=2").apply(&mut all, Dialect::V2, &store);
    assert_eq!(all.items, [expanded("$expand=latestSnapshot")]);
    assert_eq!(all.parent, Some(Ref::to("machines/7")));
}

#[test]
fn arrays_of_references_are_expanded() {
    let mut job = Job { nested_jobs: vec![Ref::to("machines/1"), Ref::to("jobs/1")], ..Job::default() };
    job.affected_resources = vec![Ref::to("machines/1"), Ref::to("nothing")];
    let before = job.clone();
    query("$expand=nestedJobs,affectedResources").apply(&mut job, Dialect::V2, &store);
    // A Machine is no Job.
    assert_eq!(job.nested_jobs, before.nested_jobs);
    assert_eq!(job.affected_resources[1], before.affected_resources[1]);
    let resource = job.affected_resources[0].value.as_deref().unwrap();
    assert_eq!((resource.name.as_deref(), resource.extensions.get("cpu")), (Some("1"), Some(&2.into())));
}

#[test]
fn the_type_of_a_resource_is_said_where_the_reference_does_not() {
    let mut machine = Machine { parent: Some(Ref::<AnyResource>::to("machines/2")), ..Machine::default() };
    query("$expand=parent").apply(&mut machine, Dialect::V2, &store);
    let text = json::to_string(&machine, Dialect::V2.into()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value["parent"],
        json!({"href": "machines/2", "name": "2", "cpu": 2, "resourceURI": "http://schemas.dmtf.org/cimi/2/Machine"})
    );
    let text = xml::to_string(&machine, Dialect::V2.into()).unwrap();
    assert!(text.contains(r#"<parent href="machines/2"><name>2</name>"#) && text.contains(">2</cpu>"), "{text}");
}

#[test]
fn items_of_1_x_are_expanded() {
    let mut all: Collection<SystemMachine> =
        [SystemMachine { machine: Some(Ref::to("machines/5")), ..SystemMachine::default() }].into_iter().collect();
    query("$expand=machine").apply(&mut all, Dialect::V1, &store);
    let machine = all.items[0].machine.clone().unwrap_or_default();
    assert_eq!(machine.value.and_then(|machine| machine.name).as_deref(), Some("5"));
}

#[test]
fn a_collection_of_1_x_stands_in_place_of_its_counterpart() {
    let source = |_: &Uri| {
        let item = SystemMachine {
            id: Some("systems/1/machines/1".into()),
            machine: Some(Ref::to("machines/1")),
            ..SystemMachine::default()
        };
        let all: Collection<SystemMachine> = [item].into_iter().collect();
        Some(Box::new(all) as Box<dyn Record>)
    };
    let mut system = System { machines: Some(Ref::to("systems/1/machines")), ..System::default() };
    query("$expand=machines").apply(&mut system, Dialect::V1, &source);
    let text = json::to_string(&system, Dialect::V1.into()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let machines = &value["machines"];
    assert_eq!(machines["href"], "systems/1/machines");
    assert_eq!(machines["resourceURI"], "http://schemas.dmtf.org/cimi/1/SystemMachineCollection");
    assert_eq!(machines["systemMachines"][0]["machine"]["href"], "machines/1");
}

#[test]
fn the_entry_point_shows_a_collection() {
    let mut entry = CloudEntryPoint {
        machines: Some(Ref::to("machines")),
        volumes: Some(Ref::to("volumes")),
        ..CloudEntryPoint::default()
    };
    query("$expand=machines").apply(&mut entry, Dialect::V1, &store);
    let text = json::to_string(&entry, Dialect::V1.into()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["machines"]["machines"][1]["name"], "b");
    assert_eq!(value["machines"]["count"], 2);
    assert_eq!(value["volumes"], json!({"href": "volumes"}));
}

#[test]
fn references_of_a_provider_are_expanded() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "rack": {"href": "machines/7", "slot": 1},
        "racks": [{"href": "machines/8"}, {"href": "nothing"}, 1], "note": "machines/9",
        "operations": [{"rel": "edit", "href": "machines/7"}]}"#;
    let found = answer_with(text, "$expand=*", &store);
    let uri = "http://schemas.dmtf.org/cimi/2/Machine";
    let machine = |name: &str| json!({"href": format!("machines/{name}"), "resourceURI": uri, "name": name, "cpu": 2});
    assert_eq!(found["racks"], json!([machine("8"), {"href": "nothing"}, 1]));
    let mut rack = machine("7");
    rack["slot"] = json!(1);
    assert_eq!(found["rack"], rack);
    assert_eq!(found["operations"], json!([{"rel": "edit", "href": "machines/7"}]));
    assert_eq!(members(&answer_with(text, "$expand=racks", &store)["rack"]), ["href", "slot"]);
}

#[test]
fn what_is_not_shown_is_not_asked_for() {
    let asked = RefCell::new(Vec::new());
    let source = |href: &Uri| {
        asked.borrow_mut().push(href.to_string());
        store(href)
    };
    let mut all: Collection<Machine> = [machine(), machine(), machine()].into_iter().collect();
    query("$expand=*&$select=name,latestSnapshot&$last=1").apply(&mut all, Dialect::V2, &source);
    assert_eq!(asked.take(), ["images/1"]);
    query("$expand=*&$select=count").apply(&mut all, Dialect::V2, &source);
    assert!(asked.take().is_empty());
}

/// Machines that are all in one collection, and how many of them may be shown.
struct Bounded(usize);

impl Source for Bounded {
    fn resource(&self, href: &Uri) -> Option<Box<dyn Record>> {
        store(href)
    }

    fn most(&self) -> usize {
        self.0
    }
}

#[test]
fn a_query_expands_only_so_much() {
    // The collection with its two members counts as three resources.
    for (most, expected) in [(0, 0), (2, 0), (3, 1), (5, 1), (9, 3), (100, 4)] {
        let mut collection = machines(["a", "b", "c", "d"]);
        for machine in &mut collection.items {
            machine.parent = Some(Ref::to("machines"));
        }
        query("$expand=parent").apply(&mut collection, Dialect::V2, &Bounded(most));
        let shown = |machine: &&Machine| machine.parent.as_ref().is_some_and(|parent| parent.value.is_some());
        assert_eq!(collection.items.iter().filter(shown).count(), expected, "{most}");
        assert!(collection.items.iter().all(|machine| machine.parent.is_some()));
    }
}
