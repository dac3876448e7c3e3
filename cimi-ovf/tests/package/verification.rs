//! What the check of a package says.

use cimi_model::validate::Severity;
use cimi_ovf::package::{
    self, Algorithm, FileState, Files, Opened, PackageLimits, Rule, Source, Verification, VerifyOptions,
    verify_archive, verify_ova, verify_source,
};
use cimi_ovf::{ErrorKind, Result};

use crate::tarball::ova;
use crate::{descriptor, descriptor_of, manifest};

/// Checks in all ways: one pass, two passes, and as a folder; the verdicts must be the same.
fn verify(files: &[(&str, &[u8])]) -> Verification {
    let bytes = ova(files);
    let options = VerifyOptions::default();
    let once = verify_ova(bytes.as_slice(), &options).unwrap();
    let twice = verify_archive(std::io::Cursor::new(&bytes), &options, &mut |_| {}).unwrap();
    assert_eq!(states(&once), states(&twice));
    assert_eq!(texts(&once), texts(&twice));
    once
}

fn states(verification: &Verification) -> Vec<(&str, FileState)> {
    verification.files.iter().map(|file| (file.name.as_str(), file.state)).collect()
}

fn texts(verification: &Verification) -> Vec<String> {
    verification.findings.iter().map(|finding| format!("{}: {finding}", finding.severity)).collect()
}

#[track_caller]
fn has(verification: &Verification, severity: Severity, rule: Rule, name: &str) {
    let found = verification.findings.iter().any(|f| f.severity == severity && f.rule == rule && f.name == name);
    assert!(found, "{severity} {} {name}: {:#?}", rule.as_str(), texts(verification));
    assert_eq!(verification.is_ok(), verification.findings.iter().all(|f| f.severity < Severity::Error));
}

fn strict(files: &[(&str, &[u8])]) -> Result<Verification> {
    let mut options = VerifyOptions::default();
    options.strict = true;
    verify_ova(ova(files).as_slice(), &options)
}

#[test]
fn intact() {
    let ovf = descriptor_of(&["disk.vmdk", "disks/two.vmdk"]);
    let (one, two) = (b"content of one".as_slice(), b"content of two".as_slice());
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        let mf = manifest(algorithm, &[("a.ovf", &ovf), ("disk.vmdk", one), ("disks/two.vmdk", two)]);
        let orders: [&[(&str, &[u8])]; 2] = [
            &[("a.ovf", &ovf), ("a.mf", &mf), ("disk.vmdk", one), ("disks/two.vmdk", two)],
            &[("a.ovf", &ovf), ("disk.vmdk", one), ("disks/two.vmdk", two), ("a.mf", &mf)],
        ];
        for files in orders {
            let verification = verify(files);
            assert!(verification.is_ok() && verification.files.iter().all(|file| file.state == FileState::Matches));
            assert_eq!((verification.descriptor.as_str(), verification.manifest.as_deref()), ("a.ovf", Some("a.mf")));
            assert_eq!(verification.file("disk.vmdk").unwrap().algorithms, [algorithm]);
            assert_eq!(verification.file("disk.vmdk").unwrap().size, Some(14));
            assert!(strict(files).unwrap().is_ok());
            let weak = verification.findings.iter().filter(|finding| finding.rule == Rule::Strength).count();
            assert_eq!(weak, usize::from(algorithm == Algorithm::Sha1));
        }
    }
}

/// One byte of any file, and that file differs.
#[test]
fn changed() {
    let ovf = descriptor_of(&["disk.vmdk"]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf), ("disk.vmdk", b"content")]);
    let verification = verify(&[("a.ovf", &ovf), ("a.mf", &mf), ("disk.vmdk", b"kontent")]);
    assert_eq!(states(&verification), [("a.ovf", FileState::Matches), ("disk.vmdk", FileState::Differs)]);
    has(&verification, Severity::Error, Rule::Digest, "disk.vmdk");
    let other = descriptor("<File ovf:id='f0' ovf:href='disk.vmdk'/><!-- -->");
    let verification = verify(&[("a.ovf", &other), ("a.mf", &mf), ("disk.vmdk", b"content")]);
    assert_eq!(states(&verification), [("a.ovf", FileState::Differs), ("disk.vmdk", FileState::Matches)]);
}

