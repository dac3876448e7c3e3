//! Several streams in the order of time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::cell::Cell;
use std::rc::Rc;

use cimi_cadf::{Merge, Order, Record, Records};
use cimi_model::ReadOptions;
use proptest::prelude::*;

/// A stream of JSON lines: `id time`, without a time where there is none, unreadable where there is neither.
fn stream(records: &str) -> String {
    let line = |record: &str| match record.split_once(' ') {
        Some((id, time)) => format!("{{\"id\": \"{id}\", \"eventTime\": \"{time}\"}}\n"),
        None if record == "!" => "{]\n".to_owned(),
        None => format!("{{\"id\": \"{record}\"}}\n"),
    };
    records.split(", ").filter(|record| !record.is_empty()).map(line).collect()
}

fn name(record: &Record) -> String {
    record.event.as_ref().map_or_else(|_| "!".to_owned(), |event| event.value.id.as_ref().unwrap().to_string())
}

/// What comes out: identifiers, `?` after those without a time, `<` after those that are late.
fn merged(streams: &[&str], window: usize) -> String {
    let texts: Vec<String> = streams.iter().map(|records| stream(records)).collect();
    let records: Vec<_> = texts.iter().map(|text| Records::new(text.as_bytes(), ReadOptions::default())).collect();
    let mark = |order| match order {
        Order::InTime => "",
        Order::Untimed => "?",
        _ => "<",
    };
    Merge::new(records)
        .window(window)
        .map(|merged| format!("{}{}", name(&merged.record), mark(merged.order)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn at(second: u32) -> String {
    format!("2025-01-01T00:{:02}:{:02}+00:00", second / 60, second % 60)
}

/// Records at these seconds: `a1` is one at the first.
fn seconds(records: &str) -> String {
    let record = |text: &str| match text.find(|c: char| c.is_ascii_digit()) {
        Some(0) | None => text.to_owned(),
        Some(digits) => format!("{text} {}", at(text[digits..].parse().unwrap())),
    };
    records.split(' ').filter(|text| !text.is_empty()).map(record).collect::<Vec<_>>().join(", ")
}

#[test]
fn streams_interleave_by_time() {
    for (streams, expected) in [
        (&[][..], ""),
        (&["", ""], ""),
        (&["a1 a3 a5", "b2 b4"], "a1 b2 a3 b4 a5"),
        (&["a5", "b1 b2", "c3", ""], "b1 b2 c3 a5"),
        // The earlier stream first, and each in its order.
        (&["a1 aa1", "b1 bb1", "c0"], "c0 a1 aa1 b1 bb1"),
    ] {
        let streams: Vec<String> = streams.iter().map(|records| seconds(records)).collect();
        let streams: Vec<&str> = streams.iter().map(String::as_str).collect();
        assert_eq!(merged(&streams, 0), expected, "{streams:?}");
        assert_eq!(merged(&streams, 7), expected, "{streams:?}");
    }
}

#[test]
fn instants_count_and_not_their_texts() {
    let one = "a 2025-01-01T12:00:00+01:00, b 2025-01-01T06:30:00-05:00, c 2025-01-01T11:40:00Z";
    let other = "d 2025-01-01 11:00:30 +0000, e 2025-01-01T11:35:00.5, f 2025-01-01T11:40:00.000+00:00";
    assert_eq!(merged(&[one, other], 0), "a d b e c f");
}

/// What has no time that can be understood stays behind the one before it.
#[test]
fn records_without_a_time_keep_their_place() {
    let one = format!("x, a {}, y, !, b {}", at(10), at(20));
    let other = format!("c {}, z 10 o'clock, d {}, w", at(5), at(15));
    for window in [0, 1, 5] {
        assert_eq!(merged(&[&one, &other], window), "x? c z? a y? !? d w? b", "{window}");
    }
}

#[test]
fn streams_that_are_not_sorted() {
    let messy = seconds("a3 a1 a2 a9 a5");
    let other = seconds("b4 b6");
    assert_eq!(merged(&[&messy, &other], 0), "a3 a1< a2< b4 b6 a9 a5<");
    assert_eq!(merged(&[&messy, &other], 1), "a1 a2 a3 b4 a5 b6 a9");
    assert_eq!(merged(&[&messy, &other], 2), "a1 a2 a3 b4 a5 b6 a9");
    // Farther off than the window, each is told.
    assert_eq!(merged(&[&seconds("a5 a6 a7 a1 a2")], 1), "a5 a6 a1< a2< a7");
    assert_eq!(merged(&[&seconds("a5 a6 a7 a1 a2")], 3), "a1 a2 a5 a6 a7");
    // What stays behind another moves with it.
    let moving = format!("a {}, x, b {}, y, z", at(5), at(1));
    assert_eq!(merged(&[&moving], 9), "b y? z? a x?");
}

#[test]
fn sources_and_numbers_are_those_of_the_streams() {
    let texts = [seconds("a2 a4"), seconds("b1 b3")].map(|records| stream(&records));
    let streams = texts.iter().map(|text| Records::new(text.as_bytes(), ReadOptions::default()));
    let found: Vec<_> = Merge::new(streams).map(|merged| (merged.source, merged.record.number)).collect();
    assert_eq!(found, [(1, 1), (0, 1), (1, 2), (0, 2)]);
}

/// Logs merge as other streams do.
#[test]
fn logs_merge() {
    let json = format!(r#"{{"events": [{{"id": "a", "eventTime": "{}"}}], "id": "l"}}"#, at(2));
    let xml =
        format!("<log xmlns='{}'><events><event id='b' eventTime='{}'/></events></log>", cimi_cadf::NAMESPACE, at(1));
    let streams = [json.as_str(), &xml].map(|text| Records::new(text.as_bytes(), ReadOptions::default()));
    let found: Vec<String> = Merge::new(streams).map(|merged| name(&merged.record)).collect();
    assert_eq!(found, ["b", "a"]);
}

/// No more is read ahead than one record and the window of each stream.
#[test]
fn memory_does_not_grow() {
    let text = stream(&seconds(&(0..3000).map(|second| format!("a{second}")).collect::<Vec<_>>().join(" ")));
    for window in [0, 10] {
        let read = Rc::new(Cell::new(0_usize));
        let streams: Vec<_> = (0..5)
            .map(|_| {
                let read = Rc::clone(&read);
                Records::new(text.as_bytes(), ReadOptions::default()).inspect(move |_| read.set(read.get() + 1))
            })
            .collect();
        let mut given = 0;
        for merged in Merge::new(streams).window(window) {
            assert_eq!(merged.order, Order::InTime);
            given += 1;
            assert!(read.get() <= given + 5 * (window + 1), "{} read for {given}", read.get());
        }
        assert_eq!(given, 15_000);
    }
}

proptest! {
    /// Nothing is lost or doubled, sorted streams come out sorted, and each stream keeps its order.
    #[test]
    fn merging_sorts(streams in prop::collection::vec(prop::collection::vec(0..100_u32, 0..20), 0..5), window in 0..4_usize, messy in any::<bool>()) {
        let texts: Vec<String> = streams
            .iter()
            .map(|times| {
                let mut times = times.clone();
                if !messy {
                    times.sort_unstable();
                }
                stream(&times.iter().map(|time| format!("{time} {}", at(*time))).collect::<Vec<_>>().join(", "))
            })
            .collect();
        let records = texts.iter().map(|text| Records::new(text.as_bytes(), ReadOptions::default()));
        let mut latest = 0;
        let mut count = 0;
        for merged in Merge::new(records).window(window) {
            let time: u32 = name(&merged.record).parse().unwrap();
            prop_assert_eq!(merged.order == Order::Late, time < latest);
            prop_assert!(messy || merged.order == Order::InTime);
            latest = latest.max(time);
            count += 1;
        }
        prop_assert_eq!(count, streams.iter().map(Vec::len).sum::<usize>());
    }

    /// A window as large as the stream sorts anything.
    #[test]
    fn a_large_window_sorts_all(times in prop::collection::vec(0..100_u32, 0..30)) {
        let text = stream(&times.iter().map(|time| format!("{time} {}", at(*time))).collect::<Vec<_>>().join(", "));
        let records = Records::new(text.as_bytes(), ReadOptions::default());
        let found: Vec<u32> = Merge::new([records]).window(30).map(|merged| name(&merged.record).parse().unwrap()).collect();
        let mut expected = times;
        expected.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}
