//! What an event travels in.

use std::fmt;

use cimi_model::{Any, Error, ErrorKind, Format, Generic, Limits, Object, Parsed, ReadOptions, Result, json};

use super::{atom, wire};
use crate::Event;

/// How a message or an entry of a feed holds an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// A notification of oslo.messaging: `{"event_type": …, "publisher_id": …, "payload": EVENT, …}`.
    Notification,
    /// The same as text in a message of version 2.0: `{"oslo.version": "2.0", "oslo.message": "{\"payload\": …}"}`.
    Message,
    /// The older records of IBM: `{"payload": EVENT, "meta": …, "logSourceCRN": …}`.
    ActivityTracker,
    /// An entry of a feed in JSON: `{"entry": {"content": {"event": EVENT}}}`, or just `{"event": EVENT}`.
    Feed,
    /// An Atom entry with the event as an element.
    AtomXml,
    /// An Atom entry with the event as JSON.
    AtomJson,
}

impl Form {
    /// The form of a document, unless it is an event by itself or none of these forms with an event in it.
    #[must_use]
    pub fn of(input: &[u8]) -> Option<Self> {
        Envelope::read(input, &ReadOptions::default()).ok().map(|(envelope, _)| envelope.form)
    }
}

/// What is around an event: kept as it is, whatever becomes of the event.
///
/// Messages carry credentials (`_context_auth_token`), so `Debug` prints names only.
///
/// ```
/// use cimi_cadf::openstack::{Envelope, Form};
///
/// let text = br#"{"oslo.version": "2.0", "oslo.message": "{\"event_type\": \"audit.http.request\", \"priority\":
///     \"INFO\", \"payload\": {\"id\": \"e1\", \"action\": \"read\", \"observer\": {\"id\": \"target\"}}}"}"#;
/// let text = String::from_utf8_lossy(text).replace("\n    ", "");
/// let (envelope, parsed) = Envelope::read(text.as_bytes(), &Default::default())?;
/// assert_eq!((envelope.form(), envelope.text("event_type")), (Form::Message, Some("audit.http.request")));
///
/// let mut event = parsed.value;
/// assert_eq!(envelope.write(&event)?, text);
/// event.name = Some("seen".into());
/// assert_eq!(envelope.write(&event)?, text.replace(r#"\"target\"}}"#, r#"\"target\"}}"#).replace(
///     r#"{\"id\": \"e1\", \"action\": \"read\", \"observer\": {\"id\": \"target\"}}"#,
///     r#"{\"id\":\"e1\",\"action\":\"read\",\"name\":\"seen\",\"observer\":{\"id\":\"target\"}}"#,
/// ));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone)]
pub struct Envelope {
    form: Form,
    members: Object,
    layers: Vec<Layer>,
    /// The document that was read, which is written again if the event is the same.
    source: Option<(String, Limits)>,
}

/// Text before and after what is inside.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) inside: Inside,
}

/// How a layer holds what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// As it is.
    Plain,
    /// As a JSON string.
    JsonString,
    /// As text of XML.
    XmlText,
}

impl Envelope {
    /// Reads a document that holds an event, and the event.
    ///
    /// # Errors
    /// When the document has none of the [forms](Form), or reading the event fails (see [`Event::read`]).
    pub fn read(input: &[u8], options: &ReadOptions) -> Result<(Self, Parsed<Event>)> {
        check_size(input, options)?;
        match Format::of(input) {
            Format::Xml => atom::read(input, options),
            _ => wire::read(input, options),
        }
    }

    pub(super) const fn new(form: Form, members: Object, layers: Vec<Layer>) -> Self {
        Self { form, members, layers, source: None }
    }

    /// The same with the document that it was read from.
    pub(super) fn from(self, source: &str, limits: Limits) -> Self {
        Self { source: Some((source.to_owned(), limits)), ..self }
    }

    /// The same inside of another layer.
    pub(super) fn inside_of(mut self, form: Form, layer: Layer) -> Self {
        self.layers.insert(0, layer);
        Self { form, ..self }
    }

    /// Which form it has.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The format that the event is in.
    #[must_use]
    pub fn format(&self) -> Format {
        if self.form == Form::AtomXml { Format::Xml } else { Format::Json }
    }

    /// The members of the message around the event, in order: `message_id`, `_context_user_id` …; none for Atom.
    #[must_use]
    pub const fn members(&self) -> &Object {
        &self.members
    }

