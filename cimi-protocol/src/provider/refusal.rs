//! Why a request is not carried out.

use std::fmt;

use cimi_model::validate::{Problem, Severity};
use cimi_model::{DateTime, Job, template};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::ErrorKind;

/// Why a request is not carried out: a status of 4xx or 5xx and what a Job says about it (4.2.2).
///
/// [`Exchange::refuse`](super::Exchange::refuse) makes the answer. `?` turns the errors of this library into refusals:
/// what is wrong with the form of a document into 400; what is well-formed and does not fit together, the provider or the
/// [state](cimi_model::ErrorKind::State) of a resource into 409; and so on.
///
/// ```
/// use cimi_protocol::provider::Refusal;
///
/// let refusal = Refusal::conflict("the Volume is in use").with_return_code(10_017);
/// assert_eq!((refusal.status().as_u16(), refusal.message()), (409, "the Volume is in use"));
/// ```
pub struct Refusal {
    // Boxed so that results stay small.
    inner: Box<Inner>,
}

struct Inner {
    status: StatusCode,
    message: String,
    problems: Vec<String>,
    headers: HeaderMap,
    return_code: Option<i64>,
    time: Option<DateTime>,
    job: Option<Job>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Refusal {
    /// A refusal with any status of 4xx or 5xx; any other status becomes 500.
    #[must_use]
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let is_error = status.is_client_error() || status.is_server_error();
        Self::of(if is_error { status } else { StatusCode::INTERNAL_SERVER_ERROR }, message.into())
    }

    fn of(status: StatusCode, message: String) -> Self {
        let inner = Inner {
            status,
            message,
            problems: Vec::new(),
            headers: HeaderMap::new(),
            return_code: None,
            time: None,
            job: None,
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    /// 400: the request is not what the standard says.
    #[must_use]
    pub fn bad_request(reason: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, reason.into())
    }

    /// 401: credentials are missing or wrong. The challenge is the value of `WWW-Authenticate`, for example
    /// `Basic realm="cimi"`; one that a header cannot hold is left out.
    #[must_use]
    pub fn unauthorized(challenge: &str) -> Self {
        let refusal = Self::of(StatusCode::UNAUTHORIZED, "the request has no valid credentials".to_owned());
        match HeaderValue::from_str(challenge) {
            Ok(challenge) => refusal.with_header(header::WWW_AUTHENTICATE, challenge),
            Err(_) => refusal,
        }
    }

    /// 403: this consumer may not do that.
    #[must_use]
    pub fn forbidden(reason: impl Into<String>) -> Self {
        Self::of(StatusCode::FORBIDDEN, reason.into())
    }

    /// 404: there is no such resource.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, "there is no such resource".to_owned())
    }

    /// 405: no operation of what the URI names has this method. See [`Target::allow`](super::Target::allow).
    #[must_use]
    pub fn method_not_allowed(allow: HeaderValue) -> Self {
        Self::of(StatusCode::METHOD_NOT_ALLOWED, "the method is not possible here".to_owned())
            .with_header(header::ALLOW, allow)
    }

