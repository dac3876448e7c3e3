//! Typed descriptors: what is read, what changes, what is written from nothing.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps
)]

use std::path::Path;
use std::process::Command;

use cimi_ovf::model::{
    AnnotationSection, BootConfig, BootDeviceSection, BootSource, Category, Configuration, Content,
    DeploymentOptionSection, Disk, DiskSection, EnvironmentFile, EnvironmentFilesSection, EulaSection, File, Icon,
    InstallSection, InstanceCount, Item, Message, Network, NetworkPortProfile, NetworkSection, OperatingSystemSection,
    PlacementGroupSection, PlacementSection, ProductEntry, ProductSection, Property, PropertyValue,
    ResourceAllocationSection, ScaleOutSection, SharedDisk, SharedDiskSection, StartupItem, StartupSection, Strings,
    System, VirtualHardwareSection, VirtualSystem, VirtualSystemCollection,
};
use cimi_ovf::tree::{NewElement, Place};
use cimi_ovf::{Descriptor, ErrorKind, ReadOptions, Version};

/// A descriptor as a product might write it.
const SAMPLE: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<!-- made by hand -->
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
    xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
    xmlns:vmw="http://www.vmware.com/schema/ovf">
  <References>
    <File ovf:id="file1" ovf:href="one.vmdk"/>
    <File ovf:id="file2" ovf:href="two.vmdk" vmw:note='kept'/>
  </References>
  <VirtualSystem ovf:id="vm">
    <Info>A machine</Info>
    <ProductSection>
      <Info>Settings</Info>
      <Category>Network</Category>
      <Property ovf:key="ip" ovf:type="string" ovf:value="10.0.0.1"/>
      <Property ovf:key="pw" ovf:type="string" ovf:password="true" ovf:value="s3cret"/>
      <Category>Other</Category>
    </ProductSection>
    <VirtualHardwareSection>
      <Info>Hardware</Info>
      <Item>
        <rasd:Connection>front</rasd:Connection>
        <rasd:Connection>back</rasd:Connection>
        <rasd:ElementName>nic</rasd:ElementName>
        <rasd:InstanceID>1</rasd:InstanceID>
        <rasd:ResourceType>10</rasd:ResourceType>
        <vmw:Config ovf:required="false" vmw:key="wakeOnLan" vmw:value="true"/>
      </Item>
      <Item>
        <rasd:ElementName>cpu</rasd:ElementName>
        <rasd:InstanceID>2</rasd:InstanceID>
        <rasd:ResourceType>3</rasd:ResourceType>
        <rasd:VirtualQuantity>two</rasd:VirtualQuantity>
      </Item>
    </VirtualHardwareSection>
    <vmw:BootOrderSection><Info>Order</Info></vmw:BootOrderSection>
  </VirtualSystem>
</Envelope>
"#;

fn sample() -> Descriptor {
    Descriptor::read(SAMPLE.as_bytes(), &ReadOptions::default()).unwrap().value
}

fn system(descriptor: &mut Descriptor) -> &mut VirtualSystem {
    match descriptor.envelope.content.as_mut() {
        Some(Content::System(system)) => system,
        _ => panic!("a system"),
    }
}

fn items(descriptor: &mut Descriptor) -> &mut Vec<Item> {
    &mut system(descriptor).virtual_hardware_sections[0].items
}

/// The text after a change.
fn changed(change: impl FnOnce(&mut Descriptor)) -> String {
    let mut descriptor = sample();
    change(&mut descriptor);
    let text = descriptor.to_text().unwrap();
    let read = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!(read.value.envelope, descriptor.envelope, "{text}");
    text
}

