//! Credentials that go to one provider only.

use std::fmt;

use http::{HeaderValue, Request, Uri, header};

use super::{Transport, peer};
use crate::Result;

/// The value of an `Authorization` header field, and the scheme and authority that it is meant for.
///
/// It is not in `Debug`, and an HTTP library does not print it either: the field is marked as sensitive.
///
/// ```
/// use cimi_protocol::client::{Authorization, Transport};
/// use http::{HeaderValue, Request};
///
/// let token = HeaderValue::from_static("Bearer 1b2f");
/// let authorization = Authorization::new(token, &"https://cloud.example.com/cimi".into(), Transport::Https)?;
/// let mut request = Request::get("https://cloud.example.com/machines").body(())?;
/// assert!(authorization.apply(&mut request));
/// let mut request = Request::get("https://elsewhere.example.com/machines").body(())?;
/// assert!(!authorization.apply(&mut request));
/// assert!(request.headers().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Authorization {
    value: HeaderValue,
    origin: Uri,
}

impl Authorization {
    /// Credentials for the provider that this URI leads to.
    ///
    /// # Errors
    /// As those of a request to the URI.
    pub fn new(mut value: HeaderValue, uri: &cimi_model::Uri, transport: Transport) -> Result<Self> {
        value.set_sensitive(true);
        Ok(Self { value, origin: peer::target(uri, transport)? })
    }

    /// Adds the header field to a request, if that goes where the credentials are meant for. Returns whether it does.
    pub fn apply<B>(&self, request: &mut Request<B>) -> bool {
        let meant = same_origin(&self.origin, request.uri());
        if meant {
            request.headers_mut().insert(header::AUTHORIZATION, self.value.clone());
        }
        meant
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authorization for {:?}", self.origin.authority())
    }
}

/// Whether two URIs lead to one server: the same scheme, host and port (RFC 6454, 5).
pub(super) fn same_origin(a: &Uri, b: &Uri) -> bool {
    let port = |uri: &Uri| {
        uri.port_u16().or_else(|| match uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        })
    };
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    a.scheme() == b.scheme() && host(a).is_some() && host(a) == host(b) && port(a) == port(b)
}
