//! The files under `schemas/` and the program that writes such files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cimi_model::schema::{self, JsonSchemas, Receiver};
use cimi_model::{Dialect, Registry};

/// Every file by its path.
fn generated() -> BTreeMap<PathBuf, String> {
    let registry = Registry::standard();
    let mut files = BTreeMap::from([
        ("model.json".into(), schema::model(&registry)),
        ("model.html".into(), schema::html(&registry)),
    ]);
    for (dialect, version) in [(Dialect::V1, "1"), (Dialect::V2, "2")] {
        for schema in schema::xsd::schemas(&registry, dialect) {
            files.insert(Path::new("xsd").join(schema.file), schema.text);
        }
        for (receiver, role) in [(Receiver::Provider, "provider"), (Receiver::Consumer, "consumer")] {
            let schemas = JsonSchemas::new(&registry, dialect, receiver);
            let folder = Path::new("json-schema").join(version);
            files.insert(folder.join(format!("{role}.json")), schema::to_text(&schemas.bundle()));
            files.insert(folder.join(role).join("definitions.json"), schema::to_text(&schemas.definitions()));
            for name in schemas.names() {
                let path = folder.join(role).join(format!("{name}.json"));
                files.insert(path, schema::to_text(&schemas.file(name).unwrap()));
            }
        }
    }
    files
}

/// The files under this folder.
fn found(folder: &Path, below: &Path, files: &mut BTreeMap<PathBuf, String>) {
    let Ok(entries) = std::fs::read_dir(folder.join(below)) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            found(folder, &path, files);
        } else {
            files.insert(path, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_files_are_those_that_are_generated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let generated = generated();
    let mut kept = BTreeMap::new();
    found(&folder, Path::new(""), &mut kept);
    let changed = |path: &&PathBuf| generated.get(*path) != kept.get(*path);
    let stale: Vec<_> = generated.keys().chain(kept.keys()).filter(changed).collect();
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        for path in stale {
            let target = folder.join(path);
            match generated.get(path) {
                Some(text) => {
                    std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                    std::fs::write(target, text).unwrap();
                }
                None => std::fs::remove_file(target).unwrap_or_default(),
            }
        }
        return;
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}\nUPDATE_SCHEMAS=1 cargo test -p cimi-model --test schemas writes them anew"
    );
}

/// The program, which `cargo test` builds beside the tests.
fn run(arguments: &[&str]) -> Output {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let program = path.join("examples").join(format!("schema{}", std::env::consts::EXE_SUFFIX));
    Command::new(program).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn one_document_goes_to_stdout() {
    let json = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert!(json(&[])["$id"].as_str().unwrap().ends_with("/2/consumer/cimi"));
    let machine = json(&["--format", "json-schema", "--dialect", "1", "--role=provider", "MachineVolume"]);
    assert!(machine["$id"].as_str().unwrap().ends_with("/1/provider/MachineVolume"));
    assert_eq!(machine["additionalProperties"], false);
    let model = json(&["--format", "model"]);
    let types = model["types"].as_array().unwrap();
    let machines = types.iter().find(|found| found["name"] == "MachineCollection").unwrap();
    assert_eq!(machines["members"]["type"], "Machine");
    assert!(machines["attributes"].as_array().unwrap().iter().any(|attribute| attribute["name"] == "count"));
    assert!(text(&run(&["--help"]).stdout).contains("--role"));
    for format in ["xsd", "model", "html", "docs"] {
        let whole = run(&["--format", format, "--dialect", "1"]).stdout;
        let one = run(&["--format", format, "--dialect", "1", "Machine"]).stdout;
        assert!(one.len() > 1_000 && one.len() < whole.len(), "{format}: {} of {}", one.len(), whole.len());
        assert!(text(&one).contains("networkInterfaces"), "{format}");
    }
}

#[test]
fn files_go_to_a_folder() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemas");
    let _ = std::fs::remove_dir_all(&folder);
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["--role", "provider", "--out", out]).status.code(), Some(0));
    let mut files = BTreeMap::new();
    found(&folder, Path::new(""), &mut files);
    let generated = generated();
    for (path, text) in &files {
        assert_eq!(generated.get(&Path::new("json-schema/2/provider").join(path)), Some(text), "{path:?}");
    }
    assert!(files.len() > 80);
    // A single type comes with what it links to.
    let single = folder.join("single");
    assert_eq!(run(&["--out", single.to_str().unwrap(), "Machine"]).status.code(), Some(0));
    let mut files = BTreeMap::new();
    found(&single, Path::new(""), &mut files);
    assert_eq!(
        files.keys().map(|path| path.to_str().unwrap()).collect::<Vec<_>>(),
        ["Machine.json", "definitions.json"]
    );
    assert_eq!(run(&["--format", "model", "--out", out]).status.code(), Some(0));
    assert!(folder.join("model.json").is_file());
    let file = folder.join("model.json").join("below");
    assert_eq!(run(&["--out", file.to_str().unwrap()]).status.code(), Some(1));
}

#[test]
fn a_wrong_command_line_ends_with_status_2() {
    for (arguments, listed) in [
        (&["--format", "yaml"][..], "json-schema"),
        (&["--dialect", "3"], "1 or 2"),
        (&["--role", "both"], "provider or consumer"),
        (&["Nothing"], "MachineCollection"),
        (&["--format", "model", "Nothing"], "MachineCollection"),
        (&["--unknown"], "usage"),
        (&["Machine", "Volume"], "usage"),
        (&["--out"], "usage"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(text(&output.stderr).contains(listed), "{arguments:?}: {}", text(&output.stderr));
    }
}
