//! OVF descriptors (DSP0243) and their mapping to CIMI resources (DSP0263, annex A).
//!
//! * **[`Descriptor`]** is a descriptor of any version, 0.9 to 2.1, to be read, changed and written. Its
//!   [structures](model) have every element and attribute of the standard as public fields; what they do not know stays in
//!   a [tree](tree) beside them, so nothing is lost, and a change changes only what it is about. What products write in
//!   place of what the standard has is understood and listed, or refused by [`ReadOptions::strict`].
//! * **[`Deployment`]** chooses a deployment option, and what of the hardware, properties and numbers counts in it.
//! * **[`EnvironmentDocument`](environment::EnvironmentDocument)** is what a machine learns when it is deployed (DSP8027),
//!   read, changed and written in the same way.
//! * **[`import()`]** turns the descriptor of an appliance into a `SystemTemplate`; [`Envelope::read`] reads and checks a
//!   descriptor without mapping it. OVF 1.0 and 1.1 are read as the standard has them and as `VMware`, `VirtualBox` and
//!   others write them; of OVF 2.x the sections that mean the same.
//!
//! * **[`package`]** reads, checks, makes and takes apart whole packages: OVA archives and folders, manifests, and with the
//!   feature `signature` the signatures of manifests.
//!
//! Nothing is opened or fetched: descriptors are bytes, references to files stay text, and the files of a package come
//! from a source of the caller's.

mod budget;
mod check;
mod deployment;
pub mod descriptor;
mod document;
mod element;
pub mod environment;
mod extension;
mod hardware;
mod import;
mod machine;
mod map;
mod messages;
pub mod model;
mod names;
mod options;
mod origin;
#[cfg(feature = "package")]
pub mod package;
mod placement;
pub mod product;
mod read;
mod sections;
pub mod tree;
pub mod units;

pub use cimi_model::{Deviation, Error, ErrorKind, Limits, Parsed, Result};

pub use deployment::{ChosenItem, Deployment};
pub use descriptor::{Envelope, Warning};
pub use document::{Descriptor, Version};
pub use element::{Attribute, Element};
pub use extension::NAMESPACE;
pub use import::{ImportOptions, Imported, import};
pub use options::ReadOptions;
pub use origin::Origin;
