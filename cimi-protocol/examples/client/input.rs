//! Documents from files, and values from the command line.

use std::io::Read;

use cimi_model::reflect::{Record, Slot, Value, Verdict};
use cimi_model::registry::Entry;
use cimi_model::{Any, Document, ErrorKind, ReadOptions, Registry, Type, Uri};

use crate::{Result, output};

/// The document in a file, or from standard input, that asks a collection with items of this type for a new one. A document
/// of JSON need not say its type.
pub(crate) fn request(file: &str, item: Option<&Type>, registry: &Registry) -> Result<Document> {
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    }
    let options = ReadOptions::default();
    let read = match Document::read(&bytes, registry, &options) {
        Err(error) if error.kind() == ErrorKind::Type => match item.and_then(|item| untold(&bytes, item, registry)) {
            Some(entry) => Document::read_as(&bytes, &entry, &options),
            None => Err(error),
        },
        read => read,
    };
    let read = read.map_err(|error| format!("{file}: {error}"))?;
    output::deviations(&read.deviations);
    Ok(read.value)
}

/// The type of a request that does not say it: that of the create request if it has what only this one has, or else that
/// of the item.
fn untold(bytes: &[u8], item: &Type, registry: &Registry) -> Option<Entry> {
    let entry = registry.by_name(item.name).copied();
    let Some(create) = registry.by_name(&format!("{}Create", item.name)) else { return entry };
    let read = Document::read_as(bytes, create, &ReadOptions::default()).ok()?.value;
    let record = read.record();
    let rows = create.record_type.attributes.iter().enumerate();
    let mut own = rows.filter(|(_, row)| item.attribute(row.name).is_none());
    let asks = own.any(|(index, _)| record.get(index).is_some_and(|value| !value.view().is_empty()));
    if asks { Some(*create) } else { entry }
}

/// Sets an attribute from its text, `properties.KEY` for a property. Returns whether the type has it; where it has not,
/// nothing is set.
pub(crate) fn set(record: &mut dyn Record, key: &str, text: &str) -> std::result::Result<bool, String> {
    let (name, part) = key.split_once('.').map_or((key, None), |(name, part)| (name, Some(part)));
    let Some(index) = record.record_type().find(name, 0) else { return Ok(false) };
    let Some(value) = record.get_mut(index) else { return Ok(false) };
    let fail = |expected: &str| Err(format!("'{key}' is {expected}"));
    match value.slot() {
        Slot::Map(map) => match part {
            Some(part) => drop(map.insert(part, text)),
            None => return fail("a map; say KEY.NAME=VALUE"),
        },
        Slot::Text(slot) => {
            if slot.put(text, false) == Verdict::Refused {
                return fail(slot.expected());
            }
        }
        Slot::Integer(slot) => match text.parse() {
            Ok(number) => *slot = Some(number),
            Err(_) => return fail("an integer"),
        },
        Slot::Boolean(slot) => match text.parse() {
            Ok(truth) => *slot = Some(truth),
            Err(_) => return fail("true or false"),
        },
        Slot::Ref(reference) => *reference.href_mut() = Some(Uri::from(text)),
        Slot::Any(slot) => *slot = Some(any(text)),
        Slot::Record(_) | Slot::List(_) => return fail("of more than one value, which the command line cannot say"),
    }
    Ok(true)
}

/// A value whose type nobody knows, by what it looks like.
pub(crate) fn any(text: &str) -> Any {
    match (text.parse::<i64>(), text.parse::<bool>()) {
        (Ok(number), _) => number.into(),
        (_, Ok(truth)) => truth.into(),
        _ => text.into(),
    }
}

/// Makes an attribute absent again.
pub(crate) fn clear(record: &mut dyn Record, key: &str) {
    let index = record.record_type().find(key, 0);
    if let Some(value) = index.and_then(|index| record.get_mut(index)) {
        Value::clear(value);
    }
}
