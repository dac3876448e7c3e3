//! What the provider says of itself.

use cimi_model::capabilities::machine;
use cimi_model::{ReadOptions, ResourceMetadata, json};
use serde_json::Value;

use crate::consumer::{BASE, Consumer, V1};

#[test]
fn the_metadata_of_machines_are_found_as_consumers_look_for_them() {
    let mut consumer = Consumer::new();
    let metadata = consumer.get("resourceMetadata");
    let list = metadata["resourceMetadata"].as_array().unwrap();
    assert_eq!(metadata["count"], list.len());
    let first = list.iter().find(|found| found.to_string().contains("Machine")).unwrap();
    assert_eq!((&first["name"], &first["typeUri"]), (&"Machine".into(), &format!("{V1}/Machine").into()));
    assert_eq!(
        (&first["typeURI"], &first["id"]),
        (&first["typeUri"], &format!("{BASE}resourceMetadata/machine").into())
    );
    for found in list {
        assert_eq!(found["typeUri"], format!("{V1}/{}", found["name"].as_str().unwrap()));
        assert!(found["attributes"].is_null(), "the official schema has room for one");
        has_all(&found["capabilities"], &["name", "uri", "description", "value"]);
        has_all(&found["actions"], &["name", "uri", "description", "method", "inputMessage", "outputMessage"]);
        assert_eq!(&consumer.get(found["id"].as_str().unwrap()), found);
    }
}

fn has_all(described: &Value, members: &[&str]) {
    for one in described.as_array().unwrap_or(&Vec::new()) {
        for member in members {
            assert!(!one[member].is_null(), "{member} in {one}");
        }
    }
}

#[test]
fn initial_states_are_a_text_and_hold() {
    let mut consumer = Consumer::new();
    let metadata = consumer.get("resourceMetadata/machine");
    let value = |name: &str| {
        let capabilities = metadata["capabilities"].as_array().unwrap();
        let uri = format!("{V1}/capability/Machine/{name}");
        let found = capabilities.iter().find(|capability| capability["uri"] == uri).unwrap();
        found["value"].as_str().unwrap().to_owned()
    };
    let (states, default) = (value("InitialStates"), value("DefaultInitialState"));
    assert!(states.split(',').any(|state| state == default), "{default} in {states}");
    for state in states.split(',') {
        let body = format!(
            "<MachineCreate><machineTemplate><initialState>{state}</initialState><machineConfig href=\"machineConfigs/1\"/>\
             <machineImage href=\"machineImages/1\"/></machineTemplate></MachineCreate>"
        );
        assert_eq!(consumer.create("machines", &body)["state"], state);
    }
    let body = "<Machine><machineTemplate><machineConfig href=\"machineConfigs/1\"/><machineImage href=\"machineImages/1\"/></machineTemplate></Machine>";
    assert_eq!(consumer.create("machines", body)["state"], default.as_str());
    // The library reads them as it writes them.
    let text = metadata.to_string();
    let parsed = json::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(machine::INITIAL_STATES.get(&parsed).unwrap().join(","), states);
    assert_eq!(machine::DEFAULT_INITIAL_STATE.get(&parsed), Some(default));
}

#[test]
fn there_is_something_in_every_collection_that_consumers_look_into() {
    let mut consumer = Consumer::new();
    let entry_point = consumer.get("cloudEntryPoint");
    assert_eq!(entry_point["id"], format!("{BASE}cloudEntryPoint"));
    assert_eq!(
        (&entry_point["baseURI"], &entry_point["resourceURI"]),
        (&BASE.into(), &format!("{V1}/CloudEntryPoint").into())
    );
    for (attribute, grouping) in [
        ("machines", "machines"),
        ("machineConfigs", "machineConfigurations"),
        ("machineImages", "machineImages"),
        ("machineTemplates", "machineTemplates"),
        ("volumes", "volumes"),
        ("volumeConfigs", "volumeConfigurations"),
        ("volumeTemplates", "volumeTemplates"),
        ("volumeImages", "volumeImages"),
        ("credentials", "credentials"),
        ("credentialTemplates", "credentialTemplates"),
        ("networks", "networks"),
        ("networkConfigs", "networkConfigurations"),
        ("networkTemplates", "networkTemplates"),
        ("networkPorts", "networkPorts"),
        ("networkPortConfigs", "networkPortConfigurations"),
        ("networkPortTemplates", "networkPortTemplates"),
        ("addresses", "addresses"),
        ("addressTemplates", "addressTemplates"),
        ("forwardingGroups", "forwardingGroups"),
        ("forwardingGroupTemplates", "forwardingGroupTemplates"),
        ("systemTemplates", "systemTemplates"),
        ("meterConfigs", "meterConfigurations"),
        ("eventLogs", "eventLogs"),
    ] {
        let collection = consumer.get(entry_point[attribute]["href"].as_str().unwrap());
        let first = &collection[grouping][0];
        assert!(first["id"].as_str().is_some_and(|id| id.starts_with(BASE)), "{attribute}: {collection}");
        assert!(first["resourceURI"].as_str().is_some_and(|uri| uri.starts_with(V1)), "{attribute}");
    }
    // Readers of 1.x expect arrays of Meters.
    assert!(consumer.get("machines/1")["meters"].is_null());
}
