//! Measures the reading, checking and writing of audit records and prints ratios; see `README.md`.

#[path = "../audit.rs"]
mod audit;
#[path = "../audit_derived.rs"]
mod derived;
#[path = "../harness.rs"]
mod harness;
#[path = "../others.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod others;

use std::hint::black_box;
use std::process::ExitCode;

use audit::Log;
use cimi_cadf::{Event, Records, Validation};
use cimi_model::{Format, ReadOptions, WriteOptions};
use harness::{Item, Ratio, ratio};

/// How often a single record is read in one run of an item.
const REPEATS: usize = 1_000;

const RATIOS: &[Ratio] = &[
    ratio("built-read", "built-value", None),
    ratio("built-check", "built-value", None),
    ratio("middleware-read", "middleware-value", None),
    ratio("middleware-check", "middleware-value", None),
    ratio("canonical-read", "canonical-value", None),
    ratio("canonical-check", "canonical-value", None),
    ratio("lines-read", "lines-value", None),
    ratio("lines-check", "lines-value", Some(3.0)),
    ratio("lines-check", "lines-derived", None),
    ratio("array-read", "array-value", None),
    ratio("array-check", "array-value", Some(3.0)),
    ratio("xml-read", "xml-events", None),
    ratio("xml-check", "xml-events", None),
    ratio("xml-read", "lines-read", None),
    ratio("json-write", "json-write-value", None),
    ratio("xml-write", "json-write", None),
];

fn main() -> ExitCode {
    let arguments = match harness::arguments("--records", 100_000, 10) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\nusage: cadf [--records N] [--rounds N] [--only ITEM]");
            return ExitCode::from(2);
        }
    };
    let log = Log::new(arguments.size);
    let [middleware, canonical] = [audit::middleware(0), audit::canonical(1)];
    let mut items = Vec::from(single("built", audit::BUILT));
    items.extend(single("middleware", &middleware));
    items.extend(single("canonical", &canonical));
    items.extend(of_log(&log));
    if let Some(only) = &arguments.only {
        items.retain(|item| item.name == *only);
    }
    if items.is_empty() {
        eprintln!("no such item; they are named in the table");
        return ExitCode::from(2);
    }
    println!("{} records of {} bytes; single records {REPEATS} times\n", arguments.size, log.lines.len());
    harness::run(&mut items, arguments.rounds);
    harness::print_times(&items);
    harness::print_ratios(&items, RATIOS);
    ExitCode::SUCCESS
}

/// What is done with one record, over and over.
fn single<'t>(name: &str, text: &'t str) -> [Item<'t>; 3] {
    let options = ReadOptions::default();
    let validation = Validation::strict();
    [
        Item::new(format!("{name}-read"), move || {
            for _ in 0..REPEATS {
                drop(black_box(Event::read(text.as_bytes(), &options).expect("readable")));
            }
        }),
        Item::new(format!("{name}-check"), move || {
            for _ in 0..REPEATS {
                let parsed = Event::read(text.as_bytes(), &options).expect("readable");
                drop(black_box(validation.parsed(&parsed)));
            }
        }),
        Item::new(format!("{name}-value"), move || {
            for _ in 0..REPEATS {
                drop(black_box(serde_json::from_str::<serde_json::Value>(text).expect("readable")));
            }
        }),
    ]
}

/// What is done with a log, as a stream.
fn of_log(log: &Log) -> Vec<Item<'_>> {
    let lines = || log.lines.lines();
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("readable");
    let values: Vec<_> = lines().map(value).collect();
    vec![
        Item::new("lines-read", || read(&log.lines)),
        Item::new("lines-check", || check(&log.lines)),
        Item::new("lines-value", move || lines().map(|line| drop(black_box(value(line)))).count()),
        Item::new("lines-derived", move || lines().map(|line| drop(black_box(derived::read(line)))).count()),
        Item::new("array-read", || read(&log.array)),
        Item::new("array-check", || check(&log.array)),
        Item::new("array-value", move || value(&log.array)),
        Item::new("xml-read", || read(&log.xml)),
        Item::new("xml-check", || check(&log.xml)),
        Item::new("xml-events", || others::xml_events(&log.xml)),
        Item::new("json-write", || write(&log.events, Format::Json)),
        Item::new("json-write-value", move || {
            values.iter().map(|value| serde_json::to_string(value).expect("written").len()).sum::<usize>()
        }),
        Item::new("xml-write", || write(&log.events, Format::Xml)),
    ]
}

fn read(text: &str) -> usize {
    Records::new(text.as_bytes(), ReadOptions::default()).map(|record| drop(black_box(record))).count()
}

/// Reads and checks as `audit validate` does; gives the number of problems.
fn check(text: &str) -> usize {
    let records = Records::new(text.as_bytes(), ReadOptions::default());
    records
        .map(|record| {
            let validation = Validation { strict: false, format: record.format };
            validation.parsed(&record.event.expect("readable")).len()
        })
        .sum()
}

fn write(events: &[Event], format: Format) -> usize {
    let write = |event: &Event| event.to_string(format, WriteOptions::default()).expect("written").len();
    events.iter().map(write).sum()
}
