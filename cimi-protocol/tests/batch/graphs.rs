//! Random batches with random outcomes.

use std::collections::BTreeSet;

use cimi_model::{JobState, Uri};
use cimi_protocol::batch::{Batch, BatchStep, Next, Plan, Run, StepResult, StepState, result};
use cimi_protocol::provider::rules::job::{self, End};
use proptest::prelude::*;

use crate::{at, conforms};

/// Steps, and for each the earlier ones that it needs; then shuffled.
#[derive(Clone, Debug)]
struct Graph {
    needs: Vec<Vec<usize>>,
    shuffle: Vec<usize>,
}

fn graph() -> impl Strategy<Value = Graph> {
    (1_usize..12).prop_flat_map(|size| {
        let needs = proptest::collection::vec(proptest::collection::vec(0_usize..size, 0..4), size);
        let shuffle = Just((0..size).collect::<Vec<_>>()).prop_shuffle();
        (needs, shuffle).prop_map(|(mut needs, shuffle)| {
            for (index, needs) in needs.iter_mut().enumerate() {
                needs.retain(|needed| *needed < index);
            }
            Graph { needs, shuffle }
        })
    })
}

impl Graph {
    /// The batch: half of the dependencies are references, the others are said.
    fn batch(&self, kind: Batch) -> Batch {
        let mut steps = vec![BatchStep::default(); self.needs.len()];
        for (index, needs) in self.needs.iter().enumerate() {
            let mut step = BatchStep::invoke("start", "http://example.com/m").named(format!("s{index}"));
            for (n, needed) in needs.iter().enumerate() {
                if n == 0 && index % 2 == 0 {
                    step.target = Some(cimi_model::Ref::to(result(&format!("s{needed}"))));
                } else {
                    step = step.after(format!("s{needed}"));
                }
            }
            steps[self.shuffle[index]] = step;
        }
        Batch { steps, ..kind }
    }

    /// The steps that a step of the batch needs, directly.
    fn needs(&self, step: usize) -> Vec<usize> {
        let index = self.shuffle.iter().position(|&place| place == step).unwrap();
        self.needs[index].iter().map(|&needed| self.shuffle[needed]).collect()
    }
}

/// What happens next, by bytes.
struct Fate<'b>(&'b [u8]);

impl Fate<'_> {
    fn below(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % n
    }
}

/// What a provider did, in order.
#[derive(Default)]
struct Log {
    began: Vec<usize>,
    done: Vec<usize>,
    undone: Vec<usize>,
    failed: bool,
    stopped: bool,
    undo_failed: bool,
}

