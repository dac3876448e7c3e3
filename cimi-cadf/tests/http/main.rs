//! Events of HTTP requests and answers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

mod properties;

use cimi_cadf::http::{
    Auditor, Context, HTTP_STATUS, Proxies, Route, basic_user, method_action, operation_action, status_outcome, user,
};
use cimi_cadf::{Event, EventType, Host, ReporterRole, Resource, Tag, Timestamp, Validation};
use cimi_model::Format;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, request, response};

fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> request::Parts {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn response(status: u16, headers: &[(&str, &str)]) -> response::Parts {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(()).unwrap().into_parts().0
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn context() -> Context {
    Context {
        ended: Some(time("2025-01-01T12:00:00.004+00:00")),
        initiator: Some(user("alice")),
        ..Context::new("e1", time("2025-01-01T12:00:00+00:00"))
    }
}

fn auditor() -> Auditor {
    Auditor {
        origin: Some("https://cloud.example.com".into()),
        routes: vec![
            Route::collection("/cimi/machines", "compute/machine"),
            Route::item("/cimi/machines/{id}", "compute/machine"),
            Route::collection("/cimi/machines/{id}/disks", "storage/volume"),
            Route { name: Some("files".into()), ..Route::item("/files/{*path}", "data/file") },
        ],
        ..Auditor::new(Resource::new("https://cloud.example.com/cimi/", "service/compute"))
    }
}

fn texts(event: &Event) -> [String; 2] {
    [Format::Json, Format::Xml].map(|format| event.to_string(format, Default::default()).unwrap())
}

#[test]
fn methods_and_paths() {
    for (method, path, action, type_uri) in [
        ("GET", "/cimi/machines/1", "read", "compute/machine"),
        ("HEAD", "/cimi/machines", "read", "compute/machine"),
        ("GET", "/cimi/machines", "read/list", "compute/machine"),
        ("GET", "/cimi/machines/", "read/list", "compute/machine"),
        ("GET", "/cimi/machines/1/disks", "read/list", "storage/volume"),
        ("OPTIONS", "/cimi/machines", "read", "compute/machine"),
        ("POST", "/cimi/machines", "create", "compute/machine"),
        ("PUT", "/cimi/machines/1", "update", "compute/machine"),
        ("PATCH", "/files/a/b", "update", "data/file"),
        ("DELETE", "/elsewhere", "delete", "unknown"),
        ("PROPFIND", "/files/a", "unknown/propfind", "data/file"),
    ] {
        let event = auditor().event(&request(method, path, &[]), &response(200, &[]), &context());
        assert_eq!(event.action, Some(action.into()), "{method} {path}");
        let target = event.target.as_ref().unwrap();
        assert_eq!(target.type_uri, Some(type_uri.into()), "{method} {path}");
        assert_eq!(target.id, Some(format!("https://cloud.example.com{path}").into()));
        assert_eq!(target.name.as_deref(), path.starts_with("/files").then_some("files"));
        assert_eq!(event.extensions.get("requestPath").and_then(|path| path.as_str()), Some(path));
        assert!(Validation::strict().problems(&event).is_empty(), "{event:?}");
    }
    assert_eq!(method_action(&Method::GET, true).as_str(), "read/list");
}

#[test]
fn statuses() {
    for (status, outcome) in [
        (100, "success"),
        (101, "success"),
        (200, "success"),
        (201, "success"),
        (202, "pending"),
        (304, "success"),
        (400, "failure"),
        (401, "failure"),
        (403, "failure"),
        (503, "failure"),
        (600, "unknown"),
        (999, "unknown"),
    ] {
        let event = auditor().event(&request("PUT", "/a", &[]), &response(status, &[]), &context());
        assert_eq!(event.outcome, Some(outcome.into()), "{status}");
        assert_eq!(event.event_type, Some(EventType::Activity));
        let reason = event.reason.as_ref().unwrap();
        assert_eq!(reason.reason_type, Some(HTTP_STATUS.into()));
        assert_eq!(reason.reason_code, Some(status.to_string()));
        assert_eq!(status_outcome(StatusCode::from_u16(status).unwrap()).as_str(), outcome);
    }
}

#[test]
fn operations_of_cimi() {
    for (operation, action) in [
        ("add", "create"),
        ("edit", "update"),
        ("delete", "delete"),
        ("http://schemas.dmtf.org/cimi/2/action/start", "start"),
        ("http://schemas.dmtf.org/cimi/1/action/stop", "stop"),
        ("http://schemas.dmtf.org/cimi/2/action/restart", "start/restart"),
        ("http://schemas.dmtf.org/cimi/2/action/pause/", "stop/pause"),
        ("suspend", "stop/suspend"),
        ("http://schemas.dmtf.org/cimi/2/action/capture", "capture"),
        ("http://schemas.dmtf.org/cimi/2/action/snapshot", "capture/snapshot"),
        ("http://schemas.dmtf.org/cimi/2/action/restore", "restore"),
        ("http://schemas.dmtf.org/cimi/2/action/export", "send/export"),
        ("http://schemas.dmtf.org/cimi/2/action/import", "receive/import"),
        ("http://schemas.dmtf.org/cimi/2/action/enable", "enable"),
        ("http://schemas.dmtf.org/cimi/2/action/disable", "disable"),
        ("http://schemas.dmtf.org/cimi/2/action/forceSync", "update/forceSync"),
        ("http://schemas.dmtf.org/cimi/2/action/insert", "update/insert"),
        ("http://example.com/defragment", "unknown/defragment"),
        ("http://example.com/ops#two words", "unknown/two%20words"),
        ("", "unknown"),
        ("/", "unknown"),
    ] {
        assert_eq!(operation_action(operation).as_str(), action, "{operation}");
        let context = Context { operation: Some(operation.into()), ..context() };
        let event = auditor().event(&request("POST", "/cimi/machines/1", &[]), &response(200, &[]), &context);
        assert_eq!(event.action, Some(action.into()));
        assert!(Validation::strict().accepts(&event));
    }
}

#[test]
fn what_the_caller_says_counts_more() {
    let context = Context {
        action: Some("update/os-resize".into()),
        operation: Some("start".into()),
        target: Some(Resource { name: Some("db".into()), ..Resource::new("urn:x:m1", "compute/machine/virtual") }),
        tags: vec!["pci-dss".into(), "pci-dss".into(), "".into(), "two words".into()],
        ..context()
    };
    let event = auditor().event(&request("POST", "/cimi/machines/1", &[]), &response(200, &[]), &context);
    assert_eq!(event.action, Some("update/os-resize".into()));
    assert_eq!(event.target, context.target);
    assert_eq!(event.tags, ["pci-dss".into(), Tag::from("two%20words")]);
    // What it is called decides what it is, and whether it is listed.
    for id in ["/cimi/machines/1/disks", "https://cloud.example.com/cimi/machines/1/disks"] {
        let target = Some(Resource { id: Some(id.into()), ..Resource::default() });
        let context = Context { action: None, operation: None, target, ..context.clone() };
        let event = auditor().event(&request("GET", "/some/alias", &[]), &response(200, &[]), &context);
        assert_eq!((event.action, event.target), (Some("read/list".into()), Some(Resource::new(id, "storage/volume"))));
    }
    // What is outside of the taxonomies stays recognizable.
    let context = Context {
        action: Some("list".into()),
        target: Some(Resource { type_uri: Some("kms/secrets".into()), ..Resource::default() }),
        ..context
    };
    let event = auditor().event(&request("GET", "/a", &[]), &response(200, &[]), &context);
    assert_eq!(event.action, Some("unknown/list".into()));
    assert_eq!(event.target, Some(Resource::new("https://cloud.example.com/a", "unknown/kms/secrets")));
    assert!(Validation::strict().problems(&event).is_empty(), "{:?}", Validation::strict().problems(&event));
}

#[test]
fn a_creation_is_about_what_was_created() {
    let post = request("POST", "/cimi/machines?x=1", &[]);
    for (location, id, type_uri) in [
        ("https://cloud.example.com/cimi/machines/7", "https://cloud.example.com/cimi/machines/7", "compute/machine"),
        ("/cimi/machines/7?key=s3cret", "https://cloud.example.com/cimi/machines/7", "compute/machine"),
        ("machines/7#top", "https://cloud.example.com/cimi/machines/7", "compute/machine"),
        (
            "https://u:s3cret@other.example.com/cimi/machines/7",
            "https://other.example.com/cimi/machines/7",
            "compute/machine",
        ),
        ("https://other.example.com/x?key=s3cret", "https://other.example.com/x", "compute/machine"),
    ] {
        for status in [201, 202] {
            let event = auditor().event(&post, &response(status, &[("location", location)]), &context());
            let target = event.target.as_ref().unwrap();
            assert_eq!(target.id, Some(id.into()), "{location}");
            assert_eq!(target.type_uri, Some(type_uri.into()), "{location}");
            assert!(Validation::strict().accepts(&event));
            assert!(!texts(&event)[0].contains("s3cret"));
        }
    }
    let by_path = Auditor { origin: None, ..auditor() };
    let event = by_path.event(&post, &response(201, &[("location", "/cimi/machines/7")]), &context());
    assert_eq!(event.target, Some(Resource::new("/cimi/machines/7", "compute/machine")));
    let created = |auditor: &Auditor, location: &str| {
        auditor.event(&post, &response(201, &[("location", location)]), &context()).target.unwrap()
    };
    let named = created(&auditor(), "/files/a@b");
    assert_eq!(named, Resource::new("https://cloud.example.com/files/a@b", "data/file").named("files"));
    let whole = Auditor { keep_query: true, ..auditor() };
    assert_eq!(created(&whole, "/x?y#z").id, Some("https://cloud.example.com/x?y#z".into()));
    // A redirection has created nothing, and an update creates nothing.
    for (method, status) in [("POST", 303), ("PUT", 200)] {
        let request = request(method, "/cimi/machines", &[]);
        let event = auditor().event(&request, &response(status, &[("location", "/cimi/machines/7")]), &context());
        assert_eq!(event.target.unwrap().id, Some("https://cloud.example.com/cimi/machines".into()));
    }
}

#[test]
fn secrets_stay_out() {
    let sent = [
        ("authorization", "Basic YWxpY2U6czNjcmV0"),
        ("proxy-authorization", "Bearer s3cret"),
        ("cookie", "session=s3cret"),
        ("x-auth-token", "s3cret"),
    ];
    let auditor = Auditor {
        correlation: ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-request-id"]
            .map(HeaderName::from_static)
            .into(),
        ..auditor()
    };
    let mut request = request("GET", "http://bob:s3cret@cloud.example.com/cimi/machines/1?token=s3cret", &sent);
    let mut sensitive = HeaderValue::from_static("s3cret");
    sensitive.set_sensitive(true);
    request.headers.insert("x-request-id", sensitive);
    let response = response(200, &[("set-cookie", "session=s3cret")]);
    for event in [
        auditor.event(&request, &response, &context()),
        auditor.request(&request, &context()),
        auditor.response(&request, &response, &context()),
    ] {
        for text in texts(&event).into_iter().chain([format!("{event:?}")]) {
            assert!(!text.contains("s3cret") && !text.contains("YWxpY2U6"), "{text}");
        }
        assert!(event.tags.is_empty());
    }
    let open = Auditor { keep_query: true, ..auditor };
    let event = open.event(&request, &response, &context());
    let path = event.extensions.get("requestPath").and_then(|path| path.as_str());
    assert_eq!(path, Some("/cimi/machines/1?token=s3cret"));
    let id = event.target.unwrap().id.unwrap();
    assert_eq!(id.as_str(), "https://cloud.example.com/cimi/machines/1?token=s3cret");
}

#[test]
fn names_in_basic_credentials() {
    let of = |value: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_bytes(value).unwrap());
        basic_user(&headers)
    };
    for (value, name) in [
        ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Some("Aladdin")), // Aladdin:open sesame
        ("basic  dGVzdDoxMjPCow==", Some("test")),               // test:123£
        ("BASIC YTo=", Some("a")),                               // a:
        ("Basic OnA=", Some("")),                                // :p
        ("Basic bcO8bGxlcjp4", Some("müller")),                  // in UTF-8
        ("Basic bfxsbGVyOng=", Some("müller")),                  // in Latin-1
        ("Basic YTpiOmM=", Some("a")),                           // a:b:c
        ("Basic YWxpY2U=", None),                                // no colon
        ("Basic", None),
        ("Basic ", None),
        ("Basic ä", None),
        ("Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==", None),
        ("", None),
    ] {
        assert_eq!(of(value.as_bytes()).as_deref(), name, "{value}");
    }
    assert_eq!(of(&[b'B', 0xFF]), None);
    assert_eq!(basic_user(&HeaderMap::new()), None);
    assert_eq!(user("alice b").id, Some("alice%20b".into()));
    assert_eq!(user("alice b").name.as_deref(), Some("alice b"));
    assert_eq!(user("").id, Some("unknown".into()));
}

