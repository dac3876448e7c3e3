//! The program.

use std::path::PathBuf;
use std::process::{Command, Output};

use cimi_model::{ReadOptions, SystemTemplate, WriteOptions, json, xml};

use crate::fixtures::shop;

fn appliance(arguments: &[&str]) -> Option<Output> {
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent()?.join("debug/examples/appliance");
    if !program.is_file() {
        println!("skipped: the example is not built");
        return None;
    }
    Some(Command::new(program).args(arguments).output().unwrap())
}

fn file(name: &str, content: &[u8]) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("export-program-{name}"));
    std::fs::write(&file, content).unwrap();
    file.to_string_lossy().into_owned()
}

#[test]
fn export_and_import_again() {
    let json = file("shop.json", &json::to_vec(&shop(), WriteOptions::default()).unwrap());
    let xml = file("shop.xml", &xml::to_vec(&shop(), WriteOptions::default()).unwrap());
    for input in [&json, &xml] {
        for version in ["1", "2"] {
            let output = file("out.ovf", b"");
            let Some(run) = appliance(&["export", input, "--ovf", version, "-o", &output]) else { return };
            assert!(run.status.success(), "{run:?}");
            assert!(
                String::from_utf8_lossy(&run.stderr).contains("note: /componentDescriptors[6]: OVF has"),
                "{run:?}"
            );
            let Some(run) = appliance(&["import", &output]) else { return };
            assert!(run.status.success(), "{run:?}");
            let again = json::from_slice::<SystemTemplate>(&run.stdout, &ReadOptions::default()).unwrap().value;
            assert_eq!(again, shop());
        }
    }
    let Some(run) = appliance(&["export", &json]) else { return };
    assert!(String::from_utf8_lossy(&run.stdout).contains("http://schemas.dmtf.org/ovf/envelope/1"));
}

#[test]
fn what_is_no_template_is_refused() {
    let input = file("volume.json", br#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Volume"}"#);
    let Some(run) = appliance(&["export", &input]) else { return };
    assert_eq!((run.status.code(), run.stdout.len()), (Some(1), 0), "{run:?}");
    let Some(run) = appliance(&["export", &input, "--ovf", "3"]) else { return };
    assert_eq!(run.status.code(), Some(2), "{run:?}");
}
