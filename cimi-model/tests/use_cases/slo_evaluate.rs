//! The evaluation of objectives against a reference that walks through every second.

use cimi_model::ext::objective::{Aggregation, Comparison, Lack, ServiceLevelObjective, Status, evaluate};
use cimi_model::scope::Ratio;
use cimi_model::{DateTime, Sample, TimeScope};
use proptest::prelude::*;

/// Midnight of 2025-01-01 plus seconds.
fn time(second: i64) -> DateTime {
    let day = 1 + second.div_euclid(86_400);
    let second = second.rem_euclid(86_400);
    format!("2025-01-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60).parse().unwrap()
}

/// What is asked, in plain numbers. Values are in tenths.
#[derive(Clone, Debug)]
struct Case {
    samples: Vec<(i64, i64)>,
    now: i64,
    window: Option<i64>,
    interval: Option<i64>,
    aggregation: Aggregation,
    percentile: i64,
    comparison: Comparison,
    threshold: i64,
    warning: Option<i64>,
    minimum: Option<i64>,
    gap: Option<i64>,
}

fn cases() -> impl Strategy<Value = Case> {
    let aggregation = prop_oneof![
        Just(Aggregation::Average),
        Just(Aggregation::TimeWeightedAverage),
        Just(Aggregation::Minimum),
        Just(Aggregation::Maximum),
        Just(Aggregation::Sum),
        Just(Aggregation::Count),
        Just(Aggregation::Last),
        Just(Aggregation::Percentile),
    ];
    let comparison = prop_oneof![
        Just(Comparison::LessThan),
        Just(Comparison::AtMost),
        Just(Comparison::AtLeast),
        Just(Comparison::MoreThan),
    ];
    let when = (1000_i64..1200, prop::option::of(1_i64..120), prop::option::of(1_i64..30));
    let how = (aggregation, prop_oneof![0_i64..=100, Just(0), Just(100)], comparison);
    let limits = (-50_i64..50, prop::option::of(0_i64..20), prop::option::of(0_i64..5), prop::option::of(0_i64..90));
    (prop::collection::vec((1000_i64..1200, -50_i64..50), 0..20), any::<bool>(), when, how, limits).prop_map(
        |(mut samples, sorted, (now, window, interval), (aggregation, percentile, comparison), limits)| {
            if sorted {
                samples.sort_by_key(|(time, _)| *time);
            }
            let (threshold, distance, minimum, gap) = limits;
            let below = matches!(comparison, Comparison::LessThan | Comparison::AtMost);
            let warning = distance.map(|distance| if below { threshold - distance } else { threshold + distance });
            Case {
                samples,
                now,
                window,
                interval,
                aggregation,
                percentile,
                comparison,
                threshold,
                warning,
                minimum,
                gap,
            }
        },
    )
}

fn tenths(value: i64) -> Ratio {
    Ratio::new(value.into(), 10).unwrap()
}

impl Case {
    fn objective(&self) -> ServiceLevelObjective {
        let seconds = |seconds: i64| format!("PT{seconds}S").parse().unwrap();
        let percentile = self.aggregation == Aggregation::Percentile;
        ServiceLevelObjective {
            metric: Some("http://example.com/load".into()),
            comparison: Some(self.comparison.clone()),
            threshold: Some(tenths(self.threshold).to_string()),
            warning_threshold: self.warning.map(|warning| tenths(warning).to_string()),
            window: self.window.map(seconds),
            aggregation: Some(self.aggregation.clone()),
            percentile: percentile.then(|| self.percentile.to_string()),
            time_scope: self.interval.map(|_| TimeScope::Interval),
            interval_duration: self.interval.map(seconds),
            minimum_samples: self.minimum,
            maximum_gap: self.gap.map(seconds),
            ..ServiceLevelObjective::default()
        }
    }

    /// The samples in the order of time that are in the window.
    fn within(&self) -> Vec<(i64, i64)> {
        let mut samples = self.samples.clone();
        samples.sort_by_key(|(time, _)| *time);
        samples.retain(|(time, _)| *time <= self.now && self.window.is_none_or(|window| *time > self.now - window));
        samples
    }

    /// The value, each aggregation straight from its definition.
    fn value(&self) -> Option<Ratio> {
        let within = self.within();
        let values: Vec<i64> = within.iter().map(|(_, value)| *value).collect();
        let count = i64::try_from(values.len()).unwrap();
        if self.aggregation == Aggregation::Count {
            return Some(count.into());
        }
        let last = *values.last()?;
        Some(match self.aggregation {
            Aggregation::Average => Ratio::new(values.iter().sum::<i64>().into(), i128::from(10 * count)).unwrap(),
            Aggregation::Minimum => tenths(*values.iter().min().unwrap()),
            Aggregation::Maximum => tenths(*values.iter().max().unwrap()),
            Aggregation::Sum => tenths(values.iter().sum()),
            Aggregation::Last => tenths(last),
            // The least value that so many percent of the values do not exceed.
            Aggregation::Percentile => {
                let enough = |bound: i64| {
                    let below = values.iter().filter(|value| **value <= bound).count();
                    100 * i64::try_from(below).unwrap() >= self.percentile * count && below > 0
                };
                tenths((-50..50).find(|bound| enough(*bound)).unwrap())
            }
            _ => self.over_time(&within).unwrap_or_else(|| tenths(last)),
        })
    }

    /// The average over the seconds.
    fn over_time(&self, within: &[(i64, i64)]) -> Option<Ratio> {
        let start = self.window.map(|window| self.now - window);
        let mut all = self.samples.clone();
        all.sort_by_key(|(time, _)| *time);
        let (mut sum, mut seconds) = (0, 0);
        for second in start.unwrap_or(0)..self.now {
            let counted: Vec<i64> = match self.interval {
                // The value that was last taken.
                None => all
                    .iter()
                    .filter(|(time, _)| *time <= second)
                    .map(|(_, value)| *value)
                    .next_back()
                    .into_iter()
                    .collect(),
                // Every value whose interval has the second.
                Some(length) => {
                    let has = |time: i64| time - length <= second && second < time;
                    within.iter().filter(|(time, _)| has(*time)).map(|(_, value)| *value).collect()
                }
            };
            sum += counted.iter().sum::<i64>();
            seconds += i64::try_from(counted.len()).unwrap();
        }
        Ratio::new(sum.into(), i128::from(10 * seconds))
    }

    /// The longest run of seconds without a sample.
    fn gap(&self) -> i64 {
        let within = self.within();
        let length = self.interval.unwrap_or(0);
        let first = within.iter().map(|(time, _)| time - length).next();
        let Some(start) = self.window.map(|window| self.now - window).or(first) else { return 0 };
        let (mut longest, mut run) = (0, 0);
        for second in start..self.now {
            let taken = within.iter().any(|(time, _)| *time == second);
            let covered = within.iter().any(|(time, _)| time - length <= second && second < *time);
            run = match (covered, taken) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => run + 1,
            };
            longest = longest.max(run);
        }
        longest
    }

    fn holds(&self, value: Ratio, threshold: i64) -> bool {
        let threshold = tenths(threshold);
        match self.comparison {
            Comparison::LessThan => value < threshold,
            Comparison::AtMost => value <= threshold,
            Comparison::AtLeast => value >= threshold,
            _ => value > threshold,
        }
    }

    fn status(&self) -> Status {
        let least = i64::from(self.aggregation != Aggregation::Count);
        let few = i64::try_from(self.within().len()).unwrap() < self.minimum.unwrap_or(least).max(least);
        match self.value() {
            Some(value) if !few && self.gap.is_none_or(|most| self.gap() <= most) => match self.warning {
                _ if !self.holds(value, self.threshold) => Status::Violated,
                Some(warning) if !self.holds(value, warning) => Status::AtRisk,
                _ => Status::Met,
            },
            _ => Status::NotEnoughData,
        }
    }
}

