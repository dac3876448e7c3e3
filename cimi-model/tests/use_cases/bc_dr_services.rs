//! Clusters as services of 2.0 and back: what both can say survives, and what cannot be said is reported.

use cimi_model::ext::availability::{
    Care, Cluster, ClusterType, DisasterRecovery, Effect, HighAvailability, Recovery, descriptor, disaster_recovery,
    high_reliability, of_descriptor, recovery,
};
use cimi_model::lifecycle::action;
use cimi_model::{
    Action, Collection, Dialect, ErrorKind, ReadOptions, RecoverableMachine, Ref, ReplicationType, SystemService, Uri,
    json, service_type, xml,
};
use proptest::prelude::*;

fn replication() -> impl Strategy<Value = Option<ReplicationType>> {
    prop::sample::select(vec![
        None,
        Some(ReplicationType::Asynchronous),
        Some(ReplicationType::Synchronous),
        Some(ReplicationType::None),
        Some(ReplicationType::OnlyAtClusterCreation),
        Some(ReplicationType::Other("weekly".into())),
    ])
}

fn availability() -> impl Strategy<Value = HighAvailability> {
    let types = vec![None, Some("active"), Some("passive"), Some("n-plus-one"), Some("active/gold")];
    let cluster_type = prop::sample::select(types).prop_map(|name| name.map(ClusterType::from));
    (cluster_type, replication(), prop::option::of(0_i64..90), prop::option::of(0_i64..9000)).prop_map(
        |(cluster_type, replication_type, rpo, heartbeat)| HighAvailability {
            cluster_type,
            replication_type,
            rpo,
            heartbeat,
            ..HighAvailability::default()
        },
    )
}

/// Clusters without a Machine in common, all of one kind, each with its number of nodes where it has one.
fn clusters() -> impl Strategy<Value = Vec<Cluster>> {
    (availability(), prop::collection::vec(1_usize..5, 1..5)).prop_map(|(availability, sizes)| {
        let cluster = |(index, size): (usize, &usize)| {
            let nodes: Vec<Uri> = (0..*size).map(|node| format!("machines/{index}-{node}").into()).collect();
            let active = availability.cluster_type == Some(ClusterType::Active) && *size > 1;
            let count = active.then(|| i64::try_from(*size).unwrap());
            Cluster { availability: HighAvailability { nodes: count, ..availability.clone() }, nodes }
        };
        sizes.iter().enumerate().map(cluster).collect()
    })
}

/// Machines with backups at random: chains, circles, and backups of several.
fn machines() -> impl Strategy<Value = Vec<(u8, Option<u8>)>> {
    prop::collection::btree_map(0_u8..8, prop::option::weighted(0.8, 0_u8..10), 0..8)
        .prop_map(|rows| rows.into_iter().map(|(id, backup)| (id, backup.filter(|backup| *backup != id))).collect())
        .prop_shuffle()
}

fn uri(number: u8) -> Uri {
    format!("machines/{number}").into()
}

fn care(rows: &[(u8, Option<u8>)], kind: &str) -> Care {
    let row = |(id, backup): &(u8, Option<u8>)| RecoverableMachine {
        id: Some(uri(*id)),
        backup_machine: backup.map(|backup| Ref::to(uri(backup))),
        ..RecoverableMachine::default()
    };
    let service = SystemService { service_type: Some(kind.into()), ..SystemService::default() };
    Care { service, machines: rows.iter().map(row).collect() }
}

/// Who backs up whom.
fn backups(care: &Care) -> std::collections::BTreeMap<String, Option<String>> {
    let text = |uri: &Uri| uri.as_str().to_owned();
    let rows = care.machines.items.iter().map(|machine| {
        let backup = machine.backup_machine.as_ref().and_then(|backup| backup.href.as_ref());
        (text(machine.id.as_ref().unwrap()), backup.map(text))
    });
    rows.collect()
}

