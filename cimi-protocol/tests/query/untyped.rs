//! Collections and resources of types that nobody registered.

use cimi_model::{Document, Format, ReadOptions, Registry};
use serde_json::json;

use crate::support::{answer, answer_with, members};

const RACKS: &str = r#"{"resourceURI": "http://example.com/racks/RackCollection", "id": "racks", "acl": [{"read": "all"}],
    "racks": [{"id": "1", "name": "b", "height": 42}, {"id": "2", "name": "a", "height": 7}, {"id": "3", "height": 9}],
    "operations": [{"rel": "add", "href": "racks"}]}"#;

#[test]
fn items_are_filtered_sorted_and_subset() {
    let found = answer(RACKS, "$filter=height>8&$orderby=height&$last=1");
    assert_eq!(found["racks"], json!([{"id": "3", "height": 9}]));
    assert_eq!(found["count"], 2);
    assert_eq!(answer(RACKS, "$filter=name='x'").get("racks"), None);
    assert_eq!(answer(RACKS, "$orderby=name")["racks"][0]["id"], "3");
}

#[test]
fn attributes_are_selected() {
    let found = answer(RACKS, "$select=name,operations");
    assert_eq!(members(&found), ["operations", "racks", "resourceURI"]);
    assert_eq!(found["racks"], json!([{"name": "b"}, {"name": "a"}, {}]));
    assert_eq!(members(&answer(RACKS, "$select=count,id")), ["count", "id", "resourceURI"]);
    assert_eq!(answer(RACKS, "$select=racks/id")["racks"], json!([{"id": "1"}, {"id": "2"}, {"id": "3"}]));
    assert_eq!(members(&answer(RACKS, "$select=racks")), ["racks", "resourceURI"]);
    assert_eq!(members(&answer(RACKS, "$select=bogus")), ["resourceURI"]);
}

#[test]
fn members_keep_their_places() {
    let mut expected: serde_json::Value = serde_json::from_str(RACKS).unwrap();
    expected["count"] = json!(3);
    assert_eq!(answer(RACKS, "$select=*"), expected);
    let document = Document::read(RACKS.as_bytes(), &Registry::standard(), &ReadOptions::default());
    let mut document = document.unwrap().value;
    crate::support::query("$first=2").apply(document.record_mut(), cimi_model::Dialect::V2, &());
    let keys: Vec<_> = document.record().extensions().iter().map(|found| found.key().to_owned()).collect();
    assert_eq!(keys, ["id", "acl", "racks", "operations", "count"]);
}

#[test]
fn a_stated_count_keeps_its_type() {
    let text = RACKS.replace("\"id\": \"racks\"", "\"count\": \"30\"");
    assert_eq!(answer(&text, "$last=1")["count"], "30");
    assert_eq!(answer(&text, "$filter=name='a'")["count"], "1");
}

#[test]
fn xml_of_either_version_is_understood() {
    let racks = "<Rack><name>b</name></Rack><Rack><name>a</name></Rack>";
    let of = |items: &str| {
        format!(
            r#"<Collection xmlns="http://example.com/racks" resourceURI="http://example.com/racks/RackCollection">
                <count>2</count>{items}</Collection>"#
        )
    };
    let found = answer(&of(racks), "$orderby=name&$last=1");
    assert_eq!((&found["Rack"], &found["count"]), (&json!({"name": "a"}), &json!("2")));
    let found = answer(&of(&format!("<racks>{racks}</racks>")), "$filter=name='b'");
    assert_eq!((&found["racks"], &found["count"]), (&json!({"Rack": {"name": "b"}}), &json!("1")));
    let one = "<racks><Rack><name>b</name><x>1</x></Rack></racks>";
    assert_eq!(answer(&of(one), "$select=name")["racks"], json!({"Rack": {"name": "b"}}));
    assert_eq!(answer(&of("<Rack><name>b</name></Rack>"), "$filter=name='a'").get("Rack"), None);
}

#[test]
fn xml_stays_xml_with_one_item_left() {
    let of = |items: &str| {
        format!(
            r#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" xmlns:r="http://example.com/racks"
                resourceURI="http://example.com/racks/RackCollection"><count>2</count>{items}</Collection>"#
        )
    };
    let left = |items: &str, filter: &str| {
        let registry = Registry::standard();
        let parsed = Document::read(of(items).as_bytes(), &registry, &ReadOptions::default()).unwrap();
        let (dialect, mut document) = (parsed.dialect.unwrap(), parsed.value);
        crate::support::query(filter).apply(document.record_mut(), dialect, &());
        document.to_string(Format::Xml, dialect.into()).unwrap()
    };
    let rack = |name: &str| format!("<r:Rack><r:name>{name}</r:name></r:Rack>");
    for items in [rack("a") + &rack("b"), format!("<r:racks>{}{}</r:racks>", rack("a"), rack("b"))] {
        let text = left(&items, "$filter=name='b'");
        assert!(text.contains("<count>1</count>") && text.matches("Rack xmlns").count() <= 1, "{text}");
        assert!(!text.contains("urn:x-cimi:json") && !text.contains("<item>") && text.contains(">b<"), "{text}");
        assert!(!left(&items, "$filter=name='c'").contains("Rack>"));
    }
    // Without an array around it, too, an element of the name of the type is an item.
    assert!(left(&rack("a"), "$filter=name='a'").contains(">a<"));
    assert!(!left(&rack("a"), "$filter=name='b'").contains("Rack>"));
}

#[test]
fn what_is_no_collection_is_a_resource() {
    let text = RACKS.replace("RackCollection", "Rack");
    assert_eq!(members(&answer(&text, "$filter=name='x'&$last=0&$select=racks,acl")), ["acl", "racks", "resourceURI"]);
    let empty = r#"{"resourceURI": "http://example.com/racks/RackCollection", "tags": [], "id": "racks"}"#;
    assert_eq!(members(&answer(empty, "$last=0&$select=id")), ["id", "resourceURI"]);
}

#[test]
fn references_are_expanded() {
    let source = |_: &cimi_model::Uri| {
        let machine = cimi_model::Machine { name: Some("db".into()), ..Default::default() };
        Some(Box::new(machine) as Box<dyn cimi_model::reflect::Record>)
    };
    let text = r#"{"resourceURI": "http://example.com/racks/RackCollection",
        "racks": [{"controller": {"href": "machines/1"}, "operations": [{"rel": "x", "href": "y"}]}]}"#;
    let found = answer_with(text, "$expand", &source);
    assert_eq!(found["racks"][0]["controller"]["name"], "db");
    assert_eq!(found["racks"][0]["operations"], json!([{"rel": "x", "href": "y"}]));
}
