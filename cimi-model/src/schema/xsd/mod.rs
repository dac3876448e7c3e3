//! XML Schema (1.0) of either dialect.
//!
//! One schema describes one namespace, so a [`Registry`] with a provider's own types gives several: [`xsd`] is the
//! one of CIMI, [`schemas`] are all of them, each importing the others by the names of their files.
//!
//! # Dialect 1
//!
//! The schema accepts the documents that the official one (`dsp8009_1.0.1.xsd`, CIMI 1.1) accepts, and no others, as
//! far as the model has its types. It is built otherwise: complex types have names, and a reference (`MachineRef`)
//! extends the type of its target. Three things follow from that, and none of them concerns documents that are seen:
//!
//! * `xsi:type` takes the names of this schema;
//! * `xml:lang` and its kin are not checked, for the schema of their namespace is not imported;
//! * roots that only a provider's registry has are accepted in addition.
//!
//! # Dialect 2
//!
//! There is no official schema of CIMI 2.0 to agree with; clause 5.5 and what this library writes are followed.
//!
//! * The order of elements is that of the tables, and what is in other namespaces comes last. The standard demands no
//!   order, but a schema that allows any (`xs:all`) can neither repeat elements nor be extended.
//! * No attribute is required, because `$select` may leave out any (4.1.6.3); the official schema says the same. The
//!   `resourceURI` of a collection is.
//! * Enumerations are closed, and integers have ranges, where the tables say so. Values that are only named stand in the
//!   documentation.
//! * The root `Collection` takes one of the elements that group members (`machines`); XML Schema 1.0 cannot tie it to
//!   `resourceURI`.
//! * An empty element erases an attribute in a template (4.2.1.1); here, as in the official schema, only those that can
//!   be empty: strings, references, structures, arrays and maps. A schema that lets every number be empty would give
//!   programs texts in place of numbers.
//! * The elements of scalars have no attributes, so the marks of [`JSON_NAMESPACE`](crate::xml::JSON_NAMESPACE) are
//!   refused there: texts with characters that XML forbids, and empty URIs in a template. `properties` are strings.
//!
//! # A provider's own types
//!
//! A type is described in its own namespace, as it is written: the elements of a resource are in the namespace of
//! the resource, those of a standard structure in it in the namespace of CIMI. Elsewhere, elements of other namespaces
//! are admitted and, where their schema is at hand, validated (`processContents="lax"`).

mod build;
mod names;
mod node;
mod rows;
mod simple;
mod text;

use crate::{Dialect, Registry};

/// The schema of one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schema {
    /// The target namespace.
    pub namespace: String,
    /// The name of the file by which the other schemas import this one: `cimi-2.xsd`.
    pub file: String,
    /// The document.
    pub text: String,
}

/// The schema of the namespace of CIMI in a dialect.
///
/// It also describes a provider's types that have no namespace of their own.
///
/// ```
/// use cimi_model::{Dialect, Registry, schema::xsd::xsd};
///
/// let text = xsd(&Registry::standard(), Dialect::V2);
/// assert!(text.contains(r#"targetNamespace="http://schemas.dmtf.org/cimi/2""#));
/// assert!(text.contains(r#"<xs:element name="Machine" type="cimi:Machine"/>"#));
/// ```
#[must_use]
pub fn xsd(registry: &Registry, dialect: Dialect) -> String {
    let all = schemas(registry, dialect);
    all.into_iter().find(|schema| schema.namespace == dialect.namespace()).map(|schema| schema.text).unwrap_or_default()
}

/// The schemas of all namespaces that the types of a registry are in, that of CIMI first.
///
/// ```
/// use cimi_model::{Dialect, Registry, resource, schema::xsd};
///
/// resource! {
///     /// A rack with machines in it.
///     pub Rack = "Rack" [namespace("http://example.com/racks")] {
///         /// Height in rack units.
///         height: Option<i64> = "height" [unit("rack units"), range(1, 60)],
///     }
/// }
/// let schemas = xsd::schemas(&Registry::standard().with::<Rack>(), Dialect::V2);
/// let files: Vec<_> = schemas.iter().map(|schema| schema.file.as_str()).collect();
/// assert_eq!(files, ["cimi-2.xsd", "example.com-racks.xsd"]);
/// assert!(schemas[1].text.contains(r#"<xs:maxInclusive value="60"/>"#));
/// ```
#[must_use]
pub fn schemas(registry: &Registry, dialect: Dialect) -> Vec<Schema> {
    build::Builder::new(registry, dialect).schemas()
}
