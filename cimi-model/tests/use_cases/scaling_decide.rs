//! Scaling policies against a reference that tries out what missing samples could be.

use chrono::{DateTime as Instant, Utc};
use cimi_model::ext::objective::{Aggregation, Comparison, Metrics, Reading};
use cimi_model::ext::scaling::{
    Action, AdjustmentType, Decision, Direction, Member, Obstacle, Past, Removal, Scaler, ScalingKind, ScalingPolicy,
    ScalingScope, ScalingTrigger, Verdict,
};
use cimi_model::scope::Ratio;
use cimi_model::{Duration, ErrorKind, Ref, Uri, aspect};
use proptest::prelude::*;

/// Greater than any load.
const HUGE: i64 = 1_000_000;

#[derive(Clone, Debug)]
struct Trigger {
    threshold: i64,
    inclusive: bool,
    periods: i64,
    adjustment: i64,
    percent: bool,
    cool_down: Option<i64>,
}

/// A resource: when it was created, its size, and its samples, in seconds and percent.
#[derive(Clone, Debug)]
struct Resource {
    created: Option<i64>,
    size: Option<i64>,
    protected: bool,
    samples: Vec<(i64, i64)>,
}

/// What is asked, in plain numbers.
#[derive(Clone, Debug)]
struct Case {
    resources: Vec<Resource>,
    out_in: bool,
    single: bool,
    period: Option<i64>,
    aggregation: Aggregation,
    grow: Option<Trigger>,
    shrink: Option<Trigger>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    removal: Option<Removal>,
    /// When the policy acted, and on which resource.
    history: Vec<(i64, usize)>,
    now: i64,
}

fn triggers(threshold: std::ops::Range<i64>) -> impl Strategy<Value = Trigger> {
    (threshold, any::<bool>(), 1_i64..4, 1_i64..80, any::<bool>(), prop::option::of(0_i64..80)).prop_map(
        |(threshold, inclusive, periods, adjustment, percent, cool_down)| Trigger {
            threshold,
            inclusive,
            periods,
            adjustment: if percent { adjustment } else { 1 + adjustment % 4 },
            percent,
            cool_down,
        },
    )
}

fn cases() -> impl Strategy<Value = Case> {
    let samples = prop_oneof![
        3 => prop::collection::vec((0_i64..100, 0_i64..100), 0..12),
        // As if they were measured every few seconds.
        2 => (0_i64..101, 0_i64..101).prop_map(|(a, b)| (0..40).map(|n| (n * 3, if n % 2 == 0 { a } else { b })).collect()),
    ];
    let size = prop_oneof![4 => (0_i64..60).prop_map(Some), 1 => Just(None)];
    let resource = (prop::option::of(0_i64..3), size, prop::bool::weighted(0.2), samples);
    let resource =
        resource.prop_map(|(created, size, protected, samples)| Resource { created, size, protected, samples });
    let aggregation = prop_oneof![
        Just(Aggregation::Average),
        Just(Aggregation::Maximum),
        Just(Aggregation::Minimum),
        Just(Aggregation::Last)
    ];
    let removal =
        prop::option::of(prop_oneof![Just(Removal::Newest), Just(Removal::Oldest), Just(Removal::LeastLoaded)]);
    let how = (any::<bool>(), any::<bool>(), prop::option::of(1_i64..40), aggregation);
    let which = prop_oneof![4 => Just((true, true)), 1 => Just((true, false)), 1 => Just((false, true))];
    let when = (triggers(40..90), triggers(-2..40), which);
    let limits = (prop::option::of(0_i64..4), prop::option::of(4_i64..40), removal);
    let history = prop::collection::vec((0_i64..90, 0_usize..5), 0..3);
    (prop::collection::vec(resource, 0..5), how, when, limits, history, 60_i64..110).prop_map(
        |(resources, (out_in, single, period, aggregation), (grow, shrink, which), limits, history, now)| {
            let periods =
                |trigger: Trigger| Trigger { periods: if period.is_some() { trigger.periods } else { 1 }, ..trigger };
            Case {
                resources,
                out_in,
                single: single || !out_in,
                period,
                aggregation,
                grow: which.0.then(|| periods(grow)),
                shrink: which.1.then(|| periods(shrink)),
                minimum: limits.0,
                maximum: limits.1,
                removal: limits.2.filter(|_| out_in),
                history,
                now,
            }
        },
    )
}

