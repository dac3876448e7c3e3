//! The attributes of a record by their names in 2.0, for rules that speak of single ones.

use crate::meta::{Keys, Type};
use crate::reflect::{List, Record, Slot, Value, View, omitted};
use crate::{Dialect, Uri};

/// The value of an attribute, absent where it would be omitted.
pub(crate) fn get<'r>(record: &'r dyn Record, name: &str) -> View<'r> {
    let record_type = record.record_type();
    let row =
        record_type.find_exact(name, 0).and_then(|index| record_type.attributes.get(index).zip(record.get(index)));
    match row.map(|(attribute, value)| (attribute, value.view())) {
        Some((attribute, view)) if !omitted(&view, attribute.kind) => view,
        _ => View::Absent,
    }
}

/// The text of an attribute.
pub(crate) fn text<'r>(record: &'r dyn Record, name: &str) -> Option<&'r str> {
    match get(record, name) {
        View::Text(text) => Some(text),
        _ => None,
    }
}

/// The integer of an attribute.
pub(crate) fn integer(record: &dyn Record, name: &str) -> Option<i64> {
    match get(record, name) {
        View::Integer(value) => Some(value),
        _ => None,
    }
}

/// The items of an attribute.
pub(crate) fn list<'r>(record: &'r dyn Record, name: &str) -> Option<&'r dyn List> {
    match get(record, name) {
        View::List(list) => Some(list),
        _ => None,
    }
}

/// The URI of a reference.
pub(crate) fn href<'r>(record: &'r dyn Record, name: &str) -> Option<&'r Uri> {
    match get(record, name) {
        View::Ref(reference) => reference.href(),
        _ => None,
    }
}

/// The place of an attribute. A reference, structure or list is created empty.
pub(crate) fn slot<'r>(record: &'r mut dyn Record, name: &str) -> Option<Slot<'r>> {
    let index = record.record_type().find_exact(name, 0)?;
    record.get_mut(index).map(Value::slot)
}

/// The type whose attributes are the keys of a map of this record: that of the longest beginning of the value that
/// decides.
pub(crate) fn keys_of(record: &dyn Record, keys: Keys) -> Option<&'static Type> {
    let fitting = keys.of.iter().filter(|(beginning, _)| begins(record, keys.by, beginning));
    fitting.max_by_key(|(beginning, _)| beginning.len()).map(|(_, described)| described())
}

/// Whether the text of an attribute begins so. URIs of the standard are the same in either dialect.
pub(crate) fn begins(record: &dyn Record, name: &str, beginning: &str) -> bool {
    let Some(value) = text(record, name) else { return false };
    match (Dialect::split_uri(value), Dialect::split_uri(beginning)) {
        (Some((_, value)), Some((_, beginning))) => value.starts_with(beginning),
        _ => value.starts_with(beginning),
    }
}
