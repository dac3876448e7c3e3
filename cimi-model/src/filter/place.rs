//! Where the values of a comparison are.

use super::compare::Wanted;
use crate::Attribute;
use crate::any::Any;
use crate::extensions::Extension;
use crate::meta::{Kind, Type};
use crate::reflect::{Record, View};

/// Where to look for the values, in records of one type.
#[derive(Debug)]
pub(super) enum Place<'f> {
    /// An attribute of the table.
    Attribute { index: usize, attribute: &'static Attribute, dates: bool, name: &'f str },
    /// An extension.
    Extension(&'f str),
    /// The property with this key, in the attribute with this index or the extension `properties`.
    Property { index: Option<usize>, key: &'f str },
    /// What a path leads to.
    Path(Vec<&'f str>),
    /// What nobody may find out.
    Hidden,
}

impl<'f> Place<'f> {
    pub(super) fn of_attribute(name: &'f str, record_type: &'static Type) -> Self {
        if name.contains('/') {
            return Self::Path(name.split('/').collect());
        }
        let index = record_type.find(name, 0);
        match index.and_then(|index| Some((index, record_type.attributes.get(index)?))) {
            Some((_, attribute)) if attribute.secret => Self::Hidden,
            Some((index, attribute)) => Self::Attribute { index, attribute, dates: holds_dates(attribute.kind), name },
            None if record_type.sensitive => Self::Hidden,
            None => Self::Extension(name),
        }
    }

    pub(super) fn of_property(key: &'f str, record_type: &'static Type) -> Self {
        Self::Property { index: properties_of(record_type), key }
    }

    /// Whether the value is a URI of the standard's own namespace.
    pub(super) fn follows_dialect(&self) -> bool {
        matches!(self, Self::Attribute { attribute, .. } if attribute.follows_dialect)
    }

    pub(super) fn is_hidden(&self) -> bool {
        matches!(self, Self::Hidden)
    }

    /// Whether one of the values in a record is what is wanted.
    pub(super) fn finds(&self, record: &dyn Record, wanted: &Wanted<'_>) -> bool {
        match self {
            Self::Attribute { index, attribute, dates, name } => {
                let Some(value) = record.get(*index) else { return false };
                let view = value.view();
                if matches!(view, View::Absent) {
                    return absent(record, attribute, name, wanted);
                }
                wanted.accepts(&view, *dates)
            }
            Self::Extension(name) => extensions(record, name).any(|value| wanted.accepts_any(value)),
            Self::Property { index, key } => {
                property(record, *index, key).is_some_and(|value| wanted.accepts_any(value))
            }
            Self::Path(path) => in_record(record, path, wanted),
            Self::Hidden => false,
        }
    }
}

/// The index of the map with the properties.
pub(super) fn properties_of(record_type: &'static Type) -> Option<usize> {
    let index = record_type.find("properties", 0)?;
    record_type.attributes.get(index).filter(|attribute| matches!(attribute.kind, Kind::Map)).map(|_| index)
}

/// Whether the texts of this kind are dates.
fn holds_dates(kind: Kind) -> bool {
    matches!(kind, Kind::DateTime | Kind::Array(Kind::DateTime))
}

/// An attribute without a value: what could not be understood may stand among the extensions.
#[cold]
fn absent(record: &dyn Record, attribute: &Attribute, name: &str, wanted: &Wanted<'_>) -> bool {
    let mut kept = extensions(record, name).peekable();
    if kept.peek().is_some() {
        return kept.any(|value| wanted.accepts_any(value));
    }
    matches!(attribute.kind, Kind::String | Kind::Enumeration(_)) && wanted.accepts_absent_text()
}

/// The extensions of a name, in whatever namespace; none of a record that may have secrets among them.
fn extensions<'r>(record: &'r dyn Record, name: &str) -> impl Iterator<Item = &'r Any> {
    let seen = (!record.record_type().sensitive).then(|| record.extensions().iter());
    seen.into_iter().flatten().filter(move |extension| is_named(extension.key(), name)).map(Extension::value)
}

/// Whether a key of an extension is this name, or this name in a namespace.
fn is_named(key: &str, name: &str) -> bool {
    key.strip_suffix(name).is_some_and(|before| before.is_empty() || (before.starts_with('{') && before.ends_with('}')))
}

fn property<'r>(record: &'r dyn Record, index: Option<usize>, key: &str) -> Option<&'r Any> {
    match index {
        Some(index) => match record.get(index)?.view() {
            View::Map(map) => map.get_any(key),
            _ => None,
        },
        None => extensions(record, "properties").find_map(|properties| properties.get(key)),
    }
}

/// Follows a path from a record on. The attribute that holds the members of a collection need not be named.
fn in_record(record: &dyn Record, path: &[&str], wanted: &Wanted<'_>) -> bool {
    let Some((name, rest)) = path.split_first() else { return false };
    let table = record.record_type();
    let (index, rest) = match (table.find(name, 0), members_of(table)) {
        (None, Some(members)) => (Some(members), path),
        (index, _) => (index, rest),
    };
    let known = index.and_then(|index| Some((table.attributes.get(index)?, record.get(index)?.view())));
    match known {
        Some((attribute, _)) if attribute.secret => false,
        Some((attribute, View::Absent)) if rest.is_empty() => absent(record, attribute, name, wanted),
        Some((_, View::Absent)) | None => extensions(record, name).any(|value| in_any(value, rest, wanted)),
        Some((attribute, view)) => in_view(&view, holds_dates(attribute.kind), rest, wanted),
    }
}

/// The index of the attribute that holds the members of a collection.
fn members_of(table: &'static Type) -> Option<usize> {
    table.find(table.members?.grouping, 0)
}

fn in_view(view: &View<'_>, dates: bool, path: &[&str], wanted: &Wanted<'_>) -> bool {
    let Some((name, rest)) = path.split_first() else { return wanted.accepts(view, dates) };
    match view {
        View::Record(record) => in_record(*record, path, wanted),
        View::Ref(reference) if *name == "href" => {
            let href = reference.href().map_or(View::Absent, |href| View::Text(href.as_str()));
            rest.is_empty() && wanted.accepts(&href, false)
        }
        View::Ref(reference) => reference.record().is_some_and(|record| in_record(record, path, wanted)),
        View::List(list) => (0..list.len()).any(|index| in_view(&list.item(index), dates, path, wanted)),
        View::Map(map) => map.get_any(name).is_some_and(|value| in_any(value, rest, wanted)),
        View::Any(value) => in_any(value, path, wanted),
        _ => false,
    }
}

fn in_any(value: &Any, path: &[&str], wanted: &Wanted<'_>) -> bool {
    match (value, path.split_first()) {
        (_, None) => wanted.accepts_any(value),
        (Any::Array(items), _) => items.iter().any(|item| in_any(item, path, wanted)),
        (Any::Object(members), Some((name, rest))) => {
            let mut found = members.iter().filter(|(key, _)| is_named(key, name));
            found.any(|(_, value)| in_any(value, rest, wanted))
        }
        _ => false,
    }
}
