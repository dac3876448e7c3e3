//! The profile of `OpenStack`: what keystone and the audit middleware of the other services write and read.
//!
//! * **[`Envelope`]** is what an event travels in: a notification of oslo.messaging, an entry of a feed, and others.

mod atom;
mod envelope;
mod notification;
mod wire;

pub use envelope::{Envelope, Form, read};
pub use notification::Notification;
