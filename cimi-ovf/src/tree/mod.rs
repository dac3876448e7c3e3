//! An XML document as a tree that loses nothing.
//!
//! A [`Tree`] holds the text of the document and, for each element, where its parts are in it. Comments, processing
//! instructions, `CDATA`, prefixes, quotes and white space are not taken apart at all: they are what stands between the
//! elements. So a tree is lean, values are decoded when they are asked for, and what nobody changes is written back byte
//! for byte.
//!
//! A tree does not change. An [`Editor`] collects changes beside it and writes the document with them: the text of
//! everything else is copied.
//!
//! ```
//! use cimi_ovf::ReadOptions;
//! use cimi_ovf::tree::{Editor, Tree};
//!
//! let tree = Tree::read(b"<a x='1'><!-- two --><b>2</b></a>", &ReadOptions::default())?;
//! let b = tree.root().children().next().ok_or("b")?;
//! assert_eq!((b.name(), &*b.text()), ("b", "2"));
//! let mut editor = Editor::new(&tree);
//! editor.set_text(b.id(), "3 < 4");
//! assert_eq!(editor.finish()?, "<a x='1'><!-- two --><b>3 &lt; 4</b></a>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod edit;
mod encoding;
mod insert;
pub(crate) mod namespaces;
mod parse;
mod path;
mod scan;
mod splice;
mod text;

use std::borrow::Cow;

use cimi_model::{Deviation, Location, Result};

pub use edit::{Editor, Place};
pub use encoding::Encoding;
pub use insert::{NewAttribute, NewElement};
use namespaces::{NONE, NamespaceId, Namespaces, XMLNS};

use crate::ReadOptions;

/// An XML document.
#[derive(Clone)]
pub struct Tree {
    /// Tells the elements of this tree from those of others.
    number: u32,
    text: String,
    encoding: Encoding,
    /// In document order, so that the first child of an element comes right after it.
    elements: Vec<Node>,
    attributes: Vec<RawAttribute>,
    namespaces: Namespaces,
    deviations: Vec<Deviation>,
}

/// Where the parts of an element are in the text.
#[derive(Clone, Copy)]
struct Node {
    /// The start tag begins.
    start: u32,
    /// The start tag has ended.
    open_end: u32,
    /// The end tag begins; where the start tag has ended if there is no end tag.
    close_start: u32,
    /// The element has ended.
    end: u32,
    /// The element around it; that of the root is itself.
    parent: u32,
    /// The element after it in the same parent; 0 if there is none.
    next: u32,
    first_attribute: u32,
    attributes: u16,
    prefix_len: u16,
    name_len: u16,
    namespace: NamespaceId,
}

#[derive(Clone, Copy)]
struct RawAttribute {
    name: u32,
    value: u32,
    value_len: u32,
    prefix_len: u16,
    name_len: u16,
    namespace: NamespaceId,
}

/// Which element of which tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ElementId {
    tree: u32,
    index: u32,
}

impl std::fmt::Debug for Tree {
    /// The size; the text may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree")
            .field("elements", &self.elements.len())
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl Tree {
    /// Reads a document in UTF-8, or in UTF-16 with a byte order mark. A declaration that names another encoding is a
    /// deviation.
    ///
    /// # Errors
    /// When the document is not well-formed (which includes namespaces), when it has a DOCTYPE, when a limit is exceeded,
    /// or, with [`ReadOptions::strict`], at the first deviation.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Self> {
        parse::parse(bytes, options)
    }

    /// A document of which nothing is known but its root.
    pub(crate) fn empty() -> Self {
        Self {
            number: 0,
            text: String::new(),
            encoding: Encoding::Utf8,
            elements: Vec::new(),
            attributes: Vec::new(),
            namespaces: Namespaces::new(),
            deviations: Vec::new(),
        }
    }

