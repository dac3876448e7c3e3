//! What a provider's store keeps to: pure functions over records, for the standard's types and a provider's own.
//!
//! - [`replace`] and [`merge`] apply an update (4.2.1.3).
//! - [`upkeep`] writes what the provider writes by itself: common attributes, states, the members of collections.
//! - [`job`] makes Jobs and keeps them up (5.17.1).
//! - [`conformance`] says what a provider lacks of what every provider has (7.1).
//! - [`Export`] and [`Import`] are the requests of those names (5.13.1.2, 5.13.2.1).
//!
//! What a request needs beside them is in cimi-model: [`Expander`](cimi_model::template::Expander) makes resources from
//! templates, [`lifecycle`](cimi_model::lifecycle) says what operations do, and
//! [`Relations`](cimi_model::relations::Relations) who is whose child and what a deletion takes along. A Machine from its
//! creation to its end:
//!
//! ```
//! use cimi_model::lifecycle::{Invocation, Rules};
//! use cimi_model::reflect::{Described, Record};
//! use cimi_model::relations::Relations;
//! use cimi_model::{Collection, DateTime, Machine, Ref, Uri};
//! use cimi_protocol::provider::rules::{job, upkeep};
//!
//! let morning: DateTime = "2025-01-01T08:00:00Z".parse()?;
//! let rules = Rules::of(Machine::described());
//! let machines = Uri::from("machines");
//! let mut collection = Collection::<Machine> { id: Some(machines.clone()), ..Default::default() };
//!
//! // It is created: CREATING until the Job is done, and a child of the collection that it was added to.
//! let mut machine = Machine { name: Some("web".into()), ..Default::default() };
//! let mut job = job::new("add", &machines, &morning);
//! upkeep::register(&mut machine, &"machines/1".into(), Some(&machines), &morning);
//! let step = upkeep::create(&mut machine, &rules, Some("STARTED"))?;
//! assert_eq!(machine.state, Some("CREATING".into()));
//! job::affect(&mut job, machine.id.clone());
//! upkeep::complete(&mut machine, &step);
//! upkeep::put_in(&mut collection, &machine);
//! job::finish(&mut job, &job::End::Success, &morning)?;
//! assert_eq!((machine.state.clone(), collection.count), (Some("STARTED".into()), Some(1)));
//!
//! // It is stopped. That is no update (5.7.1).
//! let step = upkeep::begin(&mut machine, &rules, "stop", &Invocation::default())?;
//! assert_eq!(machine.state, Some("STOPPING".into()));
//! upkeep::complete(&mut machine, &step);
//! assert_eq!(machine.updated, Some(morning));
//! assert!(upkeep::begin(&mut machine, &rules, "pause", &Invocation::default()).is_err());
//!
//! // It is deleted: its disks go with it, and what refers to it does no longer (5.10).
//! upkeep::begin(&mut machine, &rules, "delete", &Invocation::default())?;
//! assert_eq!(machine.state, Some("DELETING".into()));
//! machine.disks = Some(Ref::to("machines/1/disks"));
//! let resources: [&dyn Record; 3] = [&machine, &collection, &job];
//! let deletion = Relations::new(&resources, None).deletion(&["machines/1"], &[]);
//! let gone: Vec<&str> = deletion.removed.iter().map(|removed| removed.id.as_str()).collect();
//! assert_eq!(gone, ["machines/1/disks", "machines/1"]);
//! deletion.apply(&mut collection);
//! deletion.apply(&mut job);
//! assert_eq!((collection.count, job.affected_resources.len()), (Some(0), 1));
//! # Ok::<(), cimi_model::Error>(())
//! ```

pub mod conformance;
pub mod job;
mod transfer;
mod update;
pub mod upkeep;

pub use transfer::{Export, Import, OVF};
pub use update::{UpdateRules, Updated, merge, replace};
