//! Resources under an agreement.

use super::{Agreement, AgreementAction, AgreementState, Party};
use crate::ext::objective::{Catalogue, Evaluation, Metrics, ServiceLevelObjective, Status, alarm, applies};
use crate::reflect::Record;
use crate::validate::{Problem, Rule, Severity};
use crate::{DateTime, Event, Meter, Result};

/// Says why a resource cannot be put under an agreement: the agreement does not hold, is not for such a type, or the
/// resource is not measured as its objectives need it. No problems mean that it can be.
///
/// `meters` are those of the resource, and the catalogue has the objectives that the agreement refers to.
///
/// # Errors
/// When an objective is not in the catalogue, with its path.
pub fn eligible(
    agreement: &Agreement,
    resource: &dyn Record,
    meters: &[Meter],
    catalogue: &Catalogue,
    metrics: &Metrics,
    now: &DateTime,
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut add = |path: String, text: String| {
        problems.push(Problem::new(path, Rule::Consistency, Severity::Error, "", text));
    };
    if agreement.state != Some(AgreementState::Agreed) || agreement.is_over(now) {
        add("/Agreement/state".into(), "this agreement is not in force".into());
    }
    let name = resource.record_type().name;
    if !applies(&agreement.applies_to, name) {
        add("/Agreement/appliesTo".into(), format!("this agreement is not for a {name}"));
    }
    for (index, reference) in agreement.objectives.iter().enumerate() {
        let path = format!("/Agreement/objectives[{index}]");
        let objective = catalogue.objective(reference).map_err(|error| error.at_path(path.as_str()))?;
        if !is_measured(&objective, meters, metrics) {
            let metric = objective.metric.as_ref().map_or("its metric", |metric| metric.as_str());
            add(path, format!("no Meter of the {name} measures {}", crate::printable(metric)));
        }
    }
    Ok(problems)
}

fn is_measured(objective: &ServiceLevelObjective, meters: &[Meter], metrics: &Metrics) -> bool {
    let Some(metric) = &objective.metric else { return false };
    let mut aspects = meters.iter().filter_map(|meter| meter.aspect.as_ref());
    aspects.any(|aspect| metrics.are_same(aspect.as_str(), metric.as_str()))
}

/// How many violations an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must know each")]
pub enum Tolerance {
    /// Any number: violations are told of, and that is all.
    Any,
    /// So many, and the next one makes it invalid.
    UpTo(usize),
}

/// What became of the objectives of an agreement.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Judgement {
    /// The Events of what is violated or at risk, to be sent to the consumer.
    pub events: Vec<Event>,
    /// How many objectives are violated.
    pub violations: usize,
    /// Whether the agreement became invalid by that.
    pub is_invalid: bool,
}

/// Tells of violated objectives of an agreement, and invalidates it if there have been more than it stands.
///
/// `before` is how many violations there have been; the sum is for the caller to keep.
///
/// # Errors
/// When the agreement is not in force.
pub fn judge(
    agreement: &mut Agreement,
    resource: &dyn Record,
    evaluations: &[(ServiceLevelObjective, Evaluation)],
    before: usize,
    tolerance: Tolerance,
    now: &DateTime,
) -> Result<Judgement> {
    let violated = evaluations.iter().filter(|(_, found)| found.status == Status::Violated).count();
    let events = evaluations.iter().filter_map(|(objective, found)| alarm(objective, found, resource));
    let mut judgement = Judgement { events: events.collect(), violations: violated, is_invalid: false };
    let is_enough = matches!(tolerance, Tolerance::UpTo(most) if before.saturating_add(violated) > most);
    if violated > 0 && is_enough {
        agreement.perform(&AgreementAction::Invalidate, Party::Provider, now)?;
        judgement.is_invalid = true;
    }
    Ok(judgement)
}