#[test]
fn who_asks_and_from_where() {
    let head = request("GET", "/a", &[("user-agent", "curl/8"), ("x-forwarded-for", "203.0.113.9, 192.0.2.7:4711")]);
    let context = Context { address: Some("10.0.0.1".parse().unwrap()), ..context() };
    let host = |auditor: &Auditor, context: &Context| {
        auditor.event(&head, &response(200, &[]), context).initiator.unwrap().host.unwrap()
    };
    let expected =
        |address: &str| Host { address: Some(address.into()), agent: Some("curl/8".into()), ..Host::default() };
    assert_eq!(host(&auditor(), &context), expected("10.0.0.1"));
    for (proxies, address) in [
        (Proxies::XForwardedFor(0), "10.0.0.1"),
        (Proxies::XForwardedFor(1), "192.0.2.7"),
        (Proxies::XForwardedFor(2), "203.0.113.9"),
        (Proxies::XForwardedFor(9), "203.0.113.9"),
        (Proxies::Forwarded(1), "10.0.0.1"),
    ] {
        assert_eq!(host(&Auditor { proxies, ..auditor() }, &context), expected(address), "{proxies:?}");
    }
    let mapped = Context { address: Some("::ffff:192.0.2.1".parse().unwrap()), ..context.clone() };
    assert_eq!(host(&auditor(), &mapped), expected("192.0.2.1"));
    // What the caller knows of the host stays.
    let known = Host { id: Some("h1".into()), address: Some("a".into()), ..Host::default() };
    let context = Context { initiator: Some(Resource { host: Some(known.clone()), ..user("alice") }), ..context };
    assert_eq!(host(&auditor(), &context), Host { agent: Some("curl/8".into()), ..known });
    // Nobody was authenticated, and nothing is known.
    let nobody = Context { initiator: None, address: None, ..context };
    let event = auditor().event(&request("GET", "/a", &[]), &response(401, &[]), &nobody);
    assert_eq!(event.initiator, Some(Resource::new("unknown", "unknown")));
}

