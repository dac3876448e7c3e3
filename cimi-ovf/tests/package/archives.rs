//! Archives: what is read, what is tolerated, what is refused.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use cimi_ovf::ErrorKind;
use cimi_ovf::package::{Ova, PackageLimits};
use proptest::prelude::*;

use crate::tarball::{BLOCK, archive, file, header, member, ova, pax, read, read_within, refused, seal};

#[test]
fn members_stream_in_order() {
    let bytes = ova(&[("a.ovf", b"<x/>"), ("empty", b""), ("exact", &[7; 1024]), ("disks/b.vmdk", &[1; 513])]);
    let (members, findings) = read(&bytes).unwrap();
    let expected = [("a.ovf", 4), ("empty", 0), ("exact", 1024), ("disks/b.vmdk", 513)];
    assert_eq!(members, expected.map(|(name, size)| (name.to_owned(), size)));
    assert_eq!(findings, [""; 0]);
    // What is not read of a member is passed over.
    for mut ova in [Ova::new(bytes.as_slice(), true, &PackageLimits::default()).unwrap()] {
        let mut names = Vec::new();
        while let Some(mut member) = ova.next().unwrap() {
            let mut one = [0; 1];
            let _ = member.read(&mut one).unwrap();
            names.push(member.name().to_owned());
        }
        assert_eq!(names.len(), 4);
    }
}

/// Each is tolerated with a finding, and refused when strict.
#[test]
fn deviations() {
    let gnu = seal({
        let mut block = header(b"a.ovf", b'0', b"00000000001");
        block[257..265].copy_from_slice(b"ustar  \0");
        block
    });
    let gnu = [gnu, vec![0; BLOCK]].concat();
    let long = "d/".repeat(60) + "disk.vmdk";
    let long_name = [member("././@LongLink", b'L', format!("{long}\0").as_bytes()), file(&long[..90], b"x")].concat();
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let one = file("a.ovf", b"x");
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("GNU header", archive(&[gnu]), "a.ovf", "headers of GNU"),
        ("GNU long name", archive(&[long_name]), &long, "headers of GNU"),
        ("pax name", archive(&[pax(&[("path", "ü.ovf")]), file("short", b"x")]), "ü.ovf", "headers of pax"),
        ("pax size", archive(&[pax(&[("size", "1")]), file("a.ovf", b"x")]), "a.ovf", "headers of pax"),
        ("pax comment", archive(&[member("g", b'g', b"15 comment=abc\n"), one.clone()]), "a.ovf", "headers of pax"),
        ("folder", archive(&[member("disks/", b'5', b""), one.clone()]), "a.ovf", "a folder as a member"),
        ("current folder", archive(&[member("./", b'5', b""), one.clone()]), "a.ovf", "a folder as a member"),
        ("./", archive(&[file("./a.ovf", b"x")]), "a.ovf", "begins with './'"),
        ("gzip", gzip(&archive(std::slice::from_ref(&one))), "a.ovf", "compressed with gzip"),
        ("no end", one.clone(), "a.ovf", "no end marker"),
        ("half an end", [one.clone(), vec![0; BLOCK]].concat(), "a.ovf", "one empty block"),
        (
            "trailer",
            [archive(std::slice::from_ref(&one)), b"PK\x03\x04".to_vec()].concat(),
            "a.ovf",
            "more behind the end",
        ),
    ];
    for (case, bytes, name, text) in cases {
        let (members, findings) = read(&bytes).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(members, [(name.to_owned(), 1)], "{case}");
        assert!(findings.len() == 1 && findings[0].contains(text), "{case}: {findings:?}");
        let strict = Ova::new(bytes.as_slice(), true, &PackageLimits::default());
        let error = strict.and_then(|mut ova| {
            while ova.next()?.is_some() {}
            Ok(())
        });
        assert!(error.expect_err(case).to_string().contains(text), "{case}");
    }
}

#[test]
fn names_that_collide_are_a_warning() {
    for (first, second) in [("disk", "DISK"), ("\u{e9}", "e\u{301}"), ("a b", "a%20b")] {
        let (members, findings) = read(&ova(&[(first, b"1"), (second, b"2")])).unwrap();
        assert_eq!(members.len(), 2);
        assert!(findings[0].contains("in other letters"), "{findings:?}");
    }
}

