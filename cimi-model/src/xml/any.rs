//! Values of any type in XML, both ways.
//!
//! The shapes are those that [`Any`] documents. The writer uses the plain form of an element only where the reader
//! would read the same value back, and otherwise says in an attribute of [`JSON_NAMESPACE`] what it is.

use std::borrow::Cow;
use std::fmt::Write;

use super::JSON_NAMESPACE;
use super::chars::{first_illegal_char, is_ncname, is_whitespace};
use super::pull::{Start, Token, XML_NAMESPACE, XMLNS_NAMESPACE, XmlReader};
use super::writer::XmlWriter;
use crate::Result;
use crate::any::{Any, Number};
use crate::context::Context;
use crate::error::Step;
use crate::extensions::Extensions;
use crate::object::Object;

/// What the attributes of an element say.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// The JSON type.
    pub(crate) json_type: Option<String>,
    /// The member name, where the element's name cannot say it.
    pub(crate) json_name: Option<String>,
    /// The map key, where an attribute cannot say it.
    pub(crate) json_key: Option<String>,
    /// Attributes as members.
    pub(crate) members: Vec<(String, String)>,
}

impl Head {
    /// How much the names of the attributes take.
    pub(crate) fn bytes(&self) -> usize {
        self.members.iter().map(|(key, _)| key.len()).sum()
    }

    /// Whether the element has no attributes.
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.json_type.is_none() && self.json_name.is_none() && self.json_key.is_none()
    }
}

/// The key of an attribute in an object.
fn attribute_key(namespace: Option<&str>, local: &str) -> String {
    match namespace {
        None if local == "href" => local.to_owned(),
        None => format!("@{local}"),
        Some(namespace) => format!("@{}", Extensions::qualified(namespace, local)),
    }
}

/// Whether this is a type that the attribute `type` names.
pub(crate) fn is_json_type(name: &str) -> bool {
    matches!(name, "number" | "boolean" | "null" | "array" | "object" | "string" | "escaped")
}

pub(crate) fn read_head(reader: &XmlReader<'_>, start: &Start<'_>) -> Result<Head> {
    let mut head = Head::default();
    reader.attributes(start, |attribute| {
        let value = attribute.value.into_owned();
        match (attribute.namespace.as_deref(), &*attribute.local) {
            (Some(JSON_NAMESPACE), "type") if is_json_type(&value) => head.json_type = Some(value),
            (Some(JSON_NAMESPACE), "name") => head.json_name = unescape(&value),
            (Some(JSON_NAMESPACE), "key") => head.json_key = unescape(&value),
            (namespace, local) => head.members.push((attribute_key(namespace, local), value)),
        }
        Ok(())
    })?;
    Ok(head)
}

/// The key of a child element of an element in the namespace `parent`.
pub(crate) fn child_key(
    reader: &XmlReader<'_>,
    start: &Start<'_>,
    head: &mut Head,
    parent: &str,
) -> Result<(String, String)> {
    let namespace = reader.namespace(start)?.into_owned();
    let key = match head.json_name.take() {
        Some(name) => name,
        None if namespace == parent => start.local().to_owned(),
        None => Extensions::qualified(&namespace, start.local()),
    };
    Ok((key, namespace))
}

pub(super) enum Node {
    Text(String),
    Element(String, Any),
}

/// The value of the element that was just started, up to its end tag. `namespace` is the element's own.
pub(crate) fn read(reader: &mut XmlReader<'_>, head: Head, namespace: &str, context: &mut Context) -> Result<Any> {
    let first = String::new();
    read_rest(reader, head, namespace, first, None, context)
}

/// As [`read`], when text and perhaps the start tag of a first child have been consumed.
pub(crate) fn read_rest(
    reader: &mut XmlReader<'_>,
    head: Head,
    namespace: &str,
    text: String,
    child: Option<Start<'_>>,
    context: &mut Context,
) -> Result<Any> {
    let mut nodes = Vec::new();
    if !text.is_empty() {
        nodes.push(Node::Text(text));
    }
    if let Some(start) = child {
        nodes.push(read_child(reader, &start, namespace, context)?);
    }
    loop {
        match reader.next()? {
            Token::Text(text) => match nodes.last_mut() {
                Some(Node::Text(last)) => last.push_str(&text),
                _ => nodes.push(Node::Text(text.into_owned())),
            },
            Token::Start(start) => nodes.push(read_child(reader, &start, namespace, context)?),
            Token::End => break,
            Token::Eof => return Err(reader.unfinished()),
        }
    }
    Ok(assemble(head, nodes))
}

