//! Reads records from JSON.
//!
//! serde_json drives. Scalars and unknown members are taken as raw text, so that nothing is lost by a detour over
//! `f64`. Containers are visited as they come; where that ends in an error, the document is
//! read once more with every container taken as raw text first, which is slower, can keep any value verbatim and says
//! better what is wrong.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::any::{check_key, duplicate, read as read_any, unquote};
use crate::any::Any;
use crate::context::{Context, Parsed, ReadOptions, expected, put_text, shown};
use crate::error::{Locator, Path, Step};
use crate::extensions::Origin;
use crate::generic::Generic;
use crate::meta::{Attribute, Kind, Role, Type};
use crate::reflect::{Described, List, Record, Reference, Slot, Value, Verdict, omitted};
use crate::value::Map;
use crate::xml::find_flat;
use crate::{Dialect, Error, ErrorKind, Location, Result, Uri};

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
    match read_once(text, record, options, path, root, false) {
        Err(Failure::Serde(_)) => {
            reset(record);
            read_once(text, record, options, path, root, true).map_err(|failure| failure.into_error(text))
        }
        outcome => outcome.map_err(|failure| failure.into_error(text)),
    }
}

fn reset(record: &mut dyn Record) {
    for index in 0..record.record_type().attributes.len() {
        if let Some(value) = record.get_mut(index) {
            value.clear();
        }
    }
    *record.extensions_mut() = crate::Extensions::new();
}

enum Failure {
    /// Found by this module.
    Own(Error),
    /// Found by serde_json, with the path where it was.
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

/// What serde_json says, in the terms of this crate.
pub(crate) fn syntax_error(error: serde_json::Error, path: String, text: &str) -> Error {
    let location = location(&error);
    let full = error.to_string();
    let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(reason, _)| reason).to_owned();
    let error = Error::new(ErrorKind::Syntax, reason).at_path(path).caused_by(error);
    if text.is_empty() { error } else { error.at(location) }
}

fn location(error: &serde_json::Error) -> Location {
    Location { line: error.line().max(1) as u64, column: error.column().max(1) as u64 }
}

fn read_once(
    text: &str,
    record: &mut dyn Record,
    options: &ReadOptions,
    path: &Path,
    root: bool,
    raw: bool,
) -> std::result::Result<Parsed<()>, Failure> {
    let context = Context { path: path.clone(), ..Context::new(options) };
    let mut reader = Reader { text, locator: Locator::new(text.as_bytes()), context, raw, failure: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = RootSeed { reader: &mut reader, record, root };
    let outcome = seed.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match outcome {
        Ok(()) => Ok(reader.context.finish(())),
        Err(error) => Err(match reader.failure {
            Some(own) => Failure::Own(own.at(location(&error))),
            None => Failure::Serde((error, reader.context.path.to_string())),
        }),
    }
}

/// One reading of one text.
pub(crate) struct Reader<'t> {
    text: &'t str,
    locator: Locator<'t>,
    context: Context,
    /// Take containers as raw text before looking into them.
    raw: bool,
    /// The error behind the placeholder that serde carries.
    failure: Option<Error>,
}

impl Reader<'_> {
    fn fail<E: serde::de::Error>(&mut self, error: Error, place: Option<&str>) -> E {
        let error = match place.and_then(|place| self.locate(place)) {
            Some(location) => error.at(location),
            None => error,
        };
        self.failure.get_or_insert(error);
        E::custom("refused")
    }

    /// Where a part of the text stands in it.
    fn locate(&mut self, part: &str) -> Option<Location> {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (offset <= self.text.len()).then(|| self.locator.locate(offset))
    }

    fn check<T, E: serde::de::Error>(&mut self, result: Result<T>, place: &str) -> std::result::Result<T, E> {
        result.map_err(|error| self.fail(error, Some(place)))
    }

    fn deviate<E: serde::de::Error>(&mut self, text: String, place: &str) -> std::result::Result<(), E> {
        let location = self.locate(place);
        let result = self.context.deviate(text, || location);
        result.map_err(|error| self.fail(error, None))
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

/// What the members of an object belong to.
enum Target<'v> {
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
    fn is_ref(&self) -> bool {
        matches!(self, Self::Ref(_))
    }
}

/// What a member name means in a type.
enum Member {
    Attribute(usize),
    /// The `href` of a reference.
    Href,
    /// The `href` of the attribute at this index, which 1.x writes into the structure.
    FlatHref(usize),
    /// An attribute of the target of the attribute at this index.
    Flat(usize, usize),
    ResourceUri,
    Unknown(String),
}

