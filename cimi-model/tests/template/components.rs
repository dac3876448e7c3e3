//! Systems of components.

use cimi_model::template::{Owner, Plan, Target};
use cimi_model::{
    Any, Credential, EventLog, Machine, MachineTemplate, Meter, Network, NetworkInterface, ProtocolSegment, Ref,
    System, SystemCreate, SystemService, SystemTemplate, Volume,
};

use crate::single::Rack;
use crate::{Store, made, placed, steps_of};

fn system(descriptors: &str) -> Plan {
    Store::default().system(descriptors)
}

fn problems(descriptors: &str) -> Vec<String> {
    Store::default().system_problems(descriptors)
}

fn names(plan: &Plan) -> Vec<&str> {
    plan.steps().iter().filter_map(|step| step.name()).collect()
}

/// The steps that the references in a machine's connected volumes lead to.
fn volumes(plan: &Plan, machine: &str) -> Vec<String> {
    placed(plan, plan.find(machine).unwrap(), "volumes")
}

fn step(plan: &Plan, name: &str) -> String {
    format!("Step({})", plan.find(name).unwrap())
}

const MACHINE_WITH_DATA: &str = r##""machineTemplate": { "volumes": [ { "volume": { "href": "#data" } } ] }"##;

#[test]
fn components_have_what_their_descriptors_say() {
    let plan = system(
        r#"{ "name": "web", "description": "d", "properties": { "k": "v" },
             "type": "http://schemas.dmtf.org/cimi/2/Machine", "machineTemplate": { "name": "not this" } }"#,
    );
    let machine = made::<Machine>(&plan, 1);
    assert_eq!((machine.name.as_deref(), machine.description.as_deref()), (Some("web"), Some("d")));
    assert_eq!(machine.properties.get("k"), Some("v"));
    assert_eq!(placed(&plan, 0, "machines"), ["Step(1)"]);
    assert_eq!(plan.steps()[1].path, "/SystemCreate/systemTemplate/componentDescriptors[0]");
    let (parent, collection) = plan.steps()[1].parent.unwrap();
    assert_eq!((parent, collection.unwrap().name), (0, "machines"));
    assert!(plan.placements()[0].child);
}

#[test]
fn quantity_numbers_the_names() {
    let plan = system(
        r#"{ "name": "mymachine", "quantity": 3, "machineTemplate": {} }, { "name": "one", "quantity": 1, "machineTemplate": {} },
           { "quantity": 2, "volumeTemplate": {} }"#,
    );
    assert_eq!(names(&plan), ["mymachine1", "mymachine2", "mymachine3", "one"]);
    assert_eq!(plan.steps().len(), 7);
    assert_eq!(steps_of::<Volume>(&plan).len(), 2);
}

