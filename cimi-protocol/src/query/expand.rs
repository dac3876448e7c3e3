//! `$expand`: the attributes of what is referred to (4.1.6.4).

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use cimi_model::reflect::{List, Record, Reference, Slot, Value, View};
use cimi_model::{Any, Dialect, Extension, Generic, Object, ReadOptions, Uri, json};

use super::loose::is_operations;
use super::names::{Listed, distinct, is_extension, listed};
use super::select::ALL;

/// The references that `$expand` names (DSP0263 4.1.6.4).
///
/// A name is that of a top-level attribute in either dialect. Each is there once.
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

/// `$expand` carried out on records.
pub(super) struct Expansion<'q> {
    pub(super) expand: &'q Expand,
    pub(super) source: &'q dyn Source,
    pub(super) dialect: Dialect,
}

impl Expansion<'_> {
    /// Expands the references among the top-level attributes of a record; not those in what they lead to.
    pub(super) fn apply(&self, record: &mut dyn Record) {
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            if !self.names(|name| attribute.is_named(name)) || !record.get(index).is_some_and(refers) {
                continue;
            }
            match record.get_mut(index).map(Value::slot) {
                Some(Slot::Ref(reference)) => self.reference(reference),
                Some(Slot::List(list)) => self.list(list),
                _ => {}
            }
        }
        self.extensions(record);
    }

    fn names(&self, is: impl Fn(&str) -> bool) -> bool {
        self.expand.is_all() || self.expand.names().any(is)
    }

    fn reference(&self, reference: &mut dyn Reference) {
        let found = reference.href().and_then(|href| self.source.resource(href));
        // What is of a type that cannot stand here is not what the reference is to.
        if let Some(resource) = found {
            reference.expand(resource, self.dialect).unwrap_or_default();
        }
    }

    fn list(&self, list: &mut dyn List) {
        for index in 0..list.len() {
            if let Some(Slot::Ref(reference)) = list.item_mut(index) {
                self.reference(reference);
            }
        }
    }

    /// Attributes that no table has are references if they look like some: objects with `href`, and arrays of such.
    fn extensions(&self, record: &mut dyn Record) {
        let named = |found: &&Extension| !is_operations(found.key()) && self.names(|name| is_extension(found, name));
        let keys: Vec<String> = record.extensions().iter().filter(named).map(|found| found.key().to_owned()).collect();
        for key in keys {
            match record.extensions_mut().get_mut(&key) {
                Some(Any::Array(items)) => items.iter_mut().for_each(|item| self.any(item)),
                Some(value) => self.any(value),
                None => {}
            }
        }
    }

    fn any(&self, value: &mut Any) {
        let Any::Object(members) = value else { return };
        let Some(href) = members.get("href").and_then(Any::as_str) else { return };
        let Some(resource) = self.source.resource(&href.into()) else { return };
        for (name, value) in attributes(&*resource, self.dialect) {
            members.insert(name, value);
        }
    }
}

/// Whether a value is a reference, or an array whose first item is one.
fn refers(value: &dyn Value) -> bool {
    match value.view() {
        View::Ref(_) => true,
        View::List(list) => matches!(list.item(0), View::Ref(_)),
        _ => false,
    }
}

/// The attributes of a resource as no table has them.
fn attributes(resource: &dyn Record, dialect: Dialect) -> Object {
    let text = json::to_vec(resource, dialect.into()).unwrap_or_default();
    let parsed = json::from_slice::<Generic>(&text, &ReadOptions::default());
    parsed.map(|parsed| parsed.value.extensions.into()).unwrap_or_default()
}
