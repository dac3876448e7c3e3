//! Values and records as the generic code sees them.
//!
//! The codecs, validation and everything else work on `&dyn Record` and the attribute tables; they know no
//! resource by name. A type takes part through the macros of this crate.

use std::any::Any as StdAny;
use std::fmt;

use crate::any::Any;
use crate::extensions::Extensions;
use crate::meta::{Kind, Type};
use crate::names::{is_identifier, is_none_or_identifier};
use crate::object::names_secret;
use crate::value::{Map, Uri};

pub use crate::spelling::forget_spellings;

/// A resource or structure: attributes by index of its table, and extensions.
pub trait Record: fmt::Debug + Send + Sync + StdAny {
    /// The type, with the table of attributes.
    fn record_type(&self) -> &'static Type;
    /// The attribute with this index of the table.
    fn get(&self, index: usize) -> Option<&dyn Value>;
    /// The attribute with this index of the table, to be changed.
    fn get_mut(&mut self, index: usize) -> Option<&mut dyn Value>;
    /// What the table does not know.
    fn extensions(&self) -> &Extensions;
    /// What the table does not know, to be changed.
    fn extensions_mut(&mut self) -> &mut Extensions;
    /// A copy in a box.
    fn boxed_clone(&self) -> Box<dyn Record>;
    /// For downcasting.
    fn as_any(&self) -> &dyn StdAny;
    /// For downcasting a box.
    fn into_any(self: Box<Self>) -> Box<dyn StdAny>;
}

/// A record type whose table is known without a value.
pub trait Described: Record + Default + Clone + PartialEq {
    /// The type.
    const TYPE: &'static Type;
    /// The type, as a function: tables refer to one another in circles, which constants cannot.
    #[must_use]
    fn described() -> &'static Type {
        Self::TYPE
    }
}

/// A described type that has members in collections.
pub trait Resource: Described {
    /// The type of the collection of such resources.
    const COLLECTION: CollectionNames;
}

/// The names of a collection type, from the macro that defines its members.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "written by the macro in other crates")]
pub struct CollectionNames {
    /// The type name, for example `MachineCollection`.
    pub name: &'static str,
    /// The type name in 1.x where it differs.
    pub v1_name: Option<&'static str>,
    /// The attribute that holds the members, for example `machines`.
    pub grouping: &'static str,
    /// The same in 1.x where it differs.
    pub v1_grouping: Option<&'static str>,
    /// Other spellings of that attribute; read, never written.
    pub aliases: &'static [&'static str],
    /// The names of collections whose items refer to such resources or extend them, and that may stand in place of this
    /// one; see [`Members::variants`](crate::meta::Members::variants).
    pub variants: &'static [&'static str],
    /// Whether the collection has operations in 1.x.
    pub v1_operations: bool,
    /// What may be done with the collection besides reading it, as in [`Type::operations`].
    pub operations: &'static [&'static str],
}

impl CollectionNames {
    /// The names, if documents can have them: the macro demands that when it is compiled.
    ///
    /// # Panics
    /// If one of them is not an identifier (DSP0263 5.2).
    #[doc(hidden)]
    #[must_use]
    pub const fn checked(self) -> Self {
        let names = is_identifier(self.name) && is_none_or_identifier(self.v1_name);
        let groupings = is_identifier(self.grouping) && is_none_or_identifier(self.v1_grouping);
        assert!(names && groupings, "a name of a collection is no identifier (DSP0263 5.2)");
        self
    }

    /// Whether this is the name of the attribute that holds the members, in either dialect or an alias.
    #[must_use]
    pub fn is_grouping(&self, name: &str) -> bool {
        self.grouping == name || self.v1_grouping == Some(name) || self.aliases.contains(&name)
    }
}

/// The kind of a Rust type that stands as an attribute.
pub trait Shape {
    /// The kind.
    const KIND: Kind;
}