struct KeySeed {
    record_type: &'static Type,
    in_ref: bool,
    guess: usize,
}

impl KeySeed {
    fn member(&self, key: &str) -> Member {
        if let Some(index) = self.record_type.find(key, self.guess) {
            return Member::Attribute(index);
        }
        match key {
            "href" if self.in_ref => return Member::Href,
            "resourceURI" => return Member::ResourceUri,
            _ => {}
        }
        if let Some((flat, target)) = find_flat(self.record_type) {
            if key == "href" {
                return Member::FlatHref(flat);
            }
            if let Some(index) = target.find(key, 0) {
                return Member::Flat(flat, index);
            }
        }
        Member::Unknown(key.to_owned())
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Member;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Member, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Member;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member name")
    }
    fn visit_str<E>(self, key: &str) -> std::result::Result<Member, E> {
        Ok(self.member(key))
    }
}

/// Which members of an object have been seen, to find duplicates.
#[derive(Default)]
struct Seen {
    attributes: [u64; 4],
    href: bool,
    resource_uri: bool,
}

impl Seen {
    /// Whether this is the first time.
    fn first(&mut self, index: usize) -> bool {
        let Some(word) = self.attributes.get_mut(index / 64) else { return true };
        let bit = 1 << (index % 64);
        std::mem::replace(word, *word | bit) & bit == 0
    }
}

fn read_members<'de, A: MapAccess<'de>>(
    mut map: A,
    reader: &mut Reader<'de>,
    target: &mut Target<'_>,
    root: bool,
) -> std::result::Result<(), A::Error> {
    let record_type = target.record_type();
    let in_ref = target.is_ref();
    let mut seen = Seen::default();
    let mut guess = 0;
    let mut unknown = 0_usize;
    reader.context.enter().map_err(|error| reader.fail(error, None))?;
    reader.context.overrides += usize::from(in_ref);
    while let Some(member) = map.next_key_seed(KeySeed { record_type, in_ref, guess })? {
        reader.context.count().map_err(|error| reader.fail(error, None))?;
        match member {
            Member::Attribute(index) => {
                let Some(attribute) = record_type.attributes.get(index) else { continue };
                if !seen.first(index) {
                    return Err(twice(reader, attribute.name));
                }
                guess = index + 1;
                let seed = AttributeSeed { reader, attribute, index, record: target.record() };
                map.next_value_seed(seed)?;
            }
            Member::Href => {
                if std::mem::replace(&mut seen.href, true) {
                    return Err(twice(reader, "href"));
                }
                let raw: &RawValue = map.next_value()?;
                read_href(reader, target, raw.get())?;
            }
            Member::FlatHref(flat) => {
                if std::mem::replace(&mut seen.href, true) {
                    return Err(twice(reader, "href"));
                }
                let raw: &RawValue = map.next_value()?;
                if let Some(Slot::Ref(reference)) = target.record().get_mut(flat).map(Value::slot) {
                    read_href(reader, &mut Target::Ref(reference), raw.get())?;
                }
            }
            Member::Flat(flat, index) => {
                let Some(Slot::Ref(reference)) = target.record().get_mut(flat).map(Value::slot) else { continue };
                let Some(attribute) = reference.target().attributes.get(index) else { continue };
                let seed = AttributeSeed { reader, attribute, index, record: reference.record_mut() };
                map.next_value_seed(seed)?;
            }
            Member::ResourceUri => {
                if std::mem::replace(&mut seen.resource_uri, true) {
                    return Err(twice(reader, "resourceURI"));
                }
                let raw: &RawValue = map.next_value()?;
                read_resource_uri(reader, target, raw.get(), root)?;
            }
            Member::Unknown(key) => {
                unknown += 1;
                let raw: &RawValue = map.next_value()?;
                read_unknown(reader, target, key, raw.get())?;
            }
        }
    }
    if unknown > 1 {
        if let Some(key) = target.record().extensions().duplicate() {
            let error = duplicate(key, &reader.context);
            return Err(reader.fail(error, None));
        }
    }
    reader.context.overrides -= usize::from(in_ref);
    reader.context.leave();
    Ok(())
}

fn twice<E: serde::de::Error>(reader: &mut Reader<'_>, key: &str) -> E {
    let error = duplicate(key, &reader.context);
    // serde_json adds line and column.
    reader.fail(error, None)
}

