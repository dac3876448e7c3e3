//! Resources of CIMI in events and back: what is the same for all types of resources.

use std::collections::HashMap;

use cimi_model::meta::Kind;
use cimi_model::reflect::{Described, Record, Slot};
use cimi_model::{Any, Error, ErrorKind, Object, Result, json};

use super::note::{NAMES, differences};
use super::{Converted, Converter, Fate, Note, attachment, valid};
use crate::{Event, Identifier, Part, Resource};

/// The extension of a resource of CIMI that holds what was added to the CADF event that it was restored from and CIMI has
/// no place for: an object with members of the event. `null` stands for a member that the event does not have.
///
/// Its namespace is [that of this project](cimi_model::ext::NAMESPACE).
pub const ASIDE: &str = "{http://cimi-rs.org/ext/1}cadf";

type Derive<'w, T> = Box<dyn Fn(&Converter, &T) -> Result<Event> + 'w>;
type Said<'w, T> = Box<dyn Fn(&Event, Option<&Event>) -> T + 'w>;

/// How resources of a type become events and events such resources.
pub(super) struct Way<'w, T> {
    /// The name of the attachment.
    pub(super) attachment: &'static str,
    /// The event that a resource leads to, without attachments.
    pub(super) derive: Derive<'w, T>,
    /// What an event says of the resource by itself. The second event is what the attachment leads to, for fields that say
    /// the same twice: the one that differs was edited.
    pub(super) said: Said<'w, T>,
}

/// The event that a resource leads to, with the resource attached.
pub(super) fn to_event<T: Described>(converter: &Converter, way: &Way<'_, T>, value: &T) -> Result<Converted<Event>> {
    let mut event = derive(way, converter, value)?;
    let said = members(&(way.said)(&event, None))?;
    let mut notes = differences(&members(value)?, &said, &format!("/{}", T::TYPE.name));
    notes.retain(|note| !note.path.ends_with(ASIDE) || aside_of(value, ASIDE).is_none());
    event.attachments.insert(0, attachment::holding(way.attachment, value, converter.dialect)?);
    Ok(Converted { value: valid(event)?, notes })
}

/// The resource that an event was made of, with what was edited since.
pub(super) fn from_event<T: Described>(converter: &Converter, way: &Way<'_, T>, event: &Event) -> Result<Converted<T>> {
    let mut notes = Vec::new();
    let time = converter.time.clone().or_else(|| event.event_time.clone());
    let converter = &Converter { time, ..converter.clone() };
    let like = Converter { observer: observer_of(event), ..converter.clone() };
    let (mut value, bare, same_id) =
        if let Some((index, mut original)) = attachment::find::<T>(&event.attachments, way.attachment) {
            let bare = attachment::without(event, index);
            let mut derived = derive(way, &like, &original)?;
            let same_id = derived.id == bare.id;
            if same_id {
                adopt(&mut derived, &bare);
                if members(&derived)? == members(&bare)? {
                    return Ok(Converted::exact(original));
                }
            }
            let (before, mut now) = ((way.said)(&derived, None), (way.said)(&bare, Some(&derived)));
            let (before, after) = (members(&before)?, members(&now)?);
            merge(&mut original, &before, &mut now, &after, &format!("/{}", T::TYPE.name), &mut notes);
            (original, bare, same_id)
        } else {
            let text = "without the attachment, only what the event says by itself is restored";
            notes.push(Note::new(format!("/{}", T::TYPE.name), Fate::Approximate, text));
            let value = (way.said)(event, None);
            let same_id = (way.derive)(&like, &value)?.id == event.id;
            (value, event.clone(), same_id)
        };
    value.extensions_mut().remove(ASIDE);
    let mut derived = (way.derive)(if same_id { &like } else { converter }, &value)?;
    if same_id {
        adopt(&mut derived, &bare);
    }
    set_aside(&mut value, &derived, &bare, "/event", &mut notes)?;
    Ok(Converted { value, notes })
}

/// Keeps in a resource what a record of CADF says and the one that the resource leads to does not.
pub(super) fn set_aside(
    value: &mut dyn Record,
    derived: &dyn Record,
    actual: &dyn Record,
    path: &str,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let rest = rest(&members(derived)?, &members(actual)?)?;
    if !rest.is_empty() {
        let text = "CIMI has no place for it; an extension keeps it";
        let note = |key| Note::new(format!("{path}/{}", cimi_model::printable(key)), Fate::Aside, text);
        notes.extend(rest.iter().map(|(key, _)| note(key)));
        value.extensions_mut().insert(ASIDE, Any::Object(rest));
    }
    Ok(())
}

/// The members that a record has in JSON.
pub(super) fn members(record: &dyn Record) -> Result<Object> {
    match json::to_any(record, NAMES.into())? {
        Any::Object(members) => Ok(members),
        _ => Ok(Object::new()),
    }
}

