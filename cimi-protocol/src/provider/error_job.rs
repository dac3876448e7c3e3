//! Errors as Jobs (4.2.2).

use cimi_model::{Job, JobState, Ref, Uri};

use super::Refusal;

/// What is known about a request that failed.
pub(super) struct Failed {
    /// What the URI of the request names, absolute.
    pub target: Option<Uri>,
    /// The operation that was asked for; none for a reading.
    pub action: Option<Uri>,
    /// The present time.
    pub time: Option<cimi_model::DateTime>,
}

/// The Job of a failed operation that exists for this answer only: its `id` is the empty path, and its nested Jobs are
/// inlined; the empty path that these have is their `href`.
pub(super) fn of(refusal: &Refusal, failed: Failed) -> Job {
    let time = refusal.time().cloned().or(failed.time);
    let failure = |message: &str| Job {
        state: Some(JobState::Failed),
        target_resource: failed.target.clone().map(Ref::to),
        affected_resources: failed.target.clone().map(Ref::to).into_iter().collect(),
        action: failed.action.clone(),
        return_code: Some(refusal.return_code()),
        progress: Some(100),
        status_message: Some(message.to_owned()),
        time_of_status_change: time.clone(),
        ..Job::default()
    };
    let nested = |text: &String| Ref { href: Some(Uri::from("")), value: Some(Box::new(failure(text))) };
    Job {
        id: Some(Uri::from("")),
        nested_jobs: refusal.problems().iter().map(nested).collect(),
        ..failure(refusal.message())
    }
}
