//! Updates (4.2.1.3) and their conditions (4.1.7.2).

use cimi_model::{Action, Format, Job, Machine, Ref, attributes};

use crate::peer::{Peer, peers, uri};

fn machine(peer: &mut Peer) -> String {
    peer.create_from(
        "machines",
        r#"{"name": "a", "description": "b", "machineTemplate": {"href": "machineTemplates/1"}}"#,
        r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>a</name><description>b</description><machineTemplate href="machineTemplates/1"/></MachineCreate>"#,
    )
}

#[test]
fn full_updates() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let current: Machine = peer.get(&url);
        peer.wait(5000);
        let mut update = Machine { name: Some("new".into()), description: None, ..current.clone() };
        update.state = Some("STARTED".into());
        update.properties.insert("owner", "ops");
        let body = peer.write(&update);
        let response = peer.send("PUT", &url, &body, &[]);
        assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
        let updated: Machine = peer.value(&response);
        assert_eq!((updated.name.as_deref(), updated.description, updated.state), (Some("new"), None, current.state));
        assert_eq!(updated.updated, Some("2025-01-01T08:00:05Z".parse().unwrap()));
        assert_eq!(updated.properties.get("owner"), Some("ops"));
        assert_eq!(updated.disks, current.disks);
        let job: Job = peer.job_of(&response);
        assert_eq!(job.action, Some("http://schemas.dmtf.org/cimi/2/action/edit".into()));
    }
}

#[test]
fn partial_updates() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let select = format!("{url}?%24select=name,description");
        let (new, other): (&[u8], &[u8]) = match peer.format {
            Format::Xml => (
                br#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><name>My New Machine</name></Machine>"#,
                br#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><cpu>4</cpu></Machine>"#,
            ),
            _ => (br#"{"name": "My New Machine"}"#, br#"{"cpu": 4}"#),
        };
        let response = peer.send("PUT", &select, new, &[]);
        assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
        let updated: Machine = peer.get(&url);
        assert_eq!(
            (updated.name.as_deref(), updated.description, updated.cpu),
            (Some("My New Machine"), None, Some(1))
        );
        let response = peer.send("PUT", &select, other, &[]);
        assert!(peer.refused(&response, 409).contains("cpu"));
    }
}

#[test]
fn lost_updates_are_prevented() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let tag = peer.send("GET", &url, b"", &[]).headers()["etag"].to_str().unwrap().to_owned();
        let select = format!("{url}?$select=name");
        let body = peer.write(&Machine { name: Some("mine".into()), ..Machine::default() });
        let mine = peer.send("PUT", &select, &body, &[("If-Match", &tag)]);
        assert_eq!(mine.status(), 200);
        let body = peer.write(&Machine { name: Some("yours".into()), ..Machine::default() });
        let response = peer.send("PUT", &select, &body, &[("If-Match", &tag)]);
        peer.refused(&response, 412);
        assert_eq!(peer.get::<Machine>(&url).name.as_deref(), Some("mine"));
        let response = peer.send("DELETE", &url, b"", &[("If-Match", &tag)]);
        peer.refused(&response, 412);
        // What the answer to the update says is the new state.
        let tag = mine.headers()["etag"].to_str().unwrap().to_owned();
        let response = peer.send("GET", &url, b"", &[("If-None-Match", &tag)]);
        assert_eq!((response.status().as_u16(), response.body().len()), (304, 0));
        assert_eq!(peer.send("PUT", &select, &body, &[("If-Match", &tag)]).status(), 200);
    }
}

#[test]
fn what_cannot_be_updated() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let unknown: &[u8] = match peer.format {
            Format::Xml => {
                br#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><id>http://127.0.0.1:8080/cimi/machines/1</id><name>x</name><realm>eu</realm></Machine>"#
            }
            _ => br#"{"id": "http://127.0.0.1:8080/cimi/machines/1", "name": "x", "realm": "eu"}"#,
        };
        let response = peer.send("PUT", &url, unknown, &[]);
        let reason = peer.refused(&response, 400);
        assert!(reason.contains("realm"), "{reason}");
        let response = peer.send("PUT", "machines", unknown, &[]);
        assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS, POST");
        peer.refused(&response, 405);
        let response = peer.send("DELETE", "resourceMetadata/machine", b"", &[]);
        assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS");
        peer.refused(&response, 405);
        assert_eq!(peer.get::<Machine>(&url).id, Some(uri("machines/1")));
    }
}

#[test]
fn what_comes_back_as_it_was_changes_nothing() {
    for mut peer in peers() {
        let machine = machine(&mut peer);
        let volume = peer.create_from(
            "volumes",
            r#"{"name": "v", "volumeTemplate": {"href": "volumeTemplates/1"}}"#,
            r#"<VolumeCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>v</name><volumeTemplate href="volumeTemplates/1"/></VolumeCreate>"#,
        );
        let connect = Action { volume: Some(Ref::to(volume.as_str())), ..Action::default() };
        assert_eq!(peer.act_with(&machine, "connectvolume", connect).status(), 200);
        for path in [&machine, &volume, &format!("{machine}/volumes/1"), "eventLogs/1", "networks/1", "credentials/1"] {
            let before = peer.send("GET", path, b"", &[]);
            let updated = |peer: &Peer, response| {
                attributes::text(peer.document(response).record(), "updated").unwrap().to_owned()
            };
            peer.wait(1000);
            let response = peer.send("PUT", path, before.body(), &[]);
            assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
            assert_eq!(updated(&peer, &response), updated(&peer, &before), "{path}");
        }
    }
}
