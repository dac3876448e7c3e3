//! One field is given another value: the schemas refuse it where strict reading or the table does, and nowhere else.

use cimi_model::Registry;
use cimi_model::meta::{Attribute, Kind, Role, Type};
use cimi_model::registry::Entry;
use cimi_model::schema::Receiver;
use serde_json::{Value, json};

use crate::support::Choices;
use crate::values::Maker;
use crate::{Compiled, reads_strictly};

/// Values of each form, right and wrong. Not among them is `1.0`, which is an integer to JSON Schema and a decimal
/// fraction to strict reading.
fn candidates() -> Vec<Value> {
    let texts = [
        "",
        "x",
        "a b",
        "machines/1",
        "1",
        "true",
        "null",
        "0f",
        "0F0",
        "PT1H",
        "P",
        "P1S",
        "-P1YT0.5S",
        "PT1.S",
        "2012-05-25T13:30:15Z",
        "2012-05-25",
        "2012-02-29T24:00:00",
        "2100-02-29T00:00:00Z",
        "2012-04-31T00:00:00Z",
        "2012-05-25T24:00:01Z",
        "2012-05-25T13:30:15+14:01",
        "2012-05-25T13:30:15.5-13:59",
        "0000-01-01T00:00:00",
        "ünïcödé",
        "STARTED",
        "%zz",
        "\n",
        "1\n",
    ];
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!([]),
        json!([null]),
        json!([1]),
        json!(["x"]),
        json!([{}]),
        json!({}),
        json!({ "href": 1 }),
        json!({ "href": "a b" }),
        json!({ "href": "a" }),
        json!({ "key": 1 }),
        json!({ "key": "x" }),
        json!([{ "key": {} }]),
        json!({ "key": {} }),
    ];
    texts.into_iter().map(Value::from).chain(others).collect()
}

/// What the table excludes and reading lets pass.
fn table_refuses(attribute: &Attribute, kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Integer, Value::Number(number)) => {
            let number = number.as_i64().unwrap_or_default();
            let amount = attribute.unit.is_some() && number < 0;
            attribute.range.map_or(amount, |(least, most)| number < least || number > most)
        }
        // The empty text is absent to reading, and CIMI does not send it (5.5.15).
        (Kind::Enumeration(values), Value::String(text)) => attribute.closed && !values.contains(&text.as_str()),
        (Kind::Array(item), Value::Array(items)) => items.iter().any(|value| table_refuses(attribute, *item, value)),
        (Kind::Structure(of), Value::Object(members)) => lacks(of(), members),
        _ => false,
    }
}

/// Whether a structure lacks what is required in it; those of the standard that require something require `uri`.
fn lacks(of: &Type, members: &serde_json::Map<String, Value>) -> bool {
    matches!(of.name, "capability" | "action") && of.role == Role::Structure && !members.contains_key("uri")
}

/// What a schema says and what reading and the table say differ here, for a reason.
fn is_exception(schemas: &Compiled, attribute: &Attribute, value: &Value, in_reference: bool) -> bool {
    let unknown = |value: &Value| match value {
        Value::Object(members) => members.keys().any(|key| key == "key" || key == "href"),
        _ => false,
    };
    // A Provider refuses what reading keeps (5.3).
    let closed = schemas.receiver == Receiver::Provider
        && (unknown(value) || value.as_array().is_some_and(|items| items.iter().any(unknown)));
    // Reading takes null wherever something may be overridden; CIMI sends it in templates only (4.2.1.1).
    let null = in_reference
        && (value.is_null() || *value == json!([null]))
        && (attribute.value_scopes || !matches!(attribute.kind, Kind::Any));
    // Of another version's types no more is known than that they are objects.
    let foreign = !schemas.dialect.has(attribute.versions);
    closed || null || foreign
}

