//! Reads one CIMI document in either format and dialect and prints it in the form that is asked for.
//!
//! ```text
//! convert [FILE|-] [--to json|xml] [--dialect 1|2] [--type NAME] [--strict]
//! ```
//!
//! What deviates from the standard, and what the wanted dialect does not have, goes to stderr as
//! `warning: PATH: text`. Bad input ends with status 1 and one line `error: PATH: reason (line L, column C)`;
//! a wrong command line with status 2.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use cimi_model::{Dialect, Document, Format, Limits, Parsed, ReadOptions, Registry, WriteOptions};

struct Arguments {
    file: Option<String>,
    to: Format,
    dialect: Dialect,
    type_name: Option<String>,
    strict: bool,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            eprintln!("usage: convert [FILE|-] [--to json|xml] [--dialect 1|2] [--type NAME] [--strict]");
            return ExitCode::from(2);
        }
    };
    match convert(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { file: None, to: Format::Json, dialect: Dialect::V2, type_name: None, strict: false };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            lexopt::Arg::Long("to") => {
                found.to = match value(&mut parser)?.as_str() {
                    "json" => Format::Json,
                    "xml" => Format::Xml,
                    other => return Err(format!("--to takes json or xml, not '{other}'")),
                }
            }
            lexopt::Arg::Long("dialect") => {
                found.dialect = match value(&mut parser)?.as_str() {
                    "1" => Dialect::V1,
                    "2" => Dialect::V2,
                    other => return Err(format!("--dialect takes 1 or 2, not '{other}'")),
                }
            }
            lexopt::Arg::Long("type") => found.type_name = Some(value(&mut parser)?),
            lexopt::Arg::Long("strict") => found.strict = true,
            lexopt::Arg::Value(file) if found.file.is_none() => {
                found.file = Some(file.into_string().map_err(|_| "a file name is not UTF-8")?);
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(found)
}

fn value(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    value.into_string().map_err(|_| "a value is not UTF-8".to_owned())
}

fn convert(arguments: &Arguments) -> Result<(), String> {
    let options = ReadOptions { strict: arguments.strict, ..ReadOptions::default() };
    let input = read_input(arguments.file.as_deref(), options.limits).map_err(|error| format!("/: {error}"))?;
    let Parsed { value: document, deviations, more_deviations, .. } = read(&input, arguments, &options)?;
    for deviation in &deviations {
        eprintln!("warning: {deviation}");
    }
    if more_deviations > 0 {
        eprintln!("warning: /: {more_deviations} further deviations");
    }
    for warning in cimi_model::foreign_parts(document.record(), arguments.dialect) {
        eprintln!("warning: {warning}");
    }
    let write_options = WriteOptions { dialect: arguments.dialect, pretty: true };
    let mut text = document.to_string(arguments.to, write_options).map_err(|error| error.to_string())?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    io::stdout().write_all(text.as_bytes()).map_err(|error| format!("/: {error}"))
}

fn read(input: &[u8], arguments: &Arguments, options: &ReadOptions) -> Result<Parsed<Document>, String> {
    let registry = Registry::standard();
    let parsed = match &arguments.type_name {
        None => Document::read(input, &registry, options),
        Some(name) => {
            let entry = registry.by_name(name).or_else(|| registry.by_uri(name));
            let entry = entry.ok_or_else(|| format!("/: the type '{name}' is not known"))?;
            Document::read_as(input, entry, options)
        }
    };
    parsed.map_err(|error| error.to_string())
}

/// The whole input, but not more than the limit and one byte: the reader says that it is too large.
fn read_input(file: Option<&str>, limits: Limits) -> io::Result<Vec<u8>> {
    let source: Box<dyn BufRead> = match file {
        None | Some("-") => Box::new(io::stdin().lock()),
        Some(file) => Box::new(BufReader::new(std::fs::File::open(file)?)),
    };
    let mut input = Vec::new();
    source.take(limits.size as u64 + 1).read_to_end(&mut input)?;
    Ok(input)
}
