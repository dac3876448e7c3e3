//! What a type is, said in the standard's own terms: [`ResourceMetadata`] out of the tables, and back (DSP0263 5.11).
//!
//! ```
//! use cimi_model::describe::{self, DescribeOptions};
//! use cimi_model::reflect::Described;
//! use cimi_model::{Machine, capabilities, resource};
//!
//! let mut options = DescribeOptions::default();
//! options.capabilities.push(capabilities::machine::RESTORE_FROM_IMAGE.with(true));
//! let metadata = describe::metadata_for(Machine::described(), &options);
//! assert_eq!(metadata.name.as_deref(), Some("Machine"));
//! let state = metadata.attributes.iter().find(|found| found.name.as_deref() == Some("state")).unwrap();
//! assert_eq!((state.mutable, state.consumer_writable), (Some(true), Some(false)));
//!
//! // The attributes of a type of one's own carry their type and namespace; common ones do not.
//! resource! {
//!     /// A rack.
//!     pub Rack = "Rack" [namespace("http://example.com/racks")] {
//!         /// The height.
//!         height: Option<i64> = "height",
//!     }
//! }
//! let metadata = describe::metadata_for(Rack::described(), &DescribeOptions::default());
//! let described = |name| metadata.attributes.iter().find(|found| found.name.as_deref() == Some(name)).unwrap();
//! assert_eq!(described("height").type_name.as_deref(), Some("integer"));
//! assert_eq!(described("height").namespace, Some("http://example.com/racks".into()));
//! assert_eq!(described("name").namespace, None);
//! ```

mod effective;
mod types;

use crate::meta::{Attribute, Constraints, Role, Type};
use crate::names::is_common;
use crate::{ActionDescription, AttributeDescription, Capability, Dialect, ResourceMetadata};

pub(crate) use effective::describes_key;
pub use effective::{Effective, Governing, Source, described_constraints, effective};
pub use types::{kind_name, operation_uri};

/// What a provider adds to the table of a type, and takes from it.
///
/// ```
/// use cimi_model::describe::{DescribeOptions, metadata_for};
/// use cimi_model::meta::Constraints;
/// use cimi_model::reflect::Described;
/// use cimi_model::{Dialect, Machine};
///
/// let mut options = DescribeOptions::default();
/// options.unsupported.push("cpuSpeed".into());
/// let fixed = Constraints { mutable: false, consumer_writable: false, ..Constraints::DEFAULT };
/// options.constraints.push(("memory".into(), fixed));
/// options.changes_only = true;
/// let metadata = metadata_for(Machine::described(), &options);
/// let names: Vec<_> = metadata.attributes.iter().filter_map(|found| found.name.as_deref()).collect();
/// assert_eq!(names, ["memory", "cpuSpeed"]);
/// assert_eq!(metadata.attributes[1].provider_mandatory, Some(false));
/// ```
#[derive(Clone, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct DescribeOptions {
    /// The version whose names, URIs and attributes are described.
    pub dialect: Dialect,
    /// The attributes that this provider does not support, by their names in either version: they are described as
    /// neither always sent nor settable (5.3).
    pub unsupported: Vec<String>,
    /// Other constraints than those of the table, by the names of attributes.
    pub constraints: Vec<(String, Constraints)>,
    /// Attributes that the provider adds and no table has; with name, namespace and type.
    pub extensions: Vec<AttributeDescription>,
    /// The capabilities, for example from [`CapabilityKey::with`](crate::capabilities::CapabilityKey::with).
    pub capabilities: Vec<Capability>,
    /// The operations of the table that this provider does not support.
    pub unsupported_operations: Vec<String>,
    /// Operations that the provider adds and no table has.
    pub actions: Vec<ActionDescription>,
    /// The media type of requests and responses, for `inputMessage` and `outputMessage`.
    pub media_type: Option<String>,
    /// Whether only what differs from the standard is described: extensions, changed constraints and operations that
    /// the standard does not define.
    pub changes_only: bool,
}

impl DescribeOptions {
    /// The options for a dialect.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    fn is_unsupported(&self, attribute: &Attribute) -> bool {
        self.unsupported.iter().any(|name| attribute.is_named(name))
    }

    /// The constraints of an attribute as this provider has them.
    fn constraints_of(&self, attribute: &Attribute) -> Constraints {
        let other = self.constraints.iter().find(|(name, _)| attribute.is_named(name));
        let constraints = other.map_or(attribute.constraints, |(_, constraints)| *constraints);
        if self.is_unsupported(attribute) { UNSUPPORTED } else { constraints }
    }
}

/// What is said of an attribute that the provider does not support: nobody sends it, nobody changes it.
const UNSUPPORTED: Constraints =
    Constraints { provider_mandatory: false, consumer_mandatory: false, mutable: false, consumer_writable: false };

