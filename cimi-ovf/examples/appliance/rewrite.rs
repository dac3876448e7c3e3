//! `rewrite FILE`: reads a descriptor and writes what was read, for checking that nothing is lost.
//!
//! What was tolerated goes to standard error as `warning: PATH: text`.

use std::path::PathBuf;

use cimi_ovf::ReadOptions;
use cimi_ovf::tree::Tree;

pub(crate) const USAGE: &str = "rewrite FILE.ovf";

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    use lexopt::prelude::*;
    let mut file: Option<PathBuf> = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) if file.is_none() => file = Some(value.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let file = file.ok_or_else(|| lexopt::Error::from("a file is needed"))?;
    let options = ReadOptions::default();
    let tree = Tree::read(&crate::read(&file, options.limits.size)?, &options)?;
    for deviation in tree.deviations() {
        eprintln!("warning: {deviation}");
    }
    crate::print(&tree.to_vec())
}
