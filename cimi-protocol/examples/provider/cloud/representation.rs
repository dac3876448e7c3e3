//! What consumers see: resources with their operations, collections with their members.

use cimi_model::lifecycle::Rules;
use cimi_model::reflect::{Record, Slot, View, same_value};
use cimi_model::{Dialect, EventLog, Job, LocatedVolume, Operation, Type, Uri, attributes, template};
use cimi_protocol::provider::ETag;
use cimi_protocol::query::Source;

use super::events::MAIN_LOG;
use super::store::Members;
use super::{Cloud, layout, offers};

impl Cloud {
    /// The representation of a resource or collection.
    pub(crate) fn show(&self, path: &str) -> Option<Box<dyn Record>> {
        match self.store.collection(path) {
            Some(members) => Some(self.show_collection(path, members)),
            None => self.show_resource(path),
        }
    }

    fn show_resource(&self, path: &str) -> Option<Box<dyn Record>> {
        let mut record = self.store.get(path)?.boxed_clone();
        self.complete(path, &mut *record);
        let of = record.record_type();
        if of.attribute("resourceMetadata").is_some_and(|row| layout::collection_type(row, Dialect::V2).is_none())
            && attributes::href(&*record, "resourceMetadata").is_none()
            && self.store.contains(&metadata_path(of))
        {
            attributes::set_href(&mut *record, "resourceMetadata", &self.store.uri(&metadata_path(of)));
        }
        let uri = self.store.uri(path);
        let mut operations = self.rules_of(of).operations_of(&*record, &|_| Some(uri.clone()));
        if path == MAIN_LOG {
            operations.retain(|operation| operation.rel.as_ref().is_none_or(|rel| rel.as_str() != "delete"));
        }
        set_operations(&mut *record, self.in_dialect(operations));
        self.restrict(path, &mut *record);
        self.reduce(&mut *record);
        if self.dialect() == Dialect::V1 {
            self.omit_meters(&mut *record);
        }
        Some(record)
    }

    /// Adds what follows from other resources, or from the time.
    fn complete(&self, path: &str, record: &mut dyn Record) {
        match record.record_type().name {
            "Job" => {
                let above = self.store.target(path, "parentJob");
                if let Some(progress) = self.schedule.progress(above.as_deref().unwrap_or(path), self.now) {
                    attributes::set_integer(record, "progress", progress);
                }
            }
            "EventLog" => {
                let summary = self.summary(path);
                if let Some(Slot::Record(place)) = attributes::slot(record, "summary") {
                    template::fill(place, &summary);
                }
            }
            // Whoever has set it knows it.
            "Credential" => attributes::clear(record, "password"),
            // In 2.0 it has the attributes of the Volume as well.
            "locatedVolume" if self.dialect() == Dialect::V2 => {
                if let Some(volume) = self.store.get(&self.stands_for(path)) {
                    template::fill(record, volume);
                }
            }
            _ => {}
        }
    }

    /// What a consumer sends of a resource, without what was only added to show it and comes back as it was.
    pub(crate) fn without_additions(&self, path: &str, sent: &dyn Record) -> Box<dyn Record> {
        let mut sent = sent.boxed_clone();
        let (Some(kept), Some(shown)) = (self.store.get(path), self.show_resource(path)) else { return sent };
        for (index, row) in kept.record_type().attributes.iter().enumerate() {
            let (Some(kept), Some(shown), Some(value)) = (kept.get(index), shown.get(index), sent.get(index)) else {
                continue;
            };
            // The numbers of Events have grown since.
            let comes_back = row.name == "summary" || same_value(&value.view(), &shown.view());
            if comes_back
                && matches!(kept.view(), View::Absent)
                && let Some(value) = sent.get_mut(index)
            {
                value.clear();
            }
        }
        sent
    }

    fn show_collection(&self, path: &str, members: &Members) -> Box<dyn Record> {
        let mut collection = self.show_empty(path, members);
        let grouping = members.entry.record_type.members.map_or("", |members| members.grouping);
        if let Some(Slot::List(list)) = attributes::slot(&mut *collection, grouping) {
            for path in members.paths().filter(|path| self.may_see(path)) {
                if let (Some(member), Slot::Record(item)) = (self.show_resource(path), list.push()) {
                    template::fill(item, &*member);
                    self.add_backup(&members.owner, path, item);
                }
            }
        }
        collection
    }

    /// Says which Machine is the backup of one in the care of a service.
    fn add_backup(&self, service: &str, machine: &str, item: &mut dyn Record) {
        if let Some(backup) = self.backups.get(&(service.to_owned(), machine.to_owned())) {
            attributes::set_href(item, "backupmachine", &self.store.uri(backup));
        }
    }

