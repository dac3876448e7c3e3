//! Collections of types that are not registered.

use cimi_model::reflect::{List, Record};
use cimi_model::{Any, Extension, Extensions, Generic, Object};

/// The items of a collection that was read as [`Generic`], taken out of it to be worked on as records.
pub(super) struct Loose {
    /// The extension that they are the value of.
    key: String,
    /// In XML of 2.0, the element of an item in the element of that name.
    element: Option<String>,
    /// Whether one item stands there by itself, and not in an array: XML has elements only, however many.
    single: bool,
    items: Vec<Generic>,
}

impl Loose {
    /// Takes the items out of a collection; `null` keeps their place.
    pub(super) fn take(record: &mut dyn Record) -> Option<Self> {
        let generic = record.as_any().downcast_ref::<Generic>()?;
        let uri = generic.resource_uri()?;
        let stem = uri.rsplit('/').next()?.strip_suffix("Collection")?.to_owned();
        let key = key_of_items(&generic.extensions, &stem)?.to_owned();
        // XML has no numbers.
        let has_count = matches!(generic.extensions.get("count"), Some(Any::Number(_)));
        let value = std::mem::replace(record.extensions_mut().get_mut(&key)?, Any::Null);
        let (value, element) = match value {
            Any::Object(members) if local(&key) != stem => {
                members.into_iter().next().map_or((Any::Null, None), |(element, value)| (value, Some(element)))
            }
            value => (value, None),
        };
        let is_element = !has_count && (element.is_some() || local(&key) == stem);
        let (values, single) = match value {
            Any::Array(values) => (values, is_element),
            value => (vec![value], true),
        };
        let items = values.into_iter().map(item).collect();
        Some(Self { key, element, single, items })
    }

    /// The items.
    pub(super) fn items(&mut self) -> &mut dyn List {
        &mut self.items
    }

    /// The name that the items stand under.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// Puts the items back; no item leaves nothing (5.5.12).
    pub(super) fn put_back(self, record: &mut dyn Record) {
        let Self { key, element, single, items } = self;
        let mut values: Vec<Any> = items.into_iter().map(|item| Any::Object(item.extensions.into())).collect();
        let value = match values.pop() {
            None => {
                record.extensions_mut().remove(&key);
                return;
            }
            Some(value) if single && values.is_empty() => value,
            Some(value) => {
                values.push(value);
                Any::Array(values)
            }
        };
        let value = match element {
            Some(element) => [(element, value)].into_iter().collect(),
            None => value,
        };
        record.extensions_mut().insert(key, value);
    }
}

/// Sets `count`, in the type that it had, from what it was.
pub(super) fn set_count(record: &mut dyn Record, count: impl Fn(Option<i64>) -> i64) {
    let extensions = record.extensions_mut();
    let value = match extensions.get("count") {
        Some(Any::String(text)) => Any::from(count(text.trim().parse().ok()).to_string()),
        Some(Any::Number(number)) => Any::from(count(number.as_i64())),
        _ => Any::from(count(None)),
    };
    extensions.insert("count", value);
}

/// The key of the items of a collection of `stem`; of several that may be it, one that is called like it.
fn key_of_items<'e>(extensions: &'e Extensions, stem: &str) -> Option<&'e str> {
    let mut keys = extensions.iter().filter(|found| holds_items(found.key(), found.value(), stem)).map(Extension::key);
    let like = |key: &&str| key.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem));
    keys.clone().find(like).or_else(|| keys.next())
}

/// Whether the items of a collection of `stem` are here: an array of objects in JSON, elements named after the type in
/// XML of 1.x, and those in another element in 2.0.
fn holds_items(key: &str, value: &Any, stem: &str) -> bool {
    match value {
        Any::Array(values) => !is_operations(key) && !values.is_empty() && values.iter().all(is_object),
        Any::Object(_) if local(key) == stem => true,
        Any::Object(members) => {
            members.len() == 1 && members.iter().all(|(key, value)| local(key) == stem && are_objects(value))
        }
        _ => false,
    }
}

/// The name without the namespace that it has in XML.
fn local(key: &str) -> &str {
    key.rsplit_once('}').map_or(key, |(_, name)| name)
}

/// Whether this is the name of the operations of a resource.
pub(super) fn is_operations(key: &str) -> bool {
    matches!(key, "operations" | "operation")
}

fn are_objects(value: &Any) -> bool {
    match value {
        Any::Array(values) => values.iter().all(is_object),
        value => is_object(value),
    }
}

fn is_object(value: &Any) -> bool {
    matches!(value, Any::Object(_))
}

fn item(value: Any) -> Generic {
    let members = match value {
        Any::Object(members) => members,
        _ => Object::new(),
    };
    Generic { extensions: Extensions::from(members), ..Generic::default() }
}
