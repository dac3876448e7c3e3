//! What parts of descriptors become, beyond the machines with their disks and networks.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::format_collect)]

mod common;

use cimi_model::{MachineState, SystemTemplate};
use cimi_ovf::{ImportOptions, Imported, Result};
use common::{component, cpu_and_memory, envelope, item, item_with, machine, machines, references, round_trip};

fn import_option(descriptor: &str, option: Option<&str>) -> Result<Imported> {
    let mut options = ImportOptions::default();
    options.option = option.map(str::to_owned);
    cimi_ovf::import(descriptor.as_bytes(), &options)
}

const OPTIONS: &str = "<DeploymentOptionSection><Info>Sizes</Info>\
    <Configuration ovf:id='small'><Label>Small</Label><Description>For tests</Description></Configuration>\
    <Configuration ovf:id='big'><Label>Big</Label><Description>For work</Description></Configuration>\
    </DeploymentOptionSection>";

/// A descriptor of OVF 2.x with these parts.
fn envelope_2(parts: &str) -> String {
    envelope(parts).replace("ovf/envelope/1", "ovf/envelope/2")
}

fn system(id: &str, items: &str) -> String {
    machine(items).replace("ovf:id=\"vm\"", &format!("ovf:id='{id}'"))
}

fn disk(id: &str, disk: &str) -> String {
    item(id, 17, &[("HostResource", &format!("ovf:/disk/{disk}"))])
}

/// Three web servers, each with a disk of its own and one that all share with the database.
fn scaled() -> String {
    let disks = "<DiskSection><Info/><Disk ovf:diskId='own' ovf:capacity='1000'/></DiskSection>\
        <SharedDiskSection><Info/><SharedDisk ovf:diskId='data' ovf:capacity='2000'/></SharedDiskSection>";
    let section = "<ScaleOutSection ovf:id='web'><Info>Web servers</Info>\
        <InstanceCount ovf:minimum='1' ovf:default='3' ovf:maximum='9'/>\
        <InstanceCount ovf:default='6' ovf:configuration='big'/></ScaleOutSection>";
    let members = system("web", &(disk("1", "own") + &disk("2", "data"))) + &system("db", &disk("1", "data"));
    envelope_2(&format!(
        "{disks}{OPTIONS}<VirtualSystemCollection ovf:id='shop'><Info>A shop</Info>{section}{members}\
         </VirtualSystemCollection>"
    ))
}

fn quantity(template: &SystemTemplate, name: &str) -> Option<i64> {
    component(template, name).quantity
}

#[test]
fn the_wanted_configuration_counts() {
    let items = item("1", 3, &[("VirtualQuantity", "1")])
        + &item_with("ovf:configuration='big'", "1", 3, &[("VirtualQuantity", "8")]);
    let descriptor = envelope(&(OPTIONS.to_owned() + &machine(&items)));
    for (option, cpu) in [(None, 1), (Some("small"), 1), (Some("big"), 8)] {
        let template = import_option(&descriptor, option).unwrap().template;
        assert_eq!(cpu_and_memory(machines(&template)[0]).0, Some(cpu), "{option:?}");
    }
    let error = import_option(&descriptor, Some("huge")).unwrap_err().to_string();
    assert!(error.contains("'huge'") && error.contains("'small', 'big'"), "{error}");
    let error = import_option(&envelope(&machine("")), Some("huge")).unwrap_err().to_string();
    assert!(error.contains("none"), "{error}");
}

#[test]
fn properties_of_the_wanted_configuration_count() {
    let parts = "<DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='${size}'/></DiskSection>".to_owned()
        + OPTIONS
        + &machine("").replace(
            "</VirtualSystem>",
            "<ProductSection><Info/><Property ovf:key='size' ovf:type='uint32' ovf:value='1000'>\
             <Value ovf:value='5000' ovf:configuration='big'/></Property></ProductSection></VirtualSystem>",
        );
    for (option, capacity) in [("small", 1), ("big", 5)] {
        let template = import_option(&envelope(&parts), Some(option)).unwrap().template;
        assert_eq!(common::capacity(common::volumes(&template)[0].1), Some(capacity));
    }
}

#[test]
fn scaling_out_is_a_quantity() {
    for (option, expected) in [(None, 3), (Some("big"), 6)] {
        let template = import_option(&scaled(), option).unwrap().template;
        assert_eq!(quantity(&template, "web"), Some(expected));
        assert_eq!(quantity(&template, "own"), Some(expected), "each web server has its own");
        assert_eq!((quantity(&template, "data"), quantity(&template, "db")), (None, None));
        assert_eq!(references(machines(&template)[0]), ["#own", "#data"]);
        round_trip(&template);
    }
}

