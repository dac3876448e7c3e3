//! Where events name resources, metrics and places: in place or by identifier.

use std::collections::HashSet;

use cimi_model::Extensions;

use crate::validate::{Place, says_something};
use crate::{Event, Geolocation, Identifier, Metric, Resource};

/// One attribute that holds something, and the one beside it that may hold its identifier instead.
pub(crate) struct Link<'a, T> {
    pub(crate) whole: &'a mut Option<T>,
    pub(crate) id: &'a mut Option<Identifier>,
    /// The names of the two.
    pub(crate) names: [&'static str; 2],
    /// What else the record has.
    pub(crate) extensions: &'a Extensions,
}

impl<T> Link<'_, T> {
    /// Whether a value that did not fit stands where the whole would.
    pub(crate) fn is_occupied(&self) -> bool {
        let [whole, _] = self.names;
        self.extensions.get(whole).is_some_and(says_something)
    }
}

/// The same to be read.
pub(crate) struct Seen<'a, T> {
    pub(crate) whole: Option<&'a T>,
    pub(crate) id: Option<&'a Identifier>,
    pub(crate) names: [&'static str; 2],
    pub(crate) extensions: &'a Extensions,
}

impl<'a, T> Seen<'a, T> {
    /// What stands here and nothing beside it, so that an identifier could take its place.
    pub(crate) fn alone(&self) -> Option<&'a T> {
        let beside = self.names.iter().any(|name| self.extensions.get(name).is_some());
        self.whole.filter(|_| self.id.is_none() && !beside)
    }
}

/// What can be referred to by identifier.
pub(crate) trait Defined: Clone + PartialEq + cimi_model::reflect::Record {
    /// The identifier, if it can stand for the whole.
    fn own_id(&self) -> Option<&Identifier>;
}

fn usable(id: Option<&Identifier>) -> Option<&Identifier> {
    id.filter(|id| !id.as_str().is_empty())
}

impl Defined for Resource {
    fn own_id(&self) -> Option<&Identifier> {
        usable(self.id.as_ref()).filter(|_| self.shorthand().is_none())
    }
}

impl Defined for Metric {
    fn own_id(&self) -> Option<&Identifier> {
        usable(self.metric_id.as_ref())
    }
}

impl Defined for Geolocation {
    fn own_id(&self) -> Option<&Identifier> {
        usable(self.id.as_ref())
    }
}

const INITIATOR: [&str; 2] = ["initiator", "initiatorId"];
const TARGET: [&str; 2] = ["target", "targetId"];
const OBSERVER: [&str; 2] = ["observer", "observerId"];
const REPORTER: [&str; 2] = ["reporter", "reporterId"];
const CALCULATED_BY: [&str; 2] = ["calculatedBy", "calculatedById"];
const METRIC: [&str; 2] = ["metric", "metricId"];
const GEOLOCATION: [&str; 2] = ["geolocation", "geolocationId"];

/// The resources of an event, to be changed.
pub(crate) fn each_resource_mut(
    event: &mut Event,
    place: &Place<'_>,
    each: &mut dyn FnMut(Link<'_, Resource>, &Place<'_>),
) {
    let extensions = &event.extensions;
    for (names, whole, id) in [
        (INITIATOR, &mut event.initiator, &mut event.initiator_id),
        (TARGET, &mut event.target, &mut event.target_id),
        (OBSERVER, &mut event.observer, &mut event.observer_id),
    ] {
        each(Link { whole, id, names, extensions }, place);
    }
    for (index, step) in event.reporterchain.iter_mut().enumerate() {
        let link = Link {
            whole: &mut step.reporter,
            id: &mut step.reporter_id,
            names: REPORTER,
            extensions: &step.extensions,
        };
        each(link, &place.item("reporterchain", index));
    }
    for (index, measurement) in event.measurements.iter_mut().enumerate() {
        let link = Link {
            whole: &mut measurement.calculated_by,
            id: &mut measurement.calculated_by_id,
            names: CALCULATED_BY,
            extensions: &measurement.extensions,
        };
        each(link, &place.item("measurements", index));
    }
}

