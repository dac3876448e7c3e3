//! Minimal conformance of small providers.

use std::collections::HashMap;

use cimi_model::capabilities::machine::MACHINE_TEMPLATE_BY_VALUE;
use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::reflect::{Described, Item, Record, Resource, Shape};
use cimi_model::validate::{Rule, Severity};
use cimi_model::{
    CloudEntryPoint, Collection, Dialect, Format, Machine, MachineConfiguration, MachineImage, MachineState, Operation,
    Ref, ResourceMetadata, Uri, Volume, attributes,
};
use cimi_protocol::provider::rules::conformance::{self, Inspection};

const BASE: &str = "http://example.com/";

/// A provider that has what is demanded and no more.
struct Store {
    entry: CloudEntryPoint,
    resources: HashMap<String, Box<dyn Record>>,
}

fn operations(rels: &[&str]) -> Vec<Operation> {
    let operation = |rel: &&str| Operation { rel: Some((*rel).into()), href: Some("o".into()), ..Default::default() };
    rels.iter().map(operation).collect()
}

fn metadata(dialect: Dialect, options: &DescribeOptions) -> ResourceMetadata {
    let options = DescribeOptions { dialect, ..options.clone() };
    let mut metadata = metadata_for(Machine::described(), &options);
    metadata.id = Some("rm/1".into());
    metadata.parent = Some(Ref::to("resourceMetadata"));
    MACHINE_TEMPLATE_BY_VALUE.set(&mut metadata, true);
    metadata
}

impl Store {
    fn new(dialect: Dialect) -> Self {
        let entry = CloudEntryPoint {
            id: Some("cep".into()),
            base_uri: Some(BASE.into()),
            resource_metadata: Some(Ref::to("resourceMetadata")),
            machines: Some(Ref::to("machines")),
            machine_images: Some(Ref::to("machineImages")),
            machine_configs: Some(Ref::to("machineConfigs")),
            ..Default::default()
        };
        let mut store = Self { entry, resources: HashMap::new() };
        store.put("resourceMetadata", vec![metadata(dialect, &DescribeOptions::default())]);
        store.put(
            "machines",
            vec![Machine {
                id: Some("m/1".into()),
                parent: Some(Ref::to("machines")),
                state: Some(MachineState::Stopped),
                cpu: Some(1),
                memory: Some(1024),
                cpu_arch: Some("x86".into()),
                cpu_speed: Some(2000),
                operations: operations(&["delete"]),
                ..Default::default()
            }],
        );
        store.put(
            "machineImages",
            vec![MachineImage {
                id: Some("i/1".into()),
                parent: Some(Ref::to("machineImages")),
                image_location: Some("http://example.com/image".into()),
                operations: operations(&["delete"]),
                ..Default::default()
            }],
        );
        store.put(
            "machineConfigs",
            vec![MachineConfiguration {
                id: Some("c/1".into()),
                parent: Some(Ref::to("machineConfigs")),
                cpu: Some(1),
                memory: Some(1024),
                cpu_arch: Some("x86".into()),
                cpu_speed: Some(2000),
                operations: operations(&["edit", "delete"]),
                ..Default::default()
            }],
        );
        store
    }

    /// A collection whose members show their `id` only, and the members.
    fn put<T: Resource + Item + Shape>(&mut self, name: &str, members: Vec<T>) {
        let mut collection: Collection<T> = members
            .iter()
            .map(|member| {
                let mut shown = T::default();
                let id = attributes::text(member, "id").unwrap();
                attributes::set_text(&mut shown, "id", id);
                shown
            })
            .collect();
        collection.id = Some(name.into());
        collection.operations = operations(&["add"]);
        self.resources.insert(name.to_owned(), Box::new(collection));
        for member in members {
            self.resources.insert(attributes::text(&member, "id").unwrap().to_owned(), Box::new(member));
        }
    }

    fn get<T: 'static + Described>(&mut self, id: &str) -> &mut T {
        let slot = self.resources.get_mut(id).unwrap();
        let any: &mut dyn std::any::Any = slot.as_mut();
        any.downcast_mut::<T>().unwrap()
    }

    fn problems(&self, inspection: &Inspection<'_>) -> Vec<String> {
        let read = |uri: &Uri| self.resources.get(uri.as_str()).map(|record| record.boxed_clone());
        let problems = inspection.problems(&self.entry, &read);
        assert!(problems.iter().all(|problem| !problem.clause.is_empty()), "{problems:?}");
        problems.iter().map(|problem| format!("{} {} {}", problem.path, problem.rule, problem.clause)).collect()
    }

    fn found(&self) -> Vec<String> {
        self.problems(&Inspection::default())
    }
}

const NONE: [&str; 0] = [];

#[test]
fn a_provider_with_what_is_demanded_conforms() {
    assert_eq!(Store::new(Dialect::V2).found(), NONE);
    let old = Inspection { dialect: Dialect::V1, ..Default::default() };
    let mut store = Store::new(Dialect::V1);
    for id in ["m/1", "i/1", "c/1", "rm/1"] {
        attributes::clear(store.resources.get_mut(id).unwrap().as_mut(), "parent");
    }
    assert_eq!(store.problems(&old), NONE);
}

#[test]
fn nothing_at_all() {
    let nothing = |_: &Uri| -> Option<Box<dyn Record>> { None };
    let problems = conformance::check(&CloudEntryPoint::default(), &nothing);
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    for path in ["id", "baseURI", "resourceMetadata", "machines", "machineImages", "machineConfigs"] {
        assert!(paths.contains(&format!("/CloudEntryPoint/{path}").as_str()), "{paths:?}");
    }
}