#[test]
fn entries_of_forwarded() {
    for (lines, count, address) in [
        (&["for=192.0.2.60;proto=http;by=203.0.113.43"][..], 1, Some("192.0.2.60")),
        (&["For=\"[2001:db8:cafe::17]:4711\""], 1, Some("2001:db8:cafe::17")),
        (&["for=192.0.2.43, for=198.51.100.17"], 1, Some("198.51.100.17")),
        (&["for=192.0.2.43", "for=198.51.100.17"], 2, Some("192.0.2.43")),
        (&["for=\"a,b;c\\\"d\";by=x, for=_gazonk"], 1, Some("_gazonk")),
        (&["for=\"a,b;c\\\"d\";by=x, for=_gazonk"], 2, Some("a,b;c\"d")),
        (&["for=192.0.2.43", "for=198.51.100.17"], 1, Some("198.51.100.17")),
        (&["for=\"a\\\\b\""], 1, Some("a\\b")),
        (&["for=unknown"], 1, None),
        (&["by=1.2.3.4"], 1, None),
        (&[""], 1, None),
        (&[], 1, None),
        (&["for=1.2.3.4"], 0, None),
    ] {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("forwarded", line.parse().unwrap());
        }
        assert_eq!(Proxies::Forwarded(count).client(&headers).as_deref(), address, "{lines:?}");
    }
    assert_eq!(Proxies::None.client(&HeaderMap::new()), None);
}

