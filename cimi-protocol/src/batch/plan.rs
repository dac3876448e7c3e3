//! In which order the operations of a batch can be carried out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use cimi_model::validate::{Problem, Rule, Severity};
use cimi_model::{Uri, lifecycle, printable};

use super::{Batch, BatchStep, references};

/// The steps of a batch and what each has to wait for. Steps are numbers, as in [`Batch::steps`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// An order in which each step comes after those that it needs; where nothing else decides, that of the batch.
    pub order: Vec<usize>,
    /// For each step, those that have to succeed before it begins.
    pub needs: Vec<Vec<usize>>,
}

impl Plan {
    /// The plan of a batch.
    ///
    /// ```
    /// use cimi_model::{Machine, MachineCreate};
    /// use cimi_protocol::batch::{Batch, BatchStep, Plan, result};
    ///
    /// let batch = Batch::all_or_nothing()
    ///     .step(BatchStep::invoke("start", result("web")))
    ///     .step(BatchStep::add("machines", &MachineCreate::default())?.named("web"));
    /// assert_eq!(Plan::of(&batch).unwrap().order, [1, 0]);
    ///
    /// let circle = batch.step(BatchStep::delete("machines/1").named("a").after("b")).step(BatchStep::delete("machines/2").named("b").after("a"));
    /// let problems = Plan::of(&circle).unwrap_err();
    /// assert_eq!(problems[0].to_string(), "/Batch/steps[2]: each of these steps waits for the next: 'a', 'b', 'a' (cycle)");
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// A problem for each thing that is wrong: no steps, a step without operation, target or the body that it needs, names
    /// that are no identifiers or not unique, references to steps that there are not or that leave nothing to refer to, and
    /// steps that wait for each other in a circle.
    pub fn of(batch: &Batch) -> Result<Self, Vec<Problem>> {
        let mut check = Check { problems: Vec::new() };
        let names = check.names(batch);
        let mut needs = Vec::with_capacity(batch.steps.len());
        for (index, step) in batch.steps.iter().enumerate() {
            check.step(index, step);
            needs.push(check.needs(index, step, batch, &names));
        }
        if batch.steps.is_empty() {
            check.report("/Batch/steps".to_owned(), Rule::Required, "the batch has no steps");
        }
        let order = order(&needs);
        if order.len() < needs.len() {
            check.cycles(batch, &needs, &order);
        }
        if check.problems.is_empty() { Ok(Self { order, needs }) } else { Err(check.problems) }
    }
}

