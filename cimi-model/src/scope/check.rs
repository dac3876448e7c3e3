//! Holds a resource against scopes.

use std::fmt;

use super::compare::{expected, fits, scale, shown};
use super::lookup::{Found, Holder, Seen};
use super::model::DEEPEST;
use super::{Scope, ValueScope};
use crate::any::Any;
use crate::error::{Path, Step};
use crate::reflect::{Record, Value, View};
use crate::value::ITEMS;

/// A value that is not in the scope of its attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The path of the value, in the notation of [`Error::path`](crate::Error::path): `/Machine/disks[1]/capacity`.
    pub path: String,
    /// What the scope allows.
    pub expected: String,
    /// What is there. Secrets are not shown.
    pub found: String,
    /// Which of the scopes, from zero: the one that fits best.
    pub scope: usize,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

impl std::error::Error for Violation {}

/// Whether a resource satisfies one of the scopes (DSP0263 5.5.14); without any, it does.
///
/// An attribute that is absent is in every scope: a partial update does not show it, and in a creation the Provider
/// has a default for it or demands it by its constraints (5.3); the sentence on Consumers in 5.11 is about the values that
/// they set. [`check_complete`] reads that sentence strictly. An attribute of the array kind is in its scope if
/// each of its items is; of a collection, the members that are there are looked at. Numbers are converted to the
/// attribute's own units.
///
/// # Errors
/// Each value that is not in its scope, for the scope with the fewest such values; among equals, the first.
pub fn check(record: &dyn Record, scopes: &[ValueScope]) -> Result<(), Vec<Violation>> {
    first_fit(record, scopes, false, &root(record)).map(|_| ())
}

/// As [`check`], and every scoped attribute has a value, unless its scope implies one by `default` or `value`. This
/// is for a resource that is to be created, or that replaces another.
///
/// # Errors
/// As [`check`].
pub fn check_complete(record: &dyn Record, scopes: &[ValueScope]) -> Result<(), Vec<Violation>> {
    first_fit(record, scopes, true, &root(record)).map(|_| ())
}

/// The path of a resource that is a document.
pub(super) fn root(record: &dyn Record) -> Path {
    Path::from_steps(vec![Step::Name(record.record_type().name)])
}

/// The first scope that the resource at this path satisfies; `None` if there is no scope at all.
pub(crate) fn first_fit(
    record: &dyn Record,
    scopes: &[ValueScope],
    complete: bool,
    path: &Path,
) -> Result<Option<usize>, Vec<Violation>> {
    let mut best: Option<Vec<Violation>> = None;
    for (index, scope) in scopes.iter().enumerate() {
        let mut check = Check { path: path.clone(), found: Vec::new(), scope: index, complete };
        check.value_scope(Holder::Record(record), scope, false, 0);
        if check.found.is_empty() {
            return Ok(Some(index));
        }
        if best.as_ref().is_none_or(|best| check.found.len() < best.len()) {
            best = Some(check.found);
        }
    }
    best.map_or(Ok(None), Err)
}

struct Check {
    path: Path,
    found: Vec<Violation>,
    scope: usize,
    complete: bool,
}

impl Check {
    fn report(&mut self, expected: impl Into<String>, found: impl Into<String>) {
        let (expected, found) = (expected.into(), found.into());
        self.found.push(Violation { path: self.path.to_string(), expected, found, scope: self.scope });
    }

    fn value_scope(&mut self, holder: Holder<'_>, scopes: &ValueScope, secret: bool, depth: usize) {
        for (name, scope) in scopes.iter() {
            let member = holder.member(name, secret);
            self.path.push(member.step);
            match member.found {
                Some(found) => self.attribute(found, scope, depth),
                None if self.complete && scope.item.is_none() && scope.implied().is_none() => {
                    let secret = secret || member.attribute.is_some_and(|attribute| attribute.secret);
                    self.report(if secret { "a value".to_owned() } else { expected(scope) }, "nothing");
                }
                None => {}
            }
            self.path.pop();
        }
    }

    fn attribute(&mut self, found: Found<'_>, scope: &Scope, depth: usize) {
        if let Some(keyword) = scope.broken() {
            return self.report(format!("a scope with another '{keyword}'"), shown(&found));
        }
        if let Some(item) = &scope.item {
            self.items(found, item, depth);
        }
        let wants_array = scope.value.iter().chain(&scope.values).any(|value| matches!(value, Any::Array(_)));
        match found.value {
            Seen::List(list) => {
                for index in 0..list.len() {
                    self.item(index, Seen::of(&list.item(index)), found, scope);
                }
            }
            Seen::Any(Any::Array(items)) if !wants_array => {
                for (index, item) in items.iter().enumerate() {
                    self.item(index, Some(Seen::of_any(item)), found, scope);
                }
            }
            _ => self.single(found, scope),
        }
    }

    fn item(&mut self, index: usize, value: Option<Seen<'_>>, found: Found<'_>, scope: &Scope) {
        let Some(value) = value else { return };
        self.path.push(Step::Index(index));
        self.single(Found { value, ..found }, scope);
        self.path.pop();
    }

    fn single(&mut self, found: Found<'_>, scope: &Scope) {
        match scale(scope, found.attribute) {
            Ok(scale) if fits(&found, scope, scale) => {}
            Ok(_) if found.secret => self.report("another value", "a secret"),
            Ok(_) => self.report(expected(scope), shown(&found)),
            Err(error) => self.report(format!("a value that can be compared: {}", error.reason()), shown(&found)),
        }
    }

    /// Holds the items of an array or collection against their scopes. A structure counts as its own only item.
    fn items(&mut self, found: Found<'_>, scopes: &ValueScope, depth: usize) {
        if depth > DEEPEST {
            return self.report(format!("items nested at most {DEEPEST} deep"), shown(&found));
        }
        let secret = found.secret;
        match found.value {
            Seen::List(list) => {
                for index in 0..list.len() {
                    self.one_item(index, Seen::of(&list.item(index)), scopes, secret, depth);
                }
            }
            Seen::Any(Any::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.one_item(index, Some(Seen::of_any(item)), scopes, secret, depth);
                }
            }
            Seen::Ref(_, Some(record)) if record.record_type().members.is_some() => {
                let Some(attribute) = record.record_type().attributes.get(ITEMS) else { return };
                let Some(View::List(list)) = record.get(ITEMS).map(Value::view) else { return };
                self.path.push(Step::Name(attribute.name));
                for index in 0..list.len() {
                    self.one_item(index, Seen::of(&list.item(index)), scopes, secret, depth);
                }
                self.path.pop();
            }
            // What is only referred to cannot be looked at.
            Seen::Ref(_, None) => {}
            value => match value.holder() {
                Some(holder) => self.value_scope(holder, scopes, secret, depth + 1),
                None => self.report("an array or collection", shown(&found)),
            },
        }
    }

    fn one_item(&mut self, index: usize, item: Option<Seen<'_>>, scopes: &ValueScope, secret: bool, depth: usize) {
        let Some(item) = item else { return };
        self.path.push(Step::Index(index));
        match (item.holder(), item) {
            (Some(holder), _) => self.value_scope(holder, scopes, secret, depth + 1),
            (None, Seen::Ref(..)) => {}
            (None, value) => {
                let found = Found { value, attribute: None, secret };
                self.report("a structure or reference", shown(&found));
            }
        }
        self.path.pop();
    }
}
