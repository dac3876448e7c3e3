//! An objective that has been understood.

use super::aggregate::Aggregate;
use super::{Aggregation, Comparison, Metrics, ServiceLevelObjective, ServiceTier, metric, units};
use crate::ext::span::Span;
use crate::scope::Ratio;
use crate::validate::{Problem, Rule, Severity};
use crate::{Duration, Error, ErrorKind, Result, TimeScope, printable};

/// An objective, understood once to be evaluated many times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    pub(super) comparison: Way,
    pub(super) threshold: Ratio,
    pub(super) warning: Option<Ratio>,
    pub(super) unit: Option<String>,
    pub(super) aggregate: Aggregate,
    pub(super) window: Option<Span>,
    /// The length of the intervals that samples are of, if they are not of points in time.
    pub(super) interval: Option<Span>,
    pub(super) minimum: usize,
    pub(super) maximum_gap: Option<Span>,
}

/// A comparison that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ext) struct Way {
    /// Whether values shall be small.
    pub(in crate::ext) below: bool,
    /// Whether the threshold itself will not do.
    pub(super) strict: bool,
}

impl Way {
    pub(in crate::ext) fn of(comparison: &Comparison) -> Option<Self> {
        let (below, strict) = match comparison {
            Comparison::LessThan => (true, true),
            Comparison::AtMost => (true, false),
            Comparison::AtLeast => (false, false),
            Comparison::MoreThan => (false, true),
            Comparison::Other(_) => return None,
        };
        Some(Self { below, strict })
    }

    pub(in crate::ext) fn holds(self, value: Ratio, threshold: Ratio) -> bool {
        let good = if self.below { value < threshold } else { value > threshold };
        good || (!self.strict && value == threshold)
    }
}

impl Criterion {
    /// Understands an objective.
    ///
    /// # Errors
    /// The first of the [problems](ServiceLevelObjective::problems), with its path.
    pub fn of(objective: &ServiceLevelObjective) -> Result<Self> {
        let mut problems = Vec::new();
        let criterion = read(objective, &mut problems);
        match (criterion, problems.into_iter().next()) {
            (Some(criterion), None) => Ok(criterion),
            (_, Some(problem)) => Err(Error::new(ErrorKind::Value, problem.text).at_path(problem.path)),
            (None, None) => Err(Error::new(ErrorKind::Value, "the objective is not complete")),
        }
    }
}

impl ServiceLevelObjective {
    /// What keeps the objective from being evaluated, beyond what its table says: numbers that are none, a percentile
    /// that is missing or out of place, a warning on the wrong side of the threshold, a unit that is not one of the
    /// metric, lengths of time that are negative. Paths begin with the type.
    ///
    /// ```
    /// use cimi_model::ext::objective::{Aggregation, Comparison, ServiceLevelObjective};
    ///
    /// let objective = ServiceLevelObjective {
    ///     metric: Some("http://example.com/load".into()),
    ///     comparison: Some(Comparison::AtMost),
    ///     threshold: Some("4".into()),
    ///     aggregation: Some(Aggregation::Percentile),
    ///     ..Default::default()
    /// };
    /// assert_eq!(objective.problems()[0].path, "/ServiceLevelObjective/percentile");
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        read(self, &mut problems);
        problems
    }
}

impl ServiceTier {
    /// The problems of the objectives that it has by value, and names that two of them share.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut names = std::collections::HashSet::new();
        for (index, objective) in self.objectives.iter().enumerate() {
            let Some(value) = objective.value.as_deref() else { continue };
            let path = format!("/ServiceTier/objectives[{index}]");
            if let Some(name) = value.name.as_deref().filter(|name| !names.insert(*name)) {
                let text = format!("another objective has the name '{}'", printable(name));
                problems.push(Problem::new(format!("{path}/name"), Rule::Duplicate, Severity::Error, "", text));
            }
            // Beside a reference, these are just what differs from its target.
            if objective.href.is_none() {
                problems.extend(value.problems().into_iter().map(|mut problem| {
                    problem.path = problem.path.replacen("/ServiceLevelObjective", &path, 1);
                    problem
                }));
            }
        }
        problems
    }
}

