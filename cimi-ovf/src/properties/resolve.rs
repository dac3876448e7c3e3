//! `${}` in values.

use std::collections::HashMap;
use std::rc::Rc;

use cimi_model::{Deviation, Error, ErrorKind, Result, printable};
use memchr::memchr3;

use super::{ChosenProperty, Found, Hit, Owner, Properties};
use crate::model::Node;

/// How many properties may refer to one another in a row.
const DEEPEST: usize = 16;
/// How long a value may become.
const LONGEST: usize = 1 << 20;
/// How long all values may become together.
const LONGEST_TOGETHER: usize = 16 << 20;
/// How many notes are kept.
const MOST_NOTES: usize = 1000;

/// Resolves `${}` in the values of [`Properties`], each once.
///
/// A name is looked up where the value stands, then in the collections around it. What it means is put in its place; a
/// value that the user chose is taken as it is. A name that means nothing stays, and is [noted](Self::notes).
#[derive(Debug)]
pub struct Resolver<'p, 'd> {
    properties: &'p Properties<'d>,
    known: HashMap<(Owner, usize), State>,
    room: usize,
    notes: Vec<(Node, String)>,
}

enum State {
    /// Being resolved: to need it now is a cycle.
    Open,
    /// The value, and through how many properties it went.
    Done(Rc<str>, usize),
}

impl std::fmt::Debug for State {
    /// Values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Open) { "Open" } else { "Done" })
    }
}

/// A value that is being resolved.
struct Source<'a> {
    owner: Owner,
    text: &'a str,
    /// The property whose value it is.
    of: Option<&'a ChosenProperty<'a>>,
}

impl<'p, 'd> Resolver<'p, 'd> {
    pub(super) fn new(properties: &'p Properties<'d>) -> Self {
        Self { properties, known: HashMap::new(), room: LONGEST_TOGETHER, notes: Vec::new() }
    }

    /// The value of a property as the guest sees it; empty if it has none.
    ///
    /// # Errors
    /// When properties refer to one another in a circle, more than 16 in a row, or become longer than 1 MiB, or 16 MiB
    /// together. The error names the property.
    pub fn value(&mut self, property: &ChosenProperty<'_>) -> Result<Rc<str>> {
        Ok(self.property(property, 1)?.0)
    }

