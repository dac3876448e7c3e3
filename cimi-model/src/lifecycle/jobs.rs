//! The states of Jobs (5.17.1).

use super::{Rules, impossible};
use crate::reflect::Described;
use crate::{DateTime, Job, JobState, Result, printable};

impl JobState {
    /// Whether the Job has ended, in whatever way.
    #[must_use]
    pub fn is_final(&self) -> bool {
        Rules::of(Job::TYPE).is_final(self.as_str())
    }
}

impl Job {
    /// Takes the Job to another state, with what goes with it: `timeOfStatusChange`, and the progress of 100 of a Job that
    /// has ended (table 46). A Job without a state takes any.
    ///
    /// # Errors
    /// [`ErrorKind::State`](crate::ErrorKind::State) when a Job does not go from its state to this one: once it has ended, it
    /// stays as it is. Nothing is changed then.
    pub fn proceed(&mut self, to: JobState, now: DateTime) -> Result<()> {
        if let Some(from) = &self.state {
            if *from == to {
                return Ok(());
            }
            if !Rules::of(Self::TYPE).may_follow(from.as_str(), to.as_str()) {
                let (from, to) = (printable(from.as_str()), printable(to.as_str()));
                return Err(impossible(format!("a Job does not go from {from} to {to}")));
            }
        }
        if to.is_final() {
            self.progress = Some(100);
        }
        self.time_of_status_change = Some(now);
        self.state = Some(to);
        Ok(())
    }
}

/// The state of a Job that has these nested ones, and nothing else to do: SUCCESS only if all are (5.17.1).
///
/// It is RUNNING until all have ended, then FAILED if one is, and STOPPED if one is and none FAILED.
pub fn overall_state<'a>(nested: impl IntoIterator<Item = &'a JobState>) -> JobState {
    let nested: Vec<&JobState> = nested.into_iter().collect();
    if nested.iter().any(|state| !state.is_final()) {
        return JobState::Running;
    }
    let worst = [JobState::Failed, JobState::Stopped].into_iter().find(|state| nested.contains(&state));
    worst.unwrap_or(JobState::Success)
}
