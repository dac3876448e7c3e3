//! One operation of a batch as it is carried out.

use std::fmt;

use cimi_model::any::Any;
use cimi_model::reflect::Record;
use cimi_model::registry::Entry;
use cimi_model::{Action, Document, Format, Job, Parsed, ReadOptions, Registry, Uri};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::InvalidUri;
use http::{Method, Response, StatusCode};

use super::body;
use crate::media::content_type;
use crate::provider::JOB_URI;
use crate::{Error, ErrorKind, Result};

/// An operation of a batch with URIs in place of the results that it refers to.
///
/// `Debug` does not show the body, which may hold secrets.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// The operation, as [`Type::operations`](cimi_model::Type::operations) names it: `add`, `edit`, `delete`, `start`, or
    /// the whole URI of a provider's own.
    pub action: String,
    /// What it is sent to.
    pub target: Uri,
    /// The body, as it stands in the step.
    pub body: Option<Any>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("action", &self.action).field("target", &self.target).finish_non_exhaustive()
    }
}

impl Request {
    /// The body, if there is one, as a document of its type. A body that does not say its type is of the type that is
    /// `expected`; for an action that is [`Action`].
    ///
    /// # Errors
    /// When the body cannot be read as such.
    pub fn document(
        &self,
        registry: &Registry,
        expected: Option<&Entry>,
        options: &ReadOptions,
    ) -> cimi_model::Result<Option<Parsed<Document>>> {
        let Some(body) = self.full_body()? else { return Ok(None) };
        let (text, _) = body::text(&body)?;
        let action = Entry::of::<Action>();
        let expected = expected.or_else(|| self.is_action().then_some(&action));
        match expected.filter(|_| !body::says_type(&body)) {
            Some(entry) => Document::read_as(&text, entry, options).map(Some),
            None => Document::read(&text, registry, options).map(Some),
        }
    }

    /// The request as a message: POST for `add` and actions, PUT for `edit`, DELETE for `delete` (4.2.1). A provider gives it
    /// to the part of itself that serves such messages, one that stands before other clouds sends it on. A relative target
    /// is resolved against `base`, the `baseURI`.
    ///
    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when the target cannot be used in a request, [`Document`](ErrorKind::Document) when
    /// the body is not one.
    pub fn to_http(&self, base: &Uri) -> Result<http::Request<Vec<u8>>> {
        let unreadable =
            |error| Error::new(ErrorKind::Document, "the body of the step is not a request").caused_by(error);
        let unusable = || Error::new(ErrorKind::Uri, "the target of the step cannot be used in a request");
        let body = self.full_body().map_err(unreadable)?;
        let text = body.as_ref().map(body::text).transpose().map_err(unreadable)?;
        let mut request = http::Request::new(Vec::new());
        let target = self.target.resolve(base).map_err(|error| unusable().caused_by(error))?;
        *request.uri_mut() = target.as_str().parse().map_err(|error: InvalidUri| unusable().caused_by(error))?;
        *request.method_mut() = match self.action.as_str() {
            "edit" => Method::PUT,
            "delete" => Method::DELETE,
            _ => Method::POST,
        };
        request.headers_mut().insert(header::ACCEPT, content_type(Format::Json));
        if let Some((text, format)) = text {
            request.headers_mut().insert(header::CONTENT_TYPE, content_type(format));
            request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
            *request.body_mut() = text;
        }
        Ok(request)
    }

    fn is_action(&self) -> bool {
        !matches!(self.action.as_str(), "add" | "edit" | "delete")
    }

    /// The body; a request for an action has one that says so.
    fn full_body(&self) -> cimi_model::Result<Option<Any>> {
        match (&self.body, self.is_action()) {
            (None, true) => body::of_action(&self.action).map(Some),
            (None, false) => Ok(None),
            (Some(body), false) => Ok(Some(body.clone())),
            (Some(body), true) => {
                let mut body = body.clone();
                body::set_action(&mut body, &self.action);
                Ok(Some(body))
            }
        }
    }
}

/// What an operation has led to, for those that refer to its result.
#[derive(Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct StepResult {
    /// The resource that was created. Without it, the result of an operation is what it was sent to.
    pub resource: Option<Uri>,
    /// The representation of the result, for references to what its attributes refer to.
    pub record: Option<Box<dyn Record>>,
    /// Further resources that were affected.
    pub affected: Vec<Uri>,
}

/// What an answer to the message of an operation says.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each")]
pub enum Reported {
    /// It has been carried out.
    Done(StepResult),
    /// It is being carried out: its Job says more, if there is one (4.2.1.7).
    Accepted {
        /// The URI of the Job.
        job: Option<Uri>,
        /// What is known of the result.
        result: StepResult,
    },
    /// It has failed.
    Failed {
        /// The return code, if there is one.
        code: Option<i64>,
        /// Why, in the words of the one that answered.
        message: String,
    },
}

impl Reported {
    /// What an answer says: that of a provider itself, or of another cloud that the request was sent on to. A body that
    /// cannot be read says nothing.
    ///
    /// ```
    /// use cimi_model::Registry;
    /// use cimi_protocol::batch::Reported;
    ///
    /// let answer = http::Response::builder().status(201).header("Location", "https://example.com/machines/1").body("")?;
    /// let Reported::Done(result) = Reported::of(&answer, &Registry::standard()) else { panic!() };
    /// assert_eq!(result.resource, Some("https://example.com/machines/1".into()));
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(answer: &Response<B>, registry: &Registry) -> Self {
        let parsed = Document::read(answer.body().as_ref(), registry, &ReadOptions::default());
        let document = parsed.ok().map(|parsed| parsed.value);
        Self::of_parts(answer.status(), answer.headers(), document)
    }

    fn of_parts(status: StatusCode, headers: &HeaderMap, document: Option<Document>) -> Self {
        let uri = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(Uri::from);
        let job = document.as_ref().and_then(Document::as_ref::<Job>);
        if !status.is_success() {
            let said = job.and_then(|job| job.status_message.clone()).filter(|message| !message.is_empty());
            let message = said.unwrap_or_else(|| format!("the answer was {status}"));
            return Self::Failed { code: job.and_then(|job| job.return_code), message };
        }
        let of_job = job.and_then(|job| job.id.clone());
        let record = document.filter(|document| document.as_ref::<Job>().is_none());
        let record = record.map(|document| document.record().boxed_clone());
        let result = StepResult { resource: uri(header::LOCATION), record, affected: Vec::new() };
        match status {
            StatusCode::ACCEPTED => Self::Accepted { job: uri(JOB_URI).or(of_job), result },
            _ => Self::Done(result),
        }
    }
}
