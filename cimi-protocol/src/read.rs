//! Retrieving a representation (4.2.1.2).

use std::marker::PhantomData;

use cimi_model::reflect::Described;
use cimi_model::{Format, Parsed, ReadOptions, Uri, json, xml};
use http::{Request, Response, StatusCode, header};

use crate::media::{content_format, content_type};
use crate::{Error, ErrorKind, Operation, Representation, Result};

/// Retrieves a resource or collection: an HTTP GET to its URI (4.2.1.2).
///
/// ```
/// use cimi_model::{Collection, Machine};
/// use cimi_protocol::{Operation, Read};
///
/// let read = Read::<Collection<Machine>>::new("https://cloud.example.com/machines");
/// let request = read.request()?;
/// assert_eq!((request.method().as_str(), request.uri().path()), ("GET", "/machines"));
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
///
/// The answer is read by its `Content-Type`, whatever format was asked for. It succeeds with status 200 only.
#[derive(Clone, Debug)]
pub struct Read<T> {
    uri: Uri,
    format: Format,
    options: ReadOptions,
    // A reading does not own a T.
    target: PhantomData<fn() -> T>,
}

impl<T: Described> Read<T> {
    /// A reading of the resource with this URI, as the provider handed it out, made absolute.
    ///
    /// It asks for JSON and tolerates what deviates from the standard, unless told otherwise.
    pub fn new(uri: impl Into<Uri>) -> Self {
        Self { uri: uri.into(), format: Format::default(), options: ReadOptions::default(), target: PhantomData }
    }

    /// Asks for this format (4.1.4).
    #[must_use]
    pub fn format(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// Reads the answer in this way.
    #[must_use]
    pub fn options(self, options: ReadOptions) -> Self {
        Self { options, ..self }
    }

    fn representation<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Representation<T>> {
        let status = response.status();
        if status != StatusCode::OK {
            return Err(Error::new(ErrorKind::Status(status), format!("the provider answered {status}")));
        }
        let format = content_format(response.headers())?;
        let content = self.content(format, response.body().as_ref())?;
        Ok(Representation { content, format, etag: response.headers().get(header::ETAG).cloned() })
    }

    fn content(&self, format: Format, body: &[u8]) -> Result<Parsed<T>> {
        let parsed = match format {
            Format::Xml => xml::from_slice(body, &self.options),
            _ => json::from_slice(body, &self.options),
        };
        parsed.map_err(|error| {
            let reason = format!("the answer cannot be read as {}", T::described().name);
            Error::new(ErrorKind::Document, reason).caused_by(error)
        })
    }
}

impl<T: Described> Operation for Read<T> {
    type Output = Representation<T>;

    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when the URI is not an absolute `http` or `https` URI, or holds user information.
    fn request(&self) -> Result<Request<Vec<u8>>> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = target(&self.uri)?;
        request.headers_mut().insert(header::ACCEPT, content_type(self.format));
        Ok(request)
    }

    /// # Errors
    /// Of kind [`Status`](ErrorKind::Status) for every status but 200, [`MediaType`](ErrorKind::MediaType) or
    /// [`Header`](ErrorKind::Header) when the format of the body is not clear, [`Document`](ErrorKind::Document) when
    /// the body cannot be read as `T`.
    fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<Representation<T>> {
        self.representation(&response).map_err(|error| error.found_in(response))
    }
}

