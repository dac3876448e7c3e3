//! The corpora of real documents, where they are at hand.

use std::path::PathBuf;

pub use super::facts::folder;

/// The documents of the CIMI corpora: name and content.
pub fn documents(test: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = folder(test) else { return Vec::new() };
    let mut found = Vec::new();
    for part in ["cimi-deltacloud", "cimi-other"] {
        let entries = std::fs::read_dir(folder.join("corpus").join(part)).expect("the corpus");
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "xml") {
                let name = format!("{part}/{}", path.file_name().expect("a name").to_string_lossy());
                found.push((name, std::fs::read(&path).expect("a document")));
            }
        }
    }
    found.sort();
    found
}

/// The official schema of 1.x, if it and xmllint are at hand.
pub fn official_schema(test: &str) -> Option<PathBuf> {
    let schema = folder(test)?.join("spec/dsp8009_1.0.1.xsd");
    super::xmllint::is_installed(test).then_some(schema)
}
