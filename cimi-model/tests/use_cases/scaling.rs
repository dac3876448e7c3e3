//! BC/DR-003 (Res-Mgm/Ctrl-002), auto-scaling.

use chrono::{DateTime as Instant, TimeDelta, Utc};
use cimi_model::ext::objective::{Aggregation, Metrics};
use cimi_model::ext::scaling::{
    ALARM_CODE_CANNOT_SCALE, ALARM_CODE_FAILED, AUTO_SCALING, Action, AdjustmentType, AutoScaling, Decision, Direction,
    Obstacle, Past, Scaler, ScalingKind, ScalingPolicy, ScalingTrigger, Verdict, cannot_scale, failed, scaled,
};
use cimi_model::reflect::{Described, Record};
use cimi_model::template::{Expander, Plan};
use cimi_model::validate::{Severity, Validation};
use cimi_model::{
    DateTime, Dialect, Error, ErrorKind, Event, EventOutcome, EventSeverity, Machine, MachineCreate, MachineState,
    MachineTemplate, Meter, Network, NetworkInterface, ReadOptions, Ref, Registry, Sample, System, SystemCreate,
    SystemTemplate, Type, Uri, Volume, aspect, attributes, event_type, json, xml,
};

pub fn trigger(threshold: &str) -> ScalingTrigger {
    ScalingTrigger { threshold: Some(threshold.into()), ..ScalingTrigger::default() }
}

pub fn policy(name: &str, kind: ScalingKind, type_name: &str, metric: &str) -> ScalingPolicy {
    ScalingPolicy {
        name: Some(name.into()),
        kind: Some(kind),
        resource_type: Some(Dialect::V2.uri(type_name).into()),
        metric: Some(metric.into()),
        ..ScalingPolicy::default()
    }
}

/// 2a: a new Machine if the average load on all Machines exceeds 70 % for more than five minutes.
pub fn load_policy() -> ScalingPolicy {
    ScalingPolicy {
        components: vec!["web".into()],
        period: Some("PT1M".parse().unwrap()),
        grow: Some(ScalingTrigger { periods: Some(5), ..trigger("70") }),
        maximum: Some(4),
        ..policy("load", ScalingKind::OutIn, "Machine", aspect::CPU)
    }
}

/// 2b: 50 % more storage when the usage of a Volume exceeds 80 % of its capacity.
pub fn storage_policy() -> ScalingPolicy {
    let half = ScalingTrigger { adjustment: Some(50), adjustment_type: Some(AdjustmentType::Percent), ..trigger("80") };
    ScalingPolicy {
        unit: Some("percent".into()),
        aggregation: Some(Aggregation::Last),
        grow: Some(half),
        maximum: Some(20_000_000),
        ..policy("storage", ScalingKind::UpDown, "Volume", aspect::DISK)
    }
}

/// 2c: additional bandwidth if the average utilization of a network interface exceeds 80 % for more than 30 minutes.
fn bandwidth_policy() -> ScalingPolicy {
    ScalingPolicy {
        unit: Some("percent".into()),
        period: Some("PT30M".parse().unwrap()),
        maximum_gap: Some("PT5M".parse().unwrap()),
        grow: Some(ScalingTrigger { adjustment: Some(1_000_000_000), ..trigger("80") }),
        ..policy("bandwidth", ScalingKind::UpDown, "NetworkInterface", aspect::INPUT_BANDWIDTH)
    }
}

/// The minute of the day.
pub fn at(minute: i64) -> Instant<Utc> {
    "2025-01-01T00:00:00Z".parse::<DateTime>().unwrap().instant().unwrap().to_utc() + TimeDelta::minutes(minute)
}

pub fn sample(minute: i64, value: i64) -> Sample {
    Sample { timestamp: Some(at(minute).into()), value: Some(value.to_string()), ..Sample::default() }
}

/// Validation by a consumer, who is not told what could be there.
pub fn conforming() -> Validation<'static> {
    Validation { least: Severity::Warning, ..Validation::read() }
}

