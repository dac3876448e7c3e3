//! The client's side: operations on what a provider hands out (DSP0263, clause 4).
//!
//! * [`EntryPoint`] is where discovery starts (5.12): it knows the collections by their types or names, and makes a
//!   [`Peer`], which says where relative URIs lead, and in which dialect and format the provider is spoken with.
//! * [`Read`] and [`ReadDocument`] retrieve (4.2.1.2), with a [`Query`](crate::query::Query); [`Pages`] retrieves a
//!   collection page by page.
//! * [`Change`] is any other request. [`Peer`] makes it from a resource that was read and only if the resource offers
//!   it: [`create`](Peer::create), [`update`](Peer::update), [`delete`](Peer::delete), [`invoke`](Peer::invoke) with
//!   one of the [`actions`], [`insert`](Peer::insert) and others. Its answer is an [`Outcome`].
//! * [`JobPolling`] and [`StatePolling`] wait for what takes its time; they are told the time.
//! * [`Failure`] is what an error answer says; [`Error::failure`](crate::Error::failure) has it.
//! * [`redirect`] says how to follow a redirect, and [`Authorization`] goes to one authority only.
//!
//! No function of this module does any I/O. Whoever has the sockets sends what [`request`](crate::Operation::request) gives
//! and hands the answer to [`response`](crate::Operation::response):
//!
//! ```
//! use cimi_model::{Collection, Machine};
//! use cimi_protocol::Operation;
//! use cimi_protocol::client::{EntryPoint, Peer, actions};
//!
//! # fn send(request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, http::Error> {
//! #     let body = match request.uri().path() {
//! #         "/cimi" => r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/CloudEntryPoint",
//! #             "baseURI": "https://cloud.example.com/cimi/", "machines": {"href": "machines"}}"#,
//! #         "/cimi/machines" => r#"{"count": 1, "machines": [{"id": "machines/1", "operations": [
//! #             {"rel": "http://schemas.dmtf.org/cimi/1/action/stop", "href": "machines/1/stop"}]}]}"#,
//! #         "/cimi/machines/1/stop" => return http::Response::builder().status(202).body(Vec::new()),
//! #         path => panic!("{path}"),
//! #     };
//! #     http::Response::builder().header("Content-Type", "application/json").body(body.into())
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let peer = Peer::default();
//! let read = peer.read(&"https://cloud.example.com/cimi".into())?;
//! let entry = EntryPoint::new(read.uri(), read.response(send(read.request()?)?)?, peer);
//!
//! let read = entry.collection::<Machine>()?.query("$filter=state='STARTED'".parse()?);
//! let machines = read.response(send(read.request()?)?)?.content.value;
//! for machine in &machines.items {
//!     // An error if the Machine does not offer it, before anything is sent.
//!     let stop = entry.peer.invoke(machine, actions::stop(None))?;
//!     let outcome = stop.response(send(stop.request()?)?)?;
//!     assert!(outcome.is_pending());
//! }
//! # Ok(()) }
//! ```

pub mod actions;
mod authorization;
mod body;
mod change;
mod entry_point;
mod failure;
mod job_polling;
pub mod jobs;
mod offered;
mod outcome;
mod pages;
mod peer;
mod read;
mod redirect;
mod schedule;
mod state_polling;
mod verbs;

pub use authorization::Authorization;
pub use change::Change;
pub use entry_point::{Entry, EntryPoint, metadata_of};
pub use failure::{Failure, FailureKind};
pub use job_polling::{JobEnd, JobPolling};
pub use offered::{Offer, offered, offers};
pub use outcome::Outcome;
pub use pages::Pages;
pub use peer::{Peer, Transport};
pub use read::{Read, ReadDocument};
pub use redirect::{Redirect, redirect};
pub use schedule::{PollOptions, Step};
pub use state_polling::{StateEnd, StatePolling};
