//! Arrays of 1.x that are called like their items (`dns`): the items stand there without a wrapper, and what stands in
//! place of the whole array looks like one of them.

use super::any::read_head;
use super::names::Found;
use super::pull::Start;
use super::read::Reader;
use crate::Result;
use crate::any::Any;
use crate::extensions::Origin;
use crate::meta::Attribute;
use crate::reflect::{Record, View};

impl Reader<'_> {
    /// The type that a value kept as a whole has tells it from an item.
    pub(super) fn item_or_whole(&self, start: &Start<'_>, found: Found, attribute: &Attribute) -> Result<Found> {
        if matches!(found, Found::Named(_)) || attribute.name != start.local() || start.is_plain() {
            return Ok(found);
        }
        let json_type = read_head(&self.xml, start)?.json_type;
        let whole = json_type.is_some_and(|json_type| !["object", "escaped"].contains(&json_type.as_str()));
        Ok(if whole { Found::Named(found.index()) } else { found })
    }
}

/// One empty item erases the array in a template.
pub(super) fn erase_by_item(attribute: &'static Attribute, index: usize, record: &mut dyn Record) {
    let Some(value) = record.get_mut(index) else { return };
    let empty = match value.view() {
        View::List(list) if list.len() == 1 => match list.item(0) {
            View::Text(text) => text.is_empty(),
            item => item.is_blank(),
        },
        _ => false,
    };
    if empty {
        value.clear();
        record.extensions_mut().push(attribute.name, Any::Null, Origin::Json);
    }
}
