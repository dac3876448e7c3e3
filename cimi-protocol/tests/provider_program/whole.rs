//! All that the provider has, from the entry point on.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use cimi_model::relations::references;
use cimi_model::{
    Action, Any, Collection, Dialect, Format, Machine, ResourceMetadata, System, SystemTemplate, attributes,
    capabilities,
};
use cimi_protocol::provider::rules::conformance;

use crate::cloud::{Fetched, Options};
use crate::peer::{BASE, Peer, peers, uri};

/// Follows every reference from the entry point on; whatever is found has to be right. The paths, and how many.
pub(crate) fn explore(peer: &mut Peer) -> BTreeSet<String> {
    let mut seen: BTreeSet<String> = [format!("{BASE}cloudEntryPoint")].into();
    let mut waiting: Vec<String> = seen.iter().cloned().collect();
    while let Some(url) = waiting.pop() {
        let response = peer.send("GET", &url, b"", &[]);
        assert_eq!(response.status(), 200, "{url}");
        assert!(response.headers().contains_key("etag"), "{url}");
        let document = peer.document(&response);
        // In 1.x, a Disk has nothing but its own attributes.
        let id = attributes::text(document.record(), "id");
        assert!(id == Some(url.as_str()) || document.record().record_type().name == "Disk", "{url}");
        for found in references(document.record()) {
            assert!(found.starts_with(BASE), "{found} in {url}");
            if seen.insert(found.to_owned()) {
                waiting.push(found.to_owned());
            }
        }
    }
    seen
}

#[test]
fn everything_can_be_reached_and_is_right() {
    for dialect in [Dialect::V1, Dialect::V2] {
        for format in [Format::Json, Format::Xml] {
            let mut peer = Peer::new(format, Options { dialect, latency: TimeDelta::zero() });
            let body = peer.write(&cimi_model::SystemCreate {
                system_template: Some(cimi_model::Ref::to(uri("systemTemplates/1"))),
                ..cimi_model::SystemCreate::default()
            });
            assert_eq!(peer.send("POST", "systems", &body, &[]).status(), 201);
            peer.wait(200_000);
            let seen = explore(&mut peer);
            for path in [
                "machines/1",
                "machines/1/disks",
                "systems/1/machines",
                "jobs/1",
                "meters/1/samples",
                "eventLogs/1/events/1",
            ] {
                assert!(seen.contains(&format!("{BASE}{path}")), "{path}");
            }
        }
    }
}

#[test]
fn it_conforms() {
    for mut peer in peers() {
        peer.post(
            "machines",
            &cimi_model::MachineCreate {
                machine_template: Some(cimi_model::Ref::to("machineTemplates/1")),
                ..cimi_model::MachineCreate::default()
            },
        );
        let entry_point = peer.entry_point();
        let peer = std::cell::RefCell::new(peer);
        let read = |uri: &cimi_model::Uri| {
            let mut peer = peer.borrow_mut();
            let response = peer.send("GET", uri.as_str(), b"", &[]);
            (response.status() == 200).then(|| peer.document(&response).record().boxed_clone())
        };
        assert_eq!(conformance::check(&entry_point, &read), []);
    }
}

#[test]
fn the_entry_point() {
    for mut peer in peers() {
        let entry_point = peer.entry_point();
        assert_eq!(entry_point.base_uri, Some(BASE.into()));
        let metadata: Collection<ResourceMetadata> = peer.get("resourceMetadata");
        let of = |name: &str| metadata.items.iter().find(|found| found.name.as_deref() == Some(name)).unwrap();
        assert!(capabilities::machine::MACHINE_TEMPLATE_BY_VALUE.get(of("Machine")));
        assert!(capabilities::cloud_entry_point::FILTER_PARAMETER.get(of("CloudEntryPoint")));
        for metadata in &metadata.items {
            assert_eq!(capabilities::problems(metadata), []);
        }
        let update =
            cimi_model::CloudEntryPoint { name: Some("mine".into()), ..cimi_model::CloudEntryPoint::default() };
        let body = peer.write(&update);
        assert_eq!(peer.send("PUT", "cloudEntryPoint?$select=name", &body, &[]).status(), 200);
        assert_eq!(peer.entry_point().name.as_deref(), Some("mine"));
        assert_eq!(peer.send("DELETE", "cloudEntryPoint", b"", &[]).status(), 405);
    }
}

