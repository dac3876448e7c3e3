//! Breaks one constraint of the tables at a time, over all types, and expects that problem at that path and no other:
//! the form of values, references, keys, operations, members.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::Dialect;
use cimi_model::any::{Any, Number};
use cimi_model::meta::{Kind, Role, Versions};
use cimi_model::reflect::Slot;
use cimi_model::validate::Severity::{Error, Warning};
use cimi_model::validate::{Rule, Validation};
use support::places::{each, fill, key_value, places, supply_keys};

#[test]
fn values_of_the_wrong_form_are_found() {
    each(|place, index, attribute| {
        let path = format!("/{}", attribute.name);
        let anything = matches!(attribute.kind, Kind::Any) || matches!(attribute.kind, Kind::Structure(of) if of().any);
        // A descriptor has one template or resource.
        let descriptor = place.path.contains("componentDescriptors") && matches!(attribute.kind, Kind::Ref(_));
        let documented = |value: Any| {
            place.document(|record| {
                if descriptor {
                    let machine = record.record_type().find("machineTemplate", 0).unwrap();
                    record.get_mut(machine).unwrap().clear();
                }
                record.get_mut(index).unwrap().clear();
                record.extensions_mut().insert(attribute.name, value);
            })
        };
        let receivers = [Validation::read(), Validation::update(None)];
        if !anything {
            let document = documented([("no", "value")].into_iter().collect());
            for validation in &receivers {
                place.expect(validation, &*document, &[(&path, Rule::Value, Error)]);
            }
        }
        let document = documented(Any::Null);
        for validation in &receivers {
            place.expect(validation, &*document, &[(&path, Rule::Erased, Error)]);
        }
    });
}

