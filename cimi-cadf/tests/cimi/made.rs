//! Values to convert.

use cimi_cadf::cimi::Converter;
use cimi_cadf::{Event, Resource};
use cimi_model::reflect::Record;
use cimi_model::resources::event_type;
use cimi_model::{Dialect, EventContent, Format, ReadOptions, Ref, Uri, json, xml};
use proptest::prelude::*;

use super::fill::{Choices, Profile, fill};

/// Bytes that proptest prints on one line.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
    }
}

pub fn bytes() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..300).prop_map(Bytes)
}

/// A converter with all that CADF demands.
pub fn converter() -> Converter {
    let mut converter = Converter::new(Resource::new("http://cloud.example.com/", "service/compute").named("cloud"));
    converter.time = Some("2020-02-02T02:02:02+00:00".parse().unwrap());
    converter
}

/// The types of Events: those of the standard in both dialects, others, and none.
pub const TYPES: [Option<&str>; 9] = [
    Some(event_type::STATE),
    Some(event_type::ALARM),
    Some(event_type::MODEL),
    Some(event_type::ACCESS),
    Some("http://schemas.dmtf.org/cloud/audit/1.0/event"),
    Some("http://schemas.dmtf.org/cloud/audit/1.0/event/security"),
    Some("http://example.com/events/rack moved"),
    Some(""),
    None,
];

/// What stands in contents: much of what real ones have, and odd things.
const RESOURCES: &[&str] = &["machines/1", "http://cloud.example.com/volumes/7?x=1", "a b", "unknown", "ü"];
const TEXTS: &[&str] = &[
    "STARTED",
    "web server",
    "42",
    "GET",
    "delete",
    "http://schemas.dmtf.org/cimi/2/action/start",
    "a/b%",
    "ü 名前",
    "\u{1}<&>",
];
const RES_TYPES: &[&str] = &[
    "http://schemas.dmtf.org/cimi/2/Machine",
    "http://schemas.dmtf.org/cimi/2/VolumeCollection",
    "http://schemas.dmtf.org/cimi/1/Address",
    "http://example.com/Rack",
];

/// The content that table 55 foresees, or part of it, or more.
pub fn content(choices: &mut Choices<'_>) -> EventContent {
    let text = |choices: &mut Choices<'_>| (!choices.chance(3)).then(|| choices.pick(TEXTS).to_owned());
    EventContent {
        res_name: text(choices),
        resource: choices.chance(2).then(|| Ref::to(choices.pick(RESOURCES))),
        res_type: choices.chance(2).then(|| Uri::from(choices.pick(RES_TYPES))),
        state: text(choices),
        previous: text(choices),
        code: text(choices),
        change: text(choices).map(|change| change.as_str().into()),
        operation: text(choices),
        detail: text(choices),
        initiator: text(choices),
        ..EventContent::default()
    }
}

/// Any Event: common attributes, extensions, odd outcomes, with a content of the standard or any other.
pub fn event(bytes: &[u8]) -> cimi_model::Event {
    let mut choices = Choices::new(bytes);
    let type_uri = choices.pick(&TYPES);
    let sensible = choices.chance(2).then(|| content(&mut choices));
    let mut event = cimi_model::Event::default();
    fill(&mut event, &mut choices, Profile::Wild, 2, false);
    event.type_uri = type_uri.map(Uri::from);
    event.extensions.remove("type");
    if let Some(content) = sensible {
        event.content = Some(content);
        event.extensions.remove("content");
    }
    again(&event)
}

/// An Event with nothing but what table 54 and 55 foresee.
pub fn plain_event(bytes: &[u8]) -> cimi_model::Event {
    let mut choices = Choices::new(bytes);
    let type_uri = choices.pick(&TYPES[..4]);
    let content = content(&mut choices);
    let outcome = choices.pick(&["Pending", "Unknown", "Status", "Success", "Warning", "Failure", "Throttled"]);
    let time = choices.pick(&["2012-05-25T13:30:15-05:00", "2000-02-29T00:00:00Z", "2012-05-25T13:30:15.123+00:00"]);
    let event = cimi_model::Event {
        id: Some("events/1".into()),
        name: choices.chance(2).then(|| choices.pick(TEXTS).to_owned()),
        timestamp: Some(time.parse().unwrap()),
        type_uri: type_uri.map(Uri::from),
        outcome: Some(outcome.into()),
        severity: choices.chance(2).then(|| choices.pick(&["critical", "high", "medium", "low"]).into()),
        content: Some(content),
        ..cimi_model::Event::default()
    };
    again(&event)
}

/// A value as a reader has it.
pub fn again<T: cimi_model::reflect::Described>(value: &T) -> T {
    let text = json::to_string(value, Default::default()).unwrap();
    json::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// The event through a format.
pub fn through(event: &Event, format: Format) -> Event {
    let text = event.to_string(format, Default::default()).unwrap();
    let read = Event::read(text.as_bytes(), &ReadOptions::default());
    read.unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// The value as text of CIMI and back.
pub fn through_cimi<T: cimi_model::reflect::Described>(value: &T, format: Format, dialect: Dialect) -> T {
    let options = ReadOptions::default();
    let text = match format {
        Format::Xml => xml::to_string(value, dialect.into()),
        _ => json::to_string(value, dialect.into()),
    };
    let text = text.unwrap();
    let parsed = match format {
        Format::Xml => xml::from_slice(text.as_bytes(), &options),
        _ => json::from_slice(text.as_bytes(), &options),
    };
    parsed.unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// The text that failures show.
pub fn shown(record: &dyn Record) -> String {
    json::to_string(record, Default::default()).unwrap()
}
