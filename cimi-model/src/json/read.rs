//! Reads records from JSON.
//!
//! A document that conforms, or has scalars in other spellings, is read at once ([`quick`]). Where that reader gives up, `serde_json` drives, and every value is
//! taken as raw text first: slower, but able to keep any value verbatim, numbers with their source text, and to say
//! precisely what is wrong.

use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::members::read_members;
use super::quick;
use crate::context::{Context, Parsed, Place, ReadOptions, Target};
use crate::error::{Path, Step};
use crate::reflect::{Described, Record};
use crate::{Error, ErrorKind, Location, Result};

/// Reads a value whose type the caller knows.
///
/// # Errors
/// When the text is not JSON, names another type, exceeds a limit or, with [`ReadOptions::strict`], deviates.
pub fn from_slice<T: Described>(input: &[u8], options: &ReadOptions) -> Result<Parsed<T>> {
    let mut value = T::default();
    let parsed = read_into(input, &mut value, options)?;
    Ok(parsed.map(|()| value))
}

/// Reads a value whose type the caller knows from a stream, up to [`Limits::size`](crate::Limits::size) bytes.
///
/// # Errors
/// As [`from_slice`], and when the stream fails.
pub fn from_reader<T: Described>(input: impl BufRead, options: &ReadOptions) -> Result<Parsed<T>> {
    from_slice(&crate::input::read_all(input, options.limits)?, options)
}

/// Reads into an empty record, whatever its type. After an error the record is in no particular state.
///
/// # Errors
/// As [`from_slice`].
pub fn read_into(input: &[u8], record: &mut dyn Record, options: &ReadOptions) -> Result<Parsed<()>> {
    let text = crate::input::text(input, options.limits)?;
    let mut path = Path::default();
    path.push(Step::Name(record.record_type().name));
    read_part(text, record, options, &path, true)
}

/// Reads a part of a document into an empty record; `path` says which. The root says its type with authority.
pub(crate) fn read_part(
    text: &str,
    record: &mut dyn Record,
    options: &ReadOptions,
    path: &Path,
    root: bool,
) -> Result<Parsed<()>> {
    let mut context = Context::new(options);
    if quick::read(text, record, &mut context, path, root).is_ok() {
        return Ok(context.finish((), text.as_bytes()));
    }
    reset(record);
    read_carefully(text, record, options, path, root).map_err(|failure| failure.into_error(text))
}

/// Takes everything out of a record.
pub(crate) fn reset(record: &mut dyn Record) {
    for index in 0..record.record_type().attributes.len() {
        if let Some(value) = record.get_mut(index) {
            value.clear();
        }
    }
    *record.extensions_mut() = crate::Extensions::new();
}

pub(super) enum Failure {
    /// Found by this module.
    Own(Error),
    /// Found by `serde_json`, with the path where it was.
    Serde((serde_json::Error, String)),
}

impl Failure {
    fn into_error(self, text: &str) -> Error {
        match self {
            Self::Own(error) => error,
            Self::Serde((error, path)) => syntax_error(error, path, text),
        }
    }
}

/// What `serde_json` says, in the terms of this crate.
pub(crate) fn syntax_error(error: serde_json::Error, path: String, text: &str) -> Error {
    let location = location(&error, text);
    let full = error.to_string();
    let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(reason, _)| reason).to_owned();
    Error::new(ErrorKind::Syntax, reason).at_path(path).at(location).caused_by(error)
}

/// Where `serde_json` found an error; it counts columns in bytes.
fn location(error: &serde_json::Error, text: &str) -> Location {
    let line = error.line().max(1);
    let bytes = text.lines().nth(line - 1).and_then(|line| line.as_bytes().get(..error.column().saturating_sub(1)));
    let column =
        bytes.map_or_else(|| error.column().max(1) as u64, |bytes| Location::in_text(bytes, bytes.len()).column);
    Location { line: line as u64, column }
}

pub(super) fn read_carefully(
    text: &str,
    record: &mut dyn Record,
    options: &ReadOptions,
    path: &Path,
    root: bool,
) -> std::result::Result<Parsed<()>, Failure> {
    let mut context = Context::new(options);
    context.path = path.clone();
    let mut reader = Reader { text, context, failure: None, misfits: Vec::new() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = RootSeed { reader: &mut reader, record, root };
    let outcome = seed.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match outcome {
        Ok(()) => Ok(reader.context.finish((), text.as_bytes())),
        Err(error) => Err(match reader.failure {
            Some(own) => Failure::Own(own.at(location(&error, text))),
            None => Failure::Serde((error, reader.context.path.to_string())),
        }),
    }
}

/// One reading of one text.
pub(crate) struct Reader<'t> {
    text: &'t str,
    pub(super) context: Context,
    /// The error behind the placeholder that serde carries.
    pub(super) failure: Option<Error>,
    /// Of the structure that is being read, where any other may stand in its place: the attributes that do not fit, what
    /// is to be said of them, and where they are.
    pub(super) misfits: Vec<Misfit<'t>>,
}

/// An attribute that does not fit a structure, if it is that structure.
pub(super) struct Misfit<'t> {
    pub(super) name: &'static str,
    pub(super) text: String,
    pub(super) place: &'t str,
}

impl Reader<'_> {
    pub(super) fn fail<E: serde::de::Error>(&mut self, error: Error, place: Option<&str>) -> E {
        let error = match place.and_then(|place| self.locate(place)) {
            Some(location) => error.at(location),
            None => error,
        };
        self.failure.get_or_insert(error);
        E::custom("refused")
    }

    /// Says where in the whole text a failure is that `serde_json` met in a part of it.
    pub(super) fn place_failure(&mut self, part: &str, met: &serde_json::Error) {
        if let (Some(failure), Some(start)) = (self.failure.take(), self.locate(part)) {
            self.failure = Some(failure.at(location(met, part).from(start)));
        }
    }

    /// Where a part of the text stands in it.
    fn offset(&self, part: &str) -> Option<usize> {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (offset <= self.text.len()).then_some(offset)
    }

    fn locate(&self, part: &str) -> Option<Location> {
        self.offset(part).map(|offset| Location::in_text(self.text.as_bytes(), offset))
    }

    pub(super) fn check<T, E: serde::de::Error>(
        &mut self,
        result: Result<T>,
        place: &str,
    ) -> std::result::Result<T, E> {
        result.map_err(|error| self.fail(error, Some(place)))
    }

    pub(super) fn deviate<E: serde::de::Error>(&mut self, text: String, place: &str) -> std::result::Result<(), E> {
        let found = self.offset(place).map_or(Place::Unknown, Place::Offset);
        let result = self.context.deviate(text, found);
        result.map_err(|error| self.fail(error, Some(place)))
    }
}

struct RootSeed<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    record: &'v mut dyn Record,
    root: bool,
}

impl<'de> DeserializeSeed<'de> for RootSeed<'_, 'de, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RootSeed<'_, 'de, '_> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<(), A::Error> {
        read_members(map, self.reader, &mut Target::Record(self.record), self.root)
    }
}