pub fn through<T: Described + Record + Clone>(value: &T, dialect: Dialect) -> T {
    let text = json::to_string(value, dialect.into()).unwrap();
    let read = json::from_slice::<T>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let text = xml::to_string(&read, dialect.into()).unwrap();
    xml::from_slice::<T>(text.as_bytes(), &ReadOptions::strict()).unwrap().value
}

pub const TEMPLATE: &str = r##"{
    "name": "shop",
    "componentDescriptors": [
        { "name": "net", "type": "http://schemas.dmtf.org/cimi/2/Network", "networkTemplate": {} },
        { "name": "web", "type": "http://schemas.dmtf.org/cimi/2/Machine", "quantity": 2,
          "machineTemplate": { "href": "machineTemplates/web",
                               "interfaceTemplates": [ { "network": { "href": "#net" }, "speed": 1000000000 } ] } },
        { "name": "balancer", "type": "http://schemas.dmtf.org/cimi/2/Machine",
          "machineTemplate": { "href": "machineTemplates/web",
                               "interfaceTemplates": [ { "network": { "href": "#net" }, "speed": 1000000000 } ] } }
    ]
}"##;

const MACHINE_TEMPLATE: &str = r#"{
    "machineConfig": { "cpu": 2, "memory": 4194304 },
    "volumeTemplates": [ { "volumeTemplate": { "volumeConfig": { "capacity": 10000000 } } } ],
    "interfaceTemplates": [ { "network": { "href": "networks/1" }, "speed": 1000000000 } ],
    "initialState": "STARTED"
}"#;

fn stored(href: &Uri, _: &'static Type) -> cimi_model::Result<Box<dyn Record>> {
    match href.as_str() {
        "machineTemplates/web" => Ok(Box::new(read::<MachineTemplate>(MACHINE_TEMPLATE))),
        _ => Err(Error::new(ErrorKind::Value, "there is no such resource")),
    }
}

pub fn read<T: Described>(text: &str) -> T {
    json::from_slice::<T>(text.as_bytes(), &ReadOptions::default()).unwrap().value
}

/// A provider: what it has, what it measures, and what it has done.
#[derive(Default)]
struct Cloud {
    system: System,
    machines: Vec<Machine>,
    volumes: Vec<Volume>,
    interfaces: Vec<NetworkInterface>,
    networks: Vec<Network>,
    samples: Vec<(Uri, Meter, Vec<Sample>)>,
    history: Vec<(String, Past)>,
    events: Vec<Event>,
}

impl Cloud {
    /// Makes what a request asks for, and returns the plan with the URIs.
    fn create(&mut self, request: &dyn Record) -> Plan {
        let registry = Registry::standard();
        let mut plan = Expander::new(&registry, &stored).instantiate(request).unwrap();
        for step in plan.order().to_vec() {
            let name = plan.steps()[step].record_type().name;
            let number = match name {
                "Machine" => self.machines.len(),
                "Volume" => self.volumes.len(),
                "NetworkInterface" => self.interfaces.len(),
                _ => self.networks.len(),
            };
            plan.assign(step, format!("{}s/{}", name.to_lowercase(), number + 1));
            let made = plan.resource(step).unwrap().into_any();
            let made = match made.downcast::<Machine>() {
                Ok(machine) => {
                    self.machines.push(Machine { created: Some(at(0).into()), ..*machine });
                    continue;
                }
                Err(made) => made,
            };
            let made = match made.downcast::<Volume>() {
                Ok(volume) => {
                    self.volumes.push(*volume);
                    continue;
                }
                Err(made) => made,
            };
            match made.downcast::<NetworkInterface>() {
                Ok(interface) => self.interfaces.push(*interface),
                Err(made) => match made.downcast::<System>() {
                    Ok(system) => self.system = *system,
                    Err(made) => self.networks.push(*made.downcast::<Network>().unwrap()),
                },
            }
        }
        plan
    }

    fn resources(&self, type_name: &str) -> Vec<&dyn Record> {
        let of = |record: &dyn Record| record.record_type().name == type_name;
        let machines = self.machines.iter().map(|machine| machine as &dyn Record);
        let volumes = self.volumes.iter().map(|volume| volume as &dyn Record);
        let interfaces = self.interfaces.iter().map(|interface| interface as &dyn Record);
        machines.chain(volumes).chain(interfaces).filter(|record| of(*record)).collect()
    }

