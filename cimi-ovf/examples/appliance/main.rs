//! Works on OVF descriptors and packages.
//!
//! ```text
//! cargo run --release --example appliance -- COMMAND
//! ```
//!
//! What is refused gives `error: PATH: reason (line L, column C)` and exit status 1; wrong usage, status 2. Each command
//! has its own module.

mod descriptor;
mod env;
mod export;
mod import;
mod inspect;
mod pack;
mod progress;
mod rewrite;
mod table;
mod unpack;
mod validate;
mod verify;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use cimi_ovf::{Error, ErrorKind};

/// A command: its name, how it is used, and what carries it out.
type Command = (&'static str, &'static str, fn(&mut lexopt::Parser) -> Outcome);

const COMMANDS: &[Command] = &[
    ("import", import::USAGE, import::run),
    ("export", export::USAGE, export::run),
    ("inspect", inspect::USAGE, inspect::run),
    ("env", env::USAGE, env::run),
    ("rewrite", rewrite::USAGE, rewrite::run),
    ("validate", validate::USAGE, validate::run),
    ("verify", verify::USAGE, verify::run),
    ("pack", pack::USAGE, pack::run),
    ("unpack", unpack::USAGE, unpack::run),
];

/// The exit status of a command, or why there is none.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// Why a command ends.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are wrong.
    Usage(lexopt::Error),
    /// What was given is refused, or cannot be read or written.
    Refused(Error),
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

fn main() -> ExitCode {
    match dispatch(&mut lexopt::Parser::from_env()) {
        Ok(status) => status,
        Err(Failure::Usage(error)) => {
            eprintln!("error: {error}");
            for (place, (_, usage, _)) in COMMANDS.iter().enumerate() {
                eprintln!("{} appliance {usage}", if place == 0 { "usage:" } else { "      " });
            }
            ExitCode::from(2)
        }
        Err(Failure::Refused(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(parser: &mut lexopt::Parser) -> Outcome {
    let argument = parser.next()?;
    let Some(lexopt::Arg::Value(name)) = argument else {
        return Err(Failure::Usage("a command is needed".into()));
    };
    match COMMANDS.iter().find(|(command, ..)| name == *command) {
        Some((.., run)) => run(parser),
        None => Err(Failure::Usage(format!("there is no command '{}'", name.display()).into())),
    }
}

/// Reads one byte more than the limit at most, so that a file that is too large is noticed and never held.
pub(crate) fn read(file: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    let file = File::open(file).map_err(|error| io(&error))?;
    file.take((limit as u64).saturating_add(1)).read_to_end(&mut content).map_err(|error| io(&error))?;
    Ok(content)
}

/// Writes a whole document to standard output.
pub(crate) fn print(document: &[u8]) -> Outcome {
    std::io::stdout().lock().write_all(document).map_err(|error| io(&error))?;
    Ok(ExitCode::SUCCESS)
}

/// An error of the system, on one line.
pub(crate) fn io(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string().replace('\n', " "))
}
