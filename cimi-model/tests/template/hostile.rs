//! Templates that want too much, and templates made at random.

use std::collections::{HashMap, HashSet};

use cimi_model::template::{Bounds, Owner, Plan, Target};
use cimi_model::{
    ComponentDescriptor, MachineCreate, MachineTemplate, MachineTemplateVolume, MachineTemplateVolumeTemplate,
    NetworkTemplate, Ref, ServiceDescriptor, SystemCreate, SystemTemplate, Uri, Volume, VolumeTemplate, any::Any,
};
use proptest::prelude::*;

use crate::{Store, read, system};

fn refused(store: &Store, request: &str) -> Vec<String> {
    store.problems::<SystemCreate>(request)
}

#[test]
fn circles_of_references_end() {
    let store = Store::default()
        .with::<SystemTemplate>("s/1", r#"{ "componentDescriptors": [ { "systemTemplate": { "href": "s/2" } } ] }"#)
        .with::<SystemTemplate>("s/2", r#"{ "componentDescriptors": [ { "systemTemplate": { "href": "s/1" } } ] }"#);
    let found = refused(&store, r#"{ "systemTemplate": { "href": "s/1" } }"#);
    assert_eq!(
        found,
        [
            "/SystemCreate/systemTemplate/componentDescriptors[0]/systemTemplate/componentDescriptors[0]/systemTemplate: \
          the templates refer to each other in a circle: s/1 -> s/2 -> s/1"
        ]
    );
    let twice = system(r#"{ "systemTemplate": { "href": "s/3" } }, { "systemTemplate": { "href": "s/3" } }"#);
    let store = Store::default().with::<SystemTemplate>("s/3", "{}");
    assert!(store.expand(&read::<SystemCreate>(&twice)).is_ok(), "the same one twice is no circle");
}

#[test]
fn growth_is_bounded() {
    let mut store = Store::default();
    for level in 0..12 {
        let next = format!(r#"{{ "systemTemplate": {{ "href": "s/{}" }} }}"#, level + 1);
        let text = format!(r#"{{ "componentDescriptors": [ {} ] }}"#, vec![next; 10].join(","));
        store = store.with::<SystemTemplate>(&format!("s/{level}"), &text);
    }
    store = store.with::<SystemTemplate>("s/12", "{}");
    let found = refused(&store, r#"{ "systemTemplate": { "href": "s/0" } }"#);
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with("the templates follow too many references"), "{found:?}");
}

#[test]
fn quantities_are_bounded() {
    let found = refused(
        &Store::default(),
        &system(r#"{ "name": "m", "quantity": 9223372036854775807, "machineTemplate": {} }"#),
    );
    assert!(found[0].ends_with("there are too many resources to be created"), "{found:?}");
    let cell = r#""systemTemplate": { "componentDescriptors": [ { "quantity": 1000, "machineTemplate": {} } ] }"#;
    let found = refused(&Store::default(), &system(&format!(r#"{{ "quantity": 1000, {cell} }}"#)));
    assert!(found[0].ends_with("there are too many resources to be created"), "{found:?}");
    let large = "x".repeat(1 << 20);
    let text = system(&format!(r#"{{ "quantity": 500, "machineTemplate": {{ "userData": "{large}" }} }}"#));
    let found = refused(&Store::default(), &text);
    assert!(found[0].ends_with("the templates become too large"), "{found:?}");
}

#[test]
fn bounds_are_the_callers() {
    let request = read::<SystemCreate>(&system(r#"{ "name": "m", "quantity": 3, "machineTemplate": {} }"#));
    let expand = |bounds: Bounds| Store::default().expand_within(&request, bounds).map(|plan| plan.steps().len());
    assert_eq!(expand(Bounds { steps: 4, ..Default::default() }).unwrap(), 4);
    assert!(expand(Bounds { steps: 3, ..Default::default() }).is_err());
    assert!(expand(Bounds { size: 100, ..Default::default() }).is_err());
    assert!(expand(Bounds { depth: 2, ..Default::default() }).is_err());
    let request = read::<SystemCreate>(&system(r#"{ "machine": {} }, { "machine": {} }, { "machine": {} }"#));
    let problems = Store::default().expand_within(&request, Bounds { problems: 2, ..Default::default() }).unwrap_err();
    assert_eq!((problems.as_slice().len(), problems.more()), (2, 1));
    assert!(problems.to_string().ends_with("\nand 1 more"), "{problems}");
}

#[test]
fn depth_is_bounded() {
    let mut template = SystemTemplate::default();
    for _ in 0..200 {
        let descriptor =
            ComponentDescriptor { system_template: Some(Ref::by_value(template)), ..ComponentDescriptor::default() };
        template = SystemTemplate { component_descriptors: vec![descriptor], ..SystemTemplate::default() };
    }
    let request = SystemCreate { system_template: Some(Ref::by_value(template)), ..SystemCreate::default() };
    let problems = Store::default().expand(&request).unwrap_err();
    assert!(problems.to_string().ends_with("the templates are nested too deeply"), "{problems}");
}

#[test]
fn links_cannot_be_forged() {
    let text = r#"{ "machineTemplate": { "volumes": [ { "volume": { "href": "urn:x-cimi:step:0" } } ] } }"#;
    let found = Store::default().problems::<MachineCreate>(text);
    assert!(found[0].contains("are reserved"), "{found:?}");
    let text = r#"{ "systemTemplate": { "serviceDescriptors": [ { "parameters": { "machines": [ "urn:x-cimi:step:0" ],
        "own": "urn:x-cimi:step:0" }, "properties": { "text": "urn:x-cimi:step:0" } } ] } }"#;
    let found = Store::default().problems::<SystemCreate>(text);
    assert_eq!(found.len(), 2, "properties are the consumer's own: {found:?}");
}

#[test]
fn a_long_chain_is_ordered() {
    let descriptors: Vec<String> = (0..3000)
        .map(|i| format!(r##"{{ "name": "v{i}", "volumeTemplate": {{ "x": {{ "href": "#v{}" }} }} }}"##, i + 1))
        .chain([r#"{ "name": "v3000", "volumeTemplate": {} }"#.to_owned()])
        .collect();
    let plan = Store::default().system(&descriptors.join(","));
    assert_eq!(plan.order().last(), Some(&1), "the first one waits for all others");
}

/// A component as the test makes it up.
#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    name: usize,
    quantity: Option<i64>,
    /// The names that it refers to.
    links: Vec<usize>,
    nested: Vec<Self>,
}

fn wish() -> impl Strategy<Value = Wish> {
    let leaf = (0..5_u8, 0..9_usize, prop::option::of(1..4_i64), prop::collection::vec(0..11_usize, 0..3));
    let leaf = leaf.prop_map(|(kind, name, quantity, links)| Wish { kind, name, quantity, links, nested: Vec::new() });
    leaf.prop_recursive(2, 12, 4, |inner| {
        (0..9_usize, prop::option::of(1..3_i64), prop::collection::vec(inner, 0..4))
            .prop_map(|(name, quantity, nested)| Wish { kind: 5, name, quantity, links: Vec::new(), nested })
    })
}

fn link<T>(name: usize) -> Ref<T> {
    Ref::to(format!("#n{name}"))
}

fn template(wishes: &[Wish]) -> SystemTemplate {
    let component_descriptors = wishes.iter().map(descriptor).collect();
    SystemTemplate { component_descriptors, ..SystemTemplate::default() }
}

fn descriptor(wish: &Wish) -> ComponentDescriptor {
    let mut descriptor =
        ComponentDescriptor { name: Some(format!("n{}", wish.name)), quantity: wish.quantity, ..Default::default() };
    let mut volume = VolumeTemplate::default();
    for name in &wish.links {
        volume.extensions.insert(format!("uses{name}"), [("href", format!("#n{name}"))].into_iter().collect::<Any>());
    }
    match wish.kind {
        0 | 1 => {
            let volumes = wish.links.iter();
            let volumes =
                volumes.map(|&name| MachineTemplateVolume { volume: Some(link(name)), ..Default::default() }).collect();
            let made = MachineTemplateVolumeTemplate {
                volume_template: Some(Ref::by_value(VolumeTemplate::default())),
                ..Default::default()
            };
            let machine = MachineTemplate { volumes, volume_templates: vec![made], ..MachineTemplate::default() };
            descriptor.machine_template = Some(Ref::by_value(machine));
        }
        2 => descriptor.volume_template = Some(Ref::by_value(volume)),
        3 => {
            descriptor.volume = Some(Ref::to(format!("volumes/{}", wish.name)));
            descriptor.quantity = None;
        }
        4 => descriptor.network_template = Some(Ref::by_value(NetworkTemplate::default())),
        _ => descriptor.system_template = Some(Ref::by_value(template(&wish.nested))),
    }
    descriptor
}

/// What the plan says is needed for a step, from what is written in it.
fn links_of(plan: &Plan, step: usize) -> Vec<usize> {
    let text = |record: &dyn cimi_model::reflect::Record| {
        cimi_model::json::to_string(record, cimi_model::WriteOptions::default()).unwrap()
    };
    let found = &plan.steps()[step];
    let mut all = text(&*found.resource);
    all.extend(found.template.as_ref().map(|template| text(&**template)));
    all.split("urn:x-cimi:step:").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_name_is_resolved_or_reported(wishes in prop::collection::vec(wish(), 0..6), subjects in prop::collection::vec(0..9_usize, 0..3)) {
        let mut system_template = template(&wishes);
        let subjects = subjects.into_iter().map(|name| Any::from(format!("#n{name}"))).collect::<Vec<_>>();
        let mut service = ServiceDescriptor::default();
        service.parameters.insert("own", Any::from(subjects));
        system_template.service_descriptors.push(service);
        let request = SystemCreate { system_template: Some(Ref::by_value(system_template)), ..SystemCreate::default() };
        let Ok(plan) = Store::default().expand(&request).map_err(|problems| {
            // Each problem is at a place of the request, and none is said twice.
            let list = problems.as_slice();
            assert!(!list.is_empty());
            assert!(list.iter().all(|problem| problem.path.starts_with("/SystemCreate/systemTemplate")), "{problems}");
            let different: HashSet<_> = list.iter().map(ToString::to_string).collect();
            assert_eq!(different.len(), list.len(), "{problems}");
        }) else { return Ok(()) };

        let place: HashMap<usize, usize> = plan.order().iter().enumerate().map(|(at, &step)| (step, at)).collect();
        prop_assert_eq!(place.len(), plan.steps().len());
        for (index, step) in plan.steps().iter().enumerate() {
            for &needed in &step.after {
                prop_assert!(place[&needed] < place[&index]);
            }
            for needed in links_of(&plan, index) {
                prop_assert!(step.after.contains(&needed));
            }
        }
        let text = format!("{plan:?}");
        prop_assert!(!text.contains("\"#n"), "{}", text);
        for placement in plan.placements() {
            if let (Owner::Step(owner), Target::Step(target), "volumes") = (&placement.owner, &placement.target, placement.attribute.name) {
                prop_assert!(plan.steps()[*target].resource.as_any().is::<Volume>());
                prop_assert!(plan.steps()[*owner].after.contains(target) || plan.steps()[*target].after.contains(owner));
            }
        }

        // Carried out in that order, nothing is missing.
        let mut plan = plan;
        for step in plan.order().to_vec() {
            plan.resource(step).unwrap();
            plan.template(step).unwrap();
            plan.assign(step, format!("r/{step}"));
        }
        let finished = plan.finish(&|step, attribute| Uri::from(format!("c/{step}/{}", attribute.name))).unwrap();
        prop_assert_eq!(finished.len(), plan.steps().len());
    }
}
