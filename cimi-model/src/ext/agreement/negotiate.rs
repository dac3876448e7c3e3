//! Whether a provider accepts an offer.

use super::{Agreement, AgreementState, AgreementTemplate, Term};
use crate::ext::objective::convert;
use crate::scope::Ratio;
use crate::validate::{Problem, Rule, Severity};
use crate::{Error, ErrorKind, Result, printable};

/// What a provider answers to an offer.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Decision {
    /// It is accepted: this agreement is offered, with what the template fills in.
    Accept(Agreement),
    /// It is refused, and why.
    Refuse(Vec<Problem>),
    /// It is not accepted, but this would be.
    Counter(Agreement),
}

/// Decides on an offer by the template that it was made from.
///
/// A term that the offer leaves out has the value of the template. A number beyond a bound, and a value that cannot be
/// chosen or cannot be changed, is answered by the nearest one that can. An offer with terms that the template does not
/// have, without a value where one is needed, or with other objectives than those of the template is refused.
///
/// # Errors
/// When the template cannot be understood.
pub fn consider(offer: &Agreement, template: &AgreementTemplate) -> Result<Decision> {
    let mut problems = Vec::new();
    let mut is_counter = false;
    for (index, term) in offer.terms.iter().enumerate() {
        let same = |other: &Term| other.name == term.name;
        let text = if !template.terms.iter().any(same) {
            format!("'{}' is not among the terms of the template", name(term))
        } else if offer.terms.iter().take(index).any(same) {
            format!("'{}' is there twice", name(term))
        } else {
            continue;
        };
        problems.push(problem(&format!("/Agreement/terms[{index}]"), Rule::Unknown, text));
    }
    let mut terms = Vec::new();
    for invited in &template.terms {
        let found = offer.terms.iter().position(|term| term.name == invited.name);
        let offered = found.and_then(|index| offer.terms.get(index)).filter(|term| term.value.is_some());
        let (path, chosen) = (
            found.map_or_else(|| "/Agreement/terms".into(), |index| format!("/Agreement/terms[{index}]")),
            choose(offered, invited)?,
        );
        match chosen {
            Choice::Is(term) => terms.push(term),
            Choice::Instead(term) => {
                is_counter = true;
                terms.push(term);
            }
            Choice::None(text) => problems.push(problem(&path, Rule::Value, text)),
        }
    }
    for (index, objective) in offer.objectives.iter().enumerate() {
        if !template.objectives.contains(objective) {
            let text = "this objective is not among those of the template";
            problems.push(problem(&format!("/Agreement/objectives[{index}]"), Rule::Unknown, text.into()));
        }
    }
    if !problems.is_empty() {
        return Ok(Decision::Refuse(problems));
    }
    let agreement = Agreement {
        state: Some(AgreementState::Offered),
        hash: None,
        agreed: None,
        terms,
        objectives: template.objectives.clone(),
        applies_to: template.applies_to.clone(),
        ..offer.clone()
    };
    Ok(if is_counter { Decision::Counter(agreement) } else { Decision::Accept(agreement) })
}

fn problem(path: &str, rule: Rule, text: String) -> Problem {
    Problem::new(path, rule, Severity::Error, "", text)
}

fn name(term: &Term) -> String {
    printable(term.name.as_deref().unwrap_or_default())
}

/// What a term of an offer becomes.
enum Choice {
    Is(Term),
    Instead(Term),
    None(String),
}

/// What of a term can be, as near to what is offered as the template lets it be.
fn choose(offered: Option<&Term>, invited: &Term) -> Result<Choice> {
    let with = |value: &str| Term {
        name: invited.name.clone(),
        value: Some(value.to_owned()),
        unit: invited.unit.clone(),
        ..Term::default()
    };
    let Some(offered) = offered else {
        return Ok(match &invited.value {
            Some(value) => Choice::Is(with(value)),
            None => Choice::None(format!("'{}' needs a value", name(invited))),
        });
    };
    let value = offered.value.as_deref().unwrap_or_default();
    if invited.minimum.is_some() || invited.maximum.is_some() {
        return bounded(offered, value, invited).map(|choice| match choice {
            Ok(None) => Choice::Is(offered.clone()),
            Ok(Some(bound)) => Choice::Instead(with(bound)),
            Err(text) => Choice::None(text),
        });
    }
    let default = invited.value.as_deref();
    if !invited.choices.is_empty() {
        let first = default.or_else(|| invited.choices.first().map(String::as_str)).unwrap_or_default();
        return Ok(if invited.choices.iter().any(|choice| choice == value) {
            Choice::Is(offered.clone())
        } else {
            Choice::Instead(with(first))
        });
    }
    Ok(match default {
        Some(fixed) if fixed != value || differs(offered, invited) => Choice::Instead(with(fixed)),
        _ => Choice::Is(offered.clone()),
    })
}

/// Whether a term names another unit than the template.
fn differs(offered: &Term, invited: &Term) -> bool {
    offered.unit.is_some() && offered.unit != invited.unit
}

/// The bound that a number is beyond, if it is; or why it is no number.
fn bounded<'t>(offered: &Term, value: &str, invited: &'t Term) -> Result<std::result::Result<Option<&'t str>, String>> {
    let of_template = |text: &'t String| {
        let fail = || Error::new(ErrorKind::Value, format!("the bound '{}' is not a number", printable(text)));
        Ratio::parse(text).ok_or_else(fail).map(|number| (number, text.as_str()))
    };
    let minimum = invited.minimum.as_ref().map(of_template).transpose()?;
    let maximum = invited.maximum.as_ref().map(of_template).transpose()?;
    let Some(number) = Ratio::parse(value) else {
        return Ok(Err(format!("'{}' is not a number", printable(value))));
    };
    let unit = invited.unit.as_deref().unwrap_or_default();
    let number = match convert(number, offered.unit.as_deref().unwrap_or(unit), unit) {
        Ok(number) => number,
        Err(error) => return Ok(Err(error.reason().to_owned())),
    };
    let below = minimum.filter(|(bound, _)| number < *bound);
    let above = maximum.filter(|(bound, _)| number > *bound);
    Ok(Ok(below.or(above).map(|(_, text)| text)))
}
