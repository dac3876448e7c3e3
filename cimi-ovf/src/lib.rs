//! OVF descriptors (DSP0243) and their mapping to CIMI resources (DSP0263, annex A).
//!
//! * **[`Descriptor`]** is a descriptor of any version, 0.9 to 2.1, to be read, changed and written. Its
//!   [structures](model) have every element and attribute of the standard as public fields; what they do not know stays in
//!   a [tree] beside them, so nothing is lost, and a change changes only what it is about. What products write in
//!   place of what the standard has is understood and listed, or refused by [`ReadOptions::strict`].
//! * **[`validate`]** finds everything that is wrong with a descriptor, each problem with path, place, rule and severity.
//! * **[`Deployment`]** chooses a deployment option, and what of the hardware, properties and numbers counts in it.
//! * **[`Properties`](properties::Properties)** are the properties of machines with the values that a user chooses.
//! * **[`EnvironmentDocument`](environment::EnvironmentDocument)** is what a machine learns when it is deployed (DSP8027),
//!   read, changed and written in the same way, or generated.
//! * **[`import()`]** turns the descriptor of an appliance into a `SystemTemplate`.
//! * **[`export()`]** turns a `SystemTemplate` or `System` into a descriptor of OVF 1.x or 2.x; what OVF cannot say is stored in it.
//!   **[`export_onto()`]** changes the descriptor that a template was imported from, where the template was changed.
//!
//! * **[`package`]** reads, checks, makes and takes apart whole packages: OVA archives and folders, manifests, and with the
//!   feature `signature` the signatures of manifests.
//!
//! Nothing is opened or fetched: descriptors are bytes, references to files stay text, and the files of a package come
//! from a source of the caller's.

mod deployment;
mod document;
pub mod environment;
mod export;
mod import;
mod messages;
pub mod model;
mod options;
#[cfg(feature = "package")]
pub mod package;
pub mod properties;
pub mod tree;
pub mod units;
pub mod validate;

pub use cimi_model::{Deviation, Error, ErrorKind, Limits, Parsed, Result};

pub use deployment::{ChosenItem, Deployment};
pub use document::{Descriptor, Version};
pub use export::{ExportOptions, Exported, Note, export, export_onto, stored_system};
pub use import::{Entry, Fate, ImportOptions, Imported, NAMESPACE, import, system};
pub use messages::{BundleSource, Messages};
pub use options::ReadOptions;
