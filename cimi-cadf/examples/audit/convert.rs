//! `audit convert`: the same events in another form.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cimi_cadf::cimi::Converter;
use cimi_cadf::{AnyLog, Event, Log, Writer, flat};
use cimi_model::{Format, WriteOptions};

use crate::{Outcome, cimi, input};

/// What events are converted to.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// One event as itself, several as a JSON array.
    Json,
    /// One event as itself, several in a Log.
    Xml,
    /// Flat records, one in each line.
    Jsonl,
    /// Events of CIMI, one as itself, several as a JSON array.
    Cimi,
    /// From CIMI: one event as itself, several as a JSON array, a single event log as a Log.
    Cadf,
}

impl Target {
    const ALL: [(&'static str, Self); 5] =
        [("json", Self::Json), ("xml", Self::Xml), ("jsonl", Self::Jsonl), ("cimi", Self::Cimi), ("cadf", Self::Cadf)];

    /// The value of `--to`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, target)| *target);
        let possible = || Self::ALL.map(|(name, _)| name).join(", ");
        found.ok_or_else(|| format!("events cannot be converted to '{text}', but to: {}", possible()))
    }
}

pub(crate) fn run(file: Option<&str>, to: Target, converter: &Converter) -> Outcome<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let bad = match to {
        Target::Json => documents(file, Format::Json, &mut out)?,
        Target::Xml => documents(file, Format::Xml, &mut out)?,
        Target::Jsonl => input::each_event(file, &mut |event| Ok(writeln!(out, "{}", flat::line(event)?)?))?,
        Target::Cimi => cimi::to_cimi(file, converter, &mut out)?,
        Target::Cadf => cimi::to_cadf(file, converter, &mut out)?,
    };
    out.flush()?;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes one event as it is, and any other number as a JSON array or a Log in XML. A log that says more than its events
/// stays one. Says how many records could not be read.
fn documents(file: Option<&str>, format: Format, out: &mut dyn Write) -> Outcome<usize> {
    let (mut records, log) = input::records_and_log(file)?;
    // Until a second one comes, the first may be the only one.
    let mut first = None;
    let mut writer = None;
    if let Some(log) = log.clone().filter(|log| !log.is_bare()) {
        writer = Some(writer_of(&mut *out, Some(log), format)?);
    }
    let mut bad = 0;
    for record in records.by_ref() {
        let from = record.format;
        let Some(event) = input::event(record)? else {
            bad += 1;
            continue;
        };
        match (&mut writer, first.take()) {
            (Some(writer), _) => writer.convert(&event, from)?,
            (None, None) => first = Some((event, from)),
            (None, Some((before, before_from))) => {
                let mut several = writer_of(&mut *out, None, format)?;
                several.convert(&before, before_from)?;
                several.convert(&event, from)?;
                writer = Some(several);
            }
        }
    }
    match (writer, first) {
        (Some(writer), _) => drop(writer.finish()?),
        (None, Some((event, from))) => single(&event, from, format, out)?,
        (None, None) => drop(writer_of(out, None, format)?.finish()?),
    }
    input::tell_what_came_late(&mut records, log.as_ref());
    Ok(bad)
}

fn single(event: &Event, from: Format, to: Format, out: &mut dyn Write) -> Outcome<()> {
    Ok(writeln!(out, "{}", event.converted(from, to).to_string(to, WriteOptions::default())?)?)
}

/// What writes several events.
fn writer_of(out: &mut dyn Write, log: Option<AnyLog>, format: Format) -> Outcome<Writer<&mut dyn Write>> {
    Ok(match (log, format) {
        (Some(log), _) => Writer::log(out, log, format, WriteOptions::default())?,
        (None, Format::Xml) => Writer::log(out, Log::default(), format, WriteOptions::default())?,
        (None, _) => Writer::array(out, WriteOptions::default()),
    })
}
