//! What error answers say, whatever they say it in.

use std::error::Error as _;
use std::time::Duration;

use cimi_model::Machine;
use cimi_protocol::client::{Failure, FailureKind};
use cimi_protocol::{Error, ErrorKind, Fault, Operation as _, Read};
use http::{Method, StatusCode};

use crate::answer;

fn failed(status: u16, fields: &str, body: &str) -> Error {
    let read = Read::<Machine>::new("https://cloud.example.com/cimi/machines/1");
    read.response(answer(status, fields, body)).expect_err(body)
}

#[test]
fn kinds_and_faults() {
    for (status, kind, fault, transient) in [
        (400, FailureKind::Request, Fault::Caller, false),
        (401, FailureKind::Unauthorized, Fault::Caller, false),
        (403, FailureKind::Forbidden, Fault::Caller, false),
        (404, FailureKind::NotFound, Fault::Caller, false),
        (405, FailureKind::MethodNotAllowed, Fault::Caller, false),
        (406, FailureKind::Format, Fault::Caller, false),
        (408, FailureKind::Request, Fault::Caller, true),
        (409, FailureKind::Conflict, Fault::Caller, false),
        (410, FailureKind::NotFound, Fault::Caller, false),
        (412, FailureKind::Changed, Fault::Caller, false),
        (413, FailureKind::TooLarge, Fault::Caller, false),
        (414, FailureKind::TooLarge, Fault::Caller, false),
        (415, FailureKind::Format, Fault::Caller, false),
        (429, FailureKind::TooManyRequests, Fault::Caller, true),
        (500, FailureKind::Provider, Fault::Provider, true),
        (501, FailureKind::Provider, Fault::Provider, false),
        (502, FailureKind::Provider, Fault::Provider, true),
        (503, FailureKind::Unavailable, Fault::Provider, true),
        (504, FailureKind::Provider, Fault::Provider, true),
        (202, FailureKind::Unexpected, Fault::Peer, false),
        (301, FailureKind::Unexpected, Fault::Peer, false),
    ] {
        let error = failed(status, "", "");
        let failure = error.failure().expect("a failure");
        assert_eq!((failure.kind(), error.fault(), failure.is_transient()), (kind, fault, transient), "{status}");
        assert_eq!(error.kind(), ErrorKind::Status(StatusCode::from_u16(status).unwrap()));
        assert_eq!((failure.message.as_ref(), failure.job.is_none()), (None, true));
    }
}

#[test]
fn messages_of_all_sorts() {
    const JSON: &str = "Content-Type: application/json";
    const XML: &str = "Content-Type: application/xml";
    const HTML: &str = "Content-Type: text/html;charset=utf-8";
    for (fields, body, job, message) in [
        (
            JSON,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "id": "", "statusMessage": "no"}"#,
            true,
            Some("no"),
        ),
        (JSON, r#"{"id": "", "state": "FAILED", "statusMessage": "no"}"#, true, Some("no")),
        (
            XML,
            r#"<Job xmlns="http://schemas.dmtf.org/cimi/2"><statusMessage>no</statusMessage></Job>"#,
            true,
            Some("no"),
        ),
        // The nearest to the cause.
        (
            JSON,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "statusMessage": "failed", "nestedJobs": [
            {"state": "SUCCESS", "statusMessage": "done", "nestedJobs": [{"state": "SUCCESS", "statusMessage": "all done"}]},
            {"state": "FAILED", "statusMessage": "no disk"}]}"#,
            true,
            Some("no disk"),
        ),
        (
            XML,
            r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><statusMessage>failed</statusMessage>
            <nestedJob href="x"><state>FAILED</state><statusMessage>no disk</statusMessage></nestedJob></Job>"#,
            true,
            Some("no disk"),
        ),
        (JSON, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "state": "FAILED"}"#, true, None),
        // With the wrong media type, or none.
        (HTML, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "statusMessage": "no"}"#, true, Some("no")),
        (
            "",
            r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><statusMessage>no</statusMessage></Job>"#,
            true,
            Some("no"),
        ),
        (
            JSON,
            r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><statusMessage>no</statusMessage></Job>"#,
            true,
            Some("no"),
        ),
        // What is no Job.
        (JSON, r#"{"code": 404, "message": "Not found", "error": "ObjectNotFound"}"#, false, Some("Not found")),
        (JSON, r#"{"error": {"code": 7, "message": "Not found"}}"#, false, Some("Not found")),
        (JSON, r#"{"error": "Not found"}"#, false, Some("Not found")),
        (
            JSON,
            r#"{"type": "about:blank", "title": "Not found", "detail": "no machine 7"}"#,
            false,
            Some("no machine 7"),
        ),
        (JSON, r#"{"code": 404}"#, false, None),
        (JSON, "[]", false, Some("[]")),
        (JSON, "{", false, None),
        (
            XML,
            "<?xml version='1.0'?>\n<error status='404'><code>404</code><message><![CDATA[Not\n found]]></message></error>",
            false,
            Some("Not found"),
        ),
        (XML, "<error><message>Not", false, None),
        (XML, "<!DOCTYPE error [<!ENTITY a 'b'>]><error><message>&a;</message></error>", false, None),
        (
            HTML,
            "<!DOCTYPE html>\n<html><head><title>404 &amp; more</title></head><body><h1>x</h1></body></html>",
            false,
            Some("404 &amp; more"),
        ),
        (
            HTML,
            "<HTML><body><h2 class=\"a\">Sinatra <i>doesn’t</i> know</h2></body></HTML>",
            false,
            Some("Sinatra doesn’t know"),
        ),
        (HTML, "<html><title", false, None),
        (HTML, "The required capability is missing", false, Some("The required capability is missing")),
        ("", "\u{FEFF}", false, None),
        ("", "\n\n", false, None),
    ] {
        let error = failed(500, fields, body);
        let failure = error.failure().expect("a failure");
        assert_eq!((failure.job.is_some(), failure.message.as_deref()), (job, message), "{body}");
        assert_eq!(error.answer().unwrap().body(), body.as_bytes());
        assert_eq!(error.source().unwrap().to_string(), message.unwrap_or("nothing more is said"));
    }
}

#[test]
fn long_and_hostile_messages_stay_short_and_hidden() {
    let error = failed(500, "", &"hush\u{7} ".repeat(10_000));
    let failure = error.failure().unwrap();
    assert_eq!(failure.message.as_ref().unwrap().chars().count(), 1000);
    assert!(failure.to_string().len() < 2000 && !failure.to_string().contains('\u{7}'));
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");

    let deep = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "nestedJobs": ["#.to_owned()
        + &r#"{"nestedJobs": ["#.repeat(10_000);
    assert!(failed(500, "Content-Type: application/json", &deep).failure().unwrap().job.is_none());
}

#[test]
fn what_the_fields_say() {
    let error = failed(405, "Allow: GET, HEAD,,PURGE\nAllow: PUT", "");
    assert_eq!(
        error.failure().unwrap().allow,
        [Method::GET, Method::HEAD, Method::from_bytes(b"PURGE").unwrap(), Method::PUT]
    );
    let error = failed(503, "Retry-After: 30", "");
    assert_eq!(error.failure().unwrap().retry_after, Some(Duration::from_secs(30)));
    let error = failed(429, "Date: Fri, 31 Dec 1999 23:59:29 GMT\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT", "");
    assert_eq!(error.failure().unwrap().retry_after, Some(Duration::from_secs(30)));
    assert!(Failure::of(&answer(401, "WWW-Authenticate: Basic", "")).allow.is_empty());
}