    /// What deviates from XML and was tolerated.
    #[must_use]
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// How the characters are bytes.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The whole text, without byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The document as it was read, byte for byte.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.encoding.encode(self.text.clone())
    }

    /// The root element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element { tree: self, index: 0 }
    }

    /// The element, if it is one of this tree.
    #[must_use]
    pub fn element(&self, id: ElementId) -> Option<Element<'_>> {
        let known = id.tree == self.number && usize::try_from(id.index).is_ok_and(|at| at < self.elements.len());
        known.then_some(Element { tree: self, index: id.index })
    }

    /// How many elements there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "there is always a root")]
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    pub(crate) fn namespaces(&self) -> &Namespaces {
        &self.namespaces
    }

    fn node(&self, index: u32) -> Node {
        /// Of an index that no element has; indices are made here only.
        const NOWHERE: Node = Node {
            start: 0,
            open_end: 0,
            close_start: 0,
            end: 0,
            parent: 0,
            next: 0,
            first_attribute: 0,
            attributes: 0,
            prefix_len: 0,
            name_len: 0,
            namespace: NONE,
        };
        usize::try_from(index).ok().and_then(|at| self.elements.get(at)).copied().unwrap_or(NOWHERE)
    }

    /// A part of the text.
    fn slice(&self, from: u32, to: u32) -> &str {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }
}

/// The prefix and the local part of the name that begins at `at`.
fn names(text: &str, at: u32, prefix_len: u16, name_len: u16) -> (&str, &str) {
    let at = at as usize;
    let whole = text.get(at..at + usize::from(name_len)).unwrap_or_default();
    match prefix_len {
        0 => ("", whole),
        len => {
            let len = usize::from(len);
            (whole.get(..len).unwrap_or_default(), whole.get(len + 1..).unwrap_or_default())
        }
    }
}

/// An element of a [`Tree`].
#[derive(Clone, Copy)]
pub struct Element<'t> {
    tree: &'t Tree,
    index: u32,
}

impl std::fmt::Debug for Element<'_> {
    /// The path; values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Element").field(&self.path()).finish()
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Element<'_> {}

impl<'t> Element<'t> {
    fn node(self) -> Node {
        self.tree.node(self.index)
    }

    /// Which element it is.
    #[must_use]
    pub fn id(self) -> ElementId {
        ElementId { tree: self.tree.number, index: self.index }
    }