const APPLIANCE: &str = r#"<?xml version="1.0"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
    xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
  <References/>
  <VirtualSystem ovf:id="web"><Info>A web server</Info><Name>web</Name>
    <VirtualHardwareSection><Info>Hardware</Info>
      <Item><rasd:ElementName>cpu</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>memory</rasd:ElementName><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>512</rasd:VirtualQuantity></Item>
    </VirtualHardwareSection></VirtualSystem>
</Envelope>"#;

#[test]
fn appliances_are_imported_and_exported() {
    for mut peer in peers() {
        peer.fetched = Some(Fetched { content: Ok(APPLIANCE.as_bytes().to_vec()) });
        let source = Action { source: Some("http://127.0.0.1:9/web.ovf".into()), ..Action::default() };
        let response = peer.act_with("systemTemplates", "import", source.clone());
        assert_eq!(response.status(), 201, "{}", String::from_utf8_lossy(response.body()));
        let template: SystemTemplate = peer.value(&response);
        assert_eq!(template.component_descriptors.len(), 1);
        assert_eq!(template.import_image, source.source);
        let response = peer.act_with("systems", "import", source.clone());
        assert_eq!(response.status(), 201);
        let system: System = peer.value(&response);
        let system = system.id.unwrap().to_string();
        let machines: Collection<Machine> = peer.get(&format!("{system}/machines"));
        assert_eq!((machines.items[0].cpu, machines.items[0].memory), (Some(2), Some(512 << 10)));

        // What is exported can be imported.
        for exported in [system, template.id.unwrap().to_string()] {
            let response = peer.act(&exported, "export");
            assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
            let package = peer.send("GET", response.headers()["location"].to_str().unwrap(), b"", &[]);
            assert_eq!(package.headers()["content-type"], "application/ovf");
            let again = cimi_ovf::import(package.body(), &cimi_ovf::ImportOptions::default()).unwrap();
            assert_eq!(again.template.component_descriptors[0].name.as_deref(), Some("web"));
        }

        // Systems may be in each other, and components may have the same name.
        let mut exported = Vec::new();
        for _ in 0..2 {
            peer.fetched = Some(Fetched { content: Ok(APPLIANCE.as_bytes().to_vec()) });
            let response = peer.act_with("systems", "import", source.clone());
            exported.push(response.headers()["location"].to_str().unwrap().to_owned());
        }
        for (inner, outer) in [(0, 1), (1, 0)] {
            let mut parameters = Action::default();
            let inner: Any = [("href", exported[inner].as_str())].into_iter().collect();
            parameters.extensions.insert("system", inner);
            assert_eq!(peer.act_with(&format!("{}/systems", exported[outer]), "insert", parameters).status(), 200);
        }
        let response = peer.act(&exported[0], "export");
        let package = peer.send("GET", response.headers()["location"].to_str().unwrap(), b"", &[]);
        let again = cimi_ovf::import(package.body(), &cimi_ovf::ImportOptions::default()).unwrap();
        let names: Vec<_> =
            again.template.component_descriptors.iter().filter_map(|part| part.name.as_deref()).collect();
        assert_eq!(names, ["web", "web-2"]);

        peer.fetched = Some(Fetched { content: Err("no such file".into()) });
        let response = peer.act_with("systems", "import", source);
        assert!(peer.refused(&response, 409).contains("no such file"));
        peer.fetched = None;
        let data = format!(
            "data:application/ovf,{}",
            percent_encoding::utf8_percent_encode(APPLIANCE, percent_encoding::NON_ALPHANUMERIC)
        );
        let response = peer.act_with("systems", "import", Action { source: Some(data.into()), ..Action::default() });
        assert_eq!(response.status(), 201);
        for source in ["gopher://example.com/", "data:nothing", "data:,nothing"] {
            let response =
                peer.act_with("systems", "import", Action { source: Some(source.into()), ..Action::default() });
            peer.refused(&response, 409);
        }
    }
}
