//! The types that documents may be of.

use std::fmt;

use crate::ext::AddedAttribute;
use crate::meta::{Role, Type};
use crate::reflect::{Described, Item, Record, Resource, Shape};
use crate::resources;
use crate::value::Collection;
use crate::{AttributeDescription, Dialect};

/// One type and how to make an empty value of it.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The type.
    pub record_type: &'static Type,
    /// Makes an empty value.
    pub new: fn() -> Box<dyn Record>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.record_type.name)
    }
}

impl Entry {
    /// The entry of a type.
    #[must_use]
    pub fn of<T: Described>() -> Self {
        Self { record_type: T::described(), new: || Box::<T>::default() }
    }
}

/// The types that documents are recognized by: those of the standard and a provider's own.
///
/// ```
/// use cimi_model::{record, resource, registry::Registry};
///
/// resource! {
///     /// A rack.
///     pub Rack = "Rack" [namespace("http://example.com/racks")] {}
/// }
/// let registry = Registry::standard().with::<Rack>();
/// assert!(registry.by_uri("http://example.com/racks/Rack").is_some());
/// assert!(registry.by_uri("http://schemas.dmtf.org/cimi/1/Machine").is_some());
/// ```
#[derive(Clone)]
pub struct Registry {
    entries: Vec<Entry>,
    /// The names of the entries in either dialect, with their places: sorted, and those of one name in their order.
    names: Vec<(&'static str, usize)>,
    additions: Vec<&'static dyn AddedAttribute>,
    /// The entries whose documents may have the name of another type.
    sharing: Vec<Entry>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.entries).finish()
    }
}

impl Registry {
    /// The types of the standard.
    #[must_use]
    pub fn standard() -> Self {
        static REGISTRY: std::sync::OnceLock<Registry> = std::sync::OnceLock::new();
        REGISTRY.get_or_init(|| Self::of(STANDARD.iter().flat_map(|entries| entries()).collect())).clone()
    }

