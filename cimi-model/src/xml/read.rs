//! Reads records from XML in either dialect.

use std::borrow::Cow;
use std::io::BufRead;

use indexmap::IndexMap;

use super::any::{self, Head, read_head};
use super::chars::is_whitespace;
use super::names::{Found, find, find_flat, is_item};
use super::pull::{Mark, Start, Token, XmlReader};
use super::JSON_NAMESPACE;
use crate::any::Any;
use crate::context::{Context, Parsed, ReadOptions, expected, put_text, shown};
use crate::error::{Step, printable};
use crate::extensions::{Extensions, Origin};
use crate::generic::Generic;
use crate::json::is_create_of;
use crate::meta::{Attribute, Kind, Role, Type, XmlForm};
use crate::reflect::{Described, List, Record, Reference, Slot, TextSlot, Value, Verdict};
use crate::value::Map;
use crate::value::ITEMS;
use crate::{Deviation, Dialect, Error, ErrorKind, Limits, Result};

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
    let input = crate::input::from_utf16(input)?;
    let reader = XmlReader::from_slice(&input, options.limits)?;
    let mut reader = Reader::new(reader, Context::new(options));
    let outcome = reader.document(record);
    match outcome {
        Ok(()) => Ok(reader.context.finish(())),
        Err(error) => Err(reader.complete(error)),
    }
}

