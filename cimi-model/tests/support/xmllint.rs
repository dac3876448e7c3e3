//! Validation with xmllint.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether xmllint is at hand. Prints that the test is skipped where it is not.
pub fn is_installed(test: &str) -> bool {
    let installed = Command::new("xmllint").arg("--version").output().is_ok();
    if !installed {
        println!("{test}: skipped, xmllint is not installed");
    }
    installed
}

/// A new folder for the files of a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The name of the file of a document.
pub fn file_name(document: &str) -> String {
    document.replace('/', "_")
}

/// Validates documents, many with each run of xmllint; gives what it says of each that is not valid, by file name.
pub fn invalid(schema: &Path, name: &str, documents: &[(String, String)]) -> BTreeMap<String, String> {
    let folder = folder(name);
    let mut complaints = BTreeMap::new();
    for chunk in documents.chunks(500) {
        let mut command = Command::new("xmllint");
        command.arg("--nonet").arg("--noout").arg("--schema").arg(schema);
        for (name, text) in chunk {
            let path = folder.join(file_name(name));
            std::fs::write(&path, text).unwrap();
            command.arg(path);
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("failed to compile"), "the schema is not valid: {stderr}");
        let mut verdicts = 0;
        for line in stderr.lines() {
            verdicts += usize::from(line.ends_with(" validates") || line.ends_with(" fails to validate"));
            if line.contains("validity error") || line.contains("parser error") || line.contains("namespace error") {
                verdicts += usize::from(line.contains("parser error"));
                let name = line.split(':').next().unwrap_or_default();
                let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned();
                complaints.entry(name).or_insert_with(|| line.to_owned());
            }
        }
        assert!(verdicts >= chunk.len(), "xmllint says nothing of some documents: {stderr}");
    }
    complaints
}
