//! Where in a descriptor something stands, for errors that come long after reading.

use std::collections::HashMap;

use cimi_model::{Error, ErrorKind, Location};

use crate::element::Element;

/// The place of an element in a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The path, for example `/Envelope/DiskSection/Disk['vmdisk1']`.
    ///
    /// A step has the element's local name and its key (`ovf:id`, `ovf:diskId`, `ovf:name`, `ovf:key` or the
    /// `InstanceID` of an item); without a key and among others of the same name, the index from 0.
    pub path: String,
    /// Where the start tag begins.
    pub location: Location,
}

impl Origin {
    /// An error about this element.
    pub(crate) fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at_path(self.path.clone()).at(self.location)
    }

    /// An error about a value of this element.
    pub(crate) fn bad(&self, reason: impl Into<String>) -> Error {
        self.error(ErrorKind::Value, reason)
    }
}

/// An element together with its path.
#[derive(Clone, Debug)]
pub(crate) struct Node<'e> {
    pub(crate) element: &'e Element,
    pub(crate) path: String,
}

impl<'e> Node<'e> {
    pub(crate) fn root(element: &'e Element) -> Self {
        Self { element, path: format!("/{}", printable(&element.name)) }
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin { path: self.path.clone(), location: self.element.location }
    }

    /// The child elements with their paths.
    pub(crate) fn children(&self) -> Vec<Self> {
        let mut total: HashMap<&str, usize> = HashMap::new();
        for child in &self.element.children {
            *total.entry(&child.name).or_default() += 1;
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let child = |child: &'e Element| {
            let index = seen.entry(&child.name).or_default();
            *index += 1;
            let alone = total.get(child.name.as_str()) == Some(&1);
            let mut path = format!("{}/{}", self.path, printable(&child.name));
            match key(child) {
                Some(key) => path = format!("{path}['{}']", printable(key)),
                None if alone => {}
                None => path = format!("{path}[{}]", *index - 1),
            }
            Node { element: child, path }
        };
        self.element.children.iter().map(child).collect()
    }

    /// The child elements of OVF with this name.
    pub(crate) fn named(&self, name: &str) -> Vec<Self> {
        self.children().into_iter().filter(|child| child.element.is(name)).collect()
    }

    /// An attribute that the schema demands.
    pub(crate) fn required(&self, name: &str) -> cimi_model::Result<String> {
        let value = self.element.attribute(name).filter(|value| !value.is_empty());
        let missing = || self.origin().bad(format!("the attribute ovf:{name} is missing or empty"));
        value.map(str::to_owned).ok_or_else(missing)
    }
}

fn key(element: &Element) -> Option<&str> {
    let attribute = ["id", "diskId", "name", "key"].into_iter().find_map(|name| element.attribute(name));
    let instance = || element.children.iter().find(|child| matches!(child.name.as_str(), "InstanceID" | "InstanceId"));
    attribute.or_else(|| instance().map(|child| child.text.trim())).filter(|key| !key.is_empty())
}

/// Text from outside, kept short and on one line so that an error stays one line.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut out = String::new();
    for c in text.chars().take(LONGEST) {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
