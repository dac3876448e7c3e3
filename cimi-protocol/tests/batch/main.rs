//! Several operations in one Job.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod graphs;
mod plans;
mod runs;
mod server;
mod wire;

use cimi_model::DateTime;
use cimi_model::validate::{Severity, Validation};
use cimi_protocol::batch::{Batch, Next, Run, StepResult};

fn at(second: usize) -> DateTime {
    format!("2025-01-01T00:{:02}:{:02}Z", second / 60 % 60, second % 60).parse().unwrap()
}

/// A run of a batch whose Jobs are `http://example.com/jobs/1` and so on, the first being that of the batch.
fn run(batch: Batch) -> Run {
    let mut number = 0;
    let mut ids = || {
        number += 1;
        format!("http://example.com/jobs/{number}").into()
    };
    Run::new(batch, &"http://example.com/batches".into(), &mut ids, &at(0)).unwrap()
}

fn due(run: &Run) -> Vec<Next> {
    run.due().collect()
}

fn created(uri: &str) -> StepResult {
    StepResult { resource: Some(uri.into()), ..Default::default() }
}

/// Whether the Jobs are as the standard has them.
fn conforms(run: &Run) {
    for job in run.nested_jobs().chain([run.job()]) {
        let problems = Validation::read().problems(job);
        let wrong: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{job:?}");
    }
}