/// The members that are required, and nothing else.
fn minimal(schemas: &Compiled, entry: &Entry) -> Value {
    let mut none = Choices::new(&[]);
    Maker { dialect: schemas.dialect, receiver: schemas.receiver, choices: &mut none }.document(entry.record_type, 0)
}

struct Count {
    refused: usize,
    accepted: usize,
}

fn compare(
    schemas: &Compiled,
    entry: &Entry,
    attribute: &Attribute,
    document: &Value,
    value: &Value,
    in_reference: bool,
    count: &mut Count,
) {
    if is_exception(schemas, attribute, value, in_reference) {
        return;
    }
    let right = reads_strictly(entry, document) && !table_refuses(attribute, attribute.kind, value);
    let found = schemas.errors(entry.record_type, document);
    let (dialect, receiver) = (schemas.dialect, schemas.receiver);
    assert_eq!(right, found.is_empty(), "{} {dialect:?} {receiver:?}\n{document:#}\n{found:#?}", attribute.name);
    *(if right { &mut count.accepted } else { &mut count.refused }) += 1;
}

/// The names under which an attribute stands, and whether it stands there for this receiver.
fn name(schemas: &Compiled, attribute: &Attribute) -> Option<&'static str> {
    let own = schemas.dialect.has(attribute.versions);
    let dialect = if own { schemas.dialect } else { schemas.dialect.other() };
    (own || schemas.receiver == Receiver::Consumer).then(|| attribute.name_in(dialect))
}

#[test]
fn each_attribute_takes_what_reading_and_the_table_take() {
    let registry = Registry::standard();
    let mut count = Count { refused: 0, accepted: 0 };
    for schemas in Compiled::standard() {
        for entry in schemas.types(&registry) {
            let base = minimal(&schemas, entry);
            for attribute in entry.record_type.attributes {
                let Some(name) = name(&schemas, attribute) else { continue };
                for value in candidates() {
                    let mut document = base.clone();
                    document[name] = value.clone();
                    compare(&schemas, entry, attribute, &document, &value, false, &mut count);
                }
            }
        }
    }
    println!("{} refused, {} accepted", count.refused, count.accepted);
    assert!(count.refused > 10_000 && count.accepted > 10_000);
}

/// The same for what stands in references, structures and members: each type is looked at in one place.
#[test]
fn nested_attributes_take_what_reading_and_the_table_take() {
    let registry = Registry::standard();
    let mut count = Count { refused: 0, accepted: 0 };
    for schemas in Compiled::standard() {
        let mut seen = std::collections::HashSet::new();
        for entry in schemas.types(&registry) {
            let base = minimal(&schemas, entry);
            for outer in entry.record_type.attributes.iter().filter(|outer| schemas.dialect.has(outer.versions)) {
                let (inner, is_list) = match outer.kind {
                    Kind::Array(Kind::Ref(of) | Kind::Structure(of)) => (of(), true),
                    Kind::Ref(of) | Kind::Structure(of) => (of(), false),
                    _ => continue,
                };
                // A member of a collection is described as the target of a reference.
                let in_reference =
                    !matches!(outer.kind, Kind::Structure(_) | Kind::Array(Kind::Structure(_))) || inner.role.has_uri();
                if !schemas.dialect.has(inner.versions) || !seen.insert((inner.name, in_reference)) {
                    continue;
                }
                for attribute in inner.attributes {
                    let Some(name) = name(&schemas, attribute) else { continue };
                    for value in candidates() {
                        let mut nested = json!({ name: value });
                        if lacks(inner, nested.as_object().unwrap()) {
                            nested["uri"] = json!("urn:x");
                        }
                        let mut document = base.clone();
                        document[outer.name_in(schemas.dialect)] = if is_list { json!([nested]) } else { nested };
                        compare(&schemas, entry, attribute, &document, &value, in_reference, &mut count);
                    }
                }
            }
        }
    }
    println!("{} refused, {} accepted", count.refused, count.accepted);
    assert!(count.refused > 10_000 && count.accepted > 10_000);
}