    /// Adds samples of a resource, one a minute.
    fn measure(&mut self, id: &str, aspect: &str, units: &str, samples: impl IntoIterator<Item = (i64, i64)>) {
        let samples = samples.into_iter().map(|(minute, value)| sample(minute, value));
        let known = self.samples.iter_mut().find(|(target, ..)| target.as_str() == id);
        if let Some((.., known)) = known {
            known.extend(samples);
            return;
        }
        let meter = Meter {
            target_resource: Some(Ref::to(id)),
            aspect: Some(aspect.into()),
            units: Some(units.into()),
            ..Meter::default()
        };
        self.samples.push((id.into(), meter, samples.collect()));
    }

    fn policies(&self) -> Vec<ScalingPolicy> {
        AUTO_SCALING.get(&self.system).unwrap().unwrap().in_force(&[]).unwrap()
    }

    /// What the policy with a name decides in a minute.
    fn decide(&self, name: &str, minute: i64) -> Vec<Decision> {
        let policies = self.policies();
        let policy = policies.iter().find(|policy| policy.name.as_deref() == Some(name)).unwrap();
        let metrics = Metrics::standard();
        let scaler = Scaler::of(policy, &metrics).unwrap();
        let type_name = policy.resource_type.as_ref().unwrap().as_str().rsplit('/').next().unwrap();
        let members: Vec<_> = self
            .resources(type_name)
            .into_iter()
            .filter(|record| policy.concerns(*record))
            .map(|record| {
                let found = self.samples.iter().find(|(id, ..)| attributes::text(record, "id") == Some(id.as_str()));
                let (meter, samples) = found.map_or((None, &[][..]), |(_, meter, samples)| (Some(meter), samples));
                scaler.member(record, meter, samples).unwrap()
            })
            .collect();
        let history: Vec<Past> =
            self.history.iter().filter(|(policy, _)| policy == name).map(|(_, past)| past.clone()).collect();
        scaler.decide(&members, &history, at(minute)).unwrap()
    }

    /// The one decision that is no steadiness and no lack of samples.
    fn only(&self, name: &str, minute: i64) -> Decision {
        let quiet = |decision: &Decision| matches!(decision.verdict, Verdict::Steady | Verdict::NotEnoughData);
        let mut decisions = self.decide(name, minute);
        decisions.retain(|decision| !quiet(decision));
        assert_eq!(decisions.len(), 1, "{decisions:?}");
        decisions.remove(0)
    }

    /// Does what was decided, and tells of it.
    fn carry_out(&mut self, name: &str, decision: &Decision) {
        let policy = self.policies().into_iter().find(|policy| policy.name.as_deref() == Some(name)).unwrap();
        let Verdict::Act(action) = &decision.verdict else { panic!("{decision}") };
        match action {
            Action::Add { count } => {
                for _ in 0..*count {
                    self.add_machine();
                }
            }
            Action::Remove { resources } => {
                self.machines.retain(|machine| !resources.contains(machine.id.as_ref().unwrap()));
            }
            Action::Resize { resource, from, to, .. } => {
                let volume = self.volumes.iter_mut().find(|volume| volume.id.as_ref() == Some(resource));
                let interface = self.interfaces.iter_mut().find(|interface| interface.id.as_ref() == Some(resource));
                let size =
                    volume.map(|volume| &mut volume.capacity).or_else(|| interface.map(|found| &mut found.speed));
                assert_eq!(size.unwrap().replace(*to), Some(*from));
            }
            other => panic!("{other:?}"),
        }
        self.events.push(scaled(&policy, decision, &self.system).unwrap());
        self.history.push((name.to_owned(), Past { time: decision.time, resource: decision.resource.clone() }));
    }

    fn add_machine(&mut self) {
        let request = MachineCreate {
            machine_template: Some(Ref::to("machineTemplates/web")),
            name: Some(format!("web{}", self.machines.len())),
            ..MachineCreate::default()
        };
        let plan = self.create(&request);
        let machine = self.machines.last_mut().unwrap();
        machine.state = plan.steps()[plan.root()].initial_state.as_deref().map(MachineState::from);
    }
}

