//! Changes to a document, and the document with them.

use std::collections::BTreeMap;

use cimi_model::{Error, ErrorKind, Result};

use super::insert::{NewElement, Writer, push_attribute};
use super::splice::Splices;
use super::{Attribute, Element, ElementId, Tree, text};

/// Where among the children of an element a new one goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there are no other places")]
pub enum Place {
    /// Before all others.
    First,
    /// After all others.
    Last,
    /// Before this one.
    Before(ElementId),
    /// After this one.
    After(ElementId),
}

/// Changes to a [`Tree`]; see there for an example.
///
/// Changes to an element that is removed are dropped with it, and so are those to elements of other trees. What is
/// inserted at one place keeps its order.
pub struct Editor<'t> {
    tree: &'t Tree,
    changes: BTreeMap<u32, Change>,
    /// New elements beside others: the neighbour, whether before it, and the element.
    beside: Vec<(u32, bool, NewElement)>,
}

#[derive(Default)]
struct Change {
    removed: bool,
    /// Namespace, name, and the new value or none.
    attributes: Vec<(String, String, Option<String>)>,
    text: Option<String>,
    /// New children of an element without any.
    children: Vec<NewElement>,
}

impl std::fmt::Debug for Editor<'_> {
    /// How much changes; values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (changes, beside) = (self.changes.len(), self.beside.len());
        f.debug_struct("Editor").field("changed", &changes).field("inserted", &beside).finish_non_exhaustive()
    }
}

impl<'t> Editor<'t> {
    /// No changes yet.
    #[must_use]
    pub fn new(tree: &'t Tree) -> Self {
        Self { tree, changes: BTreeMap::new(), beside: Vec::new() }
    }

    /// The tree that the changes are for.
    #[must_use]
    pub fn tree(&self) -> &'t Tree {
        self.tree
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.beside.is_empty()
    }

    fn change(&mut self, id: ElementId) -> Option<&mut Change> {
        let element = self.tree.element(id)?;
        Some(self.changes.entry(element.index).or_default())
    }

    /// Gives an attribute a value; the namespace is empty for a name without prefix.
    pub fn set_attribute(&mut self, element: ElementId, namespace: &str, name: &str, value: &str) {
        self.put_attribute(element, namespace, name, Some(value.to_owned()));
    }

    /// Removes an attribute.
    pub fn remove_attribute(&mut self, element: ElementId, namespace: &str, name: &str) {
        self.put_attribute(element, namespace, name, None);
    }

    fn put_attribute(&mut self, element: ElementId, namespace: &str, name: &str, value: Option<String>) {
        let Some(change) = self.change(element) else { return };
        change.attributes.retain(|(known, local, _)| known != namespace || local != name);
        change.attributes.push((namespace.to_owned(), name.to_owned(), value));
    }

    /// Puts a text in place of all that is between the tags, child elements included.
    pub fn set_text(&mut self, element: ElementId, text: &str) {
        if let Some(change) = self.change(element) {
            change.text = Some(text.to_owned());
        }
    }

    /// Removes an element and the white space before it.
    pub fn remove(&mut self, element: ElementId) {
        if let Some(change) = self.change(element) {
            change.removed = true;
        }
    }

    /// Inserts a new child element. It gets a line of its own where its neighbours have one.
    pub fn insert(&mut self, parent: ElementId, place: Place, new: NewElement) {
        let Some(parent) = self.tree.element(parent) else { return };
        let beside = |id| self.tree.element(id).filter(|element| element.parent() == Some(parent));
        let neighbour = match place {
            Place::First => parent.children().next().map(|first| (first.index, true)),
            Place::Last => parent.children().last().map(|last| (last.index, false)),
            Place::Before(id) => beside(id).map(|element| (element.index, true)),
            Place::After(id) => beside(id).map(|element| (element.index, false)),
        };
        match neighbour.or_else(|| parent.children().last().map(|last| (last.index, false))) {
            Some((index, before)) => self.beside.push((index, before, new)),
            None => self.changes.entry(parent.index).or_default().children.push(new),
        }
    }

    /// The document with the changes.
    ///
    /// # Errors
    /// When the root is removed, or a name or character cannot be written.
    pub fn finish(&self) -> Result<String> {
        if self.changes.get(&0).is_some_and(|root| root.removed) {
            return Err(Error::new(ErrorKind::Write, "the root element cannot be removed"));
        }
        let end = u32::try_from(self.tree.text.len()).unwrap_or(u32::MAX);
        self.part(0, end)
    }

    /// The document with the changes, in its encoding.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        Ok(self.tree.encoding.encode(self.finish()?))
    }

    /// The source of an element with the changes.
    pub(crate) fn source_of(&self, element: Element<'_>) -> Result<String> {
        let node = element.node();
        self.part(node.start, node.end)
    }

    fn part(&self, start: u32, end: u32) -> Result<String> {
        let mut splices = Splices::default();
        for (index, change) in &self.changes {
            let element = Element { tree: self.tree, index: *index };
            splice(&mut splices, element, change).map_err(|error| locate(error, element))?;
        }
        for (index, before, new) in &self.beside {
            let neighbour = Element { tree: self.tree, index: *index };
            let parent = neighbour.parent().unwrap_or(neighbour);
            let mut out = String::new();
            let space = space_before(neighbour);
            let mut writer = Writer::new(parent, Some(space.to_owned()), step_at(self.tree, space));
            writer.push(&mut out, new).map_err(|error| locate(error, parent))?;
            let node = neighbour.node();
            splices.insert(if *before { space_start(neighbour) } else { node.end }, out);
        }
        Ok(splices.apply(&self.tree.text, start, end))
    }
}

