//! From text to a tree.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

use cimi_model::xml::chars::{
    first_illegal_char, is_ncname, is_suspicious_text, is_suspicious_value, is_whitespace, split_qname,
};
use cimi_model::xml::pull::XML_NAMESPACE;
use cimi_model::{Deviation, Error, ErrorKind, Location, Result, printable};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::encoding::{self, Encoding, Label};
use super::namespaces::{NONE, NamespaceId, Namespaces, XML, XMLNS, XMLNS_NAMESPACE};
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
    scope: Vec<(&'s str, NamespaceId)>,
    open: Vec<Open>,
    deviations: Vec<Deviation>,
}

fn syntax(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Syntax, reason)
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
        let mut reader = Reader::from_str(self.text);
        let config = reader.config_mut();
        config.check_comments = true;
        config.trim_markup_names_in_closing_tags = true;
        loop {
            let position = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
            self.at = position(reader.buffer_position());
            let event = reader.read_event().map_err(|error| syntax(printable(&error.to_string())).caused_by(error))?;
            let end = position(reader.buffer_position());
            match event {
                Event::Start(tag) => self.start(&tag, end)?,
                Event::Empty(tag) => {
                    self.start(&tag, end)?;
                    self.end(end, end);
                }
                Event::End(_) => self.end(self.at, end),
                Event::Text(text) => self.content(&text)?,
                Event::CData(text) => {
                    self.inside()?;
                    check_chars(&text)?;
                }
                Event::GeneralRef(reference) => {
                    self.inside()?;
                    check_reference(&reference)?;
                }
                Event::Decl(declaration) => self.declaration(&declaration)?,
                Event::DocType(_) => return Err(syntax("a DOCTYPE is not accepted")),
                Event::PI(pi) => {
                    check_chars(&pi)?;
                    if pi.target().eq_ignore_ascii_case("xml") || !is_ncname(pi.target()) {
                        let name = printable(pi.target());
                        return Err(syntax(format!("'{name}' cannot name a processing instruction")));
                    }
                }
                Event::Comment(comment) => check_chars(&comment)?,
                Event::Eof if !self.open.is_empty() => return Err(syntax("the document ends inside of an element")),
                Event::Eof if self.elements.is_empty() => return Err(syntax("the document has no root element")),
                Event::Eof => return Ok(()),
            }
        }
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
            if text.contains("]]>") {
                return Err(syntax("']]>' in text"));
            }
        }
        if self.open.is_empty() && !is_whitespace(text) { self.inside() } else { Ok(()) }
    }

    fn start(&mut self, tag: &BytesStart<'_>, end: usize) -> Result<()> {
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
        let qname = tag.name().0;
        self.check_name(qname)?;
        let prefix = split_qname(qname).0.unwrap_or_default();
        let outer = self.scope.len();
        let first = self.attributes.len();
        if !tag.attributes_raw().is_empty() {
            self.read_attributes(tag, first)?;
        }
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

    /// Adds the attributes of a start tag, of which the first gets the number `first`.
    fn read_attributes(&mut self, tag: &BytesStart<'_>, first: usize) -> Result<()> {
        // The tag borrows from the text, so places in the text follow from addresses.
        let place = |part: &str| part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        let most = self.options.limits.attributes.min(usize::from(u16::MAX));
        let mut after = 0;
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| syntax(printable(&error.to_string())).caused_by(error))?;
            let (name, value) = (place(attribute.key.0), place(&attribute.value));
            let len = attribute.key.0.len();
            if name == after {
                return Err(syntax("no white space between attributes"));
            }
            after = value + attribute.value.len() + 1;
            if self.attributes.len() - first >= most {
                return Err(limit(format!("more than {most} attributes on one element")));
            }
            let qname = self.text.get(name..name + len).unwrap_or_default();
            let raw = self.text.get(value..value + attribute.value.len()).unwrap_or_default();
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
                name: short(name),
                value: short(value),
                value_len: short(raw.len()),
                prefix_len: tiny(prefix.map_or(0, str::len)),
                name_len: tiny(len),
                namespace: if declared.is_some() { XMLNS } else { NONE },
            });
        }
        self.resolve_attributes(first)
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
        if let Some((_, namespace)) = self.scope.iter().rev().find(|(declared, _)| *declared == prefix) {
            return Ok(Some(*namespace));
        }
        match prefix {
            "" => Ok(None),
            "xml" => Ok(Some(XML)),
            _ if self.options.undeclared_prefixes && prefix != "xmlns" => {
                let reason = format!("the prefix '{}' is not declared", printable(prefix));
                self.deviate(reason)?;
                self.intern(&format!("undeclared:{prefix}")).map(Some)
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
        let number = self.intern(&namespace)?;
        self.scope.push((prefix, number));
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
        if raw.contains('&') {
            let reason = || format!("a bad reference in the value of attribute '{}'", printable(name));
            check_chars(&decode_value(raw).ok_or_else(|| syntax(reason()))?)?;
        }
        Ok(())
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

fn check_reference(reference: &BytesRef<'_>) -> Result<()> {
    if reference.is_char_ref() {
        let c = reference.resolve_char_ref().ok().flatten();
        let c = c.ok_or_else(|| syntax(format!("'&{};' is not a character", printable(reference))))?;
        let mut bytes = [0; 4];
        return check_chars(c.encode_utf8(&mut bytes));
    }
    match resolve_predefined_entity(reference) {
        Some(_) => Ok(()),
        None => Err(syntax(format!("the entity '&{};' is not defined", printable(reference)))),
    }
}
