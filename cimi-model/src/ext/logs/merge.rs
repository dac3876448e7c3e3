//! Several logs as one, event by event.

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::fmt;

use super::Origin;
use crate::filter::{Compiled, Filter};
use crate::reflect::Described;
use crate::value::Moment;
use crate::{DateTime, Error, Event, Result, Uri};

/// Several logs as one, in the order of `timestamp`, in memory that does not grow with their length.
///
/// Times compare as instants, whatever their offsets. Of Events of the same time, those of the earlier log come first, and
/// those of one log stay in their order. An Event without a timestamp stays behind the one before it in its log. An
/// Event that is in several logs, or several times in one, comes once: it is the same if it has the same `id` and the same
/// time. One without an `id` is not like any other.
///
/// Each log has to be in the order of time. What is not comes as [late](Order::Late), and [`tallies`](Self::tallies) count it;
/// [`gather`](super::gather) sorts what the memory holds. In memory are one Event of each log, and those of one instant.
///
/// The streams give `Event` or `&Event`; [`stream::Members`](crate::stream::Members) reads a collection as one. What a stream
/// fails with comes in the place where the Event should be, and the merging goes on.
///
/// ```
/// use cimi_model::ext::logs::{Merge, Origin};
/// use cimi_model::{Event, Ref};
///
/// let event = |id: &str, time: &str| -> cimi_model::Result<Event> {
///     Ok(Event { id: Some(id.into()), timestamp: Some(time.parse()?), ..Default::default() })
/// };
/// let of = |resource: &str| Origin { resource: Some(Ref::to(resource)), ..Default::default() };
/// let (machine, volume) = (of("machines/1"), of("volumes/1"));
/// let berlin = [event("e1", "2025-01-01T12:00:00+01:00"), event("e3", "2025-01-01T13:00:00+01:00")];
/// let london = [event("e2", "2025-01-01T11:30:00Z"), event("e3", "2025-01-01T12:00:00Z")];
///
/// let mut ids = Vec::new();
/// for entry in Merge::new([(&machine, berlin.into_iter()), (&volume, london.into_iter())]) {
///     let entry = entry.map_err(|failure| failure.error)?;
///     ids.push((entry.event.id.unwrap_or_default().to_string(), 1 + entry.also.len()));
/// }
/// assert_eq!(ids, [("e1".to_owned(), 1), ("e2".to_owned(), 1), ("e3".to_owned(), 2)]);
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub struct Merge<'o, 'f, T, I> {
    sources: Vec<Source<'o, T, I>>,
    tallies: Vec<Tally>,
    wanted: Option<Compiled<'f>>,
    /// Which log is next.
    heads: BinaryHeap<Reverse<Key>>,
    has_begun: bool,
    /// What has been read of one instant.
    ready: VecDeque<std::result::Result<Entry<'o, T>, Failure<'o>>>,
}

/// An Event of one of the logs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry<'o, T> {
    /// Where it was found.
    pub origin: &'o Origin,
    /// In which other logs it is as well.
    pub also: Vec<&'o Origin>,
    /// Whether it stands where its time demands.
    pub order: Order,
    /// The Event.
    pub event: T,
}

/// Whether an Event stands where its time demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// It does.
    InTime,
    /// It has no timestamp, and stands behind the one before it in its log.
    Untimed,
    /// A later one came before it: its log is not sorted.
    Late,
}

/// What a stream failed with.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<'o> {
    /// Of which log.
    pub origin: &'o Origin,
    /// Why.
    pub error: Error,
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin.resource.as_ref().and_then(|resource| resource.href.as_ref()) {
            Some(resource) => write!(f, "the log of {}: {}", crate::printable(resource.as_str()), self.error),
            None => write!(f, "a log: {}", self.error),
        }
    }
}

impl std::error::Error for Failure<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.error)
    }
}

/// What has been read of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// How many Events there were.
    pub events: u64,
    /// How many of them were wanted.
    pub wanted: u64,
    /// How many of the wanted ones had come from another log, or from this one, before.
    pub duplicates: u64,
    /// How many had no timestamp.
    pub untimed: u64,
    /// How many came after a later one: above zero, the log is not sorted.
    pub late: u64,
    /// How often reading failed.
    pub failures: u64,
}

/// What the order goes by: the time, or that of the one before it in its log, and the number of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    time: Option<Moment>,
    source: usize,
}

struct Source<'o, T, I> {
    origin: &'o Origin,
    events: I,
    /// The next Event, and whether it stands where its time demands.
    head: Option<(Result<T>, Order)>,
    /// The time of the one that was read last.
    last: Option<Moment>,
    /// The latest time so far.
    latest: Option<Moment>,
}

impl<T: Borrow<Event>, I: Iterator<Item = Result<T>>> Source<'_, T, I> {
    /// Reads the next Event of the log with this number; what its order goes by.
    fn advance(&mut self, source: usize, tally: &mut Tally) -> Option<Key> {
        let event = self.events.next()?;
        let order = match event.as_ref().map(|event| time_of(event.borrow())) {
            Ok(Some(time)) => {
                self.last = Some(time);
                let is_late = self.last < self.latest;
                self.latest = self.latest.max(self.last);
                tally.late += u64::from(is_late);
                if is_late { Order::Late } else { Order::InTime }
            }
            Ok(None) => {
                tally.untimed += 1;
                Order::Untimed
            }
            Err(_) => Order::Untimed,
        };
        match &event {
            Ok(_) => tally.events += 1,
            Err(_) => tally.failures += 1,
        }
        self.head = Some((event, order));
        Some(Key { time: self.last, source })
    }
}

