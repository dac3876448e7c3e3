//! What consumers of 1.x send otherwise than the standard has it, put right before the libraries see it.

use cimi_model::Uri;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, uri::PathAndQuery};

use crate::cloud::{BASE, ENTRY_POINT};

/// Where the entry point is, for one who asks for what it is the entry to.
pub(crate) fn entry_point(head: &Parts, base: &Uri) -> Option<String> {
    let is_base = head.uri.path().trim_end_matches('/') == BASE.trim_end_matches('/');
    (is_base && matches!(head.method, Method::GET | Method::HEAD)).then(|| format!("{base}{ENTRY_POINT}"))
}

/// Says which version the answer is of, in a header that 2.0 has no more.
pub(crate) fn state_version(answer: &mut HeaderMap) {
    answer.insert("cimi-specification-version", HeaderValue::from_static("1.1.0"));
}

/// Makes of a head what a consumer of the standard would have sent.
pub(crate) fn understand(head: &mut Parts) {
    if let Some(path) = plain(head.uri.path()) {
        let query = head.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(path_and_query) = format!("{path}{query}").parse::<PathAndQuery>() {
            let mut parts = std::mem::take(&mut head.uri).into_parts();
            parts.path_and_query = Some(path_and_query);
            head.uri = http::Uri::from_parts(parts).unwrap_or_default();
        }
    }
    for name in [ACCEPT, CONTENT_TYPE] {
        if let Some(named) = head.headers.get(&name).and_then(|value| value.to_str().ok()).and_then(without_type_names)
        {
            head.headers.insert(name, named);
        }
    }
    // What HTTP libraries say of a body about which their users say nothing.
    let is_form = |value: &HeaderValue| value.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    if head.headers.get(CONTENT_TYPE).is_some_and(is_form) {
        head.headers.remove(CONTENT_TYPE);
    }
}

/// The path without slashes that mean nothing, and with the names of collections that the entry point has, if it is another.
fn plain(path: &str) -> Option<String> {
    let below = path.strip_prefix(BASE)?;
    let mut segments = below.split('/').filter(|segment| !segment.is_empty());
    let plain = match segments.next() {
        Some(first) => segments.fold(format!("{BASE}{}", collection(first)), |path, segment| path + "/" + segment),
        None => BASE.to_owned(),
    };
    (plain != path).then_some(plain)
}

/// `machineConfigs` of `machine_configurations`: consumers that were made for the first provider of 1.x do not ask the
/// entry point.
fn collection(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let joined = words.fold(first, |name, word| {
        let (initial, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        name + &initial.to_ascii_uppercase() + rest
    });
    match joined.strip_suffix("Configurations") {
        Some(stem) => format!("{stem}Configs"),
        None => joined,
    }
}

/// The media types without the names of CIMI's types, which drafts of 1.0 had in them:
/// `application/CIMI-MachineCollection+xml`.
fn without_type_names(value: &str) -> Option<HeaderValue> {
    let mut plain = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("application/CIMI-") {
        let (_, format) = after.split_once('+')?;
        plain.push_str(before);
        plain.push_str("application/");
        rest = format;
    }
    if plain.is_empty() {
        return None;
    }
    HeaderValue::try_from(plain + rest).ok()
}
