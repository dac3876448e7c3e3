//! map (5.5.7).

use std::fmt;

use crate::any::Any;
use crate::key::Key;
use crate::meta::Kind;
use crate::object::Object;
use crate::reflect::{Shape, Slot, Value, View, swap_values};

/// Key-value pairs with unique, case-sensitive keys, in the order of the document (DSP0263 5.5.7).
///
/// The values of `properties` are strings; those of `parameters` may be anything (tables 11 and 13), and what a
/// peer puts into `properties` against the standard is kept as well. Equality ignores the order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Map(Object);

impl Map {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key, if it is a string.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Any::as_str)
    }

    /// The value of a key, whatever it is.
    #[must_use]
    pub fn get_any(&self, key: &str) -> Option<&Any> {
        self.0.get(key)
    }

    /// Sets the value of a key and returns the former one.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Any>) -> Option<Any> {
        self.0.insert(key, value)
    }

    /// Removes a key and keeps the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Any> {
        self.0.remove(key)
    }

    /// The pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Any)> {
        self.0.iter()
    }

    /// The values in order, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Any> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    pub(crate) fn object_mut(&mut self) -> &mut Object {
        &mut self.0
    }

    pub(crate) fn push(&mut self, key: impl Into<Key>, value: Any) {
        self.0.push(key, value);
    }

    pub(crate) fn duplicate(&self) -> Option<&str> {
        self.0.duplicate()
    }
}

impl<K: Into<String>, V: Into<Any>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Shape for Map {
    const KIND: Kind = Kind::Map;
}

impl Value for Map {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Map(self)
    }
    fn clear(&mut self) {
        self.0.clear();
    }
    fn swap(&mut self, other: &mut dyn Value) -> bool {
        swap_values(self, other)
    }
}
