//! The order of operations, and what is wrong with a batch.

use cimi_model::validate::Rule;
use cimi_model::{Machine, MachineCreate, Ref};
use cimi_protocol::batch::{Batch, BatchStep, Plan, result};

fn step(name: &str, after: &[&str]) -> BatchStep {
    after.iter().fold(BatchStep::invoke("start", "m").named(name), |step, name| step.after(*name))
}

fn batch(steps: impl IntoIterator<Item = BatchStep>) -> Batch {
    Batch { steps: steps.into_iter().collect(), ..Default::default() }
}

fn problems(steps: impl IntoIterator<Item = BatchStep>) -> Vec<(String, Rule)> {
    let problems = Plan::of(&batch(steps)).unwrap_err();
    problems.into_iter().map(|problem| (problem.path, problem.rule)).collect()
}

fn one(path: &str, rule: Rule) -> Vec<(String, Rule)> {
    vec![(path.to_owned(), rule)]
}

#[test]
fn the_order_is_that_of_the_batch_where_nothing_else_decides() {
    let plan = Plan::of(&batch([step("a", &[]), step("b", &[]), step("c", &[])])).unwrap();
    assert_eq!(plan.order, [0, 1, 2]);
    let plan = Plan::of(&batch([step("a", &["c"]), step("b", &[]), step("c", &["d", "d"]), step("d", &[])])).unwrap();
    assert_eq!(plan.order, [1, 3, 2, 0]);
    assert_eq!(plan.needs, [vec![2], vec![], vec![3], vec![]]);
}

#[test]
fn references_are_dependencies() {
    let create = MachineCreate { machine_template: Some(Ref::to(result("template"))), ..Default::default() };
    let steps = [
        BatchStep::invoke("start", result("web")),
        BatchStep::add("machines", &create).unwrap().named("web"),
        BatchStep::add("machineTemplates", &Machine::default()).unwrap().named("template"),
    ];
    assert_eq!(Plan::of(&batch(steps)).unwrap().order, [2, 1, 0]);
}

#[test]
fn what_is_wrong_with_a_step() {
    assert_eq!(problems([]), one("/Batch/steps", Rule::Required));
    let mut unsaid = step("a", &[]);
    unsaid.action = None;
    assert_eq!(problems([unsaid]), one("/Batch/steps[0]/action", Rule::Required));
    for target in [None, Some(Ref::default()), Some(Ref::to("  "))] {
        let lost = BatchStep { target, ..step("a", &[]) };
        assert_eq!(problems([lost]), one("/Batch/steps[0]/target", Rule::Required));
    }
    for action in ["add", "edit"] {
        assert_eq!(problems([BatchStep::invoke(action, "m")]), one("/Batch/steps[0]/body", Rule::Required));
    }
    let odd = BatchStep::delete("m").with_body(&Machine::default()).unwrap();
    assert_eq!(problems([odd]), one("/Batch/steps[0]/body", Rule::Forbidden));
    for name in ["", "1st", "a b", "ä", "a/b"] {
        assert_eq!(problems([step(name, &[])]), one("/Batch/steps[0]/name", Rule::Identifier), "{name}");
    }
    assert_eq!(problems([step("a", &[]), step("a", &[])]), one("/Batch/steps[1]/name", Rule::Duplicate));
    assert_eq!(problems([step("a", &["b"])]), one("/Batch/steps[0]/after", Rule::Reference));
    assert_eq!(problems([BatchStep::invoke("start", result("b"))]), one("/Batch/steps[0]", Rule::Reference));
    let gone = [BatchStep::delete("m").named("a"), BatchStep::invoke("start", result("a"))];
    assert_eq!(problems(gone), one("/Batch/steps[1]", Rule::Reference));
    assert!(Plan::of(&batch([BatchStep::delete("m").named("a"), step("b", &["a"])])).is_ok());
}

#[test]
fn all_that_is_wrong_is_reported() {
    let steps = [step("a", &["x"]), BatchStep::default(), step("a", &["y"])];
    assert_eq!(problems(steps).len(), 5);
}

#[test]
fn circles_are_reported_once_each() {
    assert_eq!(problems([step("a", &["a"])]), one("/Batch/steps[0]", Rule::Cycle));
    let steps = [
        step("free", &[]),
        step("a", &["c", "free"]),
        step("b", &["a"]),
        step("c", &["b"]),
        step("tail", &["a"]),
        step("x", &["y"]),
        step("y", &["x"]),
    ];
    let found = Plan::of(&batch(steps)).unwrap_err();
    let texts: Vec<&str> = found.iter().map(|problem| problem.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "each of these steps waits for the next: 'a', 'c', 'b', 'a'",
            "each of these steps waits for the next: 'x', 'y', 'x'",
        ]
    );
}

#[test]
fn long_chains_are_planned_without_recursion() {
    const LENGTH: usize = 100_000;
    let names: Vec<String> = (0..LENGTH).map(|n| format!("s{n}")).collect();
    let chain = |n: usize| match names.get(n + 1) {
        Some(next) => step(&names[n], &[next]),
        None => step(&names[n], &[]),
    };
    let plan = Plan::of(&batch((0..LENGTH).map(chain))).unwrap();
    assert!(plan.order.into_iter().eq((0..LENGTH).rev()));
    let circle = |n: usize| step(&names[n], &[&names[(n + 1) % LENGTH]]);
    assert_eq!(problems((0..LENGTH).map(circle)), one("/Batch/steps[0]", Rule::Cycle));
}
