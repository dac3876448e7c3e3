//! Envelopes in JSON.

use std::collections::BTreeMap;

use cimi_model::{Any, Error, ErrorKind, Location, Object, Parsed, ReadOptions, Result};
use serde_json::value::RawValue;

use super::envelope::{Envelope, Form, Inside, Layer, members_of};
use crate::Event;

/// What an event has at least one of, and an envelope has not.
const OF_EVENTS: &[&str] =
    &["typeURI", "eventType", "eventTime", "action", "outcome", "initiator", "target", "observer"];

/// What tells a notification from other objects with a payload.
const OF_NOTIFICATIONS: &[&str] = &["event_type", "publisher_id", "message_id"];

type Members<'t> = BTreeMap<String, &'t RawValue>;

/// The text of a document, without its byte order mark.
fn utf8(input: &[u8]) -> Result<&str> {
    let input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    std::str::from_utf8(input).map_err(|error| {
        let location = Location::in_text(input, error.valid_up_to());
        Error::new(ErrorKind::Syntax, "the document is not UTF-8").at(location).caused_by(error)
    })
}

/// Reads a document with an event in it.
pub(super) fn read(input: &[u8], options: &ReadOptions) -> Result<(Envelope, Parsed<Event>)> {
    let text = utf8(input)?;
    let members = split(text)
        .map_err(|error| Error::new(ErrorKind::Syntax, "the document is no JSON object").caused_by(error))?;
    let (envelope, parsed) = match members.get("oslo.message").filter(|_| !is_event(&members)) {
        Some(message) => wrapped(text, message.get(), options)?,
        None => open(text, &members, options)?,
    };
    Ok((envelope.from(text, options.limits), parsed))
}

/// The events of a feed; entries that hold something else are left out.
pub(super) fn read_feed(input: &[u8], options: &ReadOptions) -> Result<Vec<Result<Parsed<Event>>>> {
    let text = utf8(input)?;
    let members = split(text).ok();
    let feed = members.as_ref().and_then(|members| split(members.get("feed")?.get()).ok());
    let Some(entries) = feed.as_ref().and_then(|feed| feed.get("entry")) else {
        return Err(no_event("the document is no feed"));
    };
    let entries: Vec<&RawValue> = serde_json::from_str(entries.get()).unwrap_or_else(|_| vec![*entries]);
    let (mut at, mut location) = (0, Location { line: 1, column: 1 });
    let mut events = Vec::new();
    for event in entries.iter().filter_map(|entry| event_of(entry.get())) {
        let start = (event.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let between = text.as_bytes().get(at..start).unwrap_or_default();
        (at, location) = (start, further(location, Location::in_text(between, between.len())));
        events.push(placed(Event::read(event.as_bytes(), options), location));
    }
    Ok(events)
}

/// The event in an entry of a feed.
fn event_of(entry: &str) -> Option<&str> {
    let entry = split(entry).ok()?;
    let content = split(entry.get("content")?.get()).ok()?;
    Some(content.get("event")?.get()).filter(|event| is_event_text(event))
}

/// A message of version 2.0, as text or, where somebody has opened it, as an object.
fn wrapped(text: &str, literal: &str, options: &ReadOptions) -> Result<(Envelope, Parsed<Event>)> {
    let Some(inner) = unquote(literal) else {
        let Ok(members) = split(literal) else { return Err(no_event("oslo.message is no message")) };
        let (envelope, parsed) = open(literal, &members, options)?;
        let (layer, _) = layer(text, literal, Inside::Plain, options)?;
        let start = Location::in_text(text.as_bytes(), layer.before.len());
        return Ok((envelope.inside_of(Form::Message, layer), placed(Ok(parsed), start)?));
    };
    let members = split(&inner)
        .map_err(|error| Error::new(ErrorKind::Syntax, "oslo.message is no JSON object").caused_by(error))?;
    let (envelope, parsed) = open(&inner, &members, options)?;
    let (layer, _) = layer(text, literal, Inside::JsonString, options)?;
    Ok((envelope.inside_of(Form::Message, layer), unplaced(parsed)))
}

/// A document that holds an event at one of the places that are known.
fn open(text: &str, members: &Members<'_>, options: &ReadOptions) -> Result<(Envelope, Parsed<Event>)> {
    if is_event(members) {
        return Err(no_event("the document is an event by itself"));
    }
    let Some((form, path, found)) = place(members) else {
        return Err(no_event("the document holds no CADF event"));
    };
    match unquote(found) {
        Some(inner) if is_event_text(&inner) => {
            let (layer, around) = layer(text, found, Inside::JsonString, options)?;
            let parsed = unplaced(Event::read(inner.as_bytes(), options)?);
            Ok((Envelope::new(form, without(around, &path), vec![layer]), parsed))
        }
        None if is_event_text(found) => {
            let (layer, around) = layer(text, found, Inside::Plain, options)?;
            let parsed =
                placed(Event::read(found.as_bytes(), options), Location::in_text(text.as_bytes(), layer.before.len()))?;
            Ok((Envelope::new(form, without(around, &path), vec![layer]), parsed))
        }
        _ => Err(no_event(format!("/{} is no CADF event", path.join("/")))),
    }
}

/// Whether what was read as an event is none, and may hold one.
pub(super) fn may_hold_event(read: &Event) -> bool {
    let has = |name: &&str| read.extensions.get(name).is_some();
    let parts = [&read.initiator, &read.target, &read.observer].into_iter().any(Option::is_some);
    let is_event = parts
        || read.id.is_some()
        || read.type_uri.is_some()
        || read.event_type.is_some()
        || read.event_time.is_some()
        || read.action.is_some()
        || read.outcome.is_some()
        || OF_EVENTS.iter().any(has);
    !is_event && ["payload", "oslo.message", "event", "entry", "feed"].iter().any(has)
}

/// Which form a document has, where the event is, and its text.
fn place<'t>(members: &Members<'t>) -> Option<(Form, Vec<&'static str>, &'t str)> {
    if let Some(payload) = members.get("payload") {
        let is_notification = OF_NOTIFICATIONS.iter().any(|name| members.contains_key(*name));
        let form = if is_notification { Form::Notification } else { Form::ActivityTracker };
        return Some((form, vec!["payload"], payload.get()));
    }
    if let Some(event) = members.get("event") {
        return Some((Form::Feed, vec!["event"], event.get()));
    }
    let entry = split(members.get("entry")?.get()).ok()?;
    let content = split(entry.get("content")?.get()).ok()?;
    Some((Form::Feed, vec!["entry", "content", "event"], content.get("event")?.get()))
}

