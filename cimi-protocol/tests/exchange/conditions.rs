//! Conditions (4.1.7.2; RFC 9110, 13.1).

use cimi_model::{Format, Machine};
use cimi_protocol::provider::{ETag, Provider, Target};
use http::{Method, Request, Response};

use super::support::{field, head, machine, provider};

/// The answer to a request to a Machine in a state.
fn answer(
    provider: &Provider,
    request: http::request::Builder,
    machine: &Machine,
    etag: Option<&ETag>,
) -> Response<Vec<u8>> {
    let head = head(request);
    provider.answer(&head, None, |exchange| {
        let mut target = Target::resource(machine);
        if let Some(etag) = etag {
            target = target.with_etag(etag);
        }
        exchange.decode(&target, b"{}")?;
        match *exchange.method() {
            Method::GET | Method::HEAD => exchange.represent(machine, etag),
            _ => Ok(exchange.done(&cimi_protocol::provider::Outcome { etag, ..Default::default() })),
        }
    })
}

#[test]
fn every_representation_has_an_entity_tag() {
    let machine = machine(&["edit"]);
    let etag = ETag::new("7");
    for etag in [Some(&etag), None] {
        let tag = |uri: &str| {
            let answer = answer(&provider(), Request::get(uri), &machine, etag);
            let tag = field(answer.headers(), "etag").to_owned();
            assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "{tag}");
            tag
        };
        // Strong entity tags tell representations apart.
        assert_ne!(tag("/cimi/machines/1"), tag("/cimi/machines/1?$format=xml"));
        assert_eq!(tag("/cimi/machines/1"), tag("/cimi/machines/1?$format=json"));
    }
}

#[test]
fn if_match() {
    let machine = machine(&["edit", "delete"]);
    let etag = ETag::new("7");
    for (value, matches) in [
        ("*", true),
        ("\"7-json\"", true),
        ("\"7-xml\"", true),
        ("7-json", true),
        ("\"6-json\", \"7-json\"", true),
        ("\"6-json\",,\"8-json\" , \"7-json\",", true),
        ("\"7\"", false),
        ("\"8-json\"", false),
        ("W/\"7-json\"", false),
        ("", false),
        ("\"\"", false),
    ] {
        for (method, expected) in [("PUT", 200), ("DELETE", 200), ("GET", 200)] {
            let request = Request::builder().method(method).uri("/cimi/machines/1").header("If-Match", value);
            let answer = answer(&provider(), request, &machine, Some(&etag));
            assert_eq!(answer.status(), if matches { expected } else { 412 }, "{method} {value}");
        }
    }
    let fields = Request::put("/cimi/machines/1").header("If-Match", "\"1-json\"").header("If-Match", "\"7-json\"");
    assert_eq!(answer(&provider(), fields, &machine, Some(&etag)).status(), 200);
}

/// Without a state, what a consumer has read tells whether the resource is still the same.
#[test]
fn if_match_by_digest() {
    let before = machine(&["edit"]);
    let after = Machine { name: Some("other".into()), ..before.clone() };
    for format in ["json", "xml"] {
        let read = answer(&provider(), Request::get(format!("/cimi/machines/1?$format={format}")), &before, None);
        let put = || Request::put("/cimi/machines/1").header("If-Match", field(read.headers(), "etag"));
        assert_eq!(answer(&provider(), put(), &before, None).status(), 200, "{format}");
        assert_eq!(answer(&provider(), put(), &after, None).status(), 412, "{format}");
    }
}

#[test]
fn if_none_match() {
    let machine = machine(&["edit"]);
    let etag = ETag::new("7");
    for (value, same) in [
        ("*", true),
        ("\"7-json\"", true),
        ("W/\"7-json\"", true),
        ("\"7-xml\"", false),
        ("\"8-json\", \"7-json\"", true),
        ("\"8-json\"", false),
        ("", false),
    ] {
        for method in ["GET", "HEAD"] {
            let request = Request::builder().method(method).uri("/cimi/machines/1").header("If-None-Match", value);
            let answer = answer(&provider(), request, &machine, Some(&etag));
            assert_eq!(answer.status(), if same { 304 } else { 200 }, "{method} {value}");
            assert_eq!(field(answer.headers(), "etag"), "\"7-json\"");
            if same {
                assert!(answer.body().is_empty() && !answer.headers().contains_key("content-type"));
                assert!(!answer.headers().contains_key("content-length"));
            }
        }
    }
    // Only what does not exist yet may be created so.
    let request = Request::put("/cimi/machines/1").header("If-None-Match", "*");
    assert_eq!(answer(&provider(), request, &machine, Some(&etag)).status(), 412);
    let request = Request::put("/cimi/machines/1").header("If-None-Match", "\"6-json\"");
    assert_eq!(answer(&provider(), request, &machine, Some(&etag)).status(), 200);

    let read = answer(&provider(), Request::get("/cimi/machines/1"), &machine, None);
    let again = Request::get("/cimi/machines/1").header("If-None-Match", field(read.headers(), "etag"));
    assert_eq!(answer(&provider(), again, &machine, None).status(), 304);
}

/// What is expanded changes without the resource.
#[test]
fn expanded_representations_are_told_apart() {
    let etag = ETag::new("7");
    let mut machine = machine(&["edit"]);
    let read =
        |machine: &Machine| answer(&provider(), Request::get("/cimi/machines/1?$expand=*"), machine, Some(&etag));
    let before = field(read(&machine).headers(), "etag").to_owned();
    machine.cpu = Some(64);
    let after = field(read(&machine).headers(), "etag").to_owned();
    assert_ne!(before, after);
    let again = Request::get("/cimi/machines/1?$expand=*").header("If-None-Match", &before);
    assert_eq!(answer(&provider(), again, &machine, Some(&etag)).status(), 200);
    // Both name the state of the resource.
    let put = Request::put("/cimi/machines/1").header("If-Match", &before);
    assert_eq!(answer(&provider(), put, &machine, Some(&etag)).status(), 200);
}

#[test]
fn conditions_by_hand() {
    let provider = provider();
    let etag = ETag::new("7");
    let check = |method: &str, name: &str, value: &str, etag: Option<&ETag>| {
        let head = head(Request::builder().method(method).uri("/").header(name, value));
        let status = provider.accept(&head).unwrap().check(etag).map_err(|refusal| refusal.status().as_u16());
        status.err().unwrap_or(200)
    };
    assert_eq!(check("PUT", "If-Match", "\"7-json\"", Some(&etag)), 200);
    assert_eq!(check("PUT", "If-Match", "\"6-json\"", Some(&etag)), 412);
    // What does not exist has no state.
    assert_eq!(check("PUT", "If-Match", "*", None), 412);
    assert_eq!(check("PUT", "If-None-Match", "*", None), 200);
    assert_eq!(check("PUT", "If-None-Match", "*", Some(&etag)), 412);
    assert_eq!(check("GET", "If-None-Match", "\"7-json\"", Some(&etag)), 304);
    assert_eq!(check("GET", "If-None-Match", "\"7-xml\"", Some(&etag)), 200);
    assert_eq!(check("GET", "Accept", "*/*", None), 200);
    assert_eq!(ETag::new("7").header(Format::Json), "\"7-json\"");
}
