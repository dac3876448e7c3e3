//! Where a reader is, and how far it may go.

use std::ops::Range;

use super::pull::{Feed, XmlReader};
use crate::context::Place;
use crate::{Error, ErrorKind, Location, Result};

impl XmlReader<'_> {
    /// Where the current token begins. Asking at every token takes linear time in all.
    #[must_use]
    pub fn location(&self) -> Location {
        match &self.feed {
            Feed::Slice(_, cell) => {
                let mut locator = cell.get();
                let location = locator.locate(self.token_offset);
                cell.set(locator);
                location
            }
            Feed::Stream(..) => self.token_start,
        }
    }

    /// Which bytes of the slice the current token is; nothing for a stream.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        match &self.feed {
            Feed::Slice(reader, _) => {
                self.token_offset..usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
            }
            Feed::Stream(..) => 0..0,
        }
    }

    /// The place of the current token, to be turned into a [`Location`] when one is needed.
    pub(crate) fn mark(&self) -> Place {
        match &self.feed {
            Feed::Slice(..) => Place::Offset(self.token_offset),
            Feed::Stream(..) => Place::At(self.token_start),
        }
    }

    /// The location of a place.
    pub(crate) fn locate(&self, place: Place) -> Location {
        match (&self.feed, place) {
            (Feed::Slice(_, cell), Place::Offset(offset)) => cell.get().locate(offset),
            (_, Place::At(location)) => location,
            _ => self.location(),
        }
    }

    /// Begins to count elements and bytes anew, for the next member of a collection.
    pub(crate) fn restart_count(&mut self) {
        self.elements = 0;
        if self.part.is_some() {
            self.part = Some(self.position());
        }
    }

    /// Refuses a part that has more bytes than the limit.
    pub(super) fn check_part(&self) -> Result<()> {
        let size = self.limits.size;
        if self.part.is_some_and(|start| self.position().saturating_sub(start) > size as u64) {
            return Err(self.error(ErrorKind::Limit, format!("a part of more than {size} bytes")));
        }
        Ok(())
    }

    /// How many bytes have been read.
    pub(super) fn position(&self) -> u64 {
        match &self.feed {
            Feed::Slice(reader, _) => reader.buffer_position(),
            Feed::Stream(reader, _) => reader.buffer_position(),
        }
    }

    /// Skips the rest of the element that is open at `depth` after an error in it. Returns whether what follows can be
    /// read: not where the document is not well-formed.
    pub(super) fn recover(&mut self, error: &Error, depth: usize) -> bool {
        let goes_on = |error: &Error| !matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Io);
        // The names of the open elements are in memory.
        let deepest = self.limits.depth.saturating_mul(100);
        let mut goes = goes_on(error);
        while goes && !self.broken && self.depth <= deepest {
            self.restart_count();
            match self.skip_to_end_of(depth) {
                Ok(()) => return true,
                Err(error) => goes = goes_on(&error),
            }
        }
        false
    }
}