#[test]
fn references_resolve_in_either_direction() {
    for order in [[0, 1], [1, 0]] {
        let descriptors = [
            format!(r#"{{ "name": "web", {MACHINE_WITH_DATA} }}"#),
            r#"{ "name": "data", "volumeTemplate": {} }"#.to_owned(),
        ];
        let plan = system(&order.map(|index| descriptors[index].clone()).join(","));
        let (web, data) = (plan.find("web").unwrap(), plan.find("data").unwrap());
        assert_eq!(volumes(&plan, "web"), [format!("Step({data})")]);
        assert_eq!(plan.order(), [0, data, web]);
        assert_eq!(placed(&plan, 0, "volumes"), [format!("Step({data})")]);
    }
}

#[test]
fn order_is_that_of_the_descriptors_where_nothing_else_counts() {
    let plan = system(
        r#"{ "name": "c", "machineTemplate": {} }, { "name": "a", "volumeTemplate": {} }, { "name": "b", "networkTemplate": {} }"#,
    );
    assert_eq!(plan.order(), [0, 1, 2, 3]);
}

#[test]
fn references_in_overrides_reach_into_stored_templates() {
    let store = Store::default().with::<MachineTemplate>(
        "t/72000",
        r#"{ "userData": "eA==", "volumes": [ { "volume": { "href": "v/1" } } ] }"#,
    );
    let plan = store.system(
        r##"{ "name": "m", "machineTemplate": { "href": "t/72000", "credential": { "href": "#MyCredential" } } },
            { "name": "MyCredential", "credentialTemplate": { "userName": "root" } }"##,
    );
    let (machine, credential) = (plan.find("m").unwrap(), plan.find("MyCredential").unwrap());
    assert!(plan.steps()[machine].after.contains(&credential));
    assert_eq!(made::<Credential>(&plan, credential).user_name.as_deref(), Some("root"));
    assert_eq!(placed(&plan, 0, "credentials"), [format!("Step({credential})")]);
    let template: &MachineTemplate = plan.steps()[machine].template.as_ref().unwrap().as_any().downcast_ref().unwrap();
    let href = template.credential.as_ref().unwrap().href.as_ref().unwrap();
    assert_eq!(Plan::link(href), Some(credential));
    assert_eq!(template.user_data.as_deref(), Some("eA=="));
    assert_eq!(placed(&plan, machine, "volumes"), [r#"Existing("v/1")"#]);
    assert_eq!(placed(&plan, 0, "volumes"), [""; 0], "an existing Volume of a Machine is not the System's (5.13.2.1)");
}

#[test]
fn created_parts_are_components_of_the_system() {
    let plan = system(
        r#"{ "name": "m", "machineTemplate": { "volumeTemplates": [ { "volumeTemplate": {} } ], "interfaceTemplates": [ {} ],
             "meterTemplates": [ {} ], "eventLogTemplate": {} } }"#,
    );
    let volume = steps_of::<Volume>(&plan)[0];
    assert_eq!(placed(&plan, 0, "volumes"), [format!("Step({volume})")]);
    assert_eq!(plan.steps()[volume].parent.unwrap().0, 0, "a Machine uses its Volumes, the System has them");
    assert!(plan.steps()[1].after.contains(&volume), "it is there to be connected");
    assert_eq!(placed(&plan, 0, "meters"), [""; 0], "those of the System are about the System");
    assert_eq!(placed(&plan, 0, "eventLog"), [""; 0]);
    assert_eq!((steps_of::<Meter>(&plan).len(), steps_of::<EventLog>(&plan).len()), (1, 1));
    assert_eq!(steps_of::<NetworkInterface>(&plan).len(), 1);
}

#[test]
fn existing_resources_are_associated() {
    let plan = system(&format!(
        r#"{{ "name": "data", "volume": {{ "href": "volumes/9" }} }}, {{ "name": "web", {MACHINE_WITH_DATA} }},
           {{ "network": {{ "href": "networks/1" }} }}"#
    ));
    assert_eq!(plan.steps().len(), 2, "nothing is created for them");
    assert_eq!(volumes(&plan, "web"), [r#"Existing("volumes/9")"#]);
    let placement = &plan.placements()[0];
    assert_eq!((&placement.owner, &placement.target), (&Owner::Step(0), &Target::Existing("volumes/9".into())));
    assert!(!placement.child);
    assert_eq!(placed(&plan, 0, "networks"), [r#"Existing("networks/1")"#]);
}

#[test]
fn same_quantities_go_in_pairs() {
    let plan = system(&format!(
        r#"{{ "name": "web", "quantity": 2, {MACHINE_WITH_DATA} }}, {{ "name": "data", "quantity": 2, "volumeTemplate": {{}} }}"#
    ));
    assert_eq!(volumes(&plan, "web1"), [step(&plan, "data1")]);
    assert_eq!(volumes(&plan, "web2"), [step(&plan, "data2")]);
}

#[test]
fn one_can_be_shared_and_numbers_can_be_named() {
    let plan = system(&format!(
        r##"{{ "name": "web", "quantity": 3, {MACHINE_WITH_DATA} }}, {{ "name": "data", "volumeTemplate": {{}} }},
            {{ "name": "db", "machineTemplate": {{ "volumes": [ {{ "volume": {{ "href": "#log2" }} }} ] }} }},
            {{ "name": "log", "quantity": 2, "volumeTemplate": {{}} }}"##
    ));
    for machine in ["web1", "web2", "web3"] {
        assert_eq!(volumes(&plan, machine), [step(&plan, "data")]);
    }
    assert_eq!(volumes(&plan, "db"), [step(&plan, "log2")]);
}

#[test]
fn other_quantities_are_ambiguous() {
    for quantity in [1, 2] {
        let found = problems(&format!(
            r#"{{ "name": "web", "quantity": {quantity}, {MACHINE_WITH_DATA} }}, {{ "name": "data", "quantity": 3, "volumeTemplate": {{}} }}"#
        ));
        let path = "/SystemCreate/systemTemplate/componentDescriptors[0]/machineTemplate/volumes[0]/volume";
        assert_eq!(found[0], format!("{path}: '#data' is 3 components: say which, from '#data1' to '#data3'"));
    }
}

#[test]
fn a_quantity_is_one_at_least() {
    for quantity in [0, -1] {
        let descriptor = format!(r#"{{ "name": "data", "quantity": {quantity}, "volumeTemplate": {{}} }}"#);
        let found = problems(&format!("{{ {MACHINE_WITH_DATA} }}, {descriptor}"));
        let path = "/SystemCreate/systemTemplate/componentDescriptors[1]/quantity";
        assert_eq!(found, [format!("{path}: a quantity is 1 or more")]);
    }
}

#[test]
fn services_know_their_components() {
    let plan = Store::default().plan::<SystemCreate>(
        r##"{ "systemTemplate": { "componentDescriptors": [ { "name": "web", "quantity": 2, "machineTemplate": {} },
              { "name": "db", "machine": { "href": "machines/7" } }, { "name": "lan", "networkTemplate": {} } ],
            "serviceDescriptors": [ { "name": "ha", "description": "d", "properties": { "k": "v" },
              "serviceType": "http://schemas.dmtf.org/cimi/2/SystemService/highreliability",
              "parameters": { "machines": [ "#web", "#db" ], "network": "#lan", "heartbeat": 500, "own": { "href": "#web2" } } } ] } }"##,
    );
    let service = steps_of::<SystemService>(&plan)[0];
    let found = made::<SystemService>(&plan, service);
    assert_eq!((found.name.as_deref(), found.description.as_deref()), (Some("ha"), Some("d")));
    assert!(found.is_high_reliability());
    assert_eq!(
        placed(&plan, service, "machines"),
        [step(&plan, "web1"), step(&plan, "web2"), r#"Existing("machines/7")"#.to_owned()]
    );
    assert_eq!(placed(&plan, 0, "services"), [format!("Step({service})")]);
    let lan = plan.find("lan").unwrap();
    assert_eq!(found.parameters.get("network").and_then(|text| Plan::link(&text.into())), Some(lan));
    assert_eq!(found.parameters.get_any("machines"), None);
    assert_eq!(found.parameters.get_any("heartbeat"), Some(&Any::from(500)));
    for needed in ["web1", "web2", "lan"] {
        assert!(plan.steps()[service].after.contains(&plan.find(needed).unwrap()));
    }
}

#[test]
fn services_with_wrong_names() {
    let found = Store::default().problems::<SystemCreate>(
        r##"{ "systemTemplate": { "componentDescriptors": [ { "name": "lan", "networkTemplate": {} } ],
            "serviceDescriptors": [ { "parameters": { "machines": [ "#lan", "#web", 7 ], "network": "#wan" } } ] } }"##,
    );
    let path = "/SystemCreate/systemTemplate/serviceDescriptors[0]/parameters";
    assert_eq!(
        found,
        [
            format!("{path}['machines'][0]: '#lan' is a Network, not a Machine"),
            format!("{path}['machines'][1]: no component has the name 'web'"),
            format!("{path}['machines'][2]: expected the name of a component, as '#name'"),
            format!("{path}['network']: no component has the name 'wan'"),
        ]
    );
}

#[test]
fn a_system_has_its_own_meters_and_log() {
    let plan = Store::default().plan::<SystemCreate>(
        r##"{ "name": "shop", "systemTemplate": { "meterTemplates": [ {} ], "eventLogTemplate": { "persistence": "daily" },
            "genResourceMetadata": { "href": "metadata/1" }, "importImage": "x.ovf",
            "componentDescriptors": [ { "name": "web", "machineTemplate": {} },
              { "name": "load", "meterTemplate": { "targetResource": { "href": "#web" } } }, { "name": "all", "meterTemplate": {} } ] } }"##,
    );
    let system = made::<System>(&plan, 0);
    assert_eq!((system.name.as_deref(), &system.resource_metadata), (Some("shop"), &Some(Ref::to("metadata/1"))));
    let own = steps_of::<Meter>(&plan).into_iter().find(|&step| plan.steps()[step].name().is_none()).unwrap();
    assert_eq!(placed(&plan, 0, "meters"), [format!("Step({own})"), step(&plan, "all")]);
    assert_eq!(placed(&plan, plan.find("web").unwrap(), "meters"), [step(&plan, "load")], "5.17.4.1");
    assert_eq!(placed(&plan, 0, "eventLog").len(), 1);
    let two = Store::default().problems::<SystemCreate>(
        r#"{ "systemTemplate": { "eventLogTemplate": {}, "componentDescriptors": [ { "eventLogTemplate": {} } ] } }"#,
    );
    assert!(two[0].ends_with("there is another one for eventLog already"), "{two:?}");
}

