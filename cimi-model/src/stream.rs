//! Collections of any size, one member at a time.

mod write;

use std::io::BufRead;

pub use write::MemberWriter;

use crate::context::{Context, Parsed, ReadOptions};
use crate::document::Format;
use crate::error::{Path, Step};
use crate::json::split::Splitter;
use crate::reflect::{CollectionNames, Item, Record, Resource, Shape};
use crate::value::Collection;
use crate::xml::pull::XmlReader;
use crate::xml::{MemberReader, Next};
use crate::{Deviation, Error, ErrorKind, Location, Result, json};

/// Pulls the members of a collection out of a stream, in memory that does not grow with their number.
///
/// The limits of [`ReadOptions`] hold for each member. After the last member, [`collection`](Self::collection) gives
/// what the collection says of itself: `id`, `count`, operations and extensions.
///
/// ```
/// use cimi_model::{Machine, stream::Members};
///
/// let text = br#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "count": 2,
///                 "machines": [{"name": "web"}, {"name": "db"}], "id": "machines"}"#;
/// let mut members = Members::<Machine>::open(&text[..], &Default::default())?;
/// let mut names = Vec::new();
/// for machine in &mut members {
///     names.extend(machine?.name);
/// }
/// assert_eq!(names, ["web", "db"]);
/// assert_eq!(members.collection()?.value.count, Some(2));
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub struct Members<'i, T> {
    source: Source<'i>,
    collection: Collection<T>,
    deviations: Vec<Deviation>,
    more_deviations: usize,
    options: ReadOptions,
    /// Nothing more can be read: the end was reached, or an error.
    done: bool,
}

enum Source<'i> {
    Json(Box<JsonMembers<'i>>),
    Xml(Box<MemberReader<'i>>),
}

impl<T> std::fmt::Debug for Members<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Members").field("done", &self.done).finish_non_exhaustive()
    }
}

impl<'i, T: Resource + Item + Shape> Members<'i, T> {
    /// Opens a collection in either format.
    ///
    /// # Errors
    /// When the stream fails, or its document is not such a collection as far as the beginning tells.
    pub fn open(mut input: impl BufRead + 'i, options: &ReadOptions) -> Result<Self> {
        let start =
            input.fill_buf().map_err(|error| Error::new(ErrorKind::Io, "the input cannot be read").caused_by(error))?;
        match Format::of(start) {
            Format::Json => Self::json(input, options),
            Format::Xml => Self::xml(input, options),
        }
    }

    /// Opens a collection in JSON.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn json(input: impl BufRead + 'i, options: &ReadOptions) -> Result<Self> {
        let source = JsonMembers::open(Box::new(input), T::COLLECTION, options)?;
        Ok(Self::new(Source::Json(Box::new(source)), options))
    }

    /// Opens a collection in XML.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn xml(input: impl BufRead + 'i, options: &ReadOptions) -> Result<Self> {
        let reader = XmlReader::of_parts(input, options.limits);
        let mut collection = Collection::<T>::default();
        let source = MemberReader::open(reader, Context::new(options), &mut collection)?;
        Ok(Self { collection, ..Self::new(Source::Xml(Box::new(source)), options) })
    }

    fn new(source: Source<'i>, options: &ReadOptions) -> Self {
        Self {
            source,
            collection: Collection::default(),
            deviations: Vec::new(),
            more_deviations: 0,
            options: *options,
            done: false,
        }
    }

    /// The collection without its members, after what is left of them has been read and dropped.
    ///
    /// # Errors
    /// When the rest of the document is refused.
    pub fn collection(mut self) -> Result<Parsed<Collection<T>>> {
        for member in &mut self {
            member?;
        }
        let Self { collection, deviations, more_deviations, source, .. } = self;
        let dialect = match &source {
            Source::Json(source) => source.dialect,
            Source::Xml(source) => source.dialect(),
        };
        Ok(Parsed { value: collection, deviations, more_deviations, dialect })
    }

    fn pull(&mut self) -> Result<Option<T>> {
        let mut member = T::default();
        let found = match &mut self.source {
            Source::Xml(source) => {
                let next = source.next(&mut member, &mut self.collection)?;
                if next == Next::End {
                    (self.deviations, self.more_deviations) = source.take_deviations();
                }
                next == Next::Member
            }
            Source::Json(source) => {
                let (parsed, found) = match source.next(&mut member)? {
                    Some(parsed) => (parsed, true),
                    None => (source.rest(&mut self.collection)?, false),
                };
                self.note(parsed);
                found
            }
        };
        self.done = !found;
        Ok(found.then_some(member))
    }

    fn note(&mut self, parsed: Parsed<()>) {
        let room = self.options.limits.deviations.saturating_sub(self.deviations.len());
        self.more_deviations += parsed.more_deviations + parsed.deviations.len().saturating_sub(room);
        self.deviations.extend(parsed.deviations.into_iter().take(room));
    }
}

impl<T: Resource + Item + Shape> Iterator for Members<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        if self.done {
            return None;
        }
        let next = self.pull().transpose();
        if matches!(next, Some(Err(_))) {
            self.done = true;
        }
        next
    }
}

