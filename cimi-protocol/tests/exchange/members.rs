//! Existing resources that are put into collections, and taken out of them (5.5.12.2, 5.5.12.3).

use cimi_model::reflect::Described;
use cimi_model::{Collection, Dialect, Format, LocatedVolume, Machine, System, SystemMachine, SystemVolume, Volume};
use cimi_protocol::provider::{Call, Membership, Provider, Target};

use super::support::{call, operations, post, provider, status};

fn membership(call: Call) -> (bool, Membership) {
    match call {
        Call::Insert(membership) => (true, membership),
        Call::Remove(membership) => (false, membership),
        other => panic!("{other:?}"),
    }
}

#[test]
fn volumes_of_a_machine() {
    let target = Target::collection(Collection::<LocatedVolume>::TYPE);
    for (format, body) in [
        (
            Format::Json,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Action", "action": "http://schemas.dmtf.org/cimi/2/action/insert",
            "initialLocation": "/dev/sdb", "volume": {"href": "volumes/1"}, "properties": {"mode": "rw"}}"#,
        ),
        (
            Format::Xml,
            r#"<Action xmlns="http://schemas.dmtf.org/cimi/2"><action>http://schemas.dmtf.org/cimi/2/action/insert</action>
            <initialLocation>/dev/sdb</initialLocation><volume href="volumes/1"/>
            <properties><property key="mode">rw</property></properties></Action>"#,
        ),
    ] {
        let (inserted, found) = membership(call(&provider(), post(format), &target, body).unwrap());
        assert!(inserted && found.href.as_str() == "volumes/1" && found.properties.get("mode") == Some("rw"));
        let item: LocatedVolume = found.item.unwrap().into_value().unwrap();
        let mut expected = LocatedVolume {
            initial_location: Some("/dev/sdb".into()),
            volume: Some(cimi_model::Ref::to("volumes/1")),
            ..LocatedVolume::default()
        };
        expected.properties.insert("mode", "rw");
        assert_eq!(item, expected);
        let removal = body.replace("action/insert", "action/remove");
        let (inserted, found) = membership(call(&provider(), post(format), &target, removal).unwrap());
        assert!(!inserted && found.href.as_str() == "volumes/1" && found.item.is_none());
    }
}

/// What is inserted is named after its type.
#[test]
fn machines_of_a_system() {
    let offered = operations(&["add", "insert", "remove"]);
    let basic = Target::collection(Collection::<Machine>::TYPE).offering(&offered);
    let enhanced = Target::collection(Collection::<SystemMachine>::TYPE).offering(&offered);
    for (format, body) in [
        (
            Format::Json,
            r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert", "machine": {"href": "machines/1"}}"#,
        ),
        (Format::Json, r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert", "machine": "machines/1"}"#),
        (
            Format::Json,
            r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert", "resource": {"href": "machines/1"}}"#,
        ),
        (
            Format::Xml,
            r#"<Action xmlns="http://schemas.dmtf.org/cimi/2"><action>http://schemas.dmtf.org/cimi/2/action/insert</action>
            <machine href="machines/1"/></Action>"#,
        ),
        (
            Format::Xml,
            r#"<Action xmlns="http://schemas.dmtf.org/cimi/1"><action>http://schemas.dmtf.org/cimi/1/action/insert</action>
            <machine href="machines/1"/></Action>"#,
        ),
    ] {
        let (inserted, found) = membership(call(&provider(), post(format), &basic, body).unwrap());
        assert!(inserted && found.href.as_str() == "machines/1" && found.item.is_none(), "{body}");
        let provider = Provider { dialect: Dialect::V1, ..provider() };
        let (_, found) = membership(call(&provider, post(format), &enhanced, body).unwrap());
        let item: SystemMachine = found.item.unwrap().into_value().unwrap();
        assert_eq!(
            item,
            SystemMachine { machine: Some(cimi_model::Ref::to("machines/1")), ..SystemMachine::default() }
        );
    }
    for body in [
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert"}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert", "a": {"href": "x"}, "b": {"href": "y"}}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/remove", "machine": {}}"#,
    ] {
        assert_eq!(status(call(&provider(), post(Format::Json), &basic, body)), 400, "{body}");
    }
}

/// In 1.x an item is added to the collection.
#[test]
fn items_of_1_x() {
    let provider = Provider { dialect: Dialect::V1, ..provider() };
    let add = operations(&["add"]);
    let target = Target::collection(Collection::<LocatedVolume>::TYPE).offering(&add);
    for (format, body) in [
        (
            Format::Xml,
            r#"<MachineVolume xmlns="http://schemas.dmtf.org/cimi/1"><name>data</name><initialLocation>/dev/sdf</initialLocation><volume href="volumes/1"/></MachineVolume>"#,
        ),
        (
            Format::Json,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineVolume", "name": "data", "initialLocation": "/dev/sdf", "volume": {"href": "volumes/1"}}"#,
        ),
        (Format::Json, r#"{"name": "data", "initialLocation": "/dev/sdf", "volume": {"href": "volumes/1"}}"#),
    ] {
        let (inserted, found) = membership(call(&provider, post(format), &target, body).unwrap());
        assert!(inserted && found.href.as_str() == "volumes/1", "{body}");
        let item: LocatedVolume = found.item.unwrap().into_value().unwrap();
        assert_eq!((item.name.as_deref(), item.initial_location.as_deref()), (Some("data"), Some("/dev/sdf")));
    }
    let body = r#"{"volume": {"href": "volumes/1"}}"#;
    let systems = Target::collection(Collection::<SystemVolume>::TYPE);
    assert_eq!(membership(call(&provider, post(Format::Json), &systems, body).unwrap()).1.href.as_str(), "volumes/1");
    for body in ["{}", r#"{"volume": {}}"#, r#"{"volume": {"name": "by value"}}"#] {
        assert_eq!(status(call(&provider, post(Format::Json), &systems, body)), 400, "{body}");
    }
    // The same, where the provider holds the collection as 2.0 does.
    let offered = operations(&["add", "insert"]);
    let volumes = Target::collection(Collection::<Volume>::TYPE).offering(&offered);
    let body = r#"<SystemVolume xmlns="http://schemas.dmtf.org/cimi/1"><volume href="volumes/1"/></SystemVolume>"#;
    let (inserted, found) = membership(call(&provider, post(Format::Xml), &volumes, body).unwrap());
    assert!(inserted && found.item.is_none());
    // A resource is still created there from a template.
    let body = r#"{"volumeTemplate": {"href": "t"}}"#;
    assert!(matches!(call(&provider, post(Format::Json), &volumes, body), Ok(Call::Create(_))));
}

/// A reference in an operation may say its type, which the operation itself need not.
#[test]
fn an_operation_is_one_whatever_stands_in_it() {
    let systems = Target::collection(Collection::<System>::TYPE);
    let body = r#"{"action": "http://schemas.dmtf.org/cimi/2/action/import", "source": "http://example.com/a.ovf",
        "volume": {"href": "v", "resourceURI": "http://schemas.dmtf.org/cimi/2/Volume"}}"#;
    for strict in [false, true] {
        let provider = Provider { strict, ..provider() };
        let found = call(&provider, post(Format::Json), &systems, body).unwrap();
        assert!(matches!(&found, Call::Action(request) if request.name == "import"), "{found:?}");
        let create = body.replacen('{', r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/SystemCreate", "#, 1);
        assert_eq!(status(call(&provider, post(Format::Json), &systems, &create)), 400);
    }
}
