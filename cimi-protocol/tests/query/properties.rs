//! What holds of all queries.

use cimi_model::filter::{Filter, Operator};
use cimi_model::meta::{Role, Type};
use cimi_model::reflect::{Record, Slot, Value, omitted};
use cimi_model::{Collection, Dialect, Format, Machine, Registry};
use cimi_protocol::query::{Encoding, Expand, OrderBy, Query, QueryOptions, Select};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_normalization::UnicodeNormalization;

use crate::select::set;
use crate::support::query;

const ATTRIBUTES: [&str; 6] = ["name", "description", "cpu", "memory", "id", "bogus"];

/// A name as it can stand in a list: no comma, and no white space around it.
fn name() -> impl Strategy<Value = String> {
    let any = "\\PC{1,6}".prop_map(|text| text.replace([',', '{', '*'], "").trim().to_owned());
    prop_oneof![select(&ATTRIBUTES[..]).prop_map(str::to_owned), any, Just("{http://example.com/a,b}rack".to_owned())]
        .prop_filter("a name", |name| !name.is_empty())
}

fn filter() -> impl Strategy<Value = Filter> {
    let operator = select(vec![Operator::Equal, Operator::NotEqual, Operator::Less, Operator::GreaterOrEqual]);
    let number = (select(vec!["cpu", "memory"]), operator, 0_u64..4)
        .prop_map(|(name, operator, value)| Filter::compare(name, operator, value).unwrap());
    let text =
        (select(vec!["name", "description"]), select(vec![Operator::Equal, Operator::NotEqual]), "[a-b '&=+%é]{0,2}")
            .prop_map(|(name, operator, value)| Filter::compare(name, operator, value).unwrap());
    let leaf = prop_oneof![number, text];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), inner, any::<bool>()).prop_map(|(a, b, and)| if and { a.and(b) } else { a.or(b) })
    })
}

fn order_by() -> impl Strategy<Value = OrderBy> {
    (name(), any::<bool>()).prop_map(|(attribute, descending)| OrderBy { attribute, descending })
}

fn any_query() -> impl Strategy<Value = Query> {
    let encoding = prop_oneof![
        Just(Encoding::from(Format::Json)),
        Just(Encoding::from(Format::Xml)),
        "\\PC{1,5}".prop_map(|text| Encoding::from(text.as_str())),
    ];
    let other = vec((any::<String>(), any::<String>()), 0..3).prop_map(|mut other| {
        other.retain(|(name, _)| !name.starts_with('$') || name == "$top");
        other
    });
    let names = vec(name().boxed(), 0..4);
    (vec(filter(), 0..3), of(names.clone()), of(names), vec(order_by(), 0..3), of(any::<u64>()), of(any::<u64>()))
        .prop_flat_map(move |(filter, select, expand, order_by, first, last)| {
            let query = Query {
                filter,
                select: select.map(Select::of),
                expand: expand.map(Expand::of),
                order_by,
                first,
                last,
                ..Query::default()
            };
            (Just(query), of(encoding.clone()), other.clone())
        })
        .prop_map(|(query, format, other)| Query { format, other, ..query })
}

fn machine() -> impl Strategy<Value = Machine> {
    let text = || of("[ab]{0,2}|\u{e9}|e\u{301}|\u{fb01}");
    (text(), text(), of(0_i64..4), of(0_i64..4)).prop_map(|(name, description, cpu, memory)| Machine {
        id: Some("m".into()),
        name,
        description,
        cpu,
        memory,
        ..Machine::default()
    })
}

