//! x
pub mod any;
mod context;
mod dialect;
mod document;
mod error;
mod extensions;
mod foreign;
mod generic;
mod input;
pub mod json;
mod limits;
mod lines;
mod macros;
pub mod meta;
mod output;
pub mod reflect;
pub mod registry;
pub mod resources;
pub mod stream;
pub mod value;
pub mod xml;

// The macros name it.
#[doc(hidden)]
pub use serde;

pub use any::{Any, Number};
pub use context::{Parsed, ReadOptions};
pub use dialect::Dialect;
pub use document::{Document, Format};
pub use error::{Deviation, Error, ErrorKind, Location, Result};
pub use extensions::{Extension, Extensions};
pub use foreign::foreign_parts;
pub use generic::Generic;
pub use limits::Limits;
pub use meta::{Attribute, Type};
pub use output::WriteOptions;
pub use registry::Registry;
pub use resources::*;
pub use value::*;
