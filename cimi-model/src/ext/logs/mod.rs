//! Logs of several resources (DSP2042 4.3.2, use cases Log/Met-002 and Log/Met-003).
//!
//! * [`system_log`] says whose logs make up the log of a System, which the standard leaves open.
//! * A [`Selection`] says which Events are wanted: by time ([`Window`]), type, severity, outcome, resource and filter.
//!   It becomes the filter that a consumer sends to the provider.
//! * [`Merge`] makes one log of several, event by event, in the order of time; [`gather`] does so in memory. Each
//!   [`Entry`] says in which logs it was found, and each [`Tally`] what a log was like.
//! * [`summarize`], [`log_problems`] and [`expire`] are for the provider of a log: its summary, and how long it is kept.
//! * A [`LogTransfer`] is a resource that has logs saved again and again. Its [`Schedule`] says when runs are due and
//!   which time each is for.
//! * [`LOG_SERVICES`] is where the entry point says what a provider offers of this.
//!
//! The crate `cimi-cadf` has the same logs as CADF.
//!
//! ```
//! use cimi_model::ext::logs::{Scope, Selection, Window, system_log};
//! use cimi_model::reflect::Record;
//! use cimi_model::{Collection, Error, ErrorKind, Event, EventLog, Machine, Ref, System, Type, Uri, event_type};
//!
//! let event = |id: &str, time: &str| -> cimi_model::Result<Event> {
//!     let type_uri = Some(event_type::STATE.into());
//!     Ok(Event { id: Some(id.into()), timestamp: Some(time.parse()?), type_uri, ..Default::default() })
//! };
//! let events = [event("events/1", "2025-01-01T10:59:00Z")?, event("events/2", "2025-01-01T12:30:00Z")?];
//! let log = EventLog { events: Some(Ref::by_value(Collection::from_iter(events))), ..Default::default() };
//! // What the provider has.
//! let stored = |href: &Uri, _: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
//!     match href.as_str() {
//!         "logs/1" => Ok(Box::new(log.clone())),
//!         _ => Err(Error::new(ErrorKind::Value, "there is no such resource")),
//!     }
//! };
//! let machine = Machine { id: Some("machines/1".into()), event_log: Some(Ref::to("logs/1")), ..Default::default() };
//! let machines = Some(Ref::by_value(Collection::from_iter([machine])));
//! let system = System { id: Some("systems/1".into()), machines, ..Default::default() };
//!
//! let logs = system_log(&system, &stored, &Scope::default())?.fetch(&stored);
//! let selection = Selection {
//!     window: Window::around(&"2025-01-01T12:00:00Z".parse()?, &"PT1H".parse()?)?,
//!     ..Default::default()
//! };
//! let found = logs.gather(&selection)?;
//! assert_eq!(found.entries[0].event.id, Some("events/2".into()));
//! assert_eq!(found.entries[0].origin.resource, Some(Ref::to("machines/1")));
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod gather;
mod merge;
mod model;
mod summary;
mod system;
mod transfer;
mod window;

pub use gather::{Gathered, gather};
pub use merge::{Entry, Failure, Merge, Order, Tally};
pub use model::{
    LOG_SERVICES, LogFormat, LogServices, LogTransfer, ORIGIN, Origin, Reach, TRANSFER_ACTION, TRANSFER_RUN,
    TransferRun,
};
pub use summary::{expire, kept_since, log_problems, retention, summarize};
pub use system::{Fetched, Missing, Scope, SystemLog, system_log};
pub use transfer::{Run, Schedule};
pub use window::{Selection, Window};
