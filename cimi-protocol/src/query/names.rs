//! Lists of attribute names.

use std::collections::HashSet;
use std::fmt;

use cimi_model::{Attribute, Extension};

/// The names of a comma-separated list, without white space around them; what is between commas may be empty, and then
/// is no name. A comma between braces belongs to the namespace of an extension: `{http://example.com/a,b}rack`.
pub(super) fn listed(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    let parts = text.split(move |c| {
        inside = c == '{' || (inside && c != '}');
        c == ',' && !inside
    });
    parts.map(str::trim).filter(|name| !name.is_empty())
}

/// The names that can stand in one list: one that leaves a brace open takes everything after it in, so it is the last.
pub(super) fn lists<T: fmt::Display>(names: &[T]) -> impl Iterator<Item = Listed<'_, T>> {
    let is_open = |name: &T| {
        let name = name.to_string();
        name.rfind('{').is_some_and(|open| !name.get(open..).unwrap_or_default().contains('}'))
    };
    names.split_inclusive(is_open).map(Listed)
}

/// The names, each where it comes first (4.1.6.3).
pub(super) fn distinct(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::with_capacity(names.len());
    let new: Vec<bool> = names.iter().map(|name| seen.insert(name.as_str())).collect();
    names.into_iter().zip(new).filter(|(_, new)| *new).map(|(name, _)| name).collect()
}

/// What an extension is called in queries: its key, and what of that follows the namespace. What stands at the element
/// of an attribute in XML is no attribute of its own, and has the key only.
pub(super) fn names_of(extension: &Extension) -> (&str, Option<&str>) {
    let local = extension.local_name().filter(|_| attribute_of(extension).is_none());
    (extension.key(), local)
}

/// Whether a name means an extension.
pub(super) fn is_extension(extension: &Extension, name: &str) -> bool {
    let (key, local) = names_of(extension);
    key == name || local == Some(name)
}

/// Whether one of these names means an extension.
pub(super) fn has_extension(names: &HashSet<&str>, extension: &Extension) -> bool {
    let (key, local) = names_of(extension);
    names.contains(key) || local.is_some_and(|local| names.contains(local))
}

/// Whether one of these names, in either version or another spelling, is that of an attribute.
pub(super) fn has_attribute(names: &HashSet<&str>, attribute: &Attribute) -> bool {
    let others = attribute.v1_name.iter().chain(attribute.aliases);
    names.contains(attribute.name) || others.into_iter().any(|name| names.contains(name))
}

/// The attribute at whose element an extension stands in XML: `memory` of `memory@units`.
pub(super) fn attribute_of(extension: &Extension) -> Option<&str> {
    extension.key().split_once('@').map(|(name, _)| name).filter(|name| !name.is_empty() && !name.starts_with('{'))
}

/// What is written with commas between.
pub(super) struct Listed<'a, T>(pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        for (text, expected) in [
            ("", &[][..]),
            (" , ,", &[]),
            (" a ,b c,", &["a", "b c"]),
            ("{u,v}a,b", &["{u,v}a", "b"]),
            ("{u,v", &["{u,v"]),
            ("a},b", &["a}", "b"]),
        ] {
            assert_eq!(listed(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn the_first_appearance_counts() {
        let names = ["b", "a", "b", "c", "a"].map(str::to_owned).to_vec();
        assert_eq!(distinct(names), ["b", "a", "c"]);
    }
}
