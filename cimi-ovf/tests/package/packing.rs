//! Making archives and taking them apart.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::Command;

use cimi_ovf::package::{
    Algorithm, Directory, FileState, Files, ManifestChoice, Opened, PackOptions, Sink, Source, UnpackOptions,
    VerifyOptions, pack, unpack, unpack_archive, verify_ova, verify_source,
};
use cimi_ovf::{Error, ErrorKind, Result};
use proptest::prelude::*;

use crate::tarball::{archive, file, ova, read};
use crate::{descriptor, descriptor_of, manifest};

/// A folder of this test's own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cimi-ovf-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn packed(files: &Files, options: &PackOptions<'_>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pack(files, "web.ovf", &mut bytes, options, &mut |_| {})?;
    Ok(bytes)
}

fn example() -> Files {
    Files::from_iter([
        ("web.ovf", descriptor_of(&["web.vmdk", "disks/data%201.vmdk", "http://example.org/x"])),
        ("web.vmdk", vec![1; 1000]),
        ("disks/data 1.vmdk", vec![2; 513]),
        ("unrelated.txt", vec![3; 10]),
    ])
}

#[test]
fn descriptor_first_then_manifest_then_files() {
    let bytes = packed(&example(), &PackOptions::default()).unwrap();
    let (members, findings) = read(&bytes).unwrap();
    let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["web.ovf", "web.mf", "web.vmdk", "disks/data 1.vmdk"]);
    assert_eq!(findings, [""; 0], "the archive is plain USTAR");
    let verification = verify_ova(bytes.as_slice(), &VerifyOptions::default()).unwrap();
    assert!(verification.is_ok());
    assert_eq!(verification.file("web.vmdk").unwrap().algorithms, [Algorithm::Sha1], "as OVF 1.x has it");
    let mut newer = example();
    let text = String::from_utf8(newer.0["web.ovf"].clone()).unwrap().replace("ovf/envelope/1", "ovf/envelope/2");
    newer.0.insert("web.ovf".into(), text.into_bytes());
    let newer = verify_ova(packed(&newer, &PackOptions::default()).unwrap().as_slice(), &VerifyOptions::default());
    assert_eq!(newer.unwrap().file("web.vmdk").unwrap().algorithms, [Algorithm::Sha256], "as OVF 2.x has it");
    assert_eq!(bytes, packed(&example(), &PackOptions::default()).unwrap(), "the same files give the same bytes");
    let mut options = PackOptions::default();
    options.manifest = ManifestChoice::Omit;
    assert_eq!(read(&packed(&example(), &options).unwrap()).unwrap().0.len(), 3);
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        options.manifest = ManifestChoice::Make(algorithm);
        let verification = verify_ova(packed(&example(), &options).unwrap().as_slice(), &VerifyOptions::default());
        assert_eq!(verification.unwrap().file("web.ovf").unwrap().algorithms, [algorithm]);
    }
}

#[test]
fn a_manifest_that_is_there_is_kept_and_must_be_right() {
    let mut files = example();
    let entries: Vec<(&str, &[u8])> = vec![
        ("web.vmdk", files.0["web.vmdk"].as_slice()),
        ("disks/data%201.vmdk", &files.0["disks/data 1.vmdk"]),
        ("web.ovf", &files.0["web.ovf"]),
    ];
    let mf = manifest(Algorithm::Sha1, &entries);
    let partial = manifest(Algorithm::Sha1, &entries[..2]);
    files.0.insert("web.mf".into(), mf.clone());
    let bytes = packed(&files, &PackOptions::default()).unwrap();
    let mut kept = Files::default();
    unpack(bytes.as_slice(), &mut kept, &UnpackOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(kept.0["web.mf"], mf);
    files.0.insert("web.mf".into(), partial);
    let error = packed(&files, &PackOptions::default()).unwrap_err();
    assert!(error.to_string().contains("does not cover"), "{error}");
    files.0.insert("web.mf".into(), mf);
    files.0.get_mut("web.vmdk").unwrap().push(0);
    let error = packed(&files, &PackOptions::default()).unwrap_err();
    assert_eq!((error.path(), error.kind()), ("/web.vmdk", ErrorKind::Value));
    let mut options = PackOptions::default();
    options.manifest = ManifestChoice::Make(Algorithm::Sha256);
    packed(&files, &options).unwrap();
}

#[test]
fn chunks_are_packed() {
    let files = Files::from_iter([
        ("web.ovf", descriptor("<File ovf:id='a' ovf:href='d' ovf:size='12' ovf:chunkSize='5'/>")),
        ("d.000000000", vec![1; 5]),
        ("d.000000001", vec![1; 5]),
        ("d.000000002", vec![1; 2]),
    ]);
    let bytes = packed(&files, &PackOptions::default()).unwrap();
    let names: Vec<_> = read(&bytes).unwrap().0.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["web.ovf", "web.mf", "d.000000000", "d.000000001", "d.000000002"]);
}