#[test]
fn collections_that_are_not_there() {
    let mut store = Store::new(Dialect::V2);
    store.entry.machine_images = None;
    store.resources.remove("machineConfigs");
    store.put::<Volume>("machines", vec![]);
    assert_eq!(
        store.found(),
        [
            "/CloudEntryPoint/machines type 7.1, 5.5.12",
            "/CloudEntryPoint/machineImages required 7.1, 5.12",
            "/CloudEntryPoint/machineConfigs reference 7.1, 5.5.12",
        ]
    );
}

#[test]
fn empty_collections_are_no_problem() {
    let mut store = Store::new(Dialect::V2);
    store.put::<Machine>("machines", vec![]);
    store.put::<MachineImage>("machineImages", vec![]);
    assert_eq!(store.found(), NONE);
}

#[test]
fn attributes_that_are_demanded() {
    let mut store = Store::new(Dialect::V2);
    let machine = store.get::<Machine>("m/1");
    (machine.cpu, machine.parent) = (None, None);
    store.get::<MachineImage>("i/1").image_location = None;
    store.get::<MachineConfiguration>("c/1").cpu_arch = None;
    assert_eq!(
        store.found(),
        [
            "/CloudEntryPoint/machines/machines[0]/parent required 7.1, 5.7.1",
            "/CloudEntryPoint/machines/machines[0]/cpu required 7.1, 5.14.1",
            "/CloudEntryPoint/machineImages/machineImages[0]/imageLocation required 7.1, 5.14.7",
            "/CloudEntryPoint/machineConfigs/machineConfigurations[0]/cpuArch required 7.1, 5.14.5",
        ]
    );
    // One that is being created may lack them.
    let mut store = Store::new(Dialect::V2);
    let machine = store.get::<Machine>("m/1");
    (machine.cpu, machine.state) = (None, Some(MachineState::Creating));
    assert_eq!(store.found(), NONE);
}

#[test]
fn operations_that_are_demanded() {
    let mut store = Store::new(Dialect::V2);
    store.get::<Collection<Machine>>("machines").operations.clear();
    store.get::<MachineImage>("i/1").operations.clear();
    assert_eq!(
        store.found(),
        ["/CloudEntryPoint/machines operation 7.1, 5.5.12.1", "/CloudEntryPoint/machineImages operation 7.1, 4.2.1.4"]
    );
}

#[test]
fn metadata_that_is_demanded() {
    let mut store = Store::new(Dialect::V2);
    let options = DescribeOptions { unsupported: vec!["cpuSpeed".into()], ..Default::default() };
    let mut poor = metadata(Dialect::V2, &options);
    poor.capabilities.clear();
    poor.attributes[0].mutable = None;
    poor.name = None;
    store.put("resourceMetadata", vec![poor]);
    let metadata = "/CloudEntryPoint/resourceMetadata";
    assert_eq!(
        store.found(),
        [
            format!("{metadata}/resourceMetadatas[0]/name required 7.1, 5.11"),
            format!("{metadata}/resourceMetadatas[0]/attributes[0] required 7.1, 5.11"),
            format!("{metadata} capability 7.1, 4.2.1.1"),
            "/CloudEntryPoint/machines/cpuSpeed required 7.1, 5.14.1".to_owned(),
        ]
    );
    // None at all, so that nobody can know what is possible.
    store.put::<ResourceMetadata>("resourceMetadata", vec![]);
    assert_eq!(
        store.found(),
        [format!("{metadata} required 7.1, 5.11"), format!("{metadata} capability 7.1, 4.2.1.1")]
    );
    let read = |uri: &Uri| store.resources.get(uri.as_str()).map(|record| record.boxed_clone());
    let severities: Vec<_> = conformance::check(&store.entry, &read).iter().map(|problem| problem.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning]);
}

#[test]
fn members_lead_to_themselves() {
    let mut store = Store::new(Dialect::V2);
    store.resources.remove("m/1");
    store.resources.insert("i/1".into(), Box::new(Volume { id: Some("i/1".into()), ..Default::default() }));
    assert_eq!(
        store.found(),
        [
            "/CloudEntryPoint/machines/machines[0] reference 7.1, 5.5.12",
            "/CloudEntryPoint/machineImages/machineImages[0] type 7.1, 5.5.12",
        ]
    );
    // No more than asked for is read.
    assert_eq!(store.problems(&Inspection { sample: 0, ..Default::default() }).len(), 2);
}

#[test]
fn what_else_is_wrong_is_said_with_its_place() {
    let mut store = Store::new(Dialect::V2);
    store.get::<Machine>("m/1").cpu = Some(-1);
    store.get::<Collection<Machine>>("machines").count = Some(0);
    let read = |uri: &Uri| store.resources.get(uri.as_str()).map(|record| record.boxed_clone());
    let problems = conformance::check(&store.entry, &read);
    let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect();
    assert_eq!(
        found,
        [("/CloudEntryPoint/machines/count", Rule::Count), ("/CloudEntryPoint/machines/machines[0]/cpu", Rule::Range)]
    );
}

#[test]
fn both_formats_are_demanded() {
    let store = Store::new(Dialect::V2);
    let found = store.problems(&Inspection { formats: &[Format::Json], ..Default::default() });
    assert_eq!(found, ["/ required 7.1, 4.1.4"]);
}
