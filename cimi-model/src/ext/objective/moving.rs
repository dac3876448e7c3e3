//! Resources that move to another provider with their objectives (DSP2042 4.2.2).

use super::catalogue::applies;
use super::{Catalogue, Compared, Metrics, Relation, ServiceLevelObjective, TierLevel, compare};
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
    let mut tiers = Vec::new();
    for (index, tier) in target.tiers.iter().enumerate() {
        if !applies(&tier.applies_to, type_name) {
            continue;
        }
        let offered = target.objectives_of(tier)?;
        let (changes, used) = changes(objectives, &offered, metrics)?;
        let gained = offered.iter().zip(used).filter(|(_, used)| !used).map(|(objective, _)| objective.summary());
        tiers.push(TierReport {
            tier: index,
            name: tier.name.clone(),
            level: tier.level.clone(),
            price: tier.price.clone(),
            changes,
            gained: gained.collect(),
        });
    }
    let chosen = tiers.iter().position(TierReport::keeps_all);
    Ok(MoveReport { tiers, chosen })
}

/// What becomes of each objective, and which of those offered have to do with one.
fn changes(
    objectives: &[ServiceLevelObjective],
    offered: &[ServiceLevelObjective],
    metrics: &Metrics,
) -> Result<(Vec<Change>, Vec<bool>)> {
    let mut used = vec![false; offered.len()];
    let mut changes = Vec::new();
    for (index, objective) in objectives.iter().enumerate() {
        let mut nearest: Option<(usize, Compared)> = None;
        for (place, other) in offered.iter().enumerate() {
            if !have_same_metric(objective, other, metrics) {
                continue;
            }
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
            let compared = compare(other, objective, metrics)?;
            if nearest.is_none_or(|(_, best)| nearness(compared.relation) > nearness(best.relation)) {
                nearest = Some((place, compared));
            }
        }
        changes.push(Change {
            objective: index,
            now: objective.summary(),
            then: nearest.and_then(|(place, _)| offered.get(place)).map(ServiceLevelObjective::summary),
            compared: nearest.map(|(_, compared)| compared),
        });
    }
    Ok((changes, used))
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

/// Whether two objectives are of one metric, or of what it leaves of a whole.
fn have_same_metric(a: &ServiceLevelObjective, b: &ServiceLevelObjective, metrics: &Metrics) -> bool {
    let (Some(a), Some(b)) = (&a.metric, &b.metric) else { return false };
    let metric = |uri| metrics.find(uri).map(|(metric, _)| metric);
    metrics.are_same(a.as_str(), b.as_str())
        || metric(a.as_str()).is_some_and(|found| metric(b.as_str()) == Some(found))
}
