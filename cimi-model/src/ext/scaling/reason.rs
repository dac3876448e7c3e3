//! Decisions in words.

use chrono::{DateTime as Instant, Utc};

use super::change::Step;
use super::decide::Round;
use super::decision::Obstacle;
use super::scaler::{Scaler, Sizing, Trigger};
use crate::ext::objective::shown;
use crate::{DateTime, printable};

/// `cpu of 2 Machines is 75 on average`.
fn load(round: &Round<'_, '_>) -> String {
    let scaler = round.scaler;
    let metric = scaler.policy.metric.as_ref().map_or("", |uri| uri.as_str());
    let metric = printable(metric.rsplit('/').next().unwrap_or(metric));
    let (of, how) = match (scaler.sizing, scaler.single) {
        (Sizing::Number, true) => (format!(" of {}", resources(round)), " at most"),
        (Sizing::Number, false) => (format!(" of {}", resources(round)), " on average"),
        _ => (String::new(), ""),
    };
    match round.value {
        Some(value) => format!("{metric}{of} is {}{how}", shown(value)),
        None => format!("nothing is known of {metric}{of}"),
    }
}

/// `2 Machines`.
fn resources(round: &Round<'_, '_>) -> String {
    counted(round.members, &printable(round.scaler.type_name()))
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// What was measured.
pub(super) fn figures(round: &Round<'_, '_>) -> String {
    let lacking = if round.lacking == 0 || round.value.is_none() {
        String::new()
    } else {
        format!(", {} without enough", round.lacking)
    };
    format!("{}, of {}{lacking}", load(round), counted(round.samples, "sample"))
}

/// What there is too little of.
pub(super) fn lack(round: &Round<'_, '_>) -> String {
    let samples = counted(round.samples, "sample");
    format!("{} of {} without enough samples, of {samples}", round.lacking, resources(round))
}

/// That the load is beyond a threshold.
pub(super) fn beyond(round: &Round<'_, '_>, trigger: &Trigger) -> String {
    let unit = round.scaler.unit.map_or_else(String::new, |unit| format!(" {}", printable(unit)));
    let periods = counted(usize::try_from(trigger.periods).unwrap_or(usize::MAX), "period");
    let period = round.scaler.policy.period.as_ref();
    let period = period.map_or_else(String::new, |period| format!(" for {periods} of {}", printable(period.as_str())));
    let (threshold, samples) = (shown(trigger.threshold), counted(round.samples, "sample"));
    format!("{}, {} {threshold}{unit}{period}, of {samples}", load(round), trigger.comparison)
}

/// That there are too few or too many.
pub(super) fn limit(round: &Round<'_, '_>, too_few: bool) -> String {
    let there = resources(round);
    let Scaler { minimum, maximum, .. } = round.scaler;
    if too_few { format!("{there} of at least {minimum}") } else { format!("{there} of at most {maximum}") }
}

/// What is done about it: `2 become 3`.
pub(super) fn step(round: &Round<'_, '_>, found: Result<&Step, &Obstacle>) -> String {
    let Scaler { minimum, maximum, sizing, .. } = round.scaler;
    let by_configuration = *sizing == Sizing::Configuration;
    match found {
        Ok(step) if by_configuration => format!("configuration {} becomes {}", step.from, step.to),
        Ok(step) => format!("{} become{} {}", step.from, if step.from == 1 { "s" } else { "" }, step.to),
        Err(Obstacle::Maximum) if by_configuration => "there is no larger configuration".to_owned(),
        Err(Obstacle::Minimum) if by_configuration => "there is no smaller configuration".to_owned(),
        Err(Obstacle::Maximum) => format!("{maximum} is the maximum"),
        Err(Obstacle::Minimum) => format!("{minimum} is the minimum"),
        Err(Obstacle::Protected) => "all that could be removed are protected".to_owned(),
        Err(Obstacle::UnknownSize) => "the size now is not known".to_owned(),
        Err(Obstacle::Reversal) => "what is left could not bear the load".to_owned(),
    }
}

/// That the last action is not long ago.
pub(super) fn cooling(last: Instant<Utc>) -> String {
    format!("the last action was at {}", DateTime::from(last))
}
