//! Looks at files of audit events.
//!
//! * `audit validate [FILE|-] [--strict]` prints a line for each problem: the number of the record, path, rule and text,
//!   with tabs between. It ends with 1 when one of them is an error.
//! * `audit convert [FILE|-] --to json|xml` writes the events in another form. Records that cannot be read are told on
//!   the standard error output and left out; it ends with 1 when there are any.
//!
//! Each ends with 2 when it could not do its work. All read JSON arrays, JSON lines, JSON records one after another and
//! XML, one record at a time, from the standard input unless a file is named.

mod convert;
mod input;
mod validate;

use std::io;
use std::process::ExitCode;

use lexopt::prelude::*;

use convert::Target;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
usage: audit validate [FILE|-] [--strict]
       audit convert [FILE|-] --to json|xml";

/// What the command line asks for. Without a file, it is the standard input.
enum Command {
    Help,
    Validate { file: Option<String>, strict: bool },
    Convert { file: Option<String>, to: Target },
}

fn command() -> Outcome<Command> {
    let mut parser = lexopt::Parser::from_env();
    let name = match parser.next()? {
        Some(Value(name)) => name.string()?,
        Some(Short('h') | Long("help")) => return Ok(Command::Help),
        _ => return Err(USAGE.into()),
    };
    let (mut file, mut strict, mut to) = (None, false, None);
    while let Some(argument) = parser.next()? {
        match (name.as_str(), argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help),
            ("validate", Long("strict")) => strict = true,
            ("convert", Long("to")) => to = Some(parser.value()?.parse_with(Target::parse)?),
            (_, Value(value)) if file.is_none() => file = Some(value.string()?),
            (_, other) => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    match (name.as_str(), to) {
        ("validate", _) => Ok(Command::Validate { file, strict }),
        ("convert", Some(to)) => Ok(Command::Convert { file, to }),
        ("convert", None) => Err(format!("convert needs --to\n{USAGE}").into()),
        _ => Err(format!("there is no command '{name}'\n{USAGE}").into()),
    }
}

fn run() -> Outcome<ExitCode> {
    match command()? {
        Command::Help => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Validate { file, strict } => validate::run(file.as_deref(), strict),
        Command::Convert { file, to } => convert::run(file.as_deref(), to),
    }
}

/// Whether whoever reads the output has seen enough of it.
fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref().is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("audit: {error}");
            ExitCode::from(2)
        }
    }
}
