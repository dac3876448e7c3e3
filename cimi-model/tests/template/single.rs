//! One resource from one template.

use cimi_model::template::{Expander, Owner, Plan, Target, merge};
use cimi_model::{
    Any, Credential, CredentialCreate, Disk, EventLog, Machine, MachineConfiguration, MachineCreate, MachineImage,
    MachineTemplate, MachineTemplateVolume, Map, Meter, MeterConfiguration, MeterCreate, MeterTemplate, Network,
    NetworkCreate, NetworkInterface, ProtocolEndpoint, ProtocolSegment, ProtocolSegmentCreate, ReadOptions, Ref,
    Registry, Uri, Volume, VolumeConfiguration, VolumeTemplate, collection, record, resource, xml,
};

use crate::{Store, made, placed, read, steps_of};

resource! {
    /// A provider's own resource.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Height in rack units.
        height: Option<i64> = "height",
        /// Machines.
        machines: Option<Ref<cimi_model::Collection<Machine>>> = "machines" [child],
    }
}
collection!(Rack, "RackCollection", "racks");

resource! {
    /// Its template.
    pub RackTemplate = "RackTemplate" [namespace("http://example.com/racks")] {
        /// Height in rack units.
        height: Option<i64> = "height",
        /// Machines to be created.
        machine_templates: Vec<Ref<MachineTemplate>> = "machineTemplates" [item("machineTemplate")],
        /// Where it goes; a rack does not say that.
        room: Option<String> = "room",
    }
}

record! {
    /// Its create body.
    pub RackCreate = "RackCreate" Create [namespace("http://example.com/racks")] {
        /// The name.
        name: Option<String> = "name",
        /// The template.
        rack_template: Option<Ref<RackTemplate>> = "rackTemplate",
    }
}

