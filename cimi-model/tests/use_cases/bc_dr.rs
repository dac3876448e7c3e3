//! BC/DR-001 and BC/DR-002, high availability and disaster recovery.

use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::ext::availability::{
    Care, Cluster, ClusterType, DISASTER_RECOVERY, DisasterFinding, DisasterRecovery, Effect, Finding,
    HIGH_AVAILABILITY, HighAvailability, Node, Plan, Policy, ProtectedMachine, ProtectedVolume, Recovery, Site, Step,
    Target, chosen, disaster_recovery, failover, high_reliability, recover, recovery,
};
use cimi_model::ext::{self, AddedAttribute};
use cimi_model::reflect::{Described, Record};
use cimi_model::template::{Expander, Resolver};
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{
    Action, Collection, Dialect, Document, Error, ErrorKind, Machine, MachineConfiguration, MachineCreate,
    MachineState, MachineTemplate, NetworkService, NetworkServiceType, ReadOptions, Ref, Registry, ReplicationType,
    System, Type, Uri, Volume, VolumeConfiguration, VolumeState, VolumeTemplate, json, lifecycle, service_type, xml,
};

/// What a provider offers, in plain JSON as the figures have it.
const CONFIGURATIONS: &str = r#"{
    "resourceURI": "http://schemas.dmtf.org/cimi/1/MachineConfigurationCollection",
    "id": "configs", "count": 3,
    "machineConfigurations": [
        {"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineConfiguration", "id": "configs/plain",
         "name": "plain", "cpu": 1, "memory": 1048576},
        {"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineConfiguration", "id": "configs/standby",
         "name": "standby", "cpu": 2, "memory": 1048576, "highAvailability": {"type": "passive"}},
        {"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineConfiguration", "id": "configs/cluster",
         "name": "cluster", "cpu": 4, "memory": 1048576, "highAvailability": {"type": "active", "node": 3}}
    ]
}"#;

fn configurations() -> Vec<MachineConfiguration> {
    let read = json::from_slice::<Collection<MachineConfiguration>>(CONFIGURATIONS.as_bytes(), &ReadOptions::default());
    read.unwrap().value.items
}

fn named(name: &str) -> MachineConfiguration {
    configurations().into_iter().find(|configuration| configuration.name.as_deref() == Some(name)).unwrap()
}

struct Offered;

impl Resolver for Offered {
    fn resolve(&self, href: &Uri, _: &'static Type) -> cimi_model::Result<Box<dyn Record>> {
        let found = configurations().into_iter().find(|configuration| configuration.id.as_ref() == Some(href));
        let found = found.ok_or_else(|| Error::new(ErrorKind::Value, "there is no such resource"))?;
        Ok(Box::new(found))
    }
}

/// Creates the Machine that a request asks for, as it arrives as a document.
fn created(template: &MachineTemplate, id: &str) -> Machine {
    let request = MachineCreate { machine_template: Some(Ref::by_value(template.clone())), ..MachineCreate::default() };
    let text = xml::to_string(&request, Dialect::V2.into()).unwrap();
    let request = xml::from_slice::<MachineCreate>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let registry = Registry::standard();
    let plan = Expander::new(&registry, &Offered).instantiate(&request).unwrap();
    let resource = plan.resource(plan.root()).unwrap();
    let mut machine = resource.as_any().downcast_ref::<Machine>().unwrap().clone();
    machine.id = Some(id.into());
    let sent = plan.steps()[plan.root()].template.as_deref().unwrap();
    let sent = sent.as_any().downcast_ref::<MachineTemplate>().unwrap();
    let href = sent.machine_config.as_ref().unwrap().href.clone().unwrap();
    let configuration = Offered.resolve(&href, MachineConfiguration::described()).unwrap();
    if let Some(availability) = chosen(&HIGH_AVAILABILITY, sent, &*configuration).unwrap() {
        HIGH_AVAILABILITY.set(&mut machine, &availability).unwrap();
    }
    if let Some(recovery) = chosen(&DISASTER_RECOVERY, sent, &*configuration).unwrap() {
        DISASTER_RECOVERY.set(&mut machine, &recovery).unwrap();
    }
    machine
}