/// Looks for what is wrong with a batch.
struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn report(&mut self, path: String, rule: Rule, text: impl Into<String>) {
        self.problems.push(Problem::new(path, rule, Severity::Error, "", text));
    }

    fn names<'b>(&mut self, batch: &'b Batch) -> HashMap<&'b str, usize> {
        let mut names = HashMap::new();
        for (index, step) in batch.steps.iter().enumerate() {
            let Some(name) = step.name.as_deref() else { continue };
            let path = || format!("/Batch/steps[{index}]/name");
            if !is_identifier(name) {
                let text = format!(
                    "'{}' is not made of letters, digits and underscores, without a digit first",
                    printable(name)
                );
                self.report(path(), Rule::Identifier, text);
            } else if names.insert(name, index).is_some() {
                self.report(path(), Rule::Duplicate, format!("two steps are called '{name}'"));
            }
        }
        names
    }

    fn step(&mut self, index: usize, step: &BatchStep) {
        let path = |name: &str| format!("/Batch/steps[{index}]/{name}");
        let action = step.action.as_ref().map(|action| lifecycle::name(action.as_str().trim()));
        match action.filter(|action| !action.is_empty()) {
            None => self.report(path("action"), Rule::Required, "the step does not say the operation"),
            Some(action @ ("add" | "edit")) if step.body.is_none() => {
                self.report(path("body"), Rule::Required, format!("the operation {action} needs a body"));
            }
            Some("delete") if step.body.is_some() => {
                self.report(path("body"), Rule::Forbidden, "a deletion has no body");
            }
            Some(_) => {}
        }
        let target = step.target.as_ref().and_then(|target| target.href.as_ref()).map(Uri::as_str);
        if target.is_none_or(|target| target.trim().is_empty()) {
            self.report(path("target"), Rule::Required, "the step does not say what the operation is sent to");
        }
    }

    /// The steps that a step has to wait for, each once.
    fn needs(&mut self, index: usize, step: &BatchStep, batch: &Batch, names: &HashMap<&str, usize>) -> Vec<usize> {
        let mut needs = Vec::new();
        let results = references::named(step);
        let after = step.after.iter().map(|name| (name.as_str(), false));
        for (name, is_result) in results.into_iter().map(|name| (name, true)).chain(after) {
            let path = || format!("/Batch/steps[{index}]{}", if is_result { "" } else { "/after" });
            let Some(&needed) = names.get(name) else {
                self.report(path(), Rule::Reference, format!("no step is called '{}'", printable(name)));
                continue;
            };
            let deletes = batch.steps.get(needed).and_then(|step| step.action.as_ref());
            if is_result && deletes.is_some_and(|action| lifecycle::name(action.as_str()) == "delete") {
                let text = format!("'{name}' deletes a resource, and leaves nothing to refer to");
                self.report(path(), Rule::Reference, text);
            }
            needs.push(needed);
        }
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// Reports the circles in which steps wait for each other.
    fn cycles(&mut self, batch: &Batch, needs: &[Vec<usize>], order: &[usize]) {
        // The number of the walk that came by, from 1; one for what can be carried out, where no walk goes.
        let mut visited = vec![0_usize; needs.len()];
        for &index in order {
            if let Some(mark) = visited.get_mut(index) {
                *mark = usize::MAX;
            }
        }
        for start in 0..needs.len() {
            let mut way = Vec::new();
            let mut at = Some(start);
            while let Some(index) = at {
                match visited.get_mut(index) {
                    Some(mark) if *mark == 0 => *mark = start + 1,
                    Some(mark) if *mark == start + 1 => {
                        let begin = way.iter().position(|&passed| passed == index).unwrap_or(0);
                        self.cycle(batch, way.get(begin..).unwrap_or_default());
                        break;
                    }
                    _ => break,
                }
                way.push(index);
                // What cannot be carried out waits for something that cannot be either.
                let waits = |needed: &&usize| visited.get(**needed).is_some_and(|mark| *mark != usize::MAX);
                at = needs.get(index).and_then(|needs| needs.iter().find(waits)).copied();
            }
        }
    }

    fn cycle(&mut self, batch: &Batch, circle: &[usize]) {
        let Some(first) = circle.iter().copied().min() else { return };
        let start = circle.iter().position(|&index| index == first).unwrap_or(0);
        let around = circle.iter().cycle().skip(start).take(circle.len() + 1);
        let names: Vec<String> = around.map(|&index| title(batch, index)).collect();
        let text = format!("each of these steps waits for the next: {}", names.join(", "));
        self.report(format!("/Batch/steps[{first}]"), Rule::Cycle, text);
    }
}

/// What to call a step in a message.
pub(super) fn title(batch: &Batch, index: usize) -> String {
    let name = batch.steps.get(index).and_then(|step| step.name.as_deref());
    name.map_or_else(|| format!("step {}", index + 1), |name| format!("'{}'", printable(name)))
}

/// The steps in an order in which each comes after those that it needs, as far as there is one. Of those that could come
/// next, it is the first.
fn order(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    let dependents = dependents(needs);
    let free = missing.iter().enumerate().filter(|(_, missing)| **missing == 0);
    let mut ready: BinaryHeap<Reverse<usize>> = free.map(|(index, _)| Reverse(index)).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(Reverse(index)) = ready.pop() {
        order.push(index);
        for &dependent in dependents.get(index).into_iter().flatten() {
            if let Some(missing) = missing.get_mut(dependent) {
                *missing = missing.saturating_sub(1);
                if *missing == 0 {
                    ready.push(Reverse(dependent));
                }
            }
        }
    }
    order
}

/// For each step, those that need it.
pub(super) fn dependents(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut dependents = vec![Vec::new(); needs.len()];
    for (index, needs) in needs.iter().enumerate() {
        for &needed in needs {
            if let Some(list) = dependents.get_mut(needed) {
                list.push(index);
            }
        }
    }
    dependents
}

/// Whether a name is an identifier (DSP0263 5.2).
fn is_identifier(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain && name.starts_with(|c: char| !c.is_ascii_digit())
}
