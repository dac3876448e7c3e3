//! What is imported can be carried out: templates of descriptors become Systems.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use cimi_model::reflect::Record;
use cimi_model::template::{Expander, Owner, Plan, Problems, Target};
use cimi_model::{
    Error, ErrorKind, Machine, Network, NetworkInterface, Ref, Registry, Result, SystemCreate, SystemTemplate, Type,
    Uri, Volume,
};
use cimi_ovf::ImportOptions;

fn expand(template: SystemTemplate) -> std::result::Result<Plan, Problems> {
    let nothing = |_: &Uri, _: &'static Type| -> Result<Box<dyn Record>> {
        Err(Error::new(ErrorKind::Value, "an imported template refers to nothing outside"))
    };
    let request = SystemCreate { system_template: Some(Ref::by_value(template)), ..SystemCreate::default() };
    Expander::new(&Registry::standard(), &nothing).instantiate(&request)
}

fn webshop() -> Plan {
    let descriptor = include_bytes!("../examples/webshop.ovf");
    expand(cimi_ovf::import(descriptor, &ImportOptions::default()).unwrap().template).unwrap()
}

fn names<T: 'static>(plan: &Plan) -> Vec<&str> {
    let steps = plan.steps().iter().filter(|step| step.resource.as_any().is::<T>());
    steps.filter_map(|step| step.name()).collect()
}

#[test]
fn webshop_becomes_a_system() {
    let plan = webshop();
    assert_eq!(names::<Machine>(&plan).len(), 4);
    assert_eq!(names::<Network>(&plan).len(), 2);
    let volumes = ["balancer-system", "web-system-1", "web-system-2", "pictures", "database-system", "database-data"];
    assert_eq!(names::<Volume>(&plan), volumes);
    let first = plan.find(names::<Machine>(&plan)[3]).unwrap();
    let machine: &Machine = plan.steps()[first].resource.as_any().downcast_ref().unwrap();
    assert_eq!((machine.cpu, machine.memory), (Some(4), Some(8_388_608)));
}

#[test]
fn machines_of_the_webshop_share_their_pictures() {
    let plan = webshop();
    let pictures = Target::Step(plan.find("pictures").unwrap());
    let users = plan.placements().iter().filter(|placement| placement.target == pictures);
    let users: Vec<_> = users.map(|placement| (&placement.owner, placement.attribute.name)).collect();
    assert_eq!(users.len(), 3, "the System and two web servers: {users:?}");
    assert_eq!(users[0], (&Owner::Step(plan.root()), "volumes"));
    let position = |step: usize| plan.order().iter().position(|&at| at == step).unwrap();
    for (owner, _) in &users[1..] {
        let Owner::Step(machine) = owner else { panic!("{owner:?}") };
        assert!(position(plan.find("pictures").unwrap()) < position(*machine));
    }
}

#[test]
fn interfaces_of_the_webshop_are_in_its_networks() {
    let plan = webshop();
    let networks: Vec<usize> = names::<Network>(&plan).iter().map(|name| plan.find(name).unwrap()).collect();
    let interfaces = plan.steps().iter().filter_map(|step| step.resource.as_any().downcast_ref::<NetworkInterface>());
    let mut count = 0;
    for interface in interfaces {
        let network = Plan::link(interface.network.as_ref().unwrap().href.as_ref().unwrap()).unwrap();
        assert!(networks.contains(&network));
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

/// What is imported from descriptors of real products refers to what is there.
#[test]
fn descriptors_of_products_can_be_carried_out() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    let root = std::path::PathBuf::from(root).join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let mut seen = 0;
    for file in index.lines().filter_map(|line| line.split('\t').next()).filter(|file| is_descriptor(file)) {
        let Ok(descriptor) = std::fs::read(root.join(file)) else { continue };
        let Ok(imported) = cimi_ovf::import(&descriptor, &ImportOptions::default()) else { continue };
        let plan = expand(imported.template).unwrap_or_else(|problems| panic!("{file}: {problems}"));
        assert_eq!(plan.order().len(), plan.steps().len());
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

fn is_descriptor(file: &str) -> bool {
    std::path::Path::new(file).extension().is_some_and(|extension| extension == "ovf")
}
