//! What events refer to by identifier.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt;

use cimi_model::reflect::{Record, same_value};
use cimi_model::{Limits, json, printable};

use super::links::{
    Defined, Ids, Link, Seen, each_metric, each_metric_mut, each_resource, each_resource_mut, geolocation,
    geolocation_mut, refers,
};
use super::{AnyLog, Log, Report};
use crate::validate::Place;
use crate::{Event, Geolocation, Identifier, Metric, Resource};

/// Resources, metrics and places that events refer to by identifier, as a log or report defines them.
///
/// With it, the events of a stream are completed one by one:
///
/// ```
/// use cimi_cadf::{Definitions, Records};
///
/// let log = br#"{"resources": [{"id": "u1", "typeURI": "data/security/account/user"}],
///     "events": [{"id": "e1", "initiatorId": "u1"}, {"id": "e2", "initiatorId": "u1"}]}"#;
/// let mut records = Records::new(&log[..], Default::default());
/// let definitions = records.log().map(|log| Definitions::from(&log.value)).unwrap_or_default();
/// for record in records {
///     let mut event = record.event?.value;
///     assert!(definitions.resolve(&mut event, &Default::default()).is_empty());
///     assert_eq!(event.initiator.as_ref(), definitions.resources().first());
/// }
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// Definitions that stand after the events are known after the last one: read such a stream twice, the first time with
/// [`Records::into_log`](crate::Records::into_log).
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    pub(super) resources: Table<Resource>,
    pub(super) metrics: Table<Metric>,
    pub(super) geolocations: Table<Geolocation>,
}

/// What could not be exchanged for its identifier, or the other way round. `Display` prints `PATH: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unlinked {
    /// Where: `/event/initiatorId`, `/log/events[3]/target`.
    pub path: String,
    /// The identifier.
    pub id: Identifier,
    /// Why it was left as it is.
    pub cause: Cause,
}

/// Why something was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Nothing has the identifier.
    Undefined,
    /// Two different things have the identifier.
    Ambiguous,
    /// A value that is none stands where it would go.
    Occupied,
    /// With it, the event or log would exceed the limit on its size.
    TooLarge,
}

impl fmt::Display for Unlinked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.cause {
            Cause::Undefined => "is not defined",
            Cause::Ambiguous => "has two different meanings",
            Cause::Occupied => "stands for what another value is in the place of",
            Cause::TooLarge => "stands for more than there is room for",
        };
        write!(f, "{}: '{}' {text}", self.path, printable(self.id.as_str()))
    }
}

/// Things in their order, found by identifier.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    pub(super) items: Vec<T>,
    index: HashMap<Identifier, Found>,
}

/// Where a thing is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    at: usize,
    /// How many bytes it has as text.
    weight: usize,
    /// Whether something else has the same identifier.
    ambiguous: bool,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: HashMap::new() }
    }
}

impl<T: Defined> Table<T> {
    fn of(items: &[T]) -> Self {
        let mut table = Self::default();
        items.iter().cloned().for_each(|item| table.push(item));
        table
    }

    pub(super) fn push(&mut self, item: T) {
        let at = self.items.len();
        if let Some(id) = item.own_id() {
            match self.index.entry(id.clone()) {
                Entry::Vacant(entry) => {
                    let weight = json::to_vec(&item, cimi_model::WriteOptions::default()).map_or(0, |text| text.len());
                    entry.insert(Found { at, weight, ambiguous: false });
                }
                Entry::Occupied(mut entry) => {
                    let found = entry.get_mut();
                    found.ambiguous |= self.items.get(found.at) != Some(&item);
                }
            }
        }
        self.items.push(item);
    }

    /// What has the identifier, with its weight; nothing if the identifier is ambiguous.
    pub(super) fn find(&self, id: &Identifier) -> Result<(&T, usize), Cause> {
        let found = self.index.get(id).ok_or(Cause::Undefined)?;
        let item = self.items.get(found.at).filter(|_| !found.ambiguous);
        item.map(|item| (item, found.weight)).ok_or(Cause::Ambiguous)
    }
}

impl Definitions {
    fn new(resources: &[Resource], metrics: &[Metric], geolocations: &[Geolocation]) -> Self {
        Self { resources: Table::of(resources), metrics: Table::of(metrics), geolocations: Table::of(geolocations) }
    }

