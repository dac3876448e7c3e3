//! Cutting the texts of records out of a stream of JSON.

use std::io::{self, BufRead, Cursor, Read};

use super::ending::Ending;
use super::scout::{Balance, Found, Scout};

/// The texts of the records of a stream, one at a time.
pub(super) struct Pieces<'i> {
    input: Box<dyn BufRead + 'i>,
    /// The most bytes that one record may have, or all that is around the events of a log.
    limit: usize,
    form: Form,
    /// How many items of the array there have been.
    items: usize,
    /// The text of the last record.
    pub(super) buffer: Vec<u8>,
    /// What a log says besides its events: an object, or the beginning of one.
    rest: Vec<u8>,
    rest_is_too_long: bool,
}

/// How a stream holds its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Nothing has been read.
    Unknown,
    /// An array or a log has ended, and something follows.
    More,
    /// One in each line.
    Lines,
    /// In as many lines as it takes, or several in a line.
    Values,
    /// The items of an array.
    Array,
    /// The events of a log.
    Events,
    /// What follows the events of a log.
    Tail,
    /// What follows the last record, and that this is wrong with the stream.
    Broken(&'static str),
    /// There are no more.
    Ended,
}

/// What was found in a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The buffer holds all of a record.
    Whole,
    /// A record is longer than the limit.
    TooLong,
    /// There are no more, and this is wrong with the stream.
    Broken(&'static str),
    /// The events of a log begin.
    Begun,
    /// A log has ended.
    Finished,
    /// The stream ends without one.
    Nothing,
}

impl<'i> Pieces<'i> {
    pub(super) fn new(input: Box<dyn BufRead + 'i>, limit: usize) -> Self {
        let (buffer, rest) = (Vec::new(), Vec::new());
        Self { input, limit, form: Form::Unknown, items: 0, buffer, rest, rest_is_too_long: false }
    }

    /// What a log says besides its events, as far as it has been read: an object, if it is well-formed. Nothing if it
    /// is longer than the limit.
    pub(super) fn rest(&self) -> Option<Vec<u8>> {
        let mut text = self.rest.clone();
        if matches!(self.form, Form::Events) {
            text.push(b'}');
        }
        (!self.rest_is_too_long).then_some(text)
    }

    /// Whether the last record is one of the events of a log.
    pub(super) const fn is_in_log(&self) -> bool {
        matches!(self.form, Form::Events | Form::Tail)
    }

    /// Whether nothing separates records but that one ends.
    pub(super) const fn is_concatenated(&self) -> bool {
        matches!(self.form, Form::Lines | Form::Values)
    }

    /// Goes to the next record, whose text is in the buffer then.
    pub(super) fn next(&mut self) -> io::Result<Piece> {
        self.buffer.clear();
        match self.form {
            Form::Unknown => self.first(true),
            Form::More => self.first(false),
            Form::Lines => self.line(),
            Form::Values => self.value(),
            Form::Array | Form::Events => self.item(),
            Form::Tail => self.tail(),
            Form::Broken(reason) => {
                self.form = Form::Ended;
                Ok(Piece::Broken(reason))
            }
            Form::Ended => Ok(Piece::Nothing),
        }
    }

    /// Reads no further.
    pub(super) const fn stop(&mut self) {
        self.form = Form::Ended;
    }

    /// Finds out the form, with the first record. What the stream begins with may be a log.
    fn first(&mut self, may_be_log: bool) -> io::Result<Piece> {
        match skip_space(&mut self.input)? {
            None => Ok(self.end()),
            Some(b'[') => {
                self.input.consume(1);
                self.form = Form::Array;
                self.items = 0;
                self.item()
            }
            Some(b'{') if may_be_log => self.object(),
            Some(_) => self.lines_or_values(),
        }
    }