#[test]
fn nested_systems_are_scopes_of_their_own() {
    let plan = system(&format!(
        r#"{{ "name": "data", "volumeTemplate": {{}} }}, {{ "name": "web", {MACHINE_WITH_DATA} }},
           {{ "name": "inner", "systemTemplate": {{ "componentDescriptors": [
               {{ "name": "web", {MACHINE_WITH_DATA} }}, {{ "name": "data", "volumeTemplate": {{}} }} ] }} }},
           {{ "name": "other", "systemTemplate": {{ "componentDescriptors": [ {{ "name": "web", {MACHINE_WITH_DATA} }} ] }} }}"#
    ));
    let machines = steps_of::<Machine>(&plan);
    let volumes = steps_of::<Volume>(&plan);
    let inner = plan.find("inner").unwrap();
    assert_eq!((machines.len(), volumes.len()), (3, 2));
    let of = |system: usize, attribute: &str| placed(&plan, system, attribute);
    assert_eq!(of(0, "systems"), [format!("Step({inner})"), step(&plan, "other")]);
    assert_eq!(of(0, "machines").len(), 1, "those of a nested System are its own");
    assert_eq!((of(inner, "machines").len(), of(inner, "volumes").len()), (1, 1));
    let [outer_data, inner_data] = [volumes[0], volumes[1]];
    let uses = |machine: usize| placed(&plan, machine, "volumes");
    assert_eq!(uses(machines[0]), [format!("Step({outer_data})")]);
    assert_eq!(uses(machines[1]), [format!("Step({inner_data})")], "the nearest one");
    assert_eq!(uses(machines[2]), [format!("Step({outer_data})")], "or one further out");
    let found = problems(
        r##"{ "name": "inner", "systemTemplate": { "componentDescriptors": [ { "name": "data", "volumeTemplate": {} } ] } },
            { "machineTemplate": { "volumes": [ { "volume": { "href": "#data" } } ] } }"##,
    );
    assert!(found[0].ends_with("no component has the name 'data'"), "not from outside: {found:?}");
}

