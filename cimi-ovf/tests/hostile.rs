//! Hostile input ends in an error, soon, and without a panic or a stack overflow.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::format_collect
)]

mod common;

use cimi_model::WriteOptions;
use cimi_ovf::{Descriptor, ErrorKind, ImportOptions, Limits, ReadOptions};
use common::{envelope, import, import_large, machine};

#[track_caller]
fn refused(descriptor: &str, kind: ErrorKind) {
    let error = import(descriptor).unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    let line = error.to_string();
    assert!(error.location().is_some() && !line.contains('\n') && line.len() < 2000, "{line}");
}

#[test]
fn not_well_formed() {
    let good = envelope(&machine(""));
    for (from, to) in [
        ("<?xml version=\"1.0\"?>", "<!DOCTYPE Envelope [<!ENTITY a 'b'>]>"),
        ("A machine", "&a;"),
        ("A machine", "&#0;"),
        ("A machine", "&#xD800;"),
        ("A machine", "\u{1}"),
        ("A machine", "]]>"),
        ("<Info>A machine", "<x:Info>A machine"),
        ("ovf:id=\"vm\"", "ovf:id=\"vm\" ovf:id=\"vm\""),
        ("ovf:id=\"vm\"", "ovf:id=\"vm\" x:id=\"vm\""),
        ("</VirtualSystem>", ""),
        ("</Envelope>", "</Envelope><Envelope/>"),
        ("</Envelope>", "</Envelope>text"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let error = import(&bad).expect_err(to);
        assert!(matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Duplicate), "{error}");
        assert!(error.location().is_some(), "{error}");
    }
    let invalid = [good.as_bytes(), b"\xFF"].concat();
    cimi_ovf::import(&invalid, &ImportOptions::default()).unwrap_err();
}

/// In UTF-16 with a byte order mark, a descriptor is the same; half a character is none.
#[test]
fn utf_16() {
    let text = envelope(&machine("").replace("A machine", "Ein Gerät 名前")).replace("?>", " encoding='UTF-16'?>");
    for encode in [u16::to_le_bytes, u16::to_be_bytes] {
        let mut bytes: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(encode).collect();
        let imported = cimi_ovf::import(&bytes, &ImportOptions::default()).unwrap();
        let [machine] = imported.template.component_descriptors.as_slice() else { panic!("one machine") };
        assert_eq!(machine.description.as_deref(), Some("Ein Gerät 名前"));
        bytes.pop();
        let error = cimi_ovf::import(&bytes, &ImportOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "/: the document is not UTF-16 (line 1, column 1)");
    }
}

