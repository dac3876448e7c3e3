//! What became of each part of a descriptor.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::extension;
use super::source::Source;
use crate::tree::{Element, ElementId};

/// What an import did with a part of a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fate {
    /// An attribute of CIMI says the same.
    Exact,
    /// An attribute of CIMI says about the same; what it does not say is kept aside as well.
    Approximate,
    /// It is kept in an extension, for CIMI has no place for it.
    Aside,
    /// It is not in the result.
    Dropped,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Approximate => "approximate",
            Self::Aside => "aside",
            Self::Dropped => "dropped",
        })
    }
}

/// What became of one part of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The element of the descriptor, as in the path of an [`Error`](crate::Error).
    pub origin: String,
    /// What was done with it.
    pub fate: Fate,
    /// Where it is in the template; empty if it is nowhere.
    pub to: String,
    /// What was mapped, or why it was not.
    pub text: String,
}

/// What has been said about elements so far.
pub(super) struct Report<'d> {
    notes: Vec<(Element<'d>, Fate, String, String)>,
    noted: HashSet<ElementId>,
    /// Where the extensions of systems and collections are.
    homes: HashMap<ElementId, String>,
    /// How many bytes there may still be.
    left: usize,
}

impl<'d> Report<'d> {
    pub(super) fn new(size: usize) -> Self {
        Self { notes: Vec::new(), noted: HashSet::new(), homes: HashMap::new(), left: size }
    }

    pub(super) fn add(&mut self, element: Element<'d>, fate: Fate, to: String, text: &str) {
        /// What an entry takes beside its texts.
        const ENTRY: usize = 128;
        let Some(left) = self.left.checked_sub(to.len() + text.len() + ENTRY) else { return };
        self.left = left;
        self.noted.insert(element.id());
        self.notes.push((element, fate, to, text.to_owned()));
    }

    /// Says where the template of a system or collection is.
    pub(super) fn home(&mut self, element: Element<'d>, path: &str) {
        self.left = self.left.saturating_sub(path.len());
        if self.left > 0 {
            self.homes.insert(element.id(), path.to_owned());
        }
    }

    /// The report in the order of the document, with what nothing was said about: it is kept aside, for extensions have
    /// all that is not mapped, but for the frame of the sections of files, disks and networks.
    pub(super) fn finish(mut self, source: &Source<'d>) -> Vec<Entry> {
        let root = source.root();
        let mut open = Vec::new();
        for section in root.children() {
            match source.vocabulary.name(section) {
                "References" | "DiskSection" | "SharedDiskSection" | "NetworkSection"
                    if source.vocabulary.is_ovf(section) =>
                {
                    self.frame(source, section);
                }
                "VirtualSystem" | "VirtualSystemCollection" if source.vocabulary.is_ovf(section) => open.push(section),
                name => self.section(source, section, format!("/{}/{name}", extension::key("Envelope"))),
            }
        }
        while let Some(content) = open.pop() {
            let home = self.homes.get(&content.id()).cloned().unwrap_or_default();
            let home = format!("{home}/{}", extension::key(source.vocabulary.name(content)));
            for section in content.children() {
                let name = source.vocabulary.name(section);
                if matches!(name, "VirtualSystem" | "VirtualSystemCollection") && source.vocabulary.is_ovf(section) {
                    open.push(section);
                    continue;
                }
                self.section(source, section, format!("{home}/{name}"));
            }
        }
        self.entries()
    }

    /// A section of which an extension has all, with its parts.
    fn section(&mut self, source: &Source<'d>, section: Element<'d>, home: String) {
        for part in section.children().filter(|part| source.vocabulary.is_ovf(*part)) {
            match source.vocabulary.name(part) {
                "Info" => {}
                "Property" if extension::is_password(source, part) => {
                    self.add(part, Fate::Dropped, String::new(), "the value of a password is not exported");
                }
                name => self.aside(part, format!("{home}/{name}")),
            }
        }
        self.aside(section, home);
    }

    /// A section whose parts are mapped one by one, with what is in it beside them.
    fn frame(&mut self, source: &Source<'d>, section: Element<'d>) {
        self.add(section, Fate::Exact, "/componentDescriptors".to_owned(), "its parts one by one");
        for part in section.children() {
            match source.vocabulary.name(part) {
                "File" => self.aside(part, format!("/{}/File", extension::key("Envelope"))),
                _ if self.noted.contains(&part.id()) => {}
                "Info" => self.add(part, Fate::Dropped, String::new(), "it only says what the section is for"),
                _ => self.add(part, Fate::Dropped, String::new(), "not an element of OVF that has a meaning here"),
            }
        }
    }

    fn aside(&mut self, element: Element<'d>, to: String) {
        if !self.noted.contains(&element.id()) {
            self.add(element, Fate::Aside, to, "kept as it is");
        }
    }

    fn entries(mut self) -> Vec<Entry> {
        self.notes.sort_by_key(|(element, ..)| element.id());
        let elements: Vec<_> = self.notes.iter().map(|(element, ..)| *element).collect();
        let places = elements.first().map(|first| first.tree().places(&elements)).unwrap_or_default();
        let all = self.notes.into_iter().zip(places);
        all.map(|((_, fate, to, text), (origin, _))| Entry { origin, fate, to, text }).collect()
    }
}
