//! Correlation: events that report the same action, first pending and then with its outcome.
//!
//! A [`Correlation`] is shown the events of a log one by one, in any order, and pairs them:
//!
//! 1. by their identifier: some sources write the second event with that of the first;
//! 2. by a tag that names the action among all others, the one with the same action first;
//! 3. if [that is asked for](CorrelationOptions::by_parties), by initiator, target and action.
//!
//! ```
//! use cimi_cadf::correlate::Correlation;
//! use cimi_cadf::Event;
//!
//! let log = [
//!     r#"{"id": "e1", "eventTime": "2025-01-01T12:00:00+00:00", "outcome": "pending", "tags": ["correlation_id?value=7"]}"#,
//!     r#"{"id": "e2", "eventTime": "2025-01-01T12:00:01+00:00", "outcome": "success"}"#,
//!     r#"{"id": "e3", "eventTime": "2025-01-01T12:00:05+00:00", "outcome": "failure", "tags": ["correlation_id?value=7"]}"#,
//! ];
//! let mut correlation = Correlation::default();
//! for text in log {
//!     let event = Event::read(text.as_bytes(), &Default::default())?.value;
//!     if let Some(pair) = correlation.push(&event) {
//!         assert_eq!((pair.pending.number, pair.last.number), (1, 3));
//!         assert_eq!(pair.duration, Some("PT5S".parse()?));
//!     }
//! }
//! let rest = correlation.finish();
//! assert!(rest.pending.is_empty());
//! assert_eq!(rest.last[0].number, 2);
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod half;
mod open;

use std::borrow::Borrow;

use chrono::TimeDelta;
use cimi_model::Duration;

use crate::validate::{Problem, Rule, Severity, Standing, Validation};
use crate::{Event, Identifier, Path, Tag, Timestamp};

use open::{Key, Open};

/// How events are correlated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct CorrelationOptions {
    /// The names of the tags whose value names an action among all others, in any case. The identifier of a trace, which
    /// many actions share, is no good one.
    pub tags: Vec<String>,
    /// Whether events without a common identifier or tag are paired by initiator, target and action.
    pub by_parties: bool,
    /// How many events are kept, of the pending and of the final ones each, that have no other half yet. The oldest are
    /// forgotten first.
    pub most: usize,
    /// How much the stated duration may differ from the times.
    pub tolerance: TimeDelta,
}

impl Default for CorrelationOptions {
    /// The tags `correlation_id` of `OpenStack` and `Job` of CIMI; 10,000 events; one second.
    fn default() -> Self {
        Self {
            tags: vec!["correlation_id".to_owned(), "Job".to_owned()],
            by_parties: false,
            most: 10_000,
            tolerance: TimeDelta::seconds(1),
        }
    }
}

/// What is kept of an event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Half {
    /// Which of the events it is that were shown, from 1.
    pub number: u64,
    /// The identifier.
    pub id: Option<Identifier>,
    /// When the action happened or began.
    pub time: Option<Timestamp>,
    /// The action.
    pub action: Option<Path>,
    /// The outcome.
    pub outcome: Option<Path>,
    /// The identifier of who acted.
    pub initiator: Option<Identifier>,
    /// The identifier of what was acted on.
    pub target: Option<Identifier>,
    /// The identifier of who made the event.
    pub observer: Option<Identifier>,
    /// The duration that the event states.
    pub duration: Option<Duration>,
    /// When the outcome was added, as the reporter chain says.
    pub reported: Option<Timestamp>,
    /// What is wrong with the [order of its chain](chain_problems).
    pub problems: Vec<Problem>,
}

/// Two events that report the same action.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pair {
    /// The pending one.
    pub pending: Half,
    /// The one with the outcome.
    pub last: Half,
    /// What they have in common.
    pub by: Link,
    /// How long the action took: as the last event states it, or else from the times of both.
    pub duration: Option<Duration>,
    /// What in the last event contradicts the first one. None of these rules is one of the standard.
    pub problems: Vec<Problem>,
}

/// What two events have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link {
    /// The identifier.
    Id,
    /// A tag.
    Tag(Tag),
    /// Initiator, target and action.
    Parties,
}

/// The events without another half.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rest {
    /// Those that are still pending.
    pub pending: Vec<Half>,
    /// Those whose action was never reported as pending. Many sources write one event for each action.
    pub last: Vec<Half>,
    /// How many pending ones were forgotten, because there were too many.
    pub forgotten_pending: u64,
    /// How many of the others were forgotten.
    pub forgotten_last: u64,
    /// How many came more than once.
    pub repeated: u64,
}

/// Events that are being correlated.
#[derive(Clone, Debug, Default)]
pub struct Correlation {
    options: CorrelationOptions,
    pending: Open,
    last: Open,
    shown: u64,
    repeated: u64,
}

