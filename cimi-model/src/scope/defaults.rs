//! Fills what is absent.

use super::check::{first_fit, root};
use super::compare::{number_of, scale, truth};
use super::lookup::Holder;
use super::model::DEEPEST;
use super::{Ratio, Scope, ValueScope, Violation};
use crate::any::Any;
use crate::context::put_text;
use crate::reflect::{Record, Slot, TextSlot, Value, Verdict, omitted};
use crate::{Attribute, Uri};

/// Gives absent attributes the value that their scope implies, its `default` or its only `value`, in the attribute's
/// own unit (DSP0263 5.5.14), also in structures and in the items of arrays and collections that are there. The scopes are
/// those of the first valueScope that the other attributes satisfy.
///
/// Returns the names of the attributes that were filled, of one in an item with the way to it: `disks[0]/capacity`. Left
/// alone are attributes that are erased (4.2.1.1), the targets of references that have an `href`, and what the attribute
/// cannot hold, such as a fraction of its unit.
///
/// ```
/// use cimi_model::{MachineConfiguration, scope::{Scope, ValueScope, defaults}};
///
/// let scope = ValueScope::new()
///     .with("cpu", Scope::of_value(2))
///     .with("memory", Scope::of_range(2, 8).with_units("GiB").with_default(4));
/// let mut wanted = MachineConfiguration { cpu: Some(2), ..Default::default() };
/// assert_eq!(defaults(&mut wanted, &[scope]), Ok(vec!["memory".to_owned()]));
/// assert_eq!(wanted.memory, Some(4 << 20));
/// ```
///
/// # Errors
/// As [`check`](super::check), when no valueScope is satisfied; nothing is filled then.
pub fn defaults(record: &mut dyn Record, scopes: &[ValueScope]) -> Result<Vec<String>, Vec<Violation>> {
    let fitting = first_fit(record, scopes, false, &root(record))?.and_then(|index| scopes.get(index));
    let mut filled = Vec::new();
    if let Some(scopes) = fitting {
        fill_all(record, scopes, "", &mut filled, 0);
    }
    Ok(filled)
}

fn fill_all(record: &mut dyn Record, scopes: &ValueScope, way: &str, filled: &mut Vec<String>, depth: usize) {
    for (name, scope) in scopes.iter() {
        if scope.implied().is_some_and(|value| fill(record, name, scope, value)) {
            filled.push(format!("{way}{name}"));
        }
        if let Some(item) = scope.item.as_ref().filter(|_| depth < DEEPEST) {
            fill_items(record, name, item, &format!("{way}{name}"), filled, depth + 1);
        }
    }
}

/// Fills the items of an attribute. A structure counts as its own only item.
fn fill_items(
    record: &mut dyn Record,
    name: &str,
    scopes: &ValueScope,
    way: &str,
    filled: &mut Vec<String>,
    depth: usize,
) {
    let record_type = record.record_type();
    let Some(index) = record_type.find(name, 0) else { return };
    // A place that is asked for is created: only what is there is looked at.
    let Some(value) = record.get_mut(index).filter(|value| !value.view().is_empty()) else { return };
    match value.slot() {
        Slot::List(list) => {
            for index in 0..list.len() {
                let item = list.item_mut(index).and_then(by_value);
                if let Some(item) = item {
                    fill_all(item, scopes, &format!("{way}[{index}]/"), filled, depth);
                }
            }
        }
        slot => {
            let Some(held) = by_value(slot) else { return };
            match held.record_type().members {
                Some(members) => {
                    let way = format!("{way}/{}", members.grouping);
                    fill_items(held, members.grouping, scopes, &way, filled, depth);
                }
                None => fill_all(held, scopes, &format!("{way}/"), filled, depth),
            }
        }
    }
}

/// The record that is part of the document, not an expanded resource of its own.
fn by_value(slot: Slot<'_>) -> Option<&mut dyn Record> {
    match slot {
        Slot::Record(record) => Some(record),
        Slot::Ref(reference) if reference.href().is_none() && reference.record().is_some() => {
            Some(reference.record_mut())
        }
        _ => None,
    }
}

/// Whether the attribute was absent, and is not any more.
fn fill(record: &mut dyn Record, name: &str, scope: &Scope, value: &Any) -> bool {
    let record_type = record.record_type();
    let row = record_type.find(name, 0).and_then(|index| Some((index, record_type.attributes.get(index)?)));
    let Some((index, attribute)) = row else {
        if record.extensions().get(name).is_some() || Holder::Record(record).member(name, false).found.is_some() {
            return false;
        }
        record.extensions_mut().insert(name, value.clone());
        return true;
    };
    // Erased, or kept because it was not understood.
    let spoken_of = record.extensions().get(attribute.name).is_some();
    let Some(place) = record.get_mut(index).filter(|place| !spoken_of && omitted(&place.view(), attribute.kind)) else {
        return false;
    };
    let done = put(place, attribute, scope, value);
    if !done {
        place.clear();
    }
    done
}

fn put(place: &mut dyn Value, attribute: &'static Attribute, scope: &Scope, value: &Any) -> bool {
    let Ok(scale) = scale(scope, Some(attribute)) else { return false };
    let number = || number_of(value)?.times(scale);
    let mut slot = place.slot();
    match &mut slot {
        Slot::Integer(integer) => {
            **integer = number().and_then(Ratio::whole).and_then(|whole| i64::try_from(whole).ok());
            integer.is_some()
        }
        Slot::Boolean(boolean) => {
            **boolean = truth(value);
            boolean.is_some()
        }
        Slot::Text(_) => {
            let text = match value {
                Any::String(text) => text.clone(),
                Any::Number(number) => number.as_str().to_owned(),
                Any::Boolean(value) => value.to_string(),
                _ => return false,
            };
            put_text(attribute, &mut slot, &text, false) != Verdict::Refused
        }
        Slot::Any(any) => {
            let converted = number().filter(|_| scale != Ratio::ONE).and_then(Ratio::number).map(Any::Number);
            **any = Some(converted.unwrap_or_else(|| value.clone()));
            true
        }
        Slot::Ref(reference) => match value.as_str().or_else(|| value.get("href")?.as_str()) {
            Some(href) => <Option<Uri> as TextSlot>::put(reference.href_mut(), href, false) != Verdict::Refused,
            None => false,
        },
        Slot::Record(_) | Slot::Map(_) | Slot::List(_) => false,
    }
}