/// Midnight of 2025-01-01 plus seconds.
fn time(second: i64) -> Instant<Utc> {
    Instant::from_timestamp(1_735_689_600 + second, 0).unwrap()
}

fn seconds(seconds: i64) -> Duration {
    format!("PT{seconds}S").parse().unwrap()
}

fn id(place: usize) -> Uri {
    format!("resources/{place}").into()
}

impl Trigger {
    fn policy(&self, grows: bool) -> ScalingTrigger {
        let comparison = match (grows, self.inclusive) {
            (true, true) => Comparison::AtLeast,
            (true, false) => Comparison::MoreThan,
            (false, true) => Comparison::AtMost,
            (false, false) => Comparison::LessThan,
        };
        ScalingTrigger {
            threshold: Some(self.threshold.to_string()),
            comparison: Some(comparison),
            periods: Some(self.periods),
            adjustment: Some(self.adjustment),
            adjustment_type: Some(if self.percent { AdjustmentType::Percent } else { AdjustmentType::Amount }),
            cool_down: self.cool_down.map(seconds),
            ..ScalingTrigger::default()
        }
    }

    fn is_beyond(&self, grows: bool, load: Ratio) -> bool {
        let threshold = Ratio::from(self.threshold);
        (self.inclusive && load == threshold) || if grows { load > threshold } else { load < threshold }
    }

    /// By how much a number or size changes.
    fn by(&self, from: i64) -> i64 {
        // One more until it is enough.
        if self.percent {
            (1..=from.max(1) * 100).find(|by| by * 100 >= from * self.adjustment).unwrap()
        } else {
            self.adjustment
        }
    }
}

/// What is decided in the end, without its figures.
#[derive(Debug, PartialEq)]
enum Outcome {
    Add(usize),
    Remove(Vec<Uri>),
    Resize(i64, i64),
    Steady,
    Cooling,
    Unknown,
    Cannot(Obstacle),
}

impl Outcome {
    fn of(decision: &Decision) -> Self {
        match &decision.verdict {
            Verdict::Act(Action::Add { count }) => Self::Add(*count),
            Verdict::Act(Action::Remove { resources }) => Self::Remove(resources.clone()),
            Verdict::Act(Action::Resize { from, to, .. }) => Self::Resize(*from, *to),
            Verdict::Steady => Self::Steady,
            Verdict::CoolingDown { .. } => Self::Cooling,
            Verdict::NotEnoughData => Self::Unknown,
            Verdict::CannotScale(obstacle) => Self::Cannot(*obstacle),
            other => panic!("{other:?}"),
        }
    }
}

impl Case {
    fn policy(&self) -> ScalingPolicy {
        let type_name = if self.out_in { "Machine" } else { "Volume" };
        let protected = self.resources.iter().enumerate().filter(|(_, resource)| resource.protected);
        ScalingPolicy {
            kind: Some(if self.out_in { ScalingKind::OutIn } else { ScalingKind::UpDown }),
            resource_type: Some(format!("http://schemas.dmtf.org/cimi/2/{type_name}").into()),
            protected_resources: protected.map(|(place, _)| Ref::to(id(place))).collect(),
            scope: Some(if self.single { ScalingScope::Single } else { ScalingScope::Average }),
            metric: Some(aspect::CPU.into()),
            period: self.period.map(seconds),
            aggregation: Some(self.aggregation.clone()),
            grow: self.grow.as_ref().map(|trigger| trigger.policy(true)),
            shrink: self.shrink.as_ref().map(|trigger| trigger.policy(false)),
            minimum: self.minimum,
            maximum: self.maximum,
            removal: self.removal.clone(),
            ..ScalingPolicy::default()
        }
    }

    fn members(&self) -> Vec<Member> {
        let member = |(place, resource): (usize, &Resource)| Member {
            id: id(place),
            created: resource.created.map(time),
            size: resource.size,
            readings: resource
                .samples
                .iter()
                .map(|(at, value)| Reading { time: time(*at), value: (*value).into() })
                .collect(),
            ..Member::default()
        };
        self.resources.iter().enumerate().map(member).collect()
    }