/// An attribute's value.
pub trait Value: StdAny {
    /// The value, to be read.
    fn view(&self) -> View<'_>;
    /// The text, if the value is one: what [`view`](Self::view) says, in fewer instructions.
    fn text(&self) -> Option<&str> {
        match self.view() {
            View::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The integer, if the value is one.
    fn integer(&self) -> Option<i64> {
        match self.view() {
            View::Integer(value) => Some(value),
            _ => None,
        }
    }
    /// The place of the value, to be filled. A reference, structure or list is created empty.
    fn slot(&mut self) -> Slot<'_>;
    /// Makes the value absent.
    fn clear(&mut self);
    /// Exchanges this value and another of the same Rust type. Returns whether they are of one type: those of one
    /// attribute of two records of one type are.
    fn swap(&mut self, other: &mut dyn Value) -> bool;
}

/// Exchanges two values of type `T`, of which one is not known to be one.
pub(crate) fn swap_values<T: Value>(value: &mut T, other: &mut dyn Value) -> bool {
    let other: &mut dyn StdAny = other;
    other.downcast_mut::<T>().map(|other| std::mem::swap(value, other)).is_some()
}

/// A value to be read.
#[allow(clippy::exhaustive_enums, reason = "codecs must handle every form")]
pub enum View<'a> {
    /// No value.
    Absent,
    /// A string, or a kind that is written like one.
    Text(&'a str),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
    /// A reference.
    Ref(&'a dyn Reference),
    /// A structure.
    Record(&'a dyn Record),
    /// A map.
    Map(&'a Map),
    /// An array.
    List(&'a dyn List),
    /// Any value.
    Any(&'a Any),
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("absent"),
            Self::Text(text) => text.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Ref(reference) => reference.fmt(f),
            Self::Record(record) => record.fmt(f),
            Self::Map(map) => map.fmt(f),
            Self::List(list) => list.fmt(f),
            Self::Any(value) => value.fmt(f),
        }
    }
}

impl View<'_> {
    /// Whether the standard has this value omitted: absent, or an empty map or array. An empty string is omitted only
    /// where the kind is `string` (5.5.15), which [`omitted`] knows; references and structures are never empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Map(map) => map.is_empty(),
            Self::List(list) => list.is_empty(),
            _ => false,
        }
    }

    /// Whether this is a reference or structure in which nothing is set.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Ref(reference) => reference.href().is_none() && reference.record().is_none_or(is_blank_record),
            Self::Record(record) => is_blank_record(*record),
            _ => false,
        }
    }
}

/// Whether a record has neither attributes nor extensions.
#[must_use]
pub fn is_blank_record(record: &dyn Record) -> bool {
    record.extensions().is_empty()
        && record
            .record_type()
            .attributes
            .iter()
            .enumerate()
            .all(|(index, attribute)| record.get(index).is_none_or(|value| omitted(&value.view(), attribute.kind)))
}

/// Whether a value of an attribute of this kind is omitted from a document (5.5.15).
#[must_use]
pub fn omitted(view: &View<'_>, kind: Kind) -> bool {
    match view {
        View::Text(text) => text.is_empty() && matches!(kind, Kind::String | Kind::Enumeration(_)),
        view => view.is_empty(),
    }
}

/// The place of a value, to be filled by a reader.
#[allow(clippy::exhaustive_enums, reason = "codecs must handle every form")]
pub enum Slot<'a> {
    /// A string, or a kind that is written like one.
    Text(&'a mut dyn TextSlot),
    /// An integer.
    Integer(&'a mut Option<i64>),
    /// A boolean.
    Boolean(&'a mut Option<bool>),
    /// A reference.
    Ref(&'a mut dyn Reference),
    /// A structure.
    Record(&'a mut dyn Record),
    /// A map.
    Map(&'a mut Map),
    /// An array.
    List(&'a mut dyn List),
    /// Any value.
    Any(&'a mut Option<Any>),
}

impl fmt::Debug for Slot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Boolean(_) => "Boolean",
            Self::Ref(_) => "Ref",
            Self::Record(_) => "Record",
            Self::Map(_) => "Map",
            Self::List(_) => "List",
            Self::Any(_) => "Any",
        })
    }
}

/// What became of a text that was put into a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each outcome")]
pub enum Verdict {
    /// It has the form that the standard demands.
    Conforming,
    /// It has another form, and was understood.
    Recovered,
    /// It was not understood, and the place is unchanged.
    Refused,
}

/// A place for text.
pub trait TextSlot {
    /// Parses and stores the text; with `strict`, only if it conforms.
    fn put(&mut self, text: &str, strict: bool) -> Verdict;
    /// What is expected here, for messages: `an xs:dateTime`.
    fn expected(&self) -> &'static str;
}

/// A reference, whatever its target.
pub trait Reference {
    /// The target's URI.
    fn href(&self) -> Option<&Uri>;
    /// The place of the target's URI.
    fn href_mut(&mut self) -> &mut Option<Uri>;
    /// The target's attributes, where the reference is expanded or holds its target by value.
    fn record(&self) -> Option<&dyn Record>;
    /// The target's attributes, created empty if there are none.
    fn record_mut(&mut self) -> &mut dyn Record;
    /// Puts these attributes in place of those of the target, or gives them back when they are of another type.
    ///
    /// # Errors
    /// The record, when its type is not that of the target.
    fn set_record(&mut self, record: Box<dyn Record>) -> Result<(), Box<dyn Record>>;
    /// The type of the target.
    fn target(&self) -> &'static Type;
}

impl fmt::Debug for dyn Reference + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ref").field("href", &self.href()).field("value", &self.record()).finish()
    }
}

/// An array, whatever its items.
pub trait List {
    /// How many items there are.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The item at this index.
    fn item(&self, index: usize) -> View<'_>;
    /// The place of the item at this index.
    fn item_mut(&mut self, index: usize) -> Option<Slot<'_>>;
    /// The place of a new item at the end.
    fn push(&mut self) -> Slot<'_>;
    /// Removes the last item.
    fn pop(&mut self);
    /// Exchanges two items.
    fn swap(&mut self, a: usize, b: usize);
}

impl dyn List + '_ {
    /// Removes all items but those whose index `keep` accepts; these keep their order.
    pub fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool) {
        let mut kept = 0;
        for index in 0..self.len() {
            if keep(index) {
                self.swap(kept, index);
                kept += 1;
            }
        }
        while self.len() > kept {
            self.pop();
        }
    }
}

