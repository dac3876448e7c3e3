//! `$orderby` carried out on the items of a collection (4.1.6.6).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

use cimi_model::meta::Kind;
use cimi_model::reflect::{List, Record, View};
use cimi_model::{Any, DateTime, Duration, Extension, Number, Scalar, Type};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkd_quick};

use super::OrderBy;
use super::names::{is_extension, names_of};

/// Sorts items; those that no key tells apart keep their order.
pub(super) fn sort(items: &mut dyn List, order_by: &[OrderBy], item_type: &'static Type) {
    let columns = columns(order_by, items, item_type);
    let Some((first, others)) = columns.split_first() else { return };
    let order: Vec<usize> = {
        let list: &dyn List = items;
        // The keys that mostly decide stand together, which is several times faster than to look for each.
        let mut rows: Vec<(Key<'_>, usize)> = (0..list.len()).map(|at| (first.key(&list.item(at)), at)).collect();
        let keys = |at| others.iter().map(move |column| column.key(&list.item(at)));
        let further: Vec<Key<'_>> = (0..list.len()).flat_map(keys).collect();
        let further = |at: usize| further.get(at * others.len()..).unwrap_or_default();
        rows.sort_unstable_by(|(a, a_at), (b, b_at)| {
            let rest = others.iter().zip(further(*a_at).iter().zip(further(*b_at)));
            let decided = first.compare(a, b).then_with(|| {
                let orderings = rest.map(|(column, (a, b))| column.compare(a, b));
                orderings.fold(Ordering::Equal, Ordering::then)
            });
            decided.then(a_at.cmp(b_at))
        });
        rows.into_iter().map(|(_, at)| at).collect()
    };
    arrange(items, order);
}

/// What decides the order: the first mention of each attribute that can be sorted by and that items may have.
fn columns<'o>(order_by: &'o [OrderBy], items: &dyn List, item_type: &'static Type) -> Vec<Column<'o>> {
    let mut columns: Vec<Column<'_>> = order_by.iter().filter_map(|order| Column::of(order, item_type)).collect();
    let mut seen = HashSet::new();
    columns.retain(|column| seen.insert(column.place));
    let named = columns.iter().filter_map(|column| match column.place {
        Place::Extension(name) => Some(name),
        Place::Attribute(_) => None,
    });
    let mut missing: HashSet<&str> = named.collect();
    for index in 0..items.len() {
        if missing.is_empty() {
            break;
        }
        let View::Record(item) = items.item(index) else { continue };
        for extension in item.extensions() {
            let (key, local) = names_of(extension);
            missing.remove(key);
            missing.remove(local.unwrap_or(key));
        }
    }
    columns.retain(|column| !matches!(column.place, Place::Extension(name) if missing.contains(name)));
    columns
}

/// Brings to each index the item that was at `order[index]`, one cycle after another.
fn arrange(items: &mut dyn List, mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut at = start;
        while let Some(place) = order.get_mut(at) {
            let from = std::mem::replace(place, at);
            if from == start || from == at {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// An attribute that items are sorted by.
struct Column<'o> {
    place: Place<'o>,
    kind: Kind,
    descending: bool,
}

/// Where the value of an attribute is: at an index of the table, or among the extensions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place<'o> {
    Attribute(usize),
    Extension(&'o str),
}

impl<'o> Column<'o> {
    /// The attribute, unless it is of a type that is not sorted by, or a secret, which the order would tell.
    fn of(order: &'o OrderBy, item_type: &'static Type) -> Option<Self> {
        let index = item_type.find(&order.attribute, 0);
        let (place, kind) = match index.and_then(|index| Some((index, item_type.attributes.get(index)?))) {
            Some((_, attribute)) if !is_sortable(attribute.kind) || attribute.secret => return None,
            Some((index, attribute)) => (Place::Attribute(index), attribute.kind),
            None if item_type.sensitive => return None,
            None => (Place::Extension(&order.attribute), Kind::Any),
        };
        Some(Self { place, kind, descending: order.descending })
    }

    fn compare(&self, a: &Key<'_>, b: &Key<'_>) -> Ordering {
        if self.descending { b.cmp(a) } else { a.cmp(b) }
    }

    fn key<'i>(&self, item: &View<'i>) -> Key<'i> {
        let View::Record(item) = *item else { return Key::Absent };
        match self.place {
            Place::Attribute(index) => item.get(index).map_or(Key::Absent, |value| Key::of(&value.view(), self.kind)),
            Place::Extension(name) => extension(item, name).map_or(Key::Absent, Key::of_any),
        }
    }
}

fn extension<'i>(item: &'i dyn Record, name: &str) -> Option<&'i Any> {
    item.extensions().iter().find(|found| is_extension(found, name)).map(Extension::value)
}

