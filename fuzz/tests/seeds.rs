//! Replays the seeds, among them every input that was once a finding.

use std::path::Path;

fn replay(target: fn(&[u8]), name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
    assert!(cimi_fuzz::replay(target, &folder) > 0, "no seeds in {}", folder.display());
}

#[test]
fn filter() {
    replay(cimi_fuzz::filter, "filter");
}

#[test]
fn functions() {
    // Any document will do.
    for folder in ["functions", "json", "xml"] {
        replay(cimi_fuzz::functions, folder);
    }
}

#[test]
fn json() {
    replay(cimi_fuzz::json, "json");
}

#[test]
fn xml() {
    replay(cimi_fuzz::xml, "xml");
}

#[test]
fn xml_pull() {
    replay(cimi_fuzz::xml_pull, "xml_pull");
}
