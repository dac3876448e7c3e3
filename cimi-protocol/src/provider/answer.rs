//! Answers (4.1.7, 4.2).

use std::fmt;

use cimi_model::reflect::Record;
use cimi_model::{Format, Job, Scalar, Uri, attributes, json, xml};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::error_job::{self, Failed};
use super::etag::{self, ETag};
use super::preconditions::Tags;
use super::{Exchange, Refusal, Target};
use crate::content_type;
use crate::query::Source;

/// The header that leads to the Job of a request (4.1.7.1).
pub const JOB_URI: HeaderName = HeaderName::from_static("cimi-job-uri");

/// What an answer to a request says that has been carried out or accepted.
///
/// All of it is optional. URIs may be relative to the `baseURI`; they are sent absolute.
#[derive(Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Outcome<'a> {
    /// What the body shows: the new or updated resource, as far as it is known; or, where the request was only accepted,
    /// its Job.
    pub record: Option<&'a dyn Record>,
    /// The state of the resource. Without it, the entity tag is a digest of the body.
    pub etag: Option<&'a ETag>,
    /// The resource that is or will be created, or what a System was exported to. Of a new resource that is shown, its
    /// `id` is the default.
    pub location: Option<&'a Uri>,
    /// The Job of the request (4.2.1.6). Of a Job that is shown, its `id` is the default.
    pub job: Option<&'a Uri>,
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Outcome");
        out.field("record", &self.record).field("etag", &self.etag).field("location", &self.location);
        out.field("job", &self.job).finish()
    }
}