#[test]
fn tags_of_both_messages() {
    let request = request("POST", "/a", &[("x-request-id", "r 1"), ("traceparent", "00-ab-cd-01")]);
    let response = response(
        202,
        &[("X-Request-Id", "r 1"), ("x-openstack-request-id", "req-5"), ("cimi-job-uri", "https://c/cimi/jobs/7")],
    );
    let event = auditor().event(&request, &response, &context());
    let expected = [
        "x-request-id?value=r%201",
        "traceparent?value=00-ab-cd-01",
        "x-openstack-request-id?value=req-5",
        "//schemas.dmtf.org/cimi/2/Job?value=https%3A%2F%2Fc%2Fcimi%2Fjobs%2F7",
    ];
    assert_eq!(event.tags, expected.map(Tag::from));
    assert_eq!(event.tags[3].name(), "Job");
    assert!(Validation::strict().problems(&event).is_empty());
}

#[test]
fn one_event_or_two() {
    let (request, response) = (request("DELETE", "/cimi/machines/1", &[]), response(204, &[]));
    let one = auditor().event(&request, &response, &context());
    assert_eq!(one.duration, Some("PT0.004S".parse().unwrap()));
    assert!(one.reporterchain.is_empty());

    let first = auditor().request(&request, &context());
    assert_eq!((first.outcome, first.reason, first.duration), (Some("pending".into()), None, None));
    let second = auditor().response(&request, &response, &context());
    assert_eq!(second.id, first.id);
    assert_eq!(second.event_time, first.event_time);
    let step = &second.reporterchain[0];
    assert_eq!(step.role, Some(ReporterRole::Modifier));
    assert_eq!(step.reporter_time, context().ended);
    assert_eq!(second.reporter(0), second.observer.as_ref());
    assert_eq!(Event { reporterchain: Vec::new(), ..second.clone() }, one);

    // A clock that was set back gives no duration, and times in other spellings are put right.
    let ended = Some(time("2025-01-01T11:59:59+00:00"));
    let began = <Timestamp as cimi_model::Scalar>::recover("2025-01-01T12:00:00Z").unwrap();
    let event = auditor().event(&request, &response, &Context { ended, began, ..context() });
    assert_eq!(event.duration, None);
    assert_eq!(event.event_time, Some(time("2025-01-01T12:00:00+00:00")));
}

