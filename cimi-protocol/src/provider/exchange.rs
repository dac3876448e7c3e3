//! One request and the answer to it.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use cimi_model::{DateTime, Format, Uri, lifecycle};
use http::header::{self, HeaderMap};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};

use super::preconditions::{self, Tags};
use super::{ETag, Provider, Refusal, Target, etag};
use crate::query::Query;
use crate::{accept, media};

/// One request that is being answered: what its head says.
///
/// [`Provider::accept`] makes it before the body is read.
#[derive(Clone)]
pub struct Exchange<'p> {
    provider: &'p Provider,
    head: &'p Parts,
    query: Query,
    /// The format of the answer.
    format: Format,
    /// The format of the body, if the head says it.
    content: Option<Format>,
    time: Option<DateTime>,
    /// The operation that the request invokes, once it is known.
    operation: OnceLock<Cow<'static, str>>,
}

impl fmt::Debug for Exchange<'_> {
    /// Without header fields and query, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Exchange");
        out.field("method", self.method()).field("path", &self.head.uri.path()).field("format", &self.format);
        out.finish_non_exhaustive()
    }
}

impl Provider {
    /// Looks at the head of a request: the query, the format that the answer goes out in, the format and size of the body.
    ///
    /// # Errors
    /// 414 for a URI that is too long, 400 for a query or header that is malformed, 406 for an answer in a format that is
    /// not [offered](Self::formats), 415 for a body in a format that CIMI does not have, 413 for one that is too long.
    /// [`Provider::refuse`] makes the answer.
    pub fn accept<'p>(&'p self, head: &'p Parts) -> Result<Exchange<'p>, Refusal> {
        let length = head.uri.path_and_query().map_or(0, |uri| uri.as_str().len());
        if length > self.uri_length {
            let reason = format!("path and query of the URI have more than {} bytes", self.uri_length);
            return Err(Refusal::new(StatusCode::URI_TOO_LONG, reason));
        }
        let query = Query::of(&head.uri, &self.query)?;
        let has_body = matches!(head.method, Method::POST | Method::PUT);
        let content = if has_body { content(self, &head.headers)? } else { None };
        let format = self.choose(&query, &head.headers, content)?;
        Ok(Exchange { provider: self, head, query, format, content, time: None, operation: OnceLock::new() })
    }

    /// The format of the answer. A consumer that does not say what it accepts gets what it sends.
    fn choose(&self, query: &Query, headers: &HeaderMap, content: Option<Format>) -> Result<Format, Refusal> {
        match content {
            Some(content) if query.format.is_none() && self.formats.contains(&content) => {
                let others = self.formats.iter().copied().filter(|&format| format != content);
                let offered: Vec<Format> = std::iter::once(content).chain(others).collect();
                Ok(accept::choose(headers, &offered)?)
            }
            _ => Ok(query.choose_format(headers, &self.formats)?),
        }
    }

    /// The answer to a request that [`accept`](Self::accept) has refused. It is in the format that the consumer asks for,
    /// if that is offered, and in the first of [`formats`](Self::formats) otherwise.
    #[must_use]
    pub fn refuse(&self, head: &Parts, refusal: &Refusal) -> Response<Vec<u8>> {
        let query = Query::of(&head.uri, &self.query).unwrap_or_default();
        let format = self.choose(&query, &head.headers, None).ok();
        let format = format.or_else(|| self.formats.first().copied()).unwrap_or_default();
        let operation = OnceLock::new();
        Exchange { provider: self, head, query, format, content: None, time: None, operation }.refuse(refusal)
    }

    /// Answers a request: [accepts](Self::accept) it, lets `serve` carry it out, and answers what either refuses.
    ///
    /// `now` is the time that Jobs of errors state.
    pub fn answer(
        &self,
        head: &Parts,
        now: Option<DateTime>,
        serve: impl FnOnce(&Exchange<'_>) -> Result<Response<Vec<u8>>, Refusal>,
    ) -> Response<Vec<u8>> {
        let exchange = match (self.accept(head), now) {
            (Ok(exchange), now) => Exchange { time: now, ..exchange },
            (Err(refusal), Some(now)) => return self.refuse(head, &refusal.at(now)),
            (Err(refusal), None) => return self.refuse(head, &refusal),
        };
        serve(&exchange).unwrap_or_else(|refusal| exchange.refuse(&refusal))
    }
}

/// The format of the body, if the head says it.
fn content(provider: &Provider, headers: &HeaderMap) -> Result<Option<Format>, Refusal> {
    for length in headers.get_all(header::CONTENT_LENGTH) {
        let length = length.to_str().ok().and_then(|length| length.trim().parse::<u64>().ok());
        let length = length.ok_or_else(|| Refusal::bad_request("Content-Length is not a number"))?;
        check_length(provider, length)?;
    }
    for coding in headers.get_all(header::CONTENT_ENCODING) {
        if !coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity") {
            let refusal = Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has a content coding");
            return Err(refusal.with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")));
        }
    }
    if headers.contains_key(header::CONTENT_TYPE) { Ok(Some(media::content_format(headers)?)) } else { Ok(None) }
}

/// Refuses a body that is too long.
pub(super) fn check_length(provider: &Provider, length: u64) -> Result<(), Refusal> {
    let most = provider.limits.size;
    if usize::try_from(length).is_ok_and(|length| length <= most) {
        return Ok(());
    }
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body has more than {most} bytes")))
}

/// The operation that nearly all requests to collections invoke.
const ADD: &str = "add";

impl<'p> Exchange<'p> {
    /// At this time, which the Jobs of errors state.
    #[must_use]
    pub fn at(self, now: DateTime) -> Self {
        Self { time: Some(now), ..self }
    }