fn with_config(href: &str) -> MachineTemplate {
    MachineTemplate { machine_config: Some(Ref::to(href)), ..MachineTemplate::default() }
}

fn action(action: &str, node: &str) -> Action {
    Action { action: Some(action.into()), node: Some(Ref::to(node)), ..Action::default() }
}

fn started(serving: bool, age: Option<i64>) -> Node {
    Node { state: Some(MachineState::Started), serving, age, ..Node::default() }
}

fn shown(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(ToString::to_string).collect()
}

/// Who serves.
fn serving(nodes: &[Node]) -> Vec<usize> {
    nodes.iter().enumerate().filter(|(_, node)| node.serving).map(|(place, _)| place).collect()
}

#[test]
fn bc_dr_001_active_passive() {
    // 1: The Consumer chooses a configuration from those offered by the Provider.
    let offered: Vec<_> =
        configurations().iter().map(|configuration| HIGH_AVAILABILITY.get(configuration).unwrap()).collect();
    let passive = HighAvailability { cluster_type: Some(ClusterType::Passive), ..HighAvailability::default() };
    assert_eq!(offered[0], None);
    assert_eq!(offered[1], Some(passive.clone()));
    let template = with_config("configs/standby");

    // 2a: The Consumer sends the POST command by passing the chosen configuration.
    let machine = created(&template, "machines/1");
    assert_eq!(machine.cpu, Some(2));
    assert_eq!(HIGH_AVAILABILITY.get(&machine).unwrap(), Some(passive.clone()));

    // 3: The Provider creates the cluster: a running Machine behind a load balancer, whose status is monitored.
    let cluster = Cluster { availability: passive.clone(), nodes: vec!["machines/1".into()] };
    let translated = high_reliability(std::slice::from_ref(&cluster)).unwrap();
    assert!(translated.is_whole());
    let mut care = translated.value;
    assert_eq!(care.service.service_type, Some(service_type::HIGH_RELIABILITY_PASSIVE.into()));
    let balancer = NetworkService {
        id: Some("services/lb".into()),
        service_type: Some(NetworkServiceType::LoadBalancer),
        ..NetworkService::default()
    };
    assert_eq!(balancer.service_type.as_ref().unwrap().as_str(), "Load Balancer");
    let policy = Policy { tolerated: 2, ..Policy::default() };
    let mut nodes = vec![started(true, Some(0)), Node::default()];
    // There is no backup yet, so nothing could be done about a failure.
    let found = failover(&passive, &nodes, &policy);
    assert_eq!(found.findings, [Finding::BackupDown { node: 1 }]);
    let mut failed = nodes.clone();
    failed[0].missed = 3;
    let outage = failover(&passive, &failed, &policy);
    assert!(outage.steps.is_empty() && outage.findings.contains(&Finding::Outage));

    // 4: The Consumer configures the Machine by installing applications.
    // 5: When that is complete, the Consumer tells the Provider: the status is transferred to the backup.
    assert_eq!(shown(&found), ["5: copy the state of node 0 to node 1"]);
    let (target, request) = found.steps[0].step.action(&cluster.nodes).unwrap();
    assert_eq!((target, &request), (Target::Service, &action(lifecycle::action::FORCE_SYNC, "machines/1")));
    let effect = care.perform(&request, None).unwrap();
    assert_eq!(effect, Effect::Synchronized { node: "machines/1".into(), backup: None });
    found.apply(&mut nodes);
    assert_eq!((nodes[1].state.clone(), nodes[1].age), (None, Some(0)));
    assert_eq!(failover(&passive, &nodes, &policy), Plan::default());

    // 6: The Machine stops running: requests from the load balancer are not answered.
    nodes[0].missed = 2;
    assert!(failover(&passive, &nodes, &policy).steps.is_empty());
    nodes[0].missed = 3;
    nodes[1].age = Some(7);
    let plan = failover(&passive, &nodes, &policy);
    assert_eq!(plan.findings, [Finding::Failed { node: 0 }]);
    assert_eq!(plan.steps[0].to_string(), "6: stop node 0");
    plan.steps[0].step.apply(&mut nodes);
    assert_eq!(nodes[0].state, Some(MachineState::Stopped));
    let (target, request) = plan.steps[0].step.action(&cluster.nodes).unwrap();
    assert_eq!((target, request.force), (Target::Machine("machines/1".into()), Some(true)));

    // 7a: The Provider immediately instantiates and executes the backup Machine.
    assert_eq!(plan.steps[1].to_string(), "7a: create node 1");
    plan.steps[1].step.apply(&mut nodes);
    assert_eq!(nodes[1].state, Some(MachineState::Stopped));
    assert_eq!(plan.steps[2].to_string(), "7a: start node 1");
    // While it is starting, requests still wait for it.
    nodes[1].state = Some(MachineState::Starting);
    let rest = failover(&passive, &nodes, &policy);
    assert_eq!(shown(&rest)[..2], ["7a: wait for node 1 to run", "8: send requests from node 0 to node 1"]);
    plan.steps[2].step.apply(&mut nodes);
    assert_eq!((nodes[1].state.clone(), serving(&nodes)), (Some(MachineState::Started), vec![0]));

    // 8: When the backup has completed its start, the load balancer switches requests to it.
    assert_eq!(plan.steps[3].to_string(), "8: send requests from node 0 to node 1");
    plan.steps[3].step.apply(&mut nodes);
    assert_eq!(serving(&nodes), [1]);
    care.machines.items[0].backup_machine = Some(Ref::to("machines/2"));
    let backup = ["machines/1".into(), "machines/2".into()];
    let (_, request) = plan.steps[3].step.action(&backup).unwrap();
    care.perform(&request, None).unwrap();
    assert_eq!(care.clusters().unwrap().value[0].nodes, ["machines/2".into(), "machines/1".into()]);
    // "Normal" operations: the Machine that failed is the backup now, and gets a copy.
    assert_eq!(plan.steps[4].to_string(), "5: copy the state of node 1 to node 0");
    plan.steps[4].step.apply(&mut nodes);
    assert!(failover(&passive, &nodes, &policy).steps.is_empty());
}

