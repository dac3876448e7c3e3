//! A type: its names, versions and rows.

use super::{Attribute, Kind, Lifecycle, OperationsIf, Role, SharedName, Versions};
use crate::Dialect;
use crate::names::{is_identifier, is_none_or_identifier};

/// How a collection of a type is spelled.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Members {
    /// The type of the members.
    pub item: fn() -> &'static Type,
    /// The attribute that holds the members: the JSON array and, in 2.0, the XML wrapper.
    pub grouping: &'static str,
    /// The same in 1.x where it differs.
    pub v1_grouping: Option<&'static str>,
    /// The names of collection types that may stand in place of this one where it is expanded: those of 1.x whose items
    /// refer to the members (`SystemMachineCollection`), and those with accessory attributes (5.13.3.1). Their members
    /// are extensions there.
    pub variants: &'static [&'static str],
}

impl Members {
    /// The grouping name in a dialect.
    #[must_use]
    pub const fn grouping_in(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.v1_grouping) {
            (Dialect::V1, Some(name)) => name,
            _ => self.grouping,
        }
    }
}

/// What the names of a table have in common, so that most names of others are recognized at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameBits {
    /// A bit for each name, by its length and first byte.
    bits: u128,
    flat: bool,
}

impl NameBits {
    const fn of(mut attributes: &[Attribute]) -> Self {
        let mut found = Self { bits: 0, flat: false };
        while let [attribute, others @ ..] = attributes {
            found.bits |= bit(attribute.name);
            if let Some(name) = attribute.v1_name {
                found.bits |= bit(name);
            }
            let mut aliases = attribute.aliases;
            while let [alias, others @ ..] = aliases {
                found.bits |= bit(alias);
                aliases = others;
            }
            found.flat |= attribute.v1_flat;
            attributes = others;
        }
        found
    }

    const fn may_hold(self, name: &str) -> bool {
        self.bits & bit(name) != 0
    }
}

const fn bit(name: &str) -> u128 {
    let first = match name.as_bytes() {
        [first, ..] => *first as usize,
        [] => 0,
    };
    1 << ((first + 11 * name.len()) % 128)
}

/// What an XML Schema admits beside the declared elements or attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "XML Schema has no others that CIMI uses")]
pub enum Wildcard {
    /// Nothing.
    Nothing,
    /// What is in another namespace.
    Foreign,
    /// Anything.
    Anything,
}

/// What an XML Schema admits in a type beside what it declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "XML has elements and attributes")]
pub struct Wildcards {
    /// Which elements, after the declared ones.
    pub elements: Wildcard,
    /// Which attributes.
    pub attributes: Wildcard,
}

/// A type of the model: its names, versions and attributes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Type {
    /// The name: the XML element, and the last part of the type URI.
    pub name: &'static str,
    /// The name in 1.x where it differs.
    pub v1_name: Option<&'static str>,
    /// The name of the Rust type, without its crate and module.
    pub rust_name: &'static str,
    /// What it is.
    pub role: Role,
    /// The namespace of a type that is not of the standard.
    pub namespace: Option<&'static str>,
    /// Other namespaces that peers have for it; read, never written.
    pub namespace_aliases: &'static [&'static str],
    /// The name of another type that its documents may have.
    pub shares: Option<SharedName>,
    /// The clause of DSP0263.
    pub clause: &'static str,
    /// The description.
    pub doc: &'static str,
    /// The versions that have the type.
    pub versions: Versions,
    /// The attributes, in the order in which they are written.
    pub attributes: &'static [Attribute],
    /// For a collection, its members.
    pub members: Option<Members>,
    /// Whether attributes that the table does not know may be secrets.
    pub sensitive: bool,
    /// Whether values come out as they went in. A value that is there and empty is told from one that is absent, which CIMI
    /// does not do (5.5.15): it is kept among the extensions, under the name of its attribute. And a text that was
    /// understood in another spelling, or as a number or boolean, is written so again as long as it is the same.
    pub verbatim: bool,
    /// Whether any other value may stand in place of this structure, which is only what the standard names (5.5.13).
    pub any: bool,
    /// What may be done with a resource or collection besides reading it: `edit`, `delete`, `add`, `insert`,
    /// `remove` and the names of actions, without the URI they begin with; the whole URI of a provider's own. A
    /// resource has `edit` and `delete` unless something else is said.
    pub operations: &'static [&'static str],
    /// Of these, the ones that only some resources of the type have.
    pub operations_if: &'static [OperationsIf],
    /// The states that a resource goes through, if it has any.
    pub lifecycle: Option<&'static Lifecycle>,
    /// What the official schema of 1.x admits beside the attributes, where it is not what it is for the role.
    pub v1_wildcards: Option<Wildcards>,
    /// The name that the official schema of 1.x has for a resource that is a structure there: it stands inside of
    /// other resources only.
    pub v1_structure: Option<&'static str>,
    /// The names of the attributes, to recognize others by.
    pub(crate) names: NameBits,
}