#[test]
fn texts_and_numbers_out_of_line_are_found() {
    let mut counts = [0; 5];
    each(|place, index, attribute| {
        let path = format!("/{}", attribute.name);
        let with_text = |text: &str| {
            place.document(|record| match record.get_mut(index).unwrap().slot() {
                Slot::Text(slot) => {
                    slot.put(text, false);
                }
                slot => panic!("{slot:?}"),
            })
        };
        let with_number = |number: i64| {
            place.document(|record| match record.get_mut(index).unwrap().slot() {
                Slot::Integer(slot) => *slot = Some(number),
                slot => panic!("{slot:?}"),
            })
        };
        let read = Validation::read();
        match attribute.kind {
            // A `rel` and a `serviceType` that is no URI is also no operation or service.
            Kind::Uri if !matches!(attribute.name, "rel" | "serviceType" | "baseURI") => {
                for bad in ["http://example.com/a b", "http://example.com/%zz", "http://example.com/#a#b"] {
                    place.expect(&read, &*with_text(bad), &[(&path, Rule::Uri, Error)]);
                }
                counts[0] += 1;
            }
            Kind::DateTime => {
                let document = with_text("2013-02-08 15:25:41 +0000");
                place.expect(&read, &*document, &[(&path, Rule::Value, Error)]);
                counts[1] += 1;
            }
            Kind::Enumeration(_) => {
                let expected = [(path.as_str(), Rule::Enumeration, Error)];
                let expected = if attribute.closed { &expected[..] } else { &[] };
                place.expect(&read, &*with_text("NO-SUCH-VALUE"), expected);
                counts[2] += usize::from(attribute.closed);
            }
            Kind::Integer => {
                let mut bad = Vec::new();
                let (least, most) = attribute.range.unwrap_or((i64::MIN, i64::MAX));
                bad.extend(least.checked_sub(1));
                bad.extend(most.checked_add(1));
                if attribute.range.is_none() && attribute.unit.is_some() {
                    bad.push(-1);
                }
                counts[3] += bad.len();
                for number in bad {
                    // A number of components below one is a rule of its own, with the same name.
                    place.expect(&read, &*with_number(number), &[(&path, Rule::Range, Error)]);
                }
            }
            Kind::Map if attribute.holds_strings() => {
                let document = place.document(|record| match record.get_mut(index).unwrap().slot() {
                    Slot::Map(map) => {
                        map.insert("key", Number::parse("1.5").map(Any::Number).unwrap());
                    }
                    slot => panic!("{slot:?}"),
                });
                place.expect(&read, &*document, &[(&format!("{path}['key']"), Rule::Value, Error)]);
                counts[4] += 1;
            }
            _ => {}
        }
    });
    println!("URIs, dates, closed enumerations, ranges, maps: {counts:?}");
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn references_refer() {
    each(|place, index, attribute| {
        if !matches!(attribute.kind, Kind::Ref(_)) || place.path.contains("componentDescriptors") {
            return;
        }
        let with_href = |href: Option<&str>| {
            place.document(|record| match record.get_mut(index).unwrap().slot() {
                Slot::Ref(reference) => *reference.href_mut() = href.map(Into::into),
                slot => panic!("{slot:?}"),
            })
        };
        let (path, href) = (format!("/{}", attribute.name), format!("/{}/href", attribute.name));
        let read = Validation::read();
        place.expect(&read, &*with_href(None), &[(&path, Rule::Reference, Warning)]);
        place.expect(&read, &*with_href(Some("a b")), &[(&href, Rule::Uri, Error)]);
        // The entry point says the base itself.
        let severity = if place.entry.record_type.name == "CloudEntryPoint" { Error } else { Warning };
        place.expect(&read, &*with_href(Some("/slash")), &[(&href, Rule::Uri, severity)]);
        let in_template = place.entry.record_type.name == "SystemTemplate";
        let severity = if in_template { Error } else { Warning };
        place.expect(&read, &*with_href(Some("#name")), &[(&href, Rule::Symbol, severity)]);
        place.expect(&read, &*with_href(Some("no/slash")), &[]);
        let base = "http://example.com/cimi/".into();
        let read = Validation { base_uri: Some(&base), ..read };
        place.expect(&read, &*with_href(Some("/slash")), &[(&href, Rule::Uri, Error)]);
    });
}

#[test]
fn keys_of_maps_are_supplied_and_of_their_kind() {
    let mut seen = 0;
    each(|place, index, attribute| {
        let Some(keys) = attribute.keys else { return };
        for (beginning, of) in keys.of {
            let deciding = place.table().iter().position(|attribute| attribute.name == keys.by).unwrap();
            let with = |change: &dyn Fn(&mut cimi_model::Map)| {
                place.document(|record| {
                    let Slot::Text(slot) = record.get_mut(deciding).unwrap().slot() else { panic!("{}", keys.by) };
                    slot.put(beginning, true);
                    let by = &place.table()[deciding];
                    supply_keys(record, by, beginning);
                    let Slot::Map(map) = record.get_mut(index).unwrap().slot() else { panic!("{}", attribute.name) };
                    for key in of().attributes {
                        map.insert(key.name, key_value(key));
                    }
                    change(map);
                })
            };
            place.expect(&Validation::read(), &*with(&|_| {}), &[]);
            for key in of().attributes {
                let path = format!("/{}['{}']", attribute.name, key.name);
                let needed = key.constraints_stated && key.constraints.provider_mandatory;
                let expected = [(path.as_str(), Rule::Required, Error)];
                let removed = with(&|map| {
                    map.remove(key.name);
                });
                place.expect(&Validation::read(), &*removed, if needed { &expected } else { &[] });
                let wrong = with(&|map| {
                    map.insert(key.name, Any::Null);
                });
                place.expect(&Validation::read(), &*wrong, &[(&path, Rule::Value, Error)]);
                if let Kind::Integer = key.kind {
                    let negative = with(&|map| {
                        map.insert(key.name, -1);
                    });
                    place.expect(&Validation::read(), &*negative, &[(&path, Rule::Range, Error)]);
                }
                seen += 1;
            }
        }
    });
    assert!(seen > 10, "{seen}");
}

#[test]
fn operations_are_those_of_the_type() {
    let mut seen = 0;
    each(|place, index, attribute| {
        let record_type = place.entry.record_type;
        if attribute.name != "operations" || !place.way.is_empty() {
            return;
        }
        let offering = |rels: &[&str]| {
            place.document(|record| {
                let Slot::List(list) = record.get_mut(index).unwrap().slot() else { panic!("{record_type:?}") };
                for rel in rels {
                    let Slot::Record(operation) = list.push() else { panic!("{record_type:?}") };
                    fill(operation);
                    let rel_index = operation.record_type().find("rel", 0).unwrap();
                    if let Slot::Text(slot) = operation.get_mut(rel_index).unwrap().slot() {
                        slot.put(rel, false);
                    }
                }
            })
        };
        let read = Validation::read();
        for name in record_type.operations {
            let uri = Dialect::V2.uri(&format!("action/{name}"));
            place.expect(&read, &*offering(&[&uri]), &[]);
            if matches!(*name, "add" | "edit" | "delete" | "insert" | "remove") {
                place.expect(&read, &*offering(&[name]), &[]);
            }
            seen += 1;
        }
        if record_type.role == Role::Collection {
            place.expect(&read, &*offering(&["add", "insert", "remove"]), &[]);
        }
        let unknown = Dialect::V2.uri("action/compress");
        let expected = [("/operations[0]/rel", Rule::Operation, Warning)];
        let listed = !record_type.operations.is_empty();
        place.expect(&read, &*offering(&[&unknown]), if listed { &expected } else { &[] });
        place.expect(&read, &*offering(&["http://example.com/compress"]), &[]);
        place.expect(&read, &*offering(&["compress"]), &[("/operations[0]/rel", Rule::Operation, Error)]);
        let twice = ["http://example.com/compress"; 2];
        place.expect(&read, &*offering(&twice), &[("/operations[1]/rel", Rule::Duplicate, Error)]);
    });
    println!("{seen} operations");
}

#[test]
fn collections_count_their_members_and_tell_them_apart() {
    let mut seen = 0;
    for place in places().into_iter().filter(|place| place.way.is_empty()) {
        let Some(members) = place.entry.record_type.members else { continue };
        let Some(id) = (members.item)().attribute("id") else { continue };
        let with = |count: Option<i64>, ids: &[&str]| {
            place.document(|record| {
                let find = |name| record.record_type().find(name, 0).unwrap();
                let (counted, shown) = (find("count"), find(members.grouping));
                if let Slot::Integer(slot) = record.get_mut(counted).unwrap().slot() {
                    *slot = count;
                }
                let Slot::List(list) = record.get_mut(shown).unwrap().slot() else { panic!("{}", place.path) };
                for id in ids {
                    let Slot::Record(member) = list.push() else { panic!("{}", place.path) };
                    fill(member);
                    let index = member.record_type().find("id", 0).unwrap();
                    member.get_mut(index).unwrap().clear();
                    if let (false, Slot::Text(slot)) = (id.is_empty(), member.get_mut(index).unwrap().slot()) {
                        slot.put(id, true);
                    }
                }
            })
        };
        let read = Validation::read();
        let item = |index: usize| format!("/{}[{index}]/id", members.grouping);
        place.expect(&read, &*with(Some(2), &["a", "b"]), &[]);
        place.expect(&read, &*with(Some(7), &["a", "b"]), &[]);
        place.expect(&read, &*with(Some(1), &["a", "b"]), &[("/count", Rule::Count, Error)]);
        place.expect(&read, &*with(Some(3), &["a", "b", "a"]), &[(&item(2), Rule::Duplicate, Error)]);
        place.expect(&read, &*with(None, &[]), &[("/count", Rule::Required, Error)]);
        let without = with(Some(2), &["a", ""]);
        if id.versions == Versions::Both {
            place.expect(&read, &*without, &[(&item(1), Rule::Required, Error)]);
        }
        let selected = ["name"];
        place.expect(&Validation { selected: Some(&selected), ..read }, &*without, &[]);
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn scopes_are_erased_where_attributes_are() {
    let mut template = cimi_model::MachineTemplate::default();
    template.extensions.insert("vscope", Any::Null);
    let problems = Validation::create().problems(&template);
    assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), [Rule::Erased]);
    assert!(!problems[0].of_meaning);
    let request = cimi_model::MachineCreate {
        machine_template: Some(cimi_model::Ref::by_value(template)),
        ..cimi_model::MachineCreate::default()
    };
    assert!(Validation::create().accepts(&request));
    // A structure overrides as a whole.
    let text =
        br#"{"machineTemplate": {"machineConfig": {"href": "c/1", "cpu": null, "disks": [{"capacity": null}]}}}"#;
    let read = cimi_model::json::from_slice::<cimi_model::MachineCreate>(text, &cimi_model::ReadOptions::default());
    let problems = Validation::create().problems(&read.unwrap().value);
    let erased = problems.iter().filter(|problem| problem.rule == Rule::Erased);
    let paths: Vec<&str> = erased.map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["/MachineCreate/machineTemplate/machineConfig/disks[0]/capacity"]);
}

/// What a schema could say is about form; what it could not, about meaning.
#[test]
fn problems_are_of_form_or_of_meaning() {
    let machine = cimi_model::MachineConfiguration { cpu: Some(-1), memory: Some(-1), ..Default::default() };
    let problems = Validation::create().problems(&machine);
    let of_meaning = |path: &str| problems.iter().find(|problem| problem.path == path).map(|found| found.of_meaning);
    assert_eq!(of_meaning("/MachineConfiguration/memory"), Some(false));
    assert_eq!(of_meaning("/MachineConfiguration/cpu"), Some(true));
    let template = cimi_model::MachineTemplate { user_data: Some("~".into()), ..Default::default() };
    assert!(Validation::create().problems(&template).iter().all(|problem| problem.of_meaning));
    let action = cimi_model::Action {
        action: Some("http://schemas.dmtf.org/cimi/2/action/restore".into()),
        ..Default::default()
    };
    let problems = Validation::create().problems(&action);
    assert!(problems.iter().any(|problem| problem.rule == Rule::Required && !problem.of_meaning));
}