/// Steps 1 to 3.
fn started() -> Cloud {
    // 1: The Consumer creates a System with a number of Machines connected to the same Network. Each Machine has its own
    // Volume attached. The Consumer selects desired CPU characteristics, Volume size, and Network interface bandwidth.
    let mut template = read::<SystemTemplate>(TEMPLATE);

    // 2: As part of the System instantiation, the Consumer defines the scaling criteria 2a and 2b.
    let policies = [load_policy(), storage_policy()].into_iter().map(Ref::by_value).collect();
    let scaling = AutoScaling { policies, ..AutoScaling::default() };
    assert_eq!(scaling.problems(&template), []);
    AUTO_SCALING.set(&mut template, &scaling).unwrap();
    let request = SystemCreate {
        name: Some("shop".into()),
        system_template: Some(Ref::by_value(template)),
        ..SystemCreate::default()
    };
    let request = read::<SystemCreate>(&json::to_string(&request, Dialect::V2.into()).unwrap());
    let template = request.system_template.as_ref().unwrap().value.as_deref().unwrap();
    assert_eq!(AUTO_SCALING.problems(template, &Validation::create()), []);

    let mut cloud = Cloud::default();
    cloud.create(&request);
    let mut system = cloud.system.clone();
    assert!(AUTO_SCALING.carry(template, &mut system).unwrap());
    cloud.system = system;

    assert_eq!((cloud.machines.len(), cloud.volumes.len(), cloud.interfaces.len()), (3, 3, 3));
    assert!(cloud.machines.iter().all(|machine| machine.cpu == Some(2)));
    assert!(cloud.volumes.iter().all(|volume| volume.capacity == Some(10_000_000)));
    let network = |interface: &NetworkInterface| interface.network.as_ref().and_then(|network| network.href.clone());
    assert!(cloud.interfaces.iter().all(|interface| network(interface) == cloud.networks[0].id));
    assert!(cloud.interfaces.iter().all(|interface| interface.speed == Some(1_000_000_000)));
    let names: Vec<_> = cloud.machines.iter().map(|machine| machine.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["web1", "web2", "balancer"]);

    // 2c, as a separate update operation after the instantiation is concluded.
    let mut scaling = AUTO_SCALING.get(&cloud.system).unwrap().unwrap();
    scaling.policies.push(Ref::by_value(bandwidth_policy()));
    assert_eq!(scaling.problems(&cloud.system), []);
    AUTO_SCALING.set(&mut cloud.system, &scaling).unwrap();
    for dialect in [Dialect::V1, Dialect::V2] {
        cloud.system = through(&cloud.system, dialect);
        assert_eq!(AUTO_SCALING.get(&cloud.system).unwrap().unwrap(), scaling);
        assert_eq!(AUTO_SCALING.problems(&cloud.system, &conforming()), []);
    }

    // 3: The System is started. One of the Machines contains a load balancer function.
    for machine in &mut cloud.machines {
        machine.state = Some(MachineState::Started);
    }
    cloud
}

