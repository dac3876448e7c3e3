//! Measures logs of several resources: merging them next to concatenating and sorting, and by length; see `README.md`.

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod harness;

use cimi_model::ext::logs::{Merge, Origin, Selection, Window, gather};
use cimi_model::{DateTime, Event};
use harness::{Item, ratio};

const RATIOS: &[harness::Ratio] = &[
    ratio("merge", "sort", None),
    ratio("gather", "sort", None),
    ratio("window", "sort", None),
    ratio("merge", "unique", None),
    ratio("gather", "unique", None),
    ratio("merge-x4", "merge", None),
    ratio("gather-x4", "gather", None),
    ratio("window-x4", "window", None),
    ratio("sort-x4", "sort", None),
    ratio("unique-x4", "unique", None),
];

/// How many logs there are.
const LOGS: usize = 10;

fn main() {
    let arguments = harness::arguments("--events", 100_000, 20).unwrap_or_else(|message| {
        eprintln!("{message}\nusage: logs [--events N] [--rounds N] [--only ITEM]");
        std::process::exit(2)
    });
    let logs = |events: usize| -> Vec<(Origin, Vec<Event>)> {
        let each = |log| (0..events / LOGS).map(|number| event(number * LOGS + log)).collect();
        (0..LOGS).map(|log| (Origin::default(), each(log))).collect()
    };
    let (short, long) = (logs(arguments.size), logs(4 * arguments.size));
    let window = |events: usize| Selection {
        window: Window { from: Some(time(events / 4)), to: Some(time(events / 2)) },
        ..Selection::default()
    };
    let mut items = Vec::new();
    for (name, logs, events) in [("", &short, arguments.size), ("-x4", &long, 4 * arguments.size)] {
        let selection = window(events);
        items.push(Item::new(format!("sort{name}"), move || sorted(logs, false)));
        items.push(Item::new(format!("unique{name}"), move || sorted(logs, true)));
        items.push(Item::new(format!("merge{name}"), move || {
            let streams = logs.iter().map(|(origin, events)| (origin, events.iter().map(Ok)));
            Merge::new(streams).filter_map(|entry| entry.ok()?.event.timestamp.as_ref()).count()
        }));
        items.push(Item::new(format!("gather{name}"), move || gathered(logs, &Selection::default())));
        items.push(Item::new(format!("window{name}"), move || gathered(logs, &selection)));
    }
    if let Some(only) = &arguments.only {
        items.retain(|item| item.name == *only);
    }
    println!("{} events in {LOGS} logs\n", arguments.size);
    harness::run(&mut items, arguments.rounds);
    harness::print_times(&items);
    harness::print_ratios(&items, RATIOS);
}

/// What one would do without the library: all in one list, with the instants, sorted; each Event once, if asked for.
fn sorted(logs: &[(Origin, Vec<Event>)], unique: bool) -> usize {
    let instant = |event: &Event| event.timestamp.as_ref().and_then(DateTime::instant).map(|time| time.to_utc());
    let all = logs.iter().flat_map(|(origin, events)| events.iter().map(move |event| (instant(event), origin, event)));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(time, ..)| *time);
    if unique {
        let mut known = std::collections::HashSet::new();
        all.retain(|(_, _, event)| event.id.as_ref().is_none_or(|id| known.insert(id)));
    }
    all.len()
}

fn gathered(logs: &[(Origin, Vec<Event>)], selection: &Selection) -> usize {
    let logs = logs.iter().map(|(origin, events)| (origin, events.as_slice()));
    gather(logs, selection).expect("a selection").entries.len()
}

fn time(second: usize) -> DateTime {
    let (day, clock) = (second / 86_400, second % 86_400);
    let time = format!("2025-01-{:02}T{:02}:{:02}:{:02}Z", 1 + day, clock / 3600, clock / 60 % 60, clock % 60);
    time.parse().expect("a time")
}

/// Every third is of the same instant as one of another log.
fn event(second: usize) -> Event {
    Event {
        id: Some(format!("events/{second}").into()),
        timestamp: Some(time(second - second % 3 % 2)),
        ..Event::default()
    }
}
