//! What may be done with the resources of a type, and what it does to their state.

use std::borrow::Cow;
use std::fmt;

use super::support::Support;
use super::{CREATING, DELETING, ERROR, Invocation, Step, action, impossible, unsupported};
use crate::attributes::begins;
use crate::meta::{Lifecycle, State, Transition, Type};
use crate::reflect::Record;
use crate::{ImageType, ResourceMetadata, Result, printable};

/// The operations and states of a type: those of its table, without what a provider does not support, and with what it
/// adds (5.8).
///
/// ```
/// use cimi_model::lifecycle::Rules;
/// use cimi_model::meta::{State, Transition};
/// use cimi_model::reflect::Described;
/// use cimi_model::Machine;
///
/// const HIBERNATE: &str = "http://example.com/action/hibernate";
/// let rules = Rules::of(Machine::TYPE)
///     .with_state(State::lasting("HIBERNATED"))
///     .with_transition(Transition::new(HIBERNATE, &["STARTED"]).to("HIBERNATED"))
///     .with_transition(Transition::new("start", &["HIBERNATED"]).via("STARTING").to("STARTED"));
/// assert!(rules.problems().is_empty());
/// assert_eq!(rules.apply("HIBERNATED", "start")?.to, Some("STARTED"));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone)]
pub struct Rules {
    record_type: &'static Type,
    states: Vec<State>,
    transitions: Vec<Transition>,
    operations: Vec<Cow<'static, str>>,
    without: Vec<String>,
    pub(super) support: Option<Support>,
}

impl fmt::Debug for Rules {
    /// Without the table of the type.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Rules");
        out.field("record_type", &self.record_type.name).field("states", &self.states);
        out.field("transitions", &self.transitions).field("operations", &self.operations);
        out.field("without", &self.without).field("support", &self.support).finish()
    }
}

impl Rules {
    /// What the table of a type says.
    #[must_use]
    pub const fn of(record_type: &'static Type) -> Self {
        Self {
            record_type,
            states: Vec::new(),
            transitions: Vec::new(),
            operations: Vec::new(),
            without: Vec::new(),
            support: None,
        }
    }

    /// With a state of the provider's own.
    #[must_use]
    pub fn with_state(mut self, state: State) -> Self {
        self.states.push(state);
        self
    }

    /// With a transition of the provider's own, and its action if the type does not have it. The name of a new action
    /// is a URI.
    #[must_use]
    pub fn with_transition(mut self, transition: Transition) -> Self {
        self.transitions.push(transition);
        self.with_operation(transition.action)
    }

