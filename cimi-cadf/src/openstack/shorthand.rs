//! Resources that stand for another one of the event.

use std::collections::HashMap;

use cimi_model::{Limits, WriteOptions, json};

use super::profile::{Changes, Shorthand};
use crate::{Event, Identifier, Part, Party, Resource, resource};

pub(super) fn apply(shorthand: Shorthand, event: &mut Event, changes: &mut Changes) {
    match shorthand {
        Shorthand::Written => write(event, changes),
        Shorthand::ById => by_id(event, changes),
        Shorthand::Whole => whole(event, changes),
    }
}

/// What a shorthand means.
enum Meant<'e> {
    /// A resource of the event.
    Whole(&'e Resource),
    /// One that is known by its identifier only.
    Id(&'e Identifier),
}

impl Meant<'_> {
    /// The identifier, or a resource that has none.
    fn by_id(self) -> Party {
        match self {
            Self::Whole(Resource { id: Some(id), .. }) | Self::Id(id) => Party::Id(id.clone()),
            Self::Whole(resource) => resource.clone().into(),
        }
    }

    fn in_full(self) -> Resource {
        match self {
            Self::Whole(resource) => resource.clone(),
            Self::Id(id) => Resource::new(id.clone(), resource::UNKNOWN),
        }
    }
}

/// What a resource means that is a shorthand.
fn meant<'e>(event: &'e Event, written: Option<&Resource>) -> Option<Meant<'e>> {
    let part = written?.shorthand()?;
    match (event.written(part), event.written_id(part)) {
        (Some(resource), _) if resource.shorthand().is_none() => Some(Meant::Whole(resource)),
        (None, Some(id)) => Some(Meant::Id(id)),
        _ => None,
    }
}

/// The resource with the identifier of another part in place of the resource.
fn short(part: Part) -> Resource {
    Resource { id: Some(part.as_str().into()), ..Resource::default() }
}

fn by_id(event: &mut Event, changes: &mut Changes) {
    for part in Part::ALL {
        let Some(meant) = meant(event, event.written(part)).map(Meant::by_id) else { continue };
        let (resource, id) = event.slots(part);
        let name = part.as_str();
        replace(resource, id, meant, changes, &format!("/event/{name}"));
    }
    for index in 0..event.reporterchain.len() {
        let reporter = event.reporterchain.get(index).and_then(|step| step.reporter.as_ref());
        let Some(meant) = meant(event, reporter).map(Meant::by_id) else { continue };
        let Some(step) = event.reporterchain.get_mut(index) else { continue };
        let path = format!("/event/reporterchain[{index}]/reporter");
        replace(&mut step.reporter, &mut step.reporter_id, meant, changes, &path);
    }
}

fn replace(
    resource: &mut Option<Resource>,
    id: &mut Option<Identifier>,
    meant: Party,
    changes: &mut Changes,
    path: &str,
) {
    match meant {
        // One without an identifier can only be repeated.
        Party::Resource(found) => {
            *resource = Some(found);
            changes.add(path, "the resource in place of the shorthand");
        }
        Party::Id(own) => {
            let text = format!("the identifier '{}' in place of the shorthand", cimi_model::printable(own.as_str()));
            changes.add(path, text);
            (*resource, *id) = (None, Some(own));
        }
    }
}

fn whole(event: &mut Event, changes: &mut Changes) {
    for part in Part::ALL {
        let found = match (event.written(part), event.written_id(part)) {
            (Some(resource), _) => meant(event, Some(resource)).map(Meant::in_full),
            (None, Some(id)) => {
                let found = event.resource(part).cloned();
                Some(found.unwrap_or_else(|| Resource::new(id.clone(), resource::UNKNOWN)))
            }
            (None, None) => None,
        };
        let Some(found) = found else { continue };
        let (resource, id) = event.slots(part);
        *resource = Some(found);
        *id = None;
        changes.add(&format!("/event/{}", part.as_str()), "the resource in full");
    }
    for (index, found) in whole_reporters(event).into_iter().enumerate() {
        let (Some(found), Some(step)) = (found, event.reporterchain.get_mut(index)) else { continue };
        step.reporter = Some(found);
        step.reporter_id = None;
        changes.add(&format!("/event/reporterchain[{index}]/reporter"), "the resource in full");
    }
}

/// What the steps of the chain that name a resource mean. They may add as much as is read of an event: a long chain can name
/// a large resource in each step, and what exceeds that stays a name.
fn whole_reporters(event: &Event) -> Vec<Option<Resource>> {
    let parts = Part::ALL.iter().filter_map(|part| event.written(*part));
    let reporters = event.reporterchain.iter().filter_map(|step| step.reporter.as_ref());
    let mut known = HashMap::new();
    for resource in parts.chain(reporters).filter(|resource| resource.shorthand().is_none()) {
        known.entry(resource.id.as_ref()).or_insert(resource);
    }
    let mut room = Limits::default().size;
    let mut weights = HashMap::new();
    let mut copy = |resource: &Resource| {
        let weight = || json::to_vec(resource, WriteOptions::default()).map_or(0, |text| text.len());
        room = room.checked_sub(*weights.entry(std::ptr::from_ref(resource)).or_insert_with(weight))?;
        Some(resource.clone())
    };
    let steps = event.reporterchain.iter().map(|step| match &step.reporter {
        Some(reporter) => match meant(event, Some(reporter))? {
            Meant::Whole(resource) => copy(resource),
            known @ Meant::Id(_) => Some(known.in_full()),
        },
        None => copy(known.get(&Some(step.reporter_id.as_ref()?))?),
    });
    steps.collect()
}

/// Which part a resource or an identifier repeats.
fn repeated(event: &Event, resource: Option<&Resource>, id: Option<&Identifier>) -> Option<Part> {
    [Part::Target, Part::Initiator].into_iter().find(|part| {
        let whole = event.written(*part).filter(|whole| whole.shorthand().is_none());
        match (resource, id) {
            (Some(resource), None) => whole == Some(resource),
            (None, Some(id)) => match whole {
                Some(whole) => whole.id.as_ref() == Some(id),
                None => event.written(*part).is_none() && event.written_id(*part) == Some(id),
            },
            _ => false,
        }
    })
}

fn write(event: &mut Event, changes: &mut Changes) {
    let text = "the shorthand in place of the resource";
    if let Some(part) = repeated(event, event.observer.as_ref(), event.observer_id.as_ref()) {
        event.observer = Some(short(part));
        event.observer_id = None;
        changes.add("/event/observer", text);
    }
    for index in 0..event.reporterchain.len() {
        let Some(step) = event.reporterchain.get(index) else { continue };
        let Some(part) = repeated(event, step.reporter.as_ref(), step.reporter_id.as_ref()) else { continue };
        let Some(step) = event.reporterchain.get_mut(index) else { continue };
        step.reporter = Some(short(part));
        step.reporter_id = None;
        changes.add(&format!("/event/reporterchain[{index}]/reporter"), text);
    }
}
