//! What to do about a redirect (RFC 9110, 15.4).

use http::{Method, Request, Response, Uri, header};

use super::authorization::same_origin;
use super::{Transport, peer};
use crate::{Error, ErrorKind, Result};

/// A redirect that may be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirect {
    /// Where the next request goes.
    pub uri: Uri,
    /// Its method.
    pub method: Method,
    /// Whether it has the body of the first one.
    pub with_body: bool,
    /// Whether credentials may go with it: it leads to the same server.
    pub with_credentials: bool,
}

impl Redirect {
    /// The next request, from the first one. Where credentials may not go, the fields that hold them are left out.
    #[must_use]
    pub fn request(&self, first: Request<Vec<u8>>) -> Request<Vec<u8>> {
        let (mut parts, body) = first.into_parts();
        parts.uri = self.uri.clone();
        parts.method = self.method.clone();
        if !self.with_credentials {
            for name in [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION] {
                parts.headers.remove(name);
            }
        }
        if !self.with_body {
            for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::IF_MATCH] {
                parts.headers.remove(name);
            }
        }
        Request::from_parts(parts, if self.with_body { body } else { Vec::new() })
    }
}

/// What the redirect that an answer states means for the request; `None` if it states none. Count how many you follow:
/// more than a few lead nowhere.
///
/// A request that changes something is repeated only where the status asks for it (307, 308), or where a provider sends
/// it to the same path with a slash more or less, as many do with 301. After 303 the next request is a GET.
///
/// # Errors
/// Of kind [`Redirect`](ErrorKind::Redirect) when the redirect should not be followed: it says no place, leads from
/// `https` to `http`, or would turn a change into a reading; of kind [`Uri`](ErrorKind::Uri) or
/// [`Insecure`](ErrorKind::Insecure) when its place is not one that requests go to.
///
/// ```
/// use cimi_protocol::client::{Transport, redirect};
/// use http::{Request, Response};
///
/// let request = Request::get("https://cloud.example.com/cimi/").body(())?;
/// let answer = Response::builder().status(301).header("Location", "/cimi/cloudEntryPoint").body(())?;
/// let redirect = redirect(&request, &answer, Transport::Https)?.ok_or("no redirect")?;
/// assert_eq!(redirect.uri, "https://cloud.example.com/cimi/cloudEntryPoint");
/// assert!(redirect.with_credentials);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn redirect<A, B>(request: &Request<A>, answer: &Response<B>, transport: Transport) -> Result<Option<Redirect>> {
    let status = answer.status().as_u16();
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let refuse = |reason: &str| Error::new(ErrorKind::Redirect, format!("the provider answered {status}, {reason}"));
    let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
    let place =
        place.map(str::trim).filter(|place| !place.is_empty()).ok_or_else(|| refuse("and does not say where to go"))?;
    let place = peer::resolve(&place.into(), &request.uri().to_string().into())?;
    let uri = peer::target(&place, transport)?;
    if request.uri().scheme_str() == Some("https") && uri.scheme_str() != Some("https") {
        return Err(refuse("which leads from https to http"));
    }
    let reads = request.method().is_safe();
    let with_credentials = same_origin(request.uri(), &uri);
    let again =
        matches!(status, 307 | 308) || (status != 303 && with_credentials && differ_by_slash(request.uri(), &uri));
    match (reads || again, status) {
        (true, _) => {}
        (false, 303) => {
            return Ok(Some(Redirect { uri, method: Method::GET, with_body: false, with_credentials }));
        }
        _ => return Err(refuse("which does not say whether the change is to be made elsewhere")),
    }
    // What changes something at one server is not for another one, unasked.
    if !reads && !with_credentials {
        return Err(refuse("which sends a change to another server"));
    }
    Ok(Some(Redirect { uri, method: request.method().clone(), with_body: true, with_credentials }))
}

/// Whether two URIs of one server differ at most by a slash at the end of the path.
fn differ_by_slash(a: &Uri, b: &Uri) -> bool {
    a.path().trim_end_matches('/') == b.path().trim_end_matches('/') && a.query() == b.query()
}
