//! Representations, and what goes before them (4.1.4, 4.1.6.5, 4.2.1.2).

use cimi_model::reflect::Described;
use cimi_model::{Collection, Dialect, Format, Machine, Uri};
use cimi_protocol::provider::{Call, Outcome, Provider, Target};
use http::{Request, Response};

use super::support::{BASE, DIALECTS, document, field, head, machine, provider, text};

/// The answer to a reading of a Machine.
fn read(provider: &Provider, request: http::request::Builder) -> Response<Vec<u8>> {
    let machine = machine(&["edit"]);
    let head = head(request);
    provider.answer(&head, None, |exchange| {
        let target = Target::resource(&machine);
        match exchange.decode(&target, b"")? {
            Call::Read => exchange.represent(&machine, None),
            Call::Options => Ok(exchange.options(&target)),
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn the_consumer_chooses_the_format() {
    for (uri, accept, expected) in [
        ("/cimi/machines/1", None, "application/json"),
        ("/cimi/machines/1", Some("*/*"), "application/json"),
        ("/cimi/machines/1", Some("application/xml"), "application/xml"),
        ("/cimi/machines/1", Some("text/xml"), "application/xml"),
        ("/cimi/machines/1", Some("application/json;q=0.1, application/xml;q=0.2"), "application/xml"),
        ("/cimi/machines/1?$format=xml", None, "application/xml"),
        ("/cimi/machines/1?$format=XML", Some("application/json"), "application/xml"),
        ("/cimi/machines/1?%24format=json&$format=xml", Some("application/xml"), "application/json"),
        // What it takes precedence over need not be acceptable.
        ("/cimi/machines/1?$format=json", Some("text/html"), "application/json"),
    ] {
        for dialect in DIALECTS {
            let provider = Provider { dialect, ..provider() };
            let mut request = Request::get(uri);
            if let Some(accept) = accept {
                request = request.header("Accept", accept);
            }
            let answer = read(&provider, request);
            assert_eq!(answer.status(), 200);
            let headers = answer.headers();
            assert_eq!(field(headers, "content-type"), expected, "{uri} {accept:?}");
            assert_eq!(field(headers, "content-length"), answer.body().len().to_string());
            assert_eq!(field(headers, "vary"), "accept");
            assert!(text(&answer).contains(dialect.namespace()));
            assert_eq!(document(&answer).as_ref(), Some(&machine(&["edit"])));
        }
    }
}

#[test]
fn a_format_that_is_not_offered_is_refused_in_json() {
    for (uri, accept) in [
        ("/cimi/machines/1", "text/html"),
        ("/cimi/machines/1", "application/json;q=0"),
        ("/cimi/machines/1?$format=yaml", "application/json"),
    ] {
        let answer = read(&json_only(), Request::get(uri).header("Accept", accept));
        assert_eq!(
            (answer.status().as_u16(), field(answer.headers(), "content-type")),
            (406, "application/json"),
            "{uri}"
        );
        assert_eq!(document(&answer).record().record_type().name, "Job");
    }
    let answer = read(&json_only(), Request::get("/cimi/machines/1?$format=xml"));
    assert_eq!(answer.status(), 406);
    let answer = read(&provider(), Request::get("/cimi/machines/1").header("Accept", "a/b/c"));
    assert_eq!(answer.status(), 400);
}

fn json_only() -> Provider {
    Provider { formats: vec![Format::Json], ..provider() }
}

#[test]
fn head_is_get_without_the_body() {
    for uri in ["/cimi/machines/1", "/cimi/machines/1?$format=xml", "/cimi/machines/1?$format=yaml"] {
        let get = read(&provider(), Request::get(uri));
        let head = read(&provider(), Request::head(uri));
        assert_eq!((get.status(), get.headers()), (head.status(), head.headers()), "{uri}");
        assert!(head.body().is_empty() && !get.body().is_empty());
    }
}

#[test]
fn options_are_said() {
    let answer = read(&provider(), Request::options("/cimi/machines/1"));
    assert_eq!((answer.status().as_u16(), field(answer.headers(), "allow")), (200, "GET, HEAD, OPTIONS, PUT"));
    assert_eq!((answer.body().len(), field(answer.headers(), "content-length")), (0, "0"));
}

#[test]
fn a_provider_without_formats_or_base_still_answers() {
    let provider = Provider { formats: Vec::new(), base: Uri::default(), ..Provider::default() };
    let answer = read(&provider, Request::get("/cimi/machines/1"));
    assert_eq!((answer.status().as_u16(), field(answer.headers(), "content-type")), (406, "application/json"));
}

/// `Location` is the `id` of the new resource, absolute (4.2.1.1); so is the URI of the Job (4.2.1.6).
#[test]
fn what_was_created() {
    let created = Machine { id: Some("machines/1".into()), ..machine(&[]) };
    let absolute = Machine { id: Some(format!("{BASE}machines/1").into()), ..machine(&[]) };
    for (accept, machine) in [("application/json", &created), ("application/xml", &created), ("*/*", &absolute)] {
        let head = head(Request::post("/cimi/machines").header("Accept", accept));
        let provider = provider();
        let exchange = provider.accept(&head).unwrap();
        let job: Uri = "jobs/7".into();
        let answer = exchange.created(&Outcome { record: Some(machine), job: Some(&job), ..Outcome::default() });
        let headers = answer.headers();
        assert_eq!(answer.status(), 201);
        assert_eq!(field(headers, "location"), "https://cloud.example.com/cimi/machines/1");
        assert_eq!(field(headers, "cimi-job-uri"), "https://cloud.example.com/cimi/jobs/7");
        assert_eq!(field(headers, "content-length"), answer.body().len().to_string());
        assert!(!field(headers, "etag").is_empty());
        assert_eq!(document(&answer).as_ref(), Some(machine));

        let location: Uri = "machines/2".into();
        let answer = exchange.created(&Outcome { location: Some(&location), ..Outcome::default() });
        assert_eq!(field(answer.headers(), "location"), "https://cloud.example.com/cimi/machines/2");
        assert_eq!((answer.body().len(), field(answer.headers(), "content-type")), (0, ""));
        assert_eq!(field(answer.headers(), "content-length"), "0");
    }
}

/// The three bodies of 4.2.1.7: the Job, the resource as far as it is known, and nothing.
#[test]
fn what_was_accepted() {
    let head = head(Request::post("/cimi/machines"));
    let provider = provider();
    let exchange = provider.accept(&head).unwrap();
    let job = cimi_model::Job { id: Some("jobs/7".into()), ..cimi_model::Job::default() };
    let machine = machine(&[]);
    let (uri, location): (Uri, Uri) = ("jobs/7".into(), "machines/1".into());
    for outcome in [
        Outcome { record: Some(&job), ..Outcome::default() },
        Outcome { record: Some(&machine), job: Some(&uri), ..Outcome::default() },
        Outcome { job: Some(&uri), location: Some(&location), ..Outcome::default() },
    ] {
        let answer = exchange.accepted(&outcome);
        assert_eq!(answer.status(), 202);
        assert_eq!(field(answer.headers(), "cimi-job-uri"), "https://cloud.example.com/cimi/jobs/7");
        assert_eq!(answer.body().is_empty(), outcome.record.is_none());
        // Only the provider knows whether there will be a resource, and which.
        assert_eq!(answer.headers().contains_key("location"), outcome.location.is_some());
        // Nor does the body have the state of what the URI names.
        assert!(!answer.headers().contains_key("etag"));
    }
}

#[test]
fn what_was_done() {
    let head = head(Request::delete("/cimi/machines/1"));
    let provider = provider();
    let exchange = provider.accept(&head).unwrap();
    let answer = exchange.done(&Outcome::default());
    assert_eq!((answer.status().as_u16(), answer.body().len(), answer.headers().len()), (200, 0, 1));
    // An export says where its result is (5.13.1.2).
    let location: Uri = "exports/é 1.ova".into();
    let answer = exchange.done(&Outcome { location: Some(&location), ..Outcome::default() });
    assert_eq!(field(answer.headers(), "location"), "https://cloud.example.com/cimi/exports/%C3%A9%201.ova");
}

#[test]
fn collections_are_read_like_resources() {
    let machines: Collection<Machine> = [machine(&[])].into_iter().collect();
    let provider = Provider { dialect: Dialect::V1, ..provider() };
    let head = head(Request::get("/cimi/machines").header("Accept", "application/xml"));
    let answer = provider.answer(&head, None, |exchange| {
        exchange.decode(&Target::collection(Collection::<Machine>::TYPE), b"")?;
        exchange.represent(&machines, None)
    });
    assert!(text(&answer).starts_with(r#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="http://schemas.dmtf.org/cimi/1/MachineCollection">"#), "{}", text(&answer));
}

/// The query of the request is applied (4.1.6), and what it expands comes from the provider.
#[test]
fn queries_are_applied() {
    let provider = provider();
    let source = |href: &Uri| -> Option<Box<dyn cimi_model::reflect::Record>> {
        (href.as_str() == "eventLogs/1")
            .then(|| Box::new(cimi_model::EventLog { name: Some("log".into()), ..Default::default() }) as _)
    };
    let get = |uri: &str, etag: Option<&cimi_protocol::provider::ETag>| {
        let head = head(Request::get(uri));
        let mut machine = machine(&["edit"]);
        machine.event_log = Some(cimi_model::Ref::to("eventLogs/1"));
        provider.answer(&head, None, |exchange| exchange.read(&mut machine, &source, etag))
    };
    let selected = document(&get("/cimi/machines/1?$select=cpu,nothing", None));
    assert_eq!(selected.as_ref(), Some(&Machine { cpu: Some(2), ..Machine::default() }));
    let expanded = get("/cimi/machines/1?$expand=eventLog&$select=eventLog", None);
    let expanded: Machine = document(&expanded).into_value().unwrap();
    assert_eq!(expanded.event_log.unwrap().value.unwrap().name.as_deref(), Some("log"));

    let etag = cimi_protocol::provider::ETag::new("7");
    let whole = get("/cimi/machines/1", Some(&etag));
    assert_eq!(field(whole.headers(), "etag"), "\"7-json\"");
    let head = head(Request::get("/cimi/machines/1").header("If-None-Match", "\"7-json\""));
    let answer = provider.answer(&head, None, |exchange| exchange.read(&mut machine(&[]), &source, Some(&etag)));
    assert_eq!((answer.status().as_u16(), answer.body().len()), (304, 0));
}
