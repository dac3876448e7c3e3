//! Members in order.

use std::fmt;

use crate::any::Any;
use crate::key::Key;

/// Named values in the order of the document, each name once: a JSON object.
///
/// Equality ignores the order, which says nothing in JSON. Lookup is linear: objects are small, and a reader of large
/// ones should build an index of its own.
#[derive(Clone, Default, Eq)]
pub struct Object {
    members: Vec<(Key, Any)>,
}

impl Object {
    /// An object without members.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: Vec::new() }
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Any> {
        self.members.iter().find(|(key, _)| **key == *name).map(|(_, value)| value)
    }

    /// The value of a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Any> {
        self.members.iter_mut().find(|(key, _)| **key == *name).map(|(_, value)| value)
    }

    /// Sets the value of a name and returns the former one; a new name comes last.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Any>) -> Option<Any> {
        let (name, value) = (name.into(), value.into());
        if let Some(old) = self.get_mut(&name) {
            return Some(std::mem::replace(old, value));
        }
        self.push(name, value);
        None
    }

    /// Removes a name and keeps the order of the others.
    pub fn remove(&mut self, name: &str) -> Option<Any> {
        let index = self.members.iter().position(|(key, _)| **key == *name)?;
        Some(self.members.remove(index).1)
    }

    /// The members in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Any)> + ExactSizeIterator {
        self.members.iter().map(|(key, value)| (&**key, value))
    }

    /// The members in order, their values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Any)> {
        self.members.iter_mut().map(|(key, value)| (&**key, value))
    }

    /// The values in order, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Any> {
        self.members.iter_mut().map(|(_, value)| value)
    }

    /// Removes all members but those whose value `keep` accepts.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Any) -> bool) {
        self.members.retain(|(_, value)| keep(value));
    }

    /// Removes all members.
    pub fn clear(&mut self) {
        self.members.clear();
    }

    /// Adds a member without looking for its name; a reader looks once, with [`duplicate`](Self::duplicate).
    pub(crate) fn push(&mut self, name: impl Into<Key>, value: Any) {
        self.members.push((name.into(), value));
    }

    /// A name that occurs twice.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        duplicate(self.members.iter().map(|(key, _)| &**key))
    }
}

/// A name that occurs twice among these.
pub(crate) fn duplicate<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    const FEW: usize = 8;
    if names.clone().nth(FEW).is_none() {
        let mut rest = names;
        while let Some(name) = rest.next() {
            if rest.clone().any(|other| other == name) {
                return Some(name);
            }
        }
        return None;
    }
    let mut sorted: Vec<&str> = names.collect();
    sorted.sort_unstable();
    sorted.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(*a),
        _ => None,
    })
}

/// Whether two lists of named values are the same but for their order.
pub(crate) fn same_but_for_order<T: PartialEq>(a: &[T], b: &[T], name: impl Fn(&T) -> &str) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if a == b {
        return true;
    }
    let sorted = |items: &[T]| {
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_unstable_by_key(|&i| items.get(i).map(&name));
        order
    };
    sorted(a).into_iter().zip(sorted(b)).all(|(i, j)| a.get(i) == b.get(j))
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        same_but_for_order(&self.members, &other.members, |(key, _)| key)
    }
}

impl fmt::Debug for Object {
    /// The members, without the values of those that have the names of secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.iter() {
            let hidden = names_secret(name);
            map.entry(&name, if hidden { &"[secret]" as &dyn fmt::Debug } else { value });
        }
        map.finish()
    }
}

/// Whether what is called so is a secret, as far as a name tells: no table describes it.
pub(crate) fn names_secret(name: &str) -> bool {
    const WORDS: [&str; 3] = ["password", "secret", "token"];
    let ends_with = |word: &str| {
        let end = name.len().checked_sub(word.len()).and_then(|start| name.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    WORDS.into_iter().any(ends_with)
}

impl<K: Into<String>, V: Into<Any>> FromIterator<(K, V)> for Object {
    /// The last value of a name counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut object = Self::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

impl IntoIterator for Object {
    type Item = (String, Any);
    type IntoIter = IntoMembers;
    fn into_iter(self) -> IntoMembers {
        IntoMembers { members: self.members.into_iter() }
    }
}

impl Object {
    /// The members with their keys.
    pub(crate) fn into_entries(self) -> impl Iterator<Item = (Key, Any)> {
        self.members.into_iter()
    }
}

/// The members of an [`Object`], one by one.
#[derive(Clone, Debug)]
pub struct IntoMembers {
    members: std::vec::IntoIter<(Key, Any)>,
}

impl Iterator for IntoMembers {
    type Item = (String, Any);
    fn next(&mut self) -> Option<Self::Item> {
        self.members.next().map(|(key, value)| (key.into(), value))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.members.size_hint()
    }
}

impl DoubleEndedIterator for IntoMembers {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.members.next_back().map(|(key, value)| (key.into(), value))
    }
}

impl ExactSizeIterator for IntoMembers {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_does_not_count() {
        let a: Object = [("x", 1), ("y", 2), ("x", 3)].into_iter().collect();
        let b: Object = [("y", 2), ("x", 3)].into_iter().collect();
        assert_eq!(a, b);
        assert_eq!(a.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["x", "y"]);
        assert_ne!(a, Object::new());
        assert_ne!(a, [("y", 2), ("z", 3)].into_iter().collect());
    }

    #[test]
    fn debug_leaves_out_what_has_the_name_of_a_secret() {
        let members = [("adminPassword", "hush"), ("TOKEN", "hush"), ("tokens", "7")];
        let printed = format!("{:?}", members.into_iter().collect::<Object>());
        assert_eq!(printed, r#"{"adminPassword": "[secret]", "TOKEN": "[secret]", "tokens": String("7")}"#);
    }

    #[test]
    fn duplicates_are_found_among_few_and_many() {
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        for n in [0, 1, 8, 9, 100] {
            let mut names = names(n);
            assert_eq!(duplicate(names.iter().map(String::as_str)), None);
            if n > 0 {
                names.push("0".to_owned());
                assert_eq!(duplicate(names.iter().map(String::as_str)), Some("0"));
            }
        }
    }
}
