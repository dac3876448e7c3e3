//! A pull reader for XML that refuses what is not well-formed.
//!
//! A thin layer over quick-xml that adds what a server facing the network needs: names, characters and
//! references are checked, namespaces must be declared, a DOCTYPE is refused, depth and sizes are limited, and
//! each error has a line and a column. The codec of this crate and the other crates of the workspace build on it.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::io::BufRead;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute as RawAttribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceError, QName, ResolveResult};

use super::chars::{is_ncname, is_whitespace, split_qname};
use super::checks::touching;
use crate::error::{Locator, printable};
use crate::lines::CountLines;
use crate::{Error, ErrorKind, Limits, Location, Result};

/// The namespace that the prefix `xml` is always bound to.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespace of namespace declarations.
pub(crate) const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// What [`XmlReader::next`] found.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "an XML document consists of just these")]
pub enum Token<'i> {
    /// A start tag; an empty element gives a start and an end.
    Start(Start<'i>),
    /// An end tag; it belongs to the start tag that is still open.
    End,
    /// A piece of text with references resolved and line ends normalized. Pieces follow one another.
    Text(Cow<'i, str>),
    /// The document has ended after its one root element.
    Eof,
}

/// A start tag.
#[derive(Debug)]
pub struct Start<'i> {
    tag: BytesStart<'i>,
}

impl Start<'_> {
    /// How many bytes the attributes and namespace declarations have.
    pub(super) fn weight(&self) -> usize {
        self.tag.attributes_raw().len()
    }

    /// Whether the start tag has neither attributes nor namespace declarations.
    pub(crate) fn is_plain(&self) -> bool {
        self.tag.attributes_raw().is_empty()
    }

    /// The local part of the element's name.
    #[must_use]
    pub fn local(&self) -> &str {
        split_qname(self.tag.name().0).1
    }
}

/// One attribute of a start tag. Namespace declarations are not among them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attribute<'a> {
    /// The namespace, for a prefixed name.
    pub namespace: Option<Cow<'a, str>>,
    /// The local part of the name.
    pub local: Cow<'a, str>,
    /// The normalized value.
    pub value: Cow<'a, str>,
}

/// Reads tokens from a slice or from a [`BufRead`].
#[allow(clippy::struct_excessive_bools, reason = "where in the document it is, not options")]
pub struct XmlReader<'i> {
    pub(super) feed: Feed<'i>,
    pub(super) limits: Limits,
    pub(super) depth: usize,
    pub(super) elements: usize,
    seen_root: bool,
    at_start: bool,
    /// The element that was started last is empty: its end comes next.
    empty: bool,
    /// Set when the declared encoding is a superset of ASCII that is not decoded here.
    pub(super) ascii_only: bool,
    /// Where the current token begins.
    pub(super) token_start: Location,
    pub(super) token_offset: usize,
    /// The limit on size is that of each part, which [`restart_count`](Self::restart_count) begins, and here this one
    /// began.
    pub(super) part: Option<u64>,
    /// Reading has failed within a token: nothing after it can be understood.
    pub(super) broken: bool,
}

pub(super) enum Feed<'i> {
    Slice(NsReader<&'i [u8]>, Cell<Locator<'i>>),
    // The pull reader hands out owned events here: slower than the slice, but in constant memory.
    Stream(Box<NsReader<CountLines<Box<dyn BufRead + 'i>>>>, Vec<u8>),
}

impl std::fmt::Debug for XmlReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XmlReader").field("depth", &self.depth).field("location", &self.location()).finish()
    }
}

impl<'i> XmlReader<'i> {
    /// A reader over bytes in memory.
    ///
    /// # Errors
    /// When the document is larger than [`Limits::size`].
    pub fn from_slice(input: &'i [u8], limits: Limits) -> Result<Self> {
        if input.len() > limits.size {
            return Err(too_large(limits));
        }
        let mut reader = NsReader::from_reader(input);
        configure(reader.config_mut());
        reader.resolver_mut().set_max_namespace_bindings(limits.attributes);
        Ok(Self::new(Feed::Slice(reader, Cell::new(Locator::new(input))), limits))
    }