fn read_child(reader: &mut XmlReader<'_>, start: &Start<'_>, parent: &str, context: &mut Context) -> Result<Node> {
    context.count()?;
    let mut head = read_head(reader, start)?;
    let (key, namespace) = child_key(reader, start, &mut head, parent)?;
    context.charge(key.len() + head.bytes())?;
    let value = context.at(|| Step::Owned(key.clone()), |context| read(reader, head, &namespace, context))?;
    Ok(Node::Element(key, value))
}

pub(super) fn assemble(mut head: Head, nodes: Vec<Node>) -> Any {
    let json_type = head.json_type.take();
    let Some(json_type) = json_type else { return untyped(head.members, nodes, false) };
    let nodes = match typed(&json_type, nodes) {
        Ok(value) if head.members.is_empty() => return value,
        Ok(value) => {
            // Attributes beside a typed value: nobody writes that, but nothing is dropped.
            let mut object = members_of(head.members);
            object.insert("#text", value);
            return Any::Object(object);
        }
        Err(nodes) => nodes,
    };
    if json_type != "object" {
        head.members.push((format!("@{}", Extensions::qualified(JSON_NAMESPACE, "type")), json_type));
        return untyped(head.members, nodes, false);
    }
    untyped(head.members, nodes, true)
}

/// The value that the type attribute promises, or the nodes again if they do not fit it.
fn typed(json_type: &str, mut nodes: Vec<Node>) -> std::result::Result<Any, Vec<Node>> {
    if json_type == "array" {
        let text = nodes.iter().any(|node| matches!(node, Node::Text(text) if !is_whitespace(text)));
        if text {
            return Err(nodes);
        }
        let items = nodes.into_iter().filter_map(|node| match node {
            Node::Element(_, value) => Some(value),
            Node::Text(_) => None,
        });
        return Ok(Any::Array(items.collect()));
    }
    let text = match nodes.as_slice() {
        [] => "",
        [Node::Text(text)] => text,
        _ => return Err(nodes),
    };
    let value = match json_type {
        "null" if text.is_empty() => Some(Any::Null),
        "boolean" if text == "true" => Some(Any::Boolean(true)),
        "boolean" if text == "false" => Some(Any::Boolean(false)),
        "number" => Number::parse(text).map(Any::Number),
        "escaped" => unescape(text).map(Any::String),
        "string" => {
            let text = match nodes.pop() {
                Some(Node::Text(text)) => text,
                _ => String::new(),
            };
            return Ok(Any::String(text));
        }
        _ => None,
    };
    value.ok_or(nodes)
}

/// The value of an element that has only text.
pub(crate) fn of_text(head: Head, text: String) -> Any {
    let nodes = if text.is_empty() { Vec::new() } else { vec![Node::Text(text)] };
    assemble(head, nodes)
}

fn members_of(attributes: Vec<(String, String)>) -> Object {
    attributes.into_iter().map(|(key, value)| (key, Any::String(value))).collect()
}

fn untyped(attributes: Vec<(String, String)>, mut nodes: Vec<Node>, object: bool) -> Any {
    let elements = nodes.iter().any(|node| matches!(node, Node::Element(..)));
    if !elements {
        let text = match nodes.pop() {
            Some(Node::Text(text)) => text,
            _ => String::new(),
        };
        if attributes.is_empty() && !object {
            return Any::String(text);
        }
        let mut members = members_of(attributes);
        if !text.is_empty() {
            members.insert("#text".to_owned(), Any::String(text));
        }
        return Any::Object(members);
    }
    let mixed = nodes.iter().any(|node| matches!(node, Node::Text(text) if !is_whitespace(text)));
    if !mixed {
        nodes.retain(|node| matches!(node, Node::Element(..)));
    }
    let members = members_of(attributes);
    let keys = nodes.iter().map(|node| match node {
        Node::Text(_) => None,
        Node::Element(key, _) => Some(key.as_str()),
    });
    if mixed || !is_grouped(keys, |key| members.get(key).is_some()) {
        return content(members, nodes);
    }
    Any::Object(grouped(members, nodes))
}