fn locate(error: Error, element: Element<'_>) -> Error {
    error.at_path(element.path()).at(element.location())
}

fn splice(splices: &mut Splices, element: Element<'_>, change: &Change) -> Result<()> {
    let node = element.node();
    if change.removed {
        splices.replace(space_start(element), node.end, String::new());
        return Ok(());
    }
    splice_attributes(splices, element, change)?;
    if change.text.is_none() && change.children.is_empty() {
        return Ok(());
    }
    let mut content = String::new();
    text::push_content(&mut content, change.text.as_deref().unwrap_or_default())?;
    let old = element.tree.slice(node.open_end, node.close_start);
    push_children(&mut content, element, change, old.is_empty() || change.text.is_some())?;
    if node.end == node.open_end {
        let qname = super::names(&element.tree.text, node.start + 1, 0, node.name_len).1;
        splices.replace(node.open_end.saturating_sub(2), node.end, format!(">{content}</{qname}>"));
    } else if change.text.is_some() {
        splices.replace(node.open_end, node.close_start, content);
    } else {
        splices.insert(node.open_end, content);
    }
    Ok(())
}

/// Writes new children of an element that had none; with `close`, the white space before its end tag too.
fn push_children(out: &mut String, element: Element<'_>, change: &Change, close: bool) -> Result<()> {
    if change.children.is_empty() {
        return Ok(());
    }
    let is_root = element.parent().is_none();
    let around = if is_root { newline(element.tree) } else { space_before(element) };
    let step = step_at(element.tree, around);
    let line = format!("{around}{step}");
    let mut writer = Writer::new(element, Some(line), step);
    for child in &change.children {
        writer.push(out, child)?;
    }
    if close {
        out.push_str(around);
    }
    Ok(())
}

fn splice_attributes(splices: &mut Splices, element: Element<'_>, change: &Change) -> Result<()> {
    let node = element.node();
    let mut added = String::new();
    let mut declarations = String::new();
    let mut writer = Writer::new(element, None, "");
    for (namespace, name, value) in &change.attributes {
        match (element.attribute(namespace, name), value) {
            (Some(old), Some(value)) => {
                let quote = element.tree.text.as_bytes().get((old.raw.value as usize).saturating_sub(1));
                let mut new = String::new();
                text::push_value(&mut new, value, if quote == Some(&b'\'') { '\'' } else { '"' })?;
                splices.replace(old.raw.value, old.raw.value + old.raw.value_len, new);
            }
            (Some(old), None) => {
                let before = element.tree.slice(node.start, old.raw.name);
                let blank = before.len() - before.trim_end().len();
                let from = old.raw.name.saturating_sub(u32::try_from(blank).unwrap_or_default());
                splices.replace(from, end_of(old), String::new());
            }
            (None, Some(value)) => {
                let prefix = writer.attribute_prefix(namespace, &mut declarations)?;
                push_attribute(&mut added, &prefix, name, value)?;
            }
            (None, None) => {}
        }
    }
    if !added.is_empty() {
        let last = element.all_attributes().last();
        let at = last.map_or_else(|| node.start + 1 + u32::from(node.name_len), end_of);
        splices.insert(at, declarations + &added);
    }
    Ok(())
}

/// Where an attribute ends, its closing quote included.
fn end_of(attribute: Attribute<'_>) -> u32 {
    attribute.raw.value + attribute.raw.value_len + 1
}

/// Where the white space before an element begins.
fn space_start(element: Element<'_>) -> u32 {
    let start = element.node().start;
    let before = element.tree.slice(0, start);
    u32::try_from(before.trim_end_matches([' ', '\t', '\r', '\n']).len()).unwrap_or(start)
}

fn space_before(element: Element<'_>) -> &str {
    element.tree.slice(space_start(element), element.node().start)
}

/// The line end of a document.
fn newline(tree: &Tree) -> &'static str {
    if tree.text.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// How much further the children of an element are indented than the element, which has this white space before it;
/// nothing where it does not begin a line.
fn step_at<'t>(tree: &'t Tree, space: &str) -> &'t str {
    const USUAL: &str = "  ";
    if !space.contains('\n') {
        return "";
    }
    let first = tree.root().children().next().map_or("", space_before);
    match first.rsplit_once('\n') {
        Some((_, step)) if !step.is_empty() => step,
        _ => USUAL,
    }
}