/// The observer of an event, as far as the event describes it.
pub(super) fn observer_of(event: &Event) -> Resource {
    let described = event.resource(Part::Observer).cloned();
    described.unwrap_or_else(|| Resource { id: event.written_id(Part::Observer).cloned(), ..Resource::default() })
}

/// The identifier of a part of an event.
pub(super) fn id_of(event: &Event, part: Part) -> Option<&Identifier> {
    match event.resource(part) {
        Some(resource) => resource.id.as_ref(),
        None => event.written_id(part),
    }
}

/// Takes over from an event what CIMI does not say and the converter supplies: identifier and observer, and the observer
/// wherever else it stands, described or by its identifier.
fn adopt(derived: &mut Event, from: &Event) {
    let observer = id_of(derived, Part::Observer).cloned();
    let is_observer = |event: &Event, part| id_of(event, part) == observer.as_ref();
    for part in [Part::Initiator, Part::Target, Part::Observer] {
        if !is_observer(derived, part) || !is_observer(from, part) {
            continue;
        }
        let (resource, id) = derived.slots(part);
        (*resource, *id) = (from.written(part).cloned(), from.written_id(part).cloned());
    }
    derived.id.clone_from(&from.id);
}

/// What was kept aside in a resource.
fn aside_of<'v>(value: &'v dyn Record, key: &str) -> Option<&'v Object> {
    match value.extensions().get(key) {
        Some(Any::Object(members)) => Some(members),
        _ => None,
    }
}

/// The members of an event, with what was kept aside of an earlier one.
pub(super) fn with_aside(mut members: Object, value: &dyn Record, key: &str) -> Object {
    for (key, member) in aside_of(value, key).into_iter().flat_map(Object::iter) {
        if *member == Any::Null && members.get(key).is_some() {
            members.remove(key);
        } else {
            members.insert(key, member.clone());
        }
    }
    members
}

/// The event that a resource leads to, with what was kept aside of an earlier one.
fn derive<T: Described>(way: &Way<'_, T>, converter: &Converter, value: &T) -> Result<Event> {
    completed((way.derive)(converter, value)?, value)
}

/// A record of CADF with what was kept aside in the resource that it is made of.
pub(super) fn completed<T: Described>(derived: T, value: &dyn Record) -> Result<T> {
    if aside_of(value, ASIDE).is_none() {
        return Ok(derived);
    }
    let members = with_aside(members(&derived)?, value, ASIDE);
    Ok(json::from_any(&Any::Object(members), &attachment::options())?.value)
}

/// The members of an event that another one does not have, or has otherwise.
pub(super) fn rest(derived: &Object, actual: &Object) -> Result<Object> {
    // Looked up by their hashes, as there may be many members.
    let (was, is): (HashMap<_, _>, HashMap<_, _>) = (derived.iter().collect(), actual.iter().collect());
    let differs = |key: &str, value: &Any| was.get(key).is_none_or(|was| *was != value);
    let changed = || actual.iter().filter(|(key, value)| differs(key, value));
    if changed().any(|(key, value)| *value == Any::Null && was.contains_key(key)) {
        return Err(Error::new(ErrorKind::Value, "a member that is null cannot be kept aside"));
    }
    let gone = derived.iter().filter(|(key, _)| !is.contains_key(key)).map(|(key, _)| (key, Any::Null));
    Ok(changed().map(|(key, value)| (key, value.clone())).chain(gone).collect())
}

/// Puts into a record what differs between what was said of it and what is said now.
pub(super) fn merge(
    value: &mut dyn Record,
    before: &Object,
    now: &mut dyn Record,
    after: &Object,
    path: &str,
    notes: &mut Vec<Note>,
) {
    for (index, attribute) in value.record_type().attributes.iter().enumerate() {
        let (was, is) = (before.get(attribute.name), after.get(attribute.name));
        if was == is {
            continue;
        }
        value.extensions_mut().remove(attribute.name);
        let path = format!("{path}/{}", attribute.name);
        let (Some(value), Some(now)) = (value.get_mut(index), now.get_mut(index)) else { continue };
        if matches!(attribute.kind, Kind::Structure(_)) {
            if let (Slot::Record(value), Slot::Record(now)) = (value.slot(), now.slot()) {
                merge(value, inner(was), now, inner(is), &path, notes);
            }
            continue;
        }
        value.swap(now);
        notes.push(Note::edited(path));
    }
}

/// The members of a structure, none where it is absent.
fn inner(value: Option<&Any>) -> &Object {
    static NOTHING: Object = Object::new();
    match value {
        Some(Any::Object(members)) => members,
        _ => &NOTHING,
    }
}
