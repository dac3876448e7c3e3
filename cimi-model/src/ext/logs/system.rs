//! What the log of a System is made of.

use std::collections::{HashMap, HashSet};

use super::{Origin, Reach};
use crate::meta::{Attribute, Kind, Role, Type};
use crate::reflect::{List, Record, Reference, View};
use crate::relations::{Base, accessory_target, id_of};
use crate::template::Resolver;
use crate::{AnyResource, Collection, Dialect, Error, ErrorKind, Event, EventLog, Ref, Result, Uri, attributes};

/// How far the log of a resource goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Scope {
    /// Whose logs belong to it. Default: those of components. One that is not known is that.
    pub reach: Reach,
    /// `baseURI` of the cloud entry point, by which URIs are compared; without it, they are as they are written.
    pub base: Option<Uri>,
    /// How deep components may be nested. They are looked at recursively: 512 KiB of stack suffice for the default, 32.
    pub depth: usize,
    /// How many resources there may be. Default: 1,000,000.
    pub most: usize,
}

impl Default for Scope {
    fn default() -> Self {
        Self { reach: Reach::Components, base: None, depth: 32, most: 1_000_000 }
    }
}

/// What the log of a System, or of any other resource, is made of.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct SystemLog {
    /// The resources: the one itself first, each before its components, in the order of the tables. Those without a log are
    /// among them.
    pub origins: Vec<Origin>,
    /// What could not be looked at, so that the log may not be whole.
    pub missing: Vec<Missing>,
}

/// A reference that could not be followed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Missing {
    /// The URI.
    pub href: Uri,
    /// The name of the type that should be there.
    pub wanted: &'static str,
    /// Why not.
    pub error: Error,
}

/// Components that are not followed: they say what is or was of a resource, and are none that things happen to.
const RECORDS: &[&str] = &["Meter", "Sample", "Event", "EventLog", "Job", "ResourceMetadata"];

/// Attributes that lead to what a resource uses and does not own.
const USED: &[&str] = &["volumes", "network", "networkPort", "endpoints"];

/// Says whose logs belong to the log of a System, which the standard leaves open (DSP2042, use case Log/Met-002): its own,
/// and those of its components, by way of the tables of the types.
///
/// Collections, components and Systems in them that are not there by value come from the resolver. One resource is there
/// once, whatever refers to it. What the resolver does not have is reported as missing. Any resource has such a log,
/// and so has the cloud entry point.
///
/// # Errors
/// [`ErrorKind::Limit`] when a bound of the scope is exceeded.
///
/// ```
/// use cimi_model::ext::logs::{Scope, system_log};
/// use cimi_model::reflect::Record;
/// use cimi_model::{Collection, Error, ErrorKind, Machine, Ref, System, Type, Uri};
///
/// let machine = Machine { id: Some("machines/1".into()), event_log: Some(Ref::to("logs/1")), ..Default::default() };
/// let machines = Collection::from_iter([machine]);
/// let stored = |href: &Uri, _: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
///     match href.as_str() {
///         "systems/1/machines" => Ok(Box::new(machines.clone())),
///         _ => Err(Error::new(ErrorKind::Value, "there is no such resource")),
///     }
/// };
/// let system = System {
///     id: Some("systems/1".into()),
///     machines: Some(Ref::to("systems/1/machines")),
///     volumes: Some(Ref::to("systems/1/volumes")),
///     ..Default::default()
/// };
/// let log = system_log(&system, &stored, &Scope::default())?;
/// let logs: Vec<_> = log.with_log().filter_map(|origin| origin.event_log.as_ref()).collect();
/// assert_eq!(logs, [&Ref::to("logs/1")]);
/// assert_eq!(log.missing[0].href.as_str(), "systems/1/volumes");
/// # Ok::<(), Error>(())
/// ```
pub fn system_log(root: &dyn Record, resolver: &dyn Resolver, scope: &Scope) -> Result<SystemLog> {
    let base = Base::new(scope.base.as_ref());
    let mut walk = Walk { resolver, scope, base, found: SystemLog::default(), seen: HashMap::new() };
    walk.resource(root, None, true, scope.depth)?;
    Ok(walk.found)
}

