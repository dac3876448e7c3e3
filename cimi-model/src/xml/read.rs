//! Reads records from XML in either dialect.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use super::JSON_NAMESPACE;
use super::any::unescape;
use super::pull::{Start, Token, XmlReader};
use crate::any::Any;
use crate::context::{Context, Parsed, Place, ReadOptions, Target};
use crate::error::{Step, printable};
use crate::extensions::{Extensions, Origin};
use crate::generic::Generic;
use crate::meta::{Role, Type};
use crate::names::upper_first;
use crate::reflect::{Described, Record};
use crate::{Dialect, Error, ErrorKind, Limits, Result};

/// Reads a value whose type the caller knows.
///
/// # Errors
/// When the text is not XML, has another root element, exceeds a limit or, with [`ReadOptions::strict`], deviates.
pub fn from_slice<T: Described>(input: &[u8], options: &ReadOptions) -> Result<Parsed<T>> {
    let mut value = T::default();
    let parsed = read_into(input, &mut value, options)?;
    Ok(parsed.map(|()| value))
}

/// Reads a value whose type the caller knows from a stream, up to [`Limits::size`] bytes.
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
    let input = crate::input::to_utf8(input)?;
    let reader = XmlReader::from_slice(&input, options.limits)?;
    let mut reader = Reader::new(reader, Context::new(options));
    let outcome = reader.document(record);
    match outcome {
        Ok(()) => Ok(reader.context.finish((), &input)),
        Err(error) => Err(reader.complete(error)),
    }
}

/// The root element of a document: namespace, name and `resourceURI` attribute.
///
/// # Errors
/// When there is none.
pub(crate) fn root(input: &[u8], limits: Limits) -> Result<(String, String, Option<String>)> {
    let mut reader = XmlReader::from_slice(input, limits)?;
    let start = reader.root()?;
    let mut uri = None;
    reader.attributes(&start, |attribute| {
        match (attribute.namespace.as_deref(), &*attribute.local) {
            (None, "resourceURI") => uri = Some(attribute.value.into_owned()),
            (Some(JSON_NAMESPACE), "name") => uri = unescape(&attribute.value),
            _ => {}
        }
        Ok(())
    })?;
    Ok((reader.namespace(&start)?.into_owned(), start.local().to_owned(), uri))
}

/// One reading of one document.
pub(crate) struct Reader<'i> {
    pub(crate) xml: XmlReader<'i>,
    pub(crate) context: Context,
    /// The namespace of a document whose attributes are in no table.
    pub(super) generic: Option<GenericRoot>,
    /// The root had no namespace, so the elements without one are those of the standard.
    pub(super) bare: bool,
    /// The namespace of the element that is being read, where it belongs to its record.
    pub(super) space: &'static str,
}

/// The root of a document whose attributes are in no table.
pub(super) struct GenericRoot {
    pub(super) namespace: String,
    /// Whether its `resourceURI` is the type, not its name.
    pub(super) says_uri: bool,
}

/// What has been seen of one record.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) attributes: crate::context::Seen,
    pub(super) text: String,
    /// The same of the record that 1.x has in this one.
    pub(super) flat: Option<Box<Self>>,
    /// A map has too many pairs to look for duplicates at each.
    pub(super) many_pairs: bool,
    /// In the order of the first of each name.
    extensions: Vec<Found>,
    /// Where each name is, once there are too many to look through.
    index: HashMap<(String, Origin), usize>,
}

/// How many names are looked through one by one.
pub(super) const FEW: usize = 16;

/// The elements or attributes of one name.
#[derive(Clone)]
struct Found {
    key: String,
    origin: Origin,
    values: Vec<Any>,
}

impl Seen {
    /// Elements of one name become an array.
    pub(super) fn extend(&mut self, key: String, origin: Origin, value: Any) {
        if let Some(found) = self.known(&key, origin) {
            found.values.push(value);
            return;
        }
        if !self.index.is_empty() {
            self.index.insert((key.clone(), origin), self.extensions.len());
        }
        self.extensions.push(Found { key, origin, values: vec![value] });
    }

    fn known(&mut self, key: &str, origin: Origin) -> Option<&mut Found> {
        let at = if self.extensions.len() < FEW {
            self.extensions.iter().position(|found| found.key == key && found.origin == origin)
        } else {
            if self.index.is_empty() {
                let numbered = self.extensions.iter().enumerate();
                self.index = numbered.map(|(at, found)| ((found.key.clone(), found.origin), at)).collect();
            }
            self.index.get(&(key.to_owned(), origin)).copied()
        };
        self.extensions.get_mut(at?)
    }

    /// The first value that was gathered under a name, to be changed.
    pub(super) fn first(&mut self, key: &str, origin: Origin) -> Option<&mut Any> {
        self.known(key, origin)?.values.first_mut()
    }

