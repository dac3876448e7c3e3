//! Batches as they are carried out.

use cimi_model::{ErrorKind, Job, JobState, Ref};
use cimi_protocol::batch::{Batch, BatchStep, Next, Run, StepResult, StepState};
use cimi_protocol::provider::rules::job::End;

use StepState::{Done, Failed, Left, Running, Skipped, ToUndo, Undone};

use crate::{at, conforms, due, run};

fn step(name: &str, after: &[&str]) -> BatchStep {
    let step = BatchStep::invoke("start", format!("http://example.com/m/{name}")).named(name);
    after.iter().fold(step, |step, name| step.after(*name))
}

fn batch(kind: Batch, steps: &[(&str, &[&str])]) -> Run {
    run(steps.iter().fold(kind, |batch, (name, after)| batch.step(step(name, after))))
}

fn states(run: &Run) -> Vec<StepState> {
    (0..).map_while(|index| run.state(index)).collect()
}

fn jobs(run: &Run) -> Vec<&str> {
    run.nested_jobs().map(|job| job.state.as_ref().map_or("", JobState::as_str)).collect()
}

fn begin(run: &mut Run, step: usize, second: usize) {
    run.begin(step, &at(second)).unwrap();
    conforms(run);
}

fn done(run: &mut Run, step: usize, second: usize) {
    run.done(step, StepResult::default(), &at(second)).unwrap();
    conforms(run);
}

#[test]
fn all_goes_well() {
    let mut run = batch(Batch::all_or_nothing(), &[("a", &[]), ("b", &["a"]), ("c", &["a"]), ("d", &["b", "c"])]);
    let job = |run: &Run| (run.job().state.clone().unwrap(), run.job().progress.unwrap());
    assert_eq!((job(&run), due(&run)), ((JobState::Queued, 0), vec![Next::Run(0)]));
    begin(&mut run, 0, 1);
    assert_eq!((job(&run), due(&run)), ((JobState::Running, 0), vec![]));
    run.advance(0, 40, Some("booting")).unwrap();
    assert_eq!(job(&run), (JobState::Running, 10));
    done(&mut run, 0, 2);
    // What can be done at the same time is there at the same time.
    assert_eq!((job(&run), due(&run)), ((JobState::Running, 25), vec![Next::Run(1), Next::Run(2)]));
    begin(&mut run, 2, 3);
    begin(&mut run, 1, 3);
    done(&mut run, 2, 4);
    assert_eq!(due(&run), []);
    done(&mut run, 1, 5);
    begin(&mut run, 3, 6);
    assert_eq!(jobs(&run), ["SUCCESS", "SUCCESS", "SUCCESS", "RUNNING"]);
    done(&mut run, 3, 7);
    assert_eq!((job(&run), due(&run), run.is_over()), ((JobState::Success, 100), vec![], true));
    assert_eq!((run.job().return_code, run.job().time_of_status_change.clone()), (Some(0), Some(at(7))));
}

#[test]
fn jobs_are_connected() {
    let mut run = batch(Batch { name: Some("evening".into()), ..Batch::all_or_nothing() }, &[("a", &[]), ("b", &[])]);
    let id = run.job().id.clone().unwrap();
    assert_eq!(run.job().target_resource, Some(Ref::to("http://example.com/batches")));
    assert_eq!(run.job().name.as_deref(), Some("evening"));
    let nested: Vec<Ref<Job>> = run.nested_jobs().map(|job| Ref::to(job.id.clone().unwrap())).collect();
    assert_eq!((run.job().nested_jobs.clone(), nested.len()), (nested.clone(), 2));
    assert!(run.nested_jobs().all(|job| job.parent_job == Some(Ref::to(id.clone()))));
    begin(&mut run, 0, 1);
    let job = run.nested_jobs().next().unwrap();
    assert_eq!(
        (job.name.as_deref(), job.target_resource.clone()),
        (Some("a"), Some(Ref::to("http://example.com/m/a")))
    );
    assert_eq!(job.action, Some("http://schemas.dmtf.org/cimi/2/action/start".into()));
    let result = StepResult {
        resource: Some("http://example.com/new".into()),
        affected: vec!["http://example.com/other".into(), "http://example.com/m/a".into()],
        ..Default::default()
    };
    run.done(0, result, &at(2)).unwrap();
    let affected = &run.nested_jobs().next().unwrap().affected_resources;
    let uris = ["http://example.com/m/a", "http://example.com/new", "http://example.com/other"];
    assert_eq!(affected, &uris.map(Ref::to));
    assert_eq!(run.result(0).unwrap().resource, Some("http://example.com/new".into()));
}

