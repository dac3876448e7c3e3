//! Where an element is, for people.

use cimi_model::{Error, ErrorKind, printable};

use super::{Attribute, Element};

impl Element<'_> {
    /// The path, for example `/Envelope/DiskSection/Disk['vmdisk1']`.
    ///
    /// A step has the element's local name and its key (`id`, `diskId`, `name`, `key` or the `InstanceID` of an item);
    /// without a key and among others of the same name, the index from 0.
    #[must_use]
    pub fn path(self) -> String {
        let chain: Vec<_> = std::iter::successors(Some(self), |element| element.parent()).collect();
        chain.into_iter().rev().flat_map(|element| ["/".to_owned(), element.step()]).collect()
    }

    fn step(self) -> String {
        let name = printable(self.name());
        let Some(parent) = self.parent() else { return name };
        if let Some(key) = self.key() {
            return format!("{name}['{}']", printable(&key));
        }
        let mut same = parent.children().filter(|sibling| sibling.name() == self.name());
        let index = same.position(|sibling| sibling == self).unwrap_or_default();
        if index == 0 && same.next().is_none() { name } else { format!("{name}[{index}]") }
    }

    fn key(self) -> Option<String> {
        let named = |name| self.attributes().find(|attribute| attribute.name() == name).map(Attribute::value);
        let attribute = ["id", "diskId", "name", "key"].into_iter().find_map(named);
        let instance = || {
            let mut children = self.children();
            children.find(|child| matches!(child.name(), "InstanceID" | "InstanceId")).map(Element::text)
        };
        let key = attribute.or_else(instance)?.trim().to_owned();
        (!key.is_empty()).then_some(key)
    }

    /// An error about this element.
    pub fn error(self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at_path(self.path()).at(self.location())
    }
}
