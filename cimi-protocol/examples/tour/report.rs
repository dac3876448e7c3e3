//! What the audit trail says, and whether it is right.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use cimi_cadf::correlate::Correlation;
use cimi_cadf::{Event, Records, Severity, Validation, action};
use cimi_model::ReadOptions;

use crate::{Outcome, shown};

/// Prints who did what to what, with which outcome, for all that was not just read.
pub(crate) fn show(file: &Path) -> Outcome<()> {
    let (mut rows, mut reads, mut wrong) = (Vec::new(), 0, 0);
    let mut row_of = HashMap::new();
    let mut correlation = Correlation::default();
    for record in Records::new(BufReader::new(File::open(file)?), ReadOptions::strict()) {
        let event = record.event?.value;
        wrong += Validation::strict().problems(&event).iter().filter(|found| found.severity == Severity::Error).count();
        if let Some(pair) = correlation.push(&event) {
            // The outcome of what has been listed as pending.
            let row = row_of.get(&pair.pending.number).and_then(|row: &usize| rows.get_mut(*row));
            if let Some(row) = row {
                let seconds = pair.duration.and_then(|duration| duration.parts()).map_or(0.0, |(_, seconds)| seconds);
                *row = format!("{row}, then {} after {seconds:.1} s", shown(pair.last.outcome));
            }
        } else if event.action.as_ref().is_some_and(|action| action.is_a(action::READ)) {
            reads += 1;
        } else {
            row_of.insert(record.number as u64, rows.len());
            rows.push(row(&event));
        }
    }
    println!("  {:8}{:16}{:36}outcome", "who", "what", "on what");
    for row in rows {
        println!("  {row}");
    }
    println!("and {reads} times somebody read. Problems that strict validation finds: {wrong}");
    println!("The trail is in {}", file.display());
    if wrong == 0 { Ok(()) } else { Err("the audit trail is not valid".into()) }
}

fn row(event: &Event) -> String {
    let who = event.initiator.as_ref().and_then(|who| who.name.as_deref()).unwrap_or("?");
    let target = shown(event.target.as_ref().and_then(|target| target.id.as_ref()));
    let path = target.split_once("//").and_then(|(_, rest)| rest.split_once('/')).map_or(&*target, |(_, path)| path);
    format!("{who:8}{:16}{path:36}{}", shown(event.action.as_ref()), shown(event.outcome.as_ref()))
}
