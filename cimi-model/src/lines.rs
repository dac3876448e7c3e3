//! Counts lines and bytes of a stream while it is read. Both formats stream over it.

use std::io::{self, BufRead, Read};

use crate::Location;

/// A reader that knows where it is and stops at a limit.
pub(crate) struct CountLines<R> {
    inner: R,
    at: Location,
    left: usize,
}

/// Marks the error of a stream that exceeded its limit.
#[derive(Debug)]
struct TooLarge;

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the document is larger than the limit")
    }
}

impl std::error::Error for TooLarge {}

impl<R> CountLines<R> {
    pub(crate) fn new(inner: R, limit: usize) -> Self {
        Self { inner, at: Location { line: 1, column: 1 }, left: limit }
    }

    pub(crate) fn location(&self) -> Location {
        self.at
    }

    /// Sets how many more bytes may be read.
    pub(crate) fn allow(&mut self, limit: usize) {
        self.left = limit;
    }

    /// Whether an error came from the limit, not from the stream.
    pub(crate) fn is_limit(error: &io::Error) -> bool {
        error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync + 'static>::is::<TooLarge>)
    }
}

impl<R: BufRead> Read for CountLines<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), available.get(..n)) {
            to.copy_from_slice(from);
        }
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for CountLines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 && !self.inner.fill_buf()?.is_empty() {
            return Err(io::Error::other(TooLarge));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // The bytes are still in the buffer: filling again returns them without reading.
        if let Ok(bytes) = self.inner.fill_buf() {
            self.at = self.at.after(bytes.get(..n).unwrap_or(bytes));
        }
        self.left = self.left.saturating_sub(n);
        self.inner.consume(n);
    }
}
