//! Multicloud-004, -005 and -006, Networks and Volumes of several clouds.

use std::collections::BTreeMap;

use cimi_model::ext::intercloud::{
    FederationState, NetworkCharacteristic, NetworkFederation, NetworkModel, NetworkSegment, OnDelete, SHARED_NETWORK,
    SHARED_VOLUME, SharedNetwork, SharedVolume, VolumeAccess, VolumeUse, extend, guide, is_of, reconcile, wanted_by,
};
use cimi_model::{
    Dialect, ErrorKind, Machine, Network, NetworkInterface, ReadOptions, Ref, System, Uri, Volume, json, xml,
};
use proptest::prelude::*;

const A: &str = "http://a.example.com/cimi/";
const B: &str = "http://b.example.com/cimi/";

fn of(name: &str, value: &str, unit: &str) -> NetworkCharacteristic {
    NetworkCharacteristic::new(name, value, unit)
}

fn segment(cloud: &str, characteristics: &[NetworkCharacteristic]) -> NetworkSegment {
    NetworkSegment { cloud: Some(cloud.into()), characteristics: characteristics.to_vec(), ..NetworkSegment::default() }
}

fn federation(state: FederationState) -> NetworkFederation {
    NetworkFederation {
        clouds: vec![A.into(), B.into()],
        state: Some(state),
        name_servers: vec!["192.0.2.53".into()],
        routers: vec!["192.0.2.1".into()],
        characteristics: vec![of("mtu", "1500", "bytes"), of("latency", "20", "milliseconds")],
        ..NetworkFederation::default()
    }
}

/// What the other cloud reads of what one writes.
fn sent(network: &Network) -> Network {
    let text = xml::to_string(network, Dialect::V2.into()).unwrap();
    xml::from_slice::<Network>(text.as_bytes(), &ReadOptions::strict()).unwrap().value
}

