//! What a deletion does (5.10, 5.5.12.4).

use std::collections::HashSet;

use super::ids::Base;
use super::{Relations, edit, walk};
use crate::meta::Dependence;
use crate::reflect::Record;
use crate::{ResourceMetadata, capabilities};

/// What the deletion of some resources does to all.
///
/// `removed` are deleted; then [`apply`](Self::apply) is called on the resources that [`touched`](Self::touched) names.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Deletion {
    /// What is deleted, children before parents.
    pub removed: Vec<Removed>,
    /// The references in the remaining resources that are set to empty or, in an array, removed (5.10.1).
    pub cleared: Vec<Referral>,
    /// The members that are removed from remaining collections (5.5.12.4).
    pub items: Vec<Referral>,
    /// The members of deleted collections that stay: associated components, and what is only used (5.10.2).
    pub kept: Vec<Kept>,
    gone: HashSet<String>,
    base: Base,
}

/// A resource that is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removed {
    /// Its URI.
    pub id: String,
    /// The indices of the resources that have it; none for a collection that the caller does not keep as a resource.
    pub resources: Vec<usize>,
}

/// A reference that comes to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// The index of the resource that has the reference.
    pub resource: usize,
    /// The path of the reference, in the notation of [`Error::path`](crate::Error::path).
    pub path: String,
    /// The URI in it.
    pub target: String,
}

/// A member of a deleted collection that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// The URI of the member.
    pub id: String,
    /// The URI of the collection.
    pub collection: String,
}

impl Relations<'_> {
    /// What the deletion of these resources does: their child components go with them, transitively and by way of
    /// collections, such as the Events of an `EventLog`; Meters go with what they measure; items of collections that only
    /// add to a resource go with it; and an `EventLog` with its resource if `metadata` has the capability
    /// [`LINKED`](capabilities::event_log::LINKED).
    ///
    /// The time it takes grows with the number of children and references concerned. URIs that nobody knows do nothing.
    #[must_use]
    pub fn deletion(&self, ids: &[&str], metadata: &[&ResourceMetadata]) -> Deletion {
        let order = self.deletion_order(ids, metadata);
        let gone: HashSet<usize> = order.iter().copied().collect();
        let nodes = || order.iter().filter_map(|&node| self.nodes.get(node));
        let mut deletion = Deletion {
            removed: nodes().map(|node| Removed { id: node.id.clone(), resources: node.resources.clone() }).collect(),
            cleared: Vec::new(),
            items: Vec::new(),
            kept: Vec::new(),
            gone: nodes().filter_map(|node| self.ids.base.key(&node.id)).collect(),
            base: self.ids.base.clone(),
        };
        for node in nodes() {
            let mut seen = HashSet::new();
            let stay = node.members.iter().filter(|member| !gone.contains(member) && seen.insert(**member));
            let kept = stay.filter_map(|&member| self.id(member));
            deletion.kept.extend(kept.map(|id| Kept { id: id.to_owned(), collection: node.id.clone() }));
        }
        let mut holders: Vec<usize> = nodes().flat_map(|node| node.holders.iter().copied()).collect();
        holders.sort_unstable();
        holders.dedup();
        // As `Deletion::removes`, without resolving what is known.
        let is_gone = |uri: &str| self.ids.find(uri).is_some_and(|node| gone.contains(&node));
        for holder in holders {
            let Some(resource) = self.resources.get(holder) else { continue };
            if !walk::id_of(*resource).is_some_and(is_gone) {
                deletion.examine(holder, *resource, &is_gone);
            }
        }
        deletion
    }

    /// The resources that are deleted, each after all that are deleted because of it.
    fn deletion_order(&self, ids: &[&str], metadata: &[&ResourceMetadata]) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        for start in ids.iter().filter_map(|id| self.ids.find(id)) {
            let mut waiting = vec![(start, false)];
            while let Some((current, done)) = waiting.pop() {
                if done {
                    order.push(current);
                } else if seen.insert(current) {
                    waiting.push((current, true));
                    let next = self.taken_along(current, metadata).into_iter().rev();
                    waiting.extend(next.filter(|node| !seen.contains(node)).map(|node| (node, false)));
                }
            }
        }
        order
    }

    /// What is deleted with a resource directly.
    fn taken_along(&self, node: usize, metadata: &[&ResourceMetadata]) -> Vec<usize> {
        let Some(node) = self.nodes.get(node) else { return Vec::new() };
        let holds = |dependence: Dependence| match dependence {
            Dependence::Always | Dependence::Accessory => true,
            Dependence::Capability(uri) => capabilities::is_true(metadata, uri),
        };
        let dependents = node.dependents.iter().filter(|(_, dependence)| holds(*dependence));
        node.children.iter().copied().chain(dependents.map(|(dependent, _)| *dependent)).collect()
    }
}

impl Deletion {
    /// Whether the resource with this URI is deleted.
    #[must_use]
    pub fn removes(&self, id: &str) -> bool {
        self.base.key(id).is_some_and(|key| self.gone.contains(&key))
    }

    /// The indices of the remaining resources that the deletion changes, in ascending order.
    #[must_use]
    pub fn touched(&self) -> Vec<usize> {
        let mut touched: Vec<usize> = self.cleared.iter().chain(&self.items).map(|found| found.resource).collect();
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// Edits a remaining resource: references to what is deleted become empty or leave their array or map, members leave
    /// their collection and its `count`. Returns whether anything changed.
    ///
    /// ```
    /// use cimi_model::relations::Relations;
    /// use cimi_model::{Machine, MachineImage, Ref};
    ///
    /// let snapshot = MachineImage { id: Some("images/7".into()), ..Default::default() };
    /// let mut machine = Machine {
    ///     id: Some("m/1".into()),
    ///     latest_snapshot: Some(Ref::to("http://example.com/images/7")),
    ///     ..Default::default()
    /// };
    /// let relations = Relations::new(&[&snapshot, &machine], Some(&"http://example.com/".into()));
    /// let deletion = relations.deletion(&["images/7"], &[]);
    /// assert_eq!(deletion.cleared[0].path, "/Machine/latestSnapshot");
    /// assert!(deletion.apply(&mut machine));
    /// assert_eq!(machine.latest_snapshot, None);
    /// ```
    pub fn apply(&self, resource: &mut dyn Record) -> bool {
        edit::apply(resource, &|uri| self.removes(uri))
    }

    /// Notes what is to be changed in a resource.
    fn examine(&mut self, index: usize, resource: &dyn Record, is_gone: &dyn Fn(&str) -> bool) {
        edit::find(resource, is_gone, &mut |path, target, member| {
            let referral = Referral { resource: index, path, target: target.to_owned() };
            if member { self.items.push(referral) } else { self.cleared.push(referral) }
        });
    }
}
