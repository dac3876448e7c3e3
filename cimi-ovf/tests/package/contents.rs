//! The files of a descriptor: chunks, compression, places.

use std::io::{Read, Write};

use cimi_ovf::package::{Compression, Files, Opened, PackageLimits, Source, Target, open_file, references};
use cimi_ovf::{ErrorKind, Result};

use crate::descriptor;

fn one(attributes: &str) -> cimi_ovf::package::Reference {
    let text = descriptor(&format!("<File ovf:id='f' {attributes}/>"));
    references(&text, &PackageLimits::default()).unwrap().remove(0)
}

fn parts(attributes: &str) -> Result<Vec<String>> {
    one(attributes).parts(&PackageLimits::default()).map(Iterator::collect)
}

fn content(files: &Files, attributes: &str) -> std::result::Result<Vec<u8>, String> {
    let limits = PackageLimits::default();
    let mut bytes = Vec::new();
    let mut reader = open_file(files, &one(attributes), &limits).map_err(|error| error.to_string())?;
    reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn references_of_any_version() {
    let reference = one("ovf:href='a%20b.vmdk' ovf:size=' 12 ' ovf:compression='gzip' ovf:chunkSize='5'");
    assert_eq!((reference.id.as_str(), reference.href.as_str()), ("f", "a%20b.vmdk"));
    assert_eq!(reference.target(), Target::Member("a%20b.vmdk"));
    assert_eq!((reference.size, reference.chunk_size), (Some(12), Some(5)));
    assert_eq!(reference.compression, Compression::Gzip);
    assert!(reference.problems.is_empty());
    // 0.9 has children without a namespace, and attributes without a prefix are common.
    let old = b"<o:Envelope xmlns:o='http://www.vmware.com/schema/ovf/1/envelope' xmlns:v='urn:vendor'>\
        <References><File o:id='a' o:href='x.vmdk' v:size='7'/><v:Other><File o:href='no'/></v:Other></References>\
        <Section><File o:href='no'/></Section></o:Envelope>";
    let read = references(old, &PackageLimits::default()).unwrap();
    assert_eq!(read.iter().map(|file| (file.href.as_str(), file.size)).collect::<Vec<_>>(), [("x.vmdk", None)]);
    for compression in ["", "identity"] {
        assert_eq!(one(&format!("ovf:href='x' ovf:compression='{compression}'")).compression, Compression::None);
    }
    assert_eq!(one("ovf:href='x' ovf:compression='bzip2'").compression, Compression::Other("bzip2".into()));
}

#[test]
fn numbers_that_are_none() {
    for number in
        ["-2", "abcd", "-9223372036854775807", "18446744073709551616", "1e9", "0x10", "+5", "٣", "${SIZE}", ""]
    {
        let reference = one(&format!("ovf:href='x' ovf:size='{number}'"));
        assert_eq!((reference.size, reference.problems.len()), (None, 1), "{number}");
    }
}

#[test]
fn chunks() {
    assert_eq!(parts("ovf:href='x'").unwrap(), ["x"]);
    let names = parts("ovf:href='x' ovf:size='12' ovf:chunkSize='5'").unwrap();
    assert_eq!(names, ["x.000000000", "x.000000001", "x.000000002"]);
    assert_eq!(parts("ovf:href='x' ovf:size='10' ovf:chunkSize='5'").unwrap().len(), 2);
    assert_eq!(parts("ovf:href='x' ovf:size='0' ovf:chunkSize='5'").unwrap(), ["x.000000000"]);
    let reference = one("ovf:href='x' ovf:size='12' ovf:chunkSize='5'");
    assert_eq!([0, 1, 2].map(|place| reference.part_size(place)), [Some(5), Some(5), Some(2)]);
    for (attributes, kind) in [
        ("ovf:size='1000000000000' ovf:chunkSize='1'", ErrorKind::Limit),
        ("ovf:size='18446744073709551615' ovf:chunkSize='1'", ErrorKind::Limit),
        ("ovf:size='5' ovf:chunkSize='0'", ErrorKind::Value),
    ] {
        assert_eq!(parts(&format!("ovf:href='x' {attributes}")).unwrap_err().kind(), kind, "{attributes}");
    }
    let huge = "ovf:href='x' ovf:size='5' ovf:chunkSize='9223372036854775808'";
    assert_eq!(parts(huge).unwrap(), ["x.000000000"]);
}

#[test]
fn contents_are_put_together() {
    let files = Files::from_iter([
        ("whole", b"0123456789ab".to_vec()),
        ("a b", b"decoded".to_vec()),
        ("x.000000000", b"01234".to_vec()),
        ("x.000000001", b"56789".to_vec()),
        ("x.000000002", b"ab".to_vec()),
        ("packed", gzip(b"inside")),
        ("two", [gzip(b"in"), gzip(b"side")].concat()),
    ]);
    assert_eq!(content(&files, "ovf:href='whole'").unwrap(), b"0123456789ab");
    assert_eq!(content(&files, "ovf:href='a%20b'").unwrap(), b"decoded");
    assert_eq!(content(&files, "ovf:href='x' ovf:size='12' ovf:chunkSize='5'").unwrap(), b"0123456789ab");
    // Without a size, the first missing chunk is the end.
    assert_eq!(content(&files, "ovf:href='x' ovf:chunkSize='5'").unwrap(), b"0123456789ab");
    assert_eq!(content(&files, "ovf:href='packed' ovf:compression='gzip'").unwrap(), b"inside");
    assert_eq!(content(&files, "ovf:href='two' ovf:compression='gzip'").unwrap(), b"inside");
    for (attributes, reason) in [
        ("ovf:href='missing'", "not in the package"),
        ("ovf:href='x' ovf:size='22' ovf:chunkSize='5'", "not in the package"),
        ("ovf:href='y' ovf:chunkSize='5'", "not in the package"),
        ("ovf:href='whole' ovf:compression='gzip'", "gzip"),
        ("ovf:href='whole' ovf:compression='bzip2'", "'bzip2' is not supported"),
        ("ovf:href='../x'", "out of the package"),
        ("ovf:href='http://169.254.169.254/latest'", "is remote"),
    ] {
        let error = content(&files, attributes).unwrap_err();
        assert!(error.contains(reason), "{attributes}: {error}");
    }
}

#[test]
fn a_source_may_fetch() {
    struct Remote;
    impl Source for Remote {
        fn open(&self, _: &str) -> Result<Option<Opened<'_>>> {
            Ok(None)
        }
        fn open_remote(&self, uri: &str) -> Result<Option<Opened<'_>>> {
            assert_eq!(uri, "http://example.org/x");
            Ok(Some(Opened::new(3, &b"abc"[..])))
        }
    }
    let mut text = String::new();
    let limits = PackageLimits::default();
    open_file(&Remote, &one("ovf:href='http://example.org/x'"), &limits).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "abc");
}

#[test]
fn compressed_bombs() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..24 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let files = Files::from_iter([("bomb", encoder.finish().unwrap())]);
    let error = content(&files, "ovf:href='bomb' ovf:compression='gzip'").unwrap_err();
    assert!(error.contains("come out of each compressed byte"), "{error}");
}

#[test]
fn descriptors_that_are_none() {
    let limits = PackageLimits { members: 3, descriptor: 1000, ..Default::default() };
    let kind = |text: &[u8]| references(text, &limits).unwrap_err().kind();
    assert_eq!(kind(b"<html/>"), ErrorKind::Type);
    assert_eq!(kind(b"<Envelope>"), ErrorKind::Syntax);
    assert_eq!(kind(b"<!DOCTYPE a [<!ENTITY b 'c'>]><Envelope/>"), ErrorKind::Syntax);
    assert_eq!(kind(&descriptor(&"<File ovf:href='x'/>".repeat(4))), ErrorKind::Limit);
    assert_eq!(kind(&descriptor(&"<File ovf:href='x'/>".repeat(400))), ErrorKind::Limit);
}
