//! Actions that reach the components of a resource (5.13.1.2, 5.16.1.2).

use std::collections::{HashMap, VecDeque};

use super::system::Summary;
use super::{CREATING, DELETING, Invocation, Rules, Step, action, impossible, unsupported};
use crate::Result;
use crate::attributes::{get, list, text};
use crate::reflect::{List, Record, Reference, View};

/// A resource in a tree of components.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Component<'a> {
    /// What tells it from others, its `id`: a resource that is met again is not asked twice, and cycles end there.
    /// One that is empty is taken for a resource of its own.
    pub id: &'a str,
    /// What may be done with it.
    pub rules: Rules,
    /// Its state.
    pub state: Option<&'a str>,
    /// Its representation, if it is at hand.
    pub record: Option<&'a dyn Record>,
}

impl<'a> Component<'a> {
    /// A resource of which no more than this is known.
    #[must_use]
    pub fn new(id: &'a str, rules: Rules, state: Option<&'a str>) -> Self {
        Self { id, rules, state, record: None }
    }

    /// A resource by its representation, with the rules of its type.
    #[must_use]
    pub fn of(record: &'a dyn Record) -> Self {
        let rules = Rules::of(record.record_type());
        Self { id: text(record, "id").unwrap_or_default(), rules, state: text(record, "state"), record: Some(record) }
    }

    /// Whether it is there, to be operated on.
    fn is_there(&self) -> bool {
        !matches!(self.state, Some(CREATING | DELETING))
    }
}

/// The components of a record that an action on it reaches, as far as the record has them in it (`$expand`, 4.1.6.4):
/// the Machines and Systems of a System, the segments, services and subordinate Networks of a Network.
///
/// For [`perform`], and an example of what a provider says of its own store.
#[must_use]
pub fn expanded<'a>(component: &Component<'a>) -> Vec<Component<'a>> {
    let (Some(record), Some(lifecycle)) = (component.record, component.rules.lifecycle()) else { return Vec::new() };
    let mut found = Vec::new();
    for attribute in lifecycle.reaches {
        if let View::Ref(reference) = get(record, attribute) {
            members(reference, &mut found);
        }
    }
    found
}

/// What becomes of one resource.
#[derive(Debug)]
#[non_exhaustive]
pub struct Effect<'a> {
    /// The resource.
    pub component: Component<'a>,
    /// The name of the action that it is asked for: to `enable` what cannot `start`.
    pub action: String,
    /// What the action does to its state; or why it is not affected, because the action is not possible from its state
    /// or it does not have the action.
    pub outcome: Result<Step>,
}

/// What an action does to a resource and its components.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plan<'a> {
    /// The resource itself, then its components from above to below, each once.
    pub effects: Vec<Effect<'a>>,
}

impl<'a> Plan<'a> {
    /// What takes part.
    pub fn affected(&self) -> impl Iterator<Item = (&Component<'a>, &Step)> {
        self.effects.iter().filter_map(|effect| Some((&effect.component, effect.outcome.as_ref().ok()?)))
    }

    /// What is left as it is.
    pub fn unaffected(&self) -> impl Iterator<Item = &Effect<'a>> {
        self.effects.iter().filter(|effect| effect.outcome.is_err())
    }
}

