//! The tie between a structure and the element that it was read from.

use std::any::Any as StdAny;

use cimi_model::meta::Kind;
use cimi_model::reflect::{Record, Shape, Slot, TextSlot, Value, Verdict, View};

use crate::tree::{Element, ElementId, Tree};

/// Which element a structure was read from; none for a new one.
///
/// The structures of the model have it in their first field. It is what [`Descriptor::to_vec`](crate::Descriptor::to_vec)
/// finds the element by that it changes. It does not count when structures are compared. A copy of a structure keeps
/// it: written beside the first one, it brings along what the tables do not know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node {
    id: Option<ElementId>,
}

impl Node {
    pub(crate) fn of(element: Element<'_>) -> Self {
        Self { id: Some(element.id()) }
    }

    /// Which element it is.
    #[must_use]
    pub fn id(self) -> Option<ElementId> {
        self.id
    }

    /// The element, if the structure was read from this tree.
    #[must_use]
    pub fn element(self, tree: &Tree) -> Option<Element<'_>> {
        tree.element(self.id?)
    }
}

impl PartialEq for Node {
    /// Where a structure comes from is not part of what it says.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Node {}

impl Shape for Node {
    const KIND: Kind = Kind::Any;
}

impl Value for Node {
    fn view(&self) -> View<'_> {
        View::Absent
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Text(self)
    }

    fn clear(&mut self) {
        self.id = None;
    }

    fn swap(&mut self, other: &mut dyn Value) -> bool {
        let other: &mut dyn StdAny = other;
        other.downcast_mut::<Self>().map(|other| std::mem::swap(self, other)).is_some()
    }
}

impl TextSlot for Node {
    fn put(&mut self, _: &str, _: bool) -> Verdict {
        Verdict::Refused
    }

    fn expected(&self) -> &'static str {
        "nothing"
    }
}

/// Where a structure was read.
pub(crate) fn node_of(record: &dyn Record) -> Node {
    let value = record.get(0).map(|value| -> &dyn StdAny { value });
    value.and_then(|value| value.downcast_ref::<Node>()).copied().unwrap_or_default()
}
