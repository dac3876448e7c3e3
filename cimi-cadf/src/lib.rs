//! CADF audit events (DMTF DSP0262, Cloud Auditing Data Federation).
//!
//! So far the vocabularies, in the types that attributes have:
//! - [`EventType`] and [`ReporterRole`] are flat: named values, and others that peers use;
//! - actions, outcomes and the types of resources are taxonomies. A value is a [`Path`], which may extend a value of the
//!   standard by further segments: ask what it [is a kind of](Path::is_a) rather than what it equals. The values of the
//!   standard are constants in [`action`], [`outcome`] and [`resource`];
//! - [`Identifier`] names events and resources.
//!
//! The types are [scalars](cimi_model::Scalar) of `cimi-model`: they can stand in the tables of its
//! [`record!`](cimi_model::record) macro, keep the text they came in, and tell conforming texts from recoverable ones.
//!
//! ```
//! use cimi_cadf::{EventType, Path, action, outcome, resource};
//!
//! let action = Path::from("update/os-start");
//! assert!(action.is_a(action::UPDATE) && action::TAXONOMY.covers(&action));
//! // Whole segments count, and this is none of the standard's actions.
//! assert!(!action::TAXONOMY.covers(&Path::from("updated.user")));
//!
//! let user = Path::from("service/security/account/user");
//! assert_eq!(resource::TAXONOMY.node_of(&user), Some(resource::SERVICE));
//! assert!(Path::from("failure/timeout").is_a(outcome::FAILURE));
//! assert_eq!(EventType::from("control"), EventType::Control);
//! ```

mod identifier;
mod path;
mod taxonomy;
mod text;
mod vocabulary;

pub use identifier::Identifier;
pub use path::Path;
pub use taxonomy::{Taxonomy, action, outcome, resource};
pub use vocabulary::{EventType, ReporterRole};
