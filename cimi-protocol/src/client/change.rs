//! Requests that change something: all but reading.

use std::fmt;
use std::marker::PhantomData;

use cimi_model::reflect::{Described, Record};
use cimi_model::{Document, Uri};
use http::{HeaderValue, Method, Request, Response, header};

use super::{Failure, Outcome, Peer, peer};
use crate::media::content_type;
use crate::query::{Query, Select};
use crate::{Error, ErrorKind, Operation, Result};

/// A request that changes something: a creation, update, deletion or action. [`Peer`] makes it from what a resource
/// offers; `T` is the type of the resource that the answer may hold.
///
/// The answer is an [`Outcome`]: the request has been carried out or accepted.
pub struct Change<T> {
    parts: Parts,
    // A change does not own a T.
    target: PhantomData<fn() -> T>,
}

#[derive(Clone, Debug)]
struct Parts {
    method: Method,
    uri: Uri,
    body: Option<Document>,
    select: Option<Select>,
    if_match: Option<HeaderValue>,
    peer: Peer,
}

impl<T: Described> Change<T> {
    pub(super) fn new(method: Method, uri: Uri, body: Option<Box<dyn Record>>, peer: &Peer) -> Self {
        let body = body.map(Document::from);
        let parts = Parts { method, uri, body, select: None, if_match: None, peer: peer.clone() };
        Self { parts, target: PhantomData }
    }

    /// The same request, with an answer that may hold a resource of another type.
    #[must_use]
    pub fn expecting<U: Described>(self) -> Change<U> {
        Change { parts: self.parts, target: PhantomData }
    }

    /// Only if the resource is still as it was read: with the `ETag` of its
    /// [`Representation`](crate::Representation::etag), as it came (4.1.7.2). If it is not, the provider answers 412
    /// ([`FailureKind::Changed`](super::FailureKind::Changed)).
    #[must_use]
    pub fn if_match(mut self, etag: HeaderValue) -> Self {
        self.parts.if_match = Some(etag);
        self
    }

    pub(super) fn select(mut self, select: Select) -> Self {
        self.parts.select = Some(select);
        self
    }

    /// Where the request goes.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.parts.uri
    }
}

impl<T: Described> Operation for Change<T> {
    type Output = Outcome<T>;

    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when the URI is not an absolute `http` or `https` URI, or holds user information,
    /// and [`Insecure`](ErrorKind::Insecure) when it is one of `http` that [`Peer::transport`] does not allow.
    fn request(&self) -> Result<Request<Vec<u8>>> {
        let Parts { method, uri, body, select, if_match, peer } = &self.parts;
        let query = Query { select: select.clone(), ..Query::default() };
        let mut request = Request::new(Vec::new());
        *request.method_mut() = method.clone();
        *request.uri_mut() = peer::target(&query.append_to(uri), peer.transport)?;
        if let Some(body) = body {
            let text = body.to_string(peer.format, peer.dialect.into());
            let unwritable = |error| Error::new(ErrorKind::Document, "the request cannot be written").caused_by(error);
            *request.body_mut() = text.map_err(unwritable)?.into_bytes();
            request.headers_mut().insert(header::CONTENT_TYPE, content_type(peer.format));
        }
        request.headers_mut().insert(header::ACCEPT, content_type(peer.format));
        if let Some(etag) = if_match {
            request.headers_mut().insert(header::IF_MATCH, etag.clone());
        }
        Ok(request)
    }

    /// # Errors
    /// Of kind [`Status`](ErrorKind::Status) for every status but 2xx; [`Error::failure`] says what the provider said.
    /// With strict reading also when the body cannot be read.
    fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<Outcome<T>> {
        if !response.status().is_success() {
            return Err(Failure::of(&response).into_error().found_in(response));
        }
        Outcome::read(response, &self.parts.uri, &self.parts.peer)
    }
}

impl<T> Clone for Change<T> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), target: PhantomData }
    }
}

impl<T> fmt::Debug for Change<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { method, uri, body, select, if_match, peer: _ } = &self.parts;
        let mut out = f.debug_struct("Change");
        out.field("method", method).field("uri", uri).field("body", body).field("select", select);
        out.field("if_match", if_match).finish_non_exhaustive()
    }
}