impl SystemLog {
    /// The resources that have a log.
    pub fn with_log(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter().filter(|origin| origin.event_log.is_some())
    }

    /// Takes those of some logs that name one of the resources as their target (5.17.8), where that does not refer to
    /// a log: a consumer may have created them. Returns how many there were.
    pub fn add_targeting<'a>(&mut self, logs: impl IntoIterator<Item = &'a EventLog>, base: Option<&Uri>) -> usize {
        let base = Base::new(base);
        let key = |reference: Option<&Ref<AnyResource>>| base.key(reference?.href.as_ref()?.as_str());
        let mut known: HashSet<String> =
            self.with_log().filter_map(|origin| base.key(origin.event_log.as_ref()?.href.as_ref()?.as_str())).collect();
        let resources: HashMap<String, usize> = (0..)
            .zip(&self.origins)
            .filter_map(|(index, origin)| Some((key(origin.resource.as_ref())?, index)))
            .collect();
        let before = self.origins.len();
        for log in logs {
            let Some(id) = log.id.as_ref().and_then(|id| base.key(id.as_str())) else { continue };
            let Some(index) = key(log.target_resource.as_ref()).and_then(|key| resources.get(&key)) else { continue };
            if let Some(origin) = self.origins.get(*index).filter(|_| known.insert(id)).cloned() {
                let event_log =
                    Ref { href: log.id.clone(), value: log.events.is_some().then(|| Box::new(log.clone())) };
                self.origins.push(Origin { event_log: Some(event_log), ..origin });
            }
        }
        self.origins.len().saturating_sub(before)
    }

    /// Reads the Events of all the logs; one that several resources have, once, for the first of them. What the resolver does not have is reported as missing, and so are logs of which
    /// it has a part.
    #[must_use]
    pub fn fetch(&self, resolver: &dyn Resolver) -> Fetched {
        let mut fetched = Fetched::default();
        let mut known = HashSet::new();
        for origin in self.with_log() {
            let href = origin.event_log.as_ref().and_then(|log| log.href.as_ref());
            if href.is_some_and(|href| !known.insert(href)) {
                continue;
            }
            match events_of(origin, resolver) {
                Ok(events) => {
                    fetched.missing.extend(lack(&events, href.map(Uri::as_str)));
                    fetched.logs.push((origin.clone(), events.items));
                }
                Err(missing) => fetched.missing.push(missing),
            }
        }
        fetched
    }
}

/// Logs with their Events.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Fetched {
    /// Where each log is from, and its Events.
    pub logs: Vec<(Origin, Vec<Event>)>,
    /// Logs that could not be read.
    pub missing: Vec<Missing>,
}

/// The Events of a log, which may be there by value in part or in whole.
fn events_of(origin: &Origin, resolver: &dyn Resolver) -> std::result::Result<Collection<Event>, Missing> {
    let Some(reference) = &origin.event_log else { return Ok(Collection::default()) };
    let events = match (&reference.value, &reference.href) {
        (Some(log), _) if log.events.is_some() => log.events.clone(),
        (_, Some(href)) => fetched::<EventLog>(href, resolver)?.events,
        _ => None,
    };
    let Some(Ref { href, value }) = events else { return Ok(Collection::default()) };
    match (value, href) {
        (Some(collection), href) if href.is_none() || is_whole(&*collection) => Ok(*collection),
        (_, Some(href)) => fetched::<Collection<Event>>(&href, resolver),
        _ => Ok(Collection::default()),
    }
}

fn fetched<T: crate::reflect::Described>(href: &Uri, resolver: &dyn Resolver) -> std::result::Result<T, Missing> {
    let wanted = T::described();
    let missing = |error| Missing { href: href.clone(), wanted: wanted.name, error };
    let record = resolver.resolve(href, wanted).map_err(missing)?;
    let name = record.record_type().name;
    let value = record.into_any().downcast::<T>();
    value.map(|value| *value).map_err(|_| missing(other_type(wanted, name)))
}

