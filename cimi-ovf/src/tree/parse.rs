//! From text to a tree.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

use cimi_model::xml::chars::{
    ends_cdata, first_illegal_char, is_ncname, is_suspicious_text, is_suspicious_value, is_whitespace, split_qname,
};
use cimi_model::xml::pull::XML_NAMESPACE;
use cimi_model::{Deviation, Error, ErrorKind, Location, Result, printable};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::BytesRef;

use super::encoding::{self, Encoding, Label};
use super::namespaces::{NONE, NamespaceId, Namespaces, XML, XMLNS, XMLNS_NAMESPACE, undeclared};
use super::scan::{self, Part, syntax};
use super::text::decode_value;
use super::{Node, RawAttribute, Tree};
use crate::ReadOptions;

/// Deeper nesting than this is refused whatever the limits say, for typed structures are read and dropped recursively.
const DEEPEST: usize = 100;
/// More declarations than this in one place are refused: each name is looked for among them.
const MOST_DECLARATIONS: usize = 256;

static NEXT_TREE: AtomicU32 = AtomicU32::new(1);

pub(super) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<Tree> {
    let most = options.limits.size.min(i32::MAX as usize);
    let too_large = || {
        let reason = format!("the descriptor is larger than {most} bytes");
        Error::new(ErrorKind::Limit, reason).at(Location { line: 1, column: 1 })
    };
    if bytes.len() > most {
        return Err(too_large());
    }
    let (text, encoding) = encoding::decode(bytes)?;
    // UTF-16 may be longer in UTF-8.
    if text.len() > i32::MAX as usize {
        return Err(too_large());
    }
    let mut builder = Builder {
        text: &text,
        encoding,
        options,
        at: 0,
        elements: Vec::new(),
        attributes: Vec::new(),
        namespaces: Namespaces::new(),
        scope: Vec::new(),
        open: Vec::new(),
        deviations: Vec::new(),
    };
    builder.run().map_err(|error| {
        let located = error.location().is_some();
        let error = if located { error } else { error.at(Location::in_text(text.as_bytes(), builder.at)) };
        error.at_path(builder.path())
    })?;
    let Builder { elements, attributes, namespaces, deviations, .. } = builder;
    let number = NEXT_TREE.fetch_add(1, Ordering::Relaxed);
    Ok(Tree { number, text: text.into_owned(), encoding, elements, attributes, namespaces, deviations })
}

/// An element that has not ended, and what there was before it.
struct Open {
    index: u32,
    /// How many declarations are in scope outside of it.
    scope: usize,
    /// Its last child so far; 0 if there is none.
    last_child: u32,
}

/// What a prefix stands for.
struct Binding<'s> {
    prefix: &'s str,
    /// The prefix, as far as it fits: numbers are compared faster than texts.
    key: u64,
    namespace: NamespaceId,
}

fn key(prefix: &str) -> u64 {
    prefix.bytes().take(8).fold(0, |key, b| (key << 8) | u64::from(b))
}

struct Builder<'s> {
    text: &'s str,
    encoding: Encoding,
    options: &'s ReadOptions,
    /// Where the current token begins.
    at: usize,
    elements: Vec<Node>,
    attributes: Vec<RawAttribute>,
    namespaces: Namespaces,
    /// The prefixes that are declared where the reader is, the innermost last.
    scope: Vec<Binding<'s>>,
    open: Vec<Open>,
    deviations: Vec<Deviation>,
}

fn limit(reason: String) -> Error {
    Error::new(ErrorKind::Limit, reason)
}

/// A place or length in a text that is known to be shorter than `i32::MAX`.
fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The length of a name that is known to be within the limit.
fn tiny(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}