#[test]
fn depth() {
    let nest = |open: &str, close: &str, n: usize| envelope(&(open.repeat(n) + &close.repeat(n)));
    let collection = ("<VirtualSystemCollection ovf:id='c'><Info/>", "</VirtualSystemCollection>");
    refused(&nest(collection.0, collection.1, 100_000), ErrorKind::Limit);
    refused(&nest("<x>", "</x>", 100_000), ErrorKind::Limit);
    // Not even when the caller allows it.
    let mut options = ImportOptions::default();
    options.limits.depth = usize::MAX;
    let error = cimi_ovf::import(nest("<x>", "</x>", 100_000).as_bytes(), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let imported = cimi_ovf::import(nest(collection.0, collection.1, 98).as_bytes(), &options).unwrap();
    // What is accepted can also be written.
    cimi_model::json::to_vec(&imported.template, WriteOptions::default()).unwrap();
    cimi_model::xml::to_vec(&imported.template, WriteOptions::default()).unwrap();
}

#[test]
fn size_and_numbers() {
    refused(&envelope(&format!("<!--{}-->", "x".repeat(17 << 20))), ErrorKind::Limit);
    let mut options = ImportOptions::default();
    options.limits.elements = 1000;
    let error = cimi_ovf::import(envelope(&"<x/>".repeat(1000)).as_bytes(), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let attributes: String = (0..5000).map(|i| format!(" a{i}=''")).collect();
    refused(&envelope(&format!("<x{attributes}/>")), ErrorKind::Limit);
    refused(&envelope(&format!("<x{}/>", "y".repeat(100_000))), ErrorKind::Limit);
}

#[test]
fn texts_of_bundles_do_not_multiply() {
    let use_it = "<x ovf:msgid='m'/>".repeat(1000);
    let text = "long ".repeat(20_000);
    let bundle = format!("<Strings><Msg ovf:msgid='m'>{text}</Msg></Strings>");
    refused(&envelope(&format!("{use_it}{}{bundle}", machine(""))), ErrorKind::Limit);
}

#[test]
fn names_from_outside_stay_short_and_on_one_line() {
    let name = format!("a&#10;b{}", "x".repeat(100_000));
    refused(
        &envelope(&format!("<DiskSection><Disk ovf:diskId='{name}'/></DiskSection>{}", machine(""))),
        ErrorKind::Value,
    );
    refused(&format!("<Envelope xmlns='{name}'/>"), ErrorKind::Limit);
    let name = format!("a&#10;b{}", "x".repeat(1000));
    refused(&format!("<Envelope xmlns='{name}'/>"), ErrorKind::Type);
}

#[test]
fn many_entries_take_linear_time() {
    let n = 10_000;
    let items: String = (0..n)
        .map(|i| {
            format!(
                "<Item><rasd:InstanceID>{i}</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType>\
            <rasd:HostResource>ovf:/disk/{i}</rasd:HostResource></Item>"
            )
        })
        .collect();
    let disks: String = (0..n).map(|i| format!("<Disk ovf:diskId='{i}' ovf:capacity='1'/>")).collect();
    // Names that all become the same.
    let networks: String =
        (0..n).map(|i| format!("<Network ovf:name='{}'/>", "é".repeat(1 + i % 7) + &i.to_string())).collect();
    let parts = format!(
        "<DiskSection><Info/>{disks}</DiskSection><NetworkSection><Info/>{networks}</NetworkSection>{}",
        machine(&items)
    );
    let imported = import_large(&envelope(&parts)).unwrap();
    assert_eq!(common::volumes(&imported.template).len(), n);
}

/// What many refer to is copied for each of them, but not without bound.
#[test]
fn references_do_not_multiply() {
    let disks = |n: usize| -> String {
        (0..n).map(|i| format!("<Disk ovf:diskId='{i}' ovf:capacity='1' ovf:fileRef='f'/>")).collect()
    };
    let with = |file: &str, n: usize| {
        let (disks, machine) = (disks(n), machine(""));
        envelope(&format!("<References>{file}</References><DiskSection><Info/>{disks}</DiskSection>{machine}"))
    };
    let long = format!("<File ovf:id='f' ovf:href='{}'/>", "a".repeat(100_000));
    import(&with(&long, 20)).unwrap();
    refused(&with(&long, 2000), ErrorKind::Limit);
    let full = format!("<File ovf:id='f' ovf:href='a'>{}</File>", "<vnd:e/>".repeat(1000));
    import(&with(&full, 20)).unwrap();
    refused(&with(&full, 2000), ErrorKind::Limit);
    let short = "<File ovf:id='f' ovf:href='image.vmdk' ovf:size='1000000'/>";
    import_large(&with(short, 20_000)).unwrap();

    let drive = common::item("1", 15, &[("HostResource", "ovf:/file/f")]);
    let machines: String =
        (0..1000).map(|i| machine(&drive).replace("ovf:id=\"vm\"", &format!("ovf:id='{i}'"))).collect();
    let collection = format!("<VirtualSystemCollection ovf:id='c'><Info/>{machines}</VirtualSystemCollection>");
    refused(&envelope(&format!("<References>{long}</References>{collection}")), ErrorKind::Limit);
}

#[test]
fn the_bound_on_copies_is_at_least_the_limit_on_size() {
    let disks: String =
        (0..100).map(|i| format!("<Disk ovf:diskId='{i}' ovf:capacity='1' ovf:fileRef='f'/>")).collect();
    let file = format!("<File ovf:id='f' ovf:href='{}'/>", "a".repeat(10_000));
    let parts = format!("<References>{file}</References><DiskSection><Info/>{disks}</DiskSection>{}", machine(""));
    let descriptor = envelope(&parts);
    let mut options = ImportOptions::default();
    options.limits.size = 200_000;
    let error = cimi_ovf::import(descriptor.as_bytes(), &options).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Limit, "/Envelope/References/File['f']"));
    options.limits.size = 4_000_000;
    cimi_ovf::import(descriptor.as_bytes(), &options).unwrap();
}

#[test]
fn names_around_many_elements_do_not_multiply() {
    let long = "a".repeat(100_000);
    let properties: String = (0..1000).map(|i| format!("<Property ovf:key='{i}' ovf:type='string'/>")).collect();
    let product = |class: &str| {
        let section = format!("<ProductSection ovf:class='{class}'><Info/>{properties}</ProductSection>");
        envelope(&format!("<VirtualSystem ovf:id='v'><Info/>{section}</VirtualSystem>"))
    };
    import(&product("com.example")).unwrap();
    refused(&product(&long), ErrorKind::Limit);
    let vendor = envelope(&machine(&format!("<x>{}</x>", "<vnd:e/>".repeat(20_000))));
    // Only once, for what is beside each other is an array.
    import(&vendor.replace("http://vendor.example.com/ovf", &format!("urn:{}", "a".repeat(100)))).unwrap();
    refused(&vendor.replace("http://vendor.example.com/ovf", &format!("urn:{}", "a".repeat(4000))), ErrorKind::Limit);
}

