//! Operations and deletions.

use serde_json::Value;

use crate::consumer::{BASE, Consumer, V1, action, json, machine_template, operation, text};

fn state(consumer: &mut Consumer, uri: &str) -> String {
    consumer.get(uri)["state"].as_str().unwrap().to_owned()
}

#[test]
fn actions_are_understood_however_they_are_written() {
    let mut consumer = Consumer::new();
    let mut wanted = ["STOPPED", "STARTED"].into_iter().cycle();
    let mut names = ["stop", "start"].into_iter().cycle();
    let xml: [fn(&str) -> String; 6] = [
        |name| action(&format!("{V1}/action/{name}")),
        |name| action(&format!(" http://{V1}/action/{name}")),
        |name| action(&format!("http://schemas.dmtf.org/cimi/2/action/{name}\n")),
        |name| action(&format!("http://www.dmtf.org/cimi/action/{name}")),
        |name| action(name),
        |name| format!("<Action><action>{V1}/action/{name}</action></Action>"),
    ];
    for document in xml {
        let body = document(names.next().unwrap());
        let response = consumer.post("machines/1", &body);
        assert_eq!(response.status(), 202, "{body}: {}", text(&response));
        assert_eq!(state(&mut consumer, "machines/1"), wanted.next().unwrap(), "{body}");
        let job = json(&response);
        assert_eq!((&job["resourceURI"], &job["state"]), (&format!("{V1}/Job").into(), &"SUCCESS".into()));
        assert_eq!(job["id"], response.headers()["cimi-job-uri"].to_str().unwrap());
        assert_eq!(consumer.get(job["id"].as_str().unwrap()), job);
    }
    let in_json: [fn(&str) -> String; 2] = [
        |name| format!(r#"{{"resourceURI": "{V1}/Action", "action": "{V1}/action/{name}"}}"#),
        |name| format!(r#"{{"action": "{V1}/action/{name}"}}"#),
    ];
    for document in in_json {
        let body = document(names.next().unwrap());
        let response = consumer.send("POST", "machines/1", &[("content-type", "application/json")], &body);
        assert_eq!(response.status(), 202, "{body}: {}", text(&response));
        assert_eq!(state(&mut consumer, "machines/1"), wanted.next().unwrap(), "{body}");
    }
}

#[test]
fn operations_that_consumers_compute_are_there() {
    let mut consumer = Consumer::new();
    let form = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/xml")];
    for (name, reached) in [("stop", "STOPPED"), ("start", "STARTED"), ("restart", "STARTED"), ("stop", "STOPPED")] {
        let body = action(&format!(" http://{V1}/action/{name}"));
        let response = consumer.send("POST", &format!("machines/1/{name}"), &form, &body);
        assert_eq!(response.status(), 202, "{name}: {}", text(&response));
        assert_eq!(state(&mut consumer, "machines/1"), reached);
    }
    assert_eq!(consumer.send("POST", "machines/1/start", &[], "").status(), 202);
    assert_eq!(state(&mut consumer, "machines/1"), "STARTED");
    assert_eq!(consumer.send("GET", "machines/1/start", &[], "").status(), 404);
    assert_eq!(consumer.send("POST", "machines/1/explode", &form, &action("explode")).status(), 404);
    assert_eq!(consumer.send("POST", "machines/1/stop", &form, &action("start")).status(), 400);
    assert_eq!(consumer.send("POST", "machines/1/stop", &form, &action("stop")).status(), 202);
    assert_eq!(consumer.send("DELETE", "machines/1/delete", &[], "").status(), 200);
    assert_eq!(consumer.send("GET", "machines/1", &[], "").status(), 404);
    assert_eq!(consumer.send("DELETE", "machines/1/delete", &[], "").status(), 404);
}

#[test]
fn what_a_state_allows_is_offered() {
    let mut consumer = Consumer::new();
    let template = machine_template("<initialState>STARTED</initialState>");
    let started = consumer.create("machines", &format!("<MachineCreate>{template}</MachineCreate>"));
    for name in ["stop", "restart", "capture", "edit"] {
        assert!(operation(&started, name).is_some(), "{name}");
    }
    assert!(operation(&started, "start").is_none());
    assert_eq!(consumer.act(&started, "stop").status(), 202);
    let stopped = consumer.get(started["id"].as_str().unwrap());
    for name in ["start", "delete", "capture", "edit"] {
        assert!(operation(&stopped, name).is_some(), "{name}");
    }
    assert_eq!(consumer.send("DELETE", &operation(&stopped, "delete").unwrap(), &[], "").status(), 200);
    for collection in ["machines", "volumes", "machineTemplates", "machineConfigs", "machineImages", "systems"] {
        let offered = consumer.get(collection);
        assert_eq!(operation(&offered, "add"), Some(format!("{BASE}{collection}")), "{collection}");
    }
}

#[test]
fn a_system_starts_and_stops_its_machines() {
    let mut consumer = Consumer::new();
    for root in ["SystemCreate", "systemCreate"] {
        let body =
            format!("<{root} xmlns=\"{V1}\"><name>s</name><systemTemplate href=\"systemTemplates/1\"/></{root}>");
        let system = consumer.create("systems", &body);
        let id = system["id"].as_str().unwrap().to_owned();
        let machines = consumer.get(system["machines"]["href"].as_str().unwrap());
        assert_eq!(
            (&machines["resourceURI"], &machines["count"]),
            (&format!("{V1}/SystemMachineCollection").into(), &2.into())
        );
        for (name, reached) in [("stop", "STOPPED"), ("start", "STARTED"), ("stop", "STOPPED")] {
            let now = consumer.get(&id);
            let response = consumer.act(&now, name);
            assert_eq!(response.status(), 202, "{name}");
            assert_eq!(state(&mut consumer, &id), reached);
            for item in machines["systemMachines"].as_array().unwrap() {
                assert_eq!(item["resourceURI"], format!("{V1}/SystemMachine"));
                assert_eq!(state(&mut consumer, item["machine"]["href"].as_str().unwrap()), reached);
            }
        }
        assert_eq!(consumer.send("DELETE", &id, &[], "").status(), 200);
    }
}

#[test]
fn items_of_all_kinds_are_put_into_a_system() {
    let mut consumer = Consumer::new();
    let system =
        consumer.create("systems", "<SystemCreate><systemTemplate href=\"systemTemplates/1\"/></SystemCreate>");
    for (collection, name, reference, path) in [
        ("machines", "SystemMachine", "machine", "machines/1"),
        ("volumes", "SystemVolume", "volume", "volumes/1"),
        ("networks", "SystemNetwork", "network", "networks/1"),
        ("networkPorts", "SystemNetworkPort", "networkPort", "networkPorts/1"),
        ("addresses", "SystemAddress", "address", "addresses/1"),
        ("credentials", "SystemCredential", "credential", "credentials/1"),
        ("forwardingGroups", "SystemForwardingGroup", "forwardingGroup", "forwardingGroups/1"),
    ] {
        let items = consumer.get(system[collection]["href"].as_str().unwrap());
        assert_eq!(items["resourceURI"], format!("{V1}/{name}Collection"));
        let body = format!("<{name} xmlns=\"{V1}\"><{reference} href=\"{BASE}{path}\"/></{name}>");
        let item = consumer.create(&operation(&items, "add").unwrap(), &body);
        assert_eq!(item[reference]["href"], format!("{BASE}{path}"));
        assert_eq!(consumer.send("DELETE", &operation(&item, "delete").unwrap(), &[], "").status(), 200);
        assert_eq!(consumer.send("GET", path, &[], "").status(), 200, "only the item is gone");
    }
}

#[test]
fn resources_are_updated_in_part() {
    let mut consumer = Consumer::new();
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let response = consumer.send(
        "PUT",
        "machines/1?%24select=name,description",
        &headers,
        r#"{"name": "renamed", "description": "by a peer"}"#,
    );
    assert_eq!(response.status(), 200, "{}", text(&response));
    let machine: Value = json(&response);
    assert_eq!((&machine["name"], &machine["description"]), (&"renamed".into(), &"by a peer".into()));
    assert_eq!(consumer.get("machines/1")["name"], "renamed");
}
