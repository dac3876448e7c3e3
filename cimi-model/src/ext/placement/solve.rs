//! The best placement.

use std::collections::HashMap;

use super::check::{self, Violation};
use super::question::Question;
use super::{Request, SubCloud};
use crate::Result;

/// What a placement costs. Of two costs, the lesser is the better: first the rules count, then moves, then clouds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Cost {
    /// How many preferred rules are broken.
    pub broken: usize,
    /// How many components are elsewhere than now.
    pub moved: usize,
    /// How many clouds are used.
    pub clouds: usize,
}

/// A placement that breaks nothing that is required.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Solution {
    /// For each component, the number of its cloud.
    pub clouds: Vec<usize>,
    /// What it costs.
    pub cost: Cost,
    /// The components in clouds that do not say whether they have what is needed.
    pub guesses: Vec<usize>,
}

/// What came of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The best placement. Of those that cost the same it is the first, by the clouds of the components in their order.
    Found(Solution),
    /// There is none, and why.
    Impossible(Vec<Violation>),
    /// The search was given up at its bound, with the best so far if any was found.
    GivenUp(Option<Solution>),
}

impl Outcome {
    /// The placement, if one was found, even if there may be a better one.
    #[must_use]
    pub fn solution(&self) -> Option<&Solution> {
        match self {
            Self::Found(solution) | Self::GivenUp(Some(solution)) => Some(solution),
            Self::Impossible(_) | Self::GivenUp(None) => None,
        }
    }
}

/// How long to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers set it")]
pub struct Bounds {
    /// How often a component is tried in a cloud.
    pub tries: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { tries: 200_000 }
    }
}

/// Finds the best placement of a request on clouds. The same question has the same answer.
///
/// # Errors
/// As [`check`](super::check).
pub fn solve(request: &Request, clouds: &[SubCloud]) -> Result<Outcome> {
    solve_within(request, clouds, Bounds::default())
}

/// Finds the best placement, or gives up at a bound.
///
/// # Errors
/// As [`check`](super::check).
pub fn solve_within(request: &Request, clouds: &[SubCloud], bounds: Bounds) -> Result<Outcome> {
    let question = Question::of(request, clouds)?;
    let blocks = blocks(&question);
    let candidates: Vec<Vec<usize>> = blocks.iter().map(|block| candidates(&question, block)).collect();
    let hopeless = hopeless(&question, &blocks, &candidates);
    if !hopeless.is_empty() {
        return Ok(Outcome::Impossible(hopeless));
    }
    let mut search = Search::new(&question, &blocks, &candidates);
    let is_complete = search.run(bounds.tries);
    let solution =
        search.best.take().map(|(cost, clouds)| Solution { guesses: guesses(&question, &clouds), clouds, cost });
    Ok(match (is_complete, solution) {
        (false, solution) => Outcome::GivenUp(solution),
        (true, Some(solution)) => Outcome::Found(solution),
        (true, None) => {
            let text = "each component could be somewhere, but not all at once".to_owned();
            Outcome::Impossible(vec![Violation { is_required: true, text, ..Violation::default() }])
        }
    })
}

fn guesses(question: &Question<'_>, clouds: &[usize]) -> Vec<usize> {
    let each = clouds.iter().enumerate();
    each.filter(|(component, cloud)| question.is_guess(*component, **cloud)).map(|(component, _)| component).collect()
}