    /// A reader over a stream; the limit on size is the caller's to set, for memory does not grow with it.
    pub fn from_reader(input: impl BufRead + 'i, limits: Limits) -> Self {
        let input: Box<dyn BufRead + 'i> = Box::new(input);
        let mut reader = NsReader::from_reader(CountLines::new(input, limits.size));
        configure(reader.config_mut());
        reader.resolver_mut().set_max_namespace_bindings(limits.attributes);
        Self::new(Feed::Stream(Box::new(reader), Vec::new()), limits)
    }

    /// A reader over a stream of parts, each within the limits.
    pub(crate) fn of_parts(input: impl BufRead + 'i, limits: Limits) -> Self {
        Self { part: Some(0), ..Self::from_reader(input, limits) }
    }

    fn new(feed: Feed<'i>, limits: Limits) -> Self {
        Self {
            feed,
            limits,
            depth: 0,
            elements: 0,
            seen_root: false,
            at_start: true,
            empty: false,
            ascii_only: false,
            token_start: Location { line: 1, column: 1 },
            token_offset: 0,
            part: None,
            broken: false,
        }
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// An error of this kind at the current token.
    pub fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at(self.location())
    }

    pub(super) fn syntax(&self, reason: impl Into<String>) -> Error {
        self.error(ErrorKind::Syntax, reason)
    }

