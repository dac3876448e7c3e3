//! The program `client` against a provider of a few lines, which answers as real ones do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod changes;
mod corpus;
mod failures;
mod reading;

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