#[test]
fn what_was_pending_is_concluded() {
    let answered = response(202, &[("cimi-job-uri", "jobs/1")]);
    let pending = auditor().event(&request("DELETE", "/cimi/machines/1", &[]), &answered, &context());
    let last = pending.concluded("e2", time("2025-01-01T12:01:00+00:00"), "success");
    assert_eq!(last.duration, Some("PT60S".parse().unwrap()));
    assert_eq!((&last.target, &last.tags, &last.reason), (&pending.target, &pending.tags, &None));
    assert!(Validation::strict().problems(&last).is_empty());
}

#[test]
fn odd_forms_of_targets() {
    for (uri, with_origin, without) in [
        ("*", "https://cloud.example.com", "*"),
        ("cloud.example.com:443", "cloud.example.com:443", "cloud.example.com:443"),
        ("https://cloud.example.com/", "https://cloud.example.com/", "/"),
        ("/a//b/%7B?q", "https://cloud.example.com/a//b/%7B", "/a//b/%7B"),
        ("/a\"{}|^\\b", "https://cloud.example.com/a%22%7B%7D%7C%5E%5Cb", "/a%22%7B%7D%7C%5E%5Cb"),
    ] {
        let Ok(uri) = uri.parse::<http::Uri>() else { panic!("{uri}") };
        let mut head = request("OPTIONS", "/", &[]);
        head.uri = uri.clone();
        for (auditor, id) in [(auditor(), with_origin), (Auditor { origin: None, ..auditor() }, without)] {
            let event = auditor.event(&head, &response(200, &[]), &context());
            assert_eq!(event.target.as_ref().unwrap().id, Some(id.into()), "{uri}");
            assert!(Validation::strict().accepts(&event), "{uri}");
        }
    }
}

#[test]
fn routes() {
    let any = Route::item("/{a}/b/{*rest}", "data");
    for (path, matches) in [("/x/b/c", true), ("/x/b/c/d/", true), ("/x/b", false), ("/x/b/", false), ("/x/c/d", false)]
    {
        assert_eq!(any.matches(path), matches, "{path}");
    }
    assert!(Route::item("/", "data").matches("/") && Route::item("/", "data").matches(""));
    assert!(!Route::item("/{a}/b", "data").matches("//b"));
    assert!(!Route::item("/", "data").matches("/a") && !Route::item("/{a}", "data").matches("/"));
}
