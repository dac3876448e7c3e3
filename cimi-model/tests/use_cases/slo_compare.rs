//! The comparison of objectives: a partial order that evaluation agrees with.

use cimi_model::ext::objective::{
    Aggregation, Comparison, Metrics, Relation, ServiceLevelObjective, Status, compare, convert, evaluate_meter,
};
use cimi_model::scope::Ratio;
use cimi_model::{Meter, Sample};
use proptest::prelude::*;

const AVAILABILITY: &str = "http://cimi-rs.org/ext/1/metric/availability";
const DOWNTIME: &str = "http://cimi-rs.org/ext/1/metric/downtime";

fn objectives() -> impl Strategy<Value = ServiceLevelObjective> {
    let aggregation = prop_oneof![
        3 => Just((None, None)),
        3 => Just((Some(Aggregation::Maximum), None)),
        3 => Just((Some(Aggregation::Minimum), None)),
        1 => Just((Some(Aggregation::Last), None)),
        1 => Just((Some(Aggregation::TimeWeightedAverage), None)),
        1 => Just((Some(Aggregation::Sum), None)),
        1 => Just((Some(Aggregation::Count), None)),
        4 => prop::sample::select(vec!["0", "50", "90", "99.9", "100"])
            .prop_map(|percentile| (Some(Aggregation::Percentile), Some(percentile.to_owned()))),
    ];
    let comparison =
        prop::sample::select(vec![Comparison::LessThan, Comparison::AtMost, Comparison::AtLeast, Comparison::MoreThan]);
    let metric = prop::sample::select(vec![AVAILABILITY, AVAILABILITY, DOWNTIME]);
    let unit = prop::sample::select(vec![None, Some("percent"), Some("fraction"), Some("per mille")]);
    let window = prop::sample::select(vec![None, Some("PT1M"), Some("PT5M")]);
    (aggregation, comparison, metric, unit, window, 0_i64..=20).prop_map(
        |((aggregation, percentile), comparison, metric, unit, window, step)| {
            let threshold = convert(Ratio::from(step * 5), "percent", unit.unwrap_or("percent")).unwrap();
            ServiceLevelObjective {
                metric: Some(metric.into()),
                comparison: Some(comparison),
                threshold: Some(threshold.to_string()),
                unit: unit.map(str::to_owned),
                window: window.map(|window| window.parse().unwrap()),
                aggregation,
                percentile,
                ..ServiceLevelObjective::default()
            }
        },
    )
}

/// Evaluates samples of availability in percent, of which downtime is the rest.
fn status(objective: &ServiceLevelObjective, values: &[(u32, i64)], metrics: &Metrics) -> Status {
    let metric = objective.metric.as_ref().unwrap().as_str();
    let value = |value: i64| if metric == DOWNTIME { 100 - value } else { value };
    let samples: Vec<Sample> = values
        .iter()
        .map(|(second, percent)| Sample {
            timestamp: Some(format!("2025-01-01T00:{:02}:{:02}Z", second / 60, second % 60).parse().unwrap()),
            value: Some(value(*percent).to_string()),
            ..Sample::default()
        })
        .collect();
    let meter = Meter { aspect: Some(metric.into()), units: Some("percent".into()), ..Meter::default() };
    // An objective without a unit has that of its metric, and so has the Meter.
    evaluate_meter(objective, &meter, &samples, &"2025-01-01T00:10:00Z".parse().unwrap(), metrics).unwrap().status
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn what_is_stricter_is_not_met_where_the_other_is_violated(
        a in objectives(),
        b in objectives(),
        values in prop::collection::vec((0_u32..=600, (0_i64..=20).prop_map(|step| step * 5)), 0..8),
    ) {
        let metrics = Metrics::standard();
        let found = compare(&a, &b, &metrics).unwrap();
        let (of_a, of_b) = (status(&a, &values, &metrics), status(&b, &values, &metrics));
        let met = |status| matches!(status, Status::Met | Status::AtRisk);
        if found.relation.is_enough() {
            prop_assert!(!(met(of_a) && of_b == Status::Violated), "{:?}", found);
        }
        if matches!(found.relation, Relation::Same | Relation::Weaker) {
            prop_assert!(!(met(of_b) && of_a == Status::Violated), "{:?}", found);
        }
        prop_assert_eq!(found.difference.is_none(), found.relation.is_enough());
    }

    #[test]
    fn it_is_a_partial_order(a in objectives(), b in objectives(), c in objectives()) {
        let metrics = Metrics::standard();
        let relation = |a, b| compare(a, b, &metrics).unwrap().relation;
        prop_assert_eq!(relation(&a, &a), Relation::Same);
        let turned = match relation(&a, &b) {
            Relation::Stricter => Relation::Weaker,
            Relation::Weaker => Relation::Stricter,
            other => other,
        };
        prop_assert_eq!(relation(&b, &a), turned);
        if relation(&a, &b).is_enough() && relation(&b, &c).is_enough() {
            prop_assert!(relation(&a, &c).is_enough());
        }
    }
}

/// Pairs that differ in one thing, and what is said of them.
#[test]
fn single_differences() {
    let base = ServiceLevelObjective {
        metric: Some("http://example.com/load".into()),
        comparison: Some(Comparison::AtMost),
        threshold: Some("10".into()),
        window: Some("PT5M".parse().unwrap()),
        ..ServiceLevelObjective::default()
    };
    let with = |change: &dyn Fn(&mut ServiceLevelObjective)| {
        let mut other = base.clone();
        change(&mut other);
        compare(&other, &base, &Metrics::standard()).unwrap().relation
    };
    let percentile = |o: &mut ServiceLevelObjective| {
        o.aggregation = Some(Aggregation::Percentile);
        o.percentile = Some("100".into());
    };
    assert_eq!(with(&|_| ()), Relation::Same);
    assert_eq!(with(&|o| o.comparison = Some(Comparison::LessThan)), Relation::Stricter);
    assert_eq!(with(&|o| o.threshold = Some("1e1".into())), Relation::Same);
    assert_eq!(with(&|o| o.threshold = Some("10.1".into())), Relation::Weaker);
    assert_eq!(with(&|o| o.threshold = Some("9".into())), Relation::Stricter);
    assert_eq!(with(&|o| o.comparison = Some(Comparison::AtLeast)), Relation::Incomparable);
    assert_eq!(with(&|o| o.metric = Some("http://example.com/other".into())), Relation::Incomparable);
    assert_eq!(with(&|o| o.window = Some("PT300S".parse().unwrap())), Relation::Same);
    assert_eq!(with(&|o| o.window = Some("PT1H".parse().unwrap())), Relation::Incomparable);
    assert_eq!(with(&|o| o.aggregation = Some(Aggregation::Maximum)), Relation::Stricter);
    assert_eq!(with(&|o| o.aggregation = Some(Aggregation::Minimum)), Relation::Weaker);
    assert_eq!(with(&percentile), Relation::Stricter);
    assert_eq!(with(&|o| o.unit = Some("requests".into())), Relation::Incomparable);
    assert_eq!(
        with(&|o| {
            o.aggregation = Some(Aggregation::Maximum);
            o.window = Some("PT1H".parse().unwrap());
        }),
        Relation::Stricter
    );
    let metrics = Metrics::standard().with("http://example.com/other", "http://example.com/load");
    let other = ServiceLevelObjective { metric: Some("http://example.com/other".into()), ..base.clone() };
    assert_eq!(compare(&other, &base, &metrics).unwrap().relation, Relation::Same);
}
