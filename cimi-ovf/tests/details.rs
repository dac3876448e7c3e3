//! What machines have beside processors, memory and disks: user data, boot order, sizes, speed, addresses.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::format_collect)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cimi_model::{Any, CpuArch, MachineConfiguration, MachineTemplate, SystemTemplate};
use cimi_ovf::environment::EnvironmentDocument;
use cimi_ovf::{Entry, ExportOptions, Fate, ImportOptions, ReadOptions, Version};
use common::{envelope, import, item, item_with, machine, machines, references, round_trip};

/// A machine with these properties, and the way in which the guest gets them.
fn guest(transport: &str, properties: &str) -> String {
    let product = format!("<ProductSection ovf:class='com.example'><Info/>{properties}</ProductSection>");
    let hardware = format!("<VirtualHardwareSection ovf:transport='{transport}'>");
    envelope(&machine("").replace("<VirtualHardwareSection>", &(product + &hardware)))
}

fn property(key: &str, value: &str) -> String {
    format!("<Property ovf:key='{key}' ovf:type='string' ovf:value='{value}'/>")
}

fn user_data(descriptor: &str) -> Option<String> {
    let template = import(descriptor).unwrap().template;
    round_trip(&template);
    machines(&template)[0].user_data.clone()
}

fn decoded(descriptor: &str) -> String {
    String::from_utf8(STANDARD.decode(user_data(descriptor).unwrap()).unwrap()).unwrap()
}

#[test]
fn the_property_for_user_data_is_the_user_data() {
    let encoded = "I2Nsb3VkLWNvbmZpZwo=";
    for key in ["user-data", "User-Data", "userdata", "user_data"] {
        assert_eq!(user_data(&guest("iso", &property(key, encoded))).as_deref(), Some(encoded), "{key}");
        // What is not encoded gets encoded, as CIMI has it.
        assert_eq!(decoded(&guest("", &property(key, "#cloud-config&#10;"))), "#cloud-config\n", "{key}");
    }
    let of_vmware = |properties: &str| guest("", properties).replace("com.example", "guestinfo");
    assert_eq!(decoded(&of_vmware(&property("userdata", "abcd"))), "abcd");
    let with_encoding = property("userdata", "YWJjZA==") + &property("userdata.encoding", "base64");
    assert_eq!(decoded(&of_vmware(&with_encoding)), "abcd");
    let ignition = guest("", &property("guestinfo.ignition.config.data", "{}")).replace(" ovf:class='com.example'", "");
    assert_eq!(decoded(&ignition), "{}");
    assert_eq!(user_data(&guest("", &property("username", "x"))), None);
    assert_eq!(user_data(&guest("", &property("user-data", ""))), None);
}

#[test]
fn references_in_user_data_are_resolved() {
    let properties = property("host", "web.example.com") + &property("user-data", "hostname: ${host}");
    assert_eq!(decoded(&guest("", &properties)), "hostname: web.example.com");
    let circle = property("a", "${b}") + &property("b", "${a}") + &property("user-data", "${a}");
    let imported = import(&guest("", &circle)).unwrap();
    assert_eq!(machines(&imported.template)[0].user_data, None);
    assert!(imported.warnings.iter().any(|warning| warning.text.contains("circle")), "{:?}", imported.warnings);
}

#[test]
fn a_collection_gives_user_data_to_its_machines() {
    let section = format!("<ProductSection><Info/>{}</ProductSection>", property("user-data", "all"));
    let parts =
        format!("<VirtualSystemCollection ovf:id='c'><Info/>{section}{}</VirtualSystemCollection>", machine(""));
    assert_eq!(decoded(&envelope(&parts)), "all");
}