#[test]
fn nested_systems_pair_with_what_is_around_them() {
    let plan = system(&format!(
        r#"{{ "name": "data", "quantity": 2, "volumeTemplate": {{}} }},
           {{ "name": "cell", "quantity": 2, "systemTemplate": {{ "componentDescriptors": [ {{ "name": "web", {MACHINE_WITH_DATA} }} ] }} }}"#
    ));
    let machines = steps_of::<Machine>(&plan);
    assert_eq!(placed(&plan, machines[0], "volumes"), [step(&plan, "data1")]);
    assert_eq!(placed(&plan, machines[1], "volumes"), [step(&plan, "data2")]);
}

#[test]
fn nested_systems_can_be_referred_to() {
    let store = Store::default().with::<SystemTemplate>(
        "systemTemplates/1",
        &format!(r#"{{ "componentDescriptors": [ {{ "name": "m", {MACHINE_WITH_DATA} }} ] }}"#),
    );
    let plan = store.system(
        r#"{ "name": "s", "systemTemplate": { "href": "systemTemplates/1" } }, { "name": "data", "volumeTemplate": {} }"#,
    );
    assert_eq!(volumes(&plan, "m"), [step(&plan, "data")]);
    let alone = store.problems::<SystemCreate>(r#"{ "systemTemplate": { "href": "systemTemplates/1" } }"#);
    assert!(alone[0].ends_with("no component has the name 'data'"), "{alone:?}");
}

#[test]
fn circles_are_named() {
    let found = problems(
        r##"{ "name": "a", "volumeTemplate": { "x": { "href": "#b" } } }, { "name": "b", "volumeTemplate": { "x": { "href": "#c" } } },
            { "name": "c", "volumeTemplate": { "x": [ { "href": "#a" } ] } }, { "name": "d", "volumeTemplate": { "x": { "href": "#a" } } },
            { "name": "me", "machineTemplate": { "x": { "href": "#me" } } }"##,
    );
    assert_eq!(
        found,
        [
            "/SystemCreate/systemTemplate/componentDescriptors[0]: the components need each other in a circle: 'a' -> 'b' -> 'c' -> 'a'",
            "/SystemCreate/systemTemplate/componentDescriptors[4]: the components need each other in a circle: 'me' -> 'me'",
        ]
    );
}

#[test]
fn wrong_descriptors_are_all_reported() {
    let found = problems(
        r##"{ "name": "a" }, { "name": "b", "machineTemplate": {}, "volumeTemplate": {} }, { "name": "c", "quantity": -1, "machineTemplate": {} },
            { "name": "d", "machine": {} }, { "name": "e", "machine": { "href": "#a" } }, { "name": "f", "quantity": 2, "machine": { "href": "m/1" } },
            { "name": "f", "machineTemplate": {} }, { "name": "g", "type": "http://schemas.dmtf.org/cimi/2/Volume", "machineTemplate": {} },
            { "name": "w", "quantity": 2, "machineTemplate": {} }, { "name": "w1", "machineTemplate": {} },
            { "name": "x", "quantity": "two", "machineTemplate": {} },
            { "machineTemplate": { "volumes": [ { "volume": { "href": "#g" } } ], "credential": { "href": "#a" } } }"##,
    );
    let expected = [
        "[0]: there is neither a template nor a resource",
        "[1]: a component is made from one template or is one resource, not several",
        "[2]/quantity: a quantity is 1 or more",
        "[3]/machine: a reference to an existing resource has no href",
        "[4]/machine: a component cannot be another one as well",
        "[5]/quantity: there is one of an existing resource",
        "[6]/name: another component has the name 'f' as well",
        "[7]/type: the component is a Machine, not a http://schemas.dmtf.org/cimi/2/Volume",
        "[9]/name: another component has the name 'w1' as well",
        "[10]/quantity: the value was not understood",
        "[11]/machineTemplate/volumes[0]/volume: '#g' is a Machine, not a Volume",
    ];
    let expected = expected.map(|text| format!("/SystemCreate/systemTemplate/componentDescriptors{text}"));
    assert_eq!(found, expected, "a name whose component is wrong is not reported again");
}

#[test]
fn components_of_other_kinds() {
    let plan = system(
        r##"{ "name": "lan", "networkTemplate": {} },
            { "name": "seg", "protocolSegmentTemplate": { "network": { "href": "#lan" }, "protocol": "IPv4" } },
            { "name": "rack", "rackTemplate": { "height": 7, "machineTemplates": [ { "credential": { "href": "#cred" } } ] } },
            { "name": "rack2", "rack": { "href": "racks/1" } }, { "name": "cred", "credentialTemplate": {} }"##,
    );
    let (lan, segment) = (plan.find("lan").unwrap(), plan.find("seg").unwrap());
    assert_eq!(placed(&plan, lan, "segments"), [format!("Step({segment})")]);
    assert!(plan.steps()[segment].after.contains(&lan));
    assert_eq!(made::<ProtocolSegment>(&plan, segment).protocol.as_ref().unwrap().as_str(), "IPv4");
    assert_eq!(made::<Rack>(&plan, plan.find("rack").unwrap()).height, Some(7));
    assert_eq!(steps_of::<Machine>(&plan).len(), 1);
    assert_eq!(steps_of::<Network>(&plan), [lan]);
    assert_eq!(
        plan.steps()[segment].parent.map(|(step, _)| step),
        Some(0),
        "whatever has no collection is a child still"
    );
}
