//! What a change has led to (4.2.1.6, 4.2.1.7).

use std::fmt;
use std::time::Duration;

use cimi_model::reflect::Described;
use cimi_model::{Job, Uri};
use http::{HeaderMap, HeaderName, Response, StatusCode, header};

use super::body::{self, Found};
use super::{Peer, jobs, peer, schedule};
use crate::{Error, Representation, Result};

/// The header field that names the Job of a request (4.1.7.1).
pub(crate) const JOB_URI: HeaderName = HeaderName::from_static("cimi-job-uri");

/// What the provider says of a request that it has carried out (200, 201, 204) or accepted (202).
///
/// Each part is there if the provider sent it. `T` is the type of the resource that the operation concerns: the one
/// that is created, updated, deleted or acted on.
#[non_exhaustive]
pub struct Outcome<T> {
    /// The status.
    pub status: StatusCode,
    /// The new resource, or what else the operation has produced (`Location`); absolute.
    pub location: Option<Uri>,
    /// The Job that the provider made for the request, by the header field `CIMI-Job-URI` or its own `id`; absolute.
    pub job_uri: Option<Uri>,
    /// The Job, where the body is one.
    pub job: Option<Representation<Job>>,
    /// The resource, where the body is one; while the request is being carried out, only in part.
    pub resource: Option<Representation<T>>,
    /// How long to wait before the first poll (`Retry-After`).
    pub retry_after: Option<Duration>,
    /// Why the body is neither. The request has succeeded all the same.
    pub unread: Option<Error>,
    /// The answer as it came.
    pub answer: Response<Vec<u8>>,
}

impl<T: Described> Outcome<T> {
    /// Reads an answer whose status is one of success.
    pub(super) fn read<B: AsRef<[u8]>>(response: Response<B>, request: &Uri, peer: &Peer) -> Result<Self> {
        let answer = response.map(|body| body.as_ref().to_vec());
        let mut outcome = Self {
            status: answer.status(),
            location: uri(answer.headers(), &header::LOCATION, request),
            job_uri: uri(answer.headers(), &JOB_URI, peer.base.as_ref().unwrap_or(request)),
            job: None,
            resource: None,
            retry_after: schedule::retry_after(answer.headers()),
            unread: None,
            answer,
        };
        if outcome.answer.body().iter().any(|byte| !byte.is_ascii_whitespace()) {
            match outcome.take_body(peer) {
                Err(error) if peer.options.strict => return Err(error.found_in(outcome.answer)),
                Err(error) => outcome.unread = Some(error),
                Ok(()) => {}
            }
        }
        if outcome.job_uri.is_none() {
            outcome.job_uri = outcome.own_job_uri(request, peer);
        }
        Ok(outcome)
    }

    fn take_body(&mut self, peer: &Peer) -> Result<()> {
        let (headers, body) = (self.answer.headers(), self.answer.body());
        let format = body::format(headers, body, &peer.options)?;
        let etag = headers.get(header::ETAG).cloned();
        match body::read_job_or(format, body, &peer.options)? {
            Found::Job(content) => self.job = Some(Representation { content: *content, format, etag }),
            Found::Resource(content) => self.resource = Some(Representation { content, format, etag }),
        }
        Ok(())
    }
}

impl<T> Outcome<T> {
    fn own_job_uri(&self, request: &Uri, peer: &Peer) -> Option<Uri> {
        let id = self.job.as_ref()?.content.value.id.as_ref().filter(|id| !id.as_str().is_empty())?;
        peer::resolve(id, peer.base.as_ref().unwrap_or(request)).ok()
    }

    /// Whether the request is still being carried out: by the state of the Job, if it is here, and else by the status.
    ///
    /// Then [`JobPolling`](super::JobPolling) waits for the Job, or, where the provider has named none,
    /// [`StatePolling`](super::StatePolling) for the resource.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        match &self.job {
            Some(job) => jobs::ended(&job.content.value).is_none(),
            None => self.status == StatusCode::ACCEPTED,
        }
    }
}

/// The URI in a header field, made absolute.
fn uri(headers: &HeaderMap, name: &HeaderName, base: &Uri) -> Option<Uri> {
    // Some peers put bytes beyond ASCII there, as they are in the URI.
    let text = String::from_utf8(headers.get(name)?.as_bytes().to_vec()).ok()?;
    let text = text.trim();
    if text.is_empty() { None } else { peer::resolve(&Uri::from(text), base).ok() }
}

impl<T: fmt::Debug> fmt::Debug for Outcome<T> {
    /// Without header fields and bytes of the answer, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, location, job_uri, job, resource, retry_after, unread, answer: _ } = self;
        let mut out = f.debug_struct("Outcome");
        out.field("status", status).field("location", location).field("job_uri", job_uri).field("job", job);
        out.field("resource", resource).field("retry_after", retry_after).field("unread", unread).finish()
    }
}
