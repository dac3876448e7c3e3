//! A batch that is being carried out.

mod resolve;
mod tally;

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use cimi_model::ext::NAMESPACE;
use cimi_model::validate::Problem;
use cimi_model::{DateTime, Error, ErrorKind, Job, JobState, Ref, Result, Uri};

use super::plan::{dependents, title};
use super::{Batch, Plan, Request, StepResult};
use crate::provider::rules::job::{self, End};
use tally::Tally;

/// What a provider does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each")]
pub enum Next {
    /// Carry out this step.
    Run(usize),
    /// Undo this step, which had been carried out.
    Undo(usize),
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StepState {
    /// It has not begun.
    Waiting,
    /// It is being carried out.
    Running,
    /// It has been carried out.
    Done,
    /// It has failed, or was stopped.
    Failed,
    /// It will not be carried out.
    Skipped,
    /// It has been carried out, and is to be undone.
    ToUndo,
    /// It is being undone.
    Undoing,
    /// It has been undone.
    Undone,
    /// It has been carried out, and could not be undone.
    Left,
}

/// A batch that is being carried out: a state machine that is told what became of each step, and says what to do next.
///
/// It does nothing itself and keeps no time. A provider asks for the [next](Self::next) step or all that are [due](Self::due), [begins](Self::begin) a step and
/// carries its request out by whatever means it has, and reports with [`done`](Self::done) or [`failed`](Self::failed),
/// until the batch [is over](Self::is_over). What can be carried out at the same time is there at the same time; a provider
/// that does one thing at a time takes the first.
///
/// * In the mode `ALL_OR_NOTHING`, nothing more begins after a failure. What is running is waited for; then what has been
///   done is undone one by one, the last first. A step that fails is expected to leave nothing behind.
/// * In the mode `BEST_EFFORT`, what needs a step that has failed is skipped, and all else is carried out.
///
/// The batch is one [`Job`](Self::job), and each step a nested one. Undoing a step is a nested Job of its own, because a Job
/// that has ended stays as it is (DSP0263 5.17.1). The Job of the batch succeeds only if all steps do.
pub struct Run {
    batch: Batch,
    steps: Vec<Step>,
    dependents: Vec<Vec<usize>>,
    names: HashMap<String, usize>,
    /// The steps that may begin.
    ready: BTreeSet<usize>,
    /// The steps that have been carried out and not undone, in the order in which that happened.
    done: Vec<usize>,
    /// How many steps are being carried out or undone.
    active: usize,
    /// Whether nothing more is to begin.
    aborted: bool,
    /// The step that failed first.
    failure: Option<usize>,
    job: Job,
    tally: Tally,
}

struct Step {
    state: StepState,
    /// How many steps it waits for.
    missing: usize,
    result: StepResult,
    job: Job,
    /// The Job of undoing it, which is there when that is to be done.
    undo: Job,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let states: Vec<StepState> = self.steps.iter().map(|step| step.state).collect();
        f.debug_struct("Run").field("steps", &states).field("job", &self.job).finish_non_exhaustive()
    }
}

impl Run {
    /// Takes a batch. `ids` gives the URIs of new Jobs, first that of the batch; the target of that is `target`, the
    /// collection that the batch was sent to. The name of a nested Job is that of its step.
    ///
    /// # Errors
    /// As [`Plan::of`].
    pub fn new(
        batch: Batch,
        target: &Uri,
        ids: &mut dyn FnMut() -> Uri,
        now: &DateTime,
    ) -> std::result::Result<Self, Vec<Problem>> {
        let plan = Plan::of(&batch)?;
        let mut job = Job { id: Some(ids()), name: batch.name.clone(), ..job::new("add", target, now) };
        let above = Ref::to(job.id.clone().unwrap_or_default());
        let mut steps = Vec::with_capacity(batch.steps.len());
        for (step, needs) in batch.steps.iter().zip(&plan.needs) {
            let action = step.action.as_ref().map_or("", Uri::as_str).trim();
            let mut nested = |action: &str| Job {
                id: Some(ids()),
                name: step.name.clone(),
                parent_job: Some(above.clone()),
                ..job::new(action, &Uri::default(), now)
            };
            let mut step = Step {
                state: StepState::Waiting,
                missing: needs.len(),
                result: StepResult::default(),
                job: nested(action),
                undo: if batch.is_all_or_nothing() { nested(&undo_action()) } else { Job::default() },
            };
            (step.job.target_resource, step.undo.target_resource) = (None, None);
            (step.job.affected_resources, step.undo.affected_resources) = (Vec::new(), Vec::new());
            job.nested_jobs.push(Ref::to(step.job.id.clone().unwrap_or_default()));
            steps.push(step);
        }
        let names = batch.steps.iter().enumerate();
        let names = names.filter_map(|(index, step)| Some((step.name.clone()?, index))).collect();
        let ready = steps.iter().enumerate().filter(|(_, step)| step.missing == 0).map(|(index, _)| index).collect();
        let tally = Tally::of(steps.len());
        let dependents = dependents(&plan.needs);
        let (done, active, aborted, failure) = (Vec::new(), 0, false, None);
        Ok(Self { batch, steps, dependents, names, ready, done, active, aborted, failure, job, tally })
    }

