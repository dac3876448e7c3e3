//! Envelopes in XML: entries of Atom feeds.

use std::ops::Range;

use cimi_model::xml::pull::{Start, Token, XmlReader};
use cimi_model::xml::{read_element, to_utf8};
use cimi_model::{Error, ErrorKind, Object, Parsed, ReadOptions, Result};

use super::envelope::{Envelope, Form, Inside, Layer};
use super::wire::{self, no_event};
use crate::{Event, types};

/// The namespace of Atom (RFC 4287).
const ATOM: &str = "http://www.w3.org/2005/Atom";

/// The event of an entry, and where it stands.
struct Found {
    envelope: Option<Envelope>,
    parsed: Parsed<Event>,
    span: Range<usize>,
    inside: Inside,
}

/// Reads an entry with its one event.
pub(super) fn read(input: &[u8], options: &ReadOptions) -> Result<(Envelope, Parsed<Event>)> {
    let bytes = to_utf8(input)?;
    let mut found = None;
    let mut count = 0_usize;
    events(&bytes, "entry", options, &mut |event| {
        count += 1;
        found = Some(event);
    })?;
    match found {
        Some(found) if count == 1 => finish(&bytes, found, options),
        Some(_) => Err(no_event("the entry holds more than one event")),
        None => Err(no_event("the entry holds no CADF event")),
    }
}

/// Reads the events of a feed; one that cannot be read is the last.
pub(super) fn read_feed(input: &[u8], options: &ReadOptions) -> Result<Vec<Result<Parsed<Event>>>> {
    let bytes = to_utf8(input)?;
    let mut all = Vec::new();
    match events(&bytes, "feed", options, &mut |event| all.push(Ok(event.parsed))) {
        Err(error) if all.is_empty() && error.kind() == ErrorKind::Type => return Err(error),
        Err(error) => all.push(Err(error)),
        Ok(()) => {}
    }
    Ok(all)
}

/// Calls `each` for every event in a document of Atom with this root.
fn events(bytes: &[u8], root: &str, options: &ReadOptions, each: &mut dyn FnMut(Found)) -> Result<()> {
    let mut reader = XmlReader::from_slice(bytes, options.limits)?;
    let Token::Start(start) = reader.next()? else { return Err(no_event("the document has no root element")) };
    if start.local() != root || reader.namespace(&start)? != ATOM {
        return Err(no_event(format!("the document is no Atom {root}")));
    }
    reader.attributes(&start, |_| Ok(()))?;
    loop {
        match reader.next()? {
            Token::Start(start) => {
                let namespace = reader.namespace(&start)?.into_owned();
                match start.local() {
                    "event" if types::is_namespace(&namespace) => {
                        let (event, rest) = element(reader, &start, bytes, options)?;
                        reader = rest;
                        each(event);
                    }
                    "content" if namespace == ATOM && is_json(&reader, &start)? => each(text(&mut reader, options)?),
                    _ => reader.attributes(&start, |_| Ok(()))?,
                }
            }
            Token::Eof => return Ok(()),
            Token::End | Token::Text(_) => {}
        }
    }
}

fn finish(bytes: &[u8], found: Found, options: &ReadOptions) -> Result<(Envelope, Parsed<Event>)> {
    let document = utf8(bytes)?;
    let pieces = document.get(..found.span.start).zip(document.get(found.span.end..));
    let (before, after) = pieces.ok_or_else(|| no_event("the entry holds no CADF event"))?;
    let layer = Layer { before: before.to_owned(), after: after.to_owned(), inside: found.inside };
    let envelope = match found.envelope {
        Some(inner) => inner.inside_of(Form::AtomJson, layer),
        None if found.inside == Inside::Plain => Envelope::new(Form::AtomXml, Object::new(), vec![layer]),
        None => Envelope::new(Form::AtomJson, Object::new(), vec![layer]),
    };
    Ok((envelope.from(document, options.limits), found.parsed))
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes)
        .map_err(|error| Error::new(ErrorKind::Syntax, "the document is not UTF-8").caused_by(error))
}

/// An event that is an element.
fn element<'i>(
    reader: XmlReader<'i>,
    start: &Start<'_>,
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<(Found, XmlReader<'i>)> {
    let from = reader.span().start;
    let (parsed, reader) = read_element(reader, start, bytes, options)?;
    let span = from..reader.span().end;
    Ok((Found { envelope: None, parsed, span, inside: Inside::Plain }, reader))
}

fn is_json(reader: &XmlReader<'_>, start: &Start<'_>) -> Result<bool> {
    let mut json = false;
    reader.attributes(start, |attribute| {
        json |= attribute.namespace.is_none() && &*attribute.local == "type" && attribute.value.contains("json");
        Ok(())
    })?;
    Ok(json)
}

/// An event in the text of an element that was just started: by itself, or in an object around it.
fn text(reader: &mut XmlReader<'_>, options: &ReadOptions) -> Result<Found> {
    let from = reader.span().end;
    let mut text = String::new();
    loop {
        match reader.next()? {
            Token::Text(piece) => text.push_str(&piece),
            Token::End => break,
            Token::Start(_) | Token::Eof => return Err(no_event("the entry has elements where JSON belongs")),
        }
    }
    let span = from..reader.span().start;
    let (envelope, parsed) = if wire::is_event_text(&text) {
        (None, Event::read(text.as_bytes(), options)?)
    } else {
        let (envelope, parsed) = wire::read(text.as_bytes(), options)?;
        (Some(envelope), parsed)
    };
    Ok(Found { envelope, parsed: wire::unplaced(parsed), span, inside: Inside::XmlText })
}

/// A text as XML has it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
