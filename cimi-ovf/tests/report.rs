//! What became of each part of a descriptor, and the Systems that templates become.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

mod common;

use std::collections::HashSet;

use cimi_model::{Machine, System};
use cimi_ovf::model::Content;
use cimi_ovf::{Descriptor, Entry, Fate, ImportOptions, Imported, ReadOptions, Result};
use common::{envelope, item, machine};

fn reported(descriptor: &[u8]) -> Result<Imported> {
    let mut options = ImportOptions::default();
    options.report = true;
    cimi_ovf::import(descriptor, &options)
}

fn entry<'r>(report: &'r [Entry], end: &str) -> &'r Entry {
    let mut found = report.iter().filter(|entry| entry.origin.ends_with(end));
    found.next().unwrap_or_else(|| panic!("no {end}: {report:#?}"))
}

#[test]
fn each_part_has_its_fate() {
    let items = item("1", 3, &[("VirtualQuantity", "2")])
        + &item("2", 4, &[("VirtualQuantity", "1"), ("AllocationUnits", "byte * 2^20")])
        + &item("3", 5, &[])
        + &item("4", 17, &[("HostResource", "ovf:/disk/d")])
        + &item("5", 10, &[("Connection", "lan")])
        + &item("6", 10, &[]);
    let parts = "<References><File ovf:id='f' ovf:href='f.img'/><File ovf:id='g' ovf:href='g.img'/></References>\
        <DiskSection><Info>Disks</Info><Disk ovf:diskId='d' ovf:capacity='1001' ovf:fileRef='f'/></DiskSection>\
        <NetworkSection><Info>Networks</Info><Network ovf:name='lan'/></NetworkSection>"
        .to_owned()
        + &machine(&items).replace(
            "<VirtualHardwareSection>",
            "<EulaSection><Info/><License/></EulaSection>\
            <ProductSection><Info/><Property ovf:key='p' ovf:type='string' ovf:password='true' ovf:value='hush'/>\
            </ProductSection><VirtualHardwareSection>",
        );
    let report = reported(envelope(&parts).as_bytes()).unwrap().report;
    let machine = "/componentDescriptors[0]/machineTemplate";
    for (end, fate, to) in [
        ("Item['1']", Fate::Exact, format!("{machine}/machineConfig/cpu")),
        ("Item['2']", Fate::Exact, format!("{machine}/machineConfig/memory")),
        ("Item['3']", Fate::Aside, format!("{machine}/{{urn:x-cimi:ovf}}VirtualSystem/VirtualHardwareSection/Item")),
        ("Item['4']", Fate::Exact, format!("{machine}/volumes[0]")),
        ("Item['5']", Fate::Approximate, format!("{machine}/interfaceTemplates[0]")),
        ("Item['6']", Fate::Aside, machine.to_owned()),
        ("File['f']", Fate::Exact, "/componentDescriptors[2]/volumeTemplate/volumeImage/imageLocation".to_owned()),
        ("File['g']", Fate::Aside, "/{urn:x-cimi:ovf}Envelope/File".to_owned()),
        ("Disk['d']", Fate::Approximate, "/componentDescriptors[2]/volumeTemplate".to_owned()),
        ("Network['lan']", Fate::Exact, "/componentDescriptors[1]/networkTemplate".to_owned()),
        ("DiskSection/Info", Fate::Dropped, String::new()),
        ("EulaSection", Fate::Aside, format!("{machine}/{{urn:x-cimi:ovf}}VirtualSystem/EulaSection")),
        ("VirtualSystem['vm']", Fate::Exact, machine.to_owned()),
        ("VirtualSystem['vm']/Info", Fate::Exact, "/componentDescriptors[0]/description".to_owned()),
    ] {
        let found = entry(&report, end);
        assert_eq!((found.fate, &found.to), (fate, &to), "{end}");
        assert!(!found.text.is_empty());
    }
    let dropped: Vec<_> = report.iter().filter(|entry| entry.text.contains("password")).collect();
    assert_eq!(dropped.len(), 1);
    assert!(!format!("{report:?}").contains("hush"));
}

#[test]
fn a_report_is_made_only_where_it_is_wanted() {
    assert!(common::import(&envelope(&machine(""))).unwrap().report.is_empty());
}

/// Every item, disk, network and file of real descriptors is in the report, and every section.
#[test]
fn nothing_is_left_out() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    let root = std::path::PathBuf::from(root).join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let mut seen = 0;
    for file in index.lines().filter_map(|line| line.split('\t').next()) {
        let Ok(bytes) = std::fs::read(root.join(file)) else { continue };
        let Ok(imported) = reported(&bytes) else { continue };
        let descriptor = Descriptor::read(&bytes, &ReadOptions::default()).unwrap().value;
        let reported: HashSet<&str> = imported.report.iter().map(|entry| entry.origin.as_str()).collect();
        for path in parts(&descriptor) {
            assert!(reported.contains(path.as_str()), "{file}: {path}");
        }
        seen += 1;
    }
    println!("{seen} reports");
    assert!(seen > 100, "{seen}");
}

