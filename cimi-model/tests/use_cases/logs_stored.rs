//! What the provider of the scenarios has.

use std::collections::BTreeMap;

use cimi_model::ext::logs::Origin;
use cimi_model::filter::{Filter, FilterOptions};
use cimi_model::reflect::Record;
use cimi_model::template::Resolver;
use cimi_model::{Collection, DateTime, Duration, Error, ErrorKind, Event, EventLog, Ref, Type, Uri};

pub fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

pub fn length(text: &str) -> Duration {
    text.parse().unwrap()
}

/// What a provider has, by URI.
#[derive(Default)]
pub struct Stored(pub BTreeMap<String, Box<dyn Record>>);

impl Stored {
    pub fn add(&mut self, record: impl Record + 'static) {
        let id = cimi_model::attributes::text(&record, "id").unwrap().to_owned();
        self.0.insert(id, Box::new(record));
    }

    /// A log and the collection of its Events, which it refers to.
    pub fn add_log(&mut self, id: &str, events: Vec<Event>) {
        let mut collection = Collection::from_iter(events);
        collection.id = Some(format!("{id}/events").into());
        self.add(EventLog { id: Some(id.into()), events: Some(Ref::to(format!("{id}/events"))), ..Default::default() });
        self.add(collection);
    }

    pub fn get<T: Clone + 'static>(&self, id: &str) -> T {
        self.0[id].as_any().downcast_ref::<T>().unwrap().clone()
    }
}

impl Resolver for Stored {
    fn resolve(&self, href: &Uri, _: &'static Type) -> cimi_model::Result<Box<dyn Record>> {
        let found = self.0.get(href.as_str()).map(|record| record.boxed_clone());
        found.ok_or_else(|| Error::new(ErrorKind::Value, "there is no such resource"))
    }
}

/// A collection of resources, in which each is whole.
pub fn collection<T: Record + Clone>(id: &str, items: Vec<T>) -> Collection<T> {
    Collection { id: Some(id.into()), ..Collection::from_iter(items) }
}

pub fn resources(origins: &[Origin]) -> Vec<&str> {
    origins.iter().map(|origin| origin.resource.as_ref().unwrap().href.as_ref().unwrap().as_str()).collect()
}

/// A filter with the extensions of peers.
pub fn filter(text: &str) -> Filter {
    Filter::parse(text, &FilterOptions { extensions: true, ..Default::default() }).unwrap()
}
