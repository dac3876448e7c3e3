//! Measures the reading and writing of a large collection and prints ratios; see `README.md`.

mod exchange;
mod harness;
mod others;
mod sample;

use std::process::ExitCode;

use cimi_model::{Collection, Dialect, Machine, ReadOptions, json, xml};
use exchange::Requests;
use harness::Item;
use sample::{Sample, options};

/// One line of the table: how long one item takes in terms of another, and what it should be at most.
struct Ratio {
    item: &'static str,
    against: &'static str,
    goal: Option<f64>,
}

const fn ratio(item: &'static str, against: &'static str, goal: Option<f64>) -> Ratio {
    Ratio { item, against, goal }
}

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
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\nusage: cimi-benches [--members N] [--rounds N] [--only ITEM]");
            return ExitCode::from(2);
        }
    };
    let sample = Sample::new(arguments.members);
    let requests = Requests::new(&sample.machines);
    let mut items = items(&sample);
    items.extend(requests.items());
    if let Some(only) = &arguments.only {
        items.retain(|item| item.name == only);
    }
    if items.is_empty() {
        eprintln!("no such item; they are named in the table");
        return ExitCode::from(2);
    }
    println!("{} members; {} bytes of JSON, {} of XML\n", arguments.members, sample.json[1].len(), sample.xml[1].len());
    harness::run(&mut items, arguments.rounds);
    print_times(&items);
    print_ratios(&items);
    ExitCode::SUCCESS
}

struct Arguments {
    members: usize,
    rounds: usize,
    only: Option<String>,
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { members: 1_000, rounds: 60, only: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let number = || value.parse().map_err(|_| format!("{word} takes a number"));
        match word.as_str() {
            "--members" => found.members = number()?,
            "--rounds" => found.rounds = number()?,
            "--only" => found.only = Some(value),
            _ => return Err(format!("unknown option {word}")),
        }
    }
    Ok(found)
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

fn print_times(items: &[Item<'_>]) {
    println!("{:<20} {:>10} {:>10}", "item", "least ms", "median ms");
    for item in items {
        let [least, median] = [item.shortest(), item.median()].map(|time| time.as_secs_f64() * 1e3);
        println!("{:<20} {least:>10.2} {median:>10.2}", item.name);
    }
}

fn print_ratios(items: &[Item<'_>]) {
    println!("\n{:<12} {:<20} {:>8} {:>10} {:>8}", "item", "against", "least", "median", "goal");
    for ratio in RATIOS {
        let find = |name| items.iter().find(|item| item.name == name);
        let (Some(item), Some(against)) = (find(ratio.item), find(ratio.against)) else { continue };
        let least = item.shortest().as_secs_f64() / against.shortest().as_secs_f64();
        let median = item.median().as_secs_f64() / against.median().as_secs_f64();
        let goal = ratio
            .goal
            .map_or(String::new(), |goal| format!("{goal:>8.2}{}", if least <= goal { "" } else { "  missed" }));
        println!("{:<12} {:<20} {least:>8.2} {median:>10.2} {goal}", ratio.item, ratio.against);
    }
}
