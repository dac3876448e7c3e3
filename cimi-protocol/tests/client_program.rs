//! The program `client` against a provider of a few lines, which answers as real ones do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// The program, which `cargo test` builds beside the tests.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join(format!("client{}", std::env::consts::EXE_SUFFIX))
}

/// A request that came: method, target, header fields in lower case, and body.
#[derive(Clone, Debug)]
struct Received {
    line: String,
    fields: String,
    body: String,
}

/// What is answered: status, header fields, body. `BASE` in them is the server's own `http://…`.
type Answer = (u16, &'static str, String);

/// A server on this machine that answers with what a function says; it is told how many requests for the same method and
/// target there were before.
struct Server {
    base: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    fn start(answer: impl Fn(&str, usize, &Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let server = Self { base: base.clone(), received: received.clone() };
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (base, received, answer) = (base.clone(), received.clone(), answer.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &base, &received, &*answer));
            }
        });
        server
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(program());
        command.arg(format!("{}/cimi", self.base)).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// The requests but those for the entry point.
    fn requests(&self) -> Vec<Received> {
        let all = self.received.lock().unwrap().clone();
        all.into_iter().filter(|received| received.line != "GET /cimi").collect()
    }

    fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|received| received.line).collect()
    }
}

fn serve(
    stream: TcpStream,
    base: &str,
    received: &Mutex<Vec<Received>>,
    answer: &dyn Fn(&str, usize, &Received) -> Answer,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(request) = receive(&mut reader) {
        let before = {
            let mut received = received.lock().unwrap();
            received.push(request.clone());
            received.iter().filter(|other| other.line == request.line).count() - 1
        };
        let (status, fields, body) = answer(&request.line, before, &request);
        let (fields, body) = (fields.replace("BASE", base).replace('\n', "\r\n"), body.replace("BASE", base));
        let end = if fields.is_empty() { "" } else { "\r\n" };
        let text = format!("HTTP/1.1 {status} X\r\n{fields}{end}Content-Length: {}\r\n\r\n{body}", body.len());
        if writer.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

fn receive(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut fields = String::new();
    loop {
        let start = fields.len();
        reader.read_line(&mut fields).ok().filter(|length| *length > 0)?;
        if fields[start..].trim().is_empty() {
            break;
        }
    }
    let fields = fields.to_ascii_lowercase();
    let length =
        fields.lines().find_map(|field| field.strip_prefix("content-length: ")?.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim().strip_suffix(" HTTP/1.1").unwrap().to_owned();
    Some(Received { line, fields, body: String::from_utf8(body).unwrap() })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Checks the exit status, and gives standard output and standard error.
fn outcome(output: &Output, status: i32) -> (String, String) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{out}\n{err}");
    (out, err)
}

const JSON: &str = "Content-Type: application/json";
const XML: &str = "Content-Type: application/xml";
const HTML: &str = "Content-Type: text/html;charset=utf-8";

fn json(text: &str) -> Answer {
    (200, JSON, text.to_owned())
}

/// An entry point of 1.x as a real server has it: without `operations`, and with `resourceURI` last.
const ENTRY: &str = r#"{"id": "BASE/cimi", "baseURI": "BASE/cimi/", "created": "Fri Feb 08 15:25:41 EET 2013", "driver": "mock",
    "machines": {"href": "BASE/cimi/machines"}, "machineConfigs": {"href": "BASE/cimi/machine_configurations"},
    "volumes": {"href": "volumes"}, "resourceURI": "http://schemas.dmtf.org/cimi/1/CloudEntryPoint"}"#;

const MACHINE: &str = r#"{"id": "BASE/cimi/machines/1", "name": "a", "cpu": "2", "realm": "eu", "state": "STARTED",
    "created": "2013-02-08 15:25:41 +0000", "operations": [
    {"rel": "http://schemas.dmtf.org/cimi/1/action/stop", "href": "BASE/cimi/machines/1/stop"},
    {"rel": "edit", "href": "machines/1"}, {"rel": "http://schemas.dmtf.org/cimi/1/action/delete", "href": "machines/1"},
    {"rel": "http://schemas.dmtf.org/cimi/1/action/capture", "href": "machine_images"}],
    "resourceURI": "http://schemas.dmtf.org/cimi/1/Machine"}"#;

/// A server that has the entry point, a Machine and its collection, and what `more` says first.
fn provider(more: impl Fn(&str, usize, &Received) -> Option<Answer> + Send + Sync + 'static) -> Server {
    Server::start(move |line, before, request| {
        more(line, before, request).unwrap_or_else(|| match line {
            "GET /cimi" => json(ENTRY),
            "GET /cimi/machines/1" => json(MACHINE),
            "GET /cimi/machines" | "GET /cimi/machines?$select=name,memory&$last=1" => json(
                r#"{"count": 3, "machines": [{"id": "BASE/cimi/machines/1", "memory": 5}],
                    "operations": [{"rel": "add", "href": "BASE/cimi/machines"}]}"#,
            ),
            _ => (404, HTML, "<!DOCTYPE html><html><body><h2>No such thing</h2></body></html>".to_owned()),
        })
    })
}