/// Carries a batch out, with up to three operations at the same time.
fn simulate(run: &mut Run, fate: &mut Fate<'_>) -> Result<Log, TestCaseError> {
    let mut log = Log::default();
    let mut active: Vec<Next> = Vec::new();
    let mut progress = 0;
    for second in 0..1000 {
        let due: Vec<Next> = run.due().collect();
        if run.is_over() {
            prop_assert!(due.is_empty() && active.is_empty());
            return Ok(log);
        }
        prop_assert!(!(due.is_empty() && active.is_empty()), "stuck: {run:?}");
        if fate.below(40) == 39 {
            run.stop(&at(second)).unwrap();
            log.stopped = true;
        } else if !due.is_empty() && active.len() < 3 && (active.is_empty() || fate.below(2) == 1) {
            let next = due[fate.below(due.len())];
            match next {
                Next::Run(step) => {
                    run.begin(step, &at(second)).unwrap();
                    log.began.push(step);
                }
                Next::Undo(step) => {
                    prop_assert!(active.is_empty());
                    run.undo(step, &at(second)).unwrap();
                }
            }
            active.push(next);
        } else if !active.is_empty() {
            let chosen = fate.below(active.len());
            match (active[chosen], fate.below(6)) {
                (Next::Run(step), 3..=4) => {
                    let percent = i64::try_from(fate.below(120)).unwrap();
                    run.advance(step, percent, None).unwrap();
                    continue;
                }
                (Next::Run(step), 5) => {
                    run.failed(step, &End::failed(None, "broken"), &at(second)).unwrap();
                    log.failed = true;
                }
                (Next::Run(step), _) => {
                    let resource = Some(Uri::from(format!("http://example.com/r/{step}")));
                    run.done(step, StepResult { resource, ..Default::default() }, &at(second)).unwrap();
                    log.done.push(step);
                }
                (Next::Undo(step), 5) => {
                    run.not_undone(step, "stuck", &at(second)).unwrap();
                    log.undone.push(step);
                    log.undo_failed = true;
                }
                (Next::Undo(step), _) => {
                    run.undone(step, &at(second)).unwrap();
                    log.undone.push(step);
                }
            }
            active.remove(chosen);
        }
        conforms(run);
        let job = run.job();
        prop_assert!(job.progress.unwrap() >= progress, "the progress went back");
        progress = job.progress.unwrap();
        prop_assert_eq!(progress == 100, run.is_over());
        prop_assert_eq!(run.nested_jobs().all(job::is_over), run.is_over());
        prop_assert_eq!(run.nested_jobs().count(), job.nested_jobs.len());
    }
    Err(TestCaseError::fail("it does not end"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_order_respects_dependencies(graph in graph()) {
        let plan = Plan::of(&graph.batch(Batch::default())).unwrap();
        let place = |step: usize| plan.order.iter().position(|&other| other == step).unwrap();
        prop_assert_eq!(plan.order.iter().copied().collect::<BTreeSet<_>>().len(), graph.needs.len());
        for step in 0..graph.needs.len() {
            for needed in graph.needs(step) {
                prop_assert!(place(needed) < place(step));
                prop_assert!(plan.needs[step].contains(&needed));
            }
        }
    }

    #[test]
    fn one_edge_more_may_make_a_circle(graph in graph(), from in 0_usize..12, to in 0_usize..12) {
        let size = graph.needs.len();
        let (from, to) = (from % size, to % size);
        let mut batch = graph.batch(Batch::default());
        let name = batch.steps[to].name.clone().unwrap();
        batch.steps[from] = batch.steps[from].clone().after(name);
        // A circle is there if the step that is needed now already needed this one.
        let mut reached = BTreeSet::from([to]);
        let mut waiting = vec![to];
        while let Some(step) = waiting.pop() {
            waiting.extend(graph.needs(step).into_iter().filter(|needed| reached.insert(*needed)));
        }
        prop_assert_eq!(Plan::of(&batch).is_err(), reached.contains(&from));
    }

    #[test]
    fn all_or_nothing(graph in graph(), fate in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut run = crate::run(graph.batch(Batch::all_or_nothing()));
        let log = simulate(&mut run, &mut Fate(&fate))?;
        for (index, step) in log.began.iter().enumerate() {
            for needed in graph.needs(*step) {
                prop_assert!(log.began[..index].contains(&needed), "{step} began before {needed}");
            }
        }
        let all = log.done.len() == graph.needs.len();
        // Exactly what was done is undone, in the other direction, or nothing.
        let expected: Vec<usize> = if all { Vec::new() } else { log.done.iter().rev().copied().collect() };
        prop_assert_eq!(&log.undone, &expected);
        let state = run.job().state.clone().unwrap();
        let expected = match () {
            () if all => JobState::Success,
            () if log.failed || log.undo_failed => JobState::Failed,
            () => JobState::Stopped,
        };
        prop_assert_eq!(state, expected);
        for step in 0..graph.needs.len() {
            let fits = match run.state(step).unwrap() {
                StepState::Done => all,
                StepState::Undone | StepState::Left => log.done.contains(&step) && !all,
                StepState::Failed | StepState::Skipped => !all,
                _ => false,
            };
            prop_assert!(fits, "{:?}", run);
        }
    }

    #[test]
    fn best_effort(graph in graph(), fate in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut run = crate::run(graph.batch(Batch::best_effort()));
        let log = simulate(&mut run, &mut Fate(&fate))?;
        prop_assert!(log.undone.is_empty());
        // What needs nothing that failed is done, unless the batch was stopped.
        for step in 0..graph.needs.len() {
            let state = run.state(step).unwrap();
            let possible = graph.needs(step).iter().all(|&needed| run.state(needed) == Some(StepState::Done));
            match state {
                StepState::Done | StepState::Failed => prop_assert!(possible),
                StepState::Skipped => prop_assert!(!possible || log.stopped),
                other => prop_assert!(false, "{other:?}"),
            }
        }
        let all = log.done.len() == graph.needs.len();
        prop_assert_eq!(run.job().state == Some(JobState::Success), all);
        prop_assert_eq!(run.job().state == Some(JobState::Failed), log.failed);
    }
}