#[test]
fn other_properties_are_an_environment_without_passwords() {
    let properties = property("motd", "a &quot;word&quot;&#10;")
        + "<Property ovf:key='login' ovf:type='string' ovf:password='true' ovf:value='hush'/>";
    let text = decoded(&guest("iso", &properties));
    assert!(!text.contains("hush") && !text.contains("login"), "{text}");
    let document = EnvironmentDocument::read(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(document.environment.id.as_deref(), Some("vm"));
    assert_eq!(document.environment.value("com.example.motd"), Some("a \"word\"\n"));
    assert_eq!(user_data(&guest("", &properties)), None, "the guest gets none");
    let secret = "<Property ovf:key='user-data' ovf:type='string' ovf:password='true' ovf:value='hush'/>";
    assert_eq!(user_data(&guest("iso", secret)), None);
}

#[test]
fn user_data_survives_without_what_is_stored() {
    let template = import(&guest("iso", &property("user-data", "#cloud-config&#10;"))).unwrap().template;
    for version in [Version::V1, Version::V2] {
        let again = bare(&template, version);
        assert_eq!(machines(&again)[0].user_data, machines(&template)[0].user_data);
    }
}

/// The template after an export without what is stored, and an import.
fn bare(template: &SystemTemplate, version: Version) -> SystemTemplate {
    let mut options = ExportOptions::default();
    options.version = version;
    options.store = false;
    import(&cimi_ovf::export(template, &options).unwrap().descriptor.to_text().unwrap()).unwrap().template
}

fn disks(sections: &str, in_second: &str) -> String {
    let section = "<DiskSection><Info/><Disk ovf:diskId='a' ovf:capacity='1'/><Disk ovf:diskId='b' ovf:capacity='1'/>\
        <Disk ovf:diskId='c' ovf:capacity='1'/></DiskSection>";
    let drive = |id: &str, disk: &str| item(id, 17, &[("HostResource", &format!("ovf:/disk/{disk}"))]);
    let second = drive("5", "b").replace("</Item>", &format!("{in_second}</Item>"));
    let machine = machine(&(drive("4", "a") + &second + &drive("6", "c")));
    envelope(&(section.to_owned() + &machine)).replace("</VirtualSystem>", &format!("{sections}</VirtualSystem>"))
}

#[test]
fn volumes_come_in_the_order_of_the_boot() {
    let boot = |strings: &[&str]| {
        let source = |string: &&str| {
            format!("<s:CIM_BootSourceSetting><s:BootString>{string}</s:BootString></s:CIM_BootSourceSetting>")
        };
        let sources: String = strings.iter().map(source).collect();
        let cim = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_Boot";
        format!(
            "<o:BootDeviceSection xmlns:o='http://schemas.dmtf.org/ovf/envelope/2' xmlns:b='{cim}ConfigSetting' \
             xmlns:s='{cim}SourceSetting'><o:Info/><b:CIM_BootConfigSetting>{sources}</b:CIM_BootConfigSetting>\
             </o:BootDeviceSection>"
        )
    };
    let vmware = "<vnd:BootOrderSection vnd:instanceId='6 5' vnd:type='disk'><Info/></vnd:BootOrderSection>";
    for (sections, in_second, expected) in [
        (String::new(), "", "#a #b #c"),
        (boot(&["6", "4"]), "", "#c #a #b"),
        (boot(&["network", "CIM:Hard-Disk:2"]), "", "#b #a #c"),
        (boot(&["ovf:/disk/c", "ovf:/disk/c", "b"]), "", "#c #b #a"),
        (boot(&["disk", "CIM:Hard-Disk:0", "CIM:Hard-Disk:9"]), "", "#a #b #c"),
        (vmware.to_owned(), "", "#c #b #a"),
        (String::new(), "<vnd:BootOrder>1</vnd:BootOrder>", "#b #a #c"),
        (String::new(), "<vnd:BootOrder>0</vnd:BootOrder>", "#a #b #c"),
    ] {
        let template = import(&disks(&sections, in_second)).unwrap().template;
        assert_eq!(references(machines(&template)[0]).join(" "), expected, "{sections}{in_second}");
        round_trip(&template);
        assert_eq!(references(machines(&bare(&template, Version::V2))[0]).join(" "), expected);
    }
}

const OPTIONS: &str = "<DeploymentOptionSection><Info>Sizes</Info>\
    <Configuration ovf:id='small'><Label>Small</Label><Description>For tests</Description></Configuration>\
    <Configuration ovf:id='big'><Label>Big</Label><Description>For work</Description></Configuration>\
    </DeploymentOptionSection>";

fn configurations(template: &MachineTemplate) -> Option<&Any> {
    template.extensions.get("{urn:x-cimi:ovf}MachineConfiguration")
}

#[test]
fn each_deployment_option_has_its_configuration() {
    let disk = [("VirtualQuantity", "5000"), ("AllocationUnits", "byte")];
    let items = item("1", 3, &[("VirtualQuantity", "1")])
        + &item_with("ovf:configuration='big'", "1", 3, &[("VirtualQuantity", "8")])
        + &item("2", 4, &[("VirtualQuantity", "512"), ("AllocationUnits", "byte * 2^20")])
        + &item_with("ovf:configuration='big'", "3", 17, &disk);
    let template = import(&envelope(&(OPTIONS.to_owned() + &machine(&items)))).unwrap().template;
    round_trip(&template);
    let Some(Any::Array(all)) = configurations(machines(&template)[0]) else { panic!("no configurations") };
    let said: Vec<_> = all
        .iter()
        .map(|one| ["option", "name", "cpu", "memory"].map(|name| one.get(name).unwrap().as_str().unwrap()))
        .collect();
    assert_eq!(said, [["small", "Small", "1", "524288"], ["big", "Big", "8", "524288"]]);
    assert!(all[0].get("disks").is_none());
    assert_eq!(all[1].get("disks").unwrap().get("capacity").unwrap().as_str(), Some("5"));
    assert_eq!(common::cpu_and_memory(machines(&template)[0]).0, Some(1));

    // Without difference there is nothing to choose.
    let plain =
        import(&envelope(&(OPTIONS.to_owned() + &machine(&item("1", 3, &[("VirtualQuantity", "1")]))))).unwrap();
    assert_eq!(configurations(machines(&plain.template)[0]), None);
}

#[test]
fn many_options_of_many_items_are_not_listed() {
    let options: String = (0..2000)
        .map(|at| format!("<Configuration ovf:id='c{at}'><Label>L</Label><Description>D</Description></Configuration>"))
        .collect();
    let items: String = (0..2000)
        .map(|at| item_with(&format!("ovf:configuration='c{at}'"), &at.to_string(), 3, &[("VirtualQuantity", "1")]))
        .collect();
    let section = format!("<DeploymentOptionSection><Info/>{options}</DeploymentOptionSection>");
    let imported = import(&envelope(&(section + &machine(&items)))).unwrap();
    assert_eq!(configurations(machines(&imported.template)[0]), None);
    assert!(imported.warnings.iter().any(|warning| warning.text.contains("too many options")));
}

fn configuration(items: &str) -> MachineConfiguration {
    let imported = import(&envelope(&machine(items))).unwrap();
    *machines(&imported.template)[0].machine_config.clone().unwrap().value.unwrap()
}

#[test]
fn limits_are_the_speed_of_processors() {
    let speed = |settings: &[(&str, &str)]| {
        configuration(&item("1", 3, &[&[("VirtualQuantity", "2")], settings].concat())).cpu_speed
    };
    let megahertz = ("AllocationUnits", "hertz * 10^6");
    assert_eq!(speed(&[megahertz, ("Limit", "2400")]), Some(2400));
    assert_eq!(speed(&[("AllocationUnits", "hertz"), ("Reservation", "2400999999")]), Some(2400));
    assert_eq!(speed(&[("AllocationUnits", "hertz * 10^9"), ("Limit", "3"), ("Reservation", "1")]), Some(3000));
    for nothing in [&[megahertz][..], &[megahertz, ("Reservation", "0")], &[("Limit", "2400")]] {
        assert_eq!(speed(nothing), None, "{nothing:?}");
    }
}

#[test]
fn the_name_of_the_system_tells_the_architecture() {
    let system = |kind: &str| {
        let section =
            format!("<OperatingSystemSection ovf:id='1' vnd:osType='{kind}'><Info/></OperatingSystemSection>");
        let parts = machine(&item("1", 3, &[("VirtualQuantity", "2")]));
        let text = envelope(&parts.replace("<VirtualHardwareSection>", &(section + "<VirtualHardwareSection>")));
        machines(&import(&text).unwrap().template)[0].machine_config.clone().unwrap().value.unwrap().cpu_arch
    };
    assert_eq!(system("ubuntu64Guest"), Some(CpuArch::X86_64));
    assert_eq!(system("arm-ubuntu-64Guest"), Some(CpuArch::Arm));
    assert_eq!(system("ubuntuGuest"), None);
}

#[test]
fn addresses_of_adapters_survive() {
    let text = |address: &str| {
        let network = "<NetworkSection><Info/><Network ovf:name='lan'/></NetworkSection>";
        envelope(&(network.to_owned() + &machine(&item("1", 10, &[("Address", address), ("Connection", "lan")]))))
    };
    let address = |template: &SystemTemplate| {
        let interface = machines(template)[0].interface_templates[0].value.clone().unwrap();
        interface.extensions.get("{urn:x-cimi:ovf}Address").and_then(Any::as_str).map(str::to_owned)
    };
    let template = import(&text("00:50:56:0e:00:fa")).unwrap().template;
    assert_eq!(address(&template).as_deref(), Some("00:50:56:0e:00:fa"));
    round_trip(&template);
    for version in [Version::V1, Version::V2] {
        assert_eq!(address(&bare(&template, version)), address(&template));
    }
    let system = cimi_ovf::system(template).unwrap();
    let machine = system.machines.unwrap().value.unwrap().items.remove(0);
    let interface = machine.interfaces.unwrap().value.unwrap().items.remove(0);
    assert_eq!(interface.mac_address.as_deref(), Some("00:50:56:0e:00:fa"));
    assert!(interface.extensions.is_empty());
    for other in ["7", "00:50:56:0e:00", "00:50:56:0e:00:fg", "10.0.0.1"] {
        assert_eq!(address(&import(&text(other)).unwrap().template), None, "{other}");
    }
}

fn report(descriptor: &str) -> Vec<Entry> {
    let mut options = ImportOptions::default();
    options.report = true;
    cimi_ovf::import(descriptor.as_bytes(), &options).unwrap().report
}

#[test]
fn what_is_used_is_reported() {
    let members = machine("").replace("'vm'", "'a'") + &machine("").replace("\"vm\"", "\"b\"");
    let sections = "<o:ScaleOutSection xmlns:o='http://schemas.dmtf.org/ovf/envelope/2' o:id='vm'><o:Info/>\
        <o:InstanceCount o:default='2' o:maximum='4'/></o:ScaleOutSection>\
        <StartupSection><Info/><Item ovf:id='b' ovf:order='1' ovf:startAction='none'/></StartupSection>\
        <EulaSection><Info/><License>Do as you like</License></EulaSection>\
        <ProductSection><Info/><Product>Shop</Product><Vendor>Example</Vendor></ProductSection>";
    let parts = format!("<VirtualSystemCollection ovf:id='c'><Info/>{sections}{members}</VirtualSystemCollection>");
    let report = report(&envelope(&parts));
    let home = "/{urn:x-cimi:ovf}VirtualSystemCollection";
    for (end, fate, to) in [
        ("ScaleOutSection['vm']", Fate::Approximate, "/componentDescriptors[0]/quantity".to_owned()),
        ("StartupSection", Fate::Approximate, String::new()),
        ("Item['b']", Fate::Approximate, "/componentDescriptors[1]/machineTemplate/initialState".to_owned()),
        ("EulaSection", Fate::Aside, format!("{home}/EulaSection")),
        ("EulaSection/License", Fate::Aside, format!("{home}/EulaSection/License")),
        ("ProductSection/Product", Fate::Aside, format!("{home}/ProductSection/Product")),
        ("ProductSection/Vendor", Fate::Aside, format!("{home}/ProductSection/Vendor")),
    ] {
        let found =
            report.iter().find(|entry| entry.origin.ends_with(end)).unwrap_or_else(|| panic!("{end}: {report:#?}"));
        assert_eq!((found.fate, &found.to), (fate, &to), "{end}");
    }
}
