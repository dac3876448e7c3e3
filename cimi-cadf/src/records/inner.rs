//! Logs and arrays among the records of a stream.

use cimi_model::reflect::is_blank_record;
use cimi_model::{Any, Error, ErrorKind, Format, ReadOptions};

use super::{Record, Records};
use crate::{Definitions, Event, LOG_TYPE, REPORT_TYPE};

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

/// The events of a text that holds several: of a log with what it defines for them, where the last item says what is left
/// out; of an array; of records one after another.
pub(super) fn events(text: &[u8], options: ReadOptions) -> Vec<Record> {
    let limits = options.limits;
    let mut records = Records::new(text, options);
    records.is_inner = true;
    let mut events: Vec<Record> = records.by_ref().collect();
    let Some(log) = records.into_log().map(|log| log.value) else { return events };
    let definitions = Definitions::from(&log);
    for event in events.iter_mut().filter_map(|record| record.event.as_mut().ok()) {
        definitions.resolve(&mut event.value, &limits);
    }
    if !log.says_only(&["typeURI", "metrics", "resources", "geolocations"]) {
        let text = "a log among other records: its events are read, and what else it says is left out";
        events.push(Record::new(Format::Json, Err(Error::new(ErrorKind::Type, text).at_path("/log"))));
    }
    events
}
