//! Who may move an agreement from which state to which.

use super::{Agreement, AgreementState};
use crate::ext::NAMESPACE;
use crate::{DateTime, Error, ErrorKind, Operation, Result, open_enum};

open_enum! {
    /// What can be done with an agreement.
    pub AgreementAction {
        /// The consumer agrees to what is offered.
        Agree = "agree",
        /// It is ended.
        Terminate = "terminate",
        /// The provider wants other terms.
        Renegotiate = "renegotiate",
        /// The consumer offers anew, and the provider would agree.
        Offer = "offer",
        /// What it promises was not kept.
        Invalidate = "invalidate",
    }
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "an agreement has two parties")]
pub enum Party {
    /// The one who gets the service.
    Consumer,
    /// The one who gives it.
    Provider,
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// The state before.
    pub from: AgreementState,
    /// What is done.
    pub action: AgreementAction,
    /// Who may do it.
    pub party: Party,
    /// The state after.
    pub to: AgreementState,
}

const fn transition(from: AgreementState, action: AgreementAction, party: Party, to: AgreementState) -> Transition {
    Transition { from, action, party, to }
}

use AgreementAction::{Agree, Invalidate, Offer, Renegotiate, Terminate};
use AgreementState::{Agreed, Invalid, Offered, Terminated};
use Party::{Consumer, Provider};

/// All changes of state that there are. An agreement that is terminated stays so.
pub const TRANSITIONS: &[Transition] = &[
    transition(Offered, Agree, Consumer, Agreed),
    transition(Offered, Terminate, Consumer, Terminated),
    transition(Offered, Terminate, Provider, Terminated),
    transition(Agreed, Terminate, Consumer, Terminated),
    transition(Agreed, Terminate, Provider, Terminated),
    transition(Agreed, Renegotiate, Provider, AgreementState::Renegotiate),
    transition(Agreed, Invalidate, Provider, Invalid),
    transition(Invalid, Renegotiate, Provider, AgreementState::Renegotiate),
    transition(Invalid, Terminate, Consumer, Terminated),
    transition(Invalid, Terminate, Provider, Terminated),
    transition(AgreementState::Renegotiate, Offer, Consumer, Offered),
    transition(AgreementState::Renegotiate, Terminate, Consumer, Terminated),
    transition(AgreementState::Renegotiate, Terminate, Provider, Terminated),
];

impl AgreementAction {
    /// The URI of the operation, as `rel` of an [`Operation`] has it.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("{NAMESPACE}/action/{}", self.as_str())
    }
}

impl Agreement {
    /// What a party may do now.
    pub fn transitions(&self, party: Party) -> impl Iterator<Item = &'static Transition> {
        TRANSITIONS.iter().filter(move |known| Some(&known.from) == self.state.as_ref() && known.party == party)
    }

    /// The operations that a party is offered at a URI.
    #[must_use]
    pub fn operations_for(&self, party: Party, href: &str) -> Vec<Operation> {
        let operation = |known: &Transition| Operation {
            rel: Some(known.action.uri().into()),
            href: Some(href.into()),
            ..Operation::default()
        };
        self.transitions(party).map(operation).collect()
    }

    /// Does something with it at an instant. Agreeing fills `agreed` and, with the feature `hash`, the hash; a new offer
    /// empties both.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the party may not do that now, or the agreement is over. It is then as it was.
    pub fn perform(&mut self, action: &AgreementAction, party: Party, now: &DateTime) -> Result<()> {
        let state = self.state.as_ref().map_or("not offered", AgreementState::as_str);
        let fail = |text: String| Error::new(ErrorKind::State, text).at_path("/Agreement/state");
        if self.is_over(now) && *action != Terminate {
            return Err(fail("the end of this agreement has passed".into()));
        }
        let Some(found) = self.transitions(party).find(|known| known.action == *action) else {
            let who = match party {
                Consumer => "a consumer",
                Provider => "a provider",
            };
            return Err(fail(format!("{who} cannot {action} what is {state}")));
        };
        match found.to {
            Agreed => {
                #[cfg(feature = "hash")]
                {
                    self.hash = Some(self.digest()?);
                }
                self.agreed = Some(now.clone());
            }
            Offered => {
                self.hash = None;
                self.agreed = None;
            }
            _ => {}
        }
        self.state = Some(found.to.clone());
        self.updated = Some(now.clone());
        Ok(())
    }

    /// Whether its end has passed.
    #[must_use]
    pub fn is_over(&self, now: &DateTime) -> bool {
        let end = self.end.as_ref().and_then(DateTime::instant);
        end.zip(now.instant()).is_some_and(|(end, now)| end <= now)
    }
}