#[test]
fn multicloud_004_a_network_is_extended() {
    // Step 2, first: a private Network in cloud A and a Machine in cloud B.
    let mut network = Network { id: Some(format!("{A}networks/1").into()), ..Network::default() };
    let own = SharedNetwork {
        characteristics: vec![of("mtu", "9000", "bytes"), of("latency", "2", "milliseconds")],
        ..SharedNetwork::default()
    };
    SHARED_NETWORK.set(&mut network, &own).unwrap();
    let machine = Machine { id: Some(format!("{B}machines/7").into()), ..Machine::default() };
    // Before step 1 the Network stays where it is.
    for state in [FederationState::Proposed, FederationState::Refused, FederationState::Ended] {
        let before = network.clone();
        let error = extend(&mut network, &A.into(), &B.into(), &[federation(state)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::State);
        assert_eq!(network, before);
    }
    // Step 1: the providers agree to share virtual networking.
    let agreed = [federation(FederationState::Agreed)];
    // Step 3: the consumer defines an interface.
    let interface = NetworkInterface { mtu: Some(1500), ..NetworkInterface::default() };
    // Step 4: the Machine in B is added to the Network in A, which reaches into B by that.
    assert!(is_of(&B.into(), machine.id.as_ref().unwrap()));
    assert!(extend(&mut network, &A.into(), &B.into(), &agreed).unwrap());
    assert!(!extend(&mut network, &A.into(), &B.into(), &agreed).unwrap(), "it is there");
    let shared = SHARED_NETWORK.get(&sent(&network)).unwrap().unwrap();
    assert_eq!(shared.segments.len(), 2);
    // Different levels of service are harmonized.
    assert_eq!(shared.characteristics, [of("mtu", "1500", "bytes"), of("latency", "20", "milliseconds")]);
    let guide = guide(&wanted_by(&interface), &shared).unwrap();
    assert_eq!(guide.in_cloud(&B.into()).unwrap().lacks, []);
}

#[test]
fn multicloud_005_an_intercloud_network() {
    let segments = [
        segment(A, &[of("bandwidth", "10", "gigabits per second"), of("ipVersions", "4 6", ""), of("mtu", "9000", "")]),
        segment(B, &[of("bandwidth", "1000", "megabits per second"), of("ipVersions", "4", "")]),
    ];
    // Step 1: provider A shows the consumer the configurations that reconcile the networks of both.
    let shown = reconcile(&segments).unwrap();
    assert_eq!(shown.characteristics, [of("bandwidth", "1000", "megabits per second"), of("ipVersions", "4", "")]);
    assert_eq!(shown.weakest, [1, 1]);
    assert_eq!(shown.lost[0].text, "segment 1 does not say its mtu");
    // Step 2: the Network is created, with segments that differ, as the second model has it.
    let mut network = Network::default();
    let shared =
        SharedNetwork { model: Some(NetworkModel::Segmented), segments: segments.to_vec(), ..SharedNetwork::default() };
    SHARED_NETWORK.set(&mut network, &shared).unwrap();
    let shared = SHARED_NETWORK.get(&sent(&network)).unwrap().unwrap();
    // Step 3: a Machine is added in each cloud. The consumer is guided in defining the interface.
    let wanted = [of("bandwidth", "2000", "megabits per second")];
    let guided = guide(&wanted, &shared).unwrap();
    assert_eq!(guided.in_cloud(&A.into()).unwrap().lacks, []);
    let lacks = &guided.in_cloud(&B.into()).unwrap().lacks;
    assert_eq!(lacks[0].offered, Some(of("bandwidth", "1000", "megabits per second")));
    // A changed interface could dictate moving the Machine from B to where it gets what it wants.
    assert_eq!(guided.clouds().collect::<Vec<_>>(), [&Uri::from(A)]);
}

#[test]
fn what_is_not_a_number_is_refused_with_its_place() {
    for wrong in [of("mtu", "large", ""), of("mtu", "1500", "parsecs")] {
        let error = reconcile(&[segment(A, &[of("mtu", "1500", "bytes")]), segment(B, &[wrong])]).unwrap_err();
        assert_eq!(error.path(), "/segments[1]");
    }
    assert!(reconcile(&[segment(A, &[of("mtu", "large", "")])]).is_err());
    let text = r#"{"sharedNetwork": {"segments": [{"cloud": 7}], "model": "patchwork"}}"#;
    let network = json::from_slice::<Network>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let problems = SHARED_NETWORK.problems(&network, &cimi_model::validate::Validation::create());
    assert!(problems.iter().any(|problem| problem.path.starts_with("/Network/sharedNetwork")), "{problems:?}");
}

fn absolute(cloud: &str, name: &str) -> Uri {
    Uri::from(name).resolve(&cloud.into()).unwrap()
}

fn use_of(cloud: &str, machine: &str, access: VolumeAccess) -> VolumeUse {
    VolumeUse {
        cloud: Some(cloud.into()),
        machine: Some(Ref::to(absolute(cloud, machine))),
        access: Some(access),
        ..VolumeUse::default()
    }
}

#[test]
fn multicloud_006_a_volume_of_another_cloud() {
    // The administrator refers to the entry point of cloud B, and deploys a Volume there.
    let id = absolute(B, "volumes/5");
    let mut volume = Volume { id: Some(id.clone()), ..Volume::default() };
    let shared = SharedVolume { on_delete: Some(OnDelete::Refuse), ..SharedVolume::default() };
    SHARED_VOLUME.set(&mut volume, &shared).unwrap();
    // It is connected to a Machine in B and to one in A: many to one.
    let mut shared = SHARED_VOLUME.get(&volume).unwrap().unwrap();
    shared.connect(use_of(B, "machines/1", VolumeAccess::ReadWrite)).unwrap();
    shared.connect(use_of(A, "machines/1", VolumeAccess::ReadOnly)).unwrap();
    // The same relative name in two clouds is two Machines.
    let [at_a, at_b] = [A, B].map(|cloud| absolute(cloud, "machines/1"));
    assert!(shared.may_write(&at_b) && !shared.may_write(&at_a));
    // The System of cloud A refers to it as all clouds understand it.
    let mut system = System { id: Some(format!("{A}systems/1").into()), ..System::default() };
    system.volumes = Some(Ref::to(absolute(B, "volumes")));
    assert!(is_of(&B.into(), system.volumes.as_ref().unwrap().href.as_ref().unwrap()));
    // Integrity: one writes; deleting one side while the other uses it is refused, or ends the uses if that is wanted.
    let second = shared.connect(use_of(A, "machines/2", VolumeAccess::ReadWrite)).unwrap_err();
    assert_eq!(second.kind(), ErrorKind::State);
    assert_eq!(shared.clone().delete().unwrap_err().kind(), ErrorKind::State);
    SHARED_VOLUME.set(&mut volume, &shared).unwrap();
    for dialect in [Dialect::V1, Dialect::V2] {
        let text = xml::to_string(&volume, dialect.into()).unwrap();
        let read = xml::from_slice::<Volume>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        assert_eq!(SHARED_VOLUME.get(&read).unwrap().unwrap(), shared);
    }
    let mut other = SharedVolume { on_delete: Some(OnDelete::Disconnect), ..shared.clone() };
    assert_eq!(other.delete().unwrap().len(), 2, "both clouds are told");
    // Deleting a Machine leaves the Volume, and with its last use gone it can be deleted.
    assert!(shared.disconnect(&at_a) && !shared.disconnect(&at_a));
    assert_eq!(shared.disconnect_cloud(&B.into()).len(), 1);
    assert_eq!(shared.delete().unwrap(), []);
}

#[test]
fn uses_name_machines_absolutely() {
    let mut shared = SharedVolume::default();
    let relative =
        VolumeUse { machine: Some(Ref::to("machines/1")), ..use_of(A, "machines/1", VolumeAccess::ReadOnly) };
    assert_eq!(shared.connect(relative).unwrap_err().kind(), ErrorKind::Value);
}

fn some_characteristic(name: &'static str) -> impl Strategy<Value = NetworkCharacteristic> {
    let units: &[&str] = match name {
        "bandwidth" => &["", "megabits per second", "kilobits per second"],
        "latency" => &["", "milliseconds", "seconds"],
        _ => &[""],
    };
    let value = match name {
        "ipVersions" => proptest::sample::select(vec!["4", "6", "4 6", "6 4"]).prop_map(str::to_owned).boxed(),
        "vlan" => proptest::sample::select(vec!["1", "2"]).prop_map(str::to_owned).boxed(),
        _ => (1_u32..2000).prop_map(|value| value.to_string()).boxed(),
    };
    (value, proptest::sample::select(units.to_vec())).prop_map(move |(value, unit)| of(name, &value, unit))
}

fn some_segments() -> impl Strategy<Value = Vec<NetworkSegment>> {
    let some = |name| proptest::option::weighted(0.8, some_characteristic(name));
    let each = (some("bandwidth"), some("latency"), some("ipVersions"), some("vlan"));
    let segment = each.prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect::<Vec<_>>());
    proptest::collection::vec(segment, 1..4).prop_map(|segments| {
        let cloud = |index: usize| format!("http://{index}.example.com/");
        segments.iter().enumerate().map(|(index, own)| segment_of(&cloud(index), own)).collect()
    })
}

