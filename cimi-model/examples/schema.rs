//! Writes schemas of the standard's types for other languages.
//!
//! A wrong command line ends with status 2, and a file that cannot be written with status 1.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cimi_model::{Registry, schema};

const HELP: &str = "\
usage: schema [--format model] [--out DIR]

  --format model        the whole table as one JSON document (default)
  --out DIR             write into this folder; without it, one document goes to stdout
  --help                print this";

#[derive(Clone, Copy)]
enum Format {
    Model,
}

struct Arguments {
    format: Format,
    out: Option<PathBuf>,
}

/// A file to be written.
struct File {
    name: String,
    text: String,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("error: {message}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match write(&generate(&arguments), arguments.out.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for; nothing if it asks for help.
fn arguments() -> Result<Option<Arguments>, String> {
    let mut found = Arguments { format: Format::Model, out: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            lexopt::Arg::Long("format") => {
                found.format = match value(&mut parser)?.as_str() {
                    "model" => Format::Model,
                    other => return Err(format!("--format takes model, not '{other}'")),
                }
            }
            lexopt::Arg::Long("out") => found.out = Some(parser.value().map_err(|error| error.to_string())?.into()),
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => return Ok(None),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(found))
}

fn value(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    value.into_string().map_err(|_| "a value is not UTF-8".to_owned())
}

fn generate(arguments: &Arguments) -> Vec<File> {
    let registry = Registry::standard();
    match arguments.format {
        Format::Model => vec![File { name: "model.json".to_owned(), text: schema::model(&registry) }],
    }
}

fn write(files: &[File], folder: Option<&Path>) -> Result<(), String> {
    let Some(folder) = folder else {
        let text = files.iter().map(|file| file.text.as_str()).collect::<String>();
        return io::stdout().write_all(text.as_bytes()).map_err(|error| format!("stdout: {error}"));
    };
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for file in files {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
