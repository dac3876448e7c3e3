//! What a provider says itself: metadata, capabilities, scopes, types of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::meta::{Lifecycle, State};
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{Document, Machine, ReadOptions, Ref, Registry, record, resource};
use support::problems::{document, expect, metadata, short};

#[test]
fn metadata_describes_each_attribute_once_and_as_table_6_says() {
    let read = &Validation::read();
    let about = |attributes: &str| {
        format!(
            r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", "attributes": [{attributes}]"#
        )
    };
    let own = r#"{"name": "rack", "namespace": "http://example.com", "type": "string"}"#;
    let place = "/ResourceMetadata/attributes[0]";
    expect(read, "ResourceMetadata", &about(&format!(r#"{own}, {{"name": "cpu", "consumerMandatory": true}}"#)), &[]);
    expect(
        read,
        "ResourceMetadata",
        &about(&format!("{own}, {own}")),
        &["error /ResourceMetadata/attributes[1]/name duplicate"],
    );
    for (attribute, problems) in [
        (r#"{"name": "rack"}"#, &["namespace required", "type required"][..]),
        (r#"{"name": "rack", "type": "string"}"#, &["namespace required"]),
        (r#"{"name": "cpu", "type": "integer"}"#, &["type forbidden"]),
        (r#"{"name": "cpu", "type": "integer", "namespace": "urn:x"}"#, &["namespace forbidden"]),
        (r#"{"name": "1st", "type": "integer", "namespace": "urn:x"}"#, &["name identifier"]),
        (r#"{"type": "integer", "namespace": "urn:x"}"#, &["name required"]),
        (r#"{"name": "cpu", "mutable": false, "consumerWritable": true}"#, &["consumerWritable consistency"]),
    ] {
        let expected: Vec<String> = problems.iter().map(|problem| format!("error {place}/{problem}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        expect(read, "ResourceMetadata", &about(attribute), &expected);
    }
    let wider = r#"{"name": "id", "consumerWritable": true}"#;
    expect(read, "ResourceMetadata", &about(wider), &[&format!("warning {place}/consumerWritable consistency")]);
}

#[test]
fn what_the_provider_has_sent_itself_is_not_unknown_to_it() {
    let current =
        document("Machine", r#""id": "m", "realm": "eu", "operations": [{"rel": "edit", "href": "m", "note": "x"}]"#);
    let update = |body: &str| {
        let problems = Validation::update(Some(current.record())).problems(document("Machine", body).record());
        short(&problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect::<Vec<_>>())
    };
    assert_eq!(
        update(r#""id": "m", "realm": "us", "operations": [{"rel": "edit", "href": "m", "note": "x"}]"#),
        [""; 0]
    );
    assert_eq!(
        update(r#""id": "m", "zone": "us", "operations": [{"rel": "edit", "href": "m", "note": "y"}]"#),
        ["error /Machine/operations[0]/note unknown", "error /Machine/zone unknown"]
    );
}

#[test]
fn another_spelling_beside_the_attribute_is_no_error() {
    let uri = "http://schemas.dmtf.org/cimi/2/Machine";
    let body = format!(r#""id": "r", "name": "Machine", "typeURI": "{uri}", "typeUri": "{uri}""#);
    expect(&Validation::read(), "ResourceMetadata", &body, &["warning /ResourceMetadata/typeUri spelling"]);
}

#[test]
fn metadata_names_capabilities_and_operations() {
    let read = &Validation::read();
    let about = |more: &str| {
        format!(r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", {more}"#)
    };
    let capability = |uri: &str| about(&format!(r#""capabilities": [{{"uri": "{uri}", "value": "x"}}]"#));
    let base = "http://schemas.dmtf.org/cimi";
    expect(read, "ResourceMetadata", &capability(&format!("{base}/2/capability/Machine/UserData")), &[]);
    expect(read, "ResourceMetadata", &capability("http://example.com/own"), &[]);
    let path = "error /ResourceMetadata/capabilities[0]/uri";
    for (uri, rule) in [
        ("own", "uri"),
        ("http://schemas.dmtf.org/cimi/2/capability/UserData", "uri"),
        ("http://schemas.dmtf.org/cimi/2/UserData", "uri"),
        ("http://schemas.dmtf.org/cimi/2/capability/Volume/SharedVolumeSupport", "consistency"),
    ] {
        expect(read, "ResourceMetadata", &capability(uri), &[&format!("{path} {rule}")]);
    }
    let actions = |list: &str| about(&format!(r#""actions": [{list}]"#));
    let compress = r#"{"name": "compress", "uri": "http://example.com/compress", "method": "POST"}"#;
    expect(read, "ResourceMetadata", &actions(compress), &[]);
    expect(
        read,
        "ResourceMetadata",
        &actions(&format!("{compress}, {compress}")),
        &["error /ResourceMetadata/actions[1]/name duplicate", "error /ResourceMetadata/actions[1]/uri duplicate"],
    );
    let bad = r#"{"name": "com press", "uri": "compress", "method": "POST"}"#;
    expect(
        read,
        "ResourceMetadata",
        &actions(bad),
        &["error /ResourceMetadata/actions[0]/name identifier", "error /ResourceMetadata/actions[0]/uri uri"],
    );
}

#[test]
fn a_provider_has_attributes_of_its_own() {
    let own = metadata(
        r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/1/Machine", "attributes": [
            {"name": "rack", "namespace": "http://example.com", "type": "integer", "consumerMandatory": true, "providerMandatory": true},
            {"name": "floor", "namespace": "http://example.com", "type": "boolean", "consumerWritable": false, "providerMandatory": false},
            {"name": "cpu", "mutable": false, "providerMandatory": true},
            {"name": "memory", "consumerMandatory": true, "providerMandatory": false}]"#,
    );
    let read = document("Machine", r#""id": "m", "cpu": 1, "rack": 7, "floor": true"#);
    let with = |validation| Validation { metadata: vec![&own], ..validation };
    assert_eq!(short(&with(Validation::read()).problems(read.record())), [""; 0]);
    let infos = with(Validation::read()).problems(read.record());
    assert!(infos.iter().all(|problem| problem.path != "/Machine/memory"), "{infos:?}");
    let bare = document("Machine", r#""id": "m", "rack": "seven", "own": 1"#);
    let problems = with(Validation::read()).problems(bare.record());
    assert_eq!(short(&problems), ["error /Machine/cpu required", "error /Machine/rack value"]);
    let update = with(Validation::update(Some(read.record())));
    let changed = document(
        "Machine",
        r#""id": "m", "cpu": 2, "memory": 5, "{http://example.com}rack": 8, "floor": false, "own": 1"#,
    );
    assert_eq!(
        short(&update.problems(changed.record())),
        ["error /Machine/own unknown", "warning /Machine/cpu immutable", "warning /Machine/floor read-only"]
    );
    let absent = document("Machine", r#""id": "m", "cpu": 1"#);
    assert_eq!(
        short(&update.problems(absent.record())),
        ["error /Machine/memory required", "error /Machine/rack required"]
    );
    // The members of a collection are Machines too.
    let members =
        document("MachineCollection", r#""id": "c", "count": 1, "machines": [{"id": "m", "cpu": 1, "rack": "x"}]"#);
    let problems = with(Validation::read()).problems(members.record());
    assert_eq!(short(&problems), ["error /MachineCollection/machines[0]/rack value"]);
}

#[test]
fn the_last_word_of_a_provider_counts() {
    let first = metadata(
        r#""id": "1", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", "attributes": [{"name": "cpu", "consumerMandatory": true}]"#,
    );
    let second = metadata(
        r#""id": "2", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine", "attributes": [{"name": "cpu", "consumerMandatory": false}]"#,
    );
    let machine = Machine { id: Some("m".into()), ..Default::default() };
    let update = |metadata| Validation { metadata, ..Validation::update(None) };
    assert!(!update(vec![&second, &first]).accepts(&machine));
    assert!(update(vec![&first, &second]).accepts(&machine));
}

#[test]
fn capabilities_limit_what_may_be_asked_for() {
    let capabilities = |list: &[(&str, &str)], of: &str| {
        let list: Vec<_> = list
            .iter()
            .map(|(name, value)| {
                format!(r#"{{"uri": "http://schemas.dmtf.org/cimi/2/capability/{of}/{name}", "value": {value}}}"#)
            })
            .collect();
        metadata(&format!(
            r#""id": "r", "name": "{of}", "typeURI": "http://schemas.dmtf.org/cimi/2/{of}", "capabilities": [{}]"#,
            list.join(", ")
        ))
    };
    let machine =
        capabilities(&[("MachineConfigByValue", "false"), ("InitialStates", r#"["STARTED", "STOPPED"]"#)], "Machine");
    let entry = capabilities(&[("MaxPropertyItems", "1")], "CloudEntryPoint");
    let create = &Validation { metadata: vec![&machine, &entry], ..Validation::create() };
    let template = |members: &str| format!(r#""machineTemplate": {{{members}}}"#);
    expect(create, "MachineCreate", &template(r#""machineConfig": {"href": "c"}, "initialState": "STARTED""#), &[]);
    expect(
        create,
        "MachineCreate",
        &template(r#""machineConfig": {"cpu": 1}, "initialState": "PAUSED""#),
        &[
            "error /MachineCreate/machineTemplate/machineConfig capability",
            "error /MachineCreate/machineTemplate/initialState capability",
        ],
    );
    let template = r#""machineTemplate": {"href": "t"}"#;
    let properties = format!(r#"{template}, "properties": {{"a": "1", "b": "2"}}"#);
    expect(create, "MachineCreate", &properties, &["error /MachineCreate/properties capability"]);
    let system = capabilities(&[("SystemComponentTemplateByValue", "false")], "System");
    let create = &Validation { metadata: vec![&system], ..Validation::create() };
    let descriptors = r#""componentDescriptors": [{"machineTemplate": {"href": "t"}}, {"machineTemplate": {"initialState": "STARTED"}}]"#;
    expect(
        create,
        "SystemTemplate",
        descriptors,
        &["error /SystemTemplate/componentDescriptors[1]/machineTemplate capability"],
    );
}

#[test]
fn the_values_that_a_provider_takes() {
    let scoped = |scopes: &str| {
        metadata(&format!(
            r#""id": "r", "name": "MachineConfiguration", "typeURI": "http://schemas.dmtf.org/cimi/2/MachineConfiguration", "vscope": {scopes}"#
        ))
    };
    let own = scoped(
        r#"[{"memory": {"minimum": 2, "maximum": 8, "units": "gibibytes"}, "cpuArch": {"value": "x86_64"}},
            {"memory": {"minimum": 4, "maximum": 32, "units": "gibibytes"}, "cpuArch": {"values": ["ARM", "POWER"]}}]"#,
    );
    let create = &Validation { metadata: vec![&own], ..Validation::create() };
    let configured = |memory: i64, arch: &str| {
        format!(r#""machineTemplate": {{"machineConfig": {{"memory": {memory}, "cpuArch": "{arch}"}}}}"#)
    };
    expect(create, "MachineCreate", &configured(4 << 20, "x86_64"), &[]);
    expect(create, "MachineCreate", &configured(32 << 20, "ARM"), &[]);
    let path = "/MachineCreate/machineTemplate/machineConfig/memory scope";
    expect(create, "MachineCreate", &configured(32 << 20, "x86_64"), &[&format!("error {path}")]);
    expect(create, "MachineConfiguration", r#""memory": 1"#, &["error /MachineConfiguration/memory scope"]);
    let read = &Validation { metadata: vec![&own], ..Validation::read() };
    expect(read, "MachineConfiguration", r#""id": "c", "memory": 1"#, &["warning /MachineConfiguration/memory scope"]);
    // Any resource may have scopes of its own.
    let scope = r#""vscope": [{"memory": {"minimum": 4, "maximum": 8}}], "memory""#;
    let create = &Validation::create();
    expect(create, "MachineConfiguration", &format!("{scope}: 8"), &[]);
    expect(create, "MachineConfiguration", &format!("{scope}: 9"), &["error /MachineConfiguration/memory scope"]);
    expect(create, "MachineConfiguration", r#""vscope": "all""#, &["error /MachineConfiguration/vscope scope"]);
    // Mistakes in the scopes themselves.
    let mistaken = scoped(r#"[{"memory": {"minimum": 8, "maximum": 4, "units": "gibibytes"}}]"#);
    let problems = Validation::read().problems(&mistaken);
    assert_eq!(short(&problems), ["error /ResourceMetadata/vscope[0]/memory/minimum scope"], "{problems:#?}");
    assert_eq!(short(&Validation::read().problems(&own)), [""; 0]);
    let problems = Validation::read().problems(&scoped("5"));
    assert_eq!(short(&problems), ["error /ResourceMetadata/vscope scope"], "{problems:#?}");
}

static STATES: &[State] = &[State::transient("MOVING"), State::lasting("STANDING")];
static MOVES: Lifecycle = Lifecycle::new(STATES, &[]);

resource! {
    /// A shelf.
    pub Shelf = "Shelf" [namespace("http://example.com"), lifecycle(&MOVES)] {
        /// The state.
        state: Option<String> = "state" [read_only],
    }
}

resource! {
    /// What shelves are made from.
    pub ShelfTemplate = "ShelfTemplate" [namespace("http://example.com"), clause("")] {
        /// The state that a new shelf is brought into.
        initial_state: Option<String> = "initialState",
    }
}

#[test]
fn new_resources_are_brought_into_states_that_last() {
    let registry = Registry::standard().with::<Shelf>().with::<ShelfTemplate>();
    let create = Validation { registry: Some(&registry), ..Validation::create() };
    let template = |state: &str| ShelfTemplate { initial_state: Some(state.into()), ..Default::default() };
    assert_eq!(short(&create.problems(&template("STANDING"))), [""; 0]);
    assert_eq!(short(&create.problems(&template("MOVING"))), ["error /ShelfTemplate/initialState consistency"]);
}

#[test]
fn operations_that_metadata_does_not_describe() {
    let own = metadata(
        r#""id": "r", "name": "Machine", "typeURI": "http://schemas.dmtf.org/cimi/2/Machine",
           "actions": [{"name": "compress", "uri": "http://example.com/compress", "method": "POST"}]"#,
    );
    let read = Validation { metadata: vec![&own], ..Validation::read() };
    let machine = document(
        "Machine",
        r#""id": "m", "operations": [{"rel": "http://example.com/compress", "href": "m"}, {"rel": "http://example.com/inflate", "href": "m"}]"#,
    );
    let found: Vec<_> = read.problems(machine.record()).into_iter().filter(|p| p.rule == Rule::Operation).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].path.as_str(), found[0].severity), ("/Machine/operations[1]/rel", Severity::Info));
}

record! {
    /// Where a rack stands.
    pub Position = "position" Structure [namespace("http://example.com")] {
        /// The row.
        row: Option<i64> = "row" [xml_attribute, range(1, 9), constraints(true, true, true, true)],
    }
}

resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com"), operations(&["edit", "tidy"])] {
        /// Height in rack units.
        height: Option<i64> = "height" [unit("rack units"), constraints(true, true, false, false)],
        /// Where it stands.
        position: Option<Position> = "position",
        /// What is in it.
        machines: Vec<Ref<Machine>> = "machines" [item("machine")],
    }
}

#[test]
fn types_of_a_provider_are_held_to_their_own_tables() {
    let registry = Registry::standard().with::<Rack>();
    let read = |members: &str| {
        let text = format!(r#"{{"resourceURI": "http://example.com/Rack", {members}}}"#);
        Document::read(text.as_bytes(), &registry, &ReadOptions::default()).unwrap().value
    };
    let short_of = |validation: Validation<'_>, document: &Document| {
        let validation = Validation { registry: Some(&registry), ..validation };
        short(&validation.problems(document.record()))
    };
    let good = read(r#""id": "r", "height": 42, "position": {"row": 1}, "machines": [{"href": "m"}]"#);
    assert_eq!(short_of(Validation::read(), &good), [""; 0]);
    let bad = read(
        r#""height": -1, "position": {}, "machines": [{"href": "a b"}], "operations": [{"rel": "tidy", "href": "r"}], "x": 1"#,
    );
    assert_eq!(
        short_of(Validation::update(None), &bad),
        [
            "error /Rack/id required",
            "error /Rack/height range",
            "error /Rack/position/row required",
            "error /Rack/machines[0]/href uri",
            "error /Rack/x unknown",
            "error /Rack/operations[0]/rel operation",
        ]
    );
    let taller = read(r#""id": "r", "height": 43, "position": {"row": 10}"#);
    assert_eq!(
        short_of(Validation::update(Some(good.record())), &taller),
        ["error /Rack/position/row range", "warning /Rack/height immutable"]
    );
}
