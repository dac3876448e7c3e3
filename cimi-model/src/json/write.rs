//! Writes records as JSON.

use std::io::{self, BufWriter, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::dialect::spelled;
use crate::generic::Generic;
use crate::meta::{Attribute, Role, Type};
use crate::output::{WriteOptions, flat_reference, is_shadowed, kept_for};
use crate::reflect::{Record, Reference, View, omitted};
use crate::spelling::as_written;
use crate::{Dialect, Error, ErrorKind, Result};

/// Writes a record as a JSON document.
///
/// `resourceURI` comes first, the attributes in the order of the table, what the dialect does not have after
/// them, and extensions last.
///
/// # Errors
/// When the writer fails.
pub fn to_writer(record: &dyn Record, options: WriteOptions, writer: &mut dyn Write) -> Result<()> {
    let mut buffer = BufWriter::new(writer);
    let document = Document { record, dialect: record.record_type().written_in(options.dialect) };
    let outcome = if options.pretty {
        serde_json::to_writer_pretty(&mut buffer, &document)
    } else {
        serde_json::to_writer(&mut buffer, &document)
    };
    let outcome = outcome.map_err(io::Error::from).and_then(|()| buffer.flush());
    outcome.map_err(|error| Error::new(ErrorKind::Io, "the document cannot be written").caused_by(error))
}

/// Writes a record as a JSON document in memory.
///
/// # Errors
/// None that is known; the signature is that of [`to_writer`].
pub fn to_vec(record: &dyn Record, options: WriteOptions) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    to_writer(record, options, &mut bytes)?;
    Ok(bytes)
}

/// Writes a record as a JSON document in memory.
///
/// # Errors
/// None that is known; the signature is that of [`to_writer`].
pub fn to_string(record: &dyn Record, options: WriteOptions) -> Result<String> {
    let bytes = to_vec(record, options)?;
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::Write, "not UTF-8").caused_by(error))
}

/// A record with its type, unless it is a structure.
pub(crate) struct Document<'a> {
    pub(crate) record: &'a dyn Record,
    pub(crate) dialect: Dialect,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let record_type = self.record.record_type();
        if let Some(generic) = self.record.as_any().downcast_ref::<Generic>() {
            if let Some(uri) = generic.resource_uri() {
                map.serialize_entry("resourceURI", &uri)?;
            }
        } else if record_type.role.has_uri() && self.record.extensions().get("resourceURI").is_none() {
            map.serialize_entry("resourceURI", &TypeUri(record_type, self.dialect))?;
        }
        members(&mut map, self.record, self.dialect)?;
        map.end()
    }
}

struct TypeUri(&'static Type, Dialect);

impl Serialize for TypeUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(record_type, dialect) = self;
        let namespace = record_type.namespace_in(*dialect);
        serializer.collect_str(&format_args!("{namespace}/{}", record_type.name_in(*dialect)))
    }
}

pub(crate) fn members<M: SerializeMap>(
    map: &mut M,
    record: &dyn Record,
    dialect: Dialect,
) -> std::result::Result<(), M::Error> {
    let record_type = record.record_type();
    for foreign in [false, true] {
        for (index, attribute) in record_type.attributes.iter().enumerate() {
            if dialect.has(attribute.versions) != foreign {
                member(map, record, index, attribute, if foreign { dialect.other() } else { dialect })?;
            }
        }
    }
    for extension in record.extensions() {
        if !is_shadowed(record, extension.key()) {
            let name = kept_for(record_type, extension.key()).map_or_else(
                || extension.key(),
                |(_, attribute)| {
                    if dialect.has(attribute.versions) { attribute.name_in(dialect) } else { attribute.name }
                },
            );
            map.serialize_entry(name, extension.value())?;
        }
    }
    Ok(())
}

fn member<M: SerializeMap>(
    map: &mut M,
    record: &dyn Record,
    index: usize,
    attribute: &'static Attribute,
    dialect: Dialect,
) -> std::result::Result<(), M::Error> {
    let Some(value) = record.get(index) else { return Ok(()) };
    let view = as_written(record.extensions(), attribute, value.view());
    if omitted(&view, attribute.kind) {
        return Ok(());
    }
    if let Some(reference) = flat_reference(attribute, &view, dialect) {
        return reference_members(map, reference, dialect);
    }
    map.serialize_entry(attribute.name_in(dialect), &Written { view, attribute, dialect })
}

fn reference_members<M: SerializeMap>(
    map: &mut M,
    reference: &dyn Reference,
    dialect: Dialect,
) -> std::result::Result<(), M::Error> {
    if let Some(href) = reference.href() {
        map.serialize_entry("href", href.as_str())?;
    }
    match reference.record() {
        // A collection says its type wherever it stands (5.5.12).
        Some(record)
            if record.record_type().role == Role::Collection && record.extensions().get("resourceURI").is_none() =>
        {
            map.serialize_entry("resourceURI", &TypeUri(record.record_type(), dialect))?;
            members(map, record, dialect)
        }
        Some(record) => members(map, record, dialect),
        None => Ok(()),
    }
}

/// A value of an attribute.
struct Written<'a> {
    view: View<'a>,
    attribute: &'static Attribute,
    dialect: Dialect,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self { view, attribute, dialect } = self;
        match view {
            View::Absent => serializer.serialize_unit(),
            View::Text(text) if attribute.follows_dialect => serializer.serialize_str(&spelled(text, *dialect)),
            View::Text(text) => serializer.serialize_str(text),
            View::Integer(value) => serializer.serialize_i64(*value),
            View::Boolean(value) => serializer.serialize_bool(*value),
            View::Any(value) => value.serialize(serializer),
            View::Map(pairs) => serializer.collect_map(pairs.iter()),
            View::Ref(reference) => {
                let mut map = serializer.serialize_map(None)?;
                reference_members(&mut map, *reference, *dialect)?;
                map.end()
            }
            // A member of a collection says its type (5.5.12).
            View::Record(record) => Document { record: *record, dialect: *dialect }.serialize(serializer),
            View::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for index in 0..list.len() {
                    seq.serialize_element(&Self { view: list.item(index), attribute, dialect: *dialect })?;
                }
                seq.end()
            }
        }
    }
}
