//! Every place of every type, filled with what has to be there, to be broken in one.

use cimi_model::Registry;
use cimi_model::any::Any;
use cimi_model::meta::{Attribute, Kind, Role};
use cimi_model::reflect::{Record, Slot};
use cimi_model::registry::Entry;
use cimi_model::validate::{Rule, Severity, Validation};

/// A record somewhere in a document: the document's type, and the attributes on the way, by index.
#[derive(Clone)]
pub struct Place {
    pub entry: Entry,
    pub way: Vec<usize>,
    pub path: String,
}

/// The documents of all types, and the structures in them.
pub fn places() -> Vec<Place> {
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
    pub fn document(&self, change: impl FnOnce(&mut dyn Record)) -> Box<dyn Record> {
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

    pub fn table(&self) -> &'static [Attribute] {
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
    pub fn expect(&self, validation: &Validation<'_>, document: &dyn Record, expected: &[(&str, Rule, Severity)]) {
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
pub fn fill(record: &mut dyn Record) {
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
pub fn set(record: &mut dyn Record, index: usize) {
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
pub fn supply_keys(record: &mut dyn Record, by: &Attribute, value: &str) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        let Some(keys) = attribute.keys.filter(|keys| keys.by == by.name) else { continue };
        let Some((_, of)) = keys.of.iter().find(|(beginning, _)| value.starts_with(beginning)) else { continue };
        let Slot::Map(map) = record.get_mut(index).unwrap().slot() else { panic!("{}", attribute.name) };
        for key in of().attributes {
            map.insert(key.name, key_value(key));
        }
    }
}

pub fn key_value(key: &Attribute) -> Any {
    match key.kind {
        Kind::Integer => Any::from(1),
        Kind::Array(_) => Any::Array(vec![Any::from("x")]),
        Kind::Ref(_) => [("href", "http://example.com/target")].into_iter().collect(),
        Kind::Enumeration(known) => Any::from(known[0]),
        _ => Any::from("x"),
    }
}

pub fn text(attribute: &Attribute) -> String {
    let fixed = match (attribute.name, attribute.kind) {
        ("baseURI", _) => "http://example.com/",
        ("rel", _) => "http://example.com/operation",
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

pub fn each(mut f: impl FnMut(&Place, usize, &'static Attribute)) {
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
