//! What the elements of OVF say.

use cimi_model::{MachineTemplate, Ref, SystemTemplate};
use cimi_ovf::model::{Content, Item, VirtualSystem, VirtualSystemCollection};
use cimi_ovf::{ErrorKind, Version};

use crate::common;
use crate::fixtures::{self, VERSIONS, attached, bare, configuration, export, machine, shop, volume};

fn root(content: Option<&Content>) -> &VirtualSystemCollection {
    match content {
        Some(Content::Collection(collection)) => collection,
        _ => panic!("no collection"),
    }
}

fn system(content: &Content) -> &VirtualSystem {
    match content {
        Content::System(system) => system,
        _ => panic!("no system"),
    }
}

fn quantities(system: &VirtualSystem, resource_type: i64) -> Vec<(Option<i64>, Option<&str>)> {
    let items = system.virtual_hardware_sections[0].items.iter();
    let typed = items.filter(|item| item.resource_type == Some(resource_type));
    typed.map(|item| (item.virtual_quantity, item.allocation_units.as_deref())).collect()
}

#[test]
fn machines_have_their_hardware() {
    let descriptor = export(&shop(), Version::V1).descriptor;
    let shop = root(descriptor.envelope.content.as_ref());
    assert_eq!(shop.id.as_deref(), Some("shop"));
    let web = system(&shop.content[0]);
    assert_eq!(quantities(web, 3), [(Some(2), Some("hertz * 10^6"))]);
    assert_eq!(quantities(web, 4), [(Some(4096), Some("byte * 2^20"))]);
    let backup = system(&shop.content[1]);
    // 1,048,577 KiB is no multiple of a mebibyte.
    assert_eq!(quantities(backup, 4), [(Some(1_048_577 * 1024), Some("byte"))]);
    let items = &web.virtual_hardware_sections[0].items;
    let ids: Vec<_> = items.iter().map(|item| item.instance_id.clone().unwrap()).collect();
    assert_eq!(ids, (1..=items.len()).map(|id| id.to_string()).collect::<Vec<_>>());
    assert!(items.iter().all(|item| item.element_name.as_ref().is_some_and(|name| !name.is_empty())));
    let parents: Vec<&Item> = items.iter().filter(|item| item.parent.is_some()).collect();
    assert_eq!(parents.len(), 4, "three disks and a drive");
    for child in parents {
        let parent = items.iter().find(|item| item.instance_id == child.parent).unwrap();
        assert!(matches!(parent.resource_type, Some(5 | 6)));
    }
}

#[test]
fn disks_have_exact_capacities_and_files() {
    let descriptor = export(&shop(), Version::V1).descriptor;
    let disks = &descriptor.envelope.disk_sections[0].disks;
    let said: Vec<_> = disks
        .iter()
        .map(|disk| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            (text(&disk.disk_id), text(&disk.capacity), text(&disk.capacity_allocation_units), text(&disk.file_ref))
        })
        .collect();
    let row = |id: &str, capacity: &str, unit: &str, file: &str| {
        (id.to_owned(), capacity.to_owned(), unit.to_owned(), file.to_owned())
    };
    assert_eq!(
        said,
        [
            row("pages", "5000001000", "byte", ""),
            // 2,097,152 kB are 2,000 times 2^20 bytes.
            row("disk", "2000", "byte * 2^20", ""),
            row("tables", "10737419000", "byte", "tables.vmdk"),
        ]
    );
    let files = &descriptor.envelope.references.as_ref().unwrap().files;
    let hrefs: Vec<_> = files.iter().map(|file| file.href.as_deref().unwrap()).collect();
    assert_eq!(hrefs, ["http://images.example.com/web.iso", "images/tables.vmdk"]);
}

#[test]
fn version_2_shares_disks_and_counts_machines() {
    let descriptor = export(&shop(), Version::V2).descriptor;
    let envelope = &descriptor.envelope;
    let shared: Vec<_> = envelope.shared_disk_sections[0].disks.iter().map(|disk| disk.disk_id.as_deref()).collect();
    // The one that two components use. Of the one in the template of a machine that is made three times, each gets its own.
    assert_eq!(shared, [Some("pages")]);
    let scale_out = &root(envelope.content.as_ref()).scale_out_sections;
    assert_eq!(scale_out[0].id.as_deref(), Some("web"));
    assert_eq!(scale_out[0].instance_counts[0].default, Some(3));
    assert!(export(&shop(), Version::V1).descriptor.envelope.shared_disk_sections.is_empty());
}

#[test]
fn states_become_a_startup_section() {
    let descriptor = export(&shop(), Version::V1).descriptor;
    let items = &root(descriptor.envelope.content.as_ref()).startup_sections[0].items;
    let said: Vec<_> = items.iter().map(|item| (item.id.as_deref(), item.start_action.as_deref())).collect();
    assert_eq!(said, [(Some("web"), Some("powerOn")), (Some("backup"), Some("none"))]);
}

#[test]
fn what_ovf_cannot_say_is_noted() {
    let notes: Vec<String> = export(&shop(), Version::V1).notes.iter().map(ToString::to_string).collect();
    for expected in [
        "/componentDescriptors[0]/quantity: OVF 1.x has no quantities",
        "/componentDescriptors[0]/machineTemplate/machineConfig/cpuSpeed: OVF has no speeds of processors",
        "/componentDescriptors[6]: OVF has no such component",
        "/componentDescriptors[4]/volumeTemplate: OVF 1.x has no shared disks: each machine gets its own copy",
    ] {
        assert!(notes.iter().any(|note| note == expected), "{expected}\n{notes:#?}");
    }
    let second: Vec<String> = export(&shop(), Version::V2).notes.iter().map(ToString::to_string).collect();
    assert!(!second.iter().any(|note| note.contains("OVF 1.x")), "{second:#?}");
}