impl<'s> Builder<'s> {
    fn run(&mut self) -> Result<()> {
        while let Some((part, end)) = scan::part(self.text, self.at)? {
            let inner = |before: usize, after: usize| self.text.get(self.at + before..end - after).unwrap_or_default();
            match part {
                Part::Start => self.start(end, end - 1)?,
                Part::Empty => {
                    self.start(end, end - 2)?;
                    self.end(end, end);
                }
                Part::End => self.end_tag(inner(2, 1), end)?,
                Part::Text => self.content(inner(0, 0))?,
                Part::Data => {
                    self.inside()?;
                    check_chars(inner(9, 3))?;
                }
                Part::Comment => check_chars(inner(4, 3))?,
                Part::Instruction => self.instruction(inner(2, 2))?,
            }
            self.at = end;
        }
        match (self.open.is_empty(), self.elements.is_empty()) {
            (false, _) => Err(syntax("the document ends inside of an element")),
            (true, true) => Err(syntax("the document has no root element")),
            (true, false) => Ok(()),
        }
    }

    fn instruction(&mut self, content: &str) -> Result<()> {
        check_chars(content)?;
        let target = content.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
        if target == "xml" {
            return self.declaration(content);
        }
        if target.eq_ignore_ascii_case("xml") || !is_ncname(target) {
            return Err(syntax(format!("'{}' cannot name a processing instruction", printable(target))));
        }
        Ok(())
    }

    fn end_tag(&mut self, name: &str, end: usize) -> Result<()> {
        let open = self.open.last().and_then(|open| self.elements.get(open.index as usize));
        let Some(open) = open else { return Err(syntax("an end tag without a start tag")) };
        let name = name.trim_end_matches([' ', '\t', '\r', '\n']);
        let start = open.start as usize + 1;
        let expected = self.text.get(start..start + usize::from(open.name_len)).unwrap_or_default();
        if name != expected {
            return Err(syntax(format!("'</{}>' ends '<{}>'", printable(name), printable(expected))));
        }
        self.end(self.at, end);
        Ok(())
    }

    fn declaration(&mut self, declaration: &str) -> Result<()> {
        if self.at != 0 {
            return Err(syntax("the XML declaration is not at the start of the document"));
        }
        match encoding::label(declaration, self.encoding, self.text) {
            Label::Fits => Ok(()),
            Label::Bad(reason) => Err(syntax(reason)),
            Label::Lies(reason) => self.deviate(reason),
        }
    }

    fn deviate(&mut self, text: String) -> Result<()> {
        if self.options.strict {
            return Err(syntax(text));
        }
        if self.deviations.len() < self.options.limits.deviations {
            let location = Location::in_text(self.text.as_bytes(), self.at);
            let path = if self.open.is_empty() { "/".to_owned() } else { self.path() };
            self.deviations.push(Deviation::new(path, text, Some(location)));
        }
        Ok(())
    }

    fn inside(&self) -> Result<()> {
        if self.open.is_empty() { Err(syntax("text outside of the root element")) } else { Ok(()) }
    }

    fn content(&self, text: &str) -> Result<()> {
        if is_suspicious_text(text) {
            check_chars(text)?;
            if ends_cdata(text) {
                return Err(syntax("']]>' in text"));
            }
        }
        if self.open.is_empty() && !is_whitespace(text) { self.inside() } else { check_references(text) }
    }

