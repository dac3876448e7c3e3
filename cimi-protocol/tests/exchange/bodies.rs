//! Bodies and their limits: media types, lengths, what is malformed (4.1.4, 4.1.5).

use cimi_model::reflect::Described;
use cimi_model::{Collection, Format, Limits, Machine};
use cimi_protocol::provider::{Provider, Refusal, Target};
use http::request::Builder;
use http::{HeaderValue, Request};

use super::support::{call, field, head, post, provider};

const JSON: &str = r#"{"machineTemplate": {"href": "t"}}"#;
const XML: &str =
    r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="t"/></MachineCreate>"#;

fn machines() -> Target<'static> {
    Target::collection(Collection::<Machine>::TYPE)
}

/// The status of the answer to a request, 200 for one that is understood.
fn outcome(provider: &Provider, request: Builder, body: impl AsRef<[u8]>) -> u16 {
    call(provider, request, &machines(), body).map_or_else(|refusal| refusal.status().as_u16(), |_| 200)
}

#[test]
fn media_types() {
    let strict = Provider { strict: true, ..provider() };
    for (content_type, body, expected) in [
        (Some("application/json"), JSON, 200),
        (Some("application/json; charset=utf-8"), JSON, 200),
        (Some("APPLICATION/JSON;charset=\"UTF-8\""), JSON, 200),
        (Some("application/xml"), XML, 200),
        (Some("text/xml"), XML, 200),
        (Some("application/json"), XML, 400),
        (Some("application/xml"), JSON, 400),
        (Some("text/plain"), JSON, 415),
        (Some("application/x-www-form-urlencoded"), JSON, 415),
        (Some("application/json; charset=utf-16"), JSON, 415),
        (Some("json"), JSON, 400),
    ] {
        for provider in [&provider(), &strict] {
            let mut request = Request::post("/cimi/machines");
            if let Some(content_type) = content_type {
                request = request.header("Content-Type", content_type);
            }
            assert_eq!(outcome(provider, request, body), expected, "{content_type:?} {body}");
        }
    }
}

/// The first character says it, unless the provider is strict.
#[test]
fn without_a_media_type() {
    let strict = Provider { strict: true, ..provider() };
    for (body, expected) in [(JSON, 200), (XML, 200), (" \n{", 400), ("a=b", 415), ("[]", 415), ("", 400)] {
        let request = || Request::post("/cimi/machines");
        assert_eq!(outcome(&provider(), request(), body), expected, "{body}");
        assert_eq!(outcome(&strict, request(), body), if body.is_empty() { 400 } else { 415 }, "{body}");
    }
    let marked = [b"\xEF\xBB\xBF".as_slice(), XML.as_bytes()].concat();
    assert_eq!(outcome(&provider(), Request::post("/cimi/machines"), marked), 200);
}

#[test]
fn an_unsupported_media_type_is_told_what_is_supported() {
    let text = head(Request::post("/").header("Content-Type", "text/plain"));
    let answer = provider().refuse(&text, &provider().accept(&text).unwrap_err());
    assert_eq!(field(answer.headers(), "accept"), "application/json, application/xml");
    let zipped = head(Request::post("/").header("Content-Type", "application/json").header("Content-Encoding", "gzip"));
    let answer = provider().refuse(&zipped, &provider().accept(&zipped).unwrap_err());
    assert_eq!((answer.status().as_u16(), field(answer.headers(), "accept-encoding")), (415, "identity"));
    let plain = post(Format::Json).header("Content-Encoding", "identity");
    assert_eq!(outcome(&provider(), plain, JSON), 200);
}

/// A consumer that does not say what it accepts is answered in the format that it speaks (4.2.1.1).
#[test]
fn answers_come_in_the_format_of_the_request() {
    for (content_type, accept, expected) in [
        ("application/xml", None, Format::Xml),
        ("application/xml", Some("*/*"), Format::Xml),
        ("application/json", None, Format::Json),
        ("application/xml", Some("application/json"), Format::Json),
    ] {
        let mut request = Request::post("/cimi/machines").header("Content-Type", content_type);
        if let Some(accept) = accept {
            request = request.header("Accept", accept);
        }
        assert_eq!(provider().accept(&head(request)).unwrap().format(), expected);
    }
    let request = Request::post("/cimi/machines?$format=json").header("Content-Type", "application/xml");
    assert_eq!(provider().accept(&head(request)).unwrap().format(), Format::Json);
}

