//! The provider's side of the protocol.

pub mod rules;
