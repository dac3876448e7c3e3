//! Where in a descriptor something stands, for errors that come long after reading.

use std::collections::HashMap;
use std::sync::Arc;

use cimi_model::{Error, ErrorKind, Location, printable};

use crate::element::Element;
use crate::hardware::number;

/// The place of an element in a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    step: Arc<Step>,
    /// Where the start tag begins.
    pub location: Location,
}

/// The last step of a path, and the way to it, which all elements beside this one share: paths of elements deep
/// inside of others are long.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    parent: Option<Arc<Self>>,
    text: String,
}

impl Origin {
    /// The path, for example `/Envelope/DiskSection/Disk['vmdisk1']`.
    ///
    /// A step has the element's local name and its key (`ovf:id`, `ovf:diskId`, `ovf:name`, `ovf:key` or the
    /// `InstanceID` of an item); without a key and among others of the same name, the index from 0.
    #[must_use]
    pub fn path(&self) -> String {
        let steps = std::iter::successors(Some(&*self.step), |step| step.parent.as_deref());
        let mut texts: Vec<&str> = steps.flat_map(|step| [step.text.as_str(), "/"]).collect();
        texts.reverse();
        texts.concat()
    }

    /// An error about this element.
    pub(crate) fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at_path(self.path()).at(self.location)
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
    step: Arc<Step>,
}

impl<'e> Node<'e> {
    pub(crate) fn root(element: &'e Element) -> Self {
        Self { element, step: Arc::new(Step { parent: None, text: printable(&element.name) }) }
    }

    /// A child element, the only one of its name, of the element with this origin.
    pub(crate) fn below(origin: &Origin, element: &'e Element) -> Self {
        let parent = Some(Arc::clone(&origin.step));
        Self { element, step: Arc::new(Step { parent, text: printable(&element.name) }) }
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin { step: Arc::clone(&self.step), location: self.element.location }
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
            let name = printable(&child.name);
            let text = match key(child) {
                Some(key) => format!("{name}['{}']", printable(key)),
                None if alone => name,
                None => format!("{name}[{}]", *index - 1),
            };
            Node { element: child, step: Arc::new(Step { parent: Some(Arc::clone(&self.step)), text }) }
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

    /// Fails unless those of these attributes that are there hold numbers of 64 bits without sign; an empty
    /// attribute counts as none.
    pub(crate) fn check_numbers(&self, names: &[&str]) -> cimi_model::Result<()> {
        for name in names {
            let Some(text) = self.element.attribute(name).filter(|text| !text.is_empty()) else { continue };
            number(text).map_err(|reason| self.origin().bad(format!("ovf:{name}: {reason}")))?;
        }
        Ok(())
    }
}

fn key(element: &Element) -> Option<&str> {
    let attribute = ["id", "diskId", "name", "key"].into_iter().find_map(|name| element.attribute(name));
    let instance = || element.children.iter().find(|child| matches!(child.name.as_str(), "InstanceID" | "InstanceId"));
    attribute.or_else(|| instance().map(|child| child.text.trim())).filter(|key| !key.is_empty())
}