/// Whether elements of one name stand together and no attribute has the same key.
fn is_grouped<'a>(keys: impl Iterator<Item = Option<&'a str>>, is_attribute: impl Fn(&str) -> bool) -> bool {
    let mut done = std::collections::HashSet::new();
    let mut last = None;
    for key in keys.flatten() {
        if last == Some(key) {
            continue;
        }
        if !done.insert(key) || is_attribute(key) {
            return false;
        }
        last = Some(key);
    }
    true
}

fn grouped(mut members: Object, nodes: Vec<Node>) -> Object {
    let mut runs: Vec<(String, Vec<Any>)> = Vec::new();
    for node in nodes {
        let Node::Element(key, value) = node else { continue };
        match runs.last_mut() {
            Some((last, values)) if *last == key => values.push(value),
            _ => runs.push((key, vec![value])),
        }
    }
    for (key, mut values) in runs {
        let value = if values.len() == 1 { values.pop().unwrap_or(Any::Null) } else { Any::Array(values) };
        members.insert(key, value);
    }
    members
}

fn content(mut members: Object, nodes: Vec<Node>) -> Any {
    let items = nodes.into_iter().map(|node| match node {
        Node::Text(text) => Any::String(text),
        Node::Element(key, value) => [(key, value)].into_iter().collect(),
    });
    members.insert("#content".to_owned(), Any::Array(items.collect()));
    Any::Object(members)
}

/// Characters in JSON's escapes, without the quotes around.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if super::chars::is_char(c) && !matches!(c, '\\' | '"') {
            out.push(c);
        } else if matches!(c, '\\' | '"') {
            out.push('\\');
            out.push(c);
        } else {
            // Only characters of the basic plane are illegal.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
    }
    out
}

/// The text of [`escape`]d characters. Line ends and tabs may stand for themselves.
pub(crate) fn unescape(text: &str) -> Option<String> {
    let literal = text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    serde_json::from_str(&format!("\"{literal}\"")).ok()
}

/// Whether XML can hold the text.
pub(crate) fn is_legal(text: &str) -> bool {
    first_illegal_char(text).is_none()
}

/// Where an attribute that stands as a member of an object goes: namespace and name.
pub(crate) fn attribute_of(key: &str) -> Option<(Option<&str>, &str)> {
    if key == "href" {
        return Some((None, key));
    }
    let name = key.strip_prefix('@')?;
    match split_qualified(name) {
        Some(("" | JSON_NAMESPACE, _)) => None,
        Some((namespace, local)) => Some((Some(namespace), local)),
        None if is_ncname(name) && !matches!(name, "href" | "xmlns") => Some((None, name)),
        None => None,
    }
}

/// Namespace and name of a key such as `{namespace}name`.
pub(crate) fn split_qualified(key: &str) -> Option<(&str, &str)> {
    let (namespace, local) = key.strip_prefix('{')?.rsplit_once('}')?;
    (is_ncname(local) && is_legal(namespace) && namespace != XMLNS_NAMESPACE).then_some((namespace, local))
}

/// The element that stands for a key: its name, its namespace, and the key if the name does not say it.
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) json_name: Option<&'a str>,
}

/// The tag of a member of an element in the namespace `parent`.
pub(crate) fn tag<'a>(key: &'a str, parent: &'a str) -> Tag<'a> {
    if is_ncname(key) {
        return Tag { name: key, namespace: parent, json_name: None };
    }
    match split_qualified(key) {
        Some((namespace, name)) if namespace != parent && namespace != XML_NAMESPACE => {
            Tag { name, namespace, json_name: None }
        }
        _ => Tag { name: "item", namespace: parent, json_name: Some(key) },
    }
}

