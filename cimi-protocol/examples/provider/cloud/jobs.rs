//! Jobs: one for each request that changes something (4.2.1.6), nested ones where several resources take part.

use cimi_model::{DateTime, Job, JobState, Ref};
use cimi_protocol::provider::rules::job::{self, End};

use super::Cloud;

/// How many Jobs are kept after they have ended; then the oldest go.
pub(crate) const KEPT: usize = 10_000;

impl Cloud {
    /// A Job that has just begun; its path.
    pub(crate) fn new_job(&mut self, target: &str, affected: &[String], action: &str) -> String {
        let now = DateTime::from(self.now);
        let path = self.store.new_path("jobs");
        let mut job = job::new(action, &self.store.uri(target), &now);
        job.id = Some(self.store.uri(&path));
        job.parent = Some(Ref::to(self.store.uri("jobs")));
        job::affect(&mut job, affected.iter().map(|path| self.store.uri(path)));
        // A Job without a state takes any.
        let _ = job::run(&mut job, &now);
        self.store.put(&path, Box::new(job));
        self.store.put_in("jobs", &path);
        path
    }

    /// Makes a Job subordinate to another.
    pub(crate) fn nest_job(&mut self, nested: &str, above: &str) {
        let (Some(mut one), Some(mut other)) =
            (self.store.get_as::<Job>(nested).cloned(), self.store.get_as::<Job>(above).cloned())
        else {
            return;
        };
        if job::nest(&mut other, &mut one).is_ok() {
            self.store.put(nested, Box::new(one));
            self.store.put(above, Box::new(other));
        }
    }

    /// Ends a Job with success, and those that are subordinate to it.
    pub(crate) fn end_job(&mut self, path: &str) {
        self.finish_job(path, &End::Success);
    }

    /// Ends a Job, and those that are subordinate to it.
    pub(crate) fn finish_job(&mut self, path: &str, end: &End) {
        let now = DateTime::from(self.now);
        for nested in self.nested_jobs(path) {
            self.finish_job(&nested, end);
        }
        let mut ended = false;
        self.store.edit_as::<Job>(path, |job| {
            if end.state() == JobState::Stopped {
                let _ = job::stop(job, &now);
            }
            ended = !job::is_over(job) && job::finish(job, end, &now).is_ok();
        });
        if ended {
            self.note_end(path, end);
        }
        // Those that are nested go with the one above.
        if ended && self.store.target(path, "parentJob").is_none() {
            self.finished.push_back(path.to_owned());
            self.forget_old_jobs();
        }
    }

    fn nested_jobs(&self, path: &str) -> Vec<String> {
        let nested = self.store.get_as::<Job>(path).map_or(&[][..], |job| &job.nested_jobs);
        nested.iter().filter_map(|job| self.store.path_of(job.href.as_ref()?)).collect()
    }

    fn forget_old_jobs(&mut self) {
        while self.finished.len() > KEPT {
            let Some(oldest) = self.finished.pop_front() else { return };
            for nested in self.nested_jobs(&oldest) {
                self.store.remove(&nested);
            }
            self.store.remove(&oldest);
        }
    }
}