    /// The batch.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The Job of the batch as it is now.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The nested Jobs as they are now: those of the steps, in the order of the batch, and those of undoing steps.
    pub fn nested_jobs(&self) -> impl Iterator<Item = &Job> {
        let undone = self.steps.iter().filter(|step| step.state >= StepState::ToUndo).map(|step| &step.undo);
        self.steps.iter().map(|step| &step.job).chain(undone)
    }

    /// Where a step stands; none if there is no such step.
    #[must_use]
    pub fn state(&self, step: usize) -> Option<StepState> {
        self.steps.get(step).map(|step| step.state)
    }

    /// What a step has led to, as it was reported.
    #[must_use]
    pub fn result(&self, step: usize) -> Option<&StepResult> {
        self.steps.get(step).map(|step| &step.result)
    }

    /// Whether all is done: nothing runs, and nothing more is to be carried out or undone.
    #[must_use]
    pub fn is_over(&self) -> bool {
        job::is_over(&self.job)
    }

    /// What to do next, one thing at a time: the first that is [due](Self::due).
    #[must_use]
    pub fn next(&self) -> Option<Next> {
        self.due().next()
    }

    /// What can be done now, at the same time. Nothing while the batch waits for what has begun, and nothing when it is over.
    pub fn due(&self) -> impl Iterator<Item = Next> {
        let undoing = self.aborted && self.active == 0 && self.batch.is_all_or_nothing();
        let last = self.done.last().filter(|_| undoing).map(|&step| Next::Undo(step));
        let ready = self.ready.iter().filter(|_| !self.aborted).map(|&step| Next::Run(step));
        ready.chain(last)
    }

    /// Begins a step. Returns what is to be carried out, with URIs in place of results.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the step is not one to be carried out next, [`ErrorKind::Value`] when it refers to an
    /// attribute that a result does not have: then it has failed.
    pub fn begin(&mut self, step: usize, now: &DateTime) -> Result<Request> {
        if self.aborted || !self.ready.contains(&step) {
            return Err(self.unexpected(step, "begun"));
        }
        let request = self.request(step);
        self.ready.remove(&step);
        if let Some(found) = self.steps.get_mut(step) {
            found.state = StepState::Running;
            if let Ok(request) = &request {
                set_target(&mut found.job, &request.target);
                set_target(&mut found.undo, &request.target);
            }
            job::run(&mut found.job, now)?;
        }
        self.active += 1;
        self.settle(now);
        match request {
            Ok(request) => Ok(request),
            Err(error) => {
                self.failed(step, &End::failed(None, error.reason()), now)?;
                Err(error)
            }
        }
    }

    /// Says how far a step is, in percent, and what it is doing.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the step is not running.
    pub fn advance(&mut self, step: usize, percent: i64, message: Option<&str>) -> Result<()> {
        let found = self.in_state(step, StepState::Running, "advanced")?;
        let before = found.job.progress.unwrap_or(0);
        job::advance(&mut found.job, percent, message)?;
        let gained = found.job.progress.unwrap_or(0).saturating_sub(before);
        self.tally.advance(gained);
        job::advance(&mut self.job, self.tally.mean(), None)
    }

