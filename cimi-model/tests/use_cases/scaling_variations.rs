//! BC/DR-003, the variations: in and down, single Machines, configurations, and where policies stand.

use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::ext::objective::Metrics;
use cimi_model::ext::scaling::{
    AUTO_SCALING, Action, AdjustmentType, AutoScaling, Decision, Direction, OFFERED_SCALING, Obstacle, OfferedScaling,
    Removal, Scaler, ScalingKind, ScalingPolicy, ScalingScope, ScalingTrigger, Verdict, cannot_scale,
};
use cimi_model::reflect::{Described, Record};
use cimi_model::validate::{Rule, Validation};
use cimi_model::{
    CloudEntryPoint, Dialect, EventSeverity, Machine, MachineConfiguration, MachineTemplate, Meter, Ref, Sample,
    System, SystemTemplate, Type, Uri,
};

use crate::scaling::{at, conforming, load_policy, policy, sample, storage_policy, through, trigger};

/// Machines with a load each, for the minutes up to and including 30.
fn cluster(loads: &[i64]) -> Vec<(Machine, Vec<Sample>)> {
    let machine = |(number, load): (usize, &i64)| {
        let created = at(i64::try_from(number).unwrap());
        let machine = Machine {
            id: Some(format!("machines/{}", number + 1).into()),
            created: Some(created.into()),
            ..Machine::default()
        };
        (machine, (0..=30).map(|minute| sample(minute, *load)).collect())
    };
    loads.iter().enumerate().map(machine).collect()
}

fn decide(policy: &ScalingPolicy, of: &[(Machine, Vec<Sample>)]) -> Decision {
    let metrics = Metrics::standard();
    let scaler = Scaler::of(policy, &metrics).unwrap();
    let members: Vec<_> = of.iter().map(|(machine, samples)| scaler.member(machine, None, samples).unwrap()).collect();
    scaler.decide(&members, &[], at(30)).unwrap().remove(0)
}

