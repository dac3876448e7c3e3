//! The states of a resource and what leads from one to another (5.8).

/// The states of a type and the actions that change them.
///
/// `edit` and `delete` have no transition where they follow the common rules, which
/// [`lifecycle`](crate::lifecycle) knows.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The states.
    pub states: &'static [State],
    /// The actions that change the state, or are possible in some states only. An action whose effect depends on the
    /// state has several.
    pub transitions: &'static [Transition],
    /// What the resource goes through by itself, beyond what a creation, deletion or transition has begun: from
    /// which state to which others.
    pub changes: &'static [(&'static str, &'static [&'static str])],
    /// The state after creation, where neither the template nor a capability says otherwise.
    pub initial: Option<&'static str>,
    /// The attributes with the components that the actions reach as well.
    pub reaches: &'static [&'static str],
    /// Whether that is so only for actions that come from a resource of which this one is a component.
    pub passes_on: bool,
    /// Whether the state follows from those of the components: it is the state that all have, and
    /// [`initial`](Self::initial) where there are none or their states differ.
    pub derived: bool,
}

/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// The value of the attribute `state`.
    pub name: &'static str,
    /// Whether the resource leaves it by itself.
    pub transient: bool,
    /// What it means.
    pub doc: &'static str,
}

/// What an action does to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// The name of the action, without the URI it begins with; the whole URI of a provider's own.
    pub action: &'static str,
    /// The states from which the action may be invoked.
    pub from: &'static [&'static str],
    /// The state while it is carried out; none if there is no such state.
    pub via: Option<&'static str>,
    /// The state that follows `via` before the action is done, where there are two.
    pub then: Option<&'static str>,
    /// Whether `via` is shown only if other actions are refused meanwhile.
    pub optional: bool,
    /// The state after it; none if it is the state before.
    pub to: Option<&'static str>,
    /// Whether the request decides about the state after it, and `to` is what it is otherwise.
    pub chosen: bool,
    /// Whether this is possible only as if power were cut: not with `force` set to false.
    pub forced: bool,
    /// The boolean capability of the type without which the action is not supported.
    pub capability: Option<&'static str>,
    /// The boolean capability of the type without which only images of the type SNAPSHOT will do.
    pub other_images: Option<&'static str>,
    /// The operation that must be supported too.
    pub needs: Option<&'static str>,
}

/// Operations that only some resources of a type have.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OperationsIf {
    /// The attribute that decides.
    pub attribute: &'static str,
    /// The beginning of its value.
    pub begins: &'static str,
    /// The operations, which other resources do not have unless another entry gives them.
    pub operations: &'static [&'static str],
}

impl OperationsIf {
    /// The operations of resources of which this attribute begins so.
    #[must_use]
    pub const fn new(attribute: &'static str, begins: &'static str, operations: &'static [&'static str]) -> Self {
        Self { attribute, begins, operations }
    }
}

impl Lifecycle {
    /// States and transitions.
    #[must_use]
    pub const fn new(states: &'static [State], transitions: &'static [Transition]) -> Self {
        Self { states, transitions, changes: &[], initial: None, reaches: &[], passes_on: false, derived: false }
    }

    /// The state after creation.
    #[must_use]
    pub const fn initial(mut self, state: &'static str) -> Self {
        self.initial = Some(state);
        self
    }

    /// What the resource goes through by itself.
    #[must_use]
    pub const fn changes(mut self, changes: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.changes = changes;
        self
    }

    /// The attributes with the components that the actions reach as well.
    #[must_use]
    pub const fn reaches(mut self, attributes: &'static [&'static str]) -> Self {
        self.reaches = attributes;
        self
    }

    /// The attributes with the components that actions reach which come from the resource above.
    #[must_use]
    pub const fn passes_on(mut self, attributes: &'static [&'static str]) -> Self {
        self.reaches = attributes;
        self.passes_on = true;
        self
    }

    /// The state follows from those of the components.
    #[must_use]
    pub const fn derived(mut self) -> Self {
        self.derived = true;
        self
    }
}

impl State {
    /// A state that lasts.
    #[must_use]
    pub const fn lasting(name: &'static str) -> Self {
        Self { name, transient: false, doc: "" }
    }

    /// A state that the resource leaves by itself.
    #[must_use]
    pub const fn transient(name: &'static str) -> Self {
        Self { name, transient: true, doc: "" }
    }

    /// What it means.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }
}

impl Transition {
    /// An action that keeps the state.
    #[must_use]
    pub const fn new(action: &'static str, from: &'static [&'static str]) -> Self {
        Self {
            action,
            from,
            via: None,
            then: None,
            optional: false,
            to: None,
            chosen: false,
            forced: false,
            capability: None,
            other_images: None,
            needs: None,
        }
    }

    /// The state while it is carried out.
    #[must_use]
    pub const fn via(mut self, state: &'static str) -> Self {
        self.via = Some(state);
        self
    }

    /// The state that follows `via` before the action is done.
    #[must_use]
    pub const fn then(mut self, state: &'static str) -> Self {
        self.then = Some(state);
        self
    }

    /// The state while it is carried out, if other actions are refused meanwhile.
    #[must_use]
    pub const fn if_busy(mut self, state: &'static str) -> Self {
        self.via = Some(state);
        self.optional = true;
        self
    }

    /// The state after it.
    #[must_use]
    pub const fn to(mut self, state: &'static str) -> Self {
        self.to = Some(state);
        self
    }

    /// The state after it where the request does not decide about that.
    #[must_use]
    pub const fn to_chosen_or(mut self, state: &'static str) -> Self {
        self.to = Some(state);
        self.chosen = true;
        self
    }

    /// Only as if power were cut.
    #[must_use]
    pub const fn forced(mut self) -> Self {
        self.forced = true;
        self
    }

    /// The capability without which the action is not supported.
    #[must_use]
    pub const fn capability(mut self, name: &'static str) -> Self {
        self.capability = Some(name);
        self
    }

    /// The capability without which only snapshots will do.
    #[must_use]
    pub const fn other_images(mut self, capability: &'static str) -> Self {
        self.other_images = Some(capability);
        self
    }

    /// The operation that must be supported too.
    #[must_use]
    pub const fn needs(mut self, operation: &'static str) -> Self {
        self.needs = Some(operation);
        self
    }
}