#[test]
fn what_is_no_file() {
    for (kind, what) in [
        (b'1', "hard link"),
        (b'2', "symbolic link"),
        (b'3', "device"),
        (b'4', "device"),
        (b'6', "pipe"),
        (b'S', "sparse"),
        (b'V', "unknown type"),
        (b'M', "unknown type"),
        (b'N', "unknown type"),
        (0xFF, "unknown type"),
    ] {
        refused(&archive(&[file("a.ovf", b"x"), member("d", kind, b"")]), ErrorKind::Unsupported, what);
    }
    // A long link of GNU comes before a link.
    let link = [member("././@LongLink", b'K', b"/etc/passwd\0"), member("d", b'2', b"")].concat();
    refused(&archive(&[link]), ErrorKind::Unsupported, "symbolic link");
}

#[test]
fn damaged_headers() {
    let wrong_sum = {
        let mut block = file("a.ovf", b"x");
        block[0] = b'b';
        block
    };
    refused(&archive(&[wrong_sum]), ErrorKind::Syntax, "no tar header");
    refused(&[b'x'; 2048], ErrorKind::Syntax, "no tar header");
    for size in [
        &b"-0000000001"[..],
        b"+0000000001",
        b"0000000000x",
        b"00000000008",
        b"0 0",
        b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE",
        b"\x80\0\0\0\x80\0\0\0\0\0\0\0",
        b"\x80\x01\0\0\0\0\0\0\0\0\0\x01",
        b"\xC0\0\0\0\0\0\0\0\0\0\0\x01",
    ] {
        refused(&archive(&[header(b"a.ovf", b'0', size)]), ErrorKind::Syntax, "is no size");
    }
    // The largest size that is one, and one that the input does not have.
    let huge = archive(&[header(b"a.ovf", b'0', b"\x80\0\0\0\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF")]);
    refused(&huge, ErrorKind::Limit, "larger than");
    refused(&archive(&[header(b"a.ovf", b'0', b"77777777777")]), ErrorKind::Syntax, "ends inside this member");
    let base256 = [header(b"a.ovf", b'0', b"\x80\0\0\0\0\0\0\0\0\0\0\x01"), vec![1; BLOCK]].concat();
    assert_eq!(read(&archive(&[base256])).unwrap().0, [("a.ovf".to_owned(), 1)]);
}

#[test]
fn names() {
    for name in ["../evil", "/tmp/evil", "a/../../b", "..", "C:x", "a\\b", "%2e%2e/x", "a//b", "con.vmdk", "a\u{202E}b"]
    {
        refused(&ova(&[("a.ovf", b""), (name, b"x")]), ErrorKind::Value, "the name is refused");
    }
    refused(&ova(&[("", b"")]), ErrorKind::Value, "it is empty");
    refused(&ova(&[("d", b"1"), ("d", b"2")]), ErrorKind::Duplicate, "two members of this name");
    refused(&ova(&[("d", b"1"), ("./d", b"2")]), ErrorKind::Duplicate, "two members of this name");
    refused(&archive(&[header(b"\xFF\xFE", b'0', b"0")]), ErrorKind::Value, "not UTF-8");
    refused(&archive(&[member("../", b'5', b"")]), ErrorKind::Value, "the name is refused");
    refused(&archive(&[pax(&[("path", "../x")]), file("a", b"")]), ErrorKind::Value, "the name is refused");
    let long_name = member("././@LongLink", b'L', b"../../x\0");
    refused(&archive(&[long_name, file("a", b"")]), ErrorKind::Value, "the name is refused");
}

#[test]
fn extensions_that_disagree_or_never_end() {
    let name = || member("././@LongLink", b'L', b"one\0");
    let disagreeing = [name(), pax(&[("path", "two")]), file("a", b"")].concat();
    refused(&archive(&[disagreeing]), ErrorKind::Syntax, "different names");
    refused(&archive(&[pax(&[("size", "9")]), file("a", b"x")]), ErrorKind::Syntax, "two sizes");
    refused(&archive(&[pax(&[("size", "-1")]), file("a", b"x")]), ErrorKind::Syntax, "gives no size");
    refused(&archive(&[pax(&[("size", "99999999999999999999")]), file("a", b"x")]), ErrorKind::Syntax, "gives no size");
    refused(&archive(&[pax(&[("path", "a"), ("path", "b")]), file("a", b"x")]), ErrorKind::Syntax, "twice");
    refused(&archive(&[pax(&[("GNU.sparse.major", "1")]), file("a", b"x")]), ErrorKind::Syntax, "sparse");
    refused(&archive(&[member("x", b'x', b"nonsense"), file("a", b"x")]), ErrorKind::Syntax, "damaged");
    refused(&archive(&[member("g", b'g', b"9 size=1\n"), file("a", b"x")]), ErrorKind::Unsupported, "all members");
    refused(&archive(&[name()]), ErrorKind::Syntax, "ends after a header");
    refused(&archive(&vec![pax(&[("comment", "x")]); 9]), ErrorKind::Limit, "too many headers");
    // A name of a gigabyte is not read.
    refused(&archive(&[header(b"././@LongLink", b'L', b"10000000000")]), ErrorKind::Limit, "a header of GNU or pax");
    refused(&archive(&[header(b"x", b'x', b"10000000000")]), ErrorKind::Limit, "a header of GNU or pax");
}

