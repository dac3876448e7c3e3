//! What all commands read.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use cimi_cadf::{AnyLog, Definitions, Event, Record, Records};
use cimi_model::{Error, ErrorKind, Format, Limits, ReadOptions};

use crate::Outcome;

/// The text of a file, or the standard input.
pub(crate) fn open(file: Option<&str>) -> Outcome<Box<dyn BufRead>> {
    match file {
        None | Some("-") => Ok(Box::new(io::stdin().lock())),
        Some(file) => {
            let open = File::open(file).map_err(|error| format!("{file}: {error}"))?;
            Ok(Box::new(BufReader::with_capacity(1 << 16, open)))
        }
    }
}

/// The records of a file, and what the log says that they are in. If it can be read only once, that is what stands before
/// the events.
pub(crate) fn records_and_log(file: Option<&str>) -> Outcome<(Records<'static>, Option<AnyLog>)> {
    let mut records = Records::new(open(file)?, ReadOptions::default());
    let Some(log) = records.log().map(|log| log.value.clone()) else { return Ok((records, None)) };
    let again = file.filter(|file| *file != "-" && Path::new(file).is_file());
    let whole = match again {
        Some(file) => Records::new(open(Some(file))?, ReadOptions::default()).into_log(),
        None => None,
    };
    Ok((records, Some(whole.map_or(log, |whole| whole.value))))
}

/// Tells on the standard error output that a log says more after its events, which came too late. That can be if the
/// input is read only once.
pub(crate) fn tell_what_came_late(records: &mut Records<'_>, known: Option<&AnyLog>) {
    if let (Some(known), Some(whole)) = (known, records.log())
        && whole.value != *known
    {
        eprintln!("audit: note: what the log says after its events is left out; of a file it would not be");
    }
}

/// A record, unless it is that the file itself cannot be read.
pub(crate) fn readable(record: Record) -> Outcome<Record> {
    match &record.event {
        Err(error) if error.kind() == ErrorKind::Io => Err(error.to_string().into()),
        _ => Ok(record),
    }
}

/// The place in a text where something is wrong, in parentheses.
pub(crate) fn place(error: &Error) -> String {
    error.location().map_or_else(String::new, |location| format!(" ({location})"))
}

/// The event of a record, unless it cannot be read, which is told on the standard error output.
pub(crate) fn event(record: Record) -> Outcome<Option<Event>> {
    let record = readable(record)?;
    match record.event {
        Ok(parsed) => Ok(Some(parsed.value)),
        Err(error) => {
            eprintln!("audit: record {}: {}{}", record.number, error.reason(), place(&error));
            Ok(None)
        }
    }
}

/// Hands over the events of a file, with what their log says for several of them and with the type that JSON demands.
/// Records that are none are told on the standard error output; says how many there are.
pub(crate) fn each_event(file: Option<&str>, take: &mut dyn FnMut(&Event) -> Outcome<()>) -> Outcome<usize> {
    let (mut records, log) = records_and_log(file)?;
    let definitions = log.as_ref().map(Definitions::from);
    let mut bad = 0;
    for record in records.by_ref() {
        let format = record.format;
        let Some(mut event) = event(record)? else {
            bad += 1;
            continue;
        };
        if let Some(definitions) = &definitions {
            definitions.resolve(&mut event, &Limits::default());
        }
        take(&event.converted(format, Format::Json))?;
    }
    tell_what_came_late(&mut records, log.as_ref());
    Ok(bad)
}