fn segment_of(cloud: &str, characteristics: &[NetworkCharacteristic]) -> NetworkSegment {
    segment(cloud, characteristics)
}

/// A number in the smallest unit of its kind.
fn plain(of: &NetworkCharacteristic) -> u64 {
    let value: u64 = of.value.as_deref().unwrap().parse().unwrap();
    match of.unit.as_deref() {
        None | Some("megabits per second" | "seconds") if of.name.as_deref() == Some("bandwidth") => value * 1000,
        Some("seconds") => value * 1000,
        _ => value,
    }
}

proptest! {
    #[test]
    fn what_is_reconciled_is_the_best_of_all_segments(segments in some_segments()) {
        let found = reconcile(&segments).unwrap();
        for name in ["bandwidth", "latency", "ipVersions", "vlan"] {
            let own: Vec<Option<&NetworkCharacteristic>> = segments
                .iter()
                .map(|segment| segment.characteristics.iter().find(|own| own.name.as_deref() == Some(name)))
                .collect();
            let common = found.characteristics.iter().find(|common| common.name.as_deref() == Some(name));
            let is_lost = found.lost.iter().any(|lost| lost.name == name);
            prop_assert_eq!(common.is_none() && own.iter().any(Option::is_some), is_lost);
            if own.iter().any(Option::is_none) {
                prop_assert!(common.is_none());
                continue;
            }
            let own: Vec<&NetworkCharacteristic> = own.into_iter().flatten().collect();
            match name {
                "bandwidth" => prop_assert_eq!(plain(common.unwrap()), own.iter().map(|own| plain(own)).min().unwrap()),
                "latency" => prop_assert_eq!(plain(common.unwrap()), own.iter().map(|own| plain(own)).max().unwrap()),
                "ipVersions" => {
                    let all = |word: &&str| own.iter().all(|own| own.value.as_ref().unwrap().contains(word));
                    let expected: Vec<&str> = ["4", "6"].into_iter().filter(all).collect();
                    let mut words: Vec<&str> =
                        common.iter().flat_map(|common| common.value.as_ref().unwrap().split(' ')).collect();
                    words.sort_unstable();
                    prop_assert_eq!(words, expected);
                }
                _ => prop_assert_eq!(common.is_some(), own.iter().all(|other| other.value == own[0].value)),
            }
        }
        // Every segment gives it.
        let each = SharedNetwork { model: Some(NetworkModel::Segmented), segments, ..SharedNetwork::default() };
        let guided = guide(&found.characteristics, &each).unwrap();
        prop_assert_eq!(guided.clouds().count(), each.segments.len());
    }

    #[test]
    fn uses_of_a_volume_follow_a_plain_model(
        steps in proptest::collection::vec((0_u8..4, 0_u8..4, any::<bool>()), 0..30),
        writers in 0_i64..3,
        disconnects: bool,
    ) {
        let on_delete = if disconnects { OnDelete::Disconnect } else { OnDelete::Refuse };
        let mut shared =
            SharedVolume { writers: Some(writers), on_delete: Some(on_delete), ..SharedVolume::default() };
        // The Machines, and whether they write.
        let mut model: BTreeMap<u8, bool> = BTreeMap::new();
        for (step, machine, writes) in steps {
            let cloud = if machine % 2 == 0 { A } else { B };
            let name = format!("machines/{machine}");
            let uri = absolute(cloud, &name);
            match step {
                0 | 1 => {
                    let access = if writes { VolumeAccess::ReadWrite } else { VolumeAccess::ReadOnly };
                    let writing = i64::try_from(model.values().filter(|writes| **writes).count()).unwrap();
                    let can = !model.contains_key(&machine) && (!writes || writing < writers);
                    prop_assert_eq!(shared.connect(use_of(cloud, &name, access)).is_ok(), can);
                    if can {
                        model.insert(machine, writes);
                    }
                }
                2 => prop_assert_eq!(shared.disconnect(&uri), model.remove(&machine).is_some()),
                _ => {
                    let can = disconnects || model.is_empty();
                    let told = shared.clone().delete();
                    prop_assert_eq!(told.is_ok(), can);
                    prop_assert_eq!(told.map_or(model.len(), |told| told.len()), model.len());
                }
            }
            prop_assert_eq!(shared.may_write(&uri), model.get(&machine).copied().unwrap_or(false));
        }
    }
}
