//! Breaks one constraint of the tables at a time, over all types, and expects that problem at that path and no other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

use cimi_model::any::{Any, Number};
use cimi_model::meta::{Attribute, Kind, Role, Versions};
use cimi_model::reflect::{Record, Slot};
use cimi_model::registry::Entry;
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{Dialect, Registry};

/// A record somewhere in a document: the document's type, and the attributes on the way, by index.
#[derive(Clone)]
struct Place {
    entry: Entry,
    way: Vec<usize>,
    path: String,
}

/// The documents of all types, and the structures in them.
fn places() -> Vec<Place> {
    let mut found = Vec::new();
    for entry in &Registry::standard() {
        let root = Place { entry: *entry, way: Vec::new(), path: format!("/{}", entry.record_type.name) };
        found.push(root.clone());
        for (index, attribute) in entry.record_type.attributes.iter().enumerate() {
            let path = format!("{}/{}", root.path, attribute.name);
            match attribute.kind {
                Kind::Structure(_) => found.push(Place { way: vec![index], path, ..root.clone() }),
                Kind::Array(Kind::Structure(of)) if of().role == Role::Structure => {
                    found.push(Place { way: vec![index], path: format!("{path}[0]"), ..root.clone() });
                }
                _ => {}
            }
        }
    }
    found
}

impl Place {
    /// A document with what has to be there and nothing else, changed at this place.
    fn document(&self, change: impl FnOnce(&mut dyn Record)) -> Box<dyn Record> {
        let mut document = (self.entry.new)();
        fill(&mut *document);
        match self.way.first() {
            None => change(&mut *document),
            Some(&index) => match document.get_mut(index).unwrap().slot() {
                Slot::Record(record) => {
                    fill(record);
                    change(record);
                }
                Slot::List(list) => {
                    while !list.is_empty() {
                        list.pop();
                    }
                    let Slot::Record(record) = list.push() else { panic!("{}", self.path) };
                    fill(record);
                    change(record);
                }
                slot => panic!("{}: {slot:?}", self.path),
            },
        }
        document
    }

    fn table(&self) -> &'static [Attribute] {
        match self.way.first() {
            None => self.entry.record_type.attributes,
            Some(&index) => match self.entry.record_type.attributes[index].kind {
                Kind::Structure(of) | Kind::Array(&Kind::Structure(of)) => of().attributes,
                _ => unreachable!(),
            },
        }
    }

    /// Expects exactly these problems of warnings and errors.
    #[track_caller]
    fn expect(&self, validation: &Validation<'_>, document: &dyn Record, expected: &[(&str, Rule, Severity)]) {
        let problems = validation.problems(document);
        let found: Vec<_> = problems.iter().filter(|problem| problem.severity > Severity::Info).collect();
        let short: Vec<_> = found.iter().map(|p| (p.path.as_str(), p.rule, p.severity)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(path, rule, severity)| (format!("{}{path}", self.path), *rule, *severity)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(path, rule, severity)| (path.as_str(), *rule, *severity)).collect();
        assert_eq!(short, expected, "{found:#?}\n{document:?}");
        for problem in found {
            let shown = problem.to_string();
            assert!(shown.starts_with(&problem.path) && shown.contains(problem.rule.as_str()), "{shown}");
            assert_eq!(shown.lines().count(), 1);
        }
    }
}

/// Fills in what the constraints of 5.3 and the rules of the type demand.
fn fill(record: &mut dyn Record) {
    let record_type = record.record_type();
    for (index, attribute) in record_type.attributes.iter().enumerate() {
        let stated = attribute.constraints_stated && attribute.constraints.provider_mandatory;
        let needed = match record_type.name {
            "attribute" => attribute.name == "name",
            "operation" => attribute.name != "available",
            "componentDescriptor" => attribute.name == "machineTemplate",
            _ => stated || attribute.constraints.consumer_mandatory,
        };
        if needed && attribute.name != "value" {
            set(record, index);
        }
    }
}