/// The components that have to be in one cloud, in the order of their first ones.
fn blocks(question: &Question<'_>) -> Vec<Vec<usize>> {
    let mut heads: Vec<usize> = (0..question.components.len()).collect();
    for rule in question.rules.iter().filter(|rule| rule.binds()) {
        for (one, other) in rule.members.iter().zip(rule.members.iter().skip(1)) {
            let (one, other) = (head(&mut heads, *one), head(&mut heads, *other));
            if let Some(place) = heads.get_mut(one.max(other)) {
                *place = one.min(other);
            }
        }
    }
    let mut blocks: Vec<Vec<usize>> = vec![Vec::new(); heads.len()];
    for component in 0..heads.len() {
        let head = head(&mut heads, component);
        blocks.get_mut(head).into_iter().for_each(|block| block.push(component));
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The first component of a block, which is shortened to on the way.
fn head(heads: &mut [usize], component: usize) -> usize {
    let mut at = component;
    while let Some(next) = heads.get(at).copied().filter(|next| *next != at) {
        let after = heads.get(next).copied().unwrap_or(next);
        heads.get_mut(at).into_iter().for_each(|place| *place = after);
        at = after;
    }
    at
}

/// The clouds that every component of a block can be in, and that no required rule forbids to any.
fn candidates(question: &Question<'_>, block: &[usize]) -> Vec<usize> {
    let can = |cloud: &usize| block.iter().all(|component| is_possible(question, *component, *cloud));
    (0..question.clouds.len()).filter(can).collect()
}

fn is_possible(question: &Question<'_>, component: usize, cloud: usize) -> bool {
    question.refusal(component, cloud).is_none() && forbidding(question, component, cloud).is_none()
}

/// The required rule that forbids a cloud to a component.
fn forbidding(question: &Question<'_>, component: usize, cloud: usize) -> Option<usize> {
    question
        .rules
        .iter()
        .position(|rule| rule.is_required && rule.forbids(cloud) && rule.members.binary_search(&component).is_ok())
}

/// Why components or blocks can be nowhere.
fn hopeless(question: &Question<'_>, blocks: &[Vec<usize>], candidates: &[Vec<usize>]) -> Vec<Violation> {
    let mut found = Vec::new();
    for (block, _) in blocks.iter().zip(candidates).filter(|(_, candidates)| candidates.is_empty()) {
        let before = found.len();
        for &component in block {
            let clouds = 0..question.clouds.len();
            if clouds.clone().any(|cloud| is_possible(question, component, cloud)) {
                continue;
            }
            for cloud in clouds {
                let forbidding = forbidding(question, component, cloud);
                let forbidden = forbidding.map(|rule| check::broken(question, rule, true));
                found.extend(check::refused(question, component, cloud).or(forbidden));
            }
        }
        if found.len() == before {
            let first = block.first().map_or_else(String::new, |component| check::name(question, *component));
            let text = format!("there is no cloud for {first} and all that must be with it");
            found.push(Violation {
                component: block.first().copied(),
                is_required: true,
                text,
                ..Violation::default()
            });
        }
    }
    found
}

/// A search through all placements, block by block, that leaves out what cannot be or cannot be better.
struct Search<'q> {
    question: &'q Question<'q>,
    blocks: &'q [Vec<usize>],
    candidates: &'q [Vec<usize>],
    /// For each component, the rules and flows that it is in.
    rules_of: Vec<Vec<usize>>,
    flows_of: Vec<Vec<usize>>,
    clouds: Vec<Option<usize>>,
    /// What is left in each cloud. What is taken away can be given back exactly, however much it is.
    free: Vec<Vec<Option<i128>>>,
    /// How many blocks each cloud has.
    users: Vec<usize>,
    /// What passes between clouds.
    loads: HashMap<(usize, usize), i128>,
    /// What the placement costs but for rules.
    moved: usize,
    used: usize,
    best: Option<(Cost, Vec<usize>)>,
}

impl<'q> Search<'q> {
    fn new(question: &'q Question<'q>, blocks: &'q [Vec<usize>], candidates: &'q [Vec<usize>]) -> Self {
        let count = question.components.len();
        let (mut rules_of, mut flows_of) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (number, rule) in question.rules.iter().enumerate() {
            for member in &rule.members {
                rules_of.get_mut(*member).into_iter().for_each(|rules| rules.push(number));
            }
        }
        for (number, flow) in question.flows.iter().enumerate() {
            for end in [flow.ends.0, flow.ends.1] {
                flows_of.get_mut(end).into_iter().for_each(|flows| flows.push(number));
            }
        }
        Self {
            question,
            blocks,
            candidates,
            rules_of,
            flows_of,
            clouds: vec![None; count],
            free: question
                .rooms
                .iter()
                .map(|rooms| rooms.iter().map(|room| room.free.map(i128::from)).collect())
                .collect(),
            users: vec![0; question.clouds.len()],
            loads: HashMap::new(),
            moved: 0,
            used: 0,
            best: None,
        }
    }

    /// Whether all was searched. Without recursion: there may be many components.
    fn run(&mut self, tries: usize) -> bool {
        // For each block that has a cloud, which of its candidates that is.
        let mut chosen: Vec<usize> = Vec::new();
        let mut next = 0;
        let mut left = tries;
        loop {
            let depth = chosen.len();
            if depth == self.blocks.len() {
                self.keep();
            } else if let Some(&cloud) = self.candidates.get(depth).and_then(|candidates| candidates.get(next)) {
                if left == 0 {
                    return false;
                }
                left -= 1;
                if self.put(depth, cloud) {
                    chosen.push(next);
                    next = 0;
                } else {
                    self.take(depth, cloud);
                    next += 1;
                }
                continue;
            }
            let Some(last) = chosen.pop() else { return true };
            if let Some(&cloud) = self.candidates.get(chosen.len()).and_then(|candidates| candidates.get(last)) {
                self.take(chosen.len(), cloud);
            }
            next = last + 1;
        }
    }

    /// Keeps the placement that is complete now; it is better than the best before, or it would not be complete.
    fn keep(&mut self) {
        let clouds = self.clouds.iter().filter_map(|cloud| *cloud).collect();
        self.best = Some((self.cost(), clouds));
    }

    /// Puts a block in a cloud; whether that can be, and can be better than the best.
    fn put(&mut self, block: usize, cloud: usize) -> bool {
        self.change(block, cloud, true);
        let question = self.question;
        let members = self.blocks.get(block).into_iter().flatten();
        let room = self.free.get(cloud).into_iter().flatten().all(|free| free.is_none_or(|free| free >= 0));
        room && members.clone().all(|member| self.is_allowed(question, *member))
            && self.best.as_ref().is_none_or(|(best, _)| self.cost() < *best)
    }

    /// Takes a block out of a cloud again.
    fn take(&mut self, block: usize, cloud: usize) {
        self.change(block, cloud, false);
    }

    fn change(&mut self, block: usize, cloud: usize, enters: bool) {
        let members = self.blocks.get(block).map_or(&[][..], Vec::as_slice);
        for &member in members {
            if enters {
                self.set(member, Some(cloud));
            }
            self.weigh(member, cloud, if enters { 1 } else { -1 });
            if self.question.now.get(member).copied().flatten().is_some_and(|now| now != cloud) {
                count(&mut self.moved, enters);
            }
            if !enters {
                self.set(member, None);
            }
        }
        let Some(users) = self.users.get_mut(cloud) else { return };
        let before = *users > 0;
        count(users, enters);
        if before != (*users > 0) {
            count(&mut self.used, enters);
        }
    }

    fn set(&mut self, component: usize, cloud: Option<usize>) {
        self.clouds.get_mut(component).into_iter().for_each(|place| *place = cloud);
    }

    /// Takes what a component needs from its cloud and the ways to others, or gives it back.
    fn weigh(&mut self, component: usize, cloud: usize, sign: i128) {
        let needs = self.question.needs.get(component).into_iter().flatten();
        for (free, need) in self.free.get_mut(cloud).into_iter().flatten().zip(needs) {
            *free = free.map(|free| free - i128::from(*need) * sign);
        }
        for flow in self.flows_of.get(component).into_iter().flatten() {
            let Some(flow) = self.question.flows.get(*flow) else { continue };
            if let Some(pair) = check::pair(flow, &self.clouds) {
                *self.loads.entry(pair).or_default() += i128::from(flow.bandwidth) * sign;
            }
        }
    }

    /// Whether no required rule and no flow of a component is broken so far.
    fn is_allowed(&self, question: &Question<'_>, component: usize) -> bool {
        let mut rules = self.rules_of.get(component).into_iter().flatten().filter_map(|rule| question.rules.get(*rule));
        let mut flows = self.flows_of.get(component).into_iter().flatten().filter_map(|flow| question.flows.get(*flow));
        rules.all(|rule| !rule.is_required || !rule.is_broken(&self.clouds))
            && flows.all(|flow| {
                let Some(pair) = check::pair(flow, &self.clouds) else { return true };
                let free = question.way(pair.0, pair.1).and_then(|way| way.free);
                let load = self.loads.get(&pair).copied().unwrap_or(0);
                check::hindrance(question, flow, pair).is_none() && free.is_none_or(|free| load <= i128::from(free))
            })
    }

    /// What the placement costs so far. Further components can only make it cost more.
    fn cost(&self) -> Cost {
        let broken = self.question.rules.iter().filter(|rule| !rule.is_required && rule.is_broken(&self.clouds));
        Cost { broken: broken.count(), moved: self.moved, clouds: self.used }
    }
}

/// One more or one less.
fn count(number: &mut usize, more: bool) {
    *number = if more { number.saturating_add(1) } else { number.saturating_sub(1) };
}
