//! Values that pycadf takes, in place of ones that only the standard has.

use cimi_model::Any;

use super::profile::{Changes, relative};
use super::{walk, wire};
use crate::{Event, Identifier, Part, Path, Resource, outcome};

pub(super) fn apply(event: &mut Event, changes: &mut Changes) {
    if event.type_uri.is_none() {
        event.type_uri = Some(crate::EVENT_TYPE.into());
        changes.add("/event/typeURI", "the type of events");
    }
    path("/event/action", &mut event.action, changes);
    path("/event/outcome", &mut event.outcome, changes);
    if let Some(found) = &event.outcome
        && let Some(node) = outcome::TAXONOMY.node_of(found).filter(|node| *node != found.as_str())
    {
        changes.replaced("/event/outcome", found.as_str(), node);
        event.outcome = Some(node.into());
    }
    for part in Part::ALL {
        let path = format!("/event/{}Id", part.as_str());
        let (resource, id) = event.slots(part);
        either(&path, resource.is_some(), id, changes);
    }
    for (index, step) in event.reporterchain.iter_mut().enumerate() {
        let path = format!("/event/reporterchain[{index}]/reporterId");
        either(&path, step.reporter.is_some(), &mut step.reporter_id, changes);
    }
    for (index, measurement) in event.measurements.iter_mut().enumerate() {
        let path = format!("/event/measurements[{index}]/metricId");
        either(&path, measurement.metric.is_some(), &mut measurement.metric_id, changes);
    }
    walk::resources(event, &mut |path, resource| of_resource(path, resource, changes));
}

fn of_resource(place: &str, resource: &mut Resource, changes: &mut Changes) {
    path(&format!("{place}/typeURI"), &mut resource.type_uri, changes);
    if let Some(found) = &mut resource.geolocation {
        for (name, value) in [("elevation", &mut found.elevation), ("accuracy", &mut found.accuracy)] {
            if let Some(number) = value.as_mut().filter(|value| value.as_str().is_none())
                && let Ok(text) = wire::json_text(number)
            {
                *number = Any::String(text);
                changes.add(&format!("{place}/geolocation/{name}"), "the number as text");
            }
        }
    }
}

/// Makes a path relative to its taxonomy.
fn path(place: &str, value: &mut Option<Path>, changes: &mut Changes) {
    let Some(found) = value else { return };
    if let Some(better) = relative(found.as_str()).map(Path::from) {
        changes.replaced(place, found.as_str(), better.as_str());
        *found = better;
    }
}

/// Drops an identifier beside the resource itself.
fn either(place: &str, is_whole: bool, id: &mut Option<Identifier>, changes: &mut Changes) {
    if is_whole && let Some(id) = id.take() {
        changes.add(place, format!("dropped '{}' beside the resource", cimi_model::printable(id.as_str())));
    }
}
