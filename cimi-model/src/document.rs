//! Documents whose type is found in them.

use std::fmt;
use std::io::{BufRead, Write};

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::context::{Context, Parsed, Place, ReadOptions};
use crate::generic::Generic;
use crate::names::spelled_low;
use crate::output::WriteOptions;
use crate::reflect::{Described, Record};
use crate::registry::{Entry, Registry};
use crate::{Dialect, Error, ErrorKind, Limits, Location, Result, json, xml};

/// A serialization format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `application/json`.
    #[default]
    Json,
    /// `application/xml`.
    Xml,
}

impl Format {
    /// The format that a document is in, by its first character: `<` begins XML.
    #[must_use]
    pub fn of(input: &[u8]) -> Self {
        let input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
        match input {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Self::Xml,
            _ if input.trim_ascii_start().starts_with(b"<") => Self::Xml,
            _ => Self::Json,
        }
    }
}

/// A document of any registered type, or of one that nobody registered.
///
/// ```
/// use cimi_model::{Document, Format, Machine, Registry};
///
/// let text = br#"{"name": "db", "cpu": 2, "resourceURI": "http://schemas.dmtf.org/cimi/1/Machine"}"#;
/// let document = Document::read(text, &Registry::standard(), &Default::default())?.value;
/// let machine: &Machine = document.as_ref().ok_or("not a Machine")?;
/// assert_eq!(machine.cpu, Some(2));
/// let xml = document.to_string(Format::Xml, Default::default())?;
/// assert!(xml.starts_with("<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\">"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Document {
    record: Box<dyn Record>,
}

impl Document {
    /// Wraps a record.
    #[must_use]
    pub fn new(record: impl Record) -> Self {
        Self { record: Box::new(record) }
    }

    /// Reads a document in either format and finds its type: from `resourceURI` in JSON, from the root element in
    /// XML. A type that is not registered is read as [`Generic`].
    ///
    /// # Errors
    /// When the text is not well-formed, does not say its type, exceeds a limit or, with [`ReadOptions::strict`],
    /// deviates.
    pub fn read(input: &[u8], registry: &Registry, options: &ReadOptions) -> Result<Parsed<Self>> {
        match Format::of(input) {
            Format::Json => Self::read_json(input, registry, options),
            Format::Xml => Self::read_xml(input, registry, options),
        }
    }

    /// Reads a document from a stream, up to [`Limits::size`] bytes.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when the stream fails.
    pub fn read_from(input: impl BufRead, registry: &Registry, options: &ReadOptions) -> Result<Parsed<Self>> {
        Self::read(&crate::input::read_all(input, options.limits)?, registry, options)
    }

    /// Reads a document as the type that the caller names, which the document need not say.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when the document says another type.
    pub fn read_as(input: &[u8], entry: &Entry, options: &ReadOptions) -> Result<Parsed<Self>> {
        Self::fill(input, (entry.new)(), Format::of(input), options)
    }

    fn fill(input: &[u8], mut record: Box<dyn Record>, format: Format, options: &ReadOptions) -> Result<Parsed<Self>> {
        let parsed = match format {
            Format::Json => json::read_into(input, &mut *record, options)?,
            Format::Xml => xml::read_into(input, &mut *record, options)?,
        };
        Ok(parsed.map(|()| Self { record }))
    }

    fn read_json(input: &[u8], registry: &Registry, options: &ReadOptions) -> Result<Parsed<Self>> {
        let uri = resource_uri(input, options.limits)?.ok_or_else(|| {
            let reason = "the document does not say its type: it has no resourceURI";
            Error::new(ErrorKind::Type, reason).at(Location { line: 1, column: 1 })
        })?;
        match registered(registry, &uri) {
            Some(entry) => Self::known(input, registry, entry, Format::Json, options),
            None => Self::generic(input, Generic::of_type(&uri), Format::Json, options),
        }
    }

    fn read_xml(input: &[u8], registry: &Registry, options: &ReadOptions) -> Result<Parsed<Self>> {
        let input = crate::input::to_utf8(input)?;
        let (namespace, name, uri) = xml::root(&input, options.limits)?;
        let known = match &uri {
            Some(uri) if name == "Collection" => registry.by_uri(uri),
            _ if namespace.is_empty() => registered(registry, &format!("{}/{name}", Dialect::V1.namespace())),
            _ => registered(registry, &format!("{namespace}/{name}")),
        };
        if let Some(entry) = known {
            Self::known(&input, registry, entry, Format::Xml, options)
        } else {
            // On any other element the attribute says nothing: its name is the type.
            let says_uri = name == "Collection" || namespace == xml::JSON_NAMESPACE;
            let type_uri = uri.filter(|_| says_uri);
            let generic = Generic { namespace, name, type_uri, ..Generic::default() };
            Self::generic(&input, generic, Format::Xml, options)
        }
    }