    /// A collection without its members.
    fn show_empty(&self, path: &str, members: &Members) -> Box<dyn Record> {
        let mut collection = (members.entry.new)();
        let count = members.paths().filter(|path| self.may_see(path)).count();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        attributes::set_text(&mut *collection, "id", self.store.uri(path).as_str());
        attributes::set_integer(&mut *collection, "count", count);
        attributes::set_href(&mut *collection, "parent", &self.store.uri(&members.owner));
        set_operations(&mut *collection, self.collection_operations(path, members));
        self.restrict(path, &mut *collection);
        self.reduce(&mut *collection);
        collection
    }

    /// What may be done with a collection.
    pub(crate) fn collection_operations(&self, path: &str, members: &Members) -> Vec<Operation> {
        let uri = self.store.uri(path);
        let is_catalog = members.owner == layout::ENTRY_POINT;
        let rules = offers::of_collection(members.entry.record_type, members.attribute, is_catalog, self.dialect());
        self.in_dialect(rules.operations_for(None, &|_| Some(uri.clone())))
    }

    /// What may be done with resources of a type.
    pub(crate) fn rules_of(&self, of: &'static Type) -> Rules {
        self.rules.get(of.name).cloned().unwrap_or_else(|| Rules::of(of))
    }

    /// 1.x has no `available`: there, what is not possible now is not listed.
    fn in_dialect(&self, mut operations: Vec<Operation>) -> Vec<Operation> {
        if self.dialect() == Dialect::V1 {
            operations.retain(|operation| operation.available != Some(false));
            // Some look for the deletion in the first place.
            operations.sort_by_key(|operation| operation.rel.as_ref().is_some_and(|rel| rel.as_str() == "edit"));
        }
        operations
    }

    /// Takes out what the dialect does not have.
    pub(crate) fn reduce(&self, record: &mut dyn Record) {
        for (index, row) in record.record_type().attributes.iter().enumerate() {
            // The schema of 1.x has forgotten that a Disk has a URI, and consumers need it.
            if !self.dialect().has(row.versions)
                && row.name != "id"
                && let Some(value) = record.get_mut(index)
            {
                value.clear();
            }
        }
    }

    /// The entity tag of a resource or collection: another one exactly when it shows something else.
    pub(crate) fn etag(&self, path: &str) -> Option<ETag> {
        let (revision, further) = match self.store.collection(path) {
            Some(members) => self.state_of_collection(members),
            None => self.state_of_resource(path)?,
        };
        Some(ETag::new(format!("{revision}.{further}{}", self.seen())))
    }

    /// The latest change that a resource shows, and a number for what it shows beside changes.
    fn state_of_resource(&self, path: &str) -> Option<(u64, i64)> {
        let resource = self.store.resource(path)?;
        let any = resource.record.as_any();
        if any.is::<EventLog>() {
            let events = self.store.collection(&format!("{path}/events"));
            Some((events.map_or(0, |events| events.revision).max(resource.revision), 0))
        } else if any.is::<LocatedVolume>() {
            let volume = self.store.resource(&self.stands_for(path));
            Some((volume.map_or(0, |volume| volume.revision).max(resource.revision), 0))
        } else if any.is::<Job>() {
            let above = self.store.target(path, "parentJob");
            let progress = self.schedule.progress(above.as_deref().unwrap_or(path), self.now);
            Some((resource.revision, progress.unwrap_or(100)))
        } else {
            let is_metered = self.dialect() == Dialect::V1 && !self.has_no_meters(&*resource.record);
            Some((resource.revision, is_metered.into()))
        }
    }

    /// The latest change of a collection and its members, and what these show beside changes.
    fn state_of_collection(&self, members: &Members) -> (u64, i64) {
        let states = members.paths().filter_map(|path| {
            let (revision, further) = self.state_of_resource(path)?;
            let backup = self.backups.contains_key(&(members.owner.clone(), path.clone()));
            Some((revision, further + i64::from(backup)))
        });
        states.fold((members.revision, 0), |(latest, all), (revision, further)| (latest.max(revision), all + further))
    }

    /// The type of a resource or collection.
    pub(crate) fn type_of(&self, path: &str) -> Option<&'static Type> {
        let collection = self.store.collection(path).map(|members| members.entry.record_type);
        collection.or_else(|| self.store.get(path).map(Record::record_type))
    }
}

/// Where the metadata of a type are.
pub(crate) fn metadata_path(of: &Type) -> String {
    let (first, rest) = of.name.split_at_checked(1).unwrap_or_default();
    format!("resourceMetadata/{}{rest}", first.to_ascii_lowercase())
}

fn set_operations(record: &mut dyn Record, operations: Vec<Operation>) {
    let Some(Slot::List(list)) = attributes::slot(record, "operations") else { return };
    while !list.is_empty() {
        list.pop();
    }
    for operation in operations {
        if let Slot::Record(item) = list.push() {
            template::fill(item, &operation);
        }
    }
}

/// What references lead to, for `$expand`.
impl Source for Cloud {
    fn resource(&self, href: &Uri) -> Option<Box<dyn Record>> {
        self.show(&self.store.path_of(href)?)
    }

    /// The log of the entry point has so many Events that each of its members may not be shown with all of it.
    fn most(&self) -> usize {
        10_000
    }
}
