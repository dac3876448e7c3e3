//! The audit trail of an HTTP API: events from requests and the answers to them, one call for each.
//!
//! An [`Auditor`] knows what is the same for all requests: who observes, and what the paths of the API lead to. A
//! [`Context`] says what only the server knows of one request: identifier and times, who was authenticated, what the
//! body asks for. The rest is read from the heads of the messages, of which credentials and cookies are never looked at. The Job of a request
//! is a tag, the same as in the events that [`cimi`](crate::cimi) makes of the Job itself.
//!
//! ```
//! use cimi_cadf::http::{Auditor, Context, Route, basic_user, user};
//! use cimi_cadf::{Resource, Validation};
//!
//! let mut auditor = Auditor::new(Resource::new("https://cloud.example.com/cimi/", "service/compute"));
//! auditor.origin = Some("https://cloud.example.com".into());
//! auditor.routes = vec![
//!     Route::collection("/cimi/machines", "compute/machine"),
//!     Route::item("/cimi/machines/{id}", "compute/machine"),
//! ];
//!
//! let (request, _) = http::Request::post("/cimi/machines/1?token=s3cret")
//!     .header("Authorization", "Basic YWxpY2U6czNjcmV0")
//!     .header("User-Agent", "curl/8.5.0")
//!     .body(())?
//!     .into_parts();
//! let (response, _) = http::Response::builder().status(202).header("CIMI-Job-URI", "jobs/7").body(())?.into_parts();
//!
//! let context = Context {
//!     ended: Some("2025-01-01T12:00:00.250+00:00".parse()?),
//!     initiator: basic_user(&request.headers).map(|name| user(&name)),
//!     operation: Some("http://schemas.dmtf.org/cimi/2/action/restart".into()),
//!     ..Context::new("e1", "2025-01-01T12:00:00+00:00".parse()?)
//! };
//! let event = auditor.event(&request, &response, &context);
//! assert_eq!(event.action, Some("start/restart".into()));
//! assert_eq!(event.outcome, Some("pending".into()));
//! assert_eq!(event.target, Some(Resource::new("https://cloud.example.com/cimi/machines/1", "compute/machine")));
//! assert_eq!(event.initiator.as_ref().and_then(|who| who.name.as_deref()), Some("alice"));
//! assert_eq!(event.duration, Some("PT0.25S".parse()?));
//! assert_eq!(event.tags, ["//schemas.dmtf.org/cimi/2/Job?value=jobs%2F7".into()]);
//! assert!(Validation::strict().accepts(&event));
//! assert!(!event.to_string(Default::default(), Default::default())?.contains("s3cret"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod auditor;
mod client;
mod method;
mod route;
mod sound;

pub use auditor::{Auditor, Context, HTTP_STATUS};
pub use client::{Proxies, basic_user, user};
pub use method::{method_action, operation_action, status_outcome};
pub use route::Route;
