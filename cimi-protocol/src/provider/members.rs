//! Requests that put existing resources into a collection, or take them out of it (5.5.12.2, 5.5.12.3).

use cimi_model::reflect::{Record, View};
use cimi_model::validate::Validation;
use cimi_model::{Map, attributes};

use super::body::Found;
use super::call::{Call, Membership};
use super::items::{self, Items};
use super::{Exchange, Refusal, Target};

impl Exchange<'_> {
    /// An operation on a collection: `insert`, `remove` or another.
    pub(super) fn to_members(&self, target: &Target<'_>, items: &Items, found: Found) -> Result<Call, Refusal> {
        let request = self.invoke(target, found)?;
        let make: fn(Membership) -> Call = match request.name.as_str() {
            "insert" => Call::Insert,
            "remove" => Call::Remove,
            _ => return Ok(Call::Action(request)),
        };
        let href = items.resource_of(&*request.body).ok_or_else(|| {
            Refusal::bad_request(format!("the operation {} does not say which resource it is about", request.name))
        })?;
        let item = if request.name == "insert" { items.item_of(&*request.body, &href) } else { None };
        Ok(make(Membership { href, item, properties: request.body.properties }))
    }

    /// An item that refers to a resource: in 1.x, it is added to put the resource in.
    pub(super) fn associate(&self, target: &Target<'_>, items: &Items, mut found: Found) -> Result<Call, Refusal> {
        let name = if target.offer("insert").is_some() { "insert" } else { "add" };
        self.note(target.find(name)?);
        self.validate(&Validation::create(), &found)?;
        let href = items.resource_of(found.record()).ok_or_else(|| {
            Refusal::bad_request(format!("the {} refers to no resource", found.record().record_type().name))
        })?;
        let properties = properties(found.record());
        let item = if items.holds(found.record().record_type()) {
            items::clear_read_only(found.document.record_mut());
            Some(found.document)
        } else {
            items.item_of(found.record(), &href)
        };
        Ok(Call::Insert(Membership { href, item, properties }))
    }
}

fn properties(record: &dyn Record) -> Map {
    match attributes::get(record, "properties") {
        View::Map(map) => map.clone(),
        _ => Map::default(),
    }
}
