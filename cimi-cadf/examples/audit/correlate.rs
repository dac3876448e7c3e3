//! `audit correlate`: the pending and the final event of each action.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cimi_cadf::Records;
use cimi_cadf::correlate::{Correlation, CorrelationOptions, Half, Pair};
use cimi_model::{ReadOptions, printable};

use crate::{Outcome, input};

/// Shown for what is not there.
const NONE: &str = "-";

pub(crate) fn run(file: Option<&str>, by_parties: bool) -> Outcome<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut correlation = Correlation::new(CorrelationOptions { by_parties, ..CorrelationOptions::default() });
    let mut wrong = false;
    for record in Records::new(input::open(file)?, ReadOptions::default()) {
        let Some(event) = input::event(record)? else {
            correlation.skip();
            wrong = true;
            continue;
        };
        if let Some(pair) = correlation.push(&event) {
            wrong |= print_pair(&pair, &mut out)?;
        }
    }
    let rest = correlation.finish();
    for half in &rest.pending {
        writeln!(out, "{}\t{NONE}\t{NONE}\t{}\t{NONE}", half.number, what(half))?;
    }
    if rest.forgotten_pending > 0 {
        eprintln!("audit: there are {} pending events more, which were forgotten", rest.forgotten_pending);
    }
    out.flush()?;
    let all_ended = rest.pending.is_empty() && rest.forgotten_pending == 0;
    Ok(if wrong || !all_ended { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints a pair, and says whether something is wrong with it.
fn print_pair(pair: &Pair, out: &mut dyn Write) -> io::Result<bool> {
    let of_chains = pair.pending.problems.iter().chain(&pair.last.problems);
    let problems: Vec<_> = pair.problems.iter().chain(of_chains).map(ToString::to_string).collect();
    let text = if problems.is_empty() { NONE.to_owned() } else { problems.join("; ") };
    let took = shown(pair.duration.as_ref());
    writeln!(out, "{}\t{}\t{took}\t{}\t{text}", pair.pending.number, pair.last.number, what(&pair.last))?;
    Ok(!problems.is_empty())
}

/// Outcome, action and target.
fn what(half: &Half) -> String {
    [shown(half.outcome.as_ref()), shown(half.action.as_ref()), shown(half.target.as_ref())].join("\t")
}

fn shown(value: Option<&impl Display>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| printable(&value.to_string()))
}
