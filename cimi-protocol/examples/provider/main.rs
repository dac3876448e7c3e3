//! A CIMI provider whose cloud is in memory only.
//!
//! ```text
//! cargo run --release --example provider -- --listen 127.0.0.1:PORT [--dialect 1|2] [--latency-ms N]
//! ```
//!
//! The first line on standard output is the URL of its entry point; port 0 takes a free one. Operations take N
//! milliseconds, during which their Jobs run; without a latency they are carried out before they are answered.
//!
//! It accepts any Basic credentials, and writes into its event log who asked for what. Nothing is kept when it ends. For
//! the libraries see [`cloud`], which knows nothing of sockets.

mod cloud;
mod http;
mod peers;
mod source;

use std::io::Write;
use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use cimi_model::{Dialect, Uri};
use tokio::net::TcpListener;

use crate::cloud::{BASE, Cloud, ENTRY_POINT, Options};

const USAGE: &str = "usage: provider --listen ADDRESS:PORT [--dialect 1|2] [--latency-ms N]";

fn main() -> ExitCode {
    let (listen, options) = match arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("error: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(serve(&listen, options))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {listen}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(listen: &str, options: Options) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let base = Uri::from(format!("http://{}{BASE}", listener.local_addr()?));
    let cloud = Cloud::new(&base, options, Utc::now());
    let mut out = std::io::stdout();
    writeln!(out, "{base}{ENTRY_POINT}")?;
    out.flush()?;
    http::serve(listener, cloud).await
}

fn arguments() -> Result<(String, Options), lexopt::Error> {
    use lexopt::prelude::*;
    let (mut listen, mut options) = (None, Options::default());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => listen = Some(parser.value()?.string()?),
            Long("dialect") => options.dialect = parser.value()?.parse_with(dialect)?,
            Long("latency-ms") => options.latency = parser.value()?.parse_with(milliseconds)?,
            other => return Err(other.unexpected()),
        }
    }
    Ok((listen.ok_or("--listen is needed")?, options))
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
