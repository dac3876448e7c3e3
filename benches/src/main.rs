//! Measures the reading and writing of a large collection and prints ratios; see `README.md`.

mod exchange;
mod harness;
mod others;
mod sample;

use std::process::ExitCode;

use cimi_model::{Collection, Dialect, Machine, ReadOptions, json, xml};
use exchange::Requests;
use harness::{Item, Ratio, ratio};
use sample::{Sample, options};

const RATIOS: &[Ratio] = &[
    ratio("json-read", "json-read-value", Some(0.30)),
    ratio("json-read", "json-read-derived", None),
    ratio("json1-read", "json1-read-value", Some(0.30)),
    ratio("xml-read", "xml-events", Some(3.0)),
    ratio("xml1-read", "xml1-events", Some(3.0)),
    ratio("xml-read", "xml-tree", None),
    ratio("xml1-read", "xml1-tree", None),
    ratio("xml-write", "json-write", Some(1.5)),
    ratio("xml1-write", "json1-write", Some(1.5)),
    ratio("json-write", "json-write-value", None),
    ratio("json-write", "json-write-derived", None),
    ratio("update", "update-bare", Some(1.3)),
    ratio("update", "update-value", Some(1.3)),
    ratio("create", "create-bare", Some(1.3)),
    ratio("create", "create-value", Some(1.3)),
    ratio("list", "list-bare", Some(1.3)),
];

fn main() -> ExitCode {
    let arguments = match harness::arguments("--members", 1_000, 60) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\nusage: cimi-benches [--members N] [--rounds N] [--only ITEM]");
            return ExitCode::from(2);
        }
    };
    let sample = Sample::new(arguments.size);
    let requests = Requests::new(&sample.machines);
    let mut items = items(&sample);
    items.extend(requests.items());
    if let Some(only) = &arguments.only {
        items.retain(|item| item.name == *only);
    }
    if items.is_empty() {
        eprintln!("no such item; they are named in the table");
        return ExitCode::from(2);
    }
    println!("{} members; {} bytes of JSON, {} of XML\n", arguments.size, sample.json[1].len(), sample.xml[1].len());
    harness::run(&mut items, arguments.rounds);
    harness::print_times(&items);
    harness::print_ratios(&items, RATIOS);
    ExitCode::SUCCESS
}

/// Everything that is measured. `1` in a name stands for CIMI 1.x; the others are 2.0.
fn items(sample: &Sample) -> Vec<Item<'_>> {
    let [json1, json2] = &sample.json;
    let [xml1, xml2] = &sample.xml;
    let value = value(json2);
    let derived: others::Machines = derived(json2);
    vec![
        Item::new("json-read", || read_json(json2)),
        Item::new("json-read-value", || self::value(json2)),
        Item::new("json-read-derived", || self::derived(json2)),
        Item::new("json1-read", || read_json(json1)),
        Item::new("json1-read-value", || self::value(json1)),
        Item::new("xml-read", || read_xml(xml2)),
        Item::new("xml-events", || others::xml_events(xml2)),
        Item::new("xml-tree", || others::xml_tree(xml2)),
        Item::new("xml1-read", || read_xml(xml1)),
        Item::new("xml1-events", || others::xml_events(xml1)),
        Item::new("xml1-tree", || others::xml_tree(xml1)),
        Item::new("json-write", || json::to_vec(&sample.machines, options(Dialect::V2)).expect("written")),
        Item::new("json-write-value", move || serde_json::to_vec(&value).expect("written")),
        Item::new("json-write-derived", move || serde_json::to_vec(&derived).expect("written")),
        Item::new("json1-write", || json::to_vec(&sample.machines, options(Dialect::V1)).expect("written")),
        Item::new("xml-write", || xml::to_vec(&sample.machines, options(Dialect::V2)).expect("written")),
        Item::new("xml1-write", || xml::to_vec(&sample.machines, options(Dialect::V1)).expect("written")),
    ]
}

fn read_json(text: &str) -> Collection<Machine> {
    json::from_slice(text.as_bytes(), &ReadOptions::default()).expect("readable").value
}

fn read_xml(text: &str) -> Collection<Machine> {
    xml::from_slice(text.as_bytes(), &ReadOptions::default()).expect("readable").value
}

fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("readable")
}

fn derived(text: &str) -> others::Machines {
    serde_json::from_str(text).expect("readable")
}
