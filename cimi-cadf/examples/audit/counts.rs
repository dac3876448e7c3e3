//! Counting by name in bounded memory.

use std::collections::HashMap;

/// How many names are told apart at most.
const MOST: usize = 1 << 16;

/// How many characters of a name are looked at.
const LENGTH: usize = 100;

/// How many events there are of a name, and how they ended.
#[derive(Clone, Copy, Default)]
pub(crate) struct Row {
    pub(crate) events: u64,
    pub(crate) success: u64,
    pub(crate) failure: u64,
    /// Whether there may be more, which were counted among the others.
    pub(crate) at_least: bool,
}

impl Row {
    /// That of one event.
    pub(crate) fn one(success: bool, failure: bool) -> Self {
        Self { events: 1, success: success.into(), failure: failure.into(), at_least: false }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.events += other.events;
        self.success += other.success;
        self.failure += other.failure;
    }

    /// How many neither succeeded nor failed.
    pub(crate) fn other(&self) -> u64 {
        self.events - self.success - self.failure
    }
}

/// The counts of the names that there are most of. When there are too many names, the rarer half is put together as
/// "others"; from then on a new name may have been among these.
#[derive(Default)]
pub(crate) struct Counts {
    rows: HashMap<String, Row>,
    others: Row,
}

impl Counts {
    pub(crate) fn add(&mut self, name: &str, row: Row) {
        let name = name.char_indices().nth(LENGTH).and_then(|(end, _)| name.get(..end)).unwrap_or(name);
        if let Some(known) = self.rows.get_mut(name) {
            known.add(row);
            return;
        }
        if self.rows.len() >= MOST {
            self.forget_rare();
        }
        self.rows.insert(name.to_owned(), Row { at_least: self.others.events > 0, ..row });
    }

    fn forget_rare(&mut self) {
        let mut rows: Vec<(String, Row)> = self.rows.drain().collect();
        rows.select_nth_unstable_by_key(MOST / 2, |(_, row)| std::cmp::Reverse(row.events));
        for (_, row) in rows.drain(MOST / 2..) {
            self.others.add(row);
        }
        self.rows.extend(rows);
    }

    /// The most frequent first; what is not shown is put together.
    pub(crate) fn most_frequent(mut self, shown: usize) -> Vec<(String, Row)> {
        let mut rows: Vec<(String, Row)> = self.rows.drain().collect();
        rows.sort_by(|(a, first), (b, second)| (second.events, a).cmp(&(first.events, b)));
        for (_, row) in rows.drain(shown.min(rows.len())..) {
            self.others.add(row);
        }
        self.with_others(rows)
    }

    /// By name, all of them.
    pub(crate) fn in_order(mut self) -> Vec<(String, Row)> {
        let mut rows: Vec<(String, Row)> = self.rows.drain().collect();
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.with_others(rows)
    }

    fn with_others(&self, mut rows: Vec<(String, Row)>) -> Vec<(String, Row)> {
        if self.others.events > 0 {
            rows.push(("(others)".to_owned(), self.others));
        }
        rows
    }
}