#[test]
fn structures_are_read() {
    let mut descriptor = sample();
    assert_eq!(descriptor.version(), Version::V1);
    let files = &descriptor.envelope.references.as_ref().unwrap().files;
    assert_eq!(files[1].href.as_deref(), Some("two.vmdk"));
    let [nic, cpu] = items(&mut descriptor).as_slice() else { panic!("two items") };
    assert_eq!(nic.connections, ["front", "back"]);
    assert_eq!((nic.resource_type, cpu.virtual_quantity), (Some(10), None));
    let node = nic.node;
    let foreign: Vec<_> = descriptor.foreign_children(node).iter().map(|child| child.name()).collect();
    assert_eq!(foreign, ["Config"]);
    let node = system(&mut descriptor).node;
    assert_eq!(descriptor.foreign_children(node)[0].path(), "/Envelope/VirtualSystem['vm']/BootOrderSection");
}

#[test]
fn deviations_are_listed_or_refused() {
    let read = Descriptor::read(SAMPLE.as_bytes(), &ReadOptions::default()).unwrap();
    let found: Vec<String> = read.deviations.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "/Envelope/VirtualSystem['vm']/VirtualHardwareSection/Item['2']/VirtualQuantity: 'two' is not an integer from \
          0 to 9223372036854775807"
        ]
    );
    let error = Descriptor::read(SAMPLE.as_bytes(), &ReadOptions::strict()).unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Value, format!("{} (line 33, column 9)", found[0])));
    assert_eq!(error.location(), read.deviations[0].location);
}

/// Each of these is tolerated with one deviation of this text.
#[test]
fn what_products_write() {
    let envelope = |body: &str| {
        format!(
            "<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1' \
             xmlns:rasd='http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData' \
             xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{body}</Envelope>"
        )
    };
    let vm = "<VirtualSystem ovf:id='a'><Info/></VirtualSystem>";
    let item = |settings: &str| {
        let item = format!("<Item>{settings}</Item>");
        format!(
            "<References/><VirtualSystem ovf:id='a'><Info/><VirtualHardwareSection><Info/>{item}</VirtualHardwareSection>\
             </VirtualSystem>"
        )
    };
    for (text, expected) in [
        (
            envelope(&format!("<References><File id='f' ovf:href='h'/></References>{vm}")),
            "the attribute 'id' has no prefix",
        ),
        (envelope(&format!("<References><File ovf:id='f'/></References>{vm}")), "ovf:href is missing"),
        (envelope(vm), "References is missing"),
        (envelope("<References/>"), "VirtualSystem is missing"),
        (envelope(&format!("{vm}<References/>")), "the element comes later than the schema has it"),
        (envelope(&format!("<References/>{vm}{vm}")), "the element occurs again; the first one counts"),
        (
            envelope(&format!("<References/><Section xsi:type='ovf:DiskSection_Type'><Info/></Section>{vm}")),
            "DiskSection is written in the form of OVF 0.9",
        ),
        (envelope(&format!("<References xmlns=''/>{vm}")), "the element is in no namespace"),
        (envelope(&format!("<References/><Odd/>{vm}")), "the element is not known here; it is kept as it is"),
        (
            envelope(&format!("<References/>{vm}")).replace("envelope/1' xmlns:ovf", "envelope/1/' xmlns:ovf"),
            "the namespace 'http://schemas.dmtf.org/ovf/envelope/1/' was read as 'http://schemas.dmtf.org/ovf/envelope/1'",
        ),
        (
            envelope(&item("<rasd:ElementName/><rasd:InstanceId>1</rasd:InstanceId>")),
            "InstanceId was read as InstanceID",
        ),
        (
            envelope(&item(
                "<rasd:ElementName/><rasd:InstanceID>1</rasd:InstanceID><rasd:VirtualQuantity>-2</rasd:VirtualQuantity>",
            )),
            "'-2' is not an integer from 0 to 9223372036854775807",
        ),
        (
            envelope(&item(
                "<rasd:AutomaticAllocation>TRUE</rasd:AutomaticAllocation><rasd:ElementName/><rasd:InstanceID/>",
            )),
            "'TRUE' was read as true or false",
        ),
    ] {
        let read = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap();
        let found: Vec<_> = read.deviations.iter().map(|deviation| deviation.text.as_str()).collect();
        assert_eq!(found, [expected], "{text}");
        assert_eq!(read.value.to_text().unwrap(), text);
        assert!(Descriptor::read(text.as_bytes(), &ReadOptions::strict()).is_err());
    }
}

