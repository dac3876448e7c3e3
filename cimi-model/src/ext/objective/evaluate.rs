//! Objectives held against samples.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime as Instant, TimeDelta, Utc};

use super::aggregate::{Aggregate, Series, TooLarge};
use super::{Criterion, Metrics, ServiceLevelObjective, units};
use crate::scope::Ratio;
use crate::{DateTime, Error, ErrorKind, Meter, Result, Sample, printable};

/// A sample that has been understood: a time and an exact number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a sample has a time and a value")]
pub struct Reading {
    /// When the value was taken; of an interval, its end.
    pub time: Instant<Utc>,
    /// The value.
    pub value: Ratio,
}

impl Reading {
    /// What a Sample says, wherever it says it; `None` if it has no time, or no decimal number as its value.
    #[must_use]
    pub fn of(sample: &Sample) -> Option<Self> {
        let (time, value) = sample.reading();
        Some(Self { time: time?.instant()?.to_utc(), value: Ratio::parse(value?)? })
    }
}

/// Whether an objective is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The value is on the good side of the threshold.
    Met,
    /// It is, but beyond the threshold for warnings.
    AtRisk,
    /// The value is on the bad side of the threshold.
    Violated,
    /// There are too few samples, or too long a time without one.
    NotEnoughData,
}

impl Status {
    /// The name in lower case: `at risk`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::AtRisk => "at risk",
            Self::Violated => "violated",
            Self::NotEnoughData => "not enough data",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is missing where there is not enough data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lack {
    /// Samples in the window: there are fewer than the objective demands.
    Samples,
    /// Samples in between: for too long a time, there is none.
    Continuity,
}

/// What has become of an objective, with the figures.
///
/// `Display` prints a line: `violated: 82.5, which is 2.5 beyond 80, of 2 samples`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Whether the objective is met.
    pub status: Status,
    /// The value of the samples, in the unit of the objective; `None` of no samples. It is there as well where there
    /// are not enough.
    pub value: Option<Ratio>,
    /// The threshold.
    pub threshold: Ratio,
    /// How far the value is on the good side of the threshold; below zero on the bad side.
    pub margin: Option<Ratio>,
    /// How many samples were in the window.
    pub samples: usize,
    /// How many samples had no time, or no number as their value.
    pub unreadable: usize,
    /// The instant after which samples counted; `None` if all did.
    pub from: Option<Instant<Utc>>,
    /// The instant up to which samples counted.
    pub to: Instant<Utc>,
    /// The longest time without a sample, from the beginning of the window or the first sample to now. An interval has
    /// its sample all the time.
    pub longest_gap: TimeDelta,
    /// What is missing, if there is not enough data.
    pub lack: Option<Lack>,
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let (Some(value), Some(margin)) = (self.value, self.margin) {
            let zero = Ratio::from(0);
            let (distance, side) = match zero.minus(margin) {
                Some(distance) if margin < zero => (distance, "beyond"),
                _ => (margin, "within"),
            };
            write!(f, ": {}, which is {} {side} {}", shown(value), shown(distance), shown(self.threshold))?;
        }
        match self.lack {
            Some(Lack::Continuity) => write!(f, ", with {} seconds without a sample", self.longest_gap.num_seconds())?,
            Some(Lack::Samples) => write!(f, ", too few")?,
            None => {}
        }
        let plural = if self.samples == 1 { "" } else { "s" };
        write!(f, ", of {} sample{plural}", self.samples)
    }
}

/// A number for people: one whose decimal fraction does not end, to three places.
pub(in crate::ext) fn shown(number: Ratio) -> String {
    let rounded = || {
        let thousandths = number.times(Ratio::from(1000))?.minus(Ratio::new(1, 2)?)?.ceiling()?;
        Some(format!("about {}", Ratio::new(thousandths, 1000)?))
    };
    if number.number().is_some() { number.to_string() } else { rounded().unwrap_or_else(|| number.to_string()) }
}

/// Holds samples against an objective; they are in its unit.
///
/// The samples that count are those after `now` less the window, up to and including `now`. They are one value by the
/// aggregation; [`Aggregation`](super::Aggregation) says how exactly. Then, in this order:
///
/// 1. fewer samples than `minimumSamples`, or a time longer than `maximumGap` without one: not enough data,
/// 2. the value does not compare with the threshold as it shall: violated,
/// 3. it does not so with the warning threshold, if there is one: at risk,
/// 4. else: met.
///
/// Samples that say no time or no number do not count, and their number is told. The time that it takes is linear in the
/// number of samples if these are in the order of time; others are sorted first. Numbers are exact.
///
/// # Errors
/// As [`Criterion::of`], and [`ErrorKind::Value`] when a sum of the values does not fit a [`Ratio`].
pub fn evaluate(objective: &ServiceLevelObjective, samples: &[Sample], now: &DateTime) -> Result<Evaluation> {
    evaluated(&Criterion::of(objective)?, samples, now)
}

fn evaluated(criterion: &Criterion, samples: &[Sample], now: &DateTime) -> Result<Evaluation> {
    let now = now
        .instant()
        .ok_or_else(|| Error::new(ErrorKind::Value, format!("the calendar has no '{}'", printable(now.as_str()))))?;
    let readings: Vec<Reading> = samples.iter().filter_map(Reading::of).collect();
    let mut found = criterion.evaluate(&readings, now.to_utc())?;
    found.unreadable = samples.len().saturating_sub(readings.len());
    Ok(found)
}

