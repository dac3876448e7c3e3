//! Use cases of DSP2042 over HTTP: what is added to the standard, as the provider offers it.

use chrono::TimeDelta;
use cimi_model::ext::access::{ACCESS_CONTROL, ACCESS_POLICY, AccessPolicy, PolicyDocument};
use cimi_model::ext::objective::{
    ALARM_CODE_VIOLATED, Comparison, OFFERED_LEVELS, SERVICE_LEVEL, ServiceLevel, ServiceLevelObjective, ServiceTier,
    TierLevel,
};
use cimi_model::{
    Collection, Event, Machine, MachineCreate, MachineTemplate, Meter, MeterConfiguration, MeterCreate, MeterTemplate,
    Ref, ResourceMetadata, System, SystemCreate, SystemTemplate, aspect, event_type, lifecycle,
};

use crate::peer::{Peer, peers};

/// Basic credentials of `alice+admin`, `bob+dept1` and `carol+dept2`.
const ALICE: (&str, &str) = ("Authorization", "Basic YWxpY2UrYWRtaW46eA==");
const BOB: (&str, &str) = ("Authorization", "Basic Ym9iK2RlcHQxOng=");
const CAROL: (&str, &str) = ("Authorization", "Basic Y2Fyb2wrZGVwdDI6eA==");

/// Where the entry point has a collection.
fn place<T>(reference: Option<Ref<Collection<T>>>) -> String {
    reference.unwrap().href.unwrap().to_string()
}

fn offered_levels(peer: &mut Peer) -> (String, String) {
    let levels = OFFERED_LEVELS.get(&peer.entry_point()).unwrap().unwrap();
    (place(levels.tiers), place(levels.objectives))
}

#[test]
fn what_is_added_is_advertised() {
    for mut peer in peers() {
        let all: Collection<ResourceMetadata> = peer.get("resourceMetadata");
        let of = |name: &str| all.items.iter().find(|found| found.name.as_deref() == Some(name)).unwrap();
        let has = |of: &ResourceMetadata, name: &str| {
            of.attributes.iter().any(|known| known.name.as_deref() == Some(name) && known.namespace.is_some())
        };
        assert!(has(of("MachineTemplate"), "serviceLevel"));
        assert!(has(of("System"), "accessPolicy"));
        assert!(has(of("CloudEntryPoint"), "accessControl"));
        of("ServiceTier");
    }
}

#[test]
fn slo_001_a_machine_of_a_tier() {
    for mut peer in peers() {
        // The provider advertises tiers, which consist of objectives.
        let (tiers, objectives) = offered_levels(&mut peer);
        let objective = ServiceLevelObjective {
            name: Some("idle".into()),
            metric: Some(aspect::CPU.into()),
            comparison: Some(Comparison::AtMost),
            threshold: Some("20".into()),
            unit: Some("percent".into()),
            ..ServiceLevelObjective::default()
        };
        let objective = peer.create(&objectives, &objective);
        let tier = ServiceTier {
            level: Some(TierLevel::Gold),
            objectives: vec![Ref::to(objective.as_str())],
            ..ServiceTier::default()
        };
        let tier = peer.create(&tiers, &tier);
        assert_eq!(peer.get::<Collection<ServiceTier>>(&tiers).items.len(), 1);
        // The consumer chooses one for a Machine.
        let mut template = MachineTemplate {
            machine_config: Some(Ref::to("machineConfigs/1")),
            initial_state: Some("STARTED".into()),
            ..MachineTemplate::default()
        };
        let level = ServiceLevel { tier: Some(Ref::to(tier.as_str())), ..ServiceLevel::default() };
        SERVICE_LEVEL.set(&mut template, &level).unwrap();
        let create = MachineCreate { machine_template: Some(Ref::by_value(template)), ..MachineCreate::default() };
        let url = peer.create("machines", &create);
        let machine: Machine = peer.get(&url);
        assert_eq!(SERVICE_LEVEL.get(&machine).unwrap(), Some(level));
        // It is measured, and what is violated is told.
        let config = MeterConfiguration {
            aspect: Some(aspect::CPU.into()),
            units: Some("percent".into()),
            sample_interval: Some(60),
            ..MeterConfiguration::default()
        };
        let template = MeterTemplate { meter_config: Some(Ref::by_value(config)), ..MeterTemplate::default() };
        let create = MeterCreate { meter_template: Some(Ref::by_value(template)), ..MeterCreate::default() };
        let meters = place(machine.meters);
        let meter = peer.create(&meters, &create);
        peer.now += TimeDelta::minutes(5);
        let meter: Meter = peer.get(&meter);
        assert!(meter.samples.is_some());
        let log = machine.event_log.unwrap().href.unwrap();
        let events: Collection<Event> = peer.get(&format!("{log}/events"));
        let alarms: Vec<_> =
            events.items.iter().filter(|event| event.type_uri == Some(event_type::ALARM.into())).collect();
        assert_eq!(alarms.len(), 1, "once, as long as it lasts");
        assert_eq!(alarms[0].content.as_ref().unwrap().code.as_deref(), Some(ALARM_CODE_VIOLATED));
    }
}