    /// The method of the request.
    #[must_use]
    pub fn method(&self) -> &'p Method {
        &self.head.method
    }

    /// The query of the request (4.1.6).
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The format of the answer.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// What holds for all requests.
    #[must_use]
    pub fn provider(&self) -> &'p Provider {
        self.provider
    }

    /// What the URI of the request names, absolute: without what the standard's query parameters add to it.
    #[must_use]
    pub fn target(&self) -> Option<Uri> {
        let own = Query { other: self.query.other.clone(), ..Query::default() };
        let path = own.append_to(&Uri::from(self.head.uri.path()));
        path.resolve(&self.provider.base).ok()
    }

    /// Checks the conditions of the request (4.1.7.2): `If-Match` has to name this state, and `If-None-Match` must not.
    /// Without a state, the resource does not exist.
    ///
    /// [`decode`](Self::decode) does this with the state that its target has, and [`read`](Self::read) with the one that it
    /// gets.
    ///
    /// # Errors
    /// 412, or 304 where a GET or HEAD need not be answered; 400 when the header is malformed.
    pub fn check(&self, etag: Option<&ETag>) -> Result<(), Refusal> {
        if let Some(tags) = Tags::of(self.headers(), &header::IF_MATCH)?
            && !etag.is_some_and(|etag| tags.any_strong(|tag| etag.is_state_of(tag)))
        {
            return Err(Refusal::precondition_failed());
        }
        let Some((etag, tags)) = etag.zip(Tags::of(self.headers(), &header::IF_NONE_MATCH)?) else { return Ok(()) };
        match *self.method() {
            Method::GET | Method::HEAD => {
                let tag = etag.header(self.format);
                if tags.names(&tag) { Err(Refusal::not_modified(tag)) } else { Ok(()) }
            }
            _ if tags.any(|tag| etag.is_state_of(tag)) => Err(Refusal::precondition_failed()),
            _ => Ok(()),
        }
    }

    /// The conditions of a request to something that exists.
    pub(super) fn check_target(&self, target: &Target<'_>) -> Result<(), Refusal> {
        if !preconditions::has_any(self.headers()) {
            return Ok(());
        }
        let options = self.provider.dialect.into();
        let is_state = |tag: &str| match (target.etag, target.current) {
            (Some(etag), _) => etag.is_state_of(tag),
            (None, Some(record)) => etag::is_of_record(record, options, tag),
            (None, None) => false,
        };
        if let Some(tags) = Tags::of(self.headers(), &header::IF_MATCH)?
            && !tags.any_strong(is_state)
        {
            return Err(Refusal::precondition_failed());
        }
        // For what is read, the representation decides.
        let is_read = matches!(*self.method(), Method::GET | Method::HEAD);
        match Tags::of(self.headers(), &header::IF_NONE_MATCH)? {
            Some(tags) if !is_read && tags.any(is_state) => Err(Refusal::precondition_failed()),
            _ => Ok(()),
        }
    }

    pub(super) fn headers(&self) -> &'p HeaderMap {
        &self.head.headers
    }

    pub(super) fn content(&self) -> Option<Format> {
        self.content
    }

    pub(super) fn time(&self) -> Option<&DateTime> {
        self.time.as_ref()
    }

    /// Notes the operation that the request invokes.
    pub(super) fn note(&self, operation: &str) {
        let name = if operation == ADD { Cow::Borrowed(ADD) } else { Cow::Owned(operation.to_owned()) };
        // It is decoded once; a second time it says the same.
        let _ = self.operation.set(name);
    }

    /// The operation that the request invokes, as the URI of an action; none for a reading.
    pub(super) fn action(&self) -> Option<Uri> {
        let name = match (self.operation.get(), self.method()) {
            (Some(name), _) => name.as_ref(),
            (None, &Method::PUT) => "edit",
            (None, &Method::DELETE) => "delete",
            _ => return None,
        };
        Some(lifecycle::action_uri(name))
    }
}
