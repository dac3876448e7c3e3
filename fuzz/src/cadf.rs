//! Audit events: there and back by every way that there is.

use cimi_cadf::cimi::Converter;
use cimi_cadf::correlate::Correlation;
use cimi_cadf::openstack::audit::AuditMap;
use cimi_cadf::openstack::{self, Profile};
use cimi_cadf::{
    AnyLog, Definitions, Event, EventFilter, LOG_TYPE, Merge, REPORT_TYPE, Records, Resource, Survey, Validation,
    Writer, correlate, flat,
};
use cimi_model::{Format, Limits, Parsed, ReadOptions, WriteOptions};

use crate::documents::{GENEROUS, all_options, well_formed};

const FORMATS: [Format; 2] = [Format::Json, Format::Xml];

/// Reads an event, validates it, writes it in both formats, as a flat record and as an Event of CIMI, and reads these.
///
/// # Panics
/// When it is not the same.
pub fn cadf(input: &[u8]) {
    let strict = Event::read(input, &ReadOptions::strict());
    let parsed = match (strict, Event::read(input, &ReadOptions::default())) {
        (Ok(strict), Ok(lenient)) => {
            assert_eq!(strict.value, lenient.value, "strict reading reads something else");
            lenient
        }
        (Ok(_), Err(error)) => panic!("strict reading accepts what lenient reading refuses: {error}"),
        (Err(_), Ok(lenient)) => lenient,
        (Err(_), Err(error)) => return assert!(!error.to_string().contains('\n'), "{error}"),
    };
    let event = &parsed.value;
    for validation in [Validation::default(), Validation::strict()] {
        for problem in validation.parsed(&parsed) {
            assert!(problem.path.starts_with("/event") && !problem.to_string().contains('\n'), "{problem}");
        }
    }
    for options in all_options().take(2) {
        for format in FORMATS {
            let text = event.to_string(format, options).expect("what was read can be written");
            let again = Event::read(text.as_bytes(), &GENEROUS);
            let again = again.unwrap_or_else(|error| panic!("what was written cannot be read: {error}\n{text}"));
            assert_eq!(again.value, *event, "{text}");
            well_formed(&text, format);
        }
    }
    let line = flat::line(event).expect("what was read can be written");
    assert!(!line.contains('\n'));
    if let Ok(again) = flat::event(line.as_bytes()) {
        assert_eq!(again, *event, "{line}");
    }
    convert(event);
    let _ = correlate::chain_problems(event);
    let filter: EventFilter =
        "action='read' or tags='a' or initiator/id='u1' or eventTime>2012-01-02".parse().expect("a filter");
    assert_eq!(filter.matches(event), filter.compiled().matches(event));
}

fn convert(event: &Event) {
    let converter = Converter::new(Resource::new("p1", "service/compute"));
    let Ok(found) = converter.event_to_cimi(event) else { return };
    let back = converter.event_to_cadf(&found.value).unwrap_or_else(|error| panic!("it does not come back: {error}"));
    let same_tag = event.attachments.is_empty() && event.tags.is_empty();
    assert!(
        !same_tag || back.value == *event,
        "by CIMI it becomes another\n{event:?}\n{:?}\n{:?}",
        found.value,
        back.value
    );
}

/// Reads a log or report, at once and as a stream; defines what its events have in common, and undoes it.
///
/// # Panics
/// When the ways disagree.
pub fn cadf_log(input: &[u8]) {
    if let Ok(log) = AnyLog::read(input, &ReadOptions::default()) {
        whole(&log);
        let mut records = Records::new(std::io::BufReader::with_capacity(7, input), ReadOptions::default());
        let events: Vec<Option<Event>> =
            records.by_ref().map(|record| record.event.ok().map(|parsed| parsed.value)).collect();
        if records.log().is_some() && events.iter().all(Option::is_some) {
            let events: Vec<Event> = events.into_iter().flatten().collect();
            assert_eq!(events, log.value.events(), "the stream has other events");
        }
    }
    stream(input);
}