    /// Says that a step has been carried out.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the step is not running.
    pub fn done(&mut self, step: usize, result: StepResult, now: &DateTime) -> Result<()> {
        let found = self.in_state(step, StepState::Running, "done")?;
        found.state = StepState::Done;
        let affected = result.resource.iter().chain(&result.affected).cloned();
        job::affect(&mut found.job, affected.collect::<Vec<_>>());
        found.result = result;
        self.end(step, &End::Success, now)?;
        self.active = self.active.saturating_sub(1);
        self.done.push(step);
        if self.aborted {
            self.schedule_undo(step);
        } else {
            self.free_dependents(step);
        }
        self.settle(now);
        Ok(())
    }

    /// Says that a step has failed or was stopped.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the step is not running, [`ErrorKind::Value`] when the end is a success.
    pub fn failed(&mut self, step: usize, end: &End, now: &DateTime) -> Result<()> {
        if *end == End::Success {
            return Err(Error::new(ErrorKind::Value, "a step that has failed has not succeeded"));
        }
        self.in_state(step, StepState::Running, "failed")?.state = StepState::Failed;
        self.end(step, end, now)?;
        self.active = self.active.saturating_sub(1);
        self.failure.get_or_insert(step);
        let reason = format!("not carried out because {} {}", title(&self.batch, step), verb(end));
        if self.batch.is_all_or_nothing() {
            self.abort(&reason, now)?;
        } else {
            self.skip_dependents(step, &reason, now)?;
        }
        self.settle(now);
        Ok(())
    }

    /// Stops the batch: nothing more begins, and the Jobs of what is running are STOPPING. What has been done is undone in
    /// the mode `ALL_OR_NOTHING`; unless nothing was left to begin, and all that is running succeeds after all.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the batch is over.
    pub fn stop(&mut self, now: &DateTime) -> Result<()> {
        job::stop(&mut self.job, now)?;
        for step in self.steps.iter_mut().filter(|step| step.state == StepState::Running) {
            job::stop(&mut step.job, now)?;
        }
        if self.steps.iter().any(|step| step.state == StepState::Waiting) {
            self.abort("not carried out because the batch was stopped", now)?;
        }
        self.settle(now);
        Ok(())
    }

    /// Begins to undo a step.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the step is not the one to be undone next.
    pub fn undo(&mut self, step: usize, now: &DateTime) -> Result<()> {
        if !self.due().eq([Next::Undo(step)]) {
            return Err(self.unexpected(step, "undone"));
        }
        self.done.pop();
        let found = self.in_state(step, StepState::ToUndo, "undone")?;
        found.state = StepState::Undoing;
        job::run(&mut found.undo, now)?;
        self.active += 1;
        self.settle(now);
        Ok(())
    }

    /// Says that a step has been undone.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when the step is not being undone.
    pub fn undone(&mut self, step: usize, now: &DateTime) -> Result<()> {
        self.end_undo(step, StepState::Undone, &End::Success, now)
    }

    /// Says that a step could not be undone. What was done before it is undone all the same.
    ///
    /// # Errors
    /// As [`undone`](Self::undone).
    pub fn not_undone(&mut self, step: usize, message: &str, now: &DateTime) -> Result<()> {
        self.end_undo(step, StepState::Left, &End::failed(None, message), now)
    }

    fn end_undo(&mut self, step: usize, state: StepState, end: &End, now: &DateTime) -> Result<()> {
        let found = self.in_state(step, StepState::Undoing, "undone")?;
        found.state = state;
        job::finish(&mut found.undo, end, now)?;
        self.tally.end(0, end);
        self.active = self.active.saturating_sub(1);
        self.settle(now);
        Ok(())
    }

    /// Ends the Job of a step.
    fn end(&mut self, step: usize, end: &End, now: &DateTime) -> Result<()> {
        let Some(found) = self.steps.get_mut(step) else { return Ok(()) };
        let before = found.job.progress.unwrap_or(0);
        job::finish(&mut found.job, end, now)?;
        self.tally.end(before, end);
        Ok(())
    }

    fn free_dependents(&mut self, step: usize) {
        for &dependent in self.dependents.get(step).into_iter().flatten() {
            let Some(found) = self.steps.get_mut(dependent) else { continue };
            found.missing = found.missing.saturating_sub(1);
            if found.missing == 0 && found.state == StepState::Waiting {
                self.ready.insert(dependent);
            }
        }
    }

