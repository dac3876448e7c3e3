//! Reads an OVF descriptor and prints the CIMI `SystemTemplate` that it becomes.
//!
//! ```text
//! cargo run --release --example appliance -- import FILE.ovf [--to json|xml] [--dialect 1|2]
//! ```
//!
//! The default is JSON of CIMI 2. What was tolerated goes to standard error as `warning: PATH: text`, and so does what
//! the wanted version of CIMI does not have, once for each attribute. A descriptor that is
//! refused gives `error: PATH: reason (line L, column C)` and exit status 1; wrong usage, status 2.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use cimi_model::{Dialect, SystemTemplate, WriteOptions, foreign_parts, json, xml};
use cimi_ovf::{Error, ErrorKind, ImportOptions};

const USAGE: &str = "usage: appliance import FILE.ovf [--to json|xml] [--dialect 1|2]";

struct Arguments {
    file: PathBuf,
    xml: bool,
    dialect: Dialect,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("error: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match import(&arguments) {
        Ok(document) => print(&document),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut command, mut file, mut xml, mut dialect) = (false, None, false, Dialect::V2);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("to") => xml = parser.value()?.parse_with(format)?,
            Long("dialect") => dialect = parser.value()?.parse_with(version)?,
            Value(value) if !command && value == "import" => command = true,
            Value(value) if command && file.is_none() => file = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    let file = file.ok_or("the command 'import' and a file are needed")?;
    Ok(Arguments { file, xml, dialect })
}

fn format(text: &str) -> Result<bool, &'static str> {
    match text {
        "json" => Ok(false),
        "xml" => Ok(true),
        _ => Err("the formats are json and xml"),
    }
}

fn version(text: &str) -> Result<Dialect, &'static str> {
    match text {
        "1" => Ok(Dialect::V1),
        "2" => Ok(Dialect::V2),
        _ => Err("the dialects are 1 and 2"),
    }
}

fn import(arguments: &Arguments) -> Result<Vec<u8>, Error> {
    let mut options = ImportOptions::default();
    options.source = Some(arguments.file.to_string_lossy().into_owned());
    let descriptor = read(arguments, options.limits.size)?;
    let imported = cimi_ovf::import(&descriptor, &options)?;
    for warning in &imported.warnings {
        eprintln!("warning: {warning}");
    }
    warn_of_foreign_parts(&imported.template, arguments.dialect);
    let options = WriteOptions { dialect: arguments.dialect, pretty: true };
    let mut document = if arguments.xml {
        xml::to_vec(&imported.template, options)
    } else {
        json::to_vec(&imported.template, options)
    }?;
    document.push(b'\n');
    Ok(document)
}

/// One line for each attribute that the dialect does not have, for every interface of every machine may have it.
fn warn_of_foreign_parts(template: &SystemTemplate, dialect: Dialect) {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for part in foreign_parts(template, dialect) {
        *counts.entry((without_indices(&part.path), part.text)).or_default() += 1;
    }
    for ((path, text), count) in counts {
        let times = if count == 1 { "once" } else { &format!("{count} times") };
        eprintln!("warning: {path}: {text} ({times})");
    }
}

/// `/a/b` for `/a[0]/b[1]`.
fn without_indices(path: &str) -> String {
    let steps = path.split('/').map(|step| step.split_once('[').map_or(step, |(name, _)| name));
    steps.collect::<Vec<_>>().join("/")
}

/// One byte more than the limit at most, so that a file that is too large is noticed and never held.
fn read(arguments: &Arguments, limit: usize) -> Result<Vec<u8>, Error> {
    let unreadable = |error: std::io::Error| Error::new(ErrorKind::Io, error.to_string().replace('\n', " "));
    let mut descriptor = Vec::new();
    let file = File::open(&arguments.file).map_err(unreadable)?;
    file.take(limit as u64 + 1).read_to_end(&mut descriptor).map_err(unreadable)?;
    Ok(descriptor)
}

fn print(document: &[u8]) -> ExitCode {
    match std::io::stdout().lock().write_all(document) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: /: {error}");
            ExitCode::FAILURE
        }
    }
}