/// The paths of what the structures of a descriptor have.
fn parts(descriptor: &Descriptor) -> Vec<String> {
    let envelope = &descriptor.envelope;
    let mut nodes = Vec::new();
    nodes.extend(envelope.references.iter().flat_map(|references| &references.files).map(|file| file.node));
    nodes.extend(envelope.disk_sections.iter().flat_map(|section| &section.disks).map(|disk| disk.node));
    nodes.extend(envelope.network_sections.iter().flat_map(|section| &section.networks).map(|network| network.node));
    nodes.extend(envelope.deployment_option_sections.iter().map(|section| section.node));
    let mut open: Vec<&Content> = envelope.content.iter().collect();
    while let Some(content) = open.pop() {
        match content {
            Content::System(system) => {
                nodes.push(system.node);
                nodes.extend(system.product_sections.iter().map(|section| section.node));
                nodes.extend(system.operating_system_sections.iter().map(|section| section.node));
                for section in &system.virtual_hardware_sections {
                    nodes.push(section.node);
                    nodes.extend(section.all_items().map(|item| item.node));
                }
            }
            Content::Collection(collection) => {
                nodes.push(collection.node);
                nodes.extend(collection.startup_sections.iter().map(|section| section.node));
                open.extend(&collection.content);
            }
            _ => {}
        }
    }
    nodes.into_iter().map(|node| descriptor.element(node).unwrap().path()).collect()
}

fn system(descriptor: &str) -> System {
    cimi_ovf::system(common::import(descriptor).unwrap().template).unwrap()
}

fn machines(system: &System) -> &[Machine] {
    &system.machines.as_ref().unwrap().value.as_ref().unwrap().items
}

#[test]
fn a_system_has_its_machines_with_their_disks() {
    let items = item("1", 3, &[("VirtualQuantity", "2")]) + &item("2", 17, &[("HostResource", "ovf:/disk/d")]);
    let parts =
        "<DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='5000'/></DiskSection>".to_owned() + &machine(&items);
    let system = system(&envelope(&parts));
    let [only] = machines(&system) else { panic!("one machine: {system:?}") };
    assert_eq!((only.name.as_deref(), only.cpu), (Some("vm"), Some(2)));
    assert!(only.extensions.get("{urn:x-cimi:ovf}VirtualSystem").is_some());
    let volumes = &system.volumes.as_ref().unwrap().value.as_ref().unwrap().items;
    assert_eq!((volumes[0].name.as_deref(), volumes[0].capacity), (Some("d"), Some(5)));
    let attached = &only.volumes.as_ref().unwrap().value.as_ref().unwrap().items;
    assert_eq!(attached[0].volume.as_ref().unwrap().href, volumes[0].id);
}

#[test]
fn nested_systems_have_their_machines() {
    let nested = |id: &str, content: &str| {
        format!("<VirtualSystemCollection ovf:id='{id}'><Info/>{content}</VirtualSystemCollection>")
    };
    let cpu = machine(&item("1", 3, &[("VirtualQuantity", "7")]));
    let whole = system(&envelope(&nested("a", &nested("b", &nested("c", &cpu)))));
    let mut here = &whole;
    for name in ["b", "c"] {
        here = &here.systems.as_ref().unwrap().value.as_ref().unwrap().items[0];
        assert_eq!(here.name.as_deref(), Some(name));
    }
    assert_eq!(machines(here)[0].cpu, Some(7));
}

#[test]
fn instances_of_a_system_are_machines() {
    let section = "<o:ScaleOutSection xmlns:o='http://schemas.dmtf.org/ovf/envelope/2' o:id='vm'><o:Info/>\
        <o:InstanceCount o:default='COUNT'/></o:ScaleOutSection>";
    let all = |count: &str| {
        let content = section.replace("COUNT", count) + &machine("");
        envelope(&format!("<VirtualSystemCollection ovf:id='a'><Info/>{content}</VirtualSystemCollection>"))
    };
    let names: Vec<_> = machines(&system(&all("3"))).iter().map(|machine| machine.name.clone().unwrap()).collect();
    assert_eq!(names, ["vm1", "vm2", "vm3"]);
    let template = common::import(&all("40000")).unwrap().template;
    let error = cimi_ovf::system(template).unwrap_err().to_string();
    assert!(!error.contains('\n'), "{error}");
}
