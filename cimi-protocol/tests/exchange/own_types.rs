//! Types that a provider defines take part like those of the standard.

use cimi_model::meta::Lifecycle;
use cimi_model::reflect::Described;
use cimi_model::{Collection, Dialect, Format, Machine, Ref, Registry, collection, record, resource, states};
use cimi_protocol::provider::{Call, Provider, Target};

use super::support::{FORMATS, call, machine, operations, post, provider, put, status, written};

states! {
    /// The state of a rack.
    pub RackState {
        /// Powered.
        On = "ON" lasting,
        /// Without power.
        Off = "OFF" lasting,
    }
}

const BLINK: &str = "http://example.com/racks/blink";

static LIFECYCLE: Lifecycle = Lifecycle::new(RackState::STATES, &[]);

resource! {
    /// A rack with machines in it.
    pub Rack = "Rack" [namespace("http://example.com/racks"), lifecycle(&LIFECYCLE), operations(&["edit", BLINK])] {
        /// Whether it has power.
        state: Option<RackState> = "state" [read_only],
        /// Height in rack units.
        height: Option<i64> = "height" [range(1, 60)],
    }
}
collection!(Rack, "RackCollection", "racks");

resource! {
    /// What racks are made from.
    pub RackTemplate = "RackTemplate" [namespace("http://example.com/racks")] {
        /// Height in rack units.
        height: Option<i64> = "height",
    }
}
collection!(RackTemplate, "RackTemplateCollection", "rackTemplates");

record! {
    /// A request for a rack.
    pub RackCreate = "RackCreate" Create [namespace("http://example.com/racks")] {
        /// Its name.
        name: Option<String> = "name",
        /// The template.
        rack_template: Option<Ref<RackTemplate>> = "rackTemplate",
    }
}

resource! {
    /// A Machine in a rack.
    pub RackMachine = "RackMachine" [namespace("http://example.com/racks")] {
        /// The lowest rack unit.
        unit: Option<i64> = "unit",
        /// The Machine.
        machine: Option<Ref<Machine>> = "machine" [accessory_of_target],
    }
}
collection!(RackMachine, "RackMachineCollection", "rackMachines", operations: ["insert", "remove"]);

fn racks() -> Provider {
    let registry = Registry::standard()
        .with_collection::<Rack>()
        .with_collection::<RackTemplate>()
        .with_collection::<RackMachine>()
        .with::<RackCreate>();
    Provider { registry, ..provider() }
}

#[test]
fn they_are_created() {
    let request = RackCreate { rack_template: Some(Ref::to("templates/1")), ..RackCreate::default() };
    let target = Target::collection(Collection::<Rack>::TYPE);
    for format in FORMATS {
        let body = written(&request, format, Dialect::V2);
        let Call::Create(document) = call(&racks(), post(format), &target, &body).unwrap() else { panic!("{body}") };
        assert_eq!(document.as_ref(), Some(&request));
    }
    let untyped = r#"{"rackTemplate": {"height": 42}}"#;
    assert!(matches!(call(&racks(), post(Format::Json), &target, untyped), Ok(Call::Create(_))));
    // What has states comes from a template.
    let itself = r#"{"resourceURI": "http://example.com/racks/Rack", "height": 42}"#;
    assert_eq!(status(call(&racks(), post(Format::Json), &target, itself)), 400);
    let templates = Target::collection(Collection::<RackTemplate>::TYPE);
    assert!(matches!(call(&racks(), post(Format::Json), &templates, r#"{"height": 42}"#), Ok(Call::Create(_))));
}

#[test]
fn they_are_updated_and_operated() {
    let rack = Rack { operations: operations(&["edit", BLINK]), ..Rack::default() };
    let target = Target::resource(&rack);
    assert!(matches!(call(&racks(), put("/racks/1"), &target, r#"{"height": 42}"#), Ok(Call::Update(_))));
    let refusal = call(&racks(), put("/racks/1"), &target, r#"{"height": 61}"#).unwrap_err();
    assert!(refusal.message().starts_with("/Rack/height: "), "{refusal}");
    for action in [BLINK, "blink", "http://example.com/blink"] {
        let body = format!(r#"{{"action": "{action}", "times": 3}}"#);
        let Call::Action(request) = call(&racks(), post(Format::Json), &target, &body).unwrap() else {
            panic!("{body}")
        };
        assert_eq!((request.name.as_str(), request.body.action.unwrap().as_str()), (BLINK, BLINK));
    }
}

#[test]
fn they_hold_others() {
    let target = Target::collection(Collection::<RackMachine>::TYPE);
    let item = RackMachine { unit: Some(7), machine: Some(Ref::to("machines/1")), ..RackMachine::default() };
    for format in FORMATS {
        let body = written(&item, format, Dialect::V2);
        let Call::Insert(found) = call(&racks(), post(format), &target, &body).unwrap() else { panic!("{body}") };
        assert_eq!((found.href.as_str(), found.item.unwrap().as_ref()), ("machines/1", Some(&item)));
    }
    let body = r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert", "machine": {"href": "machines/1"}}"#;
    let Call::Insert(found) = call(&racks(), post(Format::Json), &target, body).unwrap() else { panic!("{body}") };
    assert_eq!(found.item.unwrap().as_ref(), Some(&RackMachine { unit: None, ..item }));
}

/// What the provider has forgotten to register is its own mistake.
#[test]
fn types_that_are_not_registered() {
    let rack = Rack { operations: operations(&["edit"]), ..Rack::default() };
    assert_eq!(status(call(&provider(), put("/racks/1"), &Target::resource(&rack), "{}")), 500);
    let target = Target::collection(Collection::<Rack>::TYPE);
    assert_eq!(status(call(&provider(), post(Format::Json), &target, "{}")), 500);
    // A resource is no collection, and has nothing to be added.
    let machine = machine(&["add"]);
    assert_eq!(status(call(&provider(), post(Format::Json), &Target::resource(&machine), r#"{"name": "a"}"#)), 400);
    let target = Target::collection(Machine::TYPE).offering(&machine.operations);
    assert_eq!(status(call(&provider(), post(Format::Json), &target, r#"{"name": "a"}"#)), 400);
}
