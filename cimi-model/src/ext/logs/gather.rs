//! Logs that are in memory as one.

use super::merge::time_of;
use super::{Entry, Fetched, Merge, ORIGIN, Origin, Selection, Tally, summarize};
use crate::value::Moment;
use crate::{AnyResource, Collection, Event, EventLog, Ref, Result};
use std::borrow::Borrow;

/// The Events of several logs that were asked for, in the order of time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Gathered<'a> {
    /// The Events, each with where it was found.
    pub entries: Vec<Entry<'a, &'a Event>>,
    /// What there was in each log. One that was not sorted has been: `late` tells.
    pub tallies: Vec<Tally>,
}

/// Makes one log of several, as [`Merge`] does, of those Events that are wanted. Logs that are not in the order of time are
/// sorted first, which their tallies say.
///
/// The time that it takes is linear in the number of Events, if they are in order.
///
/// # Errors
/// As [`Selection::to_filter`].
///
/// ```
/// use cimi_model::ext::logs::{Origin, Selection, gather};
/// use cimi_model::{Event, EventSeverity};
///
/// let event = |time: &str, severity: EventSeverity| -> cimi_model::Result<Event> {
///     Ok(Event { timestamp: Some(time.parse()?), severity: Some(severity), ..Default::default() })
/// };
/// let newest_first = [event("2025-01-02T00:00:00Z", EventSeverity::High)?, event("2025-01-01T00:00:00Z", EventSeverity::High)?];
/// let other = [event("2025-01-01T12:00:00Z", EventSeverity::Low)?];
/// let (a, b) = (Origin::default(), Origin::default());
/// let selection = Selection { severities: vec![EventSeverity::High], ..Default::default() };
/// let found = gather([(&a, &newest_first[..]), (&b, &other[..])], &selection)?;
/// let times: Vec<_> = found.entries.iter().filter_map(|entry| entry.event.timestamp.as_ref()).collect();
/// assert_eq!(times, [&"2025-01-01T00:00:00Z".parse()?, &"2025-01-02T00:00:00Z".parse()?]);
/// assert_eq!((found.tallies[0].late, found.tallies[1].late), (1, 0));
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub fn gather<'a>(
    logs: impl IntoIterator<Item = (&'a Origin, &'a [Event])>,
    selection: &Selection,
) -> Result<Gathered<'a>> {
    let filter = selection.to_filter()?;
    let (mut late, mut sorted) = (Vec::new(), Vec::new());
    for (origin, events) in logs {
        let (events, out_of_order) = in_order(events);
        sorted.push((origin, events.into_iter().map(Ok)));
        late.push(out_of_order);
    }
    let mut merge = Merge::new(sorted);
    if let Some(filter) = &filter {
        merge = merge.matching(filter);
    }
    // What is in memory does not fail.
    let entries = merge.by_ref().filter_map(std::result::Result::ok).collect();
    let mut tallies = merge.tallies().to_vec();
    for (tally, late) in tallies.iter_mut().zip(late) {
        tally.late = late;
    }
    Ok(Gathered { entries, tallies })
}

/// The Events in the order of time, each without a time behind the one before it; and how many were not.
fn in_order(events: &[Event]) -> (Vec<&Event>, u64) {
    let (mut last, mut latest, mut late) = (None, None, 0);
    let time = |event| {
        if let Some(time) = time_of(event) {
            last = Some(time);
            late += u64::from(last < latest);
            latest = latest.max(last);
        }
        (last, event)
    };
    let mut timed: Vec<(Option<Moment>, &Event)> = events.iter().map(time).collect();
    if late > 0 {
        timed.sort_by_key(|(time, _)| *time);
    }
    (timed.into_iter().map(|(_, event)| event).collect(), late)
}

impl Fetched {
    /// The Events of all the logs that are wanted; see [`gather`].
    ///
    /// # Errors
    /// As [`gather`].
    pub fn gather(&self, selection: &Selection) -> Result<Gathered<'_>> {
        gather(self.logs.iter().map(|(origin, events)| (origin, events.as_slice())), selection)
    }
}

impl<T: Borrow<Event>> Entry<'_, T> {
    /// The Event, which says where it was found, in [`ORIGIN`].
    ///
    /// # Errors
    /// None that is known; the signature is that of [`Addition::set`](crate::ext::Addition::set).
    pub fn labelled(&self) -> Result<Event> {
        let mut event = self.event.borrow().clone();
        let origins: Vec<Origin> = std::iter::once(self.origin).chain(self.also.iter().copied()).map(label).collect();
        match origins.as_slice() {
            [origin] => ORIGIN.set(&mut event, origin)?,
            origins => ORIGIN.set_all(&mut event, origins)?,
        }
        Ok(event)
    }
}

/// Where an Event was found, without the log itself.
fn label(origin: &Origin) -> Origin {
    let event_log = origin.event_log.as_ref().map(|log| Ref { href: log.href.clone(), value: None });
    Origin { event_log: event_log.filter(|log| log.href.is_some()), ..origin.clone() }
}

impl Gathered<'_> {
    /// The log of a System, or whatever it is that the logs were gathered of: its Events say where they were found, and its
    /// summary counts them.
    ///
    /// # Errors
    /// As [`Entry::labelled`].
    pub fn to_event_log(&self, target: Option<Ref<AnyResource>>) -> Result<EventLog> {
        let events: Collection<Event> = self.entries.iter().map(Entry::labelled).collect::<Result<_>>()?;
        let summary = Some(summarize(&events.items));
        Ok(EventLog { target_resource: target, summary, events: Some(Ref::by_value(events)), ..EventLog::default() })
    }
}
