//! The verdicts and results of several implementations, where they are at hand.

use std::collections::BTreeMap;

use cimi_model::filter::{Filter, FilterOptions};
use cimi_model::reflect::Record;
use cimi_model::{Document, Machine, MachineConfiguration, ReadOptions, Registry, json};
use serde_json::Value;

use crate::EXTENDED;
use crate::support::corpus;

/// The filters of which our extended language says otherwise than one of the peers that it was made after.
const NOT_AS_PEERS: &[(&str, &str)] = &[
    ("alpha>true", "the standard's grammar has it; that booleans have no order is a matter of types"),
    ("property['beta']<'4'", "as above, for strings"),
    ("property['n']<'4'", "as above, for strings"),
    ("_=1", "names may begin with an underscore (5.2)"),
    ("_a=1", "names may begin with an underscore (5.2)"),
    ("a-=1", "the standard's own column has it; nothing is said about dashes"),
    ("property['beta']='4'", "the standard has properties, Nuvla no longer"),
    ("property['beta']!='4'", "the standard has properties, Nuvla no longer"),
    ("property['owner']='joe'", "the standard has properties, Nuvla no longer"),
    ("property['none']='joe'", "the standard has properties, Nuvla no longer"),
    ("id=[]", "lists are Nuvla's alone"),
    ("id=[\"a\" \"b\" 1]", "lists are Nuvla's alone"),
    ("property=['owner']", "lists are Nuvla's alone"),
    ("attr intersects 'POINT(1 2)'", "geography is Nuvla's alone"),
    ("attr2 contains 'POINT (30 10)'", "geography is Nuvla's alone"),
    ("created>2012-13-01", "there is no such month"),
    ("created>2012-01-02T25:00:00Z", "there is no such hour"),
];

struct Row {
    cells: BTreeMap<String, String>,
}

impl Row {
    fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

fn rows(name: &str) -> Vec<Row> {
    let Some(folder) = corpus::folder(name) else { return Vec::new() };
    let text = std::fs::read_to_string(folder.join("corpus/cimi-filter.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        let cells = names.iter().map(|name| (*name).to_owned()).zip(line.split('\t').map(str::to_owned));
        Row { cells: cells.collect() }
    };
    let rows: Vec<Row> = lines.map(row).filter(|row| row.get("production") == "Filter").collect();
    assert!(rows.len() > 200, "{}", rows.len());
    rows
}

fn verdict(accepted: bool) -> &'static str {
    if accepted { "valid" } else { "invalid" }
}

#[test]
fn verdicts_by_the_standard() {
    for row in rows("verdicts_by_the_standard") {
        let filter = row.get("filter");
        let outcome = filter.parse::<Filter>();
        // We read the standard in no row otherwise.
        assert_eq!(verdict(outcome.is_ok()), row.get("spec20"), "{filter}: {outcome:?}");
    }
}

#[test]
fn verdicts_with_extensions() {
    for row in rows("verdicts_with_extensions") {
        let filter = row.get("filter");
        let outcome = Filter::parse(filter, &EXTENDED);
        let ours = verdict(outcome.is_ok());
        let peers = ["slipstream", "nuvla"].iter().all(|peer| row.get(peer) == ours);
        let explained = NOT_AS_PEERS.iter().any(|(explained, _)| *explained == filter);
        assert!(peers || explained, "{filter}: {outcome:?}");
        if row.get("spec20") == "valid" {
            assert!(outcome.is_ok(), "{filter}: {outcome:?}");
        }
    }
}

#[test]
fn canonical_forms_parse_to_themselves() {
    for row in rows("canonical_forms_parse_to_themselves") {
        for options in [FilterOptions::default(), EXTENDED] {
            let Ok(filter) = Filter::parse(row.get("filter"), &options) else { continue };
            let text = filter.to_string();
            let again = Filter::parse(&text, &options).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((&again, again.to_string()), (&filter, text));
        }
    }
}

/// A resource as a type that has a table, where there is one, and as one that has none.
fn records(mut resource: Value, set: &str) -> Vec<Box<dyn Record>> {
    let bytes = serde_json::to_vec(&resource).unwrap();
    let lenient = ReadOptions::default();
    let mut found: Vec<Box<dyn Record>> = Vec::new();
    match set {
        "machines" | "" => found.push(Box::new(json::from_slice::<Machine>(&bytes, &lenient).unwrap().value)),
        "machine_configs" => {
            found.push(Box::new(json::from_slice::<MachineConfiguration>(&bytes, &lenient).unwrap().value));
        }
        _ => {}
    }
    resource["resourceURI"] = "http://example.com/Thing".into();
    let bytes = serde_json::to_vec(&resource).unwrap();
    let document = Document::read(&bytes, &Registry::standard(), &lenient).unwrap().value;
    found.push(document.record().boxed_clone());
    found
}

/// Which of the resources of a set fulfil a filter, in each form.
fn selected(filter: &Filter, set: &str, resources: &[Value]) -> Vec<usize> {
    let fulfils = |resource: &Value| {
        let verdicts: Vec<bool> =
            records(resource.clone(), set).iter().map(|record| filter.matches(record.as_ref())).collect();
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{filter} and {resource}: {verdicts:?}");
        verdicts[0]
    };
    let found = resources.iter().enumerate().filter(|(_, resource)| fulfils(resource));
    found.map(|(index, _)| index).collect()
}

#[test]
fn results() {
    let mut compared = 0;
    for row in rows("results") {
        let (filter, set, expected) = (row.get("filter"), row.get("resource"), row.get("expected"));
        // The peer's mistake, which the note of the row says.
        if expected.is_empty() || expected == "wrong" {
            continue;
        }
        let folder = corpus::folder("results").unwrap();
        let sets = std::fs::read(folder.join("corpus/cimi-filter-resources.json")).unwrap();
        let sets: Value = serde_json::from_slice(&sets).unwrap();
        let parsed = Filter::parse(filter, &EXTENDED).unwrap();
        let (set, resources) = match serde_json::from_str(set) {
            Ok(resource) => ("", vec![resource]),
            Err(_) => (set, sets[set].as_array().unwrap().clone()),
        };
        let selected = selected(&parsed, set, &resources);
        let found = match expected.split_once(['=', ' ']) {
            Some(("count", _)) => format!("count={}", selected.len()),
            Some(("sequence", _)) => {
                let sequences = selected.iter().map(|index| resources[*index]["sequence"].to_string());
                format!("sequence in {}", sequences.collect::<Vec<_>>().join(","))
            }
            _ if selected.is_empty() => "no match".to_owned(),
            _ => "match".to_owned(),
        };
        assert_eq!(found, expected, "{filter}");
        compared += 1;
    }
    println!("{compared} results compared");
}

#[test]
fn several_filters_are_and_ed() {
    let Some(folder) = corpus::folder("several_filters_are_and_ed") else { return };
    let text = std::fs::read_to_string(folder.join("corpus/cimi-query-params.tsv")).unwrap();
    let mut compared = 0;
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let ["$filter", values, _, expected, ..] = cells.as_slice() else { continue };
        let filters: Vec<String> = match serde_json::from_str(values).unwrap() {
            Value::String(one) => vec![one],
            several => serde_json::from_value(several).unwrap(),
        };
        let expected: String = serde_json::from_str(expected).unwrap();
        let all = Filter::all(filters.iter().map(|filter| filter.parse().unwrap())).unwrap();
        assert_eq!(all, expected.parse().unwrap(), "{line}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}
