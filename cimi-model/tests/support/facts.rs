//! The tables of facts about the standard, where they are at hand.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A row: name of the column → value.
pub type Row = BTreeMap<String, String>;

/// The folder that `CIMI_TEST_DATA` names. Prints that the test is skipped where it is unset.
pub fn folder(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("CIMI_TEST_DATA") {
        Some(PathBuf::from(folder))
    } else {
        println!("{test}: skipped, CIMI_TEST_DATA is not set");
        None
    }
}

/// The rows of a table of facts.
pub fn rows(test: &str, table: &str) -> Option<Vec<Row>> {
    let path = folder(test)?.join("facts").join(table);
    let content = std::fs::read_to_string(path).expect("a table of facts");
    let mut lines = content.lines().map(|line| line.split('\t').map(str::to_owned));
    let header: Vec<String> = lines.next().expect("a header").collect();
    Some(lines.map(|line| header.iter().cloned().zip(line).collect()).collect())
}
