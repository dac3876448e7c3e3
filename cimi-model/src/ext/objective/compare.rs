//! Objectives of different providers, held against each other.

use std::fmt;

use super::aggregate::Aggregate;
use super::criterion::Way;
use super::metrics::in_v2;
use super::{Criterion, Metrics, ServiceLevelObjective, units};
use crate::Result;
use crate::ext::span::Span;
use crate::scope::Ratio;

/// How strict one objective is in terms of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Relation {
    /// Each is at least as strict as the other.
    Same,
    /// The first is at least as strict as the second, and not the other way round.
    Stricter,
    /// The second is at least as strict as the first, and not the other way round.
    Weaker,
    /// Neither follows from the other.
    Incomparable,
}

impl Relation {
    /// The name in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Stricter => "stricter",
            Self::Weaker => "weaker",
            Self::Incomparable => "incomparable",
        }
    }

    /// Whether the first is at least as strict as the second.
    #[must_use]
    pub const fn is_enough(self) -> bool {
        matches!(self, Self::Same | Self::Stricter)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why an objective is not at least as strict as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// They are not of the same metric.
    Metric,
    /// One of them wants great values, the other small ones.
    Direction,
    /// No conversion is known between their units.
    Unit,
    /// Samples apply to a point in time for one, to an interval for the other, or to intervals of another length.
    TimeScope,
    /// The value of one aggregation says nothing certain of that of the other.
    Aggregation,
    /// The windows are of different lengths, and the aggregations do not make up for that.
    Window,
    /// The threshold admits more.
    Threshold,
}

/// What comes of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compared {
    /// How strict the first is in terms of the second.
    pub relation: Relation,
    /// Why the first is not at least as strict as the second, if it is not.
    pub difference: Option<Difference>,
}

/// Compares two objectives, whatever they call the metric and whatever its unit.
///
/// An objective is at least as strict as another if the other cannot be violated where it is met, at the same time and
/// with the same samples, whatever these are. This is a partial order:
///
/// * The metrics are the same by the table, or one is what the other leaves of a whole: availability of at least 99.9
///   percent is unavailability of at most 0.1 percent. An objective without a unit has that of the metric.
/// * Both want small values, or both want great ones, and after conversion the threshold of the first admits no value
///   that the other's does not.
/// * Time scopes, aggregations and windows are the same; or the first one's aggregation is never on the better side of
///   the other's. Where small values are wanted, that is a greater percentile for a smaller one, and `maximum` for
///   `average`, `last`, `minimum` and all percentiles; `maximum` does so also over a longer window. Where great values
///   are wanted, it is the other way round.
///
/// Warnings, `minimumSamples` and `maximumGap` are not compared: they say when there is an answer, not which.
///
/// ```
/// use cimi_model::ext::objective::{Comparison, Metrics, Relation, ServiceLevelObjective, compare};
///
/// let objective = |metric: &str, comparison, threshold: &str, unit: &str| ServiceLevelObjective {
///     metric: Some(metric.into()),
///     comparison: Some(comparison),
///     threshold: Some(threshold.into()),
///     unit: Some(unit.into()),
///     ..Default::default()
/// };
/// let ours = objective("http://cimi-rs.org/ext/1/metric/availability", Comparison::AtLeast, "99.9", "percent");
/// let theirs = objective("http://cimi-rs.org/ext/1/metric/downtime", Comparison::AtMost, "0.0005", "fraction");
/// let found = compare(&theirs, &ours, &Metrics::standard())?;
/// assert_eq!(found.relation, Relation::Stricter);
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// As [`Criterion::of`], for either.
pub fn compare(a: &ServiceLevelObjective, b: &ServiceLevelObjective, metrics: &Metrics) -> Result<Compared> {
    Ok(Promise::of(a, metrics)?.compare(&Promise::of(b, metrics)?))
}

/// An objective in the terms of its metric.
pub(super) struct Promise {
    metric: String,
    unit: Option<String>,
    way: Way,
    threshold: Ratio,
    aggregate: Aggregate,
    window: Option<Span>,
    interval: Option<Span>,
}

impl Promise {
    pub(super) fn of(objective: &ServiceLevelObjective, metrics: &Metrics) -> Result<Self> {
        let criterion = Criterion::of(objective)?;
        let name = objective.metric.as_ref().map_or("", |uri| uri.as_str());
        let (uri, complement) = metrics
            .find(name)
            .map_or_else(|| (in_v2(name).into_owned(), false), |(uri, complement)| (uri.to_owned(), complement));
        let unit = criterion.unit.or_else(|| metrics.unit_of(name).map(str::to_owned));
        let promise = Self {
            metric: uri,
            unit,
            way: criterion.comparison,
            threshold: criterion.threshold,
            aggregate: plain(criterion.aggregate),
            window: criterion.window,
            interval: criterion.interval,
        };
        // Where it cannot be turned, it can be compared with its like alone.
        let turned = if complement { promise.turned() } else { None };
        Ok(match turned {
            Some(turned) => turned,
            None if complement => Self { metric: in_v2(name).into_owned(), ..promise },
            None => promise,
        })
    }

