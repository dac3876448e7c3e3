//! Several streams of records as one.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use chrono::{DateTime, Utc};

use crate::{Record, Timestamp};

/// Several streams of records as one, in the order of `eventTime`.
///
/// Times compare as instants, whatever their offsets. Of records of the same time, those of the earlier stream come first,
/// and those of one stream stay in their order. A record without a time that can be understood, or that cannot be read,
/// stays behind the one before it in its stream.
///
/// Of each stream one record is in memory, and as many more as the [`window`](Self::window) says.
///
/// ```
/// use cimi_cadf::{Merge, Order, Records};
///
/// let berlin = "{\"id\": \"b1\", \"eventTime\": \"2025-01-01T12:00:00+01:00\"}\n{\"id\": \"b2\"}\n";
/// let london = "{\"id\": \"l1\", \"eventTime\": \"2025-01-01T10:59:00+00:00\"}\n";
/// let streams = [berlin, london].map(|text| Records::new(text.as_bytes(), Default::default()));
/// let merged: Vec<_> = Merge::new(streams).map(|merged| (merged.source, merged.order)).collect();
/// assert_eq!(merged, [(1, Order::InTime), (0, Order::InTime), (0, Order::Untimed)]);
/// ```
#[derive(Debug)]
pub struct Merge<I> {
    sources: Vec<Source<I>>,
    window: usize,
    /// The next record of each stream.
    heads: BinaryHeap<Reverse<Key>>,
    has_begun: bool,
    /// The latest time so far.
    latest: Option<DateTime<Utc>>,
}

/// A record of one of the streams.
#[derive(Debug)]
#[non_exhaustive]
pub struct Merged {
    /// Which stream it comes from, from 0.
    pub source: usize,
    /// Whether it stands where its time demands.
    pub order: Order,
    /// The record, with its number in that stream.
    pub record: Record,
}

/// Whether a record stands where its time demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// It does.
    InTime,
    /// It has no time that can be understood, and stands behind the one before it in its stream.
    Untimed,
    /// A later one came before it: its stream is not sorted, by more than the window makes up for.
    Late,
}

/// What the order goes by: time, stream, place in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    time: Option<DateTime<Utc>>,
    source: usize,
    place: u64,
}

/// A record that waits for its turn.
#[derive(Debug)]
struct Waiting {
    key: Key,
    is_timed: bool,
    record: Record,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

#[derive(Debug)]
struct Source<I> {
    records: I,
    has_ended: bool,
    waiting: BinaryHeap<Reverse<Waiting>>,
    /// That of the record that was read last.
    last: Key,
}

impl<I: Iterator<Item = Record>> Source<I> {
    /// Reads on until more records wait than the window has.
    fn fill(&mut self, window: usize) {
        while !self.has_ended && self.waiting.len() <= window {
            let Some(record) = self.records.next() else {
                self.has_ended = true;
                return;
            };
            let time = time_of(&record);
            self.last = Key { time: time.or(self.last.time), place: self.last.place + 1, ..self.last };
            self.waiting.push(Reverse(Waiting { key: self.last, is_timed: time.is_some(), record }));
        }
    }
}

fn time_of(record: &Record) -> Option<DateTime<Utc>> {
    let event = &record.event.as_ref().ok()?.value;
    event.event_time.as_ref().and_then(Timestamp::instant).map(|time| time.to_utc())
}

impl<I: Iterator<Item = Record>> Merge<I> {
    /// Merges streams that are sorted by time.
    pub fn new(streams: impl IntoIterator<Item = I>) -> Self {
        let source = |(source, records)| Source {
            records,
            has_ended: false,
            waiting: BinaryHeap::new(),
            last: Key { time: None, source, place: 0 },
        };
        let sources = streams.into_iter().enumerate().map(source).collect();
        Self { sources, window: 0, heads: BinaryHeap::new(), has_begun: false, latest: None }
    }

    /// Sorts streams that are not quite sorted: a record may stand as many places behind the one that it belongs before.
    /// What is farther off is reported as [late](Order::Late).
    #[must_use]
    pub fn window(self, records: usize) -> Self {
        Self { window: records, ..self }
    }

    /// Says which record of a stream is next.
    fn advance(&mut self, source: usize) {
        let Some(found) = self.sources.get_mut(source) else { return };
        found.fill(self.window);
        self.heads.extend(found.waiting.peek().map(|Reverse(waiting)| Reverse(waiting.key)));
    }
}

impl<I: Iterator<Item = Record>> Iterator for Merge<I> {
    type Item = Merged;

    fn next(&mut self) -> Option<Merged> {
        if !std::mem::replace(&mut self.has_begun, true) {
            for source in 0..self.sources.len() {
                self.advance(source);
            }
        }
        let Reverse(Key { source, time, .. }) = self.heads.pop()?;
        let Reverse(waiting) = self.sources.get_mut(source)?.waiting.pop()?;
        self.advance(source);
        let order = match waiting.is_timed {
            false => Order::Untimed,
            true if time < self.latest => Order::Late,
            true => Order::InTime,
        };
        self.latest = self.latest.max(time);
        Some(Merged { source, order, record: waiting.record })
    }
}
