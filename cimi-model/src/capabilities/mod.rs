//! What a provider can do: the capabilities of table 7 (DSP0263 5.11.1), and what a provider says about them.
//!
//! Each capability is a constant that knows the type of its value. It reads and writes the value in a
//! [`ResourceMetadata`], whatever dialect and format that came in.
//!
//! ```
//! use cimi_model::capabilities::{self, machine};
//! use cimi_model::ResourceMetadata;
//!
//! let mut metadata = ResourceMetadata::default();
//! assert!(!machine::MACHINE_IMAGE_BY_VALUE.get(&metadata));
//! machine::MACHINE_IMAGE_BY_VALUE.set(&mut metadata, true);
//! machine::INITIAL_STATES.set(&mut metadata, vec!["STARTED".to_owned(), "STOPPED".to_owned()]);
//! assert!(machine::MACHINE_IMAGE_BY_VALUE.get(&metadata));
//! assert_eq!(machine::INITIAL_STATES.get(&metadata).unwrap(), ["STARTED", "STOPPED"]);
//!
//! // An image by value needs a template by value.
//! let problems = capabilities::problems(&metadata);
//! assert_eq!(problems.len(), 1, "{problems:?}");
//! ```

mod check;
mod table;
mod value;

use std::fmt;
use std::marker::PhantomData;

use crate::{Capability, Dialect, ResourceMetadata};

pub use check::{CapabilityProblem, problems};
pub use table::*;
pub use value::CapabilityValue;

/// The kind of value that a capability has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CapabilityKind {
    /// True or false; absent means false.
    Boolean,
    /// An integer.
    Integer,
    /// A string.
    String,
    /// A list of strings.
    List,
}

/// A row of table 7, or of a provider's own table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityDefinition {
    /// The name of the resource type that may have the capability.
    pub resource: &'static str,
    /// The name of the capability, unique for the resource type.
    pub name: &'static str,
    /// Other spellings of the name; read, never written.
    pub aliases: &'static [&'static str],
    /// The kind of value.
    pub kind: CapabilityKind,
    /// The description.
    pub doc: &'static str,
    /// The namespace of a capability that is not of the standard, without a slash at its end.
    pub namespace: Option<&'static str>,
    /// The values that the standard names, where there are no others.
    pub values: &'static [&'static str],
    /// The capability of the same resource that is true as well where this one is true.
    pub requires: Option<&'static str>,
    /// The capability of the same resource that lists the values of this one.
    pub listed_in: Option<&'static str>,
}

impl CapabilityDefinition {
    /// The URI in a dialect.
    #[must_use]
    pub fn uri(&self, dialect: Dialect) -> String {
        let namespace = self.namespace.unwrap_or_else(|| dialect.namespace());
        format!("{namespace}/capability/{}/{}", self.resource, self.name)
    }

    /// Whether this is the URI of the capability, in either dialect.
    #[must_use]
    pub fn is_uri(&self, uri: &str) -> bool {
        let uri = uri.trim();
        let path = match self.namespace {
            Some(own) => uri.strip_prefix(own).and_then(|rest| rest.strip_prefix('/')),
            None => Dialect::split_uri(uri).map(|(_, rest)| rest),
        };
        let rest = path.and_then(|path| path.strip_prefix("capability/")?.strip_prefix(self.resource));
        rest.and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|name| name == self.name || self.aliases.contains(&name))
    }

    /// What the metadata says about the capability: its index and the description of it.
    fn find<'m>(&self, metadata: &'m ResourceMetadata) -> Option<(usize, &'m Capability)> {
        let said = |found: &Capability| found.uri.as_ref().is_some_and(|uri| self.is_uri(uri.as_str()));
        metadata.capabilities.iter().enumerate().find(|(_, found)| said(found))
    }
}

impl fmt::Display for CapabilityDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.resource, self.name)
    }
}

/// A capability whose value has the Rust type `T`: `bool`, `i64`, `String` or `Vec<String>`.
///
/// A provider defines its own with [`new`](Self::new) and the options:
///
/// ```
/// use cimi_model::capabilities::CapabilityKey;
/// use cimi_model::ResourceMetadata;
///
/// const RACKS: CapabilityKey<i64> =
///     CapabilityKey::new("Machine", "Racks", "How many racks there are.").namespace("http://example.com/racks");
/// let mut metadata = ResourceMetadata::default();
/// RACKS.set(&mut metadata, 7);
/// assert_eq!(RACKS.get(&metadata), Some(7));
/// assert_eq!(metadata.capabilities[0].uri, Some("http://example.com/racks/capability/Machine/Racks".into()));
/// ```
pub struct CapabilityKey<T> {
    /// The row of the table.
    pub definition: CapabilityDefinition,
    value: PhantomData<fn() -> T>,
}

