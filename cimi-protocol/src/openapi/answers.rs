//! Answers and their header fields.

use cimi_model::Format;
use serde_json::{Map, Value, json};

use super::{Api, Security};
use crate::content_type;

/// Header fields as components.
const LOCATION: &str = "Location";
const MAYBE_LOCATION: &str = "MaybeLocation";
const ETAG: &str = "ETag";
const JOB_URI: &str = "CIMI-Job-URI";
const ALLOW: &str = "Allow";
const CHALLENGE: &str = "WWW-Authenticate";

/// A failure as a component: its status, its name and what it means.
type Failure = (&'static str, &'static str, &'static str);

const BAD_REQUEST: Failure =
    ("400", "BadRequest", "The request is malformed, or its body is not what is taken here. Nothing was done.");
const UNAUTHORIZED: Failure = ("401", "Unauthorized", "The request has no credentials that are accepted.");
const NOT_FOUND: Failure =
    ("404", "NotFound", "There is no such resource, or the body refers to one that is not there.");
const NOT_ALLOWED: Failure =
    ("405", "MethodNotAllowed", "The resource does not offer the operation; `Allow` has the methods that it offers.");
const NOT_ACCEPTABLE: Failure =
    ("406", "NotAcceptable", "The provider has none of the formats that the client accepts (DSP0263 4.1.4).");
const CONFLICT: Failure = (
    "409",
    "Conflict",
    "The request is understood, and the present state of the resource or of others does not permit it.",
);
const PRECONDITION_FAILED: Failure =
    ("412", "PreconditionFailed", "The `ETag` of the resource is none of those in `If-Match` (DSP0263 4.1.7.2).");
const TOO_LARGE: Failure = ("413", "ContentTooLarge", "The body is larger than the provider takes.");
const URI_TOO_LONG: Failure = ("414", "UriTooLong", "The URI is longer than the provider takes.");
const UNSUPPORTED: Failure =
    ("415", "UnsupportedMediaType", "The body has a format that the provider does not take (DSP0263 4.1.4).");
const SERVER_ERROR: Failure = ("5XX", "ServerError", "The provider has failed.");

/// What any request may be answered with.
const ALWAYS: &[Failure] = &[BAD_REQUEST, NOT_FOUND, NOT_ALLOWED, NOT_ACCEPTABLE, URI_TOO_LONG, SERVER_ERROR];
/// What a request that changes something may be answered with beside.
const OF_CHANGES: &[Failure] = &[CONFLICT];
/// What a request with a body may be answered with beside.
const OF_BODIES: &[Failure] = &[TOO_LARGE, UNSUPPORTED];

/// What the answers to one operation hold.
pub(super) struct Answers<'a> {
    api: &'a Api,
    /// Whether the provider has Jobs.
    jobs: bool,
    found: Map<String, Value>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let jobs = api.paths.iter().any(|path| path.record_type.name == "Job");
        Self { api, jobs, found: Map::new() }
    }

    /// A resource or collection that is read.
    pub(super) fn read(mut self, schema: &Value) -> Value {
        let headers: &[&str] = if self.api.etags { &[ETAG] } else { &[] };
        self.success("200", "The representation.", Some(schema), headers);
        if self.api.etags {
            self.success("304", "The `ETag` is one of those in `If-None-Match`.", None, &[ETAG]);
        }
        self.failures(&[])
    }

    /// A new resource.
    pub(super) fn created(mut self, schema: &Value, accepted: &Value) -> Value {
        self.success("201", "The resource is there.", Some(schema), &[LOCATION, JOB_URI]);
        self.success("202", "The Job that will create the resource.", Some(accepted), &[LOCATION, JOB_URI]);
        self.failures(&[OF_CHANGES, OF_BODIES])
    }

    /// An operation, which may also create a resource. One that is done need not show anything.
    pub(super) fn done(mut self, created: Option<&Value>, accepted: &Value) -> Value {
        if let Some(schema) = created {
            self.success("201", "The resource is there.", Some(schema), &[LOCATION, JOB_URI]);
        }
        self.success("200", "It is done.", None, &[MAYBE_LOCATION, JOB_URI]);
        self.success("202", "The Job that will do it.", Some(accepted), &[MAYBE_LOCATION, JOB_URI]);
        self.conditional();
        self.failures(&[OF_CHANGES, OF_BODIES])
    }

    /// An update.
    pub(super) fn updated(mut self, schema: &Value, accepted: &Value) -> Value {
        let headers: &[&str] = if self.api.etags { &[ETAG, JOB_URI] } else { &[JOB_URI] };
        self.success("200", "The updated representation.", Some(schema), headers);
        self.success("202", "The Job that will carry out the update.", Some(accepted), &[JOB_URI]);
        self.conditional();
        self.failures(&[OF_CHANGES, OF_BODIES])
    }

    /// A deletion.
    pub(super) fn deleted(mut self, job: &Value) -> Value {
        self.success("200", "It is gone.", None, &[JOB_URI]);
        self.success("202", "The Job that will delete it.", Some(job), &[JOB_URI]);
        self.conditional();
        self.failures(&[OF_CHANGES])
    }

    fn success(&mut self, status: &str, description: &str, schema: Option<&Value>, headers: &[&str]) {
        let mut answer = json!({ "description": description });
        let headers = headers.iter().filter(|name| self.jobs || **name != JOB_URI);
        let headers: Map<String, Value> = headers.map(|name| (field(name).to_owned(), header_link(name))).collect();
        if let Some(members) = answer.as_object_mut() {
            if !headers.is_empty() {
                members.insert("headers".to_owned(), Value::Object(headers));
            }
            if let Some(schema) = schema {
                members.insert("content".to_owned(), content(self.api, schema));
            }
        }
        self.found.insert(status.to_owned(), answer);
    }

    fn conditional(&mut self) {
        if self.api.etags {
            self.failure(PRECONDITION_FAILED);
        }
    }

    fn failures(mut self, more: &[&[Failure]]) -> Value {
        for failure in ALWAYS.iter().chain(more.iter().copied().flatten()) {
            self.failure(*failure);
        }
        if self.api.security == Security::Basic {
            self.failure(UNAUTHORIZED);
        }
        Value::Object(self.found)
    }

    fn failure(&mut self, (status, name, _): Failure) {
        self.found.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
}

