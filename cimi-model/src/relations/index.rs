//! Building the index.

use std::collections::{HashMap, HashSet};

use super::Relations;
use super::ids::Ids;
use super::walk::{self, Link};
use crate::Uri;
use crate::meta::{Dependence, Kind, Role, Type};
use crate::reflect::Record;

/// What tells types apart.
pub(super) type TypeKey = (Option<&'static str>, &'static str);

pub(super) fn type_key(described: &Type) -> TypeKey {
    (described.namespace, described.name)
}

/// What is known of a URI.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The URI, as the resource itself spells it if there is one.
    pub(super) id: String,
    /// The resources that have it.
    pub(super) resources: Vec<usize>,
    /// The type of the resource; of a collection nobody has, the type that references to it say.
    pub(super) described: Option<&'static Type>,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// The resources that refer to it.
    pub(super) holders: Vec<usize>,
    /// What is deleted with it, though it need not be its child.
    pub(super) dependents: Vec<(usize, Dependence)>,
    /// The members, of a collection.
    pub(super) members: Vec<usize>,
    /// Whether an attribute makes the members of this collection components.
    pub(super) composing: bool,
    /// The parents that the tables would have.
    candidates: Candidates,
}

/// The parents of a resource by the tables.
#[derive(Debug, Default)]
struct Candidates {
    proper: Choice,
    catalog: Choice,
}

/// None, one, or several that cannot be told apart.
#[derive(Debug, Default, Clone, Copy)]
enum Choice {
    #[default]
    None,
    One(usize),
    Several,
}

impl Choice {
    fn add(&mut self, node: usize) {
        *self = match *self {
            Self::None => Self::One(node),
            Self::One(other) if other == node => Self::One(node),
            _ => Self::Several,
        };
    }
}

impl Candidates {
    fn choose(&self) -> Option<usize> {
        match (self.proper, self.catalog) {
            (Choice::One(node), _) | (Choice::None, Choice::One(node)) => Some(node),
            _ => None,
        }
    }
}

/// A dependence that the resource with the reference states, in place of the one that is deleted: `eventLog`.
struct Claim {
    dependent: usize,
    owner: usize,
    dependence: Dependence,
}

struct Builder<'a> {
    ids: Ids<'a>,
    nodes: Vec<Node>,
    catalog: HashMap<TypeKey, usize>,
    /// The collections that the cloud entry point refers to.
    catalogs: HashSet<usize>,
    /// Parents that a resource states itself, and those that other documents state about it.
    stated: HashMap<usize, usize>,
    repeated: HashMap<usize, usize>,
    claims: Vec<Claim>,
}

pub(super) fn build<'a>(resources: &[&'a dyn Record], base: Option<&Uri>) -> Relations<'a> {
    let mut builder = Builder {
        ids: Ids::new(base),
        nodes: Vec::new(),
        catalog: HashMap::new(),
        catalogs: HashSet::new(),
        stated: HashMap::new(),
        repeated: HashMap::new(),
        claims: Vec::new(),
    };
    for (index, resource) in resources.iter().enumerate() {
        let mut waiting: Vec<&'a dyn Record> = vec![*resource];
        let mut top = true;
        while let Some(record) = waiting.pop() {
            builder.read(record, index, top, &mut waiting);
            top = false;
        }
    }
    builder.settle();
    Relations { resources: resources.to_vec(), ids: builder.ids, nodes: builder.nodes, catalog: builder.catalog }
}

impl<'a> Builder<'a> {
    fn number(&mut self, uri: &'a str) -> Option<usize> {
        let number = self.ids.number(uri)?;
        if number == self.nodes.len() {
            self.nodes.push(Node { id: uri.to_owned(), ..Node::default() });
        }
        Some(number)
    }

    /// Changes what is known of a number that [`number`](Self::number) gave.
    fn update(&mut self, number: usize, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(number) {
            change(node);
        }
    }

    fn read(&mut self, record: &'a dyn Record, index: usize, top: bool, waiting: &mut Vec<&'a dyn Record>) {
        let id = walk::id_of(record);
        let own = id.and_then(|id| self.number(id));
        if let (Some(own), Some(id)) = (own, id) {
            self.introduce(own, id, record, top.then_some(index));
        }
        let links = walk::links(record);
        for link in &links {
            if let Some(target) = link.target.and_then(|target| self.number(target)) {
                self.hold(target, index);
                self.relate(own, record.record_type(), link, target);
            }
        }
        for (_, value) in walk::untyped(record) {
            walk::untyped_references(value, &|_| false, &mut |target, _| {
                if let Some(target) = self.number(target) {
                    self.hold(target, index);
                }
            });
        }
        waiting.extend(links.iter().rev().filter_map(|link| link.nested));
    }

