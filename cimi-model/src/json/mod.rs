//! JSON (DSP0263 5.4, 5.5): reading and writing.

pub(crate) mod any;
mod glue;
mod read;
pub(crate) mod split;
mod write;

pub use glue::{deserialize, serialize};
pub(crate) use read::{is_create_of, read_part, syntax_error};
pub use read::{from_reader, from_slice, read_into};
pub use write::{to_string, to_vec, to_writer};