/// Gives an attribute a value that is right.
fn set(record: &mut dyn Record, index: usize) {
    let attribute = &record.record_type().attributes[index];
    let mut chosen = String::new();
    match record.get_mut(index).unwrap().slot() {
        Slot::Text(slot) => {
            chosen = text(attribute);
            slot.put(&chosen, true);
        }
        // No number of members is above this one.
        Slot::Integer(slot) if attribute.name == "count" => *slot = Some(9),
        Slot::Integer(slot) => *slot = Some(attribute.range.map_or(1, |(least, _)| least)),
        Slot::Boolean(slot) => *slot = Some(true),
        Slot::Any(slot) if attribute.value_scopes => *slot = Some(Any::Array(Vec::new())),
        Slot::Any(slot) => *slot = Some(Any::from("anything")),
        Slot::Map(map) => {
            map.insert("key", "value");
        }
        Slot::Ref(reference) => *reference.href_mut() = Some("http://example.com/target".into()),
        Slot::Record(record) => fill(record),
        Slot::List(list) => match list.push() {
            Slot::Record(record) => fill(record),
            Slot::Ref(reference) => *reference.href_mut() = Some("http://example.com/target".into()),
            Slot::Text(slot) => {
                slot.put("http://example.com/item", true);
            }
            slot => panic!("{}: {slot:?}", attribute.name),
        },
    }
    supply_keys(record, attribute, &chosen);
}

/// The keys of a map that go with the value of this attribute.
fn supply_keys(record: &mut dyn Record, by: &Attribute, value: &str) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        let Some(keys) = attribute.keys.filter(|keys| keys.by == by.name) else { continue };
        let Some((_, of)) = keys.of.iter().find(|(beginning, _)| value.starts_with(beginning)) else { continue };
        let Slot::Map(map) = record.get_mut(index).unwrap().slot() else { panic!("{}", attribute.name) };
        for key in of().attributes {
            map.insert(key.name, key_value(key));
        }
    }
}

fn key_value(key: &Attribute) -> Any {
    match key.kind {
        Kind::Integer => Any::from(1),
        Kind::Array(_) => Any::Array(vec![Any::from("x")]),
        Kind::Ref(_) => [("href", "http://example.com/target")].into_iter().collect(),
        Kind::Enumeration(known) => Any::from(known[0]),
        _ => Any::from("x"),
    }
}

fn text(attribute: &Attribute) -> String {
    let fixed = match (attribute.name, attribute.kind) {
        ("baseURI", _) => "http://example.com/",
        ("rel", _) => "edit",
        ("id", _) => "http://example.com/id",
        ("serviceType", _) => "http://schemas.dmtf.org/cimi/2/SystemService/disasterrecovery",
        ("userData", _) => "AAAA",
        (_, Kind::Uri) => "http://example.com/uri",
        (_, Kind::DateTime) => "2012-05-25T13:30:15-05:00",
        (_, Kind::Duration) => "P1D",
        (_, Kind::Binary) => "00ff",
        // One that lasts, and one that asks for nothing else.
        (_, Kind::Enumeration(known)) => {
            known.iter().find(|name| !name.ends_with("ING") && **name != "STATIC").expect("a value")
        }
        _ => "x",
    };
    fixed.to_owned()
}

