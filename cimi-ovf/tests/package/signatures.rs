//! Signatures: made, checked, and agreed on with openssl.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cimi_model::validate::Severity;
use cimi_ovf::package::{
    Algorithm, Certificate, Files, ManifestChoice, PackOptions, PackageLimits, Rule, Signer, UnpackOptions,
    Verification, VerifyOptions, certificates_from_pem, pack, unpack, verify_ova,
};
use cimi_ovf::{ErrorKind, Result};
use proptest::prelude::*;

use crate::tarball::ova;
use crate::{descriptor_of, manifest};

const KEYS: [&str; 5] = ["rsa2048", "rsa1024", "p256", "p384", "p521"];
const ALGORITHMS: [Algorithm; 4] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/package/keys").join(name)
}

fn pem(name: &str) -> String {
    std::fs::read_to_string(path(&format!("{name}.pem"))).unwrap()
}

fn signer(name: &str) -> Signer {
    Signer::from_pem(&pem(&format!("{name}.key")), &pem(&format!("{name}.crt"))).unwrap()
}

fn read(text: &str) -> Result<Certificate> {
    Certificate::read(text.as_bytes(), false, &PackageLimits::default())
}

#[test]
fn every_key_with_every_digest() {
    for key in KEYS {
        let signer = signer(key);
        for algorithm in ALGORITHMS {
            let certificate = signer.sign(algorithm, "web.mf", b"the manifest").unwrap();
            let text = certificate.to_string();
            assert!(text.starts_with(&format!("{algorithm}(web.mf)= ")), "{text}");
            let again = Certificate::read(text.as_bytes(), true, &PackageLimits::default()).unwrap();
            assert_eq!(again, certificate);
            let check = again.check(b"the manifest").unwrap();
            assert!(check.matches, "{key} {algorithm}");
            assert_eq!(check.subject, format!("CN={key},O=Example"));
            assert_eq!(check.issuer, check.subject);
            assert!(check.key.starts_with(if key.starts_with("rsa") { "RSA " } else { "ECDSA P-" }), "{}", check.key);
            let weak = usize::from(algorithm == Algorithm::Sha1) + usize::from(key == "rsa1024");
            assert_eq!(check.weaknesses.len(), weak, "{:?}", check.weaknesses);
            assert!(!again.check(b"The manifest").unwrap().matches, "{key} {algorithm}");
            let mut damaged = again.clone();
            *damaged.signature.last_mut().unwrap() ^= 1;
            assert!(!damaged.check(b"the manifest").unwrap().matches, "{key} {algorithm}");
            // The same signature as another digest's.
            damaged = again.clone();
            damaged.algorithm = if algorithm == Algorithm::Sha512 { Algorithm::Sha256 } else { Algorithm::Sha512 };
            assert!(!damaged.check(b"the manifest").unwrap().matches, "{key} {algorithm}");
        }
    }
}

#[test]
fn signatures_are_reproducible() {
    for key in ["rsa2048", "p256", "p384"] {
        let sign = || signer(key).sign(Algorithm::Sha256, "web.mf", b"x").unwrap().signature;
        assert_eq!(sign(), sign(), "{key}");
    }
}