fn act(name: &str, node: u8, backup: Option<u8>) -> Action {
    Action {
        action: Some(name.into()),
        node: Some(Ref::to(uri(node))),
        backup: backup.map(|backup| Ref::to(uri(backup))),
        ..Action::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn bc_dr_001_clusters_survive_as_services(clusters in clusters()) {
        let care = high_reliability(&clusters).unwrap();
        prop_assert_eq!(&care.unsaid, &vec![]);
        prop_assert!(care.value.service.is_high_reliability());
        let back = care.value.clusters().unwrap();
        prop_assert_eq!(&back.unsaid, &vec![]);
        prop_assert_eq!(&back.value, &clusters);
        // In either format and dialect, too.
        for dialect in [Dialect::V1, Dialect::V2] {
            let text = json::to_string(&care.value.service, dialect.into()).unwrap();
            let service = json::from_slice::<SystemService>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            let text = xml::to_string(&care.value.machines, dialect.into()).unwrap();
            let machines = xml::from_slice::<Collection<RecoverableMachine>>(text.as_bytes(), &ReadOptions::default());
            let read = Care { service, machines: machines.unwrap().value };
            prop_assert_eq!(&read.clusters().unwrap().value, &clusters);
            let text = xml::to_string(&read.service, dialect.into()).unwrap();
            let service = xml::from_slice::<SystemService>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            prop_assert_eq!(&Care { service, ..read }.clusters().unwrap().value, &clusters);
        }
    }

    #[test]
    fn bc_dr_001_services_survive_as_clusters(rows in machines()) {
        let care = care(&rows, service_type::HIGH_RELIABILITY_ACTIVE);
        let clusters = care.clusters().unwrap();
        prop_assert_eq!(&clusters.unsaid, &vec![]);
        let back = high_reliability(&clusters.value).unwrap();
        prop_assert_eq!(&back.unsaid, &vec![]);
        // A Machine that ends a chain and has no backup need not be in the care of the service.
        let mut expected = backups(&care);
        let ends: Vec<String> = expected.values().flatten().cloned().collect();
        expected.retain(|id, backup| backup.is_some() || !ends.contains(id));
        prop_assert_eq!(backups(&back.value), expected);
        // Every backup is in one cluster.
        let links = rows.iter().filter(|(_, backup)| backup.is_some()).count();
        prop_assert_eq!(clusters.value.iter().map(|cluster| cluster.nodes.len() - 1).sum::<usize>(), links);
    }

    #[test]
    fn bc_dr_001_operations_agree_with_their_definitions(
        rows in machines(),
        steps in prop::collection::vec((0_u8..4, 0_u8..8, prop::option::of(0_u8..10)), 0..12),
    ) {
        let mut care = care(&rows, service_type::HIGH_RELIABILITY_ACTIVE);
        for (operation, node, backup) in steps {
            let before = backups(&care);
            let (id, own) = (uri(node).as_str().to_owned(), before.get(uri(node).as_str()).cloned());
            let mut expected = before.clone();
            let effect = match operation {
                0 => {
                    let effect = care.perform(&act(action::ADD_RM, node, backup), Some(&uri(20)));
                    let own_backup = backup.map_or_else(|| uri(20), uri);
                    prop_assert_eq!(effect.is_ok(), own.is_none() && backup != Some(node));
                    if effect.is_ok() {
                        expected.insert(id, Some(own_backup.as_str().to_owned()));
                    }
                    effect
                }
                1 => {
                    let effect = care.perform(&act(action::REMOVE_RM, node, None), None);
                    prop_assert_eq!(effect.is_ok(), own.is_some());
                    expected.remove(&id);
                    if let Ok(Effect::Removed { discarded, .. }) = &effect {
                        let backup = own.flatten();
                        let needed = backup.as_ref().is_some_and(|backup| {
                            expected.contains_key(backup) || expected.values().any(|other| other.as_ref() == Some(backup))
                        });
                        prop_assert_eq!(discarded.as_ref().map(|uri| uri.as_str().to_owned()), backup.filter(|_| !needed));
                    }
                    effect
                }
                2 => {
                    let effect = care.perform(&act(action::SWAP_BACKUP, node, None), None);
                    let other = own.flatten();
                    prop_assert_eq!(effect.is_ok(), other.is_some());
                    if let Some(other) = other {
                        let swapped = |name: String| match name {
                            name if name == id => other.clone(),
                            name if name == other => id.clone(),
                            name => name,
                        };
                        expected = expected.into_iter().map(|(key, value)| (swapped(key), value.map(swapped))).collect();
                        // Back again.
                        let mut again = care.clone();
                        let number = other.rsplit('/').next().unwrap().parse().unwrap();
                        again.perform(&act(action::SWAP_BACKUP, number, None), None).unwrap();
                        prop_assert_eq!(backups(&again), before.clone());
                    }
                    effect
                }
                _ => {
                    let effect = care.perform(&act(action::FORCE_SYNC, node, None), None);
                    prop_assert_eq!(effect.is_ok(), own.flatten().is_some());
                    effect
                }
            };
            if let Err(error) = effect {
                prop_assert!(matches!(error.kind(), ErrorKind::State | ErrorKind::Value));
                prop_assert!(error.path().starts_with("/Action/"));
                expected = before;
            }
            prop_assert_eq!(backups(&care), expected);
        }
    }

    #[test]
    fn bc_dr_002_recovery_survives_as_service(
        (center, cep) in (prop::option::of("[a-z]{1,8}"), prop::option::of("[a-z]{1,8}")),
        machines in prop::collection::vec("[a-z]{1,8}", 0..4),
        volumes in prop::collection::vec("[a-z]{1,8}", 0..4),
    ) {
        let how = DisasterRecovery {
            backup_data_center: center.map(|name| format!("http://example.com/{name}").into()),
            backup_cep: cep.map(Ref::to),
            ..DisasterRecovery::default()
        };
        let uris = |names: Vec<String>| names.into_iter().map(Uri::from).collect();
        let what = Recovery { recovery: how, machines: uris(machines), volumes: uris(volumes) };
        let service = disaster_recovery(&what).unwrap();
        prop_assert!(service.is_whole());
        for dialect in [Dialect::V1, Dialect::V2] {
            let text = json::to_string(&service.value, dialect.into()).unwrap();
            let read = json::from_slice::<SystemService>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            let text = xml::to_string(&read, dialect.into()).unwrap();
            let read = xml::from_slice::<SystemService>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            let back = recovery(&read).unwrap();
            prop_assert_eq!(&back.unsaid, &vec![]);
            prop_assert_eq!(&back.value, &what);
        }
    }
}

#[test]
fn bc_dr_001_what_cannot_be_said_is_reported() {
    let active = HighAvailability {
        cluster_type: Some(ClusterType::Active),
        nodes: Some(4),
        heartbeat: Some(100),
        ..HighAvailability::default()
    };
    let slower = HighAvailability { nodes: None, heartbeat: Some(900), ..active.clone() };
    let cluster = |availability: HighAvailability, nodes: &[&str]| Cluster {
        availability,
        nodes: nodes.iter().map(|node| Uri::from(*node)).collect(),
    };
    let mut spiced = active.clone();
    spiced.extensions.insert("colour", "red");
    spiced.cluster_type = Some("two words".into());
    let care = high_reliability(&[
        cluster(active.clone(), &["a", "b"]),
        cluster(slower, &["c", "b", "d"]),
        cluster(spiced, &["a", "e"]),
    ])
    .unwrap();
    let paths: Vec<&str> = care.unsaid.iter().map(|unsaid| unsaid.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/clusters[0]/highAvailability/node",
            "/clusters[1]/highAvailability/heartbeat",
            "/clusters[2]/highAvailability/type",
            "/clusters[2]/highAvailability/colour",
            "/clusters[2]/highAvailability/node",
            "/clusters[2]/nodes[1]",
        ]
    );
    assert_eq!(care.unsaid[5].to_string(), "/clusters[2]/nodes[1]: the backup of a is b");
    // And the other way round.
    let mut care = care.value;
    care.service.name = Some("ha".into());
    care.service.volumes = Some(Ref::to("volumes"));
    care.service.parameters.insert("networkServices", "services");
    care.service.parameters.insert("RPO", "soon");
    care.machines.items.push(RecoverableMachine::default());
    let found = care.clusters().unwrap();
    let paths: Vec<&str> = found.unsaid.iter().map(|unsaid| unsaid.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/SystemService/name",
            "/SystemService/volumes",
            "/SystemService/parameters['networkServices']",
            "/SystemService/parameters['RPO']",
            "/RecoverableMachineCollection/recoverableMachines[3]/id",
        ]
    );
    care.service.service_type = Some(service_type::DISASTER_RECOVERY.into());
    assert_eq!(care.clusters().unwrap_err().path(), "/SystemService/serviceType");
    // A descriptor stands for one backup each.
    let found = descriptor(&active, &["web", "db"]).unwrap();
    assert_eq!(found.unsaid[0].path, "/highAvailability/node");
    let mut descriptor = found.value;
    descriptor.parameters.insert("network", "#net");
    let found = of_descriptor(&descriptor).unwrap();
    assert_eq!(found.value.0.nodes, Some(2));
    assert_eq!(found.value.1, ["web", "db"]);
    assert_eq!(found.unsaid[0].path, "/serviceDescriptor/parameters['network']");
    // Volumes are copied in ways that a service for disaster recovery has no word for.
    let how = DisasterRecovery { rpo: Some(5), ..DisasterRecovery::default() };
    let mut service = disaster_recovery(&Recovery { recovery: how, ..Recovery::default() }).unwrap();
    assert_eq!(service.unsaid[0].path, "/disasterRecovery/RPO");
    service.value.machines = Some(Ref::to("services/1/machines"));
    let found = recovery(&service.value).unwrap();
    assert_eq!(found.unsaid[0].to_string(), "/SystemService/machines: the collection is not expanded");
    assert_eq!(recovery(&SystemService::default()).unwrap_err().path(), "/SystemService/serviceType");
}

