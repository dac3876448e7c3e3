//! Typed resources of DMTF's Cloud Infrastructure Management Interface (CIMI, DSP0263, ISO/IEC 19831), read and
//! written as JSON and XML in both versions of the protocol.
//!
//! * **Types** are plain structs with public fields: [`Machine`], [`MachineTemplate`], [`Collection`]`<Machine>` …
//! * **[`json`]** and **[`xml`]** read and write values whose type is known; **[`Document`]** finds the type.
//! * **[`Dialect`]** says which version is written; reading understands both.
//! * **[`Extensions`]** hold what no table knows. Nothing is dropped, whatever the format.
//! * **[`ReadOptions`]** choose between lenient reading, which reports [`Deviation`]s, and strict reading, which
//!   refuses them, and set [`Limits`].
//! * **[`stream::Members`]** pulls the members of a collection of any size.
//! * **[`validate`]** finds all that is wrong with a document, by who receives it and what for.
//! * **[`scope`]** holds a resource against the values that a provider supports (5.5.14), and fills in defaults.
//! * **[`lifecycle`]** says what operations do to states, and which are possible now (4.2, 5.8).
//! * **[`template`]** makes a plan of the resources to be created from a request and its templates (4.2.1.1, 5.13.4).
//! * **[`attributes`]** reads and sets single attributes by name, whatever the type.
//! * **[`relations`]** say who is whose child, and what a deletion takes along (5.10).
//! * **[`capabilities`]** are what a provider can do, each with the type of its value (5.11.1).
//! * **[`filter`]** is the language of `$filter` (4.1.6.1): parsed, built, printed, and held against any record.
//! * **[`describe`]** makes [`ResourceMetadata`] from the tables, and says which constraints hold (5.11).
//! * **`schema`** makes JSON Schemas, XML Schemas and pages from the tables (feature `schema`).
//! * **[`ext`]** names what this project adds to the standard.
//! * **[`record!`], [`resource!`], [`collection!`], [`open_enum!`], [`states!`]** define types, the standard's and your own.
//!
//! ```
//! use cimi_model::{json, xml, Dialect, Machine, MachineState, ReadOptions, Ref, Volume};
//!
//! let mut machine = Machine { name: Some("db".into()), memory: Some(4 << 20), ..Default::default() };
//! machine.state = Some(MachineState::Started);
//! machine.disks = Some(Ref::to("machines/1/disks"));
//! machine.properties.insert("owner", "ops");
//! machine.extensions.insert("{http://example.com/v}rack", "r7");
//!
//! let text = xml::to_string(&machine, Dialect::V1.into())?;
//! assert!(text.contains(r#"<property key="owner">ops</property>"#));
//! let again = xml::from_slice::<Machine>(text.as_bytes(), &ReadOptions::strict())?;
//! assert_eq!(again.value, machine);
//! # let _ = json::to_string(&Volume::default(), Default::default())?;
//! # Ok::<(), cimi_model::Error>(())
//! ```
//!
//! No runtime, no sockets, no clock, no file system: bytes in, bytes out. No input makes it panic.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../docs/guide.md")]
struct Guide;

pub mod any;
pub mod attributes;
mod bytes;
pub mod capabilities;
mod context;
pub mod describe;
mod dialect;
mod document;
mod error;
mod expand;
pub mod ext;
mod extensions;
pub mod filter;
mod foreign;
mod generic;
mod input;
pub mod json;
mod key;
pub mod lifecycle;
mod limits;
mod lines;
mod macros;
pub mod meta;
mod names;
mod object;
mod output;
pub mod reflect;
pub mod registry;
pub mod relations;
pub mod resources;
#[cfg(feature = "schema")]
pub mod schema;
pub mod scope;
mod spelling;
pub mod stream;
pub mod template;
pub mod validate;
pub mod value;
pub mod xml;

// The macros name it.
#[doc(hidden)]
pub use serde;

pub use any::{Any, Number};
pub use context::{Parsed, ReadOptions};
pub use dialect::Dialect;
pub use document::{Document, Format};
pub use error::{Deviation, Error, ErrorKind, Location, Result, printable, printable_within};
pub use extensions::{Extension, Extensions};
pub use foreign::foreign_parts;
pub use generic::Generic;
pub use limits::Limits;
pub use meta::{Attribute, Type};
pub use object::{IntoMembers, Object};
pub use output::WriteOptions;
pub use registry::Registry;
pub use resources::*;
pub use value::*;