#[test]
fn other_documents_are_refused() {
    for text in
        ["<Envelope xmlns='urn:x'/>", "<html/>", "<VirtualSystem xmlns='http://schemas.dmtf.org/ovf/envelope/1'/>"]
    {
        let error = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type, "{error}");
    }
    // Many empty structures are short, and take much memory.
    let many = "<Item/>".repeat(200_000);
    let text = format!(
        "<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1'><VirtualSystem><VirtualHardwareSection>{many}\
         </VirtualHardwareSection></VirtualSystem></Envelope>"
    );
    let error = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn values_change_alone() {
    let text = changed(|d| items(d)[1].virtual_quantity = Some(4));
    assert_eq!(text, SAMPLE.replace(">two<", ">4<"));
    let text = changed(|d| items(d)[0].element_name = Some("a<b".into()));
    assert_eq!(text, SAMPLE.replace(">nic<", ">a&lt;b<"));
    let text = changed(|d| items(d)[0].address = Some("00:50".into()));
    assert_eq!(
        text,
        SAMPLE.replacen("<rasd:Connection>", "<rasd:Address>00:50</rasd:Address>\n        <rasd:Connection>", 1)
    );
    let text = changed(|d| items(d)[0].required = Some(false));
    assert_eq!(text, SAMPLE.replacen("<Item>", "<Item ovf:required=\"false\">", 1));
    let text = changed(|d| system(d).name = Some("Web".into()));
    assert_eq!(text, SAMPLE.replace("<Info>A machine</Info>", "<Info>A machine</Info>\n    <Name>Web</Name>"));
    let text = changed(|d| d.envelope.references.as_mut().unwrap().files[0].href = None);
    assert_eq!(text, SAMPLE.replace(" ovf:href=\"one.vmdk\"", ""));
    let text = changed(|d| system(d).info = None);
    assert_eq!(text, SAMPLE.replace("\n    <Info>A machine</Info>", ""));
}

#[test]
fn lists_of_values() {
    let connection = |name: &str| format!("\n        <rasd:Connection>{name}</rasd:Connection>");
    let both = connection("front") + &connection("back");
    let with = |names: &[&str]| {
        let text = changed(|d| items(d)[0].connections = names.iter().map(|name| (*name).to_owned()).collect());
        let expected: String = names.iter().map(|name| connection(name)).collect();
        assert_eq!(text, SAMPLE.replace(&both, &expected), "{names:?}");
    };
    for names in
        [&["front"][..], &["back"], &[], &["front", "middle", "back"], &["x", "front", "back"], &["a", "b", "c"]]
    {
        with(names);
    }
}

#[test]
fn structures_come_go_and_move() {
    let file = "    <File ovf:id=\"file1\" ovf:href=\"one.vmdk\"/>\n";
    let second = "    <File ovf:id=\"file2\" ovf:href=\"two.vmdk\" vmw:note='kept'/>\n";
    let files =
        |change: &dyn Fn(&mut Vec<File>)| changed(|d| change(&mut d.envelope.references.as_mut().unwrap().files));
    assert_eq!(files(&|files| drop(files.remove(0))), SAMPLE.replace(file, ""));
    assert_eq!(
        files(&|files| files.swap(0, 1)),
        SAMPLE.replace(&(file.to_owned() + second), &(second.to_owned() + file))
    );
    // A copy has what no structure knows.
    let copied = files(&|files| {
        let mut copy = files[1].clone();
        copy.id = Some("file3".into());
        files.push(copy);
    });
    assert_eq!(copied, SAMPLE.replace(second, &(second.to_owned() + &second.replace("file2", "file3"))));
    let new = File { id: Some("n".into()), size: Some(3), ..Default::default() };
    let added = files(&|files| files.insert(1, new.clone()));
    assert_eq!(added, SAMPLE.replace(second, &("    <File ovf:id=\"n\" ovf:size=\"3\"/>\n".to_owned() + second)));
    assert!(!files(&|files| files.clear()).contains("<File"));
    let text = changed(|d| d.envelope.references = None);
    assert!(!text.contains("References"));
}