fn other_type(wanted: &Type, name: &str) -> Error {
    Error::new(ErrorKind::Type, format!("expected {}, found {name}", wanted.name))
}

struct Walk<'a> {
    resolver: &'a dyn Resolver,
    scope: &'a Scope,
    base: Base,
    found: SystemLog,
    /// The URIs of resources that have been looked at, and whether their components have.
    seen: HashMap<String, bool>,
}

impl Walk<'_> {
    /// A resource, whose URI is the one of the reference if it does not say one. Of one that is only used, the components
    /// are not.
    fn resource(&mut self, record: &dyn Record, href: Option<&str>, owned: bool, depth: usize) -> Result<()> {
        if let Some(target) = accessory_target(record)
            && self.accessory(record, target, owned, depth)?
        {
            return Ok(());
        }
        let id = id_of(record).or(href);
        if id.is_some_and(|id| self.knows(id, owned)) {
            return Ok(());
        }
        self.add(origin(record, id), owned)?;
        if self.scope.reach == Reach::Own {
            return Ok(());
        }
        let below = depth.checked_sub(1).ok_or_else(|| {
            Error::new(ErrorKind::Limit, format!("components are nested deeper than {}", self.scope.depth))
        })?;
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            let uses = self.scope.reach == Reach::Used && USED.contains(&attribute.name);
            if !(owned && attribute.child || uses) || is_record(attribute) {
                continue;
            }
            if let Some(View::Ref(reference)) = record.get(index).map(|value| value.view()) {
                self.reference(reference, owned && attribute.child, below)?;
            }
        }
        Ok(())
    }

    /// What only adds to another resource stands for that. Whether there is one to stand for.
    fn accessory(&mut self, record: &dyn Record, target: &str, owned: bool, depth: usize) -> Result<bool> {
        let row = crate::relations::accessory_row(record.record_type()).and_then(|(index, _)| record.get(index));
        let Some(View::Ref(reference)) = row.map(|value| value.view()) else { return Ok(false) };
        // In 2.0, it has the log as well.
        if attributes::href(record, "eventLog").is_none() {
            self.reference(reference, owned, depth)?;
            return Ok(true);
        }
        if !self.knows(target, false) {
            let res_type = Some(type_uri(reference.target()));
            self.add(Origin { res_type, ..origin(record, Some(target)) }, false)?;
        }
        Ok(true)
    }

    /// A collection or a single resource.
    fn reference(&mut self, reference: &dyn Reference, owned: bool, depth: usize) -> Result<()> {
        let (href, record) = (reference.href(), reference.record());
        if let Some(record) = record.filter(|record| href.is_none() || is_whole(*record)) {
            return self.target(record, href.map(Uri::as_str), owned, depth);
        }
        let Some(href) = href else { return Ok(()) };
        if self.knows(href.as_str(), owned) {
            return Ok(());
        }
        let wanted = reference.target();
        match self.resolver.resolve(href, wanted) {
            Ok(record) => self.target(&*record, Some(href.as_str()), owned, depth),
            Err(error) => {
                self.found.missing.push(Missing { href: href.clone(), wanted: wanted.name, error });
                match record {
                    Some(part) => self.part(part, Some(href.as_str()), owned, depth),
                    // That it belongs to the log is known, and no more.
                    None if wanted.role != Role::Collection => self.unknown(href, wanted),
                    None => Ok(()),
                }
            }
        }
    }

    fn target(&mut self, record: &dyn Record, href: Option<&str>, owned: bool, depth: usize) -> Result<()> {
        self.found.missing.extend(lack(record, href));
        self.part(record, href, owned, depth)
    }

    /// A resource, or as much of a collection as there is.
    fn part(&mut self, record: &dyn Record, href: Option<&str>, owned: bool, depth: usize) -> Result<()> {
        let Some(items) = members(record) else { return self.resource(record, href, owned, depth) };
        for index in 0..items.len() {
            if let View::Record(member) = items.item(index) {
                self.resource(member, None, owned, depth)?;
            }
        }
        Ok(())
    }

    fn unknown(&mut self, href: &Uri, wanted: &Type) -> Result<()> {
        let (resource, res_type) = (Some(Ref::to(href.clone())), Some(type_uri(wanted)));
        self.add(Origin { resource, res_type, ..Origin::default() }, true)
    }

    /// Whether a resource has been looked at, with its components if these are wanted.
    fn knows(&self, id: &str, owned: bool) -> bool {
        let seen = self.base.key(id).and_then(|key| self.seen.get(&key));
        seen.is_some_and(|with_components| *with_components || !owned)
    }

    /// Notes a resource, unless it has been before: what is used may turn out to be a component.
    fn add(&mut self, origin: Origin, owned: bool) -> Result<()> {
        let id = origin.resource.as_ref().and_then(|resource| resource.href.as_ref());
        let key = id.and_then(|id| self.base.key(id.as_str()));
        let is_known = key.is_some_and(|key| self.seen.insert(key, owned).is_some());
        // What has neither a URI nor a log is nothing that Events could be of.
        if is_known || (id.is_none() && origin.event_log.is_none()) {
            return Ok(());
        }
        if self.found.origins.len() >= self.scope.most {
            return Err(Error::new(ErrorKind::Limit, format!("there are more than {} resources", self.scope.most)));
        }
        self.found.origins.push(origin);
        Ok(())
    }
}

