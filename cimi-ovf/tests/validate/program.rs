//! The command `validate` of the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> (i32, String, String) {
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    if program.ends_with("deps") {
        program.pop();
    }
    let program = program.join("examples").join(format!("appliance{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "build it first: cargo build -p cimi-ovf --examples");
    let Output { status, stdout, stderr } = Command::new(program).arg("validate").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

struct File(PathBuf);

impl File {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("cimi-ovf-validate-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const BASE: &str = include_str!("base.ovf");

#[test]
fn a_line_for_each_problem() {
    let text =
        BASE.replace("ovf:/disk/delta", "/disk/delta").replace("ovf:parentRef=\"root\"", "ovf:parentRef=\"none\"");
    let file = File::new("bad.ovf", text.as_bytes());
    let (status, out, err) = run(&[file.name()]);
    assert_eq!((status, err.as_str()), (1, ""));
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    assert!(lines.iter().all(|line| line.len() == 3), "{out}");
    assert_eq!(lines[0][..2], ["/Envelope/DiskSection/Disk['delta']", "reference"]);
    assert_eq!(lines[0][2], "error: there is no disk 'none' to be the parent (line 17, column 5)");
    assert!(lines.iter().any(|line| line[1] == "spelling" && line[2].starts_with("warning: ")), "{out}");
}

#[test]
fn the_exit_status_tells() {
    let good = File::new("good.ovf", BASE.as_bytes());
    assert_eq!(run(&[good.name()]).0, 0);
    assert_eq!(run(&[good.name(), "--strict"]).0, 0);
    let loose = File::new("loose.ovf", BASE.replace("ovf:/disk/delta", "/disk/delta").as_bytes());
    assert_eq!(run(&[loose.name()]).0, 0);
    assert_eq!(run(&["--strict", loose.name()]).0, 1);

    let broken = File::new("broken.ovf", b"<Envelope");
    let (status, out, _) = run(&[broken.name()]);
    assert_eq!((status, out.lines().count()), (1, 1), "{out}");
    assert!(out.contains("\tdocument\terror: ") && out.contains("(line 1, column"), "{out}");

    for arguments in [&[][..], &["/nowhere/at/all.ovf"], &[good.name(), "--fast"]] {
        let (status, out, err) = run(arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.starts_with("error: "), "{err}");
    }
}

#[test]
fn the_descriptor_of_an_archive() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        return println!("skipped: CIMI_TEST_DATA is not set");
    };
    let package = Path::new(&root).join("corpus/ovf-synthetic/pkg");
    for name in ["good.sha256.ova", "ovf_not_first.ova", "gnu.ova", "pax.ova"] {
        let (status, out, err) = run(&[package.join(name).to_str().unwrap()]);
        assert_eq!((status, err.as_str()), (0, ""), "{name}: {out}");
    }
    let text = File::new("text.ova", &[b'x'; 2000]);
    let (status, out, _) = run(&[text.name()]);
    assert_eq!((status, out.lines().count()), (1, 1), "{out}");
}
