//! Measures filters: over many machines next to the same test by hand, and parsing by length; see `README.md`.

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod harness;

use cimi_model::filter::Filter;
use cimi_model::reflect::Described;
use cimi_model::{Machine, MachineState};
use harness::Item;

const FILTER: &str = "state='STARTED' and cpu>=4 and name!='x'";

/// What a program that needs nothing but these three attributes would hold.
struct Row {
    state: String,
    cpu: i64,
    name: String,
}

fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |otherwise| words.next().map_or(otherwise, |word| word.parse().expect("a number"));
    let (machines, rounds) = (number(1_000_000), number(20));
    let machines: Vec<Machine> = (0..machines).map(machine).collect();
    let rows: Vec<Row> = machines.iter().map(row).collect();
    let filter: Filter = FILTER.parse().expect("a filter");
    let [text, longer] = [4_000, 16_000].map(|terms| vec!["name='web-0000001'"; terms].join(" or "));
    let mut items = [
        Item::new("filter", || {
            let compiled = filter.for_type(Machine::TYPE);
            machines.iter().filter(|machine| compiled.matches(*machine)).count()
        }),
        Item::new("by-hand", || machines.iter().filter(|machine| by_hand(machine)).count()),
        Item::new("by-hand-bare", || rows.iter().filter(|row| by_hand_bare(row)).count()),
        Item::new("parse-4000", || text.parse::<Filter>()),
        Item::new("parse-16000", || longer.parse::<Filter>()),
    ];
    println!("{} machines of {} bytes: {FILTER}\n", machines.len(), size_of::<Machine>());
    harness::run(&mut items, rounds);
    println!("{:<14} {:>10} {:>10}", "item", "least ms", "median ms");
    for item in &items {
        let [least, median] = [item.shortest(), item.median()].map(|time| time.as_secs_f64() * 1e3);
        println!("{:<14} {least:>10.3} {median:>10.3}", item.name);
    }
    let [filter, by_hand, bare, parse, longer] = items.each_ref().map(|item| item.shortest().as_secs_f64());
    println!("\nfilter against by-hand       {:>6.2}, at most 4", filter / by_hand);
    println!("filter against by-hand-bare  {:>6.2}", filter / bare);
    println!("parsing four times as much   {:>6.2}", longer / parse);
}

fn machine(number: usize) -> Machine {
    Machine {
        name: Some(format!("web-{number:07}")),
        state: Some(if number.is_multiple_of(7) { MachineState::Stopped } else { MachineState::Started }),
        cpu: Some(1 << (number % 5)),
        ..Machine::default()
    }
}

fn row(machine: &Machine) -> Row {
    Row {
        state: machine.state.as_ref().map_or("", MachineState::as_str).to_owned(),
        cpu: machine.cpu.unwrap_or_default(),
        name: machine.name.clone().unwrap_or_default(),
    }
}

fn by_hand(machine: &Machine) -> bool {
    machine.state == Some(MachineState::Started)
        && machine.cpu.is_some_and(|cpu| cpu >= 4)
        && machine.name.as_deref() != Some("x")
}

fn by_hand_bare(row: &Row) -> bool {
    row.state == "STARTED" && row.cpu >= 4 && row.name != "x"
}