fn removed(decision: &Decision) -> Vec<&str> {
    match &decision.verdict {
        Verdict::Act(Action::Remove { resources }) => resources.iter().map(Uri::as_str).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bc_dr_003_variation_scaling_in() {
    let both = ScalingPolicy {
        components: Vec::new(),
        shrink: Some(ScalingTrigger { periods: Some(30), adjustment: Some(2), ..trigger("30") }),
        minimum: Some(2),
        protected_resources: vec![Ref::to("machines/4")],
        ..load_policy()
    };
    assert_eq!(both.problems(), []);
    let machines = cluster(&[20, 10, 30, 20]);
    let decision = decide(&both, &machines);
    assert_eq!(decision.direction, Some(Direction::In));
    // The newest first, but for the one that is protected.
    assert_eq!(removed(&decision), ["machines/3", "machines/2"]);
    assert!(
        decision
            .reason
            .ends_with("is 20 on average, lessThan 30 percent for 30 periods of PT1M, of 120 samples; 4 become 2")
    );
    let by = |removal| ScalingPolicy { removal: Some(removal), ..both.clone() };
    assert_eq!(removed(&decide(&by(Removal::Oldest), &machines)), ["machines/1", "machines/2"]);
    assert_eq!(removed(&decide(&by(Removal::LeastLoaded), &machines)), ["machines/2", "machines/1"]);
    // Not below the minimum, and that is no alarm.
    let decision = decide(&both, &cluster(&[1, 1]));
    assert_eq!(decision.verdict, Verdict::CannotScale(Obstacle::Minimum));
    assert_eq!(cannot_scale(&both, &decision, &System::default()), None);
    // What is left has to bear the load.
    let narrow =
        ScalingPolicy { shrink: Some(ScalingTrigger { adjustment: Some(2), ..trigger("60") }), ..both.clone() };
    assert_eq!(decide(&narrow, &cluster(&[50, 50, 50, 50])).verdict, Verdict::CannotScale(Obstacle::Reversal));
    let all = ScalingPolicy {
        protected_resources: (1..5).map(|number| Ref::to(format!("machines/{number}"))).collect(),
        ..both.clone()
    };
    let decision = decide(&all, &machines);
    assert_eq!(decision.verdict, Verdict::CannotScale(Obstacle::Protected));
    assert_eq!(cannot_scale(&all, &decision, &System::default()).unwrap().severity, Some(EventSeverity::Low));
    // Without the samples of one, nobody knows.
    let mut silent = machines;
    silent[1].1.clear();
    let decision = decide(&both, &silent);
    assert_eq!(decision.verdict, Verdict::NotEnoughData);
    assert_eq!(decision.to_string(), "not enough data: 1 of 4 Machines without enough samples, of 90 samples");
    // A Machine that failed is replaced, whatever the load; one that is too many goes.
    let decision = decide(&both, &cluster(&[0]));
    assert_eq!(decision.to_string(), "scale out: 1 Machine of at least 2; 1 becomes 2");
    let decision = decide(&both, &cluster(&[0, 0, 0, 0, 0]));
    assert_eq!(removed(&decision), ["machines/5"]);
    let off = ScalingPolicy { enabled: Some(false), ..both };
    let metrics = Metrics::standard();
    assert_eq!(Scaler::of(&off, &metrics).unwrap().decide(&[], &[], at(0)).unwrap(), []);
}

#[test]
fn bc_dr_003_variation_measured_on_a_single_machine() {
    let average = ScalingPolicy { components: Vec::new(), maximum: Some(20), ..load_policy() };
    let single = ScalingPolicy {
        scope: Some(ScalingScope::Single),
        shrink: Some(trigger("40")),
        grow: Some(ScalingTrigger {
            periods: Some(5),
            adjustment: Some(25),
            adjustment_type: Some(AdjustmentType::Percent),
            ..trigger("70")
        }),
        ..average.clone()
    };
    let machines = cluster(&[75, 10, 10, 10, 10]);
    assert_eq!(decide(&average, &machines).verdict, Verdict::Steady);
    let decision = decide(&single, &machines);
    // 25 percent of five, rounded up.
    assert_eq!(decision.verdict, Verdict::Act(Action::Add { count: 2 }));
    assert!(decision.reason.starts_with("cpu of 5 Machines is 75 at most, moreThan 70 percent"), "{decision}");
    assert_eq!(decide(&single, &cluster(&[45, 10, 10])).verdict, Verdict::Steady);
    assert_eq!(decide(&single, &cluster(&[30, 10, 10])).direction, Some(Direction::In));
}

#[test]
fn bc_dr_003_variation_up_and_down_along_configurations() {
    let configuration = |cpu: i64| {
        let value = MachineConfiguration { cpu: Some(cpu), memory: Some(cpu << 20), ..MachineConfiguration::default() };
        Ref { href: Some(format!("configurations/{cpu}").into()), value: Some(Box::new(value)) }
    };
    let policy = ScalingPolicy {
        configurations: vec![configuration(1), configuration(2), configuration(8)],
        grow: Some(trigger("80")),
        shrink: Some(trigger("20")),
        ..policy("size", ScalingKind::UpDown, "Machine", "CPUUtilization")
    };
    assert_eq!(policy.problems(), []);
    let with = |cpu: i64, load: i64| {
        let mut machines = cluster(&[load]);
        (machines[0].0.cpu, machines[0].0.memory) = (Some(cpu), Some(cpu << 20));
        decide(&policy, &machines)
    };
    let decision = with(2, 90);
    let expected =
        Action::Reconfigure { resource: "machines/1".into(), from: 1, to: 2, configuration: configuration(8) };
    assert_eq!(decision.verdict, Verdict::Act(expected));
    assert_eq!(decision.direction, Some(Direction::Up));
    assert!(decision.reason.ends_with("configuration 1 becomes 2"), "{decision}");
    let decision = with(2, 5);
    assert!(matches!(&decision.verdict, Verdict::Act(Action::Reconfigure { to: 0, .. })), "{decision}");
    let decision = with(8, 90);
    assert_eq!(decision.verdict, Verdict::CannotScale(Obstacle::Maximum));
    let event = cannot_scale(&policy, &decision, &cluster(&[0])[0].0).unwrap();
    assert_eq!(event.content.as_ref().unwrap().resource, Some(Ref::to("machines/1")));
    assert!(event.content.unwrap().detail.unwrap().ends_with("there is no larger configuration"));
    assert_eq!(with(1, 5).verdict, Verdict::CannotScale(Obstacle::Minimum));
    assert_eq!(with(3, 90).verdict, Verdict::CannotScale(Obstacle::UnknownSize));
}

#[test]
fn bc_dr_003_metadata_and_entry_point_offer_scaling() {
    let mut entry = CloudEntryPoint::default();
    let offered = OfferedScaling { policies: Some(Ref::to("scalingPolicies")), ..OfferedScaling::default() };
    OFFERED_SCALING.set(&mut entry, &offered).unwrap();
    for dialect in [Dialect::V1, Dialect::V2] {
        assert_eq!(OFFERED_SCALING.get(&through(&entry, dialect)).unwrap(), Some(offered.clone()));
    }
    let policies = vec![Ref::to("scalingPolicies/1"), Ref::by_value(storage_policy())];
    let scaling = AutoScaling { policies, ..AutoScaling::default() };
    let owners: [(Box<dyn Record>, &Type); 4] = [
        (Box::new(System::default()), System::TYPE),
        (Box::new(SystemTemplate::default()), SystemTemplate::TYPE),
        (Box::new(Machine::default()), Machine::TYPE),
        (Box::new(MachineTemplate::default()), MachineTemplate::TYPE),
    ];
    for (mut owner, record_type) in owners {
        AUTO_SCALING.set(&mut *owner, &scaling).unwrap();
        assert_eq!(AUTO_SCALING.problems(&*owner, &conforming()), []);
        assert_eq!(scaling.problems(&*owner), []);
        let mut options = DescribeOptions::new(Dialect::V2);
        options.extensions.push(AUTO_SCALING.description(Dialect::V2));
        let metadata = metadata_for(owner.record_type(), &options);
        let create = Validation { metadata: vec![&metadata], ..Validation::create() };
        let unknown = |validation: &Validation<'_>| {
            validation.problems(&*owner).iter().any(|problem| problem.rule == Rule::Unknown)
        };
        assert!(unknown(&Validation::create()) && !unknown(&create), "{}", record_type.name);
    }
    let mut meter = Meter::default();
    AUTO_SCALING.set(&mut meter, &scaling).unwrap();
    assert_eq!(AUTO_SCALING.problems(&meter, &Validation::read())[0].path, "/Meter/autoScaling");

    // By reference, with what differs.
    let stored = ScalingPolicy { id: Some("scalingPolicies/1".into()), ..load_policy() };
    let changed = ScalingPolicy { maximum: Some(9), ..ScalingPolicy::default() };
    let reference = Ref { href: Some("scalingPolicies/1".into()), value: Some(Box::new(changed)) };
    let scaling = AutoScaling { policies: vec![reference, Ref::to("scalingPolicies/2")], ..AutoScaling::default() };
    let error = scaling.in_force(std::slice::from_ref(&stored)).unwrap_err();
    assert_eq!(
        (error.path(), error.reason()),
        ("/autoScaling/policies[1]", "there is no ScalingPolicy 'scalingPolicies/2'")
    );
    let other = ScalingPolicy { id: Some("scalingPolicies/2".into()), ..storage_policy() };
    let found = scaling.in_force(&[stored, other]).unwrap();
    assert_eq!((found[0].maximum, found[0].name.as_deref()), (Some(9), Some("load")));
    assert_eq!(found[1].name.as_deref(), Some("storage"));
}