fn is_sortable(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Boolean | Kind::DateTime | Kind::Duration | Kind::Integer | Kind::String | Kind::Enumeration(_)
    )
}

/// A value that is sorted by. What is absent comes before everything, as the empty string does, which is the same
/// (5.5.15).
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'i> {
    Absent,
    Boolean(bool),
    Integer(i64),
    Real(Real),
    /// Seconds since 1970, and nanoseconds.
    Instant(i64, u32),
    /// The first bytes, which mostly decide, and all of the text, in Normalization Form KD.
    Text(u64, Cow<'i, str>),
}

impl<'i> Key<'i> {
    fn of(view: &View<'i>, kind: Kind) -> Self {
        match (view, kind) {
            (View::Boolean(value), _) => Self::Boolean(*value),
            (View::Integer(value), _) => Self::Integer(*value),
            (View::Text(text), Kind::DateTime) => Self::of_date(text),
            (View::Text(text), Kind::Duration) => Self::of_duration(text),
            (View::Text(text), _) => Self::of_text(text),
            _ => Self::Absent,
        }
    }

    /// The values of extensions are of the types that JSON has.
    fn of_any(value: &'i Any) -> Self {
        match value {
            Any::Boolean(value) => Self::Boolean(*value),
            Any::Number(number) => Self::Real(Real::of(number)),
            Any::String(text) => Self::of_text(text),
            _ => Self::Absent,
        }
    }

    /// An instant; years that the calendar does not reach are before or after all others.
    fn of_date(text: &str) -> Self {
        let instant = DateTime::recover(text).and_then(|date| date.instant());
        match instant {
            Some(instant) => Self::Instant(instant.timestamp(), instant.timestamp_subsec_nanos()),
            None if text.starts_with('-') => Self::Instant(i64::MIN, 0),
            None => Self::Instant(i64::MAX, 0),
        }
    }

    /// A length of time, a month being the twelfth part of the year of the Gregorian calendar; those that are too long to
    /// be computed with are the longest.
    fn of_duration(text: &str) -> Self {
        const MONTH: f64 = 2_629_746.0;
        let seconds = match Duration::recover(text).and_then(|duration| duration.parts()) {
            #[allow(clippy::cast_precision_loss, reason = "nobody has so many months")]
            Some((months, seconds)) => months as f64 * MONTH + seconds,
            None if text.starts_with('-') => f64::NEG_INFINITY,
            None => f64::INFINITY,
        };
        Self::Real(Real { value: seconds + 0.0, integer: 0 })
    }

    fn of_text(text: &'i str) -> Self {
        if text.is_empty() {
            return Self::Absent;
        }
        let normal = text.is_ascii() || is_nfkd_quick(text.chars()) == IsNormalized::Yes;
        let text = if normal { Cow::Borrowed(text) } else { text.nfkd().collect::<String>().into() };
        let mut beginning = [0; 8];
        for (to, from) in beginning.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Self::Text(u64::from_be_bytes(beginning), text)
    }
}

/// A number that is not in the table of a type.
struct Real {
    value: f64,
    /// Of an integer that `value` may have rounded, all digits.
    integer: i64,
}

impl Real {
    fn of(number: &Number) -> Self {
        // Adding nothing makes the negative zero the other one.
        let value = number.as_str().parse::<f64>().unwrap_or(0.0) + 0.0;
        #[allow(clippy::cast_possible_truncation, reason = "the nearest integer will do")]
        let integer = number.as_i64().unwrap_or(value as i64);
        Self { value, integer }
    }
}

impl Ord for Real {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.total_cmp(&other.value).then(self.integer.cmp(&other.integer))
    }
}

impl PartialOrd for Real {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Real {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Real {}