    pub(super) fn compare(&self, other: &Self) -> Compared {
        let (forth, back) = (self.covers(other), other.covers(self));
        let relation = match (forth, back) {
            (None, None) => Relation::Same,
            (None, Some(_)) => Relation::Stricter,
            (Some(_), None) => Relation::Weaker,
            (Some(_), Some(_)) => Relation::Incomparable,
        };
        Compared { relation, difference: forth }
    }

    /// The same of what is left of the whole: if that is known, and the aggregation has a counterpart.
    fn turned(&self) -> Option<Self> {
        let whole = units::whole(self.unit.as_deref()?)?;
        let aggregate = match self.aggregate {
            Aggregate::Maximum => Aggregate::Minimum,
            Aggregate::Minimum => Aggregate::Maximum,
            same @ (Aggregate::Average | Aggregate::TimeWeightedAverage | Aggregate::Last) => same,
            Aggregate::Sum | Aggregate::Count | Aggregate::Percentile(_) => return None,
        };
        Some(Self {
            metric: self.metric.clone(),
            unit: self.unit.clone(),
            way: Way { below: !self.way.below, ..self.way },
            threshold: whole.minus(self.threshold)?,
            aggregate,
            window: self.window,
            interval: self.interval,
        })
    }

    /// Why this one is not at least as strict as the other, if it is not.
    fn covers(&self, other: &Self) -> Option<Difference> {
        let found = |wrong: bool, difference| wrong.then_some(difference);
        found(self.metric != other.metric, Difference::Metric)
            .or_else(|| found(self.way.below != other.way.below, Difference::Direction))
            .or_else(|| found(self.interval != other.interval, Difference::TimeScope))
            .or_else(|| found(!self.is_beyond(other), Difference::Aggregation))
            .or_else(|| found(!self.reaches(other), Difference::Window))
            .or_else(|| self.looser(other))
    }

    /// Whether the value of this aggregation is never on the better side of the other's, over the same window.
    fn is_beyond(&self, other: &Self) -> bool {
        let (worst, best) = if self.way.below {
            (Aggregate::Maximum, Aggregate::Minimum)
        } else {
            (Aggregate::Minimum, Aggregate::Maximum)
        };
        let lies_between = |aggregate: Aggregate| {
            matches!(
                aggregate,
                Aggregate::Average
                    | Aggregate::Last
                    | Aggregate::Percentile(_)
                    | Aggregate::Minimum
                    | Aggregate::Maximum
            )
        };
        match (self.aggregate, other.aggregate) {
            (a, b) if a == b => true,
            (Aggregate::Percentile(a), Aggregate::Percentile(b)) => (a > b) == self.way.below,
            (a, b) => (a == worst && lies_between(b)) || (b == best && lies_between(a)),
        }
    }

    /// Whether the windows are the same, or this one is longer and the worst of it counts.
    fn reaches(&self, other: &Self) -> bool {
        let worst = if self.way.below { Aggregate::Maximum } else { Aggregate::Minimum };
        let longer = match (self.window, other.window) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a.covers(b),
        };
        self.window == other.window || (longer && self.aggregate == worst)
    }

    /// Whether the threshold admits a value that the other's does not.
    fn looser(&self, other: &Self) -> Option<Difference> {
        let factor = match (&self.unit, &other.unit) {
            _ if self.aggregate == Aggregate::Count => Some(Ratio::from(1)),
            (Some(a), Some(b)) => units::factor(a, b),
            (None, None) => Some(Ratio::from(1)),
            _ => None,
        };
        let Some(own) = factor.and_then(|factor| self.threshold.times(factor)) else { return Some(Difference::Unit) };
        // The threshold itself is the farthest value, if it is one that is admitted.
        let inside = if self.way.below { own < other.threshold } else { own > other.threshold };
        let at_it = own == other.threshold && (self.way.strict || !other.way.strict);
        (!inside && !at_it).then_some(Difference::Threshold)
    }
}

/// The ends of the percentiles have names.
fn plain(aggregate: Aggregate) -> Aggregate {
    match aggregate {
        Aggregate::Percentile(percentile) if percentile == Ratio::from(0) => Aggregate::Minimum,
        Aggregate::Percentile(percentile) if percentile == Ratio::from(100) => Aggregate::Maximum,
        other => other,
    }
}
