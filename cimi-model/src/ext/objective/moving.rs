//! Resources that move to another provider with their objectives (DSP2042 4.2.2).

use std::collections::{HashMap, HashSet};

use super::catalogue::applies;
use super::compare::Promise;
use super::metrics::in_v2;
use super::{Catalogue, Compared, Metrics, Relation, ServiceLevelObjective, TierLevel};
use crate::Result;

/// What becomes of one objective.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The place of the objective among those of the resource.
    pub objective: usize,
    /// The objective now, in words.
    pub now: String,
    /// The nearest objective of the tier, in words; `None` if it has none of the same metric.
    pub then: Option<String>,
    /// How strict that is in terms of the objective now, and why it is not enough if it is not.
    pub compared: Option<Compared>,
}

impl Change {
    /// Whether the objective still holds.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.compared.is_some_and(|compared| compared.relation.is_enough())
    }
}

/// What a tier would mean for the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TierReport {
    /// The place of the tier among those of the provider.
    pub tier: usize,
    /// Its name.
    pub name: Option<String>,
    /// Its level.
    pub level: Option<TierLevel>,
    /// Its price.
    pub price: Option<String>,
    /// What becomes of each objective, in their order.
    pub changes: Vec<Change>,
    /// The objectives of the tier that the resource has nothing of now, in words.
    pub gained: Vec<String>,
}

impl TierReport {
    /// Whether all objectives still hold.
    #[must_use]
    pub fn keeps_all(&self) -> bool {
        self.changes.iter().all(Change::is_kept)
    }
}

/// What the tiers of a provider would mean for a resource that moves there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MoveReport {
    /// Each tier that can be chosen for the resource, in the order of the provider.
    pub tiers: Vec<TierReport>,
    /// The place among them of the first that keeps all objectives.
    pub chosen: Option<usize>,
}

/// Says what changes when a resource moves to another provider with its objectives: for each tier there, which
/// objectives hold as they are, become stricter or weaker, can no longer be compared, or are lost.
///
/// `objectives` are those of the resource now, as [`Catalogue::in_force`] gives them, and `type_name` is its type.
///
/// # Errors
/// When an objective cannot be understood, or a tier refers to one that the catalogue does not have.
pub fn move_report(
    objectives: &[ServiceLevelObjective],
    type_name: &str,
    target: &Catalogue,
    metrics: &Metrics,
) -> Result<MoveReport> {
    let index_of_offers = target.index();
    let now: Vec<Known<'_>> =
        objectives.iter().map(|objective| Known::of(objective, metrics)).collect::<Result<_>>()?;
    let mut tiers = Vec::new();
    for (index, tier) in target.tiers.iter().enumerate() {
        if !applies(&tier.applies_to, type_name) {
            continue;
        }
        let offered = index_of_offers.objectives_of(tier)?;
        let offered: Vec<Known<'_>> =
            offered.iter().map(|objective| Known::of(objective, metrics)).collect::<Result<_>>()?;
        let metrics_now: HashSet<&str> = now.iter().map(|known| known.metric.as_str()).collect();
        let gained = offered.iter().filter(|known| !metrics_now.contains(known.metric.as_str()));
        tiers.push(TierReport {
            tier: index,
            name: tier.name.clone(),
            level: tier.level.clone(),
            price: tier.price.clone(),
            gained: gained.map(|known| known.objective.summary()).collect(),
            changes: changes(&now, &offered),
        });
    }
    let chosen = tiers.iter().position(TierReport::keeps_all);
    Ok(MoveReport { tiers, chosen })
}

/// An objective that has been understood.
struct Known<'a> {
    objective: &'a ServiceLevelObjective,
    promise: Promise,
    /// The URI of the metric that it is of, or that leaves of a whole what it is of.
    metric: String,
}

impl<'a> Known<'a> {
    fn of(objective: &'a ServiceLevelObjective, metrics: &Metrics) -> Result<Self> {
        let promise = Promise::of(objective, metrics)?;
        let name = objective.metric.as_ref().map_or("", |uri| uri.as_str());
        let metric = metrics.find(name).map_or_else(|| in_v2(name).into_owned(), |(uri, _)| uri.to_owned());
        Ok(Self { objective, promise, metric })
    }
}

/// What becomes of each objective.
fn changes(now: &[Known<'_>], offered: &[Known<'_>]) -> Vec<Change> {
    let mut of_metric: HashMap<&str, Vec<&Known<'_>>> = HashMap::new();
    for known in offered {
        of_metric.entry(known.metric.as_str()).or_default().push(known);
    }
    let change = |(index, known): (usize, &Known<'_>)| {
        let others = of_metric.get(known.metric.as_str()).map(Vec::as_slice).unwrap_or_default();
        let compared = others.iter().map(|other| (other, other.promise.compare(&known.promise)));
        // The first of those that are equally near.
        let nearest = compared.rev().max_by_key(|(_, compared)| nearness(compared.relation));
        Change {
            objective: index,
            now: known.objective.summary(),
            then: nearest.map(|(other, _)| other.objective.summary()),
            compared: nearest.map(|(_, compared)| compared),
        }
    };
    now.iter().enumerate().map(change).collect()
}

/// What the resource would rather have is greater.
fn nearness(relation: Relation) -> u8 {
    match relation {
        Relation::Same => 3,
        Relation::Stricter => 2,
        Relation::Weaker => 1,
        Relation::Incomparable => 0,
    }
}
