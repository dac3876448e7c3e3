//! What a log says of its Events, and how long it keeps them (5.17.8, table 52).

use std::collections::HashMap;

use super::window::{date_time, no_such_time};
use crate::ext::span::Span;
use crate::validate::{Problem, Rule, Severity};
use crate::value::Moment;
use crate::{
    DateTime, Duration, Event, EventLog, EventSeverity, EventSummary, Persistence, Result, Scalar, Uri, printable,
};

/// Counts Events by severity. One that says none, or another, is not counted.
///
/// ```
/// use cimi_model::ext::logs::summarize;
/// use cimi_model::{Event, EventSeverity};
///
/// let events = [Event { severity: Some(EventSeverity::High), ..Default::default() }, Event::default()];
/// let summary = summarize(&events);
/// assert_eq!((summary.low, summary.high), (Some(0), Some(1)));
/// ```
#[must_use]
pub fn summarize<'a>(events: impl IntoIterator<Item = &'a Event>) -> EventSummary {
    let [mut low, mut medium, mut high, mut critical] = [0_i64; 4];
    for event in events {
        let count = match event.severity {
            Some(EventSeverity::Low) => &mut low,
            Some(EventSeverity::Medium) => &mut medium,
            Some(EventSeverity::High) => &mut high,
            Some(EventSeverity::Critical) => &mut critical,
            Some(EventSeverity::Other(_)) | None => continue,
        };
        *count = count.saturating_add(1);
    }
    EventSummary {
        low: Some(low),
        medium: Some(medium),
        high: Some(high),
        critical: Some(critical),
        ..EventSummary::default()
    }
}

/// What is wrong with a log beyond what its table says: a summary that is not that of its Events, and Events that are in it
/// twice. Where only a part of the Events is there, the summary may count more. Paths begin with `/EventLog`.
///
/// ```
/// use cimi_model::ext::logs::log_problems;
/// use cimi_model::{Collection, Event, EventLog, EventSummary, Ref};
///
/// let log = EventLog {
///     events: Some(Ref::by_value(Collection::from_iter([Event::default()]))),
///     summary: Some(EventSummary { high: Some(1), ..Default::default() }),
///     ..Default::default()
/// };
/// assert_eq!(log_problems(&log)[0].path, "/EventLog/summary/high");
/// ```
#[must_use]
pub fn log_problems(log: &EventLog) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(events) = log.events.as_ref().and_then(|events| events.value.as_deref()) else { return problems };
    let known = i64::try_from(events.items.len()).unwrap_or(i64::MAX);
    let has_no_more = || log.events.as_ref().is_some_and(|events| events.href.is_none());
    let is_whole = events.count.map_or_else(has_no_more, |count| count <= known);
    if let Some(said) = &log.summary {
        for (name, said, found) in counts(said, &summarize(&events.items)) {
            if said == found || (!is_whole && said > found) {
                continue;
            }
            let text = format!("{said}, but there are {found} such Events");
            problems.push(Problem::new(
                format!("/EventLog/summary/{name}"),
                Rule::Consistency,
                Severity::Error,
                "5.17.8",
                text,
            ));
        }
    }
    problems.extend(twice(&events.items));
    problems
}

/// What two summaries say of each severity that the first says something of.
fn counts(said: &EventSummary, found: &EventSummary) -> impl Iterator<Item = (&'static str, i64, i64)> {
    let pairs = [
        ("low", said.low, found.low),
        ("medium", said.medium, found.medium),
        ("high", said.high, found.high),
        ("critical", said.critical, found.critical),
    ];
    pairs.into_iter().filter_map(|(name, said, found)| Some((name, said?, found?)))
}

fn twice(events: &[Event]) -> impl Iterator<Item = Problem> {
    let mut known = HashMap::new();
    events.iter().enumerate().filter_map(move |(index, event)| {
        let id = event.id.as_ref().map(Uri::as_str).filter(|id| !id.is_empty())?;
        let first = *known.entry(id).or_insert(index);
        let text = format!("'{}' is events[{first}] as well", printable(id));
        let path = format!("/EventLog/events[{index}]/id");
        (first != index).then(|| Problem::new(path, Rule::Duplicate, Severity::Error, "5.17.8", text))
    })
}