    /// 405, with the methods that are possible.
    #[must_use]
    pub fn not_allowed(methods: &[Method]) -> Self {
        let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
        // Methods are tokens, which headers can hold.
        let allow = HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""));
        Self::method_not_allowed(allow)
    }

    /// 409: not possible in the state that the resource is in.
    #[must_use]
    pub fn conflict(reason: impl Into<String>) -> Self {
        Self::of(StatusCode::CONFLICT, reason.into())
    }

    /// 412: the resource is not in the state that `If-Match` names.
    #[must_use]
    pub fn precondition_failed() -> Self {
        Self::of(StatusCode::PRECONDITION_FAILED, "the resource is not in the state that the request names".to_owned())
    }

    /// 429: this consumer has sent too many requests; it may try again after so many seconds.
    #[must_use]
    pub fn too_many_requests(retry_after: u64) -> Self {
        Self::of(StatusCode::TOO_MANY_REQUESTS, "too many requests".to_owned()).retry_after(retry_after)
    }

    /// 500: the provider has failed. The consumer is not told why; the cause is the
    /// [source](std::error::Error::source), for the provider's log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut refusal = Self::of(StatusCode::INTERNAL_SERVER_ERROR, "the provider has failed".to_owned());
        refusal.inner.source = Some(cause.into());
        refusal
    }

    /// 501: the provider does not have what the request needs.
    #[must_use]
    pub fn not_implemented(reason: impl Into<String>) -> Self {
        Self::of(StatusCode::NOT_IMPLEMENTED, reason.into())
    }

    /// 503: not now; the consumer may try again after so many seconds.
    #[must_use]
    pub fn unavailable(retry_after: u64) -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE, "the provider is busy".to_owned()).retry_after(retry_after)
    }

    /// 304: the consumer has the representation already. Not an error, and answered without a body.
    pub(super) fn not_modified(etag: HeaderValue) -> Self {
        Self::of(StatusCode::NOT_MODIFIED, "the representation has not changed".to_owned())
            .with_header(header::ETAG, etag)
    }

    /// When the consumer may try again, in seconds from now.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// With a header in the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.inner.headers.insert(name, value);
        self
    }

    /// With all that is wrong, a text each. One alone is the message; of several, each becomes a nested Job.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<String>) -> Self {
        self.inner.problems = problems;
        self
    }

    /// With the `returnCode` of the Job. By default it is 10000 more than the status, since 0 to 9999 are reserved to the
    /// standard (table 46).
    #[must_use]
    pub fn with_return_code(mut self, code: i64) -> Self {
        self.inner.return_code = Some(code);
        self
    }

    /// With the present time, as the `timeOfStatusChange` of the Job, where it is not that of the
    /// [exchange](super::Exchange::at).
    #[must_use]
    pub fn at(mut self, time: DateTime) -> Self {
        self.inner.time = Some(time);
        self
    }

    /// With the Job of a provider that exposes Jobs, in place of one that exists for this answer only. Its URI becomes the
    /// `CIMI-Job-URI`.
    #[must_use]
    pub fn with_job(mut self, job: Job) -> Self {
        self.inner.job = Some(job);
        self
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// The reason, for people: the `statusMessage` of the Job.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// What is wrong, where it is more than the message says.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.inner.problems
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    pub(super) fn return_code(&self) -> i64 {
        self.inner.return_code.unwrap_or_else(|| 10_000 + i64::from(self.inner.status.as_u16()))
    }

    pub(super) fn time(&self) -> Option<&DateTime> {
        self.inner.time.as_ref()
    }

    pub(super) fn job(&self) -> Option<&Job> {
        self.inner.job.as_ref()
    }

    /// A refusal for so many things that are wrong with a document, a text each.
    pub(super) fn of_problems(status: StatusCode, number: usize, texts: impl Iterator<Item = String>) -> Self {
        let mut kept: Vec<String> = texts.take(MOST_PROBLEMS).collect();
        if number <= 1 {
            return Self::of(status, kept.pop().unwrap_or_else(|| "the request is not valid".to_owned()));
        }
        let shown = kept.get(..MOST_SHOWN).unwrap_or(&kept).join("; ");
        let rest = number.saturating_sub(MOST_SHOWN);
        let and_more = if rest == 0 { String::new() } else { format!("; and {rest} more") };
        Self::of(status, format!("{number} problems: {shown}{and_more}")).with_problems(kept)
    }
}

/// The status for a document with these problems: 400 where one is about the form of a value, 409 where all are about
/// what well-formed values mean.
pub(super) fn status_for<'p>(problems: impl Iterator<Item = &'p Problem>) -> StatusCode {
    let mut problems = problems.peekable();
    let of_meaning = problems.peek().is_some() && problems.all(|problem| problem.of_meaning);
    if of_meaning { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST }
}

/// How many problems an answer tells: a small request must not make a huge one.
const MOST_PROBLEMS: usize = 50;
/// How many of them the message repeats.
const MOST_SHOWN: usize = 5;

impl From<cimi_model::Error> for Refusal {
    fn from(error: cimi_model::Error) -> Self {
        use cimi_model::ErrorKind as Kind;
        match error.kind() {
            Kind::Limit => Self::of(StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
            Kind::State | Kind::Unsupported => Self::conflict(error.reason()),
            Kind::Io | Kind::Write => Self::internal(error),
            _ => Self::bad_request(error.to_string()),
        }
    }
}

impl From<crate::Error> for Refusal {
    fn from(error: crate::Error) -> Self {
        let status = match error.kind() {
            ErrorKind::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorKind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            ErrorKind::UriTooLong => StatusCode::URI_TOO_LONG,
            ErrorKind::Status(_) => return Self::internal(error),
            _ => StatusCode::BAD_REQUEST,
        };
        let refusal = Self::of(status, error.to_string());
        match status {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                refusal.with_header(header::ACCEPT, HeaderValue::from_static("application/json, application/xml"))
            }
            _ => refusal,
        }
    }
}

impl From<Vec<Problem>> for Refusal {
    /// 400 with the errors among the problems, or all problems if none is an error; 409 where all are
    /// [of meaning](Problem::of_meaning).
    fn from(problems: Vec<Problem>) -> Self {
        let no_errors = problems.iter().all(|problem| problem.severity != Severity::Error);
        let told = || problems.iter().filter(|problem| no_errors || problem.severity == Severity::Error);
        let status = status_for(told());
        Self::of_problems(status, told().count(), told().map(Problem::to_string))
    }
}

impl From<template::Problems> for Refusal {
    /// 409 with all problems: templates are well-formed, and do not fit together or what there is.
    fn from(problems: template::Problems) -> Self {
        let kept = problems.as_slice();
        let number = kept.len() + problems.more();
        Self::of_problems(StatusCode::CONFLICT, number, kept.iter().map(ToString::to_string))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.status, self.inner.message)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { status, message, problems, source, .. } = &*self.inner;
        let mut out = f.debug_struct("Refusal");
        out.field("status", status).field("message", message).field("problems", problems);
        out.field("source", source).finish_non_exhaustive()
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
