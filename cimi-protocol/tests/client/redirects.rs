//! Which redirects are followed, and what goes along.

use cimi_protocol::ErrorKind;
use cimi_protocol::client::{Authorization, Transport, redirect};
use http::{HeaderValue, Method, Request};

use crate::answer;

fn request(method: Method, uri: &str) -> Request<Vec<u8>> {
    let builder = Request::builder().method(method).uri(uri).header("Content-Type", "application/json");
    builder.header("Authorization", "Basic hush").header("Accept", "application/json").body(b"{}".to_vec()).unwrap()
}

#[test]
fn table() {
    const HERE: &str = "https://a.example.com/x";
    let get = &Method::GET;
    let post = &Method::POST;
    for (method, from, status, location, expected) in [
        (get, HERE, 200, "", Ok(None)),
        (get, HERE, 304, "https://a.example.com/y", Ok(None)),
        (get, HERE, 404, "https://a.example.com/y", Ok(None)),
        (get, HERE, 301, "https://a.example.com/y", Ok(Some(("https://a.example.com/y", get, true)))),
        (get, HERE, 302, "/y", Ok(Some(("https://a.example.com/y", get, true)))),
        (get, HERE, 303, "y?a=b", Ok(Some(("https://a.example.com/y?a=b", get, true)))),
        (get, HERE, 307, "https://A.example.com:443/y", Ok(Some(("https://A.example.com:443/y", get, true)))),
        (get, HERE, 308, "https://b.example.com/y", Ok(Some(("https://b.example.com/y", get, false)))),
        (get, HERE, 308, "https://a.example.com:8443/y", Ok(Some(("https://a.example.com:8443/y", get, false)))),
        (get, HERE, 301, "", Err(ErrorKind::Redirect)),
        (get, HERE, 301, "http://127.0.0.1/y", Err(ErrorKind::Redirect)),
        (get, HERE, 301, "http://a.example.com/y", Err(ErrorKind::Insecure)),
        (get, HERE, 301, "ftp://a.example.com/y", Err(ErrorKind::Uri)),
        (get, HERE, 301, "https://u:p@a.example.com/y", Err(ErrorKind::Uri)),
        (get, "http://127.0.0.1/x", 301, "https://a.example.com/y", Ok(Some(("https://a.example.com/y", get, false)))),
        (post, HERE, 301, "https://a.example.com/x/", Ok(Some(("https://a.example.com/x/", post, true)))),
        (post, "https://a.example.com/x/?q", 302, "/x?q", Ok(Some(("https://a.example.com/x?q", post, true)))),
        (post, HERE, 301, "https://a.example.com/y", Err(ErrorKind::Redirect)),
        (post, HERE, 302, "/x?other", Err(ErrorKind::Redirect)),
        (post, HERE, 301, "https://b.example.com/x/", Err(ErrorKind::Redirect)),
        (post, HERE, 307, "/y", Ok(Some(("https://a.example.com/y", post, true)))),
        (post, HERE, 308, "https://b.example.com/y", Err(ErrorKind::Redirect)),
        (&Method::DELETE, HERE, 308, "/y", Ok(Some(("https://a.example.com/y", &Method::DELETE, true)))),
    ] {
        let first = request(method.clone(), from);
        let answer = answer(status, &format!("Location: {location}"), "");
        let found = redirect(&first, &answer, Transport::HttpOnLoopback).map_err(|error| error.kind());
        let found = found.map(|found| found.map(|found| (found.uri.to_string(), found.method, found.with_credentials)));
        let expected =
            expected.map(|found| found.map(|(uri, method, credentials)| (uri.to_owned(), method.clone(), credentials)));
        assert_eq!(found, expected, "{method} {from} {status} {location}");
    }
}

#[test]
fn what_goes_along() {
    let first = request(Method::POST, "https://a.example.com/x");
    let follow = |status, location: &str| {
        let answer = answer(status, &format!("Location: {location}"), "");
        redirect(&first, &answer, Transport::Https).unwrap().unwrap().request(first.clone())
    };
    let same = follow(307, "/y");
    assert_eq!((same.body().as_slice(), same.headers().len()), (b"{}".as_slice(), 3));
    let see_other = follow(303, "/y");
    assert_eq!((see_other.method(), see_other.body().len()), (&Method::GET, 0));
    assert!(see_other.headers().contains_key("authorization") && !see_other.headers().contains_key("content-type"));
    let elsewhere = follow(303, "https://b.example.com/y");
    assert_eq!(elsewhere.headers().len(), 1);
    assert!(elsewhere.headers().contains_key("accept"));
}

#[test]
fn authorization_stays_at_home() {
    let home = "https://a.example.com/cimi".into();
    let authorization = Authorization::new(HeaderValue::from_static("Basic hush"), &home, Transport::Https).unwrap();
    for (uri, applied) in [
        ("https://a.example.com/other", true),
        ("https://A.EXAMPLE.COM:443/", true),
        ("https://a.example.com:8443/", false),
        ("https://b.example.com/", false),
        ("https://a.example.com.b.example.com/", false),
        ("http://a.example.com/", false),
        ("/cimi", false),
    ] {
        let mut request = Request::get(uri).body(()).unwrap();
        assert_eq!(authorization.apply(&mut request), applied, "{uri}");
        assert_eq!(request.headers().contains_key("authorization"), applied);
        assert!(!format!("{authorization:?} {request:?}").contains("hush"));
    }
    let plain = "http://a.example.com/cimi".into();
    assert!(Authorization::new(HeaderValue::from_static("x"), &plain, Transport::Https).is_err());
}
