//! Retrieving a representation (4.2.1.2).

use std::fmt;
use std::marker::PhantomData;

use cimi_model::reflect::Described;
use cimi_model::registry::Entry;
use cimi_model::{Document, Format, Parsed, ReadOptions, Registry, Uri};
use http::{Request, Response, StatusCode, header};

use super::{Failure, Transport, body, peer};
use crate::media::content_type;
use crate::query::Query;
use crate::{Operation, Representation, Result};

/// Retrieves a resource or collection: an HTTP GET to its URI (4.2.1.2).
///
/// ```
/// use cimi_model::{Collection, Machine};
/// use cimi_protocol::{Operation, Read};
///
/// let read = Read::<Collection<Machine>>::new("https://cloud.example.com/machines?zone=3");
/// let request = read.query("$last=10".parse()?).request()?;
/// assert_eq!((request.method().as_str(), request.uri().query()), ("GET", Some("zone=3&$last=10")));
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
///
/// The answer is read by its `Content-Type`, whatever format was asked for. It succeeds with status 200 only.
pub struct Read<T> {
    get: Get,
    // A reading does not own a T.
    target: PhantomData<fn() -> T>,
}

impl<T: Described> Read<T> {
    /// A reading of the resource with this URI, as the provider handed it out, made absolute.
    ///
    /// It asks for JSON, tolerates what deviates from the standard and demands `https`, unless told otherwise.
    pub fn new(uri: impl Into<Uri>) -> Self {
        Self { get: Get::new(uri.into()), target: PhantomData }
    }

    pub(super) fn with(get: Get) -> Self {
        Self { get, target: PhantomData }
    }

    /// Asks for this format (4.1.4).
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.get.format = format;
        self
    }

    /// Reads the answer in this way.
    #[must_use]
    pub fn options(mut self, options: ReadOptions) -> Self {
        self.get.options = options;
        self
    }

    /// Lets the request go to other URIs than those of `https`.
    #[must_use]
    pub fn transport(mut self, transport: Transport) -> Self {
        self.get.transport = transport;
        self
    }

    /// Adds query parameters to those that the URI has (4.1.6).
    #[must_use]
    pub fn query(mut self, query: Query) -> Self {
        self.get.query = query;
        self
    }

    /// Where the request goes, without the query parameters that are added.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.get.uri
    }

    /// The query parameters that are added.
    pub(super) fn parameters(&self) -> &Query {
        &self.get.query
    }
}

impl<T: Described> Operation for Read<T> {
    type Output = Representation<T>;

    /// # Errors
    /// Of kind [`Uri`](crate::ErrorKind::Uri) when the URI is not an absolute `http` or `https` URI, or holds user
    /// information, and [`Insecure`](crate::ErrorKind::Insecure) when it is one of `http` that is not allowed.
    fn request(&self) -> Result<Request<Vec<u8>>> {
        self.get.request()
    }

    /// # Errors
    /// Of kind [`Status`](crate::ErrorKind::Status) for every status but 200, [`MediaType`](crate::ErrorKind::MediaType)
    /// or [`Header`](crate::ErrorKind::Header) when the format of the body is not clear,
    /// [`Document`](crate::ErrorKind::Document) when the body cannot be read as `T`.
    fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<Representation<T>> {
        self.get.response(response, &|format, bytes, options| body::read(format, bytes, options))
    }
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        Self { get: self.get.clone(), target: PhantomData }
    }
}

impl<T> fmt::Debug for Read<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read").field("uri", &self.get.uri).field("query", &self.get.query).finish_non_exhaustive()
    }
}

/// Retrieves a resource or collection whose type the document says: an HTTP GET to its URI (4.2.1.2).
///
/// ```
/// use cimi_model::{Machine, Registry};
/// use cimi_protocol::Operation;
/// use cimi_protocol::client::ReadDocument;
///
/// let read = ReadDocument::new("https://cloud.example.com/machines/1", Registry::standard());
/// let body = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "cpu": 2}"#;
/// let response = http::Response::builder().header("Content-Type", "application/json").body(body)?;
/// let document = read.response(response)?.content.value;
/// assert_eq!(document.as_ref::<Machine>().and_then(|machine| machine.cpu), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReadDocument {
    get: Get,
    registry: Registry,
    expected: Option<Entry>,
}

