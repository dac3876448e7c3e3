//! What descriptors become.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::format_collect)]

mod common;

use cimi_model::{Any, SystemTemplate, WriteOptions};
use cimi_ovf::{ImportOptions, NAMESPACE};
use common::{
    capacity, component, components, cpu_and_memory, envelope, import, item, item_with, machine, machines, references,
    round_trip, volumes,
};

fn webshop() -> SystemTemplate {
    let mut options = ImportOptions::default();
    options.source = Some("http://example.com/webshop.ovf".to_owned());
    let imported = cimi_ovf::import(include_bytes!("../examples/webshop.ovf"), &options).unwrap();
    assert_eq!(imported.warnings, []);
    imported.template
}

fn extension<'t>(extensions: &'t cimi_model::Extensions, name: &str) -> &'t Any {
    extensions.get(&format!("{{{NAMESPACE}}}{name}")).unwrap_or_else(|| panic!("no {name}: {extensions:?}"))
}

fn warnings(parts: &str) -> Vec<String> {
    import(&envelope(parts)).unwrap().warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn webshop_has_its_machines() {
    let template = webshop();
    assert_eq!(template.name.as_deref(), Some("Web shop"));
    assert!(template.description.as_deref().unwrap().starts_with("Load balancer, two web servers"));
    assert_eq!(template.import_image.as_ref().unwrap().as_str(), "http://example.com/webshop.ovf");
    let found: Vec<_> = machines(&template).into_iter().map(cpu_and_memory).collect();
    let expected = [(1, 524_288), (2, 2_097_152), (2, 2_097_152), (4, 8_388_608)];
    assert_eq!(found, expected.map(|(cpu, memory)| (Some(cpu), Some(memory))));
    let image = machines(&template)[3].machine_image.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(image.image_location.as_ref().unwrap().as_str(), "images/shop-tools.iso");
}

#[test]
fn webshop_has_its_volumes() {
    let template = webshop();
    let found: Vec<_> =
        volumes(&template).into_iter().map(|(name, volume)| (name, capacity(volume).unwrap())).collect();
    let expected = [
        ("balancer-system", 8_589_935),
        ("web-system-1", 8_589_935),
        ("web-system-2", 8_589_935),
        ("pictures", 42_949_673),
        ("database-system", 10_737_419),
        ("database-data", 50_000_000),
    ];
    assert_eq!(found, expected);
    let volume = volumes(&template)[0].1;
    let image = volume.volume_image.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(image.image_location.as_ref().unwrap().as_str(), "images/linux.vmdk");
    assert!(volumes(&template)[3].1.volume_image.is_none());
}

#[test]
fn webshop_links_its_parts_by_name() {
    let template = webshop();
    let found: Vec<_> = machines(&template).into_iter().map(references).collect();
    let expected = [
        vec!["#balancer-system", "#Public", "#Shop-internal"],
        vec!["#web-system-1", "#pictures", "#Shop-internal"],
        vec!["#web-system-2", "#pictures", "#Shop-internal"],
        vec!["#database-system", "#database-data", "#Shop-internal"],
    ];
    assert_eq!(found, expected);
    for name in found.iter().flatten().filter_map(|reference| reference.strip_prefix('#')) {
        component(&template, name);
    }
}

#[test]
fn components_have_the_type_of_the_component() {
    let template = webshop();
    let type_of = |name| component(&template, name).type_uri.as_ref().unwrap().as_str().to_owned();
    assert_eq!(type_of("Database"), "http://schemas.dmtf.org/cimi/2/Machine");
    assert_eq!(type_of("pictures"), "http://schemas.dmtf.org/cimi/2/Volume");
    assert_eq!(type_of("Public"), "http://schemas.dmtf.org/cimi/2/Network");
}

#[test]
fn what_cimi_lacks_is_an_extension_of_templates_only() {
    let template = webshop();
    let collection = extension(&template.extensions, "VirtualSystemCollection");
    let licence = collection.get("EulaSection").and_then(|section| section.get("License")).unwrap();
    assert_eq!(licence.get("#text").and_then(Any::as_str), Some("You may use this example in any way you like."));
    let telephone = collection.get("EulaSection").unwrap().get("{http://shop.example.com/ovf}Telephone").unwrap();
    assert_eq!(telephone.get("#text").and_then(Any::as_str), Some("+49 30 555 0100"));
    assert!(collection.get("StartupSection").is_some() && collection.get("AnnotationSection").is_none());
    let root = extension(&template.extensions, "Envelope");
    assert!(root.get("DeploymentOptionSection").is_some());
    assert_eq!(root.get("File").unwrap().get("id").and_then(Any::as_str), Some("logo"));
    let system = extension(&machines(&template)[0].extensions, "VirtualSystem");
    assert_eq!(system.get("id").and_then(Any::as_str), Some("balancer"));
    assert!(system.get("OperatingSystemSection").is_some() && system.get("VirtualHardwareSection").is_some());
    let disk = extension(&volumes(&template)[5].1.extensions, "Disk");
    assert_eq!(disk.get("capacity").and_then(Any::as_str), Some("${data_size}"));
    for component in components(&template) {
        assert!(component.extensions.is_empty() && component.properties.is_empty());
    }
    assert!(template.properties.is_empty());
}

#[test]
fn passwords_are_not_exported() {
    let parts = machine("").replace(
        "</VirtualSystem>",
        "<ProductSection><Info/><Property ovf:key='p' ovf:type='string' ovf:password='true' ovf:value='hush1'>\
         <Value ovf:value='hush2' ovf:configuration='c'/></Property></ProductSection>\
         <vnd:LoginSection vnd:rootPassword='hush3'><Info/><vnd:AdminPassword>hush4</vnd:AdminPassword></vnd:LoginSection>\
         </VirtualSystem>",
    );
    let descriptor = envelope(&parts);
    assert_eq!(descriptor.matches("hush").count(), 4);
    let imported = import(&descriptor).unwrap();
    let json = cimi_model::json::to_string(&imported.template, WriteOptions::default()).unwrap();
    assert!(json.contains("AdminPassword") && !json.contains("hush"), "{json}");
    let read = cimi_ovf::Descriptor::read(descriptor.as_bytes(), &cimi_ovf::ReadOptions::default()).unwrap();
    assert!(!format!("{read:?}").contains("hush"));
}

#[test]
fn a_single_system_is_a_template_with_one_machine() {
    let imported = import(&envelope(&machine(&item("1", 3, &[("VirtualQuantity", "2")])))).unwrap();
    assert_eq!(imported.template.name.as_deref(), Some("vm"));
    let [only] = imported.template.component_descriptors.as_slice() else { panic!("one component") };
    assert_eq!((only.name.as_deref(), only.description.as_deref()), (Some("vm"), Some("A machine")));
    assert_eq!(cpu_and_memory(machines(&imported.template)[0]), (Some(2), None));
}

#[test]
fn any_prefix_and_unqualified_attributes() {
    let descriptor = "<o:Envelope xmlns:o='http://schemas.dmtf.org/ovf/envelope/1' \
        xmlns:r='http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData'>\
        <o:References/><o:DiskSection><o:Info/><o:Disk diskId='d' o:capacity='1000' capacity='7'/></o:DiskSection>\
        <o:VirtualSystem id='v'><o:Info/><o:VirtualHardwareSection><o:Info/><o:Item><r:InstanceId>1</r:InstanceId>\
        <r:ResourceType> 17 </r:ResourceType><r:HostResource>/disk/d</r:HostResource></o:Item>\
        </o:VirtualHardwareSection></o:VirtualSystem></o:Envelope>";
    let template = import(descriptor).unwrap().template;
    assert_eq!(capacity(volumes(&template)[0].1), Some(1));
    assert_eq!(references(machines(&template)[0]), ["#d"]);
}

/// OVF 0.9 has other forms for the same.
#[test]
fn ovf_0_9() {
    let descriptor = "<ovf:Envelope xmlns:ovf='http://www.vmware.com/schema/ovf/1/envelope' ovf:version='0.9' \
        xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
        xmlns:rasd='http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData'>\
        <References/><Section xsi:type='ovf:DiskSection_Type'><Info/><Disk ovf:diskId='d' ovf:capacity='1000'/></Section>\
        <Content ovf:id='v' xsi:type='ovf:VirtualSystem_Type'><Info>A machine</Info>\
        <Section xsi:type='ovf:OperatingSystemSection_Type' ovf:id='1'><Info/></Section>\
        <Section xsi:type='ovf:VirtualHardwareSection_Type'><Info/>\
        <Item><rasd:InstanceId>1</rasd:InstanceId><rasd:ResourceType>3</rasd:ResourceType>\
        <rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>\
        <Item><rasd:InstanceId>2</rasd:InstanceId><rasd:ResourceType>17</rasd:ResourceType>\
        <rasd:HostResource>/disk/d</rasd:HostResource></Item></Section></Content></ovf:Envelope>";
    let template = import(descriptor).unwrap().template;
    let machine = machines(&template)[0];
    assert_eq!((cpu_and_memory(machine), references(machine)), ((Some(2), None), vec!["#d"]));
    let system = extension(&machine.extensions, "VirtualSystem");
    let number = system.get("OperatingSystemSection").and_then(|section| section.get("id"));
    assert_eq!(number.and_then(Any::as_str), Some("1"));
}

#[test]
fn processors_add_up_and_memory_rounds_up() {
    let items = item("1", 3, &[("VirtualQuantity", "2"), ("AllocationUnits", "hertz * 10^6"), ("Reservation", "500")])
        + &item("2", 3, &[("VirtualQuantity", "3")])
        + &item("3", 4, &[("VirtualQuantity", "1025"), ("AllocationUnits", "byte")]);
    let template = import(&envelope(&machine(&items))).unwrap().template;
    assert_eq!(cpu_and_memory(machines(&template)[0]), (Some(5), Some(2)));
    for (unit, memory) in
        [("MegaBytes", 2048), ("byte * 2 ^ 30", 2 << 20), ("byte*1024*1024", 2048), ("byte * 10^6", 1954)]
    {
        let items = item("1", 4, &[("VirtualQuantity", "2"), ("AllocationUnits", unit)]);
        let template = import(&envelope(&machine(&items))).unwrap().template;
        assert_eq!(cpu_and_memory(machines(&template)[0]).1, Some(memory), "{unit}");
    }
}

#[test]
fn memory_without_unit_is_megabytes_with_a_warning() {
    let parts = machine(&item("1", 4, &[("VirtualQuantity", "2")]));
    let template = import(&envelope(&parts)).unwrap().template;
    assert_eq!(cpu_and_memory(machines(&template)[0]).1, Some(2048));
    let expected = "/Envelope/VirtualSystem['vm']/VirtualHardwareSection/Item['1']: memory without AllocationUnits";
    assert!(warnings(&parts)[0].starts_with(expected));
}

#[test]
fn the_default_configuration_counts() {
    let items = item("1", 3, &[("VirtualQuantity", "1")])
        + &item_with("ovf:configuration='small big'", "1", 3, &[("VirtualQuantity", "2")])
        + &item_with("ovf:configuration='big'", "1", 3, &[("VirtualQuantity", "4")])
        + &item_with("ovf:configuration='other'", "2", 3, &[("VirtualQuantity", "16")])
        + &item_with("ovf:bound='max'", "1", 3, &[("VirtualQuantity", "64")]);
    let options = |default: &str| {
        let configuration = |id: &str| {
            let default = if id == default { "ovf:default='true'" } else { "" };
            format!("<Configuration ovf:id='{id}' {default}><Label/><Description/></Configuration>")
        };
        let all: String = ["small", "big", "other"].into_iter().map(configuration).collect();
        format!("<DeploymentOptionSection><Info/>{all}</DeploymentOptionSection>")
    };
    for (section, cpu) in [(options(""), 2), (options("big"), 4), (options("other"), 17)] {
        let template = import(&envelope(&(section + &machine(&items)))).unwrap().template;
        assert_eq!(cpu_and_memory(machines(&template)[0]).0, Some(cpu));
    }
}

#[test]
fn capacity_from_a_property() {
    let parts = |reference: &str| {
        format!(
            "<DeploymentOptionSection><Info/><Configuration ovf:id='c'/></DeploymentOptionSection>\
             <DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='${{{reference}}}' ovf:capacityAllocationUnits='byte * 10^9'/>\
             </DiskSection><VirtualSystemCollection ovf:id='a'><Info/><VirtualSystem ovf:id='v'><Info/>\
             <ProductSection ovf:class='com.example' ovf:instance='1'><Info/>\
             <Property ovf:key='size' ovf:type='uint8' ovf:value='3'><Value ovf:value='5' ovf:configuration='b c'/></Property>\
             <Property ovf:key='same' ovf:type='uint8' ovf:value='${{size}}'/></ProductSection>\
             </VirtualSystem></VirtualSystemCollection>"
        )
    };
    for reference in ["size", "com.example.size.1", "same"] {
        let template = import(&envelope(&parts(reference))).unwrap().template;
        assert_eq!(capacity(volumes(&template)[0].1), Some(5_000_000), "{reference}");
    }
}

#[test]
fn capacity_that_products_leave_out_or_write_with_a_unit() {
    let parts = |disk: &str| {
        format!(
            "<References><File ovf:id='f' ovf:href='f.img'/></References><DiskSection><Info/>{disk}</DiskSection>{}",
            machine("")
        )
    };
    let inside = parts("<Disk ovf:diskId='d' ovf:capacity='1536MB'/>");
    let template = import(&envelope(&inside)).unwrap().template;
    assert_eq!(capacity(volumes(&template)[0].1), Some(1_610_613));
    assert!(warnings(&inside)[0].contains("unit inside"));
    let absent = parts("<Disk ovf:diskId='d' ovf:fileRef='f'/>");
    let template = import(&envelope(&absent)).unwrap().template;
    assert_eq!(capacity(volumes(&template)[0].1), None);
    assert!(warnings(&absent)[0].contains("left to the file"));
}

#[test]
fn disks_of_a_machine_alone_are_in_its_configuration() {
    let items = item("1", 17, &[("VirtualQuantity", "10"), ("AllocationUnits", "byte * 2^30")])
        + &item("2", 17, &[("HostResource", "")]);
    let imported = import(&envelope(&machine(&items))).unwrap();
    let machine = machines(&imported.template)[0];
    let configuration = machine.machine_config.as_ref().unwrap().value.as_ref().unwrap();
    let [disk] = configuration.disks.as_slice() else { panic!("one disk") };
    assert_eq!((disk.capacity, disk.format.as_deref()), (Some(10_737_419), Some("raw")));
    assert!(imported.warnings[0].text.contains("left out"));
}

#[test]
fn nested_collections_are_nested_templates() {
    let system = |id: &str, disks: &[&str]| {
        let item =
            |(i, disk): (usize, &&str)| item(&i.to_string(), 17, &[("HostResource", &format!("ovf:/disk/{disk}"))]);
        let items: String = disks.iter().enumerate().map(item).collect();
        machine(&items).replace("'vm'", "").replace("ovf:id=\"vm\"", &format!("ovf:id='{id}'"))
    };
    let collection = |id: &str, content: String| {
        format!("<VirtualSystemCollection ovf:id='{id}'><Info>{id}</Info>{content}</VirtualSystemCollection>")
    };
    let disks: String = ["own", "shared", "far", "unused"]
        .iter()
        .map(|id| format!("<Disk ovf:diskId='{id}' ovf:capacity='1'/>"))
        .collect();
    let inner = collection("inner", system("vm", &["own", "shared"]) + &system("vm2", &["shared", "far"]));
    let outer = collection("outer", inner + &system("vm", &["far"]));
    let descriptor = envelope(&format!("<DiskSection><Info/>{disks}</DiskSection>{outer}"));
    let template = import(&descriptor).unwrap().template;
    let names = |template: &SystemTemplate| -> Vec<String> {
        template.component_descriptors.iter().filter_map(|component| component.name.clone()).collect()
    };
    assert_eq!(names(&template), ["inner", "vm-2", "far", "unused"]);
    let inner = component(&template, "inner").system_template.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(names(inner), ["vm", "vm2", "own", "shared"]);
    let uri = component(&template, "inner").type_uri.as_ref().unwrap();
    assert_eq!(uri.as_str(), "http://schemas.dmtf.org/cimi/2/System");
    assert_eq!(machines(&template).len(), 3);
}

#[test]
fn names_are_unique_and_safe() {
    let networks = "<NetworkSection><Info/><Network ovf:name='vm'/><Network ovf:name='VM Network #1'/>\
        <Network ovf:name='Réseau'/><Network ovf:name='名前'/></NetworkSection>";
    let items = item("1", 10, &[("Connection", "vm")]) + &item("2", 10, &[("Connection", "VM Network #1")]);
    let template = import(&envelope(&(networks.to_owned() + &machine(&items)))).unwrap().template;
    let names: Vec<_> = components(&template).into_iter().filter_map(|component| component.name.as_deref()).collect();
    assert_eq!(names, ["vm-2", "vm", "VM-Network-1", "R-seau", "network"]);
    assert_eq!(references(machines(&template)[0]), ["#vm", "#VM-Network-1"]);
}

#[test]
fn message_bundles() {
    let parts = "<VirtualSystem ovf:id='v'><Info ovf:msgid='i'/><Name ovf:msgid='n'>Inline</Name></VirtualSystem>\
        <Strings xml:lang='de'><Msg ovf:msgid='i'>Deutsch</Msg></Strings>\
        <Strings xml:lang='en-us'><Msg ovf:msgid='i'>English</Msg><Msg ovf:msgid='n'>Bundle</Msg></Strings>";
    let template = import(&envelope(parts)).unwrap().template;
    assert_eq!(template.name.as_deref(), Some("Inline"));
    assert_eq!(components(&template)[0].description.as_deref(), Some("English"));
}

#[test]
fn external_bundles_and_controllers_may_be_missing() {
    let parts = machine(&item("1", 17, &[("Parent", "9"), ("VirtualQuantity", "1"), ("AllocationUnits", "byte")]))
        + "<Strings ovf:fileRef='bundle'/>";
    assert_eq!(warnings(&parts).len(), 1);
    assert!(warnings(&parts)[0].contains("Parent names the item '9'"));
}

#[test]
fn what_cannot_be_expressed_gives_a_warning() {
    let two = machine("")
        .replace("</VirtualSystem>", "<VirtualHardwareSection><Info/></VirtualHardwareSection></VirtualSystem>");
    assert!(warnings(&two)[0].contains("only the first is used"));
    assert!(warnings("<VirtualSystem ovf:id='v'><Info/></VirtualSystem>")[0].contains("no VirtualHardwareSection"));
    let adapter = machine(&item("1", 10, &[("Connection", ""), ("AutomaticAllocation", "false")]));
    assert!(warnings(&adapter)[0].contains("gets no interface template"));
    let template = import(&envelope(&adapter)).unwrap().template;
    assert!(machines(&template)[0].interface_templates.is_empty());
    let kept = format!("{:?}", extension(&machines(&template)[0].extensions, "VirtualSystem"));
    assert!(kept.contains("AutomaticAllocation"), "{kept}");
    let twice = "<DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='1'/></DiskSection>".to_owned()
        + &machine(
            &(item("1", 17, &[("HostResource", "ovf:/disk/d")]) + &item("2", 17, &[("HostResource", "/disk/d")])),
        );
    assert!(warnings(&twice)[0].contains("attached once"));
    assert!(warnings(&machine(&item("1", 3, &[])))[0].contains("adds no processors"));
}

#[test]
fn templates_are_written_and_read_again() {
    round_trip(&webshop());
}
