//! Scaling policies that are wrong, and what they do not fit.

use cimi_model::ext::objective::{Aggregation, Metrics};
use cimi_model::ext::scaling::{
    AUTO_SCALING, AdjustmentType, AutoScaling, Removal, Scaler, ScalingKind, ScalingPolicy, ScalingScope,
    ScalingTrigger,
};
use cimi_model::reflect::Record;
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{
    Collection, Dialect, Machine, MachineConfiguration, Meter, ReadOptions, Ref, Sample, System, SystemTemplate,
    Volume, VolumeTemplate, aspect, json,
};

use crate::scaling::{TEMPLATE, load_policy, policy, read, sample, storage_policy, trigger};

type Change<'a> = &'a dyn Fn(&mut ScalingPolicy);

fn grow(policy: &mut ScalingPolicy) -> &mut ScalingTrigger {
    policy.grow.as_mut().unwrap()
}

#[test]
fn wrong_policies_are_refused_with_their_path() {
    let out_in = ScalingPolicy { shrink: Some(trigger("30")), ..load_policy() };
    let ladder = ScalingPolicy {
        configurations: vec![Ref::to("c/1"), Ref::to("c/2")],
        grow: Some(trigger("80")),
        ..policy("size", ScalingKind::UpDown, "Machine", aspect::CPU)
    };
    let storage = storage_policy();
    assert!([&out_in, &ladder, &storage].iter().all(|policy| policy.problems().is_empty()));
    let check = |good: &ScalingPolicy, path: &str, rule: Rule, change: Change<'_>| {
        let mut policy = good.clone();
        change(&mut policy);
        let problems = policy.problems();
        let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect();
        assert!(found.contains(&(&format!("/ScalingPolicy/{path}"), rule)), "{path}: {found:?}");
        let metrics = Metrics::standard();
        assert_eq!(Scaler::of(&policy, &metrics).unwrap_err().path(), problems[0].path);
    };
    let configuration = |cpu| Ref::by_value(MachineConfiguration { cpu: Some(cpu), ..MachineConfiguration::default() });
    let duration = |text: &str| Some(text.parse().unwrap());
    let of_out_in: &[(&str, Rule, Change<'_>)] = &[
        ("kind", Rule::Required, &|p| p.kind = None),
        ("kind", Rule::Enumeration, &|p| p.kind = Some("sideways".into())),
        ("resourceType", Rule::Required, &|p| p.resource_type = None),
        ("metric", Rule::Required, &|p| p.metric = None),
        ("metric", Rule::Enumeration, &|p| p.metric = Some("load".into())),
        ("metric", Rule::Enumeration, &|p| p.metric = Some("http://cimi-rs.org/ext/1/metric/mood".into())),
        ("metric", Rule::Consistency, &|p| p.metric = Some("http://cimi-rs.org/ext/1/metric/cpuIdle".into())),
        ("unit", Rule::Consistency, &|p| p.unit = Some("seconds".into())),
        ("scope", Rule::Enumeration, &|p| p.scope = Some("some".into())),
        ("period", Rule::Range, &|p| p.period = duration("PT0S")),
        ("period", Rule::Range, &|p| p.period = duration("-PT1M")),
        ("grow/periods", Rule::Consistency, &|p| p.period = None),
        ("aggregation", Rule::Enumeration, &|p| p.aggregation = Some("median".into())),
        ("percentile", Rule::Required, &|p| p.aggregation = Some(Aggregation::Percentile)),
        ("intervalDuration", Rule::Required, &|p| p.time_scope = Some("Interval".into())),
        ("minimumSamples", Rule::Range, &|p| p.minimum_samples = Some(-1)),
        ("maximumGap", Rule::Range, &|p| p.maximum_gap = duration("-P1D")),
        ("grow", Rule::Required, &|p| (p.grow, p.shrink) = (None, None)),
        ("grow/threshold", Rule::Required, &|p| grow(p).threshold = None),
        ("grow/threshold", Rule::Value, &|p| grow(p).threshold = Some("much".into())),
        ("grow/comparison", Rule::Consistency, &|p| grow(p).comparison = Some("lessThan".into())),
        ("grow/comparison", Rule::Enumeration, &|p| grow(p).comparison = Some("near".into())),
        ("grow/periods", Rule::Range, &|p| grow(p).periods = Some(0)),
        ("grow/adjustment", Rule::Range, &|p| grow(p).adjustment = Some(0)),
        ("grow/adjustmentType", Rule::Enumeration, &|p| grow(p).adjustment_type = Some("double".into())),
        ("grow/coolDown", Rule::Range, &|p| grow(p).cool_down = duration("-PT1S")),
        // The threshold to scale out is below that to scale in.
        ("shrink/threshold", Rule::Consistency, &|p| grow(p).threshold = Some("20".into())),
        ("shrink/threshold", Rule::Consistency, &|p| grow(p).threshold = Some("30".into())),
        ("minimum", Rule::Consistency, &|p| p.minimum = Some(5)),
        ("minimum", Rule::Range, &|p| p.minimum = Some(-1)),
        ("maximum", Rule::Consistency, &|p| p.maximum = Some(0)),
        ("removal", Rule::Enumeration, &|p| p.removal = Some("ugliest".into())),
        ("volumeTemplate", Rule::Forbidden, &|p| p.volume_template = Some(Ref::to("templates/1"))),
        ("configurations", Rule::Forbidden, &|p| p.configurations = vec![Ref::to("c/1"), Ref::to("c/2")]),
    ];
    let of_ladder: &[(&str, Rule, Change<'_>)] = &[
        ("configurations", Rule::Required, &|p| p.configurations.clear()),
        ("configurations", Rule::Consistency, &|p| p.configurations.truncate(1)),
        ("configurations[1]", Rule::Duplicate, &|p| p.configurations[1] = Ref::to("c/1")),
        ("configurations[0]", Rule::Reference, &|p| p.configurations[0] = Ref::default()),
        ("configurations[1]", Rule::Consistency, &|p| p.configurations = vec![configuration(4), configuration(2)]),
        ("scope", Rule::Consistency, &|p| p.scope = Some(ScalingScope::Average)),
        ("maximum", Rule::Forbidden, &|p| p.maximum = Some(2)),
        ("grow/adjustmentType", Rule::Consistency, &|p| grow(p).adjustment_type = Some(AdjustmentType::Percent)),
        ("machineTemplate", Rule::Forbidden, &|p| p.machine_template = Some(Ref::to("templates/1"))),
        ("removal", Rule::Forbidden, &|p| p.removal = Some(Removal::Oldest)),
        ("resourceType", Rule::Consistency, &|p| p.resource_type = Some(Dialect::V2.uri("Network").into())),
    ];
    let of_storage: &[(&str, Rule, Change<'_>)] = &[
        ("grow/adjustment", Rule::Required, &|p| grow(p).adjustment = None),
        // A Volume has no memory of which there could be a share.
        ("unit", Rule::Consistency, &|p| p.metric = Some(aspect::MEMORY.into())),
    ];
    for (good, changes) in [(&out_in, of_out_in), (&ladder, of_ladder), (&storage, of_storage)] {
        for (path, rule, change) in changes {
            check(good, path, *rule, *change);
        }
    }
}

#[test]
fn policies_are_refused_where_they_do_not_belong() {
    // Nothing is known of a metric of somebody else, but it can be used.
    let foreign = ScalingPolicy { metric: Some("http://example.com/queue".into()), ..load_policy() };
    let problems = foreign.problems();
    assert_eq!((problems.len(), problems[0].severity, problems[0].rule), (1, Severity::Warning, Rule::Enumeration));
    assert!(Scaler::of(&foreign, &Metrics::standard()).is_ok());
    assert!(Scaler::of(&foreign, &Metrics::standard().with("http://example.com/queue", aspect::CPU)).is_ok());

    // Where they do not belong, and names.
    let policies = vec![Ref::by_value(load_policy()), Ref::by_value(load_policy()), Ref::default()];
    let scaling = AutoScaling { policies, ..AutoScaling::default() };
    let paths = |owner: &dyn Record| -> Vec<String> {
        scaling.problems(owner).into_iter().map(|problem| problem.path).collect()
    };
    assert_eq!(paths(&System::default()), ["/autoScaling/policies[1]/name", "/autoScaling/policies[2]"]);
    assert_eq!(paths(&Machine::default())[0], "/autoScaling/policies[0]/resourceType");
    assert_eq!(paths(&VolumeTemplate::default())[0], "/autoScaling/policies[0]/resourceType");

    // Names that no component has.
    let template = read::<SystemTemplate>(TEMPLATE);
    let wrong = ScalingPolicy { components: vec!["web".into(), "api".into()], ..load_policy() };
    let scaling = AutoScaling { policies: vec![Ref::by_value(wrong)], ..AutoScaling::default() };
    let problems = scaling.problems(&template);
    let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect();
    assert_eq!(found, [("/autoScaling/policies[0]/components[1]", Rule::Symbol)]);

    // As documents.
    let wrong = r#"{ "kind": "outIn", "grow": { "threshold": "70", "periods": "many" } }"#;
    let error = json::from_slice::<ScalingPolicy>(wrong.as_bytes(), &ReadOptions::strict()).unwrap_err();
    assert_eq!(error.path(), "/ScalingPolicy/grow/periods");
    let wrong = read::<System>(r#"{ "autoScaling": { "policies": [ { "minimum": -1 } ] } }"#);
    let problems = AUTO_SCALING.problems(&wrong, &Validation::read());
    assert!(problems.iter().any(|problem| problem.path == "/System/autoScaling/policies[0]/minimum"), "{problems:?}");
    let _: Collection<ScalingPolicy> = read(r#"{ "scalingPolicies": [ { "kind": "upDown" } ] }"#);
}

#[test]
fn resources_that_do_not_fit_are_refused_with_their_path() {
    let storage = storage_policy();
    let metrics = Metrics::standard();
    let scaler = Scaler::of(&storage, &metrics).unwrap();
    let volume = Volume { id: Some("volumes/1".into()), capacity: Some(10), ..Volume::default() };
    let meter = Meter { aspect: Some(aspect::DISK.into()), units: Some("MiB".into()), ..Meter::default() };
    let member = scaler.member(&volume, Some(&meter), &[sample(1, 1), Sample::default()]).unwrap();
    assert_eq!((member.size, member.readings.len(), member.unreadable), (Some(10), 1, 1));
    // A mebibyte is 1048.576 kilobytes, of which 10 are the whole.
    assert_eq!(member.factor.unwrap().to_string(), "10485.76");
    let check = |volume: &dyn Record, meter: &Meter, path: &str| {
        assert_eq!(scaler.member(volume, Some(meter), &[]).unwrap_err().path(), path);
    };
    check(&Machine::default(), &meter, "/Machine");
    check(&Volume::default(), &meter, "/Volume/id");
    check(&Volume { capacity: None, ..volume.clone() }, &meter, "/Volume/capacity");
    check(&Volume { capacity: Some(0), ..volume.clone() }, &meter, "/Volume/capacity");
    check(&volume, &Meter { units: Some("seconds".into()), ..meter.clone() }, "/Meter/units");
    check(&volume, &Meter { aspect: Some(aspect::CPU.into()), ..meter.clone() }, "/Meter/aspect");
    let share = Meter { units: Some("fraction".into()), aspect: None, ..meter };
    assert_eq!(scaler.member(&volume, Some(&share), &[]).unwrap().factor.unwrap().to_string(), "100");
}