fn samples(of: &[(i64, i64)]) -> Vec<Sample> {
    let sample = |(second, value): &(i64, i64)| Sample {
        timestamp: Some(time(*second)),
        value: Some(tenths(*value).to_string()),
        ..Sample::default()
    };
    of.iter().map(sample).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn evaluation_agrees_with_the_definitions(case in cases()) {
        let found = evaluate(&case.objective(), &samples(&case.samples), &time(case.now)).unwrap();
        prop_assert_eq!(found.value, case.value());
        prop_assert_eq!(found.longest_gap.num_seconds(), case.gap());
        prop_assert_eq!(found.samples, case.within().len());
        prop_assert_eq!(found.status, case.status());
        prop_assert_eq!(found.lack.is_some(), found.status == Status::NotEnoughData);
        if let (Some(value), Some(margin)) = (found.value, found.margin) {
            prop_assert_eq!(margin < Ratio::from(0), !case.holds(value, case.threshold) && value != tenths(case.threshold));
        }
    }
}

#[test]
fn months_are_those_of_the_calendar() {
    let mut objective = Case {
        samples: Vec::new(),
        now: 0,
        window: None,
        interval: None,
        aggregation: Aggregation::Count,
        percentile: 0,
        comparison: Comparison::AtLeast,
        threshold: 10,
        warning: None,
        minimum: None,
        gap: None,
    }
    .objective();
    objective.window = Some("P1M".parse().unwrap());
    let sample = Sample {
        timestamp: Some("2025-02-28T00:00:01Z".parse().unwrap()),
        value: Some("1".into()),
        ..Default::default()
    };
    let count = |now: &str| evaluate(&objective, std::slice::from_ref(&sample), &now.parse().unwrap()).unwrap();
    assert_eq!(count("2025-03-28T00:00:00Z").status, Status::Met);
    assert_eq!(count("2025-03-28T00:00:01Z").status, Status::Violated);
    // The 31st is not in February: its last day stands for it.
    assert_eq!(count("2025-03-31T00:00:00Z").status, Status::Met);
}

