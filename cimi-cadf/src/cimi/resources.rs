//! Which resources of CIMI events are about (DSP2042 4.3.3, use case Log/Met-003).

use std::collections::HashSet;

use cimi_model::ext::logs::{ORIGIN, SystemLog};
use cimi_model::{Any, Dialect, Limits, Uri};

use super::carry::id_of;
use super::encoding::identifier;
use super::tables::path_of_type;
use crate::{Definitions, Event, Log, Part, Path};

/// Resources of CIMI, to select what a log of CADF says of them: a global log is the log of each resource, and of each System.
///
/// An event is about a resource if that is its target, or if it was made of an Event that was
/// [found](cimi_model::ext::logs::ORIGIN) in the log of the resource. Of a selection without resources and types, no
/// event is.
///
/// ```
/// use cimi_cadf::Log;
/// use cimi_cadf::cimi::Resources;
///
/// let text = br#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "events": [
///     {"id": "e1", "target": {"id": "http://example.com/machines/1", "typeURI": "compute/machine"}},
///     {"id": "e2", "target": {"id": "http://example.com/volumes/1", "typeURI": "storage/volume"}},
///     {"id": "e3", "target": {"id": "http://example.com/machines/2", "typeURI": "compute/machine"}}]}"#;
/// let log = Log::read(text, &Default::default())?.value;
/// let ids = |resources: &Resources| -> Vec<String> {
///     resources.select(&log).events.iter().filter_map(|event| event.id.as_ref()).map(ToString::to_string).collect()
/// };
/// let one = Resources::new(Some(&"http://example.com/".into())).with("machines/1");
/// assert_eq!(ids(&one), ["e1"]);
/// let machines = Resources::default().with_type("http://schemas.dmtf.org/cimi/2/Machine");
/// assert_eq!(ids(&machines), ["e1", "e3"]);
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resources {
    base: Option<Uri>,
    ids: HashSet<String>,
    types: Vec<Path>,
}

impl Resources {
    /// No resources yet. `base` is `baseURI` of the cloud entry point, by which URIs are compared; without it, they are as
    /// they are written.
    #[must_use]
    pub fn new(base: Option<&Uri>) -> Self {
        Self { base: base.cloned(), ..Self::default() }
    }

    /// The resource with a URI as well.
    #[must_use]
    pub fn with(mut self, uri: &str) -> Self {
        self.ids.extend(self.key(uri));
        self
    }

    /// All resources of a type as well, given by its URI in either version of CIMI.
    #[must_use]
    pub fn with_type(mut self, uri: &str) -> Self {
        self.types.push(path_of_type(uri));
        self
    }

    /// All resources of a System as well, or of whatever the log is of.
    #[must_use]
    pub fn with_system(mut self, log: &SystemLog) -> Self {
        for origin in &log.origins {
            let uri = origin.resource.as_ref().and_then(|resource| resource.href.as_ref());
            self.ids.extend(uri.and_then(|uri| self.key(uri.as_str())));
        }
        self
    }

    /// Whether an event is about one of the resources. Of what stands in the definitions of a log, the event knows the
    /// identifier alone; [`select`](Self::select) looks there, too.
    #[must_use]
    pub fn relates(&self, event: &Event) -> bool {
        let is_one = |uri: &str| self.key(uri).is_some_and(|key| self.ids.contains(&key));
        let is_of_type = |path: &Path| self.types.iter().any(|known| path.is_a(known.as_str()));
        let target_type = event.resource(Part::Target).and_then(|target| target.type_uri.as_ref());
        id_of(event, Part::Target).is_some_and(|id| is_one(id.as_str()))
            || target_type.is_some_and(is_of_type)
            || origins(event).any(|origin| {
                let text = |value: Option<&Any>| value.and_then(Any::as_str).map(str::to_owned);
                let resource = text(origin.get("resource").and_then(|resource| resource.get("href")));
                let of_type = text(origin.get("resType")).is_some_and(|uri| is_of_type(&path_of_type(&uri)));
                of_type || resource.is_some_and(|uri| is_one(&uri))
            })
    }

    /// The part of a log that is about the resources. It defines what its own events have in common and nothing else: what
    /// the rest of the log says of other resources is not in it.
    ///
    /// What else a log says – its identifier, when it was made, by whom – stays.
    #[must_use]
    pub fn select(&self, log: &Log) -> Log {
        let definitions = Definitions::from(log);
        let limits = Limits::default();
        let whole = log.events.iter().map(|event| {
            let mut event = event.clone();
            definitions.resolve(&mut event, &limits);
            event
        });
        let mut part = Log {
            events: whole.filter(|event| self.relates(event)).collect(),
            metrics: Vec::new(),
            resources: Vec::new(),
            geolocations: Vec::new(),
            ..without_events(log)
        };
        part.hoist();
        part
    }

    /// What two spellings of one URI have in common.
    fn key(&self, uri: &str) -> Option<String> {
        let id = identifier(uri)?;
        let resolved = self.base.as_ref().and_then(|base| Uri::from(id.as_str()).resolve(base).ok());
        Some(resolved.map_or_else(|| id.to_string(), |uri| uri.to_string()))
    }
}

fn without_events(log: &Log) -> Log {
    Log {
        type_uri: log.type_uri.clone(),
        id: log.id.clone(),
        log_time: log.log_time.clone(),
        generator_id: log.generator_id.clone(),
        description: log.description.clone(),
        attachments: log.attachments.clone(),
        annotations: log.annotations.clone(),
        extensions: log.extensions.clone(),
        ..Log::default()
    }
}

/// Where the Event was found that an event was made of.
fn origins(event: &Event) -> impl Iterator<Item = &Any> {
    let is_event = |uri: &Uri| Dialect::split_uri(uri.as_str()).is_some_and(|(_, name)| name == "Event");
    let attached = event.attachments.iter().filter(move |attachment| {
        attachment.name.as_deref() == Some(super::event::ATTACHMENT) && attachment.content_uri().is_some_and(is_event)
    });
    let key = ORIGIN.key();
    let found = attached.filter_map(move |attachment| attachment.content.as_ref()?.get(&key));
    found.flat_map(|origin| match origin {
        Any::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    })
}
