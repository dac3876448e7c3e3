//! `$expand`: the attributes of what is referred to (4.1.6.4).

use std::cell::Cell;
use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use cimi_model::meta::Kind;
use cimi_model::reflect::{List, Record, Reference, Slot, Value, View};
use cimi_model::{Any, Dialect, Extension, Generic, Object, ReadOptions, Type, Uri, json};

use super::loose::is_operations;
use super::names::{Listed, distinct, has_attribute, has_extension, listed, lists};
use super::select::ALL;

/// The references that `$expand` names (DSP0263 4.1.6.4).
///
/// A name is that of a top-level attribute, in either version, that is a reference or an array of such; of a collection,
/// that of an attribute of its items. Names of anything else mean nothing, and each is there once. The references in what is
/// expanded are not expanded.
///
/// ```
/// use cimi_protocol::query::Expand;
///
/// let expand: Expand = "disks,volumes,disks".parse().unwrap();
/// assert_eq!(expand, Expand::of(["disks", "volumes"]));
/// // No name at all says the same as `*`.
/// assert_eq!(Ok(Expand::all()), "".parse());
/// assert_eq!(Ok(Expand::all()), "disks,*".parse());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expand {
    /// Empty for all.
    names: Vec<String>,
}

impl Expand {
    /// All references.
    #[must_use]
    pub const fn all() -> Self {
        Self { names: Vec::new() }
    }

    /// The references of these names; all, if there is none or `*` is among them.
    #[must_use]
    pub fn of<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let names = distinct(names.into_iter().map(Into::into).collect());
        if names.iter().any(|name| name == ALL) { Self::all() } else { Self { names } }
    }

    /// The names; none, if all references are to be expanded.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The names as one or more lists; none, if all references are to be expanded.
    pub(super) fn lists(&self) -> impl Iterator<Item = Listed<'_, String>> {
        lists(&self.names)
    }

    /// Whether all references are to be expanded.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.names.is_empty()
    }
}

impl FromStr for Expand {
    type Err = Infallible;

    /// The names of a comma-separated list.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::of(listed(text)))
    }
}

impl fmt::Display for Expand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() { f.write_str(ALL) } else { Listed(&self.names).fmt(f) }
    }
}

/// Where the resources are that references lead to: a provider's store.
///
/// Functions are sources, and `()` is one that knows nothing.
///
/// ```
/// use cimi_model::reflect::Record;
/// use cimi_model::{Dialect, Machine, MachineImage, Ref, Uri};
/// use cimi_protocol::query::Query;
///
/// let store = |href: &Uri| -> Option<Box<dyn Record>> {
///     let image = MachineImage { name: Some("debian".into()), ..Default::default() };
///     (href.as_str() == "images/1").then(|| Box::new(image) as _)
/// };
/// let mut machine = Machine { latest_snapshot: Some(Ref::to("images/1")), disks: Some(Ref::to("disks")), ..Default::default() };
/// "$expand=latestSnapshot,disks".parse::<Query>()?.apply(&mut machine, Dialect::V2, &store);
/// let image = machine.latest_snapshot.unwrap_or_default();
/// assert_eq!(image.href, Some("images/1".into()));
/// assert_eq!(image.value.and_then(|image| image.name).as_deref(), Some("debian"));
/// assert_eq!(machine.disks, Some(Ref::to("disks")));
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
pub trait Source {
    /// The resource or collection with this URI, as the reference has it; `None` leaves the reference as it is. What the
    /// one who asks may not see, a provider leaves out.
    fn resource(&self, href: &Uri) -> Option<Box<dyn Record>>;

    /// How many resources one query expands at most, where each member of a collection counts: 100,000, unless the
    /// provider says otherwise. References beyond that stay as they are. Without a limit, a short query could ask for the
    /// square of what there is: the `parent` of each member of a collection is that collection.
    fn most(&self) -> usize {
        100_000
    }
}

impl<F: Fn(&Uri) -> Option<Box<dyn Record>>> Source for F {
    fn resource(&self, href: &Uri) -> Option<Box<dyn Record>> {
        self(href)
    }
}

impl Source for () {
    fn resource(&self, _: &Uri) -> Option<Box<dyn Record>> {
        None
    }
}

