//! JSON (DSP0263 5.4, 5.5): reading and writing.

pub(crate) mod any;
mod read;
mod write;

pub(crate) use read::{is_create_of, syntax_error};
pub use read::{from_reader, from_slice, read_into};
pub use write::{to_string, to_vec, to_writer};
