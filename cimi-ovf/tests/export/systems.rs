//! Systems: what is in existence, with its members expanded.

use cimi_model::{
    Collection, Disk, LocatedVolume, Machine, MachineState, Network, NetworkInterface, Ref, System, Volume,
};
use cimi_model::{WriteOptions, json};
use cimi_ovf::{Descriptor, ReadOptions, stored_system};
use proptest::prelude::*;

use crate::common;
use crate::fill::{Choices, Profile, fill};
use crate::fixtures::{VERSIONS, options};
use crate::schema;

fn all<T>(items: Vec<T>) -> Ref<Collection<T>> {
    Ref::by_value(items.into_iter().collect())
}

fn shop() -> System {
    let located = LocatedVolume {
        initial_location: Some("/dev/sdb".into()),
        volume: Some(Ref::to("http://example.com/volumes/1")),
        ..Default::default()
    };
    let interface = NetworkInterface { network: Some(Ref::to("http://example.com/networks/1")), ..Default::default() };
    let web = Machine {
        id: Some("http://example.com/machines/1".into()),
        name: Some("web".into()),
        state: Some(MachineState::Started),
        cpu: Some(2),
        memory: Some(4 << 20),
        disks: Some(all(vec![Disk { capacity: Some(1_000_000), ..Default::default() }])),
        volumes: Some(all(vec![located])),
        interfaces: Some(all(vec![interface])),
        ..Default::default()
    };
    let db = Machine { name: Some("db".into()), cpu: Some(8), ..Default::default() };
    let data = System { name: Some("data".into()), machines: Some(all(vec![db])), ..Default::default() };
    System {
        id: Some("http://example.com/systems/1".into()),
        name: Some("shop".into()),
        machines: Some(all(vec![web])),
        systems: Some(all(vec![data])),
        networks: Some(all(vec![Network {
            id: Some("http://example.com/networks/1".into()),
            name: Some("front".into()),
            ..Default::default()
        }])),
        volumes: Some(all(vec![Volume {
            id: Some("http://example.com/volumes/1".into()),
            name: Some("pages".into()),
            capacity: Some(5_000_001),
            ..Default::default()
        }])),
        credentials: Some(Ref::to("http://example.com/systems/1/credentials")),
        ..Default::default()
    }
}

#[test]
fn a_system_survives_whole() {
    for version in VERSIONS {
        let text = cimi_ovf::export(&shop(), &options(version)).unwrap().descriptor.to_text().unwrap();
        let descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        assert_eq!(stored_system(&descriptor), Some(shop()));
        if let Some(schemas) = schema::schemas("a_system_survives_whole") {
            schema::check(&schemas, version, &[("system".to_owned(), text)]);
        }
    }
}

#[test]
fn an_import_makes_a_template_of_it_with_later_edits() {
    for version in VERSIONS {
        let text = cimi_ovf::export(&shop(), &options(version)).unwrap().descriptor.to_text().unwrap();
        let template = common::import(&text.replace(">4096<", ">2048<")).unwrap().template;
        let machines = common::machines(&template);
        assert_eq!(
            machines.iter().map(|machine| common::cpu_and_memory(machine)).collect::<Vec<_>>(),
            [(Some(2), Some(2 << 20)), (Some(8), None)]
        );
        assert_eq!(common::references(machines[0]), ["#pages", "#front"]);
        assert_eq!(machines[0].initial_state, Some(MachineState::Started));
        assert_eq!(machines[0].volumes[0].initial_location.as_deref(), Some("/dev/sdb"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn generated_systems(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        let mut system = System::default();
        fill(&mut system, &mut Choices::new(&bytes), Profile::Wild, 4, false);
        let written = json::to_vec(&system, WriteOptions::default()).unwrap();
        let system: System = json::from_slice(&written, &cimi_model::ReadOptions::default()).unwrap().value;
        for version in VERSIONS {
            let mut options = options(version);
            options.secrets = true;
            let text = cimi_ovf::export(&system, &options).unwrap().descriptor.to_text().unwrap();
            let imported = common::import(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            prop_assert_eq!(imported.system.as_ref(), Some(&system));
        }
    }
}

#[test]
fn later_edits_are_in_the_system() {
    for version in VERSIONS {
        let text = cimi_ovf::export(&shop(), &options(version)).unwrap().descriptor.to_text().unwrap();
        let mut expected = shop();
        let web = &mut expected.machines.as_mut().unwrap().value.as_mut().unwrap().items[0];
        web.memory = Some(2 << 20);
        web.disks.as_mut().unwrap().value.as_mut().unwrap().items[0].capacity = Some(2_000_000);
        expected.volumes.as_mut().unwrap().value.as_mut().unwrap().items[0].capacity = Some(7_000_000);
        let edited = text
            .replace(">4096<", ">2048<")
            .replace(">1000000000<", ">2000000000<")
            .replace("\"5000001000\"", "\"7000000000\"");
        assert_eq!(common::import(&edited).unwrap().system, Some(expected));
        // Of a System with other members, only the template is known.
        let (before, rest) = text.split_once("<VirtualSystem ovf:id=\"db\">").unwrap();
        let (_, after) = rest.split_once("</VirtualSystem>").unwrap();
        let imported = common::import(&format!("{before}{after}")).unwrap();
        assert_eq!((imported.system, common::machines(&imported.template).len()), (None, 1));
    }
}

#[test]
fn what_is_not_expanded_is_noted() {
    let system = System { machines: Some(Ref::to("http://example.com/systems/1/machines")), ..shop() };
    let notes = cimi_ovf::export(&system, &options(VERSIONS[0])).unwrap().notes;
    assert!(notes.iter().any(|note| note.path == "/machines"), "{notes:?}");
}
