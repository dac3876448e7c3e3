//! Conversion between CADF and CIMI.
//!
//! CIMI has audit events of CADF as [Events](cimi_model::Event) of a type of their own, whose content is the CADF event
//! (DSP0263 5.17.13, table 55). That is how [`Converter::event_to_cimi`] puts any CADF event into CIMI, and nothing is lost.
//!
//! For the other direction the standards say nothing. [`Converter`] makes CADF events of CIMI's own Events, of Jobs, and of
//! Meters with their Samples, and CADF logs of event logs. Two things make that lossless:
//!
//! * An **attachment** (`cimi-event`, `cimi-job`, …) holds the resource as it was. It is what the way back restores, but
//!   where the standard fields of the event were edited in between, these count: they are compared with those that the
//!   attachment leads to, one by one, and what differs goes into the restored resource.
//! * Without the attachment the event still says who, what, when, on what, why and how it ended, as far as CADF has words
//!   for it. What CIMI distinguishes further is in the last segment of paths: the outcome `Warning` is `success/warning`.
//!   Tags (`//schemas.dmtf.org/cimi/2/event?value=state`) say what the event was in CIMI.
//!
//! What others add to such an event, for which CIMI has no place, such as a reporter chain, is kept in an extension of the
//! restored resource ([`ASIDE`]) and put back when that is converted again.
//!
//! An Event from the [logs of a System](cimi_model::ext::logs) says where it was found, and is about that resource if it names
//! none. [`Converter::gathered_to_cadf`] makes a global log of them, and [`Resources`] select from it what is about single
//! resources, types or Systems.
//!
//! Each conversion reports, as [`Note`]s, what its result does not say just as the source did.
//!
//! | CIMI | event type | action | target | further |
//! |---|---|---|---|---|
//! | Event `state` | monitor | monitor | `resource` | state and previous one as measurements |
//! | Event `alarm` | control | notify | `resource`, else the observer | code as reason |
//! | Event `model` | activity | the change | `resource` | |
//! | Event `access` | activity | that of the operation | `resource` | initiator |
//! | any other Event | activity | that of the operation, else unknown | `resource` | |
//! | Job | activity | that of the operation | `targetResource` | state as outcome, return code as reason |
//! | Sample of a Meter | monitor | monitor | `targetResource` | value as measurement, Meter as metric |
//!
//! ```
//! use cimi_cadf::cimi::Converter;
//! use cimi_cadf::{Resource, Validation};
//! use cimi_model::{EventContent, EventOutcome, Ref, resources::event_type};
//!
//! let warning = cimi_model::Event {
//!     timestamp: Some("2025-01-01T12:00:00Z".parse()?),
//!     type_uri: Some(event_type::STATE.into()),
//!     content: Some(EventContent {
//!         resource: Some(Ref::to("machines/1")),
//!         res_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
//!         state: Some("ERROR".into()),
//!         ..Default::default()
//!     }),
//!     outcome: Some(EventOutcome::Warning),
//!     contact: Some("ops@example.com".into()),
//!     ..Default::default()
//! };
//! let converter = Converter::new(Resource::new("http://cloud.example.com/", "service/compute"));
//! let mut event = converter.event_to_cadf(&warning)?.value;
//! assert!(Validation::strict().accepts(&event));
//! assert_eq!(event.outcome.as_ref().map(|path| path.as_str()), Some("success/warning"));
//! assert_eq!(converter.event_to_cimi(&event)?.value, warning);
//!
//! event.outcome = Some("failure".into());
//! let edited = converter.event_to_cimi(&event)?;
//! assert_eq!(edited.value, cimi_model::Event { outcome: Some(EventOutcome::Failure), ..warning });
//! assert_eq!(edited.notes[0].path, "/Event/outcome");
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod actions;
mod attachment;
mod carry;
mod encoding;
mod envelope;
mod event;
mod job;
mod log;
mod meter;
mod note;
mod resources;
mod tables;

use cimi_model::reflect::Record;
use cimi_model::{Any, Dialect, Error, ErrorKind, Result, Uri};
use uuid::Uuid;

use crate::{Event, Identifier, Resource, Severity, Timestamp, Validation};

pub(crate) use actions::ACTIONS;
pub use carry::ASIDE;
pub(crate) use job::tag_of_job;
pub use note::{Converted, Fate, Note};
pub use resources::Resources;
pub use tables::path_of_type;

