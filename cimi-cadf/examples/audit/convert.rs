//! `audit convert`: the same events in another form.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cimi_cadf::{Event, NAMESPACE, flat};
use cimi_model::Format;

use crate::{Outcome, input};

/// What events are converted to.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// One event as itself, several as a JSON array.
    Json,
    /// One event as itself, several in a Log.
    Xml,
    /// Flat records, one in each line.
    Jsonl,
}

impl Target {
    const ALL: [(&'static str, Self); 3] = [("json", Self::Json), ("xml", Self::Xml), ("jsonl", Self::Jsonl)];

    /// The value of `--to`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, target)| *target);
        let possible = || Self::ALL.map(|(name, _)| name).join(", ");
        found.ok_or_else(|| format!("events cannot be converted to '{text}', but to: {}", possible()))
    }
}

pub(crate) fn run(file: Option<&str>, to: Target) -> Outcome<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let bad = match to {
        Target::Json => documents(file, Format::Json, ["[\n", ",\n", "\n]"], &mut out)?,
        Target::Xml => {
            let head = format!("<log xmlns=\"{NAMESPACE}\">\n<events>\n");
            documents(file, Format::Xml, [&head, "\n", "\n</events>\n</log>"], &mut out)?
        }
        Target::Jsonl => input::each_event(file, &mut |event| Ok(writeln!(out, "{}", flat::line(event)?)?))?,
    };
    out.flush()?;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes one event as it is, and any other number with something around them and in between. Says how many records
/// could not be read.
fn documents(file: Option<&str>, format: Format, around: [&str; 3], out: &mut dyn Write) -> Outcome<usize> {
    let [head, between, tail] = around;
    let mut count = 0_usize;
    // Until a second one comes, the first may be the only one.
    let mut first = String::new();
    let bad = input::each_event(file, &mut |event: &Event| {
        let text = event.to_string(format, cimi_model::WriteOptions::default())?;
        count += 1;
        match count {
            1 => first = text,
            2 => write!(out, "{head}{}{between}{text}", std::mem::take(&mut first))?,
            _ => write!(out, "{between}{text}")?,
        }
        Ok(())
    })?;
    match count {
        0 => writeln!(out, "{}{}", head.trim_end(), tail.trim_start())?,
        1 => writeln!(out, "{first}")?,
        _ => writeln!(out, "{tail}")?,
    }
    Ok(bad)
}