    /// A member that is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Any::as_str)
    }

    /// The document with this event in it. All around it is as it was read; the event is too, if it is the same.
    ///
    /// # Errors
    /// When the event cannot be written (see [`Event::to_string`]).
    pub fn write(&self, event: &Event) -> Result<String> {
        if let Some((source, limits)) = &self.source {
            let options = ReadOptions { limits: *limits, ..ReadOptions::default() };
            let same = Self::read(source.as_bytes(), &options).is_ok_and(|(_, parsed)| parsed.value == *event);
            if same {
                return Ok(source.clone());
            }
        }
        let mut text = event.to_string(self.format(), cimi_model::WriteOptions::default())?;
        for layer in self.layers.iter().rev() {
            text = match layer.inside {
                Inside::Plain => text,
                Inside::JsonString => wire::quote(&text)?,
                Inside::XmlText => atom::escape(&text),
            };
            text.insert_str(0, &layer.before);
            text.push_str(&layer.after);
        }
        Ok(text)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.members.iter().map(|(name, _)| name).collect();
        f.debug_struct("Envelope").field("form", &self.form).field("members", &names).finish_non_exhaustive()
    }
}

impl PartialEq for Envelope {
    /// The same form with the same members around the event.
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form && self.members == other.members
    }
}

/// The members of an object.
pub(super) fn members_of(text: &str, options: &ReadOptions) -> Result<Object> {
    let parsed = json::from_slice::<Generic>(text.as_bytes(), options)?;
    Ok(parsed.value.extensions.into())
}

/// Reads an event: by itself, or in an envelope.
///
/// # Errors
/// As [`Event::read`] and [`Envelope::read`]; also when a message holds something else than an event.
///
/// ```
/// use cimi_cadf::openstack;
///
/// let (envelope, parsed) = openstack::read(br#"{"payload": {"id": "e1", "action": "read"}}"#, &Default::default())?;
/// assert_eq!((envelope.is_some(), parsed.value.id), (true, Some("e1".into())));
/// let (envelope, parsed) = openstack::read(br#"{"id": "e1", "action": "read"}"#, &Default::default())?;
/// assert_eq!((envelope.is_some(), parsed.value.id), (false, Some("e1".into())));
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub fn read(input: &[u8], options: &ReadOptions) -> Result<(Option<Envelope>, Parsed<Event>)> {
    let event = Event::read(input, options);
    let may_be_envelope = match &event {
        Ok(parsed) => wire::may_hold_event(&parsed.value),
        Err(error) => matches!(error.kind(), ErrorKind::Type | ErrorKind::Value),
    };
    if !may_be_envelope {
        return event.map(|parsed| (None, parsed));
    }
    match (Envelope::read(input, options), event) {
        (Ok((envelope, parsed)), _) => Ok((Some(envelope), parsed)),
        (Err(error), Err(other)) if error.kind() == ErrorKind::Type => Err(other),
        // A message that holds something else is no event either.
        (Err(error), _) => Err(error),
    }
}

/// The events of a feed: an Atom feed of entries, or the same in JSON, `{"feed": {"entry": [{"content": {"event": …}}]}}`.
///
/// Entries that hold something else are left out. An event that cannot be read does not hide the others; in XML it is the
/// last.
///
/// # Errors
/// When the document is no feed, or not well-formed.
///
/// ```
/// use cimi_cadf::openstack;
///
/// let text = br#"{"feed": {"entry": [{"content": {"event": {"id": "e1", "action": "read"}}}, {"title": "other"}]}}"#;
/// let events = openstack::read_feed(text, &Default::default())?;
/// assert_eq!(events.len(), 1);
/// assert_eq!(events[0].as_ref().map(|parsed| parsed.value.id.clone()).ok(), Some(Some("e1".into())));
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub fn read_feed(input: &[u8], options: &ReadOptions) -> Result<Vec<Result<Parsed<Event>>>> {
    check_size(input, options)?;
    match Format::of(input) {
        Format::Xml => atom::read_feed(input, options),
        _ => wire::read_feed(input, options),
    }
}

fn check_size(input: &[u8], options: &ReadOptions) -> Result<()> {
    let most = options.limits.size;
    let reason = || format!("the document is larger than {most} bytes");
    if input.len() > most { Err(Error::new(ErrorKind::Limit, reason())) } else { Ok(()) }
}