    /// A document that says a type which it may have in common with another.
    fn known(
        input: &[u8],
        registry: &Registry,
        entry: &Entry,
        format: Format,
        options: &ReadOptions,
    ) -> Result<Parsed<Self>> {
        let parsed = Self::fill(input, (entry.new)(), format, options)?;
        match registry.meant_by(parsed.value.record()) {
            Some(meant) => Self::fill(input, (meant.new)(), format, options),
            None => Ok(parsed),
        }
    }

    fn generic(input: &[u8], generic: Generic, format: Format, options: &ReadOptions) -> Result<Parsed<Self>> {
        let uri = generic.resource_uri().unwrap_or_default();
        let mut context = Context::new(options);
        let start = Location { line: 1, column: 1 };
        let unknown = format!("the type '{}' is not known", crate::error::printable(&uri));
        context.deviate(unknown, Place::At(start)).map_err(|error| error.at(start))?;
        let mut parsed = Self::fill(input, Box::new(generic), format, options)?;
        parsed.deviations.splice(0..0, context.take_deviations(&[]).0);
        Ok(parsed)
    }

    /// Writes the document.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, format: Format, options: WriteOptions, writer: &mut dyn Write) -> Result<()> {
        match format {
            Format::Json => json::to_writer(&*self.record, options, writer),
            Format::Xml => xml::to_writer(&*self.record, options, writer),
        }
    }

    /// Writes the document in memory.
    ///
    /// # Errors
    /// None that is known; the signature is that of [`write`](Self::write).
    pub fn to_string(&self, format: Format, options: WriteOptions) -> Result<String> {
        match format {
            Format::Json => json::to_string(&*self.record, options),
            Format::Xml => xml::to_string(&*self.record, options),
        }
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> &dyn Record {
        &*self.record
    }

    /// The record, to be changed.
    pub fn record_mut(&mut self) -> &mut dyn Record {
        &mut *self.record
    }

    /// The record as a type, if it is of it.
    #[must_use]
    pub fn as_ref<T: Described>(&self) -> Option<&T> {
        self.record.as_any().downcast_ref()
    }

    /// The record as a type, if it is of it.
    ///
    /// # Errors
    /// Gives the document back when it is of another type.
    pub fn into_value<T: Described>(self) -> std::result::Result<T, Self> {
        if self.record.as_any().is::<T>() {
            match self.record.into_any().downcast() {
                Ok(value) => return Ok(*value),
                // Asked for on the line before.
                Err(_) => return Ok(T::default()),
            }
        }
        Err(self)
    }
}

impl From<Box<dyn Record>> for Document {
    fn from(record: Box<dyn Record>) -> Self {
        Self { record }
    }
}

impl Clone for Document {
    fn clone(&self) -> Self {
        Self { record: self.record.boxed_clone() }
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        let names = |record: &dyn Record| {
            record.as_any().downcast_ref::<Generic>().map(|generic| generic.resource_uri().unwrap_or_default())
        };
        *self.record == *other.record && names(&*self.record) == names(&*other.record)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.record.fmt(f)
    }
}

/// The type with this URI; templates, images and configurations are also known as `XCreate` (see
/// `docs/decisions.md`).
fn registered<'r>(registry: &'r Registry, uri: &str) -> Option<&'r Entry> {
    let find = |uri: &str| registry.by_uri(uri).or_else(|| registry.by_uri(uri.strip_suffix("Create")?));
    find(uri).or_else(|| find(&spelled_low(uri)?))
}

/// The `resourceURI` of a JSON object, wherever it stands.
fn resource_uri(input: &[u8], limits: Limits) -> Result<Option<String>> {
    struct Root;
    impl<'de> Visitor<'de> for Root {
        type Value = Option<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Option<String>, A::Error> {
            let mut uri = None;
            while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                if key == "resourceURI" && uri.is_none() {
                    uri = map.next_value::<serde_json::Value>()?.as_str().map(str::to_owned);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(uri)
        }
    }
    let text = crate::input::text(input, limits)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let outcome = deserializer.deserialize_map(Root).and_then(|uri| deserializer.end().map(|()| uri));
    outcome.map_err(|error| json::syntax_error(error, String::new(), text))
}
