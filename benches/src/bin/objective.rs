//! Measures service level objectives: their evaluation next to summing the samples, and by length; see `README.md`.

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod harness;

use cimi_model::ext::objective::{Aggregation, Comparison, Criterion, Reading, ServiceLevelObjective, evaluate};
use cimi_model::scope::Ratio;
use cimi_model::{DateTime, Sample};
use harness::{Item, ratio};

const RATIOS: &[harness::Ratio] = &[
    ratio("average", "sum", Some(5.0)),
    ratio("maximum", "sum", Some(5.0)),
    ratio("percentile", "sum", Some(5.0)),
    ratio("over-time", "sum", Some(5.0)),
    ratio("average-samples", "sum-samples", Some(5.0)),
    ratio("percentile-samples", "sum-samples", Some(5.0)),
    ratio("average-x4", "average", None),
    ratio("percentile-x4", "percentile", None),
    ratio("over-time-x4", "over-time", None),
];

fn main() {
    let arguments = harness::arguments("--samples", 200_000, 20).unwrap_or_else(|message| {
        eprintln!("{message}\nusage: objective [--samples N] [--rounds N] [--only ITEM]");
        std::process::exit(2)
    });
    let longer: Vec<Sample> = (0..4 * arguments.size).map(sample).collect();
    let samples = longer.get(..arguments.size).expect("the first quarter");
    let all: Vec<Reading> = longer.iter().filter_map(Reading::of).collect();
    let readings = all.get(..arguments.size).expect("the first quarter");
    let now: DateTime = sample(longer.len()).timestamp.expect("a time");
    let instant = now.instant().expect("in the calendar").to_utc();
    let average = objective(Aggregation::Average);
    let percentile = objective(Aggregation::Percentile);
    let understood = |aggregation| Criterion::of(&objective(aggregation)).expect("an objective");
    let over = |name: &str, aggregation, readings| {
        let criterion = understood(aggregation);
        Item::new(name, move || criterion.evaluate(readings, instant).expect("evaluated"))
    };
    let mut items = vec![
        Item::new("sum", || Ratio::sum(readings.iter().map(|reading| reading.value))),
        over("average", Aggregation::Average, readings),
        over("maximum", Aggregation::Maximum, readings),
        over("percentile", Aggregation::Percentile, readings),
        over("over-time", Aggregation::TimeWeightedAverage, readings),
        Item::new("sum-samples", || Ratio::sum(samples.iter().filter_map(|sample| Ratio::parse(sample.reading().1?)))),
        Item::new("average-samples", || evaluate(&average, samples, &now).expect("evaluated")),
        Item::new("percentile-samples", || evaluate(&percentile, samples, &now).expect("evaluated")),
        over("average-x4", Aggregation::Average, &all),
        over("percentile-x4", Aggregation::Percentile, &all),
        over("over-time-x4", Aggregation::TimeWeightedAverage, &all),
    ];
    if let Some(only) = &arguments.only {
        items.retain(|item| item.name == *only);
    }
    println!("{} samples, one a second\n", samples.len());
    harness::run(&mut items, arguments.rounds);
    harness::print_times(&items);
    harness::print_ratios(&items, RATIOS);
}

/// The use of a processor, in hundredths of a percent.
fn sample(second: usize) -> Sample {
    let (day, clock) = (second / 86_400, second % 86_400);
    let value = second * 7919 % 10_000;
    let time = format!("2025-01-{:02}T{:02}:{:02}:{:02}Z", 1 + day, clock / 3600, clock / 60 % 60, clock % 60);
    Sample {
        timestamp: Some(time.parse().expect("a time")),
        value: Some(format!("{}.{:02}", value / 100, value % 100)),
        ..Sample::default()
    }
}

fn objective(aggregation: Aggregation) -> ServiceLevelObjective {
    ServiceLevelObjective {
        metric: Some(cimi_model::aspect::CPU.into()),
        comparison: Some(Comparison::AtMost),
        threshold: Some("80".into()),
        percentile: (aggregation == Aggregation::Percentile).then(|| "95".into()),
        aggregation: Some(aggregation),
        window: Some("P40D".parse().expect("a duration")),
        ..ServiceLevelObjective::default()
    }
}
