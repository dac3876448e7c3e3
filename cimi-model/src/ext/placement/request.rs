//! What is to be placed.

use std::collections::HashMap;

use super::{PLACEMENT, PLACEMENT_POLICY, Place, PlacementPolicy, PlacementRule, Quantity, Traffic};
use crate::attributes::{integer, text};
use crate::reflect::Record;
use crate::template::{Owner, Plan, Step, Target, link_to};
use crate::{Error, ErrorKind, Machine, Result, Uri};

/// A resource that has to be in some cloud.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they know")]
pub struct Component {
    /// Its name, by which rules name it.
    pub name: String,
    /// The name of the descriptor that it is made from with others, by which rules name all of them.
    pub descriptor: Option<String>,
    /// Its URI, by which rules name it too.
    pub id: Option<Uri>,
    /// What it needs of each quantity.
    pub demand: Vec<(Quantity, i64)>,
    /// The capabilities that its cloud must have.
    pub capabilities: Vec<Uri>,
    /// Where it has to be, if somebody decided that.
    pub place: Option<Place>,
    /// The entry point of the cloud where it is now.
    pub now: Option<Uri>,
    /// What it has there now of each quantity, which the cloud counts as used.
    pub held: Vec<(Quantity, i64)>,
}

impl Component {
    /// A component that needs nothing yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds to what it needs.
    #[must_use]
    pub fn needing(mut self, quantity: Quantity, amount: i64) -> Self {
        add(&mut self.demand, quantity, amount);
        self
    }

    /// A Machine, Volume or Network that is to be made, or is there with its `id`; none for other types. One that is
    /// there has what it needs in the cloud of its [`PLACEMENT`]. Disks count where they are in the Machine by value.
    ///
    /// # Errors
    /// When its placement is not one.
    pub fn of(resource: &dyn Record) -> Result<Option<Self>> {
        let Some(demand) = demand(resource) else { return Ok(None) };
        let id = text(resource, "id").map(Uri::from);
        let mut component = Self { id, demand, ..Self::new(text(resource, "name").unwrap_or_default()) };
        let place = PLACEMENT.get(resource)?;
        if component.id.is_some() {
            component.held.clone_from(&component.demand);
            component.now = place.and_then(|place| place.cloud);
        } else {
            component.place = place;
        }
        Ok(Some(component))
    }
}

fn add(amounts: &mut Vec<(Quantity, i64)>, quantity: Quantity, amount: i64) {
    match amounts.iter_mut().find(|(known, _)| *known == quantity) {
        Some((_, sum)) => *sum = sum.saturating_add(amount),
        None => amounts.push((quantity, amount)),
    }
}

fn demand(resource: &dyn Record) -> Option<Vec<(Quantity, i64)>> {
    let amount = |name| integer(resource, name).unwrap_or(0);
    match resource.record_type().name {
        "Machine" => Some(vec![
            (Quantity::Machines, 1),
            (Quantity::Cpu, amount("cpu")),
            (Quantity::Memory, amount("memory")),
            (Quantity::Storage, disks(resource)),
        ]),
        "Volume" => Some(vec![(Quantity::Volumes, 1), (Quantity::Storage, amount("capacity"))]),
        "Network" => Some(vec![(Quantity::Networks, 1)]),
        _ => None,
    }
}

/// The capacity of the disks that a Machine has by value.
fn disks(machine: &dyn Record) -> i64 {
    let machine = machine.as_any().downcast_ref::<Machine>();
    let disks = machine.and_then(|machine| machine.disks.as_ref()).and_then(|disks| disks.value.as_deref());
    let capacities = disks.into_iter().flat_map(|disks| &disks.items).filter_map(|disk| disk.capacity);
    capacities.fold(0, i64::saturating_add)
}

/// What is to be placed, all at once: a change may move what was placed before.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they know")]
pub struct Request {
    /// The components.
    pub components: Vec<Component>,
    /// The rules for them.
    pub rules: Vec<PlacementRule>,
    /// What passes between them.
    pub traffic: Vec<Traffic>,
}

/// The most pairs of components that traffic may be between: two descriptors of great quantities make as many as their product.
pub(super) const PAIRS: usize = 100_000;

