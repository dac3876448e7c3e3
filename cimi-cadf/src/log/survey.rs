//! Finding what events have in common.

use std::collections::{HashMap, HashSet};

use super::definitions::is_movable;
use super::links::{Defined, Ids, each_metric, each_resource, geolocation};
use super::{Cause, Definitions, Unlinked};
use crate::validate::Place;
use crate::{Event, Geolocation, Identifier, Metric, Resource};

/// Finds what several events have in common, one event at a time.
///
/// Memory grows with the number of different resources, metrics and places, not with that of the events. A stream that
/// is to be written as a log with shared definitions is read twice: first for the survey, then to be written with
/// identifiers.
///
/// ```
/// use cimi_cadf::{Definitions, Records, Survey};
///
/// let stream = br#"[{"id": "e1", "target": {"id": "m1"}}, {"id": "e2", "target": {"id": "m1"}}]"#;
/// let events = || Records::new(&stream[..], Default::default()).filter_map(|record| Some(record.event.ok()?.value));
/// let mut survey = Survey::new(Definitions::default());
/// events().for_each(|event| survey.add(&event));
/// let (definitions, _) = survey.finish();
/// assert_eq!(definitions.resources().len(), 1);
/// for mut event in events() {
///     definitions.refer(&mut event);
///     assert!(event.target.is_none() && event.target_id == definitions.resources()[0].id);
/// }
/// ```
#[derive(Debug)]
pub struct Survey {
    definitions: Definitions,
    resources: Candidates<Resource>,
    metrics: Candidates<Metric>,
    geolocations: Candidates<Geolocation>,
    left: Vec<Unlinked>,
    /// What is in it, by what it is.
    reported: HashSet<(&'static str, Identifier)>,
    count: usize,
}

/// What has been seen, in the order of the first of each identifier.
#[derive(Debug)]
struct Candidates<T> {
    items: Vec<Candidate<T>>,
    index: HashMap<Identifier, usize>,
}

#[derive(Debug)]
struct Candidate<T> {
    item: T,
    times: usize,
    /// Something else has the same identifier.
    ambiguous: bool,
}

/// What was found out about one more occurrence.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    New,
    Again,
    /// Another meaning of its identifier has been seen.
    Different,
}

impl<T> Default for Candidates<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: HashMap::new() }
    }
}

impl<T: Defined> Candidates<T> {
    fn add(&mut self, item: &T, id: &Identifier) -> Verdict {
        let at = self.index.get(id).copied();
        let Some(known) = at.and_then(|at| self.items.get_mut(at)) else {
            self.index.insert(id.clone(), self.items.len());
            self.items.push(Candidate { item: item.clone(), times: 1, ambiguous: false });
            return Verdict::New;
        };
        if known.item == *item {
            known.times += 1;
            return Verdict::Again;
        }
        known.ambiguous = true;
        Verdict::Different
    }

    /// What is the same in several places.
    fn shared(self) -> impl Iterator<Item = T> {
        self.items.into_iter().filter(|known| known.times > 1 && !known.ambiguous).map(|known| known.item)
    }
}

impl Survey {
    /// A survey of events whose log, or whatever they stand in, defines this already.
    #[must_use]
    pub fn new(definitions: Definitions) -> Self {
        let mut survey = Self {
            definitions,
            resources: Candidates::default(),
            metrics: Candidates::default(),
            geolocations: Candidates::default(),
            left: Vec::new(),
            reported: HashSet::new(),
            count: 0,
        };
        // The places of resources that are defined have their meaning as well.
        let root = Place::root("log");
        let resources = std::mem::take(&mut survey.definitions.resources);
        for (index, resource) in resources.items.iter().enumerate() {
            survey.geolocation(resource, &Ids::default(), &root.item("resources", index));
        }
        survey.definitions.resources = resources;
        survey
    }

    /// Takes an event into account.
    pub fn add(&mut self, event: &Event) {
        self.event(event, &Place::root("log"));
    }

