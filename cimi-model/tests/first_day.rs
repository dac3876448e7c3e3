//! What a provider does with a request to create a Machine, from the bytes that come in to those that go out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use cimi_model::lifecycle::{self, Rules};
use cimi_model::reflect::{Described, Record};
use cimi_model::template::Expander;
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{
    DateTime, Document, Error, ErrorKind, Format, Machine, MachineConfiguration, MachineImage, MachineState,
    ReadOptions, Registry, Result, Type, Uri, WriteOptions,
};

/// What the provider has stored.
fn stored(href: &Uri, _: &'static Type) -> Result<Box<dyn Record>> {
    Ok(match href.as_str() {
        "configs/small" => {
            Box::new(MachineConfiguration { cpu: Some(1), memory: Some(1 << 20), ..MachineConfiguration::default() })
        }
        "images/1" => Box::new(MachineImage { id: Some("images/1".into()), ..MachineImage::default() }),
        _ => return Err(Error::new(ErrorKind::Value, "there is no such resource")),
    })
}

/// The problems that keep a request from being carried out.
fn refusals(body: &str) -> Vec<(String, Rule)> {
    let parsed = Document::read(body.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
    let problems = Validation::create().parsed(&parsed).into_iter();
    let errors = problems.filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| (problem.path, problem.rule)).collect()
}

#[test]
fn a_request_is_carried_out() {
    let registry = Registry::standard();
    for (format, body) in [
        (
            Format::Json,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "name": "web",
                "properties": {"owner": "ops"},
                "machineTemplate": {"initialState": "STOPPED", "machineImage": {"href": "images/1"},
                                    "machineConfig": {"href": "configs/small", "memory": 2097152}}}"#,
        ),
        (
            Format::Xml,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>web</name>
                 <properties><property key="owner">ops</property></properties>
                 <machineTemplate><initialState>STOPPED</initialState><machineImage href="images/1"/>
                   <machineConfig href="configs/small"><memory>2097152</memory></machineConfig>
                 </machineTemplate></MachineCreate>"#,
        ),
    ] {
        assert_eq!(refusals(body), []);
        let request = Document::read(body.as_bytes(), &registry, &ReadOptions::default()).unwrap().value;
        let mut plan = Expander::new(&registry, &stored).instantiate(request.record()).unwrap();
        for step in plan.order().to_vec() {
            plan.assign(step, format!("machines/{step}"));
        }
        let collections =
            |step: usize, attribute: &cimi_model::Attribute| Uri::from(format!("machines/{step}/{}", attribute.name));
        let resources = plan.finish(&collections).unwrap();
        let mut machine = resources[plan.root()].as_any().downcast_ref::<Machine>().unwrap().clone();

        // What comes between the request and the Machine as it was asked for.
        let rules = Rules::of(Machine::TYPE);
        let creation = rules.create(plan.steps()[plan.root()].initial_state.as_deref()).unwrap();
        assert_eq!((creation.via, creation.to), (Some("CREATING"), Some("STOPPED")));
        machine.state = creation.to.map(MachineState::from);
        machine.created = Some("2025-01-01T00:00:00Z".parse::<DateTime>().unwrap());
        let href = |rel: &str| Some(Uri::from(format!("machines/0?{}", lifecycle::name(rel))));
        machine.operations = rules.operations_of(&machine, &href);

        let answer = Document::new(machine).to_string(format, WriteOptions::default()).unwrap();
        let parsed = Document::read(answer.as_bytes(), &registry, &ReadOptions::strict()).unwrap();
        let problems = Validation::read().parsed(&parsed);
        assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:#?}");
        let machine = parsed.value.as_ref::<Machine>().unwrap();
        assert_eq!((machine.cpu, machine.memory, machine.name.as_deref()), (Some(1), Some(2 << 20), Some("web")));
        assert_eq!(machine.properties.get("owner"), Some("ops"));
        let offered = |name: &str| {
            let found =
                machine.operations.iter().find(|o| o.rel.as_ref().is_some_and(|r| lifecycle::name(r.as_str()) == name));
            found.is_some_and(|operation| operation.available != Some(false))
        };
        assert!(offered("start") && offered("delete") && !offered("pause"));
    }
}

#[test]
fn a_request_is_refused() {
    let request = |members: &str| {
        format!(
            r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "machineTemplate": {{{members}}}}}"#
        )
    };
    let at = |path: &str, rule| [(format!("/MachineCreate/machineTemplate/{path}"), rule)];
    assert_eq!(refusals(&request(r#""machineConfig": {"cpu": "2"}"#)), at("machineConfig/cpu", Rule::Spelling));
    assert_eq!(refusals(&request(r#""machineConfig": {"memory": -1}"#)), at("machineConfig/memory", Rule::Range));
    assert_eq!(refusals(&request(r#""realm": "eu""#)), at("realm", Rule::Unknown));
    let body = request(r#""machineConfig": {"href": "configs/none"}"#);
    let request = Document::read(body.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap().value;
    let problems = Expander::new(&Registry::standard(), &stored).instantiate(request.record()).unwrap_err();
    assert_eq!(problems.as_slice()[0].path, "/MachineCreate/machineTemplate/machineConfig");
}
