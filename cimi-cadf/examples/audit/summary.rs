//! `audit summary`: how many events there are, by action, outcome, initiator and hour.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use chrono::{DateTime, Timelike, Utc};
use cimi_cadf::{Event, Part, Timestamp, outcome};
use cimi_model::printable;

use crate::counts::{Counts, Row};
use crate::{Outcome, input};

/// How many rows are shown of what can have any number of values.
const SHOWN: usize = 20;

/// Shown for what an event does not say.
const NONE: &str = "-";

#[derive(Default)]
struct Summary {
    all: Row,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    actions: Counts,
    outcomes: Counts,
    initiators: Counts,
    hours: Counts,
}

impl Summary {
    fn add(&mut self, event: &Event) {
        let is = |kind: &str| event.outcome.as_ref().is_some_and(|path| path.is_a(kind));
        let row = Row::one(is(outcome::SUCCESS), is(outcome::FAILURE));
        self.all.add(row);
        self.actions.add(event.action.as_ref().map_or(NONE, |path| path.as_str()), row);
        self.outcomes.add(event.outcome.as_ref().map_or(NONE, |path| path.as_str()), row);
        self.initiators.add(&initiator(event), row);
        let time = event.event_time.as_ref().and_then(Timestamp::instant).map(|time| time.to_utc());
        self.first = [self.first, time].into_iter().flatten().min();
        self.last = self.last.max(time);
        self.hours.add(&time.map_or_else(|| NONE.to_owned(), hour), row);
    }

    fn print(self, bad: usize, out: &mut dyn Write) -> io::Result<()> {
        let records = if bad == 0 { String::new() } else { format!(", {bad} records could not be read") };
        let span = self.first.zip(self.last).map(|(first, last)| {
            let text = |time: DateTime<Utc>| time.format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
            format!(", from {} to {}", text(first), text(last))
        });
        writeln!(out, "{} events{records}{}", self.all.events, span.unwrap_or_default())?;
        if self.all.events == 0 {
            return Ok(());
        }
        table("ACTION", self.actions.most_frequent(SHOWN), out)?;
        table("OUTCOME", self.outcomes.most_frequent(SHOWN), out)?;
        table("INITIATOR", self.initiators.most_frequent(SHOWN), out)?;
        table("HOUR", self.hours.in_order(), out)
    }
}

/// Who acted: the name, if there is one, and the identifier.
fn initiator(event: &Event) -> String {
    let resource = event.resource(Part::Initiator);
    let name = resource.and_then(|resource| resource.name.as_deref());
    let id = resource.and_then(|resource| resource.id.as_ref()).or_else(|| event.written_id(Part::Initiator));
    match (name, id) {
        (Some(name), Some(id)) => format!("{name} ({id})"),
        (Some(name), None) => name.to_owned(),
        (None, Some(id)) => id.to_string(),
        (None, None) => NONE.to_owned(),
    }
}

/// The hour in which a moment is, in UTC.
fn hour(time: DateTime<Utc>) -> String {
    format!("{}T{:02}", time.format("%Y-%m-%d"), time.hour())
}

/// Prints rows with their columns under one another.
fn table(title: &str, rows: Vec<(String, Row)>, out: &mut dyn Write) -> io::Result<()> {
    let named: Vec<(String, Row)> = rows.into_iter().map(|(name, row)| (printable(&name), row)).collect();
    let width = named.iter().map(|(name, _)| name.chars().count()).chain([title.len()]).max().unwrap_or_default();
    writeln!(out, "\n{title:width$} {:>10} {:>10} {:>10} {:>10}", "EVENTS", "SUCCESS", "FAILURE", "OTHER")?;
    for (name, row) in named {
        let Row { events, success, failure, .. } = row;
        let mark = if row.at_least { "+" } else { "" };
        let counted = format!("{events}{mark}");
        writeln!(out, "{name:width$} {counted:>10} {success:>10} {failure:>10} {:>10}", row.other())?;
    }
    Ok(())
}

pub(crate) fn run(file: Option<&str>) -> Outcome<ExitCode> {
    let mut summary = Summary::default();
    let bad = input::each_event(file, &mut |event| {
        summary.add(event);
        Ok(())
    })?;
    let mut out = BufWriter::new(io::stdout().lock());
    summary.print(bad, &mut out)?;
    out.flush()?;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