fn read_href<E: serde::de::Error>(reader: &mut Reader<'_>, target: &mut Target<'_>, raw: &str) -> std::result::Result<(), E> {
    reader.context.path.push(Step::Name("href"));
    match (unquote(raw), target) {
        (Some(href), Target::Ref(reference)) => {
            use crate::reflect::TextSlot;
            let strict = reader.context.strict;
            if reference.href_mut().put(&href, strict) != Verdict::Conforming {
                reader.deviate("not a URI as RFC 3986 has it".to_owned(), raw)?;
            }
        }
        (_, target) => {
            reader.deviate("expected a string; kept as it is".to_owned(), raw)?;
            let value = read_any(raw, &mut reader.context);
            let value = reader.check(value, raw)?;
            target.record().extensions_mut().push("href".to_owned(), value, Origin::Json);
        }
    }
    reader.context.path.pop();
    Ok(())
}

fn read_resource_uri<E: serde::de::Error>(
    reader: &mut Reader<'_>,
    target: &mut Target<'_>,
    raw: &str,
    root: bool,
) -> std::result::Result<(), E> {
    let record_type = target.record_type();
    reader.context.path.push(Step::Name("resourceURI"));
    let uri = unquote(raw);
    if root && let Some(uri) = uri.as_deref() {
        reader.context.dialect = Dialect::split_uri(uri).map(|(dialect, _)| dialect);
    }
    match uri.as_deref() {
        Some(uri) if root && is_generic_of(target, uri) => {}
        Some(uri) if record_type.is_uri(uri) => {}
        Some(uri) if is_create_of(record_type, uri) => {
            reader.deviate(format!("'{uri}' is read as {}, which is created as itself", record_type.name), raw)?;
        }
        Some(uri) if root && is_foreign_type(record_type, uri) => {
            let reason = format!("'{}' is not the type {}", crate::error::printable(uri), record_type.name);
            let error = reader.context.error(ErrorKind::Type, reason);
            return Err(reader.fail(error, Some(raw)));
        }
        _ => {
            if !is_open(record_type) {
                reader.deviate(format!("not the type {}; kept as it is", record_type.name), raw)?;
            }
            let value = read_any(raw, &mut reader.context);
            let value = reader.check(value, raw)?;
            target.record().extensions_mut().push("resourceURI".to_owned(), value, Origin::Json);
        }
    }
    reader.context.path.pop();
    Ok(())
}

fn is_generic_of(target: &mut Target<'_>, uri: &str) -> bool {
    let generic = target.record().as_any().downcast_ref::<Generic>();
    generic.is_some_and(|generic| generic.resource_uri().as_deref() == Some(uri))
}

/// A type that stands for any type.
fn is_open(record_type: &Type) -> bool {
    record_type.name == "Resource" && record_type.role == Role::Resource
}

/// Peers post templates, images and configurations as `XCreate` although those are created as themselves.
pub(crate) fn is_create_of(record_type: &Type, uri: &str) -> bool {
    record_type.role == Role::Resource
        && uri.strip_suffix("Create").is_some_and(|stem| record_type.is_uri(stem))
}

fn is_foreign_type(record_type: &Type, uri: &str) -> bool {
    !is_open(record_type) && !uri.is_empty()
}

fn read_unknown<E: serde::de::Error>(
    reader: &mut Reader<'_>,
    target: &mut Target<'_>,
    key: String,
    raw: &str,
) -> std::result::Result<(), E> {
    let result = check_key(&key, &reader.context);
    reader.check(result, raw)?;
    reader.context.path.push(Step::Owned(key.clone()));
    let value = read_any(raw, &mut reader.context);
    let value = reader.check(value, raw)?;
    reader.context.path.pop();
    target.record().extensions_mut().push(key, value, Origin::Json);
    Ok(())
}

/// Fills one attribute of a record, or keeps under its name what does not fit.
struct AttributeSeed<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    attribute: &'static Attribute,
    index: usize,
    record: &'v mut dyn Record,
}

impl<'de> DeserializeSeed<'de> for AttributeSeed<'_, 'de, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        let Self { reader, attribute, index, record } = self;
        reader.context.path.push(Step::Name(attribute.name));
        let Some(value) = record.get_mut(index) else { return Err(D::Error::custom("no such attribute")) };
        let kept = SlotSeed { reader, attribute, slot: value.slot() }.deserialize(deserializer)?;
        if let Some(kept) = kept {
            value.clear();
            record.extensions_mut().push(attribute.name.to_owned(), kept, Origin::Json);
        } else if omitted(&value.view(), attribute.kind) {
            value.clear();
        }
        reader.context.path.pop();
        Ok(())
    }
}

/// Fills a place. What does not fit comes back.
struct SlotSeed<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    attribute: &'static Attribute,
    slot: Slot<'v>,
}

