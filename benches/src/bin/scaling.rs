//! Measures scaling policies: decisions next to summing the samples, and by length; see `README.md`.

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod harness;

use cimi_model::ext::objective::{Metrics, Reading};
use cimi_model::ext::scaling::{AdjustmentType, Member, Scaler, ScalingKind, ScalingPolicy, ScalingTrigger};
use cimi_model::scope::Ratio;
use cimi_model::{Machine, Sample};
use harness::{Item, ratio};

/// How many resources the samples are of.
const RESOURCES: usize = 10;

const RATIOS: &[harness::Ratio] = &[
    ratio("out-in", "sum", Some(5.0)),
    ratio("periods", "sum", Some(5.0)),
    ratio("up-down", "sum", Some(5.0)),
    ratio("samples", "sum-samples", Some(5.0)),
    ratio("out-in-x4", "out-in", None),
    ratio("periods-x4", "periods", None),
    ratio("up-down-x4", "up-down", None),
];

fn main() {
    let arguments = harness::arguments("--samples", 200_000, 20).unwrap_or_else(|message| {
        eprintln!("{message}\nusage: scaling [--samples N] [--rounds N] [--only ITEM]");
        std::process::exit(2)
    });
    let each = arguments.size / RESOURCES;
    let longer: Vec<Sample> = (0..4 * each).map(sample).collect();
    let samples = longer.get(..each).expect("the first quarter");
    let readings: Vec<Reading> = longer.iter().filter_map(Reading::of).collect();
    let (short, long) = (members(&readings[..each]), members(&readings));
    let metrics = Metrics::standard();
    let policies =
        [("Machine", 1, "P40D"), ("Machine", 1000, "PT80S"), ("Volume", 1, "P40D"), ("Machine", 1000, "PT20S")];
    let [out_in, longer_periods, up_down, periods] =
        policies.map(|(type_name, periods, period)| policy(type_name, periods, period));
    let over = |name: &str, policy, members| decided(name, Scaler::of(policy, &metrics).expect("a policy"), members);
    let machine = Machine { id: Some("machines/1".into()), ..Machine::default() };
    let all = || short.iter().flat_map(|member| &member.readings);
    let scaler = Scaler::of(&out_in, &metrics).expect("a policy");
    let now = last(&short).time;
    let mut items = vec![
        Item::new("sum", || Ratio::sum(all().map(|reading| reading.value))),
        over("out-in", &out_in, &short),
        over("periods", &periods, &short),
        over("up-down", &up_down, &short),
        Item::new("sum-samples", || Ratio::sum(samples.iter().filter_map(|sample| Ratio::parse(sample.reading().1?)))),
        Item::new("samples", || {
            let member = scaler.member(&machine, None, samples).expect("a member");
            scaler.decide(&[member], &[], now).expect("decided")
        }),
        over("out-in-x4", &out_in, &long),
        over("periods-x4", &longer_periods, &long),
        over("up-down-x4", &up_down, &long),
    ];
    if let Some(only) = &arguments.only {
        items.retain(|item| item.name == *only);
    }
    println!("{RESOURCES} resources with {each} samples each, one a second\n");
    harness::run(&mut items, arguments.rounds);
    harness::print_times(&items);
    harness::print_ratios(&items, RATIOS);
}

fn decided<'a>(name: &str, scaler: Scaler<'a>, members: &'a [Member]) -> Item<'a> {
    let now = last(members).time;
    Item::new(name, move || scaler.decide(members, &[], now).expect("decided"))
}

/// The last sample.
fn last(members: &[Member]) -> Reading {
    *members.iter().find_map(|member| member.readings.last()).expect("a sample")
}

/// The use in hundredths of a percent.
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

fn members(readings: &[Reading]) -> Vec<Member> {
    let member = |number: usize| Member {
        id: format!("resources/{number}").into(),
        size: Some(1000),
        readings: readings.to_vec(),
        ..Member::default()
    };
    (0..RESOURCES).map(member).collect()
}

/// A policy that looks at all periods, for the load is always beyond the threshold to grow.
fn policy(type_name: &str, periods: i64, period: &str) -> ScalingPolicy {
    let trigger = |threshold: &str| {
        Some(ScalingTrigger {
            threshold: Some(threshold.into()),
            periods: Some(periods),
            adjustment: Some(10),
            adjustment_type: Some(AdjustmentType::Percent),
            ..ScalingTrigger::default()
        })
    };
    let kind = if type_name == "Machine" { ScalingKind::OutIn } else { ScalingKind::UpDown };
    ScalingPolicy {
        kind: Some(kind),
        resource_type: Some(format!("http://schemas.dmtf.org/cimi/2/{type_name}").into()),
        metric: Some(cimi_model::aspect::CPU.into()),
        period: Some(period.parse().expect("a duration")),
        grow: trigger("10"),
        shrink: trigger("5"),
        ..ScalingPolicy::default()
    }
}
