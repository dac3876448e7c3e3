//! The columns of flat records.

use std::borrow::Cow;

use super::ColumnKind::{Count, Json, Number, Text, Timestamp};
use super::row::{self, Cell, Row, host_of, kind_of, root, text};
use super::{Column, ColumnKind};
use crate::Part;

const fn column(
    name: &'static str,
    kind: ColumnKind,
    doc: &'static str,
    value: for<'r> fn(&'r Row<'r>) -> Cell<'r>,
) -> Column {
    Column { name, kind, doc, value }
}

/// The columns, in their order. Later versions may put new ones in front of the last one; the others stay as they are.
pub const COLUMNS: &[Column] = &[
    column("time", Timestamp, "when the action happened or began, in UTC", row::time),
    column("time_text", Text, "the same as the event has it", row::time_text),
    column("id", Text, "the identifier of the event", |row| text(row.event.id.as_ref())),
    column("type_uri", Text, "its type", |row| text(row.event.type_uri.as_ref())),
    column("event_type", Text, "`monitor`, `activity` or `control`", |row| text(row.event.event_type.as_ref())),
    column("action", Text, "what was done or tried: a path", |row| text(row.event.action.as_ref())),
    column("action_root", Text, "the first segment of it", |row| root(row.event.action.as_ref(), "action/")),
    column("outcome", Text, "how it ended: a path", |row| text(row.event.outcome.as_ref())),
    column("outcome_root", Text, "the first segment of it", |row| root(row.event.outcome.as_ref(), "outcome/")),
    column("name", Text, "the name of the event", |row| text(row.event.name.as_ref())),
    column("severity", Text, "how severe it is, in words of the source", |row| text(row.event.severity.as_ref())),
    column("duration", Text, "how long the action took, as xs:duration", |row| text(row.event.duration.as_ref())),
    column("duration_seconds", Number, "the same in seconds, unless it has years or months", row::seconds),
    column("initiator_id", Text, "who acted: the identifier", |row| row.id(Part::Initiator)),
    column("initiator_type", Text, "its type: a path", |row| text(kind_of(row.initiator))),
    column("initiator_type_root", Text, "the first segment of it", |row| root(kind_of(row.initiator), "resource/")),
    column("initiator_name", Text, "its name", |row| text(row.initiator.and_then(|part| part.name.as_ref()))),
    column("initiator_domain", Text, "what qualifies the name", |row| {
        text(row.initiator.and_then(|part| part.domain.as_ref()))
    }),
    column("initiator_host", Text, "the address of its host", |row| {
        text(host_of(row.initiator).and_then(|host| host.address.as_ref()))
    }),
    column("initiator_agent", Text, "the agent that acted for it, such as a browser", |row| {
        text(host_of(row.initiator).and_then(|host| host.agent.as_ref()))
    }),
    column("target_id", Text, "what was acted on: the identifier", |row| row.id(Part::Target)),
    column("target_type", Text, "its type: a path", |row| text(kind_of(row.target))),
    column("target_type_root", Text, "the first segment of it", |row| root(kind_of(row.target), "resource/")),
    column("target_name", Text, "its name", |row| text(row.target.and_then(|part| part.name.as_ref()))),
    column("target_domain", Text, "what qualifies the name", |row| {
        text(row.target.and_then(|part| part.domain.as_ref()))
    }),
    column("target_host", Text, "the address of its host", |row| {
        text(host_of(row.target).and_then(|host| host.address.as_ref()))
    }),
    column("target_url", Text, "the first of its addresses", |row| {
        text(row.target.and_then(|part| part.addresses.first()?.url.as_ref()))
    }),
    column("observer_id", Text, "who made the event: the identifier", |row| row.id(Part::Observer)),
    column("observer_type", Text, "its type: a path", |row| text(kind_of(row.observer))),
    column("observer_type_root", Text, "the first segment of it", |row| root(kind_of(row.observer), "resource/")),
    column("observer_name", Text, "its name", |row| text(row.observer.and_then(|part| part.name.as_ref()))),
    column("observer_domain", Text, "what qualifies the name", |row| {
        text(row.observer.and_then(|part| part.domain.as_ref()))
    }),
    column("observer_host", Text, "the address of its host", |row| {
        text(host_of(row.observer).and_then(|host| host.address.as_ref()))
    }),
    column("reason_type", Text, "why it ended so: the domain of the code", |row| {
        text(row.reason.and_then(|reason| reason.reason_type.as_ref()))
    }),
    column("reason_code", Text, "the code", |row| text(row.reason.and_then(|reason| reason.reason_code.as_ref()))),
    column("policy_type", Text, "the domain of the policy", |row| {
        text(row.reason.and_then(|reason| reason.policy_type.as_ref()))
    }),
    column("policy_id", Text, "the policy", |row| text(row.reason.and_then(|reason| reason.policy_id.as_ref()))),
    column("metric_id", Text, "what the first measurement measured: the identifier", row::metric_id),
    column("metric_name", Text, "its name", |row| text(row.metric.and_then(|metric| metric.name.as_ref()))),
    column("metric_unit", Text, "its unit", |row| text(row.metric.and_then(|metric| metric.unit.as_ref()))),
    column("result", Text, "its result; JSON if it is neither a text nor a number", row::result),
    column("result_number", Number, "its result, if it is a number or reads as one", row::result_number),
    column("measurement_count", Count, "how many measurements there are", |row| {
        Cell::Count(row.event.measurements.len())
    }),
    column("tags", Json, "the tags: an array of texts", row::tags),
    column("tag_count", Count, "how many tags there are", |row| Cell::Count(row.event.tags.len())),
    column("attachment_count", Count, "how many attachments the event has", |row| {
        Cell::Count(row.event.attachments.len())
    }),
    column("reporter_count", Count, "how many steps the reporter chain has", |row| {
        Cell::Count(row.event.reporterchain.len())
    }),
    column("event", Json, "the whole event, credentials included", |row| Cell::Text(Cow::Borrowed(&row.whole))),
];
