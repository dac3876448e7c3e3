//! What all commands read.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use cimi_cadf::{Event, Record, Records};
use cimi_model::{Error, ErrorKind, ReadOptions};

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

/// The records of a file, each as it could be read. Only that the file itself cannot be read is an error.
pub(crate) fn records(file: Option<&str>) -> Outcome<impl Iterator<Item = Outcome<Record>>> {
    Ok(Records::new(open(file)?, ReadOptions::default()).map(readable))
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

/// Hands over the events of a file. Records that are none are told on the standard error output; says how many there
/// are.
pub(crate) fn each_event(file: Option<&str>, take: &mut dyn FnMut(&Event) -> Outcome<()>) -> Outcome<usize> {
    let mut bad = 0;
    for record in records(file)? {
        let record = record?;
        match record.event {
            Ok(parsed) => take(&parsed.value)?,
            Err(error) => {
                bad += 1;
                eprintln!("audit: record {}: {}{}", record.number, error.reason(), place(&error));
            }
        }
    }
    Ok(bad)
}
