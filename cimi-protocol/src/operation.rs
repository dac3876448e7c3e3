//! Operations: requests that know their answers.

use cimi_model::{Format, Parsed};
use http::{HeaderValue, Request, Response};

use crate::Result;

/// An operation of a client: a value that makes a request, and reads the answer to it.
///
/// The caller sends the request with the HTTP library of its choice and adds what does not belong to CIMI, such as
/// credentials, on the way. An operation can be used again, for example to retry.
pub trait Operation {
    /// What the operation yields when it succeeds.
    type Output;

    /// The request to send.
    ///
    /// # Errors
    /// When it cannot be sent as the caller wants it ([`Fault::Caller`](crate::Fault::Caller)).
    fn request(&self) -> Result<Request<Vec<u8>>>;

    /// The result that an answer to the request states.
    ///
    /// # Errors
    /// When the answer states a failure or is not an answer to this operation. The answer is kept in
    /// [`Error::answer`](crate::Error::answer).
    fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<Self::Output>;
}

/// A resource or collection as a provider represents it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Representation<T> {
    /// The value, with the dialect it was written in and what deviated from the standard.
    pub content: Parsed<T>,
    /// The format that the provider chose.
    pub format: Format,
    /// The `ETag` header, to be sent back as it is in `If-Match` (4.1.7.2).
    pub etag: Option<HeaderValue>,
}
