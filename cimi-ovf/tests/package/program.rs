//! The commands `verify`, `pack` and `unpack` of the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tarball::ova;
use crate::{descriptor_of, manifest};

struct Run {
    status: i32,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    if program.ends_with("deps") {
        program.pop();
    }
    let program = program.join("examples").join(format!("appliance{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "build it first: cargo build -p cimi-ovf --examples");
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cimi-ovf-program-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn key(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/package/keys").join(name);
    path.to_string_lossy().into_owned()
}

#[test]
fn pack_verify_unpack() {
    let folder = Folder::new("whole");
    folder.write("web/web.ovf", &descriptor_of(&["disks/web.vmdk"]));
    folder.write("web/disks/web.vmdk", b"content");
    let (key, certificate) = (key("p256.key.pem"), key("p256.crt.pem"));
    let signed = ["--key", key.as_str(), "--certificate", certificate.as_str()];
    let packed = run(&folder.0, &[&["pack", "web", "-o", "web.ova", "--manifest", "sha256"], &signed[..]].concat());
    assert_eq!((packed.status, packed.out.as_str()), (0, ""), "{}", packed.err);
    let verified = run(&folder.0, &["verify", "web.ova", "--trust", &certificate]);
    assert_eq!((verified.status, verified.err.as_str()), (0, ""), "{}", verified.out);
    let expected = "ok           web.ovf SHA256\n\
                    ok           disks/web.vmdk SHA256\n\
                    manifest     web.mf\n\
                    signature    ok, SHA256 with ECDSA P-256, by CN=p256,O=Example, valid until 2126-10-28, trusted\n";
    assert_eq!(verified.out, expected);
    let untrusted = run(&folder.0, &["verify", "web.ova", "--trust", &self::key("p384.crt.pem")]);
    assert_eq!(untrusted.status, 1);
    assert!(untrusted.err.contains("error: /web.cert:"), "{}", untrusted.err);
    let unpacked = run(&folder.0, &["unpack", "web.ova", "-o", "out"]);
    assert_eq!((unpacked.status, unpacked.out.as_str()), (0, ""), "{}", unpacked.err);
    for package in ["out", "out/web.ovf"] {
        let verified = run(&folder.0, &["verify", package, "--trust", &certificate, "--strict"]);
        assert_eq!((verified.status, verified.out.as_str()), (0, expected), "{}", verified.err);
    }
    folder.write("out/disks/web.vmdk", b"kontent");
    let changed = run(&folder.0, &["verify", "out"]);
    assert_eq!(changed.status, 1);
    assert!(changed.out.contains("differs      disks/web.vmdk SHA256"), "{}", changed.out);
    assert!(changed.err.contains("error: /disks/web.vmdk: "), "{}", changed.err);
    let unsure = run(&folder.0, &["pack", "out", "-o", "new.ova"]);
    assert_eq!(unsure.status, 1);
    assert!(!folder.has("new.ova"), "what could not be finished is removed");
    let again = run(&folder.0, &["pack", "out/web.ovf", "-o", "new.ova", "--manifest", "sha512"]);
    assert_eq!(again.status, 0, "{}", again.err);
    assert_eq!(run(&folder.0, &["pack", "out", "-o", "new.ova", "--manifest", "none"]).status, 1, "it is there");
}

#[test]
fn bad_packages() {
    let folder = Folder::new("bad");
    let ovf = descriptor_of(&["d"]);
    let mf = manifest(cimi_ovf::package::Algorithm::Sha256, &[("a.ovf", &ovf), ("d", b"1")]);
    folder.write("changed.ova", &ova(&[("a.ovf", &ovf), ("a.mf", &mf), ("d", b"2")]));
    folder.write("evil.ova", &ova(&[("../a.ovf", &ovf)]));
    folder.write("open.ova", &ova(&[("a.ovf", &ovf), ("d", b"2")]));
    folder.write("empty/x", b"");
    folder.write("two/a.ovf", &ovf);
    folder.write("two/b.ovf", &ovf);
    for (arguments, status, word) in [
        (&["verify", "changed.ova"][..], 1, "error: /d: the file does not have the SHA256 digest"),
        (&["unpack", "changed.ova", "-o", "out"], 1, "error: /d: "),
        (&["verify", "evil.ova"], 1, "error: /../a.ovf: the name is refused"),
        (&["unpack", "evil.ova", "-o", "out"], 1, "the name is refused"),
        (&["verify", "open.ova"], 0, "warning: /: there is no manifest"),
        (&["verify", "gone.ova"], 1, "error: "),
        (&["verify", "empty"], 1, "no descriptor"),
        (&["verify", "two"], 1, "a.ovf, b.ovf"),
        (&["pack", "two", "-o", "x.ova"], 1, "a.ovf, b.ovf"),
        (&["verify"], 2, "usage: "),
        (&["pack", "two"], 2, "usage: "),
        (&["pack", "two", "-o", "x.ova", "--manifest", "md5"], 2, "usage: "),
        (&["pack", "two", "-o", "x.ova", "--key", "k"], 2, "usage: "),
        (&["unpack", "x.ova"], 2, "usage: "),
        (&["verify", "a", "b"], 2, "usage: "),
    ] {
        let run = run(&folder.0, arguments);
        assert_eq!(run.status, status, "{arguments:?} {} {}", run.out, run.err);
        assert!(run.err.contains(word), "{arguments:?} {}", run.err);
        assert!(!folder.has("out") && !folder.has("x.ova"), "{arguments:?}");
    }
    let kept = run(&folder.0, &["unpack", "changed.ova", "-o", "out", "--keep-bad"]);
    assert_eq!((kept.status, folder.has("out/d")), (1, true), "{}", kept.err);
}
