//! HTTP messages as the inputs have them: a first line, header fields, an empty line, and the body.

use http::{HeaderName, HeaderValue, Request, Response};

/// The lines of the head, and the body.
fn parts(input: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (input.get(..end)?, input.get(end + 2..)?),
        None => (input, &b""[..]),
    };
    Some((std::str::from_utf8(head).ok()?.lines().collect(), body))
}

fn fields(lines: &[&str]) -> impl Iterator<Item = Option<(HeaderName, HeaderValue)>> {
    lines.iter().map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.parse().ok()?, HeaderValue::from_bytes(value.trim().as_bytes()).ok()?))
    })
}

/// `METHOD URI`, as a server hands it over.
pub(crate) fn request(input: &[u8]) -> Option<(http::request::Parts, &[u8])> {
    let (lines, body) = parts(input)?;
    let (first, others) = lines.split_first()?;
    let (method, uri) = first.split_once(' ')?;
    let (mut head, ()) = Request::builder().method(method).uri(uri).body(()).ok()?.into_parts();
    for field in fields(others) {
        let (name, value) = field?;
        head.headers.append(name, value);
    }
    Some((head, body))
}

/// `STATUS`, as a client gets it.
pub(crate) fn response(input: &[u8]) -> Option<Response<Vec<u8>>> {
    let (lines, body) = parts(input)?;
    let (first, others) = lines.split_first()?;
    let mut response = Response::builder().status(*first).body(body.to_vec()).ok()?;
    for field in fields(others) {
        let (name, value) = field?;
        response.headers_mut().append(name, value);
    }
    Some(response)
}
