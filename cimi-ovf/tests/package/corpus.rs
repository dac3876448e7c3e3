//! Packages of real products, and hand-made variants and hostile ones.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cimi_ovf::package::{
    Certificate, Directory, FileState, Files, Manifest, PackageLimits, UnpackOptions, Verification, VerifyOptions,
    unpack, verify_archive, verify_ova, verify_source,
};

fn corpus() -> Option<PathBuf> {
    let Some(data) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return None;
    };
    Some(Path::new(&data).join("corpus"))
}

fn verify(path: &Path) -> cimi_ovf::Result<Verification> {
    let options = VerifyOptions::default();
    let archive = verify_archive(File::open(path).unwrap(), &options, &mut |_| {});
    let stream = verify_ova(File::open(path).unwrap(), &options);
    assert_eq!(archive.as_ref().map(Verification::is_ok).ok(), stream.as_ref().map(Verification::is_ok).ok());
    archive
}

#[test]
fn archives_of_products() {
    let Some(corpus) = corpus() else { return };
    let vcd = corpus.join("ovf/vmware_go-vcloud-director");
    let covered = verify(&vcd.join("test-resources__vapp_with_3_vms.ova")).unwrap();
    assert!(covered.is_ok() && covered.files.iter().all(|file| file.state == FileState::Matches));
    assert_eq!(covered.files.len(), 4);
    for name in ["template_with_custom_chunk_size", "template_without_vmdk_size", "test_vapp_template"] {
        let path = vcd.join(format!("test-resources__{name}.ova"));
        let verification = verify(&path).unwrap();
        assert!(verification.is_ok() && verification.manifest.is_none(), "{name} {:#?}", verification.findings);
        let mut files = Files::default();
        unpack(File::open(&path).unwrap(), &mut files, &UnpackOptions::default(), &mut |_| {}).unwrap();
        assert_eq!(files.0.len(), verification.files.len());
    }
    // Its authors changed the descriptor after the manifest was made, and put the certificate of openssl's own example in
    // it, which has a key of 512 bits.
    let sample = verify(&corpus.join("ovf/Awingu_open-ovf/py__tests__test_files__ourOVF.ova")).unwrap();
    assert!(!sample.is_ok());
    assert_eq!(sample.file("ourOVF.ovf").unwrap().state, FileState::Differs);
    assert_eq!(sample.file("Ubuntu1.vmdk").unwrap().state, FileState::Matches);
    assert_eq!(sample.file("Ubuntu-0.vmdk").unwrap().state, FileState::Matches);
    let signature = sample.signature.as_ref().unwrap();
    assert_eq!((signature.key.as_str(), signature.matches), ("RSA 512", false));
    let error = verify(&corpus.join("ovf/ganeti_ganeti/test__data__ovfdata__wrong_ova.ova")).unwrap_err();
    assert!(error.to_string().contains("XML document"), "{error}");
}

