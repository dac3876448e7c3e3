//! The Job of a batch follows from those nested in it; they are counted as they change, so that a report takes the same
//! time in a batch of any size.

use cimi_model::JobState;

use crate::provider::rules::job::End;

/// The nested Jobs, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    all: i64,
    ended: i64,
    /// The sum of the progress of all.
    progress: i64,
    pub(super) failed: bool,
    pub(super) stopped: bool,
}

impl Tally {
    /// So many Jobs, none of them begun.
    pub(super) fn of(jobs: usize) -> Self {
        Self { all: i64::try_from(jobs).unwrap_or(i64::MAX), ..Self::default() }
    }

    /// One Job more.
    pub(super) fn add(&mut self) {
        self.all = self.all.saturating_add(1);
    }

    /// So much more progress of one of them.
    pub(super) fn advance(&mut self, percent: i64) {
        self.progress = self.progress.saturating_add(percent);
    }

    /// Whether all have ended.
    pub(super) fn is_over(&self) -> bool {
        self.ended >= self.all
    }

    /// Counts a Job that has ended, whose progress was this.
    pub(super) fn end(&mut self, before: i64, end: &End) {
        self.ended = self.ended.saturating_add(1);
        self.advance(100_i64.saturating_sub(before));
        match end.state() {
            JobState::Failed => self.failed = true,
            JobState::Stopped => self.stopped = true,
            _ => {}
        }
    }

    /// The progress of all.
    pub(super) fn mean(&self) -> i64 {
        self.progress.checked_div(self.all).unwrap_or(0)
    }
}