    /// The resources.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources.items
    }

    /// The metrics.
    #[must_use]
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics.items
    }

    /// The places.
    #[must_use]
    pub fn geolocations(&self) -> &[Geolocation] {
        &self.geolocations.items
    }

    /// Resources, metrics and places, for a log or report.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Resource>, Vec<Metric>, Vec<Geolocation>) {
        (self.resources.items, self.metrics.items, self.geolocations.items)
    }

    /// Puts what an event refers to by identifier into it, in place of the identifier: `initiatorId` becomes
    /// `initiator`, and so on for `targetId`, `observerId`, `reporterId`, `calculatedById`, `metricId` and
    /// `geolocationId`. Returns what stays an identifier, and why.
    ///
    /// An identifier of what stands elsewhere in the same event stays, and is not in the list.
    ///
    /// At most as many bytes are added as the limit on size says: an event can refer to a large resource many times.
    pub fn resolve(&self, event: &mut Event, limits: &Limits) -> Vec<Unlinked> {
        let mut resolving = Resolving { definitions: self, room: limits.size, left: Vec::new() };
        resolving.event(event, &Place::root("event"));
        resolving.left
    }

    pub(super) fn resolve_all(&self, events: &mut [Event], name: &'static str, limits: &Limits) -> Vec<Unlinked> {
        let mut resolving = Resolving { definitions: self, room: limits.size, left: Vec::new() };
        let root = Place::root(name);
        for (index, event) in events.iter_mut().enumerate() {
            resolving.event(event, &root.item("events", index));
        }
        resolving.left
    }

    /// Leaves identifiers in an event in place of what equals a definition: the reverse of [`resolve`](Self::resolve).
    ///
    /// What the event refers to by identifier itself stays in it.
    pub fn refer(&self, event: &mut Event) {
        let moves = self.movable(event);
        if moves.is_empty() {
            return;
        }
        let place = Place::root("event");
        each_metric_mut(event, &place, &mut |link, _| exchange(link, &moves.metrics));
        each_resource_mut(event, &place, &mut |link, _| {
            if let Some(resource) = link.whole {
                exchange(geolocation_mut(resource), &moves.geolocations);
            }
            exchange(link, &moves.resources);
        });
    }

    /// What identifiers can stand for in an event: what equals its definition wherever in the event it stands.
    fn movable(&self, event: &Event) -> Ids {
        let referred = Ids::referred(event);
        let place = Place::root("event");
        let (mut moves, mut stays) = (Ids::default(), Ids::default());
        each_metric(event, &place, &mut |seen, _| {
            let Some((metric, id)) = named(seen) else { return };
            let Ok((defined, _)) = self.metrics.find(id) else { return };
            let can = metric == defined && seen.alone().is_some() && !referred.metrics.contains(id);
            if can { &mut moves.metrics } else { &mut stays.metrics }.insert(id.clone());
        });
        each_resource(event, &place, &mut |seen, _| {
            let Some((resource, id)) = named(seen) else { return };
            let Ok((defined, _)) = self.resources.find(id) else { return };
            let can = seen.alone().is_some() && is_movable(resource, &referred) && self.is_same(resource, defined);
            if can { &mut moves.resources } else { &mut stays.resources }.insert(id.clone());
        });
        moves.resources.retain(|id| !stays.resources.contains(id));
        each_resource(event, &place, &mut |seen, _| {
            let Some(resource) = seen.whole else { return };
            if resource.own_id().is_some_and(|id| moves.resources.contains(id)) {
                return;
            }
            let seen = geolocation(resource);
            let Some((geolocation, id)) = named(&seen) else { return };
            let Ok((defined, _)) = self.geolocations.find(id) else { return };
            let can = geolocation == defined && seen.alone().is_some() && !referred.geolocations.contains(id);
            if can { &mut moves.geolocations } else { &mut stays.geolocations }.insert(id.clone());
        });
        moves.metrics.retain(|id| !stays.metrics.contains(id));
        moves.geolocations.retain(|id| !stays.geolocations.contains(id));
        moves
    }

    /// Leaves an identifier in place of the place of a resource that is to be a definition, if it is defined.
    pub(super) fn refer_place(&self, resource: &mut Resource) {
        let seen = geolocation(resource);
        let known = seen.alone().and_then(|place| Some((place, place.own_id()?)));
        let known = known.filter(|(place, id)| self.geolocations.find(id).is_ok_and(|(found, _)| found == *place));
        if let Some(id) = known.map(|(_, id)| id.clone()) {
            (resource.geolocation, resource.geolocation_id) = (None, Some(id));
        }
    }

    /// Whether a resource is what the definition says, whose place may have been exchanged for its identifier.
    pub(super) fn is_same(&self, resource: &Resource, defined: &Resource) -> bool {
        let (place, reference) = (&resource.geolocation, &resource.geolocation_id);
        if (place, reference) == (&defined.geolocation, &defined.geolocation_id) {
            return resource == defined;
        }
        let (None, Some(id), None, Some(place)) = (&defined.geolocation, &defined.geolocation_id, reference, place)
        else {
            return false;
        };
        let same_place = geolocation(resource).alone().is_some()
            && place.own_id() == Some(id)
            && self.geolocations.find(id).is_ok_and(|(found, _)| found == place);
        same_place && is_same_elsewhere(resource, defined)
    }
}