    /// With an operation that the table does not have, for example `insert` for any collection (5.5.12.2). If nothing
    /// else is said, it keeps the state and is possible in every state that lasts.
    #[must_use]
    pub fn with_operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        let operation = operation.into();
        let operation = match action::name(&operation) {
            name if name.len() == operation.len() => operation,
            name => Cow::Owned(name.to_owned()),
        };
        self.without.retain(|without| *without != operation);
        if !self.operations().any(|known| known == operation) {
            self.operations.push(operation);
        }
        self
    }

    /// Without an operation, which the provider does not support: all are optional (5.8).
    #[must_use]
    pub fn without_operation(mut self, operation: &str) -> Self {
        self.without.push(action::name(operation).to_owned());
        self
    }

    /// With these operations and no others of the table.
    #[must_use]
    pub fn only_operations(mut self, operations: &[&str]) -> Self {
        let wanted: Vec<&str> = operations.iter().map(|operation| action::name(operation)).collect();
        let dropped: Vec<String> =
            self.operations().filter(|known| !wanted.contains(known)).map(str::to_owned).collect();
        self.without.extend(dropped);
        self
    }

    /// With what the provider says about the type: capabilities that operations depend on, states of new resources, and
    /// `actions` of its own. Of the boolean capabilities that operations depend on, absent ones are false (5.11.1).
    /// Metadata of another type is passed over.
    #[must_use]
    pub fn with_metadata(mut self, metadata: &ResourceMetadata) -> Self {
        if metadata.type_uri.as_ref().is_some_and(|uri| !self.record_type.is_uri(uri.as_str())) {
            return self;
        }
        self.support = Some(Support::of(metadata, self.record_type));
        for uri in metadata.actions.iter().filter_map(|action| action.uri.as_ref()) {
            self = self.with_operation(uri.as_str().to_owned());
        }
        self
    }

    /// Without the operations that are for other resources of the type: `forceSync` is for services for high
    /// reliability.
    #[must_use]
    pub fn for_record(mut self, record: &dyn Record) -> Self {
        for some in self.record_type.operations_if {
            let given =
                self.record_type.operations_if.iter().filter(|other| begins(record, other.attribute, other.begins));
            let given: Vec<&str> = given.flat_map(|other| other.operations).copied().collect();
            let others = some.operations.iter().filter(|operation| !given.contains(operation));
            self.without.extend(others.map(|operation| (*operation).to_owned()));
        }
        self
    }

    /// The type.
    #[must_use]
    pub const fn record_type(&self) -> &'static Type {
        self.record_type
    }

    /// The states, the provider's own last.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.lifecycle().map_or(&[][..], |lifecycle| lifecycle.states).iter().chain(&self.states)
    }

    /// The operations that are supported, as [`Type::operations`] names them.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        let table = self.record_type.operations.iter().copied();
        let all = table.chain(self.operations.iter().map(AsRef::as_ref));
        all.filter(|operation| !self.without.iter().any(|without| without == operation))
    }

    /// The transitions of the operations that are supported, the provider's own last.
    pub fn transitions(&self) -> impl Iterator<Item = &Transition> {
        let table = self.lifecycle().map_or(&[][..], |lifecycle| lifecycle.transitions);
        let all = table.iter().chain(&self.transitions);
        all.filter(|row| self.supports(row.action) && self.is_granted(row))
    }

    /// Whether the operation is supported: named, or by its URI.
    #[must_use]
    pub fn supports(&self, operation: &str) -> bool {
        let name = action::name(operation);
        self.operations().any(|known| known == name)
    }

    /// The states from which an operation is possible.
    #[must_use]
    pub fn from_states(&self, operation: &str) -> Vec<&str> {
        let name = action::name(operation);
        if self.check_support(name).is_err() { Vec::new() } else { self.from(name) }
    }

    /// What an operation does to a resource in this state.
    ///
    /// # Errors
    /// As [`apply`](super::apply).
    pub fn apply(&self, state: &str, operation: &str) -> Result<Step> {
        self.apply_as(state, operation, &Invocation::default())
    }

    /// The same for a request with parameters.
    ///
    /// # Errors
    /// As [`apply`](super::apply); [`ErrorKind::State`](crate::ErrorKind::State) as well when the parameters ask for what
    /// is not possible from this state, and [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) when they ask for what
    /// no capability grants.
    pub fn apply_as(&self, state: &str, operation: &str, invocation: &Invocation<'_>) -> Result<Step> {
        let name = action::name(operation);
        self.check_support(name)?;
        if self.states().next().is_none() {
            return Ok(Step { gone: name == "delete", ..Step::default() });
        }
        let state = self.known(state)?;
        let mut rows = self.transitions().filter(|row| row.action == name).peekable();
        if rows.peek().is_none() {
            return self.apply_common(state, name);
        }
        let rows: Vec<&Transition> = rows.filter(|row| row.from.contains(&state.name)).collect();
        let Some(row) = rows.iter().find(|row| invocation.suits(row)) else {
            return Err(self.refusal(state, name, !rows.is_empty()));
        };
        self.check_image(row, invocation)?;
        let chosen = invocation.state.filter(|_| row.chosen).map(|chosen| self.lasting(chosen)).transpose()?;
        let gone = name == "delete";
        let to = chosen.or(row.to).unwrap_or(state.name);
        Ok(Step { via: row.via, then: row.then, optional: row.optional, to: (!gone).then_some(to), gone })
    }

    /// The state after an error: ERROR (5.8), and FAILED for a Job (5.17.1).
    #[must_use]
    pub fn error_state(&self) -> Option<&str> {
        let named = |name| self.states().map(|state| state.name).find(|state| *state == name);
        named(ERROR).or_else(|| named("FAILED"))
    }

    /// Whether the state lasts and nothing leads out of it but deletion: that of a Job that has ended.
    #[must_use]
    pub fn is_final(&self, state: &str) -> bool {
        let lasting = self.states().any(|known| known.name == state && !known.transient);
        let leaves = |row: &&Transition| {
            row.action != "delete" && row.from.contains(&state) && row.to.is_some_and(|to| to != state)
        };
        lasting && self.transitions().find(leaves).is_none() && self.changes(state).is_empty()
    }

    /// Whether a resource may go from one state into the other at once: by an operation, on the way of one, by itself,
    /// or because of an error. To stay is always possible.
    #[must_use]
    pub fn may_follow(&self, from: &str, to: &str) -> bool {
        let (Ok(from), Ok(to)) = (self.known(from), self.known(to)) else { return false };
        let (from, to) = (from.name, to.name);
        from == to
            || to == ERROR
            || self.changes(from).contains(&to)
            || self.created_in(from, to)
            || (to == DELETING && self.offers(from, "delete"))
            || self.transitions().any(|row| follows(row, from, to))
    }

    /// What is wrong with the states and operations that a provider added, in the words of 5.8; nothing, if all is
    /// right.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for row in &self.transitions {
            self.check_row(row, &mut problems);
        }
        for state in &self.states {
            let leads = |row: &Transition| [row.via, row.then, row.to].contains(&Some(state.name));
            if !self.transitions.iter().any(leads) {
                problems.push(format!("no operation leads to the state {}", state.name));
            }
        }
        problems
    }

    pub(super) fn lifecycle(&self) -> Option<&'static Lifecycle> {
        self.record_type.lifecycle
    }

    /// The transitions of an operation, supported or not.
    fn rows(&self, operation: &str) -> impl Iterator<Item = &Transition> {
        let table = self.lifecycle().map_or(&[][..], |lifecycle| lifecycle.transitions);
        table.iter().chain(&self.transitions).filter(move |row| row.action == operation)
    }

    /// Whether the capability and the operation are there that a transition depends on.
    fn is_granted(&self, row: &Transition) -> bool {
        row.needs.is_none_or(|needs| self.supports(needs))
            && row.capability.is_none_or(|name| self.support.as_ref().is_none_or(|support| support.grants(name)))
    }

    pub(super) fn check_support(&self, name: &str) -> Result<()> {
        if !self.supports(name) {
            return Err(unsupported(format!("{} is not an operation of {}", printable(name), self.record_type.name)));
        }
        let mut rows = self.rows(name).peekable();
        if rows.peek().is_some() && !rows.any(|row| self.is_granted(row)) {
            return Err(unsupported(format!("no capability of {} grants {name}", self.record_type.name)));
        }
        Ok(())
    }

    fn check_image(&self, row: &Transition, invocation: &Invocation<'_>) -> Result<()> {
        let (Some(name), Some(kind), Some(support)) = (row.other_images, &invocation.image_type, &self.support) else {
            return Ok(());
        };
        if *kind == ImageType::Snapshot || support.grants(name) {
            return Ok(());
        }
        Err(unsupported(format!("without {name}, {} is possible with a SNAPSHOT only", row.action)))
    }

    /// What an operation without transitions does.
    fn apply_common(&self, state: &State, name: &str) -> Result<Step> {
        if !is_common(state, name) {
            return Err(self.refusal(state, name, false));
        }
        if name == "delete" {
            let via = self.states().map(|state| state.name).find(|state| *state == DELETING);
            return Ok(Step { via, gone: true, ..Step::default() });
        }
        Ok(Step { to: Some(state.name), ..Step::default() })
    }

    fn refusal(&self, state: &State, name: &str, by_force: bool) -> crate::Error {
        if by_force {
            return impossible(format!("{name} is not possible from {} without force", state.name));
        }
        let from = self.from(name).join(", ");
        impossible(format!("{name} is not possible from {}, only from {from}", state.name))
    }

    /// The states from which a supported operation is possible.
    fn from(&self, name: &str) -> Vec<&str> {
        self.states().filter(|state| self.is_possible(state, name)).map(|state| state.name).collect()
    }

    /// Whether a supported operation is possible from a state, with some parameters at least.
    fn is_possible(&self, state: &State, name: &str) -> bool {
        let mut rows = self.transitions().filter(|row| row.action == name).peekable();
        match rows.peek() {
            Some(_) => rows.any(|row| row.from.contains(&state.name)),
            None => is_common(state, name),
        }
    }

    /// Whether an operation is supported and possible; in a type without states, every supported one is.
    pub(super) fn offers(&self, state: &str, name: &str) -> bool {
        self.check_support(name).is_ok()
            && (self.states().next().is_none() || self.known(state).is_ok_and(|state| self.is_possible(state, name)))
    }

    fn known(&self, name: &str) -> Result<&State> {
        let known = self.states().find(|state| state.name == name);
        known.ok_or_else(|| impossible(format!("'{}' is not a state of {}", printable(name), self.record_type.name)))
    }

    /// The state of this name, if it lasts.
    pub(super) fn lasting(&self, name: &str) -> Result<&'static str> {
        let state = self.known(name)?;
        if state.transient {
            return Err(impossible(format!("{name} is not a state that lasts")));
        }
        Ok(state.name)
    }

    fn changes(&self, from: &str) -> &'static [&'static str] {
        let changes = self.lifecycle().map_or(&[][..], |lifecycle| lifecycle.changes);
        changes.iter().find(|(state, _)| *state == from).map_or(&[], |(_, to)| to)
    }

    /// Whether a resource that is being created may be in this state next: the actions that lead to the initial state
    /// are the provider's (5.14.2.1).
    fn created_in(&self, from: &str, to: &str) -> bool {
        let initial = self.lifecycle().and_then(|lifecycle| lifecycle.initial);
        from == CREATING && initial.is_some_and(|initial| self.actions_to(initial, to).is_some() || self.is_derived())
    }

    pub(super) fn is_derived(&self) -> bool {
        self.lifecycle().is_some_and(|lifecycle| lifecycle.derived)
    }

    fn check_row(&self, row: &Transition, problems: &mut Vec<String>) {
        let named = row.from.iter().copied().chain([row.via, row.then, row.to].into_iter().flatten());
        for state in named.filter(|name| self.known(name).is_err()) {
            problems.push(format!("{} names the state {state}, which there is not", row.action));
        }
        let standard = self.record_type.operations.contains(&row.action);
        if !standard && !crate::Uri::from(row.action).is_absolute() {
            problems.push(format!("the operation {} has a name that is not a URI (4.2)", row.action));
        }
        // A new way between two states of the standard does not replace the standard's own (5.8 a).
        let Some(lifecycle) = self.lifecycle().filter(|_| !standard) else { return };
        let same = |own: &&Transition| own.to == row.to && own.from.iter().any(|from| row.from.contains(from));
        for own in lifecycle.transitions.iter().filter(same).filter(|own| own.to.is_some()) {
            if !self.supports(own.action) {
                problems.push(format!("{} is supported in place of {}", row.action, own.action));
            }
        }
    }
}

/// Whether an operation without transitions is possible: `edit` from when the resource is there until it is being
/// deleted, the others in every state that lasts.
fn is_common(state: &State, name: &str) -> bool {
    if name == "edit" { ![CREATING, DELETING].contains(&state.name) } else { !state.transient }
}

/// Whether a transition has these two states one after the other.
fn follows(row: &Transition, from: &str, to: &str) -> bool {
    let begins = row.from.contains(&from);
    if row.action == "delete" {
        return begins && row.via == Some(to);
    }
    // An action that keeps the state ends in the one that it began in, any of these.
    let ends = row.chosen || row.to.map_or_else(|| row.from.contains(&to), |end| end == to);
    let at_once = (row.via.is_none() || row.optional) && row.to == Some(to);
    (begins && (row.via == Some(to) || at_once))
        || (row.via == Some(from) && row.then == Some(to))
        || (row.then.or(row.via) == Some(from) && ends)
}
