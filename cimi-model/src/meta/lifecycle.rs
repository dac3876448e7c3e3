//! The states of a resource and what leads from one to another (5.8).

/// The states of a type and the actions that change them.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The states.
    pub states: &'static [State],
    /// The actions that change the state.
    pub transitions: &'static [Transition],
    /// The state after creation, where neither the template nor a capability says otherwise.
    pub initial: Option<&'static str>,
}

/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// The value of the attribute `state`.
    pub name: &'static str,
    /// Whether the resource leaves it by itself.
    pub transient: bool,
}

/// What an action does to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// The name of the action, without the URI it begins with.
    pub action: &'static str,
    /// The states from which the action may be invoked.
    pub from: &'static [&'static str],
    /// The state while it is carried out; none if there is no such state.
    pub via: Option<&'static str>,
    /// The state after it; none if it is the state before.
    pub to: Option<&'static str>,
}

impl Lifecycle {
    /// States and transitions.
    #[must_use]
    pub const fn new(states: &'static [State], transitions: &'static [Transition]) -> Self {
        Self { states, transitions, initial: None }
    }

    /// The state after creation.
    #[must_use]
    pub const fn initial(mut self, state: &'static str) -> Self {
        self.initial = Some(state);
        self
    }
}

impl State {
    /// A state that lasts.
    #[must_use]
    pub const fn lasting(name: &'static str) -> Self {
        Self { name, transient: false }
    }

    /// A state that the resource leaves by itself.
    #[must_use]
    pub const fn transient(name: &'static str) -> Self {
        Self { name, transient: true }
    }
}

impl Transition {
    /// An action that keeps the state.
    #[must_use]
    pub const fn new(action: &'static str, from: &'static [&'static str]) -> Self {
        Self { action, from, via: None, to: None }
    }

    /// The state while it is carried out.
    #[must_use]
    pub const fn via(mut self, state: &'static str) -> Self {
        self.via = Some(state);
        self
    }

    /// The state after it.
    #[must_use]
    pub const fn to(mut self, state: &'static str) -> Self {
        self.to = Some(state);
        self
    }
}