fn whole(log: &Parsed<AnyLog>) {
    for problem in Validation::strict().parsed_log(log) {
        assert!(problem.path.starts_with('/') && !problem.to_string().contains('\n'), "{problem}");
    }
    let log = &log.value;
    for format in FORMATS {
        let text = log.to_string(format, WriteOptions::default()).expect("what was read can be written");
        let again = AnyLog::read(text.as_bytes(), &GENEROUS);
        let again = again.unwrap_or_else(|error| panic!("what was written cannot be read: {error}\n{text}"));
        assert_eq!(again.value.events(), log.events(), "{text}");
        well_formed(&text, format);
    }
    let mut resolved = log.clone();
    resolved.resolve(&Limits::default());
    let mut hoisted = resolved.clone();
    let unlinked = hoisted.hoist();
    let mut again = hoisted.clone();
    let left = again.resolve(&Limits { size: 1 << 30, elements: 1 << 30, ..Limits::default() });
    if unlinked.is_empty() && left.is_empty() {
        assert_eq!(again.events(), resolved.events(), "defining and resolving changes events\n{hoisted:?}");
    }
    let mut survey = Survey::new(Definitions::from(log));
    log.events().iter().for_each(|event| survey.add(event));
    let (definitions, _) = survey.finish();
    for event in log.events() {
        definitions.refer(&mut event.clone());
        definitions.resolve(&mut event.clone(), &Limits::default());
    }
}

/// As a stream, whatever it is: written as lines it has the same events.
fn stream(input: &[u8]) {
    let records = || Records::new(input, ReadOptions::default());
    let slow = Records::new(std::io::BufReader::with_capacity(3, input), ReadOptions::default());
    let mut correlation = Correlation::new(correlate::CorrelationOptions::default());
    let mut writer = Writer::lines(Vec::new());
    let mut events = Vec::new();
    for (record, other) in records().zip(slow) {
        assert_eq!((record.number, record.event.is_ok()), (other.number, other.event.is_ok()), "in pieces it differs");
        let Ok(parsed) = record.event else { continue };
        assert_eq!(Some(&parsed.value), other.event.as_ref().ok().map(|parsed| &parsed.value), "in pieces it differs");
        correlation.push(&parsed.value);
        // An event that says of itself that it is a log is one where it comes first.
        if parsed.value.type_uri.as_ref().is_some_and(|uri| uri.is_a(LOG_TYPE) || uri.is_a(REPORT_TYPE)) {
            continue;
        }
        writer.write(&parsed.value).expect("what was read can be written");
        events.push(parsed.value);
    }
    let _ = correlation.finish();
    let lines = writer.finish().expect("a Vec does not fail");
    let again: Vec<Event> = Records::new(&lines[..], GENEROUS)
        .map(|record| record.event.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&lines))).value)
        .collect();
    assert_eq!(again, events, "{}", String::from_utf8_lossy(&lines));
    assert_eq!(Merge::new([records(), records()]).window(3).count(), records().count() * 2);
}

/// Reads what an event travels in: messages, feeds; and the same bytes as an audit map.
///
/// # Panics
/// When it does not come out as it went in, or with another event not as that.
pub fn cadf_envelope(input: &[u8]) {
    let options = ReadOptions::default();
    if let Ok((envelope, parsed)) = openstack::read(input, &options) {
        let mut event = parsed.value;
        if let Some(envelope) = envelope {
            let text = envelope.write(&event).expect("what was read can be written");
            assert!(
                text.as_bytes() == input || std::str::from_utf8(input).is_err() || input.starts_with(b"\xEF\xBB\xBF"),
                "it does not come out as it went in\n{text}"
            );
            event.id = Some("another \"one\" <&>".into());
            let text = envelope.write(&event).expect("it can be written");
            let again = openstack::read(text.as_bytes(), &GENEROUS);
            let (same, again) =
                again.unwrap_or_else(|error| panic!("what was written cannot be read: {error}\n{text}"));
            assert_eq!(again.value, event, "{text}");
            assert_eq!(same.as_ref().map(openstack::Envelope::form), Some(envelope.form()), "{text}");
            let _ = envelope.notification().as_ref().map(openstack::Notification::envelope);
        }
        for profile in [Profile::standard(), Profile::pycadf(), Profile::hermes()] {
            let mut spelled = event.clone();
            profile.apply(&mut spelled);
            let again = profile.apply(&mut spelled);
            assert!(again.is_empty(), "applied again it changes something: {again:?}\n{event:?}");
        }
    }
    if let Ok(events) = openstack::read_feed(input, &options) {
        for event in events.into_iter().flatten() {
            assert!(event.value.to_string(Format::Json, WriteOptions::default()).is_ok());
        }
    }
    if let Ok(map) = std::str::from_utf8(input).map_err(drop).and_then(|text| AuditMap::parse(text).map_err(drop)) {
        let kind = map.service_type("compute");
        let _ = (map.action("POST", "/v2/servers/1/action", input), map.type_uri("/v2/servers/1/os-volume", &kind));
    }
}
