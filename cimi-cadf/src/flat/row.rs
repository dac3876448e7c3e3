//! Where the values of flat records come from.

use std::borrow::Cow;

use chrono::{Datelike, SecondsFormat};
use cimi_model::{Any, Format, Result, Scalar, WriteOptions};

use crate::{Event, Host, Measurement, Metric, NAMESPACE, Part, Path, Reason, Resource, Timestamp};

/// What the values of a record are taken from.
pub(super) struct Row<'e> {
    pub(super) event: &'e Event,
    /// As [`Event::resource`] finds them.
    pub(super) initiator: Option<&'e Resource>,
    pub(super) target: Option<&'e Resource>,
    pub(super) observer: Option<&'e Resource>,
    pub(super) reason: Option<&'e Reason>,
    pub(super) measured: Option<&'e Measurement>,
    pub(super) metric: Option<&'e Metric>,
    /// The event as JSON.
    pub(super) whole: String,
}

/// One value.
pub(super) enum Cell<'e> {
    Null,
    Text(Cow<'e, str>),
    Number(f64),
    Count(usize),
}

impl<'e> Row<'e> {
    pub(super) fn new(event: &'e Event) -> Result<Self> {
        let measured = event.measurements.first();
        Ok(Self {
            event,
            initiator: event.resource(Part::Initiator),
            target: event.resource(Part::Target),
            observer: event.resource(Part::Observer),
            reason: event.reason.as_ref(),
            measured,
            metric: measured.and_then(|measured| measured.metric.as_ref()),
            whole: event.to_string(Format::Json, WriteOptions::default())?,
        })
    }

    /// The identifier of a part, also where the event does not describe it.
    pub(super) fn id(&self, part: Part) -> Cell<'e> {
        let described = match part {
            Part::Initiator => self.initiator,
            Part::Target => self.target,
            Part::Observer => self.observer,
        };
        text(described.and_then(|resource| resource.id.as_ref()).or_else(|| self.event.written_id(part)))
    }
}

/// The instant as all readers take it; years that they do not have are null.
pub(super) fn time<'r>(row: &'r Row<'_>) -> Cell<'r> {
    let time = row.event.event_time.as_ref().and_then(Timestamp::instant).map(|time| time.to_utc());
    let usual = time.filter(|time| (1..=9999).contains(&time.year()));
    owned(usual.map(|time| time.to_rfc3339_opts(SecondsFormat::Micros, true)))
}

/// The time as the event has it, understood or not.
pub(super) fn time_text<'r>(row: &'r Row<'_>) -> Cell<'r> {
    let kept = || row.event.extensions.get("eventTime").and_then(Any::as_str);
    let text = row.event.event_time.as_ref().map(Timestamp::as_str).or_else(kept);
    text.map_or(Cell::Null, |text| Cell::Text(Cow::Borrowed(text)))
}

/// How long the action took, unless years or months make it indefinite.
pub(super) fn seconds<'r>(row: &'r Row<'_>) -> Cell<'r> {
    let parts = row.event.duration.as_ref().and_then(cimi_model::Duration::parts);
    number(parts.filter(|(months, _)| *months == 0).map(|(_, seconds)| seconds))
}

pub(super) fn metric_id<'r>(row: &'r Row<'_>) -> Cell<'r> {
    text(row.measured.and_then(Measurement::id_of_metric))
}

/// The result as text: that of a string, the JSON of anything else.
pub(super) fn result<'r>(row: &'r Row<'_>) -> Cell<'r> {
    match row.measured.and_then(|measured| measured.result.as_ref()) {
        None | Some(Any::Null) => Cell::Null,
        Some(Any::String(text)) => Cell::Text(Cow::Borrowed(text)),
        Some(Any::Number(number)) => Cell::Text(Cow::Borrowed(number.as_str())),
        Some(other) => owned(serde_json::to_string(other).ok()),
    }
}

pub(super) fn result_number<'r>(row: &'r Row<'_>) -> Cell<'r> {
    number(match row.measured.and_then(|measured| measured.result.as_ref()) {
        Some(Any::Number(number)) => number.as_str().parse().ok(),
        Some(Any::String(text)) => text.trim().parse().ok(),
        _ => None,
    })
}

pub(super) fn tags<'r>(row: &'r Row<'_>) -> Cell<'r> {
    let tags: Vec<&str> = row.event.tags.iter().map(Scalar::as_str).collect();
    owned((!tags.is_empty()).then(|| serde_json::to_string(&tags).ok()).flatten())
}

pub(super) fn text<T: Scalar>(value: Option<&T>) -> Cell<'_> {
    value.map_or(Cell::Null, |value| Cell::Text(Cow::Borrowed(value.as_str())))
}

fn owned<'e>(text: Option<String>) -> Cell<'e> {
    text.map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)))
}

/// JSON has no infinity, and who writes `NaN` says nothing.
fn number<'e>(number: Option<f64>) -> Cell<'e> {
    number.filter(|number| number.is_finite()).map_or(Cell::Null, Cell::Number)
}

/// The first segment of a path, also of one that is a URI of CADF with the name of its taxonomy or without.
pub(super) fn root<'e>(path: Option<&'e Path>, taxonomy: &str) -> Cell<'e> {
    let Some(path) = path.map(Path::as_str) else { return Cell::Null };
    let relative = path.strip_prefix(NAMESPACE).map_or(path, |rest| rest.strip_prefix(taxonomy).unwrap_or(rest));
    Cell::Text(Cow::Borrowed(relative.split_once('/').map_or(relative, |(root, _)| root)))
}

pub(super) fn kind_of(resource: Option<&Resource>) -> Option<&Path> {
    resource?.type_uri.as_ref()
}

pub(super) fn host_of(resource: Option<&Resource>) -> Option<&Host> {
    resource?.host.as_ref()
}