    /// A resource among the given ones, or a copy of one in another document.
    fn introduce(&mut self, own: usize, id: &'a str, record: &'a dyn Record, index: Option<usize>) {
        if let Some(parent) = walk::parent_of(record).and_then(|parent| self.number(parent)) {
            let known = if index.is_some() { &mut self.stated } else { &mut self.repeated };
            known.entry(own).or_insert(parent);
        }
        let described = record.record_type();
        self.update(own, |node| {
            if let Some(index) = index {
                if node.resources.is_empty() {
                    id.clone_into(&mut node.id);
                    node.described = Some(described);
                }
                node.resources.push(index);
            }
            node.described.get_or_insert(described);
        });
    }

    fn hold(&mut self, target: usize, holder: usize) {
        self.update(target, |node| {
            if node.holders.last() != Some(&holder) {
                node.holders.push(holder);
            }
        });
    }

    /// What a reference makes of its ends, beside being one.
    fn relate(&mut self, own: Option<usize>, described: &Type, link: &Link<'a>, target: usize) {
        let Some(own) = own else { return };
        if link.member {
            return self.relate_member(own, link, target);
        }
        if let Some(dependence) = link.attribute.dependence.filter(|_| target != own) {
            self.update(target, |node| node.dependents.push((own, dependence)));
        }
        let Kind::Ref(of) = link.attribute.kind else { return };
        let of = of();
        // What only adds to a resource repeats what that has.
        if described.role != Role::Resource
            || link.attribute.name == "parent"
            || walk::accessory_row(described).is_some()
        {
            return;
        }
        let row = of.attributes.iter().find_map(|attribute| attribute.dependence);
        if let Some(dependence @ Dependence::Capability(_)) = row {
            self.claims.push(Claim { dependent: target, owner: own, dependence });
        }
        if of.members.is_some() || link.attribute.child {
            self.own(own, described, of, link.attribute.child, target);
        }
    }

    fn relate_member(&mut self, own: usize, link: &Link<'a>, target: usize) {
        self.update(own, |node| node.members.push(target));
        let adds_to = link.nested.and_then(walk::accessory_target).and_then(|uri| self.number(uri));
        if let Some(other) = adds_to.filter(|&other| other != target) {
            // The item is a resource of its own, which is nowhere else.
            self.update(own, |node| node.members.push(other));
            self.update(target, |node| node.candidates.proper.add(own));
        }
    }

    /// A collection or child component that a resource refers to.
    fn own(&mut self, own: usize, described: &Type, of: &'static Type, child: bool, target: usize) {
        let catalog = is_entry_point(described);
        self.update(target, |node| {
            node.described.get_or_insert(of);
            node.composing |= child && of.members.is_some();
            let candidates = &mut node.candidates;
            if catalog { candidates.catalog.add(own) } else { candidates.proper.add(own) }
        });
        if let (true, Some(members)) = (catalog, of.members) {
            self.catalogs.insert(target);
            self.catalog.entry(type_key((members.item)())).or_insert(target);
        }
    }

    /// Makes parents, children and dependents of what was read.
    fn settle(&mut self) {
        self.settle_claims();
        for collection in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(collection).filter(|node| node.composing) else { continue };
            let catalog = self.catalogs.contains(&collection);
            for member in node.members.clone() {
                self.update(member, |node| {
                    let candidates = &mut node.candidates;
                    if catalog { candidates.catalog.add(collection) } else { candidates.proper.add(collection) }
                });
            }
        }
        for number in 0..self.nodes.len() {
            let known = self.stated.get(&number).or_else(|| self.repeated.get(&number)).copied();
            let parent = known.or_else(|| self.nodes.get(number)?.candidates.choose());
            self.update(number, |node| node.parent = parent);
            if let Some(parent) = parent {
                self.update(parent, |node| node.children.push(number));
            }
        }
    }

    /// Claims count where the resource concerned does not say itself with what it is deleted.
    fn settle_claims(&mut self) {
        let stated: HashSet<usize> =
            self.nodes.iter().flat_map(|node| node.dependents.iter().map(|(dependent, _)| *dependent)).collect();
        for Claim { dependent, owner, dependence } in std::mem::take(&mut self.claims) {
            if !stated.contains(&dependent) {
                self.update(owner, |node| node.dependents.push((dependent, dependence)));
            }
        }
    }
}

/// Whether this is the type of the catalog of all resources (5.12).
fn is_entry_point(described: &Type) -> bool {
    described.namespace.is_none() && described.name == "CloudEntryPoint"
}
