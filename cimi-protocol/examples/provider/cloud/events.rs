//! Event logs: every resource with a state has one, and the entry point has one for all requests.

use chrono::TimeDelta;
use cimi_model::attributes;
use cimi_model::{
    Dialect, Event, EventContent, EventLog, EventOutcome, EventSeverity, EventSummary, ModelChange, Persistence, Ref,
    Uri, event_type,
};

use super::Cloud;

/// The path of the log of the entry point.
pub(crate) const MAIN_LOG: &str = "eventLogs/1";

/// How many Events the log of a resource keeps, and that of the entry point; then the oldest go.
pub(crate) const KEPT: usize = 100;
pub(crate) const KEPT_IN_MAIN_LOG: usize = 1000;

/// Who asks for what, for the Events that report requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) initiator: Option<String>,
}

impl Cloud {
    /// Changes the state of a resource and reports that.
    pub(crate) fn set_state(&mut self, path: &str, state: &str) {
        let previous = self.state(path);
        if previous.as_deref() == Some(state) {
            return;
        }
        let mut known = false;
        self.store.edit(path, |record| known = attributes::set_text(record, "state", state));
        if !known {
            return;
        }
        let severity = if state == "ERROR" { EventSeverity::High } else { EventSeverity::Low };
        let content = EventContent { state: Some(state.to_owned()), previous, ..self.about(path) };
        let event = self.event(event_type::STATE, content, EventOutcome::Status, severity);
        if let Some(log) = self.log_of(path) {
            self.report(&log, event);
        }
        self.follow_state(path);
    }

    /// Reports an alarm of a resource.
    pub(crate) fn report_alarm(&mut self, path: &str, mut event: Event) {
        event.created = Some(self.now.into());
        if let Some(log) = self.log_of(path) {
            self.report(&log, event.clone());
        }
        self.report(MAIN_LOG, event);
    }

    /// Reports that a resource was created, changed or deleted.
    pub(crate) fn report_change(&mut self, path: &str, change: ModelChange) {
        let content = EventContent { change: Some(change), ..self.about(path) };
        let event = self.event(event_type::MODEL, content, EventOutcome::Success, EventSeverity::Low);
        if let Some(log) = self.log_of(path) {
            self.report(&log, event.clone());
        }
        self.report(MAIN_LOG, event);
    }

    /// Reports a request and its status.
    pub(crate) fn report_access(&mut self, access: &Access, status: u16) {
        let (outcome, severity) = match status {
            202 => (EventOutcome::Pending, EventSeverity::Low),
            200..=399 => (EventOutcome::Success, EventSeverity::Low),
            _ => (EventOutcome::Failure, EventSeverity::Medium),
        };
        let content = EventContent {
            operation: Some(access.method.clone()),
            resource: Some(Ref::to(self.store.uri(&access.path))),
            detail: Some(format!("{} {} {status}", access.method, access.path)),
            initiator: access.initiator.clone(),
            ..EventContent::default()
        };
        let event = self.event(event_type::ACCESS, content, outcome, severity);
        if let Some(log) = self.log_of(&access.path) {
            self.report(&log, event.clone());
        }
        self.report(MAIN_LOG, event);
    }

    /// The name, URI and type of a resource.
    fn about(&self, path: &str) -> EventContent {
        let record = self.store.get(path);
        EventContent {
            res_name: record.and_then(|record| attributes::text(record, "name")).map(str::to_owned),
            resource: Some(Ref::to(self.store.uri(path))),
            res_type: record.map(|record| Uri::from(record.record_type().uri(Dialect::V2))),
            ..EventContent::default()
        }
    }

    fn event(&self, kind: &str, content: EventContent, outcome: EventOutcome, severity: EventSeverity) -> Event {
        Event {
            created: Some(self.now.into()),
            timestamp: Some(self.now.into()),
            type_uri: Some(kind.into()),
            content: Some(content),
            outcome: Some(outcome),
            severity: Some(severity),
            ..Event::default()
        }
    }

    fn log_of(&self, path: &str) -> Option<String> {
        self.store.target(path, "eventLog")
    }

    /// Adds an Event to a log, and drops those that are too many or too old.
    fn report(&mut self, log: &str, mut event: Event) {
        let events = format!("{log}/events");
        if self.store.collection(&events).is_none() {
            return;
        }
        let path = self.store.new_path(&events);
        event.id = Some(self.store.uri(&path));
        event.parent = Some(Ref::to(self.store.uri(&events)));
        self.store.put(&path, Box::new(event));
        self.store.put_in(&events, &path);
        self.forget_old_events(log, &events);
    }

    fn forget_old_events(&mut self, log: &str, events: &str) {
        let most = if log == MAIN_LOG { KEPT_IN_MAIN_LOG } else { KEPT };
        let days = match self.store.get_as::<EventLog>(log).and_then(|log| log.persistence.clone()) {
            Some(Persistence::Daily) => 1,
            Some(Persistence::Weekly) => 7,
            Some(Persistence::Monthly) => 31,
            _ => 366,
        };
        let oldest = self.now - TimeDelta::days(days);
        while let Some(members) = self.store.collection(events) {
            let Some(first) = members.paths().next().cloned() else { return };
            let time = self.store.get_as::<Event>(&first).and_then(|event| event.timestamp.as_ref()?.instant());
            if members.len() <= most && time.is_none_or(|time| time >= oldest) {
                return;
            }
            self.store.remove(&first);
        }
    }

    /// How many Events of each severity are in a log.
    pub(crate) fn summary(&self, log: &str) -> EventSummary {
        let mut summary =
            EventSummary { low: Some(0), medium: Some(0), high: Some(0), critical: Some(0), ..EventSummary::default() };
        let members = self.store.collection(&format!("{log}/events"));
        for path in members.into_iter().flat_map(super::store::Members::paths) {
            let severity = self.store.get_as::<Event>(path).and_then(|event| event.severity.as_ref());
            let count = match severity {
                Some(EventSeverity::Critical) => &mut summary.critical,
                Some(EventSeverity::High) => &mut summary.high,
                Some(EventSeverity::Medium) => &mut summary.medium,
                Some(_) => &mut summary.low,
                None => continue,
            };
            *count = count.map(|count| count + 1);
        }
        summary
    }
}