/// The resources of an event.
pub(crate) fn each_resource<'e>(
    event: &'e Event,
    place: &Place<'_>,
    each: &mut dyn FnMut(&Seen<'e, Resource>, &Place<'_>),
) {
    let extensions = &event.extensions;
    for (names, whole, id) in [
        (INITIATOR, &event.initiator, &event.initiator_id),
        (TARGET, &event.target, &event.target_id),
        (OBSERVER, &event.observer, &event.observer_id),
    ] {
        each(&Seen { whole: whole.as_ref(), id: id.as_ref(), names, extensions }, place);
    }
    for (index, step) in event.reporterchain.iter().enumerate() {
        let (whole, id) = (step.reporter.as_ref(), step.reporter_id.as_ref());
        let seen = Seen { whole, id, names: REPORTER, extensions: &step.extensions };
        each(&seen, &place.item("reporterchain", index));
    }
    for (index, measurement) in event.measurements.iter().enumerate() {
        let (whole, id) = (measurement.calculated_by.as_ref(), measurement.calculated_by_id.as_ref());
        let seen = Seen { whole, id, names: CALCULATED_BY, extensions: &measurement.extensions };
        each(&seen, &place.item("measurements", index));
    }
}

/// The metrics of an event, to be changed.
pub(crate) fn each_metric_mut(
    event: &mut Event,
    place: &Place<'_>,
    each: &mut dyn FnMut(Link<'_, Metric>, &Place<'_>),
) {
    for (index, measurement) in event.measurements.iter_mut().enumerate() {
        let link = Link {
            whole: &mut measurement.metric,
            id: &mut measurement.metric_id,
            names: METRIC,
            extensions: &measurement.extensions,
        };
        each(link, &place.item("measurements", index));
    }
}

/// The metrics of an event.
pub(crate) fn each_metric<'e>(
    event: &'e Event,
    place: &Place<'_>,
    each: &mut dyn FnMut(&Seen<'e, Metric>, &Place<'_>),
) {
    for (index, measurement) in event.measurements.iter().enumerate() {
        let (whole, id) = (measurement.metric.as_ref(), measurement.metric_id.as_ref());
        let seen = Seen { whole, id, names: METRIC, extensions: &measurement.extensions };
        each(&seen, &place.item("measurements", index));
    }
}

/// The place of a resource, to be changed.
pub(crate) fn geolocation_mut(resource: &mut Resource) -> Link<'_, Geolocation> {
    Link {
        whole: &mut resource.geolocation,
        id: &mut resource.geolocation_id,
        names: GEOLOCATION,
        extensions: &resource.extensions,
    }
}

/// The place of a resource.
pub(crate) fn geolocation(resource: &Resource) -> Seen<'_, Geolocation> {
    Seen {
        whole: resource.geolocation.as_ref(),
        id: resource.geolocation_id.as_ref(),
        names: GEOLOCATION,
        extensions: &resource.extensions,
    }
}

/// Whether an event refers to anything by its identifier.
pub(crate) fn refers(event: &Event) -> bool {
    let place = Place::root("event");
    let mut found = false;
    each_metric(event, &place, &mut |seen, _| found |= seen.id.is_some());
    each_resource(event, &place, &mut |seen, _| {
        found |= seen.id.is_some() || seen.whole.is_some_and(|resource| geolocation(resource).id.is_some());
    });
    found
}

/// Identifiers in an event, by what they identify.
#[derive(Default)]
pub(crate) struct Ids {
    pub(crate) resources: HashSet<Identifier>,
    pub(crate) metrics: HashSet<Identifier>,
    pub(crate) geolocations: HashSet<Identifier>,
}

impl Ids {
    /// Those that stand in place of what they identify.
    pub(crate) fn referred(event: &Event) -> Self {
        let mut ids = Self::default();
        let place = Place::root("event");
        each_metric(event, &place, &mut |seen, _| ids.metrics.extend(seen.id.cloned()));
        each_resource(event, &place, &mut |seen, _| {
            ids.resources.extend(seen.id.cloned());
            ids.geolocations.extend(seen.whole.and_then(|resource| geolocation(resource).id).cloned());
        });
        ids
    }

    /// Those of what stands in the event, where it is looked for.
    pub(crate) fn own(event: &Event) -> Self {
        let mut ids = Self::default();
        let place = Place::root("event");
        each_metric(event, &place, &mut |seen, _| ids.metrics.extend(seen.whole.and_then(Defined::own_id).cloned()));
        each_resource(event, &place, &mut |seen, _| {
            let Some(resource) = seen.whole else { return };
            if seen.names != CALCULATED_BY {
                ids.resources.extend(resource.own_id().cloned());
            }
            let geolocation = geolocation(resource).whole;
            ids.geolocations.extend(geolocation.and_then(Defined::own_id).cloned());
        });
        ids
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.metrics.is_empty() && self.geolocations.is_empty()
    }
}
