//! Real exchanges with a provider of CIMI 1.x: a file of header fields and a file with the body each.

#![allow(clippy::expect_used, reason = "tests may fail loudly")]

use std::path::{Path, PathBuf};

use cimi_model::{Format, Generic};
use cimi_protocol::{Accept, ErrorKind, Operation, Read, content_format};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Response};

fn fields(lines: &str) -> HeaderMap {
    let fields = lines.lines().filter_map(|line| line.split_once(": "));
    fields
        .map(|(name, value)| (name.parse::<HeaderName>().expect(name), value.parse::<HeaderValue>().expect(value)))
        .collect()
}

/// The header fields of a request, and the response to it.
fn exchange(path: &Path) -> (HeaderMap, Response<Vec<u8>>) {
    let text = std::fs::read_to_string(path).expect("header fields").replace("\r\n", "\n");
    let (request, answer) = text.split_once("\n\n").expect("a request and an answer");
    let status = answer.split(' ').nth(1).expect("a status");
    let body = ["json", "xml", "txt"].map(|extension| path.with_extension(extension));
    let body = body.iter().find_map(|path| std::fs::read(path).ok()).unwrap_or_default();
    let mut response = Response::builder().status(status).body(body).expect("a response");
    *response.headers_mut() = fields(answer);
    (fields(request), response)
}

#[test]
fn answers_are_read_or_kept() {
    let Some(folder) = std::env::var_os("CIMI_TEST_DATA").map(PathBuf::from) else {
        println!("answers_are_read_or_kept: skipped, CIMI_TEST_DATA is not set");
        return;
    };
    let entries = std::fs::read_dir(folder.join("corpus/cimi-deltacloud")).expect("the corpus");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut read = 0;
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "headers")) {
        let (request, response) = exchange(&path);
        let accept = Accept::from_headers(&request).expect("an Accept");
        let (status, body, format) =
            (response.status().as_u16(), response.body().clone(), content_format(response.headers()));
        match Read::<Generic>::new("https://example.com/").response(response) {
            Ok(found) => {
                assert_eq!(status, 200, "{}", path.display());
                // Where the client asked for something that CIMI has, it got it, unless `$format` overrode it.
                let possible = accept.choose(&[Format::Json, Format::Xml]).is_ok();
                if possible && !path.to_string_lossy().contains("format") {
                    assert!(accept.choose(&[found.format]).is_ok(), "{}", path.display());
                }
                assert!(found.content.value.extensions.iter().next().is_some(), "{}", path.display());
                read += 1;
            }
            Err(error) => {
                let unreadable = status != 200 || format.is_err() || body.is_empty();
                assert!(unreadable, "{}: {error:?}", path.display());
                assert_eq!(matches!(error.kind(), ErrorKind::Status(_)), status != 200, "{}", path.display());
                assert_eq!(error.answer().map(Response::body), Some(&body));
            }
        }
    }
    println!("{read} answers were read");
    assert!(read > 100);
}