impl XmlWriter<'_> {
    /// Writes one element for a value. With `typed` the JSON type is said even where the content tells it.
    pub(crate) fn any_element(&mut self, tag: &Tag<'_>, parent: &str, value: &Any, typed: bool) -> Result<()> {
        self.start(tag.name, tag.namespace, parent)?;
        if let Some(name) = tag.json_name {
            self.json_attribute("name", &escape(name));
        }
        self.any_body(value, tag.namespace, typed)?;
        self.end(tag.name)
    }

    /// Writes attributes and content of an element that was started.
    pub(crate) fn any_body(&mut self, value: &Any, namespace: &str, typed: bool) -> Result<()> {
        match value {
            Any::Null => self.json_attribute("type", "null"),
            Any::Boolean(value) => {
                self.json_attribute("type", "boolean");
                self.text(if *value { "true" } else { "false" });
            }
            Any::Number(number) => {
                self.json_attribute("type", "number");
                self.text(number.as_str());
            }
            Any::String(text) if !is_legal(text) => {
                self.json_attribute("type", "escaped");
                self.text(&escape(text));
            }
            Any::String(text) => {
                if typed {
                    self.json_attribute("type", "string");
                }
                self.text(text);
            }
            Any::Array(items) => {
                self.json_attribute("type", "array");
                let item = Tag { name: "item", namespace, json_name: None };
                for value in items {
                    self.any_element(&item, namespace, value, false)?;
                }
            }
            Any::Object(members) => self.any_object(members, namespace, typed)?,
        }
        Ok(())
    }

    fn any_object(&mut self, members: &Object, namespace: &str, typed: bool) -> Result<()> {
        let mut attributes = Vec::new();
        let mut children = Vec::new();
        for (key, value) in members.iter() {
            match (attribute_of(key), value) {
                (Some(name), Any::String(text)) if is_legal(text) => attributes.push((name, text)),
                _ => children.push((key, value)),
            }
        }
        let text = match children.as_slice() {
            [("#text", Any::String(text))] if !text.is_empty() && is_legal(text) => Some(text),
            _ => None,
        };
        if typed || (attributes.is_empty() && (children.is_empty() || text.is_some())) {
            self.json_attribute("type", "object");
        }
        for ((namespace, name), text) in attributes {
            self.attribute(namespace, name, text);
        }
        if let Some(text) = text {
            self.text(text);
            return Ok(());
        }
        if let [("#content", Any::Array(items))] = children.as_slice()
            && is_content(items, |key| members.get(key).is_some())
        {
            return self.any_content(items, namespace);
        }
        for (key, value) in children {
            self.any_member(&tag(key, namespace), namespace, value)?;
        }
        Ok(())
    }

    /// Writes a member: an array of two and more as elements of the same name.
    pub(crate) fn any_member(&mut self, tag: &Tag<'_>, parent: &str, value: &Any) -> Result<()> {
        match value {
            Any::Array(items) if items.len() > 1 => {
                items.iter().try_for_each(|item| self.any_element(tag, parent, item, false))
            }
            value => self.any_element(tag, parent, value, false),
        }
    }

    fn any_content(&mut self, items: &[Any], namespace: &str) -> Result<()> {
        self.mark_mixed();
        for item in items {
            match item {
                Any::String(text) => self.text(text),
                Any::Object(members) => {
                    for (key, value) in members.iter() {
                        self.any_element(&tag(key, namespace), namespace, value, false)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether the reader would make just these items of the content that they stand for.
fn is_content(items: &[Any], is_attribute: impl Fn(&str) -> bool) -> bool {
    let key_of = |item: &'_ Any| match item {
        Any::Object(members) if members.len() == 1 => {
            members.iter().next().map(|(key, _)| Cow::Owned::<str>(key.to_owned()))
        }
        _ => None,
    };
    let well_formed = items.iter().all(|item| match item {
        Any::String(text) => !text.is_empty() && is_legal(text),
        item => key_of(item).is_some(),
    });
    let adjacent = items.windows(2).any(|pair| matches!(pair, [Any::String(_), Any::String(_)]));
    let texts = || items.iter().filter_map(Any::as_str);
    let mixed = texts().any(|text| !is_whitespace(text));
    let keys: Vec<_> = items.iter().map(key_of).collect();
    let elements = keys.iter().any(Option::is_some);
    let grouped = is_grouped(keys.iter().map(Option::as_deref), is_attribute);
    well_formed && !adjacent && elements && (mixed || (texts().next().is_none() && !grouped))
}
