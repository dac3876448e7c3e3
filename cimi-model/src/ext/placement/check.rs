//! What is wrong with a placement.

use std::collections::BTreeMap;
use std::fmt;

use super::question::{Flow, Kind, Question};
use super::{Request, SubCloud};
use crate::{Error, ErrorKind, Result, printable};

/// Something that a placement breaks, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The number of the component, if it is about one.
    pub component: Option<usize>,
    /// The number of the rule, if it is about one.
    pub rule: Option<usize>,
    /// The number of the cloud, if it is about one.
    pub cloud: Option<usize>,
    /// Whether the placement cannot be: all but rules that are only preferred.
    pub is_required: bool,
    /// What is wrong, for people.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Says all that is wrong with a placement: for each component of a request, the number of its cloud.
///
/// ```
/// use cimi_model::ext::placement::{Component, PlacementRule, Request, RuleKind, SubCloud, check};
///
/// let clouds = ["http://a.example.com/", "http://b.example.com/"];
/// let clouds = clouds.map(|uri| SubCloud { entry_point: Some(uri.into()), ..Default::default() });
/// let apart = PlacementRule {
///     kind: Some(RuleKind::AntiAffinity),
///     members: vec!["one".into(), "two".into()],
///     ..Default::default()
/// };
/// let request = Request {
///     components: vec![Component::new("one"), Component::new("two")],
///     rules: vec![apart],
///     ..Default::default()
/// };
/// assert_eq!(check(&request, &clouds, &[0, 1])?, []);
/// let found = check(&request, &clouds, &[1, 1])?;
/// assert_eq!(found[0].text, "rule 0 wants 'one', 'two' apart");
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// When the request cannot be understood: a rule names a component that there is not, or demands what is not known. When
/// there is not one cloud for each component.
pub fn check(request: &Request, clouds: &[SubCloud], placement: &[usize]) -> Result<Vec<Violation>> {
    let question = Question::of(request, clouds)?;
    if placement.len() != request.components.len() || placement.iter().any(|cloud| *cloud >= clouds.len()) {
        return Err(Error::new(ErrorKind::Value, "a placement is one of the clouds for each component"));
    }
    let mut found = Vec::new();
    for (component, cloud) in placement.iter().enumerate() {
        found.extend(refused(&question, component, *cloud));
    }
    found.extend(crowded(&question, placement));
    let placement: Vec<Option<usize>> = placement.iter().copied().map(Some).collect();
    for (number, rule) in question.rules.iter().enumerate().filter(|(_, rule)| rule.is_broken(&placement)) {
        found.push(broken(&question, number, rule.is_required));
    }
    found.extend(overloaded(&question, &placement));
    Ok(found)
}

/// Why a component cannot be in a cloud.
pub(super) fn refused(question: &Question<'_>, component: usize, cloud: usize) -> Option<Violation> {
    let reason = question.refusal(component, cloud)?;
    let text = format!("{} cannot be in {}: {reason}", name(question, component), uri(question, cloud));
    Some(Violation { component: Some(component), cloud: Some(cloud), is_required: true, text, ..Violation::default() })
}

/// The clouds that do not have what all components in them need, though they have what each needs.
fn crowded(question: &Question<'_>, placement: &[usize]) -> Vec<Violation> {
    let mut sums = vec![vec![0_i64; question.quantities.len()]; question.clouds.len()];
    for (needs, cloud) in question.needs.iter().zip(placement) {
        for (sum, need) in sums.get_mut(*cloud).into_iter().flatten().zip(needs) {
            *sum = sum.saturating_add(*need);
        }
    }
    let mut found = Vec::new();
    for (cloud, (sums, rooms)) in sums.iter().zip(&question.rooms).enumerate() {
        for ((quantity, sum), room) in question.quantities.iter().zip(sums).zip(rooms) {
            if *sum > 0 && room.free.is_some_and(|free| *sum > free) {
                let free = room.free.unwrap_or(0).max(0);
                let text = format!("{} has {free} of {quantity} free, and {sum} are needed", uri(question, cloud));
                found.push(Violation { cloud: Some(cloud), is_required: true, text, ..Violation::default() });
            }
        }
    }
    found
}

pub(super) fn broken(question: &Question<'_>, number: usize, is_required: bool) -> Violation {
    let rule = question.rules.get(number);
    let members = rule.map_or(&[][..], |rule| &rule.members);
    let shown = members.iter().take(8).map(|member| name(question, *member)).collect::<Vec<_>>().join(", ");
    let more = if members.len() > 8 { " and others" } else { "" };
    let demand = match rule.map(|rule| &rule.kind) {
        Some(Kind::Together) => "together",
        Some(Kind::Apart) => "apart",
        _ => "in other places",
    };
    let verb = if is_required { "wants" } else { "would like" };
    let text = format!("rule {number} {verb} {shown}{more} {demand}");
    Violation { rule: Some(number), is_required, text, ..Violation::default() }
}

/// What passes between clouds, and does not get through.
fn overloaded(question: &Question<'_>, placement: &[Option<usize>]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut loads: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for flow in &question.flows {
        let Some(pair) = pair(flow, placement) else { continue };
        let load = loads.entry(pair).or_default();
        *load = load.saturating_add(flow.bandwidth);
        if let Some(reason) = hindrance(question, flow, pair) {
            let (from, to) = (name(question, flow.ends.0), name(question, flow.ends.1));
            let text = format!("from {from} to {to}, between {}: {reason}", between(question, pair));
            found.push(Violation { component: Some(flow.ends.0), is_required: true, text, ..Violation::default() });
        }
    }
    for (pair, load) in loads {
        let free = question.way(pair.0, pair.1).and_then(|way| way.free);
        if let Some(free) = free.filter(|free| load > *free) {
            let text = format!("between {} {load} Mbit/s pass, and {} are free", between(question, pair), free.max(0));
            found.push(Violation { cloud: Some(pair.0), is_required: true, text, ..Violation::default() });
        }
    }
    found
}

/// The two clouds that a flow is between, the lesser first; none within one cloud, or as long as an end has none.
pub(super) fn pair(flow: &Flow, placement: &[Option<usize>]) -> Option<(usize, usize)> {
    let at = |component: usize| placement.get(component).copied().flatten();
    let (from, to) = (at(flow.ends.0)?, at(flow.ends.1)?);
    (from != to).then_some((from.min(to), from.max(to)))
}

/// Why a flow does not get from one cloud to another, however little passes.
pub(super) fn hindrance(question: &Question<'_>, flow: &Flow, pair: (usize, usize)) -> Option<String> {
    let Some(way) = question.way(pair.0, pair.1) else { return Some("there is no connection".into()) };
    let wanted = flow.latency?;
    match way.latency {
        Some(latency) if latency <= wanted => None,
        Some(latency) => Some(format!("it takes {latency} ms, and {wanted} are wanted")),
        None => Some("nobody says how long it takes".into()),
    }
}

fn between(question: &Question<'_>, (from, to): (usize, usize)) -> String {
    format!("{} and {}", uri(question, from), uri(question, to))
}

pub(super) fn name(question: &Question<'_>, component: usize) -> String {
    format!("'{}'", printable(question.components.get(component).map_or("", |component| component.name.as_str())))
}

pub(super) fn uri(question: &Question<'_>, cloud: usize) -> String {
    let uri = question.clouds.get(cloud).and_then(|cloud| cloud.entry_point.as_ref());
    uri.map_or_else(|| format!("cloud {cloud}"), |uri| printable(uri.as_str()))
}
