//! What a Job says with the nested ones.

use cimi_model::{Job, JobState};
use cimi_protocol::client::jobs::{affected_resources, deepest_message, ended};

use crate::read;

#[test]
fn ends() {
    for (text, expected) in [
        (r#"{"state": "SUCCESS"}"#, Some(JobState::Success)),
        (r#"{"state": "FAILED", "progress": 30}"#, Some(JobState::Failed)),
        (r#"{"state": "STOPPED"}"#, Some(JobState::Stopped)),
        (r#"{"state": "success"}"#, Some(JobState::Success)),
        (r#"{"state": "RUNNING", "progress": 100}"#, None),
        (r#"{"state": "QUEUED"}"#, None),
        (r#"{"state": "STOPPING"}"#, None),
        (r#"{"state": "CANCELLED", "progress": 100}"#, Some(JobState::Failed)),
        (r#"{"state": "WAITING", "progress": 99}"#, None),
        (r#"{"progress": 100}"#, Some(JobState::Success)),
        (r#"{"progress": 100, "returnCode": 0}"#, Some(JobState::Success)),
        (r#"{"progress": 100, "returnCode": 17}"#, Some(JobState::Failed)),
        (r#"{"progress": 50}"#, None),
        ("{}", None),
    ] {
        assert_eq!(ended(&read::<Job>(text)), expected, "{text}");
    }
}

#[test]
fn messages_and_affected_resources_of_the_whole_tree() {
    let job: Job = read(
        r#"{"state": "FAILED", "statusMessage": "creation failed", "affectedResources": [{"href": "s/1"}, {"href": "m/1"}],
            "nestedJobs": [
                {"state": "FAILED", "statusMessage": "machine failed", "affectedResources": [{"href": "m/1"}], "nestedJobs": [
                    {"state": "SUCCESS", "statusMessage": "disk made", "affectedResources": [{"href": "d/1"}]},
                    {"state": "FAILED", "statusMessage": " "},
                    {"href": "jobs/7"}]},
                {"state": "FAILED", "statusMessage": "network failed", "affectedResources": [{"href": "n/1"}, {}]}]}"#,
    );
    assert_eq!(deepest_message(&job), Some("machine failed"));
    let affected: Vec<String> = affected_resources(&job).iter().map(ToString::to_string).collect();
    assert_eq!(affected, ["s/1", "m/1", "d/1", "n/1"]);

    let job: Job = read(
        r#"{"state": "RUNNING", "statusMessage": "a", "nestedJobs": [{"state": "RUNNING", "statusMessage": "b"}]}"#,
    );
    assert_eq!(deepest_message(&job), Some("b"));
    assert_eq!(deepest_message(&Job::default()), None);
}
