//! Writes collections of any size, one member at a time.

use std::fmt;
use std::io::Write;
use std::marker::PhantomData;

use crate::document::Format;
use crate::json::write::Document;
use crate::meta::Type;
use crate::output::{WriteOptions, kept_for};
use crate::reflect::{Described, Item, Record, Resource, Shape};
use crate::value::{Collection, ITEMS};
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
struct Around {
    /// What the collection says before its members.
    head: String,
    /// Before the first member.
    open: String,
    between: &'static str,
    /// After the last member: what the collection says after them.
    close: String,
    /// In place of all that, if there is no member.
    empty: String,
    /// The default namespace where members stand in XML.
    namespace: &'static str,
    /// How many levels a member is indented.
    depth: usize,
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
        let [before, after] = parts(collection, format, options.dialect);
        let around = match format {
            Format::Json => json_around(&before, &after, options)?,
            Format::Xml => xml_around(&before, &after, options)?,
        };
        let (written, has_failed, buffer) = (0, false, Vec::new());
        let mut writer = Self { out, format, options, around, written, has_failed, buffer, members: PhantomData };
        let head = std::mem::take(&mut writer.around.head);
        writer.put(head.as_bytes())?;
        for member in &members {
            writer.write(member)?;
        }
        Ok(writer)
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
        self.written = self.written.saturating_add(1);
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
        match self.format {
            Format::Xml => {
                let text = xml::to_part(member, self.options, self.around.namespace, self.around.depth)?;
                buffer.extend_from_slice(text.as_bytes());
                Ok(())
            }
            Format::Json => {
                let document = Document { record: member, dialect: self.options.dialect };
                if !self.options.pretty {
                    return serde_json::to_writer(buffer, &document).map_err(|error| failed(error.into()));
                }
                let text = json::to_string(member, self.options)?;
                indent(&text, self.around.depth, buffer);
                Ok(())
            }
        }
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

/// Indents the lines of a JSON value: within its strings there are no line ends.
fn indent(text: &str, depth: usize, buffer: &mut Vec<u8>) {
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            buffer.push(b'\n');
        }
        buffer.resize(buffer.len().saturating_add(2 * depth), b' ');
        buffer.extend_from_slice(line.as_bytes());
    }
}

/// What a collection says before and after its members, as two collections without any.
///
/// Before them stands what the table has there, as far as the dialect has it; in XML also what becomes attributes of the
/// element, and values that are kept in the place of the attributes before them.
fn parts<T: Resource + Item + Shape>(
    collection: Collection<T>,
    format: Format,
    dialect: Dialect,
) -> [Collection<T>; 2] {
    let record_type = Collection::<T>::described();
    let mut parts = [collection.clone(), collection];
    let [before, after] = &mut parts;
    for (index, attribute) in record_type.attributes.iter().enumerate() {
        let other = if index < ITEMS && dialect.has(attribute.versions) { &mut *after } else { &mut *before };
        if let Some(value) = other.get_mut(index) {
            value.clear();
        }
    }
    let is_before = |key: &str| match format {
        Format::Xml => key.starts_with('@') || is_kept_before(record_type, key, dialect),
        // It stands in place of the one that the type has.
        Format::Json => key == "resourceURI",
    };
    before.extensions.retain(|extension| is_before(extension.key()));
    after.extensions.retain(|extension| !is_before(extension.key()));
    parts
}

fn is_kept_before(record_type: &'static Type, key: &str, dialect: Dialect) -> bool {
    let key = key.split('@').next().unwrap_or(key);
    kept_for(record_type, key).is_some_and(|(index, attribute)| index < ITEMS && dialect.has(attribute.versions))
}

fn json_around<T: Resource + Item + Shape>(
    before: &Collection<T>,
    after: &Collection<T>,
    options: WriteOptions,
) -> Result<Around> {
    let blank = json::to_string(&Collection::<T>::default(), options)?;
    let end = if options.pretty { "\n}" } else { "}" };
    let inner = |text: &str| text.strip_suffix(end).unwrap_or(text).to_owned();
    let after = json::to_string(after, options)?;
    let after = after.strip_prefix(&inner(&blank)).unwrap_or(end).to_owned();
    let name = grouping::<T>(options.dialect);
    let open = if options.pretty { format!(",\n  \"{name}\": [\n") } else { format!(",\"{name}\":[") };
    let close = format!("{}{after}", if options.pretty { "\n  ]" } else { "]" });
    Ok(Around {
        head: inner(&json::to_string(before, options)?),
        open,
        between: if options.pretty { ",\n" } else { "," },
        close,
        empty: after,
        namespace: "",
        depth: 2,
    })
}

fn xml_around<T: Resource + Item + Shape>(
    before: &Collection<T>,
    after: &Collection<T>,
    options: WriteOptions,
) -> Result<Around> {
    let blank = xml::to_string(&Collection::<T>::default(), options)?;
    let line = if options.pretty { "\n" } else { "" };
    let end = format!("{line}</Collection>{line}");
    // Up to the end of the start tag, or of the last child.
    let inner = |text: &str, end: &str| text.strip_suffix(end).map(str::to_owned);
    let nothing = format!("/>{line}");
    let start = inner(&blank, &nothing).unwrap_or_default();
    let after = xml::to_string(after, options)?;
    let after = after.strip_prefix(&format!("{start}>")).map(str::to_owned);
    let text = xml::to_string(before, options)?;
    let (head, tag_end) = match inner(&text, &nothing) {
        Some(head) if text.len() > end.len() && !text.ends_with(&end) => (head, ">"),
        _ => (inner(&text, &end).unwrap_or_default(), ""),
    };
    let empty = match &after {
        None if tag_end.is_empty() => end.clone(),
        None => nothing,
        Some(after) => format!("{tag_end}{after}"),
    };
    let after = after.unwrap_or(end);
    let record_type = Collection::<T>::described();
    let margin = if options.pretty { "\n  " } else { "" };
    let name = grouping::<T>(options.dialect);
    let (open, close, depth) = match options.dialect {
        Dialect::V1 => (tag_end.to_owned(), after, 1),
        Dialect::V2 => (format!("{tag_end}{margin}<{name}>"), format!("{margin}</{name}>{after}"), 2),
    };
    Ok(Around { head, open, between: "", close, empty, namespace: record_type.namespace_in(options.dialect), depth })
}

fn grouping<T: Resource + Item + Shape>(dialect: Dialect) -> &'static str {
    Collection::<T>::described().attributes.get(ITEMS).map_or(T::COLLECTION.grouping, |items| items.name_in(dialect))
}