    fn past(&self) -> Vec<Past> {
        self.history.iter().map(|(at, place)| Past { time: time(*at), resource: Some(id(*place)) }).collect()
    }

    /// When the policy acted last, on any resource or on this one.
    fn last(&self, place: Option<usize>) -> Option<i64> {
        let concerned = |(_, other): &&(i64, usize)| place.is_none_or(|place| place == *other);
        self.history.iter().filter(concerned).map(|(at, _)| *at).max()
    }

    /// The value of a resource in the period that is so many before the latest one.
    fn value(&self, resource: &Resource, period: i64, last: Option<i64>) -> Option<Ratio> {
        let mut samples = resource.samples.clone();
        samples.sort_by_key(|(at, _)| *at);
        samples.retain(|(at, _)| *at <= self.now && last.is_none_or(|last| *at > last));
        if let Some(length) = self.period {
            let end = self.now - period * length;
            samples.retain(|(at, _)| *at <= end && *at > end - length);
        }
        let values = || samples.iter().map(|(_, value)| *value);
        let (last, count) = (values().next_back()?, i128::try_from(samples.len()).unwrap());
        Some(match self.aggregation {
            Aggregation::Average => Ratio::new(values().sum::<i64>().into(), count).unwrap(),
            Aggregation::Maximum => values().max().unwrap().into(),
            Aggregation::Minimum => values().min().unwrap().into(),
            _ => last.into(),
        })
    }

    /// The load of some resources, if those without a value had this one.
    fn load(&self, values: &[Option<Ratio>], missing: i64) -> Ratio {
        let values = values.iter().map(|value| value.unwrap_or(missing.into()));
        if self.single {
            return values.max().unwrap();
        }
        let number = i128::try_from(values.len()).unwrap();
        Ratio::sum(values).unwrap().over(number.into()).unwrap()
    }

    /// Whether a trigger fires: surely, surely not, or who knows.
    fn fires(&self, trigger: &Trigger, grows: bool, resources: &[&Resource], last: Option<i64>) -> Option<bool> {
        if resources.is_empty() {
            return None;
        }
        let with = |missing: i64| {
            (0..trigger.periods).all(|period| {
                let values: Vec<_> = resources.iter().map(|resource| self.value(resource, period, last)).collect();
                trigger.is_beyond(grows, self.load(&values, missing))
            })
        };
        let (idle, busy) = (with(0), with(HUGE));
        (idle == busy).then_some(idle)
    }

    fn cools(&self, trigger: &Trigger, last: Option<i64>) -> bool {
        let measured = self.period.map(|period| period * trigger.periods);
        let wait = trigger.cool_down.or(measured).unwrap_or(0);
        last.is_some_and(|last| last + wait > self.now)
    }

    /// The decision about some resources; `step` says what is done about a load.
    fn outcome(
        &self,
        resources: &[&Resource],
        last: Option<i64>,
        step: impl Fn(&Trigger, bool, Ratio) -> Outcome,
    ) -> Outcome {
        let triggers: Vec<(&Trigger, bool)> =
            self.grow.iter().map(|t| (t, true)).chain(self.shrink.iter().map(|t| (t, false))).collect();
        if triggers.iter().all(|(trigger, _)| self.cools(trigger, last)) {
            return Outcome::Cooling;
        }
        let fires: Vec<_> =
            triggers.iter().map(|(trigger, grows)| self.fires(trigger, *grows, resources, last)).collect();
        match fires.iter().position(|fires| *fires == Some(true)) {
            Some(first) if self.cools(triggers[first].0, last) => Outcome::Cooling,
            Some(first) => {
                let values: Vec<_> = resources.iter().map(|resource| self.value(resource, 0, last)).collect();
                step(triggers[first].0, triggers[first].1, self.load(&values, 0))
            }
            None if fires.contains(&None) => Outcome::Unknown,
            None => Outcome::Steady,
        }
    }

