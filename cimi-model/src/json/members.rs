//! Reads the members of an object.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::any::{check_key, duplicate, read as read_any, unquote};
use super::read::{Misfit, Reader};
use super::slots::AttributeSeed;
use crate::context::{Seen, Target};
use crate::error::Step;
use crate::extensions::Origin;
use crate::generic::Generic;
use crate::meta::{Attribute, Role, Type};
use crate::names::spelled_low;
use crate::reflect::{Slot, TextSlot, Value, Verdict};
use crate::xml::find_flat;
use crate::{Dialect, ErrorKind};

/// What a member name means in a type.
pub(super) enum Member {
    Attribute(usize),
    /// The same, by a name that is neither that of 1.x nor that of 2.0.
    Alias(usize, String),
    /// The `href` of a reference.
    Href,
    /// The `href` of the attribute at this index, which 1.x writes into the structure.
    FlatHref(usize),
    /// An attribute of the target of the attribute at this index.
    Flat(usize, usize),
    ResourceUri,
    Unknown(String),
}

/// The names that the members of an object may have.
pub(super) struct Names {
    pub(super) record_type: &'static Type,
    pub(super) in_ref: bool,
    /// The index of the attribute that is expected next.
    pub(super) guess: usize,
}

impl Names {
    /// The attribute that is expected next.
    pub(super) fn expected(&self) -> Option<&'static Attribute> {
        self.record_type.attributes.get(self.guess)
    }

    /// The attribute of this name.
    pub(super) fn exact(&self, key: &str) -> Option<usize> {
        // A reference has `href` beside the attributes of its target.
        if self.in_ref && key == "href" { None } else { self.record_type.find_exact(key, self.guess) }
    }

    fn member(&self, key: &str) -> Member {
        let known = self.exact(key).map(Member::Attribute).or_else(|| self.otherwise(key));
        known.unwrap_or_else(|| Member::Unknown(key.to_owned()))
    }

    /// What a name means that is not exactly that of an attribute, if it means anything.
    pub(super) fn otherwise(&self, key: &str) -> Option<Member> {
        match key {
            "href" if self.in_ref => return Some(Member::Href),
            "resourceURI" => return Some(Member::ResourceUri),
            _ => {}
        }
        if let Some(index) = self.record_type.find_otherwise(key) {
            let alias = self.record_type.attributes.get(index).is_some_and(|found| found.aliases.contains(&key));
            return Some(if alias { Member::Alias(index, key.to_owned()) } else { Member::Attribute(index) });
        }
        let (flat, target) = find_flat(self.record_type)?;
        if key == "href" {
            return Some(Member::FlatHref(flat));
        }
        target.find(key, 0).map(|index| Member::Flat(flat, index))
    }
}

impl<'de> DeserializeSeed<'de> for Names {
    type Value = Member;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Member, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Names {
    type Value = Member;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member name")
    }
    fn visit_str<E>(self, key: &str) -> Result<Member, E> {
        Ok(self.member(key))
    }
}

