//! JSON (DSP0263 5.4, 5.5): reading and writing.

pub(crate) mod any;
mod cursor;
mod glue;
mod members;
mod quick;
mod quick_any;
mod read;
mod slots;
pub(crate) mod split;
mod tree;
pub(crate) mod write;

pub use glue::{deserialize, serialize};
pub(crate) use members::is_create_of;
pub use read::{from_reader, from_slice, read_into};
pub(crate) use read::{read_part, reset, syntax_error};
pub(crate) use slots::integral;
pub use tree::{from_any, to_any};
pub use write::{to_string, to_vec, to_writer};
