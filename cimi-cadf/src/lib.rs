//! CADF audit events (DMTF DSP0262, Cloud Auditing Data Federation).
//!
//! * **[`Event`]** and its parts are plain structs with public fields, defined as the resources of `cimi-model` are. They are
//!   read and written as JSON and XML; what no table knows is kept in order. Both namespaces of XML that sources write are
//!   read, and both spellings of the type of an [`Attachment`].
//! * **[`Validation`]** finds all that is wrong with an event, and says which rules are of uncertain standing.
//! * **[`Event::activity`]**, **[`Event::monitor`]** and **[`Event::control`]** build events that are valid. Identifiers and
//!   times come from the caller.
//! * **[`Records`]** reads the events of a stream one by one: a JSON array, JSON lines, records one after another, or a
//!   [`Log`] or [`Report`] in either format.
//! * **[`Writer`]** writes events one by one in these forms; **[`Merge`]** makes one stream of several, by time.
//! * **[`Definitions`]** put what a log defines for several events into each of them, and take it out again;
//!   [`Survey`] finds what events have in common.
//! * **[`openstack`]** reads events in the messages and feeds that they travel in, and spells them as `OpenStack` does.
//! * **[`http`](mod@http)** makes events of HTTP requests and the answers to them.
//! * **[`correlate`]** pairs the pending and the final event of an action.
//! * **[`EventFilter`]** asks which events are meant: by time, taxonomy, resource, tag or anything else in them.
//! * **[`flat`]** records have stable columns, for databases that read lines of JSON as tables.
//! * **[`cimi`]** converts between CADF and CIMI: audit events, Events of all types, Jobs, Meters with their
//!   Samples, logs.
//! * **Vocabularies**: [`EventType`] is flat. Actions, outcomes, the types of resources and the roles of reporters are
//!   taxonomies: a value is a [`Path`], which may extend a value of the standard by further segments; ask what it
//!   [is a kind of](Path::is_a) rather than what it equals. The values of the standard are constants in [`action`],
//!   [`outcome`], [`resource`] and [`reporter_role`].
//!
//! ```
//! use cimi_cadf::{Event, Part, Validation, action, outcome};
//! use cimi_model::Format;
//!
//! let text = br#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e1", "eventType": "activity",
//!     "eventTime": "2025-01-01T12:00:00+00:00", "action": "update/os-start", "outcome": "success",
//!     "initiator": {"id": "u1", "typeURI": "data/security/account/user", "credential": {"token": "s3cret"}},
//!     "target": {"id": "m1", "typeURI": "compute/machine"}, "observerId": "m1"}"#;
//! let event = Event::read(text, &Default::default())?.value;
//! assert!(event.action.as_ref().is_some_and(|path| path.is_a(action::UPDATE)));
//! assert_eq!(event.outcome, Some(outcome::SUCCESS.into()));
//! assert_eq!(event.resource(Part::Observer), event.target.as_ref());
//! assert!(Validation::strict().accepts(&event));
//! assert!(!format!("{event:?}").contains("s3cret"));
//!
//! let xml = event.to_string(Format::Xml, Default::default())?;
//! assert!(xml.starts_with(r#"<event xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" typeURI="#));
//! assert_eq!(Event::read(xml.as_bytes(), &Default::default())?.value, event);
//! # Ok::<(), cimi_model::Error>(())
//! ```
//!
//! No clock, no file system: bytes in, bytes out. No input makes it panic.

mod build;
pub mod cimi;
pub mod correlate;
mod document;
mod event;
mod filter;
pub mod flat;
pub mod http;
mod identifier;
mod log;
mod merge;
pub mod openstack;
mod path;
mod records;
mod tag;
mod taxonomy;
mod text;
mod timestamp;
mod types;
pub mod validate;
mod vocabulary;
mod write;

pub use build::{Decision, EventBuilder, Invalid, Parties, Party};
pub use event::Part;
pub use filter::{CompiledEventFilter, EventFilter};
pub use identifier::Identifier;
pub use log::{AnyLog, Cause, Definitions, LOG_TYPE, Log, REPORT_TYPE, Report, Survey, Unlinked};
pub use merge::{Merge, Merged, Order};
pub use path::Path;
pub use records::{Record, Records};
pub use tag::Tag;
pub use taxonomy::{Taxonomy, action, outcome, reporter_role, resource};
pub use timestamp::Timestamp;
pub use types::{
    Attachment, Credential, EVENT_TYPE, Endpoint, Event, Geolocation, Host, Measurement, Metric, NAMESPACE, Reason,
    Reporterstep, Resource,
};
pub use validate::{Problem, Rule, Severity, Standing, Validation};
pub use vocabulary::{EventType, ReporterRole};
pub use write::Writer;
