//! The HTTP protocol of CIMI (DSP0263, clause 4) without I/O.
//!
//! A client or server brings the sockets; this crate makes and reads the messages. Both sides use the types of the
//! [`http`] crate with bodies of bytes, so that it works with any HTTP library, blocking or not.
//!
//! So far:
//! - for clients, [`client`]: discovery, every operation, paging, waiting for Jobs, and failures as types (4.2); each
//!   operation, such as [`Read`], is an [`Operation`], a value that makes a request and knows what the answer to it is;
//! - for providers, [`provider`] turns a request into a typed call, and what came of it into the answer (4.2);
//! - for both sides, the formats of messages (4.1.4): [`content_format`] of a message that came, [`content_type`] for
//!   one that goes out, and [`Accept`] to choose the format that a client wants;
//! - for both sides, [`query`]: the parameters of a request (4.1.6);
//! - for both sides, [`batch`]: several operations in one Job;
//! - `occi` reads and writes agreements and metrics as OCCI has them (feature `occi`);
//! - `openapi` describes a provider in OpenAPI 3.1 (feature `openapi`).
//!
//! ```
//! use cimi_model::{Format, Machine};
//! use cimi_protocol::{Operation, Read};
//!
//! let read = Read::<Machine>::new("https://cloud.example.com/machines/1").format(Format::Xml);
//! let request = read.request()?;
//! assert_eq!(request.headers()["accept"], "application/xml");
//!
//! // Send the request with any HTTP library; this is what came back.
//! let response = http::Response::builder()
//!     .header("Content-Type", "application/xml")
//!     .body(r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><name>db</name><cpu>2</cpu></Machine>"#)?;
//! let machine = read.response(response)?.content.value;
//! assert_eq!(machine.cpu, Some(2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A provider chooses the format of its answer from the `Accept` header of the request:
//!
//! ```
//! use cimi_model::Format;
//! use cimi_protocol::{Accept, content_type};
//!
//! let request = http::Request::get("/machines/1").header("Accept", "application/xml, */*;q=0.1").body(())?;
//! let format = Accept::from_headers(request.headers())?.choose(&[Format::Json, Format::Xml])?;
//! assert_eq!(content_type(format), "application/xml");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accept;
pub mod batch;
pub mod client;
mod error;
mod media;
#[cfg(feature = "occi")]
pub mod occi;
#[cfg(feature = "openapi")]
pub mod openapi;
mod operation;
pub mod provider;
pub mod query;
mod syntax;

pub use accept::Accept;
pub use client::Read;
pub use error::{Error, ErrorKind, Fault, Result};
pub use media::{MediaType, content_format, content_type};
pub use operation::{Operation, Representation};
