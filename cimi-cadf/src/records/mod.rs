//! Reading many events from a stream, one at a time.

mod ending;
mod inner;
mod json;
mod prolog;
mod scout;

use std::fmt;
use std::io::{self, BufRead, Cursor, Read};

use cimi_model::xml::Items;
use cimi_model::{Error, ErrorKind, Format, Parsed, ReadOptions, Result};

use crate::openstack::{self, Envelope};
use crate::{AnyLog, Event, Log, Report};
use ending::{ends_early, length_of_first};
use json::{Piece, Pieces, skip_space};

/// The events of a stream, in memory one at a time.
///
/// The stream is a JSON array, JSON lines, JSON records one after another that may have several lines each or stand in one
/// line, a [`Log`] or [`Report`] in JSON or XML, or one record in XML; its beginning tells. An array or log of JSON may be
/// followed by more. Events may be in [envelopes](Envelope) or a [feed](openstack::read_feed). A JSON object is a log if its `typeURI` says so or, as long as that has not been seen, if it
/// has an array `events` before anything that events have and logs have not.
///
/// Elsewhere in a stream, as a line or an item, a log is read as its events, with what it defines for them, and an array as
/// its items. The record after those of a log is an error if it says more than that.
///
/// A record that cannot be read is reported, and the next one follows: in JSON lines whatever is wrong with it, in arrays and
/// logs of JSON as long as its brackets are balanced, in other JSON at the next line that begins a record, in XML as long as
/// it is well-formed.
///
/// ```
/// use cimi_cadf::Records;
///
/// let lines = b"{\"id\": \"e1\"}\n{\"id\": }\n\n{\"id\": \"e3\"}\n";
/// let found: Vec<_> = Records::new(&lines[..], Default::default())
///     .map(|record| (record.number, record.event.ok().and_then(|event| event.value.id)))
///     .collect();
/// assert_eq!(found, [(1, Some("e1".into())), (2, None), (3, Some("e3".into()))]);
/// ```
///
/// # Logs
///
/// What a log says besides its events is in [`log`](Self::log): what stands before the events is known from
/// the beginning, the rest after the last one. Events are handed out as they are written, with the identifiers of what
/// the log defines; [`Definitions::resolve`](crate::Definitions::resolve) exchanges them.
///
/// ```
/// use cimi_cadf::Records;
///
/// let xml = br#"<log xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" id="l1"><events><event id="e1"/><event id="e2"/></events></log>"#;
/// let mut records = Records::new(&xml[..], Default::default());
/// assert_eq!(records.by_ref().count(), 2);
/// let log = records.into_log().ok_or("a log")?.value;
/// assert!(log.to_string(Default::default(), Default::default())?.contains(r#""id":"l1""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Records<'i> {
    source: Source<'i>,
    options: ReadOptions,
    format: Format,
    number: usize,
    log: Option<Parsed<AnyLog>>,
    /// It has been said that the log cannot be read.
    has_refused: bool,
    /// A record that was met while the beginning was read.
    pending: Option<Record>,
    /// Whether this is a record of other records, so that none in it holds several.
    is_inner: bool,
    /// What is left of a record that holds several: a feed, or a log or array among the records.
    feed: std::vec::IntoIter<Record>,
    /// What is left of a text in which records follow one another.
    several: Several,
}

/// A text in which records follow one another, and where the next one begins.
#[derive(Default)]
struct Several {
    text: Vec<u8>,
    at: usize,
}

