//! SLO-001 and SLO-002, service level objectives.

use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::ext::objective::{
    ALARM_CODE_AT_RISK, ALARM_CODE_VIOLATED, Aggregation, Catalogue, Comparison, Difference, Metrics, OFFERED_LEVELS,
    OfferedLevels, Relation, SERVICE_LEVEL, ServiceLevel, ServiceLevelObjective, ServiceTier, Status, TierLevel, alarm,
    carry, evaluate_meter, move_report, quality,
};
use cimi_model::reflect::{Described, Record};
use cimi_model::template::{Expander, Resolver};
use cimi_model::validate::{Rule, Validation};
use cimi_model::{
    CloudEntryPoint, DateTime, Dialect, Error, ErrorKind, Machine, MachineConfiguration, MachineCreate,
    MachineTemplate, Meter, ReadOptions, Ref, Registry, Sample, Type, Uri, Volume, VolumeTemplate, aspect, event_type,
    json, xml,
};

const AVAILABILITY: &str = "http://cimi-rs.org/ext/1/metric/availability";
const LATENCY: &str = "http://cimi-rs.org/ext/1/metric/latency";

fn objective(id: &str, metric: &str, comparison: Comparison, threshold: &str, unit: &str) -> ServiceLevelObjective {
    ServiceLevelObjective {
        id: Some(id.into()),
        name: id.rsplit('/').next().map(str::to_owned),
        metric: Some(metric.into()),
        comparison: Some(comparison),
        threshold: Some(threshold.into()),
        unit: Some(unit.into()),
        window: Some("PT10M".parse().unwrap()),
        ..ServiceLevelObjective::default()
    }
}

fn tier(id: &str, level: TierLevel, price: &str, objectives: &[&str]) -> ServiceTier {
    ServiceTier {
        id: Some(id.into()),
        name: Some(level.to_string()),
        level: Some(level),
        price: Some(price.into()),
        objectives: objectives.iter().map(|id| Ref::to(*id)).collect(),
        applies_to: vec!["http://schemas.dmtf.org/cimi/2/Machine".into()],
        ..ServiceTier::default()
    }
}

/// Bronze, silver and gold.
fn first_provider() -> Catalogue {
    let cpu = ServiceLevelObjective {
        warning_threshold: Some("60".into()),
        ..objective("slos/cpu80", aspect::CPU, Comparison::AtMost, "80", "percent")
    };
    Catalogue {
        tiers: vec![
            tier("tiers/bronze", TierLevel::Bronze, "1 EUR a day", &["slos/avail99"]),
            tier("tiers/silver", TierLevel::Silver, "2 EUR a day", &["slos/avail999"]),
            tier("tiers/gold", TierLevel::Gold, "5 EUR a day", &["slos/avail999", "slos/cpu80"]),
        ],
        objectives: vec![
            objective("slos/avail99", AVAILABILITY, Comparison::AtLeast, "99", "percent"),
            objective("slos/avail999", AVAILABILITY, Comparison::AtLeast, "99.9", "percent"),
            cpu,
        ],
    }
}

/// One that measures the same under other names and in other units.
fn second_provider() -> Catalogue {
    let downtime = "http://cimi-rs.org/ext/1/metric/downtime";
    Catalogue {
        tiers: vec![
            tier("levels/basic", TierLevel::Bronze, "cheap", &["o/down1"]),
            tier("levels/plus", TierLevel::Silver, "fair", &["o/down", "o/load"]),
            tier("levels/premium", TierLevel::Gold, "dear", &["o/down", "o/load75", "o/latency"]),
        ],
        objectives: vec![
            objective("o/down1", downtime, Comparison::AtMost, "1", "percent"),
            objective("o/down", downtime, Comparison::AtMost, "0.001", "fraction"),
            objective("o/load", "cpu_util", Comparison::AtMost, "90", "percent"),
            objective("o/load75", "cpu_util", Comparison::AtMost, "0.75", "fraction"),
            objective("o/latency", LATENCY, Comparison::LessThan, "200", "milliseconds"),
        ],
    }
}

