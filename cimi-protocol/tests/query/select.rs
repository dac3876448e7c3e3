//! `$select` (4.1.6.3).

use cimi_model::meta::{Role, Type};
use cimi_model::reflect::omitted;
use cimi_model::{Collection, Dialect, Disk, Document, Format, Machine, ReadOptions, Ref, Registry};
use serde_json::{Value, json};

use crate::support::{answer, answer_with, disks, members, operation, query};

const MACHINE: &str = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "id": "machines/1", "name": "db",
    "description": "the database", "cpu": 2, "properties": {"owner": "joe"}, "disks": {"href": "machines/1/disks"},
    "realm": "eu", "{http://example.com/v,w}rack": 7, "operations": [{"rel": "edit", "href": "machines/1"}]}"#;

fn selected(names: &str) -> Vec<String> {
    let found = answer(MACHINE, &format!("$select={names}"));
    // Whatever is selected, the type is said (4.1.4).
    assert_eq!(found["resourceURI"], "http://schemas.dmtf.org/cimi/2/Machine");
    let mut names: Vec<String> = members(&found).into_iter().map(str::to_owned).collect();
    names.retain(|name| name != "resourceURI");
    names
}

#[test]
fn only_what_is_named_is_left_of_a_resource() {
    assert_eq!(selected("name,description"), ["description", "name"]);
    assert_eq!(selected("properties"), ["properties"]);
    assert_eq!(selected("disks"), ["disks"]);
    assert!(selected("").is_empty());
}

#[test]
fn operations_are_selected_by_their_name() {
    assert_eq!(selected("operations,cpu"), ["cpu", "operations"]);
}

#[test]
fn a_star_is_everything() {
    assert_eq!(selected("*").len(), members(&serde_json::from_str(MACHINE).unwrap()).len() - 1);
    assert_eq!(selected("name,*"), selected("*"));
}

#[test]
fn names_that_are_no_attributes_are_ignored() {
    assert_eq!(selected("name,bogus,Name,name/x,properties/owner,,%00"), ["name"]);
    assert!(selected("bogus").is_empty());
}

#[test]
fn several_parameters_are_one_and_repetitions_mean_nothing() {
    assert_eq!(selected("name&$select=cpu,name&%24select=%20cpu%20"), ["cpu", "name"]);
}

#[test]
fn extensions_are_selected_by_name_or_key() {
    assert_eq!(selected("realm"), ["realm"]);
    for name in ["rack", "{http://example.com/v,w}rack", "%7Bhttp%3A%2F%2Fexample.com%2Fv%2Cw%7Drack"] {
        assert_eq!(selected(&format!("{name},name")), ["name", "{http://example.com/v,w}rack"], "{name}");
    }
}

#[test]
fn the_order_is_that_of_the_table() {
    let machine = Machine { name: Some("db".into()), cpu: Some(2), memory: Some(4), ..Machine::default() };
    let mut machine = Document::new(machine);
    query("$select=memory,cpu,name").apply(machine.record_mut(), Dialect::V2, &());
    let text = machine.to_string(Format::Json, Dialect::V2.into()).unwrap();
    assert_eq!(text, r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine","name":"db","cpu":2,"memory":4}"#);
}

#[test]
fn what_was_not_understood_goes_with_its_attribute() {
    let text = MACHINE.replace("\"cpu\": 2", "\"cpu\": \"many\"");
    assert_eq!(answer(&text, "$select=cpu")["cpu"], "many");
    assert_eq!(answer(&text, "$select=name")["cpu"], Value::Null);
}

fn selected_disks(names: &str) -> (Vec<String>, Vec<Disk>) {
    let mut disks = disks();
    query(&format!("$select={names}")).apply(&mut disks, Dialect::V2, &());
    let text = cimi_model::json::to_string(&disks, Dialect::V2.into()).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["resourceURI"], "http://schemas.dmtf.org/cimi/2/DiskCollection");
    let own = members(&value).into_iter().filter(|name| *name != "resourceURI").map(str::to_owned).collect();
    (own, disks.items)
}

fn only_names_and_capacities() -> Vec<Disk> {
    let items = disks().items.into_iter();
    items.map(|disk| Disk { name: disk.name, capacity: disk.capacity, ..Disk::default() }).collect()
}

#[test]
fn attributes_of_a_collection_are_its_own() {
    assert_eq!(selected_disks("count"), (vec!["count".to_owned()], Vec::new()));
    assert_eq!(selected_disks("count,operations"), (vec!["count".to_owned(), "operations".to_owned()], Vec::new()));
    assert_eq!(selected_disks("id"), (vec!["id".to_owned()], Vec::new()));
}

#[test]
fn other_attributes_are_those_of_the_items() {
    assert_eq!(selected_disks("name,capacity"), (vec!["disks".to_owned()], only_names_and_capacities()));
}

