//! New elements, and how they are written into a document.

use std::borrow::Cow;

use cimi_model::xml::chars::is_ncname;
use cimi_model::xml::pull::XML_NAMESPACE;
use cimi_model::{Error, ErrorKind, Result, printable};

use super::namespaces::usual_prefix;
use super::{Element, text};

/// An element that is to be inserted. Prefixes are chosen where it is inserted: declared ones are used, missing ones
/// declared.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewElement {
    /// The namespace; empty for none.
    pub namespace: String,
    /// The local part of the name.
    pub name: String,
    /// The attributes in order.
    pub attributes: Vec<NewAttribute>,
    /// The text in it, before the children.
    pub text: String,
    /// The child elements in order.
    pub children: Vec<Self>,
    /// The source of the element, in place of all the rest.
    source: Option<String>,
}

/// An attribute of a [`NewElement`].
#[derive(Clone, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "an attribute has no other parts")]
pub struct NewAttribute {
    /// The namespace; empty for none.
    pub namespace: String,
    /// The local part of the name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl std::fmt::Debug for NewElement {
    /// The names; values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, attributes, children, .. } = self;
        f.debug_struct("NewElement")
            .field("name", name)
            .field("attributes", attributes)
            .field("children", children)
            .finish()
    }
}

impl std::fmt::Debug for NewAttribute {
    /// The name; the value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("NewAttribute").field(&self.name).finish()
    }
}

impl NewElement {
    /// An empty element.
    #[must_use]
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), name: name.into(), ..Self::default() }
    }

    /// Adds an attribute; the namespace is empty for a name without prefix.
    #[must_use]
    pub fn attribute(
        mut self,
        namespace: impl Into<String>,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.attributes.push(NewAttribute { namespace: namespace.into(), name: name.into(), value: value.into() });
        self
    }

    /// Sets the text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Adds a child element.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// An element that is written as this text, whose prefixes must be declared where it is inserted.
    pub(crate) fn from_source(source: String) -> Self {
        Self { source: Some(source), ..Self::default() }
    }
}

/// Writes new elements inside of an element of a document.
pub(super) struct Writer<'t> {
    around: Element<'t>,
    /// The prefixes that the new elements around declare, the innermost last.
    declared: Vec<(String, String)>,
    /// What is put before each element, if they stand on lines of their own: a line end and the indentation.
    line: Option<String>,
    /// One more step of indentation.
    step: &'t str,
}

impl<'t> Writer<'t> {
    pub(super) fn new(around: Element<'t>, line: Option<String>, step: &'t str) -> Self {
        Self { around, declared: Vec::new(), line, step }
    }

    /// Writes the element, after the white space that goes before it.
    pub(super) fn push(&mut self, out: &mut String, element: &NewElement) -> Result<()> {
        if let Some(line) = &self.line {
            out.push_str(line);
        }
        if let Some(source) = &element.source {
            out.push_str(source);
            return Ok(());
        }
        let outer = self.declared.len();
        let mut declarations = String::new();
        let prefix = self.element_prefix(&element.namespace, &mut declarations)?;
        let qname = qualified(&prefix, &element.name)?;
        let mut attributes = String::new();
        for attribute in &element.attributes {
            let prefix = self.attribute_prefix(&attribute.namespace, &mut declarations)?;
            push_attribute(&mut attributes, &prefix, &attribute.name, &attribute.value)?;
        }
        out.extend(["<", &qname, &declarations, &attributes]);
        if element.text.is_empty() && element.children.is_empty() {
            out.push_str("/>");
        } else {
            out.push('>');
            text::push_content(out, &element.text)?;
            self.push_children(out, &element.children)?;
            out.extend(["</", &qname, ">"]);
        }
        self.declared.truncate(outer);
        Ok(())
    }

    fn push_children(&mut self, out: &mut String, children: &[NewElement]) -> Result<()> {
        if children.is_empty() {
            return Ok(());
        }
        let line = self.line.clone();
        self.line = line.as_ref().map(|line| format!("{line}{}", self.step));
        for child in children {
            self.push(out, child)?;
        }
        self.line = line;
        out.extend(self.line.as_deref());
        Ok(())
    }

