//! Resources that stand for another one of the event.

use super::profile::{Changes, Shorthand};
use crate::{Event, Identifier, Part, Resource, resource};

pub(super) fn apply(shorthand: Shorthand, event: &mut Event, changes: &mut Changes) {
    match shorthand {
        Shorthand::Written => write(event, changes),
        Shorthand::ById => by_id(event, changes),
        Shorthand::Whole => whole(event, changes),
    }
}

/// The resource that a shorthand of the event means.
fn meant(event: &Event, written: Option<&Resource>) -> Option<Resource> {
    let part = written?.shorthand()?;
    let meant = match part {
        Part::Initiator => event.initiator.as_ref(),
        Part::Target => event.target.as_ref(),
        Part::Observer => event.observer.as_ref(),
    };
    meant.filter(|meant| meant.shorthand().is_none()).cloned()
}

/// The resource with the identifier of another part in place of the resource.
fn short(part: Part) -> Resource {
    Resource { id: Some(part.as_str().into()), ..Resource::default() }
}

fn by_id(event: &mut Event, changes: &mut Changes) {
    for part in Part::ALL {
        let Some(meant) = meant(event, event.written(part)) else { continue };
        let (resource, id) = slots(event, part);
        let name = part.as_str();
        replace(resource, id, meant, changes, &format!("/event/{name}"));
    }
    for index in 0..event.reporterchain.len() {
        let Some(meant) = meant(event, event.reporterchain.get(index).and_then(|step| step.reporter.as_ref())) else {
            continue;
        };
        let Some(step) = event.reporterchain.get_mut(index) else { continue };
        let path = format!("/event/reporterchain[{index}]/reporter");
        replace(&mut step.reporter, &mut step.reporter_id, meant, changes, &path);
    }
}

fn replace(
    resource: &mut Option<Resource>,
    id: &mut Option<Identifier>,
    meant: Resource,
    changes: &mut Changes,
    path: &str,
) {
    // One without an identifier can only be repeated.
    let Some(own) = meant.id.clone() else {
        *resource = Some(meant);
        return changes.add(path, "the resource in place of the shorthand");
    };
    changes.add(path, format!("the identifier '{}' in place of the shorthand", cimi_model::printable(own.as_str())));
    *resource = None;
    *id = Some(own);
}

const fn slots(event: &mut Event, part: Part) -> (&mut Option<Resource>, &mut Option<Identifier>) {
    match part {
        Part::Initiator => (&mut event.initiator, &mut event.initiator_id),
        Part::Target => (&mut event.target, &mut event.target_id),
        Part::Observer => (&mut event.observer, &mut event.observer_id),
    }
}

fn whole(event: &mut Event, changes: &mut Changes) {
    for part in Part::ALL {
        let found = match (event.written(part), event.written_id(part)) {
            (Some(resource), _) => meant(event, Some(resource)),
            (None, Some(id)) => {
                let found = event.resource(part).cloned();
                Some(found.unwrap_or_else(|| Resource::new(id.clone(), resource::UNKNOWN)))
            }
            (None, None) => None,
        };
        let Some(found) = found else { continue };
        let (resource, id) = slots(event, part);
        *resource = Some(found);
        *id = None;
        changes.add(&format!("/event/{}", part.as_str()), "the resource in full");
    }
    for index in 0..event.reporterchain.len() {
        let step = event.reporterchain.get(index);
        let found = match step.and_then(|step| step.reporter.as_ref()) {
            Some(reporter) => meant(event, Some(reporter)),
            None => event.reporter(index).cloned(),
        };
        let (Some(found), Some(step)) = (found, event.reporterchain.get_mut(index)) else { continue };
        step.reporter = Some(found);
        step.reporter_id = None;
        changes.add(&format!("/event/reporterchain[{index}]/reporter"), "the resource in full");
    }
}

/// Which part a resource or an identifier repeats.
fn repeated(event: &Event, resource: Option<&Resource>, id: Option<&Identifier>) -> Option<Part> {
    [Part::Target, Part::Initiator].into_iter().find(|part| {
        let whole = event.written(*part).filter(|whole| whole.shorthand().is_none());
        whole.is_some_and(|whole| match (resource, id) {
            (Some(resource), None) => resource == whole,
            (None, Some(id)) => whole.id.as_ref() == Some(id),
            _ => false,
        })
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
