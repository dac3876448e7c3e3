//! Violations as Events.

use super::{Evaluation, ServiceLevelObjective, Status};
use crate::ext::{NAMESPACE, about};
use crate::reflect::Record;
use crate::{DateTime, Event, EventContent, EventOutcome, EventSeverity, Extensions, event_type};

/// The code of the alarm when an objective is violated.
pub const ALARM_CODE_VIOLATED: &str = "ServiceLevelObjective/violated";

/// The code of the alarm when an objective is at risk.
pub const ALARM_CODE_AT_RISK: &str = "ServiceLevelObjective/atRisk";

/// The Event of type alarm (DSP0263 5.17.13) that tells of a violation, or of a risk; `None` in any other case.
///
/// It is of the instant up to which samples counted. Its content names the resource, a code, and in `detail` the
/// objective and the figures; the id of the objective is among the extensions, as `objective` of this project's
/// namespace. A violation is of high severity and a risk of medium severity; both are a warning by their outcome.
///
/// ```
/// use cimi_model::ext::objective::{ALARM_CODE_VIOLATED, Comparison, ServiceLevelObjective, alarm, evaluate};
/// use cimi_model::{Machine, Sample};
///
/// let objective = ServiceLevelObjective {
///     name: Some("availability".into()),
///     metric: Some("http://cimi-rs.org/ext/1/metric/availability".into()),
///     comparison: Some(Comparison::AtLeast),
///     threshold: Some("99.9".into()),
///     ..Default::default()
/// };
/// let sample = Sample { timestamp: Some("2025-01-01T12:00:00Z".parse()?), value: Some("97".into()), ..Default::default() };
/// let found = evaluate(&objective, &[sample], &"2025-01-01T12:00:00Z".parse()?)?;
/// let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
/// let content = alarm(&objective, &found, &machine).and_then(|event| event.content).unwrap_or_default();
/// assert_eq!(content.code.as_deref(), Some(ALARM_CODE_VIOLATED));
/// assert_eq!(content.resource, Some(cimi_model::Ref::to("machines/1")));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[must_use]
pub fn alarm(objective: &ServiceLevelObjective, found: &Evaluation, resource: &dyn Record) -> Option<Event> {
    let (code, severity) = match found.status {
        Status::Violated => (ALARM_CODE_VIOLATED, EventSeverity::High),
        Status::AtRisk => (ALARM_CODE_AT_RISK, EventSeverity::Medium),
        Status::Met | Status::NotEnoughData => return None,
    };
    let mut content = EventContent {
        code: Some(code.to_owned()),
        detail: Some(format!("{}: {found}", objective.summary())),
        ..about(resource)
    };
    if let Some(id) = &objective.id {
        content.extensions.insert(Extensions::qualified(NAMESPACE, "objective"), id.as_str());
    }
    Some(Event {
        timestamp: Some(DateTime::from(found.to)),
        type_uri: Some(event_type::ALARM.into()),
        content: Some(content),
        outcome: Some(EventOutcome::Warning),
        severity: Some(severity),
        ..Event::default()
    })
}

impl ServiceLevelObjective {
    /// The objective in words: `p95 of latency over PT1H: atMost 200 milliseconds`.
    #[must_use]
    pub fn summary(&self) -> String {
        let metric = self.metric.as_ref().map_or("no metric", |uri| uri.as_str());
        let metric = metric.rsplit('/').next().unwrap_or(metric);
        let aggregation = match (&self.aggregation, &self.percentile) {
            (Some(super::Aggregation::Percentile), Some(percentile)) => format!("p{percentile}"),
            (Some(aggregation), _) => aggregation.to_string(),
            (None, _) => super::Aggregation::Average.to_string(),
        };
        let mut text = format!("{aggregation} of {metric}");
        for (before, part) in [
            (" over ", self.window.as_ref().map(crate::Duration::as_str)),
            (": ", self.comparison.as_ref().map(super::Comparison::as_str)),
            (" ", self.threshold.as_deref()),
            (" ", self.unit.as_deref()),
        ] {
            if let Some(part) = part {
                text.push_str(before);
                text.push_str(&crate::printable(part));
            }
        }
        text
    }
}
