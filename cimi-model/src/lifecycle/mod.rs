//! What operations do: the states that they lead through, and which of them are possible now (4.2, 5.8).
//!
//! * [`apply`] says what an action does to a state, or from which states it is possible.
//! * [`Rules`] say the same for what a provider supports and adds, make the `operations` of a resource, and give the
//!   states that a creation leads to.
//! * [`perform`] carries an action to the components of a System or Network, and [`system_state`] and
//!   [`derived_state`] give the state that a System has because of its Machines.
//! * [`action`] holds the URIs of the actions.
//!
//! All read the tables, [`Type::operations`] and [`Type::lifecycle`], and none changes anything.
//!
//! ```
//! use cimi_model::lifecycle::{self, Rules};
//! use cimi_model::reflect::Described;
//! use cimi_model::{Machine, MachineState, Uri};
//!
//! let step = lifecycle::apply(Machine::TYPE, "STOPPED", "start")?;
//! assert_eq!((step.via, step.to), (Some("STARTING"), Some("STARTED")));
//! let error = lifecycle::apply(Machine::TYPE, "STOPPED", "pause").unwrap_err();
//! assert_eq!(error.reason(), "pause is not possible from STOPPED, only from STARTED");
//!
//! let machine = Machine { state: Some(MachineState::Stopped), ..Default::default() };
//! let href = |rel: &str| Some(Uri::from(format!("machines/1?{}", lifecycle::name(rel))));
//! let operations = Rules::of(Machine::TYPE).without_operation("suspend").operations_of(&machine, &href);
//! let start = operations.iter().find(|o| o.rel.as_ref().is_some_and(|rel| lifecycle::name(rel.as_str()) == "start"));
//! assert_eq!(start.and_then(|o| o.href.as_ref()).map(Uri::as_str), Some("machines/1?start"));
//! # Ok::<(), cimi_model::Error>(())
//! ```

pub mod action;
mod creation;
mod jobs;
mod offer;
mod rules;
mod step;
mod support;
mod system;
mod tree;

pub use action::{action_uri, name, rel};
pub use jobs::overall_state;
pub use rules::Rules;
pub use step::{Invocation, Step};
pub use system::{derived_state, system_state};
pub use tree::{Component, Effect, Plan, expanded, perform};

use crate::meta::Type;
use crate::{Error, ErrorKind, Result};

/// What an operation does to a resource of this type that is in this state, as the tables have it.
///
/// The operation is named as in [`Type::operations`], or by its URI. A type without states ignores the state.
///
/// # Errors
/// [`ErrorKind::Unsupported`] when the type does not have the operation; [`ErrorKind::State`] when the type does not have
/// the state, or the operation is not possible from it: the message says from which states it is.
pub fn apply(record_type: &'static Type, state: &str, operation: &str) -> Result<Step> {
    Rules::of(record_type).apply(state, operation)
}

/// An operation that is not possible from a state.
fn impossible(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::State, reason)
}

fn unsupported(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Unsupported, reason)
}

/// The state in which a resource is while it is created (4.2.1.1).
const CREATING: &str = "CREATING";
/// The state in which a resource is while it is deleted (4.2.1.4).
const DELETING: &str = "DELETING";
/// The state in which a resource is after an error (5.8).
const ERROR: &str = "ERROR";