    fn skip_dependents(&mut self, step: usize, reason: &str, now: &DateTime) -> Result<()> {
        let mut waiting = vec![step];
        while let Some(step) = waiting.pop() {
            for dependent in self.dependents.get(step).cloned().unwrap_or_default() {
                if self.state(dependent) == Some(StepState::Waiting) {
                    self.skip(dependent, reason, now)?;
                    waiting.push(dependent);
                }
            }
        }
        Ok(())
    }

    fn skip(&mut self, step: usize, reason: &str, now: &DateTime) -> Result<()> {
        self.ready.remove(&step);
        if let Some(found) = self.steps.get_mut(step) {
            found.state = StepState::Skipped;
        }
        self.end(step, &End::stopped(reason), now)
    }

    /// Nothing more begins.
    fn abort(&mut self, reason: &str, now: &DateTime) -> Result<()> {
        if std::mem::replace(&mut self.aborted, true) {
            return Ok(());
        }
        for step in 0..self.steps.len() {
            match self.state(step) {
                Some(StepState::Waiting) => self.skip(step, reason, now)?,
                Some(StepState::Done) => self.schedule_undo(step),
                _ => {}
            }
        }
        Ok(())
    }

    fn schedule_undo(&mut self, step: usize) {
        if !self.batch.is_all_or_nothing() {
            return;
        }
        let Some(found) = self.steps.get_mut(step) else { return };
        found.state = StepState::ToUndo;
        self.job.nested_jobs.push(Ref::to(found.undo.id.clone().unwrap_or_default()));
        self.tally.add();
    }

    /// Brings the Job of the batch up to date.
    fn settle(&mut self, now: &DateTime) {
        // Each is refused only where the Job has ended, which is then as it should be.
        if !self.tally.is_over() {
            if self.job.state == Some(JobState::Queued) {
                let _ = job::run(&mut self.job, now);
            }
            let _ = job::advance(&mut self.job, self.tally.mean(), None);
            return;
        }
        let message = self.failure.map_or_else(String::new, |step| self.summary(step));
        let code = self.failure.and_then(|step| self.steps.get(step)?.job.return_code);
        let end = match (self.tally.failed, self.tally.stopped) {
            (true, _) => End::failed(code, message),
            (false, true) if message.is_empty() => End::stopped("the batch was stopped"),
            (false, true) => End::stopped(message),
            (false, false) => End::Success,
        };
        let _ = job::finish(&mut self.job, &end, now);
    }

    /// Why the batch has not succeeded, for humans.
    fn summary(&self, step: usize) -> String {
        let said = self.steps.get(step).and_then(|step| step.job.status_message.as_deref()).unwrap_or("failed");
        let left = self.steps.iter().filter(|step| step.state == StepState::Left).count();
        let undone = self.steps.iter().filter(|step| step.state == StepState::Undone).count();
        let title = title(&self.batch, step);
        match (undone, left) {
            (0, 0) => format!("{title}: {said}"),
            (undone, 0) => format!("{title}: {said} (undone: {undone})"),
            (undone, left) => format!("{title}: {said} (undone: {undone}, could not be: {left})"),
        }
    }

    /// A step that is in this state.
    fn in_state(&mut self, step: usize, state: StepState, what: &str) -> Result<&mut Step> {
        if self.state(step) != Some(state) {
            return Err(self.unexpected(step, what));
        }
        self.steps.get_mut(step).ok_or_else(|| Error::new(ErrorKind::State, "there is no such step"))
    }

    /// A report that does not fit.
    fn unexpected(&self, step: usize, what: &str) -> Error {
        let reason = match self.state(step) {
            Some(state) => format!("{} cannot be {what}: it is {state:?}", title(&self.batch, step)),
            None => format!("there is no step {step}"),
        };
        Error::new(ErrorKind::State, reason)
    }
}

/// What the Job of undoing a step does.
fn undo_action() -> String {
    format!("{NAMESPACE}/action/undo")
}

fn set_target(job: &mut Job, target: &Uri) {
    job.target_resource = Some(Ref::to(target.clone()));
    job.affected_resources = vec![Ref::to(target.clone())];
}

fn verb(end: &End) -> &'static str {
    match end.state() {
        JobState::Stopped => "was stopped",
        _ => "failed",
    }
}