fn split(text: &str) -> serde_json::Result<Members<'_>> {
    serde_json::from_str(text)
}

/// Whether a text is an event by itself.
pub(super) fn is_event_text(text: &str) -> bool {
    split(text).is_ok_and(|members| is_event(&members))
}

fn is_event(members: &Members<'_>) -> bool {
    OF_EVENTS.iter().any(|name| members.contains_key(*name))
}

/// The layer around a part of a text, and the members of that layer, which has to be well-formed.
fn layer(text: &str, part: &str, inside: Inside, options: &ReadOptions) -> Result<(Layer, Object)> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let pieces = text.get(..start).zip(text.get(start.saturating_add(part.len())..));
    let (before, after) = pieces.ok_or_else(|| no_event("the document holds no CADF event"))?;
    let around = members_of(&format!("{before}null{after}"), options)?;
    Ok((Layer { before: before.to_owned(), after: after.to_owned(), inside }, around))
}

/// The members without that at the end of a path.
fn without(mut members: Object, path: &[&str]) -> Object {
    match path {
        [] => {}
        [name] => drop(members.remove(name)),
        [name, rest @ ..] => {
            if let Some(Any::Object(inner)) = members.get_mut(name) {
                *inner = without(std::mem::take(inner), rest);
            }
        }
    }
    members
}

/// What was read of a part, with the places of deviations in the whole.
fn placed(outcome: Result<Parsed<Event>>, start: Location) -> Result<Parsed<Event>> {
    match outcome {
        Ok(mut parsed) => {
            for deviation in &mut parsed.deviations {
                deviation.location = deviation.location.map(|at| further(start, at));
            }
            Ok(parsed)
        }
        Err(error) => {
            let at = error.location().map_or(start, |at| further(start, at));
            Err(Error::new(error.kind(), error.reason()).at_path(error.path()).at(at))
        }
    }
}

/// A place in a part of a text, in the text in which the part begins at `start`.
const fn further(start: Location, at: Location) -> Location {
    let column = if at.line == 1 { at.column + start.column - 1 } else { at.column };
    Location { line: at.line + start.line - 1, column }
}

/// What was read of text in a string: its lines are not those of the document.
pub(super) fn unplaced(mut parsed: Parsed<Event>) -> Parsed<Event> {
    for deviation in &mut parsed.deviations {
        deviation.location = None;
    }
    parsed
}

fn unquote(literal: &str) -> Option<String> {
    serde_json::from_str(literal).ok()
}

pub(super) fn quote(text: &str) -> Result<String> {
    serde_json::to_string(text)
        .map_err(|error| Error::new(ErrorKind::Write, "the message cannot be written").caused_by(error))
}

/// The JSON text of a value.
pub(super) fn json_text(value: &Any) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorKind::Write, "the value cannot be written").caused_by(error))
}

/// The object or array that a text holds as JSON.
pub(super) fn value(text: &str) -> Option<Any> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let around = format!("{{\"value\":{text}}}");
    let mut members = members_of(&around, &ReadOptions::default()).ok()?;
    if members.len() == 1 { members.remove("value") } else { None }
}

pub(super) fn no_event(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Type, reason)
}