impl<T: CapabilityValue> CapabilityKey<T> {
    /// A capability of a resource type, with no options set.
    #[must_use]
    pub const fn new(resource: &'static str, name: &'static str, doc: &'static str) -> Self {
        let definition = CapabilityDefinition {
            resource,
            name,
            aliases: &[],
            kind: T::KIND,
            doc,
            namespace: None,
            values: &[],
            requires: None,
            listed_in: None,
        };
        Self { definition, value: PhantomData }
    }

    /// Further spellings to read.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.definition.aliases = aliases;
        self
    }

    /// A provider's own namespace, without a slash at its end.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.definition.namespace = Some(namespace);
        self
    }

    /// The values that there are.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.definition.values = values;
        self
    }

    /// Where this capability is true, so is another of the same resource.
    #[must_use]
    pub const fn requires(mut self, name: &'static str) -> Self {
        self.definition.requires = Some(name);
        self
    }

    /// The value is one of the list that is the value of another capability of the same resource.
    #[must_use]
    pub const fn listed_in(mut self, name: &'static str) -> Self {
        self.definition.listed_in = Some(name);
        self
    }

    /// The URI in a dialect.
    #[must_use]
    pub fn uri(&self, dialect: Dialect) -> String {
        self.definition.uri(dialect)
    }

    /// What the metadata says.
    ///
    /// A boolean that is absent is false; one that is there without a value is true (table 6). Anything else that is
    /// absent is `None`: nothing is preferred or restricted. A value that cannot be understood counts as absent;
    /// [`problems`] reports it.
    #[must_use]
    pub fn get(&self, metadata: &ResourceMetadata) -> T::Answer {
        T::answer(self.definition.find(metadata).and_then(|(_, found)| T::read(found)))
    }

    /// Sets the value; a name and a description that are there stay.
    pub fn set(&self, metadata: &mut ResourceMetadata, value: impl Into<T>) {
        let capability = self.with(value);
        match self.definition.find(metadata).map(|(index, _)| index) {
            Some(index) => {
                if let Some(found) = metadata.capabilities.get_mut(index) {
                    found.value = capability.value;
                    found.extensions.remove("value");
                }
            }
            None => metadata.capabilities.push(capability),
        }
    }

    /// Makes the capability absent.
    pub fn remove(&self, metadata: &mut ResourceMetadata) {
        let is_this = |found: &Capability| found.uri.as_ref().is_some_and(|uri| self.definition.is_uri(uri.as_str()));
        metadata.capabilities.retain(|found| !is_this(found));
    }

    /// The capability with a value, as metadata has it.
    #[must_use]
    pub fn with(&self, value: impl Into<T>) -> Capability {
        Capability {
            name: Some(self.definition.name.to_owned()),
            uri: Some(self.uri(Dialect::V2).into()),
            value: Some(value.into().into_any()),
            ..Capability::default()
        }
    }
}

impl<T> Clone for CapabilityKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for CapabilityKey<T> {}

impl<T> fmt::Debug for CapabilityKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.definition.fmt(f)
    }
}

/// The capability of the standard with this URI, in either dialect.
#[must_use]
pub fn by_uri(uri: &str) -> Option<&'static CapabilityDefinition> {
    ALL.iter().find(|definition| definition.is_uri(uri))
}

/// The capabilities of the standard for a resource type, by its name.
pub fn of_resource(name: &str) -> impl Iterator<Item = &'static CapabilityDefinition> {
    ALL.iter().filter(move |definition| definition.resource == name)
}

/// Whether one of these says that the boolean capability with this URI, of the standard or not, is true.
#[must_use]
pub fn is_true(metadata: &[&ResourceMetadata], uri: &str) -> bool {
    let named = |found: &Capability| found.uri.as_ref().is_some_and(|found| same_uri(found.as_str(), uri));
    let mut found = metadata.iter().flat_map(|metadata| &metadata.capabilities).filter(|found| named(found));
    found.any(|found| bool::read(found) == Some(true))
}

/// Whether two URIs name the same capability, whatever their dialect.
fn same_uri(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    a == b || by_uri(a).is_some_and(|definition| definition.is_uri(b))
}
