//! Reading many events from a stream, one at a time.

use std::io::{self, BufRead, Read};

use cimi_model::{Error, ErrorKind, Format, Parsed, ReadOptions, Result};

use crate::Event;
use crate::openstack::{self, Envelope};

/// The events of a stream, in memory one at a time.
///
/// The stream is a JSON array, JSON lines, JSON records one after another that may have several lines each, or one
/// record in XML; its beginning tells. Events may be in [envelopes](Envelope). A record that cannot be read is reported, and the next one follows: in JSON lines
/// whatever is wrong with it, in the other forms as long as its brackets are balanced.
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
#[derive(Debug)]
pub struct Records<R> {
    input: R,
    options: ReadOptions,
    form: Form,
    number: usize,
    buffer: Vec<u8>,
}

/// One record of a stream.
#[derive(Debug)]
#[non_exhaustive]
pub struct Record {
    /// Which one it is, from 1.
    pub number: usize,
    /// Which format the event is in.
    pub format: Format,
    /// What the event came in, if it did not come by itself.
    pub envelope: Option<Box<Envelope>>,
    /// The event, or why it could not be read.
    pub event: Result<Parsed<Event>>,
}

/// How a stream holds its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Nothing has been read.
    Unknown,
    /// One in each line.
    Lines,
    /// In as many lines as it takes.
    Values,
    /// The items of an array.
    Array,
    /// The items of an array, of which this is wrong.
    Broken(&'static str),
    /// There are no more.
    Ended,
}

/// How far the text of a record goes.
enum Piece {
    /// The buffer holds all of it.
    Whole,
    /// It is longer than the limit.
    TooLong,
    /// There are no more, and this is wrong with the stream.
    Broken(&'static str),
    /// The stream ends without one.
    Nothing,
}

impl<R: BufRead> Records<R> {
    /// The records of a stream. The limits hold for each record by itself.
    pub const fn new(input: R, options: ReadOptions) -> Self {
        Self { input, options, form: Form::Unknown, number: 0, buffer: Vec::new() }
    }

    fn limit(&self) -> usize {
        self.options.limits.size
    }

    /// Fills the buffer with the text of the next record.
    fn fill(&mut self) -> io::Result<Piece> {
        self.buffer.clear();
        match self.form {
            Form::Unknown => self.first(),
            Form::Lines => self.line(),
            Form::Values => self.value(),
            Form::Array => self.item(),
            Form::Broken(reason) => {
                self.form = Form::Ended;
                Ok(Piece::Broken(reason))
            }
            Form::Ended => Ok(Piece::Nothing),
        }
    }

    /// Finds out the form, with the first record.
    fn first(&mut self) -> io::Result<Piece> {
        match self.skip_space()? {
            None => Ok(self.end()),
            Some(b'[') => {
                self.input.consume(1);
                self.form = Form::Array;
                self.item()
            }
            Some(b'<' | 0xFE | 0xFF) => {
                self.form = Form::Ended;
                let most = self.limit().saturating_add(1) as u64;
                self.input.by_ref().take(most).read_to_end(&mut self.buffer)?;
                Ok(self.measured())
            }
            Some(_) => {
                let piece = self.line()?;
                let mut balance = Balance::default();
                balance.all(&self.buffer);
                if balance.is_even() || !matches!(piece, Piece::Whole) {
                    self.form = Form::Lines;
                    return Ok(piece);
                }
                self.form = Form::Values;
                self.more(balance)
            }
        }
    }

    const fn end(&mut self) -> Piece {
        self.form = Form::Ended;
        Piece::Nothing
    }

    fn measured(&self) -> Piece {
        if self.buffer.len() > self.limit() { Piece::TooLong } else { Piece::Whole }
    }