/// The time of an Event, if it says one that can be understood.
pub(super) fn time_of(event: &Event) -> Option<Moment> {
    event.timestamp.as_ref().map(DateTime::as_str).and_then(Moment::of_text)
}

impl<T, I> fmt::Debug for Merge<'_, '_, T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merge").field("tallies", &self.tallies).finish_non_exhaustive()
    }
}

impl<'o, 'f, T: Borrow<Event>, I: Iterator<Item = Result<T>>> Merge<'o, 'f, T, I> {
    /// Merges logs, each with where it is from.
    pub fn new(logs: impl IntoIterator<Item = (&'o Origin, I)>) -> Self {
        let source = |(origin, events)| Source { origin, events, head: None, last: None, latest: None };
        let sources: Vec<_> = logs.into_iter().map(source).collect();
        let tallies = vec![Tally::default(); sources.len()];
        Self { sources, tallies, wanted: None, heads: BinaryHeap::new(), has_begun: false, ready: VecDeque::new() }
    }

    /// Leaves out what does not fulfil a filter, such as that of a [`Selection`](super::Selection).
    #[must_use]
    pub fn matching(self, filter: &'f Filter) -> Self {
        Self { wanted: Some(filter.for_type(Event::TYPE)), ..self }
    }

    /// What has been read of each log, in their order.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Reads the next Event of a log.
    fn advance(&mut self, index: usize) {
        if let (Some(source), Some(tally)) = (self.sources.get_mut(index), self.tallies.get_mut(index))
            && let Some(key) = source.advance(index, tally)
        {
            self.heads.push(Reverse(key));
        }
    }

    /// The next Event that is wanted; after another one, only if it is of the same instant.
    fn pull(&mut self, after: Option<Key>) -> Option<Pulled<T>> {
        loop {
            let Reverse(key) = *self.heads.peek()?;
            if after.is_some_and(|after| after.time != key.time) {
                return None;
            }
            self.heads.pop();
            let (event, order) = self.sources.get_mut(key.source)?.head.take()?;
            self.advance(key.source);
            let tally = self.tallies.get_mut(key.source)?;
            match (&event, &self.wanted) {
                (Ok(event), Some(wanted)) if !wanted.matches(event.borrow()) => continue,
                (Ok(_), _) => tally.wanted += 1,
                (Err(_), _) => {}
            }
            return Some(Pulled { key, order, event });
        }
    }

    /// Reads what comes next, all of one instant.
    fn read_instant(&mut self) -> Option<()> {
        let first = self.pull(None)?;
        let key = first.key;
        let Some(second) = self.pull(Some(key)) else {
            // Hardly any two Events are of one instant.
            self.add(first);
            return Some(());
        };
        let mut events = vec![first, second];
        while let Some(event) = self.pull(Some(key)) {
            events.push(event);
        }
        let firsts = firsts(&events);
        let mut places = Vec::with_capacity(events.len());
        for (place, (event, first)) in events.into_iter().zip(firsts).enumerate() {
            // That of a duplicate is not asked for.
            places.push(self.ready.len());
            if first == place {
                self.add(event);
            } else if let Some(first) = places.get(first) {
                self.unite(*first, event.key.source);
            }
        }
        Some(())
    }

    fn add(&mut self, Pulled { key, order, event }: Pulled<T>) {
        let Some(origin) = self.sources.get(key.source).map(|source| source.origin) else { return };
        let entry = event.map(|event| Entry { origin, also: Vec::new(), order, event });
        self.ready.push_back(entry.map_err(|error| Failure { origin, error }));
    }

    /// Says of what is ready that it is in another log as well.
    fn unite(&mut self, place: usize, index: usize) {
        let origin = self.sources.get(index).map(|source| source.origin);
        if let Some(tally) = self.tallies.get_mut(index) {
            tally.duplicates += 1;
        }
        if let (Some(origin), Some(Ok(entry))) = (origin, self.ready.get_mut(place))
            && !std::iter::once(&entry.origin).chain(&entry.also).any(|known| std::ptr::eq(*known, origin))
        {
            entry.also.push(origin);
        }
    }
}

/// An Event that is wanted, or an error in its place.
struct Pulled<T> {
    key: Key,
    order: Order,
    event: Result<T>,
}

/// Up to how many it is faster to compare than to hash them.
const FEW: usize = 8;

/// Of each Event the place of the first that is the same.
fn firsts<T: Borrow<Event>>(events: &[Pulled<T>]) -> Vec<usize> {
    if events.len() <= FEW {
        let first = |(place, pulled): (usize, &Pulled<T>)| {
            let id = id_of(pulled)?;
            events.iter().take(place).position(|earlier| id_of(earlier) == Some(id))
        };
        return events.iter().enumerate().map(|event| first(event).unwrap_or(event.0)).collect();
    }
    let mut known: HashMap<&str, usize> = HashMap::with_capacity(events.len());
    let first = |(place, pulled)| id_of(pulled).map_or(place, |id| *known.entry(id).or_insert(place));
    events.iter().enumerate().map(first).collect()
}

fn id_of<T: Borrow<Event>>(pulled: &Pulled<T>) -> Option<&str> {
    let event = pulled.event.as_ref().ok()?;
    event.borrow().id.as_ref().map(Uri::as_str).filter(|id| !id.is_empty())
}

impl<'o, T: Borrow<Event>, I: Iterator<Item = Result<T>>> Iterator for Merge<'o, '_, T, I> {
    type Item = std::result::Result<Entry<'o, T>, Failure<'o>>;

    fn next(&mut self) -> Option<Self::Item> {
        if !std::mem::replace(&mut self.has_begun, true) {
            (0..self.sources.len()).for_each(|index| self.advance(index));
        }
        while self.ready.is_empty() {
            self.read_instant()?;
        }
        self.ready.pop_front()
    }
}