/// Something with an identifier, and that.
fn named<'a, T: Defined>(seen: &Seen<'a, T>) -> Option<(&'a T, &'a Identifier)> {
    let whole = seen.whole?;
    Some((whole, whole.own_id()?))
}

/// Leaves the identifier of what is in the set.
fn exchange<T: Defined>(link: Link<'_, T>, moves: &HashSet<Identifier>) {
    let Link { whole, id, .. } = link;
    let found = whole.as_ref().and_then(Defined::own_id).filter(|found| moves.contains(*found)).cloned();
    if let Some(found) = found {
        (*whole, *id) = (None, Some(found));
    }
}

/// Whether an identifier could stand for a resource: not where its event looks for it.
pub(super) fn is_movable(resource: &Resource, referred: &Ids) -> bool {
    let looked_for = |place: &Geolocation| place.own_id().is_some_and(|id| referred.geolocations.contains(id));
    resource.own_id().is_some_and(|id| !referred.resources.contains(id))
        && !resource.geolocation.as_ref().is_some_and(looked_for)
}

/// Whether two resources are the same but for their places.
fn is_same_elsewhere(one: &Resource, other: &Resource) -> bool {
    one.extensions == other.extensions
        && one.record_type().attributes.iter().enumerate().all(|(index, attribute)| {
            matches!(attribute.name, "geolocation" | "geolocationId")
                || match (one.get(index), other.get(index)) {
                    (Some(one), Some(other)) => same_value(&one.view(), &other.view()),
                    _ => false,
                }
        })
}

impl From<&Log> for Definitions {
    fn from(log: &Log) -> Self {
        Self::new(&log.resources, &log.metrics, &log.geolocations)
    }
}

impl From<&Report> for Definitions {
    fn from(report: &Report) -> Self {
        Self::new(&report.resources, &report.metrics, &report.geolocations)
    }
}

impl From<&AnyLog> for Definitions {
    fn from(log: &AnyLog) -> Self {
        Self::new(log.resources(), log.metrics(), log.geolocations())
    }
}

/// One run of resolving.
struct Resolving<'d> {
    definitions: &'d Definitions,
    /// How many bytes may still be added.
    room: usize,
    left: Vec<Unlinked>,
}

impl Resolving<'_> {
    fn event(&mut self, event: &mut Event, place: &Place<'_>) {
        if !refers(event) {
            return;
        }
        let own = Ids::own(event);
        let definitions = self.definitions;
        each_metric_mut(event, place, &mut |mut link, place| {
            self.link(&mut link, &definitions.metrics, &own.metrics, place);
        });
        each_resource_mut(event, place, &mut |mut link, place| {
            let [name, _] = link.names;
            // The place of a definition is one of the log, whatever the event has.
            let elsewhere = HashSet::new();
            let own_places = if link.whole.is_some() { &own.geolocations } else { &elsewhere };
            self.link(&mut link, &definitions.resources, &own.resources, place);
            if let Some(resource) = link.whole {
                self.link(&mut geolocation_mut(resource), &definitions.geolocations, own_places, &place.at(name));
            }
        });
    }

    fn link<T: Defined>(
        &mut self,
        link: &mut Link<'_, T>,
        table: &Table<T>,
        own: &HashSet<Identifier>,
        place: &Place<'_>,
    ) {
        let (None, Some(id)) = (&link.whole, &link.id) else { return };
        if own.contains(id) {
            return;
        }
        let cause = match table.find(id) {
            Ok(_) if link.is_occupied() => Cause::Occupied,
            Ok((_, weight)) if weight > self.room => Cause::TooLarge,
            Ok((found, weight)) => {
                self.room -= weight;
                *link.whole = Some(found.clone());
                *link.id = None;
                return;
            }
            Err(cause) => cause,
        };
        let [_, name] = link.names;
        self.left.push(Unlinked { path: place.at(name).to_string(), id: id.clone(), cause });
    }
}