impl Exchange<'_> {
    /// 200: the representation of a resource or collection (4.2.1.2). The query of the request is
    /// [applied](crate::query::Query::apply) to it: a collection is filtered, sorted and subset, `source` has what is to be
    /// expanded, and only what is selected stays.
    ///
    /// ```
    /// use cimi_model::reflect::Described;
    /// use cimi_model::{Collection, Machine};
    /// use cimi_protocol::provider::{Call, Provider, Target};
    ///
    /// let provider = Provider { base: "https://cloud.example.com/".into(), ..Default::default() };
    /// let (head, _) = http::Request::get("/machines?$filter=cpu%3E1&$select=name").body(())?.into_parts();
    /// let answer = provider.answer(&head, None, |exchange| {
    ///     let small = Machine { name: Some("a".into()), cpu: Some(1), ..Default::default() };
    ///     let large = Machine { name: Some("b".into()), cpu: Some(2), ..Default::default() };
    ///     let mut machines: Collection<Machine> = [small, large].into_iter().collect();
    ///     exchange.decode(&Target::collection(Collection::<Machine>::TYPE), b"")?; // Call::Read
    ///     exchange.read(&mut machines, &(), None)
    /// });
    /// assert_eq!(
    ///     String::from_utf8(answer.into_body())?,
    ///     r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/MachineCollection","machines":[{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine","name":"b"}]}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`represent`](Self::represent).
    pub fn read(
        &self,
        record: &mut dyn Record,
        source: &dyn Source,
        etag: Option<&ETag>,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        // What the consumer has already need not be made.
        if let (Some(etag), None) = (etag, &self.query().expand) {
            self.check_unmodified(&etag.header(self.format()))?;
        }
        self.query().apply(record, self.provider().dialect, source);
        self.represent(record, etag)
    }

    /// 200, as [`read`](Self::read), of a record to which the provider has applied the [query](Self::query) itself.
    ///
    /// Give the state of the resource that [`Target::with_etag`] gets, too; without it, the entity tag is a digest of the
    /// body. Where the consumer has the representation already (`If-None-Match`), the answer is 304.
    ///
    /// # Errors
    /// 304, for [`refuse`](Self::refuse); 400 when `If-None-Match` is malformed.
    pub fn represent(&self, record: &dyn Record, etag: Option<&ETag>) -> Result<Response<Vec<u8>>, Refusal> {
        let expanded = self.query().expand.is_some();
        let body = self.write(record)?;
        let tag = match etag {
            // What is expanded changes without its referrer.
            Some(etag) if expanded => etag.header_with(self.format(), &body),
            Some(etag) => etag.header(self.format()),
            None => etag::of_bytes(&body),
        };
        self.check_unmodified(&tag)?;
        let mut response = self.with_body(StatusCode::OK, body);
        response.headers_mut().insert(header::ETAG, tag);
        Ok(self.finish(response))
    }

    /// 304, if the consumer says that it has this representation.
    fn check_unmodified(&self, tag: &HeaderValue) -> Result<(), Refusal> {
        match Tags::of(self.headers(), &header::IF_NONE_MATCH)? {
            Some(tags) if tags.names(tag) => Err(Refusal::not_modified(tag.clone())),
            _ => Ok(()),
        }
    }

    /// 201: a resource has been created (4.2.1.1). The body is the new resource, if it is given; `Location` is its URI.
    ///
    /// ```
    /// use cimi_model::Machine;
    /// use cimi_protocol::provider::{Outcome, Provider};
    ///
    /// let provider = Provider { base: "https://cloud.example.com/".into(), ..Default::default() };
    /// let (head, body) = http::Request::post("/machines").body(())?.into_parts();
    /// let exchange = provider.accept(&head)?;
    /// let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
    /// let answer = exchange.created(&Outcome { record: Some(&machine), job: Some(&"jobs/7".into()), ..Default::default() });
    /// assert_eq!(answer.status(), 201);
    /// assert_eq!(answer.headers()["location"], "https://cloud.example.com/machines/1");
    /// assert_eq!(answer.headers()["cimi-job-uri"], "https://cloud.example.com/jobs/7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn created(&self, outcome: &Outcome<'_>) -> Response<Vec<u8>> {
        self.outcome(StatusCode::CREATED, outcome)
    }

    /// 202: the request is being carried out (4.2.1.7). The body is the Job, or the resource as far as it is known, or
    /// nothing.
    #[must_use]
    pub fn accepted(&self, outcome: &Outcome<'_>) -> Response<Vec<u8>> {
        self.outcome(StatusCode::ACCEPTED, outcome)
    }

    /// 200: the request has been carried out (4.2.1.6): an update, a deletion, an operation. The body is the updated
    /// resource, if it is given.
    #[must_use]
    pub fn done(&self, outcome: &Outcome<'_>) -> Response<Vec<u8>> {
        self.outcome(StatusCode::OK, outcome)
    }

    /// 200: what is possible with a resource or collection, in the header `Allow` (RFC 9110, 9.3.7).
    #[must_use]
    pub fn options(&self, target: &Target<'_>) -> Response<Vec<u8>> {
        let mut response = empty(StatusCode::OK);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(target.allow()));
        self.finish(response)
    }

    /// The answer to a request that is not carried out (4.2.2): a Job that says why.
    #[must_use]
    pub fn refuse(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        let mut response =
            if refusal.status() == StatusCode::NOT_MODIFIED { empty(refusal.status()) } else { self.error(refusal) };
        response.headers_mut().extend(refusal.headers().clone());
        self.finish(response)
    }

    fn error(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        let transient = || {
            let target = self.target().map(conforming);
            error_job::of(refusal, Failed { target, action: self.action(), time: self.time().cloned() })
        };
        let own = refusal.job();
        let job = own.map_or_else(transient, Job::clone);
        let Ok(body) = self.write(&job) else { return empty(refusal.status()) };
        let mut response = self.with_body(refusal.status(), body);
        if let Some(id) = own.and_then(|job| job.id.as_ref()) {
            self.put_uri(response.headers_mut(), JOB_URI, id);
        }
        response
    }

    fn outcome(&self, status: StatusCode, outcome: &Outcome<'_>) -> Response<Vec<u8>> {
        let mut response = match outcome.record.map(|record| self.write(record)) {
            None => empty(status),
            Some(Ok(body)) => self.with_body(status, body),
            Some(Err(refusal)) => return self.refuse(&refusal),
        };
        let tag = match outcome.etag {
            Some(etag) => Some(etag.header(self.format())),
            // What a request that was accepted shows need not be what its URI will show.
            None if outcome.record.is_none() || status == StatusCode::ACCEPTED => None,
            None => Some(etag::of_bytes(response.body())),
        };
        let job = outcome.record.and_then(|record| record.as_any().downcast_ref::<Job>());
        let created = outcome
            .record
            .filter(|_| status == StatusCode::CREATED)
            .and_then(|record| attributes::text(record, "id"))
            .map(Uri::from);
        let accepted = job.filter(|_| status == StatusCode::ACCEPTED).and_then(|job| job.id.as_ref());
        let headers = response.headers_mut();
        if let Some(tag) = tag {
            headers.insert(header::ETAG, tag);
        }
        if let Some(location) = outcome.location.or(created.as_ref()) {
            self.put_uri(headers, header::LOCATION, location);
        }
        if let Some(job) = outcome.job.or(accepted) {
            self.put_uri(headers, JOB_URI, job);
        }
        self.finish(response)
    }

    fn write(&self, record: &dyn Record) -> Result<Vec<u8>, Refusal> {
        let options = self.provider().dialect.into();
        let written = match self.format() {
            Format::Xml => xml::to_vec(record, options),
            _ => json::to_vec(record, options),
        };
        written.map_err(Refusal::internal)
    }

    fn with_body(&self, status: StatusCode, body: Vec<u8>) -> Response<Vec<u8>> {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        // As many as an answer to a creation has.
        headers.reserve(6);
        headers.insert(header::CONTENT_TYPE, content_type(self.format()));
        headers.insert(header::VARY, HeaderValue::from_static("accept"));
        response
    }

    fn put_uri(&self, headers: &mut HeaderMap, name: HeaderName, uri: &Uri) {
        /// What a URI cannot hold, and a header must not.
        const EXCLUDED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');
        let uri = self.provider().absolute_text(uri);
        let value = if uri.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>')) {
            HeaderValue::try_from(uri.into_owned())
        } else {
            HeaderValue::try_from(utf8_percent_encode(&uri, EXCLUDED).to_string())
        };
        if let Ok(value) = value {
            headers.insert(name, value);
        }
    }

    /// Says how long the body is; HEAD gets that and no body (RFC 9110, 9.3.2).
    fn finish(&self, mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        if response.status() != StatusCode::NOT_MODIFIED {
            let length = HeaderValue::from(response.body().len());
            response.headers_mut().insert(header::CONTENT_LENGTH, length);
        }
        if self.method() == Method::HEAD {
            response.body_mut().clear();
        }
        response
    }
}

/// What a URI cannot hold, and some servers let pass in a path.
const IN_NO_URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'{').add(b'}').add(b'|').add(b'\\').add(b'^').add(b'`');

/// The URI as answers show it: what of it is in no URI is percent-encoded.
fn conforming(uri: Uri) -> Uri {
    if Uri::is_conforming(uri.as_str()) { uri } else { utf8_percent_encode(uri.as_str(), IN_NO_URI).to_string().into() }
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
