//! The audit trail. That there is one valid event for each request is seen to wherever requests are sent in these tests.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use cimi_cadf::correlate::{Correlation, CorrelationOptions, Link, Pair};
use cimi_cadf::{Event, Records, Tag, Validation};
use cimi_model::{Dialect, Format, ReadOptions, WriteOptions};

use crate::cloud::Options;
use crate::peer::{BASE, Peer};
use crate::socket::Program;

const BASIC: (&str, &str) = ("authorization", "Basic YWxpY2U6czNjcmV0"); // alice:s3cret

/// Who, what, on what, outcome and code, in one line.
fn line(event: &Event) -> String {
    let target = event.target.as_ref().unwrap();
    let id = target.id.as_ref().unwrap().as_str();
    let words = [
        event.initiator.as_ref().unwrap().name.as_deref().unwrap_or("-"),
        event.action.as_ref().unwrap().as_str(),
        id.strip_prefix(BASE).unwrap_or(id),
        target.type_uri.as_ref().unwrap().as_str(),
        event.outcome.as_ref().unwrap().as_str(),
        event.reason.as_ref().unwrap().reason_code.as_deref().unwrap(),
    ];
    words.join(" ")
}

fn action(dialect: Dialect, name: &str) -> String {
    format!(r#"{{"action": "{}/action/{name}"}}"#, dialect.namespace())
}

const CREATE: &str = r#"{"machineTemplate": {"href": "machineTemplates/1", "initialState": "STARTED"}}"#;

#[test]
fn who_did_what_to_what() {
    let mut peer = Peer::new(Format::Json, Options::default());
    for (method, path, body, expected) in [
        ("GET", "cloudEntryPoint", "", "alice read cloudEntryPoint service/cloudEntryPoint success 200"),
        ("GET", "machines?$filter=name='s3cret'", "", "alice read/list machines compute/machine success 200"),
        ("POST", "machines", CREATE, "alice create machines/1 compute/machine success 201"),
        ("GET", "machines/1/disks", "", "alice read/list machines/1/disks storage/volume/disk success 200"),
        (
            "POST",
            "machines/1",
            &action(Dialect::V2, "restart"),
            "alice start/restart machines/1 compute/machine success 200",
        ),
        (
            "POST",
            "machines/1",
            &action(Dialect::V2, "defragment"),
            "alice unknown/defragment machines/1 compute/machine failure 400",
        ),
        ("POST", "machines/1", &action(Dialect::V2, "start"), "alice start machines/1 compute/machine failure 409"),
        ("POST", "machines", "{", "alice create machines compute/machine failure 400"),
        ("PUT", "jobs/1", "{}", "alice update jobs/1 data/workload/job success 200"),
        ("DELETE", "machines/1", "", "alice delete machines/1 compute/machine success 200"),
        ("GET", "machines/1", "", "alice read machines/1 compute/machine failure 404"),
        ("OPTIONS", "volumes", "", "alice read volumes storage/volume success 200"),
        ("PROPFIND", "volumes", "", "alice unknown/propfind volumes storage/volume failure 405"),
        (
            "GET",
            "http://127.0.0.1:8080/else/where",
            "",
            "alice read http://127.0.0.1:8080/else/where unknown failure 404",
        ),
    ] {
        peer.send(method, path, body.as_bytes(), &[BASIC, ("user-agent", "test/1")]);
        let event = peer.events.last().unwrap();
        assert_eq!(line(event), expected);
        let host = event.initiator.as_ref().unwrap().host.as_ref().unwrap();
        assert_eq!(host.agent.as_deref(), Some("test/1"));
        assert_eq!(event.duration, Some("PT0.001S".parse().unwrap()));
        assert!(!event.to_string(Format::Json, WriteOptions::default()).unwrap().contains("s3cret"));
    }
    peer.send("GET", "machines", b"", &[]);
    assert_eq!(line(peer.events.last().unwrap()), "- read/list machines compute/machine success 200");
    let ids: std::collections::BTreeSet<_> = peer.events.iter().filter_map(|event| event.id.as_ref()).collect();
    assert_eq!(ids.len(), peer.events.len());
}

fn pairs(peer: &Peer) -> (Vec<Pair>, usize) {
    let (pairs, rest) = Correlation::all(CorrelationOptions::default(), &peer.events);
    for pair in &pairs {
        assert!(matches!(pair.by, Link::Tag(_)) && pair.problems.is_empty(), "{pair:?}");
        assert_eq!(pair.pending.target, pair.last.target);
    }
    (pairs, rest.pending.len())
}

#[test]
fn jobs_end_in_a_second_event() {
    for format in [Format::Json, Format::Xml] {
        for dialect in [Dialect::V1, Dialect::V2] {
            let mut peer = Peer::new(format, Options { dialect, latency: TimeDelta::milliseconds(1000) });
            let json = [("content-type", "application/json"), BASIC];
            let machine = peer.send("POST", "machines", CREATE.as_bytes(), &json).headers()["location"].clone();
            let machine = machine.to_str().unwrap();
            assert_eq!(pairs(&peer).1, 1);
            peer.wait(1500);
            // Nothing happens between two requests.
            assert_eq!(pairs(&peer).1, 1);
            let stop = action(dialect, "suspend");
            let job = peer.send("POST", machine, stop.as_bytes(), &json).headers()["cimi-job-uri"].clone();
            let (found, pending) = pairs(&peer);
            assert_eq!((found.len(), pending), (1, 1));
            assert_eq!(found[0].duration, Some("PT1S".parse().unwrap()));
            assert_eq!(found[0].last.outcome, Some("success".into()));
            assert_eq!(found[0].pending.target, Some(machine.into()));

            peer.wait(250);
            let stopped = peer.send("POST", job.to_str().unwrap(), action(dialect, "stop").as_bytes(), &json);
            assert!(stopped.status().is_success());
            let (found, pending) = pairs(&peer);
            // In 1.x operations are answered with 202 even if they are done.
            assert_eq!((found.len(), pending), (if dialect == Dialect::V1 { 3 } else { 2 }, 0));
            assert_eq!(found[1].duration, Some("PT0.25S".parse().unwrap()));
            assert_eq!(
                (&found[1].last.action, &found[1].last.outcome),
                (&Some("stop/suspend".into()), &Some("failure".into()))
            );
            let event = &peer.events[usize::try_from(found[1].last.number).unwrap() - 1];
            assert_eq!(event.reason.as_ref().unwrap().reason_type, Some("http://schemas.dmtf.org/cimi/2/Job".into()));
            let value = job.to_str().unwrap().replace(':', "%3A").replace('/', "%2F");
            assert!(event.tags.contains(&Tag::from(format!("//schemas.dmtf.org/cimi/2/Job?value={value}"))));
        }
    }
}

/// A file that is gone after the test.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

#[allow(clippy::disallowed_methods, reason = "a test has a clock")]
fn temporary(name: &str) -> Temporary {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    Temporary(std::env::temp_dir().join(format!("{name}-{}-{now}.jsonl", std::process::id())))
}

#[test]
fn the_program_writes_each_request() {
    let file = temporary("cimi-audit");
    std::fs::write(&file.0, "").unwrap();
    let path = file.0.to_str().unwrap().to_owned();
    let program = Program::start(&["--audit", &path, "--latency-ms", "100"]);
    let head = |line: &str| format!("{line} HTTP/1.1\r\nAuthorization: {}\r\nCookie: id=s3cret", BASIC.1);
    let post = |path: &str, body: &str| {
        let length = body.len();
        let head = head(&format!("POST /cimi/{path}"));
        program
            .answer(&format!("{head}\r\nContent-Type: application/json\r\nContent-Length: {length}"), body.as_bytes())
    };
    let password = r#"{"name": "c", "credentialTemplate": {"userName": "bob", "password": "s3cret-word"}}"#;
    let mut answers = vec![
        program.answer(&head("GET /cimi/cloudEntryPoint"), b""),
        program.answer(&head("GET /cimi"), b""),
        program.answer(&head("GET /cimi/machines?$filter=name='s3cret'&token=s3cret"), b""),
        program.answer(&head("GET http://bob:s3cret@cloud/cimi/machines"), b""),
        program.answer("GET /cimi/credentials/1 HTTP/1.1\r\nX-Auth-Token: s3cret", b""),
        post("credentials", password),
        post("credentials", &password[..40]),
        program.answer(&(head("POST /cimi/machines") + "\r\nContent-Type: text/s3cret"), b""),
    ];
    std::thread::sleep(Duration::from_millis(150));
    answers.push(program.answer(&head("GET /cimi/jobs"), b""));
    let text = std::fs::read(&file.0).unwrap();
    assert!(!String::from_utf8_lossy(&text).contains("s3cret"), "{}", String::from_utf8_lossy(&text));
    let events: Vec<_> =
        Records::new(&text[..], ReadOptions::strict()).map(|found| found.event.unwrap().value).collect();
    assert!(events.iter().all(|event| Validation::strict().accepts(event)));
    // One more for the Job.
    let (pairs, _) = Correlation::all(CorrelationOptions::default(), &events);
    assert_eq!(pairs.len(), 1);
    let requests: Vec<_> =
        events.iter().filter(|event| event.reason.as_ref().unwrap().reason_code.as_deref() != Some("0")).collect();
    assert_eq!((events.len(), requests.len()), (answers.len() + 1, answers.len()));
    for (answer, event) in answers.iter().zip(requests) {
        let code = answer.split(' ').nth(1).unwrap();
        assert_eq!(event.reason.as_ref().unwrap().reason_code.as_deref(), Some(code), "{answer}");
        let host = event.initiator.as_ref().unwrap().host.as_ref().unwrap();
        assert_eq!(host.address.as_deref(), Some("127.0.0.1"));
    }

    // Another start adds to the file.
    drop(program);
    let program = Program::start(&["--audit", &path]);
    program.answer(&head("GET /cimi/machines"), b"");
    let again = std::fs::read(&file.0).unwrap();
    assert!(again.starts_with(&text) && again.len() > text.len());
    assert_eq!(Records::new(&again[..], ReadOptions::strict()).count(), events.len() + 1);
}
