//! Packages: archives, manifests and certificates.

use std::io::Cursor;

use cimi_ovf::package::{
    Algorithm, Certificate, Files, Manifest, ManifestChoice, Ova, PackOptions, PackageLimits, Source, UnpackOptions,
    Verification, VerifyOptions, pack, unpack, unpack_archive, verify_archive, verify_ova,
};

const BLOCK: usize = 512;

/// Reads a manifest, and the same bytes as a certificate.
///
/// # Panics
/// When what is written is not read as the same.
pub fn manifest(input: &[u8]) {
    let limits = PackageLimits::default();
    let strict = Manifest::read(input, true, &limits);
    let lenient = Manifest::read(input, false, &limits);
    if let Ok(strict) = &strict {
        assert_eq!(lenient.as_ref().ok(), Some(strict), "strict reading reads something else");
        assert!(strict.deviations.is_empty() && strict.problems.is_empty());
        assert_eq!(strict.to_string().as_bytes(), input, "what is strictly right is in its one form");
    }
    if let Ok(manifest) = lenient {
        let text = manifest.to_string();
        let again = Manifest::read(text.as_bytes(), true, &limits);
        let again = again.unwrap_or_else(|error| panic!("what was written is refused: {error}\n{text}"));
        assert_eq!(again.entries, manifest.entries, "{text}");
    }
    for strict in [false, true] {
        if let Ok(certificate) = Certificate::read(input, strict, &limits) {
            let _ = certificate.check(b"SHA256(a)= 00\n");
        }
    }
}

/// Reads an archive in all ways, and takes it apart; then the same with the checksums of its headers put right.
///
/// # Panics
/// When the ways disagree, or what is packed of its files is not the same.
pub fn ova(input: &[u8]) {
    archive(input);
    let mended = with_checksums(input);
    if mended != input {
        archive(&mended);
    }
}

/// Bounds that keep an archive of compressed zeros short.
fn limits() -> PackageLimits {
    PackageLimits { total: 1 << 24, descriptor: 1 << 20, ratio: 20, ..PackageLimits::default() }
}

fn archive(input: &[u8]) {
    for strict in [false, true] {
        let mut options = VerifyOptions::default();
        (options.strict, options.limits) = (strict, limits());
        let at_once = verify_ova(input, &options);
        let by_seeking = verify_archive(Cursor::new(input), &options, &mut |_| {});
        agree(at_once.as_ref().ok(), by_seeking.as_ref().ok());
        let mut unpacking = UnpackOptions::default();
        (unpacking.verify, unpacking.keep_bad) = (options, true);
        let [mut files, mut again] = [Files::default(), Files::default()];
        let unpacked = unpack(input, &mut files, &unpacking, &mut |_| {});
        let in_two = unpack_archive(Cursor::new(input), &mut again, &unpacking, &mut |_| {});
        assert_eq!(at_once.is_ok(), unpacked.is_ok(), "checked and unpacked are two things");
        if unpacked.is_err() {
            assert!(files.0.is_empty(), "something is left of a bad archive");
        }
        if unpacked.is_ok() && in_two.is_ok() {
            assert_eq!(files, again, "unpacked in two ways");
        }
        if let Ok(verification) = &unpacked {
            packed(&files, &verification.descriptor);
        }
    }
    one_by_one(input);
}

/// The second reading knows the manifest before the files; so only the verdict is the same.
fn agree(one: Option<&Verification>, other: Option<&Verification>) {
    if let (Some(one), Some(other)) = (one, other) {
        assert_eq!(one.is_ok(), other.is_ok(), "{one:?}\n{other:?}");
        assert_eq!(one.descriptor, other.descriptor);
    }
}

fn one_by_one(input: &[u8]) {
    let Ok(mut ova) = Ova::new(input, false, &limits()) else { return };
    let mut total = 0;
    while let Ok(Some(mut member)) = ova.next() {
        cimi_ovf::package::check_name(member.name()).expect("the name of a member is safe");
        let size = member.size();
        match member.read_whole(1 << 20) {
            Ok(content) => {
                assert_eq!(content.len() as u64, size, "a member has another size");
                total += content.len();
            }
            Err(_) => break,
        }
    }
    assert!(total <= 1 << 24, "the limit does not hold");
}

/// What was taken out of an archive can be packed again.
fn packed(files: &Files, descriptor: &str) {
    let mut options = PackOptions::default();
    (options.manifest, options.limits) = (ManifestChoice::Make(Algorithm::Sha256), limits());
    let mut bytes = Vec::new();
    let Ok(_) = pack(files, descriptor, &mut bytes, &options, &mut |_| {}) else { return };
    let mut strict = VerifyOptions::default();
    strict.limits = limits();
    let verification = verify_ova(bytes.as_slice(), &strict).expect("it was just packed");
    assert!(verification.is_ok(), "{verification:?}");
    for file in &verification.files {
        assert!(files.open(&file.name).is_ok_and(|file| file.is_some()), "{verification:?}");
    }
}

/// The archive with checksums that fit its headers, so that a changed header gets as far as it can.
fn with_checksums(input: &[u8]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    let mut start = 0;
    while let Some(header) = bytes.get_mut(start..start + BLOCK) {
        if header.iter().any(|byte| *byte != 0) {
            header[148..156].fill(b' ');
            let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
            header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        let digits = std::str::from_utf8(&header[124..136]).unwrap_or_default();
        let size = usize::from_str_radix(digits.trim_matches(['\0', ' ']), 8).unwrap_or(0);
        start = start.saturating_add(BLOCK).saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
    }
    bytes
}