#[test]
fn what_is_no_archive() {
    refused(b"", ErrorKind::Syntax, "too short");
    refused(b"<?xml version='1.0'?><Envelope/>", ErrorKind::Syntax, "XML document");
    refused(&[b"PK\x03\x04".to_vec(), vec![0; 600]].concat(), ErrorKind::Syntax, "ZIP");
    refused(&[b"\xFD7zXZ\0".to_vec(), vec![0; 600]].concat(), ErrorKind::Syntax, "xz");
    refused(&[b"\x1F\x8B\x07\0".to_vec(), vec![0xAA; 600]].concat(), ErrorKind::Syntax, "gzip");
}

#[test]
fn limits() {
    let limits = PackageLimits { members: 2, ..Default::default() };
    let error = read_within(&ova(&[("a", b""), ("b", b""), ("c", b"")]), &limits).unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Limit, "the archive has more than 2 members"));
    let limits = PackageLimits { total: 10, ..Default::default() };
    assert_eq!(read_within(&ova(&[("a", &[0; 6]), ("b", &[0; 6])]), &limits).unwrap_err().kind(), ErrorKind::Limit);
    let limits = PackageLimits { names: 10, ..Default::default() };
    assert_eq!(read_within(&ova(&[("aaaaaa", b""), ("bbbbbb", b"")]), &limits).unwrap_err().kind(), ErrorKind::Limit);
    let limits = PackageLimits { name: 5, ..Default::default() };
    assert_eq!(read_within(&ova(&[("aaaaaa", b"")]), &limits).unwrap_err().kind(), ErrorKind::Limit);
}

/// Members without end, and zeros that were compressed to nothing: an error soon.
#[test]
fn bombs() {
    struct Endless(u64, Vec<u8>);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.1.is_empty() {
                self.0 += 1;
                self.1 = file(&format!("f{}", self.0), b"");
            }
            let read = buffer.len().min(self.1.len());
            buffer[..read].copy_from_slice(&self.1[..read]);
            self.1.drain(..read);
            Ok(read)
        }
    }
    let start = Instant::now();
    let mut ova = Ova::new(Endless(0, Vec::new()), false, &PackageLimits::default()).unwrap();
    let error = loop {
        match ova.next() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("there is no end"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&header(b"a.vmdk", b'0', b"77777777777")).unwrap();
    for _ in 0..24 {
        bomb.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 50_000);
    let mut ova = Ova::new(bomb.as_slice(), false, &PackageLimits::default()).unwrap();
    let mut member = ova.next().unwrap().unwrap();
    let error = std::io::copy(&mut member, &mut std::io::sink()).unwrap_err();
    assert!(error.to_string().contains("come out of each compressed byte"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20), "even when nothing is optimized");
}

proptest! {
    /// However an archive is cut off, that is noticed; however it is damaged, nothing panics and names stay safe.
    #[test]
    fn cut_off_or_damaged(cut in 0_usize..5000, flips in proptest::collection::vec((0_usize..5000, any::<u8>()), 0..8)) {
        let bytes = archive(&[
            file("a.ovf", b"<Envelope/>"),
            pax(&[("path", "disks/with a long name.vmdk")]),
            file("disk", &[3; 700]),
            file("b", &[4; 100]),
        ]);
        let whole = read(&bytes).unwrap();
        let cut_off = &bytes[..cut.min(bytes.len())];
        if cut_off.len() < bytes.len() && let Ok((members, findings)) = read(cut_off) {
            let noticed = findings.iter().any(|text| text.contains("no end marker") || text.contains("one empty block"));
            prop_assert!(members.len() <= whole.0.len() && noticed);
        }
        let mut damaged = bytes.clone();
        for (place, value) in flips {
            let place = place % damaged.len();
            damaged[place] = value;
        }
        if let Ok((members, _)) = read(&damaged) {
            for (name, _) in members {
                prop_assert!(cimi_ovf::package::check_name(&name).is_ok());
            }
        }
    }
}