/// Reads the parts of an objective; what is wrong goes to the problems.
fn read(objective: &ServiceLevelObjective, problems: &mut Vec<Problem>) -> Option<Criterion> {
    let mut reader = Reader { problems };
    if objective.metric.is_none() {
        reader.problem::<()>("metric", Rule::Required, "an objective names a metric");
    }
    let comparison = reader.comparison(objective.comparison.as_ref());
    let threshold = match &objective.threshold {
        Some(text) => reader.number("threshold", text),
        None => reader.problem("threshold", Rule::Required, "an objective has a threshold"),
    };
    let warning = objective.warning_threshold.as_ref().and_then(|text| reader.number("warningThreshold", text));
    if let (Some(comparison), Some(threshold), Some(warning)) = (comparison, threshold, warning) {
        reader.warning(comparison, threshold, warning);
    }
    reader.unit(objective);
    let aggregate = reader.aggregate(objective);
    let window = reader.span("window", objective.window.as_ref());
    if window.is_some_and(Span::is_zero) {
        reader.problem::<()>("window", Rule::Range, "a window has a length");
    }
    let maximum_gap = reader.span("maximumGap", objective.maximum_gap.as_ref());
    let interval = reader.interval(objective);
    let least = usize::from(aggregate != Some(Aggregate::Count));
    let minimum = objective.minimum_samples.map_or(Some(least), |number| usize::try_from(number).ok());
    if minimum.is_none() {
        reader.problem::<()>("minimumSamples", Rule::Range, "expected 0 or more");
    }
    Some(Criterion {
        comparison: comparison?,
        threshold: threshold?,
        warning,
        unit: objective.unit.clone(),
        aggregate: aggregate?,
        window,
        interval,
        minimum: minimum?.max(least),
        maximum_gap,
    })
}

struct Reader<'a> {
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// Reports a problem; there is no value then.
    fn problem<T>(&mut self, name: &str, rule: Rule, text: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(format!("/ServiceLevelObjective/{name}"), rule, Severity::Error, "", text));
        None
    }

    fn comparison(&mut self, comparison: Option<&Comparison>) -> Option<Way> {
        let Some(comparison) = comparison else {
            return self.problem(
                "comparison",
                Rule::Required,
                "an objective says how values compare with the threshold",
            );
        };
        Way::of(comparison).or_else(|| {
            let text = format!("'{}' is not a known comparison", printable(comparison.as_str()));
            self.problem("comparison", Rule::Enumeration, text)
        })
    }

    fn number(&mut self, name: &str, text: &str) -> Option<Ratio> {
        Ratio::parse(text).or_else(|| {
            self.problem(name, Rule::Value, format!("expected a decimal number, found '{}'", printable(text)))
        })
    }

    fn warning(&mut self, comparison: Way, threshold: Ratio, warning: Ratio) {
        if warning != threshold && !comparison.holds(warning, threshold) {
            self.problem::<()>("warningThreshold", Rule::Consistency, "the warning is beyond the threshold");
        }
    }

    /// The unit of a metric that is known is one that measures the same.
    fn unit(&mut self, objective: &ServiceLevelObjective) {
        let (Some(unit), Some(name)) = (&objective.unit, &objective.metric) else { return };
        let counts = objective.aggregation == Some(Aggregation::Count);
        let known = Metrics::known().find(name.as_str()).and_then(|(uri, _)| metric(uri));
        let Some(known) = known.filter(|known| !counts && units::factor(unit, known.unit).is_none()) else { return };
        let text = format!("{} is not measured in '{}', but in {}", known.name, printable(unit), known.unit);
        self.problem::<()>("unit", Rule::Consistency, text);
    }

    fn aggregate(&mut self, objective: &ServiceLevelObjective) -> Option<Aggregate> {
        let aggregation = objective.aggregation.as_ref().unwrap_or(&Aggregation::Average);
        match (aggregation, &objective.percentile) {
            (Aggregation::Percentile, None) => self.problem("percentile", Rule::Required, "there is no percentile"),
            (Aggregation::Percentile, Some(text)) => {
                let number = self.number("percentile", text)?;
                if number < Ratio::from(0) || number > Ratio::from(100) {
                    return self.problem("percentile", Rule::Range, "expected 0 to 100");
                }
                Some(Aggregate::Percentile(number))
            }
            (_, Some(_)) => self.problem("percentile", Rule::Forbidden, format!("the aggregation is {aggregation}")),
            (known, None) => Aggregate::plain(known).or_else(|| {
                let text = format!("'{}' is not a known aggregation", printable(known.as_str()));
                self.problem("aggregation", Rule::Enumeration, text)
            }),
        }
    }

    fn span(&mut self, name: &str, duration: Option<&Duration>) -> Option<Span> {
        let duration = duration?;
        Span::of(duration).or_else(|| {
            let text = format!("expected a length of time above zero, found '{}'", printable(duration.as_str()));
            self.problem(name, Rule::Range, text)
        })
    }

    /// The length of the intervals, if samples are of intervals.
    fn interval(&mut self, objective: &ServiceLevelObjective) -> Option<Span> {
        let span = self.span("intervalDuration", objective.interval_duration.as_ref());
        match (&objective.time_scope, &objective.interval_duration) {
            (Some(TimeScope::Interval), None) => {
                self.problem("intervalDuration", Rule::Required, "the time scope is an interval")
            }
            (Some(TimeScope::Interval), Some(_)) => span,
            (Some(TimeScope::Other(other)), _) => {
                let text = format!("'{}' is not a known time scope", printable(other));
                self.problem("timeScope", Rule::Enumeration, text)
            }
            (None | Some(TimeScope::Point), Some(_)) => {
                self.problem("intervalDuration", Rule::Forbidden, "the time scope is a point")
            }
            (None | Some(TimeScope::Point), None) => None,
        }
    }
}
