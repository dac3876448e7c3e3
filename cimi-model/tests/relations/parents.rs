//! Parents, by the attribute and by the tables.

use super::*;

#[test]
fn resources_of_1x_have_parents_by_the_tables() {
    // No `parent` anywhere.
    let cep = CloudEntryPoint {
        id: Some("cep".into()),
        machines: href("machines"),
        systems: href("systems"),
        volumes: href("volumes"),
        ..Default::default()
    };
    let the_machine = Machine { disks: href("m/1/disks"), volumes: href("m/1/volumes"), ..machine("m/1") };
    let disks = collection("m/1/disks", None, vec![Disk { id: Some("d/1".into()), ..Default::default() }]);
    let volume = Volume { id: Some("v/1".into()), ..Default::default() };
    let volumes = collection("volumes", None, vec![volume.clone()]);
    let located = LocatedVolume { id: Some("m/1/volumes/1".into()), volume: href("v/1"), ..Default::default() };
    let used = collection("m/1/volumes", None, vec![located]);
    let machines = collection("machines", None, vec![machine("m/1")]);
    let system = System { id: Some("s/1".into()), ..Default::default() };
    let item = SystemMachine { id: Some("s/1/machines/1".into()), machine: href("m/1"), ..Default::default() };
    let items = collection("s/1/machines", None, vec![item]);
    let resources: [&dyn Record; 9] =
        [&cep, &the_machine, &disks, &volume, &volumes, &used, &machines, &system, &items];
    let relations = Relations::new(&resources, None);
    assert_eq!(relations.ancestors("d/1").collect::<Vec<_>>(), ["m/1/disks", "m/1", "machines", "cep"]);
    assert_eq!(relations.parent("v/1"), Some("volumes"));
    assert_eq!(relations.parent("m/1/volumes/1"), Some("m/1/volumes"));
    assert_eq!(relations.parent("s/1/machines/1"), Some("s/1/machines"));
    let gone = relations.deletion(&["m/1"], &[]);
    assert!(gone.removes("d/1") && gone.removes("m/1/volumes/1") && gone.removes("s/1/machines/1"));
    assert!(!gone.removes("v/1") && !gone.removes("s/1/machines"));
    assert!(gone.kept.iter().any(|kept| kept.id == "v/1"));
}

#[test]
fn several_possible_parents_are_none() {
    let rack = |id: &str| Rack { id: Some(id.into()), machines: href(&format!("{id}/machines")), ..Default::default() };
    let (a, b) = (rack("a"), rack("b"));
    let of_a = collection("a/machines", None, vec![machine("m/1"), machine("m/2")]);
    let of_b = collection("b/machines", None, vec![machine("m/1")]);
    let cep = CloudEntryPoint { id: Some("cep".into()), machines: href("machines"), ..Default::default() };
    let all = collection("machines", None, vec![machine("m/1"), machine("m/2"), machine("m/3")]);
    let resources: [&dyn Record; 6] = [&a, &b, &of_a, &of_b, &cep, &all];
    let relations = Relations::new(&resources, None);
    assert_eq!(relations.parent("m/1"), None);
    assert_eq!(relations.parent("m/2"), Some("a/machines"), "the entry point has everything");
    assert_eq!(relations.parent("m/3"), Some("machines"));
    assert!(!relations.deletion(&["a"], &[]).removes("m/1"));
    // What the resource says counts, and more than what others say about it.
    let said = Machine { parent: href("b/machines"), ..machine("m/2") };
    let copy = Machine { parent: href("machines"), ..machine("m/2") };
    let holder = collection("other", None, vec![copy]);
    let resources: [&dyn Record; 4] = [&a, &of_a, &holder, &said];
    assert_eq!(Relations::new(&resources, None).parent("m/2"), Some("b/machines"));
}

#[test]
fn a_providers_own_options_count() {
    let rack = Rack {
        id: Some("r/1".into()),
        door: href("door"),
        served: href("r/1/served"),
        row: href("row"),
        ..Default::default()
    };
    let door = Volume { id: Some("door".into()), ..Default::default() };
    let served = collection("r/1/served", None, vec![machine("m/1")]);
    let relations = Relations::new(&[&rack, &door, &served], None);
    assert_eq!(relations.children("r/1").collect::<BTreeSet<_>>(), BTreeSet::from(["door", "r/1/served"]));
    assert_eq!(relations.parent("m/1"), None);
    let deletion = relations.deletion(&["row"], &[]);
    assert!(deletion.removes("r/1") && deletion.removes("door") && !deletion.removes("m/1"));
}

#[test]
fn resources_of_unknown_types_take_part() {
    let mut generic = Generic::of_type("http://example.com/Shelf");
    generic.extensions.insert("id", "shelf/1");
    generic.extensions.insert("book", [("href", "m/1")].into_iter().collect::<Any>());
    let mut child = generic.clone();
    child.extensions.insert("id", "shelf/2");
    assert!(set_parent(&mut child, Some(&"shelf/1".into())));
    let gone = machine("m/1");
    let relations = Relations::new(&[&generic, &child, &gone], None);
    assert_eq!(relations.parent("shelf/2"), Some("shelf/1"));
    assert!(relations.deletion(&["shelf/1"], &[]).removes("shelf/2"));
    let deletion = relations.deletion(&["m/1"], &[]);
    assert!(deletion.apply(&mut generic));
    assert_eq!(generic.extensions.get("book"), None);
    assert!(set_parent(&mut child, None));
    assert_eq!(child.extensions.get("parent"), None);
}

