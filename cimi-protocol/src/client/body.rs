//! The bodies of answers.

use cimi_model::reflect::Described;
use cimi_model::{Document, Format, Generic, Job, Parsed, ReadOptions, Registry, Type, json, xml};
use http::{HeaderMap, header};

use crate::media::content_format;
use crate::{Error, ErrorKind, MediaType, Result};

/// The format of the body of an answer.
///
/// A lenient reader also takes what is no format of CIMI by name but can hold one: no media type at all, `text/plain`,
/// `application/octet-stream`, and those whose name ends in `+json` or `+xml`.
pub(super) fn format(headers: &HeaderMap, body: &[u8], options: &ReadOptions) -> Result<Format> {
    let stated = content_format(headers);
    match stated {
        Err(error) if error.kind() == ErrorKind::MediaType && !options.strict => sniffed(headers, body).ok_or(error),
        stated => stated,
    }
}

fn sniffed(headers: &HeaderMap, body: &[u8]) -> Option<Format> {
    let value = headers.get(header::CONTENT_TYPE);
    let Some(value) = value else { return begun(body) };
    let media_type: MediaType = value.to_str().ok()?.parse().ok()?;
    if media_type.other_charset().is_some() {
        return None;
    }
    let suffix = media_type.subtype().rsplit_once('+').map(|(_, suffix)| suffix);
    match (media_type.type_name(), media_type.subtype(), suffix) {
        (_, _, Some("json")) | ("text", "json", _) => Some(Format::Json),
        (_, "xhtml+xml", _) => None,
        (_, _, Some("xml")) => Some(Format::Xml),
        ("text", "plain", _) | ("application", "octet-stream", _) => begun(body),
        _ => None,
    }
}

/// The format that a body seems to be in, if any.
pub(super) fn begun(body: &[u8]) -> Option<Format> {
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start();
    match text.first()? {
        b'{' => Some(Format::Json),
        b'<' if !is_html(text) => Some(Format::Xml),
        _ => None,
    }
}

pub(super) fn is_html(text: &[u8]) -> bool {
    let begins = |start: &str| text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start.as_bytes()));
    begins("<!doctype") || begins("<html")
}

/// Reads a body as a type that the caller knows.
pub(super) fn read<T: Described>(format: Format, body: &[u8], options: &ReadOptions) -> Result<Parsed<T>> {
    let parsed = match format {
        Format::Xml => xml::from_slice(body, options),
        _ => json::from_slice(body, options),
    };
    parsed.map_err(|error| unreadable(T::described().name, error))
}

pub(super) fn unreadable(name: &str, error: cimi_model::Error) -> Error {
    Error::new(ErrorKind::Document, format!("the answer cannot be read as {name}")).caused_by(error)
}

/// What the body of an answer to a change is.
pub(super) enum Found<T> {
    Job(Box<Parsed<Job>>),
    Resource(Parsed<T>),
}

/// Reads a body that is a Job or a `T`, as it says itself. A body of JSON need not say it: then it is a Job if it has
/// what Jobs have and a `T` has not.
pub(super) fn read_job_or<T: Described>(format: Format, body: &[u8], options: &ReadOptions) -> Result<Found<T>> {
    if T::described().name != Job::described().name && is_job(format, body, options, T::described()) {
        return read(format, body, options).map(Box::new).map(Found::Job);
    }
    read(format, body, options).map(Found::Resource)
}

fn is_job(format: Format, body: &[u8], options: &ReadOptions, expected: &Type) -> bool {
    let Some(jobs) = Registry::standard().only(Job::described().name) else { return false };
    match Document::read(body, &jobs, options) {
        Ok(document) => document.value.as_ref::<Job>().is_some(),
        Err(error) if error.kind() == cimi_model::ErrorKind::Type && format == Format::Json => {
            json::from_slice::<Generic>(body, options).is_ok_and(|untyped| {
                let of_jobs =
                    ["affectedResources", "nestedJobs", "parentJob", "progress", "returnCode", "statusMessage"];
                let said = |name: &&str| untyped.value.extensions.get(name).is_some();
                of_jobs.iter().filter(|name| expected.attribute(name).is_none()).any(said)
            })
        }
        Err(_) => false,
    }
}
