//! The messages of a negotiation.

use cimi_model::ext::agreement::{Agreement, AgreementAction, AgreementLink, Decision};
use http::header::{CONTENT_TYPE, LOCATION};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};

use super::rendering::Rendering;
use super::sla::{AGREEMENT, AGREEMENT_LINK, agreement, agreement_rendering, link};
use crate::{Error, ErrorKind, MediaType, Result};

/// The media type of renderings in bodies.
const TEXT: &str = "text/plain";

/// What a request asks for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Call {
    /// To show what is there: a resource, or with the query interface (`/-/`, `/.well-known/org/ogf/occi/`) all categories.
    Read,
    /// To make an agreement of an offer (`POST` to a collection, or `PUT` to where it shall be).
    Offer(Agreement),
    /// To do something with an agreement (`?action=agree`).
    Perform(AgreementAction),
    /// To put a resource under an agreement.
    Link(AgreementLink),
    /// To set what a resource is and has to just this (`PUT`), or to change some of it (`POST`).
    Change {
        /// What it says.
        rendering: Rendering,
        /// Whether what it does not say is to go.
        is_full: bool,
    },
    /// To delete it.
    Delete,
}

impl Call {
    /// Reads a request: the header fields, or the body where that is `text/plain`.
    ///
    /// # Errors
    /// [`ErrorKind::Header`] where a field or line does not follow the grammar, or the method is not one of OCCI;
    /// [`ErrorKind::MediaType`] for bodies that are not text.
    pub fn of(head: &Parts, body: &[u8]) -> Result<Self> {
        match head.method {
            Method::GET | Method::HEAD => return Ok(Self::Read),
            Method::DELETE => return Ok(Self::Delete),
            Method::POST | Method::PUT => {}
            ref other => return Err(Error::new(ErrorKind::Header, format!("OCCI has no {other}"))),
        }
        if let Some(action) = action(head) {
            return Ok(Self::Perform(AgreementAction::from(action)));
        }
        let rendering = read(head, body)?;
        if rendering.is_a(AGREEMENT_LINK) {
            return link(&rendering).map(Self::Link);
        }
        if rendering.is_a(AGREEMENT) {
            return agreement(&rendering).map(Self::Offer);
        }
        Ok(Self::Change { rendering, is_full: head.method == Method::PUT })
    }
}

fn action(head: &Parts) -> Option<&str> {
    let mut parameters = head.uri.query()?.split('&');
    parameters.find_map(|parameter| parameter.strip_prefix("action="))
}

fn read(head: &Parts, body: &[u8]) -> Result<Rendering> {
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or(TEXT);
    let media: MediaType = content_type.parse()?;
    match (media.type_name(), media.subtype()) {
        ("text", "plain") if !body.is_empty() => {
            let text = std::str::from_utf8(body);
            Rendering::from_text(
                text.map_err(|error| Error::new(ErrorKind::Header, "the body is not UTF-8").caused_by(error))?,
            )
        }
        ("text", "occi" | "plain") => Rendering::from_headers(&head.headers),
        _ => Err(Error::new(ErrorKind::MediaType, "a rendering of OCCI is text/occi or text/plain")),
    }
}

/// What a provider answers to an offer: 201 with where the agreement is, 302 with where the temporary agreement of a
/// counter-offer is, or 400 with all reasons, a line for each.
///
/// # Errors
/// [`ErrorKind::Header`] when the location is not one.
pub fn answer(decision: &Decision, location: &str) -> Result<Response<Vec<u8>>> {
    let (status, text, location) = match decision {
        Decision::Accept(agreement) => (StatusCode::CREATED, agreement_rendering(agreement).to_text(), Some(location)),
        Decision::Counter(agreement) => (StatusCode::FOUND, agreement_rendering(agreement).to_text(), Some(location)),
        Decision::Refuse(problems) => {
            let lines: Vec<String> =
                problems.iter().map(|problem| format!("{}: {}", problem.path, problem.text)).collect();
            (StatusCode::BAD_REQUEST, lines.join("\n") + "\n", None)
        }
    };
    let mut response = Response::new(text.into_bytes());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if let Some(location) = location {
        let value = HeaderValue::from_str(location);
        let value = value.map_err(|error| Error::new(ErrorKind::Header, "the location is not one").caused_by(error))?;
        response.headers_mut().insert(LOCATION, value);
    }
    Ok(response)
}