/// Converts between CADF and CIMI, with what CADF demands and CIMI does not say.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Converter {
    /// Who made the events: the provider. It is the initiator, too, where CIMI names none.
    pub observer: Resource,
    /// The time of what has none in CIMI. Without it, that is an error.
    pub time: Option<Timestamp>,
    /// Makes an identifier from a text that names the event among all others.
    ///
    /// The text consists of the identifier of the observer, the type, the CIMI `id` and the time; of the whole resource where
    /// that has no `id`. By default, the identifier is the UUID that RFC 9562 has for a name (version 5), so that who
    /// converts the same twice gets the same.
    pub identify: fn(&str) -> Identifier,
    /// How resources of CIMI are written in attachments.
    pub dialect: Dialect,
}

impl Converter {
    /// A converter for the events of a provider.
    #[must_use]
    pub fn new(observer: Resource) -> Self {
        let identify = |name: &str| Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string().into();
        Self { observer, time: None, identify, dialect: Dialect::V2 }
    }

    /// The CADF event that says what an Event of CIMI says.
    ///
    /// Of one whose content is a CADF event, it is that event, as it is. All others are strictly valid.
    ///
    /// # Errors
    /// When the Event does not say when it happened and the converter has no time, or the observer is not valid.
    pub fn event_to_cadf(&self, event: &cimi_model::Event) -> Result<Converted<Event>> {
        match envelope::open(self, event)? {
            Some(found) => Ok(found),
            None => carry::to_event(self, &event::way(event.type_uri.clone()), event),
        }
    }

    /// The Event of CIMI that says what a CADF event says.
    ///
    /// One that was made from an Event of CIMI, as its attachment or tag says, becomes that again. Any other becomes an
    /// audit event, with the CADF event as its content: its `type` is that of CADF events, and `timestamp`, `name`,
    /// `outcome` and `severity` are those of the event as far as CIMI has them. CIMI's `id` and `created` are the provider's to assign.
    ///
    /// # Errors
    /// When the event has a member twice, which none that was read has.
    pub fn event_to_cimi(&self, event: &Event) -> Result<Converted<cimi_model::Event>> {
        if let Some(found) = envelope::close(event)? {
            return Ok(found);
        }
        let Some(way) = event::way_back(event) else { return envelope::wrap(event) };
        carry::from_event(self, &way, event).or_else(|error| {
            let mut wrapped = envelope::wrap(event)?;
            let text = format!("it was made of an Event of CIMI, which cannot be restored: {}", error.reason());
            wrapped.notes.push(Note::new("/event", Fate::Contradicted, text));
            Ok(wrapped)
        })
    }

    /// The first of these times that CADF has a form for.
    fn time_of(&self, times: &[Option<&cimi_model::DateTime>], path: &str) -> Result<Timestamp> {
        let said = times.iter().find_map(|time| encoding::timestamp((*time)?));
        said.or_else(|| self.time.clone())
            .ok_or_else(|| Error::new(ErrorKind::Value, "there is no time that CADF has a form for").at_path(path))
    }

    /// The identifier of an event that a resource leads to.
    fn id_of(&self, record: &dyn Record, id: Option<&Uri>, time: &Timestamp) -> Result<Identifier> {
        self.id_within("", record, id, time)
    }

    /// The identifier of an event that a part of a resource leads to.
    fn id_within(&self, whole: &str, record: &dyn Record, id: Option<&Uri>, time: &Timestamp) -> Result<Identifier> {
        let observer = self.observer.id.as_ref().map_or("", Identifier::as_str);
        let mut name = format!("{observer}\n{}\n{whole}\n", record.record_type().name);
        if let Some(id) = id.filter(|id| !id.as_str().is_empty()) {
            name.push_str(id.as_str());
        } else {
            let mut members = carry::members(record)?;
            members.remove(ASIDE);
            encoding::canonical(&Any::Object(members), &mut name);
        }
        Ok((self.identify)(&format!("{name}\n{time}")))
    }
}

/// The event, if it is strictly valid.
fn valid(event: Event) -> Result<Event> {
    let problems = Validation::strict().problems(&event);
    match problems.into_iter().find(|problem| problem.severity == Severity::Error) {
        None => Ok(event),
        Some(problem) => Err(Error::new(ErrorKind::Value, problem.text).at_path(problem.path)),
    }
}