    fn event(&mut self, event: &Event, root: &Place<'_>) {
        let place = root.item("events", self.count);
        self.count += 1;
        let referred = Ids::referred(event);
        each_metric(event, &place, &mut |seen, place| {
            let metric = seen.alone();
            let Some((metric, id)) = metric.and_then(|metric| Some((metric, metric.own_id()?))) else { return };
            if !referred.metrics.contains(id) {
                self.metric(metric, id, &place.at("metric"));
            }
        });
        each_resource(event, &place, &mut |seen, place| {
            let [name, _] = seen.names;
            let place = place.at(name);
            let Some(resource) = seen.whole else { return };
            let movable = seen.alone().filter(|resource| is_movable(resource, &referred));
            let settled = movable.and_then(Defined::own_id).is_some_and(|id| self.resource(resource, id, &place));
            if !settled {
                self.geolocation(resource, &referred, &place);
            }
        });
    }

    fn metric(&mut self, metric: &Metric, id: &Identifier, place: &Place<'_>) {
        match self.definitions.metrics.find(id) {
            Ok((defined, _)) if defined == metric => {}
            Err(Cause::Undefined) if self.metrics.add(metric, id) != Verdict::Different => {}
            _ => {
                self.leave("metric", id, place);
            }
        }
    }

    /// Returns whether the place of the resource is accounted for with it.
    fn resource(&mut self, resource: &Resource, id: &Identifier, place: &Place<'_>) -> bool {
        match self.definitions.resources.find(id) {
            Ok((defined, _)) if self.definitions.is_same(resource, defined) => true,
            Err(Cause::Undefined) => match self.resources.add(resource, id) {
                Verdict::New => false,
                Verdict::Again => true,
                Verdict::Different => self.leave("resource", id, place),
            },
            _ => self.leave("resource", id, place),
        }
    }

    fn geolocation(&mut self, resource: &Resource, referred: &Ids, place: &Place<'_>) {
        let found = geolocation(resource).alone().and_then(|found| Some((found, found.own_id()?)));
        let Some((found, id)) = found.filter(|(_, id)| !referred.geolocations.contains(*id)) else { return };
        match self.definitions.geolocations.find(id) {
            Ok((defined, _)) if defined == found => {}
            Err(Cause::Undefined) if self.geolocations.add(found, id) != Verdict::Different => {}
            _ => {
                self.leave("geolocation", id, &place.at("geolocation"));
            }
        }
    }

    /// Reports an identifier of two meanings, once. Nothing is settled by that.
    fn leave(&mut self, what: &'static str, id: &Identifier, place: &Place<'_>) -> bool {
        if self.reported.insert((what, id.clone())) {
            self.left.push(Unlinked { path: place.to_string(), id: id.clone(), cause: Cause::Ambiguous });
        }
        false
    }

    /// The definitions that there were and those that are new; and what has an identifier of two meanings, once for each
    /// identifier, with the path of the one that differs (`/log/events[7]/target`, counting the events from 0).
    #[must_use]
    pub fn finish(self) -> (Definitions, Vec<Unlinked>) {
        let Self { mut definitions, resources, metrics, geolocations, left, .. } = self;
        metrics.shared().for_each(|metric| definitions.metrics.push(metric));
        geolocations.shared().for_each(|geolocation| definitions.geolocations.push(geolocation));
        for mut resource in resources.shared() {
            definitions.refer_place(&mut resource);
            definitions.resources.push(resource);
        }
        (definitions, left)
    }

    /// Moves what events have in common to the definitions.
    pub(super) fn of(
        definitions: Definitions,
        events: &mut [Event],
        name: &'static str,
    ) -> (Definitions, Vec<Unlinked>) {
        let mut survey = Self::new(definitions);
        let root = Place::root(name);
        for event in events.iter() {
            survey.event(event, &root);
        }
        let (definitions, left) = survey.finish();
        for event in events.iter_mut() {
            definitions.refer(event);
        }
        (definitions, left)
    }
}
