//! A CIMI provider whose cloud is in memory only.
//!
//! ```text
//! cargo run --release --example provider -- --listen 127.0.0.1:PORT [--dialect 1|2] [--latency-ms N] [--audit FILE]
//! ```
//!
//! The first line on standard output is the URL of its entry point; port 0 takes a free one. Operations take N
//! milliseconds, during which their Jobs run; without a latency they are carried out before they are answered. With FILE,
//! an audit event is added to it for each request, as a line of JSON, and one more when a Job ends that goes on after the
//! answer; what happens in the cloud by itself is known with the next request.
//!
//! It accepts any Basic credentials, and writes into its event log who asked for what. Nothing is kept when it ends. For
//! the libraries see [`cloud`], which knows nothing of sockets.

mod cloud;
mod http;
mod peers;
mod source;
mod trail;

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use cimi_model::{Dialect, Uri};
use tokio::net::TcpListener;

use crate::cloud::{BASE, Cloud, ENTRY_POINT, Options};
use crate::trail::Trail;

const USAGE: &str = "usage: provider --listen ADDRESS:PORT [--dialect 1|2] [--latency-ms N] [--audit FILE]";

/// What the command line says.
#[derive(Default)]
struct Arguments {
    listen: String,
    options: Options,
    audit: Option<String>,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("error: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let trail = match arguments.audit.as_deref().map(|path| File::options().create(true).append(true).open(path)) {
        Some(Err(error)) => {
            eprintln!("error: {}: {error}", arguments.audit.unwrap_or_default());
            return ExitCode::FAILURE;
        }
        Some(Ok(file)) => Some(file),
        None => None,
    };
    match runtime.and_then(|runtime| runtime.block_on(serve(&arguments.listen, arguments.options, trail))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}: {error}", arguments.listen);
            ExitCode::FAILURE
        }
    }
}

async fn serve(listen: &str, options: Options, audit: Option<File>) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let base = Uri::from(format!("http://{}{BASE}", listener.local_addr()?));
    let cloud = Cloud::new(&base, options, Utc::now());
    let mut out = std::io::stdout();
    writeln!(out, "{base}{ENTRY_POINT}")?;
    out.flush()?;
    let trail = audit.map(|file| Trail::new(Box::new(file), &cloud, Utc::now()));
    http::serve(listener, cloud, trail).await
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let mut found = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => found.listen = parser.value()?.string()?,
            Long("dialect") => found.options.dialect = parser.value()?.parse_with(dialect)?,
            Long("latency-ms") => found.options.latency = parser.value()?.parse_with(milliseconds)?,
            Long("audit") => found.audit = Some(parser.value()?.string()?),
            other => return Err(other.unexpected()),
        }
    }
    if found.listen.is_empty() { Err("--listen is needed".into()) } else { Ok(found) }
}

fn dialect(text: &str) -> Result<Dialect, &'static str> {
    match text {
        "1" => Ok(Dialect::V1),
        "2" => Ok(Dialect::V2),
        _ => Err("the dialects are 1 and 2"),
    }
}

fn milliseconds(text: &str) -> Result<TimeDelta, &'static str> {
    let milliseconds = text.parse::<u32>().map_err(|_| "the latency is a number of milliseconds")?;
    Ok(TimeDelta::milliseconds(milliseconds.into()))
}
