//! Every descriptor of the corpora comes back byte for byte, or is refused with a reason.
//!
//! Runs where `CIMI_TEST_DATA` names a directory with the corpora.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::path::PathBuf;

use cimi_ovf::ReadOptions;
use cimi_ovf::tree::{Editor, Tree};

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("CIMI_TEST_DATA");
    if root.is_none() {
        println!("skipped: CIMI_TEST_DATA is not set");
    }
    root.map(PathBuf::from)
}

#[test]
fn descriptors_come_back() {
    let Some(root) = data() else { return };
    let root = root.join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let (mut valid, mut other, mut refused) = (0, 0, 0);
    for row in index.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
        let [file, _, _, _, _, status, kind, ..] = row.as_slice() else { continue };
        if *kind != "descriptor" && *kind != "ovf-env" {
            continue;
        }
        let bytes = std::fs::read(root.join(file)).unwrap();
        match Tree::read(&bytes, &ReadOptions::default()) {
            Ok(tree) => {
                assert_eq!(tree.to_vec(), bytes, "{file}");
                assert_eq!(Editor::new(&tree).to_vec().unwrap(), bytes, "{file}");
                *if *status == "valid" { &mut valid } else { &mut other } += 1;
            }
            Err(error) => {
                assert_ne!(*status, "valid", "{file}: {error}");
                assert!(error.location().is_some() && !error.to_string().contains('\n'), "{file}: {error}");
                println!("{file}: {error}");
                refused += 1;
            }
        }
    }
    println!("{valid} valid and {other} other documents came back, {refused} were refused");
    assert!(valid > 400);
}