/// An action on a resource and, recursively, on its components: whom it reaches and with what result (5.13.1.2, 5.16.1.2).
///
/// `components` says which components a resource has that the action reaches: the Machines and Systems of a System, the
/// segments, services and Networks of a Network, the endpoints of a segment. It is asked once for each
/// resource whose actions reach others ([`Lifecycle::reaches`](crate::meta::Lifecycle::reaches)).
///
/// The components need not be in one state. One from whose state the action is not possible is not affected, and what is
/// being created or deleted is not asked, nor are its components through it. The states of a System during the action and
/// after it follow from those of the Machines. What a Network starts and stops is enabled or disabled where it cannot
/// be started or stopped.
///
/// # Errors
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) and [`ErrorKind::State`](crate::ErrorKind::State) when the
/// action is not possible for the resource itself. A System is asked whatever the states of its Machines are.
///
/// ```
/// use cimi_model::lifecycle::{self, Component, Invocation};
/// use cimi_model::{Collection, Machine, MachineState, Ref, System};
///
/// let machine = |id: &str, state| Machine { id: Some(id.into()), state: Some(state), ..Default::default() };
/// let machines = [machine("a", MachineState::Stopped), machine("b", MachineState::Started)];
/// let machines: Collection<Machine> = machines.into_iter().collect();
/// let system = System { machines: Some(Ref::by_value(machines)), ..Default::default() };
/// let plan =
///     lifecycle::perform(Component::of(&system), "start", &Invocation::default(), &lifecycle::expanded)?;
/// let affected: Vec<_> = plan.affected().map(|(component, step)| (component.id, step.via, step.to)).collect();
/// assert_eq!(affected, [("", Some("MIXED"), Some("STARTED")), ("a", Some("STARTING"), Some("STARTED"))]);
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub fn perform<'a>(
    root: Component<'a>,
    operation: &str,
    invocation: &Invocation<'_>,
    components: &dyn Fn(&Component<'a>) -> Vec<Component<'a>>,
) -> Result<Plan<'a>> {
    let name = action::name(operation);
    effect_on(&root, name, invocation).outcome?;
    let recursive = has_transition(&root.rules, name) && !passes_on(&root);
    let tree = if recursive { Tree::of(root, components) } else { Tree::of(root, &|_| Vec::new()) };
    let effect = |(component, asked): (&Component<'a>, bool)| asked.then(|| effect_on(component, name, invocation));
    let mut effects: Vec<Option<Effect<'a>>> = tree.nodes.iter().zip(tree.asked()).map(effect).collect();
    let during = tree.summaries(|index| state_of(&tree, &effects, index, Step::first));
    let after = tree.summaries(|index| state_of(&tree, &effects, index, |step| step.to));
    for (effect, (during, after)) in effects.iter_mut().zip(during.into_iter().zip(after)) {
        if let Some(effect) = effect {
            derive(effect, during, after);
        }
    }
    Ok(Plan { effects: effects.into_iter().flatten().collect() })
}

/// Whether only actions from above reach its components.
fn passes_on(component: &Component<'_>) -> bool {
    component.rules.lifecycle().is_some_and(|lifecycle| lifecycle.passes_on)
}

fn has_transition(rules: &Rules, action: &str) -> bool {
    rules.transitions().any(|row| row.action == action)
}

/// Whether what the action does to the state follows from what it does to the components.
fn is_derived(rules: &Rules, action: &str) -> bool {
    rules.is_derived() && has_transition(rules, action)
}

fn effect_on<'a>(component: &Component<'a>, name: &str, invocation: &Invocation<'_>) -> Effect<'a> {
    let action = substitute(&component.rules, name);
    let outcome = match component.state {
        Some(state) if !component.is_there() => Err(impossible(format!("{action} is not possible from {state}"))),
        _ if is_derived(&component.rules, action) => component.rules.check_support(action).map(|()| Step::default()),
        Some(state) => component.rules.apply_as(state, action, invocation),
        None => Err(unknown(component, action)),
    };
    Effect { component: component.clone(), action: action.to_owned(), outcome }
}

fn unknown(component: &Component<'_>, action: &str) -> crate::Error {
    match component.rules.check_support(action) {
        Err(error) => error,
        Ok(()) if component.rules.lifecycle().is_some() => impossible("the state is not known"),
        Ok(()) => unsupported(format!("{} has no states", component.rules.record_type().name)),
    }
}

/// What starting and stopping mean for what can only be enabled and disabled (5.16.1.2).
fn substitute<'n>(rules: &Rules, name: &'n str) -> &'n str {
    match name {
        "start" if !rules.supports("start") && rules.supports("enable") => "enable",
        "stop" if !rules.supports("stop") && rules.supports("disable") => "disable",
        _ => name,
    }
}

/// The state of a resource in one phase of the action.
fn state_of<'a>(
    tree: &Tree<'a>,
    effects: &[Option<Effect<'a>>],
    index: usize,
    phase: impl Fn(&Step) -> Option<&'static str>,
) -> Option<&'a str> {
    let step = effects.get(index).and_then(Option::as_ref).and_then(|effect| effect.outcome.as_ref().ok());
    step.and_then(phase).or_else(|| tree.nodes.get(index).and_then(|component| component.state))
}