#[test]
fn forms_of_private_keys() {
    for (key, certificate) in [("rsa2048.old", "rsa2048.crt"), ("p256.old", "p256.crt")] {
        Signer::from_pem(&pem(key), &pem(certificate)).unwrap();
    }
    // Openssl puts the parameters of the curve, or bags, before the key.
    let with_text = format!("Bag Attributes\n    friendlyName: x\n{}", pem("p384.key"));
    Signer::from_pem(&with_text, &pem("p384.crt")).unwrap();
    let refused = |key: &str, certificate: &str| Signer::from_pem(key, certificate).unwrap_err();
    let error = refused(&pem("p256.locked"), &pem("p256.crt"));
    assert!(error.kind() == ErrorKind::Unsupported && error.reason().contains("encrypted"), "{error}");
    let error = refused(&pem("p256.key"), &pem("p384.crt"));
    assert_eq!(error.reason(), "the certificate is not that of the private key");
    let error = refused(&pem("p256.key"), &pem("ed25519.crt"));
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(refused("", &pem("p256.crt")).reason(), "there is no private key");
    assert_eq!(refused(&pem("p256.key"), "").reason(), "there is no X.509 certificate");
    assert_eq!(refused(&pem("p256.key")[..100], &pem("p256.crt")).kind(), ErrorKind::Syntax);
    let key = pem("p256.key");
    let shown = format!("{:?} {:?}", signer("p256"), refused(&key.replace('M', "N"), &pem("p256.crt")));
    assert!(!key.lines().filter(|line| line.len() > 20 && !line.starts_with('-')).any(|line| shown.contains(line)));
}

#[test]
fn lenient_forms_of_certificates() {
    use base64::Engine as _;
    let certificate = signer("rsa2048").sign(Algorithm::Sha256, "web.mf", b"x").unwrap();
    let text = certificate.to_string();
    let (line, rest) = text.split_once('\n').unwrap();
    let digits = line.strip_prefix("SHA256(web.mf)= ").unwrap();
    let base64 = base64::engine::general_purpose::STANDARD.encode(&certificate.signature);
    let (half, other) = digits.split_at(digits.len() / 2);
    for (case, text) in [
        ("upper case", format!("SHA256(web.mf)= {}\n{rest}", digits.to_uppercase())),
        ("white space", format!("SHA256 (web.mf) = {digits}\n{rest}")),
        ("CR LF", text.replace('\n', "\r\n")),
        ("base64", format!("SHA256(web.mf)= {base64}\n{rest}")),
        ("two lines", format!("SHA256(web.mf)= {half}\n{other}\n{rest}")),
        (
            "text before the certificate",
            format!("{line}\nBag Attributes\n    localKeyID: 01\nsubject=/O=Example\n{rest}"),
        ),
        ("blank lines", format!("\n{line}\n\n{rest}\n\n")),
        ("a chain", format!("{text}{}", pem("p256.crt"))),
    ] {
        let read = read(&text).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(read.check(b"x").unwrap().matches, "{case}");
        assert_eq!(read.chain.len(), if case == "a chain" { 2 } else { 1 });
        let deviates = ["white space", "base64", "two lines"].contains(&case);
        assert_eq!(!read.deviations.is_empty(), deviates, "{case}: {:?}", read.deviations);
        let strict = Certificate::read(text.as_bytes(), true, &PackageLimits::default());
        assert_eq!(strict.is_err(), deviates, "{case}");
    }
}