    /// Tells names apart that are the same but for where they stand: attribute, element of the standard's namespace,
    /// element without one. The last of these has a plain key where it can.
    fn tell_apart(&mut self) {
        let plain = |origin| move |found: &Found| (found.origin == origin).then(|| found.key.clone());
        let elements: HashSet<String> = self.extensions.iter().filter_map(plain(Origin::Element)).collect();
        let bare: HashSet<String> = self.extensions.iter().filter_map(plain(Origin::Bare)).collect();
        let json: HashSet<String> = self.extensions.iter().filter_map(plain(Origin::Json)).collect();
        for found in &mut self.extensions {
            let key = &found.key;
            match found.origin {
                Origin::Attribute if elements.contains(key) || bare.contains(key) || json.contains(key) => {
                    found.key = format!("@{key}");
                }
                Origin::Bare if elements.contains(key) || json.contains(key) => found.key = format!("{{}}{key}"),
                Origin::Element if json.contains(key) => found.key = format!("{{}}{{}}{key}"),
                _ => {}
            }
        }
    }

    pub(super) fn has_extensions(&self) -> bool {
        !self.extensions.is_empty()
    }

    /// Adds a copy of what was gathered so far.
    pub(super) fn copy_to(&self, extensions: &mut Extensions) {
        Self { extensions: self.extensions.clone(), ..Self::default() }.store(extensions);
    }

    /// Moves what was gathered to where it stays.
    pub(super) fn store(&mut self, extensions: &mut Extensions) {
        if self.extensions.iter().any(|found| found.origin != Origin::Json) && self.extensions.len() > 1 {
            self.tell_apart();
        }
        for Found { key, origin, mut values } in self.extensions.drain(..) {
            let value = if values.len() == 1 { values.pop().unwrap_or(Any::Null) } else { Any::Array(values) };
            extensions.push(key, value, origin);
        }
    }
}

impl<'i> Reader<'i> {
    pub(crate) fn new(xml: XmlReader<'i>, context: Context) -> Self {
        Self { xml, context, generic: None, bare: false, space: "" }
    }

    /// The error with path and location, where it has none yet.
    pub(crate) fn complete(&self, error: Error) -> Error {
        error.at_path(self.context.path.to_string()).at(self.xml.location())
    }

    pub(super) fn deviate(&mut self, text: impl Into<String>, mark: Place) -> Result<()> {
        self.context.deviate(text, mark).map_err(|error| error.at(self.xml.locate(mark)))
    }

    fn document(&mut self, record: &mut dyn Record) -> Result<()> {
        let start = self.xml.root()?;
        self.root(&start, record)?;
        self.element(&start, Target::Record(record))?;
        match self.xml.next()? {
            Token::Eof => Ok(()),
            _ => Err(self.xml.error(ErrorKind::Syntax, "the document does not end after its root element")),
        }
    }

    /// Reads the start of the document, without the content of its root element.
    pub(super) fn open(&mut self, record: &mut dyn Record, seen: &mut Seen) -> Result<()> {
        let start = self.xml.root()?;
        self.root(&start, record)?;
        self.own_attributes(&start, &mut Target::Record(record), seen)?;
        Ok(())
    }

    /// Checks that the root element is of the type, and notes the dialect.
    pub(crate) fn root(&mut self, start: &Start<'_>, record: &mut dyn Record) -> Result<()> {
        let record_type = record.record_type();
        let namespace = self.xml.namespace(start)?.into_owned();
        self.context.dialect = Dialect::of_namespace(&namespace);
        if let Some(generic) = (record as &dyn std::any::Any).downcast_ref::<Generic>() {
            self.context.path.push(Step::Owned(generic.name.clone()));
            self.generic = Some(GenericRoot { namespace, says_uri: generic.type_uri.is_some() });
            return Ok(());
        }
        self.context.path.push(Step::Name(record_type.name));
        let own = is_own(record_type, &namespace);
        self.bare = namespace.is_empty();
        let local = start.local();
        let element = if record_type.role == Role::Collection { "Collection" } else { record_type.name };
        if !own && !self.bare {
            let reason =
                format!("the element '{}' is in the unknown namespace '{}'", printable(local), printable(&namespace));
            return Err(self.context.error(ErrorKind::Type, reason));
        }
        if self.bare {
            self.deviate("the root element has no namespace", self.xml.mark())?;
        }
        if local == element || (record_type.role != Role::Collection && record_type.is_said_by_name(local)) {
            return Ok(());
        }
        if record_type.is_named(local) {
            return self.deviate(format!("'{local}' was read as '{element}'"), self.xml.mark());
        }
        let proper = upper_first(local);
        if proper == element {
            return self.deviate(format!("'{local}' was read as '{element}'"), self.xml.mark());
        }
        if proper.strip_suffix("Create") == Some(record_type.name) && record_type.role == Role::Resource {
            let text = format!("'{local}' is read as {}, which is created as itself", record_type.name);
            return self.deviate(text, self.xml.mark());
        }
        // Read strictly, it is another type.
        if !self.context.strict && record_type.name.strip_suffix("Create") == Some(&*proper) {
            let text = format!("'{local}' is read as the request to create one");
            return self.deviate(text, self.xml.mark());
        }
        let reason = format!("expected the element '{element}', found '{}'", printable(local));
        Err(self.context.error(ErrorKind::Type, reason))
    }
}

/// Whether elements in this namespace are attributes of the type.
pub(crate) fn is_own(record_type: &Type, namespace: &str) -> bool {
    Dialect::of_namespace(namespace).is_some() || record_type.own_namespace(namespace).is_some()
}
