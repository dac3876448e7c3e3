//! Documents of any size that hold an array, one item at a time.

use std::io::{BufRead, Cursor};

use super::members::{MemberReader, Next};
use super::pull::XmlReader;
use crate::context::{Context, Parsed, ReadOptions};
use crate::reflect::Record;
use crate::{Error, ErrorKind, Result, input};

/// Pulls the items of an array out of a document, in memory that does not grow with their number.
///
/// An item is read as if it were a document of its own: the limits of [`ReadOptions`] hold for each, and paths begin at
/// it. An item that is refused does not end the stream, as long as the document is well-formed.
///
/// ```
/// use cimi_model::{Machine, Operation, ReadOptions, xml::Items};
///
/// let text = br#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><name>web</name><operations>
///     <operation rel="edit" href="machines/1"/><operation rel="delete" href="machines/1"/></operations><cpu>2</cpu></Machine>"#;
/// let mut items = Items::open(&text[..], &ReadOptions::default(), "operations", &|_| Box::new(Machine::default()))?;
/// let mut operation = Operation::default();
/// let mut rels = Vec::new();
/// while let Some(_parsed) = items.next(&mut operation)? {
///     rels.extend(std::mem::take(&mut operation).rel);
/// }
/// assert_eq!(rels.len(), 2);
/// let rest = items.finish().value.into_any().downcast::<Machine>().map_err(|_| "a Machine")?;
/// assert_eq!((rest.name.as_deref(), rest.cpu), (Some("web"), Some(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Items<'i> {
    reader: MemberReader<'i>,
    record: Box<dyn Record>,
    done: bool,
}

impl std::fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").field("record", &self.record).field("done", &self.done).finish_non_exhaustive()
    }
}

impl<'i> Items<'i> {
    /// Opens a document. `record` says by the name of the root element what holds it, and `items` is the name of the
    /// attribute that is pulled. A record without such an attribute has no items: it is read whole by the first
    /// [`next`](Self::next), and is then in [`finish`](Self::finish).
    ///
    /// A stream in UTF-16 is read into memory, up to the limit on size.
    ///
    /// # Errors
    /// When the stream fails, or the root element is not that of the record.
    pub fn open(
        mut input: impl BufRead + 'i,
        options: &ReadOptions,
        items: &str,
        record: &dyn Fn(&str) -> Box<dyn Record>,
    ) -> Result<Self> {
        let start =
            input.fill_buf().map_err(|error| Error::new(ErrorKind::Io, "the input cannot be read").caused_by(error))?;
        let xml = if matches!(start, [0xFE | 0xFF, ..]) {
            let bytes = input::read_all(input, options.limits)?;
            XmlReader::of_parts(Cursor::new(input::to_utf8(&bytes)?.into_owned()), options.limits)
        } else {
            XmlReader::of_parts(input, options.limits)
        };
        let (reader, record) = MemberReader::of_items(xml, Context::new(options), items, record)?;
        Ok(Self { reader, record, done: false })
    }

    /// A copy of what the document says besides its items, as far as it has been read.
    #[must_use]
    pub fn so_far(&mut self) -> Parsed<Box<dyn Record>> {
        let (deviations, more_deviations) = self.reader.outer_deviations();
        Parsed { value: self.reader.so_far(&*self.record), deviations, more_deviations, dialect: self.reader.dialect() }
    }

    /// Fills an empty record with the next item; `None` after the last.
    ///
    /// # Errors
    /// When the item is refused: the next one follows. When it is not well-formed, or what is around the items is
    /// refused, nothing follows. After an error `item` is in no particular state.
    pub fn next(&mut self, item: &mut dyn Record) -> Result<Option<Parsed<()>>> {
        if self.done {
            return Ok(None);
        }
        match self.reader.next(item, &mut *self.record) {
            Ok(Next::Member) => {
                let (deviations, more_deviations) = self.reader.take_deviations();
                Ok(Some(Parsed { value: (), deviations, more_deviations, dialect: self.reader.dialect() }))
            }
            Ok(Next::End) => {
                self.done = true;
                Ok(None)
            }
            Err(error) => {
                self.done = !self.reader.recover(&error);
                Err(error)
            }
        }
    }

    /// Whether there is nothing more to read: after the last item, or after an error that ended the stream.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// What the document says besides its items, as far as it has been read: all of it after the last one.
    #[must_use]
    pub fn finish(mut self) -> Parsed<Box<dyn Record>> {
        let (deviations, more_deviations) = self.reader.outer_deviations();
        Parsed { value: self.record, deviations, more_deviations, dialect: self.reader.dialect() }
    }
}
