//! Looks at files of audit events.
//!
//! * `audit validate [FILE|-] [--strict]` prints a line for each problem: the number of the record, path, rule and text,
//!   with tabs between. It ends with 1 when one of them is an error. What is wrong with a log itself has the number 0.
//! * `audit convert [FILE|-] --to json|xml|jsonl` writes the events in another form: one event as itself, several as a JSON
//!   array or a Log in XML; `jsonl` has a flat record with the same columns for each. It ends with 1 when there are
//!   records that cannot be read.
//! * `audit convert [FILE|-] --to cimi|cadf [--dialect 1|2] [--observer ID]` converts events to Events of CIMI, and
//!   Events, Jobs, Meters with their Samples, collections and logs of CIMI to events. What the result does not say just as
//!   the source did is told on the standard error output. CADF demands an observer, whose identifier is `provider` unless
//!   another is named.
//! * `audit query FILTER [FILE|-]` prints the events that fulfil a filter, each as a line of JSON with all that is in it.
//!   As `grep` it ends with 1 when there are none.
//! * `audit summary [FILE|-]` counts events by action, outcome, initiator and hour. It ends with 1 when there are records
//!   that cannot be read.
//! * `audit correlate [FILE|-] [--by-parties]` pairs the pending and the final event of each action, by identifier or tag,
//!   and if asked by initiator, target and action. It prints a line for each pair: the numbers of both records, duration,
//!   outcome, action, target and what is wrong, with tabs between; what is still pending comes last. It ends with 1 when
//!   something is wrong or pending.
//!
//! Each ends with 2 when it could not do its work. Records that cannot be read are told on the standard error output and
//! left out. All commands read JSON arrays, JSON lines, JSON records one after another, XML and logs in either format, one
//! record at a time, from the standard input unless a file is named.

mod cimi;
mod convert;
mod correlate;
mod counts;
mod input;
mod query;
mod summary;
mod validate;

use std::io;
use std::process::ExitCode;

use cimi_cadf::cimi::Converter;
use cimi_model::Dialect;
use lexopt::prelude::*;

use convert::Target;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
usage: audit validate [FILE|-] [--strict]
       audit convert [FILE|-] --to json|xml|jsonl
       audit convert [FILE|-] --to cimi|cadf [--dialect 1|2] [--observer ID]
       audit query FILTER [FILE|-]
       audit summary [FILE|-]
       audit correlate [FILE|-] [--by-parties]";

/// What the command line asks for. Without a file, it is the standard input.
enum Command {
    Help,
    Validate { file: Option<String>, strict: bool },
    Convert { file: Option<String>, to: Target, converter: Box<Converter> },
    Query { filter: String, file: Option<String> },
    Summary { file: Option<String> },
    Correlate { file: Option<String>, by_parties: bool },
}

fn command() -> Outcome<Command> {
    let mut parser = lexopt::Parser::from_env();
    let name = match parser.next()? {
        Some(Value(name)) => name.string()?,
        Some(Short('h') | Long("help")) => return Ok(Command::Help),
        _ => return Err(USAGE.into()),
    };
    let mut by_parties = false;
    let (mut file, mut strict, mut to, mut filter) = (None, false, None, None);
    let (mut dialect, mut observer) = (Dialect::V2, None);
    while let Some(argument) = parser.next()? {
        match (name.as_str(), argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help),
            ("validate", Long("strict")) => strict = true,
            ("convert", Long("to")) => to = Some(parser.value()?.parse_with(Target::parse)?),
            ("correlate", Long("by-parties")) => by_parties = true,
            ("convert", Long("dialect")) => dialect = parser.value()?.parse_with(dialect_of)?,
            ("convert", Long("observer")) => observer = Some(parser.value()?.string()?),
            ("query", Value(value)) if filter.is_none() => filter = Some(value.string()?),
            (_, Value(value)) if file.is_none() => file = Some(value.string()?),
            (_, other) => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    match (name.as_str(), to, filter) {
        ("validate", ..) => Ok(Command::Validate { file, strict }),
        ("convert", Some(to), _) => {
            let converter = Box::new(cimi::converter(observer.as_deref(), dialect));
            Ok(Command::Convert { file, to, converter })
        }
        ("convert", None, _) => Err(format!("convert needs --to\n{USAGE}").into()),
        ("query", _, Some(filter)) => Ok(Command::Query { filter, file }),
        ("query", ..) => Err(format!("query needs a filter\n{USAGE}").into()),
        ("correlate", ..) => Ok(Command::Correlate { file, by_parties }),
        ("summary", ..) => Ok(Command::Summary { file }),
        _ => Err(format!("there is no command '{name}'\n{USAGE}").into()),
    }
}

/// The value of `--dialect`.
fn dialect_of(text: &str) -> Result<Dialect, String> {
    match text {
        "1" => Ok(Dialect::V1),
        "2" => Ok(Dialect::V2),
        _ => Err(format!("there is no dialect '{text}' of CIMI, but 1 and 2")),
    }
}

fn run() -> Outcome<ExitCode> {
    match command()? {
        Command::Help => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Validate { file, strict } => validate::run(file.as_deref(), strict),
        Command::Convert { file, to, converter } => convert::run(file.as_deref(), to, &converter),
        Command::Query { filter, file } => query::run(&filter, file.as_deref()),
        Command::Correlate { file, by_parties } => correlate::run(file.as_deref(), by_parties),
        Command::Summary { file } => summary::run(file.as_deref()),
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
