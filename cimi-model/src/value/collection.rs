//! Collections (5.5.12).

use std::any::Any as StdAny;
use std::fmt;

use super::{DateTime, Ref, Uri};
use crate::extensions::Extensions;
use crate::meta::{Attribute, Kind, Members, Role, Type};
use crate::reflect::{Described, Item, Record, Resource, Shape, Value, debug_record};
use crate::resources::{AnyResource, Operation};

/// A collection of resources of one type (DSP0263 5.5.12).
///
/// In JSON the members stand in an array named after the type (`machines`), in XML 2.0 in an element of that name, in
/// XML 1.x directly in the collection. The root element of a collection is `Collection`, whatever its members.
#[cfg_attr(doc, doc = concat!("\n", include_str!("../../docs/types/Collection.md")))]
#[derive(Clone, PartialEq)]
pub struct Collection<T> {
    /// The self-pointer.
    pub id: Option<Uri>,
    /// When the collection was updated last (2.0).
    pub updated: Option<DateTime>,
    /// The resource of which this collection is a component (2.0).
    pub parent: Option<Ref<AnyResource>>,
    /// The number of resources in the collection, after filtering and before a part of them is chosen.
    pub count: Option<i64>,
    /// The members that this document shows.
    pub items: Vec<T>,
    /// The operations offered: `add`, `insert`, `remove` and others.
    pub operations: Vec<Operation>,
    /// What the table does not know.
    pub extensions: Extensions,
}

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self {
            id: None,
            updated: None,
            parent: None,
            count: None,
            items: Vec::new(),
            operations: Vec::new(),
            extensions: Extensions::new(),
        }
    }
}

impl<T> FromIterator<T> for Collection<T> {
    /// A collection of these members, with their number as `count`.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        Self { count: i64::try_from(items.len()).ok(), items, ..Self::default() }
    }
}

/// The index of `items` in the table of every collection.
pub(crate) const ITEMS: usize = 4;
/// The index of `operations`.
pub(crate) const OPERATIONS: usize = 5;

impl<T: Resource + Item + Shape> Collection<T> {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute::new("id", Kind::Uri, "The self-pointer.").v1_required().constraints(true, true, false, false),
        Attribute::new("updated", Kind::DateTime, "When the collection was updated last.")
            .v2_only()
            .constraints(false, false, true, false),
        Attribute::new(
            "parent",
            Kind::Ref(AnyResource::described),
            "The resource of which this collection is a component.",
        )
        .v2_only(),
        Attribute::new("count", Kind::Integer, "The number of resources in the collection.")
            .aliases(&["Count"])
            .range(0, i64::MAX)
            .v1_required()
            .constraints(true, false, true, false),
        Self::items_attribute(),
        Self::operations_attribute(),
    ];

    const COLLECTION_TYPE: Type = Type {
        v1_name: T::COLLECTION.v1_name,
        rust_name: "Collection",
        namespace: T::TYPE.namespace,
        shares: T::TYPE.shares,
        versions: T::TYPE.versions,
        clause: "5.5.12",
        operations: T::COLLECTION.operations,
        members: Some(Members {
            item: T::described,
            grouping: T::COLLECTION.grouping,
            v1_grouping: T::COLLECTION.v1_grouping,
            variants: T::COLLECTION.variants,
        }),
        ..Type::new(T::COLLECTION.name, Role::Collection, "A collection.", Self::ATTRIBUTES)
    };

    const fn operations_attribute() -> Attribute {
        let operations =
            Attribute::new("operations", <Vec<Operation>>::KIND, "The operations offered.").item("operation");
        if T::COLLECTION.v1_operations { operations } else { operations.v2_only() }
    }

    const fn items_attribute() -> Attribute {
        let mut items = Attribute::new(T::COLLECTION.grouping, <Vec<T>>::KIND, "The members.");
        items.v1_name = T::COLLECTION.v1_grouping;
        items.aliases = T::COLLECTION.aliases;
        // The members' elements are named after their type.
        items.item = "";
        items
    }
}

impl<T: Resource + Item + Shape> Described for Collection<T> {
    const TYPE: &'static Type = &Self::COLLECTION_TYPE;
}

impl<T: Resource + Item + Shape> Record for Collection<T> {
    fn record_type(&self) -> &'static Type {
        Self::described()
    }
    fn get(&self, index: usize) -> Option<&dyn Value> {
        Some(match index {
            0 => &self.id,
            1 => &self.updated,
            2 => &self.parent,
            3 => &self.count,
            ITEMS => &self.items,
            OPERATIONS => &self.operations,
            _ => return None,
        })
    }
    fn get_mut(&mut self, index: usize) -> Option<&mut dyn Value> {
        Some(match index {
            0 => &mut self.id,
            1 => &mut self.updated,
            2 => &mut self.parent,
            3 => &mut self.count,
            ITEMS => &mut self.items,
            OPERATIONS => &mut self.operations,
            _ => return None,
        })
    }
    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
    fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }
    fn boxed_clone(&self) -> Box<dyn Record> {
        Box::new(self.clone())
    }
    fn as_any(&self) -> &dyn StdAny {
        self
    }
    fn into_any(self: Box<Self>) -> Box<dyn StdAny> {
        self
    }
}

impl<T: Resource + Item + Shape> serde::Serialize for Collection<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::json::serialize(self, serializer)
    }
}

impl<'de, T: Resource + Item + Shape> serde::Deserialize<'de> for Collection<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::json::deserialize(deserializer)
    }
}

impl<T: Resource + Item + Shape> fmt::Debug for Collection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_record(self, f)
    }
}