impl<'de> DeserializeSeed<'de> for SlotSeed<'_, 'de, '_> {
    type Value = Option<Any>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Option<Any>, D::Error> {
        use serde::Deserialize;
        match self.slot {
            Slot::Text(_) | Slot::Integer(_) | Slot::Boolean(_) => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                self.scalar(raw.get())
            }
            Slot::Any(place) => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                let value = read_any(raw.get(), &mut self.reader.context);
                *place = Some(self.reader.check(value, raw.get())?);
                Ok(None)
            }
            _ if self.reader.raw => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                self.container(raw.get())
            }
            _ => deserializer.deserialize_any(ContainerVisitor(self)).map(|()| None),
        }
    }
}

impl<'de> SlotSeed<'_, 'de, '_> {
    fn scalar<E: serde::de::Error>(mut self, raw: &'de str) -> std::result::Result<Option<Any>, E> {
        let strict = self.reader.context.strict;
        let is_string = raw.starts_with('"');
        let natural = match self.slot {
            Slot::Text(_) => is_string,
            Slot::Integer(_) => raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()),
            _ => raw.starts_with(['t', 'f']),
        };
        let text = if is_string { unquote(raw) } else { Some(raw.into()) };
        let structured = raw.starts_with(['{', '[', 'n']);
        if let Some(text) = text.filter(|_| !structured && (natural || !strict)) {
            match put_text(self.attribute, &mut self.slot, &text, strict) {
                Verdict::Conforming if natural => return Ok(None),
                Verdict::Conforming | Verdict::Recovered => {
                    let expected = expected(&self.slot, self.attribute.kind);
                    let text = format!("{} was read as {expected}", shown(self.attribute, &text));
                    return self.reader.deviate(text, raw).map(|()| None);
                }
                Verdict::Refused => {}
            }
        }
        if let Some(href) = self.href_of(raw) {
            put_text(self.attribute, &mut self.slot, &href, false);
            return self.reader.deviate("a reference was read as a URI".to_owned(), raw).map(|()| None);
        }
        self.keep(raw)
    }

    /// The URI in `{"href": "…"}`, which peers send for attributes of type URI.
    fn href_of(&self, raw: &str) -> Option<String> {
        let wanted = matches!(self.attribute.kind, Kind::Uri) && raw.starts_with('{') && !self.reader.context.strict;
        let mut members = if wanted { serde_json::from_str::<BTreeMap<String, String>>(raw).ok()? } else { return None };
        if members.len() == 1 { members.remove("href") } else { None }
    }

    fn keep<E: serde::de::Error>(self, raw: &'de str) -> std::result::Result<Option<Any>, E> {
        let erased = raw == "null" && self.reader.context.overrides > 0;
        if !erased {
            let expected = expected(&self.slot, self.attribute.kind);
            let given = match raw.as_bytes().first() {
                Some(b'{') => "an object".to_owned(),
                Some(b'[') => "an array".to_owned(),
                _ => shown(self.attribute, raw),
            };
            let kept = if self.reader.context.strict { "" } else { "; kept as it is" };
            self.reader.deviate(format!("expected {expected}, found {given}{kept}"), raw)?;
        }
        let value = read_any(raw, &mut self.reader.context);
        self.reader.check(value, raw).map(Some)
    }

    /// Looks into a container whose raw text is at hand.
    fn container<E: serde::de::Error>(mut self, raw: &'de str) -> std::result::Result<Option<Any>, E> {
        let reported = self.reader.context.deviations.len();
        let path = self.reader.context.path.len();
        let (depth, overrides) = (self.reader.context.depth, self.reader.context.overrides);
        let opening = match self.slot {
            Slot::List(_) => '[',
            _ => '{',
        };
        let string_for_ref = matches!(self.slot, Slot::Ref(_)) && raw.starts_with('"') && !self.reader.context.strict;
        if raw.starts_with(opening) || string_for_ref {
            let mut inner = serde_json::Deserializer::from_str(raw);
            let again = SlotSeed { reader: self.reader, attribute: self.attribute, slot: reborrow(&mut self.slot) };
            match inner.deserialize_any_inner(again) {
                Ok(()) => return Ok(None),
                Err(error) if self.reader.failure.is_some() => return Err(E::custom(error)),
                Err(_) => {}
            }
            self.reader.context.deviations.truncate(reported);
            self.reader.context.path.truncate(path);
            self.reader.context.depth = depth;
            self.reader.context.overrides = overrides;
        }
        self.keep(raw)
    }
}

