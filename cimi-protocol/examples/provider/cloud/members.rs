//! Existing resources in collections: insert, remove (5.5.12.2, 5.5.12.3) and `connectvolume` (5.14.1.2).

use cimi_model::reflect::Record;
use cimi_model::{Action, Dialect, LocatedVolume, Machine, Type, reflect::Described};
use cimi_protocol::provider::{Membership, Refusal};

use super::{Cloud, Done, layout};

impl Cloud {
    /// Puts an existing resource into a collection. It keeps its parent.
    pub(crate) fn insert(&mut self, collection: &str, membership: &Membership) -> Result<Done, Refusal> {
        let path = self.existing(&membership.href)?;
        self.check_member(collection, &path)?;
        let item = membership.item.as_ref().map(cimi_model::Document::record);
        Ok(self.associate(collection, &path, item, "insert"))
    }

    /// Takes a resource out of a collection. It goes on to exist.
    pub(crate) fn take_out(&mut self, collection: &str, membership: &Membership) -> Result<Done, Refusal> {
        let path = self.existing(&membership.href)?;
        let members = self.members(collection);
        let Some(member) = members.into_iter().find(|member| *member == path || self.stands_for(member) == path) else {
            return Err(Refusal::conflict("the resource is not in the collection"));
        };
        let job = self.new_job(collection, std::slice::from_ref(&path), "remove");
        if self.stands_for(&member) == member {
            self.store.take_out(collection, &member);
            self.leave(collection, &member);
        } else {
            self.remove(&member);
        }
        self.settle_owner(collection);
        self.end_job(&job);
        Ok(Done::action(job))
    }

    /// Connects a Volume to a Machine.
    pub(crate) fn connect_volume(&mut self, machine: &str, action: &Action) -> Result<Done, Refusal> {
        let volume = action.volume.as_ref().and_then(|volume| volume.href.as_ref());
        let volume = self.existing(volume.ok_or_else(|| Refusal::conflict("there is no volume to connect"))?)?;
        let state = self.state(machine).unwrap_or_default();
        self.rules_of(Machine::described()).apply(&state, "connectvolume")?;
        let Some(row) = Machine::described().attribute("volumes") else { return Err(Refusal::not_found()) };
        let collection = layout::collection_path(machine, row, self.dialect());
        self.check_member(&collection, &volume)?;
        let item = LocatedVolume { initial_location: action.initial_location.clone(), ..LocatedVolume::default() };
        Ok(self.associate(&collection, &volume, Some(&item), "connectvolume"))
    }

    fn associate(&mut self, collection: &str, path: &str, item: Option<&dyn Record>, action: &str) -> Done {
        let item = self.put_in(collection, path, item);
        self.settle_owner(collection);
        let target =
            if action == "insert" { collection.to_owned() } else { self.owner(collection).unwrap_or_default() };
        let job = self.new_job(&target, &[path.to_owned()], action);
        self.end_job(&job);
        match item {
            // In 1.x it is the item that is created.
            Some(item) if item != path && action == "insert" && self.dialect() == Dialect::V1 => {
                Done::created(item, job)
            }
            _ => Done::action(job),
        }
    }

    /// Whether a resource may be put into a collection: it is of the type, and is not there yet.
    fn check_member(&self, collection: &str, path: &str) -> Result<(), Refusal> {
        let entry = self.store.collection(collection).ok_or_else(Refusal::not_found)?.entry;
        let member = entry.record_type.members.map(|members| (members.item)());
        let of = self.type_of(path);
        let fits =
            |member: &'static Type| of.is_some_and(|of| of.name == member.name || of.name == target_name(member));
        if !member.is_some_and(fits) {
            let (of, wanted) = (of.map_or("collection", |of| of.name), member.map_or("", target_name));
            return Err(Refusal::conflict(format!("the collection has resources of type {wanted}, not {of}")));
        }
        // A Volume of 1.x may be connected at several places.
        let is_once = self.dialect() == Dialect::V2 || of.is_none_or(|of| of.name != "Volume");
        if is_once && self.members(collection).iter().any(|other| other == path || self.stands_for(other) == path) {
            return Err(Refusal::conflict("the resource is in the collection already"));
        }
        Ok(())
    }

    /// The parent of a resource that was a child of a collection which it has left: the catalog of its type.
    fn leave(&mut self, collection: &str, path: &str) {
        if self.store.target(path, "parent").as_deref() != Some(collection) {
            return;
        }
        if let Some(catalog) = self.type_of(path).and_then(|of| self.catalog_of(of)) {
            self.set_parent(path, &catalog);
        }
    }

    fn settle_owner(&mut self, collection: &str) {
        if let Some(owner) = self.owner(collection) {
            self.settle(&owner);
        }
    }
}

/// The name of the resources that are in a collection with such items.
fn target_name(member: &'static Type) -> &'static str {
    let row = member.attributes.iter().find(|row| layout::is_accessory(row));
    row.and_then(|row| row.kind.target()).map_or(member.name, |target| target.name)
}
