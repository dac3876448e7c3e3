//! Jobs (5.17.1).

use super::documented::resource;
use super::{AnyResource, lifecycles};
use crate::meta::Kind;
use crate::{DateTime, Ref, Uri, collection, states};

states! {
    /// The state of the process behind a Job (DSP0263 5.17.1, table 46).
    pub JobState {
        /// Not begun yet.
        Queued = "QUEUED" transient,
        /// Being executed.
        Running = "RUNNING" transient,
        /// Ended without success.
        Failed = "FAILED" lasting,
        /// Completed successfully.
        Success = "SUCCESS" lasting,
        /// Being stopped.
        Stopping = "STOPPING" transient,
        /// Stopped before completion.
        Stopped = "STOPPED" lasting,
    }
}

resource! {
    /// A process that the provider carries out for a request (DSP0263 5.17.1, table 46).
    ///
    /// Only providers create Jobs, and what a Job reports is theirs to change.
    pub Job = "Job" [clause("5.17.1"), operations(&["edit", "delete", "stop"]), lifecycle(&lifecycles::JOB)] {
        /// The state of the process.
        state: Option<JobState> = "state" [read_only],
        /// The resource that the operation was invoked on; for `add`, the collection.
        target_resource: Option<Ref<AnyResource>> = "targetResource" [read_only],
        /// The resources that the Job has had an effect on; always includes the target.
        affected_resources: Vec<Ref<AnyResource>> = "affectedResources"
            [item("affectedResource"), unwrapped, read_only],
        /// The kind of action.
        action: Option<Uri> = "action" [v1_kind(Kind::String), follows_dialect, read_only],
        /// The return code of the operation; 0 to 9999 are reserved to the standard.
        return_code: Option<i64> = "returnCode" [read_only],
        /// The progress from 0 to 100; 100 as soon as the Job no longer runs, whatever its outcome.
        progress: Option<i64> = "progress" [range(0, 100), read_only],
        /// Human-readable details of the current status, for example the cause of a failure.
        status_message: Option<String> = "statusMessage" [read_only],
        /// When the status changed last.
        time_of_status_change: Option<DateTime> = "timeOfStatusChange" [read_only],
        /// The Job to which this one is subordinate.
        parent_job: Option<Ref<Job>> = "parentJob" [read_only],
        /// The Jobs that are subordinate to this one.
        nested_jobs: Vec<Ref<Job>> = "nestedJobs" [item("nestedJob"), unwrapped, read_only],
    }
}
collection!(Job, "JobCollection", "jobs", v1_operations: false);
