//! The requests to create something.

use crate::consumer::{BASE, Consumer, V1, json, machine_template, operation, text};

#[test]
fn machines_are_asked_for_in_many_ways() {
    let template = machine_template("");
    let by_reference = format!("<machineTemplate href=\"{BASE}machineTemplates/1\"/>");
    let mut consumer = Consumer::new();
    for body in [
        format!("<MachineCreate xmlns=\"{V1}\"><name>m</name>{template}</MachineCreate>"),
        format!(
            "<c:MachineCreate xmlns:c=\"{V1}\"><c:name>m</c:name><c:machineTemplate href=\"{BASE}machineTemplates/1\"/></c:MachineCreate>"
        ),
        format!("<MachineCreate><name>m</name>{template}</MachineCreate>"),
        format!("<Machine><name>m</name>{template}</Machine>"),
        format!("<Machine><name>m</name>{by_reference}</Machine>"),
        format!("<machineCreate xmlns=\"{V1}\"><name>m</name>{by_reference}</machineCreate>"),
        format!(
            "<?xml version=\"1.0\"?>\n<MachineCreate><name>m</name>{by_reference}<property key=\"k\">v</property></MachineCreate>\n"
        ),
    ] {
        let machine = consumer.create("machines", &body);
        assert_eq!((&machine["name"], &machine["state"]), (&"m".into(), &"STOPPED".into()), "{body}");
        assert_eq!(machine["resourceURI"], format!("{V1}/Machine"));
        assert!(machine["cpu"].is_u64() && machine["memory"].is_u64(), "{machine}");
        for collection in ["disks", "volumes", "networkInterfaces"] {
            let href = machine[collection]["href"].as_str().unwrap_or_else(|| panic!("{collection} in {machine}"));
            assert!(consumer.get(href)["count"].is_u64());
        }
        assert!(operation(&machine, "delete").is_some());
    }
    for body in [
        format!(r#"{{"name": "m", "machineTemplate": {{"href": "{BASE}machineTemplates/1"}}}}"#),
        format!(
            r#"{{"resourceURI": "{V1}/MachineCreate", "machineTemplate": {{"machineConfig": {{"href": " {BASE}machineConfigs/1"}}, "machineImage": {{"href": "machineImages/1"}}}}}}"#
        ),
        format!(r#"{{"resourceURI": "{V1}/Machine", "machineTemplate": {{"href": "machineTemplates/1"}}}}"#),
        format!(r#"{{"resourceURI": "{V1}/machineCreate", "machineTemplate": {{"href": "machineTemplates/1"}}}}"#),
    ] {
        let response = consumer.send("POST", "machines", &[("content-type", "application/json")], &body);
        assert_eq!(response.status(), 201, "{body}: {}", text(&response));
    }
    // A Machine without a template is not one.
    assert_eq!(consumer.post("machines", "<Machine><name>m</name><cpu>2</cpu></Machine>").status(), 400);
    assert_eq!(consumer.post("machines", "<Volume><name>m</name></Volume>").status(), 400);
}

#[test]
fn initial_states_and_user_data_are_taken() {
    let mut consumer = Consumer::new();
    for state in ["STARTED", "STOPPED"] {
        let template = machine_template(&format!("<initialState>{state}</initialState>"));
        let machine = consumer.create("machines", &format!("<MachineCreate>{template}</MachineCreate>"));
        assert_eq!(machine["state"], state);
    }
    let body = machine_template("<userData>aGVsbG8=</userData>");
    consumer.create("machines", &format!("<MachineCreate>{body}</MachineCreate>"));
}

#[test]
fn what_is_created_as_itself_may_be_called_a_request() {
    let mut consumer = Consumer::new();
    let config =
        format!("<machineConfig href=\"{BASE}machineConfigs/1\"/><machineImage href=\"{BASE}machineImages/1\"/>");
    for (catalog, name, content) in [
        ("machineTemplates", "MachineTemplate", config.as_str()),
        ("machineConfigs", "MachineConfiguration", "<cpu>1</cpu><memory>1024</memory>"),
        ("machineImages", "MachineImage", "<type> IMAGE </type><imageLocation>http://example.com/i</imageLocation>"),
        ("volumeConfigs", "VolumeConfiguration", "<format>ext3</format> <capacity> 1 </capacity>"),
        ("volumeTemplates", "VolumeTemplate", "<volumeConfig href=\"volumeConfigs/1\"/>"),
        ("networkConfigs", "NetworkConfiguration", "<networkType>PRIVATE</networkType><mtu>1500</mtu>"),
        ("networkTemplates", "NetworkTemplate", "<networkConfig href=\"networkConfigs/1\"/>"),
        ("networkPortConfigs", "NetworkPortConfiguration", "<portType>TRUNK</portType>"),
        ("networkPortTemplates", "NetworkPortTemplate", "<network href=\"networks/1\"/>"),
        ("addressTemplates", "AddressTemplate", "<allocation>dynamic</allocation>"),
        ("forwardingGroupTemplates", "ForwardingGroupTemplate", "<network href=\"networks/1\"/>"),
        ("credentialTemplates", "CredentialTemplate", ""),
        ("eventLogTemplates", "EventLogTemplate", "<persistence>Daily</persistence>"),
        ("systemTemplates", "SystemTemplate", ""),
    ] {
        let low = name[..1].to_lowercase() + &name[1..];
        for root in [name.to_owned(), format!("{name}Create"), low.clone(), format!("{low}Create")] {
            for namespace in ["", " xmlns=\"http://schemas.dmtf.org/cimi/1\""] {
                let body =
                    format!("<{root}{namespace}><name>n</name><property name=\"foo\">bar</property>{content}</{root}>");
                let created = consumer.create(catalog, &body);
                assert_eq!(created["resourceURI"], format!("{V1}/{name}"), "{body}");
                assert_eq!(created["properties"]["foo"], "bar", "{body}");
            }
        }
    }
    let image = consumer.get("machineImages/3");
    assert_eq!((&image["type"], &image["imageLocation"]), (&"IMAGE".into(), &"http://example.com/i".into()));
    assert_eq!(consumer.get("volumeConfigs/3")["capacity"], 1);
}

#[test]
fn volumes_are_created_by_value_and_by_reference() {
    let mut consumer = Consumer::new();
    for (template, capacity) in [
        (format!("<volumeTemplate href=\"{BASE}volumeTemplates/1\"/>"), 10_000_000),
        (
            format!("<volumeTemplate><volumeConfig href=\"{BASE}volumeConfigs/2\"> </volumeConfig></volumeTemplate>"),
            100_000_000,
        ),
        (
            format!(
                "<volumeTemplate><volumeConfig><type>{V1}/mapped</type><capacity> 1024 </capacity></volumeConfig></volumeTemplate>"
            ),
            1024,
        ),
    ] {
        let volume = consumer
            .create("volumes", &format!("<VolumeCreate xmlns=\"{V1}\"><name>v</name>{template}</VolumeCreate>"));
        assert_eq!(volume["capacity"], capacity, "{template}");
        let response = consumer.send("DELETE", &operation(&volume, "delete").unwrap(), &[], "");
        assert_eq!(response.status(), 200);
        assert_eq!(consumer.send("GET", volume["id"].as_str().unwrap(), &[], "").status(), 404);
    }
    let body = format!(r#"{{"volumeTemplate": {{"volumeConfig": {{"type": "{V1}/mapped", "capacity": 1024}}}}}}"#);
    let response = consumer.send("POST", "volumes", &[("content-type", "application/json")], &body);
    assert_eq!((response.status().as_u16(), &json(&response)["capacity"]), (201, &1024.into()));
}

#[test]
fn a_volume_is_attached_as_an_item_as_often_as_asked() {
    let mut consumer = Consumer::new();
    let machine = consumer.get("machines/1");
    let volume =
        consumer.create("volumes", "<VolumeCreate><volumeTemplate href=\"volumeTemplates/1\"/></VolumeCreate>");
    let volumes = consumer.get(machine["volumes"]["href"].as_str().unwrap());
    let before = volumes["count"].as_u64().unwrap();
    let body = format!(
        "<MachineVolume xmlns=\"{V1}\"><initialLocation>/dev/sdf</initialLocation><volume href=\"{}\"/></MachineVolume>",
        volume["id"].as_str().unwrap()
    );
    for round in 1..=2 {
        let item = consumer.create(&operation(&volumes, "add").unwrap(), &body);
        assert_eq!(item["resourceURI"], format!("{V1}/MachineVolume"));
        assert_eq!((&item["volume"]["href"], &item["initialLocation"]), (&volume["id"], &"/dev/sdf".into()));
        // Some take the first operation for the one that detaches.
        assert_eq!(item["operations"][0]["rel"], "delete");
        let volumes = consumer.get(volumes["id"].as_str().unwrap());
        assert_eq!(volumes["count"], before + round);
        assert_eq!(volumes["machineVolumes"].as_array().unwrap().len() as u64, before + round);
    }
    let item = consumer.create(&operation(&volumes, "add").unwrap(), &body);
    let response = consumer.send("DELETE", &operation(&item, "delete").unwrap(), &[], "");
    assert_eq!(response.status(), 200);
    assert_eq!(consumer.get(volumes["id"].as_str().unwrap())["count"], before + 2);
    assert_eq!(consumer.get(volume["id"].as_str().unwrap())["state"], "AVAILABLE");
}

#[test]
fn network_interfaces_have_addresses() {
    let mut consumer = Consumer::new();
    let interface = "<networkInterface><address href=\"addresses/1\"/><network href=\"networks/1\"/><mtu>1500</mtu></networkInterface>";
    let body = format!("<MachineCreate>{}</MachineCreate>", machine_template(interface));
    let machine = consumer.create("machines", &body);
    let interfaces = consumer.get(machine["networkInterfaces"]["href"].as_str().unwrap());
    let interface = &interfaces["machineNetworkInterfaces"][0];
    assert_eq!(interface["network"]["href"], format!("{BASE}networks/1"));
    let addresses = consumer.get(interface["addresses"]["href"].as_str().unwrap());
    let address = &addresses["machineNetworkInterfaceAddresses"][0]["address"]["href"];
    assert_eq!(address, &format!("{BASE}addresses/1"));
    assert_eq!(consumer.get(address.as_str().unwrap())["ip"], "192.0.2.10");
}

#[test]
fn images_are_captured_at_either_place() {
    let mut consumer = Consumer::new();
    let machine = consumer.get("machines/1");
    let id = machine["id"].as_str().unwrap().to_owned();
    for uri in [operation(&machine, "capture").unwrap(), format!("{BASE}machineImages")] {
        for root in ["MachineImage", "MachineImageCreate", "machineImageCreate"] {
            let body =
                format!("<{root}><name>i</name><type> IMAGE </type><imageLocation> {id}</imageLocation> </{root}>");
            let image = consumer.create(&uri, &body);
            assert_eq!(image["resourceURI"], format!("{V1}/MachineImage"));
            assert_eq!(
                (&image["name"], &image["type"], &image["state"]),
                (&"i".into(), &"IMAGE".into(), &"AVAILABLE".into())
            );
            assert_ne!(image["imageLocation"], id, "the Machine may change, the image does not");
            assert_eq!(consumer.send("DELETE", image["id"].as_str().unwrap(), &[], "").status(), 200);
        }
    }
    // Where the URI says of which Machine it is, the image need not.
    let image = consumer.create(&id, &format!("<MachineImage xmlns=\"{V1}\"><name>i</name></MachineImage>"));
    assert_eq!(image["type"], "IMAGE");
}