impl Type {
    /// A type with no options set.
    #[must_use]
    pub const fn new(name: &'static str, role: Role, doc: &'static str, attributes: &'static [Attribute]) -> Self {
        Self {
            name,
            v1_name: None,
            rust_name: "",
            role,
            namespace: None,
            namespace_aliases: &[],
            shares: None,
            clause: "",
            doc,
            versions: Versions::Both,
            attributes,
            members: None,
            sensitive: false,
            verbatim: false,
            any: false,
            operations: if matches!(role, Role::Resource) { &["edit", "delete"] } else { &[] },
            operations_if: &[],
            lifecycle: None,
            v1_wildcards: None,
            v1_structure: None,
            names: NameBits::of(attributes),
        }
    }

    /// The clause of the standard.
    #[must_use]
    pub const fn clause(mut self, clause: &'static str) -> Self {
        self.clause = clause;
        self
    }

    /// The name in 1.x.
    #[must_use]
    pub const fn v1_name(mut self, name: &'static str) -> Self {
        self.v1_name = Some(name);
        self
    }

    /// The name of the Rust type; the macros set it.
    #[must_use]
    pub const fn rust_name(mut self, name: &'static str) -> Self {
        self.rust_name = name;
        self
    }

    /// In 1.x only.
    #[must_use]
    pub const fn v1_only(mut self) -> Self {
        self.versions = Versions::V1;
        self
    }

    /// In 2.0 only.
    #[must_use]
    pub const fn v2_only(mut self) -> Self {
        self.versions = Versions::V2;
        self
    }

