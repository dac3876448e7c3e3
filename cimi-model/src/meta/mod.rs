//! What is known about each type and attribute: the tables that everything else reads.

mod attribute;
mod lifecycle;
mod shared;
mod types;

pub use attribute::{Attribute, Dependence, Finder, Keys, KeysOf};
pub use lifecycle::{Lifecycle, OperationsIf, State, Transition};
pub use shared::SharedName;
pub use types::{Members, Type, Wildcard, Wildcards};

/// In which versions of CIMI a type or attribute exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "there are two versions")]
pub enum Versions {
    /// In 1.x and 2.0.
    Both,
    /// In 1.x only.
    V1,
    /// In 2.0 only.
    V2,
}

/// What role a type plays in the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A resource with a URI of its own (5.7).
    Resource,
    /// A collection of resources (5.5.12).
    Collection,
    /// The body of a create request (4.2.1.1).
    Create,
    /// A structure inside of a resource (5.5.8).
    Structure,
    /// The keys of a map, where the standard names them (5.16.5.1).
    Keys,
}

impl Role {
    /// Whether documents of such a type say so with its URI (5.5.12).
    #[must_use]
    pub const fn has_uri(self) -> bool {
        matches!(self, Self::Resource | Self::Collection | Self::Create)
    }
}

/// The value kind of an attribute (5.5).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `string` (5.5.5).
    String,
    /// `integer` (5.5.4), held in 64 bits with sign.
    Integer,
    /// `boolean` (5.5.1).
    Boolean,
    /// `URI` (5.5.10).
    Uri,
    /// `dateTime` (5.5.2).
    DateTime,
    /// `duration` (5.5.3).
    Duration,
    /// `byte[]` (5.5.9).
    Binary,
    /// A string of which the standard names values; others are kept.
    Enumeration(&'static [&'static str]),
    /// `ref` (5.5.6) or `collection[]` (5.5.12): a reference to a resource of this type.
    Ref(fn() -> &'static Type),
    /// `map` (5.5.7).
    Map,
    /// A structure of this type (5.5.8).
    Structure(fn() -> &'static Type),
    /// An array (5.5.11) of items of this kind.
    Array(&'static Self),
    /// `any` (5.5.13).
    Any,
}

impl Kind {
    /// Whether values of this kind are omitted when they are empty (5.5.15).
    #[must_use]
    pub const fn can_be_empty(self) -> bool {
        matches!(self, Self::String | Self::Enumeration(_) | Self::Map | Self::Array(_))
    }

    /// The name in the standard (5.5); that of an enumeration is `string`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::String | Self::Enumeration(_) => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Uri => "URI",
            Self::DateTime => "dateTime",
            Self::Duration => "duration",
            Self::Binary => "byte[]",
            Self::Ref(_) => "ref",
            Self::Map => "map",
            Self::Structure(_) => "structure",
            Self::Array(_) => "array",
            Self::Any => "any",
        }
    }

    /// The type that values of this kind refer to or are of; of an array, that of its items.
    #[must_use]
    pub fn target(self) -> Option<&'static Type> {
        match self {
            Self::Ref(target) | Self::Structure(target) => Some(target()),
            Self::Array(item) => item.target(),
            _ => None,
        }
    }

    /// Whether values of this kind are one text, which XML can hold as an attribute.
    pub(crate) const fn is_scalar(self) -> bool {
        !matches!(self, Self::Ref(_) | Self::Structure(_) | Self::Array(_) | Self::Map | Self::Any)
    }
}

/// How an attribute of a structure stands in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum XmlForm {
    /// As a child element.
    Element,
    /// As an attribute of the structure's element (5.5.8).
    Attribute,
    /// As the content of the structure's element, for want of a name (5.11, `capability`).
    Content,
}

/// The constraints of clause 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, clippy::struct_excessive_bools, reason = "the standard names exactly these four")]
pub struct Constraints {
    /// The Provider always includes the attribute.
    pub provider_mandatory: bool,
    /// The Consumer always includes the attribute.
    pub consumer_mandatory: bool,
    /// The value may change after creation.
    pub mutable: bool,
    /// The Consumer may set the value after creation.
    pub consumer_writable: bool,
}

impl Constraints {
    /// What 5.3 assumes where a table says nothing.
    pub const DEFAULT: Self =
        Self { provider_mandatory: true, consumer_mandatory: false, mutable: true, consumer_writable: true };
}