    /// Begins an element, of which the start tag ends at `end`, and its attributes at `attributes_end`.
    fn start(&mut self, end: usize, attributes_end: usize) -> Result<()> {
        let limits = self.options.limits;
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err(syntax("a second root element"));
        }
        if self.open.len() > limits.depth.min(DEEPEST) {
            return Err(limit(format!("nested deeper than {} levels", limits.depth.min(DEEPEST))));
        }
        if self.elements.len() >= limits.elements {
            return Err(limit(format!("more than {} elements", limits.elements)));
        }
        let name_end = scan::name_end(self.text, self.at + 1).min(attributes_end);
        let qname = self.text.get(self.at + 1..name_end).unwrap_or_default();
        self.check_name(qname)?;
        let prefix = split_qname(qname).0.unwrap_or_default();
        let outer = self.scope.len();
        let first = self.attributes.len();
        self.read_attributes(name_end, attributes_end)?;
        let namespace = self.resolve(prefix)?.unwrap_or(NONE);
        let index = short(self.elements.len());
        let (parent, previous) = match self.open.last_mut() {
            Some(open) => (open.index, std::mem::replace(&mut open.last_child, index)),
            None => (0, 0),
        };
        if let Some(previous) = self.elements.get_mut(previous as usize).filter(|_| previous != 0) {
            previous.next = index;
        }
        self.elements.push(Node {
            start: short(self.at),
            open_end: short(end),
            close_start: short(end),
            end: short(end),
            parent,
            next: 0,
            first_attribute: short(first),
            attributes: tiny(self.attributes.len().saturating_sub(first)),
            prefix_len: tiny(prefix.len()),
            name_len: tiny(qname.len()),
            namespace,
        });
        self.open.push(Open { index, scope: outer, last_child: 0 });
        Ok(())
    }

    /// Ends the innermost element.
    fn end(&mut self, close_start: usize, end: usize) {
        let Some(open) = self.open.pop() else { return };
        self.scope.truncate(open.scope);
        if let Some(node) = self.elements.get_mut(open.index as usize) {
            node.close_start = short(close_start);
            node.end = short(end);
        }
    }

    /// Adds the attributes that stand between these places.
    fn read_attributes(&mut self, from: usize, to: usize) -> Result<()> {
        let first = self.attributes.len();
        let most = self.options.limits.attributes.min(usize::from(u16::MAX));
        let mut at = from;
        while let Some(scan::RawAttribute { name, value }) = scan::attribute(self.text, at, to)? {
            at = value.end + 1;
            if self.attributes.len() - first >= most {
                return Err(limit(format!("more than {most} attributes on one element")));
            }
            let qname = self.text.get(name.clone()).unwrap_or_default();
            let raw = self.text.get(value.clone()).unwrap_or_default();
            self.check_name(qname)?;
            self.check_value(qname, raw)?;
            let (prefix, local) = split_qname(qname);
            let declared = match prefix {
                None if local == "xmlns" => Some(""),
                Some("xmlns") => Some(local),
                _ => None,
            };
            if let Some(declared) = declared {
                self.declare(declared, raw)?;
            }
            self.attributes.push(RawAttribute {
                name: short(name.start),
                value: short(value.start),
                value_len: short(raw.len()),
                prefix_len: tiny(prefix.map_or(0, str::len)),
                name_len: tiny(qname.len()),
                namespace: if declared.is_some() { XMLNS } else { NONE },
            });
        }
        if self.attributes.len() > first { self.resolve_attributes(first) } else { Ok(()) }
    }

    /// Finds the namespaces of the attributes, and attributes that occur twice.
    fn resolve_attributes(&mut self, first: usize) -> Result<()> {
        /// More attributes than this are not compared with each other one by one.
        const FEW: usize = 16;
        let mut many = HashSet::new();
        for at in first..self.attributes.len() {
            let Some(mut raw) = self.attributes.get(at).copied() else { continue };
            let (prefix, local) = super::names(self.text, raw.name, raw.prefix_len, raw.name_len);
            if raw.namespace != XMLNS && !prefix.is_empty() {
                raw.namespace = self.resolve(prefix)?.unwrap_or(NONE);
                if let Some(place) = self.attributes.get_mut(at) {
                    place.namespace = raw.namespace;
                }
            }
            let before = self.attributes.get(first..at).unwrap_or_default();
            let twice = if self.attributes.len() - first <= FEW {
                let name =
                    |other: &RawAttribute| super::names(self.text, other.name, other.prefix_len, other.name_len).1;
                before.iter().any(|other| other.namespace == raw.namespace && name(other) == local)
            } else {
                // `xmlns` and `xmlns:xmlns` are told apart by the prefix; the latter is refused elsewhere.
                !many.insert((raw.namespace, local))
            };
            if twice {
                return Err(Error::new(ErrorKind::Duplicate, format!("attribute '{}' occurs twice", printable(local))));
            }
        }
        Ok(())
    }

    /// The namespace of a prefix; `None` for the empty prefix without declaration.
    fn resolve(&mut self, prefix: &str) -> Result<Option<NamespaceId>> {
        let wanted = key(prefix);
        let is_it = |binding: &&Binding<'_>| {
            binding.key == wanted
                && (binding.prefix.len() <= 8 || binding.prefix == prefix)
                && prefix.len() == binding.prefix.len()
        };
        if let Some(binding) = self.scope.iter().rev().find(is_it) {
            return Ok(Some(binding.namespace));
        }
        match prefix {
            "" => Ok(None),
            "xml" => Ok(Some(XML)),
            _ if self.options.undeclared_prefixes && prefix != "xmlns" => {
                let reason = format!("the prefix '{}' is not declared", printable(prefix));
                self.deviate(reason)?;
                self.intern(&undeclared(prefix)).map(Some)
            }
            _ => Err(syntax(format!("the prefix '{}' is not declared", printable(prefix)))),
        }
    }

    fn declare(&mut self, prefix: &'s str, raw: &str) -> Result<()> {
        let most = self.options.limits.name;
        if raw.len() > most {
            return Err(limit(format!("a name longer than {most} bytes")));
        }
        let namespace = decode_value(raw).unwrap_or_default();
        let reserved = namespace == XMLNS_NAMESPACE || (namespace == XML_NAMESPACE && prefix != "xml");
        if reserved || prefix == "xmlns" || (prefix == "xml" && namespace != XML_NAMESPACE) {
            return Err(syntax("a reserved prefix or namespace is declared"));
        }
        if namespace.is_empty() && !prefix.is_empty() {
            return Err(syntax(format!("the prefix '{}' is declared without a namespace", printable(prefix))));
        }
        let most = self.options.limits.attributes.min(MOST_DECLARATIONS);
        if self.scope.len() >= most {
            return Err(limit(format!("more than {most} namespace declarations in scope")));
        }
        let namespace = self.intern(&namespace)?;
        self.scope.push(Binding { prefix, key: key(prefix), namespace });
        Ok(())
    }

    fn intern(&mut self, namespace: &str) -> Result<NamespaceId> {
        self.namespaces.intern(namespace).ok_or_else(|| limit("too many namespaces".to_owned()))
    }

    fn check_name(&self, name: &str) -> Result<()> {
        let most = self.options.limits.name.min(usize::from(u16::MAX));
        if name.len() > most {
            return Err(limit(format!("a name longer than {most} bytes")));
        }
        let (prefix, local) = split_qname(name);
        if is_ncname(local) && prefix.is_none_or(is_ncname) {
            Ok(())
        } else {
            Err(syntax(format!("'{}' is not a legal name", printable(name))))
        }
    }

    #[allow(clippy::unused_self, reason = "beside the check of names")]
    fn check_value(&self, name: &str, raw: &str) -> Result<()> {
        if is_suspicious_value(raw) {
            check_chars(raw)?;
            if raw.contains('<') {
                return Err(syntax(format!("'<' in the value of attribute '{}'", printable(name))));
            }
        }
        check_references(raw)
    }

    /// The names of the open elements.
    fn path(&self) -> String {
        let step = |open: &Open| {
            let node = self.elements.get(open.index as usize)?;
            Some(format!("/{}", printable(super::names(self.text, node.start + 1, node.prefix_len, node.name_len).1)))
        };
        self.open.iter().filter_map(step).collect()
    }
}

fn check_chars(text: &str) -> Result<()> {
    match first_illegal_char(text) {
        Some(c) => Err(syntax(format!("the character U+{:04X} is not allowed in XML", u32::from(c)))),
        None => Ok(()),
    }
}

/// Checks the references in a text.
fn check_references(text: &str) -> Result<()> {
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let name = text.get(at + 1..).and_then(|rest| rest.get(..memchr::memchr(b';', rest.as_bytes())?));
        let name = name.ok_or_else(|| syntax("'&' that begins no reference"))?;
        let reference = BytesRef::new(name);
        if reference.is_char_ref() {
            let c = reference.resolve_char_ref().ok().flatten();
            let c = c.ok_or_else(|| syntax(format!("'&{};' is not a character", printable(name))))?;
            check_chars(c.encode_utf8(&mut [0; 4]))?;
        } else if resolve_predefined_entity(name).is_none() {
            return Err(syntax(format!("the entity '&{};' is not defined", printable(name))));
        }
    }
    Ok(())
}
