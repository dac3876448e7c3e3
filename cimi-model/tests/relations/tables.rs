//! What the tables say of components, held against the text of the standard.

use super::*;

/// The attributes of type `collection[]` whose members are components, by the text of the standard: all of the cloud
/// entry point (5.12), and these.
const COMPONENTS: &[(&str, &[&str])] = &[
    (
        "System",
        &[
            "systems",
            "machines",
            "credentials",
            "volumes",
            "networks",
            "networkPorts",
            "addresses",
            "forwardingGroups",
            "networkServices",
            "services",
            "meters",
        ],
    ),
    ("Machine", &["disks", "interfaces", "meters"]),
    ("RecoverableMachine", &["disks", "interfaces", "meters"]),
    ("locatedVolume", &["meters"]),
    ("Volume", &["meters"]),
    ("Network", &["networkPorts", "segments", "services", "subnetworks", "meters"]),
    ("NetworkPort", &["meters"]),
    ("ProtocolSegment", &["endpoints", "meters"]),
    ("ProtocolEndpoint", &["meters"]),
    ("NetworkInterface", &["addresses", "meters"]),
    ("NetworkService", &["meters"]),
    ("Meter", &["samples"]),
    ("EventLog", &["events"]),
];

/// What is only used, or associated, by the text of the standard.
const USED: &[(&str, &[&str])] = &[
    ("Machine", &["volumes", "snapshots"]),
    ("RecoverableMachine", &["volumes", "snapshots"]),
    ("Volume", &["images"]),
    ("locatedVolume", &["images"]),
    ("NetworkInterface", &["endpoints"]),
    ("NetworkInterfaceTemplate", &["endpoints"]),
    ("NetworkService", &["endpoints", "segments"]),
    ("SystemService", &["machines", "volumes", "systems"]),
    ("HighReliability.parameters", &["networkServices"]),
    ("DisasterRecovery.parameters", &["networkServices"]),
];

#[test]
fn collections_compose_where_the_standard_says_so() {
    let mut components = BTreeSet::new();
    let mut used = BTreeSet::new();
    for described in all_types() {
        for attribute in described.attributes {
            let is_collection = matches!(attribute.kind, Kind::Ref(of) if of().members.is_some());
            assert!(is_collection || !attribute.child, "{}.{}", described.name, attribute.name);
            if is_collection && described.name != "CloudEntryPoint" {
                let set = if attribute.child { &mut components } else { &mut used };
                set.insert((described.name, attribute.name));
            } else if is_collection {
                assert!(attribute.child, "CloudEntryPoint.{}", attribute.name);
            }
        }
    }
    let flat = |rows: &[(&'static str, &[&'static str])]| {
        rows.iter().flat_map(|(of, names)| names.iter().map(|name| (*of, *name))).collect::<BTreeSet<_>>()
    };
    assert_eq!(components, flat(COMPONENTS));
    assert_eq!(used, flat(USED));
}

/// The types of both versions.
fn all_types() -> Vec<&'static cimi_model::Type> {
    let registry = Registry::standard();
    let mut all: Vec<_> = registry.types();
    all.sort_by_key(|found| std::ptr::from_ref(*found));
    all.dedup_by_key(|found| std::ptr::from_ref(*found));
    all
}

#[test]
fn a_service_never_owns_its_machines() {
    let service = SystemService { id: Some("svc".into()), machines: href("svc/machines"), ..Default::default() };
    let machines = collection("svc/machines", None, vec![machine("m/1")]);
    let deletion = Relations::new(&[&service, &machines], None).deletion(&["svc"], &[]);
    assert_eq!(removed(&deletion), ["svc/machines", "svc"]);
    assert_eq!(deletion.kept[0].id, "m/1");
}
