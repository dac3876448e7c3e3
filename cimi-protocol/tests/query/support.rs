//! What the tests of queries share.

use cimi_model::{Collection, Dialect, Disk, Document, Format, Machine, Operation, ReadOptions, Registry};
use cimi_protocol::query::Query;

pub(crate) fn query(text: &str) -> Query {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The JSON of a document to which a query has been applied, in its dialect.
pub(crate) fn answer(document: &str, text: &str) -> serde_json::Value {
    answer_with(document, text, &())
}

pub(crate) fn answer_with(document: &str, text: &str, source: &dyn cimi_protocol::query::Source) -> serde_json::Value {
    let parsed = Document::read(document.as_bytes(), &Registry::standard(), &ReadOptions::default()).expect(document);
    let dialect = parsed.dialect.unwrap_or_default();
    let mut document = parsed.value;
    query(text).apply(document.record_mut(), dialect, source);
    let text = document.to_string(Format::Json, dialect.into()).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The names of the members of an object.
pub(crate) fn members(value: &serde_json::Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The disks of a Machine, as in the examples of 4.1.6.3.
pub(crate) fn disks() -> Collection<Disk> {
    let disk = |number: i64| Disk {
        id: Some(format!("machines/1/disks/{number}").into()),
        name: Some(format!("disk {number}")),
        capacity: Some(number * 1_000),
        operations: vec![operation("delete")],
        ..Disk::default()
    };
    Collection {
        id: Some("machines/1/disks".into()),
        operations: vec![operation("add")],
        ..(1..=3).map(disk).collect()
    }
}

pub(crate) fn operation(rel: &str) -> Operation {
    Operation { rel: Some(rel.into()), href: Some("x".into()), ..Operation::default() }
}

/// Machines with these names.
pub(crate) fn machines<'n>(names: impl IntoIterator<Item = &'n str>) -> Collection<Machine> {
    names.into_iter().map(|name| Machine { name: Some(name.to_owned()), ..Machine::default() }).collect()
}

/// The names of machines.
pub(crate) fn names(machines: &Collection<Machine>) -> Vec<&str> {
    machines.items.iter().map(|machine| machine.name.as_deref().unwrap_or_default()).collect()
}

/// What becomes of machines by a query.
pub(crate) fn applied(mut machines: Collection<Machine>, text: &str) -> Collection<Machine> {
    query(text).apply(&mut machines, Dialect::V2, &());
    machines
}