#[test]
fn missing_and_not_covered() {
    let ovf = descriptor_of(&["a.vmdk", "b.vmdk", "http://example.org/c.vmdk", "../d.vmdk"]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf), ("gone", b""), ("b.vmdk", b"")]);
    let verification = verify(&[("a.ovf", &ovf), ("a.mf", &mf), ("a.vmdk", b"1"), ("extra", b"2")]);
    assert_eq!(
        states(&verification),
        [
            ("a.ovf", FileState::Matches),
            ("a.vmdk", FileState::NotCovered),
            ("extra", FileState::NotCovered),
            ("b.vmdk", FileState::Missing),
            ("http://example.org/c.vmdk", FileState::Remote),
            ("gone", FileState::Missing),
        ]
    );
    has(&verification, Severity::Error, Rule::Coverage, "a.vmdk");
    has(&verification, Severity::Error, Rule::Coverage, "extra");
    has(&verification, Severity::Warning, Rule::Reference, "extra");
    has(&verification, Severity::Error, Rule::Reference, "b.vmdk");
    has(&verification, Severity::Error, Rule::Reference, "gone");
    has(&verification, Severity::Warning, Rule::Reference, "http://example.org/c.vmdk");
    has(&verification, Severity::Error, Rule::Name, "../d.vmdk");
}

#[test]
fn without_a_manifest_nothing_is_wrong_or_covered() {
    let ovf = descriptor_of(&["a.vmdk"]);
    let verification = verify(&[("a.ovf", &ovf), ("a.vmdk", b"1")]);
    assert_eq!(states(&verification), [("a.ovf", FileState::NotCovered), ("a.vmdk", FileState::NotCovered)]);
    has(&verification, Severity::Warning, Rule::Coverage, "");
    assert!(verification.is_ok() && verification.manifest.is_none());
}

#[test]
fn manifests_with_faults() {
    use Severity::{Error, Warning};
    let ovf = descriptor_of(&["d"]);
    let right = manifest(Algorithm::Sha256, &[("a.ovf", &ovf), ("d", b"1")]);
    let other = manifest(Algorithm::Sha256, &[("d", b"2")]);
    let sha1 = manifest(Algorithm::Sha1, &[("d", b"1")]);
    let wrong_sha1 = manifest(Algorithm::Sha1, &[("d", b"2")]);
    let own = manifest(Algorithm::Sha256, &[("a.mf", b"")]);
    let outside = manifest(Algorithm::Sha256, &[("../x", b"")]);
    let letters = manifest(Algorithm::Sha256, &[("a.OVF", &ovf), ("D", b"1")]);
    let with = |more: &[u8]| [right.as_slice(), more].concat();
    for (mf, severity, rule, name) in [
        (with(b"nonsense\n"), Error, Rule::Manifest, "a.mf"),
        (with(b"MD5(d)= d41d8cd98f00b204e9800998ecf8427e\n"), Error, Rule::Manifest, "a.mf"),
        (with(&other), Error, Rule::Manifest, "d"),
        (with(&other), Error, Rule::Digest, "d"),
        (with(&wrong_sha1), Error, Rule::Digest, "d"),
        (with(&right), Warning, Rule::Manifest, "d"),
        (with(&own), Warning, Rule::Manifest, "a.mf"),
        (with(&outside), Error, Rule::Name, "../x"),
        (Vec::new(), Error, Rule::Manifest, "a.mf"),
        (letters, Warning, Rule::Name, "D"),
    ] {
        let verification = verify(&[("a.ovf", &ovf), ("a.mf", &mf), ("d", b"1")]);
        has(&verification, severity, rule, name);
        assert_eq!(verification.is_ok(), severity == Warning, "{:?}", texts(&verification));
        if severity == Warning {
            strict(&[("a.ovf", &ovf), ("a.mf", &mf), ("d", b"1")]).expect_err(name);
        }
    }
    // Both algorithms of a mixed manifest count.
    let verification = verify(&[("a.ovf", &ovf), ("a.mf", &with(&sha1)), ("d", b"1")]);
    assert_eq!(verification.file("d").unwrap().algorithms, [Algorithm::Sha256, Algorithm::Sha1]);
    assert!(verification.is_ok());
}

