//! Any request and any answer.

use cimi_cadf::http::{Auditor, Context, Proxies, user};
use cimi_cadf::{Event, Identifier, Resource, Severity, Tag, Validation};
use cimi_model::ReadOptions;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::{auditor, request, response, texts};

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop_oneof![
        Just("user-agent".to_owned()),
        Just("forwarded".to_owned()),
        Just("x-forwarded-for".to_owned()),
        Just("authorization".to_owned()),
        Just("location".to_owned()),
        Just("cimi-job-uri".to_owned()),
        Just("x-request-id".to_owned()),
        "[a-z|^`#%]{1,4}",
    ];
    let value = prop_oneof![
        vec(any::<u8>(), 0..12),
        "(for=|[0-9a-f.:]|[\\[\\]\",;=\\\\ ]){0,12}".prop_map(String::into_bytes),
        "(https?:)?(//)?([a-z]{1,3}:s3cret@)?[a-z.]{0,4}/[ -~]{0,9}".prop_map(String::into_bytes),
    ];
    vec((name, value), 0..6)
}

fn add(headers: &mut HeaderMap, generated: &[(String, Vec<u8>)]) -> Vec<HeaderName> {
    for (name, value) in generated {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers.keys().cloned().collect()
}

fn uri() -> impl Strategy<Value = http::Uri> {
    let text = prop_oneof![
        "/[ -~]{0,20}",
        "/[a-z/{}\"|^é]{0,20}",
        Just("*".to_owned()),
        "https?://([a-z]{1,3}:s3cret@)?[a-z]{1,4}(:[0-9]{1,4})?(/[!-~]{0,9})?",
        "[a-z]{1,4}:[0-9]{1,4}",
    ];
    text.prop_map(|text| text.parse().unwrap_or_default())
}

proptest! {
    /// Whatever the messages and the texts of the caller are, the events are valid and keep no secret of the authority.
    #[test]
    fn every_event_is_valid(
        method in "[A-Za-z!#$%&'*+.^_`|~-]{1,8}",
        uri in uri(),
        (sent, answered) in (headers(), headers()),
        status in 100_u16..1000,
        (id, name, action, operation) in (any::<String>(), any::<String>(), of(any::<String>()), of(any::<String>())),
        (target, tags) in (of((of(any::<String>()), of(any::<String>()))), vec(any::<String>(), 0..3)),
        (origin, keep_query, proxies) in (of("https?://[a-z]{1,5}(:[0-9]{2})?/?"), any::<bool>(), 0_usize..4),
        seconds in -5_i64..100_000,
    ) {
        let mut request = request("GET", "/", &[]);
        request.method = Method::from_bytes(method.as_bytes()).unwrap();
        request.uri = uri;
        let mut response = response(200, &[]);
        response.status = StatusCode::from_u16(status).unwrap();
        let correlation = [add(&mut request.headers, &sent), add(&mut response.headers, &answered)].concat();
        let began = chrono::DateTime::UNIX_EPOCH;
        let context = Context {
            ended: Some((began + chrono::TimeDelta::seconds(seconds)).into()),
            initiator: Some(user(&name)),
            action: action.map(Into::into),
            operation,
            target: target.map(|(id, type_uri)| Resource {
                id: id.map(Into::into),
                type_uri: type_uri.map(Into::into),
                ..Resource::default()
            }),
            tags: tags.into_iter().map(Tag::from).collect(),
            ..Context::new(Identifier::from(id), began.into())
        };
        let auditor = Auditor {
            origin: origin.map(Into::into),
            keep_query,
            correlation,
            proxies: if proxies % 2 == 0 { Proxies::Forwarded(proxies) } else { Proxies::XForwardedFor(proxies) },
            ..auditor()
        };
        for event in [
            auditor.event(&request, &response, &context),
            auditor.request(&request, &context),
            auditor.response(&request, &response, &context),
        ] {
            let problems = Validation::strict().problems(&event);
            let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
            prop_assert!(errors.is_empty(), "{:?}", errors);
            prop_assert!(!event.target.as_ref().unwrap().id.as_ref().unwrap().as_str().contains(":s3cret@"));
            for text in texts(&event) {
                let read = Event::read(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
                prop_assert_eq!(&read, &event);
            }
        }
    }
}
