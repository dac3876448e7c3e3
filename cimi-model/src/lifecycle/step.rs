//! What becomes of a state.

use crate::meta::Transition;
use crate::{ImageType, MachineImage};

/// The states that an operation leads through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The state while the operation is carried out; none if the state does not change meanwhile.
    pub via: Option<&'static str>,
    /// The state that follows `via` before the operation is done: a `restart` is STOPPING, then STARTING.
    pub then: Option<&'static str>,
    /// Whether `via` is shown only if other operations are refused meanwhile (5.14.1, CAPTURING).
    pub optional: bool,
    /// The state when the operation is done; none if there is none: the type has no states, or the resource is gone.
    pub to: Option<&'static str>,
    /// Whether the resource is deleted in the end.
    pub gone: bool,
}

impl Step {
    /// The states one after the other.
    pub fn states(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.via, self.then, self.to].into_iter().flatten()
    }

    /// The state right after the request was accepted.
    #[must_use]
    pub fn first(&self) -> Option<&'static str> {
        self.via.or(self.to)
    }
}

/// What a request for an operation says that matters for the states.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Invocation<'a> {
    /// `stop`, `restart`: the parameter `force`.
    pub force: Option<bool>,
    /// `restore`: the state that the image holds, if it says so; it must be one that lasts.
    pub state: Option<&'a str>,
    /// `restore`: the type of the image.
    pub image_type: Option<ImageType>,
}

impl<'a> Invocation<'a> {
    /// With the parameter `force`.
    #[must_use]
    pub fn force(mut self, force: bool) -> Self {
        self.force = Some(force);
        self
    }

    /// With the state that a resource is restored to.
    #[must_use]
    pub fn state(mut self, state: &'a str) -> Self {
        self.state = Some(state);
        self
    }

    /// With the image that a resource is restored from.
    #[must_use]
    pub fn image(mut self, image: &MachineImage) -> Self {
        self.image_type.clone_from(&image.image_type);
        self
    }

    /// Whether the request is for what the transition can do: a power-off where nothing else is possible.
    pub(super) fn suits(&self, transition: &Transition) -> bool {
        !(transition.forced && self.force == Some(false))
    }
}
