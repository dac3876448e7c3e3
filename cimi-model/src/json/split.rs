//! Cuts single values out of a stream of JSON, for the readers to take one at a time.

use std::io::BufRead;

use crate::lines::CountLines;
use crate::{Error, ErrorKind, Limits, Location, Result};

/// Finds where values begin and end. Whether they are well-formed is for the reader to find out.
pub(crate) struct Splitter<R> {
    input: CountLines<R>,
    limits: Limits,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(input: R, limits: Limits) -> Self {
        Self { input: CountLines::new(input, usize::MAX), limits }
    }

    pub(crate) fn location(&self) -> Location {
        self.input.location()
    }

    pub(crate) fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at(self.location())
    }

    fn chunk(&mut self) -> Result<&[u8]> {
        let location = self.input.location();
        self.input
            .fill_buf()
            .map_err(|error| Error::new(ErrorKind::Io, "the input cannot be read").at(location).caused_by(error))
    }

    /// Skips a byte order mark.
    pub(crate) fn byte_order_mark(&mut self) -> Result<()> {
        if self.chunk()?.starts_with(b"\xEF\xBB\xBF") {
            self.input.consume(3);
        }
        Ok(())
    }

    /// The next byte that is not white space; `None` at the end.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>> {
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blank = chunk.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
            let found = chunk.get(blank).copied();
            self.input.consume(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Consumes this byte, or fails.
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<()> {
        match self.peek()? {
            Some(found) if found == wanted => {
                self.input.consume(1);
                Ok(())
            }
            Some(_) => Err(self.error(ErrorKind::Syntax, format!("expected '{}'", char::from(wanted)))),
            None => Err(self.error(ErrorKind::Syntax, "the document ends too early")),
        }
    }

    /// Consumes this byte if it comes next.
    pub(crate) fn accept(&mut self, wanted: u8) -> Result<bool> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.input.consume(1);
        }
        Ok(found)
    }

    /// Appends the text of the next value.
    pub(crate) fn value(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let Some(first) = self.peek()? else {
            return Err(self.error(ErrorKind::Syntax, "the document ends too early"));
        };
        let mut scan = Scan { depth: 0, string: false, escaped: false, scalar: !matches!(first, b'{' | b'[' | b'"') };
        let start = out.len();
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return if scan.scalar {
                    Ok(())
                } else {
                    Err(self.error(ErrorKind::Syntax, "the document ends too early"))
                };
            }
            let (taken, done) = scan.take(chunk);
            out.extend_from_slice(chunk.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            if out.len() - start > self.limits.size {
                let reason = format!("a value larger than {} bytes", self.limits.size);
                return Err(self.error(ErrorKind::Limit, reason));
            }
            if done {
                return Ok(());
            }
        }
    }
}

/// The state of looking for the end of a value.
struct Scan {
    depth: usize,
    string: bool,
    escaped: bool,
    scalar: bool,
}

impl Scan {
    /// How many bytes belong to the value, and whether it ends with them.
    fn take(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (at, &b) in chunk.iter().enumerate() {
            if self.scalar {
                if matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' | b':') {
                    return (at, true);
                }
            } else if self.string {
                match b {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.string = false,
                    _ => {}
                }
                if !self.string && self.depth == 0 {
                    return (at + 1, true);
                }
            } else {
                match b {
                    b'"' => self.string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                if self.depth == 0 && !self.string {
                    return (at + 1, true);
                }
            }
        }
        (chunk.len(), false)
    }
}
