//! The state of a System (5.13.1).

use super::tree::{Component, Tree};
use super::{CREATING, DELETING, ERROR, Rules};
use crate::reflect::Described;
use crate::{MachineState, System, SystemState};

/// The state of a System that has these Machines, those of its sub-Systems included (DSP0263 5.13.1, table 9).
///
/// While the System itself is CREATING or DELETING, or the provider has found an ERROR in it, that is its state, and so is
/// one that the provider has added. Otherwise it is the state that all Machines have, if Systems have such a state, and
/// MIXED if not: also when all are CAPTURING, or all FAILED. A Machine whose state is not known makes it MIXED.
///
/// ```
/// use cimi_model::{MachineState, SystemState, lifecycle::system_state};
///
/// let (started, stopped) = (Some(&MachineState::Started), Some(&MachineState::Stopped));
/// assert_eq!(system_state(None, [started, started]), SystemState::Started);
/// assert_eq!(system_state(None, [started, stopped]), SystemState::Mixed);
/// assert_eq!(system_state(None, []), SystemState::Mixed);
/// assert_eq!(system_state(Some(&SystemState::Deleting), [stopped]), SystemState::Deleting);
/// ```
pub fn system_state<'a>(
    own: Option<&SystemState>,
    machines: impl IntoIterator<Item = Option<&'a MachineState>>,
) -> SystemState {
    let rules = Rules::of(System::TYPE);
    if let Some(own) = own.filter(|own| is_own(&rules, own.as_str())) {
        return own.clone();
    }
    let states = machines.into_iter().map(|state| Summary::of(state.map(MachineState::as_str)));
    states.fold(Summary::Nothing, Summary::join).state(&rules).map_or(SystemState::Mixed, SystemState::from)
}

/// The state of a System by a tree of its components: as [`system_state`], with `components` as in
/// [`perform`](super::perform). None for a type whose state does not follow from others.
///
/// A sub-System counts with its Machines only, whatever its own state is. A state that the rules of the System add follows
/// from the Machines like the others.
#[must_use]
pub fn derived_state<'a>(
    root: &Component<'a>,
    components: &dyn Fn(&Component<'a>) -> Vec<Component<'a>>,
) -> Option<&'a str> {
    if !root.rules.is_derived() {
        return None;
    }
    if let Some(own) = root.state.filter(|own| is_own(&root.rules, own)) {
        return Some(own);
    }
    let tree = Tree::of(root.clone(), components);
    let states: Vec<Option<&'a str>> = tree.nodes.iter().map(|component| component.state).collect();
    tree.summaries(|index| states.get(index).copied().flatten()).first()?.state(&root.rules)
}

/// Whether the state is the System's own, and not one that follows from others.
fn is_own(rules: &Rules, state: &str) -> bool {
    [CREATING, DELETING, ERROR].contains(&state) || !rules.states().any(|known| known.name == state)
}

/// What is known of the states of some Machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Summary<'a> {
    /// There are none.
    Nothing,
    /// All are in this state.
    All(&'a str),
    /// They are in different states, or in unknown ones.
    Various,
}

impl<'a> Summary<'a> {
    pub(super) fn of(state: Option<&'a str>) -> Self {
        state.map_or(Self::Various, Self::All)
    }

    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, one) | (one, Self::Nothing) => one,
            (Self::All(one), Self::All(other)) if one == other => self,
            _ => Self::Various,
        }
    }

    /// The state of a resource with such components.
    pub(super) fn state(self, rules: &Rules) -> Option<&'static str> {
        let common = match self {
            Self::All(state) if !is_own(rules, state) => rules.states().find(|known| known.name == state),
            _ => None,
        };
        common.map(|state| state.name).or_else(|| rules.lifecycle()?.initial)
    }
}
