//! The attributes of a record by their names in 2.0, for code that speaks of single ones whatever the type.
//!
//! ```
//! use cimi_model::reflect::Record;
//! use cimi_model::{attributes, Machine, MachineState, Uri};
//!
//! let mut machine = Machine { state: Some(MachineState::Stopped), ..Default::default() };
//! let record: &mut dyn Record = &mut machine;
//! assert_eq!(attributes::text(record, "state"), Some("STOPPED"));
//! assert!(attributes::set_text(record, "state", "STARTED"));
//! assert!(attributes::set_href(record, "eventLog", &Uri::from("eventLogs/1")));
//! assert!(!attributes::set_text(record, "colour", "red"));
//! assert_eq!(attributes::href(record, "eventLog").map(Uri::as_str), Some("eventLogs/1"));
//! assert_eq!(machine.state, Some(MachineState::Started));
//! ```

use crate::meta::{Keys, Type};
use crate::reflect::{List, Record, Slot, Value, Verdict, View, omitted};
use crate::{Dialect, Uri};

/// The value of an attribute, absent where it would be omitted.
#[must_use]
pub fn get<'r>(record: &'r dyn Record, name: &str) -> View<'r> {
    let record_type = record.record_type();
    let row =
        record_type.find_exact(name, 0).and_then(|index| record_type.attributes.get(index).zip(record.get(index)));
    match row.map(|(attribute, value)| (attribute, value.view())) {
        Some((attribute, view)) if !omitted(&view, attribute.kind) => view,
        _ => View::Absent,
    }
}

/// The text of an attribute.
#[must_use]
pub fn text<'r>(record: &'r dyn Record, name: &str) -> Option<&'r str> {
    match get(record, name) {
        View::Text(text) => Some(text),
        _ => None,
    }
}

/// The integer of an attribute.
#[must_use]
pub fn integer(record: &dyn Record, name: &str) -> Option<i64> {
    match get(record, name) {
        View::Integer(value) => Some(value),
        _ => None,
    }
}

/// The items of an attribute.
#[must_use]
pub fn list<'r>(record: &'r dyn Record, name: &str) -> Option<&'r dyn List> {
    match get(record, name) {
        View::List(list) => Some(list),
        _ => None,
    }
}

/// The URI of a reference.
#[must_use]
pub fn href<'r>(record: &'r dyn Record, name: &str) -> Option<&'r Uri> {
    match get(record, name) {
        View::Ref(reference) => reference.href(),
        _ => None,
    }
}

/// The place of an attribute. A reference, structure or list is created empty.
pub fn slot<'r>(record: &'r mut dyn Record, name: &str) -> Option<Slot<'r>> {
    let index = record.record_type().find_exact(name, 0)?;
    record.get_mut(index).map(Value::slot)
}

/// Sets an attribute whose value is written like a string. Returns whether the record has it and takes the value.
pub fn set_text(record: &mut dyn Record, name: &str, text: &str) -> bool {
    match slot(record, name) {
        Some(Slot::Text(slot)) => slot.put(text, false) != Verdict::Refused,
        _ => false,
    }
}

/// Sets an integer. Returns whether the record has one of this name.
pub fn set_integer(record: &mut dyn Record, name: &str, value: i64) -> bool {
    match slot(record, name) {
        Some(Slot::Integer(slot)) => *slot = Some(value),
        _ => return false,
    }
    true
}

/// Sets the URI of a reference. Returns whether the record has one of this name.
pub fn set_href(record: &mut dyn Record, name: &str, uri: &Uri) -> bool {
    match slot(record, name) {
        Some(Slot::Ref(reference)) => *reference.href_mut() = Some(uri.clone()),
        _ => return false,
    }
    true
}

/// Makes an attribute absent.
pub fn clear(record: &mut dyn Record, name: &str) {
    let index = record.record_type().find_exact(name, 0);
    if let Some(value) = index.and_then(|index| record.get_mut(index)) {
        value.clear();
    }
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
