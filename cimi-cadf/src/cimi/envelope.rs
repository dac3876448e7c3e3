//! CADF events as the content of Events of CIMI (DSP0263 5.17.13, table 55).

use cimi_model::reflect::{Described, Record, omitted};
use cimi_model::resources::event_type;
use cimi_model::{Any, EventContent, EventOutcome, EventSeverity, Format, Generic, Object, Result, json, record, xml};

use super::carry::{self, members, rest, with_aside};
use super::encoding::date_time;
use super::note::NAMES;
use super::tables::outcome_of_path;
use super::{Converted, Converter, Fate, Note, attachment};
use crate::types::{EVENT_TYPE, NAMESPACE};
use crate::{Event, EventType, Part, outcome};

/// The name of the attachment that holds what an Event says beside its content.
const ATTACHMENT: &str = "cimi-envelope";

/// The extension of an Event that holds members of its content that an Event loses: those that have the name of an attribute of
/// CIMI's own contents, and another form.
const LOST: &str = "{http://cimi-rs.org/ext/1}content";

/// The attributes of an Event that follow from its content.
const FOLLOWING: [&str; 5] = ["timestamp", "type", "name", "outcome", "severity"];

/// The Event with a CADF event as its content.
pub(super) fn wrap(event: &Event) -> Result<Converted<cimi_model::Event>> {
    let mut notes = Vec::new();
    let timestamp = event.event_time.as_ref().and_then(date_time);
    if timestamp.is_none() {
        notes.push(Note::new("/event/eventTime", Fate::Aside, "there is no time that CIMI has a form for"));
    }
    let severity = event.severity.as_deref().and_then(severity_of);
    if severity.is_none() && event.severity.is_some() {
        let text = "CIMI has critical, high, medium and low; the content keeps it";
        notes.push(Note::new("/event/severity", Fate::Aside, text));
    }
    let (content, lost) = content_of(&members(event)?)?;
    let specific = event.type_uri.as_ref().filter(|uri| uri.is_a(EVENT_TYPE));
    let mut value = cimi_model::Event {
        timestamp,
        type_uri: Some(specific.map_or(EVENT_TYPE, |uri| uri.as_str()).into()),
        name: event.name.clone(),
        outcome: outcome_of(event),
        severity,
        content: Some(content),
        ..cimi_model::Event::default()
    };
    if !lost.is_empty() {
        value.extensions.insert(LOST, Any::Object(lost));
    }
    Ok(Converted { value, notes })
}

/// The CADF event that is the content of an Event; nothing where there is none.
pub(super) fn open(converter: &Converter, event: &cimi_model::Event) -> Result<Option<Converted<Event>>> {
    let Some(found) = audited(event)? else { return Ok(None) };
    let back = converter.event_to_cimi(&found)?.value;
    if back == *event {
        return Ok(Some(Converted::exact(found)));
    }
    let plain = wrap(&found)?.value;
    let mut notes = contradictions(event, &plain)?;
    let mut kept = event.clone();
    let (said, says) = (members(&plain)?, members(event)?);
    if FOLLOWING.iter().all(|name| said.get(name) == says.get(name)) && plain.content == event.content {
        kept.content = None;
    }
    let others = says.iter().filter(|(key, _)| !FOLLOWING.contains(key) && !matches!(*key, "content" | "resourceURI"));
    notes.extend(others.map(|(key, _)| Note::attached(format!("/Event/{}", cimi_model::printable(key)))));
    let mut found = found;
    found.attachments.insert(0, attachment::holding(ATTACHMENT, &kept, converter.dialect)?);
    Ok(Some(Converted { value: found, notes }))
}

/// The Event whose content an event was, with what else that Event said; nothing for an event that was none.
pub(super) fn close(event: &Event) -> Result<Option<Converted<cimi_model::Event>>> {
    let Some((index, mut original)) = attachment::find::<cimi_model::Event>(&event.attachments, ATTACHMENT) else {
        return Ok(None);
    };
    let content = attachment::without(event, index);
    let mut now = wrap(&content)?.value;
    let after = members(&now)?;
    let mut notes = Vec::new();
    if original.content.is_some() {
        let Some(before) = audited(&original)? else { return Ok(None) };
        let before = wrap(&before)?.value;
        if before.content != now.content {
            original.content = now.content.take();
            notes.push(Note::edited("/Event/content"));
        }
        follow(&mut original, &members(&before)?, &mut now, &after, &mut notes);
    } else {
        original.content = now.content.take();
        let before = members(&original)?;
        follow(&mut original, &before, &mut now, &after, &mut notes);
    }
    Ok(Some(Converted { value: original, notes }))
}

/// Puts into an Event what differs of the attributes that follow from its content.
fn follow(
    value: &mut cimi_model::Event,
    before: &Object,
    now: &mut cimi_model::Event,
    after: &Object,
    notes: &mut Vec<Note>,
) {
    for name in FOLLOWING.into_iter().filter(|name| before.get(name) != after.get(name)) {
        let Some(index) = value.record_type().find(name, 0) else { continue };
        value.extensions.remove(name);
        if let (Some(value), Some(now)) = (value.get_mut(index), now.get_mut(index)) {
            value.swap(now);
        }
        notes.push(Note::edited(format!("/Event/{name}")));
    }
}

