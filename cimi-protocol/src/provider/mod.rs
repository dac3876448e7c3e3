//! The provider's side of a message: what a request asks for, and the answer to it (4.1.4 to 4.2.2).
//!
//! A server hands over the head of a request and its body, and what the URI names; it gets a typed [`Call`], carries it
//! out, and says what came of it. Everything else about the message is done here: the format of both sides, the query,
//! conditions, limits, checks of the body, and errors as Jobs. What its store has to keep to is in [`rules`].
//!
//! ```
//! use cimi_model::reflect::Described;
//! use cimi_model::{Collection, Format, Machine};
//! use cimi_protocol::provider::{Call, Outcome, Provider, Refusal, Target};
//! use http::{Request, Response};
//!
//! fn serve(provider: &Provider, request: Request<Vec<u8>>, machines: &mut Collection<Machine>) -> Response<Vec<u8>> {
//!     let (head, body) = request.into_parts();
//!     provider.answer(&head, None, |exchange| {
//!         let target = match head.uri.path() {
//!             "/machines" => Target::collection(Collection::<Machine>::TYPE),
//!             _ => return Err(Refusal::not_found()),
//!         };
//!         match exchange.decode(&target, &body)? {
//!             Call::Read => exchange.read(machines, &(), None),
//!             Call::Options => Ok(exchange.options(&target)),
//!             Call::Create(_) => {
//!                 // `cimi_model::template` makes a real one of the request.
//!                 let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
//!                 machines.items.push(machine.clone());
//!                 Ok(exchange.created(&Outcome { record: Some(&machine), ..Default::default() }))
//!             }
//!             _ => Err(Refusal::not_implemented("only machines can be created here")),
//!         }
//!     })
//! }
//!
//! let provider = Provider { base: "https://cloud.example.com/".into(), ..Default::default() };
//! let mut machines = Collection::default();
//! let body = br#"{"name": "db", "machineTemplate": {"href": "machineTemplates/small"}}"#.to_vec();
//! let request = Request::post("/machines").header("Content-Type", "application/json").body(body)?;
//! let answer = serve(&provider, request, &mut machines);
//! assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (201, &"https://cloud.example.com/machines/1".parse()?));
//!
//! let answer = serve(&provider, Request::delete("/machines").body(vec![])?, &mut machines);
//! assert_eq!((answer.status().as_u16(), &answer.headers()["allow"]), (405, &"GET, HEAD, OPTIONS, POST".parse()?));
//! assert!(String::from_utf8(answer.into_body())?.contains(r#""state":"FAILED""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod body;
mod call;
mod check;
mod decode;
mod error_job;
mod etag;
mod exchange;
mod items;
mod members;
mod preconditions;
mod refusal;
pub mod rules;
mod settings;
mod target;

pub use answer::{JOB_URI, Outcome};
pub use call::{ActionRequest, Call, Membership, Update};
pub use etag::ETag;
pub use exchange::Exchange;
pub use refusal::Refusal;
pub use settings::Provider;
pub use target::Target;
