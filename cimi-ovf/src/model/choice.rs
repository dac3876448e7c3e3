//! Values that are one of several structures.
//!
//! The elements of two structures may stand in one place of a descriptor, and their order counts: systems and
//! collections, properties and categories. Such a value is an enumeration; its row in the table has both names.

use std::any::Any as StdAny;

use cimi_model::meta::Kind;
use cimi_model::reflect::{Item, Record, Shape, Single, Slot, Value, View};

use super::{Category, Node, ProductSection, Property, VirtualSystem, VirtualSystemCollection};

/// A system or a collection.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// A virtual machine.
    System(VirtualSystem),
    /// Several, with what they have in common.
    Collection(VirtualSystemCollection),
}

/// A property, or a heading over those that follow.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "most entries are properties")]
pub enum ProductEntry {
    /// A property.
    Property(Property),
    /// A heading.
    Category(Category),
}

impl Default for Content {
    fn default() -> Self {
        Self::System(VirtualSystem::default())
    }
}

impl Content {
    /// Where it was read.
    #[must_use]
    pub fn node(&self) -> Node {
        match self {
            Self::System(system) => system.node,
            Self::Collection(collection) => collection.node,
        }
    }

    /// The identifier, unique among siblings.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::System(system) => system.id.as_deref(),
            Self::Collection(collection) => collection.id.as_deref(),
        }
    }

    /// The members of a collection; none of a system.
    #[must_use]
    pub fn members(&self) -> &[Self] {
        match self {
            Self::System(_) => &[],
            Self::Collection(collection) => &collection.content,
        }
    }

    /// Products and their properties.
    #[must_use]
    pub fn product_sections(&self) -> &[ProductSection] {
        match self {
            Self::System(system) => &system.product_sections,
            Self::Collection(collection) => &collection.product_sections,
        }
    }
}

impl Default for ProductEntry {
    fn default() -> Self {
        Self::Property(Property::default())
    }
}

/// One of several structures.
trait Choice: Default + 'static {
    /// An empty one, for the element of this name.
    fn named(name: &str) -> Self;
    fn record(&self) -> &dyn Record;
    fn record_mut(&mut self) -> &mut dyn Record;
}

impl Choice for Content {
    fn named(name: &str) -> Self {
        match name {
            "VirtualSystemCollection" => Self::Collection(VirtualSystemCollection::default()),
            _ => Self::default(),
        }
    }

    fn record(&self) -> &dyn Record {
        match self {
            Self::System(system) => system,
            Self::Collection(collection) => collection,
        }
    }

    fn record_mut(&mut self) -> &mut dyn Record {
        match self {
            Self::System(system) => system,
            Self::Collection(collection) => collection,
        }
    }
}

impl Choice for ProductEntry {
    fn named(name: &str) -> Self {
        match name {
            "Category" => Self::Category(Category::default()),
            _ => Self::default(),
        }
    }

    fn record(&self) -> &dyn Record {
        match self {
            Self::Property(property) => property,
            Self::Category(category) => category,
        }
    }

    fn record_mut(&mut self) -> &mut dyn Record {
        match self {
            Self::Property(property) => property,
            Self::Category(category) => category,
        }
    }
}

impl Shape for Content {
    const KIND: Kind = Kind::Any;
}

impl Shape for ProductEntry {
    const KIND: Kind = Kind::Any;
}

impl Single for Content {
    fn view(&self) -> View<'_> {
        View::Record(self.record())
    }

    fn slot(option: &mut Option<Self>) -> Slot<'_> {
        Slot::Record(option.get_or_insert_default().record_mut())
    }
}

impl Item for Content {
    fn view(&self) -> View<'_> {
        View::Record(self.record())
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Record(self.record_mut())
    }
}

impl Item for ProductEntry {
    fn view(&self) -> View<'_> {
        View::Record(self.record())
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Record(self.record_mut())
    }
}

/// Puts an empty structure for the element of this name into a value that is one of several, or a list of such.
pub(super) fn put<'v>(value: &'v mut dyn Value, name: &str) -> Option<&'v mut dyn Record> {
    let value: &mut dyn StdAny = value;
    if value.is::<Vec<Content>>() {
        value.downcast_mut().and_then(|list| push::<Content>(list, name))
    } else if value.is::<Vec<ProductEntry>>() {
        value.downcast_mut().and_then(|list| push::<ProductEntry>(list, name))
    } else {
        let single: &mut Option<Content> = value.downcast_mut()?;
        Some(single.insert(Content::named(name)).record_mut())
    }
}

fn push<'v, T: Choice>(list: &'v mut Vec<T>, name: &str) -> Option<&'v mut dyn Record> {
    list.push(T::named(name));
    list.last_mut().map(T::record_mut)
}
