//! URIs and headers.

use cimi_model::{Format, Uri};
use http::Request;

use crate::consumer::{BASE, Consumer, action, json, operation, text};
use crate::peers;

#[test]
fn slashes_that_mean_nothing_are_left_out() {
    let mut consumer = Consumer::new();
    for path in ["machines/", "machines//", "/machines", "machines/1/", "cloudEntryPoint/", "machines/1/disks/?x=1"] {
        assert_eq!(consumer.send("GET", path, &[], "").status(), 200, "{path}");
    }
}

#[test]
fn collections_have_the_names_that_the_first_provider_gave_them() {
    let mut consumer = Consumer::new();
    for (path, attribute) in [
        ("machine_configurations", "machineConfigs"),
        ("machine_images", "machineImages"),
        ("machine_templates/", "machineTemplates"),
        ("volume_configurations", "volumeConfigs"),
        ("network_port_configurations", "networkPortConfigs"),
        ("resource_metadata", "resourceMetadata"),
        ("machineConfigurations", "machineConfigs"),
    ] {
        let response = consumer.send("GET", path, &[], "");
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(json(&response)["id"], format!("{BASE}{attribute}"), "{path}");
    }
    for path in ["machine_", "_", "machine_imagesé", "é_é", "machines/1_1"] {
        assert_eq!(consumer.send("GET", &path.replace('é', "%C3%A9"), &[], "").status(), 404, "{path}");
    }
}

#[test]
fn the_base_leads_to_the_entry_point() {
    let base = Uri::from(BASE);
    let location = |method: &str, path: &str| {
        let (head, ()) = Request::builder().method(method).uri(path).body(()).unwrap().into_parts();
        peers::entry_point(&head, &base)
    };
    for path in ["/cimi", "/cimi/", "/cimi//", "/cimi?x=1"] {
        assert_eq!(location("GET", path), Some(format!("{BASE}cloudEntryPoint")), "{path}");
    }
    for (method, path) in [("GET", "/"), ("GET", "/cimi/machines"), ("GET", "/cim"), ("POST", "/cimi/")] {
        assert_eq!(location(method, path), None, "{method} {path}");
    }
}

#[test]
fn what_consumers_accept_is_understood() {
    let mut consumer = Consumer::new();
    for (accept, format) in [
        ("application/xml", Format::Xml),
        ("application/json", Format::Json),
        ("*/*", Format::Json),
        ("*/*; q=0.5, application/xml", Format::Xml),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Format::Json),
        ("application/json, text/html", Format::Json),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format::Xml),
        ("application/CIMI-MachineCollection+xml", Format::Xml),
        ("application/CIMI-MachineCollection+json", Format::Json),
        ("application/CIMI-A+xml;q=0.1, application/CIMI-B+json", Format::Json),
    ] {
        let response = consumer.send("GET", "machines", &[("accept", accept)], "");
        assert_eq!(response.status(), 200, "{accept}");
        assert_eq!(Format::of(response.body()), format, "{accept}");
        // Some compare the whole header.
        let expected = if format == Format::Xml { "application/xml" } else { "application/json" };
        assert_eq!(response.headers()["content-type"], expected, "{accept}");
        assert_eq!(response.headers()["cimi-specification-version"], "1.1.0");
    }
    assert_eq!(Format::of(consumer.send("GET", "machines", &[], "").body()), Format::Json);
    assert_eq!(consumer.send("GET", "machines", &[("accept", "application/CIMI-")], "").status(), 406);
}

#[test]
fn bodies_may_be_called_a_form_or_have_the_name_of_the_type() {
    let mut consumer = Consumer::new();
    let xml = "<MachineCreate><machineTemplate href=\"machineTemplates/1\"/></MachineCreate>";
    let json = r#"{"machineTemplate": {"href": "machineTemplates/1"}}"#;
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", xml),
        ("application/x-www-form-urlencoded; charset=utf-8", json),
        ("application/CIMI-MachineCreate+xml", xml),
        ("application/CIMI-MachineCreate+json", json),
        ("application/xml;charset=UTF-8", xml),
        ("text/xml", xml),
        ("application/json; charset=utf-8", json),
    ] {
        let response = consumer.send("POST", "machines", &[("content-type", content_type)], body);
        assert_eq!(response.status(), 201, "{content_type}: {}", text(&response));
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(consumer.send("POST", "machines", &form, "name=m&cpu=1").status(), 415);
    assert_eq!(consumer.send("POST", "machines", &[("content-type", "text/plain")], xml).status(), 415);
    assert_eq!(consumer.send("POST", "machines/1", &form, &action("stop")).status(), 202);
}

#[test]
fn queries_may_be_encoded() {
    let mut consumer = Consumer::new();
    let machine = consumer.get("machines/1?%24expand=volumes,disks");
    for (collection, grouping) in [("volumes", "machineVolumes"), ("disks", "disks")] {
        let expanded = &machine[collection];
        assert_eq!((&expanded["count"], expanded[grouping].as_array().unwrap().len()), (&1.into(), 1), "{collection}");
        assert_eq!(operation(expanded, "add"), Some(format!("{BASE}machines/1/{collection}")));
    }
    let found = consumer.get("machineConfigs?%24filter=name%3D%27large%27&%24select=name");
    let configs = found["machineConfigurations"].as_array().unwrap();
    assert_eq!((configs.len(), &configs[0]["name"]), (1, &"large".into()));
    assert!(configs[0]["cpu"].is_null());
    let found = consumer.get("machineConfigs?%24first=2&%24last=2");
    assert_eq!((found["machineConfigurations"].as_array().unwrap().len(), &found["count"]), (1, &3.into()));
}