/// `$expand` carried out on records of one type.
pub(super) struct Expansion<'q> {
    /// The attributes that are references, or arrays of such, and are named.
    attributes: Vec<usize>,
    /// The names, for extensions; `None` for all.
    names: Option<HashSet<&'q str>>,
    source: &'q dyn Source,
    /// How many more resources may be expanded.
    left: Cell<usize>,
    dialect: Dialect,
}

impl<'q> Expansion<'q> {
    pub(super) fn new(expand: &'q Expand, source: &'q dyn Source, dialect: Dialect, table: &Type) -> Self {
        let left = Cell::new(source.most());
        let names: Option<HashSet<&str>> = (!expand.is_all()).then(|| expand.names().collect());
        let is_named = |attribute| names.as_ref().is_none_or(|names| has_attribute(names, attribute));
        let rows = table.attributes.iter().enumerate();
        let found = rows.filter(|(_, attribute)| refers(attribute.kind) && is_named(attribute));
        Self { attributes: found.map(|(index, _)| index).collect(), names, source, left, dialect }
    }

    /// Expands the references among the top-level attributes of a record; not those in what they lead to.
    pub(super) fn apply(&self, record: &mut dyn Record) {
        for &index in &self.attributes {
            // An absent reference would be made by asking for its place.
            if record.get(index).is_none_or(|value| value.view().is_empty()) {
                continue;
            }
            match record.get_mut(index).map(Value::slot) {
                Some(Slot::Ref(reference)) => self.reference(reference),
                Some(Slot::List(list)) => self.list(list),
                _ => {}
            }
        }
        for extension in record.extensions_mut() {
            self.extension(extension);
        }
    }

    /// An attribute that no table has is a reference if it looks like one: an object with `href`, or an array of such.
    fn extension(&self, extension: &mut Extension) {
        let named = self.names.as_ref().is_none_or(|names| has_extension(names, extension));
        if !named || is_operations(extension.key()) {
            return;
        }
        match extension.value_mut() {
            Any::Array(items) => items.iter_mut().for_each(|item| self.any(item)),
            value => self.any(value),
        }
    }

    fn reference(&self, reference: &mut dyn Reference) {
        let found = reference.href().and_then(|href| self.ask(href));
        // What is of a type that cannot stand here is not what the reference is to.
        if let Some(resource) = found {
            reference.expand(resource, self.dialect).unwrap_or_default();
        }
    }

    /// The resource with this URI, as long as there are not too many.
    fn ask(&self, href: &Uri) -> Option<Box<dyn Record>> {
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        let resource = self.source.resource(href)?;
        let rest = left.checked_sub(1 + members(&*resource));
        self.left.set(rest.unwrap_or(0));
        rest.map(|_| resource)
    }

    fn list(&self, list: &mut dyn List) {
        for index in 0..list.len() {
            if let Some(Slot::Ref(reference)) = list.item_mut(index) {
                self.reference(reference);
            }
        }
    }

    fn any(&self, value: &mut Any) {
        let Any::Object(members) = value else { return };
        let Some(href) = members.get("href").and_then(Any::as_str) else { return };
        let Some(resource) = self.ask(&href.into()) else { return };
        for (name, value) in attributes(&*resource, self.dialect) {
            members.insert(name, value);
        }
    }
}

/// How many members a collection shows.
fn members(record: &dyn Record) -> usize {
    let table = record.record_type();
    let items = table.members.and_then(|members| table.find(members.grouping, 0)).and_then(|index| record.get(index));
    match items.map(Value::view) {
        Some(View::List(items)) => items.len(),
        _ => 0,
    }
}

fn refers(kind: Kind) -> bool {
    match kind {
        Kind::Ref(_) => true,
        Kind::Array(item) => matches!(item, Kind::Ref(_)),
        _ => false,
    }
}

/// The attributes of a resource as no table has them.
fn attributes(resource: &dyn Record, dialect: Dialect) -> Object {
    let text = json::to_vec(resource, dialect.into()).unwrap_or_default();
    let parsed = json::from_slice::<Generic>(&text, &ReadOptions::default());
    parsed.map(|parsed| parsed.value.extensions.into()).unwrap_or_default()
}