enum Source<'i> {
    Unread(Box<dyn BufRead + 'i>),
    Json(Box<Pieces<'i>>),
    Xml(Box<Items<'i>>),
    Ended,
}

/// One record of a stream.
#[derive(Debug)]
#[non_exhaustive]
pub struct Record {
    /// Which one it is, from 1; 0 if what cannot be read is the log or report itself.
    pub number: usize,
    /// Which format the event is in.
    pub format: Format,
    /// What the event came in, if it did not come by itself.
    pub envelope: Option<Box<Envelope>>,
    /// The event, or why it could not be read.
    pub event: Result<Parsed<Event>>,
}

impl Record {
    /// A record whose number is not known yet, without an envelope.
    const fn new(format: Format, event: Result<Parsed<Event>>) -> Self {
        Self { number: 0, format, envelope: None, event }
    }
}

/// What was found in a stream.
#[allow(clippy::large_enum_variant, reason = "taken apart where it is made")]
enum Step {
    Record(Record),
    /// More is known of the log.
    Log,
    /// There are records in the feed, or in what several of them make up.
    More,
    End,
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("number", &self.number).field("log", &self.log).finish_non_exhaustive()
    }
}

impl<'i> Records<'i> {
    /// The records of a stream. The limits hold for each record by itself, and for what a log says besides its events.
    pub fn new(input: impl BufRead + 'i, options: ReadOptions) -> Self {
        Self {
            source: Source::Unread(Box::new(input)),
            options,
            format: Format::Json,
            number: 0,
            log: None,
            has_refused: false,
            pending: None,
            is_inner: false,
            feed: Vec::new().into_iter(),
            several: Several::default(),
        }
    }

    /// What the log or report says of itself, if the stream is one, without its events: after the last of them all of it,
    /// and before that what stands before them. Nothing if it cannot be read, which is a record with the number 0.
    pub fn log(&mut self) -> Option<&Parsed<AnyLog>> {
        if matches!(self.source, Source::Unread(_))
            && let Step::Record(record) = self.step()
        {
            self.pending = Some(record);
        }
        self.log.as_ref()
    }

    /// All that the log or report says of itself, after what is left of the stream has been read and dropped: the first
    /// of two readings, where definitions stand after the events that refer to them.
    #[must_use]
    pub fn into_log(mut self) -> Option<Parsed<AnyLog>> {
        while self.next().is_some() {}
        self.log
    }

    /// Which format the stream is in, once something of it has been read.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    fn step(&mut self) -> Step {
        match &mut self.source {
            Source::Unread(_) => self.open(),
            Source::Json(pieces) => {
                let piece = pieces.next();
                self.piece(piece)
            }
            Source::Xml(_) => self.item(),
            Source::Ended => Step::End,
        }
    }

    /// Finds out the format.
    fn open(&mut self) -> Step {
        let Source::Unread(mut input) = std::mem::replace(&mut self.source, Source::Ended) else { return Step::End };
        match skip_space(&mut *input) {
            Err(error) => self.failure(error),
            Ok(Some(b'<' | 0xFE | 0xFF)) => self.open_xml(input),
            Ok(_) => {
                self.source = Source::Json(Box::new(Pieces::new(input, self.options.limits.size)));
                self.step()
            }
        }
    }

    fn open_xml(&mut self, mut input: Box<dyn BufRead + 'i>) -> Step {
        self.format = Format::Xml;
        let mut prolog = Vec::new();
        let name = match prolog::root_name(&mut *input, &mut prolog) {
            Ok(name) => name,
            Err(error) => return self.failure(error),
        };
        // A byte order mark of UTF-16, and JSON after it.
        if matches!(*prolog, [0xFF, 0xFE, b'{' | b'[', ..] | [0xFE, 0xFF, _, b'{' | b'[', ..]) {
            return self.record(Err(Error::new(ErrorKind::Syntax, "the JSON is UTF-16, and has to be UTF-8")));
        }
        let input = Cursor::new(prolog).chain(input);
        if name.is_some_and(|name| !matches!(name.as_str(), "event" | "log" | "report")) {
            return self.whole(input);
        }
        match Items::open(input, &self.options, "events", &root) {
            Ok(items) => {
                self.source = Source::Xml(Box::new(items));
                self.item()
            }
            Err(error) => self.record(Err(error)),
        }
    }

    /// Reads the one event of an envelope in XML.
    fn whole(&mut self, input: impl BufRead) -> Step {
        let limit = self.options.limits.size;
        let mut text = Vec::new();
        if let Err(error) = input.take((limit as u64).saturating_add(1)).read_to_end(&mut text) {
            return self.failure(error);
        }
        if text.len() > limit { self.too_long() } else { self.text(&text) }
    }

    fn failure(&mut self, error: io::Error) -> Step {
        if let Source::Json(pieces) = &mut self.source {
            pieces.stop();
        }
        self.record(Err(Error::new(ErrorKind::Io, "the stream cannot be read").caused_by(error)))
    }

    fn record(&mut self, event: Result<Parsed<Event>>) -> Step {
        self.number += 1;
        Step::Record(Record { number: self.number, format: self.format, envelope: None, event })
    }

    /// Reads the text of an event, which may be in an envelope.
    fn text(&mut self, text: &[u8]) -> Step {
        let (envelope, event) = match openstack::read(text, &self.options) {
            Ok((None, event)) if self.may_hold_log() && inner::is_log(&event.value) => {
                self.feed = inner::events(text, self.options).into_iter();
                return Step::More;
            }
            Ok((envelope, event)) => (envelope.map(Box::new), Ok(event)),
            Err(_) if self.is_array(text) => {
                self.feed = inner::events(text, self.options).into_iter();
                return Step::More;
            }
            Err(_) if self.holds_several(text) => {
                self.several = Several { text: text.to_vec(), at: 0 };
                return Step::More;
            }
            // What is wrong in one entry of a feed is so of the whole.
            Err(error) => match openstack::read_feed(text, &self.options) {
                Ok(events) => {
                    let format = Format::of(text);
                    let records: Vec<Record> = events.into_iter().map(|event| Record::new(format, event)).collect();
                    self.feed = records.into_iter();
                    return Step::More;
                }
                Err(_) => (None, Err(error)),
            },
        };
        self.number += 1;
        let format = envelope.as_ref().map_or_else(|| Format::of(text), |envelope| envelope.format());
        Step::Record(Record { number: self.number, format, envelope, event })
    }

    /// A log inside of a log is none.
    fn may_hold_log(&self) -> bool {
        !self.is_inner && !matches!(&self.source, Source::Json(pieces) if pieces.is_in_log())
    }

    /// Whether the text of a record is an array. One in an array of arrays is none.
    fn is_array(&self, text: &[u8]) -> bool {
        !self.is_inner && text.trim_ascii_start().first() == Some(&b'[')
    }

    /// Whether the text of a record that is no event holds several, one after another.
    fn holds_several(&self, text: &[u8]) -> bool {
        matches!(&self.source, Source::Json(pieces) if pieces.is_concatenated()) && ends_early(text)
    }

    /// The first record of those that one after another make up a text, of which the rest stays.
    fn first_of_several(&mut self) -> Step {
        let Several { text, at } = std::mem::take(&mut self.several);
        let rest = text.get(at..).unwrap_or_default();
        let (first, others) = rest.split_at_checked(length_of_first(rest)).unwrap_or((rest, &[]));
        let step = self.text(first);
        if !others.trim_ascii().is_empty() {
            let at = at.saturating_add(first.len());
            self.several = Several { text, at };
        }
        step
    }

    fn too_long(&mut self) -> Step {
        let reason = format!("a record of more than {} bytes", self.options.limits.size);
        self.record(Err(Error::new(ErrorKind::Limit, reason)))
    }

    fn piece(&mut self, piece: io::Result<Piece>) -> Step {
        match piece {
            Ok(Piece::Nothing) => Step::End,
            Ok(Piece::Begun | Piece::Finished) => self.json_log(),
            Ok(Piece::Whole) => {
                let Source::Json(pieces) = &mut self.source else { return Step::End };
                let buffer = std::mem::take(&mut pieces.buffer);
                let step = self.text(&buffer);
                if let Source::Json(pieces) = &mut self.source {
                    pieces.buffer = buffer;
                }
                step
            }
            Ok(Piece::Broken(reason)) => self.record(Err(Error::new(ErrorKind::Syntax, reason))),
            Ok(Piece::TooLong) => self.too_long(),
            Err(error) => self.failure(error),
        }
    }

    /// Reads what there is of the log.
    fn json_log(&mut self) -> Step {
        let Source::Json(pieces) = &self.source else { return Step::End };
        let read = if let Some(text) = pieces.rest() {
            AnyLog::read(&text, &self.options).and_then(only_once)
        } else {
            let reason = format!("a log that has more than {} bytes besides its events", self.options.limits.size);
            Err(Error::new(ErrorKind::Limit, reason))
        };
        match read {
            Ok(mut log) => {
                // The events have been taken out of the text.
                log.deviations.iter_mut().for_each(|deviation| deviation.location = None);
                self.log = Some(log);
                Step::Log
            }
            Err(error) => self.refuse(Error::new(error.kind(), error.reason()).at_path(error.path())),
        }
    }

    /// Says that the log cannot be read, unless that has been said.
    fn refuse(&mut self, error: Error) -> Step {
        self.log = None;
        if std::mem::replace(&mut self.has_refused, true) {
            return Step::Log;
        }
        Step::Record(Record { number: 0, format: self.format, envelope: None, event: Err(error) })
    }

    /// The next event in XML.
    fn item(&mut self) -> Step {
        let Source::Xml(items) = &mut self.source else { return Step::End };
        let mut event = Event::default();
        let next = items.next(&mut event);
        let (is_done, is_first) = (items.is_done(), self.number == 0);
        if is_first && !is_done {
            self.log = Some(items.so_far().map(AnyLog::of));
        }
        match next {
            Ok(Some(parsed)) => self.record(Ok(parsed.map(|()| event))),
            Ok(None) => self.end_of_xml(),
            Err(error) => {
                if is_done {
                    self.source = Source::Ended;
                }
                let broken = matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Io);
                if broken || error.path().starts_with("/event") { self.record(Err(error)) } else { self.refuse(error) }
            }
        }
    }

    fn end_of_xml(&mut self) -> Step {
        let Source::Xml(items) = std::mem::replace(&mut self.source, Source::Ended) else { return Step::End };
        let whole = items.finish();
        if whole.value.as_any().is::<Event>() {
            let event = |record: Box<dyn cimi_model::reflect::Record>| record.into_any().downcast::<Event>();
            let event = whole.map(|record| event(record).map_or_else(|_| Event::default(), |event| *event));
            return self.record(Ok(event));
        }
        self.log = Some(whole.map(AnyLog::of));
        Step::Log
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if let Some(record) = self.pending.take() {
            return Some(record);
        }
        loop {
            if let Some(record) = self.feed.next() {
                self.number += 1;
                return Some(Record { number: self.number, ..record });
            }
            let step = if self.several.text.is_empty() { self.step() } else { self.first_of_several() };
            match step {
                Step::Record(record) => return Some(record),
                Step::Log | Step::More => {}
                Step::End => return None,
            }
        }
    }
}

/// Refuses a second array of events: only one has been taken out of the text.
fn only_once(log: Parsed<AnyLog>) -> Result<Parsed<AnyLog>> {
    if log.value.events().is_empty() {
        return Ok(log);
    }
    let path = format!("/{}", log.value.record().record_type().name);
    Err(Error::new(ErrorKind::Duplicate, "the member 'events' occurs twice").at_path(path))
}

/// What holds a document, by the name of its root element.
fn root(name: &str) -> Box<dyn cimi_model::reflect::Record> {
    match name {
        "log" => Box::new(Log::default()),
        "report" => Box::new(Report::default()),
        _ => Box::new(Event::default()),
    }
}
