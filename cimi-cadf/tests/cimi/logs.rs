//! Logs of Events to CADF and back.

use cimi_cadf::cimi::{ASIDE, Fate};
use cimi_cadf::{Event, Log, Resource};
use cimi_model::{Collection, EventLog, EventSummary, Format, ReadOptions, Ref};
use proptest::prelude::*;

use super::fill::{Choices, Profile, fill};
use super::made::{again, bytes, converter, event, plain_event, shown};

fn log(bytes: &[u8], events: &[Vec<u8>]) -> EventLog {
    let mut log = EventLog::default();
    fill(&mut log, &mut Choices::new(bytes), Profile::Wild, 1, false);
    if !events.is_empty() {
        log.extensions.remove("events");
        let collection = log.events.get_or_insert_default().value.get_or_insert_default();
        collection.items = events.iter().map(|bytes| event(bytes)).collect();
    }
    again(&log)
}

fn through(log: &Log, format: Format) -> Log {
    let text = log.to_string(format, Default::default()).unwrap();
    let read = Log::read(text.as_bytes(), &ReadOptions::default());
    read.unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

fn three() -> EventLog {
    let events: Vec<_> = (0..3).map(|index| plain_event(&[index, 3, 3, 3, 1, 1, 1, 1])).collect();
    EventLog {
        id: Some("logs/1".into()),
        description: Some("of machine 1".into()),
        target_resource: Some(Ref::to("machines/1")),
        persistence: Some("weekly".into()),
        events: Some(Ref { href: Some("logs/1/events".into()), value: Some(Box::new(events.into_iter().collect())) }),
        ..EventLog::default()
    }
}

#[test]
fn what_events_share_is_said_once() {
    let cadf = converter().log_to_cadf(&three()).unwrap().value;
    assert_eq!((cadf.events.len(), cadf.id.as_ref().unwrap().as_str()), (3, "logs/1"));
    assert_eq!(cadf.annotations.get("persistence"), Some("weekly"));
    assert!(cadf.resources.contains(&converter().observer));
    assert!(cadf.events.iter().all(|event| event.observer.is_none() && event.observer_id.is_some()));
    assert_eq!(converter().log_to_cimi(&cadf).unwrap().value, three());
}

#[test]
fn without_attachments_and_edited() {
    let mut cadf = converter().log_to_cadf(&three()).unwrap().value;
    cadf.description = Some("edited".into());
    cadf.extensions.insert("vendor", 1);
    let found = converter().log_to_cimi(&cadf).unwrap();
    assert_eq!(found.value.description.as_deref(), Some("edited"));
    assert!(found.value.extensions.get(ASIDE).is_some());
    let notes: Vec<_> = found.notes.iter().map(|note| (note.path.as_str(), note.fate)).collect();
    assert_eq!(notes, [("/EventLog/description", Fate::Edited), ("/log/vendor", Fate::Aside)]);
    assert_eq!(converter().log_to_cadf(&found.value).unwrap().value.extensions, cadf.extensions);

    cadf = converter().log_to_cadf(&three()).unwrap().value;
    cadf.attachments.clear();
    let found = converter().log_to_cimi(&cadf).unwrap().value;
    let items = found.events.as_ref().unwrap().value.as_ref().unwrap().items.clone();
    let high = items.iter().filter(|event| event.severity == Some("high".into())).count().try_into().ok();
    let expected = EventLog {
        events: Some(Ref::by_value(Collection { items, ..Collection::default() })),
        summary: found.summary.clone(),
        ..three()
    };
    assert_eq!(found, expected);
    assert!(matches!(found.summary, Some(EventSummary { high: count, .. }) if count == high));
}

#[test]
fn a_log_of_cadf_survives() {
    for text in [
        r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "id": "l 1", "logTime": "2025-01-01T12:00:00Z",
            "resources": [{"id": "u", "typeURI": "data", "name": "u"}, {"id": "unused", "typeURI": "data"}],
            "events": [{"id": "e1", "initiatorId": "u", "observerId": "nobody", "action": "read"}], "vendor": {"x": null}}"#,
        r#"{"events": [{"id": "e1", "initiator": {"id": "u", "typeURI": "data"}, "targetId": "u"}]}"#,
        r#"{"id": "empty"}"#,
    ] {
        let log = Log::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        let found = converter().log_to_cimi(&log).unwrap().value;
        let mut back = converter().log_to_cadf(&again(&found)).unwrap().value;
        back.attachments.remove(0);
        // Of a log, CADF does not demand a type in XML, nor does this one have it.
        assert_eq!(back, log, "{}", shown(&found));
    }
}

#[test]
fn an_error_says_in_which_event_it_is() {
    let mut log = three();
    log.events.as_mut().unwrap().value.as_mut().unwrap().items[2].timestamp = None;
    let mut converter = converter();
    converter.time = None;
    assert_eq!(converter.log_to_cadf(&log).unwrap_err().path(), "/EventLog/events[2]/timestamp");
    let empty = EventLog { events: Some(Ref::to("logs/1/events")), ..three() };
    let cadf = converter.log_to_cadf(&empty).unwrap();
    assert_eq!((cadf.value.events.len(), cadf.notes[0].path.as_str()), (0, "/EventLog/events"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn logs_survive(bytes in bytes(), events in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..4)) {
        let log = log(&bytes.0, &events);
        let cadf = converter().log_to_cadf(&log);
        let cadf = cadf.map_err(|error| TestCaseError::fail(format!("{error}\n{}", shown(&log))))?.value;
        for cadf in [through(&cadf, Format::Json), through(&cadf, Format::Xml), cadf] {
            let back = converter().log_to_cimi(&cadf).unwrap().value;
            prop_assert_eq!(&back, &log, "\n{}\n{}", shown(&log), shown(&cadf));
        }
    }

    /// A log of any events of CADF.
    #[test]
    fn logs_of_cadf_survive(events in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 0..4), hoist in any::<bool>()) {
        let made = |bytes: &Vec<u8>| {
            let mut event = Event { id: Some("e".into()), ..Event::default() };
            fill(&mut event, &mut Choices::new(bytes), Profile::Wild, 1, false);
            event.observer = Some(Resource::new("o", "service"));
            event.observer_id = None;
            event
        };
        let mut log = Log { type_uri: Some(cimi_cadf::LOG_TYPE.into()), events: events.iter().map(made).collect(), ..Log::default() };
        if hoist {
            log.hoist();
        }
        let log = through(&log, Format::Json);
        let found = converter().log_to_cimi(&log).unwrap().value;
        let mut back = converter().log_to_cadf(&again(&found)).unwrap().value;
        back.attachments.remove(0);
        let resolved = |mut log: Log| {
            log.resolve(&Default::default());
            log.events
        };
        prop_assert_eq!(resolved(back), resolved(log), "\n{}", shown(&found));
    }
}
