//! Finds the references in a record.

use super::plan::LINK;
use super::rules;
use crate::any::Any;
use crate::error::{Path, Step};
use crate::meta::Kind;
use crate::reflect::{List, Record, Slot, View, omitted};
use crate::{Type, Uri};

/// Looks at the URI of a reference, with the type of its target if that is known, and says what stands in its place, if
/// anything.
pub(super) type Replace<'f> = dyn FnMut(&str, Option<&Type>, &Path) -> Option<Uri> + 'f;

/// Goes through the references in a record: each `href`, whether a table knows it or not, and each attribute that is a
/// URI. Common attributes do not refer to components, and are left out. A parameter of a service can be a link as it is.
pub(super) fn references(record: &mut dyn Record, path: &mut Path, replace: &mut Replace<'_>) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        if rules::is_common(attribute.name) || attribute.follows_dialect || !may_refer(attribute.kind) {
            continue;
        }
        // A place that is asked for is created: only what is there is looked at.
        let Some(value) = record.get_mut(index).filter(|value| !omitted(&value.view(), attribute.kind)) else {
            continue;
        };
        path.push(Step::Name(attribute.name));
        let text = text_of(&value.view());
        place(text, value.slot(), path, replace);
        path.pop();
    }
    for value in record.extensions_mut().values_mut() {
        in_any(value, path, replace);
    }
}

fn may_refer(kind: Kind) -> bool {
    match kind {
        Kind::Uri | Kind::Ref(_) | Kind::Structure(_) | Kind::Map | Kind::Any => true,
        Kind::Array(item) => may_refer(*item),
        _ => false,
    }
}

fn text_of(view: &View<'_>) -> Option<String> {
    match view {
        View::Text(text) => Some((*text).to_owned()),
        _ => None,
    }
}

fn place(text: Option<String>, slot: Slot<'_>, path: &mut Path, replace: &mut Replace<'_>) {
    match (text, slot) {
        (Some(text), Slot::Text(slot)) => {
            if let Some(new) = replace(&text, None, path) {
                slot.put(new.as_str(), false);
            }
        }
        (_, Slot::Ref(reference)) => {
            let target = reference.target();
            if let Some(new) = reference.href().and_then(|href| replace(href.as_str(), Some(target), path)) {
                *reference.href_mut() = Some(new);
            }
            if reference.record().is_some() {
                references(reference.record_mut(), path, replace);
            }
        }
        (_, Slot::Record(record)) => references(record, path, replace),
        (_, Slot::List(list)) => items(list, path, replace),
        (_, Slot::Map(map)) => map.values_mut().for_each(|value| in_any(value, path, replace)),
        (_, Slot::Any(Some(value))) => in_any(value, path, replace),
        _ => {}
    }
}

fn items(list: &mut dyn List, path: &mut Path, replace: &mut Replace<'_>) {
    for index in 0..list.len() {
        let text = text_of(&list.item(index));
        let Some(slot) = list.item_mut(index) else { continue };
        path.push(Step::Index(index));
        place(text, slot, path, replace);
        path.pop();
    }
}

/// The members `href` of a value that no table describes, and links that stand for themselves.
fn in_any(value: &mut Any, path: &mut Path, replace: &mut Replace<'_>) {
    match value {
        Any::String(text) if text.starts_with(LINK) => in_text(text, path, replace),
        Any::Array(items) => items.iter_mut().for_each(|item| in_any(item, path, replace)),
        Any::Object(object) => {
            for member in object.iter_mut() {
                match member {
                    ("href", Any::String(text)) => in_text(text, path, replace),
                    (_, value) => in_any(value, path, replace),
                }
            }
        }
        _ => {}
    }
}

fn in_text(text: &mut String, path: &Path, replace: &mut Replace<'_>) {
    if let Some(new) = replace(text, None, path) {
        new.as_str().clone_into(text);
    }
}

/// About how many bytes a record takes, for the bound on what templates grow to.
pub(super) fn weight(record: &dyn Record) -> usize {
    let attributes = record.record_type().attributes.iter().enumerate();
    let own: usize = attributes.filter_map(|(index, _)| Some(weight_of(&record.get(index)?.view()))).sum();
    let extensions = record.extensions().iter().map(|extension| extension.key().len() + any_weight(extension.value()));
    VALUE + own + extensions.sum::<usize>()
}

/// What a value takes besides its text.
const VALUE: usize = 32;

fn weight_of(view: &View<'_>) -> usize {
    match view {
        View::Absent => 0,
        View::Text(text) => VALUE + text.len(),
        View::Integer(_) | View::Boolean(_) => VALUE,
        View::Ref(reference) => {
            VALUE + reference.href().map_or(0, |href| href.as_str().len()) + reference.record().map_or(0, weight)
        }
        View::Record(record) => weight(*record),
        View::Map(map) => map.iter().map(|(key, value)| key.len() + any_weight(value)).sum(),
        View::List(list) => (0..list.len()).map(|index| weight_of(&list.item(index))).sum(),
        View::Any(value) => any_weight(value),
    }
}

fn any_weight(value: &Any) -> usize {
    VALUE
        + match value {
            Any::String(text) => text.len(),
            Any::Number(number) => number.as_str().len(),
            Any::Array(items) => items.iter().map(any_weight).sum(),
            Any::Object(object) => object.iter().map(|(key, value)| key.len() + any_weight(value)).sum(),
            Any::Null | Any::Boolean(_) => 0,
        }
}
