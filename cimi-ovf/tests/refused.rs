//! What is refused, with the element, the reason and the place.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::format_collect)]

mod common;

use common::{envelope, import, item, item_with, machine};

/// The descriptor is refused, and the error begins with `path` and says `reason`.
#[track_caller]
fn refused(parts: &str, path: &str, reason: &str) {
    let error = import(&envelope(parts)).expect_err(parts);
    assert_eq!(error.path(), path, "{error}");
    assert!(error.reason().contains(reason), "{error}");
    assert!(error.location().is_some(), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
}

fn disk(attributes: &str) -> String {
    format!("<DiskSection><Info/><Disk ovf:diskId='d' {attributes}/></DiskSection>{}", machine(""))
}

const DISK: &str = "/Envelope/DiskSection/Disk['d']";
const HARDWARE: &str = "/Envelope/VirtualSystem['vm']/VirtualHardwareSection";

#[test]
fn location_is_that_of_the_element() {
    let descriptor = envelope("\n  <DiskSection><Info/>\n    <Disk ovf:diskId='d'/></DiskSection>");
    let error = import(&descriptor.replace("</Envelope>", &(machine("") + "</Envelope>"))).unwrap_err();
    assert_eq!(error.to_string(), format!("{DISK}: the attribute ovf:capacity is missing (line 7, column 5)"));
}

#[test]
fn references_to_nothing() {
    refused(&disk("ovf:capacity='1' ovf:fileRef='f'"), DISK, "'f'");
    refused(&disk("ovf:capacity='1' ovf:parentRef='p'"), DISK, "'p'");
    refused(&disk("ovf:capacity='1' ovf:parentRef='d'"), DISK, "cycle");
    let path = format!("{HARDWARE}/Item['1']/HostResource");
    for resource in ["ovf:/disk/x", "/disk/x", "ovf://disk/x", "disk/x", "ovf:/disk/d/x", "ovf:/disk/"] {
        refused(&machine(&item("1", 17, &[("HostResource", resource)])), &path, "is not declared in a DiskSection");
    }
    refused(&machine(&item("1", 15, &[("HostResource", "ovf:/file/x")])), &path, "is not declared in References");
    refused(&machine(&item("1", 17, &[("HostResource", "datastore7")])), &path, "neither a disk");
    let path = format!("{HARDWARE}/Item['1']/Connection");
    refused(&machine(&item("1", 10, &[("Connection", "front")])), &path, "'front' is not declared");
    let networks = "<NetworkSection><Info/><Network ovf:name='Front'/></NetworkSection>".to_owned();
    refused(&(networks + &machine(&item("1", 10, &[("Connection", "front")]))), &path, "'front' is not declared");
    let icon = "<VirtualSystem ovf:id='v'><Info/><ProductSection><Info/><Icon ovf:fileRef='i'/></ProductSection></VirtualSystem>";
    refused(icon, "/Envelope/VirtualSystem['v']/ProductSection/Icon", "'i'");
    let startup = "<VirtualSystemCollection ovf:id='c'><Info/><StartupSection><Info/><Item ovf:id='x' ovf:order='1'/>\
        </StartupSection></VirtualSystemCollection>";
    refused(startup, "/Envelope/VirtualSystemCollection['c']/StartupSection/Item['x']", "'x'");
}

#[test]
fn references_in_other_configurations_count_too() {
    let item = item_with("ovf:configuration='other'", "1", 17, &[("HostResource", "ovf:/disk/x")]);
    let options = "<DeploymentOptionSection><Info/><Configuration ovf:id='a'/><Configuration ovf:id='other'/>\
        </DeploymentOptionSection>";
    refused(&(options.to_owned() + &machine(&item)), &format!("{HARDWARE}/Item['1']/HostResource"), "'x'");
}

#[test]
fn long_chains_and_cycles_of_disks() {
    let chain = |last: &str| {
        let disk = |i: u32| format!("<Disk ovf:diskId='{i}' ovf:capacity='1' ovf:parentRef='{}'/>", i + 1);
        let disks: String = (0..30_000).map(disk).collect();
        format!(
            "<DiskSection><Info/>{disks}<Disk ovf:diskId='30000' ovf:capacity='1' {last}/></DiskSection>{}",
            machine("")
        )
    };
    common::import_large(&envelope(&chain(""))).unwrap();
    refused(&chain("ovf:parentRef='7'"), "/Envelope/DiskSection/Disk['0']", "cycle");
}

#[test]
fn identifiers_that_occur_twice() {
    let twice = |section: &str, entry: &str| format!("<{section}><Info/>{entry}{entry}</{section}>{}", machine(""));
    refused(&twice("References", "<File ovf:id='f' ovf:href='x'/>"), "/Envelope/References/File['f']", "another File");
    refused(&twice("DiskSection", "<Disk ovf:diskId='d' ovf:capacity='1'/>"), DISK, "another Disk");
    let network = "/Envelope/NetworkSection/Network['n']";
    refused(&twice("NetworkSection", "<Network ovf:name='n'/>"), network, "another Network");
    let system = "<VirtualSystem ovf:id='v'><Info/></VirtualSystem>";
    let collection = format!("<VirtualSystemCollection ovf:id='c'><Info/>{system}{system}</VirtualSystemCollection>");
    refused(&collection, "/Envelope/VirtualSystemCollection['c']/VirtualSystem['v']", "'v'");
    let items = item("1", 5, &[]) + &item("1", 6, &[]);
    refused(&machine(&items), &format!("{HARDWARE}/Item['1']"), "InstanceID '1'");
    let bounds = item_with("ovf:bound='min'", "1", 3, &[]).repeat(2);
    refused(&machine(&bounds), &format!("{HARDWARE}/Item['1']"), "InstanceID '1'");
}

#[test]
fn shared_disks_have_the_same_name_space() {
    let shared = "<DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='1'/></DiskSection>\
        <SharedDiskSection><Info/><SharedDisk ovf:diskId='d' ovf:capacity='1'/></SharedDiskSection>";
    refused(&(shared.to_owned() + &machine("")), "/Envelope/SharedDiskSection/SharedDisk['d']", "another Disk");
}

#[test]
fn capacities() {
    for (capacity, reason) in [
        ("-1", "-1 is negative"),
        ("-99999999999999999999", "is negative"),
        ("18446744073709551616", "does not fit"),
        ("1e9", "not a number"),
        ("0x10", "not a number"),
        ("+5", "not a number"),
        ("1.5", "not a number"),
        ("٣", "not a number"),
        ("ten", "not a number"),
        ("10XB", "not a number"),
        ("${x}", "no property 'x'"),
        ("${x", "not a number"),
        ("12 000", "not a number"),
    ] {
        refused(&disk(&format!("ovf:capacity='{capacity}'")), DISK, reason);
    }
    for (unit, reason) in [
        ("furlongs", "not a known unit"),
        ("byte * 2^20 *", "not a known unit"),
        ("byte * -2^20", "not a known unit"),
        ("byte / 0", "not a known unit"),
        ("hertz", "not a unit of bytes"),
        ("2^20", "not a known unit"),
        ("byte * 2^64", "overflows"),
        ("byte * 2^99999999", "overflows"),
        ("byte * 2^63 * 2^63", "overflows"),
    ] {
        refused(
            &disk(&format!("ovf:capacity='18446744073709551615' ovf:capacityAllocationUnits='{unit}'")),
            DISK,
            reason,
        );
    }
    refused(&disk("ovf:capacity='3' ovf:capacityAllocationUnits='byte * 2^-1'"), DISK, "whole number");
    refused(&disk("ovf:capacity='1' ovf:populatedSize='-1'"), DISK, "populatedSize: -1 is negative");
    refused(&disk("ovf:capacity='1' ovf:capacityAllocationUnits='byte * 0^0'"), DISK, "not a known unit");
    refused(&disk(""), DISK, "capacity is missing");
}

#[test]
fn capacities_from_properties() {
    let with = |properties: &str| {
        format!(
            "<DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='${{k0}}'/></DiskSection>\
             <VirtualSystem ovf:id='v'><Info/><ProductSection><Info/>{properties}</ProductSection></VirtualSystem>"
        )
    };
    let property =
        |key: &str, value: &str| format!("<Property ovf:key='{key}' ovf:type='string' ovf:value='{value}'/>");
    refused(&with(&(property("k0", "${k1}") + &property("k1", "${k0}"))), DISK, "cycle");
    refused(&with(&(property("k0", "${k1}${k1}") + &property("k1", "1"))), DISK, "no property 'k1}${k1'");
    refused(&with("<Property ovf:key='k0' ovf:type='string'/>"), DISK, "'k0' has no value");
    let sections = property("k0", "1") + "</ProductSection><ProductSection><Info/>" + &property("k0", "2");
    refused(&with(&sections), DISK, "different values");
    refused(&with(&property("k0", "big")), DISK, "'big' is not a number");
    refused(&with("<Property ovf:key='k0' ovf:type='string' ovf:password='true' ovf:value='7'/>"), DISK, "no value");
    let chain: String = (0..40).map(|i| property(&format!("k{i}"), &format!("${{k{}}}", i + 1))).collect();
    refused(&with(&chain), DISK, "long chain");
}

#[test]
fn quantities_of_items() {
    let bad = |resource_type, settings: &[(&str, &str)], child: &str, reason: &str| {
        refused(&machine(&item("1", resource_type, settings)), &format!("{HARDWARE}/Item['1']{child}"), reason);
    };
    for name in ["VirtualQuantity", "Reservation", "Limit", "Weight"] {
        bad(3, &[(name, "-2")], &format!("/{name}"), "-2 is negative");
        bad(8, &[(name, "18446744073709551616")], &format!("/{name}"), "does not fit");
        bad(4, &[(name, "much")], &format!("/{name}"), "'much' is not a number");
    }
    bad(4, &[("VirtualQuantity", "1"), ("AllocationUnits", "byte * 2^")], "", "AllocationUnits: 'byte * 2^'");
    bad(4, &[("VirtualQuantity", "1"), ("AllocationUnits", "hertz")], "", "AllocationUnits: not a unit of bytes");
    bad(4, &[("VirtualQuantity", "18446744073709551615")], "", "VirtualQuantity: the quantity overflows");
    bad(3, &[("VirtualQuantity", "1"), ("AllocationUnits", "sockets")], "", "'sockets' is not a known unit");
    bad(17, &[("VirtualQuantity", "1"), ("AllocationUnits", "sectors")], "", "'sectors' is not a known unit");
    bad(3, &[("VirtualQuantity", "9223372036854775808")], "", "processors overflows");
    let processors =
        item("1", 3, &[("VirtualQuantity", "9223372036854775807")]) + &item("2", 3, &[("VirtualQuantity", "1")]);
    refused(&machine(&processors), &format!("{HARDWARE}/Item['2']"), "processors overflows");
    let bytes = [("VirtualQuantity", "18446744073709551615"), ("AllocationUnits", "byte")];
    let memory = item("1", 4, &bytes) + &item("2", 4, &bytes);
    refused(&machine(&memory), &format!("{HARDWARE}/Item['2']"), "memory overflows");
}

#[test]
fn sizes_of_files() {
    for name in ["size", "chunkSize"] {
        for (text, reason) in [
            ("-1", "-1 is negative"),
            ("18446744073709551616", "does not fit"),
            ("big", "not a number"),
            ("1.5", "not a number"),
        ] {
            let file = format!("<References><File ovf:id='f' ovf:href='x' ovf:{name}='{text}'/></References>");
            let path = "/Envelope/References/File['f']";
            refused(&(file.clone() + &machine("")), path, reason);
            refused(&(file + &machine("")), path, &format!("ovf:{name}: "));
        }
    }
}

#[test]
fn units_of_items() {
    let bad = |resource_type, settings: &[(&str, &str)], reason: &str| {
        refused(&machine(&item("1", resource_type, settings)), &format!("{HARDWARE}/Item['1']"), reason);
    };
    for resource_type in [1, 3, 5, 10, 14, 15, 17, 20, 31, 40_000] {
        bad(resource_type, &[("AllocationUnits", "foo")], "AllocationUnits: 'foo' is not a known unit");
        bad(resource_type, &[("AllocationUnits", "byte * 0^0")], "AllocationUnits: ");
    }
    bad(3, &[("AllocationUnits", "byte")], "not a unit of processors");
    bad(17, &[("AllocationUnits", "hertz"), ("HostResource", "")], "not a unit of bytes");
    bad(17, &[("VirtualQuantity", "18446744073709551615"), ("AllocationUnits", "byte * 2^20")], "overflows");
    let disk = |units: &str| {
        let item = item("1", 17, &[("HostResource", "ovf:/disk/d"), ("AllocationUnits", units)]);
        format!("<DiskSection><Info/><Disk ovf:diskId='d' ovf:capacity='1'/></DiskSection>{}", machine(&item))
    };
    refused(&disk("foo"), &format!("{HARDWARE}/Item['1']"), "'foo' is not a known unit");
    import(&envelope(&disk("byte * 2^20"))).unwrap();
    import(&envelope(&machine(&item("1", 10, &[("AllocationUnits", "bit / second * 10^9")])))).unwrap();
    import(&envelope(&machine(&item("1", 3, &[("AllocationUnits", "hertz * 10^6")])))).unwrap();
}

#[test]
fn configurations() {
    let option = |id: &str| format!("<Configuration ovf:id='{id}'><Label/><Description/></Configuration>");
    let section = |ids: [&str; 2]| {
        format!("<DeploymentOptionSection><Info/>{}</DeploymentOptionSection>", ids.map(option).concat())
    };
    let path = "/Envelope/DeploymentOptionSection/Configuration['a']";
    refused(&(section(["a", "a"]) + &machine("")), path, "another Configuration 'a'");
    let parts = section(["a", "b"]) + &machine(&item_with("ovf:configuration='b c'", "1", 3, &[]));
    refused(&parts, &format!("{HARDWARE}/Item['1']"), "ovf:configuration names 'c'");
    let none = machine(&item_with("ovf:configuration='a'", "1", 3, &[]));
    refused(&none, &format!("{HARDWARE}/Item['1']"), "which no DeploymentOptionSection has");
}

#[test]
fn properties_that_occur_twice() {
    let parts = |between: &str| {
        let property = "<Property ovf:key='k' ovf:type='string'/>";
        let section = format!("<ProductSection><Info/>{property}{between}{property}</ProductSection>");
        format!("<VirtualSystem ovf:id='v'><Info/>{section}</VirtualSystem>")
    };
    let path = "/Envelope/VirtualSystem['v']/ProductSection/Property['k']";
    refused(&parts("<Category>C</Category>"), path, "another Property 'k'");
    import(&envelope(&parts("</ProductSection><ProductSection ovf:class='c'><Info/>"))).unwrap();
}

#[test]
fn sections_that_are_only_kept() {
    let collection = |sections: &str| {
        let system = "<VirtualSystem ovf:id='v'><Info/></VirtualSystem>";
        format!("<VirtualSystemCollection ovf:id='c'><Info/>{sections}{system}</VirtualSystemCollection>")
    };
    let startup = |items: &str| collection(&format!("<StartupSection><Info/>{items}</StartupSection>"));
    let path = "/Envelope/VirtualSystemCollection['c']/StartupSection/Item['v']";
    for name in ["order", "startDelay", "stopDelay"] {
        for (text, reason) in
            [("-1", "-1 is negative"), ("x", "not a number"), ("99999999999999999999", "does not fit")]
        {
            refused(&startup(&format!("<Item ovf:id='v' ovf:{name}='{text}'/>")), path, reason);
        }
    }
    refused(&startup(&"<Item ovf:id='v' ovf:order='1'/>".repeat(2)), path, "another Item 'v'");
    let install = "<VirtualSystem ovf:id='v'><Info/><InstallSection ovf:initialBootStopDelay='-1'><Info/>\
        </InstallSection></VirtualSystem>";
    refused(install, "/Envelope/VirtualSystem['v']/InstallSection", "-1 is negative");
    let resources = |settings: &[(&str, &str)]| {
        let item = item("1", 4, settings);
        collection(&format!("<ResourceAllocationSection><Info/>{item}</ResourceAllocationSection>"))
    };
    let path = "/Envelope/VirtualSystemCollection['c']/ResourceAllocationSection/Item['1']";
    refused(&resources(&[("Limit", "-2")]), &format!("{path}/Limit"), "negative");
    refused(&resources(&[("AllocationUnits", "foo")]), path, "not a known unit");
}

#[test]
fn items() {
    let item = |content: &str| machine(&format!("<Item>{content}</Item>"));
    refused(&item(""), &format!("{HARDWARE}/Item"), "no ResourceType");
    refused(&(machine("<Item/><Item/>")), &format!("{HARDWARE}/Item[0]"), "no ResourceType");
    for (text, reason) in [("-1", "negative"), ("65536", "no resource type 65536"), ("disk", "not a number")] {
        let content = format!("<rasd:ResourceType>{text}</rasd:ResourceType>");
        refused(&item(&content), &format!("{HARDWARE}/Item/ResourceType"), reason);
    }
    refused(&machine(&item_with("ovf:bound='some'", "1", 3, &[])), &format!("{HARDWARE}/Item['1']"), "'some'");
}

#[test]
fn structure() {
    refused("", "/Envelope", "neither a VirtualSystem nor");
    refused("<Content/>", "/Envelope", "neither a VirtualSystem nor");
    let system = "<VirtualSystem ovf:id='v'><Info/></VirtualSystem>";
    refused(&system.repeat(2), "/Envelope/VirtualSystem['v']", "only one");
    refused("<VirtualSystem><Info/></VirtualSystem>", "/Envelope/VirtualSystem", "ovf:id is missing");
    let missing = |section: &str, entry: &str, path: &str, name: &str| {
        refused(&format!("<{section}>{entry}</{section}>{system}"), path, &format!("ovf:{name} is missing"));
    };
    missing("References", "<File ovf:href='x'/>", "/Envelope/References/File", "id");
    missing("References", "<File ovf:id='x'/>", "/Envelope/References/File['x']", "href");
    missing("DiskSection", "<Disk ovf:capacity='1'/>", "/Envelope/DiskSection/Disk", "diskId");
    missing("NetworkSection", "<Network/>", "/Envelope/NetworkSection/Network", "name");
}

#[test]
fn other_documents() {
    let refused = |document: &str, path: &str, reason: &str| {
        let error = import(document).expect_err(document);
        assert_eq!(error.path(), path, "{error}");
        assert!(error.reason().contains(reason), "{error}");
        assert!(error.location().is_some(), "{error}");
    };
    refused(
        "<Envelope xmlns='http://www.vmware.com/schema/ovf/1/envelope'/>",
        "/Envelope",
        "neither a VirtualSystem nor",
    );
    refused("<Envelope xmlns='http://schemas.example.com/ovf/envelope/1'/>", "/Envelope", "not the Envelope");
    refused("<html/>", "/html", "not the Envelope");
    refused("", "/", "no root element");
    refused("{}", "/", "outside of the root element");
}
