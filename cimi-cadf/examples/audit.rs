//! Looks at files of audit events.
//!
//! `audit validate [FILE|-] [--strict]` prints a line for each problem: the number of the record, path, rule and text,
//! with tabs between. It ends with 1 when one of them is an error, and with 2 when it could not do its work.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use cimi_cadf::{Record, Records, Severity, Validation};
use cimi_model::{ErrorKind, ReadOptions};
use lexopt::prelude::*;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: audit validate [FILE|-] [--strict]";

struct Arguments {
    file: Option<String>,
    strict: bool,
}

fn arguments() -> Outcome<Arguments> {
    let mut parser = lexopt::Parser::from_env();
    let mut found = Arguments { file: None, strict: false };
    match parser.next()? {
        Some(Value(command)) if command == "validate" => {}
        _ => return Err(USAGE.into()),
    }
    while let Some(argument) = parser.next()? {
        match argument {
            Long("strict") => found.strict = true,
            Value(file) if found.file.is_none() => found.file = Some(file.string()?),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    Ok(found)
}

fn input(file: Option<&str>) -> Outcome<Box<dyn BufRead>> {
    match file {
        None | Some("-") => Ok(Box::new(io::stdin().lock())),
        Some(file) => {
            let open = File::open(file).map_err(|error| format!("{file}: {error}"))?;
            Ok(Box::new(BufReader::with_capacity(1 << 16, open)))
        }
    }
}

/// Prints the problems of a record, and says whether one of them is an error.
fn report(record: Record, strict: bool, out: &mut dyn Write) -> io::Result<bool> {
    let number = record.number;
    let parsed = match record.event {
        Ok(parsed) => parsed,
        Err(error) => {
            let rule = if error.kind() == ErrorKind::Type { "type" } else { "syntax" };
            let location = error.location().map_or_else(String::new, |location| format!(" ({location})"));
            writeln!(out, "{number}\t{}\t{rule}\terror: {}{location}", error.path(), error.reason())?;
            return Ok(true);
        }
    };
    let problems = Validation { strict, format: record.format }.parsed(&parsed);
    for problem in &problems {
        writeln!(out, "{number}\t{}\t{}\t{}: {}", problem.path, problem.rule, problem.severity, problem.text)?;
    }
    Ok(problems.iter().any(|problem| problem.severity == Severity::Error))
}

fn run() -> Outcome<bool> {
    let arguments = arguments()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut wrong = false;
    for record in Records::new(input(arguments.file.as_deref())?, ReadOptions::default()) {
        if let Err(error) = &record.event
            && error.kind() == ErrorKind::Io
        {
            out.flush()?;
            return Err(error.to_string().into());
        }
        wrong |= report(record, arguments.strict, &mut out)?;
    }
    out.flush()?;
    Ok(wrong)
}

fn main() -> ExitCode {
    match run() {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("audit: {error}");
            ExitCode::from(2)
        }
    }
}