#[test]
fn which_descriptor_and_manifest_count() {
    let ovf = descriptor_of(&[]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf)]);
    let two = verify(&[("a.ovf", &ovf), ("b.ovf", &ovf)]);
    has(&two, Severity::Error, Rule::Descriptor, "b.ovf");
    let two = verify(&[("a.ovf", &ovf), ("a.mf", &mf), ("b.mf", &mf)]);
    has(&two, Severity::Error, Rule::Manifest, "b.mf");
    let named = verify(&[("a.ovf", &ovf), ("b.mf", &mf)]);
    has(&named, Severity::Warning, Rule::Manifest, "b.mf");
    let upper = verify(&[("a.OVF", &ovf)]);
    has(&upper, Severity::Warning, Rule::Name, "a.OVF");
    // What the descriptor lists is a file, whatever its name ends in; but not its own manifest.
    let nested = descriptor_of(&["b.ovf", "c.mf", "a.mf"]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &nested), ("b.ovf", &ovf), ("c.mf", b"")]);
    let nested = verify(&[("a.ovf", &nested), ("a.mf", &mf), ("b.ovf", &ovf), ("c.mf", b"")]);
    assert!(nested.is_ok(), "{:?}", texts(&nested));
    has(&nested, Severity::Warning, Rule::Reference, "a.mf");
    let macos = verify(&[("._a.ovf", b"\0\x05\x16\x07"), ("a.ovf", &ovf)]);
    assert_eq!((macos.descriptor.as_str(), macos.is_ok()), ("a.ovf", true));
    has(&macos, Severity::Warning, Rule::Reference, "._a.ovf");
    let listing = descriptor_of(&["c.mf"]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &listing), ("c.mf", b"x")]);
    assert!(verify(&[("a.ovf", &listing), ("c.mf", b"x"), ("a.mf", &mf)]).is_ok());
    let itself = descriptor_of(&["a.ovf"]);
    has(&verify(&[("a.ovf", &itself)]), Severity::Error, Rule::Reference, "a.ovf");
    let error = verify_ova(ova(&[("a.vmdk", b"")]).as_slice(), &VerifyOptions::default()).unwrap_err();
    assert_eq!(error.reason(), "the package has no descriptor (.ovf)");
    let broken = verify(&[("a.ovf", b"<Envelope>")]);
    has(&broken, Severity::Error, Rule::Descriptor, "a.ovf");
}

#[test]
fn order() {
    let ovf = descriptor_of(&["d", "e"]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf), ("d", b""), ("e", b"")]);
    let files: [(&str, &[u8]); 4] = [("a.ovf", &ovf), ("a.mf", &mf), ("d", b""), ("e", b"")];
    let order = |places: [usize; 4]| verify(&places.map(|place| files[place]));
    for right in [[0, 1, 2, 3], [0, 2, 3, 1]] {
        assert!(order(right).findings.is_empty());
    }
    has(&order([1, 0, 2, 3]), Severity::Warning, Rule::Order, "a.ovf");
    has(&order([2, 3, 0, 1]), Severity::Warning, Rule::Order, "a.ovf");
    has(&order([0, 2, 1, 3]), Severity::Warning, Rule::Order, "a.mf");
    has(&order([0, 1, 3, 2]), Severity::Warning, Rule::Order, "e");
}