#[test]
fn entries_lists_and_resources_are_shown() {
    let server = provider(|_, _, _| None);
    let (out, err) = outcome(&server.run(&["entry"]), 0);
    assert!(out.starts_with("{\n  \"resourceURI\": \"http://schemas.dmtf.org/cimi/1/CloudEntryPoint\""), "{out}");
    assert!(out.contains("Fri Feb 08 15:25:41 EET 2013") && out.contains("\"driver\": \"mock\""), "{out}");
    assert!(err.contains("warning: /CloudEntryPoint/created: "), "{err}");

    let (out, err) = outcome(&server.run(&["list", "machines", "$select=name, memory&$last=1"]), 0);
    assert!(out.contains("\"memory\": 5") && out.contains("/cimi/1/MachineCollection"), "{out}");
    assert!(err.is_empty(), "{err}");
    assert_eq!(server.lines().last().unwrap(), "GET /cimi/machines?$select=name,memory&$last=1");
}

#[test]
fn both_names_of_a_collection_and_relative_hrefs() {
    let server = provider(|line, _, _| match line {
        "GET /cimi/machine_configurations" => Some(json(r#"{"count": 0}"#)),
        _ => None,
    });
    for name in ["machineConfigs", "machineConfigurations"] {
        let (out, _) = outcome(&server.run(&["list", name]), 0);
        assert!(out.contains("MachineConfigurationCollection"), "{out}");
    }
    for href in ["machines/1", "/cimi/machines/1", &format!("{}/cimi/machines/1", server.base)] {
        let (out, err) = outcome(&server.run(&["show", href]), 0);
        assert!(out.contains("\"cpu\": 2") && out.contains("\"realm\": \"eu\""), "{out}");
        assert!(err.contains("warning: /Machine/cpu: "), "{err}");
    }
    let (_, err) = outcome(&server.run(&["list", "machines"]), 0);
    assert!(err.contains("1 of 3 are shown"), "{err}");
}

#[test]
fn the_format_is_asked_for_and_printed() {
    // One server knows both formats, the other knows one.
    let both = provider(|line, _, request| match line {
        "GET /cimi/machines/1" if request.fields.contains("accept: application/xml") => Some((
            200,
            "Content-Type: application/xml;charset=utf-8",
            r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"><id>m</id><cpu> 2 </cpu></Machine>"#.to_owned(),
        )),
        _ => None,
    });
    let (out, err) = outcome(&both.run(&["show", "machines/1", "--to", "xml"]), 0);
    assert!(out.contains("<cpu>2</cpu>") && !err.contains("converted"), "{out} {err}");
    let (out, err) = outcome(&both.run(&["show", "machines/1", "--to=json"]), 0);
    assert!(out.contains("\"cpu\": 2") && !err.contains("converted"), "{err}");

    let one = provider(|_, _, _| None);
    let (out, err) = outcome(&one.run(&["show", "machines/1", "--to", "xml"]), 0);
    assert!(
        out.contains("<Machine xmlns=\"http://schemas.dmtf.org/cimi/1\">") && err.contains("converted"),
        "{out} {err}"
    );
}

#[test]
fn documents_of_any_kind_become_what_the_provider_understands() {
    let created = |line: &str, _: usize, _: &Received| match line {
        "POST /cimi/machines" => {
            Some((201, "Location: BASE/cimi/machines/1\nContent-Type: application/json", MACHINE.to_owned()))
        }
        _ => None,
    };
    for input in [
        r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>a</name><properties><property key="k">v</property></properties>
            <machineTemplate href="t/1"/></MachineCreate>"#,
        r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>a</name><property key="k">v</property><machineTemplate href="t/1"/></MachineCreate>"#,
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "name": "a", "properties": {"k": "v"}, "machineTemplate": {"href": "t/1"}}"#,
        r#"{"name": "a", "properties": {"k": "v"}, "machineTemplate": {"href": "t/1"}}"#,
    ] {
        let server = provider(created);
        let (out, err) = outcome(&server.run_with(&["create", "machines", "-"], input), 0);
        assert!(out.contains("\"realm\": \"eu\""), "{out} {err}");
        let sent = server.requests().pop().unwrap();
        assert_eq!(sent.line, "POST /cimi/machines");
        let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/MachineCreate","name":"a","properties":{"k":"v"},"machineTemplate":{"href":"t/1"}}"#;
        assert_eq!(sent.body, expected);
        assert!(sent.fields.contains("content-type: application/json\r\n"), "{}", sent.fields);

        let server = provider(created);
        outcome(&server.run_with(&["create", "machines", "-", "--to", "xml"], input), 0);
        let sent = server.requests().pop().unwrap();
        assert!(
            sent.body.contains(
                r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>a</name><property key="k">v</property>"#
            ),
            "{}",
            sent.body
        );
    }
    // What is created as itself.
    let server = provider(|line, _, _| match line {
        "GET /cimi/volumes" => Some(json(r#"{"count": 0}"#)),
        "POST /cimi/volumes" => Some((201, "", String::new())),
        _ => None,
    });
    let (_, err) = outcome(&server.run_with(&["create", "volumes", "-"], r#"{"name": "v", "capacity": 5}"#), 0);
    assert!(err.contains("does not say where"), "{err}");
    let sent = server.requests().pop().unwrap();
    assert_eq!(sent.body, r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Volume","name":"v","capacity":5}"#);
}

#[test]
fn a_creation_with_a_job_is_waited_for() {
    let server = provider(|line, before, _| match line {
        "POST /cimi/machines" => {
            Some((202, "CIMI-Job-URI: BASE/cimi/jobs/1\nLocation: BASE/cimi/machines/1", String::new()))
        }
        "GET /cimi/jobs/1" => Some(match before {
            0 => json(r#"{"state": "QUEUED", "progress": 0}"#),
            1 => (503, "Retry-After: 1", String::new()),
            2 => json(r#"{"state": "RUNNING", "progress": 60, "statusMessage": "copying"}"#),
            _ => json(r#"{"state": "SUCCESS", "progress": 100}"#),
        }),
        _ => None,
    });
    let (out, err) = outcome(&server.run_with(&["create", "machines", "-"], "{\"machineTemplate\": {}}"), 0);
    assert!(out.contains("\"realm\": \"eu\""), "{out}");
    assert!(err.contains(" 60 % RUNNING copying\n") && err.contains("100 % SUCCESS"), "{err}");
    assert_eq!(server.lines().last().unwrap(), "GET /cimi/machines/1");
}

#[test]
fn a_job_that_fails_is_told_with_its_cause() {
    for body in [
        // The Job is in the body alone, and its nested one elsewhere.
        r#"{"id": "jobs/1", "resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "state": "RUNNING"}"#,
        r#"{"id": "", "resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "state": "FAILED", "nestedJobs": [{"state": "FAILED", "statusMessage": "no disk"}]}"#,
    ] {
        let server = provider(move |line, _, _| match line {
            "POST /cimi/machines/1/stop" => Some((202, JSON, body.to_owned())),
            "GET /cimi/jobs/1" => Some(json(
                r#"{"state": "FAILED", "progress": 100, "statusMessage": "x", "nestedJobs": [{"href": "jobs/2"}]}"#,
            )),
            "GET /cimi/jobs/2" => Some(json(r#"{"state": "FAILED", "statusMessage": "no disk"}"#)),
            _ => None,
        });
        let (out, err) = outcome(&server.run(&["do", "machines/1", "stop"]), 1);
        assert!(out.is_empty() && err.contains("error: the Job has ended as FAILED: no disk"), "{err}");
    }
}

#[test]
fn an_action_without_a_job_is_followed_by_the_state() {
    let server = provider(|line, before, _| match line {
        "POST /cimi/machines/1/stop" => Some((202, HTML, String::new())),
        "GET /cimi/machines/1" if before == 1 => Some(json(&MACHINE.replace("STARTED", "STOPPING"))),
        "GET /cimi/machines/1" if before > 1 => Some(json(&MACHINE.replace("STARTED", "STOPPED"))),
        _ => None,
    });
    let (out, err) = outcome(&server.run(&["do", "machines/1", "stop", "force=true", "why=now"]), 0);
    assert!(out.contains("\"state\": \"STOPPED\"") && err.contains("STOPPING"), "{out} {err}");
    let sent = server.requests().into_iter().find(|request| request.line.starts_with("POST")).unwrap();
    let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Action","action":"http://schemas.dmtf.org/cimi/1/action/stop","force":true,"properties":{"why":"now"}}"#;
    assert_eq!(sent.body, expected);
}

#[test]
fn images_updates_and_deletions() {
    let server = provider(|line, _, _| match line {
        "POST /cimi/machine_images" => Some((201, "Location: /cimi/machines/1", String::new())),
        "PUT /cimi/machines/1?$select=name,description,properties" | "DELETE /cimi/machines/1" => {
            Some((200, HTML, String::new()))
        }
        _ => None,
    });
    outcome(&server.run(&["do", "machines/1", "capture", "name=i"]), 0);
    let (out, _) = outcome(&server.run(&["do", "machines/1", "edit", "name=b c", "description=", "properties.k=v"]), 0);
    assert!(out.contains("\"realm\": \"eu\""));
    let (out, _) = outcome(&server.run(&["delete", "machines/1"]), 0);
    assert!(out.is_empty());
    let sent: Vec<(String, String)> = server
        .requests()
        .into_iter()
        .filter(|sent| !sent.line.starts_with("GET"))
        .map(|sent| (sent.line, sent.body))
        .collect();
    let image = format!(
        r#"{{"resourceURI":"http://schemas.dmtf.org/cimi/1/MachineImage","name":"i","type":"IMAGE","imageLocation":"{}/cimi/machines/1"}}"#,
        server.base
    );
    let edit = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Machine","name":"b c","properties":{"k":"v"}}"#;
    assert_eq!(
        sent,
        [
            ("POST /cimi/machine_images".to_owned(), image),
            ("PUT /cimi/machines/1?$select=name,description,properties".to_owned(), edit.to_owned()),
            ("DELETE /cimi/machines/1".to_owned(), String::new()),
        ]
    );
}

#[test]
fn nothing_is_sent_that_is_not_offered() {
    let server = provider(|_, _, _| None);
    let (_, err) = outcome(&server.run(&["do", "machines/1", "pause"]), 1);
    assert!(err.contains("does not offer 'pause', only stop, edit, delete, capture"), "{err}");
    let (_, err) = outcome(&server.run(&["do", "machines/1", "stop", "force=maybe"]), 1);
    assert!(err.contains("'force' is true or false"), "{err}");
    assert!(server.lines().iter().all(|line| line.starts_with("GET")));
}

#[test]
fn watching() {
    let server = provider(|line, before, _| match line {
        "GET /cimi/jobs/1" if before < 2 => {
            Some((200, XML, r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><state>RUNNING</state></Job>"#.to_owned()))
        }
        "GET /cimi/jobs/1" => {
            Some((200, XML, r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><state>STOPPED</state></Job>"#.to_owned()))
        }
        "GET /cimi/machines/1" if before < 2 => Some(json(&MACHINE.replace("STARTED", "CREATING"))),
        _ => None,
    });
    let (out, err) = outcome(&server.run(&["watch", "jobs/1", "--to", "xml"]), 1);
    assert!(out.contains("<state>STOPPED</state>") && err.contains("ended as STOPPED"), "{out} {err}");
    let (out, err) = outcome(&server.run(&["watch", "machines/1"]), 0);
    assert!(out.contains("\"state\": \"STARTED\"") && err.contains("CREATING"), "{out} {err}");
}

#[test]
fn failures_are_told_in_one_line() {
    for (answer, expected) in [
        (
            (404, JSON, r#"{"code": 404, "message": "Not found", "error": "X"}"#),
            "error: the provider answered 404 Not Found: Not found\n",
        ),
        (
            (400, XML, "<?xml version='1.0'?><error><message>Required: a</message></error>"),
            "error: the provider answered 400 Bad Request: Required: a\n",
        ),
        (
            (500, HTML, "<!DOCTYPE html><html><h2>Oops</h2></html>"),
            "error: the provider answered 500 Internal Server Error: Oops\n",
        ),
        (
            (412, HTML, "The capability is missing"),
            "error: the provider answered 412 Precondition Failed: The capability is missing\n",
        ),
        (
            (
                409,
                JSON,
                r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "id": "", "nestedJobs": [{"statusMessage": "busy"}]}"#,
            ),
            "error: the provider answered 409 Conflict: busy\n",
        ),
        ((401, "WWW-Authenticate: Basic", ""), "hint: credentials are given with --user"),
        ((405, "Allow: GET, HEAD", ""), "hint: the resource has GET, HEAD"),
        (
            (200, HTML, "<!DOCTYPE html><html><title>Login</title></html>"),
            "is neither application/json nor application/xml",
        ),
        ((200, JSON, "{\"a\": "), "hint: the answer begins with {\"a\": "),
    ] {
        let (status, fields, body) = answer;
        let server =
            provider(move |line, _, _| (line == "GET /cimi/machines/1").then(|| (status, fields, body.to_owned())));
        let (out, err) = outcome(&server.run(&["show", "machines/1"]), 1);
        assert!(out.is_empty() && err.contains(expected), "{err}");
    }
}

#[test]
fn redirects_and_credentials() {
    let elsewhere = provider(|_, _, _| None);
    let other = elsewhere.base.clone();
    let server = Server::start(move |line, _, _| match line {
        "GET /cimi" => (301, "Location: /cimi/", String::new()),
        "GET /cimi/" => (302, "Location: BASE/cimi/cloudEntryPoint", String::new()),
        "GET /cimi/cloudEntryPoint" => json(&ENTRY.replace("BASE/cimi/machines", &format!("{other}/cimi/machines"))),
        "GET /cimi/volumes" | "POST /cimi/volumes" => (301, "Location: BASE/cimi/volumes/", String::new()),
        "GET /cimi/volumes/" => json(r#"{"operations": [{"rel": "add", "href": "volumes"}]}"#),
        "POST /cimi/volumes/" => (201, "Location: BASE/cimi/volumes/1", String::new()),
        "GET /cimi/volumes/1" => json(r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Volume"}"#),
        "GET /cimi/round" => (302, "Location: /cimi/round", String::new()),
        line => panic!("{line}"),
    });
    outcome(&server.run_with(&["create", "volumes", "-", "--user", "u:p"], "{\"name\": \"v\"}"), 0);
    assert!(server.requests().iter().all(|request| request.fields.contains("authorization: basic dtpw")));
    let again = server.requests().into_iter().rfind(|request| request.line == "POST /cimi/volumes/").unwrap();
    assert!(again.body.contains("\"name\":\"v\""));

    // Another server does not get the credentials.
    let (_, err) = outcome(&server.run(&["list", "machines", "--user", "u:p"]), 0);
    assert!(err.contains("warning: no credentials are sent to 127.0.0.1:"), "{err}");
    assert!(elsewhere.received.lock().unwrap().iter().all(|request| !request.fields.contains("authorization")));
    let (_, err) = outcome(&server.run(&["show", "round"]), 1);
    assert!(err.contains("error: 5 redirects"), "{err}");
}

#[test]
fn plain_http_stays_on_this_machine() {
    for url in ["http://cloud.example.com/cimi", "http://192.0.2.1/"] {
        let output = Command::new(program()).args([url, "entry", "--user", "u:hush"]).output().unwrap();
        let (out, err) = outcome(&output, 1);
        assert!(out.is_empty() && err.contains("https is required") && !err.contains("hush"), "{err}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = Command::new(program()).args([&format!("http://{nobody}/cimi"), "entry"]).output().unwrap();
    assert!(outcome(&output, 1).1.contains("error: no answer from 127.0.0.1:"));
}

#[test]
fn usage() {
    for arguments in [
        &[][..],
        &["http://127.0.0.1/"],
        &["http://127.0.0.1/", "frobnicate"],
        &["http://127.0.0.1/", "entry", "more"],
        &["http://127.0.0.1/", "list"],
        &["http://127.0.0.1/", "list", "machines", "$first=x"],
        &["http://127.0.0.1/", "do", "machines/1"],
        &["http://127.0.0.1/", "do", "machines/1", "stop", "force"],
        &["http://127.0.0.1/", "do", "machines/1", "stop", "=x"],
        &["http://127.0.0.1/", "create", "machines"],
        &["http://127.0.0.1/", "entry", "--to", "yaml"],
        &["http://127.0.0.1/", "entry", "--user"],
        &["http://127.0.0.1/", "entry", "--nonsense"],
    ] {
        let output = Command::new(program()).args(arguments).output().unwrap();
        let (out, err) = outcome(&output, 2);
        assert!(
            out.is_empty() && err.starts_with("error: ") && err.contains("usage: client URL entry"),
            "{arguments:?} {err}"
        );
    }
    let output = Command::new(program()).arg("--help").output().unwrap();
    assert!(outcome(&output, 0).0.starts_with("usage: client URL entry"));
}
