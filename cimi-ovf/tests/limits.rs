//! Hostile descriptors, environments, manifests and archives end soon, in an error and in little memory, on a small stack.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::format_collect,
    missing_docs,
    unreachable_pub,
    reason = "a test may fail loudly, and look at the clock"
)]

#[path = "../../cimi-model/tests/support/hostile.rs"]
#[allow(dead_code, reason = "descriptors are never JSON")]
mod hostile;

use std::io::Write;

use cimi_ovf::environment::EnvironmentDocument;
use cimi_ovf::package::{Manifest, Ova, PackageLimits, VerifyOptions, references, verify_ova};
use cimi_ovf::validate::Validation;
use cimi_ovf::{Descriptor, ImportOptions, ReadOptions, import};
use hostile::{ELEMENTS, is_refused, xml_contents};

const ENVELOPE: &str = "<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' \
    xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1'><References/>";

/// In one test, because memory is that of the whole process.
#[test]
fn hostile_packages() {
    let mut options = ReadOptions::default();
    options.limits.elements = ELEMENTS;
    let mut importing = ImportOptions::default();
    importing.limits = options.limits;
    for (what, content, must_refuse) in xml_contents() {
        for [before, after] in [
            ["", "<VirtualSystem ovf:id='v'><Info/></VirtualSystem>"],
            ["<VirtualSystem ovf:id='v'><Info>", "</Info></VirtualSystem>"],
            ["<DiskSection><Info/>", "</DiskSection><VirtualSystem ovf:id='v'><Info/></VirtualSystem>"],
            [
                "<VirtualSystem ovf:id='v'><Info/><VirtualHardwareSection><Info/><Item>",
                "</Item></VirtualHardwareSection></VirtualSystem>",
            ],
            [
                "<VirtualSystem ovf:id='v'><Info/><ProductSection><Info/><Property ovf:key='k' ovf:type='string'>",
                "</Property></ProductSection></VirtualSystem>",
            ],
        ] {
            let text = format!("{ENVELOPE}{before}{content}{after}</Envelope>");
            check(what, must_refuse, || {
                let parsed = Descriptor::read(text.as_bytes(), &options).map_err(|error| error.to_string())?;
                let _ = Validation::default().parsed(&parsed);
                parsed.value.to_vec().map(drop).map_err(|error| error.to_string())
            });
            check(what, must_refuse, || {
                import(text.as_bytes(), &importing).map(drop).map_err(|error| error.to_string())
            });
            check(what, false, || {
                references(text.as_bytes(), &PackageLimits::default()).map(drop).map_err(|error| error.to_string())
            });
        }
        let text = format!("<Environment xmlns='http://schemas.dmtf.org/ovf/environment/1'>{content}</Environment>");
        check(what, must_refuse, || {
            EnvironmentDocument::read(text.as_bytes(), &options).map(drop).map_err(|error| error.to_string())
        });
    }
    for (what, text) in manifests() {
        check(what, true, || {
            Manifest::read(&text, true, &PackageLimits::default()).map(drop).map_err(|error| error.to_string())
        });
        check(what, false, || {
            Manifest::read(&text, false, &PackageLimits::default()).map(drop).map_err(|error| error.to_string())
        });
    }
    for (what, archive) in archives() {
        check(what, true, || {
            let verification =
                verify_ova(&archive[..], &VerifyOptions::default()).map_err(|error| error.to_string())?;
            if verification.is_ok() { Ok(()) } else { Err("not intact".to_owned()) }
        });
        check(what, false, || {
            let mut ova =
                Ova::new(&archive[..], false, &PackageLimits::default()).map_err(|error| error.to_string())?;
            while ova.next().map_err(|error| error.to_string())?.is_some() {}
            Ok(())
        });
    }
}

#[track_caller]
fn check(what: &str, must_refuse: bool, read: impl FnOnce() -> Result<(), String> + Send) {
    assert!(is_refused(what, read) || !must_refuse, "{what}");
}

fn manifests() -> Vec<(&'static str, Vec<u8>)> {
    let n = 100_000;
    let digest = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    vec![
        ("many entries", format!("SHA1(a)= {digest}\n").repeat(20_000).into_bytes()),
        ("a long name", format!("SHA1({})= {digest}\n", "x".repeat(n)).into_bytes()),
        ("many brackets", format!("SHA1{}= {digest}\n", "(".repeat(n)).into_bytes()),
        ("a long digest", format!("SHA1(a)= {}\n", "0".repeat(n)).into_bytes()),
        ("blank lines", "\n".repeat(n).into_bytes()),
        ("no line", "x".repeat(n).into_bytes()),
        ("too large", vec![b'\n'; 5 << 20]),
    ]
}

/// A header of a member with these digits for its size.
fn header(name: &str, kind: u8, size: &[u8; 12]) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..136].copy_from_slice(size);
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

fn archives() -> Vec<(&'static str, Vec<u8>)> {
    let of = |name: &str, kind: u8, size: u64| {
        header(name, kind, format!("{size:011o}\0").as_bytes().try_into().expect("digits"))
    };
    let mut endless = vec![0xFF; 12];
    endless[0] = 0x80;
    let binary: [u8; 12] = endless.try_into().expect("bytes");
    let bomb = |content: &[u8], times: usize| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..times {
            out.write_all(content).expect("a Vec");
        }
        out.finish().expect("a Vec")
    };
    let many: Vec<u8> = (0..20_000).flat_map(|i| of(&format!("{i}.vmdk"), b'0', 0)).collect();
    let pax = format!("{} path={}\n", 100_000, "x".repeat(99_987));
    vec![
        ("many members", [of("a.ovf", b'0', 0), many].concat()),
        ("a size without an end", header("a.ovf", b'0', &binary)),
        ("a size that is too large", of("a.ovf", b'0', 0o77_777_777_777)),
        ("a long name of GNU", [of("././@LongLink", b'L', 1 << 32), vec![b'x'; 1 << 20]].concat()),
        ("a long pax header", [of("p", b'x', pax.len() as u64), pax.into_bytes()].concat()),
        ("pax headers one after another", of("p", b'x', 0).repeat(20_000)),
        ("zeros, compressed", bomb(&[0; 1 << 16], 1 << 10)),
        ("a descriptor, compressed", bomb(&[of("a.ovf", b'0', 1 << 30), vec![b' '; 1 << 20]].concat(), 64)),
        ("compressed again", bomb(&bomb(&[0; 1 << 16], 1 << 8), 1)),
        ("cut off", of("a.ovf", b'0', 1 << 20)),
    ]
}