#[test]
fn figures_beyond_all_bounds_are_errors_and_no_panics() {
    let mut objective = ServiceLevelObjective {
        metric: Some("m".into()),
        comparison: Some(Comparison::AtMost),
        threshold: Some("1".into()),
        window: Some("P999999999999Y".parse().unwrap()),
        ..ServiceLevelObjective::default()
    };
    assert_eq!(objective.problems()[0].path, "/ServiceLevelObjective/window");
    objective.window = Some("P99999999Y".parse().unwrap());
    let sample = |value: &str, time: &str| Sample {
        timestamp: Some(time.parse().unwrap()),
        value: Some(value.into()),
        ..Sample::default()
    };
    let large = "170141183460469231731687303715884105727";
    let samples = [sample(large, "2025-01-01T00:00:00Z"), sample(large, "2025-01-01T00:00:00Z")];
    let now = "2025-01-01T00:00:00Z".parse().unwrap();
    assert!(evaluate(&objective, &samples, &now).is_err());
    objective.aggregation = Some(Aggregation::Maximum);
    assert_eq!(evaluate(&objective, &samples, &now).unwrap().status, Status::Violated);
    objective.threshold = Some(format!("-{large}"));
    assert!(evaluate(&objective, &samples, &now).is_err());
    let few = ServiceLevelObjective { threshold: Some("1".into()), minimum_samples: Some(3), ..objective };
    assert_eq!(evaluate(&few, &samples, &now).unwrap().lack, Some(Lack::Samples));
    // No calendar has the year, and no sum holds the number.
    let odd = [sample("1", "999999999-01-01T00:00:00Z"), sample("1e400", "2025-01-01T00:00:00Z")];
    let found = evaluate(&few, &odd, &now).unwrap();
    assert_eq!((found.samples, found.unreadable), (0, 2));
}
