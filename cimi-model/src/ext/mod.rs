//! What this project adds to the standard.
//!
//! Types and attributes that DSP0263 does not have are in one namespace, whatever crate defines them, so that documents with
//! them can be told from those of the standard and of other providers (5.1). There is one file for each subject.
//!
//! An attribute that is added to a type of the standard is an [`Addition`]: a structure among the extensions of the
//! resource, read and written by its table. A [`registry`] knows the types and the additions: documents are read and
//! validated with it, schemas made, and providers advertise the additions of a type in its metadata.
//!
//! ```
//! use cimi_model::describe::{DescribeOptions, metadata_for};
//! use cimi_model::reflect::Described;
//! use cimi_model::{Dialect, MachineTemplate, ext};
//!
//! let mut options = DescribeOptions::new(Dialect::V2);
//! options.extensions = ext::registry().descriptions(MachineTemplate::TYPE, Dialect::V2);
//! let metadata = metadata_for(MachineTemplate::TYPE, &options);
//! assert!(metadata.attributes.iter().any(|attribute| attribute.name.as_deref() == Some("serviceLevel")));
//! ```

pub mod access;
mod addition;
pub mod agreement;
pub mod availability;
pub mod intercloud;
pub mod logs;
pub mod objective;
pub mod placement;
pub mod scaling;
mod span;

pub use addition::{AddedAttribute, Addition};

use crate::reflect::Record;
use crate::{AnyResource, Dialect, EventContent, Ref, Registry, attributes};

/// The namespace of types, attributes and operations that this project adds, without a slash at its end.
///
/// A type of it has the URI `http://cimi-rs.org/ext/1/NAME`.
pub const NAMESPACE: &str = "http://cimi-rs.org/ext/1";

/// The types of the standard, and the types and attributes that this project adds.
///
/// ```
/// let registry = cimi_model::ext::registry();
/// assert!(registry.by_uri("http://cimi-rs.org/ext/1/ServiceTier").is_some());
/// ```
#[must_use]
pub fn registry() -> Registry {
    Registry::standard()
        .with_collection::<access::AccessPolicy>()
        .with_collection::<access::AccessPolicyTemplate>()
        .with_collection::<logs::LogTransfer>()
        .with_collection::<objective::ServiceLevelObjective>()
        .with_collection::<objective::ServiceTier>()
        .with_collection::<placement::SubCloud>()
        .with_collection::<intercloud::NetworkFederation>()
        .with_collection::<agreement::AgreementTemplate>()
        .with_collection::<agreement::Agreement>()
        .with_collection::<agreement::AgreementLink>()
        .with_collection::<scaling::ScalingPolicy>()
        .with_addition(&availability::HIGH_AVAILABILITY)
        .with_addition(&availability::DISASTER_RECOVERY)
        .with_addition(&objective::SERVICE_LEVEL)
        .with_addition(&objective::OFFERED_LEVELS)
        .with_addition(&placement::PLACEMENT_POLICY)
        .with_addition(&placement::PLACEMENT)
        .with_addition(&intercloud::SHARED_NETWORK)
        .with_addition(&intercloud::SHARED_VOLUME)
        .with_addition(&scaling::AUTO_SCALING)
        .with_addition(&scaling::OFFERED_SCALING)
        .with_addition(&logs::LOG_SERVICES)
        .with_addition(&logs::ORIGIN)
        .with_addition(&logs::TRANSFER_RUN)
}

/// The content of an Event about a resource, without what it reports.
fn about(resource: &dyn Record) -> EventContent {
    EventContent {
        res_name: attributes::text(resource, "name").map(str::to_owned),
        resource: attributes::text(resource, "id").map(Ref::<AnyResource>::to),
        res_type: Some(resource.record_type().uri(Dialect::V2).into()),
        ..EventContent::default()
    }
}
