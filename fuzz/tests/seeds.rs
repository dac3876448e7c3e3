//! Replays the seeds, among them every input that was once a finding.

use std::path::Path;

fn replay(target: fn(&[u8]), name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
    assert!(cimi_fuzz::replay(target, &folder) > 0, "no seeds in {}", folder.display());
}

#[test]
fn answer() {
    replay(cimi_fuzz::answer, "answer");
}

#[test]
fn batch() {
    replay(cimi_fuzz::batch, "batch");
}

#[test]
fn cadf() {
    replay(cimi_fuzz::cadf, "cadf");
}

#[test]
fn cadf_envelope() {
    replay(cimi_fuzz::cadf_envelope, "cadf_envelope");
}

#[test]
fn cadf_log() {
    replay(cimi_fuzz::cadf_log, "cadf_log");
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
fn generic() {
    replay(cimi_fuzz::generic, "generic");
}

#[test]
fn json() {
    replay(cimi_fuzz::json, "json");
}

#[test]
fn manifest() {
    replay(cimi_fuzz::manifest, "manifest");
}

#[test]
fn members() {
    replay(cimi_fuzz::members, "members");
}

#[test]
fn ova() {
    replay(cimi_fuzz::ova, "ova");
}

#[test]
fn ovf() {
    replay(cimi_fuzz::ovf, "ovf");
}

#[test]
fn ovf_env() {
    replay(cimi_fuzz::ovf_env, "ovf_env");
}

#[test]
fn ovf_export() {
    replay(cimi_fuzz::ovf_export, "ovf_export");
}

#[test]
fn ovf_import() {
    replay(cimi_fuzz::ovf_import, "ovf_import");
}

#[test]
fn query() {
    replay(cimi_fuzz::query, "query");
}

#[test]
fn request() {
    replay(cimi_fuzz::request, "request");
}

#[test]
fn template() {
    replay(cimi_fuzz::template, "template");
}

#[test]
fn xml() {
    replay(cimi_fuzz::xml, "xml");
}

#[test]
fn xml_pull() {
    replay(cimi_fuzz::xml_pull, "xml_pull");
}
