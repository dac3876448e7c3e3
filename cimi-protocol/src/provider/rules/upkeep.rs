//! What a store writes into resources by itself: common attributes, states, members and their number.

use cimi_model::lifecycle::{Invocation, Rules, Step};
use cimi_model::meta::{Dependence, Type};
use cimi_model::reflect::{List, Record, Slot, View};
use cimi_model::relations::set_parent;
use cimi_model::template::fill;
use cimi_model::{DateTime, Generic, Result, Uri, attributes};

/// What a new resource gets from the provider (5.7.1): its `id`, `parent`, `created` and `updated`, which is the same time
/// at first.
///
/// [`Relations::parent_of_added`](cimi_model::relations::Relations::parent_of_added) says what the parent is.
pub fn register(record: &mut dyn Record, id: &Uri, parent: Option<&Uri>, now: &DateTime) {
    write(record, "id", id.as_str());
    set_parent(record, parent);
    write(record, "created", now.as_str());
    write(record, "updated", now.as_str());
}

/// Sets a common attribute, which is an extension in a resource of an unknown type.
pub(super) fn write(record: &mut dyn Record, name: &str, text: &str) {
    if record.as_any().is::<Generic>() {
        record.extensions_mut().insert(name, text);
    } else {
        attributes::set_text(record, name, text);
    }
}

/// Begins the creation of a resource: it is CREATING, if its type has that state (4.2.1.1). The step says what follows;
/// [`complete`] goes there.
///
/// # Errors
/// As [`Rules::create`]: when the template's `initialState` is not possible. Nothing is changed then.
pub fn create(record: &mut dyn Record, rules: &Rules, initial_state: Option<&str>) -> Result<Step> {
    let step = rules.create(initial_state)?;
    enter(record, step.first());
    Ok(step)
}

/// Begins an operation on a resource, `delete` included: it is in the state that the operation leads through, such as
/// STARTING or DELETING (5.8, 4.2.1.4). [`complete`] ends it, unless the step says that the resource is
/// [gone](Step::gone).
///
/// `updated` stays as it is: operations change the state implicitly, and only explicit updates count (5.7.1).
///
/// # Errors
/// As [`Rules::apply_as`]: when the operation is not possible in the present state, or not supported. Nothing is changed
/// then.
pub fn begin(record: &mut dyn Record, rules: &Rules, operation: &str, invocation: &Invocation<'_>) -> Result<Step> {
    let state = attributes::text(record, "state").unwrap_or_default().to_owned();
    let step = rules.apply_as(&state, operation, invocation)?;
    enter(record, step.first());
    Ok(step)
}

/// Ends an operation or creation that was begun: the resource is in the state that it leads to.
pub fn complete(record: &mut dyn Record, step: &Step) {
    enter(record, step.to);
}

/// Ends an operation that has failed: the resource is in the state for that, ERROR (5.8), if its type has one.
pub fn fail(record: &mut dyn Record, rules: &Rules) {
    enter(record, rules.error_state());
}

/// Sets the state, and nothing else.
fn enter(record: &mut dyn Record, state: Option<&str>) {
    if let Some(state) = state {
        attributes::set_text(record, "state", state);
    }
}

/// Puts a member into a collection and counts it (5.5.12): the resource itself, or the item that refers to it, such as a
/// `locatedVolume`. A member with the same `id` is replaced. Returns whether the collection has members of this type.
pub fn put_in(collection: &mut dyn Record, member: &dyn Record) -> bool {
    let is_of =
        |item: &Type| (item.name, item.namespace) == (member.record_type().name, member.record_type().namespace);
    if !collection.record_type().members.is_some_and(|members| is_of((members.item)())) {
        return false;
    }
    if let Some(id) = attributes::text(member, "id") {
        take_out(collection, &Uri::from(id));
    }
    let count = members(collection).map_or(0, |list| number_of(list, collection));
    if let Some(Slot::Record(place)) = members_mut(collection).map(List::push) {
        fill(place, member);
    }
    attributes::set_integer(collection, "count", count.saturating_add(1));
    true
}

/// Takes the members with this URI out of a collection, and out of its count (5.5.12.3), without deleting anything. The URI
/// is that of the member, or of the resource that the member refers to. Returns whether there were any.
///
/// What a deletion takes out, [`Deletion::apply`](cimi_model::relations::Deletion::apply) does.
pub fn take_out(collection: &mut dyn Record, uri: &Uri) -> bool {
    let Some(list) = members(collection) else { return false };
    let leaving: Vec<bool> = (0..list.len()).map(|index| is_meant(&list.item(index), uri)).collect();
    let left = leaving.iter().filter(|leaves| **leaves).count();
    if left == 0 {
        return false;
    }
    let count = number_of(list, collection).saturating_sub(i64::try_from(left).unwrap_or(i64::MAX));
    if let Some(list) = members_mut(collection) {
        list.retain(&mut |index| leaving.get(index) != Some(&true));
    }
    attributes::set_integer(collection, "count", count.max(0));
    true
}

fn members(collection: &dyn Record) -> Option<&dyn List> {
    let index = collection.record_type().find(collection.record_type().members?.grouping, 0)?;
    match collection.get(index)?.view() {
        View::List(list) => Some(list),
        _ => None,
    }
}

fn members_mut(collection: &mut dyn Record) -> Option<&mut dyn List> {
    let grouping = collection.record_type().members?.grouping;
    match attributes::slot(collection, grouping) {
        Some(Slot::List(list)) => Some(list),
        _ => None,
    }
}

/// How many members the collection has, of which it may show a part only.
fn number_of(list: &dyn List, collection: &dyn Record) -> i64 {
    let shown = i64::try_from(list.len()).unwrap_or(i64::MAX);
    attributes::integer(collection, "count").map_or(shown, |count| count.max(shown))
}

/// Whether a member has this URI, or stands for what has it.
fn is_meant(member: &View<'_>, uri: &Uri) -> bool {
    let View::Record(member) = member else { return false };
    let table = member.record_type().attributes.iter().enumerate();
    let mut accessories = table.filter(|(_, row)| row.dependence == Some(Dependence::Accessory));
    let refers = |index: usize| match member.get(index).map(|value| value.view()) {
        Some(View::Ref(reference)) => reference.href() == Some(uri),
        _ => false,
    };
    attributes::text(*member, "id") == Some(uri.as_str()) || accessories.any(|(index, _)| refers(index))
}