/// The root element of a document: namespace, name and `resourceURI` attribute.
///
/// # Errors
/// When there is none.
pub(crate) fn root(input: &[u8], limits: Limits) -> Result<(String, String, Option<String>)> {
    let mut reader = XmlReader::from_slice(input, limits)?;
    let Token::Start(start) = reader.next()? else {
        return Err(reader.error(ErrorKind::Syntax, "the document has no root element"));
    };
    let mut uri = None;
    reader.attributes(&start, |attribute| {
        if &*attribute.local == "resourceURI" && attribute.namespace.is_none() {
            uri = Some(attribute.value.into_owned());
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
    generic: Option<String>,
    /// The root had no namespace, so the elements without one are those of the standard.
    bare: bool,
}

/// What the children of an element belong to.
pub(crate) enum Target<'v> {
    Record(&'v mut dyn Record),
    Ref(&'v mut dyn Reference),
}

impl Target<'_> {
    fn record_type(&self) -> &'static Type {
        match self {
            Self::Record(record) => record.record_type(),
            Self::Ref(reference) => reference.target(),
        }
    }
    fn record(&mut self) -> &mut dyn Record {
        match self {
            Self::Record(record) => &mut **record,
            Self::Ref(reference) => reference.record_mut(),
        }
    }
}

/// What has been seen of one record.
#[derive(Default)]
struct Seen {
    attributes: [u64; 4],
    text: String,
    extensions: IndexMap<String, (Origin, Vec<Any>)>,
}

impl Seen {
    fn first(&mut self, index: usize) -> bool {
        let Some(word) = self.attributes.get_mut(index / 64) else { return true };
        let bit = 1 << (index % 64);
        std::mem::replace(word, *word | bit) & bit == 0
    }

    fn extend(&mut self, key: String, origin: Origin, value: Any) {
        self.extensions.entry(key).or_insert_with(|| (origin, Vec::new())).1.push(value);
    }
}

/// The content of an element that should be text.
struct Content {
    value: Any,
    /// The attributes.
    others: Vec<(String, String)>,
    /// There is neither content nor an attribute.
    nothing: bool,
}

impl Content {
    fn into_any(self) -> Any {
        if self.others.is_empty() {
            return self.value;
        }
        let text = std::iter::once(("#text".to_owned(), self.value));
        self.others.into_iter().map(|(key, value)| (key, Any::String(value))).chain(text).collect()
    }
}

impl<'i> Reader<'i> {
    pub(crate) fn new(xml: XmlReader<'i>, context: Context) -> Self {
        Self { xml, context, generic: None, bare: false }
    }

    /// The error with path and location, where it has none yet.
    pub(crate) fn complete(&self, error: Error) -> Error {
        error.at_path(self.context.path.to_string()).at(self.xml.location())
    }

    fn deviate(&mut self, text: impl Into<String>, mark: Mark) -> Result<()> {
        let Self { xml, context, .. } = self;
        context.deviate(text, || Some(xml.locate(mark)))
    }

    fn document(&mut self, record: &mut dyn Record) -> Result<()> {
        let Token::Start(start) = self.xml.next()? else {
            return Err(self.xml.error(ErrorKind::Syntax, "the document has no root element"));
        };
        self.root(&start, record)?;
        self.element(&start, Target::Record(record))?;
        match self.xml.next()? {
            Token::Eof => Ok(()),
            _ => Err(self.xml.error(ErrorKind::Syntax, "the document does not end after its root element")),
        }
    }

    /// Reads the start of the document, without the content of its root element.
    fn open(&mut self, record: &mut dyn Record, seen: &mut Seen) -> Result<()> {
        let Token::Start(start) = self.xml.next()? else {
            return Err(self.xml.error(ErrorKind::Syntax, "the document has no root element"));
        };
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
            self.generic = Some(namespace);
            return Ok(());
        }
        self.context.path.push(Step::Name(record_type.name));
        let own = is_own(record_type, &namespace);
        self.bare = namespace.is_empty();
        let local = start.local();
        let element = if record_type.role == Role::Collection { "Collection" } else { record_type.name };
        if !own && !self.bare {
            let reason = format!("the element '{}' is in the unknown namespace '{}'", printable(local), printable(&namespace));
            return Err(self.context.error(ErrorKind::Type, reason));
        }
        if self.bare {
            self.deviate("the root element has no namespace", self.xml.mark())?;
        }
        if local == element || record_type.v1_name == Some(local) || local == record_type.name {
            return Ok(());
        }
        if local.strip_suffix("Create") == Some(record_type.name) && record_type.role == Role::Resource {
            let text = format!("'{local}' is read as {}, which is created as itself", record_type.name);
            return self.deviate(text, self.xml.mark());
        }
        let reason = format!("expected the element '{element}', found '{}'", printable(local));
        Err(self.context.error(ErrorKind::Type, reason))
    }

    /// Reads attributes and content of an element that was just started.
    pub(crate) fn element(&mut self, start: &Start<'_>, mut target: Target<'_>) -> Result<()> {
        let mut seen = Seen::default();
        let json_type = self.own_attributes(start, &mut target, &mut seen)?;
        self.children(&mut target, &mut seen, json_type)
    }

    /// Distributes the XML attributes: to `href`, to attributes of the table, to extensions. Returns the JSON type.
    fn own_attributes(&mut self, start: &Start<'_>, target: &mut Target<'_>, seen: &mut Seen) -> Result<Option<String>> {
        if start.is_plain() {
            return Ok(None);
        }
        let record_type = target.record_type();
        let mark = self.xml.mark();
        let mut found = Vec::new();
        self.xml.attributes(start, |attribute| {
            let namespace = attribute.namespace.map(Cow::into_owned);
            found.push((namespace, attribute.local.into_owned(), attribute.value.into_owned()));
            Ok(())
        })?;
        let mut json_type = None;
        for (namespace, local, value) in found {
            let own = namespace.as_deref().is_none_or(|namespace| is_own(record_type, namespace));
            if namespace.as_deref() == Some(JSON_NAMESPACE) && local == "type" {
                json_type = Some(value);
            } else if own && self.own_attribute(&local, &value, target, seen, mark)? {
                continue;
            } else if let Some(namespace) = namespace {
                let key = format!("@{}", Extensions::qualified(&namespace, &local));
                seen.extend(key, Origin::Json, Any::String(value));
            } else {
                seen.extend(local, Origin::Attribute, Any::String(value));
            }
        }
        Ok(json_type)
    }

    /// Whether the attribute belongs to the type.
    fn own_attribute(
        &mut self,
        local: &str,
        value: &str,
        target: &mut Target<'_>,
        seen: &mut Seen,
        mark: Mark,
    ) -> Result<bool> {
        let record_type = target.record_type();
        if let (Target::Ref(reference), "href") = (&mut *target, local) {
            return self.href(&mut **reference, value, mark).map(|()| true);
        }
        if local == "resourceURI" {
            return self.resource_uri(value, record_type, mark);
        }
        if local == "href" && let Some((flat, _)) = find_flat(record_type) {
            if let Some(Slot::Ref(reference)) = target.record().get_mut(flat).map(Value::slot) {
                return self.href(reference, value, mark).map(|()| true);
            }
        }
        let Some(index) = record_type.find(local, 0) else { return Ok(false) };
        let Some(attribute) = record_type.attributes.get(index) else { return Ok(false) };
        if !matches!(attribute.kind, Kind::Ref(_) | Kind::Structure(_) | Kind::Array(_) | Kind::Map | Kind::Any) && seen.first(index) {
            self.context.path.push(Step::Name(attribute.name));
            if record_type.role != Role::Structure {
                self.deviate("an attribute in place of an element", mark)?;
            }
            self.put(attribute, index, target.record(), value, mark)?;
            self.context.path.pop();
            return Ok(true);
        }
        Ok(false)
    }

    fn href(&mut self, reference: &mut dyn Reference, value: &str, mark: Mark) -> Result<()> {
        let strict = self.context.strict;
        if reference.href_mut().put(value, strict) == Verdict::Conforming {
            return Ok(());
        }
        self.context.path.push(Step::Name("href"));
        self.deviate("not a URI as RFC 3986 has it", mark)?;
        self.context.path.pop();
        Ok(())
    }

    /// Whether the URI names the type. One that does not is kept as an extension.
    fn resource_uri(&mut self, uri: &str, record_type: &'static Type, mark: Mark) -> Result<bool> {
        if record_type.is_uri(uri) || is_create_of(record_type, uri) {
            return Ok(true);
        }
        if self.generic.is_some() {
            return Ok(true);
        }
        if record_type.role == Role::Collection && self.context.path.len() == 1 {
            let reason = format!("'{}' is not the type {}", printable(uri), record_type.name);
            return Err(self.context.error(ErrorKind::Type, reason));
        }
        if record_type.name != "Resource" {
            self.deviate(format!("the resourceURI is not the type {}; kept as it is", record_type.name), mark)?;
        }
        Ok(false)
    }

    fn children(&mut self, target: &mut Target<'_>, seen: &mut Seen, json_type: Option<String>) -> Result<()> {
        let in_ref = usize::from(matches!(target, Target::Ref(_)));
        self.context.overrides += in_ref;
        let mut guess = 0;
        loop {
            match self.xml.next()? {
                Token::Text(text) => {
                    if !seen.text.is_empty() || !is_whitespace(&text) || has_content(target.record_type()) {
                        seen.text.push_str(&text);
                    }
                }
                Token::Start(start) => self.child(&start, target, seen, &mut guess)?,
                Token::End => break,
                Token::Eof => return Err(self.xml.error(ErrorKind::Syntax, "the document ends inside of an element")),
            }
        }
        self.context.overrides -= in_ref;
        self.close(target, seen, json_type)
    }

    /// Stores what was gathered while the children were read.
    fn close(&mut self, target: &mut Target<'_>, seen: &mut Seen, json_type: Option<String>) -> Result<()> {
        self.content(target, seen, json_type)?;
        if !seen.extensions.is_empty() {
            let extensions = target.record().extensions_mut();
            for (key, (origin, mut values)) in seen.extensions.drain(..) {
                let value = if values.len() == 1 { values.pop().unwrap_or(Any::Null) } else { Any::Array(values) };
                extensions.push(key, value, origin);
            }
        }
        Ok(())
    }

    /// What is left of the text between the children.
    fn content(&mut self, target: &mut Target<'_>, seen: &mut Seen, json_type: Option<String>) -> Result<()> {
        let text = std::mem::take(&mut seen.text);
        let place = target.record_type().attributes.iter().position(|attribute| attribute.xml == XmlForm::Content);
        if let Some(index) = place {
            if !is_whitespace(&text) || json_type.is_some() {
                if let Some(Slot::Any(slot)) = target.record().get_mut(index).map(Value::slot) {
                    *slot = Some(any::of_text(json_type, text));
                }
            }
        } else if !is_whitespace(&text) {
            self.deviate("unexpected text; kept as it is", self.xml.mark())?;
            seen.extend("#text".to_owned(), Origin::Json, Any::String(text));
        }
        Ok(())
    }

    fn child(&mut self, start: &Start<'_>, target: &mut Target<'_>, seen: &mut Seen, guess: &mut usize) -> Result<()> {
        let record_type = target.record_type();
        let namespace = self.xml.namespace(start)?;
        let own = match &self.generic {
            Some(_) => false,
            None => is_own(record_type, &namespace) || (self.bare && namespace.is_empty()),
        };
        if !own {
            return self.unknown(start, seen);
        }
        match find(record_type, start.local(), *guess) {
            Some(found) => {
                *guess = found.index() + 1;
                self.attribute(start, found, record_type, target.record(), seen)
            }
            None => {
                if let (Target::Ref(reference), "href") = (&mut *target, start.local()) {
                    let mark = self.xml.mark();
                    let content = self.text(start)?;
                    return self.href(&mut **reference, content.value.as_str().unwrap_or_default(), mark);
                }
                let flat = find_flat(record_type).and_then(|(flat, kind)| Some((flat, kind, find(kind, start.local(), 0)?)));
                match flat {
                    Some((flat, kind, found)) => match target.record().get_mut(flat).map(Value::slot) {
                        Some(Slot::Ref(reference)) => {
                            self.attribute(start, found, kind, reference.record_mut(), &mut Seen::default())
                        }
                        _ => self.unknown(start, seen),
                    },
                    None => self.unknown(start, seen),
                }
            }
        }
    }

    /// Reads an element that no table knows.
    fn unknown(&mut self, start: &Start<'_>, seen: &mut Seen) -> Result<()> {
        let mut head = read_head(&self.xml, start)?;
        let namespace = self.xml.namespace(start)?.into_owned();
        let local = start.local();
        let (key, origin) = match head.json_name.take() {
            Some(name) if namespace == JSON_NAMESPACE => (name, Origin::Json),
            _ if namespace == JSON_NAMESPACE => (local.to_owned(), Origin::Json),
            _ if self.generic.as_deref() == Some(&namespace) => (local.to_owned(), Origin::Element),
            _ if self.generic.is_none() && Dialect::of_namespace(&namespace).is_some() => (local.to_owned(), Origin::Element),
            _ if namespace.is_empty() => (local.to_owned(), Origin::Bare),
            _ => (Extensions::qualified(&namespace, local), Origin::Json),
        };
        self.context.path.push(Step::Owned(key.clone()));
        let value = any::read(&mut self.xml, head, &namespace, &mut self.context)?;
        self.context.path.pop();
        seen.extend(key, origin, value);
        Ok(())
    }

    /// Reads an element that belongs to an attribute of the table.
    fn attribute(
        &mut self,
        start: &Start<'_>,
        found: Found,
        record_type: &'static Type,
        record: &mut dyn Record,
        seen: &mut Seen,
    ) -> Result<()> {
        let index = found.index();
        let Some(attribute) = record_type.attributes.get(index) else { return Ok(()) };
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        self.context.path.push(Step::Name(attribute.name));
        match (found, value.slot()) {
            (Found::Item(_), slot @ (Slot::List(_) | Slot::Map(_))) => {
                let kept = match slot {
                    Slot::List(list) => self.item(start, list, attribute)?,
                    Slot::Map(map) => self.pair(start, map, attribute)?,
                    _ => None,
                };
                if let Some((key, value)) = kept {
                    seen.extend(key, Origin::Element, value);
                }
            }
            _ => {
                if !seen.first(index) {
                    let reason = format!("the element '{}' occurs twice", printable(start.local()));
                    return Err(self.context.error(ErrorKind::Duplicate, reason));
                }
                self.named(start, attribute, index, record, seen)?;
            }
        }
        self.context.path.pop();
        Ok(())
    }

    /// Reads the element that is named after the attribute.
    fn named(
        &mut self,
        start: &Start<'_>,
        attribute: &'static Attribute,
        index: usize,
        record: &mut dyn Record,
        seen: &mut Seen,
    ) -> Result<()> {
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        let mut slot = value.slot();
        if matches!(slot, Slot::Text(_) | Slot::Integer(_) | Slot::Boolean(_)) {
            return self.scalar(start, attribute, index, record);
        }
        let head = self.head(start)?;
        // In a template, a reference or structure without content says so, for an empty element would erase.
        let blank = head.json_type.as_deref() == Some("object") && matches!(slot, Slot::Ref(_) | Slot::Record(_));
        if (head.json_type.is_some() && !blank) || matches!(slot, Slot::Any(_)) {
            let value = self.verbatim(start)?;
            if let Slot::Any(place) = &mut slot {
                **place = Some(value);
            } else {
                self.keep(attribute, value, record)?;
            }
            return Ok(());
        }
        match slot {
            Slot::Ref(reference) => self.element(start, Target::Ref(reference))?,
            Slot::Record(inner) => self.element(start, Target::Record(inner))?,
            Slot::List(list) => self.wrapper(start, attribute, seen, |reader, child| reader.item(child, list, attribute))?,
            Slot::Map(map) => self.wrapper(start, attribute, seen, |reader, child| reader.pair(child, map, attribute))?,
            _ => {}
        }
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        let erasing = self.context.overrides > 0 && head.is_empty();
        if value.view().is_empty() || (erasing && value.view().is_blank()) {
            value.clear();
            if erasing {
                record.extensions_mut().push(attribute.name.to_owned(), Any::Null, Origin::Json);
            }
        }
        Ok(())
    }

    fn head(&self, start: &Start<'_>) -> Result<Head> {
        if start.is_plain() { Ok(Head::default()) } else { read_head(&self.xml, start) }
    }

    fn verbatim(&mut self, start: &Start<'_>) -> Result<Any> {
        let head = read_head(&self.xml, start)?;
        let namespace = self.xml.namespace(start)?.into_owned();
        any::read(&mut self.xml, head, &namespace, &mut self.context)
    }

    /// Keeps under the name of an attribute what does not fit it, or that it is erased.
    fn keep(&mut self, attribute: &'static Attribute, value: Any, record: &mut dyn Record) -> Result<()> {
        if !(value == Any::Null && self.context.overrides > 0) {
            self.deviate("the value has another form; kept as it is", self.xml.mark())?;
        }
        if let Some(place) = record.record_type().find(attribute.name, 0).and_then(|index| record.get_mut(index)) {
            place.clear();
        }
        record.extensions_mut().push(attribute.name.to_owned(), value, Origin::Json);
        Ok(())
    }

    /// Reads the wrapper of an array or map.
    fn wrapper(
        &mut self,
        start: &Start<'_>,
        attribute: &'static Attribute,
        seen: &mut Seen,
        mut each: impl FnMut(&mut Self, &Start<'_>) -> Result<Option<(String, Any)>>,
    ) -> Result<()> {
        for (key, value) in read_head(&self.xml, start)?.members {
            seen.extend(at_attribute(attribute, &key), Origin::Json, Any::String(value));
        }
        let mut text = String::new();
        loop {
            match self.xml.next()? {
                Token::Text(piece) if is_whitespace(&piece) && text.is_empty() => {}
                Token::Text(piece) => text.push_str(&piece),
                Token::Start(child) => {
                    if let Some((key, value)) = each(self, &child)? {
                        seen.extend(key, Origin::Element, value);
                    }
                }
                Token::End => break,
                Token::Eof => return Err(self.xml.error(ErrorKind::Syntax, "the document ends inside of an element")),
            }
        }
        if !text.is_empty() {
            self.deviate("unexpected text; kept as it is", self.xml.mark())?;
            seen.extend(at_attribute(attribute, "#text"), Origin::Json, Any::String(text));
        }
        Ok(())
    }

    /// Reads one item of an array; one that does not fit comes back as an extension.
    pub(crate) fn item(&mut self, start: &Start<'_>, list: &mut dyn List, attribute: &'static Attribute) -> Result<Option<(String, Any)>> {
        let mut kept = None;
        self.context.path.push(Step::Index(list.len()));
        if !is_item(attribute, start.local()) {
            self.deviate(format!("'{}' was read as an item", printable(start.local())), self.xml.mark())?;
        }
        let strict = self.context.strict;
        match list.push() {
            Slot::Ref(reference) => self.element(start, Target::Ref(reference))?,
            Slot::Record(record) => self.element(start, Target::Record(record))?,
            mut slot => {
                let mark = self.xml.mark();
                let content = self.text(start)?;
                let verdict = match &content.value {
                    Any::String(text) if content.others.is_empty() => put_text(attribute, &mut slot, text, strict),
                    _ => Verdict::Refused,
                };
                if verdict != Verdict::Conforming {
                    let wanted = expected(&slot, attribute.kind);
                    let shown = content.value.as_str().map_or_else(|| "an element".to_owned(), |text| shown(attribute, text));
                    self.deviate(format!("expected {wanted}, found {shown}"), mark)?;
                }
                if verdict == Verdict::Refused {
                    list.pop();
                    kept = Some((start.local().to_owned(), content.into_any()));
                }
            }
        }
        self.context.path.pop();
        Ok(kept)
    }

    /// Reads one pair of a map; an element without a key comes back as an extension.
    fn pair(&mut self, start: &Start<'_>, map: &mut Map, attribute: &'static Attribute) -> Result<Option<(String, Any)>> {
        let mark = self.xml.mark();
        let mut head = read_head(&self.xml, start)?;
        let named = head.members.iter().position(|(key, _)| key == "@key").map(|at| head.members.remove(at).1);
        let key = head.json_key.take().or(named);
        let namespace = self.xml.namespace(start)?.into_owned();
        if key.is_none() {
            self.deviate("a pair without a key; kept as it is", mark)?;
        }
        self.context.path.push(Step::Key(key.clone().unwrap_or_default()));
        let value = any::read(&mut self.xml, head, &namespace, &mut self.context)?;
        let Some(key) = key else {
            self.context.path.pop();
            return Ok(Some((start.local().to_owned(), value)));
        };
        if attribute.holds_strings() && value.as_str().is_none() {
            self.deviate("the value is not a string", mark)?;
        }
        if map.get_any(&key).is_some() {
            let reason = format!("the key '{}' occurs twice", printable(&key));
            return Err(self.context.error(ErrorKind::Duplicate, reason));
        }
        map.insert(key, value);
        self.context.path.pop();
        Ok(None)
    }

    /// The content of an element that should be text.
    fn text(&mut self, start: &Start<'_>) -> Result<Content> {
        let mut head = self.head(start)?;
        let mut text: Cow<'_, str> = Cow::Borrowed("");
        loop {
            match self.xml.next()? {
                Token::Text(piece) if text.is_empty() => text = piece,
                Token::Text(piece) => text.to_mut().push_str(&piece),
                Token::Start(child) => {
                    let namespace = self.xml.namespace(start)?.into_owned();
                    let text = text.into_owned();
                    let value = any::read_rest(&mut self.xml, head, &namespace, text, Some(child), &mut self.context)?;
                    return Ok(Content { value, others: Vec::new(), nothing: false });
                }
                Token::End => break,
                Token::Eof => return Err(self.xml.error(ErrorKind::Syntax, "the document ends inside of an element")),
            }
        }
        let nothing = text.is_empty() && head.is_empty();
        let json_type = head.json_type.take();
        Ok(Content { value: any::of_text(json_type, text.into_owned()), others: head.members, nothing })
    }

    fn scalar(&mut self, start: &Start<'_>, attribute: &'static Attribute, index: usize, record: &mut dyn Record) -> Result<()> {
        let mark = self.xml.mark();
        let Content { value, others, nothing } = self.text(start)?;
        if nothing && self.context.overrides > 0 {
            record.extensions_mut().push(attribute.name.to_owned(), Any::Null, Origin::Json);
            return Ok(());
        }
        if let ("", Kind::Uri, [(key, href)]) = (value.as_str().unwrap_or("-"), attribute.kind, others.as_slice()) {
            if key == "href" && !self.context.strict {
                self.put(attribute, index, record, href, mark)?;
                return self.deviate("a reference was read as a URI", mark);
            }
        }
        match &value {
            Any::String(text) => self.put(attribute, index, record, text, mark)?,
            _ => self.keep(attribute, value, record)?,
        }
        for (key, value) in others {
            record.extensions_mut().push(at_attribute(attribute, &key), Any::String(value), Origin::Json);
        }
        Ok(())
    }

    /// Puts a text into an attribute, or keeps it under the attribute's name.
    fn put(&mut self, attribute: &'static Attribute, index: usize, record: &mut dyn Record, text: &str, mark: Mark) -> Result<()> {
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        let strict = self.context.strict;
        let mut slot = value.slot();
        let verdict = put_text(attribute, &mut slot, text, strict);
        let wanted = expected(&slot, attribute.kind);
        match verdict {
            Verdict::Conforming => {}
            Verdict::Recovered => {
                self.deviate(format!("{} was read as {wanted}", shown(attribute, text)), mark)?;
            }
            Verdict::Refused => {
                let kept = if strict { "" } else { "; kept as it is" };
                self.deviate(format!("expected {wanted}, found {}{kept}", shown(attribute, text)), mark)?;
                record.extensions_mut().push(attribute.name.to_owned(), Any::String(text.to_owned()), Origin::Json);
                return Ok(());
            }
        }
        if crate::reflect::omitted(&value.view(), attribute.kind) {
            value.clear();
        }
        Ok(())
    }
}

/// What [`MemberReader::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A member, which was filled.
    Member,
    /// The end of the document; the collection is complete but for its members.
    End,
}

/// Reads a collection with its members one by one.
pub(crate) struct MemberReader<'i> {
    reader: Reader<'i>,
    seen: Seen,
    guess: usize,
    /// Inside of the element that 2.0 has around the members.
    wrapped: bool,
    index: usize,
}