impl Request {
    /// The Machines, Volumes and Networks of a plan, with the rules and places that the templates have.
    ///
    /// The rules of a System inside another one are about the components of that one. A place that a `SystemTemplate`
    /// names is that of all components that do not name one themselves. The `id` of each component is the link of its
    /// step, which [`Plan::link`] understands.
    ///
    /// # Errors
    /// When what a template has is not a policy or a place; [`ErrorKind::Limit`] when traffic is between more than
    /// 100,000 pairs of components.
    pub fn of_plan(plan: &Plan) -> Result<Self> {
        let layout = Layout::of(plan);
        let mut request = Self::default();
        let mut inside: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, step) in plan.steps().iter().enumerate() {
            let Some(mut component) = Component::of(&*step.resource)? else { continue };
            component.id = Some(link_to(number));
            component.descriptor = layout.descriptor(step, number);
            add(&mut component.demand, Quantity::Storage, layout.disks.get(&number).copied().unwrap_or(0));
            let systems = layout.systems(number);
            component.place = place(plan, number, &systems)?;
            for system in systems {
                inside.entry(system).or_default().push(request.components.len());
            }
            request.components.push(component);
        }
        for (number, step) in plan.steps().iter().enumerate() {
            let Some(template) = step.template.as_deref() else { continue };
            let Some(policy) = PLACEMENT_POLICY.get(template)? else { continue };
            request.add_policy(policy, inside.get(&number).map_or(&[], Vec::as_slice))?;
        }
        Ok(request)
    }

    /// Adds the policy of a System, with the ids of its components in the place of their names.
    fn add_policy(&mut self, policy: PlacementPolicy, inside: &[usize]) -> Result<()> {
        let names = names(self.components.iter().enumerate().filter(|(index, _)| inside.binary_search(index).is_ok()));
        let ids = |name: &String| -> Vec<String> {
            let called = names.get(plain(name)).into_iter().flatten();
            let ids = called.filter_map(|index| Some(self.components.get(*index)?.id.as_ref()?.to_string()));
            let ids: Vec<String> = ids.collect();
            // One that nobody has stays as it is, to be named in the error.
            if ids.is_empty() { vec![name.clone()] } else { ids }
        };
        let rules = policy.rules.into_iter().map(|mut rule| {
            rule.members = rule.members.iter().flat_map(ids).collect();
            rule
        });
        let rules: Vec<PlacementRule> = rules.collect();
        let mut traffic = Vec::new();
        for flow in &policy.traffic {
            let (from, to) = (flow.from.iter().flat_map(ids), flow.to.iter().flat_map(ids).collect::<Vec<_>>());
            for from in from {
                if self.traffic.len() + traffic.len() + to.len() > PAIRS {
                    return Err(Error::new(ErrorKind::Limit, "traffic is between too many components"));
                }
                let pair = |to: &String| Traffic { from: Some(from.clone()), to: Some(to.clone()), ..flow.clone() };
                traffic.extend(to.iter().map(pair));
            }
        }
        self.rules.extend(rules);
        self.traffic.extend(traffic);
        Ok(())
    }
}

/// A name as rules may write it, as components have it.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix('#').unwrap_or(name)
}

/// The components by all that rules can name them by.
pub(super) fn names<'a>(components: impl Iterator<Item = (usize, &'a Component)>) -> HashMap<&'a str, Vec<usize>> {
    let mut names: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, component) in components {
        let own =
            [Some(component.name.as_str()), component.descriptor.as_deref(), component.id.as_ref().map(Uri::as_str)];
        for name in own.into_iter().flatten().filter(|name| !name.is_empty()) {
            let called = names.entry(name).or_default();
            if called.last() != Some(&index) {
                called.push(index);
            }
        }
    }
    names
}

/// What of a plan is asked for more than once.
struct Layout {
    /// The capacity of the disks of each Machine.
    disks: HashMap<usize, i64>,
    /// The System that each component is in.
    owners: HashMap<usize, usize>,
    /// The number of each component among those that are made of one descriptor, from 1 on, if there are several.
    numbers: HashMap<usize, usize>,
}

impl Layout {
    fn of(plan: &Plan) -> Self {
        let is_system = |step: usize| plan.steps().get(step).is_some_and(|step| step.record_type().name == "System");
        let owners = plan.placements().iter().filter_map(|placement| match (&placement.owner, &placement.target) {
            (Owner::Step(owner), Target::Step(step)) if is_system(*owner) => Some((*step, *owner)),
            _ => None,
        });
        let owners: HashMap<usize, usize> = owners.collect();
        let mut disks = HashMap::new();
        let mut alike: HashMap<(&str, Option<&usize>), Vec<usize>> = HashMap::new();
        for (number, step) in plan.steps().iter().enumerate() {
            if let ("Disk", Some((machine, _))) = (step.record_type().name, step.parent) {
                let sum: &mut i64 = disks.entry(machine).or_default();
                *sum = sum.saturating_add(integer(&*step.resource, "capacity").unwrap_or(0));
            } else {
                alike.entry((&step.path, owners.get(&number))).or_default().push(number);
            }
        }
        let several = alike.values().filter(|steps| steps.len() > 1);
        let numbers = several.flat_map(|steps| steps.iter().zip(1..).map(|(step, number)| (*step, number))).collect();
        Self { disks, owners, numbers }
    }

    /// The name of the descriptor of several components, which are called by that and their numbers.
    fn descriptor(&self, step: &Step, number: usize) -> Option<String> {
        let suffix = self.numbers.get(&number)?.to_string();
        step.name()?.strip_suffix(&suffix).map(str::to_owned)
    }

    /// The Systems that a component is in, from the inside out.
    fn systems(&self, number: usize) -> Vec<usize> {
        let mut systems = Vec::new();
        let mut inner = number;
        while let Some(outer) = self.owners.get(&inner).filter(|outer| !systems.contains(*outer)) {
            systems.push(*outer);
            inner = *outer;
        }
        systems
    }
}

/// The place that the template of a component names, or else that of the nearest System around it.
fn place(plan: &Plan, number: usize, systems: &[usize]) -> Result<Option<Place>> {
    for step in std::iter::once(&number).chain(systems) {
        let template = plan.steps().get(*step).and_then(|step| step.template.as_deref());
        if let Some(place) = template.map(|template| PLACEMENT.get(template)).transpose()?.flatten() {
            return Ok(Some(place));
        }
    }
    Ok(None)
}
