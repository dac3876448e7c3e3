//! Writes collections of any size, one member at a time.

use std::fmt;
use std::io::Write;
use std::marker::PhantomData;

use crate::document::Format;
use crate::json::write::Document;
use crate::output::WriteOptions;
use crate::reflect::{Described, Item, Resource, Shape};
use crate::value::Collection;
use crate::{Dialect, Error, ErrorKind, Result, json, xml};

/// Writes a collection to a stream, in memory that does not grow with the number of its members.
///
/// The document is the one that [`json::to_writer`] and [`xml::to_writer`] write of the whole collection, byte for byte;
/// [`Members`](super::Members) reads it. What the collection says of itself is known from the beginning: a `count`, which
/// 1.x requires, has to be given with it.
///
/// A member goes to the stream in one piece, after all of it has been put into words. Once the stream has failed, the
/// writer writes no more, since nobody knows how far it got. Unless the stream is a buffer, put a
/// [`BufWriter`](std::io::BufWriter) around it.
///
/// ```
/// use cimi_model::stream::{MemberWriter, Members};
/// use cimi_model::{Collection, Dialect, Format, Machine};
///
/// let about = Collection { id: Some("machines".into()), count: Some(2), ..Default::default() };
/// let mut writer = MemberWriter::new(Vec::new(), about, Format::Xml, Dialect::V1.into())?;
/// for name in ["web", "db"] {
///     writer.write(&Machine { name: Some(name.into()), ..Default::default() })?;
/// }
/// let text = writer.finish()?;
/// assert_eq!(
///     String::from_utf8_lossy(&text),
///     "<Collection xmlns=\"http://schemas.dmtf.org/cimi/1\" resourceURI=\"http://schemas.dmtf.org/cimi/1/MachineCollection\">\
///      <id>machines</id><count>2</count><Machine><name>web</name></Machine><Machine><name>db</name></Machine></Collection>",
/// );
/// assert_eq!(Members::<Machine>::open(&text[..], &Default::default())?.count(), 2);
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[must_use = "what has been begun has to be finished"]
pub struct MemberWriter<W, T> {
    out: W,
    format: Format,
    options: WriteOptions,
    around: Around,
    written: u64,
    has_failed: bool,
    /// One member at a time.
    buffer: Vec<u8>,
    members: PhantomData<fn(&T)>,
}

/// What stands around the members.
#[derive(Default)]
struct Around {
    /// Before the first member.
    open: String,
    between: &'static str,
    /// After the last member.
    close: String,
    /// In place of all that, if there is no member.
    empty: String,
}

impl<W, T> fmt::Debug for MemberWriter<W, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberWriter")
            .field("format", &self.format)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

impl<W: Write, T: Resource + Item + Shape> MemberWriter<W, T> {
    /// Begins a document with what the collection says of itself; members that are in it already are written first.
    ///
    /// Without any member, nothing is written before [`finish`](Self::finish).
    ///
    /// # Errors
    /// When something else is kept in the place of the members, or the stream fails.
    pub fn new(out: W, mut collection: Collection<T>, format: Format, options: WriteOptions) -> Result<Self> {
        let members = std::mem::take(&mut collection.items);
        let record_type = Collection::<T>::described();
        let options = WriteOptions { dialect: record_type.written_in(options.dialect), ..options };
        if collection.extensions.iter().any(|extension| T::COLLECTION.is_grouping(extension.key())) {
            let path = format!("/{}/{}", record_type.name, T::COLLECTION.grouping);
            let reason = "something else stands in the place of the members";
            return Err(Error::new(ErrorKind::Write, reason).at_path(path));
        }
        let around = Around { between: between(format, options), ..Around::default() };
        let (written, has_failed, buffer) = (0, false, Vec::new());
        let mut writer = Self { out, format, options, around, written, has_failed, buffer, members: PhantomData };
        writer.surround(collection)?;
        for member in &members {
            writer.write(member)?;
        }
        Ok(writer)
    }

    /// Finds out what stands around the members: the document of the collection with a single one, cut where that is.
    fn surround(&mut self, mut collection: Collection<T>) -> Result<()> {
        self.around.empty = self.text(&collection)?;
        let marks = (0_u64..).map(|number| format!("urn:x-cimi:member:{number}"));
        let mark = marks.into_iter().find(|mark| !self.around.empty.contains(mark)).unwrap_or_default();
        let mut member = T::default();
        member.extensions_mut().insert("mark", mark);
        let mut text = Vec::new();
        self.member(&member, &mut text)?;
        collection.items.push(member);
        let whole = self.text(&collection)?;
        let cut = whole.split_once(String::from_utf8_lossy(&text).as_ref());
        let (open, close) = cut.ok_or_else(|| Error::new(ErrorKind::Write, "the members have no place"))?;
        (self.around.open, self.around.close) = (open.to_owned(), close.to_owned());
        Ok(())
    }

    fn text(&self, collection: &Collection<T>) -> Result<String> {
        match self.format {
            Format::Json => json::to_string(collection, self.options),
            Format::Xml => xml::to_string(collection, self.options),
        }
    }

    /// Writes a member.
    ///
    /// # Errors
    /// When the stream fails, or has failed before.
    pub fn write(&mut self, member: &T) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let before = if self.written == 0 { self.around.open.as_str() } else { self.around.between };
        buffer.extend_from_slice(before.as_bytes());
        self.member(member, &mut buffer)?;
        let outcome = self.put(&buffer);
        self.buffer = buffer;
        if outcome.is_ok() {
            self.written = self.written.saturating_add(1);
        }
        outcome
    }

    /// How many members have been written.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// Ends the document, and gives back the stream, flushed.
    ///
    /// # Errors
    /// When the stream fails, or has failed before.
    pub fn finish(mut self) -> Result<W> {
        let end = if self.written > 0 { &mut self.around.close } else { &mut self.around.empty };
        let end = std::mem::take(end);
        self.put(end.as_bytes())?;
        self.out.flush().map_err(failed)?;
        Ok(self.out)
    }

    fn member(&self, member: &T, buffer: &mut Vec<u8>) -> Result<()> {
        let WriteOptions { dialect, pretty } = self.options;
        if self.format == Format::Xml {
            let namespace = Collection::<T>::described().namespace_in(dialect);
            let depth = if dialect == Dialect::V1 { 1 } else { 2 };
            let text = xml::to_part(member, self.options, namespace, depth)?;
            buffer.extend_from_slice(text.as_bytes());
        } else if pretty {
            indent(&json::to_string(member, self.options)?, buffer);
        } else {
            let document = Document { record: member, dialect };
            serde_json::to_writer(buffer, &document).map_err(|error| failed(error.into()))?;
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        if self.has_failed {
            return Err(Error::new(ErrorKind::Io, "the stream has failed before"));
        }
        self.out.write_all(bytes).map_err(|error| {
            self.has_failed = true;
            failed(error)
        })
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, "the collection cannot be written").caused_by(error)
}

fn between(format: Format, options: WriteOptions) -> &'static str {
    match format {
        Format::Json if options.pretty => ",\n",
        Format::Json => ",",
        Format::Xml => "",
    }
}

/// Indents the lines of a JSON value by two levels: within its strings there are no line ends.
fn indent(text: &str, buffer: &mut Vec<u8>) {
    for (index, line) in text.lines().enumerate() {
        buffer.extend_from_slice(if index > 0 { b"\n    " } else { b"    " });
        buffer.extend_from_slice(line.as_bytes());
    }
}
