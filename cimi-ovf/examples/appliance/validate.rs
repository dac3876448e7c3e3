//! `validate FILE [--strict]`: everything that is wrong with a descriptor, or with that of an OVA.
//!
//! A line for each problem: `PATH TAB RULE TAB severity: text (line L, column C)`. The exit status is 1 when one of them
//! is an error, and 2 when the work could not be done. With `--strict`, what consumers understand all the same is an
//! error too.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cimi_model::Location;
use cimi_ovf::package::{Ova, PackageLimits};
use cimi_ovf::validate::{Problem, Severity, Validation};
use cimi_ovf::{Descriptor, Error, ErrorKind, ReadOptions};

pub(crate) const USAGE: &str = "validate FILE.{ovf,ova} [--strict]";

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    use lexopt::prelude::*;
    let (mut file, mut validation): (Option<OsString>, _) = (None, Validation::default());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("strict") => validation.strict = true,
            Value(value) if file.is_none() => file = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let file = PathBuf::from(file.ok_or_else(|| lexopt::Error::from("a file is needed"))?);
    let problems = match problems(&file, &validation) {
        Err(error) if error.kind() == ErrorKind::Io => {
            eprintln!("error: {error}");
            return Ok(ExitCode::from(2));
        }
        Err(error) => vec![Problem::from(&error)],
        Ok(problems) => problems,
    };
    if let Err(error) = print(&problems) {
        eprintln!("error: {}", crate::io(&error));
        return Ok(ExitCode::from(2));
    }
    let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
    Ok(if is_wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn problems(file: &Path, validation: &Validation) -> Result<Vec<Problem>, Error> {
    let options = ReadOptions::default();
    let bytes = descriptor(file, options.limits.size)?;
    Ok(validation.parsed(&Descriptor::read(&bytes, &options)?))
}

/// The descriptor in a file: all of it, or the first one in an archive.
fn descriptor(file: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    if !file.extension().is_some_and(|end| end.eq_ignore_ascii_case("ova")) {
        return crate::read(file, limit);
    }
    let archive = File::open(file).map_err(|error| crate::io(&error))?;
    let mut ova = Ova::new(archive, false, &PackageLimits::default())?;
    while let Some(member) = ova.next()? {
        let (name, name_end) = (member.name(), member.name().rsplit('/').next().unwrap_or_default());
        // The tar of macOS puts attributes of `x.ovf` into `._x.ovf` before it.
        if name.to_ascii_lowercase().ends_with(".ovf") && !name_end.starts_with("._") {
            let mut content = Vec::new();
            let most = (limit as u64).saturating_add(1);
            member.take(most).read_to_end(&mut content).map_err(|error| crate::io(&error))?;
            return Ok(content);
        }
    }
    Err(Error::new(ErrorKind::Value, "the archive has no descriptor (.ovf)"))
}

fn print(problems: &[Problem]) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for Problem { path, rule, severity, text, location, .. } in problems {
        write!(out, "{path}\t{rule}\t{severity}: {text}")?;
        if let Some(Location { line, column }) = location {
            write!(out, " (line {line}, column {column})")?;
        }
        writeln!(out)?;
    }
    out.flush()
}