#[test]
fn the_order_of_properties_and_categories_is_kept() {
    let text = changed(|d| {
        let entries = &mut system(d).product_sections[0].entries;
        let last = entries.pop().unwrap();
        entries.insert(2, last);
        entries.push(ProductEntry::Property(Property { key: Some("new".into()), ..Default::default() }));
    });
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
    assert!(at("Network<") < at("\"ip\"") && at("\"ip\"") < at("Other<") && at("Other<") < at("\"pw\""));
    assert!(at("\"pw\"") < at("\"new\""));
}

#[test]
fn sections_are_inserted_where_the_schema_has_them() {
    let text = changed(|d| {
        let disk = Disk { disk_id: Some("d".into()), capacity: Some("1".into()), ..Default::default() };
        let section = DiskSection { info: Some("Disks".into()), disks: vec![disk], ..Default::default() };
        d.envelope.disk_sections.push(section);
    });
    let disks =
        "\n  <DiskSection>\n    <Info>Disks</Info>\n    <Disk ovf:diskId=\"d\" ovf:capacity=\"1\"/>\n  </DiskSection>";
    assert_eq!(text, SAMPLE.replace("</References>", &format!("</References>{disks}")));
    // A section of 2.x in a descriptor of 1.x has the namespace of 2.x.
    let text = changed(|d| {
        let section = PlacementSection { group: Some("g".into()), ..Default::default() };
        system(d).placement_sections.push(section);
    });
    assert!(text.contains("xmlns:ovf1=\"http://schemas.dmtf.org/ovf/envelope/2\" ovf1:group=\"g\""), "{text}");
}

#[test]
fn a_system_becomes_a_member() {
    let text = changed(|d| {
        let content = d.envelope.content.take().unwrap();
        let collection =
            VirtualSystemCollection { id: Some("all".into()), content: vec![content], ..Default::default() };
        d.envelope.content = Some(Content::Collection(collection));
    });
    let start = SAMPLE.find("<VirtualSystem ").unwrap();
    let end = SAMPLE.find("</Envelope>").unwrap();
    assert!(text.contains("<VirtualSystemCollection ovf:id=\"all\">"), "{text}");
    assert!(text.contains(SAMPLE[start..end].trim_end()), "{text}");
}

#[test]
fn messages_in_other_languages() {
    let mut descriptor = sample();
    let bundle = |lang: &str, text: &str| Strings {
        lang: Some(lang.into()),
        messages: vec![cimi_ovf::model::BundleMessage {
            msgid: Some("m".into()),
            text: Some(text.into()),
            ..Default::default()
        }],
        ..Default::default()
    };
    descriptor.envelope.strings = vec![bundle("de-DE", "Netz"), bundle("fr", "réseau")];
    let message = Message { msgid: Some("m".into()), text: Some("network".into()), ..Default::default() };
    let in_language = |language| descriptor.message(&message, language);
    assert_eq!(in_language("de-DE"), Some("Netz"));
    assert_eq!(in_language("de-AT"), Some("Netz"));
    assert_eq!(in_language("FR"), Some("réseau"));
    assert_eq!(in_language("en"), Some("network"));
    assert_eq!(descriptor.message(&"plain".into(), "de-DE"), None.or(Some("plain")));
}

