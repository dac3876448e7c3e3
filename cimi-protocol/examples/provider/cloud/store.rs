//! Resources by path, collections as lists of paths, and who refers to whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cimi_model::reflect::{Described, Record};
use cimi_model::registry::Entry;
use cimi_model::relations::{self, references};
use cimi_model::{Attribute, Uri, attributes};

use super::policies::has_policies;

/// A resource as it is kept: its own attributes, with absolute references. What depends on other resources, such as
/// operations, counts and members, is added when it is shown.
pub(crate) struct Resource {
    pub(crate) record: Box<dyn Record>,
    /// Differs after each change.
    pub(crate) revision: u64,
}

/// A collection: of which resource, at which attribute, and what is in it in the order in which it came there.
pub(crate) struct Members {
    pub(crate) entry: Entry,
    pub(crate) owner: String,
    pub(crate) attribute: &'static Attribute,
    paths: BTreeMap<u64, String>,
    places: HashMap<String, u64>,
    /// Differs after each change of the collection itself.
    pub(crate) revision: u64,
}

impl Members {
    pub(crate) fn paths(&self) -> impl DoubleEndedIterator<Item = &String> {
        self.paths.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.paths.len()
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.places.contains_key(path)
    }
}

/// All that there is.
pub(crate) struct Store {
    base: String,
    resources: HashMap<String, Resource>,
    collections: HashMap<String, Members>,
    /// For each path, the resources that refer to it.
    referrers: HashMap<String, BTreeSet<String>>,
    /// For each path, the collections that it is in.
    containers: HashMap<String, BTreeSet<String>>,
    /// The resources that have access policies.
    guarded: BTreeSet<String>,
    /// The last number that was given to a member of each collection.
    numbers: HashMap<String, u64>,
    revision: u64,
}

impl Store {
    /// A store of resources whose URIs begin so.
    pub(crate) fn new(base: &Uri) -> Self {
        Self {
            base: base.as_str().to_owned(),
            resources: HashMap::new(),
            collections: HashMap::new(),
            referrers: HashMap::new(),
            containers: HashMap::new(),
            guarded: BTreeSet::new(),
            numbers: HashMap::new(),
            revision: 0,
        }
    }

    pub(crate) fn base(&self) -> Uri {
        Uri::from(self.base.as_str())
    }

    /// The URI of a path.
    pub(crate) fn uri(&self, path: &str) -> Uri {
        Uri::from(format!("{}{path}", self.base))
    }

    /// The path of a URI, if it is one of this provider; a relative one is.
    pub(crate) fn path_of(&self, uri: &Uri) -> Option<String> {
        let absolute = uri.resolve(&self.base()).ok()?;
        absolute.as_str().strip_prefix(&self.base).map(str::to_owned)
    }

    pub(crate) fn resource(&self, path: &str) -> Option<&Resource> {
        self.resources.get(path)
    }

    pub(crate) fn get(&self, path: &str) -> Option<&dyn Record> {
        self.resources.get(path).map(|resource| &*resource.record)
    }

    pub(crate) fn get_as<T: Described>(&self, path: &str) -> Option<&T> {
        self.get(path)?.as_any().downcast_ref()
    }

    pub(crate) fn collection(&self, path: &str) -> Option<&Members> {
        self.collections.get(path)
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.resources.contains_key(path) || self.collections.contains_key(path)
    }

    /// The path of a new member of a collection.
    pub(crate) fn new_path(&mut self, collection: &str) -> String {
        let number = self.numbers.entry(collection.to_owned()).or_default();
        *number += 1;
        format!("{collection}/{number}")
    }

    /// Keeps a resource, in place of what was there.
    pub(crate) fn put(&mut self, path: &str, record: Box<dyn Record>) {
        let before = self.get(path).map(|record| self.targets(record)).unwrap_or_default();
        self.restore(path, record, &before);
    }

    /// Changes a resource in place.
    pub(crate) fn edit(&mut self, path: &str, change: impl FnOnce(&mut dyn Record)) {
        let Some(mut resource) = self.resources.remove(path) else { return };
        let before = self.targets(&*resource.record);
        change(&mut *resource.record);
        self.restore(path, resource.record, &before);
    }

    /// Changes a resource of a known type in place.
    pub(crate) fn edit_as<T: Described>(&mut self, path: &str, change: impl FnOnce(&mut T)) {
        if self.get_as::<T>(path).is_none() {
            return;
        }
        let Some(resource) = self.resources.remove(path) else { return };
        let before = self.targets(&*resource.record);
        if let Ok(mut value) = resource.record.into_any().downcast::<T>() {
            change(&mut value);
            self.restore(path, value, &before);
        }
    }

