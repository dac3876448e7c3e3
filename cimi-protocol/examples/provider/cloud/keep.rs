//! Keeping new resources: with their collections, in the catalog of their type, with an event log.

use cimi_model::ext::access::AccessPolicy;
use cimi_model::reflect::{Described, Record};
use cimi_model::relations::{make_absolute, set_parent};
use cimi_model::{
    AddressOrigin, Attribute, Collection, Dialect, EventLog, Persistence, Protocol, ProtocolEndpoint, ProtocolSegment,
    RecoverableMachine, Ref, SystemService, Type, attributes, json, template,
};
use cimi_protocol::provider::rules::upkeep;

use super::{Cloud, layout};

impl Cloud {
    /// Keeps a new resource, with its collections, in the catalog of its type.
    pub(crate) fn keep(&mut self, path: &str, mut record: Box<dyn Record>) {
        let of = record.record_type();
        if self.dialect() == Dialect::V2 {
            // Nobody sees it, and a full update would remove it. In 1.x, what 2.0 adds is of use here.
            self.reduce(&mut *record);
        }
        let catalog = self.catalog_of(of);
        let parent = catalog.as_ref().map(|catalog| self.store.uri(catalog));
        upkeep::register(&mut *record, &self.store.uri(path), parent.as_ref(), &self.now.into());
        make_absolute(&mut *record, &self.store.base());
        let mut collections = Vec::new();
        for attribute in layout::collections(of, self.dialect()) {
            let collection = layout::collection_path(path, attribute, self.dialect());
            attributes::set_href(&mut *record, attribute.name, &self.store.uri(&collection));
            collections.push((attribute, collection));
        }
        if path == layout::ENTRY_POINT {
            self.advertise(&mut *record);
        }
        self.store.put(path, record);
        for (attribute, collection) in collections {
            self.add_collection(&collection, path, attribute);
        }
        if let Some(catalog) = catalog {
            self.store.put_in(&catalog, path);
        }
    }

    /// Refers to the collections of added types in what is added to the entry point.
    fn advertise(&self, entry_point: &mut dyn Record) {
        for addition in self.provider.registry.additions_of(entry_point.record_type()) {
            let mut value = addition.empty();
            for row in addition.value_type().attributes {
                let path = layout::collection_path(layout::ENTRY_POINT, row, self.dialect());
                attributes::set_href(&mut *value, row.name, &self.store.uri(&path));
            }
            if let Ok(value) = json::to_any(&*value, self.dialect().into()) {
                entry_point.extensions_mut().insert(addition.key(), value);
            }
        }
    }

    /// The path of the catalog of a type.
    pub(crate) fn catalog_of(&self, of: &Type) -> Option<String> {
        let catalog = layout::catalog_of(of, self.dialect());
        catalog.map(|row| layout::collection_path(layout::ENTRY_POINT, row, self.dialect()))
    }

    /// Adds the collection that a resource has at an attribute.
    pub(crate) fn add_collection(&mut self, path: &str, owner: &str, attribute: &'static Attribute) {
        let service = self.store.get_as::<SystemService>(owner);
        let name = if attribute.name == "machines" && service.is_some_and(SystemService::is_high_reliability) {
            // The members know their backups.
            Some(Collection::<RecoverableMachine>::described().name)
        } else {
            layout::collection_type(attribute, self.dialect()).map(|of| of.name)
        };
        if let Some(entry) = name.and_then(|name| self.provider.registry.by_name(name)) {
            self.store.add_collection(path, *entry, owner, attribute);
        }
    }

    pub(crate) fn set_parent(&mut self, path: &str, parent: &str) {
        let uri = self.store.uri(parent);
        self.store.edit(path, |record| {
            set_parent(record, Some(&uri));
        });
    }

    /// Puts a resource into a collection. Where the items of that are more than the resources that they refer to, a new
    /// item is made, with what `accessories` say about it. Returns the path of what is in the collection then.
    pub(crate) fn put_in(&mut self, collection: &str, path: &str, accessories: Option<&dyn Record>) -> Option<String> {
        let entry = self.store.collection(collection)?.entry;
        let member = entry.record_type.members.map(|members| (members.item)())?;
        let Some(row) = member.attributes.iter().find(|row| layout::is_accessory(row)) else {
            self.store.put_in(collection, path);
            return Some(path.to_owned());
        };
        let mut item = (self.provider.registry.by_name(member.name)?.new)();
        if let Some(accessories) = accessories {
            template::fill(&mut *item, accessories);
        }
        attributes::set_href(&mut *item, row.name, &self.store.uri(path));
        let place = self.store.new_path(collection);
        self.keep(&place, item);
        self.set_parent(&place, collection);
        self.store.put_in(collection, &place);
        self.items.entry(path.to_owned()).or_default().insert(place.clone());
        Some(place)
    }

    /// The paths of what is in a collection.
    pub(crate) fn members(&self, collection: &str) -> Vec<String> {
        self.store.collection(collection).map(|members| members.paths().cloned().collect()).unwrap_or_default()
    }

    /// Gives an endpoint the protocol of its segment, and an address if the consumer does not (5.16.9).
    fn address(&mut self, path: &str) {
        let segment = self.store.target(path, "parent").and_then(|collection| self.owner(&collection));
        let segment = segment.and_then(|segment| self.store.get_as::<ProtocolSegment>(&segment));
        let protocol = segment.and_then(|segment| segment.protocol.clone());
        let number: u32 = path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        self.store.edit_as::<ProtocolEndpoint>(path, |endpoint| {
            if endpoint.origin == Some(AddressOrigin::Dynamic) && protocol == Some(Protocol::Ipv4) {
                let [_, high, middle, low] = number.to_be_bytes();
                endpoint.address = Some(format!("10.{high}.{middle}.{low}"));
            }
            endpoint.protocol = endpoint.protocol.take().or(protocol);
        });
    }

    /// Gives a new resource what every one of its type has here: an event log; a Meter begins to measure.
    pub(crate) fn equip(&mut self, path: &str) {
        let Some(of) = self.type_of(path) else { return };
        match of.name {
            "Meter" => self.start_meter(path),
            // A policy is in force unless it says that it is not.
            "AccessPolicy" => {
                self.store.edit_as::<AccessPolicy>(path, |policy| policy.enabled = policy.enabled.or(Some(true)));
            }
            "ProtocolEndpoint" => self.address(path),
            _ => {}
        }
        let row = of.attribute("eventLog").filter(|row| self.dialect().has(row.versions));
        if row.is_none() || self.store.target(path, "eventLog").is_some() {
            return;
        }
        let log = self.store.new_path("eventLogs");
        let resource = EventLog {
            description: Some(format!("the latest {} Events", super::events::KEPT)),
            target_resource: Some(Ref::to(self.store.uri(path))),
            persistence: Some(Persistence::Yearly),
            ..EventLog::default()
        };
        self.keep(&log, Box::new(resource));
        let uri = self.store.uri(&log);
        self.store.edit(path, |record| {
            attributes::set_href(record, "eventLog", &uri);
        });
    }
}