#[test]
fn passwords_stay_out_of_debug_output() {
    let mut descriptor = sample();
    assert!(!format!("{descriptor:?}").contains("s3cret"));
    let error = {
        let ProductEntry::Property(property) = &mut system(&mut descriptor).product_sections[0].entries[2] else {
            panic!()
        };
        property.value = Some("s3cret\0".into());
        descriptor.to_vec().unwrap_err()
    };
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    assert_eq!(error.path(), "/Envelope/VirtualSystem['vm']/ProductSection/Property['pw']");
}

#[test]
fn extensions_are_not_lost_silently() {
    let mut descriptor = sample();
    system(&mut descriptor).extensions.insert("{urn:x}y", true);
    let error = descriptor.to_vec().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Write, "/Envelope/VirtualSystem['vm']"));
}

#[test]
fn vendor_sections_are_edited_in_the_tree() {
    let mut descriptor = sample();
    system(&mut descriptor).name = Some("Web".into());
    let node = system(&mut descriptor).node;
    descriptor
        .edit(|editor| {
            let system = node.id().unwrap();
            editor.insert(system, Place::Last, NewElement::new("urn:x", "RackSection").attribute("urn:x", "row", "7"));
        })
        .unwrap();
    let text = descriptor.to_text().unwrap();
    assert!(text.contains("<ns:RackSection xmlns:ns=\"urn:x\" ns:row=\"7\"/>\n  </VirtualSystem>"), "{text}");
    assert_eq!(system(&mut descriptor).name.as_ref().unwrap().text.as_deref(), Some("Web"));
    let node = system(&mut descriptor).node;
    assert_eq!(descriptor.foreign_children(node).len(), 2);
}

#[test]
fn ovf_0_9_stays_what_it_is() {
    let text = r#"<?xml version="1.0"?>
<ovf:Envelope xmlns:ovf="http://www.vmware.com/schema/ovf/1/envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" ovf:version="0.9">
  <References><File ovf:id="f" ovf:href="a"/></References>
  <Section xsi:type="ovf:DiskSection_Type">
    <Info>Disks</Info>
    <Disk ovf:diskId="d" ovf:capacity="1"/>
  </Section>
  <Content ovf:id="vm" xsi:type="ovf:VirtualSystem_Type">
    <Info>A machine</Info>
    <Section xsi:type="ovf:VirtualHardwareSection_Type">
      <Info>Hardware</Info>
      <Item>
        <rasd:InstanceId>1</rasd:InstanceId>
        <rasd:ResourceType>4</rasd:ResourceType>
      </Item>
    </Section>
  </Content>
</ovf:Envelope>
"#;
    let mut descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(descriptor.version(), Version::V0_9);
    assert_eq!(descriptor.envelope.disk_sections[0].disks[0].capacity.as_deref(), Some("1"));
    let item = &mut items(&mut descriptor)[0];
    assert_eq!(item.instance_id.as_deref(), Some("1"));
    item.instance_id = Some("2".into());
    items(&mut descriptor).push(Item { instance_id: Some("3".into()), ..Default::default() });
    let annotation = AnnotationSection { annotation: Some("New".into()), ..Default::default() };
    system(&mut descriptor).annotation_sections.push(annotation);
    let expected = text
        .replace(">1</rasd:InstanceId>", ">2</rasd:InstanceId>")
        .replace(
            "      </Item>\n",
            "      </Item>\n      <Item>\n        <rasd:InstanceId>3</rasd:InstanceId>\n      </Item>\n",
        )
        .replace(
            "    <Section xsi:type=\"ovf:Virt",
            "    <Section xsi:type=\"ovf:AnnotationSection_Type\">\n      <Annotation>New</Annotation>\n    </Section>\n    \
             <Section xsi:type=\"ovf:Virt",
        );
    assert_eq!(descriptor.to_text().unwrap(), expected);
}

