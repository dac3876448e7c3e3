//! Documents of any type, made from the tables as a peer that follows the standard would make them.

use cimi_model::meta::{Attribute, Kind, Role, Type};
use cimi_model::schema::Receiver;
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::Compiled;
use crate::support::Choices;

/// Makes documents for a receiver.
pub struct Maker<'a, 'b> {
    pub dialect: Dialect,
    pub receiver: Receiver,
    pub choices: &'a mut Choices<'b>,
}

impl Maker<'_, '_> {
    pub fn document(&mut self, record_type: &Type, depth: usize) -> Value {
        let mut members = self.members(record_type, depth, 2);
        if record_type.role.has_uri() && self.choices.chance(2) {
            members.insert("resourceURI".to_owned(), json!(record_type.uri(self.dialect)));
        }
        Value::Object(members)
    }

    fn members(&mut self, record_type: &Type, depth: usize, one_in: usize) -> Map<String, Value> {
        let mut members = Map::new();
        for attribute in record_type.attributes {
            let known = self.receiver == Receiver::Consumer || self.dialect.has(attribute.versions);
            if known && (must_be_there(attribute) || self.choices.chance(one_in)) {
                let dialect = if self.dialect.has(attribute.versions) { self.dialect } else { self.dialect.other() };
                members.insert(attribute.name_in(dialect).to_owned(), self.value(attribute, attribute.kind, depth));
            }
        }
        if self.receiver == Receiver::Consumer && self.choices.chance(3) {
            members.insert("vendorNote".to_owned(), json!([null, { "a": 1.5 }]));
        }
        members
    }

    fn value(&mut self, attribute: &Attribute, kind: Kind, depth: usize) -> Value {
        let choices = &mut *self.choices;
        match kind {
            Kind::String => json!(choices.pick(&["", "x", "ünïcödé \u{1} \"", "{}"])),
            Kind::Integer => {
                let least = if attribute.unit.is_some() { 0 } else { i64::MIN };
                let (least, most) = attribute.range.unwrap_or((least, i64::MAX));
                json!(choices.pick(&[least, most, 1.clamp(least, most)]))
            }
            Kind::Boolean => json!(choices.chance(2)),
            Kind::Uri => json!(choices.pick(&["machines/1", "http://example.com/?a=b#c", "", "#name", "urn:ü"])),
            Kind::DateTime => {
                json!(choices.pick(&["2012-05-25T13:30:15.5-05:00", "2000-02-29T24:00:00", "-12012-12-31T00:00:00Z"]))
            }
            Kind::Duration => json!(choices.pick(&["PT1H", "-P1Y2M3DT4H5M6.7S", "P1D"])),
            Kind::Binary => json!(choices.pick(&["", "00fF"])),
            Kind::Enumeration(values) if attribute.closed || choices.chance(2) => json!(choices.pick(values)),
            Kind::Enumeration(_) => json!("one of our own"),
            Kind::Ref(target) => self.reference(target(), depth),
            Kind::Map if attribute.holds_strings() => json!({ "a b": "1", "": "" }),
            Kind::Map => json!({ "key": { "nested": [1, null] }, "other": 1e3 }),
            Kind::Structure(of) if depth == 0 && of().role == Role::Resource => {
                Value::Object(self.members(of(), 0, 1000))
            }
            Kind::Structure(of) => self.document(of(), depth.saturating_sub(1)),
            Kind::Array(_) if depth == 0 => json!([]),
            Kind::Array(item) => (0..choices.below(3)).map(|_| self.value(attribute, *item, depth - 1)).collect(),
            _ if attribute.value_scopes => json!([{ "Machine": { "cpu": {}, "rack": { "a": [null] } } }, {}]),
            _ => {
                choices.pick(&[|| json!(null), || json!({ "a": [] }), || json!("x"), || json!(1), || json!([false])])()
            }
        }
    }

    fn reference(&mut self, target: &Type, depth: usize) -> Value {
        let mut members = Map::new();
        if depth > 0 && self.choices.chance(2) {
            members = self.members(target, depth - 1, 3);
        }
        if members.is_empty() || self.choices.chance(2) {
            members.insert("href".to_owned(), json!("http://example.com/1"));
        }
        Value::Object(members)
    }
}

/// What the standard says of the attribute itself: a Provider or a Consumer always includes it.
fn must_be_there(attribute: &Attribute) -> bool {
    let constraints = attribute.constraints;
    attribute.constraints_stated && (constraints.provider_mandatory || constraints.consumer_mandatory)
}

/// What is made from the tables is accepted, as it is made and as it is written after it has been read.
#[test]
fn made_documents_are_accepted() {
    let registry = Registry::standard();
    let mut runner = TestRunner::deterministic();
    let bytes = proptest::collection::vec(proptest::num::u8::ANY, 0..300);
    let mut accepted = 0;
    for schemas in Compiled::standard() {
        for entry in schemas.types(&registry) {
            for _ in 0..20 {
                let bytes = bytes.new_tree(&mut runner).unwrap().current();
                let mut choices = Choices::new(&bytes);
                let mut maker = Maker { dialect: schemas.dialect, receiver: schemas.receiver, choices: &mut choices };
                let made = maker.document(entry.record_type, 3);
                let read = Document::read_as(made.to_string().as_bytes(), entry, &ReadOptions::strict());
                let read = read.unwrap_or_else(|error| panic!("{error}\n{made:#}")).value;
                let found = schemas.errors(entry.record_type, &made);
                assert!(found.is_empty(), "{:?} {:?} {found:#?}\n{made:#}", schemas.dialect, schemas.receiver);
                let written = read.to_string(Format::Json, schemas.dialect.into()).unwrap();
                let written = serde_json::from_str(&written).unwrap();
                let found = schemas.errors(entry.record_type, &written);
                assert!(found.is_empty(), "{:?} {:?} {found:#?}\n{written:#}", schemas.dialect, schemas.receiver);
                accepted += 1;
            }
        }
    }
    println!("{accepted} documents");
}