/// Notes of where an Event says other than its content.
fn contradictions(event: &cimi_model::Event, plain: &cimi_model::Event) -> Result<Vec<Note>> {
    let instant = |event: &cimi_model::Event| event.timestamp.as_ref().and_then(cimi_model::DateTime::instant);
    let (says, said) = (members(event)?, members(plain)?);
    let differs = |name: &&str| match (says.get(name), said.get(name)) {
        (Some(_), Some(_)) if *name == "timestamp" => instant(event) != instant(plain),
        // Any longer path says more of the same.
        (Some(_), Some(_)) if *name == "type" => false,
        (Some(one), Some(other)) => one != other,
        _ => false,
    };
    let note =
        |name| Note::new(format!("/Event/{name}"), Fate::Contradicted, "the content says another one, which counts");
    Ok(FOLLOWING.into_iter().filter(differs).map(note).collect())
}

/// The outcome. That a monitor event succeeded says nothing but that it reports a status.
fn outcome_of(event: &Event) -> Option<EventOutcome> {
    let path = event.outcome.as_ref().filter(|path| !path.as_str().is_empty())?;
    let is_monitor = event.event_type == Some(EventType::Monitor);
    let is_status = is_monitor && path.as_str() == outcome::SUCCESS;
    Some(if is_status { EventOutcome::Status } else { outcome_of_path(path) })
}

/// The severity, in whichever case it is, and two words that sources use.
fn severity_of(text: &str) -> Option<EventSeverity> {
    let words = [
        ("critical", EventSeverity::Critical),
        ("high", EventSeverity::High),
        ("medium", EventSeverity::Medium),
        ("warning", EventSeverity::Medium),
        ("low", EventSeverity::Low),
        ("normal", EventSeverity::Low),
    ];
    words.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim())).map(|(_, severity)| severity)
}

/// The content with these members, as a reader of the Event would have it, and which members that loses.
fn content_of(members: &Object) -> Result<(EventContent, Object)> {
    let value = Any::Object(members.clone());
    let content = json::from_any::<EventContent>(&value, &attachment::options())?.value;
    let lost = rest(&carry::members(&content)?, members)?;
    Ok((content, lost))
}

/// The CADF event that an Event has as its content, if its type says so and it can be read as one.
fn audited(event: &cimi_model::Event) -> Result<Option<Event>> {
    let is_audit = event.type_uri.as_ref().is_some_and(|uri| uri.as_str().starts_with(event_type::AUDIT));
    let Some(content) = event.content.as_ref().filter(|_| is_audit) else { return Ok(None) };
    let members = with_aside(members(content)?, event, LOST);
    let only = if members.len() == 1 { members.iter().next() } else { None };
    let found = match only {
        // The event in the content, as an element or as a member.
        Some((key, Any::Object(inner))) if local_name(key) == "event" => {
            if is_of_xml(inner) || key != "event" {
                of_xml(inner.clone())
            } else {
                of_json(inner.clone())
            }
        }
        _ if is_of_xml(&members) => of_xml(with_marks(members)),
        _ => of_json(members),
    };
    Ok(found.filter(says_something))
}

/// Whether there is anything but texts that CIMI's own contents have.
fn says_something(event: &Event) -> bool {
    let attributes = Event::TYPE.attributes.iter().enumerate();
    let mut values = attributes.filter_map(|(index, attribute)| Some((event.get(index)?, attribute.kind)));
    values.any(|(value, kind)| !omitted(&value.view(), kind))
        || event.extensions.iter().any(|extension| EventContent::TYPE.attribute(extension.key()).is_none())
}

fn of_json(members: Object) -> Option<Event> {
    json::from_any(&Any::Object(members), &attachment::options()).ok().map(|parsed| parsed.value)
}

/// The name without its namespace.
fn local_name(key: &str) -> &str {
    key.rsplit_once('}').map_or(key, |(_, name)| name)
}

/// Whether members are those of an element of CADF, which has single values as attributes.
fn is_of_xml(members: &Object) -> bool {
    members.iter().any(|(key, value)| {
        let is_part = Part::ALL.iter().any(|part| part.as_str() == local_name(key));
        key.strip_prefix('{').is_some_and(|key| key.starts_with(NAMESPACE))
            || is_part && (value.get("@id").is_some() || value.get("@typeURI").is_some())
    })
}

/// The members of a record as those of an element of CADF: its attributes are marked, and its children in its namespace.
fn with_marks(members: Object) -> Object {
    let marked = |(key, value): (String, Any)| match (key.strip_prefix('{'), &value) {
        (Some(rest), _) if rest.starts_with(NAMESPACE) => (local_name(&key).to_owned(), value),
        (None, Any::String(_)) if !key.starts_with('@') => (format!("@{key}"), value),
        _ => (key, value),
    };
    members.into_iter().map(marked).collect()
}

record! {
    /// An element around an event.
    pub Content = "content" Structure [namespace(NAMESPACE), v2_only] {
        /// The event.
        event: Option<Event> = "event",
    }
}

/// The event of an element, from its members, with the type that the element stands for.
fn of_xml(members: Object) -> Option<Event> {
    let mut around = Generic { namespace: NAMESPACE.to_owned(), name: "content".to_owned(), ..Generic::default() };
    around.extensions.insert("event", Any::Object(members));
    let text = xml::to_string(&around, NAMES.into()).ok()?;
    let event = xml::from_slice::<Content>(text.as_bytes(), &attachment::options()).ok()?.value.event?;
    Some(event.converted(Format::Xml, Format::Json).into_owned())
}