    /// Whether a load can be borne by less.
    fn bears(&self, load: Ratio, from: i64, to: i64) -> bool {
        let zero = Ratio::from(0);
        let Some(then) = Ratio::new(from.into(), to.into()).and_then(|growth| load.times(growth)) else {
            return load <= zero;
        };
        load <= zero
            || match &self.grow {
                Some(grow) => !grow.is_beyond(true, then),
                None => then <= Ratio::from(100),
            }
    }

    /// Takes one resource after the other.
    fn removed(&self, count: i64, last: Option<i64>) -> Outcome {
        let mut left: Vec<usize> =
            (0..self.resources.len()).filter(|place| !self.resources[*place].protected).collect();
        let mut gone = Vec::new();
        // The greatest goes first; of those that are alike, the last.
        let rank = |place: &usize| {
            let resource = &self.resources[*place];
            let created = Ratio::from(resource.created.unwrap_or(-1));
            match self.removal {
                Some(Removal::Oldest) => (Ratio::from(0).minus(created).unwrap(), *place),
                Some(Removal::LeastLoaded) => {
                    let load = self.value(resource, 0, last).unwrap_or_else(|| Ratio::from(-1));
                    (Ratio::from(0).minus(load).unwrap(), *place)
                }
                _ => (created, *place),
            }
        };
        while i64::try_from(gone.len()).unwrap() < count && !left.is_empty() {
            let next = left.iter().max_by_key(|place| rank(place)).copied().unwrap();
            left.retain(|place| *place != next);
            gone.push(id(next));
        }
        if gone.is_empty() { Outcome::Cannot(Obstacle::Protected) } else { Outcome::Remove(gone) }
    }

    fn number(&self) -> Outcome {
        let all: Vec<&Resource> = self.resources.iter().collect();
        let last = self.last(None);
        let from = i64::try_from(all.len()).unwrap();
        let (fewest, limit) = (self.minimum.unwrap_or(1), self.maximum.unwrap_or(i64::MAX));
        if from < fewest {
            return Outcome::Add(usize::try_from(fewest - from).unwrap());
        }
        if from > limit {
            return self.removed(from - limit, last);
        }
        self.outcome(&all, last, |trigger, grows, load| {
            if grows {
                let to = (from + trigger.by(from)).min(limit);
                return if to > from {
                    Outcome::Add(usize::try_from(to - from).unwrap())
                } else {
                    Outcome::Cannot(Obstacle::Maximum)
                };
            }
            let to = (from - trigger.by(from)).max(fewest);
            if to >= from {
                return Outcome::Cannot(Obstacle::Minimum);
            }
            match self.removed(from - to, last) {
                Outcome::Remove(gone) if !self.bears(load, from, from - i64::try_from(gone.len()).unwrap()) => {
                    Outcome::Cannot(Obstacle::Reversal)
                }
                outcome => outcome,
            }
        })
    }

