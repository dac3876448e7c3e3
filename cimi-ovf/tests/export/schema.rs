//! The official schemas.

use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_model::SystemTemplate;
use cimi_ovf::Version;

use crate::fixtures::{VERSIONS, bare, secretive, shop, text};

/// The schemas, where they are at hand.
fn schemas(test: &str) -> Option<PathBuf> {
    let data = std::env::var_os("CIMI_TEST_DATA").map(|data| Path::new(&data).join("spec/ovf-xsd"));
    let installed = Command::new("xmllint").arg("--version").output().is_ok();
    let found = data.filter(|data| data.is_dir() && installed);
    if found.is_none() {
        println!("{test}: skipped, it needs xmllint and CIMI_TEST_DATA");
    }
    found
}

fn check(schemas: &Path, version: Version, name: &str, text: &str) {
    let schema = match version {
        Version::V2 => "ovf2.0.1/dsp8023_2.0.1.xsd",
        _ => "ovf1.1.1/dsp8023_1.1.1.xsd",
    };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{name}-{version:?}.ovf"));
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new("xmllint");
    let output =
        command.args(["--nonet", "--noout", "--schema"]).arg(schemas.join(schema)).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_is_written_is_valid() {
    let Some(schemas) = schemas("what_is_written_is_valid") else { return };
    for version in VERSIONS {
        check(&schemas, version, "shop", &text(&shop(), version));
        check(&schemas, version, "bare", &bare(&shop(), version));
        check(&schemas, version, "safe", &text(&secretive(), version));
        check(&schemas, version, "empty", &text(&SystemTemplate::default(), version));
    }
}
