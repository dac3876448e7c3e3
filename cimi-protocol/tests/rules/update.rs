//! Updates by documents, as a store receives them.

use cimi_model::describe::{DescribeOptions, Governing, metadata_for};
use cimi_model::meta::Constraints;
use cimi_model::reflect::{Described, Record};
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{
    AttributeDescription, Collection, Credential, DateTime, Dialect, Document, Extensions, Format, Generic, Job,
    Machine, MachineConfiguration, MachineTemplate, Map, NetworkInterfaceTemplate, ReadOptions, Ref, Registry,
    ResourceMetadata, Volume, attributes, json, resource, xml,
};
use cimi_protocol::provider::rules::{UpdateRules, Updated, merge, replace};
use cimi_protocol::provider::{Call, Provider, Target};
use http::Request;

const NONE: [&str; 0] = [];

fn machine(body: &str) -> Machine {
    json::from_slice(body.as_bytes(), &ReadOptions::default()).unwrap().value
}

fn stored() -> Machine {
    machine(
        r#"{"id": "m/1", "name": "db", "description": "old", "created": "2020-01-01T00:00:00Z",
            "updated": "2020-01-02T00:00:00Z", "parent": {"href": "machines"}, "properties": {"owner": "ops"},
            "state": "STARTED", "cpu": 2, "memory": 1024, "disks": {"href": "m/1/disks"}, "realm": "eu",
            "operations": [{"rel": "edit", "href": "m/1"}]}"#,
    )
}

fn as_machine(updated: &Updated) -> &Machine {
    updated.resource.as_any().downcast_ref().unwrap()
}

fn now() -> DateTime {
    "2025-01-01T00:00:00Z".parse().unwrap()
}

#[test]
fn a_client_reads_changes_and_sends_back() {
    // All that was read comes back, the provider's extension too, with one change.
    let update = Machine { name: Some("web".into()), ..stored() };
    let rules = UpdateRules { now: Some(now()), ..Default::default() };
    let updated = replace(&stored(), &update, &rules).unwrap();
    assert_eq!(updated.changed, ["name"]);
    assert_eq!(updated.ignored, NONE);
    let expected = Machine { name: Some("web".into()), updated: Some(now()), ..stored() };
    assert_eq!(as_machine(&updated), &expected);
    let current = stored();
    let validation = Validation::update(Some(&current));
    assert!(validation.accepts(&update), "{:?}", validation.problems(&update));
}

#[test]
fn what_is_absent_is_removed_and_what_is_not_the_consumers_stays() {
    let update = machine(
        r#"{"id": "m/7", "created": "2021-01-01T00:00:00Z", "parent": {"href": "systems/1"}, "state": "STOPPED",
            "cpu": 4, "disks": {"href": "elsewhere"}, "operations": []}"#,
    );
    let updated = replace(&stored(), &update, &UpdateRules { now: Some(now()), ..Default::default() }).unwrap();
    assert_eq!(updated.changed, ["name", "description", "properties", "cpu", "memory", "realm"]);
    assert_eq!(updated.ignored, ["id", "created", "parent", "state", "disks"]);
    let before = stored();
    let expected = Machine {
        name: None,
        description: None,
        properties: Map::default(),
        cpu: Some(4),
        memory: None,
        updated: Some(now()),
        extensions: Extensions::default(),
        ..before
    };
    assert_eq!(as_machine(&updated), &expected);
}

