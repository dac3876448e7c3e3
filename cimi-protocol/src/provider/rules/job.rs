//! Jobs (5.17.1): a Job for a request, what it says while the request is carried out, and how it ends.
//!
//! Every request that changes something has a Job (4.2.1.6): one that has ended when the answer is sent, or one that
//! runs, and the answer is a 202 (4.2.1.7). The functions here make such Jobs and keep their attributes consistent; a
//! provider stores them, and says what time it is.
//!
//! ```
//! use cimi_model::{DateTime, JobState};
//! use cimi_protocol::provider::rules::job::{self, End};
//!
//! let now: DateTime = "2025-01-01T00:00:00Z".parse()?;
//! let mut copy = job::new("capture", &"http://example.com/machines/1".into(), &now);
//! assert_eq!((copy.state.as_ref(), copy.progress), (Some(&JobState::Queued), Some(0)));
//! assert_eq!(copy.affected_resources.len(), 1);
//!
//! job::run(&mut copy, &now)?;
//! job::advance(&mut copy, 40, Some("copying"))?;
//! assert_eq!((copy.progress, copy.status_message.as_deref()), (Some(40), Some("copying")));
//!
//! job::affect(&mut copy, ["http://example.com/machineImages/7".into()]);
//! job::finish(&mut copy, &End::Success, &now)?;
//! assert_eq!((copy.state.as_ref(), copy.progress, copy.return_code), (Some(&JobState::Success), Some(100), Some(0)));
//! assert!(job::run(&mut copy, &now).is_err()); // what has ended stays as it is
//! # Ok::<(), cimi_model::Error>(())
//! ```
//!
//! # Nested Jobs
//!
//! A Job that is carried out as several is the Job above them: [`nest`] connects them, and [`summarize`] gives the one
//! above its state, progress and message from those below.
//!
//! # Affected resources
//!
//! `affectedResources` begins with the target. What else belongs there comes from the plan that was carried out:
//! [`affected_by_creation`], [`affected_by_action`], [`affected_by_deletion`]. What is deleted leaves the list: Jobs are
//! resources like others, and [`Deletion::apply`] is for them too.

use std::collections::HashSet;

use cimi_model::lifecycle::{self, Rules, overall_state};
use cimi_model::reflect::{Described, Record};
use cimi_model::relations::Deletion;
use cimi_model::template::{self, Owner, Target};
use cimi_model::{DateTime, Error, ErrorKind, Job, JobState, Ref, Result, Uri, attributes};

/// The progress of a Job that has not ended is at most this.
const ALMOST: i64 = 99;

/// How a Job ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// It has done what was asked.
    Success,
    /// It has failed.
    Failed {
        /// The return code, if there is one; 0 to 9999 are reserved to the standard.
        code: Option<i64>,
        /// Why, for humans.
        message: String,
    },
    /// It was stopped, by the consumer or the provider.
    Stopped {
        /// By whom or why, for humans.
        message: String,
    },
}

impl End {
    /// A failure.
    pub fn failed(code: impl Into<Option<i64>>, message: impl Into<String>) -> Self {
        Self::Failed { code: code.into(), message: message.into() }
    }

    /// The end of a Job that was stopped.
    pub fn stopped(message: impl Into<String>) -> Self {
        Self::Stopped { message: message.into() }
    }

    /// The state of a Job that has ended so.
    #[must_use]
    pub fn state(&self) -> JobState {
        match self {
            Self::Success => JobState::Success,
            Self::Failed { .. } => JobState::Failed,
            Self::Stopped { .. } => JobState::Stopped,
        }
    }
}

/// A Job for a request, not begun yet.
///
/// The action is named as operations are: `add`, `edit`, `delete`, `start`, or the URI of a provider's own. The target is
/// what the request was sent to: for `add`, the collection. `id` is the provider's to set.
#[must_use]
pub fn new(action: &str, target: &Uri, now: &DateTime) -> Job {
    Job {
        created: Some(now.clone()),
        updated: Some(now.clone()),
        state: Some(JobState::Queued),
        target_resource: Some(Ref::to(target.clone())),
        affected_resources: vec![Ref::to(target.clone())],
        action: Some(lifecycle::action_uri(action)),
        progress: Some(0),
        time_of_status_change: Some(now.clone()),
        ..Job::default()
    }
}