    /// A text of a system or collection, such as the URL of an application, with what `${}` stands for in it. In the
    /// envelope, a name means a property of any machine if only one has it.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn text(&mut self, owner: Owner, text: &str) -> Result<String> {
        Ok(self.substitute(&Source { owner, text, of: None }, 0)?.0)
    }

    /// What was not found and stays as it is.
    #[must_use]
    pub fn notes(&self) -> Vec<Deviation> {
        let descriptor = self.properties.descriptor();
        let element = |node: Node| descriptor.element(node).unwrap_or_else(|| descriptor.tree().root());
        let notes = self.notes.iter().map(|(node, text)| (element(*node), text.clone()));
        descriptor.tree().deviations_at(notes.collect())
    }

    /// The value of a property, and through how many properties it goes. Recursive, up to [`DEEPEST`].
    fn property(&mut self, property: &ChosenProperty<'_>, depth: usize) -> Result<(Rc<str>, usize)> {
        let id = (property.owner, property.index);
        match self.known.get(&id) {
            Some(State::Done(value, height)) => return Ok((Rc::clone(value), *height)),
            Some(State::Open) => return Err(self.error(property, "its value refers to itself in a circle")),
            None => {}
        }
        if depth > DEEPEST {
            return Err(self.too_deep(property));
        }
        self.known.insert(id, State::Open);
        let resolved = self.resolve(property, depth);
        match &resolved {
            Ok((value, height)) => self.known.insert(id, State::Done(Rc::clone(value), *height)),
            // What comes later must not take it for a part of a circle.
            Err(_) => self.known.remove(&id),
        };
        resolved
    }

    fn resolve(&mut self, property: &ChosenProperty<'_>, depth: usize) -> Result<(Rc<str>, usize)> {
        let text = property.value.as_deref().unwrap_or_default();
        if property.is_set() || !text.contains("${") {
            return Ok((Rc::from(text), 1));
        }
        let (value, height) = self.substitute(&Source { owner: property.owner, text, of: Some(property) }, depth)?;
        // The limit must not depend on what was resolved before.
        if height + 1 > DEEPEST { Err(self.too_deep(property)) } else { Ok((Rc::from(value), height + 1)) }
    }

    fn substitute(&mut self, text: &Source<'_>, depth: usize) -> Result<(String, usize)> {
        let (mut out, mut highest) = (String::new(), 0);
        let mut rest = text.text;
        while let Some((before, after)) = rest.split_once("${") {
            self.push(&mut out, before, text)?;
            // A name has no such characters, and a search that stops at them never reads a text twice.
            let end = memchr3(b'}', b'{', b'$', after.as_bytes());
            let name = end.filter(|end| after.as_bytes().get(*end) == Some(&b'}')).and_then(|end| after.get(..end));
            let Some(name) = name.filter(|name| !name.is_empty()) else {
                self.push(&mut out, "${", text)?;
                rest = after;
                continue;
            };
            rest = after.get(name.len() + 1..).unwrap_or_default();
            match self.look_up(text, name)? {
                Some(hit) => {
                    let own = self.properties.own(Owner(hit.scope));
                    let Some(found) = own.get(hit.index) else { continue };
                    let (value, height) = self.property(found, depth + 1)?;
                    highest = highest.max(height);
                    self.push(&mut out, &value, text)?;
                }
                None => self.push(&mut out, &format!("${{{name}}}"), text)?,
            }
        }
        self.push(&mut out, rest, text)?;
        Ok((out, highest))
    }

    /// The property that a name means, or none, which is noted.
    fn look_up(&mut self, text: &Source<'_>, name: &str) -> Result<Option<Hit>> {
        let own = text.of.map(|property| (property.owner, property.index));
        let mut found = self.properties.find(text.owner, name, own);
        if text.owner == self.properties.package() && matches!(found, Found::Nothing) {
            found = self.properties.find_anywhere(name);
        }
        let is_self = |hit: &Hit| Some((Owner(hit.scope), hit.index)) == own;
        let what = match found {
            Found::Property(hit) if !is_self(&hit) => return Ok(Some(hit)),
            Found::Several => "means several properties",
            _ => "means no property",
        };
        if let (Some(property), true) = (text.of, text.of.is_some_and(|property| is_named(property, name))) {
            return Err(self.error(property, "its value refers to itself"));
        }
        // The name may be a part of a password that looks like one.
        let shown = match text.of {
            Some(property) if property.is_password() => "a reference in it".to_owned(),
            _ => format!("'${{{}}}'", printable(name)),
        };
        let of = text.of.map_or_else(String::new, |property| format!("the property '{}': ", printable(&property.key)));
        if self.notes.len() < MOST_NOTES {
            let node = text.of.map(|property| property.property.node).unwrap_or_default();
            self.notes.push((node, format!("{of}{shown} {what}, and stays as it is")));
        }
        Ok(None)
    }

    fn push(&mut self, out: &mut String, part: &str, text: &Source<'_>) -> Result<()> {
        let left = self.room.checked_sub(part.len()).filter(|_| out.len().saturating_add(part.len()) <= LONGEST);
        let Some(left) = left else {
            let reason = "its value becomes too long";
            let error = || Error::new(ErrorKind::Limit, "the text becomes too long with the values of properties");
            return Err(text
                .of
                .map_or_else(error, |property| self.properties.error(property, ErrorKind::Limit, reason)));
        };
        self.room = left;
        out.push_str(part);
        Ok(())
    }

    fn too_deep(&self, property: &ChosenProperty<'_>) -> Error {
        let reason = format!("its value goes through more than {DEEPEST} properties");
        self.properties.error(property, ErrorKind::Limit, &reason)
    }

    fn error(&self, property: &ChosenProperty<'_>, reason: &str) -> Error {
        self.properties.error(property, ErrorKind::Value, reason)
    }
}

/// Whether a name means this property itself.
fn is_named(property: &ChosenProperty<'_>, name: &str) -> bool {
    property.key == name || property.property.key.as_deref() == Some(name)
}
