//! Batches: carried out with whatever outcomes, each ends as its mode has it.

use cimi_model::{DateTime, Document, ReadOptions, Registry, Uri};
use cimi_protocol::batch::{Batch, Next, Plan, Run, StepResult, StepState};
use cimi_protocol::provider::rules::job::End;

/// Plans and runs a batch; the bytes of the input decide what becomes of each step.
///
/// # Panics
/// When a step begins before those that it needs have ended, or the run does not end.
pub fn batch(input: &[u8]) {
    thread_local!(static REGISTRY: Registry = Registry::standard().with_collection::<Batch>());
    let read = REGISTRY.with(|registry| Document::read(input, registry, &ReadOptions::default()));
    let Ok(Ok(batch)) = read.map(|parsed| parsed.value.into_value::<Batch>()) else { return };
    let now: DateTime = "2026-03-01T08:15:30Z".parse().expect("a time");
    let mut number = 0;
    let mut ids = || {
        number += 1;
        Uri::from(format!("jobs/{number}"))
    };
    let plan = Plan::of(&batch);
    let run = Run::new(batch, &"batches".into(), &mut ids, &now);
    match (plan, run) {
        (Ok(plan), Ok(mut run)) => simulate(&plan, &mut run, input, &now),
        (Err(problems), Err(_)) => {
            for problem in problems {
                assert!(problem.path.starts_with('/') && !problem.to_string().contains('\n'), "{problem}");
            }
        }
        _ => panic!("a plan and no run, or the other way round"),
    }
}

fn simulate(plan: &Plan, run: &mut Run, input: &[u8], now: &DateTime) {
    let mut fate = input.iter().rev().cycle().map(|byte| byte % 8);
    let mut done = vec![false; plan.needs.len()];
    let most = plan.needs.len() * 2 + 2;
    for _ in 0..most {
        let Some(next) = run.next() else { break };
        match next {
            Next::Run(step) => {
                assert!(plan.needs[step].iter().all(|&needed| done[needed]), "a step began too early");
                match run.begin(step, now) {
                    Ok(request) => {
                        let _ = request.to_http(&"https://cloud.example.com/cimi/".into());
                        let _ = request.document(&Registry::standard(), None, &ReadOptions::default());
                        done[step] = end(run, step, fate.next(), now);
                    }
                    Err(_) => assert_eq!(run.state(step), Some(StepState::Failed), "what cannot begin has failed"),
                }
            }
            Next::Undo(step) => {
                assert!(done[step], "undone without having been done");
                run.undo(step, now).expect("it was due");
                if fate.next() == Some(7) {
                    run.not_undone(step, "no", now).expect("it was undoing");
                } else {
                    run.undone(step, now).expect("it was undoing");
                }
            }
        }
    }
    assert!(run.is_over() && run.due().next().is_none(), "it does not end: {run:?}");
    assert!(cimi_protocol::client::jobs::ended(run.job()).is_some(), "the Job goes on: {:?}", run.job());
}

fn end(run: &mut Run, step: usize, fate: Option<u8>, now: &DateTime) -> bool {
    match fate {
        Some(7) => run.failed(step, &End::failed(1, "it failed"), now).expect("it was running"),
        Some(6) => {
            run.stop(now).expect("it is not over");
            run.failed(step, &End::stopped("stopped"), now).expect("it was running");
        }
        _ => {
            let resource = Some(Uri::from(format!("https://cloud.example.com/r/{step}")));
            let result = StepResult { resource, ..StepResult::default() };
            run.done(step, result, now).expect("it was running");
            return true;
        }
    }
    false
}