#[test]
fn what_cannot_be_packed() {
    for (files, reason) in [
        ("<File ovf:id='a' ovf:href='gone'/>", "it is not there"),
        ("<File ovf:id='a' ovf:href='../x'/>", "out of the package"),
        ("<File ovf:id='a' ovf:href='file:///etc/passwd'/>", "out of the package"),
        ("<File ovf:id='a' ovf:href='web.ovf'/>", "lists itself"),
        ("<File ovf:id='a' ovf:href='d' ovf:size='9' ovf:chunkSize='1'/>", "it is not there"),
        ("<File ovf:id='a' ovf:href='d' ovf:size='9' ovf:chunkSize='0'/>", "a size of 0"),
        ("<File", "web.ovf"),
    ] {
        let files = Files::from_iter([("web.ovf", descriptor(files))]);
        let error = packed(&files, &PackOptions::default()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let error = packed(&Files::default(), &PackOptions::default()).unwrap_err();
    assert!(error.to_string().contains("the descriptor is not there"), "{error}");
}

/// A source whose file is another size than it said.
struct Liar(u64);

impl Source for Liar {
    fn open(&self, name: &str) -> Result<Option<Opened<'_>>> {
        match name {
            "web.ovf" => Ok(Some(Opened::new(0, io::Cursor::new(descriptor_of(&["d"]))))),
            "d" => Ok(Some(Opened::new(self.0, &b"12345"[..]))),
            _ => Ok(None),
        }
    }
}

#[test]
fn files_that_change_while_they_are_packed() {
    for (size, word) in [(4, "grown"), (6, "shrunk")] {
        let error = pack(&Liar(size), "web.ovf", io::sink(), &PackOptions::default(), &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    pack(&Liar(5), "web.ovf", io::sink(), &PackOptions::default(), &mut |_| {}).unwrap();
}

/// Long names go into the prefix of USTAR, or into a header of pax.
#[test]
fn long_names() {
    for name in ["folder/".repeat(20) + "disk.vmdk", "x".repeat(180) + ".vmdk", "名前".repeat(40)] {
        let files = Files::from_iter([("web.ovf", descriptor_of(&[&name])), (&name, vec![7; 100])]);
        let bytes = packed(&files, &PackOptions::default()).unwrap();
        assert_eq!(read(&bytes).unwrap().0[2], (name.clone(), 100));
        if let Some(listed) = tar(&bytes, "tf") {
            assert!(listed.lines().any(|line| line == name), "{listed}");
        }
    }
}

/// What tar says of an archive; nothing where there is no tar.
fn tar(bytes: &[u8], what: &str) -> Option<String> {
    let piped = std::process::Stdio::piped;
    let mut tar = Command::new("tar");
    tar.args([what, "-", "--quoting-style=literal"]).stdin(piped()).stdout(piped()).stderr(piped());
    let tar = tar.spawn();
    let Ok(mut tar) = tar else {
        println!("skipped: there is no tar");
        return None;
    };
    let mut input = tar.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let feeder = std::thread::spawn(move || input.write_all(&bytes));
    let output = tar.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn other_tools_agree() {
    let folder = Folder::new("tools");
    let mut options = PackOptions::default();
    options.manifest = ManifestChoice::Make(Algorithm::Sha256);
    let bytes = packed(&example(), &options).unwrap();
    let Some(listed) = tar(&bytes, "tvf") else { return };
    let sizes: Vec<_> = listed.lines().map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    assert_eq!(sizes[2..], ["1000", "513"], "{listed}");
    let path = folder.0.join("x.ova");
    std::fs::write(&path, &bytes).unwrap();
    let extract = Command::new("tar").args(["xf", "x.ova"]).current_dir(&folder.0).status().unwrap();
    assert!(extract.success());
    // The lines of the manifest in the form of sha256sum.
    let text = std::fs::read_to_string(folder.0.join("web.mf")).unwrap();
    let lines = text.lines().map(|line| {
        let (name, digest) = line.strip_prefix("SHA256(").unwrap().split_once(")= ").unwrap();
        format!("{digest}  {name}\n")
    });
    std::fs::write(folder.0.join("sums"), lines.collect::<String>()).unwrap();
    match Command::new("sha256sum").args(["-c", "--strict", "sums"]).current_dir(&folder.0).output() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(_) => println!("skipped: there is no sha256sum"),
    }
}

#[test]
fn folders_round_trip() {
    let (from, to) = (Folder::new("from"), Folder::new("to"));
    let files = example();
    for (name, content) in &files.0 {
        std::fs::create_dir_all(from.0.join(name).parent().unwrap()).unwrap();
        std::fs::write(from.0.join(name), content).unwrap();
    }
    let mut bytes = Vec::new();
    let source = Directory::new(&from.0).unwrap();
    assert_eq!(source.descriptors().unwrap(), ["web.ovf"]);
    pack(&source, "web.ovf", &mut bytes, &PackOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(bytes, packed(&files, &PackOptions::default()).unwrap());
    let (mut done, options) = (0, UnpackOptions::default());
    let mut sink = Directory::new(&to.0).unwrap();
    unpack(bytes.as_slice(), &mut sink, &options, &mut |progress| done = done.max(progress.done)).unwrap();
    assert_eq!(done, 1000);
    assert_eq!(to.names(), ["disks", "web.mf", "web.ovf", "web.vmdk"]);
    assert_eq!(std::fs::read(to.0.join("disks/data 1.vmdk")).unwrap(), vec![2; 513]);
    let verification = verify_source(&sink, "web.ovf", &VerifyOptions::default(), &mut |_| {}).unwrap();
    assert!(verification.is_ok() && verification.file("web.vmdk").unwrap().state == FileState::Matches);
    // Nothing is overwritten, and what was there stays.
    let error = unpack(bytes.as_slice(), &mut sink, &options, &mut |_| {}).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(to.names(), ["disks", "web.mf", "web.ovf", "web.vmdk"]);
}

/// With a second thread for the digests, everything is the same.
#[test]
fn large_files_and_threads() {
    let large: Vec<u8> = (0_u32..2_500_000).flat_map(u32::to_le_bytes).collect();
    let files = Files::from_iter([("web.ovf", descriptor_of(&["d"])), ("d", large.clone())]);
    let mut options = PackOptions::default();
    let alone = packed(&files, &options).unwrap();
    options.threads = true;
    let mut bytes = packed(&files, &options).unwrap();
    assert!(alone == bytes);
    let mut unpacking = UnpackOptions::default();
    unpacking.verify.threads = true;
    let mut out = Files::default();
    unpack(bytes.as_slice(), &mut out, &unpacking, &mut |_| {}).unwrap();
    assert!(out.0["d"] == large);
    let place = bytes.len() - 3000;
    bytes[place] ^= 1;
    let verification = verify_ova(bytes.as_slice(), &unpacking.verify).unwrap();
    assert_eq!(verification.file("d").unwrap().state, FileState::Differs);
    let cut_off = &bytes[..bytes.len() / 2];
    let error = verify_ova(cut_off, &unpacking.verify).unwrap_err();
    assert!(error.to_string().contains("ends inside this member"), "{error}");
}

/// An archive that can be read twice is looked at before anything is written.
#[test]
fn headers_are_read_first() {
    struct Untouched;
    impl Sink for Untouched {
        fn create(&mut self, name: &str) -> Result<Box<dyn Write + '_>> {
            panic!("{name} was begun");
        }
        fn remove(&mut self, name: &str) {
            panic!("{name} was removed");
        }
    }
    let ovf = descriptor_of(&["d"]);
    let whole = ova(&[("x.ovf", ovf.as_slice()), ("d", &[1; 5000])]);
    for bytes in [
        ova(&[("x.ovf", ovf.as_slice()), ("d", b"1"), ("../x", b"")]),
        ova(&[("x.ovf", ovf.as_slice()), ("d", b"1"), ("d", b"")]),
        whole[..4000].to_vec(),
    ] {
        let reader = io::Cursor::new(bytes);
        unpack_archive(reader, &mut Untouched, &UnpackOptions::default(), &mut |_| {}).unwrap_err();
    }
    let mut out = Files::default();
    unpack_archive(io::Cursor::new(whole), &mut out, &UnpackOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(out.0.len(), 2);
}

/// Whatever is wrong, nothing of it stays.
#[test]
fn bad_archives_leave_nothing() {
    let ovf = descriptor_of(&["disks/d"]);
    let mf = manifest(Algorithm::Sha256, &[("x.ovf", &ovf), ("disks/d", b"1")]);
    let good = [("x.ovf", ovf.as_slice()), ("x.mf", &mf), ("disks/d", b"1")];
    let bad: Vec<Vec<u8>> = vec![
        ova(&[good[0], good[1], ("disks/d", b"2")]),
        ova(&[good[0], good[1]]),
        ova(&[good[0], good[1], good[2], ("../evil", b"")]),
        ova(&[good[0], good[1], good[2], ("y.ovf", b"")]),
        ova(&[good[0], good[1], good[2], good[2]]),
        ova(&good)[..2600].to_vec(),
        [ova(&good)[..3072].to_vec(), vec![b'x'; 1024]].concat(),
        archive(&[file("disks/d", b"1"), file("disks", b"")]),
        ova(&[("disks/d", b"1")]),
    ];
    for (place, bytes) in bad.into_iter().enumerate() {
        let folder = Folder::new(&format!("bad{place}"));
        let path = folder.0.join("new");
        let mut sink = Directory::create(&path).unwrap();
        unpack(bytes.as_slice(), &mut sink, &UnpackOptions::default(), &mut |_| {}).expect_err("bad");
        assert_eq!(folder.names(), [""; 0], "{place}");
        let mut memory = Files::default();
        let error = unpack(bytes.as_slice(), &mut memory, &UnpackOptions::default(), &mut |_| {});
        assert!(error.is_err() && memory.0.is_empty(), "{place}");
    }
    // A wrong digest alone can be asked to stay.
    let mut options = UnpackOptions::default();
    options.keep_bad = true;
    let mut memory = Files::default();
    let bytes = ova(&[good[0], good[1], ("disks/d", b"2")]);
    let verification = unpack(bytes.as_slice(), &mut memory, &options, &mut |_| {}).unwrap();
    assert!(!verification.is_ok() && memory.0.len() == 3);
}

#[test]
fn a_sink_that_fails() {
    struct Full(Vec<String>);
    impl Sink for Full {
        fn create(&mut self, name: &str) -> Result<Box<dyn Write + '_>> {
            if self.0.len() == 1 {
                return Err(Error::new(ErrorKind::Io, "no space left"));
            }
            self.0.push(name.to_owned());
            Ok(Box::new(io::sink()))
        }
        fn remove(&mut self, name: &str) {
            self.0.retain(|kept| kept != name);
        }
    }
    let mut sink = Full(Vec::new());
    let bytes = packed(&example(), &PackOptions::default()).unwrap();
    let error = unpack(bytes.as_slice(), &mut sink, &UnpackOptions::default(), &mut |_| {}).unwrap_err();
    assert_eq!((error.reason(), sink.0.len()), ("no space left", 0));
}

#[test]
#[cfg(unix)]
fn links_and_devices_are_not_followed() {
    use std::os::unix::fs::symlink;
    let (inside, outside) = (Folder::new("inside"), Folder::new("outside"));
    std::fs::write(outside.0.join("secret"), "secret").unwrap();
    std::fs::write(inside.0.join("real"), "real").unwrap();
    symlink(outside.0.join("secret"), inside.0.join("out")).unwrap();
    symlink("real", inside.0.join("in")).unwrap();
    symlink(&outside.0, inside.0.join("folder")).unwrap();
    symlink("gone", inside.0.join("dangling")).unwrap();
    std::fs::create_dir(inside.0.join("sub")).unwrap();
    let mut directory = Directory::new(&inside.0).unwrap();
    let text = |name: &str| {
        let mut text = String::new();
        directory.open(name).map(|opened| {
            opened.map(|mut opened| {
                opened.content.read_to_string(&mut text).unwrap();
                text
            })
        })
    };
    assert_eq!(text("real").unwrap().as_deref(), Some("real"));
    assert_eq!(text("in").unwrap().as_deref(), Some("real"));
    assert_eq!(text("gone").unwrap(), None);
    assert_eq!(text("dangling").unwrap(), None);
    for name in ["out", "folder/secret", "sub", "../outside/secret"] {
        assert_eq!(text(name).expect_err(name).kind(), ErrorKind::Value, "{name}");
    }
    for name in ["folder/new", "out", "dangling", "real/x"] {
        assert!(directory.create(name).is_err(), "{name}");
    }
    directory.remove("../outside/secret");
    assert_eq!(outside.names(), ["secret"]);
}

proptest! {
    /// Any files survive packing and taking apart.
    #[test]
    fn any_files_survive(files in proptest::collection::btree_map("[a-z]{1,8}(/[a-z0-9 ü]{1,8}x)?", proptest::collection::vec(any::<u8>(), 0..2000), 0..6)) {
        let mut files = Files(files);
        files.0.retain(|name, _| cimi_ovf::package::check_name(name).is_ok());
        let names: Vec<&str> = files.0.keys().map(String::as_str).collect();
        let ovf = descriptor_of(&names);
        files.0.insert("web.ovf".into(), ovf);
        let bytes = packed(&files, &PackOptions::default()).unwrap();
        let mut out = Files::default();
        let verification = unpack(bytes.as_slice(), &mut out, &UnpackOptions::default(), &mut |_| {}).unwrap();
        prop_assert!(verification.is_ok());
        prop_assert!(out.0.remove("web.mf").is_some());
        prop_assert_eq!(out, files);
    }
}