/// Holds the samples of a Meter against an objective: as [`evaluate`], after the units of the Meter have become that of
/// the objective. One of the two that names no unit has that of the [`Metric`](super::Metric), or where that is not known
/// either, that of the other.
///
/// # Errors
/// As [`evaluate`], and when the Meter measures another metric, or in units that cannot be converted.
pub fn evaluate_meter(
    objective: &ServiceLevelObjective,
    meter: &Meter,
    samples: &[Sample],
    now: &DateTime,
    metrics: &Metrics,
) -> Result<Evaluation> {
    let fail = |path: &str, text: String| Err(Error::new(ErrorKind::Value, text).at_path(path));
    let mut criterion = Criterion::of(objective)?;
    if let (Some(aspect), Some(metric)) = (&meter.aspect, &objective.metric)
        && !metrics.are_same(aspect.as_str(), metric.as_str())
    {
        let text = format!("{} is not {}", printable(aspect.as_str()), printable(metric.as_str()));
        return fail("/Meter/aspect", text);
    }
    let usual = objective.metric.as_ref().and_then(|uri| metrics.unit_of(uri.as_str()));
    let (Some(theirs), Some(own)) = (meter.units.as_deref().or(usual), objective.unit.as_deref().or(usual)) else {
        return evaluated(&criterion, samples, now);
    };
    if criterion.aggregate == Aggregate::Count {
        return evaluated(&criterion, samples, now);
    }
    let (Some(there), Some(back)) = (units::factor(own, theirs), units::factor(theirs, own)) else {
        let text = format!("'{}' cannot be converted to '{}'", printable(theirs), printable(own));
        return fail("/Meter/units", text);
    };
    let scaled = |number: Ratio, factor| number.times(factor).ok_or_else(too_large);
    criterion.threshold = scaled(criterion.threshold, there)?;
    criterion.warning = criterion.warning.map(|warning| scaled(warning, there)).transpose()?;
    let mut found = evaluated(&criterion, samples, now)?;
    found.threshold = scaled(found.threshold, back)?;
    found.value = found.value.map(|value| scaled(value, back)).transpose()?;
    found.margin = found.margin.map(|margin| scaled(margin, back)).transpose()?;
    Ok(found)
}

pub(in crate::ext) fn too_large() -> Error {
    Error::new(ErrorKind::Value, "the values are too large or too precise to be calculated with")
}

impl Criterion {
    /// Holds readings against the objective, as [`evaluate`] does.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when a sum of the values does not fit a [`Ratio`].
    pub fn evaluate(&self, readings: &[Reading], now: Instant<Utc>) -> Result<Evaluation> {
        let ordered = in_order(readings);
        let start = self.window.map(|window| window.before(now));
        let first = start.map_or(0, |start| ordered.partition_point(|reading| reading.time <= start));
        let end = ordered.partition_point(|reading| reading.time <= now);
        let series = Series {
            within: ordered.get(first..end).unwrap_or_default(),
            before: first.checked_sub(1).and_then(|index| ordered.get(index)),
            start,
            now,
            interval: self.interval,
        };
        let (value, lack) = self.measured(&series)?;
        Ok(Evaluation {
            status: if lack.is_some() { Status::NotEnoughData } else { self.status(value) },
            value,
            threshold: self.threshold,
            margin: value.map(|value| self.margin(value).ok_or_else(too_large)).transpose()?,
            samples: series.within.len(),
            unreadable: 0,
            from: start,
            to: now,
            longest_gap: series.longest_gap(),
            lack,
        })
    }

    /// The value of the samples of a window, and what is missing if they are not enough.
    fn measured(&self, series: &Series<'_>) -> Result<(Option<Ratio>, Option<Lack>)> {
        let value = series.value(self.aggregate).map_err(|TooLarge| too_large())?;
        Ok((value, self.lack(series)))
    }

    /// The value of a window from `start` to `end`, if there are enough samples: of readings in the order of time, those
    /// in the window and the one before them.
    pub(in crate::ext) fn value(
        &self,
        within: &[Reading],
        before: Option<&Reading>,
        start: Option<Instant<Utc>>,
        end: Instant<Utc>,
    ) -> Result<Option<Ratio>> {
        let (value, lack) = self.measured(&Series { within, before, start, now: end, interval: self.interval })?;
        Ok(value.filter(|_| lack.is_none()))
    }

    fn lack(&self, series: &Series<'_>) -> Option<Lack> {
        if series.within.len() < self.minimum {
            return Some(Lack::Samples);
        }
        // Taken from now, for a month has no length of its own.
        let too_long = |most: crate::ext::span::Span| series.longest_gap() > series.now - most.before(series.now);
        self.maximum_gap.is_some_and(too_long).then_some(Lack::Continuity)
    }

    fn status(&self, value: Option<Ratio>) -> Status {
        let Some(value) = value else { return Status::NotEnoughData };
        if !self.comparison.holds(value, self.threshold) {
            return Status::Violated;
        }
        match self.warning {
            Some(warning) if !self.comparison.holds(value, warning) => Status::AtRisk,
            _ => Status::Met,
        }
    }

    fn margin(&self, value: Ratio) -> Option<Ratio> {
        if self.comparison.below { self.threshold.minus(value) } else { value.minus(self.threshold) }
    }
}

/// The readings in the order of time; those of the same time keep theirs.
pub(in crate::ext) fn in_order(readings: &[Reading]) -> Cow<'_, [Reading]> {
    if readings.is_sorted_by_key(|reading| reading.time) {
        return Cow::Borrowed(readings);
    }
    let mut sorted = readings.to_vec();
    sorted.sort_by_key(|reading| reading.time);
    Cow::Owned(sorted)
}
