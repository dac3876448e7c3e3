//! What Jobs say, nested ones included (5.17.1).

use cimi_model::{Job, JobState, Uri};

/// How deep nested Jobs are followed. A provider's own nesting is a few levels.
pub(super) const DEEPEST: usize = 16;

/// The end of a Job, if it has come to one.
///
/// A Job that has a state the standard does not name, or none, has ended when its progress is 100 (table 46); a return
/// code of 0 or none means success then.
#[must_use]
pub fn ended(job: &Job) -> Option<JobState> {
    let known = |state: &JobState| {
        let all = [
            JobState::Queued,
            JobState::Running,
            JobState::Stopping,
            JobState::Success,
            JobState::Failed,
            JobState::Stopped,
        ];
        all.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(state.as_str()))
    };
    match &job.state {
        Some(state) => match known(state) {
            Some(known) => known.is_final().then_some(known),
            None => (job.progress >= Some(100)).then_some(JobState::Failed),
        },
        None if job.progress >= Some(100) && job.return_code.is_none_or(|code| code == 0) => Some(JobState::Success),
        None => (job.progress >= Some(100)).then_some(JobState::Failed),
    }
}

/// Visits the Jobs below a Job that are at hand, each with its depth.
fn visit<'j>(job: &'j Job, depth: usize, see: &mut dyn FnMut(&'j Job, usize)) {
    see(job, depth);
    if depth < DEEPEST {
        for nested in job.nested_jobs.iter().filter_map(|nested| nested.value.as_deref()) {
            visit(nested, depth + 1, see);
        }
    }
}

/// The message of the deepest nested Job that failed and says why: it is the nearest to the cause. Where no Job says
/// that it failed, of the deepest one with a message.
#[must_use]
pub fn deepest_message(job: &Job) -> Option<&str> {
    let mut best: Option<((bool, usize), &str)> = None;
    visit(job, 0, &mut |job, depth| {
        let Some(message) = job.status_message.as_deref().filter(|message| !message.trim().is_empty()) else { return };
        let rank = (ended(job) == Some(JobState::Failed), depth);
        // Of several at one depth, the first.
        if best.as_ref().is_none_or(|(found, _)| rank > *found) {
            best = Some((rank, message));
        }
    });
    best.map(|(_, message)| message)
}

/// The resources that a Job and the nested ones have had an effect on, each once (5.17.1).
#[must_use]
pub fn affected_resources(job: &Job) -> Vec<Uri> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    visit(job, 0, &mut |job, _| {
        let hrefs = job.affected_resources.iter().filter_map(|resource| resource.href.as_ref());
        found.extend(hrefs.filter(|href| seen.insert(*href)).cloned());
    });
    found
}