#[test]
fn both_can_be_selected() {
    let (own, items) = selected_disks("name,count,capacity,operations");
    assert_eq!(own, ["count", "disks", "operations"]);
    assert_eq!(items, only_names_and_capacities());
}

#[test]
fn paths_lead_to_the_items() {
    let (own, items) = selected_disks("disks/name,disks/capacity,operations");
    assert_eq!(own, ["disks", "operations"]);
    assert_eq!(items, only_names_and_capacities());
    let (own, items) = selected_disks("disks/id,disks/operations");
    assert_eq!(own, ["disks"]);
    let expected: Vec<Disk> = (disks().items.into_iter())
        .map(|disk| Disk { id: disk.id, operations: disk.operations, ..Disk::default() })
        .collect();
    assert_eq!(items, expected);
}

#[test]
fn items_are_selected_whole() {
    for names in ["disks", "disks/*", "disks,name", "disks/name,disks"] {
        assert_eq!(selected_disks(names), (vec!["disks".to_owned()], disks().items), "{names}");
    }
    let (own, items) = selected_disks("*,bogus");
    assert_eq!(own, ["count", "disks", "id", "operations"]);
    assert_eq!(items, disks().items);
}

#[test]
fn names_that_nothing_has_leave_nothing() {
    for names in ["bogus", "machines/name", "disks/bogus", "disks/", "/name", ""] {
        assert_eq!(selected_disks(names), (Vec::new(), Vec::new()), "{names}");
    }
}

#[test]
fn an_item_without_the_attribute_stays_an_item() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "count": 3,
        "machines": [{"name": "a"}, {"id": "machines/2", "realm": "eu"}, {"name": "c"}]}"#;
    let of = |names: &str| answer(text, &format!("$select={names}"))["machines"].clone();
    let uri = "http://schemas.dmtf.org/cimi/2/Machine";
    assert_eq!(
        of("name"),
        json!([{"resourceURI": uri, "name": "a"}, {"resourceURI": uri}, {"resourceURI": uri, "name": "c"}])
    );
    assert_eq!(of("realm"), json!([{"resourceURI": uri}, {"resourceURI": uri, "realm": "eu"}, {"resourceURI": uri}]));
    assert_eq!(of("cpu"), json!([{"resourceURI": uri}, {"resourceURI": uri}, {"resourceURI": uri}]));
}

#[test]
fn an_extension_of_the_collection_is_its_own() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "realm": "eu",
        "machines": [{"name": "a", "realm": "us"}]}"#;
    let found = answer(text, "$select=realm");
    assert_eq!(members(&found), ["realm", "resourceURI"]);
}

#[test]
fn the_attributes_of_a_collection_are_those_of_the_version() {
    // In 1.x a collection has no `updated`, and its items have.
    let text = |version| {
        format!(
            r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/{version}/MachineCollection",
                "machines": [{{"name": "a", "updated": "2025-01-01T00:00:00Z"}}]}}"#
        )
    };
    assert_eq!(answer(&text(1), "$select=updated")["machines"][0]["updated"], "2025-01-01T00:00:00Z");
    assert_eq!(members(&answer(&text(2), "$select=updated")), ["resourceURI"]);
    assert_eq!(answer(&text(2), "$select=machines/updated")["machines"][0]["updated"], "2025-01-01T00:00:00Z");
}

#[test]
fn grouping_names_of_either_version_lead_to_the_items() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineVolumeCollection",
        "machineVolumes": [{"id": "1", "initialLocation": "/dev/sda"}]}"#;
    for names in ["machineVolumes/initialLocation", "locatedVolumes/initialLocation", "initialLocation"] {
        let found = answer(text, &format!("$select={names}"));
        assert_eq!(members(&found["machineVolumes"][0]), ["initialLocation", "resourceURI"], "{names}");
        assert_eq!(members(&found), ["machineVolumes", "resourceURI"], "{names}");
    }
}

#[test]
fn paths_lead_into_collections_that_a_resource_shows() {
    let source = |_: &cimi_model::Uri| Some(Box::new(disks()) as Box<dyn cimi_model::reflect::Record>);
    let found = answer_with(MACHINE, "$expand=disks&$select=name,disks/capacity", &source);
    assert_eq!(members(&found), ["disks", "name", "resourceURI"]);
    assert_eq!(members(&found["disks"]), ["disks", "href", "resourceURI"]);
    assert_eq!(members(&found["disks"]["disks"][0]), ["capacity", "resourceURI"]);
    // Without expansion the reference stays, and nothing is asked for what is not selected.
    assert_eq!(answer(MACHINE, "$select=disks/capacity")["disks"], json!({"href": "machines/1/disks"}));
    let found = answer_with(MACHINE, "$expand=disks&$select=disks,disks/capacity", &source);
    assert_eq!(found["disks"]["count"], 3);
}

