//! Hostile requests and answers end soon, in a refusal and in little memory, on a small stack.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::format_collect,
    missing_docs,
    unreachable_pub,
    reason = "a test may fail loudly, and look at the clock"
)]

#[path = "../../cimi-model/tests/support/hostile.rs"]
mod hostile;

use cimi_model::reflect::Described;
use cimi_model::{Collection, Machine};
use cimi_protocol::client::Read;
use cimi_protocol::provider::{Outcome, Provider, Target};
use cimi_protocol::{Operation, content_type};
use hostile::{ELEMENTS, is_refused, json_values, xml_contents};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};

/// In one test, because memory is that of the whole process.
#[test]
fn hostile_messages() {
    assert_eq!(Provider::default().limits.elements, ELEMENTS);
    let uri = "http://schemas.dmtf.org/cimi/2/Machine";
    for (what, value, must_refuse) in json_values() {
        let texts = ["x", "machineTemplate"].map(|at| format!("{{\"{at}\":{value}}}"));
        for text in texts.iter().chain([&value]) {
            bodies(what, text, must_refuse);
        }
    }
    for (what, content, must_refuse) in xml_contents() {
        for name in ["MachineCreate", "Machine"] {
            let namespace = uri.trim_end_matches("/Machine");
            bodies(
                what,
                &format!("<{name} xmlns='{namespace}'><machineTemplate>{content}</machineTemplate></{name}>"),
                must_refuse,
            );
        }
        bodies(what, &content, false);
    }
    for (what, headers) in headers() {
        exchange(what, Method::GET, "/machines", headers.clone(), "", false);
        exchange(what, Method::PUT, "/machines", headers, "{}", true);
    }
    let n = 1_000_000;
    for path in [
        "/".repeat(20_000),
        "/%".repeat(10_000),
        format!("/machines?{}", "$select=a&".repeat(3_000)),
        "/..".repeat(10_000),
    ] {
        exchange("a path", Method::GET, &path, HeaderMap::new(), "", false);
    }
    exchange("spaces", Method::POST, "/machines", HeaderMap::new(), &" ".repeat(n), false);
    exchange("a large body", Method::POST, "/machines", HeaderMap::new(), &" ".repeat(9 * n), true);
}

/// As bodies of requests and of answers.
fn bodies(what: &str, text: &str, must_refuse: bool) {
    for method in [Method::POST, Method::PUT] {
        exchange(what, method, "/machines", HeaderMap::new(), text, must_refuse);
    }
    for status in [200, 202, 500] {
        is_refused(what, || {
            let mut answer = Response::new(text.as_bytes().to_vec());
            *answer.status_mut() = status.try_into().expect("a status");
            answer.headers_mut().insert("content-type", content_type(cimi_model::Format::of(text.as_bytes())));
            let read = Read::<Machine>::new("https://cloud.example.com/machines/1");
            read.response(answer).map(drop).map_err(|error| error.to_string())
        });
    }
}

fn exchange(what: &str, method: Method, uri: &str, headers: HeaderMap, body: &str, must_refuse: bool) {
    let mut request = Request::new(());
    (*request.method_mut(), *request.headers_mut()) = (method, headers);
    let Ok(uri) = uri.parse() else { return };
    *request.uri_mut() = uri;
    let (head, ()) = request.into_parts();
    let refused = is_refused(what, || {
        let provider = Provider { accept_unknown: true, ..Provider::default() };
        let answer = provider.answer(&head, None, |exchange| {
            let target = Target::collection(Collection::<Machine>::described());
            exchange.decode(&target, body.as_bytes())?;
            Ok(exchange.done(&Outcome::default()))
        });
        if answer.status().is_success() { Ok(()) } else { Err(answer.status().to_string()) }
    });
    assert!(refused || !must_refuse, "{what}: {uri} is not refused", uri = head.uri.path());
}

fn headers() -> Vec<(&'static str, HeaderMap)> {
    let n = 30_000;
    let one = |name: &'static str, value: String| {
        let value = HeaderValue::try_from(value).expect("a value");
        HeaderMap::from_iter([(HeaderName::from_static(name), value)])
    };
    vec![
        ("many types", one("accept", "application/x;q=0.1,".repeat(n))),
        ("many parameters", one("accept", format!("a/b{}", ";a=b".repeat(n)))),
        ("a text without an end", one("accept", format!("a/b;c=\"{}", "\\\"".repeat(n)))),
        ("many commas", one("accept", ",".repeat(n))),
        ("a long type", one("content-type", "a".repeat(n))),
        ("many tags", one("if-match", "\"a\", ".repeat(n))),
        ("a tag without an end", one("if-none-match", format!("\"{}", "a".repeat(n)))),
        ("a long length", one("content-length", "9".repeat(n))),
    ]
}
