//! `import FILE.ovf [--as template|system] [--option ID] [--to json|xml] [--dialect 1|2] [--report]`: the CIMI
//! `SystemTemplate` that a descriptor becomes, or the `System` that would be made from it; the one that it was exported
//! from, if it was one.
//!
//! With `--report`, a line for each part of the descriptor goes to standard error: what became of it, its path, the path
//! in the template, and a text, separated by tabs. The default is JSON of CIMI 2. What was tolerated goes to standard error as `warning: PATH: text`, and so does what
//! the wanted version of CIMI does not have, once for each attribute.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cimi_model::reflect::Record;
use cimi_model::{Dialect, WriteOptions, foreign_parts, json, xml};
use cimi_ovf::ImportOptions;

pub(crate) const USAGE: &str =
    "import FILE.ovf [--as template|system] [--option ID] [--to json|xml] [--dialect 1|2] [--report]";

struct Arguments {
    file: PathBuf,
    system: bool,
    report: bool,
    option: Option<String>,
    xml: bool,
    dialect: Dialect,
}

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    let arguments = arguments(parser)?;
    crate::print(&import(&arguments)?)
}

fn arguments(parser: &mut lexopt::Parser) -> Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut file, mut option, mut xml, mut dialect) = (None, None, false, Dialect::V2);
    let (mut system, mut report) = (false, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("as") => system = parser.value()?.parse_with(kind)?,
            Long("report") => report = true,
            Long("option") => option = Some(parser.value()?.string()?),
            Long("to") => xml = parser.value()?.parse_with(format)?,
            Long("dialect") => dialect = parser.value()?.parse_with(version)?,
            Value(value) if file.is_none() => file = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Arguments { file: file.ok_or("a file is needed")?, system, report, option, xml, dialect })
}

fn kind(text: &str) -> Result<bool, &'static str> {
    match text {
        "template" => Ok(false),
        "system" => Ok(true),
        _ => Err("a descriptor becomes a template or a system"),
    }
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

fn import(arguments: &Arguments) -> cimi_ovf::Result<Vec<u8>> {
    let mut options = ImportOptions::default();
    options.source = Some(arguments.file.to_string_lossy().into_owned());
    options.report = arguments.report;
    options.option.clone_from(&arguments.option);
    let descriptor = crate::read(&arguments.file, options.limits.size)?;
    let imported = cimi_ovf::import(&descriptor, &options)?;
    for warning in imported.deviations.iter().chain(&imported.warnings) {
        eprintln!("warning: {warning}");
    }
    for entry in &imported.report {
        eprintln!("{}\t{}\t{}\t{}", entry.fate, entry.origin, entry.to, entry.text);
    }
    let result: Box<dyn Record> = match imported.system {
        _ if !arguments.system => Box::new(imported.template),
        Some(system) => Box::new(system),
        None => Box::new(cimi_ovf::system(imported.template)?),
    };
    warn_of_foreign_parts(&*result, arguments.dialect);
    let options = WriteOptions { dialect: arguments.dialect, pretty: true };
    let mut document = if arguments.xml { xml::to_vec(&*result, options) } else { json::to_vec(&*result, options) }?;
    document.push(b'\n');
    Ok(document)
}

/// One line for each attribute that the dialect does not have, for every interface of every machine may have it.
fn warn_of_foreign_parts(result: &dyn Record, dialect: Dialect) {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for part in foreign_parts(result, dialect) {
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