#[test]
fn nothing_changed_leaves_updated_alone() {
    let update = machine(r#"{"name": "db", "state": "STOPPED"}"#);
    let current = machine(r#"{"name": "db", "state": "STARTED", "updated": "2020-01-02T00:00:00Z"}"#);
    let updated = replace(&current, &update, &UpdateRules { now: Some(now()), ..Default::default() }).unwrap();
    assert!(!updated.is_changed());
    assert_eq!(as_machine(&updated), &current);
}

#[test]
fn a_partial_update_changes_what_it_lists() {
    // The example of 4.2.1.3.1.
    let body = "<Machine><name>My New Machine</name></Machine>";
    let update = xml::from_slice::<Machine>(body.as_bytes(), &ReadOptions::default()).unwrap().value;
    let updated = merge(&stored(), &update, ["name", "description"], &UpdateRules::default()).unwrap();
    let expected = Machine { name: Some("My New Machine".into()), description: None, ..stored() };
    assert_eq!(as_machine(&updated), &expected);
    assert_eq!(updated.changed, ["name", "description"]);
}

#[test]
fn requests_are_applied_as_they_were_decoded() {
    let provider = Provider::default();
    let current = stored();
    let target = Target::resource(&current);
    let send = |uri: &str, body: &str| {
        let (head, ()) = Request::put(uri).header("Content-Type", "application/json").body(()).unwrap().into_parts();
        match provider.accept(&head).unwrap().decode(&target, body.as_bytes()).unwrap() {
            Call::Update(update) => UpdateRules::default().apply(&current, &update).unwrap().changed,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(send("/m/1?$select=cpu,name", r#"{"cpu": 4}"#), ["name", "cpu"]);
    let full = json::to_string(&Machine { cpu: Some(4), ..stored() }, Dialect::V2.into()).unwrap();
    assert_eq!(send("/m/1", &full), ["cpu"]);
    assert_eq!(send("/m/1?%24select=*", &full), ["cpu"]);
}

#[test]
fn names_that_select_lists() {
    let body = machine(r#"{"name": "web", "state": "STOPPED"}"#);
    // Unknown names are ignored, and so are attributes that are not the consumer's.
    let updated =
        merge(&stored(), &body, ["name", "state", "colour", "", "disks/name"], &UpdateRules::default()).unwrap();
    assert_eq!((&updated.changed[..], &updated.ignored[..]), (&["name".to_owned()][..], &["state".to_owned()][..]));
    // Listed and absent, and not the consumer's: it stays.
    let updated =
        merge(&stored(), &machine("{}"), ["id", "state", "parent", "disks", "operations"], &UpdateRules::default());
    assert_eq!(as_machine(&updated.unwrap()), &stored());
    // Everything is listed.
    let all = merge(&stored(), &body, ["cpu", "*"], &UpdateRules::default()).unwrap();
    assert_eq!(all.changed, replace(&stored(), &body, &UpdateRules::default()).unwrap().changed);
    // Nothing is.
    let problems = merge(&stored(), &body, NONE, &UpdateRules::default()).unwrap_err();
    let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect();
    assert_eq!(found, [("/Machine/name", Rule::Selection), ("/Machine/state", Rule::Selection)]);
    assert!(problems.iter().all(|problem| problem.severity == Severity::Error && problem.clause == "4.2.1.3.1"));
}

#[test]
fn names_of_either_version() {
    let current = ResourceMetadata { type_uri: Some("urn:a".into()), ..Default::default() };
    let update = ResourceMetadata { type_uri: Some("urn:b".into()), ..Default::default() };
    for name in ["typeURI", "typeUri"] {
        let updated = merge(&current, &update, [name], &UpdateRules::default()).unwrap();
        assert_eq!(updated.changed, ["typeURI"], "{name}");
    }
    // `initialState` of an interface template is `state` in 1.x.
    let mut update = NetworkInterfaceTemplate::default();
    assert!(attributes::set_text(&mut update, "initialState", "ENABLED"));
    for name in ["initialState", "state"] {
        let updated = merge(&NetworkInterfaceTemplate::default(), &update, [name], &UpdateRules::default()).unwrap();
        assert_eq!(updated.changed, ["initialState"], "{name}");
    }
}

#[test]
fn two_spellings_of_one_attribute_are_sent_back() {
    let read =
        |body: &str| json::from_slice::<ResourceMetadata>(body.as_bytes(), &ReadOptions::default()).unwrap().value;
    let current = read(r#"{"id": "r/1", "typeURI": "urn:a", "name": "A"}"#);
    let both = |uri: &str| read(&format!(r#"{{"id": "r/1", "typeURI": "{uri}", "typeUri": "{uri}", "name": "A"}}"#));
    let validation = Validation::update(Some(&current));
    assert!(validation.accepts(&both("urn:a")), "{:?}", validation.problems(&both("urn:a")));
    assert!(!replace(&current, &both("urn:a"), &UpdateRules::default()).unwrap().is_changed());
    let updated = replace(&current, &both("urn:b"), &UpdateRules::default()).unwrap();
    let expected = ResourceMetadata { type_uri: Some("urn:b".into()), ..current.clone() };
    assert_eq!((updated.changed, updated.resource.as_any().downcast_ref()), (vec!["typeURI".into()], Some(&expected)));
    let update = read(r#"{"typeURI": "urn:b", "typeUri": "urn:b"}"#);
    assert_eq!(merge(&current, &update, ["typeURI"], &UpdateRules::default()).unwrap().changed, ["typeURI"]);
}

#[test]
fn extensions_are_selected_by_name() {
    let current = machine(r#"{"name": "db", "realm": "eu", "{http://example.com/v}rack": "r7"}"#);
    let update = machine(r#"{"realm": "us"}"#);
    let updated = merge(&current, &update, ["realm", "rack"], &UpdateRules::default()).unwrap();
    assert_eq!(updated.changed, ["realm", "{http://example.com/v}rack"]);
    let expected = machine(r#"{"name": "db", "realm": "us"}"#);
    assert_eq!(as_machine(&updated), &expected);
    let problems = merge(&current, &update, ["rack"], &UpdateRules::default()).unwrap_err();
    assert_eq!(problems[0].path, "/Machine/realm");
}

#[test]
fn an_unknown_attribute_is_refused_and_an_echoed_one_is_not() {
    let current = stored();
    let refuses = |body: &str| {
        let problems = Validation::update(Some(&current)).problems(&machine(body));
        let errors = problems.into_iter().filter(|problem| problem.severity == Severity::Error);
        errors.map(|problem| problem.path).collect::<Vec<_>>()
    };
    assert_eq!(refuses(r#"{"id": "m/1", "realm": "eu"}"#), NONE);
    assert_eq!(refuses(r#"{"id": "m/1", "realm": "us"}"#), NONE);
    assert_eq!(refuses(r#"{"id": "m/1", "realm": "eu", "colour": "red"}"#), ["/Machine/colour"]);
    // The same inside of a structure.
    let operations = r#""operations": [{"rel": "edit", "href": "m/1", "note": "x"}]"#;
    let current = machine(&format!(r#"{{"id": "m/1", {operations}}}"#));
    let same = Validation::update(Some(&current)).problems(&machine(&format!(r#"{{"id": "m/1", {operations}}}"#)));
    assert!(same.iter().all(|problem| problem.severity != Severity::Error), "{same:?}");
    let other = machine(r#"{"id": "m/1", "operations": [{"rel": "edit", "href": "m/1", "note": "y"}]}"#);
    assert!(!Validation::update(Some(&current)).accepts(&other));
}

#[test]
fn metadata_governs() {
    let fixed = Constraints { mutable: false, consumer_writable: false, ..Constraints::DEFAULT };
    let rack = AttributeDescription {
        name: Some("rack".into()),
        namespace: Some("http://example.com/v".into()),
        type_name: Some("string".into()),
        consumer_writable: Some(false),
        ..Default::default()
    };
    let options =
        DescribeOptions { constraints: vec![("cpu".into(), fixed)], extensions: vec![rack], ..Default::default() };
    let metadata = [metadata_for(Machine::described(), &options)];
    let rules = UpdateRules { governing: Governing { cep: &metadata, ..Default::default() }, ..Default::default() };
    let current = machine(r#"{"cpu": 2, "memory": 1, "{http://example.com/v}rack": "r7", "rack": "r8"}"#);
    let update = machine(r#"{"cpu": 4, "memory": 2, "{http://example.com/v}rack": "r9"}"#);
    let updated = replace(&current, &update, &rules).unwrap();
    assert_eq!(updated.changed, ["memory"]);
    assert_eq!(updated.ignored, ["cpu", "{http://example.com/v}rack"]);
    assert_eq!(as_machine(&updated), &Machine { memory: Some(2), ..current });
}

#[test]
fn defaults_take_the_place_of_what_is_reset() {
    let defaults = machine(r#"{"cpu": 1, "description": "a Machine"}"#);
    let rules = UpdateRules { defaults: Some(&defaults), ..Default::default() };
    let updated = merge(&stored(), &machine("{}"), ["cpu", "description", "memory"], &rules).unwrap();
    let expected = Machine { cpu: Some(1), description: Some("a Machine".into()), memory: None, ..stored() };
    assert_eq!(as_machine(&updated), &expected);
    // It is the default already.
    let updated = merge(as_machine(&updated), &machine("{}"), ["cpu"], &rules).unwrap();
    assert!(!updated.is_changed());
    // Defaults of another type are none.
    let other = Volume::default();
    let rules = UpdateRules { defaults: Some(&other), ..Default::default() };
    assert_eq!(as_machine(&merge(&stored(), &machine("{}"), ["cpu"], &rules).unwrap()).cpu, None);
}

#[test]
fn a_client_of_1_x_does_not_remove_what_1_x_lacks() {
    let current = Machine { resource_metadata: Some(Ref::to("r/1")), ..stored() };
    let text = Document::new(Machine { parent: None, resource_metadata: None, ..current.clone() })
        .to_string(Format::Xml, Dialect::V1.into())
        .unwrap();
    let update = xml::from_slice::<Machine>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    for composition in [false, true] {
        let rules = UpdateRules { dialect: Dialect::V1, composition, ..Default::default() };
        let updated = replace(&current, &update, &rules).unwrap();
        assert!(!updated.is_changed(), "{:?}", updated.changed);
        assert_eq!(as_machine(&updated), &current);
    }
}

#[test]
fn a_provider_may_let_consumers_move_resources() {
    let update = Machine { parent: Some(Ref::to("systems/1/machines")), ..stored() };
    let rules = UpdateRules { composition: true, ..Default::default() };
    let updated = replace(&stored(), &update, &rules).unwrap();
    assert_eq!(updated.changed, ["parent"]);
    assert_eq!(as_machine(&updated).parent, update.parent);
}

#[test]
fn expanded_references_are_sent_back() {
    // What a GET with $expand=* showed.
    let mut update = stored();
    let disks: Collection<_> =
        [cimi_model::Disk { id: Some("d/1".into()), ..Default::default() }].into_iter().collect();
    update.disks = Some(Ref {
        href: Some("m/1/disks".into()),
        value: Some(Box::new(Collection { id: Some("m/1/disks".into()), ..disks })),
    });
    let template = |value: Option<MachineConfiguration>| MachineTemplate {
        machine_config: Some(Ref { href: Some("c/1".into()), value: value.map(Box::new) }),
        ..Default::default()
    };
    assert!(!replace(&stored(), &update, &UpdateRules::default()).unwrap().is_changed());
    let shown = MachineConfiguration { id: Some("c/1".into()), cpu: Some(1), ..Default::default() };
    assert!(!replace(&template(None), &template(Some(shown)), &UpdateRules::default()).unwrap().is_changed());
    // Overrides of a template have no id, and are the template's.
    let overrides = MachineConfiguration { cpu: Some(1), ..Default::default() };
    let update = template(Some(overrides));
    let updated = replace(&template(None), &update, &UpdateRules::default()).unwrap();
    assert_eq!(updated.resource.as_any().downcast_ref(), Some(&update));
    // An array of references.
    let volumes = |value: bool| {
        let id = || Job { id: Some("j/2".into()), ..Default::default() };
        Job {
            nested_jobs: vec![Ref { href: Some("j/2".into()), value: value.then(|| Box::new(id())) }],
            ..Default::default()
        }
    };
    assert_eq!(replace(&volumes(false), &volumes(true), &UpdateRules::default()).unwrap().ignored, NONE);
}

#[test]
fn a_secret_that_is_not_shown_is_not_removed() {
    let row = Credential::TYPE.attributes.iter().find(|row| row.secret && row.name == "password").unwrap();
    let mut current = Credential { name: Some("a".into()), ..Default::default() };
    assert!(attributes::set_text(&mut current, row.name, "hush"));
    let update = Credential { name: Some("b".into()), ..Default::default() };
    let updated = replace(&current, &update, &UpdateRules::default()).unwrap();
    assert_eq!(updated.changed, ["name"]);
    assert_eq!(attributes::text(&*updated.resource, row.name), Some("hush"));
    // It is removed if that is asked for.
    let updated = merge(&current, &Credential::default(), [row.name], &UpdateRules::default()).unwrap();
    assert_eq!(updated.changed, [row.name]);
    assert!(!format!("{updated:?}").contains("hush"));
}

#[test]
fn null_removes() {
    let update = machine(r#"{"name": "db", "description": null, "cpu": null}"#);
    let current = machine(r#"{"name": "db", "description": "old", "cpu": 2}"#);
    let updated = replace(&current, &update, &UpdateRules::default()).unwrap();
    assert_eq!(as_machine(&updated), &machine(r#"{"name": "db"}"#));
    let updated = merge(&current, &machine(r#"{"cpu": null}"#), ["cpu"], &UpdateRules::default()).unwrap();
    assert_eq!(updated.changed, ["cpu"]);
    assert!(updated.resource.extensions().is_empty());
}

#[test]
fn members_of_a_collection_come_and_go_by_other_ways() {
    let current: Collection<Machine> = [stored()].into_iter().collect();
    let updated = replace(&current, &Collection::<Machine>::default(), &UpdateRules::default()).unwrap();
    assert!(!updated.is_changed());
    let more: Collection<Machine> = [stored(), stored()].into_iter().collect();
    assert_eq!(replace(&current, &more, &UpdateRules::default()).unwrap().ignored, ["count", "machines"]);
}

#[test]
fn another_type_is_a_problem() {
    for (a, b) in [
        (&stored() as &dyn Record, &Volume::default() as &dyn Record),
        (&Generic::of_type("urn:a/B"), &Generic::of_type("urn:a/C")),
    ] {
        let problems = replace(a, b, &UpdateRules::default()).unwrap_err();
        assert_eq!((problems.len(), problems[0].rule), (1, Rule::Type));
        assert_eq!(merge(a, b, ["name"], &UpdateRules::default()).unwrap_err()[0].rule, Rule::Type);
    }
}

resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// The height.
        height: Option<i64> = "height" [constraints(true, true, false, false)],
        /// Who looks after it.
        keeper: Option<String> = "keeper",
    }
}

#[test]
fn types_of_the_providers_own() {
    let registry = Registry::standard().with::<Rack>();
    let read = |body: &str| Document::read(body.as_bytes(), &registry, &ReadOptions::strict()).unwrap().value;
    let uri = r#""resourceURI": "http://example.com/racks/Rack""#;
    let current = read(&format!(r#"{{{uri}, "id": "r/1", "height": 42, "keeper": "ann"}}"#));
    let update = read(&format!(r#"{{{uri}, "id": "r/1", "height": 60, "keeper": "bob"}}"#));
    let updated = replace(current.record(), update.record(), &UpdateRules::default()).unwrap();
    assert_eq!((&updated.changed[..], &updated.ignored[..]), (&["keeper".to_owned()][..], &["height".to_owned()][..]));
    // A type that nobody registered: its common attributes are known.
    let unknown = |body: &str| {
        let text = format!(r#"{{"resourceURI": "http://example.com/Shelf", {body}}}"#);
        Document::read(text.as_bytes(), &registry, &ReadOptions::default()).unwrap().value
    };
    let current = unknown(r#""id": "s/1", "name": "a", "boards": 4, "operations": [{"rel": "edit", "href": "s/1"}]"#);
    let update = unknown(r#""id": "s/2", "name": "b", "boards": 5"#);
    let rules = UpdateRules { now: Some(now()), ..Default::default() };
    let updated = replace(current.record(), update.record(), &rules).unwrap();
    assert_eq!(
        (&updated.changed[..], &updated.ignored[..]),
        (&["name".to_owned(), "boards".to_owned()][..], &["id".to_owned()][..])
    );
    let after = updated.resource.extensions();
    assert_eq!(after.get("id").and_then(|id| id.as_str()), Some("s/1"));
    assert_eq!(after.get("updated").and_then(|updated| updated.as_str()), Some(now().as_str()));
    assert!(after.get("operations").is_some());
}
