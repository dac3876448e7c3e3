//! Reads valueScope.

use std::collections::HashMap;

use super::any::{Head, Node, assemble, child_key, read_head};
use super::chars::is_whitespace;
use super::pull::{Start, Token, XmlReader};
use super::read::{Reader, Seen};
use super::scopes::{ITEM, Texts, is_bound};
use crate::any::{Any, Number};
use crate::context::Context;
use crate::error::Step;
use crate::extensions::Origin;
use crate::object::Object;
use crate::scope::{NO_SCOPES, VSCOPE, are_scopes, is_keyword, is_value_scope};
use crate::{Dialect, Result};

impl Reader<'_> {
    /// Reads the attribute that any resource may have (5.5.14), though it is in no table.
    pub(super) fn extension_scopes(&mut self, start: &Start<'_>, seen: &mut Seen) -> Result<()> {
        self.context.path.push(Step::Name(VSCOPE));
        let read = self.scopes(start)?;
        if let Some(place) = seen.first(VSCOPE, Origin::Element) {
            let earlier = std::mem::replace(place, Any::Null);
            *place = read.after(Some(earlier)).unwrap_or(Any::Null);
        } else if let Some(value) = read.after(None) {
            seen.extend(VSCOPE.to_owned(), Origin::Element, value);
        }
        self.context.path.pop();
        Ok(())
    }

    /// Reads one element of an array of valueScope.
    pub(super) fn scopes(&mut self, start: &Start<'_>) -> Result<Scopes> {
        let mark = self.xml.mark();
        let head = self.head(start)?;
        let read = match read(&mut self.xml, head, self.space, &mut self.context)? {
            // In an override, an empty element erases (4.2.1.1).
            Scopes::Empty if self.context.overrides > 0 => Scopes::Value(Any::Null),
            read => read,
        };
        let conforms = match &read {
            Scopes::Empty => true,
            Scopes::Items(items) => items.iter().all(is_value_scope),
            Scopes::Value(value) => are_scopes(value) || (*value == Any::Null && self.context.overrides > 0),
        };
        if !conforms {
            self.deviate(NO_SCOPES, mark)?;
        }
        Ok(read)
    }
}

/// What one element `vscope` holds.
pub(super) enum Scopes {
    /// Nothing.
    Empty,
    /// Some items of the array.
    Items(Vec<Any>),
    /// A value that says what it is.
    Value(Any),
}

impl Scopes {
    /// The value together with that of an earlier element of the same name.
    pub(super) fn after(self, earlier: Option<Any>) -> Option<Any> {
        let (items, whole) = match self {
            Self::Empty => return earlier,
            Self::Items(items) => (items, false),
            Self::Value(value) => (vec![value], true),
        };
        match earlier {
            None if whole => items.into_iter().next(),
            None => Some(Any::Array(items)),
            Some(Any::Array(mut all)) => {
                all.extend(items);
                Some(Any::Array(all))
            }
            Some(other) => Some(Any::Array(std::iter::once(other).chain(items).collect())),
        }
    }
}

struct Element {
    key: String,
    local: String,
    /// Whether the key is said in so many words.
    named: bool,
    head: Head,
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    Element(Element),
}

/// Reads the element `vscope` that was just started, up to its end tag. `namespace` is its own.
fn read(reader: &mut XmlReader<'_>, head: Head, namespace: &str, context: &mut Context) -> Result<Scopes> {
    let parts = read_parts(reader, namespace, context)?;
    let element = Element { key: String::new(), local: String::new(), named: false, head, parts };
    if element.head.json_type.as_deref() == Some("object") && element.head.members.is_empty() && !element.has_text() {
        return Ok(Scopes::Value(value_scope(element)));
    }
    if !element.is_plain() {
        return Ok(Scopes::Value(element.into_any()));
    }
    if element.children().next().is_none() {
        return Ok(Scopes::Empty);
    }
    if element.children().all(|child| child.key == ITEM) {
        return Ok(Scopes::Items(element.into_children().map(|child| child.read_as(value_scope)).collect()));
    }
    Ok(Scopes::Items(vec![value_scope(element)]))
}

fn read_parts(reader: &mut XmlReader<'_>, namespace: &str, context: &mut Context) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    loop {
        match reader.next()? {
            Token::Text(text) => match parts.last_mut() {
                Some(Part::Text(last)) => last.push_str(&text),
                _ => parts.push(Part::Text(text.into_owned())),
            },
            Token::Start(start) => parts.push(Part::Element(read_child(reader, &start, namespace, context)?)),
            Token::End => return Ok(parts),
            Token::Eof => return Err(reader.unfinished()),
        }
    }
}

fn read_child(reader: &mut XmlReader<'_>, start: &Start<'_>, parent: &str, context: &mut Context) -> Result<Element> {
    context.count()?;
    let mut head = read_head(reader, start)?;
    let named = head.json_name.is_some();
    let (mut key, namespace) = child_key(reader, start, &mut head, parent)?;
    let local = start.local().to_owned();
    // Keywords are those of the standard also where the attribute is a vendor's.
    if !named && is_keyword(&local) && Dialect::of_namespace(&namespace).is_some() {
        key.clone_from(&local);
    }
    context.charge(key.len() + local.len() + head.bytes())?;
    let parts = context.at(|| Step::Owned(key.clone()), |context| read_parts(reader, &namespace, context))?;
    Ok(Element { key, local, named, head, parts })
}

