//! Queries (4.1.6) and the rest of what a GET can ask for.

use cimi_model::{Collection, Format, LocatedVolume, Machine, MachineConfiguration};

use crate::peer::{Peer, peers};

fn names(peer: &mut Peer, query: &str) -> Vec<String> {
    let found: Collection<MachineConfiguration> = peer.get(&format!("machineConfigs{query}"));
    found.items.into_iter().filter_map(|config| config.name).collect()
}

#[test]
fn collections_are_filtered_sorted_and_cut() {
    for mut peer in peers() {
        assert_eq!(names(&mut peer, "?$filter=cpu%3E1"), ["medium", "large"]);
        assert_eq!(names(&mut peer, "?%24filter=cpu=1%20or%20name='large'"), ["small", "large"]);
        assert_eq!(names(&mut peer, "?$orderby=cpu:desc"), ["large", "medium", "small"]);
        assert_eq!(names(&mut peer, "?$orderby=name&$first=2&$last=2"), ["medium"]);
        assert_eq!(names(&mut peer, "?$first=4"), [""; 0]);
        let found: Collection<MachineConfiguration> = peer.get("machineConfigs?$filter=cpu%3E1&$last=1");
        assert_eq!((found.count, found.items.len()), (Some(2), 1));
        let response = peer.send("GET", "machineConfigs?$filter=cpu%3E%3E1", b"", &[]);
        peer.refused(&response, 400);
    }
}

#[test]
fn resources_are_cut_down() {
    for mut peer in peers() {
        let found = peer.get_part("machineConfigs/1?$select=name,nothing");
        let found: &MachineConfiguration = found.as_ref().unwrap();
        assert_eq!((found.name.as_deref(), found.cpu, found.id.as_ref()), (Some("small"), None, None));
        let found = peer.get_part("machineConfigs?$select=count");
        let found: &Collection<MachineConfiguration> = found.as_ref().unwrap();
        assert_eq!((found.count, found.items.len(), found.id.as_ref()), (Some(3), 0, None));
        let found = peer.get_part("machineConfigs?$select=name");
        let found: &Collection<MachineConfiguration> = found.as_ref().unwrap();
        assert_eq!((found.items.len(), found.items[0].cpu, found.items[0].operations.len()), (3, None, 0));
    }
}

#[test]
fn references_are_expanded() {
    for mut peer in peers() {
        let url = peer.create_from(
            "machines",
            r#"{"machineTemplate": {"href": "machineTemplates/1", "volumeTemplates": [{"volumeTemplate": {"href": "volumeTemplates/1"}}]}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/1">
                 <volumeTemplates><volumeTemplate><volumeTemplate href="volumeTemplates/1"/></volumeTemplate></volumeTemplates></machineTemplate></MachineCreate>"#,
        );
        let machine: Machine = peer.get(&format!("{url}?$expand=disks,volumes"));
        assert_eq!(machine.disks.unwrap().value.unwrap().items[0].capacity, Some(10_000_000));
        let volumes = machine.volumes.unwrap().value.unwrap();
        let located: &LocatedVolume = &volumes.items[0];
        assert_eq!((volumes.count, located.capacity), (Some(1), Some(10_000_000)));
        assert!(machine.event_log.unwrap().value.is_none());
        let all: Machine = peer.get(&format!("{url}?$expand"));
        assert_eq!(all.event_log.unwrap().value.unwrap().id, Some(format!("{}eventLogs/3", crate::peer::BASE).into()));
        let list: Collection<Machine> = peer.get("machines?$expand=disks");
        assert!(list.items[0].disks.as_ref().unwrap().value.is_some());
    }
}

#[test]
fn formats_are_negotiated() {
    let [mut peer, _] = peers();
    for (accept, query, format) in [
        ("application/xml", "", Format::Xml),
        ("application/json, application/xml;q=0.5", "", Format::Json),
        ("*/*", "", Format::Json),
        ("application/json", "?$format=xml", Format::Xml),
        ("text/html", "?$format=JSON", Format::Json),
    ] {
        let response = peer.send("GET", &format!("machines{query}"), b"", &[("Accept", accept)]);
        assert_eq!((response.status().as_u16(), Format::of(response.body())), (200, format), "{accept} {query}");
    }
    let response = peer.send("GET", "machines", b"", &[("Accept", "text/html")]);
    assert_eq!(response.status(), 406);
    let response = peer.send("POST", "machines", b"a=b", &[("Content-Type", "text/plain")]);
    peer.refused(&response, 415);
    let response = peer.send("GET", &format!("machines?{}", "a".repeat(60_000)), b"", &[]);
    peer.refused(&response, 414);
    let long = format!("{{\"name\": \"{}\"}}", "a".repeat(5 << 20));
    let response = peer.send("POST", "machines", long.as_bytes(), &[]);
    peer.refused(&response, 413);
}

#[test]
fn other_methods() {
    for mut peer in peers() {
        let get = peer.send("GET", "machines", b"", &[]);
        let head = peer.send("HEAD", "machines", b"", &[]);
        assert_eq!((head.status(), head.body().len()), (get.status(), 0));
        assert_eq!(head.headers()["content-length"], get.body().len().to_string());
        let options = peer.send("OPTIONS", "machines", b"", &[]);
        assert_eq!(
            (options.status().as_u16(), &options.headers()["allow"]),
            (200, &"GET, HEAD, OPTIONS, POST".parse().unwrap())
        );
        assert_eq!(peer.send("PATCH", "machines", b"", &[]).status(), 405);
        for path in ["machine", "machines/1", "machines/", "", "../secret", "machines/1/disks"] {
            let response = peer.send("GET", path, b"", &[]);
            peer.refused(&response, 404);
        }
    }
}
