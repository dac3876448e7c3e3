//! Agreements on service levels: offered, negotiated, agreed, watched and ended (the OCCI proposal on SLA negotiation).
//!
//! * An [`AgreementTemplate`] is a provider's invitation: terms, with the bounds in which they can be chosen, and service
//!   level objectives. A consumer fills it in, which is the offer: an [`Agreement`] without a state.
//! * [`consider`] decides on an offer: it is accepted, refused with all reasons, or answered by a counter-offer.
//! * [`TRANSITIONS`] says who may move an agreement from which state to which; [`Agreement::perform`] does it. Agreeing
//!   seals the terms with a [`hash`](Agreement::hash), so that both can tell whether they are the same later.
//! * An [`AgreementLink`] puts a resource under an agreement; [`eligible`] says whether it can be. [`judge`] makes the
//!   Events of violations, and invalidates an agreement that has had enough of them.
//!
//! ```
//! use cimi_model::ext::agreement::{Agreement, AgreementAction, AgreementState, AgreementTemplate, Decision, Party, Term, consider};
//!
//! let template = AgreementTemplate {
//!     terms: vec![Term { minimum: Some("1".into()), maximum: Some("8".into()), ..Term::new("occi.compute.cores", "2") }],
//!     ..Default::default()
//! };
//! let offer = Agreement { terms: vec![Term::new("occi.compute.cores", "16")], ..Default::default() };
//! let Decision::Counter(mut agreement) = consider(&offer, &template)? else { panic!() };
//! assert_eq!(agreement.terms[0].value.as_deref(), Some("8"));
//! let now = "2025-01-01T12:00:00Z".parse()?;
//! agreement.perform(&AgreementAction::Agree, Party::Consumer, &now)?;
//! assert_eq!(agreement.state, Some(AgreementState::Agreed));
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod link;
mod model;
mod negotiate;
mod seal;
mod states;

pub use link::{Judgement, Tolerance, eligible, judge};
pub use model::{Agreement, AgreementLink, AgreementState, AgreementTemplate, Term};
pub use negotiate::{Decision, consider};
pub use states::{AgreementAction, Party, TRANSITIONS, Transition};
