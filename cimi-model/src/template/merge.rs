//! A template and what overrides it (4.2.1.1).

use crate::any::Any;
use crate::output::kept_for;
use crate::reflect::{List, Record, Slot, Verdict, View, omitted};
use crate::{Error, ErrorKind, Extension, Result};

/// The template `base` with its top-level attributes overridden by those that `overrides` has (DSP0263 4.2.1.1).
///
/// An attribute of a complex type is overridden as a whole. A `null` among the extensions of `overrides` under the name
/// of an attribute, which is what the readers make of `"attribute": null` and `<attribute/>`, erases the attribute.
/// Everything else stays, extensions included. Neither of the two is changed: overrides concern one use of the template.
///
/// ```
/// use cimi_model::{Any, MachineState, MachineTemplate, Ref, template::merge};
///
/// let base = MachineTemplate {
///     initial_state: Some(MachineState::Stopped),
///     credential: Some(Ref::to("credentials/1")),
///     user_data: Some("eA==".into()),
///     ..Default::default()
/// };
/// let mut overrides = MachineTemplate { initial_state: Some(MachineState::Started), ..Default::default() };
/// overrides.extensions.insert("userData", Any::Null);
///
/// let merged = merge(&base, &overrides)?;
/// let merged: &MachineTemplate = merged.as_any().downcast_ref().unwrap();
/// assert_eq!(merged.initial_state, Some(MachineState::Started));
/// assert_eq!(merged.credential, base.credential);
/// assert_eq!(merged.user_data, None);
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// When the two are of different types.
pub fn merge(base: &dyn Record, overrides: &dyn Record) -> Result<Box<dyn Record>> {
    let (base_type, type_of) = (base.record_type(), overrides.record_type());
    if !base_type.is_same(type_of) {
        let reason = format!("a {} cannot be overridden by a {}", base_type.name, type_of.name);
        return Err(Error::new(ErrorKind::Type, reason));
    }
    let mut merged = overrides.boxed_clone();
    fill_from(base, &mut *merged);
    Ok(merged)
}

/// Gives `overrides` what it does not say itself.
pub(super) fn fill_from(base: &dyn Record, overrides: &mut dyn Record) {
    let erased: Vec<String> = nulls(overrides).map(|extension| extension.key().to_owned()).collect();
    let table = overrides.record_type();
    for (index, attribute) in base.record_type().attributes.iter().enumerate() {
        let Some(to) = table.find(attribute.name, index) else { continue };
        if says(overrides, to) {
            continue;
        }
        if let Some(value) = base.get(index).filter(|value| !omitted(&value.view(), attribute.kind))
            && let Some(place) = overrides.get_mut(to)
        {
            copy_value(&value.view(), place.slot());
        }
    }
    drop_nulls(overrides);
    for extension in base.extensions() {
        let key = extension.key();
        let said = kept_for(table, key).is_some_and(|(index, _)| says(overrides, index));
        let own = said || overrides.extensions().get(key).is_some();
        if !own && !erased.iter().any(|erased| erased == key) {
            overrides.extensions_mut().adopt(extension.clone());
        }
    }
}

/// Whether a record has something to say of an attribute, be it that it is erased.
fn says(record: &dyn Record, index: usize) -> bool {
    let Some(attribute) = record.record_type().attributes.get(index) else { return false };
    record.get(index).is_some_and(|value| !omitted(&value.view(), attribute.kind))
        || record.extensions().iter().any(|extension| attribute.is_named(extension.key()))
}

fn nulls(record: &dyn Record) -> impl Iterator<Item = &Extension> {
    record.extensions().iter().filter(|extension| *extension.value() == Any::Null)
}

/// Takes the erasures out, which have done their work.
pub(super) fn drop_nulls(record: &mut dyn Record) {
    if nulls(record).next().is_some() {
        record.extensions_mut().retain(|extension| *extension.value() != Any::Null);
    }
}

/// What a reader could not understand of an attribute, and kept under its name.
pub(super) fn not_understood(record: &dyn Record) -> Vec<&'static str> {
    let table = record.record_type().attributes;
    let keys = record.extensions().iter().map(Extension::key);
    keys.filter_map(|key| table.iter().find(|attribute| attribute.is_named(key))).map(|found| found.name).collect()
}

/// Copies what one record has into another, by the names of attributes, where that has nothing of its own: an empty one,
/// such as the place of a new member of a collection or of the target of a reference, becomes a copy.
///
/// ```
/// use cimi_model::{Machine, Ref, reflect::Reference, template::fill};
///
/// let machine = Machine { cpu: Some(2), ..Default::default() };
/// let mut expanded = Ref::<Machine>::to("machines/1");
/// fill(expanded.record_mut(), &machine);
/// assert_eq!(expanded.value.unwrap().cpu, Some(2));
/// ```
pub fn fill(to: &mut dyn Record, from: &dyn Record) {
    fill_from(from, to);
}

/// As [`fill`], for one that has nothing.
pub(super) fn copy_record(from: &dyn Record, to: &mut dyn Record) {
    fill_from(from, to);
}

/// Copies a value into an empty place; says whether the place is of its kind.
pub(super) fn copy_value(view: &View<'_>, slot: Slot<'_>) -> bool {
    match (view, slot) {
        (View::Text(text), Slot::Text(slot)) => return slot.put(text, false) != Verdict::Refused,
        (View::Integer(value), Slot::Integer(slot)) => *slot = Some(*value),
        (View::Boolean(value), Slot::Boolean(slot)) => *slot = Some(*value),
        (View::Ref(from), Slot::Ref(to)) => {
            *to.href_mut() = from.href().cloned();
            if let Some(record) = from.record() {
                copy_whole(record, to.record_mut());
            }
        }
        (View::Record(from), Slot::Record(to)) => copy_whole(*from, to),
        (View::Map(from), Slot::Map(to)) => to.clone_from(from),
        (View::List(from), Slot::List(to)) => return copy_items(*from, to),
        (View::Any(value), Slot::Any(slot)) => *slot = Some((*value).clone()),
        _ => return false,
    }
    true
}

/// As [`copy_record`], with the extensions as they are: a nested `null` waits for the reference it belongs to.
fn copy_whole(from: &dyn Record, to: &mut dyn Record) {
    copy_record(from, to);
    to.extensions_mut().clone_from(from.extensions());
}

fn copy_items(from: &dyn List, to: &mut dyn List) -> bool {
    (0..from.len()).all(|index| copy_value(&from.item(index), to.push()))
}
