//! Event logs (5.17.8) as CADF logs.

use std::borrow::Borrow;

use cimi_model::ext::logs::{Entry, Gathered, summarize};
use cimi_model::{Event as CimiEvent, EventLog, Limits, Ref, Result};

use super::carry::{ASIDE, completed, members, merge, set_aside};
use super::encoding::identifier;
use super::note::differences;
use super::{Converted, Converter, Note, attachment};
use crate::{Definitions, Event, LOG_TYPE, Log};

/// The name of the attachment that holds a log, without its Events.
const ATTACHMENT: &str = "cimi-event-log";
/// The attributes that are annotations.
const PERSISTENCE: &str = "persistence";
const TARGET: &str = "targetResource";

impl Converter {
    /// The CADF log that says what a log of Events says, with what its events have in common said once.
    ///
    /// # Errors
    /// When one of the Events cannot be converted; the path says which.
    ///
    /// ```
    /// use cimi_cadf::Resource;
    /// use cimi_cadf::cimi::Converter;
    /// use cimi_model::{Collection, Event, EventLog, Ref};
    ///
    /// let event = Event { timestamp: Some("2025-01-01T12:00:00Z".parse()?), ..Default::default() };
    /// let events = [event.clone(), Event { outcome: Some("Failure".into()), ..event }];
    /// let log = EventLog {
    ///     persistence: Some("weekly".into()),
    ///     events: Some(Ref::by_value(Collection::from_iter(events))),
    ///     ..Default::default()
    /// };
    /// let converter = Converter::new(Resource::new("http://cloud.example.com/", "service/compute"));
    /// let cadf = converter.log_to_cadf(&log)?.value;
    /// assert_eq!((cadf.events.len(), cadf.resources.len()), (2, 2)); // the provider, and an unknown target
    /// assert_eq!(converter.log_to_cimi(&cadf)?.value, log);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub fn log_to_cadf(&self, log: &EventLog) -> Result<Converted<Log>> {
        let empty = without_events(log);
        let mut cadf = derive(&empty)?;
        let mut notes = differences(&members(&empty)?, &members(&said(&cadf))?, "/EventLog");
        notes.retain(|note| !note.path.ends_with(ASIDE) && (note.path != "/EventLog/events" || !is_blank(&empty)));
        cadf.attachments.insert(0, attachment::holding(ATTACHMENT, &empty, self.dialect)?);
        for (index, event) in events_of(log).iter().enumerate() {
            let path = format!("/EventLog/events[{index}]");
            let found = self.event_to_cadf(event).map_err(|error| super::meter::moved(&error, "/Event", &path))?;
            cadf.events.push(found.value);
            notes.extend(found.notes.into_iter().map(|note| note.moved("/Event", &path)));
        }
        share(&mut cadf);
        Ok(Converted { value: cadf, notes })
    }

    /// The CADF event that says what an Event says that was found in a log. The Event says
    /// [where](cimi_model::ext::logs::ORIGIN), and is about that resource if it names none.
    ///
    /// # Errors
    /// As for [`event_to_cadf`](Self::event_to_cadf).
    pub fn entry_to_cadf<T: Borrow<CimiEvent>>(&self, entry: &Entry<'_, T>) -> Result<Converted<Event>> {
        self.event_to_cadf(&entry.labelled()?)
    }

    /// The CADF log of several logs of Events, such as the global one of all that a provider has, in the order of time; with
    /// what its events have in common said once. [`Resources`](super::Resources) select the logs of single
    /// resources from it.
    ///
    /// A log of any size is converted [entry](Self::entry_to_cadf) by entry.
    ///
    /// # Errors
    /// When one of the Events cannot be converted; the path says which.
    ///
    /// ```
    /// use cimi_cadf::Resource;
    /// use cimi_cadf::cimi::{Converter, Resources};
    /// use cimi_model::ext::logs::{Origin, Selection, gather};
    /// use cimi_model::{Event, Ref};
    ///
    /// let event = |time: &str| -> cimi_model::Result<Event> {
    ///     Ok(Event { timestamp: Some(time.parse()?), ..Default::default() })
    /// };
    /// let of = |resource: &str| Origin { resource: Some(Ref::to(resource)), ..Default::default() };
    /// let (machine, volume) = (of("machines/1"), of("volumes/1"));
    /// let (one, other) = ([event("2025-01-01T12:00:00Z")?], [event("2025-01-01T11:00:00Z")?]);
    /// let logs = gather([(&machine, &one[..]), (&volume, &other[..])], &Selection::default())?;
    ///
    /// let converter = Converter::new(Resource::new("http://cloud.example.com/", "service/compute"));
    /// let global = converter.gathered_to_cadf(&logs)?.value;
    /// assert_eq!(global.events.len(), 2);
    /// let of_machine = Resources::default().with("machines/1").select(&global);
    /// assert_eq!(of_machine.events[0].event_time, Some("2025-01-01T12:00:00+00:00".parse()?));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub fn gathered_to_cadf(&self, gathered: &Gathered<'_>) -> Result<Converted<Log>> {
        let mut log = Log { type_uri: Some(LOG_TYPE.into()), ..Log::default() };
        let mut notes = Vec::new();
        for (index, entry) in gathered.entries.iter().enumerate() {
            let path = format!("/EventLog/events[{index}]");
            let found = self.entry_to_cadf(entry).map_err(|error| super::meter::moved(&error, "/Event", &path))?;
            log.events.push(found.value);
            notes.extend(found.notes.into_iter().map(|note| note.moved("/Event", &path)));
        }
        share(&mut log);
        Ok(Converted { value: log, notes })
    }

    /// The log of Events that says what a CADF log says.
    ///
    /// What else the log says, and definitions that its events do not share, is kept in an extension ([`ASIDE`]). A log
    /// that no longer has its attachment gets a summary of its Events.
    ///
    /// # Errors
    /// As for [`event_to_cimi`](Self::event_to_cimi).
    pub fn log_to_cimi(&self, log: &Log) -> Result<Converted<EventLog>> {
        let mut notes = Vec::new();
        let mut resolved = log.clone();
        resolved.resolve(&Limits::default());
        let mut items = Vec::with_capacity(resolved.events.len());
        for (index, event) in resolved.events.iter().enumerate() {
            let found = self.event_to_cimi(event)?;
            items.push(found.value);
            let (here, there) = (format!("/log/events[{index}]"), format!("/EventLog/events[{index}]"));
            notes.extend(found.notes.into_iter().map(|note| note.moved("/event", &here).moved("/Event", &there)));
        }
        let mut value = head(log, resolved.events, &items, &mut notes)?;
        if !items.is_empty() {
            value.events.get_or_insert_default().value.get_or_insert_default().items = items;
        }
        Ok(Converted { value, notes })
    }
}

