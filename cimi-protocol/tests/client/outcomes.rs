//! What the answers to changes are taken for, as the standard has them and as real peers send them.

use std::time::Duration;

use cimi_model::{Dialect, Format, JobState, Machine, ReadOptions};
use cimi_protocol::client::{Change, Outcome, Peer};
use cimi_protocol::{ErrorKind, Operation as _};

use crate::{answer, peer, read};

const JSON: &str = "Content-Type: application/json";
const XML: &str = "Content-Type: application/xml";

/// A request to `https://cloud.example.com/cimi/machines`.
fn change(peer: &Peer) -> Change<Machine> {
    let machine: Machine = read(r#"{"operations": [{"rel": "delete", "href": "machines"}]}"#);
    peer.delete(&machine).unwrap()
}

fn outcome(status: u16, fields: &str, body: &str) -> Outcome<Machine> {
    change(&peer(Dialect::V1)).response(answer(status, fields, body)).expect(body)
}

#[test]
fn answers_with_and_without_bodies() {
    /// What is found: a Job, a resource, neither because of an unreadable body; and whether it is pending.
    type Found = (bool, bool, bool, bool);
    const JOB: Found = (true, false, false, false);
    const PENDING_JOB: Found = (true, false, false, true);
    const RESOURCE: Found = (false, true, false, false);
    const NOTHING: Found = (false, false, false, false);
    const UNREAD: Found = (false, false, true, false);
    for (status, fields, body, expected) in [
        (201, JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "id": "m/1"}"#, RESOURCE),
        (201, XML, r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"><id>m/1</id></Machine>"#, RESOURCE),
        (201, JSON, r#"{"id": "m/1", "state": "STARTED"}"#, RESOURCE),
        (200, JSON, r#"{"id": "m/1"}"#, RESOURCE),
        (200, "Content-Type: application/json; charset=utf-8", r#"{"id": "m/1"}"#, RESOURCE),
        (201, "", "", NOTHING),
        (204, "", "", NOTHING),
        (200, "Content-Type: text/html;charset=utf-8", "", NOTHING),
        (200, JSON, " \r\n", NOTHING),
        (202, "Content-Type: text/html;charset=utf-8", "", (false, false, false, true)),
        (202, JSON, r#"{"id": "m/1", "state": "STARTING"}"#, (false, true, false, true)),
        (202, JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "state": "RUNNING"}"#, PENDING_JOB),
        (202, JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "state": "SUCCESS"}"#, JOB),
        (202, JSON, r#"{"id": "j/1", "state": "QUEUED", "progress": 0}"#, PENDING_JOB),
        (202, JSON, r#"{"id": "j/1", "affectedResources": [{"href": "m/1"}], "state": "RUNNING"}"#, PENDING_JOB),
        (202, XML, r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><state>RUNNING</state></Job>"#, PENDING_JOB),
        (200, XML, r#"<Job xmlns="http://schemas.dmtf.org/cimi/2"><state>FAILED</state></Job>"#, JOB),
        (201, "Content-Type: text/html", "<html><body>Created</body></html>", UNREAD),
        (201, "Content-Type: text/plain", "done", UNREAD),
        (201, JSON, "<html/>", UNREAD),
        (201, JSON, "{", UNREAD),
        (201, JSON, "[]", UNREAD),
        (201, JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Volume"}"#, UNREAD),
        // What says nothing about its format is taken for what it looks like.
        (201, "", r#"{"id": "m/1"}"#, RESOURCE),
        (201, "Content-Type: text/plain", r#"{"id": "m/1"}"#, RESOURCE),
        (201, "Content-Type: application/cimi+json", r#"{"id": "m/1"}"#, RESOURCE),
        (201, "", r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"/>"#, RESOURCE),
    ] {
        let outcome = outcome(status, fields, body);
        let found = (outcome.job.is_some(), outcome.resource.is_some(), outcome.unread.is_some(), outcome.is_pending());
        assert_eq!(found, expected, "{status} {body}");
        assert_eq!((outcome.status.as_u16(), outcome.answer.body().as_slice()), (status, body.as_bytes()));
    }
}

#[test]
fn places_are_made_absolute() {
    for (fields, location, job) in [
        (
            "Location: https://cloud.example.com/cimi/machines/1",
            Some("https://cloud.example.com/cimi/machines/1"),
            None,
        ),
        ("Location: machines/1", Some("https://cloud.example.com/cimi/machines/1"), None),
        ("Location: /cimi/machines/1?t=2", Some("https://cloud.example.com/cimi/machines/1?t=2"), None),
        ("Location: ", None, None),
        ("Location: m/é", Some("https://cloud.example.com/cimi/m/%C3%A9"), None),
        ("CIMI-Job-URI: https://jobs.example.com/1", None, Some("https://jobs.example.com/1")),
        ("cimi-job-uri: jobs/1", None, Some("https://cloud.example.com/cimi/jobs/1")),
        (
            "Location: machines/2\nCIMI-Job-URI: jobs/2",
            Some("https://cloud.example.com/cimi/machines/2"),
            Some("https://cloud.example.com/cimi/jobs/2"),
        ),
    ] {
        let outcome = outcome(202, fields, "");
        let text = |uri: &Option<cimi_model::Uri>| uri.as_ref().map(ToString::to_string);
        assert_eq!(text(&outcome.location).as_deref(), location, "{fields}");
        assert_eq!(text(&outcome.job_uri).as_deref(), job, "{fields}");
    }
}

#[test]
fn a_job_in_the_body_says_its_own_uri() {
    let job =
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "id": "jobs/1", "state": "RUNNING", "progress": 30}"#;
    let found = outcome(202, JSON, job);
    assert_eq!(found.job_uri.as_ref().unwrap().as_str(), "https://cloud.example.com/cimi/jobs/1");
    let representation = found.job.unwrap();
    assert_eq!((representation.content.value.progress, representation.format), (Some(30), Format::Json));
    assert_eq!(representation.content.value.state, Some(JobState::Running));
    // The header field goes first, and a Job that only reports is none to wait for (4.2.2).
    let found = outcome(202, "Content-Type: application/json\nCIMI-Job-URI: jobs/2", job);
    assert_eq!(found.job_uri.unwrap().as_str(), "https://cloud.example.com/cimi/jobs/2");
    let found =
        outcome(200, JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "id": "", "state": "SUCCESS"}"#);
    assert_eq!((found.job_uri, found.job.is_some()), (None, true));
}

#[test]
fn what_else_the_fields_say() {
    let found = outcome(201, "Content-Type: application/json\nETag: \"x\"\nRetry-After: 7", r#"{"cpu": "2"}"#);
    let resource = found.resource.unwrap();
    assert_eq!(resource.etag.unwrap(), "\"x\"");
    assert_eq!((resource.content.value.cpu, resource.content.deviations.len()), (Some(2), 1));
    assert_eq!(found.retry_after, Some(Duration::from_secs(7)));
}

#[test]
fn strict_reading_refuses_what_is_not_an_answer() {
    let mut peer = peer(Dialect::V2);
    peer.options = ReadOptions::strict();
    for (fields, body, kind) in [
        (JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "cpu": "2"}"#, ErrorKind::Document),
        ("Content-Type: text/html", "<html/>", ErrorKind::MediaType),
        ("", r#"{"id": "m"}"#, ErrorKind::MediaType),
    ] {
        let error = change(&peer).response(answer(201, fields, body)).unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
        assert_eq!(error.answer().unwrap().body(), body.as_bytes());
    }
    assert!(change(&peer).response(answer(200, "Content-Type: text/html", "")).is_ok());
}

#[test]
fn the_bytes_of_an_answer_do_not_show() {
    let found = outcome(201, "Content-Type: text/plain\nSet-Cookie: hush", "hush");
    let printed = format!("{found:?}");
    assert!(printed.contains("201") && !printed.contains("hush"), "{printed}");
}