    fn restore(&mut self, path: &str, record: Box<dyn Record>, before: &BTreeSet<String>) {
        let after = self.targets(&*record);
        self.refer(path, before, &after);
        if has_policies(&*record) {
            self.guarded.insert(path.to_owned());
        } else {
            self.guarded.remove(path);
        }
        self.revision += 1;
        self.resources.insert(path.to_owned(), Resource { record, revision: self.revision });
    }

    /// Forgets a resource or collection, and its membership in collections. References to it stay.
    pub(crate) fn remove(&mut self, path: &str) -> Option<Box<dyn Record>> {
        for collection in self.containers.remove(path).into_iter().flatten() {
            self.take_out(&collection, path);
        }
        if let Some(members) = self.collections.remove(path) {
            self.numbers.remove(path);
            for member in members.paths() {
                self.forget_container(member, path);
            }
        }
        let resource = self.resources.remove(path)?;
        self.guarded.remove(path);
        let before = self.targets(&*resource.record);
        self.refer(path, &before, &BTreeSet::new());
        Some(resource.record)
    }

    /// Adds an empty collection.
    pub(crate) fn add_collection(&mut self, path: &str, entry: Entry, owner: &str, attribute: &'static Attribute) {
        self.revision += 1;
        let members = Members {
            entry,
            owner: owner.to_owned(),
            attribute,
            paths: BTreeMap::new(),
            places: HashMap::new(),
            revision: self.revision,
        };
        self.collections.insert(path.to_owned(), members);
    }

    /// Puts a resource into a collection, as the last one. Returns whether it was not there before.
    pub(crate) fn put_in(&mut self, collection: &str, member: &str) -> bool {
        let Some(members) = self.collections.get_mut(collection).filter(|members| !members.contains(member)) else {
            return false;
        };
        self.revision += 1;
        members.revision = self.revision;
        members.paths.insert(self.revision, member.to_owned());
        members.places.insert(member.to_owned(), self.revision);
        self.containers.entry(member.to_owned()).or_default().insert(collection.to_owned());
        true
    }

    /// Takes a resource out of a collection. Returns whether it was there.
    pub(crate) fn take_out(&mut self, collection: &str, member: &str) -> bool {
        let Some(members) = self.collections.get_mut(collection) else { return false };
        let Some(place) = members.places.remove(member) else { return false };
        members.paths.remove(&place);
        self.revision += 1;
        members.revision = self.revision;
        self.forget_container(member, collection);
        true
    }

    /// The collections that a resource is in.
    pub(crate) fn containers(&self, path: &str) -> impl Iterator<Item = &String> {
        self.containers.get(path).into_iter().flatten()
    }

    /// The resources that refer to this one.
    pub(crate) fn referrers(&self, path: &str) -> impl Iterator<Item = &String> {
        self.referrers.get(path).into_iter().flatten()
    }

    /// The resources that have access policies.
    pub(crate) fn guarded(&self) -> &BTreeSet<String> {
        &self.guarded
    }

    /// The collections of a resource.
    pub(crate) fn collections_of(&self, path: &str) -> Vec<String> {
        let Some(record) = self.get(path) else { return Vec::new() };
        let owned = relations::owned_collections(record);
        owned.filter_map(|(_, uri)| self.path_of(uri)).filter(|path| self.collections.contains_key(path)).collect()
    }

    /// The path that a reference of a resource leads to.
    pub(crate) fn target(&self, path: &str, attribute: &str) -> Option<String> {
        self.path_of(attributes::href(self.get(path)?, attribute)?)
    }

    /// How many resources and collections there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.resources.len() + self.collections.len()
    }

    fn targets(&self, record: &dyn Record) -> BTreeSet<String> {
        let known = references(record).into_iter().filter_map(|uri| uri.strip_prefix(&self.base));
        known.map(str::to_owned).collect()
    }

    /// Notes that a resource refers to others than before.
    fn refer(&mut self, path: &str, before: &BTreeSet<String>, after: &BTreeSet<String>) {
        for target in before.difference(after) {
            forget(&mut self.referrers, target, path);
        }
        for target in after.difference(before) {
            self.referrers.entry(target.clone()).or_default().insert(path.to_owned());
        }
    }

    fn forget_container(&mut self, member: &str, collection: &str) {
        forget(&mut self.containers, member, collection);
    }
}

/// Takes a path out of the set of another, and the set itself when it is empty.
fn forget(sets: &mut HashMap<String, BTreeSet<String>>, key: &str, path: &str) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(path);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}