fn samples(values: &[&str]) -> Vec<Sample> {
    let sample = |(minute, value): (usize, &&str)| Sample {
        timestamp: Some(format!("2025-01-01T12:{minute:02}:00Z").parse().unwrap()),
        value: Some((*value).to_owned()),
        ..Sample::default()
    };
    values.iter().enumerate().map(sample).collect()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

struct Stored;

impl Resolver for Stored {
    fn resolve(&self, href: &Uri, _: &'static Type) -> cimi_model::Result<Box<dyn Record>> {
        match href.as_str() {
            "machineConfigs/small" => {
                Ok(Box::new(MachineConfiguration { cpu: Some(1), memory: Some(524_288), ..Default::default() }))
            }
            _ => Err(Error::new(ErrorKind::Value, "there is no such resource")),
        }
    }
}

/// The Machine that a provider makes from a template.
fn created(template: MachineTemplate) -> Machine {
    let request = MachineCreate {
        name: Some("db".into()),
        machine_template: Some(Ref::by_value(template)),
        ..MachineCreate::default()
    };
    // The request arrives as a document.
    let text = json::to_string(&request, Dialect::V2.into()).unwrap();
    let request = json::from_slice::<MachineCreate>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let registry = Registry::standard();
    let plan = Expander::new(&registry, &Stored).instantiate(&request).unwrap();
    let resource = plan.resource(plan.root()).unwrap();
    let mut machine = resource.as_any().downcast_ref::<Machine>().unwrap().clone();
    machine.id = Some("machines/1".into());
    let template = plan.steps()[plan.root()].template.as_deref().unwrap();
    assert!(carry(template, &mut machine).unwrap());
    machine
}

fn with_tier(tier: &str) -> MachineTemplate {
    let mut template =
        MachineTemplate { machine_config: Some(Ref::to("machineConfigs/small")), ..MachineTemplate::default() };
    let level = ServiceLevel { tier: Some(Ref::to(tier)), ..ServiceLevel::default() };
    SERVICE_LEVEL.set(&mut template, &level).unwrap();
    template
}

#[test]
fn slo_001_a_machine_of_a_tier() {
    // 1: The Provider advertises the ability to create specific resources with given SLOs.
    let provider = first_provider();
    let mut entry = CloudEntryPoint::default();
    let offered =
        OfferedLevels { tiers: Some(Ref::to("tiers")), objectives: Some(Ref::to("slos")), ..Default::default() };
    OFFERED_LEVELS.set(&mut entry, &offered).unwrap();
    let text = xml::to_string(&entry, Dialect::V2.into()).unwrap();
    let read = xml::from_slice::<CloudEntryPoint>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(OFFERED_LEVELS.get(&read).unwrap(), Some(offered));
    let choice: Vec<_> = provider.tiers_for("Machine").map(|tier| (tier.level.clone(), tier.price.clone())).collect();
    assert_eq!(choice.len(), 3);
    assert_eq!(choice[2], (Some(TierLevel::Gold), Some("5 EUR a day".to_owned())));
    assert_eq!(provider.tiers_for("Volume").count(), 0);
    assert!(provider.tiers.iter().all(|tier| tier.problems().is_empty()));
    // So do the metadata of the templates: who reads them knows the attribute.
    let mut options = DescribeOptions::new(Dialect::V2);
    options.extensions.push(SERVICE_LEVEL.description(Dialect::V2));
    let metadata = metadata_for(MachineTemplate::described(), &options);
    let create = Validation { metadata: vec![&metadata], ..Validation::create() };
    let unknown = |validation: &Validation<'_>| {
        let problems = validation.problems(&with_tier("tiers/gold"));
        problems.iter().any(|problem| problem.rule == Rule::Unknown)
    };
    assert!(unknown(&Validation::create()) && !unknown(&create));

    // 2: The Consumer selects a specific SLO for a resource and asks the Provider to create such a resource.
    let template = with_tier("tiers/gold");
    assert_eq!(SERVICE_LEVEL.problems(&template, &Validation::create()), []);
    let level = SERVICE_LEVEL.get(&template).unwrap().unwrap();
    assert_eq!(provider.problems(&level, "Machine"), []);

    // 3: The Provider creates the resource as requested.
    let machine = created(template);
    assert_eq!((machine.name.as_deref(), machine.cpu), (Some("db"), Some(1)));
    let level = SERVICE_LEVEL.get(&machine).unwrap().unwrap();
    let objectives = provider.in_force(&level).unwrap();
    assert_eq!(
        objectives.iter().map(ServiceLevelObjective::summary).collect::<Vec<_>>(),
        ["average of availability over PT10M: atLeast 99.9 percent", "average of cpu over PT10M: atMost 80 percent"]
    );

    // 4: Ongoing monitoring determines whether or not the specified SLO is being met.
    let metrics = Metrics::standard();
    let meter = Meter {
        target_resource: Some(Ref::to("machines/1")),
        aspect: Some("http://schemas.dmtf.org/cimi/1/aspect/cpu".into()),
        units: Some("fraction".into()),
        ..Meter::default()
    };
    let values = samples(&["0.5", "0.55", "0.7", "0.9", "0.99", "n/a", "1"]);
    let check = |now: &str| evaluate_meter(&objectives[1], &meter, &values, &at(now), &metrics).unwrap();
    let found = check("2025-01-01T11:59:00Z");
    assert_eq!((found.status, found.samples), (Status::NotEnoughData, 0));
    let found = check("2025-01-01T12:01:00Z");
    assert_eq!((found.status, found.samples, found.unreadable), (Status::Met, 2, 1));
    assert_eq!(found.to_string(), "met: 52.5, which is 27.5 within 80, of 2 samples");
    assert_eq!(alarm(&objectives[1], &found, &machine), None);
    let found = check("2025-01-01T12:03:00Z");
    assert_eq!(found.status, Status::AtRisk);
    let event = alarm(&objectives[1], &found, &machine).unwrap();
    assert_eq!(event.content.unwrap().code.as_deref(), Some(ALARM_CODE_AT_RISK));
    // The window has moved on: the first three do not count.
    let found = check("2025-01-01T12:12:30Z");
    assert_eq!((found.status, found.samples), (Status::Violated, 3));
    assert_eq!(found.margin.unwrap().to_string(), "-49/3");

    let event = alarm(&objectives[1], &found, &machine).unwrap();
    assert_eq!(event.type_uri.as_ref().map(Uri::as_str), Some(event_type::ALARM));
    assert_eq!(event.timestamp.as_ref().map(DateTime::as_str), Some("2025-01-01T12:12:30Z"));
    let content = event.content.as_ref().unwrap();
    assert_eq!(content.resource, Some(Ref::to("machines/1")));
    assert_eq!(content.res_name.as_deref(), Some("db"));
    assert_eq!(content.code.as_deref(), Some(ALARM_CODE_VIOLATED));
    let detail = content.detail.as_deref().unwrap();
    assert!(detail.starts_with("average of cpu over PT10M: atMost 80 percent: violated: about 96.333, which is about 16.333 beyond 80, of 3 samples"), "{detail}");
    let text = json::to_string(&event, Dialect::V1.into()).unwrap();
    let read = json::from_slice::<cimi_model::Event>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    assert_eq!(read.content, event.content);
    // Without a unit, the objective has that of the metric.
    let plain = ServiceLevelObjective { unit: None, ..objectives[1].clone() };
    let again = evaluate_meter(&plain, &meter, &values, &at("2025-01-01T12:12:30Z"), &metrics).unwrap();
    assert_eq!(again, found);
    // The Meter must be one of the metric.
    let disk = Meter { aspect: Some(aspect::DISK.into()), ..meter.clone() };
    let error = evaluate_meter(&objectives[1], &disk, &values, &at("2025-01-01T12:03:00Z"), &metrics).unwrap_err();
    assert_eq!(error.path(), "/Meter/aspect");
    let seconds = Meter { units: Some("seconds".into()), ..meter };
    let error = evaluate_meter(&objectives[1], &seconds, &values, &at("2025-01-01T12:03:00Z"), &metrics).unwrap_err();
    assert_eq!(error.path(), "/Meter/units");
}

