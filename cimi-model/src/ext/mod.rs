//! What this project adds to the standard.
//!
//! Types and attributes that DSP0263 does not have are in one namespace, whatever crate defines them, so that documents with
//! them can be told from those of the standard and of other providers (5.1). There is one file for each subject.
//!
//! An attribute that is added to a type of the standard is an [`Addition`]: a structure among the extensions of the
//! resource, read and written by its table. Types that are added are found in documents by a registry that has them.

mod addition;

pub use addition::Addition;

/// The namespace of types, attributes and operations that this project adds, without a slash at its end.
///
/// A type of it has the URI `http://cimi-rs.org/ext/1/NAME`.
pub const NAMESPACE: &str = "http://cimi-rs.org/ext/1";