#[test]
fn bc_dr_001_active_active() {
    // 1: The Consumer chooses an active-active configuration.
    let offered = HIGH_AVAILABILITY.get(&named("cluster")).unwrap().unwrap();
    assert_eq!((offered.cluster_type.clone(), offered.nodes), (Some(ClusterType::Active), Some(3)));

    // 2b: The Consumer also passes the number of nodes inline.
    let mut template = with_config("configs/cluster");
    let inline = HighAvailability { nodes: Some(2), ..HighAvailability::default() };
    HIGH_AVAILABILITY.set(&mut template, &inline).unwrap();
    let machine = created(&template, "machines/1");
    let active = HIGH_AVAILABILITY.get(&machine).unwrap().unwrap();
    assert_eq!((active.cluster_type.clone(), active.nodes), (Some(ClusterType::Active), Some(2)));

    // 3: The Provider creates the cluster, with a backup Machine that runs.
    let active = HighAvailability { heartbeat: Some(500), ..active };
    let cluster = Cluster { availability: active.clone(), nodes: vec!["machines/1".into(), "machines/2".into()] };
    let mut care = high_reliability(std::slice::from_ref(&cluster)).unwrap().value;
    assert_eq!(care.service.service_type, Some(service_type::HIGH_RELIABILITY_ACTIVE.into()));
    assert_eq!(care.machines.items[0].backup_machine, Some(Ref::to("machines/2")));
    let policy = Policy { tolerated: 2, failback: true, ..Policy::default() };
    let mut nodes = vec![started(true, Some(0)), started(false, None)];

    // 4: The Consumer configures the Machine.
    // 5: The Consumer indicates that the Machine is to be placed in the cluster.
    let plan = failover(&active, &nodes, &policy);
    assert_eq!(shown(&plan), ["5: copy the state of node 0 to node 1"]);
    let (_, request) = plan.steps[0].step.action(&cluster.nodes).unwrap();
    let effect = care.perform(&request, None).unwrap();
    assert_eq!(effect, Effect::Synchronized { node: "machines/1".into(), backup: Some("machines/2".into()) });
    plan.apply(&mut nodes);

    // 6: The Machine stops running.
    nodes[0].missed = 20;
    let plan = failover(&active, &nodes, &policy);

    // 7b: The Provider immediately switches every incoming request to the backup Machine.
    assert_eq!(shown(&plan), ["6: stop node 0", "7b: send requests from node 0 to node 1"]);
    plan.steps[0].step.apply(&mut nodes);
    assert_eq!((nodes[0].state.clone(), serving(&nodes)), (Some(MachineState::Stopped), vec![0]));
    plan.steps[1].step.apply(&mut nodes);
    assert_eq!(serving(&nodes), [1]);
    let (_, request) = plan.steps[1].step.action(&cluster.nodes).unwrap();
    assert_eq!(
        care.perform(&request, None).unwrap(),
        Effect::Swapped { node: "machines/1".into(), backup: "machines/2".into() }
    );
    assert!(failover(&active, &nodes, &policy).steps.is_empty());

    // Failback: the first node runs again, gets what it has missed, and then the requests.
    nodes[0].state = Some(MachineState::Started);
    let plan = failover(&active, &nodes, &policy);
    assert_eq!(shown(&plan), ["5: copy the state of node 1 to node 0", "7b: send requests from node 1 to node 0"]);
    for step in &plan.steps {
        let (target, request) = step.step.action(&cluster.nodes).unwrap();
        assert_eq!(target, Target::Service);
        care.perform(&request, None).unwrap();
    }
    plan.apply(&mut nodes);
    assert_eq!(serving(&nodes), [0]);
    assert_eq!(care.clusters().unwrap().value, [cluster]);
    assert!(failover(&active, &nodes, &policy).steps.is_empty());
}