    fn of(entries: Vec<Entry>) -> Self {
        let mut names = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            names.extend(own_names(entry).map(|name| (name, index)));
        }
        names.sort_unstable();
        let sharing = entries.iter().filter(|entry| entry.record_type.shares.is_some()).copied().collect();
        Self { entries, names, additions: Vec::new(), sharing }
    }

    /// Adds a type.
    #[must_use]
    pub fn with<T: Described>(mut self) -> Self {
        let entry = Entry::of::<T>();
        for name in own_names(&entry) {
            let new = (name, self.entries.len());
            self.names.insert(self.names.partition_point(|known| *known < new), new);
        }
        if entry.record_type.shares.is_some() {
            self.sharing.push(entry);
        }
        self.entries.push(entry);
        self
    }

    /// Adds a resource type and its collection.
    #[must_use]
    pub fn with_collection<T: Resource + Item + Shape>(self) -> Self {
        self.with::<T>().with::<Collection<T>>()
    }

    /// Adds an attribute that types of others may have. [`Validation`](crate::validate::Validation) with this registry
    /// knows it, and schemas describe it.
    ///
    /// ```
    /// use cimi_model::reflect::Described;
    /// use cimi_model::validate::{Rule, Validation};
    /// use cimi_model::{Machine, Registry, ext::Addition, record};
    ///
    /// record! {
    ///     /// Where a Machine stands.
    ///     pub Place = "place" Structure [namespace("http://example.com/racks")] {
    ///         /// The unit of height that it begins at.
    ///         unit: Option<i64> = "unit" [range(1, 48)],
    ///     }
    /// }
    /// const PLACE: Addition<Place> = Addition::new("http://example.com/racks", "place", &["Machine"], "Where it is.");
    ///
    /// let registry = Registry::standard().with_addition(&PLACE);
    /// assert_eq!(registry.additions_of(Machine::TYPE).count(), 1);
    /// let mut machine = Machine::default();
    /// PLACE.set(&mut machine, &Place { unit: Some(49), ..Default::default() })?;
    /// let validation = Validation { registry: Some(&registry), ..Validation::create() };
    /// let problems = validation.problems(&machine);
    /// let problem = problems.iter().find(|problem| problem.rule == Rule::Range);
    /// assert_eq!(problem.map(|problem| problem.path.as_str()), Some("/Machine/place/unit"));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn with_addition(mut self, addition: &'static dyn AddedAttribute) -> Self {
        self.additions.push(addition);
        self
    }

    /// The attributes that types of others may have, in their order.
    pub fn additions(&self) -> impl Iterator<Item = &'static dyn AddedAttribute> {
        self.additions.iter().copied()
    }

    /// Those that a type may have.
    pub fn additions_of(&self, record_type: &'static Type) -> impl Iterator<Item = &'static dyn AddedAttribute> {
        self.additions().filter(|addition| addition.is_for(record_type))
    }

    /// How a provider describes these in the metadata of the type, in
    /// [`DescribeOptions::extensions`](crate::describe::DescribeOptions::extensions).
    #[must_use]
    pub fn descriptions(&self, record_type: &'static Type, dialect: Dialect) -> Vec<AttributeDescription> {
        self.additions_of(record_type).map(|addition| addition.description(dialect)).collect()
    }

    /// This type alone, by its name in either dialect; the types that it leads to are found through it.
    #[must_use]
    pub fn only(&self, name: &str) -> Option<Self> {
        let entry = self.by_name(name)?;
        Some(Self { additions: self.additions.clone(), ..Self::of(vec![*entry]) })
    }

    /// The entries.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The types of the entries in their order, and after them the types that their attributes lead to: structures,
    /// keys of maps, targets of references that are no documents, and values of the additions to them. Each is there
    /// once.
    #[must_use]
    pub fn types(&self) -> Vec<&'static Type> {
        let mut found: Vec<&'static Type> = Vec::new();
        for entry in self {
            add(&mut found, entry.record_type);
        }
        let mut next = 0;
        while let Some(record_type) = found.get(next).copied() {
            for addition in self.additions_of(record_type) {
                add(&mut found, addition.value_type());
            }
            for attribute in record_type.attributes {
                if let Some(target) = attribute.kind.target() {
                    add(&mut found, target);
                }
                for (_, keys) in attribute.keys.map_or(&[][..], |keys| keys.of) {
                    add(&mut found, keys());
                }
            }
            next += 1;
        }
        found
    }

    /// The entries that have this name in a dialect, in their order.
    fn named(&self, name: &str) -> impl Iterator<Item = &Entry> {
        let first = self.names.partition_point(|(known, _)| *known < name);
        let found = self.names.get(first..).unwrap_or_default().iter().take_while(move |(known, _)| *known == name);
        found.filter_map(|(_, index)| self.entries.get(*index))
    }

    /// The type with this URI, in either dialect.
    #[must_use]
    pub fn by_uri(&self, uri: &str) -> Option<&Entry> {
        let (namespace, name) = uri.rsplit_once('/')?;
        self.named(name).find(|entry| entry.record_type.is_in(namespace))
    }

    /// The type with this name, in either dialect.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Entry> {
        self.named(name).find(|entry| entry.record_type.name == name).or_else(|| self.named(name).next())
    }

    /// The type whose XML element has this name in this namespace.
    #[must_use]
    pub fn by_element(&self, namespace: &str, name: &str) -> Option<&Entry> {
        self.named(name).find(|entry| {
            let found = entry.record_type;
            found.role != Role::Collection && found.is_in(namespace)
        })
    }

    /// The entry of the type that a record is meant to be of, where another type has documents of the same name.
    pub(crate) fn meant_by(&self, record: &dyn Record) -> Option<&Entry> {
        self.sharing.iter().find(|entry| entry.record_type.is_meant_by(record))
    }

    /// The entry of a type.
    ///
    /// ```
    /// use cimi_model::reflect::Described;
    /// use cimi_model::{Collection, Machine, Registry};
    ///
    /// let collection = Registry::standard().entry(Collection::<Machine>::TYPE).map(|entry| (entry.new)());
    /// assert!(collection.is_some_and(|collection| collection.as_any().is::<Collection<Machine>>()));
    /// ```
    #[must_use]
    pub fn entry(&self, record_type: &Type) -> Option<&Entry> {
        self.named(record_type.name).find(|entry| entry.record_type.is_same(record_type))
    }

    /// The request that makes resources of a type (4.2.1.1), if there is one: for `Machine`, `MachineCreate`.
    ///
    /// ```
    /// use cimi_model::reflect::Described;
    /// use cimi_model::{Machine, MachineTemplate, Registry};
    ///
    /// let registry = Registry::standard();
    /// let name = |resource| registry.creation_of(resource).map(|entry| entry.record_type.name);
    /// assert_eq!((name(Machine::TYPE), name(MachineTemplate::TYPE)), (Some("MachineCreate"), None));
    /// ```
    #[must_use]
    pub fn creation_of(&self, resource: &Type) -> Option<&Entry> {
        let first = self.names.partition_point(|(known, _)| *known < resource.name);
        // Names that begin alike stand together.
        let alike = self.names.get(first..).unwrap_or_default().iter().map_while(|(known, index)| {
            let rest = known.strip_prefix(resource.name)?;
            Some((rest, self.entries.get(*index)?))
        });
        let mut makers = alike.filter(|(rest, _)| *rest == "Create").map(|(_, entry)| entry);
        makers.find(|entry| entry.record_type.role == Role::Create && entry.record_type.namespace == resource.namespace)
    }
}

