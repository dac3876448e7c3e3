//! Speaks with a CIMI provider of any version.
//!
//! ```text
//! cargo run --release --example client -- URL COMMAND [--user U:P] [--to json|xml]
//! ```
//!
//! URL is that of the cloud entry point. The commands:
//!
//! | command | what it does |
//! |---|---|
//! | `entry` | prints the entry point |
//! | `list COLLECTION [QUERY]` | prints a collection: an attribute of the entry point, in either dialect, or an HREF |
//! | `show HREF` | prints a resource or collection |
//! | `create COLLECTION FILE` | creates what the document in FILE (`-` for standard input) asks for, and prints it |
//! | `do HREF ACTION [KEY=VALUE…]` | invokes an action (`start`, `stop force=true`, `edit name=db`, …) and prints the resource |
//! | `delete HREF` | deletes a resource |
//! | `watch HREF` | waits until a Job has ended, or a resource is at rest, and prints it |
//!
//! An HREF is absolute or relative to the `baseURI`. `--to` is the format that is asked for and printed, JSON by default.
//! Requests are written in the dialect that the provider speaks, whatever FILE is written in. Plain http goes to this
//! machine only.
//!
//! Documents go to standard output, everything else to standard error: what is wrong with an answer as `warning: …`, and
//! the progress of Jobs, which are waited for. The exit status is 1 when something failed, and 2 for a wrong command
//! line.

mod commands;
mod connection;
mod input;
mod output;
mod wait;

use std::process::ExitCode;

use cimi_model::Format;
use cimi_protocol::query::Query;

use crate::commands::Client;
use crate::connection::Connection;

const USAGE: &str = "\
usage: client URL entry
       client URL list COLLECTION [QUERY]
       client URL show HREF
       client URL create COLLECTION FILE
       client URL do HREF ACTION [KEY=VALUE...]
       client URL delete HREF
       client URL watch HREF
options: --user USER:PASSWORD  --to json|xml";

/// What went wrong; printed with its causes.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The command line.
struct Arguments {
    url: String,
    command: Command,
    user: Option<String>,
    format: Format,
}

enum Command {
    Entry,
    List { collection: String, query: Query },
    Show { href: String },
    Create { collection: String, file: String },
    Do { href: String, action: String, parameters: Vec<(String, String)> },
    Delete { href: String },
    Watch { href: String },
}

fn main() -> ExitCode {
    let arguments = match arguments(lexopt::Parser::from_env()) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            output::error(&*error);
            ExitCode::FAILURE
        }
    }
}

/// Carries out the command; false if the provider did not succeed with it.
fn run(arguments: &Arguments) -> Result<bool> {
    let connection = Connection::new(&arguments.url, arguments.user.as_deref())?;
    let client = Client::discover(connection, &arguments.url, arguments.format)?;
    match &arguments.command {
        Command::Entry => client.entry(),
        Command::List { collection, query } => client.list(collection, query),
        Command::Show { href } => client.show(href),
        Command::Create { collection, file } => client.create(collection, file),
        Command::Do { href, action, parameters } => client.act(href, action, parameters),
        Command::Delete { href } => client.delete(href),
        Command::Watch { href } => client.watch(href),
    }
}

/// The arguments; `None` if only help is wanted.
fn arguments(mut parser: lexopt::Parser) -> std::result::Result<Option<Arguments>, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut user, mut format, mut words) = (None, Format::Json, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(None),
            Long("user") => user = Some(parser.value()?.string()?),
            Long("to") => format = parser.value()?.parse_with(format_named)?,
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [url, name, rest @ ..] = words.as_slice() else { return Err("URL and COMMAND are needed".into()) };
    let command = command(name, rest).map_err(lexopt::Error::from)?;
    Ok(Some(Arguments { url: (*url).to_owned(), command, user, format }))
}

fn command(name: &str, words: &[&str]) -> std::result::Result<Command, String> {
    Ok(match (name, words) {
        ("entry", []) => Command::Entry,
        ("list", [collection]) => Command::List { collection: (*collection).to_owned(), query: Query::default() },
        ("list", [collection, query]) => {
            let query = query.strip_prefix('?').unwrap_or(query).parse();
            let query = query.map_err(|error: cimi_protocol::Error| error.to_string())?;
            Command::List { collection: (*collection).to_owned(), query }
        }
        ("show", [href]) => Command::Show { href: (*href).to_owned() },
        ("create", [collection, file]) => {
            Command::Create { collection: (*collection).to_owned(), file: (*file).to_owned() }
        }
        ("do", [href, action, rest @ ..]) => {
            let parameters = rest.iter().map(|word| parameter(word)).collect::<std::result::Result<_, _>>()?;
            Command::Do { href: (*href).to_owned(), action: (*action).to_owned(), parameters }
        }
        ("delete", [href]) => Command::Delete { href: (*href).to_owned() },
        ("watch", [href]) => Command::Watch { href: (*href).to_owned() },
        ("entry" | "list" | "show" | "create" | "do" | "delete" | "watch", _) => {
            return Err(format!("'{name}' has other arguments"));
        }
        _ => return Err(format!("there is no command '{name}'")),
    })
}

fn parameter(word: &str) -> std::result::Result<(String, String), String> {
    let pair = word.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) = pair.ok_or_else(|| format!("'{word}' is not KEY=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
}

fn format_named(text: &str) -> std::result::Result<Format, &'static str> {
    match text {
        "json" => Ok(Format::Json),
        "xml" => Ok(Format::Xml),
        _ => Err("the formats are json and xml"),
    }
}