#[test]
fn slo_001_variation_other_resources() {
    let iops = objective(
        "slos/iops",
        "http://cimi-rs.org/ext/1/metric/iops",
        Comparison::AtLeast,
        "500",
        "operations per second",
    );
    let mut template = VolumeTemplate::default();
    let own = ServiceLevel { objectives: vec![Ref::by_value(iops.clone())], ..ServiceLevel::default() };
    SERVICE_LEVEL.set(&mut template, &own).unwrap();
    let mut volume = Volume::default();
    assert!(carry(&template, &mut volume).unwrap());
    let level = SERVICE_LEVEL.get(&volume).unwrap().unwrap();
    assert_eq!(Catalogue::default().in_force(&level).unwrap(), [iops]);
    assert!(!carry(&VolumeTemplate::default(), &mut volume).unwrap());
    // It does not go with what has no service level.
    let mut meter = Meter::default();
    SERVICE_LEVEL.set(&mut meter, &own).unwrap();
    assert_eq!(SERVICE_LEVEL.problems(&meter, &Validation::read())[0].rule, Rule::Unknown);
}

#[test]
fn slo_001_what_is_not_offered() {
    let provider = first_provider();
    let level = ServiceLevel { tier: Some(Ref::to("tiers/platinum")), ..ServiceLevel::default() };
    let error = provider.in_force(&level).unwrap_err();
    assert_eq!((error.path(), error.reason()), ("/serviceLevel/tier", "there is no ServiceTier 'tiers/platinum'"));
    let level = ServiceLevel { objectives: vec![Ref::to("slos/cpu80"), Ref::default()], ..ServiceLevel::default() };
    assert_eq!(provider.in_force(&level).unwrap_err().path(), "/serviceLevel/objectives[1]");
    // Asked for a Volume, with objectives that cannot be evaluated.
    let broken = ServiceLevelObjective { threshold: Some("fast".into()), ..provider.objectives[2].clone() };
    let level = ServiceLevel {
        tier: Some(Ref::to("tiers/gold")),
        objectives: vec![Ref::to("slos/none"), Ref::by_value(broken)],
        ..ServiceLevel::default()
    };
    let problems = provider.problems(&level, "Volume");
    let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect();
    assert_eq!(
        found,
        [
            ("/serviceLevel/tier", Rule::Consistency),
            ("/serviceLevel/objectives[0]", Rule::Reference),
            ("/serviceLevel/objectives[1]/threshold", Rule::Value),
        ]
    );
    // What stands beside the reference replaces what the target has.
    let stricter = ServiceLevelObjective { threshold: Some("70".into()), ..Default::default() };
    let reference = Ref { href: Some("slos/cpu80".into()), value: Some(Box::new(stricter)) };
    let found = provider.objective(&reference).unwrap();
    assert_eq!((found.threshold.as_deref(), found.unit.as_deref()), (Some("70"), Some("percent")));
}