#[test]
fn manifests_and_certificates_of_products() {
    let Some(corpus) = corpus() else { return };
    let limits = PackageLimits::default();
    let mut count = 0;
    for folder in std::fs::read_dir(corpus.join("ovf")).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "mf"))
        {
            let manifest = Manifest::read(&std::fs::read(&path).unwrap(), true, &limits).unwrap();
            assert!(manifest.entries.len() >= 2, "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 5);
    let folder = corpus.join("ovf/Awingu_open-ovf");
    let certificate = std::fs::read(folder.join("py__tests__test_files__ourOVF.cert")).unwrap();
    let check = |manifest: &str| {
        let bytes = std::fs::read(folder.join(manifest)).unwrap();
        Certificate::read(&certificate, false, &limits).unwrap().check(&bytes).unwrap()
    };
    let check = check("py__tests__test_files__ourOVF.mf");
    assert_eq!((check.key.as_str(), check.weaknesses.len()), ("RSA 512", 2));
    assert!(check.matches, "{check:?}");
}

#[test]
fn variants() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("ovf-synthetic/pkg");
    for name in ["good.sha256", "gnu", "pax", "gz", "mf_at_end", "ovf_not_first"] {
        let verification = verify(&folder.join(format!("{name}.ova"))).unwrap();
        assert!(verification.is_ok(), "{name} {:#?}", verification.findings);
        assert!(verification.signature.as_ref().is_some_and(|signature| signature.matches), "{name}");
        assert!(verification.files.iter().all(|file| file.state == FileState::Matches), "{name}");
        let deviates = name != "good.sha256" && name != "mf_at_end";
        let mut strict = VerifyOptions::default();
        strict.strict = true;
        assert_eq!(
            verify_ova(File::open(folder.join(format!("{name}.ova"))).unwrap(), &strict).is_err(),
            deviates,
            "{name}"
        );
    }
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    for (manifest, certificate, deviations, matches) in [
        ("p.sha1.mf", "p.sha1.cert", 0, true),
        ("p.sha256.mf", "p.sha256.cert", 0, true),
        ("p.sha512.mf", "p.sha512.cert", 0, true),
        ("p.sha256.mf", "p.sha256.badsig.cert", 0, false),
        ("p.sha256.crlf.mf", "p.sha256.cert", 1, false),
        ("p.sha256.spaced.mf", "p.sha256.cert", 1, false),
        ("p.sha256.upper.mf", "p.sha256.cert", 2, false),
    ] {
        let files = Files::from_iter([
            ("p.ovf", read("p.ovf")),
            ("disk.bin", read("disk.bin")),
            ("p.mf", read(manifest)),
            ("p.cert", read(certificate)),
        ]);
        let verification = verify_source(&files, "p.ovf", &VerifyOptions::default(), &mut |_| {}).unwrap();
        assert_eq!(verification.signature.as_ref().map(|signature| signature.matches), Some(matches), "{manifest}");
        assert_eq!(verification.is_ok(), matches, "{manifest} {:#?}", verification.findings);
        let deviating = verification.findings.iter().any(|finding| finding.text.starts_with("line 1:"));
        assert_eq!(deviating, deviations > 0, "{manifest} {:#?}", verification.findings);
        if deviations < 2 {
            assert!(verification.files.iter().all(|file| file.state == FileState::Matches), "{manifest}");
        }
    }
}

#[test]
fn hostile() {
    let Some(corpus) = corpus() else { return };
    let mut count = 0;
    for path in std::fs::read_dir(corpus.join("ovf-synthetic/bad")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let start = Instant::now();
        if name.ends_with(".ova") {
            count += 1;
            let verification = verify(&path);
            assert!(!verification.is_ok_and(|verification| verification.is_ok()), "{name}");
            let mut files = Files::default();
            let error = unpack(File::open(&path).unwrap(), &mut files, &UnpackOptions::default(), &mut |_| {});
            assert!(error.is_err() && files.0.is_empty(), "{name}");
        } else if name.ends_with(".ovf") {
            // A folder with hostile descriptors: whatever they say, nothing outside of it is looked for.
            let directory = Directory::new(path.parent().unwrap()).unwrap();
            let verification = verify_source(&directory, &name, &VerifyOptions::default(), &mut |_| {});
            if name == "paths.ovf" {
                let verification = verification.unwrap();
                assert!(!verification.is_ok());
                assert!(verification.files.iter().all(|file| file.state != FileState::Matches));
                assert!(verification.findings.len() >= 11, "{:#?}", verification.findings);
            }
        } else if name == "mf_bad.mf" {
            let manifest = Manifest::read(&std::fs::read(&path).unwrap(), false, &PackageLimits::default()).unwrap();
            assert_eq!((manifest.entries.len(), manifest.problems.len()), (4, 3), "{manifest:#?}");
        }
        assert!(start.elapsed() < Duration::from_secs(10), "{name}, even when nothing is optimized");
    }
    assert!(count >= 10);
}
