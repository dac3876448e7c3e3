//! `unpack X.ova -o DIR [--keep-bad]`: the files of an OVA, checked on the way.
//!
//! The folder is made if it does not exist; files in it are never overwritten. When the archive is bad, or the check finds
//! an error, what was written is removed again; with `--keep-bad` the latter only gives exit status 1.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use cimi_ovf::package::{self, Directory, UnpackOptions};

use crate::progress::Bar;
use crate::verify::report;

pub(crate) const USAGE: &str = "unpack X.ova -o DIR [--keep-bad]";

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    let (archive, output, keep_bad) = arguments(parser)?;
    let archive = File::open(archive).map_err(|error| crate::io(&error))?;
    let mut directory = Directory::create(output)?;
    let mut options = UnpackOptions::default();
    options.keep_bad = keep_bad;
    options.verify.threads = true;
    let mut bar = Bar::new();
    let unpacked = package::unpack_archive(archive, &mut directory, &options, &mut |progress| bar.show(progress));
    drop(bar);
    let verification = unpacked?;
    report(&verification.findings, verification.dropped);
    Ok(if verification.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments(parser: &mut lexopt::Parser) -> Result<(PathBuf, PathBuf, bool), lexopt::Error> {
    use lexopt::prelude::*;
    let (mut archive, mut output, mut keep_bad) = (None, None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('o') | Long("output") => output = Some(parser.value()?.into()),
            Long("keep-bad") => keep_bad = true,
            Value(value) if archive.is_none() => archive = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok((archive.ok_or("an OVA is needed")?, output.ok_or("a folder to write to is needed (-o)")?, keep_bad))
}
