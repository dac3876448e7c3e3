//! The official schemas.

use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_model::SystemTemplate;
use cimi_ovf::Version;

use crate::fixtures::{VERSIONS, bare, secretive, shop, text};

/// The schemas, where they are at hand.
pub(crate) fn schemas(test: &str) -> Option<PathBuf> {
    let data = std::env::var_os("CIMI_TEST_DATA").map(|data| Path::new(&data).join("spec/ovf-xsd"));
    let installed = Command::new("xmllint").arg("--version").output().is_ok();
    let found = data.filter(|data| data.is_dir() && installed);
    if found.is_none() {
        println!("{test}: skipped, it needs xmllint and CIMI_TEST_DATA");
    }
    found
}

/// Fails unless all documents are valid.
pub(crate) fn check(schemas: &Path, version: Version, documents: &[(String, String)]) {
    let schema = match version {
        Version::V2 => "ovf2.0.1/dsp8023_2.0.1.xsd",
        _ => "ovf1.1.1/dsp8023_1.1.1.xsd",
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let write = |(name, text): &(String, String)| {
        let file = folder.join(format!("export-{name}-{version:?}.ovf"));
        std::fs::write(&file, text).unwrap();
        file
    };
    for some in documents.chunks(100) {
        let mut command = Command::new("xmllint");
        command
            .args(["--nonet", "--noout", "--huge", "--schema"])
            .arg(schemas.join(schema))
            .args(some.iter().map(write));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let wrong: Vec<_> = said.lines().filter(|line| !line.ends_with(" validates")).collect();
        assert!(output.status.success(), "{}", wrong.join("\n"));
    }
}

#[test]
fn what_is_written_is_valid() {
    let Some(schemas) = schemas("what_is_written_is_valid") else { return };
    for version in VERSIONS {
        let documents = [
            ("shop", text(&shop(), version)),
            ("bare", bare(&shop(), version)),
            ("safe", text(&secretive(), version)),
            ("empty", text(&SystemTemplate::default(), version)),
        ];
        check(&schemas, version, &documents.map(|(name, text)| (name.to_owned(), text)));
    }
}