impl ReadDocument {
    /// A reading of the resource with this URI, as the provider handed it out, made absolute; of one of these types, or of
    /// another, which is then a [`Generic`](cimi_model::Generic).
    pub fn new(uri: impl Into<Uri>, registry: Registry) -> Self {
        Self { get: Get::new(uri.into()), registry, expected: None }
    }

    pub(super) fn with(get: Get, registry: Registry) -> Self {
        Self { get, registry, expected: None }
    }

    /// The type that it is read as where the document does not say one, as JSON of 1.x need not.
    #[must_use]
    pub fn expecting(self, expected: Entry) -> Self {
        Self { expected: Some(expected), ..self }
    }

    /// Adds query parameters to those that the URI has (4.1.6).
    #[must_use]
    pub fn query(mut self, query: Query) -> Self {
        self.get.query = query;
        self
    }

    fn read(&self, format: Format, bytes: &[u8], options: &ReadOptions) -> Result<Parsed<Document>> {
        let found = Document::read(bytes, &self.registry, options);
        let silent = matches!(&found, Err(error) if error.kind() == cimi_model::ErrorKind::Type);
        let entry = self.expected.filter(|_| silent && format == Format::Json);
        let found = match entry {
            Some(entry) => Document::read_as(bytes, &entry, options),
            None if silent && !options.strict => Document::read_as(bytes, &Entry::of::<cimi_model::Generic>(), options),
            None => found,
        };
        found.map_err(|error| body::unreadable("a document", error))
    }
}

impl Operation for ReadDocument {
    type Output = Representation<Document>;

    /// # Errors
    /// As that of [`Read`].
    fn request(&self) -> Result<Request<Vec<u8>>> {
        self.get.request()
    }

    /// # Errors
    /// As that of [`Read`].
    fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<Representation<Document>> {
        self.get.response(response, &|format, bytes, options| self.read(format, bytes, options))
    }
}

/// What all readings share.
#[derive(Clone, Debug)]
pub(super) struct Get {
    pub(super) uri: Uri,
    pub(super) format: Format,
    pub(super) options: ReadOptions,
    pub(super) transport: Transport,
    pub(super) query: Query,
}

/// How a body is read.
type ReadBody<'r, T> = &'r dyn Fn(Format, &[u8], &ReadOptions) -> Result<Parsed<T>>;

impl Get {
    fn new(uri: Uri) -> Self {
        let (options, transport, query) = (ReadOptions::default(), Transport::default(), Query::default());
        Self { uri, format: Format::default(), options, transport, query }
    }

    fn request(&self) -> Result<Request<Vec<u8>>> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = peer::target(&self.query.append_to(&self.uri), self.transport)?;
        request.headers_mut().insert(header::ACCEPT, content_type(self.format));
        Ok(request)
    }

    fn response<T, B: AsRef<[u8]>>(&self, response: Response<B>, read: ReadBody<'_, T>) -> Result<Representation<T>> {
        if response.status() != StatusCode::OK {
            return Err(Failure::of(&response).into_error().found_in(response));
        }
        let (headers, bytes) = (response.headers(), response.body().as_ref());
        let content = body::format(headers, bytes, &self.options)
            .and_then(|format| Ok((format, read(format, bytes, &self.options)?)));
        match content {
            Ok((format, content)) => Ok(Representation { content, format, etag: headers.get(header::ETAG).cloned() }),
            Err(error) => Err(error.found_in(response)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use cimi_model::{Collection, Dialect, Machine};

    use super::*;
    use crate::{ErrorKind, Fault};

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
        let read = Read::<Machine>::new("HTTP://[::1]:8080").format(Format::Xml);
        assert_eq!(read.request().unwrap_err().kind(), ErrorKind::Insecure);
        let request = read.transport(Transport::HttpOnLoopback).request().unwrap();
        assert_eq!((request.uri().path(), &request.headers()["accept"]), ("/", &content_type(Format::Xml)));
        // A fragment is not sent.
        assert_eq!(Read::<Machine>::new("https://h/a#b").request().unwrap().uri(), "https://h/a");
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
            ("", "<!DOCTYPE html>", ErrorKind::MediaType),
            ("text/plain", "sorry", ErrorKind::MediaType),
            ("application/json;charset=latin1", "{}", ErrorKind::MediaType),
            ("text/plain;charset=latin1", "{}", ErrorKind::MediaType),
            ("application/xhtml+xml", "<html/>", ErrorKind::MediaType),
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
