//! `rewrite FILE`: reads a descriptor and writes what was read, for checking that nothing is lost.
//!
//! What was tolerated goes to standard error as `warning: PATH: text`.

use std::path::PathBuf;

use cimi_ovf::{Descriptor, ReadOptions};

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
    let read = Descriptor::read(&crate::read(&file, options.limits.size)?, &options)?;
    for deviation in &read.deviations {
        eprintln!("warning: {deviation}");
    }
    if read.more_deviations > 0 {
        eprintln!("warning: /: {} more", read.more_deviations);
    }
    crate::print(&read.value.to_vec()?)
}