#[test]
fn certificates_that_are_refused() {
    let text = signer("p256").sign(Algorithm::Sha256, "web.mf", b"x").unwrap().to_string();
    let (line, rest) = text.split_once('\n').unwrap();
    for (text, reason) in [
        (String::new(), "there is no line"),
        (rest.to_owned(), "there is no line"),
        (line.to_owned(), "no X.509 certificate"),
        (format!("MD5(web.mf)= 00\n{rest}"), "not a digest algorithm"),
        (format!("SHA256(web.mf)= !!\n{rest}"), "neither hexadecimal nor base64"),
        (text.replace("-----END CERTIFICATE-----", ""), "has no end"),
        (format!("{text}{}", rest.repeat(100)), "more than 64 blocks"),
        (format!("{line}\n-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"), "not base64"),
    ] {
        let error = read(&text).expect_err(reason);
        assert!(error.to_string().contains(reason), "{error}");
    }
    let error = Certificate::read(&vec![b'x'; 2 << 20], false, &PackageLimits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let garbage = read(&format!("{line}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).unwrap();
    assert_eq!(garbage.check(b"x").unwrap_err().kind(), ErrorKind::Syntax);
}

fn package(key: &str, algorithm: Algorithm) -> Vec<u8> {
    let files = Files::from_iter([("web.ovf", descriptor_of(&["d"])), ("d", b"1".to_vec())]);
    let signer = signer(key);
    let mut options = PackOptions::default();
    options.manifest = ManifestChoice::Make(algorithm);
    options.signer = Some(&signer);
    let mut bytes = Vec::new();
    pack(&files, "web.ovf", &mut bytes, &options, &mut |_| {}).unwrap();
    bytes
}

fn errors(verification: &Verification) -> Vec<Rule> {
    let errors = verification.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.rule).collect()
}

#[test]
fn trust_and_dates_are_checked_when_asked() {
    let bytes = package("p256", Algorithm::Sha256);
    let verification = verify_ova(bytes.as_slice(), &VerifyOptions::default()).unwrap();
    let signature = verification.signature.as_ref().unwrap();
    assert!(verification.is_ok() && signature.matches);
    assert_eq!((signature.trusted, signature.current), (None, None));
    assert_eq!((signature.key.as_str(), signature.name.as_str()), ("ECDSA P-256", "web.cert"));

    let trusted = certificates_from_pem(&pem("p256.crt")).unwrap();
    let trust = |chain: &[Vec<u8>]| if chain == trusted { Ok(()) } else { Err("a stranger".to_owned()) };
    let mut options = VerifyOptions::default();
    options.trust = Some(&trust);
    let year = Duration::from_secs(365 * 24 * 3600);
    let made = UNIX_EPOCH + year * 58;
    for (now, current, bad) in [
        (made, true, vec![]),
        (UNIX_EPOCH, false, vec![Rule::Validity]),
        (made + year * 200, false, vec![Rule::Validity]),
    ] {
        options.now = Some(now);
        let verification = verify_ova(bytes.as_slice(), &options).unwrap();
        let signature = verification.signature.as_ref().unwrap();
        assert_eq!((signature.trusted, signature.current), (Some(true), Some(current)));
        assert_eq!(errors(&verification), bad);
        assert!(signature.not_before < signature.not_after && signature.not_after < SystemTime::now() + year * 101);
    }
    let stranger = package("p384", Algorithm::Sha256);
    options.now = None;
    let verification = verify_ova(stranger.as_slice(), &options).unwrap();
    assert_eq!(errors(&verification), [Rule::Trust]);
    assert_eq!(verification.signature.unwrap().trusted, Some(false));
}

/// The certificate of a source is kept as long as the manifest is.
#[test]
fn certificates_are_kept_with_their_manifest() {
    let bytes = package("p256", Algorithm::Sha256);
    let mut files = Files::default();
    unpack(bytes.as_slice(), &mut files, &UnpackOptions::default(), &mut |_| {}).unwrap();
    let again = |files: &Files, options: &PackOptions<'_>| {
        let mut bytes = Vec::new();
        let packed = pack(files, "web.ovf", &mut bytes, options, &mut |_| {}).unwrap();
        (bytes, packed.signature.is_some())
    };
    assert_eq!(again(&files, &PackOptions::default()), (bytes, true));
    let mut options = PackOptions::default();
    options.manifest = ManifestChoice::Make(Algorithm::Sha512);
    assert!(!again(&files, &options).1);
    options.manifest = ManifestChoice::Omit;
    assert!(!again(&files, &options).1);
    files.0.remove("web.mf");
    assert!(!again(&files, &PackOptions::default()).1);
}

#[test]
fn signatures_that_do_not_fit() {
    let ovf = descriptor_of(&[]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf)]);
    let sign = |name: &str, bytes: &[u8]| signer("p256").sign(Algorithm::Sha256, name, bytes).unwrap().to_string();
    let verify = |mf: &[u8], cert: &str| {
        let bytes = ova(&[("a.ovf", &ovf), ("a.mf", mf), ("a.cert", cert.as_bytes())]);
        verify_ova(bytes.as_slice(), &VerifyOptions::default()).unwrap()
    };
    let right = verify(&mf, &sign("a.mf", &mf));
    assert_eq!(errors(&right), []);
    let other = verify(&mf, &sign("a.mf", b"another manifest"));
    assert_eq!(errors(&other), [Rule::Signature]);
    // The signed manifest had other ends of lines.
    let dos: Vec<u8> = String::from_utf8(mf.clone()).unwrap().replace('\n', "\r\n").into_bytes();
    for (now, then) in [(&mf, &dos), (&dos, &mf)] {
        let changed = verify(now, &sign("a.mf", then));
        assert_eq!(errors(&changed), [Rule::Signature]);
        assert!(changed.findings.iter().any(|finding| finding.text.contains("ends of its lines")));
    }
    assert_eq!(errors(&verify(&dos, &sign("a.mf", &dos))), []);
    let renamed = verify(&mf, &sign("b.mf", &mf));
    assert!(renamed.is_ok() && renamed.findings.iter().any(|finding| finding.rule == Rule::Certificate));
}