pub(super) fn read_members<'de, A: MapAccess<'de>>(
    mut map: A,
    reader: &mut Reader<'de>,
    target: &mut Target<'_>,
    root: bool,
) -> Result<(), A::Error> {
    let record_type = target.record_type();
    let in_ref = target.is_ref();
    let mut seen = Seen::default();
    let (mut href_seen, mut uri_seen) = (false, false);
    let mut guess = 0;
    let mut unknown = 0_usize;
    let outer = std::mem::take(&mut reader.misfits);
    reader.context.enter().map_err(|error| reader.fail(error, None))?;
    reader.context.overrides += usize::from(in_ref);
    let mut flat_seen = Seen::default();
    let mut aliases: Vec<(usize, String, &'de RawValue)> = Vec::new();
    while let Some(member) = map.next_key_seed(Names { record_type, in_ref, guess })? {
        match member {
            Member::Attribute(index) => {
                reader.context.count().map_err(|error| reader.fail(error, None))?;
                let Some(attribute) = record_type.attributes.get(index) else { continue };
                if !seen.first(index) {
                    return Err(twice(reader, attribute.name));
                }
                guess = index + 1;
                let filling = AttributeSeed { reader, attribute, index, record: target.record() };
                map.next_value_seed(filling)?;
            }
            Member::Alias(index, key) => aliases.push((index, key, map.next_value()?)),
            Member::Href => {
                if std::mem::replace(&mut href_seen, true) {
                    return Err(twice(reader, "href"));
                }
                let raw: &RawValue = map.next_value()?;
                read_href(reader, target, raw.get())?;
            }
            Member::FlatHref(flat) => {
                if std::mem::replace(&mut href_seen, true) {
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
                if !flat_seen.first(index) {
                    return Err(twice(reader, attribute.name));
                }
                let filling = AttributeSeed { reader, attribute, index, record: reference.record_mut() };
                map.next_value_seed(filling)?;
            }
            Member::ResourceUri => {
                if std::mem::replace(&mut uri_seen, true) {
                    return Err(twice(reader, "resourceURI"));
                }
                let raw: &RawValue = map.next_value()?;
                read_resource_uri(reader, target, raw.get(), root)?;
            }
            Member::Unknown(key) => {
                unknown += 1;
                let raw: &RawValue = map.next_value()?;
                read_unknown(reader, target, &key, raw.get())?;
            }
        }
    }
    // Some peers have the name of the standard as well, wherever it stands: then this is another attribute.
    for (index, key, raw) in aliases {
        if seen.first(index) {
            another_spelling(reader, record_type, index, raw.get())?;
            fill_from(reader, target, index, raw)?;
        } else {
            unknown += 1;
            read_unknown(reader, target, &key, raw.get())?;
        }
    }
    if unknown > 1
        && let Some(key) = target.record().extensions().duplicate()
    {
        let error = duplicate(key, &reader.context);
        return Err(reader.fail(error, None));
    }
    let misfits = std::mem::replace(&mut reader.misfits, outer);
    // With attributes that the table does not know it is another structure, whose attributes may have any form.
    if unknown == 0 {
        for Misfit { name, text, place } in misfits {
            reader.context.step(|| Step::Name(name));
            reader.deviate(text, place)?;
            reader.context.back();
        }
    }
    reader.context.overrides -= usize::from(in_ref);
    reader.context.leave();
    Ok(())
}

fn another_spelling<E: serde::de::Error>(
    reader: &mut Reader<'_>,
    record_type: &'static Type,
    index: usize,
    raw: &str,
) -> Result<(), E> {
    reader.context.count().map_err(|error| reader.fail(error, None))?;
    reader.context.step(|| Step::Name(record_type.attributes.get(index).map_or("", |attribute| attribute.name)));
    reader.deviate("another spelling of the name".to_owned(), raw)?;
    reader.context.back();
    Ok(())
}

/// Fills an attribute from a value that was set aside.
fn fill_from<'de, E: serde::de::Error>(
    reader: &mut Reader<'de>,
    target: &mut Target<'_>,
    index: usize,
    raw: &'de RawValue,
) -> Result<(), E> {
    let Some(attribute) = target.record_type().attributes.get(index) else { return Ok(()) };
    let filling = AttributeSeed { reader, attribute, index, record: target.record() };
    // The text is JSON: what can be wrong with it, the reader has noted itself.
    filling.deserialize(raw).map_err(|_| E::custom("refused"))
}

fn twice<E: serde::de::Error>(reader: &mut Reader<'_>, key: &str) -> E {
    let error = duplicate(key, &reader.context);
    // serde_json adds line and column.
    reader.fail(error, None)
}

fn read_href<E: serde::de::Error>(reader: &mut Reader<'_>, target: &mut Target<'_>, raw: &str) -> Result<(), E> {
    reader.context.step(|| Step::Name("href"));
    match (unquote(raw), target) {
        (Some(href), Target::Ref(reference)) => {
            let strict = reader.context.strict;
            if reference.href_mut().put(&href, strict) != Verdict::Conforming {
                reader.deviate("not a URI as RFC 3986 has it".to_owned(), raw)?;
            }
        }
        (_, target) => {
            reader.deviate("expected a string; kept as it is".to_owned(), raw)?;
            let value = read_any(raw, &mut reader.context);
            let value = reader.check(value, raw)?;
            target.record().extensions_mut().push("href", value, Origin::Json);
        }
    }
    reader.context.back();
    Ok(())
}

fn read_resource_uri<E: serde::de::Error>(
    reader: &mut Reader<'_>,
    target: &mut Target<'_>,
    raw: &str,
    root: bool,
) -> Result<(), E> {
    let record_type = target.record_type();
    reader.context.step(|| Step::Name("resourceURI"));
    let uri = unquote(raw);
    if root && let Some(uri) = uri.as_deref() {
        reader.context.dialect = Dialect::split_uri(uri).map(|(dialect, _)| dialect);
    }
    match uri.as_deref() {
        Some(uri) if root && is_generic_of(target, uri) => {}
        Some(uri) if record_type.is_said_by(uri) => {}
        Some(uri) if spelled_low(uri).is_some_and(|uri| record_type.is_uri(&uri)) => {
            reader.deviate(format!("'{uri}' was read as {}", record_type.name), raw)?;
        }
        Some(uri) if is_create_of(record_type, uri) => {
            reader.deviate(format!("'{uri}' is read as {}, which is created as itself", record_type.name), raw)?;
        }
        // Read strictly, it is another type.
        Some(uri)
            if root
                && !reader.context.strict
                && record_type.name.ends_with("Create")
                && record_type.is_uri(&format!("{uri}Create")) =>
        {
            reader.deviate(format!("'{uri}' is read as the request to create one"), raw)?;
        }
        Some(uri) if root && is_foreign_type(record_type, uri) => {
            let reason = format!("'{}' is not the type {}", crate::error::printable(uri), record_type.name);
            let error = reader.context.error(ErrorKind::Type, reason);
            return Err(reader.fail(error, Some(raw)));
        }
        _ => {
            let variant = uri.as_deref().is_some_and(|uri| record_type.is_variant_uri(uri));
            if !record_type.is_open() && !variant {
                reader.deviate(format!("not the type {}; kept as it is", record_type.name), raw)?;
            }
            let value = read_any(raw, &mut reader.context);
            let value = reader.check(value, raw)?;
            target.record().extensions_mut().push("resourceURI", value, Origin::Json);
        }
    }
    reader.context.back();
    Ok(())
}

pub(super) fn is_generic_of(target: &mut Target<'_>, uri: &str) -> bool {
    let generic = target.record().as_any().downcast_ref::<Generic>();
    generic.is_some_and(|generic| generic.resource_uri().as_deref() == Some(uri))
}

/// Peers post templates, images and configurations as `XCreate` although those are created as themselves.
pub(crate) fn is_create_of(record_type: &Type, uri: &str) -> bool {
    let Some(stem) = uri.strip_suffix("Create").filter(|_| record_type.role == Role::Resource) else { return false };
    record_type.is_uri(stem) || spelled_low(stem).is_some_and(|stem| record_type.is_uri(&stem))
}

fn is_foreign_type(record_type: &Type, uri: &str) -> bool {
    !record_type.is_open() && !uri.is_empty()
}

fn read_unknown<E: serde::de::Error>(
    reader: &mut Reader<'_>,
    target: &mut Target<'_>,
    key: &str,
    raw: &str,
) -> Result<(), E> {
    let result = check_key(key, &reader.context);
    reader.check(result, raw)?;
    reader.context.step(|| Step::Owned(key.to_owned()));
    let value = read_any(raw, &mut reader.context);
    let value = reader.check(value, raw)?;
    reader.context.back();
    target.record().extensions_mut().push(reader.context.keys.key(key), value, Origin::Json);
    Ok(())
}