/// Says that the request is being carried out now.
///
/// # Errors
/// [`ErrorKind::State`] when the Job has ended or is being stopped.
pub fn run(job: &mut Job, now: &DateTime) -> Result<()> {
    job.proceed(JobState::Running, now.clone())
}

/// Says how far the Job is, in percent, and what it is doing. The progress does not go back, and is below 100 until the
/// Job has ended.
///
/// # Errors
/// [`ErrorKind::State`] when the Job has ended.
pub fn advance(job: &mut Job, percent: i64, message: Option<&str>) -> Result<()> {
    if is_over(job) {
        return Err(Error::new(ErrorKind::State, "the Job has ended"));
    }
    job.progress = Some(percent.clamp(job.progress.unwrap_or(0).clamp(0, ALMOST), ALMOST));
    if let Some(message) = message {
        job.status_message = Some(message.to_owned());
    }
    Ok(())
}

/// Ends the Job: its state, the progress of 100, the return code (0 for success) and the message.
///
/// # Errors
/// [`ErrorKind::State`] when the Job has already ended in another way. Nothing is changed then.
pub fn finish(job: &mut Job, end: &End, now: &DateTime) -> Result<()> {
    if is_over(job) && job.state != Some(end.state()) {
        return Err(Error::new(ErrorKind::State, "the Job has ended"));
    }
    // What nobody has seen running still ran.
    if job.state == Some(JobState::Queued) && *end == End::Success {
        run(job, now)?;
    }
    job.proceed(end.state(), now.clone())?;
    let (code, message) = match end {
        End::Success => (Some(0), None),
        End::Failed { code, message } => (*code, Some(message)),
        End::Stopped { message } => (None, Some(message)),
    };
    job.return_code = code.or(job.return_code);
    if let Some(message) = message.filter(|message| !message.is_empty()) {
        job.status_message = Some(message.clone());
    }
    Ok(())
}

/// Begins to stop a Job, for the operation `stop`. It is STOPPING until it has [ended](finish), as STOPPED or otherwise if
/// that was faster. Nested Jobs are to be stopped as well.
///
/// # Errors
/// [`ErrorKind::State`] when the Job has ended.
pub fn stop(job: &mut Job, now: &DateTime) -> Result<()> {
    let state = job.state.clone().unwrap_or(JobState::Running);
    if state != JobState::Stopping {
        Rules::of(Job::TYPE).apply(state.as_str(), "stop")?;
    }
    job.proceed(JobState::Stopping, now.clone())
}

/// Begins to delete a Job. Returns whether it can be deleted at once; if not, it is being stopped, and is deleted when it
/// has ended (5.17.1.1).
///
/// # Errors
/// [`ErrorKind::State`] when the Job has not ended, and `rules`, those of the provider for Jobs, do not have `stop`.
pub fn delete(job: &mut Job, rules: &Rules, now: &DateTime) -> Result<bool> {
    if is_over(job) || job.state.is_none() {
        return Ok(true);
    }
    if !rules.supports("stop") {
        return Err(Error::new(ErrorKind::State, "the Job has not ended, and Jobs are not stopped here"));
    }
    stop(job, now)?;
    Ok(false)
}

/// Whether the Job has ended.
#[must_use]
pub fn is_over(job: &Job) -> bool {
    job.state.as_ref().is_some_and(JobState::is_final)
}

/// Adds resources that the Job has an effect on, each once.
pub fn affect(job: &mut Job, resources: impl IntoIterator<Item = Uri>) {
    let mut known: HashSet<Uri> = job.affected_resources.iter().filter_map(|resource| resource.href.clone()).collect();
    for uri in resources {
        if known.insert(uri.clone()) {
            job.affected_resources.push(Ref::to(uri));
        }
    }
}