/// Cuts the members out of the array and keeps the rest of the document for the end.
struct JsonMembers<'i> {
    input: Splitter<Box<dyn BufRead + 'i>>,
    names: CollectionNames,
    options: ReadOptions,
    state: State,
    index: usize,
    buffer: Vec<u8>,
    /// The other members of the collection, as a document of their own.
    rest: Vec<u8>,
    /// Where each of them begins, in the order of `rest`.
    places: Vec<(String, Location)>,
    dialect: Option<crate::Dialect>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before a member of the collection's object.
    Object,
    /// Before a member of the collection.
    Array,
    End,
}

impl<'i> JsonMembers<'i> {
    fn open(input: Box<dyn BufRead + 'i>, names: CollectionNames, options: &ReadOptions) -> Result<Self> {
        let mut input = Splitter::new(input, options.limits);
        input.byte_order_mark()?;
        input.expect(b'{')?;
        Ok(Self {
            input,
            names,
            options: *options,
            state: State::Object,
            index: 0,
            buffer: Vec::new(),
            rest: vec![b'{'],
            places: Vec::new(),
            dialect: None,
        })
    }

    fn next(&mut self, member: &mut dyn Record) -> Result<Option<Parsed<()>>> {
        loop {
            match self.state {
                State::Object => self.object()?,
                State::Array => {
                    if let Some(parsed) = self.item(member)? {
                        return Ok(Some(parsed));
                    }
                }
                State::End => return Ok(None),
            }
        }
    }

    /// Reads members of the object up to the array.
    fn object(&mut self) -> Result<()> {
        if self.input.accept(b'}')? {
            self.state = State::End;
            return match self.input.peek()? {
                None => Ok(()),
                Some(_) => Err(self.input.error(ErrorKind::Syntax, "trailing characters")),
            };
        }
        if !self.places.is_empty() {
            self.input.expect(b',')?;
        }
        self.key()
    }

    fn key(&mut self) -> Result<()> {
        let location = self.input.location();
        self.buffer.clear();
        if self.input.peek()? != Some(b'"') {
            return Err(self.input.error(ErrorKind::Syntax, "expected a member name"));
        }
        self.input.value(&mut self.buffer)?;
        let key = String::from_utf8_lossy(&self.buffer).into_owned();
        let key = json::any::unquote(&key).map(std::borrow::Cow::into_owned);
        let key = key.ok_or_else(|| Error::new(ErrorKind::Syntax, "expected a member name").at(location))?;
        self.input.expect(b':')?;
        let members = self.names.is_grouping(&key);
        if members && self.input.accept(b'[')? {
            if self.places.iter().any(|(seen, _)| *seen == key) {
                let reason = format!("the member '{key}' occurs twice");
                return Err(Error::new(ErrorKind::Duplicate, reason).at(location));
            }
            self.places.push((key, location));
            self.state = State::Array;
            self.index = 0;
            return Ok(());
        }
        if self.rest.len() > 1 {
            self.rest.push(b',');
        }
        self.rest.append(&mut self.buffer);
        self.rest.push(b':');
        self.input.value(&mut self.rest)?;
        if self.rest.len() > self.options.limits.size {
            let reason = format!("the document without its members is larger than {} bytes", self.options.limits.size);
            return Err(Error::new(ErrorKind::Limit, reason).at(location));
        }
        self.places.push((key, location));
        Ok(())
    }

    fn item(&mut self, member: &mut dyn Record) -> Result<Option<Parsed<()>>> {
        if self.input.accept(b']')? {
            self.state = State::Object;
            return Ok(None);
        }
        if self.index > 0 {
            self.input.expect(b',')?;
        }
        self.input.peek()?;
        let start = self.input.location();
        self.buffer.clear();
        self.input.value(&mut self.buffer)?;
        let text = crate::input::text(&self.buffer, self.options.limits).map_err(|error| error.moved(start))?;
        let mut path = Path::default();
        path.push(Step::Name(self.names.name));
        path.push(Step::Name(self.names.grouping));
        path.push(Step::Index(self.index));
        self.index += 1;
        let mut parsed =
            json::read_part(text, member, &self.options, &path, false).map_err(|error| error.moved(start))?;
        for deviation in &mut parsed.deviations {
            deviation.location = deviation.location.map(|location| location.from(start));
        }
        Ok(Some(parsed))
    }

    /// Reads what the collection says of itself.
    fn rest(&mut self, collection: &mut dyn Record) -> Result<Parsed<()>> {
        self.rest.push(b'}');
        let place = |path: &str| {
            let key = path.split('/').nth(2).and_then(|step| step.split('[').next())?;
            self.places.iter().find(|(name, _)| name == key).map(|(_, location)| *location)
        };
        let end = self.input.location();
        let mut parsed = json::read_into(&self.rest, collection, &self.options).map_err(|error| {
            let location = place(error.path()).unwrap_or(end);
            error.located(location)
        })?;
        for deviation in &mut parsed.deviations {
            deviation.location = place(&deviation.path);
        }
        self.dialect = parsed.dialect;
        Ok(parsed)
    }
}
