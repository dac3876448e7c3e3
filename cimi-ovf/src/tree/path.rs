//! Where an element is, for people.

use std::collections::{HashMap, HashSet};

use cimi_model::{Deviation, Error, ErrorKind, Location, printable};

use super::{Attribute, Element, Tree};

impl Tree {
    /// The paths and locations of elements, in time linear in the document and the answer.
    pub(crate) fn places(&self, elements: &[Element<'_>]) -> Vec<(String, Location)> {
        let chain = |element: Element<'_>| std::iter::successors(Some(element.index), |index| self.parent_of(*index));
        let needed: HashSet<u32> = elements.iter().flat_map(|element| chain(*element)).collect();
        let steps = self.steps(&needed);
        let locations = self.locations(elements);
        let path = |element: &Element<'_>| {
            let mut indices: Vec<u32> = chain(*element).collect();
            indices.reverse();
            indices.iter().filter_map(|index| steps.get(index)).flat_map(|step| ["/", step]).collect::<String>()
        };
        elements.iter().map(path).zip(locations).collect()
    }

    /// Deviations of elements.
    pub(crate) fn deviations_at(&self, found: Vec<(Element<'_>, String)>) -> Vec<Deviation> {
        let elements: Vec<_> = found.iter().map(|(element, _)| *element).collect();
        let found = found.into_iter().zip(self.places(&elements));
        found.map(|((_, text), (path, location))| Deviation::new(path, text, Some(location))).collect()
    }

    fn parent_of(&self, index: u32) -> Option<u32> {
        (index != 0).then(|| self.node(index).parent)
    }

    fn steps(&self, needed: &HashSet<u32>) -> HashMap<u32, String> {
        let parents: HashSet<u32> = needed.iter().filter_map(|index| self.parent_of(*index)).collect();
        let root = self.root();
        let mut steps = HashMap::from([(root.index, printable(root.name()))]);
        for parent in parents {
            let mut seen: HashMap<&str, (usize, u32)> = HashMap::new();
            for child in (Element { tree: self, index: parent }).children() {
                let (count, _) = seen.entry(child.name()).or_insert((0, child.index));
                if needed.contains(&child.index) {
                    let alone = *count == 0;
                    steps.insert(child.index, child.step_with(if alone { None } else { Some(*count) }));
                }
                *count += 1;
            }
            for (count, first) in seen.into_values() {
                if count > 1 && needed.contains(&first) {
                    steps.insert(first, Element { tree: self, index: first }.step_with(Some(0)));
                }
            }
        }
        steps
    }

    fn locations(&self, elements: &[Element<'_>]) -> Vec<Location> {
        let start = |element: &Element<'_>| element.node().start as usize;
        let mut starts: Vec<usize> = elements.iter().map(start).collect();
        starts.sort_unstable();
        let mut found: HashMap<usize, Location> = HashMap::new();
        let (mut at, mut location) = (0, Location { line: 1, column: 1 });
        for next in starts {
            let part = self.text.as_bytes().get(at..next).unwrap_or_default();
            let step = Location::in_text(part, part.len());
            let column = if step.line == 1 { location.column + step.column - 1 } else { step.column };
            location = Location { line: location.line + step.line - 1, column };
            at = next;
            found.insert(next, location);
        }
        elements.iter().map(|element| found.get(&start(element)).copied().unwrap_or(location)).collect()
    }
}

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
        let Some(parent) = self.parent() else { return printable(self.name()) };
        let mut same = parent.children().filter(|sibling| sibling.name() == self.name());
        let index = same.position(|sibling| sibling == self).unwrap_or_default();
        self.step_with(if index == 0 && same.next().is_none() { None } else { Some(index) })
    }

    /// The step of an element with this index among others of its name.
    fn step_with(self, index: Option<usize>) -> String {
        let name = printable(self.name());
        match (self.key(), index) {
            (Some(key), _) if self.index != 0 => format!("{name}['{}']", printable(&key)),
            (_, None) => name,
            (_, Some(index)) => format!("{name}[{index}]"),
        }
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