impl Element {
    fn children(&self) -> impl Iterator<Item = &Self> {
        self.parts.iter().filter_map(|part| match part {
            Part::Element(child) => Some(child),
            Part::Text(_) => None,
        })
    }

    fn into_children(self) -> impl Iterator<Item = Self> {
        self.parts.into_iter().filter_map(|part| match part {
            Part::Element(child) => Some(child),
            Part::Text(_) => None,
        })
    }

    fn has_text(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Text(text) if !is_whitespace(text)))
    }

    /// Whether there are neither attributes nor text.
    fn is_plain(&self) -> bool {
        self.head.is_empty() && !self.has_text()
    }

    /// The text, if there is nothing else.
    fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            _ if !self.head.is_empty() => None,
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The value in the shape that any element has.
    fn into_any(self) -> Any {
        let nodes = self.parts.into_iter().map(|part| match part {
            Part::Text(text) => Node::Text(text),
            Part::Element(mut child) => {
                let key = std::mem::take(&mut child.key);
                Node::Element(key, child.into_any())
            }
        });
        let nodes = nodes.collect();
        assemble(self.head, nodes)
    }

    /// The value in this shape, or in that of any element if it does not have the shape.
    fn read_as(self, shape: fn(Self) -> Any) -> Any {
        if self.is_plain() { shape(self) } else { self.into_any() }
    }

    /// Attributes that are keywords stand for elements (5.5.8).
    fn with_attributes_as_children(mut self) -> Self {
        let attributes = std::mem::take(&mut self.head.members).into_iter().map(|(key, text)| {
            let key = key.strip_prefix('@').filter(|name| is_keyword(name)).map_or_else(|| key.clone(), str::to_owned);
            Part::Element(Self {
                local: key.clone(),
                key,
                named: false,
                head: Head::default(),
                parts: vec![Part::Text(text)],
            })
        });
        self.parts = attributes.collect::<Vec<_>>().into_iter().chain(self.parts).collect();
        self
    }
}

/// Values by name, in the order of the first of each name.
#[derive(Default)]
struct Members {
    values: Vec<(String, Vec<Any>)>,
    /// Where each name is.
    index: HashMap<String, usize>,
}

impl Members {
    fn add(&mut self, key: String, value: Any) {
        let at = *self.index.entry(key.clone()).or_insert(self.values.len());
        match self.values.get_mut(at) {
            Some((_, values)) => values.push(value),
            None => self.values.push((key, vec![value])),
        }
    }

    /// Several of one name are an array; those of `always` are one even if there is only one.
    fn into_any(self, always: Option<&str>) -> Any {
        let mut members = Object::new();
        for (key, mut values) in self.values {
            let single = values.len() == 1 && always != Some(&*key);
            let value = if single { values.pop().unwrap_or(Any::Null) } else { Any::Array(values) };
            members.push(key, value);
        }
        Any::Object(members)
    }
}

fn value_scope(element: Element) -> Any {
    let mut members = Members::default();
    for mut child in element.into_children() {
        let key = std::mem::take(&mut child.key);
        let shaped = child.head.json_type.is_none() && !child.has_text();
        let child = if shaped { child.with_attributes_as_children() } else { child };
        members.add(key, child.read_as(scope));
    }
    members.into_any(None)
}

fn scope(element: Element) -> Any {
    let texts: Vec<&str> = element.children().flat_map(value_texts).collect();
    let texts = Texts::of(&texts);
    let value_of = |child: Element| match child.text() {
        Some(text) => texts.value(text),
        None => child.into_any(),
    };
    let is_value = |child: &Element| child.key == "value" && !child.named;
    // One value and a default are an enumeration of one: a single value has no default.
    let several = match element.children().filter(|child| is_value(child)).count() {
        0 => false,
        1 => element.children().any(|child| child.key == "default"),
        _ => true,
    };
    let mut members = Members::default();
    let mut listed = false;
    for child in element.into_children() {
        let key = child.key.clone();
        match &*key {
            "value" if several && is_value(&child) => {
                listed = true;
                members.add("values".to_owned(), value_of(child));
            }
            "values" if child.local == "value" || child.text().is_some() => {
                listed = true;
                members.add(key, value_of(child));
            }
            "values" if child.is_list() => {
                listed = true;
                for item in child.into_children() {
                    members.add(key.clone(), value_of(item));
                }
            }
            "value" | "default" => members.add(key, value_of(child)),
            "item" => members.add(key, child.read_as(value_scope)),
            name if is_bound(name) => {
                let number = child.text().and_then(Number::parse).map(Any::Number);
                members.add(key, number.unwrap_or_else(|| child.into_any()));
            }
            _ => members.add(key, child.into_any()),
        }
    }
    members.into_any(listed.then_some("values"))
}

impl Element {
    /// Whether this holds the values of an enumeration.
    fn is_list(&self) -> bool {
        self.is_plain() && self.children().next().is_some() && self.children().all(|child| child.key == "value")
    }
}

/// The texts in a member of a scope that are values.
fn value_texts(child: &Element) -> Vec<&str> {
    match &*child.key {
        "values" if child.is_list() => child.children().filter_map(Element::text).collect(),
        "value" | "values" | "default" => child.text().into_iter().collect(),
        _ => Vec::new(),
    }
}
