//! What goes on by itself: the states that operations lead through, one after the other, until the time is up.
//!
//! Nothing happens between two requests. Each request first brings the cloud up to its own time, so that what it sees
//! depends on the times of requests alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use cimi_model::lifecycle::Step;
use cimi_protocol::provider::rules::job::End;

use super::Cloud;

/// What happens at some time.
#[derive(Debug)]
pub(crate) enum Change {
    /// A resource comes into a state, for a Job.
    State { job: String, path: String, state: &'static str },
    /// A resource is gone, for a Job.
    Gone { job: String, path: String },
    /// A Job is done.
    Done { job: String },
    /// A Meter takes a sample.
    Sample { meter: String, period: u64 },
    /// A Meter is deleted, for its `expiresTime` has come.
    Expired { meter: String },
}

impl Change {
    fn job(&self) -> Option<&str> {
        match self {
            Self::State { job, .. } | Self::Gone { job, .. } | Self::Done { job } => Some(job),
            Self::Sample { .. } | Self::Expired { .. } => None,
        }
    }
}

/// How to go back when a Job is stopped.
#[derive(Debug)]
pub(crate) enum Undo {
    /// To the state before.
    State { path: String, state: Option<String> },
    /// To where the resource was not there.
    Remove { path: String },
}

/// A Job that is being carried out.
#[derive(Debug)]
struct Task {
    began: DateTime<Utc>,
    due: DateTime<Utc>,
    undo: Vec<Undo>,
}

/// What is to happen, in the order of time.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    changes: BTreeMap<(DateTime<Utc>, u64), Change>,
    tasks: HashMap<String, Task>,
    last: u64,
}

impl Schedule {
    pub(crate) fn add(&mut self, at: DateTime<Utc>, change: Change) {
        self.last += 1;
        self.changes.insert((at, self.last), change);
    }

    /// The next change that is due, with its time.
    fn next(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Change)> {
        let entry = self.changes.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), change) = entry.remove_entry();
        Some((at, change))
    }

    /// How far a running Job has come, in percent.
    pub(crate) fn progress(&self, job: &str, now: DateTime<Utc>) -> Option<i64> {
        let task = self.tasks.get(job)?;
        let (passed, all) = ((now - task.began).num_milliseconds(), (task.due - task.began).num_milliseconds());
        Some((passed.max(0) * 100 / all.max(1)).min(99))
    }

    pub(crate) fn is_running(&self, job: &str) -> bool {
        self.tasks.contains_key(job)
    }
}

/// What an operation does to a resource.
pub(crate) struct Effect {
    pub(crate) path: String,
    pub(crate) step: Step,
    /// Whether the resource has just been created.
    pub(crate) new: bool,
}

impl Cloud {
    /// Lets happen what is due.
    pub(crate) fn advance(&mut self, now: DateTime<Utc>) {
        // A clock that is set back does not undo what has happened.
        let now = now.max(self.now);
        while let Some((at, change)) = self.schedule.next(now) {
            self.now = at;
            self.happen(change, now);
        }
        self.now = now;
    }

    fn happen(&mut self, change: Change, until: DateTime<Utc>) {
        match change {
            Change::State { path, state, .. } => self.set_state(&path, state),
            Change::Gone { path, .. } => self.remove(&path),
            Change::Done { job } => {
                self.schedule.tasks.remove(&job);
                self.end_job(&job);
            }
            Change::Sample { meter, period } => self.take_sample(&meter, period, until),
            Change::Expired { meter } => self.expire(&meter),
        }
    }

    /// Carries out what an operation does to resources, for a Job: at once, or in the time that operations take here.
    pub(crate) fn carry_out(&mut self, job: &str, effects: &[Effect]) {
        if self.latency <= TimeDelta::zero() {
            for effect in effects {
                for state in effect.step.states().filter(|state| !effect.step.optional || effect.step.to == Some(state))
                {
                    self.set_state(&effect.path, state);
                }
                if effect.step.gone {
                    self.remove(&effect.path);
                }
            }
            self.end_job(job);
            return;
        }
        self.begin(job, effects);
    }

    fn begin(&mut self, job: &str, effects: &[Effect]) {
        let (began, due) = (self.now, self.now + self.latency);
        let mut undo = Vec::new();
        for Effect { path, step, new } in effects {
            undo.push(if *new {
                Undo::Remove { path: path.clone() }
            } else {
                Undo::State { path: path.clone(), state: self.state(path) }
            });
            if let Some(via) = step.via {
                self.set_state(path, via);
            }
            let state = |state| Change::State { job: job.to_owned(), path: path.clone(), state };
            if let Some(then) = step.then {
                self.schedule.add(began + self.latency / 2, state(then));
            }
            if step.gone {
                self.schedule.add(due, Change::Gone { job: job.to_owned(), path: path.clone() });
            } else if let Some(to) = step.to {
                self.schedule.add(due, state(to));
            }
        }
        self.schedule.add(due, Change::Done { job: job.to_owned() });
        self.schedule.tasks.insert(job.to_owned(), Task { began, due, undo });
    }

    /// Stops a Job: what it has not done yet will not happen, and the resources are again as they were before it.
    pub(crate) fn call_off(&mut self, job: &str) {
        self.schedule.changes.retain(|_, change| change.job() != Some(job));
        let Some(task) = self.schedule.tasks.remove(job) else { return };
        for undo in task.undo.into_iter().rev() {
            match undo {
                Undo::State { path, state: Some(state) } => self.set_state(&path, &state),
                Undo::State { .. } => {}
                Undo::Remove { path } => self.remove(&path),
            }
        }
        self.finish_job(job, &End::stopped("stopped by the consumer"));
    }
}