/// What a user gets.
fn as_user(peer: &mut Peer, user: (&str, &str), method: &str, path: &str) -> http::Response<Vec<u8>> {
    peer.send(method, path, b"", &[user])
}

#[test]
fn log_met_001_policies_of_a_system() {
    for mut peer in peers() {
        // The administrator has a policy, and a System that refers to it.
        let control = ACCESS_CONTROL.get(&peer.entry_point()).unwrap().unwrap();
        let rules: PolicyDocument = r#"{"default": "role:admin", "cimi:System:read": "rule:default or role:dept1",
            "cimi:System:stop": "rule:default or role:dept1", "cimi:Machine:read": "rule:default or role:dept1"}"#
            .parse()
            .unwrap();
        let policy = peer.create(&place(control.policies), &AccessPolicy::by_value(&rules));
        let mut template = SystemTemplate::default();
        ACCESS_POLICY.set_refs(&mut template, &[Ref::to(policy.as_str())]).unwrap();
        let create = SystemCreate { system_template: Some(Ref::by_value(template)), ..SystemCreate::default() };
        let url = peer.create("systems", &create);
        // Each sees what may be done.
        let offered = |peer: &mut Peer, user| {
            let answer = as_user(peer, user, "GET", &url);
            assert_eq!(answer.status(), 200);
            let tag = answer.headers()["etag"].clone();
            let system: System = peer.value(&answer);
            let rels = system.operations.iter().filter_map(|operation| operation.rel.as_ref());
            (rels.map(|rel| lifecycle::name(rel.as_str()).to_owned()).collect::<Vec<_>>(), tag)
        };
        let (all, of_alice) = offered(&mut peer, ALICE);
        assert!(all.contains(&"delete".to_owned()) && all.contains(&"edit".to_owned()), "{all:?}");
        let (few, of_bob) = offered(&mut peer, BOB);
        assert!(few.iter().all(|name| name == "stop"), "{few:?}");
        assert_ne!(of_alice, of_bob, "they see something else");
        // Who may not read it does not learn that it is there, and in its collection what may be done is left out.
        assert_eq!(as_user(&mut peer, CAROL, "GET", &url).status(), 404);
        assert_eq!(peer.send("GET", &url, b"", &[]).status(), 404);
        // What is not permitted is not done, neither with the System nor with what belongs to it.
        assert_ne!(as_user(&mut peer, BOB, "DELETE", &url).status(), 200);
        assert_eq!(as_user(&mut peer, CAROL, "GET", &format!("{url}/machines")).status(), 404);
        assert_eq!(as_user(&mut peer, ALICE, "DELETE", &url).status(), 200);
    }
}