#[test]
fn what_ovf_can_say_survives_alone() {
    for version in VERSIONS {
        let imported = common::import(&bare(&shop(), version)).unwrap().template;
        assert_eq!((&imported.name, &imported.description), (&shop().name, &shop().description));
        let names: Vec<_> = common::components(&imported).iter().map(|c| c.name.clone().unwrap()).collect();
        for name in ["web", "backup", "front", "back", "pages", "data", "db", "tables"] {
            assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
        }
        let machines: Vec<_> = common::machines(&imported).into_iter().map(common::cpu_and_memory).collect();
        assert_eq!(machines, [(Some(2), Some(4 << 20)), (Some(1), Some(1_048_577)), (Some(8), Some(32 << 20))]);
        let web = common::machines(&imported)[0];
        assert_eq!(web.description.as_deref(), Some("Serves <pages> & more"));
        assert_eq!(common::references(web), ["#pages", "#disk", "#front", "#back"]);
        let disks = &web.machine_config.as_ref().unwrap().value.as_ref().unwrap().disks;
        assert_eq!(disks[0].capacity, Some(1_000_000));
        let location = web.machine_image.as_ref().unwrap().value.as_ref().unwrap().image_location.as_ref();
        assert_eq!(location.unwrap().as_str(), "http://images.example.com/web.iso");
        let mut volumes: Vec<_> =
            common::volumes(&imported).iter().map(|(name, volume)| (*name, common::capacity(volume))).collect();
        volumes.sort_unstable();
        let expected = [("disk", Some(2_097_152)), ("pages", Some(5_000_001)), ("tables", Some(10_737_419))];
        assert_eq!(volumes, expected);
        let front = common::component(&imported, "front");
        assert_eq!(front.description.as_deref(), Some("Where guests meet"));
    }
}

#[test]
fn names_become_identifiers_that_are_unique() {
    let named = |name: &str| machine(name, MachineTemplate::default());
    let template = SystemTemplate {
        component_descriptors: vec![named("a b"), named("a-b"), named("\u{540D}\u{524D}"), named("a&<\"b")],
        ..Default::default()
    };
    let text = bare(&template, Version::V1);
    let again = bare(&template, Version::V1);
    assert_eq!(text, again);
    for id in ["a-b", "a-b-2", "machine", "a-b-3"] {
        assert!(text.contains(&format!("<VirtualSystem ovf:id=\"{id}\">")), "{id}: {text}");
    }
    assert!(text.contains("<Name>a&amp;&lt;\"b</Name>"), "{text}");
}

#[test]
fn bad_references_and_quantities_are_noted_not_fatal() {
    let mut config = configuration(-1, i64::MAX);
    config.disks.push(cimi_model::DiskConfiguration { capacity: Some(-5), ..Default::default() });
    let template = MachineTemplate {
        machine_config: Some(Ref::by_value(config)),
        volumes: vec![attached("nowhere"), attached("net")],
        interface_templates: vec![fixtures::interface("nowhere"), Ref::to("http://example.com/interfaces/1")],
        ..Default::default()
    };
    let mut many = machine("m", template);
    many.quantity = Some(i64::MIN);
    let template = SystemTemplate {
        component_descriptors: vec![
            many,
            volume("huge", i64::MAX),
            cimi_model::ComponentDescriptor {
                machine_template: Some(Ref::to("http://example.com/templates/1")),
                ..fixtures::component("Machine", "remote")
            },
        ],
        ..Default::default()
    };
    for version in VERSIONS {
        let exported = export(&template, version);
        for path in ["cpu", "memory", "disks[0]/capacity"] {
            let path = format!("/componentDescriptors[0]/machineTemplate/machineConfig/{path}");
            assert!(exported.notes.iter().any(|note| note.path == path), "{path}: {:#?}", exported.notes);
        }
        let again = common::import(&exported.descriptor.to_text().unwrap()).unwrap().template;
        assert_eq!(again, template);
    }
}

#[test]
fn other_resources_and_depths_are_refused() {
    let error = cimi_ovf::export(&cimi_model::Volume::default(), &fixtures::options(Version::V1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    let error = cimi_ovf::export(&shop(), &fixtures::options(Version::V0_9)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let mut deep = SystemTemplate::default();
    for _ in 0..60 {
        deep = SystemTemplate { component_descriptors: vec![fixtures::system("s", deep)], ..Default::default() };
    }
    let error = cimi_ovf::export(&deep, &fixtures::options(Version::V1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

/// As products have it, of which some read no collections.
#[test]
fn a_machine_alone_is_no_collection() {
    let text = common::envelope(&common::machine(&common::item("1", 3, &[("VirtualQuantity", "2")])));
    let template = common::import(&text).unwrap().template;
    for version in VERSIONS {
        let exported = export(&template, version).descriptor;
        let Some(Content::System(system)) = &exported.envelope.content else { panic!("no system") };
        assert_eq!(system.id.as_deref(), Some("vm"));
        assert_eq!(common::import(&exported.to_text().unwrap()).unwrap().template, template);
        let again = common::import(&bare(&template, version)).unwrap().template;
        assert_eq!((&again.name, again.component_descriptors.len()), (&template.name, 1));
    }
    let mut described = template;
    described.description = Some("A shop".into());
    let again = common::import(&bare(&described, Version::V1)).unwrap().template;
    assert_eq!(again.description, described.description);
}
