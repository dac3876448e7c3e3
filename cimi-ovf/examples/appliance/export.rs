//! `export FILE.{json,xml} [--ovf 1|2] [-o FILE]`: the descriptor that a CIMI `SystemTemplate` or `System` becomes.
//!
//! The default is OVF 1.1, to standard output. What the elements of OVF cannot say goes to standard error as
//! `note: PATH: text`; the descriptor has it in an optional section.

use std::path::PathBuf;
use std::process::ExitCode;

use cimi_model::{Document, Limits, ReadOptions, Registry};
use cimi_ovf::{ExportOptions, Version};

pub(crate) const USAGE: &str = "export FILE.{json,xml} [--ovf 1|2] [-o FILE]";

/// A resource is larger than its descriptor, which an import has to accept.
const LARGEST: usize = 16 << 20;
const MOST: usize = 100_000;

struct Arguments {
    file: PathBuf,
    version: Version,
    output: Option<PathBuf>,
}

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    let arguments = arguments(parser)?;
    let descriptor = export(&arguments)?;
    match &arguments.output {
        Some(file) => std::fs::write(file, descriptor).map_err(|error| crate::io(&error))?,
        None => return crate::print(&descriptor),
    }
    Ok(ExitCode::SUCCESS)
}

fn arguments(parser: &mut lexopt::Parser) -> Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut file, mut version, mut output) = (None, Version::V1, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("ovf") => version = parser.value()?.parse_with(named)?,
            Short('o') => output = Some(parser.value()?.into()),
            Value(value) if file.is_none() => file = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Arguments { file: file.ok_or("a file is needed")?, version, output })
}

fn named(text: &str) -> Result<Version, &'static str> {
    match text {
        "1" => Ok(Version::V1),
        "2" => Ok(Version::V2),
        _ => Err("the versions of OVF are 1 and 2"),
    }
}

fn export(arguments: &Arguments) -> cimi_ovf::Result<Vec<u8>> {
    let mut reading = ReadOptions::default();
    reading.limits = Limits { size: LARGEST, elements: MOST, ..reading.limits };
    let content = crate::read(&arguments.file, reading.limits.size)?;
    let parsed = Document::read(&content, &Registry::standard(), &reading)?;
    for deviation in &parsed.deviations {
        eprintln!("warning: {deviation}");
    }
    let mut options = ExportOptions::default();
    options.version = arguments.version;
    let exported = cimi_ovf::export(parsed.value.record(), &options)?;
    for note in &exported.notes {
        eprintln!("note: {note}");
    }
    exported.descriptor.to_vec()
}
