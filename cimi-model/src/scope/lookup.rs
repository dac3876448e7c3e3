//! Finds what a scope speaks of.

use crate::any::Any;
use crate::attributes::keys_of;
use crate::error::Step;
use crate::meta::{Attribute, Type};
use crate::object::Object;
use crate::reflect::{List, Record, Value, View, omitted};
use crate::value::Map;

/// What has attributes.
#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    Record(&'a dyn Record),
    Object(&'a Object),
    /// A map, and the type whose attributes are its keys, if the standard names them.
    Map(&'a Map, Option<&'static Type>),
}

/// The value of an attribute.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) value: Seen<'a>,
    /// Its row, if a table has it.
    pub(super) attribute: Option<&'static Attribute>,
    /// Whether the value must not be shown.
    pub(super) secret: bool,
}

/// A view that can be copied.
#[derive(Clone, Copy)]
pub(super) enum Seen<'a> {
    Integer(i64),
    Boolean(bool),
    Text(&'a str),
    Any(&'a Any),
    List(&'a dyn List),
    Map(&'a Map, Option<&'static Type>),
    Record(&'a dyn Record),
    /// A reference: its URI, and what is said of its target.
    Ref(Option<&'a str>, Option<&'a dyn Record>),
}

/// What was found under a name.
pub(super) struct Member<'a> {
    pub(super) step: Step,
    /// `None` if the attribute is absent.
    pub(super) found: Option<Found<'a>>,
    pub(super) attribute: Option<&'static Attribute>,
}

impl<'a> Seen<'a> {
    pub(super) fn of(view: &View<'a>) -> Option<Self> {
        Some(match *view {
            View::Absent => return None,
            View::Integer(value) => Self::Integer(value),
            View::Boolean(value) => Self::Boolean(value),
            View::Text(text) => Self::Text(text),
            View::Any(value) => Self::of_any(value),
            View::List(list) => Self::List(list),
            View::Map(map) => Self::Map(map, None),
            View::Record(record) => Self::Record(record),
            View::Ref(reference) => Self::Ref(reference.href().map(crate::Uri::as_str), reference.record()),
        })
    }

    /// A text or boolean is the same whether a table has it or not.
    pub(super) fn of_any(value: &'a Any) -> Self {
        match value {
            Any::String(text) => Self::Text(text),
            Any::Boolean(value) => Self::Boolean(*value),
            value => Self::Any(value),
        }
    }

    /// What it has attributes in, if it does.
    pub(super) fn holder(self) -> Option<Holder<'a>> {
        match self {
            Self::Record(record) | Self::Ref(_, Some(record)) => Some(Holder::Record(record)),
            Self::Map(map, keys) => Some(Holder::Map(map, keys)),
            Self::Any(Any::Object(members)) => Some(Holder::Object(members)),
            _ => None,
        }
    }
}

impl<'a> Holder<'a> {
    /// The attribute of a name, in the spelling of either dialect.
    pub(super) fn member(self, name: &str, secret: bool) -> Member<'a> {
        let (found, attribute) = match self {
            Self::Record(record) => in_record(record, name, secret),
            Self::Object(members) => (members.get(name).and_then(|value| untyped(value, secret)), None),
            Self::Map(map, keys) => {
                let attribute = keys.and_then(|keys| keys.attribute(name));
                let secret = secret || attribute.is_some_and(|attribute| attribute.secret);
                let found = map.get_any(name).and_then(|value| untyped(value, secret));
                let found = found.map(|found| Found { attribute, ..found });
                return Member { step: Step::Key(name.to_owned()), found, attribute };
            }
        };
        let step = attribute.map_or_else(|| Step::Owned(name.to_owned()), |attribute| Step::Name(attribute.name));
        Member { step, found, attribute }
    }
}

fn in_record<'a>(record: &'a dyn Record, name: &str, secret: bool) -> (Option<Found<'a>>, Option<&'static Attribute>) {
    let record_type = record.record_type();
    let row = record_type.find(name, 0).and_then(|index| Some((index, record_type.attributes.get(index)?)));
    let Some((index, attribute)) = row else {
        let value = extension(record, name);
        return (value.and_then(|value| untyped(value, secret || record_type.sensitive)), None);
    };
    let secret = secret || attribute.secret;
    let view = record.get(index).map(Value::view).filter(|view| !omitted(view, attribute.kind));
    // What lenient reading kept for the attribute stands under its name.
    let found = match view.as_ref().and_then(Seen::of) {
        Some(Seen::Map(map, _)) => {
            let keys = attribute.keys.and_then(|keys| keys_of(record, keys));
            Some(Found { value: Seen::Map(map, keys), attribute: Some(attribute), secret })
        }
        Some(value) => Some(Found { value, attribute: Some(attribute), secret }),
        None => record.extensions().get(attribute.name).and_then(|kept| untyped(kept, secret)),
    };
    (found.map(|found| Found { attribute: Some(attribute), ..found }), Some(attribute))
}

/// An extension by its key or, as scopes have no namespaces, by the name in it if only one has that.
fn extension<'a>(record: &'a dyn Record, name: &str) -> Option<&'a Any> {
    let extensions = record.extensions();
    extensions.get(name).or_else(|| {
        let mut same = extensions.iter().filter(|extension| {
            let local = extension.key().rsplit_once('}').map(|(_, local)| local);
            local == Some(name) && extension.key().starts_with('{')
        });
        let first = same.next()?;
        same.next().is_none().then(|| first.value())
    })
}

/// A value that no table describes. `null` says that it is erased.
fn untyped(value: &Any, secret: bool) -> Option<Found<'_>> {
    (*value != Any::Null).then_some(Found { value: Seen::of_any(value), attribute: None, secret })
}