#[test]
fn sizes_and_chunks() {
    let ovf = descriptor(
        "<File ovf:id='a' ovf:href='a' ovf:size='3'/><File ovf:id='b' ovf:href='b' ovf:size='12' ovf:chunkSize='5'/>\
         <File ovf:id='c' ovf:href='c' ovf:chunkSize='5'/><File ovf:id='d' ovf:href='d' ovf:size='-2'/>\
         <File ovf:id='e' ovf:href='e' ovf:size='5' ovf:chunkSize='0'/>\
         <File ovf:id='f' ovf:href='f' ovf:size='12' ovf:chunkSize='5'/>",
    );
    let verification = verify(&[
        ("x.ovf", &ovf),
        ("a", b"12"),
        ("b.000000000", b"12345"),
        ("b.000000002", b"1"),
        ("c.000000000", b"12345"),
        ("c.000000001", b"12"),
        ("c.000000003", b"12"),
        ("d", b"1"),
        ("e", b"12345"),
        ("f", b"123456789abc"),
    ]);
    has(&verification, Severity::Warning, Rule::Size, "a");
    has(&verification, Severity::Error, Rule::Reference, "b.000000001");
    has(&verification, Severity::Warning, Rule::Size, "b.000000002");
    has(&verification, Severity::Warning, Rule::Reference, "c.000000003");
    has(&verification, Severity::Warning, Rule::Size, "d");
    has(&verification, Severity::Error, Rule::Size, "e");
    has(&verification, Severity::Warning, Rule::Size, "f");
    assert!(verification.file("c.000000002").is_none() && verification.file("f.000000000").is_none());
}

/// `href` is percent-encoded, and some producers encode the names of members and entries too.
#[test]
fn encoded_names() {
    let ovf = descriptor_of(&["a%20b.vmdk"]);
    for (entry, file) in [("a%20b.vmdk", "a b.vmdk"), ("a b.vmdk", "a b.vmdk"), ("a%20b.vmdk", "a%20b.vmdk")] {
        let mf = manifest(Algorithm::Sha256, &[("x.ovf", &ovf), (entry, b"1")]);
        let verification = verify(&[("x.ovf", &ovf), ("x.mf", &mf), (file, b"1")]);
        assert!(verification.is_ok() && verification.findings.is_empty(), "{:?}", texts(&verification));
        assert_eq!(verification.file(file).unwrap().state, FileState::Matches);
    }
}

/// A package in a subfolder of the archive: all names are relative to the descriptor.
#[test]
fn in_a_folder() {
    let ovf = descriptor_of(&["d"]);
    let mf = manifest(Algorithm::Sha256, &[("x.ovf", &ovf), ("d", b"1")]);
    let verification = verify(&[("sub/x.ovf", &ovf), ("sub/x.mf", &mf), ("sub/d", b"1")]);
    assert!(verification.is_ok() && verification.findings.is_empty(), "{:?}", texts(&verification));
    assert_eq!(verification.file("sub/d").unwrap().state, FileState::Matches);
}

#[test]
fn folders_and_sources() {
    let ovf = descriptor_of(&["d", "e", "http://example.org/f"]);
    let mf = manifest(Algorithm::Sha256, &[("x.ovf", &ovf), ("d", b"1"), ("also", b"2"), ("e", b"")]);
    let files = Files::from_iter([
        ("x.ovf", ovf),
        ("x.mf", mf),
        ("d", b"1".to_vec()),
        ("also", b"3".to_vec()),
        ("unrelated", b"4".to_vec()),
    ]);
    let mut shown = Vec::new();
    let options = VerifyOptions::default();
    let verification =
        verify_source(&files, "x.ovf", &options, &mut |p| shown.push((p.name.to_owned(), p.done))).unwrap();
    let expected = [
        ("x.ovf", FileState::Matches),
        ("d", FileState::Matches),
        ("also", FileState::Differs),
        ("e", FileState::Missing),
        ("http://example.org/f", FileState::Remote),
    ];
    assert_eq!(states(&verification), expected);
    assert!(shown.contains(&("d".to_owned(), 1)));
    let error = verify_source(&files, "y.ovf", &options, &mut |_| {}).unwrap_err();
    assert_eq!(error.path(), "/y.ovf");
}