/// The metadata of a type, made from its table.
///
/// It has the attributes that the dialect knows, with their constraints; those that the standard does not define also
/// have namespace and type, and the standard's own have neither (table 6). `actions` has all operations of the type,
/// the standard's among them: consumers learn there what is supported (5.8, table 6). `id` and `vscope` are the
/// caller's to set.
///
/// A type that the dialect does not have is described in its own.
#[must_use]
pub fn metadata_for(described: &'static Type, options: &DescribeOptions) -> ResourceMetadata {
    let dialect = described.written_in(options.dialect);
    ResourceMetadata {
        type_uri: Some(described.uri(dialect).into()),
        name: Some(described.name_in(dialect).to_owned()),
        attributes: attributes(described, dialect, options),
        capabilities: options.capabilities.clone(),
        actions: actions(described, dialect, options),
        ..ResourceMetadata::default()
    }
}

fn attributes(described: &Type, dialect: Dialect, options: &DescribeOptions) -> Vec<AttributeDescription> {
    let rows = described.attributes.iter().filter(|attribute| dialect.has(attribute.versions));
    let wanted = rows.filter(|attribute| {
        !options.changes_only
            || is_extension(described, attribute)
            || options.constraints_of(attribute) != attribute.constraints
    });
    let mut all: Vec<_> =
        wanted.map(|attribute| attribute_description(described, attribute, dialect, options)).collect();
    all.extend(options.extensions.iter().cloned());
    all
}

fn attribute_description(
    described: &Type,
    attribute: &Attribute,
    dialect: Dialect,
    options: &DescribeOptions,
) -> AttributeDescription {
    let extension = is_extension(described, attribute);
    let constraints = options.constraints_of(attribute);
    let mut description = AttributeDescription {
        name: Some(attribute.name_in(dialect).to_owned()),
        namespace: described.namespace.filter(|_| extension).map(Into::into),
        type_name: extension.then(|| kind_name(attribute.kind, dialect)),
        ..AttributeDescription::default()
    };
    match dialect {
        Dialect::V1 => description.required = Some(constraints.provider_mandatory),
        Dialect::V2 => set_constraints(&mut description, constraints),
    }
    description
}

/// Puts constraints into a description of an attribute, in the form of table 6.
///
/// ```
/// use cimi_model::describe::set_constraints;
/// use cimi_model::meta::Constraints;
/// use cimi_model::AttributeDescription;
///
/// let mut location = AttributeDescription {
///     name: Some("location".into()),
///     namespace: Some("http://example.com/".into()),
///     type_name: Some("string".into()),
///     ..Default::default()
/// };
/// set_constraints(&mut location, Constraints::DEFAULT);
/// assert_eq!(location.consumer_mandatory, Some(false));
/// ```
pub fn set_constraints(description: &mut AttributeDescription, constraints: Constraints) {
    description.provider_mandatory = Some(constraints.provider_mandatory);
    description.consumer_mandatory = Some(constraints.consumer_mandatory);
    description.mutable = Some(constraints.mutable);
    description.consumer_writable = Some(constraints.consumer_writable);
}

/// Whether an attribute of a type is not one of the standard: the type is a provider's own, and the attribute is not
/// one of those that every resource or collection has (5.5.12, 5.7.1).
#[must_use]
pub fn is_extension(described: &Type, attribute: &Attribute) -> bool {
    let common = match described.role {
        Role::Collection => Some(attribute.name) != described.members.map(|members| members.grouping),
        Role::Resource | Role::Create => is_common(attribute.name),
        _ => false,
    };
    described.namespace.is_some() && !common
}

fn actions(described: &Type, dialect: Dialect, options: &DescribeOptions) -> Vec<ActionDescription> {
    let supported = types::operations(described).into_iter().filter(|operation| {
        let unsupported = options.unsupported_operations.iter().any(|other| other == operation);
        !unsupported && (!options.changes_only || !types::is_standard_operation(operation))
    });
    let mut all: Vec<_> =
        supported.map(|operation| action_description(described, operation, dialect, options)).collect();
    all.extend(options.actions.iter().cloned());
    all
}

fn action_description(
    described: &Type,
    operation: &str,
    dialect: Dialect,
    options: &DescribeOptions,
) -> ActionDescription {
    let method = match operation {
        "edit" => "PUT",
        "delete" => "DELETE",
        _ => "POST",
    };
    let body = options.media_type.clone().filter(|_| operation != "delete");
    ActionDescription {
        name: Some(operation.rsplit('/').next().unwrap_or(operation).to_owned()),
        uri: Some(operation_uri(described, operation, dialect).into()),
        method: Some(method.to_owned()),
        input_message: body.clone(),
        output_message: body,
        ..ActionDescription::default()
    }
}
