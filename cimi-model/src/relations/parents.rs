//! Upkeep of `parent` (5.10.2, 5.13.1).

use super::{Relations, index, walk};
use crate::any::Any;
use crate::meta::{Kind, Role, Type};
use crate::reflect::{Record, Slot, View};
use crate::{Object, Uri};

/// Sets or removes the `parent` of a resource. Returns whether the resource can have one: structures and bodies of
/// requests cannot.
///
/// ```
/// use cimi_model::relations::set_parent;
/// use cimi_model::{Disk, Ref};
///
/// let mut disk = Disk::default();
/// assert!(set_parent(&mut disk, Some(&"machines/1/disks".into())));
/// assert_eq!(disk.parent, Some(Ref::to("machines/1/disks")));
/// ```
pub fn set_parent(record: &mut dyn Record, parent: Option<&Uri>) -> bool {
    let described = record.record_type();
    if !matches!(described.role, Role::Resource | Role::Collection) {
        return false;
    }
    let Some(index) = described.find_exact("parent", 0) else {
        // A resource of an unknown type has all of its attributes there.
        match parent {
            Some(parent) => {
                let reference: Object = [("href", parent.as_str())].into_iter().collect();
                record.extensions_mut().insert("parent", Any::Object(reference));
            }
            None => drop(record.extensions_mut().remove("parent")),
        }
        return true;
    };
    record.extensions_mut().remove("parent");
    let Some(value) = record.get_mut(index) else { return false };
    value.clear();
    if let Some(parent) = parent {
        let Slot::Ref(reference) = value.slot() else { return false };
        *reference.href_mut() = Some(parent.clone());
    }
    true
}

/// The collections that a resource has as its own, by its attributes of type `collection[]`: their `parent` is the
/// resource (5.10.2). The name of the attribute comes with each.
///
/// ```
/// use cimi_model::relations::owned_collections;
/// use cimi_model::{Machine, Ref};
///
/// let machine = Machine { disks: Some(Ref::to("m/1/disks")), latest_snapshot: Some(Ref::to("i/1")), ..Default::default() };
/// let found: Vec<_> = owned_collections(&machine).map(|(name, uri)| (name, uri.as_str())).collect();
/// assert_eq!(found, [("disks", "m/1/disks")]);
/// ```
pub fn owned_collections(resource: &dyn Record) -> impl Iterator<Item = (&'static str, &Uri)> {
    let described = resource.record_type();
    let rows = described.attributes.iter().enumerate().filter(|_| described.role == Role::Resource);
    let collections = rows.filter(|(_, attribute)| matches!(attribute.kind, Kind::Ref(of) if of().members.is_some()));
    collections.filter_map(|(index, attribute)| match resource.get(index)?.view() {
        View::Ref(reference) => reference.href().map(|href| (attribute.name, href)),
        _ => None,
    })
}

impl Relations<'_> {
    /// The `parent` of a resource that `add` creates in a collection: the collection. Where the members of the
    /// collection are only used, as those of `Machine.snapshots`, it is the collection of the cloud entry point for
    /// such resources, and `None` if there is none.
    #[must_use]
    pub fn parent_of_added(&self, collection: &str) -> Option<&str> {
        let number = self.ids.find(collection)?;
        let node = self.nodes.get(number)?;
        if node.composing { self.id(number) } else { self.catalog_of(node.described?) }
    }

    /// The `parent` of a resource that `insert` brings into a collection: the one it has (5.13.1), for it becomes an
    /// associated component. A resource that has none gets that of a resource that `add` creates there.
    #[must_use]
    pub fn parent_of_inserted(&self, collection: &str, resource: &str) -> Option<&str> {
        self.parent(resource).or_else(|| self.parent_of_added(collection))
    }

    /// The `parent` of a resource that `remove` takes out of a collection without deleting it (5.5.12.3): the one it
    /// has, unless that is this collection. Then it is the collection of the cloud entry point for such resources, and
    /// `None` if there is none.
    #[must_use]
    pub fn parent_of_taken_out(&self, collection: &str, resource: &str) -> Option<&str> {
        let parent = self.node(resource)?.parent?;
        if self.ids.find(collection) != Some(parent) {
            return self.id(parent);
        }
        let catalog = self.catalog_of(self.nodes.get(parent)?.described?)?;
        Some(catalog).filter(|catalog| self.ids.find(catalog) != Some(parent))
    }

    /// Whether a resource would be its own ancestor with this `parent`, so that it must not be moved there.
    #[must_use]
    pub fn would_cycle(&self, resource: &str, parent: &str) -> bool {
        let (Some(resource), Some(parent)) = (self.ids.base.key(resource), self.ids.base.key(parent)) else {
            return false;
        };
        let reached = |ancestor: &str| self.ids.base.key(ancestor).as_ref() == Some(&resource);
        resource == parent || self.ancestors(&parent).any(reached)
    }

    /// The collection of the cloud entry point that has the members of a type of collection.
    fn catalog_of(&self, collection: &Type) -> Option<&str> {
        let item = (collection.members?.item)();
        let of = self.catalog.get(&index::type_key(item)).or_else(|| {
            // A member that only adds to a resource stands for that.
            let (_, row) = walk::accessory_row(item)?;
            let Kind::Ref(of) = row.kind else { return None };
            self.catalog.get(&index::type_key(of()))
        });
        self.id(*of?)
    }
}
