//! Manifests as producers write them.

use cimi_ovf::ErrorKind;
use cimi_ovf::package::{Algorithm, Digest, Manifest, PackageLimits};
use proptest::prelude::*;

fn read(text: &str) -> Manifest {
    Manifest::read(text.as_bytes(), false, &PackageLimits::default()).unwrap()
}

fn strict(text: &str) -> cimi_ovf::Result<Manifest> {
    Manifest::read(text.as_bytes(), true, &PackageLimits::default())
}

const SHA1: &str = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn digests_are_those_of_the_algorithms() {
    assert_eq!(Algorithm::Sha1.digest(b"").to_string(), SHA1);
    assert_eq!(Algorithm::Sha256.digest(b"").to_string(), SHA256);
    assert!(
        Algorithm::Sha384.digest(b"abc").to_string().starts_with("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163")
    );
    assert!(
        Algorithm::Sha512.digest(b"abc").to_string().starts_with("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2")
    );
}

#[test]
fn the_form_of_the_standard() {
    let text = format!("SHA1(a.ovf)= {SHA1}\nSHA256(disks/b (1).vmdk)= {SHA256}\n");
    let manifest = strict(&text).unwrap();
    assert_eq!((manifest.deviations.as_slice(), manifest.problems.as_slice()), (&[][..], &[][..]));
    assert_eq!(manifest.entries[1].name, "disks/b (1).vmdk");
    assert_eq!(manifest.entries[1].digest.algorithm, Algorithm::Sha256);
    assert_eq!(manifest.to_string(), text);
}

/// Every one of them has been seen; strict reading refuses each at its line.
#[test]
fn lenient_forms() {
    let upper = SHA256.to_uppercase();
    for line in [
        format!("SHA256 (a.ovf) = {SHA256}\n"),
        format!("SHA256(a.ovf)={SHA256}\n"),
        format!("SHA256(a.ovf) =   {SHA256}  \n"),
        format!("  SHA256(a.ovf)= {SHA256}\n"),
        format!("SHA256(a.ovf)= {upper}\n"),
        format!("sha256(a.ovf)= {SHA256}\n"),
        format!("SHA-256(a.ovf)= {SHA256}\n"),
        format!("SHA2-256(a.ovf)= {SHA256}\n"),
        format!("SHA256(a.ovf)= {SHA256}\r\n"),
        format!("SHA256(a.ovf)= {SHA256}"),
        format!("\nSHA256(a.ovf)= {SHA256}\n"),
        format!("\u{feff}SHA256(a.ovf)= {SHA256}\n"),
    ] {
        let manifest = read(&line);
        assert_eq!(manifest.entries.len(), 1, "{line:?}");
        assert_eq!(manifest.entries[0].name, "a.ovf", "{line:?}");
        assert_eq!(manifest.entries[0].digest, Algorithm::Sha256.digest(b""), "{line:?}");
        assert!(!manifest.deviations.is_empty() && manifest.problems.is_empty(), "{line:?}");
        let error = strict(&line).unwrap_err();
        assert_eq!((error.kind(), error.location().unwrap().line), (ErrorKind::Value, 1), "{line:?}");
        assert_eq!(read(&manifest.to_string()).deviations, []);
    }
}

#[test]
fn names_with_signs_of_the_form_in_them() {
    for name in ["a)= x", "certname (32-bit).mf", "a(b)", "()", "=", "a = b) ", " a"] {
        let text = format!("SHA1({name})= {SHA1}\n");
        assert_eq!(strict(&text).unwrap().entries[0].name, name, "{text}");
    }
}

#[test]
fn lines_that_say_nothing() {
    for (line, reason) in [
        ("nonsense", "not an entry"),
        ("SHA1 a = 00", "not an entry"),
        ("MD5(a)= d41d8cd98f00b204e9800998ecf8427e", "not a digest algorithm"),
        ("SHA3-256(a)= 00", "not a digest algorithm"),
        ("SHA1(a)= zz", "not 40 digits"),
        ("SHA1(a)= da39a3ee", "not 40 digits"),
        ("SHA1(a)= ", "not 40 digits"),
        (&format!("SHA256(a)= {SHA1}"), "not 64 digits"),
        (&format!("SHA1(a)= {SHA1}00"), "not 40 digits"),
        (&format!("SHA1()= {SHA1}"), "the name is empty"),
    ] {
        let text = format!("SHA1(ok)= {SHA1}\n{line}\nSHA1(ok2)= {SHA1}\n");
        let manifest = read(&text);
        assert_eq!(manifest.entries.len(), 2, "{line}");
        assert_eq!((manifest.problems.len(), manifest.problems[0].line), (1, 2), "{line}");
        assert!(manifest.problems[0].text.contains(reason), "{line}: {}", manifest.problems[0]);
        assert_eq!(strict(&text).unwrap_err().location().unwrap().line, 2);
    }
}

#[test]
fn what_is_refused() {
    let limits = PackageLimits { members: 2, ..Default::default() };
    let text = format!("SHA1(a)= {SHA1}\n").repeat(3);
    assert_eq!(Manifest::read(text.as_bytes(), false, &limits).unwrap_err().kind(), ErrorKind::Limit);
    let limits = PackageLimits { manifest: 10, ..Default::default() };
    assert_eq!(Manifest::read(text.as_bytes(), false, &limits).unwrap_err().kind(), ErrorKind::Limit);
    let error = Manifest::read(b"SHA1(a)= 00\nSHA1(\xFF)= 00", false, &PackageLimits::default()).unwrap_err();
    assert_eq!((error.kind(), error.location().unwrap().line), (ErrorKind::Syntax, 2));
    // A line of megabytes is one problem, shown short.
    let manifest = read(&format!("SHA1({})= 00", "x".repeat(3 << 20)));
    assert!(manifest.problems[0].to_string().len() < 300);
}

proptest! {
    #[test]
    fn what_is_written_is_read(names in proptest::collection::vec("[^\\p{Cc}]{1,20}", 0..5), algorithm in 0_usize..3) {
        let algorithm = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512][algorithm];
        let mut manifest = Manifest::default();
        for name in names.iter().filter(|name| !name.trim().is_empty()) {
            manifest.push(name, algorithm.digest(name.as_bytes()));
        }
        prop_assert_eq!(strict(&manifest.to_string()).unwrap(), manifest);
    }

    #[test]
    fn any_text_is_read(text in "(?s)(SHA1|SHA256|[^a]{0,4})[ (a)=0-9\\n]{0,30}.{0,20}") {
        let manifest = read(&text);
        for entry in &manifest.entries {
            prop_assert_eq!(entry.digest.bytes.len(), entry.digest.algorithm.size());
        }
    }

    #[test]
    fn digests_survive_text(bytes in proptest::array::uniform32(any::<u8>())) {
        let text: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        let digest = Digest::from_hex(Algorithm::Sha256, &text).unwrap();
        prop_assert_eq!((digest.to_string(), &*digest.bytes), (text.to_lowercase(), &bytes[..]));
    }
}
