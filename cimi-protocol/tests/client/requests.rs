//! What is sent, byte by byte, in both dialects and formats.

use cimi_model::{
    Any, Collection, CredentialCreate, CredentialTemplate, Dialect, Format, LocatedVolume, Machine, MachineCreate,
    MachineImage, Ref, System, SystemMachine, Volume, VolumeImage, lifecycle, resource,
};
use cimi_protocol::client::{Peer, Transport, actions};
use cimi_protocol::query::Query;
use cimi_protocol::{ErrorKind, Operation as _};
use http::{Method, Request};

use crate::{peer, read};

/// A resource that offers everything, at `it`.
const ALL: &[&str] = &["add", "edit", "delete", "insert", "remove"];

fn offering(rest: &str) -> String {
    let short = ALL.iter().map(|name| (*name).to_owned());
    let rels = short.chain(lifecycle::action::ALL.iter().map(|uri| (*uri).to_owned()));
    let entries: Vec<String> = rels.map(|rel| format!(r#"{{"rel": "{rel}", "href": "it"}}"#)).collect();
    format!(r#"{{"id": "it", "operations": [{}] {rest}}}"#, entries.join(","))
}

fn body(request: &Request<Vec<u8>>) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

fn in_format(dialect: Dialect, format: Format) -> Peer {
    let mut peer = peer(dialect);
    peer.format = format;
    peer
}

#[test]
fn creations() {
    let machines: Collection<Machine> = read(&offering(""));
    let create = MachineCreate { machine_template: Some(Ref::to("templates/1")), ..Default::default() };
    for (dialect, format, expected) in [
        (Dialect::V1, Format::Json, r#""resourceURI":"http://schemas.dmtf.org/cimi/1/MachineCreate""#),
        (Dialect::V2, Format::Json, r#""resourceURI":"http://schemas.dmtf.org/cimi/2/MachineCreate""#),
        (Dialect::V1, Format::Xml, r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/1">"#),
        (Dialect::V2, Format::Xml, r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2">"#),
    ] {
        let request = in_format(dialect, format).create::<Machine>(&machines, &create).unwrap().request().unwrap();
        assert_eq!(request.method(), Method::POST);
        assert!(body(&request).contains(expected) && body(&request).contains("templates/1"), "{}", body(&request));
        let media_type = if format == Format::Xml { "application/xml" } else { "application/json" };
        assert_eq!(
            (&request.headers()["accept"], &request.headers()["content-type"]),
            (&media_type.parse().unwrap(), &media_type.parse().unwrap())
        );
    }
}

#[test]
fn a_full_update_echoes_what_was_read() {
    let text =
        offering(r#", "cpu": "2 cores", "realm": "eu", "{http://example.com/v}rack": {"row": [1, 2]}, "memory": 5"#);
    let mut machine: Machine = read(&text);
    machine.description = Some("new".into());
    let peer = peer(Dialect::V2);
    let request = peer.update(&machine).unwrap().if_match("\"a\"".parse().unwrap()).request().unwrap();
    assert_eq!((request.method(), &request.headers()["if-match"]), (&Method::PUT, &"\"a\"".parse().unwrap()));
    assert_eq!(read::<Machine>(body(&request)), machine);
    for expected in
        [r#""cpu":"2 cores""#, r#""realm":"eu""#, r#""{http://example.com/v}rack":{"row":[1,2]}"#, r#""operations":["#]
    {
        assert!(body(&request).contains(expected), "{expected}: {}", body(&request));
    }
}

#[test]
fn partial_updates_have_only_what_is_selected() {
    let machine: Machine = read(&offering(r#", "name": "db", "cpu": 2, "realm": "eu", "zone": 1"#));
    let peer = peer(Dialect::V1);
    let update = peer.update_selected(&machine, &["name", "description", "realm"]).unwrap();
    let request = update.request().unwrap();
    assert_eq!(request.uri(), "https://cloud.example.com/cimi/it?$select=name,description,realm");
    let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Machine","name":"db","realm":"eu"}"#;
    assert_eq!(body(&request), expected);

    // Query parameters that the provider handed out stay.
    let tenant: Machine = read(r#"{"name": "a", "operations": [{"rel": "edit", "href": "m?tenant=2"}]}"#);
    let request = peer.update_selected(&tenant, &["name"]).unwrap().request().unwrap();
    assert_eq!(request.uri(), "https://cloud.example.com/cimi/m?tenant=2&$select=name");
}

#[test]
fn what_is_kept_stays_where_it_was_in_xml() {
    let machine: Machine = read(
        r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"><name>a</name><realm>eu</realm><zone>1</zone>
            <operation rel="edit" href="m"/></Machine>"#,
    );
    let update = in_format(Dialect::V1, Format::Xml).update_selected(&machine, &["realm"]).unwrap();
    let request = update.request().unwrap();
    let expected = r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"><realm>eu</realm></Machine>"#;
    assert!(body(&request).ends_with(expected), "{}", body(&request));
}

#[test]
fn only_what_has_changed_is_updated() {
    let machine: Machine = read(&offering(r#", "name": "db", "cpu": 2, "realm": "eu", "properties": {"a": "b"}"#));
    let peer = peer(Dialect::V2);
    assert!(peer.update_changed(&machine, &machine).unwrap().is_none());
    let mut changed = machine.clone();
    changed.operations.clear();
    assert!(peer.update_changed(&machine, &changed).unwrap().is_none());
    changed.name = None;
    changed.memory = Some(1);
    changed.properties.insert("c", "d");
    changed.extensions.remove("realm");
    changed.extensions.insert("zone", 1);
    let request = peer.update_changed(&machine, &changed).unwrap().unwrap().request().unwrap();
    let query = request.uri().query().unwrap();
    assert_eq!(query, "$select=memory,name,properties,realm,zone");
    let sent: Machine = read(body(&request));
    assert_eq!((sent.name.as_ref(), sent.memory, sent.cpu, sent.id.as_ref()), (None, Some(1), None, None));
    assert_eq!((sent.properties.len(), sent.extensions.get("zone")), (2, Some(&Any::from(1))));
}

#[test]
fn names_are_spelled_in_the_dialect() {
    let interface = r#"{"operations": [{"rel": "edit", "href": "x"}], "snapshot": {"href": "i/1"}}"#;
    let snapshot: cimi_model::MachineSnapshot = read(interface);
    let request = peer(Dialect::V1).update_selected(&snapshot, &["snapshot"]).unwrap().request().unwrap();
    // The official schema of 1.x spells it so.
    assert_eq!(request.uri().query(), Some("$select=shapshot"));
    assert!(body(&request).contains("\"shapshot\""), "{}", body(&request));
}

#[test]
fn every_action_of_the_standard() {
    let system: System = read(&offering(""));
    let all = [
        (actions::start(), "start", ""),
        (actions::stop(Some(true)), "stop", r#","force":true"#),
        (actions::stop(None), "stop", ""),
        (actions::restart(Some(false)), "restart", r#","force":false"#),
        (actions::pause(), "pause", ""),
        (actions::suspend(), "suspend", ""),
        (actions::restore("images/1"), "restore", r#","image":{"href":"images/1"}"#),
        (
            actions::connect_volume("volumes/1", Some("/dev/sdb"), Some("credentials/1".into())),
            "connectvolume",
            r#","volume":{"href":"volumes/1"},"initialLocation":"/dev/sdb","credentials":{"href":"credentials/1"}"#,
        ),
        (actions::enable(), "enable", ""),
        (actions::disable(), "disable", ""),
        (
            actions::export(Some("application/ovf"), Some("https://x/y".into())),
            "export",
            r#","format":"application/ovf","destination":"https://x/y""#,
        ),
        (actions::import("https://x/y.ova"), "import", r#","source":"https://x/y.ova""#),
        (actions::force_sync("m/1"), "forceSync", r#","node":{"href":"m/1"}"#),
        (actions::swap_backup("m/1"), "swapBackup", r#","node":{"href":"m/1"}"#),
        (actions::add_rm("m/1", Some("m/2".into())), "addRM", r#","node":{"href":"m/1"},"backup":{"href":"m/2"}"#),
        (actions::remove_rm("m/1"), "removeRM", r#","node":{"href":"m/1"}"#),
    ];
    for (action, name, parameters) in all {
        let request = peer(Dialect::V2).invoke(&system, action).unwrap().request().unwrap();
        let expected = format!(
            r#"{{"resourceURI":"http://schemas.dmtf.org/cimi/2/Action","action":"http://schemas.dmtf.org/cimi/2/action/{name}"{parameters}}}"#
        );
        assert_eq!((request.method(), body(&request)), (&Method::POST, expected.as_str()));
        assert_eq!(request.uri(), "https://cloud.example.com/cimi/it");
    }
    let stop = in_format(Dialect::V1, Format::Xml).invoke(&system, actions::stop(Some(true))).unwrap();
    let request = stop.request().unwrap();
    let expected = "<Action xmlns=\"http://schemas.dmtf.org/cimi/1\"><action>http://schemas.dmtf.org/cimi/1/action/stop</action><force>true</force></Action>";
    assert!(body(&request).ends_with(expected), "{}", body(&request));
}

#[test]
fn a_providers_own_action() {
    let text = r#"{"operations": [{"rel": "http://example.com/actions/compress", "href": "v/1/compress"}]}"#;
    let volume: Volume = read(text);
    let mut compress = actions::custom("http://example.com/actions/compress");
    compress.extensions.insert("level", 9);
    compress.properties.insert("why", "space");
    let expected = r#""action":"http://example.com/actions/compress","properties":{"why":"space"},"level":9}"#;
    let by_name = cimi_model::Action { action: Some("compress".into()), ..compress.clone() };
    for action in [compress, by_name] {
        let request = peer(Dialect::V1).invoke(&volume, action).unwrap().request().unwrap();
        assert!(body(&request).ends_with(expected), "{}", body(&request));
    }
}

#[test]
fn images_are_the_bodies_that_take_them() {
    let machine: Machine = read(&offering(""));
    let peer = peer(Dialect::V2);
    let named = MachineImage { name: Some("i".into()), ..Default::default() };
    let request = peer.capture(&machine, named.clone()).unwrap().request().unwrap();
    let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/MachineImage","name":"i","type":"IMAGE","imageLocation":"it"}"#;
    assert_eq!(body(&request), expected);
    let request = peer.snapshot(&machine, named).unwrap().request().unwrap();
    assert!(body(&request).contains(r#""type":"SNAPSHOT","imageLocation":"it""#));

    let volume: Volume = read(&offering(""));
    let elsewhere = VolumeImage { image_location: Some("other".into()), ..Default::default() };
    let request = peer.snapshot_volume(&volume, elsewhere).unwrap().request().unwrap();
    assert!(body(&request).contains(r#""imageLocation":"other""#));
}

#[test]
fn items_are_inserted_and_removed_as_2_0_has_it() {
    let peer = peer(Dialect::V2);
    let volumes: Collection<LocatedVolume> = read(&offering(""));
    // As it was read from a collection: with attributes of the Volume, which are not the item's own.
    let item: LocatedVolume = read(
        r#"{"id": "m/1/v/3", "name": "data", "initialLocation": "/dev/sdf", "state": "AVAILABLE", "capacity": 4,
            "volume": {"href": "volumes/3"}, "bus": "scsi", "operations": [{"rel": "delete", "href": "x"}]}"#,
    );
    let request = peer.insert(&volumes, &item).unwrap().request().unwrap();
    let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Action","action":"http://schemas.dmtf.org/cimi/2/action/insert","volume":{"href":"volumes/3"},"initialLocation":"/dev/sdf","bus":"scsi"}"#;
    assert_eq!(body(&request), expected);
    let request = peer.remove(&volumes, &item).unwrap().request().unwrap();
    let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Action","action":"http://schemas.dmtf.org/cimi/2/action/remove","volume":{"href":"volumes/3"}}"#;
    assert_eq!(body(&request), expected);

    let machines: Collection<Machine> = read(&offering(""));
    let machine: Machine = read(r#"{"id": "machines/9", "cpu": 2}"#);
    let request = peer.insert(&machines, &machine).unwrap().request().unwrap();
    assert!(body(&request).ends_with(r#"action/insert","machine":{"href":"machines/9"}}"#), "{}", body(&request));
    assert_eq!(peer.insert(&machines, &Machine::default()).unwrap_err().kind(), ErrorKind::Uri);
}

#[test]
fn items_are_added_and_deleted_as_1_x_has_it() {
    let peer = in_format(Dialect::V1, Format::Xml);
    let volumes: Collection<LocatedVolume> = read(r#"{"operations": [{"rel": "add", "href": "machines/1/attach"}]}"#);
    let item = LocatedVolume {
        volume: Some(Ref::to("volumes/3")),
        initial_location: Some("/dev/sdf".into()),
        ..Default::default()
    };
    let request = peer.insert(&volumes, &item).unwrap().request().unwrap();
    let expected = "<MachineVolume xmlns=\"http://schemas.dmtf.org/cimi/1\"><initialLocation>/dev/sdf</initialLocation><volume href=\"volumes/3\"/></MachineVolume>";
    assert!(body(&request).ends_with(expected), "{}", body(&request));
    assert_eq!(request.uri(), "https://cloud.example.com/cimi/machines/1/attach");

    let item: LocatedVolume =
        read(r#"{"operations": [{"rel": "delete", "href": "machines/1/volumes/3"}], "volume": {"href": "v"}}"#);
    let request = peer.remove(&volumes, &item).unwrap().request().unwrap();
    assert_eq!((request.method(), request.uri().path()), (&Method::DELETE, "/cimi/machines/1/volumes/3"));

    let machines: Collection<SystemMachine> = read(r#"{"operations": [{"rel": "add", "href": "s/1/m"}]}"#);
    let item = SystemMachine { machine: Some(Ref::to("machines/3")), ..Default::default() };
    let request = peer.insert(&machines, &item).unwrap().request().unwrap();
    assert!(
        body(&request)
            .contains("<SystemMachine xmlns=\"http://schemas.dmtf.org/cimi/1\"><machine href=\"machines/3\"/>")
    );
    // What is no item that refers to something is not added again in place of being inserted.
    let plain: Collection<Machine> = read(r#"{"operations": [{"rel": "add", "href": "m"}]}"#);
    let machine: Machine = read(r#"{"id": "machines/9"}"#);
    assert_eq!(peer.insert(&plain, &machine).unwrap_err().kind(), ErrorKind::NotOffered);
    assert_eq!(peer.remove(&plain, &machine).unwrap_err().kind(), ErrorKind::NotOffered);
}

resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Height.
        height: Option<i64> = "height",
    }
}
cimi_model::collection!(Rack, "RackCollection", "racks");

#[test]
fn a_providers_own_type() {
    let racks: Collection<Rack> = read(&offering(""));
    let rack = Rack { height: Some(42), ..Default::default() };
    let request = peer(Dialect::V1).create::<Rack>(&racks, &rack).unwrap().request().unwrap();
    assert_eq!(body(&request), r#"{"resourceURI":"http://example.com/racks/Rack","height":42}"#);
    let request = peer(Dialect::V1)
        .insert(&racks, &Rack { id: Some("r/1".into()), ..Default::default() })
        .unwrap()
        .request()
        .unwrap();
    assert!(body(&request).ends_with(r#""rack":{"href":"r/1"}}"#), "{}", body(&request));
}

#[test]
fn readings_follow_what_was_handed_out() {
    let peer = peer(Dialect::V1);
    let machine: Machine = read(r#"{"disks": {"href": "machines/1/disks?tenant=2"}}"#);
    let query: Query = "$select=capacity&$first=1".parse().unwrap();
    let request = peer.follow(machine.disks.as_ref().unwrap()).unwrap().query(query).request().unwrap();
    assert_eq!(request.uri(), "https://cloud.example.com/cimi/machines/1/disks?tenant=2&$select=capacity&$first=1");
    assert_eq!(request.headers()["accept"], "application/json");
    assert_eq!(peer.follow(&Ref::<Machine>::default()).unwrap_err().kind(), ErrorKind::Uri);
}

#[test]
fn plain_http_is_refused_before_anything_is_sent() {
    let mut peer = Peer::default();
    let machine: Machine = read(r#"{"operations": [{"rel": "delete", "href": "http://cloud.example.com/m/1"}]}"#);
    assert_eq!(peer.delete(&machine).unwrap().request().unwrap_err().kind(), ErrorKind::Insecure);
    peer.transport = Transport::HttpOnLoopback;
    assert_eq!(peer.delete(&machine).unwrap().request().unwrap_err().kind(), ErrorKind::Insecure);
    peer.transport = Transport::Http;
    assert!(peer.delete(&machine).unwrap().request().is_ok());
}

#[test]
fn secrets_do_not_show() {
    let template: CredentialTemplate = read(r#"{"userName": "root", "password": "hush", "publicKey": "hush"}"#);
    let create = CredentialCreate { credential_template: Some(Ref::by_value(template)), ..Default::default() };
    let credentials: Collection<cimi_model::Credential> = read(&offering(""));
    let change = peer(Dialect::V2).create::<cimi_model::Credential>(&credentials, &create).unwrap();
    assert!(body(&change.request().unwrap()).contains("hush"));
    assert!(!format!("{change:?}").contains("hush"), "{change:?}");
}
