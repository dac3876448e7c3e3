//! All parts of an event, to be changed.

use crate::log::links::each_resource_mut;
use crate::validate::Place;
use crate::{Attachment, Event, Identifier, Resource, Timestamp};

/// Calls `each` for every resource, with its path.
pub(super) fn resources(event: &mut Event, each: &mut dyn FnMut(&str, &mut Resource)) {
    each_resource_mut(event, &Place::root("event"), &mut |link, place| {
        let [name, _] = link.names;
        if let Some(resource) = link.whole {
            each(&place.at(name).to_string(), resource);
        }
    });
}

/// Calls `each` for every attachment, with its path and its number among its neighbours, from 1.
pub(super) fn attachments(event: &mut Event, each: &mut dyn FnMut(&str, usize, &mut Attachment)) {
    let mut list = |place: &str, attachments: &mut [Attachment]| {
        for (index, attachment) in attachments.iter_mut().enumerate() {
            each(&format!("{place}/attachments[{index}]"), index + 1, attachment);
        }
    };
    list("/event", &mut event.attachments);
    for (index, step) in event.reporterchain.iter_mut().enumerate() {
        list(&format!("/event/reporterchain[{index}]"), &mut step.attachments);
    }
    resources(event, &mut |path, resource| list(path, &mut resource.attachments));
}

/// Calls `each` for every time.
pub(super) fn times(event: &mut Event, each: &mut dyn FnMut(&str, &mut Timestamp)) {
    if let Some(time) = &mut event.event_time {
        each("/event/eventTime", time);
    }
    for (index, step) in event.reporterchain.iter_mut().enumerate() {
        if let Some(time) = &mut step.reporter_time {
            each(&format!("/event/reporterchain[{index}]/reporterTime"), time);
        }
    }
}

/// Calls `each` for every identifier.
pub(super) fn identifiers(event: &mut Event, each: &mut dyn FnMut(&str, &mut Identifier)) {
    let mut some = |path: &str, id: &mut Option<Identifier>| {
        if let Some(id) = id {
            each(path, id);
        }
    };
    some("/event/id", &mut event.id);
    some("/event/initiatorId", &mut event.initiator_id);
    some("/event/targetId", &mut event.target_id);
    some("/event/observerId", &mut event.observer_id);
    for (index, step) in event.reporterchain.iter_mut().enumerate() {
        some(&format!("/event/reporterchain[{index}]/reporterId"), &mut step.reporter_id);
    }
    for (index, measurement) in event.measurements.iter_mut().enumerate() {
        let path = format!("/event/measurements[{index}]");
        some(&format!("{path}/metricId"), &mut measurement.metric_id);
        some(&format!("{path}/calculatedById"), &mut measurement.calculated_by_id);
        if let Some(metric) = &mut measurement.metric {
            some(&format!("{path}/metric/metricId"), &mut metric.metric_id);
        }
    }
    resources(event, &mut |path, resource| {
        some(&format!("{path}/id"), &mut resource.id);
        some(&format!("{path}/geolocationId"), &mut resource.geolocation_id);
        if let Some(host) = &mut resource.host {
            some(&format!("{path}/host/id"), &mut host.id);
        }
        if let Some(place) = &mut resource.geolocation {
            some(&format!("{path}/geolocation/id"), &mut place.id);
        }
    });
}