impl fmt::Debug for dyn List + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len()).map(|index| self.item(index))).finish()
    }
}

/// A type that stands in an `Option` as an attribute.
pub trait Single: Sized {
    /// The value.
    fn view(&self) -> View<'_>;
    /// The place of an optional value.
    fn slot(option: &mut Option<Self>) -> Slot<'_>;
}

/// A type that stands in a `Vec` as an attribute.
pub trait Item: Default {
    /// The value.
    fn view(&self) -> View<'_>;
    /// The place of the value.
    fn slot(&mut self) -> Slot<'_>;
}

impl<T: Shape> Shape for Option<T> {
    const KIND: Kind = T::KIND;
}

impl<T: Single + 'static> Value for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Single::view)
    }
    fn slot(&mut self) -> Slot<'_> {
        T::slot(self)
    }
    fn clear(&mut self) {
        *self = None;
    }
    fn swap(&mut self, other: &mut dyn Value) -> bool {
        swap_values(self, other)
    }
}

impl<T: Shape> Shape for Vec<T> {
    const KIND: Kind = Kind::Array(&T::KIND);
}

impl<T: Item + 'static> Value for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::List(self)
    }
    fn clear(&mut self) {
        Self::clear(self);
    }
    fn swap(&mut self, other: &mut dyn Value) -> bool {
        swap_values(self, other)
    }
}

impl<T: Item> List for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn item(&self, index: usize) -> View<'_> {
        self.get(index).map_or(View::Absent, Item::view)
    }
    fn item_mut(&mut self, index: usize) -> Option<Slot<'_>> {
        self.get_mut(index).map(Item::slot)
    }
    fn push(&mut self) -> Slot<'_> {
        self.push(T::default());
        let last = self.len() - 1;
        #[allow(clippy::indexing_slicing, reason = "the item was pushed on the line before")]
        self[last].slot()
    }
    fn pop(&mut self) {
        self.pop();
    }
    fn swap(&mut self, a: usize, b: usize) {
        if a.max(b) < self.len() {
            self.as_mut_slice().swap(a, b);
        }
    }
}

impl Shape for i64 {
    const KIND: Kind = Kind::Integer;
}

impl Single for i64 {
    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }
    fn slot(option: &mut Option<Self>) -> Slot<'_> {
        Slot::Integer(option)
    }
}

impl Shape for bool {
    const KIND: Kind = Kind::Boolean;
}

impl Single for bool {
    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }
    fn slot(option: &mut Option<Self>) -> Slot<'_> {
        Slot::Boolean(option)
    }
}

impl PartialEq for dyn Record {
    fn eq(&self, other: &Self) -> bool {
        let table = self.record_type().attributes;
        self.as_any().type_id() == other.as_any().type_id()
            && self.extensions() == other.extensions()
            && (0..table.len()).all(|index| match (self.get(index), other.get(index)) {
                (Some(a), Some(b)) => same_value(&a.view(), &b.view()),
                (a, b) => a.is_none() && b.is_none(),
            })
    }
}

/// What is said of the target of a reference.
fn said(reference: &dyn Reference) -> Option<&dyn Record> {
    reference.record().filter(|record| !is_blank_record(*record))
}

/// Whether two values are the same.
#[must_use]
pub fn same_value(a: &View<'_>, b: &View<'_>) -> bool {
    match (a, b) {
        (View::Absent, View::Absent) => true,
        (View::Text(a), View::Text(b)) => a == b,
        (View::Integer(a), View::Integer(b)) => a == b,
        (View::Boolean(a), View::Boolean(b)) => a == b,
        (View::Ref(a), View::Ref(b)) => a.href() == b.href() && said(*a) == said(*b),
        (View::Record(a), View::Record(b)) => a == b,
        (View::Map(a), View::Map(b)) => a == b,
        (View::Any(a), View::Any(b)) => a == b,
        (View::List(a), View::List(b)) => {
            a.len() == b.len() && (0..a.len()).all(|i| same_value(&a.item(i), &b.item(i)))
        }
        _ => false,
    }
}

/// Prints what is there and nothing else, without secrets: the `Debug` of every record.
///
/// # Errors
/// When the formatter fails.
pub fn debug_record(record: &dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let kind = record.record_type();
    let mut out = f.debug_struct(kind.name);
    for (index, attribute) in kind.attributes.iter().enumerate() {
        let Some(value) = record.get(index) else { continue };
        let view = value.view();
        if omitted(&view, attribute.kind) {
            continue;
        }
        if attribute.secret {
            out.field(attribute.name, &format_args!("[secret]"));
        } else {
            out.field(attribute.name, &view);
        }
    }
    for extension in record.extensions() {
        if kind.sensitive || names_secret(extension.key()) {
            out.field(extension.key(), &format_args!("[secret]"));
        } else {
            out.field(extension.key(), extension.value());
        }
    }
    out.finish()
}