fn info() -> Option<Message> {
    Some("About".into())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn item(id: &str, resource_type: i64) -> Item {
    Item { element_name: some(id), instance_id: some(id), resource_type: Some(resource_type), ..Default::default() }
}

fn hardware() -> VirtualHardwareSection {
    let system = System {
        element_name: some("s"),
        instance_id: some("0"),
        virtual_system_type: some("vmx-10"),
        ..Default::default()
    };
    let nic = Item { connections: vec!["net".into()], automatic_allocation: Some(true), ..item("3", 10) };
    let cpu = Item { virtual_quantity: Some(2), reservation: Some(1), limit: Some(3), weight: Some(4), ..item("1", 3) };
    VirtualHardwareSection {
        info: info(),
        transport: some("iso"),
        system: Some(system),
        items: vec![cpu, nic],
        ..Default::default()
    }
}

fn product() -> ProductSection {
    let value = PropertyValue { value: some("2"), configuration: some("big"), ..Default::default() };
    let property = Property {
        key: some("ip"),
        property_type: some("string"),
        value: some("a\n\"b\""),
        user_configurable: Some(true),
        label: Some("Address".into()),
        values: vec![value],
        ..Default::default()
    };
    ProductSection {
        info: info(),
        class: some("com.example"),
        product: Some(Message { msgid: some("p"), text: some("Shop"), ..Default::default() }),
        version: some("1"),
        full_version: some("1.0"),
        icons: vec![Icon { file_ref: some("f"), height: Some(16), ..Default::default() }],
        entries: vec![
            ProductEntry::Category(Category { text: some("Network"), ..Default::default() }),
            ProductEntry::Property(property),
        ],
        ..Default::default()
    }
}

/// Everything that OVF 1.x has.
fn everything(version: Version) -> Descriptor {
    let mut descriptor = Descriptor::new(version);
    let envelope = &mut descriptor.envelope;
    envelope.lang = some("en-US");
    let file = File { id: some("f"), href: some("a.vmdk"), size: Some(3), chunk_size: Some(2), ..Default::default() };
    envelope.references.get_or_insert_default().files.push(file);
    let disk = Disk { disk_id: some("d"), capacity: some("1"), file_ref: some("f"), ..Default::default() };
    envelope.disk_sections = vec![DiskSection { info: info(), disks: vec![disk], ..Default::default() }];
    let network = Network { name: some("net"), description: info(), ..Default::default() };
    envelope.network_sections = vec![NetworkSection { info: info(), networks: vec![network], ..Default::default() }];
    let option = Configuration {
        id: some("big"),
        default: Some(true),
        label: info(),
        description: info(),
        ..Default::default()
    };
    envelope.deployment_option_sections =
        vec![DeploymentOptionSection { info: info(), configurations: vec![option], ..Default::default() }];
    let system = VirtualSystem {
        id: some("web"),
        info: info(),
        name: info(),
        annotation_sections: vec![AnnotationSection { info: info(), annotation: info(), ..Default::default() }],
        product_sections: vec![product()],
        eula_sections: vec![EulaSection { info: info(), license: info(), ..Default::default() }],
        operating_system_sections: vec![OperatingSystemSection {
            info: info(),
            id: Some(80),
            version: some("8"),
            description: info(),
            ..Default::default()
        }],
        install_sections: vec![InstallSection { info: info(), initial_boot_stop_delay: Some(0), ..Default::default() }],
        virtual_hardware_sections: vec![hardware()],
        ..Default::default()
    };
    let start = StartupItem {
        id: some("web"),
        order: Some(1),
        start_delay: Some(2),
        waiting_for_guest: Some(true),
        ..Default::default()
    };
    let allocation = ResourceAllocationSection { info: info(), items: vec![item("1", 3)], ..Default::default() };
    envelope.content = Some(Content::Collection(VirtualSystemCollection {
        id: some("all"),
        info: info(),
        resource_allocation_sections: vec![allocation],
        startup_sections: vec![StartupSection { info: info(), items: vec![start], ..Default::default() }],
        content: vec![Content::System(system)],
        ..Default::default()
    }));
    envelope.strings = vec![Strings { lang: some("de-DE"), ..Default::default() }];
    envelope.strings[0].messages.push(cimi_ovf::model::BundleMessage {
        msgid: some("p"),
        text: some("Laden"),
        ..Default::default()
    });
    descriptor
}

/// Everything that only OVF 2.x has.
fn everything_later() -> Descriptor {
    let mut descriptor = everything(Version::V2);
    let envelope = &mut descriptor.envelope;
    let shared = SharedDisk { disk_id: some("s"), capacity: some("1"), read_only: Some(true), ..Default::default() };
    envelope.shared_disk_sections = vec![SharedDiskSection { info: info(), disks: vec![shared], ..Default::default() }];
    let profile =
        NetworkPortProfile { items: vec![Item { promiscuous: Some(true), ..item("1", 10) }], ..Default::default() };
    envelope.network_sections[0].networks[0].network_port_profiles = vec![profile];
    envelope.placement_group_sections = vec![PlacementGroupSection {
        info: info(),
        id: some("g"),
        policy: some("affinity"),
        description: info(),
        ..Default::default()
    }];
    let Some(Content::Collection(collection)) = &mut envelope.content else { panic!("a collection") };
    let count = InstanceCount { default: Some(2), maximum: Some(3), ..Default::default() };
    collection.scale_out_sections = vec![ScaleOutSection {
        info: info(),
        id: some("web"),
        description: info(),
        instance_counts: vec![count],
        ..Default::default()
    }];
    let Content::System(system) = &mut collection.content[0] else { panic!("a system") };
    system.placement_sections = vec![PlacementSection { info: info(), group: some("g"), ..Default::default() }];
    let file = EnvironmentFile { file_ref: some("f"), path: some("etc/a"), ..Default::default() };
    system.environment_files_sections =
        vec![EnvironmentFilesSection { info: info(), transport: some("iso"), files: vec![file], ..Default::default() }];
    let source =
        BootSource { boot_string: some("disk"), element_name: some("d"), instance_id: some("2"), ..Default::default() };
    let boot =
        BootConfig { element_name: some("b"), instance_id: some("1"), sources: vec![source], ..Default::default() };
    system.boot_device_sections =
        vec![BootDeviceSection { info: info(), configurations: vec![boot], ..Default::default() }];
    let hardware = &mut system.virtual_hardware_sections[0];
    hardware.ethernet_port_items = vec![Item {
        default_port_vid: Some(7),
        allowed_to_receive_vlans: vec!["1".into(), "2".into()],
        ..item("4", 10)
    }];
    hardware.storage_items =
        vec![Item { host_resources: vec!["ovf:/disk/d".into()], access: Some(2), ..item("5", 31) }];
    descriptor
}

#[test]
fn written_from_nothing() {
    for descriptor in [everything(Version::V1), everything_later(), everything(Version::V0_9)] {
        let text = descriptor.to_text().unwrap();
        let read =
            Descriptor::read(text.as_bytes(), &ReadOptions::strict()).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(read.value.envelope, descriptor.envelope);
        assert_eq!(read.value.version(), descriptor.version());
        assert_eq!(read.value.to_text().unwrap(), text);
    }
}

/// What is written is valid under the official schemas.
#[test]
fn written_descriptors_are_valid() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not installed");
        return;
    }
    let schemas = Path::new(&root).join("spec/ovf-xsd");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, schema, descriptor) in [
        ("written-1.ovf", "ovf1.1.1/dsp8023_1.1.1.xsd", everything(Version::V1)),
        ("written-2.ovf", "ovf2.0.1/dsp8023_2.0.1.xsd", everything_later()),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, descriptor.to_vec().unwrap()).unwrap();
        let mut command = Command::new("xmllint");
        command.args(["--nonet", "--noout", "--schema"]).arg(schemas.join(schema)).arg(&file);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Rows are counted in 128 bits while a structure is read.
#[test]
fn tables_are_small_enough() {
    use cimi_model::reflect::Described;
    assert!(Item::described().attributes.len() < 128);
}
