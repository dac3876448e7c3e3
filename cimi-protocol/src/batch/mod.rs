//! Several operations in one Job (use case Multicloud-001 of DSP2042).
//!
//! CIMI has single operations; a change to a System takes several, and a provider that has to place resources wants to know
//! all of them before it begins. A [`Batch`] is an ordered set of operations with dependencies, all or nothing or best
//! effort. It is an extension (DSP0263 5.1): a resource of the namespace [`NAMESPACE`](cimi_model::ext::NAMESPACE), which
//! consumers add to the collection that the entry point refers to ([`offer`], [`collection`]), and which becomes one Job with
//! nested Jobs.
//!
//! A consumer builds it. Later steps refer to the [results](result) of others, wherever a URI may stand:
//!
//! ```
//! use cimi_model::{Dialect, MachineCreate, MachineTemplate, Ref, VolumeCreate, VolumeTemplate, json};
//! use cimi_protocol::batch::{Batch, BatchStep, result};
//!
//! let volume = VolumeCreate { volume_template: Some(Ref::to("volumeTemplates/1")), ..Default::default() };
//! let machine = MachineCreate { machine_template: Some(Ref::to("machineTemplates/1")), ..Default::default() };
//! let mut connect = cimi_model::Action::default();
//! connect.volume = Some(Ref::to(result("data")));
//! let batch = Batch::all_or_nothing()
//!     .step(BatchStep::add("volumes", &volume)?.named("data"))
//!     .step(BatchStep::add("machines", &machine)?.named("web"))
//!     .step(BatchStep::invoke("connectvolume", result("web")).with_body(&connect)?.named("connect"))
//!     .step(BatchStep::invoke("start", result("web")).after("connect"));
//! let text = json::to_string(&batch, Dialect::V2.into())?;
//! assert!(text.contains(r#""target":{"href":"urn:x-cimi:result:web"}"#));
//! # Ok::<(), cimi_model::Error>(())
//! ```
//!
//! A provider registers the type, so that requests with it are decoded like any other, and carries it out by a [`Run`]:
//!
//! ```
//! use cimi_model::{DateTime, Document, JobState, Registry, Uri};
//! use cimi_protocol::batch::{Batch, Next, Run, StepResult};
//! use cimi_protocol::provider::rules::job::End;
//!
//! let registry = Registry::standard().with_collection::<Batch>();
//! let text = br#"{"resourceURI": "http://cimi-rs.org/ext/1/Batch", "steps": [
//!     {"name": "net", "action": "add", "target": {"href": "networks"}, "body": {"networkTemplate": {"href": "nt/1"}}},
//!     {"name": "web", "action": "add", "target": {"href": "machines"}, "after": ["net"],
//!      "body": {"machineTemplate": {"href": "mt/1"}}}]}"#;
//! let document = Document::read(text, &registry, &Default::default())?.value;
//! let batch = document.into_value::<Batch>().map_err(|_| "not a Batch")?;
//!
//! let now: DateTime = "2025-01-01T00:00:00Z".parse()?;
//! let mut number = 0;
//! let mut ids = || { number += 1; Uri::from(format!("https://example.com/jobs/{number}")) };
//! let mut run = Run::new(batch, &"https://example.com/batches".into(), &mut ids, &now).map_err(|_| "not a plan")?;
//! assert_eq!(run.next(), Some(Next::Run(0)));
//!
//! let request = run.begin(0, &now)?;
//! let message = request.to_http(&"https://example.com/".into())?;
//! assert_eq!((message.method().as_str(), message.uri().path()), ("POST", "/networks"));
//! run.done(0, StepResult { resource: Some("https://example.com/networks/1".into()), ..Default::default() }, &now)?;
//!
//! // The second step fails, so the first is undone.
//! run.begin(1, &now)?;
//! run.failed(1, &End::failed(10_507, "no capacity left"), &now)?;
//! assert_eq!(run.next(), Some(Next::Undo(0)));
//! run.undo(0, &now)?;
//! run.undone(0, &now)?;
//! assert!(run.next().is_none() && run.is_over());
//! assert_eq!(run.job().state, Some(JobState::Failed));
//! assert_eq!(run.job().status_message.as_deref(), Some("'web': no capacity left (undone: 1)"));
//! assert_eq!(run.nested_jobs().count(), 3); // two steps, and the undoing of one
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! How a step is undone is the provider's: what was added is deleted, what was edited is replaced by what it was, what was
//! started is stopped. What cannot be undone, such as a deletion, is best not begun before all else is done; the order of
//! the steps and [`after`](BatchStep::after) say so.

mod body;
mod build;
mod model;
mod plan;
mod references;
mod request;
mod run;

pub use build::{collection, description, offer};
pub use model::{Batch, BatchMode, BatchStep};
pub use plan::Plan;
pub use references::{result, result_attribute};
pub use request::{Reported, Request, StepResult};
pub use run::{Next, Run, StepState};