#[test]
fn all_or_nothing_undoes_what_was_done_the_last_first() {
    let mut run = batch(Batch::all_or_nothing(), &[("a", &[]), ("b", &[]), ("c", &[]), ("d", &["c"]), ("e", &["d"])]);
    for step in [2, 0, 1] {
        begin(&mut run, step, 1);
    }
    done(&mut run, 2, 2);
    begin(&mut run, 3, 3);
    run.failed(3, &End::failed(10_001, "disk full"), &at(4)).unwrap();
    conforms(&run);
    assert_eq!(states(&run), [Running, Running, ToUndo, Failed, Skipped]);
    // What runs is waited for.
    assert_eq!(due(&run), []);
    assert_eq!(run.undo(2, &at(5)).unwrap_err().kind(), ErrorKind::State);
    done(&mut run, 1, 5);
    assert_eq!(due(&run), []);
    done(&mut run, 0, 6);
    assert_eq!(due(&run), [Next::Undo(0)]);
    assert!(!run.is_over() && run.undo(1, &at(7)).is_err());
    for (step, worked) in [(0, true), (1, false), (2, true)] {
        assert_eq!(due(&run), [Next::Undo(step)]);
        run.undo(step, &at(7)).unwrap();
        assert_eq!(due(&run), []);
        conforms(&run);
        if worked { run.undone(step, &at(8)) } else { run.not_undone(step, "in use", &at(8)) }.unwrap();
        conforms(&run);
    }
    assert_eq!(states(&run), [Undone, Left, Undone, Failed, Skipped]);
    assert!(run.is_over());
    assert_eq!(jobs(&run), ["SUCCESS", "SUCCESS", "SUCCESS", "FAILED", "STOPPED", "SUCCESS", "FAILED", "SUCCESS"]);
    assert_eq!((run.job().state.clone(), run.job().return_code), (Some(JobState::Failed), Some(10_001)));
    assert_eq!(run.job().status_message.as_deref(), Some("'d': disk full (undone: 2, could not be: 1)"));
    let undo = run.nested_jobs().nth(5).unwrap();
    assert_eq!(undo.action, Some("http://cimi-rs.org/ext/1/action/undo".into()));
    assert_eq!(undo.target_resource, Some(Ref::to("http://example.com/m/a")));
    assert_eq!(run.job().nested_jobs.len(), 8);
    let skipped = run.nested_jobs().nth(4).unwrap();
    assert_eq!(skipped.status_message.as_deref(), Some("not carried out because 'd' failed"));
}

#[test]
fn best_effort_goes_on_with_what_is_possible() {
    let mut run = batch(Batch::best_effort(), &[("a", &[]), ("b", &["a"]), ("c", &["b"]), ("d", &[]), ("e", &["d"])]);
    begin(&mut run, 0, 1);
    run.failed(0, &End::failed(None, "no"), &at(2)).unwrap();
    assert_eq!(due(&run), [Next::Run(3)]);
    begin(&mut run, 3, 3);
    done(&mut run, 3, 4);
    begin(&mut run, 4, 5);
    done(&mut run, 4, 6);
    assert_eq!(states(&run), [Failed, Skipped, Skipped, Done, Done]);
    assert!(run.is_over());
    assert_eq!(jobs(&run), ["FAILED", "STOPPED", "STOPPED", "SUCCESS", "SUCCESS"]);
    assert_eq!(run.job().state, Some(JobState::Failed));
    assert_eq!(run.job().status_message.as_deref(), Some("'a': no"));
}