fn each(mut f: impl FnMut(&Place, usize, &'static Attribute)) {
    let mut count = 0;
    for place in places() {
        for (index, attribute) in place.table().iter().enumerate() {
            f(&place, index, attribute);
            count += 1;
        }
    }
    println!("{count} attributes");
    assert!(count > 1000);
}

use Severity::{Error, Warning};

#[test]
fn what_has_to_be_there_is_enough() {
    for place in places() {
        let document = place.document(|_| {});
        place.expect(&Validation::read(), &*document, &[]);
        let read_only = Validation::create().problems(&*document);
        assert!(read_only.iter().all(|problem| problem.severity < Error), "{read_only:#?}");
        place.expect(&Validation::update(Some(&*document)), &*document, &[]);
    }
}

#[test]
fn each_attribute_may_have_a_right_value() {
    each(|place, index, attribute| {
        let document = place.document(|record| set(record, index));
        // `record` itself may need more: a duplicate template of a descriptor is another test.
        if place.path.contains("componentDescriptors") && matches!(attribute.kind, Kind::Ref(_)) {
            return;
        }
        place.expect(&Validation::read(), &*document, &[]);
    });
}

#[test]
fn demanded_attributes_are_missed() {
    let mut seen = 0;
    each(|place, index, attribute| {
        let exists = attribute.versions == Versions::Both || place.entry.record_type.versions == attribute.versions;
        let nested = !place.way.is_empty();
        let optional = nested && (place.path.contains("/attributes") || attribute.name == "value");
        if attribute.kind.can_be_empty() || optional || !exists {
            return;
        }
        let path = format!("/{}", attribute.name);
        let document = place.document(|record| record.get_mut(index).unwrap().clear());
        if attribute.constraints_stated && attribute.constraints.provider_mandatory && !is_create(place) {
            place.expect(&Validation::read(), &*document, &[(&path, Rule::Required, Error)]);
            seen += 1;
        }
        if attribute.constraints.consumer_mandatory {
            place.expect(&Validation::update(None), &*document, &[(&path, Rule::Required, Error)]);
            if attribute.name != "id" {
                let problems = Validation::create().problems(&*document);
                let missing: Vec<_> = problems.iter().filter(|problem| problem.rule == Rule::Required).collect();
                assert_eq!(missing.len(), 1, "{problems:#?}");
                assert_eq!(missing[0].path, format!("{}{path}", place.path));
            }
            if !nested {
                // What is not in a partial update is not changed by it.
                let selected = ["*"];
                let problems = Validation::partial_update(&selected, None).problems(&*document);
                assert!(problems.iter().all(|problem| problem.rule != Rule::Required), "{problems:#?}");
            }
            seen += 1;
        }
    });
    assert!(seen > 100, "{seen}");
}

fn is_create(place: &Place) -> bool {
    place.entry.record_type.role == Role::Create
}

#[test]
fn a_default_that_is_not_met_is_told_and_no_more() {
    let place = &places().into_iter().find(|place| place.path == "/Machine").unwrap();
    let problems = Validation::read().problems(&*place.document(|_| {}));
    let infos: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.severity)).collect();
    assert!(infos.contains(&("/Machine/cpu", Severity::Info)), "{infos:?}");
    assert!(infos.iter().all(|(path, _)| *path != "/Machine/name"), "a string may be empty: {infos:?}");
    assert!(infos.iter().all(|(path, _)| *path != "/Machine/disks"), "a collection may be empty: {infos:?}");
    assert!(infos.iter().all(|(path, _)| *path != "/Machine/latestSnapshot"), "not mandatory: {infos:?}");
}

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
fn only_what_is_writable_is_written() {
    each(|place, index, attribute| {
        if !place.way.is_empty() {
            return;
        }
        let before = place.document(|_| {});
        let absent = cimi_model::reflect::omitted(&before.get(index).unwrap().view(), attribute.kind);
        if !absent {
            return;
        }
        let after = place.document(|record| set(record, index));
        let constraints = attribute.constraints;
        let rule = if constraints.mutable { Rule::ReadOnly } else { Rule::Immutable };
        let path = format!("{}/{}", place.path, attribute.name);
        let written = |validation: &Validation<'_>| -> Vec<(Rule, Severity)> {
            let of = [Rule::ReadOnly, Rule::Immutable, Rule::Selection];
            let found = validation.problems(&*after).into_iter().filter(|p| p.path == path && of.contains(&p.rule));
            found.map(|problem| (problem.rule, problem.severity)).collect()
        };
        let selected = [attribute.name];
        let writable = constraints.mutable && constraints.consumer_writable;
        let refused = if writable { vec![] } else { vec![(rule, Warning)] };
        assert_eq!(written(&Validation::update(Some(&*before))), refused, "{path}");
        assert_eq!(written(&Validation::update(Some(&*after))), [], "echoed: {path}");
        assert_eq!(written(&Validation::update(None)), [], "the whole representation: {path}");
        assert_eq!(written(&Validation::partial_update(&selected, None)), refused, "{path}");
        assert_eq!(written(&Validation::partial_update(&selected, Some(&*after))), [], "{path}");
        let created = if constraints.consumer_writable { vec![] } else { vec![(Rule::ReadOnly, Warning)] };
        assert_eq!(written(&Validation::create()), created, "{path}");
        let changed = if constraints.mutable { vec![] } else { vec![(Rule::Immutable, Error)] };
        let again = Validation { current: Some(&*before), ..Validation::read() };
        assert_eq!(written(&again), changed, "{path}");
        let other = Validation::partial_update(&["other"], Some(&*after));
        assert_eq!(written(&other), [(Rule::Selection, Error)], "{path}");
    });
}

