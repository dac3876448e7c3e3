//! What a provider makes of a plan.

use cimi_model::template::Plan;
use cimi_model::{
    Disk, Machine, MachineCreate, MachineTemplate, Meter, Ref, System, SystemCreate, SystemService, Uri, Volume,
};

use crate::{Store, made, steps_of};

/// Creates everything: the URI of a resource is its type and number.
fn carry_out(plan: &mut Plan) -> Vec<Box<dyn cimi_model::reflect::Record>> {
    for step in plan.order().to_vec() {
        let resource = plan.resource(step).unwrap();
        plan.template(step).unwrap();
        plan.assign(step, format!("{}/{step}", resource.record_type().name));
    }
    plan.finish(&|step, attribute| Uri::from(format!("of/{step}/{}", attribute.name))).unwrap()
}

fn shop() -> Plan {
    Store::default().plan::<SystemCreate>(
        r##"{ "name": "shop", "systemTemplate": {
            "componentDescriptors": [
                { "name": "web", "quantity": 2, "machineTemplate": {
                    "machineConfig": { "cpu": 2, "disks": [ { "capacity": 10, "initialLocation": "/" } ] },
                    "volumes": [ { "initialLocation": "/data", "volume": { "href": "#data" } }, { "volume": { "href": "volumes/9" } } ],
                    "meterTemplates": [ { "meterConfig": { "aspect": "urn:cpu" } } ] } },
                { "name": "data", "volumeTemplate": { "volumeConfig": { "capacity": 1000 } } },
                { "name": "lan", "network": { "href": "networks/7" } } ],
            "serviceDescriptors": [ { "serviceType": "http://schemas.dmtf.org/cimi/2/SystemService/disasterrecovery",
                "parameters": { "machines": [ "#web" ], "backup": "#data" } } ] } }"##,
    )
}

fn as_<T: 'static>(finished: &[Box<dyn cimi_model::reflect::Record>], step: usize) -> &T {
    finished[step].as_any().downcast_ref().unwrap()
}

#[test]
fn links_become_uris() {
    let mut plan = shop();
    let (web, data) = (plan.find("web1").unwrap(), plan.find("data").unwrap());
    let error = plan.template(web).unwrap_err();
    assert_eq!(error.path(), "/MachineTemplate/volumes[0]/volume");
    assert!(error.reason().contains("has no URI yet"), "{error}");
    assert_eq!(plan.uri(data), None);
    plan.assign(data, "volumes/new");
    let template = plan.template(web).unwrap().unwrap();
    let template: &MachineTemplate = template.as_any().downcast_ref().unwrap();
    assert_eq!(template.volumes[0].volume, Some(Ref::to("volumes/new")));
    assert_eq!(plan.resource(data).unwrap().as_any().downcast_ref::<Volume>().unwrap().id, Some("volumes/new".into()));
    let service = steps_of::<SystemService>(&plan)[0];
    let found = plan.resource(service).unwrap();
    assert_eq!(found.as_any().downcast_ref::<SystemService>().unwrap().parameters.get("backup"), Some("volumes/new"));
    assert!(plan.resource(999).is_err());
    assert!(plan.finish(&|_, _| Uri::default()).is_err(), "the others have no URI yet");
}

#[test]
fn a_finished_system_has_its_components() {
    let mut plan = shop();
    let finished = carry_out(&mut plan);
    let system: &System = as_(&finished, 0);
    assert_eq!((system.id.clone(), system.name.as_deref()), (Some("System/0".into()), Some("shop")));
    let machines = system.machines.as_ref().unwrap();
    assert_eq!(machines.href, Some("of/0/machines".into()));
    let members = machines.value.as_ref().unwrap();
    assert_eq!((members.count, &members.id), (Some(2), &machines.href));
    assert_eq!(members.parent, Some(Ref::to("System/0")));
    let web = plan.find("web2").unwrap();
    assert_eq!(members.items[1].name.as_deref(), Some("web2"));
    assert_eq!(members.items[1].id, Some(format!("Machine/{web}").into()));
    let machine: &Machine = as_(&finished, web);
    assert_eq!((machine.cpu, &machine.parent), (Some(2), &Some(Ref::to("of/0/machines"))));
    let networks = system.networks.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!((networks.items[0].id.clone(), &networks.items[0].parent), (Some("networks/7".into()), &None));
    let volumes = system.volumes.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(volumes.count, Some(1), "the existing one is not the System's");
    let services = system.services.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(services.items.len(), 1);
}

#[test]
fn a_finished_machine_has_its_parts() {
    let mut plan = shop();
    let finished = carry_out(&mut plan);
    let (web, data) = (plan.find("web1").unwrap(), plan.find("data").unwrap());
    let machine: &Machine = as_(&finished, web);
    let disks = machine.disks.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!((disks.items[0].capacity, disks.items[0].initial_location.as_deref()), (Some(10), Some("/")));
    let volumes = &machine.volumes.as_ref().unwrap().value.as_ref().unwrap().items;
    assert_eq!(volumes[0].initial_location.as_deref(), Some("/data"));
    assert_eq!(volumes[0].volume, Some(Ref::to(format!("Volume/{data}"))));
    assert_eq!(volumes[0].capacity, Some(1000), "in 2.0 the item has the attributes of the Volume");
    assert_eq!(volumes[1].volume, Some(Ref::to("volumes/9")));
    let meter = machine.meters.as_ref().unwrap().value.as_ref().unwrap().items[0].clone();
    assert_eq!(meter.target_resource.unwrap().href, Some(format!("Machine/{web}").into()));
    let service: &SystemService = as_(&finished, steps_of::<SystemService>(&plan)[0]);
    assert_eq!(service.machines.as_ref().unwrap().value.as_ref().unwrap().count, Some(2));
    assert_eq!(made::<Machine>(&plan, web).id, None, "the plan itself is unchanged");
    assert_eq!(steps_of::<Disk>(&plan).len(), 2);
    assert_eq!(steps_of::<Meter>(&plan).len(), 2);
}

#[test]
fn members_of_an_existing_collection_are_not_counted() {
    let mut plan = Store::default().plan::<MachineCreate>(
        r#"{ "machineTemplate": { "interfaceTemplates": [ { "endpoints": { "href": "endpoints/of/1" } } ] } }"#,
    );
    let interface = steps_of::<cimi_model::NetworkInterface>(&plan)[0];
    let finished = carry_out(&mut plan);
    let interface: &cimi_model::NetworkInterface = as_(&finished, interface);
    let endpoints = interface.endpoints.as_ref().unwrap();
    assert_eq!(endpoints.value.as_ref().unwrap().count, None);
    assert!(endpoints.value.as_ref().unwrap().items.is_empty());
}
