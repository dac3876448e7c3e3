//! Logs and reports, and what their events share.

mod any;
mod definitions;
pub(crate) mod links;
mod survey;
mod types;

pub use any::AnyLog;
pub use definitions::{Cause, Definitions, Unlinked};
pub use survey::Survey;
pub use types::{LOG_TYPE, Log, REPORT_TYPE, Report};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use cimi_model::{Format, Limits, Parsed, ReadOptions, Result, WriteOptions};

use crate::{Event, Identifier, Timestamp, document};

impl Log {
    /// Reads a log with all of its events, as JSON or XML by its first character. One that is too large for memory is
    /// read event by event with [`Records`](crate::Records).
    ///
    /// # Errors
    /// When the text is not well-formed, is no log, exceeds a limit or, with [`ReadOptions::strict`], deviates.
    ///
    /// ```
    /// use cimi_cadf::Log;
    ///
    /// let text = br#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "id": "l1",
    ///     "resources": [{"id": "u1", "typeURI": "data/security/account/user"}],
    ///     "events": [{"id": "e1", "initiatorId": "u1"}, {"id": "e2", "initiatorId": "u2"}]}"#;
    /// let mut log = Log::read(text, &Default::default())?.value;
    /// let left = log.resolve(&Default::default());
    /// assert_eq!(log.events[0].initiator.as_ref(), log.resources.first());
    /// assert_eq!(left[0].to_string(), "/log/events[1]/initiatorId: 'u2' is not defined");
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub fn read(input: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        document::read(input, options)
    }

    /// Writes the log with all of its events. [`Writer`](crate::Writer) writes one that is too large for memory.
    ///
    /// # Errors
    /// None that is known; the signature is that of the writers of `cimi-model`.
    pub fn to_string(&self, format: Format, options: WriteOptions) -> Result<String> {
        document::to_string(self, format, options)
    }

    /// Puts what events refer to by identifier into them, so that each says by itself all that the log says; see
    /// [`Definitions::resolve`]. Returns what stays an identifier. The definitions stay in the log.
    ///
    /// The limits bound by how much the log may grow: a small log can refer to a large resource many times.
    pub fn resolve(&mut self, limits: &Limits) -> Vec<Unlinked> {
        Definitions::from(&*self).resolve_all(&mut self.events, "log", limits)
    }

    /// A log of events of several, each in the order of time: those of CIMI's Events, Jobs and Meters, for example.
    ///
    /// They are in the order of `eventTime`. Of events of the same time, those of the earlier list come first; one without
    /// a time stays behind the one before it. One that is equal to the first of its identifier and time comes once. What
    /// they have in common is said once, as by [`hoist`](Self::hoist).
    ///
    /// ```
    /// use cimi_cadf::{Event, Log};
    ///
    /// let event = |id: &str, time: &str| -> cimi_model::Result<Event> {
    ///     Ok(Event { id: Some(id.into()), event_time: Some(time.parse()?), ..Default::default() })
    /// };
    /// let (noon, late) = (event("e1", "2025-01-01T12:00:00+00:00")?, event("e2", "2025-01-01T12:30:00+00:00")?);
    /// let log = Log::merged([vec![late.clone()], vec![noon.clone(), late.clone()]]);
    /// assert_eq!(log.events, [noon, late]);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn merged(lists: impl IntoIterator<Item = Vec<Event>>) -> Self {
        let mut all = Vec::new();
        for events in lists {
            let mut last = None;
            for event in events {
                let time = event.event_time.as_ref().and_then(Timestamp::instant);
                last = time.map(|time| time.to_utc()).or(last);
                all.push((last, event));
            }
        }
        all.sort_by_key(|(time, _)| *time);
        let mut known: HashMap<(Option<DateTime<Utc>>, Identifier), usize> = HashMap::new();
        let mut events: Vec<Event> = Vec::with_capacity(all.len());
        for (time, event) in all {
            let first = event.id.clone().map(|id| *known.entry((time, id)).or_insert(events.len()));
            if first.and_then(|first| events.get(first)) != Some(&event) {
                events.push(event);
            }
        }
        let mut log = Self { type_uri: Some(LOG_TYPE.into()), events, ..Self::default() };
        log.hoist();
        log
    }

    /// Moves resources, metrics and places that several events have in common into the log, and leaves their identifiers
    /// in the events. Returns those that stay because the same identifier has two meanings.
    ///
    /// What is moved is equal in all of its places, or equal to what the log defines already, and has an identifier that
    /// its own event does not refer to. [`resolve`](Self::resolve) gives the same events again. Where an event referred
    /// by identifier to what only another one said, it then says that too.
    pub fn hoist(&mut self) -> Vec<Unlinked> {
        let (definitions, left) = Survey::of(Definitions::from(&*self), &mut self.events, "log");
        (self.resources, self.metrics, self.geolocations) = definitions.into_parts();
        left
    }
}

impl Report {
    /// Reads a report with all of its events, as [`Log::read`].
    ///
    /// # Errors
    /// As [`Log::read`].
    pub fn read(input: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        document::read(input, options)
    }

    /// Writes the report with all of its events.
    ///
    /// # Errors
    /// None that is known; the signature is that of the writers of `cimi-model`.
    pub fn to_string(&self, format: Format, options: WriteOptions) -> Result<String> {
        document::to_string(self, format, options)
    }

    /// Puts what events refer to by identifier into them, as [`Log::resolve`].
    pub fn resolve(&mut self, limits: &Limits) -> Vec<Unlinked> {
        Definitions::from(&*self).resolve_all(&mut self.events, "report", limits)
    }

    /// Moves what several events have in common into the report, as [`Log::hoist`].
    pub fn hoist(&mut self) -> Vec<Unlinked> {
        let (definitions, left) = Survey::of(Definitions::from(&*self), &mut self.events, "report");
        (self.resources, self.metrics, self.geolocations) = definitions.into_parts();
        left
    }
}