#[test]
fn circles_are_found_and_end() {
    let rack = |id: &str, parent: &str| Rack { id: Some(id.into()), parent: href(parent), ..Default::default() };
    let racks =
        [rack("a", "b"), rack("b", "c"), rack("c", "a"), rack("x", "a"), rack("self", "self"), rack("z", "nowhere")];
    let resources: Vec<&dyn Record> = racks.iter().map(|rack| rack as &dyn Record).collect();
    let relations = Relations::new(&resources, None);
    assert_eq!(relations.cycles(), [vec!["a", "b", "c"], vec!["self"]]);
    assert_eq!(relations.ancestors("x").collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(relations.ancestors("self").count(), 0);
    assert_eq!(relations.descendants("a").collect::<BTreeSet<_>>(), BTreeSet::from(["b", "c", "x"]));
    let deletion = relations.deletion(&["c"], &[]);
    assert_eq!(removed(&deletion).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["a", "b", "c", "x"]));
    assert_eq!(relations.deletion(&["unknown"], &[]).removed, []);
}

#[test]
fn parents_of_what_is_added_inserted_and_taken_out() {
    let cep = CloudEntryPoint {
        id: Some("cep".into()),
        machines: href("machines"),
        machine_images: href("images"),
        volumes: href("volumes"),
        ..Default::default()
    };
    let system = System { id: Some("s/1".into()), machines: href("s/1/machines"), ..Default::default() };
    let the_machine = Machine {
        parent: href("s/1/machines"),
        snapshots: href("m/1/snapshots"),
        volumes: href("m/1/volumes"),
        disks: href("m/1/disks"),
        ..machine("m/1")
    };
    let volume = Volume { id: Some("v/1".into()), parent: href("volumes"), ..Default::default() };
    let resources: [&dyn Record; 4] = [&cep, &system, &the_machine, &volume];
    let relations = Relations::new(&resources, Some(&"http://example.com/".into()));
    // Created in a collection of a System or the entry point, it is a child of the collection.
    assert_eq!(relations.parent_of_added("s/1/machines"), Some("s/1/machines"));
    assert_eq!(relations.parent_of_added("http://example.com/machines"), Some("machines"));
    assert_eq!(relations.parent_of_added("m/1/disks"), Some("m/1/disks"));
    // Created in a collection of what is only used, it must outlive the user.
    assert_eq!(relations.parent_of_added("m/1/snapshots"), Some("images"));
    assert_eq!(relations.parent_of_added("m/1/volumes"), Some("volumes"));
    assert_eq!(relations.parent_of_added("unknown"), None);
    // Inserted, it keeps its parent.
    assert_eq!(relations.parent_of_inserted("m/1/volumes", "v/1"), Some("volumes"));
    assert_eq!(relations.parent_of_inserted("machines", "m/1"), Some("s/1/machines"));
    assert_eq!(relations.parent_of_inserted("machines", "new"), Some("machines"));
    // Taken out of its parent, it goes to the entry point; out of another collection, nothing changes.
    assert_eq!(relations.parent_of_taken_out("s/1/machines", "m/1"), Some("machines"));
    assert_eq!(relations.parent_of_taken_out("m/1/volumes", "v/1"), Some("volumes"));
    assert_eq!(relations.parent_of_taken_out("volumes", "v/1"), None);
    assert_eq!(relations.parent_of_taken_out("volumes", "unknown"), None);
    // Moves.
    assert!(relations.would_cycle("s/1", "m/1"));
    assert!(relations.would_cycle("http://example.com/s/1", "s/1"));
    assert!(!relations.would_cycle("m/1", "machines"));
    // The collections that come with a new resource.
    let owned: Vec<_> = owned_collections(&the_machine).map(|(name, uri)| (name, uri.as_str())).collect();
    assert_eq!(owned, [("disks", "m/1/disks"), ("volumes", "m/1/volumes"), ("snapshots", "m/1/snapshots")]);
    for (_, uri) in owned {
        assert_eq!(relations.parent(uri), Some("m/1"));
    }
}

#[test]
fn parent_is_set_on_whatever_can_have_one() {
    let parent = Uri::from("p");
    for entry in &Registry::standard() {
        let mut record = (entry.new)();
        let can =
            matches!(record.record_type().role, cimi_model::meta::Role::Resource | cimi_model::meta::Role::Collection);
        assert_eq!(set_parent(&mut *record, Some(&parent)), can, "{entry:?}");
        let relations_see = |record: &dyn Record| {
            let text = json::to_string(record, Dialect::V2.into()).unwrap();
            text.contains(r#""parent":{"href":"p"}"#)
        };
        assert_eq!(relations_see(&*record), can, "{entry:?}");
        assert_eq!(set_parent(&mut *record, None), can);
        assert!(!relations_see(&*record));
    }
}