#[test]
fn each_version_has_its_own_attributes() {
    each(|place, index, attribute| {
        let document = place.document(|record| set(record, index));
        let path = format!("{}/{}", place.path, attribute.name);
        for dialect in [Dialect::V1, Dialect::V2] {
            for (validation, severity) in [(Validation::read(), Warning), (Validation::update(None), Error)] {
                let validation = Validation { dialect: Some(dialect), ..validation };
                let problems = validation.problems(&*document);
                let found: Vec<_> =
                    problems.iter().filter(|p| p.rule == Rule::Version && p.path == path).map(|p| p.severity).collect();
                let expected = if dialect.has(attribute.versions) { vec![] } else { vec![severity] };
                assert_eq!(found, expected, "{path} in {dialect:?}");
            }
        }
    });
    for entry in &Registry::standard() {
        let document = (entry.new)();
        for dialect in [Dialect::V1, Dialect::V2] {
            let problems = Validation { dialect: Some(dialect), ..Validation::read() }.problems(&*document);
            let root = format!("/{}", entry.record_type.name);
            let found = problems.iter().any(|p| p.rule == Rule::Version && p.path == root);
            assert_eq!(found, !dialect.has(entry.record_type.versions), "{root} in {dialect:?}");
        }
    }
}

#[test]
fn unknown_attributes_by_receiver() {
    for place in places() {
        let with = |key: &str| {
            let key = key.to_owned();
            place.document(move |record| {
                record.extensions_mut().insert(key, "x");
            })
        };
        let name = place.entry.record_type.name;
        // The parameters of a provider's own operation are its own.
        let open = matches!(name, "Resource" | "Action") || place.path.ends_with("/content");
        let problems = Validation::read().problems(&*with("vendorAttribute"));
        let path = format!("{}/vendorAttribute", place.path);
        let found: Vec<_> = problems.iter().filter(|p| p.path == path).map(|p| (p.rule, p.severity)).collect();
        assert_eq!(found, if open { vec![] } else { vec![(Rule::Unknown, Severity::Info)] }, "{path}");
        for key in ["vendorAttribute", "{http://example.com}vendorAttribute", "@{http://example.com}vendorAttribute"] {
            let expected = [(format!("/{key}"), Rule::Unknown, Error)];
            let expected: Vec<_> =
                expected.iter().map(|(path, rule, severity)| (path.as_str(), *rule, *severity)).collect();
            place.expect(&Validation::update(None), &*with(key), if open { &[] } else { &expected });
        }
        for key in ["1st", "with-hyphen", "{http://example.com}Üml", ""] {
            place.expect(&Validation::read(), &*with(key), &[(&format!("/{key}"), Rule::Identifier, Error)]);
        }
        place.expect(&Validation::read(), &*with("@{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"), &[]);
    }
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