impl<'i> MemberReader<'i> {
    /// Reads the root element.
    pub(crate) fn open(xml: XmlReader<'i>, context: Context, collection: &mut dyn Record) -> Result<Self> {
        let mut reader = Reader::new(xml, context);
        let mut seen = Seen::default();
        match reader.open(collection, &mut seen) {
            Ok(()) => Ok(Self { reader, seen, guess: 0, wrapped: false, index: 0 }),
            Err(error) => Err(reader.complete(error)),
        }
    }

    pub(crate) fn dialect(&self) -> Option<Dialect> {
        self.reader.context.dialect
    }

    pub(crate) fn take_deviations(&mut self) -> (Vec<Deviation>, usize) {
        (std::mem::take(&mut self.reader.context.deviations), self.reader.context.more_deviations)
    }

    /// Fills `member` with the next one; what else the collection has goes to `collection`.
    pub(crate) fn next(&mut self, member: &mut dyn Record, collection: &mut dyn Record) -> Result<Next> {
        self.pull(member, collection).map_err(|error| self.reader.complete(error))
    }

    fn pull(&mut self, member: &mut dyn Record, collection: &mut dyn Record) -> Result<Next> {
        let table = collection.record_type();
        let Some(items) = table.attributes.get(ITEMS) else { return Ok(Next::End) };
        loop {
            match self.reader.xml.next()? {
                Token::Text(text) if is_whitespace(&text) => {}
                Token::Text(text) => self.seen.text.push_str(&text),
                Token::Start(start) => {
                    let namespace = self.reader.xml.namespace(&start)?;
                    let own = is_own(table, &namespace) || self.reader.bare || is_own(member.record_type(), &namespace);
                    if own && is_item(items, start.local()) || self.wrapped {
                        return self.member(&start, member, items).map(|()| Next::Member);
                    }
                    if own && find(table, start.local(), ITEMS) == Some(Found::Named(ITEMS)) {
                        self.wrapped = true;
                        for (key, value) in read_head(&self.reader.xml, &start)?.members {
                            self.seen.extend(at_attribute(items, &key), Origin::Json, Any::String(value));
                        }
                        continue;
                    }
                    self.reader.child(&start, &mut Target::Record(collection), &mut self.seen, &mut self.guess)?;
                }
                Token::End if self.wrapped => self.wrapped = false,
                Token::End => return self.end(collection),
                Token::Eof => return Ok(Next::End),
            }
        }
    }