#[test]
fn bc_dr_001_variation_systems() {
    // The same for Systems: the attribute stands on them and on their templates, and survives.
    let mut system = System { id: Some("systems/1".into()), ..System::default() };
    let active =
        HighAvailability { cluster_type: Some(ClusterType::Active), nodes: Some(2), ..HighAvailability::default() };
    HIGH_AVAILABILITY.set(&mut system, &active).unwrap();
    let registry = ext::registry();
    for dialect in [Dialect::V1, Dialect::V2] {
        let text = xml::to_string(&system, dialect.into()).unwrap();
        let read = Document::read(text.as_bytes(), &registry, &ReadOptions::strict()).unwrap().value;
        assert_eq!(HIGH_AVAILABILITY.get(read.record()).unwrap(), Some(active.clone()));
    }
    // What other resources it stands on is refused.
    let mut volume = Volume::default();
    HIGH_AVAILABILITY.set(&mut volume, &active).unwrap();
    assert_eq!(HIGH_AVAILABILITY.problems(&volume, &Validation::read())[0].rule, Rule::Unknown);
}

#[test]
fn bc_dr_001_what_is_wrong_is_refused_with_its_path() {
    let registry = ext::registry();
    let validation = Validation { registry: Some(&registry), least: Severity::Warning, ..Validation::create() };
    for (value, expected) in [
        (r#"{"type": "passive"}"#, vec![]),
        (r#"{"type": "active", "nodes": 2}"#, vec![("/node", Rule::Spelling, Severity::Error)]),
        (r#"{"type": "active", "node": 2, "heartbeat": 500, "replicationType": "asynchronous", "RPO": 5}"#, vec![]),
        (r#"{"type": "passive", "node": 2}"#, vec![("/node", Rule::Forbidden, Severity::Error)]),
        (r#"{"type": "active"}"#, vec![("/node", Rule::Required, Severity::Warning)]),
        (r#"{"type": "active", "node": 1}"#, vec![("/node", Rule::Range, Severity::Error)]),
        (
            r#"{"type": "active", "node": "two"}"#,
            vec![("/node", Rule::Value, Severity::Error), ("/node", Rule::Required, Severity::Warning)],
        ),
        (r#"{"type": "sleepy"}"#, vec![("/type", Rule::Enumeration, Severity::Error)]),
        (
            r#"{"type": "passive", "replicationType": "synchronous", "RPO": 5}"#,
            vec![("/RPO", Rule::Consistency, Severity::Warning)],
        ),
        (r#"{"node": 2}"#, vec![("/type", Rule::Required, Severity::Error)]),
        (r#""passive""#, vec![("", Rule::Value, Severity::Error)]),
    ] {
        let text = format!(r#"{{"name": "c", "highAvailability": {value}}}"#);
        let read = json::from_slice::<MachineConfiguration>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        let found: Vec<_> = validation
            .problems(&read)
            .into_iter()
            .filter(|problem| problem.path.contains("highAvailability"))
            .map(|problem| (problem.path, problem.rule, problem.severity))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(path, rule, severity)| (format!("/MachineConfiguration/highAvailability{path}"), rule, severity))
            .collect();
        assert_eq!(found, expected, "{value}");
    }
    // A provider says in the metadata that it knows the attribute.
    for described in [MachineConfiguration::described(), MachineTemplate::described(), Machine::described()] {
        let mut options = DescribeOptions::new(Dialect::V2);
        options.extensions = registry.descriptions(described, Dialect::V2);
        let metadata = metadata_for(described, &options);
        let found = metadata.attributes.iter().filter(|found| found.namespace.is_some());
        let names: Vec<_> = found.filter_map(|found| found.name.as_deref()).collect();
        assert!(names.contains(&"highAvailability") && names.contains(&"disasterRecovery"), "{names:?}");
    }
    assert!(!HIGH_AVAILABILITY.is_for(Volume::described()) && DISASTER_RECOVERY.is_for(Volume::described()));
}

#[test]
fn bc_dr_002_disaster_recovery() {
    // 1: The Consumer chooses a Machine with a disaster recovery configuration, and options for its Volumes.
    let asked = DisasterRecovery {
        backup_data_center: Some("http://example.com/centers/2".into()),
        backup_cep: Some(Ref::to("http://dc2.example.com/cep")),
        ..DisasterRecovery::default()
    };
    let of_volumes =
        DisasterRecovery { replication_type: Some(ReplicationType::Asynchronous), rpo: Some(10), ..asked.clone() };
    let mut template = with_config("configs/plain");
    DISASTER_RECOVERY.set(&mut template, &asked).unwrap();
    let mut volumes = VolumeConfiguration { id: Some("volumeConfigs/safe".into()), ..VolumeConfiguration::default() };
    DISASTER_RECOVERY.set(&mut volumes, &of_volumes).unwrap();
    assert_eq!(DISASTER_RECOVERY.problems(&volumes, &Validation::read()), []);

    // 2: The Consumer sends POST commands for the Machine and Volumes.
    let machine = created(&template, "machines/1");
    assert_eq!(DISASTER_RECOVERY.get(&machine).unwrap(), Some(asked.clone()));
    let mut volume = Volume { id: Some("volumes/1".into()), ..Volume::default() };
    let found = chosen(&DISASTER_RECOVERY, &VolumeTemplate::default(), &volumes).unwrap().unwrap();
    DISASTER_RECOVERY.set(&mut volume, &found).unwrap();
    assert_eq!(DISASTER_RECOVERY.get(&volume).unwrap(), Some(of_volumes.clone()));

    // 3: The Provider creates the primary Machine and Volumes and also remote copies.
    let what =
        Recovery { recovery: asked.clone(), machines: vec!["machines/1".into()], volumes: vec!["volumes/1".into()] };
    let translated = disaster_recovery(&what).unwrap();
    assert!(translated.is_whole());
    let service = translated.value;
    assert!(service.is_disaster_recovery());
    // The service is what any client of 2.0 reads.
    let text = xml::to_string(&service, Dialect::V2.into()).unwrap();
    let read = xml::from_slice::<cimi_model::SystemService>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(recovery(&read).unwrap().value, what);
    let mut care = Care::of(&service).unwrap();
    assert_eq!(care.machines.items.len(), 1);
    let mut add = action(lifecycle::action::ADD_RM, "machines/9");
    assert_eq!(care.perform(&add, None).unwrap(), Effect::Added { node: "machines/9".into(), backup: None });
    add.action = Some(lifecycle::action::REMOVE_RM.into());
    assert_eq!(care.perform(&add, None).unwrap(), Effect::Removed { node: "machines/9".into(), discarded: None });
    add.action = Some(lifecycle::action::SWAP_BACKUP.into());
    assert_eq!(care.perform(&add, None).unwrap_err().kind(), ErrorKind::Unsupported);

    let policy = Policy { failback: true, ..Policy::default() };
    let mut site = Site {
        machines: vec![ProtectedMachine { nodes: [started(true, Some(0)), Node::default()] }],
        volumes: vec![ProtectedVolume {
            machine: Some(0),
            state: Some(VolumeState::Available),
            copy: Some(VolumeState::Available),
            ..ProtectedVolume::default()
        }],
    };
    let steps = |site: &Site| -> Vec<String> {
        let plan = recover(&of_volumes, site, &policy);
        plan.steps.iter().map(|(number, step)| format!("{number}: {step}")).collect()
    };

    // 4: The Consumer configures the primary Machine and Volumes.
    // 5: The Provider copies this configuration to the remote Machine and Volumes.
    assert_eq!(
        steps(&site),
        ["5: Machine 0: copy the state of node 0 to node 1", "6: Volume 0: send updates to the copy"]
    );
    recover(&of_volumes, &site, &policy).apply(&mut site);
    assert_eq!((site.machines[0].nodes[1].age, site.volumes[0].age), (Some(0), Some(0)));
    assert!(steps(&site).is_empty());

    // 6: Updates on the primary Volumes are sent also to the remote Volumes.
    site.volumes[0].age = Some(10);
    assert!(steps(&site).is_empty());
    site.volumes[0].age = Some(11);
    assert_eq!(steps(&site), ["6: Volume 0: send updates to the copy"]);
    recover(&of_volumes, &site, &policy).apply(&mut site);
    assert_eq!(site.volumes[0].age, Some(0));

    // 7: The primary Machine stops running: the data center has a severe issue.
    site.machines[0].nodes[0].missed = 1;
    site.volumes[0].state = None;
    let plan = recover(&of_volumes, &site, &policy);
    assert_eq!(plan.findings, [DisasterFinding::Disaster]);
    assert_eq!(
        steps(&site),
        [
            "7: Machine 0: stop node 0",
            "7: Volume 0: use the copy",
            "7: Machine 0: create node 1",
            "7: Machine 0: start node 1",
            "7: Machine 0: send requests from node 0 to node 1"
        ]
    );
    plan.apply(&mut site);
    assert_eq!(serving(&site.machines[0].nodes), [1]);
    assert!(site.volumes[0].active);
    assert!(steps(&site).is_empty());

    // Return: everything is brought back once the data center works again.
    site.machines[0].nodes[0].state = Some(MachineState::Started);
    site.volumes[0].state = Some(VolumeState::Available);
    assert_eq!(
        steps(&site),
        [
            "6: Volume 0: restore it from the copy and use it",
            "5: Machine 0: copy the state of node 1 to node 0",
            "7: Machine 0: send requests from node 1 to node 0"
        ]
    );
    recover(&of_volumes, &site, &policy).apply(&mut site);
    assert_eq!(serving(&site.machines[0].nodes), [0]);
    assert!(!site.volumes[0].active && steps(&site).is_empty());
}

#[test]
fn bc_dr_002_single_failures_and_lost_copies() {
    let lost = || Node { state: Some(MachineState::Error), serving: true, age: Some(0), ..Node::default() };
    let image = || Node { age: Some(3), ..Node::default() };
    let pair = |own, copy| ProtectedMachine { nodes: [own, copy] };
    let how = DisasterRecovery { rpo: Some(5), ..DisasterRecovery::default() };
    // Another Machine of the data center works: that is no disaster.
    let site =
        Site { machines: vec![pair(lost(), image()), pair(started(true, Some(0)), image())], volumes: Vec::new() };
    let plan = recover(&how, &site, &Policy::default());
    assert!(plan.steps.is_empty());
    assert_eq!(plan.findings, [DisasterFinding::SingleFailure { machine: 0 }]);
    // One Machine has lost its Volume, another its image, the third has an old one.
    let volume =
        |machine, copy, age| ProtectedVolume { machine: Some(machine), copy, age, ..ProtectedVolume::default() };
    let site = Site {
        machines: vec![pair(lost(), image()), pair(lost(), Node::default()), pair(lost(), image())],
        volumes: vec![volume(0, Some(VolumeState::Error), Some(0)), volume(2, Some(VolumeState::Available), Some(6))],
    };
    let plan = recover(&how, &site, &Policy::default());
    assert_eq!(
        plan.findings,
        [
            DisasterFinding::Disaster,
            DisasterFinding::VolumeLost { volume: 0 },
            DisasterFinding::Unrecoverable { machine: 0 },
            DisasterFinding::Unrecoverable { machine: 1 },
            DisasterFinding::BeyondObjective { machine: 2 },
        ]
    );
    let mut after = site.clone();
    plan.apply(&mut after);
    assert_eq!(after.machines.iter().map(|machine| serving(&machine.nodes)).collect::<Vec<_>>(), [[0], [0], [1]]);
    let held = recover(&how, &site, &Policy { hold: true, ..Policy::default() });
    assert!(held.steps.is_empty() && held.findings.contains(&DisasterFinding::Held { machine: 2 }));
    // It serves in both places: the copy is withdrawn and keeps what it has.
    let both = Site { machines: vec![pair(started(true, Some(0)), started(true, Some(0)))], volumes: Vec::new() };
    let plan = recover(&how, &both, &Policy::default());
    assert_eq!(plan.findings, [DisasterFinding::SplitBrain { machine: 0 }]);
    let mut after = both.clone();
    plan.apply(&mut after);
    assert_eq!(serving(&after.machines[0].nodes), [0]);
    assert!(after.machines[0].nodes[1].diverged);
}

#[test]
fn bc_dr_001_edge_cases() {
    let active = HighAvailability {
        cluster_type: Some(ClusterType::Active),
        replication_type: Some(ReplicationType::Asynchronous),
        rpo: Some(5),
        ..HighAvailability::default()
    };
    let down = |serving| Node { state: Some(MachineState::Failed), serving, age: Some(0), ..Node::default() };
    let policy = Policy::default();
    // No backup.
    let plan = failover(&active, &[down(true)], &policy);
    assert!(plan.steps.is_empty());
    assert_eq!(plan.findings, [Finding::NoBackup, Finding::Failed { node: 0 }, Finding::Outage]);
    // The backup is down as well: the next one behind it takes over.
    let plan = failover(&active, &[down(true), down(false), started(false, Some(4))], &policy);
    assert_eq!(shown(&plan), ["7b: send requests from node 0 to node 2"]);
    assert_eq!(plan.steps[0].step.action(&["a".into(), "b".into(), "c".into()]), None);
    assert_eq!(plan.findings[0], Finding::BackupDown { node: 1 });
    // All are down.
    let plan = failover(&active, &[down(true), down(false)], &policy);
    assert!(plan.steps.is_empty() && plan.findings.contains(&Finding::Outage));
    // Split brain, the first of them down: the second keeps the requests.
    let nodes = [down(true), started(true, Some(0)), started(true, Some(0))];
    let plan = failover(&active, &nodes, &policy);
    assert_eq!(plan.findings, [Finding::SplitBrain { nodes: vec![0, 1, 2] }]);
    let mut after = nodes.to_vec();
    plan.apply(&mut after);
    assert_eq!(serving(&after), [1]);
    // What is withdrawn keeps its data, and takes over from nobody, until somebody has decided.
    assert!(after[2].diverged && !shown(&plan).iter().any(|step| step.contains("copy")));
    after[1].state = Some(MachineState::Error);
    let plan = failover(&active, &after, &policy);
    assert!(plan.steps.is_empty() && plan.findings.contains(&Finding::Diverged { node: 2 }));
    // The objective is exceeded: the younger copy, though it is farther behind; or nobody.
    let nodes = [down(true), started(false, Some(9)), started(false, Some(6))];
    let plan = failover(&active, &nodes, &policy);
    assert!(plan.findings.contains(&Finding::BeyondObjective { node: 2, age: Some(6) }));
    assert_eq!(plan.steps[0].step, Step::Redirect { from: Some(0), to: 2 });
    let plan = failover(&active, &nodes, &Policy { hold: true, ..policy.clone() });
    assert!(plan.steps.is_empty() && plan.findings.contains(&Finding::Held { node: 2, age: Some(6) }));
    // A copy within it comes first, even if it has to be started.
    let resting = Node { state: Some(MachineState::Stopped), age: Some(5), ..Node::default() };
    let plan = failover(&active, &[down(true), started(false, Some(9)), resting], &policy);
    assert_eq!(shown(&plan)[..2], ["7b: start node 2", "7b: send requests from node 0 to node 2"]);
}