    /// A provider's own namespace; that of a type with a URI has no slash at its end.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// Other namespaces to read.
    #[must_use]
    pub const fn namespace_aliases(mut self, namespaces: &'static [&'static str]) -> Self {
        self.namespace_aliases = namespaces;
        self
    }

    /// Another type's name that documents may have.
    #[must_use]
    pub const fn shares(mut self, name: SharedName) -> Self {
        self.shares = Some(name);
        self
    }

    /// Values come out as they went in.
    #[must_use]
    pub const fn verbatim(mut self) -> Self {
        self.verbatim = true;
        self
    }

    /// A structure in whose place any value may stand.
    #[must_use]
    pub const fn any(mut self) -> Self {
        self.any = true;
        self
    }

    /// What may be done with it besides reading.
    #[must_use]
    pub const fn operations(mut self, operations: &'static [&'static str]) -> Self {
        self.operations = operations;
        self
    }

    /// The operations that only some have.
    #[must_use]
    pub const fn operations_if(mut self, operations: &'static [OperationsIf]) -> Self {
        self.operations_if = operations;
        self
    }

    /// The states that it goes through.
    #[must_use]
    pub const fn lifecycle(mut self, lifecycle: &'static Lifecycle) -> Self {
        self.lifecycle = Some(lifecycle);
        self
    }

    /// What the official schema of 1.x admits beside the attributes.
    #[must_use]
    pub const fn v1_wildcards(mut self, elements: Wildcard, attributes: Wildcard) -> Self {
        self.v1_wildcards = Some(Wildcards { elements, attributes });
        self
    }

    /// A structure in 1.x.
    #[must_use]
    pub const fn v1_structure(mut self, name: &'static str) -> Self {
        self.v1_structure = Some(name);
        self
    }

    /// Unknown attributes may be secrets.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The type, if documents can be of it: the macros demand that of each type when they are compiled.
    ///
    /// # Panics
    /// If the name of a resource is not an identifier (DSP0263 5.2).
    #[doc(hidden)]
    #[must_use]
    pub const fn checked(self) -> Self {
        if self.role.has_uri() {
            assert!(is_identifier(self.name), "the name of a type is no identifier (DSP0263 5.2)");
            assert!(is_none_or_identifier(self.v1_name), "the name of a type in 1.x is no identifier (DSP0263 5.2)");
        }
        self
    }

    /// The name in a dialect.
    #[must_use]
    pub const fn name_in(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.v1_name) {
            (Dialect::V1, Some(name)) => name,
            _ => self.name,
        }
    }

    /// What the official schema of 1.x admits beside the attributes.
    #[must_use]
    pub const fn wildcards_in_v1(&self) -> Wildcards {
        match (self.v1_wildcards, self.role) {
            (Some(wildcards), _) => wildcards,
            (None, Role::Create) => Wildcards { elements: Wildcard::Anything, attributes: Wildcard::Anything },
            _ => Wildcards { elements: Wildcard::Foreign, attributes: Wildcard::Foreign },
        }
    }

    /// The dialect in which a value of this type is written when `wanted` is asked for: its own version if the
    /// wanted one does not have the type.
    #[must_use]
    pub const fn written_in(&self, wanted: Dialect) -> Dialect {
        if wanted.has(self.versions) { wanted } else { wanted.other() }
    }

    /// The XML namespace of the type in a dialect.
    #[must_use]
    pub const fn namespace_in(&self, dialect: Dialect) -> &'static str {
        match self.namespace {
            Some(namespace) => namespace,
            None => dialect.namespace(),
        }
    }

    /// The type URI in a dialect.
    #[must_use]
    pub fn uri(&self, dialect: Dialect) -> String {
        format!("{}/{}", self.namespace_in(dialect), self.name_in(dialect))
    }

    /// Whether this is the type URI in either dialect.
    #[must_use]
    pub fn is_uri(&self, uri: &str) -> bool {
        let Some((namespace, name)) = uri.rsplit_once('/') else { return false };
        self.is_in(namespace) && self.is_named(name)
    }

    /// Whether this is the URI of a collection type that may stand in place of this one.
    #[must_use]
    pub fn is_variant_uri(&self, uri: &str) -> bool {
        let variants = self.members.map_or(&[][..], |members| members.variants);
        uri.rsplit_once('/').is_some_and(|(namespace, name)| self.is_in(namespace) && variants.contains(&name))
    }

    /// Whether the type is in this namespace, in either dialect.
    #[must_use]
    pub fn is_in(&self, namespace: &str) -> bool {
        match self.namespace {
            Some(_) => self.own_namespace(namespace).is_some(),
            None => Dialect::of_namespace(namespace).is_some(),
        }
    }

    /// This namespace, if it is the type's own or an alias of that.
    pub(crate) fn own_namespace(&self, namespace: &str) -> Option<&'static str> {
        self.namespace.iter().chain(self.namespace_aliases).find(|own| **own == namespace).copied()
    }

    /// Whether this is the name of the type, in either dialect.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.v1_name == Some(name)
    }

    /// Whether it stands for resources of any type.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.role, Role::Resource) && matches!(self.name.as_bytes(), b"Resource")
    }

    /// Whether two tables are of one type. Those of collections are constants, which may have several addresses, and a
    /// structure may have the name of another.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || (self.role != Role::Structure
                && (self.role, self.name, self.namespace) == (other.role, other.name, other.namespace))
    }

    /// Whether absence of an attribute says something, whatever its constraints: that it is empty (5.5.15), that it has
    /// its default, or that the standard defines what is described (tables 6 and 7).
    pub(crate) fn may_omit(&self, attribute: &Attribute) -> bool {
        let collection = matches!(attribute.kind, Kind::Ref(target) if target().role == Role::Collection);
        attribute.kind.can_be_empty()
            || collection
            || match self.name {
                "attribute" => attribute.name != "name",
                "capability" => attribute.name == "value",
                // What operations need has rules of its own.
                "operation" => true,
                _ => false,
            }
    }

    /// The index of the attribute that this member name belongs to, looking from `guess` on: documents tend to come
    /// in the order of the table.
    #[must_use]
    pub fn find(&self, name: &str, guess: usize) -> Option<usize> {
        self.find_exact(name, guess).or_else(|| self.find_otherwise(name))
    }

    /// The index of the attribute with this name in 1.x or among its other spellings.
    pub(crate) fn find_otherwise(&self, name: &str) -> Option<usize> {
        if !self.names.may_hold(name) {
            return None;
        }
        self.attributes
            .iter()
            .position(|attribute| attribute.v1_name == Some(name) || attribute.aliases.contains(&name))
    }

    /// As [`find`](Self::find), by the name of 2.0 only.
    pub(crate) fn find_exact(&self, name: &str, guess: usize) -> Option<usize> {
        if self.attributes.get(guess).is_some_and(|attribute| attribute.name == name) {
            return Some(guess);
        }
        if !self.names.may_hold(name) {
            return None;
        }
        let (before, after) = self.attributes.split_at_checked(guess).unwrap_or((self.attributes, &[]));
        let ahead = after.iter().position(|attribute| attribute.name == name).map(|index| index + guess);
        ahead.or_else(|| before.iter().position(|attribute| attribute.name == name))
    }

    /// Whether 1.x writes an attribute straight into the structure.
    pub(crate) const fn has_flat(&self) -> bool {
        self.names.flat
    }

    /// The attribute of this name in either dialect.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.get(self.find(name, 0)?)
    }
}
