//! Deletion, with what goes along with a resource and what has referred to it (5.10).

use std::collections::BTreeSet;

use cimi_model::lifecycle::Step;
use cimi_model::reflect::{Record, Slot};
use cimi_model::relations::{Deletion, Relations};
use cimi_model::{ModelChange, ResourceMetadata, attributes};

use cimi_protocol::provider::Refusal;

use super::Cloud;
use super::changes::Effect;

impl Cloud {
    /// Deletes a resource.
    pub(crate) fn remove(&mut self, path: &str) {
        if self.store.get(path).is_none() {
            return;
        }
        self.report_change(path, ModelChange::Delete);
        let systems: BTreeSet<String> = self.store.containers(path).filter_map(|found| self.owner(found)).collect();
        let (paths, deletion) = self.deletion(path);
        for path in self.removed(&deletion) {
            self.forget(&path);
        }
        for index in deletion.touched() {
            if let Some(path) = paths.get(index).filter(|path| self.store.get(path).is_some()) {
                self.store.edit(path, |record| {
                    deletion.apply(record);
                });
            }
        }
        for system in systems {
            self.settle(&system);
        }
    }

    /// What the deletion of a resource does, to the resources with these paths.
    fn deletion(&self, path: &str) -> (Vec<String>, Deletion) {
        let (paths, records) = self.concerned(path);
        let records: Vec<&dyn Record> = records.iter().map(|record| &**record).collect();
        let metadata: Vec<&ResourceMetadata> = self.provider.metadata.iter().collect();
        let deletion = Relations::new(&records, None).deletion(&[self.store.uri(path).as_str()], &metadata);
        (paths, deletion)
    }

    fn removed(&self, deletion: &Deletion) -> Vec<String> {
        deletion.removed.iter().filter_map(|removed| self.store.path_of(&removed.id.as_str().into())).collect()
    }

    /// What happens to a resource that is being deleted, and to what goes with it.
    ///
    /// # Errors
    /// 409 when it takes away what a component of a `SystemTemplate` is made from: without that, the template is none.
    pub(crate) fn effects_of_deletion(&self, path: &str, step: Step) -> Result<Vec<Effect>, Refusal> {
        let (_, deletion) = self.deletion(path);
        let component = "/SystemTemplate/componentDescriptors";
        if deletion.cleared.iter().any(|cleared| cleared.path.starts_with(component)) {
            return Err(Refusal::conflict("a component of a SystemTemplate is made from it"));
        }
        let mut effects = Vec::new();
        for below in self.removed(&deletion) {
            let own = self.type_of(&below).filter(|of| of.lifecycle.is_some() && below != path);
            let state = self.state(&below).unwrap_or_default();
            if let Some(step) = own.and_then(|of| self.rules_of(of).apply(&state, "delete").ok()) {
                effects.push(Effect { path: below, step, new: false });
            }
        }
        effects.push(Effect { path: path.to_owned(), step, new: false });
        Ok(effects)
    }

    /// Forgets a resource that is deleted, and what only this provider knows of it.
    fn forget(&mut self, path: &str) {
        if let Some(items) = self.items.get_mut(&self.stands_for(path)) {
            items.remove(path);
        }
        self.items.remove(path);
        self.store.remove(path);
        self.captured.remove(path);
        self.meters.remove(path);
        self.backups.retain(|(service, machine), backup| service != path && machine != path && backup != path);
    }

    /// The resource that has a collection.
    pub(crate) fn owner(&self, collection: &str) -> Option<String> {
        self.store.collection(collection).map(|members| members.owner.clone())
    }

    /// The resources that a deletion may concern, with their paths: the resource, what is below it, and whatever refers
    /// to any of these. Collections are among them, with no more than the URIs of their members.
    fn concerned(&self, path: &str) -> (Vec<String>, Vec<Box<dyn Record>>) {
        let mut paths = vec![path.to_owned()];
        let mut seen: BTreeSet<String> = paths.iter().cloned().collect();
        let mut below: BTreeSet<String> = seen.clone();
        let mut next = 0;
        while let Some(path) = paths.get(next).cloned() {
            next += 1;
            if !below.contains(&path) {
                continue;
            }
            let mut found: Vec<(String, bool)> = Vec::new();
            found.extend(self.store.collections_of(&path).into_iter().map(|path| (path, true)));
            let members = self.store.collection(&path).into_iter().flat_map(super::store::Members::paths);
            found.extend(members.map(|member| (member.clone(), true)));
            found.extend(self.store.referrers(&path).map(|other| (other.clone(), self.depends(other))));
            for (path, is_below) in found {
                if is_below {
                    below.insert(path.clone());
                }
                if seen.insert(path.clone()) {
                    paths.push(path);
                }
            }
        }
        let records = paths.iter().filter_map(|path| Some((path.clone(), self.bare(path)?)));
        records.unzip()
    }

    /// Whether a resource may be deleted with what it refers to.
    fn depends(&self, path: &str) -> bool {
        let row = |record: &dyn Record| record.record_type().attributes.iter().any(|row| row.dependence.is_some());
        self.store.get(path).is_some_and(row)
    }

    /// A resource as it is kept, or a collection with the URIs of its members.
    fn bare(&self, path: &str) -> Option<Box<dyn Record>> {
        if let Some(record) = self.store.get(path) {
            return Some(record.boxed_clone());
        }
        let members = self.store.collection(path)?;
        let mut record = (members.entry.new)();
        attributes::set_text(&mut *record, "id", self.store.uri(path).as_str());
        attributes::set_href(&mut *record, "parent", &self.store.uri(&members.owner));
        let grouping = members.entry.record_type.members?.grouping;
        if let Some(Slot::List(list)) = attributes::slot(&mut *record, grouping) {
            for member in members.paths() {
                if let Slot::Record(item) = list.push() {
                    attributes::set_text(item, "id", self.store.uri(member).as_str());
                }
            }
        }
        Some(record)
    }
}
