//! The profile of `OpenStack`: what keystone and the audit middleware of the other services write and read.
//!
//! * **[`Envelope`]** is what an event travels in: a notification of oslo.messaging, an entry of a feed, and others.
//!   [`Records`](crate::Records) looks into them.
//! * **[`Profile`]** spells an event as the standard, pycadf or Hermes has it, where one asks for it; reading changes nothing.
//! * **[`keystone`]** tells of what keystone keeps, **[`audit`]** makes the pair of events of a request to a service.

mod atom;
pub mod audit;
mod envelope;
pub mod keystone;
mod mask;
mod notification;
mod plain;
mod profile;
mod shorthand;
mod walk;
mod wire;

pub use envelope::{Envelope, Form, read, read_feed};
pub use mask::{MASK, mask};
pub use notification::Notification;
pub use profile::{Actions, Attachments, Change, Content, Identifiers, Profile, Shorthand, Times};