    /// The tree that it is part of.
    #[must_use]
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// The local part of the name.
    #[must_use]
    pub fn name(self) -> &'t str {
        let node = self.node();
        names(&self.tree.text, node.start + 1, node.prefix_len, node.name_len).1
    }

    /// The prefix; empty if there is none.
    #[must_use]
    pub fn prefix(self) -> &'t str {
        let node = self.node();
        names(&self.tree.text, node.start + 1, node.prefix_len, node.name_len).0
    }

    /// The namespace; empty if there is none.
    #[must_use]
    pub fn namespace(self) -> &'t str {
        self.tree.namespaces.name(self.namespace_id())
    }

    pub(crate) fn namespace_id(self) -> NamespaceId {
        self.node().namespace
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        (self.index != 0).then(|| Self { tree: self.tree, index: self.node().parent })
    }

    /// The child elements in order.
    #[must_use]
    pub fn children(self) -> Children<'t> {
        let first = self.index.saturating_add(1);
        let has_child = (first as usize) < self.tree.elements.len() && self.tree.node(first).parent == self.index;
        Children { tree: self.tree, next: if has_child { first } else { 0 } }
    }

    /// The attributes in order, namespace declarations not among them.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'t>> {
        self.all_attributes().filter(|attribute| attribute.raw.namespace != XMLNS)
    }

    /// The namespaces that this element declares.
    fn declarations(self) -> impl Iterator<Item = Attribute<'t>> {
        self.all_attributes().filter(|attribute| attribute.raw.namespace == XMLNS)
    }

    fn all_attributes(self) -> impl Iterator<Item = Attribute<'t>> {
        let node = self.node();
        let first = node.first_attribute as usize;
        let all = self.tree.attributes.get(first..first + usize::from(node.attributes)).unwrap_or_default();
        let tree = self.tree;
        all.iter().map(move |raw| Attribute { tree, raw })
    }

    /// The attribute with this name; the namespace is empty for a name without prefix.
    #[must_use]
    pub fn attribute(self, namespace: &str, name: &str) -> Option<Attribute<'t>> {
        self.attributes().find(|attribute| attribute.name() == name && attribute.namespace() == namespace)
    }

    /// The text directly inside of the element, decoded.
    #[must_use]
    pub fn text(self) -> Cow<'t, str> {
        let node = self.node();
        if self.children().next().is_none() {
            return text::decode_content(self.tree.slice(node.open_end, node.close_start));
        }
        let mut out = String::new();
        let mut from = node.open_end;
        for child in self.children().map(Self::node) {
            out.push_str(&text::decode_content(self.tree.slice(from, child.start)));
            from = child.end;
        }
        out.push_str(&text::decode_content(self.tree.slice(from, node.close_start)));
        Cow::Owned(out)
    }

    /// The whole element as it stands in the document.
    #[must_use]
    pub fn source(self) -> &'t str {
        let node = self.node();
        self.tree.slice(node.start, node.end)
    }

    /// Where the start tag begins. Takes time in the length of the document.
    #[must_use]
    pub fn location(self) -> Location {
        Location::in_text(self.tree.text.as_bytes(), self.node().start as usize)
    }

    /// The namespace that a prefix stands for here; the empty prefix, for the default.
    fn resolve(self, prefix: &str) -> Option<Cow<'t, str>> {
        let mut at = Some(self);
        while let Some(element) = at {
            if let Some(declaration) = element.declarations().find(|declaration| declaration.declared() == prefix) {
                return Some(declaration.value());
            }
            at = element.parent();
        }
        None
    }

    /// Whether all prefixes that mean something around this element mean the same inside of another one.
    pub(crate) fn means_the_same_in(self, other: Self) -> bool {
        let around: Vec<_> = std::iter::successors(self.parent(), |element| element.parent()).collect();
        let mut declared = around.iter().flat_map(|element| element.declarations()).map(Attribute::declared);
        declared.all(|prefix| self.parent().and_then(|parent| parent.resolve(prefix)) == other.resolve(prefix))
    }

    /// A prefix that stands for a namespace here; with `default`, the empty prefix too.
    pub(crate) fn prefix_of(self, namespace: &str, default: bool) -> Option<&'t str> {
        let mut at = Some(self);
        while let Some(element) = at {
            for declaration in element.declarations() {
                let prefix = declaration.declared();
                if (default || !prefix.is_empty())
                    && declaration.value() == namespace
                    && self.resolve(prefix).as_deref() == Some(namespace)
                {
                    return Some(prefix);
                }
            }
            at = element.parent();
        }
        None
    }
}

/// The child elements of an [`Element`].
#[derive(Clone, Debug)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Element<'t>> {
        let element = (self.next != 0).then_some(Element { tree: self.tree, index: self.next })?;
        self.next = element.node().next;
        Some(element)
    }
}

/// An attribute of an [`Element`].
#[derive(Clone, Copy)]
pub struct Attribute<'t> {
    tree: &'t Tree,
    raw: &'t RawAttribute,
}

impl std::fmt::Debug for Attribute<'_> {
    /// The name; the value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Attribute").field(&self.name()).finish()
    }
}

impl<'t> Attribute<'t> {
    fn names(self) -> (&'t str, &'t str) {
        names(&self.tree.text, self.raw.name, self.raw.prefix_len, self.raw.name_len)
    }

    /// The local part of the name.
    #[must_use]
    pub fn name(self) -> &'t str {
        self.names().1
    }

    /// The prefix; empty if there is none.
    #[must_use]
    pub fn prefix(self) -> &'t str {
        self.names().0
    }

    /// The namespace; empty for a name without prefix.
    #[must_use]
    pub fn namespace(self) -> &'t str {
        self.tree.namespaces.name(self.raw.namespace)
    }

    pub(crate) fn namespace_id(self) -> NamespaceId {
        self.raw.namespace
    }

    /// The value, decoded.
    #[must_use]
    pub fn value(self) -> Cow<'t, str> {
        let raw = self.tree.slice(self.raw.value, self.raw.value + self.raw.value_len);
        text::decode_value(raw).unwrap_or(Cow::Borrowed(raw))
    }

    /// The prefix that a namespace declaration declares.
    fn declared(self) -> &'t str {
        let (prefix, local) = self.names();
        if prefix.is_empty() { "" } else { local }
    }
}
