//! The query vectors of the corpus, and real documents.

use std::path::PathBuf;

use cimi_model::reflect::Record;
use cimi_model::{Any, CloudEntryPoint, Dialect, Document, Generic, ReadOptions, Registry, Uri};
use cimi_protocol::Result;
use cimi_protocol::query::{Encoding, Query, QueryOptions};
use serde_json::{Value, json};

fn corpus(file: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("CIMI_TEST_DATA").map(PathBuf::from) else {
        println!("skipped, CIMI_TEST_DATA is not set");
        return None;
    };
    Some(std::fs::read_to_string(folder.join("corpus").join(file)).expect(file))
}

/// The query of a row: one parameter for each of its values.
fn query_of(parameter: &str, values: &str, options: &QueryOptions) -> Result<Query> {
    let values = match serde_json::from_str(values).expect(values) {
        Value::Null => Vec::new(),
        Value::Array(values) => values,
        value => vec![value],
    };
    let other = values.iter().map(|value| (parameter.to_owned(), value.as_str().unwrap().to_owned())).collect();
    let text = Query { other, ..Query::default() }.to_string();
    Query::parse_with(&text, options)
}

fn extended() -> QueryOptions {
    let mut options = QueryOptions::default();
    options.filter.extensions = true;
    options
}

/// What a row says of the parameter, in the words of the corpus.
fn outcome(parameter: &str, query: &Query) -> Value {
    let list = |names: Vec<&str>| json!(names);
    match parameter {
        "$first" => json!(query.first.unwrap_or(1)),
        "$last" => json!(query.last),
        "$format" => match query.format.as_ref().and_then(Encoding::format) {
            Some(format) => json!(cimi_protocol::content_type(format).to_str().unwrap()),
            None => Value::Null,
        },
        "$select" => match &query.select {
            None => Value::Null,
            Some(select) if select.is_all() => json!("*"),
            Some(select) => {
                let mut names: Vec<&str> = select.names().chain(["resourceURI"]).collect();
                names.sort_unstable();
                list(names)
            }
        },
        "$expand" => match &query.expand {
            None => json!("none"),
            Some(expand) if expand.is_all() => json!("all"),
            Some(expand) => list(expand.names().collect()),
        },
        "$orderby" => {
            let direction = |descending| if descending { "desc" } else { "asc" };
            query.order_by.iter().map(|order| json!([order.attribute, direction(order.descending)])).collect()
        }
        "$filter" => {
            let filters: Vec<String> = query.filter.iter().map(|filter| format!("({filter})")).collect();
            json!(filters.join(" and "))
        }
        other => panic!("{other}"),
    }
}

#[test]
fn parameters_mean_what_the_corpus_says() {
    let Some(rows) = corpus("cimi-query-params.tsv") else { return };
    let mut checked = 0;
    for row in rows.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [parameter, values, _, expected, ..] = columns[..] else { panic!("{row}") };
        if !parameter.starts_with('$') {
            continue;
        }
        let expected: Value = serde_json::from_str(expected).unwrap_or_else(|_| json!(expected));
        let query = query_of(parameter, values, &QueryOptions::default());
        match expected.as_str() {
            // The standard says nothing of values that do not follow it: they are refused.
            Some(either) if either.starts_with("error or") => assert!(query.is_err(), "{row}"),
            // White space around names and directions is tolerated.
            Some("lenient") => {
                assert_eq!(outcome(parameter, &query.expect(row)), json!([["a", "desc"], ["b", "desc"]]), "{row}");
            }
            _ => assert_eq!(outcome(parameter, &query.expect(row)), expected, "{row}"),
        }
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn events_are_queried_as_the_corpus_says() {
    let (Some(rows), Some(resources)) = (corpus("cimi-query-params.tsv"), corpus("cimi-filter-resources.json")) else {
        return;
    };
    let resources: Value = serde_json::from_str(&resources).unwrap();
    let uri = "http://sixsq.com/slipstream/1/EventCollection";
    let text = json!({"resourceURI": uri, "events": resources["events"]}).to_string();
    let mut checked = 0;
    for row in rows.lines().filter(|row| row.starts_with("query over 20 events")) {
        let columns: Vec<&str> = row.split('\t').collect();
        let text_of = |column: usize| serde_json::from_str::<String>(columns[column]).expect(row);
        let query = Query::parse_with(&text_of(1), &extended()).expect(row);
        let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
        let mut document = parsed.value;
        query.apply(document.record_mut(), Dialect::V2, &());
        let found: &Generic = document.as_ref().unwrap();
        let returned = match found.extensions.get("events") {
            Some(Any::Array(events)) => events.len(),
            None => 0,
            other => panic!("{other:?}"),
        };
        let count = found.extensions.get("count").cloned();
        for expected in text_of(3).split(' ') {
            let (name, number) = expected.split_once('=').expect(row);
            let number: i64 = number.parse().expect(row);
            match name {
                "count" => assert_eq!(count, Some(number.into()), "{row}"),
                _ => assert_eq!(i64::try_from(returned).unwrap(), number, "{row}"),
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 7);
}

#[test]
fn uris_of_real_clients_are_parsed() {
    let Some(index) = corpus("cimi-deltacloud/INDEX.tsv") else { return };
    let (mut parsed, mut refused) = (0, 0);
    for uri in index.lines().filter_map(|row| row.split('\t').nth(1)?.split_once(' ').map(|(_, uri)| uri)) {
        let Ok(uri) = uri.parse::<http::Uri>() else { continue };
        match Query::of(&uri, &extended()) {
            Ok(query) => {
                parsed += usize::from(query != Query::default());
                let again: Query = Query::parse_with(&query.to_string(), &extended()).unwrap();
                assert_eq!(again, query, "{uri}");
            }
            Err(error) => {
                println!("{uri}: {error}");
                refused += 1;
            }
        }
    }
    println!("{parsed} queries, {refused} refused");
    assert!(parsed > 20 && refused < 5);
}

/// A real provider's entry point, with a reference expanded by it, and by us.
#[test]
fn the_entry_point_is_expanded_as_a_provider_did() {
    let files = ["001_GET_cloudEntryPoint.json", "004_GET_cloudEntryPoint_expand_machines.json"];
    let [Some(plain), Some(expanded)] = files.map(|file| corpus(&format!("cimi-deltacloud/{file}"))) else { return };
    let read = |text: &str| {
        let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
        parsed.value.into_value::<CloudEntryPoint>().unwrap()
    };
    let (mut ours, theirs) = (read(&plain), read(&expanded));
    let machines = theirs.machines.clone().unwrap_or_default();
    let source = |href: &Uri| -> Option<Box<dyn Record>> {
        let found = machines.value.clone().filter(|_| machines.href.as_ref() == Some(href));
        found.map(|found| found as _)
    };
    let query: Query = "$expand=machines".parse().unwrap();
    query.apply(&mut ours, Dialect::V1, &source);
    ours.created.clone_from(&theirs.created);
    assert_eq!(ours.machines.as_ref().and_then(|found| found.value.as_ref()).map(|found| found.items.len()), Some(4));
    assert_eq!(ours, theirs);
}