/// What a message holds, in each of the formats: XML has no schema.
fn content(api: &Api, schema: &Value) -> Value {
    let of = |format| match format {
        Format::Json => json!({ "schema": schema }),
        _ => json!({}),
    };
    let media = api.formats.iter().map(|format| (media_type(*format), of(*format)));
    Value::Object(media.collect())
}

/// The media type of a format.
pub(super) fn media_type(format: Format) -> String {
    content_type(format).to_str().unwrap_or_default().to_owned()
}

fn header_link(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// The name of the field that a component describes.
fn field(component: &str) -> &str {
    if component == MAYBE_LOCATION { LOCATION } else { component }
}

/// The failures, each with a Job that says what failed (4.2.2).
pub(super) fn components(api: &Api, job: &Value) -> Map<String, Value> {
    let all = [ALWAYS, OF_CHANGES, OF_BODIES, &[UNAUTHORIZED, PRECONDITION_FAILED]];
    let mut components = Map::new();
    for (_, name, description) in all.into_iter().flatten() {
        let mut answer = json!({ "description": description, "content": content(api, job) });
        let headers = match *name {
            "MethodNotAllowed" => Some(json!({ ALLOW: header_link(ALLOW) })),
            "Unauthorized" => Some(json!({ CHALLENGE: header_link(CHALLENGE) })),
            _ => None,
        };
        if let (Some(headers), Some(members)) = (headers, answer.as_object_mut()) {
            members.insert("headers".to_owned(), headers);
        }
        components.insert((*name).to_owned(), answer);
    }
    components
}

/// The header fields.
pub(super) fn headers() -> Map<String, Value> {
    let all = [
        (LOCATION, true, "The URI of the new resource: its `id`."),
        (MAYBE_LOCATION, false, "Where the result is, if the operation has one (DSP0263 5.13.1.2)."),
        (ETAG, true, "The state of the resource; another state has another tag (DSP0263 4.1.7.2)."),
        (JOB_URI, true, "The Job that stands for the request (DSP0263 4.1.7.1)."),
        (ALLOW, true, "The methods that are possible."),
        (CHALLENGE, true, "The scheme of the credentials that are wanted (RFC 7617)."),
    ];
    let header = |required: bool, description: &str| json!({ "description": description, "required": required, "schema": { "type": "string" } });
    all.into_iter().map(|(name, required, text)| (name.to_owned(), header(required, text))).collect()
}
