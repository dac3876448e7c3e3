//! A consumer that looks twice at everything it gets.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use cimi_cadf::http::HTTP_STATUS;
use cimi_model::lifecycle::action_uri;
use cimi_model::reflect::{Described, Record};
use cimi_model::validate::{Severity, Validation};
use cimi_model::{
    Action, CloudEntryPoint, Dialect, Document, Format, Job, ReadOptions, Registry, Uri, attributes, ext,
};
use http::{Request, Response};

use crate::cloud::{Answer, Cloud, Fetched, Options};
use crate::trail::Trail;

pub(crate) const BASE: &str = "http://127.0.0.1:8080/cimi/";

/// What was written, for those who want to read it again.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// As many audit events are kept at least.
const EVENTS: usize = 1000;

pub(crate) struct Peer {
    pub(crate) cloud: Cloud,
    pub(crate) format: Format,
    pub(crate) now: DateTime<Utc>,
    pub(crate) fetched: Option<Fetched>,
    /// Whether requests are held against the audit trail, which takes as long as they do.
    pub(crate) is_audited: bool,
    /// What the audit trail says.
    pub(crate) events: Vec<cimi_cadf::Event>,
    trail: Trail,
    written: Written,
    registry: Registry,
    dialect: Dialect,
}

/// A consumer for each format, each of a cloud of its own.
pub(crate) fn peers() -> [Peer; 2] {
    [Format::Json, Format::Xml].map(|format| Peer::new(format, Options::default()))
}

impl Peer {
    pub(crate) fn new(format: Format, options: Options) -> Self {
        let now = "2025-01-01T08:00:00Z".parse().unwrap();
        let cloud = Cloud::new(&BASE.into(), options, now);
        let written = Written::default();
        let trail = Trail::new(Box::new(written.clone()), &cloud, now);
        let (registry, dialect, events) = (ext::registry(), options.dialect, Vec::new());
        Self { cloud, format, now, fetched: None, is_audited: true, events, trail, written, registry, dialect }
    }

    pub(crate) fn wait(&mut self, milliseconds: i64) {
        self.now += TimeDelta::milliseconds(milliseconds);
    }