    /// Reads the first object, up to its events if it is a log.
    fn object(&mut self) -> io::Result<Piece> {
        let mut scout = Scout::default();
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                break;
            }
            let (taken, found) = scout.take(available);
            // What is no log is read again.
            let limit = if scout.is_log { self.limit } else { usize::MAX - 1 };
            keep(&mut self.buffer, available.get(..taken).unwrap_or_default(), limit);
            self.input.consume(taken);
            match found {
                Found::Nothing if scout.length > self.limit && !scout.is_log => break,
                Found::Nothing => {}
                Found::Events(at) => return Ok(self.begin_log(at)),
                Found::End if scout.is_log => {
                    self.rest = std::mem::take(&mut self.buffer);
                    self.rest_is_too_long = self.rest.len() > self.limit;
                    return self.end_log();
                }
                Found::Event | Found::End => break,
            }
        }
        self.unread();
        self.lines_or_values()
    }

    /// Gives the buffer back to the stream.
    fn unread(&mut self) {
        let begun = Cursor::new(std::mem::take(&mut self.buffer));
        let rest = std::mem::replace(&mut self.input, Box::new(io::empty()));
        self.input = Box::new(begun.chain(rest));
    }

    fn begin_log(&mut self, at: usize) -> Piece {
        self.rest_is_too_long = self.buffer.len() > self.limit;
        self.rest = std::mem::take(&mut self.buffer);
        self.rest.truncate(at);
        let length = self.rest.trim_ascii_end().len();
        self.rest.truncate(length);
        if self.rest.last() == Some(&b',') {
            self.rest.pop();
        }
        self.form = Form::Events;
        Piece::Begun
    }

    /// Finds out whether the records are lines, with the first one.
    fn lines_or_values(&mut self) -> io::Result<Piece> {
        let piece = self.more(Ending::default())?;
        let has_several_lines = self.buffer.trim_ascii().contains(&b'\n');
        let is_line = !has_several_lines && self.ends_line()?;
        self.form = if is_line { Form::Lines } else { Form::Values };
        Ok(piece)
    }

    /// Whether the line is over, but for blanks.
    fn ends_line(&mut self) -> io::Result<bool> {
        if self.buffer.ends_with(b"\n") {
            return Ok(true);
        }
        loop {
            let available = self.input.fill_buf()?;
            let blanks = available.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
            let (is_end, next) = (available.is_empty(), available.get(blanks).copied());
            self.input.consume(blanks);
            if next.is_some() || is_end {
                return Ok(matches!(next, None | Some(b'\n')));
            }
        }
    }

    const fn end(&mut self) -> Piece {
        self.form = Form::Ended;
        Piece::Nothing
    }

    fn measured(&self) -> Piece {
        if self.buffer.len() > self.limit { Piece::TooLong } else { Piece::Whole }
    }

    /// A line that is not blank. One with nothing but a bracket is the first one of a record that has several.
    fn line(&mut self) -> io::Result<Piece> {
        loop {
            self.buffer.clear();
            let piece = self.rest_of_line()?;
            if self.buffer.is_empty() {
                return Ok(self.end());
            }
            match self.buffer.trim_ascii() {
                [] => {}
                [b'{' | b'['] => {
                    self.form = Form::Values;
                    let mut ending = Ending::default();
                    ending.find(&self.buffer);
                    return self.more(ending);
                }
                _ => return Ok(piece),
            }
        }
    }

    /// Adds the rest of the line to the buffer.
    fn rest_of_line(&mut self) -> io::Result<Piece> {
        let room = self.limit.saturating_add(1).saturating_sub(self.buffer.len());
        self.input.by_ref().take(room as u64).read_until(b'\n', &mut self.buffer)?;
        if self.buffer.len() > self.limit && self.buffer.last() != Some(&b'\n') {
            self.input.skip_until(b'\n')?;
        }
        Ok(self.measured())
    }

    /// As many lines as one record has.
    fn value(&mut self) -> io::Result<Piece> {
        if skip_space(&mut self.input)?.is_none() { Ok(self.end()) } else { self.more(Ending::default()) }
    }

    /// Adds to the buffer until a record ends.
    fn more(&mut self, mut ending: Ending) -> io::Result<Piece> {
        loop {
            let available = self.input.fill_buf()?;
            let end = ending.find(available);
            let length = end.unwrap_or(available.len());
            keep(&mut self.buffer, available.get(..length).unwrap_or_default(), self.limit);
            self.input.consume(length);
            if end.is_some() || length == 0 {
                return Ok(self.measured());
            }
        }
    }

    /// An item of the array.
    fn item(&mut self) -> io::Result<Piece> {
        let mut balance = Balance::default();
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                let is_log = self.form == Form::Events;
                let reason = if is_log {
                    "the stream ends before its log does"
                } else {
                    "the stream ends before its array does"
                };
                self.form = Form::Broken(reason);
                return if self.buffer.trim_ascii().is_empty() { self.next() } else { Ok(self.measured()) };
            }
            let end = balance.find(available, |depth, b| depth == 0 && matches!(b, b',' | b']'));
            let length = end.unwrap_or(available.len());
            keep(&mut self.buffer, available.get(..length).unwrap_or_default(), self.limit);
            let closing = end.and_then(|at| available.get(at)) == Some(&b']');
            self.input.consume(length + usize::from(end.is_some()));
            if closing {
                self.close()?;
                if self.items == 0 && self.buffer.trim_ascii().is_empty() {
                    return self.next();
                }
            }
            if end.is_some() {
                self.items += 1;
                return Ok(self.measured());
            }
        }
    }

    /// The array has ended.
    fn close(&mut self) -> io::Result<()> {
        self.form = if self.form == Form::Events { Form::Tail } else { self.after("there is more after the array")? };
        Ok(())
    }

    /// Reads what a log says after its events.
    fn tail(&mut self) -> io::Result<Piece> {
        if let Some(b) = skip_space(&mut self.input)?
            && !matches!(b, b',' | b'}')
        {
            self.form = Form::Ended;
            return Ok(Piece::Broken("there is neither a comma nor a brace after the events"));
        }
        let mut balance = Balance::default();
        balance.byte(b'{');
        let mut end = None;
        while end.is_none() {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                self.form = Form::Ended;
                return Ok(Piece::Broken("the stream ends before its log does"));
            }
            end = balance.find(available, |depth, b| depth == 1 && matches!(b, b'}' | b']'));
            let length = end.map_or(available.len(), |at| at + 1);
            keep(&mut self.buffer, available.get(..length).unwrap_or_default(), self.limit);
            self.input.consume(length);
        }
        let tail = self.buffer.as_slice();
        let first = self.rest.as_slice() == b"{";
        self.rest.extend_from_slice(tail.strip_prefix(b",").filter(|_| first).unwrap_or(tail));
        self.rest_is_too_long |= self.rest.len() > self.limit;
        self.buffer.clear();
        self.end_log()
    }

    fn end_log(&mut self) -> io::Result<Piece> {
        self.form = self.after("there is more after the log")?;
        Ok(Piece::Finished)
    }

    /// What follows an array or log: more records, the end, or what is neither.
    fn after(&mut self, broken: &'static str) -> io::Result<Form> {
        Ok(match skip_space(&mut self.input)? {
            None => Form::Ended,
            Some(b'{' | b'[') => Form::More,
            Some(_) => Form::Broken(broken),
        })
    }
}

/// The next byte that is neither white space nor a byte order mark of UTF-8, which stays in the stream.
pub(super) fn skip_space(input: &mut dyn BufRead) -> io::Result<Option<u8>> {
    loop {
        let available = input.fill_buf()?;
        let is_space = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF);
        let spaces = available.iter().take_while(|b| is_space(b)).count();
        let (is_end, next) = (available.is_empty(), available.get(spaces).copied());
        input.consume(spaces);
        if next.is_some() || is_end {
            return Ok(next);
        }
    }
}

/// Adds a part of a record to the buffer; of one that is too long, as much as shows that.
fn keep(buffer: &mut Vec<u8>, part: &[u8], limit: usize) {
    let room = limit.saturating_add(1).saturating_sub(buffer.len());
    buffer.extend_from_slice(part.get(..room).unwrap_or(part));
}