/// The members of a collection; `None` of any other resource.
fn members(record: &dyn Record) -> Option<&dyn List> {
    let described = record.record_type();
    let index = described.find_exact(described.members?.grouping, 0)?;
    match record.get(index)?.view() {
        View::List(list) => Some(list),
        _ => None,
    }
}

/// Whether what stands beside an `href` is the target, and not just a part of it.
fn is_whole(record: &dyn Record) -> bool {
    members(record).map_or_else(|| id_of(record).is_some(), |list| !list.is_empty() && lack(record, None).is_none())
}

/// What a collection does not have of the members that it counts.
fn lack(record: &dyn Record, href: Option<&str>) -> Option<Missing> {
    let there = members(record)?.len();
    let count = attributes::integer(record, "count").and_then(|count| usize::try_from(count).ok())?;
    (count > there).then(|| Missing {
        href: href.or_else(|| id_of(record)).unwrap_or_default().into(),
        wanted: record.record_type().name,
        error: Error::new(ErrorKind::Value, format!("{there} of {count} members are there")),
    })
}

/// Whether an attribute leads to what only says something of the resource.
fn is_record(attribute: &Attribute) -> bool {
    let Kind::Ref(target) = attribute.kind else { return true };
    let item = target().members.map_or_else(target, |members| (members.item)());
    RECORDS.contains(&item.name)
}

fn origin(record: &dyn Record, id: Option<&str>) -> Origin {
    Origin {
        resource: id.map(Ref::to),
        res_type: Some(type_uri(record.record_type())),
        res_name: attributes::text(record, "name").map(str::to_owned),
        event_log: log_of(record),
        ..Origin::default()
    }
}

/// The type, in the version that has it.
fn type_uri(described: &Type) -> Uri {
    let dialect = if Dialect::V2.has(described.versions) { Dialect::V2 } else { Dialect::V1 };
    described.uri(dialect).into()
}

fn log_of(record: &dyn Record) -> Option<Ref<EventLog>> {
    let View::Ref(reference) = attributes::get(record, "eventLog") else { return None };
    let value = reference.record().and_then(|log| log.as_any().downcast_ref::<EventLog>());
    let href = reference.href().cloned().or_else(|| value?.id.clone());
    Some(Ref { href, value: value.cloned().map(Box::new) })
}
