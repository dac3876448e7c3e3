//! What metadata says about an attribute (5.11).

use crate::meta::{Constraints, Type};
use crate::{AttributeDescription, Extensions, ResourceMetadata};

/// The metadata that may govern a resource (5.11). The most particular one governs it alone.
///
/// ```
/// use cimi_model::describe::{DescribeOptions, Governing, Source, effective, metadata_for};
/// use cimi_model::meta::Constraints;
/// use cimi_model::reflect::Described;
/// use cimi_model::Machine;
///
/// let fixed = Constraints { mutable: false, consumer_writable: false, ..Constraints::DEFAULT };
/// let options = DescribeOptions { constraints: vec![("cpu".into(), fixed)], ..Default::default() };
/// let of_template = metadata_for(Machine::described(), &options);
/// let cep = [metadata_for(Machine::described(), &DescribeOptions::default())];
///
/// let mut governing = Governing { cep: &cep, ..Default::default() };
/// assert!(effective(Machine::described(), "cpu", &governing).unwrap().constraints.mutable);
/// governing.template = Some(&of_template);
/// let found = effective(Machine::described(), "cpu", &governing).unwrap();
/// assert!(!found.constraints.mutable);
/// assert_eq!(found.source, Source::Template);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Governing<'a> {
    /// The collection `resourceMetadata` of the cloud entry point: the one for the type counts.
    pub cep: &'a [ResourceMetadata],
    /// What `genResourceMetadata` of the template refers to.
    pub template: Option<&'a ResourceMetadata>,
    /// What `resourceMetadata` of the resource refers to.
    pub instance: Option<&'a ResourceMetadata>,
}

/// Where constraints come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The standard, or the provider's own table.
    Table,
    /// Metadata of the cloud entry point.
    Cep,
    /// Metadata of the template.
    Template,
    /// Metadata of the resource itself.
    Instance,
}

/// The constraints of an attribute as they hold for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effective {
    /// The constraints.
    pub constraints: Constraints,
    /// Where they come from.
    pub source: Source,
}

impl<'a> Governing<'a> {
    /// The metadata that governs resources of a type, and where it comes from: that of the resource cancels that of the
    /// template, which overrides that of the cloud entry point. Metadata for another type governs nothing.
    #[must_use]
    pub fn metadata(&self, described: &Type) -> Option<(&'a ResourceMetadata, Source)> {
        let own = |metadata: &&ResourceMetadata| describes(metadata, described);
        let instance = self.instance.filter(own).map(|metadata| (metadata, Source::Instance));
        let template = || self.template.filter(own).map(|metadata| (metadata, Source::Template));
        let cep = || self.cep.iter().find(own).map(|metadata| (metadata, Source::Cep));
        instance.or_else(template).or_else(cep)
    }
}

/// Whether metadata is about a type; without `typeURI`, it is about whatever refers to it.
fn describes(metadata: &ResourceMetadata, described: &Type) -> bool {
    metadata.type_uri.as_ref().is_none_or(|uri| described.is_uri(uri.as_str()))
}

/// The constraints of an attribute under the metadata that governs its resource; `None` if neither the table nor the
/// metadata has an attribute of this name, in either version. An extension may be given by its key.
///
/// What a description leaves open is as in the table; for an attribute that the table does not have, as 5.3 assumes.
#[must_use]
pub fn effective(described: &Type, name: &str, governing: &Governing<'_>) -> Option<Effective> {
    let row = described.attribute(name);
    let found = governing.metadata(described).and_then(|(metadata, source)| {
        let is_it = |found: &&AttributeDescription| match (found.name.as_deref(), row) {
            (Some(other), Some(row)) => row.is_named(other),
            (_, None) => describes_key(found, name),
            (None, Some(_)) => false,
        };
        metadata.attributes.iter().find(is_it).map(|description| (description, source))
    });
    let table = row.map(|row| row.constraints);
    match found {
        Some((description, source)) => {
            let constraints = described_constraints(description, table.unwrap_or(Constraints::DEFAULT));
            Some(Effective { constraints, source })
        }
        None => table.map(|constraints| Effective { constraints, source: Source::Table }),
    }
}

/// Whether an attribute that is described has this key among the extensions of a record.
pub(crate) fn describes_key(described: &AttributeDescription, key: &str) -> bool {
    let Some(name) = described.name.as_deref() else { return false };
    let key = key.strip_prefix('@').unwrap_or(key);
    key == name || described.namespace.as_ref().is_some_and(|uri| key == Extensions::qualified(uri.as_str(), name))
}

/// The constraints in a description of an attribute; what it leaves open is as in `otherwise`. `required` of 1.x says
/// whether the Provider always includes the attribute. What is immutable cannot be written either (5.3).
#[must_use]
pub fn described_constraints(description: &AttributeDescription, otherwise: Constraints) -> Constraints {
    let provider = description.provider_mandatory.or(description.required);
    let mutable = description.mutable.unwrap_or(otherwise.mutable);
    Constraints {
        provider_mandatory: provider.unwrap_or(otherwise.provider_mandatory),
        consumer_mandatory: description.consumer_mandatory.unwrap_or(otherwise.consumer_mandatory),
        mutable,
        consumer_writable: mutable && description.consumer_writable.unwrap_or(otherwise.consumer_writable),
    }
}