    fn size(&self, place: usize) -> Outcome {
        let resource = &self.resources[place];
        let (fewest, limit) = (self.minimum.unwrap_or(1), self.maximum.unwrap_or(i64::MAX));
        self.outcome(&[resource], self.last(Some(place)), |trigger, grows, load| {
            let Some(from) = resource.size else { return Outcome::Cannot(Obstacle::UnknownSize) };
            let to = if grows { (from + trigger.by(from)).min(limit) } else { (from - trigger.by(from)).max(fewest) };
            match grows {
                true if to <= from => Outcome::Cannot(Obstacle::Maximum),
                false if to >= from => Outcome::Cannot(Obstacle::Minimum),
                false if !self.bears(load, from, to) => Outcome::Cannot(Obstacle::Reversal),
                _ => Outcome::Resize(from, to),
            }
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn decisions_agree_with_the_definitions(case in cases()) {
        let (policy, metrics) = (case.policy(), Metrics::standard());
        prop_assert_eq!(policy.problems(), []);
        let scaler = Scaler::of(&policy, &metrics).unwrap();
        let mut members = case.members();
        let decisions = scaler.decide(&members, &case.past(), time(case.now)).unwrap();
        let found: Vec<Outcome> = decisions.iter().map(Outcome::of).collect();
        let expected =
            if case.out_in { vec![case.number()] } else { (0..case.resources.len()).map(|place| case.size(place)).collect() };
        prop_assert_eq!(&found, &expected);
        for decision in &decisions {
            let scales = matches!(decision.verdict, Verdict::Act(_) | Verdict::CannotScale(_));
            prop_assert_eq!(decision.direction.is_some(), scales);
            prop_assert_eq!(decision.resource.is_none(), case.out_in);
            prop_assert!(!decision.reason.is_empty());
        }
        // The order of the resources means nothing, nor does that of samples at different times.
        members.reverse();
        let mut again = scaler.decide(&members, &case.past(), time(case.now)).unwrap();
        again.reverse();
        prop_assert_eq!(&again, &decisions);
        for member in &mut members {
            member.readings.sort_by_key(|reading| reading.time);
        }
        let mut again = scaler.decide(&members, &case.past(), time(case.now)).unwrap();
        again.reverse();
        prop_assert_eq!(&again, &decisions);
    }
}

#[test]
fn sizes_beyond_all_bounds_are_no_panics() {
    let most = i64::MAX;
    let metrics = Metrics::standard();
    for (percent, adjustment) in [(false, most), (true, most), (true, 1)] {
        let mut trigger = Trigger { threshold: 80, inclusive: false, periods: 1, adjustment, percent, cool_down: None };
        let case = |size, grow: Option<Trigger>, shrink: Option<Trigger>| Case {
            resources: vec![Resource {
                created: None,
                size: Some(size),
                protected: false,
                samples: vec![(1, if grow.is_some() { 90 } else { 0 })],
            }],
            out_in: false,
            single: true,
            period: None,
            aggregation: Aggregation::Average,
            grow,
            shrink,
            minimum: None,
            maximum: None,
            removal: None,
            history: Vec::new(),
            now: 1,
        };
        let decide = |case: &Case| {
            let policy = case.policy();
            let scaler = Scaler::of(&policy, &metrics).unwrap();
            Outcome::of(&scaler.decide(&case.members(), &[], time(1)).unwrap()[0])
        };
        assert_eq!(decide(&case(most, Some(trigger.clone()), None)), Outcome::Cannot(Obstacle::Maximum));
        let grown = decide(&case(1000, Some(trigger.clone()), None));
        assert_eq!(grown, Outcome::Resize(1000, if adjustment == 1 { 1010 } else { most }));
        assert_eq!(decide(&case(-1, Some(trigger.clone()), None)), Outcome::Cannot(Obstacle::UnknownSize));
        trigger.adjustment = trigger.adjustment.min(100);
        assert_eq!(decide(&case(1, None, Some(trigger))), Outcome::Cannot(Obstacle::Minimum));
    }
}

#[test]
fn sums_and_periods_beyond_all_bounds_are_no_panics() {
    let metrics = Metrics::standard();
    let mut policy = Case {
        resources: Vec::new(),
        out_in: true,
        single: false,
        period: None,
        aggregation: Aggregation::Average,
        grow: Some(Trigger {
            threshold: 80,
            inclusive: false,
            periods: 1,
            adjustment: 1,
            percent: false,
            cool_down: None,
        }),
        shrink: None,
        minimum: None,
        maximum: None,
        removal: None,
        history: Vec::new(),
        now: 0,
    }
    .policy();
    policy.period = Some("P200000Y".parse().unwrap());
    policy.grow.as_mut().unwrap().periods = Some(1000);
    let large = Ratio::parse("170141183460469231731687303715884105727").unwrap();
    let member = |place: usize, value| Member {
        id: id(place),
        readings: vec![Reading { time: time(0), value }],
        ..Member::default()
    };
    let scaler = Scaler::of(&policy, &metrics).unwrap();
    let found = scaler.decide(&[member(0, 90.into())], &[], time(0)).unwrap();
    assert_eq!(Outcome::of(&found[0]), Outcome::Unknown);
    let error = scaler.decide(&[member(0, large), member(1, large)], &[], time(0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Value);
    let error = scaler.decide(&[member(0, large), member(0, large)], &[], time(0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Duplicate);
    assert!(Direction::Out.grows() && !Direction::Down.grows());
}