#[test]
fn scaled_collections_have_their_disks_inside() {
    let descriptor = scaled().replace(
        "<VirtualSystemCollection ovf:id='shop'>",
        "<VirtualSystemCollection ovf:id='all'><Info/><ScaleOutSection ovf:id='shop'><Info/>\
         <InstanceCount ovf:default='2'/></ScaleOutSection><VirtualSystemCollection ovf:id='shop'>",
    );
    let descriptor = descriptor.replace("</Envelope>", "</VirtualSystemCollection></Envelope>");
    let template = import_option(&descriptor, None).unwrap().template;
    let [shop] = template.component_descriptors.as_slice() else { panic!("one component") };
    assert_eq!(shop.quantity, Some(2));
    assert_eq!((quantity(&template, "web"), quantity(&template, "own")), (Some(3), Some(3)));
}

#[test]
fn numbers_of_instances_that_cannot_be_meant() {
    for (from, to, reason) in [
        ("ovf:id='web'><Info>Web", "ovf:id='x'><Info>Web", "'x', which is not a member"),
        ("ovf:maximum='9'", "ovf:maximum='2'", "not in order"),
        ("ovf:default='6'", "ovf:default='4294967295'", "instances"),
        ("ovf:default='3'", "ovf:default='many'", "not a number"),
    ] {
        let descriptor = scaled().replace(from, to);
        assert_ne!(descriptor, scaled(), "{from}");
        let error = import_option(&descriptor, None).unwrap_err();
        assert!(error.location().is_some() && error.to_string().contains(reason), "{error}");
    }
    let none = scaled().replace("ovf:minimum='1' ovf:default='3'", "ovf:minimum='0' ovf:default='0'");
    let imported = import_option(&none, None).unwrap();
    assert_eq!(quantity(&imported.template, "web"), None);
    assert!(imported.warnings[0].text.contains("no instance"), "{:?}", imported.warnings);
}

/// The expanded components `web1` to `web3` are not called as another one.
#[test]
fn names_of_instances_are_unique() {
    let descriptor = scaled().replace("ovf:id='db'", "ovf:id='web2'");
    let template = import_option(&descriptor, None).unwrap().template;
    let names: Vec<_> = template.component_descriptors.iter().filter_map(|one| one.name.as_deref()).collect();
    assert_eq!(names, ["web", "web2-2", "own", "data"]);
}

/// Items of the classes that only OVF 2.x has are items as all others.
#[test]
fn items_of_2_x() {
    let epasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_EthernetPortAllocationSettingData";
    let sasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_StorageAllocationSettingData";
    let items = format!(
        "<EthernetPortItem xmlns:e='{epasd}'><e:Connection>lan</e:Connection><e:ElementName>eth0</e:ElementName>\
         <e:InstanceID>1</e:InstanceID><e:ResourceType>10</e:ResourceType></EthernetPortItem>\
         <StorageItem xmlns:s='{sasd}'><s:ElementName>disk</s:ElementName><s:HostResource>ovf:/disk/d</s:HostResource>\
         <s:InstanceID>2</s:InstanceID><s:ResourceType>31</s:ResourceType></StorageItem>"
    );
    let parts = "<SharedDiskSection><Info/><SharedDisk ovf:diskId='d' ovf:capacity='1000'/></SharedDiskSection>\
         <NetworkSection><Info/><Network ovf:name='lan'/></NetworkSection>";
    let template = import_option(&envelope_2(&(parts.to_owned() + &machine(&items))), None).unwrap().template;
    assert_eq!(references(machines(&template)[0]), ["#d", "#lan"]);
}

/// The order of the start stays in the extension, for CIMI has none.
#[test]
fn startup_is_the_initial_state() {
    let section = "<StartupSection><Info/><Item ovf:id='b' ovf:order='1' ovf:startAction='none'/>\
        <Item ovf:id='a' ovf:order='2'/></StartupSection>";
    let members = ["a", "b", "c"].map(|id| system(id, "")).concat();
    let parts = format!("<VirtualSystemCollection ovf:id='x'><Info/>{section}{members}</VirtualSystemCollection>");
    let template = import_option(&envelope(&parts), None).unwrap().template;
    let states: Vec<_> = machines(&template).iter().map(|machine| machine.initial_state.clone()).collect();
    assert_eq!(states, [Some(MachineState::Started), Some(MachineState::Stopped), None]);
    round_trip(&template);
}
