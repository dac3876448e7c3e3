//! Answers that state a failure (4.2.2).

use std::fmt;
use std::time::Duration;

use cimi_model::{Any, Document, Extensions, Format, Generic, Job, ReadOptions, Registry, json, printable_within};
use http::{HeaderMap, Method, Response, StatusCode, header};

use super::schedule::retry_after;
use super::{body, jobs};
use crate::{Error, ErrorKind};

/// What kind of failure a status states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// 401: the provider does not know who asks.
    Unauthorized,
    /// 403: who asks may not do this.
    Forbidden,
    /// 404 and 410: there is no such resource, or no longer.
    NotFound,
    /// 405: the resource does not have this operation; [`Failure::allow`] says which it has.
    MethodNotAllowed,
    /// 406 and 415: the provider does not have the format.
    Format,
    /// 409: the state of the resource does not allow it.
    Conflict,
    /// 412: the resource has changed since it was read, where `If-Match` was sent (4.1.7.2).
    Changed,
    /// 413, 414 and 431: the request is larger than the provider takes.
    TooLarge,
    /// 429: too many requests; [`Failure::retry_after`] may say when the next one is welcome.
    TooManyRequests,
    /// Any other status of 4xx: the request is not what the provider understands.
    Request,
    /// 503: the provider cannot answer now; [`Failure::retry_after`] may say when.
    Unavailable,
    /// Any other status of 5xx: the provider failed.
    Provider,
    /// Any other status, which is not an answer to what was asked.
    Unexpected,
}

impl FailureKind {
    /// The kind of a status.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            406 | 415 => Self::Format,
            409 => Self::Conflict,
            412 => Self::Changed,
            413 | 414 | 431 => Self::TooLarge,
            429 => Self::TooManyRequests,
            400..=499 => Self::Request,
            503 => Self::Unavailable,
            500..=599 => Self::Provider,
            _ => Self::Unexpected,
        }
    }

    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_transient(self, status: StatusCode) -> bool {
        matches!(self, Self::TooManyRequests | Self::Unavailable)
            || matches!(status.as_u16(), 408 | 425 | 500 | 502 | 504)
    }
}

/// What a provider said about a failure: the [source](std::error::Error::source) of an [`Error`] of kind
/// [`Status`](ErrorKind::Status), see [`Error::failure`].
///
/// `Display` is the provider's own message, shortened.
#[derive(Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The status.
    pub status: StatusCode,
    /// The Job that describes the failure (4.2.2), with nested ones. Many peers send something else.
    pub job: Option<Box<Job>>,
    /// What the provider said: the message of the deepest nested Job, or what another body has in place of one.
    pub message: Option<String>,
    /// What methods the resource has (`Allow`).
    pub allow: Vec<Method>,
    /// How long to wait before the next request (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// What an answer says about a failure, whatever it says it in: a Job, another document, a page or plain text.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(response: &Response<B>) -> Self {
        let (status, headers, bytes) = (response.status(), response.headers(), response.body().as_ref());
        let job = read_job(bytes);
        let message = match &job {
            Some(job) => jobs::deepest_message(job).map(str::to_owned),
            None => message(bytes),
        };
        let retry_after = retry_after(headers);
        Self { status, job: job.map(Box::new), message, allow: allowed(headers), retry_after }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        FailureKind::of(self.status)
    }

    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind().is_transient(self.status)
    }

    /// The error that this is the source of.
    pub(crate) fn into_error(self) -> Error {
        let status = self.status;
        Error::new(ErrorKind::Status(status), format!("the provider answered {status}")).caused_by(self)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => f.write_str(&printable_within(LONGEST, message)),
            None => write!(f, "nothing more is said"),
        }
    }
}

impl fmt::Debug for Failure {
    /// Without what the provider said, which may repeat what was sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, job, message, allow, retry_after } = self;
        let mut out = f.debug_struct("Failure");
        out.field("status", status).field("job", &job.is_some()).field("message", &message.is_some());
        out.field("allow", allow).field("retry_after", retry_after).finish()
    }
}

impl std::error::Error for Failure {}

fn allowed(headers: &HeaderMap) -> Vec<Method> {
    let fields = headers.get_all(header::ALLOW).iter().filter_map(|field| field.to_str().ok());
    let names = fields.flat_map(|field| field.split(',')).map(str::trim).filter(|name| !name.is_empty());
    names.filter_map(|name| name.parse().ok()).collect()
}

fn read_job(bytes: &[u8]) -> Option<Job> {
    body::begun(bytes)?;
    let options = ReadOptions::default();
    match body::read_job_or::<Generic>(Format::of(bytes), bytes, &options) {
        Ok(body::Found::Job(job)) => Some(job.value),
        _ => None,
    }
}

/// The longest message that is kept, in characters.
const LONGEST: usize = 1000;

/// What a body says that is no Job.
fn message(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let found = match body::begun(bytes) {
        Some(format) => said(format, bytes)?,
        None if body::is_html(bytes.trim_ascii_start()) => heading(&text)?,
        None => text.into_owned(),
    };
    let words = found.trim_start_matches('\u{FEFF}').split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then(|| words.chars().take(LONGEST).collect())
}

/// What peers call the message in documents of their own.
const NAMES: [&str; 8] =
    ["message", "statusMessage", "detail", "description", "title", "reason", "error_description", "error"];

fn said(format: Format, bytes: &[u8]) -> Option<String> {
    let options = ReadOptions::default();
    let members = match format {
        Format::Xml => match Document::read(bytes, &Registry::standard(), &options).ok()?.value.into_value::<Generic>()
        {
            Ok(generic) => generic.extensions,
            Err(document) => document.record().extensions().clone(),
        },
        _ => json::from_slice::<Generic>(bytes, &options).ok()?.value.extensions,
    };
    let direct =
        |members: &Extensions| NAMES.iter().find_map(|name| members.get(name).and_then(Any::as_str).map(str::to_owned));
    direct(&members).or_else(|| {
        let error = members.get("error")?;
        NAMES.iter().find_map(|name| error.get(name).and_then(Any::as_str).map(str::to_owned))
    })
}

/// The title of a page, or else its first heading.
fn heading(page: &str) -> Option<String> {
    // Of the same length, so that offsets agree.
    let lower = page.to_ascii_lowercase();
    ["title", "h1", "h2"].iter().find_map(|tag| {
        let start = lower.find(&format!("<{tag}"))?;
        let start = start + lower.get(start..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find(&format!("</{tag}"))?;
        let text = page.get(start..end)?.trim();
        (!text.is_empty()).then(|| without_tags(text))
    })
}

fn without_tags(text: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: &char| {
        match c {
            '<' => depth += 1,
            '>' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(keep).collect()
}
