//! What becomes of a translation.

use std::fmt;

use crate::attributes;
use crate::reflect::{Record, View};

/// A value in the terms of the other side, with what that has no word for.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Translated<T> {
    /// The value.
    pub value: T,
    /// What could not be said.
    pub unsaid: Vec<Unsaid>,
}

impl<T> Translated<T> {
    pub(super) fn new(value: T, unsaid: Vec<Unsaid>) -> Self {
        Self { value, unsaid }
    }

    /// Whether everything has been said.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.unsaid.is_empty()
    }
}

/// Something that could not be said. `Display` prints `PATH: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsaid {
    /// Where it stands, in the notation of [`Error::path`](crate::Error::path).
    pub path: String,
    /// Why it could not be said.
    pub text: String,
}

impl Unsaid {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// What providers assign, and says nothing about what the resource does.
const ASSIGNED: &[&str] = &["id", "created", "updated", "parent", "resourceMetadata", "operations"];

/// What a record has beside the attributes of these names.
pub(super) fn beside(record: &dyn Record, path: &str, said: &[&str], text: &str, unsaid: &mut Vec<Unsaid>) {
    for attribute in record.record_type().attributes {
        let name = attribute.name;
        let is_said = said.contains(&name) || ASSIGNED.contains(&name);
        if !is_said && !matches!(attributes::get(record, name), View::Absent) {
            unsaid.push(Unsaid::new(format!("{path}/{name}"), text));
        }
    }
    for extension in record.extensions() {
        unsaid.push(Unsaid::new(format!("{path}/{}", extension.key()), text));
    }
}