    fn member(&mut self, start: &Start<'_>, member: &mut dyn Record, items: &'static Attribute) -> Result<()> {
        let reader = &mut self.reader;
        reader.xml.restart_count();
        reader.context.elements = 0;
        reader.context.path.push(Step::Name(items.name));
        reader.context.path.push(Step::Index(self.index));
        self.index += 1;
        if !is_item(items, start.local()) {
            reader.deviate(format!("'{}' was read as an item", printable(start.local())), reader.xml.mark())?;
        }
        reader.element(start, Target::Record(member))?;
        reader.context.path.pop();
        reader.context.path.pop();
        Ok(())
    }

    fn end(&mut self, collection: &mut dyn Record) -> Result<Next> {
        self.reader.close(&mut Target::Record(collection), &mut self.seen, None)?;
        match self.reader.xml.next()? {
            Token::Eof => Ok(Next::End),
            _ => Err(self.reader.xml.error(ErrorKind::Syntax, "the document does not end after its root element")),
        }
    }
}

/// The key of an XML attribute on the element of an attribute.
fn at_attribute(attribute: &Attribute, key: &str) -> String {
    if key.starts_with(['@', '#']) { format!("{}{key}", attribute.name) } else { format!("{}@{key}", attribute.name) }
}

fn has_content(record_type: &Type) -> bool {
    record_type.attributes.iter().any(|attribute| attribute.xml == XmlForm::Content)
}

/// Whether elements in this namespace are attributes of the type.
pub(crate) fn is_own(record_type: &Type, namespace: &str) -> bool {
    Dialect::of_namespace(namespace).is_some() || record_type.namespace == Some(namespace)
}