/// The step of a resource whose state follows from those of its components.
fn derive(effect: &mut Effect<'_>, during: Summary<'_>, after: Summary<'_>) {
    let rules = &effect.component.rules;
    if let (Ok(step), true) = (&mut effect.outcome, is_derived(rules, &effect.action)) {
        *step = Step { via: during.state(rules), to: after.state(rules), ..Step::default() };
    }
}

/// Resources and which of them are components of which.
pub(super) struct Tree<'a> {
    pub(super) nodes: Vec<Component<'a>>,
    children: Vec<Vec<usize>>,
}

impl<'a> Tree<'a> {
    /// Everything below a resource, each resource once.
    pub(super) fn of(root: Component<'a>, components: &dyn Fn(&Component<'a>) -> Vec<Component<'a>>) -> Self {
        let mut known: HashMap<&'a str, usize> = HashMap::from([(root.id, 0)]);
        let mut tree = Self { nodes: vec![root], children: Vec::new() };
        while let Some(component) = tree.nodes.get(tree.children.len()) {
            let mut children = Vec::new();
            let reaches = component.rules.lifecycle().is_some_and(|lifecycle| !lifecycle.reaches.is_empty());
            for child in reaches.then(|| components(component)).into_iter().flatten() {
                let id = child.id;
                let index = known.get(id).filter(|_| !id.is_empty()).copied().unwrap_or(tree.nodes.len());
                if index == tree.nodes.len() {
                    known.insert(id, index);
                    tree.nodes.push(child);
                }
                children.push(index);
            }
            tree.children.push(children);
        }
        tree
    }

    /// Which resources an action reaches: those that are not only below something that is not there.
    fn asked(&self) -> Vec<bool> {
        let mut asked = vec![false; self.nodes.len()];
        let mut waiting = VecDeque::from([0]);
        while let Some(index) = waiting.pop_front() {
            let (Some(component), Some(flag)) = (self.nodes.get(index), asked.get_mut(index)) else { continue };
            if !std::mem::replace(flag, true) && component.is_there() {
                waiting.extend(self.children.get(index).into_iter().flatten());
            }
        }
        asked
    }

    /// For each resource, what is known of the states of the Machines below it, given the state of each.
    pub(super) fn summaries<'s>(&self, state: impl Fn(usize) -> Option<&'s str>) -> Vec<Summary<'s>> {
        let own = |index, component: &Component<'_>| {
            if component.rules.is_derived() { Summary::Nothing } else { Summary::of(state(index)) }
        };
        let mut summaries: Vec<Summary<'s>> =
            self.nodes.iter().enumerate().map(|(index, component)| own(index, component)).collect();
        let parents = self.parents();
        // A summary changes twice at most, so this ends, whatever cycles there are.
        let mut waiting: VecDeque<usize> = (0..self.nodes.len()).collect();
        while let Some(index) = waiting.pop_front() {
            let Some(summary) = summaries.get(index).copied() else { continue };
            for &parent in parents.get(index).into_iter().flatten() {
                let Some(above) = summaries.get_mut(parent) else { continue };
                let joined = above.join(summary);
                if *above != joined {
                    *above = joined;
                    waiting.push_back(parent);
                }
            }
        }
        summaries
    }

    /// The resources above each, where their state follows from it.
    fn parents(&self) -> Vec<Vec<usize>> {
        let mut parents = vec![Vec::new(); self.nodes.len()];
        for (index, (component, children)) in self.nodes.iter().zip(&self.children).enumerate() {
            if !component.rules.is_derived() {
                continue;
            }
            for &child in children {
                if let Some(above) = parents.get_mut(child) {
                    above.push(index);
                }
            }
        }
        parents
    }
}

/// The members of the collection that is referred to, as far as they are there.
fn members<'a>(reference: &'a dyn Reference, found: &mut Vec<Component<'a>>) {
    let Some(record) = reference.record() else { return };
    let Some(names) = record.record_type().members else { return };
    if let Some(list) = list(record, names.grouping) {
        found.extend((0..list.len()).filter_map(|index| item(list, index)));
    }
}

fn item(list: &dyn List, index: usize) -> Option<Component<'_>> {
    match list.item(index) {
        View::Record(record) => Some(Component::of(record)),
        _ => None,
    }
}
