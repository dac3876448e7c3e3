//! Relations between resources (DSP0263 5.10): who is whose child, what a deletion takes along, what it leaves behind.
//!
//! [`Relations`] is an index over the caller's resources. It reads them once and changes nothing; what is to be changed
//! comes out as a [`Deletion`], which edits one resource at a time.
//!
//! ```
//! use cimi_model::reflect::Record;
//! use cimi_model::relations::Relations;
//! use cimi_model::{Collection, Disk, Machine, Ref};
//!
//! let machine = Machine { id: Some("m/1".into()), disks: Some(Ref::to("m/1/disks")), ..Default::default() };
//! let mut disks: Collection<Disk> = [Disk { id: Some("d/1".into()), ..Default::default() }].into_iter().collect();
//! disks.id = Some("m/1/disks".into());
//! disks.parent = Some(Ref::to("m/1"));
//! let disk = Disk { id: Some("d/1".into()), parent: Some(Ref::to("m/1/disks")), ..Default::default() };
//!
//! let resources: [&dyn Record; 3] = [&machine, &disks, &disk];
//! let relations = Relations::new(&resources, None);
//! assert_eq!(relations.ancestors("d/1").collect::<Vec<_>>(), ["m/1/disks", "m/1"]);
//! let deletion = relations.deletion(&["m/1"], &[]);
//! let removed: Vec<&str> = deletion.removed.iter().map(|removed| removed.id.as_str()).collect();
//! assert_eq!(removed, ["d/1", "m/1/disks", "m/1"]);
//!
//! // A single disk is taken out of its collection.
//! let deletion = relations.deletion(&["d/1"], &[]);
//! assert_eq!(deletion.items[0].path, "/DiskCollection/disks[0]");
//! deletion.apply(&mut disks);
//! assert_eq!((disks.count, disks.items.len()), (Some(0), 0));
//! ```

mod deletion;
mod edit;
mod ids;
mod index;
mod parents;
mod resolve;
mod walk;

use std::collections::{HashMap, HashSet};

use crate::Uri;
use crate::reflect::Record;

pub use deletion::{Deletion, Kept, Referral, Removed};
pub use parents::{owned_collections, set_parent};
pub use resolve::{make_absolute, references};

pub(crate) use ids::Base;
use ids::Ids;
use index::Node;
pub(crate) use walk::{accessory_row, accessory_target, id_of};

/// An index of the relations between some resources.
///
/// * A resource is a child of the one that its `parent` refers to. Where a resource has no `parent`, as in 1.x, the tables
///   decide: a collection is a child of the resource that refers to it by an attribute of type `collection[]`, and a member
///   is a child of the collection if the attribute makes its members components
///   ([`Attribute::child`](crate::meta::Attribute::child)). If there are several such parents, the collections of the cloud
///   entry point, which has everything, do not count; if there are still several, the resource is nobody's child.
/// * URIs are compared resolved against `baseURI`, if the caller gives one. A URI that no resource has is known as well: a
///   provider need not keep its collections as resources, for their members to be found by way of them.
/// * Members of collections and targets in place of references are read too, as far as the resource itself is not
///   among the resources.
/// * References are attributes of type `ref` and `collection[]`, also in structures and arrays, and objects with an `href` in
///   maps and extensions. An attribute of type `URI` is no reference, and what an attribute of type `any` holds is none
///   either.
pub struct Relations<'a> {
    resources: Vec<&'a dyn Record>,
    ids: Ids<'a>,
    nodes: Vec<Node>,
    /// The collections of the cloud entry point, by the type of their members.
    catalog: HashMap<index::TypeKey, usize>,
}

impl std::fmt::Debug for Relations<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (resources, uris) = (self.resources.len(), self.nodes.len());
        f.debug_struct("Relations").field("resources", &resources).field("uris", &uris).finish()
    }
}

impl<'a> Relations<'a> {
    /// Reads the resources. What the results of this type call a resource is its index in `resources`.
    ///
    /// `base` is `baseURI` of the cloud entry point; without it, URIs are compared as they are.
    #[must_use]
    pub fn new(resources: &[&'a dyn Record], base: Option<&Uri>) -> Self {
        index::build(resources, base)
    }

    /// The resource of which this one is a child.
    #[must_use]
    pub fn parent(&self, id: &str) -> Option<&str> {
        let parent = self.node(id)?.parent?;
        self.id(parent)
    }

    /// The parent, its parent and so on. A circle ends before it repeats.
    pub fn ancestors(&self, id: &str) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        let first = self.ids.find(id);
        seen.extend(first);
        let parent = |node: usize| self.nodes.get(node).and_then(|node| node.parent);
        let chain = std::iter::successors(first.and_then(parent), move |&node| parent(node));
        chain.take_while(move |&node| seen.insert(node)).filter_map(|node| self.id(node))
    }

    /// The children of a resource, in the order in which the resources name them.
    pub fn children(&self, id: &str) -> impl Iterator<Item = &str> {
        let children = self.node(id).map_or(&[][..], |node| &node.children);
        children.iter().filter_map(|&node| self.id(node))
    }

    /// The children, their children and so on, each before its own children.
    pub fn descendants(&self, id: &str) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        let mut waiting: Vec<usize> = self.ids.find(id).into_iter().collect();
        seen.extend(waiting.iter().copied());
        let mut all = Vec::new();
        while let Some(current) = waiting.pop() {
            let Some(node) = self.nodes.get(current) else { continue };
            let new: Vec<usize> = node.children.iter().copied().filter(|child| seen.insert(*child)).collect();
            waiting.extend(new.iter().rev());
            all.push(current);
        }
        all.into_iter().skip(1).filter_map(|node| self.id(node))
    }

    /// The indices of the resources that have this `id`; more than one if the caller gave several.
    #[must_use]
    pub fn resources(&self, id: &str) -> &[usize] {
        self.node(id).map_or(&[], |node| &node.resources)
    }

    /// The circles of `parent`, each from the resource named first on. A circle has no way to the cloud entry point, and the
    /// deletion of any of its resources takes all.
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<&str>> {
        let mut cycles = Vec::new();
        // The number of the walk that came by, from 1.
        let mut visited = vec![0_usize; self.nodes.len()];
        for start in 0..self.nodes.len() {
            let mut at = Some(start);
            while let Some(node) = at {
                match visited.get_mut(node) {
                    Some(mark) if *mark == 0 => *mark = start + 1,
                    Some(mark) if *mark == start + 1 => {
                        cycles.push(self.cycle_through(node));
                        break;
                    }
                    _ => break,
                }
                at = self.nodes.get(node).and_then(|node| node.parent);
            }
        }
        cycles
    }

    /// The resources of a circle; `node` is known to be on one.
    fn cycle_through(&self, node: usize) -> Vec<&str> {
        let parent = |node: usize| self.nodes.get(node).and_then(|node| node.parent);
        let rest = std::iter::successors(parent(node), |&next| parent(next)).take_while(|&next| next != node);
        let mut cycle: Vec<usize> = std::iter::once(node).chain(rest).collect();
        let first = cycle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(index, _)| index);
        cycle.rotate_left(first);
        cycle.into_iter().filter_map(|node| self.id(node)).collect()
    }

    fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.get(self.ids.find(id)?)
    }

    fn id(&self, node: usize) -> Option<&str> {
        self.nodes.get(node).map(|node| node.id.as_str())
    }
}