    /// The prefix for an element; the one of the elements around or beside it, if they are in the same namespace.
    fn element_prefix(&mut self, namespace: &str, declarations: &mut String) -> Result<String> {
        if let Some(prefix) = self.declared(namespace, true) {
            return Ok(prefix);
        }
        if namespace.is_empty() {
            if self.resolve("").is_some_and(|default| !default.is_empty()) {
                self.declare(String::new(), namespace, declarations)?;
            }
            return Ok(String::new());
        }
        let near = std::iter::once(self.around).chain(self.around.children());
        let like = near.filter(|element| element.namespace() == namespace).map(Element::prefix).next();
        let usable = like.filter(|prefix| self.resolve(prefix).as_deref() == Some(namespace));
        match usable.or_else(|| self.around.prefix_of(namespace, true)) {
            Some(prefix) if self.resolve(prefix).as_deref() == Some(namespace) => Ok(prefix.to_owned()),
            _ => self.declare_new(namespace, declarations),
        }
    }

    /// The prefix for an attribute; a declaration that is missing is added to `declarations`.
    pub(super) fn attribute_prefix(&mut self, namespace: &str, declarations: &mut String) -> Result<String> {
        if namespace.is_empty() {
            return Ok(String::new());
        }
        if namespace == XML_NAMESPACE {
            return Ok("xml".to_owned());
        }
        if let Some(prefix) = self.declared(namespace, false) {
            return Ok(prefix);
        }
        match self.around.prefix_of(namespace, false) {
            Some(prefix) if self.resolve(prefix).as_deref() == Some(namespace) => Ok(prefix.to_owned()),
            _ => self.declare_new(namespace, declarations),
        }
    }

    /// A prefix that a new element around declares for the namespace.
    fn declared(&self, namespace: &str, default: bool) -> Option<String> {
        let found = self.declared.iter().rev().find(|(prefix, declared)| {
            declared == namespace
                && (default || !prefix.is_empty())
                && self.resolve(prefix).as_deref() == Some(namespace)
        });
        found.map(|(prefix, _)| prefix.clone())
    }

    fn resolve(&self, prefix: &str) -> Option<Cow<'_, str>> {
        match self.declared.iter().rev().find(|(declared, _)| declared == prefix) {
            Some((_, namespace)) => Some(Cow::Borrowed(namespace)),
            None => self.around.resolve(prefix),
        }
    }

    fn declare_new(&mut self, namespace: &str, declarations: &mut String) -> Result<String> {
        let usual = usual_prefix(namespace);
        // What has a prefix without a declaration must not be caught by this one.
        let used = self.around.tree().namespaces();
        let free = |prefix: &String| self.resolve(prefix).is_none() && !used.has_undeclared(prefix);
        let candidates = std::iter::once(usual.to_owned()).chain((1_u32..).map(|number| format!("{usual}{number}")));
        let prefix = candidates.into_iter().find(free).unwrap_or_default();
        self.declare(prefix.clone(), namespace, declarations)?;
        Ok(prefix)
    }

    fn declare(&mut self, prefix: String, namespace: &str, declarations: &mut String) -> Result<()> {
        let (first, second) = if prefix.is_empty() { ("", "xmlns") } else { ("xmlns", prefix.as_str()) };
        push_attribute(declarations, first, second, namespace)?;
        self.declared.push((prefix, namespace.to_owned()));
        Ok(())
    }
}

fn qualified(prefix: &str, name: &str) -> Result<String> {
    if !is_ncname(name) {
        return Err(Error::new(ErrorKind::Write, format!("'{}' is not a legal name", printable(name))));
    }
    Ok(if prefix.is_empty() { name.to_owned() } else { format!("{prefix}:{name}") })
}

/// Writes ` prefix:name="value"`.
pub(super) fn push_attribute(out: &mut String, prefix: &str, name: &str, value: &str) -> Result<()> {
    out.extend([" ", &qualified(prefix, name)?, "=\""]);
    text::push_value(out, value, '"')?;
    out.push('"');
    Ok(())
}