/// Connects a Job with one that is subordinate to it, by `nestedJobs` and `parentJob`.
///
/// # Errors
/// [`ErrorKind::Value`] when one of them has no `id` yet.
pub fn nest(above: &mut Job, nested: &mut Job) -> Result<()> {
    let missing = || Error::new(ErrorKind::Value, "a Job without an id is not connected with others");
    let (above_id, nested_id) = above.id.clone().zip(nested.id.clone()).ok_or_else(missing)?;
    if !above.nested_jobs.iter().any(|known| known.href.as_ref() == Some(&nested_id)) {
        above.nested_jobs.push(Ref::to(nested_id));
    }
    nested.parent_job = Some(Ref::to(above_id));
    Ok(())
}

/// Gives a Job the state, progress and message that follow from those subordinate to it, if it has nothing else to do.
///
/// It runs as soon as one of them does, and has ended when all have: with SUCCESS only if all have that (5.17.1), else
/// FAILED if one is, else STOPPED. Its progress is the mean of theirs; the return code and the message are those of the
/// first that did not succeed.
///
/// # Errors
/// [`ErrorKind::State`] when the Job has ended in another way.
pub fn summarize<'j>(above: &mut Job, nested: impl IntoIterator<Item = &'j Job>, now: &DateTime) -> Result<()> {
    let nested: Vec<&Job> = nested.into_iter().collect();
    let states: Vec<JobState> = nested.iter().map(|job| job.state.clone().unwrap_or(JobState::Queued)).collect();
    let overall = overall_state(&states);
    if !overall.is_final() {
        let begun = states.iter().any(|state| *state != JobState::Queued);
        if begun && matches!(above.state, None | Some(JobState::Queued)) {
            run(above, now)?;
        }
        return advance(above, mean_progress(&nested), None);
    }
    let decisive = nested.iter().find(|job| job.state.as_ref() == Some(&overall));
    let message = decisive.and_then(|job| job.status_message.clone()).unwrap_or_default();
    let end = match overall {
        JobState::Failed => End::Failed { code: decisive.and_then(|job| job.return_code), message },
        JobState::Stopped => End::Stopped { message },
        _ => End::Success,
    };
    finish(above, &end, now)
}

fn mean_progress(jobs: &[&Job]) -> i64 {
    let sum: i64 = jobs.iter().map(|job| job.progress.unwrap_or(0).clamp(0, 100)).fold(0, i64::saturating_add);
    i64::try_from(jobs.len()).ok().and_then(|count| sum.checked_div(count)).unwrap_or(0)
}

/// The resources that a creation has an effect on: those that it creates, as far as they have been
/// [assigned](template::Plan::assign) URIs, and the existing ones that get them or are connected with them.
#[must_use]
pub fn affected_by_creation(plan: &template::Plan) -> Vec<Uri> {
    let created = plan.order().iter().filter_map(|&step| plan.uri(step)).cloned();
    let existing = plan.placements().iter().flat_map(|placement| {
        let owner = match &placement.owner {
            Owner::Existing(uri) => Some(uri.clone()),
            Owner::Step(_) => None,
        };
        let target = match &placement.target {
            Target::Existing(uri) => Some(uri.clone()),
            Target::Step(_) | Target::MembersOf(_) => None,
        };
        owner.into_iter().chain(target)
    });
    once_each(created.chain(existing))
}

/// The resources that an action has an effect on: the one it was invoked on, and the components that it reaches.
#[must_use]
pub fn affected_by_action(plan: &lifecycle::Plan<'_>) -> Vec<Uri> {
    let ids = plan.affected().map(|(component, _)| component.id).filter(|id| !id.is_empty());
    once_each(ids.map(Uri::from))
}

/// The resources that a deletion has an effect on and that are there after it: those with a reference to something that
/// is deleted. `resources` are those that [`Relations`](cimi_model::relations::Relations) was made of.
#[must_use]
pub fn affected_by_deletion(deletion: &Deletion, resources: &[&dyn Record]) -> Vec<Uri> {
    let touched = deletion.touched();
    let ids = touched.iter().filter_map(|&index| attributes::text(*resources.get(index)?, "id"));
    once_each(ids.map(Uri::from))
}

fn once_each(uris: impl Iterator<Item = Uri>) -> Vec<Uri> {
    let mut seen = HashSet::new();
    uris.filter(|uri| seen.insert(uri.clone())).collect()
}