/// A source that fetches has its remote files checked too.
#[test]
fn remote_files() {
    struct Remote(Files, &'static [u8]);
    impl Source for Remote {
        fn open(&self, name: &str) -> Result<Option<Opened<'_>>> {
            self.0.open(name)
        }
        fn open_remote(&self, uri: &str) -> Result<Option<Opened<'_>>> {
            assert_eq!(uri, "http://example.org/d");
            Ok(Some(Opened::new(self.1.len() as u64, self.1)))
        }
    }
    let ovf = descriptor_of(&["http://example.org/d"]);
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf), ("http://example.org/d", b"remote")]);
    let files = Files::from_iter([("a.ovf", ovf), ("a.MF", mf)]);
    for (content, state) in [(&b"remote"[..], FileState::Matches), (b"other", FileState::Differs)] {
        let source = Remote(files.clone(), content);
        let verification = verify_source(&source, "a.ovf", &VerifyOptions::default(), &mut |_| {}).unwrap();
        assert_eq!(verification.file("http://example.org/d").unwrap().state, state);
        assert_eq!(verification.is_ok(), state == FileState::Matches, "{:?}", texts(&verification));
    }
    // One that does not says so, and nothing is missing.
    let verification = verify_source(&files, "a.ovf", &VerifyOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(verification.file("http://example.org/d").unwrap().state, FileState::Remote);
    assert!(verification.is_ok(), "{:?}", texts(&verification));
}

#[test]
fn limits() {
    let ovf = descriptor_of(&[]);
    let mut options = VerifyOptions::default();
    options.limits = PackageLimits { descriptor: 10, ..Default::default() };
    let error = verify_ova(ova(&[("a.ovf", &ovf)]).as_slice(), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    // 16,384 references with 16,000 chunks each are not all looked for.
    let file = "<File ovf:id='f' ovf:href='x' ovf:size='16000' ovf:chunkSize='1'/>";
    let bomb = descriptor(&file.repeat(10_000));
    let error = verify_ova(ova(&[("a.ovf", &bomb)]).as_slice(), &VerifyOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    options.limits = PackageLimits { findings: 3, ..Default::default() };
    let many = descriptor_of(&["a", "b", "c", "d", "e"]);
    let verification = verify_ova(ova(&[("a.ovf", &many)]).as_slice(), &options).unwrap();
    // The missing manifest, and three of five missing files.
    assert_eq!((verification.findings.len(), verification.dropped), (4, 2));
    options.limits = PackageLimits { findings: 0, ..Default::default() };
    assert!(!verify_ova(ova(&[("a.ovf", &many)]).as_slice(), &options).unwrap().is_ok());
}

/// A certificate alone signs nothing.
#[test]
fn certificate_without_manifest() {
    let ovf = descriptor_of(&[]);
    let verification = verify(&[("a.ovf", &ovf), ("a.cert", b"x")]);
    has(&verification, Severity::Error, Rule::Certificate, "a.cert");
    let mf = manifest(Algorithm::Sha256, &[("a.ovf", &ovf)]);
    let verification = verify(&[("a.ovf", &ovf), ("a.mf", &mf), ("a.cert", b"x")]);
    has(&verification, Severity::Error, Rule::Certificate, "a.cert");
}

#[test]
fn verifier_refuses_names() {
    let mut verifier = package::Verifier::new(&VerifyOptions::default());
    let error = verifier.add("../x", &mut &b""[..], &mut |_| Ok(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Value);
}