#[test]
fn selections_are_written_in_xml_too() {
    let mut disks = disks();
    query("$select=name,count").apply(&mut disks, Dialect::V2, &());
    let xml = cimi_model::xml::to_string(&disks, Dialect::V2.into()).unwrap();
    assert_eq!(
        xml,
        "<Collection xmlns=\"http://schemas.dmtf.org/cimi/2\" \
         resourceURI=\"http://schemas.dmtf.org/cimi/2/DiskCollection\"><count>3</count><disks>\
         <Disk><name>disk 1</name></Disk><Disk><name>disk 2</name></Disk><Disk><name>disk 3</name></Disk>\
         </disks></Collection>"
    );
}

#[test]
fn attributes_of_xml_go_with_the_attribute_they_stand_at() {
    let text = r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2" xmlns:v="urn:v" flag="1">
        <name v:lang="en">db</name><cpu v:lang="de">2</cpu><v:rack>7</v:rack></Machine>"#;
    let keys = |names: &str| {
        let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
        let mut document = parsed.value;
        query(&format!("$select={names}")).apply(document.record_mut(), Dialect::V2, &());
        let keys = document.record().extensions().iter().map(|found| found.key().to_owned());
        keys.collect::<Vec<_>>()
    };
    assert_eq!(keys("name"), ["name@{urn:v}lang"]);
    assert_eq!(keys("rack"), ["{urn:v}rack"]);
    assert_eq!(keys("flag"), ["flag"]);
}

/// No two attributes of a type can be meant by one name.
#[test]
fn names_are_unambiguous() {
    for found in Registry::standard().types() {
        for attribute in found.attributes {
            for name in [Some(attribute.name), attribute.v1_name].into_iter().flatten() {
                let named = found.attributes.iter().filter(|other| other.is_named(name)).count();
                assert_eq!(named, 1, "{}: {name}", found.name);
            }
        }
    }
}

/// Each attribute of each type can be selected alone.
#[test]
fn every_attribute_of_every_type_is_selected_alone() {
    let mut checked = 0;
    for entry in &Registry::standard() {
        let record_type: &'static Type = entry.record_type;
        for (index, attribute) in record_type.attributes.iter().enumerate() {
            if record_type.role == Role::Collection {
                continue;
            }
            let mut record = (entry.new)();
            for index in 0..record_type.attributes.len() {
                set(record.get_mut(index).unwrap().slot());
            }
            record.extensions_mut().insert("realm", "eu");
            let text = format!("$select={}", attribute.name);
            query(&text).apply(&mut *record, Dialect::V2, &());
            for (other, row) in record_type.attributes.iter().enumerate() {
                let shown = !omitted(&record.get(other).unwrap().view(), row.kind);
                assert_eq!(shown, other == index, "{}: {text}: {}", record_type.name, row.name);
            }
            assert!(record.extensions().is_empty(), "{}: {text}", record_type.name);
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

pub(crate) fn set(slot: cimi_model::reflect::Slot<'_>) {
    use cimi_model::reflect::Slot;
    match slot {
        Slot::Text(slot) => {
            for text in ["x", "PT1H", "2025-01-01T00:00:00Z", "00ff"] {
                if slot.put(text, true) == cimi_model::reflect::Verdict::Conforming {
                    break;
                }
            }
        }
        Slot::Integer(slot) => *slot = Some(1),
        Slot::Boolean(slot) => *slot = Some(true),
        Slot::Ref(reference) => *reference.href_mut() = Some("x".into()),
        Slot::Record(_) => {}
        Slot::Map(map) => drop(map.insert("x", "y")),
        Slot::List(list) => set(list.push()),
        Slot::Any(slot) => *slot = Some("x".into()),
    }
}

#[test]
fn the_entry_point_is_a_resource_like_others() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/CloudEntryPoint", "baseURI": "http://h/",
        "machines": {"href": "http://h/machines"}, "volumes": {"href": "http://h/volumes"}}"#;
    assert_eq!(members(&answer(text, "$select=machines,baseURI")), ["baseURI", "machines", "resourceURI"]);
}

#[test]
fn selections_can_be_made_in_code() {
    let mut machines: Collection<Machine> =
        [Machine { volumes: Some(Ref::to("v")), operations: vec![operation("edit")], ..Machine::default() }]
            .into_iter()
            .collect();
    let select = Some(cimi_protocol::query::Select::of(["volumes"]));
    let query = cimi_protocol::query::Query { select, ..Default::default() };
    query.apply(&mut machines, Dialect::V2, &());
    assert_eq!(machines.items, [Machine { volumes: Some(Ref::to("v")), ..Machine::default() }]);
    assert_eq!(machines.count, None);
}
