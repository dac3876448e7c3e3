//! `audit validate`: a line for each problem.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cimi_cadf::{Problem, Record, Records, Severity, Validation};
use cimi_model::{ErrorKind, ReadOptions};

use crate::{Outcome, input};

pub(crate) fn run(file: Option<&str>, strict: bool) -> Outcome<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut wrong = false;
    let mut records = Records::new(input::open(file)?, ReadOptions::default());
    for record in records.by_ref() {
        wrong |= report(input::readable(record)?, strict, &mut out)?;
    }
    let format = records.format();
    if let Some(log) = records.log() {
        wrong |= print(0, &Validation { strict, format }.parsed_log(log), &mut out)?;
    }
    out.flush()?;
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints the problems of a record, and says whether one of them is an error.
fn report(record: Record, strict: bool, out: &mut dyn Write) -> io::Result<bool> {
    let number = record.number;
    let parsed = match record.event {
        Ok(parsed) => parsed,
        Err(error) => {
            let rule = if error.kind() == ErrorKind::Type { "type" } else { "syntax" };
            let place = input::place(&error);
            writeln!(out, "{number}\t{}\t{rule}\terror: {}{place}", error.path(), error.reason())?;
            return Ok(true);
        }
    };
    print(number, &Validation { strict, format: record.format }.parsed(&parsed), out)
}

/// Prints the problems of what has this number, which is 0 for a log. Says whether one of them is an error.
fn print(number: usize, problems: &[Problem], out: &mut dyn Write) -> io::Result<bool> {
    for problem in problems {
        writeln!(out, "{number}\t{}\t{}\t{}: {}", problem.path, problem.rule, problem.severity, problem.text)?;
    }
    Ok(problems.iter().any(|problem| problem.severity == Severity::Error))
}
