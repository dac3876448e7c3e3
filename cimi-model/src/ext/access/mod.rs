//! Access policies (DSP2042 4.3.1, use case Log/Met-001).
//!
//! * An [`AccessPolicy`] says who may do what, in a document that it has or refers to; an [`AccessPolicyTemplate`] is
//!   one that a provider offers. [`ACCESS_POLICY`] is where a System, and any other resource, has its policies,
//!   [`ACCESS_CONTROL`] where the entry point refers to all of them, and [`SUBJECTS`] whom a policy is for: users,
//!   groups and roles of an identity system outside of CIMI.
//! * A [`PolicyDocument`] has rules of roles, as OpenStack has them ([`RolePolicy`]), or statements, as AWS has them
//!   ([`StatementPolicy`]). Anything else is kept.
//! * [`PolicySet`] takes the policies of a resource and of its System together, answers whether a [`Subject`] may
//!   invoke an operation with a [`Decision`] that says which rule decided, and takes the operations out of a resource
//!   that the subject may not invoke. [`action_names`] says what operations are called in policies.
//! * [`embed`] puts policies by value into a resource that goes to another provider; [`carry`] gives them to what is
//!   made of it.
//!
//! What is not understood never allows anything, and is told.
//!
//! ```
//! use cimi_model::ext::access::{Inquiry, PolicyDocument, Subject};
//! use cimi_model::Machine;
//!
//! let policy: PolicyDocument = r#"{"default": "role:admin", "compute:stop": "role:admin or role:dept1"}"#.parse()?;
//! let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
//! let carol = Subject::user("carol").with_role("dept2");
//! let decision = policy.decide(&Inquiry::new(&carol, &machine, "stop"));
//! assert_eq!(decision.to_string(), "denied: compute:stop does not grant it");
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod action;
mod check;
mod check_parse;
mod condition;
mod content;
mod decision;
mod document;
mod inquiry;
mod model;
mod moving;
mod pattern;
mod policy_set;
mod role_evaluate;
mod role_policy;
mod statement;
mod statement_evaluate;
mod statement_read;
mod subject;
mod truth;

pub use action::{ACTIONS, action_names, operation_of_method};
pub use check::{Check, CheckError};
pub use content::PolicyContent;
pub use decision::{Decision, Outcome, Reason};
pub use document::PolicyDocument;
pub use inquiry::{Circumstances, Inquiry};
pub use model::{
    ACCESS_CONTROL, ACCESS_POLICY, AccessControl, AccessPolicy, AccessPolicyTemplate, Identity, IdentityKind, SUBJECTS,
};
pub use moving::{CarriedPolicy, carry, embed};
pub use policy_set::{PolicySet, PolicyStore};
pub use role_policy::RolePolicy;
pub use statement::{Condition, Effect, Principals, Selector, Statement, StatementPolicy};
pub use subject::Subject;