    /// The next byte that is neither white space nor a byte order mark of UTF-8, which stays in the stream.
    fn skip_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            let available = self.input.fill_buf()?;
            let is_space = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF);
            let spaces = available.iter().take_while(|b| is_space(b)).count();
            let (is_end, next) = (available.is_empty(), available.get(spaces).copied());
            self.input.consume(spaces);
            if next.is_some() || is_end {
                return Ok(next);
            }
        }
    }

    /// A line that is not blank.
    fn line(&mut self) -> io::Result<Piece> {
        loop {
            self.buffer.clear();
            let most = self.limit().saturating_add(1) as u64;
            if self.input.by_ref().take(most).read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(self.end());
            }
            if self.buffer.len() > self.limit() && self.buffer.last() != Some(&b'\n') {
                self.input.skip_until(b'\n')?;
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(self.measured());
            }
        }
    }

    /// As many lines as one record has.
    fn value(&mut self) -> io::Result<Piece> {
        if self.skip_space()?.is_none() { Ok(self.end()) } else { self.more(Balance::default()) }
    }

    /// Adds lines to the buffer until the brackets are balanced.
    fn more(&mut self, mut balance: Balance) -> io::Result<Piece> {
        let limit = self.limit();
        loop {
            let available = self.input.fill_buf()?;
            let newline = available.iter().position(|b| *b == b'\n');
            let length = newline.map_or(available.len(), |at| at + 1);
            let part = available.get(..length).unwrap_or_default();
            balance.all(part);
            keep(&mut self.buffer, part, limit);
            self.input.consume(length);
            if length == 0 || (newline.is_some() && balance.is_even()) {
                return Ok(self.measured());
            }
        }
    }

    /// An item of the array.
    fn item(&mut self) -> io::Result<Piece> {
        let mut balance = Balance::default();
        let limit = self.limit();
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                self.form = Form::Broken("the stream ends before its array does");
                return if self.buffer.trim_ascii().is_empty() { self.fill() } else { Ok(self.measured()) };
            }
            let end = available.iter().position(|&b| {
                let ends = balance.is_even() && matches!(b, b',' | b']');
                balance.byte(b);
                ends
            });
            let length = end.unwrap_or(available.len());
            keep(&mut self.buffer, available.get(..length).unwrap_or_default(), limit);
            let closing = end.and_then(|at| available.get(at)) == Some(&b']');
            self.input.consume(length + usize::from(end.is_some()));
            if closing {
                let more = self.skip_space()?.is_some();
                self.form = if more { Form::Broken("there is more after the array") } else { Form::Ended };
                if self.number == 0 && self.buffer.trim_ascii().is_empty() {
                    return self.fill();
                }
            }
            if end.is_some() {
                return Ok(self.measured());
            }
        }
    }
}

/// Adds a part of a record to the buffer; of one that is too long, as much as shows that.
fn keep(buffer: &mut Vec<u8>, part: &[u8], limit: usize) {
    let room = limit.saturating_add(1).saturating_sub(buffer.len());
    buffer.extend_from_slice(part.get(..room).unwrap_or(part));
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let mut envelope = None;
        let event = match self.fill() {
            Ok(Piece::Nothing) => return None,
            Ok(Piece::Whole) => openstack::read(&self.buffer, &self.options).map(|(found, event)| {
                envelope = found.map(Box::new);
                event
            }),
            Ok(Piece::Broken(reason)) => Err(Error::new(ErrorKind::Syntax, reason)),
            Ok(Piece::TooLong) => {
                let reason = format!("a record of more than {} bytes", self.limit());
                Err(Error::new(ErrorKind::Limit, reason))
            }
            Err(error) => {
                self.form = Form::Ended;
                Err(Error::new(ErrorKind::Io, "the stream cannot be read").caused_by(error))
            }
        };
        self.number += 1;
        let format = envelope.as_ref().map_or_else(|| Format::of(&self.buffer), |envelope| envelope.format());
        Some(Record { number: self.number, format, envelope, event })
    }
}

/// The brackets of JSON that are open.
#[derive(Default)]
struct Balance {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Balance {
    const fn byte(&mut self, byte: u8) {
        if self.in_string {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn all(&mut self, text: &[u8]) {
        for &byte in text {
            self.byte(byte);
        }
    }

    const fn is_even(&self) -> bool {
        self.depth == 0 && !self.in_string
    }
}
