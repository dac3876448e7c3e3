//! Logs among the records of a stream.

use cimi_model::reflect::is_blank_record;
use cimi_model::{Any, Error, ErrorKind, Parsed, ReadOptions, Result};

use super::Records;
use crate::{AnyLog, Definitions, Event, LOG_TYPE, REPORT_TYPE};

/// Whether what was read as an event is a log or report: its type says so, or it has events and nothing that only events
/// have.
pub(super) fn is_log(event: &Event) -> bool {
    if !matches!(event.extensions.get("events"), Some(Any::Array(_))) {
        return false;
    }
    if let Some(uri) = &event.type_uri {
        return uri.is_a(LOG_TYPE) || uri.is_a(REPORT_TYPE);
    }
    let rest = Event {
        id: None,
        name: None,
        tags: Vec::new(),
        attachments: Vec::new(),
        extensions: cimi_model::Extensions::default(),
        ..event.clone()
    };
    is_blank_record(&rest)
}

/// The events of the log that a record is, with what it defines for them. The last item says what is left out.
pub(super) fn events(text: &[u8], options: ReadOptions) -> Vec<Result<Parsed<Event>>> {
    let limits = options.limits;
    let mut records = Records::new(text, options);
    records.is_in_log = true;
    let mut events: Vec<Result<Parsed<Event>>> = records.by_ref().map(|record| record.event).collect();
    let Some(log) = records.into_log().map(|log| log.value) else { return events };
    let definitions = Definitions::from(&log);
    for event in events.iter_mut().flatten() {
        definitions.resolve(&mut event.value, &limits);
    }
    if says_more(log) {
        let text = "a log among other records: its events are read, and what else it says is left out";
        events.push(Err(Error::new(ErrorKind::Type, text).at_path("/log")));
    }
    events
}

/// Whether a log says more than what it is and what it defines for its events.
fn says_more(mut log: AnyLog) -> bool {
    match &mut log {
        AnyLog::Log(log) => {
            log.type_uri = None;
            (log.metrics, log.resources, log.geolocations) = Default::default();
        }
        AnyLog::Report(report) => {
            report.type_uri = None;
            (report.metrics, report.resources, report.geolocations) = Default::default();
        }
    }
    !is_blank_record(log.record())
}