#[test]
fn bc_dr_003_2a_2b_2c_the_process_flow() {
    let mut cloud = started();

    // 4: The usage for a Volume attached to a Machine exceeds 80%. The Meter measures kilobytes.
    cloud.measure("volumes/1", aspect::DISK, "kilobytes", [(1, 8_000_000)]);
    cloud.measure("volumes/2", aspect::DISK, "kilobytes", [(1, 100_000)]);
    let verdicts = |cloud: &Cloud, name: &str, minute| -> Vec<Verdict> {
        cloud.decide(name, minute).into_iter().map(|decision| decision.verdict).collect()
    };
    assert_eq!(verdicts(&cloud, "storage", 1), [Verdict::Steady, Verdict::Steady, Verdict::NotEnoughData]);
    cloud.measure("volumes/1", aspect::DISK, "kilobytes", [(2, 8_500_000)]);
    let decision = cloud.only("storage", 2);
    assert_eq!(decision.direction, Some(Direction::Up));
    assert_eq!(decision.resource, Some("volumes/1".into()));
    assert_eq!(
        decision.to_string(),
        "scale up: disk is 85, moreThan 80 percent, of 2 samples; 10000000 become 15000000"
    );

    // 5: The size of that Volume is automatically increased by 50%.
    cloud.carry_out("storage", &decision);
    let capacities: Vec<_> = cloud.volumes.iter().map(|volume| volume.capacity.unwrap()).collect();
    assert_eq!(capacities, [15_000_000, 10_000_000, 10_000_000]);
    let event = cloud.events.last().unwrap();
    assert_eq!(event.content.as_ref().unwrap().resource, Some(Ref::to("volumes/1")));
    // The sample from before counts no longer; the next one is of the new size.
    assert_eq!(verdicts(&cloud, "storage", 3)[0], Verdict::NotEnoughData);
    cloud.measure("volumes/1", aspect::DISK, "kilobytes", [(3, 8_700_000)]);
    assert_eq!(verdicts(&cloud, "storage", 3)[0], Verdict::Steady);

    // 6: The CPU load, averaged over all Machines, exceeds 70% for at least five minutes.
    let loads = |load: i64| (5..10).map(move |minute| (minute, load));
    cloud.measure("machines/1", aspect::CPU, "percent", std::iter::once((4, 60)).chain(loads(90)));
    cloud.measure("machines/2", aspect::CPU, "percent", std::iter::once((4, 60)).chain(loads(60)));
    cloud.measure("machines/3", aspect::CPU, "percent", (0..10).map(|minute| (minute, 5)));
    let [decision] = &cloud.decide("load", 8)[..] else { panic!("one decision") };
    assert_eq!(decision.to_string(), "steady: cpu of 2 Machines is 75 on average, of 10 samples");
    let decision = cloud.only("load", 9);
    assert_eq!(decision.verdict, Verdict::Act(Action::Add { count: 1 }));
    let text = "scale out: cpu of 2 Machines is 75 on average, moreThan 70 percent for 5 periods of PT1M, \
                of 10 samples; 2 become 3";
    assert_eq!(decision.to_string(), text);

    // 7: A new Machine using the same MachineTemplate is created automatically, connected to the same Network and added
    // to the System. The Machine and the application software are started.
    cloud.carry_out("load", &decision);
    let (old, new) = (&cloud.machines[0], &cloud.machines[3]);
    assert_eq!((new.cpu, new.memory, new.state.clone()), (old.cpu, old.memory, Some(MachineState::Started)));
    assert_eq!((cloud.volumes.len(), cloud.interfaces.len()), (4, 4));
    assert_eq!(cloud.interfaces[3].network, cloud.interfaces[0].network);
    assert_eq!(new.name.as_deref(), Some("web3"));
    // Until five minutes have been measured with it, nothing more is added.
    let [decision] = &cloud.decide("load", 13)[..] else { panic!("one decision") };
    assert_eq!(decision.to_string(), "cooling down: the last action was at 2025-01-01T00:09:00Z");
    for id in ["machines/1", "machines/2", "machines/4"] {
        cloud.measure(id, aspect::CPU, "percent", (10..15).map(|minute| (minute, 50)));
    }
    let [decision] = &cloud.decide("load", 14)[..] else { panic!("one decision") };
    assert_eq!((&decision.verdict, decision.members, decision.samples), (&Verdict::Steady, 3, 3));

    // 8: The measured bandwidth utilization of a Network interface on a Machine exceeds 80% for more than 30 minutes.
    let traffic = (20..52).map(|minute| (minute, 850));
    cloud.measure("networkinterfaces/2", aspect::INPUT_BANDWIDTH, "megabits per second", traffic);
    let after = |minute: i64| cloud.decide("bandwidth", minute).remove(1).verdict;
    assert_eq!(after(30), Verdict::NotEnoughData, "for ten minutes only");
    let decision = cloud.only("bandwidth", 50);
    let text = "scale up: inputBandwidth is 85, moreThan 80 percent for 1 period of PT30M, of 30 samples; \
                1000000000 become 2000000000";
    assert_eq!(decision.to_string(), text);

    // 9: Additional bandwidth is automatically added to the Network interface.
    cloud.carry_out("bandwidth", &decision);
    let speeds: Vec<_> = cloud.interfaces.iter().map(|interface| interface.speed.unwrap() / 1_000_000).collect();
    assert_eq!(speeds, [1000, 2000, 1000, 1000]);
    assert!(matches!(cloud.decide("bandwidth", 51)[1].verdict, Verdict::CoolingDown { .. }));
    cloud.measure(
        "networkinterfaces/2",
        aspect::INPUT_BANDWIDTH,
        "megabits per second",
        (52..81).map(|minute| (minute, 900)),
    );
    assert_eq!(cloud.decide("bandwidth", 80)[1].verdict, Verdict::Steady);

    let changes = cloud.events.iter().map(|event| (event.type_uri.as_ref().map(Uri::as_str), event.outcome.clone()));
    assert_eq!(changes.collect::<Vec<_>>(), vec![(Some(event_type::MODEL), Some(EventOutcome::Success)); 3]);
}