#[test]
fn a_batch_that_is_stopped() {
    // Nothing has begun.
    let mut early = batch(Batch::all_or_nothing(), &[("a", &[])]);
    early.stop(&at(1)).unwrap();
    assert_eq!((early.job().state.clone(), early.is_over()), (Some(JobState::Stopped), true));
    assert_eq!(early.stop(&at(2)).unwrap_err().kind(), ErrorKind::State);

    // In the middle.
    for (kind, undone) in [(Batch::all_or_nothing(), true), (Batch::best_effort(), false)] {
        let mut run = batch(kind, &[("a", &[]), ("b", &["a"]), ("c", &["b"])]);
        begin(&mut run, 0, 1);
        done(&mut run, 0, 2);
        begin(&mut run, 1, 3);
        run.stop(&at(4)).unwrap();
        assert_eq!(run.job().state, Some(JobState::Stopping));
        assert_eq!(jobs(&run)[..3], ["SUCCESS", "STOPPING", "STOPPED"]);
        run.failed(1, &End::stopped("by the consumer"), &at(5)).unwrap();
        conforms(&run);
        if undone {
            assert_eq!(due(&run), [Next::Undo(0)]);
            run.undo(0, &at(6)).unwrap();
            run.undone(0, &at(7)).unwrap();
        }
        assert_eq!((run.job().state.clone(), run.is_over()), (Some(JobState::Stopped), true));
        assert_eq!(run.state(0), Some(if undone { Undone } else { Done }));
        conforms(&run);
    }

    // Too late.
    let mut late = batch(Batch::all_or_nothing(), &[("a", &[])]);
    begin(&mut late, 0, 1);
    late.stop(&at(2)).unwrap();
    done(&mut late, 0, 3);
    assert_eq!((late.job().state.clone(), late.is_over()), (Some(JobState::Success), true));
}

#[test]
fn reports_that_do_not_fit_change_nothing() {
    let mut run = batch(Batch::all_or_nothing(), &[("a", &[]), ("b", &["a"])]);
    let now = at(1);
    for step in [0, 1, 2] {
        assert_eq!(run.advance(step, 1, None).unwrap_err().kind(), ErrorKind::State);
        assert_eq!(run.done(step, StepResult::default(), &now).unwrap_err().kind(), ErrorKind::State);
        assert_eq!(run.failed(step, &End::failed(None, "x"), &now).unwrap_err().kind(), ErrorKind::State);
        assert_eq!(run.undo(step, &now).unwrap_err().kind(), ErrorKind::State);
        assert_eq!(run.undone(step, &now).unwrap_err().kind(), ErrorKind::State);
    }
    assert_eq!(run.begin(1, &now).unwrap_err().reason(), "'b' cannot be begun: it is Waiting");
    begin(&mut run, 0, 1);
    assert!(run.begin(0, &now).is_err());
    assert_eq!(run.failed(0, &End::Success, &now).unwrap_err().kind(), ErrorKind::Value);
    assert_eq!(states(&run), [Running, StepState::Waiting]);
    assert_eq!(jobs(&run), ["RUNNING", "QUEUED"]);
}

#[test]
fn a_large_batch_takes_time_in_proportion() {
    const STEPS: usize = 50_000;
    let steps = (0..STEPS).map(|n| BatchStep::invoke("start", format!("m/{n}")));
    let mut run = run(Batch { steps: steps.collect(), ..Batch::all_or_nothing() });
    for step in 0..STEPS - 1 {
        assert_eq!(run.next(), Some(Next::Run(step)));
        run.begin(step, &at(1)).unwrap();
        run.done(step, StepResult::default(), &at(1)).unwrap();
    }
    run.begin(STEPS - 1, &at(2)).unwrap();
    run.failed(STEPS - 1, &End::failed(None, "last"), &at(2)).unwrap();
    while let Some(Next::Undo(step)) = run.next() {
        run.undo(step, &at(3)).unwrap();
        run.undone(step, &at(3)).unwrap();
    }
    assert!(run.is_over());
}