/// The name of a type, and that of 1.x where it differs.
fn own_names(entry: &Entry) -> impl Iterator<Item = &'static str> + use<> {
    let Type { name, v1_name, .. } = *entry.record_type;
    std::iter::once(name).chain(v1_name.filter(|other| *other != name))
}

fn add(found: &mut Vec<&'static Type>, record_type: &'static Type) {
    if !found.iter().any(|known| known.is_same(record_type)) {
        found.push(record_type);
    }
}

impl<'a> IntoIterator for &'a Registry {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The types of the standard.
pub(crate) fn standard_types() -> impl Iterator<Item = &'static Type> {
    static TYPES: std::sync::OnceLock<Vec<&'static Type>> = std::sync::OnceLock::new();
    let types = TYPES.get_or_init(|| Registry::standard().iter().map(|entry| entry.record_type).collect());
    types.iter().copied()
}

/// One type, or a type with its collection.
type Entries = fn() -> Vec<Entry>;

fn alone<T: Described>() -> Vec<Entry> {
    vec![Entry::of::<T>()]
}

fn with_collection<T: Resource + Item + Shape>() -> Vec<Entry> {
    vec![Entry::of::<T>(), Entry::of::<Collection<T>>()]
}

/// One line for each type of the standard.
const STANDARD: &[Entries] = &[
    with_collection::<resources::ResourceMetadata>,
    with_collection::<resources::System>,
    with_collection::<resources::SystemTemplate>,
    with_collection::<resources::SystemService>,
    with_collection::<resources::Machine>,
    with_collection::<resources::RecoverableMachine>,
    with_collection::<resources::Disk>,
    with_collection::<resources::LocatedVolume>,
    with_collection::<resources::MachineTemplate>,
    with_collection::<resources::MachineConfiguration>,
    with_collection::<resources::MachineImage>,
    with_collection::<resources::Credential>,
    with_collection::<resources::CredentialTemplate>,
    with_collection::<resources::Volume>,
    with_collection::<resources::VolumeTemplate>,
    with_collection::<resources::VolumeConfiguration>,
    with_collection::<resources::VolumeImage>,
    with_collection::<resources::Network>,
    with_collection::<resources::NetworkTemplate>,
    with_collection::<resources::ProtocolSegment>,
    with_collection::<resources::ProtocolSegmentTemplate>,
    with_collection::<resources::ProtocolEndpoint>,
    with_collection::<resources::ProtocolEndpointTemplate>,
    with_collection::<resources::NetworkInterface>,
    with_collection::<resources::NetworkInterfaceTemplate>,
    with_collection::<resources::NetworkService>,
    with_collection::<resources::NetworkServiceTemplate>,
    with_collection::<resources::Job>,
    with_collection::<resources::Meter>,
    with_collection::<resources::Sample>,
    with_collection::<resources::MeterTemplate>,
    with_collection::<resources::MeterConfiguration>,
    with_collection::<resources::EventLog>,
    with_collection::<resources::EventLogTemplate>,
    with_collection::<resources::Event>,
    with_collection::<resources::NetworkConfiguration>,
    with_collection::<resources::NetworkPort>,
    with_collection::<resources::NetworkPortTemplate>,
    with_collection::<resources::NetworkPortConfiguration>,
    with_collection::<resources::Address>,
    with_collection::<resources::AddressTemplate>,
    with_collection::<resources::ForwardingGroup>,
    with_collection::<resources::ForwardingGroupTemplate>,
    with_collection::<resources::ForwardingGroupNetwork>,
    with_collection::<resources::MachineNetworkInterfaceAddress>,
    with_collection::<resources::MachineSnapshot>,
    with_collection::<resources::NetworkNetworkPort>,
    with_collection::<resources::SystemAddress>,
    with_collection::<resources::SystemCredential>,
    with_collection::<resources::SystemForwardingGroup>,
    with_collection::<resources::SystemMachine>,
    with_collection::<resources::SystemNetwork>,
    with_collection::<resources::SystemNetworkPort>,
    with_collection::<resources::SystemSystem>,
    with_collection::<resources::SystemVolume>,
    with_collection::<resources::VolumeVolumeImage>,
    alone::<resources::CloudEntryPoint>,
    alone::<resources::Action>,
    alone::<resources::SystemCreate>,
    alone::<resources::MachineCreate>,
    alone::<resources::CredentialCreate>,
    alone::<resources::VolumeCreate>,
    alone::<resources::NetworkCreate>,
    alone::<resources::ProtocolSegmentCreate>,
    alone::<resources::ProtocolEndpointCreate>,
    alone::<resources::NetworkInterfaceCreate>,
    alone::<resources::NetworkServiceCreate>,
    alone::<resources::MeterCreate>,
    alone::<resources::EventLogCreate>,
    alone::<resources::NetworkPortCreate>,
    alone::<resources::AddressCreate>,
    alone::<resources::ForwardingGroupCreate>,
];