proptest! {
    /// However a certificate is damaged, it is refused or does not match; nothing panics.
    #[test]
    fn damaged(key in 0_usize..5, flips in proptest::collection::vec((0_usize..4000, any::<u8>()), 1..6)) {
        let name = ["rsa2048.crt", "rsa1024.crt", "p256.crt", "p384.crt", "p521.crt"][key];
        let mut chain = certificates_from_pem(&pem(name)).unwrap();
        for (place, value) in flips {
            let place = place % chain[0].len();
            chain[0][place] = value;
        }
        let certificate = Certificate::new(Algorithm::Sha256, "a.mf", vec![1; 64], chain);
        prop_assert!(!certificate.check(b"x").is_ok_and(|check| check.matches));
        let again = read(&certificate.to_string()).unwrap();
        prop_assert_eq!(again, certificate);
    }

    #[test]
    fn any_certificate_is_read_or_refused(text in "(?s)(SHA1|SHA256)?\\(?.{0,9}\\)?[= 0-9a-f]{0,20}\n?(-----BEGIN .{0,12}-----)?.{0,30}(-----END CERTIFICATE-----)?") {
        let _ = read(&text).map(|certificate| certificate.check(b"x"));
    }
}

/// `openssl dgst -verify` takes what is signed here, and what openssl signs is right here.
#[test]
fn openssl_agrees() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("skipped: there is no openssl");
        return;
    }
    let folder = std::env::temp_dir().join(format!("cimi-ovf-openssl-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
        path
    };
    let message = file("web.mf", b"SHA256(a)= 00\n");
    for key in KEYS {
        let certificate = path(&format!("{key}.crt.pem"));
        let public =
            Command::new("openssl").args(["x509", "-pubkey", "-noout", "-in"]).arg(&certificate).output().unwrap();
        let public = file("public.pem", &public.stdout);
        for algorithm in ALGORITHMS {
            let digest = format!("-{}", algorithm.as_str().to_lowercase());
            let ours = signer(key).sign(algorithm, "web.mf", b"SHA256(a)= 00\n").unwrap();
            let signature = file("signature", &ours.signature);
            let mut verify = Command::new("openssl");
            verify.args(["dgst", &digest, "-verify"]).arg(&public).arg("-signature");
            let verify = verify.arg(&signature).arg(&message).output().unwrap();
            assert!(verify.status.success(), "{key} {algorithm} {verify:?}");
            let mut theirs = Command::new("openssl");
            theirs.args(["dgst", &digest, "-hex", "-sign"]);
            let theirs = theirs.arg(path(&format!("{key}.key.pem"))).arg(&message).output().unwrap();
            let theirs = String::from_utf8(theirs.stdout).unwrap();
            let digits = theirs.trim().rsplit_once("= ").unwrap().1;
            let text = format!("{algorithm}(web.mf)= {digits}\n{}", pem(&format!("{key}.crt")));
            assert!(read(&text).unwrap().check(b"SHA256(a)= 00\n").unwrap().matches, "{key} {algorithm}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