#[test]
fn slo_002_a_machine_moves_with_its_objectives() {
    // 1: The Consumer is a client of two different Providers that share common SLOs.
    let (first, second) = (first_provider(), second_provider());
    let metrics = Metrics::standard();
    assert!(metrics.are_same(aspect::CPU, "cpu_util"));

    // 2: The Consumer selects a configuration for a Machine to be created with the desired SLO.
    let template = with_tier("tiers/gold");

    // 3: The Consumer requests that the first Provider create the Machine in the first cloud with the chosen SLO.
    let mut machine = created(template);
    let objectives = first.in_force(&SERVICE_LEVEL.get(&machine).unwrap().unwrap()).unwrap();

    // 4: The Consumer moves the Machine to the cloud of the second Provider maintaining the target SLO.
    let report = move_report(&objectives, "Machine", &second, &metrics).unwrap();
    let relations = |tier: usize| -> Vec<_> {
        report.tiers[tier].changes.iter().map(|change| change.compared.map(|found| found.relation)).collect()
    };
    assert_eq!(relations(0), [Some(Relation::Weaker), None]);
    assert_eq!(relations(1), [Some(Relation::Same), Some(Relation::Weaker)]);
    assert_eq!(relations(2), [Some(Relation::Same), Some(Relation::Stricter)]);
    assert_eq!(report.tiers[1].changes[1].compared.unwrap().difference, Some(Difference::Threshold));
    assert_eq!(report.chosen, Some(2));
    let premium = &report.tiers[2];
    assert_eq!(premium.gained, ["average of latency over PT10M: lessThan 200 milliseconds"]);
    assert_eq!(premium.changes[1].then.as_deref(), Some("average of cpu_util over PT10M: atMost 0.75 fraction"));

    let chosen = second.tiers[premium.tier].id.clone().unwrap();
    let level = ServiceLevel { tier: Some(Ref::to(chosen)), ..ServiceLevel::default() };
    SERVICE_LEVEL.set(&mut machine, &level).unwrap();
    let now = second.in_force(&SERVICE_LEVEL.get(&machine).unwrap().unwrap()).unwrap();
    assert_eq!(now.len(), 3);
    // What the first provider promised holds where the second keeps its word.
    let meter = Meter { aspect: Some("cpu_util".into()), units: Some("percent".into()), ..Meter::default() };
    let values = samples(&["70", "74", "75"]);
    for objective in [&now[1], &objectives[1]] {
        let found = evaluate_meter(objective, &meter, &values, &at("2025-01-01T12:03:00Z"), &metrics).unwrap();
        assert_ne!(found.status, Status::Violated);
    }
}

