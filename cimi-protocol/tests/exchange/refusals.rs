//! Errors as Jobs (4.2.2).

use cimi_model::validate::{Problem, Rule, Severity, Validation};
use cimi_model::{DateTime, Dialect, Document, Error, ErrorKind, Format, Job, JobState, ReadOptions, Registry};
use cimi_protocol::provider::{Provider, Refusal, Target};
use http::{Method, Request, Response};

use super::support::{DIALECTS, FORMATS, field, head, machine, media_type, post, provider};

fn now() -> DateTime {
    "2025-01-01T00:00:00Z".parse().unwrap()
}

fn answer(request: http::request::Builder, refusal: Refusal) -> Response<Vec<u8>> {
    provider().answer(&head(request), Some(now()), |_| Err(refusal))
}

fn job(answer: &Response<Vec<u8>>) -> Job {
    let document = Document::read(answer.body(), &Registry::standard(), &ReadOptions::strict()).expect("a document");
    document.value.into_value().expect("a Job")
}

/// The Job says all that table 46 has, in both formats and versions, and is as the standard says.
#[test]
fn every_error_is_a_job() {
    for (format, dialect) in FORMATS.into_iter().flat_map(|format| DIALECTS.map(|dialect| (format, dialect))) {
        let provider = Provider { dialect, ..provider() };
        let request =
            head(Request::delete("/cimi/machines/1?tenant=2&$select=name").header("Accept", media_type(format)));
        let answer = provider.answer(&request, Some(now()), |_| Err(Refusal::conflict("the Machine is busy")));
        assert_eq!(answer.status(), 409);
        assert_eq!(field(answer.headers(), "content-type"), media_type(format));
        assert_eq!(field(answer.headers(), "content-length"), answer.body().len().to_string());
        let parsed = Document::read(answer.body(), &Registry::standard(), &ReadOptions::strict()).expect("a document");
        let validation = Validation { dialect: Some(dialect), ..Validation::read() };
        let problems = validation.parsed(&parsed);
        assert!(problems.iter().all(|problem| problem.severity == Severity::Info), "{problems:?}");
        assert_eq!(parsed.dialect, Some(dialect));

        let job = parsed.value.into_value::<Job>().expect("a Job");
        let target = "https://cloud.example.com/cimi/machines/1?tenant=2";
        assert_eq!(job.id, Some("".into()));
        assert_eq!(job.state, Some(JobState::Failed));
        assert_eq!(job.target_resource, Some(cimi_model::Ref::to(target)));
        assert_eq!(job.affected_resources, [cimi_model::Ref::to(target)]);
        assert_eq!(job.action, Some("http://schemas.dmtf.org/cimi/2/action/delete".into()));
        assert_eq!((job.return_code, job.progress), (Some(10_409), Some(100)));
        assert_eq!(job.status_message.as_deref(), Some("the Machine is busy"));
        assert_eq!(job.time_of_status_change, Some(now()));
        assert!(job.nested_jobs.is_empty());
        // An empty path is there, rather than nothing.
        let id = if format == Format::Json { r#""id":"""# } else { "<id/>" };
        assert!(std::str::from_utf8(answer.body()).unwrap().contains(id));
    }
}

/// Servers let characters pass that stand in no URI.
#[test]
fn the_target_of_an_error_is_a_uri() {
    let request = head(Request::get("/cimi/a|b^c{d}?e=1"));
    let answer = provider().answer(&request, Some(now()), |_| Err(Refusal::not_found()));
    let target = "https://cloud.example.com/cimi/a%7Cb%5Ec%7Bd%7D?e=1";
    assert_eq!(job(&answer).target_resource, Some(cimi_model::Ref::to(target)));
}

#[test]
fn several_problems_are_nested_jobs() {
    for (format, dialect) in FORMATS.into_iter().flat_map(|format| DIALECTS.map(|dialect| (format, dialect))) {
        let provider = Provider { dialect, ..provider() };
        let machine = machine(&["start"]);
        let request = head(post(format).header("Accept", media_type(format)));
        let body = match format {
            Format::Xml => {
                r#"<Action xmlns="http://schemas.dmtf.org/cimi/2"><action>http://schemas.dmtf.org/cimi/2/action/start</action><a>1</a><b>2</b></Action>"#
            }
            _ => r#"{"action": "http://schemas.dmtf.org/cimi/2/action/start", "a": 1, "b": 2}"#,
        };
        let answer = provider.answer(&request, Some(now()), |exchange| {
            exchange.decode(&Target::resource(&machine), body.as_bytes()).map(|call| panic!("{call:?}"))
        });
        let job = job(&answer);
        assert_eq!(job.nested_jobs.len(), 2);
        assert!(job.status_message.unwrap().starts_with("2 problems: /Action/a: "));
        assert_eq!(job.action, Some("http://schemas.dmtf.org/cimi/2/action/start".into()));
        for (nested, name) in job.nested_jobs.iter().zip(["a", "b"]) {
            assert_eq!(nested.href, Some("".into()));
            let nested = nested.value.as_ref().expect("inlined");
            assert!(nested.status_message.as_ref().unwrap().starts_with(&format!("/Action/{name}: ")));
            assert_eq!(
                (nested.state.clone(), nested.progress, nested.return_code),
                (Some(JobState::Failed), Some(100), Some(10_400))
            );
            assert_eq!(nested.time_of_status_change, Some(now()));
        }
    }
}

/// A small request does not make a huge answer.
#[test]
fn many_problems_are_counted() {
    let body = format!(
        r#"{{"action": "start", {}}}"#,
        (0..20_000).map(|n| format!(r#""a{n}": 1"#)).collect::<Vec<_>>().join(", ")
    );
    let machine = machine(&["start"]);
    let request = head(post(Format::Json));
    let answer = provider().answer(&request, None, |exchange| {
        exchange.decode(&Target::resource(&machine), body.as_bytes()).map(|call| panic!("{call:?}"))
    });
    let job = job(&answer);
    assert_eq!(job.nested_jobs.len(), 50);
    assert!(job.status_message.unwrap().starts_with("20000 problems: "));
    assert!(answer.body().len() < 50_000, "{}", answer.body().len());
}

#[test]
fn each_kind_has_its_status_and_headers() {
    for (refusal, status, header) in [
        (Refusal::bad_request("why"), 400, None),
        (Refusal::unauthorized("Basic realm=\"cimi\""), 401, Some(("www-authenticate", "Basic realm=\"cimi\""))),
        (Refusal::unauthorized("nonsense\n"), 401, None),
        (Refusal::forbidden("why"), 403, None),
        (Refusal::not_found(), 404, None),
        (Refusal::not_allowed(&[Method::GET, Method::PUT]), 405, Some(("allow", "GET, PUT"))),
        (Refusal::not_allowed(&[]), 405, Some(("allow", ""))),
        (Refusal::conflict("why"), 409, None),
        (Refusal::precondition_failed(), 412, None),
        (Refusal::too_many_requests(30), 429, Some(("retry-after", "30"))),
        (Refusal::internal("the disk is full"), 500, None),
        (Refusal::not_implemented("why"), 501, None),
        (Refusal::unavailable(120), 503, Some(("retry-after", "120"))),
        (Refusal::new(http::StatusCode::GONE, "it was deleted"), 410, None),
        (Refusal::new(http::StatusCode::OK, "no error at all"), 500, None),
    ] {
        assert_eq!(refusal.status(), status);
        let answer = answer(Request::get("/cimi/machines/1"), refusal);
        assert_eq!(answer.status(), status);
        if let Some((name, value)) = header {
            assert_eq!(answer.headers().get(name).map(http::HeaderValue::as_bytes), Some(value.as_bytes()), "{name}");
        }
        let job = job(&answer);
        assert_eq!((job.return_code, job.action), (Some(10_000 + i64::from(status)), None));
    }
}

/// The consumer is not told what concerns the provider alone.
#[test]
fn internal_causes_stay_inside() {
    let refusal = Refusal::internal("the database says hush");
    assert_eq!(std::error::Error::source(&refusal).unwrap().to_string(), "the database says hush");
    let answer = answer(Request::get("/"), refusal);
    assert!(!String::from_utf8(answer.into_body()).unwrap().contains("hush"));
}

#[test]
fn a_provider_with_jobs_gives_its_own() {
    let own =
        Job { id: Some("jobs/7".into()), state: Some(JobState::Failed), return_code: Some(10_001), ..Job::default() };
    let answer = answer(Request::put("/cimi/machines/1"), Refusal::conflict("why").with_job(own.clone()));
    assert_eq!(
        (answer.status().as_u16(), field(answer.headers(), "cimi-job-uri")),
        (409, "https://cloud.example.com/cimi/jobs/7")
    );
    assert_eq!(job(&answer), own);
}

#[test]
fn what_a_provider_may_add() {
    let refusal = Refusal::conflict("why").with_return_code(12_345).at("2001-01-01T00:00:00Z".parse().unwrap());
    let job = job(&answer(Request::put("/cimi/machines/1"), refusal.with_problems(vec!["a".into(), "b".into()])));
    assert_eq!(job.return_code, Some(12_345));
    assert_eq!(job.time_of_status_change.unwrap().as_str(), "2001-01-01T00:00:00Z");
    assert_eq!(job.nested_jobs.len(), 2);
}

#[test]
fn errors_of_the_library_become_refusals() {
    for (kind, status) in [
        (ErrorKind::Syntax, 400),
        (ErrorKind::Value, 400),
        (ErrorKind::Limit, 413),
        (ErrorKind::State, 409),
        (ErrorKind::Unsupported, 409),
        (ErrorKind::Io, 500),
    ] {
        assert_eq!(Refusal::from(Error::new(kind, "why")).status(), status, "{kind:?}");
    }
    let problem = |severity, text: &str| Problem::new("/Machine", Rule::Value, severity, "5.5", text);
    let refusal = Refusal::from(vec![
        problem(Severity::Warning, "a"),
        problem(Severity::Error, "b"),
        problem(Severity::Error, "c"),
    ]);
    assert_eq!((refusal.status().as_u16(), refusal.problems().len()), (400, 2));
    let refusal = Refusal::from(vec![problem(Severity::Error, "b")]);
    assert_eq!((refusal.message(), refusal.problems().len()), ("/Machine: b (value, DSP0263 5.5)", 0));
    assert_eq!(Refusal::from(Vec::<Problem>::new()).status(), 400);
    // Well-formed values that do not go together are a conflict, unless something else is wrong too.
    let scope = || Problem::new("/Machine/memory", Rule::Scope, Severity::Error, "5.5.14", "too much");
    assert_eq!(Refusal::from(vec![scope(), scope()]).status(), 409);
    assert_eq!(Refusal::from(vec![scope(), problem(Severity::Error, "b")]).status(), 400);
    let accept: Result<cimi_protocol::Accept, _> = "a b".parse();
    assert_eq!(Refusal::from(accept.unwrap_err()).status(), 400);
}

/// Values of secret attributes do not come back in errors.
#[test]
fn secrets_are_not_repeated() {
    let provider = Provider { dialect: Dialect::V2, ..provider() };
    let body = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/CredentialCreate", "credentialTemplate": {"password": "hush", "publicKey": {"a": "hush"}, "key": ["hush"]}}"#;
    let target =
        Target::collection(<cimi_model::Collection<cimi_model::Credential> as cimi_model::reflect::Described>::TYPE);
    let request = head(post(Format::Json).header("Authorization", "Basic hush"));
    let answer = provider.answer(&request, None, |exchange| {
        assert!(!format!("{exchange:?}").contains("hush"));
        let outcome = exchange.decode(&target, body.as_bytes());
        assert!(!format!("{outcome:?}").contains("hush"), "{outcome:?}");
        outcome.map(|call| panic!("{call:?}"))
    });
    assert_eq!(answer.status(), 400);
    assert!(!String::from_utf8(answer.into_body()).unwrap().contains("hush"));
}