#[test]
fn bc_dr_003_inability_to_scale_is_an_event() {
    let mut cloud = started();
    cloud.system.id = Some("systems/1".into());
    for id in ["machines/1", "machines/2"] {
        cloud.measure(id, aspect::CPU, "percent", (0..60).map(|minute| (minute, 95)));
    }
    for minute in [10, 20] {
        let decision = cloud.only("load", minute);
        cloud.carry_out("load", &decision);
        let added = cloud.machines.last().unwrap().id.clone().unwrap();
        cloud.measure(added.as_str(), aspect::CPU, "percent", (minute + 1..60).map(|minute| (minute, 95)));
    }
    // Four Machines are the maximum, for good.
    let decision = cloud.only("load", 30);
    assert_eq!(decision.verdict, Verdict::CannotScale(Obstacle::Maximum));
    let policies = cloud.policies();
    let load = ScalingPolicy { id: Some("policies/1".into()), ..policies[0].clone() };
    let event = cannot_scale(&load, &decision, &cloud.system).unwrap();
    assert_eq!(event.type_uri.as_ref().map(Uri::as_str), Some(event_type::ALARM));
    assert_eq!(
        (event.outcome.as_ref(), event.severity.as_ref()),
        (Some(&EventOutcome::Warning), Some(&EventSeverity::High))
    );
    assert_eq!(event.timestamp.as_ref().map(DateTime::as_str), Some("2025-01-01T00:30:00Z"));
    let content = event.content.as_ref().unwrap();
    assert_eq!(content.code.as_deref(), Some(ALARM_CODE_CANNOT_SCALE));
    assert_eq!((content.resource.clone(), content.res_name.as_deref()), (Some(Ref::to("systems/1")), Some("shop")));
    let detail = "load: cannot scale out: cpu of 4 Machines is 95 on average, moreThan 70 percent for 5 periods of PT1M, \
                  of 20 samples; 4 is the maximum";
    assert_eq!(content.detail.as_deref(), Some(detail));
    let policy = content.extensions.get("{http://cimi-rs.org/ext/1}policy");
    assert_eq!(policy.and_then(cimi_model::Any::as_str), Some("policies/1"));
    for dialect in [Dialect::V1, Dialect::V2] {
        assert_eq!(through(&event, dialect).content, event.content);
    }

    // A provider without capacity tries in vain, this time.
    let storage = &policies[1];
    cloud.measure("volumes/3", aspect::DISK, "bytes", [(30, 9_900_000_000)]);
    let decision = cloud.only("storage", 30);
    let event = failed(storage, &decision, &cloud.system, "the pool is full");
    let content = event.content.unwrap();
    assert_eq!(content.code.as_deref(), Some(ALARM_CODE_FAILED));
    assert_eq!((content.resource, content.res_name), (Some(Ref::to("volumes/3")), None));
    assert!(content.detail.unwrap().ends_with("10000000 become 15000000; failed: the pool is full"));
    assert_eq!(cannot_scale(storage, &decision, &cloud.system), None);
}
