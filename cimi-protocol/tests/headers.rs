//! Header fields that nobody meant well, and a second opinion on negotiation.

use cimi_model::{Format, Machine};
use cimi_protocol::{Accept, ErrorKind, MediaType, Operation, Read, content_format};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const OFFERED: [Format; 2] = [Format::Json, Format::Xml];

/// Values near to the grammar reach more of a parser than random bytes.
fn near_values() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 18] = [
        b"application",
        b"json",
        b"xml",
        b"text",
        b"*",
        b"/",
        b";",
        b"q=0.5",
        b"charset",
        b"=",
        b"utf-8",
        b"\"",
        b"\\",
        b", ",
        b" ",
        b"\t",
        b"\xC3\xA9",
        b"\xFF",
    ];
    vec(select(&PIECES[..]), 0..16).prop_map(|pieces| pieces.concat())
}

fn headers(name: HeaderName, value: &[u8]) -> HeaderMap {
    HeaderValue::from_bytes(value).map(|value| HeaderMap::from_iter([(name, value)])).unwrap_or_default()
}

fn check_value(value: &[u8]) -> Result<(), TestCaseError> {
    if let Err(error) = Accept::from_headers(&headers(ACCEPT, value)).and_then(|accept| accept.choose(&OFFERED)) {
        prop_assert!(matches!(error.kind(), ErrorKind::Header | ErrorKind::NotAcceptable));
    }
    if let Err(error) = content_format(&headers(CONTENT_TYPE, value)) {
        prop_assert!(matches!(error.kind(), ErrorKind::Header | ErrorKind::MediaType));
    }
    // What can be parsed is printed as what is parsed to the same.
    if let Some(media_type) = std::str::from_utf8(value).ok().and_then(|text| text.parse::<MediaType>().ok()) {
        let printed = media_type.to_string();
        prop_assert_eq!(printed.parse::<MediaType>().ok(), Some(media_type), "{}", printed);
    }
    Ok(())
}

/// A range: type, subtype, and weight in thousandths.
fn ranges() -> impl Strategy<Value = Vec<(&'static str, u16)>> {
    const NAMES: [&str; 6] = ["application/json", "application/xml", "application/*", "*/*", "text/*", "text/html"];
    let weight = prop_oneof![Just(0), Just(1000), 0..=1000_u16];
    vec((select(&NAMES[..]), weight), 1..6)
}

/// RFC 9110, 12.5.1, said in another way: the first name of the list that any range has decides.
fn weight(ranges: &[(&str, u16)], names: [&str; 3]) -> u16 {
    let of = |name| ranges.iter().filter(|range| range.0 == name).map(|range| range.1).max();
    names.into_iter().find_map(of).unwrap_or(0)
}

proptest! {
    #[test]
    fn arbitrary_values_never_panic(value in vec(any::<u8>(), 0..64)) {
        check_value(&value)?;
    }

    #[test]
    fn near_values_never_panic(value in near_values()) {
        check_value(&value)?;
    }

    #[test]
    fn arbitrary_answers_never_panic(
        status in 100..1000_u16,
        content_type in prop_oneof![near_values(), Just(b"application/json".to_vec()), Just(b"text/xml".to_vec())],
        body in vec(any::<u8>(), 0..64),
    ) {
        let mut response = Response::builder().status(status).body(body.clone()).unwrap();
        *response.headers_mut() = headers(CONTENT_TYPE, &content_type);
        if let Err(error) = Read::<Machine>::new("https://example.com/").response(response) {
            prop_assert_eq!(error.answer().map(Response::body), Some(&body));
        }
    }

    #[test]
    fn arbitrary_uris_never_panic(uri in any::<String>(), path in any::<String>()) {
        for uri in [uri, format!("https://example.com/{path}")] {
            if let Ok(request) = Read::<Machine>::new(uri).request() {
                prop_assert!(request.uri().host().is_some_and(|host| !host.is_empty()));
            }
        }
    }

    #[test]
    fn negotiation_follows_the_rfc(ranges in ranges()) {
        let print = |&(name, weight): &(&str, u16)| format!("{name};q={}.{:03}", weight / 1000, weight % 1000);
        let text = ranges.iter().map(print).collect::<Vec<_>>().join(", ");
        let json = weight(&ranges, ["application/json", "application/*", "*/*"]);
        let xml = weight(&ranges, ["application/xml", "application/*", "*/*"]);
        let expected = match (json, xml) {
            (0, 0) => None,
            _ if xml > json => Some(Format::Xml),
            _ => Some(Format::Json),
        };
        let accept: Accept = text.parse().unwrap();
        prop_assert_eq!(accept.choose(&OFFERED).ok(), expected, "{}", text);
    }
}
