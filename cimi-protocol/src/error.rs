//! The one error type of this crate.

use std::fmt;

use http::{Response, StatusCode};

use crate::client::Failure;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The URI to send a request to is not an absolute `http` or `https` URI.
    Uri,
    /// A header field does not follow its grammar, or occurs more than once with different values. A provider answers
    /// such a request with 400.
    Header,
    /// A body has a media type or charset that CIMI does not have (4.1.4), or none is stated. A provider answers such a
    /// request with 415.
    MediaType,
    /// No format that is offered is acceptable to the client. A provider answers with 406.
    NotAcceptable,
    /// A query parameter of CIMI is malformed, or demands too much (4.1.6). The text names the parameter. A provider
    /// answers such a request with 400.
    Query,
    /// The query of a URI is longer than what is allowed. A provider answers such a request with 414.
    UriTooLong,
    /// The answer has this status, which is not the one that the operation succeeds with.
    Status(StatusCode),
    /// The URI is one of `http`, which the client does not allow (see [`Transport`](crate::client::Transport)).
    Insecure,
    /// The resource does not offer the operation that the client wants (4.2), or the entry point the collection. Nothing
    /// was sent.
    NotOffered,
    /// The resource offers the operation, but says that it cannot be performed now (`available`, 4.2). Nothing was sent.
    NotAvailable,
    /// The answer is a redirect that a client should not follow.
    Redirect,
    /// The body cannot be read as the type that is expected; the [source](std::error::Error::source) is the
    /// [`cimi_model::Error`] that says why and where.
    Document,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// That of the program that uses this library: what it asked for cannot be sent, or was refused (4xx).
    Caller,
    /// That of the program at the other end: its message is not what HTTP and CIMI say.
    Peer,
    /// That of the provider, which understood the request and failed (5xx).
    Provider,
}

/// An error of the protocol: what, whose fault, and the answer that it was found in.
///
/// Neither `Display` nor `Debug` shows header fields or bodies, which may hold secrets.
pub struct Error {
    // Boxed so that `Result<T>` stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    reason: String,
    answer: Option<Response<Vec<u8>>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of this crate's fallible functions.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self { inner: Box::new(Inner { kind, reason: reason.into(), answer: None, source: None }) }
    }

    pub(crate) fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Box::new(source));
        self
    }

    pub(crate) fn found_in<B: AsRef<[u8]>>(mut self, response: Response<B>) -> Self {
        self.inner.answer = Some(response.map(|body| body.as_ref().to_vec()));
        self
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Whose fault it is. A status of 4xx is the caller's, one of 5xx the provider's, any other unexpected one the
    /// peer's.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self.inner.kind {
            ErrorKind::Uri | ErrorKind::Insecure | ErrorKind::NotOffered | ErrorKind::NotAvailable => Fault::Caller,
            ErrorKind::Status(status) if status.is_client_error() => Fault::Caller,
            ErrorKind::Status(status) if status.is_server_error() => Fault::Provider,
            ErrorKind::Header
            | ErrorKind::MediaType
            | ErrorKind::NotAcceptable
            | ErrorKind::Query
            | ErrorKind::UriTooLong
            | ErrorKind::Redirect
            | ErrorKind::Status(_)
            | ErrorKind::Document => Fault::Peer,
        }
    }

    /// What the provider said about the failure, for an error of kind [`Status`](ErrorKind::Status).
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.inner.source.as_deref()?.downcast_ref()
    }

    /// The provider's answer as it came, status, header fields and body, for every error of
    /// [`Operation::response`](crate::Operation::response).
    ///
    /// The body of an error answer is a Job that says what failed (4.2.2), if the provider keeps to the standard.
    #[must_use]
    pub fn answer(&self) -> Option<&Response<Vec<u8>>> {
        self.inner.answer.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.reason)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, reason, answer, source } = &*self.inner;
        let mut out = f.debug_struct("Error");
        out.field("kind", kind).field("reason", reason);
        if let Some(answer) = answer {
            let length = answer.body().len();
            out.field("answer", &format_args!("{} with {length} bytes", answer.status()));
        }
        out.field("source", source).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_small_and_sendable() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn faults() {
        for (kind, fault) in [
            (ErrorKind::Uri, Fault::Caller),
            (ErrorKind::Header, Fault::Peer),
            (ErrorKind::Document, Fault::Peer),
            (ErrorKind::Status(StatusCode::NOT_FOUND), Fault::Caller),
            (ErrorKind::Status(StatusCode::BAD_GATEWAY), Fault::Provider),
            (ErrorKind::Status(StatusCode::NO_CONTENT), Fault::Peer),
            (ErrorKind::Status(StatusCode::FOUND), Fault::Peer),
        ] {
            assert_eq!(Error::new(kind, "").fault(), fault, "{kind:?}");
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let response = Response::builder().header("Set-Cookie", "hush").body("hush").unwrap();
        let error = Error::new(ErrorKind::Status(StatusCode::OK), "reason").found_in(response);
        assert_eq!(error.answer().unwrap().body(), b"hush");
        let printed = format!("{error:?} {error}");
        assert!(printed.contains("200 OK with 4 bytes") && !printed.contains("hush"), "{printed}");
    }
}