#[test]
fn lengths_are_checked_before_and_after_the_body_is_read() {
    let small = Provider { limits: Limits { size: 100, ..Limits::default() }, ..provider() };
    for (length, expected) in [
        ("100", 200),
        ("101", 413),
        ("18446744073709551615", 413),
        ("99999999999999999999999", 400),
        ("-1", 400),
        ("1e2", 400),
        ("", 400),
    ] {
        let request = head(post(Format::Json).header("Content-Length", length));
        let status = small.accept(&request).map_or_else(|refusal| refusal.status().as_u16(), |_| 200);
        assert_eq!(status, expected, "{length}");
    }
    assert_eq!(outcome(&small, post(Format::Json), JSON), 200);
    assert_eq!(outcome(&small, post(Format::Json), format!("{JSON:>101}")), 413);
    // Of what is only read, the body does not matter.
    assert!(small.accept(&head(Request::get("/").header("Content-Length", "1000"))).is_ok());
}

#[test]
fn other_limits() {
    let limited = |limits: Limits| Provider { limits, accept_unknown: true, ..provider() };
    let deep = limited(Limits { depth: 3, ..Limits::default() });
    assert_eq!(outcome(&deep, post(Format::Json), r#"{"machineTemplate": {"href": "t"}, "a": {"b": {}}}"#), 200);
    assert_eq!(outcome(&deep, post(Format::Json), r#"{"machineTemplate": {"href": "t"}, "a": {"b": {"c": {}}}}"#), 413);
    let few = limited(Limits { elements: 3, ..Limits::default() });
    assert_eq!(outcome(&few, post(Format::Json), r#"{"machineTemplate": {"href": "t"}, "a": [1, 2, 3, 4]}"#), 413);
    let short = Provider { uri_length: 20, ..provider() };
    assert!(short.accept(&head(Request::get("/cimi/machines/12345"))).is_ok());
    let refusal = short.accept(&head(Request::get("/cimi/machines/12345?"))).unwrap_err();
    assert_eq!(refusal.status(), 414);
}

/// What is malformed is told with path, line and column.
#[test]
fn malformed_bodies() {
    for (format, body, place) in [
        (Format::Json, "{\"name\": \"a\",\n \"name\": \"b\"}", "line 2"),
        (Format::Json, "{\"name\": \"a\",\n  oops}", "line 2, column 3"),
        (
            Format::Json,
            "{\"machineTemplate\": {\"machineConfig\": {\"cpu\": 1 2}}}",
            "/MachineCreate/machineTemplate: expected `,` or `}` (line 1, column 49)",
        ),
        (Format::Json, "", "no body"),
        (Format::Json, "[]", "line 1"),
        (Format::Json, "\u{feff}{", "line 1"),
        (Format::Xml, "<MachineCreate", "line 1"),
        (Format::Xml, "<MachineCreate>\n<name>a</nam></MachineCreate>", "line 2"),
        (Format::Xml, "<!DOCTYPE a><MachineCreate/>", "DOCTYPE"),
        (
            Format::Xml,
            "<MachineCreate xmlns='http://schemas.dmtf.org/cimi/2'><name>&nope;</name></MachineCreate>",
            "/MachineCreate/name",
        ),
    ] {
        let refusal: Refusal = call(&provider(), post(format), &machines(), body).unwrap_err();
        assert_eq!(refusal.status(), 400, "{body}");
        assert!(refusal.message().contains(place), "{body}: {refusal}");
    }
    assert_eq!(outcome(&provider(), post(Format::Json), [b'{', 0xFF, b'}']), 400);
    assert_eq!(outcome(&provider(), post(Format::Xml), [b'<', 0xFF, b'>']), 400);
}

/// A value that could not be understood has a place, too.
#[test]
fn bad_values_are_told_with_their_place() {
    let body = "{\"machineTemplate\": {\"machineConfig\": {\n  \"cpu\": \"many\"}}}";
    let refusal = call(&provider(), post(Format::Json), &machines(), body).unwrap_err();
    assert_eq!(refusal.status(), 400);
    assert!(refusal.message().starts_with("/MachineCreate/machineTemplate/machineConfig/cpu: "), "{refusal}");
    assert!(refusal.message().ends_with("line 2, column 10"), "{refusal}");
}

#[test]
fn headers_that_nobody_meant_well() {
    for (name, value) in [
        ("Accept", &b"\xFF"[..]),
        ("Content-Type", b"\xFF/json"),
        ("Content-Length", b"\xFF"),
        ("If-Match", b"\xFF"),
        ("If-Match", b"\"open"),
        ("If-Match", b"\"a\" \"b\""),
        ("If-None-Match", b"\"open"),
    ] {
        let value = HeaderValue::from_bytes(value).unwrap();
        let request = Request::post("/cimi/machines").header(name, value);
        assert_eq!(outcome(&provider(), request, JSON), 400, "{name}");
    }
    let two = post(Format::Json).header("Content-Type", "application/xml");
    assert_eq!(outcome(&provider(), two, JSON), 400);
    for query in ["$first=x", "$orderby=name:sideways"] {
        let request = Request::post(format!("/cimi/machines?{query}"));
        assert_eq!(outcome(&provider(), request, JSON), 400, "{query}");
    }
}