/// The URI that a request goes to. The reasons do not repeat it: it may hold secrets.
fn target(uri: &Uri) -> Result<http::Uri> {
    let fail = |reason: &str| Error::new(ErrorKind::Uri, reason);
    let uri: http::Uri = uri
        .as_str()
        .parse()
        .map_err(|error: http::uri::InvalidUri| fail("the URI cannot be used in a request").caused_by(error))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        return Err(fail("the URI is not an absolute http or https URI"));
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(fail("the URI holds user information, which HTTP does not send (RFC 9110, 4.2.4)"));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use cimi_model::{Collection, Dialect, Machine};

    use super::*;
    use crate::Fault;

    const URI: &str = "https://example.com/machines/1?tenant=2";

    fn response(status: u16, content_type: &str, body: &'static str) -> Response<&'static str> {
        let builder = Response::builder().status(status).header("ETag", "524adf69");
        if content_type.is_empty() { builder } else { builder.header("Content-Type", content_type) }.body(body).unwrap()
    }

    #[test]
    fn requests() {
        let request = Read::<Machine>::new(URI).request().unwrap();
        assert_eq!(request.method(), "GET");
        assert_eq!(request.uri(), URI);
        assert_eq!(request.headers()["accept"], "application/json");
        assert!(request.body().is_empty());
        let request = Read::<Machine>::new("HTTP://[::1]:8080").format(Format::Xml).request().unwrap();
        assert_eq!((request.uri().path(), &request.headers()["accept"]), ("/", &content_type(Format::Xml)));
        // A fragment is not sent.
        assert_eq!(Read::<Machine>::new("http://h/a#b").request().unwrap().uri(), "http://h/a");
    }

    #[test]
    fn unusable_uris() {
        for uri in [
            "",
            "machines/1",
            "/machines/1",
            "*",
            "#name",
            "example.com:80",
            "ftp://example.com/",
            "https://",
            "https:///a",
            "https://:80/a",
            "http://user:hush@example.com/",
            "http://example.com/a b",
            "urn:uuid:1",
        ] {
            let error = Read::<Machine>::new(uri).request().expect_err(uri);
            assert_eq!((error.kind(), error.fault()), (ErrorKind::Uri, Fault::Caller), "{uri}");
            assert!(!format!("{error} {error:?}").contains("hush"));
        }
    }

    #[test]
    fn answers_are_read_by_their_content_type() {
        let read = Read::<Machine>::new(URI);
        let json = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Machine", "cpu": "2"}"#;
        let found = read.response(response(200, "application/json; charset=UTF-8", json)).unwrap();
        assert_eq!((found.content.value.cpu, found.format), (Some(2), Format::Json));
        assert_eq!((found.content.dialect, found.content.deviations.len()), (Some(Dialect::V1), 1));
        assert_eq!(found.etag.unwrap(), "524adf69");

        let xml = r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><cpu>2</cpu></Machine>"#;
        let found = read.response(response(200, "text/xml", xml)).unwrap();
        assert_eq!((found.content.value.cpu, found.format), (Some(2), Format::Xml));

        let page = Read::<Collection<Machine>>::new(URI);
        let json = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "machines": [{}, {}]}"#;
        let found = page.response(response(200, "application/json", json)).unwrap();
        assert_eq!(found.content.value.items.len(), 2);
    }

    #[test]
    fn other_statuses_keep_the_answer() {
        for (status, fault) in [(404, Fault::Caller), (503, Fault::Provider), (202, Fault::Peer), (304, Fault::Peer)] {
            let error = Read::<Machine>::new(URI).response(response(status, "text/html", "sorry")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Status(StatusCode::from_u16(status).unwrap()));
            assert_eq!(error.fault(), fault);
            let answer = error.answer().unwrap();
            assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (status, b"sorry".as_slice()));
            assert_eq!(answer.headers()["content-type"], "text/html");
            assert!(error.to_string().contains(&status.to_string()));
        }
    }

    #[test]
    fn unreadable_answers() {
        let read = Read::<Machine>::new(URI);
        for (content_type, body, kind) in [
            ("", "{}", ErrorKind::MediaType),
            ("text/html", "<html/>", ErrorKind::MediaType),
            ("application/json;", "{", ErrorKind::Document),
            ("application/json", "", ErrorKind::Document),
            ("application/json", "<Machine/>", ErrorKind::Document),
            ("application/xml", "{}", ErrorKind::Document),
            ("nonsense", "{}", ErrorKind::Header),
        ] {
            let error = read.response(response(200, content_type, body)).expect_err(body);
            assert_eq!((error.kind(), error.fault()), (kind, Fault::Peer), "{content_type} {body}");
            assert_eq!(error.answer().unwrap().body(), body.as_bytes());
            assert_eq!(error.source().is_some(), kind == ErrorKind::Document);
            assert!(error.source().is_none_or(<dyn std::error::Error>::is::<cimi_model::Error>));
        }
    }

    #[test]
    fn strict_reading_refuses_deviations() {
        let read = Read::<Machine>::new(URI).options(ReadOptions::strict());
        let error = read.response(response(200, "application/json", r#"{"cpu": "2"}"#)).unwrap_err();
        assert_eq!(error.to_string(), "the answer cannot be read as Machine");
        assert!(error.source().unwrap().to_string().contains("/Machine/cpu"));
    }
}
