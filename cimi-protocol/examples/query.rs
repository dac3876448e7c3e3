//! Applies the query of a URI to a collection document, and prints what is left of it.
//!
//! ```text
//! query QUERYSTRING [FILE|-]
//! query --check
//! ```
//!
//! The document is in either format and version and stays in them, unless `$format` asks for another format. Nothing is
//! at hand that references could be expanded with. `--check` reads filters from stdin, one in each line, and prints for
//! each `ok`, a tab and its canonical form, or `error`, a tab, the offset in bytes, a tab and what is wrong.
//!
//! What deviates in the document, and comparisons that cannot hold for its type, go to stderr as `warning: text`. A bad
//! query or document ends with status 1 and one line `error: reason`, a wrong command line with status 2.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;

use cimi_model::filter::Filter;
use cimi_model::{Document, Format, Limits, ReadOptions, Registry, WriteOptions};
use cimi_protocol::query::Query;

enum Command {
    Apply { query: String, file: Option<String> },
    Check,
}

fn main() -> ExitCode {
    let outcome = match command() {
        Ok(Command::Apply { query, file }) => apply(&query, file.as_deref()),
        Ok(Command::Check) => check(io::stdin().lock(), io::stdout().lock()).map_err(|error| error.to_string()),
        Err(message) => {
            eprintln!("{message}");
            eprintln!("usage: query QUERYSTRING [FILE|-]\n       query --check");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<Command, String> {
    let (mut check, mut values) = (false, Vec::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            lexopt::Arg::Long("check") => check = true,
            lexopt::Arg::Value(value) if values.len() < 2 => {
                values.push(value.into_string().map_err(|_| "an argument is not UTF-8")?);
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    let mut values = values.into_iter();
    match (check, values.next(), values.next()) {
        (true, None, _) => Ok(Command::Check),
        (false, Some(query), file) => Ok(Command::Apply { query, file }),
        (true, Some(_), _) => Err("--check reads filters from stdin only".to_owned()),
        (false, None, _) => Err("there is no query".to_owned()),
    }
}

fn apply(query: &str, file: Option<&str>) -> Result<(), String> {
    let query: Query = query.parse().map_err(|error: cimi_protocol::Error| error.to_string())?;
    let limits = Limits { size: 1 << 30, elements: usize::MAX, ..Limits::default() };
    let name = file.unwrap_or("-");
    let input = read_input(file, limits).map_err(|error| format!("{name}: {error}"))?;
    let own_format = Format::of(&input);
    let format = query
        .choose_format(&http::HeaderMap::new(), &[own_format, Format::Json, Format::Xml])
        .map_err(|error| error.to_string())?;

    let options = ReadOptions { limits, strict: false };
    let parsed = Document::read(&input, &Registry::standard(), &options).map_err(|error| error.to_string())?;
    for deviation in &parsed.deviations {
        eprintln!("warning: {deviation}");
    }
    if parsed.more_deviations > 0 {
        eprintln!("warning: {} further deviations", parsed.more_deviations);
    }
    let dialect = parsed.dialect.unwrap_or_default();
    let mut document = parsed.value;
    if let Err(error) = query.check(document.record().record_type()) {
        eprintln!("warning: {error}");
    }
    query.apply(document.record_mut(), dialect, &());
    let mut text =
        document.to_string(format, WriteOptions { dialect, pretty: true }).map_err(|error| error.to_string())?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())
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

/// Says of each line whether it is a filter.
fn check(filters: impl BufRead, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for line in filters.split(b'\n') {
        let line = line?;
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        match std::str::from_utf8(line) {
            Ok(text) => match text.parse::<Filter>() {
                Ok(filter) => writeln!(out, "ok\t{filter}")?,
                Err(error) => writeln!(out, "error\t{}\t{error}", error.offset())?,
            },
            Err(error) => writeln!(out, "error\t{}\tnot UTF-8", error.valid_up_to())?,
        }
    }
    out.flush()
}
