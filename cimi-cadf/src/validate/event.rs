//! The rules of events.

use std::borrow::Cow;

use cimi_model::{Format, printable};

use super::{Checker, Level, Place, Rule};
use crate::{
    Event, EventType, Part, Path, ReporterRole, Reporterstep, Taxonomy, action, outcome, reporter_role, types,
};

/// The actions of control events.
const DECISIONS: &[&str] = &[action::ALLOW, action::DENY, action::EVALUATE, action::NOTIFY];

impl Checker {
    pub(super) fn event(&mut self, event: &Event, place: &Place<'_>) {
        self.kept(event, place);
        self.event_type_uri(event, place);
        self.required(event, "id", event.id.is_some(), place);
        self.uri_text(event.id.as_ref(), &place.at("id"));
        self.required(event, "eventTime", event.event_time.is_some(), place);
        self.timestamp(event.event_time.as_ref(), &place.at("eventTime"));
        self.required(event, "action", event.action.is_some(), place);
        self.taxonomy(event.action.as_ref(), action::TAXONOMY, "action", &place.at("action"));
        self.required(event, "outcome", event.outcome.is_some(), place);
        self.taxonomy(event.outcome.as_ref(), outcome::TAXONOMY, "outcome", &place.at("outcome"));
        for part in Part::ALL {
            self.part(event, part, place);
        }
        self.of_type(event, place);
        if let Some(reason) = &event.reason {
            self.reason(reason, &place.at("reason"));
        }
        for (index, measurement) in event.measurements.iter().enumerate() {
            self.measurement(measurement, &place.item("measurements", index));
        }
        for (index, tag) in event.tags.iter().enumerate() {
            let place = place.item("tags", index);
            self.uri_text(Some(tag), &place);
            if tag.name().is_empty() && !tag.as_str().is_empty() {
                self.report(&place, Level::Loose, Rule::Value, "the tag has no name");
            }
        }
        self.attachments(&event.attachments, place);
        self.chain(event, place);
    }

    fn event_type_uri(&mut self, event: &Event, place: &Place<'_>) {
        let place_of_type = place.at("typeURI");
        match &event.type_uri {
            None if self.validation.format == Format::Xml => {}
            None => self.required(event, "typeURI", false, place),
            Some(uri) if uri.is_a(types::EVENT_TYPE) => {}
            Some(uri) => {
                let text = format!("'{}' is not the type of events, {}", printable(uri.as_str()), types::EVENT_TYPE);
                self.report(&place_of_type, Level::Wrong, Rule::Value, text);
            }
        }
    }

    fn part(&mut self, event: &Event, part: Part, place: &Place<'_>) {
        let (name, id_name) = match part {
            Part::Initiator => ("initiator", "initiatorId"),
            Part::Target => ("target", "targetId"),
            Part::Observer => ("observer", "observerId"),
        };
        let (resource, id) = (event.written(part), event.written_id(part));
        self.one_of(event, (name, resource.is_some()), (id_name, id.is_some()), place);
        self.uri_text(id, &place.at(id_name));
        if let (Some(resource), Some(id)) = (resource, id)
            && resource.id.as_ref().is_some_and(|own| own != id)
        {
            let text = format!("it is not the id of the {name}");
            self.report(&place.at(id_name), Level::Doubtful, Rule::Consistency, text);
        }
        if let Some(resource) = resource {
            self.part_resource(event, resource, &place.at(name));
        }
    }

