//! The elements of a schema, put together before they are written.

use crate::Result;
use crate::xml::XmlWriter;

/// An element of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    name: &'static str,
    attributes: Vec<(String, String)>,
    children: Vec<Self>,
    text: String,
}

impl Node {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new(), text: String::new() }
    }

    /// Adds an attribute.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a child.
    pub(super) fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// Adds children.
    pub(super) fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// Adds a description, which stands before all children.
    pub(super) fn documented(mut self, text: String) -> Self {
        let documentation = Self { text, ..Self::new("xs:documentation") };
        self.children.insert(0, Self::new("xs:annotation").child(documentation));
        self
    }

    /// The document with this root.
    pub(super) fn to_document(&self) -> String {
        let mut bytes = Vec::new();
        let mut xml = XmlWriter::new(&mut bytes, true);
        xml.declaration();
        // Writing to memory does not fail, and what is written was text.
        let _ = self.write(&mut xml).and_then(|()| xml.finish());
        String::from_utf8(bytes).unwrap_or_default()
    }

    fn write(&self, xml: &mut XmlWriter<'_>) -> Result<()> {
        // The prefixes are declared at the root, as attributes.
        xml.start(self.name, "", "")?;
        for (name, value) in &self.attributes {
            xml.attribute(None, name, value);
        }
        xml.text(&self.text);
        for child in &self.children {
            child.write(xml)?;
        }
        xml.end(self.name)
    }
}