/// Visits one container without taking its raw text again.
trait DeserializeInner<'de> {
    fn deserialize_any_inner(self, seed: SlotSeed<'_, 'de, '_>) -> serde_json::Result<()>;
}

impl<'de> DeserializeInner<'de> for &mut serde_json::Deserializer<serde_json::de::StrRead<'de>> {
    fn deserialize_any_inner(self, seed: SlotSeed<'_, 'de, '_>) -> serde_json::Result<()> {
        self.deserialize_any(ContainerVisitor(seed))
    }
}

fn reborrow<'a>(slot: &'a mut Slot<'_>) -> Slot<'a> {
    match slot {
        Slot::Text(slot) => Slot::Text(&mut **slot),
        Slot::Integer(slot) => Slot::Integer(slot),
        Slot::Boolean(slot) => Slot::Boolean(slot),
        Slot::Ref(slot) => Slot::Ref(&mut **slot),
        Slot::Record(slot) => Slot::Record(&mut **slot),
        Slot::Map(slot) => Slot::Map(slot),
        Slot::List(slot) => Slot::List(&mut **slot),
        Slot::Any(slot) => Slot::Any(slot),
    }
}

/// Fills a container. A value of the wrong form is an error here: reading it again as raw text can keep it.
struct ContainerVisitor<'r, 't, 'v>(SlotSeed<'r, 't, 'v>);

impl<'de> Visitor<'de> for ContainerVisitor<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(expected(&self.0.slot, self.0.attribute.kind))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let SlotSeed { reader, slot, attribute } = self.0;
        match slot {
            Slot::Record(record) => read_members(map, reader, &mut Target::Record(record), false),
            Slot::Ref(reference) => read_members(map, reader, &mut Target::Ref(reference), false),
            Slot::Map(pairs) => read_map(&mut map, reader, attribute, pairs),
            _ => Err(A::Error::custom("expected an array, found an object")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        let SlotSeed { reader, slot, attribute } = self.0;
        let Slot::List(list) = slot else {
            return Err(A::Error::custom("expected an object, found an array"));
        };
        reader.context.enter().map_err(|error| reader.fail(error, None))?;
        let mut index = 0;
        while seq.next_element_seed(ItemSeed { reader, attribute, list, index })?.is_some() {
            index += 1;
        }
        reader.context.leave();
        Ok(())
    }

    /// A reference written as a bare URI.
    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<(), E> {
        let SlotSeed { reader, slot, .. } = self.0;
        match slot {
            Slot::Ref(reference) if !reader.context.strict => {
                *reference.href_mut() = Some(Uri::from(text));
                let result = reader.context.deviate("a URI was read as a reference", || None);
                result.map_err(|error| reader.fail(error, None))
            }
            _ => Err(E::custom("expected a container, found a string")),
        }
    }
}

fn read_map<'de, A: MapAccess<'de>>(
    map: &mut A,
    reader: &mut Reader<'de>,
    attribute: &'static Attribute,
    pairs: &mut Map,
) -> std::result::Result<(), A::Error> {
    reader.context.enter().map_err(|error| reader.fail(error, None))?;
    while let Some(key) = map.next_key::<String>()? {
        let raw: &RawValue = map.next_value()?;
        let raw = raw.get();
        let result = check_key(&key, &reader.context);
        reader.check(result, raw)?;
        reader.context.path.push(Step::Key(key.clone()));
        let value = read_any(raw, &mut reader.context);
        let value = reader.check(value, raw)?;
        if attribute.holds_strings() && value.as_str().is_none() {
            reader.deviate("the value is not a string".to_owned(), raw)?;
        }
        reader.context.path.pop();
        if pairs.get_any(&key).is_some() {
            let error = reader.context.error(ErrorKind::Duplicate, format!("the key '{}' occurs twice", crate::error::printable(&key)));
            return Err(reader.fail(error, Some(raw)));
        }
        pairs.insert(key, value);
    }
    reader.context.leave();
    Ok(())
}

struct ItemSeed<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    attribute: &'static Attribute,
    list: &'v mut dyn List,
    index: usize,
}

impl<'de> DeserializeSeed<'de> for ItemSeed<'_, 'de, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        let Self { reader, attribute, list, index } = self;
        reader.context.count().map_err(|error| reader.fail(error, None))?;
        reader.context.path.push(Step::Index(index));
        let kept = SlotSeed { reader, attribute, slot: list.push() }.deserialize(deserializer)?;
        reader.context.path.pop();
        // One item that does not fit makes the array be kept as a whole.
        if kept.is_some() { Err(D::Error::custom("an item of the wrong form")) } else { Ok(()) }
    }
}