/// What a query of the attributes above leaves of machines, step by step and as simply as can be.
fn model(machines: &[Machine], query: &Query) -> Collection<Machine> {
    let mut items: Vec<Machine> = machines.to_vec();
    items.retain(|machine| query.filter.iter().all(|filter| filter.matches(machine)));
    // Sorting by the least significant key first, each time stable, is sorting by all.
    for order in query.order_by.iter().rev() {
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().nfkd().collect::<String>();
        let compare = |a: &Machine, b: &Machine| match order.attribute.as_str() {
            "name" => text(&a.name).cmp(&text(&b.name)),
            "description" => text(&a.description).cmp(&text(&b.description)),
            "cpu" => a.cpu.cmp(&b.cpu),
            "memory" => a.memory.cmp(&b.memory),
            _ => std::cmp::Ordering::Equal,
        };
        items.sort_by(|a, b| if order.descending { compare(b, a) } else { compare(a, b) });
    }
    let count = i64::try_from(items.len()).ok();
    let position = |index: usize| u64::try_from(index).unwrap() + 1;
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        let at = position(index - 1);
        query.first.is_none_or(|first| at >= first) && query.last.is_none_or(|last| at <= last)
    });
    let mut found = Collection { id: Some("machines".into()), count, items, ..Collection::default() };
    if let Some(select) = query.select.as_ref().filter(|select| !select.is_all()) {
        let has = |name: &str| select.names().any(|found| found == name);
        found.id = found.id.filter(|_| has("id"));
        found.count = found.count.filter(|_| has("count"));
        if !ATTRIBUTES[..4].iter().any(|name| has(name)) {
            found.items.clear();
        }
        for machine in &mut found.items {
            machine.id = None;
            machine.name = machine.name.take().filter(|_| has("name"));
            machine.description = machine.description.take().filter(|_| has("description"));
            machine.cpu = machine.cpu.filter(|_| has("cpu"));
            machine.memory = machine.memory.filter(|_| has("memory"));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_written_is_read(query in any_query()) {
        let mut options = QueryOptions::default();
        options.names = usize::MAX;
        let text = query.to_string();
        prop_assert_eq!(Query::parse_with(&text, &options).unwrap(), query.clone(), "{}", text);
        // It can stand in a request, with whatever was there before.
        let uri: http::Uri = query.append_to(&"http://h/m?x=1".into()).as_str().parse().unwrap();
        let mut again = Query::of(&uri, &options).unwrap();
        prop_assert_eq!(again.other.remove(0), ("x".to_owned(), "1".to_owned()));
        prop_assert_eq!(again, query);
    }

    #[test]
    fn any_text_is_a_query_or_an_error(text in "[$a-z%0-9=&+,:/{}'\"()<>*?# éA-F]{0,60}|\\PC{0,60}") {
        if let Ok(query) = text.parse::<Query>() {
            prop_assert_eq!(query.to_string().parse::<Query>().unwrap(), query);
        }
    }

    #[test]
    fn a_collection_is_what_the_model_makes_of_it(
        machines in vec(machine(), 0..8),
        filter in vec(filter(), 0..2),
        names in of(vec(select(&["name", "cpu", "memory", "description", "id", "count", "bogus", "*"][..]), 0..4)),
        order in vec((select(&ATTRIBUTES[..]), any::<bool>()), 0..3),
        first in of(0_u64..6),
        last in of(0_u64..9),
    ) {
        let order_by = order.into_iter().map(|(name, descending)| OrderBy { attribute: name.to_owned(), descending });
        let query = Query {
            filter,
            select: names.map(Select::of),
            order_by: order_by.collect(),
            first,
            last,
            ..Query::default()
        };
        let mut found = Collection { id: Some("machines".into()), ..machines.iter().cloned().collect() };
        query.apply(&mut found, Dialect::V2, &());
        prop_assert_eq!(found, model(&machines, &query), "{}", query);
    }

    #[test]
    fn of_a_resource_exactly_the_named_is_left(which in any::<prop::sample::Index>(), chosen in vec(any::<bool>(), 40)) {
        let registry = Registry::standard();
        let entries: Vec<_> = registry.iter().filter(|entry| entry.record_type.role != Role::Collection).collect();
        let entry = which.get(&entries);
        let table = entry.record_type.attributes;
        let is_chosen = |index: usize| chosen[index % chosen.len()];
        let names = table.iter().enumerate().filter(|(index, _)| is_chosen(*index)).map(|(_, attribute)| attribute.name);
        let query = Query { select: Some(Select::of(names)), ..Query::default() };
        let mut record = filled(entry.record_type, entry.new);
        query.apply(&mut *record, Dialect::V2, &());
        for (index, attribute) in table.iter().enumerate() {
            prop_assert_eq!(shows(&*record, index), is_chosen(index), "{}: {}", entry.record_type.name, attribute.name);
        }
    }
}

/// A record in which every attribute is set.
fn filled(record_type: &Type, new: fn() -> Box<dyn Record>) -> Box<dyn Record> {
    let mut record = new();
    fill(record_type, &mut *record);
    record
}

fn fill(record_type: &Type, record: &mut dyn Record) {
    for index in 0..record_type.attributes.len() {
        set(record.get_mut(index).unwrap().slot());
    }
}

fn shows(record: &dyn Record, index: usize) -> bool {
    let attribute = &record.record_type().attributes[index];
    !omitted(&record.get(index).unwrap().view(), attribute.kind)
}

/// In every collection of every type, each attribute of the items can be selected alone, by either version's names, and
/// each of the collection's own.
#[test]
fn of_every_collection_exactly_the_named_is_left() {
    let mut checked = 0;
    for entry in &Registry::standard() {
        let Some(members) = entry.record_type.members else { continue };
        let (item_type, table) = ((members.item)(), entry.record_type.attributes);
        let items = entry.record_type.find(members.grouping, 0).unwrap();
        let collection = || {
            let mut collection = filled(entry.record_type, entry.new);
            let Slot::List(list) = collection.get_mut(items).map(Value::slot).unwrap() else { panic!() };
            let Slot::Record(item) = list.item_mut(0).unwrap() else { panic!() };
            fill(item_type, item);
            collection
        };
        for dialect in [Dialect::V1, Dialect::V2] {
            for (index, attribute) in item_type.attributes.iter().enumerate() {
                let mut found = collection();
                let path = format!("$select={}/{}", members.grouping_in(dialect), attribute.name_in(dialect));
                query(&path).apply(&mut *found, dialect, &());
                let Slot::List(list) = found.get_mut(items).map(Value::slot).unwrap() else { panic!() };
                let Some(Slot::Record(item)) = list.item_mut(0) else { panic!("{path}") };
                for other in 0..item_type.attributes.len() {
                    assert_eq!(shows(item, other), other == index, "{path}: {}", item_type.attributes[other].name);
                }
                assert!((0..table.len()).all(|own| shows(&*found, own) == (own == items)), "{path}");
                checked += 1;
            }
            for (index, attribute) in table.iter().enumerate().filter(|(_, found)| dialect.has(found.versions)) {
                let mut found = collection();
                query(&format!("$select={}", attribute.name_in(dialect))).apply(&mut *found, dialect, &());
                for other in 0..table.len() {
                    assert_eq!(shows(&*found, other), other == index, "{}", entry.record_type.name);
                }
            }
        }
    }
    assert!(checked > 1_000, "{checked}");
}