fn events_of(log: &EventLog) -> &[CimiEvent] {
    let collection = log.events.as_ref().and_then(|events| events.value.as_ref());
    collection.map_or(&[], |collection| &collection.items)
}

/// The log with an empty collection of Events.
fn without_events(log: &EventLog) -> EventLog {
    let mut empty = log.clone();
    if let Some(collection) = empty.events.as_mut().and_then(|events| events.value.as_mut()) {
        collection.items.clear();
    }
    empty
}

/// Whether nothing is said of the collection of Events, of which there are none.
fn is_blank(log: &EventLog) -> bool {
    log.events.as_ref().is_none_or(|events| *events == Ref::default())
}

/// Says once what the events have in common: what the log defines already, or else what they share. Nothing is said so
/// where the events would not be the same again.
fn share(log: &mut Log) {
    let mut shared = log.clone();
    if has_definitions(&shared) {
        let definitions = Definitions::from(&shared);
        shared.events.iter_mut().for_each(|event| definitions.refer(event));
    } else {
        shared.hoist();
    }
    let mut again = shared.clone();
    again.resolve(&Limits::default());
    if again.events == log.events {
        *log = shared;
    }
}

fn has_definitions(log: &Log) -> bool {
    !(log.metrics.is_empty() && log.resources.is_empty() && log.geolocations.is_empty())
}

/// The CADF log that a log without Events leads to.
fn derive(log: &EventLog) -> Result<Log> {
    let persistence = log.persistence.as_ref().map(|persistence| (PERSISTENCE, persistence.as_str()));
    let target =
        log.target_resource.as_ref().and_then(|target| target.href.as_ref()).map(|href| (TARGET, href.as_str()));
    let annotations = persistence.into_iter().chain(target).filter(|(_, text)| !text.is_empty());
    let derived = Log {
        type_uri: Some(LOG_TYPE.into()),
        id: log.id.as_ref().and_then(|id| identifier(id.as_str())),
        description: log.description.clone().filter(|text| !text.is_empty()),
        annotations: annotations.collect(),
        ..Log::default()
    };
    completed(derived, log)
}

/// The log that a CADF log says by itself, without Events.
fn said(log: &Log) -> EventLog {
    let annotation = |name: &str| log.annotations.get(name).filter(|text| !text.is_empty());
    EventLog {
        id: log.id.as_ref().map(|id| id.as_str().into()),
        description: log.description.clone().filter(|text| !text.is_empty()),
        persistence: annotation(PERSISTENCE).map(Into::into),
        target_resource: annotation(TARGET).map(Ref::to),
        ..EventLog::default()
    }
}

/// The log without its Events: as it was, with what was edited and added since.
fn head(log: &Log, events: Vec<Event>, items: &[CimiEvent], notes: &mut Vec<Note>) -> Result<EventLog> {
    let mut bare = Log { events: Vec::new(), ..log.clone() };
    let mut shared = Log { events, ..Log::default() };
    share(&mut shared);
    if DEFINED.iter().all(|defined| defined(&shared, log)) {
        (bare.metrics, bare.resources, bare.geolocations) = Default::default();
    }
    let mut value = match attachment::find::<EventLog>(&log.attachments, ATTACHMENT) {
        Some((index, mut original)) => {
            bare.attachments.remove(index);
            let derived = derive(&original)?;
            if members(&derived)? == members(&bare)? {
                return Ok(original);
            }
            let (before, mut now) = (members(&said(&derived))?, said(&bare));
            let after = members(&now)?;
            merge(&mut original, &before, &mut now, &after, "/EventLog", notes);
            original
        }
        None => EventLog { summary: Some(summarize(items)), ..said(&bare) },
    };
    value.extensions.remove(ASIDE);
    let derived = derive(&value)?;
    set_aside(&mut value, &derived, &bare, "/log", notes)?;
    Ok(value)
}

/// Whether two logs define the same, kind by kind.
const DEFINED: [fn(&Log, &Log) -> bool; 3] =
    [|a, b| a.metrics == b.metrics, |a, b| a.resources == b.resources, |a, b| a.geolocations == b.geolocations];