#[test]
fn bc_dr_001_the_example_of_an_expanded_service() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/SystemService", "id": "services/1",
        "serviceType": "http://schemas.dmtf.org/cimi/2/SystemService/highreliability/passive",
        "machines": {"href": "services/1/machines", "machines": [
            {"id": "machines/1", "name": "web", "backupmachine": {"href": "machines/2"}}, {"id": "machines/3"}]},
        "parameters": {"heartbeat": "250", "replicationType": "asynchronous", "RPO": 15}}"#;
    let service = json::from_slice::<SystemService>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let mut care = Care::of(&service).unwrap();
    assert_eq!(care.machines.items[0].backup_machine, Some(Ref::to("machines/2")));
    let found = care.clusters().unwrap();
    assert!(found.is_whole(), "{:?}", found.unsaid);
    let nodes: Vec<Vec<&str>> =
        found.value.iter().map(|cluster| cluster.nodes.iter().map(Uri::as_str).collect()).collect();
    assert_eq!(nodes, [vec!["machines/1", "machines/2"], vec!["machines/3"]]);
    let availability = &found.value[0].availability;
    assert_eq!((availability.heartbeat, availability.rpo), (Some(250), Some(15)));
    assert_eq!(availability.cluster_type, Some(ClusterType::Passive));
    // A passive cluster needs no backup Machine, an active one does.
    let add = act(action::ADD_RM, 9, None);
    assert_eq!(care.perform(&add, None).unwrap(), Effect::Added { node: uri(9), backup: None });
    care.service.service_type = Some(service_type::HIGH_RELIABILITY_ACTIVE.into());
    let error = care.perform(&act(action::ADD_RM, 10, None), None).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Value, "/Action/backup"));
    let error = care.perform(&Action { action: Some(action::START.into()), ..Action::default() }, None).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Unsupported, "/Action/action"));
    assert_eq!(care.machines.count, Some(3));
}
