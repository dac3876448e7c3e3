//! From the samples of a window to one value.

use chrono::{DateTime, TimeDelta, Utc};

use super::Aggregation;
use super::evaluate::Reading;
use crate::ext::span::Span;
use crate::scope::Ratio;

/// An aggregation with what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Average,
    TimeWeightedAverage,
    Minimum,
    Maximum,
    Sum,
    Count,
    Last,
    /// From 0 to 100.
    Percentile(Ratio),
}

impl Aggregate {
    /// Without a percentile, for that one; `None` for an aggregation that is not known.
    pub(super) fn plain(aggregation: &Aggregation) -> Option<Self> {
        Some(match aggregation {
            Aggregation::Average => Self::Average,
            Aggregation::TimeWeightedAverage => Self::TimeWeightedAverage,
            Aggregation::Minimum => Self::Minimum,
            Aggregation::Maximum => Self::Maximum,
            Aggregation::Sum => Self::Sum,
            Aggregation::Count => Self::Count,
            Aggregation::Last => Self::Last,
            Aggregation::Percentile | Aggregation::Other(_) => return None,
        })
    }
}

/// The samples of a window, in the order of time.
pub(super) struct Series<'a> {
    /// Those in the window.
    pub(super) within: &'a [Reading],
    /// The one before them.
    pub(super) before: Option<&'a Reading>,
    /// Where the window begins, if it does.
    pub(super) start: Option<DateTime<Utc>>,
    /// Where it ends.
    pub(super) now: DateTime<Utc>,
    /// The length of the intervals that samples are of, if they are not of points in time.
    pub(super) interval: Option<Span>,
}

impl Series<'_> {
    /// The value; `None` of no samples, unless they are counted. `Err` when it does not fit.
    pub(super) fn value(&self, aggregate: Aggregate) -> Result<Option<Ratio>, TooLarge> {
        let values = || self.within.iter().map(|reading| reading.value);
        let count = i128::try_from(self.within.len()).map_err(|_| TooLarge)?;
        Ok(match aggregate {
            Aggregate::Count => Some(Ratio::from(count)),
            _ if self.within.is_empty() => None,
            Aggregate::Average => {
                let sum = Ratio::sum(values()).ok_or(TooLarge)?;
                Some(sum.over(Ratio::from(count)).ok_or(TooLarge)?)
            }
            Aggregate::TimeWeightedAverage => Some(self.over_time().ok_or(TooLarge)?),
            Aggregate::Minimum => values().min(),
            Aggregate::Maximum => values().max(),
            Aggregate::Sum => Some(Ratio::sum(values()).ok_or(TooLarge)?),
            Aggregate::Last => self.within.last().map(|reading| reading.value),
            Aggregate::Percentile(percentile) => self.ranked(percentile),
        })
    }

    /// The value at the nearest rank.
    fn ranked(&self, percentile: Ratio) -> Option<Ratio> {
        let mut values: Vec<Ratio> = self.within.iter().map(|reading| reading.value).collect();
        let rank = rank(percentile, values.len())?;
        let index = rank.checked_sub(1).filter(|index| *index < values.len())?;
        Some(*values.select_nth_unstable(index).1)
    }

    fn over_time(&self) -> Option<Ratio> {
        let mut time: i128 = 0;
        let weights = self.weights().map(|(value, weight)| {
            time = time.saturating_add(weight);
            (value, weight)
        });
        let sum = Ratio::weighted_sum(weights)?;
        if time == 0 { self.within.last().map(|reading| reading.value) } else { sum.over(Ratio::from(time)) }
    }

    /// The values with the times that they count for.
    fn weights(&self) -> Box<dyn Iterator<Item = (Ratio, i128)> + '_> {
        if let Some(interval) = self.interval {
            return Box::new(self.within.iter().map(move |reading| (reading.value, self.part(reading, interval))));
        }
        // Each value holds until the next one, and the last one until now.
        let ends = self.within.iter().skip(1).map(|next| next.time).chain([self.now]);
        let steps = self.within.iter().zip(ends).map(|(reading, end)| (reading.value, length(reading.time, end)));
        Box::new(self.held().into_iter().chain(steps))
    }

    /// The value that holds when the window begins, and how long it does.
    fn held(&self) -> Option<(Ratio, i128)> {
        Some((self.before?.value, length(self.start?, self.within.first()?.time)))
    }

    /// How much of the interval of a sample is in the window.
    fn part(&self, reading: &Reading, interval: Span) -> i128 {
        let begin = interval.before(reading.time);
        length(self.start.map_or(begin, |start| begin.max(start)), reading.time)
    }

    /// The longest time without a sample.
    pub(super) fn longest_gap(&self) -> TimeDelta {
        let begin = |reading: &Reading| self.interval.map_or(reading.time, |interval| interval.before(reading.time));
        let Some(mut covered) = self.start.or_else(|| self.within.first().map(begin)) else { return TimeDelta::zero() };
        let mut longest = TimeDelta::zero();
        for reading in self.within {
            longest = longest.max(begin(reading) - covered);
            covered = covered.max(reading.time);
        }
        longest.max(self.now - covered)
    }
}

/// A number that no [`Ratio`] holds.
#[derive(Debug)]
pub(super) struct TooLarge;

/// The place of a percentile among so many values, from 1; `None` if there are none.
fn rank(percentile: Ratio, count: usize) -> Option<usize> {
    let count = i128::try_from(count).ok()?;
    let hundredths = percentile.times(Ratio::from(count))?.over(Ratio::from(100))?;
    let rank = hundredths.ceiling()?.clamp(1, count.max(1));
    usize::try_from(rank).ok().filter(|_| count > 0)
}

/// In nanoseconds.
fn length(from: DateTime<Utc>, to: DateTime<Utc>) -> i128 {
    let between = to - from;
    // No two instants of the calendar are farther apart than an i128 has nanoseconds.
    let seconds = i128::from(between.num_seconds()).saturating_mul(1_000_000_000);
    seconds.saturating_add(i128::from(between.subsec_nanos()))
}
