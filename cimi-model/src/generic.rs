//! Resources of types that nobody has registered.

use std::any::Any as StdAny;
use std::fmt;

use crate::extensions::Extensions;
use crate::meta::{Role, Type};
use crate::reflect::{Described, Item, Record, Slot, Value, View, debug_record};

/// A resource of an unknown type: its name, and all of its attributes as extensions.
///
/// It round-trips like any other. In XML the attributes are in the namespace of the root element, which with its
/// name makes up the type URI (5.4).
#[derive(Clone, Default, PartialEq)]
pub struct Generic {
    /// The namespace of the root element; the type URI up to its last slash.
    pub namespace: String,
    /// The name of the root element; the last part of the type URI.
    pub name: String,
    /// The `resourceURI`, where namespace and name do not make it up: on a collection, or on a document without one.
    pub type_uri: Option<String>,
    /// The attributes.
    pub extensions: Extensions,
}

impl Generic {
    /// A resource of the type with this URI.
    #[must_use]
    pub fn of_type(uri: &str) -> Self {
        let (namespace, name) = uri.rsplit_once('/').unwrap_or(("", uri));
        let element = crate::xml::is_name(name) && crate::xml::is_namespace(namespace);
        match () {
            () if element && !name.ends_with("Collection") => {
                Self { namespace: namespace.to_owned(), name: name.to_owned(), ..Self::default() }
            }
            () if element => Self {
                namespace: namespace.to_owned(),
                name: "Collection".to_owned(),
                type_uri: Some(uri.to_owned()),
                ..Self::default()
            },
            () => Self {
                namespace: crate::xml::JSON_NAMESPACE.to_owned(),
                name: "Resource".to_owned(),
                type_uri: Some(uri.to_owned()),
                ..Self::default()
            },
        }
    }

    /// The type URI.
    #[must_use]
    pub fn resource_uri(&self) -> Option<String> {
        match &self.type_uri {
            Some(uri) => Some(uri.clone()),
            None if self.name.is_empty() => None,
            None if self.namespace.is_empty() => Some(self.name.clone()),
            None => Some(format!("{}/{}", self.namespace, self.name)),
        }
    }
}

static TYPE: Type = Type::new("Resource", Role::Resource, "A resource of an unknown type.", &[]).rust_name("Generic");

impl Described for Generic {
    const TYPE: &'static Type = &TYPE;
}

impl Record for Generic {
    fn record_type(&self) -> &'static Type {
        &TYPE
    }
    fn get(&self, _: usize) -> Option<&dyn Value> {
        None
    }
    fn get_mut(&mut self, _: usize) -> Option<&mut dyn Value> {
        None
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

impl fmt::Debug for Generic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_record(self, f)
    }
}

impl Item for Generic {
    fn view(&self) -> View<'_> {
        View::Record(self)
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Record(self)
    }
}