impl Correlation {
    /// A correlation that has seen no event yet.
    #[must_use]
    pub fn new(options: CorrelationOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// The pairs among events, and the rest.
    pub fn all<E: Borrow<Event>>(
        options: CorrelationOptions,
        events: impl IntoIterator<Item = E>,
    ) -> (Vec<Pair>, Rest) {
        let mut correlation = Self::new(options);
        let pairs = events.into_iter().filter_map(|event| correlation.push(event.borrow())).collect();
        (pairs, correlation.finish())
    }

    /// Takes the next event, and gives back the pair that it completes.
    pub fn push(&mut self, event: &Event) -> Option<Pair> {
        self.shown = self.shown.saturating_add(1);
        let half = Half::of(event, self.shown);
        let keys = Key::all(event, &half, &self.options);
        let is_pending = half.is_pending();
        let (own, other) =
            if is_pending { (&mut self.pending, &mut self.last) } else { (&mut self.last, &mut self.pending) };
        if own.join(&keys) {
            self.repeated = self.repeated.saturating_add(1);
            return None;
        }
        let Some((found, key)) = other.take(&keys) else {
            own.add(half, keys, self.options.most);
            return None;
        };
        let (pending, last) = if is_pending { (half, found) } else { (found, half) };
        Some(self.pair(pending, last, key.link()))
    }

    /// Counts an event that cannot be shown, because it cannot be read.
    pub const fn skip(&mut self) {
        self.shown = self.shown.saturating_add(1);
    }

    /// The events that have no other half.
    #[must_use]
    pub fn finish(self) -> Rest {
        let (forgotten_pending, forgotten_last) = (self.pending.forgotten, self.last.forgotten);
        Rest {
            pending: self.pending.into_halves(),
            last: self.last.into_halves(),
            forgotten_pending,
            forgotten_last,
            repeated: self.repeated,
        }
    }

    fn pair(&self, pending: Half, last: Half, by: Link) -> Pair {
        let mut problems = Vec::new();
        let passed = pending.passed(&last);
        if pending.instant().zip(last.instant()).is_some_and(|(begin, end)| end < begin) {
            problems.push(found("/event/eventTime", Rule::Order, "the time is earlier than that of the pending event"));
        }
        if let (Some(stated), Some(passed)) = (&last.duration, passed)
            && differs(stated, passed, self.options.tolerance)
        {
            let times = Timestamp::length(passed).map_or_else(String::new, |length| length.to_string());
            problems.push(found("/event/duration", Rule::Consistency, &format!("{stated}, but {times} by the times")));
        }
        if pending.action != last.action {
            problems.push(found("/event/action", Rule::Consistency, "not that of the pending event"));
        }
        // Who names himself does not know who has asked.
        if pending.initiator != last.initiator && last.initiator != last.observer {
            problems.push(found("/event/initiator", Rule::Consistency, "not that of the pending event"));
        }
        let duration = last.duration.clone().or_else(|| Timestamp::length(passed?));
        Pair { pending, last, by, duration, problems }
    }
}

/// Whether a duration is not the time that has passed. One with months has no fixed length.
fn differs(stated: &Duration, passed: TimeDelta, tolerance: TimeDelta) -> bool {
    let seconds = |delta: TimeDelta| delta.as_seconds_f64();
    stated.parts().is_some_and(|(months, stated)| months == 0 && (stated - seconds(passed)).abs() > seconds(tolerance))
}

fn found(path: &str, rule: Rule, text: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        rule,
        severity: Severity::Warning,
        standing: Standing::Uncertain,
        text: text.to_owned(),
    }
}

/// What is wrong with the order of an event's reporter chain: times that go back, and an observer that is not the first.
#[must_use]
pub fn chain_problems(event: &Event) -> Vec<Problem> {
    let mut problems = Validation::default().chain_problems(event);
    problems.retain(|problem| matches!(problem.rule, Rule::Order | Rule::Consistency));
    problems
}

impl Event {
    /// The event that reports how the action ended that this one reports as pending: the same but for identifier, time and
    /// outcome, and what belongs to them. Its duration is the time between both.
    ///
    /// Reason and reporter chain are empty. What correlates both is a tag, and has to be there already.
    #[must_use]
    pub fn concluded(&self, id: impl Into<Identifier>, time: Timestamp, outcome: impl Into<Path>) -> Self {
        Self {
            id: Some(id.into()),
            duration: self.event_time.as_ref().and_then(|begin| begin.until(&time)),
            event_time: Some(time),
            outcome: Some(outcome.into()),
            reason: None,
            reporterchain: Vec::new(),
            ..self.clone()
        }
    }
}
