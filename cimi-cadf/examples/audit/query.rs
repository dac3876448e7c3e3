//! `audit query`: the events that a filter means.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cimi_cadf::EventFilter;
use cimi_model::filter::ProblemKind;
use cimi_model::{Format, WriteOptions};

use crate::{Outcome, input};

pub(crate) fn run(filter: &str, file: Option<&str>) -> Outcome<ExitCode> {
    let filter: EventFilter = filter.parse().map_err(|error| format!("the filter: {error}"))?;
    refuse_or_warn(&filter)?;
    let filter = filter.compiled();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut found = false;
    input::each_event(file, &mut |event| {
        if filter.matches(event) {
            found = true;
            writeln!(out, "{}", event.to_string(Format::Json, WriteOptions::default())?)?;
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What can hold for no event is refused. A name that no table knows may be that of a member that events have by
/// themselves, or a slip: that is said.
fn refuse_or_warn(filter: &EventFilter) -> Outcome<()> {
    let (unknown, wrong): (Vec<_>, Vec<_>) =
        filter.problems().into_iter().partition(|problem| problem.kind == ProblemKind::Unknown);
    if let Some(problem) = wrong.first() {
        return Err(format!("the filter: {problem}").into());
    }
    for problem in unknown {
        eprintln!("audit: note: {problem}; only events that have it by themselves can fulfil this");
    }
    Ok(())
}