    fn media_type(&self) -> &'static str {
        if self.format == Format::Xml { "application/xml" } else { "application/json" }
    }

    /// Sends anything; the path is absolute or below the base.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Response<Vec<u8>> {
        let uri = if path.starts_with("http") { path.to_owned() } else { format!("{BASE}{path}") };
        let uri: http::Uri = uri.parse().unwrap();
        let mut request = Request::builder().method(method).uri(uri.path_and_query().unwrap().as_str());
        let given = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        if !given("accept") {
            request = request.header("Accept", self.media_type());
        }
        if !body.is_empty() && !given("content-type") {
            request = request.header("Content-Type", self.media_type());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let response = match self.cloud.handle(&head, body, self.fetched.as_ref(), self.now) {
            Answer::Send(response) => response,
            Answer::Fetch(uri) => panic!("{uri} is to be fetched"),
        };
        if !self.is_audited {
            return response;
        }
        let (response, body) = response.into_parts();
        let answered = self.now + TimeDelta::milliseconds(1);
        self.trail.record(&head, &response, [self.now, answered], self.cloud.ended());
        self.audit();
        Response::from_parts(response, body)
    }

    /// Looks at what the audit trail says of a request: one event, besides those of Jobs that have ended.
    fn audit(&mut self) {
        let text = std::mem::take(&mut *self.written.0.lock().unwrap());
        let mut requests = 0;
        for record in cimi_cadf::Records::new(&text[..], ReadOptions::strict()) {
            let event = record.event.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&text))).value;
            let problems = cimi_cadf::Validation::strict().problems(&event);
            assert!(problems.is_empty(), "{problems:?} in {event:?}");
            let code_of = event.reason.as_ref().and_then(|reason| reason.reason_type.as_ref());
            requests += usize::from(code_of == Some(&HTTP_STATUS.into()));
            self.events.push(event);
        }
        assert_eq!(requests, 1, "{}", String::from_utf8_lossy(&text));
        if self.events.len() > 2 * EVENTS {
            self.events.drain(..EVENTS);
        }
    }

    /// What a body says, which has to be right in every respect.
    pub(crate) fn document(&self, response: &Response<Vec<u8>>) -> Document {
        let body = response.body();
        let text = String::from_utf8_lossy(body);
        assert_eq!(response.headers()["content-type"], self.media_type(), "{text}");
        assert_eq!(Format::of(body), self.format, "{text}");
        let mut parsed =
            Document::read(body, &self.registry, &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}: {text}"));
        // In 1.x, the metadata say their type in two spellings.
        parsed.deviations.retain(|found| self.dialect == Dialect::V2 || !found.path.ends_with("/typeURI"));
        assert!(parsed.deviations.is_empty(), "{:?} in {text}", parsed.deviations);
        let validation = Validation { dialect: Some(self.dialect), ..Validation::read() };
        let problems = validation.parsed(&parsed);
        let is_error = |problem: &&cimi_model::validate::Problem| {
            problem.severity == Severity::Error && !(self.dialect == Dialect::V1 && problem.path.ends_with("/typeUri"))
        };
        let errors: Vec<_> = problems.iter().filter(is_error).collect();
        assert!(errors.is_empty(), "{errors:#?} in {text}");
        parsed.value
    }

    pub(crate) fn value<T: Described>(&self, response: &Response<Vec<u8>>) -> T {
        let document = self.document(response);
        document.into_value().unwrap_or_else(|other| panic!("not a {}: {other:?}", T::described().name))
    }

    /// Reads a resource or collection.
    pub(crate) fn get<T: Described>(&mut self, path: &str) -> T {
        let response = self.send("GET", path, b"", &[]);
        assert_eq!(response.status(), 200, "{path}: {}", String::from_utf8_lossy(response.body()));
        self.value(&response)
    }

    /// Reads part of a resource or collection, which need not be right by itself.
    pub(crate) fn get_part(&mut self, path: &str) -> Document {
        let response = self.send("GET", path, b"", &[]);
        assert_eq!(response.status(), 200, "{path}: {}", String::from_utf8_lossy(response.body()));
        Document::read(response.body(), &self.registry, &ReadOptions::strict()).unwrap().value
    }

    pub(crate) fn write(&self, record: &dyn Record) -> Vec<u8> {
        let document = Document::from(record.boxed_clone());
        document.to_string(self.format, self.dialect.into()).unwrap().into_bytes()
    }

    pub(crate) fn post(&mut self, path: &str, record: &dyn Record) -> Response<Vec<u8>> {
        let body = self.write(record);
        self.send("POST", path, &body, &[])
    }

    /// Creates a resource at once; its URI.
    pub(crate) fn create(&mut self, path: &str, record: &dyn Record) -> String {
        let response = self.post(path, record);
        self.created(&response)
    }

    /// As [`create`](Self::create), with the two bodies as a consumer writes them.
    pub(crate) fn create_from(&mut self, path: &str, json: &str, xml: &str) -> String {
        let body = if self.format == Format::Xml { xml } else { json };
        let response = self.send("POST", path, body.as_bytes(), &[]);
        self.created(&response)
    }

    fn created(&mut self, response: &Response<Vec<u8>>) -> String {
        assert_eq!(response.status(), 201, "{}", String::from_utf8_lossy(response.body()));
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let document = self.document(response);
        assert_eq!(attributes::text(document.record(), "id"), Some(location.as_str()));
        let job = self.job_of(response);
        assert_eq!(job.state, Some("SUCCESS".into()));
        assert!(job.affected_resources.iter().any(|found| found.href == Some(location.as_str().into())), "{job:?}");
        location
    }

    /// The Job of a request.
    pub(crate) fn job_of(&mut self, response: &Response<Vec<u8>>) -> Job {
        let uri = response.headers()["cimi-job-uri"].to_str().unwrap().to_owned();
        self.get(&uri)
    }

    pub(crate) fn act(&mut self, path: &str, name: &str) -> Response<Vec<u8>> {
        self.post(path, &Action { action: Some(action_uri(name)), ..Action::default() })
    }

    pub(crate) fn act_with(&mut self, path: &str, name: &str, parameters: Action) -> Response<Vec<u8>> {
        self.post(path, &Action { action: Some(action_uri(name)), ..parameters })
    }

    pub(crate) fn delete(&mut self, path: &str) {
        let response = self.send("DELETE", path, b"", &[]);
        assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
        assert_eq!(self.send("GET", path, b"", &[]).status(), 404);
    }

    /// The reason why a request was refused: its Job has to be right, too.
    pub(crate) fn refused(&self, response: &Response<Vec<u8>>, status: u16) -> String {
        assert_eq!(response.status(), status, "{}", String::from_utf8_lossy(response.body()));
        let job: Job = self.value(response);
        assert_eq!((job.id, job.state, job.progress), (Some("".into()), Some("FAILED".into()), Some(100)));
        job.status_message.unwrap()
    }

    pub(crate) fn entry_point(&mut self) -> CloudEntryPoint {
        self.get("cloudEntryPoint")
    }
}

/// The URI of a path.
pub(crate) fn uri(path: &str) -> Uri {
    format!("{BASE}{path}").into()
}