    /// The root element of a document of which nothing has been read.
    pub(super) fn root(&mut self) -> Result<Start<'i>> {
        match self.next()? {
            Token::Start(start) => Ok(start),
            _ => Err(self.no_root()),
        }
    }

    fn no_root(&self) -> Error {
        self.syntax("the document has no root element")
    }

    pub(super) fn unfinished(&self) -> Error {
        self.syntax("the document ends inside of an element")
    }

    /// The next token.
    ///
    /// # Errors
    /// When the document is not well-formed, holds a DOCTYPE or exceeds a limit.
    #[allow(clippy::should_implement_trait, reason = "an iterator could not end with Eof and fail for good")]
    pub fn next(&mut self) -> Result<Token<'i>> {
        if std::mem::take(&mut self.empty) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(Token::End);
        }
        loop {
            let event = self.event()?;
            let at_start = std::mem::replace(&mut self.at_start, false);
            match event {
                Event::Start(tag) => return self.start(tag),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Token::End);
                }
                Event::Text(text) => {
                    self.check_text(&text)?;
                    let text = text.xml10_content();
                    if self.depth > 0 {
                        return Ok(Token::Text(text));
                    }
                    if !is_whitespace(&text) {
                        return Err(self.syntax("text outside of the root element"));
                    }
                }
                Event::CData(text) => {
                    if self.depth == 0 {
                        return Err(self.syntax("text outside of the root element"));
                    }
                    self.check_chars(&text)?;
                    return Ok(Token::Text(text.xml10_content()));
                }
                Event::GeneralRef(reference) => return self.reference(&reference),
                Event::Decl(decl) => self.declaration(&decl, at_start)?,
                Event::DocType(_) => return Err(self.syntax("a DOCTYPE is not accepted")),
                Event::PI(pi) => {
                    self.check_chars(&pi)?;
                    if pi.target().eq_ignore_ascii_case("xml") || !is_ncname(pi.target()) {
                        let name = printable(pi.target());
                        return Err(self.syntax(format!("'{name}' cannot name a processing instruction")));
                    }
                }
                Event::Comment(comment) => self.check_chars(&comment)?,
                Event::Eof => {
                    return if self.depth > 0 {
                        Err(self.unfinished())
                    } else if self.seen_root {
                        Ok(Token::Eof)
                    } else {
                        Err(self.no_root())
                    };
                }
                Event::Empty(tag) => {
                    self.empty = true;
                    return self.start(tag);
                }
            }
        }
    }

    fn event(&mut self) -> Result<Event<'i>> {
        self.check_part()?;
        if let (Some(_), Feed::Stream(reader, _)) = (self.part, &mut self.feed) {
            reader.get_mut().allow(self.limits.size);
        }
        let outcome = match &mut self.feed {
            Feed::Slice(reader, _) => {
                self.token_offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                reader.read_event()
            }
            Feed::Stream(reader, buffer) => {
                self.token_start = reader.get_mut().location();
                buffer.clear();
                reader.read_event_into(buffer).map(Event::into_owned)
            }
        };
        outcome.map_err(|error| {
            self.broken = true;
            self.foreign(error)
        })
    }

    fn foreign(&self, error: quick_xml::Error) -> Error {
        let kind = match &error {
            quick_xml::Error::Io(error) if CountLines::<&[u8]>::is_limit(error) => ErrorKind::Limit,
            quick_xml::Error::Io(_) => ErrorKind::Io,
            quick_xml::Error::Namespace(NamespaceError::TooManyBindings(_)) => {
                let reason = format!("more than {} namespace declarations in scope", self.limits.attributes);
                return self.error(ErrorKind::Limit, reason);
            }
            _ => ErrorKind::Syntax,
        };
        self.error(kind, printable(&error.to_string())).caused_by(error)
    }

    fn start(&mut self, tag: BytesStart<'i>) -> Result<Token<'i>> {
        if self.depth == 0 && self.seen_root {
            return Err(self.syntax("a second root element"));
        }
        self.seen_root = true;
        self.depth += 1;
        self.elements += 1;
        // An element around a text is a level that JSON does not have.
        if self.depth > self.limits.depth.saturating_add(1) {
            return Err(self.error(ErrorKind::Limit, format!("nested deeper than {} levels", self.limits.depth)));
        }
        if self.elements > self.limits.elements {
            return Err(self.error(ErrorKind::Limit, format!("more than {} elements", self.limits.elements)));
        }
        self.check_name(tag.name().0)?;
        Ok(Token::Start(Start { tag }))
    }

    /// The namespace of an element that was just started; empty if it has none.
    ///
    /// # Errors
    /// When the prefix is not declared.
    pub fn namespace(&self, start: &Start<'_>) -> Result<Cow<'_, str>> {
        let name = start.tag.name();
        match self.resolver().resolve_element(name).0 {
            ResolveResult::Bound(namespace) => self.namespace_name(namespace.0),
            ResolveResult::Unbound => Ok(Cow::Borrowed("")),
            ResolveResult::Unknown(prefix) => Err(self.undeclared(&prefix)),
        }
    }

    /// A namespace name with its references resolved.
    fn namespace_name<'n>(&self, raw: &'n str) -> Result<Cow<'n, str>> {
        if raw.len() > self.limits.name {
            return Err(self.error(ErrorKind::Limit, format!("a name longer than {} bytes", self.limits.name)));
        }
        if !raw.bytes().any(|b| b == b'&' || b < 0x20) {
            return Ok(Cow::Borrowed(raw));
        }
        self.normalized(&RawAttribute { key: QName("xmlns"), value: Cow::Borrowed(raw) })
    }

    /// The value of an attribute with its references resolved.
    fn normalized<'v>(&self, attribute: &RawAttribute<'v>) -> Result<Cow<'v, str>> {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| self.syntax(printable(&error.to_string())))?;
        if matches!(value, Cow::Owned(_)) {
            self.check_legal(&value)?;
        }
        Ok(value)
    }

    fn resolver(&self) -> &quick_xml::name::NamespaceResolver {
        match &self.feed {
            Feed::Slice(reader, _) => reader.resolver(),
            Feed::Stream(reader, _) => reader.resolver(),
        }
    }

    fn undeclared(&self, prefix: &str) -> Error {
        self.syntax(format!("the prefix '{}' is not declared", printable(prefix)))
    }

    /// Calls `each` for every attribute of an element that was just started.
    ///
    /// # Errors
    /// When an attribute is not well-formed or occurs twice, or when `each` fails.
    pub fn attributes<'a>(
        &self,
        start: &'a Start<'_>,
        mut each: impl FnMut(Attribute<'a>) -> Result<()>,
    ) -> Result<()> {
        if start.tag.attributes_raw().is_empty() {
            return Ok(());
        }
        let raw = start.tag.attributes_raw();
        if touching(raw) {
            return Err(self.syntax("no white space between attributes"));
        }
        let mut prefixed: Vec<(String, &'a str)> = Vec::new();
        let mut names = Names::default();
        // The names are compared here: quick-xml would allocate for it at each element.
        for (count, attribute) in start.tag.attributes().with_checks(false).enumerate() {
            let attribute = attribute.map_err(|error| self.attribute_error(&error))?;
            if count >= self.limits.attributes {
                let reason = format!("more than {} attributes on one element", self.limits.attributes);
                return Err(self.error(ErrorKind::Limit, reason));
            }
            let name = attribute.key.0;
            self.check_name(name)?;
            if !names.insert(name) {
                return Err(self.error(ErrorKind::Duplicate, format!("attribute '{}' occurs twice", printable(name))));
            }
            self.check_value(name, &attribute.value)?;
            let value = self.normalized(&attribute)?;
            let (prefix, local) = split_qname(name);
            let namespace = match prefix {
                None if local == "xmlns" => {
                    self.check_declaration("", &value)?;
                    continue;
                }
                Some("xmlns") => {
                    self.check_declaration(local, &value)?;
                    continue;
                }
                None => None,
                Some(_) => Some(self.attribute_namespace(name)?),
            };
            if let Some(namespace) = &namespace {
                if prefixed.iter().any(|(n, l)| n == namespace && *l == local) {
                    let reason = format!("attribute '{}' occurs twice", printable(local));
                    return Err(self.error(ErrorKind::Duplicate, reason));
                }
                prefixed.push((namespace.clone(), local));
            }
            each(Attribute { namespace: namespace.map(Cow::Owned), local: Cow::Borrowed(local), value })?;
        }
        Ok(())
    }

    fn attribute_namespace(&self, name: &str) -> Result<String> {
        match self.resolver().resolve_attribute(QName(name)).0 {
            ResolveResult::Bound(namespace) => self.namespace_name(namespace.0).map(Cow::into_owned),
            ResolveResult::Unbound => Ok(String::new()),
            ResolveResult::Unknown(prefix) => Err(self.undeclared(&prefix)),
        }
    }

    /// Skips the rest of the element that is open at `depth`, its end tag included.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub fn skip_to_end_of(&mut self, depth: usize) -> Result<()> {
        while self.depth >= depth {
            if let Token::Start(start) = self.next()? {
                self.namespace(&start)?;
                self.attributes(&start, |_| Ok(()))?;
            }
        }
        Ok(())
    }

    fn reference(&self, reference: &BytesRef<'_>) -> Result<Token<'i>> {
        if self.depth == 0 {
            return Err(self.syntax("text outside of the root element"));
        }
        if reference.is_char_ref() {
            let c = reference.resolve_char_ref().ok().flatten();
            let c = c.ok_or_else(|| self.syntax(format!("'&{};' is not a character", printable(reference))))?;
            let text = String::from(c);
            self.check_legal(&text)?;
            return Ok(Token::Text(Cow::Owned(text)));
        }
        match resolve_predefined_entity(reference) {
            Some(text) => Ok(Token::Text(Cow::Borrowed(text))),
            None => Err(self.syntax(format!("the entity '&{};' is not defined", printable(reference)))),
        }
    }
}

/// The names of the attributes of one element.
#[derive(Default)]
struct Names<'a> {
    few: [&'a str; 8],
    count: usize,
    more: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    /// Whether the name is new.
    fn insert(&mut self, name: &'a str) -> bool {
        if self.few.iter().take(self.count).any(|known| *known == name) {
            return false;
        }
        match self.few.get_mut(self.count) {
            Some(place) => {
                *place = name;
                self.count += 1;
                true
            }
            None => self.more.insert(name),
        }
    }
}

fn configure(config: &mut quick_xml::reader::Config) {
    config.check_comments = true;
    config.check_end_names = true;
    config.trim_markup_names_in_closing_tags = true;
}

fn too_large(limits: Limits) -> Error {
    Error::new(ErrorKind::Limit, format!("the document is larger than {} bytes", limits.size))
        .at(Location { line: 1, column: 1 })
}
