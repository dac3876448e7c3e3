//! Queries that nobody meant well, and large collections.

#![allow(clippy::disallowed_methods, reason = "a test may look at the clock")]

use std::time::{Duration, Instant};

use cimi_model::{Collection, Dialect, Machine, Ref};
use cimi_protocol::query::{Expand, OrderBy, Query, QueryOptions, Select};

use crate::support::{names, query};

fn unlimited() -> QueryOptions {
    let mut options = QueryOptions::default();
    options.length = usize::MAX;
    options.names = usize::MAX;
    options
}

#[test]
fn long_queries_take_time_in_proportion() {
    let repeated = |part: &str| part.repeat(400_000 / part.len());
    let start = Instant::now();
    for text in [
        repeated("+"),
        repeated("%"),
        repeated("a&"),
        repeated("a=b&"),
        repeated("&"),
        repeated("$select=a&"),
        repeated("$first=1&"),
        repeated("T00:00:00+"),
        format!("a=T00:00:00.{}", repeated("0+")),
        format!("$first={}", repeated("9")),
        format!("$select={}", repeated("a,")),
        format!("$select={}", repeated("{,")),
        format!("$expand={}", repeated("/,")),
        format!("$orderby={}", repeated("}:asc,")),
        format!("$format={}", repeated("json")),
        format!("$filter={}a=1", repeated("a=1%20or%20")),
        format!("$filter={}", repeated("(")),
    ] {
        let _ = Query::parse_with(&text, &unlimited());
        assert!(text.parse::<Query>().is_err());
    }
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn many_names_take_time_in_proportion() {
    let distinct: Vec<String> = (0..100_000).map(|number| format!("n{number}")).collect();
    let start = Instant::now();
    assert_eq!(Select::of(distinct.clone()).names().count(), 100_000);
    assert_eq!(Expand::of(distinct.clone()).names().count(), 100_000);
    let select = Some(Select::of(distinct.iter().map(|name| format!("machines/{name}")).chain(distinct.clone())));
    let mut found: Collection<Machine> = (0..1_000).map(|_| Machine::default()).collect();
    Query { select, ..Query::default() }.apply(&mut found, Dialect::V2, &());
    assert!(found.items.is_empty());
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// Many machines, each with a name, a number of processors and a reference.
fn many() -> Collection<Machine> {
    let machine = |number: u32| {
        // Some order that is not sorted.
        let mixed = number.wrapping_mul(2_654_435_761) >> 12;
        Machine {
            name: Some(format!("m{mixed}")),
            cpu: Some(i64::from(mixed % 64)),
            disks: Some(Ref::to("d")),
            ..Machine::default()
        }
    };
    (0..100_000).map(machine).collect()
}

#[test]
fn many_items_are_filtered_sorted_and_subset() {
    let mut found = many();
    let start = Instant::now();
    let text = "$filter=cpu>=8 and name!='m8'&$orderby=cpu:desc,name&$first=2&$last=4&$select=name,count&$expand=*";
    query(text).apply(&mut found, Dialect::V2, &());
    let taken = start.elapsed();
    let mut expected = many().items;
    expected.retain(|machine| machine.cpu >= Some(8) && machine.name.as_deref() != Some("m8"));
    expected.sort_by(|a, b| b.cpu.cmp(&a.cpu).then_with(|| a.name.cmp(&b.name)));
    assert_eq!(found.count, i64::try_from(expected.len()).ok());
    let expected: Vec<&str> = expected[1..4].iter().filter_map(|machine| machine.name.as_deref()).collect();
    assert_eq!(names(&found), expected);
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}

#[test]
fn many_keys_and_references_cost_no_more_than_those_that_there_are() {
    let names: Vec<String> = (0..5_000).map(|number| format!("n{number}")).collect();
    let start = Instant::now();
    let order = names.iter().map(String::as_str).chain(["cpu", "cpu", "name", "n7"]).map(OrderBy::descending);
    let query = Query { order_by: order.collect(), expand: Some(Expand::of(names.clone())), ..Query::default() };
    let mut found = many();
    found.items[5].extensions.insert("n7", "x");
    let first = found.items[5].clone();
    query.apply(&mut found, Dialect::V2, &());
    assert_eq!(found.items[0], first);
    assert!(found.items[1..].is_sorted_by(|a, b| (b.cpu, &b.name) <= (a.cpu, &a.name)));
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn damaged_queries_are_refused_or_understood() {
    let good =
        "$filter=name%3D%27a%27&$select=name,machines/id&$orderby=cpu:desc&$first=1&$last=2&$format=xml&$expand=*";
    for at in 0..good.len() {
        for with in ["", "%", "%F", "%FF", "&", "=", ",", ":", "/", "{", "\u{e9}", "$", "+", "\0"] {
            let damaged = format!("{}{with}{}", &good[..at], &good[at + 1..]);
            if let Ok(query) = damaged.parse::<Query>() {
                let mut found: Collection<Machine> = [Machine::default()].into_iter().collect();
                query.apply(&mut found, Dialect::V1, &());
                assert_eq!(query.to_string().parse::<Query>().unwrap(), query, "{damaged}");
            }
        }
    }
}