/// How long a log keeps Events: the length that `daily`, `weekly`, `monthly` and `yearly` stand for, or the one that
/// another value is. `None` if it is none; then nothing says that Events may be deleted.
///
/// ```
/// use cimi_model::Persistence;
/// use cimi_model::ext::logs::retention;
///
/// assert_eq!(retention(&Persistence::Weekly), Some("P7D".parse()?));
/// assert_eq!(retention(&"P90D".into()), Some("P90D".parse()?));
/// assert_eq!(retention(&"for ever".into()), None);
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[must_use]
pub fn retention(persistence: &Persistence) -> Option<Duration> {
    let length = <Duration as Scalar>::recover(persistence.as_str())?;
    Span::of(&length).map(|_| length)
}

/// The time before which Events of a log may be deleted; `None` if nothing says that they may.
///
/// # Errors
/// [`ErrorKind::Value`](crate::ErrorKind::Value) when the calendar has no such time.
pub fn kept_since(persistence: &Persistence, now: &DateTime) -> Result<Option<DateTime>> {
    let Some(span) = retention(persistence).as_ref().and_then(Span::of) else { return Ok(None) };
    let since = now.instant().and_then(|now| span.ahead_of(now)).and_then(date_time);
    since.map(Some).ok_or_else(|| no_such_time(now))
}

/// Takes the Events out of a log that exceed its persistence, and counts again: `summary` if there is one, and `count`.
/// Events without a time stay.
///
/// ```
/// use cimi_model::ext::logs::expire;
/// use cimi_model::{Collection, Event, EventLog, Persistence, Ref};
///
/// let event = |time: &str| -> cimi_model::Result<Event> {
///     Ok(Event { timestamp: Some(time.parse()?), ..Default::default() })
/// };
/// let events = [event("2025-01-01T11:59:59Z")?, event("2025-01-01T12:00:00Z")?];
/// let mut log = EventLog {
///     persistence: Some(Persistence::Daily),
///     events: Some(Ref::by_value(Collection::from_iter(events.clone()))),
///     ..Default::default()
/// };
/// assert_eq!(expire(&mut log, &"2025-01-02T12:00:00Z".parse()?)?, events[..1]);
/// assert_eq!(log.events.and_then(|events| events.value?.count), Some(1));
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// As [`kept_since`]; then the log is as it was.
pub fn expire(log: &mut EventLog, now: &DateTime) -> Result<Vec<Event>> {
    let since = log.persistence.as_ref().map(|persistence| kept_since(persistence, now)).transpose()?.flatten();
    let since = since.and_then(|since| Moment::of_text(since.as_str()));
    let events = log.events.as_mut().and_then(|events| events.value.as_deref_mut());
    let (Some(since), Some(events)) = (since, events) else { return Ok(Vec::new()) };
    let all = std::mem::take(&mut events.items);
    let is_expired = |event: &Event| super::merge::time_of(event).is_some_and(|time| time < since);
    let (expired, kept): (Vec<Event>, Vec<Event>) = all.into_iter().partition(is_expired);
    let gone = i64::try_from(expired.len()).unwrap_or(i64::MAX);
    events.count = events.count.map(|count| count.saturating_sub(gone).max(0));
    if let Some(summary) = &mut log.summary {
        subtract(summary, &summarize(&expired));
    }
    events.items = kept;
    Ok(expired)
}

/// The summary may count Events that are not there.
fn subtract(summary: &mut EventSummary, gone: &EventSummary) {
    let each = [
        (&mut summary.low, gone.low),
        (&mut summary.medium, gone.medium),
        (&mut summary.high, gone.high),
        (&mut summary.critical, gone.critical),
    ];
    for (count, gone) in each {
        *count = count.map(|count| count.saturating_sub(gone.unwrap_or(0)).max(0));
    }
}