#[test]
fn slo_002_nothing_there_is_enough() {
    let fast = ServiceLevelObjective {
        aggregation: Some(Aggregation::Percentile),
        percentile: Some("95".into()),
        ..objective("slos/p95", LATENCY, Comparison::AtMost, "100", "milliseconds")
    };
    let report = move_report(&[fast], "Machine", &second_provider(), &Metrics::standard()).unwrap();
    assert_eq!(report.chosen, None);
    let change = &report.tiers[2].changes[0];
    assert_eq!(change.compared.unwrap().relation, Relation::Incomparable);
    assert_eq!(change.compared.unwrap().difference, Some(Difference::Aggregation));
    assert!(!change.is_kept());
    let report = move_report(&[], "Volume", &second_provider(), &Metrics::standard()).unwrap();
    assert_eq!((report.tiers.len(), report.chosen), (0, None));
}

#[test]
fn wrong_objectives_are_refused_with_their_path() {
    let good = objective("o/1", aspect::CPU, Comparison::AtMost, "80", "percent");
    assert_eq!(good.problems(), []);
    let change = |change: &dyn Fn(&mut ServiceLevelObjective)| {
        let mut objective = good.clone();
        change(&mut objective);
        let problems = objective.problems();
        let problem = problems.first().unwrap_or_else(|| panic!("{objective:?}"));
        (problem.path.rsplit('/').next().unwrap().to_owned(), problem.rule)
    };
    let wrong = [
        (change(&|o| o.metric = None), "metric", Rule::Required),
        (change(&|o| o.comparison = None), "comparison", Rule::Required),
        (change(&|o| o.comparison = Some("about".into())), "comparison", Rule::Enumeration),
        (change(&|o| o.threshold = None), "threshold", Rule::Required),
        (change(&|o| o.threshold = Some("much".into())), "threshold", Rule::Value),
        (change(&|o| o.warning_threshold = Some("90".into())), "warningThreshold", Rule::Consistency),
        (change(&|o| o.unit = Some("seconds".into())), "unit", Rule::Consistency),
        (change(&|o| o.window = Some("-PT1M".parse().unwrap())), "window", Rule::Range),
        (change(&|o| o.window = Some("PT0S".parse().unwrap())), "window", Rule::Range),
        (change(&|o| o.aggregation = Some(Aggregation::Percentile)), "percentile", Rule::Required),
        (change(&|o| o.percentile = Some("95".into())), "percentile", Rule::Forbidden),
        (change(&|o| o.aggregation = Some("median".into())), "aggregation", Rule::Enumeration),
        (change(&|o| o.time_scope = Some("Interval".into())), "intervalDuration", Rule::Required),
        (change(&|o| o.interval_duration = Some("PT1M".parse().unwrap())), "intervalDuration", Rule::Forbidden),
        (change(&|o| o.minimum_samples = Some(-1)), "minimumSamples", Rule::Range),
        (change(&|o| o.maximum_gap = Some("-P1M".parse().unwrap())), "maximumGap", Rule::Range),
    ];
    for ((path, rule), expected_path, expected_rule) in wrong {
        assert_eq!((path.as_str(), rule), (expected_path, expected_rule));
    }
    let mut percentile = good.clone();
    percentile.aggregation = Some(Aggregation::Percentile);
    percentile.percentile = Some("100.1".into());
    assert_eq!(percentile.problems()[0].path, "/ServiceLevelObjective/percentile");
    let tier = ServiceTier {
        objectives: vec![Ref::to("slos/1"), Ref::by_value(good), Ref::by_value(percentile)],
        ..ServiceTier::default()
    };
    let paths: Vec<String> = tier.problems().into_iter().map(|problem| problem.path).collect();
    assert_eq!(paths, ["/ServiceTier/objectives[2]/name", "/ServiceTier/objectives[2]/percentile"]);
}

#[test]
fn qualities_lead_to_metrics() {
    let indicators = quality("responsiveness").unwrap().indicators;
    assert_eq!(indicators[0].metric, LATENCY);
    let known = |uri: &str| Metrics::standard().find(uri) == Some((uri, false));
    for quality in cimi_model::ext::objective::QUALITIES {
        assert!(!quality.indicators.is_empty());
        assert!(quality.indicators.iter().all(|indicator| known(indicator.metric)), "{}", quality.name);
    }
    // Every unit of the table is one that quantities can be converted from, or a count.
    for metric in cimi_model::ext::objective::METRICS {
        assert!(known(metric.uri), "{}", metric.name);
        let counts =
            metric.unit.ends_with("s per second") && !metric.unit.contains("bit") && !metric.unit.contains("byte");
        assert!(
            counts || cimi_model::ext::objective::convert(1.into(), metric.unit, &metric.unit.to_uppercase()).is_ok()
        );
    }
}