fn store() -> Store {
    Store::default()
        .with::<MachineTemplate>(
            "templates/1",
            r#"{ "id": "templates/1", "name": "the template", "description": "of the template",
                "properties": { "a": "template" }, "initialState": "STOPPED", "userData": "eA==",
                "machineConfig": { "href": "configs/1" }, "machineImage": { "href": "images/1" },
                "credential": { "href": "credentials/1" }, "x-zone": "north",
                "volumes": [ { "initialLocation": "/data", "volume": { "href": "volumes/1" } } ],
                "meterTemplates": [ { "href": "meterTemplates/1" } ],
                "genResourceMetadata": { "href": "metadata/1" } }"#,
        )
        .with::<MachineConfiguration>(
            "configs/1",
            r#"{ "id": "configs/1", "name": "small", "cpu": 1, "memory": 1024, "cpuArch": "x86_64", "cpuSpeed": 2000,
                "disks": [ { "capacity": 10, "format": "ext4", "initialLocation": "/" }, { "capacity": 20 } ] }"#,
        )
        .with::<MachineImage>("images/1", r#"{ "state": "AVAILABLE", "type": "IMAGE", "imageLocation": "i.vmdk" }"#)
        .with::<Credential>("credentials/1", r#"{ "userName": "root", "password": "secret" }"#)
        .with::<MeterTemplate>("meterTemplates/1", r#"{ "meterConfig": { "href": "meterConfigs/1" } }"#)
        .with::<MeterConfiguration>(
            "meterConfigs/1",
            r#"{ "aspect": "urn:cpu", "units": "percent", "sampleInterval": 5 }"#,
        )
}

fn machine(template: &str) -> Plan {
    store().plan::<MachineCreate>(&format!(r#"{{ "machineTemplate": {template} }}"#))
}

#[test]
fn request_wins_over_template() {
    let plan = store().plan::<MachineCreate>(
        r#"{ "name": "web", "properties": { "b": "request" }, "machineTemplate": { "href": "templates/1" } }"#,
    );
    let web = made::<Machine>(&plan, plan.root());
    assert_eq!(web.name.as_deref(), Some("web"));
    assert_eq!(web.description, None, "the description of the template is the template's");
    assert_eq!(web.properties, [("b", "request")].into_iter().collect::<Map>());
    assert_eq!(web.id, None);
    assert_eq!(made::<Machine>(&machine(r#"{ "href": "templates/1" }"#), 0).name, None);
}

#[test]
fn machine_gets_what_its_configuration_says() {
    let plan = machine(r#"{ "href": "templates/1" }"#);
    let machine = made::<Machine>(&plan, 0);
    assert_eq!((machine.cpu, machine.memory, machine.cpu_speed), (Some(1), Some(1024), Some(2000)));
    assert_eq!(machine.cpu_arch.as_ref().unwrap().as_str(), "x86_64");
    assert_eq!(machine.state, None, "the provider sets it");
    assert_eq!(machine.resource_metadata, Some(Ref::to("metadata/1")));
    assert!(machine.extensions.is_empty());
    let step = &plan.steps()[0];
    assert_eq!(step.initial_state.as_deref(), Some("STOPPED"));
    assert_eq!(step.path, "/MachineCreate");
}

#[test]
fn disks_are_created_from_the_configuration() {
    let plan = machine(r#"{ "href": "templates/1" }"#);
    let disks = steps_of::<Disk>(&plan);
    let found: Vec<_> = disks.iter().map(|&step| made::<Disk>(&plan, step)).collect();
    assert_eq!(found[0].capacity, Some(10));
    assert_eq!(found[0].initial_location.as_deref(), Some("/"));
    assert_eq!((found[1].capacity, found.len()), (Some(20), 2));
    assert_eq!(placed(&plan, 0, "disks"), disks.iter().map(|step| format!("Step({step})")).collect::<Vec<_>>());
    let template = plan.template(disks[0]).unwrap().unwrap();
    let template: &cimi_model::DiskConfiguration = template.as_any().downcast_ref().unwrap();
    assert_eq!(template.format.as_deref(), Some("ext4"), "a Disk has no format, but its maker needs it");
}

#[test]
fn rest_of_the_template_is_complete() {
    let plan = machine(r#"{ "href": "templates/1", "credential": { "href": "credentials/1", "userName": "admin" } }"#);
    let template = plan.template(0).unwrap().unwrap();
    let template: &MachineTemplate = template.as_any().downcast_ref().unwrap();
    assert_eq!(template.user_data.as_deref(), Some("eA=="));
    assert_eq!(template.extensions.get("x-zone").and_then(Any::as_str), Some("north"));
    let image = template.machine_image.as_ref().unwrap();
    assert_eq!(image.href, Some("images/1".into()));
    assert_eq!(image.value.as_ref().unwrap().image_location, Some("i.vmdk".into()));
    let credential = template.credential.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(credential.user_name.as_deref(), Some("admin"), "overridden");
    assert_eq!(credential.password.as_ref().unwrap().expose(), "secret", "kept");
    assert_eq!(template.meter_templates, [], "they have steps of their own");
}

#[test]
fn existing_volumes_are_connected() {
    let plan = machine(r#"{ "href": "templates/1" }"#);
    let placement = plan.placements().iter().find(|placement| placement.attribute.name == "volumes").unwrap();
    assert_eq!((&placement.owner, &placement.target), (&Owner::Step(0), &Target::Existing("volumes/1".into())));
    assert!(!placement.child);
    let structure: &MachineTemplateVolume = placement.structure.as_ref().unwrap().as_any().downcast_ref().unwrap();
    assert_eq!(structure.initial_location.as_deref(), Some("/data"));
}

#[test]
fn meters_and_event_log_are_connected_to_the_machine() {
    let plan = machine(r#"{ "href": "templates/1", "eventLogTemplate": { "persistence": "daily" } }"#);
    let (meter, log) = (steps_of::<Meter>(&plan)[0], steps_of::<EventLog>(&plan)[0]);
    let found = made::<Meter>(&plan, meter);
    assert_eq!((found.aspect.clone(), found.sample_interval), (Some("urn:cpu".into()), Some(5)));
    assert_eq!(placed(&plan, 0, "meters"), [format!("Step({meter})")]);
    assert_eq!(placed(&plan, 0, "eventLog"), [format!("Step({log})")]);
    for step in [meter, log] {
        assert_eq!(plan.steps()[step].after, [0]);
    }
    let target = found.target_resource.as_ref().unwrap().href.as_ref().unwrap();
    assert_eq!(Plan::link(target), Some(0));
}

#[test]
fn overrides_are_whole_and_erase() {
    let plan =
        machine(r#"{ "href": "templates/1", "machineConfig": { "cpu": 8 }, "userData": null, "volumes": null }"#);
    let machine = made::<Machine>(&plan, 0);
    assert_eq!((machine.cpu, machine.memory), (Some(8), None), "a complex value is overridden as a whole");
    let template = plan.template(0).unwrap().unwrap();
    let template: &MachineTemplate = template.as_any().downcast_ref().unwrap();
    assert_eq!((&template.user_data, template.volumes.len()), (&None, 0));
    assert!(template.extensions.get("userData").is_none());
    assert_eq!(placed(&plan, 0, "volumes"), [""; 0]);
    assert_eq!(plan.steps()[0].initial_state.as_deref(), Some("STOPPED"), "everything else stays");
}

#[test]
fn nested_references_are_overridden_too() {
    let plan = machine(r#"{ "machineConfig": { "href": "configs/1", "memory": 2048, "disks": null } }"#);
    let machine = made::<Machine>(&plan, 0);
    assert_eq!((machine.cpu, machine.memory), (Some(1), Some(2048)));
    assert_eq!(steps_of::<Disk>(&plan), [0; 0]);
}

#[test]
fn empty_elements_of_xml_erase() {
    let text = r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="templates/1">
        <initialState/><machineConfig href="configs/1"><cpu/></machineConfig></machineTemplate></MachineCreate>"#;
    let request = xml::from_slice::<MachineCreate>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let plan = store().expand(&request).unwrap();
    assert_eq!(plan.steps()[0].initial_state, None);
    assert_eq!(made::<Machine>(&plan, 0).cpu, None);
    assert_eq!(made::<Machine>(&plan, 0).memory, Some(1024));
}

#[test]
fn merge_keeps_both_sides_unchanged() {
    let base = read::<MachineTemplate>(r#"{ "userData": "a", "initialState": "STOPPED", "x": 1, "y": 2, "z": null }"#);
    let overrides = read::<MachineTemplate>(r#"{ "userData": "b", "y": 3, "x": null }"#);
    let merged = merge(&base, &overrides).unwrap();
    let expected = read::<MachineTemplate>(r#"{ "userData": "b", "initialState": "STOPPED", "y": 3, "z": null }"#);
    assert!(*merged == *(Box::new(expected) as Box<dyn cimi_model::reflect::Record>), "{merged:?}");
    assert!(merge(&base, &Machine::default()).is_err());
}

#[test]
fn volumes_interfaces_and_networks() {
    let plan = machine(
        r#"{ "volumeTemplates": [ { "initialLocation": "/mnt", "volumeTemplate": {
                "volumeConfig": { "type": "http://schemas.dmtf.org/cimi/2/mapped", "capacity": 7, "format": "ntfs" },
                "volumeImage": { "state": "ERROR", "bootable": true } } } ],
            "interfaceTemplates": [ { "initialState": "ENABLED", "mtu": 1500, "endpoints": { "href": "endpoints/of/me" } } ] }"#,
    );
    let volume = steps_of::<Volume>(&plan)[0];
    let found = made::<Volume>(&plan, volume);
    assert_eq!((found.capacity, found.bootable, &found.state), (Some(7), Some(true), &None));
    assert!(found.type_uri.is_some());
    let interface = steps_of::<NetworkInterface>(&plan)[0];
    assert_eq!(made::<NetworkInterface>(&plan, interface).mtu, Some(1500));
    assert_eq!(plan.steps()[interface].initial_state.as_deref(), Some("ENABLED"));
    assert_eq!(placed(&plan, interface, "endpoints"), [r#"MembersOf("endpoints/of/me")"#]);
    assert_eq!(made::<NetworkInterface>(&plan, interface).endpoints, None, "collections are not shared");

    let plan = store().plan::<NetworkCreate>(
        r#"{ "networkTemplate": { "segments": [ { "href": "segments/1" } ], "subnetworkTemplates": [ {} , { "initialState": "STARTED" } ],
            "segmentTemplates": [ { "protocol": "IPv4", "parameters": { "netmask": "255.0.0.0" },
                "endpointTemplates": [ { "address": "10.0.0.1" } ] } ] } }"#,
    );
    let segment = steps_of::<ProtocolSegment>(&plan)[0];
    assert_eq!(placed(&plan, 0, "segments").len(), 2);
    assert_eq!(made::<ProtocolSegment>(&plan, segment).parameters.get("netmask"), Some("255.0.0.0"));
    let endpoint = steps_of::<ProtocolEndpoint>(&plan)[0];
    assert_eq!(placed(&plan, segment, "endpoints"), [format!("Step({endpoint})")]);
    assert_eq!(steps_of::<Network>(&plan).len(), 3);
}

#[test]
fn a_segment_belongs_to_its_network() {
    let plan = store().plan::<ProtocolSegmentCreate>(
        r#"{ "protocolSegmentTemplate": { "network": { "href": "networks/1" }, "protocol": "IPv6" } }"#,
    );
    let placement = &plan.placements()[0];
    assert_eq!(placement.owner, Owner::Existing("networks/1".into()));
    assert_eq!((placement.attribute.name, &placement.target), ("segments", &Target::Step(0)));
    let problems = store().problems::<NetworkCreate>(
        r#"{ "networkTemplate": { "segmentTemplates": [ { "network": { "href": "networks/1" } } ] } }"#,
    );
    assert_eq!(
        problems,
        ["/NetworkCreate/networkTemplate/segmentTemplates[0]/network: this must be the new Network or absent"]
    );
}

#[test]
fn credentials_have_what_the_provider_extends_them_with() {
    let plan = store().plan::<CredentialCreate>(
        r#"{ "name": "root", "credentialTemplate": { "name": "t", "userName": "u", "parameters": { "k": "v" }, "x-token": "t" } }"#,
    );
    let credential = made::<Credential>(&plan, 0);
    assert_eq!(credential.user_name.as_deref(), Some("u"));
    assert_eq!(credential.parameters.get("k"), Some("v"));
    assert_eq!(credential.extensions.get("x-token").and_then(Any::as_str), Some("t"));
    assert_eq!(credential.name.as_deref(), Some("root"));
}

#[test]
fn types_of_1_x_work_alike() {
    let plan = store().plan::<cimi_model::AddressCreate>(
        r#"{ "addressTemplate": { "ip": "10.0.0.1", "dns": [ "8.8.8.8" ], "network": { "href": "networks/1" } } }"#,
    );
    let address = made::<cimi_model::Address>(&plan, 0);
    assert_eq!((address.ip.as_deref(), address.dns.len()), (Some("10.0.0.1"), 1));
    assert_eq!(address.network, Some(Ref::to("networks/1")));
    let plan = store().plan::<NetworkCreate>(
        r#"{ "networkTemplate": { "networkConfig": { "mtu": 9000, "networkType": "PUBLIC" } } }"#,
    );
    assert_eq!(made::<Network>(&plan, 0).mtu, Some(9000));
    let plan = store().plan::<cimi_model::NetworkPortCreate>(
        r#"{ "networkPortTemplate": { "network": { "href": "n" }, "networkPortConfig": { "classOfService": "GOLD" } } }"#,
    );
    let port = made::<cimi_model::NetworkPort>(&plan, 0);
    assert_eq!((port.class_of_service.as_deref(), &port.network), (Some("GOLD"), &Some(Ref::to("n"))));
    let plan = store().plan::<cimi_model::ForwardingGroupCreate>(
        r#"{ "forwardingGroupTemplate": { "networks": [ { "href": "n/1" }, { "href": "n/2" } ] } }"#,
    );
    assert_eq!(made::<cimi_model::ForwardingGroup>(&plan, 0).networks, [Ref::to("n/1"), Ref::to("n/2")]);
}

#[test]
fn meters_alone_say_what_they_meter() {
    let plan = store().plan::<MeterCreate>(
        r#"{ "meterTemplate": { "href": "meterTemplates/1", "targetResource": { "href": "machines/1" } } }"#,
    );
    let meter = made::<Meter>(&plan, 0);
    assert_eq!(meter.target_resource.as_ref().unwrap().href, Some("machines/1".into()));
    assert_eq!(meter.units.as_deref(), Some("percent"));
}

#[test]
fn templates_and_configurations_are_created_as_themselves() {
    let configuration = read::<MachineConfiguration>(r#"{ "name": "c", "cpu": 2, "disks": [ { "capacity": 1 } ] }"#);
    let plan = store().expand(&configuration).unwrap();
    assert_eq!((plan.steps().len(), made::<MachineConfiguration>(&plan, 0)), (1, &configuration));
    let template = read::<MachineTemplate>(r##"{ "credential": { "href": "#later" } }"##);
    assert!(store().expand(&template).is_ok(), "it is stored, not carried out");
}

#[test]
fn own_types_take_part() {
    let plan = store().plan::<RackCreate>(
        r#"{ "name": "r1", "rackTemplate": { "height": 42, "room": "b", "machineTemplates": [ { "href": "templates/1" } ] } }"#,
    );
    assert_eq!(made::<Rack>(&plan, 0).height, Some(42));
    let machine = steps_of::<Machine>(&plan)[0];
    assert_eq!(placed(&plan, 0, "machines"), [format!("Step({machine})")]);
    assert!(plan.steps()[machine].after.contains(&0), "a child comes after its parent");
    assert_eq!(
        plan.steps()[machine].parent.map(|(step, attribute)| (step, attribute.unwrap().name)),
        Some((0, "machines"))
    );
}

#[test]
fn a_reference_is_completed_in_place() {
    let registry = Registry::standard();
    let resolve =
        |_: &Uri, wanted: &'static cimi_model::Type| -> cimi_model::Result<Box<dyn cimi_model::reflect::Record>> {
            assert_eq!(wanted.name, "VolumeConfiguration");
            Ok(Box::new(VolumeConfiguration { capacity: Some(5), ..Default::default() }))
        };
    let mut template = Ref::by_value(VolumeTemplate { volume_config: Some(Ref::to("c/1")), ..Default::default() });
    Expander::new(&registry, &resolve).complete(&mut template).unwrap();
    let config = template.value.unwrap().volume_config.unwrap();
    assert_eq!((config.href, config.value.unwrap().capacity), (Some("c/1".into()), Some(5)));
}

#[test]
fn problems_have_paths_and_come_together() {
    let problems = store().problems::<MachineCreate>(
        r##"{ "machineTemplate": { "machineConfig": { "href": "none/1" }, "machineImage": { "href": "configs/1" },
            "credential": { "href": "#a" }, "volumes": [ { "volume": {} } ],
            "volumeTemplates": [ { "volumeTemplate": { "href": "none/2" } } ] } }"##,
    );
    assert_eq!(
        problems,
        [
            "/MachineCreate/machineTemplate/machineConfig: 'none/1' cannot be had: there is no such resource",
            "/MachineCreate/machineTemplate/machineImage: expected a MachineImage, not a MachineConfiguration",
            "/MachineCreate/machineTemplate/volumeTemplates[0]/volumeTemplate: 'none/2' cannot be had: there is no such resource",
            "/MachineCreate/machineTemplate/credential: no component has the name 'a'",
            "/MachineCreate/machineTemplate/volumes[0]: a reference to an existing resource has no href",
        ]
    );
    assert_eq!(store().problems::<MachineCreate>("{}"), ["/MachineCreate/machineTemplate: there is no template"]);
    assert_eq!(
        store().problems::<MachineCreate>(r#"{ "machineTemplate": { "machineConfig": { "cpu": "many" } } }"#),
        ["/MachineCreate/machineTemplate/machineConfig/cpu: the value was not understood"]
    );
}

#[test]
fn every_create_body_makes_its_resource() {
    // Every create body of the standard finds its template and its resource.
    let registry = Registry::standard();
    let nothing = |_: &Uri, _: &'static cimi_model::Type| -> cimi_model::Result<Box<dyn cimi_model::reflect::Record>> {
        Err(cimi_model::Error::new(cimi_model::ErrorKind::Value, "none"))
    };
    let creates = registry.iter().filter(|entry| entry.record_type.name.ends_with("Create"));
    let mut count = 0;
    for entry in creates {
        let stem = entry.record_type.name.strip_suffix("Create").unwrap();
        let mut first = stem[..1].to_lowercase();
        first.push_str(&stem[1..]);
        let text = format!(r#"{{ "name": "n", "{first}Template": {{ "name": "t" }} }}"#);
        let mut body = (entry.new)();
        cimi_model::json::read_into(text.as_bytes(), &mut *body, &ReadOptions::default()).unwrap();
        let plan = Expander::new(&registry, &nothing).instantiate(&*body).unwrap();
        assert_eq!(plan.steps()[0].record_type().name, stem);
        assert_eq!(plan.steps()[0].name(), Some("n"));
        count += 1;
    }
    assert!(count >= 14, "{count}");
}