/// One value for many configurations is held once, and so is the path to many elements.
#[test]
fn memory_is_linear() {
    let value = format!("<Value ovf:value='{}' ovf:configuration='{}'/>", "a".repeat(100_000), "c ".repeat(50_000));
    let product = format!("<ProductSection><Info/><Property ovf:key='k'>{value}</Property></ProductSection>");
    import(&envelope(&format!("<VirtualSystem ovf:id='v'><Info/>{product}</VirtualSystem>"))).unwrap();

    let (depth, id) = (50, "i".repeat(110));
    let open: String = (0..depth).map(|_| format!("<VirtualSystemCollection ovf:id='{id}'><Info/>")).collect();
    let hardware =
        machine(&common::item("1", 5, &[]).replace("</Item>", &("<rasd:HostResource/>".repeat(50_000) + "</Item>")));
    let nested = open + &hardware + &"</VirtualSystemCollection>".repeat(depth);
    let mut options = ReadOptions::default();
    options.limits = common::wide();
    let read = Descriptor::read(envelope(&nested).as_bytes(), &options).unwrap();
    let deep = read.deviations.iter().filter(|deviation| deviation.path.contains("/Item['1']/HostResource[0]"));
    assert!(deep.count() == 1, "{:?}", read.deviations);
}

#[test]
fn many_of_two_kinds_take_linear_time() {
    let n = 20_000;
    let networks: String = (0..n).map(|i| format!("<Network ovf:name='{i}'/>")).collect();
    let collections: String = (0..n).map(|i| format!("<VirtualSystemCollection ovf:id='{i}'/>")).collect();
    let parts = format!(
        "<NetworkSection><Info/>{networks}</NetworkSection>\
         <VirtualSystemCollection ovf:id='all'><Info/>{collections}</VirtualSystemCollection>"
    );
    assert_eq!(import_large(&envelope(&parts)).unwrap().template.component_descriptors.len(), 2 * n);

    let disks: String = (0..n).map(|i| format!("<Disk ovf:diskId='{i}' ovf:capacity='${{a}}'/>")).collect();
    let product = "<ProductSection><Info/><Property ovf:key='a' ovf:type='string' ovf:value='1'/></ProductSection>";
    let products = product.repeat(n);
    let parts =
        format!("<DiskSection><Info/>{disks}</DiskSection><VirtualSystem ovf:id='v'><Info/>{products}</VirtualSystem>");
    assert_eq!(common::volumes(&import_large(&envelope(&parts)).unwrap().template).len(), n);
}

#[test]
fn warnings_are_bounded() {
    let parts = machine(&"<Item><rasd:ResourceType>3</rasd:ResourceType></Item>".repeat(5000));
    assert_eq!(import(&envelope(&parts)).unwrap().warnings.len(), Limits::default().deviations);
}

/// Short elements become large templates: as many as a descriptor may have are too many.
#[test]
fn what_is_made_is_bounded() {
    let disks: String = (0..40_000).map(|at| format!("<Disk ovf:diskId='{at}' ovf:capacity='1'/>")).collect();
    refused(&envelope(&format!("<DiskSection><Info/>{disks}</DiskSection>{}", machine(""))), ErrorKind::Limit);
    let members: String = (0..20_000).map(|at| format!("<VirtualSystem ovf:id='{at}'/>")).collect();
    let all = format!("<VirtualSystemCollection ovf:id='all'><Info/>{members}</VirtualSystemCollection>");
    refused(&envelope(&all), ErrorKind::Limit);
}

/// The description of each of many instances is a copy.
#[test]
fn instances_of_long_descriptions_are_bounded() {
    let section = "<o:ScaleOutSection xmlns:o='http://schemas.dmtf.org/ovf/envelope/2' o:id='vm'><o:Info/>\
        <o:InstanceCount o:default='9000'/></o:ScaleOutSection>";
    let described = machine("").replace("A machine", &"long ".repeat(100_000));
    let all = format!("<VirtualSystemCollection ovf:id='all'><Info/>{section}{described}</VirtualSystemCollection>");
    let error = cimi_ovf::system(import(&envelope(&all)).unwrap().template).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}
