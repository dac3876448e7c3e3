//! Which schemas there are, how they are called, and which file each stands in.

use std::collections::HashSet;

use crate::ext::AddedAttribute;
use crate::meta::{Attribute, Role, Type, Versions};
use crate::names::upper_first;
use crate::schema::Receiver;
use crate::{Dialect, Registry};

/// A type and its place.
pub(super) struct Node {
    pub(super) record_type: &'static Type,
    /// The name of its schema, unique whatever the case of letters: file systems and generators fold it.
    pub(super) name: String,
    /// The name of the schema of references to it, if there are any.
    pub(super) reference: Option<String>,
    /// Whether it has a file of its own.
    pub(super) has_file: bool,
}

/// All schemas of one dialect and receiver.
pub(super) struct Layout {
    pub(super) dialect: Dialect,
    pub(super) receiver: Receiver,
    pub(super) nodes: Vec<Node>,
    additions: Vec<&'static dyn AddedAttribute>,
}

impl Layout {
    pub(super) fn new(registry: &Registry, dialect: Dialect, receiver: Receiver) -> Self {
        let additions = registry.additions().filter(|addition| dialect.has(addition.value_type().versions)).collect();
        let mut layout = Self { dialect, receiver, nodes: Vec::new(), additions };
        for entry in registry {
            layout.add(entry.record_type);
        }
        let mut users = Vec::new();
        let mut next = 0;
        while let Some(record_type) = layout.nodes.get(next).map(|node| node.record_type) {
            let added: Vec<_> = layout.additions(record_type).map(AddedAttribute::value_type).collect();
            let named = layout.attributes(record_type).filter_map(|attribute| attribute.kind.target());
            for used in named.chain(added) {
                if let Some(index) = layout.add(used).filter(|index| *index != next) {
                    users.resize_with(layout.nodes.len(), Vec::new);
                    note(&mut users, index, next);
                }
            }
            next += 1;
        }
        users.resize_with(layout.nodes.len(), Vec::new);
        layout.name(&users);
        layout
    }

    /// The index of a type, which is added if it is new. A type that the dialect does not have has no schema.
    fn add(&mut self, record_type: &'static Type) -> Option<usize> {
        if !self.dialect.has(record_type.versions) {
            return None;
        }
        let known = self.index(record_type);
        if known.is_none() {
            self.nodes.push(Node { record_type, name: String::new(), reference: None, has_file: true });
        }
        known.or_else(|| self.nodes.len().checked_sub(1))
    }

    /// The index of a type.
    pub(super) fn index(&self, record_type: &'static Type) -> Option<usize> {
        self.nodes.iter().position(|node| node.record_type.is_same(record_type))
    }

    /// The attributes of a type that this receiver knows. A Provider refuses those of the other version as unknown
    /// (5.3); a Consumer reads them.
    pub(super) fn attributes(&self, record_type: &'static Type) -> impl Iterator<Item = &'static Attribute> + use<> {
        let (dialect, receiver) = (self.dialect, self.receiver);
        let all = record_type.attributes.iter();
        all.filter(move |attribute| receiver == Receiver::Consumer || dialect.has(attribute.versions))
    }

    /// The attributes of other namespaces that a type may have.
    pub(super) fn additions(&self, record_type: &'static Type) -> impl Iterator<Item = &'static dyn AddedAttribute> {
        self.additions.iter().copied().filter(|addition| addition.is_for(record_type))
    }

    /// Whether the other version alone has this attribute.
    pub(super) fn is_foreign(&self, attribute: &Attribute) -> bool {
        attribute.versions != Versions::Both && !self.dialect.has(attribute.versions)
    }

    fn name(&mut self, users: &[Vec<usize>]) {
        let mut taken = HashSet::new();
        for index in 0..self.nodes.len() {
            let Some(record_type) = self.nodes.get(index).map(|node| node.record_type) else { continue };
            if record_type.role.has_uri() {
                let name = record_type.name_in(self.dialect).to_owned();
                self.put(index, true, [name], &mut taken);
            }
        }
        for index in 0..self.nodes.len() {
            let Some(record_type) = self.nodes.get(index).map(|node| node.record_type) else { continue };
            if !record_type.role.has_uri() {
                let users = users.get(index).map_or(&[][..], Vec::as_slice);
                self.name_structure(index, record_type.name_in(self.dialect), users, &mut taken);
            }
        }
        for index in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(index).filter(|node| node.record_type.role.has_uri()) else {
                continue;
            };
            let name = free([format!("{}Reference", upper_first(&node.name))], &mut taken);
            if let Some(node) = self.nodes.get_mut(index) {
                node.reference = Some(name);
            }
        }
    }

    /// A structure that several types share has a file of its own, unless a resource is called the same: files would
    /// overwrite one another where case does not count.
    fn name_structure(&mut self, index: usize, name: &str, users: &[usize], taken: &mut HashSet<String>) {
        if users.len() != 1 && !taken.contains(&name.to_lowercase()) {
            return self.put(index, true, [name.to_owned()], taken);
        }
        let user = users.first().and_then(|user| self.nodes.get(*user)).map_or("", |user| user.name.as_str());
        let own = upper_first(name);
        let qualified = format!("{}{own}", upper_first(user));
        self.put(index, false, [own, qualified], taken);
    }

    fn put<const N: usize>(&mut self, index: usize, file: bool, names: [String; N], taken: &mut HashSet<String>) {
        let name = free(names, taken);
        if let Some(node) = self.nodes.get_mut(index) {
            node.name = name;
            node.has_file = file;
        }
    }
}

/// A type that stands for any type.
pub(super) fn is_untyped(record_type: &Type) -> bool {
    record_type.name == "Resource" && record_type.role == Role::Resource
}

fn note(users: &mut [Vec<usize>], index: usize, user: usize) {
    if let Some(users) = users.get_mut(index).filter(|users| !users.contains(&user)) {
        users.push(user);
    }
}

/// The first of these names that is not taken; where all are, the last with a number.
fn free<const N: usize>(names: [String; N], taken: &mut HashSet<String>) -> String {
    let last = names.last().cloned().unwrap_or_default();
    let numbered = (2_u32..).map(|number| format!("{last}{number}"));
    let found = names.into_iter().chain(numbered).find(|name| taken.insert(name.to_lowercase()));
    found.unwrap_or(last)
}