    /// What events of each type have.
    fn of_type(&mut self, event: &Event, place: &Place<'_>) {
        let Some(event_type) = &event.event_type else {
            return self.required(event, "eventType", false, place);
        };
        let action = event.action.as_ref().map(|path| relative(path, "action"));
        let is_a = |kinds: &[&str]| action.as_ref().is_none_or(|path| kinds.iter().any(|kind| path.is_a(kind)));
        let unknown = is_a(&[action::UNKNOWN]);
        match event_type {
            EventType::Monitor => {
                if event.measurements.is_empty()
                    && !event.extensions.get("measurements").is_some_and(super::says_something)
                {
                    let text = "a monitor event has measurements";
                    self.report(&place.at("measurements"), Level::Wrong, Rule::EventType, text);
                }
                if !is_a(&[action::MONITOR]) && !unknown {
                    let text = "the action of a monitor event is monitor";
                    self.report(&place.at("action"), Level::Wrong, Rule::EventType, text);
                }
            }
            EventType::Control => {
                if event.reason.is_none() && !event.extensions.get("reason").is_some_and(super::says_something) {
                    let text = "a control event has a reason";
                    self.report(&place.at("reason"), Level::Wrong, Rule::EventType, text);
                }
                if !is_a(DECISIONS) && !unknown {
                    let text = "the action of a control event is allow, deny, evaluate or notify";
                    self.report(&place.at("action"), Level::Advice, Rule::EventType, text);
                }
            }
            EventType::Activity => {
                if action.is_some() && !unknown && (is_a(DECISIONS) || is_a(&[action::MONITOR])) {
                    let text = "the action is one of control or monitor events";
                    self.report(&place.at("action"), Level::Advice, Rule::EventType, text);
                }
            }
            EventType::Other(text) => {
                let text = format!("'{}' is not monitor, activity or control", printable(text));
                self.report(&place.at("eventType"), Level::Wrong, Rule::Enumeration, text);
            }
        }
    }

    pub(super) fn chain(&mut self, event: &Event, place: &Place<'_>) {
        if event.reporterchain.is_empty() {
            return;
        }
        let begun = event.event_time.as_ref().and_then(crate::Timestamp::instant);
        let mut before = begun;
        for (index, step) in event.reporterchain.iter().enumerate() {
            let place = place.item("reporterchain", index);
            self.step(event, step, &place);
            if index > 0 && step.role == Some(ReporterRole::Observer) {
                let text = "the observer made the event before others handled it";
                self.report(&place.at("role"), Level::Advice, Rule::Order, text);
            }
            let Some(time) = step.reporter_time.as_ref().and_then(crate::Timestamp::instant) else { continue };
            if let Some(earlier) = before.filter(|earlier| *earlier > time) {
                let what = if Some(earlier) == begun { "the event" } else { "the step before" };
                let text = format!("the time is earlier than that of {what}");
                self.report(&place.at("reporterTime"), Level::Advice, Rule::Order, text);
            }
            before = before.max(Some(time));
        }
    }

    fn step(&mut self, event: &Event, step: &Reporterstep, place: &Place<'_>) {
        self.kept(step, place);
        self.required(step, "role", step.role.is_some(), place);
        if let Some(ReporterRole::Other(role)) = &step.role
            && !reporter_role::TAXONOMY.covers(&role.as_str().into())
        {
            let text = format!("'{}' is not observer, modifier or relay", printable(role));
            self.report(&place.at("role"), Level::Wrong, Rule::Enumeration, text);
        }
        self.timestamp(step.reporter_time.as_ref(), &place.at("reporterTime"));
        self.one_of(step, ("reporter", step.reporter.is_some()), ("reporterId", step.reporter_id.is_some()), place);
        self.uri_text(step.reporter_id.as_ref(), &place.at("reporterId"));
        if let Some(reporter) = &step.reporter {
            self.part_resource(event, reporter, &place.at("reporter"));
        }
        self.attachments(&step.attachments, place);
    }

    pub(super) fn taxonomy(&mut self, path: Option<&Path>, taxonomy: Taxonomy, name: &str, place: &Place<'_>) {
        let Some(path) = path else { return };
        let inner = relative(path, name);
        if path.as_str().is_empty() {
            self.report(place, Level::Wrong, Rule::Value, "the path is empty");
        } else if !taxonomy.covers(&inner) {
            let text = format!("'{}' is not of the taxonomy", printable(path.as_str()));
            self.report(place, Level::Loose, Rule::Taxonomy, text);
        } else if inner.segments().any(str::is_empty) {
            self.report(place, Level::Advice, Rule::Taxonomy, "a segment of the path is empty");
        }
    }
}

/// A path without the beginning that makes it a URI.
pub(crate) fn relative<'p>(path: &'p Path, taxonomy: &str) -> Cow<'p, Path> {
    let rest = path.as_str().strip_prefix(types::NAMESPACE).and_then(|rest| rest.strip_prefix(taxonomy));
    let inner = rest.and_then(|rest| rest.strip_prefix('/'));
    inner.map_or(Cow::Borrowed(path), |inner| Cow::Owned(inner.into()))
}
